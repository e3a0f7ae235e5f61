//! Parses JSON into the same trees as YAML, and pretty-prints it.
//!
//! Models Go's encoding/json: its scanner's error messages, and `MarshalIndent`.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::schema::{Shape, StructType, schema};
use crate::base::sort::Sort;
use crate::base::value::{Map, Value, write_json_text};

use super::cursor::Lines;
use super::tree::{Entry, Node, NodeKind};
use super::{MAX_DEPTH, Span};

/// A JSON syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonError {
    /// Go's message.
    pub words: String,
    /// The number of bytes read, including the wrong one; `None` at an unexpected end.
    pub offset: Option<usize>,
    /// Its location.
    pub span: Span,
}

/// Parses one JSON value; also returns the offset after it.
pub(super) fn read(text: &str, at: usize, lines: &Lines) -> Result<(Node, usize), JsonError> {
    let mut reader = Reader { text, at, depth: 0, lines };
    let node = reader.value()?;
    Ok((node, reader.at))
}

/// The error in a text that should be exactly one JSON value, in Go's words. Models json.Unmarshal.
pub fn json_error(text: &str) -> Option<String> {
    let begin = text.len() - text.trim_start().len();
    match read(text, begin, &Lines::new(text, text.len())) {
        Err(error) if error.offset.is_none() => Some("unexpected end of JSON input".to_owned()),
        Err(error) => Some(error.words),
        Ok((_, end)) => text[end..].trim().chars().next().map(|c| format!("invalid character {c:?} after top-level value")),
    }
}

/// In which order the members of a map are written.
#[derive(Clone, Copy)]
pub enum Order<'a> {
    /// By key.
    Keys,
    /// As this struct declares them.
    Declared(&'a StructType),
    /// By key, those of each member as this struct declares them.
    Each(&'a StructType),
    /// As in a list of objects: of typed ones, as this struct declares theirs.
    List(Option<&'a StructType>),
}

impl Order<'_> {
    /// The order for an object that the client holds in a Go struct.
    pub fn of(object: &Value) -> Self {
        let text = |key| object.text_at(&[key]).unwrap_or_default();
        let of = |kind: &str| Kind::of(text("apiVersion"), kind).map(|kind| schema().kind(kind));
        match of(text("kind")) {
            Some(ty) => Order::Declared(ty),
            None => Order::List(text("kind").strip_suffix("List").and_then(of)),
        }
    }

    /// Where a member comes.
    fn place(self, key: &str) -> usize {
        let place = match self {
            Order::Declared(ty) => ty.fields.iter().position(|field| field.name == key),
            Order::List(_) => ["kind", "apiVersion", "metadata", "items"].iter().position(|name| *name == key),
            Order::Keys | Order::Each(_) => None,
        };
        place.unwrap_or(usize::MAX)
    }

    /// The members of a map in this order.
    pub fn members(self, map: &Map) -> Vec<(&Rc<str>, &Value)> {
        let mut members: Vec<(&Rc<str>, &Value)> = map.iter().collect();
        members.put_in_order_of(|(key, _)| self.place(key));
        members
    }

    /// The order in a member, or in an element of a list: `key` is empty there.
    #[must_use]
    pub fn inside(self, key: &str) -> Self {
        match self {
            Order::Declared(_) if key.is_empty() => self,
            Order::Declared(ty) => match ty.field(key).and_then(|field| Some((field.shape, schema().inside(field)?))) {
                Some((Shape::Map, inside)) => Order::Each(inside),
                Some((_, inside)) => Order::Declared(inside),
                None => Order::Keys,
            },
            Order::Each(ty) => Order::Declared(ty),
            Order::List(Some(ty)) if key == "items" => Order::Declared(ty),
            Order::Keys | Order::List(_) => Order::Keys,
        }
    }
}

/// JSON indented by four spaces, as `kubectl -o json` prints it.
pub fn to_json_pretty(value: &Value) -> String {
    let mut out = String::new();
    write_pretty(value, Order::Keys, 0, &mut out);
    out
}

/// The same for an object that the client holds in a Go struct: members come as they are declared. The items of a typed list are
/// structs too; those of a `v1.List` are not.
pub fn to_json_declared(object: &Value) -> String {
    let mut out = String::new();
    write_pretty(object, Order::of(object), 0, &mut out);
    out
}

fn write_pretty(value: &Value, order: Order<'_>, depth: usize, out: &mut String) {
    let break_line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("    ", depth));
    };
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                break_line(depth + 1, out);
                write_pretty(item, order.inside(""), depth + 1, out);
            }
            break_line(depth, out);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            out.push('{');
            for (i, (key, item)) in order.members(map).into_iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                break_line(depth + 1, out);
                write_json_text(key, out);
                out.push_str(": ");
                write_pretty(item, order.inside(key), depth + 1, out);
            }
            break_line(depth, out);
            out.push('}');
        }
        other => out.push_str(&other.to_json()),
    }
}

/// The offset of the first byte at or after `at` that is not JSON white space.
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    lines: &'a Lines<'a>,
}

type Read<T> = Result<T, JsonError>;

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    fn span(&self, start: usize) -> Span {
        self.lines.span(start, self.at)
    }

    /// An error at the current byte.
    fn wrong<T>(&self, context: &str) -> Read<T> {
        let end = self.text.ceil_char_boundary(self.at + 1);
        let span = self.lines.span(self.text.floor_char_boundary(self.at), end);
        match self.byte() {
            None => Err(JsonError { words: "unexpected EOF".to_owned(), offset: None, span }),
            Some(byte) => {
                let shown = match byte {
                    b'\'' => r"'\''".to_owned(),
                    b'"' => "'\"'".to_owned(),
                    byte => {
                        let quoted = crate::api::status::go_quoted(&char::from(byte).to_string());
                        format!("'{}'", &quoted[1..quoted.len() - 1])
                    }
                };
                Err(JsonError { words: format!("invalid character {shown} {context}"), offset: Some(self.at + 1), span })
            }
        }
    }

    fn value(&mut self) -> Read<Node> {
        self.skip_space();
        let start = self.at;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let words = super::Problem::TooDeep.to_string();
            return Err(JsonError { words, offset: None, span: self.span(start) });
        }
        let kind = match self.byte() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => NodeKind::Scalar { text: self.string()?.into(), plain: false, tag: None },
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => return self.wrong("looking for beginning of value"),
        };
        self.depth -= 1;
        Ok(Node { span: self.span(start), kind })
    }

    fn object(&mut self) -> Read<NodeKind> {
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_space();
        while self.byte() != Some(b'}') || !entries.is_empty() {
            self.skip_space();
            if self.byte() != Some(b'"') {
                return self.wrong("looking for beginning of object key string");
            }
            let start = self.at;
            let text = self.string()?;
            let key = Node { span: self.span(start), kind: NodeKind::Scalar { text: text.into(), plain: false, tag: None } };
            self.skip_space();
            if self.byte() != Some(b':') {
                return self.wrong("after object key");
            }
            self.at += 1;
            entries.push(Entry { key, value: self.value()? });
            self.skip_space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.wrong("after object key:value pair"),
            }
        }
        self.at += 1;
        Ok(NodeKind::Map(Rc::new(entries)))
    }

    fn array(&mut self) -> Read<NodeKind> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        while self.byte() != Some(b']') || !items.is_empty() {
            items.push(self.value()?);
            self.skip_space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.wrong("after array element"),
            }
        }
        self.at += 1;
        Ok(NodeKind::List(Rc::new(items)))
    }

    fn literal(&mut self, word: &str) -> Read<NodeKind> {
        for (i, letter) in word.bytes().enumerate() {
            if self.byte() != Some(letter) {
                debug_assert!(i > 0, "chosen by its first letter");
                return self.wrong(&format!("in literal {word} (expecting '{}')", char::from(letter)));
            }
            self.at += 1;
        }
        Ok(NodeKind::Scalar { text: word.into(), plain: true, tag: None })
    }

    fn digits(&mut self, context: &str) -> Read<()> {
        if !self.byte().is_some_and(|b| b.is_ascii_digit()) {
            return self.wrong(context);
        }
        while self.byte().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Read<NodeKind> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(NodeKind::Scalar { text: self.text[start..self.at].into(), plain: true, tag: None })
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            match rest.chars().next() {
                Some('"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some('\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                Some(c) if u32::from(c) >= 0x20 => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
                _ => return self.wrong("in string literal"),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Read<()> {
        let c = match self.byte() {
            Some(b'u') => {
                self.at += 1;
                let first = self.hex()?;
                out.push(self.join_surrogates(first)?);
                return Ok(());
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'\\' | b'/' | b'"')) => char::from(byte),
            _ => return self.wrong("in string escape code"),
        };
        out.push(c);
        self.at += 1;
        Ok(())
    }

    /// The character for a UTF-16 code unit, combined with the escaped surrogate after it if necessary.
    fn join_surrogates(&mut self, first: u32) -> Read<char> {
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            match self.byte().and_then(|b| char::from(b).to_digit(16)) {
                Some(digit) => code = code << 4 | digit,
                None => return self.wrong(r"in \u hexadecimal character escape"),
            }
            self.at += 1;
        }
        Ok(code)
    }
}
