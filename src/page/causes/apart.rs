//! Pods that exclude one another, and pods that are spread over more places than there are: how many of them find a place.

use crate::blame::OWN_TAINTS;
use api::kind::Kind;
use api::object::node::Taint;
use api::object::scheduling::{PodTerm, SpreadConstraint};
use api::object::{Name, Node, Object, ObjectKey, Parsed, PodTemplate};
use api::well_known::{HOSTNAME, POD_INDEX, POD_NAME};
use base::sorted::SortedSet;
use cluster::scheduler::{self, cordon_tolerated};
use server::tables::Tables;

/// A spread over more places than there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wide {
    /// Which of the constraints of the template.
    pub at: usize,
    /// The label of nodes by which a place is told from another.
    pub key: Name,
    /// `minDomains`.
    pub least: i64,
    /// How many places there are.
    pub domains: i64,
    /// How many pods each of them takes.
    pub skew: i64,
}

/// By which rule pods take a place to themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Anti-affinity.
    Excludes,
    /// A spread over more places than there are.
    Spread(Wide),
}

/// The places for pods that take them to themselves.
pub struct Apart {
    /// The label of nodes by which a place is told from another.
    pub key: Name,
    /// How many pods find a place.
    pub places: i64,
    pub by: By,
}

impl Apart {
    /// Whether a place is a node.
    pub fn by_node(&self) -> bool {
        *self.key == *HOSTNAME
    }

    /// How many further nodes so many pods need that find no place.
    pub fn nodes_for(&self, rest: i64) -> i64 {
        match &self.by {
            By::Excludes => rest,
            By::Spread(wide) => ((rest + wide.skew - 1) / wide.skew).min(wide.least - wide.domains),
        }
    }
}

/// A workload, as far as its pods need places.
struct Workload {
    key: ObjectKey,
    template: Parsed<PodTemplate>,
    /// How many pods it wants.
    pods: i64,
}

/// Workloads whose pods exclude one another, and the places for all of them.
pub struct Crowd {
    pub apart: Apart,
    /// How many pods they want together.
    pub pods: i64,
    pub members: Vec<ObjectKey>,
}

impl Crowd {
    /// How many pods find no place.
    pub fn rest(&self) -> i64 {
        self.pods - self.apart.places
    }
}

/// The fewest places that a rule of a template leaves to its own pods; `None` where its pods may stand together.
pub fn apart(tables: &Tables, namespace: &Name, template: &PodTemplate) -> Option<Apart> {
    let own = template.scheduling.anti_affinity.required.iter().filter(|term| selects(term, (namespace, template), (namespace, template)));
    let apart = own.filter_map(|term| excluded(tables, &[template], &term.topology_key));
    apart.chain(spread(tables, template)).min_by_key(|apart| apart.places)
}

/// The workload of a key, and those others of which each excludes all; by the rule that leaves out most pods.
pub fn crowd(tables: &Tables, key: &ObjectKey, template: Parsed<PodTemplate>, pods: i64) -> Option<Crowd> {
    let keys: Vec<Name> = template.scheduling.anti_affinity.required.iter().map(|term| Name::clone(&term.topology_key)).collect();
    let spread = spread(tables, &template).map(|apart| Crowd { apart, pods, members: vec![key.clone()] });
    let own = Workload { key: key.clone(), template, pods };
    let others: Vec<Workload> = if keys.is_empty() { Vec::new() } else { workloads(tables).filter(|other| other.key != own.key).collect() };
    let of = |place: &Name| {
        if !exclude(place, &own, &own) {
            return None;
        }
        let mut members = vec![&own];
        for other in &others {
            if members.iter().all(|member| exclude(place, member, other)) && exclude(place, other, other) {
                members.push(other);
            }
        }
        let templates: Vec<&PodTemplate> = members.iter().map(|member| &*member.template).collect();
        let apart = excluded(tables, &templates, place)?;
        let pods = members.iter().map(|member| member.pods).sum();
        Some(Crowd { apart, pods, members: members.into_iter().map(|member| member.key.clone()).collect() })
    };
    keys.iter().filter_map(of).chain(spread).max_by_key(Crowd::rest)
}

/// The sets and Deployments that there are.
fn workloads(tables: &Tables) -> impl Iterator<Item = Workload> {
    let all = [Kind::StatefulSet, Kind::Deployment].into_iter().flat_map(|kind| tables.all(kind));
    all.filter_map(|object| {
        let raw = Object::encode(object);
        let template = PodTemplate::decode(raw.at(&["spec", "template"])?);
        Some(Workload { key: object.key(), template, pods: raw.int_at(&["spec", "replicas"]).unwrap_or(1) })
    })
}

/// Whether the pods of two workloads never share a place, by a rule of either.
fn exclude(place: &Name, one: &Workload, other: &Workload) -> bool {
    let rule = |of: &Workload, meant: &Workload| {
        let mut terms = of.template.scheduling.anti_affinity.required.iter().filter(|term| term.topology_key == *place);
        terms.any(|term| selects(term, (&of.key.namespace, &of.template), (&meant.key.namespace, &meant.template)))
    };
    rule(one, other) || rule(other, one)
}

/// Whether a term of pods of a template means all pods of another one, or those of its own.
fn selects(term: &PodTerm, (namespace, own): (&Name, &PodTemplate), (there, other): (&Name, &PodTemplate)) -> bool {
    let is_there = term.namespaces.is_empty() && term.namespace_selector.is_none() && namespace == there || term.namespaces.contains(there);
    let of_each = |key: &Name| [POD_NAME, POD_INDEX].contains(&&**key);
    let label = |template: &PodTemplate, key: &Name| template.labels.get(key).cloned();
    let agrees = |key: &Name| !of_each(key) && (label(own, key).is_none() || label(own, key) == label(other, key));
    let differs = |key: &Name| label(own, key).is_none() || label(own, key) != label(other, key);
    is_there
        && term.same_labels.iter().all(agrees)
        && term.other_labels.iter().all(differs)
        && term.selector.as_ref().is_some_and(|selector| selector.matches(&other.labels))
}

/// The places for pods of templates that exclude one another by the values of a label.
fn excluded(tables: &Tables, templates: &[&PodTemplate], key: &Name) -> Option<Apart> {
    Some(Apart { key: Name::clone(key), places: places(tables, templates, key)?, by: By::Excludes })
}

/// The spreads of a template over more places than there are, each with its constraint.
pub(crate) fn wide<'a>(tables: &'a Tables, template: &'a PodTemplate) -> impl Iterator<Item = (Wide, &'a SpreadConstraint)> {
    template.scheduling.spread.iter().enumerate().filter_map(|(at, constraint)| {
        let least = constraint.min_domains.filter(|_| constraint.hard)?;
        let domains = i64::try_from(scheduler::domains(tables.nodes(), template, constraint)).ok()?;
        let wide = Wide { at, key: Name::clone(&constraint.topology_key), least, domains, skew: constraint.max_skew };
        (domains < least).then_some((wide, constraint))
    })
}

/// The places for pods of a template that are spread over more than there are; `None` where they are not, or there are enough.
fn spread(tables: &Tables, template: &PodTemplate) -> Option<Apart> {
    let counts_own =
        |constraint: &SpreadConstraint| constraint.selector.as_ref().is_some_and(|selector| selector.matches(&template.labels));
    let own = wide(tables, template).filter(|(_, constraint)| counts_own(constraint));
    let apart = |wide: Wide| Apart { key: Name::clone(&wide.key), places: wide.domains * wide.skew, by: By::Spread(wide) };
    own.map(|(wide, _)| apart(wide)).min_by_key(|apart| apart.places)
}

/// How many values a label has on the nodes that take pods of templates. `None` where one of these nodes lacks it: that takes any number.
fn places(tables: &Tables, templates: &[&PodTemplate], key: &Name) -> Option<i64> {
    let nodes = tables.nodes().filter(|node| templates.iter().any(|template| takes(node, template)));
    let values: Option<SortedSet<Name>> = nodes.map(|node| node.meta.label(key).cloned()).collect();
    i64::try_from(values?.len()).ok()
}

/// Whether a node takes pods of a template, with nothing else on it. What Kubernetes taints it with by itself may pass.
fn takes(node: &Node, template: &PodTemplate) -> bool {
    let repels = |taint: &&Taint| !taint.key.starts_with(OWN_TAINTS) && *taint.effect != *"PreferNoSchedule";
    let tolerated = |taint: &Taint| template.tolerations.iter().any(|one| one.tolerates(&taint.key, &taint.value, &taint.effect));
    let is_open = !node.unschedulable || cordon_tolerated(&template.tolerations);
    let stays_open = node.taints.iter().filter(repels).all(tolerated);
    is_open && stays_open && template.scheduling.allows_node(&node.meta.name, &node.meta.labels)
}
