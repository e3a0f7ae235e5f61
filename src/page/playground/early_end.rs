//! Values without quotes that end too early: between brackets, kubectl's parser ends one at `?`, `[`, `{`, and at what closes them.
//!
//! Must not know: where brackets open. Whoever asks tries whether quotes help.

use std::ops::Range;

/// The signs at which such a value ends, though it goes on. YAML 1.2 would go on at the first one.
const SIGNS: [char; 3] = ['?', '[', '{'];

/// A value of a line that goes on after such a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Early {
    pub at: Range<usize>,
    pub sign: char,
}

/// The values of a line that end too early, if they stand between brackets.
pub(super) fn all(line: &str) -> Vec<Early> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        let rest = &line[at..];
        at += match first {
            '#' => rest.len(),
            '"' | '\'' => quoted(rest, first),
            '&' | '*' | '!' => rest.find(|c: char| c.is_whitespace() || "{}[],".contains(c)).unwrap_or(rest.len()),
            _ if first.is_whitespace() || "{}[],:-?".contains(first) && !begins(rest) => first.len_utf8(),
            _ => {
                let (length, sign) = plain(rest);
                let at = at..at + length;
                found.extend(sign.map(|sign| Early { at, sign }));
                length
            }
        };
    }
    found
}

/// A value in quotes.
pub(super) fn in_quotes(value: &str) -> String {
    if value.contains(['"', '\\']) { format!("'{}'", value.replace('\'', "''")) } else { format!("\"{value}\"") }
}

/// Whether a value may begin with a dash, a colon or a question mark that something follows at once.
fn begins(text: &str) -> bool {
    text.starts_with(['-', ':']) && !text[1..].starts_with(|c: char| c.is_whitespace() || "{}[],".contains(c)) && text.len() > 1
}

/// How long a text in quotes is.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && quote == '"' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// How long a value is that would go on at those signs until each bracket in it is closed, and the first sign.
fn plain(text: &str) -> (usize, Option<char>) {
    let (mut depth, mut sign) = (0, None);
    let mut length = text.len();
    for (at, c) in text.char_indices().skip(1) {
        let after = &text[at + c.len_utf8()..];
        let is_gap = after.is_empty() || after.starts_with(char::is_whitespace);
        let ends = match c {
            ',' | ']' | '}' => depth == 0,
            ':' => is_gap,
            '#' => text[..at].ends_with(char::is_whitespace),
            _ => false,
        };
        if ends {
            length = at;
            break;
        }
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        sign = sign.or(Some(c).filter(|c| SIGNS.contains(c)));
    }
    (text[..length].trim_end().len(), sign)
}
