//! Compiles the columns of `get.table` to Rust. What is not a function, a kind or a change stops the build at a line of the generated
//! file that names the line of the table.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const TABLE: &str = "get.table";

fn main() {
    for file in ["build.rs", TABLE] {
        println!("cargo::rerun-if-changed={file}");
    }
    let text = fs::read_to_string(TABLE).unwrap_or_else(|e| panic!("{TABLE}: {e}"));
    let mut out = "pub static TABLES: &[Table] = &[".to_owned();
    let (mut each, mut head) = (HashMap::new(), "");
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let place = format!("{TABLE}:{number}");
        if !line.starts_with([' ', '+', '<']) {
            if !["", "each"].contains(&head) {
                out.push_str("]),\n");
            }
            head = line;
            let kinds: String = line.trim_start_matches("old ").split(' ').map(|kind| format!("Kind::{kind}, ")).collect();
            match line {
                "each" => {}
                "any" => out.push_str("(&[], &[\n"),
                _ => write!(out, "(&[{kinds}], &[ // {place}\n").expect("a text"),
            }
            continue;
        }
        let row =
            line.get(2..).filter(|row| !row.starts_with(' ')).unwrap_or_else(|| panic!("{place}: a heading stands at the third place"));
        let (heading, cell) = row.split_once("  ").map_or((row, ""), |(heading, cell)| (heading, cell.trim()));
        let (heading, since) =
            heading.split_once('@').map_or((heading, "None".to_owned()), |(heading, change)| (heading, format!("Some(Change::{change})")));
        let name = heading.trim_end_matches('*');
        if head == "each" {
            each.insert(name, cell);
            continue;
        }
        let cell = if cell.is_empty() { each.get(name).unwrap_or_else(|| panic!("{place}: {name} has no cell")) } else { cell };
        let shown = match &line[..1] {
            " " if head.starts_with("old ") => "Never",
            " " => "Always",
            "+" => "Wide",
            _ => "Never",
        };
        let sign = heading != name;
        writeln!(
            out,
            "Column {{ heading: {name:?}, shown: Shown::{shown}, since: {since}, sign: {sign}, cell: {} }}, // {place}",
            of(cell)
        )
        .expect("a text");
    }
    out.push_str("])];\n");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("get.rs"), out).expect("a folder of ours");
}

/// The Rust of a cell.
fn of(cell: &str) -> String {
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
