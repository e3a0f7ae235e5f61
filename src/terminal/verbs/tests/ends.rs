//! How commands on several objects go on and end.

use api::kind::Kind;
use base::value::Value;
use kubectl::{Files, Progress};

use crate::sessions::{run, run_with, text, world};
use crate::waiting::Running;
use plugged::fake::Fake;

/// Runs commands, each in a fresh world.
fn check(cases: &[(&str, &str)]) {
    for (line, want) in cases {
        assert_eq!(run(&mut world(), line), *want, "{line}");
    }
}

#[test]
fn kinds_without_namespaces_have_no_such_column_unless_they_follow_others() {
    let headings = |line: &str| -> Vec<String> {
        let said = run(&mut world(), line);
        said.lines().filter(|l| l.contains("NAME ")).map(|l| l.split_whitespace().next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(headings("get nodes -A"), ["NAME"]);
    assert_eq!(headings("get nodes,pods -A"), ["NAME", "NAMESPACE"]);
    assert_eq!(headings("get pods,nodes -A"), ["NAMESPACE", "NAMESPACE"]);
}

#[test]
fn a_delete_of_nothing_says_so_and_one_on_trial_looks_nothing_up() {
    check(&[
        ("delete pods -l app=none --ignore-not-found", "No resources found\n"),
        ("delete pod none --ignore-not-found", ""),
        ("delete pod none --dry-run=client", "pod \"none\" deleted from default namespace (dry run)\n"),
    ]);
    let mut late = Running::start(world(), "delete pod web-0 web-1 --timeout=5s");
    late.after(5);
    let said = late.ends();
    assert!(
        said.ends_with("\n! error: timed out waiting for the condition on pods/web-0\n? 1\n") && !said.contains("pods/web-1"),
        "{said}"
    );
}

#[test]
fn a_scale_that_waits_tells_of_each_set_once_it_has_its_pods() {
    let mut fake = world();
    let mut other = fake_set(&fake);
    other.set(&["metadata", "name"], "web2");
    fake.put(other);
    let mut running = Running::start(fake, "scale sts web web2 --replicas=3 --timeout=9s");
    assert_eq!((running.waits(), running.job.stdout().as_str()), (Some(1), ""));
    running.after(4).fake.change(Kind::StatefulSet, "web", |set| set.set(&["status", "replicas"], 3));
    assert_eq!((running.waits(), running.job.stdout().as_str()), (Some(1), "statefulset.apps/web scaled\n"));
    let said = running.during(9000).ends();
    assert_eq!(said, "statefulset.apps/web scaled\n! error: timed out waiting for \"web2\" to be synced\n? 1\n");
    assert_eq!(running.fake.writes.iter().filter(|w| w.starts_with("patch statefulsets web2")).count(), 1);
}

fn fake_set(fake: &Fake) -> Value {
    use api::client::Client;
    fake.get(Kind::StatefulSet, "default", "web").expect("a set")
}

#[test]
fn no_node_is_cordoned_beside_one_that_is_missing() {
    let missing = "! Error from server (NotFound): nodes \"none\" not found\n? 1\n";
    for line in ["cordon node-1 none", "drain node-1 none", "uncordon node-1 none"] {
        let mut fake = world();
        assert_eq!(run(&mut fake, line), missing, "{line}");
        assert_eq!(fake.writes, [""; 0], "{line}");
    }
    let mut fake = world();
    fake.refuse = Some(api::status::Status::bad_request("no"));
    let said = run(&mut fake, "cordon node-1 node-2");
    assert_eq!(said, "! error: unable to cordon node \"node-1\": no\nnode/node-2 cordoned\n");
}

#[test]
fn an_object_may_have_to_meet_several_conditions_one_after_the_other() {
    let mut running = Running::start(world(), "wait pod/none --for=create --for=condition=Ready --timeout=9s");
    assert_eq!(running.job.stdout(), "");
    let ready = |status: &str| {
        let mut pod = Value::of([("apiVersion", "v1"), ("kind", "Pod")]);
        pod.set(&["metadata", "name"], "none");
        pod.set(&["metadata", "namespace"], "default");
        pod.set(&["status", "conditions"], Value::list([Value::of([("type", "Ready"), ("status", status)])]));
        pod
    };
    running.fake.put(ready("False"));
    running.during(500).waits();
    assert_eq!(running.job.stdout(), "pod/none condition met\n");
    let mut late = Running { fake: running.fake.clone(), job: running.job.clone() };
    running.fake.put(ready("True"));
    assert_eq!(running.ends(), "pod/none condition met\npod/none condition met\n");
    let said = late.after(9).ends();
    assert_eq!(said, "pod/none condition met\n! error: timed out waiting for the condition on pods/none\n? 1\n");
    let wrong = "wait pod/web-0 --for=delete --for=foo";
    assert_eq!(run(&mut world(), wrong), "! error: unrecognized condition: \"foo\"\n? 1\n");
}

#[test]
fn a_drain_gives_up_pods_that_do_not_end_in_time() {
    let head = "node/node-2 cordoned\n";
    let pending = |why: &str| {
        format!(
            "! There are pending pods in node \"node-2\" when an error occurred: {why}\n! pod/web-1\n! error: unable to drain node \"node-2\" \
             due to error: {why}, continuing command...\n! There are pending nodes to be drained:\n!  node-2\n"
        )
    };
    for (flags, first, why, alone) in [
        (
            "",
            "evicting pod default/web-1\n",
            "error when waiting for pod \"web-1\" in namespace \"default\" to terminate: context deadline exceeded",
            "",
        ),
        (" --disable-eviction", "", "context deadline exceeded", "error: "),
    ] {
        let mut running = Running::start(world(), &format!("drain node-2 --timeout=1500ms{flags}"));
        assert_eq!(running.waits(), Some(1));
        running.after(1);
        assert_eq!(running.waits(), Some(0), "at the end of the timeout, not a second after the last look");
        assert_eq!(running.after(1).ends(), format!("{head}{first}{}! {alone}{why}\n? 1\n", pending(why)));
    }
}

#[test]
fn what_went_wrong_with_every_node_is_told_at_the_end() {
    for (flags, first) in
        [("", "error when waiting for pod \"web-0\" in namespace \"default\" to terminate: "), (" --disable-eviction", "")]
    {
        let mut running = Running::start(world(), &format!("drain node-1 node-2 --timeout=1500ms --force --ignore-daemonsets{flags}"));
        let ended = (0..20).find_map(|_| match running.job.poll(&mut running.fake) {
            Progress::Done { rc } => Some(rc),
            Progress::Waiting { .. } => {
                running.after(1);
                None
            }
        });
        let told = text(&running.job, ended.expect("it gives up"));
        let last: Vec<&str> = told.lines().skip_while(|line| *line != "! There are pending nodes to be drained:").skip(3).collect();
        let [first, second] = [first, &first.replace("web-0", "web-1")].map(|what| format!("! {what}context deadline exceeded"));
        assert_eq!(last, [first.as_str(), second.as_str(), "? 1"], "{told}");
    }
}

#[test]
fn what_a_drain_passes_over_or_warns_of_is_what_the_last_filter_says() {
    let local = |fake: &mut Fake| {
        fake.change(Kind::Pod, "web-1", |pod| {
            let mut volume = Value::of([("name", "v")]);
            volume.set(&["emptyDir"], Value::map());
            pod.set(&["spec", "volumes"], Value::list([volume]));
        });
    };
    let mut fake = world();
    local(&mut fake);
    let line = "drain node-2 --delete-emptydir-data --disable-eviction --dry-run=client";
    let done = "node/node-2 cordoned (dry run)\nevicting pod default/web-1 (dry run)\nnode/node-2 drained (dry run)\n";
    assert_eq!(run(&mut fake.clone(), line), done);
    fake.change(Kind::Pod, "web-1", |pod| drop(pod.remove(&["metadata", "ownerReferences"])));
    let warned = done.replace("evicting", "! Warning: deleting Pods that declare no controller: default/web-1\nevicting");
    assert_eq!(run(&mut fake, &format!("{line} --force")), warned);
    let unknown = "! error: unknown flag: --delete-local-data\n! See 'kubectl drain --help' for usage.\n? 1\n";
    check(&[("drain node-2 --delete-local-data", unknown)]);
    let mut fake = world();
    fake.change(Kind::Pod, "web-1", |pod| {
        let owner = Value::of([("apiVersion", "apps/v1"), ("kind", "DaemonSet"), ("name", "gone"), ("uid", "u")]);
        let mut owner = owner;
        owner.set(&["controller"], true);
        pod.set(&["metadata", "ownerReferences"], Value::list([owner]));
    });
    let said = run(&mut fake.clone(), "drain node-2 --dry-run=client");
    assert!(said.contains("due to error: cannot delete daemonsets.apps \"gone\" not found: default/web-1, continuing"), "{said}");
    assert_eq!(run(&mut fake, "drain node-2 --dry-run=client --force"), done);
}

#[test]
fn a_selector_takes_objects_of_files_too() {
    let two = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app: x}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n";
    let files: Files = [("two.yaml", two)].into_iter().collect();
    let said = |fake: &mut Fake, line: &str| run_with(fake, line, &files);
    let mut fake = world();
    assert_eq!(said(&mut fake, "create -f two.yaml -l app=y"), "! error: no objects passed to create\n? 1\n");
    assert_eq!(said(&mut fake, "create -f two.yaml -l app=x"), "configmap/a created\n");
    assert_eq!(said(&mut fake, "apply -f two.yaml -l app!=x"), "configmap/b created\n");
    assert_eq!(said(&mut fake, "get -f two.yaml -l app=x -o name"), "configmap/a\n");
    let wrong = "! error: the provided selector \"a b\" is not valid: ";
    assert!(said(&mut fake, "get -f two.yaml -l 'a b'").starts_with(wrong));
    assert_eq!(said(&mut fake, "diff -f two.yaml -l app=none"), "");
    assert_eq!(said(&mut fake, "delete -f two.yaml -l app=x"), "configmap \"a\" deleted from default namespace\n");
}

#[test]
fn words_of_other_programs_bring_the_command_that_is_meant() {
    for (word, meant) in [("list", "get"), ("ls", "get"), ("remove", "delete"), ("RM", "delete"), ("inspect", "describe"), ("stats", "top")]
    {
        let said = run(&mut world(), word);
        assert!(said.starts_with(&format!("! error: unknown command \"{word}\" for \"kubectl\"\n! \n! Did you mean this?\n")), "{said}");
        assert!(said.contains(&format!("! \t{meant}\n")), "{said}");
    }
}

#[test]
fn a_log_that_cannot_be_read_yet_is_tried_every_second() {
    let mut fake = world();
    let state = |key: &'static str, reason: &'static str| {
        move |pod: &mut Value| {
            let mut status = Value::of([("name", "nginx")]);
            status.set(&["state", key, "reason"], reason);
            pod.set(&["status", "containerStatuses"], Value::list([status]));
        }
    };
    fake.change(Kind::Pod, "web-0", state("waiting", "ContainerCreating"));
    let why = "container \"nginx\" in pod \"web-0\" is waiting to start: ContainerCreating";
    assert_eq!(run(&mut fake.clone(), "logs web-0"), format!("! Error from server (BadRequest): {why}\n? 1\n"));
    let mut running = Running::start(fake.clone(), "logs -f web-0 --pod-running-timeout=2500ms");
    assert_eq!(running.waits(), Some(1));
    assert_eq!(running.after(1).waits(), Some(1));
    assert_eq!(running.after(1).waits(), Some(0));
    assert_eq!(running.after(1).ends(), format!("! {why}\n! {why}\n! {why}\n! error: context deadline exceeded\n? 1\n"));
    let mut running = Running::start(fake, "logs -f web-0");
    running.fake.change(Kind::Pod, "web-0", state("running", ""));
    assert_eq!(running.waits(), Some(1));
    assert_eq!(running.after(1).ends(), format!("! {why}\n! error: error dialing backend: no kubelet answers here\n? 1\n"));
}
