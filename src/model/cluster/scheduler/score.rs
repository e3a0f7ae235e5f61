//! How good each node is on which a pod may run.
//!
//! Models pkg/scheduler/schedule_one.go prioritizeNodes with the default plugins and weights.
//! Promises: whole numbers only. Where Kubernetes uses floating point, the exact value is rounded down.
//! Not modelled: ImageLocality, which gives every node 0 as long as no node is known to have an image.

use std::rc::Rc;

use super::site::{Candidate, Site, View};
use super::verdict::{NodeScore, Plugin, Scores};
use super::{affinity, spread};
use api::object::node::Taint;
use api::object::pod::Toleration;
use api::object::{Name, Node, Pod};
use base::sorted::SortedMap;
use control::volume_match::size;

/// The best score a plugin gives, before its weight.
pub const SCORE_MAX: i64 = 100;
/// What the plugins' scores count for. Models pkg/scheduler/apis/config/v1/default_plugins.go.
const WEIGHTS: [(Plugin, i64); 7] = [
    (Plugin::TaintToleration, 3),
    (Plugin::NodeAffinity, 2),
    (Plugin::NodeResourcesFit, 1),
    (Plugin::VolumeBinding, 1),
    (Plugin::PodTopologySpread, 2),
    (Plugin::InterPodAffinity, 2),
    (Plugin::NodeResourcesBalancedAllocation, 1),
];

/// How good each candidate is, in their order. A plugin that has nothing to say of a pod has no part.
pub fn rank(view: &View, pod: &Pod, sites: &[Site], candidates: &[Candidate]) -> Scores {
    let mut nodes: Vec<NodeScore> = candidates.iter().map(|c| NodeScore { node: Rc::clone(&c.site.node.meta.name), total: 0 }).collect();
    let mut parts = Vec::with_capacity(WEIGHTS.len());
    for (plugin, weight) in WEIGHTS {
        let Some(mut column) = column(plugin, view, pod, sites, candidates) else { continue };
        for (score, value) in nodes.iter_mut().zip(&mut column) {
            *value *= weight;
            score.total += *value;
        }
        parts.push((plugin, column));
    }
    Scores { nodes, parts }
}

/// One plugin's scores, 0 to 100; `None` where it has nothing to say.
fn column(plugin: Plugin, view: &View, pod: &Pod, sites: &[Site], candidates: &[Candidate]) -> Option<Vec<i64>> {
    let rules = &pod.spec.template.scheduling;
    let of_each = |score: &dyn Fn(&Candidate) -> i64| candidates.iter().map(score).collect::<Vec<_>>();
    match plugin {
        Plugin::TaintToleration => {
            let tolerations = &pod.spec.template.tolerations;
            Some(share_of_most(&of_each(&|c| unwelcome_taints(c.site.node, tolerations)), true))
        }
        Plugin::NodeAffinity if !rules.node_preferred.is_empty() => {
            let matching = |c: &Candidate| {
                let terms = rules.node_preferred.iter().filter(|(_, t)| t.matches(&c.site.node.meta.name, &c.site.node.meta.labels));
                terms.map(|(weight, _)| weight).sum()
            };
            Some(share_of_most(&of_each(&matching), false))
        }
        Plugin::NodeResourcesFit => Some(of_each(&|c| least_allocated(&c.site, pod))),
        Plugin::VolumeBinding if view.release.scores_capacity_of_volumes && candidates.iter().any(|c| !c.bindings.is_empty()) => {
            Some(of_each(&|c| spare_capacity(view, pod, &c.bindings)))
        }
        Plugin::PodTopologySpread => spread::scores(view, pod, sites, candidates),
        Plugin::InterPodAffinity => affinity::preferences(view.tables, pod, sites, candidates).map(|raw| share_of_range(&raw)),
        Plugin::NodeResourcesBalancedAllocation if rules.requests.cpu_milli > 0 || rules.requests.memory > 0 => {
            Some(of_each(&|c| balanced_allocation(&c.site, pod)))
        }
        _ => None,
    }
}

/// `PreferNoSchedule` taints that a pod does not tolerate. Models tainttoleration countIntolerableTaintsPreferNoSchedule.
fn unwelcome_taints(node: &Node, tolerations: &[Toleration]) -> i64 {
    let unwelcome =
        |t: &&Taint| &*t.effect == "PreferNoSchedule" && !tolerations.iter().any(|own| own.tolerates(&t.key, &t.value, &t.effect));
    i64::try_from(node.taints.iter().filter(unwelcome).count()).unwrap_or(i64::MAX)
}

/// The more is free, the better. Models noderesources/least_allocated.go leastResourceScorer.
fn least_allocated(site: &Site, pod: &Pod) -> i64 {
    let (own, capacity) = (&pod.spec.template.scheduling.scored, site.node.status.capacity);
    let (cpu, memory) = (site.load.scored.cpu_milli, site.load.scored.memory);
    let free = |capacity: i64, used: i64| (capacity > 0).then(|| (capacity - used).max(0).saturating_mul(SCORE_MAX) / capacity);
    let both = [free(capacity.cpu_milli, cpu + own.cpu_milli), free(capacity.memory, memory + own.memory)];
    let counted = i64::try_from(both.iter().flatten().count()).unwrap_or(0);
    if counted == 0 { 0 } else { both.iter().flatten().sum::<i64>() / counted }
}

/// The less of the volumes that would be bound is asked for, the better: by class, rounded. Volumes that are to be made count nothing,
/// as no capacity of theirs is known. Models volumebinding/volume_binding.go Score with the default shape.
fn spare_capacity(view: &View, pod: &Pod, bindings: &[(Name, Name)]) -> i64 {
    let mut classes: SortedMap<&str, (i64, i64)> = SortedMap::new();
    for (claim, volume) in bindings {
        let (claim, volume) = (view.tables.claim(&pod.meta.namespace, claim), view.tables.volume("", volume));
        let Some((claim, volume)) = claim.zip(volume) else { continue };
        let sums = classes.entry(claim.class().unwrap_or_default()).or_default();
        *sums = (sums.0.saturating_add(size(&claim.spec.request).units()), sums.1.saturating_add(size(&volume.spec.capacity).units()));
    }
    let spare = |(asked, capacity): &(i64, i64)| match capacity {
        0 => 0,
        _ if asked > capacity => 0,
        _ => SCORE_MAX - asked.saturating_mul(SCORE_MAX) / capacity,
    };
    let count = i64::try_from(classes.len()).unwrap_or(i64::MAX);
    if count == 0 { 0 } else { (2 * classes.values().map(spare).sum::<i64>() + count) / (2 * count) }
}

/// The more evenly CPU and memory are used with the pod than without it, the better.
/// Models noderesources/balanced_allocation.go balancedResourceScorer.
fn balanced_allocation(site: &Site, pod: &Pod) -> i64 {
    let (own, capacity) = (&pod.spec.template.scheduling.requests, site.node.status.capacity);
    let (cpu, memory) = (site.load.requested.cpu_milli, site.load.requested.memory);
    let without = balance((cpu, capacity.cpu_milli), (memory, capacity.memory));
    let with = balance((cpu + own.cpu_milli, capacity.cpu_milli), (memory + own.memory, capacity.memory));
    SCORE_MAX / 2 + (SCORE_MAX / 2 + with - without) / 2
}

/// 100 less half the distance, in per cent, between the used parts of two resources.
fn balance(a: (i64, i64), b: (i64, i64)) -> i64 {
    let [(used_a, all_a), (used_b, all_b)] = [a, b].map(|(used, all)| (i128::from(used.min(all)), i128::from(all)));
    if all_a == 0 || all_b == 0 {
        return SCORE_MAX;
    }
    let both = all_a * all_b;
    let distance = (used_a * all_b - used_b * all_a).abs();
    i64::try_from(i128::from(SCORE_MAX) * (2 * both - distance) / (2 * both)).unwrap_or(0)
}

/// Each number's share of the greatest, in per cent. Models helper/normalize_score.go DefaultNormalizeScore.
fn share_of_most(raw: &[i64], less_is_better: bool) -> Vec<i64> {
    let most = raw.iter().copied().max().unwrap_or(0);
    let share = |n: i64| if most == 0 { 0 } else { SCORE_MAX * n / most };
    raw.iter().map(|n| if less_is_better { SCORE_MAX - share(*n) } else { share(*n) }).collect()
}

/// Each number's place between the least and the greatest, in per cent. Models interpodaffinity/scoring.go NormalizeScore.
fn share_of_range(raw: &[i64]) -> Vec<i64> {
    let (least, most) = (raw.iter().copied().min().unwrap_or(0), raw.iter().copied().max().unwrap_or(0));
    raw.iter().map(|n| if most == least { 0 } else { SCORE_MAX * (n - least) / (most - least) }).collect()
}
