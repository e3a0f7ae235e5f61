//! The commands of a tile under a finger. What they do is tested in tests/page/cluster.rs.

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
