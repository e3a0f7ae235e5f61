//! Values that are nearly right, and what they were probably meant to be.

use std::rc::Rc;

use crate::manifest_error::{ManifestError, is_mount};
use crate::spelling::plainly;
use api::kind::Kind;
use api::names;
use api::status::Fault;
use base::distance::distance;
use base::field_path::{FieldPath, Step};
use base::quantity::Quantity;
use base::value::Value;
use view::manifest::{Defined, Fix};
use yaml::{Document, Entry, Node, Span};

/// The greatest distance between a name and the one that was meant.
const LETTERS_APART: usize = 2;
/// How many letters the beginning of a value has at least from which one knows the whole.
const LEAST_BEGINNING: usize = 3;

/// The units of amounts that are written with a B, or in another case.
const UNITS: [&str; 10] = ["k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti", "P", "Pi"];

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

/// A number in quotes where a number is wanted, and the same without them; seconds with their unit, and how many they are.
pub(super) fn unquoted(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    let is_time = || last_field(path).is_some_and(|field| field.ends_with("Seconds"));
    let meant = if bare.parse::<i64>().is_ok() { bare.to_owned() } else { seconds(bare).filter(|_| is_time())?.to_string() };
    (meant != raw).then(|| (raw.to_owned(), meant))
}

/// What somebody means by true or false and writes as a text, and the Boolean.
pub(super) fn boolean(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']).to_ascii_lowercase();
    let meant = [("true", ["true", "yes", "on"]), ("false", ["false", "no", "off"])];
    let (meant, _) = meant.into_iter().find(|(_, ways)| ways.contains(&&*bare))?;
    Some((raw.to_owned(), meant.to_owned()))
}

/// How many seconds a text with a unit stands for: `5m`.
fn seconds(text: &str) -> Option<u64> {
    let (amount, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let of = match unit.trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    amount.parse::<u64>().ok()?.checked_mul(of)
}

/// A value that is nearly one that the field takes, and that one.
pub(super) fn spelled(text: &str, document: &Document, path: &FieldPath, complaint: &ManifestError) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    let meant = match complaint.error()?.fault.itself() {
        Fault::NotSupported(_, known) => nearest(bare, &known.iter().map(|known| &**known).collect::<Vec<_>>()).map(str::to_owned),
        Fault::Neither(_, known) => nearest(bare, known).map(str::to_owned),
        _ if last_field(path).is_some_and(|field| *field == *"clusterIP") => {
            Some("None").filter(|none| none.eq_ignore_ascii_case(bare)).map(str::to_owned)
        }
        Fault::Invalid(Value::Text(_)) => name_meant(bare).filter(|_| is_name(path)),
        _ => None,
    };
    Some((raw.to_owned(), meant.filter(|meant| meant != bare)?))
}

/// The value of a list that was probably meant: the only one, one of another case, one that begins so, or the nearest.
fn nearest<'a>(value: &str, known: &[&'a str]) -> Option<&'a str> {
    let is_same = |known: &&&str| plainly(known) == plainly(value);
    if let Some(same) = known.iter().find(is_same).or(if let [only] = known { Some(only) } else { None }) {
        return Some(same);
    }
    let begins = |known: &&str| value.len() >= LEAST_BEGINNING && plainly(known).starts_with(&plainly(value));
    let mut like = known.iter().copied().filter(begins);
    if let (Some(one), None) = (like.next(), like.next()) {
        return Some(one);
    }
    let near = known.iter().map(|known| (distance(&plainly(value), &plainly(known)), *known));
    near.filter(|(apart, known)| *apart <= LETTERS_APART && *apart * 2 < known.len()).min().map(|(_, known)| known)
}

/// The name that only its case or its underscores keep from being one.
fn name_meant(name: &str) -> Option<String> {
    Some(plainly(name)).filter(|meant| meant != name && names::dns_label(meant).is_empty())
}

/// Whether a field is a name of something.
fn is_name(path: &FieldPath) -> bool {
    let field = last_field(path).unwrap_or_default();
    field.to_ascii_lowercase().ends_with("name") || ["namespace", "subdomain"].contains(&&*field)
}

/// An amount with a unit that is nearly one, `10GB`, and the same with that unit.
pub(super) fn sized(text: &str, document: &Document, path: &FieldPath) -> Option<(String, String)> {
    let span = document.locate(path);
    let raw = text.get(span.start..span.end)?;
    let bare = raw.trim_matches(['"', '\'']);
    let (amount, unit) = bare.split_at(bare.find(|c: char| !c.is_ascii_digit() && c != '.')?);
    let unit = unit.trim().to_ascii_lowercase();
    let unit = UNITS.iter().find(|known| known.to_ascii_lowercase() == unit.strip_suffix('b').unwrap_or(&unit))?;
    let meant = format!("{amount}{unit}");
    Quantity::parse(&meant).ok()?;
    (meant != bare).then(|| (raw.to_owned(), meant))
}

/// The volume that was probably meant by a mount that names none: one with nearly the same name, or the only one that nothing mounts.
pub(super) fn mounted(text: &str, document: &Document, path: &FieldPath, complaint: &ManifestError) -> Option<Fix> {
    let Fault::NotFound(Value::Text(name)) = &complaint.error()?.fault else { return None };
    let object = document.value.as_ref().filter(|_| is_mount(path))?;
    let spec = object.at(&["spec", "template", "spec"]).or(object.get("spec"))?;
    let volumes = spec.list_at(&["volumes"]).iter().filter_map(|volume| volume.text_at(&["name"]));
    let claims = object.list_at(&["spec", "volumeClaimTemplates"]).iter().filter_map(|claim| claim.text_at(&["metadata", "name"]));
    let known: Vec<&str> = volumes.chain(claims).collect();
    let near = known.iter().map(|known| (distance(&plainly(name), &plainly(known)), *known)).filter(|(apart, _)| *apart <= LETTERS_APART);
    let containers = ["initContainers", "containers"].into_iter().flat_map(|list| spec.list_at(&[list]));
    let mounts = || containers.clone().flat_map(|container| container.list_at(&["volumeMounts"]));
    let mut unused = known.iter().filter(|known| !mounts().any(|mount| mount.text_at(&["name"]) == Some(known)));
    let meant = near.min().map(|(_, near)| near).or_else(|| unused.next().copied().filter(|_| unused.next().is_none()))?;
    let found = document.find(path);
    in_place(text, found.key?, found.value, meant)
}

/// Whether a complaint says that a selector does not select the pods of its own template.
pub(super) fn is_of_selection(complaint: &ManifestError) -> bool {
    complaint.error().is_some_and(|error| matches!(error.fault.itself(), Fault::NotSelected(_)))
}

/// Writes the labels of a template as its workload's selector has them. Where a Service of the text goes by the labels, the selector is
/// written instead.
pub(super) fn matching(text: &str, document: &Document, all: Defined) -> Option<Fix> {
    let spec = &document.root.as_ref()?.entry("spec")?.value;
    let selector = &spec.entry("selector")?.value.entry("matchLabels")?.value;
    let labels = spec.entry("template")?.value.entry("metadata")?.value.entry("labels")?;
    let written = |node: &Node| text.get(node.span.start..node.span.end).filter(|written| !written.contains('\n'));
    let services = || all.iter().filter(|(key, _)| key.kind == Kind::Service).filter_map(|(_, document)| document.value.as_ref());
    let mut fixes = Vec::new();
    for wanted in selector.entries() {
        let (key, value) = (wanted.name()?, written(&wanted.value)?);
        let Some(label) = labels.value.entry(&key) else {
            let first = labels.value.entries().first().filter(|first| first.key.span.line > labels.key.span.line)?;
            let indent = " ".repeat(first.key.span.column - 1);
            fixes.push(Fix::After { line: labels.key.span.line, new: format!("{indent}{}: {value}", written(&wanted.key)?) });
            continue;
        };
        let own = written(&label.value)?;
        if own == value {
            continue;
        }
        let selected =
            |service: &Value| service.at(&["spec", "selector"]).and_then(|by| by.text_at(&[&*key])) == Some(own.trim_matches(['"', '\'']));
        let (from, to) = if services().any(selected) { (wanted, own) } else { (label, value) };
        fixes.push(replaced(text, from, to)?);
    }
    match fixes.len() {
        0 => None,
        1 => fixes.pop(),
        _ => Some(Fix::All(fixes)),
    }
}

/// Gives an entry that stands on one line another value.
fn replaced(text: &str, entry: &Entry, to: &str) -> Option<Fix> {
    in_place(text, entry.key.span, entry.value.span, to)
}

/// Puts another value behind a key, where both stand on one line.
pub(super) fn in_place(text: &str, key: Span, value: Span, to: &str) -> Option<Fix> {
    let (from, head) = (text.get(key.start..value.end)?, text.get(key.start..value.start)?);
    let is_plain = text.lines().nth(key.line.max(1) - 1).is_some_and(|line| line.matches(from).count() == 1);
    is_plain.then(|| Fix::Word { line: key.line, from: from.to_owned(), to: format!("{head}{to}") })
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
