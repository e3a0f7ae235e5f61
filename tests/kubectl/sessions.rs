//! Commands in small hand-made worlds: what they say, what they write, what they wait for.

use std::fmt::Write;

use ordinal::api::client::Client;
use ordinal::api::kind::Kind;
use ordinal::api::status::{Fault, FieldError, FieldPath, Status};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::kubectl::{Files, Job, Progress, Stream, complete};

use crate::fake::Fake;

/// A set of two pods, its service, its revision history, nodes.
const WORLD: &str = include_str!("../data/kubectl/small-world.yaml");

pub fn world() -> Fake {
    let mut fake = Fake::with(WORLD);
    fake.now = Time::parse_rfc3339("2026-11-20T08:24:10Z").expect("an instant");
    fake
}

fn files() -> Files {
    [("web.yaml", include_str!("../data/kubectl/web.yaml")), ("dir/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")]
        .into_iter()
        .collect()
}

/// Runs a command that ends at once: its output, with `! ` before lines of standard error, and the exit code where it is not 0.
fn run(fake: &mut Fake, line: &str) -> String {
    run_with(fake, line, &files())
}

/// The same, with other files.
pub fn run_with(fake: &mut Fake, line: &str, files: &Files) -> String {
    let mut job = Job::new(line, files);
    let progress = job.poll(fake);
    let Progress::Done { rc } = progress else { panic!("{line} waits after {:?}", job.stdout()) };
    text(&job, rc)
}

/// What a job has printed so far.
pub fn text(job: &Job, rc: i32) -> String {
    let mut all = String::new();
    let mut job = job.clone();
    for piece in job.take_new() {
        let sign = match piece.stream {
            Stream::Out => "",
            Stream::Err => "! ",
            Stream::Note => "note: ",
        };
        for line in piece.text.split_inclusive('\n') {
            all.push_str(sign);
            all.push_str(line);
        }
    }
    if rc != 0 {
        let _ = writeln!(all, "? {rc}");
    }
    all
}

/// Runs commands, each in a fresh world.
fn check(cases: &[(&str, &str)]) {
    for (line, want) in cases {
        assert_eq!(run(&mut world(), line), *want, "kubectl {line}");
    }
}

#[test]
fn wrong_words_get_kubectls_answers() {
    check(&[
        (
            "get",
            "! You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n! \n\
             ! error: Required resource not specified.\n! Use \"kubectl explain <resource>\" for a detailed description of that resource \
             (e.g. kubectl explain pods).\n! See 'kubectl get -h' for help and examples\n? 1\n",
        ),
        ("get stss", "! error: the server doesn't have a resource type \"stss\"\n? 1\n"),
        ("get pods web-0 -l app=nginx", "! error: name cannot be provided when a selector is specified\n? 1\n"),
        ("get pods web-0 -A", "! error: a resource cannot be retrieved by name across all namespaces\n? 1\n"),
        ("get pods,sts -w", "! error: you may only specify a single resource type\n? 1\n"),
        ("get pods -n nowhere", "! No resources found in nowhere namespace.\n"),
        ("get pv", "! No resources found\n"),
        (
            "get pods web-7 web-0 --no-headers",
            "web-0   1/1   Running   0     10s\n! Error from server (NotFound): pods \"web-7\" not found\n? 1\n",
        ),
        (
            "get pods -o foo",
            "! error: unable to match a printer suitable for the output format \"foo\", allowed formats are: \
             custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,\
             template,templatefile,wide,yaml\n? 1\n",
        ),
        ("get pods -o jsonpath={.items[", "! error: error parsing jsonpath {.items[, unterminated array\n? 1\n"),
        ("delete pods", "! error: resource(s) were provided, but no name was specified\n? 1\n"),
        (
            "delete pod web-0 --cascade=foo",
            "! error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"\n? 1\n",
        ),
        ("scale sts web", "! error: required flag(s) \"replicas\" not set\n? 1\n"),
        (
            "scale sts web --replicas=-1",
            "! error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n? 1\n",
        ),
        ("scale svc nginx --replicas=1", "! Error from server (NotFound): the server could not find the requested resource\n? 1\n"),
        ("rollout status", "! error: required resource not specified\n? 1\n"),
        ("rollout pause sts/web", "! error: statefulsets.apps \"web\" pausing is not supported\n? 1\n"),
        ("apply -f nofile.yaml", "! error: the path \"nofile.yaml\" does not exist\n? 1\n"),
        ("apply", "! error: must specify one of -f and -k\n? 1\n"),
        ("create sts x", "! error: Unexpected args: [sts x]\n! See 'kubectl create -h' for help and examples\n? 1\n"),
        ("run -i", "! error: required flag(s) \"image\" not set\n? 1\n"),
        ("cordon", "! error: USAGE: cordon NODE [flags]\n! See 'kubectl cordon -h' for help and examples\n? 1\n"),
        ("cordon nope", "! Error from server (NotFound): nodes \"nope\" not found\n? 1\n"),
        ("wait pod/web-0", "! error: unrecognized condition: []\n? 1\n"),
        ("label sts web", "! error: at least one label update is required\n? 1\n"),
        ("expose sts web", "! error: cannot expose a StatefulSet.apps\n? 1\n"),
        ("cp a b", "note: ordinal: `kubectl cp` is not simulated.\n? 1\n"),
    ]);
}

#[test]
fn tables_take_what_get_takes() {
    check(&[
        (
            "get pods -L app,apps.kubernetes.io/pod-index",
            "NAME    READY   STATUS    RESTARTS   AGE   APP     POD-INDEX\nweb-0   1/1     Running   0          10s   nginx   0\nweb-1   1/1     Running   0          8s    nginx   1\n",
        ),
        ("get po -A --no-headers", "default   web-0   1/1   Running   0     10s\ndefault   web-1   1/1   Running   0     8s\n"),
        ("get pod/web-0 svc/nginx -o name", "pod/web-0\nservice/nginx\n"),
        ("get sts,pods -o name", "statefulset.apps/web\npod/web-0\npod/web-1\n"),
        ("get pods --sort-by=.metadata.creationTimestamp -o name", "pod/web-0\npod/web-1\n"),
        (
            "get pods -l apps.kubernetes.io/pod-index=1",
            "NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          8s\n",
        ),
        ("get pods --field-selector=spec.nodeName=node-1 -o jsonpath={.items[*].metadata.name}", "web-0"),
        ("get pod web-0 --template={{.metadata.name}}", "web-0"),
        ("get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName", "NAME    NODE\nweb-0   node-1\nweb-1   node-2\n"),
        ("get sts web --subresource=scale", "NAME   DESIRED   AVAILABLE   AGE\nweb    2         2           10s\n"),
    ]);
}

#[test]
fn writes_are_reported_in_kubectls_words() {
    check(&[
        ("scale sts web --replicas=3", "statefulset.apps/web scaled\n"),
        ("scale sts web --current-replicas=9 --replicas=3", "! error: Expected replicas to be 9, was 2\n? 1\n"),
        ("scale sts web --replicas=3 --dry-run=server", "statefulset.apps/web scaled (server dry run)\n"),
        ("patch sts web --type=merge -p '{\"spec\":{\"replicas\":3}}'", "statefulset.apps/web patched\n"),
        ("patch sts web --type=merge -p '{\"spec\":{\"replicas\":2}}'", "statefulset.apps/web patched (no change)\n"),
        ("patch sts web", "! error: must specify --patch or --patch-file containing the contents of the patch\n? 1\n"),
        ("patch sts web --type=foo -p {}", "! error: --type must be one of [json merge strategic], not \"foo\"\n? 1\n"),
        ("label sts web a=b", "statefulset.apps/web labeled\n"),
        ("label pod web-0 app=x", "! error: 'app' already has a value (nginx), and --overwrite is false\n? 1\n"),
        ("label pod web-0 app=x --overwrite", "pod/web-0 labeled\n"),
        ("label pod web-0 app-", "pod/web-0 unlabeled\n"),
        ("label pod web-0 app=nginx", "pod/web-0 not labeled\n"),
        ("label pod web-0 zz-", "label \"zz\" not found.\npod/web-0 not labeled\n"),
        ("annotate sts web x=y", "statefulset.apps/web annotated\n"),
        ("annotate sts/web x-", "statefulset.apps/web annotated\n"),
        ("cordon node-1", "node/node-1 cordoned\n"),
        ("uncordon node-1", "node/node-1 already uncordoned\n"),
        ("taint node node-1 a=b:NoSchedule", "node/node-1 tainted\n"),
        ("taint node node-1 a:Foo", "! error: invalid taint effect: Foo, unsupported taint effect\n? 1\n"),
        ("taint node node-1 a:NoSchedule-", "! error: taint \"a:NoSchedule\" not found\n? 1\n"),
        ("create -f dir", "configmap/a created\n"),
        (
            "create -f web.yaml",
            "! Error from server (AlreadyExists): error when creating \"web.yaml\": services \"nginx\" already exists\n! Error from server (AlreadyExists): error when creating \"web.yaml\": statefulsets.apps \"web\" already exists\n? 1\n",
        ),
        ("create ns team", "namespace/team created\n"),
        ("create deployment x --image=nginx", "deployment.apps/x created\n"),
        (
            "create cm c --from-literal=a=b --dry-run=client -o yaml",
            "apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n  name: c\n",
        ),
        ("run x --image=nginx --dry-run=client", "pod/x created (dry run)\n"),
        ("run x --image=BAD", "! error: invalid image name \"BAD\": invalid reference format\n? 1\n"),
        ("autoscale sts web --min=1 --max=5", "horizontalpodautoscaler.autoscaling/web autoscaled\n"),
        ("delete pod web-9", "! Error from server (NotFound): pods \"web-9\" not found\n? 1\n"),
        ("delete pod web-9 --ignore-not-found", ""),
        ("delete pod web-0 --wait=false", "pod \"web-0\" deleted from default namespace\n"),
        (
            "delete pod web-0 --force --grace-period=0",
            "! Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource \
             may continue to run on the cluster indefinitely.\npod \"web-0\" force deleted from default namespace\n",
        ),
        ("delete node node-1", "node \"node-1\" deleted\n"),
        (
            "delete -f web.yaml",
            "service \"nginx\" deleted from default namespace\nstatefulset.apps \"web\" deleted from default namespace\n",
        ),
        (
            "delete sts,svc web nginx --wait=false",
            "statefulset.apps \"web\" deleted from default namespace\nservice \"nginx\" deleted from default namespace\n! Error from server (NotFound): statefulsets.apps \"nginx\" not found\n! Error from server (NotFound): services \"web\" not found\n? 1\n",
        ),
        (
            "delete sts web --cascade=false",
            "! warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.\nstatefulset.apps \"web\" deleted from default namespace\n",
        ),
        ("replace -f web.yaml", "service/nginx replaced\nstatefulset.apps/web replaced\n"),
        (
            "replace -f web.yaml --force",
            "service \"nginx\" deleted from default namespace\nstatefulset.apps \"web\" deleted from default namespace\nservice/nginx replaced\nstatefulset.apps/web replaced\n",
        ),
        ("version", "Client Version: v1.37.1\nKustomize Version: v5.8.1\nServer Version: v1.37.1\n"),
    ]);
}

#[test]
fn what_is_written_is_what_was_asked_for() {
    for (line, want) in [
        ("delete pod web-0 --wait=false", "delete pods web-0 None Some(Background)"),
        ("delete pod web-0 --grace-period=0 --wait=false", "delete pods web-0 Some(1) Some(Background)"),
        ("delete pod web-0 --now --wait=false", "delete pods web-0 Some(1) Some(Background)"),
        ("delete pod web-0 --force", "delete pods web-0 Some(0) Some(Background)"),
        ("delete sts web --cascade=orphan", "delete statefulsets web None Some(Orphan)"),
        ("scale sts web --replicas=3", "patch statefulsets web Merge {\"spec\":{\"replicas\":3}}"),
        ("label pod web-0 a=b app-", "patch pods web-0 Merge {\"metadata\":{\"labels\":{\"a\":\"b\",\"app\":null}}}"),
        ("cordon node-1", "patch nodes node-1 Strategic {\"spec\":{\"unschedulable\":true}}"),
        (
            "taint node node-1 a=b:NoSchedule",
            "patch nodes node-1 Merge {\"spec\":{\"taints\":[{\"effect\":\"NoSchedule\",\"key\":\"a\",\"value\":\"b\"}]}}",
        ),
    ] {
        let mut fake = world();
        run(&mut fake, line);
        assert_eq!(fake.writes, [want], "{line}");
    }
}

#[test]
fn refusals_are_printed_with_the_file_they_came_from() {
    let negative = FieldError::new(FieldPath::of("spec.replicas"), Fault::Invalid((-1).into()), "must be greater than or equal to 0");
    let mut fake = world();
    fake.refuse = Some(Status::invalid("ConfigMap", "a", vec![negative]));
    assert_eq!(
        run(&mut fake, "create -f dir"),
        "! The ConfigMap \"a\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n? 1\n"
    );
    fake.refuse = Some(Status::forbidden("configmaps", "a", "no"));
    assert_eq!(
        run(&mut fake, "create -f dir"),
        "! Error from server (Forbidden): error when creating \"dir/a.yaml\": configmaps \"a\" is forbidden: no\n? 1\n"
    );
}

/// A job that is under way, and the world it runs in.
struct Running {
    fake: Fake,
    job: Job,
}

impl Running {
    fn start(fake: Fake, line: &str) -> Running {
        let mut running = Running { fake, job: Job::new(line, &files()) };
        running.waits();
        running
    }

    /// Polls; it must still wait. When to poll again at the latest, in seconds from now.
    fn waits(&mut self) -> Option<u64> {
        match self.job.poll(&mut self.fake) {
            Progress::Waiting { until } => until.map(|t| t.since(self.fake.now).0 / 1000),
            Progress::Done { rc } => panic!("done: {}", text(&self.job, rc)),
        }
    }

    fn after(&mut self, seconds: u64) -> &mut Self {
        self.fake.now += Span::seconds(seconds);
        self
    }

    fn ends(&mut self) -> String {
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
    let new: String = running.job.take_new().into_iter().map(|p| p.text).collect();
    assert_eq!(new, "web    1/2     10s\n");
    assert!(running.job.take_new().is_empty());
}

#[test]
fn the_current_namespace_is_a_file_that_the_caller_keeps() {
    let mut job = Job::new("config set-context --current --namespace=team", &files());
    assert_eq!(job.poll(&mut world()), Progress::Done { rc: 0 });
    let mut kept = files();
    job.take_written().iter().for_each(|(path, text)| kept.put(path, text));
    let mut job = Job::new("get pods", &kept);
    job.poll(&mut world());
    assert_eq!(job.stderr(), "No resources found in team namespace.\n");
}

#[test]
fn what_may_come_next_is_known() {
    let fake = world();
    for (line, want) in [
        ("kubectl rol", vec!["rollout"]),
        ("k rollout st", vec!["status"]),
        ("get po", vec!["po", "poddisruptionbudgets", "pods", "podtemplates"]),
        ("get pods ", vec!["web-0", "web-1"]),
        ("get pods web-0 ", vec!["web-1"]),
        ("delete sts/", vec!["sts/web"]),
        ("get sts,sv", vec!["sts,svc"]),
        ("get pods -o ya", vec!["yaml"]),
        ("get pods --out", vec!["--output", "--output-watch-events"]),
        ("apply -f w", vec!["web.yaml"]),
        ("cordon node-", vec!["node-1", "node-2"]),
        ("set image sts/web ", vec!["nginx="]),
        ("delete sts web --cascade=o", vec!["--cascade=orphan"]),
        ("foo bar", vec![]),
    ] {
        assert_eq!(complete(line, line.len(), &fake, &files()), want, "{line}");
    }
}
