//! The READY, STATUS and RESTARTS cells of a pod.
//!
//! Models pkg/printers/internalversion/printers.go printPod.

use crate::base::time::Time;
use crate::base::value::Value;
use crate::kubectl::view::{age, condition, int, is_terminating, text, truth};

/// The cells of a pod's row that summarize its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodState {
    /// `1/2`.
    pub ready: String,
    /// `CrashLoopBackOff`.
    pub status: String,
    /// `3`, or `3 (20s ago)`.
    pub restarts: String,
}

/// The number of restarts, and when the last one was.
#[derive(Default)]
struct Restarts {
    count: i64,
    last: String,
}

impl Restarts {
    fn add(&mut self, container: &Value) {
        self.count += int(container, &["restartCount"]);
        let finished = text(container, &["lastState", "terminated", "finishedAt"]);
        if finished > self.last.as_str() {
            finished.clone_into(&mut self.last);
        }
    }

    fn cell(&self, now: Time) -> String {
        if self.count > 0 && !self.last.is_empty() {
            format!("{} ({} ago)", self.count, age(now, &self.last))
        } else {
            self.count.to_string()
        }
    }
}

/// Computes a pod's cells.
pub fn pod_state(pod: &Value, now: Time) -> PodState {
    let sidecars: Vec<&str> = pod
        .list_at(&["spec", "initContainers"])
        .iter()
        .filter(|c| text(c, &["restartPolicy"]) == "Always")
        .map(|c| text(c, &["name"]))
        .collect();
    let total = pod.list_at(&["spec", "containers"]).len() + sidecars.len();
    let mut reason = match text(pod, &["status", "reason"]) {
        "" => text(pod, &["status", "phase"]).to_owned(),
        given => given.to_owned(),
    };
    if condition(pod, "PodScheduled").is_some_and(|c| text(c, &["reason"]) == "SchedulingGated") {
        "SchedulingGated".clone_into(&mut reason);
    }
    let (mut sidecar_restarts, mut init_restarts, mut app_restarts) = (Restarts::default(), Restarts::default(), Restarts::default());
    let mut ready = 0;
    let initializing = read_init_containers(pod, &sidecars, &mut reason, &mut ready, &mut sidecar_restarts, &mut init_restarts);
    let initialized = condition(pod, "Initialized").is_some_and(|c| text(c, &["status"]) == "True");
    let restarts = if initializing && !initialized {
        init_restarts
    } else {
        ready += read_containers(pod, &mut reason, &mut app_restarts);
        app_restarts.count += sidecar_restarts.count;
        app_restarts.last = app_restarts.last.max(sidecar_restarts.last);
        app_restarts
    };
    if is_terminating(pod) {
        if text(pod, &["status", "reason"]) == "NodeLost" {
            "Unknown".clone_into(&mut reason);
        } else if !matches!(text(pod, &["status", "phase"]), "Succeeded" | "Failed") {
            "Terminating".clone_into(&mut reason);
        }
    }
    PodState { ready: format!("{ready}/{total}"), status: reason, restarts: restarts.cell(now) }
}

/// Goes through the init containers up to the first that is not done; returns whether there is one.
fn read_init_containers(
    pod: &Value,
    sidecars: &[&str],
    reason: &mut String,
    ready: &mut usize,
    sidecar_restarts: &mut Restarts,
    init_restarts: &mut Restarts,
) -> bool {
    let total = pod.list_at(&["spec", "initContainers"]).len();
    for (i, container) in pod.list_at(&["status", "initContainerStatuses"]).iter().enumerate() {
        let is_sidecar = sidecars.contains(&text(container, &["name"]));
        init_restarts.add(container);
        if is_sidecar {
            sidecar_restarts.add(container);
        }
        let terminated = container.at(&["state", "terminated"]);
        if terminated.is_some_and(|t| int(t, &["exitCode"]) == 0) {
            continue;
        }
        if is_sidecar && truth(container, &["started"]) {
            *ready += usize::from(truth(container, &["ready"]));
            continue;
        }
        let waiting = text(container, &["state", "waiting", "reason"]);
        *reason = match terminated {
            Some(t) => format!("Init:{}", ended(t)),
            None if !matches!(waiting, "" | "PodInitializing") => format!("Init:{waiting}"),
            None => format!("Init:{i}/{total}"),
        };
        return true;
    }
    false
}

/// Goes through the containers from last to first; returns how many are ready.
fn read_containers(pod: &Value, reason: &mut String, restarts: &mut Restarts) -> usize {
    let mut ready = 0;
    let mut running = false;
    let mut error = String::new();
    for container in pod.list_at(&["status", "containerStatuses"]).iter().rev() {
        restarts.add(container);
        let waiting = text(container, &["state", "waiting", "reason"]);
        if !waiting.is_empty() {
            waiting.clone_into(reason);
        } else if let Some(terminated) = container.at(&["state", "terminated"]) {
            *reason = ended(terminated);
            if int(terminated, &["exitCode"]) != 0 {
                error.clone_from(reason);
            }
        } else if truth(container, &["ready"]) && container.at(&["state", "running"]).is_some() {
            running = true;
            ready += 1;
        }
    }
    if reason == "Completed" {
        if running && condition(pod, "Ready").is_some_and(|c| text(c, &["status"]) == "True") {
            "Running".clone_into(reason);
        } else if !error.is_empty() {
            *reason = error;
        } else if running {
            "NotReady".clone_into(reason);
        }
    }
    ready
}

/// How a container terminated.
fn ended(terminated: &Value) -> String {
    match (text(terminated, &["reason"]), int(terminated, &["signal"])) {
        ("", 0) => format!("ExitCode:{}", int(terminated, &["exitCode"])),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}
