//! What looks like a credential in text of any kind: manifests, scripts, comments, command lines, logs.
//!
//! Promises: finds stretches of text and never reads across what it does not understand; takes too much rather than too little.

use std::ops::Range;

use base::hidden::is_word;

/// A stretch of text that is to be left out, and what it is called there.
pub(super) type Found = (Range<usize>, String);

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
/// How well-known credentials begin, and how long they are at least.
const KNOWN: [&str; 11] = ["ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "AIza", "eyJhbGci", "sk-", "hvs."];
const KNOWN_LENGTH: usize = 16;
/// The most digits of a number that is taken for a count, a port or a time.
const FEW_DIGITS: usize = 5;
/// Programs that take a password after `-p`, with and without a blank between.
const PROGRAMS: [&str; 9] = ["mysql", "maria", "mongo", "sshpass", "docker", "podman", "cqlsh", "oc login", "influx"];
/// How far before its option the name of a program is looked for, in bytes.
const NEAR: usize = 300;

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
fn is_reference(value: &str) -> bool {
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

/// Whatever looks like a credential in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut out = Vec::new();
    assigned(text, &mut out);
    flagged(text, &mut out);
    headers(text, &mut out);
    addresses(text, &mut out);
    begun_addresses(text, &mut out);
    keys(text, &mut out);
    statements(text, &mut out);
    for beginning in KNOWN {
        for (at, _) in text.match_indices(beginning) {
            let end = at + run(&text[at..], |c| c.is_ascii_alphanumeric() || "-_./+=".contains(c));
            let begins = text[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
            if begins && end - at >= KNOWN_LENGTH {
                out.push((at..end, beginning.trim_end_matches(['_', '-', '.']).to_owned()));
            }
        }
    }
    out.retain(|(range, _)| !is_plain(&text[range.clone()]));
    out
}

/// How long the beginning of a text is that consists of such characters.
fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// How long the quotation mark is that a text begins with, and the backslashes before it.
fn mark(text: &str) -> usize {
    let slashes = run(text, |c| c == '\\');
    if text[slashes..].starts_with(['"', '\'']) { slashes + 1 } else { 0 }
}

/// What stands in the quotation marks that begin here, without them.
fn quoted(text: &str, from: usize) -> Option<Range<usize>> {
    let length = mark(&text[from..]);
    let (mark, start) = (&text[from..from + length], from + length);
    if mark.is_empty() {
        return None;
    }
    let mut end = start;
    loop {
        let Some(at) = text[end..].find(mark) else {
            // It is not ended: all of the line is taken.
            return Some(start..start + run(&text[start..], |c| c != '\n'));
        };
        let slashes = text[start..end + at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        if slashes % 2 == 0 || mark.starts_with('\'') {
            return Some(start..end + at);
        }
        end += at + mark.len();
    }
}

/// The value that begins here: in quotation marks, else up to a blank or to the end of the line.
fn value(text: &str, from: usize, to_line_end: bool) -> Range<usize> {
    if let Some(range) = quoted(text, from) {
        return range;
    }
    let rest = &text[from..];
    if rest.starts_with("$(") {
        return from..from + rest.find(')').map_or(run(rest, |c| c != '\n'), |at| at + 1);
    }
    let line = &rest[..run(rest, |c| c != '\n')];
    let length = if to_line_end { line.find(" #").unwrap_or(line.len()) } else { run(line, |c| !c.is_whitespace() && !"\"';".contains(c)) };
    let end = line[..length].trim_end_matches(|c: char| c.is_whitespace() || ")}],|&\\".contains(c)).len();
    from..from + end
}

/// `password: x`, `PASSWORD=x`, `"token": "x"`, `?password=x`.
fn assigned(text: &str, out: &mut Vec<Found>) {
    for (at, sign) in text.match_indices([':', '=']) {
        let before = text[..at].trim_end_matches(|c| c == ' ' && sign == "=" || "\"'\\".contains(c));
        let key = &before[before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_.-".contains(c)).len()..];
        if !is_credential(key) {
            continue;
        }
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let mut from = at + 1;
        from += run(&text[from..], |c| c == '=' || c == '>');
        from += run(&text[from..], |c| c == ' ' || c == '\t');
        let rest = &text[from..];
        let is_inside = text[line..before.len() - key.len()].contains(['{', '[', '"', '\'', ',', '?', '&']);
        let range = value(text, from, sign == ":" && !is_inside);
        let found = &text[range.clone()];
        let is_structure = range.start == from
            && (rest.starts_with(['{', '[']) && sign == ":"
                // JSON has no bare words; its numbers are left out by their structure.
                || text[..at].ends_with('"') && found.bytes().all(|byte| byte.is_ascii_digit() || b".-+eE".contains(&byte))
                || found.starts_with("//")
                || sign == ":" && found.starts_with(['|', '>', '&', '*']) && found.len() < 3);
        if !is_structure {
            out.push((range, key.trim_start_matches(['-', '.']).to_owned()));
        }
    }
}

/// `--password x`, `-pX`, `-u user:x`, also as items of a list.
fn flagged(text: &str, out: &mut Vec<Found>) {
    for (at, _) in text.match_indices('-') {
        if text[..at].chars().next_back().is_some_and(|c| !c.is_whitespace() && !"\"'[,=(`".contains(c)) {
            continue;
        }
        let rest = &text[at..];
        let flag = &rest[..run(rest, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')];
        let is_near = |programs: &[&str]| {
            let start = (at.saturating_sub(NEAR)..at).find(|start| text.is_char_boundary(*start)).unwrap_or(at);
            let before = text[start..at].to_ascii_lowercase();
            programs.iter().any(|program| before.contains(program))
        };
        let next = || next_word(text, at + flag.len());
        let name = flag.trim_start_matches('-');
        if flag.len() > 2 && is_credential(name) {
            out.extend(next().map(|range| (range, flag.to_owned())));
        } else if flag == "-p" && is_near(&PROGRAMS) || flag == "-a" && is_near(&["redis"]) {
            out.extend(next().filter(|range| !is_port(&text[range.clone()])).map(|range| (range, flag.to_owned())));
        } else if matches!(flag, "-u" | "--user") && is_near(&["curl", "wget", "http"]) {
            out.extend(next().and_then(|range| Some((range.start + text[range.clone()].find(':')? + 1..range.end, flag.to_owned()))));
        }
        if let Some(glued) = rest.strip_prefix("-p") {
            let range = value(text, at + 2, false);
            let found = &text[range.clone()];
            let is_word = glued.starts_with(|c: char| c.is_ascii_lowercase()) && found.bytes().all(|c| c.is_ascii_lowercase());
            let is_other =
                glued.starts_with(|c: char| c.is_whitespace() || "={[,".contains(c)) || found.bytes().all(|c| c.is_ascii_digit());
            // A closing quotation mark ends the option itself.
            let is_closed = mark(glued) > 0 && text[..at].ends_with(['"', '\'']);
            if !is_other && !is_closed && (is_near(&PROGRAMS) || !is_word && found.len() > 3) && !found.contains("://") {
                out.push((range, "-p".to_owned()));
            }
        }
    }
}

/// Whether a value is a port, or one that stands for another.
fn is_port(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

/// The word after an option, or the item after it in a list.
fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from + mark(&text[from..]);
    let is_list = text[at..].trim_start().starts_with(',');
    at += run(&text[at..], |c| c == ' ' || c == '\t' || is_list && (c == ',' || c == '\n'));
    let is_item = text[at..].starts_with('\n') && text[at..].trim_start().starts_with("- ");
    if is_item {
        at = text.len() - text[at..].trim_start().len();
        at += 1 + run(&text[at + 1..], |c| c == ' ');
    }
    let range = value(text, at, is_item);
    (at > from && !text[range.clone()].starts_with(['-', '\n']) && !range.is_empty()).then_some(range)
}

/// `Bearer x`, `Authorization: Basic x`.
fn headers(text: &str, out: &mut Vec<Found>) {
    let lower = text.to_ascii_lowercase();
    for scheme in ["bearer ", "basic "] {
        for (at, _) in lower.match_indices(scheme) {
            let from = at + scheme.len();
            let length = run(&text[from..], |c| c.is_ascii_alphanumeric() || "-._~+/=".contains(c));
            if length >= 6 && (scheme != "basic " || lower[..at].trim_end_matches([' ', ':', '"', '\'', '=']).ends_with("authorization")) {
                out.push((from..from + length, scheme.trim_end().to_owned()));
            }
        }
    }
}

/// `scheme://user:x@host`, `user:x@host`.
fn addresses(text: &str, out: &mut Vec<Found>) {
    for (at, _) in text.match_indices('@') {
        let is_end = |c: char| c.is_whitespace() || "\"'`,;<>|()".contains(c);
        let before = &text[..at];
        let start = before.rfind(is_end).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let begins = before[start..].find("://").map_or(start, |at| start + at + 3);
        let user = &before[begins..];
        let has_scheme = begins > start;
        let host = text[at + 1..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || "[(.$<{".contains(c));
        // An image with its digest, a path.
        if !host || text[at + 1..].starts_with("sha256:") || !has_scheme && user.contains('/') {
            continue;
        }
        match user.find(':') {
            Some(colon) => out.push((begins + colon + 1..at, "user:…@".to_owned())),
            None if has_scheme && user.len() >= 12 => out.push((begins..at, "user:…@".to_owned())),
            None => {}
        }
    }
}

/// The beginning of such an address, where the rest is missing: what is no port.
fn begun_addresses(text: &str, out: &mut Vec<Found>) {
    for (at, sign) in text.match_indices("://") {
        let from = at + sign.len();
        let user = &text[from..from + run(&text[from..], |c| !c.is_whitespace() && !"\"'`,;<>|()/".contains(c))];
        if let Some((name, rest)) = user.split_once(':').filter(|(_, rest)| !rest.contains('@')) {
            let is_other = is_port(rest) || rest.starts_with(['$', '{', '<', '%']);
            out.extend((!is_other).then(|| (from + name.len() + 1..from + user.len(), "user:…@".to_owned())));
        }
    }
}

/// The lines of private keys.
fn keys(text: &str, out: &mut Vec<Found>) {
    for (at, words) in text.match_indices("PRIVATE KEY-----") {
        let begin = text[..at].rfind("-----BEGIN");
        if begin.is_none_or(|begin| text[begin + 10..at].contains(['-', '\n'])) {
            continue;
        }
        let from = at + words.len();
        let end = text[from..].find("-----END").map_or(text.len(), |at| from + at);
        let mut start = from;
        for line in text[from..end].split_inclusive('\n') {
            let bare = line.trim();
            let begins = start + line.len() - line.trim_start().len();
            if !bare.is_empty() {
                out.push((begins..begins + bare.len(), "PRIVATE KEY".to_owned()));
            }
            start += line.len();
        }
    }
}

/// `IDENTIFIED BY 'x'`, `PASSWORD 'x'`, `requirepass x`.
fn statements(text: &str, out: &mut Vec<Found>) {
    let lower = text.to_ascii_lowercase();
    for word in ["identified by ", "password ", "requirepass ", "masterauth "] {
        for (at, _) in lower.match_indices(word) {
            let from = at + word.len();
            let range = value(text, from, false);
            if range.start > from || !word.starts_with("pass") && !range.is_empty() {
                out.push((range, word.trim_end().to_owned()));
            }
        }
    }
}
