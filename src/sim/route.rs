//! Who is told of a change, once the watching components see it.
//!
//! What a controller makes of it is declared with the controller.

use super::Sim;
use api::kind::Kind;
use api::object::Object;
use control::registration::{Effect, Watch};
use server::log::Change;

impl Sim {
    /// Tells the components of a change.
    pub(super) fn route(&mut self, change: &Change) {
        match change.key.kind {
            Kind::Service => self.miss_own_service(change),
            Kind::Node => self.kubelet_sees_node(change),
            _ => {}
        }
        self.let_watch(|watch| control::tell(watch, change));
        match change.object() {
            Some(Object::Pod(_)) => self.kubelet_sees(change),
            Some(Object::Claim(_)) => {
                self.provisioner_sees(change);
                self.expander_sees(change);
            }
            Some(Object::Volume(volume)) if change.after.is_none() => self.provisioner_misses(volume),
            _ => {}
        }
        self.let_watch(|watch| control::tell_last(watch, change));
        self.drivers_see(change);
        self.placement_sees(change);
    }

    /// Lets controllers watch, and carries out what comes of it.
    pub(super) fn let_watch(&mut self, act: impl FnOnce(&mut Watch)) {
        let effects = self.with_view(|view, memory| {
            let mut watch = Watch::new(view, memory);
            act(&mut watch);
            watch.effects
        });
        for effect in effects {
            match effect {
                Effect::Wake(wake) => self.wake(&wake),
                Effect::Say(pending_event) => self.say(*pending_event),
            }
        }
    }
}
