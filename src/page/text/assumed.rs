//! What a pasted cluster does not say, and had to be decided.

use std::rc::Rc;

use base::fields::{Field, Fields};

/// A name of an object.
type Name = Rc<str>;

base::with_fields! {
    /// Something that a paste does not say, and that had to be decided.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Assumed {
        /// A manifest was applied to a new cluster of so many nodes, of a release.
        Applied { count: i64, release: Name },
        /// So much time has passed since the last change, as there are no Events.
        TimePassed { span: String },
        /// Nothing has a time.
        NoTime,
        /// The text has ages, and no date from which they count.
        AgesOnly { now: String },
        /// The namespace is `default`, as the text names none.
        AnyNamespace,
        /// Everything happened later than it did, as the simulation tells no time before 2026.
        Moved,
        /// The control plane is of this release, as nothing tells of which.
        AnyRelease { release: Name },
        /// The control plane is of this release, the oldest one that is modelled.
        OldRelease { release: Name },
        /// The control plane is of this release, the nearest one that is modelled to the newest of the kubelets.
        KubeletRelease { release: Name, kubelet: Name },
        /// The control plane is of this release, the nearest one that is modelled to the server's.
        NearestRelease { release: Name, server: Name },
        /// A provisioner was asked for a volume in vain.
        ProvisionerAbsent { provisioner: Name },
        ProvisionerRuns { provisioner: Name },
        /// What pods refer to is there: ConfigMaps, Secrets, and classes of priority and runtime.
        References,
        /// A node takes no more volumes of a driver than it has.
        VolumesFull { node: Name, driver: Name, count: i64 },
        /// A pod is not Ready, and another one of the same image is.
        UnreadyAlone { pod: Name, image: Name },
        ImageNotPulled {
            image: Name,
            pod: Name,
            /// The state that says so.
            state: Name,
        },
        ImageLeaks { image: Name, pod: Name },
        ImageCrashes { image: Name, pod: Name, exit_code: i64 },
        /// Nothing listens on the port that a probe asks.
        ImageRefuses { image: Name, pod: Name, port: i64, span: String },
        ImageUnready { image: Name, pod: Name, span: String },
        /// The namespaces are there.
        Namespaces,
        /// The ServiceAccounts that a namespace names are there.
        Accounts { namespace: Name },
        Nodes,
        Claims,
        Volumes,
        /// A claim whose phase the text does not say is Bound.
        ClaimBound { claim: Name },
        Class { class: Name, provisioner: Name },
        /// The revisions of a set are as its template and its pods tell.
        Revisions { set: Name },
        /// A set is as its pods tell.
        Set { set: Name, count: i64 },
        /// A ReplicaSet is as its pods tell.
        ReplicaSet { name: Name, count: i64 },
        /// What an object of this kind owns stays as it is.
        Owner { kind: Name },
    }
}

impl Assumed {
    /// What is assumed of what: the same for the same paste, whatever the language.
    pub fn id(&self) -> String {
        let mut fields = Fields::default();
        self.put("what", &mut fields);
        // An image does the same in all pods.
        let most = if self.is_of_image() { 2 } else { usize::MAX };
        fields.texts().take(most).collect::<Vec<_>>().join(" ")
    }

    fn is_of_image(&self) -> bool {
        use Assumed::*;
        matches!(self, ImageNotPulled { .. } | ImageLeaks { .. } | ImageCrashes { .. } | ImageRefuses { .. } | ImageUnready { .. })
    }

    /// Whether the opposite can be supposed instead.
    pub fn can_be_otherwise(&self) -> bool {
        use Assumed::*;
        let is_of_control_plane =
            matches!(self, AnyRelease { .. } | OldRelease { .. } | ProvisionerAbsent { .. } | ProvisionerRuns { .. } | TimePassed { .. });
        self.is_of_image() || is_of_control_plane || matches!(self, Volumes | VolumesFull { .. } | UnreadyAlone { .. } | ClaimBound { .. })
    }

    /// Whether it follows from what the text shows, and is no more than likely.
    pub fn is_inferred(&self) -> bool {
        use Assumed::*;
        let by_pods = matches!(self, Set { .. } | Revisions { .. } | ReplicaSet { .. });
        by_pods
            || self.is_of_image()
            || matches!(
                self,
                UnreadyAlone { .. }
                    | VolumesFull { .. }
                    | ProvisionerAbsent { .. }
                    | OldRelease { .. }
                    | KubeletRelease { .. }
                    | NearestRelease { .. }
                    | Moved
            )
    }

    /// Whether a verdict may hang on it: nothing of the text bears it out, and the opposite can be supposed.
    pub fn may_decide(&self) -> bool {
        self.can_be_otherwise() && !self.is_inferred() && !matches!(self, Assumed::AnyRelease { .. } | Assumed::TimePassed { .. })
    }

    /// The line that prints what would not have to be assumed.
    pub fn printed_by(&self) -> Option<&'static str> {
        use Assumed::*;
        Some(match self {
            NoTime | AgesOnly { .. } | AnyNamespace | TimePassed { .. } => "kubectl get sts,pods,events -A -o yaml",
            AnyRelease { .. } | OldRelease { .. } | KubeletRelease { .. } => "kubectl version",
            ProvisionerAbsent { .. } => "kubectl get pods -A",
            Namespaces => "kubectl get ns -o yaml",
            Accounts { .. } => "kubectl get sa -A -o yaml",
            Nodes => "kubectl get nodes -o yaml",
            Claims | ClaimBound { .. } => "kubectl get pvc -A -o yaml",
            Volumes => "kubectl get pv -o yaml",
            Class { .. } => "kubectl get sc -o yaml",
            Revisions { .. } => "kubectl get controllerrevisions -A -o yaml",
            Set { .. } => "kubectl get sts -A -o yaml",
            ReplicaSet { .. } => "kubectl get rs -A -o yaml",
            _ => return None,
        })
    }
}
