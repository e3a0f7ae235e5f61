//! JSON as `jq` reads it: any number of values, one after the other.
//!
//! Promises: members of objects keep their order; what is wrong is said in jq's words. Models jq 1.6's jv_parse.c.
//! Not modelled: numbers with an exponent, `nan`, and integers that a double does not hold.

use super::run::Fault;
use base::value::{Map, Value};

/// The deepest that jq reads.
const MAX_DEPTH: usize = 256;

/// A value, and how many lines jq has taken in when it has read the value.
pub(super) struct Input {
    pub value: Value,
    pub lines: usize,
}

/// Reads the values of a text, up to the first mistake.
pub(super) fn values(text: &str, out: &mut Vec<Input>) -> Result<(), Fault> {
    let (mut reader, mut lines, mut column) = (Reader::default(), 0, 0);
    for line in text.split_inclusive('\n') {
        column = 0;
        let ends = line.ends_with('\n');
        for (at, c) in line.char_indices() {
            column += c.len_utf8();
            let is_end = c == '\n' && at + 1 == line.len();
            let taken = reader.take(c);
            let place = if is_end { (lines + 2, 0) } else { (lines + 1, column) };
            taken.map_err(|why| why.at("", place))?;
            if reader.open.is_empty() {
                out.extend(reader.next.take().map(|value| Input { value, lines: lines + usize::from(ends) }));
            }
        }
        lines += usize::from(ends);
        column = if ends { 0 } else { column };
    }
    let place = (lines + 1, column);
    if reader.text.is_some() {
        return Err(Wrong::Said("Unfinished string").at(" at EOF", place));
    }
    reader.literal().map_err(|why| why.at(" at EOF", place))?;
    if !reader.open.is_empty() {
        return Err(Wrong::Said("Unfinished JSON term").at(" at EOF", place));
    }
    out.extend(reader.next.map(|value| Input { value, lines }));
    Ok(())
}

/// What is wrong with a text.
enum Wrong {
    /// In jq's words.
    Said(&'static str),
    /// jq reads what is not modelled here.
    Unknown,
}

impl Wrong {
    fn at(self, end: &str, (line, column): (usize, usize)) -> Fault {
        match self {
            Wrong::Said(why) => Fault::Wrong(format!("{why}{end} at line {line}, column {column}")),
            Wrong::Unknown => Fault::Unknown,
        }
    }
}

#[derive(Default)]
struct Reader {
    /// The lists and objects that are not closed yet; the text above an object is the key of its next member.
    open: Vec<Value>,
    /// The value that was read last, until it has its place.
    next: Option<Value>,
    /// The letters of the current number or word.
    word: String,
    /// Those of the current string, and whether the last one escapes the next.
    text: Option<(String, bool)>,
}

impl Reader {
    fn take(&mut self, c: char) -> Result<(), Wrong> {
        if let Some((text, escapes)) = &mut self.text {
            if c != '"' || *escapes {
                *escapes = c == '\\' && !*escapes;
                text.push(c);
                return Ok(());
            }
            let text = self.text.take().unwrap_or_default().0;
            return unescaped(&text).and_then(|text| self.put(text.into()));
        }
        match c {
            '"' | ' ' | '\t' | '\r' | '\n' | '[' | ']' | '{' | '}' | ':' | ',' => self.literal()?,
            _ => self.word.push(c),
        }
        let is_deep = self.open.len() == MAX_DEPTH;
        let wrong = match (c, self.next.take(), self.open.last_mut()) {
            ('"', next, _) => {
                (self.next, self.text) = (next, Some(Default::default()));
                return Ok(());
            }
            ('[' | '{', None, _) if is_deep => "Exceeds depth limit for parsing",
            ('[' | '{', None, _) => {
                self.open.push(if c == '[' { Value::from(Vec::new()) } else { Map::as_written([]).into() });
                return Ok(());
            }
            ('[' | '{', ..) => "Expected separator between values",
            (':', None, _) => "Expected string key before ':'",
            (':', Some(key), Some(Value::Map(_))) if key.as_text().is_some() => {
                self.open.push(key);
                return Ok(());
            }
            (':', _, Some(Value::Map(_))) => "Object keys must be strings",
            (':', ..) => "':' not as part of an object",
            (',', None, _) => "Expected value before ','",
            (',' | ']', Some(value), Some(Value::List(items))) => {
                std::rc::Rc::make_mut(items).push(value);
                self.close(c);
                return Ok(());
            }
            (',' | '}', Some(value), Some(Value::Text(_))) => {
                let key = self.open.pop().as_ref().and_then(Value::as_shared_text).unwrap_or_default();
                if let Some(object) = self.open.last_mut() {
                    object.make_map().insert(key, value);
                }
                self.close(c);
                return Ok(());
            }
            (',', _, Some(_)) | ('}', Some(_), Some(_)) => "Objects must consist of key:value pairs",
            (',', ..) => "',' not as part of an object or array",
            (']', None, Some(Value::List(items))) if !items.is_empty() => "Expected another array element",
            ('}', None, Some(Value::Map(map))) if !map.is_empty() => "Expected another key-value pair",
            (']', None, Some(Value::List(_))) | ('}', None, Some(Value::Map(_))) => {
                self.close(c);
                return Ok(());
            }
            (']', ..) => "Unmatched ']'",
            ('}', ..) => "Unmatched '}'",
            (_, next, _) => {
                self.next = next;
                return Ok(());
            }
        };
        Err(Wrong::Said(wrong))
    }

    /// The list or object ends, unless the sign only ends a member.
    fn close(&mut self, sign: char) {
        if sign != ',' {
            self.next = self.open.pop();
        }
    }

    fn put(&mut self, value: Value) -> Result<(), Wrong> {
        let before = self.next.replace(value);
        if before.is_some() { Err(Wrong::Said("Expected separator between values")) } else { Ok(()) }
    }

    /// What the letters of a number or word make.
    fn literal(&mut self) -> Result<(), Wrong> {
        let word = std::mem::take(&mut self.word);
        let value = match word.as_str() {
            "" => return Ok(()),
            "null" => Value::Null,
            "true" => true.into(),
            "false" => false.into(),
            "nan" => return Err(Wrong::Unknown),
            word if word.starts_with(['t', 'f']) || word.starts_with('n') && word.len() != 3 => return Err(Wrong::Said("Invalid literal")),
            word => number(word)?,
        };
        self.put(value)
    }
}

/// A number as jq prints it.
fn number(word: &str) -> Result<Value, Wrong> {
    /// The largest integer up to which a double holds all.
    const MAX_WHOLE: u64 = 1 << 53;
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if whole.len() + part.len() == 0 || exponent.is_empty() || ![whole, part, exponent].into_iter().all(are_digits) {
        return Err(Wrong::Said("Invalid numeric literal"));
    }
    let sign = if word.starts_with('-') { "-" } else { "" };
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let number = whole.parse::<u64>().or(if whole.is_empty() { Ok(0) } else { Err(Wrong::Unknown) });
    match (number, part) {
        (Ok(0), "") if sign == "-" && exponent == "0" => Ok(Value::Real("-0".into())),
        (Ok(number), "") if number <= MAX_WHOLE && exponent == "0" => {
            format!("{sign}{number}").parse::<i64>().map(Value::from).map_err(|_| Wrong::Unknown)
        }
        // Up to fifteen digits are printed as they are read; the smallest numbers are printed with an exponent.
        (Ok(number), part) if whole.len() + part.len() <= 15 && exponent == "0" && (number > 0 || !part.starts_with("0000")) => {
            Ok(Value::Real(format!("{sign}{number}.{part}").into()))
        }
        _ => Err(Wrong::Unknown),
    }
}

/// A string without its escapes.
fn unescaped(text: &str) -> Result<String, Wrong> {
    if text.contains(|c: char| c < ' ') {
        return Err(Wrong::Said("Invalid string: control characters from U+0000 through U+001F must be escaped"));
    }
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    let read = yaml::parse(&format!("{{\"\": \"{text}\"}}")).into_iter().find_map(|document| document.value);
    let read = read.as_ref().and_then(|value| value.text_at(&[""])).filter(|_| !text.contains("\\x") && !text.contains("\\U"));
    read.map(str::to_owned).ok_or(Wrong::Said("Invalid escape"))
}
