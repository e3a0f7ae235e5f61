//! Histories in which a law is broken: true ones of a small run, with one thing changed.

use std::collections::BTreeSet;
use std::rc::Rc;

use ordinal::api::client::{Client, DeleteOptions, WriteOptions};
use ordinal::api::controller::Controller;
use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, ContainerState, READY};
use ordinal::api::object::stateful_set::StatefulSetStatus;
use ordinal::api::object::storage::Attachment;
use ordinal::api::object::{Deletion, Name, Object, ObjectKey, Pod, PodPhase, Uid};
use ordinal::api::release::{Release, V1_37, V1_38};
use ordinal::api::well_known::CONTROLLER_REVISION_HASH;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::cluster::runtime::Happening;
use ordinal::control::cache::Cache;
use ordinal::control::plan::{Plan, StatusChange, StatusWrite, Step};
use ordinal::server::log::{Actor, Change};
use ordinal::server::request::Request;
use ordinal::server::tables::Tables;
use ordinal::sim::process::Processes;
use ordinal::sim::{Setup, Sim};
use rig::law::change::History;
use rig::law::process::{hear, see};
use rig::law::rest::World;
use rig::law::{Law, Laws, Violation, declared, plan};

const SET: &str = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"serviceName":"web","template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"app:1","name":"app"}]}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}"#;
const SERVICE: &str = r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"clusterIP":"None","selector":{"app":"web"},"ports":[{"port":80}]}}"#;

/// A set of two pods that has come up.
fn settled() -> Sim {
    let mut sim = Sim::new(&Setup::default());
    for (kind, text) in [(Kind::Service, SERVICE), (Kind::StatefulSet, SET)] {
        let object: Value = serde_json::from_str(text).unwrap();
        sim.create(kind, "default", &object, &WriteOptions::default()).unwrap();
    }
    sim.run_until(Time(60_000));
    sim
}

fn log(sim: &Sim) -> Vec<Change> {
    sim.log().from(0).cloned().collect()
}

fn broken(result: Result<(), Violation>) -> Option<Law> {
    result.err().map(|v| v.law)
}

/// What the laws of writes say of a history.
fn judged(sim: &Sim, history: &[Change]) -> Option<Law> {
    let mut seen = History::default();
    for change in history {
        seen.note(change);
    }
    broken(history.iter().try_for_each(|c| seen.judge(c, sim.tables())))
}

/// The true history, with one more write that a function makes of the last write of an object.
fn with(kind: Kind, name: &str, change: impl Fn(&mut Change)) -> Option<Law> {
    let sim = settled();
    let mut history = log(&sim);
    let mut added = history.iter().rev().find(|c| c.key.kind == kind && c.key.name.starts_with(name)).unwrap().clone();
    added.revision = history.last().unwrap().revision + 1;
    added.at = sim.now();
    added.before = sim.tables().get(&added.key).cloned();
    added.after.clone_from(&added.before);
    change(&mut added);
    if let Some(after) = &mut added.after {
        after.meta_mut().revision = added.revision;
    }
    history.push(added);
    judged(&sim, &history)
}

fn pod(change: &mut Change, edit: impl Fn(&mut Pod)) {
    let Some(Object::Pod(pod)) = &mut change.after else { panic!("a pod") };
    edit(Rc::make_mut(pod));
}

#[test]
fn a_true_history_breaks_no_law() {
    let sim = settled();
    assert_eq!(judged(&sim, &log(&sim)), None);
    assert_eq!(broken(Laws::default().look(&sim)), None);
    assert_eq!(broken(declared::judge_sets(&sim)), None);
    assert_eq!(broken(declared::judge_quiet(&sim, Time(30_000))), None);
}

#[test]
fn a_write_that_breaks_a_law_is_found() {
    let sim = settled();
    let mut twice = log(&sim);
    twice.push(twice.last().unwrap().clone());
    assert_eq!(judged(&sim, &twice), Some(Law::RevisionsIncrease));
    assert_eq!(with(Kind::Pod, "web-0", |c| c.before = None), Some(Law::OneObjectPerIdentity));
    assert_eq!(with(Kind::PersistentVolumeClaim, "data", |c| c.after = None), Some(Law::FinalizersHold));
    let back = |c: &mut Change| c.before.as_mut().unwrap().meta_mut().deletion = Some(Deletion { at: c.at, grace: 0 });
    assert_eq!(with(Kind::PersistentVolume, "pvc", back), Some(Law::DeletionIsForGood));
    let nobody = |c: &mut Change| (c.after, c.by) = (None, Actor::Scheduler);
    assert_eq!(with(Kind::Pod, "web-0", nobody), Some(Law::NothingUnasked));
    let collected = |c: &mut Change| (c.after, c.by) = (None, Actor::Controller(Controller::GarbageCollector));
    assert_eq!(with(Kind::Pod, "web-0", collected), Some(Law::NothingUnasked));
    let moved = |c: &mut Change| pod(c, |p| p.node = Some("elsewhere".into()));
    assert_eq!(with(Kind::Pod, "web-0", moved), Some(Law::PodsDoNotTurnBack));
    let succeeds = |by: Actor| {
        move |c: &mut Change| {
            let Some(Object::Pod(before)) = &mut c.before else { panic!("a pod") };
            Rc::make_mut(before).status.phase = PodPhase::Failed;
            pod(c, |p| p.status.phase = PodPhase::Succeeded);
            c.by = by.clone();
        }
    };
    let collector = Actor::Controller(Controller::GarbageCollector);
    assert_eq!(with(Kind::Pod, "web-0", succeeds(collector)), Some(Law::PodsDoNotTurnBack));
    assert_ne!(with(Kind::Pod, "web-0", succeeds(Actor::Kubelet("node-1".into()))), Some(Law::PodsDoNotTurnBack));
    let told = |c: &mut Change| {
        c.by = Actor::Kubelet("elsewhere".into());
        pod(c, |p| p.status.containers[0].state = ContainerState::Waiting { reason: "x".into(), message: "".into() });
    };
    assert_eq!(with(Kind::Pod, "web-0", told), Some(Law::KubeletsSpeakForTheirPods));
    let rebound = |c: &mut Change| {
        let Some(Object::Claim(claim)) = &mut c.after else { panic!("a claim") };
        Rc::make_mut(claim).spec.set(&["volumeName"], "other");
    };
    assert_eq!(with(Kind::PersistentVolumeClaim, "data", rebound), Some(Law::ClaimsKeepTheirVolume));
    let mut attached = log(&sim);
    let volume = sim.tables().volumes().next().unwrap();
    for node in ["node-1", "node-2"] {
        let mut object = Object::from(Attachment::wish(volume, &node.into()));
        let revision = attached.last().unwrap().revision + 1;
        (object.meta_mut().revision, object.meta_mut().uid) = (revision, Uid::from_bits(revision << 8));
        let (key, by) = (object.key(), Actor::Controller(Controller::AttachDetach));
        attached.push(Change { revision, at: sim.now(), key, before: None, after: Some(object), by, signed: None });
    }
    assert_eq!(judged(&sim, &attached), Some(Law::OneNodePerVolume));
    let mut mixed = log(&sim);
    for change in mixed.iter_mut().filter(|c| &*c.key.name == "web-1" && c.after.is_some() && c.key.kind == Kind::Pod) {
        pod(change, |p| Rc::make_mut(&mut p.spec).claims[0].claim = "data-web-0".into());
    }
    assert_eq!(judged(&sim, &mixed), Some(Law::ClaimsKeepTheirOrdinal));
}

/// What a sync sees of the settled set, to be changed, and the status that is true of it.
struct Seen {
    cache: Cache,
    status: StatefulSetStatus,
}

impl Seen {
    fn settled() -> Self {
        let cache = settled().cache().clone();
        let status = cache.tables.stateful_set("default", "web").unwrap().status.clone();
        Seen { cache, status }
    }

    /// The same of a set whose spec differs.
    fn with_spec(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        let mut set = self.cache.tables.stateful_set("default", "web").unwrap().clone();
        Rc::make_mut(&mut set).spec.edit(edit);
        self.cache.tables.insert(set.into());
        self
    }

    /// The same with a newer revision than that of the pods.
    fn with_update(mut self) -> Self {
        let mut revision = (**self.cache.tables.revision("default", &self.status.update_revision).unwrap()).clone();
        revision.meta.name = "web-new".into();
        (self.status.update_revision, self.status.updated) = (Rc::clone(&revision.meta.name), 0);
        self.cache.tables.insert(revision.into());
        self
    }

    fn without_pod(mut self, name: &str) -> Self {
        self.cache.tables.remove(&pod_key(name)).unwrap();
        self
    }

    fn with_pod(mut self, name: &str, edit: impl Fn(&mut Pod)) -> Self {
        let mut pod = (**self.cache.tables.pod("default", name).unwrap()).clone();
        edit(&mut pod);
        self.cache.tables.insert(pod.into());
        self
    }

    /// What the laws say of a plan that sends these requests and writes the status.
    fn planned(&self, requests: Vec<Request>) -> Option<Law> {
        self.planned_on(&V1_37, requests)
    }

    fn planned_on(&self, release: &'static Release, requests: Vec<Request>) -> Option<Law> {
        let key = ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into());
        let set = self.cache.tables.stateful_set("default", "web").unwrap();
        let change = StatusChange::StatefulSet { seen: set.status.clone(), wanted: self.status.clone() };
        let status = Some(StatusWrite { key: key.clone(), uid: set.meta.uid, change });
        let batches = requests.into_iter().map(|r| vec![vec![Step::new(r)]]).collect();
        let sight = plan::LawContext { cache: &self.cache, now: Time(60_000), release };
        broken(plan::judge(&sight, &key, &Plan { batches, status, ..Plan::default() }))
    }

    /// The same for one that deletes pods.
    fn deleting(&self, pods: &[&str]) -> Option<Law> {
        self.planned(pods.iter().map(|name| delete(Kind::Pod, name)).collect())
    }
}

fn pod_key(name: &str) -> ObjectKey {
    ObjectKey::new(Kind::Pod, &"default".into(), &name.into())
}

fn delete(kind: Kind, name: &str) -> Request {
    Request::Delete(ObjectKey::new(kind, &"default".into(), &Name::from(name)), DeleteOptions::default())
}

#[test]
fn a_plan_that_breaks_a_law_is_found() {
    let seen = Seen::settled();
    let named = |name: &str| {
        let mut pod = (**seen.cache.tables.pod("default", "web-0").unwrap()).clone();
        pod.meta.name = name.into();
        pod
    };
    let create = |name: &str| vec![Request::Create(named(name).into())];
    assert_eq!(seen.planned(Vec::new()), None);
    assert_eq!(seen.planned(create("web-2")), Some(Law::CreatedInOrder));
    assert_eq!(seen.planned(create("web-0")), Some(Law::CreatedInOrder));
    assert_eq!(Seen::settled().without_pod("web-0").without_pod("web-1").planned(create("web-1")), Some(Law::CreatedInOrder));
    assert_eq!(seen.planned(vec![delete(Kind::PersistentVolumeClaim, "data-web-0")]), Some(Law::ControllerDeletesNoClaims));
    assert_eq!(seen.deleting(&["other-0"]), Some(Law::NothingUnasked));
    assert_eq!(seen.deleting(&["web-1"]), Some(Law::NothingUnasked), "it is of the revision already");
    assert_eq!(seen.planned(vec![delete(Kind::ControllerRevision, &seen.status.current_revision)]), Some(Law::HistoryIsKept));
}

#[test]
fn a_pod_of_a_wrong_revision_is_found() {
    let seen = Seen::settled().without_pod("web-1");
    let mut right = (**settled().tables().pod("default", "web-0").unwrap()).clone();
    right.meta.name = "web-1".into();
    let create = |edit: &dyn Fn(&mut Pod)| {
        let mut pod = right.clone();
        edit(&mut pod);
        seen.planned(vec![Request::Create(pod.into())])
    };
    let other = |pod: &mut Pod| drop(Rc::make_mut(&mut pod.meta.labels).insert(CONTROLLER_REVISION_HASH.into(), "web-old".into()));
    assert_eq!(create(&other), Some(Law::RevisionOfOrdinal));
    let changed = |pod: &mut Pod| Rc::make_mut(&mut pod.spec).template.set(&["spec", "terminationGracePeriodSeconds"], 1);
    assert_eq!(create(&changed), Some(Law::RevisionOfOrdinal));
    assert_eq!(seen.with_update().planned(vec![Request::Create(right.into())]), Some(Law::RevisionOfOrdinal));
}

#[test]
fn a_removal_out_of_order_is_found() {
    let none = || Seen::settled().with_spec(|spec| spec.set(&["replicas"], 0));
    let one = || Seen::settled().with_spec(|spec| spec.set(&["replicas"], 1));
    assert_eq!(none().deleting(&["web-1"]), None);
    assert_eq!(none().deleting(&["web-0"]), Some(Law::RemovedInOrder), "web-1 is above");
    assert_eq!(none().deleting(&["web-1", "web-0"]), Some(Law::RemovedInOrder), "two at once");
    let parallel = none().with_spec(|spec| spec.set(&["podManagementPolicy"], "Parallel"));
    assert_eq!(parallel.deleting(&["web-1", "web-0"]), None);
    assert_eq!(parallel.deleting(&["web-0", "web-1"]), Some(Law::RemovedInOrder), "from below");
    assert_eq!(one().deleting(&["web-1"]), None);
    assert_eq!(one().with_pod("web-0", unready).deleting(&["web-1"]), Some(Law::RemovedInOrder), "web-0 is not available");
}

#[test]
fn an_update_out_of_order_is_found() {
    let update = || Seen::settled().with_update();
    assert_eq!(update().deleting(&["web-1"]), None);
    assert_eq!(update().deleting(&["web-0"]), Some(Law::UpdatedInOrder), "web-1 comes first");
    assert_eq!(update().deleting(&["web-1", "web-0"]), Some(Law::UpdatedInOrder), "two at once");
    assert_eq!(update().with_pod("web-0", unready).deleting(&["web-1"]), Some(Law::UpdatedInOrder), "web-0 is not available");
    let parted = |spec: &mut Value| spec.set(&["updateStrategy", "rollingUpdate", "partition"], 1);
    assert_eq!(update().with_spec(parted).deleting(&["web-0"]), Some(Law::UpdatedInOrder), "it is below the partition");
    let by_hand = |spec: &mut Value| spec.set(&["updateStrategy"], Value::of([("type", "OnDelete")]));
    assert_eq!(update().with_spec(by_hand).deleting(&["web-1"]), Some(Law::NothingUnasked));
    let parallel = || update().with_spec(|spec| spec.set(&["podManagementPolicy"], "Parallel"));
    assert_eq!(parallel().deleting(&["web-1"]), None);
    assert_eq!(parallel().deleting(&["web-1", "web-0"]), Some(Law::UpdatedInOrder), "two that are available");
    assert_eq!(parallel().with_pod("web-0", unready).deleting(&["web-1"]), Some(Law::UpdatedInOrder), "web-0 is not available");
}

#[test]
fn a_pod_that_is_made_and_updated_in_one_sync_is_the_sets_own() {
    let by_count = |spec: &mut Value| {
        spec.set(&["podManagementPolicy"], "Parallel");
        spec.set(&["updateStrategy"], Value::of([("type", "RollingUpdate")]));
    };
    let old = (**settled().tables().pod("default", "web-1").unwrap()).clone();
    let mut seen = Seen::settled().with_update().with_spec(by_count).without_pod("web-1");
    (seen.status.replicas, seen.status.ready, seen.status.available) = (1, 1, 1);
    let [create, delete] = [Request::Create(old.into()), delete(Kind::Pod, "web-1")];
    assert_eq!(seen.planned(vec![create.clone(), delete.clone()]), None);
    assert_eq!(seen.planned(vec![delete.clone(), create]), Some(Law::NothingUnasked));
    assert_eq!(seen.planned(vec![delete]), Some(Law::NothingUnasked));
}

#[test]
fn a_recreation_that_leaves_an_old_pod_or_makes_a_new_one_too_early_is_found() {
    let recreated = |spec: &mut Value| spec.set(&["updateStrategy"], Value::of([("type", "Recreate")]));
    let update = || Seen::settled().with_update().with_spec(recreated);
    let deleting = |seen: &Seen, pods: &[&str]| seen.planned_on(&V1_38, pods.iter().map(|name| delete(Kind::Pod, name)).collect());
    assert_eq!(deleting(&update(), &["web-0", "web-1"]), None);
    assert_eq!(deleting(&update(), &["web-1"]), Some(Law::RecreateWaits), "web-0 stays");
    assert_eq!(deleting(&update(), &[]), Some(Law::RecreateWaits), "both stay");
    let ended = |pod: &mut Pod| pod.meta.deletion = Some(Deletion { at: Time(90_000), grace: 30 });
    let mut seen = update().with_pod("web-0", ended).with_pod("web-1", ended);
    assert_eq!(deleting(&seen, &[]), None, "both are on their way");
    // A set that is being deleted leaves its pods to the garbage collector.
    let mut set = update().cache.tables.stateful_set("default", "web").unwrap().clone();
    Rc::make_mut(&mut set).meta.deletion = Some(Deletion { at: Time(60_000), grace: 0 });
    seen = update();
    seen.cache.tables.insert(set.into());
    assert_eq!(deleting(&seen, &[]), None);
    assert_eq!(deleting(&seen, &["web-0", "web-1"]), Some(Law::NothingUnasked));
    // A new pod waits for those of the old revision.
    let mut seen = update().without_pod("web-1");
    (seen.status.replicas, seen.status.ready, seen.status.available) = (1, 1, 1);
    let mut new = (**settled().tables().pod("default", "web-1").unwrap()).clone();
    Rc::make_mut(&mut new.meta.labels).insert(CONTROLLER_REVISION_HASH.into(), Rc::clone(&seen.status.update_revision));
    assert_eq!(seen.planned_on(&V1_38, vec![Request::Create(new.into())]), Some(Law::RecreateWaits));
}

#[test]
fn a_status_that_was_not_seen_is_found() {
    let wrong: [fn(&mut StatefulSetStatus); 5] =
        [|s| s.replicas += 1, |s| s.ready -= 1, |s| s.available = 0, |s| s.updated += 1, |s| s.observed_generation = 0];
    for spoil in wrong {
        let mut seen = Seen::settled();
        spoil(&mut seen.status);
        assert_eq!(seen.planned(Vec::new()), Some(Law::StatusIsWhatWasSeen), "{:?}", seen.status);
    }
}

fn unready(pod: &mut Pod) {
    pod.set_condition(Condition::new(READY, false, Time(59_000)));
}

/// Whoever adds a law adds a history here, or among the workloads, that breaks it.
#[test]
fn every_law_is_seen_to_fail() {
    let text = include_str!("../rig/law/named.rs").split_once("pub enum Law {").expect("the laws").1;
    let laws: Vec<&str> = text.lines().take_while(|line| *line != "}").filter_map(|line| line.trim().strip_suffix(',')).collect();
    assert_eq!(laws.last(), Some(&"DeclaredIsReached"));
    let here = concat!(include_str!("broken.rs"), include_str!("workloads.rs"));
    let unseen: Vec<&str> = laws.into_iter().filter(|law| !here.contains(&format!("Some(Law::{law})"))).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn a_process_that_breaks_a_law_is_found() {
    let sim = settled();
    let mut known = Processes::default();
    log(&sim).iter().try_for_each(|c| see(&mut known, c)).unwrap();
    let started = sim.runtime().iter().find(|e| matches!(e.what, Happening::Started(_))).unwrap();
    assert_eq!(broken(hear(&mut known.clone(), started)), None);
    let mut astray = started.clone();
    if let Happening::Started(process) = &mut astray.what {
        process.node = "elsewhere".into();
    }
    assert_eq!(broken(hear(&mut known.clone(), &astray)), Some(Law::ProcessesRunWhereBound));
    hear(&mut known, started).unwrap();
    let Happening::Started(process) = &started.what else { unreachable!() };
    let mut gone = log(&sim).into_iter().rfind(|c| c.key.kind == Kind::Pod && c.key.name == process.pod).unwrap();
    (gone.before, gone.after, gone.by) = (gone.after.clone(), None, Actor::Scheduler);
    assert_eq!(broken(see(&mut known.clone(), &gone)), Some(Law::BoundPodsAreConfirmed));
    // Another pod of the same name comes, and starts while the older one runs.
    let (mut new, uid) = (gone.clone(), Uid::from_bits(1 << 20));
    (new.before, new.after) = (None, gone.before.clone());
    new.after.as_mut().unwrap().meta_mut().uid = uid;
    see(&mut known, &new).unwrap();
    let mut second = started.clone();
    if let Happening::Started(process) = &mut second.what {
        process.uid = uid;
    }
    assert_eq!(broken(hear(&mut known, &second)), Some(Law::OneProcessPerIdentity));
}

/// What the laws of the world at rest say after one object was changed, or taken out, in the store alone.
fn at_rest(
    kind: Kind,
    name: &str,
    change: impl Fn(Object) -> Option<Object>,
    law: impl Fn(&World) -> Result<(), Violation>,
) -> Option<Law> {
    let sim = settled();
    let mut tables: Tables = sim.tables().clone();
    let found = tables.all(kind).find(|o| o.meta().name.starts_with(name)).unwrap().clone();
    tables.remove(&found.key());
    if let Some(object) = change(found) {
        tables.insert(object);
    }
    broken(law(&World { now: sim.now(), tables: &tables, cache: sim.cache(), release: sim.release() }))
}

#[test]
#[expect(clippy::redundant_closure_for_method_calls, reason = "a method's name is not general enough for any lifetime")]
fn a_world_at_rest_that_breaks_a_law_is_found() {
    let nothing = BTreeSet::new();
    let gone = |_: Object| None;
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_cache()), Some(Law::CachesFollow));
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_sets(&nothing)), Some(Law::StatusIsTrue));
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_services(&nothing)), Some(Law::EndpointsAreTrue));
    let looked_at_again = BTreeSet::from([ObjectKey::new(Kind::Service, &"default".into(), &"web".into())]);
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_services(&looked_at_again)), None);
    assert_eq!(at_rest(Kind::PersistentVolume, "pvc", gone, |w| w.judge_storage(&nothing)), Some(Law::BindingsAgree));
    assert_eq!(at_rest(Kind::StatefulSet, "web", gone, |w| w.judge_owners()), Some(Law::NothingIsLeftBehind));
    let sim = settled();
    let holds_on = |w: &World| sim.machines().try_for_each(|m| w.judge_machine(m, &BTreeSet::new()));
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, holds_on), Some(Law::KubeletsAgree));
}

#[test]
fn a_world_that_does_not_come_to_what_was_declared_is_found() {
    let mut sim = settled();
    assert_eq!(broken(declared::judge_quiet(&sim, Time(0))), Some(Law::Settles));
    sim.delete(Kind::Pod, "default", "web-0", &DeleteOptions::default()).unwrap();
    assert_eq!(broken(declared::judge_sets(&sim)), Some(Law::DeclaredIsReached));
}
