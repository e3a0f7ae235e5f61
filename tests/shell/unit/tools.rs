//! Whether the tables of the tools agree.

use ordinal::shell::programs::{Places, is_simulated};

use crate::tables::table;

/// The first words of a table's rows that begin so.
fn first_words(table: &str, begins: &[&str]) -> Vec<String> {
    let rows = table.lines().filter_map(|line| begins.iter().find_map(|begin| line.trim_start().strip_prefix(begin)));
    rows.filter_map(|row| row.split_once('"')).map(|(name, _)| name.to_owned()).collect()
}

/// The names of the tools.
pub fn names() -> Vec<String> {
    let names = first_words(&table("src/model/shell/tools.rs", "static TOOLS"), &["tool(\"", "of_desk(\""]);
    assert!(names.len() > 30, "{names:?}");
    assert!(names.iter().all(|name| is_simulated(name, Places::DESK)), "{names:?}");
    names
}

#[test]
fn complaints_are_of_tools_that_there_are() {
    let (complaints, tools) = (first_words(&table("src/model/shell/tools/job.rs", "const CANNOT"), &["(\""]), names());
    assert!(complaints.len() > 20, "{complaints:?}");
    for name in complaints {
        assert!(tools.contains(&name), "{name}");
    }
}
