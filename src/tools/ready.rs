//! What tools wait for: whether an object is what its manifest asks for, as each of them reckons.
//!
//! Models github.com/fluxcd/cli-utils pkg/kstatus/status (Helm 4, Flux), helm.sh/helm/v3 pkg/kube ready.go, and
//! github.com/argoproj/gitops-engine pkg/health. Of other kinds than sets, claims and pods, all count as ready at once.

use api::client::Client;
use api::kind::Kind;
use base::sort::Sort;
use base::value::Value;

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
        (Kind::StatefulSet, Tool::Helm3) => helm3(&live),
        (Kind::StatefulSet, Tool::ArgoCd) => argo(&live),
        (Kind::StatefulSet, _) => kstatus(&live, client, since),
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

/// The numbers of a set that the tools compare.
struct Counts {
    /// How many pods it wants, and has by its status.
    wanted: i64,
    pods: i64,
    ready: i64,
    updated: i64,
    current: i64,
    partition: Option<i64>,
    rolls: bool,
    on_delete: bool,
    /// Whether all pods are of the newest template.
    is_one: bool,
    is_observed: bool,
}

impl Counts {
    fn of(set: &Value) -> Counts {
        let status = |field: &str| set.int_at(&["status", field]).unwrap_or_default();
        let strategy = set.text_at(&["spec", "updateStrategy", "type"]).unwrap_or_default();
        Counts {
            wanted: set.int_at(&["spec", "replicas"]).unwrap_or(1),
            pods: status("replicas"),
            ready: status("readyReplicas"),
            updated: status("updatedReplicas"),
            current: status("currentReplicas"),
            partition: set.int_at(&["spec", "updateStrategy", "rollingUpdate", "partition"]),
            rolls: strategy == "RollingUpdate",
            on_delete: strategy == "OnDelete",
            is_one: set.text_at(&["status", "currentRevision"]) == set.text_at(&["status", "updateRevision"]),
            is_observed: status("observedGeneration") >= set.int_at(&["metadata", "generation"]).unwrap_or_default(),
        }
    }

    /// How many pods the newest template is for.
    fn to_update(&self) -> i64 {
        self.wanted - self.partition.unwrap_or_default()
    }
}

fn waits(message: String) -> State {
    State::Waits(message)
}

fn kstatus(set: &Value, client: &dyn Client, since: u64) -> State {
    let state = computed(set);
    let (Some(uid), Some(namespace)) = (set.text_at(&["metadata", "uid"]), set.text_at(&["metadata", "namespace"])) else { return state };
    if state == State::Ready {
        return state;
    }
    let is_its = |pod: &Value| pod.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.text_at(&["uid"]) == Some(uid));
    let seen = client.watch(Kind::Pod, Some(namespace), since).into_iter().map(|event| event.object);
    let pods = client.list(Kind::Pod, Some(namespace)).into_iter().chain(seen).filter(|pod| is_its(pod) && is_crashing(pod));
    let mut failed: Vec<Option<String>> = pods.map(|pod| pod.text_at(&["metadata", "name"]).map(str::to_owned)).collect();
    failed.sort_small();
    failed.dedup();
    let failed = failed.len();
    if failed > 0 { State::Failed(format!("{failed} pods have failed")) } else { state }
}

/// Whether a container of a pod waits for its next start after a crash.
fn is_crashing(pod: &Value) -> bool {
    let waits = |container: &Value| container.text_at(&["state", "waiting", "reason"]).is_some_and(|reason| reason == "CrashLoopBackOff");
    pod.list_at(&["status", "containerStatuses"]).iter().any(waits)
}

fn computed(set: &Value) -> State {
    let counts = Counts::of(set);
    let generation = |path: &[&str]| set.int_at(path).unwrap_or_default();
    let observed = set.int_at(&["status", "observedGeneration"]);
    if observed.is_some_and(|observed| observed > 0) && !counts.is_observed {
        let generation = generation(&["metadata", "generation"]);
        return waits(format!("StatefulSet generation is {generation}, but latest observed generation is {}", observed.unwrap_or(0)));
    }
    let Counts { wanted, pods, ready, updated, current, .. } = counts;
    if counts.on_delete {
        State::Ready
    } else if wanted > pods {
        waits(format!("Replicas: {pods}/{wanted}"))
    } else if wanted > ready {
        waits(format!("Ready: {ready}/{wanted}"))
    } else if pods > wanted {
        waits(format!("Pending termination: {}", pods - wanted))
    } else if counts.partition.is_some() {
        let to_update = counts.to_update();
        if updated < to_update { waits(format!("updated: {updated}/{to_update}")) } else { State::Ready }
    } else if current < wanted {
        waits(format!("current: {current}/{wanted}"))
    } else if !counts.is_one {
        waits("Waiting for updated revision to match current".to_owned())
    } else {
        State::Ready
    }
}

fn helm3(set: &Value) -> State {
    let counts = Counts::of(set);
    let Counts { wanted, ready, updated, .. } = counts;
    let partition = counts.partition.unwrap_or_default();
    if !counts.is_observed {
        waits("observedGeneration does not match".to_owned())
    } else if !counts.rolls {
        State::Ready
    } else if updated < counts.to_update() {
        waits(format!("{updated} out of {} expected pods have been scheduled", counts.to_update()))
    } else if ready != wanted {
        waits(format!("{ready} out of {wanted} expected pods are ready"))
    } else if partition == 0 && !counts.is_one {
        waits("currentRevision does not yet match updateRevision".to_owned())
    } else {
        State::Ready
    }
}

fn argo(set: &Value) -> State {
    let counts = Counts::of(set);
    let Counts { wanted, ready, updated, .. } = counts;
    if !counts.is_observed {
        waits("Waiting for statefulset spec update to be observed...".to_owned())
    } else if ready < wanted {
        waits(format!("Waiting for {} pods to be ready...", wanted - ready))
    } else if counts.rolls && counts.partition.is_some() {
        let to_update = counts.to_update();
        let told = || format!("Waiting for partitioned roll out to finish: {updated} out of {to_update} new pods have been updated...");
        if updated < to_update { waits(told()) } else { State::Ready }
    } else if counts.on_delete || counts.is_one {
        State::Ready
    } else {
        waits("waiting for statefulset rolling update to complete".to_owned())
    }
}
