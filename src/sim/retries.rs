//! Whether the pending events can still change anything.
//!
//! Promises: this only reads; callers that run a cluster until it is quiet use it to decide when to stop.

use super::Sim;
use super::event::Event;
use api::controller::Controller;
use api::kind::Kind;
use api::object::{Name, Uid};
use base::time::{Span, Time};
use cluster::kubelet::Timer;
use control::disruption;
use why::{Component, Reason, Verdict};

/// A retry after a longer back-off than this is not worth waiting for.
pub const TRIES_AGAIN_AFTER: Span = Span::seconds(60);

/// A process that wakes up now and then, and has changed nothing for so long, will not; one that sleeps longer is not waited for.
const IDLES_AFTER: Span = Span::seconds(3600);

impl Sim {
    /// Whether retrying is futile: enough time for a retry has passed since `asked`, the last time somebody gave the cluster a command.
    pub fn tries_in_vain(&self, asked: Option<Time>) -> bool {
        asked.is_none_or(|asked| is_long(asked, self.now))
    }

    /// Whether all pending events are futile retries, given whether retrying is `in_vain`, or no-ops.
    pub fn only_tries_again(&self, in_vain: bool) -> bool {
        self.ahead().all(|(at, event)| self.tries_again(at, event, in_vain))
    }

    /// Whether an event only retries what failed before: after a long back-off, or, where back-offs stay short, after failing for long.
    /// A completed Deployment's last check, when its progress deadline would have expired, counts too.
    fn tries_again(&self, at: Time, event: &Event, in_vain: bool) -> bool {
        let told = |key| self.decisions.about(key);
        match event {
            Event::Schedule => is_long(self.now, at),
            Event::Inside(..) => in_vain && (at.since(self.now) > IDLES_AFTER || self.is_unchanged_for(IDLES_AFTER)),
            Event::Kubelet(node, uid, Timer::Start | Timer::Restart(..)) if self.lacks_for_long(node, *uid) => in_vain,
            Event::Kubelet(node, uid, Timer::Restart(of) | Timer::CrashBacksOff(of)) => {
                let worker = self.machines.get(node).and_then(|machine| machine.worker(*uid));
                worker.is_some_and(|worker| worker.restart_wait(*of, &self.timing) > TRIES_AGAIN_AFTER) && in_vain
            }
            Event::PollVolumes(uid) => in_vain && self.is_refused_for_long(*uid),
            // Until then, nothing happens that a probe could find.
            Event::Kubelet(_, _, Timer::Asks(..)) if at.since(self.now) > IDLES_AFTER => in_vain,
            Event::Kubelet(node, uid, timer @ (Timer::Asks(..) | Timer::ProbeFails(_))) => {
                let worker = self.machines.get(node).and_then(|machine| machine.worker(*uid));
                let fails = worker.is_some_and(|worker| worker.fails_again(*timer, self.now));
                fails && in_vain && (!self.disks.acts(*uid) || self.is_unchanged_for(IDLES_AFTER))
            }
            Event::Kubelet(_, _, Timer::PullAgain(..)) | Event::ProvisionerLooks(..) => is_long(self.now, at) && in_vain,
            Event::Sync(controller, key, _) if !self.workers.awaits(*controller, key, at) => true,
            Event::Sync(Controller::StaleDisruption, key, _) => {
                self.cache.tables.pod(&key.namespace, &key.name).is_none_or(|pod| disruption::stale_at(pod).is_none())
            }
            Event::Sync(Controller::Autoscaler, key, _) => {
                told(key).any(|entry| entry.decision.verdict == Verdict::Waits && is_long(entry.first, entry.last)) && in_vain
            }
            Event::Sync(Controller::Claims, key, _) => {
                told(key).any(|entry| entry.decision.until == Some(at) && is_long(entry.first, entry.last)) && in_vain
            }
            Event::Sync(Controller::Deployment, key, _) if told(key).any(|entry| entry.decision.verdict == Verdict::Done) => {
                is_long(self.now, at)
            }
            Event::Sync(_, key, _) => told(key).any(|entry| entry.decision.verdict == Verdict::Refused) && is_long(self.now, at) && in_vain,
            _ => false,
        }
    }

    /// Whether nothing but Events was written for longer than this.
    fn is_unchanged_for(&self, span: Span) -> bool {
        let log = self.log();
        let latest = (0..log.len()).rev().map_while(|at| log.get(at)).take_while(|change| self.now.since(change.at) <= span);
        latest.into_iter().all(|change| change.key.kind == Kind::Event)
    }

    /// Whether a volume that is asked for on the node of a pod has long been refused.
    fn is_refused_for_long(&self, pod: Uid) -> bool {
        let refusal = |claim| self.decisions.by(&claim, Component::Provisioner).filter(|e| e.decision.verdict == Verdict::Refused);
        self.asks_for(pod).filter_map(refusal).any(|entry| is_long(entry.first, self.now))
    }

    /// Whether a pod has long been waiting for a missing object it references, or has an image name that can have no image.
    fn lacks_for_long(&self, node: &Name, uid: Uid) -> bool {
        let worker = self.machines.get(node).and_then(|machine| machine.worker(uid));
        let entry = worker.and_then(|worker| self.decisions.by(&worker.key, Component::Kubelet));
        let lacks = |because: &Reason| {
            matches!(because, Reason::MissingReference { .. } | Reason::InvalidImageName { .. } | Reason::WaitsForClaim(..))
        };
        entry.is_some_and(|entry| lacks(&entry.decision.because) && is_long(entry.first, self.now))
    }
}

fn is_long(from: Time, to: Time) -> bool {
    to.since(from) > TRIES_AGAIN_AFTER
}
