//! Who is told of a change, once the watching components see it.
//!
//! What a controller makes of it is declared with the controller.

use super::Sim;
use api::kind::Kind;
use api::object::Object;
use control::registration::Effect;
use control::tell;
use server::log::Change;

impl Sim {
    /// Tells the components of a change.
    pub(super) fn route(&mut self, change: &Change) {
        match change.key.kind {
            Kind::Service => self.miss_own_service(change),
            Kind::Node => self.kubelet_sees_node(change),
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
        self.tell_controllers(change, true);
        self.drivers_see(change);
        self.placement_sees(change);
    }

    /// Tells the controllers of a change, or those that are told of it last, and carries out what comes of it.
    fn tell_controllers(&mut self, change: &Change, last: bool) {
        for effect in self.with_view(|view, memory| tell(view, memory, change, last)) {
            match effect {
                Effect::Wake(wake) => self.wake(&wake),
                Effect::Say(pending_event) => self.say(*pending_event),
            }
        }
    }
}
