//! Field managers: which manager owns which field of an object, and what server-side apply makes of that.
//!
//! Models k8s.io/apimachinery pkg/util/managedfields/internal (fieldmanager.go, structuredmerge.go, managedfieldsupdater.go,
//! skipnonapplied.go, capmanagers.go, stripmeta.go, lastappliedmanager.go, lastappliedupdater.go, managedfields.go, conflict.go) and
//! sigs.k8s.io/structured-merge-diff/v6 merge/update.go. What the strategies reset models `GetResetFields` of pkg/registry.
//! Promises: pure functions of values. Must not know: where managers are kept, who writes when.
//! Not modelled: several versions of one kind; of what a client sends as `managedFields`, fields of unknown types,
//! which are dropped, and other subresources than `status` and `scale`, which count as the object itself.

mod entry;
pub mod fields;
pub mod walk;

use std::rc::Rc;

pub use entry::{Entry, Writer, decode, encode, hand_over};
pub use walk::{Extent, set_of};

use crate::client::Subresource;
use crate::kind::Kind;
use crate::schema::schema;
use crate::status::{Status, StatusReason};
use crate::typed::with_empty_members;
use base::json;
use base::sort::Sort;
use base::time::Time;
use base::value::{Map, Value};
use walk::{compare, merge, with_named, without};

/// The annotation in which `kubectl apply` remembers what it applied.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The field manager of kubectl where it names no other: that of server-side apply, for whom the server keeps that annotation up to date.
pub const KUBECTL: &str = "kubectl";

/// Where an object shows its managers.
pub const MANAGED_FIELDS: [&str; 2] = ["metadata", "managedFields"];

/// The manager that is given all fields of an object without managers, once somebody applies to it.
const BEFORE: &str = "before-first-apply";

/// The most managers whose operation is Update; beyond that, the oldest are merged into one.
const MAX_UPDATERS: usize = 10;

/// The manager that the oldest ones are merged into.
const ANCIENT: &str = "ancient-changes";

/// Fields that nobody owns: those that identify the object, and those that only the server writes.
const STRIPPED: &str = "apiVersion kind metadata metadata.name metadata.namespace metadata.creationTimestamp metadata.selfLink \
                        metadata.uid metadata.clusterName metadata.generation metadata.managedFields metadata.resourceVersion";

/// The root of an object of a kind.
pub fn root(kind: Kind) -> Extent<'static> {
    Extent::Struct(schema().kind(kind))
}

/// The fields that a write to the object, or to a subresource of it, cannot change.
fn reset_by(kind: Kind, part: Subresource) -> Map {
    fields::named(match (part, kind) {
        (Subresource::Status, Kind::Pod) => "spec metadata.deletionTimestamp metadata.ownerReferences",
        (Subresource::Status, Kind::Deployment) => "spec metadata.labels",
        (Subresource::Status, _) => "spec",
        _ => "status",
    })
}

/// Takes fields away from all managers; one with nothing left is no longer a manager.
fn take(managers: &mut Vec<Entry>, set: &Map) {
    for entry in managers.iter_mut() {
        entry.fields = fields::difference(&entry.fields, set);
    }
    managers.retain(|entry| !entry.fields.is_empty());
}

/// Forgets what reading entries forgets: of two with one name, the one without a time, which comes first.
/// Models managedfields.go DecodeManagedFields.
fn reread(managers: &mut Vec<Entry>) {
    managers.dedup_by(|later, first| {
        let twice = later.order() == first.order();
        if twice {
            std::mem::swap(later, first);
        }
        twice
    });
}

/// What a write to the scale does to the managers of its object. Models scalehandler.go ToSubresource and ToParent.
pub fn rescale(kind: Kind, managers: &mut Vec<Entry>, writer: &Writer, path: &[&str], changes: bool) {
    let replicas = fields::of(path);
    reread(managers);
    let owns = |entry: &Entry| !fields::intersection(&entry.fields, &replicas).is_empty();
    if !managers.iter().any(owns) {
        // Where nobody manages a scale, nobody begins to.
        return;
    }
    if changes {
        return own(kind, managers, writer, &replicas, &Map::new(), None);
    }
    // An update of the number is not recognized as one of the scale, where it has another version: it is listed anew, without a time.
    for i in (0..managers.len()).rev().filter(|i| !managers[*i].applied && owns(&managers[*i])).collect::<Vec<_>>() {
        let anew = Entry { time: None, fields: replicas.clone(), ..managers[i].clone() };
        managers[i].fields = fields::difference(&managers[i].fields, &replicas);
        managers.insert(i, anew);
    }
    managers.retain(|entry| !entry.fields.is_empty());
}

/// What an update of an object, or of a subresource, does to its managers: the fields it adds or changes are the writer's alone.
pub fn update(kind: Kind, old: Option<&Value>, new: &Value, managers: &mut Vec<Entry>, writer: &Writer, now: Time) {
    if managers.is_empty() && old.is_some() {
        return;
    }
    reread(managers);
    // A new object is compared with one of nothing, whose structs are there all the same.
    let live = old.cloned().unwrap_or_else(|| with_empty_members(kind, &Value::map()));
    let changes = compare(root(kind), Some(&live), Some(new)).outside(&reset_by(kind, writer.part));
    own(kind, managers, writer, &changes.set(), &changes.removed, Some(now));
}

/// Makes a writer the only owner of fields, and takes removed fields away from everybody.
fn own(kind: Kind, managers: &mut Vec<Entry>, writer: &Writer, set: &Map, removed: &Map, now: Option<Time>) {
    take(managers, set);
    take(managers, removed);
    let set = fields::difference(set, &fields::named(STRIPPED));
    if set.is_empty() {
        return;
    }
    let version: Rc<str> = kind.api_version().into();
    match managers.iter_mut().find(|entry| entry.is(writer, false) && entry.version == version) {
        Some(entry) => {
            entry.fields = fields::union(&entry.fields, &set);
            entry.time = now;
        }
        None => managers.push(Entry { writer: writer.clone(), applied: false, version, time: now, fields: set }),
    }
    cap(managers);
}

/// Merges the oldest managers into one while there are too many.
fn cap(managers: &mut Vec<Entry>) {
    while managers.iter().filter(|entry| !entry.applied).count() > MAX_UPDATERS {
        let oldest = |managers: &[Entry]| {
            let own = (0..managers.len()).filter(|i| !managers[*i].applied && &*managers[*i].writer.manager != ANCIENT);
            own.min_by(|i, j| {
                let (a, b) = (&managers[*i], &managers[*j]);
                a.time.cmp(&b.time).then_with(|| a.order().cmp(&b.order()))
            })
        };
        let Some(mut old) = oldest(managers).map(|i| managers.remove(i)) else { return };
        if let Some(ancient) = managers.iter_mut().find(|entry| &*entry.writer.manager == ANCIENT) {
            (ancient.fields, ancient.time) = (fields::union(&ancient.fields, &old.fields), old.time);
        } else {
            old.writer = Writer { manager: ANCIENT.into(), part: Subresource::None };
            managers.push(old);
        }
    }
}

/// A server-side apply.
pub struct Applied<'a> {
    /// What the client sent.
    pub config: &'a Value,
    pub writer: &'a Writer,
    /// Whether conflicting fields are taken over: `--force-conflicts`.
    pub force: bool,
    /// When.
    pub now: Time,
}

/// Applies a configuration to an object, or to none. Returns the object before defaulting and validation, and updates its managers.
pub fn apply(kind: Kind, live: Option<&Value>, managers: &mut Vec<Entry>, applied: &Applied) -> Result<Value, Status> {
    if managers.is_empty()
        && let Some(live) = live
    {
        let before = Writer { manager: BEFORE.into(), part: Subresource::None };
        update(kind, None, live, managers, &before, applied.now);
    }
    reread(managers);
    let nothing = Value::map();
    let there = live.unwrap_or(&nothing);
    let is_kubectl = &*applied.writer.manager == KUBECTL;
    let mut object = match merged(kind, there, managers, applied, applied.force) {
        Err(conflicts) => {
            let allowed = is_kubectl.then(|| as_remembered(kind, there)).flatten().unwrap_or_default();
            let conflicts: Vec<Entry> = conflicts
                .into_iter()
                .map(|entry| Entry { fields: fields::difference(&entry.fields, &allowed), ..entry })
                .filter(|entry| !entry.fields.is_empty())
                .collect();
            if !conflicts.is_empty() {
                return Err(refusal(conflicts));
            }
            merged(kind, there, managers, applied, true).unwrap_or_default()
        }
        Ok(object) => object,
    };
    let has_memory = object.text_at(&["metadata", "annotations", LAST_APPLIED]).is_some_and(|text| !text.is_empty());
    if is_kubectl && has_memory {
        object.set(&["metadata", "annotations", LAST_APPLIED], memory_of(applied.config));
    }
    Ok(object)
}

/// A configuration as the last-applied annotation holds it.
pub fn memory_of(config: &Value) -> String {
    let mut config = config.clone();
    config.remove(&["metadata", "annotations", LAST_APPLIED]);
    config.to_json() + "\n"
}

/// Merges a configuration into an object. The error is the conflicts: the managers in question, each with the fields it would lose.
fn merged(kind: Kind, live: &Value, managers: &mut Vec<Entry>, applied: &Applied, force: bool) -> Result<Value, Vec<Entry>> {
    let root = root(kind);
    let reset = reset_by(kind, applied.writer.part);
    let mine = |entry: &Entry| entry.is(applied.writer, true);
    let before = managers.iter().position(mine).map(|i| managers.remove(i));
    let set = fields::outside(&set_of(root, applied.config), &reset);
    let mut object = merge(root, Some(live), Some(applied.config)).unwrap_or_default();
    if let Some(last) = &before {
        object = pruned(root, &object, managers, &set, &last.fields);
    }
    let changes = compare(root, Some(live), Some(&object)).outside(&reset);
    let touched = changes.set();
    if !force {
        let conflicts = managers.iter().map(|entry| Entry { fields: fields::intersection(&entry.fields, &touched), ..entry.clone() });
        let conflicts: Vec<Entry> = conflicts.filter(|entry| !entry.fields.is_empty()).collect();
        if !conflicts.is_empty() {
            managers.extend(before);
            return Err(conflicts);
        }
    }
    take(managers, &touched);
    take(managers, &changes.removed);
    let time = if object == *live { before.and_then(|entry| entry.time) } else { Some(applied.now) };
    let (writer, fields) = (applied.writer.clone(), fields::difference(&set, &fields::named(STRIPPED)));
    if !fields.is_empty() {
        managers.push(Entry { writer, applied: true, version: kind.api_version().into(), time, fields });
    }
    Ok(object)
}

/// A merged object without the fields that its applier owned, no longer applies, and that nobody else owns.
fn pruned(root: Extent, merged: &Value, others: &[Entry], set: &Map, last: &Map) -> Value {
    let named = |set: &Map| with_named(root, set);
    let last = named(last);
    let mut object = without(root, merged, &last);
    let all = named(&set_of(root, merged));
    let owned = others.iter().fold(set.clone(), |all, entry| fields::union(&all, &entry.fields));
    let kept = fields::union(&named(&set_of(root, &object)), &named(&owned));
    object = without(root, merged, &fields::difference(&all, &kept));
    let gone = fields::difference(&all, &named(&set_of(root, &object)));
    without(root, merged, &fields::intersection(&gone, &last))
}

/// The fields of the last-applied annotation that still have the value applied then.
fn as_remembered(kind: Kind, live: &Value) -> Option<Map> {
    let text = live.text_at(&["metadata", "annotations", LAST_APPLIED])?;
    let applied = json::value(text)?;
    if applied.text_at(&["apiVersion"]) != Some(&kind.api_version()) {
        return None;
    }
    let changes = compare(root(kind), Some(&applied), Some(live));
    let set = fields::difference(&set_of(root(kind), &applied), &changes.set());
    Some(fields::difference(&set, &changes.removed))
}

/// The server's answer to conflicts.
fn refusal(mut conflicts: Vec<Entry>) -> Status {
    conflicts.sort_small_by(|a, b| a.order().cmp(&b.order()));
    let count: usize = conflicts.iter().map(|entry| fields::paths(&entry.fields).len()).sum();
    let mut words = Vec::new();
    for entry in &conflicts {
        let paths = fields::paths(&entry.fields);
        if count == 1 {
            words.push(format!("conflict with {}: {}", entry.described(), paths.concat()));
        } else {
            words.push(format!("conflicts with {}:", entry.described()));
            words.extend(paths.iter().map(|path| format!("- {path}")));
        }
    }
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("Apply failed with {count} conflict{plural}: {}", words.join("\n"));
    Status { reason: StatusReason::Conflict, ..Status::bad_request(message) }
}
