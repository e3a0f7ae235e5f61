//! The facts that a verdict rests on, one per line, with the field, the value and the version that say so.

use super::pane::verdict_mark;
use crate::storage::claim_mark;
use crate::workload::Workload;
use crate::{Glyph, Hue, Mark, Snapshot, ways};
use api::kind::Kind;
use api::object::pod::READY;
use api::object::{Claim, Deletion, Name, Object, ObjectKey, Pod, StatefulSet};
use base::time::{Span, Time};
use causes::barred::{Bar, barred};
use causes::ground::{Ground, is_wrong, refused_pods, standing, tell, tell_in, why_so};
use causes::pod::{PodState, pod_word};
use causes::rollout::is_trapped;
use causes::root::{Stuck, stuck};
use causes::{Evidence, peers};
use text::why::{Because, Standing};
use why::explain::Link;
use why::log::Entry;
use why::{Component, Plugin, Reason, Trouble, Verdict};

/// How many facts a verdict has at most.
const MAX_FACTS: usize = 5;
/// How many nodes are named of those that a pod is kept from, and how many pods of each.
const MAX_BARRED: usize = 3;
const MAX_NAMED: usize = 3;

/// The facts behind a pod that is missing because of another: the one below that, that one, since when it is waited for, and what
/// that one waits for itself.
pub(super) fn chain(shot: &Snapshot, set: &StatefulSet, name: &str, entry: &Entry) -> Vec<Evidence> {
    let Some(blocker) = entry.decision.blocked_by.as_ref().filter(|key| key.kind == Kind::Pod) else { return Vec::new() };
    let own = |pod: &str| shot.tables.pod(&set.meta.namespace, pod);
    let below = set.ordinal_of(&blocker.name).and_then(|ordinal| own(&set.pod_name(ordinal - 1)));
    let mut facts: Vec<Evidence> = below.into_iter().map(|pod| pod_fact(shot, &set.meta.name, pod, None)).collect();
    facts.extend(own(&blocker.name).into_iter().flat_map(|pod| blocker_facts(shot, set, pod, entry)));
    if *blocker.name != *name {
        let words = shot.text().why.waits_for(name, &blocker.name);
        facts.push(Evidence::new(Mark(Glyph::Absent, Hue::Wait), &words, since(shot, entry.first)));
    }
    facts.extend(beyond(shot, blocker));
    facts.truncate(MAX_FACTS);
    facts
}

/// The state of a pod that something waits for, and what is wrong with it where something is.
pub(super) fn blocker_facts(shot: &Snapshot, set: &StatefulSet, pod: &Pod, entry: &Entry) -> impl Iterator<Item = Evidence> {
    let ground = why_so(shot, pod);
    let peers = ground.as_ref().and_then(Ground::reason).and_then(|because| peers::of(shot, pod, because));
    let peers = peers.map(|peers| Evidence::new(Mark(Glyph::Unknown, Hue::Ink), sentence(&peers.told(shot)), ""));
    [pod_fact(shot, &set.meta.name, pod, Some(entry))].into_iter().chain(trouble_fact(shot, set, pod)).chain(peers)
}

/// What is wrong with a pod, as whoever found it says; `None` where it only takes its time.
fn trouble_fact(shot: &Snapshot, set: &StatefulSet, pod: &Pod) -> Option<Evidence> {
    let ground = why_so(shot, pod)?;
    if !is_wrong(&ground) {
        return None;
    }
    let because = match ground.reason().filter(|_| is_trapped(shot, set, pod)) {
        Some(by) => Because::Trapped { by },
        None => ground.because(),
    };
    let told = tell(shot, &set.meta.name, &pod.meta.name, because);
    Some(Evidence::new(pod_word(pod, false).state.mark(), sentence(&told.paragraph), ""))
}

/// What something waits for, and that for, down to the root.
pub(super) fn beyond(shot: &Snapshot, key: &ObjectKey) -> Vec<Evidence> {
    shot.explain(key).links.iter().skip(1).map(|link| link_fact(shot, link)).collect()
}

/// A link of a chain as a fact.
fn link_fact(shot: &Snapshot, link: &Link) -> Evidence {
    let (about, entry) = (&link.about, link.entry.as_ref());
    match shot.tables.get(about) {
        Some(Object::Pod(pod)) => pod_fact(shot, "", pod, None),
        Some(Object::Claim(claim)) => claim_fact(shot, claim),
        None => Evidence::new(Mark(Glyph::Absent, Hue::Wait), sentence(&shot.text().ask.does_not_exist(&about.name)), ""),
        Some(_) => {
            let because = entry.map_or(Because::NotLookedAt, |entry| Because::Decided(&entry.decision.because));
            let mark = entry.map_or(Mark(Glyph::Check, Hue::Ink), |entry| verdict_mark(entry.decision.verdict));
            let set = if about.kind == Kind::StatefulSet { &*about.name } else { "" };
            let verdict = tell(shot, set, &about.name, because).verdict;
            let at = entry.map_or(String::new(), |entry| since(shot, entry.first));
            Evidence::new(mark, sentence(&verdict), at).seen(seen(shot, about, entry))
        }
    }
}

/// A sentence as a fact: without its full stop.
fn sentence(words: &str) -> &str {
    words.trim_end_matches('.')
}

fn since(shot: &Snapshot, at: Time) -> String {
    shot.text().why.since(&shot.time(at))
}

/// A pod's state as a fact: Ready since when, or what holds it, also where it is to go and may not. `seen_in` is a decision of
/// somebody who saw the pod.
pub(super) fn pod_fact(shot: &Snapshot, set: &str, pod: &Pod, seen_in: Option<&Entry>) -> Evidence {
    let state = pod_word(pod, false).state;
    let ready_since = pod.condition(READY).map_or(pod.meta.created, |condition| condition.since);
    let seen = seen(shot, &pod.key(), seen_in);
    let let_be = shot.no_longer_evicted(pod).map(|entry| (Glyph::NodeClosed, entry.last));
    let held = shot.held_by_budget(pod).map(|entry| (Glyph::Absent, entry.first)).or(let_be).filter(|_| state == PodState::Ready);
    if state == PodState::Ready && held.is_none() {
        return Evidence::new(state.mark(), &shot.text().why.ready_fact(&pod.meta.name), shot.time(ready_since)).seen(seen);
    }
    let ground = why_so(shot, pod);
    let because = ground.as_ref().map_or(Because::NotLookedAt, Ground::because);
    let verdict = tell(shot, set, &pod.meta.name, because).verdict;
    let at = pod.meta.deletion.map_or(held.map_or(ready_since, |(_, at)| at), Deletion::asked);
    let mark = held.map_or(state.mark(), |(glyph, _)| Mark(glyph, Hue::Wait));
    let detail = restarts(shot, pod, ground.as_ref().and_then(Ground::reason)).unwrap_or_else(|| since(shot, at));
    Evidence::new(mark, sentence(&verdict), detail).seen(seen)
}

/// How often the container was started again that a reason says does not stay up. Such a pod is not Ready anew after each start, so that
/// since when it is says little.
fn restarts(shot: &Snapshot, pod: &Pod, reason: Option<&Reason>) -> Option<String> {
    let container = reason.filter(|reason| reason.rule().trouble == Some(Trouble::Restarts))?.container()?;
    let of = pod.status.containers.iter().chain(&pod.status.init_containers).find(|status| status.name == container)?;
    usize::try_from(of.restarts).ok().filter(|n| *n > 0).map(|n| shot.text().why.restarts(n))
}

/// The field values that the decision was based on; the current ones if none were recorded.
pub(super) fn seen(shot: &Snapshot, key: &ObjectKey, entry: Option<&Entry>) -> String {
    let recorded = entry.and_then(|entry| entry.decision.evidence.iter().rev().find(|seen| seen.of == *key));
    let line = |field: &str, value: &str, version: u64| format!("{field} = {value}, resourceVersion {version}");
    match (recorded, shot.tables.get(key)) {
        (Some(seen), _) => line(seen.what.word(), &seen.value, seen.revision),
        (None, Some(object)) => telling(object).map_or(String::new(), |(field, value)| line(field, &value, object.meta().revision)),
        (None, None) => String::new(),
    }
}

/// The field that tells most about an object, and what it says.
fn telling(object: &Object) -> Option<(&'static str, String)> {
    const READY_FIELD: &str = "status.conditions[Ready]";
    const PHASE: &str = "status.phase";
    Some(match object {
        Object::Pod(pod) if pod.meta.terminating() => ("metadata.deletionTimestamp", pod.meta.deletion?.at.rfc3339()),
        Object::Pod(pod) => match pod.condition(READY) {
            Some(ready) => (READY_FIELD, ready.status.word().to_owned()),
            None => (PHASE, pod.status.phase.word().to_owned()),
        },
        Object::Node(node) => (READY_FIELD, node.condition(READY)?.status.word().to_owned()),
        Object::Claim(claim) => (PHASE, claim.status.phase.word().to_owned()),
        Object::Volume(volume) => (PHASE, volume.status.phase.word().to_owned()),
        Object::StatefulSet(set) => ("status.readyReplicas", set.status.ready.to_string()),
        Object::Deployment(deployment) => ("status.availableReplicas", deployment.status.available.to_string()),
        _ => return None,
    })
}

/// The facts behind a pod's state: what the decision saw, and what its claims wait for.
pub(super) fn evidence_of(shot: &Snapshot, pod: &Pod, ground: Option<&Ground>) -> Vec<Evidence> {
    if let Some(Ground::Stranded(node, _)) = ground {
        return stranded_facts(shot, pod, node);
    }
    let key = pod.key();
    let ready_since = pod.condition(READY).map_or(pod.meta.created, |condition| condition.since);
    let detail = restarts(shot, pod, ground.and_then(Ground::reason)).unwrap_or_else(|| shot.time(ready_since));
    let own = Evidence::new(pod_word(pod, false).state.mark(), &format!("<{}>", pod.meta.name), detail);
    let mut facts = vec![own.seen(seen(shot, &key, None))];
    if let Some(Reason::Unschedulable { by, .. }) = ground.and_then(Ground::reason) {
        facts.extend(barred_facts(shot, pod, by));
    }
    let claims = pod.claim_volumes().filter_map(|volume| shot.tables.claim(&pod.meta.namespace, &volume.claim));
    // A volume that is there does not keep a pod with a node from coming up.
    let tells = |claim: &Claim| ground.is_none() || pod.node.is_none() || !claim.bound();
    facts.extend(claims.filter(|claim| tells(claim)).map(|claim| claim_fact(shot, claim)));
    if let Some(Ground::Entry(entry)) = ground {
        let seen = entry.decision.evidence.iter().map(|seen| {
            Evidence::new(Mark(Glyph::Check, Hue::Ink), &shot.text().why.seen(seen.what.word(), &seen.value), seen.of.name.to_string())
        });
        // How often it was tried is said of what was tried, and not of a claim.
        let own = facts.len();
        facts.extend(seen);
        let tried = if facts.len() > own { facts.len() - 1 } else { 0 };
        if entry.times > 1 {
            facts[tried].detail = shot.text().why.times(usize::try_from(entry.times).unwrap_or(usize::MAX));
        }
    }
    facts.truncate(MAX_FACTS);
    facts
}

/// What keeps a pod from nodes: which of them are closed, and which have pods that exclude it.
#[inline(never)]
fn barred_facts(shot: &Snapshot, pod: &Pod, by: &[Plugin]) -> Vec<Evidence> {
    let ask = &shot.text().ask;
    let fact = |(node, bar): (&Name, Bar)| match bar {
        Bar::Closed => Evidence::new(Mark(Glyph::NodeClosed, Hue::Wait), &ask.is_cordoned(node), ""),
        Bar::Pods(pods) => {
            let names: Vec<String> = pods.iter().take(MAX_NAMED).map(|pod| format!("<{}>", pod.meta.name)).collect();
            Evidence::new(Mark(Glyph::Cross, Hue::Ink), &ask.is_excluded(node, &names.join(", "), &pod.meta.name), "")
        }
    };
    barred(shot, pod, by).take(MAX_BARRED).map(fact).collect()
}

/// Since when the node is silent, when the pod was told to go, and for how long nobody has confirmed that it has.
fn stranded_facts(shot: &Snapshot, pod: &Pod, node: &str) -> Vec<Evidence> {
    let text = &shot.text().node;
    let Some(deletion) = pod.meta.deletion else { return Vec::new() };
    let key = |kind, name: &str| ObjectKey::new(kind, &pod.meta.namespace, &name.into());
    let ready = shot.tables.node("", node).and_then(|node| node.condition(READY));
    let silent = ready.map(|ready| {
        let words = format!("<{node}> `Ready` = {}", ready.status.word());
        Evidence::new(Mark(Glyph::NodeSilent, Hue::Gone), &words, shot.time(ready.since)).seen(seen(shot, &key(Kind::Node, node), None))
    });
    let told = Evidence::new(PodState::Terminating.mark(), &text.told_to_go(&pod.meta.name), shot.time(deletion.asked()));
    let told = told.seen(seen(shot, &key(Kind::Pod, &pod.meta.name), None));
    let waits = text.for_so_long(&shot.now.since(deletion.asked()).human());
    let unconfirmed = Evidence::new(Mark(Glyph::Absent, Hue::Wait), text.not_confirmed(), waits);
    let disks = ways::disks_on(shot, pod, node);
    let disks = (!disks.is_empty()).then(|| Evidence::new(Mark(Glyph::Disk, Hue::Ink), &text.disk_only_there(&disks, node), ""));
    silent.into_iter().chain([told, unconfirmed]).chain(disks).collect()
}

/// What a provisioner said when it refused a claim that still has no volume.
pub(super) fn refusal<'a>(shot: &Snapshot<'a>, claim: &ObjectKey) -> Option<&'a Entry> {
    shot.tables.claim(&claim.namespace, &claim.name).filter(|claim| !claim.bound())?;
    shot.decisions.by(claim, Component::Provisioner).filter(|entry| entry.decision.verdict == Verdict::Refused)
}

/// A claim's state as a fact.
pub(super) fn claim_fact(shot: &Snapshot, claim: &Claim) -> Evidence {
    let key = claim.key();
    let decided = refusal(shot, &key).or_else(|| shot.decisions.by(&key, Component::PersistentVolumeBinder));
    let told = decided.map(|entry| {
        let told = tell(shot, "", &claim.meta.name, Because::Decided(&entry.decision.because));
        if told.ends_when.is_empty() { told.verdict } else { format!("<{}>: {}", claim.meta.name, told.paragraph) }
    });
    let words = told.unwrap_or_else(|| format!("<{}>", claim.meta.name));
    let at = decided.map_or(String::new(), |entry| shot.time(entry.first));
    // A claim that waits for its pod holds nobody up.
    let follows = decided.is_some_and(|entry| entry.decision.because == Reason::WaitsForFirstConsumer);
    let Mark(glyph, hue) = claim_mark(Some(claim));
    Evidence::new(Mark(glyph, if follows { Hue::Ink } else { hue }), sentence(&words), at).seen(seen(shot, &key, decided))
}

/// For so long a pod may start before it counts as stuck.
const STARTS_WITHIN: Span = Span::seconds(60);

/// Whether a pod should be Ready, and is not.
fn is_late(shot: &Snapshot, pod: &Pod) -> bool {
    !pod.ready() && !pod.status.phase.terminal() && !pod.meta.terminating() && shot.now.since(pod.meta.created) >= STARTS_WITHIN
}

/// Where others than one set are stuck, by their titles: other sets, and of each other workload the first pod that is late.
#[inline(never)]
pub(super) fn of_others(shot: &Snapshot, set: &StatefulSet) -> Vec<(String, Evidence)> {
    let mut all = of_other_sets(shot, set);
    for pod in shot.tables.pods().filter(|pod| is_late(shot, pod)) {
        let title = Workload::behind(shot, pod).map(|workload| (workload.title(), workload.name));
        if let Some((title, name)) = title.filter(|(title, _)| all.iter().all(|(told, _)| told != title)) {
            all.push((title, pod_fact(shot, &name, pod, None)));
        }
    }
    all
}

fn of_other_sets(shot: &Snapshot, set: &StatefulSet) -> Vec<(String, Evidence)> {
    let others = shot.tables.stateful_sets().filter(|other| other.meta.uid != set.meta.uid);
    let fact = |other: &StatefulSet| match stuck(shot, other)? {
        Stuck::Pod(pod) => Some(pod_fact(shot, &other.meta.name, pod, None)),
        Stuck::Refused(entry) => {
            let pod = refused_pods(shot, other).next();
            let standing = pod.as_ref().map_or(Standing::Exists, |pod| standing(shot, other, pod));
            let subject = pod.as_deref().unwrap_or(&other.meta.name);
            let told = tell_in(shot, other, subject, standing, Because::Decided(&entry.decision.because));
            Some(Evidence::new(verdict_mark(entry.decision.verdict), sentence(&told.verdict), since(shot, entry.first)))
        }
    };
    others.filter_map(|other| Some((format!("statefulset/{}", other.meta.name), fact(other)?))).collect()
}
