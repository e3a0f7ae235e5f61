//! The entries for one write, for every kind of object.

use super::names::Names;
use super::{pods, workloads};
use crate::json::Entry;
use api::kind::Kind;
use api::object::meta::encode_labels;
use api::object::node::Taint;
use api::object::{Claim, Event, Meta, Node, Object, OwnerRef, Volume};
use base::sorted::SortedMap;
use server::log::Change;

/// A trace's abbreviation of a kind; `None` for kinds that are not traced.
pub(super) fn word(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Pod => "pod",
        Kind::StatefulSet => "sts",
        Kind::ControllerRevision => "rev",
        Kind::Deployment => "deploy",
        Kind::ReplicaSet => "rs",
        Kind::PodDisruptionBudget => "pdb",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "sc",
        Kind::Service => "svc",
        Kind::EndpointSlice => "eps",
        Kind::Node => "node",
        _ => return None,
    })
}

/// The entries that contain the object's incarnation.
const WITH_INCARNATION: [&str; 8] = ["created", "bound", "phase", "containers", "condition", "volume", "deleting", "removed"];

/// An object, as the subject of its entries.
pub(super) struct Subject<'a> {
    pub names: &'a Names,
    word: &'static str,
    label: String,
    incarnation: usize,
}

impl<'a> Subject<'a> {
    /// The object of a change; `None` if its kind is not traced.
    pub(super) fn of(names: &'a Names, kind: Kind, meta: &Meta) -> Option<Self> {
        Some(Subject { names, word: word(kind)?, label: names.label(kind, meta), incarnation: names.incarnation(meta.uid) })
    }

    /// An entry about it: `pod.bound`, its name, and, if the vocabulary requires it, its incarnation.
    pub(super) fn entry(&self, what: &str) -> Entry {
        let entry = Entry::new(&format!("{}.{what}", self.word)).with("name", &self.label);
        let told = self.incarnation > 1 && WITH_INCARNATION.contains(&what);
        entry.with_some("inst", told.then_some(self.incarnation))
    }

    /// The entry for its creation, including its owners.
    pub(super) fn created(&self, meta: &Meta) -> Entry {
        self.entry("created").with_list("owners", &owners(self.names, &meta.owners))
    }
}

/// The entries for a write.
pub(super) fn entries(names: &Names, change: &Change) -> Vec<Entry> {
    let Some(object) = change.object() else { return Vec::new() };
    if let Object::Event(event) = object {
        return change.after.iter().map(|_| said(names, event)).collect();
    }
    let Some(subject) = Subject::of(names, change.key.kind, object.meta()) else { return Vec::new() };
    let Some(after) = &change.after else { return vec![subject.entry("removed")] };
    let before = change.before.as_ref();
    let mut out = match after {
        Object::Pod(pod) => pods::entries(&subject, before.and_then(|o| o.as_pod()), pod),
        Object::Claim(claim) => claim_entries(&subject, before.and_then(|o| o.as_claim()), claim),
        Object::Volume(volume) => volume_entries(&subject, before.and_then(|o| o.as_volume()), volume),
        Object::Node(node) => node_entries(&subject, before.and_then(|o| o.as_node()), node),
        _ => workloads::entries(&subject, before, after),
    };
    if let Some(before) = before {
        out.extend(metadata_entries(&subject, before.meta(), after.meta()));
    }
    out
}

/// What changed in an existing object's metadata.
fn metadata_entries(subject: &Subject, before: &Meta, after: &Meta) -> Vec<Entry> {
    let mut out = Vec::new();
    if before.labels != after.labels && subject.word != "node" {
        let set: SortedMap<_, _> =
            after.labels.iter().filter(|(k, v)| before.labels.get(*k) != Some(v)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let dropped: Vec<&str> = before.labels.keys().filter(|k| !after.labels.contains_key(*k)).map(|k| &**k).collect();
        out.push(subject.entry("labels").with("set", encode_labels(&set.into())).with_list("dropped", &dropped));
    }
    if before.owners != after.owners {
        out.push(subject.entry("owners").with("owners", owners(subject.names, &after.owners)));
    }
    match (before.deletion, after.deletion) {
        (None, Some(deletion)) => {
            let entry = subject.entry("deleting").with("grace", deletion.grace);
            out.push(entry.with_list("finalizers", &texts(&after.finalizers)));
        }
        (Some(old), Some(new)) => {
            if old.grace != new.grace {
                out.push(subject.entry("grace").with("grace", new.grace));
            }
            if before.finalizers != after.finalizers {
                out.push(subject.entry("finalizers").with("finalizers", texts(&after.finalizers)));
            }
        }
        _ => {}
    }
    out
}

/// `StatefulSet/web (blocks)`.
fn owners(names: &Names, owners: &[OwnerRef]) -> Vec<String> {
    let show = |o: &OwnerRef| {
        let notes = [(!o.controller).then_some("not controller"), o.is_blocking().then_some("blocks")];
        let notes: Vec<&str> = notes.into_iter().flatten().collect();
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        format!("{}/{}{notes}", o.written.0, names.name(&o.name))
    };
    owners.iter().map(show).collect()
}

/// Shared strings as JSON needs them.
pub(super) fn texts<T: std::ops::Deref<Target = str>>(shared: &[T]) -> Vec<&str> {
    shared.iter().map(|t| &**t).collect()
}

fn said(names: &Names, event: &Event) -> Entry {
    Entry::new("event")
        .with("type", event.kind.word())
        .with("reason", &*event.reason)
        .with("object", format!("{}/{}", event.about.kind, names.name(&event.about.name)))
        .with("message", names.text(&event.message))
        .with("count", event.count)
        .with("source", &*event.source)
}

fn claim_entries(subject: &Subject, before: Option<&std::rc::Rc<Claim>>, claim: &Claim) -> Vec<Entry> {
    let Some(before) = before else {
        let entry = subject.created(&claim.meta).with_text("size", &claim.spec.request).with_text("class", claim.class().unwrap_or(""));
        let labels = (!claim.meta.labels.is_empty()).then(|| encode_labels(&claim.meta.labels));
        let entry = entry.with("modes", texts(&claim.spec.modes)).with_some("labels", labels);
        return vec![entry.with_list("finalizers", &texts(&claim.meta.finalizers))];
    };
    let mut out = Vec::new();
    if before.selected_node() != claim.selected_node() {
        out.push(subject.entry("selectedNode").with("node", claim.selected_node().map(|n| &**n)));
    }
    if before.spec.volume != claim.spec.volume {
        out.push(subject.entry("volume").with("volume", subject.names.name(&claim.spec.volume)));
    }
    if before.status.phase != claim.status.phase {
        out.push(subject.entry("phase").with("phase", claim.status.phase.word()));
    }
    out
}

fn volume_entries(subject: &Subject, before: Option<&std::rc::Rc<Volume>>, volume: &Volume) -> Vec<Entry> {
    match before {
        None => {
            let claim = volume.spec.claim.as_ref().map(|c| &*c.name);
            let entry = subject.created(&volume.meta).with_some("claim", claim).with_text("reclaim", &volume.spec.reclaim);
            vec![entry.with_some("node", volume.spec.node.as_deref())]
        }
        Some(before) if before.status.phase != volume.status.phase => {
            vec![subject.entry("phase").with("phase", volume.status.phase.word())]
        }
        Some(_) => Vec::new(),
    }
}

fn node_entries(subject: &Subject, before: Option<&std::rc::Rc<Node>>, node: &Node) -> Vec<Entry> {
    let mut out = Vec::new();
    if before.is_none() {
        out.push(subject.created(&node.meta));
    }
    let ready = |n: &Node| n.status.conditions.iter().find(|c| c.kind == "Ready").map(|c| (c.status, c.reason.clone()));
    if let Some((status, reason)) = ready(node)
        && before.and_then(|b| ready(b)).is_none_or(|(old, _)| old != status)
    {
        out.push(subject.entry("ready").with("status", status.word()).with_text("reason", &reason));
    }
    if before.is_some_and(|b| b.unschedulable) != node.unschedulable {
        out.push(subject.entry("unschedulable").with("value", node.unschedulable));
    }
    let taints = |n: &Node| {
        let mut taints: Vec<String> = n.taints.iter().map(Taint::spelled).collect();
        taints.sort();
        taints
    };
    if before.map(|b| taints(b)).unwrap_or_default() != taints(node) {
        out.push(subject.entry("taints").with("taints", taints(node)));
    }
    out
}
