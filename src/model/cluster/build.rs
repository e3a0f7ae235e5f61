//! Compiles `images.table`, whose head says how it is written, into the statics of `programs.rs`. A column, a variant, a placeholder or an
//! image that does not exist stops the build with file and line.

use std::path::Path;
use std::{env, fs, process};

const TABLE: &str = "images.table";
/// The types that the columns fill.
const TYPES: &str = "programs.rs";

/// How a column is written in Rust.
#[derive(Clone, Copy)]
enum Form {
    Flag,
    Text,
    Number,
    Version,
    Words,
    Numbers,
    Lines,
    /// A text, and words behind it.
    Clue,
    /// A word and a number.
    Pair,
    /// One in each row.
    Pairs,
    /// A variant of this type.
    Variant(&'static str),
    Clients,
    /// One variable in each row.
    Sets,
    Ends,
    Serves,
    Refuses,
    Opens,
    /// A text that `serves` takes up, with these placeholders.
    OfServes(&'static [&'static str]),
}

/// The columns with the fields that they fill: of what is known of an image wherever it runs, and of how it is simulated.
const KNOWN: &[(&str, &str, Form)] = &[
    ("tool", "", Form::Flag),
    ("elects", "elects", Form::Flag),
    ("keeps", "keeps", Form::Variant("Keeps")),
    ("database", "database", Form::Text),
    ("majors", "majors", Form::Numbers),
    ("reads", "reads", Form::Variant("Reads")),
    ("leaves", "leaves", Form::Clue),
    ("once", "once", Form::Words),
    ("forms", "forms", Form::Clue),
    ("slow", "is_slow", Form::Flag),
    ("writes", "writes", Form::Pair),
    ("initdb", "initdb", Form::Text),
    ("moved", "moved", Form::Number),
    ("numbers", "numbers", Form::Words),
    ("user", "users", Form::Pairs),
];
const PLAYED: &[(&str, &str, Form)] = &[
    ("family", "family", Form::Variant("Family")),
    ("bash", "bash_on_alpine", Form::Flag),
    ("nslookup", "nslookup", Form::Version),
    ("serves", "serves", Form::Serves),
    ("page", "", Form::OfServes(&[])),
    ("error", "", Form::OfServes(&["status", "name", "why"])),
    ("refused", "", Form::OfServes(&[])),
    ("log", "", Form::OfServes(&["client", "method", "path", "code", "size", "agent"])),
    ("port", "port", Form::Number),
    ("port-option", "port_option", Form::Text),
    ("also", "also", Form::Numbers),
    ("led", "led", Form::Words),
    ("grpc", "speaks_grpc", Form::Flag),
    ("banner", "banner", Form::Lines),
    ("env", "sets", Form::Sets),
    ("folder", "folder", Form::Text),
    ("numbered", "numbered", Form::Text),
    ("peers", "peers", Form::Variant("Peers")),
    ("starts-anew", "starts_anew", Form::Flag),
    ("settings", "settings", Form::Variant("Settings")),
    ("runs", "servers", Form::Words),
    ("serving", "serving", Form::Words),
    ("process", "process", Form::Text),
    ("partly", "has_more", Form::Flag),
    ("unclustered", "clustering_not_simulated", Form::Flag),
    ("ends", "on_term", Form::Ends),
    ("clients", "clients", Form::Clients),
    ("tools", "tools", Form::Text),
    ("checks-anyones", "checks_anyones", Form::Flag),
    ("checks-since", "checks_since", Form::Version),
    ("checks-code", "checks_code", Form::Number),
    ("refuses", "refuses", Form::Refuses),
    ("opens", "opens", Form::Opens),
];
/// What a line of a server that begins may name.
const OF_OPENS: [&str; 6] = ["pid", "role", "ms", "hour", "port", "version"];
/// The columns that may stand in a block more than once.
const SEVERAL: [&str; 5] = ["at", "env", "opens", "refuses", "user"];
/// What of its tag a variable may name.
const OF_SETS: [&str; 2] = ["major", "series"];

/// A column of a block.
struct Row {
    line: usize,
    column: &'static str,
    words: String,
    /// The lines below, each with its end.
    text: String,
}

/// An image, or a base in brackets.
struct Block {
    line: usize,
    name: &'static str,
    rows: Vec<Row>,
}

impl Block {
    fn is_base(&self) -> bool {
        self.name.starts_with('(')
    }

    fn is_played(&self) -> bool {
        self.rows.iter().any(|row| row.column == "played")
    }
}

struct Table {
    blocks: Vec<Block>,
    /// The file with the types.
    types: String,
}

/// Ends the build.
fn stop(line: usize, why: &str) -> ! {
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    eprintln!("error: {why}\n --> {folder}/{TABLE}:{line}");
    process::exit(1)
}

fn main() {
    for file in ["build.rs", TABLE, TYPES] {
        println!("cargo::rerun-if-changed={file}");
    }
    let types = fs::read_to_string(TYPES).expect("a file of ours");
    let table = Table { blocks: blocks(fs::read_to_string(TABLE).expect("the table").leak()), types };
    let (bases, images): (Vec<&Block>, Vec<&Block>) = table.blocks.iter().partition(|block| block.is_base());
    if let Some(pair) = images.windows(2).find(|pair| pair[0].name >= pair[1].name) {
        stop(pair[1].line, &format!("{} stands in front of {}", pair[1].name, pair[0].name));
    }
    let rows: Vec<String> = images.iter().map(|block| table.program(block)).collect();
    let apps: Vec<String> = images.iter().filter(|block| block.is_played()).map(|block| table.app(block)).collect();
    let tools: Vec<&str> = images.iter().filter(|block| table.is_tool(block)).map(|block| block.name).collect();
    let places: Vec<String> = bases.iter().flat_map(|block| block.rows.iter().map(|row| table.place(block, row))).collect();
    let functions: String = images.iter().map(|block| table.functions(block)).collect();
    let text = format!(
        "/// What images print and why they end: a page fetches these words when an image has something to say.\n\
         mod words {{\nuse super::*;\n{functions}}}\n\
         /// All programs that are simulated, in the order of their names.\n\
         #[allow(clippy::unreadable_literal)]\npub(crate) static APPS: [App; {}] = [\n{}\n];\n\
         /// The programs that have tools, and no server of their own.\n\
         pub(crate) static TOOLS: [&str; {}] = {tools:?};\n\
         /// All programs that are known, in the order of their names.\n\
         #[allow(clippy::unreadable_literal)]\npub static PROGRAMS: [Program; {}] = [\n{}\n];\n\
         /// Where programs are that are not at the usual place: the base of the images, or any, the folder, and the programs.\n\
         pub(crate) static PLACES: [(Option<Base>, &str, &str); {}] = [\n{}\n];\n",
        apps.len(),
        apps.join(",\n"),
        tools.len(),
        rows.len(),
        rows.join(",\n"),
        places.len(),
        places.join(",\n")
    );
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("images.rs"), text).expect("a folder of ours");
}

/// Reads the table.
fn blocks(text: &'static str) -> Vec<Block> {
    let mut blocks = Vec::<Block>::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.trim_start().starts_with('#')) {
        let within = text.strip_prefix("  ");
        let below = within.and_then(|rest| rest.strip_prefix("  "));
        let block = blocks.last_mut();
        match (below, within) {
            (None, None) => blocks.push(Block { line, name: text, rows: Vec::new() }),
            (Some(more), _) => match (block.and_then(|block| block.rows.last_mut()), more.strip_prefix('|')) {
                (None, _) => stop(line, "nothing stands above"),
                (Some(row), Some(text)) => row.text.extend([text, "\n"]),
                (Some(row), None) => row.words.extend([" ", more]),
            },
            (None, Some(row)) => {
                let Some(block) = block else { stop(line, "a row stands below the name of an image") };
                let (column, words) = row.split_once(' ').unwrap_or((row, ""));
                let is_known = if block.is_base() { column == "at" } else { columns().any(|known| known == column) };
                if !is_known {
                    stop(line, &format!("no column {column}"));
                }
                if !SEVERAL.contains(&column) && block.rows.iter().any(|row| row.column == column) {
                    stop(line, &format!("{column} stands here already"));
                }
                block.rows.push(Row { line, column, words: words.to_owned(), text: String::new() });
            }
        }
    }
    blocks
}

/// The columns of an image.
fn columns() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().chain(PLAYED).map(|(column, ..)| *column).chain(["like", "played"])
}

impl Table {
    /// The rows of a block in these columns, and those that it takes over from the block that its row of this column names.
    fn rows<'a>(&'a self, block: &'a Block, columns: &[(&str, &str, Form)], over: &str) -> Vec<&'a Row> {
        let mut rows: Vec<&Row> = block.rows.iter().filter(|row| columns.iter().any(|(column, ..)| *column == row.column)).collect();
        let Some(from) = block.rows.iter().find(|row| row.column == over && !row.words.is_empty()) else { return rows };
        let other = self.named(from.line, from.words.strip_prefix("like ").unwrap_or(&from.words));
        if other.line == block.line {
            stop(from.line, "it is like itself");
        }
        let taken = self.rows(other, columns, over).into_iter().filter(|row| block.rows.iter().all(|own| own.column != row.column));
        rows.extend(taken);
        rows
    }

    fn named(&self, line: usize, name: &str) -> &Block {
        self.blocks.iter().find(|block| block.name == name).unwrap_or_else(|| stop(line, &format!("no image {name}")))
    }

    /// A `Program`.
    fn program(&self, block: &Block) -> String {
        let own = self.rows(block, PLAYED, "played");
        if let Some(row) = own.first().filter(|_| !block.is_played()) {
            stop(row.line, "it is not played");
        }
        let mut fields = self.fields(&self.rows(block, KNOWN, "like"), KNOWN);
        // Where it is simulated, its folder is known.
        if fields.contains("database: \"\"") {
            let folder = own.iter().find(|row| row.column == "folder").unwrap_or_else(|| stop(block.line, "in which folder?"));
            fields = fields.replace("database: \"\"", &format!("database: {:?}", folder.words));
        }
        format!("Program {{ name: {:?}, {fields}..UNKNOWN }}", block.name)
    }

    fn is_tool(&self, block: &Block) -> bool {
        self.rows(block, KNOWN, "like").iter().any(|row| row.column == "tool")
    }

    /// An `App`.
    fn app(&self, block: &Block) -> String {
        let rows = self.rows(block, PLAYED, "played");
        let has = |column: &str| rows.iter().find(|row| row.column == column);
        let process = match (has("process"), has("runs").and_then(|row| row.words.split(' ').next())) {
            (None, Some(server)) => format!("process: {server:?}, "),
            _ => String::new(),
        };
        format!("App {{ name: {:?}, {process}{}..OTHER }}", block.name, self.fields(&rows, PLAYED))
    }

    fn fields(&self, rows: &[&Row], columns: &[(&str, &str, Form)]) -> String {
        let mut out = String::new();
        for (column, field, form) in columns {
            let own: Vec<&Row> = rows.iter().copied().filter(|row| row.column == *column).collect();
            let Some(first) = own.first() else { continue };
            let takes_text = matches!(form, Form::Lines | Form::Serves | Form::Refuses | Form::Opens | Form::OfServes(_));
            if !takes_text && !first.text.is_empty() {
                stop(first.line, &format!("{column} has no text"));
            }
            if let Some(row) = own.iter().find(|row| matches!(form, Form::Refuses | Form::Opens) && row.text.is_empty()) {
                stop(row.line, "what is said?");
            }
            let value = self.value(*form, &own, rows);
            if !field.is_empty() {
                out.push_str(&format!("{field}: {value}, "));
            }
        }
        out
    }

    /// What the rows of a column say.
    fn value(&self, form: Form, own: &[&Row], all: &[&Row]) -> String {
        let row = own[0];
        match form {
            Form::Flag if row.words.is_empty() => "true".to_owned(),
            Form::Flag => stop(row.line, "nothing stands behind this"),
            Form::Text => format!("{:?}", row.words),
            Form::Number => number(row, &row.words),
            Form::Version => format!("({})", version(row, &row.words)),
            Form::Words => format!("&{:?}", words(row)),
            Form::Numbers => format!("&[{}]", words(row).into_iter().map(|word| number(row, word)).collect::<Vec<_>>().join(", ")),
            Form::Lines => lines(row, &[]),
            Form::Clue => {
                let mut parts = row.words.split(" | ");
                let text = parts.next().unwrap_or_default();
                format!("Clue {{ text: {text:?}, words: &{:?} }}", parts.collect::<Vec<_>>())
            }
            Form::Pair => pair(row),
            Form::Pairs => format!("&[{}]", own.iter().map(|row| pair(row)).collect::<Vec<_>>().join(", ")),
            Form::Variant(of) => self.variant(row, of, &row.words),
            Form::Clients => {
                let client = |word: &str| match word.split_once('=') {
                    Some((name, client)) => format!("({name:?}, {})", self.variant(row, "Client", client)),
                    None => stop(row.line, &format!("{word} is no NAME=CLIENT")),
                };
                format!("&[{}]", words(row).into_iter().map(client).collect::<Vec<_>>().join(", "))
            }
            Form::Sets => format!("&[{}]", own.iter().map(|row| sets(row)).collect::<Vec<_>>().join(", ")),
            Form::Ends if row.words == "stays" => "None".to_owned(),
            Form::Ends => format!("Some({})", number(row, &row.words)),
            Form::Serves => serves(row, all),
            Form::Refuses | Form::Opens => format!("words::{}", self.function(row)),
            Form::OfServes(known) => lines(row, known),
        }
    }

    /// The functions that return what the block says in words, so that a page which never needs an image's words loads them later.
    fn functions(&self, block: &Block) -> String {
        let function = |column: &str, of: &str, value: fn(&Table, &Row) -> String| {
            let rows: Vec<&Row> = block.rows.iter().filter(|row| row.column == column).collect();
            let values: Vec<String> = rows.iter().map(|row| value(self, row)).collect();
            let name = rows.first().map(|row| self.function(row))?;
            Some(format!("pub(super) fn {name}() -> &'static [{of}] {{\n    &[{}]\n}}\n", values.join(", ")))
        };
        let both = [function("refuses", "Refuses", Table::refuses), function("opens", "Opens", Table::opens)];
        both.into_iter().flatten().collect()
    }

    /// The name of the function for the rows of a column, by the image in whose block the rows stand.
    fn function(&self, row: &Row) -> String {
        let block = self.blocks.iter().rfind(|block| block.line < row.line).expect("a row stands in a block");
        format!("{}_{}", row.column, block.name.replace(['-', '.'], "_"))
    }

    /// What keeps a server from starting.
    fn refuses(&self, row: &Row) -> String {
        let words = words(row);
        let is_whole = match words[0] {
            "Half" | "Both" => words.len() == 3,
            "Lacks" => words.len() == 2,
            "Root" => true,
            "OtherMajor" => words.len() == 1,
            _ => words.len() > 1,
        };
        if !is_whole {
            stop(row.line, "too many variables, or too few");
        }
        let check = self.variant(row, "Check", words[0]);
        format!("Refuses {{ check: {check}, of: &{:?}, says: {} }}", &words[1..], lines(row, &["each", "ms", "wrote", "reads"]))
    }

    /// What a server prints once it serves.
    fn opens(&self, row: &Row) -> String {
        let condition = |word: &str| {
            if let Some((holds, since)) = since(row, word) {
                return format!("({holds}, When::Since({since}))");
            }
            let name = word.trim_start_matches('!');
            format!("({}, {})", name == word, self.variant(row, "When", name))
        };
        let when: Vec<String> = row.words.split_whitespace().map(condition).collect();
        format!("Opens {{ when: &[{}], says: {} }}", when.join(", "), lines(row, &OF_OPENS))
    }

    /// Where programs of a base are.
    fn place(&self, block: &Block, row: &Row) -> String {
        let base = match block.name.trim_matches(['(', ')']) {
            "any" => "None".to_owned(),
            base => format!("Some({})", self.variant(row, "Base", base)),
        };
        match row.words.split_once(' ') {
            Some((folder, programs)) if row.column == "at" => format!("({base}, {folder:?}, {programs:?})"),
            _ => stop(row.line, "in which folder are which programs?"),
        }
    }

    /// A variant of one of our types, with its path.
    fn variant(&self, row: &Row, of: &str, name: &str) -> String {
        let variants = self.types.split_once(&format!("enum {of} {{")).and_then(|(_, rest)| rest.split_once("\n}"));
        let is_it = |line: &str| line.trim().strip_prefix(name).is_some_and(|rest| rest == ",");
        if name.is_empty() || !variants.is_some_and(|(variants, _)| variants.lines().any(is_it)) {
            stop(row.line, &format!("no {of}::{name} in {TYPES}"));
        }
        format!("{of}::{name}")
    }
}

fn words(row: &Row) -> Vec<&str> {
    let words: Vec<&str> = row.words.split_whitespace().collect();
    if words.is_empty() { stop(row.line, "a word is missing") } else { words }
}

fn number(row: &Row, word: &str) -> String {
    word.parse::<u32>().unwrap_or_else(|_| stop(row.line, &format!("no number: {word}"))).to_string()
}

/// `1.29`
fn version(row: &Row, word: &str) -> String {
    let Some((major, minor)) = word.split_once('.') else { stop(row.line, &format!("no version: {word}")) };
    format!("{}, {}", number(row, major), number(row, minor))
}

/// `<7.2` or `>=7.2`: whether the tag has to be of this version or later, and the version.
fn since(row: &Row, word: &str) -> Option<(bool, String)> {
    let before = word.strip_prefix('<').map(|version| (false, version));
    let (holds, of) = before.or_else(|| Some((true, word.strip_prefix(">=")?)))?;
    Some((holds, version(row, of)))
}

/// A variable that an image sets, and of which versions.
fn sets(row: &Row) -> String {
    let words = words(row);
    let (conditions, variable) = words.split_at(words.len() - 1);
    let of_tag = |word: &&str| since(row, word).unwrap_or_else(|| stop(row.line, &format!("{word} is about no tag")));
    let since = conditions.iter().map(of_tag).map(|(holds, since)| format!("({holds}, ({since}))"));
    let Some((name, value)) = variable[0].split_once('=') else { stop(row.line, "no NAME=VALUE") };
    check_placeholders(row, value, &OF_SETS);
    format!("Sets {{ since: &[{}], name: {name:?}, value: {value:?} }}", since.collect::<Vec<_>>().join(", "))
}

fn pair(row: &Row) -> String {
    match words(row)[..] {
        [word, count] => format!("({word:?}, {})", number(row, count)),
        _ => stop(row.line, "not a word and a number"),
    }
}

/// The text of a row, in which only these placeholders may stand. What `refused` says is one line, and stands behind it.
fn lines(row: &Row, known: &[&str]) -> String {
    let text = if row.column == "refused" { &row.words } else { &row.text };
    check_placeholders(row, text, known);
    format!("{text:?}")
}

/// Ends the build where a text has another placeholder than these.
fn check_placeholders(row: &Row, text: &str, known: &[&str]) {
    for rest in text.split('{').skip(1) {
        let name = rest.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        if rest[name.len()..].starts_with('}') && !known.contains(&name) {
            stop(row.line, &format!("nothing is known for {{{name}}}"));
        }
    }
}

/// What an image answers.
fn serves(row: &Row, all: &[&Row]) -> String {
    let (what, rest) = row.words.split_once(' ').unwrap_or((&row.words, ""));
    match what {
        "files" => {
            let field = |(column, _, form): &(&str, &str, Form)| {
                let Form::OfServes(known) = form else { return None };
                let own = all.iter().find(|row| row.column == *column).unwrap_or_else(|| stop(row.line, &format!("no {column}")));
                Some(format!("{column}: {}", lines(own, known)))
            };
            format!("Serves::Files(&Web {{ {} }})", PLAYED.iter().filter_map(field).collect::<Vec<_>>().join(", "))
        }
        "greeting" => format!("Serves::Greeting({})", lines(row, &[""])),
        "paths" => format!("Serves::Paths(&{:?})", rest.split_whitespace().collect::<Vec<_>>()),
        "pet" => format!("Serves::Pet({rest:?})"),
        _ => stop(row.line, "neither files, greeting, paths nor pet"),
    }
}
