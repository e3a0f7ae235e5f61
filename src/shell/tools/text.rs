//! Tools that select or transform lines.

use std::fmt::Write;

use super::Job;
use super::print::escaped;
use crate::base::note::Note;
use crate::base::sort::Sort;

pub(super) fn cat(j: &mut Job) -> i32 {
    let text = j.files_text();
    if !j.on('n') {
        j.out = text;
        return j.status();
    }
    for (i, line) in text.lines().enumerate() {
        let _ = writeln!(j.out, "{:6}\t{line}", i + 1);
    }
    j.status()
}

pub(super) fn tac(j: &mut Job) -> i32 {
    let text = j.files_text();
    j.out = text.lines().rev().flat_map(|line| [line, "\n"]).collect();
    j.status()
}

/// The lines that `head` and `tail` print: a number from one end, or all but a number from the other.
#[derive(Clone, Copy)]
enum Ends {
    Only(usize),
    AllBut(usize),
}

pub(super) fn head(j: &mut Job) -> i32 {
    ends(j, '-', |lines, which| match which {
        Ends::Only(count) => &lines[..count.min(lines.len())],
        Ends::AllBut(count) => &lines[..lines.len().saturating_sub(count)],
    })
}

pub(super) fn tail(j: &mut Job) -> i32 {
    // `+3` starts at the third line.
    ends(j, '+', |lines, which| match which {
        Ends::Only(count) => &lines[lines.len().saturating_sub(count)..],
        Ends::AllBut(count) => &lines[count.saturating_sub(1).min(lines.len())..],
    })
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
    let heads = words.len() > 1 && !j.on('q');
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
    let letters: Vec<char> = "lwmc".chars().filter(|letter| j.on(*letter)).collect();
    let counts = |text: &str| {
        let all =
            [('l', text.matches('\n').count()), ('w', text.split_whitespace().count()), ('m', text.chars().count()), ('c', text.len())];
        let wanted = |letter: &char| if letters.is_empty() { *letter != 'm' } else { letters.contains(letter) };
        all.into_iter().filter(|(letter, _)| wanted(letter)).map(|(_, count)| count).collect::<Vec<_>>()
    };
    let texts = j.texts(&words);
    let whole: String = texts.iter().map(|(_, text)| text.as_str()).collect();
    let total = (words.len() > 1).then(|| ("total".to_owned(), whole));
    for (file, text) in texts.into_iter().chain(total) {
        let counts = counts(&text);
        let count = |count: &usize| if counts.len() > 1 { format!("{count:7}") } else { count.to_string() };
        let line = counts.iter().map(count).collect::<Vec<_>>().join(if letters.is_empty() { "" } else { " " });
        j.line(format!("{line} {file}").trim_end());
    }
    j.status()
}

pub(super) fn sort(j: &mut Job) -> i32 {
    let text = j.files_text();
    let key = j.value('k').unwrap_or_default();
    let (column, flags) = key.split_at(key.find(|c: char| !c.is_ascii_digit()).unwrap_or(key.len()));
    let column = column.parse::<usize>().ok().map(|column| column.saturating_sub(1));
    let (numeric, reversed) = (j.on('n') || flags.contains('n'), j.on('r') || flags.contains('r'));
    let separator = j.value('t').filter(|separator| !separator.is_empty());
    let part = |line: &str| match (column, separator) {
        (Some(column), Some(separator)) => line.split(separator).skip(column).collect::<Vec<_>>().join(separator),
        (Some(column), None) => line.split_whitespace().skip(column).collect::<Vec<_>>().join(" "),
        (None, _) => line.to_owned(),
    };
    let number = |text: &str| {
        let text = text.trim();
        let end = text.char_indices().find(|(i, c)| !(c.is_ascii_digit() || (*i == 0 && *c == '-'))).map_or(text.len(), |(i, _)| i);
        text[..end].parse::<i64>().unwrap_or(0)
    };
    let key = |line: &str| if numeric { (number(&part(line)), String::new()) } else { (0, part(line)) };
    let mut keyed: Vec<((i64, String), &str)> = text.lines().map(|line| (key(line), line)).collect();
    if j.on('u') {
        // The first line with a key is kept.
        keyed.put_in_order_by(|a, b| a.0.cmp(&b.0));
        keyed.dedup_by(|a, b| a.0 == b.0);
    } else {
        keyed.put_in_order();
    }
    if reversed {
        keyed.reverse();
    }
    j.out = keyed.iter().flat_map(|(_, line)| [line, "\n"]).collect();
    j.status()
}

pub(super) fn uniq(j: &mut Job) -> i32 {
    let text = j.files_text();
    let mut runs: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        match runs.last_mut().filter(|(_, last)| *last == line) {
            Some((n, _)) => *n += 1,
            None => runs.push((1, line)),
        }
    }
    runs.retain(|(n, _)| !(j.on('d') && *n == 1 || j.on('u') && *n > 1));
    let counts = j.on('c');
    j.out = runs.iter().map(|(n, line)| if counts { format!("{n:7} {line}\n") } else { format!("{line}\n") }).collect();
    j.status()
}

pub(super) fn cut(j: &mut Job) -> i32 {
    let letters = j.value('c');
    let Some(list) = letters.or(j.value('f')) else { return j.fail("cut: you must specify a list of bytes, characters, or fields") };
    let Some(ranges) = list.split(',').map(range).collect::<Option<Vec<_>>>() else {
        return j.fail(&format!("cut: invalid field value '{list}'"));
    };
    let wanted = |i: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&(i + 1)));
    let delimiter = j.value('d').filter(|d| !d.is_empty()).unwrap_or("\t");
    for line in j.files_text().lines() {
        let cut = if letters.is_some() {
            line.chars().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, c)| c).collect()
        } else if line.contains(delimiter) {
            let fields = line.split(delimiter).enumerate().filter(|(i, _)| wanted(*i)).map(|(_, f)| f);
            fields.collect::<Vec<_>>().join(delimiter)
        } else {
            line.to_owned()
        };
        j.line(&cut);
    }
    j.status()
}

/// `2`, `2-4`, `-4`, `2-`: a range.
fn range(text: &str) -> Option<(usize, usize)> {
    let (a, b) = text.split_once('-').unwrap_or((text, text));
    let end = |text: &str, open| if text.is_empty() { Some(open) } else { text.parse().ok().filter(|n| *n > 0) };
    (text != "-" && !text.is_empty()).then_some((end(a, 1)?, end(b, usize::MAX)?))
}

pub(super) fn tr(j: &mut Job) -> i32 {
    let (from, to) = match j.words.as_slice() {
        [from] => (letters(from), Vec::new()),
        [from, to] => (letters(from), letters(to)),
        _ => return j.fail("tr: missing operand"),
    };
    let (others, deletes, squeezes) = (j.on('c'), j.on('d'), j.on('s'));
    let mut last = None;
    for c in j.input.chars() {
        let at = from.iter().position(|f| *f == c);
        let at = if others { at.is_none().then_some(usize::MAX) } else { at };
        let new = match at {
            Some(_) if deletes => continue,
            Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
            None => c,
        };
        if !(squeezes && at.is_some() && last == Some(new)) {
            j.out.push(new);
        }
        last = Some(new);
    }
    0
}

/// The characters of a set: `a-z`, `[:digit:]`.
fn letters(text: &str) -> Vec<char> {
    /// The most characters in a range.
    const RANGE_MOST: usize = 256;
    const CLASSES: [(&str, &str); 6] = [
        ("[:lower:]", "a-z"),
        ("[:upper:]", "A-Z"),
        ("[:alpha:]", "A-Za-z"),
        ("[:digit:]", "0-9"),
        ("[:alnum:]", "0-9A-Za-z"),
        ("[:space:]", " \t\n\r"),
    ];
    let text = CLASSES.iter().fold(escaped(text), |text, (class, letters)| text.replace(class, letters));
    let chars: Vec<char> = text.chars().collect();
    let (mut all, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        if let (Some('-'), Some(end)) = (chars.get(i + 1), chars.get(i + 2)) {
            all.extend((chars[i]..=*end).take(RANGE_MOST));
            i += 3;
        } else {
            all.push(chars[i]);
            i += 1;
        }
    }
    all
}

pub(super) fn column(j: &mut Job) -> i32 {
    if !j.on('t') {
        return j.note(Note::Without("column".to_owned(), "-t".to_owned()));
    }
    let text = j.files_text();
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |word: &&&str| word.chars().count();
    let widths: Vec<usize> = (0..columns).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|w| width(&w)).max().unwrap_or(0)).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(word, width)| format!("{word:<width$}")).collect();
        j.line(cells.join("  ").trim_end());
    }
    j.status()
}

pub(super) fn base64(j: &mut Job) -> i32 {
    /// The default line length.
    const WIDTH: usize = 76;
    let text = j.files_text();
    if j.on('d') {
        let Ok(bytes) = crate::base::base64::decode(&text) else { return j.fail("base64: invalid input") };
        j.out = String::from_utf8_lossy(&bytes).into_owned();
        return j.status();
    }
    let Ok(width) = j.value('w').map_or(Ok(WIDTH), str::parse) else { return j.fail("base64: invalid wrap size") };
    let mut rest = crate::base::base64::encode(text.as_bytes());
    if width == 0 {
        j.out = rest;
        return j.status();
    }
    while rest.len() > width {
        let behind = rest.split_off(width);
        j.line(&rest);
        rest = behind;
    }
    j.line(&rest);
    j.status()
}

/// `diff`: reports whether files differ, but in the playground's own words, as it does not show how.
pub(super) fn diff(j: &mut Job) -> i32 {
    /// The exit code if a file is missing.
    const TROUBLE: i32 = 2;
    let words = j.words.clone();
    let texts = j.texts(&words);
    match texts.as_slice() {
        [(_, a), (_, b)] if a == b => 0,
        [(a, _), (b, _)] => j.note(Note::Differ(a.clone(), b.clone())),
        _ => TROUBLE,
    }
}
