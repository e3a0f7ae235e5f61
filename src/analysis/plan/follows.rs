//! What follows of a change where no pod moves at once: names that resolve now, and what somebody still has to do.

use std::rc::Rc;

use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Labels, Meta, Name, Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::image_name::without_tag;
use base::sort::Sort;
use base::value::Value;
use text::plan::Says;

use crate::ends::{Ends, containers, name, some};
use crate::notes::resolves;
use crate::watch::ordinal_in;

impl Ends<'_> {
    /// What follows for sets, whether or not a pod of theirs moves.
    pub(crate) fn follows(&self) -> Vec<Says> {
        let mut says: Vec<Says> = Vec::new();
        for set in self.tables().stateful_sets() {
            let Some(was) = self.was(set) else { continue };
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

    /// Names of pods that went on running and that resolve now.
    fn resolve(&self, set: &StatefulSet) -> Option<Says> {
        let (key, service) = (set.key(), &set.spec.service_name);
        let is_named = |pod: &&Rc<Pod>| {
            pod.meta.namespace == key.namespace
                && ordinal_in(&key, &pod.meta).is_some()
                && self.old(pod).is_some_and(|old| old.ready() && !resolves(self.old_tables(), set, old))
                && resolves(self.tables(), set, pod)
        };
        let name = |pod: &Rc<Pod>| format!("{}.{service}.{}.svc", pod.meta.name, key.namespace);
        Some(Says::NamesResolve { names: some(self.tables().pods().filter(is_named).map(name))? })
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
        let only = Says::MetaOnly { set: name(set), fields, line: self.rollout("restart", set) };
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
        Some(Says::ByHand { set: name(set), lines: some(self.deletions(set, is_old))? })
    }

    /// Whether pods of a set are to be deleted for a new template as well.
    pub(crate) fn by_hand_anyway(&self, set: &StatefulSet) -> bool {
        self.was(set).is_some_and(|was| was.meta.uid == set.meta.uid && self.by_hand(was, set).is_some())
    }

    /// The lines that delete pods of a set one by one, the highest ordinal first.
    pub(crate) fn deletions(&self, set: &StatefulSet, is_it: impl Fn(&&Rc<Pod>) -> bool) -> Vec<String> {
        let key = set.key();
        let mut pods: Vec<(i64, &Rc<Pod>)> =
            self.tables().pods().filter(is_it).filter_map(|pod| Some((ordinal_in(&key, &pod.meta)?, pod))).collect();
        pods.sort_small_by_key(|(ordinal, _)| -ordinal);
        let naming = self.naming(&key);
        pods.into_iter().map(|(_, pod)| naming.delete(Kind::Pod, &pod.meta.name)).collect()
    }
}

/// The image of a set that a node does not pull again, under a tag that is no version.
pub(crate) fn same_image(set: &StatefulSet) -> Option<Says> {
    let is_kept = |one: &&Value| one.text_at(&["imagePullPolicy"]) == Some("IfNotPresent");
    let images = containers(set).iter().filter(is_kept).filter_map(|one| one.text_at(&["image"]));
    let mut floating = images.filter(|image| {
        let (_, tag) = without_tag(image);
        !image.contains('@') && !tag.is_empty() && !tag.bytes().any(|byte| byte.is_ascii_digit())
    });
    floating.next().map(|image| Says::SameImage { set: name(set), image: image.into() })
}
