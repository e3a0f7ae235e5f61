//! `sed`, and what its language of lines shares with that of `awk`.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.

use std::cell::Cell;
use std::fmt::Write;

use super::tools::job::{Job, MISUSED};
use base::note::Note;
use base::pattern::Regex;

/// Refuses an unsupported program.
pub(super) fn refuse(j: &mut Job, tool: &str, program: &str) -> i32 {
    j.note(Note::NotSimulated(format!("{tool} {program:?}")));
    MISUSED
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
            let (mut line, mut left, mut behind) = (line.to_owned(), !quiet, String::new());
            for command in &commands {
                if !command.applies(&line, i + 1, count) {
                    continue;
                }
                let prints = match &command.what {
                    What::Number => {
                        let _ = writeln!(out, "{}", i + 1);
                        false
                    }
                    What::Add(kind, text) => {
                        let _ = writeln!(if *kind == 'a' { &mut behind } else { &mut out }, "{text}");
                        if *kind == 'c' {
                            left = false;
                            break;
                        }
                        false
                    }
                    What::Map(from, to) => {
                        line = line.chars().map(|c| from.iter().position(|known| *known == c).map_or(c, |at| to[at])).collect();
                        false
                    }
                    What::Delete => {
                        left = false;
                        break;
                    }
                    What::Print => true,
                    What::Quit => {
                        over = true;
                        break;
                    }
                    What::Replace { regex, with, all, nth, prints } => {
                        let found = regex.find(&line, 0).is_some();
                        line = replaced(&line, regex, with, *all, *nth);
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
            // What lacks its end goes without.
            if left && behind.is_empty() && i + 1 == count && !text.ends_with('\n') {
                out.pop();
            }
            out.push_str(&behind);
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
    Replace {
        regex: Regex,
        with: String,
        all: bool,
        nth: usize,
        prints: bool,
    },
    /// Prints the number of the line.
    Number,
    /// A text before (`i`), behind (`a`) or instead of (`c`) the line.
    Add(char, String),
    /// Letters, and those that take their places.
    Map(Vec<char>, Vec<char>),
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
            return Some((Some(Address::Matching(Regex::new(&signs(&pattern), extended, false))), behind));
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
            '=' => (What::Number, letters.as_str()),
            kind @ ('a' | 'c' | 'i') if kind != 'c' || to.is_none() => {
                let text = letters.as_str().trim_start_matches(' ');
                let text = text.strip_prefix("\\\n").or(text.strip_prefix('\\')).unwrap_or(text);
                let (text, behind) = text.split_at(text.find('\n').unwrap_or(text.len()));
                (What::Add(kind, Some(text).filter(|text| !text.contains('\\') && !text.is_empty())?.to_owned()), behind)
            }
            kind @ ('s' | 'y') => {
                let separator = letters.next()?;
                let (from, behind) = until(letters.as_str(), separator)?;
                let (with, behind) = until(behind, separator)?;
                let flags = &behind[..behind.find(|c: char| !"giIp".contains(c) && !c.is_ascii_digit()).unwrap_or(behind.len())];
                if kind == 'y' {
                    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), with.chars().collect());
                    (from.len() == to.len() && !from.contains(&'\\') && !to.contains(&'\\')).then_some((What::Map(from, to), behind))?
                } else {
                    // GNU's turn letters into capitals.
                    let is_cased = ["\\u", "\\l", "\\U", "\\L", "\\E"].iter().any(|sign| with.contains(sign));
                    let regex = (!is_cased).then(|| Regex::new(&signs(&from), extended, flags.contains(['i', 'I'])))?;
                    let digits: String = flags.chars().filter(char::is_ascii_digit).collect();
                    // Together with `g`, it means something else in busybox.
                    let nth = if digits.is_empty() { 1 } else { digits.parse().ok().filter(|_| !flags.contains('g'))? };
                    (What::Replace { regex, with, all: flags.contains('g'), nth, prints: flags.contains('p') }, &behind[flags.len()..])
                }
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

/// A line in which something takes the place of the n-th match, or, for `all`, of that and the later ones.
pub(super) fn replaced(line: &str, regex: &Regex, with: &str, all: bool, nth: usize) -> String {
    let chars: Vec<char> = line.chars().collect();
    let (mut out, mut at, mut after_match, mut count) = (String::new(), 0, false, 0);
    while let Some(found) = regex.find(line, at) {
        out.extend(&chars[at..found.start]);
        // Directly behind a match there is no empty one.
        if found.end == at && after_match {
            out.extend(chars.get(at));
            (at, after_match) = (at + 1, false);
            continue;
        }
        count += 1;
        let mut letters = if count < nth { "&" } else { with }.chars();
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
        if !all && count >= nth || at > chars.len() {
            break;
        }
    }
    out.extend(chars.get(at..).unwrap_or_default());
    out
}
