//! The tools, one row each: what they have in common is a field.

use api::client::Propagation;
use api::managed::KUBECTL;

base::named! {
    /// A tool that installs manifests.
    Tool {
        Kubectl "kubectl",
        KubectlServerSide "kubectl-server-side",
        Helm3 "helm3",
        Helm4 "helm4",
        ArgoCd "argocd",
        Flux "flux",
    }
}

base::named! {
    /// An option of a tool, without its dashes.
    Flag {
        /// Takes fields over that others own.
        ForceConflicts "force-conflicts",
        /// Puts whole objects in the place of what is there.
        ForceReplace "force-replace",
        /// Helm 3: the same. Argo CD and Flux: deletes what cannot be changed, and makes it anew.
        Force "force",
        /// Takes objects that are there and are of no release.
        TakeOwnership "take-ownership",
        /// Applies the old state where the new one failed.
        RollbackOnFailure "rollback-on-failure",
        /// The same in Helm 3.
        Atomic "atomic",
        Wait "wait",
        Timeout "timeout",
        /// The server merges.
        ServerSide "server-side",
        /// Puts whole objects in the place of what is there.
        Replace "replace",
        /// Takes away what the new state lacks.
        Prune "prune",
        /// An option of an Argo CD application: `Replace=true`.
        SyncOption "sync-option",
    }
}

/// How a tool writes an object that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A patch between what was applied, what is there and what is wanted.
    ClientSide,
    /// The server merges.
    ServerSide,
}

/// When a tool takes away what its new state lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prunes {
    Never,
    /// After the rest, unless something of that failed.
    Always,
    /// Where it is told to.
    Asked,
}

/// The annotation by which an object stays that a new state lacks, and what it says then, among other options.
pub struct Keeper {
    pub annotation: &'static str,
    pub says: &'static str,
}

/// What a tool does.
pub struct Traits {
    /// Who tells when its wait ends.
    pub judge: done::Judge,
    /// As people call it.
    pub name: &'static str,
    /// The field manager in whose name it writes.
    pub manager: &'static str,
    pub method: Method,
    /// Whether it takes fields over that others own, without being told to.
    pub takes_over: bool,
    /// The kinds that it writes first, in order; others follow.
    pub first: &'static [&'static str],
    /// The kinds that it writes last.
    pub last: &'static [&'static str],
    pub prunes: Prunes,
    /// What happens to the dependents of what it deletes.
    pub propagation: Propagation,
    pub keeps: Option<Keeper>,
    /// How its line begins; the options follow.
    pub line: &'static str,
    pub flags: &'static [Flag],
}

/// Models helm.sh/helm pkg/release/util InstallOrder.
const HELM_FIRST: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
];

/// Models github.com/argoproj/gitops-engine pkg/sync kindOrder: Helm's without the first.
const fn argo_first() -> &'static [&'static str] {
    HELM_FIRST.split_at(1).1
}

/// Models github.com/fluxcd/pkg/ssa sort.go, before which come the objects that define kinds and namespaces.
const FLUX_FIRST: &[&str] = &[
    "CustomResourceDefinition",
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "LimitRange",
    "PriorityClass",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

const FLUX_LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const HELM3: Traits = Traits {
    judge: done::Judge::Helm3,
    name: "Helm 3",
    manager: "helm",
    method: Method::ClientSide,
    takes_over: false,
    first: HELM_FIRST,
    last: &[],
    prunes: Prunes::Always,
    propagation: Propagation::Background,
    keeps: Some(Keeper { annotation: "helm.sh/resource-policy", says: "keep" }),
    line: "helm upgrade",
    flags: &[Flag::Force, Flag::TakeOwnership, Flag::Atomic, Flag::Wait, Flag::Timeout],
};

const KUBECTL_CLIENT: Traits = Traits {
    judge: done::Judge::Kubectl,
    name: "kubectl",
    manager: "kubectl-client-side-apply",
    method: Method::ClientSide,
    takes_over: false,
    first: &[],
    last: &[],
    prunes: Prunes::Never,
    propagation: Propagation::Background,
    keeps: None,
    line: "kubectl apply",
    flags: &[Flag::Force],
};

impl Tool {
    /// The version of the programs of which the recordings are.
    pub fn version(self) -> &'static str {
        // What applies is a library of its own.
        if self == Tool::Flux { "2 (pkg/ssa 0.84.0)" } else { self.traits().judge.version() }
    }

    /// Its row.
    pub const fn traits(self) -> &'static Traits {
        match self {
            Tool::Kubectl => &KUBECTL_CLIENT,
            Tool::KubectlServerSide => {
                const {
                    &Traits {
                        name: "kubectl --server-side",
                        manager: KUBECTL,
                        method: Method::ServerSide,
                        line: "kubectl apply --server-side",
                        flags: &[Flag::ForceConflicts],
                        ..KUBECTL_CLIENT
                    }
                }
            }
            Tool::Helm3 => &HELM3,
            Tool::Helm4 => {
                const {
                    &Traits {
                        judge: done::Judge::Helm4,
                        name: "Helm 4",
                        method: Method::ServerSide,
                        flags: &[
                            Flag::ForceReplace,
                            Flag::ForceConflicts,
                            Flag::ServerSide,
                            Flag::TakeOwnership,
                            Flag::RollbackOnFailure,
                            Flag::Wait,
                            Flag::Timeout,
                        ],
                        ..HELM3
                    }
                }
            }
            Tool::ArgoCd => {
                const {
                    &Traits {
                        judge: done::Judge::ArgoCd,
                        name: "Argo CD",
                        manager: "argocd-controller",
                        method: Method::ClientSide,
                        takes_over: true,
                        first: argo_first(),
                        last: &[],
                        prunes: Prunes::Asked,
                        propagation: Propagation::Foreground,
                        keeps: Some(Keeper { annotation: "argocd.argoproj.io/sync-options", says: "Prune=false" }),
                        line: "argocd app sync",
                        flags: &[Flag::ServerSide, Flag::Replace, Flag::Force, Flag::Prune, Flag::SyncOption, Flag::Timeout],
                    }
                }
            }
            Tool::Flux => {
                const {
                    &Traits {
                        judge: done::Judge::Flux,
                        name: "Flux",
                        manager: "kustomize-controller",
                        method: Method::ServerSide,
                        takes_over: true,
                        first: FLUX_FIRST,
                        last: FLUX_LAST,
                        prunes: Prunes::Asked,
                        propagation: Propagation::Background,
                        keeps: Some(Keeper { annotation: "kustomize.toolkit.fluxcd.io/prune", says: "disabled" }),
                        line: "flux reconcile kustomization",
                        flags: &[Flag::Force, Flag::Prune, Flag::Wait, Flag::Timeout],
                    }
                }
            }
        }
    }

    /// The place of a kind in its order.
    pub fn turn(self, kind: &str) -> usize {
        let Traits { first, last, .. } = self.traits();
        let in_last = || last.iter().position(|one| *one == kind).map_or(0, |at| at + 1);
        first.iter().position(|one| *one == kind).unwrap_or_else(|| first.len() + in_last())
    }

    /// Whether it is a Helm, of whichever version.
    pub fn is_helm(self) -> bool {
        matches!(self, Tool::Helm3 | Tool::Helm4)
    }
}
