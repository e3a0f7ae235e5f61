//! The faults of the model on the clusters of `data/diagnose-own/` that stand.

use super::{CLUSTER, Standing};

const TABLES: &str = "tables.txt";
const DESCRIBED: &str = "describe.txt";

/// The faults that stand, and why.
pub const STANDS: &[Standing] = &[
    (
        "02-name-taken-bare-pod",
        CLUSTER,
        "[\"identity-conflict\"]",
        "a name that a pod of nobody has is told as a conflict of identities, whose cure is the same",
    ),
    ("02-name-taken-bare-pod", TABLES, "", "a name that a pod of nobody has is told as a conflict of identities, whose cure is the same"),
    ("03-webhook-without-service", CLUSTER, "no proven cure", "nobody prints webhooks, and the model calls none: nothing can be tried"),
    ("03-webhook-without-service", CLUSTER, "the real cluster was not freed", "no hook is called by the model: a fresh try succeeds"),
    (
        "17-multi-attach",
        CLUSTER,
        "the real cluster was not freed",
        "the volume is detached by force after six minutes, for which the real cluster was not watched",
    ),
    (
        "18-configmap-not-mounted",
        CLUSTER,
        "no proven cure",
        "no container mounts the volume: a kubelet does not set it up, and the recorder's does",
    ),
    ("18-configmap-not-mounted", CLUSTER, "the real cluster was not freed", "the same"),
    (
        "47-service-without-selector-names",
        CLUSTER,
        "no proven cure",
        "nothing is stuck, and the cure takes the address of a Service away, which others may use",
    ),
    (
        "20-volume-limit",
        DESCRIBED,
        "",
        "no Event of the pending pod is there: that no node takes it is likely, that this is for its volume is not told",
    ),
    ("35-admission-policy", CLUSTER, "no proven cure", "nobody prints admission policies, and the model asks none: nothing can be tried"),
    ("35-admission-policy", CLUSTER, "the real cluster was not freed", "no policy is asked by the model: a fresh try succeeds"),
];
