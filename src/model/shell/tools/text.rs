//! Tools that select or transform lines.

use std::fmt::Write;

use super::escapes::escaped;
use super::job::{Job, MISUSED};
use base::note::Note;
use base::sort::Sort;

pub(super) fn cat(j: &mut Job) -> i32 {
    j.out = j.files_text();
    j.status()
}

/// The lines that `head` and `tail` print: a number from one end, or all but a number from the other.
#[derive(Clone, Copy)]
enum Ends {
    Only(usize),
    AllBut(usize),
}

pub(super) fn head(j: &mut Job) -> i32 {
    ends(j, '-', first)
}

fn first<'l, 't>(lines: &'l [&'t str], which: Ends) -> &'l [&'t str] {
    match which {
        Ends::Only(count) => &lines[..count.min(lines.len())],
        Ends::AllBut(count) => &lines[..lines.len().saturating_sub(count)],
    }
}

pub(super) fn tail(j: &mut Job) -> i32 {
    ends(j, '+', last)
}

/// `+3` starts at the third line.
fn last<'l, 't>(lines: &'l [&'t str], which: Ends) -> &'l [&'t str] {
    match which {
        Ends::Only(count) => &lines[lines.len().saturating_sub(count)..],
        Ends::AllBut(count) => &lines[count.saturating_sub(1).min(lines.len())..],
    }
}

fn ends(j: &mut Job, all_but: char, kept: for<'l, 't> fn(&'l [&'t str], Ends) -> &'l [&'t str]) -> i32 {
    const USUAL: &str = "10";
    let said = j.value('n').unwrap_or(USUAL);
    let digits = said.strip_prefix(['+', '-']).unwrap_or(said);
    let Ok(count) = digits.parse() else {
        let what = if j.host.is_busybox() { "number" } else { "number of lines:" };
        return j.fail(&format!("{}: invalid {what} '{said}'", j.name));
    };
    let which = if said.starts_with(all_but) { Ends::AllBut(count) } else { Ends::Only(count) };
    let words = j.words.clone();
    let heads = words.len() > 1;
    for (i, (file, text)) in j.texts(&words).into_iter().enumerate() {
        if heads {
            let _ = writeln!(j.out, "{}==> {file} <==", if i > 0 { "\n" } else { "" });
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        j.out.extend(kept(&lines, which).iter().copied());
        j.full = matches!(which, Ends::Only(count) if lines.len() >= count) && j.name == "head";
    }
    j.status()
}

pub(super) fn wc(j: &mut Job) -> i32 {
    let words = j.words.clone();
    let letters: Vec<char> = "lwc".chars().filter(|letter| j.on(*letter)).collect();
    let texts = j.texts(&words);
    let whole: String = texts.iter().map(|(_, text)| text.as_str()).collect();
    // GNU's makes room for the number of all bytes, and for more of what comes through a pipe; busybox always makes the same room.
    let width = if words.is_empty() { 7 } else { whole.len().to_string().len() };
    let total = (words.len() > 1).then(|| ("total".to_owned(), whole));
    for (file, text) in texts.into_iter().chain(total) {
        let counts = counts(&text, &letters);
        let width = match (j.host.is_busybox(), counts.len() + words.len() > 2 || counts.len() > 1) {
            (_, false) => 0,
            (true, _) => 9,
            (false, _) => width,
        };
        let line = counts.iter().map(|count| format!("{count:width$}")).collect::<Vec<_>>().join(" ");
        j.line(format!("{line} {file}").trim_end());
    }
    j.status()
}

/// What `wc` counts in a text: lines, words and bytes, or those of them that are asked for.
fn counts(text: &str, letters: &[char]) -> Vec<usize> {
    let all = [('l', text.matches('\n').count()), ('w', text.split_whitespace().count()), ('c', text.len())];
    all.into_iter().filter(|(letter, _)| letters.is_empty() || letters.contains(letter)).map(|(_, count)| count).collect()
}

pub(super) fn sort(j: &mut Job) -> i32 {
    let text = j.files_text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_small_by(Ord::cmp);
    if j.on('u') {
        lines.dedup();
    }
    j.out = lines.iter().flat_map(|line| [line, "\n"]).collect();
    j.status() * MISUSED
}

pub(super) fn cut(j: &mut Job) -> i32 {
    let Some(list) = j.value('f') else { return j.fail("cut: you must specify a list of bytes, characters, or fields") };
    let Some(ranges) = list.split(',').map(range).collect::<Option<Vec<_>>>() else {
        return j.fail(&format!("cut: invalid field value '{list}'"));
    };
    let wanted = |i: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&(i + 1)));
    let delimiter = j.value('d').filter(|d| !d.is_empty()).unwrap_or("\t");
    for line in j.files_text().lines() {
        if !line.contains(delimiter) {
            j.line(line);
            continue;
        }
        let fields = line.split(delimiter).enumerate().filter(|(i, _)| wanted(*i)).map(|(_, field)| field);
        j.line(&fields.collect::<Vec<_>>().join(delimiter));
    }
    j.status()
}

/// `2`, `2-4`, `-4`, `2-`: a range.
fn range(text: &str) -> Option<(usize, usize)> {
    let (a, b) = text.split_once('-').unwrap_or((text, text));
    let end = |text: &str, open| if text.is_empty() { Some(open) } else { text.parse().ok().filter(|n| *n > 0) };
    (text != "-" && !text.is_empty()).then_some((end(a, 1)?, end(b, usize::MAX)?))
}

/// `tr ' ' '\n'`, `tr a-z A-Z`. Classes like `[:digit:]` are not simulated.
pub(super) fn tr(j: &mut Job) -> i32 {
    let [from, to] = j.words[..] else { return j.fail("tr: missing operand") };
    if let Some(class) = [from, to].into_iter().find(|letters| letters.contains("[:") || letters.contains("[=")) {
        return j.note(Note::NotSimulated(format!("tr {class}")));
    }
    let (from, to) = (letters(from), letters(to));
    for c in j.input.chars() {
        let at = from.iter().position(|known| *known == c);
        let new = at.and_then(|at| to.get(at).or(to.last()));
        j.out.push(new.copied().unwrap_or(c));
    }
    0
}

/// The characters of a set: `a-z`.
fn letters(text: &str) -> Vec<char> {
    /// The most characters in a range.
    const MAX_RANGE: usize = 256;
    let chars: Vec<char> = escaped(text).chars().collect();
    let (mut all, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        if let (Some('-'), Some(end)) = (chars.get(i + 1), chars.get(i + 2)) {
            all.extend((chars[i]..=*end).take(MAX_RANGE));
            i += 3;
        } else {
            all.push(chars[i]);
            i += 1;
        }
    }
    all
}

pub(super) fn base64(j: &mut Job) -> i32 {
    /// The line length.
    const WIDTH: usize = 76;
    let text = j.files_text();
    if j.on('d') {
        let Ok(bytes) = base::base64::decode(&text) else { return j.fail("base64: invalid input") };
        j.out = String::from_utf8_lossy(&bytes).into_owned();
        return j.status();
    }
    let mut rest = base::base64::encode(text.as_bytes());
    while rest.len() > WIDTH {
        let behind = rest.split_off(WIDTH);
        j.line(&rest);
        rest = behind;
    }
    j.line(&rest);
    j.status()
}
