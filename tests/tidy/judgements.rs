//! The table of judgements in src/analysis/README.md: each function is where the table says, and is asked by those whom the table names.

use std::fs;
use std::path::{Path, PathBuf};

use super::{FLOORS, sources};

/// A row: the file and the function that decide, and the crates that ask.
struct Row {
    file: PathBuf,
    function: String,
    asked_by: Vec<String>,
}

fn rows() -> Vec<Row> {
    let table = include_str!("../../src/analysis/README.md");
    table.lines().filter(|line| line.contains(".rs` `")).map(row).collect()
}

fn row(line: &str) -> Row {
    let words: Vec<&str> = line.split('`').collect();
    let [_, file, _, function, askers] = words[..] else { panic!("no row of the table: {line}") };
    let asked_by = askers.trim_matches(['|', ' ']).split(", ").map(str::to_owned).collect();
    Row { file: PathBuf::from("src").join(file), function: function.to_owned(), asked_by }
}

/// Whether a function is called, or named to be called, in a crate outside the file that has it.
fn asks(name: &str, row: &Row) -> bool {
    let is_there = |folder: &PathBuf| folder.is_dir();
    let folder =
        FLOORS.iter().map(|floor| Path::new("src").join(floor).join(name)).find(is_there).unwrap_or_else(|| panic!("no crate {name}"));
    let calls = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a source");
        [format!("{}(", row.function), format!("::{})", row.function)].iter().any(|call| text.contains(call))
    };
    let mut files = Vec::new();
    sources(&folder, &mut files);
    files.iter().any(calls)
}

#[test]
fn each_judgement_is_decided_in_one_place_and_asked_where_the_table_says() {
    let all = rows();
    assert!(all.len() > 20, "{} rows", all.len());
    for row in &all {
        let text = fs::read_to_string(&row.file).unwrap_or_else(|_| panic!("no {}", row.file.display()));
        assert!(text.contains(&format!("fn {}", row.function)), "{} has no {}", row.file.display(), row.function);
        for name in &row.asked_by {
            assert!(asks(name, row), "{name} does not ask {}", row.function);
        }
    }
}
