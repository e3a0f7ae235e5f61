//! JSON read into values: what a program wrote, such as an annotation. Small in code: the page has no other reader of JSON, and one
//! of serde's costs it thirty times as much.
//!
//! Promises: any text gives a value or nothing. What people write goes through [`crate::yaml`], which says what is wrong with it.

use std::rc::Rc;

use super::value::{Map, Value};

/// How deeply lists and maps may be nested.
const MOST_DEPTH: usize = 200;

/// The value of a text; `None` where it is no JSON.
pub fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(MOST_DEPTH)?;
    reader.skip();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip(&mut self) {
        self.at += self.rest().len() - self.rest().trim_ascii_start().len();
    }

    /// Whether the next thing is this; it is passed over then.
    fn takes(&mut self, word: &str) -> bool {
        self.skip();
        let is = self.rest().starts_with(word);
        self.at += if is { word.len() } else { 0 };
        is
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let deeper = depth.checked_sub(1)?;
        if self.takes("{") {
            let mut map = Map::new();
            while !self.takes("}") {
                if !map.is_empty() && !self.takes(",") {
                    return None;
                }
                let key = self.string()?;
                if !self.takes(":") {
                    return None;
                }
                map.insert(key, self.value(deeper)?);
            }
            return Some(map.into());
        }
        if self.takes("[") {
            let mut items: Vec<Value> = Vec::new();
            while !self.takes("]") {
                if !items.is_empty() && !self.takes(",") {
                    return None;
                }
                items.push(self.value(deeper)?);
            }
            return Some(Value::list(items));
        }
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            if self.takes(word) {
                return Some(value);
            }
        }
        if self.rest().starts_with('"') { self.string().map(|text| Value::Text(text.into())) } else { self.number() }
    }

    fn number(&mut self) -> Option<Value> {
        let end = self.rest().find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(self.rest().len());
        let digits: Rc<str> = self.rest()[..end].into();
        self.at += end;
        digits.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()).then(|| match digits.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Real(digits),
        })
    }

    fn string(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return None;
        }
        let mut out = String::new();
        loop {
            let c = self.next()?;
            match c {
                '"' => return Some(out),
                '\\' => out.push(match self.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => self.code()?,
                    other => other,
                }),
                c => out.push(c),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// A character by its number, which may be two of four digits.
    fn code(&mut self) -> Option<char> {
        const HIGH: std::ops::Range<u32> = 0xd800..0xdc00;
        let first = self.digits()?;
        if !HIGH.contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let second = (self.next()? == '\\' && self.next()? == 'u').then(|| self.digits()).flatten()?;
        Some(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second & 0x3ff)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn digits(&mut self) -> Option<u32> {
        let number = u32::from_str_radix(self.rest().get(..4)?, 16).ok()?;
        self.at += 4;
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = r#" { "a" : [1, -2, 1.5, true, null, "x\n\"\u00e9\ud83d\ude00\u003c"], "b" : {}, "c" : [] } "#;
        let value = read(text).expect("a value");
        assert_eq!(value.to_json(), "{\"a\":[1,-2,1.5,true,null,\"x\\n\\\"é😀\\u003c\"],\"b\":{},\"c\":[]}");
        assert_eq!(read(&value.to_json()), Some(value));
    }

    #[test]
    fn what_is_no_json_is_nothing() {
        for text in ["", "{", "[1 2]", "{a: b}", "{\"a\"}", "1 2", "nul", "\"\\ud83d\"", "\"x", "[,1]", "é"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(1000)), None);
    }
}
