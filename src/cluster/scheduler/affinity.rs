//! Pods that want to be near other pods, or far from them: the rule and the score.
//!
//! Models pkg/scheduler/framework/plugins/interpodaffinity.
//! Promises: pods that are terminating count like any other.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::load::{NodeLoad, tells_pods_apart};
use super::verdict::{Plugin, Refusal};
use super::{Candidate, View, label};
use crate::api::kind::Kind;
use crate::api::object::scheduling::PodTerm;
use crate::api::object::selector::Requirement;
use crate::api::object::{Labels, Name, Node, Pod};
use crate::server::tables::Tables;

/// What an existing pod's required affinity counts for in scores. Models InterPodAffinityArgs.hardPodAffinityWeight.
const REQUIRED_AFFINITY_WEIGHT: i64 = 1;

/// A place: a node label and its value.
type Place = (Name, Name);

/// A term of one pod, ready to be held against others.
pub struct Wanted<'a> {
    term: &'a PodTerm,
    owner: &'a Pod,
    one_by_one: bool,
}

impl<'a> Wanted<'a> {
    /// A term of a pod.
    pub fn new(term: &'a PodTerm, owner: &'a Pod) -> Self {
        let mut keys = term.selector.iter().flat_map(|s| &s.0).map(Requirement::key).chain(&term.same_labels).chain(&term.other_labels);
        Wanted { term, owner, one_by_one: keys.any(|k| tells_pods_apart(k)) }
    }

    /// Whether it means pods of this namespace with these labels. Models k8s.io/kube-scheduler/framework AffinityTerm.Matches.
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

    /// Whether it means this pod.
    pub fn means_pod(&self, tables: &Tables, pod: &Pod) -> bool {
        self.means(tables, &pod.meta.namespace, &pod.meta.labels)
    }

    /// The place a node is in, as far as this term goes.
    fn place(&self, node: &Node) -> Option<Place> {
        label(node, &self.term.topology_key).map(|value| (Rc::clone(&self.term.topology_key), Rc::clone(value)))
    }
}

/// How many pods of each place matter to the pod. Models interpodaffinity/filtering.go preFilterState.
pub struct RequiredAffinity {
    near: Vec<Name>,
    near_counts: BTreeMap<Place, i64>,
    starts_its_group: bool,
    far: Vec<Name>,
    far_counts: BTreeMap<Place, i64>,
    kept_away: BTreeMap<Place, i64>,
}

impl RequiredAffinity {
    /// Counts pods that the pod has to be near or far, and pods that have to be far from it.
    pub fn prepare(view: &View, pod: &Pod, nodes: &[&Rc<Node>]) -> Self {
        let rules = &pod.spec.template.scheduling;
        let [near, far] =
            [&rules.affinity, &rules.anti_affinity].map(|t| t.required.iter().map(|t| Wanted::new(t, pod)).collect::<Vec<_>>());
        let mut state = RequiredAffinity {
            near: near.iter().map(|w| Rc::clone(&w.term.topology_key)).collect(),
            near_counts: BTreeMap::new(),
            starts_its_group: near.iter().all(|w| w.means_pod(view.tables, pod)),
            far: far.iter().map(|w| Rc::clone(&w.term.topology_key)).collect(),
            far_counts: BTreeMap::new(),
            kept_away: BTreeMap::new(),
        };
        for (node, load) in loaded(view, nodes) {
            state.count_near(view, &near, node, load);
            for wanted in &far {
                let count = load.count(wanted.one_by_one, |namespace, labels| wanted.means(view.tables, namespace, labels)).all();
                add(&mut state.far_counts, wanted.place(node), count);
            }
            for other in load.choosy() {
                for term in &other.spec.template.scheduling.anti_affinity.required {
                    let wanted = Wanted::new(term, other);
                    add(&mut state.kept_away, wanted.place(node), i64::from(wanted.means_pod(view.tables, pod)));
                }
            }
        }
        state
    }

    /// A pod counts as near only if it is meant by all terms.
    fn count_near(&mut self, view: &View, near: &[Wanted], node: &Node, load: &NodeLoad) {
        if near.is_empty() {
            return;
        }
        let one_by_one = near.iter().any(|w| w.one_by_one);
        let count = load.count(one_by_one, |namespace, labels| near.iter().all(|w| w.means(view.tables, namespace, labels))).all();
        for wanted in near {
            add(&mut self.near_counts, wanted.place(node), count);
        }
    }

    /// Whether the pod may run on a node.
    pub fn allows(&self, node: &Node) -> Result<(), Refusal> {
        let count = |counts: &BTreeMap<Place, i64>, key: &Name| {
            let place = label(node, key).map(|value| (Rc::clone(key), Rc::clone(value)));
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
        if self.kept_away.keys().any(|(key, value)| label(node, key) == Some(value)) {
            return Err(Refusal::for_now(plugin, "node(s) didn't satisfy existing pods anti-affinity rules"));
        }
        Ok(())
    }
}

/// How much each candidate is preferred, before normalization; `None` where nobody prefers anything.
/// Models interpodaffinity/scoring.go PreScore.
pub fn preferences(view: &View, pod: &Pod, nodes: &[&Rc<Node>], candidates: &[Candidate]) -> Option<Vec<i64>> {
    let rules = &pod.spec.template.scheduling;
    let signed = [(&rules.affinity.preferred, 1), (&rules.anti_affinity.preferred, -1)];
    let own: Vec<_> = signed.into_iter().flat_map(|(list, sign)| list.iter().map(move |(w, t)| (sign * w, Wanted::new(t, pod)))).collect();
    let mut places = BTreeMap::new();
    for (node, load) in loaded(view, nodes) {
        for (weight, wanted) in &own {
            let count = load.count(wanted.one_by_one, |namespace, labels| wanted.means(view.tables, namespace, labels)).all();
            add(&mut places, wanted.place(node), weight * count);
        }
        for other in load.choosy() {
            for (weight, wanted) in wishes(other) {
                add(&mut places, wanted.place(node), weight * i64::from(wanted.means_pod(view.tables, pod)));
            }
        }
    }
    if places.is_empty() {
        return None;
    }
    let score = |node: &Node| places.iter().filter(|((key, value), _)| label(node, key) == Some(value)).map(|(_, n)| n).sum();
    Some(candidates.iter().map(|c| score(c.node)).collect())
}

/// What an existing pod thinks of pods that come near it, with weights.
fn wishes(pod: &Pod) -> impl Iterator<Item = (i64, Wanted<'_>)> {
    let rules = &pod.spec.template.scheduling;
    let required = rules.affinity.required.iter().map(|t| (REQUIRED_AFFINITY_WEIGHT, t));
    let near = rules.affinity.preferred.iter().map(|(w, t)| (*w, t));
    let far = rules.anti_affinity.preferred.iter().map(|(w, t)| (-w, t));
    required.chain(near).chain(far).map(move |(weight, term)| (weight, Wanted::new(term, pod)))
}

/// Nodes that have pods.
fn loaded<'a>(view: &View<'a>, nodes: &'a [&'a Rc<Node>]) -> impl Iterator<Item = (&'a Node, &'a NodeLoad)> {
    let loads = view.loads;
    nodes.iter().filter_map(move |node| loads.node(&node.meta.name).map(|load| (&***node, load)))
}

/// Adds to a place's number. A place that nothing is added to does not exist.
fn add(counts: &mut BTreeMap<Place, i64>, place: Option<Place>, number: i64) {
    if let Some(place) = place.filter(|_| number != 0) {
        *counts.entry(place).or_default() += number;
    }
}
