//! Why a Service's EndpointSlices are written, or not.

use crate::api::object::Name;

/// What the EndpointSlice controller decided about a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slices {
    /// The slices follow the pods that the Service selects.
    FollowPods(EndpointChanges),
    /// The slices get the Service's labels, or ones that are empty or belong to an earlier Service go.
    FollowService,
    /// They show the pods that the Service selects.
    AreCurrent,
    /// The Service has no selector, so they are left to whoever makes them.
    AreLeftToOthers,
    /// The Service stands for an external name, and has none.
    AreNotNeeded,
}

/// Pods whose endpoints are added, changed or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointChanges {
    /// Pods that get an endpoint.
    pub added: Vec<Name>,
    /// Pods whose endpoint changes, also where it moves to another slice.
    pub changed: Vec<Name>,
    /// Pods that lose theirs.
    pub removed: Vec<Name>,
}

impl EndpointChanges {
    /// Whether there are none.
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// The same changes, where what was removed at one place and added at another counts as changed.
    #[must_use]
    pub fn joined(mut self) -> EndpointChanges {
        let (moved, added): (Vec<Name>, Vec<Name>) =
            std::mem::take(&mut self.added).into_iter().partition(|pod| self.removed.contains(pod));
        self.removed.retain(|pod| !moved.contains(pod));
        self.changed.extend(moved);
        EndpointChanges { added, ..self }
    }
}
