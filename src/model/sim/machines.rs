//! The machines: what their kubelets see, and the effects of what they do.

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use api::kind::Kind;
use api::object::{Name, Object, Uid};
use cluster::kubelet::{Context, Effects, Machine, Timer};
use cluster::runtime::{Happening, RuntimeEntry};
use server::log::{Actor, Change};

impl Sim {
    /// Passes a change of a pod or a node to the kubelet that watches it, which may see it late.
    pub(super) fn kubelet_sees(&mut self, change: &Change) {
        let of_pod = || change.object().and_then(Object::as_pod).and_then(|pod| pod.node.clone());
        let node = if change.key.kind == Kind::Node { Some(Rc::clone(&change.key.name)) } else { of_pod() };
        let at = node.and_then(|node| self.machines.get_mut(&node)).map_or(self.now, |machine| machine.link.hears(self.now));
        if at > self.now {
            self.queue.push(at, Event::Late(Rc::new(change.clone())));
        } else {
            self.kubelet_hears(change);
        }
    }

    /// A kubelet sees a change.
    pub(super) fn kubelet_hears(&mut self, change: &Change) {
        if change.key.kind == Kind::Node {
            return self.kubelet_sees_node(change);
        }
        let Some(pod) = change.object().and_then(Object::as_pod) else { return };
        let Some(node) = pod.node.clone() else { return };
        let pod = Rc::clone(pod);
        let gone = change.after.is_none();
        self.with_connected_machine(&node, pod.meta.uid, |machine, context| {
            if gone { machine.misses(pod.meta.uid, context) } else { machine.sees(&pod, context) }
        });
    }

    /// Fires a kubelet's timer for a pod.
    pub(super) fn wake_kubelet(&mut self, node: &Name, uid: Uid, timer: Timer) {
        if timer == Timer::Start && self.waits_for_volumes(node, uid) {
            return;
        }
        if matches!(timer, Timer::Exits(..) | Timer::OutgrowsMemory(_) | Timer::Stopped) {
            self.catch_up_with_containers();
        }
        let probed = self.probe(node, uid, timer);
        self.with_machine(node, uid, |machine, context| machine.wakes(uid, timer, Context { probed: probed.as_ref(), ..context }));
    }

    /// Lets a machine act on something only a connected kubelet can learn; does nothing while it is cut off.
    pub(super) fn with_connected_machine(&mut self, node: &Name, uid: Uid, act: impl FnOnce(&mut Machine, Context) -> Effects) {
        if self.machines.get(node).is_some_and(Machine::connected) {
            self.with_machine(node, uid, act);
        }
    }

    /// Lets a machine act, and applies the effects.
    pub(super) fn with_machine(&mut self, node: &Name, uid: Uid, act: impl FnOnce(&mut Machine, Context) -> Effects) {
        let Some(machine) = self.machines.get_mut(node) else { return };
        let (timing, images, tables, release) = (&*self.timing, &self.images, self.server.tables(), self.server.release);
        let context = Context { now: self.now, timing, release, images, tables, inside: &self.disks, probed: None };
        let effects = act(machine, context);
        let connected = machine.connected();
        self.note_mounts(node, uid);
        self.carry_out_effects(node, uid, effects, connected);
    }

    fn carry_out_effects(&mut self, node: &Name, uid: Uid, effects: Effects, connected: bool) {
        for what in effects.happened {
            self.happened(what);
        }
        for (container, words) in effects.hooks {
            self.begins_hook(node, uid, &container, &words);
        }
        for (pause, timer) in effects.timers {
            let at = self.after(pause, Delay::Kubelet(node, uid, timer));
            self.queue.push(at, Event::Kubelet(Rc::clone(node), uid, timer));
        }
        if !connected {
            return;
        }
        for pending_event in effects.say {
            self.say(pending_event);
        }
        for request in effects.requests {
            let at = self.reaches_server(node, self.now + self.timing.kubelet_writes);
            self.queue.push(at, Event::Send(Actor::Kubelet(Rc::clone(node)), Rc::new(request)));
        }
        for decision in effects.decisions {
            self.decisions.record(self.now, decision);
        }
        self.look_at_mounts(node);
    }

    /// Records a runtime happening.
    pub(super) fn happened(&mut self, what: Happening) {
        self.inside_hears(&what);
        let entry = RuntimeEntry { at: self.now, position: self.server.log().len(), what };
        Rc::make_mut(&mut self.runtime).push(entry);
    }
}
