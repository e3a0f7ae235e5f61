//! How evenly pods are spread over places: the rule and the score.
//!
//! Models pkg/scheduler/framework/plugins/podtopologyspread.
//! Promises: pods that are terminating are not counted. A pod that declares no constraints is still spread softly, by the
//! Services and the owner that select it.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::filter::tolerates_all;
use super::load::{NodeLoad, tells_pods_apart};
use super::logarithm::{LN_ONE, ln};
use super::score::SCORE_MAX;
use super::site::{Candidate, Site, View};
use super::verdict::{Plugin, Refusal};
use api::kind::Kind;
use api::object::meta::decode_labels;
use api::object::scheduling::SpreadConstraint;
use api::object::selector::Selector;
use api::object::{Name, Node, Object, Pod, PodTemplate};
use api::well_known::HOSTNAME;
use base::label::Requirement;

/// What every pod is spread over by default: node label and skew. Models podtopologyspread/plugin.go systemDefaultConstraints.
const DEFAULT_CONSTRAINTS: [(&str, i64); 2] = [(HOSTNAME, 3), ("topology.kubernetes.io/zone", 5)];

/// A constraint, ready to be counted.
pub struct Spread {
    topology_key: Name,
    max_skew: i64,
    min_domains: Option<i64>,
    honor_affinity: bool,
    honor_taints: bool,
    selector: Option<Rc<Selector>>,
    one_by_one: bool,
}

impl Spread {
    /// A constraint of a pod.
    pub fn of(constraint: &SpreadConstraint, pod: &Pod) -> Self {
        let agree =
            constraint.same_labels.iter().filter_map(|k| Some(Requirement::one_of(Rc::clone(k), vec![Rc::clone(pod.meta.label(k)?)])));
        let selector = constraint.selector.as_ref().map(|s| Rc::new(Selector(s.0.iter().cloned().chain(agree).collect())));
        Spread {
            topology_key: Rc::clone(&constraint.topology_key),
            max_skew: constraint.max_skew,
            min_domains: constraint.min_domains,
            honor_affinity: constraint.honor_affinity,
            honor_taints: constraint.honor_taints,
            one_by_one: selector.iter().flat_map(|s| &s.0).any(|r| tells_pods_apart(&r.key)),
            selector,
        }
    }

    /// Whether another pod is counted where this one is to be placed.
    pub fn counts(&self, pod: &Pod, other: &Pod) -> bool {
        let same_namespace = pod.meta.namespace == other.meta.namespace;
        same_namespace && self.selector.as_ref().is_some_and(|s| s.matches(&other.meta.labels))
    }

    /// How many pods of a node are counted. Models podtopologyspread/common.go countPodsMatchSelector.
    fn count(&self, load: &NodeLoad, namespace: &Name) -> i64 {
        let Some(selector) = self.selector.as_ref().filter(|s| !s.0.is_empty()) else { return 0 };
        load.count(self.one_by_one, |ns, labels| ns == namespace && selector.matches(labels)).staying
    }

    /// Whether a node's pods count at all.
    fn includes(&self, node: &Node, pod: &Pod) -> bool {
        is_included(node, &pod.spec.template, self.honor_affinity, self.honor_taints)
    }
}

/// Whether a node counts for pods of a template. Models podtopologyspread/common.go matchNodeInclusionPolicies.
fn is_included(node: &Node, template: &PodTemplate, honor_affinity: bool, honor_taints: bool) -> bool {
    (!honor_affinity || template.scheduling.allows_node(&node.meta.name, &node.meta.labels))
        && (!honor_taints || tolerates_all(node, &template.tolerations))
}

/// How many places a constraint of a template counts, of these nodes.
pub fn domains<'n>(nodes: impl Iterator<Item = &'n Rc<Node>>, template: &PodTemplate, constraint: &SpreadConstraint) -> usize {
    let has_all =
        |node: &Node| template.scheduling.spread.iter().filter(|one| one.hard).all(|one| node.meta.label(&one.topology_key).is_some());
    let counts = |node: &&Rc<Node>| has_all(node) && is_included(node, template, constraint.honor_affinity, constraint.honor_taints);
    let values: SortedSet<&Name> = nodes.filter(counts).filter_map(|node| node.meta.label(&constraint.topology_key)).collect();
    values.len()
}

/// Constraints that have to hold, and the pods in each place. Models podtopologyspread/filtering.go preFilterState.
pub struct HardSpread<'a> {
    pod: &'a Pod,
    constraints: Vec<(Spread, SortedMap<Name, i64>)>,
}

impl<'a> HardSpread<'a> {
    /// Counts pods in every place.
    pub fn prepare(pod: &'a Pod, sites: &[Site]) -> Self {
        let hard = pod.spec.template.scheduling.spread.iter().filter(|c| c.hard);
        let mut constraints: Vec<_> = hard.map(|c| (Spread::of(c, pod), SortedMap::new())).collect();
        let keys: Vec<Name> = constraints.iter().map(|(c, _)| Rc::clone(&c.topology_key)).collect();
        for site in sites.iter().filter(|s| keys.iter().all(|k| s.label(k).is_some())) {
            for (spread, places) in constraints.iter_mut().filter(|(c, _)| c.includes(site.node, pod)) {
                let value = site.label(&spread.topology_key).map(Rc::clone).unwrap_or_default();
                *places.entry(value).or_default() += spread.count(site.load, &pod.meta.namespace);
            }
        }
        HardSpread { pod, constraints }
    }

    /// Whether the pod may run on a node.
    pub fn allows(&self, site: &Site) -> Result<(), Refusal> {
        const REASON: &str = "node(s) didn't match pod topology spread constraints";
        let plugin = Plugin::PodTopologySpread;
        for (spread, places) in &self.constraints {
            let Some(value) = site.label(&spread.topology_key) else {
                return Err(Refusal::for_good(plugin, format!("{REASON} (missing required label)")));
            };
            let own = i64::from(spread.selector.as_ref().is_some_and(|s| s.matches(&self.pod.meta.labels)));
            let few = spread.min_domains.is_some_and(|min| i64::try_from(places.len()).is_ok_and(|n| n < min));
            let least = if few { 0 } else { places.values().copied().min().unwrap_or(i64::MAX / 2) };
            if places.get(value).copied().unwrap_or(0) + own - least > spread.max_skew {
                return Err(Refusal::for_now(plugin, REASON));
            }
        }
        Ok(())
    }
}

/// How good each candidate is, 0 to 100; `None` where nothing is to be spread. Models podtopologyspread/scoring.go.
pub fn scores(view: &View, pod: &Pod, sites: &[Site], candidates: &[Candidate]) -> Option<Vec<i64>> {
    let declared = &pod.spec.template.scheduling.spread;
    let strict = !declared.is_empty();
    let soft = || declared.iter().filter(|c| !c.hard).map(|c| Spread::of(c, pod)).collect();
    let constraints: Vec<Spread> = if strict { soft() } else { default_constraints(view, pod) };
    if constraints.is_empty() {
        return None;
    }
    let complete = |site: &Site| !strict || constraints.iter().all(|c| site.label(&c.topology_key).is_some());
    let ranked: Vec<Option<&Site>> = candidates.iter().map(|c| Some(&c.site).filter(|s| complete(s))).collect();
    let mut sums = vec![0_i64; candidates.len()];
    for spread in &constraints {
        let values: Vec<Option<&Name>> = ranked.iter().map(|site| site.and_then(|s| s.label(&spread.topology_key))).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        let places = Places::count(pod, spread, sites.iter().filter(|s| complete(s)), ranked.iter().flatten().count(), &values);
        for (sum, (site, value)) in sums.iter_mut().zip(ranked.iter().zip(values)) {
            let score = |(site, value): (&Site, _)| places.score(spread, site, value, &pod.meta.namespace);
            *sum = sum.saturating_add(site.zip(value).map_or(0, score));
        }
    }
    let raw: Vec<Option<i64>> = sums.iter().zip(&ranked).map(|(sum, site)| site.map(|_| round(*sum))).collect();
    Some(normalized(&raw))
}

/// How many counted pods each place has that a candidate is in, and what a pod weighs there.
struct Places {
    counts: SortedMap<Name, i64>,
    weight: i64,
}

impl Places {
    /// Counts in the places of the candidates, of which so many are ranked.
    fn count<'s>(pod: &Pod, spread: &Spread, sites: impl Iterator<Item = &'s Site<'s>>, ranked: usize, values: &[Option<&Name>]) -> Self {
        if &*spread.topology_key == HOSTNAME {
            return Places { counts: SortedMap::new(), weight: ln(ranked + 2) };
        }
        let mut counts: SortedMap<Name, i64> = values.iter().flatten().map(|value| (Rc::clone(value), 0)).collect();
        // Candidates without the label are in one place, with those whose label is empty.
        let nowhere = usize::from(values.iter().flatten().count() < ranked && !counts.contains_key(""));
        let weight = ln(counts.len() + nowhere + 2);
        for site in sites {
            let Some(count) = site.label(&spread.topology_key).and_then(|value| counts.get_mut(value)) else { continue };
            if spread.includes(site.node, pod) {
                *count += spread.count(site.load, &pod.meta.namespace);
            }
        }
        Places { counts, weight }
    }

    /// What a constraint adds to the raw score of a node in this place, in units of [`LN_ONE`]; the more pods, the more.
    fn score(&self, spread: &Spread, site: &Site, value: &Name, namespace: &Name) -> i64 {
        let count = match &*spread.topology_key {
            HOSTNAME => spread.count(site.load, namespace),
            _ => self.counts.get(value).copied().unwrap_or(0),
        };
        count.saturating_mul(self.weight).saturating_add((spread.max_skew - 1).saturating_mul(LN_ONE))
    }
}

/// The nearest whole number of a raw score.
fn round(sum: i64) -> i64 {
    sum.saturating_add(LN_ONE / 2) / LN_ONE
}

/// Fewer pods score more. Nodes without a raw score, which lack a label, score nothing.
fn normalized(raw: &[Option<i64>]) -> Vec<i64> {
    let known = || raw.iter().copied().flatten();
    let (least, most) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
    let score = |s: i64| if most == 0 { SCORE_MAX } else { SCORE_MAX * (most + least - s) / most };
    raw.iter().map(|s| s.map_or(0, score)).collect()
}

/// The constraints of a pod that declares none.
fn default_constraints(view: &View, pod: &Pod) -> Vec<Spread> {
    let selector = Rc::new(default_selector(view, pod));
    if selector.0.is_empty() {
        return Vec::new();
    }
    let one_by_one = selector.0.iter().any(|r| tells_pods_apart(&r.key));
    let spread = |(key, max_skew): (&str, i64)| Spread {
        topology_key: key.into(),
        max_skew,
        min_domains: None,
        honor_affinity: true,
        honor_taints: false,
        selector: Some(Rc::clone(&selector)),
        one_by_one,
    };
    DEFAULT_CONSTRAINTS.into_iter().map(spread).collect()
}

/// The pods that belong with a pod: those that all its Services and its owner select.
/// Models pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector.
fn default_selector(view: &View, pod: &Pod) -> Selector {
    let namespace = &pod.meta.namespace;
    let mut requirements = Vec::new();
    let mut pairs: Vec<(Name, Name)> = Vec::new();
    for service in view.tables.within(Kind::Service, namespace).filter_map(|s| s.as_service()) {
        if service.spec.selector.iter().all(|(k, v)| pod.meta.label(k) == Some(v)) {
            pairs.extend(service.spec.selector.iter().cloned());
        }
    }
    let found = pod.meta.controller().and_then(|o| view.tables.find(o.kind?, namespace, &o.name));
    match found {
        Some(Object::StatefulSet(set)) => requirements.clone_from(&set.spec.selector.0),
        Some(Object::Plain(other)) if other.kind == Kind::ReplicationController => {
            pairs.extend(decode_labels(other.raw.at(&["spec", "selector"])).iter().map(|(k, v)| (Rc::clone(k), Rc::clone(v))));
        }
        Some(Object::ReplicaSet(set)) => requirements.clone_from(&set.spec.selector.0),
        _ => {}
    }
    for (key, value) in pairs {
        let requirement = Requirement::one_of(key, vec![value]);
        if !requirements.contains(&requirement) {
            requirements.push(requirement);
        }
    }
    Selector(requirements)
}
