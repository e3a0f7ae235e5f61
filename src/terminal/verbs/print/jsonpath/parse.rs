//! Parsing JSONPath templates. Models k8s.io/client-go/util/jsonpath/parser.go.

use super::{Node, Slice};
use base::letter::is_letter_or_digit;
use base::value::Value;

/// The maximum nesting depth of ranges, and of filters.
const MAX_NESTING: usize = 50;

/// Parses a template: text, and actions in braces.
pub fn template(text: &str) -> Result<Vec<Node>, String> {
    let mut flat = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            flat.push(Node::Text(rest[..open].to_owned()));
        }
        let mut reader = Reader { rest: &rest[open + 1..], depth: 0 };
        let nodes = reader.action()?;
        flat.push(Node::Action(nodes));
        rest = reader.rest;
    }
    if !rest.is_empty() {
        flat.push(Node::Text(rest.to_owned()));
    }
    let mut flat = flat.into_iter();
    nest(&mut flat, 0).map(|(nodes, _)| nodes)
}

/// Moves the nodes between `range` and `end` into the range. A range without an end extends to the end of the template.
fn nest(flat: &mut std::vec::IntoIter<Node>, depth: usize) -> Result<(Vec<Node>, bool), String> {
    check_depth(depth)?;
    let mut nodes = Vec::new();
    while let Some(node) = flat.next() {
        match node {
            Node::Action(mut parts) if parts.first() == Some(&Node::Identifier("range".to_owned())) => {
                parts.remove(0);
                let (body, ends) = nest(flat, depth + 1)?;
                nodes.push(Node::Range { over: parts, body, ends });
            }
            Node::Action(parts) if depth > 0 && parts == [Node::Identifier("end".to_owned())] => return Ok((nodes, true)),
            other => nodes.push(other),
        }
    }
    Ok((nodes, false))
}

fn check_depth(depth: usize) -> Result<(), String> {
    if depth > MAX_NESTING { Err(format!("more than {MAX_NESTING} levels are not simulated")) } else { Ok(()) }
}

struct Reader<'a> {
    rest: &'a str,
    /// The current nesting depth of filters and brackets.
    depth: usize,
}

impl Reader<'_> {
    /// Parses up to the closing brace.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        check_depth(self.depth)?;
        let mut nodes = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                return Ok(nodes);
            }
            if self.rest.is_empty() || self.rest.starts_with(['\n', '\r']) {
                return Err("unclosed action".to_owned());
            }
            self.part(&mut nodes)?;
        }
    }

    fn part(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix("[?(") {
            self.rest = rest;
            nodes.push(self.filter()?);
            return Ok(());
        }
        if let Some(rest) = self.rest.strip_prefix("..") {
            if nodes.last() == Some(&Node::Recursive) {
                return Err("invalid multiple recursive descent".to_owned());
            }
            self.rest = rest;
            nodes.push(Node::Recursive);
            if rest.starts_with(is_word) {
                nodes.push(self.field());
            }
            return Ok(());
        }
        let first = self.rest.chars().next().unwrap_or_default();
        match first {
            ' ' | '@' | '$' => self.rest = &self.rest[1..],
            '[' => self.brackets(nodes)?,
            '"' | '\'' => nodes.push(self.quoted(first)?),
            '.' => {
                self.rest = &self.rest[1..];
                nodes.push(self.field());
            }
            '+' | '-' | '0'..='9' => nodes.push(self.number()),
            c if is_word(c) => nodes.push(self.word()),
            c => return Err(format!("unrecognized character in action: U+{:04X} '{c}'", u32::from(c))),
        }
        Ok(())
    }

    /// Takes text until `stop` holds.
    fn take_until(&mut self, stop: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let text = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        text
    }

    /// Parses the name after a dot; a backslash escapes a character that would end it.
    fn field(&mut self) -> Node {
        let mut name = String::new();
        let mut chars = self.rest.char_indices();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                name.extend(chars.next().map(|(_, escaped)| escaped));
            } else if is_terminator(c) {
                end = at;
                break;
            } else {
                name.push(c);
            }
        }
        self.rest = &self.rest[end..];
        if name == "*" { Node::Wildcard } else { Node::Field(name) }
    }

    fn number(&mut self) -> Node {
        let sign = usize::from(self.rest.starts_with(['+', '-']));
        let end = self.rest[sign..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(self.rest.len(), |i| i + sign);
        let text = &self.rest[..end];
        self.rest = &self.rest[end..];
        Node::Literal(text.parse::<i64>().map_or_else(|_| Value::Real(text.into()), Value::Int))
    }

    fn word(&mut self) -> Node {
        match self.take_until(is_terminator) {
            word if word == "true" || word == "false" => Node::Literal(Value::Bool(word == "true")),
            word => Node::Identifier(word),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Node, String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.rest = &self.rest[at + 1..];
                return Ok(Node::Text(text));
            }
            match c {
                '\n' => break,
                '\\' => text.extend(chars.next().map(|(_, escaped)| match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                })),
                other => text.push(other),
            }
        }
        Err("unterminated quoted string".to_owned())
    }

    /// Parses the contents of braces.
    fn expression(&self, text: &str) -> Result<Vec<Node>, String> {
        Reader { rest: &format!("{text}}}"), depth: self.depth + 1 }.action()
    }

    /// Parses `left operator right)]`.
    fn filter(&mut self) -> Result<Node, String> {
        let mut depth = 1;
        let mut quote = None;
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '(') => depth += 1,
                (None, ')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = Some(at);
                break;
            }
        }
        let end = end.ok_or("unterminated filter")?;
        let inner = &self.rest[..end];
        self.rest = self.rest[end + 1..].strip_prefix(']').ok_or("unclosed array expect ]")?;
        let is_operator = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let Some(at) = inner.find(is_operator).filter(|at| *at > 0) else {
            return Ok(Node::Filter { left: self.expression(inner)?, operator: "exists".to_owned(), right: Vec::new() });
        };
        let after = inner[at..].find(|c| !is_operator(c)).map_or(inner.len(), |i| at + i);
        Ok(Node::Filter {
            left: self.expression(&inner[..at])?,
            operator: inner[at..after].to_owned(),
            right: self.expression(&inner[after..])?,
        })
    }

    /// Parses `[0]`, `[a:b:c]`, `['key']`, `[*]` and unions of them.
    fn brackets(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        let end = self.rest.find([']', '\n']).ok_or("unterminated array")?;
        if self.rest[end..].starts_with('\n') {
            return Err("unterminated array".to_owned());
        }
        let inner = self.rest[1..end].to_owned();
        self.rest = &self.rest[end + 1..];
        let alternatives: Vec<&str> = inner.split(',').collect();
        if alternatives.len() > 1 {
            let parts = alternatives.iter().map(|part| self.expression(&format!("[{}]", part.trim_matches(' '))));
            nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
        } else if inner == "*" {
            nodes.push(Node::Slice(Slice::default()));
        } else if let Some(key) = inner.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).filter(|k| !k.contains('\'')) {
            nodes.extend(self.expression(&format!(".{key}"))?);
        } else {
            nodes.push(Node::Slice(slice(&inner)?));
        }
        Ok(())
    }
}

fn slice(text: &str) -> Result<Slice, String> {
    let invalid = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 || text.is_empty() {
        return Err(invalid());
    }
    let mut numbers = [None; 3];
    for (number, part) in numbers.iter_mut().zip(&parts) {
        if !part.is_empty() {
            *number = Some(part.parse::<i64>().map_err(|_| invalid())?);
        }
    }
    let [start, end, step] = numbers;
    let is_index = parts.len() == 1;
    Ok(Slice { start, end: if is_index { start.map(|s| s.saturating_add(1)) } else { end }, step, is_index })
}

/// Whether a name ends before this character. Models jsonpath/parser.go isTerminator.
fn is_terminator(c: char) -> bool {
    matches!(c, '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}' | ' ' | '\n' | '\r')
}

fn is_word(c: char) -> bool {
    c == '_' || is_letter_or_digit(c)
}
