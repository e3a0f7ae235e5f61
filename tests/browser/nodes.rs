//! Nodes that stop, are cut off, are emptied, and come back; and what becomes of the pods on them.

use serde_json::json;

use crate::fonts::Letters;
use crate::page::{PHONE, Page};
use crate::screens::shoot;

/// The button of a node's heading that stops or starts it.
fn switch(page: &Page, node: &str) {
    page.click(&format!(".node:has([data-item=node-{node}]) .switch > .button"));
}

/// Chooses an entry of a node's menu, by the line it types.
fn choose(page: &Page, node: &str, line: &str) {
    page.click(&format!(".node:has([data-item=node-{node}]) .menu-host > .button"));
    let entry = format!("[...document.querySelectorAll('[role=menu] button')].find(b => b.innerText.includes({}))", json!(line));
    page.until(&format!("!!{entry}"));
    page.js(&format!("{entry}.click()"));
    assert!(page.text(".terminal-log").contains(&format!("$ {line}")), "{}", page.text(".terminal-log"));
}

/// The node in whose row a pod of the set stands.
fn node_of(page: &Page, pod: &str) -> String {
    page.pick(pod);
    let node = page.js("return document.querySelector('.pod[aria-current]').closest('.row').querySelector('.node b').innerText");
    page.press("Escape");
    node.as_str().expect("a node has a name").to_owned()
}

/// Lets five minutes of silence pass: the pod is told to go, and nobody confirms that it has.
fn strand(page: &Page, fault: impl Fn(&str)) -> String {
    page.run_until_quiet();
    let node = node_of(page, "web-1");
    fault(&node);
    page.run_until_quiet();
    assert_eq!(page.text(&format!(".node:has([data-item=node-{node}]) .status")).trim(), "NotReady");
    page.pick("web-1");
    node
}

pub fn a_pod_on_a_silent_node_stays_terminating_and_no_other_is_made(page: &Page) {
    let node = strand(page, |node| switch(page, node));
    assert!(page.text(".terminal-log").contains(&format!("$ playground stop node {node}")));
    assert!(page.pods().contains(&"web-1 1/1 Terminating".to_owned()), "{:?}", page.pods());
    assert_eq!(page.text(".verdict"), "web-1 stays Terminating, and no new web-1 is created.");
    assert!(page.text("[data-item=slot-web-1]").contains("old web-1 may still run"));
    assert!(page.text(".hazard h3").contains("Split brain if you force-delete"));
    let told = page.text(".ways");
    assert!(
        told.contains("The new pod stays Pending") && page.text(".evidence").contains(&format!("data-web-1: only on {node}")),
        "{told}"
    );
    // The set is told of by the same cause.
    page.press("Escape");
    page.until("!document.querySelector('.pod[aria-current=true]') && document.querySelector('.hazard')");
    assert_eq!(page.text(".verdict"), "web-1 stays Terminating, and no new web-1 is created.");
    assert!(page.text(".why").contains("under Parallel too") && page.text(".sources").contains("Force Delete"));
    page.check_accessible();
    shoot(page, "03-stuck");
    switch(page, &node);
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    assert_eq!(page.js("return document.querySelectorAll('.hazard').length"), 0);
}

pub fn a_forced_deletion_leaves_the_old_process_and_the_disk_where_they_are(page: &Page) {
    let node = strand(page, |node| choose(page, node, &format!("playground cut node {node}")));
    page.click(".ways .danger");
    assert!(page.text(".terminal-log").contains("Warning: Immediate deletion does not wait"), "{}", page.text(".terminal-log"));
    page.run_until_quiet();
    let pods = page.pods();
    assert!(pods.contains(&"web-1 0/1 Pending".to_owned()) && pods.contains(&"web-1 ? may still run".to_owned()), "{pods:?}");
    assert_eq!(page.text(".hazard h3").trim(), "There may be two pods called web-1");
    assert!(page.text(".matrix").contains(&format!("the volume of web-1 is on {node}")));
    assert_eq!(page.js("return document.querySelectorAll('[data-pin]').length > 1"), true);
    page.check_accessible();
    shoot(page, "03-forced-local");
    page.click(".ways .button");
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

pub fn on_a_shared_volume_two_processes_run_under_one_identity(page: &Page) {
    let shared = page.manifest().replace("accessModes:", "storageClassName: network-disk\n      accessModes:");
    page.restart_with(&shared);
    let node = strand(page, |node| choose(page, node, &format!("playground cut node {node}")));
    page.click(".ways .danger");
    page.run_until_quiet();
    let pods = page.pods();
    assert!(pods.contains(&"web-1 1/1 Ready".to_owned()) && pods.contains(&"web-1 ? still runs".to_owned()), "{pods:?}");
    assert_eq!(page.text(".hazard h3").trim(), "Split brain: web-1 runs twice");
    assert_eq!(page.text(".verdict"), "Two processes answer to the name web-1.");
    assert!(page.text(".matrix").contains("2 mounts"));
    assert!(page.text(".node.shared").contains("network-disk"));
    page.check_accessible();
    shoot(page, "03-forced-shared");
    // Only who asks about the node is told that it was cut off and not switched off.
    page.click(&format!("[data-item=node-{node}]"));
    assert!(page.text(".why").contains("its processes keep running"));
    switch(page, &node);
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

pub fn a_node_is_cordoned_and_drained_by_kubectl(page: &Page) {
    page.run_until_quiet();
    let node = node_of(page, "web-1");
    choose(page, &node, &format!("kubectl cordon {node}"));
    page.until(&format!("document.querySelector('.node:has([data-item=node-{node}]) .status').innerText.includes('SchedulingDisabled')"));
    assert_eq!(lines_of_words(page, &node), json!(["Ready, 1", "SchedulingDisabled 1"]));
    choose(page, &node, &format!("kubectl uncordon {node}"));
    choose(page, &node, &format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data"));
    page.run_until_quiet();
    assert!(page.text(".terminal-log").contains("evicting pod default/web-1"), "{}", page.text(".terminal-log"));
    // Its disk is on the drained node, so the pod that comes back waits for it.
    assert!(page.pods().contains(&"web-1 0/1 Pending".to_owned()), "{:?}", page.pods());
    choose(page, &node, &format!("kubectl uncordon {node}"));
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
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
    for letters in Letters::ALL {
        let _set = page.set_in(letters);
        for (query, sizes) in
            [("?embed", &[(720, 560), (390, 480), (900, 560)][..]), ("", &[(1440, 900), (1180, 800), (768, 900), (390, 844)])]
        {
            page.visit_at(&format!("{query}{run}"));
            for (width, height) in sizes {
                page.resize(*width, *height);
                let about = format!("{letters:?} letters, {query} {width} × {height}");
                assert_eq!(lines_of_words(page, "node-1"), json!(["Ready, 1", "SchedulingDisabled 1"]), "{about}");
                page.check_legible(&about);
                assert_eq!(
                    page.js("const cluster = document.querySelector('#cluster'); return cluster.scrollWidth > cluster.clientWidth"),
                    false,
                    "{about}"
                );
            }
        }
    }
}

pub fn a_node_is_reached_and_stopped_by_keys(page: &Page) {
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
}

pub fn on_a_telephone_every_entry_of_a_node_menu_is_in_sight(page: &Page) {
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
}
