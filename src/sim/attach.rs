//! Attaching and detaching network volumes: the kubelets' and drivers' side of it, and routing changes to those they concern.
//!
//! Only with [`crate::cluster::stand_in::Nodes::have_drivers`]; otherwise volumes need not be attached.

use crate::base::sorted::SortedSet;
use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use crate::api::controller::Controller;
use crate::api::kind::Kind;
use crate::api::object::storage::Attachment;
use crate::api::object::{Name, Node, Object, ObjectKey, Pod, Uid, Volume};
use crate::cluster::kubelet::{Machine, Timer, Worker};
use crate::control::attach_detach;
use crate::server::log::{Actor, Change};
use crate::server::request::{Edit, Request};

/// State of the attach/detach machinery.
#[derive(Clone, Debug, Default)]
pub struct Attach {
    pub(super) memory: attach_detach::Memory,
    /// Pods, by node, whose containers cannot start until a volume is attached.
    waiting: SortedSet<(Name, Uid)>,
}

impl Sim {
    /// Wakes the attach/detach controller for a change that affects network volumes, and the driver for a VolumeAttachment.
    pub(super) fn route_attachments(&mut self, change: &Change) {
        if !self.timing.nodes.have_drivers() {
            return;
        }
        match change.object() {
            Some(Object::Pod(pod)) => {
                for volume in self.volumes_of(&Rc::clone(pod)) {
                    self.look_at_volume(&volume);
                }
            }
            Some(Object::Node(_)) => self.route_node_of_volumes(change),
            Some(Object::Volume(volume)) if volume.handle().is_some() => self.look_at_volume(&change.key.name),
            Some(object) if change.key.kind == Kind::VolumeAttachment => {
                let Some(attachment) = Attachment::read(object) else { return };
                self.look_at_volume(&attachment.volume);
                let pause = if attachment.leaving { self.timing.detach } else { self.timing.attach };
                let asked = change.before.as_ref().and_then(Attachment::read).is_none_or(|old| old.leaving != attachment.leaving);
                if asked && change.after.is_some() && (attachment.leaving || !attachment.attached) {
                    let at = self.after(pause, Delay::Attach(object.meta().uid));
                    self.queue.push(at, Event::Driver(change.key.clone(), object.meta().uid));
                }
            }
            _ => {}
        }
    }

    fn route_node_of_volumes(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_node);
        self.attach.memory.node_changed(before.map(|n| &**n), after.map(|n| &**n));
        let here = |a: &Attachment| a.node == change.key.name;
        let volumes: Vec<Name> =
            self.cache.tables.all(Kind::VolumeAttachment).filter_map(Attachment::read).filter(here).map(|a| a.volume).collect();
        for volume in volumes {
            self.look_at_volume(&volume);
        }
        if before.map(|n| &n.volumes_attached) != after.map(|n| &n.volumes_attached) {
            self.wake_waiting(&change.key.name);
        }
    }

    fn look_at_volume(&mut self, volume: &Name) {
        self.enqueue(Controller::AttachDetach, &ObjectKey::global(Kind::PersistentVolume, volume));
    }

    /// The network volumes a pod uses, according to the cache.
    fn volumes_of(&self, pod: &Pod) -> Vec<Name> {
        let namespace = &pod.meta.namespace;
        pod.claim_volumes().filter_map(|v| self.volume_behind(namespace, &v.claim)).map(|v| Rc::clone(&v.meta.name)).collect()
    }

    fn volume_behind(&self, namespace: &str, claim: &str) -> Option<&Rc<Volume>> {
        let claim = self.cache.tables.claim(namespace, claim)?;
        self.cache.tables.volume("", &claim.volume).filter(|v| v.handle().is_some())
    }

    fn handles_of(&self, worker: &Worker) -> Vec<Name> {
        let of = |claim: &Name| self.volume_behind(&worker.key.namespace, claim)?.handle();
        worker.claims().filter_map(of).collect()
    }

    /// The CSI driver has finished attaching or detaching the volume of a VolumeAttachment.
    pub(super) fn driver_has_done(&mut self, key: &ObjectKey, uid: Uid) {
        let Some(object) = self.server.tables().get(key).filter(|o| o.meta().uid == uid) else { return };
        let keeper = object.meta().finalizers.first().cloned();
        let edit = if object.meta().terminating() { keeper.map(Edit::RemoveFinalizer) } else { Some(Edit::Attached) };
        if let Some(edit) = edit {
            let _ = self.server.handle(&Request::Edit(key.clone(), edit), &Actor::Provisioner("external-attacher".into()));
        }
    }

    /// Whether a pod's containers must wait for a volume to be attached. If so, the kubelet is woken once that may have changed.
    pub(super) fn waits_for_volumes(&mut self, node: &Name, uid: Uid) -> bool {
        if !self.timing.nodes.have_drivers() {
            return false;
        }
        let Some(machine) = self.machines.get(node) else { return false };
        let Some(worker) = machine.worker(uid) else { return false };
        let attached = |handle: &Name| {
            machine.connected() && self.cache.tables.node("", node).is_some_and(|n: &Rc<Node>| n.volumes_attached.contains(handle))
        };
        let waits = !self.handles_of(worker).iter().all(attached);
        if waits {
            self.attach.waiting.insert((Rc::clone(node), uid));
        }
        waits
    }

    /// Rechecks the pods on a node that were waiting for volumes.
    pub(super) fn wake_waiting(&mut self, node: &Name) {
        let waiting: Vec<Uid> = self.attach.waiting.iter().filter(|(on, _)| on == node).map(|(_, uid)| *uid).collect();
        for uid in waiting {
            self.attach.waiting.remove(&(Rc::clone(node), uid));
            if !self.waits_for_volumes(node, uid) {
                let at = self.after(self.timing.mount, Delay::Kubelet(node, uid, Timer::Start));
                self.queue.push(at, Event::Kubelet(Rc::clone(node), uid, Timer::Start));
            }
        }
    }

    /// Schedules an update of `status.volumesInUse` if it is out of date: at once if a volume was added, with the node's next status
    /// update if volumes were only removed.
    pub(super) fn look_at_mounts(&mut self, node: &Name) {
        if !self.timing.nodes.have_drivers() || self.cache.tables.all(Kind::VolumeAttachment).next().is_none() {
            return;
        }
        let (now, told) = (self.mounts(node), self.server.tables().node("", node).map(|n| n.volumes_in_use.clone()).unwrap_or_default());
        if now.iter().any(|handle| !told.contains(handle)) {
            self.queue.push(self.now + self.timing.kubelet_writes, Event::NodeStatus(Rc::clone(node)));
        } else if now.len() < told.len() {
            self.node_status_is_due(node);
        }
    }

    /// A kubelet reports its node's status, with the network volumes in use in `status.volumesInUse`.
    pub(super) fn tell_of_status(&mut self, node: &Name) {
        if !self.machines.get(node).is_some_and(Machine::connected) {
            return;
        }
        self.tell_of_node(node);
        let mounts = self.mounts(node);
        if self.server.tables().node("", node).is_some_and(|n| n.volumes_in_use != mounts) {
            let key = ObjectKey::global(Kind::Node, node);
            self.send(Actor::Kubelet(Rc::clone(node)), Request::Edit(key, Edit::VolumesInUse(mounts)));
        }
    }

    fn mounts(&self, node: &Name) -> Vec<Name> {
        let workers = self.machines.get(node).into_iter().flat_map(Machine::workers).filter(|w| w.mounts());
        let all: SortedSet<Name> = workers.flat_map(|w| self.handles_of(w)).collect();
        all.iter().cloned().collect()
    }
}
