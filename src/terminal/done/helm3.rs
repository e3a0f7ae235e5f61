//! `helm --wait` of Helm 3.
//!
//! Models helm.sh/helm/v3/pkg/kube ready.go.

use crate::fields::{count, generation, name, partition, replicas, revision, strategy};
use crate::said::{Said, Verdict};
use base::value::Value;

/// What `--debug` logs of one look.
pub fn says(set: &Value) -> Said {
    let place = format!("{}/{}", set.text_at(&["metadata", "namespace"]).unwrap_or_default(), name(set));
    let waits = |why: String| Said::new(Verdict::Waits, format!("StatefulSet is not ready: {place}. {why}"));
    let (observed, generation) = (count(set, "observedGeneration"), generation(set));
    if observed != generation {
        return waits(format!("observedGeneration ({observed}) does not match spec generation ({generation})."));
    }
    let strategy = strategy(set);
    if strategy != "RollingUpdate" {
        return Said::new(Verdict::Ready, format!("StatefulSet skipped ready check: {place}. updateStrategy is {strategy}"));
    }
    let (wanted, partition) = (replicas(set).unwrap_or(1), partition(set).unwrap_or(0));
    let (updated, expected) = (count(set, "updatedReplicas"), wanted - partition);
    if updated < expected {
        return waits(format!("{updated} out of {expected} expected pods have been scheduled"));
    }
    let ready = count(set, "readyReplicas");
    if ready != wanted {
        return waits(format!("{ready} out of {wanted} expected pods are ready"));
    }
    let (current, update) = (revision(set, "currentRevision"), revision(set, "updateRevision"));
    if partition == 0 && current != update {
        return waits(format!("currentRevision {current} does not yet match updateRevision {update}"));
    }
    Said::new(Verdict::Ready, format!("StatefulSet is ready: {place}. {ready} out of {wanted} expected pods are ready"))
}
