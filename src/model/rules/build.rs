//! Compiles the rules and defaults of `src/model/kinds` into statics; `validate/rules.rs` and `default/table.rs` say what they mean.
//!
//! Whatever a table names has to exist: a struct or field of `schema.txt`, a check, a function. Otherwise the build stops with file
//! and line.

#[path = "../kinds/reader.rs"]
mod reader;

use reader::{Field, SCHEMA, Schema, Spot};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The forms of names.
const NAMES: &str = "../api/names.rs";
/// The constant with what is said of a number below nought where a table says nothing.
const NOT_NEGATIVE: &str = "api::status::NOT_NEGATIVE";
/// Above what is written for the compiler.
const ALLOWED: &str = "#[allow(clippy::unreadable_literal)]\n";
/// The words before a rule that newer releases declare, and the variant for each.
const DECLARED: [(&str, &str); 2] = [("late ", "Declared::Since1_37"), ("later ", "Declared::Since1_38")];
const UNDECLARED: &str = "Declared::Never";

/// A rule or a default.
struct Row {
    spot: Spot,
    /// The field, `None` for the struct itself.
    field: Option<usize>,
    is_late: bool,
    /// The struct whose rules the row asks for.
    inside: Option<String>,
    /// The row in Rust.
    text: String,
}

/// The rules, or the defaults, of each struct, in the order of the tables.
type Rules = BTreeMap<String, Vec<Row>>;

/// What is wrong with a line.
type Read<T> = Result<T, String>;

fn main() {
    println!("cargo::rerun-if-changed={NAMES}");
    let schema = Schema::read();
    let (mut rules, mut defaults) = (Rules::new(), Rules::new());
    for part in reader::parts().iter().filter(|part| part.head.starts_with(char::is_uppercase)) {
        let structs: Vec<&str> = part.head.split(' ').collect();
        if let Some(unknown) = structs.iter().find(|name| !schema.0.contains_key(*name)) {
            part.spot.stop(&format!("no struct {unknown} in {SCHEMA}"));
        }
        for row in &part.rows {
            read(&schema, &structs, row, &mut rules, &mut defaults).unwrap_or_else(|why| row.spot.stop(&why));
        }
    }
    for row in rules.values().flatten() {
        if let Some(inside) = row.inside.as_ref().filter(|inside| !rules.contains_key(*inside)) {
            row.spot.stop(&format!("{inside} has no rules"));
        }
    }
    let write = |name: &str, text: String| fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join(name), text);
    write("rules.rs", written(&schema, &rules)).expect("a folder of ours");
    write("defaults.rs", written_defaults(&schema, &defaults)).expect("a folder of ours");
}

/// Reads a row: `field[?conditions] [=default] [[late|later] check]`.
fn read(schema: &Schema, structs: &[&str], row: &reader::Row, rules: &mut Rules, defaults: &mut Rules) -> Read<()> {
    let (place, rest) = row.text.split_once(' ').unwrap_or((row.text, ""));
    let (field, conditions) = place.split_once('?').map_or((place, None), |(field, conditions)| (field, Some(conditions)));
    let (default, rule) = match rest.strip_prefix('=') {
        Some(rest) => rest.split_once(' ').map_or((Some(rest), ""), |(default, rule)| (Some(default), rule)),
        None => (None, rest),
    };
    let declared = DECLARED.iter().find_map(|(word, since)| Some((*since, rule.strip_prefix(word)?)));
    let (declared, rule) = declared.unwrap_or((UNDECLARED, rule));
    let is_late = declared != UNDECLARED;
    let with_field: Vec<&&str> = structs.iter().filter(|name| field == "." || schema.leads(name, field)).collect();
    if with_field.is_empty() || !row.mark.is_empty() {
        return Err(format!("no field {}{field} in {}", row.mark, structs.join(" or ")));
    }
    for of in with_field {
        let at = (field != ".").then(|| position(schema, of, field)).transpose()?;
        let inner = at.map_or(*of, |at| schema.0[*of][at].of);
        let when: Vec<String> =
            conditions.map_or(Ok(Vec::new()), |all| all.split('&').map(|one| condition(schema, of, at, one)).collect())?;
        let index = at.map_or("OF_STRUCT".to_owned(), |at| at.to_string());
        let add = |to: &mut Rules, is_inside: bool, what: &str| {
            if is_inside && !schema.0.contains_key(inner) {
                return Err(format!("{field} is no struct"));
            }
            let text = format!("Row {{ field: {index}, when: &[{}], {what} }}", when.join(", "));
            let inside = is_inside.then(|| inner.to_owned());
            to.entry((*of).to_owned()).or_default().push(Row { spot: row.spot, field: at, is_late, inside, text });
            Ok(())
        };
        if let Some(default) = default {
            add(defaults, default == "inside", &format!("filled: Filled::{}", filled(default)?))?;
        }
        if !rule.is_empty() || default.is_none() {
            let check = check(schema, inner, row.spot.table, rule)?;
            add(rules, rule == "inside", &format!("declared: {declared}, check: Check::{check}"))?;
        }
    }
    Ok(())
}

fn position(schema: &Schema, of: &str, field: &str) -> Read<usize> {
    schema.position(of, field).ok_or_else(|| format!("no field {field} in {of}"))
}

/// A condition: of the kind, of the request, or of a field, which is the row's own if none is named.
fn condition(schema: &Schema, of: &str, own: Option<usize>, text: &str) -> Read<String> {
    if text == "new" {
        return Ok("When::New".to_owned());
    }
    if text.starts_with(|first: char| first.is_ascii_uppercase()) {
        schema.0.get(text).ok_or_else(|| format!("no kind {text}"))?;
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

/// Reads what is asked of a field, given the struct in it and the table.
fn check(schema: &Schema, inner: &str, table: &str, rule: &str) -> Read<String> {
    let (name, rest) = rule.split_once(' ').unwrap_or((rule, ""));
    let list = |text: &str| format!("&{:?}", text.split(',').collect::<Vec<_>>());
    let words = |name: &str| format!("{name}({rest:?})");
    Ok(match name {
        "inside" if rest.is_empty() => "Inside".to_owned(),
        "required" => format!("Required({rest:?}, false)"),
        "required!" => format!("Required({rest:?}, true)"),
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
        "is" => format!("Name({}, false)", function("validate", table, rest, true)?),
        "is!" => format!("Name({}, true)", function("validate", table, rest, true)?),
        "call" => format!("Call({})", function("validate", table, rest, false)?),
        "own" => format!("Own({})", function("validate", table, rest, false)?),
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
    })
}

/// Reads what a field is filled with: a word, a number, a constant or a function by its path.
fn filled(default: &str) -> Read<String> {
    Ok(match default {
        "inside" => "Inside".to_owned(),
        "round" => "Round".to_owned(),
        "{}" => "Empty".to_owned(),
        "true" | "false" => format!("Flag({default})"),
        list if list.starts_with('[') => format!("Texts(&{:?})", list.trim_matches(['[', ']']).split(',').collect::<Vec<_>>()),
        number if number.parse::<i64>().is_ok() => format!("Number({number})"),
        path => match path.rsplit_once("::") {
            Some((_, name)) if name.starts_with(char::is_uppercase) => format!("Number({path})"),
            Some(_) => format!("Own({})", function("default", "", path, false)?),
            None => format!("Text({:?})", path.trim_matches('\'')),
        },
    })
}

/// The path of a function: of the module that is named or has the table's name, or a form of names.
fn function(folder: &str, table: &str, name: &str, is_form: bool) -> Read<String> {
    let (module, name) = name.split_once("::").unwrap_or((table, name));
    let is_there = |file: &str| fs::read_to_string(file).unwrap_or_default().contains(&format!("fn {name}("));
    if is_there(&format!("{folder}/{module}.rs")) {
        return Ok(format!("super::{module}::{name}"));
    }
    if is_form && is_there(NAMES) {
        return Ok(format!("api::names::{name}"));
    }
    Err(format!("no function {name} in {folder}/{module}.rs"))
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
fn with_defaults<'a>(schema: &Schema, rules: &'a Rules) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = rules.keys().map(String::as_str).collect();
    loop {
        let has = |fields: &[Field]| fields.iter().any(|field| found.contains(field.of));
        let more: Vec<&str> = schema.0.iter().filter(|(_, fields)| has(fields)).map(|(name, _)| *name).collect();
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
        let inside = schema.0[*name].iter().enumerate().filter(|(at, field)| found.contains(field.of) && !is_said(*at));
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
    let is_first = |name: &str| rules.get(name).and_then(|rows| rows.first()).is_some_and(|row| FIRST.contains(&row.spot.table));
    let is_kind = |name: &str| ["apiVersion", "metadata"].iter().all(|field| schema.position(name, field).is_some());
    let (mut first, mut other, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (name, rows) in rules {
        let led = rows.iter().find(|row| row.inside.as_ref().is_some_and(|inside| is_first(name) && !is_first(inside)));
        if let Some(row) = led {
            row.spot.stop("a table of FIRST leads to another one");
        }
        let rows: Vec<&Row> = rows.iter().collect();
        let mut last: Vec<&Row> = rows.iter().copied().filter(is_last).collect();
        last.sort_by_key(|row| row.field.unwrap_or(usize::MAX));
        let text = format!("Rules {{ of: {name:?}, rows: &[{}], late: &[{}] }},\n", joined(&rows), joined(&last));
        if is_first(name) {
            first.push(text);
        } else {
            kinds.extend(is_kind(name).then(|| format!("Kind::{name},")));
            other.push(text);
        }
    }
    let list = |name: &str, rows: &[String]| format!("{ALLOWED}static {name}: [Rules; {}] = [\n{}];\n", rows.len(), rows.concat());
    list("RULES", &first) + &list("OTHERS", &other) + &format!("const OTHER_KINDS: [Kind; {}] = [{}];\n", kinds.len(), kinds.concat())
}
