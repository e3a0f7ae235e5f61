//! How the content of a namespace, or of a CustomResourceDefinition, is deleted before the object itself.

use base::with_fields;

with_fields! {
    /// How far the deletion has come.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ContentDeletion {
        /// Pods are deleted first; this many are left.
        Pods(count: i64),
        /// Everything else is deleted; this many objects are left.
        Content(count: i64),
        /// Nothing is left, and the object is removed.
        Done,
    }
}
