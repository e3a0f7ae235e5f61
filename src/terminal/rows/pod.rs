//! The READY, STATUS and RESTARTS cells of a pod.

use api::pod_summary::{ContainerLook, Declared, PodLook, PodSummary, State};
use api::view::{age, condition, int, is_terminating, text, truth};
use base::time::Time;
use base::value::Value;
use base::word::Word;

/// Sums a pod up.
pub fn pod_summary(pod: &Value) -> PodSummary {
    let holds = |kind: &str| condition(pod, kind).is_some_and(|condition| text(condition, &["status"]) == "True");
    let declared = pod.list_at(&["spec", "initContainers"]);
    let sidecars: Vec<&str> = declared.iter().filter(|c| text(c, &["restartPolicy"]) == "Always").map(|c| text(c, &["name"])).collect();
    let statuses = |field: &str| pod.list_at(&["status", field]).iter();
    let init_containers = statuses("initContainerStatuses").map(|status| look(status, sidecars.contains(&text(status, &["name"]))));
    let look = PodLook {
        phase: word(text(pod, &["status", "phase"])),
        reason: word(text(pod, &["status", "reason"])),
        gated: condition(pod, "PodScheduled").is_some_and(|condition| text(condition, &["reason"]) == "SchedulingGated"),
        initialized: holds("Initialized"),
        ready: holds("Ready"),
        terminating: is_terminating(pod),
        declared: Declared {
            containers: pod.list_at(&["spec", "containers"]).len(),
            init_containers: declared.len(),
            sidecars: sidecars.len(),
        },
        init_containers: init_containers.collect(),
        containers: statuses("containerStatuses").map(|status| look(status, false)).collect(),
    };
    look.summary()
}

/// `1/2`: ready containers and all.
pub fn pod_ready(pod: &Value) -> String {
    pod_summary(pod).ready()
}

/// The STATUS cell.
pub fn pod_status(pod: &Value) -> String {
    pod_summary(pod).status.to_string()
}

/// The RESTARTS cell: `3`, or `3 (20s ago)`.
pub fn restarts(pod: &Value, now: Time) -> String {
    let PodSummary { restarts, last_end, .. } = pod_summary(pod);
    match last_end.filter(|_| restarts > 0) {
        Some(end) => format!("{restarts} ({} ago)", age(now, &end.rfc3339())),
        None => restarts.to_string(),
    }
}

fn word(text: &str) -> Word {
    Word::Shared(text.into())
}

fn look(status: &Value, sidecar: bool) -> ContainerLook {
    let terminated = status.at(&["state", "terminated"]);
    let waiting = text(status, &["state", "waiting", "reason"]);
    ContainerLook {
        sidecar,
        state: match terminated {
            _ if !waiting.is_empty() => State::Waiting(word(waiting)),
            Some(end) => State::Terminated {
                reason: word(text(end, &["reason"])),
                signal: int(end, &["signal"]),
                exit_code: int(end, &["exitCode"]),
            },
            None if status.at(&["state", "running"]).is_some() => State::Running,
            None => State::Waiting(Word::default()),
        },
        ready: truth(status, &["ready"]),
        started: truth(status, &["started"]),
        restarts: int(status, &["restartCount"]),
        last_end: Time::parse_rfc3339(text(status, &["lastState", "terminated", "finishedAt"])),
    }
}
