//! What decides where a text says a cause: what to ask kubectl for.

use crate::words::words;
use api::kind::Kind;
use std::sync::OnceLock;
use why::Cause;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("decides.txt");

words! {
    /// What is known beside a cause.
    Form:
        /// What a tool read that waits for a set, as `Matter` has it.
        Crash "crash"
        Deleted "deleted"
        /// Helm applies.
        Helm "helm"
        /// An init container is meant.
        Init "init"
        Observed "observed"
        /// An operator applies.
        Operator "operator"
        Other "other"
        /// A pod is named.
        Pod "pod"
        Pods "pods"
        Progress "progress"
        Ready "ready"
        Revisions "revisions"
        /// A set is named.
        Set "set"
        Silent "silent"
        Surplus "surplus"
        /// A namespace is named.
        There "there"
        /// A name does not resolve.
        Unresolved "unresolved"
        Updated "updated"
}

/// What the table asks kubectl for, by a cause and what is known beside it, or by that alone. `None` where the object itself is described.
fn row(cause: Cause, form: Option<Form>) -> Option<&'static str> {
    static READ: OnceLock<Vec<(Option<Cause>, Option<Form>, &'static str)>> = OnceLock::new();
    let of = |(cause, form, words)| (Cause::named(cause), Form::named(form), words);
    let all = READ.get_or_init(|| lines().map(of).collect());
    let is_of = |own: Option<Cause>| own.is_none_or(|own| own == cause);
    let find = |form: Option<Form>| all.iter().find(|(own, known, _)| is_of(*own) && *known == form).map(|(_, _, words)| *words);
    find(form).or_else(|| find(None))
}

/// The rows of the table: the cause or nothing, the form or nothing, and the words.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let rows = ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" | "));
    rows.map(|(key, words)| {
        let (cause, form) = key.split_once(':').unwrap_or((key, ""));
        (cause, form, words)
    })
}

/// The shorter word for a kind, but for words that are short themselves.
fn word(kind: Kind) -> &'static str {
    const SHORT: usize = 5;
    let info = kind.info();
    info.short.first().filter(|_| info.singular.len() > SHORT).unwrap_or(&info.singular)
}

/// The lines that print what decides a cause. `form` is what is known beside it; the namespace may be empty. `name` has
/// the names that the text has.
pub fn decides<'a>(cause: Cause, form: Option<Form>, kind: Kind, namespace: &str, name: impl Fn(&str) -> Option<&'a str>) -> Vec<String> {
    let described = format!("describe {} {{object}}", word(kind));
    let known = row(cause, form);
    let words = known.unwrap_or(&described);
    if let Some(line) = words.strip_prefix('$') {
        return vec![line.to_owned()];
    }
    let (words, is_of_none) = words.strip_prefix('!').map_or((words, !kind.is_namespaced() && known.is_none()), |words| (words, true));
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
    words.split(" && ").map(filled).collect()
}
