//! Commands in small hand-made worlds: their output and their writes.

use std::fmt::Write;

use api::status::{Fault, FieldError, Status};
use base::field_path::FieldPath;
use base::time::Time;
use kubectl::{Files, Job, Piece, Progress, Stream, complete};

use plugged::fake::Fake;

/// A set of two pods, its service, its revision history, nodes.
const WORLD: &str = include_str!("../../../../tests/data/kubectl/small-world.yaml");

/// That world, ten seconds after the set was created.
pub fn world() -> Fake {
    let mut fake = Fake::with(WORLD);
    fake.now = Time::parse_rfc3339("2026-11-20T08:24:10Z").expect("an instant");
    fake
}

/// The files of these worlds.
pub fn files() -> Files {
    [
        ("web.yaml", include_str!("../../../../tests/data/kubectl/web.yaml")),
        ("dir/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"),
    ]
    .into_iter()
    .collect()
}

/// Runs a command that ends at once; returns its output, with `! ` before lines of standard error, and a non-zero exit code.
pub fn run(fake: &mut Fake, line: &str) -> String {
    run_with(fake, line, &files())
}

/// The same, with other files.
pub fn run_with(fake: &mut Fake, line: &str, files: &Files) -> String {
    let mut job = Job::new(line, files);
    let progress = job.poll(fake);
    let Progress::Done { rc } = progress else { panic!("{line} waits after {:?}", job.stdout()) };
    text(&job, rc)
}

/// The output of a job so far.
pub fn text(job: &Job, rc: i32) -> String {
    let mut all = String::new();
    let mut job = job.clone();
    for piece in job.take_new() {
        let sign = match piece {
            Piece::Text(Stream::Out, _) => "",
            Piece::Text(Stream::Err, _) => "! ",
            Piece::Note(_) => "note: ",
        };
        for line in piece.logged().split_inclusive('\n') {
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
        ("get pv x -A", "! Error from server (NotFound): persistentvolumes \"x\" not found\n? 1\n"),
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
        (
            "apply -f dir --validate=no",
            "! error: invalid - validate option \"no\"; must be one of: strict (or true), warn, ignore (or false)\n? 1\n",
        ),
        ("debug a", "! error: you must specify --image when not using --copy-to.\n? 1\n"),
        (
            "debug node/node-1 --image=busybox",
            "note: ordinal: use `ssh NODE COMMAND` to reach a machine of the cluster, and `kubectl debug POD` to look into a pod: `kubectl debug \
             node/node-1` is not simulated.\n? 1\n",
        ),
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
        (
            "taint node node-1 a:Foo",
            "! error: invalid taint effect: Foo, unsupported taint effect\n! See 'kubectl taint -h' for help and examples\n? 1\n",
        ),
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
        ("k", vec!["kubectl"]),
        ("kubectl rol", vec!["rollout"]),
        ("k rollout st", vec!["status"]),
        ("k get po", vec!["po", "poddisruptionbudgets", "pods", "podtemplates"]),
        ("k get pods ", vec!["web-0", "web-1"]),
        ("k get pods web-0 ", vec!["web-1"]),
        ("k delete sts/", vec!["sts/web"]),
        ("k get sts,sv", vec!["sts,svc"]),
        ("k get pods -o ya", vec!["yaml"]),
        ("k get pods --out", vec!["--output", "--output-watch-events"]),
        ("k apply -f w", vec!["web.yaml"]),
        ("k cordon node-", vec!["node-1", "node-2"]),
        ("k set image sts/web ", vec!["nginx="]),
        ("k delete sts web --cascade=o", vec!["--cascade=orphan"]),
        ("k explain sts.spec.re", vec!["sts.spec.replicas", "sts.spec.revisionHistoryLimit"]),
        ("k explain sts.spec.updateStrategy.", vec!["sts.spec.updateStrategy.rollingUpdate.", "sts.spec.updateStrategy.type"]),
        ("k explain sts.nothing.", vec![]),
        ("k get sts web -o k", vec![]),
        ("k foo bar", vec![]),
        ("get po", vec![]),
    ] {
        assert_eq!(complete(line, line.len(), &fake, &files()), want, "{line}");
    }
}
