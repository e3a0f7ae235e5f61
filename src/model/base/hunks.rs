//! Differences of two texts that were laid beside each other, as `diff -u` writes them.

use std::fmt::Write;

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// One line of two texts laid beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Both(&'a str),
    /// It is in the old one only.
    Old(&'a str),
    /// It is in the new one only.
    New(&'a str),
}

/// The hunks of two texts, with line numbers and context; empty where nothing differs.
pub fn unified(lines: &[Line]) -> String {
    let changed: Vec<usize> = (0..lines.len()).filter(|i| !matches!(lines[*i], Line::Both(_))).collect();
    let (mut out, mut shown, mut before) = (String::new(), 0, (0, 0));
    for near in changed.chunk_by(|one, next| next - one <= 2 * CONTEXT + 1) {
        let start = near[0].saturating_sub(CONTEXT);
        let end = (near[near.len() - 1] + CONTEXT + 1).min(lines.len());
        before = added(before, counts(&lines[shown..start]));
        let inside = counts(&lines[start..end]);
        let _ = writeln!(out, "@@ -{} +{} @@", range(before.0, inside.0), range(before.1, inside.1));
        for line in &lines[start..end] {
            let (sign, text) = match line {
                Line::Both(text) => (' ', text),
                Line::Old(text) => ('-', text),
                Line::New(text) => ('+', text),
            };
            let _ = writeln!(out, "{sign}{text}");
        }
        (shown, before) = (end, added(before, inside));
    }
    out
}

/// How many of these lines are in the old text, and how many in the new one.
fn counts(lines: &[Line]) -> (usize, usize) {
    let count = |elsewhere: fn(&Line) -> bool| lines.iter().filter(|line| !elsewhere(line)).count();
    (count(|line| matches!(line, Line::New(_))), count(|line| matches!(line, Line::Old(_))))
}

fn added(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}

/// Where a hunk is in a text.
fn range(before: usize, inside: usize) -> String {
    match inside {
        0 => format!("{before},0"),
        1 => (before + 1).to_string(),
        count => format!("{},{count}", before + 1),
    }
}
