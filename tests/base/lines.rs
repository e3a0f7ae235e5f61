//! Lines with the instants they were written at.

use ordinal::base::lines::Lines;
use ordinal::base::time::Time;

fn told(lines: &Lines, after: usize) -> Vec<(Option<u64>, &str)> {
    lines.after(after).map(|(at, line)| (at.map(|at| at.0), line)).collect()
}

#[test]
fn a_line_has_the_instant_of_its_first_byte() {
    let mut lines = Lines::default();
    for (text, at) in [("a\nb", 1), ("", 2), ("c", 3), ("\n", 4), ("d\n", 5)] {
        lines.push(text, Time(at));
    }
    assert_eq!(told(&lines, 0), [(Some(1), "a\n"), (Some(1), "bc\n"), (Some(5), "d\n")]);
    assert_eq!(told(&lines, 3), [(None, "c\n"), (Some(5), "d\n")]);
    assert_eq!(told(&lines, 5), [(Some(5), "d\n")]);
    assert_eq!(told(&lines, 99), []);
}

#[test]
fn the_oldest_lines_go_whole() {
    let mut lines = Lines::default();
    for at in 0..5 {
        lines.push("12345\n", Time(at));
    }
    lines.keep_last(30);
    assert_eq!(lines.text().len(), 30);
    lines.keep_last(13);
    assert_eq!(told(&lines, 0), [(Some(3), "12345\n"), (Some(4), "12345\n")]);
}
