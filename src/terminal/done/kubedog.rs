//! kubedog, by which werf and nelm wait.
//!
//! Models werf/kubedog/pkg/tracker/statefulset status.go.

use crate::fields::{count, generation, name, partition, replicas, revision, strategy};
use crate::said::{Said, Verdict};
use base::value::Value;

/// What it waits for, and nothing where it is satisfied. It panics at a strategy that it does not know.
pub fn says(set: &Value) -> Said {
    let mut waits = Vec::new();
    let (observed, generation) = (count(set, "observedGeneration"), generation(set));
    if observed == 0 || generation > observed {
        waits.push(format!("observed generation {observed} should be >= {generation}"));
    }
    let (ready, updated) = (count(set, "readyReplicas"), count(set, "updatedReplicas"));
    match replicas(set) {
        Some(wanted) if ready < wanted => waits.push(format!("ready {ready}->{wanted}")),
        None => waits.push("spec replicas should be set".to_owned()),
        Some(_) => {}
    }
    let is_newest = revision(set, "currentRevision") == revision(set, "updateRevision");
    match (strategy(set), replicas(set)) {
        ("RollingUpdate", Some(wanted)) => match partition(set).filter(|partition| *partition > 0).map(|partition| wanted - partition) {
            Some(expected) if updated < expected => waits.push(format!("up-to-date {updated}->{expected} (partitioned roll out)")),
            None if !is_newest => waits.push(format!("up-to-date {updated}->{wanted}")),
            _ => {}
        },
        ("OnDelete", Some(wanted)) if !(updated == 0 && is_newest) && updated < wanted => {
            waits.push(format!("up-to-date {updated}->{wanted} (user should delete old pods manually now!)"));
        }
        ("RollingUpdate" | "OnDelete", _) => {}
        (other, _) => {
            return Said::new(Verdict::Error, format!("StatefulSet {} UpdateStrategy.Type {other:?} is not supported", name(set)));
        }
    }
    if waits.is_empty() { Said::is(Verdict::Ready) } else { Said::new(Verdict::Waits, waits.join("; ")) }
}
