//! The internal types that the API server validates, as declared in its Go sources.
//!
//! Must not know: how they are printed, their only use.

/// The fields that all containers have.
macro_rules! container {
    () => {
        "Name Image Command* Args* WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar \
         Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy* RestartPolicyRules* VolumeMounts:[]VolumeMount \
         VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle \
         TerminationMessagePath TerminationMessagePolicy ImagePullPolicy SecurityContext:*SecurityContext Stdin? StdinOnce? TTY?"
    };
}

/// The fields of each type in declaration order. A bare name is a string; a suffix gives another type: `#` an integer, `?` a Boolean,
/// `@` a quantity, `%` a number or percentage, `*` something whose zero value is `null` (a pointer, list or map of plain values);
/// `:T`, `:*T` and `:[]T` are structs. In types shared with the wire, `!` marks fields that are written even when empty.
pub const TYPES: &[(&str, &str)] = &[
    // apps, policy, rbac
    ("StatefulSetUpdateStrategy", "Type RollingUpdate:*RollingUpdateStatefulSetStrategy"),
    ("RollingUpdateStatefulSetStrategy", "Partition# MaxUnavailable*"),
    ("DeploymentStrategy", "Type RollingUpdate:*RollingUpdateDeployment"),
    ("RollingUpdateDeployment", "MaxUnavailable% MaxSurge%"),
    ("DaemonSetUpdateStrategy", "Type RollingUpdate:*RollingUpdateDaemonSet"),
    ("RollingUpdateDaemonSet", "MaxUnavailable% MaxSurge%"),
    ("PodDisruptionBudgetSpec", "MinAvailable* Selector:*LabelSelector MaxUnavailable* UnhealthyPodEvictionPolicy*"),
    ("ScopeSelector", "MatchExpressions:[]ScopedResourceSelectorRequirement"),
    ("ScopedResourceSelectorRequirement", "ScopeName Operator Values*"),
    ("RoleRef", "APIGroup Kind Name"),
    // batch
    ("SuccessPolicy", "Rules:[]SuccessPolicyRule"),
    ("SuccessPolicyRule", "SucceededIndexes* SucceededCount*"),
    ("PodFailurePolicy", "Rules:[]PodFailurePolicyRule"),
    ("PodFailurePolicyRule", "Action OnExitCodes:*OnExitCodes OnPodConditions:[]OnPodCondition"),
    ("OnExitCodes", "ContainerName* Operator Values*"),
    ("OnPodCondition", "Type Status"),
    // claims and volumes
    ("PersistentVolumeClaim", "~ObjectMeta Spec:PersistentVolumeClaimSpec Status:PersistentVolumeClaimStatus"),
    ("PersistentVolumeClaimTemplate", "~ObjectMeta Spec:PersistentVolumeClaimSpec"),
    (
        "PersistentVolumeClaimSpec",
        "AccessModes* Selector:*LabelSelector Resources:VolumeResourceRequirements VolumeName StorageClassName* VolumeMode* \
         DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName*",
    ),
    ("VolumeResourceRequirements", "Limits* Requests*"),
    ("TypedLocalObjectReference", "APIGroup* Kind Name"),
    ("TypedObjectReference", "APIGroup* Kind Name Namespace*"),
    (
        "PersistentVolumeClaimStatus",
        "Phase AccessModes* Capacity* Conditions* AllocatedResources* AllocatedResourceStatuses* CurrentVolumeAttributesClassName* \
         ModifyVolumeStatus* HealthStatus*",
    ),
    ("VolumeNodeAffinity", "Required:*NodeSelector"),
    ("CSINodeDriver", "Name NodeID TopologyKeys* Allocatable*"),
    (
        "PersistentVolumeSource",
        "GCEPersistentDisk:*GCEPersistentDisk AWSElasticBlockStore:*AWSElasticBlockStore HostPath:*HostPathVolumeSource Glusterfs:*Glusterfs \
         NFS:*NFSVolumeSource RBD:*RBD ISCSI:*ISCSI Cinder:*Cinder CephFS:*CephFS FC:*FC Flocker:*Cloud FlexVolume:*FlexVolume \
         AzureFile:*AzureFile VsphereVolume:*VsphereVolume Quobyte:*Cloud AzureDisk:*AzureDisk PhotonPersistentDisk:*Cloud \
         PortworxVolume:*PortworxVolume ScaleIO:*Cloud Local:*LocalVolumeSource StorageOS:*Cloud CSI:*CSIPersistentVolumeSource",
    ),
    ("LocalVolumeSource", "Path FSType*"),
    ("GCEPersistentDisk", "PDName FSType Partition# ReadOnly?"),
    ("AWSElasticBlockStore", "VolumeID FSType Partition# ReadOnly?"),
    ("Glusterfs", "EndpointsName Path ReadOnly? EndpointsNamespace*"),
    ("RBD", "CephMonitors* RBDImage FSType RBDPool RadosUser Keyring SecretRef:*SecretReference ReadOnly?"),
    (
        "ISCSI",
        "TargetPortal IQN Lun# ISCSIInterface FSType ReadOnly? Portals* DiscoveryCHAPAuth? SessionCHAPAuth? SecretRef:*SecretReference \
         InitiatorName*",
    ),
    ("FlexVolume", "Driver FSType SecretRef:*SecretReference ReadOnly? Options*"),
    ("Cinder", "VolumeID FSType ReadOnly? SecretRef:*SecretReference"),
    ("CephFS", "Monitors* Path User SecretFile SecretRef:*SecretReference ReadOnly?"),
    ("FC", "TargetWWNs* Lun* FSType ReadOnly? WWIDs*"),
    ("AzureFile", "SecretName ShareName ReadOnly? SecretNamespace*"),
    ("VsphereVolume", "VolumePath FSType StoragePolicyName StoragePolicyID"),
    ("AzureDisk", "DiskName DataDiskURI CachingMode* FSType* ReadOnly* Kind*"),
    ("PortworxVolume", "VolumeID FSType ReadOnly?"),
    ("SecretReference", "Name Namespace"),
    (
        "CSIPersistentVolumeSource",
        "Driver VolumeHandle ReadOnly? FSType VolumeAttributes* ControllerPublishSecretRef:*SecretReference \
         NodeStageSecretRef:*SecretReference NodePublishSecretRef:*SecretReference ControllerExpandSecretRef:*SecretReference \
         NodeExpandSecretRef:*SecretReference",
    ),
    // pods
    ("PodTemplateSpec", "~ObjectMeta Spec:PodSpec"),
    (
        "PodSpec",
        "Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy \
         TerminationGracePeriodSeconds* ActiveDeadlineSeconds* DNSPolicy NodeSelector* ServiceAccountName DeprecatedServiceAccount \
         AutomountServiceAccountToken* NodeName HostNetwork? HostPID? HostIPC? ShareProcessNamespace* SecurityContext:*PodSecurityContext \
         ImagePullSecrets:[]LocalObjectReference Hostname Subdomain Affinity:*Affinity SchedulerName Tolerations:[]Toleration \
         HostAliases:[]HostAlias PriorityClassName Priority* DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName* \
         EnableServiceLinks* PreemptionPolicy* Overhead* TopologySpreadConstraints:[]TopologySpreadConstraint SetHostnameAsFQDN* \
         OS:*PodOS HostUsers* SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements \
         HostnameOverride* SchedulingGroup* EvictionResponders*",
    ),
    (
        "PodSecurityContext",
        "SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsOptions RunAsUser* RunAsGroup* RunAsNonRoot* SupplementalGroups* \
         SupplementalGroupsPolicy* FSGroup* Sysctls:[]Sysctl FSGroupChangePolicy* SeccompProfile:*SeccompProfile \
         AppArmorProfile:*AppArmorProfile SELinuxChangePolicy*",
    ),
    (
        "OlderPodSpec",
        "Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy \
         TerminationGracePeriodSeconds* ActiveDeadlineSeconds* DNSPolicy NodeSelector* ServiceAccountName AutomountServiceAccountToken* \
         NodeName SecurityContext:*OlderPodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname Subdomain SetHostnameAsFQDN* \
         Affinity:*Affinity SchedulerName Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName Priority* PreemptionPolicy* \
         DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName* Overhead* EnableServiceLinks* \
         TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS SchedulingGates:[]PodSchedulingGate \
         ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride* WorkloadRef* SchedulingGroup*",
    ),
    (
        "OlderPodSecurityContext",
        "HostNetwork? HostPID? HostIPC? ShareProcessNamespace* HostUsers* SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsOptions RunAsUser* \
         RunAsGroup* RunAsNonRoot* SupplementalGroups* SupplementalGroupsPolicy* FSGroup* FSGroupChangePolicy* Sysctls:[]Sysctl \
         SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy*",
    ),
    ("WindowsOptions", "GMSACredentialSpecName* GMSACredentialSpec* RunAsUserName* HostProcess*"),
    ("SELinuxOptions", "User Role Type Level"),
    ("Sysctl", "Name Value"),
    ("SeccompProfile", "Type LocalhostProfile*"),
    ("AppArmorProfile", "Type LocalhostProfile*"),
    ("LocalObjectReference", "Name"),
    ("HostAlias", "IP Hostnames*"),
    ("PodDNSConfig", "Nameservers* Searches* Options:[]PodDNSConfigOption"),
    ("PodDNSConfigOption", "Name Value*"),
    ("PodReadinessGate", "ConditionType"),
    ("PodOS", "Name"),
    ("PodSchedulingGate", "Name"),
    ("PodResourceClaim", "Name ResourceClaimName* ResourceClaimTemplateName*"),
    ("Toleration", "Key Operator Value Effect TolerationSeconds*"),
    ("Taint", "Key Value Effect TimeAdded*"),
    (
        "TopologySpreadConstraint",
        "MaxSkew# TopologyKey WhenUnsatisfiable LabelSelector:*LabelSelector MinDomains* NodeAffinityPolicy* NodeTaintsPolicy* MatchLabelKeys*",
    ),
    ("Affinity", "NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity"),
    (
        "NodeAffinity",
        "RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm",
    ),
    (
        "PodAffinity",
        "RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm",
    ),
    ("NodeSelector", "NodeSelectorTerms:[]NodeSelectorTerm"),
    ("NodeSelectorTerm", "MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement"),
    ("NodeSelectorRequirement", "Key Operator Values*"),
    ("PreferredSchedulingTerm", "Weight# Preference:NodeSelectorTerm"),
    (
        "PodAffinityTerm",
        "LabelSelector:*LabelSelector Namespaces* TopologyKey NamespaceSelector:*LabelSelector MatchLabelKeys* MismatchLabelKeys*",
    ),
    ("WeightedPodAffinityTerm", "Weight# PodAffinityTerm:PodAffinityTerm"),
    (
        "Volume",
        "Name HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*GCEPersistentDisk AWSElasticBlockStore:*AWSElasticBlockStore \
         GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI:*ISCSI Glusterfs:*Cloud \
         PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBD FlexVolume:*FlexVolume Cinder:*Cinder CephFS:*CephFS Flocker:*Cloud \
         DownwardAPI:*DownwardAPIVolumeSource FC:*FC AzureFile:*Cloud ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVolume \
         Quobyte:*Cloud AzureDisk:*AzureDisk PhotonPersistentDisk:*Cloud Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolume \
         ScaleIO:*Cloud StorageOS:*Cloud CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource",
    ),
    ("HostPathVolumeSource", "Path Type*"),
    ("EmptyDirVolumeSource", "Medium SizeLimit* Mode*"),
    ("GitRepoVolumeSource", "Repository Revision Directory"),
    ("SecretVolumeSource", "SecretName Items:[]KeyToPath DefaultMode* Optional* DefaultUser*"),
    ("ConfigMapVolumeSource", "Name Items:[]KeyToPath DefaultMode* Optional* DefaultUser*"),
    ("KeyToPath", "Key Path Mode* User*"),
    ("NFSVolumeSource", "Server Path ReadOnly?"),
    ("PersistentVolumeClaimVolumeSource", "ClaimName ReadOnly?"),
    ("DownwardAPIVolumeSource", "Items:[]DownwardAPIVolumeFile DefaultMode* DefaultUser*"),
    ("DownwardAPIVolumeFile", "Path FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode* User*"),
    ("ProjectedVolumeSource", "Sources:[]VolumeProjection DefaultMode* DefaultUser*"),
    (
        "VolumeProjection",
        "Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection \
         ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle* PodCertificate*",
    ),
    ("SecretProjection", "Name Items:[]KeyToPath Optional*"),
    ("ConfigMapProjection", "Name Items:[]KeyToPath Optional*"),
    ("DownwardAPIProjection", "Items:[]DownwardAPIVolumeFile"),
    ("ServiceAccountTokenProjection", "Audience ExpirationSeconds# Path User*"),
    ("CSIVolumeSource", "Driver ReadOnly* FSType* VolumeAttributes* NodePublishSecretRef:*LocalObjectReference"),
    ("EphemeralVolumeSource", "VolumeClaimTemplate:*PersistentVolumeClaimTemplate"),
    ("ImageVolumeSource", "Reference PullPolicy"),
    // containers
    ("Container", container!()),
    ("EphemeralContainer", concat!(container!(), " TargetContainerName")),
    ("ContainerPort", "Name HostPort# ContainerPort# Protocol HostIP"),
    ("EnvFromSource", "Prefix ConfigMapRef:*EnvSource SecretRef:*EnvSource"),
    ("EnvSource", "Name Optional*"),
    ("EnvVar", "Name Value ValueFrom:*EnvVarSource"),
    (
        "EnvVarSource",
        "FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*KeySelector SecretKeyRef:*KeySelector FileKeyRef:*FileKeySelector",
    ),
    ("ObjectFieldSelector", "APIVersion FieldPath"),
    ("ResourceFieldSelector", "ContainerName Resource Divisor@"),
    ("KeySelector", "Name Key Optional*"),
    ("FileKeySelector", "VolumeName Path Key Optional*"),
    ("ResourceRequirements", "Limits* Requests* Claims:[]ContainerClaim"),
    ("ContainerClaim", "Name Request"),
    ("ContainerResizePolicy", "ResourceName RestartPolicy"),
    ("VolumeMount", "Name ReadOnly? RecursiveReadOnly* MountPath SubPath MountPropagation* SubPathExpr BindMountOptions*"),
    ("VolumeDevice", "Name DevicePath"),
    (
        "Probe",
        "Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction InitialDelaySeconds# TimeoutSeconds# \
         PeriodSeconds# SuccessThreshold# FailureThreshold# TerminationGracePeriodSeconds*",
    ),
    ("ExecAction", "Command*"),
    ("HTTPGetAction", "Path Port% Host Scheme HTTPHeaders:[]HTTPHeader Protocol*"),
    ("HTTPHeader", "Name Value"),
    ("TCPSocketAction", "Port% Host"),
    ("GRPCAction", "Port# Service* Mode*"),
    ("SleepAction", "Seconds#"),
    ("Lifecycle", "PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal*"),
    ("LifecycleHandler", "Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction Sleep:*SleepAction"),
    (
        "SecurityContext",
        "Capabilities:*Capabilities Privileged* SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsOptions RunAsUser* RunAsGroup* RunAsNonRoot* \
         ReadOnlyRootFilesystem* AllowPrivilegeEscalation* ProcMount* SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile",
    ),
    ("Capabilities", "Add* Drop*"),
    // services
    ("ServicePort", "Name Protocol AppProtocol* Port# TargetPort% NodePort#"),
    // shared with the wire types: JSON names, absent fields omitted
    (
        "~ObjectMeta",
        "name generateName namespace uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences:OwnerReference finalizers",
    ),
    ("~OwnerReference", "apiVersion! kind! name! uid! controller blockOwnerDeletion"),
    ("~LabelSelector", "matchLabels matchExpressions:LabelSelectorRequirement"),
    ("~LabelSelectorRequirement", "key! operator! values"),
];

/// Fields declared elsewhere until 1.36: the type, the field, and the field it followed.
pub const OLDER_PLACES: &[(&str, &str, &str)] = &[
    ("Volume", "Quobyte:*Cloud", "RBD:*RBD"),
    ("PersistentVolumeSource", "Quobyte:*Cloud", "RBD:*RBD"),
    ("PersistentVolumeSource", "FlexVolume:*FlexVolume", "ISCSI:*ISCSI"),
];

/// Go names whose JSON name differs in more than the case of the first letter.
pub const JSON_NAMES: &[(&str, &str)] = &[
    ("GCEPersistentDisk", "gcePersistentDisk"),
    ("AWSElasticBlockStore", "awsElasticBlockStore"),
    ("CephFS", "cephfs"),
    ("StorageOS", "storageos"),
    ("DNSPolicy", "dnsPolicy"),
    ("DeprecatedServiceAccount", "serviceAccount"),
    ("DNSConfig", "dnsConfig"),
    ("HTTPGet", "httpGet"),
    ("HTTPHeaders", "httpHeaders"),
    ("TCPSocket", "tcpSocket"),
    ("FSGroup", "fsGroup"),
    ("FSGroupChangePolicy", "fsGroupChangePolicy"),
    ("FSType", "fsType"),
    ("SELinuxOptions", "seLinuxOptions"),
    ("SELinuxChangePolicy", "seLinuxChangePolicy"),
    ("APIVersion", "apiVersion"),
    ("PDName", "pdName"),
    ("EndpointsName", "endpoints"),
    ("CephMonitors", "monitors"),
    ("RBDImage", "image"),
    ("RBDPool", "pool"),
    ("RadosUser", "user"),
    ("ISCSIInterface", "iscsiInterface"),
    ("DiscoveryCHAPAuth", "chapAuthDiscovery"),
    ("SessionCHAPAuth", "chapAuthSession"),
    ("WWIDs", "wwids"),
    ("DataDiskURI", "diskURI"),
    ("APIGroup", "apiGroup"),
    ("GMSACredentialSpecName", "gmsaCredentialSpecName"),
    ("GMSACredentialSpec", "gmsaCredentialSpec"),
];
