//! Objects as the API server's own Go types print them: what field errors show of a struct, and what diffs compare.
//!
//! The server validates internal types that have no JSON names, so a sentence shows `{"Type":"Recreate","RollingUpdate":null}`:
//! Go's field names, in the order of declaration, with every absent field as its zero. Metadata and label selectors are shared
//! with the wire and keep their JSON names and their silence about what is absent.
//! Until 1.36 the host's namespaces stand in a pod's security context.
//! Not modelled: the volume types of clouds in pods, and the rarest ones, of which only the given members are shown.
//!
//! Models k8s.io/kubernetes pkg/apis/{core,apps,policy,batch}/types.go: the fields and their order.

use std::fmt::Write;

use crate::api::release::Release;
use crate::api::validate::report::is_empty;
use crate::base::value::{Value, write_json_text};

/// Which Go type a value is of.
#[derive(Clone, Copy, Debug)]
pub struct GoType {
    name: &'static str,
    list: bool,
    /// Whether pods are declared as they were before 1.37.
    older_pods: bool,
}

impl GoType {
    /// The struct of this name.
    pub const fn of(name: &'static str) -> Self {
        GoType { name, list: false, older_pods: false }
    }

    /// The type as a release declares it.
    #[must_use]
    pub fn of_release(self, release: &Release) -> Self {
        GoType { older_pods: !release.pods_are_declared_as_on_the_wire, ..self }
    }

    /// A list of such structs.
    pub const fn list(name: &'static str) -> Self {
        GoType { name, list: true, older_pods: false }
    }
}

/// A value as compact JSON of its internal type.
pub fn go_json(value: &Value, of: GoType) -> String {
    let mut printer = Printer { out: String::new(), indent: None, older_pods: of.older_pods };
    printer.typed(Some(value), of.name, if of.list { Shape::List } else { Shape::Struct });
    printer.out
}

/// A value as JSON of its internal type, one member a line, indented by one space a level.
pub fn go_json_indented(value: &Value, of: GoType) -> String {
    let mut printer = Printer { out: String::new(), indent: Some(0), older_pods: of.older_pods };
    printer.typed(Some(value), of.name, if of.list { Shape::List } else { Shape::Struct });
    printer.out
}

/// How a field of a struct type is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `T`: zero is a struct of zeros.
    Struct,
    /// `*T`: zero is `null`.
    Pointer,
    /// `[]T`: zero is `null`.
    List,
}

/// The fields of each type in the order of declaration. A field is a text, or behind its name `#` a number, `?` a truth value,
/// `@` a quantity, `%` a number or percentage, `*` something whose zero is `null` (a pointer, list or map of plain values);
/// `:T`, `:*T` and `:[]T` are structs. Of a type shared with the wire, `!` marks what is written even when empty.
const TYPES: &[(&str, &str)] = &[
    // apps, policy
    ("StatefulSetUpdateStrategy", "Type RollingUpdate:*RollingUpdateStatefulSetStrategy"),
    ("RollingUpdateStatefulSetStrategy", "Partition# MaxUnavailable*"),
    ("DeploymentStrategy", "Type RollingUpdate:*RollingUpdateDeployment"),
    ("RollingUpdateDeployment", "MaxUnavailable% MaxSurge%"),
    ("DaemonSetUpdateStrategy", "Type RollingUpdate:*RollingUpdateDaemonSet"),
    ("RollingUpdateDaemonSet", "MaxUnavailable% MaxSurge%"),
    ("PodDisruptionBudgetSpec", "MinAvailable* Selector:*LabelSelector MaxUnavailable* UnhealthyPodEvictionPolicy*"),
    ("ScopeSelector", "MatchExpressions:[]ScopedResourceSelectorRequirement"),
    ("ScopedResourceSelectorRequirement", "ScopeName Operator Values*"),
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
        "Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers* RestartPolicy \
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
        "SELinuxOptions:*SELinuxOptions WindowsOptions* RunAsUser* RunAsGroup* RunAsNonRoot* SupplementalGroups* \
         SupplementalGroupsPolicy* FSGroup* Sysctls:[]Sysctl FSGroupChangePolicy* SeccompProfile:*SeccompProfile \
         AppArmorProfile:*AppArmorProfile SELinuxChangePolicy*",
    ),
    (
        "OlderPodSpec",
        "Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers* RestartPolicy \
         TerminationGracePeriodSeconds* ActiveDeadlineSeconds* DNSPolicy NodeSelector* ServiceAccountName AutomountServiceAccountToken* \
         NodeName SecurityContext:*OlderPodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname Subdomain SetHostnameAsFQDN* \
         Affinity:*Affinity SchedulerName Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName Priority* PreemptionPolicy* \
         DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName* Overhead* EnableServiceLinks* \
         TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS SchedulingGates:[]PodSchedulingGate \
         ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride* SchedulingGroup*",
    ),
    (
        "OlderPodSecurityContext",
        "HostNetwork? HostPID? HostIPC? ShareProcessNamespace* HostUsers* SELinuxOptions:*SELinuxOptions WindowsOptions* RunAsUser* \
         RunAsGroup* RunAsNonRoot* SupplementalGroups* SupplementalGroupsPolicy* FSGroup* FSGroupChangePolicy* Sysctls:[]Sysctl \
         SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy*",
    ),
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
        "Name HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*Cloud AWSElasticBlockStore:*Cloud \
         GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI:*Cloud Glusterfs:*Cloud \
         PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*Cloud FlexVolume:*Cloud Cinder:*Cloud CephFS:*Cloud Flocker:*Cloud \
         DownwardAPI:*DownwardAPIVolumeSource FC:*Cloud AzureFile:*Cloud ConfigMap:*ConfigMapVolumeSource VsphereVolume:*Cloud \
         Quobyte:*Cloud AzureDisk:*Cloud PhotonPersistentDisk:*Cloud Projected:*ProjectedVolumeSource PortworxVolume:*Cloud \
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
    ("Container", CONTAINER),
    ("ContainerPort", "Name HostPort# ContainerPort# Protocol HostIP"),
    ("EnvFromSource", "Prefix ConfigMapRef:*EnvSource SecretRef:*EnvSource"),
    ("EnvSource", "Name Optional*"),
    ("EnvVar", "Name Value ValueFrom:*EnvVarSource"),
    (
        "EnvVarSource",
        "FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*KeySelector SecretKeyRef:*KeySelector FileKeyRef*",
    ),
    ("ObjectFieldSelector", "APIVersion FieldPath"),
    ("ResourceFieldSelector", "ContainerName Resource Divisor@"),
    ("KeySelector", "Name Key Optional*"),
    ("ResourceRequirements", "Limits* Requests* Claims:[]ResourceClaim"),
    ("ResourceClaim", "Name Request"),
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
        "Capabilities:*Capabilities Privileged* SELinuxOptions:*SELinuxOptions WindowsOptions* RunAsUser* RunAsGroup* RunAsNonRoot* \
         ReadOnlyRootFilesystem* AllowPrivilegeEscalation* ProcMount* SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile",
    ),
    ("Capabilities", "Add* Drop*"),
    // services
    ("ServicePort", "Name Protocol AppProtocol* Port# TargetPort% NodePort#"),
    // shared with the wire: JSON names, nothing about what is absent
    (
        "~ObjectMeta",
        "name generateName namespace uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences:OwnerReference finalizers",
    ),
    ("~OwnerReference", "apiVersion! kind! name! uid! controller blockOwnerDeletion"),
    ("~LabelSelector", "matchLabels matchExpressions:LabelSelectorRequirement"),
    ("~LabelSelectorRequirement", "key! operator! values"),
];

const CONTAINER: &str = "Name Image Command* Args* WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar \
    Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy* RestartPolicyRules* VolumeMounts:[]VolumeMount \
    VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle \
    TerminationMessagePath TerminationMessagePolicy ImagePullPolicy SecurityContext:*SecurityContext Stdin? StdinOnce? TTY?";

/// Go names whose JSON name is more than their first letter in lower case.
const JSON_NAMES: &[(&str, &str)] = &[
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
];

fn json_name(go: &str) -> String {
    if let Some((_, json)) = JSON_NAMES.iter().find(|(name, _)| *name == go) {
        return (*json).to_owned();
    }
    if go.bytes().all(|c| c.is_ascii_uppercase()) {
        return go.to_ascii_lowercase();
    }
    let mut chars = go.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

fn fields_of(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == name).map(|(_, fields)| *fields)
}

/// Writes JSON, on one line or one member a line.
struct Printer {
    out: String,
    indent: Option<usize>,
    older_pods: bool,
}

impl Printer {
    fn typed(&mut self, value: Option<&Value>, name: &str, shape: Shape) {
        match (value, shape) {
            (Some(Value::List(items)), Shape::List) => {
                self.sequence('[', ']', items.iter(), |p, item| p.typed(Some(item), name, Shape::Struct));
            }
            (None | Some(Value::Null), Shape::Pointer | Shape::List) => self.out.push_str("null"),
            (value, _) => self.structure(value.unwrap_or(&Value::Null), name),
        }
    }

    /// A struct of an internal type, or of one that is shared with the wire.
    fn structure(&mut self, value: &Value, name: &str) {
        if let Some(fields) = fields_of(&format!("~{name}")) {
            let members: Vec<_> = wire_members(value, fields).collect();
            return self.sequence('{', '}', members.iter(), Printer::wire_member);
        }
        if name == "PodSpec" && self.older_pods {
            return self.structure(&with_host_namespaces_inside(value), "OlderPodSpec");
        }
        let Some(fields) = fields_of(name) else { return self.untyped(value) };
        let mut members = Vec::new();
        for field in fields.split_ascii_whitespace() {
            if field.starts_with('~') {
                let meta = value.get("metadata").unwrap_or(&Value::Null);
                members.extend(fields_of(field).into_iter().flat_map(|fields| wire_members(meta, fields)).map(Member::Wire));
            } else {
                members.push(Member::Go(field));
            }
        }
        self.sequence('{', '}', members.iter(), |p, member| match member {
            Member::Wire(member) => p.wire_member(member),
            Member::Go(field) => p.go_member(value, field),
        });
    }

    fn wire_member(&mut self, member: &WireMember) {
        self.key(member.name);
        match (member.of, member.value) {
            (Some(of), Some(Value::List(items))) => self.sequence('[', ']', items.iter(), |p, item| p.structure(item, of)),
            (_, Some(value)) => self.untyped(value),
            (_, None) => self.out.push_str("\"\""),
        }
    }

    fn go_member(&mut self, of: &Value, field: &str) {
        let (go, kind) = field.split_at(field.find(['#', '?', '@', '%', '*', ':']).unwrap_or(field.len()));
        self.key(go);
        let value = of.get(&json_name(go));
        match kind.as_bytes() {
            [b':', b'*', ..] => self.typed(value, &kind[2..], Shape::Pointer),
            [b':', b'[', ..] => self.typed(value, &kind[3..], Shape::List),
            [b':', ..] => self.typed(value, &kind[1..], Shape::Struct),
            _ => match value.filter(|v| !v.is_null()) {
                Some(value) => self.untyped(value),
                None => self.out.push_str(match kind {
                    "#" | "%" => "0",
                    "?" => "false",
                    "@" => "\"0\"",
                    "*" => "null",
                    _ => "\"\"",
                }),
            },
        }
    }

    fn untyped(&mut self, value: &Value) {
        match value {
            Value::List(items) => self.sequence('[', ']', items.iter(), Printer::untyped),
            Value::Map(map) => self.sequence('{', '}', map.iter().collect::<Vec<_>>().iter(), |p, (key, value)| {
                p.key(key);
                p.untyped(value);
            }),
            other => self.out.push_str(&other.to_json()),
        }
    }

    fn key(&mut self, key: &str) {
        write_json_text(key, &mut self.out);
        self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
    }

    fn sequence<T>(&mut self, open: char, close: char, items: impl ExactSizeIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.out.push(open);
        let some = items.len() > 0;
        self.indent = self.indent.map(|depth| depth + 1);
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            self.line();
            each(self, item);
        }
        self.indent = self.indent.map(|depth| depth - 1);
        if some {
            self.line();
        }
        self.out.push(close);
    }

    fn line(&mut self) {
        if let Some(depth) = self.indent {
            let _ = write!(self.out, "\n{:depth$}", "");
        }
    }
}

/// A member of a struct: of the internal type, or of metadata that it embeds.
enum Member<'a> {
    Wire(WireMember<'a>),
    Go(&'static str),
}

/// A member of a type shared with the wire.
struct WireMember<'a> {
    name: &'static str,
    /// `None` for an empty text.
    value: Option<&'a Value>,
    /// The type of its items.
    of: Option<&'static str>,
}

/// The members that are shown, of a type shared with the wire.
fn wire_members<'a>(value: &'a Value, fields: &'static str) -> impl Iterator<Item = WireMember<'a>> {
    fields.split_ascii_whitespace().filter_map(move |field| {
        let (name, of) = field.split_once(':').map_or((field, None), |(name, of)| (name, Some(of)));
        let name = name.trim_end_matches('!');
        match value.get(name).filter(|v| !is_empty(v)) {
            None if field.ends_with('!') => Some(WireMember { name, value: None, of }),
            value => Some(WireMember { name, value: Some(value?), of }),
        }
    })
}

/// What the wire keeps in a pod's spec and the internal type in its security context.
const HOST_NAMESPACES: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

fn with_host_namespaces_inside(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for field in HOST_NAMESPACES {
        if let Some(value) = spec.remove(&[field]) {
            spec.set(&["securityContext", field], value);
        }
    }
    spec
}

#[cfg(test)]
mod tests;
