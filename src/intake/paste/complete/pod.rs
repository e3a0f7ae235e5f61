//! Pods: the template of their set, and the state that kubectl's words for a row stand for.

use super::{ANY_NODE, GATE, UNKNOWN_CONTAINER, UNKNOWN_IMAGE, cell, fill, image_of, name, place, revision, storage, text};
use crate::dump::Dump;
use crate::event::Happened;
use crate::paste::figures::{NEWEST, number};
use crate::paste::named::key;
use api::kind::Kind;
use api::object::parent_and_ordinal;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::given::SetGiven;
use base::value::Value;
use causes::message::captured;

/// Words of a pod that ended.
const ENDED: [&str; 10] = [
    "Error",
    "Evicted",
    "Shutdown",
    "NodeShutdown",
    "Terminated",
    "NodeAffinity",
    "OOMKilled",
    "ContainerStatusUnknown",
    "Failed",
    "UnexpectedAdmissionError",
];
/// Words of a pod that is not on its way to run yet.
const UNPLACED: [&str; 3] = ["Pending", "SchedulingGated", "Unknown"];

/// Whether a pod of a word has ended. A kubelet that has too little of something refuses a pod with the word for it: `OutOfcpu`.
fn has_ended(word: &str) -> bool {
    ENDED.contains(&word) || word.starts_with("OutOf")
}

/// Completes a pod; whether its state was made of a row's words.
pub(super) fn pod(value: &mut Value, dump: &Dump) -> bool {
    let parent = parent_and_ordinal(name(value)).map(|(parent, _)| parent.to_owned());
    let set = parent.and_then(|parent| dump.of(Kind::StatefulSet).find(|set| name(set) == parent && place(set) == place(value)));
    let image = image_of(dump, place(value), name(value));
    if let Some(set) = set {
        let mut template = set.at(&["spec", "template", "spec"]).cloned().unwrap_or_default();
        let mut containers = template.list_at(&["containers"]).to_vec();
        let differs = image.as_ref().is_some_and(|image| containers.len() == 1 && containers[0].text_at(&["image"]) != Some(image));
        if let Some(image) = image.as_ref().filter(|_| differs) {
            containers[0].set(&["image"], &**image);
            template.set(&["containers"], Value::list(containers));
        }
        if value.list_at(&["spec", "containers"]).is_empty() {
            for (key, member) in template.members() {
                fill(value, &["spec", key], member.clone());
            }
        }
        let volume = |claim: &Value| {
            let template = text(claim, &["metadata", "name"]);
            let of = Value::of([("claimName", format!("{template}-{}", name(value)))]);
            Value::of([("name", Value::from(template)), ("persistentVolumeClaim", of)])
        };
        let mut volumes: Vec<Value> = set.list_at(&["spec", "volumeClaimTemplates"]).iter().map(volume).collect();
        if value.at(&["spec", "volumes"]).is_none() || !cell(value, "STATUS").is_empty() {
            volumes.extend(template.list_at(&["volumes"]).iter().cloned());
            value.set(&["spec", "volumes"], Value::list(volumes));
        }
        // A pod whose image is another than the template's is of another revision.
        let hash = revision(set, differs || image.is_none() && keeps_current(set, value));
        let hash = if differs && hash == revision(set, false) { format!("{}-other", name(set)) } else { hash };
        // A column of a table may tell the revision alone.
        let is_told = |value: &Value| {
            value.at(&["metadata", "labels"]).is_some_and(|labels| labels.members().any(|(key, _)| **key != *CONTROLLER_REVISION_HASH))
        };
        if !is_told(value) {
            for (key, label) in set.at(&["spec", "template", "metadata", "labels"]).into_iter().flat_map(Value::members) {
                fill(value, &["metadata", "labels", key], label.clone());
            }
            value.set(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], name(value).to_owned());
        }
        fill(value, &["metadata", "labels", CONTROLLER_REVISION_HASH], hash);
        if dump.supposed.contains(&key(set)) {
            // A set of which nothing is told selects its pods, whatever their labels.
            for (key, wanted) in set.at(&["spec", "selector", "matchLabels"]).into_iter().flat_map(Value::members) {
                fill(value, &["metadata", "labels", key], wanted.clone());
            }
        }
        let owner = [("apiVersion", Value::from("apps/v1")), ("kind", "StatefulSet".into()), ("name", name(set).into())];
        let more = [("uid", set.at(&["metadata", "uid"]).cloned().unwrap_or_default()), ("controller", true.into())];
        let fits = set
            .at(&["spec", "selector", "matchLabels"])
            .is_none_or(|labels| labels.members().all(|(key, wanted)| value.at(&["metadata", "labels", key]) == Some(wanted)));
        if fits {
            fill(value, &["metadata", "ownerReferences"], Value::list([Value::of(owner.into_iter().chain(more))]));
        }
        // The set's own owner is the one there is.
        let own: Vec<Value> = value.list_at(&["metadata", "ownerReferences"]).to_vec();
        let named = own.into_iter().map(|mut owner| {
            if owner.text_at(&["kind"]) == Some("StatefulSet") && owner.text_at(&["name"]) == Some(name(set)) {
                owner.set(&["apiVersion"], "apps/v1");
                owner.set(&["controller"], true);
                owner.set(&["uid"], set.at(&["metadata", "uid"]).cloned().unwrap_or_default());
            }
            owner
        });
        let named: Vec<Value> = named.collect();
        value.set_filled(&["metadata", "ownerReferences"], Value::list(named));
        fill(value, &["spec", "hostname"], name(value).to_owned());
    }
    if value.list_at(&["spec", "containers"]).is_empty() {
        let one =
            [("name", format!("{UNKNOWN_CONTAINER}1")), ("image", image.unwrap_or_else(|| format!("{UNKNOWN_IMAGE}{}", name(value))))];
        value.set(&["spec", "containers"], Value::list([Value::of(one)]));
    }
    let is_row = !cell(value, "STATUS").is_empty() && value.at(&["status", "containerStatuses"]).is_none();
    if is_row {
        state(value, dump);
    }
    is_row
}

/// Whether a pod of a set that is rolled out has not been replaced yet, by how many were.
fn keeps_current(set: &Value, pod: &Value) -> bool {
    let number = |path: &[&str]| set.int_at(path).unwrap_or(0);
    let old = number(&["spec", "replicas"]) - number(&["status", "updatedReplicas"]);
    let rolls = text(set, &["status", "currentRevision"]) != text(set, &["status", "updateRevision"]);
    rolls && set.at(&["status", "updatedReplicas"]).is_some() && parent_and_ordinal(name(pod)).is_some_and(|(_, ordinal)| ordinal < old)
}

/// The state of a pod, from the words that kubectl derives for its row.
fn state(value: &mut Value, dump: &Dump) {
    let now = dump.newest.unwrap_or(NEWEST);
    let created = text(value, &["metadata", "creationTimestamp"]).to_owned();
    let row = Row {
        word: cell(value, "STATUS").to_owned(),
        ready: number(cell(value, "READY").split('/').next().unwrap_or_default()).unwrap_or(0),
        restarts: number(cell(value, "RESTARTS").split(' ').next().unwrap_or_default()).unwrap_or(0),
        created: if created.is_empty() { now.rfc3339() } else { created },
        now: now.rfc3339(),
    };
    let word = &*row.word;
    let is_placed = value.at(&["spec", "nodeName"]).is_some() || !UNPLACED.contains(&word);
    let (namespace, called) = (place(value).to_owned(), name(value).to_owned());
    let events: Vec<&Happened> = dump.about(Kind::Pod, &namespace, &called).collect();
    if is_placed && value.at(&["spec", "nodeName"]).is_none() {
        let assigned = events.iter().rev().find_map(|event| captured("assigned {pod} to {node}", &event.message));
        let node = assigned.and_then(|names| names.get(1).map(|(_, node)| (*node).to_owned()));
        let any = dump.of(Kind::Node).find(|node| storage::is_ready(node)).map(|node| name(node).to_owned());
        value.set(&["spec", "nodeName"], node.or(any).unwrap_or_else(|| ANY_NODE.to_owned()));
    }
    let containers = value.list_at(&["spec", "containers"]).to_vec();
    let phase = row.phase();
    if is_placed {
        value.set(&["status", "containerStatuses"], Value::list(containers.iter().enumerate().map(|(at, one)| row.container(at, one))));
        value.set(&["status", "startTime"], &*row.created);
    }
    value.set(&["status", "phase"], phase);
    if phase == "Failed" {
        value.set(&["status", "reason"], word);
    }
    let refused = events.iter().rfind(|event| event.reason == "FailedScheduling").map_or("", |event| &event.message);
    let is_ready = i64::try_from(containers.len()).is_ok_and(|all| row.ready >= all) && phase == "Running";
    value.set(&["status", "conditions"], row.conditions(is_placed, is_ready, refused));
    if word == "SchedulingGated" {
        value.set(&["spec", "schedulingGates"], Value::list([Value::of([("name", GATE)])]));
    }
    if word == "Terminating" {
        let asked = events.iter().rfind(|event| ["Killing", "TaintManagerEviction"].contains(&&*event.reason));
        value.set(&["metadata", "deletionTimestamp"], asked.and_then(|event| event.last).unwrap_or(now).rfc3339());
        value.set(&["metadata", "deletionGracePeriodSeconds"], 30);
    }
}

/// What the row of a pod says of its state.
struct Row {
    word: String,
    ready: i64,
    restarts: i64,
    created: String,
    now: String,
}

impl Row {
    fn phase(&self) -> &'static str {
        match &*self.word {
            "Completed" => "Succeeded",
            "OOMKilled" => "Running",
            "Error" if self.restarts > 0 => "Running",
            word if has_ended(word) => "Failed",
            "Running" | "Terminating" | "CrashLoopBackOff" | "Unknown" | "NodeLost" => "Running",
            _ if self.ready > 0 => "Running",
            _ => "Pending",
        }
    }

    /// The status of one of its containers: the first ones are those that are ready.
    fn container(&self, at: usize, container: &Value) -> Value {
        let is_ready = i64::try_from(at).is_ok_and(|at| at < self.ready);
        let mut one = Value::of([("ready", Value::from(is_ready)), ("restartCount", if is_ready { 0 } else { self.restarts }.into())]);
        for key in ["name", "image"] {
            one.set(&[key], container.get(key).cloned().unwrap_or_default());
        }
        let ended = |code: i64, reason: &str| {
            let times = [("finishedAt", &*self.now), ("startedAt", &*self.created), ("reason", reason)];
            let mut ended = Value::of(times);
            ended.set(&["exitCode"], code);
            ended
        };
        let runs = ["Running", "Terminating", "Unknown", "NodeLost"];
        match &*self.word {
            word if is_ready || runs.contains(&word) => one.set(&["state", "running", "startedAt"], &*self.created),
            "Completed" => one.set(&["state", "terminated"], ended(0, "Completed")),
            "CrashLoopBackOff" => {
                one.set(&["state", "waiting", "reason"], "CrashLoopBackOff");
                one.set(&["lastState", "terminated"], ended(1, "Error"));
            }
            word if has_ended(word) => {
                one.set(&["state", "terminated"], ended(1, word));
                one.set(&["lastState", "terminated"], ended(1, word));
            }
            word if word.starts_with("Init:") => one.set(&["state", "waiting", "reason"], "PodInitializing"),
            word => one.set(&["state", "waiting", "reason"], word),
        }
        one
    }

    fn conditions(&self, is_placed: bool, is_ready: bool, refused: &str) -> Value {
        let begun = is_placed && !self.word.starts_with("Init:");
        let all = [("Initialized", begun), ("Ready", is_ready), ("ContainersReady", is_ready), ("PodScheduled", is_placed)];
        let condition = |(kind, is): (&str, bool)| {
            let mut one =
                Value::of([("type", kind), ("status", if is { "True" } else { "False" }), ("lastTransitionTime", &*self.created)]);
            if kind == "PodScheduled" && !is {
                one.set(&["reason"], if self.word == "SchedulingGated" { "SchedulingGated" } else { "Unschedulable" });
                one.set(&["message"], refused);
            } else if kind == "Ready" && !is && is_placed {
                one.set(&["reason"], "ContainersNotReady");
            }
            one
        };
        Value::list(all.map(condition))
    }
}
