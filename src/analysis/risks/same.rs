//! Which states are the same, so that what follows from the second need not be tried.
//!
//! Two states at rest are the same if all that a component may ever read of them is: every object but Events, without what only tells
//! instants and identities apart (uids, versions, times, addresses, the names of volumes, which hold their claims' uids); which machines
//! are on and are heard, and what runs on them; what images were told to do; what replicated applications hold and acknowledged. At rest
//! controllers and queues hold nothing else: retries come to nothing, and what controllers remember they have read from the objects.
//! Slices of endpoints follow from pods and Services at rest.
//! What is left out decides nothing but draws that are random by design: which of several equal nodes a pod gets, and how long a request
//! takes. A state that is skipped may thus differ from the one that was tried by such a draw, as two real runs do.

use api::kind::Kind;
use api::object::pod::{Condition, ContainerState};
use api::object::{Meta, Node, Object, Pod, Uid, no_name};
use base::hash::{self, Digest};
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;

use super::player::State;

/// Kinds that are left out.
const DERIVED_KINDS: [Kind; 3] = [Kind::Event, Kind::EndpointSlice, Kind::Endpoints];
/// How the names of volumes begin that admission makes up for each pod.
const TOKEN_VOLUME_PREFIX: &str = "kube-api-access-";
/// Kinds whose names hold uids.
const NAMED_BY_UID: [Kind; 2] = [Kind::PersistentVolume, Kind::VolumeAttachment];
/// Fields whose values are left out, by the field that holds them: only their presence counts.
const IGNORED_FIELDS: [(&str, &[&str]); 16] = [
    ("metadata", &["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields"]),
    ("ownerReferences", &["uid"]),
    ("claimRef", &["uid", "resourceVersion"]),
    ("status", &["observedGeneration", "startTime", "podIP", "podIPs", "volumesAttached", "volumesInUse", "disruptedPods"]),
    ("status", &["lastPhaseTransitionTime", "completionTime", "lastScaleTime"]),
    ("conditions", &["lastTransitionTime", "lastProbeTime", "lastHeartbeatTime", "lastUpdateTime", "observedGeneration"]),
    ("running", &["startedAt"]),
    ("terminated", &["startedAt", "finishedAt", "containerID"]),
    ("containerStatuses", &["containerID"]),
    ("initContainerStatuses", &["containerID"]),
    ("taints", &["timeAdded"]),
    ("ingress", &["ip"]),
    ("spec", &["volumeName"]),
    ("source", &["persistentVolumeName"]),
    ("nodeInfo", &["bootID", "systemUUID", "machineID"]),
    ("csi", &["volumeHandle"]),
];
/// The fields of a volume that name the directory made for it.
const VOLUME_PATHS: [&str; 2] = ["local", "hostPath"];
/// A Service's own addresses: an address may differ, but not whether there is one.
const CLUSTER_ADDRESSES: [&str; 2] = ["clusterIP", "clusterIPs"];

/// Whether only the presence of a field counts, by the kind of the object and the field that holds the field.
fn is_ignored(kind: Kind, holder: &str, field: &str, value: &Value) -> bool {
    let is_path = kind == Kind::PersistentVolume && VOLUME_PATHS.contains(&holder) && field == "path";
    let is_headless =
        || value.as_text() == Some("None") || value.as_list().is_some_and(|all| all.iter().any(|one| one.as_text() == Some("None")));
    let is_address = kind == Kind::Service && holder == "spec" && CLUSTER_ADDRESSES.contains(&field) && !is_headless();
    is_path || is_address || IGNORED_FIELDS.iter().any(|(of, fields)| *of == holder && fields.contains(&field))
}

/// The prints of the objects of a world, by their versions: most of them are the same in every state that comes of it.
pub type Prints = SortedMap<(u64, Uid), u64>;

/// A print of an object.
fn of_object(kind: Kind, object: &Object) -> u64 {
    match object {
        Object::Pod(pod) => hash::print(&anonymous_pod(pod)),
        Object::Node(node) => hash::print(&anonymous_node(node)),
        _ => of_value(kind, object),
    }
}

/// A pod without instants and identities.
fn anonymous_pod(pod: &Pod) -> Pod {
    let mut pod = pod.clone();
    anonymous_meta(&mut pod.meta);
    let status = &mut pod.status;
    status.forget_generations();
    anonymous_conditions(&mut status.conditions);
    for container in status.containers.iter_mut().chain(&mut status.init_containers).chain(&mut status.ephemeral_containers) {
        container.starts = 0;
        if let ContainerState::Running { started } = &mut container.state {
            *started = Time(0);
        }
        let ended = if let ContainerState::Terminated(ended) = &mut container.state { Some(ended) } else { None };
        for ended in ended.into_iter().chain(&mut container.last) {
            (ended.started, ended.finished) = (Time(0), Time(0));
        }
    }
    status.ip = status.ip.and(status.host_ip);
    status.started = status.started.map(|_| Time(0));
    pod
}

/// A node without instants and identities.
fn anonymous_node(node: &Node) -> Node {
    let mut node = node.clone();
    anonymous_meta(&mut node.meta);
    let status = &mut node.status;
    status.heartbeat = Time(0);
    anonymous_conditions(&mut status.conditions);
    status.volumes_attached.truncate(1);
    status.volumes_in_use.truncate(1);
    for volume in status.volumes_attached.iter_mut().chain(&mut status.volumes_in_use) {
        *volume = no_name();
    }
    for taint in &mut node.taints {
        taint.since = taint.since.map(|_| Time(0));
    }
    node
}

fn anonymous_meta(meta: &mut Meta) {
    (meta.uid, meta.revision, meta.generation, meta.created) = (Uid::default(), 0, 0, Time(0));
    if let Some(deletion) = &mut meta.deletion {
        deletion.at = Time(0);
    }
    if !meta.owners.is_empty() {
        for owner in meta.owners.make_mut() {
            (owner.uid, owner.foreign_uid) = (Uid::default(), None);
        }
    }
}

fn anonymous_conditions(conditions: &mut [Condition]) {
    for condition in conditions {
        condition.since = Time(0);
    }
}

/// A print of an object by all that the API server says of it.
fn of_value(kind: Kind, object: &Object) -> u64 {
    let mut digest = Digest::default();
    digest.text(kind.info().name);
    let mut value = object.encode();
    if NAMED_BY_UID.contains(&kind) {
        value.set(&["metadata", "name"], "");
    }
    take(&value, kind, "", &mut digest);
    digest.0
}

/// A print of a state, and of the lines that are still to be typed. The prints of new objects are kept for the states that come of it.
pub fn print<'a>(state: &mut State, ahead: impl Iterator<Item = &'a str>) -> u64 {
    let sim = &state.world.sim;
    // The order of what is named by uids says nothing, and so does the order in which pods came to a node: prints are added up.
    let mut sum = 0_u64;
    let mut add = |digest: Digest| sum = sum.wrapping_add(base::dice::mix(digest.0));
    let tables = sim.tables();
    for kind in tables.kinds().filter(|kind| !DERIVED_KINDS.contains(kind)) {
        for object in tables.all(kind) {
            let version = (object.meta().revision, object.meta().uid);
            add(Digest(*state.prints.entry(version).or_insert_with(|| of_object(kind, object))));
        }
    }
    for machine in sim.machines() {
        let mut digest = Digest::default();
        digest.text(&machine.node);
        digest.word(u64::from(machine.connected()) << 1 | u64::from(machine.powered()));
        let mut workers = 0_u64;
        for worker in machine.workers() {
            let mut own = Digest::default();
            own.text(&worker.key.name);
            own.word(u64::from(machine.all_ready(worker.uid)) << 1 | u64::from(machine.holds_unready(worker.uid)));
            workers = workers.wrapping_add(base::dice::mix(own.0));
        }
        digest.word(workers);
        add(digest);
    }
    let mut digest = Digest::default();
    digest.text(&format!("{:?}", sim.images()));
    let replicated = sim.disks().replicated();
    for (set, _) in &state.watches {
        let group = set.namespaced_name();
        for member in replicated.members(&group) {
            digest.text(&format!("{:?} {:?} {} {}", member.ordinal(), member.role(), member.log().len(), member.has_joined()));
        }
        let lost = (replicated.lost(&group), sim.disks().gone(&group));
        digest.text(&format!("{lost:?} {:?}", replicated.ledger(&group).map(|ledger| ledger.acknowledged.len())));
    }
    digest.text(&format!("{:?} {}", state.hang, state.restless));
    ahead.for_each(|line| digest.text(line));
    add(digest);
    sum
}

/// A print of a state for its end, after all that holds is taken back. The judge looks at more than its own print has.
pub fn identities(base: &State, held: &State, print: u64, bad_rollout: bool) -> u64 {
    let mut digest = Digest(print);
    digest.word(u64::from(bad_rollout));
    let (before, now) = (base.world.sim.tables(), held.world.sim.tables());
    for claim in before.claims() {
        let stays = now.claim(&claim.meta.namespace, &claim.meta.name).is_some_and(|now| now.meta.uid == claim.meta.uid);
        digest.word(u64::from(stays));
    }
    let mut orphans = 0_u64;
    for (pod, by) in held.processes.orphans() {
        let mut own = Digest::default();
        own.text(&format!("{pod} {by:?}"));
        orphans = orphans.wrapping_add(base::dice::mix(own.0));
    }
    digest.word(orphans);
    digest.0
}

/// Takes in a value that a field of this name holds.
pub fn take(value: &Value, kind: Kind, holder: &str, digest: &mut Digest) {
    if let Some(items) = value.as_list() {
        digest.word(items.len() as u64);
        for item in items {
            take(item, kind, holder, digest);
        }
    } else if value.as_map().is_some() {
        for (key, member) in value.members() {
            digest.text(key);
            if !is_ignored(kind, holder, key, member) {
                take(member, kind, key, digest);
            }
        }
        digest.word(1);
    } else if let Some(text) = value.as_text() {
        digest.text(if text.starts_with(TOKEN_VOLUME_PREFIX) { TOKEN_VOLUME_PREFIX } else { text });
    } else {
        digest.text(&value.to_json());
    }
}
