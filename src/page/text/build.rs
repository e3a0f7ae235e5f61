//! Splits the English rows of page.txt and why.txt: those that a first visit tells (`first.txt`), and all others, which come later.
//! Each half has the rows that its own ones name, so that it stands alone. A build for work and tests has no halves: `source.rs` reads the
//! files.

use std::path::Path;
use std::{env, fs};

/// Rows that share their sentences.
struct Row {
    /// Their keys, with the section: `page.title`.
    keys: Vec<String>,
    text: String,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(reads_sources)");
    let of_cargo = |name: &str| env::var(name).expect("cargo sets it");
    if of_cargo("PROFILE") == "debug" && of_cargo("CARGO_CFG_TARGET_FAMILY") != "wasm" {
        println!("cargo::rustc-cfg=reads_sources");
        return;
    }
    for file in ["first.txt", "en/page.txt", "en/why.txt"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let read = |file: &str| fs::read_to_string(file).unwrap_or_else(|e| panic!("{file}: {e}"));
    // What has no section comes first.
    let rows: Vec<Row> = ["en/why.txt", "en/page.txt"].into_iter().flat_map(|file| rows(&read(file))).collect();
    let listed = read("first.txt");
    let first: Vec<&str> = listed.lines().filter(|line| !line.starts_with('#')).collect();
    for key in &first {
        assert!(rows.iter().any(|row| row.keys.iter().any(|own| own == key)), "first.txt: `{key}` is no key of page.txt or why.txt");
    }
    let is_first = |row: &Row| row.keys.iter().any(|key| first.contains(&key.as_str()));
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("first.txt"), written(&rows, &is_first)).expect("a folder of ours");
    fs::write(Path::new(&out).join("later.txt"), written(&rows, &|row| !is_first(row))).expect("a folder of ours");
}

/// The rows of a file.
fn rows(text: &str) -> Vec<Row> {
    let (mut section, mut rows, mut heads) = ("", Vec::<Row>::new(), false);
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (section, heads) = (name, false);
            continue;
        }
        let is_head = !line.starts_with(' ');
        if is_head && !heads {
            rows.push(Row { keys: Vec::new(), text: String::new() });
        }
        let row = rows.last_mut().expect("a key comes before its sentences");
        if is_head {
            let key = line.split(' ').next().unwrap_or_default();
            row.keys.push(if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") });
        }
        row.text.extend([line, "\n"]);
        heads = is_head;
    }
    rows
}

/// The rows that are chosen, and those that they name, in order.
fn written(rows: &[Row], chosen: &dyn Fn(&Row) -> bool) -> String {
    let mut taken: Vec<bool> = rows.iter().map(chosen).collect();
    while let Some(at) = (0..rows.len()).find(|at| !taken[*at] && rows[*at].keys.iter().any(|key| is_named(key, rows, &taken))) {
        taken[at] = true;
    }
    let (mut out, mut section) = (String::new(), "");
    for (row, _) in rows.iter().zip(taken).filter(|(_, taken)| *taken) {
        let own = row.keys[0].split_once('.').map_or("", |(section, _)| section);
        if own != section {
            out.extend(["[", own, "]\n"]);
            section = own;
        }
        out.push_str(&row.text);
    }
    out
}

/// Whether a row that is taken names a key: `{>key}`, `{list>key/, }`.
fn is_named(key: &str, rows: &[Row], taken: &[bool]) -> bool {
    let names = |row: &Row| row.text.split('>').skip(1).any(|rest| rest.split(['}', '/']).next() == Some(key));
    rows.iter().zip(taken).any(|(row, taken)| *taken && names(row))
}
