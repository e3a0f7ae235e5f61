//! A story ends where nothing new comes.

use ordinal::base::time::{Span, Time};
use ordinal::causes::pod::{PodState, pod_word};
use ordinal::playground::history::{Act, History};
use ordinal::playground::story::{LONGEST, Story};
use ordinal::playground::{EXAMPLE, Pace, setup};
use ordinal::text::Lang;

const LANG: Lang = Lang::English;

/// A run in which all is quiet.
fn settled(manifest: &str) -> History {
    let mut run = History::new(&setup(), manifest, LANG);
    run.act(Act::Line("kubectl apply -f manifest.yaml".into()), LANG);
    run.run(Time(120_000), || true);
    run
}

/// How long the story of a line is.
fn told_of(run: &mut History, line: &str) -> Span {
    run.act(Act::Line(line.into()), LANG);
    let begun = run.present().now();
    assert_eq!(run.tell(&mut Story::begin(run.present()), &mut || true), Pace::Reached);
    run.present().now().since(begun)
}

fn ready(run: &History) -> usize {
    run.present().tables().pods().filter(|pod| pod.ready() && !pod.meta.terminating()).count()
}

#[test]
fn a_story_ends_once_all_is_as_it_should_be() {
    let mut run = settled(EXAMPLE);
    assert!(told_of(&mut run, "kubectl delete pod web-1") < Span::seconds(30));
    assert_eq!(ready(&run), 3);
    assert_eq!(told_of(&mut run, "kubectl get pods"), Span(0));
}

#[test]
fn a_lost_node_is_told_to_the_eviction() {
    let mut run = settled(EXAMPLE);
    let node = run.present().tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it is on one");
    let told = told_of(&mut run, &format!("playground stop node {node}"));
    assert!(told > Span::seconds(300) && told < LONGEST, "{told:?}");
    assert!(run.present().tables().pods().any(|pod| pod.meta.terminating()));
}

#[test]
fn what_is_tried_again_and_again_is_told_once() {
    let mut run = settled(EXAMPLE);
    told_of(&mut run, "kubectl create poddisruptionbudget web --selector=app=nginx --min-available=3");
    let node = run.present().tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it is on one");
    let drain = format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data");
    assert!(told_of(&mut run, &drain) < Span::seconds(10));
    let refused = run.present().terminal().lines().iter().filter(|line| line.text.starts_with("error when evicting")).count();
    assert!((1..=3).contains(&refused) && run.present().is_busy(), "{refused} lines");
    // A container that crashes does so for ever.
    let mut run = settled(EXAMPLE);
    let crash = r#"{"spec":{"template":{"spec":{"containers":[{"name":"nginx","command":["false"]}]}}}}"#;
    let told = told_of(&mut run, &format!("kubectl patch statefulset web -p '{crash}'"));
    assert!(told < Span::seconds(120), "{told:?}");
    let state = run.present().tables().pod("default", "web-2").map(|pod| pod_word(pod, false).state);
    assert_eq!(state, Some(PodState::Bad));
}

#[test]
fn a_command_that_waits_is_told_to_its_end() {
    let mut run = settled(EXAMPLE);
    assert_eq!(told_of(&mut run, "sleep 500; kubectl get pods"), Span::seconds(500));
    assert_eq!(told_of(&mut run, "sleep 5000"), Span(0));
}

#[test]
fn what_is_typed_while_a_command_waits_is_answered_beside_it() {
    let mut run = settled(EXAMPLE);
    for line in [
        "sleep 30",
        "kubectl wait pod/web-0 --for=delete",
        "kubectl get pods -w",
        "kubectl rollout restart sts web && kubectl rollout status sts web",
    ] {
        run.act(Act::Line(line.into()), LANG);
        let waits = |run: &History| (run.present().is_busy(), run.present().waits_for_command());
        assert_eq!(waits(&run), (true, true), "{line}");
        run.act(Act::Line("kubectl get service nginx -o name".into()), LANG);
        assert_eq!(run.present().terminal().lines().last().map(|line| &*line.text), Some("service/nginx"), "{line}");
        run.act(Act::Interrupt, LANG);
        assert_eq!(waits(&run), (false, false), "{line}");
    }
    run.act(Act::Line("kubectl get pods -w &".into()), LANG);
    assert!(run.present().is_busy() && !run.present().waits_for_command());
}

#[test]
fn a_story_of_a_thousand_pods_ends() {
    let mut run = settled(&EXAMPLE.replace("replicas: 3", "replicas: 1000").replace("OrderedReady", "Parallel"));
    let mut story = Story::begin(run.present());
    let (mut slices, mut looks) = (0, 0);
    loop {
        let mut go_on = || {
            looks += 1;
            looks % 256 != 0
        };
        match run.tell(&mut story, &mut go_on) {
            Pace::Stopped => slices += 1,
            pace => break assert_eq!(pace, Pace::Reached),
        }
    }
    assert!(run.present().now() <= Time(120_000) + LONGEST && slices > 0, "{} after {slices} slices", run.present().now());
}
