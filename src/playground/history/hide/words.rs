//! Names that tell of a credential, values that are none, and where a value ends.

use std::ops::Range;

use base::hidden::is_word;

/// What is known of a value by the place where it stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum How {
    /// It belongs to a Secret.
    Secret,
    /// It belongs to a Secret, or has a credential in it, and is base64.
    Base64,
    /// It is a credential by its name.
    Credential,
    /// It may be anything, as that of a variable or an annotation.
    Any,
}

/// What the name of a credential contains, without what parts its words.
const NAMED: [&str; 21] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "requirepass",
    "masterauth",
    "secret",
    "token",
    "credential",
    "cookie",
    "apikey",
    "accesskey",
    "accountkey",
    "privatekey",
    "sshkey",
    "encryptionkey",
    "signingkey",
    "masterkey",
    "sharedkey",
    "licensekey",
    "connectionstring",
];
/// Words that name one where they stand alone or last.
const SHORT: [&str; 6] = ["pass", "pwd", "pw", "psw", "pin", "auth"];
/// How the name of a field ends that tells where a credential is, or how it is used.
const ABOUT: [&str; 18] = [
    "name",
    "names",
    "ref",
    "namespace",
    "seconds",
    "file",
    "path",
    "class",
    "kind",
    "mode",
    "ttl",
    "length",
    "policy",
    "count",
    "stdin",
    "url",
    "issuer",
    "type",
];
/// Words of which none is a secret.
const PLAIN: [&str; 12] = ["", "true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "~"];
/// The most digits of a number that is taken for a count, a port or a time.
const FEW_DIGITS: usize = 5;
/// Whether something of this name holds a credential.
pub(super) fn is_credential(name: &str) -> bool {
    let squashed: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_short = SHORT.contains(&last) || !squashed.ends_with("bypass") && (squashed.ends_with("pass") || squashed.ends_with("pwd"));
    (is_short || NAMED.iter().any(|word| squashed.contains(word))) && !ABOUT.iter().any(|end| squashed.ends_with(end))
}

/// Whether a value tells nothing that anybody keeps secret: a yes or no, a word that stands for a value left out, a reference.
pub(super) fn is_plain(value: &str) -> bool {
    let value = value.trim();
    PLAIN.iter().any(|word| value.eq_ignore_ascii_case(word)) || is_word(value) || is_reference(value)
}

/// Whether a value is a small number, with or without a unit.
pub(super) fn is_small_number(value: &str) -> bool {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    (1..=FEW_DIGITS).contains(&digits)
        && ["", "s", "m", "h", "ms", "k", "M", "G", "Ki", "Mi", "Gi", "MB", "GB", "%"].contains(&&value[digits..])
}

/// Whether a text only refers to a variable or a file: `$NAME`, `${NAME}`, `$(NAME)`, `$(cat file)`.
pub(super) fn is_reference(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else { return false };
    let inner = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let inner = inner.or_else(|| rest.strip_prefix('(')?.strip_suffix(')'));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match inner {
        Some(inner) => {
            inner.strip_prefix("cat ").map_or(inner.chars().all(is_name), |file| file.chars().all(|c| is_name(c) || "/.-".contains(c)))
        }
        None => !rest.is_empty() && rest.chars().all(|c| is_name(c) && !c.is_ascii_lowercase()),
    }
}

pub(super) fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_.-".contains(letter)
}

pub(super) fn is_blank(letter: char) -> bool {
    letter == ' ' || letter == '\t'
}

/// Where a part of a text begins in it.
pub(super) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// How long the beginning of a text is that consists of such characters.
pub(super) fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// A stretch of a text as the lines that have anything.
pub(super) fn lines(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let lines = text[range].lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| (offset(text, line), line.len())).map(|(at, length)| at..at + length).collect()
}

/// What ends a value that stands in no quotation marks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ends {
    Line,
    /// What ends it in brackets, and the mark around them.
    Flow,
    Word,
}

/// The value that begins here.
pub(super) fn value(text: &str, from: usize, ends: Ends) -> Range<usize> {
    if let Some(range) = quoted(text, from) {
        return range;
    }
    let rest = &text[from..];
    let line = rest.lines().next().unwrap_or_default();
    if line.starts_with("$(") {
        return from..from + line.find(')').map_or(line.len(), |at| at + 1);
    }
    let length = if ends == Ends::Line {
        line.find(" #")
    } else {
        line.char_indices().position(|(at, letter)| ends_at(line, at, letter, ends)).and_then(|nth| Some(line.char_indices().nth(nth)?.0))
    };
    let is_mark = |c: char| c.is_whitespace() || ends != Ends::Line && ")}],|&\\".contains(c);
    from..from + line[..length.unwrap_or(line.len())].trim_end_matches(is_mark).len()
}

/// Whether a letter ends a value without quotation marks.
fn ends_at(line: &str, at: usize, letter: char, ends: Ends) -> bool {
    match letter {
        '"' | '\'' => line[at + 1..].chars().next().is_none_or(|c| !c.is_alphanumeric()),
        ';' => true,
        ',' | '}' | ']' => ends == Ends::Flow,
        _ => ends == Ends::Word && letter.is_whitespace() && !line[..at].ends_with('\\'),
    }
}

/// What stands in the quotation marks that begin here, without them.
fn quoted(text: &str, from: usize) -> Option<Range<usize>> {
    let slashes = run(&text[from..], |c| c == '\\');
    let start = from + slashes + 1;
    let mark = text.get(from..start).filter(|mark| mark.ends_with(['"', '\'']))?;
    let mut end = start;
    while let Some(at) = text[end..].find(mark) {
        let slashes = text[start..end + at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        let after = &text[end + at + mark.len()..];
        if mark == "'" && (after.starts_with("\\''") || after.starts_with('\'') && at > 0) {
            end += at + 1 + run(after, |c| c == '\\' || c == '\'');
        } else if slashes % 2 == 1 && mark != "'" {
            end += at + mark.len();
        } else {
            return Some(start..end + at);
        }
    }
    // It is not ended: all of the line is taken.
    Some(start..start + run(&text[start..], |c| c != '\n'))
}
