//! What only a server writes into objects, and what is taken off a manifest that `kubectl get -o yaml` printed before it is applied.

use std::ops::Range;

use crate::documents::objects;
use api::kind::Kind;
use api::object::ObjectKey;
use api::object::storage::{BIND_COMPLETED, BOUND_BY_CONTROLLER, SELECTED_NODE};
use base::sort::Sort;
use base::value::Value;
use sim::Sim;
use view::manifest::Defined;
use yaml::{self, Document};

/// The metadata by which an object is known to come from a server.
const MARKS: [&str; 5] = ["uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink"];
/// The metadata that only a server writes: [`MARKS`], and more.
pub const WRITTEN: [&str; 8] =
    [MARKS[0], MARKS[1], MARKS[2], MARKS[3], MARKS[4], "generation", "deletionTimestamp", "deletionGracePeriodSeconds"];
/// What the controller of claims and the scheduler write about a volume that was bound, and about the node that it was made for.
const BOUND: [&str; 3] = [BIND_COMPLETED, BOUND_BY_CONTROLLER, SELECTED_NODE];

/// A manifest without what only servers write, and the names of the fields that were taken off; `None` if there are none. Where an object
/// refers to what only its own cluster has (an owner, a node, a volume, an address), the reference is taken off, too.
pub(super) fn without_server_fields(sim: &Sim, current: &str, text: &str) -> Option<(String, Vec<String>)> {
    let documents = yaml::parse(text);
    let all = objects(&documents);
    let (mut cuts, mut names) = (Vec::new(), Vec::new());
    for object in &all {
        for (path, fields) in server_fields(sim, Defined { documents: &all, current }, object) {
            cuts.append(&mut cuts_of(object, path, &fields, &mut names));
        }
    }
    cuts.sort_small_by_key(|cut| cut.start);
    let mut rest = text.to_owned();
    for cut in cuts.into_iter().rev() {
        rest.replace_range(cut, "");
    }
    (!names.is_empty()).then_some((rest, names))
}

/// The fields to be taken off an object, each list with the path above it.
fn server_fields(sim: &Sim, all: Defined, object: &Document) -> Vec<(&'static str, Vec<&'static str>)> {
    let Some(value) = &object.value else { return Vec::new() };
    let is_set =
        |field: &&str| value.at(&["metadata", field]).is_some_and(|value| !matches!(value, Value::Null) && value.as_text() != Some(""));
    if !MARKS.iter().any(is_set) {
        return Vec::new();
    }
    let mut metadata = WRITTEN.to_vec();
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or(all.current);
    let key = |kind, name: &str| ObjectKey::new(kind, &namespace.into(), &name.into());
    let is_owner = |owner: &Value| {
        let found = owner.text_at(&["kind"]).and_then(Kind::named).zip(owner.text_at(&["name"]));
        let found = found.and_then(|(kind, name)| sim.tables().get(&key(kind, name)));
        found.is_some_and(|found| owner.text_at(&["uid"]) == Some(&found.meta().uid.to_string()))
    };
    if !value.list_at(&["metadata", "ownerReferences"]).iter().all(is_owner) {
        metadata.push("ownerReferences");
    }
    let mut found = vec![("metadata", metadata), ("", vec!["status"])];
    let lacks = |field: &str, is_there: &dyn Fn(&str) -> bool| value.text_at(&["spec", field]).is_some_and(|name| !is_there(name));
    match value.text_at(&["kind"]).and_then(Kind::named) {
        Some(Kind::Service) if lacks("clusterIP", &|address| address == "None") => found.push(("spec", vec!["clusterIP", "clusterIPs"])),
        Some(Kind::Pod) if lacks("nodeName", &|node| sim.tables().node("", node).is_some()) => found.push(("spec", vec!["nodeName"])),
        Some(Kind::PersistentVolume) => found.push(("spec.claimRef", vec!["uid", "resourceVersion"])),
        Some(Kind::PersistentVolumeClaim) if value.text_at(&["status", "phase"]) == Some("Bound") => {
            let is_given = |name: &str| all.iter().any(|(key, _)| key.kind == Kind::PersistentVolume && *key.name == *name);
            if lacks("volumeName", &|name| sim.tables().volume("", name).is_some() || is_given(name)) {
                found.extend([("spec", vec!["volumeName"]), ("metadata.annotations", BOUND.to_vec())]);
            }
        }
        _ => {}
    }
    found
}

/// Where the fields stand that are taken off what is at a path, each with what parts it from the next one. Adds their names.
fn cuts_of(object: &Document, path: &str, fields: &[&str], names: &mut Vec<String>) -> Vec<Range<usize>> {
    let mut steps = path.split('.').filter(|step| !step.is_empty());
    let above = object.root.as_ref().and_then(|root| steps.try_fold(root, |node, step| Some(&node.entry(step)?.value)));
    let Some(entries) = above.map(yaml::Node::entries) else { return Vec::new() };
    let (mut cuts, mut kept): (Vec<Range<usize>>, Option<usize>) = (Vec::new(), None);
    for (at, entry) in entries.iter().enumerate() {
        let name = entry.name();
        let Some(field) = fields.iter().find(|field| name.as_deref() == Some(**field)) else {
            kept = Some(entry.value.span.end);
            continue;
        };
        if !names.iter().any(|name| name == field) {
            names.push((*field).to_owned());
        }
        let from = entry.key.span.start;
        match (entries.get(at + 1), kept) {
            (Some(next), _) => cuts.push(from..next.key.span.start),
            // The last one goes with what parts it from the one before.
            (None, kept) => {
                let from = kept.unwrap_or(entries[0].key.span.start);
                cuts.retain(|cut| cut.start < from);
                cuts.push(from..entry.value.span.end);
            }
        }
    }
    cuts
}
