//! What a kubelet says of a pod in its status.
//!
//! Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus and getPhase, pkg/kubelet/status/generate.go.

use super::worker::{Life, Process, Turn, Worker};
use crate::api::object::PodPhase;
use crate::api::object::pod::{Condition, ContainerState, PodStatus};
use crate::base::time::Time;
use crate::server::request::{Edit, Request};
use crate::why::{Reason, Verdict};

impl Worker {
    /// Tells the API server how the pod is.
    pub(super) fn write_status(&self, mut turn: Turn) {
        let status = self.status(turn.context.now);
        let ready = status.conditions.iter().any(|c| c.kind == "Ready" && c.status == true.into());
        if status.phase == PodPhase::Running {
            let looping =
                self.processes.iter().any(|p| matches!(&p.state, ContainerState::Waiting { .. }) || p.crashes > 1 && !p.running());
            if !looping {
                let (verdict, because) = if ready { (Verdict::Done, Reason::PodIsReady) } else { (Verdict::Waits, Reason::NotReadyYet) };
                self.decide(&mut turn, verdict, because);
            }
        }
        turn.effects.requests.push(Request::Edit(self.key.clone(), Edit::PodStatus(self.uid, Box::new(status))));
    }

    /// The status as the kubelet sees it. Models kubelet_pods.go generateAPIPodStatus.
    pub(super) fn status(&self, now: Time) -> PodStatus {
        let phase = self.phase();
        let unready: Vec<&str> = self.processes.iter().filter(|p| !p.ready || !p.running()).map(|p| &*p.name).collect();
        let sandbox = self.ip.is_some() && !self.over();
        let serves = |kind: &'static str| match phase {
            PodPhase::Succeeded => Condition::new(kind, false, now).because("PodCompleted", ""),
            PodPhase::Failed => Condition::new(kind, false, now).because("PodFailed", ""),
            _ if unready.is_empty() => Condition::new(kind, true, now),
            _ => {
                let message = format!("containers with unready status: [{}]", unready.join(" "));
                Condition::new(kind, false, now).because("ContainersNotReady", message)
            }
        };
        let mut initialized = Condition::new("Initialized", true, now);
        if phase == PodPhase::Succeeded {
            initialized = initialized.because("PodCompleted", "");
        }
        let mut started = Condition::new("PodReadyToStartContainers", sandbox, now);
        if !sandbox && !self.over() {
            started = started.because("PodSandboxNotReady", "");
        }
        PodStatus {
            phase,
            conditions: vec![started, initialized, serves("Ready"), serves("ContainersReady"), Condition::new("PodScheduled", true, now)],
            containers: self.processes.iter().map(Process::status).collect(),
            ip: self.ip,
            started: Some(self.first_seen),
            ..PodStatus::default()
        }
    }

    /// Models kubelet_pods.go getPhase for pods without init containers.
    fn phase(&self) -> PodPhase {
        let states = || self.processes.iter().map(|p| &p.state);
        if self.over() {
            let failed = states().any(|s| matches!(s, ContainerState::Terminated(t) if t.exit_code != 0));
            return if failed || self.life == Life::Evicted { PodPhase::Failed } else { PodPhase::Succeeded };
        }
        let never_started = self.processes.iter().any(|p| matches!(p.state, ContainerState::Waiting { .. }) && p.last.is_none());
        if never_started { PodPhase::Pending } else { PodPhase::Running }
    }
}
