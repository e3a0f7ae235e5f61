//! The pods and the containers that a command reaches into, as its arguments and flags name them.

use std::cmp::Reverse;

use api::kind::Kind;
use api::view;
use base::sort::Sort;
use base::value::Value;
use kubectl::call::Call;
use kubectl::commands::command::CommandQuirk;
use kubectl::failure::Failure;
use kubectl::resources::kind_called;
use kubectl::session::Session;

/// The pod with this name, or the best one of `sts/web`.
pub fn pod_of(call: &Call, session: &mut Session, name: &str) -> Result<Value, Failure> {
    pods_of(call, session, name).map(|mut pods| pods.swap_remove(0))
}

/// The pod with this name, or all of `sts/web`, the best one first.
pub fn pods_of(call: &Call, session: &mut Session, name: &str) -> Result<Vec<Value>, Failure> {
    let namespace = session.namespace(call);
    let Some((kind, name)) = name.split_once('/') else {
        return Ok(vec![session.get(Kind::Pod, &namespace, name)?]);
    };
    let kind = kind_called(kind, session.client)?;
    let object = session.get(kind, &namespace, name)?;
    if kind == Kind::Pod {
        return Ok(vec![object]);
    }
    check_selector(call, kind, &object)?;
    let selector = object.at(&["spec", "selector", "matchLabels"]).or(object.at(&["spec", "selector"])).and_then(Value::as_map).cloned();
    let selector = selector.unwrap_or_default();
    let fits = |pod: &Value| selector.iter().all(|(key, value)| pod.at(&["metadata", "labels", key]) == Some(value));
    let mut pods: Vec<Value> = session.client.list(Kind::Pod, Some(&namespace)).into_iter().filter(|p| fits(p)).collect();
    Failure::client_if(pods.is_empty(), "timed out waiting for the condition")?;
    let for_logs = call.command.has(CommandQuirk::ReadsLogs);
    pods.sort_small_by(|a, b| rank(a, for_logs).cmp(&rank(b, for_logs)));
    Ok(pods)
}

/// The order in which pods are taken: the lowest is the best. Models podutils ByLogging, and ActivePods in reverse.
fn rank(pod: &Value, for_logs: bool) -> impl Ord {
    let phase = match (view::text(pod, &["status", "phase"]), for_logs) {
        ("Pending", true) => 2,
        ("Unknown", _) => 1,
        ("Running", false) | (_, true) => 0,
        _ => 2,
    };
    let ready = view::condition(pod, "Ready").filter(|c| view::text(c, &["status"]) == "True");
    let since = ready.map(|c| view::text(c, &["lastTransitionTime"]).to_owned());
    let leaves = if for_logs { "" } else { view::text(pod, &["metadata", "deletionTimestamp"]) };
    let sidecars: Vec<&str> = pod
        .list_at(&["spec", "initContainers"])
        .iter()
        .filter(|c| c.get("restartPolicy").is_some())
        .map(|c| view::text(c, &["name"]))
        .collect();
    let restarts = |list, of: &dyn Fn(&Value) -> bool| {
        let most = pod.list_at(&["status", list]).iter().filter(|c| of(c)).map(|c| view::int(c, &["restartCount"])).max().unwrap_or(0);
        if for_logs { -most } else { most }
    };
    let counts =
        (restarts("containerStatuses", &|_| true), restarts("initContainerStatuses", &|c| sidecars.contains(&view::text(c, &["name"]))));
    let created = view::text(pod, &["metadata", "creationTimestamp"]).to_owned();
    let unassigned = view::text(pod, &["spec", "nodeName"]).is_empty();
    (unassigned, phase, since.is_none(), !leaves.is_empty(), Reverse(leaves.to_owned()), since, counts, created)
}

/// Refuses objects that choose no pods. Models polymorphichelpers SelectorsForObject.
fn check_selector(call: &Call, kind: Kind, object: &Value) -> Result<(), Failure> {
    let info = kind.info();
    let of = format!("*{}.{}", info.version, info.name);
    let why = match kind {
        Kind::Service if object.at(&["spec", "selector"]).is_none() => {
            format!("invalid service '{}': Service is defined without a selector", view::name(object))
        }
        Kind::ReplicaSet
        | Kind::ReplicationController
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::Deployment
        | Kind::Job
        | Kind::Service => return Ok(()),
        _ => format!("selector for {of} not implemented"),
    };
    let doing = if call.command.has(CommandQuirk::ReadsLogs) { "get the logs from" } else { "attach to" };
    Err(Failure::client(format!("cannot {doing} {of}: {why}")))
}

/// The container that a command addresses. Models util/podcmd FindOrDefaultContainerByName and AllContainerNames.
pub fn container_of(call: &Call, session: &mut Session, pod: &Value) -> Result<String, Failure> {
    let named = |list: &str| pod.list_at(&["spec", list]).iter().map(|c| view::text(c, &["name"])).collect::<Vec<_>>();
    let (names, ephemeral, inits) = (named("containers"), named("ephemeralContainers"), named("initContainers"));
    let marked = |names: &[&str], mark: &str| names.iter().map(|name| format!("{name}{mark}")).collect::<Vec<_>>();
    let all = [marked(&names, ""), marked(&ephemeral, " (ephem)"), marked(&inits, " (init)")].concat().join(", ");
    if let Some(name) = call.flags.text("container") {
        if [&names, &ephemeral, &inits].into_iter().any(|list| list.contains(&name)) {
            return Ok(name.to_owned());
        }
        let pod = view::name(pod);
        return Err(Failure::client(format!("container {name} is not valid for pod {pod} out of: {all}")));
    }
    let marked = view::text(pod, &["metadata", "annotations", "kubectl.kubernetes.io/default-container"]);
    let first = if marked.is_empty() { names.first().copied().unwrap_or_default() } else { marked };
    if names.len() + ephemeral.len() + inits.len() > 1 && marked.is_empty() {
        session.output.err(format!("Defaulted container {first:?} out of: {all}"));
    }
    Ok(first.to_owned())
}
