//! Why a Service's EndpointSlices and Endpoints are written, or not.

use api::object::Name;
use base::fields::{Field, Fields};
use base::with_fields;

/// How many pods are named before they are only counted.
const NAMED: usize = 3;

with_fields! {
    /// What the EndpointSlice controller decided about a Service.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Slices {
        /// The slices follow the pods that the Service selects.
        FollowPods(changes: EndpointChanges),
        /// The slices get the Service's labels, or ones that are empty or belong to an earlier Service go.
        FollowService,
        /// They show the pods that the Service selects.
        AreCurrent,
        /// The Service has no selector, so they are left to whoever makes them.
        AreLeftToOthers,
        /// The Service stands for an external name, and has none.
        AreNotNeeded,
    }
}

with_fields! {
    /// What the Endpoints controller decided about Endpoints.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum EndpointsUpkeep {
        /// They follow the pods that the Service selects, and its labels.
        FollowPods,
        /// They show the pods that the Service selects.
        AreCurrent,
        /// The Service has no selector or stands for an external name, so they are left as somebody made them.
        AreLeftAlone,
        /// Their Service is gone, and they go, too.
        GoWithService,
    }
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

/// Under its name a list: for each way to change which pods there are, that way, the first pods, and how many more there are.
impl Field for EndpointChanges {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        let ways = [("added", &self.added), ("changed", &self.changed), ("removed", &self.removed)];
        let way = |(way, pods): (&'static str, &Vec<Name>)| {
            let mut fields = Fields::default();
            way.put("change", &mut fields);
            pods[..pods.len().min(NAMED)].to_vec().put("pods", &mut fields);
            fields.number("more", i64::try_from(pods.len().saturating_sub(NAMED)).unwrap_or(i64::MAX));
            fields
        };
        fields.list(name, ways.into_iter().filter(|(_, pods)| !pods.is_empty()).map(way).collect());
    }
}
