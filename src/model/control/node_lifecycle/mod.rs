//! The node lifecycle controller: notices nodes that fall silent, updates their conditions, and taints them so that pods leave.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go monitorNodeHealth, handleDisruption and
//! doNoExecuteTaintingPass.
//! Upstream checks every node in every period. Here checks that would find nothing to do are skipped: a plan tells when the next
//! useful one is due, computed from when the nodes were last heard from, so that a healthy cluster needs no simulation events.
//! Promises: checks happen at whole multiples of the period; the same view and memory give the same plan.
//! Must not know: machines, leases as objects, the queue of events.
//! Not modelled: kubelets that report themselves as not ready; the reconciliation of deprecated node labels.

pub(crate) mod memory;
pub mod taints;
pub mod zone;

use base::sort::Sort;
use base::sorted::SortedMap;
use std::rc::Rc;

use super::memory::Memories;
use super::plan::{Chain, OnError, PendingEvent, Plan, Step};
use super::registration::{Effect, Registration};
use super::seen::View;
use super::wake::{Wake, When};
use api::controller::Controller;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::node::{NO_EXECUTE, NOT_READY_TAINT, Taint, UNREACHABLE_TAINT};
use api::object::pod::{Condition, READY, Truth};
use api::object::{Name, Node, ObjectKey, Uid};
use base::dice::Purpose;
use base::time::{Span, Time};
use memory::{Memory, TURN_PERIOD};
use server::request::{Edit, Request};
use why::{Component, Decision, Maintenance, Reason, Verdict};
use zone::{Tally, ZoneName, ZoneState, zone_of};

/// The controller that checks the nodes; it goes round.
pub static MONITOR: Registration = Registration {
    goes_round: true,
    ..Registration::new(
        &[(Kind::Node, |watch| watch.effects.extend(next_check(watch.view, watch.memory).map(Effect::Wake)))],
        |view, _, memory| plan(view, &mut memory.nodes),
    )
};
/// The controller that taints the nodes which are queued for eviction; it goes round.
pub static TURNS: Registration =
    Registration { goes_round: true, ..Registration::new(&[], |view, _, memory| plan_turns(view, &mut memory.nodes)) };
/// The grace period for a node's first report. kube-controller-manager --node-startup-grace-period.
const STARTUP_GRACE: Span = Span::seconds(60);
/// The source component of this controller's events.
const SOURCE: &str = "node-controller";
/// The label of nodes that do not count when it is judged how many are silent. Models isNodeExcludedFromDisruptionChecks.
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";
/// The conditions that become Unknown when a node is silent.
const CONDITIONS: [&str; 4] = [READY, "MemoryPressure", "DiskPressure", "PIDPressure"];

/// The nodes, in a pseudo-random order.
fn in_some_order(view: View<'_>) -> Vec<&Rc<Node>> {
    let mut nodes: Vec<&Rc<Node>> = view.cache.tables.nodes().collect();
    nodes.sort_small_by_key(|n| (view.around.dice.roll(Purpose::NodeOrder, n.meta.uid.bits(), view.now.0), Rc::clone(&n.meta.name)));
    nodes
}

/// The check at which a node counts as silent unless it is heard from again. Models tryUpdateNodeHealth: what counts is when the
/// controller first sees a renewal.
fn silent_at(view: View, node: &Node, heard_since: Time) -> Option<Time> {
    let (around, period) = (view.around, view.around.node_monitor_period);
    let posted = node.condition(READY).is_some();
    let (last, grace) = match (around.heartbeat)(&node.meta.name) {
        Some(beat) if posted => {
            let last = beat.last_before_gap(view.now, around.node_monitor_grace)?;
            // Between renewals that come too late, a status that comes counts, too.
            (if beat.silent() { last } else { last.max(node.status.heartbeat) }, around.node_monitor_grace)
        }
        None if posted => (node.status.heartbeat, around.node_monitor_grace),
        _ => (node.meta.created, STARTUP_GRACE),
    };
    let heard = (last + around.watch).at_stroke(period).max(heard_since);
    Some((heard + grace).at_stroke(period))
}

fn last_heard(view: View, node: &Node) -> Time {
    (view.around.heartbeat)(&node.meta.name).map_or(node.status.heartbeat, |beat| beat.last(view.now))
}

/// The key for syncs that cover all nodes at once.
fn all_nodes() -> ObjectKey {
    ObjectKey::global(Kind::Node, &Name::default())
}

/// Queues the next check for when there will be something to see.
pub fn next_check(view: View, memory: &Memories) -> Option<Wake> {
    let at = next_look(view, &memory.nodes)?;
    Some(Wake { controller: Controller::NodeMonitor, key: all_nodes(), when: When::At(at) })
}

/// Plans one check of all nodes.
fn plan(view: View, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    if view.now.at_stroke(view.around.node_monitor_period) == view.now {
        take_in(view, memory, &mut plan);
        let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
        let mut batch = Vec::new();
        for node in in_some_order(view) {
            let mut chain = Chain::new();
            let truth = look_at(view, memory, node, &mut chain, &mut plan);
            if node.meta.label(EXCLUDED).is_none() {
                tallies.entry(zone_of(node)).or_default().count(truth == Truth::True);
            }
            batch.push(chain);
        }
        plan.batches.push(batch);
        handle_disruption(view, memory, &tallies, &mut plan);
        explain_queues(view, memory, &mut plan);
    }
    plan.again = next_look(view, memory).map(|at| at.since(view.now));
    let turn = memory.next_turn(view.now + Span(1));
    plan.wake.extend(turn.map(|at| Wake { controller: Controller::NodeTurns, key: all_nodes(), when: When::At(at) }));
    plan
}

/// When the next check will find something to do.
fn next_look(view: View, memory: &Memory) -> Option<Time> {
    let soon = (view.now + Span(1)).at_stroke(view.around.node_monitor_period);
    let nodes = &view.cache.tables;
    let all_known = memory.known.keys().eq(nodes.nodes().map(|n| &n.meta.name));
    let to_taint = |n: &Rc<Node>| match own_taint(n.ready()) {
        _ if n.condition(READY).is_none() => false,
        None => [NOT_READY_TAINT, UNREACHABLE_TAINT].iter().any(|key| n.taint(key, NO_EXECUTE).is_some()),
        Some((own, other)) => n.taint(own, NO_EXECUTE).is_none() && !memory.waits(n) || n.taint(other, NO_EXECUTE).is_some(),
    };
    if !all_known || nodes.nodes().any(to_taint) || disruption_changed(view, memory) {
        return Some(soon);
    }
    let judged = |n: &Rc<Node>| n.ready() == Truth::True || n.condition(READY).is_none();
    nodes.nodes().filter(|n| judged(n)).filter_map(|n| silent_at(view, n, memory.heard_since)).map(|at| at.max(soon)).min()
}

/// Registers new nodes and removes deleted ones.
fn take_in(view: View, memory: &mut Memory, plan: &mut Plan) {
    for node in view.cache.tables.nodes() {
        let name = &node.meta.name;
        if memory.known.insert(Rc::clone(name), node.meta.uid).is_none() {
            let message = format!("Node {name} event: Registered Node {name} in Controller");
            plan.say.push(says(name, node.meta.uid, "RegisteredNode", message));
        }
    }
    let is_gone = |(name, _): &(&Name, &Uid)| view.cache.tables.node("", name).is_none();
    let left: Vec<(Name, Uid)> = memory.known.iter().filter(is_gone).map(|(name, uid)| (Rc::clone(name), *uid)).collect();
    for (name, uid) in left {
        let message = format!("Node {name} event: Removing Node {name} from Controller");
        plan.say.push(says(&name, uid, "RemovingNode", message));
        memory.known.remove(&name);
        memory.zones.values_mut().for_each(|zone| zone.queue.retain(|n| *n != name));
    }
}

/// Checks one node; returns its readiness afterwards.
fn look_at(view: View, memory: &mut Memory, node: &Node, chain: &mut Chain, plan: &mut Plan) -> Truth {
    let key = node.key();
    let silent = silent_at(view, node, memory.heard_since).is_some_and(|at| at <= view.now);
    let posted = node.condition(READY).is_some();
    let mut truth = node.ready();
    if silent && (truth == Truth::True || !posted) {
        truth = Truth::Unknown;
        let because = Reason::NodeFellSilent { last_heard: last_heard(view, node) };
        plan.decide(Decision::new(Component::NodeLifecycle, key.clone(), Verdict::Acts, because));
        let tell = Step::new(Request::Edit(key, Edit::NodeConditions(unknown_conditions(node, view.now)))).on_error(OnError::Ignore);
        if posted {
            let message = format!("Node {} status is now: NodeNotReady", node.meta.name);
            chain.push(tell.says(says(&node.meta.name, node.meta.uid, "NodeNotReady", message)));
            mark_pods(view, node, chain, plan);
        } else {
            chain.push(tell);
        }
    } else if truth == Truth::True {
        plan.decide(Decision::new(Component::NodeLifecycle, key, Verdict::Done, Reason::NodeIsHeard));
    }
    let untold = chain.is_empty() && truth != Truth::True;
    process_taints(memory, node, truth, posted || silent, chain, view.now);
    if untold && !chain.is_empty() {
        plan.decide(Decision::new(Component::NodeLifecycle, node.key(), Verdict::Acts, Reason::Maintenance(Maintenance::TaintsFollowNode)));
    }
    truth
}

/// The conditions of a silent node.
fn unknown_conditions(node: &Node, now: Time) -> Vec<Condition> {
    let unknown = |kind: &&'static str| {
        let (reason, message) = match node.condition(kind) {
            Some(_) => ("NodeStatusUnknown", "Kubelet stopped posting node status."),
            None => ("NodeStatusNeverUpdated", "Kubelet never posted node status."),
        };
        Condition::new(*kind, Truth::Unknown, now).because(reason, message)
    };
    CONDITIONS.iter().map(unknown).collect()
}

/// Marks the pods of a silent node as not ready; nothing else in their status changes.
/// Models pkg/controller/util/node MarkPodsNotReady.
fn mark_pods(view: View, node: &Node, chain: &mut Chain, plan: &mut Plan) {
    for pod in view.cache.pods_on(&node.meta.name) {
        let Some(ready) = pod.condition(READY).filter(|c| c.status != Truth::False) else { continue };
        let key = pod.key();
        let unready = Condition { status: Truth::False, since: view.now, ..ready.clone() };
        let pending_event = PendingEvent::of(key.clone(), &pod.meta, SOURCE, EventType::Warning, "NodeNotReady", "Node is not ready");
        let edit = Request::Edit(key.clone(), Edit::PodCondition(pod.meta.uid, Box::new(unready)));
        chain.push(Step::new(edit).on_error(OnError::IgnoreNotFound).says(pending_event));
        let because = Reason::NodeIsSilent { node: Rc::clone(&node.meta.name) };
        plan.decide(Decision::new(Component::NodeLifecycle, key, Verdict::Waits, because).blocked_by(node.key()));
    }
}

/// The taint for a node of this readiness, and the one it must not have; `None` for a ready node.
fn own_taint(truth: Truth) -> Option<(&'static str, &'static str)> {
    match truth {
        Truth::True => None,
        Truth::False => Some((NOT_READY_TAINT, UNREACHABLE_TAINT)),
        Truth::Unknown => Some((UNREACHABLE_TAINT, NOT_READY_TAINT)),
    }
}

/// Queues a node to be tainted, or dequeues it. Models processTaintBaseEviction.
fn process_taints(memory: &mut Memory, node: &Node, truth: Truth, posted: bool, chain: &mut Chain, now: Time) {
    match own_taint(truth).filter(|_| posted) {
        Some((own, other)) if node.taint(other, NO_EXECUTE).is_some() => {
            chain.push(swap(&node.meta.name, vec![evicting_taint(own, now)], &[other]));
        }
        Some((own, _)) if node.taint(own, NO_EXECUTE).is_none() => memory.zone(node).add(&node.meta.name),
        None if truth == Truth::True => mark_as_reachable(memory, node, chain),
        _ => {}
    }
}

/// Models markNodeAsReachable.
fn mark_as_reachable(memory: &mut Memory, node: &Node, chain: &mut Chain) {
    memory.zone(node).queue.retain(|n| *n != node.meta.name);
    let there: Vec<&str> = [NOT_READY_TAINT, UNREACHABLE_TAINT].into_iter().filter(|key| node.taint(key, NO_EXECUTE).is_some()).collect();
    if !there.is_empty() {
        chain.push(swap(&node.meta.name, Vec::new(), &there));
    }
}

fn evicting_taint(key: &str, now: Time) -> Taint {
    Taint { key: key.into(), value: Name::default(), effect: NO_EXECUTE.into(), since: Some(now) }
}

fn swap(node: &Name, add: Vec<Taint>, remove: &[&str]) -> Step {
    let remove = remove.iter().map(|key| ((*key).into(), NO_EXECUTE.into())).collect();
    Step::new(Request::Edit(ObjectKey::global(Kind::Node, node), Edit::NodeTaints(add, remove))).on_error(OnError::Ignore)
}

/// The zones' tallies according to the cache.
fn tallies(view: View) -> SortedMap<ZoneName, Tally> {
    let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
    for node in view.cache.tables.nodes().filter(|node| node.meta.label(EXCLUDED).is_none()) {
        tallies.entry(zone_of(node)).or_default().count(node.ready() == Truth::True);
    }
    tallies
}

fn all_silent(tallies: &SortedMap<ZoneName, Tally>) -> bool {
    !tallies.is_empty() && tallies.values().all(|t| t.state() == ZoneState::Full)
}

fn disruption_changed(view: View, memory: &Memory) -> bool {
    let tallies = tallies(view);
    let state = |name: &ZoneName| memory.zones.get(name).map(|z| z.state).unwrap_or_default();
    all_silent(&tallies) != memory.nobody || tallies.iter().any(|(name, tally)| state(name) != tally.state())
}

/// Slows down or stops evictions when many nodes are silent, which points to the network rather than to the nodes.
fn handle_disruption(view: View, memory: &mut Memory, tallies: &SortedMap<ZoneName, Tally>, plan: &mut Plan) {
    let nobody = all_silent(tallies);
    if nobody && !memory.nobody {
        let mut batch = Vec::new();
        for node in view.cache.tables.nodes() {
            let mut chain = Chain::new();
            mark_as_reachable(memory, node, &mut chain);
            if !chain.is_empty() {
                plan.decide(Decision::new(Component::NodeLifecycle, node.key(), Verdict::Acts, Reason::NobodyIsHeard));
            }
            batch.push(chain);
        }
        plan.batches.push(batch);
    }
    if !nobody && memory.nobody {
        memory.heard_since = view.now;
    }
    memory.nobody = nobody;
    for (name, tally) in tallies {
        let zone = memory.zones.entry(name.clone()).or_default();
        zone.state = tally.state();
        zone.set_pause(if nobody { None } else { tally.pause() }, view.now);
    }
}

/// Records why queued nodes are still waiting.
fn explain_queues(view: View, memory: &Memory, plan: &mut Plan) {
    for zone in memory.zones.values() {
        let turn = zone.next_turn().map(|at| at.max(view.now).at_stroke(TURN_PERIOD));
        for node in &zone.queue {
            let because = match turn {
                Some(_) => Reason::EvictionIsPaced,
                None if memory.nobody => Reason::NobodyIsHeard,
                None => Reason::ZoneIsSilent,
            };
            let decision = Decision::new(Component::NodeLifecycle, ObjectKey::global(Kind::Node, node), Verdict::Waits, because);
            plan.decide(turn.into_iter().fold(decision, Decision::until));
        }
    }
}

/// Taints the nodes that are due, so that their pods are evicted. Models doNoExecuteTaintingPass.
fn plan_turns(view: View, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    let mut batch = Vec::new();
    if view.now.at_stroke(TURN_PERIOD) == view.now {
        for zone in memory.zones.values_mut() {
            while let Some(name) = zone.take(view.now) {
                let Some(node) = view.cache.tables.node("", &name) else { continue };
                let Some((own, other)) = own_taint(node.ready()) else { continue };
                batch.push(vec![swap(&name, vec![evicting_taint(own, view.now)], &[other])]);
                let because = Reason::NodeIsEmptied { taint: own.into() };
                plan.decide(Decision::new(Component::NodeLifecycle, ObjectKey::global(Kind::Node, &name), Verdict::Acts, because));
            }
        }
    }
    plan.batches.push(batch);
    explain_queues(view, memory, &mut plan);
    plan.again = memory.next_turn(view.now + Span(1)).map(|at| at.since(view.now));
    plan
}

/// An event about a node. Models pkg/controller/util/node RecordNodeEvent, which sets no resource version.
fn says(node: &Name, uid: Uid, reason: &'static str, message: String) -> PendingEvent {
    PendingEvent { uid, ..PendingEvent::by_name(ObjectKey::global(Kind::Node, node), SOURCE, EventType::Normal, reason, message) }
}
