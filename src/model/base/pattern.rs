//! Patterns: file name patterns, and regular expressions as used by `grep`, `sed`, `awk` and the schemas of custom kinds.
//!
//! Promises: matching terminates, after [`MAX_STEPS`] attempts or at [`MAX_DEPTH`] at the latest, and then fails.
//! Not modelled: back references in expressions, named classes beyond the common ones.

use super::letter::is_letter_or_digit;

/// The most attempts per search.
const MAX_STEPS: u32 = 200_000;

/// The maximum recursion depth of an attempt: each item of an expression counts, and each repetition of a group.
const MAX_DEPTH: u32 = 1000;

/// Whether a file name matches a pattern of `*`, `?` and literal text.
pub fn glob(pattern: &str, name: &str) -> bool {
    Regex::new(&format!("^{}$", expression(pattern)), true, false).find(name, 0).is_some()
}

/// Such a pattern as an extended expression.
pub fn expression(pattern: &str) -> String {
    let mut expression = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            '\\' => expression.extend(['\\', chars.next().unwrap_or('\\')]),
            '[' => {
                let rest: Vec<char> = chars.clone().collect();
                let first = usize::from(matches!(rest.first(), Some('!' | '^')));
                let Some(close) = (first + 1..rest.len()).find(|i| rest[*i] == ']' && rest[i - 1] != ':') else {
                    expression.push_str("\\[");
                    continue;
                };
                expression.push_str(if first > 0 { "[^" } else { "[" });
                expression.extend(&rest[first..=close]);
                chars.nth(close);
            }
            c if ".+(){}|^$".contains(c) => expression.extend(['\\', c]),
            c => expression.push(c),
        }
    }
    expression
}

/// A text with all special characters escaped for a pattern.
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "*?[]\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text as what takes the place of a match: it stands for itself.
pub fn sed_quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('&', "\\&")
}

/// A text as an extended expression that matches only itself.
pub fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| (".+*?()[]{}|^$\\".contains(c)).then_some('\\').into_iter().chain([c])).collect()
}

/// An item of an expression.
#[derive(Clone, Debug)]
enum Item {
    Char(char),
    Any,
    Class(Vec<(char, char)>, bool),
    Start,
    End,
    Edge,
    Group(usize, Vec<Vec<(Item, usize, usize)>>),
}

type Branch = Vec<(Item, usize, usize)>;

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Regex {
    branches: Vec<Branch>,
    ignore_case: bool,
}

/// A match and its groups, as positions in characters.
#[derive(Clone, Debug, Default)]
pub struct Match {
    /// Its first letter.
    pub start: usize,
    /// The position after its last one.
    pub end: usize,
    pub groups: Vec<(usize, usize)>,
}

struct Parser {
    text: Vec<char>,
    at: usize,
    groups: usize,
    depth: usize,
    extended: bool,
}

impl Regex {
    /// Parses an extended or basic expression. Invalid operators stand for themselves.
    pub fn new(text: &str, extended: bool, ignore_case: bool) -> Self {
        let mut parser = Parser { text: text.chars().collect(), at: 0, groups: 0, depth: 0, extended };
        let branches = parser.branches();
        Regex { branches, ignore_case }
    }

    /// The first match at or after a position: of those that start there, the longest, as POSIX wants it.
    pub fn find(&self, text: &str, from: usize) -> Option<Match> {
        let text: Vec<char> = text.chars().collect();
        let mut search = Search { text: &text, ignore_case: self.ignore_case, steps: 0, depth: 0, groups: Vec::new() };
        // Without groups and alternatives, the first match is the longest.
        let is_plain = self.branches.len() == 1 && !self.branches[0].iter().any(|(item, ..)| matches!(item, Item::Group(..)));
        (from..=text.len()).find_map(|start| {
            search.groups.clear();
            let mut longest: Option<Match> = None;
            for branch in &self.branches {
                search.branch(branch, start, &mut |search, end| {
                    if longest.as_ref().is_none_or(|found| found.end < end) {
                        longest = Some(Match { start, end, groups: search.groups.clone() });
                    }
                    is_plain || end == search.text.len()
                });
            }
            longest
        })
    }
}

impl Parser {
    /// The length of an operator here, written with or without a backslash, depending on the kind of expression; `None` if there is none.
    fn operator(&self, c: char) -> Option<usize> {
        let here = self.text.get(self.at).copied();
        if self.extended {
            (here == Some(c)).then_some(1)
        } else {
            (here == Some('\\') && self.text.get(self.at + 1) == Some(&c)).then_some(2)
        }
    }

    fn branches(&mut self) -> Vec<Branch> {
        let mut branches = vec![Branch::new()];
        while self.at < self.text.len() {
            if let Some(n) = self.operator('|') {
                self.at += n;
                branches.push(Branch::new());
                continue;
            }
            if self.depth > 0 && self.operator(')').is_some() {
                break;
            }
            let item = self.item();
            let (least, most) = self.repetition();
            if let Some(last) = branches.last_mut() {
                last.push((item, least, most));
            }
        }
        branches
    }

    fn repetition(&mut self) -> (usize, usize) {
        if self.text.get(self.at) == Some(&'*') {
            self.at += 1;
            return (0, usize::MAX);
        }
        for (c, range) in [('+', (1, usize::MAX)), ('?', (0, 1))] {
            if let Some(n) = self.operator(c) {
                self.at += n;
                return range;
            }
        }
        if let Some(n) = self.operator('{') {
            let rest: String = self.text[self.at + n..].iter().take_while(|c| **c != '}' && **c != '\\').collect();
            let (least, most) = rest.split_once(',').unwrap_or((&rest, &rest));
            if let Ok(least) = least.parse() {
                self.at += n + rest.len() + if self.extended { 1 } else { 2 };
                return (least, most.parse().unwrap_or(usize::MAX));
            }
        }
        (1, 1)
    }

    fn item(&mut self) -> Item {
        /// The maximum nesting depth of groups.
        const MAX_NESTING: usize = 20;
        if self.depth < MAX_NESTING
            && let Some(n) = self.operator('(')
        {
            self.at += n;
            self.depth += 1;
            self.groups += 1;
            let number = self.groups;
            let branches = self.branches();
            self.at += self.operator(')').unwrap_or(0);
            self.depth -= 1;
            return Item::Group(number, branches);
        }
        let c = self.text[self.at];
        self.at += 1;
        match c {
            '.' => Item::Any,
            '^' => Item::Start,
            '$' if self.at >= self.text.len() || self.operator('|').is_some() || self.operator(')').is_some() => Item::End,
            '[' => self.class(),
            '\\' if self.at < self.text.len() => {
                self.at += 1;
                match self.text[self.at - 1] {
                    'b' | '<' | '>' => Item::Edge,
                    'd' => Item::Class(vec![('0', '9')], false),
                    's' => Item::Class(vec![(' ', ' '), ('\t', '\t')], false),
                    'S' => Item::Class(vec![(' ', ' '), ('\t', '\t')], true),
                    'w' => Item::Class(vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')], false),
                    't' => Item::Char('\t'),
                    'n' => Item::Char('\n'),
                    c => Item::Char(c),
                }
            }
            c => Item::Char(c),
        }
    }

    fn class(&mut self) -> Item {
        let rest = &self.text[self.at..];
        let not = rest.first() == Some(&'^');
        let first = usize::from(not);
        let Some(close) = (first + 1..rest.len()).find(|i| rest[*i] == ']' && rest[i - 1] != ':') else { return Item::Char('[') };
        let inner: String = rest[first..close].iter().collect();
        self.at += close + 1;
        let inner = inner.replace("[:space:]", " \t").replace("[:digit:]", "0-9").replace("[:alpha:]", "a-zA-Z");
        let inner = inner.replace("[:alnum:]", "a-zA-Z0-9").replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z");
        let chars: Vec<char> = inner.chars().collect();
        let (mut ranges, mut i) = (Vec::new(), 0);
        while i < chars.len() {
            let to = if chars.get(i + 1) == Some(&'-') { chars.get(i + 2) } else { None };
            ranges.push((chars[i], to.copied().unwrap_or(chars[i])));
            i += if to.is_some() { 3 } else { 1 };
        }
        Item::Class(ranges, not)
    }
}

struct Search<'a> {
    text: &'a [char],
    ignore_case: bool,
    steps: u32,
    depth: u32,
    groups: Vec<(usize, usize)>,
}

impl Search<'_> {
    fn branch(&mut self, branch: &[(Item, usize, usize)], at: usize, then: &mut dyn FnMut(&mut Self, usize) -> bool) -> bool {
        let Some(((item, least, most), rest)) = branch.split_first() else { return then(self, at) };
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let found = self.repeat(item, *least, *most, rest, at, then);
        self.depth -= 1;
        found
    }

    /// Greedy repetition: as many as possible first, then fewer.
    fn repeat(
        &mut self,
        item: &Item,
        least: usize,
        most: usize,
        rest: &[(Item, usize, usize)],
        at: usize,
        then: &mut dyn FnMut(&mut Self, usize) -> bool,
    ) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return false;
        }
        if let Item::Group(number, branches) = item {
            let mut again = |search: &mut Self, end: usize| {
                let before = search.groups.clone();
                if search.groups.len() < *number {
                    search.groups.resize(*number, (0, 0));
                }
                search.groups[*number - 1] = (at, end);
                let more = if most > 1 && end > at {
                    search.repeat(item, least.saturating_sub(1), most - 1, rest, end, then)
                } else {
                    least <= 1 && search.branch(rest, end, then)
                };
                if !more {
                    search.groups = before;
                }
                more
            };
            if most > 0 && branches.iter().any(|branch| self.branch(branch, at, &mut again)) {
                return true;
            }
            return least == 0 && self.branch(rest, at, then);
        }
        let mut ends = vec![at];
        while ends.len() <= most && ends.last().is_some_and(|end| *end <= self.text.len()) {
            let end = ends[ends.len() - 1];
            match self.one(item, end) {
                Some(next) if next > end => ends.push(next),
                Some(next) => {
                    // A repetition of something empty counts once.
                    return least <= 1 && self.branch(rest, next, then);
                }
                None => break,
            }
        }
        while ends.len() > least {
            let Some(end) = ends.pop() else { break };
            if self.branch(rest, end, then) {
                return true;
            }
            if self.steps > MAX_STEPS {
                return false;
            }
        }
        false
    }

    /// The end of a match of one item that starts here.
    fn one(&self, item: &Item, at: usize) -> Option<usize> {
        let here = self.text.get(at).copied();
        let is_word = |c: Option<&char>| c.is_some_and(|c| is_letter_or_digit(*c) || *c == '_');
        let same = |a: char, b: char| a == b || (self.ignore_case && a.eq_ignore_ascii_case(&b));
        let width = match item {
            Item::Start => return (at == 0).then_some(at),
            Item::End => return (at == self.text.len()).then_some(at),
            Item::Edge => {
                let before = at.checked_sub(1).and_then(|i| self.text.get(i));
                return (is_word(before) != is_word(self.text.get(at))).then_some(at);
            }
            Item::Any => here.is_some(),
            Item::Char(c) => here.is_some_and(|h| same(*c, h)),
            Item::Class(ranges, not) => here.is_some_and(|h| {
                let inside = |h: char| ranges.iter().any(|(a, b)| *a <= h && h <= *b);
                (inside(h) || (self.ignore_case && (inside(h.to_ascii_lowercase()) || inside(h.to_ascii_uppercase())))) != *not
            }),
            Item::Group(..) => false,
        };
        width.then_some(at + 1)
    }
}
