//! Applications with visible state: who leads, whether there is a quorum, which writes are kept; and the behaviour of images.

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

/// Starts over with one of the examples.
fn begin(page: &Page, example: usize) {
    page.choose(".examples", &example.to_string());
    let text = page.manifest();
    page.restart_with(&text);
    page.run_until_quiet();
}

fn say(page: &Page, line: &str) {
    page.fill("#prompt", line);
    page.press("Enter");
}

fn node_of(page: &Page, pod: &str) -> String {
    page.pick(pod);
    let node = page.js("return document.querySelector('.pod[aria-current]').closest('.row').querySelector('.node b').innerText");
    page.press("Escape");
    node.as_str().expect("a node has a name").to_owned()
}

pub fn a_quorum_is_chosen_from_the_examples_and_loses_its_leader(page: &Page) {
    begin(page, 2);
    assert_eq!(page.text(".application .leads").trim(), "etcd-2 leads: 3 of 3 members agree.");
    page.click(".writes .button:nth-child(2)");
    assert!(page.text(".terminal-log").contains("$ playground write statefulset etcd 60"));
    page.run_until_quiet();
    assert_eq!(page.text(".application .counts").trim(), "60 acknowledged");
    page.check_accessible();
    page.check_legible("a quorum");
    shoot(page, "quorum");
    crate::link::share(page);
    page.press("Escape");
    for pod in ["etcd-1", "etcd-2"] {
        let node = node_of(page, pod);
        say(page, &format!("playground cut node {node}"));
    }
    say(page, "playground write statefulset etcd 3");
    page.run_until_quiet();
    assert_eq!(page.text(".application .leads").trim(), "No quorum: 1 member reachable, 2 needed.");
    assert!(page.text(".application .counts").contains("3 refused"));
    page.check_accessible();
    page.check_legible("no quorum");
    shoot(page, "no-quorum");
}

pub fn two_primaries_write_to_one_volume_and_what_they_wrote_is_shown(page: &Page) {
    begin(page, 1);
    assert_eq!(page.text(".application .leads").trim(), "db-0 is the primary: 2 replicas follow.");
    assert!(page.text(".object .meter").contains("one pod per name"));
    let node = node_of(page, "db-0");
    say(page, &format!("playground cut node {node}"));
    page.run_until_quiet();
    assert_eq!(page.text(".application .leads").trim(), "There is no primary: db-0 is unreachable.");
    say(page, "kubectl delete pod db-0 --grace-period=0 --force");
    page.run_until_quiet();
    say(page, "playground write statefulset db 8");
    page.run_until_quiet();
    page.pick("db-0");
    assert_eq!(page.text(".application .leads").trim(), "Two processes accept writes, and db-0 is one of them.");
    assert!(page.text(".object .meter").contains("db-0 runs twice"));
    assert_eq!(page.js("return document.querySelectorAll('.interleaved li.other').length >= 3"), true);
    page.check_accessible();
    page.check_legible("two primaries");
    shoot(page, "two-primaries");
    page.js("document.querySelector('.interleaved').scrollIntoView()");
    shoot(page, "two-writers");
    // On a phone they are shown with the writes.
    page.resize(PHONE.0, PHONE.1);
    page.click(".tabs-below button:last-child");
    assert_eq!(page.js("return document.querySelector('.application').offsetHeight > 0"), true);
    page.check_legible("two primaries on a telephone");
    shoot(page, "application");
    page.resize(PHONE.0, PHONE.1);
    page.click(".tabs-below button:first-child");
    page.resize(DESKTOP.0, DESKTOP.1);
    page.click(&format!(".node:has([data-item=node-{node}]) .switch > .button"));
    page.run_until_quiet();
    assert!(page.text(".application .counts").contains("8 lost"), "{}", page.text(".application .counts"));
    assert!(page.text(".object .meter").contains("one pod per name"));
}

pub fn any_image_is_told_what_to_do(page: &Page) {
    page.run_until_quiet();
    page.command("Image: crashes after each start");
    assert!(page.text(".terminal-log").contains("$ playground image nginx:1.27 crash"));
    page.command("Delete web-2");
    page.click("#toggle");
    page.until("document.querySelector('.pod[data-hue=danger]')");
    page.command("Repair the image");
    page.command("Delete web-2");
    page.until("!document.querySelector('.pod[data-hue=danger]')");
}
