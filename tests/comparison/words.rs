//! Removes from texts what differs between two runs by chance: uids, generated names, nodes, times, addresses.
//!
//! Ported from compare.py of the recordings, pattern by pattern.

use std::borrow::Cow;

/// The alphabet of generated names.
const SUFFIX_LETTERS: &str = "bcdfghjklmnpqrstvwxz2456789";
/// The length of a generated suffix.
const SUFFIX_LENGTH: usize = 5;
/// What a uuid begins with.
pub const HEXADECIMAL: &[u8] = b"0123456789abcdef";
/// What a time begins with: a number or the name of a day.
pub const DATES: &[u8] = b"0123456789MTWFS";
/// What an age begins with.
pub const AGES: &[u8] = b"0123456789<";
/// What a number begins with.
pub const NUMBERS: &[u8] = b"0123456789";

/// Replaces what `matcher` finds, from left to right, of what begins with one of these ASCII characters. It is given the text before and
/// after such a place, and returns the length of a match there.
pub fn replace<'a>(text: &'a str, with: &str, begins: &[u8], matcher: impl Fn(&str, &str) -> Option<usize>) -> Cow<'a, str> {
    let mut can_begin = [false; 256];
    for byte in begins {
        can_begin[usize::from(*byte)] = true;
    }
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        let length = if can_begin[usize::from(*byte)] { matcher(&text[..at], &text[at..]).unwrap_or(0) } else { 0 };
        if length > 0 {
            out.push_str(&text[done..at]);
            out.push_str(with);
            done = at + length;
        }
        at += length.max(1);
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(out + &text[done..]) }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a word can start after this text.
pub fn word_begins(before: &str) -> bool {
    !before.ends_with(is_word)
}

/// Whether a word can end before this text.
pub fn word_ends(after: &str) -> bool {
    !after.starts_with(is_word)
}

/// The length of a mask's match at the start of a text: `9` is a digit, `A` and `a` are letters, `f` is a lower-case
/// hexadecimal digit, `?` is `+` or `-`, anything else is literal.
fn mask(text: &str, mask: &str) -> Option<usize> {
    let mut chars = text.chars();
    for m in mask.chars() {
        let c = chars.next()?;
        let fits = match m {
            '9' => c.is_ascii_digit(),
            'A' => c.is_ascii_uppercase(),
            'a' => c.is_ascii_lowercase(),
            'f' => c.is_ascii_digit() || ('a'..='f').contains(&c),
            '?' => c == '+' || c == '-',
            other => c == other,
        };
        if !fits {
            return None;
        }
    }
    Some(mask.len())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// `123e4567-e89b-…`.
pub fn uuid(before: &str, rest: &str) -> Option<usize> {
    let length = mask(rest, "ffffffff-ffff-ffff-ffff-ffffffffffff")?;
    let alone = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    (alone(before.chars().next_back()) && alone(rest[length..].chars().next())).then_some(length)
}

/// `<Pod/web-0#2>`.
pub fn reference(_: &str, rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('<')?;
    let end = inside.find(['<', '>']).filter(|&i| inside[i..].starts_with('>'))?;
    let (kind, _) = inside[..end].split_once('/')?;
    let named = kind.len() > 1 && kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.chars().all(is_word);
    named.then_some(end + 2)
}

/// `2026-01-01T00:00:00Z` or `Thu, 01 Jan 2026 00:00:00 +0000`.
pub fn stamp(before: &str, rest: &str) -> Option<usize> {
    if !word_begins(before) {
        return None;
    }
    if let Some(mut length) = mask(rest, "9999-99-99T99:99:99") {
        if rest[length..].starts_with('.') && digits(&rest[length + 1..]) > 0 {
            length += 1 + digits(&rest[length + 1..]);
        }
        return mask(&rest[length..], "Z").or_else(|| mask(&rest[length..], "?99:99")).map(|zone| length + zone);
    }
    mask(rest, "Aaa, 99 Aaa 9999 99:99:99 ?9999")
}

/// `10.244.1.2`.
pub fn address(before: &str, rest: &str) -> Option<usize> {
    let first = ["10.", "172.", "192."].into_iter().find(|p| rest.starts_with(p)).filter(|_| word_begins(before))?;
    let mut length = first.len();
    for part in 0..3 {
        let n = digits(&rest[length..]).min(3);
        length += n;
        if n == 0 || part < 2 && !rest[length..].starts_with('.') {
            return None;
        }
        length += usize::from(part < 2);
    }
    word_ends(&rest[length..]).then_some(length)
}

/// `-x7k2p`: a generated suffix.
pub fn generated(before: &str, rest: &str) -> Option<usize> {
    let suffix = suffix(rest.strip_prefix('-')?)?;
    let named = before.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let after = &rest[1..];
    let letters = after.bytes().take_while(u8::is_ascii_lowercase).count();
    let by_chance = digits(&after[letters..]) > 0 || suffix.bytes().all(|b| b.is_ascii_lowercase());
    let ends = !after[SUFFIX_LENGTH..].starts_with(['.', '-']);
    (named && by_chance && ends).then_some(1 + SUFFIX_LENGTH)
}

/// The generated suffix at the start of a text, if nothing follows it.
fn suffix(text: &str) -> Option<&str> {
    let found = text.get(..SUFFIX_LENGTH)?;
    (found.chars().all(|c| SUFFIX_LETTERS.contains(c)) && word_ends(&text[SUFFIX_LENGTH..])).then_some(found)
}

/// The part after the number in `web@1-x7k2p` and `web@1-#2`.
pub fn numbered(before: &str, rest: &str) -> Option<usize> {
    let number = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    if number == 0 || !before[..before.len() - number].ends_with('@') {
        return None;
    }
    let after = rest.strip_prefix('-')?;
    let counted = after.strip_prefix('#').map(digits).filter(|n| *n > 0).map(|n| n + 1);
    counted.or_else(|| suffix(after).map(str::len)).map(|n| n + 1)
}

/// `<unknown>`, `5s`, `2m30s`: an age in a column of its own.
pub fn age(before: &str, rest: &str) -> Option<usize> {
    let joins = |c: char| is_word(c) || matches!(c, '.' | '=' | '-');
    if before.ends_with(joins) {
        return None;
    }
    let word = ["<invalid>", "<unknown>"].into_iter().find(|w| rest.starts_with(w)).map(str::len);
    let length = word.unwrap_or_else(|| {
        "ydhms".chars().fold(0, |at, unit| {
            let n = digits(&rest[at..]);
            if n > 0 && rest[at + n..].starts_with(unit) { at + n + 1 } else { at }
        })
    });
    (length > 0 && !rest[length..].starts_with(joins)).then_some(length)
}

/// The count in `(x3 over <age>)`, including the `x`.
pub fn repeats(before: &str, rest: &str) -> Option<usize> {
    let n = digits(rest.strip_prefix('x')?);
    (before.ends_with('(') && n > 0 && rest[1 + n..].starts_with(" over <age>)")).then_some(1 + n)
}

/// The number in `resourceVersion: "212"`.
pub fn resource_version(before: &str, rest: &str) -> Option<usize> {
    let n = digits(rest);
    let asked = before.ends_with("resourceVersion: \"") || before.ends_with("\"resourceVersion\": \"");
    (asked && n > 0 && rest[n..].starts_with('"')).then_some(n)
}

#[test]
fn what_is_chance_is_taken_out_and_nothing_else() {
    type Matcher = (&'static [u8], fn(&str, &str) -> Option<usize>);
    let uuid: Matcher = (HEXADECIMAL, uuid);
    let reference: Matcher = (b"<", reference);
    let stamp: Matcher = (DATES, stamp);
    let [address, resource_version]: [Matcher; 2] = [(NUMBERS, address), (NUMBERS, resource_version)];
    let [generated, numbered]: [Matcher; 2] = [(b"-", generated), (b"-", numbered)];
    let age: Matcher = (AGES, age);
    let repeats: Matcher = (b"x", repeats);
    let cases: [(Matcher, &str, &str); 18] = [
        (uuid, "pvc-123e4567-e89b-12d3-a456-426614174000 x", "pvc-* x"),
        (uuid, "a123e4567-e89b-12d3-a456-426614174000", "a123e4567-e89b-12d3-a456-426614174000"),
        (reference, "pvc-<PersistentVolumeClaim/www-web-0#2>, <none>", "pvc-*, <none>"),
        (stamp, "at 2026-01-01T00:00:00Z, 2026-01-01T00:00:00.5+01:00", "at *, *"),
        (stamp, "Fri, 20 Nov 2026 08:24:04 +0000", "*"),
        (address, "10.244.1.2 8.8.8.8 10.1.2 110.1.2.3", "* 8.8.8.8 10.1.2 110.1.2.3"),
        (generated, "nginx-f9d78 dep-c9df58b6f-6f97w", "nginx* dep-c9df58b6f*"),
        (generated, "web-nginx web-zzzzz web-zzzzz-0", "web-nginx web* web-zzzzz-0"),
        (numbered, "dep@1-zzzzz dep@12-#7 dep-#7", "dep@1* dep@12* dep-#7"),
        (age, "web-0 1/1 Running 0 5s", "web-0 1/1 Running 0 *"),
        (age, "3 (5s ago) 2m30s", "3 (* ago) *"),
        (age, "--timeout=5s 30m5 s5s <unknown>", "--timeout=5s 30m5 s5s *"),
        (repeats, "3s (x12 over <age>)", "3s (* over <age>)"),
        (resource_version, "resourceVersion: \"212\"", "resourceVersion: \"*\""),
        (resource_version, "\"resourceVersion\": \"\"", "\"resourceVersion\": \"\""),
        (stamp, "x2026-01-01T00:00:00Z", "x2026-01-01T00:00:00Z"),
        (reference, "<a <Pod/b>", "<a *"),
        (age, "10s5m", "10s5m"),
    ];
    for ((begins, matcher), text, want) in cases {
        assert_eq!(replace(text, "*", begins, matcher), want);
    }
}
