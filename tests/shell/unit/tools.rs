//! Whether the tables of the tools agree.

use std::fs;
use std::path::Path;

use ordinal::shell::programs::{Places, is_simulated};

/// The source of a table of the crate: what is between its name and its end.
pub fn table(file: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/shell").join(file);
    let source = fs::read_to_string(path).expect("the source");
    let (_, from) = source.split_once(name).expect("the table");
    from.split_once("\n];").expect("its end").0.to_owned()
}

/// The first words of a table's rows that begin so.
fn first_words(table: &str, begins: &[&str]) -> Vec<String> {
    let rows = table.lines().filter_map(|line| begins.iter().find_map(|begin| line.trim_start().strip_prefix(begin)));
    rows.filter_map(|row| row.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

/// The names of the tools.
pub fn names() -> Vec<String> {
    let names = first_words(&table("tools.rs", "static TOOLS"), &["tool(\"", "of_desk(\""]);
    assert!(names.len() > 40, "{names:?}");
    assert!(names.iter().all(|name| is_simulated(name, Places::DESK)), "{names:?}");
    names
}

#[test]
fn complaints_are_of_tools_that_there_are() {
    let (complaints, tools) = (first_words(&table("tools/job.rs", "const CANNOT"), &["(\""]), names());
    assert!(complaints.len() > 20, "{complaints:?}");
    for name in complaints {
        assert!(tools.contains(&name), "{name}");
    }
}
