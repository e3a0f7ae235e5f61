//! The reasons a decision can have: one for each outcome.

use crate::page::{
    BINDING, CLAIMS, CLASSES, COLLECTION, CONFIGURING, DAEMON_SET, DEPLOYMENT, DETACHING, DISRUPTIONS, EXPANSION, FINALIZERS, FORCE_DELETE,
    GUARANTEES, HOOKS, IDENTITY, IMAGE_NAMES, IMAGES, INITS, JOB, MEMORY, MIN_READY, NODES, PARTITIONS, PHASES, PREEMPTION, PROBES,
    PROTECTION, READINESS_GATES, RECLAIMING, RESTARTS, RETENTION, SCHEDULING, SCHEDULING_GATES, SECRETS, STABLE_STORAGE, STRATEGIES,
    TAINTS, TERMINATION,
};
use crate::rule::{Rule, Trouble, with_rules};
use crate::{Component, Healthy, Lack, Plugin, ProbeKind};
use api::kind::Kind;
use api::object::pod::Truth;
use api::object::{Name, ObjectKey};
use api::obstacle::Obstacle;
use base::fields::{Content, Field, Fields};
use base::time::Time;
use base::word::Word;

with_rules! {
    /// Why a decision turned out as it did.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Reason {
        // --- Shared by controllers --------------------------------------------------------------------------------------------
        /// Its cache does not show its own last writes yet.
        CacheBehindOwnWrites => Rule::by(Component::StatefulSet),
        /// A request of the sync failed; the sync is retried, waiting longer each time.
        SyncFailed {
            /// Kubernetes' words.
            error: Word,
            /// What stood in the way, if that is known.
            obstacle: Option<Obstacle>,
            /// Whether it failed before the status was written.
            skip_status: bool,
        } => Rule::by(Component::StatefulSet),
        /// Matching pods without a controller are adopted, or pods that no longer match are released.
        ClaimingPods => Rule::field("spec.selector").on(IDENTITY),
        /// The workload is being deleted, and gets no more pods.
        WorkloadIsBeingDeleted => Rule::field("metadata.deletionTimestamp").on(COLLECTION),
        /// Everything is as desired.
        UpToDate => Rule::field("spec.replicas").on(GUARANTEES),
        /// Pods that are too many are deleted.
        RemovingReplicas {
            /// How many.
            count: i64,
        } => Rule::field("spec.replicas").on(DEPLOYMENT).deletes(),
        /// A Job or a DaemonSet waits before it creates another pod, because some have failed.
        BacksOff {
            /// How many have.
            failed: i64,
        } => Rule::field("spec.backoffLimit").on(JOB),
        // --- StatefulSet controller -------------------------------------------------------------------------------------------
        /// A missing pod is created.
        CreatingPod {
            ordinal: i64,
            /// The revision it gets.
            revision: Name,
        } => Rule::field("spec.replicas").on(GUARANTEES),
        /// Missing pods are created, all at once.
        CreatingPods {
            /// How many.
            count: i64,
        } => Rule::field("spec.replicas").on(GUARANTEES),
        /// A pod that has finished is deleted, to be recreated.
        ReplacingTerminalPod {
            ordinal: i64,
        } => Rule::field("spec.replicas").on(GUARANTEES).deletes(),
        /// The claim of a missing pod is still owned by an earlier pod of that name, and is going away.
        StaleClaim {
            ordinal: i64,
            claim: Name,
        } => Rule::field("spec.volumeClaimTemplates").on(STABLE_STORAGE),
        /// The claim of a missing pod is being deleted.
        ClaimIsBeingDeleted {
            ordinal: i64,
            claim: Name,
        } => Rule::field("spec.volumeClaimTemplates").on(STABLE_STORAGE),
        /// The name of a missing pod is taken by a pod that the set does not own.
        NameTaken {
            ordinal: i64,
        } => Rule::by(Component::StatefulSet).on(IDENTITY),
        /// `OrderedReady`: a pod is terminating, and nothing else happens until it is gone.
        WaitsForPodToGo {
            ordinal: i64,
        } => Rule::field("spec.podManagementPolicy").on(GUARANTEES),
        /// `OrderedReady`: a pod is not Running and Ready, and nothing else happens until it is.
        WaitsForPodToBeReady {
            ordinal: i64,
        } => Rule::field("spec.podManagementPolicy").on(GUARANTEES),
        /// `OrderedReady`: a pod is Ready, but has not been for `minReadySeconds` yet.
        WaitsForPodToBeAvailable {
            ordinal: i64,
        } => Rule::field("spec.minReadySeconds").on(MIN_READY),
        /// A pod's identity, volumes or claims are corrected.
        RepairingPod {
            ordinal: i64,
        } => Rule::by(Component::StatefulSet).on(IDENTITY),
        /// The owner references of the claims of pods that are to be removed are set as the retention policy asks.
        MarkingClaims => Rule::field("spec.persistentVolumeClaimRetentionPolicy").on(RETENTION),
        /// A pod outside the desired ordinals is removed.
        RemovingPod {
            ordinal: i64,
        } => Rule::field("spec.replicas").on(GUARANTEES).deletes(),
        /// A pod outside the desired ordinals is terminating.
        WaitsForRemovedPod {
            ordinal: i64,
        } => Rule::field("spec.replicas").on(GUARANTEES),
        /// `OrderedReady`: a pod outside the desired ordinals stays, because a lower pod is not available.
        RemovalWaitsForLower {
            /// The pod that stays.
            ordinal: i64,
            /// The one that is not available.
            lower: i64,
        } => Rule::field("spec.podManagementPolicy").on(GUARANTEES),
        /// A pod of an old revision is deleted, to be recreated at the new one.
        ReplacingForUpdate {
            ordinal: i64,
        } => Rule::field("spec.updateStrategy").on(STRATEGIES).deletes(),
        /// With `Recreate`, a pod of an old revision is deleted with all others.
        RecreatingPod {
            ordinal: i64,
        } => Rule::field("spec.updateStrategy").on(STRATEGIES).deletes(),
        /// With `Recreate`, a pod of an old revision is terminating, and no new pod is created until it is gone.
        RecreateWaitsForPodToGo {
            ordinal: i64,
        } => Rule::field("spec.updateStrategy").on(STRATEGIES),
        /// The update waits: as many pods are unavailable as it allows.
        UpdateWaitsForUnavailable {
            /// The first that is not available.
            ordinal: i64,
        } => Rule::field("spec.updateStrategy").on(STRATEGIES),
        /// Pods of an old revision stay: with `OnDelete`, somebody has to delete them.
        OnDeleteWaitsForYou {
            /// How many.
            count: i64,
        } => Rule::field("spec.updateStrategy").on(STRATEGIES),
        /// Pods of an old revision stay below the partition.
        BelowPartition {
            /// The lowest ordinal that is updated: the partition, counted from the first ordinal.
            below: i64,
        } => Rule::field("spec.updateStrategy.rollingUpdate.partition").on(PARTITIONS),
        /// This release does not know the strategy.
        UnknownStrategy => Rule::field("spec.updateStrategy").on(STRATEGIES),
        // --- Deployment and ReplicaSet controllers ----------------------------------------------------------------------------
        /// Matching ReplicaSets without a controller are adopted, or ones that no longer match are released.
        ClaimingReplicaSets => Rule::field("spec.template").on(DEPLOYMENT),
        /// The ReplicaSet for a template is created.
        CreatingReplicaSet {
            name: Name,
            /// How many pods it starts with.
            replicas: i64,
        } => Rule::field("spec.template").on(DEPLOYMENT),
        /// The name of the ReplicaSet for a template is taken; another hash is tried.
        ReplicaSetNameTaken {
            name: Name,
        } => Rule::field("spec.template").on(DEPLOYMENT),
        ScalingReplicaSet {
            name: Name,
            /// How many pods it wanted.
            from: i64,
            /// How many it will want.
            to: i64,
        } => Rule::field("spec.strategy").on(DEPLOYMENT),
        /// An old ReplicaSet without pods, beyond the history limit, is deleted.
        ForgettingReplicaSet {
            name: Name,
        } => Rule::field("spec.revisionHistoryLimit").on(DEPLOYMENT).deletes(),
        /// The rollout is paused; only the number of pods is maintained.
        RolloutPaused => Rule::field("spec.paused").on(DEPLOYMENT),
        /// The rollout goes no further until more pods of the new ReplicaSet are available.
        RolloutWaitsForPods {
            /// The new ReplicaSet.
            replica_set: Name,
            /// How many are missing.
            count: i64,
        } => Rule::field("spec.strategy").on(DEPLOYMENT),
        /// The update of a DaemonSet goes no further until pods are available on their nodes.
        UpdateWaitsForNodes {
            /// How many are not.
            count: i64,
        } => Rule::field("spec.updateStrategy").on(DAEMON_SET),
        /// The rollout goes no further until pods of old ReplicaSets are gone.
        RolloutWaitsForOldPods {
            /// How many are left.
            count: i64,
        } => Rule::field("spec.strategy").on(DEPLOYMENT),
        /// The Deployment was resized during a rollout, which does not go on: these ReplicaSets, not to be scaled, note the size before.
        SizeIsNotNoted(replica_sets: Vec<Name>) => Rule::field("spec.replicas").on(DEPLOYMENT),
        /// The rollout made no progress within its deadline.
        RolloutTimedOut {
            /// `progressDeadlineSeconds`.
            seconds: i64,
        } => Rule::field("spec.progressDeadlineSeconds").on(DEPLOYMENT),
        /// Pods of a ReplicaSet are created, in batches that double in size.
        CreatingReplicas {
            /// How many.
            count: i64,
        } => Rule::field("spec.replicas").on(DEPLOYMENT),
        /// A ReplicaSet has its pods, but not all of them are available.
        ReplicasNotAvailable {
            /// How many are not.
            count: i64,
        } => Rule::field("spec.replicas").on(DEPLOYMENT),
        // --- Job and DaemonSet controllers ------------------------------------------------------------------------------------
        /// A Job waits for its pods to finish.
        JobRuns {
            /// How many have succeeded.
            succeeded: i64,
            /// How many have to; `None` where one is enough.
            wanted: Option<i64>,
        } => Rule::field("spec.completions").on(JOB),
        /// A Job is suspended: it has no pods until it is resumed.
        JobIsSuspended => Rule::field("spec.suspend").on(JOB),
        /// A Job is about to finish: its last pods are terminating.
        JobWaitsForPods {
            /// How many.
            count: i64,
        } => Rule::field("spec.completions").on(JOB),
        /// A Job is left to the controller that its `managedBy` names.
        JobIsLeftTo {
            /// Its name.
            manager: Word,
        } => Rule::field("spec.managedBy").on(JOB),
        /// Enough pods of a Job have succeeded.
        JobIsComplete => Rule::field("spec.completions").on(JOB),
        JobHasFailed {
            /// The field of its manifest that decided.
            field: &'static str,
        } => Rule::field(field).on(JOB),
        /// Pods of a DaemonSet are created on nodes that have none.
        CreatingOnNodes {
            /// How many.
            count: i64,
        } => Rule::field("spec.template").on(DAEMON_SET),
        // --- Autoscalers -----------------------------------------------------------------------------------------------------
        /// There is no metrics server, so there is nothing to scale by.
        NoMetrics => Rule::field("spec.metrics"),
        /// The scale target has fewer replicas than its autoscaler allows, or more.
        Rescales {
            /// How many it has.
            from: i64,
            /// How many it gets.
            to: i64,
        } => Rule::field(if from < to { "spec.minReplicas" } else { "spec.maxReplicas" }),
        /// The scale target has no replicas, which turns its autoscaler off.
        ScalingIsOff => Rule::field("spec.scaleTargetRef"),
        /// The scale target does not exist.
        NoScaleTarget {
            /// The server's words.
            missing: Word,
        } => Rule::field("spec.scaleTargetRef"),
        // --- Scheduling ------------------------------------------------------------------------------------------------------
        /// No node can take the pod.
        Unschedulable {
            /// The scheduler's words.
            message: Word,
            /// The plugins that refused it, one node or all.
            by: Vec<Plugin>,
            /// What it lacks on one node or another.
            lacks: Vec<Lack>,
        } => Rule::by(Component::Scheduler).on(SCHEDULING).wrong(Trouble::Template),
        /// The scheduler does not look at the pod for as long as it has these scheduling gates.
        SchedulingGated(gates: Vec<Name>) => Rule::field("spec.template.spec.schedulingGates").on(SCHEDULING_GATES).wrong(Trouble::Template),
        /// A node was found; the pod waits for its volume.
        WaitsForVolumes {
            node: Name,
        } => Rule::field("volumeBindingMode").on(BINDING),
        /// No node can take the pod as things are; on one, pods of lower priority are preempted for it.
        WaitsForPreempted {
            node: Name,
            /// How many are preempted.
            count: i64,
        } => Rule::field("spec.template.spec.priorityClassName").on(PREEMPTION),
        /// A pod of higher priority takes the pod's place.
        Preempted {
            /// The other pod.
            by: Name,
            node: Name,
        } => Rule::field("spec.template.spec.priorityClassName").on(PREEMPTION).deletes(),
        /// The pod got its node.
        Assigned {
            node: Name,
        } => Rule::by(Component::Scheduler).on(SCHEDULING),
        // --- Storage ---------------------------------------------------------------------------------------------------------
        /// The claim waits until a pod that uses it is scheduled.
        WaitsForFirstConsumer => Rule::field("volumeBindingMode").on(BINDING),
        /// The claim has no class, and there is no default one.
        NoStorageClass => Rule::field("storageClassName").on(CLASSES),
        /// The claim's class does not exist.
        StorageClassNotFound {
            class: Name,
        } => Rule::field("storageClassName").on(CLASSES),
        /// A volume is being provisioned.
        WaitsForProvisioner {
            /// By whom.
            provisioner: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The volume for the claim is being deleted; it was Bound before the claim was, which keeps it, and no other is made meanwhile.
        VolumeGoes {
            volume: Name,
        } => Rule::by(Component::VolumeProtection).on(PROTECTION),
        /// No volume fits, and the class does not provision any.
        NoVolumeFits => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The claim names a volume that does not exist.
        WaitsForVolume {
            volume: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The volume's claim is gone, and with it the volume goes.
        ReclaimsVolume => Rule::field("persistentVolumeReclaimPolicy").on(RECLAIMING).deletes(),
        /// A client asked for a larger volume, and the claim's class does not let claims grow.
        MayNotGrow {
            class: Name,
            /// What was asked for.
            size: Name,
        } => Rule::field("allowVolumeExpansion").on(EXPANSION),
        /// The claim's volume is gone.
        VolumeLost {
            volume: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The claim's provisioner does not run in this cluster.
        NoProvisionerRuns {
            provisioner: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The provisioner cannot make such a volume.
        ProvisionerRefuses {
            error: Word,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The volume that the claim names does not satisfy it.
        VolumeDoesNotSuit {
            volume: Name,
            /// The controller's words.
            why: Word,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The volume is to be deleted with its claim, but nothing can delete it.
        VolumeStays {
            /// The controller's words.
            error: Word,
        } => Rule::field("persistentVolumeReclaimPolicy").on(RECLAIMING),
        /// The claim has its volume.
        ClaimBound {
            volume: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The claim is being deleted but a pod uses it.
        ClaimInUse {
            pod: Name,
        } => Rule::field("metadata.finalizers").on(PROTECTION),
        /// The volume is being deleted but a claim is bound to it.
        VolumeInUse {
            claim: ObjectKey,
        } => Rule::field("metadata.finalizers").on(PROTECTION),
        /// The volume that the claim names is another claim's.
        VolumeTaken {
            volume: Name,
            /// The claim that has it.
            by: ObjectKey,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The volume is being attached to the pod's node.
        AttachesVolume {
            volume: Name,
            node: Name,
        } => Rule::by(Component::AttachDetach).on(DETACHING),
        /// The pod's volume is attached to its node.
        VolumeAttached {
            volume: Name,
        } => Rule::by(Component::AttachDetach).on(DETACHING),
        /// The pod's volume is still attached to another node, and can be attached to only one.
        WaitsForDetach {
            volume: Name,
            /// The other node.
            node: Name,
        } => Rule::by(Component::AttachDetach).on(DETACHING),
        /// No pod needs the volume on a node any longer, but it may still be mounted there.
        WaitsForUnmount {
            node: Name,
        } => Rule::by(Component::AttachDetach).on(DETACHING),
        /// The volume is being detached from a node.
        DetachesVolume {
            node: Name,
            /// Whether without its kubelet's confirmation that it is no longer mounted.
            forced: bool,
        } => Rule::by(Component::AttachDetach).on(DETACHING),
        // --- Kubelet ---------------------------------------------------------------------------------------------------------
        /// Containers are being started.
        StartingContainers => Rule::by(Component::Kubelet).on(RESTARTS),
        /// An init container is running; the others wait for it.
        InitContainerRuns {
            /// The init container.
            container: Name,
        } => Rule::field("spec.template.spec.initContainers").on(INITS),
        /// A container is not created because something the pod refers to is missing.
        MissingReference {
            /// The kubelet's words.
            error: Word,
            missing: Obstacle,
            /// Whether the kubelet waits longer each time before it looks again, as it does for volumes, and not at one pace.
            backs_off: bool,
        } => match missing {
            Obstacle::MissingImage => Rule::field("spec.template.spec.containers").on(IMAGES),
            Obstacle::Missing(Kind::Secret, _) | Obstacle::MissingKey(Kind::Secret, ..) => Rule::field("spec.template.spec").on(SECRETS),
            _ => Rule::field("spec.template.spec").on(CONFIGURING),
        }
        .wrong(Trouble::Template)
        .only_its_kubelet_knows(),
        /// A pod on a node does not start because this claim of it has no volume, in its kubelet's words.
        WaitsForClaim(claim: Name, error: Word) => Rule::by(Component::PersistentVolumeBinder)
            .on(CLAIMS)
            .wrong(Trouble::Elsewhere).only_its_kubelet_knows(),
        /// A container that must not run as root asks for the user 0, so that it is not created.
        RunsAsRoot {
            container: Name,
            /// The kubelet's words.
            error: Word,
        } => Rule::field("spec.template.spec.containers[0].securityContext.runAsUser").wrong(Trouble::Template).only_its_kubelet_knows(),
        /// A container's image has a name that no image can have.
        InvalidImageName {
            image: Name,
            /// The kubelet's words.
            error: Word,
        } => Rule::field("spec.template.spec.containers").on(IMAGE_NAMES).wrong(Trouble::Template).only_its_kubelet_knows(),
        /// The image cannot be pulled.
        ImagePullFails {
            image: Name,
        } => Rule::field("spec.template.spec.containers").on(IMAGES).wrong(Trouble::Elsewhere),
        /// A container keeps exiting; it is restarted after a back-off.
        CrashLoop {
            container: Name,
            /// Its last exit code.
            exit_code: i64,
        } => Rule::by(Component::Kubelet).on(RESTARTS).wrong(Trouble::Restarts).only_its_kubelet_knows(),
        /// A container cannot be started, for what its runtime says; that is tried again after a back-off.
        CannotStart {
            container: Name,
            /// The cause, in the runtime's words.
            error: Word,
        } => Rule::by(Component::Kubelet).on(RESTARTS).wrong(Trouble::Restarts).only_its_kubelet_knows(),
        /// The pod was active past its deadline, and was told to stop.
        PastDeadline {
            /// `activeDeadlineSeconds`.
            seconds: i64,
        } => Rule::field("spec.activeDeadlineSeconds").on(PHASES).only_its_kubelet_knows(),
        /// A container keeps exceeding its memory limit; it is restarted after a back-off.
        OutOfMemory {
            container: Name,
            limit: Name,
        } => Rule::field("resources.limits.memory").on(MEMORY).wrong(Trouble::Restarts).only_its_kubelet_knows(),
        /// The `postStart` hook of a container runs; the containers after it wait, and the pod does not count as running.
        HookRuns {
            container: Name,
        } => Rule::by(Component::Kubelet).on(HOOKS).only_its_kubelet_knows(),
        /// The `postStart` hook of a container failed; the container is stopped and restarted.
        HookFailed {
            container: Name,
        } => Rule::by(Component::Kubelet).on(HOOKS).wrong(Trouble::Restarts).only_its_kubelet_knows(),
        /// A container failed a probe too many times; it is stopped and restarted.
        FailedProbe {
            container: Name,
            /// Its liveness probe, or its startup probe.
            probe: ProbeKind,
        } => Rule::by(Component::Kubelet).on(PROBES).wrong(Trouble::Restarts).only_its_kubelet_knows(),
        /// Containers run, but they are not confirmed to be ready.
        NotReadyYet => Rule::by(Component::Kubelet).on(PROBES),
        /// Containers are ready, but conditions that readiness gates name are not true: each, and what it is if it is there.
        ReadinessGatesClosed(gates: Vec<(Name, Option<Truth>)>) => Rule::field("spec.template.spec.readinessGates")
            .on(READINESS_GATES)
            .wrong(Trouble::Template).only_its_kubelet_knows(),
        /// Containers run, and a probe of one fails.
        ProbeFails {
            container: Name,
            /// Its readiness probe, or its startup probe.
            probe: ProbeKind,
            /// What the kubelet says about it.
            said: Word,
        } => Rule::by(Component::Kubelet).on(PROBES).wrong(Trouble::Template).only_its_kubelet_knows(),
        PodIsReady => Rule::by(Component::Kubelet).on(PROBES),
        /// The pod is assumed to be ready: what answers its probe is not simulated.
        SupposedReady {
            /// The image of the container.
            image: Name,
        } => Rule::by(Component::Kubelet).on(PROBES).only_its_kubelet_knows(),
        /// All processes of the pod have ended, and none is restarted.
        ProcessesEnded => Rule::by(Component::Kubelet).on(PHASES),
        /// Containers were told to stop; the kubelet waits for them.
        StoppingContainers => Rule::by(Component::Kubelet).on(TERMINATION),
        /// The node is silent: nobody can confirm that the pod has ended.
        NodeIsSilent {
            node: Name,
        } => Rule::by(Component::NodeLifecycle).on(FORCE_DELETE).wrong(Trouble::Elsewhere),
        // --- Deletion --------------------------------------------------------------------------------------------------------
        /// The owner of this name is gone, so the object goes too.
        OwnerGone(owner: Name) => Rule::field("metadata.ownerReferences").on(COLLECTION).deletes(),
        /// Whether an owner is there cannot be told, because the cluster does not know its kind, which is this; so the object stays.
        OwnerOfUnknownKind(kind: Name) => Rule::field("metadata.ownerReferences").on(COLLECTION),
        /// The object stays until its dependents are gone.
        WaitsForDependents {
            /// How many block it.
            count: i64,
        } => Rule::field("metadata.ownerReferences").on(COLLECTION),
        /// The object's dependents are orphaned.
        OrphansDependents => Rule::field("metadata.ownerReferences").on(COLLECTION),
        /// Somebody else's finalizer keeps it.
        HeldByFinalizer {
            finalizer: Name,
        } => Rule::field("metadata.finalizers").on(FINALIZERS),
        // --- Nodes, and what happens to pods because of them -----------------------------------------------------------------
        /// The node's kubelet reports in.
        NodeIsHeard => Rule::by(Component::NodeLifecycle).on(NODES),
        /// The node has been silent for longer than a node may be.
        NodeFellSilent {
            /// When it was last heard from.
            last_heard: Time,
        } => Rule::by(Component::NodeLifecycle).on(NODES),
        /// The node's pods are to be evicted, but nodes are tainted for that one after another.
        EvictionIsPaced => Rule::by(Component::NodeLifecycle).on(TAINTS),
        /// Most nodes of the zone are silent, so pods are no longer evicted from them.
        ZoneIsSilent => Rule::by(Component::NodeLifecycle).on(TAINTS),
        /// No node at all is heard from, so nothing is evicted.
        NobodyIsHeard => Rule::by(Component::NodeLifecycle).on(TAINTS),
        /// The node is tainted so that its pods are evicted.
        NodeIsEmptied {
            taint: Name,
        } => Rule::by(Component::NodeLifecycle).on(TAINTS),
        /// The pod tolerates its node's taints, for a while.
        ToleratesTaintFor {
            taint: Name,
            /// For how many seconds.
            seconds: i64,
        } => Rule::field("spec.tolerations").on(TAINTS),
        /// The pod tolerates its node's taints, indefinitely.
        ToleratesTaint {
            taint: Name,
        } => Rule::field("spec.tolerations").on(TAINTS),
        /// The pod's node has a taint that the pod does not, or no longer, tolerate: it is deleted.
        EvictedByTaint {
            taint: Name,
        } => Rule::field("spec.tolerations").on(TAINTS).deletes(),
        /// The pod was to be deleted because of a taint, which is gone.
        EvictionCalledOff => Rule::field("spec.tolerations").on(TAINTS),
        /// The pod's Node object is gone; the controller waits to see whether it comes back.
        WaitsForNodeToReturn {
            node: Name,
        } => Rule::by(Component::PodGc).on(NODES),
        /// The pod's Node object is gone for good, and so is the pod.
        NodeObjectGone {
            node: Name,
        } => Rule::by(Component::PodGc).on(NODES).deletes(),
        /// Somebody marked the pod's node as out of service: the pod is deleted without its kubelet's confirmation.
        NodeIsOutOfService {
            node: Name,
        } => Rule::by(Component::PodGc).on(NODES).deletes(),
        /// The pod is being deleted and never had a node.
        NeverHadNode => Rule::by(Component::PodGc).on(NODES).deletes(),
        // --- Disruption budgets ----------------------------------------------------------------------------------------------
        /// This many pods may be evicted.
        DisruptionsAllowed {
            /// How many.
            count: i64,
        } => Rule::by(Component::Disruption).on(DISRUPTIONS),
        /// No pod may be evicted.
        NoDisruptionAllowed(counts: Healthy) => Rule::by(Component::Disruption).on(DISRUPTIONS),
        /// The pod's eviction was requested and refused.
        EvictionRefused {
            /// The budget that refuses.
            budget: Name,
            counts: Healthy,
        } => Rule::by(Component::Disruption).on(DISRUPTIONS),
        /// The budget selects no pod.
        NoPodsSelected => Rule::by(Component::Disruption).on(DISRUPTIONS),
        /// The budget cannot be evaluated.
        BudgetUnclear {
            /// The controller's words.
            error: Word,
        } => Rule::by(Component::Disruption).on(DISRUPTIONS),
        // --- Services --------------------------------------------------------------------------------------------------------
        /// What becomes of a Service's EndpointSlices.
        Slices(slices: super::Slices) => match slices {
            super::Slices::FollowPods(_) | super::Slices::AreCurrent | super::Slices::AreLeftToOthers => Rule::field("spec.selector"),
            super::Slices::FollowService => Rule::field("metadata.labels"),
            super::Slices::AreNotNeeded => Rule::field("spec.type"),
        },
        /// What becomes of a Service's Endpoints.
        Endpoints(upkeep: super::EndpointsUpkeep) => Rule::by(Component::Endpoints),
        // --- Namespaces ------------------------------------------------------------------------------------------------------
        /// The namespace is being deleted.
        ContentDeletion(deletion: super::ContentDeletion) => match deletion {
            super::ContentDeletion::Done => Rule::by(Component::Namespace),
            _ => Rule::by(Component::Namespace).deletes(),
        },
        /// Any controller puts something in order that nothing waits for.
        Maintenance(maintenance: super::Maintenance) => maintenance.rule(),
    }
}

impl Reason {
    /// The container that it names.
    pub fn container(&self) -> Option<Name> {
        self.name("container")
    }

    /// The image that it names.
    pub fn image(&self) -> Option<Name> {
        self.name("image")
    }

    /// The ordinal that it waits for or acts on.
    pub fn ordinal(&self) -> Option<i64> {
        let fields = self.fields();
        fields.get_number("lower").or_else(|| fields.get_number("ordinal"))
    }

    fn name(&self, field: &str) -> Option<Name> {
        match self.fields().get(field)? {
            Content::Text(name) => Some(Name::clone(name)),
            Content::Number(_) | Content::List(_) => None,
        }
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        self.put("reason", &mut fields);
        fields
    }
}
