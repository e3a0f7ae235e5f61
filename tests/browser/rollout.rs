//! Updates: revisions, the partition, a broken image and the way back.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

/// The revision and paint of each pod, by column: `r2 even`.
fn revisions(page: &Page) -> serde_json::Value {
    page.js(
        "return [...document.querySelectorAll('.cell:not(.side) .pod')].sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
             .map(pod => pod.querySelector('.revision').innerText + ' ' + pod.dataset.revision)",
    )
}

/// Runs what the Commands menu offers.
fn rolled_out(page: &Page) {
    page.run_until_quiet();
    page.command("Hold updates with a partition");
    page.command("Roll out nginx:1.28");
    page.run_until_quiet();
}

pub fn a_partition_holds_an_update_and_is_moved_by_keys(page: &Page) {
    rolled_out(page);
    assert!(page.text(".terminal-log").contains("$ kubectl set image statefulset/web nginx=nginx:1.28"));
    assert_eq!(revisions(page), json!(["r1 odd", "r1 odd", "r2 even"]));
    let facts = page.text(".facts").replace('\n', " ");
    assert!(facts.contains("partition 2"), "{facts}");
    let legend =
        page.js("return [...document.querySelectorAll('.facts .swatch')].map(s => s.dataset.revision + s.parentElement.textContent)");
    assert_eq!(legend, json!(["oddr1 nginx:1.27 ×2", "evenr2 nginx:1.28 ×1"]));
    page.pick("web-1");
    assert_eq!(page.text(".verdict"), "web-1 keeps revision r1.");
    assert!(page.text(".sources").contains("spec.updateStrategy.rollingUpdate.partition"));
    page.check_accessible();
    shoot(page, "02-partition");
    page.js("document.querySelector('.grip').focus()");
    assert_eq!(page.js("return document.activeElement.getAttribute('aria-valuetext')"), "partition 2: web-2 and up are updated");
    page.press("ArrowLeft");
    page.until("document.activeElement.getAttribute('aria-valuenow') === '1'");
    assert!(page.text(".terminal-log").contains(r#"{"rollingUpdate":{"partition":1}}"#));
    page.press("Home");
    page.run_until_quiet();
    assert_eq!(revisions(page), json!(["r2 even", "r2 even", "r2 even"]));
    assert_eq!(page.js("return document.querySelector('.grip')"), json!(null), "an update that is done needs no line");
}

pub fn the_partition_is_dragged(page: &Page) {
    rolled_out(page);
    page.js("const grip = document.querySelector('.grip'), x = e => e.getBoundingClientRect().left;
         const heads = document.querySelectorAll('.heading-cell'), from = x(heads[2]), to = x(heads[1]) + 9;
         const send = (type, clientX) => grip.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX, bubbles: true }));
         grip.setPointerCapture = () => {};
         send('pointerdown', from); send('pointermove', (from + to) / 2); send('pointermove', to); send('pointerup', to);");
    page.until("document.querySelector('.grip').getAttribute('aria-valuenow') === '1'");
    page.run_until_quiet();
    assert_eq!(revisions(page), json!(["r1 odd", "r2 even", "r2 even"]));
}

pub fn a_broken_rollout_is_undone_and_its_pod_has_to_be_deleted(page: &Page) {
    page.run_until_quiet();
    page.command("Roll out an image that cannot be pulled");
    page.click("#toggle");
    page.until("document.querySelector('.pod[data-hue=danger]')");
    page.command("Undo the last rollout");
    page.pick("web-2");
    page.until("document.querySelector('.why').innerText.includes('A newer revision exists')");
    assert!(page.text(".sources").contains("you delete web-2"));
    page.check_accessible();
    shoot(page, "02-trapped");
    page.click(".ways .button");
    page.until("!document.querySelector('.pod[data-hue=danger]')");
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}
