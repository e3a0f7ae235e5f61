//! Why a Deployment's condition Progressing is as it is.

use super::PROGRESSING;
use api::object::workload::DeploymentStatus;

base::named! {
    /// The reason of the condition Progressing. Models pkg/controller/deployment/util/deployment_util.go, its constants.
    ProgressReason {
        /// A ReplicaSet was created for the template.
        Created "NewReplicaSetCreated",
        /// One could not be created.
        CreateFailed "ReplicaSetCreateError",
        Found "FoundNewReplicaSet",
        /// The rollout moves on.
        Updated "ReplicaSetUpdated",
        /// The rollout is over.
        Available "NewReplicaSetAvailable",
        /// The rollout has not moved for as long as the deadline says.
        TimedOut "ProgressDeadlineExceeded",
        /// The rollout was paused.
        Paused "DeploymentPaused",
        /// The rollout was resumed.
        Resumed "DeploymentResumed",
    }
}

impl ProgressReason {
    /// The reason that a status tells; `None` where it tells none, or one that nobody but a client can have written.
    pub fn told(status: &DeploymentStatus) -> Option<Self> {
        let reason = &status.condition(PROGRESSING)?.condition.reason;
        Self::named(reason)
    }
}
