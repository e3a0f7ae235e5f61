//! What two texts differ in, as `diff -u` writes it, and a text with such differences made.

use crate::line_diff::aligned_lines;
use base::hunks::{self, Line};
use std::cmp::Reverse;

/// The differences of two texts, with line numbers and context; empty where there are none.
pub fn unified(old: &str, new: &str) -> String {
    hunks::unified(&laid(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>()))
}

/// Lays two texts beside each other: where they differ, the old lines come before the new ones.
fn laid<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let (mut at, mut lines) = ((0, 0), Vec::new());
    let mut until = |next: (usize, usize)| {
        lines.extend(old[at.0..next.0].iter().map(|text| Line::Old(text)));
        lines.extend(new[at.1..next.1].iter().map(|text| Line::New(text)));
        lines.extend(old.get(next.0).map(|text| Line::Both(text)));
        at = (next.0 + 1, next.1 + 1);
    };
    aligned_lines(old, new).into_iter().for_each(&mut until);
    until((old.len(), new.len()));
    lines
}

/// A text with the changes that [`unified`] wrote of it, or of one much like it: each goes where the lines are that it takes away, as near
/// to its own surroundings and its number as they are found. Where they are not, it is left out.
pub fn changed(old: &str, changes: &str) -> String {
    let old: Vec<&str> = old.lines().collect();
    let (mut lines, mut from) = (Vec::new(), 0);
    for change in read(changes) {
        if let Some(at) = change.place(&old, from) {
            lines.extend_from_slice(&old[from..at]);
            lines.extend_from_slice(&change.new);
            from = at + change.old.len();
        }
    }
    lines.extend_from_slice(&old[from..]);
    lines.into_iter().flat_map(|line| [line, "\n"]).collect()
}

/// Lines that others take the place of.
#[derive(Default)]
struct Change<'a> {
    /// How many lines of the old text are above.
    at: usize,
    before: Vec<&'a str>,
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    after: Vec<&'a str>,
}

/// The changes of hunks, in order.
fn read(hunks: &str) -> Vec<Change<'_>> {
    let mut changes: Vec<Change> = Vec::new();
    let (mut at, mut before, mut is_new, mut is_near) = (0, Vec::new(), true, false);
    for (sign, text) in hunks.lines().filter_map(|line| line.split_at_checked(1)) {
        match sign {
            "@" => {
                let range = text.trim_start_matches("@ -").split(' ').next().unwrap_or_default();
                let (start, count) = range.split_once(',').unwrap_or((range, ""));
                at = start.parse::<usize>().unwrap_or_default().saturating_sub(usize::from(count != "0"));
                (before, is_new, is_near) = (Vec::new(), true, false);
            }
            " " => {
                if let Some(last) = changes.last_mut().filter(|_| is_near) {
                    last.after.push(text);
                }
                before.push(text);
                (at, is_new) = (at + 1, true);
            }
            _ => {
                if is_new {
                    changes.push(Change { at, before: std::mem::take(&mut before), ..Change::default() });
                    (is_new, is_near) = (false, true);
                }
                let Some(last) = changes.last_mut() else { continue };
                if sign == "-" {
                    last.old.push(text);
                    at += 1;
                } else {
                    last.new.push(text);
                }
            }
        }
    }
    changes
}

impl Change<'_> {
    /// The line of a text at which its old lines are, from a line on.
    fn place(&self, text: &[&str], from: usize) -> Option<usize> {
        let alike = |(one, other): &(&&str, &&str)| one == other;
        let around = |at: usize| {
            let before = self.before.iter().rev().zip(text[..at].iter().rev()).take_while(alike).count();
            before + self.after.iter().zip(&text[at + self.old.len()..]).take_while(alike).count()
        };
        let places = (from..=text.len()).filter(|at| text[*at..].starts_with(&self.old));
        let (around, _, at) = places.map(|at| (around(at), Reverse(at.abs_diff(self.at)), at)).max()?;
        let is_told = around > 0 || !self.old.is_empty() || self.before.is_empty() && self.after.is_empty();
        is_told.then_some(at)
    }
}
