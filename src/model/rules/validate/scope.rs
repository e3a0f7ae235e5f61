//! What validating a container requires to know about its pod.

use base::sorted::{SortedMap, SortedSet};
use base::value::Value;

/// The valid volumes of a pod by name, for mounts to refer to.
pub type Volumes<'a> = SortedMap<&'a str, &'a Value>;

/// What validating a container requires to know about its pod.
#[derive(Debug)]
pub struct PodScope<'a> {
    /// The valid volumes by name.
    pub volumes: Volumes<'a>,
    /// The names of resource claims.
    pub claims: SortedSet<&'a str>,
    /// `terminationGracePeriodSeconds`.
    pub grace_period: Option<i64>,
    /// `restartPolicy`.
    pub restart_policy: &'a str,
    /// Whether the pod shares the host's user namespace.
    pub host_users: bool,
}
