//! What one pane says, no other denies; and what is offered to whoever asks about one pod is about that pod.

use super::questions::{check, on_the_page, passes};
use super::*;
use ordinal::causes::Identity;
use ordinal::view::dns;

fn about(playground: &Playground, pod: &str) -> why::Why {
    let pod = Identity { namespace: "default".to_owned(), pod: pod.to_owned() };
    why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&pod))
}

/// The lines offered to whoever asks about a pod.
fn offered(playground: &Playground, pod: &str) -> Vec<String> {
    about(playground, pod).ways.into_iter().map(|way| way.entry.line).collect()
}

/// The example with another strategy.
fn with_strategy(strategy: &str) -> String {
    let written = "  updateStrategy:\n    type: RollingUpdate\n    rollingUpdate:\n      partition: 0\n";
    assert!(EXAMPLE.contains(written), "the example has changed");
    EXAMPLE.replace(written, &format!("  updateStrategy: {strategy}\n"))
}

#[test]
fn of_a_pod_that_is_drawn_ready_nobody_says_that_it_is_not() {
    let mut playground = on_the_page(EXAMPLE);
    let (mut looks, mut writes) = (0, 0);
    for at in 2..2_500 {
        playground.run(Time(at * 10), || true);
        let shot = playground.snapshot(LANG);
        let drawn = cluster::project(&shot, Some(&web_name()));
        let said: Vec<String> = drawn.slots.values().map(|slot| slot.spoken.clone()).collect();
        let names = dns::project(&shot, Some(&web_name()));
        assert!(!names.instead.plain().starts_with("There is no Service"), "{at}: {:?}", names.instead);
        for tile in drawn.pods.values().filter(|tile| tile.word == "Ready") {
            let pod = &tile.identity.pod;
            assert!(!said.iter().any(|said| said.ends_with(&format!("{pod} is not Ready"))), "{at}: {pod} is drawn Ready: {said:?}");
            let answer = names.names.iter().find(|row| row.name == format!("{pod}.nginx")).map(|row| row.reason.as_str());
            assert!(!answer.is_some_and(|reason| reason.starts_with("not Ready")), "{at}: {pod} is drawn Ready: {answer:?}");
            writes += usize::from(answer == Some("not written to the EndpointSlice yet"));
        }
        looks += usize::from(said.iter().any(|said| said.ends_with("the controller is next")));
        if drawn.pods.values().filter(|tile| tile.word == "Ready").count() == 3 && writes > 2 {
            break;
        }
    }
    assert!(looks > 0 && writes > 2, "the moments in between were looked at: {looks}, {writes}");
}

#[test]
fn what_was_tried_often_is_not_said_of_a_claim() {
    let mut playground =
        on_the_page(&EXAMPLE.replace("image: nginx:1.27\n", "image: nginx:1.27\n        envFrom: [{secretRef: {name: db}}]\n"));
    passes(&mut playground, 60);
    let facts: Vec<(String, String)> = about(&playground, "web-0").evidence.iter().map(|f| (f.fact.plain(), f.detail.clone())).collect();
    let tried: Vec<&str> = facts.iter().filter(|(_, detail)| detail.ends_with(" attempts")).map(|(fact, _)| fact.as_str()).collect();
    assert_eq!(tried, ["web-0"], "{facts:?}");
}

#[test]
fn whoever_asks_about_a_pod_that_keeps_its_revision_is_offered_what_updates_it() {
    for (strategy, line) in [
        (
            "{type: RollingUpdate, rollingUpdate: {partition: 2}}",
            r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'"#,
        ),
        ("{type: OnDelete}", "kubectl delete pod web-0"),
    ] {
        let mut playground = on_the_page(&with_strategy(strategy));
        settle(&mut playground);
        playground.type_line("kubectl set image statefulset/web nginx=nginx:1.28", LANG);
        settle(&mut playground);
        assert_eq!(about(&playground, "web-0").verdict.plain(), "web-0 keeps revision r1.");
        assert_eq!(offered(&playground, "web-0"), [line]);
        playground.type_line(line, LANG);
        settle(&mut playground);
        assert_eq!(about(&playground, "web-0").verdict.plain(), "web-0 is Ready.");
    }
}

#[test]
fn a_pod_that_its_partition_holds_is_not_said_to_come_back_updated() {
    let mut playground = on_the_page(&with_strategy("{type: RollingUpdate, rollingUpdate: {partition: 2}}"));
    settle(&mut playground);
    playground.type_line("kubectl set image statefulset/web nginx=nginx:1.28", LANG);
    settle(&mut playground);
    playground.type_line("playground break image nginx:1.27", LANG);
    playground.type_line("kubectl delete pod web-0", LANG);
    passes(&mut playground, 120);
    assert_eq!(offered(&playground, "web-0"), ["playground mend image nginx:1.27"]);
}

#[test]
fn a_set_that_a_finalizer_holds_says_so_and_how_it_goes() {
    let mut playground =
        on_the_page(&EXAMPLE.replace("metadata:\n  name: web\n", "metadata:\n  name: web\n  finalizers: [example.com/guard]\n"));
    settle(&mut playground);
    playground.type_line("kubectl delete statefulset web --wait=false", LANG);
    settle(&mut playground);
    check(
        &mut playground,
        "why statefulset/web",
        &["web is being deleted, but stays for now.", "Finalizer example.com/guard holds it.", "Decided by: metadata.finalizers"],
    );
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    let line = why.ways.first().map(|way| way.entry.line.clone()).expect("a way out");
    playground.type_line(&line, LANG);
    settle(&mut playground);
    assert!(playground.tables().stateful_sets().next().is_none(), "{line}");
}

#[test]
fn a_claim_is_drawn_in_the_row_of_the_pod_that_mounts_it_only() {
    let other = EXAMPLE.replace("name: web", "name: my-web").replace("app: nginx", "app: other");
    let mut playground = started(&format!("{EXAMPLE}---\n{other}"));
    settle(&mut playground);
    let claims = |pod: &str| playground.timeline().track("default", pod).claim.len();
    assert_eq!((claims("web-0"), claims("my-web-0")), (1, 1));
}
