//! What is pasted in the place of a manifest: what a terminal shows, and what is left open for a tool to fill in.

use view::manifest::LineSpan;
use yaml::Span;

/// What precedes the command in a prompt.
const MARKS: [&str; 4] = ["$ ", "# ", "> ", "% "];
/// What is typed after a prompt.
const PROGRAMS: [&str; 5] = ["kubectl", "k", "oc", "helm", "sudo"];
/// What the first columns of kubectl's tables are called.
const COLUMNS: [&str; 4] = ["NAME", "NAMESPACE", "LAST", "REVISION"];
/// What the rows of the events are called, and their heading.
const EVENTS: [&str; 3] = ["Normal", "Warning", "Type"];

/// The line of a text that begins in this line at which it is seen to be none that describes objects, and what it is: a session of a
/// terminal (0), a table (1), or what `kubectl describe` prints (2).
pub fn find(text: &str, first: usize) -> Option<(usize, usize)> {
    let is_object = |line: &&str| line.starts_with(['{', '[']) || line.starts_with("apiVersion:") || line.starts_with("kind:");
    let mut lines = (first..).zip(text.lines().take_while(|line| !is_object(line)));
    lines.find_map(|(line, here)| {
        let words: Vec<&str> = here.split_whitespace().collect();
        let [one, two, ..] = words.as_slice() else { return None };
        let is_heading = || words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_uppercase() || b"()-_/".contains(&byte)));
        let starts = |word: &&str| word.starts_with(|first: char| first.is_ascii_uppercase());
        let is = [
            is_prompt(here),
            COLUMNS.contains(one) && is_heading(),
            here.starts_with("Name: ") || here.starts_with("Name:\t") || EVENTS.contains(one) && words.len() > 3 && starts(two),
        ];
        Some((line, is.iter().position(|is| *is)?))
    })
}

/// Whether a line is a command, with or without the prompt of a shell.
fn is_prompt(line: &str) -> bool {
    let begins = |rest: &str| PROGRAMS.iter().any(|program| rest.strip_prefix(program).is_some_and(|rest| rest.starts_with(' ')));
    let is_prompt = |mark: &str| {
        let (host, rest) = line.split_once(mark)?;
        let is_host = host.contains('@') && !host.contains(' ');
        Some((is_host || begins(rest) && !host.contains(": ")) && !host.starts_with('#') && !(host.is_empty() && mark == "# "))
    };
    line.starts_with("kubectl ") || MARKS.iter().any(|mark| is_prompt(mark) == Some(true))
}

/// What a line leaves open for a tool to fill in: `${NAME}`, `$NAME`, `$(NAME)`, `{{ .Values.name }}`, `@name@`, `<your-name>`.
pub fn placeholder(line: &str) -> Option<&str> {
    let named = |open: &str, close: &str| {
        let from = line.find(open)?;
        let inside = &line[from + open.len()..];
        let length = if close.is_empty() { inside.len() - inside.trim_start_matches(is_name).len() } else { inside.find(close)? };
        let name = &inside[..length];
        // A shell takes what stands in for a variable, and much else, behind its name.
        let has_default = open == "${" && name.trim_start_matches(is_name).starts_with([':', '-', '=', '?', '+', '#', '%', '/']);
        let fits = open == "{{"
            || has_default && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            || name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| is_name(c) || ".-: ".contains(c))
                && !name.ends_with(' ');
        fits.then(|| &line[from..from + open.len() + length + close.len()])
    };
    [("{{", "}}"), ("${", "}"), ("$(", ")"), ("@", "@"), ("<", ">"), ("$", "")].into_iter().find_map(|(open, close)| named(open, close))
}

/// What is left open at a place, and its line.
pub(super) fn hole<'a>(text: &'a str, place: &LineSpan) -> Option<(usize, &'a str)> {
    let line = text.lines().nth(place.line - 1)?;
    let at = |column| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let here = if place.columns.is_empty() { line } else { &line[at(place.columns.start)..at(place.columns.end)] };
    Some((place.line, placeholder(here)?))
}

/// The same of what keeps a line from being read: `{{` there or just above, `@` there, `${` before the place in the line, or what a chart
/// begins a value with in the document.
pub(super) fn hole_above<'a>(text: &'a str, document: Span, place: &LineSpan) -> Option<(usize, &'a str)> {
    let line = place.line;
    let lines = || (1..).zip(text.get(..document.end).unwrap_or_default().lines()).skip(document.line.saturating_sub(1));
    let holes = |(at, here): (usize, &'a str)| Some((at, placeholder(here)?));
    let near = lines().filter(|(at, _)| (line.saturating_sub(2)..=line).contains(at)).filter_map(holes);
    let in_flow = |hole: &str| hole.starts_with("${") && text.lines().nth(line - 1).is_some_and(|here| is_before(here, hole, place));
    let of_chart = lines().filter(|(_, here)| here.trim_start().starts_with("{{") || here.contains(": {{")).filter_map(holes);
    near.filter(|(at, hole)| hole.starts_with("{{") || *at == line && (hole.starts_with('@') || in_flow(hole))).chain(of_chart).next()
}

/// Whether a hole is where a line cannot be read any further: the place is in the hole or right behind.
fn is_before(line: &str, hole: &str, place: &LineSpan) -> bool {
    let Some(start) = line.find(hole).map(|at| line[..at].chars().count()) else { return false };
    (start..=start + hole.chars().count()).contains(&place.columns.start)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
