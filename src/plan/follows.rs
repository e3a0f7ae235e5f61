//! What follows of a change where no pod moves at once. Who scales a set from now on, which names resolve, what budgets hold back, and
//! what somebody still has to do.

use std::rc::Rc;

use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Labels, Meta, Name, ObjectKey, Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::image_name::without_tag;
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use intake::told::short;
use server::tables::Tables;
use text::plan::Says;

use crate::notes::{Ends, resolves};
use crate::sizes::scaler_of;
use crate::watch::{Watched, between, ordinal_in};
use crate::ways::naming;

/// The words by which an eviction is refused that more than one budget would have to allow.
const MORE_THAN_ONE: &str = "more than one PodDisruptionBudget";

impl Ends<'_> {
    /// What follows for sets, whether or not a pod of theirs moves.
    pub(crate) fn follows(&self) -> Vec<Says> {
        let mut says: Vec<Says> = Vec::new();
        for set in self.after.tables().stateful_sets() {
            let was = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name);
            let Some(was) = was else { continue };
            says.extend(self.scales(was, set));
            says.extend(self.resolve(set));
            says.extend(self.guards(set));
            if was.meta.uid == set.meta.uid {
                says.extend(self.of_metadata(was, set));
                says.extend(self.by_hand(was, set));
            }
        }
        says.extend(self.at_once());
        says
    }

    /// Sets under one budget of which pods are away at the same time, as each rolls out on its own.
    fn at_once(&self) -> Vec<Says> {
        let (before, after) = (self.before.tables(), self.after.tables());
        let is_rolled = |set: &&Rc<StatefulSet>| {
            let was = before.stateful_set(&set.meta.namespace, &set.meta.name);
            was.is_some_and(|was| was.meta.uid == set.meta.uid && was.spec.template.raw != set.spec.template.raw)
        };
        let rolled: Vec<(&Rc<StatefulSet>, Watched)> =
            after.stateful_sets().filter(is_rolled).map(|set| (set, between(self.before, self.after, &set.key()))).collect();
        let mut says = Vec::new();
        for budget in before.budgets() {
            let covers = |set: &StatefulSet| {
                let mut own = before.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
                set.meta.namespace == budget.meta.namespace && own.any(|pod| budget.selects(&pod.meta.labels))
            };
            let under: Vec<&(&Rc<StatefulSet>, Watched)> = rolled.iter().filter(|(set, _)| covers(set)).collect();
            let meets = |one: &Watched, other: &Watched| {
                let away = |of: &Watched| of.replaced.iter().map(|row| (row.deleted_at, row.ready_at)).collect::<Vec<_>>();
                let overlap = |(from, to): (Option<Time>, Option<Time>), (begin, end): (Option<Time>, Option<Time>)| {
                    from.is_some() && begin.is_some() && end.is_none_or(|end| from < Some(end)) && to.is_none_or(|to| begin < Some(to))
                };
                away(one).into_iter().any(|one| away(other).into_iter().any(|other| overlap(one, other)))
            };
            let is_with = |at: &usize| (0..under.len()).any(|other| other != *at && meets(&under[*at].1, &under[other].1));
            let sets: Vec<Name> = (0..under.len()).filter(is_with).map(|at| Rc::clone(&under[at].0.meta.name)).collect();
            says.extend((sets.len() > 1).then(|| Says::AtOnce { budget: short(&budget.key()), sets }));
        }
        says
    }

    /// The autoscaler that is gone, or new, or has other bounds.
    fn scales(&self, old: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let [was, now] = [self.before, self.after].map(|sim| scaler_of(sim.tables(), set));
        let (name, replicas) = (Rc::clone(&set.meta.name), set.spec.replicas);
        // The scaler has written its number already.
        let before = old.spec.replicas;
        match (was, now) {
            (Some(was), None) if self.after.tables().get(&was.key).is_none() => {
                Some(Says::Unscaled { scaler: short(&was.key), set: name, replicas })
            }
            (was, Some(now)) if was.as_ref() != Some(&now) && replicas > 0 => {
                let goes = now.bounded(before);
                let goes = if goes == before { 0 } else { goes };
                Some(Says::Scaled { scaler: short(&now.key), set: name, least: now.least, most: now.most, goes })
            }
            _ => None,
        }
    }

    /// Names of pods that went on running and that resolve now.
    fn resolve(&self, set: &StatefulSet) -> Option<Says> {
        let (key, service) = (set.key(), &set.spec.service_name);
        let is_named = |pod: &&Rc<Pod>| {
            let old = self.before.tables().pod(&key.namespace, &pod.meta.name).filter(|old| old.meta.uid == pod.meta.uid && old.ready());
            pod.meta.namespace == key.namespace
                && ordinal_in(&key, &pod.meta).is_some()
                && old.is_some_and(|old| !resolves(self.before.tables(), set, old))
                && resolves(self.after.tables(), set, pod)
        };
        let name = |pod: &Rc<Pod>| format!("{}.{service}.{}.svc", pod.meta.name, key.namespace);
        let names: Vec<String> = self.after.tables().pods().filter(is_named).map(name).collect();
        (!names.is_empty()).then_some(Says::NamesResolve { names })
    }

    /// Budgets over the pods of a set that are new or gone, and those of which two hold one pod.
    fn guards(&self, set: &StatefulSet) -> Vec<Says> {
        let of = |tables: &Tables, pod: &Pod| -> Vec<ObjectKey> { tables.budgets_of(pod).map(|budget| budget.key()).collect() };
        let (before, after) = (self.before.tables(), self.after.tables());
        let own: Vec<&Rc<Pod>> = after.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).collect();
        let Some(first) = own.first() else { return Vec::new() };
        let (was, now) = (of(before, first), of(after, first));
        let name = || Rc::clone(&set.meta.name);
        let mut says = Vec::new();
        if now.len() > 1 && (was.len() < 2 || self.said.contains(MORE_THAN_ONE)) {
            let pods = own.iter().filter(|pod| of(after, pod).len() > 1).map(|pod| Rc::clone(&pod.meta.name)).collect();
            let last = now.iter().find(|key| !was.contains(key)).unwrap_or(&now[0]);
            let line = naming(self.world, last).delete(Kind::PodDisruptionBudget, &last.name);
            says.push(Says::TwoGuards { set: name(), pods, budgets: now.iter().map(short).collect(), line });
        } else if let Some(new) = now.iter().find(|key| !was.contains(key)) {
            let status = after.budget(&new.namespace, &new.name).map(|budget| &budget.status);
            let allowed = status.filter(|status| status.disruptions_allowed > 0);
            says.extend(allowed.map(|status| {
                let (allowed, pods) = (status.disruptions_allowed, status.expected_pods);
                Says::Guards { budget: short(new), set: name(), allowed, pods }
            }));
        }
        let is_gone = was.first().filter(|_| now.is_empty());
        says.extend(is_gone.map(|budget| Says::GuardGone { budget: short(budget), set: name() }));
        says
    }

    /// A set of which only its own metadata changes, which no pod takes over.
    fn of_metadata(&self, was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
        if was.spec.value() != set.spec.value() || set.spec.replicas == 0 {
            return Vec::new();
        }
        let mut fields = Vec::new();
        for (name, has) in [("annotations", (|meta| &meta.annotations) as fn(&Meta) -> &Labels), ("labels", |meta| &meta.labels)] {
            let is_other = |(key, value): &(&Name, &Name)| ***key != *LAST_APPLIED && has(&was.meta).get(*key) != Some(*value);
            fields.extend(has(&set.meta).iter().filter(is_other).map(|(key, _)| format!("metadata.{name}.{key}")));
        }
        if fields.is_empty() {
            return Vec::new();
        }
        let what = format!("{}/{}", Kind::StatefulSet.info().singular, set.meta.name);
        let line = naming(self.world, &set.key()).rollout("restart", &what);
        let only = Says::MetaOnly { set: Rc::clone(&set.meta.name), fields, line };
        [only].into_iter().chain(same_image(set)).collect()
    }

    /// A set under `OnDelete` whose template changed: the lines that replace its pods, the highest ordinal first.
    fn by_hand(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let newest = &set.status.update_revision;
        let is_old = |pod: &&Rc<Pod>| {
            pod.meta.is_controlled_by(set.meta.uid) && pod.meta.label(CONTROLLER_REVISION_HASH).is_some_and(|hash| *hash != *newest)
        };
        if set.spec.strategy != UpdateStrategy::OnDelete || was.status.update_revision == *newest {
            return None;
        }
        let lines = self.deletions(set, is_old);
        (!lines.is_empty()).then(|| Says::ByHand { set: Rc::clone(&set.meta.name), lines })
    }

    /// Whether pods of a set are to be deleted for a new template as well.
    pub(crate) fn by_hand_anyway(&self, set: &StatefulSet) -> bool {
        let was = self.before.tables().stateful_set(&set.meta.namespace, &set.meta.name);
        was.is_some_and(|was| was.meta.uid == set.meta.uid && self.by_hand(was, set).is_some())
    }

    /// The lines that delete pods of a set one by one, the highest ordinal first.
    pub(crate) fn deletions(&self, set: &StatefulSet, is_it: impl Fn(&&Rc<Pod>) -> bool) -> Vec<String> {
        let key = set.key();
        let mut pods: Vec<(i64, &Rc<Pod>)> =
            self.after.tables().pods().filter(is_it).filter_map(|pod| Some((ordinal_in(&key, &pod.meta)?, pod))).collect();
        pods.sort_small_by_key(|(ordinal, _)| -ordinal);
        let naming = naming(self.world, &key);
        pods.into_iter().map(|(_, pod)| naming.delete(Kind::Pod, &pod.meta.name)).collect()
    }
}

/// The image of a set that a node does not pull again, under a tag that is no version.
pub(crate) fn same_image(set: &StatefulSet) -> Option<Says> {
    let containers = set.spec.template.raw.list_at(&["containers"]);
    let is_kept = |one: &&Value| one.text_at(&["imagePullPolicy"]) == Some("IfNotPresent");
    let images = containers.iter().filter(is_kept).filter_map(|one| one.text_at(&["image"]));
    let mut floating = images.filter(|image| {
        let (_, tag) = without_tag(image);
        !image.contains('@') && !tag.is_empty() && !tag.bytes().any(|byte| byte.is_ascii_digit())
    });
    floating.next().map(|image| Says::SameImage { set: Rc::clone(&set.meta.name), image: image.into() })
}
