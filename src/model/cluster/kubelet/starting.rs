//! Containers that are created and cannot be started: their program is not there.
//!
//! Models pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer, whose error the next sync reports
//! (kubelet_pods.go convertToAPIContainerStatuses), and containerd's internal/cri/server/container_start.go, which takes down how such a
//! container ended. Stand-ins start whatever they are told to.

use std::rc::Rc;

use super::process::{Process, Role};
use super::worker::{StepContext, Worker};
use super::{Context, Timer};
use crate::inside;
use api::object::event::EventType;
use api::object::pod::{ContainerState, ContainerStatus, START_ERROR, Terminated};
use base::time::Time;
use base::word::Word;
use why::{Reason, Verdict};

/// The reason of a container that waits because its runtime could not start it. pkg/kubelet/container/sync_result.go ErrRunContainer.
const RUN_ERROR: &str = "RunContainerError";
/// The exit code that containerd notes for it. errorStartExitCode.
const START_ERROR_CODE: i64 = 128;

impl Worker {
    /// Why the runtime cannot start a container, in its words; `None` if it can.
    pub(super) fn start_error(&self, i: usize, context: Context) -> Option<Word> {
        let process = &self.processes[i];
        let pod = context.tables.pod(&self.key.namespace, &self.key.name).filter(|_| process.nodes.run_whole_pods())?;
        let container = self.template.all_containers().find(|container| container.name == process.name)?;
        inside::start_error(pod, container, context.tables)
    }

    /// A container was created, and could not be started.
    pub(super) fn fails_to_start(&mut self, i: usize, error: &Word, turn: &mut StepContext) {
        let (now, timing, policy) = (turn.context.now, turn.context.timing, self.template.restart);
        let container = Rc::clone(&self.processes[i].name);
        self.says(turn, EventType::Warning, "Failed", format!("Error: {error}"), Some(&container));
        let process = &mut self.processes[i];
        process.begins_anew();
        let ended =
            Terminated { exit_code: START_ERROR_CODE, reason: START_ERROR.into(), message: error.clone(), started: Time(0), finished: now };
        process.state = ContainerState::Terminated(ended.clone());
        let (restarts, role) = (process.restarts_after(policy, START_ERROR_CODE), process.role);
        if restarts {
            let state = ContainerState::Waiting { reason: RUN_ERROR.into(), message: error.clone() };
            process.said = Some(ContainerStatus { state, last: Some(ended), ..process.present_status() });
            let waits = process.counts_exit(timing.crash_back_off_first, timing.back_off_most);
            process.backs_off = false;
            let of = process.incarnation(i);
            turn.effects.timers.push((timing.restart, if waits { Timer::CrashBacksOff(of) } else { Timer::Restart(of) }));
            let error = inside::cause_of(error).to_owned().into();
            self.decide(turn, Verdict::Waits, Reason::CannotStart { container, error });
        }
        let all_over = self.processes.iter().all(|p| p.role != Role::Main || p.is_over(policy));
        if !restarts && (role == Role::Init || all_over) {
            self.winds_down(turn);
        }
    }
}

impl Process {
    /// Another attempt to run it begins.
    pub(super) fn begins_anew(&mut self) {
        self.starts += 1;
        self.restarts = self.starts - 1;
        self.refusals = 0;
        (self.given_up, self.renewed) = (false, false);
        (self.complaint, self.supposed, self.said) = (None, false, None);
    }
}
