//! Attaching and detaching network volumes: the kubelets' and drivers' side of it.
//!
//! Only with [`cluster::stand_in::Nodes::have_drivers`]; otherwise volumes need not be attached.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use super::mounts::Mounts;
use api::kind::Kind;
use api::object::meta::same;
use api::object::storage::Attachment;
use api::object::{Name, NamespacedName, Node, Object, ObjectKey, Uid};
use cluster::kubelet::{Machine, Timer, Worker};
use control::attach_detach::{difference, volume_behind};
use server::log::{Actor, Change};
use server::request::{Edit, Request};

/// State of the attach/detach machinery.
#[derive(Clone, Debug, Default)]
pub struct Attach {
    /// Pods whose containers cannot start until a volume is attached, by node and the first such volume.
    waiting: SortedMap<Name, SortedMap<Name, SortedSet<Uid>>>,
    mounts: Mounts,
}

impl Sim {
    /// Shows the driver and the kubelets a change that affects network volumes.
    pub(super) fn drivers_see(&mut self, change: &Change) {
        if !self.timing.nodes.have_drivers() {
            return;
        }
        match change.object() {
            Some(Object::Node(_)) => self.look_at_attached(change),
            Some(Object::Volume(volume)) if volume.spec.handle.is_some() => {
                if let Some(claim) = volume.spec.claim.as_ref().filter(|_| change.before.is_none() || change.after.is_none()) {
                    self.note_mounts_of(&claim.namespaced_name());
                }
            }
            Some(Object::Claim(_)) => {
                let [before, after] = change.sides(Object::as_claim).map(|side| side.map(|claim| &claim.spec.volume));
                if before != after {
                    self.note_mounts_of(&change.key.namespaced_name());
                }
            }
            Some(object) if change.key.kind == Kind::VolumeAttachment => {
                let Some(attachment) = Attachment::read(object) else { return };
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

    /// Rechecks the pods that waited for the volumes which a node's change attaches or detaches.
    fn look_at_attached(&mut self, change: &Change) {
        let node = &change.key.name;
        let [before, after] =
            change.sides(Object::as_node).map(|side| side.map_or([].as_slice(), |n| n.status.volumes_attached.as_slice()));
        for handle in difference(before, after) {
            let waiting = self.attach.waiting.get_mut(node).and_then(|all| all.remove(handle));
            self.look_at_waiting(node, waiting.unwrap_or_default());
        }
    }

    fn handles_of(&self, worker: &Worker) -> Vec<Name> {
        let of = |claim: &Name| volume_behind(&self.cache, &worker.key.namespace, claim)?.spec.handle.clone();
        worker.claims().filter_map(of).collect()
    }

    /// The CSI driver has finished attaching or detaching the volume of a VolumeAttachment.
    // A first visit does not run this.
    #[inline(never)]
    pub(super) fn driver_has_done(&mut self, key: &ObjectKey, uid: Uid) {
        let Some(object) = self.server.tables().get(key).filter(|o| o.meta().uid == uid) else { return };
        let keeper = object.meta().finalizers.first().cloned();
        let edit = if object.meta().terminating() { keeper.map(Edit::RemoveFinalizer) } else { Some(Edit::Attached) };
        if let Some(edit) = edit {
            let _ = self.server.handle(Request::Edit(key.clone(), edit), &Actor::Provisioner("external-attacher".into()));
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
            machine.connected() && self.cache.tables.node("", node).is_some_and(|n: &Rc<Node>| n.status.volumes_attached.contains(handle))
        };
        let Some(missing) = self.handles_of(worker).into_iter().find(|handle| !attached(handle)) else { return false };
        self.attach.waiting.entry(Rc::clone(node)).or_default().entry(missing).or_default().insert(uid);
        true
    }

    /// Rechecks the pods on a node that were waiting for volumes.
    pub(super) fn wake_waiting(&mut self, node: &Name) {
        let waiting = self.attach.waiting.remove(node).unwrap_or_default();
        self.look_at_waiting(node, waiting.into_values().flatten().collect());
    }

    fn look_at_waiting(&mut self, node: &Name, waiting: SortedSet<Uid>) {
        for uid in waiting {
            if !self.waits_for_volumes(node, uid) {
                let at = self.after(self.timing.mount, Delay::Kubelet(node, uid, Timer::Start));
                self.queue.push(at, Event::Kubelet(Rc::clone(node), uid, Timer::Start));
            }
        }
    }

    /// Takes in which volumes may be mounted for a pod, after a kubelet's step for it.
    pub(super) fn note_mounts(&mut self, node: &Name, uid: Uid) {
        if !self.timing.nodes.have_drivers() {
            return;
        }
        let worker = self.machines.get(node).and_then(|machine| machine.worker(uid)).filter(|worker| worker.mounts());
        let mount = |worker: &Worker, claim: &Name| {
            let volume = volume_behind(&self.cache, &worker.key.namespace, claim).and_then(|v| v.spec.handle.clone());
            (NamespacedName::new(&worker.key.namespace, claim), volume)
        };
        let mounts = worker.into_iter().flat_map(|worker| worker.claims().map(move |claim| mount(worker, claim))).collect();
        self.attach.mounts.put(&(Rc::clone(node), uid), mounts);
    }

    /// The same for all pods with a claim, after what is behind it may have changed.
    fn note_mounts_of(&mut self, claim: &NamespacedName) {
        for (node, uid) in self.attach.mounts.of_claim(claim) {
            self.note_mounts(&node, uid);
        }
    }

    /// Schedules an update of `status.volumesInUse` if it is out of date: at once if a volume was added, with the node's next status
    /// update if volumes were only removed.
    pub(super) fn look_at_mounts(&mut self, node: &Name) {
        if !self.timing.nodes.have_drivers() || self.cache.attachments().is_empty() {
            return;
        }
        let told = self.server.tables().node("", node).map_or([].as_slice(), |n| n.status.volumes_in_use.as_slice());
        let mounted = self.attach.mounts.count(node);
        if mounted == told.len() && told.iter().zip(self.attach.mounts.on(node)).all(|(one, other)| same(one, other)) {
            return;
        }
        let any_is_new = || {
            let known: SortedSet<&Name> = told.iter().collect();
            self.attach.mounts.on(node).any(|volume| !known.contains(&volume))
        };
        if mounted > told.len() || any_is_new() {
            self.queue.push(self.now + self.timing.kubelet_writes, Event::NodeStatus(Rc::clone(node)));
        } else if mounted < told.len() {
            self.node_status_is_due(node);
        }
    }

    /// A kubelet reports its node's status, with the network volumes in use in `status.volumesInUse`.
    pub(super) fn tell_of_status(&mut self, node: &Name) {
        if !self.machines.get(node).is_some_and(Machine::connected) {
            return;
        }
        self.tell_of_node(node);
        let mounts: Vec<Name> = self.attach.mounts.on(node).cloned().collect();
        if self.server.tables().node("", node).is_some_and(|n| n.status.volumes_in_use != mounts) {
            let key = ObjectKey::global(Kind::Node, node);
            self.send(Actor::Kubelet(Rc::clone(node)), Request::Edit(key, Edit::VolumesInUse(mounts)));
        }
    }
}
