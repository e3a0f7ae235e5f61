//! What Kubernetes and kubectl say or do differently today from what most guides show, and since which release.
//!
//! Promises: each change names the release it came with. Must not know: how output is rendered in the classic form, which is up to
//! `kubectl::form`, nor how users are told.

base::with_fields! {
    /// A difference between today's behaviour and what guides show.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Change {
        /// `pod "web-0" deleted from default namespace`
        DeletedFrom,
        /// `Warning:`, not `warning:`, in front of the risk of `--force`.
        ForceWarning,
        /// Each immutable field of a StatefulSet is refused separately.
        ImmutableFields,
        /// `maxUnavailable` in every rolling update.
        MaxUnavailable,
        /// The column VOLUMEATTRIBUTESCLASS.
        AttributesClass,
        /// The deprecation warning about Endpoints.
        EndpointsWarning,
        /// What `describe` shows of a set, its ports, probes and events.
        Description,
        /// No `creationTimestamp: null` in pod templates.
        TemplateTimestamp,
        /// The warning printed by `rollout undo`.
        UndoWarning,
        /// The end of the FailedScheduling message.
        SchedulingWords,
        /// `Terminating`, not `Unknown`, on a silent node.
        NodeLost,
        /// `Completed`, not `Terminating`, once a pod's containers have ended.
        FinishedPhase,
        /// The architecture after a node's kernel version.
        KernelArchitecture,
        /// An API version that is no longer served, since the release given.
        RemovedVersion(since: &'static str),
    }
}

/// The release of Kubernetes with which each change came.
const SINCE: [(Change, &str); 13] = [
    (Change::DeletedFrom, "1.34"),
    (Change::ForceWarning, "1.23"),
    (Change::ImmutableFields, "1.37"),
    (Change::MaxUnavailable, "1.37"),
    (Change::AttributesClass, "1.29"),
    (Change::EndpointsWarning, "1.33"),
    (Change::Description, "1.37"),
    (Change::TemplateTimestamp, "1.34"),
    (Change::UndoWarning, "1.36"),
    (Change::SchedulingWords, "1.34"),
    (Change::NodeLost, "1.13"),
    (Change::FinishedPhase, "1.27"),
    (Change::KernelArchitecture, "1.36"),
];

/// API versions that guides still use, and the release since which each is no longer served.
const REMOVED_VERSIONS: [(&str, &str); 7] = [
    ("extensions/v1beta1", "1.16"),
    ("apps/v1beta1", "1.16"),
    ("apps/v1beta2", "1.16"),
    ("policy/v1beta1", "1.25"),
    ("batch/v1beta1", "1.25"),
    ("autoscaling/v2beta1", "1.25"),
    ("autoscaling/v2beta2", "1.26"),
];

impl Change {
    /// The release of Kubernetes with which it came: `1.34`.
    pub fn since(self) -> &'static str {
        match self {
            Change::RemovedVersion(since) => since,
            other => SINCE.iter().find(|(change, _)| *change == other).map_or("", |(_, since)| since),
        }
    }

    /// Whether the classic form of the output undoes it.
    pub fn is_form(self) -> bool {
        !matches!(self, Change::RemovedVersion(_))
    }

    /// The removal of an API version, if guides still use it.
    pub fn removed_version(version: &str) -> Option<Change> {
        REMOVED_VERSIONS.iter().find(|(removed, _)| *removed == version).map(|(_, since)| Change::RemovedVersion(since))
    }
}
