//! Who deleted an object, and by which rule; or that it does not exist because nothing asks for it.
//!
//! Read from the log. What is older than the log is unknown.

use std::rc::Rc;

use super::pane::{Why, assemble};
use super::source::{with_field, with_line};
use crate::{Glyph, Hue, Mark, Snapshot, short_uid};
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, parent_and_ordinal};
use causes::Evidence;
use causes::deleted::{deletion_cause, who};
use causes::ground::tell;
use server::log::{Actor, Change};
use text::why::{Because, Explanation, Who};
use why::Reason;

/// What has pods made.
const WORKLOADS: [Kind; 6] = [Kind::StatefulSet, Kind::Deployment, Kind::DaemonSet, Kind::ReplicaSet, Kind::Job, Kind::CronJob];
/// The mark of a deletion.
const MARK: Mark = Mark(Glyph::Terminating, Hue::Gone);

/// The writes that ended an object's life: the deletion request and the removal.
#[derive(Clone, Copy, Default)]
struct End<'a> {
    asked: Option<&'a Change>,
    removed: Option<&'a Change>,
}

/// The end of the latest object with a name, as far as it has come.
fn end_of<'a>(shot: &Snapshot<'a>, key: &ObjectKey) -> End<'a> {
    let mut end = End::default();
    for at in (shot.log.first()..shot.log.len()).rev() {
        let Some(change) = shot.log.get(at).filter(|change| change.key == *key) else { continue };
        let leaving = |object: &Option<Object>| object.as_ref().is_some_and(|object| object.meta().terminating());
        match (&change.before, &change.after) {
            (_, None) if end.removed.is_none() && end.asked.is_none() => end.removed = Some(change),
            (before, after) if leaving(after) && !leaving(before) => end.asked = Some(change),
            _ => {}
        }
        // If the current object was not deleted, the previous one with its name was.
        let begins = change.before.is_none() && end.removed.is_some();
        if begins || end.asked.is_some() || change.after.is_none() && !leaving(&change.before) {
            break;
        }
    }
    end
}

/// The author of a write.
pub(super) fn author<'a>(shot: &Snapshot<'a>, change: &'a Change) -> Who<'a> {
    let typed = shot.typed.iter().find(|typed| typed.revisions.0 <= change.revision && change.revision <= typed.revisions.1);
    match (typed, who(&change.by)) {
        (Some(typed), Who::You(_)) => Who::You(&typed.line),
        (_, who) => who,
    }
}

/// Who deleted an object.
pub(super) fn of_deleted(shot: &Snapshot, key: &ObjectKey) -> Why {
    let ask = &shot.text().ask;
    let end = end_of(shot, key);
    let Some(first) = end.asked.or(end.removed) else {
        let there = shot.tables.get(key).is_some();
        return said(key, &if there { ask.not_deleted(&key.name) } else { ask.never_there(&key.name) });
    };
    let who = author(shot, first);
    let (verdict, ends_when) =
        if end.removed.is_some() { (ask.deleted(&key.name, &who), "") } else { (ask.leaving(&key.name, &who), ask.removal_waits()) };
    let cause = deletion_cause(shot.decisions, key, first).map(|decision| &decision.because);
    let rule = cause.map(|cause| {
        let set = parent_and_ordinal(&key.name).map_or("", |(set, _)| set);
        let told = tell(shot, set, &key.name, Because::Decided(cause));
        format!("{} {}", told.verdict, told.paragraph)
    });
    let retention = cause.and_then(|cause| Retention::of(first, cause));
    let rule = retention.as_ref().map(|retention| ask.by_retention(retention.policy, &retention.owner)).into_iter().chain(rule);
    let heir = heir_of(shot, first).map(|heir| ask.took_place(&heir));
    let paragraph = rule.chain(heir).collect::<Vec<_>>().join(" ");
    let told = Explanation { verdict, paragraph, ends_when: ends_when.to_owned(), ..Explanation::default() };
    let reason = cause.unwrap_or(&Reason::StoppingContainers);
    let why = with_line(shot, assemble(&key.name, &told, MARK, facts(shot, &end)), key, reason);
    match retention {
        Some(retention) => {
            with_field(shot, why, &retention.set, &format!("spec.persistentVolumeClaimRetentionPolicy.{}", retention.policy))
        }
        None if cause.is_some() => why,
        None => Why { decided_by: String::new(), ..why },
    }
}

/// Which policy of a set had one of its claims deleted.
struct Retention {
    set: ObjectKey,
    /// `whenScaled` or `whenDeleted`.
    policy: &'static str,
    /// What owned the claim for that.
    owner: Name,
}

impl Retention {
    /// The policy behind the deletion of a claim whose owner is gone: a pod that was scaled in, or the set.
    fn of(change: &Change, cause: &Reason) -> Option<Retention> {
        let Reason::OwnerGone(owner) = cause else { return None };
        let claim = change.object()?.as_claim()?;
        let kind = claim.meta.owners.iter().find(|one| one.name == *owner)?.kind?;
        let (policy, set) = match kind {
            Kind::StatefulSet => ("whenDeleted", &**owner),
            // A claim that a pod made for itself begins with the name of the pod.
            Kind::Pod if claim.meta.name.ends_with(&format!("-{owner}")) => ("whenScaled", parent_and_ordinal(owner)?.0),
            _ => return None,
        };
        Some(Retention { set: ObjectKey::new(Kind::StatefulSet, &claim.meta.namespace, &set.into()), policy, owner: Rc::clone(owner) })
    }
}

/// The pod that its workload made next under another name, where somebody else asked for the deletion.
fn heir_of(shot: &Snapshot, asked: &Change) -> Option<Name> {
    let owner = |object: &Object| object.as_pod()?.meta.controller().map(|owner| owner.uid);
    let workload = asked.object().and_then(owner).filter(|_| !matches!(asked.by, Actor::Controller(_)))?;
    let later = (shot.log.first()..shot.log.len()).filter_map(|at| shot.log.get(at)).filter(|change| change.revision > asked.revision);
    let mut made = later.filter(|change| change.before.is_none() && change.after.as_ref().and_then(owner) == Some(workload));
    made.next().map(|change| Rc::clone(&change.key.name)).filter(|name| *name != asked.key.name)
}

/// Who requested the deletion, and who removed the object.
fn facts(shot: &Snapshot, end: &End) -> Vec<Evidence> {
    let ask = &shot.text().ask;
    let fact = |change: &Change, words: String| {
        let uid = change.object().map_or(String::new(), |object| format!(" #{}", short_uid(object.meta().uid)));
        let value = change.after.as_ref().and_then(|object| object.meta().deletion).map_or(String::new(), |deletion| {
            format!("metadata.deletionTimestamp = {} (grace {}s), ", deletion.at.rfc3339(), deletion.grace)
        });
        let fact = Evidence::new(MARK, &format!("{words}{uid}"), shot.time(change.at));
        fact.seen(format!("{value}resourceVersion {}", change.revision))
    };
    let asked = end.asked.map(|change| fact(change, ask.asked(&author(shot, change))));
    let removed = end.removed.map(|change| fact(change, ask.removed(&author(shot, change))));
    asked.into_iter().chain(removed).collect()
}

/// An object that does not exist and that nothing asks for.
pub(super) fn absent(shot: &Snapshot, key: &ObjectKey) -> Why {
    let end = end_of(shot, key);
    if end.asked.or(end.removed).is_some() {
        return of_deleted(shot, key);
    }
    let ask = &shot.text().ask;
    let told = Explanation { verdict: ask.does_not_exist(&key.name), paragraph: ask.nobody_wants().to_owned(), ..Explanation::default() };
    assemble(&key.name, &told, Mark(Glyph::Absent, Hue::Mute), Vec::new())
}

/// Where no workload is left: which one was the last to be deleted, and when.
pub(super) fn last(shot: &Snapshot) -> Option<Why> {
    let stays = shot.tables.pods().any(|pod| !pod.meta.terminating());
    if stays || WORKLOADS.iter().any(|kind| shot.tables.all(*kind).next().is_some()) {
        return None;
    }
    let gone = |change: &&Change| {
        let own = change.object().is_some_and(|object| object.meta().controller().is_none());
        change.after.is_none() && WORKLOADS.contains(&change.key.kind) && own
    };
    let change = (shot.log.first()..shot.log.len()).rev().filter_map(|at| shot.log.get(at)).find(gone)?;
    let ask = &shot.text().ask;
    let none_left = shot.tables.pods().next().is_none();
    let told = Explanation {
        verdict: ask.gone(&change.key.name, &shot.time(change.at)),
        paragraph: if none_left { ask.none_left() } else { "" }.to_owned(),
        ..Explanation::default()
    };
    Some(assemble(&change.key.name, &told, MARK, Vec::new()))
}

/// A bare verdict.
fn said(key: &ObjectKey, verdict: &str) -> Why {
    let told = Explanation { verdict: verdict.to_owned(), ..Explanation::default() };
    assemble(&key.name, &told, Mark(Glyph::Check, Hue::Ink), Vec::new())
}
