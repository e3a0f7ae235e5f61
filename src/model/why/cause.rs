//! Causes: what a StatefulSet may wait for in vain, by families.
//!
//! A cause is what a diagnosis, a plan and a search for risks agree on. The object it hangs on, and how sure it is, are whoever's who
//! found it; its words are in the tables of `text`, its name here is the one that JSON gives.

/// Two enums from one table: the families of causes, and the causes of each, with the words for them.
macro_rules! causes {
    ($($(#[$doc:meta])* $family:ident $of:literal: $($cause:ident $name:literal)*;)*) => {
        /// A family of causes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Family {
            $($(#[$doc])* $family,)*
        }

        /// A cause. Two of one name differ in their families.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Cause {
            $($($cause,)*)*
        }

        impl Family {
            /// All of them.
            pub const ALL: &'static [Family] = &[$(Family::$family),*];

            /// Its name.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Family::$family => $of,)*
                }
            }
        }

        impl Cause {
            /// All of them.
            pub const ALL: &'static [Cause] = &[$($(Cause::$cause,)*)*];

            /// Its family.
            pub const fn family(self) -> Family {
                match self {
                    $($(Cause::$cause)|* => Family::$family,)*
                }
            }

            /// Its name.
            pub const fn word(self) -> &'static str {
                match self {
                    $($(Cause::$cause => $name,)*)*
                }
            }

            /// The cause of a name, which may stand behind that of its family: `attach-or-mount/config-missing`. `None` of any other.
            pub fn named(name: &str) -> Option<Cause> {
                let (family, word) = name.split_once('/').map_or((None, name), |(family, word)| (Some(family), word));
                let is_it = |cause: &&Cause| cause.word() == word && family.is_none_or(|family| cause.family().word() == family);
                Cause::ALL.iter().find(is_it).copied()
            }
        }
    };
}

causes! {
    /// A rollout waits for a pod of a revision that nobody wants any more.
    RollbackTrap "rollback-trap":
        RollbackTrapImage "rollback-trap-image"
        RollbackTrapCrash "rollback-trap-crash"
        RollbackTrapNeverReady "rollback-trap-never-ready"
        CrashAllPodsAfterRollback "crash-all-pods-after-rollback";
    /// A container does not run, or is not ready.
    ContainerFails "container-fails":
        ImagePullDuringRollout "image-pull-during-rollout"
        ImagePullParallel "image-pull-parallel"
        ImagePull "image-pull"
        CrashLoop "crash-loop"
        CannotStart "cannot-start"
        OutOfMemory "out-of-memory"
        LivenessProbe "liveness-probe"
        ConfigMissing "config-missing"
        SubPath "sub-path"
        PodCompleted "pod-completed"
        Init "init"
        WrongPort "readiness-probe-wrong-port"
        NeverReady "never-ready"
        ImageNotFound "image-not-found"
        ImageAuth "image-auth"
        ImageRate "image-rate"
        ImagePlatform "image-platform"
        ImageDisk "image-disk"
        ImageName "image-name"
        ImageNever "image-never"
        ImageBad "image-bad"
        RegistryUnreachable "registry-unreachable"
        PullSecretMissing "pull-secret-missing"
        RunsAsRoot "runs-as-root"
        KeyMissing "key-missing"
        ConfigRefused "config-refused"
        RuntimeRefuses "runtime-refuses"
        MountTwice "mount-twice"
        RuntimeBusy "runtime-busy"
        CreateTimeout "create-timeout"
        MountsFile "mounts-file"
        ServicesUnread "services-unread"
        HookFails "hook-fails"
        StartupProbe "startup-probe"
        ProgramEnds "program-ends"
        Exited "exited"
        LogSays "log-says"
        Deadline "deadline"
        ContainerUnknown "container-unknown";
    /// Pods of a higher ordinal wait for one that is not Ready.
    OrderedGate "ordered-gate":
        GateWrongPort "readiness-probe-wrong-port"
        GateNeverReady "never-ready"
        NotReady "not-ready"
        WaitsForPeers "waits-for-peers"
        ReadinessGate "readiness-gate"
        ReadinessProbe "readiness-probe";
    /// No scheduler looks at a pod.
    NobodySchedules "nobody-schedules":
        SchedulingGate "scheduling-gate"
        UnknownScheduler "unknown-scheduler"
        Gang "gang";
    /// A claim has no volume.
    ClaimPending "claim-pending":
        NoDefaultStorageClass "no-default-storageclass"
        StorageClassNotFound "storageclass-not-found"
        ProvisionerNotRunning "provisioner-not-running"
        ProvisionerRefuses "provisioner-refuses"
        PvReleasedClaimRef "pv-released-claimref"
        PvReserved "pv-reserved"
        PvTooSmall "pv-too-small"
        NoVolumeFits "no-volume-fits"
        ClaimPending "claim-pending"
        NotPasted "not-pasted"
        ProvisionSource "provision-source"
        ProvisionNode "provision-node"
        ProvisionRights "provision-rights"
        ProvisionQuota "provision-quota"
        ProvisionParameters "provision-parameters"
        ProvisionSlow "provision-slow"
        ProvisionExists "provision-exists"
        VolumeMismatch "volume-mismatch"
        OtherClaim "other-claim";
    /// A claim or its volume is gone.
    ClaimGone "claim-gone":
        PvcMissing "pvc-missing"
        PvcLost "pvc-lost"
        DiskGone "disk-gone";
    /// A volume is where its pod may not run.
    VolumeElsewhere "volume-elsewhere":
        VolumeNodeDeleted "volume-node-deleted"
        VolumeNodeUnavailable "volume-node-unavailable";
    /// The scheduler finds no node.
    NoNodeFits "no-node-fits":
        InsufficientMemory "insufficient-memory"
        InsufficientResources "insufficient-resources"
        TooManyPods "too-many-pods"
        HostPortTaken "host-port-taken"
        PodAffinityNoMatch "pod-affinity-no-match"
        AntiAffinityTooFewNodes "anti-affinity-too-few-nodes"
        ExistingAntiAffinity "existing-anti-affinity"
        TopologySpread "topology-spread"
        NodeSelectorNoMatch "nodeselector-no-match"
        WffcWaitsForUnschedulablePod "wffc-waits-for-unschedulable-pod"
        UntoleratedTaint "untolerated-taint"
        Cordoned "cordoned"
        NoNodeFits "no-node-fits"
        InsufficientCpu "insufficient-cpu"
        NodePressureTaint "node-pressure-taint"
        SchedulerProfile "scheduler-profile"
        NodeName "node-name"
        NoNodes "no-nodes"
        DiskInUse "disk-in-use"
        StorageCapacity "storage-capacity"
        DeviceMissing "device-missing"
        NoScaleUp "no-scale-up"
        NodeFeatures "node-features";
    /// The API server refuses the pods of a set.
    PodRefused "pod-refused":
        ServiceAccountMissing "serviceaccount-missing"
        QuotaMustSpecifyRequests "quota-must-specify-requests"
        QuotaExceeded "quota-exceeded"
        LimitRange "limit-range"
        PodSecurityRestricted "podsecurity-restricted"
        PodSecurityBaseline "podsecurity-baseline"
        Webhook "webhook"
        WebhookSilent "webhook-silent"
        NameLeaving "name-leaving"
        NameTooLong "name-too-long"
        InvalidPod "invalid-pod"
        Refused "refused"
        HiddenReason "hidden-reason"
        PrivilegedOff "privileged-off"
        MountUnknown "mount-unknown"
        PodSecurityPolicy "pod-security-policy"
        QuotaAbsent "quota-absent"
        QuotaUnready "quota-unready"
        AccountToken "account-token"
        AccountSecret "account-secret"
        SecurityConstraint "security-constraint"
        PolicyRefuses "policy-refuses"
        PriorityClassMissing "priority-class-missing"
        PriorityValue "priority-value"
        RuntimeClass "runtime-class"
        NamespaceRules "namespace-rules"
        NodeRestriction "node-restriction"
        DeleteRefused "delete-refused"
        InvalidClaim "invalid-claim"
        ClaimRefused "claim-refused";
    /// A kubelet refuses or ends a pod that was placed on its node.
    NodeRefuses "node-refuses":
        KubeletRefuses "kubelet-refuses"
        Evicted "evicted"
        RuntimeHangs "runtime-hangs"
        OverLimit "over-limit"
        Preempted "preempted"
        NodeShutsDown "node-shuts-down"
        NetworkFails "network-fails"
        NoAddress "no-address"
        SandboxFails "sandbox-fails"
        SandboxImage "sandbox-image"
        NetworkKeeps "network-keeps"
        NetworkDown "network-down"
        NodeDiskFull "node-disk-full"
        NodePressure "node-pressure"
        SystemOom "system-oom"
        RuntimeDown "runtime-down"
        NodeAddress "node-address";
    /// A node says nothing any more.
    NodeSilent "node-silent":
        NodeUnreachablePodTerminating "node-unreachable-pod-terminating"
        NodeUnreachable "node-unreachable"
        KubeletUnreached "kubelet-unreached"
        NodeGone "node-gone"
        TaintEvicts "taint-evicts";
    /// What is being deleted stays.
    HeldByFinalizer "held-by-finalizer":
        PodFinalizer "pod-finalizer"
        PvcTerminatingFinalizer "pvc-terminating-finalizer"
        PvcTerminating "pvc-terminating"
        ClaimInUse "claim-in-use"
        NamespaceTerminating "namespace-terminating"
        ForegroundDeletionFinalizer "foreground-deletion-finalizer"
        Leaving "leaving"
        Finalizer "finalizer"
        NamespaceDiscovery "namespace-discovery"
        VolumeDeleteFails "volume-delete-fails";
    /// Data go once a pod does.
    DataLeaves "data-leaves":
        ClaimLeaves "claim-leaves"
        VolumeLeaves "volume-leaves";
    /// A volume does not grow.
    Expansion "expansion":
        NobodyExpands "nobody-expands"
        ExpansionFails "expansion-fails"
        ExpansionWaitsForPod "expansion-waits-for-pod"
        ExpansionOffline "expansion-offline"
        ExpansionOnNode "expansion-on-node"
        AttributesUnchanged "attributes-unchanged";
    /// A volume does not come to its pod.
    AttachOrMount "attach-or-mount":
        Attach "attach"
        Mount "mount"
        MultiAttach "multi-attach"
        VolumeBusy "volume-busy"
        CsiDriverMissing "csi-driver-missing"
        VolumeLimit "volume-limit"
        MountConfigMissing "config-missing"
        AttacherSilent "attacher-silent"
        AttacherForbidden "attacher-forbidden"
        AttachmentLeaving "attachment-leaving"
        MountTimesOut "mount-times-out"
        NotAttachedYet "not-attached-yet"
        DriverSilent "driver-silent"
        FileSystem "file-system"
        NoPlugin "no-plugin"
        MountOwner "mount-owner"
        VolumeInUseOnce "volume-in-use-once"
        VolumeDegraded "volume-degraded"
        ObjectUnread "object-unread"
        VolumeMode "volume-mode"
        HostPath "host-path"
        NoLocalPath "no-local-path";
    /// Pods are updated only by whoever deletes them.
    OnDelete "on-delete":
        OnDelete "ondelete";
    /// Lower ordinals are not to be updated.
    Partition "partition":
        Partition "partition";
    /// Two objects claim one identity.
    IdentityConflict "identity-conflict":
        NameTaken "name-taken"
        TwoSetsOneSelector "two-sets-one-selector";
    /// A budget lets no pod be evicted.
    DrainBlocked "drain-blocked":
        BudgetAllowsNone "budget-allows-none"
        TwoBudgets "two-budgets"
        LocalStorage "local-storage"
        BudgetOdd "budget-odd";
    /// The API server refuses a change.
    RefusedUpdate "refused-update":
        ImmutableField "immutable-field"
        ImmutableClaim "immutable-claim"
        InvalidTemplate "invalid-template"
        UnknownVersion "unknown-version"
        UnknownField "unknown-field"
        PodFixed "pod-fixed"
        SetForbidden "set-forbidden"
        InvalidSet "invalid-set"
        FieldMissing "field-missing"
        ChartFails "chart-fails"
        NotYaml "not-yaml"
        OwnedField "owned-field"
        ReleaseLocked "release-locked";
    /// Nothing waits in vain.
    NotStuck "not-stuck":
        Complete "complete"
        InProgress "in-progress"
        MinReadySeconds "min-ready-seconds"
        GracePeriod "grace-period"
        VolumeOwnership "volume-ownership"
        GoverningServiceMissing "governing-service-missing"
        GoverningServiceNotHeadless "governing-service-not-headless"
        NoServiceName "no-service-name"
        ServiceSelectsNothing "service-selects-nothing"
        EvictedByProgram "evicted-by-program"
        PreStopFails "pre-stop-fails"
        DnsCut "dns-cut"
        ServiceAddress "service-address"
        LoadBalancer "load-balancer"
        EndpointsUnwritten "endpoints-unwritten"
        Autoscaler "autoscaler"
        ResizeWaits "resize-waits"
        SnapshotFails "snapshot-fails"
        NodeRebooted "node-rebooted"
        ClaimOwner "claim-owner"
        GroupDiffers "group-differs"
        GitDiffers "git-differs"
        TemplateStatus "template-status"
        Selinux "selinux";
    /// The text does not tell.
    CannotKnow "cannot-know":
        KubeletDoesNotEndIt "kubelet-does-not-end-it"
        WaitsForPod "waits-for-pod"
        NoPods "no-pods"
        RolloutWaits "rollout-waits"
        TimedOut "timed-out"
        SyncFails "sync-fails"
        LogOnly "log-only"
        ClientSays "client-says"
        DoneBy "done-by"
        SetMissing "set-missing"
        DeletedAgain "deleted-again"
        UpdatesPod "updates-pod"
        RevisionsDiffer "revisions-differ"
        PodsMissing "pods-missing"
        NotCounted "not-counted"
        NotScheduled "not-scheduled"
        NotStarted "not-started"
        PodFailed "pod-failed"
        NoWorkload "no-workload"
        NoReason "no-reason";
}
