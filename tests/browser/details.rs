//! The details of the selection.

use crate::page::Page;
use crate::screens::shoot;

pub fn a_second_click_opens_details_and_escape_closes_them(page: &Page) {
    page.run_until_quiet();
    page.pick("web-1");
    page.js("[...document.querySelectorAll('.pod')].find(p => p.innerText.includes('web-1')).focus()");
    page.press("Enter");
    page.until("document.querySelector('#details')");
    assert!(page.text("#details h2").starts_with("pod/web-1 #"));
    for part in ["statefulset/web", "data-web-1", "web-1.nginx", "PodScheduled", "ContainersReady", "Scheduled", "Started"] {
        assert!(page.text("#details").contains(part), "{part} is not in {}", page.text("#details"));
    }
    page.check_accessible();
    shoot(page, "01-details");
    page.click("#details [role=tab]:last-child");
    page.until("document.querySelector('#details .yaml')");
    assert!(page.text(".yaml").contains("kind: Pod") && page.text(".yaml").contains("name: web-1"));
    page.check_accessible();
    page.press("Escape");
    page.until("!document.querySelector('#details') && document.activeElement.innerText.includes('web-1')");
    page.press("Escape");
    page.until("!document.querySelector('.pod[aria-current]')");
}

pub fn a_node_has_details_too(page: &Page) {
    page.run_until_quiet();
    page.click("[data-item=node-node-1]");
    page.click("[data-item=node-node-1]");
    page.until("document.querySelector('#details')");
    for part in ["node/node-1 #", "MemoryPressure", "InternalIP"] {
        assert!(page.text("#details").contains(part), "{part} is not in {}", page.text("#details"));
    }
}

pub fn a_long_name_leaves_its_uid_in_sight(page: &Page) {
    page.apply(&page.manifest().replace("name: web", "name: a-set-with-a-name-that-no-pane-has-room-for"));
    page.run_until_quiet();
    page.resize(1024, 768);
    page.click(".manifest .pane-head .wide");
    for _ in 0..2 {
        page.click(".pod");
    }
    page.until("document.querySelector('#details')");
    let parts = "const [name, uid] = document.querySelectorAll('#details h2 span');
         return [name.scrollWidth > name.clientWidth, uid.innerText.startsWith('#'),
             uid.getBoundingClientRect().right <= uid.parentElement.getBoundingClientRect().right + 1]";
    page.in_all_letters(|letters| assert_eq!(page.js(parts), serde_json::json!([true, true, true]), "{letters}"));
    page.check_legible("details of a pod with a long name");
}
