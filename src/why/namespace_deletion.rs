//! What a namespace that is being deleted waits for.

use crate::base::fields::with_fields;

with_fields! {
    /// How far the namespace controller has come.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum NamespaceDeletion {
        /// Its pods go first: so many are left.
        Pods(count: i64),
        /// All else goes with it: so many objects are left.
        Content(count: i64),
        /// It is empty, and is removed.
        Done,
    }
}
