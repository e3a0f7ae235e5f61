//! The components of a control plane: who decides, under which name, and as whom controllers write.

macro_rules! components {
    ($($component:ident $name:literal: $($controller:ident = $number:literal $doc:literal),*;)*) => {
        /// A component that makes decisions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Component {
            $(#[doc = concat!("`", $name, "`.")] $component,)*
        }

        /// A controller with a queue of keys.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Controller {
            $($(#[doc = $doc] $controller = $number,)*)*
        }

        impl Component {
            /// All of them.
            pub const ALL: &'static [Component] = &[$(Component::$component),*];

            /// Its name; a controller's is the one that kube-controller-manager has for it, which is not always the source of its Events.
            ///
            /// Models cmd/kube-controller-manager/names/controller_names.go.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Component::$component => $name,)*
                }
            }
        }

        impl Controller {
            /// How many there are.
            pub const COUNT: usize = [$($($number,)*)*].len();
            /// One more than the highest number that one of them has had.
            pub const NUMBERS: usize = 31;

            /// As whom it decides. Some of a component's queues have a controller each.
            pub const fn component(self) -> Component {
                match self {
                    $($(Controller::$controller => Component::$component,)*)*
                }
            }
        }
    };
}

// A component, its name, and its controllers with their numbers: jitter is drawn by these, so they stay, and a new one takes the next.
components! {
    StatefulSet "statefulset-controller": StatefulSet = 0 "Keeps the pods and claims of StatefulSets.";
    Deployment "deployment-controller": Deployment = 2 "Rolls Deployments out over their ReplicaSets.";
    ReplicaSet "replicaset-controller": ReplicaSet = 1 "Keeps as many pods as a ReplicaSet asks for.";
    DaemonSet "daemonset-controller": DaemonSet = 3 "Keeps a pod on each suitable node.";
    Job "job-controller": Job = 4 "Runs pods until a Job is done.";
    EndpointSlice "endpointslice-controller": EndpointSlice = 11 "Keeps a Service's slices in step with its pods.";
    Endpoints "endpoints-controller": Endpoints = 29 "Keeps a Service's Endpoints in step with its pods.";
    PersistentVolumeBinder "persistentvolume-binder-controller":
        Claims = 6 "Binds claims to volumes.",
        Volumes = 7 "Keeps the phase of volumes, and reclaims them.";
    EphemeralVolume "ephemeral-volume-controller": EphemeralVolume = 15 "Makes the claims of ephemeral volumes.";
    AttachDetach "persistentvolume-attach-detach-controller": AttachDetach = 16 "Attaches volumes to nodes and detaches them.";
    ClaimProtection "persistentvolumeclaim-protection-controller": ClaimProtection = 8 "Keeps claims while pods use them.";
    VolumeProtection "persistentvolume-protection-controller": VolumeProtection = 9 "Keeps volumes while claims are bound to them.";
    GarbageCollector "garbage-collector-controller": GarbageCollector = 10 "Deletes what has no owner left.";
    NodeLifecycle "node-lifecycle-controller":
        NodeMonitor = 12 "Notices that nodes fall silent.",
        NodeTurns = 13 "Decides which silent node is emptied next.",
        NodeTaints = 14 "Keeps the taints that follow a node's conditions.";
    TaintEviction "taint-eviction-controller": TaintEviction = 17 "Deletes pods that do not tolerate a taint.";
    PodGc "pod-garbage-collector-controller": PodGc = 18 "Deletes pods whose node is gone or out of service.";
    Disruption "disruption-controller":
        Disruption = 19 "Keeps the counts of PodDisruptionBudgets.",
        StaleDisruption = 20 "Takes the mark from pods that were to be disrupted, and stay.";
    Autoscaler "horizontal-pod-autoscaler-controller": Autoscaler = 21 "Keeps a target within the bounds of its autoscaler.";
    Scheduler "kube-scheduler":;
    Preemption "kube-scheduler":;
    Provisioner "provisioner":;
    Kubelet "kubelet":;
    Namespace "namespace-controller": Namespace = 22 "Empties namespaces that are being deleted.";
    Definition "crd_finalizer": Definition = 23 "Deletes the objects of kinds whose definitions are being deleted.";
    ServiceAccounts "serviceaccount-controller": ServiceAccounts = 25 "Gives every namespace its `default` ServiceAccount.";
    RootCertificates "root-ca-certificate-publisher-controller": RootCertificates = 26 "Gives every namespace the root certificate.";
    ResourceQuota "resourcequota-controller": ResourceQuota = 27 "Counts what a quota limits.";
}
