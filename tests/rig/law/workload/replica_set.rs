//! What a ReplicaSet's controller may do. Models pkg/controller/replicaset/replica_set.go manageReplicas.

use std::rc::Rc;

use super::case::{Case, count, family, is_active, is_available};
use crate::law::named::{Law, Violation};
use api::object::{Name, Pod, PodPhase, ReplicaSet};
use base::time::{Span, Time};
use control::plan::StatusChange;
use server::tables::Tables;

pub(super) fn judge(case: &Case) -> Result<(), Violation> {
    let Some(set) = case.tables().replica_set(&case.key.namespace, &case.key.name) else { return Ok(()) };
    let own: Vec<&Rc<Pod>> = active(case.tables(), set).collect();
    let (created, deleted) = (case.created(), case.deleted_of(&own)?);
    let (made, gone, have, want) = (count(&created), count(&deleted), count(&own), set.spec.replicas);
    let idle = made + gone == 0;
    case.holds(Law::NoMoreThanWanted, idle || !set.meta.terminating(), || "it is being deleted and makes or deletes pods".into())?;
    case.holds(Law::NoMoreThanWanted, made == 0 || have + made <= want, || format!("{made} pods beside {have}, where {want} are wanted"))?;
    case.holds(Law::NoMoreThanWanted, gone == 0 || have - gone >= want, || format!("{gone} of {have} pods go, where {want} are wanted"))?;
    let right = |pod: &&Pod| set.spec.selector.matches(&pod.meta.labels) && pod.spec.template.raw == set.spec.template.raw;
    case.holds(Law::NoMoreThanWanted, created.iter().all(right), || "a pod that is not of its template".into())?;
    let kept = own.iter().filter(|pod| !deleted.iter().any(|gone| gone.meta.uid == pod.meta.uid));
    let (dearest, cheapest) = (deleted.iter().map(|p| use_of(p)).max(), kept.map(|p| use_of(p)).min());
    let least = gone == 0 || cheapest.is_none_or(|kept| dearest <= Some(kept));
    case.holds(Law::LeastUsefulGoFirst, least, || format!("{dearest:?} goes and {cheapest:?} stays (on a node, Running, Ready)"))?;
    let Some(StatusChange::ReplicaSet { wanted, .. }) = case.plan.status.as_ref().map(|s| &s.change) else { return Ok(()) };
    let told = [wanted.replicas, wanted.fully_labeled, wanted.ready, wanted.available, wanted.terminating.unwrap_or(0)];
    let seen = counted(case.tables(), set, case.sight.now);
    case.holds(Law::StatusIsWhatWasSeen, told == seen, || format!("{told:?} where {seen:?} was seen"))
}

/// The pods that count.
pub(super) fn active<'a>(tables: &'a Tables, set: &'a ReplicaSet) -> impl Iterator<Item = &'a Rc<Pod>> {
    family(tables, &set.meta, &set.spec.selector).filter(|p| is_active(p))
}

/// Of what use a pod is: whether it is on a node, Running, Ready. Models the first ranks of controller_utils.go ActivePodsWithRanks.
fn use_of(pod: &Pod) -> (bool, bool, bool) {
    (pod.node.is_some(), pod.status.phase == PodPhase::Running, pod.ready())
}

/// All pods, those with all labels of the template, those that are Ready, those that are available, and those that are terminating.
/// Models replica_set_utils.go calculateStatus.
pub(super) fn counted(tables: &Tables, set: &ReplicaSet, now: Time) -> [i64; 5] {
    let labeled = |pod: &&Rc<Pod>| set.spec.template.labels.iter().all(|(k, v)| pod.meta.labels.get(k) == Some(v));
    let min_ready = Span::of_seconds(set.spec.min_ready_seconds);
    let pods = || active(tables, set);
    [
        count(pods()),
        count(pods().filter(labeled)),
        count(pods().filter(|p| p.ready())),
        count(pods().filter(|p| is_available(p, min_ready, now))),
        count(family(tables, &set.meta, &set.spec.selector).filter(|p| p.meta.terminating() && !p.status.phase.terminal())),
    ]
}

/// What the status says, and what it should.
pub(super) fn told_and_so(tables: &Tables, set: &ReplicaSet, now: Time) -> (Vec<i64>, Vec<i64>) {
    let s = &set.status;
    let told = vec![s.replicas, s.fully_labeled, s.ready, s.available, s.terminating.unwrap_or(0), s.observed_generation];
    (told, counted(tables, set, now).into_iter().chain([set.meta.generation]).collect())
}

/// What keeps a set from its declared state, if anything.
pub(super) fn shortcoming(tables: &Tables, set: &ReplicaSet, now: Time) -> Option<String> {
    let [have, .., available, going] = counted(tables, set, now);
    let want = set.spec.replicas;
    let names = || active(tables, set).map(|p| Name::clone(&p.meta.name)).collect::<Vec<_>>();
    let short = have != want || available != want || going > 0;
    short.then(|| format!("it wants {want} pods and has {available} available ones of {:?}, and {going} that are going", names()))
}
