//! An index of dependents by their owners' uids.
//!
//! Promises: consistent with the changes it has been shown; an owner need not exist.

use api::object::{Object, ObjectKey, Uid};
use base::sorted::{SortedMap, SortedSet};

/// Dependents by the uid of their owner.
#[derive(Clone, Debug, Default)]
pub struct Dependents(SortedMap<Uid, SortedSet<ObjectKey>>);

impl Dependents {
    /// The objects with an owner reference to this uid.
    pub fn of(&self, owner: Uid) -> impl Iterator<Item = &ObjectKey> {
        self.0.get(&owner).into_iter().flatten()
    }

    /// Updates the index for a change of an object.
    pub fn see(&mut self, key: &ObjectKey, before: Option<&Object>, after: Option<&Object>) {
        if before.zip(after).is_some_and(|(before, after)| before.meta().owners == after.meta().owners) {
            return;
        }
        let uids = |side| Option::into_iter(side).flat_map(|o: &Object| &o.meta().owners).map(|owner| owner.uid);
        for uid in uids(before) {
            if let Some(keys) = self.0.get_mut(&uid) {
                keys.remove(key);
                if keys.is_empty() {
                    self.0.remove(&uid);
                }
            }
        }
        for uid in uids(after) {
            self.0.entry(uid).or_default().insert(key.clone());
        }
    }
}
