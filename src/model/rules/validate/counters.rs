//! The counters of a workload's status.

use crate::validate::report::{Counts, Members, Report};
use base::field_path::FieldPath;
use base::value::Value;

const NOT_MORE_THAN_REPLICAS: &str = "cannot be greater than status.replicas";

/// Checks that no part exceeds the whole, and that available replicas are ready.
pub fn status_counters(status: &dyn Counts, parts: &[&str], unready: &str, path: &FieldPath, report: &mut Report) {
    let count = |field: &str| status.count(field).unwrap_or(0);
    for field in parts {
        if count(field) > count("replicas") {
            report.invalid(&path.field(field), count(field), NOT_MORE_THAN_REPLICAS);
        }
    }
    if count("availableReplicas") > count("readyReplicas") {
        report.invalid(&path.field("availableReplicas"), count("availableReplicas"), unready);
    }
}

/// Checks that the collision count never decreases. Models `IsDecremented`.
pub fn collisions(new: &Value, old: &Value, path: &FieldPath, report: &mut Report) {
    let (new, old) = (new.number("collisionCount"), old.number("collisionCount"));
    if old.is_some_and(|old| new.is_none_or(|new| new < old)) {
        report.invalid(&path.field("collisionCount"), new.unwrap_or(0), "cannot be decremented");
    }
}
