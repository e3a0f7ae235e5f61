//! Compiles the columns of `get.table` and the lines of `describe.table` to Rust. A wrong name of a function, a
//! kind or a change stops the build. The line of the generated code that is shown begins with the line of the table.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// A row, and where it stands.
struct Row<'a> {
    place: String,
    mark: &'a str,
    label: &'a str,
    /// What stands behind `@`: a change, or a flag of releases.
    since: Option<&'a str>,
    cell: &'a str,
}

/// A line at the margin, with its place, and the rows below.
type Part<'a> = (String, &'a str, Vec<Row<'a>>);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    for (file, compiled) in [("get", get as fn(&[Part]) -> String), ("describe", describe)] {
        let table = format!("{file}.table");
        println!("cargo::rerun-if-changed={table}");
        let text = fs::read_to_string(&table).unwrap_or_else(|e| panic!("{table}: {e}"));
        fs::write(Path::new(&out).join(format!("{file}.rs")), compiled(&parts(&table, &text))).expect("a folder of ours");
    }
}

/// The parts of a table, each row with its cell or that of its label in `each`.
fn parts<'a>(table: &str, text: &'a str) -> Vec<Part<'a>> {
    let (mut parts, mut each) = (Vec::<Part>::new(), Vec::<(&str, &str, &str)>::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let place = format!("{table}:{number}");
        let Some((mark, row)) = line.split_at_checked(2).filter(|(mark, _)| mark.ends_with(' ') && !mark.starts_with(char::is_alphabetic))
        else {
            parts.push((place, line, Vec::new()));
            continue;
        };
        let (label, cell) = row.split_once("  ").map_or((row, ""), |(label, cell)| (label, cell.trim()));
        let (label, since) = label.split_once('@').map_or((label, None), |(label, since)| (label, Some(since)));
        let (_, head, rows) = parts.last_mut().unwrap_or_else(|| panic!("{place}: a row stands below a kind"));
        let name = label.split(['|', '*']).next().unwrap_or(label);
        let (mut row, first) = (Row { place, mark: mark.trim(), label, since, cell }, *head == "each");
        if first {
            each.push((name, label, cell));
        } else if let Some((_, label, cell)) = each.iter().find(|one| one.0 == name && cell.is_empty()) {
            row.cell = cell;
            row.label = if row.label == name { label } else { row.label };
        }
        rows.push(row);
    }
    parts
}

/// The kinds of a part.
fn kinds(head: &str) -> String {
    head.trim_start_matches("old ").trim_start_matches("print ").split(' ').map(|kind| format!("Kind::{kind}, ")).collect()
}

fn get(parts: &[Part]) -> String {
    let mut out = "pub static TABLES: &[Table] = &[".to_owned();
    for (place, head, rows) in parts.iter().filter(|(_, head, _)| *head != "each") {
        let kinds = if *head == "any" { String::new() } else { kinds(head) };
        writeln!(out, "/* {place} */ (&[{kinds}], &[").expect("a text");
        for Row { place, mark, label, since, cell } in rows {
            let shown = match *mark {
                "+" => "Wide",
                "" if !head.starts_with("old ") => "Always",
                _ => "Never",
            };
            let since = since.map_or("None".to_owned(), |change| format!("Some(Change::{change})"));
            let (heading, cell) = (label.trim_end_matches('*'), cell_of(cell));
            let sign = heading != *label;
            writeln!(
                out,
                "Column {{ heading: {heading:?}, shown: Shown::{shown}, sign: {sign},\n/* {place} */ since: {since}, cell: {cell} }},"
            )
            .expect("a text");
        }
        out.push_str("]),\n");
    }
    out + "];\n"
}

/// The Rust of a cell.
fn cell_of(cell: &str) -> String {
    let Some(printed) = cell.strip_prefix('=') else {
        let (path, missing) = cell.split_once(" | ").unwrap_or((cell, ""));
        return path
            .split_once(" / ")
            .map_or_else(|| format!("Cell::Field({path:?}, {missing:?})"), |(one, all)| format!("Cell::Ratio({one:?}, {all:?})"));
    };
    let (print, read) = printed.split_once(" < ").unwrap_or((printed, "nothing"));
    let call = if print.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') { "(o)" } else { "" };
    let read = if read.contains(' ') { format!("|into, _, cell| *part(into, {read:?}) = cell.into()") } else { format!("read::{read}") };
    format!("Cell::Of(|o, now| {print}{call}, {read})")
}

fn describe(parts: &[Part]) -> String {
    let [mut out, mut kinds_of, mut printed, mut sources] = [const { String::new() }; 4];
    for (number, (place, head, rows)) in parts.iter().enumerate() {
        let name = match head.strip_prefix('>') {
            Some(part) => {
                let (name, kind) = part.split_once(' ').unwrap_or((part, ""));
                if !kind.is_empty() {
                    writeln!(sources, "({name:?}, {kind:?}, {}),", name.to_uppercase()).expect("a text");
                }
                name.to_uppercase()
            }
            None if *head == "each" => "EACH".to_owned(),
            None => {
                let list = if head.starts_with("print ") { &mut printed } else { &mut kinds_of };
                let (kinds, is_printed) = (kinds(head), !head.starts_with("old "));
                writeln!(list, "/* {place} */ Described {{ kinds: &[{kinds}], is_printed: {is_printed}, lines: PART_{number} }},")
                    .expect("a text");
                format!("PART_{number}")
            }
        };
        writeln!(out, "pub static {name}: &[Line] = &[").expect("a text");
        for row in rows {
            writeln!(out, "{},", line_of(row)).expect("a text");
        }
        out.push_str("];\n");
    }
    format!(
        "{out}pub static KINDS: &[Described] = &[{kinds_of}];\npub static PRINTED: &[Described] = &[{printed}];\npub static SOURCES: &[Source] = &[{sources}];\n"
    )
}

/// The Rust of a line.
fn line_of(Row { place, mark, label, since, cell }: &Row) -> String {
    let read_by = |sign| cell.split_once(sign).map(|(printed, read)| (printed, Some(read)));
    let (printed, read) = read_by(" < ").or_else(|| read_by(" << ")).unwrap_or((cell, None));
    let at = printed.char_indices().find(|(at, c)| "|=*@>\"".contains(*c) && (*at == 0 || printed[..*at].ends_with(' ')));
    let (path, print) = printed.split_at(at.map_or(printed.len(), |(at, _)| at));
    let path = path.trim();
    let own = print.get(1..).unwrap_or_default().trim();
    let is_field = !path.is_empty() && (print.is_empty() || print.starts_with('|'));
    let print = match print.get(..1) {
        _ if is_field => format!("Field({own:?})"),
        None => "Nothing".to_owned(),
        Some("=") => format!("Text({own})"),
        Some("*") => format!("Lines({own})"),
        Some("@") => format!("Around({own})"),
        Some("\"") => format!("Counts({print})"),
        Some(">") => format!("Within({}, {})", 1 + usize::from(own.starts_with('>')), own.trim_start_matches('>').to_uppercase()),
        _ => panic!("{place}: {print} is no way to print"),
    };
    let printed = is_field || ["Counts", "Within"].iter().any(|way| print.starts_with(way));
    let as_printed = (if printed { "Printed" } else { "Skip" }, path);
    let (how, to) = read.map_or(as_printed, |read| read.split_once(' ').unwrap_or((read, path)));
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
        _ => panic!("{place}: {mark} is no mark"),
    };
    let has = since.map_or("None".to_owned(), |flag| match flag.strip_prefix('!') {
        Some(flag) => format!("Some(|release| !release.{flag})"),
        None => format!("Some(|release| release.{flag})"),
    });
    format!(
        "Line {{ labels: {label:?}, when: When::{when}, path: {path:?}, to: {to:?},\n/* {place} */ has: {has}, print: Print::{print}, read: How::{read} \
         }}"
    )
}
