//! Tools with a language of lines, as far as tutorials use it: `awk`, `sed`.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.

use std::cell::Cell;
use std::fmt::Write;

use super::tools::{Job, MISUSED, escaped};
use crate::base::note::Note;
use crate::base::pattern::Regex;
use crate::base::quantity::Quantity;

/// Refuses an unsupported program.
pub(super) fn refuse(j: &mut Job, tool: &str, program: &str) -> i32 {
    j.note(Note::NotSimulated(format!("{tool} {program:?}")));
    MISUSED
}

/// `awk '{print $1}'`: rules of an optional condition and a `print`.
pub fn awk(j: &mut Job) -> i32 {
    let separator = j.value('F').map(escaped);
    let program = j.words.first().copied().unwrap_or_default();
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    let is_plain = |separator: &str| separator.chars().count() == 1 || separator.chars().all(char::is_alphanumeric);
    let Some(rules) = rules(program).filter(|_| separator.as_deref().is_none_or(is_plain)) else { return refuse(j, "awk", program) };
    let text = j.text(&files);
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let fields: Vec<&str> = match separator.as_deref() {
            None | Some(" ") => line.split_whitespace().collect(),
            Some(separator) => line.split(separator).collect(),
        };
        let record = Record { line, fields, number };
        for rule in rules.iter().filter(|rule| rule.condition != "END") {
            match record.holds(rule.condition) {
                Some(true) => record.print(&rule.printed, &mut j.out),
                Some(false) => {}
                None => return refuse(j, "awk", program),
            }
        }
    }
    let last = Record { line: "", fields: Vec::new(), number };
    for rule in rules.iter().filter(|rule| rule.condition == "END") {
        last.print(&rule.printed, &mut j.out);
    }
    j.status()
}

/// A rule of `awk`: what to print under a condition.
struct Rule<'a> {
    condition: &'a str,
    /// Terms separated by a blank; the parts of a term are concatenated.
    printed: Vec<Vec<&'a str>>,
}

/// The rules of a program; `None` if one is not supported.
fn rules(program: &str) -> Option<Vec<Rule<'_>>> {
    let (mut rules, mut rest) = (Vec::new(), program.trim());
    while !rest.is_empty() {
        let Some((condition, _, behind)) = cut(rest, &["{"]) else {
            rules.push(Rule { condition: rest, printed: vec![vec!["$0"]] });
            break;
        };
        if condition.trim() == "BEGIN" {
            return None;
        }
        let (action, _, behind) = cut(behind, &["}"])?;
        let action = action.trim().trim_end_matches(';');
        let what = action.strip_prefix("print").filter(|what| !what.starts_with(char::is_alphanumeric))?.trim();
        let printed = if what.is_empty() { vec![vec!["$0"]] } else { terms(what)? };
        rules.push(Rule { condition: condition.trim(), printed });
        rest = behind.trim_start_matches([';', ' ', '\n']);
    }
    Some(rules)
}

/// Cuts a program of `awk` at the first of some signs that stands outside of texts (`"…"`) and patterns (`/…/`): what is before it, the
/// sign, and what is behind. Of signs that begin alike, the one named first counts.
fn cut<'a>(text: &'a str, signs: &[&'static str]) -> Option<(&'a str, &'static str, &'a str)> {
    let (mut within, mut escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match within {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => within = None,
            Some(_) => {}
            None if matches!(c, '"' | '/') => within = Some(c),
            None => {
                if let Some(sign) = signs.iter().find(|sign| text[at..].starts_with(**sign)) {
                    return Some((&text[..at], sign, &text[at + sign.len()..]));
                }
            }
        }
    }
    None
}

/// The parts of a condition between signs of one kind.
fn parts<'a>(mut condition: &'a str, sign: &'static str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    while let Some((part, _, behind)) = cut(condition, &[sign]) {
        parts.push(part);
        condition = behind;
    }
    parts.push(condition);
    parts
}

/// The terms of a `print`, which commas separate. `None` if a part is not a text, number or field.
fn terms(what: &str) -> Option<Vec<Vec<&str>>> {
    let (mut terms, mut rest) = (vec![Vec::new()], what);
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            terms.push(Vec::new());
            rest = behind.trim_start();
            continue;
        }
        let quoted = rest.strip_prefix('"').map(|text| until(text, '"').map(|(_, behind)| rest.len() - behind.len()));
        let end = match quoted {
            Some(end) => end?,
            None => rest.char_indices().find(|(at, c)| *at > 0 && !c.is_ascii_alphanumeric()).map_or(rest.len(), |(at, _)| at),
        };
        let (part, behind) = rest.split_at(end);
        let is_known = quoted.is_some() || matches!(part, "NR" | "NF" | "$NF") || part.trim_start_matches('$').parse::<u32>().is_ok();
        terms.last_mut()?.push(is_known.then_some(part)?);
        rest = behind.trim_start();
    }
    Some(terms)
}

struct Record<'a> {
    line: &'a str,
    fields: Vec<&'a str>,
    number: usize,
}

impl Record<'_> {
    fn value(&self, term: &str) -> String {
        let term = term.trim();
        match term {
            "$0" => self.line.to_owned(),
            "NR" => self.number.to_string(),
            "NF" => self.fields.len().to_string(),
            "$NF" => (*self.fields.last().unwrap_or(&"")).to_owned(),
            _ => match term.strip_prefix('$').map(str::parse::<usize>) {
                Some(Ok(n)) => (*n.checked_sub(1).and_then(|i| self.fields.get(i)).unwrap_or(&"")).to_owned(),
                _ => escaped(&term.strip_prefix('"').and_then(|text| until(text, '"')).map_or_else(|| term.to_owned(), |(text, _)| text)),
            },
        }
    }

    /// Whether a condition holds; `None` if it is not supported.
    fn holds(&self, condition: &str) -> Option<bool> {
        let mut any = false;
        for choice in parts(condition, "||") {
            let mut all = true;
            for one in parts(choice, "&&") {
                all &= self.meets(one.trim())?;
            }
            any |= all;
        }
        Some(any)
    }

    fn meets(&self, condition: &str) -> Option<bool> {
        if condition.is_empty() {
            return Some(true);
        }
        let regex = |text: &str| Some(Regex::new(text.trim().strip_prefix('/')?.strip_suffix('/')?, true, false));
        let (negated, whole) = condition.strip_prefix('!').map_or((false, condition), |rest| (true, rest));
        if let Some(regex) = regex(whole) {
            return Some(regex.find(self.line, 0).is_some() != negated);
        }
        let (a, sign, b) = cut(condition, &["!~", "~", "==", "!=", ">=", "<=", ">", "<"])?;
        if sign.ends_with('~') {
            return Some(regex(b)?.find(&self.term(a)?, 0).is_some() == (sign == "~"));
        }
        // What is in quotes is a text, and is compared as one.
        let is_text = [a, b].iter().any(|term| term.trim().starts_with('"'));
        let (a, b) = (self.term(a)?, self.term(b)?);
        let order = match (number(&a), number(&b)) {
            (Some(a), Some(b)) if !is_text => a.cmp(&b),
            _ => a.cmp(&b),
        };
        Some(match sign {
            "==" => order.is_eq(),
            "!=" => order.is_ne(),
            ">=" => order.is_ge(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_lt(),
        })
    }

    /// The value of one operand of a condition.
    fn term(&self, text: &str) -> Option<String> {
        match terms(text.trim())?.as_slice() {
            [parts] if parts.len() == 1 => Some(self.value(parts[0])),
            _ => None,
        }
    }

    fn print(&self, terms: &[Vec<&str>], out: &mut String) {
        let terms: Vec<String> = terms.iter().map(|parts| parts.iter().map(|part| self.value(part)).collect()).collect();
        out.push_str(&terms.join(" "));
        out.push('\n');
    }
}

/// A text that is a decimal number.
fn number(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok().filter(|_| text.chars().all(|c| c.is_ascii_digit() || ".-+".contains(c)))
}

/// `sed 's/a/b/g'`, `sed -n '2,3p'`, `sed '/a/,$d'`, `sed 5q`.
pub fn sed(j: &mut Job) -> i32 {
    let (quiet, extended, in_place) = (j.on('n'), j.on('E') || j.on('r'), j.on('i'));
    let mut files = j.words.clone();
    let mut programs: Vec<&str> = j.values('e').collect();
    if programs.is_empty() && !files.is_empty() {
        programs.push(files.remove(0));
    }
    let mut commands = Vec::new();
    for program in programs {
        let Some(edits) = Edit::all(program, extended) else { return refuse(j, "sed", program) };
        commands.extend(edits);
    }
    for (file, text) in j.texts(&files) {
        let (mut out, count) = (String::new(), text.lines().count());
        let mut over = false;
        for command in &commands {
            command.open.set(None);
        }
        for (i, line) in text.lines().enumerate() {
            if over {
                break;
            }
            let (mut line, mut left) = (line.to_owned(), !quiet);
            for command in &commands {
                if !command.applies(&line, i + 1, count) {
                    continue;
                }
                let prints = match &command.what {
                    What::Delete => {
                        left = false;
                        break;
                    }
                    What::Print => true,
                    What::Quit => {
                        over = true;
                        break;
                    }
                    What::Replace { regex, with, all, prints } => {
                        let found = regex.find(&line, 0).is_some();
                        line = replaced(&line, regex, with, *all);
                        *prints && found
                    }
                };
                if prints {
                    let _ = writeln!(out, "{line}");
                }
            }
            if left {
                let _ = writeln!(out, "{line}");
            }
        }
        if in_place && !file.is_empty() {
            let path = j.path(&file);
            if let Err(why) = j.host.write(&path, &out) {
                j.cannot(&file, why);
            }
        } else {
            j.out.push_str(&out);
        }
    }
    i32::from(!j.err.is_empty())
}

enum What {
    Delete,
    Print,
    Quit,
    Replace { regex: Regex, with: String, all: bool, prints: bool },
}

/// Which lines are meant.
enum Address {
    Line(usize),
    Last,
    Matching(Regex),
    /// So many lines after the first.
    Further(usize),
}

struct Edit {
    from: Option<Address>,
    to: Option<Address>,
    /// Whether all other lines are meant.
    others: bool,
    what: What,
    /// The line at which the range began that is not over yet.
    open: Cell<Option<usize>>,
}

impl Address {
    /// The address that a program begins with, if it begins with one, and what is behind it; `None` if it is malformed.
    fn read(program: &str, extended: bool) -> Option<(Option<Self>, &str)> {
        if let Some(after) = program.strip_prefix('/') {
            let (pattern, behind) = until(after, '/')?;
            return Some((Some(Address::Matching(Regex::new(&pattern, extended, false))), behind));
        }
        if let Some(behind) = program.strip_prefix('$') {
            return Some((Some(Address::Last), behind));
        }
        let (further, digits) = program.strip_prefix('+').map_or((false, program), |rest| (true, rest));
        let (number, behind) = digits.split_at(digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()));
        if number.is_empty() {
            return if further { None } else { Some((None, program)) };
        }
        let number = number.parse().ok().filter(|number| further || *number > 0)?;
        Some((Some(if further { Address::Further(number) } else { Address::Line(number) }), behind))
    }

    fn is(&self, line: &str, number: usize, count: usize) -> bool {
        match self {
            Address::Line(wanted) => *wanted == number,
            Address::Last => number == count,
            Address::Matching(regex) => regex.find(line, 0).is_some(),
            Address::Further(_) => false,
        }
    }
}

impl Edit {
    /// The commands of a program, which semicolons and line ends separate.
    fn all(program: &str, extended: bool) -> Option<Vec<Self>> {
        let between = |c: char| c == ';' || c.is_whitespace();
        let (mut edits, mut rest) = (Vec::new(), program.trim_start_matches(between));
        while !rest.is_empty() {
            let (edit, behind) = Edit::read(rest, extended)?;
            edits.push(edit);
            rest = behind.trim_start_matches(between);
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
        if matches!(from, Some(Address::Further(_))) {
            return None;
        }
        let (others, rest) = rest.trim_start().strip_prefix('!').map_or((false, rest), |rest| (true, rest));
        let mut letters = rest.trim_start().chars();
        let (what, behind) = match letters.next()? {
            'd' => (What::Delete, letters.as_str()),
            'p' => (What::Print, letters.as_str()),
            'q' => (What::Quit, letters.as_str()),
            's' => {
                let separator = letters.next()?;
                let (from, behind) = until(letters.as_str(), separator)?;
                let (with, behind) = until(behind, separator)?;
                let flags = &behind[..behind.find(|c| !"giIp".contains(c)).unwrap_or(behind.len())];
                let regex = Regex::new(&from, extended, flags.contains(['i', 'I']));
                (What::Replace { regex, with, all: flags.contains('g'), prints: flags.contains('p') }, &behind[flags.len()..])
            }
            _ => return None,
        };
        let ends = behind.trim_start_matches(' ').is_empty() || behind.trim_start_matches(' ').starts_with([';', '\n']);
        ends.then_some((Edit { from, to, others, what, open: Cell::new(None) }, behind))
    }

    /// Whether it is for a line. A range begins anew behind its end; one whose end is a line before its begin is that line alone.
    fn applies(&self, line: &str, number: usize, count: usize) -> bool {
        let meant = match (&self.from, &self.to, self.open.get()) {
            (None, ..) => true,
            (Some(from), None, _) => from.is(line, number, count),
            (Some(_), Some(to), Some(begin)) => {
                let is_last = match to {
                    Address::Line(last) => *last <= number,
                    Address::Further(more) => begin + more <= number,
                    other => other.is(line, number, count),
                };
                if is_last {
                    self.open.set(None);
                }
                // The range was over before this line.
                !matches!(to, Address::Line(last) if *last < number)
            }
            (Some(from), Some(to), None) => {
                let begins = from.is(line, number, count);
                let goes_on = !matches!(to, Address::Line(last) if *last <= number) && !matches!(to, Address::Further(0));
                if begins && goes_on {
                    self.open.set(Some(number));
                }
                begins
            }
        };
        meant != self.others
    }
}

/// What is before an unescaped sign, where an escaped one counts as itself, and what is behind the sign; `None` if there is none.
fn until(text: &str, sign: char) -> Option<(String, &str)> {
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

fn replaced(line: &str, regex: &Regex, with: &str, all: bool) -> String {
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
        let mut letters = with.chars();
        while let Some(c) = letters.next() {
            let group = match (c, &letters) {
                ('&', _) => Some((found.start, found.end)),
                ('\\', rest) => {
                    if let Some(n) = rest.clone().next().and_then(|d| d.to_digit(10)) {
                        letters.next();
                        let n = usize::try_from(n).unwrap_or(0);
                        Some(n.checked_sub(1).map_or((found.start, found.end), |i| found.groups.get(i).copied().unwrap_or((0, 0))))
                    } else {
                        out.push(match letters.next() {
                            Some('n') => '\n',
                            Some('t') => '\t',
                            other => other.unwrap_or('\\'),
                        });
                        continue;
                    }
                }
                _ => None,
            };
            match group {
                Some((a, b)) => out.extend(&chars[a..b]),
                None => out.push(c),
            }
        }
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
