//! What is taken to be so in the cluster of a manifest.

use api::object::Name;
use api::object::node::Capacity;
use text::ANALYSIS;

/// Something that is taken to be so in a new cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// So many nodes of one size: no text brings any.
    Nodes { count: usize, capacity: Capacity },
    /// The class of claims that name none.
    Default { class: Name, on_nodes: bool },
    /// Classes whose volumes go with their claims.
    Reclaims { classes: Vec<Name> },
    /// Namespaces that no text brings.
    Namespaces { names: Vec<Name> },
    /// The release of the cluster.
    Release { name: &'static str },
}

impl Fact {
    /// The fact in a sentence.
    pub fn told(&self) -> String {
        let words = ANALYSIS.risks;
        match self {
            Fact::Nodes { count, capacity: Capacity { cpu_milli, memory, .. } } => {
                let cpus = usize::try_from(cpu_milli / 1000).unwrap_or_default();
                words.assumed_nodes(*count, cpus, &text::bytes(memory.unsigned_abs()))
            }
            Fact::Default { class, on_nodes } => words.assumed_default(class, *on_nodes),
            Fact::Reclaims { classes } => words.assumed_reclaim(&classes.join(", ")),
            Fact::Namespaces { names } => words.assumed_namespaces(&names.join(", ")),
            Fact::Release { name } => words.assumed_release(name),
        }
    }
}
