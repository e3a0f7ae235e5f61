//! The commands of a tile under a finger, and several sets in the header. What they do is tested in tests/page.

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

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

/// A set that comes up, one whose pod waits in an init container, one that crashes.
const THREE: &str = include_str!("manifests/three-sets.yaml");

pub fn the_sets_of_a_manifest_are_tabs_and_the_stuck_ones_are_one_key_away(page: &Page) {
    const SHOWN: &str = "document.querySelector('.fleet [aria-selected=true]')?.innerText";
    page.restart_with(THREE);
    page.run_until_quiet();
    // The run stops where nothing but retries is left, and says so.
    page.draws(".next", &["queue-0", "ledger-0"]);
    let tabs = "return [...document.querySelectorAll('.fleet [role=tab]')].map(tab => [tab.innerText.replace(/\\s+/g, ' ').trim(), tab.dataset.stuck].join())";
    assert_eq!(
        page.js(tabs),
        json!(["cache 2/2 ,false", "queue 0/2 stuck,true", "ledger 0/1 stuck,true"].map(|tab| tab.replace(" ,", ",")))
    );
    page.until(&format!("{SHOWN}.startsWith('cache')"));
    page.check_accessible();
    page.check_legible("three sets in the header");
    shoot(page, "02-three-sets");
    for (set, pod) in [("queue", "queue-0"), ("queue", "queue-1"), ("ledger", "ledger-0"), ("queue", "queue-0")] {
        page.press("n");
        page.until(&format!("{SHOWN}.includes('{set}') && document.activeElement.dataset.link === 'pod/{pod}'"));
    }
    page.js("document.querySelector('.fleet [aria-selected=true]').focus()");
    page.press("ArrowLeft");
    page.until(&format!("{SHOWN}.includes('cache') && document.activeElement.ariaSelected === 'true'"));
    // A narrow window has the choice instead, with the same counts.
    page.resize(PHONE.0, PHONE.1);
    page.draws(".object select", &["queue 0/2 stuck"]);
    page.in_all_letters(|letters| assert_eq!(page.illegible(), json!([]), "{letters}"));
    page.resize(DESKTOP.0, DESKTOP.1);
}
