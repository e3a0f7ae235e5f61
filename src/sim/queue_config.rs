//! How each controller's queue is kept: when a change is looked at, when a failed sync is retried, how long a key waits that is
//! asked for later, and what the controller keeps of its own writes.

use api::controller::Controller;
use base::time::Span;
use cluster::timing::Timing;
use control::{endpoint_slice, slice_mirroring};

/// How a controller's queue is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueConfig {
    /// From a change until the sync it causes.
    pub pause: Pause,
    /// How long a key waits after a failed sync.
    pub retry: Retry,
    /// Where a key waits that is to be looked at later.
    pub later: Later,
    /// What of its own writes the controller keeps in mind until its cache shows them.
    pub own_writes: OwnWrites,
}

/// From a change until the sync it causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The usual one.
    Sync,
    /// The object and its owners are looked up again first. Models pkg/controller/garbagecollector attemptToDeleteItem.
    Collect,
}

/// How long a key waits after a failed sync: at first, and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// As client-go's util/workqueue `DefaultTypedControllerRateLimiter` has it.
    Usual,
    /// As the controller itself has it.
    Own(Span, Span),
}

/// Where a key waits that is to be looked at later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// In a queue of its own, which an earlier sync does not take it from. Models client-go util/workqueue `delaying_queue.go`.
    Delayed,
    /// In the queue itself: the controller goes round, or keeps one timer per object.
    Queued,
}

/// What of its own writes a controller keeps in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnWrites {
    /// None.
    None,
    /// Of an owner's pods and claims, but neither deletions nor revisions: it does not sync before its cache shows them.
    /// Models pkg/controller/util/consistency as `stateful_pod_control.go` uses it.
    PodsAndClaims,
    /// All of them, deletions too. Models pkg/controller `controller_utils.go` `ControllerExpectations`.
    All,
    /// The slices as they came back. Models k8s.io/endpointslice util `endpointslice_tracker.go`.
    Slices,
}

/// As most controllers have it.
const USUAL: QueueConfig = QueueConfig { pause: Pause::Sync, retry: Retry::Usual, later: Later::Delayed, own_writes: OwnWrites::None };

impl QueueConfig {
    /// How a controller's queue is kept.
    pub const fn of(controller: Controller) -> QueueConfig {
        match controller {
            Controller::StatefulSet => QueueConfig { own_writes: OwnWrites::PodsAndClaims, ..USUAL },
            Controller::ReplicaSet | Controller::DaemonSet | Controller::Job | Controller::Endpoints => {
                QueueConfig { own_writes: OwnWrites::All, ..USUAL }
            }
            Controller::EndpointSlice => {
                let (first, most) = endpoint_slice::RETRY;
                QueueConfig { retry: Retry::Own(first, most), own_writes: OwnWrites::Slices, ..USUAL }
            }
            Controller::EndpointSliceMirroring => {
                let (first, most) = slice_mirroring::RETRY;
                QueueConfig { retry: Retry::Own(first, most), own_writes: OwnWrites::All, ..USUAL }
            }
            Controller::GarbageCollector => QueueConfig { pause: Pause::Collect, ..USUAL },
            // attachdetach/reconciler/reconciler.go Run, nodelifecycle Run (monitorNodeHealth and doNoExecuteTaintingPass) and
            // podgc/gc_controller.go Run go round; tainteviction/timed_workers.go keeps a timer for each pod.
            Controller::AttachDetach | Controller::NodeMonitor | Controller::NodeTurns | Controller::PodGc | Controller::TaintEviction => {
                QueueConfig { later: Later::Queued, ..USUAL }
            }
            Controller::Deployment
            | Controller::CronJob
            | Controller::Claims
            | Controller::Volumes
            | Controller::ClaimProtection
            | Controller::VolumeProtection
            | Controller::NodeTaints
            | Controller::EphemeralVolume
            | Controller::Disruption
            | Controller::StaleDisruption
            | Controller::Autoscaler
            | Controller::Namespace
            | Controller::Definition
            | Controller::Tokens
            | Controller::ServiceAccounts
            | Controller::RootCertificates
            | Controller::ResourceQuota
            | Controller::TimeToLive => USUAL,
        }
    }
}

impl Pause {
    /// How long it is.
    pub fn span(self, timing: &Timing) -> Span {
        match self {
            Pause::Sync => timing.sync,
            Pause::Collect => timing.collect,
        }
    }
}

impl Retry {
    /// How long a key waits after the first failure, and at most.
    pub fn spans(self, timing: &Timing) -> (Span, Span) {
        match self {
            Retry::Usual => (timing.retry_first, timing.retry_most),
            Retry::Own(first, most) => (first, most),
        }
    }
}
