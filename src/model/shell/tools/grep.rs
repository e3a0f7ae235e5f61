//! `grep`.

use std::fmt::Write;

use super::job::{Job, MISUSED};
use base::pattern::Regex;

pub(super) fn grep(j: &mut Job) -> i32 {
    let Some((expressions, files)) = j.words.split_first() else {
        j.fail("Usage: grep [OPTION]... PATTERNS [FILE]...");
        return MISUSED;
    };
    let (Some(before), Some(after)) = (context(j, 'C'), context(j, 'A')) else {
        j.fail("grep: invalid context length argument");
        return MISUSED;
    };
    let regexes: Vec<Regex> = expressions.split('\n').map(|text| Regex::new(text, j.on('E'), j.on('i'))).collect();
    let files = files.to_vec();
    let mut count = 0;
    for (file, text) in j.texts(&files) {
        let lines: Vec<&str> = text.lines().collect();
        let is_hit = |line: &&str| regexes.iter().any(|regex| regex.find(line, 0).is_some()) != j.on('v');
        let hits: Vec<usize> = (0..lines.len()).filter(|i| is_hit(&lines[*i])).collect();
        count += hits.len();
        let name = if files.len() > 1 { file.as_str() } else { "" };
        if j.on('q') {
            continue;
        }
        if j.on('c') {
            let _ = writeln!(j.out, "{}{}", prefix(name, ':'), hits.len());
        } else {
            show(j, name, &lines, &hits, &regexes, (before, after));
        }
    }
    j.full = j.on('q') && count > 0;
    if j.err.is_empty() { i32::from(count == 0) } else { MISUSED }
}

/// How many lines are printed around a match, as `-A` says for those behind it, or `-C` for both sides; `None` if that is no number.
fn context(j: &Job, letter: char) -> Option<usize> {
    j.value(letter).or(j.value('C')).map_or(Some(0), |text| text.parse().ok())
}

/// What stands before a line, or before a count, where several files are read.
fn prefix(name: &str, sign: char) -> String {
    if name.is_empty() { String::new() } else { format!("{name}{sign}") }
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
            let prefix = prefix(name, if at == *hit { ':' } else { '-' });
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
fn show_matches(j: &mut Job, prefix: &str, line: &str, regexes: &[Regex]) {
    let mut at = 0;
    while let Some(found) = regexes.iter().filter_map(|regex| regex.find(line, at)).min_by_key(|found| found.start) {
        if found.end > found.start {
            let text: String = line.chars().skip(found.start).take(found.end - found.start).collect();
            let _ = writeln!(j.out, "{prefix}{text}");
        }
        at = found.end.max(found.start + 1);
    }
}
