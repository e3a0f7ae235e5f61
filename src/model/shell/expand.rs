//! Expansion: variables, substitutions, arithmetic, file name patterns.
//!
//! Promises: an expansion never fails; unset variables are empty.

use super::marks::ENDS_AT_UNSET;
use super::parse::{Part, Simple, Word};
use super::{Host, MAX_TEXT, Shell, absolute, query};
use base::note::Note;
use base::pattern::{self, Regex};

/// What is said of a variable that is not set and that `set -u` demands.
pub(super) const UNBOUND: &str = "unbound variable";
/// The longest value that something is taken off, in bytes.
const MAX_CUT: usize = 1000;

impl Shell {
    /// All words of a command.
    pub(super) fn expanded(&mut self, simple: &Simple, host: &mut dyn Host) -> Vec<String> {
        let mut words = Vec::new();
        for word in &simple.words {
            self.expand(word, simple.printed, host, &mut words);
        }
        if words.iter().map(String::len).sum::<usize>() > MAX_TEXT {
            words.clear();
            self.too_much();
        }
        words
    }

    /// The words of a `for`; consumes its substitutions.
    pub(super) fn words(&mut self, simple: &Simple, host: &mut dyn Host) -> Vec<String> {
        let words = self.expanded(simple, host);
        let before = self.printed.len().saturating_sub(simple.printed);
        self.printed.truncate(before);
        words
    }

    /// A word as a single text. `printed` counts the substitutions of its command.
    pub(super) fn text(&mut self, word: &Word, printed: usize) -> String {
        let text: String = word.iter().map(|part| self.part(part, printed)).collect();
        if text.len() > MAX_TEXT {
            self.too_much();
            return String::new();
        }
        text
    }

    fn part(&mut self, part: &Part, printed: usize) -> String {
        match part {
            Part::Text(text, _) => text.clone(),
            Part::Cut => String::new(),
            Part::Variable(name, _) => self.value(name),
            Part::Changed(name, sign, with, _) => self.changed(name, sign, with, printed),
            Part::Length(name) => self.variable(name).chars().count().to_string(),
            Part::Printed(at, _) => {
                let first = self.printed.len().saturating_sub(printed);
                self.printed.get(first + at).cloned().unwrap_or_default()
            }
            Part::Sum(terms) => {
                let text: String = terms.iter().map(|part| self.part(part, printed)).collect();
                match self.sum(&text) {
                    Ok(value) => value.to_string(),
                    Err(why) => {
                        let is_demanded = why.ends_with(UNBOUND);
                        self.failure.get_or_insert((why, is_demanded));
                        String::new()
                    }
                }
            }
        }
    }

    /// Whether a variable is not set that `set -u` demands.
    pub(super) fn lacks_demanded(&self, name: &str) -> bool {
        self.variables.contains_key(ENDS_AT_UNSET) && name != "PWD" && !self.variables.contains_key(name)
    }

    /// What separates words: the variable `IFS`, or blanks.
    pub(super) fn separators(&self) -> String {
        self.variables.get("IFS").cloned().unwrap_or_else(|| " \t\n".to_owned())
    }

    fn value(&mut self, name: &str) -> String {
        match name {
            "?" => {
                if let Some(note) = self.supposed.take() {
                    self.note(note);
                    self.refused = true;
                }
                self.status.to_string()
            }
            "@" => self.arguments().join(" "),
            "*" => self.arguments().join(&self.separators().chars().take(1).collect::<String>()),
            "#" => self.arguments().len().to_string(),
            "$" => self.number().to_owned(),
            name => {
                self.unset |= name != "PWD" && !self.variables.contains_key(name);
                if self.lacks_demanded(name) {
                    self.failure.get_or_insert((format!("{name}: {UNBOUND}"), true));
                }
                self.variable(name).to_owned()
            }
        }
    }

    /// Whether `${name-…}` and its like ask for what stands in it.
    pub(super) fn is_asked(&self, name: &str, sign: &str) -> bool {
        let is_special = matches!(name, "?" | "#" | "$" | "PWD");
        let is_set = match name {
            "@" | "*" => !self.arguments().is_empty(),
            _ => is_special || self.variables.get(name).is_some_and(|text| !sign.starts_with(':') || !text.is_empty()),
        };
        match sign.trim_start_matches(':') {
            "+" => is_set,
            "-" | "=" | "?" => !is_set,
            _ => true,
        }
    }

    fn changed(&mut self, name: &str, sign: &str, with: &Word, printed: usize) -> String {
        if sign.is_empty() {
            self.failure.get_or_insert(("Bad substitution".to_owned(), false));
            return String::new();
        }
        let asked = self.is_asked(name, sign);
        if matches!(sign, "-" | "=" | "+" | "?" | ":-" | ":=" | ":+" | ":?") {
            return match (asked, sign.trim_start_matches(':')) {
                (false, "+") => String::new(),
                (false, _) => self.value(name),
                (true, kind) => {
                    let text = self.text(with, printed);
                    match kind {
                        "=" => drop(self.variables.insert(name.to_owned(), text.clone())),
                        "?" => {
                            let why = if text.is_empty() { "parameter null or not set" } else { &text };
                            self.failure.get_or_insert((format!("{name}: {why}"), true));
                        }
                        _ => {}
                    }
                    text
                }
            };
        }
        let mut parts = with.split(|part| *part == Part::Cut);
        let mut next = || parts.next().map_or(String::new(), |part| self.text(&part.to_vec(), printed));
        let (pattern, instead) = (next(), next());
        let value = self.value(name);
        if value.len() > MAX_CUT {
            self.note(Note::Unsupported(format!("${{{name}{sign}…}} (> {MAX_CUT} bytes)")));
            return value;
        }
        match &sign[..1] {
            "/" if instead.contains('&') => {
                self.note(Note::Unsupported(format!("`${{{name}{sign}…&}}`")));
                value
            }
            "/" => replaced(&value, sign, &pattern, &instead),
            ":" => self.piece(&value, &pattern).unwrap_or_else(|why| {
                self.failure.get_or_insert((why, false));
                String::new()
            }),
            "^" | "," => cased(&value, sign, &pattern),
            _ => without(&value, sign, &pattern),
        }
    }

    /// `${name:from:length}`; negative numbers count from the end.
    fn piece(&mut self, value: &str, range: &str) -> Result<String, String> {
        let (from, length) = range.split_once(':').map_or((range, None), |(from, length)| (from, Some(length)));
        let all = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        let from = self.sum(from)?;
        let from = if from < 0 { all + from } else { from };
        let length = length.map_or(Ok(all), |length| self.sum(length))?;
        let to = if length < 0 { all + length } else { from.saturating_add(length) };
        if length < 0 && to < from {
            return Err(format!("{range}: substring expression < 0"));
        }
        let is_within = |(at, _): &(usize, char)| i64::try_from(*at).is_ok_and(|at| from >= 0 && at >= from && at < to);
        Ok(value.chars().enumerate().filter(is_within).map(|(_, c)| c).collect())
    }

    /// `$1` and up.
    pub(super) fn arguments(&self) -> Vec<String> {
        (1..).map_while(|n: usize| self.variables.get(&n.to_string()).cloned()).collect()
    }

    pub(super) fn set_arguments(&mut self, arguments: &[String]) {
        for n in 1..=self.arguments().len() {
            self.variables.remove(&n.to_string());
        }
        self.variables.extend(arguments.iter().enumerate().map(|(i, text)| ((i + 1).to_string(), text.clone())));
    }

    fn expand(&mut self, word: &Word, printed: usize, host: &dyn Host, out: &mut Vec<String>) {
        if let [Part::Variable(name, true)] | [Part::Text(_, true), Part::Variable(name, true)] = word.as_slice()
            && name == "@"
        {
            return out.extend(self.arguments());
        }
        let (mut current, mut glob, mut begun) = (String::new(), String::new(), false);
        let mut done: Vec<(String, String)> = Vec::new();
        let separators = self.separators();
        for part in word {
            let text = self.part(part, printed);
            match part {
                Part::Variable(_, false) | Part::Changed(_, _, _, false) | Part::Printed(_, false) => {
                    // Quoted words in `${x:-"a b"}` stay whole.
                    let is_whole = matches!(part, Part::Changed(name, sign, with, _)
                        if sign.ends_with(['-', '+', '=']) && self.is_asked(name, sign) && with.iter().any(|p| matches!(p, Part::Text(_, true))));
                    let mut after_blank = false;
                    for c in text.chars() {
                        if separators.contains(c) && !is_whole {
                            if begun || !(c.is_whitespace() || after_blank) {
                                done.push((std::mem::take(&mut current), std::mem::take(&mut glob)));
                            }
                            after_blank = c.is_whitespace() && (begun || after_blank);
                            begun = false;
                            continue;
                        }
                        (begun, after_blank) = (true, false);
                        current.push(c);
                        glob.push(c);
                    }
                    begun |= is_whole;
                }
                Part::Text(_, false) => {
                    begun = true;
                    let text = match text.strip_prefix('~') {
                        Some(rest) if current.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
                            let home = self.variable("HOME");
                            format!("{}{rest}", if rest.is_empty() { home } else { home.trim_end_matches('/') })
                        }
                        _ => text,
                    };
                    current.push_str(&text);
                    glob.push_str(&text);
                }
                _ => {
                    begun = true;
                    current.push_str(&text);
                    glob.push_str(&pattern::quoted(&text));
                }
            }
        }
        if begun {
            done.push((current, glob));
        }
        for (text, glob) in done {
            let found = if glob.contains(['*', '?', '[']) { self.matching(&glob, host) } else { Vec::new() };
            if found.is_empty() { out.push(text) } else { out.extend(found) }
        }
    }

    /// The paths that match a file name pattern.
    fn matching(&self, glob: &str, host: &dyn Host) -> Vec<String> {
        let mut found = vec![if glob.starts_with('/') { "/".to_owned() } else { String::new() }];
        for part in glob.split('/').filter(|part| !part.is_empty()) {
            let mut next = Vec::new();
            for before in found {
                let path = |name: &str| {
                    if before.is_empty() || before.ends_with('/') { format!("{before}{name}") } else { format!("{before}/{name}") }
                };
                if !part.contains(['*', '?', '[']) {
                    next.push(path(part));
                    continue;
                }
                let entries = host.list(&absolute(&self.folder, &before)).unwrap_or_default();
                let fits = |name: &str| (part.starts_with('.') || !name.starts_with('.')) && pattern::glob(part, name);
                next.extend(entries.into_iter().filter(|e| fits(&e.name)).map(|e| path(&e.name)));
            }
            found = next;
        }
        found.retain(|path| host.list(&self.path(path)).is_some() || !glob.ends_with('/') && host.read(&self.path(path)).is_ok());
        found.into_iter().map(|path| if glob.ends_with('/') { path + "/" } else { path }).collect()
    }
}

/// A value in which something takes the place of what fits a pattern: `/`, `//`, `/#`, `/%`.
fn replaced(value: &str, sign: &str, pattern: &str, instead: &str) -> String {
    if pattern.is_empty() {
        return value.to_owned();
    }
    let (begin, end) = (if sign == "/#" { "^" } else { "" }, if sign == "/%" { "$" } else { "" });
    let regex = Regex::new(&format!("{begin}{}{end}", pattern::expression(pattern)), true, false);
    query::replaced(value, &regex, &pattern::sed_quoted(instead), sign == "//")
}

/// A value with the letters that fit a pattern as capitals, or small: `^`, `^^`, `,`, `,,`. Without a pattern, all fit.
fn cased(value: &str, sign: &str, pattern: &str) -> String {
    let fits = |at: usize, c: char| (at == 0 || sign.len() > 1) && (pattern.is_empty() || pattern::glob(pattern, &c.to_string()));
    let change = |c: char| if sign.starts_with('^') { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    value.chars().enumerate().map(|(at, c)| if fits(at, c) { change(c) } else { c }).collect()
}

/// A value without the piece at one of its ends that fits a pattern: `#`, `##`, `%`, `%%`.
fn without(value: &str, sign: &str, pattern: &str) -> String {
    let (is_end, is_longest) = (sign.starts_with('%'), sign.len() > 1);
    let mut places: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    // From the shortest piece to the longest, or the other way round.
    if is_end != is_longest {
        places.reverse();
    }
    let kept = places.into_iter().find_map(|at| {
        let (start, end) = value.split_at(at);
        let (piece, kept) = if is_end { (end, start) } else { (start, end) };
        pattern::glob(pattern, piece).then_some(kept)
    });
    kept.unwrap_or(value).to_owned()
}
