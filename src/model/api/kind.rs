//! The kinds of objects that the API server knows, and their names.

use std::fmt;

use crate::custom::{Column, Custom};
use base::fields::{Field, Fields};
use base::value::Value;

/// A property that some kinds have. What kubectl and the server do for each of these kinds goes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// Its objects are in namespaces.
    Namespaced,
    /// `kubectl get all` lists it.
    InAll,
    /// Only the subresource changes the status, which a new object begins with.
    Status,
    /// The `/scale` subresource.
    Scale,
    /// The server maintains `metadata.generation`. Models the strategies' `PrepareForCreate`.
    Generation,
    /// An update has to name the version that it is based on. Models the strategies' `AllowUnconditionalUpdate`.
    NamesVersion,
    /// An update creates what is not there. Models the strategies' `AllowCreateOnUpdate`.
    MadeByUpdate,
}

/// What kubectl and the server need to know about a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// `StatefulSet`.
    pub name: &'static str,
    /// `apps`, or empty for the core group.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// `statefulsets`.
    pub plural: &'static str,
    /// `statefulset`.
    pub singular: &'static str,
    /// `["sts"]`.
    pub short: &'static [&'static str],
    /// What its objects have in common with those of some other kinds.
    pub traits: &'static [Trait],
    /// Of a custom kind: all versions that are served.
    pub served: &'static [&'static str],
    /// Of a custom kind: the columns of `kubectl get` after the name.
    pub columns: &'static [Column],
}

macro_rules! kinds {
    ($($name:ident $group:literal $version:literal $plural:literal $singular:literal [$($short:literal),*] [$($is:ident)*];)*) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($name,)*
            /// One that a CustomResourceDefinition defines.
            Custom(Custom),
        }

        /// The places of the kinds in tables.
        enum Index { $($name,)* Custom }

        impl Kind {
            /// Every kind of Kubernetes' own, in the order of the enum.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The place of a kind in [`Kind::ALL`]; that after the last for every custom kind.
            pub const fn index(self) -> usize {
                match self {
                    $(Kind::$name => Index::$name as usize,)*
                    Kind::Custom(_) => Index::Custom as usize,
                }
            }

            /// Its names, group and scope.
            pub const fn info(self) -> &'static KindInfo {
                match self {
                    $(Kind::$name => &KindInfo {
                        name: stringify!($name), group: $group, version: $version, plural: $plural, singular: $singular,
                        short: &[$($short),*], traits: &[$(Trait::$is),*], served: &[], columns: &[],
                    },)*
                    Kind::Custom(custom) => custom.info(),
                }
            }
        }
    };
}

kinds! {
    Pod "" "v1" "pods" "pod" ["po"] [Namespaced InAll Status Generation];
    Service "" "v1" "services" "service" ["svc"] [Namespaced InAll Status MadeByUpdate];
    PersistentVolumeClaim "" "v1" "persistentvolumeclaims" "persistentvolumeclaim" ["pvc"] [Namespaced Status];
    PersistentVolume "" "v1" "persistentvolumes" "persistentvolume" ["pv"] [Status];
    ConfigMap "" "v1" "configmaps" "configmap" ["cm"] [Namespaced];
    Secret "" "v1" "secrets" "secret" [] [Namespaced];
    Namespace "" "v1" "namespaces" "namespace" ["ns"] [Status];
    Node "" "v1" "nodes" "node" ["no"] [];
    Event "" "v1" "events" "event" ["ev"] [Namespaced MadeByUpdate];
    ServiceAccount "" "v1" "serviceaccounts" "serviceaccount" ["sa"] [Namespaced];
    Endpoints "" "v1" "endpoints" "endpoints" ["ep"] [Namespaced MadeByUpdate];
    PodTemplate "" "v1" "podtemplates" "podtemplate" [] [Namespaced Generation];
    ReplicationController "" "v1" "replicationcontrollers" "replicationcontroller" ["rc"] [Namespaced InAll Status Scale Generation];
    ResourceQuota "" "v1" "resourcequotas" "resourcequota" ["quota"] [Namespaced Status];
    LimitRange "" "v1" "limitranges" "limitrange" ["limits"] [Namespaced MadeByUpdate];
    DaemonSet "apps" "v1" "daemonsets" "daemonset" ["ds"] [Namespaced InAll Status Generation];
    Deployment "apps" "v1" "deployments" "deployment" ["deploy"] [Namespaced InAll Status Scale Generation];
    ReplicaSet "apps" "v1" "replicasets" "replicaset" ["rs"] [Namespaced InAll Status Scale Generation];
    StatefulSet "apps" "v1" "statefulsets" "statefulset" ["sts"] [Namespaced InAll Status Scale Generation];
    ControllerRevision "apps" "v1" "controllerrevisions" "controllerrevision" [] [Namespaced];
    HorizontalPodAutoscaler "autoscaling" "v2" "horizontalpodautoscalers" "horizontalpodautoscaler" ["hpa"] [Namespaced InAll Status Generation];
    CronJob "batch" "v1" "cronjobs" "cronjob" ["cj"] [Namespaced InAll Status Generation];
    Job "batch" "v1" "jobs" "job" [] [Namespaced InAll Status Generation];
    Lease "coordination.k8s.io" "v1" "leases" "lease" [] [Namespaced NamesVersion MadeByUpdate];
    EndpointSlice "discovery.k8s.io" "v1" "endpointslices" "endpointslice" [] [Namespaced Generation];
    IngressClass "networking.k8s.io" "v1" "ingressclasses" "ingressclass" [] [Generation];
    Ingress "networking.k8s.io" "v1" "ingresses" "ingress" ["ing"] [Namespaced Status Generation];
    NetworkPolicy "networking.k8s.io" "v1" "networkpolicies" "networkpolicy" ["netpol"] [Namespaced Generation];
    RuntimeClass "node.k8s.io" "v1" "runtimeclasses" "runtimeclass" [] [NamesVersion];
    PodDisruptionBudget "policy" "v1" "poddisruptionbudgets" "poddisruptionbudget" ["pdb"] [Namespaced Status Generation NamesVersion];
    ClusterRoleBinding "rbac.authorization.k8s.io" "v1" "clusterrolebindings" "clusterrolebinding" [] [MadeByUpdate];
    ClusterRole "rbac.authorization.k8s.io" "v1" "clusterroles" "clusterrole" [] [MadeByUpdate];
    RoleBinding "rbac.authorization.k8s.io" "v1" "rolebindings" "rolebinding" [] [Namespaced MadeByUpdate];
    Role "rbac.authorization.k8s.io" "v1" "roles" "role" [] [Namespaced MadeByUpdate];
    PriorityClass "scheduling.k8s.io" "v1" "priorityclasses" "priorityclass" ["pc"] [];
    CSINode "storage.k8s.io" "v1" "csinodes" "csinode" [] [NamesVersion];
    StorageClass "storage.k8s.io" "v1" "storageclasses" "storageclass" ["sc"] [];
    VolumeAttachment "storage.k8s.io" "v1" "volumeattachments" "volumeattachment" [] [NamesVersion];
    // Kept and shown; nothing acts on them.
    MutatingAdmissionPolicy "admissionregistration.k8s.io" "v1" "mutatingadmissionpolicies" "mutatingadmissionpolicy" [] [Generation];
    MutatingAdmissionPolicyBinding "admissionregistration.k8s.io" "v1" "mutatingadmissionpolicybindings" "mutatingadmissionpolicybinding" [] [Generation];
    MutatingWebhookConfiguration "admissionregistration.k8s.io" "v1" "mutatingwebhookconfigurations" "mutatingwebhookconfiguration" [] [Generation];
    ValidatingAdmissionPolicy "admissionregistration.k8s.io" "v1" "validatingadmissionpolicies" "validatingadmissionpolicy" [] [Generation];
    ValidatingAdmissionPolicyBinding "admissionregistration.k8s.io" "v1" "validatingadmissionpolicybindings" "validatingadmissionpolicybinding" [] [Generation];
    ValidatingWebhookConfiguration "admissionregistration.k8s.io" "v1" "validatingwebhookconfigurations" "validatingwebhookconfiguration" [] [Generation];
    CustomResourceDefinition "apiextensions.k8s.io" "v1" "customresourcedefinitions" "customresourcedefinition" ["crd", "crds"] [Generation];
    APIService "apiregistration.k8s.io" "v1" "apiservices" "apiservice" [] [];
    CertificateSigningRequest "certificates.k8s.io" "v1" "certificatesigningrequests" "certificatesigningrequest" ["csr"] [];
    FlowSchema "flowcontrol.apiserver.k8s.io" "v1" "flowschemas" "flowschema" [] [Generation];
    PriorityLevelConfiguration "flowcontrol.apiserver.k8s.io" "v1" "prioritylevelconfigurations" "prioritylevelconfiguration" [] [Generation];
    DeviceClass "resource.k8s.io" "v1" "deviceclasses" "deviceclass" [] [];
    ResourceClaim "resource.k8s.io" "v1" "resourceclaims" "resourceclaim" [] [Namespaced];
    ResourceClaimTemplate "resource.k8s.io" "v1" "resourceclaimtemplates" "resourceclaimtemplate" [] [Namespaced];
    ResourceSlice "resource.k8s.io" "v1" "resourceslices" "resourceslice" [] [];
    CSIDriver "storage.k8s.io" "v1" "csidrivers" "csidriver" [] [];
    CSIStorageCapacity "storage.k8s.io" "v1" "csistoragecapacities" "csistoragecapacity" [] [Namespaced];
    VolumeAttributesClass "storage.k8s.io" "v1" "volumeattributesclasses" "volumeattributesclass" ["vac"] [];
}

impl Kind {
    /// The kind with this `apiVersion` and `kind`.
    pub fn of(api_version: &str, kind: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|k| k.info().name == kind && k.api_version() == api_version)
    }

    /// Whether this is an older version of a kind, served beside the one in which its objects are kept.
    pub fn of_older(api_version: &str, kind: &str) -> bool {
        (api_version, kind) == ("autoscaling/v1", "HorizontalPodAutoscaler")
    }

    /// The kind with this name, in whatever group.
    pub fn named(kind: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|k| k.info().name == kind)
    }

    /// Whether a kind is none of Kubernetes' own, by its group: one that some CustomResourceDefinition would define. A group of
    /// Kubernetes' that is gone is told by what it had.
    pub fn is_foreign(api_version: &str, kind: &str) -> bool {
        let Some((group, _)) = api_version.split_once('/').filter(|(group, _)| group.contains('.')) else { return false };
        let is_gone = || group.ends_with(".k8s.io") && Kind::named(kind).is_some();
        !Kind::ALL.iter().any(|kind| kind.info().group == group) && !is_gone()
    }

    /// The kind of Kubernetes' own that a version names which does not serve it.
    pub fn outdated(api_version: &str, kind: &str) -> Option<Kind> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let is_own = !group.contains('.') || Kind::ALL.iter().any(|kind| kind.info().group == group);
        Kind::named(kind).filter(|kind| is_own && kind.api_version() != api_version)
    }

    /// The kind that an object is of, in this version of it or in another.
    pub fn claimed(object: &Value) -> Option<Kind> {
        let text = |field| object.text_at(&[field]);
        Kind::named(text("kind")?).filter(|kind| !Kind::is_foreign(text("apiVersion").unwrap_or_default(), kind.info().name))
    }

    /// The path of what has `metadata` and `spec` of a pod in an object of this kind; `None` for a kind that describes no pods. Models
    /// k8s.io/pod-security-admission `ExtractPodSpec`.
    pub fn pod_template(self) -> Option<&'static [&'static str]> {
        match self {
            Kind::Pod => Some(&[]),
            Kind::PodTemplate => Some(&["template"]),
            Kind::ReplicationController | Kind::ReplicaSet | Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job => {
                Some(&["spec", "template"])
            }
            Kind::CronJob => Some(&["spec", "jobTemplate", "spec", "template"]),
            _ => None,
        }
    }

    /// Whether the kind has a property.
    pub fn has(self, property: Trait) -> bool {
        self.info().traits.contains(&property)
    }

    /// Whether objects of this kind are in namespaces.
    pub fn is_namespaced(self) -> bool {
        self.has(Trait::Namespaced)
    }

    /// Whether this custom kind is the one with this `apiVersion`, which may be any that is served, and `kind`.
    pub fn serves(self, api_version: &str, kind: &str) -> bool {
        let (info, version) = (self.info(), api_version.split_once('/').unwrap_or_default());
        info.name == kind && info.group == version.0 && info.served.contains(&version.1)
    }

    /// `apps/v1`.
    pub fn api_version(self) -> String {
        let info = self.info();
        if info.group.is_empty() { info.version.to_owned() } else { [info.group, "/", info.version].concat() }
    }

    /// The resource as the server's messages name it: `statefulsets.apps`, `pods`.
    pub fn resource(self) -> String {
        let info = self.info();
        if info.group.is_empty() { info.plural.to_owned() } else { [info.plural, ".", info.group].concat() }
    }

    /// The kind as "is invalid" messages name it: `StatefulSet.apps`, `Pod`.
    pub fn group_kind(self) -> String {
        let info = self.info();
        if info.group.is_empty() { info.name.to_owned() } else { [info.name, ".", info.group].concat() }
    }

    /// The resource as kubectl names a single object: `statefulset.apps`, `pod`.
    pub fn qualified_singular(self) -> String {
        let info = self.info();
        if info.group.is_empty() { info.singular.to_owned() } else { format!("{}.{}", info.singular, info.group) }
    }
}

/// Its name: `ConfigMap`.
impl Field for Kind {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.info().name);
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.info().name)
    }
}
