//! Before it is done: plans, and what can go wrong.

use crate::page::{PHONE, Page};
use crate::screens::shoot;

const PLANNED: &str = "document.querySelector('#ahead .found[data-end]')?.innerText && !document.querySelector('#ahead .nothing')";
/// What a search of the example takes on a loaded machine, in seconds.
const SEARCH: u64 = 90;

/// Plans a line in the dialog.
fn plan(page: &Page, line: &str) {
    page.fill("#change", line);
    page.click("#plan");
    page.until(PLANNED);
}

pub fn a_plan_is_made_with_keys_only_done_and_compared(page: &Page) {
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    "kubectl rollout restart sts/web".chars().for_each(|letter| page.press(&letter.to_string()));
    page.press("Enter");
    page.until(PLANNED);
    let planned = page.text("#ahead .found");
    assert!(planned.contains("Replaced, in this order: web-2, web-1, web-0."), "{planned}");
    assert!(planned.contains("At least 2 of 3 pods are Ready throughout."), "{planned}");
    assert!(page.text("#ways").contains("maxUnavailable: 2"), "another way to make the change stands beside");
    page.check_accessible();
    shoot(page, "42-plan");
    page.js("document.getElementById('make-change').focus()");
    page.press("Enter");
    page.until("!document.getElementById('ahead').open");
    page.until("document.querySelector('.terminal-log').innerText.includes('$ kubectl rollout restart sts/web')");
    page.run_until_quiet();
    page.press("a");
    page.until("document.querySelector('#as-planned')");
    assert_eq!(page.text("#as-planned"), "What happened is what was planned.");
}

pub fn a_refused_manifest_comes_with_the_way_round_it(page: &Page) {
    page.run_until_quiet();
    let manifest = page.manifest();
    page.fill("#manifest", &manifest.replace("serviceName: nginx", "serviceName: other"));
    page.click("#plan-manifest");
    page.until(PLANNED);
    let planned = page.text("#ahead .found");
    for words in ["The API server refuses this", "field is immutable", "spec.serviceName", "--cascade=orphan"] {
        assert!(planned.contains(words), "{words}: {planned}");
    }
    assert_eq!(page.js("return document.getElementById('make-change')"), serde_json::Value::Null, "what is refused is not to be done");
    page.check_accessible();
    shoot(page, "42-refused");
}

pub fn a_change_that_gets_stuck_is_watched_on_a_branch(page: &Page) {
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    plan(page, "kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data");
    let planned = page.text("#ahead .found");
    assert!(planned.contains("It gets stuck") && planned.contains("kubectl uncordon node-1"), "{planned}");
    page.pace(5);
    page.click("#try-change");
    page.until("document.querySelector('.terminal-log').innerText.includes('node/node-1 drained')");
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.choose("#changes", "kubectl scale statefulset web --replicas=4");
    page.until(PLANNED);
    assert!(page.text("#ahead .found").contains("stays so until somebody acts"), "a plan begins where the cluster stands");
}

pub fn what_can_go_wrong_is_found_played_and_prevented(page: &Page) {
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.click("#search");
    page.until_for(SEARCH, "document.querySelector('[data-risk]')");
    page.click("#stop-search");
    page.until("document.querySelector('#go-on')");
    page.click("#go-on");
    page.until_for(SEARCH, "document.querySelector('#searching') === null && document.querySelectorAll('[data-risk]').length > 3");
    let kinds = page.js("return [...document.querySelectorAll('[data-risk]')].map(e => e.dataset.risk)").to_string();
    for kind in ["rollback-trap", "terminating", "volume-pinned", "two-writers"] {
        assert!(kinds.contains(kind), "{kind}: {kinds}");
    }
    let trap = "document.querySelector('[data-risk=rollback-trap]')";
    page.js(&format!("{trap}.closest('details').querySelector('summary').click()"));
    let said = page.js(&format!("return {trap}.innerText")).to_string();
    assert!(said.contains("podManagementPolicy: Parallel"), "what prevents the trap was tried: {said}");
    page.check_accessible();
    shoot(page, "42-risks");
    page.js(&format!("{trap}.querySelector('.play-finding').click()"));
    page.until("!document.getElementById('ahead').open");
    page.run_until_quiet();
    page.until("document.querySelector('.object h1').innerText.includes('2 of 3 Ready')");
    page.click("#share");
    page.until("document.getElementById('share-link').value.includes('#1.')");
    let link = page.js("return document.getElementById('share-link').value").as_str().expect("an address").to_owned();
    page.open("about:blank");
    page.open(&link);
    page.until("document.querySelector('.object h1')?.innerText.includes('2 of 3 Ready')");
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.press("Escape");
}

pub fn what_already_protects_is_shown_and_played(page: &Page) {
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.click("#search");
    // The manifest is searched, and then, line by line, without what may protect it.
    page.until_for(SEARCH, "document.querySelector('[data-protects]')");
    page.until_for(SEARCH, "document.querySelector('#searching') === null");
    let rolling = "document.querySelector('[data-protects=rolling]')";
    let said = page.js(&format!("return {rolling}.textContent")).to_string();
    assert!(said.contains("With this instead") && said.contains("type: OnDelete") && said.contains("Nobody finishes a rollout"), "{said}");
    let order = "return document.querySelector('[data-risk]').compareDocumentPosition(document.querySelector('[data-protects]'))";
    // `DOCUMENT_POSITION_FOLLOWING`
    assert_eq!(page.js(order), 4, "what protects comes after what goes wrong");
    page.check_accessible();
    shoot(page, "42-protects");
    page.js(&format!("{rolling}.querySelector('.play-finding').click()"));
    page.until("!document.getElementById('ahead').open");
    page.run_until_quiet();
    assert!(page.manifest().contains("type: OnDelete"), "the manifest without the line is what is played");
    page.until("document.querySelector('.terminal-log').innerText.includes('kubectl rollout restart')");
}

pub fn plans_and_risks_are_told_in_korean_on_a_telephone(page: &Page) {
    page.visit_at("?lang=ko");
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.resize(PHONE.0, PHONE.1);
    plan(page, "kubectl scale sts/web --replicas=1");
    assert!(page.text("#ahead .found").contains("web-2"));
    page.click("#search");
    page.until_for(SEARCH, "document.querySelector('[data-risk]')");
    page.click("#stop-search");
    page.check_accessible();
    let wide = "return document.querySelector('#ahead .stuck-body').scrollWidth <= innerWidth";
    page.in_all_letters(|letters| assert_eq!(page.js(wide), true, "nothing is cut on a telephone, {letters}"));
    shoot(page, "42-phone-ko");
}
