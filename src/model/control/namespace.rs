//! Empties a namespace that is being deleted, pods first, and removes its finalizer once nothing is left.
//!
//! Models pkg/controller/namespace/deletion/namespaced_resources_deleter.go and status_condition_utils.go, with the gate
//! OrderedNamespaceDeletion on.
//! Upstream asks the API server what is left after each deletion; here it is predicted: running pods and objects with finalizers
//! remain for a while.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, own_key};
use super::seen::View;
use api::kind::Kind;
use api::object::{Deletion, Name, Object, ObjectKey, Plain};
use base::time::{Span, Time};
use base::value::Value;
use base::word::Word;
use server::request::{Edit, Request};
use why::{Component, ContentDeletion, Decision, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(&[(Kind::Namespace, own_key)], |view, key, _| plan(view, key));
/// How long the controller waits after a deletion request. namespace_controller.go namespaceDeletionGracePeriod.
const FIRST_LOOK: Span = Span::seconds(5);
/// The estimated time to remove objects with finalizers, in seconds. deletion finalizerEstimateSeconds.
const FINALIZER_ESTIMATE: i64 = 15;

/// The conditions, in order, as they read when nothing is wrong: type, reason, message.
const CONDITIONS: [(&str, &str, &str); 5] = [
    ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    ("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
    (CONTENT_FAILURE, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
    (CONTENT_REMAINING, "ContentRemoved", "All content successfully removed"),
    (FINALIZERS_REMAINING, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
];
const CONTENT_FAILURE: &str = "NamespaceDeletionContentFailure";
const CONTENT_REMAINING: &str = "NamespaceContentRemaining";
const FINALIZERS_REMAINING: &str = "NamespaceFinalizersRemaining";

/// What will remain of a kind after its objects have been deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Left {
    count: usize,
    /// How many of them carry each finalizer.
    finalizers: SortedMap<Name, usize>,
    /// The estimated number of seconds until the rest is gone.
    estimate: i64,
}

/// Plans one sync of a namespace.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let Some(Object::Plain(namespace)) = view.cache.tables.find(Kind::Namespace, "", &key.name) else { return Plan::default() };
    let Some(deletion) = namespace.meta.deletion else { return Plan::default() };
    take_away(view, key, namespace, deletion)
}

/// Plans what becomes of a namespace that is being deleted.
// A first visit does not run this.
#[inline(never)]
fn take_away(View { cache, now, .. }: View, key: &ObjectKey, namespace: &Plain, deletion: Deletion) -> Plan {
    let name = &key.name;
    let first = deletion.at + FIRST_LOOK;
    if now < first {
        return Plan { again: Some(first.since(now)), ..Plan::default() };
    }
    if namespace.raw.list_at(&["spec", "finalizers"]).is_empty() {
        return Plan::default();
    }
    let mut plan = Plan::default();
    let mut left: Vec<(Kind, Left)> = Vec::new();
    empty(cache, Kind::Pod, name, now.since(deletion.at), &mut plan, &mut left);
    if left.is_empty() {
        for kind in cache.tables.kinds().filter(|k| k.is_namespaced() && *k != Kind::Pod) {
            empty(cache, kind, name, now.since(deletion.at), &mut plan, &mut left);
        }
    }
    plan.decide(explain(key, &left));
    let conditions = conditions(namespace, &left, now);
    if namespace.raw.list_at(&["status", "conditions"]) != conditions {
        plan.then(Step::new(Request::Edit(key.clone(), Edit::NamespaceConditions(conditions))).on_error(OnError::IgnoreNotFound));
    }
    let estimate = left.iter().map(|(_, l)| l.estimate).max().unwrap_or(0);
    if left.is_empty() {
        plan.then(Step::new(Request::Edit(key.clone(), Edit::FinalizeNamespace)).on_error(OnError::IgnoreNotFound));
    } else if estimate > 0 {
        plan.again = Some(Span::of_seconds(estimate / 2 + 1));
    } else {
        plan.error = left.first().map(|(kind, _)| still_there(name, *kind).into());
    }
    plan
}

/// Deletes the objects of a kind and records what will remain. Models deleteAllContentForGroupVersionResource.
fn empty(cache: &Cache, kind: Kind, namespace: &Name, passed: Span, plan: &mut Plan, left: &mut Vec<(Kind, Left)>) {
    // Events are not in the controllers' cache; deleting them takes no time.
    let objects: Vec<&Object> = cache.tables.within(kind, namespace).collect();
    if objects.is_empty() && kind != Kind::Event {
        return;
    }
    plan.then(Step::new(Request::DeleteAll(kind, Rc::clone(namespace))).on_error(OnError::Ignore));
    let mut rest = Left { estimate: estimate(&objects, passed), ..Left::default() };
    for object in objects.into_iter().filter(|o| stays(o)) {
        rest.count += 1;
        for finalizer in &object.meta().finalizers {
            *rest.finalizers.entry(Rc::clone(finalizer)).or_default() += 1;
        }
    }
    if rest.estimate == 0 && !rest.finalizers.is_empty() {
        rest.estimate = FINALIZER_ESTIMATE;
    }
    if rest.count > 0 {
        left.push((kind, rest));
    }
}

/// Whether an object outlives its deletion request.
fn stays(object: &Object) -> bool {
    let runs = object.as_pod().is_some_and(|p| p.node.is_some() && !p.status.phase.terminal() && p.spec.template.grace > 0);
    runs || !object.meta().finalizers.is_empty()
}

/// How many seconds the pods among these objects may take to terminate; zero once that much time has passed since the namespace's
/// deletion. Models estimateGracefulTermination.
fn estimate(objects: &[&Object], passed: Span) -> i64 {
    let pods = objects.iter().filter_map(|o| o.as_pod()).filter(|p| !p.status.phase.terminal());
    let most = pods.map(|p| p.spec.template.grace).max().unwrap_or(0);
    if passed >= Span::of_seconds(most) { 0 } else { most }
}

fn still_there(namespace: &Name, kind: Kind) -> Word {
    let info = kind.info();
    let (group, version, resource) = (info.group, info.version, info.plural);
    let resource = format!("{group}/{version}, Resource={resource}");
    format!("unexpected items still remain in namespace: {namespace} for gvr: {resource}").into()
}

fn explain(key: &ObjectKey, left: &[(Kind, Left)]) -> Decision {
    let count = left.iter().map(|(_, l)| l.count).sum::<usize>();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (verdict, because) = match left.first() {
        None => (Verdict::Acts, Reason::ContentDeletion(ContentDeletion::Done)),
        Some((Kind::Pod, _)) => (Verdict::Waits, Reason::ContentDeletion(ContentDeletion::Pods(count))),
        Some(_) => (Verdict::Waits, Reason::ContentDeletion(ContentDeletion::Content(count))),
    };
    Decision::new(Component::Namespace, key.clone(), verdict, because)
}

/// The conditions of a namespace with these leftovers. While pods remain, nothing is counted. Models namespaceConditionUpdater.
fn conditions(namespace: &Plain, left: &[(Kind, Left)], now: Time) -> Vec<Value> {
    let old = namespace.raw.list_at(&["status", "conditions"]);
    let condition = |(kind, reason, message): &(&str, &str, &str)| {
        let (status, reason, message) = match wrong(kind, &namespace.meta.name, left) {
            Some((reason, message)) => ("True", reason, message),
            None => ("False", *reason, (*message).to_owned()),
        };
        let before = old.iter().find(|c| c.text_at(&["type"]) == Some(kind) && c.text_at(&["status"]) == Some(status));
        let since = before.and_then(|c| c.text_at(&["lastTransitionTime"])).map_or_else(|| now.rfc3339(), str::to_owned);
        Value::of([
            ("lastTransitionTime", Value::from(since)),
            ("message", message.into()),
            ("reason", reason.into()),
            ("status", status.into()),
            ("type", (*kind).into()),
        ])
    };
    CONDITIONS.iter().map(condition).collect()
}

/// Reason and message of a condition that becomes true.
fn wrong(kind: &str, namespace: &Name, left: &[(Kind, Left)]) -> Option<(&'static str, String)> {
    let waits_for_pods = left.iter().any(|(kind, _)| *kind == Kind::Pod);
    match kind {
        CONTENT_REMAINING | FINALIZERS_REMAINING if waits_for_pods => None,
        CONTENT_REMAINING if !left.is_empty() => {
            let told: Vec<String> = left
                .iter()
                .map(|(kind, l)| format!("{}.{} has {} resource instances", kind.info().plural, kind.info().group, l.count))
                .collect();
            Some(("SomeResourcesRemain", format!("Some resources are remaining: {}", told.join(", "))))
        }
        FINALIZERS_REMAINING => {
            let mut all: SortedMap<&Name, usize> = SortedMap::new();
            for (finalizer, count) in left.iter().flat_map(|(_, l)| &l.finalizers) {
                *all.entry(finalizer).or_default() += count;
            }
            let told: Vec<String> = all.iter().map(|(f, count)| format!("{f} in {count} resource instances")).collect();
            let message = format!("Some content in the namespace has finalizers remaining: {}", told.join(", "));
            (!all.is_empty()).then_some(("SomeFinalizersRemain", message))
        }
        CONTENT_FAILURE => {
            let stuck = left.iter().filter(|(_, l)| l.estimate == 0).map(|(kind, _)| still_there(namespace, *kind));
            let told: Vec<String> = stuck.map(|w| w.to_string()).collect();
            let message = format!("Failed to delete all resource types, {} remaining: {}", told.len(), told.join(", "));
            (!told.is_empty()).then_some(("ContentDeletionFailed", message))
        }
        _ => None,
    }
}
