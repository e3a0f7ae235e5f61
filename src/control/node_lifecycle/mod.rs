//! The node lifecycle controller: notices nodes that fall silent, updates their conditions, and taints them so that pods leave.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go monitorNodeHealth, handleDisruption and
//! doNoExecuteTaintingPass.
//! Upstream checks every node in every period. Here checks that would find nothing to do are skipped: a plan tells when the next
//! useful one is due, computed from when the nodes were last heard from, so that a healthy cluster needs no simulation events.
//! Promises: checks happen at whole multiples of the period; the same view and memory give the same plan.
//! Must not know: machines, leases as objects, the queue of events.
//! Not modelled: kubelets that report themselves as not ready; the reconciliation of deprecated node labels.

pub mod taints;
pub mod zone;

use base::sort::Sort;
use base::sorted::SortedMap;
use std::rc::Rc;

use super::View;
use super::heartbeat::Heartbeat;
use super::plan::{Chain, OnError, PendingEvent, Plan, Step};
use api::kind::Kind;
use api::object::event::EventType;
use api::object::node::{NO_EXECUTE, NOT_READY_TAINT, Taint, UNREACHABLE_TAINT};
use api::object::pod::{Condition, READY, Truth};
use api::object::{Name, Node, ObjectKey, Uid};
use base::dice::{Dice, Purpose};
use base::time::{Span, Time};
use server::request::{Edit, Request};
use why::{Component, Decision, Maintenance, Reason, Verdict};
use zone::{Tally, Zone, ZoneName, ZoneState, zone_of};

/// The grace period for a node's first report. kube-controller-manager --node-startup-grace-period.
const STARTUP_GRACE: Span = Span::seconds(60);
/// How often the controller checks whether a queued node is due. scheduler.NodeEvictionPeriod.
const TURN_PERIOD: Span = Span(100);
/// The source component of this controller's events.
const SOURCE: &str = "node-controller";
/// The label of nodes that do not count when it is judged how many are silent. Models isNodeExcludedFromDisruptionChecks.
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";
/// The conditions that become Unknown when a node is silent.
const CONDITIONS: [&str; 4] = [READY, "MemoryPressure", "DiskPressure", "PIDPressure"];

/// The controller's timings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The delay between a lease's renewal and the controller seeing it.
    pub watch: Span,
    /// The time between two checks.
    pub period: Span,
    /// How long a node may be silent.
    pub grace: Span,
}

/// What the controller gets to see: more than others, because leases are not kept as objects.
#[derive(Clone, Copy)]
pub struct Monitor<'a> {
    /// What every controller sees.
    pub view: View<'a>,
    /// The controller's timings.
    pub pace: Pace,
    /// The renewals of the nodes' leases, for nodes with a kubelet.
    pub heartbeats: &'a SortedMap<Name, Heartbeat>,
    /// Determines the order in which nodes are processed, which upstream does in parallel.
    pub dice: Dice,
}

/// What the controller remembers between checks.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The nodes it knows, with their uids as last seen; zero before the first check.
    known: SortedMap<Name, Uid>,
    zones: SortedMap<ZoneName, Zone>,
    /// Whether all zones are fully silent: the master disruption mode.
    nobody: bool,
    /// Every node counts as heard from at this instant, whatever its lease says.
    heard_since: Time,
}

impl Memory {
    /// A controller that already knows these nodes.
    pub fn knowing(nodes: &[Name]) -> Self {
        Memory { known: nodes.iter().map(|name| (Rc::clone(name), Uid::default())).collect(), ..Memory::default() }
    }

    /// When the next queued node in any zone is due.
    pub fn next_turn(&self, now: Time) -> Option<Time> {
        let turn = self.zones.values().filter_map(Zone::next_turn).min()?;
        Some(turn.max(now).at_stroke(TURN_PERIOD))
    }

    fn zone(&mut self, node: &Node) -> &mut Zone {
        self.zones.entry(zone_of(node)).or_default()
    }

    fn waits(&self, node: &Node) -> bool {
        self.zones.get(&zone_of(node)).is_some_and(|z| z.queue.contains(&node.meta.name))
    }
}

impl Monitor<'_> {
    /// The nodes, in a pseudo-random order.
    fn in_some_order(&self) -> Vec<&Rc<Node>> {
        let mut nodes: Vec<&Rc<Node>> = self.view.cache.tables.nodes().collect();
        nodes.sort_small_by_key(|n| (self.dice.roll(Purpose::NodeOrder, n.meta.uid.bits(), self.view.now.0), Rc::clone(&n.meta.name)));
        nodes
    }

    fn look_after(&self, at: Time) -> Time {
        (at + Span(1)).at_stroke(self.pace.period)
    }

    /// The check at which a node counts as silent unless it is heard from again. Models tryUpdateNodeHealth: what counts is when the
    /// controller first sees a renewal.
    fn silent_at(&self, node: &Node, heard_since: Time) -> Option<Time> {
        let period = self.pace.period;
        let posted = node.condition(READY).is_some();
        let (last, grace) = match self.heartbeats.get(&node.meta.name) {
            Some(beat) if posted => (Some(beat.last(self.view.now)).filter(|_| beat.silent())?, self.pace.grace),
            None if posted => (node.status.heartbeat, self.pace.grace),
            _ => (node.meta.created, STARTUP_GRACE),
        };
        let heard = (last + self.pace.watch).at_stroke(period).max(heard_since);
        Some((heard + grace).at_stroke(period))
    }

    fn last_heard(&self, node: &Node) -> Time {
        self.heartbeats.get(&node.meta.name).map_or(node.status.heartbeat, |beat| beat.last(self.view.now))
    }
}

/// Plans one check of all nodes.
pub fn plan(monitor: &Monitor, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    if monitor.view.now.at_stroke(monitor.pace.period) == monitor.view.now {
        take_in(monitor, memory, &mut plan);
        let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
        let mut batch = Vec::new();
        for node in monitor.in_some_order() {
            let mut chain = Chain::new();
            let truth = look_at(monitor, memory, node, &mut chain, &mut plan);
            if node.meta.label(EXCLUDED).is_none() {
                tallies.entry(zone_of(node)).or_default().count(truth == Truth::True);
            }
            batch.push(chain);
        }
        plan.batches.push(batch);
        handle_disruption(monitor, memory, &tallies, &mut plan);
        explain_queues(monitor, memory, &mut plan);
    }
    plan.again = next_look(monitor, memory).map(|at| at.since(monitor.view.now));
    plan
}

/// When the next check will find something to do.
pub fn next_look(monitor: &Monitor, memory: &Memory) -> Option<Time> {
    let soon = monitor.look_after(monitor.view.now);
    let nodes = &monitor.view.cache.tables;
    let strangers = nodes.nodes().any(|n| !memory.known.contains_key(&n.meta.name));
    let left = memory.known.keys().any(|name| nodes.node("", name).is_none());
    let to_taint = |n: &Rc<Node>| match own_taint(n.ready()) {
        _ if n.condition(READY).is_none() => false,
        None => [NOT_READY_TAINT, UNREACHABLE_TAINT].iter().any(|key| n.taint(key, NO_EXECUTE).is_some()),
        Some((own, other)) => n.taint(own, NO_EXECUTE).is_none() && !memory.waits(n) || n.taint(other, NO_EXECUTE).is_some(),
    };
    if strangers || left || nodes.nodes().any(to_taint) || disruption_changed(monitor, memory) {
        return Some(soon);
    }
    let judged = |n: &Rc<Node>| n.ready() == Truth::True || n.condition(READY).is_none();
    nodes.nodes().filter(|n| judged(n)).filter_map(|n| monitor.silent_at(n, memory.heard_since)).map(|at| at.max(soon)).min()
}

/// Registers new nodes and removes deleted ones.
fn take_in(monitor: &Monitor, memory: &mut Memory, plan: &mut Plan) {
    for node in monitor.view.cache.tables.nodes() {
        let name = &node.meta.name;
        if memory.known.insert(Rc::clone(name), node.meta.uid).is_none() {
            let message = format!("Node {name} event: Registered Node {name} in Controller");
            plan.say.push(says(name, node.meta.uid, "RegisteredNode", message));
        }
    }
    let is_gone = |(name, _): &(&Name, &Uid)| monitor.view.cache.tables.node("", name).is_none();
    let left: Vec<(Name, Uid)> = memory.known.iter().filter(is_gone).map(|(name, uid)| (Rc::clone(name), *uid)).collect();
    for (name, uid) in left {
        let message = format!("Node {name} event: Removing Node {name} from Controller");
        plan.say.push(says(&name, uid, "RemovingNode", message));
        memory.known.remove(&name);
        memory.zones.values_mut().for_each(|zone| zone.queue.retain(|n| *n != name));
    }
}

/// Checks one node; returns its readiness afterwards.
fn look_at(monitor: &Monitor, memory: &mut Memory, node: &Node, chain: &mut Chain, plan: &mut Plan) -> Truth {
    let key = node.key();
    let silent = monitor.silent_at(node, memory.heard_since).is_some_and(|at| at <= monitor.view.now);
    let posted = node.condition(READY).is_some();
    let mut truth = node.ready();
    if silent && (truth == Truth::True || !posted) {
        truth = Truth::Unknown;
        let because = Reason::NodeFellSilent { last_heard: monitor.last_heard(node) };
        plan.decide(Decision::new(Component::NodeLifecycle, key.clone(), Verdict::Acts, because));
        let tell =
            Step::new(Request::Edit(key, Edit::NodeConditions(unknown_conditions(node, monitor.view.now)))).on_error(OnError::Ignore);
        if posted {
            let message = format!("Node {} status is now: NodeNotReady", node.meta.name);
            chain.push(tell.says(says(&node.meta.name, node.meta.uid, "NodeNotReady", message)));
            mark_pods(monitor, node, chain, plan);
        } else {
            chain.push(tell);
        }
    } else if truth == Truth::True {
        plan.decide(Decision::new(Component::NodeLifecycle, key, Verdict::Done, Reason::NodeIsHeard));
    }
    let untold = chain.is_empty() && truth != Truth::True;
    process_taints(memory, node, truth, posted || silent, chain, monitor.view.now);
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
fn mark_pods(monitor: &Monitor, node: &Node, chain: &mut Chain, plan: &mut Plan) {
    for pod in monitor.view.cache.pods_on(&node.meta.name) {
        let Some(ready) = pod.condition(READY).filter(|c| c.status != Truth::False) else { continue };
        let key = pod.key();
        let unready = Condition { status: Truth::False, since: monitor.view.now, ..ready.clone() };
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
fn tallies(monitor: &Monitor) -> SortedMap<ZoneName, Tally> {
    let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
    for node in monitor.view.cache.tables.nodes().filter(|node| node.meta.label(EXCLUDED).is_none()) {
        tallies.entry(zone_of(node)).or_default().count(node.ready() == Truth::True);
    }
    tallies
}

fn all_silent(tallies: &SortedMap<ZoneName, Tally>) -> bool {
    !tallies.is_empty() && tallies.values().all(|t| t.state() == ZoneState::Full)
}

fn disruption_changed(monitor: &Monitor, memory: &Memory) -> bool {
    let tallies = tallies(monitor);
    let state = |name: &ZoneName| memory.zones.get(name).map(|z| z.state).unwrap_or_default();
    all_silent(&tallies) != memory.nobody || tallies.iter().any(|(name, tally)| state(name) != tally.state())
}

/// Slows down or stops evictions when many nodes are silent, which points to the network rather than to the nodes.
fn handle_disruption(monitor: &Monitor, memory: &mut Memory, tallies: &SortedMap<ZoneName, Tally>, plan: &mut Plan) {
    let nobody = all_silent(tallies);
    if nobody && !memory.nobody {
        let mut batch = Vec::new();
        for node in monitor.view.cache.tables.nodes() {
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
        memory.heard_since = monitor.view.now;
    }
    memory.nobody = nobody;
    for (name, tally) in tallies {
        let zone = memory.zones.entry(name.clone()).or_default();
        zone.state = tally.state();
        zone.set_pause(if nobody { None } else { tally.pause() }, monitor.view.now);
    }
}

/// Records why queued nodes are still waiting.
fn explain_queues(monitor: &Monitor, memory: &Memory, plan: &mut Plan) {
    for zone in memory.zones.values() {
        let turn = zone.next_turn().map(|at| at.max(monitor.view.now).at_stroke(TURN_PERIOD));
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
pub fn plan_turns(monitor: &Monitor, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    let mut batch = Vec::new();
    if monitor.view.now.at_stroke(TURN_PERIOD) == monitor.view.now {
        for zone in memory.zones.values_mut() {
            while let Some(name) = zone.take(monitor.view.now) {
                let Some(node) = monitor.view.cache.tables.node("", &name) else { continue };
                let Some((own, other)) = own_taint(node.ready()) else { continue };
                batch.push(vec![swap(&name, vec![evicting_taint(own, monitor.view.now)], &[other])]);
                let because = Reason::NodeIsEmptied { taint: own.into() };
                plan.decide(Decision::new(Component::NodeLifecycle, ObjectKey::global(Kind::Node, &name), Verdict::Acts, because));
            }
        }
    }
    plan.batches.push(batch);
    explain_queues(monitor, memory, &mut plan);
    plan.again = memory.next_turn(monitor.view.now + Span(1)).map(|at| at.since(monitor.view.now));
    plan
}

/// An event about a node. Models pkg/controller/util/node RecordNodeEvent, which sets no resource version.
fn says(node: &Name, uid: Uid, reason: &'static str, message: String) -> PendingEvent {
    PendingEvent { uid, ..PendingEvent::by_name(ObjectKey::global(Kind::Node, node), SOURCE, EventType::Normal, reason, message) }
}
