//! The parts of a pod's spec that the scheduler acts on, decoded once per template.
//!
//! Promises: decoding never fails; what validation would have refused counts as absent. Numbers are integers: millicores of CPU,
//! bytes, counts.
//! Must not know: nodes, other pods, what the scheduler decides.

use std::rc::Rc;

use super::meta::{Labels, Name};
use super::resources::{Resources, is_sidecar, pod_requests};
use super::selector::{Selector, satisfies};
use base::label::{Operator, Requirement};
use base::value::{Value, members};

/// The CPU request assumed in scoring for a container without one, in millicores. Models pkg/scheduler/util DefaultMilliCPURequest.
const DEFAULT_CPU_MILLI: i64 = 100;
/// The memory request assumed in scoring for a container without one, in bytes. Models pkg/scheduler/util DefaultMemoryRequest.
const DEFAULT_MEMORY: i64 = 200 * 1024 * 1024;

/// A port that a pod occupies on its node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    /// The node address it binds to; `0.0.0.0` for all.
    pub ip: Name,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
    /// The number.
    pub port: i64,
}

/// A requirement on one label or field of a node. Models v1.NodeSelectorRequirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeRequirement {
    /// An ordinary label requirement.
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

/// Requirements that a node must all satisfy. Models v1.NodeSelectorTerm; an empty term matches no node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeTerm(pub Vec<NodeRequirement>);

/// Other pods that a pod wants to be near to or away from. Models v1.PodAffinityTerm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTerm {
    /// Selects the pods; `None` matches none.
    pub selector: Option<Selector>,
    /// The node label that defines the topology domains.
    pub topology_key: Name,
    /// Namespaces of the pods. With neither namespaces nor a namespace selector, the pod's own.
    pub namespaces: Vec<Name>,
    /// Selects further namespaces by their labels.
    pub namespace_selector: Option<Selector>,
    /// `matchLabelKeys`: labels that the pods must share with the pod itself.
    pub same_labels: Vec<Name>,
    /// `mismatchLabelKeys`: labels in which the pods must differ from the pod itself.
    pub other_labels: Vec<Name>,
}

/// Required and preferred affinity terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodTerms {
    /// Terms that must hold.
    pub required: Vec<PodTerm>,
    /// Terms that add to the score, with their weights.
    pub preferred: Vec<(i64, PodTerm)>,
}

/// How evenly pods should be spread. Models v1.TopologySpreadConstraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpreadConstraint {
    /// The maximum difference between the numbers of pods in two domains.
    pub max_skew: i64,
    /// The node label that defines the topology domains.
    pub topology_key: Name,
    /// `DoNotSchedule` rather than `ScheduleAnyway`.
    pub hard: bool,
    /// Selects the pods that are counted; `None` matches none.
    pub selector: Option<Selector>,
    /// With fewer domains than this, the global minimum counts as 0.
    pub min_domains: Option<i64>,
    /// Whether only nodes count that match the pod's node affinity.
    pub honor_affinity: bool,
    /// Whether only nodes count whose taints the pod tolerates.
    pub honor_taints: bool,
    /// `matchLabelKeys`: labels that counted pods must share with the pod itself.
    pub same_labels: Vec<Name>,
}

/// The parts of a pod's spec that the scheduler acts on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchedulingRules {
    /// The pod's effective requests. Models k8s.io/component-helpers/resource PodRequests.
    pub requests: Resources,
    /// The requests used in scoring, with defaults for containers without any.
    pub scored: Resources,
    /// `nodeSelector`.
    pub node_selector: Vec<(Name, Name)>,
    /// Required node affinity: at least one term must match. `None` if there is none.
    pub node_required: Option<Vec<NodeTerm>>,
    /// Preferred node affinity, with weights.
    pub node_preferred: Vec<(i64, NodeTerm)>,
    pub affinity: PodTerms,
    pub anti_affinity: PodTerms,
    /// `topologySpreadConstraints`.
    pub spread: Vec<SpreadConstraint>,
    /// Ports it occupies on its node.
    pub host_ports: Vec<HostPort>,
    /// `schedulerName`; empty for the default one.
    pub scheduler: Name,
    /// Whether it has `schedulingGates` left.
    pub gated: bool,
    /// `priority`.
    pub priority: i64,
    /// `preemptionPolicy: Never`.
    pub never_preempts: bool,
}

/// The name of the scheduler that there is.
pub const DEFAULT_SCHEDULER: &str = "default-scheduler";

impl SchedulingRules {
    /// The scheduler that it asks for, where that is another one.
    pub fn other_scheduler(&self) -> Option<&Name> {
        Some(&self.scheduler).filter(|scheduler| !["", DEFAULT_SCHEDULER].contains(&&***scheduler))
    }

    /// Whether it picks other pods by what the pod's own labels say (`matchLabelKeys`, `mismatchLabelKeys`).
    pub fn asks_for_own_labels(&self) -> bool {
        let terms = [&self.affinity, &self.anti_affinity].into_iter();
        let mut terms = terms.flat_map(|of| of.required.iter().chain(of.preferred.iter().map(|(_, term)| term)));
        terms.any(|term| !term.same_labels.is_empty() || !term.other_labels.is_empty())
            || self.spread.iter().any(|constraint| !constraint.same_labels.is_empty())
    }

    /// Decodes a pod spec.
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

    /// Whether it has pod affinity or anti-affinity.
    pub fn names_other_pods(&self) -> bool {
        [&self.affinity, &self.anti_affinity].into_iter().any(|t| !t.required.is_empty() || !t.preferred.is_empty())
    }

    /// Whether its nodeSelector and required node affinity allow a node with this name and these labels.
    /// Models k8s.io/component-helpers/scheduling/corev1/nodeaffinity RequiredNodeAffinity.Match.
    pub fn allows_node(&self, name: &Name, labels: &Labels) -> bool {
        self.node_selector.iter().all(|(k, v)| labels.get(k) == Some(v))
            && self.node_required.as_ref().is_none_or(|terms| terms.iter().any(|t| t.matches(name, labels)))
    }
}

impl NodeTerm {
    /// Decodes `{matchExpressions, matchFields}`.
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

    /// Whether a node with this name and these labels satisfies every requirement.
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

/// The host ports of containers and sidecars. With `hostNetwork`, every declared port is one.
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
    let entries = members(value.and_then(Value::as_map));
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
