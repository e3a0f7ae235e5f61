//! Histories in which a law is broken: true ones of a small run, with one thing changed.

use std::collections::BTreeSet;

use ordinal::api::client::{Client, DeleteOptions};
use ordinal::api::kind::Kind;
use ordinal::api::object::pod::ContainerState;
use ordinal::api::object::{Name, Object, ObjectKey, Uid};
use ordinal::api::release::V1_37;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::cluster::runtime::Happening;
use ordinal::control::cache::Cache;
use ordinal::control::plan::{Plan, Step};
use ordinal::server::log::{Actor, Change};
use ordinal::server::request::Request;
use ordinal::server::tables::Tables;
use ordinal::sim::law::change::History;
use ordinal::sim::law::process::Processes;
use ordinal::sim::law::rest::World;
use ordinal::sim::law::{Law, Laws, Violation, declared, plan};
use ordinal::sim::{Setup, Sim};

const SET: &str = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"serviceName":"web","template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"app:1","name":"app"}]}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}"#;
const SERVICE: &str = r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"clusterIP":"None","selector":{"app":"web"},"ports":[{"port":80}]}}"#;

/// A set of two pods that has come up.
fn settled() -> Sim {
    let mut sim = Sim::new(&Setup::default());
    for (kind, text) in [(Kind::Service, SERVICE), (Kind::StatefulSet, SET)] {
        let object: Value = serde_json::from_str(text).unwrap();
        sim.create(kind, "default", &object, false).unwrap();
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

fn pod(change: &mut Change, edit: impl Fn(&mut ordinal::api::object::Pod)) {
    let Some(Object::Pod(pod)) = &mut change.after else { panic!("a pod") };
    edit(std::rc::Rc::make_mut(pod));
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
    let nobody = |c: &mut Change| (c.after, c.by) = (None, Actor::Scheduler);
    assert_eq!(with(Kind::Pod, "web-0", nobody), Some(Law::NothingUnasked));
    let collected = |c: &mut Change| (c.after, c.by) = (None, Actor::Controller("garbage-collector"));
    assert_eq!(with(Kind::Pod, "web-0", collected), Some(Law::NothingUnasked));
    let moved = |c: &mut Change| pod(c, |p| p.node = Some("elsewhere".into()));
    assert_eq!(with(Kind::Pod, "web-0", moved), Some(Law::PodsDoNotTurnBack));
    let told = |c: &mut Change| {
        c.by = Actor::Kubelet("elsewhere".into());
        pod(c, |p| p.status.containers[0].state = ContainerState::Waiting { reason: "x".into(), message: "".into() });
    };
    assert_eq!(with(Kind::Pod, "web-0", told), Some(Law::KubeletsSpeakForTheirPods));
    let rebound = |c: &mut Change| {
        let Some(Object::Claim(claim)) = &mut c.after else { panic!("a claim") };
        std::rc::Rc::make_mut(claim).volume = "other".into();
    };
    assert_eq!(with(Kind::PersistentVolumeClaim, "data", rebound), Some(Law::ClaimsKeepTheirVolume));
    let mut mixed = log(&sim);
    for change in mixed.iter_mut().filter(|c| &*c.key.name == "web-1" && c.after.is_some() && c.key.kind == Kind::Pod) {
        pod(change, |p| std::rc::Rc::make_mut(&mut p.spec).claims[0].claim = "data-web-0".into());
    }
    assert_eq!(judged(&sim, &mixed), Some(Law::ClaimsKeepTheirOrdinal));
}

/// What the laws of plans say of one that sends these requests, with the set's true status.
fn planned(cache: &Cache, requests: Vec<Request>) -> Option<Law> {
    let key = ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into());
    let batches = requests.into_iter().map(|r| vec![vec![Step::new(r)]]).collect();
    let sight = plan::Sight { cache, now: Time(60_000), release: &V1_37 };
    broken(plan::judge(&sight, &key, &Plan { batches, ..Plan::default() }))
}

fn delete(kind: Kind, name: &str) -> Request {
    Request::Delete(ObjectKey::new(kind, &"default".into(), &Name::from(name)), DeleteOptions::default())
}

#[test]
fn a_plan_that_breaks_a_law_is_found() {
    let sim = settled();
    let cache = sim.cache();
    let named = |name: &str| {
        let mut pod = (**sim.tables().pod("default", "web-0").unwrap()).clone();
        pod.meta.name = name.into();
        Request::Create(pod.into())
    };
    assert_eq!(planned(cache, Vec::new()), None);
    assert_eq!(planned(cache, vec![named("web-2")]), Some(Law::CreatedInOrder));
    assert_eq!(planned(cache, vec![named("web-0")]), Some(Law::CreatedInOrder));
    assert_eq!(planned(cache, vec![delete(Kind::PersistentVolumeClaim, "data-web-0")]), Some(Law::ControllerDeletesNoClaims));
    assert_eq!(planned(cache, vec![delete(Kind::Pod, "other-0")]), Some(Law::NothingUnasked));
    let revision = sim.tables().stateful_set("default", "web").unwrap().status.current_revision.clone();
    assert_eq!(planned(cache, vec![delete(Kind::ControllerRevision, &revision)]), Some(Law::HistoryIsKept));
}

#[test]
fn a_process_that_breaks_a_law_is_found() {
    let sim = settled();
    let mut known = Processes::default();
    log(&sim).iter().try_for_each(|c| known.see(c)).unwrap();
    let started = sim.runtime().iter().find(|e| matches!(e.what, Happening::Started(_))).unwrap();
    assert_eq!(broken(known.clone().hear(started)), None);
    let mut astray = started.clone();
    if let Happening::Started(process) = &mut astray.what {
        process.node = "elsewhere".into();
    }
    assert_eq!(broken(known.clone().hear(&astray)), Some(Law::ProcessesRunWhereBound));
    known.hear(started).unwrap();
    let Happening::Started(process) = &started.what else { unreachable!() };
    let mut gone = log(&sim).into_iter().rfind(|c| c.key.kind == Kind::Pod && c.key.name == process.pod).unwrap();
    (gone.before, gone.after, gone.by) = (gone.after.clone(), None, Actor::Scheduler);
    assert_eq!(broken(known.clone().see(&gone)), Some(Law::BoundPodsAreConfirmed));
    // Another pod of the same name comes, and starts while the older one runs.
    let (mut new, uid) = (gone.clone(), Uid::from_bits(1 << 20));
    (new.before, new.after) = (None, gone.before.clone());
    new.after.as_mut().unwrap().meta_mut().uid = uid;
    known.see(&new).unwrap();
    let mut second = started.clone();
    if let Happening::Started(process) = &mut second.what {
        process.uid = uid;
    }
    assert_eq!(broken(known.hear(&second)), Some(Law::OneProcessPerIdentity));
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
    broken(law(&World { now: sim.now(), tables: &tables, cache: sim.cache() }))
}

#[test]
fn a_world_at_rest_that_breaks_a_law_is_found() {
    let nothing = BTreeSet::new();
    let gone = |_: Object| None;
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_cache()), Some(Law::CachesFollow));
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_sets()), Some(Law::StatusIsTrue));
    assert_eq!(at_rest(Kind::Pod, "web-1", gone, |w| w.judge_services()), Some(Law::EndpointsAreTrue));
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
