//! What is done to objects as they are: pods that go, finalizers, gates, partitions, budgets, quotas, and what is not there.

use std::rc::Rc;

use super::case::{Case, Cure, Cures, Why, one};
use super::goal::Goal;
use crate::blame::is_foreign;
use crate::command::{CHANGE_ME, with_keys};
use crate::port::declared_port;
use crate::rollout::is_trapped;
use crate::room;
use crate::stand_in::Pods;
use api::admit::ENFORCE;
use api::client::PatchType;
use api::kind::Kind;
use api::object::{Name, ObjectKey, Pod, StatefulSet, parent_and_ordinal};
use api::obstacle::Obstacle;
use api::well_known::{CONTROLLER_REVISION_HASH, DESIRED_REPLICAS};
use base::sort::Sort;
use base::value::Value;
use text::diagnose::Risk;
use why::{Cause, Reason};

/// What a request or a container stumbles over.
fn obstacle(because: &Reason) -> Option<&Obstacle> {
    match because {
        Reason::SyncFailed { obstacle, .. } => obstacle.as_ref(),
        Reason::MissingReference { missing, .. } => Some(missing),
        _ => None,
    }
}

/// The obstacle of a case; where cures are to be tried, that of the object to blame.
fn in_the_way(case: &Case) -> Option<Obstacle> {
    if !case.is_tried() {
        return obstacle(case.because()?).cloned();
    }
    let links = case.shot.explain(case.about).links;
    obstacle(&links.first()?.entry.as_ref()?.decision.because).cloned()
}

fn deleted(case: &Case, key: &ObjectKey) -> Cure {
    Cure::new(case.text.cluster.delete(&key.name), [case.shot.naming(&key.namespace).delete(key.kind, &key.name)])
}

/// Deletes who waits or what a cause hangs on, or else what the reason names.
pub(super) fn delete(case: &Case) -> Cures {
    let own = |kind: Kind, name: &Name| ObjectKey::new(kind, case.namespace, name);
    let is_there = |kind: Kind, name: &Name| case.tables.find(kind, case.namespace, name).is_some();
    let Some(because) = case.because() else { return case.set().map(|_| vec![deleted(case, case.about)]) };
    let key = match (because, obstacle(because)) {
        (Reason::ClaimInUse { pod }, _) => own(Kind::Pod, pod),
        (Reason::VolumeInUse { claim }, _) => ObjectKey::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name),
        (Reason::OnDeleteWaitsForYou { .. }, _) => old(case, case.set()?).last()?.key(),
        (_, Some(Obstacle::Limit(kind, name) | Obstacle::Unstated(kind, name))) => own(*kind, name),
        (_, Some(Obstacle::Taken(kind, name))) => Some(own(*kind, name)).filter(|_| is_there(*kind, name))?,
        (_, Some(Obstacle::Invalid(Kind::Pod, name))) if is_there(Kind::Pod, name) => own(Kind::Pod, name),
        // A name that gives no valid pods cannot be changed.
        _ => case.about.clone(),
    };
    deleted(case, &key).into()
}

/// The pods of a set that fail on a revision nobody wants, all at once and one.
pub(super) fn delete_trapped(case: &Case) -> Cures {
    let set = case.set()?;
    let trapped: Vec<&str> = case.shot.pods_of(set).filter(|pod| is_trapped(case.shot, set, pod)).map(|pod| &*pod.meta.name).collect();
    let all = (trapped.len() > 1).then(|| Cure::tried([case.naming.delete(Kind::Pod, &trapped.join(" "))]));
    Some(all.into_iter().chain(delete(case)?).collect())
}

/// The pods of a set that have not the newest revision, the highest ordinal last.
fn old<'a>(case: &Case<'a>, set: &StatefulSet) -> Vec<&'a Pod> {
    let newest = &set.status.update_revision;
    let mut all: Vec<_> = case.shot.pods_of(set).filter(|pod| pod.meta.label(CONTROLLER_REVISION_HASH) != Some(newest)).collect();
    all.sort_small_by(|a, b| parent_and_ordinal(&a.meta.name).cmp(&parent_and_ordinal(&b.meta.name)));
    all
}

/// The pods of old revisions from the highest ordinal down, each once the one before is Ready again.
pub(super) fn delete_old(case: &Case) -> Cures {
    let mut lines = Vec::new();
    for pod in old(case, case.set()?).iter().rev() {
        let name = &pod.meta.name;
        lines.push(case.naming.delete(Kind::Pod, name));
        lines.push(case.naming.kubectl(format_args!("wait --for=condition=Ready pod/{name} --timeout=120s")));
    }
    lines.pop();
    Cure::tried(lines).into()
}

/// Has the controller replace pods by itself.
pub(super) fn rolling(case: &Case) -> Cures {
    let body = r#"{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}}}"#;
    one("", case.naming.patch(Kind::StatefulSet, &case.set()?.meta.name, PatchType::Merge, body))
}

pub(super) fn partition(case: &Case) -> Cures {
    one(case.text.ask.lower(), case.naming.partition(&case.set()?.meta.name, 0))
}

pub(super) fn resume(case: &Case) -> Cures {
    one(case.text.ask.resume(), case.naming.rollout("resume", Kind::Deployment, &case.about.name))
}

pub(super) fn undo_deployment(case: &Case) -> Cures {
    one(case.text.cluster.undo(), case.naming.rollout("undo", Kind::Deployment, &case.about.name))
}

/// The size of a Deployment, on ReplicaSets of it.
pub(super) fn note_size(case: &Case) -> Cures {
    let Reason::SizeIsNotNoted(replica_sets) = case.because()? else { return None };
    let size = case.tables.deployment(case.namespace, &case.about.name)?.spec.replicas;
    one(case.text.ask.note_size(), case.naming.annotate(Kind::ReplicaSet, &replica_sets.join(" "), DESIRED_REPLICAS, size))
}

/// Waits for a rollout that goes on by itself.
pub(super) fn watch(case: &Case) -> Cures {
    one("", case.naming.rollout("status", Kind::StatefulSet, &case.set()?.meta.name))
}

fn released(case: &Case, kind: Kind, namespace: &str, name: &str) -> Cure {
    let line = case.shot.naming(namespace).patch(kind, name, PatchType::Merge, r#"{"metadata":{"finalizers":null}}"#);
    Cure::new(case.text.ask.let_go(name), [line])
}

/// Takes away what holds an object that is being deleted: who waits, or what is in the way. What a namespace waits for are first its pods:
/// nothing else is deleted before they are gone.
pub(super) fn let_go(case: &Case) -> Cures {
    let about = case.about;
    match case.because().and_then(obstacle) {
        Some(Obstacle::Leaving(Kind::Namespace, space)) => {
            let kinds = [Kind::Pod].into_iter().chain(Kind::ALL.iter().copied());
            let mut objects = kinds.flat_map(|kind| case.tables.within(kind, space));
            let held = objects.find(|object| object.meta().terminating() && !object.meta().finalizers.is_empty())?;
            return released(case, held.kind(), space, &held.meta().name).into();
        }
        Some(Obstacle::Leaving(kind, name)) => return released(case, *kind, case.namespace, name).into(),
        _ => {}
    }
    let gone = released(case, about.kind, &about.namespace, &about.name);
    if !case.is_tried() {
        return gone.into();
    }
    let finalizers = &case.tables.get(about)?.meta().finalizers;
    let finalizer = finalizers.iter().find(|name| is_foreign(name)).or_else(|| finalizers.iter().next())?;
    let risk = match about.kind {
        Kind::PersistentVolumeClaim => Risk::ClaimGoes { claim: Rc::clone(&about.name) },
        _ => Risk::Undone { finalizer: Rc::clone(finalizer) },
    };
    // No set watches its claims: whoever waits for one without a word of it looks again once the set changes.
    let again = case.set().map(|set| case.naming.rollout("restart", Kind::StatefulSet, &set.meta.name));
    let both = Cure::tried(gone.lines.iter().cloned().chain(again));
    Some([gone, both].map(|cure| cure.risks(risk.clone())).into())
}

/// By what the missing pods take.
pub(super) fn raise_quota(case: &Case) -> Cures {
    let (Obstacle::Limit(Kind::ResourceQuota, quota) | Obstacle::Unstated(_, quota)) = in_the_way(case)? else { return None };
    Cure::from(room::raise(case.shot, case.about, &quota)?).into()
}

/// What is referred to and does not exist.
pub(super) fn make_missing(case: &Case) -> Cures {
    let Obstacle::Missing(kind, name) = in_the_way(case)? else { return None };
    let pod = case.tables.pod(case.namespace, &case.about.name).map(|pod| &pod.spec.template.raw);
    case.make(kind, &name, Pods::of(pod).stand_in(&ObjectKey::new(kind, case.namespace, &name)))
}

/// The key that a ConfigMap or a Secret lacks.
pub(super) fn add_key(case: &Case) -> Cures {
    let Obstacle::MissingKey(kind, name, key) = in_the_way(case)? else { return None };
    let patch = Value::of([(with_keys(kind), Value::of([(&*key, CHANGE_ME)]))]).to_json();
    one(case.text.ask.make(&format!("{name}/{key}")), case.naming.patch(kind, &name, PatchType::Strategic, &patch))
}

/// Has a namespace enforce nothing about its pods; to try, the next lower level.
pub(super) fn enforce(case: &Case) -> Cures {
    let (level, space) = match (case.blame(), case.because().and_then(obstacle)) {
        (_, Some(Obstacle::PodSecurity { namespace, .. })) => ("-", namespace),
        (Some(blame), _) if blame.cause == Cause::PodSecurityRestricted => ("=baseline --overwrite", case.namespace),
        _ => ("=privileged --overwrite", case.namespace),
    };
    let naming = case.shot.naming("");
    let line = naming.kubectl(format_args!("label {} {space} {ENFORCE}{level}", naming.kind(Kind::Namespace)));
    Cure::new(case.text.ask.allow(space), [line]).risks(Risk::Allowed { namespace: Rc::clone(space) }).into()
}

/// What a quota wants containers to ask for, for all that ask for nothing.
pub(super) fn default_requests(case: &Case) -> Cures {
    let requests = Value::of([("cpu", "250m"), ("memory", "512Mi")]);
    let limit = Value::of([("type", Value::from("Container")), ("defaultRequest", requests)]);
    let mut range = Value::map();
    range.set(&["metadata", "namespace"], case.namespace);
    range.set(&["spec", "limits"], Value::list([limit]));
    case.make(Kind::LimitRange, "defaults", range)
}

/// Changes a set, so that its controller looks at it: of claims that are gone, nobody tells it.
pub(super) fn look_again(case: &Case) -> Cures {
    let Reason::StaleClaim { claim, .. } = case.because()? else { return None };
    let set = case.set().filter(|_| case.tables.claim(case.namespace, claim).is_none())?;
    let line = case.naming.annotate(Kind::StatefulSet, &set.meta.name, "look-again", set.meta.revision);
    one(case.text.ask.look_again(), line)
}

/// The conditions that a pod's readiness gates name: nobody else here sets them.
pub(super) fn open_gates(case: &Case) -> Cures {
    let Reason::ReadinessGatesClosed(gates) = case.because()? else { return None };
    let names: Vec<&str> = gates.iter().map(|(gate, _)| &**gate).collect();
    let conditions = names.iter().map(|gate| Value::of([("type", *gate), ("status", "True")]));
    let patch = Value::of([("status", Value::of([("conditions", Value::list(conditions))]))]).to_json();
    let what = format!("{} --subresource=status", case.about.name);
    one(case.text.ask.set_true(&names.join(", ")), case.naming.patch(Kind::Pod, &what, PatchType::Strategic, &patch))
}

/// Lets the scheduler look at a pod.
pub(super) fn ungate(case: &Case) -> Cures {
    one(case.text.ask.ungate(&case.about.name), case.naming.remove(Kind::Pod, &case.about.name, "/spec/schedulingGates"))
}

/// Has a budget let one of its pods go, where that is enough.
pub(super) fn let_one_go(case: &Case) -> Cures {
    if matches!(case.because(), Some(Reason::NoDisruptionAllowed(counts)) if counts.healthy < counts.expected) {
        return None;
    }
    let name = &case.about.name;
    let patch = r#"{"spec":{"minAvailable":null,"maxUnavailable":1}}"#;
    let line = case.naming.patch(Kind::PodDisruptionBudget, name, PatchType::Merge, patch);
    Cure::new(case.text.ask.let_one_go(name), [line]).risks(Risk::OneFewer { budget: Rc::clone(name) }).into()
}

/// A pod more for a budget to count.
pub(super) fn one_more(case: &Case) -> Cures {
    let budget = case.tables.budget(&case.about.namespace, &case.about.name)?;
    let mut sets = case.tables.stateful_sets().filter(|set| set.meta.namespace == case.about.namespace);
    let set = sets.find(|set| budget.selects(&set.spec.template.labels))?;
    one("", case.naming.scale(Kind::StatefulSet, &set.meta.name, set.spec.replicas + 1))
}

/// The Service that a set's pods have as their subdomain.
pub(super) fn service(case: &Case) -> Cures {
    let Why::Cause { goal: Goal::There(key), .. } = case.why else { return None };
    let mut sets = case.tables.stateful_sets();
    let set = sets.find(|set| set.meta.namespace == key.namespace && set.spec.service_name == key.name)?;
    let port = set.spec.template.raw.list_at(&["containers"]).iter().find_map(declared_port).unwrap_or(80);
    let labels: Vec<String> = set.spec.match_labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
    let (naming, name) = (&case.naming, &key.name);
    let make = naming.kubectl(format_args!("create service clusterip {name} --clusterip=None --tcp={port}"));
    let select = naming.kubectl(format_args!("set selector {} {name} {}", naming.kind(Kind::Service), labels.join(",")));
    Cure::tried([make, select]).into()
}
