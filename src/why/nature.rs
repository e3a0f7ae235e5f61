//! What reasons have in common, for whoever has no words for each of them.

use crate::api::object::Name;
use crate::why::{Emptying, Reason};

/// What is wrong with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its own template, or what that refers to, keeps it from being Ready.
    Template,
    /// A container of it does not stay up.
    Restarts,
    /// Something else that it needs.
    Elsewhere,
}

/// What a reason is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature<'a> {
    /// Whether something is deleted by it.
    pub deletes: bool,
    /// What it says is wrong with a pod; nothing where that only takes its time.
    pub trouble: Option<Trouble>,
    /// Whether it cannot be read from what the API server shows, or looks like another there: a container that was ended because it did
    /// not answer looks like one that crashed.
    pub only_its_kubelet_knows: bool,
    /// The container that it names.
    pub container: Option<&'a Name>,
    /// The image that it names.
    pub image: Option<&'a Name>,
}

impl Reason {
    /// What it is like.
    pub fn nature(&self) -> Nature<'_> {
        let plain = Nature { deletes: false, trouble: None, only_its_kubelet_knows: false, container: None, image: None };
        let told = Nature { only_its_kubelet_knows: true, ..plain };
        match self {
            Reason::ReplacingTerminalPod { .. }
            | Reason::RemovingPod { .. }
            | Reason::ReplacingForUpdate { .. }
            | Reason::RemovingReplicas { .. }
            | Reason::ForgettingReplicaSet { .. }
            | Reason::ReclaimsVolume
            | Reason::OwnerGone(..)
            | Reason::EvictedByTaint { .. }
            | Reason::Preempted { .. }
            | Reason::NodeObjectGone { .. }
            | Reason::NodeIsOutOfService { .. }
            | Reason::NeverHadNode
            | Reason::Emptying(Emptying::Pods(_) | Emptying::Content(_)) => Nature { deletes: true, ..plain },
            Reason::Unschedulable { .. } | Reason::SchedulingGated(..) => Nature { trouble: Some(Trouble::Template), ..plain },
            Reason::MissingReference { .. } | Reason::ReadinessGatesClosed(..) => Nature { trouble: Some(Trouble::Template), ..told },
            Reason::InvalidImageName { image, .. } => Nature { trouble: Some(Trouble::Template), image: Some(image), ..told },
            Reason::ProbeFails { container, .. } => Nature { trouble: Some(Trouble::Template), container: Some(container), ..told },
            Reason::CrashLoop { container, .. }
            | Reason::CannotStart { container, .. }
            | Reason::OutOfMemory { container, .. }
            | Reason::HookFailed { container }
            | Reason::FailedProbe { container, .. } => Nature { trouble: Some(Trouble::Restarts), container: Some(container), ..told },
            Reason::NodeIsSilent { .. } => Nature { trouble: Some(Trouble::Elsewhere), ..plain },
            Reason::WaitsForClaim(..) => Nature { trouble: Some(Trouble::Elsewhere), ..told },
            Reason::ImagePullFails { image } => Nature { trouble: Some(Trouble::Elsewhere), image: Some(image), ..plain },
            Reason::SupposedReady { image } => Nature { image: Some(image), ..told },
            Reason::HookRuns { container } => Nature { container: Some(container), ..told },
            Reason::InitContainerRuns { container } => Nature { container: Some(container), ..plain },
            Reason::PastDeadline { .. } => told,
            Reason::CacheBehindOwnWrites
            | Reason::ClaimingPods
            | Reason::WorkloadIsBeingDeleted
            | Reason::CreatingPod { .. }
            | Reason::CreatingPods { .. }
            | Reason::StaleClaim { .. }
            | Reason::ClaimIsBeingDeleted { .. }
            | Reason::NameTaken { .. }
            | Reason::WaitsForPodToGo { .. }
            | Reason::WaitsForPodToBeReady { .. }
            | Reason::WaitsForPodToBeAvailable { .. }
            | Reason::RepairingPod { .. }
            | Reason::MarkingClaims
            | Reason::WaitsForRemovedPod { .. }
            | Reason::RemovalWaitsForLower { .. }
            | Reason::UpdateWaitsForUnavailable { .. }
            | Reason::OnDeleteWaitsForYou { .. }
            | Reason::BelowPartition { .. }
            | Reason::UnknownStrategy
            | Reason::UpToDate
            | Reason::SyncFailed { .. }
            | Reason::ClaimingReplicaSets
            | Reason::CreatingReplicaSet { .. }
            | Reason::ReplicaSetNameTaken { .. }
            | Reason::ScalingReplicaSet { .. }
            | Reason::RolloutPaused
            | Reason::RolloutWaitsForPods { .. }
            | Reason::UpdateWaitsForNodes { .. }
            | Reason::RolloutWaitsForOldPods { .. }
            | Reason::SizeIsNotNoted(..)
            | Reason::RolloutTimedOut { .. }
            | Reason::CreatingReplicas { .. }
            | Reason::ReplicasNotAvailable { .. }
            | Reason::JobRuns { .. }
            | Reason::BacksOff { .. }
            | Reason::JobIsSuspended
            | Reason::JobWaitsForPods { .. }
            | Reason::JobIsLeftTo { .. }
            | Reason::JobIsComplete
            | Reason::JobHasFailed { .. }
            | Reason::ScheduleIgnored
            | Reason::CreatingOnNodes { .. }
            | Reason::NoMetrics
            | Reason::Rescales { .. }
            | Reason::ScalingIsOff
            | Reason::NoScaleTarget { .. }
            | Reason::WaitsForVolumes { .. }
            | Reason::WaitsForPreempted { .. }
            | Reason::Assigned { .. }
            | Reason::WaitsForFirstConsumer
            | Reason::NoStorageClass
            | Reason::StorageClassNotFound { .. }
            | Reason::WaitsForProvisioner { .. }
            | Reason::VolumeGoes { .. }
            | Reason::NoVolumeFits
            | Reason::WaitsForVolume { .. }
            | Reason::VolumeLost { .. }
            | Reason::NoProvisionerRuns { .. }
            | Reason::MayNotGrow { .. }
            | Reason::ProvisionerRefuses { .. }
            | Reason::VolumeDoesNotSuit { .. }
            | Reason::VolumeStays { .. }
            | Reason::ClaimBound { .. }
            | Reason::ClaimInUse { .. }
            | Reason::VolumeInUse { .. }
            | Reason::VolumeTaken { .. }
            | Reason::AttachesVolume { .. }
            | Reason::VolumeAttached { .. }
            | Reason::WaitsForDetach { .. }
            | Reason::WaitsForUnmount { .. }
            | Reason::DetachesVolume { .. }
            | Reason::StartingContainers
            | Reason::NotReadyYet
            | Reason::PodIsReady
            | Reason::ProcessesEnded
            | Reason::StoppingContainers
            | Reason::OwnerOfUnknownKind(..)
            | Reason::WaitsForDependents { .. }
            | Reason::OrphansDependents
            | Reason::HeldByFinalizer { .. }
            | Reason::NodeIsHeard
            | Reason::NodeFellSilent { .. }
            | Reason::EvictionIsPaced
            | Reason::ZoneIsSilent
            | Reason::NobodyIsHeard
            | Reason::NodeIsEmptied { .. }
            | Reason::ToleratesTaintFor { .. }
            | Reason::ToleratesTaint { .. }
            | Reason::EvictionCalledOff
            | Reason::WaitsForNodeToReturn { .. }
            | Reason::DisruptionsAllowed { .. }
            | Reason::NoDisruptionAllowed(..)
            | Reason::EvictionRefused { .. }
            | Reason::NoPodsSelected
            | Reason::BudgetUnclear { .. }
            | Reason::Slices(..)
            | Reason::Endpoints(..)
            | Reason::Mirroring(..)
            | Reason::Upkeep(..)
            | Reason::Emptying(_) => plain,
        }
    }
}
