//! Why each node is no good for a pod: what the scheduler has against it, and by which figures.

use std::rc::Rc;

use api::object::{Name, Node, Pod};
use api::well_known::HOSTNAME;
use base::dice::Dice;
use base::sorted::SortedMap;
use cluster::scheduler::{self, Loads, TieBreak, View};
use server::tables::Tables;
use sim::Sim;
use why::Plugin;

/// What stands against each node, by the node's name; nothing where the pod fits somewhere, or is refused before any node is looked at.
pub fn refusals(sim: &Sim, pod: &Pod) -> Vec<(Name, String)> {
    let tables = sim.tables();
    let mut loads = Loads::default();
    tables.pods().for_each(|pod| loads.place(pod));
    let view = View { tables, loads: &loads, nominated: &SortedMap::new(), release: sim.release(), now: sim.now() };
    let tie = TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 };
    let scheduler::Verdict::Unschedulable(unfit) = scheduler::decide(&view, pod, &tie) else { return Vec::new() };
    let scheduler::Because::Nodes(refused) = unfit.because else { return Vec::new() };
    let told = |(name, refusal): (Name, scheduler::Refusal)| {
        let reasons: Vec<&str> = refusal.reasons.iter().map(|reason| &**reason).collect();
        let more = tables.node("", &name).map_or(String::new(), |node| figures(tables, &loads, node, pod, refusal.plugin));
        let more = if more.is_empty() { more } else { format!(": {more}") };
        (name, reasons.join(", ") + &more)
    };
    refused.into_iter().map(told).collect()
}

/// The figures behind a refusal.
fn figures(tables: &Tables, loads: &Loads, node: &Rc<Node>, pod: &Pod, by: Plugin) -> String {
    let rules = &pod.spec.template.scheduling;
    match by {
        Plugin::TaintToleration => node.taints.iter().map(api::object::node::Taint::spelled).collect::<Vec<_>>().join(", "),
        Plugin::NodeAffinity => {
            let lacks = |(key, value): (&Name, &Name)| {
                let has = node.meta.label(key);
                (has != Some(value)).then(|| has.map_or(format!("no label {key}"), |has| format!("{key}={has}, not {value}")))
            };
            rules.node_selector.iter().filter_map(|(key, value)| lacks((key, value))).collect::<Vec<_>>().join(", ")
        }
        Plugin::NodeResourcesFit => {
            let used = loads.node(&node.meta.name);
            let (cpu, memory) = used.map_or((0, 0), |load| (load.requested.cpu_milli, load.requested.memory));
            let capacity = node.status.capacity;
            format!(
                "wants {}m CPU and {}, has {}m and {} left",
                rules.requests.cpu_milli,
                mebibytes(rules.requests.memory),
                capacity.cpu_milli - cpu,
                mebibytes(capacity.memory - memory)
            )
        }
        Plugin::VolumeBinding => {
            let nodes = pod.claim_volumes().filter_map(|volume| {
                let claim = tables.claim(&pod.meta.namespace, &volume.claim)?;
                let volume = tables.volume("", &claim.spec.volume)?;
                let only = volume.spec.node.as_ref().filter(|only| Some(*only) != node.meta.label(HOSTNAME))?;
                Some(format!("{} is on {only}", volume.meta.name))
            });
            nodes.collect::<Vec<_>>().join(", ")
        }
        Plugin::InterPodAffinity => {
            let alike = loads.node(&node.meta.name).into_iter().flat_map(scheduler::NodeLoad::pods);
            let alike = alike.filter(|other| other.meta.owners == pod.meta.owners).map(|other| other.meta.name.to_string());
            alike.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// An amount of memory: `512Mi`.
fn mebibytes(bytes: i64) -> String {
    format!("{}Mi", bytes >> 20)
}
