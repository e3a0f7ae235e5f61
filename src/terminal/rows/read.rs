//! Cells that say more than a field: what they say, written into an object.

use crate::figures::{NEWEST, age as span, ago};
use api::view::MODES;
use base::given::SetGiven;
use base::value::Value;

/// Takes an object, the heading of a column and its cell.
pub type Read = fn(&mut Value, &str, &str);

/// The member of an object in which cells wait until all that is known of it is together.
pub const SAID: &str = "said";

pub(crate) fn nothing(_: &mut Value, _: &str, _: &str) {}

/// Kept beside the object.
pub(crate) fn said(into: &mut Value, heading: &str, cell: &str) {
    into.set(&[SAID, heading], cell);
}

pub(crate) fn age(into: &mut Value, _: &str, cell: &str) {
    into.set_some(&["metadata", "creationTimestamp"], span(cell).map(|age| ago(age).rfc3339()));
}

/// A phase, or that the object goes away.
pub(crate) fn phase(into: &mut Value, _: &str, cell: &str) {
    if cell == "Terminating" {
        into.set(&["metadata", "deletionTimestamp"], NEWEST.rfc3339());
        into.set(&["metadata", "deletionGracePeriodSeconds"], 0);
    } else {
        into.set(&["status", "phase"], cell);
    }
}

pub(crate) fn modes(into: &mut Value, _: &str, cell: &str) {
    let long = |short: &str| MODES.iter().find(|(known, _)| *known == short).map(|(_, long)| *long);
    into.set(&["spec", "accessModes"], Value::list(cell.split(',').filter_map(long)));
}

/// Only what a bound claim has is printed.
pub(crate) fn claim_modes(into: &mut Value, heading: &str, cell: &str) {
    modes(into, heading, cell);
    let modes = into.at(&["spec", "accessModes"]).cloned().unwrap_or_default();
    into.set(&["status", "accessModes"], modes);
}

/// `default/www-web-0`.
pub(crate) fn claim(into: &mut Value, _: &str, cell: &str) {
    if let Some((namespace, name)) = cell.split_once('/') {
        let of = [("kind", "PersistentVolumeClaim"), ("namespace", namespace), ("name", name)];
        into.set(&["spec", "claimRef"], Value::of(of));
    }
}

/// `pods: 2/5, services: 1/3`.
pub(crate) fn quota(into: &mut Value, _: &str, cell: &str) {
    for (what, amounts) in cell.split(',').filter_map(|part| part.split_once(':')) {
        if let Some((used, hard)) = amounts.trim().split_once('/') {
            into.set(&["spec", "hard", what.trim()], hard);
            into.set(&["status", "hard", what.trim()], hard);
            into.set(&["status", "used", what.trim()], used);
        }
    }
}

pub(crate) fn labels(into: &mut Value, _: &str, cell: &str) {
    for (key, label) in cell.split(',').filter_map(|pair| pair.split_once('=')) {
        into.set(&["metadata", "labels", key], label);
    }
}

/// `Ready,SchedulingDisabled`.
pub(crate) fn node_status(into: &mut Value, _: &str, cell: &str) {
    let ready = if cell.split(',').any(|word| word == "Ready") { "True" } else { "Unknown" };
    into.set(&["status", "conditions"], Value::list([Value::of([("type", "Ready"), ("status", ready)])]));
    into.set_filled(&["spec", "unschedulable"], cell.contains("SchedulingDisabled"));
}
