//! The columns of tables.

use verbs::print::table::{Widths, one_line};

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

#[test]
fn a_column_never_gets_narrower() {
    let mut widths = Widths::default();
    assert_eq!(
        widths.format(&[row(&["NAME", "STATUS", "AGE"]), row(&["web-0", "Pending", "0s"])]),
        "NAME    STATUS    AGE\nweb-0   Pending   0s\n"
    );
    assert_eq!(widths.format(&[row(&["web-0", "ContainerCreating", "0s"])]), "web-0   ContainerCreating   0s\n");
    assert_eq!(widths.format(&[row(&["web-0", "Running", "0s"])]), "web-0   Running             0s\n");
}

#[test]
fn a_cell_is_one_line() {
    assert_eq!(one_line("a\nb"), "a...");
}
