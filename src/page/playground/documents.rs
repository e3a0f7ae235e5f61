//! The documents of a manifest, one for each object.

use api::kind::Kind;
use causes::command::MANIFEST;
use view::manifest::LineSpan;
use yaml::{Document, Span};

/// The objects of a manifest, each as a document of its own: a list gives way to its items, which keep their places in the text.
pub fn objects(documents: &[Document]) -> Vec<Document> {
    let mut found = Vec::new();
    for document in documents {
        if add_items(document, &mut found).is_none() {
            found.push(document.clone());
        }
    }
    found
}

/// Adds the items of a document that is a list; `None` if it is an object. Items of a typed list need not repeat their kind.
fn add_items(document: &Document, found: &mut Vec<Document>) -> Option<()> {
    let list = document.value.as_ref()?;
    let of = list.text_at(&["kind"])?.strip_suffix("List").filter(|of| of.is_empty() || Kind::named(of).is_some())?;
    let nodes = document.root.as_ref()?.entry("items")?.value.items();
    let values = list.get("items")?.as_list()?;
    for (node, value) in nodes.iter().zip(values) {
        let mut item = Document { span: node.span, root: Some(node.clone()), value: Some(value.clone()), problems: Vec::new() };
        if let Some(value) = item.value.as_mut().filter(|value| value.get("kind").is_none()) {
            value.set(&["kind"], of);
        }
        for problem in &document.problems {
            if (item.span.start..item.span.end).contains(&problem.span.start) {
                item.problems.push(problem.clone());
            }
        }
        if add_items(&item, found).is_none() {
            found.push(item);
        }
    }
    Some(())
}

/// The kind that a document claims to be of.
pub(super) fn kind_of(document: &Document) -> Option<Kind> {
    Kind::claimed(document.value.as_ref()?)
}

/// A span as a line and its columns.
pub(super) fn place(text: &str, span: Span) -> LineSpan {
    let from = span.column.saturating_sub(1);
    let marked = text.get(span.start..span.end).unwrap_or_default();
    let length = marked.lines().next().map_or(0, |line| line.trim_end().chars().count());
    LineSpan { line: span.line.max(1), columns: from..from + length }
}

/// The parts of a text whose first line is a comment with the name of a file, each with that name: of the whole, or of what `---` parts.
pub(super) fn named_parts(text: &str) -> Vec<(&str, String)> {
    let (mut parts, mut begins): (Vec<(&str, String)>, bool) = (Vec::new(), true);
    for line in text.split_inclusive('\n') {
        let name = line.strip_prefix('#').map(str::trim).filter(|name| begins && is_file_name(name));
        parts.extend(name.map(|name| (name, String::new())));
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
        }
        begins = line.trim_end() == "---" || begins && line.trim().is_empty();
    }
    parts
}

/// Whether a text begins as a document of a manifest does: with the name of its file, or the version of an API.
pub fn begins_document(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.starts_with("apiVersion:") || first.strip_prefix('#').is_some_and(|name| is_file_name(name.trim()))
}

/// Whether a text is the name of a manifest's file, without a folder.
fn is_file_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_yaml = text.rsplit_once('.').is_some_and(|(_, end)| ["yaml", "yml"].contains(&end));
    is_yaml && text != MANIFEST && text.chars().all(letters)
}
