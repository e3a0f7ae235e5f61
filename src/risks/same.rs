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
use api::object::{Object, Uid};
use base::hash::Digest;
use base::sorted::SortedMap;
use base::value::Value;

use super::player::State;

/// Kinds that are left out.
const FOLLOWS: [Kind; 3] = [Kind::Event, Kind::EndpointSlice, Kind::Endpoints];
/// How the names of volumes begin that admission makes up for each pod.
const MADE_UP: &str = "kube-api-access-";
/// Kinds whose names hold uids.
const NAMED_BY_UID: [Kind; 2] = [Kind::PersistentVolume, Kind::VolumeAttachment];
/// Members of which only counts that they are there.
const APART: [&str; 32] = [
    "uid",
    "resourceVersion",
    "generation",
    "observedGeneration",
    "creationTimestamp",
    "deletionTimestamp",
    "managedFields",
    "lastTransitionTime",
    "lastProbeTime",
    "lastHeartbeatTime",
    "lastUpdateTime",
    "startTime",
    "startedAt",
    "finishedAt",
    "timeAdded",
    "containerID",
    "podIP",
    "podIPs",
    "ip",
    "clusterIP",
    "clusterIPs",
    "volumeName",
    "volumeHandle",
    "persistentVolumeName",
    "volumesAttached",
    "volumesInUse",
    "disruptedPods",
    "lastPhaseTransitionTime",
    "bootID",
    "systemUUID",
    "machineID",
    "path",
];

/// The prints of the objects of a start, by their versions: most of them are the same in every state that comes of it.
#[derive(Clone, Debug, Default)]
pub struct Known(SortedMap<(u64, Uid), u64>);

impl Known {
    /// The prints of the objects of a state.
    pub fn of(state: &State) -> Known {
        let tables = state.world.sim.tables();
        let objects = tables.kinds().flat_map(|kind| tables.all(kind).map(move |object| (kind, object)));
        Known(objects.map(|(kind, object)| (version(object), of_object(kind, object))).collect())
    }
}

fn version(object: &Object) -> (u64, Uid) {
    (object.meta().revision, object.meta().uid)
}

/// A print of an object.
fn of_object(kind: Kind, object: &Object) -> u64 {
    let mut digest = Digest::default();
    digest.text(kind.info().name);
    let mut value = object.encode();
    if NAMED_BY_UID.contains(&kind) {
        value.set(&["metadata", "name"], "");
    }
    take(&value, &mut digest);
    digest.0
}

/// A print of a state, and of the lines that are still to be typed.
pub fn print<'a>(state: &State, known: &Known, ahead: impl Iterator<Item = &'a str>) -> u64 {
    let sim = &state.world.sim;
    // The order of what is named by uids says nothing: prints are added up.
    let mut sum = 0_u64;
    let mut add = |digest: Digest| sum = sum.wrapping_add(base::dice::mix(digest.0));
    let tables = sim.tables();
    for kind in tables.kinds().filter(|kind| !FOLLOWS.contains(kind)) {
        for object in tables.all(kind) {
            add(Digest(known.0.get(&version(object)).copied().unwrap_or_else(|| of_object(kind, object))));
        }
    }
    for machine in sim.machines() {
        let mut digest = Digest::default();
        digest.text(&machine.node);
        digest.word(u64::from(machine.connected()) << 1 | u64::from(machine.powered()));
        for worker in machine.workers() {
            digest.text(&worker.key.name);
            digest.word(u64::from(machine.all_ready(worker.uid)) << 1 | u64::from(machine.holds_unready(worker.uid)));
        }
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

/// Takes in a value.
fn take(value: &Value, digest: &mut Digest) {
    if let Some(items) = value.as_list() {
        digest.word(items.len() as u64);
        for item in items {
            take(item, digest);
        }
    } else if value.as_map().is_some() {
        for (key, member) in value.members() {
            digest.text(key);
            if !APART.contains(&&**key) {
                take(member, digest);
            }
        }
        digest.word(1);
    } else if let Some(text) = value.as_text() {
        digest.text(if text.starts_with(MADE_UP) { MADE_UP } else { text });
    } else {
        digest.text(&value.to_json());
    }
}
