//! What the controllers remember between syncs, in one place: whoever is told of a change may take it in.

use api::object::Name;

/// What the controllers remember between syncs, each for itself.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    pub(crate) attach_detach: crate::attach_detach::Memory,
    pub(crate) daemon_sets: crate::daemon_set::back_off::Memory,
    pub(crate) endpoints: crate::endpoints::memory::Memories,
    pub(crate) evictions: crate::taint_eviction::Memory,
    pub(crate) jobs: crate::job::back_off::Memory,
    pub(crate) nodes: crate::node_lifecycle::memory::Memory,
    pub(crate) pod_gc: crate::pod_gc::Memory,
    pub(crate) slices: crate::endpoint_slice::memory::Memories,
}

impl Memories {
    /// Those of controllers that know these nodes already.
    pub fn knowing(nodes: &[Name]) -> Self {
        Memories { nodes: crate::node_lifecycle::memory::Memory::knowing(nodes), ..Memories::default() }
    }
}
