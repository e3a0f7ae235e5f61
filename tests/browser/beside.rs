//! A Deployment beside the set: in the same node rows, without ordinals.

use serde_json::json;

use crate::page::{PHONE, Page};
use crate::screens::shoot;

const DEPLOYMENT: &str = "
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec:
  replicas: 3
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front}}
    spec:
      containers: [{name: nginx, image: 'nginx:1.27'}]
";

/// The example and a Deployment, come up.
fn both(page: &Page) {
    let manifest = page.manifest() + DEPLOYMENT;
    page.restart_with(&manifest);
    page.run_until_quiet();
}

fn strangers(page: &Page) -> u64 {
    page.js("return document.querySelectorAll('.side > .pod').length").as_u64().unwrap_or(0)
}

pub fn a_deployments_pods_stand_in_the_same_rows_without_columns(page: &Page) {
    both(page);
    assert_eq!(page.text(".side-line b"), "deployment/front");
    assert!(page.text(".heading-cell.side").contains("3 of 3 Ready"));
    assert_eq!(strangers(page), 3);
    assert_eq!(page.js("return document.querySelectorAll('.heading').length"), 3, "ordinals are the set's alone");
    assert!(page.text(".side > .pod .name").starts_with("…-"));
    page.check_accessible();
    shoot(page, "02-beside");
    page.click("[aria-label='Hide the manifest']");
    page.resize(720, 900);
    page.click(".turns button:last-child");
    page.until("document.querySelector('.heading').offsetWidth === 0");
    page.check_accessible();
}

pub fn it_is_scaled_and_its_pods_are_replaced_by_others(page: &Page) {
    both(page);
    page.click(".side-line .stepper button:last-child");
    page.run_until_quiet();
    assert!(page.text(".terminal-log").contains("$ kubectl scale deployment front --replicas=4"));
    assert_eq!(strangers(page), 4);
    let first = page.text(".side > .pod .name");
    page.click(".side > .pod");
    assert!(page.text(".verdict").ends_with("is Ready."));
    page.command("Delete front-");
    page.run_until_quiet();
    assert_eq!(strangers(page), 4);
    let names = page.js("return [...document.querySelectorAll('.side > .pod .name')].map(n => n.innerText)");
    assert!(!names.as_array().into_iter().flatten().any(|name| *name == json!(first)), "{names} has {first}");
}

pub fn on_a_telephone_the_two_take_turns(page: &Page) {
    page.run_until_quiet();
    page.type_line("playground beside statefulset web | kubectl apply -f -");
    page.run_until_quiet();
    page.resize(PHONE.0, PHONE.1);
    // A finger reaches the button: nothing lies over it.
    let reached = "const button = document.querySelector('.turns button:nth-child(2)'), at = button.getBoundingClientRect();
         return document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2) === button";
    page.in_all_letters(|letters| assert_eq!(page.js(reached), true, "{letters}"));
    page.js("[...document.querySelectorAll('.bar [lang]')].find(button => button.innerText.trim() === '한국어').click()");
    page.until("document.querySelector('.turns button').innerText === '스테이트풀셋'");
    page.click(".turns button:nth-child(2)");
    page.until("[...document.querySelectorAll('.side > .pod')].filter(pod => pod.offsetHeight > 0).length === 3");
}

pub fn where_there_is_no_room_for_both_nothing_is_cut(page: &Page) {
    both(page);
    let cut = "const cluster = document.querySelector('#cluster'); return cluster.scrollWidth > cluster.clientWidth";
    // How many pods the set has, and how narrow the window may be: the columns alone are to have room.
    for (replicas, widths) in [(3, &[900, 1024, 1160, 1200, 1240, 1300, 1440][..]), (5, &[1024, 1360, 1440])] {
        page.type_line(&format!("kubectl scale statefulset web --replicas={replicas}"));
        page.run_until_quiet();
        for width in widths {
            page.resize(*width, 800);
            page.in_all_letters(|letters| assert_eq!(page.js(cut), false, "{replicas} pods in a window of {width}, {letters}"));
            page.check_legible(&format!("{replicas} pods beside a Deployment, {width} wide"));
        }
    }
    page.resize(1200, 800);
    page.js("document.querySelector('.turns button:last-child').focus()");
    page.press("Enter");
    page.until("[...document.querySelectorAll('.side > .pod')].filter(pod => pod.offsetHeight > 0).length === 3");
    page.in_all_letters(|letters| assert_eq!(page.js(cut), false, "{letters}"));
    page.check_legible("the Deployment's turn");
    page.check_accessible();
}

pub fn three_on_one_node_need_no_scrolling(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl cordon node-1 && kubectl cordon node-2");
    page.type_line("playground beside statefulset web | kubectl apply -f -");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.side > .pod').length === 3");
    for height in [900, 790] {
        page.resize(1440, height);
        crate::visit::needs_no_scrolling(page, &format!("with three pods of a Deployment on one node, {height} high"));
        page.check_legible("three strangers on one node");
    }
}

pub fn a_pod_that_a_set_takes_over_is_drawn_as_the_sets(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl delete statefulset web --cascade=orphan");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.side > .pod').length === 3");
    page.click("#apply");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.heading-cell[data-link]').length === 3 && !document.querySelector('.side > .pod')");
    crate::visit::needs_no_scrolling(page, "after its pods were taken over");
}
