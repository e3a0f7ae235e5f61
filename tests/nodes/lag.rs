//! A slow or lossy way between the API server and a kubelet: what arrives late, and what follows from that.

use crate::typed::Page;
use ordinal::playground::EXAMPLE;

/// A page with its set running, and the node of a pod of that.
fn page(pod: &str) -> (Page, String) {
    let mut page = Page::begin(EXAMPLE, &["kubectl apply -f manifest.yaml"]);
    page.pass(60);
    let node = page.0.tables().pod("default", pod).and_then(|pod| pod.node.clone()).expect("it runs somewhere");
    (page, node.to_string())
}

/// Whether a pod's process runs on a node, whatever the API server knows.
fn runs(page: &Page, node: &str, pod: &str) -> bool {
    let machine = page.0.sim().machines().find(|machine| *machine.node == *node).expect("a machine");
    machine.workers().any(|worker| *worker.key.name == *pod && worker.running())
}

/// The status of a node as a table has it.
fn status(page: &mut Page, node: &str) -> String {
    let row = page.say(&format!("kubectl get node {node} --no-headers"));
    row.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

/// How many seconds pass until a line prints what is wanted, at most so many.
fn until(page: &mut Page, line: &str, wanted: impl Fn(&str) -> bool, most: u64) -> u64 {
    let begun = page.0.now();
    while !wanted(&page.say(line)) && page.0.now().since(begun).0 < most * 1000 {
        page.pass(1);
    }
    page.0.now().since(begun).0 / 1000
}

#[test]
fn a_deleted_pods_process_lives_on_until_its_kubelet_sees_the_deletion() {
    let (mut page, node) = page("web-1");
    assert_eq!(
        page.say(&format!("playground delay node {node} 10s")),
        format!("Between {node} and the API server, messages take 10000 ms each way.")
    );
    page.say("kubectl delete pod web-1 --grace-period=0 --force");
    assert!(page.say("kubectl get pod web-1 -o jsonpath={.metadata.uid}").len() > 9, "another is there at once");
    page.pass(8);
    assert!(runs(&page, &node, "web-1"), "the old one's process lives on");
    // The new one is seen late, starts, and is reported late.
    let ready = until(&mut page, "kubectl get pod web-1 --no-headers", |row| row.contains("1/1"), 90);
    assert!((12..40).contains(&ready), "{ready} s");
    assert_eq!(status(&mut page, &node), "Ready", "renewals that are late by the same time all come in time");
}

#[test]
fn a_status_comes_late_and_what_is_under_way_comes_in_order() {
    let took = |delay: &str| {
        let (mut page, node) = page("web-2");
        page.say(&format!("playground delay node {node} {delay}"));
        page.say("kubectl delete pod web-2 --wait=false");
        // It is seen as gone once its kubelet has heard of it and its word has come back.
        let uid = "kubectl get pod web-2 -o jsonpath={.metadata.deletionTimestamp}";
        until(&mut page, uid, str::is_empty, 60)
    };
    let (prompt, late) = (took("0"), took("4"));
    assert!(late >= prompt + 8 && late < prompt + 14, "{prompt} s, and {late} s where each way takes four");
}

#[test]
fn a_node_whose_renewals_stay_away_too_long_is_not_ready_until_it_is_heard() {
    let (mut page, node) = page("web-1");
    page.say(&format!("playground delay node {node} 30"));
    let row = format!("kubectl get node {node} --no-headers");
    let silent = until(&mut page, &row, |row| row.contains("NotReady"), 300);
    assert!((50..150).contains(&silent), "{silent} s");
    assert!(runs(&page, &node, "web-1"), "its processes go on");
    assert!(page.say(&format!("playground start node {node}")).contains("on the network again"));
    let heard = until(&mut page, &row, |row| row.contains(" Ready"), 120);
    assert!(heard < 60, "{heard} s");
    page.pass(120);
    assert_eq!(status(&mut page, &node), "Ready");
}

#[test]
fn one_message_of_so_many_is_lost_and_sent_again() {
    let (mut page, node) = page("web-0");
    let said = page.say(&format!("playground lose node {node} 2"));
    assert_eq!(said, format!("Between {node} and the API server, one message of 2 is lost and sent again 10 s later."));
    page.say("kubectl delete pod web-0 --wait=false");
    let gone = until(&mut page, "kubectl get pod web-0 -o jsonpath={.metadata.deletionTimestamp}", str::is_empty, 120);
    assert!(gone >= 9, "{gone} s");
    let ready = until(&mut page, "kubectl get pod web-0 --no-headers", |row| row.contains("1/1"), 120);
    assert!(ready < 90, "{ready} s");
    assert_eq!(status(&mut page, &node), "Ready", "two renewals are never lost one after the other");
    for wrong in ["lose node {node} 1", "lose node {node} many", "delay node {node} soon", "delay node {node}", "delay node {node} 601"] {
        let said = page.say(&format!("playground {}", wrong.replace("{node}", &node)));
        assert!(said.contains("playground delay node NAME SECONDS"), "{wrong}: {said}");
    }
    assert_eq!(page.say("playground delay node nothing 2"), "playground: there is no machine nothing");
}

#[test]
fn the_heading_and_the_menu_of_a_node_say_so() {
    let (mut page, node) = page("web-0");
    page.say(&format!("playground delay node {node} 2"));
    page.say(&format!("playground lose node {node} 5"));
    let shot = page.0.snapshot(ordinal::text::Lang::English);
    let row = ordinal::view::node::rows(&shot).into_iter().find(|row| row.name == node).expect("a row");
    assert_eq!(row.lines.last().map(String::as_str), Some("2000 ms late, loses 1 of 5"));
    let lines: Vec<String> = ordinal::view::node::entries(&shot, &node).into_iter().map(|entry| entry.line).collect();
    assert!(lines.contains(&format!("playground start node {node}")), "{lines:?}");
    assert!(ordinal::view::node::why(&shot, &node).paragraph.plain().contains("a pod that was deleted lives on until then"));
    let other = if node == "node-1" { "node-2" } else { "node-1" };
    let lines: Vec<String> = ordinal::view::node::entries(&shot, other).into_iter().map(|entry| entry.line).collect();
    assert!(lines.contains(&format!("playground delay node {other} 2")) && lines.contains(&format!("playground lose node {other} 3")));
    page.say(&format!("playground delay node {node} 0"));
    assert!(page.say(&format!("playground lose node {node} 0")).contains("arrive at once again"));
}
