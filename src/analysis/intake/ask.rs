//! What to ask for: the commands that print what decides a verdict and was not pasted.
//!
//! Promises: no kind is asked for that was pasted whole, no description that was pasted; a verdict that is not certain asks for something.

use super::report::Verdict;
use super::world::World;
use api::kind::Kind;
use api::object::ObjectKey;
use base::fields::Content;
use causes::blame::Sure;
use why::{Cause, Family};

/// What may be asked for.
#[derive(Clone, Copy)]
enum Ask {
    /// Objects of kinds, whole.
    Kinds(&'static [Kind]),
    /// The description of the object that a cause hangs on, with its Events.
    Describe,
    /// The log of a pod's containers; of those before the last restart.
    Logs {
        previous: bool,
    },
    Line(&'static str),
}

use Ask::{Describe, Kinds, Line};

const LOGS: Ask = Ask::Logs { previous: false };
const PREVIOUS: Ask = Ask::Logs { previous: true };
const SETS: Ask = Kinds(&[Kind::StatefulSet]);
const REVISIONS: Ask = Kinds(&[Kind::StatefulSet, Kind::Pod, Kind::ControllerRevision]);
const PLACES: Ask = Kinds(&[Kind::Node, Kind::Pod]);
const CLAIMS: Ask = Kinds(&[Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass]);
const ADMISSION: Ask = Kinds(&[Kind::ServiceAccount, Kind::ResourceQuota, Kind::LimitRange, Kind::Namespace]);
const UNSAID: Ask =
    Kinds(&[Kind::Event, Kind::VolumeAttachment, Kind::ServiceAccount, Kind::ResourceQuota, Kind::LimitRange, Kind::Namespace]);
const EVERYTHING: Ask = Kinds(&NEEDED);

/// The kinds that most diagnoses rest on. Workloads first: of these most is told.
pub const NEEDED: [Kind; 12] = [
    Kind::StatefulSet,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::StorageClass,
    Kind::Node,
    Kind::ControllerRevision,
    Kind::Service,
    Kind::ServiceAccount,
    Kind::ResourceQuota,
    Kind::PodDisruptionBudget,
    Kind::Event,
];

/// What may hold up a pod or a claim, and of which their own states need not tell.
pub(super) const HOLDS: [Kind; 11] = [
    Kind::Event,
    Kind::Pod,
    Kind::Node,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::StorageClass,
    Kind::VolumeAttachment,
    Kind::ServiceAccount,
    Kind::ResourceQuota,
    Kind::LimitRange,
    Kind::Namespace,
];
/// What disks hang on.
pub(super) const DISKS: [Kind; 3] = [Kind::PersistentVolumeClaim, Kind::PersistentVolume, Kind::StorageClass];

/// The kinds without which a cause may be another one.
pub(super) fn rests_on(cause: Cause) -> impl Iterator<Item = Kind> {
    let asked = of(cause).iter().flat_map(|ask| if let Kinds(kinds) = ask { *kinds } else { &[] });
    asked.chain(DISKS.iter().filter(move |_| cause.family() == Family::NoNodeFits)).copied()
}

/// What decides whether a cause is the true one, or what ends it; the most telling first.
fn of(cause: Cause) -> &'static [Ask] {
    use Cause::*;
    match cause {
        // What a process waits for, only it says.
        NeverReady | GateNeverReady | NotReady | WaitsForPeers | RollbackTrapNeverReady | Init => &[Describe, LOGS, SETS],
        CrashLoop | LivenessProbe | CannotStart | OutOfMemory | RollbackTrapCrash | CrashAllPodsAfterRollback => {
            &[PREVIOUS, Describe, REVISIONS]
        }
        ImagePull | ImagePullParallel | ImagePullDuringRollout | RollbackTrapImage => &[Describe, REVISIONS],
        ConfigMissing | MountConfigMissing => &[Describe, Line("kubectl get configmaps,secrets -A")],
        WrongPort | GateWrongPort | SubPath => &[SETS],
        PodCompleted => &[Line("kubectl version")],
        RuntimeHangs => &[Kinds(&[Kind::Node])],
        ReadinessGate | SchedulingGate | UnknownScheduler => &[Kinds(&[Kind::Pod])],
        InsufficientMemory
        | InsufficientResources
        | TooManyPods
        | HostPortTaken
        | PodAffinityNoMatch
        | AntiAffinityTooFewNodes
        | ExistingAntiAffinity
        | TopologySpread
        | NodeSelectorNoMatch
        | WffcWaitsForUnschedulablePod
        | UntoleratedTaint
        | Cordoned => &[PLACES, SETS],
        NoNodeFits | NotScheduled => &[Describe, Kinds(&[Kind::Node, Kind::Pod, Kind::PersistentVolumeClaim, Kind::PersistentVolume])],
        VolumeNodeDeleted | VolumeNodeUnavailable => &[Kinds(&[Kind::PersistentVolume, Kind::Node])],
        NoDefaultStorageClass | StorageClassNotFound => &[Kinds(&[Kind::StorageClass])],
        ProvisionerNotRunning => &[CLAIMS, Line("kubectl get pods -A")],
        ProvisionerRefuses => &[Line("kubectl get pods -A -o wide"), CLAIMS],
        PvReleasedClaimRef | PvReserved | PvTooSmall | NoVolumeFits | ClaimPending | NotPasted | PvcMissing | PvcLost => &[CLAIMS],
        WaitsForPod => &[Kinds(&[Kind::Pod, Kind::Event])],
        Attach | Mount | MultiAttach | CsiDriverMissing | VolumeLimit => {
            &[Describe, Kinds(&[Kind::VolumeAttachment, Kind::CSINode, Kind::Pod])]
        }
        ServiceAccountMissing | QuotaMustSpecifyRequests | QuotaExceeded | LimitRange | PodSecurityRestricted | PodSecurityBaseline => {
            &[ADMISSION]
        }
        Webhook | WebhookSilent => &[Line("kubectl get validatingwebhookconfiguration,mutatingwebhookconfiguration,svc -A -o yaml")],
        Refused => &[Describe, ADMISSION, Line("kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding -o yaml")],
        NameLeaving | NameTaken | HiddenReason | NotCounted => &[Kinds(&[Kind::StatefulSet, Kind::Pod, Kind::Node])],
        TwoSetsOneSelector | OnDelete | Partition | Complete | MinReadySeconds | RolloutWaits | RevisionsDiffer => &[REVISIONS],
        KubeletRefuses | PodFailed => &[Describe, PLACES],
        Evicted => &[Line("kubectl describe nodes")],
        NodeUnreachable | NodeUnreachablePodTerminating => &[Kinds(&[Kind::Node])],
        KubeletDoesNotEndIt | GracePeriod | VolumeOwnership => &[Describe, Kinds(&[Kind::Pod, Kind::Event, Kind::Node])],
        PodFinalizer | PvcTerminatingFinalizer | PvcTerminating | ClaimInUse | ForegroundDeletionFinalizer | Leaving | Finalizer => {
            &[Kinds(&[Kind::PersistentVolumeClaim, Kind::Pod])]
        }
        NamespaceTerminating => &[Kinds(&[Kind::Namespace, Kind::Pod, Kind::PersistentVolumeClaim, Kind::StatefulSet])],
        BudgetAllowsNone => &[Line("kubectl describe pdb -A"), Kinds(&[Kind::StatefulSet, Kind::Pod])],
        ClaimLeaves | VolumeLeaves => &[Kinds(&[Kind::PersistentVolumeClaim, Kind::PersistentVolume])],
        NobodyExpands | ExpansionFails | ExpansionWaitsForPod => &[Describe, Kinds(&[Kind::StorageClass]), Line("kubectl get pods -A")],
        NotStarted => &[Describe, Kinds(&[Kind::VolumeAttachment])],
        PodsMissing => &[Describe, UNSAID],
        NoPods => &[Kinds(&[Kind::Pod, Kind::PersistentVolumeClaim, Kind::Event])],
        NoReason | InProgress => &[UNSAID],
        NoWorkload => &[EVERYTHING],
        GoverningServiceMissing | GoverningServiceNotHeadless | NoServiceName | ServiceSelectsNothing => &[Kinds(&[Kind::Service])],
        NameTooLong | InvalidPod | ImmutableField | ImmutableClaim | InvalidTemplate => &[],
        // What only words say, and no world decides.
        _ => &[Describe],
    }
}

/// Causes that a message names for certain, and of which further objects tell what ends them.
fn is_open(cause: Cause) -> bool {
    use Cause::*;
    let told = matches!(
        cause,
        ImagePull
            | QuotaMustSpecifyRequests
            | QuotaExceeded
            | LimitRange
            | ServiceAccountMissing
            | PodSecurityRestricted
            | PodSecurityBaseline
            | NoDefaultStorageClass
            | StorageClassNotFound
            | PvcLost
            | CannotStart
            | Complete
            | Partition
            | OnDelete
            | ConfigMissing
            | VolumeOwnership
            | ExpansionWaitsForPod
            | MinReadySeconds
            | GracePeriod
    );
    !told
}

/// The commands, the most telling first.
pub(super) fn lines(world: &World, verdict: &Verdict) -> Vec<String> {
    let is_certain = verdict.sure == Sure::Certain;
    if world.is_live || is_certain && (!world.dump.mixed || !is_open(verdict.cause)) {
        return Vec::new();
    }
    if let Some(Content::Text(custom)) = verdict.said.get("custom") {
        return vec![format!("kubectl describe {custom}"), "kubectl get sts,pod,event -A -o yaml".to_owned()];
    }
    let asked = of(verdict.cause);
    // What could not be read may be what is not told.
    let withheld = HOLDS.iter().filter(|kind| verdict.cause == Cause::NoReason && world.dump.withholds(**kind));
    // Of all kinds that are missing one command prints the objects.
    let kinds = asked.iter().flat_map(|ask| if let Kinds(kinds) = ask { *kinds } else { &[] });
    let objects = || objects(world, kinds.clone().chain(withheld.clone()));
    let is_first = |at: usize| asked[..at].iter().all(|ask| !matches!(ask, Kinds(_)));
    let told = |(at, ask): (usize, &Ask)| match ask {
        Kinds(_) => is_first(at).then(objects).flatten(),
        other => line(world, verdict, *other),
    };
    let mut all: Vec<String> = asked.iter().enumerate().filter_map(told).collect();
    if all.is_empty() && !is_certain {
        all.extend([UNSAID, EVERYTHING].into_iter().find_map(|ask| line(world, verdict, ask)));
    }
    all
}

/// The command that prints the objects of kinds, but of those that were pasted whole.
fn objects<'a>(world: &World, kinds: impl Iterator<Item = &'a Kind>) -> Option<String> {
    let lacks =
        |kind: &Kind| if *kind == Kind::Event { world.dump.events.is_empty() && !world.dump.answers(*kind) } else { !world.pasted(*kind) };
    let mut names: Vec<&str> = Vec::new();
    for name in kinds.filter(|kind| lacks(kind)).map(|kind| causes::command::short(*kind)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| format!("kubectl get {} -A -o yaml", names.join(",")))
}

/// The command of one, unless what it prints was pasted.
fn line(world: &World, verdict: &Verdict, ask: Ask) -> Option<String> {
    let object = &verdict.object;
    match ask {
        Ask::Kinds(kinds) => objects(world, kinds.iter()),
        Ask::Describe => {
            let is_told = world.dump.described.iter().any(|(kind, _, name)| kind == object.kind.info().name && *name == *object.name);
            (!is_told).then(|| {
                format!("{}describe {} {}", own_kubectl(world, object), causes::command::short(object.kind), object.name)
                    .trim_end()
                    .to_owned()
            })
        }
        Ask::Logs { previous } => {
            let is_it = object.kind == Kind::Pod && !object.name.is_empty();
            let before = if previous { " --previous" } else { "" };
            let line = || format!("{}logs {} --all-containers --tail=50{before}", own_kubectl(world, object), object.name);
            (is_it && !world.dump.logged.contains(&*object.name)).then(line)
        }
        Ask::Line(line) => Some(line.to_owned()),
    }
}

/// `kubectl -n shop `; without the namespace where the text does not name one.
fn own_kubectl(world: &World, object: &ObjectKey) -> String {
    let is_named = !object.namespace.is_empty() && !world.dump.placeless;
    if is_named { format!("kubectl -n {} ", object.namespace) } else { "kubectl ".to_owned() }
}
