//! The lines of a description as a tree by their indentation, and the ways in which a line holds a value.

use crate::describe::{EACH, KINDS};
use api::view::LAST_APPLIED;
use base::time::Time;
use base::value::Value;
use std::ops::Range;

/// A terminal is at least so wide: a shorter line was not broken by one.
const NARROWEST: usize = 60;
/// What stands for a value that is not there.
const ABSENT: [&str; 7] = ["", "<none>", "<unset>", "<unknown>", "<invalid>", "<nil>", "<default>"];
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// A line of a description.
#[derive(Debug)]
pub struct Line {
    /// Its number in the text.
    pub number: usize,
    /// How many blanks stand before it.
    pub indent: usize,
    /// The line without them.
    pub text: String,
    /// Where its label ends in it, and where the value begins.
    parts: (usize, usize),
}

/// A part of a line, between tabs or two blanks at least.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Where it starts in the line's text, in bytes.
    pub at: usize,
    /// The column in which it starts on the screen.
    pub column: usize,
    pub text: &'a str,
}

/// A described object.
#[derive(Debug)]
pub struct Block {
    pub lines: Vec<Line>,
}

impl Line {
    /// The parts of the line.
    pub fn cells(&self) -> Vec<Cell<'_>> {
        let mut cells: Vec<Cell> = Vec::new();
        let (mut column, mut gap) = (self.indent, 2);
        for (at, c) in self.text.char_indices() {
            match c {
                '\t' => (column, gap) = (column / 8 * 8 + 8, 2),
                ' ' => (column, gap) = (column + 1, gap + 1),
                _ => {
                    if gap > 1 {
                        cells.push(Cell { at, column, text: "" });
                    }
                    (column, gap) = (column + 1, 0);
                    if let Some(cell) = cells.last_mut() {
                        cell.text = &self.text[cell.at..at + c.len_utf8()];
                    }
                }
            }
        }
        cells
    }

    fn new(number: usize, indent: usize, text: String) -> Line {
        let mut line = Line { number, indent, text, parts: (0, 0) };
        let (text, at) = (&*line.text, line.cells().get(1).map_or(line.text.len(), |cell| cell.at));
        let ends = |(colon, _): &(usize, &str)| text[colon + 1..].starts_with([' ', '\t']) || colon + 1 == text.len();
        let colon = text.match_indices(':').find(ends).map(|(colon, _)| colon).filter(|colon| *colon < at);
        line.parts = colon.map_or((text[..at].trim_end().len(), at), |colon| (colon, colon + 1));
        line
    }

    /// What stands before the colon and after it; in a line without one the first part and the others.
    pub fn split(&self) -> (&str, &str) {
        (&self.text[..self.parts.0], self.text[self.parts.1..].trim())
    }

    /// Whether the line is an Event.
    pub fn is_event(&self) -> bool {
        let cells = self.cells();
        let typed = |cell: &Cell| matches!(cell.text, "Normal" | "Warning");
        cells.first().is_some_and(typed) || cells.get(2..).is_some_and(|rest| rest.iter().any(typed))
    }

    /// Whether the line is the rest of the one before, which a terminal has broken if it is `long`, or which a message breaks.
    fn goes_on(&self, in_events: bool, long: bool) -> bool {
        let (label, _) = self.split();
        let labelled = self.text[label.len()..].starts_with(':');
        let named =
            label.starts_with(|c: char| c.is_ascii_uppercase()) && label.chars().all(|c| c.is_ascii_alphanumeric() || " -()".contains(c));
        match self.indent {
            0 if !long || is_label(label) => false,
            _ if in_events => !self.is_event() && !matches!(label, "Type" | "FirstSeen") && !label.starts_with("---"),
            0 => !(labelled && named),
            indent => long && indent == 1,
        }
    }
}

impl Block {
    /// The lines without those that say nothing, and the broken ones put together.
    pub fn new(lines: &[(usize, &str)]) -> Block {
        let indent = |line: &str| {
            let blank = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
            blank.fold(0, |column, c| if c == '\t' { column / 8 * 8 + 8 } else { column + 1 })
        };
        let says = |line: &&(usize, &str)| !line.1.trim().trim_matches(['.', '…', '[', ']']).is_empty();
        let least = lines.iter().filter(says).map(|(_, line)| indent(line)).min().unwrap_or(0);
        let mut block = Block { lines: Vec::new() };
        let (mut in_events, mut long, mut blanks) = (false, false, 0);
        for one in lines {
            let (number, whole) = one;
            if !says(&one) {
                // Nothing goes on behind an empty line.
                long &= !whole.trim().is_empty();
                continue;
            }
            let line = Line::new(*number, indent(whole) - least, whole.trim().to_owned());
            // The data of a ConfigMap or a Secret follow.
            if line.text.starts_with("====") {
                break;
            }
            if let Some(before) = block.lines.last_mut().filter(|_| line.goes_on(in_events, long)) {
                // A terminal breaks a line where it ends, within a word as well.
                // No word has a capital behind a digit.
                let is_apart = before.text.ends_with(|c: char| c.is_ascii_digit()) && line.text.starts_with(char::is_uppercase);
                let gap = " ".repeat(if long { (blanks + line.indent).max(is_apart.into()) } else { 1 });
                before.text.extend([&*gap, &*line.text]);
            } else {
                in_events |= line.indent == 0 && line.split().0 == "Events" || line.is_event();
                block.lines.push(line);
            }
            long = whole.chars().count() >= NARROWEST;
            blanks = whole.len() - whole.trim_end().len();
        }
        // What was put together may have another label.
        block.lines = block.lines.into_iter().map(|line| Line::new(line.number, line.indent, line.text)).collect();
        block
    }

    /// The lines that belong to a line: those that follow and stand further in.
    pub fn below(&self, at: usize) -> Range<usize> {
        let rest = self.lines.iter().skip(at + 1);
        at + 1..at + 1 + rest.take_while(|line| line.indent > self.lines[at].indent).count()
    }

    /// Of these lines those that belong to none of them.
    pub fn heads(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let first = Some(range.start).filter(|at| *at < range.end);
        std::iter::successors(first, move |at| Some(self.below(*at).end).filter(|next| *next < range.end))
    }

    /// What stands before a line's colon.
    pub fn label(&self, at: usize) -> &str {
        self.lines[at].split().0
    }

    /// The value beside a label; `None` if nothing or a word for nothing stands there, or if the rest was left out.
    pub fn value(&self, at: usize) -> Option<&str> {
        present(self.lines[at].split().1)
    }

    /// The values of a label with one per line, the first of them beside it.
    pub fn texts(&self, at: usize) -> impl Iterator<Item = &str> {
        self.value(at).into_iter().chain(self.lines[self.below(at)].iter().map(|line| &*line.text))
    }
}

/// The text unless it stands for nothing.
pub fn present(text: &str) -> Option<&str> {
    Some(text).filter(|text| !ABSENT.contains(text) && !text.ends_with("..."))
}

/// A number that an API field can have. What a kubectl has printed of a pointer is none.
pub fn number(text: &str) -> Option<Value> {
    text.parse::<i32>().ok().map(Value::from)
}

/// A number, or the text.
pub fn number_or_text(text: &str) -> Option<Value> {
    if text.parse::<i64>().is_ok() { number(text) } else { Some(text.into()) }
}

/// A time as the API writes it, of one as kubectl writes it: `Tue, 24 Nov 2026 08:18:49 +0000`.
pub fn stamp(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [_, day, month, year, clock, zone] = words[..] else { return None };
    let month = MONTHS.find(month).filter(|at| month.len() == 3 && at % 3 == 0)? / 3 + 1;
    // The calendar repeats itself after 400 years, and the simulation's time has no years before 2026.
    let later =
        format!("{}-{month:02}-{day:0>2}T{clock}{}:{}", year.parse::<u32>().ok()?.checked_add(400)?, zone.get(..3)?, zone.get(3..)?);
    let later = Time::parse_rfc3339(&later)?.rfc3339();
    Some(format!("{:04}{}", later.get(..4)?.parse::<u32>().ok()? - 400, later.get(4..)?))
}

/// The key and the value of `key=value` or `key: value`. Nothing of a manifest that was applied, nor what is no key.
pub fn pair(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['=', ':'])?;
    let (key, value) = (&text[..at], text[at + 1..].trim_start());
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    Some((key, value)).filter(|_| is_key && key != LAST_APPLIED && !value.ends_with("..."))
}

/// The text without the manifest that was applied.
pub fn unapplied(text: &str) -> String {
    let Some(at) = text.find(LAST_APPLIED) else { return text.to_owned() };
    let end = text.rfind('}').map_or(text.len(), |end| end + 1).max(at);
    text[..at].to_owned() + text[end..].trim_start_matches("\\n")
}

/// Whether a label stands at the margin of some kind's description.
fn is_label(label: &str) -> bool {
    KINDS.iter().map(|one| one.lines).chain([EACH]).any(|lines| lines.iter().any(|line| line.is(label)))
}
