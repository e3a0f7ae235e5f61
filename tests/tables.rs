//! Tables of the sources, for tests that hold something of every row.

use std::fs;
use std::path::Path;

/// The source of a table: what is between its name and its end. The file is named from the project's directory.
pub fn table(file: &str, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let source = fs::read_to_string(path).expect("the source");
    let (_, from) = source.split_once(name).expect("the table");
    from.split_once("\n];").expect("its end").0.to_owned()
}
