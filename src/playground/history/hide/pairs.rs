//! Names with values in text of any kind: fields of manifests, patches and dumps, also broken ones; variables, options, words of a command.
//!
//! Must not know: whether a text can be read, what a shell does with a line. Both are told by signs, lines and how deep these stand.

use std::ops::Range;

use super::words::{Ends, How, is_blank, is_credential, is_of_name, lines, offset, run, value};

/// What ends the values of a Secret.
const ENDING: [&str; 9] = ["apiVersion", "kind", "metadata", "type", "immutable", "spec", "status", "data", "stringData"];
/// Lists of names and values that may be anything.
const VARIABLES: [&str; 2] = ["env", "httpHeaders"];
/// Options of `kubectl create secret` that name whom a password belongs to.
const USERS: [&str; 2] = ["--docker-username", "--docker-email"];

/// A name with its value, if it has one.
pub(super) struct Pair<'a> {
    pub key: &'a str,
    /// Where its value stands, line by line, without quotation marks.
    pub lines: Vec<Range<usize>>,
    /// How the value is left out; `None` where it stays.
    pub how: Option<How>,
    /// What it is called.
    pub name: &'a str,
    /// How deep it stands, if it is a field.
    indent: usize,
    /// Whether all deeper lines are its value.
    is_block: bool,
    /// JSON has no bare words: whether its value is one.
    pub is_bare: bool,
}

/// A field whose members are left out: how, its line, how deep that stands, and where the line goes on behind its brackets.
struct Part {
    how: How,
    line: usize,
    indent: usize,
    end: usize,
}

/// A text, and what is known of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Reading<'a> {
    pub text: &'a str,
    /// Whether it is a Secret's where it names no kind.
    pub is_secret: bool,
    /// Whether it is a command, in which fields stand in quotation marks.
    pub is_command: bool,
    /// Variables that Secrets are made of.
    pub variables: &'a [String],
}

/// Where a name stands: its line, how deep that stands, and where its value begins.
struct Place {
    line: usize,
    indent: usize,
    key: Range<usize>,
    after: usize,
}

impl<'a> Reading<'a> {
    /// All names with their values, in the order of the text.
    pub(super) fn pairs(&self) -> Vec<Pair<'a>> {
        let text = self.text;
        let reading = Reading { is_secret: kinds(text).unwrap_or(self.is_secret), ..*self };
        let (mut all, mut part, mut start): (Vec<Pair>, Option<Part>, usize) = (Vec::new(), None, 0);
        for line in text.split_inclusive('\n') {
            let (from, end) = (start, start + line.trim_end().len());
            start += line.len();
            let indent = line.len() - line.trim_start_matches(|c: char| !c.is_alphanumeric() && !"\"'".contains(c)).len();
            let is_comment = line.trim_start().starts_with('#');
            let last = all.last().filter(|last| last.how.is_some());
            let is_value = last.is_some_and(|last| last.is_block && indent > last.indent);
            // A line without a name is what goes on, also one that is out of place where the value has not ended.
            let is_torn = !self.is_command && !is_comment && last.is_some_and(|last| last.goes_on(indent, part.is_some(), line));
            let goes_on = is_value || is_torn;
            let mut at = from;
            while let Some(key) = reading.next_key(at..end).filter(|_| !is_value) {
                let after = text[key.end..].find([':', '=']).map_or(end, |sign| key.end + sign + 1);
                let place = Place { line: from, indent, key, after };
                part = part.filter(|part| is_comment || part.holds(&place, text));
                let pair = reading.pair(&all, &place, part.as_ref().map(|part| part.how), end);
                let opens = part_below(pair.name, reading.is_secret);
                let blanks = line.len() - line.trim_start().len();
                part =
                    part.or_else(|| Some(Part { how: opens?, line: from, indent: blanks, end: flow_end(text, begin(text, after..end)) }));
                // Nothing in a value that is left out is a name.
                let value_end = pair.lines.last().filter(|_| pair.how.is_some()).map_or(after, |line| line.end);
                at = value_end.clamp(after, end.max(after));
                all.push(pair);
            }
            if let Some(last) = all.last_mut().filter(|_| at == from && goes_on) {
                last.lines.extend(if last.is_block { lines(text, from..end) } else { trimmed(text, from..end) });
            }
        }
        all
    }

    /// The next name of a line.
    fn next_key(&self, line: Range<usize>) -> Option<Range<usize>> {
        let rest = &self.text[line.clone()];
        for (at, sign) in rest.match_indices([':', '=']) {
            let before = rest[..at].trim_end_matches(is_blank);
            let inner = before.trim_end_matches(['"', '\'', '\\']).trim_end_matches(is_blank);
            let key = &inner[inner.trim_end_matches(|c| is_of_name(c) || c == '/').len()..];
            let next = rest[at + 1..].chars().next();
            let is_field = inner.len() < before.len() || next.is_none_or(|c| c.is_whitespace() || ['"', '\''].contains(&c));
            if !key.is_empty() && next != Some('/') && (sign == "=" || is_field || is_credential(key)) {
                let start = offset(self.text, key);
                return Some(start..start + key.len());
            }
        }
        None
    }

    /// A name with its value, which ends with the line unless it is in quotation marks.
    fn pair(&self, all: &[Pair<'a>], place: &Place, part: Option<How>, end: usize) -> Pair<'a> {
        let (text, key) = (self.text, &self.text[place.key.clone()]);
        let is_field = text[..place.after].ends_with(':');
        let (how, name) = if is_field { self.of_field(all, place, part) } else { (self.of_word(place), key) };
        let indent = if is_field { place.indent } else { usize::MAX };
        let mut pair = Pair { key, name, how, lines: Vec::new(), indent, is_block: false, is_bare: false };
        let from = if is_field { begin(text, place.after..end) } else { place.after + run(&text[place.after..end], |c| "=>".contains(c)) };
        let rest = &text[from..end];
        let before = text[place.line..place.key.start].trim_end_matches(['"', '\'', '\\']);
        let is_flow = self.is_command || before.contains(['{', '[', '"', '\'', ',']);
        let range = match rest.chars().next() {
            None => return pair,
            Some('*' | '{') if is_field => return pair,
            Some('|' | '>') if is_field && rest.len() <= 3 => {
                pair.is_block = true;
                return pair;
            }
            Some('[') if is_field && rest.starts_with("[{") => return pair,
            Some('[') if is_field => {
                pair.lines = trimmed(text, from..from + rest.find(']').unwrap_or(rest.len()));
                return pair;
            }
            _ if !is_field => opened(text, place, end).unwrap_or_else(|| value(text, from, Ends::Word)),
            _ => value(text, from, if is_flow { Ends::Flow } else { Ends::Line }),
        };
        pair.is_bare = is_field && range.start == from && text[..place.after].ends_with("\":");
        pair.lines = lines(text, range);
        pair
    }

    /// How the value of a field is left out, and what it is called.
    fn of_field(&self, all: &[Pair<'a>], place: &Place, part: Option<How>) -> (Option<How>, &'a str) {
        let key = &self.text[place.key.clone()];
        if let Some(how) = part {
            return (Some(how), key);
        }
        if key != "value" {
            return (is_credential(key).then_some(How::Credential), key);
        }
        // Which one it is stands beside it: a name, or the path of a patch.
        let rest = &self.text[place.after..];
        let end = place.after + rest.find(['}', '\n']).unwrap_or(rest.len());
        let around = &self.text[all.iter().rev().nth(1).map_or(place.line, |pair| offset(self.text, pair.key))..end];
        let mut paths = around.split(['"', ' ', '\n']).filter(|word| word.starts_with('/'));
        let last = all.last().filter(|last| last.key == "name" || VARIABLES.contains(&last.key));
        let name = last.and_then(|last| last.lines.first()).map_or(key, |line| &self.text[line.clone()]);
        let is_variable = last.is_some() || around[..].rsplit(key).next().is_some_and(|rest| rest.contains("name"));
        let of_path = paths.find_map(|path| Some((Some(how_of_path(path, self.is_secret)?), path.rsplit('/').next()?)));
        of_path.unwrap_or((is_variable.then_some(How::Any), name))
    }

    /// How the value of a word is left out that follows a sign of equality.
    fn of_word(&self, place: &Place) -> Option<How> {
        let (text, key) = (self.text, &self.text[place.key.clone()]);
        let before = text[place.line..place.key.start].trim_end_matches(['"', '\'']);
        let is_of = |option: &str| before.strip_suffix(['=', ' ']).is_some_and(|before| before.ends_with(option));
        let has = |words: &str| self.is_command && !key.starts_with('-') && text.contains(words);
        let is_secret = is_of("--from-literal") && creates_secret(text) || self.variables.iter().any(|name| name == key);
        let is_any = is_of(" --env") || is_of(" -e") || has(" set env ") || has(" annotate ");
        let is_credential = is_secret || is_credential(key) || USERS.contains(&key) && creates_secret(text);
        is_credential.then_some(How::Credential).or(is_any.then_some(How::Any))
    }
}

impl Pair<'_> {
    /// Whether a colon stands behind its name.
    pub(super) fn is_field(&self) -> bool {
        self.indent < usize::MAX
    }

    /// Whether a line without a name may belong to its value.
    fn goes_on(&self, indent: usize, in_part: bool, line: &str) -> bool {
        let is_open = indent > self.indent || in_part || self.lines.is_empty() || self.is_block;
        is_open && self.is_field() && !line.trim_start().starts_with("- ")
    }
}

impl Part {
    fn holds(&self, place: &Place, text: &str) -> bool {
        let ends = self.how == How::Any || ENDING.contains(&&text[place.key.clone()]) || text[..place.after].ends_with('=');
        place.key.start < self.end || place.line != self.line && (place.indent > self.indent || !ends)
    }
}

/// How the members of a field are left out.
fn part_below(field: &str, is_secret: bool) -> Option<How> {
    match field {
        "stringData" => Some(How::Secret),
        "data" | "binaryData" => is_secret.then_some(How::Base64),
        "annotations" => Some(How::Any),
        _ => None,
    }
}

/// How the value is left out that an operation of a JSON patch puts somewhere.
fn how_of_path(path: &str, is_secret: bool) -> Option<How> {
    let mut steps = path.split('/');
    let of_part = steps.clone().find_map(|step| part_below(step, is_secret));
    let is_any = steps.any(|step| VARIABLES.contains(&step));
    of_part.or(is_any.then_some(How::Any)).or(is_credential(path.rsplit('/').next()?).then_some(How::Credential))
}

/// Whether one of the kinds that a text names is a Secret's; `None` where it names none.
fn kinds(text: &str) -> Option<bool> {
    let lower = text.to_ascii_lowercase();
    let mut kinds = lower.match_indices("kind").map(|(at, _)| lower[at + 4..].trim_start_matches([' ', '"', '\'', ':'])).peekable();
    kinds.peek().is_some().then(|| kinds.any(|kind| kind.starts_with("secret")))
}

/// Whether a command makes a Secret.
pub(super) fn creates_secret(command: &str) -> bool {
    let has = |words: &[&str]| command.split_whitespace().any(|word| words.contains(&word));
    has(&["create"]) && has(&["secret", "secrets"])
}

/// A line without blanks and marks at its ends, if anything is left.
fn trimmed(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let found = text[range].trim_matches(|c: char| c.is_whitespace() || "\"'{}[],".contains(c));
    lines(text, offset(text, found)..offset(text, found) + found.len())
}

/// Where the value of a field begins, without its anchor and its tag.
fn begin(text: &str, rest: Range<usize>) -> usize {
    let mut rest = text[rest].trim_start_matches(is_blank);
    while rest.starts_with(['&', '!'])
        && let Some((_, next)) = rest.split_once(is_blank)
    {
        rest = next.trim_start_matches(is_blank);
    }
    offset(text, rest)
}

/// Where the brackets end that begin here, if any do.
fn flow_end(text: &str, from: usize) -> usize {
    let (mut depth, mut mark, mut letters) = (0, None, text[from..].char_indices());
    while let Some((at, letter)) = letters.next() {
        match (letter, mark) {
            ('\\', Some('"')) => {
                letters.next();
            }
            ('"' | '\'', None) => mark = Some(letter),
            (_, Some(open)) => mark = mark.filter(|_| open != letter),
            ('{' | '[', None) => depth += 1,
            ('}' | ']', None) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return from + at;
        }
    }
    text.len()
}

/// The value of a word that stands in quotation marks with its name.
fn opened(text: &str, place: &Place, end: usize) -> Option<Range<usize>> {
    let mark = text[..place.key.start].chars().next_back().filter(|c| ['"', '\''].contains(c))?;
    Some(place.after..place.after + text[place.after..end].find(mark)?)
}
