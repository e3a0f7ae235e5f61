//! What tools wait for: whether an object is what its manifest asks for, as each of them reckons.
//!
//! `done` judges sets. Of claims and pods, models github.com/fluxcd/cli-utils pkg/kstatus/status (Helm 4, Flux) and
//! github.com/argoproj/gitops-engine pkg/health. All others count as ready at once.

use api::client::Client;
use api::kind::Kind;
use base::sort::Sort;
use base::value::Value;
use done::Verdict;

use crate::item::Item;
use crate::tool::Tool;

/// What a tool says of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Ready,
    Waits(String),
    Failed(String),
    /// It is told to go.
    Leaves,
    Missing,
}

impl State {
    /// As kstatus calls it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Ready => "Current",
            State::Waits(_) => "InProgress",
            State::Failed(_) => "Failed",
            State::Leaves => "Terminating",
            State::Missing => "NotFound",
        }
    }

    /// Why, as kstatus tells.
    pub fn message(&self) -> &str {
        match self {
            State::Waits(message) | State::Failed(message) => message,
            State::Leaves => "Resource scheduled for deletion",
            State::Missing => "Resource not found",
            State::Ready => "",
        }
    }
}

/// What a tool says of an object now. Of pods, a tool that watches has seen all that they were since a revision.
pub fn of(tool: Tool, item: &Item, client: &dyn Client, since: u64) -> State {
    let Some(live) = item.live(client) else { return State::Missing };
    if live.at(&["metadata", "deletionTimestamp"]).is_some() && tool != Tool::Helm3 {
        return State::Leaves;
    }
    match (item.kind, tool) {
        (Kind::StatefulSet, _) => of_set(tool, &live, client, since),
        (Kind::PersistentVolumeClaim, Tool::ArgoCd) if live.text_at(&PHASE) == Some("Lost") => State::Failed(String::new()),
        (Kind::PersistentVolumeClaim, _) => {
            let phase = live.text_at(&PHASE).unwrap_or_default();
            let waits = || State::Waits(format!("PVC is not Bound. phase: {phase}"));
            if phase == "Bound" { State::Ready } else { waits() }
        }
        (Kind::Pod, _) => {
            let is_ready = |one: &Value| one.text_at(&["type"]) == Some("Ready") && one.text_at(&["status"]) == Some("True");
            let ready = live.list_at(&["status", "conditions"]).iter().any(is_ready) || live.text_at(&PHASE) == Some("Succeeded");
            if ready { State::Ready } else { State::Waits("Pod is in the Pending phase".to_owned()) }
        }
        _ => State::Ready,
    }
}

const PHASE: [&str; 2] = ["status", "phase"];

/// What a tool says of a set. Of a pod that crashed and ran again in between, the crash counts: who watches has seen it.
fn of_set(tool: Tool, set: &Value, client: &dyn Client, since: u64) -> State {
    let namespace = set.text_at(&["metadata", "namespace"]);
    let seen = client.watch(Kind::Pod, namespace, since).into_iter().map(|event| event.object);
    let mut pods: Vec<Value> = client.list(Kind::Pod, namespace).into_iter().chain(seen).collect();
    let name = |pod: &Value| pod.text_at(&["metadata", "name"]).map(str::to_owned);
    pods.sort_small_by_key(|pod| (name(pod), !done::has_failed(pod)));
    pods.dedup_by_key(|pod| name(pod));
    let said = tool.traits().judge.says(set, &pods);
    let words = said.words.unwrap_or_default();
    match said.verdict {
        Verdict::Ready => State::Ready,
        Verdict::Failed => State::Failed(words),
        Verdict::Waits | Verdict::Error | Verdict::Unknown => State::Waits(words),
    }
}
