//! What a manifest needs that was written for a version of an API that is gone: the version by which its kind is served, the selector
//! that older versions took from the template, the backends of an Ingress as it has them now, and no field that went with them.

use super::documents::kind_of;
use api::kind::Kind;
use base::field_path::FieldPath;
use base::value::Value;
use view::manifest::Fix;
use yaml::{Document, Entry};

/// The fields that no version has any more.
const GONE: [(Kind, &str); 2] = [(Kind::Deployment, "rollbackTo"), (Kind::DaemonSet, "templateGeneration")];
/// The kinds whose selector older versions took from the labels of the template.
const SELECT: [Kind; 4] = [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::ReplicaSet];

/// The version that a document gives its kind, and the one by which the kind is served. Of the same name, somebody else's group has
/// another kind.
pub(super) fn version(document: &Document) -> Option<(String, String)> {
    let (kind, version) = (kind_of(document)?, document.value.as_ref()?.text_at(&["apiVersion"])?);
    Some((version.to_owned(), Kind::outdated(version, kind.info().name)?.api_version()))
}

/// An object as its kind is served, where its version is gone. Its selector is that which older versions took from the template. The
/// backends of an Ingress stay as they are. `None` for an object in a version that is served.
pub fn renewed(object: &Value) -> Option<Value> {
    let (version, kind) = (object.text_at(&["apiVersion"])?, object.text_at(&["kind"])?);
    let kind = Kind::outdated(version, kind)?;
    let mut new = object.clone();
    new.set(&["apiVersion"], Value::from(kind.api_version().as_str()));
    GONE.iter().filter(|(of, _)| *of == kind).for_each(|(_, field)| drop(new.remove(&["spec", field])));
    let labels = object.at(&["spec", "template", "metadata", "labels"]);
    if let Some(labels) = labels.filter(|_| SELECT.contains(&kind) && object.at(&["spec", "selector"]).is_none()) {
        new.set(&["spec", "selector", "matchLabels"], labels.clone());
    }
    Some(new)
}

/// Writes the version by which the kind of a document is served that names none.
pub(super) fn versioned(text: &str, document: &Document) -> Option<Fix> {
    let (kind, at) = (kind_of(document)?, document.root.as_ref()?.entry("kind")?.key.span);
    let is_alone = text.lines().nth(at.line.checked_sub(1)?)?.trim_start().starts_with("kind:");
    let lacks = document.value.as_ref()?.get("apiVersion").is_none();
    let new = format!("{}apiVersion: {}", " ".repeat(at.column.checked_sub(1)?), kind.api_version());
    (is_alone && lacks).then_some(Fix::After { line: at.line, new })
}

/// Everything that a document in another version needs to be taken in the one that is served.
pub(super) fn fix(text: &str, document: &Document) -> Option<Fix> {
    let ((from, to), kind) = (version(document)?, kind_of(document)?);
    let mut all = vec![Fix::Word { line: document.locate(&FieldPath::of("apiVersion")).line, from, to }];
    all.extend(GONE.iter().filter(|(of, _)| *of == kind).filter_map(|(_, field)| without(text, document, field)));
    all.extend(selector(text, document));
    all.extend(backends(text, document));
    Some(Fix::All(all))
}

/// The spec of a document, with a line of its own for each field.
fn spec<'a>(text: &str, document: &'a Document) -> Option<&'a Entry> {
    let spec = document.root.as_ref()?.entry("spec")?;
    let is_block = spec.value.span.line > spec.key.span.line && !text.get(spec.value.span.start..)?.starts_with('{');
    is_block.then_some(spec)
}

/// Writes the backends of an Ingress, which older versions had as `serviceName` and `servicePort`, and the type of their paths.
fn backends(text: &str, document: &Document) -> Vec<Fix> {
    let mut all = Vec::new();
    let spec = document.root.as_ref().filter(|_| kind_of(document) == Some(Kind::Ingress)).and_then(|root| root.entry("spec"));
    let Some(spec) = spec else { return all };
    if let Some(default) = spec.value.entry("backend") {
        all.extend(backend(text, default, false));
        all.push(Fix::Word { line: default.key.span.line, from: "backend".to_owned(), to: "defaultBackend".to_owned() });
    }
    let rules = spec.value.entry("rules").map_or(&[][..], |rules| rules.value.items());
    let paths = rules.iter().filter_map(|rule| Some(rule.entry("http")?.value.entry("paths")?.value.items())).flatten();
    for path in paths {
        all.extend(path.entry("backend").and_then(|of| backend(text, of, path.entry("pathType").is_none())));
    }
    all
}

fn backend(text: &str, of: &Entry, lacks_type: bool) -> Option<Fix> {
    let written = |field: &str| of.value.entry(field).map(|entry| (entry, &text[entry.value.span.start..entry.value.span.end]));
    let ((name, service), (port, number)) = written("serviceName").zip(written("servicePort"))?;
    let [start, end] = [of.value.span.start, of.value.span.end];
    let bare = number.trim_matches(['"', '\'']);
    let (field, number) = if bare.parse::<u16>().is_ok() { ("number", bare) } else { ("name", number) };
    let kind = if lacks_type { "pathType: ImplementationSpecific" } else { "" };
    if text.get(start..end)?.starts_with('{') {
        let (from, comma) = (text[start..end].to_owned(), if lacks_type { ", " } else { "" });
        let to = format!("{{service: {{name: {service}, port: {{{field}: {number}}}}}}}{comma}{kind}");
        return Some(Fix::Word { line: of.value.span.line, from, to }).filter(|_| !text[start..end].contains('\n'));
    }
    let [outer, inner] = [of.key.span.column, name.key.span.column].map(|column| " ".repeat(column - 1));
    let mut new = format!("{inner}service:\n{inner}  name: {service}\n{inner}  port:\n{inner}    {field}: {number}");
    if lacks_type {
        new.extend(["\n", &outer, kind]);
    }
    Some(Fix::All(vec![Fix::After { line: of.key.span.line, new }, Fix::Without(vec![name.key.span.line, port.key.span.line])]))
}

/// Leaves out a field of the spec.
fn without(text: &str, document: &Document, field: &str) -> Option<Fix> {
    let gone = spec(text, document)?.value.entry(field)?;
    let lines = text.get(gone.key.span.start..gone.value.span.end)?.trim_end().matches('\n').count();
    Some(Fix::Without((gone.key.span.line..=gone.key.span.line + lines).collect()))
}

/// Writes the selector of a workload without one: that of the template's labels, which older versions took.
pub(super) fn selector(text: &str, document: &Document) -> Option<Fix> {
    kind_of(document).filter(|kind| SELECT.contains(kind))?;
    let spec = spec(text, document)?;
    let labels = &spec.value.entry("template")?.value.entry("metadata")?.value.entry("labels")?.value;
    if spec.value.entry("selector").is_some() || labels.entries().is_empty() {
        return None;
    }
    let indent = " ".repeat(spec.value.entries().first()?.key.span.column - 1);
    let mut new = format!("{indent}selector:\n{indent}  matchLabels:");
    for label in labels.entries() {
        let [key, value] = [label.key.span, label.value.span].map(|span| text.get(span.start..span.end).unwrap_or_default());
        // What stands elsewhere in the text is not written again.
        if label.is_merge() || [key, value].iter().any(|part| part.contains('\n') || part.starts_with(['*', '&'])) {
            return None;
        }
        new.extend(["\n", &indent, "    ", key, ": ", value]);
    }
    Some(Fix::After { line: spec.key.span.line, new })
}
