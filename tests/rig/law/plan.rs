//! Laws about the StatefulSet controller's decisions, judged by the view in which it made them.
//!
//! A decision takes effect later, in a world that has moved on; whether it was right depends on what the controller saw.

use std::rc::Rc;

use super::named::{Law, Violation};
use super::set_view::{SetView, revision_of};
use api::kind::Kind;
use api::object::stateful_set::{StatefulSetStatus, UpdateStrategy};
use api::object::{ControllerRevision, Name, Object, ObjectKey, Parsed, Pod, PodTemplate};
use api::object::{NO_ORDINAL, parent_and_ordinal};
use api::release::Release;
use base::time::Time;
use control::cache::Cache;
use control::plan::{Action, Plan, StatusChange};
use server::request::Request;

/// What a sync saw.
#[derive(Clone, Copy)]
pub struct LawContext<'a> {
    /// The controllers' cache when the sync began.
    pub cache: &'a Cache,
    /// When it began.
    pub now: Time,
    /// The modelled release.
    pub release: &'static Release,
}

/// Judges what one sync of a StatefulSet is about to do.
pub fn judge(sight: &LawContext, key: &ObjectKey, plan: &Plan) -> Result<(), Violation> {
    let Some(set) = sight.cache.tables.stateful_set(&key.namespace, &key.name) else { return Ok(()) };
    let view = SetView::new(&sight.cache.tables, set, sight.release, sight.now);
    let steps = plan.steps();
    let requests: Vec<&Request> =
        steps.filter_map(|s| if let Action::Server(request) = &s.action { Some(request) } else { None }).collect();
    let case = Case { sight, key, view, requests, plan };
    case.creations()?;
    case.deletions()?;
    case.history()?;
    case.status()
}

struct Case<'a> {
    sight: &'a LawContext<'a>,
    key: &'a ObjectKey,
    view: SetView<'a>,
    requests: Vec<&'a Request>,
    plan: &'a Plan,
}

/// Ordinals at or above this are not recognised in pod names. Models stateful_set_utils.go getParentNameAndOrdinal, which parses 32 bits.
const ORDINALS_READ: i64 = 1 << 31;

impl Case<'_> {
    fn holds(&self, law: Law, so: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
        law.holds(so, self.sight.now, self.key, what)
    }

    // Creations.

    fn creations(&self) -> Result<(), Violation> {
        let created = |r: &&Request| if let Request::Create(Object::Pod(pod)) = r { Some(Rc::clone(pod)) } else { None };
        let created: Vec<Rc<Pod>> = self.requests.iter().filter_map(created).collect();
        let one = self.view.set.parallel() || created.len() <= 1;
        self.holds(Law::CreatedInOrder, one, || format!("{} pods at once", created.len()))?;
        let going = self.view.set.meta.terminating();
        self.holds(Law::CreatedInOrder, created.is_empty() || !going, || "pods for a set that is being deleted".into())?;
        let old = self.old().next().filter(|_| self.recreates());
        self.holds(Law::RecreateWaits, created.is_empty() || old.is_none(), || format!("pods although {old:?} is of an old revision"))?;
        for pod in &created {
            self.creation(pod)?;
        }
        Ok(())
    }

    fn creation(&self, pod: &Pod) -> Result<(), Violation> {
        // A start near the limit yields ordinals that cannot be read: such a pod is named as one without any, and refused.
        if self.view.range().end > ORDINALS_READ && pod.meta.name == self.view.set.pod_name(NO_ORDINAL) {
            return Ok(());
        }
        let (name, ordinal) = (&pod.meta.name, ordinal_of(&pod.meta.name));
        self.holds(Law::CreatedInOrder, self.view.range().contains(&ordinal), || format!("{name} is not wanted"))?;
        self.holds(Law::CreatedInOrder, !self.view.pods.contains_key(&ordinal), || format!("{name} is there"))?;
        if !self.view.set.parallel() {
            let unfit = self.view.first_unfit_below(ordinal);
            self.holds(Law::CreatedInOrder, unfit.is_none(), || format!("{name} although {unfit:?} below is not available"))?;
        }
        let wanted = self.revision_for(ordinal);
        let got = revision_of(pod);
        self.holds(Law::RevisionOfOrdinal, got == Some(&wanted), || format!("{name} of {got:?}, not of {wanted}"))?;
        let right = self.template_of(&wanted).is_some_and(|template| template == pod.spec.template);
        self.holds(Law::RevisionOfOrdinal, right, || format!("{name} is not as {wanted} says"))
    }

    /// The revision a missing pod gets. Models stateful_set_utils.go newVersionedStatefulSetPod.
    fn revision_for(&self, ordinal: i64) -> Name {
        let (set, update) = (self.view.set, self.update_revision());
        let current = &set.status.current_revision;
        let kept = match (&set.spec.rolling_update, set.spec.strategy) {
            (Some(_), _) => ordinal < self.view.floor(),
            (None, UpdateStrategy::RollingUpdate) => ordinal < set.spec.start + set.status.current,
            (None, _) => false,
        };
        if kept && self.template_of(current).is_some() { Rc::clone(current) } else { update }
    }

    fn update_revision(&self) -> Name {
        self.wanted_status().map(|s| Rc::clone(&s.update_revision)).unwrap_or_default()
    }

    fn wanted_status(&self) -> Option<&StatefulSetStatus> {
        match &self.plan.status.as_ref()?.change {
            StatusChange::StatefulSet { wanted, .. } => Some(wanted),
            StatusChange::ReplicaSet { .. } => None,
        }
    }

    /// The template of a revision: one of the set's existing ones, or one about to be created.
    fn template_of(&self, name: &str) -> Option<Parsed<PodTemplate>> {
        let made = self.requests.iter().find_map(|r| match r {
            Request::Create(Object::ControllerRevision(made)) if *made.meta.name == *name => Some(made),
            _ => None,
        });
        let found = made.or_else(|| self.sight.cache.tables.revision(&self.key.namespace, name).filter(|r| self.is_ours(r)));
        found.map(|r| r.data.template.clone())
    }

    fn is_ours(&self, revision: &ControllerRevision) -> bool {
        revision.meta.controller().is_none_or(|o| o.uid == self.view.set.meta.uid)
            && self.view.set.spec.selector.matches(&revision.meta.labels)
    }

    // Deletions.

    fn deletions(&self) -> Result<(), Violation> {
        let deleted = |r: &&Request| if let Request::Delete(key, _) = r { Some(key.clone()) } else { None };
        let deleted: Vec<ObjectKey> = self.requests.iter().filter_map(deleted).collect();
        let other = deleted.iter().find(|k| !matches!(k.kind, Kind::Pod | Kind::ControllerRevision));
        self.holds(Law::ControllerDeletesNoClaims, other.is_none(), || format!("it deletes {other:?}"))?;
        let (mut unwanted, mut replaced) = (Vec::new(), Vec::new());
        for key in deleted.iter().filter(|k| k.kind == Kind::Pod) {
            let ordinal = ordinal_of(&key.name);
            let Some(pod) = self.pod(ordinal).filter(|p| p.meta.name == key.name) else {
                return Err(Law::NothingUnasked.broken(self.sight.now, self.key, format!("it deletes {key}, which is not its own")));
            };
            if !self.view.range().contains(&ordinal) {
                unwanted.push(ordinal);
            } else if !pod.status.phase.terminal() {
                replaced.push(ordinal);
            }
        }
        let going = self.view.set.meta.terminating() && deleted.iter().any(|k| k.kind == Kind::Pod);
        self.holds(Law::NothingUnasked, !going, || "a set that is being deleted deletes no pods itself".into())?;
        if self.recreates() && self.old().next().is_some() {
            return self.recreation(&self.update_revision());
        }
        self.removals(&unwanted)?;
        self.updates(&unwanted, &replaced)
    }

    /// The pod of an ordinal that was seen, or else the one that is made before one of this ordinal is deleted. A `Parallel` set may make a
    /// pod of the old revision, and update it in the same sync.
    fn pod(&self, ordinal: i64) -> Option<&Rc<Pod>> {
        let is_it = |name: &Name| ordinal_of(name) == ordinal;
        let goes = |r: &Request| matches!(r, Request::Delete(key, _) if key.kind == Kind::Pod && is_it(&key.name));
        let before = self.requests.iter().take_while(|r| !goes(r));
        let mut made = before.filter_map(|r| if let Request::Create(Object::Pod(pod)) = r { Some(pod) } else { None });
        self.view.pods.get(&ordinal).copied().or_else(|| made.find(|pod| is_it(&pod.meta.name)))
    }

    fn removals(&self, unwanted: &[i64]) -> Result<(), Violation> {
        self.holds(Law::RemovedInOrder, unwanted.is_sorted_by(|a, b| a > b), || format!("{unwanted:?} do not descend"))?;
        let Some(first) = unwanted.first().filter(|_| !self.view.set.parallel()) else { return Ok(()) };
        self.holds(Law::RemovedInOrder, unwanted.len() == 1, || format!("{unwanted:?} at once"))?;
        let highest = self.view.highest_unwanted();
        self.holds(Law::RemovedInOrder, highest == Some(*first), || format!("{first} although {highest:?} is above"))?;
        let unfit = self.view.first_unfit_below(self.view.range().end);
        self.holds(Law::RemovedInOrder, unfit.is_none(), || format!("{first} although {unfit:?} is wanted and not available"))
    }

    fn updates(&self, unwanted: &[i64], replaced: &[i64]) -> Result<(), Violation> {
        let Some(last) = replaced.iter().min() else { return Ok(()) };
        let law = Law::UpdatedInOrder;
        let update = self.update_revision();
        let rolling = self.view.set.spec.strategy == UpdateStrategy::RollingUpdate;
        self.holds(Law::NothingUnasked, rolling, || format!("{replaced:?} are replaced without RollingUpdate"))?;
        self.holds(law, *last >= self.view.floor(), || format!("{last} is below the partition"))?;
        let same = replaced.iter().find(|o| self.pod(**o).and_then(|p| revision_of(p)) == Some(&update));
        self.holds(Law::NothingUnasked, same.is_none(), || format!("{same:?} is of {update} already"))?;
        let (healthy, stuck): (Vec<i64>, Vec<i64>) =
            replaced.iter().partition(|o| self.view.pods.get(o).is_some_and(|p| self.view.healthy(p)));
        let descends = |list: &[i64]| list.is_sorted_by(|a, b| a > b);
        self.holds(law, descends(&healthy) && descends(&stuck), || format!("{replaced:?} do not descend"))?;
        let skipped = self.due().find(|o| healthy.last().is_some_and(|last| o > last) && !replaced.contains(o));
        self.holds(law, skipped.is_none(), || format!("{replaced:?} before {skipped:?}"))?;
        if self.view.set.parallel() {
            self.updates_in_parallel(replaced, &healthy)
        } else {
            self.holds(law, unwanted.is_empty(), || format!("{replaced:?} while {unwanted:?} are removed"))?;
            let unfit = self.view.first_unfit_below(self.view.range().end);
            self.holds(law, unfit.is_none(), || format!("{replaced:?} although {unfit:?} is not available"))?;
            let most = if self.sight.release.max_unavailable_stateful_set { self.view.max_unavailable() } else { 1 };
            self.holds(law, i64::try_from(replaced.len()).is_ok_and(|n| n <= most), || format!("{replaced:?}: more than {most}"))
        }
    }

    /// Whether `Recreate` decides; a set that is being deleted does nothing to its pods.
    fn recreates(&self) -> bool {
        let set = self.view.set;
        set.spec.strategy == UpdateStrategy::Recreate && self.sight.release.recreates_sets && !set.meta.terminating()
    }

    /// The pods of other revisions than the newest.
    fn old(&self) -> impl Iterator<Item = i64> {
        let update = self.update_revision();
        self.view.pods.iter().filter(move |(_, pod)| revision_of(pod) != Some(&update)).map(|(o, _)| *o)
    }

    /// With `Recreate`, whatever stands of an old revision goes, and nothing else.
    fn recreation(&self, update: &Name) -> Result<(), Violation> {
        let asked: Vec<Name> =
            self.requests.iter().filter_map(|r| if let Request::Delete(key, _) = r { Some(Rc::clone(&key.name)) } else { None }).collect();
        let stays =
            self.old().filter_map(|o| self.view.pods.get(&o)).find(|pod| !pod.meta.terminating() && !asked.contains(&pod.meta.name));
        self.holds(Law::RecreateWaits, stays.is_none(), || format!("{:?} stays", stays.map(|pod| &pod.meta.name)))?;
        let is_new = |pod: &&&Rc<Pod>| asked.contains(&pod.meta.name) && revision_of(pod) == Some(update);
        let new = self.view.pods.values().find(is_new);
        self.holds(Law::NothingUnasked, new.is_none(), || format!("{:?} is of {update} already", new.map(|pod| &pod.meta.name)))
    }

    /// The wanted pods above the partition that are available and still of another revision.
    fn due(&self) -> impl Iterator<Item = i64> {
        let update = self.update_revision();
        let due = move |pod: &Pod| self.view.healthy(pod) && revision_of(pod) != Some(&update);
        let range = self.view.floor()..self.view.range().end;
        self.view.pods.iter().filter(move |(o, pod)| range.contains(o) && due(pod)).map(|(o, _)| *o)
    }

    fn updates_in_parallel(&self, replaced: &[i64], healthy: &[i64]) -> Result<(), Violation> {
        let law = Law::UpdatedInOrder;
        if self.sight.release.max_unavailable_stateful_set {
            let unhealthy = i64::try_from(self.view.unhealthy_in_budget().count()).unwrap_or(i64::MAX);
            let most = self.view.max_unavailable().saturating_sub(unhealthy).max(0);
            let few = i64::try_from(healthy.len()).is_ok_and(|n| n <= most);
            return self.holds(law, few, || format!("{healthy:?} are available, and {unhealthy} others are not"));
        }
        let above = self.view.unhealthy().max().filter(|o| replaced.first().is_some_and(|r| o > r));
        self.holds(law, replaced.len() <= 1, || format!("{replaced:?} at once"))?;
        self.holds(law, above.is_none(), || format!("{replaced:?} although {above:?} above is not available"))
    }

    // Revisions and status.

    fn history(&self) -> Result<(), Violation> {
        let deleted = |r: &&Request| if let Request::Delete(key, _) = r { Some(key.clone()) } else { None };
        let gone: Vec<ObjectKey> = self.requests.iter().filter_map(deleted).filter(|k| k.kind == Kind::ControllerRevision).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let (update, current) = (self.update_revision(), &self.view.set.status.current_revision);
        let used = |name: &Name| *name == update || name == current || self.view.pods.values().any(|p| revision_of(p) == Some(name));
        let needed = gone.iter().find(|k| used(&k.name));
        self.holds(Law::HistoryIsKept, needed.is_none(), || format!("{needed:?} is in use"))?;
        let seen = self.sight.cache.tables.within(Kind::ControllerRevision, &self.key.namespace).filter_map(Object::as_revision);
        let unused = seen.filter(|r| self.is_ours(r) && !used(&r.meta.name)).count();
        let kept = i64::try_from(unused - gone.len().min(unused)).unwrap_or(i64::MAX);
        let limit = self.view.set.spec.revision_history_limit;
        self.holds(Law::HistoryIsKept, kept >= limit && limit >= 0, || format!("of {unused} unused revisions {} go", gone.len()))
    }

    fn status(&self) -> Result<(), Violation> {
        let Some(status) = self.wanted_status() else { return Ok(()) };
        let counted = self.view.counted();
        let told = (status.replicas, status.ready, status.available, status.observed_generation);
        let seen = (counted.replicas, counted.ready, counted.available, self.view.set.meta.generation);
        self.holds(Law::StatusIsWhatWasSeen, told == seen, || format!("{told:?} where {seen:?} was seen"))?;
        let updated = self.view.standing(&status.update_revision);
        self.holds(Law::StatusIsWhatWasSeen, status.updated == updated, || format!("{} updated, not {updated}", status.updated))?;
        let right = self.template_of(&status.update_revision).is_some_and(|t| t == self.view.set.spec.template);
        self.holds(Law::RevisionOfOrdinal, right, || format!("{} is not the set's template", status.update_revision))
    }
}

fn ordinal_of(pod: &str) -> i64 {
    parent_and_ordinal(pod).map_or(NO_ORDINAL, |(_, ordinal)| ordinal)
}
