//! Tools that select or transform lines.

use std::cmp::Ordering;
use std::fmt::Write;

use super::escapes::escaped;
use super::job::{Job, MISUSED};
use super::numbers::{by_amount, number_of};
use base::note::Note;
use base::sort::Sort;

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
    let bytes = j.value('c');
    let said = bytes.or(j.value('n')).unwrap_or(USUAL);
    let digits = said.strip_prefix(['+', '-']).unwrap_or(said);
    let Ok(count) = digits.parse() else {
        let what = match bytes {
            _ if j.host.is_busybox() => "number",
            Some(_) => "number of bytes:",
            None => "number of lines:",
        };
        return j.fail(&format!("{}: invalid {what} '{said}'", j.name));
    };
    let which = if said.starts_with(all_but) { Ends::AllBut(count) } else { Ends::Only(count) };
    let words = j.words.clone();
    let heads = words.len() > 1 && !j.on('q');
    for (i, (file, text)) in j.texts(&words).into_iter().enumerate() {
        if heads {
            let _ = writeln!(j.out, "{}==> {file} <==", if i > 0 { "\n" } else { "" });
        }
        if bytes.is_some() && !text.is_ascii() {
            return j.note(Note::NotSimulated(format!("{} -c", j.name)));
        }
        let lines: Vec<&str> = text.split_inclusive(|c| c == '\n' || bytes.is_some()).collect();
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
    // GNU's makes room for the number of all bytes, and for more of what comes through a pipe; busybox always makes the same room.
    let width = if words.is_empty() { 7 } else { whole.len().to_string().len() };
    let total = (words.len() > 1).then(|| ("total".to_owned(), whole));
    for (file, text) in texts.into_iter().chain(total) {
        let counts = counts(&text);
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

pub(super) fn sort(j: &mut Job) -> i32 {
    let text = j.files_text();
    let separator = j.value('t').filter(|separator| !separator.is_empty()).map(escaped);
    let Some(keys) = j.values('k').map(|key| Key::read(key, j)).collect::<Option<Vec<_>>>() else {
        return j.note(Note::NotSimulated(format!("sort -k{}", j.value('k').unwrap_or_default())));
    };
    let (numeric, reversed) = (j.on('n'), j.on('r'));
    let whole = [Key { from: 1, to: usize::MAX, numeric, reversed }];
    let keys = if keys.is_empty() { whole.as_slice() } else { keys.as_slice() };
    let by_keys = |a: &&str, b: &&str| {
        let orders = keys.iter().map(|key| key.order(a, b, separator.as_deref()));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    if j.on('u') {
        // The first line with a key is kept.
        lines.sort_small_by(by_keys);
        lines.dedup_by(|a, b| by_keys(&*a, &*b).is_eq());
    } else {
        // Lines whose keys are alike are put in order as a whole, unless `-s` keeps theirs.
        let as_wholes = |a: &str, b: &str| if reversed { b.cmp(a) } else { a.cmp(b) };
        lines.sort_small_by(|a, b| by_keys(a, b).then_with(|| if j.on('s') { Ordering::Equal } else { as_wholes(a, b) }));
    }
    j.out = lines.iter().flat_map(|line| [line, "\n"]).collect();
    j.status() * MISUSED
}

/// A key of `sort`: the fields from one to another, and how they are compared.
struct Key {
    from: usize,
    to: usize,
    numeric: bool,
    reversed: bool,
}

impl Key {
    /// `2`, `2,3`, `2,2nr`. Its own letters count instead of the options. `None` for what is not simulated.
    fn read(key: &str, j: &Job) -> Option<Key> {
        let (from, to) = key.split_once(',').unwrap_or((key, ""));
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let ((from, flags), (to, more)) = (from.split_at(digits(from)), to.split_at(digits(to)));
        let flags = format!("{flags}{more}");
        let (numeric, reversed) = if flags.is_empty() { (j.on('n'), j.on('r')) } else { (flags.contains('n'), flags.contains('r')) };
        let from = from.parse().ok().filter(|from| *from > 0)?;
        let to = if key.contains(',') { to.parse().ok().filter(|to| *to > 0)? } else { usize::MAX };
        flags.chars().all(|c| "nr".contains(c)).then_some(Key { from, to, numeric, reversed })
    }

    fn order(&self, a: &str, b: &str, separator: Option<&str>) -> Ordering {
        let (a, b) = (self.part(a, separator), self.part(b, separator));
        let order = if self.numeric { by_amount(number_of(&a), number_of(&b)) } else { a.cmp(&b) };
        if self.reversed { order.reverse() } else { order }
    }

    /// The fields of a line. Without a separator, a field begins with the blanks before it.
    fn part(&self, line: &str, separator: Option<&str>) -> String {
        let mut fields: Vec<String> = Vec::new();
        if let Some(separator) = separator {
            fields.extend(line.split(separator).map(str::to_owned));
        } else {
            let mut last = ' ';
            for (at, c) in line.char_indices() {
                if at == 0 || c.is_whitespace() && !last.is_whitespace() {
                    fields.push(String::new());
                }
                if let Some(field) = fields.last_mut() {
                    field.push(c);
                }
                last = c;
            }
        }
        let (from, to) = (self.from - 1, self.to.min(fields.len()));
        fields.get(from..to).unwrap_or_default().join(separator.unwrap_or_default())
    }
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
        } else if j.on('s') {
            continue;
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
    const MAX_RANGE: usize = 256;
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
    /// The default line length.
    const WIDTH: usize = 76;
    let text = j.files_text();
    if j.on('d') {
        let Ok(bytes) = base::base64::decode(&text) else { return j.fail("base64: invalid input") };
        j.out = String::from_utf8_lossy(&bytes).into_owned();
        return j.status();
    }
    let Ok(width) = j.value('w').map_or(Ok(WIDTH), str::parse) else { return j.fail("base64: invalid wrap size") };
    let mut rest = base::base64::encode(text.as_bytes());
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
