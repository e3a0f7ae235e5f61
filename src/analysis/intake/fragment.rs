//! Parts of objects that were printed alone, and what they say: a condition, a container's status, the status of a pod.

use super::event::Happened;
use api::kind::Kind;
use base::value::Value;
use causes::message::{SaidIn, captured};

/// What a part of an object says that was printed alone: a condition, a container's status, or the status of a pod.
pub(super) fn of(item: &Value) -> Vec<Happened> {
    let status = item.get("status").filter(|status| status.get("conditions").is_some()).unwrap_or(item);
    // Whoever copies one status of the list leaves its sign out.
    let all = |list: &str| status.list_at(&[list]).iter().chain(status.get(list).filter(|one| one.as_map().is_some()));
    let containers = all("initContainerStatuses").chain(all("containerStatuses")).chain([item]);
    let conditions = all("conditions").chain([item]).filter_map(condition);
    containers.flat_map(container).chain(conditions).collect()
}

/// What an object of another kind says of a set for which its tool waits: a Kustomization, a HelmRelease, an Application.
pub(super) fn of_tool(item: &Value) -> Vec<Happened> {
    let all = item.list_at(&["status", "conditions"]).iter().filter_map(condition);
    all.filter(|one| one.said().means().is_some_and(|found| found.row.matter.is_some())).collect()
}

/// What the states of a container say that were printed without its pod, which a message of the kubelet may name.
pub(super) fn container(item: &Value) -> Vec<Happened> {
    if ["restartCount", "lastState", "state"].iter().all(|key| item.get(key).is_none()) {
        return Vec::new();
    }
    let text = |path: &[&str]| item.text_at(path).unwrap_or_default().to_owned();
    let ended = [["lastState", "terminated"], ["state", "terminated"]].map(|path| text(&[path[0], path[1], "reason"]));
    let waits = (text(&["state", "waiting", "reason"]), text(&["state", "waiting", "message"]));
    let pod = captured("pod={pod}_{ns}(", &waits.1).map(|names| (names[1].1.to_owned(), names[0].1.to_owned()));
    let about = pod.map(|(namespace, name)| (Kind::Pod.info().name.to_owned(), namespace, name)).unwrap_or_default();
    let killed = ended
        .into_iter()
        .filter(|reason| ["OOMKilled", "ContainerStatusUnknown"].contains(&&**reason))
        .map(|reason| (reason, String::new()));
    let all = killed.chain([waits]).filter(|(reason, _)| !reason.is_empty());
    all.map(|(reason, message)| Happened { about: about.clone(), place: SaidIn::State, reason, message, ..Happened::default() }).collect()
}

/// What a condition that was printed alone says, if something is amiss; which object has it, is not told.
fn condition(item: &Value) -> Option<Happened> {
    let text = |key: &str| item.text_at(&[key]).filter(|text| !text.is_empty());
    let (of, status, reason, message) = (text("type")?, text("status")?, text("reason")?, text("message")?);
    let is_good = ["Ready", "PodScheduled", "Initialized", "ContainersReady"].contains(&of) && status == "True";
    let of_scheduler = of == "PodScheduled" && !is_good;
    let (place, reason) =
        if of_scheduler { (SaidIn::Event, "FailedScheduling".to_owned()) } else { (SaidIn::Condition, format!("{of}/{reason}")) };
    (!is_good).then(|| Happened { place, reason, message: message.to_owned(), ..Happened::default() })
}
