//! What a Job is looked at for: at once for another spec, and for its pods and its status together with what else comes to happen.
//!
//! Models the event handlers of pkg/controller/job/job_controller.go.

use crate::registration::{OwnWrites, Registration, Watch, own_key};
use crate::workloads::{adopters, is_there, owners};
use api::kind::Kind;
use api::object::Object;
use base::time::Span;

/// The controller.
pub static CONTROLLER: Registration = Registration {
    own_writes: OwnWrites::All(Kind::Job),
    create_failed: Some(super::uncount),
    ..Registration::new(&[(Kind::Job, watch), (Kind::Pod, watch_pod)], |view, key, memory| super::plan(view, key, &mut memory.jobs))
};

/// How long after an event of its pods, or a write of its status, a Job is looked at. Models job_controller.go SyncJobBatchPeriod.
pub const BATCH: Span = Span::seconds(1);

fn watch(watch: &mut Watch) {
    let generation = |object: &Option<Object>| object.as_ref().map(|job| job.meta().generation);
    if generation(&watch.change.before) == generation(&watch.change.after) {
        watch.enqueue_after(&watch.change.key, BATCH);
    } else {
        own_key(watch);
    }
}

fn watch_pod(watch: &mut Watch) {
    let cache = watch.view.cache;
    for owner in owners(watch.change, Kind::Job) {
        if is_there(cache, &owner) {
            watch.enqueue_after(&owner.0, BATCH);
        } else {
            // A pod orphaned by its Job is released by the Job controller.
            watch.enqueue(&owner.0);
        }
    }
    for key in adopters(cache, watch.change, Kind::Job) {
        watch.enqueue_after(&key, BATCH);
    }
}
