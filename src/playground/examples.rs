//! Manifests that a visitor can begin with, besides that of the first visit.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Ordinal 0 takes writes, the others copy it; on volumes that every node reaches.
    Replicas,
    /// Three of which more than half have to agree; each on a volume of its node.
    Quorum,
}

impl Example {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Example; 2] = [Example::Replicas, Example::Quorum];

    /// The manifest.
    pub fn manifest(self) -> &'static str {
        match self {
            Example::Replicas => include_str!("examples/replicas.yaml"),
            Example::Quorum => include_str!("examples/quorum.yaml"),
        }
    }
}
