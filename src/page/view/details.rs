//! The details of the selected object: its facts, its conditions, its Events, and its YAML.

use super::relations::{listed, owners, pods_of, services_of};
use super::{Glyph, Hue, Identity, Mark, Snapshot, bytes, rollout, short_uid};
use api::kind::Kind;
use api::object::event::EventType;
use api::object::node::Taint;
use api::object::pod::{Condition, ContainerState, ContainerStatus, PodStatus, Truth};
use api::object::{Event, Meta, Object, ObjectKey, Pod};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::sort::Sort;
use base::time::Time;
use causes::Evidence;
use causes::pod::PodState;

/// How many Events are listed.
const LISTED: usize = 20;

/// Everything about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// `pod/web-1`.
    pub title: String,
    /// `#7c1f`.
    pub uid: String,
    /// Fields and their values, in Kubernetes' words.
    pub rows: Vec<(String, String)>,
    pub conditions: Vec<Evidence>,
    /// Its Events, newest first.
    pub events: Vec<Said>,
    /// The object as YAML.
    pub yaml: String,
}

/// An Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The last time it occurred.
    pub at: Time,
    /// Marks warnings.
    pub mark: Mark,
    /// `Scheduled`.
    pub reason: String,
    /// The message, and how often it occurred.
    pub message: String,
}

/// The details of a pod; `None` if it does not exist.
pub fn of_pod(shot: &Snapshot, identity: &Identity) -> Option<Details> {
    let pod = shot.tables.pod(&identity.namespace, &identity.pod)?;
    Some(details(shot, Kind::Pod, &pod.meta, rows_of_pod(shot, pod), &pod.status.conditions))
}

/// The details of any object; `None` if it does not exist.
pub fn of_object(shot: &Snapshot, key: &ObjectKey) -> Option<Details> {
    match key.kind {
        Kind::Node => of_node(shot, &key.name),
        Kind::Pod => of_pod(shot, &Identity { namespace: key.namespace.to_string(), pod: key.name.to_string() }),
        kind => {
            let meta = shot.tables.get(key)?.meta();
            let related = [("owner", above(shot, meta)), ("pods", listed(&pods_of(shot, key)))];
            let related = related.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field.to_owned(), value));
            let age = ("age".to_owned(), shot.now.since(meta.created).human());
            Some(details(shot, kind, meta, related.chain([age]).collect(), &[]))
        }
    }
}

/// The details of a node; `None` if its object does not exist.
pub fn of_node(shot: &Snapshot, name: &str) -> Option<Details> {
    let node = shot.tables.node("", name)?;
    let capacity = &node.status.capacity;
    let mut rows = vec![
        ("version".to_owned(), node.status.kubelet_version.to_string()),
        ("cpu".to_owned(), format!("{}m", capacity.cpu_milli)),
        ("memory".to_owned(), bytes(u64::try_from(capacity.memory).unwrap_or(0))),
        ("pods".to_owned(), capacity.pods.to_string()),
    ];
    rows.extend(node.status.address.iter().map(|address| ("InternalIP".to_owned(), address.to_string())));
    rows.extend(node.taints.iter().map(Taint::spelled).map(|taint| ("taint".to_owned(), taint)));
    rows.push(("age".to_owned(), shot.now.since(node.meta.created).human()));
    Some(details(shot, Kind::Node, &node.meta, rows, &node.status.conditions))
}

fn details(shot: &Snapshot, kind: Kind, meta: &Meta, rows: Vec<(String, String)>, conditions: &[Condition]) -> Details {
    let object = shot.tables.find(kind, &meta.namespace, &meta.name);
    Details {
        title: format!("{}/{}", kind.info().singular, meta.name),
        uid: format!("#{}", short_uid(meta.uid)),
        rows,
        conditions: conditions.iter().map(|condition| fact(kind, condition)).collect(),
        events: events(shot, &ObjectKey::new(kind, &meta.namespace, &meta.name), meta),
        yaml: object.map_or(String::new(), |object| yaml::print(&object.encode())),
    }
}

fn rows_of_pod(shot: &Snapshot, pod: &Pod) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |field: &str, value: String| {
        if !value.is_empty() {
            rows.push((field.to_owned(), value));
        }
    };
    row("phase", pod.status.phase.word().to_owned());
    row("node", pod.node.as_deref().unwrap_or_default().to_owned());
    row("IP", pod.status.ip.map_or(String::new(), |ip| ip.to_string()));
    if let Some(owner) = pod.meta.controller() {
        let known = above(shot, &pod.meta);
        row("owner", if known.is_empty() { format!("{}/{}", owner.written.0.to_ascii_lowercase(), owner.name) } else { known });
        if let Some(set) = shot.tables.stateful_set(&pod.meta.namespace, &owner.name).filter(|set| set.meta.uid == owner.uid) {
            let hash = pod.meta.label(CONTROLLER_REVISION_HASH).map_or("", |hash| hash);
            row("revision", format!("{} {hash}", rollout::of_pod(shot, set, pod).label()));
        }
    }
    let services = services_of(shot, &pod.meta);
    row("services", listed(&services.iter().map(|service| service.name.clone()).collect::<Vec<_>>()));
    for mount in pod.claim_volumes() {
        let claim = shot.tables.claim(&pod.meta.namespace, &mount.claim);
        let volume = claim.map_or("", |claim| &claim.spec.volume);
        row("claim", format!("{} → {}", mount.claim, if volume.is_empty() { "<none>" } else { volume }));
    }
    let dots = [&pod.spec.hostname, &pod.spec.subdomain].into_iter().filter(|part| !part.is_empty()).map(|part| &**part);
    row("hostname", dots.collect::<Vec<_>>().join("."));
    let PodStatus { init_containers, containers, ephemeral_containers, .. } = &pod.status;
    for container in init_containers.iter().chain(containers).chain(ephemeral_containers) {
        row(&format!("container {}", container.name), container_words(shot, container));
    }
    let restarts: i64 = pod.status.containers.iter().map(|container| container.restarts).sum();
    row("restarts", restarts.to_string());
    if let Some(deletion) = pod.meta.deletion {
        row("deletionTimestamp", format!("{} (grace {}s)", shot.time(deletion.at), deletion.grace));
    }
    row("age", shot.now.since(pod.meta.created).human());
    rows
}

/// The owners of an object, the topmost first: `deployment/api → replicaset/api-7c`.
fn above(shot: &Snapshot, meta: &Meta) -> String {
    let owners = owners(shot, meta).into_iter().rev().map(|owner| format!("{}/{}", owner.kind.info().singular, owner.name));
    owners.collect::<Vec<_>>().join(" → ")
}

/// A container's image and state.
fn container_words(shot: &Snapshot, container: &ContainerStatus) -> String {
    let state = match &container.state {
        ContainerState::Waiting { reason, .. } => format!("Waiting: {reason}"),
        ContainerState::Running { started } => format!("Running {}", shot.text().why.since(&shot.time(*started))),
        ContainerState::Terminated(end) => format!("Terminated: {}, exitCode {}", end.reason, end.exit_code),
    };
    format!("{}, {state}", container.image)
}

/// A condition with its mark; a node's conditions other than Ready are good when they are False.
fn fact(kind: Kind, condition: &Condition) -> Evidence {
    let wanted = if kind == Kind::Node && condition.kind != "Ready" { Truth::False } else { Truth::True };
    let mark = match condition.status {
        status if status == wanted => Mark(Glyph::Check, Hue::Ready),
        Truth::Unknown => PodState::Unknown.mark(),
        _ => PodState::Running.mark(),
    };
    let reason = if condition.reason.is_empty() { String::new() } else { format!(" {}", condition.reason) };
    Evidence::new(mark, &format!("`{}`{reason}", condition.kind), condition.status.word())
}

fn events(shot: &Snapshot, about: &ObjectKey, meta: &Meta) -> Vec<Said> {
    // Events about a node have its name as uid; all others have the object's uid.
    let ours = |event: &&Event| event.about == *about && (about.kind == Kind::Node || event.about_uid == meta.uid);
    let all = shot.tables.all(Kind::Event).filter_map(|object| if let Object::Event(event) = object { Some(&**event) } else { None });
    let mut found: Vec<&Event> = all.filter(ours).collect();
    found.sort_small_by_key(|event| std::cmp::Reverse((event.last, event.meta.revision)));
    let said = |event: &&Event| Said {
        at: event.last,
        mark: if event.kind == EventType::Warning { Mark(Glyph::Hazard, Hue::Wait) } else { Mark(Glyph::Check, Hue::Ink) },
        reason: event.reason.to_string(),
        message: if event.count > 1 { format!("{} ×{}", event.message, event.count) } else { event.message.to_string() },
    };
    found.iter().take(LISTED).map(said).collect()
}
