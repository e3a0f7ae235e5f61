//! Values that are nearly right, and what they were probably meant to be.

use std::rc::Rc;

use crate::manifest_error::ManifestError;
use api::status::Fault;
use base::field_path::{FieldPath, Step};
use view::manifest::Fix;
use yaml::Document;

/// The name of the field that a path ends in, or that what it ends in belongs to.
pub(super) fn last_field(path: &FieldPath) -> Option<Rc<str>> {
    path.0.iter().rev().find_map(|step| if let Step::Field(name) = step { Some(Rc::clone(name)) } else { None })
}

/// A number or a Boolean where a text is wanted, and the same in quotes.
pub(super) fn quoted(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let is_bare = !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
    let line = text.lines().nth(span.line.max(1) - 1)?;
    (is_bare && line.matches(raw).count() == 1).then(|| (raw.to_owned(), format!("\"{raw}\"")))
}

/// A number in quotes where a number is wanted, and the same without them.
pub(super) fn unquoted(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    (bare != raw && bare.parse::<i64>().is_ok()).then(|| (raw.to_owned(), bare.to_owned()))
}

/// A value that only its case or its quotes keep from being one that the field takes, and that one.
pub(super) fn spelled(text: &str, document: &Document, path: &FieldPath, complaint: &ManifestError) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    let is_meant = |known: &&str| *known != bare && known.eq_ignore_ascii_case(bare);
    let known = match complaint.error().map(|error| &error.fault) {
        Some(Fault::NotSupported(_, known)) => known.iter().map(|known| &**known).find(is_meant),
        Some(Fault::Neither(_, known)) => known.iter().copied().find(is_meant),
        _ => Some("None").filter(is_meant).filter(|_| last_field(path).is_some_and(|field| *field == *"clusterIP")),
    };
    Some((raw.to_owned(), known?.to_owned()))
}

/// Leaves out what only the server that an object was copied from knows.
pub(super) fn without_versions(text: &str, document: &Document) -> Option<Fix> {
    let found = ["metadata.resourceVersion", "metadata.uid"].map(|field| document.find(&FieldPath::of(field)));
    let keys = found.iter().filter(|found| found.exact).filter_map(|found| found.key);
    let alone = |line: &usize| text.lines().nth(line - 1).is_some_and(|line| !line.contains(['{', '}']));
    let lines: Vec<usize> = keys.map(|key| key.line).filter(alone).collect();
    (!lines.is_empty()).then_some(Fix::Without(lines))
}

/// The line that lists the fields beside one: `kubectl explain statefulset.spec`.
pub(super) fn fields_allowed(document: &Document, path: &FieldPath) -> Option<String> {
    let kind = document.value.as_ref()?.text_at(&["kind"])?.to_ascii_lowercase();
    let fields = path.0.iter().filter_map(|step| if let Step::Field(name) = step { Some(&**name) } else { None });
    let mut fields: Vec<&str> = std::iter::once(kind.as_str()).chain(fields).collect();
    fields.pop();
    Some(format!("kubectl explain {}", fields.join(".")))
}
