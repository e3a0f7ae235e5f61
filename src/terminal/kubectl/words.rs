//! Splits a command line into words the way a shell does, without expanding anything.
//!
//! Promises: quotes, backslashes and `#` comments are understood; nothing else is, since pipes and variables are the shell's business.

use std::iter::Peekable;
use std::str::Chars;

/// A quote that is never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed(pub char);

/// The words of a line; an unclosed quote is an error.
pub fn split(line: &str) -> Result<Vec<String>, Unclosed> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c == '\\' && is_continuation(&chars) {
            chars.nth(1);
        } else if c == '#' {
            break;
        } else {
            words.push(word(&mut chars)?);
        }
    }
    Ok(words)
}

/// Whether a backslash and a line end come next.
fn is_continuation(chars: &Peekable<Chars>) -> bool {
    chars.clone().nth(1) == Some('\n')
}

fn word(chars: &mut Peekable<Chars>) -> Result<String, Unclosed> {
    let mut out = String::new();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            break;
        }
        chars.next();
        match c {
            '\'' => loop {
                match chars.next() {
                    Some('\'') => break,
                    Some(other) => out.push(other),
                    None => return Err(Unclosed('\'')),
                }
            },
            '"' => double_quoted(chars, &mut out)?,
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    Ok(out)
}

fn double_quoted(chars: &mut Peekable<Chars>, out: &mut String) -> Result<(), Unclosed> {
    loop {
        match chars.next() {
            Some('"') => return Ok(()),
            Some('\\') => match chars.next() {
                Some(c @ ('"' | '\\' | '$' | '`')) => out.push(c),
                Some('\n') => {}
                Some(c) => out.extend(['\\', c]),
                None => return Err(Unclosed('"')),
            },
            Some(c) => out.push(c),
            None => return Err(Unclosed('"')),
        }
    }
}
