//! What is about to happen, as far as one would want to be told, and what a run stops at.

base::with_fields! {
    /// Something about to happen.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Ahead {
        /// A kubelet does something for a pod.
        Kubelet { node: String, pod: String, does: Does },
        /// The kubelet of this node reports on it.
        Node(node: String),
        /// The scheduler looks at the pods without a node.
        Scheduler,
        /// A volume is made.
        Provisioner { claim: String },
        /// Members or clients of a replicated application do something.
        Application,
        /// A controller looks at an object again.
        Controller { controller: String, name: String },
        /// The control plane works.
        ControlPlane,
    }
}

base::with_fields! {
    /// What a kubelet does next for a pod.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Does {
        /// It takes the pod on.
        Admits,
        /// It starts containers.
        Starts,
        Probes,
        /// It starts a container again.
        Restarts,
        /// An image that it pulls is there.
        HasPulled,
        /// It pulls an image again.
        Pulls,
        /// It looks at how a container ended.
        Looks,
        /// It waits for the processes to end.
        Stops,
    }
}

base::with_fields! {
    /// What is done for an object again and again, and changes nothing.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Again {
        /// A container of it is started.
        Starts { every: String },
        /// A process in it tries something.
        Tries,
        /// An image is pulled for it.
        Pulls,
        Probes,
        /// What it refers to is looked for.
        LooksFor,
        /// A component looks at it.
        LookedAt,
    }
}

base::with_fields! {
    /// What a run stopped at.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Because {
        /// A pod that was Ready is not any more.
        NotReady,
        /// A rollout begins to wait.
        RolloutWaits,
        /// An Event was written.
        Event,
    }
}
