//! Compiles the columns of `get` and the lines of `describe` in `src/model/kinds` to Rust. A wrong name of a field, a
//! function, a kind or a change stops the build. Of the last three, the line of the generated code that is shown begins with the line of
//! the table.

#[path = "../../model/kinds/reader.rs"]
mod reader;

use reader::{Part, Schema, Spot};
use std::cmp::Reverse;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// A row that is printed, read or both.
struct Row {
    spot: Spot,
    mark: &'static str,
    label: &'static str,
    /// What stands behind `@`: a change, or a flag of releases.
    since: Option<&'static str>,
    cell: &'static str,
}

impl Row {
    /// Ends the build where a path leads to no field of what stands at the margin.
    fn hold(&self, schema: &Schema, head: &'static str, path: &str) {
        let structs = structs(schema, head);
        // One of two structs has its fields below `spec`, the other below `status`.
        let is_side = || structs.len() > 1 && path.split_once(' ').is_some_and(|(_, rest)| structs.iter().any(|of| schema.leads(of, rest)));
        let has_none = path.is_empty() || !structs.iter().any(|of| schema.0.contains_key(of));
        if !has_none && !structs.iter().any(|of| schema.leads(of, path)) && !is_side() {
            self.spot.stop(&format!("no field {path} in {}", structs.join(" or ")));
        }
    }
}

/// What a line at the margin names behind `get` or `describe`, and the rows below.
type Shown = (Spot, &'static str, Vec<Row>);

fn main() {
    let (parts, schema, out) = (reader::parts(), Schema::read(), env::var("OUT_DIR").expect("cargo sets it"));
    for (what, compiled) in [("get", get as fn(&mut [Shown], &Schema) -> String), ("describe", describe)] {
        fs::write(Path::new(&out).join(format!("{what}.rs")), compiled(&mut shown(&parts, what), &schema)).expect("a folder of ours");
    }
}

/// The parts that are shown, each row with its cell or that of its label in `each`.
fn shown(parts: &[Part], what: &str) -> Vec<Shown> {
    let named = parts.iter().filter_map(|part| Some((part, part.head.strip_prefix(what)?.strip_prefix(' ')?)));
    let mut shown: Vec<Shown> = named.map(|(part, head)| (part.spot, head, part.rows.iter().map(row).collect())).collect();
    let each = shown.iter().position(|(_, head, _)| *head == "each").expect("the rows of all kinds");
    let name = |row: &Row| row.label.split(['|', '*']).next().unwrap_or(row.label);
    let of_all: Vec<(&str, &str, &str)> = shown[each].2.iter().map(|row| (name(row), row.label, row.cell)).collect();
    for row in shown.iter_mut().flat_map(|(_, _, rows)| rows).filter(|row| row.cell.is_empty()) {
        if let Some((name, label, cell)) = of_all.iter().find(|one| one.0 == name(row)) {
            row.cell = cell;
            row.label = if row.label == *name { label } else { row.label };
        }
    }
    shown
}

fn row(row: &reader::Row) -> Row {
    let (label, cell) = row.text.split_once("  ").map_or((row.text, ""), |(label, cell)| (label, cell.trim()));
    let (label, since) = label.split_once('@').map_or((label, None), |(label, since)| (label, Some(since)));
    Row { spot: row.spot, mark: row.mark, label, since, cell }
}

/// The structs whose fields the rows of a part name: kinds, those behind `of`, or a source of a volume.
fn structs(schema: &Schema, head: &'static str) -> Vec<&'static str> {
    let Some((part, of)) = head.strip_prefix('>').and_then(|part| part.split_once(' ')) else {
        return named(head).collect();
    };
    let sources = ["Volume", "PersistentVolumeSpec"].map(|of| Some(schema.0[of][schema.position(of, part)?].of));
    of.strip_prefix("of ").map_or_else(|| sources.into_iter().flatten().collect(), |structs| structs.split(' ').collect())
}

/// The kinds that a line at the margin names.
fn named(head: &str) -> impl Iterator<Item = &str> {
    head.split(' ').filter(|word| !["old", "print"].contains(word))
}

/// The kinds of a part.
fn kinds(head: &str) -> String {
    named(head).fold(String::new(), |list, kind| list + "Kind::" + kind + ", ")
}

/// Of two tables that fit a paste, that with more columns tells the kind.
fn get(parts: &mut [Shown], schema: &Schema) -> String {
    parts.sort_by_key(|(_, head, rows)| (*head == "any", Reverse(rows.len())));
    let mut out = "pub static TABLES: &[Table] = &[".to_owned();
    for (spot, head, rows) in parts.iter().filter(|(_, head, _)| *head != "each") {
        let kinds = if *head == "any" { String::new() } else { kinds(head) };
        writeln!(out, "/* {spot} */ (&[{kinds}], &[").expect("a text");
        for row @ Row { spot, mark, label, since, cell } in rows {
            let shown = match *mark {
                "" if !head.starts_with("old ") => "Always",
                "+" => "Wide",
                "" | "<" => "Never",
                _ => spot.stop(&format!("{mark} is no mark of a column")),
            };
            let since = since.map_or("None".to_owned(), |change| format!("Some(Change::{change})"));
            let (heading, cell) = (label.trim_end_matches('*'), cell_of(cell, &|path| row.hold(schema, head, path)));
            let sign = heading != *label;
            writeln!(
                out,
                "Column {{ heading: {heading:?}, shown: Shown::{shown}, sign: {sign},\n/* {spot} */ since: {since}, cell: {cell} }},"
            )
            .expect("a text");
        }
        out.push_str("]),\n");
    }
    out + "];\n"
}

/// The Rust of a cell.
fn cell_of(cell: &str, hold: &dyn Fn(&str)) -> String {
    let Some(printed) = cell.strip_prefix('=') else {
        let (path, missing) = cell.split_once(" | ").unwrap_or((cell, ""));
        path.split(" / ").for_each(hold);
        return path
            .split_once(" / ")
            .map_or_else(|| format!("Cell::Field({path:?}, {missing:?})"), |(one, all)| format!("Cell::Ratio({one:?}, {all:?})"));
    };
    let (print, read) = printed.split_once(" < ").unwrap_or((printed, "nothing"));
    let call = if print.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') { "(o)" } else { "" };
    if read.contains(' ') {
        hold(read);
    }
    let read = if read.contains(' ') { format!("|into, _, cell| *part(into, {read:?}) = cell.into()") } else { format!("read::{read}") };
    format!("Cell::Of(|o, now| {print}{call}, {read})")
}

fn describe(parts: &mut [Shown], schema: &Schema) -> String {
    let [mut out, mut kinds_of, mut printed, mut sources] = [const { String::new() }; 4];
    for (number, (spot, head, rows)) in parts.iter().enumerate() {
        let name = match head.strip_prefix('>') {
            Some(part) => {
                let (name, kind) = part.split_once(' ').unwrap_or((part, ""));
                if !kind.starts_with("of ") {
                    writeln!(sources, "({name:?}, {kind:?}, {}),", name.to_uppercase()).expect("a text");
                }
                name.to_uppercase()
            }
            None if *head == "each" => "EACH".to_owned(),
            None => {
                let list = if head.starts_with("print ") { &mut printed } else { &mut kinds_of };
                let (kinds, is_printed) = (kinds(head), !head.starts_with("old "));
                writeln!(list, "/* {spot} */ Described {{ kinds: &[{kinds}], is_printed: {is_printed}, lines: PART_{number} }},")
                    .expect("a text");
                format!("PART_{number}")
            }
        };
        writeln!(out, "pub static {name}: &[Line] = &[").expect("a text");
        for row in rows {
            writeln!(out, "{},", line_of(row, &|path| row.hold(schema, head, path))).expect("a text");
        }
        out.push_str("];\n");
    }
    format!(
        "{out}pub static KINDS: &[Described] = &[{kinds_of}];\npub static PRINTED: &[Described] = &[{printed}];\npub static SOURCES: &[Source] = &[{sources}];\n"
    )
}

/// The Rust of a line.
fn line_of(Row { spot, mark, label, since, cell }: &Row, hold: &dyn Fn(&str)) -> String {
    let read_by = |sign| cell.split_once(sign).map(|(printed, read)| (printed, Some(read)));
    let (printed, read) = read_by(" < ").or_else(|| read_by(" << ")).unwrap_or((cell, None));
    let at = printed.char_indices().find(|(at, c)| "|=*@>\"".contains(*c) && (*at == 0 || printed[..*at].ends_with(' ')));
    let (path, print) = printed.split_at(at.map_or(printed.len(), |(at, _)| at));
    let path = path.trim();
    let own = print.get(1..).unwrap_or_default().trim();
    hold(path);
    if print.starts_with('"') {
        let counted = print.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
        counted.for_each(|(counted, _)| hold(format!("{path} {counted}").trim_start()));
    }
    let is_field = !path.is_empty() && (print.is_empty() || print.starts_with('|'));
    let print = match print.get(..1) {
        _ if is_field => format!("Field({own:?})"),
        None => "Nothing".to_owned(),
        Some("=") => format!("Text({own})"),
        Some("*") => format!("Lines({own})"),
        Some("@") => format!("Around({own})"),
        Some("\"") => format!("Counts({print})"),
        Some(">") => format!("Within({}, {})", 1 + usize::from(own.starts_with('>')), own.trim_start_matches('>').to_uppercase()),
        _ => spot.stop(&format!("{print} is no way to print")),
    };
    let printed = is_field || ["Counts", "Within"].iter().any(|way| print.starts_with(way));
    let as_printed = (if printed { "Printed" } else { "Skip" }, path);
    let (how, to) = read.map_or(as_printed, |read| read.split_once(' ').unwrap_or((read, path)));
    hold(to);
    let read = match how.starts_with(char::is_uppercase) {
        true => how.to_owned(),
        false if cell.contains(" << ") => format!("By(read::{how})"),
        false => format!("Made(read::{how})"),
    };
    let when = match *mark {
        "" => "Always",
        "?" => "Given",
        "&" => "Held",
        "^" => "Below",
        "<" => "Never",
        _ => spot.stop(&format!("{mark} is no mark of a line")),
    };
    let has = since.map_or("None".to_owned(), |flag| match flag.strip_prefix('!') {
        Some(flag) => format!("Some(|release| !release.{flag})"),
        None => format!("Some(|release| release.{flag})"),
    });
    format!(
        "Line {{ labels: {label:?}, when: When::{when}, path: {path:?}, to: {to:?},\n/* {spot} */ has: {has}, print: Print::{print}, read: How::{read} \
         }}"
    )
}
