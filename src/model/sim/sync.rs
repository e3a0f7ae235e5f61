//! A controller's sync: planned at one instant, carried out request by request.

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use super::workers::{Done, Position, Run};
use api::controller::Controller;
use api::kind::Kind;
use api::object::stateful_set::StatefulSetStatus;
use api::object::{Name, Object, ObjectKey, Uid};
use api::obstacle::Failure;
use api::status::StatusReason;
use base::slots::SlotId;
use base::time::{Span, Time};
use control::plan::{Action, NO_PRECONDITION, OnError, Plan, Stage, StatusChange, Step};
use control::registration::OwnWrites;
use control::{Environment, Memories, View, deployment, registration, replica_set, stateful_set};
use server::log::Actor;
use server::request::{Edit, Request};
use why::{Decision, Reason, Verdict};

impl Sim {
    /// Picks up a key: plans, notes why, and begins to carry the plan out.
    pub(super) fn sync(&mut self, controller: Controller, key: &ObjectKey, place: SlotId) {
        let Some(place) = self.workers.begin(controller, key, place, self.now) else { return };
        let owner = self.owner_of_writes(controller, key);
        let mut plan = self.plan(controller, key, owner);
        debug_assert!(plan.is_empty() || !plan.decisions.is_empty(), "{controller:?} of {key:?} sends requests without a reason: {plan:?}");
        for wake in &plan.wake {
            self.wake(wake);
        }
        for decision in &plan.decisions {
            self.decisions.record(self.now, Rc::clone(decision));
        }
        for pending_event in plan.say.drain(..) {
            self.say(pending_event);
        }
        if plan.is_empty() && plan.status.is_none() && plan.error.is_none() {
            return self.finish(controller, place, false, plan.again);
        }
        let error = plan.error.clone();
        let mut run = Run {
            controller,
            key: key.clone(),
            broken: Vec::new(),
            at: Position::Batch(Stage::Adoption, 0, 0),
            error,
            skip_status: false,
            taken_from_current: 0,
            written: None,
            owner,
            place,
            plan,
        };
        if let Some(at) = self.settle(&mut run) {
            let at = if run.plan.adopts_first() { at + self.timing.request } else { at };
            let id = self.workers.start(run);
            self.queue.push(at, Event::Continue(id));
        }
    }

    fn plan(&mut self, controller: Controller, key: &ObjectKey, owner: Option<Uid>) -> Plan {
        let behind = owner.is_some_and(|uid| self.workers.behind(uid, self.cache.revision));
        self.with_view(|view, memory| (registration(controller).plan)(View { behind, ..view }, key, memory))
    }

    /// Lets controllers look at the cluster, and at their memory.
    pub(super) fn with_view<T>(&mut self, act: impl FnOnce(View, &mut Memories) -> T) -> T {
        let timing = &*self.timing;
        let heartbeat = |node: &str| self.machines.get(node).map(|machine| machine.heartbeat);
        let around = Environment {
            watch: timing.watch,
            sync: timing.sync,
            collect: timing.collect,
            node_monitor_period: timing.node_monitor_period,
            node_monitor_grace: timing.node_monitor_grace,
            has_drivers: timing.nodes.have_drivers(),
            dice: self.dice,
            heartbeat: &heartbeat,
        };
        let (live, release) = (self.server.tables(), self.server.release);
        let view = View { cache: &self.cache, live, now: self.now, release, behind: false, around: &around };
        act(view, &mut self.memory)
    }

    /// The owner under which a sync's own writes are remembered. The controllers of pods remember them for each workload.
    fn owner_of_writes(&self, controller: Controller, key: &ObjectKey) -> Option<Uid> {
        let owner = match registration(controller).own_writes {
            OwnWrites::None => None,
            OwnWrites::PodsAndClaims if !self.server.release.sets_await_own_writes => None,
            OwnWrites::PodsAndClaims => self.cache.tables.get(key),
            OwnWrites::All(kind) => self.cache.tables.find(kind, &key.namespace, &key.name),
        };
        owner.map(|owner| owner.meta().uid)
    }

    /// Sends the next requests of a sync.
    pub(super) fn go_on(&mut self, id: u64) {
        let Some(mut shared) = self.workers.take(id) else { return };
        let run = Rc::make_mut(&mut shared);
        match run.at {
            Position::Batch(stage, batch, step) => {
                self.run_batch(run, stage, batch, step);
                run.at = Position::Batch(stage, batch, step + 1);
            }
            Position::Status => {
                self.write_status(run);
                run.at = Position::Finally(0);
            }
            Position::Finally(i) => {
                let step = run.plan.finally.get(i).cloned();
                let goes_on = step.is_none_or(|mut step| self.carry_out(run, &mut step));
                run.at = if goes_on { Position::Finally(i + 1) } else { Position::End };
            }
            Position::End => {}
        }
        if let Some(at) = self.settle(run) {
            self.workers.put_back(id, shared);
            self.queue.push(at, Event::Continue(id));
        }
    }

    /// Moves a sync to its next request and tells when that is to be sent, or ends it.
    fn settle(&mut self, run: &mut Run) -> Option<Time> {
        run.at = next_position(run);
        if run.at == Position::End {
            self.end(run);
            return None;
        }
        let pause = if creates_pod(run) { self.timing.pod_creation } else { self.timing.request };
        Some(self.after(pause, Delay::Step(run.controller, &run.key)))
    }

    fn end(&mut self, run: &Run) {
        if let Some(decision) = of_failure(run) {
            self.decisions.record(self.now, decision);
        }
        self.finish(run.controller, run.place, run.error.is_some(), run.plan.again);
    }

    fn finish(&mut self, controller: Controller, place: SlotId, failed: bool, again: Option<Span>) {
        let usual = (self.timing.retry_first, self.timing.retry_most);
        let (retry_first, retry_most) = registration(controller).retry.unwrap_or(usual);
        let done = Done { place, failed, again, retry_first, retry_most, sync: self.timing.sync };
        self.workers.finish(&mut self.queue, &done, self.now);
    }

    /// One step of every chain of a batch that has not failed.
    fn run_batch(&mut self, run: &mut Run, stage: Stage, batch: usize, step: usize) {
        // The batch is taken out of the plan meanwhile, so that its steps need not be copied.
        let Some(mut chains) = run.plan.stage_mut(stage).get_mut(batch).map(std::mem::take) else { return };
        if step == 0 {
            run.broken.clear();
        }
        for (chain, steps) in chains.iter_mut().enumerate() {
            if run.broken.contains(&chain) {
                continue;
            }
            let Some(next) = steps.get_mut(step) else { continue };
            let creates = matches!(next.action, Action::Server(Request::Create(_)));
            if !self.carry_out(run, next) {
                if let Some(create_failed) = registration(run.controller).create_failed.filter(|_| creates) {
                    create_failed(&mut run.plan.finally, self.cache.tables.get(&run.key));
                }
                run.skip_status |= stage != Stage::Main;
                run.broken.push(chain);
            }
        }
        run.plan.stage_mut(stage)[batch] = chains;
    }

    /// Carries one step out. False when it failed and its chain ends.
    fn carry_out(&mut self, run: &mut Run, step: &mut Step) -> bool {
        let Err(failure) = self.attempt(run, step) else { return true };
        let goes_on = step.on_error == OnError::Ignore;
        if !goes_on {
            run.error.get_or_insert(failure);
        }
        goes_on
    }

    /// Tries one step, and says what is to be said of its outcome. What it asks is taken out of it: no step is tried twice.
    fn attempt(&mut self, run: &mut Run, step: &mut Step) -> Result<(), Failure> {
        let (failure, taken) = match self.perform(run, step) {
            Ok(object) => {
                if object.is_some() || step.on_error != OnError::IgnoreNotFound {
                    self.succeeded(run, step, object.as_ref());
                }
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        if let Some(ordinal) = step.claims_of.filter(|_| !taken) {
            self.own_claims(run, ordinal)?;
        }
        for complaint in step.failure_events.iter().filter(|c| c.when_taken || !taken) {
            let mut pending_event = complaint.pending_event.clone();
            pending_event.message = [&*pending_event.message, &*failure.error].concat().into();
            if let Some(noting) = complaint.noted_by.as_ref().and_then(|by| deployment::noting(by, &pending_event, self.now)) {
                let _ = self.server.handle(Request::Update(noting.into()), &Actor::Controller(run.controller));
            }
            self.say(pending_event);
        }
        Err(failure)
    }

    /// Asks what a step asks, and gives what came back: an object, or nothing where none is there. An error comes with whether it
    /// is that a create found the name taken.
    fn perform(&mut self, run: &mut Run, step: &mut Step) -> Result<Option<Object>, (Failure, bool)> {
        match std::mem::replace(&mut step.action, Action::Claims(Vec::new())) {
            Action::Fail(failure) => Err((failure, false)),
            Action::Claims(steps) => {
                let failed = steps.into_iter().filter_map(|mut one| {
                    let claim = if let Action::Server(request) = &one.action { Some(request.key().name) } else { None };
                    Some((claim, self.attempt(run, &mut one).err()?))
                });
                together(failed).map_or(Ok(None), |failure| Err((failure, false)))
            }
            Action::OwnClaims(ordinal) => self.own_claims(run, ordinal).map(|()| None).map_err(|failure| (failure, false)),
            Action::Server(request) => self.request(run, request, step.on_error),
        }
    }

    /// Gives the claims of a pod the owners that the retention policy wants.
    fn own_claims(&mut self, run: &mut Run, ordinal: i64) -> Result<(), Failure> {
        let mut care = self.with_view(|view, _| stateful_set::own_claims(view, &run.key, ordinal));
        for pending_event in care.conflicts {
            self.say(pending_event);
        }
        care.writes.iter_mut().try_for_each(|write| self.attempt(run, write))
    }

    /// Sends a request and remembers what it wrote.
    fn request(&mut self, run: &mut Run, mut request: Request, on_error: OnError) -> Result<Option<Object>, (Failure, bool)> {
        as_just_written(&mut request, run.written.as_ref());
        let key = request.key();
        let (creates, updates) = (matches!(request, Request::Create(_)), matches!(request, Request::Update(_)));
        let deletes = matches!(request, Request::Delete(..));
        match self.server.handle(request, &Actor::Controller(run.controller)) {
            Ok(object) => {
                self.remember(run, key.kind, deletes, &object);
                if updates {
                    run.written = Some((key, object.meta().revision));
                }
                Ok(Some(object))
            }
            Err(status) if on_error.forgives(status.reason) => Ok(None),
            Err(status) => {
                let taken = status.reason == StatusReason::AlreadyExists && creates;
                Err((Failure::refused(status, &key), taken))
            }
        }
    }

    fn succeeded(&mut self, run: &mut Run, step: &mut Step, object: Option<&Object>) {
        run.taken_from_current += i64::from(step.for_update);
        if let Some(mut pending_event) = step.said.take() {
            if let Some(object) = object.filter(|_| step.append_created_name) {
                pending_event.message = [&*pending_event.message, &*object.meta().name].concat().into();
            }
            self.say(*pending_event);
        }
    }

    /// Remembers a write and what came back, as far as the controller keeps its own writes in mind.
    fn remember(&mut self, run: &Run, kind: Kind, deletes: bool, object: &Object) {
        let controller = registration(run.controller);
        if let Some(wrote) = controller.wrote {
            wrote(&mut self.memory, &run.key, deletes, object);
        }
        let Some(owner) = run.owner else { return };
        match controller.own_writes {
            OwnWrites::PodsAndClaims if !deletes && matches!(kind, Kind::Pod | Kind::PersistentVolumeClaim) => {
                self.workers.wrote(owner, object.meta().revision);
            }
            OwnWrites::All(_) => self.workers.wrote(owner, self.server.revision()),
            OwnWrites::PodsAndClaims | OwnWrites::None => {}
        }
    }

    /// Writes the status a sync ends with. Models stateful_set_control.go updateStatefulSetStatus and replica_set_utils.go
    /// updateReplicaSetStatus.
    fn write_status(&mut self, run: &mut Run) {
        let Some((edit, write)) = status_edit(run).zip(run.plan.status.as_ref()) else { return };
        let (key, uid) = (write.key.clone(), write.uid);
        if self.server.tables().get(&key).is_none_or(|o| o.meta().uid != uid) {
            return;
        }
        match self.server.handle(Request::Edit(key.clone(), edit), &Actor::Controller(run.controller)) {
            Ok(object) => {
                if let Some(owner) = run.owner {
                    self.workers.wrote(owner, object.meta().revision);
                }
            }
            // What was counted wrong is counted anew: nothing that anybody could remove stands in the way.
            Err(status) if status.reason == StatusReason::Invalid => drop(run.error.get_or_insert(status.message.into())),
            Err(status) => drop(run.error.get_or_insert(Failure::refused(status, &key))),
        }
    }
}

/// What became of the claims of a pod, in one sentence. Models stateful_pod_control.go createPersistentVolumeClaims.
fn together(failed: impl Iterator<Item = (Option<Name>, Failure)>) -> Option<Failure> {
    let mut obstacle = None;
    let told: Vec<String> = failed
        .map(|(claim, failure)| {
            obstacle = obstacle.take().or(failure.obstacle);
            match claim {
                Some(claim) => format!("failed to create PVC {claim}: {}", failure.error),
                None => failure.error.to_string(),
            }
        })
        .collect();
    let list = told.join(", ");
    let error = if told.len() == 1 { list } else { format!("[{list}]") };
    (!told.is_empty()).then(|| Failure { error: error.into(), obstacle })
}

/// What a failed sync leaves to be read. A planner that fails by itself may have said why.
fn of_failure(run: &Run) -> Option<Decision> {
    let is_said = run.plan.error.is_some() && !run.plan.decisions.is_empty();
    let Failure { error, obstacle } = run.error.clone().filter(|_| !is_said)?;
    let because = Reason::SyncFailed { error, obstacle, skip_status: run.skip_status };
    Some(Decision::new(run.controller.component(), run.key.clone(), Verdict::Refused, because))
}

/// Gives a request the revision that the sync's last write gave the object, where it asks for that.
fn as_just_written(request: &mut Request, written: Option<&(ObjectKey, u64)>) {
    if let (Request::Update(object), Some((key, revision))) = (request, written)
        && object.meta().revision == NO_PRECONDITION
        && object.key() == *key
    {
        object.meta_mut().revision = *revision;
    }
}

/// Whether the next request of a sync creates a pod.
fn creates_pod(run: &Run) -> bool {
    let Position::Batch(stage, batch, step) = run.at else { return false };
    let creates = |s: &Step| matches!(&s.action, Action::Server(Request::Create(Object::Pod(_))));
    run.plan.stage(stage).get(batch).is_some_and(|chains| chains.iter().filter_map(|c| c.get(step)).any(creates))
}

/// The position of the next request at or after where a sync is.
fn next_position(run: &Run) -> Position {
    let mut at = run.at;
    loop {
        at = match at {
            Position::Batch(stage, batch, step) => {
                let Some(chains) = run.plan.stage(stage).get(batch) else {
                    at = stage.next().map_or(Position::Status, |next| Position::Batch(next, 0, 0));
                    continue;
                };
                let alive = |i: usize| step == 0 || !run.broken.contains(&i);
                if chains.iter().enumerate().any(|(i, c)| alive(i) && c.len() > step) {
                    return at;
                }
                let failed = step > 0 && !run.broken.is_empty();
                match stage {
                    _ if !failed => Position::Batch(stage, batch + 1, 0),
                    Stage::Adoption => Position::End,
                    Stage::Preamble => Position::Finally(0),
                    Stage::Main => Position::Status,
                }
            }
            Position::Status if status_edit(run).is_some() => return at,
            Position::Status => Position::Finally(0),
            Position::Finally(i) if i < run.plan.finally.len() => return at,
            Position::Finally(_) | Position::End => return Position::End,
        };
    }
}

/// The status a sync ends with, once what its requests did is counted in; `None` where it is the one that was seen.
/// Models stateful_set_utils.go inconsistentStatus and replica_set_utils.go updateReplicaSetStatus.
fn status_edit(run: &Run) -> Option<Edit> {
    match &run.plan.status.as_ref()?.change {
        StatusChange::StatefulSet { seen, wanted } if wanted == seen && run.taken_from_current == 0 => None,
        StatusChange::StatefulSet { seen, wanted } => {
            let status = StatefulSetStatus { current: wanted.current - run.taken_from_current, ..wanted.clone() };
            let observed_generation = status.observed_generation.max(seen.observed_generation);
            let uncounted = StatefulSetStatus { collision_count: seen.collision_count, observed_generation, ..status.clone() };
            (uncounted != *seen).then(|| Edit::StatefulSetStatus(Box::new(status)))
        }
        StatusChange::ReplicaSet { seen, wanted, failure, now } => {
            let mut status = wanted.clone();
            replica_set::tell_of_failure(&mut status, run.error.as_ref().map(|failed| &failed.error), failure, *now);
            (status != *seen).then(|| Edit::ReplicaSetStatus(Box::new(status)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::kind::Kind;

    #[test]
    fn history_is_truncated_after_a_failure_but_not_where_adoption_failed() {
        let step = || Step::fail("no".to_owned().into());
        let key = ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into());
        for (stage, after) in
            [(Stage::Adoption, Position::End), (Stage::Preamble, Position::Finally(0)), (Stage::Main, Position::Finally(0))]
        {
            let batches = |of: Stage| if of == stage { vec![vec![vec![step()]]] } else { Vec::new() };
            let [adoption, preamble, batches] = [Stage::Adoption, Stage::Preamble, Stage::Main].map(batches);
            let plan = Plan { adoption, preamble, batches, finally: vec![step()], ..Plan::default() };
            let run = Run {
                controller: Controller::StatefulSet,
                key: key.clone(),
                broken: vec![0],
                at: Position::Batch(stage, 0, 1),
                error: None,
                skip_status: false,
                taken_from_current: 0,
                written: None,
                owner: None,
                place: SlotId::default(),
                plan,
            };
            assert_eq!(next_position(&run), after);
        }
    }
}
