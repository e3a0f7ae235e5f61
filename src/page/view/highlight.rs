//! Syntax highlighting of YAML: keys, values, comments. For display only; nothing depends on it.
//!
//! Promises: the pieces of a line, joined, are the line. Each line is highlighted on its own, so a change recolours only one line.

/// The kind of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Indentation, a dash, a key and its colon.
    Key,
    /// Everything else.
    Value,
    Comment,
    /// A tab, which looks like blanks.
    Tab,
    /// A no-break space, which looks like a blank.
    NoBreakSpace,
}

/// Splits a line into pieces.
pub fn pieces(line: &str) -> Vec<(Ink, &str)> {
    let mut pieces = Vec::new();
    for (ink, text) in parts(line) {
        for text in text.split_inclusive(['\t', '\u{a0}']) {
            let plain = text.trim_end_matches(['\t', '\u{a0}']);
            let last = &text[plain.len()..];
            let blank = if last == "\t" { Ink::Tab } else { Ink::NoBreakSpace };
            pieces.extend([(ink, plain), (blank, last)].into_iter().filter(|(_, text)| !text.is_empty()));
        }
    }
    pieces
}

/// Splits a line into its key, value and comment.
fn parts(line: &str) -> Vec<(Ink, &str)> {
    let body = line.len() - line.trim_start_matches([' ', '-']).len();
    if line == "---" || line.trim_start().starts_with('#') {
        let ink = if line == "---" { Ink::Key } else { Ink::Comment };
        return whole(ink, line);
    }
    let value_from = key_end(line, body).unwrap_or(body);
    let comment_from = comment_start(line, value_from).unwrap_or(line.len());
    let parts = [(Ink::Key, &line[..value_from]), (Ink::Value, &line[value_from..comment_from]), (Ink::Comment, &line[comment_from..])];
    parts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn whole(ink: Ink, line: &str) -> Vec<(Ink, &str)> {
    vec![(ink, line)]
}

/// The start of the value in `key: value`.
fn key_end(line: &str, from: usize) -> Option<usize> {
    let rest = &line[from..];
    if rest.starts_with(['{', '[', '|', '>']) {
        return None;
    }
    let colon = rest.match_indices(':').map(|(at, _)| at).find(|at| rest[at + 1..].is_empty() || rest[at + 1..].starts_with(' '))?;
    let after = from + colon + 1;
    Some(after + (line.len() - after - line[after..].trim_start().len()))
}

/// The start of a comment: a `#` after a space, outside quotes.
fn comment_start(line: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line[from..].char_indices() {
        match (quote, c) {
            (None, '"' | '\'') if before == ' ' || "[{,:".contains(before) => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '#') if before == ' ' => return Some(from + at),
            _ => {}
        }
        before = c;
    }
    None
}
