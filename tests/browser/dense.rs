//! More ordinals than columns: a cell each. What is counted and listed of them is tested in
//! tests/playground/dense.rs.

use crate::links::{go_round, marked_of, point, point_at_line};
use crate::page::Page;
use crate::screens::shoot;

fn many(page: &Page, replicas: usize) {
    let manifest = page.manifest().replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", "Parallel");
    // Neither policy nor templates of a set may change: it begins anew.
    page.restart_with(&manifest);
    page.until(&format!("document.querySelectorAll('.dense i').length === {replicas}"));
}

pub fn cells_are_walked_by_keys_looked_for_and_arranged_by_node(page: &Page) {
    page.press("6");
    many(page, 400);
    let button = |word: &str| format!("[...document.querySelectorAll('.dense-counts button')].find(b => b.innerText.includes('{word}'))");
    let lit = "document.querySelectorAll('.dense i[data-off=false]').length";
    page.until(&format!("{}?.innerText.startsWith('330')", button("Ready")));
    page.click("#toggle");
    // Arrow keys walk from cell to cell.
    page.js("document.querySelector('#cell-web-7').click()");
    page.until("document.querySelector('#cell-web-7').ariaSelected === 'true'");
    page.js("document.querySelector('.dense').focus()");
    page.press("ArrowDown");
    page.press("ArrowRight");
    page.until("document.querySelector('.dense').getAttribute('aria-activedescendant') === 'cell-web-58'");
    assert!(page.text(".why").contains("web-58"));
    page.check_accessible();
    page.check_legible("four hundred cells");
    shoot(page, "08-dense");
    page.js(&format!("{}.click()", button("Pending")));
    page.until(&format!("{lit} === 70"));
    page.draws(".unready", &["Pending"]);
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
    // A partition is a line between two cells.
    page.type_line(r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":70}}}}'"#);
    page.until("[...document.querySelectorAll('.dense i[data-split=true]')].map(i => i.dataset.pod).join() === 'web-70'");
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
    page.until("document.querySelector('.unready').innerText.includes('Pending')");
    page.fill("#dense-go", "399");
    page.js("document.querySelector('#dense-go').dispatchEvent(new Event('change', { bubbles: true }))");
    page.until("document.querySelector('#cell-web-399').ariaSelected === 'true'");
}

pub fn cells_are_links_both_ways_and_marked_with_their_object(page: &Page) {
    many(page, 100);
    page.run_until_quiet();
    // As large as fits: beside all panes, and where the cluster has the window.
    for (least, then) in
        [(24, "document.querySelector('.manifest .pane-head .wide').click()"), (40, "document.querySelector('.rail .button').click()")]
    {
        let cell =
            page.js("const { width, height } = document.querySelector('.dense i').getBoundingClientRect(); return Math.min(width, height)");
        assert!(cell.as_f64() >= Some(f64::from(least)), "{cell} pixels");
        let beyond = "const grid = document.querySelector('.dense'); return [grid.scrollHeight - grid.clientHeight, grid.scrollWidth - grid.clientWidth]";
        assert_eq!(page.js(beyond), serde_json::json!([0, 0]), "all are in sight");
        page.js(then);
        page.js_later("requestAnimationFrame(() => requestAnimationFrame(() => done(1)))");
    }
    shoot(page, "08-dense-hundred");
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
    let seen = go_round(page);
    for want in ["said/", "line/"] {
        assert!(seen.iter().any(|at| at.starts_with(want)), "{want} was not gone to: {seen:?}");
    }
    assert_eq!(page.js("return document.querySelector('.dense').getAttribute('aria-activedescendant')"), "cell-web-58");
    assert_eq!(page.js("return document.querySelector('.details')"), serde_json::Value::Null);
    page.check_accessible();
    shoot(page, "08-dense-links");
    // N selects what is not Ready, wherever the focus is.
    page.type_line("playground unready pod web-77");
    page.run_until_quiet();
    page.js("document.activeElement.blur()");
    page.press("n");
    page.until("document.activeElement.className === 'dense' && document.querySelector('#cell-web-77').ariaSelected === 'true'");
    // Of what is drawn of an object, the cells are marked.
    let marked = "document.querySelectorAll('.dense i[data-of=true]').length";
    page.js("document.activeElement.blur()");
    page.press("Escape");
    page.press("r");
    page.until(&format!("{marked} === 100"));
    page.check_accessible();
    shoot(page, "43-relations-dense");
    page.js("document.querySelector('#cell-web-7').click()");
    page.until(&format!("{marked} === 1"));
    page.press("r");
    page.until(&format!("{marked} === 0 && !document.querySelector('.relations')"));
}
