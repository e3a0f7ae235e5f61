//! Reads the tables of kinds for the build scripts of `rules` and `rows`; `README.md` says how a table is written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fmt, fs, process};

/// The folder of the tables, from that of a crate.
const FOLDER: &str = "../../model/kinds";
/// The structs and their fields.
pub const SCHEMA: &str = "../../model/api/schema.txt";

/// A line of a table.
#[derive(Clone, Copy)]
pub struct Spot {
    /// The table's name.
    pub table: &'static str,
    line: usize,
}

/// A line at the margin, and the rows below it.
pub struct Part {
    pub spot: Spot,
    pub head: &'static str,
    pub rows: Vec<Row>,
}

/// A line below the margin.
pub struct Row {
    pub spot: Spot,
    /// What stands before the row; empty where there is nothing.
    pub mark: &'static str,
    pub text: &'static str,
}

impl Spot {
    /// Ends the build.
    pub fn stop(self, why: &str) -> ! {
        let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        eprintln!("error: {why}\n --> {folder}/{FOLDER}/{self}");
        process::exit(1)
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}.table:{}", self.table, self.line)
    }
}

/// The parts of all tables.
pub fn parts() -> Vec<Part> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER).expect("the tables").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "table"));
    files.sort();
    let mut parts = Vec::<Part>::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned().leak();
        let text = fs::read_to_string(&file).expect("a table").leak();
        for (line, text) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let spot = Spot { table: name, line };
            match text.split_at_checked(2).filter(|(mark, _)| mark.ends_with(' ') && !mark.starts_with(char::is_alphabetic)) {
                Some((mark, text)) => match parts.last_mut().filter(|part| part.spot.table == name) {
                    Some(part) => part.rows.push(Row { spot, mark: mark.trim(), text }),
                    None => spot.stop("a row stands below a line at the margin"),
                },
                None if text.starts_with(char::is_uppercase) || ["get ", "describe "].iter().any(|what| text.starts_with(what)) => {
                    parts.push(Part { spot, head: text, rows: Vec::new() });
                }
                None => spot.stop("neither the name of a struct nor `get` or `describe`"),
            }
        }
    }
    parts
}

/// A field of a struct of the schema.
pub struct Field {
    name: &'static str,
    /// The struct in it, or the letter of a type.
    pub of: &'static str,
    is_map: bool,
}

/// The structs of the schema, by their names.
pub struct Schema(pub BTreeMap<&'static str, Vec<Field>>);

impl Schema {
    /// The schema of `api`.
    pub fn read() -> Schema {
        println!("cargo::rerun-if-changed={SCHEMA}");
        let of_struct = |line: &'static str| {
            let (head, fields) = line.split_once('|').unwrap_or((line, ""));
            let field = |field: &'static str| {
                let word = field.split(' ').next().unwrap_or(field);
                let (name, of) = word.split_once(':').unwrap_or((word, ""));
                Field { name, of: of.trim_start_matches(['*', '%']), is_map: of.starts_with('%') }
            };
            let fields = fields.split('|').filter(|field| !field.starts_with(['+', '-', '!']));
            (head.split(' ').next().unwrap_or(head), fields.map(field).collect())
        };
        Schema(fs::read_to_string(SCHEMA).expect("the schema").leak().lines().map(of_struct).collect())
    }

    /// The place of a field in a struct.
    pub fn position(&self, of: &str, field: &str) -> Option<usize> {
        self.0.get(of)?.iter().position(|known| known.name == field)
    }

    /// Whether a path of keys, which are apart by a blank, leads to a field of a struct, or into a map.
    pub fn leads(&self, of: &str, path: &str) -> bool {
        let (key, rest) = path.split_once(' ').unwrap_or((path, ""));
        self.position(of, key).is_some_and(|at| {
            let field = &self.0[of][at];
            rest.is_empty() || field.is_map || self.leads(field.of, rest)
        })
    }
}
