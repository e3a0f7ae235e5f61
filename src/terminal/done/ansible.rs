//! `wait: true` of Ansible's kubernetes.core.
//!
//! Models plugins/module_utils/k8s/waiter.py, `statefulset_ready`.

use crate::fields::{count, generation, replicas, revision, strategy};
use crate::said::{Said, Verdict};
use base::value::Value;

/// It says no words, but those of Python where it stumbles over a field that is not there.
pub fn says(set: &Value) -> Said {
    let is_there = |path: &[&str]| set.at(path).is_some_and(|value| !value.is_null());
    let stumbles = |field: &str| Said::new(Verdict::Error, format!("AttributeError: 'NoneType' object has no attribute '{field}'"));
    if !is_there(&["spec", "updateStrategy"]) {
        return stumbles("type");
    }
    let has_status = is_there(&["status"]);
    // What is not there equals what is not there either.
    let number = |field: &str| set.int_at(&["status", field]);
    let observed = number("observedGeneration") == Some(generation(set)) && number("replicas") == replicas(set);
    let is_ready = match strategy(set) {
        "OnDelete" => has_status && observed,
        _ if !has_status => return stumbles("updatedReplicas"),
        "RollingUpdate" => {
            let all = |field: &str| Some(count(set, field)) == replicas(set);
            observed
                && revision(set, "updateRevision") == revision(set, "currentRevision")
                && all("updatedReplicas")
                && all("readyReplicas")
        }
        _ => false,
    };
    Said::is(if is_ready { Verdict::Ready } else { Verdict::Waits })
}
