//! Whether the pending events can still change anything.
//!
//! Promises: this only reads; callers that run a cluster until it is quiet use it to decide when to stop.

use std::cell::OnceCell;
use std::rc::Rc;

use super::Sim;
use super::event::Event;
use api::controller::Controller;
use api::kind::Kind;
use api::object::pod_status::{ContainerState, ContainerStatus};
use api::object::{Meta, Name, Object, ObjectKey, Pod, Uid};
use api::well_known::SERVICE_NAME;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use cluster::kubelet::Timer;
use control::disruption;
use server::log::{Actor, Change};
use why::{Component, Reason, Verdict};

/// A retry after a longer back-off than this is not worth waiting for.
pub const TRIES_AGAIN_AFTER: Span = Span::seconds(60);

/// A process that wakes up now and then, and has changed nothing for so long, will not; one that sleeps longer is not waited for.
const IDLES_AFTER: Span = Span::seconds(3600);

/// How many steps up from a pod its owners are looked for.
const MAX_OWNERS: usize = 3;

/// What is done again and again, and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// A container is started, each time after this back-off.
    Start(Span),
    /// A process in a container tries something.
    Program,
    /// An image is pulled.
    Pull,
    /// A container is probed.
    Probe,
    /// What a pod refers to is looked for.
    Reference,
    /// A component looks at an object.
    Look,
}

/// What is found out at most once for all events ahead.
#[derive(Default)]
struct Known {
    /// Whether nothing has changed for long.
    idles: OnceCell<bool>,
    /// What follows from starting containers again in vain.
    followers: OnceCell<SortedSet<ObjectKey>>,
}

impl Known {
    /// Where only the events themselves are asked about.
    fn without(idles: bool) -> Known {
        Known { idles: OnceCell::from(idles), followers: OnceCell::from(SortedSet::new()) }
    }
}

impl Sim {
    /// Whether retrying is futile: enough time for a retry has passed since `asked`, the last time somebody gave the cluster a command.
    pub fn tries_in_vain(&self, asked: Option<Time>) -> bool {
        asked.is_none_or(|asked| is_long(asked, self.now))
    }

    /// Whether all pending events are futile retries, given whether retrying is `in_vain`, or no-ops.
    pub fn only_tries_again(&self, in_vain: bool) -> bool {
        let known = Known::default();
        self.ahead().all(|(at, event)| self.tries_again(at, event, in_vain, &known))
    }

    /// Whether nothing was written for longer than a span but Events, and why containers wait.
    pub fn stands_still(&self, span: Span) -> bool {
        let log = self.log();
        let mut latest = (0..log.len()).rev().filter_map(|at| log.get(at)).take_while(|change| self.now.since(change.at) <= span);
        latest.all(|change| change.key.kind == Kind::Event || only_waits(change))
    }

    /// What is tried again of all that is ahead, the soonest first: each object once.
    pub fn retries(&self) -> Vec<(ObjectKey, Retry)> {
        let (mut found, known) = (Vec::new(), Known::without(true));
        for (_, event) in self.ahead().filter(|(at, event)| self.tries_again(*at, event, true, &known)) {
            let Some((key, retry)) = self.retry_of(event) else { continue };
            if found.iter().all(|(other, _): &(ObjectKey, Retry)| *other != key) {
                found.push((key, retry));
            }
        }
        found
    }

    /// What an event tries, and for which object; `None` where it comes to nothing.
    fn retry_of(&self, event: &Event) -> Option<(ObjectKey, Retry)> {
        let worker = |node: &Name, uid: Uid| self.machines.get(node)?.worker(uid);
        Some(match event {
            Event::Inside(node, uid, _) => (worker(node, *uid)?.key.clone(), Retry::Program),
            Event::Kubelet(node, uid, timer) => {
                let worker = worker(node, *uid)?;
                let retry = match timer {
                    Timer::Restart(..) | Timer::Start if self.lacks_for_long(node, *uid) => Retry::Reference,
                    Timer::Restart(of) | Timer::CrashBacksOff(of) => Retry::Start(worker.restart_wait(*of, &self.timing)),
                    Timer::PullAgain(..) => Retry::Pull,
                    Timer::Asks(..) | Timer::ProbeFails(_) => Retry::Probe,
                    _ => return None,
                };
                (worker.key.clone(), retry)
            }
            Event::ProvisionerLooks(claim, _) => (claim.clone(), Retry::Look),
            Event::Sync(_, key, _) if self.decisions.about(key).any(|entry| entry.decision.verdict == Verdict::Refused) => {
                (key.clone(), Retry::Look)
            }
            _ => return None,
        })
    }

    /// Whether an event only retries what failed before: after a long back-off, or, where back-offs stay short, after failing for long.
    /// A completed Deployment's last check, when its progress deadline would have expired, counts too.
    fn tries_again(&self, at: Time, event: &Event, in_vain: bool, known: &Known) -> bool {
        let told = |key| self.decisions.about(key);
        let idles = || *known.idles.get_or_init(|| self.is_unchanged_for(IDLES_AFTER, known));
        match event {
            Event::Schedule => is_long(self.now, at),
            Event::Inside(..) => in_vain && (at.since(self.now) > IDLES_AFTER || idles()),
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
                fails && in_vain && (!self.disks.acts(*uid) || idles())
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
            Event::Sync(_, key, _) if in_vain && self.is_still() && self.followers(known).contains(key) => true,
            Event::Sync(_, key, _) => told(key).any(|entry| entry.decision.verdict == Verdict::Refused) && is_long(self.now, at) && in_vain,
            _ => false,
        }
    }

    /// Whether for some time nothing was written but Events: whoever follows from something has followed by now.
    fn is_still(&self) -> bool {
        let log = self.log();
        let latest = (log.first()..log.len()).rev().filter_map(|at| log.get(at)).find(|change| change.key.kind != Kind::Event);
        latest.is_none_or(|change| is_long(change.at, self.now))
    }

    /// Whether nothing was written for longer than this but Events, and what follows from starting containers again in vain. The oldest
    /// change is looked at first: where only retries go on, the last news is there.
    fn is_unchanged_for(&self, span: Span, known: &Known) -> bool {
        let log = self.log();
        let is_before = |at: usize| log.get(at).is_none_or(|change| self.now.since(change.at) > span);
        let (mut from, mut end) = (log.first(), log.len());
        while from < end {
            let middle = usize::midpoint(from, end);
            (from, end) = if is_before(middle) { (middle + 1, end) } else { (from, middle) };
        }
        log.from(from).all(|change| change.key.kind == Kind::Event || is_status_of(self.followers(known), change))
    }

    /// The pods whose containers are started again in vain, and the objects whose status follows from theirs.
    fn followers<'a>(&self, known: &'a Known) -> &'a SortedSet<ObjectKey> {
        known.followers.get_or_init(|| self.followers_of_retries())
    }

    fn followers_of_retries(&self) -> SortedSet<ObjectKey> {
        let alone = Known::without(false);
        let tries = |at: Time, event: &Event| matches!(event, Event::Kubelet(..)) && self.tries_again(at, event, true, &alone);
        let starts = self.ahead().filter(|(at, event)| tries(*at, event)).filter_map(|(_, event)| self.retry_of(event));
        let starts = starts.filter(|(_, retry)| matches!(retry, Retry::Start(_) | Retry::Pull));
        let mut found = SortedSet::new();
        for pod in starts.filter_map(|(key, _)| self.tables().pod(&key.namespace, &key.name)) {
            found.extend(self.followers_of(pod));
        }
        found
    }

    /// A pod, and the objects whose status follows from its status.
    fn followers_of(&self, pod: &Rc<Pod>) -> Vec<ObjectKey> {
        let (tables, meta) = (self.tables(), &pod.meta);
        let above = |key: &ObjectKey| {
            let owner = tables.get(key)?.meta().controller()?;
            Some(ObjectKey::new(owner.kind?, &key.namespace, &owner.name))
        };
        let services = tables.services().filter(|service| service.meta.namespace == meta.namespace && service.selects(meta));
        let budgets = tables.budgets().filter(|budget| budget.meta.namespace == meta.namespace && budget.selects(&meta.labels));
        let mut found: Vec<ObjectKey> = std::iter::successors(Some(pod.key()), above).take(MAX_OWNERS).collect();
        found.extend(services.map(|service| service.key()));
        found.extend(budgets.map(|budget| budget.key()));
        found
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
            matches!(
                because,
                Reason::MissingReference { .. } | Reason::RunsAsRoot { .. } | Reason::InvalidImageName { .. } | Reason::WaitsForClaim(..)
            )
        };
        entry.is_some_and(|entry| lacks(&entry.decision.because) && is_long(entry.first, self.now))
    }
}

/// Whether a write says of a pod only that its containers wait for something else: a pull that failed waits for its next time.
fn only_waits(change: &Change) -> bool {
    let [Some(before), Some(after)] = change.sides(Object::as_pod) else { return false };
    let mut now = after.status.clone();
    let as_before = |now: &mut [ContainerStatus], before: &[ContainerStatus]| {
        for (now, before) in now.iter_mut().zip(before) {
            if let (ContainerState::Waiting { .. }, ContainerState::Waiting { .. }) = (&now.state, &before.state) {
                now.state = before.state.clone();
            }
        }
    };
    as_before(&mut now.containers, &before.status.containers);
    as_before(&mut now.init_containers, &before.status.init_containers);
    as_before(&mut now.ephemeral_containers, &before.status.ephemeral_containers);
    before.status != after.status && before.status == now
}

fn is_long(from: Time, to: Time) -> bool {
    to.since(from) > TRIES_AGAIN_AFTER
}

/// Whether a component made a change of one of these objects, or of what a Service among them publishes, and the object stays.
fn is_status_of(of: &SortedSet<ObjectKey>, change: &Change) -> bool {
    let service = |meta: &Meta| match change.key.kind {
        Kind::EndpointSlice => meta.label(SERVICE_NAME).cloned(),
        Kind::Endpoints => Some(Rc::clone(&meta.name)),
        _ => None,
    };
    let stays = change.before.is_some() && change.by != Actor::User;
    let Some(object) = change.after.as_ref().filter(|_| stays) else { return false };
    let published = service(object.meta()).map(|name| ObjectKey::new(Kind::Service, &change.key.namespace, &name));
    of.contains(published.as_ref().unwrap_or(&change.key))
}
