//! Manifests for a visitor to start with.

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Three pods in order, each with a volume: the first visit's.
    Ordered,
    /// A primary and replicas, on volumes that any node can reach.
    Replicas,
    /// A quorum of three, each on a volume of its node.
    Quorum,
    /// Nothing: for tutorials that bring all they need.
    Empty,
}

impl Example {
    /// All examples, in the order in which they are offered.
    pub const ALL: [Example; 4] = [Example::Ordered, Example::Replicas, Example::Quorum, Example::Empty];

    /// The example's manifest.
    pub fn manifest(self) -> &'static str {
        match self {
            Example::Ordered => super::EXAMPLE,
            Example::Replicas => include_str!("examples/replicas.yaml"),
            Example::Quorum => include_str!("examples/quorum.yaml"),
            Example::Empty => "",
        }
    }
}
