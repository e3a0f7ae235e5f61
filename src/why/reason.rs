//! The reasons a decision can have: one for every way out.

use crate::api::object::Name;
use crate::base::time::Time;
use crate::base::word::Word;

/// Why a decision came out as it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    // --- StatefulSet controller -------------------------------------------------------------------------------------------
    /// Its cache does not show its own last writes yet.
    CacheBehindOwnWrites,
    /// Pods without a manager are taken, or pods that no longer fit are let go.
    ClaimingPods,
    /// The set is being deleted; only its status is kept up.
    SetIsBeingDeleted,
    /// A missing pod is made.
    CreatingPod {
        /// Its ordinal.
        ordinal: i64,
        /// The revision it gets.
        revision: Name,
    },
    /// Missing pods are made, all at once.
    CreatingPods {
        /// How many.
        count: i64,
    },
    /// A pod that ended is deleted, to be made again.
    ReplacingTerminalPod {
        /// Its ordinal.
        ordinal: i64,
    },
    /// The claim of a missing pod still belongs to an earlier pod of the name, and is on its way out.
    StaleClaim {
        /// The ordinal.
        ordinal: i64,
        /// The claim.
        claim: Name,
    },
    /// The claim of a missing pod is being deleted.
    ClaimIsBeingDeleted {
        /// The ordinal.
        ordinal: i64,
        /// The claim.
        claim: Name,
    },
    /// The name of a missing pod is taken by a pod that is not the set's.
    NameTaken {
        /// The ordinal.
        ordinal: i64,
    },
    /// `OrderedReady`: a pod is on its way out, and nothing further happens before it is gone.
    WaitsForPodToGo {
        /// Its ordinal.
        ordinal: i64,
    },
    /// `OrderedReady`: a pod is not Running and Ready, and nothing further happens before it is.
    WaitsForPodToBeReady {
        /// Its ordinal.
        ordinal: i64,
    },
    /// `OrderedReady`: a pod is Ready but not for `minReadySeconds`.
    WaitsForPodToBeAvailable {
        /// Its ordinal.
        ordinal: i64,
    },
    /// A pod's identity, volumes or claims are put right.
    RepairingPod {
        /// Its ordinal.
        ordinal: i64,
    },
    /// The claims of pods to be removed are made to belong to them.
    MarkingClaims,
    /// A pod beyond the wanted ordinals is removed.
    RemovingPod {
        /// Its ordinal.
        ordinal: i64,
    },
    /// A pod beyond the wanted ordinals is on its way out.
    WaitsForRemovedPod {
        /// Its ordinal.
        ordinal: i64,
    },
    /// `OrderedReady`: a pod beyond the wanted ordinals stays, because a lower pod is not available.
    RemovalWaitsForLower {
        /// The pod that stays.
        ordinal: i64,
        /// The one that is not available.
        lower: i64,
    },
    /// A pod of an old revision is deleted, to be made at the new one.
    ReplacingForUpdate {
        /// Its ordinal.
        ordinal: i64,
    },
    /// The update waits: as many pods are unavailable as may be.
    UpdateWaitsForUnavailable {
        /// The first that is not available.
        ordinal: i64,
    },
    /// Pods of an old revision stay: with `OnDelete` somebody has to delete them.
    OnDeleteWaitsForYou {
        /// How many.
        count: i64,
    },
    /// Pods of an old revision stay below the partition.
    BelowPartition {
        /// The lowest ordinal that is updated: the partition, counted from the first ordinal.
        below: i64,
    },
    /// The strategy is not known to this release.
    UnknownStrategy,
    /// Everything is as wanted.
    UpToDate,
    /// A request of the sync failed; it is tried again, later each time.
    SyncFailed {
        /// The server's words.
        error: Word,
        /// Whether it ended before anything was said in the status.
        untold: bool,
    },
    // --- Deployment and ReplicaSet controllers ----------------------------------------------------------------------------
    /// ReplicaSets without a manager are taken, or ones that no longer fit are let go.
    ClaimingReplicaSets,
    /// The ReplicaSet for a template is made.
    CreatingReplicaSet {
        /// Its name.
        name: Name,
        /// How many pods it begins with.
        replicas: i64,
    },
    /// The name of the ReplicaSet for a template is taken; another hash is tried.
    ReplicaSetNameTaken {
        /// The name.
        name: Name,
    },
    /// A ReplicaSet is made larger or smaller.
    ScalingReplicaSet {
        /// Its name.
        name: Name,
        /// How many pods it wanted.
        from: i64,
        /// How many it will want.
        to: i64,
    },
    /// An old ReplicaSet without pods, beyond the history limit, is deleted.
    ForgettingReplicaSet {
        /// Its name.
        name: Name,
    },
    /// The rollout is paused; only the number of pods is kept up.
    RolloutPaused,
    /// The rollout goes no further before more pods of the new ReplicaSet are available.
    RolloutWaitsForPods {
        /// The new ReplicaSet.
        replica_set: Name,
        /// How many are missing.
        count: i64,
    },
    /// The update of a DaemonSet goes no further before pods are available on their nodes.
    UpdateWaitsForNodes {
        /// How many are not.
        count: i64,
    },
    /// The rollout goes no further before pods of old ReplicaSets are gone.
    RolloutWaitsForOldPods {
        /// How many are left.
        count: i64,
    },
    /// The rollout made no progress for as long as it may.
    RolloutTimedOut {
        /// `progressDeadlineSeconds`.
        seconds: i64,
    },
    /// Pods of a ReplicaSet are made, in batches that double.
    CreatingReplicas {
        /// How many.
        count: i64,
    },
    /// A ReplicaSet has its pods, but not all of them are available.
    ReplicasNotAvailable {
        /// How many are not.
        count: i64,
    },
    /// Pods of a ReplicaSet are deleted.
    RemovingReplicas {
        /// How many.
        count: i64,
    },
    // --- Job and DaemonSet controllers ------------------------------------------------------------------------------------
    /// A Job waits for its pods to end.
    JobRuns {
        /// How many have succeeded.
        succeeded: i64,
        /// How many have to; `None` where one is enough.
        wanted: Option<i64>,
    },
    /// A Job waits before it makes another pod, because some have failed.
    JobBacksOff {
        /// How many have.
        failed: i64,
    },
    /// A Job is suspended: it has no pods until it is resumed.
    JobIsSuspended,
    /// A Job is about to end: its last pods are on their way out.
    JobWaitsForPods {
        /// How many.
        count: i64,
    },
    /// Enough pods of a Job have succeeded.
    JobIsComplete,
    /// Too many pods of a Job have failed, or it took too long.
    JobHasFailed,
    /// Pods of a DaemonSet are made on nodes that have none.
    CreatingOnNodes {
        /// How many.
        count: i64,
    },
    // --- Autoscalers -----------------------------------------------------------------------------------------------------
    /// There is no metrics server, so there is nothing to scale by.
    NoMetrics,
    /// What is to be scaled has fewer replicas than its autoscaler allows, or more.
    Rescales {
        /// How many it has.
        from: i64,
        /// How many it gets.
        to: i64,
    },
    /// What is to be scaled has no replicas, which switches its autoscaler off.
    ScalingIsOff,
    /// What is to be scaled is not there.
    NoScaleTarget {
        /// The server's words.
        missing: Word,
    },
    // --- Scheduling ------------------------------------------------------------------------------------------------------
    /// No node takes the pod.
    Unschedulable {
        /// The scheduler's words.
        message: Word,
    },
    /// A node was found; the pod waits for its volume.
    WaitsForVolumes {
        /// The node.
        node: Name,
    },
    /// No node takes the pod as it is; on one, pods of lower priority go for it.
    WaitsForPreempted {
        /// The node.
        node: Name,
        /// How many go.
        count: i64,
    },
    /// A pod of higher priority takes the pod's place.
    Preempted {
        /// The other pod.
        by: Name,
        /// The node.
        node: Name,
    },
    /// The pod got its node.
    Assigned {
        /// The node.
        node: Name,
    },
    // --- Storage ---------------------------------------------------------------------------------------------------------
    /// The claim waits until a pod that uses it is scheduled.
    WaitsForFirstConsumer,
    /// The claim has no class, and there is no default one.
    NoStorageClass,
    /// The claim's class does not exist.
    StorageClassNotFound {
        /// The class.
        class: Name,
    },
    /// A volume is being made.
    WaitsForProvisioner {
        /// By whom.
        provisioner: Name,
    },
    /// No volume fits, and the class makes none by itself.
    NoVolumeFits,
    /// The claim names a volume that does not exist.
    WaitsForVolume {
        /// The volume.
        volume: Name,
    },
    /// The volume's claim is gone, and with it the volume goes.
    ReclaimsVolume,
    /// The claim's volume is gone.
    VolumeLost {
        /// The volume.
        volume: Name,
    },
    /// The provisioner makes no such volume.
    ProvisionerRefuses {
        /// Its words.
        error: Word,
    },
    /// The volume that the claim names does not suit it.
    VolumeDoesNotSuit {
        /// The volume.
        volume: Name,
        /// The controller's words.
        why: Word,
    },
    /// The volume is to be deleted with its claim, and nobody can.
    VolumeStays {
        /// The controller's words.
        error: Word,
    },
    /// The claim has its volume.
    ClaimBound {
        /// The volume.
        volume: Name,
    },
    /// The claim is being deleted but a pod uses it.
    ClaimInUse {
        /// The pod.
        pod: Name,
    },
    /// The volume is being deleted but a claim is bound to it.
    VolumeInUse {
        /// The claim.
        claim: Name,
    },
    /// The volume is being attached to the pod's node.
    AttachesVolume {
        /// The volume.
        volume: Name,
        /// The node.
        node: Name,
    },
    /// The pod's volume is attached to its node.
    VolumeAttached {
        /// The volume.
        volume: Name,
    },
    /// The pod's volume is still attached to another node, and can be attached to one only.
    WaitsForDetach {
        /// The volume.
        volume: Name,
        /// The other node.
        node: Name,
    },
    /// Nobody needs the volume on a node, but it may still be mounted there.
    WaitsForUnmount {
        /// The node.
        node: Name,
    },
    /// The volume is being detached from a node.
    DetachesVolume {
        /// The node.
        node: Name,
        /// Whether without its kubelet's word that it is not mounted any more.
        forced: bool,
    },
    // --- Kubelet ---------------------------------------------------------------------------------------------------------
    /// Containers are being started.
    StartingContainers,
    /// An init container is at work; the others wait for it.
    InitContainerRuns {
        /// The init container.
        container: Name,
    },
    /// A container is not made because what the pod refers to is not there.
    MissingReference {
        /// The kubelet's words.
        error: Word,
    },
    /// The image cannot be pulled.
    ImagePullFails {
        /// The image.
        image: Name,
    },
    /// A container keeps exiting; it is started again after a pause.
    CrashLoop {
        /// The container.
        container: Name,
        /// Its last exit code.
        exit_code: i64,
    },
    /// The pod was active for longer than it may be, and was told to end.
    PastDeadline {
        /// `activeDeadlineSeconds`.
        seconds: i64,
    },
    /// A container keeps using more memory than it may; it is started again after a pause.
    OutOfMemory {
        /// The container.
        container: Name,
        /// How much it may use.
        limit: Name,
    },
    /// The `postStart` hook of a container runs; those after it wait, and it does not count as running.
    HookRuns {
        /// The container.
        container: Name,
    },
    /// The `postStart` hook of a container failed; it is ended and started again.
    HookFailed {
        /// The container.
        container: Name,
    },
    /// A container failed a probe too often; it is ended and started again.
    FailedProbe {
        /// The container.
        container: Name,
        /// `liveness` or `startup`.
        probe: &'static str,
    },
    /// Containers run, but their readiness is not confirmed.
    NotReadyYet,
    /// Containers run, and a probe of one fails.
    ProbeFails {
        /// The container.
        container: Name,
        /// `readiness` or `startup`.
        probe: &'static str,
        /// What the kubelet says of it.
        said: Word,
    },
    /// The pod is ready.
    PodIsReady,
    /// The pod is taken to be ready: what answers its probe is not simulated.
    SupposedReady {
        /// The image of the container.
        image: Name,
    },
    /// All processes of the pod have ended, and none is started again.
    ProcessesEnded,
    /// Containers were told to stop; the kubelet waits for them.
    StoppingContainers,
    /// The node is silent: nobody can confirm that the pod has ended.
    NodeIsSilent {
        /// The node.
        node: Name,
    },
    // --- Deletion --------------------------------------------------------------------------------------------------------
    /// The owner is gone, so the object goes too.
    OwnerGone {
        /// The owner.
        owner: Name,
    },
    /// The object stays until its dependents are gone.
    WaitsForDependents {
        /// How many.
        count: i64,
    },
    /// The object's dependents are let go.
    OrphansDependents,
    /// Somebody else's finalizer keeps it.
    HeldByFinalizer {
        /// The finalizer.
        finalizer: Name,
    },
    // --- Nodes, and what happens to pods because of them -----------------------------------------------------------------
    /// The node's kubelet is heard of.
    NodeIsHeard,
    /// The node has been silent for as long as a node may be.
    NodeFellSilent {
        /// When it was last heard of.
        last_heard: Time,
    },
    /// The node is to be emptied, but nodes are tainted for that one after another.
    EvictionIsPaced,
    /// Most nodes of the zone are silent, so that no more of them are emptied.
    ZoneIsSilent,
    /// No node at all is heard of, so that nothing is emptied.
    NobodyIsHeard,
    /// The node is marked so that its pods have to leave.
    NodeIsEmptied {
        /// The taint.
        taint: Name,
    },
    /// The node's taints are made to say how it is.
    TaintsFollowNode,
    /// The pod puts up with its node's taints, for a while.
    ToleratesTaintFor {
        /// The taint.
        taint: Name,
        /// For how many seconds.
        seconds: i64,
    },
    /// The pod puts up with its node's taints, for ever.
    ToleratesTaint {
        /// The taint.
        taint: Name,
    },
    /// The pod's node has a taint that it does not put up with, or not any longer: it is deleted.
    EvictedByTaint {
        /// The taint.
        taint: Name,
    },
    /// The pod was to be deleted for a taint, which is gone.
    EvictionCalledOff,
    /// The pod's Node object is gone; whether it stays so is waited for.
    WaitsForNodeToReturn {
        /// The node.
        node: Name,
    },
    /// The pod's Node object is gone for good, and so is the pod.
    NodeObjectGone {
        /// The node.
        node: Name,
    },
    /// Somebody said that the pod's node is off: the pod is deleted without its kubelet's word.
    NodeIsOutOfService {
        /// The node.
        node: Name,
    },
    /// The pod is being deleted and never had a node.
    NeverHadNode,
    // --- Disruption budgets ----------------------------------------------------------------------------------------------
    /// So many pods may be evicted.
    DisruptionsAllowed {
        /// How many.
        count: i64,
    },
    /// No pod may be evicted.
    NoDisruptionAllowed {
        /// How many pods are healthy.
        healthy: i64,
        /// How many have to be.
        desired: i64,
        /// How many pods there should be.
        expected: i64,
    },
    /// The pod's eviction was asked for and refused.
    EvictionRefused {
        /// The budget that refuses.
        budget: Name,
        /// How many pods are healthy.
        healthy: i64,
        /// How many have to be.
        desired: i64,
        /// How many pods there should be.
        expected: i64,
    },
    /// The budget selects no pod.
    NoPodsSelected,
    /// The budget cannot be worked out.
    BudgetUnclear {
        /// The controller's words.
        error: Word,
    },
    // --- Namespaces ------------------------------------------------------------------------------------------------------
    /// The namespace is being deleted, its pods first.
    NamespaceWaitsForPods {
        /// How many are left.
        count: i64,
    },
    /// The namespace is being deleted, with what is left in it.
    NamespaceWaitsForContent {
        /// How many objects are left.
        count: i64,
    },
    /// The namespace is empty and goes.
    NamespaceIsEmpty,
    /// Every namespace has this object, and so does this one.
    EveryNamespaceHasOne,
}
