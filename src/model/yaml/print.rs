//! Prints values as `kubectl -o yaml` does.
//!
//! Models sigs.k8s.io/yaml Marshal over go.yaml.in/yaml/v2 emitterc.go, encode.go and sorter.go: lists are not indented below their
//! key, long strings are folded, strings that would be read as another type are double-quoted.

use base::letter::is_letter;
use std::fmt::Write;
use std::rc::Rc;

use base::value::{Map, Value};

use super::number::Decimal;
use super::resolve::{Resolved, resolve};

/// The maximum length in bytes of a key written without `?`.
const SIMPLE_KEY_MAX_BYTES: usize = 128;
/// A string is folded at the first blank beyond this column.
const FOLD_COLUMN: usize = 80;
/// Spaces per level.
const INDENT: usize = 2;

/// Prints a value as a YAML document with a final line break.
pub fn print(value: &Value) -> String {
    Printer { out: String::new(), is_yq: false }.print(value)
}

/// Prints a value as yq does: keys in their own order, lists indented below their key.
pub fn print_in_order(value: &Value) -> String {
    Printer { out: String::new(), is_yq: true }.print(value)
}

/// What precedes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// `key:`.
    Key,
    /// `-`, `?`, or the `:` of a long key: collections begin on the same line.
    Marker,
}

struct Printer {
    out: String,
    is_yq: bool,
}

impl Printer {
    fn print(mut self, value: &Value) -> String {
        match value {
            Value::Map(map) if !map.is_empty() => self.map(map, 0, false),
            Value::List(items) if !items.is_empty() => self.list(items, 0, false),
            scalar => self.scalar(scalar, INDENT),
        }
        self.end_line();
        self.out
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn start_line(&mut self, indent: usize) {
        self.end_line();
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Prints a value after a marker at `indent`.
    fn value(&mut self, value: &Value, indent: usize, after: After) {
        match (value, after) {
            (Value::Map(map), After::Key) if !map.is_empty() => self.map(map, indent + INDENT, false),
            (Value::Map(map), After::Marker) if !map.is_empty() => self.map(map, indent + INDENT, true),
            (Value::List(items), After::Key) if !items.is_empty() => {
                self.list(items, if self.is_yq { indent + INDENT } else { indent }, false)
            }
            (Value::List(items), After::Marker) if !items.is_empty() => self.list(items, indent + INDENT, true),
            _ => {
                self.out.push(' ');
                self.scalar(value, indent + INDENT);
            }
        }
    }

    /// Starts an entry: the first one on the line of the preceding marker.
    fn start_entry(&mut self, indent: usize, on_line: bool) {
        if on_line {
            self.out.push(' ');
        } else {
            self.start_line(indent);
        }
    }

    fn list(&mut self, items: &[Value], indent: usize, on_line: bool) {
        for (i, item) in items.iter().enumerate() {
            self.start_entry(indent, on_line && i == 0);
            self.out.push('-');
            self.value(item, indent, After::Marker);
        }
    }

    fn map(&mut self, map: &Map, indent: usize, on_line: bool) {
        let members = map.iter().collect();
        for (i, (key, value)) in (if self.is_yq { members } else { sorted(members) }).into_iter().enumerate() {
            self.start_entry(indent, on_line && i == 0);
            if key.len() <= SIMPLE_KEY_MAX_BYTES && !key.contains(is_break) {
                self.text(key, indent, true);
                self.out.push(':');
                self.value(value, indent, After::Key);
            } else {
                self.out.push_str("? ");
                self.text(key, indent + INDENT, false);
                self.start_line(indent);
                self.out.push(':');
                self.value(value, indent, After::Marker);
            }
        }
    }

    /// Prints a scalar or an empty collection. Continuation lines are indented by `indent`.
    fn scalar(&mut self, value: &Value, indent: usize) {
        let _ = match value {
            Value::Text(text) => return self.text(text, indent, false),
            Value::Null => write!(self.out, "null"),
            Value::Bool(b) => write!(self.out, "{b}"),
            Value::Int(n) => write!(self.out, "{n}"),
            Value::Real(number) if number.parse::<u64>().is_ok() => write!(self.out, "{number}"),
            Value::Real(number) => {
                let shortest = Decimal::parse(number).map_or_else(|| number.to_string(), |n| n.to_shortest());
                write!(self.out, "{shortest}")
            }
            Value::List(_) => write!(self.out, "[]"),
            Value::Map(_) => write!(self.out, "{{}}"),
        };
    }

    fn text(&mut self, text: &str, indent: usize, is_key: bool) {
        let style = style_of(text, is_key);
        let quote = match style {
            Style::Literal => return self.literal(text, indent),
            Style::Plain => "",
            Style::Single => "'",
            Style::Double => "\"",
        };
        self.out.push_str(quote);
        self.folded(text, style, (!is_key).then_some(indent), indent);
        self.out.push_str(quote);
    }

    /// Prints a string in a style that can be folded when a line gets too long; never folds if `fold` is `None`.
    fn folded(&mut self, text: &str, style: Style, fold: Option<usize>, indent: usize) {
        let mut column = self.out.rsplit('\n').next().map_or(0, |line| line.chars().count());
        // Upstream's emitter escapes everything, even blanks, in a string that starts with a byte order mark.
        let starts_with_mark = text.starts_with('\u{feff}');
        let fold = fold.filter(|_| !starts_with_mark || style != Style::Double);
        let mut previous = None;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let before = self.out.len();
            let next = chars.peek().map(|(_, next)| *next);
            let inside = at > 0 && next.is_some();
            let folds =
                c == ' ' && previous != Some(' ') && column > FOLD_COLUMN && inside && (style == Style::Double || next != Some(' '));
            match fold {
                Some(indent) if folds => {
                    self.start_line(indent);
                    if next == Some(' ') {
                        self.out.push('\\');
                    }
                    column = self.out.len() - before - 1;
                    previous = Some(c);
                    continue;
                }
                _ => {}
            }
            if previous.is_some_and(is_break) && !is_break(c) && style == Style::Single {
                self.out.extend(std::iter::repeat_n(' ', indent));
            }
            match (style, c) {
                (Style::Double, _) => self.double_quoted(c, starts_with_mark),
                (Style::Single, '\'') => self.out.push_str("''"),
                _ => self.out.push(c),
            }
            column += self.out[before..].chars().count();
            // An escaped character does not count as a preceding blank, even if it stands for one.
            previous = Some(c);
        }
    }

    /// Prints a character of a double-quoted string; escapes it if `always` or if necessary.
    fn double_quoted(&mut self, c: char, always: bool) {
        let escape = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            c if is_printable(c) && !always => return self.out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                return;
            }
        };
        self.out.push('\\');
        self.out.push(escape);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.out.push('|');
        if text.starts_with([' ', '\n']) || text.starts_with(is_break) {
            self.out.push('2');
        }
        let before_last = text.char_indices().next_back().map_or("", |(at, _)| &text[..at]);
        if !text.ends_with(is_break) {
            self.out.push('-');
        } else if before_last.is_empty() || before_last.ends_with(is_break) {
            self.out.push('+');
        }
        self.out.push('\n');
        let mut after_break = true;
        for c in text.chars() {
            if after_break && !is_break(c) {
                self.out.extend(std::iter::repeat_n(' ', indent));
            }
            after_break = is_break(c);
            self.out.push(c);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character needs no escape. Upstream's emitter considers nothing beyond the basic plane printable.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// The first style that can represent the string, starting with its preferred one. Models emitterc.go `select_scalar_style`.
fn style_of(text: &str, is_key: bool) -> Style {
    let traits = Traits::of(text);
    let wanted = if text.contains('\n') {
        Style::Literal
    } else if resolve(text) == Resolved::Text && !is_base_60(text) {
        Style::Plain
    } else {
        Style::Double
    };
    match wanted {
        Style::Literal if traits.block && !is_key => Style::Literal,
        Style::Plain if traits.plain => Style::Plain,
        Style::Plain if traits.single_quoted => Style::Single,
        _ => Style::Double,
    }
}

/// Whether other YAML 1.1 readers would take the string for a base-60 number, as in `190:20:30`. Models encode.go isBase60Float.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or("");
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !first.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return false;
    }
    let mut rest: Vec<&str> = parts.collect();
    if let Some(last) = rest.last_mut() {
        let (whole, fraction) = last.split_once('.').unwrap_or((last, ""));
        if !fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
            return false;
        }
        *last = whole;
    }
    let is_sixtieth = |part: &&str| match part.as_bytes() {
        [unit] => unit.is_ascii_digit(),
        [ten, unit] => (b'0'..=b'5').contains(ten) && unit.is_ascii_digit(),
        _ => false,
    };
    !rest.is_empty() && rest.iter().all(is_sixtieth)
}

/// Which styles can represent a string. Models emitterc.go `analyze_scalar`.
struct Traits {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Traits {
    fn of(text: &str) -> Traits {
        let chars: Vec<char> = text.chars().collect();
        let mut traits = Traits { plain: !text.starts_with("---") && !text.starts_with("..."), single_quoted: true, block: true };
        let blank_at = |i: usize| chars.get(i).is_none_or(|c| matches!(c, ' ' | '\t'));
        for (i, c) in chars.iter().copied().enumerate() {
            let previous = i.checked_sub(1).map(|p| chars[p]);
            let indicator = match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => i == 0,
                '#' => previous.is_none_or(|p| matches!(p, ' ' | '\t' | '\0') || is_break(p)),
                '?' | '-' => i == 0 && blank_at(i + 1),
                ':' => blank_at(i + 1),
                _ => false,
            };
            let at_edge = i == 0 || i + 1 == chars.len();
            if indicator || is_break(c) || (c == ' ' && at_edge) {
                traits.plain = false;
            }
            if c == ' ' && i + 1 == chars.len() {
                traits.block = false;
            }
            if c == ' ' && previous.is_some_and(is_break) {
                (traits.plain, traits.single_quoted) = (false, false);
            }
            if !is_printable(c) || (is_break(c) && previous == Some(' ')) {
                return Traits { plain: false, single_quoted: false, block: false };
            }
        }
        traits
    }
}

/// Sorts keys the way kubectl does. A hand-written merge sort, because that order is inconsistent for some keys and the standard
/// sort may then panic.
fn sorted<'a>(entries: Vec<(&'a Rc<str>, &'a Value)>) -> Vec<(&'a Rc<str>, &'a Value)> {
    if entries.len() < 2 || entries.windows(2).all(|pair| comes_before(pair[0].0, pair[1].0)) {
        return entries;
    }
    let mut left = entries;
    let right = sorted(left.split_off(left.len() / 2));
    let left = sorted(left);
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(l), Some(r)) = (left.peek(), right.peek()) {
        out.extend(if comes_before(r.0, l.0) { right.next() } else { left.next() });
    }
    out.extend(left);
    out.extend(right);
    out
}

/// Letters after everything else, runs of digits numerically. Models sorter.go keyList.Less.
fn comes_before(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(i) = (0..a.len().min(b.len())).find(|i| a[*i] != b[*i]) else {
        return a.len() < b.len();
    };
    match (is_letter(a[i]), is_letter(b[i])) {
        (true, true) => return a[i] < b[i],
        (false, false) => {}
        (_, b_is_letter) => return b_is_letter,
    }
    let inside_number = (a[i] == '0' || b[i] == '0') && a[..i].iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
    let number = |chars: &[char]| {
        let digits: Vec<i64> = chars[i..].iter().map_while(|c| c.to_digit(10)).map(i64::from).collect();
        let value = digits.iter().fold(i64::from(inside_number), |n, d| n.wrapping_mul(10).wrapping_add(*d));
        (value, digits.len())
    };
    let (a_number, b_number) = (number(&a), number(&b));
    if a_number == b_number { a[i] < b[i] } else { a_number < b_number }
}
