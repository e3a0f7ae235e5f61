//! What decides where a text says a cause: what to ask kubectl for.

use api::kind::Kind;
use std::sync::OnceLock;
use why::Cause;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("decides.txt");

/// What to ask kubectl for, as the table has it; `None` where the object itself is described.
fn row(cause: Cause) -> Option<&'static str> {
    static READ: OnceLock<Vec<(Cause, &'static str)>> = OnceLock::new();
    let read = || lines().filter_map(|(cause, words)| Some((Cause::named(cause)?, words))).collect();
    READ.get_or_init(read).iter().find(|(own, _)| *own == cause).map(|(_, words)| *words)
}

/// The rows of the table: the cause, and the words.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" | "))
}

/// The shorter word for a kind, but for words that are short themselves.
fn word(kind: Kind) -> &'static str {
    const SHORT: usize = 5;
    let info = kind.info();
    info.short.first().filter(|_| info.singular.len() > SHORT).unwrap_or(&info.singular)
}

/// The line that prints what decides a cause. The namespace may be empty; `name` has the names that the text has.
pub fn decides<'a>(cause: Cause, kind: Kind, namespace: &str, name: impl Fn(&str) -> Option<&'a str>) -> String {
    let described = format!("describe {} {{object}}", word(kind));
    let words = row(cause).unwrap_or(&described);
    let (words, is_of_none) =
        words.strip_prefix('!').map_or((words, !kind.info().namespaced && row(cause).is_none()), |words| (words, true));
    let place = if namespace.is_empty() || is_of_none { String::new() } else { format!("-n {namespace} ") };
    let filled = |words: &str| {
        let mut parts = words.split('{');
        let mut out = format!("kubectl {place}{}", parts.next().unwrap_or_default());
        for (slot, rest) in parts.filter_map(|part| part.split_once('}')) {
            // An option without its value goes, too.
            match name(slot) {
                Some(value) => out.push_str(value),
                // A log is that of a pod.
                None if out.ends_with("logs ") => out.push_str("POD"),
                None if out.ends_with('=') => out.truncate(out.rfind(" --").unwrap_or(out.len())),
                None => {}
            }
            out.push_str(rest);
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    words.split(" && ").map(filled).collect::<Vec<_>>().join(" && ")
}
