//! Compiles the tables of rules (`validate/*.table`) and of defaults (`default/*.table`) into statics; `validate/rules.rs` and
//! `default/table.rs` say what a table means.
//!
//! Whatever a table names has to exist: a struct or field of `schema.txt`, a check, a function. Otherwise the build stops with file
//! and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

const SCHEMA: &str = "../api/schema.txt";
/// The forms of names.
const NAMES: &str = "../api/names.rs";
/// The constant with what is said of a number below nought where a table says nothing.
const NOT_NEGATIVE: &str = "api::status::NOT_NEGATIVE";
/// Above what is written for the compiler.
const ALLOWED: &str = "#[allow(clippy::unreadable_literal)]\n";
/// The folders of the tables, and what reads a row.
const FOLDERS: [(&str, Check); 2] = [("validate", check), ("default", filled)];

/// Reads a check: the schema, the struct in the field, the table, the check's name, its words, and when it came late.
type Check = fn(&Schema, &str, &Path, (&str, &str, &str)) -> Read<String>;
/// The words before a rule that newer releases declare, and the variant for each.
const DECLARED: [(&str, &str); 2] = [("late ", "Declared::Since1_37"), ("later ", "Declared::Since1_38")];
const UNDECLARED: &str = "Declared::Never";
/// The structs of the schema: the names of the fields, each with the struct in it.
type Schema = BTreeMap<String, Vec<(String, String)>>;

/// A line of a table.
struct Row {
    file: PathBuf,
    line: usize,
    /// The field, `None` for the struct itself.
    field: Option<usize>,
    is_late: bool,
    /// The struct whose rules the row asks for.
    inside: Option<String>,
    /// The row in Rust.
    text: String,
}

/// The rows of each struct, in the order of the tables.
type Rules = BTreeMap<String, Vec<Row>>;

/// What is wrong with a line.
type Read<T> = Result<T, String>;

fn main() {
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={NAMES}");
    let schema = schema(&fs::read_to_string(SCHEMA).expect("the schema"));
    let [rules, defaults] = FOLDERS.map(|(folder, check)| {
        println!("cargo::rerun-if-changed={folder}");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("the tables").map(|entry| entry.expect("an entry").path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "table"));
        files.sort();
        let mut rules = Rules::new();
        for file in &files {
            read(file, check, &schema, &mut rules);
        }
        for row in rules.values().flatten() {
            if let Some(inside) = row.inside.as_ref().filter(|inside| !rules.contains_key(*inside)) {
                stop(&row.file, row.line, &format!("{inside} has no rules"));
            }
        }
        rules
    });
    let write = |name: &str, text: String| fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join(name), text);
    write("rules.rs", written(&schema, &rules)).expect("a folder of ours");
    write("defaults.rs", written_defaults(&schema, &defaults)).expect("a folder of ours");
}

fn stop(file: &Path, line: usize, why: &str) -> ! {
    eprintln!("error: {why}\n --> {}/{}:{line}", env::var("CARGO_MANIFEST_DIR").unwrap_or_default(), file.display());
    process::exit(1)
}

fn schema(text: &str) -> Schema {
    let of_struct = |line: &str| {
        let (head, fields) = line.split_once('|').unwrap_or((line, ""));
        let fields = fields.split('|').filter(|field| !field.starts_with(['+', '-', '!']));
        let field = |field: &str| {
            let word = field.split(' ').next().unwrap_or(field);
            let (name, of) = word.split_once(':').unwrap_or((word, ""));
            (name.to_owned(), of.trim_start_matches(['*', '%']).to_owned())
        };
        (head.split(' ').next().unwrap_or(head).to_owned(), fields.map(field).collect())
    };
    text.lines().map(of_struct).collect()
}

fn read(file: &Path, check: Check, schema: &Schema, rules: &mut Rules) {
    let text = fs::read_to_string(file).expect("a table");
    let mut structs: Vec<&str> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let stop = |why: String| -> ! { stop(file, at + 1, &why) };
        let Some(rule) = line.strip_prefix("  ") else {
            structs = line.split(' ').collect();
            if let Some(unknown) = structs.iter().find(|name| !schema.contains_key(**name)) {
                stop(format!("no struct {unknown} in {SCHEMA}"));
            }
            continue;
        };
        let (place, rule) = rule.split_once(' ').unwrap_or((rule, ""));
        let (field, conditions) = place.split_once('?').map_or((place, None), |(field, conditions)| (field, Some(conditions)));
        let with_field: Vec<&&str> = structs.iter().filter(|name| field == "." || position(schema, name, field).is_ok()).collect();
        if with_field.is_empty() {
            stop(format!("no field {field} in {}", structs.join(" or ")));
        }
        for name in with_field {
            let row = row(schema, check, (file, at + 1), (name, field, conditions), rule).unwrap_or_else(|why| stop(why));
            rules.entry((*name).to_owned()).or_default().push(row);
        }
    }
}

fn position(schema: &Schema, of: &str, field: &str) -> Read<usize> {
    schema[of].iter().position(|(name, _)| name == field).ok_or_else(|| format!("no field {field} in {of}"))
}

fn row(
    schema: &Schema,
    check: Check,
    (file, line): (&Path, usize),
    (of, field, conditions): (&str, &str, Option<&str>),
    rule: &str,
) -> Read<Row> {
    let at = (field != ".").then(|| position(schema, of, field)).transpose()?;
    let inner = at.map_or(of, |at| &schema[of][at].1);
    let declared = DECLARED.iter().find_map(|(word, since)| Some((*since, rule.strip_prefix(word)?)));
    let (declared, rule) = declared.unwrap_or((UNDECLARED, rule));
    let is_late = declared != UNDECLARED;
    let when: Vec<String> = conditions.map_or(Ok(Vec::new()), |all| all.split('&').map(|one| condition(schema, of, at, one)).collect())?;
    let (name, rest) = rule.split_once(' ').unwrap_or((rule, ""));
    let inside = (name == "inside").then(|| inner.to_owned());
    if inside.is_some() && !schema.contains_key(inner) {
        return Err(format!("{field} is no struct"));
    }
    let check = check(schema, inner, file, (name, rest, declared))?;
    let field = at.map_or("OF_STRUCT".to_owned(), |at| at.to_string());
    let text = format!("Row {{ field: {field}, when: &[{}], {check} }}", when.join(", "));
    Ok(Row { file: file.to_owned(), line, field: at, is_late, inside, text })
}

/// A condition: of the kind, of the request, or of a field, which is the row's own if none is named.
fn condition(schema: &Schema, of: &str, own: Option<usize>, text: &str) -> Read<String> {
    if text == "new" {
        return Ok("When::New".to_owned());
    }
    if text.starts_with(|first: char| first.is_ascii_uppercase()) {
        schema.get(text).ok_or_else(|| format!("no kind {text}"))?;
        return Ok(format!("When::Kind(Kind::{text})"));
    }
    let (field, test) = match (text.strip_prefix('!'), text.split_once('='), text.split_once('!')) {
        (Some(field), ..) => (field, "Is::Unset".to_owned()),
        (_, Some((field, text)), _) => (field, format!("Is::Text({text:?})")),
        (_, _, Some((field, text))) => (field, format!("Is::Not({text:?})")),
        _ => (text, "Is::Set".to_owned()),
    };
    let at = if field.is_empty() { own.ok_or("a struct is not asked for")? } else { position(schema, of, field)? };
    Ok(format!("When::Field({at}, {test})"))
}

fn check(schema: &Schema, inner: &str, file: &Path, (name, rest, declared): (&str, &str, &str)) -> Read<String> {
    let list = |text: &str| format!("&{:?}", text.split(',').collect::<Vec<_>>());
    let words = |name: &str| format!("{name}({rest:?})");
    let check = match name {
        "inside" if rest.is_empty() => "Inside".to_owned(),
        "required" => words("Required"),
        "forbidden" => words("Forbidden"),
        "invalid" => words("Invalid"),
        "alone" => words("Alone"),
        "unique" => {
            if !rest.is_empty() {
                position(schema, inner, rest)?;
            }
            words("Unique")
        }
        "among" => format!("Among({}, false)", list(rest)),
        "among!" => format!("Among({}, true)", list(rest)),
        "is" => format!("Name({}, false)", function(true, rest, file)?),
        "is!" => format!("Name({}, true)", function(true, rest, file)?),
        "call" => format!("Call({})", function(false, rest, file)?),
        "own" => format!("Own({})", function(false, rest, file)?),
        "immutable" if rest.is_empty() => "Immutable".to_owned(),
        _ => {
            let (least, most) = name.split_once("..").ok_or_else(|| format!("no check {name}"))?;
            let bound = |text: &str, none: &str| match text {
                "" => Ok(none.to_owned()),
                text => text.parse().map(|number: i64| number.to_string()).map_err(|_| format!("no number {text}")),
            };
            let words = if (name, rest) == ("0..", "") { NOT_NEGATIVE.to_owned() } else { format!("{rest:?}") };
            format!("Range(&[{}, {}], {words})", bound(least, "i64::MIN")?, bound(most, "i64::MAX")?)
        }
    };
    Ok(format!("declared: {declared}, check: Check::{check}"))
}

/// Reads what a field is filled with.
fn filled(_: &Schema, _: &str, file: &Path, (name, rest, _): (&str, &str, &str)) -> Read<String> {
    let filled = match (name, rest) {
        ("inside", "") => "Inside".to_owned(),
        ("round", "") => "Round".to_owned(),
        ("own", rest) => format!("Own({})", function(false, rest, file)?),
        ("=", "{}") => "Empty".to_owned(),
        ("=", "true" | "false") => format!("Flag({rest})"),
        ("=", rest) if rest.starts_with('[') => format!("Texts(&{:?})", rest.trim_matches(['[', ']']).split(',').collect::<Vec<_>>()),
        ("=", rest) if rest.contains("::") => format!("Number({rest})"),
        ("=", rest) if rest.parse::<i64>().is_ok() => format!("Number({rest})"),
        ("=", rest) => format!("Text({:?})", rest.trim_matches('\'')),
        _ => return Err(format!("no such default: {name}")),
    };
    Ok(format!("filled: Filled::{filled}"))
}

/// The path of a function: a form of names (`is`), or a function of the file that is named or beside the table.
fn function(is_form: bool, name: &str, file: &Path) -> Read<String> {
    let own = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (module, name) = name.split_once("::").unwrap_or((&own, name));
    let is_there = |file: &Path| fs::read_to_string(file).unwrap_or_default().contains(&format!("fn {name}("));
    if is_there(&file.with_file_name(format!("{module}.rs"))) {
        return Ok(format!("super::{module}::{name}"));
    }
    if is_form && is_there(Path::new(NAMES)) {
        return Ok(format!("api::names::{name}"));
    }
    Err(format!("no function {name} in {module}.rs"))
}

/// The structs in which a row is reached, given whether one is.
fn reaching(rules: &Rules, is_one: impl Fn(&Row) -> bool) -> BTreeSet<&String> {
    let mut found: BTreeSet<&String> = BTreeSet::new();
    loop {
        let is_found = |row: &Row| is_one(row) || row.inside.as_ref().is_some_and(|inside| found.contains(inside));
        let more: Vec<&String> = rules.iter().filter(|(_, rows)| rows.iter().any(is_found)).map(|(name, _)| name).collect();
        if more.len() == found.len() {
            return found;
        }
        found.extend(more);
    }
}

/// The structs that have rows, or fields with structs that do.
fn with_defaults<'a>(schema: &'a Schema, rules: &'a Rules) -> BTreeSet<&'a String> {
    let mut found: BTreeSet<&String> = rules.keys().collect();
    loop {
        let more: Vec<&String> =
            schema.iter().filter(|(_, fields)| fields.iter().any(|(_, of)| found.contains(of))).map(|(name, _)| name).collect();
        let before = found.len();
        found.extend(more);
        if found.len() == before {
            return found;
        }
    }
}

/// The rows of each struct, and the way to those of the structs in it.
fn written_defaults(schema: &Schema, rules: &Rules) -> String {
    let found = with_defaults(schema, rules);
    let mut out = format!("{ALLOWED}static DEFAULTS: [(&str, &[Row]); {}] = [\n", found.len());
    for name in &found {
        let own = rules.get(*name).map(Vec::as_slice).unwrap_or_default();
        let is_said = |at: usize| own.iter().any(|row| row.inside.is_some() && row.field == Some(at));
        let inside = schema[*name].iter().enumerate().filter(|(at, (_, of))| found.contains(of) && !is_said(*at));
        let inside = inside.map(|(at, _)| format!("Row {{ field: {at}, when: &[], filled: Filled::Inside }}"));
        let rows: Vec<String> = own.iter().map(|row| row.text.clone()).chain(inside).collect();
        let _ = writeln!(out, "({name:?}, &[{}]),", rows.join(",\n"));
    }
    out + "];\n"
}

/// The tables that a first visit of the page asks. All others are asked by a function of their own, and come with it.
const FIRST: [&str; 3] = ["config", "storage", "workload"];

/// Two lists of structs with their rules, and the kinds in the second one.
fn written(schema: &Schema, rules: &Rules) -> String {
    let with_late = reaching(rules, |row| row.is_late);
    let is_last = |row: &&Row| row.is_late || row.inside.as_ref().is_some_and(|inside| with_late.contains(inside));
    let joined = |rows: &[&Row]| rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(",\n");
    let is_first = |name: &str| {
        let file = rules.get(name).and_then(|rows| rows.first()).and_then(|row| row.file.file_stem());
        file.is_some_and(|file| FIRST.contains(&file.to_string_lossy().as_ref()))
    };
    let is_kind = |name: &str| ["apiVersion", "metadata"].iter().all(|field| schema[name].iter().any(|(own, _)| own == field));
    let (mut first, mut other, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (name, rows) in rules {
        let led = rows.iter().find(|row| row.inside.as_ref().is_some_and(|inside| is_first(name) && !is_first(inside)));
        if let Some(row) = led {
            stop(&row.file, row.line, "a table of FIRST leads to another one");
        }
        let rows: Vec<&Row> = rows.iter().collect();
        let mut last: Vec<&Row> = rows.iter().copied().filter(is_last).collect();
        last.sort_by_key(|row| row.field.unwrap_or(usize::MAX));
        let text = format!("Rules {{ of: {name:?}, rows: &[{}], late: &[{}] }},\n", joined(&rows), joined(&last));
        match is_first(name) {
            true => first.push(text),
            false => {
                kinds.extend(is_kind(name).then(|| format!("Kind::{name},")));
                other.push(text);
            }
        }
    }
    let list = |name: &str, rows: &[String]| format!("{ALLOWED}static {name}: [Rules; {}] = [\n{}];\n", rows.len(), rows.concat());
    list("RULES", &first) + &list("OTHERS", &other) + &format!("const OTHER_KINDS: [Kind; {}] = [{}];\n", kinds.len(), kinds.concat())
}
