//! Lifecycle hooks: `postStart` runs right after a container starts and holds back that container and those after it; `preStop` runs
//! before it is told to stop.
//!
//! Models pkg/kubelet/lifecycle/handlers.go and kuberuntime_container.go startContainer and executePreStopHook. Hook commands run inside
//! their containers; whoever runs them tells the kubelet when they end.
//! Not modelled: that a hook blocks the kubelet's sync of the whole pod; which HTTP responses count as failures; a `preStop` hook that
//! takes longer than its sleeps; HTTP requests of `preStop` hooks.

use std::rc::Rc;

use super::process::Process;
use super::worker::{StepContext, Worker};
use super::{Incarnation, Timer};
use crate::inside::Ran;
use api::object::event::EventType;
use api::object::pod::{ContainerState, ContainerStatus, Hook};
use base::value::Value;
use why::{Reason, Verdict};

/// The reason of a container that waits because its hook failed.
const HOOK_FAILED: &str = "PostStartHookError";

impl Worker {
    /// Runs the `postStart` hook of a container that has just started.
    pub(super) fn hooks(&mut self, i: usize, turn: &mut StepContext) {
        let process = &mut self.processes[i];
        (process.up, process.ready) = (false, false);
        let container = Rc::clone(&process.name);
        match &process.post_start {
            Some(Hook::Command(words)) => turn.effects.hooks.push((Rc::clone(&container), words.clone())),
            Some(Hook::Http) => turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::HookAsks(process.incarnation(i)))),
            None => {}
        }
        self.decide(turn, Verdict::Waits, Reason::HookRuns { container });
    }

    /// A hook's HTTP request is answered, or refused.
    pub(super) fn hook_asks(&mut self, of: Incarnation, turn: StepContext) {
        let Incarnation { container: i, starts } = of;
        let stopping = self.stopping();
        let Some(process) = self.processes.get(i).filter(|p| p.starts == starts && p.is_hooked() && !stopping) else { return };
        if process.answers.silence(turn.context.now).is_none() {
            return self.hooked(i, turn);
        }
        let raw = self.raw_of(&process.name);
        let asked = raw.at(&["lifecycle", "postStart", "httpGet"]).unwrap_or(&Value::Null);
        let (host, path) = (self.authority(raw, asked), asked.text_at(&["path"]).unwrap_or("/"));
        let scheme = asked.text_at(&["scheme"]).unwrap_or("http").to_ascii_lowercase();
        let error = format!("Get \"{scheme}://{host}{path}\": dial tcp {host}: connect: connection refused");
        self.hook_fails(i, &format!("HTTP lifecycle hook ({path})"), &error, turn);
    }

    /// Runs the `preStop` hook of a container.
    pub(super) fn stops_by_hook(&self, i: usize, turn: &mut StepContext) {
        let process = &self.processes[i];
        if !process.pre_stop.is_empty() {
            turn.effects.hooks.push((Rc::clone(&process.name), process.pre_stop.clone()));
        }
    }

    /// A hook's command has exited.
    pub(super) fn hook_ends(&mut self, container: &str, ran: &Ran, mut turn: StepContext) {
        let stopping = self.stopping();
        let Some(i) = self.processes.iter().position(|p| *p.name == *container && p.running()) else { return };
        let process = &self.processes[i];
        if stopping || !process.is_hooked() {
            if ran.code != 0 && !process.pre_stop.is_empty() && (stopping || process.given_up) {
                self.says(&mut turn, EventType::Warning, "FailedPreStopHook", "PreStopHook failed", Some(&process.name));
            }
            return;
        }
        let Some(Hook::Command(words)) = &self.processes[i].post_start else { return };
        if ran.code == 0 {
            return self.hooked(i, turn);
        }
        let words: Vec<&str> = words.iter().map(|word| &**word).collect();
        let words = words.join(" ");
        let error = format!("command '{words}' exited with {}: {}, message: {:?}", ran.code, ran.err, format!("{}{}", ran.out, ran.err));
        self.hook_fails(i, &format!("Exec lifecycle hook ([{words}])"), &error, turn);
    }

    /// The `postStart` hook succeeded: the container counts as running, and those after it may start.
    fn hooked(&mut self, i: usize, mut turn: StepContext) {
        self.processes[i].said = None;
        self.decide(&mut turn, Verdict::Acts, Reason::StartingContainers);
        self.begins_to_ask(i, &mut turn);
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }

    /// The `postStart` hook failed: terminates the container.
    fn hook_fails(&mut self, i: usize, hook: &str, error: &str, mut turn: StepContext) {
        let container = Rc::clone(&self.processes[i].name);
        let pod = format!("{}_{}({})", self.key.name, self.key.namespace, self.uid);
        let message = format!("{hook} for Container {container:?} in Pod {pod:?} failed - error: {error}");
        if let Some(said) = &mut self.processes[i].said {
            said.state = ContainerState::Waiting { reason: HOOK_FAILED.into(), message: message.into() };
        }
        self.says(&mut turn, EventType::Warning, "FailedPostStartHook", "PostStartHook failed", Some(&container));
        self.says(&mut turn, EventType::Normal, "Killing", "FailedPostStartHook", Some(&container));
        self.ends_one(i, self.grace(), &mut turn);
        self.decide(&mut turn, Verdict::Waits, Reason::HookFailed { container });
    }
}

impl Process {
    /// The process has ended: its status keeps only a hook's failure, and only if the container is to be restarted.
    pub(super) fn outlives_hook(&mut self, restarts: bool) {
        let (Some(said), ContainerState::Terminated(ended)) = (self.said.take(), &self.state) else { return };
        if restarts && matches!(&said.state, ContainerState::Waiting { reason, .. } if *reason == HOOK_FAILED) {
            self.said = Some(ContainerStatus { state: said.state, last: Some(ended.clone()), ..self.present_status() });
        }
    }
}
