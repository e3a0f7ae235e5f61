//! Who is told of a change, once the watching components see it.
//!
//! What a controller makes of it is declared with the controller.

use std::rc::Rc;

use super::Sim;
use api::kind::Kind;
use api::object::{Name, Object};
use api::release::Release;
use control::registration::Effect;
use control::{Memories, is_told_last, tell};
use server::log::{Actor, Change};

impl Sim {
    /// Replaces the control plane by one of another release, which begins as any does: it lists every object, and decides about it anew.
    /// Not modelled: the moments without a control plane, and fields that a newer server fills in as it reads what is stored.
    pub fn upgrade(&mut self, release: &'static Release) {
        let names: Vec<Name> = self.cache.tables.nodes().map(|node| Rc::clone(&node.meta.name)).collect();
        (self.server.release, self.memory) = (release, Memories::knowing(&names));
        let kinds: Vec<Kind> = self.cache.tables.kinds().collect();
        let objects: Vec<Object> = kinds.into_iter().flat_map(|kind| self.cache.tables.all(kind)).cloned().collect();
        for object in objects {
            let (key, revision, after) = (object.key(), object.meta().revision, Some(object));
            let listed = Change { revision, at: self.now, key, before: None, after, by: Actor::Setup, signed: None };
            self.tell_controllers(&listed, false);
            self.tell_controllers(&listed, true);
        }
    }

    /// Tells the components of a change.
    pub(super) fn route(&mut self, change: &Change) {
        match change.key.kind {
            Kind::Service => self.miss_own_service(change),
            Kind::Node => self.kubelet_sees(change),
            _ => {}
        }
        self.tell_controllers(change, false);
        match change.object() {
            Some(Object::Pod(_)) => self.kubelet_sees(change),
            Some(Object::Claim(_)) => {
                self.provisioner_sees(change);
                self.expander_sees(change);
            }
            Some(Object::Volume(volume)) if change.after.is_none() => self.provisioner_misses(volume),
            _ => {}
        }
        if is_told_last(change.key.kind) {
            self.tell_controllers(change, true);
        }
        self.drivers_see(change);
        self.placement_sees(change);
    }

    /// Tells the controllers of a change, or those that are told of it last, and carries out what comes of it.
    fn tell_controllers(&mut self, change: &Change, last: bool) {
        let mut effects = std::mem::take(&mut self.effects);
        self.with_view(|view, memory| tell(view, memory, change, last, &mut effects));
        for effect in effects.drain(..) {
            match effect {
                Effect::Wake(wake) => self.wake(&wake),
                Effect::Say(pending_event) => self.say(*pending_event),
            }
        }
        self.effects = effects;
    }
}
