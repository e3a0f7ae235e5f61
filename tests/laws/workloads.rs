//! Plans, writes and worlds of Deployments, ReplicaSets, DaemonSets and Jobs in which a law is broken: true ones, with one thing changed.

use std::collections::BTreeSet;
use std::rc::Rc;

use ordinal::api::client::{Client, DeleteOptions, WriteOptions};
use ordinal::api::controller::Controller;
use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::{Name, Object, ObjectKey, Plain, Pod, PodPhase, ReplicaSet};
use ordinal::api::release::V1_37;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;
use ordinal::control::plan::{Plan, StatusChange, StatusWrite, Step};
use ordinal::server::log::{Actor, Change};
use ordinal::server::request::{Edit, Request};
use ordinal::server::tables::Tables;
use ordinal::sim::{Setup, Sim};
use ordinal::why::{Component, Decision, Reason, Verdict};
use ordinal::yaml;
use rig::law::workload::record::Record;
use rig::law::workload::{self, judge_declared, judge_rest};
use rig::law::{Law, Laws, Violation, declared, plan::LawContext};

const NOW: Time = Time(60_000);

const WORLD: &str = "
kind: Deployment
metadata: {name: dep}
spec:
  replicas: 2
  selector: {matchLabels: {app: dep}}
  template: {metadata: {labels: {app: dep}}, spec: {containers: [{name: app, image: 'app:1'}]}}
---
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: app, image: 'app:1'}]}}
---
kind: Job
metadata: {name: pi}
spec:
  parallelism: 2
  completions: 3
  template: {spec: {restartPolicy: Never, containers: [{name: app, image: perl, command: [sleep, infinity]}]}}
";

/// A Deployment, a DaemonSet and a Job whose pods have come up.
fn settled() -> Sim {
    let mut sim = Sim::new(&Setup::default());
    for document in yaml::parse(WORLD) {
        let mut object = document.value.expect("a value");
        let kind = match object.text_at(&["kind"]) {
            Some("Deployment") => Kind::Deployment,
            Some("DaemonSet") => Kind::DaemonSet,
            _ => Kind::Job,
        };
        object.set(&["apiVersion"], kind.api_version());
        sim.create(kind, "default", &object, &WriteOptions::default()).unwrap();
    }
    sim.run_until(NOW);
    sim
}

fn broken(result: Result<(), Violation>) -> Option<Law> {
    result.err().map(|v| v.law)
}

fn log(sim: &Sim) -> Vec<Change> {
    sim.log().from(0).cloned().collect()
}

/// What a controller sees of the settled world, to be changed.
struct Seen {
    cache: Cache,
}

impl Seen {
    fn settled() -> Self {
        Seen { cache: settled().cache().clone() }
    }

    fn one(&self, kind: Kind) -> Object {
        self.cache.tables.all(kind).find(|o| o.meta().namespace == "default".into()).unwrap().clone()
    }

    /// The pods of a workload, by the beginning of their names.
    fn pods(&self, name: &str) -> Vec<Pod> {
        self.cache.tables.pods().filter(|p| p.meta.name.starts_with(name)).map(|p| (**p).clone()).collect()
    }

    fn with(mut self, object: impl Into<Object>) -> Self {
        self.cache.tables.insert(object.into());
        self
    }

    /// The same with another spec of the Deployment.
    fn with_deployment(self, edit: impl FnOnce(&mut Value)) -> Self {
        let Object::Deployment(mut deployment) = self.one(Kind::Deployment) else { unreachable!() };
        Rc::make_mut(&mut deployment).spec.edit(edit);
        self.with(deployment)
    }

    /// The same with another template, of which there is no ReplicaSet.
    fn with_update(self) -> Self {
        self.with_deployment(|spec| spec.set(&["template", "spec", "terminationGracePeriodSeconds"], 1))
    }

    fn with_plain(self, kind: Kind, edit: impl Fn(&mut Plain)) -> Self {
        let Object::Plain(mut object) = self.one(kind) else { unreachable!() };
        edit(Rc::make_mut(&mut object));
        self.with(Object::Plain(object))
    }

    /// The ReplicaSet, as it is made for a template.
    fn made(&self, replicas: i64) -> Request {
        let (Object::ReplicaSet(set), Object::Deployment(deployment)) = (self.one(Kind::ReplicaSet), self.one(Kind::Deployment)) else {
            unreachable!()
        };
        let mut set: ReplicaSet = (*set).clone();
        set.meta.name = "dep-made".into();
        set.spec.set(&["template"], deployment.spec.part("template").clone());
        set.spec.set(&["replicas"], replicas);
        Request::Create(set.into())
    }

    fn resized(&self, replicas: i64) -> Request {
        Request::Edit(self.one(Kind::ReplicaSet).key(), Edit::Replicas(replicas))
    }

    /// What the laws say of a plan that sends these requests, for the only object of a kind.
    fn planned(&self, controller: Controller, kind: Kind, requests: Vec<Request>) -> Option<Law> {
        let batches = requests.into_iter().map(|r| vec![vec![Step::new(r)]]).collect();
        let because = Decision::new(Component::Job, self.one(kind).key(), Verdict::Acts, Reason::UpToDate);
        self.judged(controller, kind, &Plan { batches, ..Plan::nothing(because) })
    }

    fn judged(&self, controller: Controller, kind: Kind, plan: &Plan) -> Option<Law> {
        let sight = LawContext { cache: &self.cache, now: NOW, release: &V1_37 };
        broken(workload::judge(&sight, controller, &self.one(kind).key(), plan))
    }

    fn deployment(&self, requests: Vec<Request>) -> Option<Law> {
        self.planned(Controller::Deployment, Kind::Deployment, requests)
    }

    fn replica_set(&self, requests: Vec<Request>) -> Option<Law> {
        self.planned(Controller::ReplicaSet, Kind::ReplicaSet, requests)
    }

    fn daemon_set(&self, requests: Vec<Request>) -> Option<Law> {
        self.planned(Controller::DaemonSet, Kind::DaemonSet, requests)
    }

    fn job(&self, requests: Vec<Request>) -> Option<Law> {
        self.planned(Controller::Job, Kind::Job, requests)
    }
}

fn delete(kind: Kind, name: &Name) -> Request {
    Request::Delete(ObjectKey::new(kind, &"default".into(), name), DeleteOptions::default())
}

fn gone(pod: &Pod) -> Request {
    delete(Kind::Pod, &pod.meta.name)
}

/// Another pod like this one.
fn another(pod: &Pod) -> Request {
    let mut pod = pod.clone();
    pod.meta.name = "another".into();
    Request::Create(pod.into())
}

#[test]
fn the_settled_world_breaks_no_law() {
    let sim = settled();
    let mut record = Record::default();
    assert_eq!(broken(log(&sim).iter().try_for_each(|c| record.judge(c))), None);
    assert_eq!(broken(Laws::default().look(&sim)), None);
    assert_eq!(broken(judge_rest(sim.tables(), sim.now(), &V1_37, &BTreeSet::new())), None);
    assert_eq!(broken(declared::judge(&sim)), Some(Law::DeclaredIsReached), "its Job has not ended");
}

#[test]
fn pods_too_many_or_too_few_are_found() {
    let seen = Seen::settled();
    let pods = seen.pods("dep");
    assert_eq!(seen.replica_set(Vec::new()), None);
    assert_eq!(seen.replica_set(vec![another(&pods[0])]), Some(Law::NoMoreThanWanted));
    assert_eq!(seen.replica_set(vec![gone(&pods[0])]), Some(Law::NoMoreThanWanted));
    assert_eq!(seen.replica_set(vec![gone(&seen.pods("agent")[0])]), Some(Law::NothingUnasked));
    let mut ended = pods[0].clone();
    ended.status.phase = PodPhase::Failed;
    assert_eq!(Seen::settled().with(ended).replica_set(vec![another(&pods[0])]), None);
    let Object::ReplicaSet(mut set) = seen.one(Kind::ReplicaSet) else { unreachable!() };
    Rc::make_mut(&mut set).spec.set(&["replicas"], 1);
    let mut unready = pods[0].clone();
    unready.set_condition(Condition::new(READY, false, Time(59_000)));
    let fewer = Seen::settled().with(set).with(unready);
    assert_eq!(fewer.replica_set(vec![gone(&pods[0])]), None);
    assert_eq!(fewer.replica_set(vec![gone(&pods[1])]), Some(Law::LeastUsefulGoFirst));
}

#[test]
fn a_job_that_makes_or_deletes_too_many_pods_is_found() {
    let seen = Seen::settled();
    let pods = seen.pods("pi");
    assert_eq!(seen.job(Vec::new()), None);
    assert_eq!(seen.job(vec![another(&pods[0])]), Some(Law::NoMoreThanWanted));
    assert_eq!(seen.job(vec![gone(&pods[0])]), Some(Law::NoMoreThanWanted));
    let more = || Seen::settled().with_plain(Kind::Job, |job| job.raw.set(&["spec", "parallelism"], 3));
    assert_eq!(more().job(vec![another(&pods[0])]), None);
    let suspended = more().with_plain(Kind::Job, |job| job.raw.set(&["spec", "suspend"], true));
    assert_eq!(suspended.job(vec![another(&pods[0])]), Some(Law::NoMoreThanWanted));
    assert_eq!(suspended.job(pods.iter().map(gone).collect()), None);
    let untold = Plan { batches: vec![vec![vec![Step::new(another(&pods[0]))]]], ..Plan::default() };
    assert_eq!(more().judged(Controller::Job, Kind::Job, &untold), Some(Law::ReasonsAreGiven));
    let succeeded = more().with_plain(Kind::Job, |job| job.raw.set(&["status", "succeeded"], 1));
    assert_eq!(succeeded.job(vec![another(&pods[0])]), Some(Law::NoMoreThanWanted), "two are missing, and two run");
}

#[test]
fn a_rollout_that_breaks_a_law_is_found() {
    let seen = Seen::settled();
    assert_eq!(seen.deployment(Vec::new()), None);
    assert_eq!(seen.deployment(vec![seen.made(0)]), Some(Law::OneSetPerTemplate));
    assert_eq!(seen.deployment(vec![seen.resized(4)]), Some(Law::SurgeIsBounded));
    assert_eq!(seen.deployment(vec![delete(Kind::ReplicaSet, &seen.one(Kind::ReplicaSet).meta().name)]), Some(Law::HistoryIsKept));
    let update = || Seen::settled().with_update();
    assert_eq!(update().deployment(vec![update().made(1)]), None);
    assert_eq!(update().deployment(vec![update().made(2)]), Some(Law::SurgeIsBounded));
    assert_eq!(update().deployment(vec![seen.made(1)]), Some(Law::OneSetPerTemplate), "it is of the old template");
    assert_eq!(update().deployment(vec![seen.resized(3)]), Some(Law::OldSetsShrink));
    assert_eq!(update().deployment(vec![seen.resized(1)]), Some(Law::AvailabilityIsKept), "none of two may be missing");
    let limits = |spec: &mut Value| spec.set(&["strategy", "rollingUpdate", "maxUnavailable"], 1);
    assert_eq!(update().with_deployment(limits).deployment(vec![seen.resized(1)]), None);
    let paused = update().with_deployment(|spec| spec.set(&["paused"], true));
    assert_eq!(paused.deployment(vec![update().made(1)]), Some(Law::PausedStays));
    let recreate = |spec: &mut Value| spec.set(&["strategy"], Value::of([("type", "Recreate")]));
    let recreated = || update().with_deployment(recreate);
    assert_eq!(recreated().deployment(vec![seen.resized(0)]), None);
    assert_eq!(recreated().deployment(vec![seen.resized(0), update().made(2)]), Some(Law::RecreateWaits));
    let mut emptied = recreated();
    let Object::ReplicaSet(mut set) = emptied.one(Kind::ReplicaSet) else { unreachable!() };
    (Rc::make_mut(&mut set).status.replicas, Rc::make_mut(&mut set).status.available) = (0, 0);
    Rc::make_mut(&mut set).spec.set(&["replicas"], 0);
    emptied = emptied.with(set);
    assert_eq!(emptied.deployment(vec![update().made(2)]), Some(Law::RecreateWaits), "its pods are still there");
    for pod in emptied.pods("dep") {
        emptied.cache.tables.remove(&pod.key());
    }
    assert_eq!(emptied.deployment(vec![update().made(2)]), None);
}

#[test]
fn a_daemon_set_that_breaks_a_law_is_found() {
    let seen = Seen::settled();
    let pods = seen.pods("agent");
    assert_eq!(seen.daemon_set(Vec::new()), None);
    assert_eq!(seen.daemon_set(vec![another(&pods[0])]), Some(Law::OnePodPerNode));
    assert_eq!(seen.daemon_set(vec![gone(&pods[0])]), Some(Law::NothingUnasked), "it is of the template");
    let mut bare = Seen::settled();
    bare.cache.tables.remove(&pods[0].key());
    assert_eq!(bare.daemon_set(vec![another(&pods[0])]), None);
    assert_eq!(bare.daemon_set(vec![another(&pods[0]), another(&pods[0])]), Some(Law::OnePodPerNode), "two at once");
    let update = || {
        Seen::settled().with_plain(Kind::DaemonSet, |set| {
            set.raw.set(&["spec", "template", "spec", "terminationGracePeriodSeconds"], 1);
            Rc::make_mut(&mut set.meta.annotations).clear();
        })
    };
    assert_eq!(update().daemon_set(vec![gone(&pods[0])]), None);
    assert_eq!(update().daemon_set(vec![gone(&pods[0]), gone(&pods[1])]), Some(Law::AvailabilityIsKept));
    let mut unready = pods[2].clone();
    unready.set_condition(Condition::new(READY, false, Time(59_000)));
    assert_eq!(update().with(unready).daemon_set(vec![gone(&pods[0])]), Some(Law::AvailabilityIsKept), "one is missing already");
    let by_hand = |set: &mut Plain| set.raw.set(&["spec", "updateStrategy"], Value::of([("type", "OnDelete")]));
    assert_eq!(update().with_plain(Kind::DaemonSet, by_hand).daemon_set(vec![gone(&pods[0])]), Some(Law::NothingUnasked));
}

#[test]
fn a_status_of_a_workload_that_was_not_seen_is_found() {
    let seen = Seen::settled();
    let Object::Deployment(mut deployment) = seen.one(Kind::Deployment) else { unreachable!() };
    Rc::make_mut(&mut deployment).status.available -= 1;
    assert_eq!(seen.deployment(vec![Request::Update(deployment.into())]), Some(Law::StatusIsWhatWasSeen));
    let Object::Plain(mut agent) = seen.one(Kind::DaemonSet) else { unreachable!() };
    Rc::make_mut(&mut agent).raw.set(&["status", "numberReady"], 1);
    assert_eq!(seen.daemon_set(vec![Request::Update(Object::Plain(agent))]), Some(Law::StatusIsWhatWasSeen));
    let Object::ReplicaSet(set) = seen.one(Kind::ReplicaSet) else { unreachable!() };
    let mut wanted = set.status.clone();
    wanted.ready -= 1;
    let change = StatusChange::ReplicaSet { seen: set.status.clone(), wanted, failure: "", now: NOW };
    let status = Some(StatusWrite { key: set.key(), uid: set.meta.uid, change });
    let judged = seen.judged(Controller::ReplicaSet, Kind::ReplicaSet, &Plan { status, ..Plan::default() });
    assert_eq!(judged, Some(Law::StatusIsWhatWasSeen));
}

#[test]
fn a_controller_that_does_not_see_its_own_writes_is_found() {
    let sim = settled();
    let mut record = Record::default();
    log(&sim).iter().try_for_each(|c| record.judge(c)).unwrap();
    let seen = Seen::settled();
    let set = seen.one(Kind::ReplicaSet);
    let acts = Plan { batches: vec![vec![vec![Step::new(another(&seen.pods("dep")[0]))]]], ..Plan::default() };
    let view = |plan: &Plan, revision| broken(record.judge_view(&set.key(), set.meta().uid, plan, revision, NOW));
    assert_eq!(view(&acts, sim.log().from(0).last().unwrap().revision), None);
    assert_eq!(view(&acts, 1), Some(Law::OwnWritesAreSeen));
    assert_eq!(view(&Plan::default(), 1), None);
}

/// What the laws of writes say of the true history with one more write, of the Job.
fn counted(edit: impl Fn(&mut Plain)) -> Option<Law> {
    let sim = settled();
    let mut record = Record::default();
    let mut history = log(&sim);
    let mut added = history.iter().rev().find(|c| c.key.kind == Kind::Job).unwrap().clone();
    added.before.clone_from(&added.after);
    let Some(Object::Plain(job)) = &mut added.after else { unreachable!() };
    edit(Rc::make_mut(job));
    history.push(added);
    broken(history.iter().try_for_each(|c| record.judge(c)))
}

fn says(job: &mut Plain, kind: &str, reason: &str) {
    let condition = Value::of([("type", kind), ("status", "True"), ("reason", reason)]);
    let known = job.raw.list_at(&["status", "conditions"]).to_vec();
    job.raw.set(&["status", "conditions"], Value::list(known.into_iter().chain([condition])));
}

#[test]
fn a_job_that_counts_or_ends_otherwise_than_its_pods_is_found() {
    assert_eq!(counted(|_| ()), None);
    assert_eq!(counted(|job| job.raw.set(&["status", "succeeded"], 1)), Some(Law::JobsCountOnce), "no pod has ended");
    assert_eq!(counted(|job| job.raw.set(&["status", "failed"], 1)), Some(Law::JobsCountOnce));
    assert_eq!(counted(|job| says(job, "Complete", "CompletionsReached")), Some(Law::JobsEndOnce), "nothing has succeeded");
    assert_eq!(counted(|job| says(job, "FailureTarget", "BackoffLimitExceeded")), Some(Law::JobsEndOnce), "nothing has failed");
    assert_eq!(counted(|job| says(job, "FailureTarget", "DeadlineExceeded")), None);
}

#[test]
fn a_pod_that_its_job_lets_go_uncounted_is_found() {
    let sim = settled();
    let mut record = Record::default();
    log(&sim).iter().try_for_each(|c| record.judge(c)).unwrap();
    let mut change = log(&sim).into_iter().rfind(|c| c.key.kind == Kind::Pod && c.key.name.starts_with("pi")).unwrap();
    let pod = |o: &mut Option<Object>, edit: fn(&mut Pod)| {
        let Some(Object::Pod(pod)) = o else { unreachable!() };
        edit(Rc::make_mut(pod));
    };
    pod(&mut change.after, |p| p.status.phase = PodPhase::Succeeded);
    record.judge(&change).unwrap();
    change.before.clone_from(&change.after);
    pod(&mut change.after, |p| p.meta.finalizers.make_mut().clear());
    (change.at, change.by) = (Time(change.at.0 + 9_000), Actor::Controller(Controller::Job));
    assert_eq!(broken(record.judge(&change)), Some(Law::JobsCountOnce));
}

/// What the laws of the world at rest say after one object was changed, or taken out.
fn at_rest(kind: Kind, name: &str, change: impl Fn(Object) -> Option<Object>) -> Option<Law> {
    let sim = settled();
    let mut tables: Tables = sim.tables().clone();
    let found = tables.all(kind).find(|o| o.meta().name.starts_with(name)).unwrap().clone();
    if let Some(object) = change(found.clone()) {
        tables.insert(object);
    } else {
        tables.remove(&found.key());
    }
    broken(judge_rest(&tables, sim.now(), &V1_37, &BTreeSet::new()))
}

#[test]
fn a_world_at_rest_whose_workloads_break_a_law_is_found() {
    for name in ["dep", "agent", "pi"] {
        assert_eq!(at_rest(Kind::Pod, name, |_| None), Some(Law::StatusIsTrue), "{name}");
    }
    let twin = |mut object: Object| {
        object.meta_mut().name = "twin".into();
        Some(object)
    };
    assert_eq!(at_rest(Kind::ReplicaSet, "dep", twin), Some(Law::OneSetPerTemplate));
}

#[test]
fn a_world_whose_workloads_do_not_come_to_what_was_declared_is_found() {
    let mut sim = settled();
    assert_eq!(broken(judge_declared(&sim)), Some(Law::DeclaredIsReached), "its Job has not ended");
    sim.delete(Kind::Job, "default", "pi", &DeleteOptions::default()).unwrap();
    sim.run_until(Time(200_000));
    assert_eq!(broken(judge_declared(&sim)), None);
    for name in ["dep", "agent"] {
        let mut sim = sim.clone();
        let pod = sim.tables().pods().find(|p| p.meta.name.starts_with(name)).unwrap().meta.name.to_string();
        sim.delete(Kind::Pod, "default", &pod, &DeleteOptions::default()).unwrap();
        assert_eq!(broken(judge_declared(&sim)), Some(Law::DeclaredIsReached), "{name}");
    }
}
