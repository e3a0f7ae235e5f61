//! What of a pod's spec the scheduler acts on, read once per template.
//!
//! Promises: reading never fails; what validation would have refused reads as absent. Numbers are whole: thousandths of a CPU,
//! bytes, counts.
//! Must not know: nodes, other pods, what the scheduler decides.

use std::rc::Rc;

use super::meta::{Labels, Name};
use super::resources::{Resources, is_sidecar, pod_requests};
use super::selector::{Selector, satisfies};
use crate::base::label::{Operator, Requirement};
use crate::base::value::{Map, Value};

/// What scoring counts for a container that requests no CPU, in thousandths. Models pkg/scheduler/util DefaultMilliCPURequest.
const DEFAULT_CPU_MILLI: i64 = 100;
/// What scoring counts for a container that requests no memory, in bytes. Models pkg/scheduler/util DefaultMemoryRequest.
const DEFAULT_MEMORY: i64 = 200 * 1024 * 1024;

/// A port a pod takes on its node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    /// The node's address it binds to; `0.0.0.0` for all of them.
    pub ip: Name,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
    /// The number.
    pub port: i64,
}

/// What one key of a node has to satisfy. Models v1.NodeSelectorRequirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRequirement {
    /// As for any labels.
    Label(Requirement),
    /// The label is a whole number above this.
    Above(Name, i64),
    /// The label is a whole number below this.
    Below(Name, i64),
    /// The node's name is one of these.
    NameIn(Vec<Name>),
    /// The node's name is none of these.
    NameNotIn(Vec<Name>),
}

/// Requirements that a node satisfies all together. Models v1.NodeSelectorTerm; a term without requirements matches no node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeTerm(pub Vec<NodeRequirement>);

/// Which other pods a pod wants to be near or far. Models v1.PodAffinityTerm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTerm {
    /// The pods; `None` matches none.
    pub selector: Option<Selector>,
    /// The node label whose value makes two nodes one place.
    pub topology_key: Name,
    /// Namespaces of the pods. With no namespaces and no selector of them, the pod's own.
    pub namespaces: Vec<Name>,
    /// Labels of further namespaces of the pods.
    pub namespace_selector: Option<Selector>,
    /// Labels in which the pods have to agree with the pod itself.
    pub same_labels: Vec<Name>,
    /// Labels in which the pods have to differ from the pod itself.
    pub other_labels: Vec<Name>,
}

/// Terms that have to hold, and terms that only count in scores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodTerms {
    /// Have to hold.
    pub required: Vec<PodTerm>,
    /// Count, with their weights.
    pub preferred: Vec<(i64, PodTerm)>,
}

/// How evenly pods shall be spread. Models v1.TopologySpreadConstraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpreadConstraint {
    /// How far the numbers of pods in two places may differ.
    pub max_skew: i64,
    /// The node label whose value makes two nodes one place.
    pub topology_key: Name,
    /// `DoNotSchedule` rather than `ScheduleAnyway`.
    pub hard: bool,
    /// The pods that are counted; `None` matches none.
    pub selector: Option<Selector>,
    /// With fewer places than this the emptiest counts as empty.
    pub min_domains: Option<i64>,
    /// Whether only nodes count that the pod's node affinity allows.
    pub honor_affinity: bool,
    /// Whether only nodes count whose taints the pod tolerates.
    pub honor_taints: bool,
    /// Labels in which counted pods have to agree with the pod itself.
    pub same_labels: Vec<Name>,
}

/// What of a pod's spec the scheduler acts on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchedulingRules {
    /// What the pod takes of its node. Models k8s.io/component-helpers/resource PodRequests.
    pub requests: Resources,
    /// The same for scoring, where every container counts for something.
    pub scored: Resources,
    /// `nodeSelector`.
    pub node_selector: Vec<(Name, Name)>,
    /// Required node affinity: one of the terms has to match. `None` where there is none.
    pub node_required: Option<Vec<NodeTerm>>,
    /// Preferred node affinity, with weights.
    pub node_preferred: Vec<(i64, NodeTerm)>,
    /// Pods to be near to.
    pub affinity: PodTerms,
    /// Pods to be far from.
    pub anti_affinity: PodTerms,
    /// `topologySpreadConstraints`.
    pub spread: Vec<SpreadConstraint>,
    /// Ports it takes on its node.
    pub host_ports: Vec<HostPort>,
    /// `schedulerName`; empty for the default one.
    pub scheduler: Name,
    /// Whether `schedulingGates` hold it back.
    pub gated: bool,
    /// `priority`.
    pub priority: i64,
    /// `preemptionPolicy: Never`.
    pub never_preempts: bool,
}

impl SchedulingRules {
    /// Reads a pod spec.
    pub fn decode(spec: &Value) -> Self {
        let affinity = |path: &[&str]| spec.get("affinity").and_then(|a| a.at(path));
        let node_terms = affinity(&["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
        let node_preferred = affinity(&["nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"]);
        SchedulingRules {
            requests: pod_requests(spec, 0, 0),
            scored: pod_requests(spec, DEFAULT_CPU_MILLI, DEFAULT_MEMORY),
            node_selector: text_pairs(spec.get("nodeSelector")),
            node_required: node_terms.map(|t| t.list_at(&["nodeSelectorTerms"]).iter().map(NodeTerm::decode).collect()),
            node_preferred: items(node_preferred).iter().map(|p| (weight(p), NodeTerm::decode(preference(p, "preference")))).collect(),
            affinity: PodTerms::decode(affinity(&["podAffinity"])),
            anti_affinity: PodTerms::decode(affinity(&["podAntiAffinity"])),
            spread: spec.list_at(&["topologySpreadConstraints"]).iter().map(SpreadConstraint::decode).collect(),
            host_ports: host_ports(spec),
            scheduler: text(spec, "schedulerName"),
            gated: !spec.list_at(&["schedulingGates"]).is_empty(),
            priority: spec.int_at(&["priority"]).unwrap_or(0),
            never_preempts: spec.text_at(&["preemptionPolicy"]) == Some("Never"),
        }
    }

    /// Whether it names other pods it wants to be near or far.
    pub fn names_other_pods(&self) -> bool {
        [&self.affinity, &self.anti_affinity].into_iter().any(|t| !t.required.is_empty() || !t.preferred.is_empty())
    }

    /// Whether its nodeSelector and required node affinity allow a node of this name and labels.
    /// Models k8s.io/component-helpers/scheduling/corev1/nodeaffinity RequiredNodeAffinity.Match.
    pub fn allows_node(&self, name: &Name, labels: &Labels) -> bool {
        self.node_selector.iter().all(|(k, v)| labels.get(k) == Some(v))
            && self.node_required.as_ref().is_none_or(|terms| terms.iter().any(|t| t.matches(name, labels)))
    }
}

impl NodeTerm {
    /// Reads `{matchExpressions, matchFields}`.
    pub fn decode(value: &Value) -> Self {
        let labels = value.list_at(&["matchExpressions"]).iter().filter_map(|e| {
            let number = || e.list_at(&["values"]).first().and_then(Value::as_text).and_then(|t| t.parse().ok());
            let key = e.get("key")?.as_shared_text()?;
            match e.text_at(&["operator"])? {
                "Gt" => Some(NodeRequirement::Above(key, number()?)),
                "Lt" => Some(NodeRequirement::Below(key, number()?)),
                _ => Requirement::decode(e).map(NodeRequirement::Label),
            }
        });
        let fields = value.list_at(&["matchFields"]).iter().filter_map(Requirement::decode).filter_map(|r| match r.operator {
            Operator::In => Some(NodeRequirement::NameIn(r.values)),
            Operator::NotIn => Some(NodeRequirement::NameNotIn(r.values)),
            _ => None,
        });
        NodeTerm(labels.chain(fields).collect())
    }

    /// Whether a node of this name and labels satisfies every requirement.
    pub fn matches(&self, name: &Name, labels: &Labels) -> bool {
        let number = |key: &Name| labels.get(key).and_then(|v| v.parse::<i64>().ok());
        !self.0.is_empty()
            && self.0.iter().all(|r| match r {
                NodeRequirement::Label(r) => satisfies(labels, r),
                NodeRequirement::Above(key, bound) => number(key).is_some_and(|n| n > *bound),
                NodeRequirement::Below(key, bound) => number(key).is_some_and(|n| n < *bound),
                NodeRequirement::NameIn(names) => names.contains(name),
                NodeRequirement::NameNotIn(names) => !names.contains(name),
            })
    }
}

impl PodTerms {
    fn decode(value: Option<&Value>) -> Self {
        let list = |key: &str| value.map_or(&[][..], |v| v.list_at(&[key]));
        let preferred = list("preferredDuringSchedulingIgnoredDuringExecution").iter();
        PodTerms {
            required: list("requiredDuringSchedulingIgnoredDuringExecution").iter().map(PodTerm::decode).collect(),
            preferred: preferred.map(|p| (weight(p), PodTerm::decode(preference(p, "podAffinityTerm")))).collect(),
        }
    }
}

impl PodTerm {
    fn decode(value: &Value) -> Self {
        PodTerm {
            selector: value.get("labelSelector").map(Selector::decode),
            topology_key: text(value, "topologyKey"),
            namespaces: texts(value, "namespaces"),
            namespace_selector: value.get("namespaceSelector").map(Selector::decode),
            same_labels: texts(value, "matchLabelKeys"),
            other_labels: texts(value, "mismatchLabelKeys"),
        }
    }
}

impl SpreadConstraint {
    fn decode(value: &Value) -> Self {
        SpreadConstraint {
            max_skew: value.int_at(&["maxSkew"]).unwrap_or(1),
            topology_key: text(value, "topologyKey"),
            hard: value.text_at(&["whenUnsatisfiable"]) != Some("ScheduleAnyway"),
            selector: value.get("labelSelector").map(Selector::decode),
            min_domains: value.int_at(&["minDomains"]),
            honor_affinity: value.text_at(&["nodeAffinityPolicy"]) != Some("Ignore"),
            honor_taints: value.text_at(&["nodeTaintsPolicy"]) == Some("Honor"),
            same_labels: texts(value, "matchLabelKeys"),
        }
    }
}

/// The ports that containers and sidecars take on the node. With `hostNetwork` every port is one of them.
fn host_ports(spec: &Value) -> Vec<HostPort> {
    let host_network = spec.get("hostNetwork").and_then(Value::as_bool) == Some(true);
    let containers = spec.list_at(&["initContainers"]).iter().filter(|c| is_sidecar(c)).chain(spec.list_at(&["containers"]));
    let ports = containers.flat_map(|c| c.list_at(&["ports"])).filter_map(|p| {
        let fallback = || p.int_at(&["containerPort"]).filter(|_| host_network);
        let port = p.int_at(&["hostPort"]).filter(|n| *n > 0).or_else(fallback)?;
        let or = |key: &str, default: &str| p.get(key).and_then(Value::as_shared_text).unwrap_or_else(|| default.into());
        Some(HostPort { ip: or("hostIP", "0.0.0.0"), protocol: or("protocol", "TCP"), port })
    });
    ports.collect()
}

fn text(value: &Value, key: &str) -> Name {
    value.get(key).and_then(Value::as_shared_text).unwrap_or_default()
}

fn texts(value: &Value, key: &str) -> Vec<Name> {
    value.list_at(&[key]).iter().filter_map(Value::as_shared_text).collect()
}

fn text_pairs(value: Option<&Value>) -> Vec<(Name, Name)> {
    let entries = value.and_then(Value::as_map).into_iter().flat_map(Map::iter);
    entries.filter_map(|(k, v)| v.as_shared_text().map(|v| (Rc::clone(k), v))).collect()
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or(&[])
}

fn weight(preference: &Value) -> i64 {
    preference.int_at(&["weight"]).unwrap_or(0)
}

fn preference<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}
