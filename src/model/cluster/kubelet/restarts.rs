//! How containers exit while their pod stays, and how they are restarted.
//!
//! Models pkg/kubelet/kuberuntime doBackOff and computePodActions.

use std::rc::Rc;

use super::ending::{MIN_GRACE, ends_in};
use super::process::{Process, Pull, Role};
use super::worker::{Life, StepContext, Worker};
use super::{Incarnation, Timer};
use crate::runtime::Happening;
use crate::timing::Timing;
use api::object::Parsed;
use api::object::event::EventType;
use api::object::pod::{CRASH_LOOP_BACK_OFF, Container, ContainerState, PodTemplate, Probe, Terminated};
use api::object::pod_status::{ERROR, KILLED};
use base::time::Span;
use why::{ProbeKind, Reason, Verdict};

/// The longest pause between two syncs. KubeletConfiguration syncFrequency, 60 s.
const RESYNC: Span = Span::seconds(60);
/// The mean of a pause and half as long again: what a kubelet's jitter makes of it. pkg/kubelet/pod_workers.go
/// workerBackOffPeriodJitterFactor.
pub(super) const fn jittered(pause: Span) -> Span {
    Span(pause.0.saturating_mul(5) / 4)
}

/// Termination reason of a process that exceeded its memory limit.
const OUT_OF_MEMORY: &str = "OOMKilled";

impl Worker {
    /// A container's process exits by itself, or because its kubelet is restarting it.
    pub(super) fn exits(&mut self, of: Incarnation, exit_code: i64, turn: StepContext) {
        self.ends(of, exit_code, if exit_code == 0 { "Completed" } else { ERROR }, turn);
    }

    /// A container's process is OOM-killed.
    pub(super) fn outgrows_memory(&mut self, of: Incarnation, turn: StepContext) {
        self.ends(of, KILLED, OUT_OF_MEMORY, turn);
    }

    fn ends(&mut self, of: Incarnation, exit_code: i64, reason: &'static str, mut turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let (now, timing) = (turn.context.now, turn.context.timing);
        let stopping = self.stopping();
        let Some(container) = self.processes.get(i).map(|process| Rc::clone(&process.name)) else { return };
        let message = self.last_words(&container, exit_code, turn.context);
        let process = &mut self.processes[i];
        let ContainerState::Running { started } = process.state else { return };
        if process.starts != starts || stopping {
            return;
        }
        if now.since(started) >= timing.back_off_forgets {
            process.crashes = 0;
        }
        process.state = ContainerState::Terminated(Terminated { exit_code, reason: reason.into(), message, started, finished: now });
        process.ready &= process.renewed;
        let (policy, role, given_up) = (self.template.restart, process.role, process.given_up);
        let restarts = process.restarts_after(policy, exit_code);
        let held_others = process.said.is_some();
        process.outlives_hook(restarts);
        if restarts {
            let waits = process.counts_exit(timing.crash_back_off_first, timing.back_off_most);
            // Whoever terminated it has found in the same sync that it has to wait.
            process.backs_off = process.given_up && waits;
            let next = if waits { Timer::CrashBacksOff(of) } else { Timer::Restart(of) };
            turn.effects.timers.push((timing.restart, next));
        } else if role == Role::Init && exit_code == 0 {
            turn.effects.timers.push((timing.restart, Timer::Start));
        }
        let limit = process.memory_limit.clone().filter(|_| reason == OUT_OF_MEMORY);
        let looping = restarts && process.crashes > 1 && !given_up && process.said.is_none();
        let process = self.ran(&self.processes[i], turn.node);
        turn.effects.happened.push(Happening::Stopped { process, exit_code: None, why: format!("exit code {exit_code}").into() });
        if looping {
            let because = match limit {
                Some(limit) => Reason::OutOfMemory { container, limit },
                None => Reason::CrashLoop { container, exit_code },
            };
            self.decide(&mut turn, Verdict::Waits, because);
        }
        let failed = role == Role::Init && exit_code != 0 && !restarts;
        if failed || self.processes.iter().all(|p| p.role != Role::Main || p.is_over(policy)) {
            self.winds_down(&mut turn);
        } else if held_others {
            self.start_what_is_due(&mut turn);
        }
        self.write_status(turn);
    }

    /// Takes in the pod's containers: images may be changed later, and ephemeral containers be added.
    pub(super) fn reads_containers(&mut self, template: &Parsed<PodTemplate>, turn: &mut StepContext) {
        if !self.template.all_containers().map(|c| &c.image).eq(template.all_containers().map(|c| &c.image)) {
            self.template = template.clone();
            self.adds_ephemeral(turn);
            self.renews(turn);
        }
    }

    /// Starts the ephemeral containers that it does not know yet, unless all containers are still to be started.
    fn adds_ephemeral(&mut self, turn: &mut StepContext) {
        let template = self.template.clone();
        let is_new = |container: &&Container| !self.processes.iter().any(|process| process.name == container.name);
        let added: Vec<&Container> = template.ephemeral_containers.iter().filter(is_new).collect();
        let is_late = !added.is_empty() && self.life == Life::Begun && !self.stopping();
        self.processes.extend(added.into_iter().map(|container| Process::ephemeral(container, &template)));
        if is_late {
            let timing = turn.context.timing;
            turn.effects.timers.push((timing.kubelet_writes, Timer::Report));
            turn.effects.timers.push((timing.container_start, Timer::Start));
        }
    }

    /// Terminates the running containers whose image was changed, to restart them whatever the restart policy, and starts those that
    /// wait for another attempt. Models kuberuntime_manager.go computePodActions and kuberuntime_container.go
    /// computeInitContainerActions.
    pub(super) fn renews(&mut self, turn: &mut StepContext) {
        if self.stopping() || self.life != Life::Begun {
            return;
        }
        let template = self.template.clone();
        for (i, container) in template.declared_containers().enumerate() {
            let process = &mut self.processes[i];
            if process.image == container.image || process.given_up || process.due || process.pull == Pull::UnderWay {
                continue;
            }
            if !process.running() {
                if !process.is_over(template.restart) {
                    process.due = true;
                    turn.effects.timers.push((Span(0), Timer::Start));
                }
            } else if process.role != Role::Init {
                (process.given_up, process.renewed) = (true, true);
                let (name, grace) = (&container.name, self.grace());
                let message = match self.processes[i].role {
                    Role::Sidecar => format!("Init container {name} definition changed"),
                    _ => format!("Container {name} definition changed, will be restarted"),
                };
                self.ends_one(i, grace, turn);
                self.says(turn, EventType::Normal, "Killing", message, Some(name));
                self.decide(turn, Verdict::Acts, Reason::StartingContainers);
            }
        }
    }

    /// A container failed its probe too often: it is terminated and then restarted.
    pub(super) fn gives_up(&mut self, i: usize, question: ProbeKind, probe: Probe, turn: &mut StepContext) {
        let policy = self.template.restart;
        let process = &mut self.processes[i];
        process.given_up = true;
        let container = Rc::clone(&process.name);
        let (who, again) = match process.role {
            Role::Sidecar => ("Init container", ""),
            _ => ("Container", if process.restarts_after(policy, KILLED) { ", will be restarted" } else { "" }),
        };
        self.ends_one(i, probe.grace.unwrap_or(self.grace()), turn);
        let message = format!("{who} {container} failed {} probe{again}", question.word());
        self.says(turn, EventType::Normal, "Killing", message, Some(&container));
        self.decide(turn, Verdict::Waits, Reason::FailedProbe { container, probe: question });
    }

    /// Terminates one container; it is killed after `allowed`, or after the least grace period if that is longer.
    pub(super) fn ends_one(&self, i: usize, allowed: Span, turn: &mut StepContext) {
        let (process, allowed) = (&self.processes[i], allowed.max(MIN_GRACE));
        let (pause, code) = ends_in(self.uid, process, allowed, turn.context);
        turn.effects.timers.push((pause, Timer::Exits(process.incarnation(i), code)));
        self.stops_by_hook(i, turn);
    }

    /// A sync finds that a container has to wait for its restart, which the next one reports: that is the one that restarts it, or looks
    /// again if the wait is long. Models kuberuntime_manager.go doBackOff and pod_workers.go completeWork.
    pub(super) fn crash_backs_off(&mut self, of: Incarnation, mut turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let (now, timing) = (turn.context.now, turn.context.timing);
        let waits = |p: &&Process| p.starts == starts && !p.running() && p.pull != Pull::UnderWay;
        let Some(process) = self.processes.get(i).filter(waits).filter(|_| !self.stopping()) else { return };
        let (wait, late) = (process.restart_wait(timing), process.nodes.report_a_sync_late());
        let left = process.ended().map_or(wait, |ended| (ended.finished + wait).since(now));
        let found = std::mem::replace(&mut self.processes[i].backs_off, true);
        if found || !late {
            self.shows_back_off(i, timing);
        }
        let (pause, next) = match left {
            _ if !late => (wait, Timer::Restart(of)),
            left if left > RESYNC => (jittered(RESYNC), Timer::CrashBacksOff(of)),
            left => (jittered(left), Timer::Restart(of)),
        };
        turn.effects.timers.push((pause, next));
        let name = Rc::clone(&self.processes[i].name);
        let message = format!("Back-off restarting failed container {name} in pod {}", self.full_name());
        self.says(&mut turn, EventType::Warning, "BackOff", message, Some(&name));
        self.write_status(turn);
    }

    /// Reports a container that ended as waiting for its restart.
    fn shows_back_off(&mut self, i: usize, timing: &Timing) {
        let pod = self.full_name();
        let process = &mut self.processes[i];
        let ContainerState::Terminated(ended) = &process.state else { return };
        process.last = Some(ended.clone());
        process.said = None;
        let wait = process.restart_wait(timing).golang();
        let message = format!("back-off {wait} restarting failed container={} pod={pod}", process.name);
        process.state = ContainerState::Waiting { reason: CRASH_LOOP_BACK_OFF.into(), message: message.into() };
    }

    /// How long a container waits for its restart.
    pub fn restart_wait(&self, of: Incarnation, timing: &Timing) -> Span {
        self.processes.get(of.container).map_or(Span(0), |process| process.restart_wait(timing))
    }

    /// `web-0_default(…)`.
    pub(super) fn full_name(&self) -> String {
        format!("{}_{}({})", self.key.name, self.key.namespace, self.uid)
    }

    pub(super) fn restart(&mut self, of: Incarnation, mut turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let stopping = self.stopping();
        let waits = |p: &&Process| p.starts == starts && !p.running() && p.pull != Pull::UnderWay && p.refusals == 0;
        if stopping || !self.processes.get(i).as_ref().is_some_and(waits) {
            return;
        }
        if self.processes[i].nodes.report_a_sync_late() && self.processes[i].backs_off {
            self.shows_back_off(i, turn.context.timing);
            self.tells_status(&mut turn);
        }
        self.start_one(i, &mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }
}

impl Process {
    /// How it ended last.
    fn ended(&self) -> Option<&Terminated> {
        if let ContainerState::Terminated(ended) = &self.state { Some(ended) } else { self.last.as_ref() }
    }

    /// How long it waits for its restart.
    pub(super) fn restart_wait(&self, timing: &Timing) -> Span {
        Process::back_off(timing.crash_back_off_first, timing.back_off_most, self.crashes.saturating_sub(2))
    }

    /// Counts an exit for the restart back-off, and returns whether the next start has to wait. A container that its kubelet terminated
    /// is restarted in the same sync, before this exit counts: it waits only if the previous exit was too recent.
    pub(super) fn counts_exit(&mut self, first: Span, most: Span) -> bool {
        if self.renewed {
            self.crashes = 0;
            return false;
        }
        if !self.given_up {
            self.crashes += 1;
            return self.crashes > 1;
        }
        let (Some(before), ContainerState::Terminated(ended)) = (&self.last, &self.state) else { return false };
        self.crashes += 1;
        self.crashes > 1 && ended.finished.since(before.finished) < Process::back_off(first, most, self.crashes - 2)
    }
}
