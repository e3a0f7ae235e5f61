//! What looks like a credential in text of any kind without a name before it: passwords after options, tokens, addresses, keys.
//!
//! Promises: takes too much rather than too little.

use std::ops::Range;

use base::base64;

use super::pairs::Reading;
use super::words::{Ends, How, is_blank, is_credential, is_of_name, offset, run, value};

/// A stretch of text that is to be left out, what it is called there, and why.
pub(super) type Look<'a> = (Range<usize>, &'a str, How);

/// How long a token is at least, and a name in an address that is one.
const TOKEN: usize = 6;
const LONG: usize = 12;
/// How well-known credentials begin, and how long they are at least.
const KNOWN: [&str; 11] = ["ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "AIza", "eyJhbGci", "sk-", "hvs."];
const KNOWN_LENGTH: usize = 16;
/// Programs that take a password after `-p`, with and without a blank between.
const PROGRAMS: [&str; 9] = ["mysql", "maria", "mongo", "sshpass", "docker", "podman", "cqlsh", "oc login", "influx"];
/// How far before its option the name of a program is looked for, in bytes.
const NEAR: usize = 300;

/// Whatever looks like a credential in a text without its name.
pub(super) fn find(text: &str) -> Vec<Look<'_>> {
    let mut out = Vec::new();
    for name in text.split(|c| !is_of_name(c)).filter(|name| !name.is_empty()) {
        let at = offset(text, name);
        let range = option(text, name, at).or_else(|| token(text, name, at));
        let is_glued = range.as_ref().is_some_and(|range| range.start < at + name.len());
        out.extend(range.map(|range| (range, if is_glued { &name[..2] } else { name }, How::Credential)));
        let range = at..at + run(&text[at..], |c| is_of_name(c) || "+/=".contains(c));
        if range.len() >= KNOWN_LENGTH && encodes_any(&text[range.clone()]) {
            out.push((range, "base64", How::Base64));
        }
    }
    addresses(text, &mut out);
    keys(text, &mut out);
    out
}

/// `-p x`, `-px`, `-u user:x`, `--password x`, `PASSWORD 'x'`, `IDENTIFIED BY 'x'`.
fn option(text: &str, name: &str, at: usize) -> Option<Range<usize>> {
    let (before, end) = (&text[..at], at + name.len());
    let is_first = before.chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'[,=(`".contains(c));
    let next = || next_word(text, end);
    let lower = name.to_ascii_lowercase();
    let is_statement = lower == "by" && before.to_ascii_lowercase().ends_with("identified ")
        || ["requirepass", "masterauth"].contains(&name)
        || lower.ends_with("password")
            && text[end..].trim_start_matches(is_blank).starts_with(['"', '\''])
            && !text[end..].starts_with('"');
    let glued = || Some(value(text, at + 2, Ends::Word)).filter(|range| is_glued(text, at, range));
    match name {
        "-p" if is_first && is_near(before, &PROGRAMS) => next().filter(|range| !is_port(&text[range.clone()])).or_else(glued),
        "-a" if is_first && is_near(before, &["redis"]) => next(),
        "-u" | "--user" if is_first && is_near(before, &["curl", "wget", "http"]) => {
            next().and_then(|range| Some(range.start + text[range.clone()].find(':')? + 1..range.end))
        }
        _ if is_statement || name.len() > 2 && name.starts_with('-') && is_credential(name) => next(),
        _ if is_first && name.starts_with("-p") => glued(),
        _ => None,
    }
}

/// Whether what stands right behind `-p` is a password: with such a program before, or where it is no word and no port.
fn is_glued(text: &str, at: usize, range: &Range<usize>) -> bool {
    let (glued, found) = (&text[at + 2..], &text[range.clone()]);
    // A closing quotation mark ends the option itself.
    let is_closed = glued.starts_with(['"', '\'']) && text[..at].ends_with(['"', '\'']);
    let is_other =
        is_closed || glued.starts_with(|c: char| c.is_whitespace() || "={[,".contains(c)) || is_port(found) || found.contains("://");
    let is_word = found.len() <= 3 || found.bytes().all(|c| c.is_ascii_lowercase());
    !is_other && (!is_word || is_near(&text[..at], &PROGRAMS))
}

/// `Bearer x`, `Authorization: Basic x`, and what begins as well-known credentials do.
fn token(text: &str, name: &str, at: usize) -> Option<Range<usize>> {
    let is_basic = name.eq_ignore_ascii_case("basic") && is_near(&text[..at], &["authorization"]);
    let from = at + if is_basic || name.eq_ignore_ascii_case("bearer") { name.len() + 1 } else { 0 };
    let length = run(text.get(from..)?, |c| is_of_name(c) || "~+/=".contains(c));
    let is_known = from > at && length >= TOKEN || length >= KNOWN_LENGTH && KNOWN.iter().any(|begins| name.starts_with(begins));
    is_known.then_some(from..from + length)
}

/// Whether one of these words stands shortly before.
fn is_near(before: &str, words: &[&str]) -> bool {
    let start = (before.len().saturating_sub(NEAR)..before.len()).find(|start| before.is_char_boundary(*start)).unwrap_or(before.len());
    let before = before[start..].to_ascii_lowercase();
    words.iter().any(|word| before.contains(word))
}

/// Whether a text is base64 with a credential in it.
fn encodes_any(text: &str) -> bool {
    let decoded = base64::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.is_some_and(|text| {
        let pairs = Reading { text: &text, ..Reading::default() }.pairs();
        pairs.iter().any(|pair| pair.how.is_some() && !pair.lines.is_empty()) || !find(&text).is_empty()
    })
}

/// Whether a value is a port, or one that stands for another.
fn is_port(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

/// The word after an option, or the item after it in a list.
fn next_word(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text[end..].trim_start_matches(['"', '\'', '\\']);
    let next = rest.trim_start_matches([' ', '\t', '\n', ',', '-']);
    let between = &rest[..rest.len() - next.len()];
    let is_item = between.contains('\n') && (between.trim_end_matches(' ').ends_with('-') || between.contains(','));
    let next = if is_item || !between.contains(['-', '\n']) { offset(text, next) } else { return None };
    let range = value(text, next, if between.contains('\n') { Ends::Line } else { Ends::Word });
    (!between.is_empty() && !range.is_empty()).then_some(range)
}

/// `scheme://user:x@host`, `user:x@host`, and the beginning of such an address, where the rest is missing.
fn addresses<'a>(text: &'a str, out: &mut Vec<Look<'a>>) {
    for word in text.split(|c: char| c.is_whitespace() || "\"'`,;<>|()".contains(c)).filter(|word| word.contains(':')) {
        let (scheme, rest) = word.split_once("://").unwrap_or(("", word));
        let range = match rest.rfind('@') {
            Some(end) if scheme.is_empty() && rest[..end].contains('/') || rest[end..].starts_with("@sha256:") => continue,
            Some(end) => match rest[..end].find(':') {
                Some(colon) => colon + 1..end,
                None if end >= LONG && !scheme.is_empty() => 0..end,
                None => continue,
            },
            None => match rest[..rest.find('/').unwrap_or(rest.len())].split_once(':') {
                Some((host, port)) if !scheme.is_empty() && !is_port(port) && !port.starts_with(['$', '{', '%']) => {
                    host.len() + 1..host.len() + 1 + port.len()
                }
                _ => continue,
            },
        };
        let at = offset(text, rest);
        out.push((at + range.start..at + range.end, "user:…@", How::Credential));
    }
}

/// Private keys.
fn keys<'a>(text: &'a str, out: &mut Vec<Look<'a>>) {
    for (at, words) in text.match_indices("PRIVATE KEY-----") {
        let begin = text[..at].rfind("-----BEGIN");
        if begin.is_some_and(|begin| !text[begin + 10..at].contains(['-', '\n'])) {
            let from = at + words.len();
            let end = text[from..].find("-----END").map_or(text.len(), |at| from + at);
            out.push((from..end, "PRIVATE KEY", How::Credential));
        }
    }
}
