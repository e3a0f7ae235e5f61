//! What can go wrong: what its sentences are made from. A kind of finding, of act and of change is a word each, by which a row is chosen.

use std::sync::OnceLock;

use base::sentences::Table;

/// The English rows: a table of their own, which comes with the code that searches (`src/bin/dev/data.rs`).
#[inline(never)]
pub(super) fn rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[file!("en/risks.txt"), file!("en/items.txt")]))
}

/// The key of a finding.
pub const FOUND: &str = "risks.found";

base::named! {
    /// What a finding shows to have gone wrong: its kind.
    Harm {
        /// Acknowledged writes are on no volume any more.
        DataLost "data-lost",
        /// A volume went with what was on it.
        VolumeDeleted "volume-deleted",
        /// Data are in a directory that goes with its pod.
        Fleeting "fleeting",
        /// Two processes write under one identity.
        TwoWriters "two-writers",
        /// One fault takes the quorum.
        QuorumLost "quorum-lost",
        /// A rollout waits for a pod of a revision that nobody wants any more.
        RollbackTrap "rollback-trap",
        /// Members wait for each other's names before they are Ready.
        ReadinessDeadlock "readiness-deadlock",
        /// A volume is on a node that is away.
        VolumePinned "volume-pinned",
        /// A pod on a silent node stays until somebody acts.
        Terminating "terminating",
        /// A budget lets no pod go from a drained node.
        DrainEndless "drain-endless",
        /// Pods are updated only by whoever deletes them.
        OnDelete "on-delete",
        /// Something else waits for ever.
        Stuck "stuck",
        /// Members have come together on one node.
        Together "together",
        /// Nobody is served for long.
        Unavailable "unavailable",
    }
}

base::named! {
    /// How bad a finding is, the worst first.
    Level {
        /// Acknowledged data are gone.
        Data "data",
        /// Two processes write under one identity.
        Writers "writers",
        /// One fault takes the quorum.
        Quorum "quorum",
        /// It stays as it is until somebody acts.
        Stuck "stuck",
        /// Nobody is served for long.
        Unavailable "unavailable",
    }
}

base::named! {
    /// How often something is met in practice, the most frequent first.
    Rate {
        /// Nothing has to happen.
        Always "always",
        Routine "routine",
        Often "often",
        Sometimes "sometimes",
        Seldom "seldom",
    }
}

base::named! {
    /// What is true of every StatefulSet.
    Common {
        /// The volume of a claim that is deleted is deleted.
        Claim "claim",
        /// Nothing replaces a pod while its node is silent.
        Silent "silent",
        /// A forced deletion leaves the old process behind.
        Forced "forced",
        /// A volume that is lost does not come back.
        Volume "volume",
        /// Two faults at once take more than one.
        Together "together",
        /// A process that hangs is restarted only by a probe.
        Hangs "hangs",
        /// Who asks for nothing is evicted first.
        Evicted "evicted",
    }
}

base::named! {
    /// What fields of a manifest show by themselves.
    Fault {
        /// A Service or a budget selects no pod of the manifest.
        SelectsNothing "selects-nothing",
        /// A Service sends to a port by a name that no container has.
        TargetPort "target-port",
        /// Pods of two workloads are behind one Service.
        SharedService "shared-service",
        /// The Service that names the pods is not there.
        ServiceMissing "service-missing",
        /// The Service that names the pods has an address of its own.
        NotHeadless "not-headless",
        /// The Service that names the pods selects others.
        LeadsElsewhere "leads-elsewhere",
        /// A claim of each pod that no container mounts.
        UnusedClaim "unused-claim",
        /// A claim of one node that several pods use.
        SharedOnce "shared-once",
        /// A partition that a rollout stops at.
        Partition "partition",
        /// A hook takes longer than the pod has to end.
        GraceTooShort "grace-too-short",
        /// A probe asks a port by a name that its container does not have.
        ProbePort "probe-port",
        /// A heap that is larger than the memory limit.
        HeapOverLimit "heap-over-limit",
        /// What stands for an image is no name of one.
        NoImageName "no-image-name",
        /// Nobody asks whether the pods are ready.
        NoReadiness "no-readiness",
        /// A rule that keeps pods apart selects others.
        ApartFromOthers "apart-from-others",
        /// Several pods may run on one node only.
        OneNode "one-node",
        /// A version is in the selector of a set.
        VersionInSelector "version-in-selector",
        /// A folder of a node is a volume without saying which node.
        UnpinnedFolder "unpinned-folder",
        /// A volume is scrubbed when its claim goes.
        Recycled "recycled",
        /// Two listeners of a pod have one port.
        PortTwice "port-twice",
        /// Members look for each other before their names are published.
        PeersUnpublished "peers-unpublished",
        /// A binding names an account of another namespace.
        OtherNamespace "other-namespace",
        /// A pod that nobody makes anew.
        BarePod "bare-pod",
        /// An image without a fixed version.
        FloatingTag "floating-tag",
        /// A workload uses a claim that is elsewhere.
        ClaimMissing "claim-missing",
        /// Pods refer to objects that the manifest does not bring.
        NotBrought "not-brought",
        /// A set without a pod.
        NothingRuns "nothing-runs",
        /// Claims and volumes without a class, which a default class parts.
        NoClass "no-class",
        /// A liveness probe kills a container that is still starting.
        LivenessEarly "liveness-early",
        /// A store has little time to end.
        ShortGrace "short-grace",
        /// A policy lets nothing in.
        DeniesAll "denies-all",
        /// A disk of a cloud that does not say its zone.
        NoZone "no-zone",
        /// A hook takes a member out of its cluster at every stop.
        LeavesAtStop "leaves-at-stop",
        /// A line removes all that is on a volume.
        Wipes "wipes",
        /// A port of the node is asked for.
        HostPort "host-port",
        /// A folder of the node that nobody makes.
        Beforehand "beforehand",
        /// Only nodes with a label take the pods.
        NodesChosen "nodes-chosen",
        /// Each pod needs a node of its own.
        NodeEach "node-each",
        /// Volumes are folders that nobody makes.
        LocalFolder "local-folder",
        /// One pod and one volume are all there is.
        SingleCopy "single-copy",
        /// Pods name a claim themselves, so that a second one gets it as well.
        OneClaim "one-claim",
        /// A claim template takes the place of a volume of the same name.
        Shadowed "shadowed-volume",
        /// The file says how many replicas there are, and an autoscaler decides.
        TwoCounts "replicas-and-autoscaler",
        /// No budget counts the pods.
        NoBudget "no-budget",
        /// Nothing keeps pods on different nodes.
        NotApart "not-apart",
        /// Nothing joins the pods of a store.
        Unjoined "unjoined",
        /// Settings list the members.
        MembersListed "members-listed",
        /// A folder for data is on no volume.
        OnNoVolume "on-no-volume",
        /// Nothing that members write outlives them.
        NoClaim "no-claim",
        /// Pods ask for no memory and no CPU.
        BestEffort "best-effort",
        /// A class of one kind of cluster.
        OfPlatform "of-platform",
        /// Claims of a class cannot grow.
        NoGrowth "no-growth",
        /// Disks get a zone before their pods do.
        EarlyZone "early-zone",
        /// Something is to be filled in.
        Placeholder "placeholder",
        /// A volume is reserved for a claim of another namespace.
        ReservedElsewhere "reserved-elsewhere",
        /// A claim that no pod uses.
        ClaimUnused "claim-unused",
        /// The root of a disk is the data directory.
        DiskIsData "disk-is-data",
        /// An image keeps its data elsewhere.
        DataMoved "data-moved",
        /// A user that may not write to its volume.
        NotOwner "not-owner",
        /// A policy does not let in who needs to come in.
        ShutOut "shut-out",
        /// A policy lets pods reach DNS only.
        NoWayOut "no-way-out",
        /// A database without a password that its image wants.
        NoPassword "no-password",
        /// An annotation that nobody reads any more.
        UnreadAnnotation "unread-annotation",
        /// A variable that names one which is not there yet.
        NotExpanded "not-expanded",
        /// A name where a number is wanted.
        NameForNumber "name-for-number",
        /// A cache saves nothing on its volume.
        NothingSaved "nothing-saved",
        /// Nothing forms the cluster that members are set to be of.
        NotFormed "not-formed",
        /// A claim that is smaller than what its program writes by itself.
        SmallClaim "small-claim",
        /// Nobody asks whether a server still answers.
        NoLiveness "no-liveness",
        /// A volume names no source.
        NoSource "no-source",
        /// A claim takes the place of one by a template, and differs.
        ClaimInstead "claim-instead",
        /// A claim is a document that goes with the manifest.
        ClaimGoes "claim-goes",
        /// Two claims may take each other's volume.
        Crosswise "crosswise",
        /// A class is of disks of one zone.
        OneZone "one-zone",
        /// A folder of a node belongs to another user.
        FolderOwner "folder-owner",
        /// An update runs two pods on a claim of one node.
        RollsOnOnce "rolls-on-once",
        /// Each start writes over a file that outlives the pod.
        WritesAnew "writes-anew",
        /// Each start fetches a program from outside.
        InstallsAtStart "installs-at-start",
        /// A hook after the start waits for others in a loop.
        HookWaits "hook-waits",
        /// A hook after the start waits for a fixed time, and then may fail.
        HookSleeps "hook-sleeps",
        /// Nobody looks at what a wait came to.
        WaitIgnored "wait-ignored",
        /// A probe names a variable whose value is not put in.
        ProbeVariable "probe-variable",
        /// A probe asks a port of TLS without TLS.
        ProbePlain "probe-plain",
        /// A resource is asked for that few nodes have.
        ExtraResource "extra-resource",
        /// An Ingress names its class in two ways, which is refused.
        ClassTwice "class-twice",
        /// An even number of members that need a majority.
        EvenMembers "even-members",
    }
}

base::named! {
    /// A line of a manifest that prevents something.
    Guard {
        /// Pods start in parallel.
        Parallel "parallel",
        /// The controller replaces pods in a rollout.
        Rolling "rolling",
        /// Three replicas, of an application that is known to copy.
        Replicas "replicas",
        /// Three replicas, if the application copies its data.
        Copies "copies",
        /// Three replicas, if the application may run more than once.
        Several "several",
        /// Claims stay when their set is scaled in or deleted.
        Retain "retain",
        /// Processes have time to end.
        Grace "grace",
        /// No two pods of the set are on one node.
        AntiAffinity "anti-affinity",
        /// Pods are spread over the nodes.
        Spread "spread",
        /// A container is asked whether it is ready.
        Readiness "readiness",
        /// A container that does not answer is restarted.
        Liveness "liveness",
        /// A new pod stays Ready for some time before the next one goes.
        MinReady "min-ready",
        /// Every node reaches the volumes.
        Anywhere "anywhere",
        /// Pods may share a node where no other is left.
        Prefer "prefer",
        /// Names of pods are published before these are Ready.
        Publish "publish",
        /// A volume stays when its claim is deleted.
        Reclaim "reclaim",
        /// Each pod has a claim in the place of a volume that goes.
        Claim "claim",
        /// A budget lets one pod go at a time.
        Budget "budget",
    }
}

impl Fault {
    /// Whether names of pods do not resolve because of it.
    pub fn is_of_names(self) -> bool {
        matches!(self, Fault::ServiceMissing | Fault::NotHeadless | Fault::LeadsElsewhere)
    }

    /// What of it is true of nearly every set; `None` where the fault is about the manifest.
    pub fn common(self) -> Option<Common> {
        match self {
            Fault::NoLiveness => Some(Common::Hangs),
            Fault::BestEffort => Some(Common::Evicted),
            _ => None,
        }
    }

    /// Whether something does not work because of it, whatever happens, or data goes by what happens every day.
    pub fn breaks(self) -> bool {
        BREAKS.contains(&self)
    }
}

/// The faults because of which something does not work.
const BREAKS: [Fault; 30] = [
    Fault::ClaimMissing,
    Fault::ClassTwice,
    Fault::DataMoved,
    Fault::GraceTooShort,
    Fault::HeapOverLimit,
    Fault::LeavesAtStop,
    Fault::NameForNumber,
    Fault::NoClaim,
    Fault::NoImageName,
    Fault::NoPassword,
    Fault::NoSource,
    Fault::NotExpanded,
    Fault::NotBrought,
    Fault::NothingRuns,
    Fault::OfPlatform,
    Fault::OnNoVolume,
    Fault::OtherNamespace,
    Fault::Placeholder,
    Fault::PortTwice,
    Fault::ProbePlain,
    Fault::ProbePort,
    Fault::ProbeVariable,
    Fault::Recycled,
    Fault::ReservedElsewhere,
    Fault::SelectsNothing,
    Fault::SharedOnce,
    Fault::ShutOut,
    Fault::TargetPort,
    Fault::Unjoined,
    Fault::Wipes,
];
