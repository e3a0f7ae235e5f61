//! Columns of descriptions.

use rows::describe::layout::{Page, align};

#[test]
fn a_column_is_a_run_of_lines_that_have_it() {
    for (text, want) in [
        ("a:\tx\nlong:\ty\nplain\nb:\tz\n", "a:     x\nlong:  y\nplain\nb:  z\n"),
        ("a\tb\tc\nlong\td\n", "a     b  c\nlong  d\n"),
        ("Port:\tweb\t80/TCP\nTargetPort:\t80/TCP\n", "Port:        web  80/TCP\nTargetPort:  80/TCP\n"),
        ("Name\t\tAge\nweb-0\t\t1s\n", "Name     Age\nweb-0    1s\n"),
        ("empty:\t\nx:\ty\n", "empty:  \nx:      y\n"),
        ("no end", "no end"),
    ] {
        assert_eq!(align(text), want);
    }
}

#[test]
fn a_break_ends_the_columns() {
    let mut page = Page::new();
    page.field(0, "A long label", "1");
    page.end_columns();
    page.field(1, "b", "2");
    assert_eq!(page.aligned(), "A long label:  1\n  b:  2\n");
    assert_eq!(page.raw(), "A long label:\t1\n  b:\t2\n");
}
