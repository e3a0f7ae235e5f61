//! Pods that are on a machine already when the simulation begins: a kubelet's state for them, as far as their statuses tell it.
//!
//! Promises: what runs is not started again, what waits for its back-off goes on waiting, and nothing is reported that the status does not
//! say already. Not known, hence supposed: how far a back-off had got, which is as far as the number of restarts says; for how long a
//! probe has failed.

use std::rc::Rc;

use super::process::{Process, Pull, Role};
use super::worker::{Life, StepContext, Worker};
use super::{Context, Effects, Machine, Timer};
use api::object::Pod;
use api::object::pod::{CRASH_LOOP_BACK_OFF, ContainerState, ContainerStatus, ERR_IMAGE_PULL, IMAGE_PULL_BACK_OFF, PodStatus};
use base::time::Span;

/// The longest back-off counts no more than this many crashes.
const CRASHES_COUNTED: i64 = 8;

impl Machine {
    /// Takes in a pod that was here before the simulation began. One that its kubelet has not told of yet is left to [`Machine::sees`].
    pub fn finds(&mut self, pod: &Rc<Pod>, context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(began) = pod.status.started else { return effects };
        let ended = pod.status.phase.terminal();
        if ended && !pod.meta.terminating() {
            return effects;
        }
        let mut worker = Worker::new(pod, context);
        worker.first_seen = began;
        worker.life = if ended { Life::Ended } else { Life::Begun };
        worker.ready_since = pod.ready_since();
        worker.ip = pod.status.ip.filter(|_| !ended);
        worker.deadline = pod.spec.template.deadline;
        if let Some(ip) = worker.ip.filter(|_| !worker.on_host()) {
            self.addresses.keep(ip);
        }
        worker.reads_gates(pod);
        let PodStatus { init_containers, containers, ephemeral_containers, .. } = &pod.status;
        let told: Vec<&ContainerStatus> = init_containers.iter().chain(containers).chain(ephemeral_containers).collect();
        for status in &told {
            if status.starts > 0 {
                self.images.insert(Rc::clone(&status.image));
            }
        }
        let mut turn = StepContext { node: &self.node, context, present: &mut self.images, effects: &mut effects };
        for i in 0..worker.processes.len() {
            if let Some(status) = told.iter().find(|status| status.name == worker.processes[i].name) {
                worker.finds_process(i, status, ended, &mut turn);
            }
        }
        if worker.processes.iter().any(|process| process.due) && !ended {
            turn.effects.timers.push((context.timing.container_start, Timer::Start));
        }
        if !ended && !pod.ready() {
            // What it tells is known; why it is so is not.
            turn.effects.timers.push((context.timing.kubelet_writes, Timer::Report));
        }
        self.workers.insert(pod.meta.uid, worker);
        effects
    }
}

impl Worker {
    /// Takes in what is told of one container.
    fn finds_process(&mut self, i: usize, status: &ContainerStatus, pod_ended: bool, turn: &mut StepContext) {
        let (timing, policy) = (turn.context.timing, self.template.restart);
        let behaviour = self.does(i, turn.context.images);
        let process = &mut self.processes[i];
        // Statuses name images as the runtime resolved them; what the pod asks for is what is pulled and told of.
        process.state = status.state.clone();
        process.last.clone_from(&status.last);
        process.restarts = status.restarts;
        process.starts = status.starts.max(status.restarts);
        process.crashes = u32::try_from(status.restarts.min(CRASHES_COUNTED)).unwrap_or(0);
        process.due = false;
        process.pull = Pull::Idle;
        match &status.state {
            ContainerState::Running { .. } => {
                process.starts = status.restarts + 1;
                let life = process.incarnation(i);
                if pod_ended {
                    return;
                }
                self.begins_to_ask(i, turn);
                let process = &mut self.processes[i];
                process.up = status.started || process.startup.is_none();
                process.ready = status.ready;
                if behaviour.crashes && !status.ready {
                    turn.effects.timers.push((timing.crash_after, Timer::Exits(life, behaviour.exit_code)));
                }
            }
            ContainerState::Waiting { reason, .. } if [ERR_IMAGE_PULL, IMAGE_PULL_BACK_OFF].contains(&&**reason) => {
                (process.pulls, process.refusals, process.backs_off) = (1, 1, true);
                process.refused = turn.context.now;
                turn.effects.timers.push((timing.pull_back_off_first, Timer::PullAgain(i, 1)));
            }
            ContainerState::Waiting { reason, .. } if **reason == *CRASH_LOOP_BACK_OFF => {
                process.starts = status.restarts + 1;
                process.crashes = u32::try_from((status.restarts + 1).min(CRASHES_COUNTED)).unwrap_or(0);
                process.backs_off = true;
                self.waits_to_restart(i, turn);
            }
            ContainerState::Waiting { .. } => process.due = true,
            ContainerState::Terminated(_) if pod_ended || process.is_over(policy) || process.role == Role::Init && process.succeeded() => {}
            ContainerState::Terminated(_) => {
                process.starts = status.restarts + 1;
                process.crashes = u32::try_from((status.restarts + 1).min(CRASHES_COUNTED)).unwrap_or(0);
                self.waits_to_restart(i, turn);
            }
        }
    }

    /// The restart of a container that has exited, once the rest of its back-off is over.
    fn waits_to_restart(&self, i: usize, turn: &mut StepContext) {
        let process: &Process = &self.processes[i];
        let ended = match &process.state {
            ContainerState::Terminated(ended) => Some(ended),
            _ => process.last.as_ref(),
        };
        let wait = process.restart_wait(turn.context.timing);
        let left = ended.map_or(wait, |ended| (ended.finished + wait).since(turn.context.now));
        let of = process.incarnation(i);
        turn.effects.timers.push((left.max(Span(1)), Timer::Restart(of)));
    }
}
