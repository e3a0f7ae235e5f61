//! Random clusters: an imported one has the objects of the one that was printed, and goes on as that does.
//!
//! `ORDINAL_FUZZ_SECONDS` goes on with further seeds for so long, and `ORDINAL_FUZZ_SEED` is the first one.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::time::{Duration, Instant};

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::Truth;
use ordinal::api::object::{Name, Object, Pod};
use ordinal::api::release::{V1_36, V1_37};
use ordinal::base::dice::mix;
use ordinal::base::time::{Span, Time};
use ordinal::base::value::{Map, Value};
use ordinal::cluster::images::{Behaviour, SEEN};
use ordinal::intake::world::Assumed;
use ordinal::intake::{Dump, World};
use ordinal::sim::Sim;
use ordinal::why::{Component, Reason};
use rig::random::{WorkloadMix, cluster};

/// How many seeds are tried ordinarily; in about every other world kubelets play the nodes.
const SEEDS: u64 = 80;
/// A run has no more operations than this, and five more.
const OPERATIONS: u64 = 36;
/// From a run's last operation until it rests: whatever ends by itself has ended.
const RESTS: Span = Span::seconds(1300);
/// A run under way is stopped before this many milliseconds after its last operation.
const SOON: u64 = 8000;
/// For so long both clusters go on.
const GOES_ON: Span = Span::seconds(3000);
/// How many letters and digits the server puts behind `generateName`.
const SUFFIX: usize = 5;

/// Members that the import does not keep, and why.
const NOT_KEPT: [(&str, &str); 3] = [
    ("resourceVersion", "the copy counts its own writes"),
    ("managedFields", "they are dropped as they are read"),
    ("kubectl.kubernetes.io/last-applied-configuration", "it is dropped as it is read: it holds what is private"),
];

/// Members of objects of a kind, or of all, that may become others, and why.
const NOT_FORETOLD: [(&str, &str, &str); 21] = [
    ("", "uid", "new objects have others"),
    ("", "containerID", "new objects have others"),
    ("", "volumeHandle", "new objects have others"),
    ("", "restartCount", "how far a back-off had got is not shown"),
    ("", "lastState", "how far a back-off had got is not shown"),
    ("", "state", "what fails shows its last try or the wait for the next one"),
    ("", "nodeName", "which of equally good nodes is chosen hangs on which were chosen before"),
    ("", "nodeAffinity", "the node's"),
    ("", "hostIP", "the node's"),
    ("", "hostIPs", "the node's"),
    ("", "volume.kubernetes.io/selected-node", "the node's"),
    ("", "volumesAttached", "the node's"),
    ("", "volumesInUse", "the node's"),
    ("", "podIP", "which addresses were given back is not shown"),
    ("", "podIPs", "which addresses were given back is not shown"),
    ("", "ip", "the pod's"),
    ("", "addresses", "the pod's"),
    ("", "endpoints.kubernetes.io/last-change-trigger-time", "it is of the write that came last"),
    ("", "observedGeneration", "a component that was just started signs anew what it finds"),
    ("EndpointSlice", "generation", "it counts the writes"),
    ("ReplicaSet", "generation", "it counts the writes"),
];

/// Parts of objects that are not compared later, and why.
const LEFT_OUT: [(&str, &[&str], &str); 5] = [
    ("VolumeAttachment", &["metadata", "name"], "it is made of the node's name"),
    ("DaemonSet", &["status"], "a controller that was just started counts nodes again, of whose taints the one before was not told"),
    ("PodDisruptionBudget", &["status"], "a controller that was just started counts pods again, of which the one before was not told"),
    ("ResourceQuota", &["status"], "pods of Jobs, which are left out, count"),
    ("ReplicaSet", &["status", "conditions"], "they have the name that a refused pod would have had"),
];

/// Whether something holds that a dump cannot show, of a cluster and its copy.
type Hidden = fn(&Sim, &World) -> bool;

/// What a dump cannot show, and what hangs on it.
const HIDDEN: [(&str, Hidden); 9] = [
    ("a machine has fallen silent, or speaks again, and its node does not show it yet", is_silent),
    ("whether a process or its image fails its probes, and whether it is about to, is not shown", is_held),
    ("of kinds of which nothing is there nobody knows whether they were printed: the import supplies them, and says so", is_supplied),
    ("without a set, nothing tells the release", |sim, world| sim.release() != world.sim.release()),
    ("of one container that failed it is supposed that its image does so", is_supposed),
    ("which pod a quota refuses hangs on which comes first, and it counts refused ones until a control plane is started", has_quota),
    ("nobody tells a set's controller that a claim or a revision is gone; one that was just started looks", is_unheard),
    ("a process that crashes is Ready for a moment, and what its pod's controller does then hangs on that", is_crashing),
    ("a garbage collector that was just started finds what was made after its owner's deletion", is_left_behind),
];

fn is_silent(sim: &Sim, _: &World) -> bool {
    let node = |name: &str| sim.tables().node("", name);
    sim.machines().any(|machine| node(&machine.node).is_some_and(|node| (node.ready() == Truth::True) != machine.connected()))
}

fn is_held(sim: &Sim, world: &World) -> bool {
    let holds = |sim: &Sim, pod: &Pod| sim.machines().any(|machine| machine.holds_unready(pod.meta.uid));
    sim.tables().pods().any(|pod| holds(sim, pod) && !holds(&world.sim, pod))
}

fn is_supplied(_: &Sim, world: &World) -> bool {
    let supplied = |one: &Assumed| {
        matches!(
            one,
            Assumed::Set { .. }
                | Assumed::ReplicaSet { .. }
                | Assumed::Owner { .. }
                | Assumed::Claims
                | Assumed::Volumes
                | Assumed::References
        )
    };
    world.assumed.iter().any(supplied)
}

fn is_supposed(sim: &Sim, world: &World) -> bool {
    images(sim).iter().any(|image| {
        let (does, supposed) = (sim.images().behaviour(image), world.sim.images().behaviour(image));
        supposed != SEEN && supposed != Behaviour { opaque: true, ..does }
    })
}

fn has_quota(sim: &Sim, _: &World) -> bool {
    sim.tables().all(Kind::ResourceQuota).next().is_some()
}

fn is_left_behind(sim: &Sim, _: &World) -> bool {
    let owner = |object: &Object| {
        let of = object.meta().controller()?;
        sim.tables().find(of.kind?, &object.meta().namespace, &of.name).filter(|owner| owner.meta().terminating()).map(|_| ())
    };
    sim.tables().all(Kind::ControllerRevision).any(|revision| owner(revision).is_some())
}

fn is_unheard(sim: &Sim, _: &World) -> bool {
    sim.tables().stateful_sets().any(|set| {
        let revision = &set.status.update_revision;
        let waits = sim.decisions().by(&set.key(), Component::StatefulSet);
        waits.is_some_and(|entry| matches!(entry.decision.because, Reason::StaleClaim { .. }))
            || sim.tables().find(Kind::ControllerRevision, &set.meta.namespace, revision).is_none()
    })
}

fn is_crashing(sim: &Sim, _: &World) -> bool {
    images(sim).iter().any(|image| sim.images().behaviour(image).crashes)
}

/// Whether something is a Job or a pod whose process ends by itself.
fn ends(kind: Kind, value: &Value) -> bool {
    kind == Kind::Job || kind == Kind::Pod && value.text_at(&["spec", "restartPolicy"]) != Some("Always")
}

/// The objects, by their keys, as a client sees them.
fn objects(sim: &Sim) -> BTreeMap<String, (Kind, Value)> {
    let kinds = sim.tables().kinds().filter(|kind| *kind != Kind::Event);
    let shown = |object: &Object| {
        let mut value = object.encode();
        remove(&mut value, &|member| NOT_KEPT.iter().any(|(name, _)| *name == member));
        (object.key().to_string(), (object.kind(), value))
    };
    kinds.flat_map(|kind| sim.tables().all(kind).map(shown).collect::<Vec<_>>()).collect()
}

/// Removes members wherever they are, and maps that are empty then.
fn remove(value: &mut Value, goes: &dyn Fn(&str) -> bool) {
    match value {
        Value::List(_) => value.make_list().iter_mut().for_each(|one| remove(one, goes)),
        Value::Map(_) => {
            let names: Vec<String> = value.members().map(|(name, _)| name.to_string()).collect();
            for name in names {
                let Some(member) = value.make_map().get_mut(&name) else { continue };
                let was_empty = member.as_map().is_some_and(Map::is_empty);
                remove(member, goes);
                if goes(&name) || !was_empty && member.as_map().is_some_and(Map::is_empty) {
                    value.remove(&[&name]);
                }
            }
        }
        _ => {}
    }
}

/// Writes texts anew, but for the members whose texts the import leaves alone.
fn rewrite(value: &mut Value, stays: &[&str], write: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Text(text) => {
            if let Some(new) = write(text) {
                *value = new.into();
            }
        }
        Value::List(_) => value.make_list().iter_mut().for_each(|one| rewrite(one, stays, write)),
        Value::Map(_) => {
            let members = value.make_map().iter_mut().filter(|(name, _)| !stays.contains(&&***name));
            members.for_each(|(_, member)| rewrite(member, stays, write));
        }
        _ => {}
    }
}

/// Sorts all lists.
fn sort(value: &mut Value) {
    match value {
        Value::List(_) => {
            let mut list = value.make_list().clone();
            list.iter_mut().for_each(sort);
            list.sort_by_cached_key(Value::to_json);
            *value = Value::list(list);
        }
        Value::Map(_) => value.make_map().iter_mut().for_each(|(_, member)| sort(member)),
        _ => {}
    }
}

/// The images of all containers and templates.
fn images(sim: &Sim) -> BTreeSet<Name> {
    fn within(value: &Value, all: &mut BTreeSet<Name>) {
        all.extend(value.get("image").and_then(Value::as_shared_text));
        value.members().for_each(|(_, member)| within(member, all));
        value.as_list().into_iter().flatten().for_each(|one| within(one, all));
    }
    let mut all = BTreeSet::new();
    for (_, value) in objects(sim).values() {
        within(value, &mut all);
    }
    all
}

/// Where a uid stands in a text.
fn uid_in(text: &str) -> Option<usize> {
    let fits = |(at, byte): (usize, &u8)| if [8, 13, 18, 23].contains(&at) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.as_bytes().windows(36).position(|part| part.iter().enumerate().all(fits))
}

/// The objects of a future, without what a dump cannot foretell; those that differ in no more than generated names, under one key.
fn future(sim: &Sim) -> BTreeMap<String, Vec<String>> {
    let generated = |object: &Object| {
        let (name, start) = (object.meta().name.to_string(), object.meta().generate_name.clone()?);
        (name.strip_prefix(&*start)?.len() == SUFFIX).then(|| (name, format!("{start}*")))
    };
    let names: Vec<_> = sim.tables().kinds().flat_map(|kind| sim.tables().all(kind).filter_map(generated).collect::<Vec<_>>()).collect();
    let plain = |text: &str| {
        if Time::parse_rfc3339(text).is_some() {
            return Some("a time".to_owned());
        }
        let mut new = names.iter().fold(text.to_owned(), |text, (name, start)| text.replace(name, start));
        while let Some(at) = uid_in(&new) {
            new.replace_range(at..at + 36, "*");
        }
        let token = new.find("kube-api-access-").map_or(new.len(), |at| at + "kube-api-access-".len());
        new.truncate(token);
        (new != text).then_some(new)
    };
    let mut all = BTreeMap::<String, Vec<String>>::new();
    // How far the process of a Job has got is not shown.
    for (key, (kind, mut value)) in objects(sim).into_iter().filter(|(_, (kind, value))| !ends(*kind, value)) {
        let name = kind.info().name;
        remove(&mut value, &|member| NOT_FORETOLD.iter().any(|(of, out, _)| (of.is_empty() || *of == name) && *out == member));
        for (_, path, _) in LEFT_OUT.iter().filter(|(of, ..)| *of == name) {
            value.remove(path);
        }
        rewrite(&mut value, &[], &plain);
        sort(&mut value);
        let key = if value.text_at(&["metadata", "name"]).is_none() { name.to_owned() } else { plain(&key).unwrap_or(key) };
        all.entry(key).or_default().push(value.to_json());
    }
    for list in all.values_mut() {
        list.sort();
    }
    all
}

/// In which order the pods of each set come and go from a write on.
fn order(sim: &Sim, from: usize) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for change in sim.log().from(from).filter(|change| change.key.kind == Kind::Pod) {
        let (sign, pod) = match (&change.before, &change.after) {
            (None, Some(pod)) => ('+', pod),
            (Some(pod), None) => ('-', pod),
            _ => continue,
        };
        if let Some(set) = pod.meta().controller().filter(|owner| owner.kind == Some(Kind::StatefulSet)) {
            all.entry(set.name.to_string()).or_default().push(format!("{sign}{}", change.key.name));
        }
    }
    all
}

/// What two maps have under the same keys and differently.
fn differences<T: PartialEq + std::fmt::Debug>(of: &str, was: &BTreeMap<String, T>, is: &BTreeMap<String, T>) -> Vec<String> {
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differ = keys.into_iter().filter(|key| was.get(*key) != is.get(*key));
    differ.map(|key| format!("{of}: {key}: {:?} became {:?}", was.get(key), is.get(key))).collect()
}

/// What came of one comparison.
struct Compared {
    /// What is hidden in the cluster that was printed.
    aside: Option<&'static str>,
    now: Vec<String>,
    later: Vec<String>,
}

/// Compares a random cluster with its copy; `None` where stand-ins play the nodes.
fn compared(seed: u64, at_rest: bool) -> Option<Compared> {
    let draw = mix(seed);
    let release = if seed.is_multiple_of(3) { &V1_36 } else { &V1_37 };
    let rest = if at_rest { RESTS } else { Span(mix(draw) % SOON) };
    let cast = WorkloadMix::ALL[usize::from(seed.is_multiple_of(2))];
    let mut sim = cluster(cast, seed, 5 + draw % OPERATIONS, rest, release)?;
    let mut world = World::of(Dump::read([&*super::dump(&sim)]));
    let aside = HIDDEN.iter().find(|(_, holds)| holds(&sim, &world)).map(|(what, _)| *what);
    let (was, mut is) = (objects(&sim), objects(&world.sim));
    let back = |text: &str| {
        let at = Time::parse_rfc3339(text)?;
        Some(Time(u64::try_from(i64::try_from(at.0).ok()? - world.dump.moved * 1000).ok()?).rfc3339())
    };
    for (_, value) in is.values_mut() {
        rewrite(value, &["annotations", "labels", "data", "template"], &back);
    }
    let mut now = differences("now", &was, &is);
    now.extend(world.dump.unread.iter().map(|line| format!("not read: {line:?}")));
    if !at_rest {
        // What an image does is known once a container of it has run for a while.
        for image in images(&sim).into_iter().filter(|image| world.sim.images().behaviour(image) == SEEN).collect::<Vec<_>>() {
            world.sim.images_mut().tell(&image, Behaviour { opaque: true, ..sim.images().behaviour(&image) });
        }
    }
    let written = [sim.log().len(), world.sim.log().len()];
    for sim in [&mut sim, &mut world.sim] {
        sim.run_until(sim.now() + GOES_ON);
    }
    let mut later = differences("later", &future(&sim), &future(&world.sim));
    later.extend(differences("order", &order(&sim, written[0]), &order(&world.sim, written[1])));
    Some(Compared { aside, now, later })
}

#[test]
fn an_imported_cluster_is_the_same_and_has_the_same_future() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("ORDINAL_FUZZ_SEED").unwrap_or(1);
    let until = number("ORDINAL_FUZZ_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut wrong = Vec::new();
    for at_rest in [true, false] {
        let (mut runs, mut same, mut future) = (0, 0, 0);
        let mut asides = BTreeMap::<&str, usize>::new();
        let half = until.map(|until| if at_rest { Instant::now() + (until - Instant::now()) / 2 } else { until });
        for seed in (first..).take_while(|seed| half.map_or(*seed < first + SEEDS, |half| Instant::now() < half)) {
            let Some(compared) = compared(seed, at_rest) else { continue };
            runs += 1;
            same += usize::from(compared.now.is_empty());
            let differs = !(compared.now.is_empty() && compared.later.is_empty());
            future += usize::from(!differs);
            match compared.aside.filter(|_| differs) {
                Some(what) => *asides.entry(what).or_default() += 1,
                None => {
                    wrong.extend(compared.now.iter().chain(&compared.later).map(|line| format!("seed {seed}, at rest {at_rest}: {line}")));
                }
            }
        }
        let state = if at_rest { "at rest" } else { "under way" };
        println!("{runs} clusters {state}: {same} have the same objects, {future} the same future; of the others {asides:?}");
        let set_aside: usize = asides.values().sum();
        assert!(runs > 0 && set_aside * 4 <= runs, "{set_aside} of {runs} clusters {state} are set aside");
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
