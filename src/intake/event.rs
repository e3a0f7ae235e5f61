//! Events of a pasted cluster.

use base::time::Time;

/// An Event, as far as it tells anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The kind, namespace and name of what it is about.
    pub about: (String, String, String),
    pub reason: String,
    pub message: String,
    pub last: Option<Time>,
    /// The component that reported it.
    pub source: String,
}
