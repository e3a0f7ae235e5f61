//! The facts that a verdict rests on, each in a line.

use super::Evidence;
use super::ground::{Ground, tell, why_so};
use crate::api::kind::Kind;
use crate::api::object::pod::READY;
use crate::api::object::{Claim, ObjectKey, Pod, StatefulSet};
use crate::base::time::Time;
use crate::text::why::{Because, Case};
use crate::view::cluster::claim_mark;
use crate::view::pod::{PodState, pod_word};
use crate::view::{Glyph, Hue, Mark, Prose, Snapshot, ordinal_of, short_time};
use crate::why::Component;
use crate::why::log::Entry;

/// The facts behind a pod that is missing because of another: the one below that, that one, and since when it is waited for.
pub(super) fn chain(shot: &Snapshot, set: &StatefulSet, name: &str, entry: &Entry) -> Vec<Evidence> {
    let Some(blocker) = entry.decision.blocked_by.as_ref().filter(|key| key.kind == Kind::Pod) else { return Vec::new() };
    let below = ordinal_of(set, &blocker.name).and_then(|ordinal| shot.tables.pod(&set.meta.namespace, &set.pod_name(ordinal - 1)));
    let blocking = shot.tables.pod(&blocker.namespace, &blocker.name);
    let mut facts: Vec<Evidence> = below.into_iter().chain(blocking).map(|pod| pod_fact(shot, set, pod)).collect();
    if *blocker.name != *name {
        let fact = Prose::read(&(shot.text().why.waits_for)(name, &blocker.name));
        facts.push(Evidence { mark: Mark(Glyph::Absent, Hue::Wait), fact, detail: (shot.text().why.since)(&short_time(entry.first)) });
    }
    facts
}

/// A pod's state as a fact: Ready since when, or what holds it.
pub(super) fn pod_fact(shot: &Snapshot, set: &StatefulSet, pod: &Pod) -> Evidence {
    let state = pod_word(pod, false).state;
    let ready_since = pod.condition(READY).map_or(pod.meta.created, |condition| condition.since);
    if state == PodState::Ready {
        let fact = Prose::read(&(shot.text().why.ready_fact)(&pod.meta.name));
        return Evidence { mark: state.mark(), fact, detail: short_time(ready_since) };
    }
    let ground = why_so(shot, pod);
    let because = ground.as_ref().map_or(Because::NotLookedAt, Ground::because);
    let verdict = tell(shot, &set.meta.name, &pod.meta.name, false, because).verdict;
    let since = if state == PodState::Running { ready_since } else { pod.meta.created };
    Evidence { mark: state.mark(), fact: Prose::read(verdict.trim_end_matches('.')), detail: (shot.text().why.since)(&short_time(since)) }
}

/// The facts behind a pod's state: what the decision saw, and what its claims wait for.
pub(super) fn evidence_of(shot: &Snapshot, pod: &Pod, ground: Option<&Ground>) -> Vec<Evidence> {
    if let Some(Ground::Stranded(node, _)) = ground {
        return stranded_facts(shot, pod, node);
    }
    let claims = pod.claim_volumes().filter_map(|volume| shot.tables.claim(&pod.meta.namespace, &volume.claim));
    let mut facts: Vec<Evidence> = claims.map(|claim| claim_fact(shot, claim)).collect();
    if let Some(Ground::Entry(entry)) = ground.filter(|_| facts.len() < 4) {
        let seen = entry.decision.evidence.iter().map(|seen| Evidence {
            mark: Mark(Glyph::Check, Hue::Ink),
            fact: Prose::read(&(shot.text().why.seen)(seen.field, &seen.value)),
            detail: seen.of.name.to_string(),
        });
        facts.extend(seen);
        if entry.times > 1 {
            let detail = (shot.text().why.times)(usize::try_from(entry.times).unwrap_or(usize::MAX));
            facts.iter_mut().last().into_iter().for_each(|last| last.detail.clone_from(&detail));
        }
    }
    facts.truncate(4);
    facts
}

/// Since when the node is silent, when the pod was told to go, and for how long nobody has confirmed that it has.
pub(super) fn stranded_facts(shot: &Snapshot, pod: &Pod, node: &str) -> Vec<Evidence> {
    let text = &shot.text().node;
    let Some(deletion) = pod.meta.deletion else { return Vec::new() };
    let asked = Time(deletion.at.0.saturating_sub(u64::try_from(deletion.grace).unwrap_or(0) * 1000));
    let ready = shot.tables.node("", node).and_then(|node| node.condition(READY));
    let silent = ready.map(|ready| {
        let fact = Prose::read(&format!("<{node}> `Ready` = {}", ready.status.word()));
        Evidence { mark: Mark(Glyph::NodeSilent, Hue::Gone), fact, detail: short_time(ready.since) }
    });
    let told =
        Evidence { mark: PodState::Terminating.mark(), fact: Prose::read(&(text.told_to_go)(&pod.meta.name)), detail: short_time(asked) };
    let unconfirmed = Evidence {
        mark: Mark(Glyph::Absent, Hue::Wait),
        fact: Prose::read(text.not_confirmed),
        detail: (text.for_so_long)(&shot.now.since(asked).human()),
    };
    silent.into_iter().chain([told, unconfirmed]).collect()
}

pub(super) fn claim_fact(shot: &Snapshot, claim: &Claim) -> Evidence {
    let key = ObjectKey::new(Kind::PersistentVolumeClaim, &claim.meta.namespace, &claim.meta.name);
    let decided = shot.decisions.by(&key, Component::PersistentVolumeBinder);
    let told = decided.map(|entry| {
        let case = Case { subject: &claim.meta.name, absent: false, set: "", because: Because::Decided(&entry.decision.because) };
        let told = (shot.text().why.tell)(&case);
        if told.ends_when.is_empty() { told.verdict } else { told.paragraph }
    });
    let fact = told.unwrap_or_else(|| format!("<{}>", claim.meta.name));
    Evidence {
        mark: claim_mark(Some(claim)),
        fact: Prose::read(fact.trim_end_matches('.')),
        detail: decided.map_or(String::new(), |entry| short_time(entry.first)),
    }
}
