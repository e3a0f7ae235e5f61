//! The faults of the model on the clusters of `data/diagnose-own/` that stand.

use super::{CLUSTER, Standing};

const TABLES: &str = "tables.txt";
const DESCRIBED: &str = "describe.txt";
const ONE: &str = "one-line.txt";

/// The faults that stand, and why.
pub const STANDS: &[Standing] = &[
    (
        "02-name-taken-bare-pod",
        CLUSTER,
        "[\"identity-conflict\"]",
        "a name that a pod of nobody has is told as a conflict of identities, whose cure is the same",
    ),
    ("02-name-taken-bare-pod", TABLES, "", "the question would be answered by the same tables: no row tells whose a pod is"),
    ("03-webhook-without-service", CLUSTER, "no proven cure", "nobody prints webhooks, and the model calls none: nothing can be tried"),
    ("03-webhook-without-service", CLUSTER, "the real cluster was not freed", "no hook is called by the model: a fresh try succeeds"),
    ("04-rollback-trap-missing-secret", TABLES, "", "no row tells of which revision a pod is"),
    ("04-rollback-trap-missing-secret", ONE, "", "a line tells of no revision, and says for certain that the Secret is missing"),
    ("05-partition-above-replicas", ONE, "", "by the line nothing is left to do"),
    (
        "17-multi-attach",
        CLUSTER,
        "the real cluster was not freed",
        "the volume is detached by force after six minutes, for which the real cluster was not watched",
    ),
    ("17-multi-attach", TABLES, "", "the silent node is told, not what it holds"),
    (
        "18-configmap-not-mounted",
        CLUSTER,
        "no proven cure",
        "no container mounts the volume: a kubelet does not set it up, and the recorder's does",
    ),
    ("18-configmap-not-mounted", CLUSTER, "the real cluster was not freed", "the same"),
    (
        "20-volume-limit",
        DESCRIBED,
        "",
        "no Event of the pending pod is there: that no node takes it is likely, that this is for its volume is not told",
    ),
    ("35-admission-policy", CLUSTER, "no proven cure", "nobody prints admission policies, and the model asks none: nothing can be tried"),
    ("35-admission-policy", CLUSTER, "the real cluster was not freed", "no policy is asked by the model: a fresh try succeeds"),
    ("40-rollback-of-unschedulable", ONE, "", "a line tells of no revision"),
    ("43-volume-deleted", ONE, "", "the state of a claim is not read out of a row without a heading"),
];
