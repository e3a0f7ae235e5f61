//! Pods: the template of their set, and the state that kubectl's words for a row stand for.

use super::{GATE, UNKNOWN_IMAGE, cell, fill, image_of, name, place, revision, text};
use crate::paste::{NEWEST, number};
use crate::read::Dump;
use crate::words::captured;
use api::kind::Kind;
use api::object::parent_and_ordinal;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::value::Value;

/// Words of a pod that ended.
const ENDED: [&str; 9] =
    ["Error", "Evicted", "Shutdown", "NodeShutdown", "Terminated", "NodeAffinity", "OOMKilled", "ContainerStatusUnknown", "Failed"];
/// Words of a pod that is not on its way to run yet.
const UNPLACED: [&str; 2] = ["Pending", "SchedulingGated"];

/// Completes a pod.
pub(super) fn pod(value: &mut Value, dump: &Dump) {
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
        if value.at(&["metadata", "labels"]).is_none() {
            value.set(&["metadata", "labels"], set.at(&["spec", "template", "metadata", "labels"]).cloned().unwrap_or_default());
            value.set(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], name(value).to_owned());
        }
        fill(value, &["metadata", "labels", CONTROLLER_REVISION_HASH], hash);
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
        if !named.is_empty() {
            value.set(&["metadata", "ownerReferences"], Value::list(named));
        }
        fill(value, &["spec", "hostname"], name(value).to_owned());
    }
    if value.list_at(&["spec", "containers"]).is_empty() {
        let one = [("name", "main".to_owned()), ("image", image.unwrap_or_else(|| format!("{UNKNOWN_IMAGE}{}", name(value))))];
        value.set(&["spec", "containers"], Value::list([Value::of(one)]));
    }
    if !cell(value, "STATUS").is_empty() && value.at(&["status", "containerStatuses"]).is_none() {
        state(value, dump);
    }
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
    let (word, ready) = (cell(value, "STATUS").to_owned(), number(cell(value, "READY").split('/').next().unwrap_or_default()).unwrap_or(0));
    let restarts = number(cell(value, "RESTARTS").split(' ').next().unwrap_or_default()).unwrap_or(0);
    let created = text(value, &["metadata", "creationTimestamp"]).to_owned();
    let created = if created.is_empty() { dump.newest.unwrap_or(NEWEST).rfc3339() } else { created };
    let now = dump.newest.unwrap_or(NEWEST);
    let is_placed = value.at(&["spec", "nodeName"]).is_some() || !UNPLACED.contains(&&*word) && word != "Unknown";
    if is_placed && value.at(&["spec", "nodeName"]).is_none() {
        let assigned = dump
            .about(Kind::Pod, place(value), name(value))
            .filter_map(|event| captured("assigned {pod} to {node}", &event.message))
            .last();
        let node = assigned.and_then(|names| names.get(1).map(|(_, node)| (*node).to_owned()));
        let any = dump.of(Kind::Node).next().map(|node| name(node).to_owned());
        value.set(&["spec", "nodeName"], node.or(any).unwrap_or_else(|| "node-1".to_owned()));
    }
    let containers = value.list_at(&["spec", "containers"]).to_vec();
    let waits = word.strip_prefix("Init:").unwrap_or(&word).to_owned();
    let begun = || Value::of([("startedAt", &*created)]);
    let status = |(at, container): (usize, &Value)| {
        let is_ready = i64::try_from(at).is_ok_and(|at| at < ready);
        let mut one = Value::of([("name", container.at(&["name"]).cloned().unwrap_or_default())]);
        one.set(&["image"], container.at(&["image"]).cloned().unwrap_or_default());
        one.set(&["ready"], is_ready);
        one.set(&["restartCount"], if is_ready { 0 } else { restarts });
        let ended = |code: i64, reason: &str| {
            let mut ended = Value::of([("exitCode", Value::from(code)), ("reason", reason.into())]);
            ended.set(&["finishedAt"], now.rfc3339());
            ended.set(&["startedAt"], &*created);
            ended
        };
        match &*word {
            _ if is_ready => one.set(&["state", "running"], begun()),
            "Running" | "Terminating" | "Unknown" | "NodeLost" => one.set(&["state", "running"], begun()),
            "Completed" => one.set(&["state", "terminated"], ended(0, "Completed")),
            "CrashLoopBackOff" => {
                one.set(&["state", "waiting", "reason"], &*word);
                one.set(&["lastState", "terminated"], ended(1, "Error"));
            }
            word if ENDED.contains(&word) => {
                one.set(&["state", "terminated"], ended(1, word));
                one.set(&["lastState", "terminated"], ended(1, word));
            }
            _ if word.starts_with("Init:") || word == "PodInitializing" => one.set(&["state", "waiting", "reason"], "PodInitializing"),
            _ => one.set(&["state", "waiting", "reason"], &*waits),
        }
        one
    };
    let all = i64::try_from(containers.len()).unwrap_or(i64::MAX);
    let phase = match &*word {
        "Completed" => "Succeeded",
        "Error" if restarts > 0 => "Running",
        "OOMKilled" => "Running",
        word if ENDED.contains(&word) => "Failed",
        "Running" | "Terminating" | "CrashLoopBackOff" | "Unknown" | "NodeLost" => "Running",
        _ if ready > 0 => "Running",
        _ => "Pending",
    };
    if is_placed {
        value.set(&["status", "containerStatuses"], Value::list(containers.iter().enumerate().map(status)));
        value.set(&["status", "startTime"], &*created);
    }
    value.set(&["status", "phase"], phase);
    if phase == "Failed" {
        value.set(&["status", "reason"], &*word);
    }
    let truth = |is: bool| if is { "True" } else { "False" };
    let is_ready = ready >= all && phase == "Running";
    let mut conditions = Vec::new();
    for (kind, is) in [
        ("Initialized", is_placed && !word.starts_with("Init:")),
        ("Ready", is_ready),
        ("ContainersReady", is_ready),
        ("PodScheduled", is_placed),
    ] {
        let mut one = Value::of([("type", kind), ("status", truth(is)), ("lastTransitionTime", &*created)]);
        if kind == "PodScheduled" && !is {
            let said = dump.about(Kind::Pod, place(value), name(value)).filter(|event| event.reason == "FailedScheduling").last();
            one.set(&["reason"], if word == "SchedulingGated" { "SchedulingGated" } else { "Unschedulable" });
            one.set(&["message"], said.map_or("", |event| &event.message));
        } else if kind == "Ready" && !is && is_placed {
            one.set(&["reason"], "ContainersNotReady");
        }
        conditions.push(one);
    }
    value.set(&["status", "conditions"], Value::list(conditions));
    if word == "SchedulingGated" {
        value.set(&["spec", "schedulingGates"], Value::list([Value::of([("name", GATE)])]));
    }
    if word == "Terminating" {
        let asked = dump
            .about(Kind::Pod, place(value), name(value))
            .filter(|event| ["Killing", "TaintManagerEviction"].contains(&&*event.reason))
            .last();
        value.set(&["metadata", "deletionTimestamp"], asked.and_then(|event| event.last).unwrap_or(now).rfc3339());
        value.set(&["metadata", "deletionGracePeriodSeconds"], 30);
    }
}
