//! Expansion: variables, substitutions, arithmetic, file name patterns.
//!
//! Promises: an expansion never fails; unset variables are empty.

use super::parse::{Cut, Part, Simple, Word};
use super::{Host, Shell, TEXT_MOST, absolute, pattern};
use crate::base::note::Note;

/// The longest value that something is taken off, in bytes.
const CUT_MOST: usize = 1000;

impl Shell {
    /// All words of a command.
    pub(super) fn expanded(&mut self, simple: &Simple, host: &mut dyn Host) -> Vec<String> {
        let mut words = Vec::new();
        for word in &simple.words {
            self.expand(word, simple.printed, host, &mut words);
        }
        if words.iter().map(String::len).sum::<usize>() > TEXT_MOST {
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
        if text.len() > TEXT_MOST {
            self.too_much();
            return String::new();
        }
        text
    }

    fn part(&mut self, part: &Part, printed: usize) -> String {
        match part {
            Part::Text(text, _) => text.clone(),
            Part::Variable(name, default, _) => {
                let value = match name.as_str() {
                    "?" => self.status.to_string(),
                    "@" | "*" => self.arguments().join(" "),
                    "#" => self.arguments().len().to_string(),
                    "$" => "1".to_owned(),
                    name => {
                        self.unset |= default.is_none() && name != "PWD" && !self.variables.contains_key(name);
                        self.variable(name).to_owned()
                    }
                };
                if value.is_empty() { default.clone().unwrap_or_default() } else { value }
            }
            Part::Cut(name, cut, _) if self.variable(name).len() > CUT_MOST => {
                let sign = if cut.end { '%' } else { '#' };
                self.note(Note::NotLearnt(format!("${{{name}{sign}…}} (> {CUT_MOST} bytes)")));
                self.variable(name).to_owned()
            }
            Part::Cut(name, cut, _) => without(self.variable(name), cut),
            Part::Length(name) => self.variable(name).chars().count().to_string(),
            Part::Printed(at, _) => {
                let first = self.printed.len().saturating_sub(printed);
                self.printed.get(first + at).cloned().unwrap_or_default()
            }
            Part::Sum(terms) => {
                let text: String = terms.iter().map(|part| self.part(part, printed)).collect();
                self.sum(&text).to_string()
            }
        }
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
        if let [Part::Variable(name, None, true)] | [Part::Text(_, true), Part::Variable(name, None, true)] = word.as_slice()
            && name == "@"
        {
            return out.extend(self.arguments());
        }
        let (mut current, mut glob, mut begun) = (String::new(), String::new(), false);
        let mut done: Vec<(String, String)> = Vec::new();
        for part in word {
            let text = self.part(part, printed);
            match part {
                Part::Variable(_, _, false) | Part::Cut(_, _, false) | Part::Printed(_, false) => {
                    let pieces = text.split([' ', '\t', '\n']).peekable();
                    let mut first = true;
                    for piece in pieces {
                        if !first && begun {
                            done.push((std::mem::take(&mut current), std::mem::take(&mut glob)));
                            begun = false;
                        }
                        first = false;
                        begun |= !piece.is_empty();
                        current.push_str(piece);
                        glob.push_str(piece);
                    }
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
            let found = if glob.contains(['*', '?']) { self.matching(&glob, host) } else { Vec::new() };
            if found.is_empty() { out.push(text) } else { out.extend(found) }
        }
    }

    /// The paths that match a file name pattern, which may only be in the last component.
    fn matching(&self, glob: &str, host: &dyn Host) -> Vec<String> {
        let (folder, last) = glob.rsplit_once('/').map_or(("", glob), |(f, l)| (f, l));
        let prefix = if glob.contains('/') { format!("{folder}/") } else { String::new() };
        let entries = host.list(&absolute(&self.folder, if prefix == "/" { "/" } else { folder })).unwrap_or_default();
        let fits = |name: &str| !name.starts_with('.') && pattern::glob(last, name);
        entries.into_iter().filter(|e| fits(&e.name)).map(|e| format!("{prefix}{}", e.name)).collect()
    }

    /// `$((i + 1))`: integers, variables, the four operations, remainders, comparisons and parentheses.
    pub(super) fn sum(&self, text: &str) -> i64 {
        let mut sum = Sum { shell: self, text: text.as_bytes(), at: 0, depth: 0 };
        sum.level(0)
    }
}

struct Sum<'a> {
    shell: &'a Shell,
    text: &'a [u8],
    at: usize,
    depth: u32,
}

/// Operators, from the loosest to the tightest binding.
const OPERATORS: [&[&str]; 3] = [&["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Sum<'_> {
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn level(&mut self, level: usize) -> i64 {
        let Some(operators) = OPERATORS.get(level) else { return self.unit() };
        let mut left = self.level(level + 1);
        loop {
            self.blanks();
            let Some(operator) = operators.iter().find(|o| self.text[self.at..].starts_with(o.as_bytes())) else { return left };
            self.at += operator.len();
            let right = self.level(level + 1);
            left = match *operator {
                "+" => left.wrapping_add(right),
                "-" => left.wrapping_sub(right),
                "*" => left.wrapping_mul(right),
                "/" => left.checked_div(right).unwrap_or(0),
                "%" => left.checked_rem(right).unwrap_or(0),
                "==" => i64::from(left == right),
                "!=" => i64::from(left != right),
                "<=" => i64::from(left <= right),
                ">=" => i64::from(left >= right),
                "<" => i64::from(left < right),
                _ => i64::from(left > right),
            };
        }
    }

    fn unit(&mut self) -> i64 {
        /// The maximum nesting depth of parentheses and signs.
        const DEPTH_MOST: u32 = 50;
        self.blanks();
        self.depth += 1;
        let value = match self.text.get(self.at) {
            _ if self.depth > DEPTH_MOST => 0,
            Some(b'-') => {
                self.at += 1;
                self.unit().wrapping_neg()
            }
            Some(b'(') => {
                self.at += 1;
                let value = self.level(0);
                self.blanks();
                self.at += usize::from(self.text.get(self.at) == Some(&b')'));
                value
            }
            _ => {
                let start = self.at;
                while self.text.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    self.at += 1;
                }
                let word = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
                word.parse().or_else(|_| self.shell.variable(word).trim().parse()).unwrap_or(0)
            }
        };
        self.depth -= 1;
        value
    }
}

/// A value without the piece at one of its ends that fits a pattern.
fn without(value: &str, cut: &Cut) -> String {
    let mut places: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    // From the shortest piece to the longest, or the other way round.
    if cut.end != cut.longest {
        places.reverse();
    }
    let kept = places.into_iter().find_map(|at| {
        let (start, end) = value.split_at(at);
        let (piece, kept) = if cut.end { (end, start) } else { (start, end) };
        pattern::glob(&cut.pattern, piece).then_some(kept)
    });
    kept.unwrap_or(value).to_owned()
}
