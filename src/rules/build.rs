//! Compiles the tables of validation rules (`validate/*.table`) into statics; `validate/rules.rs` says what a table means.
//!
//! Whatever a table names has to exist: a struct or field of `schema.txt`, a check, a function. Otherwise the build stops with file
//! and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

const SCHEMA: &str = "../api/schema.txt";
const FOLDER: &str = "validate";
/// The forms of names.
const NAMES: &str = "../api/names.rs";

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
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed={NAMES}");
    let schema = schema(&fs::read_to_string(SCHEMA).expect("the schema"));
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER).expect("the rules").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "table"));
    files.sort();
    let mut rules = Rules::new();
    for file in &files {
        read(file, &schema, &mut rules);
    }
    for row in rules.values().flatten() {
        let empty = row.inside.as_ref().filter(|inside| !rules.contains_key(*inside));
        empty.map(|inside| stop(&row.file, row.line, &format!("{inside} has no rules")));
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("rules.rs");
    fs::write(out, written(&rules)).expect("a folder of ours");
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

fn read(file: &Path, schema: &Schema, rules: &mut Rules) {
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
            let row = row(schema, (file, at + 1), (name, field, conditions), rule).unwrap_or_else(|why| stop(why));
            rules.entry((*name).to_owned()).or_default().push(row);
        }
    }
}

fn position(schema: &Schema, of: &str, field: &str) -> Read<usize> {
    schema[of].iter().position(|(name, _)| name == field).ok_or_else(|| format!("no field {field} in {of}"))
}

fn row(schema: &Schema, (file, line): (&Path, usize), (of, field, conditions): (&str, &str, Option<&str>), rule: &str) -> Read<Row> {
    let at = (field != ".").then(|| position(schema, of, field)).transpose()?;
    let inner = at.map_or(of, |at| &schema[of][at].1);
    let (is_late, rule) = rule.strip_prefix("late ").map_or((false, rule), |rule| (true, rule));
    let when: Vec<String> = conditions.map_or(Ok(Vec::new()), |all| all.split('&').map(|one| condition(schema, of, at, one)).collect())?;
    let (name, rest) = rule.split_once(' ').unwrap_or((rule, ""));
    let inside = (name == "inside").then(|| inner.to_owned());
    if inside.is_some() && !schema.contains_key(inner) {
        return Err(format!("{field} is no struct"));
    }
    let check = check(schema, inner, file, (name, rest))?;
    let field = at.map_or("OF_STRUCT".to_owned(), |at| at.to_string());
    let text = format!("Row {{ field: {field}, is_late: {is_late}, when: &[{}], check: Check::{check} }}", when.join(", "));
    Ok(Row { file: file.to_owned(), line, field: at, is_late, inside, text })
}

/// A condition: of the kind, of the request, or of a field, which is the row's own if none is named.
fn condition(schema: &Schema, of: &str, own: Option<usize>, text: &str) -> Read<String> {
    if text == "new" {
        return Ok("When::New".to_owned());
    }
    if text.starts_with(|first: char| first.is_ascii_uppercase()) {
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

fn check(schema: &Schema, inner: &str, file: &Path, (name, rest): (&str, &str)) -> Read<String> {
    let list = |text: &str| format!("&{:?}", text.split(',').collect::<Vec<_>>());
    let words = |name: &str| Ok(format!("{name}({rest:?})"));
    Ok(match name {
        "inside" if rest.is_empty() => "Inside".to_owned(),
        "required" => return words("Required"),
        "forbidden" => return words("Forbidden"),
        "invalid" => return words("Invalid"),
        "alone" => return words("Alone"),
        "unique" => {
            if !rest.is_empty() {
                position(schema, inner, rest)?;
            }
            return words("Unique");
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
            format!("Range(&[{}, {}], {rest:?})", bound(least, "i64::MIN")?, bound(most, "i64::MAX")?)
        }
    })
}

/// The path of a function: a form of names (`is`), or a function of the file that is named or beside the table.
fn function(is_form: bool, name: &str, file: &Path) -> Read<String> {
    let own = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (module, name) = name.split_once("::").unwrap_or((&own, name));
    let is_there = |file: &Path| fs::read_to_string(file).unwrap_or_default().contains(&format!("fn {name}("));
    if is_there(&Path::new(FOLDER).join(format!("{module}.rs"))) {
        return Ok(format!("super::{module}::{name}"));
    }
    if is_form && is_there(Path::new(NAMES)) {
        return Ok(format!("api::names::{name}"));
    }
    Err(format!("no function {name} in {module}.rs"))
}

/// The structs in which a late row is reached.
fn late(rules: &Rules) -> BTreeSet<&String> {
    let mut found: BTreeSet<&String> = BTreeSet::new();
    loop {
        let is_late = |row: &Row| row.is_late || row.inside.as_ref().is_some_and(|inside| found.contains(inside));
        let more: Vec<&String> = rules.iter().filter(|(_, rows)| rows.iter().any(is_late)).map(|(name, _)| name).collect();
        if more.len() == found.len() {
            return found;
        }
        found.extend(more);
    }
}

fn written(rules: &Rules) -> String {
    let with_late = late(rules);
    let mut out = format!("static RULES: [Rules; {}] = [\n", rules.len());
    for (name, rows) in rules {
        let joined = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|row| format!("{},\n", row.text)).collect::<String>();
        let mut last: Vec<&Row> =
            rows.iter().filter(|row| row.is_late || row.inside.as_ref().is_some_and(|inside| with_late.contains(inside))).collect();
        last.sort_by_key(|row| row.field);
        let _ =
            writeln!(out, "Rules {{ of: {name:?}, rows: &[{}], late: &[{}] }},", joined(&mut rows.iter()), joined(&mut last.into_iter()));
    }
    out + "];\n"
}
