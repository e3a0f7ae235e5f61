//! The sets of a cluster beside one another: how many of their pods are Ready, and which are stuck.
//!
//! Promises: every set is counted and judged, shown or not, by the same rule as Why.

use crate::{Glyph, Hue, Identity, Mark, Snapshot};
use api::kind::Kind;
use api::object::{NamespacedName, ObjectKey, StatefulSet};
use base::sort::Sort;
use causes::pod::{PodState, pod_word};
use causes::root::{Stuck, stuck};

/// A set among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub set: NamespacedName,
    /// Its name, with its namespace unless that is the current one.
    pub label: String,
    /// How many of its pods are Ready, and how many it wants: `1/3`.
    pub ready: String,
    pub mark: Mark,
    pub shown: bool,
    pub stuck: bool,
    /// The pod that it is stuck at.
    pub pod: Option<Identity>,
}

/// The sets of a cluster: those of the manifest in its order, then the others.
#[inline(never)]
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>) -> Vec<Member> {
    let is = |key: ObjectKey, set: &NamespacedName| key.kind == Kind::StatefulSet && key.namespaced_name() == *set;
    let in_manifest = |set: &NamespacedName| shot.manifest.iter().position(|(key, _)| is(key, set)).unwrap_or(usize::MAX);
    let mut members: Vec<Member> = shot.tables.stateful_sets().map(|set| member(shot, set, shown)).collect();
    members.sort_small_by_key(|member| in_manifest(&member.set));
    members
}

fn member(shot: &Snapshot, set: &StatefulSet, shown: Option<&NamespacedName>) -> Member {
    let name = set.meta.namespaced_name();
    let (ready, wanted) = (shot.ready(set), set.spec.replicas);
    let all = i64::try_from(ready).is_ok_and(|ready| ready >= wanted);
    let stuck = stuck(shot, set);
    let mark = match &stuck {
        Some(Stuck::Pod(pod)) => pod_word(pod, false).state.mark(),
        Some(Stuck::Refused(_)) => Mark(Glyph::Bad, Hue::Danger),
        None if all => PodState::Ready.mark(),
        None => PodState::Creating.mark(),
    };
    Member {
        label: shot.naming(&name.namespace).title(&name.namespace, name.name.to_string()),
        ready: format!("{ready}/{wanted}"),
        mark,
        shown: shown == Some(&name),
        stuck: stuck.is_some(),
        pod: stuck.as_ref().and_then(Stuck::pod).map(|pod| causes::remedy::identity(&pod.key())),
        set: name,
    }
}
