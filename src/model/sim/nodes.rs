//! Nodes: what their kubelets report about them.

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{Condition, Truth};
use api::object::{Meta, Name, Object, ObjectKey, Uid};
use base::dice::Purpose;
use base::time::Span;
use base::value::Value;
use base::word::Word;
use cluster::kubelet::healthy_conditions;
use control::heartbeat::LEASE_DURATION_SECONDS;
use control::plan::PendingEvent;
use server::log::{Actor, Change};
use server::request::{Edit, Request};

/// The namespace of node leases.
const LEASE_NAMESPACE: &str = "kube-node-lease";
/// How often a kubelet computes its node's status: KubeletConfiguration nodeStatusUpdateFrequency, 10 s.
const STATUS_PERIOD: Span = Span::seconds(10);

impl Sim {
    /// Shows a node's change to its kubelet.
    pub(super) fn kubelet_sees_node(&mut self, change: &Change) {
        let name = &change.key.name;
        let [before, after] = change.sides(Object::as_node);
        if before.is_none() {
            if change.by != Actor::Setup {
                self.tell_of_start(name);
            }
            self.tell_of_node(name);
        }
        let told = self.machines.get(name).map(|machine| machine.told_unschedulable);
        // Whose messages are late may be taken for silent, and says that it is not.
        let is_doubted = after.is_some_and(|node| node.ready() != Truth::True) && self.machines.get(name).is_some_and(|m| m.link.lags());
        if is_doubted || self.timing.nodes.report_on_nodes() && after.is_some_and(|node| Some(node.unschedulable) != told) {
            self.node_status_is_due(name);
        }
    }

    /// Registers a starting kubelet's node. If it exists, its status is updated: by a kubelet that only was unheard of with its next
    /// one. Models pkg/kubelet/kubelet_node_status.go registerWithAPIServer.
    pub(super) fn register(&mut self, name: &Name, starts: bool) {
        let Some(machine) = self.machines.get(name).filter(|m| m.connected()) else { return };
        if self.server.tables().node("", name).is_none() {
            let node = Rc::clone(&machine.registration);
            self.send(Actor::Kubelet(Rc::clone(name)), Request::Create(node.into()));
        } else if starts || !self.timing.nodes.report_on_nodes() {
            self.tell_of_node(name);
        } else {
            self.node_status_is_due(name);
        }
    }

    /// Schedules a kubelet's next node status.
    pub(super) fn node_status_is_due(&mut self, name: &Name) {
        let at = self.now + self.now.until_stroke(STATUS_PERIOD);
        if let Some(machine) = self.machines.get_mut(name).filter(|m| m.status_due < at) {
            machine.status_due = at;
            self.queue.push(at, Event::NodeStatus(Rc::clone(name)));
        }
    }

    /// A kubelet reports its node as healthy, and emits Events about what that changes.
    /// Models pkg/kubelet/nodestatus/setters.go and kubelet_node_status.go recordNodeSchedulableEvent.
    pub(super) fn tell_of_node(&mut self, name: &Name) {
        let tables = self.server.tables();
        let Some(machine) = self.machines.get_mut(name).filter(|m| m.connected()) else { return };
        let conditions = healthy_conditions(self.now);
        if let Some(node) = tables.node("", name).filter(|_| self.timing.nodes.report_on_nodes()) {
            let news = |c: &&Condition| node.condition(&c.kind).is_none_or(|old| old.status != c.status);
            let mut news: Vec<String> = conditions.iter().filter(news).map(|c| c.reason.replacen("Kubelet", "Node", 1)).collect();
            if std::mem::replace(&mut machine.told_unschedulable, node.unschedulable) != node.unschedulable {
                news.push(if node.unschedulable { "NodeNotSchedulable" } else { "NodeSchedulable" }.to_owned());
            }
            for reason in news {
                self.say_status(name, reason);
            }
        }
        let edit = Edit::NodeConditions(conditions);
        self.send(Actor::Kubelet(Rc::clone(name)), Request::Edit(ObjectKey::global(Kind::Node, name), edit));
    }

    fn say_status(&mut self, name: &Name, reason: String) {
        let message = format!("Node {name} status is now: {reason}");
        self.say_of_node(name, EventType::Normal, reason.into(), message);
    }

    /// A kubelet emits an Event about its node.
    fn say_of_node(&mut self, name: &Name, kind: EventType, reason: Word, message: impl Into<Word>) {
        let Some(node) = self.server.tables().node("", name) else { return };
        let (uid, host) = (node.meta.uid, Rc::clone(name));
        self.say(PendingEvent { uid, reason, host, ..PendingEvent::by_name(node.key(), "kubelet", kind, "", message) });
    }

    /// A kubelet emits the Events of its start; the recordings' kubelets only report on pods. Models pkg/kubelet/kubelet.go BirthCry,
    /// kubelet_node_status.go initialNode and cm/node_container_manager_linux.go.
    fn tell_of_start(&mut self, name: &Name) {
        if !self.timing.nodes.report_on_nodes() {
            return;
        }
        self.say_of_node(name, EventType::Normal, "Starting".into(), "Starting kubelet.");
        for condition in &healthy_conditions(self.now)[..3] {
            self.say_status(name, condition.reason.replacen("Kubelet", "Node", 1));
        }
        self.say_of_node(name, EventType::Normal, "NodeAllocatableEnforced".into(), "Updated Node Allocatable limit across pods");
    }

    /// A kubelet emits the Events of a reboot.
    pub(super) fn tell_of_boot(&mut self, name: &Name) {
        let Some(machine) = self.machines.get(name).filter(|m| m.connected() && self.timing.nodes.report_on_nodes()) else { return };
        let Some(node) = self.server.tables().node("", name) else { return };
        let boot = Uid::from_bits(self.dice.roll(Purpose::Uid, node.meta.uid.bits(), machine.boots()));
        self.tell_of_start(name);
        self.say_of_node(name, EventType::Warning, "Rebooted".into(), format!("Node {name} has been rebooted, boot id: {boot}"));
    }

    /// The leases of all kubelets, by name, as the API server shows them.
    pub(super) fn leases(&self) -> impl Iterator<Item = Value> {
        self.machines.values().map(|machine| {
            let node = self.server.tables().node("", &machine.node).map(|n| &n.meta);
            let meta = Meta {
                namespace: LEASE_NAMESPACE.into(),
                name: Rc::clone(&machine.node),
                uid: Uid::from_bits(self.dice.roll(Purpose::Uid, node.map_or(0, |m| m.uid.bits()), 0)),
                revision: node.map_or(0, |m| m.revision),
                created: node.map_or(machine.heartbeat.last(self.now), |m| m.created),
                ..Meta::default()
            };
            let renewed = machine.heartbeat.last(self.now).rfc3339().replace('Z', ".000000Z");
            let spec = Value::of([
                ("holderIdentity", Value::from(&machine.node)),
                ("leaseDurationSeconds", LEASE_DURATION_SECONDS.into()),
                ("renewTime", renewed.into()),
            ]);
            Value::of([
                ("apiVersion", Value::from(Kind::Lease.api_version())),
                ("kind", Kind::Lease.info().name.into()),
                ("metadata", meta.encode()),
                ("spec", spec),
            ])
        })
    }

    /// The lease of a node.
    pub(super) fn lease(&self, namespace: &str, name: &str) -> Option<Value> {
        (namespace == LEASE_NAMESPACE).then(|| self.leases().find(|l| l.text_at(&["metadata", "name"]) == Some(name))).flatten()
    }

    /// The leases shown by a list of one namespace, or of all.
    pub(super) fn leases_in(&self, namespace: Option<&str>) -> Vec<Value> {
        if namespace.is_none_or(|n| n == LEASE_NAMESPACE) { self.leases().collect() } else { Vec::new() }
    }
}
