//! The entries for a write to a workload, revision, Service or budget: kinds whose spec and status are traced field by field.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::objects::Subject;
use crate::json::{Entry, Ordered};
use api::kind::Kind;
use api::object::{ControllerRevision, Object};
use api::schema::{StructType, schema};
use api::well_known::DEPLOYMENT_REVISION;
use base::value::{Map, Value};

/// The traced fields of a status, in order.
fn status_fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::StatefulSet => &[
            "observedGeneration",
            "replicas",
            "readyReplicas",
            "currentReplicas",
            "updatedReplicas",
            "currentRevision",
            "updateRevision",
            "availableReplicas",
        ],
        Kind::Deployment => &[
            "observedGeneration",
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "terminatingReplicas",
            "conditions",
        ],
        Kind::ReplicaSet => {
            &["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas", "observedGeneration"]
        }
        Kind::PodDisruptionBudget => &["observedGeneration", "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"],
        _ => &[],
    }
}

/// What changed; everything for a new object.
pub(super) fn entries(subject: &Subject, before: Option<&Object>, after: &Object) -> Vec<Entry> {
    if let Object::ControllerRevision(revision) = after {
        return revision_entries(subject, before, revision).into_iter().collect();
    }
    let mut out = Vec::new();
    let meta = after.meta();
    let (old, new) = (before.map(Parts::of), Parts::of(after));
    match &old {
        None => out.push(created(subject, after, &new)),
        Some(old) => {
            let changed = differences(&old.spec, &new.spec);
            // The recordings do not contain the specs of budgets.
            if !changed.is_empty() && after.kind() != Kind::PodDisruptionBudget {
                let changed: BTreeMap<&String, [Served; 2]> =
                    changed.iter().map(|(path, [a, b])| (path, [a, b].map(|v| Served::at(after.kind(), path, v)))).collect();
                let entry = subject.entry("spec").with_some("generation", (meta.generation > 0).then_some(meta.generation));
                out.push(entry.with("changed", changed));
            }
            let revision = meta.annotation(DEPLOYMENT_REVISION);
            if after.kind() == Kind::ReplicaSet && before.and_then(|b| b.meta().annotation(DEPLOYMENT_REVISION)) != revision {
                out.push(subject.entry("revision").with("revision", revision.map(|r| &**r)));
            }
        }
    }
    let fields = status_fields(after.kind());
    let status = told(subject, fields, &new.status);
    if !status.0.is_empty() && old.is_none_or(|old| told(subject, fields, &old.status) != status) {
        out.push(status.0.iter().fold(subject.entry("status"), |entry, (key, value)| match key.as_str() {
            "conditions" => entry.with(key, conditions(value)),
            _ => entry.with(key, value),
        }));
    }
    out
}

/// The spec and status of an object as served by the API server.
struct Parts {
    spec: Value,
    status: Value,
}

impl Parts {
    fn of(object: &Object) -> Self {
        match object {
            Object::StatefulSet(set) => Parts { spec: set.spec.value().clone(), status: set.status.encode() },
            Object::Service(service) => Parts { spec: service.spec.value().clone(), status: Value::Null },
            other => {
                let mut shown = other.encode();
                let mut part = |key: &str| shown.remove(&[key]).unwrap_or_default();
                Parts { spec: part("spec"), status: part("status") }
            }
        }
    }
}

fn created(subject: &Subject, object: &Object, parts: &Parts) -> Entry {
    let meta = object.meta();
    let entry = subject.created(meta);
    match object.kind() {
        Kind::ReplicaSet => entry
            .with_some("replicas", parts.spec.int_at(&["replicas"]))
            .with("hashName", &*meta.name)
            .with_some("revision", meta.annotation(DEPLOYMENT_REVISION).map(|r| &**r)),
        _ => entry,
    }
}

fn revision_entries(subject: &Subject, before: Option<&Object>, revision: &ControllerRevision) -> Option<Entry> {
    let Some(before) = before.and_then(Object::as_revision) else {
        let entry = subject.created(&revision.meta).with("revision", revision.number);
        return Some(entry.with("hashName", &*revision.meta.name));
    };
    let changed = before.number != revision.number;
    changed.then(|| subject.entry("revision").with("revision", revision.number).with("was", before.number))
}

/// The traced part of a status: fields that are present, with the stable names of revisions.
fn told(subject: &Subject, fields: &[&str], status: &Value) -> Ordered {
    let told = fields.iter().filter_map(|key| {
        let value = status.get(key)?;
        let label = |name: &str| Value::from(subject.names.name(name));
        Some(((*key).to_owned(), value.as_text().map_or_else(|| value.clone(), label)))
    });
    Ordered(told.collect())
}

/// `{"Progressing": "True NewReplicaSetAvailable"}`, in the order of the status.
fn conditions(list: &Value) -> Ordered {
    let text = |c: &Value, key: &str| c.text_at(&[key]).unwrap_or_default().to_owned();
    let show = |c: &Value| (text(c, "type"), Value::from(format!("{} {}", text(c, "status"), text(c, "reason"))));
    Ordered(list.as_list().unwrap_or_default().iter().map(show).collect())
}

/// The differences between two values: old and new by path. Lists of equal length are compared item by item.
fn differences(old: &Value, new: &Value) -> BTreeMap<String, [Value; 2]> {
    let mut out = BTreeMap::new();
    compare(String::new(), old, new, &mut out);
    out
}

fn compare(path: String, old: &Value, new: &Value, out: &mut BTreeMap<String, [Value; 2]>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Map(a), Value::Map(b)) => {
            let added = b.iter().filter(|(k, _)| !a.contains(k));
            for (key, _) in a.iter().chain(added) {
                let of = |m: &Map| m.get(key).cloned().unwrap_or_default();
                let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                compare(path, &of(a), &of(b), out);
            }
        }
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            for (i, (x, y)) in a.iter().zip(b.iter()).enumerate() {
                compare(format!("{path}[{i}]"), x, y, out);
            }
        }
        _ => {
            out.insert(path, [old.clone(), new.clone()]);
        }
    }
}

/// A value as served by the API server: the fields of a struct in the order of their declaration.
struct Served<'a> {
    value: &'a Value,
    of: Option<&'static StructType>,
}

impl<'a> Served<'a> {
    /// The value at a path below `spec`.
    fn at(kind: Kind, path: &str, value: &'a Value) -> Self {
        let bare: String = path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
        let names: Vec<&str> = std::iter::once("spec").chain(bare.split('.')).collect();
        let field = schema().walk(kind, &names).ok().and_then(|fields| fields.last().copied());
        Served { value, of: field.and_then(|f| schema().inside(f)) }
    }

    fn member(&self, key: &str, value: &'a Value) -> Served<'a> {
        let of = self.of.and_then(|s| s.field(key)).and_then(|f| schema().inside(f));
        Served { value, of }
    }
}

impl Serialize for Served<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::List(items) => serializer.collect_seq(items.iter().map(|value| Served { value, of: self.of })),
            Value::Map(map) => {
                let declared = |key: &str| self.of.and_then(|s| s.fields.iter().position(|f| *f.name == *key));
                let mut members: Vec<(&str, &Value)> = map.iter().map(|(k, v)| (&**k, v)).collect();
                members.sort_by_key(|(k, _)| declared(k).unwrap_or(usize::MAX));
                serializer.collect_map(members.into_iter().map(|(k, v)| (k, self.member(k, v))))
            }
            plain => plain.serialize(serializer),
        }
    }
}
