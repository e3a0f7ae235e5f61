//! The sets that were deleted: what they have left behind is drawn as theirs.

use std::rc::Rc;

use api::object::{Object, StatefulSet};
use server::log::Change;

/// Keeps a set that is deleted, until there is another of its name.
pub fn note(gone: &mut Vec<Rc<StatefulSet>>, change: &Change) {
    let [before, after] = change.sides(Object::as_stateful_set);
    let Some(set) = before.or(after) else { return };
    gone.retain(|other| other.meta.namespaced_name() != set.meta.namespaced_name());
    if after.is_none() {
        let mut set = StatefulSet::clone(set);
        set.spec.set(&["replicas"], 0);
        gone.push(Rc::new(set));
    }
}
