//! What rows, statuses and revisions say by themselves, where nothing was said of their objects.

use super::decides;
use super::finding::Finding;
use super::revisions;
use super::text::{Text, Thing};
use crate::paste::Standing;
use crate::read::PRINTS_ALL;
use ::text::diagnose::Unread;
use api::kind::Kind;
use api::object::ObjectKey;
use api::object::storage::SELECTED_NODE;
use base::time::Span;
use base::value::Value;
use causes::blame::{Blame, Sure, is_foreign};
use why::{Cause, Family};

/// For so long a pod may be without a node before that means anything.
const MOMENT: Span = Span::seconds(60);
/// Behind whatever was said.
pub(super) const LAST: usize = usize::MAX;

/// The sets that have all the pods they want, Ready, as their rows or statuses tell.
pub(super) fn well(text: &Text<'_>) -> Vec<ObjectKey> {
    text.of(Kind::StatefulSet).filter(|set| is_full(text, set) && !set.is_leaving()).map(|set| set.key).collect()
}

/// Whether a set counts as many Ready pods as it wants, and no pod of it that the text shows is otherwise.
pub(super) fn is_full(text: &Text<'_>, set: &Thing<'_>) -> bool {
    let number = |path: &[&str]| set.value.int_at(path);
    let wanted = number(&["spec", "replicas"]).or(number(&["status", "replicas"]));
    let ready = number(&["status", "readyReplicas"]);
    let pods = text.pods_of(&set.key);
    let unwell = pods.iter().any(|(_, pod)| pod.is_ready() == Some(false) || pod.is_leaving());
    // Where the set does not count them, its pods do.
    let shown = i64::try_from(pods.iter().filter(|(_, pod)| pod.is_ready() == Some(true)).count()).ok();
    // A set that has no pod wants none only where it says so.
    let is_told = wanted != Some(0) || number(&["spec", "replicas"]).is_some();
    is_told && wanted.is_some() && ready.or(shown).unwrap_or(0) == wanted.unwrap_or(0) && !unwell
}

/// A set that waits for nothing.
pub(super) fn complete(text: &Text<'_>, key: &ObjectKey) -> Finding {
    let set = text.find(key);
    let number = |path: &[&str]| set.as_ref().and_then(|set| set.value.int_at(path));
    let mut blame = Blame::of(Cause::Complete, key.clone());
    let ready = number(&["status", "readyReplicas"]).unwrap_or(0);
    let text_at = |path: &[&str]| set.as_ref().and_then(|set| set.value.text_at(path));
    let (current, update) = (text_at(&["status", "currentRevision"]), text_at(&["status", "updateRevision"]));
    if let Some(current) = current.filter(|_| current != update && text_at(&["spec", "updateStrategy", "type"]) == Some("OnDelete")) {
        blame.said.text("behind", current);
    }
    let shown = i64::try_from(text.pods_of(key).len()).unwrap_or(0);
    let ready = if ready == 0 { shown } else { ready };
    match number(&["spec", "replicas"]).unwrap_or(ready) {
        0 => blame.said.text("none", "none"),
        wanted => blame.said.text("ready", format!("{ready}/{wanted}")),
    }
    of(blame, key.clone())
}

/// Where a text says nothing that is amiss: a pod that is Ready, or no workload at all.
pub(super) fn nothing(text: &Text<'_>) -> Finding {
    let ready = || text.of(Kind::Pod).filter(Thing::is_of_set).filter(|pod| pod.is_ready() == Some(true));
    let is_called = |pod: &Thing<'_>| text.dump.sentences.pods.iter().any(|name| *name == *pod.key.name);
    if let Some(pod) = ready().find(is_called).or_else(|| ready().next()) {
        return of(Blame::of(Cause::Complete, pod.key.clone()), text.workload_of(&pod.key));
    }
    let nobody = ObjectKey::global(Kind::Namespace, &"".into());
    let mut blame = Blame::of(Cause::NoWorkload, nobody.clone()).unknown();
    if is_prose(text) {
        blame.said.text("prints", PRINTS_ALL);
        return of(blame, nobody);
    }
    if let Some(key) = decides::called(text) {
        let mut blame = Blame::of(Cause::NoReason, key.clone()).unknown();
        blame.said.text("called", "called");
        return of(blame, text.workload_of(&key));
    }
    let is_custom = |one: &&String| one.split_once(' ').is_some_and(|(kind, name)| Kind::named(kind).is_none() && !name.contains(' '));
    if let Some(custom) = text.dump.others.iter().find(is_custom) {
        blame.said.text("custom", custom.as_str());
    }
    of(blame, nobody)
}

/// Whether people wrote all lines of a text.
fn is_prose(text: &Text<'_>) -> bool {
    let has = |standing: Standing| text.dump.account.of_standing(standing).next().is_some();
    text.dump.sentences.any && !has(Standing::Read) && !has(Standing::Unread)
}

pub(super) fn of(blame: Blame, workload: ObjectKey) -> Finding {
    Finding { about: blame.object.clone(), blame, workload, rank: LAST, lines: Vec::new(), quoted: 0 }
}

/// What the objects of a text say beside what was said of them.
pub(super) fn shown(text: &Text<'_>, said: &[Finding]) -> Vec<Finding> {
    let mut found: Vec<Finding> = text.sets().iter().filter_map(|set| revisions::found(text, set, said)).collect();
    let spoken =
        |key: &ObjectKey| said.iter().any(|one| (one.about == *key || one.blame.object == *key) && one.blame.family() != Family::NotStuck);
    let pods: Vec<Thing<'_>> = text.of(Kind::Pod).collect();
    for pod in &pods {
        let ends = said.iter().any(|one| one.about == pod.key && super::words::ends(one.blame.cause));
        if pod.is_leaving() && !ends || !pod.is_leaving() && !spoken(&pod.key) {
            let blame = if pod.is_leaving() { Some(leaving(text, pod)) } else { unready(text, pod) };
            // Where anything was said of it, the text is not silent.
            let says = said.iter().any(|one| one.about == pod.key);
            let blame = blame.filter(|blame| !says || blame.sure != Sure::Unknown);
            found.extend(blame.map(|blame| of(blame, text.workload_of(&pod.key))));
        }
    }
    for set in text.sets() {
        found.extend(orphan(text, &set).map(|blame| of(blame, set)));
    }
    for claim in text.of(Kind::PersistentVolumeClaim).filter(|claim| !spoken(&claim.key) || claim.is_leaving()) {
        found.extend(of_claim(text, &claim).map(|blame| of(blame, text.workload_of(&claim.key))));
    }
    for volume in text.of(Kind::PersistentVolume).filter(Thing::is_leaving) {
        let mut blame = Blame::of(Cause::VolumeLeaves, volume.key.clone());
        blame.said.text("holder", volume.value.text_at(&["spec", "claimRef", "name"]).unwrap_or_default());
        if volume.value.at(&["spec", "claimRef", "name"]).is_some() {
            found.push(of(blame, volume.key));
        }
    }
    for space in text.of(Kind::Namespace).filter(|space| space.phase() == "Terminating" && !spoken(&space.key)) {
        found.push(of(Blame::of(Cause::NamespaceTerminating, space.key.clone()), space.key));
    }
    for node in text.of(Kind::Node).filter(|node| node.condition("Ready").is_some_and(|status| status != "True") && !spoken(&node.key)) {
        let on = |pod: &&Thing<'_>| pod.value.text_at(&["spec", "nodeName"]) == Some(&*node.key.name);
        // Pods of a silent node are told by themselves.
        if !pods
            .iter()
            .filter(on)
            .any(|pod| found.iter().any(|one| one.blame.object == pod.key && one.blame.family() == Family::NodeSilent))
        {
            found.push(of(Blame::of(Cause::NodeUnreachable, node.key.clone()), node.key));
        }
    }
    let open = text.of(Kind::StatefulSet).filter(|set| !set.is_leaving() && !is_full(text, set));
    let is_told = |key: &ObjectKey, found: &[Finding]| said.iter().chain(found).any(|one| one.workload == *key);
    for set in open.collect::<Vec<_>>() {
        if !is_told(&set.key, &found) {
            found.extend(short_of(text, &set).map(|blame| of(blame, set.key)));
        }
    }
    found
}

/// What a set waits for whose pods say nothing.
fn short_of(text: &Text<'_>, set: &Thing<'_>) -> Option<Blame> {
    let number = |path: &[&str]| set.value.int_at(path);
    let wanted = number(&["spec", "replicas"]).or(number(&["status", "replicas"]))?;
    let pods = text.pods_of(&set.key);
    let cause = match () {
        () if wanted == 0 && number(&["spec", "replicas"]).is_some() => return None,
        () if pods.is_empty() => Cause::NoPods,
        () if pods.iter().all(|(_, pod)| pod.is_ready() == Some(true)) && i64::try_from(pods.len()).is_ok_and(|have| have >= wanted) => {
            return Some(uncounted(text, set, &pods));
        }
        () => Cause::PodsMissing,
    };
    let is_used_up = |quota: &Thing<'_>| {
        let hard = quota.value.at(&["status", "hard"]).into_iter().flat_map(Value::members);
        let mut all = hard.map(|(what, hard)| (hard.as_text(), quota.value.text_at(&["status", "used", what])));
        quota.key.namespace == set.key.namespace && all.any(|(hard, used)| hard.is_some() && hard == used)
    };
    if let Some(quota) = text.of(Kind::ResourceQuota).find(is_used_up) {
        return Some(Blame::of(Cause::QuotaExceeded, quota.key).likely());
    }
    Some(Blame::of(cause, set.key.clone()).unknown())
}

/// What a set waits for that counts fewer Ready pods than the rows of its pods show: a row counts containers.
fn uncounted(text: &Text<'_>, set: &Thing<'_>, pods: &[(i64, Thing<'_>)]) -> Blame {
    let nodes: Vec<Thing<'_>> = text.of(Kind::Node).collect();
    if nodes.is_empty() || nodes.iter().any(|node| node.condition("Ready") != Some("True")) {
        return Blame::of(Cause::NotCounted, set.key.clone()).unknown();
    }
    let made = |pod: &Thing<'_>| {
        let words = format!("reate Pod {} in StatefulSet {} successful", pod.key.name, set.key.name);
        text.dump.events.iter().any(|event| event.message.contains(&words))
    };
    let others: Vec<&Thing<'_>> = pods.iter().map(|(_, pod)| pod).filter(|pod| !made(pod)).collect();
    let object = if let [one] = others[..] { one.key.clone() } else { set.key.clone() };
    Blame::of(Cause::NameTaken, object).likely()
}

/// The fields of manifests that no server knows.
pub(super) fn unknown_fields(text: &Text<'_>) -> Vec<Finding> {
    let of_set = |one: &Unread| match one {
        Unread::Fields { kind, name, fields } if **kind == *Kind::StatefulSet.info().name => Some((name.to_string(), fields.clone())),
        _ => None,
    };
    let found = |(name, fields): (String, String)| {
        let key = text.of(Kind::StatefulSet).map(|set| set.key).find(|key| *key.name == *name)?;
        let mut blame = Blame::of(Cause::UnknownField, key.clone()).likely();
        blame.said.text("field", fields);
        blame.said.text("type", Kind::StatefulSet.info().name);
        Some(of(blame, key))
    };
    text.dump.unread.iter().filter_map(of_set).filter_map(found).collect()
}

/// The pod of a set's names that has no owner, where others of them have the set: it is nobody's.
fn orphan(text: &Text<'_>, set: &ObjectKey) -> Option<Blame> {
    let pods = text.pods_of(set);
    let owned = |pod: &Thing<'_>| !pod.value.list_at(&["metadata", "ownerReferences"]).is_empty();
    let described =
        |pod: &&Thing<'_>| text.dump.described.iter().any(|(kind, _, name)| kind == pod.key.kind.info().name && *name == *pod.key.name);
    let alone = pods.iter().map(|(_, pod)| pod).filter(described).find(|pod| !owned(pod))?;
    pods.iter().any(|(_, pod)| owned(pod)).then(|| Blame::of(Cause::NameTaken, alone.key.clone()).likely())
}

/// Whether the text shows of a pod what the node controller does to those of a silent node: not Ready, though its containers are.
fn is_marked(text: &Text<'_>, pod: &Thing<'_>) -> bool {
    let containers = pod.value.list_at(&["status", "containerStatuses"]);
    let serves = !containers.is_empty() && containers.iter().all(|one| one.get("ready").and_then(Value::as_bool) == Some(true));
    let gates = !pod.value.list_at(&["spec", "readinessGates"]).is_empty();
    pod.condition("Ready") == Some("False") && serves && !gates && text.of(Kind::Node).next().is_none()
}

/// A pod that is being deleted.
fn leaving(text: &Text<'_>, pod: &Thing<'_>) -> Blame {
    let node = pod.value.text_at(&["spec", "nodeName"]).unwrap_or_default();
    let silent = text.of(Kind::Node).any(|one| *one.key.name == *node && one.condition("Ready").is_some_and(|status| status != "True"));
    let blame = |cause| Blame::of(cause, pod.key.clone());
    let finalizers = pod.value.list_at(&["metadata", "finalizers"]);
    if finalizers.iter().filter_map(Value::as_text).any(is_foreign) {
        return blame(Cause::PodFinalizer);
    }
    if silent {
        return blame(Cause::NodeUnreachablePodTerminating);
    }
    if is_marked(text, pod) {
        return blame(Cause::NodeUnreachablePodTerminating).likely();
    }
    let now = text.dump.newest;
    let until = pod.value.text_at(&["metadata", "deletionTimestamp"]).and_then(base::time::Time::parse_rfc3339);
    if now.zip(until).is_some_and(|(now, until)| until > now) {
        return blame(Cause::GracePeriod).likely();
    }
    let is_young = text.age_of(&pod.key).zip(now).is_some_and(|(made, now)| now.since(made) < MOMENT);
    if is_young {
        return blame(Cause::DeletedAgain).unknown();
    }
    let mut blame = blame(Cause::KubeletDoesNotEndIt).unknown();
    if text.of(Kind::Node).any(|one| *one.key.name == *node && one.condition("Ready") == Some("True")) {
        blame.said.text("ready_node", node);
    }
    blame
}

/// A pod that is not Ready, of which nothing was said.
fn unready(text: &Text<'_>, pod: &Thing<'_>) -> Option<Blame> {
    if pod.is_ready() != Some(false) {
        return None;
    }
    let blame = |cause| Blame::of(cause, pod.key.clone());
    let node = pod.value.text_at(&["spec", "nodeName"]);
    let silent =
        text.of(Kind::Node).any(|one| Some(&*one.key.name) == node && one.condition("Ready").is_some_and(|status| status != "True"));
    if silent {
        return Some(blame(Cause::NodeUnreachable));
    }
    if is_marked(text, pod) {
        return Some(blame(Cause::NodeUnreachable).likely());
    }
    if pod.value.text_at(&["status", "phase"]) == Some("Succeeded") {
        return Some(blame(Cause::PodCompleted).likely());
    }
    let init = pod.containers().find(|(one, is_init)| *is_init && one.at(&["state", "running"]).is_some());
    if let Some((container, _)) = init {
        let mut blame = blame(Cause::Init).likely();
        container.text_at(&["name"]).into_iter().for_each(|name| blame.said.text("container", name));
        return Some(blame);
    }
    let creating = pod.phase() == "ContainerCreating"
        || pod.containers().any(|(one, _)| one.text_at(&["state", "waiting", "reason"]) == Some("ContainerCreating"));
    Some(match pod.phase() {
        word if word.starts_with("Init:") => blame(Cause::Init).likely(),
        "Running" => blame(if gates(text, pod) { Cause::GateNeverReady } else { Cause::NeverReady }).likely(),
        // A container that ended and was not started again: the pod has ended as a whole.
        "Completed" if pod.restarts() == 0 && is_old(text, pod) => blame(Cause::PodCompleted).likely(),
        "Succeeded" | "Completed" => blame(Cause::ProgramEnds).likely(),
        "Failed" => blame(Cause::PodFailed).unknown(),
        "Unknown" => blame(Cause::NodeUnreachable).likely(),
        _ if creating || node.is_some() => blame(Cause::NotStarted).unknown(),
        "Pending" => waits(text, pod),
        // A row that was cut within its word.
        word if word.len() > 2 && "Running".starts_with(word) => return None,
        _ => blame(Cause::NoReason).unknown(),
    })
}

/// Whether a pod is older than the longest wait before a restart.
pub(super) fn is_old(text: &Text<'_>, pod: &Thing<'_>) -> bool {
    const LONGEST: Span = Span::seconds(600);
    text.age_of(&pod.key).zip(text.dump.newest).is_some_and(|(made, now)| now.since(made) > LONGEST)
}

/// A pod without a node of which nothing was said.
fn waits(text: &Text<'_>, pod: &Thing<'_>) -> Blame {
    let named = [pod.key.kind.info().name, &*pod.key.namespace, &*pod.key.name].map(str::to_owned);
    let is_quiet = text.dump.quiet.iter().any(|(kind, _, name)| *kind == named[0] && *name == named[2]);
    let told = pod.condition("PodScheduled");
    let looked = pod.value.list_at(&["status", "conditions"]).iter().any(|one| one.text_at(&["type"]) == Some("PodScheduled"));
    let cause = match (is_quiet, looked) {
        (true, false) => return Blame::of(Cause::UnknownScheduler, pod.key.clone()).likely(),
        (true, true) if told == Some("False") => return Blame::of(Cause::SchedulingGate, pod.key.clone()).likely(),
        (false, true) if told == Some("False") && may_be_placed(text, pod) => {
            return Blame::of(Cause::NoNodeFits, pod.key.clone()).likely();
        }
        _ => Cause::NotScheduled,
    };
    let created = text.age_of(&pod.key);
    if text.dump.newest.zip(created).is_some_and(|(now, created)| now.since(created) < MOMENT) {
        // A scheduler takes a moment.
        return Blame::of(Cause::InProgress, text.workload_of(&pod.key)).likely();
    }
    let mut blame = Blame::of(cause, pod.key.clone()).unknown();
    // The set makes no later pod before this one is Ready.
    let set = text.workload_of(&pod.key);
    let wanted = text.find(&set).and_then(|set| set.value.int_at(&["spec", "replicas"]));
    let pods = text.pods_of(&set);
    let last = pods.iter().map(|(ordinal, _)| *ordinal).max().unwrap_or(0);
    if wanted.is_some_and(|wanted| wanted > last + 1) && !is_parallel(text, &set) {
        blame.said.text("next", format!("{}-{}", set.name, last + 1));
    }
    blame
}

/// Whether no claim keeps a pod from being placed: it has none, or all of them are placed with their pods.
fn may_be_placed(text: &Text<'_>, pod: &Thing<'_>) -> bool {
    let placed = |claim: &Thing<'_>| claim.value.at(&["metadata", "annotations", SELECTED_NODE]).is_some();
    let volumes = pod.value.list_at(&["spec", "volumes"]).iter();
    volumes.filter_map(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"])).all(|name| {
        let claim = text.of(Kind::PersistentVolumeClaim).find(|claim| *claim.key.name == *name && claim.key.namespace == pod.key.namespace);
        let class = |claim: &Thing<'_>| claim.value.text_at(&["spec", "storageClassName"]).map(str::to_owned);
        claim.is_some_and(|claim| {
            let late = text.of(Kind::PersistentVolumeClaim).any(|other| class(&other) == class(&claim) && placed(&other));
            claim.phase() == "Bound" && !placed(&claim) || claim.phase() != "Bound" && late
        })
    })
}

fn is_parallel(text: &Text<'_>, set: &ObjectKey) -> bool {
    text.find(set).is_some_and(|set| set.value.text_at(&["spec", "podManagementPolicy"]) == Some("Parallel"))
}

/// Whether later pods of a set may wait for one that is not Ready.
fn gates(text: &Text<'_>, pod: &Thing<'_>) -> bool {
    let set = text.workload_of(&pod.key);
    if set.kind != Kind::StatefulSet || is_parallel(text, &set) {
        return false;
    }
    let pods = text.pods_of(&set);
    let own = pods.iter().find(|(_, one)| one.key == pod.key).map_or(0, |(ordinal, _)| *ordinal);
    let last = pods.iter().map(|(ordinal, _)| *ordinal).max().unwrap_or(0);
    match text.find(&set).and_then(|set| set.value.int_at(&["spec", "replicas"])) {
        Some(wanted) => (own + 1..wanted).any(|ordinal| pods.iter().all(|(other, _)| *other != ordinal)),
        None => own == last,
    }
}

/// What the row or the status of a claim says.
fn of_claim(text: &Text<'_>, claim: &Thing<'_>) -> Option<Blame> {
    let blame = |cause| Blame::of(cause, claim.key.clone());
    let user = text.of(Kind::Pod).find(|pod| {
        let own = pod.uses(&claim.key.name) || claim.key.name.ends_with(&format!("-{}", pod.key.name));
        own && pod.key.namespace == claim.key.namespace && !pod.is_leaving()
    });
    if claim.is_leaving() {
        let held = claim.value.list_at(&["metadata", "finalizers"]).iter().filter_map(Value::as_text).any(is_foreign);
        return Some(match user.filter(|pod| pod.phase() == "Running") {
            _ if held => blame(Cause::PvcTerminatingFinalizer),
            Some(pod) => {
                let mut blame = blame(Cause::ClaimLeaves);
                blame.said.text("holder", &*pod.key.name);
                blame
            }
            None => blame(Cause::PvcTerminating),
        });
    }
    match claim.phase() {
        "Lost" => Some(blame(Cause::PvcLost)),
        "Pending" => Some(without_volume(text, claim)),
        _ => None,
    }
}

/// A claim that is Pending: what the classes and volumes of the text say of it.
fn without_volume(text: &Text<'_>, claim: &Thing<'_>) -> Blame {
    let blame = |cause| Blame::of(cause, claim.key.clone());
    let class = claim.value.text_at(&["spec", "storageClassName"]).unwrap_or_default();
    let kept = text.of(Kind::PersistentVolume).find(|volume| {
        let of = volume.value.text_at(&["spec", "claimRef", "name"]);
        of == Some(&*claim.key.name) && volume.phase() == "Released"
    });
    if let Some(volume) = kept {
        return Blame::of(Cause::PvReleasedClaimRef, volume.key);
    }
    let classes: Vec<Thing<'_>> = text.of(Kind::StorageClass).collect();
    let own = classes.iter().find(|one| *one.key.name == *class);
    if !classes.is_empty() && !class.is_empty() && own.is_none() {
        return blame(Cause::StorageClassNotFound).likely();
    }
    let is_default = |one: &Thing<'_>| one.value.at(&["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"]).is_some();
    if class.is_empty() && !classes.is_empty() && !classes.iter().any(is_default) {
        return blame(Cause::NoDefaultStorageClass).likely();
    }
    if own.is_some_and(|one| one.value.text_at(&["volumeBindingMode"]) == Some("WaitForFirstConsumer")) {
        return blame(Cause::WaitsForPod).unknown();
    }
    // Whoever makes the volume has begun.
    let begun = text.dump.events.iter().any(|event| event.reason == "Provisioning" && event.about.2 == *claim.key.name);
    if begun {
        return blame(Cause::InProgress).likely();
    }
    blame(Cause::ClaimPending).unknown()
}
