//! What budgets come to: what they hold back in a drain, and what they do not, as rollouts and taints ask none.

use std::rc::Rc;

use api::client::PatchType;
use api::controller::Controller;
use api::kind::Kind;
use api::object::budget::{DisruptionBudget, Kept};
use api::object::int_or_percent::IntOrPercent;
use api::object::pod::DISRUPTION_TARGET;
use api::object::{Name, Object, ObjectKey, Pod, StatefulSet};
use intake::told::short;
use server::log::{Actor, Change};
use server::tables::Tables;
use text::plan::Says;

use crate::ends::{Ends, name, once, pods_of, rolls, some};
use crate::watch::{Replaced, Watched, between};

/// The words by which an eviction is refused that more than one budget would have to allow.
const MORE_THAN_ONE: &str = "more than one PodDisruptionBudget";
/// The reason of a pod that was evicted through the API.
const EVICTED: &str = "EvictionByEvictionAPI";

impl Ends<'_> {
    /// Sets under one budget of which pods are away at the same time, as each rolls out on its own.
    pub(crate) fn at_once(&self) -> Vec<Says> {
        let is_rolled = |set: &&Rc<StatefulSet>| self.was(set).is_some_and(|was| was.meta.uid == set.meta.uid && rolls(was, set));
        let sets = self.tables().stateful_sets().filter(is_rolled);
        let rolled: Vec<(&Rc<StatefulSet>, Watched)> = sets.map(|set| (set, between(self.before, self.after, &set.key()))).collect();
        let told = |budget: &Rc<DisruptionBudget>| {
            let covers = |set: &StatefulSet| pods_of(self.old_tables(), set).any(|pod| is_under(pod, budget));
            let under: Vec<&(&Rc<StatefulSet>, Watched)> = rolled.iter().filter(|(set, _)| covers(set)).collect();
            let is_with = |(set, one): &&&(&Rc<StatefulSet>, Watched)| {
                under.iter().any(|(other, watched)| other.meta.uid != set.meta.uid && meet(one, watched))
            };
            let sets = some(under.iter().filter(is_with).map(|(set, _)| name(set)))?;
            Some(Says::AtOnce { budget: short(&budget.key()), sets })
        };
        self.old_tables().budgets().filter_map(told).collect()
    }

    /// Budgets over the pods of a set that are new or gone, and those of which two hold one pod.
    pub(crate) fn guards(&self, set: &StatefulSet) -> Vec<Says> {
        let of = |tables: &Tables, pod: &Pod| -> Vec<ObjectKey> { tables.budgets_of(pod).map(|budget| budget.key()).collect() };
        let (before, after) = (self.old_tables(), self.tables());
        let Some(first) = pods_of(after, set).next() else { return Vec::new() };
        let (was, now) = (of(before, first), of(after, first));
        let mut says = Vec::new();
        if now.len() > 1 && (was.len() < 2 || self.said.contains(MORE_THAN_ONE)) {
            let own = pods_of(after, set).filter(|pod| of(after, pod).len() > 1);
            let last = now.iter().find(|key| !was.contains(key)).unwrap_or(&now[0]);
            let line = self.naming(last).delete(Kind::PodDisruptionBudget, &last.name);
            let pods = own.map(|pod| Rc::clone(&pod.meta.name)).collect();
            says.push(Says::TwoGuards { set: name(set), pods, budgets: now.iter().map(short).collect(), line });
        } else if let Some(new) = now.iter().find(|key| !was.contains(key)) {
            let status = after.budget(&new.namespace, &new.name).map(|budget| &budget.status);
            let (budget, set) = (short(new), name(set));
            says.extend(status.filter(|status| status.disruptions_allowed > 0).map(|status| {
                let (allowed, pods) = (status.disruptions_allowed, status.expected_pods);
                Says::Guards { budget, set, allowed, pods }
            }));
        }
        let is_gone = was.first().filter(|_| now.is_empty());
        says.extend(is_gone.map(|budget| Says::GuardGone { budget: short(budget), set: name(set) }));
        says
    }

    /// A budget that lets no pod of a set go any more, although all are healthy.
    pub(crate) fn tight(&self, set: &StatefulSet) -> Option<Says> {
        let budget = budget_of(self.tables(), set)?;
        let was = self.old_tables().budget(&budget.meta.namespace, &budget.meta.name);
        let now = &budget.status;
        let was_open = was.is_none_or(|was| was.status.disruptions_allowed > 0);
        let is_tight = now.disruptions_allowed == 0 && was_open && now.current_healthy >= now.expected_pods;
        let (wanted, pods) = (now.desired_healthy, now.expected_pods);
        (is_tight && pods > 0).then(|| Says::BudgetTight { budget: short(&budget.key()), set: name(set), wanted, pods })
    }

    /// The budget that holds back neither what the controller itself does, nor who deletes pods.
    pub(crate) fn unguarded(&self, set: &StatefulSet) -> Option<Says> {
        let (was, budget) = (self.was(set)?, budget_of(self.old_tables(), set)?);
        let is_below = between(self.before, self.after, &set.key()).lowest.0 < budget.status.desired_healthy;
        let is_deleted = |change: &Change| {
            let pod = change.before.as_ref().and_then(Object::as_pod);
            pod.is_some_and(|pod| pod.meta.is_controlled_by(set.meta.uid) && change.is_deletion() && !is_evicted(pod))
        };
        let deleted = !rolls(was, set) && self.log().any(|change| change.by == Actor::User && is_deleted(change));
        let is_told = is_below && (deleted || rolls(was, set));
        is_told.then(|| Says::BudgetIdle { budget: short(&budget.key()), set: name(set), taint: false, deleted })
    }

    /// Budgets whose pods a taint deletes.
    pub(crate) fn tainted(&self) -> Vec<Says> {
        let by_taint = Actor::Controller(Controller::TaintEviction);
        let log = self.log().filter(|change| change.key.kind == Kind::Pod && change.by == by_taint);
        let guarded = |pod: &Rc<Pod>| {
            let owner = pod.meta.controller().filter(|owner| owner.kind_in_group() == Some(Kind::StatefulSet))?;
            Some((self.old_tables().budgets_of(pod).next()?.key(), Rc::clone(&owner.name)))
        };
        let pods = log.filter_map(|change| change.before.as_ref().and_then(Object::as_pod));
        let told = |(budget, set): (ObjectKey, Name)| Says::BudgetIdle { budget: short(&budget), set, taint: true, deleted: false };
        once(pods.filter_map(guarded)).into_iter().map(told).collect()
    }

    /// The budgets that hold pods of nodes that a line drains, and what lets them go.
    /// Of one budget, the pods that are Ready are told apart from the others.
    pub(crate) fn held(&self) -> Vec<Says> {
        let tables = self.tables();
        let is_closed = |node: &Name| tables.node("", node).is_some_and(|node| node.unschedulable);
        let left = tables.pods().filter(|pod| !pod.meta.terminating() && pod.node.as_ref().is_some_and(is_closed));
        let holds = |pod: &Pod| tables.budgets_of(pod).find(|budget| budget.status.disruptions_allowed == 0);
        let held: Vec<(&Rc<DisruptionBudget>, &Rc<Pod>)> = left.filter_map(|pod| Some((holds(pod)?, pod))).collect();
        let told = |(key, ready): (ObjectKey, bool)| {
            let own = || held.iter().filter(|(budget, pod)| budget.key() == key && pod.ready() == ready);
            let status = &own().next()?.0.status;
            let lines = own().map(|(_, pod)| self.naming(&pod.key()).delete(Kind::Pod, &pod.meta.name)).collect();
            let (healthy, wanted) = (status.current_healthy, status.desired_healthy);
            let pods = own().map(|(_, pod)| Rc::clone(&pod.meta.name)).collect();
            Some(Says::HeldBack { budget: short(&key), pods, healthy, wanted, ready, lines })
        };
        once(held.iter().map(|(budget, pod)| (budget.key(), pod.ready()))).into_iter().filter_map(told).collect()
    }

    /// Budgets that were asked as pods were evicted, where the number that counts is not what people read, or lets several go.
    pub(crate) fn comes_to(&self) -> Vec<Says> {
        let log = self.log().filter(|change| change.key.kind == Kind::Pod && change.is_deletion());
        let evicted = log.filter_map(|change| change.before.as_ref().and_then(Object::as_pod)).filter(|pod| is_evicted(pod));
        let asked: Vec<&Rc<Pod>> = evicted.chain(self.held_pods()).collect();
        self.old_tables().budgets().filter_map(|budget| self.number(budget, &asked)).collect()
    }

    /// The number that a budget comes to, by its status, where it was asked for some of these pods.
    fn number(&self, budget: &DisruptionBudget, asked: &[&Rc<Pod>]) -> Option<Says> {
        let own = || asked.iter().filter(|pod| is_under(pod, budget));
        let owner = own().next()?.meta.controller()?;
        let set = self.old_tables().stateful_set(&budget.meta.namespace, &owner.name).filter(|set| set.meta.uid == owner.uid)?;
        let watched = between(self.before, self.after, &set.key());
        let (pods, desired) = (budget.status.expected_pods, budget.status.desired_healthy);
        let (field, share, rest) = match budget.spec.kept {
            Kept::MaxUnavailable(share) => ("maxUnavailable", share, ""),
            Kept::MinAvailable(share) => ("minAvailable", share, ",\"minAvailable\":null"),
            Kept::Unsaid => return None,
        };
        let allowed = pods - desired;
        let number = if rest.is_empty() { allowed } else { desired };
        let (percent, asks) = match share {
            IntOrPercent::Percent(share) => (true, format!("{field}: {share}%")),
            IntOrPercent::Int(share) => (false, format!("{field}: {share}")),
        };
        let several = allowed > 1 && watched.lowest.0 + 1 < watched.ready_before;
        let held = !own().any(|pod| is_evicted(pod));
        let patch = format!("{{\"spec\":{{\"maxUnavailable\":1{rest}}}}}");
        let line = self.naming(&budget.key()).patch(Kind::PodDisruptionBudget, &budget.meta.name, PatchType::Merge, &patch);
        let line = if allowed > 1 && !held { line } else { String::new() };
        let budget = short(&budget.key());
        (percent || several).then_some(Says::ComesTo { budget, asks, pods, number, allowed, percent, held, line })
    }
}

/// The budget of a set's pods.
fn budget_of<'t>(tables: &'t Tables, set: &StatefulSet) -> Option<&'t Rc<DisruptionBudget>> {
    tables.budgets_of(pods_of(tables, set).next()?).next()
}

fn is_under(pod: &Pod, budget: &DisruptionBudget) -> bool {
    pod.meta.namespace == budget.meta.namespace && budget.selects(&pod.meta.labels)
}

/// Whether a pod of one set was away while one of another was.
fn meet(one: &Watched, other: &Watched) -> bool {
    let goes_before =
        |one: &Replaced, back: &Replaced| one.deleted_at.is_some() && back.ready_at.is_none_or(|at| one.deleted_at < Some(at));
    one.replaced.iter().any(|one| other.replaced.iter().any(|other| goes_before(one, other) && goes_before(other, one)))
}

/// Whether a pod goes because it was evicted.
fn is_evicted(pod: &Pod) -> bool {
    pod.condition(DISRUPTION_TARGET).is_some_and(|one| *one.reason == *EVICTED)
}
