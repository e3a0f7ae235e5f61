//! Inter-pod affinity and anti-affinity: the filter and the score.
//!
//! Models pkg/scheduler/framework/plugins/interpodaffinity.
//! Promises: pods that are terminating count like any other.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::load::tells_pods_apart;
use super::site::{Candidate, Site};
use super::verdict::{Plugin, Refusal};
use api::kind::Kind;
use api::object::scheduling::PodTerm;
use api::object::{Labels, Name, Node, Pod};
use server::tables::Tables;

/// The score weight of an existing pod's required affinity. Models InterPodAffinityArgs.hardPodAffinityWeight.
const REQUIRED_AFFINITY_WEIGHT: i64 = 1;

/// A topology domain: a node label and its value.
type Domain = (Name, Name);

/// One of a pod's affinity terms, ready to be matched against other pods.
pub struct Wanted<'a> {
    term: &'a PodTerm,
    owner: &'a Pod,
    one_by_one: bool,
}

impl<'a> Wanted<'a> {
    /// One of `owner`'s terms.
    pub fn new(term: &'a PodTerm, owner: &'a Pod) -> Self {
        let mut keys = term.selector.iter().flat_map(|s| &s.0).map(|r| &r.key).chain(&term.same_labels).chain(&term.other_labels);
        Wanted { term, owner, one_by_one: keys.any(|k| tells_pods_apart(k)) }
    }

    /// Whether it matches pods of this namespace with these labels. Models k8s.io/kube-scheduler/framework AffinityTerm.Matches.
    fn means(&self, tables: &Tables, namespace: &Name, labels: &Labels) -> bool {
        let own = |key: &Name| self.owner.meta.label(key);
        self.includes_namespace(tables, namespace)
            && self.term.selector.as_ref().is_some_and(|s| s.matches(labels))
            && self.term.same_labels.iter().all(|k| own(k).is_none() || own(k) == labels.get(k))
            && self.term.other_labels.iter().all(|k| own(k).is_none() || own(k) != labels.get(k))
    }

    fn includes_namespace(&self, tables: &Tables, namespace: &Name) -> bool {
        let labels = || tables.find(Kind::Namespace, "", namespace).map(|n| Rc::clone(&n.meta().labels)).unwrap_or_default();
        match &self.term.namespace_selector {
            None if self.term.namespaces.is_empty() => self.owner.meta.namespace == *namespace,
            selector => self.term.namespaces.contains(namespace) || selector.as_ref().is_some_and(|s| s.matches(&labels())),
        }
    }

    /// Whether it matches this pod.
    pub fn means_pod(&self, tables: &Tables, pod: &Pod) -> bool {
        self.means(tables, &pod.meta.namespace, &pod.meta.labels)
    }

    /// The topology domain of a node for this term.
    fn place(&self, site: &Site) -> Option<Domain> {
        site.label(&self.term.topology_key).map(|value| (Rc::clone(&self.term.topology_key), Rc::clone(value)))
    }
}

/// Whose required anti-affinity keeps a pod and another one that runs apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The pod's own.
    Own,
    /// The other's.
    Other,
}

/// Whose rule keeps a pod from a node because of a pod that runs on another node or the same one; `None` where none does.
pub fn apart(tables: &Tables, pod: &Pod, node: &Node, other: &Pod) -> Option<Rule> {
    let its = tables.node("", other.node.as_ref()?)?;
    let rule = |of: &Pod, meant: &Pod| {
        of.spec.template.scheduling.anti_affinity.required.iter().any(|term| {
            let place = node.meta.label(&term.topology_key);
            place.is_some() && place == its.meta.label(&term.topology_key) && Wanted::new(term, of).means_pod(tables, meant)
        })
    };
    if rule(pod, other) { Some(Rule::Own) } else { rule(other, pod).then_some(Rule::Other) }
}

/// Counts per topology domain of pods that matter to the pod. Models interpodaffinity/filtering.go preFilterState.
pub struct RequiredAffinity {
    near: Vec<Name>,
    near_counts: SortedMap<Domain, i64>,
    starts_its_group: bool,
    far: Vec<Name>,
    far_counts: SortedMap<Domain, i64>,
    kept_away: SortedMap<Domain, i64>,
}

impl RequiredAffinity {
    /// Counts the pods matched by the pod's affinity and anti-affinity, and those whose anti-affinity matches the pod.
    pub fn prepare(tables: &Tables, pod: &Pod, sites: &[Site]) -> Self {
        let rules = &pod.spec.template.scheduling;
        let [near, far] =
            [&rules.affinity, &rules.anti_affinity].map(|t| t.required.iter().map(|t| Wanted::new(t, pod)).collect::<Vec<_>>());
        let mut state = RequiredAffinity {
            near: near.iter().map(|w| Rc::clone(&w.term.topology_key)).collect(),
            near_counts: SortedMap::new(),
            starts_its_group: near.iter().all(|w| w.means_pod(tables, pod)),
            far: far.iter().map(|w| Rc::clone(&w.term.topology_key)).collect(),
            far_counts: SortedMap::new(),
            kept_away: SortedMap::new(),
        };
        for site in sites {
            state.count_near(tables, &near, site);
            for wanted in &far {
                let count = site.load.count(wanted.one_by_one, |namespace, labels| wanted.means(tables, namespace, labels)).all();
                add(&mut state.far_counts, wanted.place(site), count);
            }
            for other in site.load.choosy() {
                for term in &other.spec.template.scheduling.anti_affinity.required {
                    let wanted = Wanted::new(term, other);
                    add(&mut state.kept_away, wanted.place(site), i64::from(wanted.means_pod(tables, pod)));
                }
            }
        }
        state
    }

    /// Counts a pod as near only if all affinity terms match it.
    fn count_near(&mut self, tables: &Tables, near: &[Wanted], site: &Site) {
        if near.is_empty() {
            return;
        }
        let one_by_one = near.iter().any(|w| w.one_by_one);
        let count = site.load.count(one_by_one, |namespace, labels| near.iter().all(|w| w.means(tables, namespace, labels))).all();
        for wanted in near {
            add(&mut self.near_counts, wanted.place(site), count);
        }
    }

    /// Whether the pod may run on a node.
    pub fn allows(&self, site: &Site) -> Result<(), Refusal> {
        let count = |counts: &SortedMap<Domain, i64>, key: &Name| {
            let place = site.label(key).map(|value| (Rc::clone(key), Rc::clone(value)));
            place.map(|p| counts.get(&p).copied().unwrap_or(0))
        };
        let plugin = Plugin::InterPodAffinity;
        let near: Option<Vec<i64>> = self.near.iter().map(|key| count(&self.near_counts, key)).collect();
        let alone = self.near_counts.is_empty() && self.starts_its_group;
        if !near.is_some_and(|counts| alone || counts.iter().all(|n| *n > 0)) {
            return Err(Refusal::for_good(plugin, "node(s) didn't match pod affinity rules"));
        }
        if self.far.iter().any(|key| count(&self.far_counts, key).is_some_and(|n| n > 0)) {
            return Err(Refusal::for_now(plugin, "node(s) didn't match pod anti-affinity rules"));
        }
        if self.kept_away.keys().any(|(key, value)| site.label(key) == Some(value)) {
            return Err(Refusal::for_now(plugin, "node(s) didn't satisfy existing pods anti-affinity rules"));
        }
        Ok(())
    }
}

/// The raw preference score of each candidate; `None` if nobody has a preference.
/// Models interpodaffinity/scoring.go PreScore.
pub fn preferences(tables: &Tables, pod: &Pod, sites: &[Site], candidates: &[Candidate]) -> Option<Vec<i64>> {
    let rules = &pod.spec.template.scheduling;
    let signed = [(&rules.affinity.preferred, 1), (&rules.anti_affinity.preferred, -1)];
    let own: Vec<_> = signed.into_iter().flat_map(|(list, sign)| list.iter().map(move |(w, t)| (sign * w, Wanted::new(t, pod)))).collect();
    let mut places = SortedMap::new();
    for site in sites {
        for (weight, wanted) in &own {
            let count = site.load.count(wanted.one_by_one, |namespace, labels| wanted.means(tables, namespace, labels)).all();
            add(&mut places, wanted.place(site), weight * count);
        }
        for other in site.load.choosy() {
            for (weight, wanted) in wishes(other) {
                add(&mut places, wanted.place(site), weight * i64::from(wanted.means_pod(tables, pod)));
            }
        }
    }
    if places.is_empty() {
        return None;
    }
    let score = |site: &Site| places.iter().filter(|((key, value), _)| site.label(key) == Some(value)).map(|(_, n)| n).sum();
    Some(candidates.iter().map(|c| score(&c.site)).collect())
}

/// An existing pod's preferences about pods near it, with weights.
fn wishes(pod: &Pod) -> impl Iterator<Item = (i64, Wanted<'_>)> {
    let rules = &pod.spec.template.scheduling;
    let required = rules.affinity.required.iter().map(|t| (REQUIRED_AFFINITY_WEIGHT, t));
    let near = rules.affinity.preferred.iter().map(|(w, t)| (*w, t));
    let far = rules.anti_affinity.preferred.iter().map(|(w, t)| (-w, t));
    required.chain(near).chain(far).map(move |(weight, term)| (weight, Wanted::new(term, pod)))
}

/// Adds to a domain's count. A domain never added to has no entry.
fn add(counts: &mut SortedMap<Domain, i64>, place: Option<Domain>, number: i64) {
    if let Some(place) = place.filter(|_| number != 0) {
        *counts.entry(place).or_default() += number;
    }
}
