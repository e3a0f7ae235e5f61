//! `sed`, and what its language of lines shares with that of `awk`.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.

use std::cell::Cell;
use std::fmt::Write;

use super::tools::job::{Job, MISUSED};
use base::note::Note;
use base::pattern::{Match, Regex};

/// Refuses an unsupported program.
pub(super) fn refuse(j: &mut Job, tool: &str, program: &str) -> i32 {
    j.note(Note::NotSimulated(format!("{tool} {program:?}")));
    MISUSED
}

/// `sed 's/a/b/g'`, `sed -n '2,3p'`, `sed '/a/,$d'`.
pub fn sed(j: &mut Job) -> i32 {
    let (quiet, in_place) = (j.on('n'), j.on('i'));
    let mut files = j.words.clone();
    let mut programs: Vec<&str> = j.values('e').collect();
    if programs.is_empty() && !files.is_empty() {
        programs.push(files.remove(0));
    }
    let mut edits = Vec::new();
    for program in programs {
        let Some(more) = Edit::all(program, j.on('E')) else { return refuse(j, "sed", program) };
        edits.extend(more);
    }
    for (file, text) in j.texts(&files) {
        let out = edited(&edits, &text, quiet);
        if !in_place || file.is_empty() {
            j.out.push_str(&out);
            continue;
        }
        let path = j.path(&file);
        if let Err(why) = j.host.write(&path, &out) {
            j.cannot(&file, why);
        }
    }
    i32::from(!j.err.is_empty())
}

/// What these commands make of a text; `quiet`: of a line only what they print themselves.
fn edited(edits: &[Edit], text: &str, quiet: bool) -> String {
    let (mut out, count) = (String::new(), text.lines().count());
    for edit in edits {
        edit.is_open.set(false);
    }
    for (i, line) in text.lines().enumerate() {
        let (mut line, mut is_left) = (line.to_owned(), !quiet);
        for edit in edits {
            if !edit.applies(&line, i + 1, count) {
                continue;
            }
            let prints = match &edit.what {
                What::Delete => {
                    is_left = false;
                    break;
                }
                What::Print => true,
                What::Replace { regex, with, all, prints } => {
                    let is_found = regex.find(&line, 0).is_some();
                    line = replaced(&line, regex, with, *all);
                    *prints && is_found
                }
            };
            if prints {
                let _ = writeln!(out, "{line}");
            }
        }
        if is_left {
            let _ = writeln!(out, "{line}");
        }
        // What lacks its end goes without.
        if is_left && i + 1 == count && !text.ends_with('\n') {
            out.pop();
        }
    }
    out
}

enum What {
    Delete,
    Print,
    Replace { regex: Regex, with: String, all: bool, prints: bool },
}

/// Which lines are meant.
enum Address {
    Line(usize),
    Last,
    Matching(Regex),
}

struct Edit {
    from: Option<Address>,
    to: Option<Address>,
    what: What,
    /// Whether its range has begun and is not over yet.
    is_open: Cell<bool>,
}

impl Address {
    /// The address that a program begins with, if it begins with one, and what is behind it; `None` if it is malformed.
    fn read(program: &str, extended: bool) -> Option<(Option<Self>, &str)> {
        if let Some(after) = program.strip_prefix('/') {
            let (pattern, behind) = until(after, '/')?;
            return Some((Some(Address::Matching(Regex::new(&signs(&pattern), extended, false))), behind));
        }
        if let Some(behind) = program.strip_prefix('$') {
            return Some((Some(Address::Last), behind));
        }
        let (number, behind) = program.split_at(program.find(|c: char| !c.is_ascii_digit()).unwrap_or(program.len()));
        if number.is_empty() {
            return Some((None, program));
        }
        let number = number.parse().ok().filter(|number| *number > 0)?;
        Some((Some(Address::Line(number)), behind))
    }

    fn is(&self, line: &str, number: usize, count: usize) -> bool {
        match self {
            Address::Line(wanted) => *wanted == number,
            Address::Last => number == count,
            Address::Matching(regex) => regex.find(line, 0).is_some(),
        }
    }
}

fn is_between(c: char) -> bool {
    c == ';' || c.is_whitespace()
}

impl Edit {
    /// The commands of a program, which semicolons and line ends separate.
    fn all(program: &str, extended: bool) -> Option<Vec<Self>> {
        let (mut edits, mut rest) = (Vec::new(), program.trim_start_matches(is_between));
        while !rest.is_empty() {
            let (edit, behind) = Edit::read(rest, extended)?;
            edits.push(edit);
            rest = behind.trim_start_matches(is_between);
        }
        Some(edits)
    }

    /// The command that a program begins with, and what is behind it.
    fn read(program: &str, extended: bool) -> Option<(Self, &str)> {
        let (from, mut rest) = Address::read(program, extended)?;
        let mut to = None;
        if let Some(behind) = rest.strip_prefix(',').filter(|_| from.is_some()) {
            (to, rest) = Address::read(behind, extended)?;
            to.as_ref()?;
        }
        let mut letters = rest.trim_start().chars();
        let (what, behind) = match letters.next()? {
            'd' => (What::Delete, letters.as_str()),
            'p' => (What::Print, letters.as_str()),
            's' => What::replace(letters.as_str(), extended)?,
            _ => return None,
        };
        let after = behind.trim_start_matches(' ');
        let edit = Edit { from, to, what, is_open: Cell::new(false) };
        (after.is_empty() || after.starts_with([';', '\n'])).then_some((edit, behind))
    }

    /// Whether it is for a line. A range begins anew behind its end; one whose end is a line before its begin is that line alone.
    fn applies(&self, line: &str, number: usize, count: usize) -> bool {
        match (&self.from, &self.to) {
            (None, _) => true,
            (Some(from), None) => from.is(line, number, count),
            (Some(_), Some(to)) if self.is_open.get() => {
                let is_over = if let Address::Line(last) = to { *last <= number } else { to.is(line, number, count) };
                self.is_open.set(!is_over);
                // The range was over before this line.
                !matches!(to, Address::Line(last) if *last < number)
            }
            (Some(from), Some(to)) => {
                let begins = from.is(line, number, count);
                self.is_open.set(begins && !matches!(to, Address::Line(last) if *last <= number));
                begins
            }
        }
    }
}

impl What {
    /// What stands behind an `s`, and what is behind that.
    fn replace(program: &str, extended: bool) -> Option<(Self, &str)> {
        let mut letters = program.chars();
        let separator = letters.next()?;
        let (from, behind) = until(letters.as_str(), separator)?;
        let (with, behind) = until(behind, separator)?;
        // GNU's turn letters into capitals.
        if ["\\u", "\\l", "\\U", "\\L", "\\E"].iter().any(|sign| with.contains(sign)) {
            return None;
        }
        let (flags, behind) = behind.split_at(behind.find(|c| !"gp".contains(c)).unwrap_or(behind.len()));
        let regex = Regex::new(&signs(&from), extended, false);
        Some((What::Replace { regex, with, all: flags.contains('g'), prints: flags.contains('p') }, behind))
    }
}

/// What is before an unescaped sign, where an escaped one counts as itself, and what is behind the sign; `None` if there is none.
pub(super) fn until(text: &str, sign: char) -> Option<(String, &str)> {
    let (mut before, mut letters) = (String::new(), text.chars());
    loop {
        match letters.next()? {
            c if c == sign => return Some((before, letters.as_str())),
            '\\' => match letters.next()? {
                next if next == sign => before.push(next),
                next => before.extend(['\\', next]),
            },
            c => before.push(c),
        }
    }
}

/// An expression with the letters that `\t` and `\n` stand for, also in brackets.
pub(super) fn signs(text: &str) -> String {
    let (mut out, mut letters) = (String::new(), text.chars());
    while let Some(c) = letters.next() {
        match (c, letters.clone().next()) {
            ('\\', Some(next)) => {
                letters.next();
                match next {
                    't' => out.push('\t'),
                    'n' => out.push('\n'),
                    next => out.extend(['\\', next]),
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// A line in which something takes the place of the first match, or of all.
pub(super) fn replaced(line: &str, regex: &Regex, with: &str, all: bool) -> String {
    let chars: Vec<char> = line.chars().collect();
    let (mut out, mut at, mut after_match) = (String::new(), 0, false);
    while let Some(found) = regex.find(line, at) {
        out.extend(&chars[at..found.start]);
        // Directly behind a match there is no empty one.
        if found.end == at && after_match {
            out.extend(chars.get(at));
            (at, after_match) = (at + 1, false);
            continue;
        }
        fill(with, &found, &chars, &mut out);
        at = found.end;
        after_match = found.end > found.start;
        if !after_match {
            out.extend(chars.get(at));
            at += 1;
        }
        if !all || at > chars.len() {
            break;
        }
    }
    out.extend(chars.get(at..).unwrap_or_default());
    out
}

/// Appends what takes the place of a match: `&` is the match, and `\1` its first group.
fn fill(with: &str, found: &Match, chars: &[char], out: &mut String) {
    let mut letters = with.chars();
    while let Some(c) = letters.next() {
        let (from, to) = match c {
            '&' => (found.start, found.end),
            '\\' => match letters.next() {
                Some('n') => {
                    out.push('\n');
                    continue;
                }
                Some('t') => {
                    out.push('\t');
                    continue;
                }
                Some(digit) if digit.is_ascii_digit() => group(found, digit),
                other => {
                    out.push(other.unwrap_or('\\'));
                    continue;
                }
            },
            c => {
                out.push(c);
                continue;
            }
        };
        out.extend(&chars[from..to]);
    }
}

/// Where the group of this number is; of the number 0, the whole.
fn group(found: &Match, digit: char) -> (usize, usize) {
    let number = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or_default();
    match number.checked_sub(1) {
        None => (found.start, found.end),
        Some(at) => found.groups.get(at).copied().unwrap_or_default(),
    }
}
