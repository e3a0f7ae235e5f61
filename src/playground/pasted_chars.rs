//! Characters that come with what is pasted from pages and chats, and that YAML takes for something else than they look like: tabs and
//! no-break spaces that indent, typographic quotes, Markdown's fences.

use text::Text;
use view::manifest::{Fix, indentation};
use yaml::Span;

/// What opens and closes typographic quotes.
pub(super) const QUOTES: [char; 4] = ['“', '”', '‘', '’'];
/// What a block of code begins and ends with in Markdown.
const FENCE: &str = "```";

/// What there is to say about such a character, at a line (counted from 1) or in the document around it, and how it is mended.
pub(super) fn find(text: &str, document: Span, line: usize, words: &Text) -> Option<(&'static str, Fix)> {
    let words = words.manifest;
    let here = text.split('\n').nth(line.checked_sub(1)?)?;
    let indented_by = |text: &str, c: char| text.split('\n').any(|line| indentation(line).contains(c));
    if indented_by(here, '\t') {
        return Some((words.pasted_tab(), Fix::Indentation));
    }
    if indented_by(text.get(document.start..document.end)?, '\u{a0}') {
        return Some((words.pasted_space(), Fix::Indentation));
    }
    if here.starts_with(FENCE) {
        let fences = text.split('\n').zip(1..).filter(|(line, _)| line.starts_with(FENCE));
        return Some((words.pasted_fence(), Fix::Without(fences.map(|(_, line)| line).collect())));
    }
    let from = here.split_once(": ").map(|(_, value)| value.trim()).filter(|value| value.starts_with(QUOTES))?;
    Some((words.pasted_quote(), Fix::Word { line, from: from.to_owned(), to: from.replace(QUOTES, "\"") }))
}
