//! Explanations as the terminal prints them.

use super::pane::Why;
use text::Lang;

/// The lines of an explanation.
pub(super) fn lines(why: &Why, lang: Lang) -> String {
    let (text, words) = (lang.text(), &lang.text().why);
    let mut lines = Vec::new();
    let mut line = |indent: &str, label: &str, words: &str| {
        if !words.is_empty() {
            lines.push(format!("{indent}{label}{words}\n"));
        }
    };
    line("", "", if why.verdict.is_empty() { words.nothing().to_owned() } else { why.verdict.plain() }.as_str());
    line("  ", "", &why.paragraph.plain());
    for fact in &why.evidence {
        let parts = [fact.fact.plain(), fact.detail.clone(), fact.seen.clone()];
        let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        line("  ", "- ", &told.join(" · "));
    }
    let place = why.line.map_or(String::new(), |line| format!(", {}", text.manifest.line(line)));
    if !why.decided_by.is_empty() {
        line("  ", "", &format!("{}: {}{place}", words.decided_by(), why.decided_by));
    }
    if !why.ends_when.is_empty() {
        line("  ", "", &format!("{}: {}", words.ends_when(), why.ends_when.plain()));
    }
    let from: Vec<&str> = why.comes_from.iter().map(|(label, _)| label.as_str()).collect();
    if !from.is_empty() {
        line("  ", "", &format!("{}: {}", words.comes_from(), from.join(", ")));
    }
    for entry in why.ways.iter().map(|way| &way.entry).chain(&why.asks) {
        let harm = if entry.danger { format!("  # {}", entry.label) } else { String::new() };
        line("  ", "$ ", &format!("{}{harm}", entry.line));
    }
    if let Some((_, path)) = why.docs {
        line("  ", "", &format!("{}: {} ({})", words.docs(), lang.docs(path), words.docs_network()));
    }
    lines.concat()
}
