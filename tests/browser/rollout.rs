//! The partition's line. What the page says of updates is tested in tests/page/rollout.rs.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

pub fn the_partition_is_moved_by_keys_and_dragged(page: &Page) {
    page.run_until_quiet();
    page.command("Hold updates with a partition");
    page.command("Roll out nginx:1.28");
    page.run_until_quiet();
    // The revision and the paint of each pod, by column: `r2 even`.
    let revisions = || {
        page.js(
            "return [...document.querySelectorAll('.cell:not(.side) .pod')].sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
                 .map(pod => pod.querySelector('.revision').innerText + ' ' + pod.dataset.revision)",
        )
    };
    let holds_at = |partition: u32| page.until(&format!("document.querySelector('.grip').getAttribute('aria-valuenow') === '{partition}'"));
    assert_eq!(revisions(), json!(["r1 solid", "r1 solid", "r2 diagonal"]));
    let legend =
        page.js("return [...document.querySelectorAll('.facts .swatch')].map(s => s.dataset.revision + s.parentElement.textContent)");
    assert_eq!(legend, json!(["solidr1 nginx:1.27 ×2", "diagonalr2 nginx:1.28 ×1"]));
    page.draws(".facts", &["partition 2"]);
    page.check_accessible();
    shoot(page, "02-partition");
    page.js("document.querySelector('.grip').focus()");
    assert_eq!(page.js("return document.activeElement.getAttribute('aria-valuetext')"), "partition 2: web-2 and up are updated");
    page.press("ArrowRight");
    holds_at(3);
    page.press("ArrowLeft");
    holds_at(2);
    page.js("const grip = document.querySelector('.grip'), x = e => e.getBoundingClientRect().left;
         const heads = document.querySelectorAll('.heading-cell'), from = x(heads[2]), to = x(heads[1]) + 9;
         const send = (type, clientX) => grip.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX, bubbles: true }));
         grip.setPointerCapture = () => {};
         window.drop = () => send('pointerup', to);
         send('pointerdown', from); send('pointermove', (from + to) / 2); send('pointermove', to);");
    // The line follows the hand; the update begins where the hand lets go.
    let line = "[...document.querySelectorAll('.heading-cell')].map(head => head.dataset.split ?? '').join()";
    page.until(&format!("{line} === ',before,' && document.querySelector('.grip-cell').dataset.line === '1'"));
    assert_eq!(page.text(".grip"), "partition 1");
    assert_eq!(revisions(), json!(["r1 solid", "r1 solid", "r2 diagonal"]));
    page.js("window.drop()");
    holds_at(1);
    page.run_until_quiet();
    assert_eq!(revisions(), json!(["r1 solid", "r2 diagonal", "r2 diagonal"]));
    page.js("document.querySelector('.grip').focus()");
    page.press("Home");
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelector('.grip')"), json!(null), "an update that is done needs no line");
}
