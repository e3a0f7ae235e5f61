//! Which changes could help a pod that a plugin refused.
//!
//! Models EventsToRegister and the queueing hints of pkg/scheduler/framework/plugins.
//! Promises: a change helps where it does upstream. One that makes a pod schedulable and that upstream overlooks, as the older release does
//! some of taints, is left to the queue, which tries every pod again in time.
//! Must not know: the queue, loads.

use super::affinity::Wanted;
use super::filter::{cordon_tolerated, ports_clash, tolerates_all};
use super::spread::Spread;
use super::verdict::Plugin;
use super::volumes::ZONE_LABELS;
use api::kind::Kind;
use api::object::scheduling::{PodTerms, SpreadConstraint};
use api::object::{Claim, Node, Object, Plain, Pod, SchedulingRules, StorageClass, Volume};
use api::release::Release;
use base::value::Value;
use server::log::Change;
use server::tables::Tables;

/// A change, as far as it can matter to an unscheduled pod.
pub enum Happening<'a> {
    /// A node was added, removed, or changed in a relevant way.
    Node(NodeChange<'a>),
    /// A claim was added or changed.
    Claim { claim: &'a Claim, new: bool },
    /// A volume was added or changed.
    Volume { before: Option<&'a Volume>, after: &'a Volume },
    /// A storage class was added or changed.
    Class { before: Option<&'a StorageClass>, after: &'a StorageClass },
    /// A CSINode was added or changed.
    Limits { before: Option<&'a Plain>, after: &'a Plain },
    /// A volume was detached.
    Detached,
    /// A pod was assigned to a node, removed from one, or relabelled there.
    Placed { before: Option<&'a Pod>, after: Option<&'a Pod> },
    /// An unscheduled pod was edited.
    Edited { before: &'a Pod, after: &'a Pod },
}

/// A change of a node.
pub struct NodeChange<'a> {
    before: Option<&'a Node>,
    after: Option<&'a Node>,
    labels: bool,
    taints: bool,
    /// Whether its taints changed in a way that helps like a new node.
    like_a_new_one: bool,
}

impl<'a> Happening<'a> {
    /// Classifies a change; `None` if it cannot matter. Models pkg/scheduler/framework/events.go.
    pub fn of(change: &'a Change, release: &Release) -> Option<Self> {
        match (&change.before, &change.after) {
            (before, Some(Object::Claim(claim))) => Some(Happening::Claim { claim, new: before.is_none() }),
            (before, Some(Object::Volume(after))) => {
                Some(Happening::Volume { before: before.as_ref().and_then(Object::as_volume).map(|v| &**v), after })
            }
            (before, Some(Object::StorageClass(after))) => {
                Some(Happening::Class { before: before.as_ref().and_then(Object::as_class).map(|c| &**c), after })
            }
            (before, Some(Object::Plain(after))) if after.kind == Kind::CSINode => {
                let before = before.as_ref().and_then(Object::as_plain).map(|b| &**b);
                Some(Happening::Limits { before, after })
            }
            (Some(Object::Plain(gone)), None) if gone.kind == Kind::VolumeAttachment => Some(Happening::Detached),
            (Some(Object::Node(_)), _) | (_, Some(Object::Node(_))) => NodeChange::of(change, release).map(Happening::Node),
            (Some(Object::Pod(_)), _) | (_, Some(Object::Pod(_))) => of_pod(change),
            _ => None,
        }
    }
}

impl<'a> NodeChange<'a> {
    fn of(change: &'a Change, release: &Release) -> Option<Self> {
        let node = |side: &'a Option<Object>| side.as_ref().and_then(Object::as_node).map(|n| &**n);
        let (before, after) = (node(&change.before), node(&change.after));
        let mut changed = NodeChange { before, after, labels: false, taints: false, like_a_new_one: false };
        if let (Some(before), Some(after)) = (before, after) {
            changed.labels = before.meta.labels != after.meta.labels;
            changed.taints = before.taints != after.taints;
            let taints = changed.taints || (before.unschedulable && !after.unschedulable);
            changed.like_a_new_one = taints && release.taints_wake_like_new_nodes;
            if !(changed.labels || taints || !before.offers_as_much_as(after)) {
                return None;
            }
        }
        Some(changed)
    }

    /// Whether the node changed the domains of terms that want pods near, or `away`.
    /// Models interpodaffinity/plugin.go isSchedulableAfterNodeChange.
    fn moved(&self, terms: &PodTerms, away: bool) -> bool {
        let Some(after) = self.after else { return false };
        terms.required.iter().any(|term| {
            let now = after.meta.label(&term.topology_key);
            let Some(before) = self.before else { return away || now.is_some() };
            match (before.meta.label(&term.topology_key), now) {
                (Some(then), Some(now)) => then != now,
                (Some(_), None) => away,
                (None, Some(_)) => !away,
                (None, None) => false,
            }
        })
    }

    /// Models podtopologyspread/plugin.go isSchedulableAfterNodeChange.
    fn may_even_out(&self, rules: &SchedulingRules) -> bool {
        let keys = || rules.spread.iter().filter(|constraint| constraint.hard).map(|constraint| &constraint.topology_key);
        let counts = |node: &Node| keys().next().is_some() && keys().all(|key| node.meta.label(key).is_some());
        match (self.before, self.after) {
            (Some(before), Some(after)) => {
                let moved = keys().any(|key| before.meta.label(key) != after.meta.label(key));
                counts(before) != counts(after) || counts(after) && (moved || self.taints)
            }
            (before, after) => before.or(after).is_some_and(counts),
        }
    }

    /// Whether the node satisfies a predicate now and did not before. A removed node satisfies nothing.
    fn now(&self, satisfies: impl Fn(&Node) -> bool) -> bool {
        self.after.is_some_and(&satisfies) && !self.before.is_some_and(&satisfies)
    }
}

fn of_pod(change: &Change) -> Option<Happening<'_>> {
    fn on_a_node(side: Option<&Object>) -> Option<&Pod> {
        let pod = side.and_then(Object::as_pod)?;
        (pod.node.is_some() && !pod.status.phase.terminal()).then_some(&**pod)
    }
    match (on_a_node(change.before.as_ref()), on_a_node(change.after.as_ref())) {
        (Some(before), Some(after)) if before.meta.labels == after.meta.labels => None,
        (None, None) => {
            let (before, after) = (change.before.as_ref()?.as_pod()?, change.after.as_ref()?.as_pod()?);
            let edited = after.node.is_none() && (before.meta.labels != after.meta.labels || before.spec != after.spec);
            edited.then_some(Happening::Edited { before, after })
        }
        (before, after) => Some(Happening::Placed { before, after }),
    }
}

/// Whether a change could help a pod refused by a plugin.
pub fn helps(happening: &Happening, plugin: Plugin, pod: &Pod, tables: &Tables) -> bool {
    match happening {
        Happening::Node(change) => node_helps(change, plugin, pod),
        Happening::Claim { claim, new } => {
            let own = claim.meta.namespace == pod.meta.namespace && pod.claim_volumes().any(|c| c.claim == claim.meta.name);
            let asks = matches!(plugin, Plugin::VolumeBinding | Plugin::VolumeZone)
                || (matches!(plugin, Plugin::VolumeRestrictions | Plugin::NodeVolumeLimits) && *new);
            own && asks
        }
        Happening::Volume { before, after } => match plugin {
            Plugin::VolumeBinding => true,
            Plugin::VolumeZone => before.is_none_or(|b| ZONE_LABELS.iter().any(|l| b.meta.label(l) != after.meta.label(l))),
            _ => false,
        },
        Happening::Class { before, after } => match plugin {
            Plugin::VolumeBinding => {
                before.is_none_or(|b| b.body.value().get("allowedTopologies") != after.body.value().get("allowedTopologies"))
            }
            Plugin::VolumeZone => before.is_none(),
            _ => false,
        },
        Happening::Limits { before, after } => plugin == Plugin::NodeVolumeLimits && before.is_none_or(|before| grew(before, after)),
        Happening::Detached => plugin == Plugin::NodeVolumeLimits,
        Happening::Placed { before, after } => placed_helps(*before, *after, plugin, pod, tables),
        Happening::Edited { before, after } => after.meta.uid == pod.meta.uid && edit_helps(before, after, plugin),
    }
}

/// Whether a pod's own edit could help it. Models the hints for TargetPod.
fn edit_helps(before: &Pod, after: &Pod, plugin: Plugin) -> bool {
    let (old, new) = (&before.spec.template, &after.spec.template);
    let labels = before.meta.labels != after.meta.labels;
    // Tolerations are added only.
    let tolerations = old.tolerations.len() != new.tolerations.len();
    match plugin {
        Plugin::SchedulingGates => true,
        Plugin::InterPodAffinity => labels,
        Plugin::PodTopologySpread => {
            let mut hard = new.scheduling.spread.iter().filter(|constraint| constraint.hard);
            let counts = |constraint: &SpreadConstraint| {
                let spread = Spread::of(constraint, after);
                labels && spread.counts(after, before) != spread.counts(after, after)
            };
            hard.any(|constraint| tolerations && constraint.honor_taints || counts(constraint))
        }
        Plugin::TaintToleration => tolerations,
        Plugin::NodeUnschedulable => tolerations && cordon_tolerated(&new.tolerations),
        Plugin::NodeResourcesFit => {
            let (old, new) = (&old.scheduling.requests, &new.scheduling.requests);
            new.cpu_milli < old.cpu_milli || new.memory < old.memory
        }
        _ => false,
    }
}

/// Whether a node takes more volumes of some driver than before.
fn grew(before: &Plain, after: &Plain) -> bool {
    let drivers = |of: &Plain| of.raw.list_at(&["spec", "drivers"]).to_vec();
    let limit = |driver: &Value| driver.int_at(&["allocatable", "count"]).unwrap_or(0);
    let before = drivers(before);
    let known = |driver: &Value| before.iter().find(|old| old.text_at(&["name"]) == driver.text_at(&["name"])).map_or(0, limit);
    drivers(after).iter().any(|driver| limit(driver) > known(driver))
}

fn node_helps(change: &NodeChange, plugin: Plugin, pod: &Pod) -> bool {
    let template = &pod.spec.template;
    let (rules, tolerations) = (&template.scheduling, &template.tolerations);
    let came_or_moved = change.after.is_some() && (change.before.is_none() || change.labels);
    // Models buildQueueingHintMap, which until 1.36 registers taint changes for plugins that ask for new nodes but not for taints.
    let by_taints = change.like_a_new_one;
    match plugin {
        Plugin::NodeUnschedulable => change.now(|n| !n.unschedulable || cordon_tolerated(tolerations)),
        Plugin::TaintToleration => change.now(|n| tolerates_all(n, tolerations)),
        Plugin::NodeAffinity => by_taints || change.now(|n| rules.allows_node(&n.meta.name, &n.meta.labels)),
        Plugin::NodeResourcesFit => {
            let (wanted, more) =
                (&rules.requests, |n: &Node| [n.status.capacity.cpu_milli, n.status.capacity.memory, n.status.capacity.pods]);
            let others = |b: &Node, a: &Node| wanted.others.iter().any(|(name, _)| b.allocatable(name) < a.allocatable(name));
            let grew = |b: &Node, a: &Node| more(b).iter().zip(more(a)).any(|(before, after)| *before < after) || others(b, a);
            let own = |n: &Node| {
                wanted.cpu_milli <= n.status.capacity.cpu_milli && wanted.memory <= n.status.capacity.memory && n.status.capacity.pods > 0
            };
            let large = |n: &Node| own(n) && wanted.others.iter().all(|(name, amount)| *amount <= n.allocatable(name));
            by_taints || change.after.is_some_and(|a| large(a) && change.before.is_none_or(|b| grew(b, a)))
        }
        Plugin::NodeName | Plugin::NodePorts | Plugin::VolumeRestrictions => by_taints || change.before.is_none(),
        Plugin::VolumeBinding | Plugin::VolumeZone => by_taints || came_or_moved,
        Plugin::InterPodAffinity => by_taints || change.moved(&rules.affinity, false) || change.moved(&rules.anti_affinity, true),
        Plugin::PodTopologySpread => change.may_even_out(rules),
        Plugin::SchedulingGates | Plugin::NodeVolumeLimits | Plugin::NodeResourcesBalancedAllocation => false,
    }
}

/// Whether a pod's assignment, removal or relabelling could help.
fn placed_helps(before: Option<&Pod>, after: Option<&Pod>, plugin: Plugin, pod: &Pod, tables: &Tables) -> bool {
    let rules = &pod.spec.template.scheduling;
    let gone = before.filter(|_| after.is_none());
    match plugin {
        Plugin::NodePorts => gone.is_some_and(|g| {
            let taken = &g.spec.template.scheduling.host_ports;
            rules.host_ports.iter().any(|wanted| taken.iter().any(|t| ports_clash(wanted, t)))
        }),
        Plugin::NodeResourcesFit => gone.is_some(),
        Plugin::NodeVolumeLimits => gone.is_some_and(|g| g.claim_volumes().next().is_some()),
        Plugin::VolumeRestrictions => gone.is_some_and(|g| {
            g.meta.namespace == pod.meta.namespace && g.claim_volumes().any(|c| pod.claim_volumes().any(|own| own.claim == c.claim))
        }),
        Plugin::PodTopologySpread => {
            let hard: Vec<Spread> = rules.spread.iter().filter(|c| c.hard).map(|c| Spread::of(c, pod)).collect();
            let counted = |other: Option<&Pod>| other.map(|o| hard.iter().map(|s| s.counts(pod, o)).collect::<Vec<_>>());
            let none = || Some(vec![false; hard.len()]);
            counted(before).or_else(none) != counted(after).or_else(none)
        }
        Plugin::InterPodAffinity => {
            let near = |other: &Pod| rules.affinity.required.iter().all(|t| Wanted::new(t, pod).means_pod(tables, other));
            let hated = |other: &Pod| rules.anti_affinity.required.iter().any(|t| Wanted::new(t, pod).means_pod(tables, other));
            let hates = |other: &Pod| {
                let terms = &other.spec.template.scheduling.anti_affinity.required;
                terms.iter().any(|t| Wanted::new(t, other).means_pod(tables, pod))
            };
            let wants_some = !rules.affinity.required.is_empty();
            let nearer = wants_some && after.is_some_and(near) && !before.is_some_and(near);
            // What others keep away from matters only when they go.
            nearer || before.is_some_and(hated) && !after.is_some_and(hated) || gone.is_some_and(hates)
        }
        _ => false,
    }
}
