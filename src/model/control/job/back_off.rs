//! How long a Job waits before it makes another pod in place of a failed one.
//!
//! Models pkg/controller/job/backoff_utils.go.

use api::object::pod::{ContainerState, READY, Truth};
use api::object::{ObjectKey, Pod};
use base::sorted::SortedMap;
use base::time::{Span, Time};

/// The back-off after the first failure; it doubles. Models job_controller.go DefaultJobPodFailureBackOff.
const FIRST: Span = Span::seconds(10);
/// The maximum back-off. Models job_controller.go MaxJobPodFailureBackOff.
const MOST: Span = Span::seconds(600);

/// How many pods failed since the last success, and when the last of them did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: i64,
    last: Time,
}

/// What the controller remembers of each Job.
pub type Memory = SortedMap<ObjectKey, Failures>;

impl Failures {
    /// Adds what a sync sees for the first time: when pods succeeded, and when others failed.
    pub fn add(&mut self, succeeded: &[Time], failed: &[Time]) {
        let success = succeeded.iter().max();
        if success.is_some() {
            *self = Failures::default();
        }
        for ended in failed.iter().filter(|ended| success.is_none_or(|success| *ended > success)) {
            (self.count, self.last) = (self.count + 1, self.last.max(*ended));
        }
    }

    /// How much of the pause after the last failure is left.
    pub fn pause(self, now: Time) -> Span {
        let Ok(failures @ 1..) = u32::try_from(self.count) else { return Span(0) };
        let pause = FIRST.0.saturating_mul(1 << (failures - 1).min(20)).min(MOST.0);
        (self.last + Span(pause)).since(now)
    }
}

/// When a pod ended: with its last container, with its readiness, or with the request to delete it. Models getFinishedTime.
pub fn ended_at(pod: &Pod) -> Time {
    let ends = pod.status.containers.iter().map(|c| match &c.state {
        ContainerState::Terminated(ended) => Some(ended.finished.stamp()),
        _ => None,
    });
    let all: Option<Vec<Time>> = ends.collect();
    let unready = || pod.condition(READY).filter(|c| c.status == Truth::False).map(|c| c.since.stamp());
    let told = || pod.meta.deletion.map(|deletion| deletion.asked().stamp());
    all.and_then(|all| all.into_iter().max()).or_else(unready).or_else(told).unwrap_or(pod.meta.created)
}
