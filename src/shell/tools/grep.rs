//! `grep`.

use base::letter::is_letter_or_digit;
use std::fmt::Write;

use super::files::MAX_DEPTH;
use super::job::{Job, MISUSED};
use base::note::Note;
use base::pattern::{Regex, escaped};

pub(super) fn grep(j: &mut Job) -> i32 {
    let found: Vec<String>;
    let mut files = j.words.clone();
    let expressions: Vec<&str> = match j.values('e').collect::<Vec<_>>() {
        given if !given.is_empty() => given,
        _ if files.is_empty() => {
            j.fail("Usage: grep [OPTION]... PATTERNS [FILE]...");
            return MISUSED;
        }
        _ => vec![files.remove(0)],
    };
    if j.on('P') && j.host.is_busybox() {
        j.fail("grep: invalid option -- 'P'");
        return MISUSED;
    }
    if j.on('P')
        && let Some(wrong) = expressions.iter().find(|text| is_perls(text))
    {
        j.note(Note::NotSimulated(format!("grep -P {wrong:?}")));
        return MISUSED;
    }
    let context = |letter| j.value(letter).or(j.value('C')).map_or(Some(0), |text| text.parse::<usize>().ok());
    let (Some(before), Some(after)) = (context('B'), context('A')) else {
        j.fail("grep: invalid context length argument");
        return MISUSED;
    };
    let Some(most) = j.value('m').map_or(Some(usize::MAX), |text| text.parse::<usize>().ok()) else {
        j.fail("grep: invalid max count");
        return MISUSED;
    };
    let regexes: Vec<Regex> = expressions.iter().flat_map(|text| text.split('\n')).map(|text| regex(j, text)).collect();
    let is_deep = j.on('r') || j.on('R');
    let mut named = j.on('H') || ((files.len() > 1 || is_deep) && !j.on('h'));
    if is_deep {
        let places = if files.is_empty() { vec!["."] } else { files.clone() };
        if let Some(place) = places.iter().find(|place| !j.host.knows_all(&j.path(place))) {
            return j.note(Note::NotSimulated(format!("grep -r {place}")));
        }
        named &= j.on('H') || places.len() > 1 || j.host.list(&j.path(places[0])).is_some();
        found = places.into_iter().flat_map(|place| below(j, place.to_owned(), MAX_DEPTH)).collect();
        files = found.iter().map(String::as_str).collect();
    }
    let mut count = 0;
    for (file, text) in j.texts(&files) {
        let lines: Vec<&str> = text.lines().collect();
        let is_hit = |line: &&str| regexes.iter().any(|regex| regex.find(line, 0).is_some()) != j.on('v');
        let hits: Vec<usize> = (0..lines.len()).filter(|i| is_hit(&lines[*i])).take(most).collect();
        count += hits.len();
        let name = if named { file.as_str() } else { "" };
        if j.on('q') {
            continue;
        }
        if j.on('c') {
            let _ = writeln!(j.out, "{}{}", Prefix { name, number: None, sign: ':' }, hits.len());
        } else if j.on('l') {
            if !hits.is_empty() {
                j.line(if file.is_empty() { "(standard input)" } else { &file });
            }
        } else {
            show(j, name, &lines, &hits, &regexes, (before, after));
        }
    }
    j.full = j.on('q') && count > 0;
    let failed = !j.err.is_empty();
    if j.on('s') {
        j.err.clear();
    }
    if failed { MISUSED } else { i32::from(count == 0) }
}

/// The files at a path, and below it.
fn below(j: &Job, place: String, depth: usize) -> Vec<String> {
    let Some(entries) = j.host.list(&j.path(&place)).filter(|_| depth > 0) else { return vec![place] };
    let name = |name: String| if place == "." && j.words.len() < 2 { name } else { format!("{}/{name}", place.trim_end_matches('/')) };
    entries.into_iter().flat_map(|entry| below(j, name(entry.name), depth - 1)).collect()
}

/// Whether an expression of `-P` has what extended ones lack, or what means something else there: groups with `(?`, lazy repetitions,
/// alternatives, of which Perl's take the first, and most letters behind a backslash.
fn is_perls(text: &str) -> bool {
    let signs = ["(?", "*?", "+?", "??", "}?", "*+", "++", "?+", "}+", "|"];
    let mut letters = text.split('\\').skip(1).filter_map(|rest| rest.chars().next());
    signs.iter().any(|sign| text.contains(sign)) || letters.any(|c| is_letter_or_digit(c) && !"bdsSwtn".contains(c))
}

/// An expression according to the options.
fn regex(j: &Job, text: &str) -> Regex {
    let is_fixed = j.on('F') || j.name == "fgrep";
    let extended = j.on('E') || j.on('P') || is_fixed || j.name == "egrep";
    let text = if is_fixed { escaped(text) } else { text.to_owned() };
    let (open, close) = if extended { ("(", ")") } else { ("\\(", "\\)") };
    let edges = if j.on('x') { Some(("^", "$")) } else { j.on('w').then_some(("\\b", "\\b")) };
    let text = edges.map_or(text.clone(), |(begin, end)| format!("{begin}{open}{text}{close}{end}"));
    Regex::new(&text, extended, j.on('i'))
}

/// The prefix of a line: its file and its number.
struct Prefix<'a> {
    name: &'a str,
    number: Option<usize>,
    sign: char,
}

impl std::fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if !self.name.is_empty() {
            write!(f, "{}{}", self.name, self.sign)?;
        }
        self.number.map_or(Ok(()), |number| write!(f, "{number}{}", self.sign))
    }
}

/// Prints matching lines and their context.
fn show(j: &mut Job, name: &str, lines: &[&str], hits: &[usize], regexes: &[Regex], (before, after): (usize, usize)) {
    let mut next = 0;
    for hit in hits {
        let first = hit.saturating_sub(before).max(next);
        if first > next && !j.out.is_empty() && before + after > 0 {
            j.line("--");
        }
        // Context lines after a match that match themselves are printed as matches.
        let follows = |at: &usize| at > hit && hits.binary_search(at).is_ok();
        let end = (hit.saturating_add(after).saturating_add(1)).min(lines.len());
        let end = (hit + 1..end).find(follows).unwrap_or(end);
        for (at, line) in lines.iter().enumerate().take(end).skip(first) {
            let number = j.on('n').then_some(at + 1);
            let prefix = Prefix { name, number, sign: if at == *hit { ':' } else { '-' } };
            if !j.on('o') {
                let _ = writeln!(j.out, "{prefix}{line}");
            } else if at == *hit && !j.on('v') {
                show_matches(j, &prefix, line, regexes);
            }
        }
        next = end;
    }
}

/// Prints the matching parts of a line, one per line.
fn show_matches(j: &mut Job, prefix: &Prefix, line: &str, regexes: &[Regex]) {
    let mut at = 0;
    while let Some(found) = regexes.iter().filter_map(|regex| regex.find(line, at)).min_by_key(|found| found.start) {
        if found.end > found.start {
            let text: String = line.chars().skip(found.start).take(found.end - found.start).collect();
            let _ = writeln!(j.out, "{prefix}{text}");
        }
        at = found.end.max(found.start + 1);
    }
}
