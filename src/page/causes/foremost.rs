//! What decides that a pod finds no node, where several plugins of the scheduler refused it.
//!
//! Promises: one ranking, for the cause that is told and for the line of the manifest that is marked. Volumes are not ranked: who asks
//! looks at them first.

use api::object::{Node, Pod};
use server::tables::Tables;
use why::Plugin;

/// What the scheduler says where a pod is to be with others, and where it is to be apart from them by its own rule.
const WITH_PODS: &str = " pod affinity rules";
const APART_FROM_PODS: &str = " pod anti-affinity rules";

/// What decides that a pod finds no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foremost {
    /// It is to be with pods, and there are none.
    Company,
    /// By its own rule, it is to be apart from pods.
    Apart,
    /// Pods are to be apart from it by their rule.
    Others,
    /// The rule of any other plugin.
    Rule(Plugin),
}

/// The plugins, the foremost first.
const RANKED: [Plugin; 8] = [
    Plugin::NodeVolumeLimits,
    Plugin::InterPodAffinity,
    Plugin::NodeResourcesFit,
    Plugin::NodePorts,
    Plugin::PodTopologySpread,
    Plugin::NodeAffinity,
    Plugin::TaintToleration,
    Plugin::NodeUnschedulable,
];

#[inline(never)]
/// What decides of the plugins that refused a pod, by what the scheduler said of it.
pub fn foremost(tables: &Tables, pod: Option<&Pod>, message: &str, by: &[Plugin]) -> Option<Foremost> {
    let closed = || by.contains(&Plugin::NodeUnschedulable) && pod.is_some_and(|pod| is_closed(tables, pod));
    // A node that a pod selects is closed: no other node is meant.
    let selects = |plugin: Plugin| plugin == Plugin::NodeAffinity && closed();
    let plugin = RANKED.into_iter().find(|plugin| by.contains(plugin) || selects(*plugin))?;
    Some(match plugin {
        Plugin::InterPodAffinity if message.contains(WITH_PODS) => Foremost::Company,
        Plugin::InterPodAffinity if message.contains(APART_FROM_PODS) => Foremost::Apart,
        Plugin::InterPodAffinity => Foremost::Others,
        plugin if selects(plugin) => Foremost::Rule(Plugin::NodeUnschedulable),
        plugin => Foremost::Rule(plugin),
    })
}

/// Whether a node has the labels that a pod selects nodes by, and takes no pods.
fn is_closed(tables: &Tables, pod: &Pod) -> bool {
    let wanted = &pod.spec.template.scheduling.node_selector;
    let has_all = |node: &Node| wanted.iter().all(|(key, value)| node.meta.label(key) == Some(value));
    !wanted.is_empty() && tables.nodes().any(|node| node.unschedulable && has_all(node))
}
