//! Room for applications with visible state. What the page says of them is tested in tests/page/applications.rs and tests/applications.

use crate::nodes::node_of;
use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

/// Starts over with one of the examples.
fn begin(page: &Page, example: usize) {
    page.choose(".examples", &example.to_string());
    let text = page.manifest();
    page.restart_with(&text);
    page.run_until_quiet();
}

pub fn a_quorum_and_two_primaries_are_legible_wherever_they_are_shown(page: &Page) {
    begin(page, 2);
    // Before anything is written, it is folded.
    assert_eq!(page.js("return document.querySelector('.writes').offsetHeight"), 0);
    page.click(".application .fold");
    page.click(".writes .button:nth-child(2)");
    page.run_until_quiet();
    page.until("document.querySelector('.application .counts').innerText.includes('60 acknowledged')");
    page.draws(".application .leads", &["leads: 3 of 3 members agree."]);
    assert_eq!(page.js("return document.querySelector('.object .meter')"), serde_json::json!(null), "a promise that is kept is not told");
    page.check_accessible();
    page.check_legible("a quorum");
    shoot(page, "quorum");
    begin(page, 1);
    let node = node_of(page, "db-0");
    for line in
        [&format!("playground cut node {node}"), "kubectl delete pod db-0 --grace-period=0 --force", "playground write statefulset db 8"]
    {
        page.type_line(line);
        page.run_until_quiet();
    }
    page.pick("db-0");
    page.until("document.querySelectorAll('.interleaved li.other').length >= 3");
    page.draws(".application .leads", &["Two processes accept writes, and db-0 is one of them."]);
    page.draws(".object .meter", &["db-0 runs twice"]);
    page.check_accessible();
    page.check_legible("two primaries");
    shoot(page, "two-primaries");
    // On a phone they are shown with the writes.
    page.resize(PHONE.0, PHONE.1);
    page.click(".tabs-below button:last-child");
    assert_eq!(page.js("return document.querySelector('.application').offsetHeight > 0"), true);
    page.check_legible("two primaries on a telephone");
    shoot(page, "application");
    page.resize(DESKTOP.0, DESKTOP.1);
}
