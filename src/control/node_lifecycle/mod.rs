//! Watches whether nodes are heard of, says so when one is not, and sends its pods away.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go monitorNodeHealth, handleDisruption and
//! doNoExecuteTaintingPass.
//! Upstream looks at every node in every period. Here a look that would find nothing to do is left out: a plan says when the next
//! one is that will, worked out from when the nodes were last heard of, so that a healthy cluster has no events.
//! Promises: looks happen at whole multiples of the period; the same view and memory give the same plan.
//! Must not know: machines, leases as objects, the queue of events.
//! Not modelled: kubelets that say themselves that they are not ready; the labels that are copied between nodes' label keys.

pub mod taints;
pub mod zone;

use crate::base::sort::Sort;
use crate::base::sorted::SortedMap;
use std::rc::Rc;

use super::cache::Cache;
use super::heartbeat::Heartbeat;
use super::plan::{Chain, OnError, Plan, Spoken, Step};
use crate::api::kind::Kind;
use crate::api::object::node::{NO_EXECUTE, NOT_READY_TAINT, Taint, UNREACHABLE_TAINT};
use crate::api::object::pod::{Condition, READY, Truth};
use crate::api::object::{Name, Node, ObjectKey, Uid};
use crate::base::dice::{Dice, Purpose};
use crate::base::time::{Span, Time};
use crate::server::request::{Edit, Request};
use crate::why::{Component, Decision, Reason, Verdict};
use zone::{Tally, Zone, ZoneName, ZoneState, zone_of};

/// How long a node may take to say something for the first time. kube-controller-manager --node-startup-grace-period.
const STARTUP_GRACE: Span = Span::seconds(60);
/// How often the controller looks whether a node's turn to be emptied has come. scheduler.NodeEvictionPeriod.
const TURN_PERIOD: Span = Span(100);
/// How the controller signs its events.
const SOURCE: &str = "node-controller";
/// The conditions that become Unknown when a node is silent.
const CONDITIONS: [&str; 4] = [READY, "MemoryPressure", "DiskPressure", "PIDPressure"];

/// How often the controller looks, and how patient it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From a lease's renewal to when the controller sees it.
    pub watch: Span,
    /// Between two looks.
    pub period: Span,
    /// How long a node may be silent.
    pub grace: Span,
}

/// What the controller looks at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Objects as last seen.
    pub cache: &'a Cache,
    /// The present.
    pub now: Time,
    /// At which pace it looks.
    pub pace: Pace,
    /// The nodes' leases, where a kubelet renews them.
    pub heartbeats: &'a SortedMap<Name, Heartbeat>,
    /// In which order nodes are come to: upstream looks at them side by side.
    pub dice: Dice,
}

/// What the controller remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The nodes it knows and the uids they had when it looked last; zero before the first look.
    known: SortedMap<Name, Uid>,
    zones: SortedMap<ZoneName, Zone>,
    /// Whether no node at all is heard of: the master disruption mode.
    nobody: bool,
    /// Every node counts as heard of at this instant, whatever its lease says.
    heard_since: Time,
}

impl Memory {
    /// A controller that knows these nodes from before.
    pub fn knowing(nodes: &[Name]) -> Self {
        Memory { known: nodes.iter().map(|name| (Rc::clone(name), Uid::default())).collect(), ..Memory::default() }
    }

    /// When the turn of some node to be emptied comes.
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

impl View<'_> {
    /// The nodes, in an order that is chance.
    fn in_some_order(&self) -> Vec<&Rc<Node>> {
        let mut nodes: Vec<&Rc<Node>> = self.cache.tables.nodes().collect();
        nodes.put_in_order_of(|n| (self.dice.roll(Purpose::NodeOrder, n.meta.uid.bits(), self.now.0), Rc::clone(&n.meta.name)));
        nodes
    }

    fn look_after(&self, at: Time) -> Time {
        (at + Span(1)).at_stroke(self.pace.period)
    }

    /// The look in which a node that says nothing more is found silent. Models tryUpdateNodeHealth: a node counts as heard of
    /// when the controller first sees a renewal.
    fn silent_at(&self, node: &Node, heard_since: Time) -> Option<Time> {
        let period = self.pace.period;
        let posted = node.condition(READY).is_some();
        let (last, grace) = match self.heartbeats.get(&node.meta.name) {
            Some(beat) if posted => (Some(beat.last(self.now)).filter(|_| beat.silent())?, self.pace.grace),
            None if posted => (node.heartbeat, self.pace.grace),
            _ => (node.meta.created, STARTUP_GRACE),
        };
        let heard = (last + self.pace.watch).at_stroke(period).max(heard_since);
        Some((heard + grace).at_stroke(period))
    }

    fn last_heard(&self, node: &Node) -> Time {
        self.heartbeats.get(&node.meta.name).map_or(node.heartbeat, |beat| beat.last(self.now))
    }
}

/// One look at all nodes.
pub fn plan(view: &View, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    if view.now.at_stroke(view.pace.period) == view.now {
        take_in(view, memory, &mut plan);
        let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
        let mut batch = Vec::new();
        for node in view.in_some_order() {
            let mut chain = Chain::new();
            let truth = look_at(view, memory, node, &mut chain, &mut plan);
            let tally = tallies.entry(zone_of(node)).or_default();
            tally.count(truth == Truth::True);
            batch.push(chain);
        }
        plan.batches.push(batch);
        handle_disruption(view, memory, &tallies, &mut plan);
        explain_queues(view, memory, &mut plan);
    }
    plan.again = next_look(view, memory).map(|at| at.since(view.now));
    plan
}

/// When the next look will find something to do.
pub fn next_look(view: &View, memory: &Memory) -> Option<Time> {
    let soon = view.look_after(view.now);
    let nodes = &view.cache.tables;
    let strangers = nodes.nodes().any(|n| !memory.known.contains_key(&n.meta.name));
    let left = memory.known.keys().any(|name| nodes.node("", name).is_none());
    let to_taint = |n: &Rc<Node>| match own_taint(n.ready()) {
        _ if n.condition(READY).is_none() => false,
        None => [NOT_READY_TAINT, UNREACHABLE_TAINT].iter().any(|key| n.taint(key, NO_EXECUTE).is_some()),
        Some((own, other)) => n.taint(own, NO_EXECUTE).is_none() && !memory.waits(n) || n.taint(other, NO_EXECUTE).is_some(),
    };
    if strangers || left || nodes.nodes().any(to_taint) || disruption_changed(view, memory) {
        return Some(soon);
    }
    let judged = |n: &Rc<Node>| n.ready() == Truth::True || n.condition(READY).is_none();
    nodes.nodes().filter(|n| judged(n)).filter_map(|n| view.silent_at(n, memory.heard_since)).map(|at| at.max(soon)).min()
}

/// Nodes that are new to the controller, and nodes that are gone.
fn take_in(view: &View, memory: &mut Memory, plan: &mut Plan) {
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

/// A look at one node; gives whether it is ready after it.
fn look_at(view: &View, memory: &mut Memory, node: &Node, chain: &mut Chain, plan: &mut Plan) -> Truth {
    let key = node.key();
    let silent = view.silent_at(node, memory.heard_since).is_some_and(|at| at <= view.now);
    let posted = node.condition(READY).is_some();
    let mut truth = node.ready();
    if silent && (truth == Truth::True || !posted) {
        truth = Truth::Unknown;
        let because = Reason::NodeFellSilent { last_heard: view.last_heard(node) };
        plan.decisions.push(Decision::new(Component::NodeLifecycle, key.clone(), Verdict::Acts, because));
        let tell = Step::new(Request::Edit(key, Edit::NodeConditions(unknown_conditions(node, view.now)))).on_error(OnError::Ignore);
        if posted {
            let message = format!("Node {} status is now: NodeNotReady", node.meta.name);
            chain.push(tell.says(says(&node.meta.name, node.meta.uid, "NodeNotReady", message)));
            mark_pods(view, node, chain, plan);
        } else {
            chain.push(tell);
        }
    } else if truth == Truth::True {
        plan.decisions.push(Decision::new(Component::NodeLifecycle, key, Verdict::Done, Reason::NodeIsHeard));
    }
    process_taints(memory, node, truth, posted || silent, chain, view.now);
    truth
}

/// What a silent node's conditions become.
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

/// The pods of a silent node are no longer ready; nothing else of their status changes.
/// Models pkg/controller/util/node MarkPodsNotReady.
fn mark_pods(view: &View, node: &Node, chain: &mut Chain, plan: &mut Plan) {
    for pod in view.cache.pods_on(&node.meta.name) {
        let Some(ready) = pod.condition(READY).filter(|c| c.status != Truth::False) else { continue };
        let key = pod.key();
        let unready = Condition { status: Truth::False, since: view.now, ..ready.clone() };
        let spoken = Spoken::of(key.clone(), &pod.meta, SOURCE, true, "NodeNotReady", "Node is not ready");
        let edit = Request::Edit(key.clone(), Edit::PodCondition(pod.meta.uid, Box::new(unready)));
        chain.push(Step::new(edit).on_error(OnError::GoneIsFine).says(spoken));
        let because = Reason::NodeIsSilent { node: Rc::clone(&node.meta.name) };
        plan.decisions.push(Decision::new(Component::NodeLifecycle, key, Verdict::Waits, because).blocked_by(node.key()));
    }
}

/// The taint by which a node of this readiness is emptied, and the one that it has not; `None` for a ready one.
fn own_taint(truth: Truth) -> Option<(&'static str, &'static str)> {
    match truth {
        Truth::True => None,
        Truth::False => Some((NOT_READY_TAINT, UNREACHABLE_TAINT)),
        Truth::Unknown => Some((UNREACHABLE_TAINT, NOT_READY_TAINT)),
    }
}

/// Queues a node to be emptied, or calls that off. Models processTaintBaseEviction.
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

/// How the zones' nodes are, as the cache shows it.
fn tallies(view: &View) -> SortedMap<ZoneName, Tally> {
    let mut tallies: SortedMap<ZoneName, Tally> = SortedMap::new();
    for node in view.cache.tables.nodes() {
        let tally = tallies.entry(zone_of(node)).or_default();
        tally.count(node.ready() == Truth::True);
    }
    tallies
}

fn all_silent(tallies: &SortedMap<ZoneName, Tally>) -> bool {
    !tallies.is_empty() && tallies.values().all(|t| t.state() == ZoneState::Full)
}

fn disruption_changed(view: &View, memory: &Memory) -> bool {
    let tallies = tallies(view);
    let state = |name: &ZoneName| memory.zones.get(name).map(|z| z.state).unwrap_or_default();
    all_silent(&tallies) != memory.nobody || tallies.iter().any(|(name, tally)| state(name) != tally.state())
}

/// Slows down or stops the emptying of nodes where many are silent, which rather speaks of the network than of the nodes.
fn handle_disruption(view: &View, memory: &mut Memory, tallies: &SortedMap<ZoneName, Tally>, plan: &mut Plan) {
    let nobody = all_silent(tallies);
    if nobody && !memory.nobody {
        let mut batch = Vec::new();
        for node in view.cache.tables.nodes() {
            let mut chain = Chain::new();
            mark_as_reachable(memory, node, &mut chain);
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

/// Says why nodes that wait to be emptied do.
fn explain_queues(view: &View, memory: &Memory, plan: &mut Plan) {
    for zone in memory.zones.values() {
        let turn = zone.next_turn().map(|at| at.max(view.now).at_stroke(TURN_PERIOD));
        for node in &zone.queue {
            let because = match turn {
                Some(_) => Reason::EvictionIsPaced,
                None if memory.nobody => Reason::NobodyIsHeard,
                None => Reason::ZoneIsSilent,
            };
            let decision = Decision::new(Component::NodeLifecycle, ObjectKey::global(Kind::Node, node), Verdict::Waits, because);
            plan.decisions.push(turn.into_iter().fold(decision, Decision::until));
        }
    }
}

/// Marks the nodes whose turn has come, so that their pods leave. Models doNoExecuteTaintingPass.
pub fn plan_turns(view: &View, memory: &mut Memory) -> Plan {
    let mut plan = Plan::default();
    let mut batch = Vec::new();
    if view.now.at_stroke(TURN_PERIOD) == view.now {
        for zone in memory.zones.values_mut() {
            while let Some(name) = zone.take(view.now) {
                let Some(node) = view.cache.tables.node("", &name) else { continue };
                let Some((own, other)) = own_taint(node.ready()) else { continue };
                batch.push(vec![swap(&name, vec![evicting_taint(own, view.now)], &[other])]);
                let because = Reason::NodeIsEmptied { taint: own.into() };
                plan.decisions.push(Decision::new(Component::NodeLifecycle, ObjectKey::global(Kind::Node, &name), Verdict::Acts, because));
            }
        }
    }
    plan.batches.push(batch);
    explain_queues(view, memory, &mut plan);
    plan.again = memory.next_turn(view.now + Span(1)).map(|at| at.since(view.now));
    plan
}

/// What is said of a node. Models pkg/controller/util/node RecordNodeEvent, which gives no version.
fn says(node: &Name, uid: Uid, reason: &'static str, message: String) -> Spoken {
    Spoken { uid, ..Spoken::by_name(ObjectKey::global(Kind::Node, node), SOURCE, false, reason, message) }
}
