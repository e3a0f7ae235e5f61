//! More ordinals than columns: a cell each.

use crate::links::{marked_of, point, point_at_line};
use crate::page::Page;
use crate::screens::shoot;

fn many(page: &Page, replicas: usize) {
    let manifest = page.manifest().replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", "Parallel");
    // Neither policy nor templates of a set may change: it begins anew.
    page.restart_with(&manifest);
    page.until(&format!("document.querySelectorAll('.dense i').length === {replicas}"));
}

pub fn a_thousand_ordinals_are_cells(page: &Page) {
    many(page, 1000);
    page.until("document.querySelectorAll('.dense i[data-look=ready]').length > 100");
    page.click("#toggle");
    let ready = page.js("return Number([...document.querySelectorAll('.dense-counts button')].find(b => b.innerText.trim().endsWith('Ready')).querySelector('b').textContent)");
    assert_eq!(ready, page.js("return document.querySelectorAll('.dense i[data-look=ready]').length"));
    page.js("document.querySelector('#cell-web-7').click()");
    page.until("document.querySelector('#cell-web-7').ariaSelected === 'true'");
    page.js("document.querySelector('.dense').focus()");
    page.press("ArrowDown");
    page.press("ArrowRight");
    page.until("document.querySelector('.dense').getAttribute('aria-activedescendant') === 'cell-web-58'");
    assert!(page.text(".why").contains("web-58"));
    page.check_accessible();
    page.check_legible("a thousand cells");
    shoot(page, "08-dense");
}

pub fn cells_are_arranged_by_node_and_looked_for_by_what_they_are(page: &Page) {
    page.choose("select.speed", "1000×");
    many(page, 400);
    let button = |word: &str| format!("[...document.querySelectorAll('.dense-counts button')].find(b => b.innerText.includes('{word}'))");
    let lit = "document.querySelectorAll('.dense i[data-off=false]').length";
    page.until(&format!("{}?.innerText.startsWith('330')", button("Ready")));
    page.click("#toggle");
    page.js(&format!("{}.click()", button("Pending")));
    page.until(&format!("{lit} === 70"));
    assert_eq!(page.js(&format!("return {}.ariaPressed", button("Pending"))), "true");
    // Arrow keys move to matching cells.
    page.js("document.querySelector('.dense').focus()");
    page.press("ArrowRight");
    page.press("ArrowRight");
    page.until("document.querySelector('.dense i[aria-selected=true]')?.dataset.off === 'false'");
    page.press("Enter");
    page.until("document.querySelector('.details')");
    page.press("Escape");
    page.js(&format!("{}.click()", button("Pending")));
    page.until(&format!("{lit} === 400"));
    // A node's cells; then a row for each node.
    page.choose("#dense-node", "node-2");
    page.until(&format!("{lit} === 110"));
    page.choose("#dense-node", "*");
    page.click(".dense-tools .button:nth-child(2)");
    page.until("document.querySelectorAll('.dense-row').length === 4");
    let headings = page.js("return [...document.querySelectorAll('.dense-row > b')].map(b => b.innerText).join()");
    assert_eq!(headings, "No node yet,node-1,node-2,node-3");
    page.check_accessible();
    page.check_legible("cells by node");
    shoot(page, "08-dense-by-node");
    // In words, and by number.
    assert!(page.text(".unready").contains("Pending"), "{}", page.text(".unready"));
    page.fill("#dense-go", "399");
    page.js("document.querySelector('#dense-go').dispatchEvent(new Event('change', { bubbles: true }))");
    page.until("document.querySelector('#cell-web-399').ariaSelected === 'true'");
    page.type_line("playground add nodes 1");
    page.click("#toggle");
    page.until("document.querySelectorAll('.dense i[data-look=ready]').length === 400 && !document.querySelector('.unready')");
}

pub fn a_partition_is_a_line_between_two_cells(page: &Page) {
    many(page, 120);
    page.run_until_quiet();
    let lines = "return [...document.querySelectorAll('.dense i[data-split=true]')].map(i => i.dataset.pod)";
    for partition in [70, 100] {
        page.type_line(&format!(
            r#"kubectl patch statefulset web -p '{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}'"#
        ));
        page.until(&format!("document.querySelector('#cell-web-{partition}').dataset.split === 'true'"));
        assert_eq!(page.js(lines), serde_json::json!([format!("web-{partition}")]));
        page.check_accessible();
        shoot(page, &format!("08-dense-partition-{partition}"));
    }
}

pub fn cells_are_links_both_ways(page: &Page) {
    many(page, 100);
    page.run_until_quiet();
    page.type_line("kubectl delete pod web-58");
    page.run_until_quiet();
    page.js("document.activeElement.blur()");
    // By pointer: from a cell to its lines, and from a line to its cell, or to all of them.
    point(page, "#cell-web-58");
    assert_eq!(marked_of(page, ".dense i"), ["web-58"]);
    let said = marked_of(page, ".terminal-log div").join("|");
    assert!(said.contains("$ kubectl delete pod web-58") && said.contains("$ kubectl apply"), "{said}");
    let lines = marked_of(page, ".line").join("|");
    assert!(lines.contains("replicas: 100") && lines.contains("template:"), "{lines}");
    let said = "[...document.querySelectorAll('.terminal-log div')].find(line => line.innerText.startsWith('pod \"web-58\"'))";
    page.js(&format!("{said}.dispatchEvent(new PointerEvent('pointermove', {{ bubbles: true }}))"));
    assert_eq!(marked_of(page, ".dense i"), ["web-58"]);
    point_at_line(page, "replicas: 100");
    assert_eq!((marked_of(page, ".dense i").len(), marked_of(page, ".dense").len()), (0, 1));
    point(page, ".bar");
    // By keyboard: arrows highlight, F9 steps through the links and back to the grid.
    page.js("document.querySelector('#cell-web-57').click(); document.querySelector('.dense').focus()");
    page.press("ArrowRight");
    page.until("document.querySelector('#cell-web-58').ariaSelected === 'true'");
    assert!(marked_of(page, ".terminal-log div").join("|").contains("$ kubectl delete pod web-58"));
    let mut seen = Vec::new();
    for _ in 0..18 {
        page.press("F9");
        page.js_later("setTimeout(done, 200)");
        let at = page.js("return document.activeElement.dataset.link ?? document.activeElement.className");
        seen.push(at.as_str().unwrap_or_default().to_owned());
        assert_eq!(page.js("return document.querySelector('.dense').getAttribute('aria-activedescendant')"), "cell-web-58");
        assert!(page.js("return !document.querySelector('.details')") == true, "{seen:?}");
    }
    assert!(seen.iter().any(|at| at == "dense") && seen.iter().any(|at| at.starts_with("said/")), "{seen:?}");
    assert!(seen.iter().any(|at| at == "editor-input"), "{seen:?}");
    page.check_accessible();
    shoot(page, "08-dense-links");
    // N selects what is not Ready, wherever the focus is.
    page.type_line("playground unready pod web-77");
    page.run_until_quiet();
    page.js("document.activeElement.blur()");
    page.press("n");
    page.until("document.activeElement.className === 'dense' && document.querySelector('#cell-web-77').ariaSelected === 'true'");
}
