//! What changed in Kubernetes between the releases of two branches, as far as the shown set meets the change.
//!
//! Promises: a rule is only told where one release has it and the other has not, and where it is about the set. Which of the rules made a
//! difference is not known.

use super::Side;
use crate::Snapshot;
use api::object::stateful_set::UpdateStrategy;
use api::object::{NamespacedName, StatefulSet, parent_and_ordinal, writes_ordinal};
use api::release::Release;
use text::Text;
use why::page::{GUARANTEES, IDENTITY, PARTITIONS, Page, STRATEGIES};

/// Maximum unavailable Pods.
const MAX_UNAVAILABLE: Page = ("Maximum unavailable Pods", "concepts/workloads/controllers/statefulset/#maximum-unavailable-pods");

/// A rule that came with a release.
struct Rule {
    is_in: fn(&Release) -> bool,
    /// Whether it is about a set.
    meets: fn(&Snapshot, &StatefulSet) -> bool,
    told: fn(&Text, &str) -> String,
    page: Page,
}

/// A rule as the page tells it: a sentence, and a page about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub words: String,
    pub page: Page,
}

impl Rule {
    fn is_met(&self, side: &Side, shown: &NamespacedName) -> bool {
        let set = side.shot.set(&shown.namespace, &shown.name);
        set.is_some_and(|set| (self.meets)(&side.shot, set))
    }
}

const RULES: [Rule; 7] = [
    Rule {
        is_in: |release| release.max_unavailable_stateful_set,
        meets: |_, set| takes_several(set),
        told: |text, since| text.compare.takes_several(since),
        page: MAX_UNAVAILABLE,
    },
    Rule {
        is_in: |release| release.budgets_update_range,
        meets: |_, set| takes_several(set) && has_partition(set),
        told: |text, since| text.compare.counts_range(since),
        page: PARTITIONS,
    },
    Rule {
        is_in: |release| release.parallel_update_replaces_unavailable,
        meets: |_, set| set.parallel() && rolls(set),
        told: |text, since| text.compare.replaces_unavailable(since),
        page: MAX_UNAVAILABLE,
    },
    Rule {
        is_in: |release| release.recreates_sets,
        meets: |_, set| set.spec.strategy == UpdateStrategy::Recreate,
        told: |text, since| text.compare.recreates(since),
        page: STRATEGIES,
    },
    Rule {
        is_in: |release| release.complete_update_for_every_strategy,
        meets: |_, set| !rolls(set),
        told: |text, since| text.compare.completes(since),
        page: STRATEGIES,
    },
    Rule {
        is_in: |release| release.removes_before_creating,
        meets: |_, set| set.parallel(),
        told: |text, since| text.compare.removes_first(since),
        page: GUARANTEES,
    },
    Rule {
        is_in: |release| release.members_have_exact_names,
        meets: has_inexact_name,
        told: |text, since| text.compare.exact_names(since),
        page: IDENTITY,
    },
];

/// The rules that one side has and the other has not, and that the set meets on either.
pub(super) fn told(sides: &[Side; 2], shown: &NamespacedName, text: &Text) -> Vec<Told> {
    let [here, there] = sides.each_ref().map(|side| side.shot.release);
    let differs = |rule: &&Rule| (rule.is_in)(here) != (rule.is_in)(there);
    let rules = RULES.iter().filter(differs);
    let met = rules.filter(|rule| sides.iter().any(|side| rule.is_met(side, shown)));
    met.map(|rule| Told { words: (rule.told)(text, since(rule)), page: rule.page }).collect()
}

/// The first release that has a rule.
fn since(rule: &Rule) -> &'static str {
    let having = Release::ALL.iter().filter(|release| (rule.is_in)(release));
    having.min_by_key(|release| release.minor).map_or("", |release| release.name)
}

fn rolls(set: &StatefulSet) -> bool {
    set.spec.strategy == UpdateStrategy::RollingUpdate
}

/// Whether an update may take down more pods than one.
fn takes_several(set: &StatefulSet) -> bool {
    let rolling = set.spec.rolling_update.as_ref().filter(|_| rolls(set));
    let most = rolling.and_then(|rolling| rolling.max_unavailable.as_ref());
    most.is_some_and(|most| most.as_int() != Some(1))
}

fn has_partition(set: &StatefulSet) -> bool {
    set.partition() > 0
}

/// Whether a pod has a name with the set's and a number that the set does not write so: `web-01`.
fn has_inexact_name(shot: &Snapshot, set: &StatefulSet) -> bool {
    let own = |pod: &str| parent_and_ordinal(pod).is_some_and(|(parent, _)| *parent == *set.meta.name);
    let mut pods = shot.tables.pods().filter(|pod| pod.meta.namespace == set.meta.namespace);
    pods.any(|pod| own(&pod.meta.name) && !writes_ordinal(&pod.meta.name))
}
