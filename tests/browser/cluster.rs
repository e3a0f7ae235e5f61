//! The actions on the cluster, and that every button types its line.

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

pub fn a_set_scales_out_and_in(page: &Page) {
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    assert_eq!(page.pods().len(), 5);
    assert!(page.text(".terminal-log").contains("$ kubectl scale statefulset web --replicas=5"));
    assert!(page.text(".terminal-log").contains("statefulset.apps/web scaled"));
    for _ in 0..3 {
        page.click(".stepper button:first-child");
    }
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready"]);
    let kept = page.js("return document.querySelectorAll('.disk').length");
    assert_eq!(kept, 5, "disks stay when their pods go");
    assert_eq!(page.js("return document.querySelectorAll('.heading-cell').length"), 5, "and so do their columns");
}

pub fn a_deleted_pod_comes_back_under_its_name_and_is_another(page: &Page) {
    page.run_until_quiet();
    let uid = "return [...document.querySelectorAll('.pod .name')].find(n => n.firstChild.textContent === 'web-0').querySelector('small').textContent";
    let before = page.js(uid);
    page.pick("web-0");
    page.command("Delete web-0");
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    assert_ne!(page.js(uid), before);
    assert!(page.text(".terminal-log").contains("pod \"web-0\" deleted"), "{}", page.text(".terminal-log"));
}

pub fn an_unready_pod_is_seen_everywhere(page: &Page) {
    page.run_until_quiet();
    page.pick("web-0");
    page.command("Make web-0 not Ready");
    page.run_until_quiet();
    assert_eq!(page.pods()[0], "web-0 0/1 Running, not Ready");
    assert_eq!(page.text(".object h1 span"), "2 of 3 Ready");
    assert!(page.text(".dns").contains("not Ready, so not published"));
    assert!(page.text(".verdict").contains("web-0 is running, but not Ready"));
    page.command("Make web-0 Ready again");
    page.run_until_quiet();
    assert_eq!(page.text(".object h1 span"), "3 of 3 Ready");
}

pub fn an_image_that_breaks_says_so_and_its_pod_has_to_be_deleted(page: &Page) {
    page.run_until_quiet();
    page.command("Break the image");
    page.command("Delete web-2");
    page.click("#toggle");
    page.until("document.querySelector('.pod[data-hue=danger]')");
    assert!(page.text(".pod[data-hue=danger]").contains("Image") || page.text(".pod[data-hue=danger]").contains("ErrImage"));
    // As in a real cluster, a fixed template does not repair a pod that never became Ready: somebody has to delete it.
    page.command("Repair the image");
    page.command("Delete web-2");
    page.until("!document.querySelector('.pod[data-hue=danger]')");
}

pub fn an_empty_slot_is_asked_about_like_a_pod(page: &Page) {
    page.until("document.querySelector('[data-item=slot-web-2]')");
    page.click("[data-item=slot-web-2]");
    assert_eq!(page.text(".why .pane-head .mono"), "web-2");
    assert_eq!(page.text(".verdict"), "web-2 is not created.");
    assert!(page.text(".sources").contains("spec.podManagementPolicy"));
    page.until("document.querySelector('.line.decides')");
}

pub fn a_finger_that_rests_opens_the_commands(page: &Page) {
    page.run_until_quiet();
    let place = |selector: &str| {
        let box_of = page.js(&format!(
            "const r = document.querySelector({}).getBoundingClientRect(); return [r.left + 30, r.top + 20]",
            json!(selector)
        ));
        (box_of[0].as_f64().expect("a number"), box_of[1].as_f64().expect("a number"))
    };
    page.resize(PHONE.0, PHONE.1);
    let (x, y) = place(".pod[data-link='pod/web-1']");
    page.finger_down(x, y);
    page.until("document.querySelector('.commands .menu')");
    page.finger_up();
    page.until(
        "document.querySelector('.menu-host .menu')?.innerText.includes('Delete web-1') && document.activeElement.matches('.menu button')",
    );
    let within = "const r = document.querySelector('.menu-host .menu').getBoundingClientRect();
        return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight";
    page.in_all_letters(|letters| assert_eq!(page.js(within), true, "{letters}"));
    shoot(page, "05-commands-phone");
    // It closes by its button, or when something else is clicked.
    page.resize(PHONE.0, PHONE.1);
    let (x, y) = place(".pod[data-link='pod/web-0']");
    page.finger_down(x, y);
    page.finger_up();
    page.until("!document.querySelector('.menu-host .menu')");
    page.resize(DESKTOP.0, DESKTOP.1);
    // A right-click does the same, also for a node.
    page.js("document.querySelector('.ask').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))");
    page.until("document.querySelector('.node .menu')?.innerText.includes('cordon')");
}
