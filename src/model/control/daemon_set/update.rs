//! How a DaemonSet's pods are replaced by ones of its present template: in place, or beside the old ones.
//!
//! Models pkg/controller/daemon/update.go rollingUpdate.

use super::{SOURCE, Sync};
use crate::pod_control::{PodControl, slow_batches};
use api::kind::Kind;
use api::object::int_or_percent::IntOrPercent;
use api::object::{Name, Pod};
use std::rc::Rc;
use why::{Reason, Verdict};

impl Sync<'_> {
    /// `maxSurge` as a number of pods, out of `wanted`. Models pkg/controller/daemon/util SurgeCount.
    pub(super) fn surge(&self, wanted: usize) -> i64 {
        self.share_of("maxSurge", wanted).unwrap_or(0)
    }

    fn share_of(&self, field: &str, wanted: usize) -> Option<i64> {
        let strategy = self.set.raw.get("spec")?.get("updateStrategy")?;
        let rolling = strategy.get("rollingUpdate").filter(|_| strategy.text_at(&["type"]) != Some("OnDelete"))?;
        Some(IntOrPercent::decode(rolling.get(field)?)?.rounded_up(i64::try_from(wanted).unwrap_or(0)))
    }

    /// The new and the old pod on a node, ignoring terminating ones; `None` if there is more than one of either.
    /// Models update.go findUpdatedPodsOnNode.
    fn by_age<'p>(&self, there: &[&'p Rc<Pod>]) -> Option<[Option<&'p Rc<Pod>>; 2]> {
        let staying = there.iter().copied().filter(|p| !p.meta.terminating());
        let (new, old): (Vec<&Rc<Pod>>, Vec<&Rc<Pod>>) = staying.partition(|p| self.is_new(p));
        (new.len() <= 1 && old.len() <= 1).then(|| [new.first().copied(), old.first().copied()])
    }

    /// Models update.go rollingUpdate.
    pub(super) fn replace_old(&mut self) {
        let wanted = self.view.cache.tables.nodes().filter(|n| self.place(n).runs).count();
        match self.surge(wanted) {
            0 => self.replace_in_place(wanted),
            most => self.replace_beside(wanted, most),
        }
    }

    /// Deletes old pods: all unavailable ones, and as many of the others as `maxUnavailable` allows.
    fn replace_in_place(&mut self, wanted: usize) {
        let mut unavailable = 0;
        let (mut broken, mut candidates) = (Vec::new(), Vec::new());
        for there in self.pods.values() {
            match self.by_age(there) {
                Some([Some(new), None]) => unavailable += i64::from(!self.is_available(new)),
                Some([None, Some(old)]) if self.is_available(old) => candidates.push(Rc::clone(old)),
                Some([None, Some(old)]) => {
                    unavailable += 1;
                    broken.push(Rc::clone(old));
                }
                _ => unavailable += 1,
            }
        }
        let most = self.share_of("maxUnavailable", wanted).unwrap_or(1).max(1);
        let left = usize::try_from(most - unavailable).unwrap_or(0);
        let waits = !candidates.is_empty() && left == 0;
        let chosen: Vec<Rc<Pod>> = broken.into_iter().chain(candidates.into_iter().take(left)).collect();
        self.exchange(&[], &chosen, waits.then_some(unavailable));
    }

    /// Creates new pods beside old ones, as `maxSurge` allows, and deletes old pods whose replacement is available.
    fn replace_beside(&mut self, wanted: usize, most: i64) {
        let (mut surging, mut available) = (0, 0usize);
        let (mut make, mut may_make, mut delete, mut misplaced) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (node, there) in &self.pods {
            let Some([new, old]) = self.by_age(there) else {
                surging += 1;
                continue;
            };
            let lasts = old.or(new).is_some_and(|p| self.is_available(p));
            available += usize::from(lasts);
            let runs = || self.view.cache.tables.node("", node).is_some_and(|n| self.place(n).runs);
            match (new, old) {
                (_, None) => {}
                (None, Some(old)) if !lasts && !runs() => delete.push(Rc::clone(old)),
                (None, Some(_)) if !lasts => make.push(Rc::clone(node)),
                (None, Some(old)) if !runs() => misplaced.push(Rc::clone(old)),
                (None, Some(_)) => may_make.push(Rc::clone(node)),
                (Some(new), Some(_)) if !self.is_available(new) => surging += 1,
                (Some(_), Some(old)) => delete.push(Rc::clone(old)),
            }
        }
        delete.extend(misplaced.into_iter().take(available.saturating_sub(wanted)));
        let left = usize::try_from(most - surging).unwrap_or(0);
        let waits = surging > 0 || may_make.len() > left;
        make.extend(may_make.into_iter().take(left));
        self.exchange(&make, &delete, waits.then_some(surging));
    }

    /// Creates pods on nodes and deletes others; with nothing to do, records how many pods the update waits for.
    fn exchange(&mut self, make: &[Name], delete: &[Rc<Pod>], waits_for: Option<i64>) {
        let pods = PodControl { kind: Kind::DaemonSet, owner: &self.set.meta, source: SOURCE };
        if make.is_empty() && delete.is_empty() {
            match waits_for {
                Some(count) => self.decide(Verdict::Waits, Reason::UpdateWaitsForNodes { count }),
                None => self.rest(),
            }
            return;
        }
        if !make.is_empty() {
            let made: Vec<_> = make.iter().map(|node| pods.create(&self.template_for(node))).collect();
            self.plan.batches.extend(slow_batches(made));
            self.decide(Verdict::Acts, Reason::CreatingOnNodes { count: i64::try_from(make.len()).unwrap_or(i64::MAX) });
        }
        if !delete.is_empty() {
            self.plan.batches.push(delete.iter().map(|pod| vec![pods.delete(pod)]).collect());
            self.decide(Verdict::Acts, Reason::RemovingReplicas { count: i64::try_from(delete.len()).unwrap_or(i64::MAX) });
        }
    }
}
