//! Why a pod is on its node, and why a claim has its volume.

use super::deleted::absent;
use super::facts::claim_fact;
use super::pane::{Why, assemble, verdict_mark};
use super::question::{Question, answer, of_object};
use super::source::{sourced, with_line};

use crate::storage::claim_mark;
use crate::{Glyph, Hue, Mark, Prose, Snapshot};
use api::client::PatchType;
use api::kind::Kind;
use api::object::storage::{BOUND_BY_CONTROLLER, ClaimRef, PROVISIONED_BY, SELECTED_NODE, VolumePhase};
use api::object::{Claim, ObjectKey, Pod, Volume};
use causes::command::Entry;
use causes::{Evidence, Way};
use text::why::{Because, Explanation};
use why::{Component, Maintenance, Plugin, Reason, Seen, Verdict};

/// Why something is bound to a node or a volume.
pub(super) fn tell(shot: &Snapshot, key: &ObjectKey) -> Why {
    match key.kind {
        Kind::Pod => match shot.tables.pod(&key.namespace, &key.name) {
            Some(pod) => pod_to_node(shot, key, pod),
            None => answer(shot, &Question::Object(key.clone())),
        },
        Kind::PersistentVolumeClaim => match shot.tables.claim(&key.namespace, &key.name) {
            Some(claim) => claim_to_volume(shot, key, claim),
            None => absent(shot, key),
        },
        Kind::PersistentVolume => {
            let Some(volume) = shot.tables.volume("", &key.name) else { return Why::default() };
            match (&volume.spec.claim, volume.status.phase) {
                (Some(claim), VolumePhase::Released) if *volume.spec.reclaim == *"Retain" => kept(shot, volume, claim),
                (_, VolumePhase::Released | VolumePhase::Failed) => of_object(shot, key),
                (claim, _) => claim.as_ref().map_or_else(Why::default, |claim| tell(shot, &claim.key())),
            }
        }
        _ => answer(shot, &Question::Object(key.clone())),
    }
}

fn pod_to_node(shot: &Snapshot, key: &ObjectKey, pod: &Pod) -> Why {
    let ask = &shot.text().ask;
    let entry = shot.decisions.by(key, Component::Scheduler).filter(|entry| entry.last >= pod.meta.created);
    let assigned = entry.filter(|entry| matches!(entry.decision.because, Reason::Assigned { .. }));
    let (Some(node), Some(entry)) = (&pod.node, assigned) else {
        return answer(shot, &Question::Object(key.clone()));
    };
    let told = causes::ground::tell(shot, "", &key.name, Because::Decided(&entry.decision.because));
    let mut facts: Vec<Evidence> = Vec::new();
    for seen in &entry.decision.evidence {
        let (node_name, value) = (&seen.of.name, &seen.value);
        let (mark, words) = match (seen.what == Seen::Score, seen.of.name == *node) {
            (true, chosen) => (Mark(if chosen { Glyph::Check } else { Glyph::Node }, Hue::Ink), ask.node_scored(node_name, value)),
            (false, _) => (Mark(Glyph::Cross, Hue::Ink), ask.node_refused(node_name, value)),
        };
        facts.push(Evidence::new(mark, &words, "").seen(format!("resourceVersion {}", seen.revision)));
    }
    if !entry.decision.evidence.iter().any(|seen| seen.what == Seen::Score) {
        facts.insert(0, Evidence::new(Mark(Glyph::Check, Hue::Ink), &ask.only_one(node), shot.time(entry.first)));
    }
    let claims = pod.claim_volumes().filter_map(|volume| shot.tables.claim(&pod.meta.namespace, &volume.claim));
    facts.extend(claims.map(|claim| claim_fact(shot, claim)));
    let told = Explanation { paragraph: ask.node_rule().to_owned(), ..told };
    let why = assemble(&key.name, &told, verdict_mark(Verdict::Done), facts);
    with_line(shot, why, key, &Reason::Unschedulable { message: "".into(), by: vec![Plugin::NodeAffinity], lacks: Vec::new() })
}

/// A volume whose claim is gone, and which nobody else gets because it is kept for what is on it.
fn kept(shot: &Snapshot, volume: &Volume, claim: &ClaimRef) -> Why {
    let (ask, name) = (&shot.text().ask, &volume.meta.name);
    let because = Reason::Maintenance(Maintenance::VolumeReleased { claim: claim.name.clone() });
    let told = Explanation {
        verdict: ask.kept(name),
        paragraph: ask.kept_why(&claim.name),
        ends_when: ask.kept_ends().to_owned(),
        ..Explanation::default()
    };
    let fact = |mark, words: &str, at: String, field: &str| {
        Evidence::new(mark, words, at).seen(format!("{field}, resourceVersion {}", volume.meta.revision))
    };
    let policy = "spec.persistentVolumeReclaimPolicy = Retain";
    let own = fact(Mark(Glyph::Disk, Hue::Ink), &format!("<{name}>"), shot.time(volume.status.phase_since), policy);
    let uid = claim.uid.map_or(String::new(), |uid| uid.to_string());
    let gone = ask.kept_claim(&claim.name);
    let gone = fact(Mark(Glyph::Absent, Hue::Wait), &gone, String::new(), &format!("spec.claimRef.uid = {uid}"));
    let facts = vec![own, gone];
    let why = sourced(shot, assemble(name, &told, Mark(Glyph::Disk, Hue::Wait), facts), &volume.key(), &because);
    let patch = r#"[{"op":"remove","path":"/spec/claimRef"}]"#;
    let line = shot.naming("").patch(Kind::PersistentVolume, name, PatchType::Json, patch);
    let free = Way { entry: Entry::new(ask.free(name), line), note: Prose::read(ask.kept_ends()), since: None };
    Why { decided_by: "spec.persistentVolumeReclaimPolicy".to_owned(), ways: vec![free], ..why }
}

fn claim_to_volume(shot: &Snapshot, key: &ObjectKey, claim: &Claim) -> Why {
    let ask = &shot.text().ask;
    let Some(volume) = shot.tables.volume("", &claim.spec.volume).map(|volume| &**volume) else {
        return of_object(shot, key);
    };
    let because = Reason::ClaimBound { volume: volume.meta.name.clone() };
    let told = causes::ground::tell(shot, "", &key.name, Because::Decided(&because));
    let how = match volume.meta.annotation(PROVISIONED_BY) {
        Some(by) => ask.volume_made(&volume.meta.name, by),
        None if claim.meta.annotation(BOUND_BY_CONTROLLER).is_some() => ask.volume_chosen().to_owned(),
        None => ask.volume_reserved().to_owned(),
    };
    let mut why = assemble(&key.name, &told, claim_mark(Some(claim)), claim_facts(shot, claim, volume));
    why.paragraph = Prose::read(&format!("{how} {}", told.paragraph));
    with_line(shot, why, key, &because)
}

fn claim_facts(shot: &Snapshot, claim: &Claim, volume: &Volume) -> Vec<Evidence> {
    let ask = &shot.text().ask;
    let disk = Mark(Glyph::Disk, Hue::Ink);
    let version = |revision: u64| format!("resourceVersion {revision}");
    let class = claim.class().and_then(|name| shot.tables.class("", name));
    let class = class.map(|class| {
        let mode = if class.body.waits_for_consumer { "WaitForFirstConsumer" } else { "Immediate" };
        let seen = format!("volumeBindingMode = {mode}, {}", version(class.meta.revision));
        Evidence::new(disk, &format!("StorageClass <{}>", class.meta.name), "").seen(seen)
    });
    let node = claim.selected_node().map(|node| {
        let seen = format!("{SELECTED_NODE} = {node}, {}", version(claim.meta.revision));
        Evidence::new(Mark(Glyph::Node, Hue::Ink), &ask.node_selected(node), "").seen(seen)
    });
    let amounts = Evidence::new(disk, &ask.amounts(&claim.spec.request, &volume.spec.capacity), "");
    let amounts = amounts.seen(format!("spec.resources.requests.storage = {}, {}", claim.spec.request, version(claim.meta.revision)));
    let reference =
        Evidence::new(Mark(Glyph::DiskBound, Hue::Ready), &format!("<{}>", volume.meta.name), shot.time(volume.status.phase_since));
    let reference = reference.seen(format!("spec.claimRef.name = {}, {}", claim.meta.name, version(volume.meta.revision)));
    class.into_iter().chain(node).chain([amounts, reference]).collect()
}
