//! Why a Deployment's condition Progressing is as it is.

use super::PROGRESSING;
use api::object::workload::DeploymentStatus;

/// The reason of the condition Progressing. Models pkg/controller/deployment/util/deployment_util.go, its constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgressReason {
    /// A ReplicaSet was created for the template.
    Created,
    /// One could not be created.
    CreateFailed,
    Found,
    /// The rollout moves on.
    Updated,
    /// The rollout is over.
    Available,
    /// The rollout has not moved for as long as the deadline says.
    TimedOut,
    /// The rollout was paused.
    Paused,
    /// The rollout was resumed.
    Resumed,
}

impl ProgressReason {
    const ALL: [ProgressReason; 8] = [
        ProgressReason::Created,
        ProgressReason::CreateFailed,
        ProgressReason::Found,
        ProgressReason::Updated,
        ProgressReason::Available,
        ProgressReason::TimedOut,
        ProgressReason::Paused,
        ProgressReason::Resumed,
    ];

    /// As the condition has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ProgressReason::Created => "NewReplicaSetCreated",
            ProgressReason::CreateFailed => "ReplicaSetCreateError",
            ProgressReason::Found => "FoundNewReplicaSet",
            ProgressReason::Updated => "ReplicaSetUpdated",
            ProgressReason::Available => "NewReplicaSetAvailable",
            ProgressReason::TimedOut => "ProgressDeadlineExceeded",
            ProgressReason::Paused => "DeploymentPaused",
            ProgressReason::Resumed => "DeploymentResumed",
        }
    }

    /// The reason that a status tells; `None` where it tells none, or one that nobody but a client can have written.
    pub fn told(status: &DeploymentStatus) -> Option<Self> {
        let reason = &status.condition(PROGRESSING)?.condition.reason;
        Self::ALL.into_iter().find(|known| *known.as_str() == **reason)
    }
}
