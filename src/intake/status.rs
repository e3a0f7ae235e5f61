//! What the status of a set tells, where its pods or their revisions do not.

use std::rc::Rc;

use super::world::World;
use api::kind::Kind;
use api::object::stateful_set::UpdateStrategy;
use api::object::{ObjectKey, Pod, StatefulSet};
use base::value::Value;
use causes::blame::Blame;
use why::Cause;

/// Whether a set has as many pods as it wants, and does not say how many of them are Ready.
pub(super) fn is_full(world: &World, key: &ObjectKey) -> bool {
    let set = world.sim.tables().stateful_set(&key.namespace, &key.name);
    set.is_some_and(|set| set.status.replicas >= set.spec.replicas && counted(world, set).is_none())
}

/// What the status of a set tells whose pods were not pasted.
pub(super) fn by_status(world: &World, set: &StatefulSet) -> Option<Blame> {
    let (status, wanted) = (&set.status, set.spec.replicas);
    if world.is_live || world.dump.has(Kind::Pod) || world.knows_in_part(&set.key()) || status.replicas == 0 {
        return None;
    }
    let is_up = status.ready == wanted && status.replicas == wanted && status.observed_generation == set.meta.generation;
    let held = set.spec.rolling_update.as_ref().map_or(0, |rolling| rolling.partition.min(wanted));
    let cause = match () {
        () if is_up && status.updated == wanted => Cause::Complete,
        () if is_up && set.spec.strategy == UpdateStrategy::OnDelete => Cause::OnDelete,
        () if is_up && held > 0 && status.updated == wanted - held => Cause::Partition,
        () => {
            return Some(Blame::of(Cause::NoPods, set.key()).unknown());
        }
    };
    Some(Blame::of(cause, set.key()))
}

/// What holds a rollout back of which the status of a set tells, and no pod: that nobody deletes pods, or a partition.
pub(super) fn held_back(world: &World, set: &StatefulSet) -> Option<Blame> {
    let status = &set.status;
    let is_behind = status.current_revision != status.update_revision && status.updated < status.replicas;
    if !is_behind || !world.knows_in_part(&set.key()) {
        return None;
    }
    let held = set.spec.rolling_update.as_ref().is_some_and(|rolling| rolling.partition > 0);
    let cause = if set.spec.strategy == UpdateStrategy::OnDelete { Cause::OnDelete } else { Cause::Partition };
    (held || cause == Cause::OnDelete).then(|| Blame::of(cause, set.key()).likely())
}

/// What is not known of a set that lacks a pod which nothing keeps it from creating.
pub(super) fn unmade(set: &StatefulSet) -> Blame {
    Blame::of(Cause::PodsMissing, set.key()).unknown()
}

/// Whether of a set there is no more than a row by which all its pods are Ready.
pub(super) fn is_told_well(world: &World, set: &StatefulSet) -> bool {
    let own = |pod: &Rc<Pod>| pod.meta.is_controlled_by(set.meta.uid);
    set.status.ready == set.spec.replicas && set.spec.replicas > 0 && !world.sim.tables().pods().any(own)
}

/// What a set waits for that says to have fewer Ready pods than their rows show: a row counts containers.
pub(super) fn uncounted(world: &World, set: &StatefulSet) -> Option<Blame> {
    let key = set.key();
    let unknown = Blame::of(Cause::NotCounted, key.clone()).unknown();
    let is_short = counted(world, set)? < set.spec.replicas && world.knows_in_part(&key);
    is_short.then(|| taken(world, set).unwrap_or(unknown))
}

/// Whether a pod is the highest that the text shows of a set which is known by its pods alone: there may be more, which wait for it.
pub(super) fn is_last_supposed(world: &World, set: &StatefulSet, pod: &ObjectKey) -> bool {
    let is_last = set.ordinal_of(&pod.name).is_some_and(|ordinal| ordinal + 1 == set.ordinals().end);
    is_last && !set.parallel() && world.supposes(&set.key())
}

/// How many Ready pods a set says it has.
fn counted(world: &World, set: &StatefulSet) -> Option<i64> {
    let names = [("name", &set.meta.name), ("namespace", &set.meta.namespace)];
    let is_it = |value: &&Value| names.iter().all(|(field, is)| value.text_at(&["metadata", field]) == Some(is));
    world.dump.of(Kind::StatefulSet).find(is_it)?.int_at(&["status", "readyReplicas"])
}

/// The pod that likely is not a set's own: on nodes that are all Ready, more pods of the set's names are ready than it counts. It is the
/// one of which no Event says that the set has created it.
pub(super) fn taken(world: &World, set: &StatefulSet) -> Option<Blame> {
    let tables = world.sim.tables();
    let ready = |ordinal: i64| tables.pod(&set.meta.namespace, &set.pod_name(ordinal)).filter(|pod| pod.ready());
    let pods: Vec<&Rc<Pod>> = set.ordinals().filter_map(ready).collect();
    let more = i64::try_from(pods.len()).is_ok_and(|have| counted(world, set).is_some_and(|told| told < have));
    let made = |pod: &Pod| {
        let words = format!("reate Pod {} in StatefulSet {} successful", pod.meta.name, set.meta.name);
        world.dump.events.iter().any(|event| event.message.contains(&words))
    };
    let others: Vec<&&Rc<Pod>> = pods.iter().filter(|pod| !made(pod)).collect();
    let object = if let [one] = others[..] { one.key() } else { set.key() };
    let is_known = more && world.shows(Kind::Node) && !tables.nodes().any(|node| node.silent());
    is_known.then(|| Blame::of(Cause::NameTaken, object).likely())
}
