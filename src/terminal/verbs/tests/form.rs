//! Today's form and the classic one: the output of each command, and what a terminal reports about the difference.

use api::kind::Kind;
use api::status::{Fault, FieldError, Status};
use base::field_path::FieldPath;
use base::value::Value;
use kubectl::Job;
use kubectl::form::{Change, Form};
use playground::Playground;
use sim::Setup;
use text::Lang;
use view::terminal::Voice;

use crate::sessions::{files, text, world};
use plugged::fake::Fake;

/// A command's output in a form, and the changes it reports.
fn run(fake: &mut Fake, form: Form, line: &str) -> (String, Vec<Change>) {
    let mut files = files();
    form.choose(&mut files);
    let mut job = Job::new(line, &files);
    job.poll(fake);
    (text(&job, 0), job.changes().collect())
}

/// Checks that a command reports a change, and what the classic form prints in place of today's text.
fn check(line: &str, change: Change, today: &str, classic: &str, prepare: impl Fn(&mut Fake)) {
    let prepared = || {
        let mut fake = world();
        prepare(&mut fake);
        fake
    };
    let (now, changes) = run(&mut prepared(), Form::Today, line);
    let (then, none) = run(&mut prepared(), Form::Classic, line);
    assert_eq!(none, [], "{line}");
    assert!(changes.contains(&change), "{line}: {changes:?}");
    assert!(now.contains(today), "{line}: {now}");
    assert!(then.contains(classic) && !then.contains(today), "{line}: {then}");
    assert!(!now.contains(classic), "{line}: {now}");
}

#[test]
fn the_classic_form_undoes_what_is_a_matter_of_form() {
    let leaves = |fake: &mut Fake, change: fn(&mut Value)| {
        fake.change(Kind::Pod, "web-0", |pod| {
            pod.set(&["metadata", "deletionTimestamp"], "2026-11-20T08:24:09Z");
            change(pod);
        });
    };
    let finished = |fake: &mut Fake| leaves(fake, |pod| pod.set(&["status", "phase"], "Succeeded"));
    let cut_off = |fake: &mut Fake| {
        leaves(fake, |pod| pod.set(&["status", "conditions"], Value::list([Value::of([("type", "Ready"), ("status", "False")])])));
    };
    let refused = |fake: &mut Fake| {
        let why = FieldError::new(FieldPath::of("spec.serviceName"), Fault::Invalid("b".into()), "field is immutable");
        fake.refuse = Some(Status::invalid("StatefulSet.apps", "web", vec![why]));
    };
    let volume = |fake: &mut Fake| {
        let claim = Value::of([("apiVersion", "v1"), ("kind", "PersistentVolumeClaim")]);
        let mut claim = claim;
        claim.set(&["metadata", "name"], "www-web-0");
        claim.set(&["metadata", "namespace"], "default");
        fake.put(claim);
    };
    let nothing = |_: &mut Fake| {};
    check("delete pod web-0 --wait=false", Change::DeletedFrom, "deleted from default namespace\n", "pod \"web-0\" deleted\n", nothing);
    check("delete pod web-0 --force", Change::ForceWarning, "! Warning: Immediate", "! warning: Immediate", nothing);
    check("get pods web-0", Change::NodeLost, "Terminating", "Unknown", cut_off);
    check("get pvc", Change::AttributesClass, "STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE", "STORAGECLASS   AGE", volume);
    check("get nodes -o wide", Change::KernelArchitecture, "6.12.0 (amd64)", "6.12.0   ", nothing);
    check("get sts web -o yaml", Change::MaxUnavailable, "      maxUnavailable: 1\n", "rollingUpdate:\n      partition: 0\n", nothing);
    check("get sts web -o yaml", Change::TemplateTimestamp, "  template:\n    metadata:\n      labels", "creationTimestamp: null", nothing);
    check("describe sts web", Change::Description, "0/TCP (web)\n", "0/TCP\n", nothing);
    check("describe sts web", Change::Description, "successThreshold=1", "#success=1", nothing);
    check(
        "patch sts web -p '{\"spec\":{\"serviceName\":\"b\"}}'",
        Change::ImmutableFields,
        "field is immutable",
        "'minReadySeconds' are forbidden",
        refused,
    );
    let (now, changes) = run(
        &mut {
            let mut fake = world();
            finished(&mut fake);
            fake
        },
        Form::Today,
        "get pods web-0",
    );
    assert!(changes == [Change::FinishedPhase] && !now.contains("Terminating"), "{now}");
    let (then, _) = run(
        &mut {
            let mut fake = world();
            finished(&mut fake);
            fake
        },
        Form::Classic,
        "get pods web-0",
    );
    assert!(then.contains("Terminating"), "{then}");
}

#[test]
fn what_reads_as_in_guides_tells_of_nothing() {
    for line in
        ["get pods", "get sts", "scale sts web --replicas=3", "get nodes", "get sts web -o jsonpath={.spec.replicas}", "explain sts"]
    {
        let (now, changes) = run(&mut world(), Form::Today, line);
        let (then, _) = run(&mut world(), Form::Classic, line);
        assert_eq!(now, then, "{line}");
        assert_eq!(changes, [], "{line}");
    }
}

#[test]
fn a_version_that_is_gone_is_told_of_with_its_release() {
    let files = [("old.yaml", "apiVersion: apps/v1beta1\nkind: StatefulSet\nmetadata:\n  name: web\n")].into_iter().collect();
    let mut job = Job::new("create -f old.yaml", &files);
    job.poll(&mut world());
    assert_eq!(job.changes().collect::<Vec<_>>(), [Change::RemovedVersion("1.16")]);
}

#[test]
fn a_terminal_says_once_what_reads_differently_and_prints_as_guides_do_when_told_to() {
    let mut playground = Playground::new(&Setup::default(), "");
    let said = |playground: &Playground| -> Vec<String> {
        let ours = playground.terminal().lines().iter().filter(|line| line.voice == Voice::Playground);
        ours.map(|line| line.text.clone()).collect()
    };
    for line in [
        "kubectl run a --image=nginx",
        "kubectl delete pod a --wait=false",
        "kubectl run b --image=nginx",
        "kubectl delete pod b --wait=false",
    ] {
        playground.type_line(line, Lang::English);
        playground.run_until_quiet(|| true);
    }
    assert_eq!(said(&playground), ["Since Kubernetes 1.34, delete prints the namespace (for the old output: playground form classic)."]);
    assert_eq!(playground.form(), Form::Today);
    for line in ["playground form classic", "kubectl run c --image=nginx", "kubectl delete pod c --wait=false", "playground form old"] {
        playground.type_line(line, Lang::English);
    }
    assert_eq!(playground.form(), Form::Classic);
    let printed: Vec<&str> = playground.terminal().lines().iter().map(|line| &*line.text).collect();
    assert!(printed.contains(&"pod \"c\" deleted"), "{printed:?}");
    assert!(said(&playground).iter().any(|line| line == "playground form classic|today"));
}
