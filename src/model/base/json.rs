//! Reads JSON.
//!
//! Models Go's encoding/json scanner.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::value::{Map, Value};

/// The deepest nesting that [`value`] reads: no object of Kubernetes comes near.
const MAX_DEPTH: usize = 128;

/// A value and where it stands in the text, in bytes.
#[derive(Debug, PartialEq)]
pub struct Tree {
    /// From its first to behind its last byte.
    pub place: Range<usize>,
    pub form: Form,
}

/// What a value is.
#[derive(Debug, PartialEq)]
pub enum Form {
    /// A string without its quotes and escapes.
    Text(Rc<str>),
    /// A number, `true`, `false` or `null` as written.
    Plain(Rc<str>),
    /// The elements of an array.
    Array(Vec<Tree>),
    /// The members of an object in the order of the text, duplicate keys included.
    Object(Vec<(Tree, Tree)>),
}

/// A syntax error.
#[derive(Debug, PartialEq)]
pub struct Wrong {
    pub why: Why,
    /// The number of bytes before it.
    pub at: usize,
    /// The character in the text.
    pub place: Range<usize>,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The text ends too soon.
    Ends,
    /// It is nested more deeply than the reader reads.
    TooDeep,
    /// A byte that cannot stand there, and what Go says about the place.
    Unexpected(u8, Cow<'static, str>),
}

/// Reads one value that begins at or after `at`; also returns the offset after it.
pub fn read(text: &str, at: usize, depth_most: usize) -> Result<(Tree, usize), Wrong> {
    let mut reader = Reader { text, at, depth: 0, depth_most };
    let tree = reader.value()?;
    Ok((tree, reader.at))
}

/// The value of a text that is exactly one JSON value.
pub fn value(text: &str) -> Option<Value> {
    let (tree, end) = read(text, 0, MAX_DEPTH).ok()?;
    (skip_space(text, end) == text.len()).then(|| tree.into_value())
}

impl Tree {
    /// The value. Of duplicate keys the last one counts.
    fn into_value(self) -> Value {
        match self.form {
            Form::Text(text) => Value::Text(text),
            Form::Plain(word) => match &*word {
                "null" => Value::Null,
                "true" => true.into(),
                "false" => false.into(),
                number => number.parse().map_or_else(|_| Value::Real(number.into()), Value::Int),
            },
            Form::Array(items) => Value::list(items.into_iter().map(Tree::into_value)),
            Form::Object(members) => {
                let mut map = Map::default();
                for (key, member) in members {
                    if let Form::Text(key) = key.form {
                        map.insert(key, member.into_value());
                    }
                }
                Value::from(map)
            }
        }
    }
}

/// The offset of the first byte at or after `at` that is not JSON white space.
pub fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    depth_most: usize,
}

type Read<T> = Result<T, Wrong>;

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    /// An error at the current byte.
    fn wrong<T>(&self, context: impl Into<Cow<'static, str>>) -> Read<T> {
        let place = self.text.floor_char_boundary(self.at)..self.text.ceil_char_boundary(self.at + 1);
        let why = self.byte().map_or(Why::Ends, |byte| Why::Unexpected(byte, context.into()));
        Err(Wrong { why, at: self.at, place })
    }

    fn value(&mut self) -> Read<Tree> {
        self.skip_space();
        let start = self.at;
        self.depth += 1;
        if self.depth > self.depth_most {
            return Err(Wrong { why: Why::TooDeep, at: start, place: start..start });
        }
        let form = match self.byte() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => Form::Text(self.string()?.into()),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true")?,
            Some(b'f') => self.literal("false")?,
            Some(b'n') => self.literal("null")?,
            _ => return self.wrong("looking for beginning of value"),
        };
        self.depth -= 1;
        Ok(Tree { place: start..self.at, form })
    }

    fn object(&mut self) -> Read<Form> {
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_space();
        while self.byte() != Some(b'}') || !entries.is_empty() {
            self.skip_space();
            if self.byte() != Some(b'"') {
                return self.wrong("looking for beginning of object key string");
            }
            let start = self.at;
            let text = self.string()?.into();
            let key = Tree { place: start..self.at, form: Form::Text(text) };
            self.skip_space();
            if self.byte() != Some(b':') {
                return self.wrong("after object key");
            }
            self.at += 1;
            entries.push((key, self.value()?));
            self.skip_space();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.wrong("after object key:value pair"),
            }
        }
        self.at += 1;
        Ok(Form::Object(entries))
    }

    fn array(&mut self) -> Read<Form> {
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
        Ok(Form::Array(items))
    }

    fn literal(&mut self, word: &str) -> Read<Form> {
        for (i, letter) in word.bytes().enumerate() {
            if self.byte() != Some(letter) {
                debug_assert!(i > 0, "chosen by its first letter");
                return self.wrong(format!("in literal {word} (expecting '{}')", char::from(letter)));
            }
            self.at += 1;
        }
        Ok(Form::Plain(word.into()))
    }

    fn digits(&mut self, context: &'static str) -> Read<()> {
        if !self.byte().is_some_and(|b| b.is_ascii_digit()) {
            return self.wrong(context);
        }
        while self.byte().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Read<Form> {
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
        Ok(Form::Plain(self.text[start..self.at].into()))
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
