//! Sets fields of the StatefulSets in a manifest's text.
//!
//! Promises: a manifest keeps its comments and order; a manifest in which a field cannot be set is not changed.

use crate::documents::objects;
use base::field_path::FieldPath;
use yaml::{self, Document};

/// A manifest with these fields in each of its StatefulSets that has a place for them.
pub fn with_fields<'a>(manifest: &str, fields: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> String {
    let documents = objects(&yaml::parse(manifest)).len();
    let places = (0..documents).flat_map(|document| fields.clone().map(move |field| (document, field)));
    places.fold(manifest.to_owned(), |text, (document, (path, value))| with_field(&text, document, path, value).unwrap_or(text))
}

/// A text with another value for a StatefulSet's field; `None` if the document is not a set or has no place for the field.
fn with_field(text: &str, document: usize, path: &str, value: &str) -> Option<String> {
    let documents = objects(&yaml::parse(text));
    let set = documents.get(document).filter(|document| is_set(document))?;
    let names: Vec<&str> = path.split('.').collect();
    let there = (0..=names.len()).rev().find(|length| set.find(&FieldPath::of(&names[..*length].join("."))).exact)?;
    let found = set.find(&FieldPath::of(&names[..there].join("."))).value;
    let missing = &names[there..];
    let changed = match text.as_bytes().get(found.start) {
        _ if missing.is_empty() => format!("{}{value}{}", &text[..found.start], &text[found.end..]),
        Some(b'{') => {
            let nested = missing.iter().rev().fold(value.to_owned(), |inside, name| {
                if inside == value { format!("{name}: {inside}") } else { format!("{name}: {{{inside}}}") }
            });
            format!("{}{nested}, {}", &text[..=found.start], &text[found.start + 1..])
        }
        _ => {
            let indent = |depth: usize| " ".repeat(found.column - 1 + 2 * depth);
            let lines = missing.iter().enumerate().map(|(depth, name)| format!("{name}:\n{}", indent(depth + 1)));
            let keys = lines.collect::<String>();
            format!("{}{} {value}\n{}{}", &text[..found.start], keys.trim_end(), indent(0), &text[found.start..])
        }
    };
    let names: Vec<&str> = path.split('.').collect();
    let reads = objects(&yaml::parse(&changed)).get(document).and_then(|set| Some(set.value.as_ref()?.at(&names)?.to_json()));
    (reads.as_deref().map(|read| read.trim_matches('"')) == Some(value)).then_some(changed)
}

fn is_set(document: &Document) -> bool {
    document.value.as_ref().is_some_and(|value| value.text_at(&["kind"]) == Some("StatefulSet"))
}
