//! Tools with a language of lines, as far as tutorials use it: `awk`, `sed`.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.

use std::cell::Cell;
use std::fmt::Write;

use super::tools::{Job, MISUSED, ONE, billionths, converted, escaped, general};
use crate::base::note::Note;
use crate::base::pattern::Regex;
use crate::base::quantity::Quantity;
use crate::base::sorted::SortedMap;

/// Refuses an unsupported program.
pub(super) fn refuse(j: &mut Job, tool: &str, program: &str) -> i32 {
    j.note(Note::NotSimulated(format!("{tool} {program:?}")));
    MISUSED
}

/// `awk '{print $1}'`: rules of an optional condition and of actions that print, or that set variables.
pub fn awk(j: &mut Job) -> i32 {
    let program = j.words.first().copied().unwrap_or_default();
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    let given = j.value('F').map(|by| ("FS", by)).into_iter().chain(j.values('v').filter_map(|pair| pair.split_once('=')));
    let names = given.map(|(name, text)| (name.to_owned(), escaped(text))).collect();
    let mut record = Record { line: String::new(), fields: Vec::new(), number: 0, names };
    let Some(rules) = rules(program) else { return refuse(j, "awk", program) };
    let begins = record.obey(&rules, "BEGIN", &mut j.out);
    let separator = record.names.get("FS").cloned();
    let is_plain = |separator: &String| separator.chars().count() == 1 || separator.chars().all(char::is_alphanumeric);
    if begins.is_none() || !separator.iter().all(is_plain) {
        return refuse(j, "awk", program);
    }
    let text = if rules.iter().all(|rule| rule.condition == "BEGIN") { String::new() } else { j.text(&files) };
    for line in text.lines() {
        record.number += 1;
        record.fields = match separator.as_deref() {
            None | Some(" ") => line.split_whitespace().map(str::to_owned).collect(),
            Some(_) if line.is_empty() => Vec::new(),
            Some(separator) => line.split(separator).map(str::to_owned).collect(),
        };
        line.clone_into(&mut record.line);
        if record.obey(&rules, "", &mut j.out).is_none() {
            return refuse(j, "awk", program);
        }
    }
    if record.obey(&rules, "END", &mut j.out).is_none() {
        return refuse(j, "awk", program);
    }
    j.status()
}

/// The parts of a value, which are joined, or of which the one in the middle is the sign of a sum.
type Parts<'a> = Vec<&'a str>;

/// An action of `awk`.
enum Act<'a> {
    Print(Vec<Parts<'a>>),
    Format(Vec<Parts<'a>>),
    /// A variable, the sign before `=`, and a value.
    Set(&'a str, &'a str, Parts<'a>),
    Next,
}

/// A rule of `awk`: what to do under a condition.
struct Rule<'a> {
    condition: &'a str,
    acts: Vec<Act<'a>>,
}

/// The rules of a program; `None` if one is not supported.
fn rules(program: &str) -> Option<Vec<Rule<'_>>> {
    let (mut rules, mut rest) = (Vec::new(), program.trim());
    while !rest.is_empty() {
        let Some((condition, _, behind)) = cut(rest, &["{"]) else {
            rules.push(Rule { condition: rest, acts: vec![Act::Print(vec![vec!["$0"]])] });
            break;
        };
        let (mut action, _, behind) = cut(behind, &["}"])?;
        let mut acts = Vec::new();
        while !action.trim().is_empty() {
            let (one, behind) = cut(action, &[";", "\n"]).map_or((action, ""), |(one, _, behind)| (one, behind));
            if !one.trim().is_empty() {
                acts.push(act(one.trim())?);
            }
            action = behind;
        }
        rules.push(Rule { condition: condition.trim(), acts });
        rest = behind.trim_start_matches([';', ' ', '\n']);
    }
    // `a, b` is a range, which is not supported.
    rules.iter().all(|rule| cut(rule.condition, &[","]).is_none()).then_some(rules)
}

fn act(text: &str) -> Option<Act<'_>> {
    let of = |name| text.strip_prefix(name).filter(|what: &&str| !what.starts_with(is_letter)).map(str::trim);
    if let Some(what) = of("print") {
        return Some(Act::Print(if what.is_empty() { vec![vec!["$0"]] } else { terms(what)? }));
    }
    if let Some(what) = of("printf") {
        return terms(what).map(Act::Format);
    }
    if text == "next" {
        return Some(Act::Next);
    }
    let (name, rest) = text.split_at(text.find(|c| !is_letter(c)).unwrap_or(text.len()));
    let (sign, value) = match rest.trim_start() {
        "++" => ("+", vec!["1"]),
        "--" => ("-", vec!["1"]),
        rest => {
            let (sign, value) = rest.split_once('=')?;
            let [parts] = <[Parts; 1]>::try_from(terms(value.trim())?).ok()?;
            (sign.trim(), parts)
        }
    };
    (is_variable(name) && matches!(sign, "" | "+" | "-" | "*" | "/")).then_some(Act::Set(name, sign, value))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a name is that of a variable whose meaning is its value.
fn is_variable(name: &str) -> bool {
    const OTHERS: &str = "BEGIN END ENVIRON FILENAME FNR NF NR ORS RS break close continue cos delete do else exit exp for func function getline \
                          gsub if in index int length log match next print printf rand return sin split sprintf sqrt srand strftime sub \
                          substr system systime tolower toupper while";
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !OTHERS.split_whitespace().any(|other| other == name)
}

/// Cuts a program of `awk` at the first of some signs that stands outside of texts (`"…"`) and patterns (`/…/`): what is before it, the
/// sign, and what is behind. Of signs that begin alike, the one named first counts.
fn cut<'a>(text: &'a str, signs: &[&'static str]) -> Option<(&'a str, &'static str, &'a str)> {
    let (mut within, mut escaped, mut last) = (None, false, ' ');
    for (at, c) in text.char_indices() {
        match within {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => within = None,
            Some(_) => {}
            // Behind a value it divides.
            None if c == '"' || c == '/' && !is_letter(last) && last != ')' => within = Some(c),
            None => {
                if let Some(sign) = signs.iter().find(|sign| text[at..].starts_with(**sign)) {
                    return Some((&text[..at], sign, &text[at + sign.len()..]));
                }
            }
        }
        last = if c == ' ' { last } else { c };
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

/// The terms of a `print`, which commas separate. `None` if a part is not a text, number, field, variable or sign.
fn terms(what: &str) -> Option<Vec<Parts<'_>>> {
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
            None if rest.starts_with(['+', '-', '*', '/', '%']) => 1,
            None => rest.char_indices().find(|(at, c)| *at > 0 && !is_letter(*c)).map_or(rest.len(), |(at, _)| at),
        };
        let (part, behind) = rest.split_at(end);
        let is_sign = matches!(part, "+" | "-" | "*" | "/" | "%");
        let is_known = quoted.is_some() || is_sign || matches!(part, "NR" | "NF" | "$NF") || is_variable(part);
        let is_known = is_known || part.strip_prefix('$').unwrap_or(part).parse::<u32>().is_ok();
        terms.last_mut()?.push(is_known.then_some(part)?);
        rest = behind.trim_start();
    }
    let is_sum = |parts: &Parts| parts.iter().any(|part| "+-*/%".contains(part)) && (parts.len() != 3 || !"+-*/%".contains(parts[1]));
    (!terms.iter().any(|parts| parts.is_empty() || is_sum(parts))).then_some(terms)
}

struct Record {
    line: String,
    fields: Vec<String>,
    number: usize,
    names: SortedMap<String, String>,
}

impl Record {
    /// Does what the rules of a kind want: `BEGIN`, `END`, or those with conditions.
    fn obey(&mut self, rules: &[Rule], kind: &str, out: &mut String) -> Option<()> {
        for rule in rules {
            let is_meant = match rule.condition {
                "BEGIN" | "END" => rule.condition == kind,
                condition => kind.is_empty() && self.holds(condition)?,
            };
            for act in rule.acts.iter().filter(|_| is_meant) {
                match act {
                    Act::Print(terms) => {
                        let by = self.names.get("OFS").map_or(" ", String::as_str);
                        *out += &(terms.iter().map(|parts| self.joined(parts)).collect::<Option<Vec<_>>>()?.join(by) + "\n");
                    }
                    Act::Format(terms) => *out += &self.formatted(terms)?,
                    Act::Set(name, sign, parts) => {
                        let mut value = self.joined(parts)?;
                        if !sign.is_empty() {
                            value = sum(&self.value(name), sign, &value)?;
                        }
                        self.names.insert((*name).to_owned(), value);
                    }
                    Act::Next => return Some(()),
                }
            }
        }
        Some(())
    }

    fn joined(&self, parts: &Parts) -> Option<String> {
        match parts[..] {
            [a, sign @ ("+" | "-" | "*" | "/" | "%"), b] => sum(&self.value(a), sign, &self.value(b)),
            _ => Some(parts.iter().map(|part| self.value(part)).collect()),
        }
    }

    fn formatted(&self, terms: &[Parts]) -> Option<String> {
        let texts = terms.iter().map(|parts| self.joined(parts)).collect::<Option<Vec<_>>>()?;
        let (format, mut texts) = (texts.first()?, texts.iter().skip(1));
        let mut parts = format.split('%');
        let mut out = parts.next()?.to_owned();
        while let Some(part) = parts.next() {
            if part.is_empty() {
                out.extend(["%", parts.next()?]);
                continue;
            }
            let end = part.find(|c: char| c.is_ascii_alphabetic())?;
            let (kind, text) = (part[end..].chars().next()?, texts.next()?);
            out.push_str(&converted(&part[..end], kind, text, amount(text)?)?);
            out.push_str(&part[end + 1..]);
        }
        Some(out)
    }

    fn value(&self, term: &str) -> String {
        let term = term.trim();
        match term {
            "$0" => self.line.clone(),
            "NR" => self.number.to_string(),
            "NF" => self.fields.len().to_string(),
            "$NF" => self.fields.last().cloned().unwrap_or_default(),
            name if is_variable(name) => self.names.get(name).cloned().unwrap_or_default(),
            _ => match term.strip_prefix('$').map(str::parse::<usize>) {
                Some(Ok(n)) => n.checked_sub(1).map_or(Some(&self.line), |i| self.fields.get(i)).cloned().unwrap_or_default(),
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
        let regex = |text: &str| Some(Regex::new(&signs(text.trim().strip_prefix('/')?.strip_suffix('/')?), true, false));
        let (negated, whole) = condition.strip_prefix('!').map_or((false, condition), |rest| (true, rest));
        if let Some(regex) = regex(whole) {
            return Some(regex.find(&self.line, 0).is_some() != negated);
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
}

/// The number that a text begins with, in billionths. Powers of ten are not supported.
fn amount(text: &str) -> Option<i128> {
    let behind = text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    (behind.len() == text.trim().len() || !behind.starts_with(['e', 'E'])).then(|| billionths(text.trim_start().trim_start_matches('+')))
}

/// A sum of two numbers, as `awk` prints it.
fn sum(a: &str, sign: &str, b: &str) -> Option<String> {
    let (a, b) = (amount(a)?, amount(b)?);
    general(match sign {
        "+" => a.checked_add(b)?,
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)? / ONE,
        "/" => a.checked_mul(ONE)?.checked_div(b)?,
        _ => a.checked_rem(b)?,
    })
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

/// An expression with the letters that `\t` and `\n` stand for, also in brackets.
fn signs(text: &str) -> String {
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
