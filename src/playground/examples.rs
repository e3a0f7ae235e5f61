//! Manifests for a visitor to start with.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Three pods in order, each with a volume: the first visit's.
    Ordered,
    /// Ordinal 0 takes writes, the others copy it; on volumes that every node reaches.
    Replicas,
    /// Three of which more than half have to agree; each on a volume of its node.
    Quorum,
}

impl Example {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Example; 3] = [Example::Ordered, Example::Replicas, Example::Quorum];

    /// The manifest.
    pub fn manifest(self) -> &'static str {
        match self {
            Example::Ordered => super::EXAMPLE,
            Example::Replicas => include_str!("examples/replicas.yaml"),
            Example::Quorum => include_str!("examples/quorum.yaml"),
        }
    }
}
