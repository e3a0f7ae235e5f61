//! Parsing Go templates. Models text/template/parse.

use super::{Node, Operand, Pipeline};
use crate::print::template::functions;
use base::letter::is_letter_or_digit;
use base::value::Value;

/// A line number and an error message.
type Refused = (usize, String);

/// A piece of a template: text, or an action and its position.
enum Piece {
    Text(String),
    Action(String, usize),
}

/// Parses a template.
pub fn template(text: &str) -> Result<Vec<Node>, Refused> {
    let pieces = pieces(text)?;
    let mut parser = Parser { text, pieces: pieces.into_iter(), variables: vec!["$".to_owned()], depth: 0 };
    let (nodes, end) = parser.list()?;
    match end {
        End::Eof => Ok(nodes),
        End::Keyword(word, _, at) => Err((parser.line(at), format!("unexpected {{{{{word}}}}}"))),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

/// Splits the text at `{{` and `}}`, and trims blanks where `{{-` or `-}}` ask for it.
fn pieces(text: &str) -> Result<Vec<Piece>, Refused> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut trim = false;
    while let Some(open) = text[at..].find("{{").map(|i| i + at) {
        let mut before = &text[at..open];
        if trim {
            before = before.trim_start();
        }
        let mut start = open + 2;
        if text[start..].starts_with("- ") {
            before = before.trim_end();
            start += 2;
        }
        let close = action_end(text, start).ok_or_else(|| (line_of(text, open), "unclosed action".to_owned()))?;
        let mut inner = &text[start..close];
        trim = inner.ends_with(" -");
        if trim {
            inner = &inner[..inner.len() - 2];
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        if !inner.trim().starts_with("/*") {
            pieces.push(Piece::Action(inner.to_owned(), start));
        }
        at = close + 2;
    }
    let rest = if trim { text[at..].trim_start() } else { &text[at..] };
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// The end of the action that begins at `start`: the first `}}` outside a string.
fn action_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = start;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(open), b) if b == open => quote = None,
            (Some(b'"'), b'\\') => at += 1,
            (None, b'"' | b'`') => quote = Some(bytes[at]),
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// What ends a list of nodes.
enum End {
    Eof,
    /// `end` or `else`, what follows it, and its position.
    Keyword(&'static str, String, usize),
}

struct Parser<'a> {
    text: &'a str,
    pieces: std::vec::IntoIter<Piece>,
    variables: Vec<String>,
    /// How many blocks and parentheses are open.
    depth: usize,
}

/// The maximum nesting depth of blocks and parentheses.
const MAX_NESTING: usize = 50;

impl Parser<'_> {
    fn line(&self, at: usize) -> usize {
        line_of(self.text, at)
    }

    /// Parses something one level deeper, on this line.
    fn deeper<T>(&mut self, line: usize, read: impl FnOnce(&mut Self) -> Result<T, Refused>) -> Result<T, Refused> {
        if self.depth == MAX_NESTING {
            return Err((line, format!("more than {MAX_NESTING} levels are not simulated")));
        }
        self.depth += 1;
        let done = read(self);
        self.depth -= 1;
        done
    }

    fn list(&mut self) -> Result<(Vec<Node>, End), Refused> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (inner, start) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(inner, start) => (inner, start),
            };
            let trimmed = inner.trim_start();
            let at = start + inner.len() - trimmed.len();
            let (word, rest) = trimmed.split_at(trimmed.find(|c: char| !is_letter_or_digit(c)).unwrap_or(trimmed.len()));
            let rest_at = at + word.len();
            match word {
                "end" => return Ok((nodes, End::Keyword("end", String::new(), at))),
                "else" => return Ok((nodes, End::Keyword("else", rest.trim().to_owned(), at))),
                "if" => nodes.push(self.deeper(self.line(at), |p| p.conditional(rest, rest_at))?),
                "with" | "range" => nodes.push(self.deeper(self.line(at), |p| p.scoped(word == "range", rest, rest_at))?),
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                "define" | "template" | "block" => return Err((self.line(at), format!("unexpected {{{{{word}}}}}"))),
                _ => nodes.push(Node::Action(self.pipeline(trimmed, at)?)),
            }
        }
        Ok((nodes, End::Eof))
    }

    fn body(&mut self) -> Result<(Vec<Node>, Option<String>), Refused> {
        let eof = (self.line(self.text.len()), "unexpected EOF".to_owned());
        match self.list()? {
            (nodes, End::Keyword("end", ..)) => Ok((nodes, None)),
            (nodes, End::Keyword(_, rest, _)) => Ok((nodes, Some(rest))),
            (_, End::Eof) => Err(eof),
        }
    }

    fn conditional(&mut self, condition: &str, at: usize) -> Result<Node, Refused> {
        let scope = self.variables.len();
        let mut branches = Vec::new();
        let mut condition = condition.to_owned();
        let mut otherwise = Vec::new();
        loop {
            let pipeline = self.pipeline(condition.trim(), at)?;
            let (nodes, next) = self.body()?;
            branches.push((pipeline, nodes));
            match next {
                None => break,
                Some(rest) if rest.starts_with("if ") => rest[3..].clone_into(&mut condition),
                Some(_) => {
                    otherwise = self.body()?.0;
                    break;
                }
            }
        }
        self.variables.truncate(scope);
        Ok(Node::If(branches, otherwise))
    }

    fn scoped(&mut self, is_range: bool, over: &str, at: usize) -> Result<Node, Refused> {
        let scope = self.variables.len();
        let blanks = over.len() - over.trim_start().len();
        let pipeline = self.pipeline(over.trim(), at + blanks)?;
        let (nodes, next) = self.body()?;
        let otherwise = if next.is_some() { self.body()?.0 } else { Vec::new() };
        self.variables.truncate(scope);
        Ok(if is_range { Node::Range(pipeline, nodes, otherwise) } else { Node::With(pipeline, nodes, otherwise) })
    }

    fn pipeline(&mut self, text: &str, at: usize) -> Result<Pipeline, Refused> {
        let tokens = tokens(text, at).map_err(|why| (self.line(at), why))?;
        let mut reader = tokens.into_iter().peekable();
        let mut pipeline = Pipeline::default();
        let all: Vec<Token> = reader.by_ref().collect();
        let sign = all.iter().position(|t| matches!(t.text.as_str(), ":=" | "="));
        let rest = match sign {
            Some(i) => {
                pipeline.variables = all[..i].iter().filter(|t| t.text.starts_with('$')).map(|t| t.text.clone()).collect();
                pipeline.assigns = all[i].text == "=";
                &all[i + 1..]
            }
            None => &all[..],
        };
        let mut index = 0;
        pipeline.commands = self.commands(rest, &mut index)?;
        if let Some(extra) = rest.get(index) {
            return Err((self.line(at), format!("unexpected {:?} in operand", extra.text)));
        }
        if pipeline.commands.iter().all(Vec::is_empty) {
            return Err((self.line(at), "missing value for command".to_owned()));
        }
        if !pipeline.assigns {
            self.variables.extend(pipeline.variables.iter().cloned());
        }
        Ok(pipeline)
    }

    /// Parses commands up to the end or a closing parenthesis.
    fn commands(&mut self, tokens: &[Token], index: &mut usize) -> Result<Vec<Vec<Operand>>, Refused> {
        let mut commands = vec![Vec::new()];
        while let Some(token) = tokens.get(*index) {
            match token.text.as_str() {
                ")" => break,
                "|" => {
                    *index += 1;
                    commands.push(Vec::new());
                }
                _ => {
                    let operand = self.operand(tokens, index)?;
                    commands.last_mut().expect("there is one").push(operand);
                }
            }
        }
        Ok(commands)
    }

    fn operand(&mut self, tokens: &[Token], index: &mut usize) -> Result<Operand, Refused> {
        let token = &tokens[*index];
        *index += 1;
        let line = self.line(token.at);
        if let Some(value) = &token.literal {
            return Ok(Operand::Literal(value.clone()));
        }
        let word = token.text.as_str();
        if word == "(" {
            let commands = self.deeper(line, |p| p.commands(tokens, index))?;
            let closing = tokens.get(*index).ok_or((line, "unclosed left paren".to_owned()))?;
            *index += 1;
            let glued = tokens.get(*index).filter(|t| t.text.starts_with('.') && t.text.len() > 1 && t.at == closing.at + 1);
            let fields = glued.map(|t| fields_of(&t.text)).unwrap_or_default();
            *index += usize::from(glued.is_some());
            return Ok(Operand::Parenthesis(Pipeline { commands, ..Pipeline::default() }, fields));
        }
        if word == "." {
            return Ok(Operand::Dot);
        }
        if word.starts_with('.') {
            return Ok(Operand::Field(fields_of(word), token.at));
        }
        if word.starts_with('$') {
            let (name, rest) = word.split_at(word.find('.').unwrap_or(word.len()));
            if !self.variables.iter().any(|v| v == name) {
                return Err((line, format!("undefined variable {name:?}")));
            }
            return Ok(Operand::Variable(name.to_owned(), fields_of(rest), token.at));
        }
        match word {
            "nil" => Ok(Operand::Nil),
            "true" | "false" => Ok(Operand::Literal(Value::Bool(word == "true"))),
            name if functions::is_known(name) => Ok(Operand::Function(name.to_owned())),
            name if functions::is_not_simulated(name) => Err((line, format!("function {name:?} is not simulated"))),
            name => Err((line, format!("function {name:?} not defined"))),
        }
    }
}

fn fields_of(path: &str) -> Vec<String> {
    path.split('.').filter(|f| !f.is_empty()).map(str::to_owned).collect()
}

/// A token of an action; `literal` is the value of a string or number.
struct Token {
    text: String,
    literal: Option<Value>,
    at: usize,
}

fn tokens(text: &str, offset: usize) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() || c == ',' {
            at += c.len_utf8();
            continue;
        }
        let (length, literal) = match c {
            '"' => {
                let (value, length) = quoted(rest).ok_or("unterminated quoted string")?;
                (length, Some(Value::from(value)))
            }
            '`' => {
                let end = rest[1..].find('`').ok_or("unterminated raw quoted string")?;
                (end + 2, Some(Value::from(&rest[1..=end])))
            }
            '0'..='9' | '-' | '+' => {
                let length = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '.').map_or(rest.len(), |i| i + 1);
                let number = rest[..length].parse::<i64>().map_err(|_| format!("bad number syntax: {:?}", &rest[..length]))?;
                (length, Some(Value::Int(number)))
            }
            ':' if rest.starts_with(":=") => (2, None),
            '(' | ')' | '|' | '=' => (1, None),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|' | ',' | '=' | ':' | '"'));
                (end.unwrap_or(rest.len()).max(1), None)
            }
        };
        tokens.push(Token { text: rest[..length].to_owned(), literal, at: offset + at });
        at += length;
    }
    Ok(tokens)
}

/// The double-quoted string at the start of a text, and its length there.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, at + 1)),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            }),
            other => value.push(other),
        }
    }
    None
}
