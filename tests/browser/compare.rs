//! Side by side: a StatefulSet and a Deployment of one template, two variants of a manifest, two branches of time.
//!
//! What comparisons say is tested in tests/page/compare.rs.

use crate::page::Page;
use crate::screens::shoot;

/// Chooses what to compare with.
fn compare(page: &Page, entry: &str) {
    page.click("#try");
    page.click(entry);
}

/// Asserts the columns' headings, the shown one first.
fn heads(page: &Page, left: &str, right: &str) {
    page.until(&format!("[...document.querySelectorAll('.compare thead th')].map(head => head.innerText).join() === '{left},{right}'"));
}

pub fn a_deployment_beside_the_set_is_offered_once_and_its_names_are_one_line(page: &Page) {
    page.run_until_quiet();
    page.type_line("playground beside statefulset web | kubectl apply -f -");
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelector('.compare')"), serde_json::json!(null), "nobody compares yet");
    compare(page, "#beside");
    page.until("document.querySelector('.terminal-log').innerText.includes('deployment.apps/web created')");
    page.run_until_quiet();
    heads(page, "statefulset/web", "deployment/web");
    page.draws(".compare", &["same template, emptyDir for claims", "3, one each", "none", "one at a time", "3 at once"]);
    page.type_line("kubectl delete pod web-1");
    page.run_until_quiet();
    let whole = "return [...document.querySelectorAll('.compare .name-of')].map(name => name.getClientRects().length)";
    let one_each = || page.js(whole).as_array().is_some_and(|all| !all.is_empty() && all.iter().all(|lines| lines == 1));
    page.in_all_letters(|letters| assert!(one_each(), "{letters}"));
    // Chosen again, it is compared: one Deployment is enough.
    compare(page, "#beside");
    let created = "return document.querySelector('.terminal-log').innerText.match(/deployment.apps.web created/g).length";
    assert_eq!(page.js(created), 1);
    // The same to both, from the table's head: each line is typed.
    page.click(".compare .menu-host > .button");
    page.until("document.activeElement.matches('.compare [role=menuitem]')");
    let within = "const [menu, explain] = ['.compare .menu', '.explain'].map(part => document.querySelector(part).getBoundingClientRect());
        return menu.top >= explain.top && menu.bottom <= explain.bottom && menu.left >= 0 && menu.right <= innerWidth";
    page.in_all_letters(|letters| assert_eq!(page.js(within), true, "{letters}"));
    page.check_accessible();
    page.js("document.querySelector('.compare [role=menuitem]').click()");
    page.until("(document.querySelector('.terminal-log').innerText.match(/kubectl delete pod \\S+ --wait=false/g) ?? []).length === 2");
    page.run_until_quiet();
    // At a fault, Why is long; what is compared is in sight all the same.
    let node = crate::nodes::node_of(page, "web-2");
    page.type_line(&format!("playground stop node {node}"));
    page.run_until_quiet();
    page.pick("web-2");
    page.until("document.querySelector('.ways')");
    for (width, height) in [(1440, 900), (1280, 720)] {
        page.resize(width, height);
        let seen = "const r = document.querySelector('.compared').getBoundingClientRect(), why = document.querySelector('.verdict').getBoundingClientRect();
            const explain = document.querySelector('.explain').getBoundingClientRect();
            return [r.top + 60 < explain.bottom && r.top > explain.top, why.bottom < r.top]";
        page.in_all_letters(|letters| assert_eq!(page.js(seen), serde_json::json!([true, true]), "{width} × {height}, {letters}"));
    }
    shoot(page, "11-fault");
}

pub fn two_variants_are_drawn_beside_each_other_and_take_turns(page: &Page) {
    page.run_until_quiet();
    compare(page, "#compare-edit");
    page.until("document.querySelectorAll('.chip').length === 3");
    page.apply(&page.manifest().replace("replicas: 3", "replicas: 4"));
    page.run_until_quiet();
    heads(page, "1 · replicas: 4", "2 · replicas: 3");
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 7, "a row for each pod of both");
    page.check_accessible();
    shoot(page, "11-policy");
    page.js("document.activeElement?.blur()");
    page.press("v");
    page.until("document.getElementById('manifest').value.includes('replicas: 3')");
    page.press("v");
    page.restart();
    page.run_until_quiet();
    page.until("document.querySelectorAll('.pod').length > document.querySelectorAll('.chip').length");
}

pub fn two_releases_take_turns_and_another_begins_again(page: &Page) {
    page.click("#try");
    assert_eq!(
        page.js("return document.querySelector('#compare-release [value=\"1.37\"]').hidden"),
        true,
        "the run's own release is no other one"
    );
    page.choose("#compare-release", "1.36");
    page.until("document.body.innerText.includes('Two variants run side by side') && !document.querySelector(':popover-open')");
    page.until("document.querySelector('.terminal-log').innerText.includes('set image')");
    page.run_until_quiet();
    let over = "return [...document.querySelectorAll('.compare th')].filter(name => name.scrollWidth > name.clientWidth).length";
    assert_eq!(page.js(over), 0, "the path of a field stays in its column");
    assert_eq!(page.js("return document.getElementById('release').value"), "1.37");
    page.click("#swap");
    page.until("document.getElementById('release').value === '1.36'");
    page.choose("#release", "1.35");
    page.type_line("kubectl version");
    page.until("document.querySelector('.terminal-log').innerText.includes('Server Version: v1.35')");
    page.restart();
    assert_eq!(page.js("return document.getElementById('release').value"), "1.35");
}

pub fn one_chooses_which_branch_stands_beside_which(page: &Page) {
    page.run_until_quiet();
    for part in [50, 60] {
        crate::time::drag_to(page, part);
        page.click(".stepper button:last-child");
        page.run_until_quiet();
    }
    assert_eq!(page.js("return [document.querySelector('.compare'), document.querySelector('.chip')]"), serde_json::json!([null, null]));
    page.click("#compare-branches");
    heads(page, "branch 3", "branch 1");
    page.choose("#beside-branch", "2");
    heads(page, "branch 3", "branch 2");
    page.check_accessible();
    shoot(page, "13-branches");
    page.js("document.activeElement?.blur()");
    page.press("b");
    page.until("document.querySelector('.compare') === null");
    page.press("b");
    heads(page, "branch 3", "branch 1");
    page.press("v");
    heads(page, "branch 1", "branch 3");
    assert_eq!(page.pods().len(), 3);
}
