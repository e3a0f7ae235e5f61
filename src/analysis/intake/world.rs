//! Objects to a world: what is there goes in as it is; what must be there and is not is assumed, and said.

use std::rc::Rc;

use super::attached;
use super::disks::NO_PROVISIONER;
use super::dump::Dump;
use super::manifest::complete;
use super::owner;
use super::seen;
use super::supplied::supply;
use api::kind::Kind;
use api::object::meta::Name;
use api::object::storage::{PROVISIONED_BY, SELECTED_NODE, STORAGE_PROVISIONER, STORAGE_PROVISIONER_BETA};
use api::object::{Object, ObjectKey};
use api::release::{Release, V1_36, V1_37};
use base::dice::mix;
use base::slices::{Slices, whole};
use base::sort::Sort;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use base::value::Value;
use cluster::timing::Timing;
use console::experiment::Bounds;
use control::namespace_objects;
use server::ingest;
use sim::{Fault, Setup, Sim};
use text::diagnose::Owner;
pub use text::diagnose::{Assumed, Unread};

/// For so long the world runs until whatever ends by itself has ended.
pub const SETTLES: Span = Bounds::CURE.span;
/// For so long it runs until every component has decided about what it found.
pub const LOOKS: Span = Span::seconds(30);

/// How long after it was asked a provisioner that runs has said something.
const PROVISIONER_SPEAKS: Span = Span::seconds(10);

/// The most events that a world is run for at one go.
pub const MOST_STEPS: u64 = Bounds::CURE.events;
/// How many of them happen between two looks at whether a slice is over.
const STEPS_BETWEEN_LOOKS: u64 = 32;
/// For so long at least a cluster stood still of which nobody pasted the Events.
const UNTOLD: Span = Span::seconds(120);

/// A world that stands where the pasted cluster stood.
#[derive(Clone, Debug)]
pub struct World {
    pub sim: Sim,
    /// What was pasted.
    pub dump: Dump,
    pub assumed: Vec<Assumed>,
    /// The instant that the paste shows.
    pub at: Time,
    /// The provisioners that do not run.
    pub absent: Vec<Name>,
    /// The sets that somebody else made, and who.
    pub owners: Vec<(ObjectKey, Owner)>,
    /// Whether it runs here, and all of it is known.
    pub is_live: bool,
    /// Whether cures are tried on copies of it.
    pub tries: bool,
    /// How the work on it is divided.
    pub slices: Slices,
    /// The kinds of which an object was pasted whole.
    kinds: SortedSet<Kind>,
    /// The kinds of which the text shows an object, if only as a row.
    shown: SortedSet<Kind>,
}

impl World {
    /// The world of a dump.
    pub fn of(dump: Dump) -> World {
        whole(World::made(dump, Slices::WHOLE))
    }

    /// The same in slices.
    pub(super) async fn made(mut dump: Dump, slices: Slices) -> World {
        let mut assumed = Vec::new();
        let release = release(&dump, &mut assumed);
        let mut at = dump.newest.unwrap_or(Time(0)).max(available(&dump));
        if dump.events.is_empty() {
            let passed = Assumed::TimePassed { span: UNTOLD.golang() };
            at += if dump.holds(passed, &mut assumed) { UNTOLD } else { Span(0) };
        }
        if dump.newest.is_none() {
            assumed.push(Assumed::NoTime);
        }
        if dump.placeless {
            assumed.push(Assumed::AnyNamespace);
        }
        if dump.undated {
            assumed.push(Assumed::AgesOnly { now: at.rfc3339() });
        }
        if dump.moved != 0 {
            assumed.push(Assumed::Moved);
        }
        let whole = |at: &usize| !dump.is_partly(*at);
        let kinds = (0..dump.objects.len()).filter(whole).map(|at| dump.objects[at].kind).collect();
        let shown = dump.objects.iter().map(|one| one.kind).collect();
        let owners = owner::owners(&dump);
        complete(&mut dump, release, &mut assumed);
        slices.rest().await;
        let seen = seen::images(&dump, at, &mut assumed);
        let mut unread = Vec::new();
        let mut objects: Vec<Object> = Vec::new();
        slices.rest().await;
        supply(&mut dump, &mut assumed);
        slices.rest().await;
        for printed in &dump.objects {
            slices.rest().await;
            match ingest::found(printed.kind, &printed.value, release, at) {
                Ok(object) => objects.push(object),
                Err(error) => unread.push(Unread::NoObject {
                    kind: printed.kind.info().name.into(),
                    name: called(&printed.value).into(),
                    error: error.message.clone(),
                }),
            }
        }
        attached::fill(&mut objects, dump.has(Kind::VolumeAttachment), release, at);
        certify(&mut objects);
        objects.sort_small_by_key(|object| object.meta().revision);
        slices.rest().await;
        let (provisioners, absent) = provisioners(&dump, at, &mut assumed);
        // A cluster that this very simulation printed has the uids that its seed gives: with the same seed, new objects would get them
        // again.
        let seed = objects.iter().fold(0, |seed, object| mix(seed ^ object.meta().uid.bits()));
        let setup = Setup { seed, release, timing: Timing::workstation(), ..Setup::default() };
        let mut sim = Sim::standing(&setup, at, objects, seen.images, provisioners);
        for (namespace, pod) in seen.unready {
            // A pod that has no machine here is not Ready for that.
            let _ = sim.fault(&Fault::PodUnready { namespace, pod });
        }
        dump.unread.extend(unread);
        World { sim, dump, assumed, at, absent, owners, is_live: false, tries: true, slices, kinds, shown }
    }

    /// The same, of which no copy is made to try cures.
    #[must_use]
    pub fn untried(self) -> World {
        World { tries: false, ..self }
    }

    /// The same, of which the work is divided.
    #[must_use]
    pub(super) fn in_slices(self, slices: Slices) -> World {
        World { slices, ..self }
    }

    /// A world that runs: nothing of it has to be assumed.
    pub fn live(sim: Sim) -> World {
        World {
            at: sim.now(),
            sim,
            dump: Dump::default(),
            assumed: Vec::new(),
            absent: Vec::new(),
            owners: Vec::new(),
            is_live: true,
            tries: true,
            slices: Slices::WHOLE,
            kinds: SortedSet::new(),
            shown: SortedSet::new(),
        }
    }

    /// The same world some time later; sooner, if so much happens that it never comes to rest.
    pub fn after(sim: &Sim, span: Span) -> Sim {
        whole(World::after_in(sim, span, Slices::WHOLE))
    }

    /// The same in slices.
    pub(super) async fn after_in(sim: &Sim, span: Span, slices: Slices) -> Sim {
        let mut sim = sim.clone();
        let (until, most) = (sim.now() + span, sim.steps() + MOST_STEPS);
        while sim.steps() < most && sim.next_time().is_some_and(|at| at <= until) && sim.step() {
            if sim.steps().is_multiple_of(STEPS_BETWEEN_LOOKS) {
                slices.rest().await;
            }
        }
        if sim.steps() < most {
            sim.run_until(until);
        }
        sim
    }

    /// Whether an object of a kind was pasted whole, or all were asked for and there is none.
    pub fn pasted(&self, kind: Kind) -> bool {
        self.is_live || self.kinds.contains(&kind) || self.dump.answers(kind)
    }

    /// Whether the text shows an object of a kind, if only as a row, or that there is none.
    pub fn shows(&self, kind: Kind) -> bool {
        self.is_live || self.shown.contains(&kind) || self.dump.answers(kind)
    }

    /// Whether any of some kinds could not be read.
    pub(super) fn withholds(&self, kinds: impl IntoIterator<Item = Kind>) -> bool {
        kinds.into_iter().any(|kind| self.dump.withholds(kind))
    }
}

/// Gives every namespace that stays its root certificate: nobody would write it anew because it was not pasted, or without its text.
fn certify(objects: &mut Vec<Object>) {
    let stays = |one: &&Object| one.kind() == Kind::Namespace && !one.meta().terminating();
    let spaces: Vec<Name> = objects.iter().filter(stays).map(|one| Rc::clone(&one.meta().name)).collect();
    let made = spaces.iter().flat_map(namespace_objects::objects).filter(|one| one.kind() == Kind::ConfigMap);
    for mut certificate in made.collect::<Vec<_>>() {
        match objects.iter_mut().find(|one| one.kind() == Kind::ConfigMap && one.key() == certificate.key()) {
            Some(pasted) => {
                *certificate.meta_mut() = pasted.meta().clone();
                *pasted = certificate;
            }
            None => objects.push(certificate),
        }
    }
}

/// The modelled release that is nearest to the cluster's. Servers fill in `maxUnavailable` of a set from 1.37 on. Kubelets may lag behind
/// their server: their versions count where nothing else tells.
fn release(dump: &Dump, assumed: &mut Vec<Assumed>) -> &'static Release {
    // Of a release that is not modelled, the nearest one.
    let modelled = |release: &&Release| minor(release.name);
    let nearest = |minor: i64| {
        let nearest = Release::ALL.into_iter().min_by_key(|release| modelled(release).map_or(i64::MAX, |own| (own - minor).abs()));
        nearest.unwrap_or(&V1_37)
    };
    if let Some(minor) = dump.server {
        let release = nearest(minor);
        if modelled(&release) != Some(minor) {
            assumed.push(Assumed::NearestRelease { release: release.name.into(), server: format!("1.{minor}").into() });
        }
        return release;
    }
    let rolling = || dump.of(Kind::StatefulSet).filter_map(|set| set.at(&["spec", "updateStrategy", "rollingUpdate"]));
    let kubelets = dump.of(Kind::Node).filter_map(|node| minor(node.text_at(&["status", "nodeInfo", "kubeletVersion"])?));
    match rolling().next() {
        None => {
            if let Some(kubelet) = kubelets.max().filter(|_| dump.mixed) {
                let release = nearest(kubelet);
                assumed.push(Assumed::KubeletRelease { release: release.name.into(), kubelet: format!("1.{kubelet}").into() });
                return release;
            }
            if dump.holds(Assumed::AnyRelease { release: V1_37.name.into() }, assumed) { &V1_37 } else { &V1_36 }
        }
        Some(_) if rolling().any(|rolling| rolling.get("maxUnavailable").is_some()) => &V1_37,
        Some(_) if dump.holds(Assumed::OldRelease { release: V1_36.name.into() }, assumed) => &V1_36,
        Some(_) => &V1_37,
    }
}

/// The minor version of a name such as `v1.33.2`.
fn minor(version: &str) -> Option<i64> {
    version.split('.').nth(1)?.parse().ok()
}

/// The earliest instant at which the pods of all sets count as available of which their status says so.
fn available(dump: &Dump) -> Time {
    let is_it = |set: &&Value| {
        set.int_at(&["status", "availableReplicas"]).is_some_and(|all| Some(all) == set.int_at(&["status", "readyReplicas"]))
    };
    let of_set = |set: &Value| {
        let wait = Span::of_seconds(set.int_at(&["spec", "minReadySeconds"]).unwrap_or(0));
        let own = |pod: &&Value| {
            pod.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.get("uid") == set.at(&["metadata", "uid"]))
        };
        let ready = dump.of(Kind::Pod).filter(own).flat_map(|pod| pod.list_at(&["status", "conditions"]));
        let ready = ready.filter(|one| one.text_at(&["type"]) == Some("Ready") && one.text_at(&["status"]) == Some("True"));
        ready.filter_map(|one| Time::parse_rfc3339(one.text_at(&["lastTransitionTime"])?)).map(|since| since + wait).max()
    };
    dump.of(Kind::StatefulSet).filter(is_it).filter_map(of_set).max().unwrap_or_default()
}

fn called(value: &Value) -> String {
    let text = |key: &str| value.text_at(&["metadata", key]).unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name")).trim_start_matches('/').to_owned()
}

/// The provisioners that run, and those that do not: the ones that were asked for a volume, and have not said a word.
fn provisioners(dump: &Dump, now: Time, assumed: &mut Vec<Assumed>) -> (Vec<Name>, Vec<Name>) {
    let mut named: SortedSet<Name> = SortedSet::new();
    for class in dump.of(Kind::StorageClass) {
        named.extend(class.get("provisioner").and_then(Value::as_shared_text));
    }
    let note = |claim: &Value, key: &str| claim.at(&["metadata", "annotations", key]).and_then(Value::as_shared_text);
    let made: SortedSet<Name> = dump.of(Kind::PersistentVolume).filter_map(|volume| note(volume, PROVISIONED_BY)).collect();
    named.extend(made.iter().cloned());
    let spoke = |provisioner: &Name| dump.events.iter().any(|event| event.source.starts_with(&**provisioner));
    let waits = |provisioner: &Name| {
        dump.of(Kind::PersistentVolumeClaim).any(|claim| {
            let asked = [STORAGE_PROVISIONER, STORAGE_PROVISIONER_BETA].iter().any(|key| note(claim, key).as_ref() == Some(provisioner));
            let class = claim.text_at(&["spec", "storageClassName"]).unwrap_or_default();
            let is_lazy = dump.of(Kind::StorageClass).any(|one| {
                one.text_at(&["metadata", "name"]) == Some(class) && one.text_at(&["volumeBindingMode"]) == Some("WaitForFirstConsumer")
            });
            let created = claim.text_at(&["metadata", "creationTimestamp"]).and_then(Time::parse_rfc3339).unwrap_or(now);
            let pending = claim.text_at(&["status", "phase"]) == Some("Pending");
            let on_node = !is_lazy || note(claim, SELECTED_NODE).is_some();
            asked && pending && on_node && now.since(created) >= PROVISIONER_SPEAKS
        })
    };
    let is_absent = |name: &Name| waits(name) && !spoke(name) && !made.contains(name);
    let (absent, run): (Vec<Name>, Vec<Name>) = named.into_iter().filter(|name| **name != *NO_PROVISIONER).partition(is_absent);
    let (mut runs, mut does_not) = (Vec::new(), Vec::new());
    for name in absent {
        let holds = dump.holds(Assumed::ProvisionerAbsent { provisioner: Rc::clone(&name) }, assumed);
        if holds { does_not.push(name) } else { runs.push(name) }
    }
    for name in run {
        let holds = made.contains(&name) || dump.holds(Assumed::ProvisionerRuns { provisioner: Rc::clone(&name) }, assumed);
        if holds { runs.push(name) } else { does_not.push(name) }
    }
    (runs, does_not)
}
