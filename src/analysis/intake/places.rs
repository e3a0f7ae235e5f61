//! Why each node is no good for a pod: what the scheduler has against it, and by which figures.

use std::rc::Rc;

use api::object::node::EPHEMERAL_STORAGE;
use api::object::resources::Resources;
use api::object::{Name, Node, Pod};
use api::well_known::HOSTNAME;
use base::dice::Dice;
use base::fields::{Content, Fields};
use base::sorted::SortedMap;
use cluster::scheduler::{self, Loads, Refusal, TieBreak, View};
use server::tables::Tables;
use sim::Sim;
use text::diagnose::Unfit;
use why::{Lack, Plugin};

/// What stands against each node, by the node's name; nothing where the pod fits somewhere, or is refused before any node is looked at.
pub fn refusals(sim: &Sim, pod: &Pod) -> Vec<(Name, Unfit)> {
    let tables = sim.tables();
    let mut loads = Loads::default();
    tables.pods().for_each(|pod| loads.place(pod));
    let view = View { tables, loads: &loads, nominated: &SortedMap::new(), release: sim.release(), now: sim.now() };
    let tie = TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 };
    let scheduler::Verdict::Unschedulable(unfit) = scheduler::decide(&view, pod, &tie) else { return Vec::new() };
    let scheduler::Because::Nodes(refused) = unfit.because else { return Vec::new() };
    let told = |(name, refusal): (Name, Refusal)| {
        let unfit = tables.node("", &name).map(|node| figures(tables, &loads, node, pod, &refusal));
        Some((name, unfit?))
    };
    refused.into_iter().filter_map(told).collect()
}

/// What the scheduler has against nodes by its message, and against how many: `0/8 nodes are available: 2 Insufficient memory, …`.
pub fn counted(said: &Fields) -> Vec<(Name, Unfit)> {
    let Some(Content::Text(message)) = said.get("message") else { return Vec::new() };
    let Some((before, reasons)) = message.split_once(" nodes are available: ") else { return Vec::new() };
    let of = before.rsplit(['/', ' ']).next().unwrap_or_default();
    let reasons = reasons.split(" preemption:").next().unwrap_or_default().trim_end_matches('.');
    let mut all: Vec<(Name, Unfit)> = Vec::new();
    for part in reasons.split(", ") {
        match (part.split_once(' ').and_then(|(count, reason)| Some((count.parse().ok()?, reason))), all.last_mut()) {
            (Some((count, reason)), _) => all.push((reason.into(), Unfit::Counted { count, of: of.to_owned() })),
            // A comma within the words of a reason.
            (None, Some((reason, _))) => *reason = format!("{reason}, {part}").into(),
            (None, None) => {}
        }
    }
    all
}

/// The figures behind a refusal.
fn figures(tables: &Tables, loads: &Loads, node: &Rc<Node>, pod: &Pod, refusal: &Refusal) -> Unfit {
    let rules = &pod.spec.template.scheduling;
    let said = refusal.reasons.iter().map(|reason| &**reason).collect::<Vec<_>>().join(", ");
    let joined = |words: Vec<String>| words.join(", ");
    match refusal.plugin {
        Plugin::TaintToleration => {
            Unfit::Tainted { said, taints: joined(node.taints.iter().map(api::object::node::Taint::spelled).collect()) }
        }
        Plugin::NodeAffinity if !rules.node_selector.is_empty() => {
            let lacks = || rules.node_selector.iter().filter(|(key, value)| node.meta.label(key) != Some(value));
            let asked = joined(lacks().map(|(key, value)| format!("{key}={value}")).collect());
            let has = joined(lacks().filter_map(|(key, _)| Some(format!("{key}={}", node.meta.label(key)?))).collect());
            Unfit::Labelled { said, asked, has }
        }
        Plugin::NodeResourcesFit => {
            let load = loads.node(&node.meta.name);
            let used = load.map_or(Resources::default(), |load| load.requested.clone());
            let amount = |lack: &Lack| match lack {
                Lack::Resource(name) => {
                    let [asked, used] = [&rules.requests, &used].map(|of| amount(of, name));
                    Some([asked, capacity(node, name) - used].map(|amount| spelled(name, amount)))
                }
                _ => None,
            };
            let all: Vec<[String; 2]> = refusal.lacks.iter().filter_map(amount).collect();
            let [asked, left] = [0, 1].map(|at| joined(all.iter().map(|pair| pair[at].clone()).collect()));
            if all.is_empty() { Unfit::Other { said } } else { Unfit::Full { said, asked, left } }
        }
        Plugin::VolumeBinding => {
            let elsewhere = pod.claim_volumes().find_map(|volume| {
                let claim = tables.claim(&pod.meta.namespace, &volume.claim)?;
                let volume = tables.volume("", &claim.spec.volume)?;
                let only = volume.spec.node.as_ref().filter(|only| Some(*only) != node.meta.label(HOSTNAME))?;
                Some((volume.meta.name.to_string(), only.to_string()))
            });
            match elsewhere {
                Some((volumes, node)) => Unfit::Elsewhere { said, volumes, node },
                None => Unfit::Other { said },
            }
        }
        Plugin::InterPodAffinity => {
            let apart = tables.pods().filter(|other| scheduler::apart(tables, pod, node, other).is_some());
            let pods = joined(apart.map(|other| other.meta.name.to_string()).collect());
            if pods.is_empty() { Unfit::Other { said } } else { Unfit::Alike { said, pods } }
        }
        _ => Unfit::Other { said },
    }
}

/// How much there is of a resource: milli-CPU, bytes, units.
fn amount(of: &Resources, name: &str) -> i64 {
    match name {
        "cpu" => of.cpu_milli,
        "memory" => of.memory,
        "ephemeral-storage" => of.ephemeral_storage,
        _ => of.others.iter().find(|(other, _)| **other == *name).map_or(0, |(_, amount)| *amount),
    }
}

/// How much of a resource pods on a node can request in all.
fn capacity(node: &Node, name: &str) -> i64 {
    match name {
        "cpu" => node.status.capacity.cpu_milli,
        "memory" => node.status.capacity.memory,
        "ephemeral-storage" => EPHEMERAL_STORAGE,
        _ => node.allocatable(name),
    }
}

/// An amount as manifests have it: `memory 512Mi`.
fn spelled(name: &str, amount: i64) -> String {
    match name {
        "cpu" => format!("cpu {amount}m"),
        "memory" | "ephemeral-storage" => format!("{name} {}Mi", amount >> 20),
        _ => format!("{name} {amount}"),
    }
}
