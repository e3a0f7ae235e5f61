//! Which nodes a pod may run on, and which plugin refuses the others.
//!
//! Promises: plugins run in order, and only a node's first refusal counts.
//! Models pkg/scheduler/schedule_one.go findNodesThatFitPod.

use base::sorted::SortedSet;

use super::affinity::RequiredAffinity;
use super::load::NodeLoad;
use super::site::{Bindings, Site, View};
use super::spread::HardSpread;
use super::verdict::{Lack, Plugin, Refusal};
use super::volumes::{PodVolumes, within_limits};
use api::object::node::{EPHEMERAL_STORAGE, Taint, UNSCHEDULABLE_TAINT};
use api::object::pod::Toleration;
use api::object::scheduling::{HostPort, NodeRequirement, NodeTerm, SchedulingRules};
use api::object::{Name, Node, Pod};
use base::word::Word;
use server::tables::Tables;

/// The taint effects that keep pods off a node.
const REPELLING_EFFECTS: [&str; 2] = ["NoSchedule", "NoExecute"];
/// The wildcard host IP.
const ANY_ADDRESS: &str = "0.0.0.0";

/// State computed once per pod, before nodes are filtered. Models the PreFilter plugins.
pub struct Cycle<'a> {
    pod: &'a Pod,
    tables: &'a Tables,
    named_nodes: Option<SortedSet<Name>>,
    pub(super) volumes: PodVolumes<'a>,
    spread: HardSpread<'a>,
    affinity: RequiredAffinity,
}

impl<'a> Cycle<'a> {
    /// Prepares the cycle for a pod, or says why it cannot run anywhere.
    pub fn prepare(view: &View<'a>, pod: &'a Pod, sites: &[Site]) -> Result<Self, Refusal> {
        let rules = &pod.spec.template.scheduling;
        Ok(Cycle {
            pod,
            tables: view.tables,
            named_nodes: rules.node_required.as_deref().and_then(named_nodes),
            volumes: PodVolumes::prepare(view, pod)?,
            spread: HardSpread::prepare(pod, sites),
            affinity: RequiredAffinity::prepare(view.tables, pod, sites),
        })
    }

    /// How the pod's claims would be satisfied on a node, or the first refusal. Models the Filter plugins.
    pub fn filter(&self, site: &Site) -> Result<Bindings, Refusal> {
        let Site { node, load } = *site;
        let rules = &self.pod.spec.template.scheduling;
        let tolerations = &self.pod.spec.template.tolerations;
        self.named(node)?;
        schedulable(node, tolerations)?;
        untainted(node, tolerations)?;
        selected(node, rules)?;
        ports_free(rules, load)?;
        resources_fit(node, rules, load)?;
        self.volumes.unshared()?;
        within_limits(self.tables, self.pod, site)?;
        let volumes = self.volumes.find(node)?;
        self.volumes.in_zone(node)?;
        self.spread.allows(site)?;
        self.affinity.allows(site)?;
        Ok(volumes)
    }

    /// Refuses nodes other than those that the pod's node affinity names.
    fn named(&self, node: &Node) -> Result<(), Refusal> {
        match &self.named_nodes {
            Some(names) if !names.contains(&node.meta.name) => {
                Err(Refusal::for_good(Plugin::NodeAffinity, "node(s) didn't satisfy plugin(s) [NodeAffinity]"))
            }
            _ => Ok(()),
        }
    }
}

/// The nodes that required node affinity selects by name; `None` if some term names none.
/// Models pkg/scheduler/framework/plugins/nodeaffinity PreFilter.
fn named_nodes(terms: &[NodeTerm]) -> Option<SortedSet<Name>> {
    let names = |term: &NodeTerm| {
        let lists = term.0.iter().filter_map(|r| if let NodeRequirement::NameIn(names) = r { Some(names) } else { None });
        lists.map(|l| l.iter().cloned().collect::<SortedSet<Name>>()).reduce(|a, b| a.intersection(&b).cloned().collect())
    };
    terms.iter().map(names).reduce(|a, b| Some(a?.into_iter().chain(b?).collect())).flatten()
}

/// Models pkg/scheduler/framework/plugins/nodeunschedulable Filter.
fn schedulable(node: &Node, tolerations: &[Toleration]) -> Result<(), Refusal> {
    if node.unschedulable && !cordon_tolerated(tolerations) {
        return Err(Refusal::for_good(Plugin::NodeUnschedulable, "node(s) were unschedulable"));
    }
    Ok(())
}

/// Whether a pod with these tolerations may run on cordoned nodes.
pub fn cordon_tolerated(tolerations: &[Toleration]) -> bool {
    tolerations.iter().any(|t| t.tolerates(UNSCHEDULABLE_TAINT, "", "NoSchedule"))
}

/// Models pkg/scheduler/framework/plugins/tainttoleration Filter.
fn untainted(node: &Node, tolerations: &[Toleration]) -> Result<(), Refusal> {
    if tolerates_all(node, tolerations) {
        return Ok(());
    }
    Err(Refusal::for_good(Plugin::TaintToleration, "node(s) had untolerated taint(s)"))
}

/// Whether these tolerations cover all of a node's taints that keep pods away.
pub fn tolerates_all(node: &Node, tolerations: &[Toleration]) -> bool {
    let repelling = |t: &&Taint| REPELLING_EFFECTS.contains(&&*t.effect);
    node.taints.iter().filter(repelling).all(|t| tolerations.iter().any(|own| own.tolerates(&t.key, &t.value, &t.effect)))
}

/// Models pkg/scheduler/framework/plugins/nodeaffinity Filter.
fn selected(node: &Node, rules: &SchedulingRules) -> Result<(), Refusal> {
    if rules.allows_node(&node.meta.name, &node.meta.labels) {
        return Ok(());
    }
    Err(Refusal::for_good(Plugin::NodeAffinity, "node(s) didn't match Pod's node affinity/selector"))
}

/// Models pkg/scheduler/framework/plugins/nodeports Filter.
fn ports_free(rules: &SchedulingRules, load: &NodeLoad) -> Result<(), Refusal> {
    if rules.host_ports.iter().any(|wanted| load.ports.keys().any(|taken| ports_clash(wanted, taken))) {
        return Err(Refusal::for_now(Plugin::NodePorts, "node(s) didn't have free ports for the requested pod ports"));
    }
    Ok(())
}

/// Whether two host ports conflict on one node. Models k8s.io/kube-scheduler/framework HostPortInfo.CheckConflict.
pub fn ports_clash(a: &HostPort, b: &HostPort) -> bool {
    let any = |p: &HostPort| &*p.ip == ANY_ADDRESS || p.ip.is_empty();
    a.port == b.port && a.protocol == b.protocol && (a.ip == b.ip || any(a) || any(b))
}

/// Models pkg/scheduler/framework/plugins/noderesources fitsRequest.
fn resources_fit(node: &Node, rules: &SchedulingRules, load: &NodeLoad) -> Result<(), Refusal> {
    let wanted = &rules.requests;
    let (mut reasons, mut lacks): (Vec<Word>, Vec<Lack>) = (Vec::new(), Vec::new());
    let mut resolvable = true;
    if load.pod_count() + 1 > node.status.capacity.pods {
        reasons.push("Too many pods".into());
        lacks.push(Lack::Place);
    }
    let own = [
        ("cpu", wanted.cpu_milli, node.status.capacity.cpu_milli, load.requested.cpu_milli),
        ("memory", wanted.memory, node.status.capacity.memory, load.requested.memory),
        ("ephemeral-storage", wanted.ephemeral_storage, EPHEMERAL_STORAGE, load.requested.ephemeral_storage),
    ];
    let used = |name: &Name| load.requested.others.iter().find(|(other, _)| other == name).map_or(0, |(_, amount)| *amount);
    let others = wanted.others.iter().map(|(name, amount)| (&**name, *amount, node.allocatable(name), used(name)));
    for (name, amount, capacity, used) in own.into_iter().chain(others) {
        if amount > 0 && amount > capacity - used {
            reasons.push(format!("Insufficient {name}").into());
            lacks.push(Lack::Resource(name.to_owned().into()));
            resolvable &= amount <= capacity;
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(Refusal { plugin: Plugin::NodeResourcesFit, reasons, lacks, resolvable }) }
}
