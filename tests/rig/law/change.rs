//! Laws that a single write can break, given the writes before it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::deletion;
use super::named::{Law, Violation};
use api::controller::Controller;
use api::kind::Kind;
use api::object::storage::Attachment;
use api::object::{Claim, Name, Object, ObjectKey, Pod, Uid};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::Time;
use server::log::{Actor, Change};
use server::tables::Tables;
use server::{FOREGROUND_DELETION, ORPHAN_DEPENDENTS};

/// What the laws need to remember of earlier writes.
#[derive(Clone, Debug, Default)]
pub struct History {
    revision: u64,
    at: Time,
    /// The uid of each existing object.
    live: BTreeMap<ObjectKey, Uid>,
    /// Every uid ever assigned.
    given: BTreeSet<Uid>,
    /// The nodes each volume is attached to.
    attachments: BTreeMap<Name, BTreeSet<Name>>,
    /// When a user withdrew an owner's wait for its dependents: deletions of those dependents may still be in flight.
    taken_back: BTreeMap<Uid, Time>,
    /// When an object lost its controller: deletions by that one may still be in flight.
    let_go: BTreeMap<Uid, Time>,
}

impl History {
    /// Judges the next write, which is noted. `tables` is the store right after it, or after others that are noted, too.
    pub fn judge(&mut self, change: &Change, tables: &Tables) -> Result<(), Violation> {
        self.judge_revision(change)?;
        judge_finalizers(change)?;
        judge_deletion(change)?;
        deletion::judge(change, tables, &self.taken_back, &self.let_go)?;
        if change.key.kind != Kind::Event {
            self.judge_identity(change)?;
        }
        match (&change.before, &change.after) {
            (Some(Object::Pod(before)), Some(Object::Pod(after))) => {
                judge_pod(change, before, after)?;
                if before.node.is_none() && after.node.is_some() {
                    judge_claims_of(change, after)?;
                }
            }
            (Some(Object::Claim(before)), Some(Object::Claim(after))) => judge_claim(change, before, after)?,
            _ if change.key.kind == Kind::VolumeAttachment => self.judge_attachment(change, tables)?,
            _ => {}
        }
        Ok(())
    }

    /// Takes in who waits for dependents no longer, and who has lost a controller: a deletion may just have been under way.
    pub fn note(&mut self, change: &Change) {
        let waits = |o: &Option<Object>| o.as_ref().is_some_and(|o| o.meta().has_finalizer(FOREGROUND_DELETION));
        if let Some(owner) = change.before.as_ref().filter(|_| waits(&change.before) && !waits(&change.after)) {
            self.taken_back.insert(owner.meta().uid, change.at);
        }
        let [before, after] = [&change.before, &change.after].map(|o| o.as_ref().map(|o| o.meta().controller().is_some()));
        if let Some(object) = change.after.as_ref().filter(|_| (before, after) == (Some(true), Some(false))) {
            self.let_go.insert(object.meta().uid, change.at);
        }
    }

    fn judge_revision(&mut self, change: &Change) -> Result<(), Violation> {
        let stored = change.after.as_ref().map_or(change.revision, |o| o.meta().revision);
        let rising = change.revision > self.revision && change.at >= self.at && stored == change.revision;
        Law::RevisionsIncrease.holds(rising, change.at, &change.key, || {
            format!("revision {} at {}, stored as {stored}, follows {} at {}", change.revision, change.at, self.revision, self.at)
        })?;
        (self.revision, self.at) = (change.revision, change.at);
        Ok(())
    }

    fn judge_attachment(&mut self, change: &Change, tables: &Tables) -> Result<(), Violation> {
        let Some(attachment) = change.object().and_then(Attachment::read) else { return Ok(()) };
        let all = self.attachments.entry(Rc::clone(&attachment.volume)).or_default();
        if change.after.is_none() {
            all.remove(&attachment.name);
            return Ok(());
        }
        all.insert(attachment.name);
        let several = tables.volume("", &attachment.volume).is_none_or(|v| !v.one_node_only());
        Law::OneNodePerVolume.holds(several || all.len() == 1, change.at, &change.key, || {
            format!("{} is attached to {} and elsewhere", attachment.volume, attachment.node)
        })
    }

    fn judge_identity(&mut self, change: &Change) -> Result<(), Violation> {
        let broken = |what: String| Err(Law::OneObjectPerIdentity.broken(change.at, &change.key, what));
        let uid = |o: &Option<Object>| o.as_ref().map(|o| o.meta().uid);
        let (before, after) = (uid(&change.before), uid(&change.after));
        let live = self.live.get(&change.key).copied();
        if before != live {
            return broken(format!("a write over uid {before:?} where {live:?} is"));
        }
        match (before, after) {
            (None, Some(new)) => {
                if !self.given.insert(new) {
                    return broken(format!("uid {new} is given a second time"));
                }
                self.live.insert(change.key.clone(), new);
            }
            (Some(_), None) => drop(self.live.remove(&change.key)),
            (old, new) if old != new => return broken(format!("uid {old:?} becomes {new:?}")),
            _ => {}
        }
        Ok(())
    }
}

/// A claim that a set made for a pod has the name of that pod for good. Pods of two sets may share it: `c-a-b-0` is that of template `c`
/// for `a-b-0`, and that of `c-a` for `b-0`.
fn judge_claims_of(change: &Change, pod: &Pod) -> Result<(), Violation> {
    for own in &pod.spec.claims {
        let named = *own.claim == *format!("{}-{}", own.volume, pod.meta.name);
        let wrong = || format!("volume {} is claim {}", own.volume, own.claim);
        Law::ClaimsKeepTheirOrdinal.holds(named, change.at, &change.key, wrong)?;
    }
    Ok(())
}

/// Objects with finalizers stay, except that a user's second delete may drop the propagation finalizers and so remove it at once.
fn judge_finalizers(change: &Change) -> Result<(), Violation> {
    let taken_back = |f: &&Name| change.by == Actor::User && [FOREGROUND_DELETION, ORPHAN_DEPENDENTS].contains(&&***f);
    let gone = change.before.iter().filter(|_| change.after.is_none());
    let held: Vec<&str> = gone.flat_map(|o| &o.meta().finalizers).filter(|f| !taken_back(f)).map(|f| &**f).collect();
    let held = held.join(", ");
    Law::FinalizersHold.holds(held.is_empty(), change.at, &change.key, || format!("it is gone although {held} held it"))
}

fn judge_deletion(change: &Change) -> Result<(), Violation> {
    let leaving = |o: &Option<Object>| o.as_ref().map(|o| o.meta().terminating());
    let stays = (leaving(&change.before), leaving(&change.after)) != (Some(true), Some(false));
    Law::DeletionIsForGood.holds(stays, change.at, &change.key, || format!("{:?} takes its deletion back", change.by))
}

fn judge_pod(change: &Change, before: &Pod, after: &Pod) -> Result<(), Violation> {
    let stays = |so: bool, what: &dyn Fn() -> String| Law::PodsDoNotTurnBack.holds(so, change.at, &change.key, what);
    let (old, new) = (&before.status, &after.status);
    stays(before.node.is_none() || before.node == after.node, &|| format!("moved from {:?} to {:?}", before.node, after.node))?;
    // Of a pod that was given up while its node was silent, the kubelet tells how it ended.
    let told_at_last = new.phase.terminal() && matches!(change.by, Actor::Kubelet(_));
    let over = !old.phase.terminal() || old.phase == new.phase || told_at_last;
    stays(over, &|| format!("{} became {}", old.phase.word(), new.phase.word()))?;
    // A DaemonSet calls the pods of equal revisions by the name of one, also those it has adopted.
    if !matches!(change.by, Actor::User | Actor::Controller(Controller::DaemonSet)) {
        let label = |p: &Pod| p.meta.label(CONTROLLER_REVISION_HASH).cloned();
        stays(label(before) == label(after), &|| format!("revision {:?} became {:?}", label(before), label(after)))?;
    }
    for (old, new) in old.containers.iter().zip(&new.containers) {
        stays(new.restarts >= old.restarts, &|| format!("{} restarts of {} became {}", old.restarts, old.name, new.restarts))?;
    }
    if old.containers != new.containers {
        let its_own = matches!(&change.by, Actor::Kubelet(node) if Some(node) == after.node.as_ref());
        let told = || format!("{:?} writes what containers on {:?} do", change.by, after.node);
        Law::KubeletsSpeakForTheirPods.holds(its_own, change.at, &change.key, told)?;
    }
    Ok(())
}

fn judge_claim(change: &Change, before: &Claim, after: &Claim) -> Result<(), Violation> {
    let kept = before.spec.volume.is_empty() || before.spec.volume == after.spec.volume;
    Law::ClaimsKeepTheirVolume.holds(kept, change.at, &change.key, || format!("volume {} became {}", before.spec.volume, after.spec.volume))
}
