//! Lines about nodes.

use crate::Instant;
use crate::command::{self, Entry, Naming, taint, uncordon};
use api::kind::Kind;
use api::object::node::OUT_OF_SERVICE_TAINT;

/// What can be done to a node that takes no pods: let it take some, or empty it.
pub fn of_closed(shot: &Instant, name: &str) -> [Entry; 2] {
    [Entry::new(shot.text().node.uncordon(), uncordon(name)), drain(shot, name)]
}

/// Empties a node.
pub fn drain(shot: &Instant, name: &str) -> Entry {
    Entry::new(shot.text().node.drain(), command::drain(name))
}

/// Starts a machine, or gives it its network back.
pub fn start(shot: &Instant, name: &str) -> Entry {
    Entry::new(shot.text().node.start(name), Naming::default().playground("start", Kind::Node, name))
}

/// Deletes the node's object.
pub fn delete(shot: &Instant, name: &str) -> Entry {
    Entry::new(shot.text().node.delete(name), Naming::default().delete(Kind::Node, name))
}

/// Tells the control plane that the machine is off.
pub fn out_of_service(shot: &Instant, name: &str) -> Entry {
    Entry::new(shot.text().node.out_of_service(), taint(name, &format!("{OUT_OF_SERVICE_TAINT}=nodeshutdown:NoExecute")))
}
