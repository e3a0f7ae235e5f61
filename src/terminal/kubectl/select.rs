//! Selecting objects with `-l` and `--field-selector`.
//!
//! Models k8s.io/apimachinery/pkg/fields and the field labels that each kind's strategy supports.

use crate::call::Call;
use crate::failure::Failure;
use api::kind::Kind;
use api::names::{label_key, label_value};
use api::status::Status;
use api::view::{map_at, scalar};
use base::label::LabelSelector;
use base::value::{Map, Value};

/// A filter over objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    labels: String,
    fields: String,
}

struct FieldRequirement<'a> {
    field: &'a str,
    value: &'a str,
    equal: bool,
}

/// The server's error for an unsupported field label. Models the kinds' field label conversions, and
/// DefaultMetaV1FieldSelectorConversion for those without one.
fn unknown_field(kind: Kind, field: &str) -> String {
    match kind {
        Kind::Job => format!("field label {field:?} not supported for Job"),
        Kind::Pod | Kind::Node | Kind::ReplicationController | Kind::Event | Kind::Namespace | Kind::Secret | Kind::Service => {
            format!("field label not supported: {field}")
        }
        _ => format!("{field:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""),
    }
}

impl Filter {
    /// The filter given by `-l` and `--field-selector`.
    pub fn of(call: &Call) -> Filter {
        let text = |name| call.flags.text(name).unwrap_or_default().to_owned();
        Filter { labels: text("selector"), fields: text("field-selector") }
    }

    /// The filter by labels given by `-l` for what is in files. Models builder.go visitByPaths.
    pub fn of_files(call: &Call) -> Result<Filter, Failure> {
        let labels = call.flags.text("selector").unwrap_or_default();
        parse_labels(labels).map_err(|why| Failure::client(format!("the provided selector {labels:?} is not valid: {why}")))?;
        Ok(Filter::by_labels(labels))
    }

    /// A filter by labels alone.
    pub fn by_labels(labels: &str) -> Filter {
        Filter { labels: labels.to_owned(), fields: String::new() }
    }

    /// Whether its labels are no selector.
    pub fn is_malformed(&self) -> bool {
        parse_labels(&self.labels).is_err()
    }

    /// Whether it selects everything.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether a kind supports the filter; otherwise the server's refusal.
    pub fn check(&self, kind: Kind) -> Result<(), Failure> {
        let refuse = |why: &str| {
            let info = kind.info();
            let group = if info.group.is_empty() { format!("/{}", info.version) } else { kind.api_version() };
            Status::bad_request(format!(
                "Unable to find \"{group}, Resource={}\" that match label selector {:?}, field selector {:?}: {why}",
                info.plural, self.labels, self.fields
            ))
        };
        parse_labels(&self.labels).map_err(|why| refuse(&why))?;
        let mut requirements = Vec::new();
        for term in self.fields.split(',').filter(|t| !t.is_empty()) {
            let Some(requirement) = field_requirement(term) else {
                return Err(refuse(&format!("invalid selector: '{}'; can't understand '{term}'", self.fields)).into());
            };
            if requirement.value.contains('=') {
                return Err(refuse("invalid field selector: unescaped character in value: 61").into());
            }
            requirements.push(requirement);
        }
        let is_known = |field: &str| field_labels(kind).contains(&field) || names(kind).contains(&field);
        if let Some(unknown) = requirements.iter().find(|requirement| !is_known(requirement.field)) {
            return Err(refuse(&unknown_field(kind, unknown.field)).into());
        }
        Ok(())
    }

    /// Whether an object matches.
    pub fn passes(&self, object: &Value) -> bool {
        let labels = map_at(object, &["metadata", "labels"]);
        let label = |key: &str| labels.and_then(|m: &Map| m.get(key)).and_then(Value::as_text);
        parse_labels(&self.labels).is_ok_and(|selector| selector.matches(label))
            && self.fields.split(',').filter_map(field_requirement).all(|r| (field_value(object, r.field) == r.value) == r.equal)
    }
}

fn parse_labels(text: &str) -> Result<LabelSelector, String> {
    LabelSelector::parse(text, &label_key, &label_value)
}

/// The field labels that every kind has, but for those kinds without namespaces that list their own.
fn names(kind: Kind) -> &'static [&'static str] {
    const NAMES: [&str; 2] = ["metadata.name", "metadata.namespace"];
    &NAMES[..if matches!(kind, Kind::Node | Kind::Namespace) { 1 } else { 2 }]
}

/// A kind's additional field labels.
fn field_labels(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Pod => &[
            "spec.nodeName",
            "spec.host",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        Kind::Node => &["spec.unschedulable"],
        Kind::Event => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        Kind::Namespace => &["status.phase"],
        Kind::Secret => &["type"],
        Kind::Service => &["spec.clusterIP", "spec.type"],
        Kind::Job => &["status.successful"],
        Kind::ReplicationController => &["status.replicas"],
        _ => &[],
    }
}

/// A term parted at its first operator: `!=`, `==` or `=`. Models k8s.io/apimachinery/pkg/fields/selector.go splitTerm.
fn field_requirement(term: &str) -> Option<FieldRequirement<'_>> {
    let (before, after) = term.split_once('=')?;
    Some(match before.strip_suffix('!') {
        Some(field) => FieldRequirement { field, value: after, equal: false },
        None => FieldRequirement { field: before, value: after.strip_prefix('=').unwrap_or(after), equal: true },
    })
}

/// The value of a field label, as the server compares it.
fn field_value(object: &Value, label: &str) -> String {
    let path: Vec<&str> = match label {
        "source" => vec!["source", "component"],
        // What clients called it once. Models pkg/apis/core/v1/conversion.go addConversionFuncs.
        "spec.host" => vec!["spec", "nodeName"],
        "status.successful" => vec!["status", "succeeded"],
        other => other.split('.').collect(),
    };
    match (object.at(&path), label) {
        (Some(value), _) if !value.is_null() => scalar(value),
        (_, "spec.unschedulable" | "spec.hostNetwork") => "false".to_owned(),
        (_, "status.successful" | "status.replicas") => "0".to_owned(),
        _ => String::new(),
    }
}
