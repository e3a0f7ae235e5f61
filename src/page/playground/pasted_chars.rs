//! Characters that come with what is pasted from pages and chats, and that YAML takes for something else than they look like: tabs and
//! no-break spaces that indent, typographic quotes, a word processor's dashes, Markdown's fences.

use text::Text;
use view::manifest::{Fix, QUOTES, begins_with_dash, indentation};
use yaml::Span;

/// What a block of code begins and ends with in Markdown.
const FENCE: &str = "```";

/// How many columns a tab may stand for, the likeliest first.
pub(super) const TABS: [usize; 3] = [2, 4, 8];

/// Such a character.
pub(super) struct Stray {
    /// What there is to say about it.
    pub words: &'static str,
    /// How it is mended.
    pub fix: Fix,
    /// Its line, counted from 1.
    pub line: usize,
}

/// Such a character at a line (counted from 1), or in the document around it.
pub(super) fn find(text: &str, document: Span, line: usize, words: &Text) -> Option<Stray> {
    let words = words.manifest;
    let stray = |words, fix, line| Some(Stray { words, fix, line });
    let here = text.split('\n').nth(line.checked_sub(1)?)?;
    if indentation(here).contains('\t') {
        return stray(words.pasted_tab(), Fix::Indentation(TABS[0]), line);
    }
    let lines = || (document.line.max(1)..).zip(text.get(document.start..document.end).unwrap_or_default().split('\n'));
    let is_first = |is: &dyn Fn(&str) -> bool| lines().find(|(_, line)| is(line)).map(|(at, _)| at);
    if let Some(at) = is_first(&|line| begins_with_dash(&line[indentation(line).len()..])) {
        return stray(words.pasted_dash(), Fix::Typography, at);
    }
    if let Some(at) = is_first(&|line| indentation(line).contains('\u{a0}')) {
        return stray(words.pasted_space(), Fix::Typography, at);
    }
    if here.starts_with(FENCE) {
        let fences = text.split('\n').zip(1..).filter(|(line, _)| line.starts_with(FENCE));
        return stray(words.pasted_fence(), Fix::Without(fences.map(|(_, line)| line).collect()), line);
    }
    here.split_once(": ").filter(|(_, value)| value.trim().starts_with(QUOTES))?;
    stray(words.pasted_quote(), Fix::Typography, line)
}
