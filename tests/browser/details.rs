//! The details of the selection open, close, and leave room. What they tell is tested in tests/page/details.rs.

use crate::page::Page;
use crate::screens::shoot;

pub fn a_second_click_opens_details_that_fit_a_long_name_and_escape_closes_them(page: &Page) {
    page.run_until_quiet();
    page.pick("web-1");
    page.js("[...document.querySelectorAll('.pod')].find(p => p.innerText.includes('web-1')).focus()");
    page.press("Enter");
    page.until("document.querySelector('#details h2')?.innerText.startsWith('pod/web-1 #')");
    page.check_accessible();
    shoot(page, "01-details");
    page.click("#details [role=tab]:last-child");
    page.until("document.querySelector('#details .yaml')?.innerText.includes('kind: Pod')");
    page.check_accessible();
    page.press("Escape");
    page.until("!document.querySelector('#details') && document.activeElement.innerText.includes('web-1')");
    page.press("Escape");
    page.until("!document.querySelector('.pod[aria-current]')");
    // A node's are opened in the same way.
    page.click("[data-item=node-node-1]");
    page.click("[data-item=node-node-1]");
    page.until("document.querySelector('#details h2')?.innerText.startsWith('node/node-1 #')");
    page.press("Escape");
    page.restart_with(&page.manifest().replace("name: web", "name: a-set-with-a-name-that-no-pane-has-room-for"));
    page.run_until_quiet();
    page.resize(1024, 768);
    for _ in 0..2 {
        page.click(".pod");
    }
    page.until("document.querySelector('#details')");
    let parts = "const [name, uid] = document.querySelectorAll('#details h2 span');
         return [name.scrollWidth > name.clientWidth, uid.innerText.startsWith('#'),
             uid.getBoundingClientRect().right <= uid.parentElement.getBoundingClientRect().right + 1]";
    page.in_all_letters(|letters| {
        assert_eq!(page.js(parts), serde_json::json!([true, true, true]), "{letters}");
        assert_eq!(page.illegible(), serde_json::json!([]), "details of a pod with a long name, {letters}");
    });
}
