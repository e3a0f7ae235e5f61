//! The remedies, and which of them end what.
//!
//! Promises: whoever offers lines that end a wait has them from here, whether he knows a reason or a cause.

use super::case::{Case, Cure, Cures};
use super::{objects, placement, ready, template, volumes};
use api::kind::Kind;
use api::obstacle::Obstacle;
use sayings::Remedy as Known;
use why::{Cause, Family, Reason};

/// Makes the enum of remedies from their rows, by the module with the lines. A row has the catalogue's word, the function that makes the
/// lines, and a mark where the data of a claim goes with them.
macro_rules! remedies {
    ($($module:ident: $($one:ident $known:ident $lines:ident $($gives_up:ident)?),*;)*) => {
        /// What can be done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Remedy {
            $($($one,)*)*
        }

        impl Remedy {
            /// All of them.
            pub const ALL: &'static [Remedy] = &[$($(Remedy::$one),*),*];

            /// What the catalogue calls it.
            pub const fn known(self) -> Known {
                match self {
                    $($(Remedy::$one => Known::$known,)*)*
                }
            }

            /// Whether the data of a claim goes.
            const fn gives_up(self) -> bool {
                match self {
                    $($(Remedy::$one => !stringify!($($gives_up)?).is_empty(),)*)*
                }
            }

            /// The ways that it offers; may be none.
            pub(super) fn cures(self, case: &Case) -> Vec<Cure> {
                let lines: fn(&Case) -> Cures = match self {
                    $($(Remedy::$one => $module::$lines,)*)*
                };
                let mut all = lines(case).unwrap_or_default();
                all.iter_mut().for_each(|cure| cure.gives_up = self.gives_up());
                all
            }
        }
    };
}

remedies! {
    template:
        MendImage Image mend_image,
        OtherImage Image other_image,
        MayPull ImageThere may_pull,
        MayBeRoot Template may_be_root,
        Undo Template undo,
        Password Password password,
        OtherCommand Template other_command,
        WholeName Template whole_name,
        NoProbe Probe no_probe,
        ProbePort Probe probe_port,
        NoReadinessGates Gate no_readiness_gates,
        NoSchedulingGates Gate no_scheduling_gates,
        DefaultScheduler Scheduler default_scheduler,
        Less Room less,
        NoRule Placement no_rule,
        Requests TemplateAlone requests,
        Limits TemplateAlone limits,
        FewerRights Policy fewer_rights;
    objects:
        Delete DeletePod delete,
        DeleteTrapped DeletePod delete_trapped,
        DeleteOld DeletePod delete_old,
        DeleteClaim DeletePod delete gives_up,
        Rolling DeletePod rolling,
        Partition Partition partition,
        Resume Time resume,
        UndoDeployment Template undo_deployment,
        NoteSize Time note_size,
        Watch Time watch,
        LetGo Finalizer let_go,
        RaiseQuota Quota raise_quota,
        DefaultRequests TemplateAlone default_requests,
        MakeMissing Create make_missing,
        AddKey Create add_key,
        Enforce Policy enforce,
        LookAgain Time look_again,
        OpenGates Gate open_gates,
        Ungate Gate ungate,
        LetOneGo Budget let_one_go,
        OneMore Budget one_more,
        Service Service service;
    ready:
        Publish Parallel publish,
        Ready Ready ready;
    placement:
        Start NodeBack start,
        SayOff NodeBack say_off,
        Force NodeBack force,
        DeleteNode NodeBack delete_node,
        Uncordon Uncordon uncordon,
        Untaint Taint untaint,
        Label Placement label,
        Places Placement places,
        LabelAndPlaces Placement label_and_places,
        Selector Placement selector,
        AddNodes Room add_nodes,
        OthersAway Room others_away,
        Fewer ScaleDown fewer,
        FewerSharing ScaleDown fewer_sharing,
        Together Placement together,
        DeleteOthers Placement delete_others;
    volumes:
        DefaultClass Class default_class,
        Class Class class,
        OtherClass NewSet other_class,
        SameClaim ClaimRef same_claim,
        AnyClaim ClaimRef any_claim,
        Volume Volume volume,
        LocalVolume Volume local_volume,
        VolumeAgain Volume volume_again,
        LetGrow Class let_grow,
        RunProvisioner Provisioner run_provisioner,
        ClaimAnew ClaimAnew claim_anew,
        ClaimLost ClaimAnew claim_lost gives_up,
        OtherDisk ClaimAnew other_disk gives_up;
}

/// What is offered together. Of several tiers, only the first that offers anything counts; of its ways, harmful ones where there are no
/// others.
pub(super) type Tier = &'static [Remedy];

/// What ends a wait for a reason.
pub(super) fn of_reason(because: &Reason) -> &'static [Tier] {
    use Remedy::*;
    match because {
        Reason::NotReadyYet | Reason::ProbeFails { .. } => &[&[Publish, Ready]],
        Reason::ImagePullFails { .. } => &[&[MendImage]],
        Reason::CrashLoop { .. } | Reason::CannotStart { .. } | Reason::FailedProbe { .. } | Reason::OutOfMemory { .. } => {
            &[&[MendImage], &[Undo], &[Password], &[OtherCommand], &[NoProbe]]
        }
        Reason::InitContainerRuns { .. } => &[&[WholeName]],
        Reason::InvalidImageName { .. } => &[&[Undo], &[OtherImage]],
        Reason::RunsAsRoot { .. } => &[&[Undo, MayBeRoot]],
        Reason::ReadinessGatesClosed(..) => &[&[OpenGates]],
        Reason::SchedulingGated(..) => &[&[Ungate]],
        Reason::Unschedulable { .. } => {
            &[&[Start, Uncordon, Untaint, Label, Places, OtherDisk], &[LabelAndPlaces], &[Undo], &[Less, AddNodes, Fewer]]
        }
        Reason::SyncFailed { obstacle: Some(obstacle), .. } | Reason::MissingReference { missing: obstacle, .. } => of_obstacle(obstacle),
        Reason::StaleClaim { .. } => &[&[LookAgain]],
        Reason::NameTaken { .. } | Reason::ClaimInUse { .. } | Reason::OnDeleteWaitsForYou { .. } => &[&[Delete]],
        Reason::StorageClassNotFound { .. } => &[&[ClaimAnew], &[Class]],
        Reason::NoStorageClass => &[&[ClaimAnew], &[DefaultClass], &[Class]],
        Reason::ProvisionerRefuses { .. } => &[&[ClaimAnew], &[Volume]],
        Reason::NoProvisionerRuns { .. } => &[&[RunProvisioner]],
        Reason::NoVolumeFits | Reason::WaitsForVolume { .. } => &[&[Volume]],
        Reason::VolumeLost { .. } => &[&[VolumeAgain], &[ClaimLost]],
        Reason::VolumeInUse { .. } => &[&[DeleteClaim]],
        Reason::HeldByFinalizer { .. } => &[&[LetGo]],
        Reason::MayNotGrow { .. } => &[&[LetGrow]],
        Reason::BelowPartition { .. } => &[&[Partition]],
        Reason::RolloutPaused => &[&[Resume]],
        Reason::SizeIsNotNoted(..) => &[&[NoteSize]],
        Reason::RolloutTimedOut { .. } => &[&[UndoDeployment]],
        Reason::NoDisruptionAllowed(..) => &[&[LetOneGo, Delete]],
        Reason::WaitsForNodeToReturn { .. }
        | Reason::NodeIsSilent { .. }
        | Reason::EvictedByTaint { .. }
        | Reason::ToleratesTaintFor { .. }
        | Reason::NodeFellSilent { .. }
        | Reason::EvictionIsPaced
        | Reason::ZoneIsSilent
        | Reason::NobodyIsHeard => &[&[Start]],
        // Nobody waits, or the wait ends by itself or by what another reason along the chain says.
        _ => &[],
    }
}

/// What takes away what stands in the way.
fn of_obstacle(obstacle: &Obstacle) -> &'static [Tier] {
    use Remedy::*;
    match obstacle {
        Obstacle::MissingImage => &[&[Undo], &[MayPull]],
        Obstacle::Missing(..) => &[&[MakeMissing]],
        Obstacle::MissingKey(..) => &[&[AddKey]],
        Obstacle::Leaving(..) => &[&[LetGo]],
        Obstacle::Limit(Kind::ResourceQuota, _) | Obstacle::Unstated(..) => &[&[RaiseQuota, Delete]],
        Obstacle::PodSecurity { .. } => &[&[Enforce]],
        Obstacle::Limit(..) | Obstacle::Taken(..) | Obstacle::Invalid(..) => &[&[Delete]],
        Obstacle::MayNotGrow(..) => &[],
    }
}

/// What may end a cause, the least first: to be tried.
pub fn of_cause(cause: Cause) -> &'static [Remedy] {
    use Remedy::*;
    match cause {
        Cause::NoDefaultStorageClass => &[DefaultClass],
        Cause::StorageClassNotFound => &[Class, OtherClass],
        Cause::PvReleasedClaimRef => &[SameClaim, AnyClaim],
        Cause::PvReserved => &[AnyClaim, LocalVolume],
        Cause::PvTooSmall | Cause::NoVolumeFits => &[LocalVolume],
        Cause::InsufficientCpu | Cause::InsufficientMemory | Cause::InsufficientResources | Cause::TooManyPods | Cause::HostPortTaken => {
            &[Untaint, Uncordon, Selector, OthersAway, Fewer]
        }
        Cause::VolumeNodeUnavailable => &[Untaint, Uncordon, Selector, OthersAway, Fewer, ClaimLost],
        Cause::ExistingAntiAffinity => &[DeleteOthers, Untaint, Uncordon, Selector, Fewer],
        Cause::AntiAffinityTooFewNodes => &[Untaint, Uncordon, Selector, Fewer, Together],
        Cause::VolumeLimit => &[Untaint, Uncordon, Selector, Fewer],
        Cause::ServiceAccountMissing => &[MakeMissing],
        Cause::MountConfigMissing => &[MakeMissing, SayOff],
        Cause::ClaimInUse | Cause::PodCompleted => &[Delete],
        Cause::WrongPort => &[ProbePort, MakeMissing, OtherImage, Undo],
        Cause::QuotaMustSpecifyRequests => &[Requests, DefaultRequests],
        Cause::LimitRange => &[Limits],
        Cause::PodSecurityRestricted | Cause::PodSecurityBaseline => &[FewerRights, Enforce],
        Cause::GoverningServiceMissing => &[Service],
        Cause::MinReadySeconds | Cause::InProgress | Cause::GracePeriod => &[Watch],
        _ => of_family(cause.family()),
    }
}

fn of_family(family: Family) -> Tier {
    use Remedy::*;
    match family {
        Family::RollbackTrap => &[DeleteTrapped],
        Family::ContainerFails => &[MakeMissing, OtherImage, Undo],
        Family::OrderedGate => &[ProbePort, NoProbe, NoReadinessGates, MakeMissing, OtherImage, Undo],
        Family::OnDelete => &[DeleteOld, Rolling],
        Family::Partition => &[Partition],
        Family::ClaimPending => &[OtherClass],
        Family::ClaimGone => &[ClaimLost],
        Family::VolumeElsewhere => &[Untaint, Uncordon, Selector, Fewer, ClaimLost],
        Family::NoNodeFits => &[Untaint, Uncordon, Selector, Fewer, NoRule],
        Family::AttachOrMount => &[FewerSharing, SayOff],
        Family::NobodySchedules => &[Ungate, NoSchedulingGates, DefaultScheduler],
        Family::NodeSilent => &[SayOff, Force, DeleteNode],
        Family::IdentityConflict => &[Delete],
        Family::DrainBlocked => &[OneMore, LetOneGo],
        Family::HeldByFinalizer => &[LetGo],
        _ => &[],
    }
}
