//! Commands that take time: their output as the world changes, and when they end.

use api::client::Client;
use api::kind::Kind;
use base::time::Span;
use base::value::Value;
use kubectl::{Job, Progress};

use crate::sessions::{files, run, text, world};
use plugged::fake::Fake;

/// A running job, and its world.
pub struct Running {
    pub fake: Fake,
    pub job: Job,
}

impl Running {
    /// Starts a job that must wait.
    pub fn start(fake: Fake, line: &str) -> Running {
        let mut running = Running { fake, job: Job::new(line, &files()) };
        running.waits();
        running
    }

    /// Polls a job that must still wait; returns when to poll again at the latest, in seconds from now.
    pub fn waits(&mut self) -> Option<u64> {
        match self.job.poll(&mut self.fake) {
            Progress::Waiting { until } => until.map(|t| t.since(self.fake.now).0 / 1000),
            Progress::Done { rc } => panic!("done: {}", text(&self.job, rc)),
        }
    }

    /// Lets time pass.
    pub fn after(&mut self, seconds: u64) -> &mut Self {
        self.fake.now += Span::seconds(seconds);
        self
    }

    /// Lets time pass, and polls a job that must still wait whenever it asks for that before the end.
    pub fn during(&mut self, milliseconds: u64) -> &mut Self {
        let end = self.fake.now + Span(milliseconds);
        loop {
            match self.job.poll(&mut self.fake) {
                Progress::Waiting { until: Some(next) } if next < end => self.fake.now = next,
                Progress::Waiting { .. } => break,
                Progress::Done { rc } => panic!("done at {:?}: {}", self.fake.now, text(&self.job, rc)),
            }
        }
        self.fake.now = end;
        self
    }

    /// Polls a job that must end; its output.
    pub fn ends(&mut self) -> String {
        match self.job.poll(&mut self.fake) {
            Progress::Done { rc } => text(&self.job, rc),
            Progress::Waiting { .. } => panic!("it waits: {}", self.job.stdout()),
        }
    }
}

#[test]
fn delete_waits_until_the_object_is_gone_and_not_for_its_successor() {
    let mut running = Running::start(world(), "delete pod web-0 web-1");
    assert_eq!(running.job.stdout(), "pod \"web-0\" deleted from default namespace\npod \"web-1\" deleted from default namespace\n");
    let old = running.fake.get(Kind::Pod, "default", "web-0").unwrap();
    running.fake.remove(Kind::Pod, "web-1");
    running.waits();
    running.fake.remove(Kind::Pod, "web-0");
    let mut new = old;
    new.set(&["metadata", "uid"], "another");
    running.fake.put(new);
    running.ends();
    let mut late = Running::start(world(), "delete pod web-0 --timeout=5s");
    assert_eq!(late.waits(), Some(5));
    let said = late.after(5).ends();
    assert_eq!(said, "pod \"web-0\" deleted from default namespace\n! error: timed out waiting for the condition on pods/web-0\n? 1\n");
}

#[test]
fn a_watch_prints_a_row_per_write_and_never_gets_narrower() {
    let mut running = Running::start(world(), "get pods -w");
    let status = |reason: &'static str| {
        move |pod: &mut Value| {
            let mut state = Value::map();
            state.set(&["state", "waiting", "reason"], reason);
            pod.set(&["status", "containerStatuses"], Value::list([state]));
        }
    };
    running.after(1).fake.change(Kind::Pod, "web-1", status("ContainerCreating"));
    running.fake.change(Kind::Pod, "web-1", status("Error"));
    running.fake.remove(Kind::Pod, "web-1");
    running.waits();
    assert_eq!(
        running.job.stdout(),
        "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          10s\nweb-1   1/1     Running   0          8s\n\
         web-1   0/1     ContainerCreating   0          9s\nweb-1   0/1     Error               0          9s\n\
         web-1   0/1     Error               0          9s\n"
    );
}

#[test]
fn a_watch_sees_objects_come_and_go_as_they_match() {
    let mut running = Running::start(world(), "get pods -l app=nginx -w --output-watch-events");
    running.fake.change(Kind::Pod, "web-1", |pod| pod.set(&["metadata", "labels", "app"], "other"));
    running.waits();
    running.fake.change(Kind::Pod, "web-1", |pod| pod.set(&["metadata", "labels", "app"], "nginx"));
    running.waits();
    let lines: Vec<String> = running.job.stdout().lines().map(|l| l.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines, ["EVENT NAME", "ADDED web-0", "ADDED web-1", "DELETED web-1", "ADDED web-1"]);
}

#[test]
fn an_empty_watch_prints_nothing_before_the_first_event() {
    let mut running = Running::start(world(), "get cm -w");
    assert_eq!(running.job.stdout(), "");
    running.fake.put(Value::of([("apiVersion", "v1"), ("kind", "ConfigMap")]));
    let mut map = Value::of([("apiVersion", "v1"), ("kind", "ConfigMap")]);
    map.set(&["metadata", "name"], "a");
    map.set(&["metadata", "namespace"], "default");
    map.set(&["metadata", "creationTimestamp"], "2026-11-20T08:24:10Z");
    running.fake.put(map);
    running.waits();
    assert!(running.job.stdout().contains("NAME   DATA   AGE\na      0      0s\n"), "{}", running.job.stdout());
}

fn roll(set: &mut Value, ready: i64, updated: i64) {
    set.set(&["status", "readyReplicas"], ready);
    set.set(&["status", "updatedReplicas"], updated);
}

#[test]
fn rollout_status_speaks_at_every_write_until_all_is_done() {
    let mut fake = world();
    fake.change(Kind::StatefulSet, "web", |set| roll(set, 2, 0));
    let mut running = Running::start(fake, "rollout status sts/web");
    running.fake.change(Kind::StatefulSet, "web", |set| roll(set, 1, 0));
    running.fake.change(Kind::StatefulSet, "web", |set| roll(set, 2, 1));
    running.waits();
    running.fake.change(Kind::StatefulSet, "web", |set| roll(set, 2, 2));
    assert_eq!(
        running.ends(),
        "Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\n\
         Waiting for 1 pods to be ready...\nWaiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...\n\
         partitioned roll out complete: 2 new pods have been updated...\n"
    );
}

#[test]
fn rollout_status_gives_up_in_kubectls_words() {
    let mut fake = world();
    fake.change(Kind::StatefulSet, "web", |set| roll(set, 1, 2));
    let mut running = Running::start(fake.clone(), "rollout status sts/web --timeout=2s");
    assert_eq!(running.waits(), Some(2));
    let said = running.after(2).ends();
    assert_eq!(said, "Waiting for 1 pods to be ready...\n! error: timed out waiting for the condition\n? 1\n");
    let mut running = Running::start(fake.clone(), "rollout status sts/web");
    running.fake.remove(Kind::StatefulSet, "web");
    assert_eq!(running.ends(), "Waiting for 1 pods to be ready...\n! error: object has been deleted\n? 1\n");
    assert_eq!(run(&mut fake, "rollout status sts/web --watch=false"), "Waiting for 1 pods to be ready...\n");
    fake.change(Kind::StatefulSet, "web", |set| set.set(&["spec", "updateStrategy", "type"], "OnDelete"));
    assert_eq!(
        run(&mut fake, "rollout status sts/web"),
        "! error: rollout status is only available for RollingUpdate strategy type\n? 1\n"
    );
}

#[test]
fn wait_looks_until_the_condition_is_met() {
    let mut fake = world();
    let ready = |status: &'static str| {
        move |pod: &mut Value| {
            pod.set(&["status", "conditions"], Value::list([Value::of([("type", "Ready"), ("status", status)])]));
        }
    };
    fake.change(Kind::Pod, "web-0", ready("False"));
    let mut running = Running::start(fake.clone(), "wait pod/web-0 --for=condition=Ready --timeout=9s");
    running.fake.change(Kind::Pod, "web-0", ready("True"));
    assert_eq!(running.ends(), "pod/web-0 condition met\n");
    let mut running = Running::start(fake.clone(), "wait pod/web-0 --for=condition=Ready");
    assert_eq!(running.waits(), Some(30));
    assert_eq!(running.after(30).ends(), "! error: timed out waiting for the condition on pods/web-0\n? 1\n");
    let mut running = Running::start(fake.clone(), "wait pod/nope --for=create --timeout=2s");
    assert_eq!(running.during(2000).ends(), "! error: timed out waiting for the condition\n? 1\n");
    let mut running = Running::start(fake.clone(), "wait pod -l app=none --for=create --timeout=2s");
    assert_eq!(running.during(2000).ends(), "! error: timed out waiting for the condition\n? 1\n");
    let mut running = Running::start(fake.clone(), "wait pod/web-0 --for=delete");
    running.fake.remove(Kind::Pod, "web-0");
    assert_eq!(running.ends(), "pod/web-0 condition met\n");
    for (line, want) in [
        ("wait sts/web --for=jsonpath='{.status.replicas}'=2", "statefulset.apps/web condition met\n"),
        ("wait pod/nope --for=condition=Ready", "! Error from server (NotFound): pods \"nope\" not found\n? 1\n"),
        ("wait pod -l app=none --for=condition=Ready", "! error: no matching resources found\n? 1\n"),
        ("wait pod/nope --for=delete", ""),
        ("wait pod/web-0 --for=foo", "! error: unrecognized condition: \"foo\"\n? 1\n"),
    ] {
        assert_eq!(run(&mut fake.clone(), line), want, "{line}");
    }
}

#[test]
fn drain_evicts_every_pod_of_the_node_and_waits() {
    let mut running = Running::start(world(), "drain node-2");
    assert_eq!(running.waits(), Some(1));
    running.fake.remove(Kind::Pod, "web-1");
    running.after(1);
    assert_eq!(running.ends(), "node/node-2 cordoned\nevicting pod default/web-1\npod/web-1 evicted\nnode/node-2 drained\n");
}

#[test]
fn a_drain_that_a_budget_holds_up_ends_as_it_was_recorded() {
    let mut fake = world();
    fake.protected = vec!["web-1".to_owned()];
    let mut running = Running::start(fake, "drain node-2 --ignore-daemonsets --timeout=8s");
    assert_eq!(running.waits(), Some(5));
    assert_eq!(running.after(5).waits(), Some(5));
    running.after(5);
    let rc = running.job.poll(&mut running.fake);
    assert_eq!(rc, Progress::Done { rc: 1 });
    assert_eq!(
        running.job.stdout(),
        "node/node-2 cordoned\nevicting pod default/web-1\nevicting pod default/web-1\nevicting pod default/web-1\n"
    );
    assert_eq!(
        running.job.stderr(),
        "error when evicting pods/\"web-1\" -n \"default\" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n\
         error when evicting pods/\"web-1\" -n \"default\" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n\
         There are pending pods in node \"node-2\" when an error occurred: error when evicting pods/\"web-1\" -n \"default\": global timeout reached: 8s\n\
         pod/web-1\n\
         error: unable to drain node \"node-2\" due to error: error when evicting pods/\"web-1\" -n \"default\": global timeout reached: 8s, continuing command...\n\
         There are pending nodes to be drained:\n node-2\n\
         error when evicting pods/\"web-1\" -n \"default\": global timeout reached: 8s\n"
    );
}

#[test]
fn a_pod_without_controller_is_not_evicted_without_force() {
    let mut fake = world();
    fake.change(Kind::Pod, "web-1", |pod| drop(pod.remove(&["metadata", "ownerReferences"])));
    let why = "cannot delete Pods that declare no controller (use --force to override): default/web-1";
    assert_eq!(
        run(&mut fake, "drain node-2"),
        format!(
            "node/node-2 cordoned\n! error: unable to drain node \"node-2\" due to error: {why}, continuing command...\n\
             ! There are pending nodes to be drained:\n!  node-2\n! {why}\n? 1\n"
        )
    );
}

#[test]
fn a_terminal_gets_only_what_is_new() {
    let mut running = Running::start(world(), "get sts -w");
    assert_eq!(running.job.take_new().len(), 1);
    running.fake.change(Kind::StatefulSet, "web", |set| roll(set, 1, 2));
    running.waits();
    let new: String = running.job.take_new().into_iter().map(|p| p.logged().into_owned()).collect();
    assert_eq!(new, "web    1/2     10s\n");
    assert!(running.job.take_new().is_empty());
}

#[test]
fn events_are_listed_by_time_and_watched() {
    let event = |name: &str, reason: &str, stamp: &str| {
        let mut event =
            Value::of([("apiVersion", "v1"), ("kind", "Event"), ("reason", reason), ("type", "Normal"), ("message", "so it is")]);
        event.set(&["metadata", "name"], name);
        event.set(&["metadata", "namespace"], "default");
        event.set(&["involvedObject"], Value::of([("kind", "Pod"), ("name", "web-0")]));
        event.set(&["firstTimestamp"], stamp);
        event.set(&["lastTimestamp"], stamp);
        event
    };
    let mut fake = world();
    assert_eq!(run(&mut fake, "events"), "! No events found in default namespace.\n");
    fake.put(event("a", "Started", "2026-11-20T08:24:09Z"));
    fake.put(event("b", "Pulled", "2026-11-20T08:24:08Z"));
    let table = "LAST SEEN   TYPE     REASON    OBJECT      MESSAGE\n2s          Normal   Pulled    Pod/web-0   so it is\n1s          \
                 Normal   Started   Pod/web-0   so it is\n";
    assert_eq!(run(&mut fake, "events --for pod/web-0"), table);
    assert_eq!(run(&mut fake, "events --for pod/web-1"), "! No events found in default namespace.\n");
    assert_eq!(run(&mut fake, "events --types=Odd"), "! error: valid --types are Normal or Warning\n? 1\n");
    let mut running = Running::start(fake, "events -w");
    // Those that were there come as they are stored, one by one.
    let (headings, rows) = table.split_once('\n').expect("headings");
    let rows: Vec<&str> = rows.lines().rev().collect();
    let table = format!("{headings}\n{}\n{}\n", rows[0], rows[1]);
    running.fake.put(event("c", "Killing", "2026-11-20T08:24:10Z"));
    running.waits();
    assert_eq!(running.job.stdout(), format!("{table}0s          Normal   Killing   Pod/web-0   so it is\n"));
}
