//! Nodes under a pointer, by keys, and in any letters. What the page says of them is tested in tests/page/nodes.rs.

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

/// Goes to a node's heading: what can be done to the node is beside it then.
pub fn reach(page: &Page, node: &str) {
    page.js(&format!("document.querySelector('[data-item=node-{node}]').focus()"));
}

/// Chooses an entry of a node's menu, by the line it types.
fn choose(page: &Page, node: &str, line: &str) {
    reach(page, node);
    page.click(&format!(".node:has([data-item=node-{node}]) .menu-host > .button"));
    let entry = format!("[...document.querySelectorAll('[role=menu] button')].find(b => b.innerText.includes({}))", json!(line));
    page.until(&format!("!!{entry}"));
    page.js(&format!("{entry}.click()"));
    assert!(page.text(".terminal-log").contains(&format!("$ {line}")), "{}", page.text(".terminal-log"));
}

/// The node in whose row a pod of the set stands.
pub fn node_of(page: &Page, pod: &str) -> String {
    page.pick(pod);
    let node = page.js("return document.querySelector('.pod[aria-current]').closest('.row').querySelector('.node b').innerText");
    page.press("Escape");
    node.as_str().expect("a node has a name").to_owned()
}

pub fn the_ways_out_of_a_silent_node_are_pressed_where_they_are_told(page: &Page) {
    page.run_until_quiet();
    let node = node_of(page, "web-1");
    choose(page, &node, &format!("playground cut node {node}"));
    // What is true is seen at once; what the API server believes stands as an outline.
    page.draws(&format!(".node.dark:has([data-item=node-{node}])"), &["cut off", "API server unaware"]);
    page.draws(".object", &["3 of 3 Ready, 1 out of sight"]);
    let line = "return getComputedStyle([...document.querySelectorAll('.cell.dark .pod')][0]).borderTopStyle";
    assert_eq!(page.js(line), "dashed");
    page.check_accessible();
    shoot(page, "84-dark");
    page.run_until_quiet();
    page.pick("web-1");
    page.until("document.querySelector('.hazard[role=alert]')");
    page.draws(".hazard h3", &["Split brain if you force-delete"]);
    page.draws("[data-item=slot-web-1]", &["old web-1 may still run"]);
    page.draws(".why", &["web-1 stays Terminating, and no new web-1 is created.", "under Parallel too"]);
    page.draws(".evidence", &[&format!("data-web-1: only on {node}")]);
    page.draws(".ways", &["The new pod stays Pending"]);
    page.tell_more();
    page.draws(".basis", &["Force Delete StatefulSet Pods"]);
    page.draws(&format!(".node:has([data-item=node-{node}])"), &["NotReady", "silent for"]);
    page.check_accessible();
    shoot(page, "03-stuck");
    page.click(".ways .danger");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.pod').length === 4 && document.querySelectorAll('[data-pin]').length > 1");
    page.check_accessible();
    shoot(page, "03-forced-local");
    reach(page, &node);
    page.click(&format!(".node:has([data-item=node-{node}]) .switch > .button"));
    page.run_until_quiet();
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 3 && !document.querySelector('.hazard, [data-pin]')");
}

/// The words of a node's state, each with how many lines it stands in.
fn lines_of_words(page: &Page, node: &str) -> serde_json::Value {
    page.js(&format!(
        "const range = document.createRange(), words = document.querySelector('.node:has([data-item=node-{node}]) .status span');
         return [...words.childNodes].filter(n => n.nodeType === 3 && n.data).map(n => (range.selectNodeContents(n), `${{n.data}} ${{range.getClientRects().length}}`))"
    ))
}

pub fn what_a_node_is_breaks_between_its_words_in_any_font(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl cordon node-1");
    page.until("document.querySelector('.node:has([data-item=node-node-1]) .status').innerText.includes('SchedulingDisabled')");
    let run = crate::link::share(page);
    for (query, sizes) in [("?embed", &[(720, 560), (390, 480), (900, 560)][..]), ("", &[(1440, 900), (1180, 800), (768, 900), (390, 844)])]
    {
        page.visit_at(&format!("{query}{run}"));
        page.in_all_letters(|letters| {
            for (width, height) in sizes {
                page.resize(*width, *height);
                let about = format!("{letters}, {query} {width} × {height}");
                assert_eq!(lines_of_words(page, "node-1"), json!(["Ready, 1", "SchedulingDisabled 1"]), "{about}");
                assert_eq!(page.illegible(), json!([]), "{about}");
                let cut = "const cluster = document.querySelector('#cluster'); return cluster.scrollWidth > cluster.clientWidth";
                assert_eq!(page.js(cut), false, "{about}");
            }
        });
    }
}

pub fn a_node_is_stopped_by_keys_and_its_menu_fits_a_telephone(page: &Page) {
    page.run_until_quiet();
    page.js("document.querySelector('.pod[tabindex=\"0\"]').focus()");
    page.press("ArrowLeft");
    let node = page.js("return document.activeElement.dataset.item").as_str().expect("a heading has the focus").to_owned();
    assert!(node.starts_with("node-"), "{node}");
    page.press("x");
    page.until(&format!("document.querySelector('.node:has([data-item={node}]) .switch > .button').innerText === 'Start node'"));
    page.press("x");
    page.until(&format!("document.querySelector('.node:has([data-item={node}]) .switch > .button').innerText === 'Stop node'"));
    page.press("Tab");
    page.press("Tab");
    page.press("Enter");
    page.until("document.activeElement.getAttribute('role') === 'menuitem'");
    page.check_accessible();
    page.press("ArrowDown");
    page.press("Escape");
    page.until("!document.querySelector('.menu-host [role=menu]') && document.activeElement.getAttribute('aria-haspopup') === 'menu'");
    page.resize(PHONE.0, PHONE.1);
    for node in 1..=3 {
        page.click(&format!(".node:has([data-item=node-node-{node}]) .menu-host > .button"));
        page.until("document.querySelector('.node .menu')");
        let hidden = "return [...document.querySelectorAll('.node .menu button')].filter(b => {
                 const r = b.getBoundingClientRect();
                 return [r.top + 2, r.bottom - 2].some(y => document.elementFromPoint(r.left + r.width / 2, y)?.closest('button') !== b);
             }).map(b => b.innerText)";
        page.in_all_letters(|letters| assert_eq!(page.js(hidden), json!([]), "node-{node}, {letters}"));
        page.press("Escape");
        page.until("!document.querySelector('.node .menu')");
    }
    page.resize(DESKTOP.0, DESKTOP.1);
}
