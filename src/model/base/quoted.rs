//! Text in quotes, as Go writes it.

use std::fmt::Write;

/// `text` in double quotes, as Go's `%q` writes it.
pub fn go_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' ' => out.push(' '),
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if c.is_control() || c.is_whitespace() || is_invisible(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character is an invisible format character, as pasted by accident.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Several messages as one, without duplicates: `[a, b]`. Models k8s.io/apimachinery/pkg/util/errors Aggregate.
pub fn in_one_line(all: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = Vec::new();
    for text in all {
        if !words.contains(&text) {
            words.push(text);
        }
    }
    if let [one] = &*words { one.clone() } else { format!("[{}]", words.join(", ")) }
}
