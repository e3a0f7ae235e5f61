//! Before it is done: plans, and what can go wrong.

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;

const PLANNED: &str = "document.querySelector('#ahead .found[data-end]')?.innerText && !document.querySelector('#ahead .nothing')";
/// What a search of the example takes on a loaded machine, in seconds.
const SEARCH: u64 = 90;
/// Keeps the workers that the page makes.
const KEEP_WORKERS: &str = "window.made ??= []; window.Made ??= Worker; window.Worker = class extends Made {
    constructor(...all) { super(...all); made.push(this); }
    terminate() { this.ended = true; super.terminate(); }
}";
const SEARCHED: &str =
    "document.querySelector('#search').dataset.next === 'begin' && document.querySelector('#ahead [aria-busy=false]') !== null";
/// All that is told of a search once it is done.
const TOLD: &str = "return ['.stuck-out', '.stuck-in'].map(part => document.querySelector(`#ahead ${part}`).textContent).join('')";

/// The cells of the plan's tables with more lines than words.
const NARROW: &str = "const cells = [...document.querySelectorAll('#ahead .wide-table :is(td, th)')].filter(cell => cell.offsetWidth > 0);
    const lines = cell => { const all = document.createRange(); all.selectNodeContents(cell); return new Set([...all.getClientRects()].map(r => r.bottom)).size; };
    return cells.length < 20 ? ['no tables'] : cells.filter(cell => lines(cell) > cell.innerText.split(/\\s+/).length).map(cell => cell.innerText)";

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
    assert!(page.text("#ahead .found").contains("Replaced, in this order: web-2, web-1, web-0."));
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
    page.press("Escape");
    // What the API server refuses cannot be done from there.
    let manifest = page.manifest();
    page.fill("#manifest", &manifest.replace("serviceName: nginx", "serviceName: other"));
    page.click("#plan-manifest");
    page.until("document.querySelector('#ahead .found[data-end]')?.innerText.includes('--cascade=orphan')");
    assert_eq!(page.js("return document.getElementById('make-change')"), serde_json::Value::Null, "what is refused is not to be done");
    shoot(page, "42-refused");
}

pub fn a_change_that_gets_stuck_is_watched_on_a_branch(page: &Page) {
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    plan(page, "kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data");
    page.pace(5);
    page.click("#try-change");
    page.until("document.querySelector('.terminal-log').innerText.includes('node/node-1 drained')");
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.choose("#changes", "kubectl scale statefulset web --replicas=4");
    page.until(PLANNED);
    assert!(page.text("#ahead .found").contains("stays so until somebody acts"), "a plan begins where the cluster stands");
}

pub fn a_tool_that_applies_the_manifest_is_chosen_with_its_options(page: &Page) {
    page.type_line("playground add nodes 1");
    page.press("Escape");
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.choose("#by", "helm4");
    page.until("document.getElementById('options') && !document.getElementById('change')");
    let asks = |of: &str| page.text("#ahead .stuck-in").contains(of);
    page.click("#ahead .stuck-in summary");
    assert!(asks("tried in a new cluster") && asks("Helm 4, in a new cluster with as many nodes"));
    assert_eq!(page.js("return document.getElementById('options').placeholder"), "--timeout=90s", "an option as it is typed");
    page.fill("#since", "kubectl scale sts/web --replicas=5");
    page.press("Enter");
    page.until(PLANNED);
    let found = || page.text("#ahead .found[data-end]");
    assert!(found().contains("conflict with \"kubectl\" with subresource \"scale\""), "{}", found());
    assert!(found().contains("--force-conflicts"), "what it does when it is forced stands beside: {}", found());
    page.check_accessible();
    shoot(page, "42-by");
    page.fill("#options", "--force-conflict");
    page.press("Enter");
    page.until("document.getElementById('not-planned')?.innerText.includes('has no option `--force-conflict`')");
    page.fill("#options", "--force-conflicts");
    page.press("Enter");
    page.until(PLANNED);
    assert!(page.text("#by-tool").contains("helm upgrade web CHART --force-conflicts"), "{}", found());
    assert!(found().contains("kubectl Update scale"), "what it costs is told: {}", found());
    assert_eq!(page.js("return document.getElementById('make-change')"), serde_json::Value::Null, "the page has no Helm");
    // The new cluster has as many nodes as the one that is shown.
    page.fill("#since", "kubectl cordon node-4");
    page.press("Enter");
    page.until(&format!("{PLANNED} && document.querySelector('#by-tool')?.innerText.includes('helm upgrade')"));
    page.fill("#since", "kubectl cordon node-5");
    page.press("Enter");
    page.until("document.getElementById('not-planned')?.innerText.includes('node-5')");
    // In the cluster that is shown, kubectl has applied what runs.
    page.choose("#over", "shown");
    page.until("!document.getElementById('since')");
    assert!(asks("tried on a copy of this cluster") && asks("kubectl, in a copy of this cluster"));
    page.click("#plan");
    page.until("document.querySelector('#by-tool, #not-planned')?.innerText.includes('helm install web CHART')");
    page.press("Escape");
    page.until("!document.querySelector('#ahead[open]')");
    page.press("a");
    page.until("document.activeElement.id === 'plan'");
    assert_eq!(page.js("return document.getElementById('options').value"), "--force-conflicts", "what was typed is still there");
    page.speak("ko");
    page.resize(PHONE.0, PHONE.1);
    page.choose("#by", "flux");
    page.click("#plan");
    page.until("document.querySelector('#by-tool')?.innerText.includes('Flux')");
    let wide = "return document.querySelector('#ahead .stuck-body').scrollWidth <= innerWidth";
    page.in_all_letters(|letters| assert_eq!(page.js(wide), true, "nothing is cut on a telephone, {letters}"));
    shoot(page, "42-by-phone-ko");
    page.choose("#by", "kubectl");
    page.until("document.getElementById('change')");
    plan(page, "kubectl rollout restart sts/web");
    page.in_all_letters(|letters| assert_eq!(page.js(NARROW), json!([]), "{letters}"));
    shoot(page, "42-tables-phone-ko");
}

pub fn what_can_go_wrong_and_what_protects_is_found_read_on_a_telephone_and_played(page: &Page) {
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.click("#search");
    page.until_for(SEARCH, "document.querySelector('[data-risk]')");
    // One button begins, stops and goes on, and keeps the focus.
    for (does, then) in [("stop", "go-on"), ("go-on", "stop")] {
        assert_eq!(page.js("return document.querySelector('#search').dataset.next"), does);
        page.press("Enter");
        page.until(&format!("document.activeElement.dataset.next === '{then}'"));
    }
    // The manifest is searched, and then, line by line, without what may protect it.
    page.until_for(SEARCH, "document.querySelector('#searching') === null && document.querySelector('[data-protects]')");
    page.js("document.querySelector('[data-risk=rollback-trap]').closest('details').querySelector('summary').click()");
    page.until("document.querySelector('[data-risk=rollback-trap]').innerText.includes('podManagementPolicy: Parallel')");
    let order = "return document.querySelector('[data-risk]').compareDocumentPosition(document.querySelector('[data-protects]'))";
    // `DOCUMENT_POSITION_FOLLOWING`
    assert_eq!(page.js(order), 4, "what protects comes after what goes wrong");
    let folded = "return document.querySelector('[data-protects] .verdict').checkVisibility()";
    assert_eq!(page.js(folded), false, "what would go wrong without a line is no finding about the manifest");
    page.check_accessible();
    shoot(page, "42-risks");
    page.speak("ko");
    page.resize(PHONE.0, PHONE.1);
    plan(page, "kubectl scale sts/web --replicas=1");
    assert!(page.text("#ahead .found[data-end]").contains("web-2"));
    let wide = "return document.querySelector('#ahead .stuck-body').scrollWidth <= innerWidth";
    page.in_all_letters(|letters| assert_eq!(page.js(wide), true, "nothing is cut on a telephone, {letters}"));
    shoot(page, "42-phone-ko");
    page.speak("en");
    page.resize(DESKTOP.0, DESKTOP.1);
    page.js("document.querySelector('[data-protects=rolling] .play-finding').click()");
    page.until("!document.getElementById('ahead').open");
    page.run_until_quiet();
    assert!(page.manifest().contains("type: OnDelete"), "the manifest without the line is what is played");
    page.until("document.querySelector('.terminal-log').innerText.includes('kubectl rollout restart')");
}

pub fn what_was_found_is_there_when_the_dialog_is_opened_again(page: &Page) {
    page.apply(&page.manifest().replace("replicas: 3", "replicas: 1"));
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    // On a slow machine the findings are drawn one after the other.
    let slowed = page.slow_processor(6);
    page.click("#search");
    page.until_for(SEARCH, SEARCHED);
    drop(slowed);
    let found = page.js(TOLD);
    assert!(found.as_str().is_some_and(|found| found.contains("web")), "{found}");
    page.press("Escape");
    page.until("!document.getElementById('ahead').open");
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    assert_eq!(page.js(TOLD), found);
}

/// What a search says that was begun with so many cores.
fn told_with(page: &Page, cores: &str) -> String {
    page.js(&format!("Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: {cores}, configurable: true }}); made.length = 0"));
    page.click("#search");
    page.until_for(SEARCH, SEARCHED);
    page.js(TOLD).as_str().expect("a text").to_owned()
}

pub fn as_many_workers_as_cores_but_four_find_the_same_and_end_with_the_dialog(page: &Page) {
    let small = page.manifest().replace("replicas: 3", "replicas: 1");
    page.apply(&small);
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    page.js(KEEP_WORKERS);
    let alone = told_with(page, "1");
    assert!(alone.contains("web"), "{alone}");
    for (cores, workers) in [("2", 2), ("16", 4)] {
        assert_eq!(told_with(page, cores), alone, "{cores} cores");
        assert_eq!(page.js("return made.length"), workers);
        let left = page.js("return made.filter(worker => !worker.ended).length");
        assert_eq!(left, 0, "all have ended");
    }
    page.speak("ko");
    page.until("document.documentElement.lang === 'ko'");
    assert_eq!(page.js(TOLD), serde_json::json!(alone), "what is found is told in English");
    assert_eq!(page.js("return document.querySelector('#ahead [data-risk]').closest('[lang]').lang"), "en");
    page.speak("en");
    // Workers that are stopped and have ended by leaving are followed by others, which come to the same.
    page.js("made.length = 0");
    page.click("#search");
    page.until("document.querySelector('#searching')?.dataset.phase === 'tries'");
    page.press("Escape");
    page.until("!document.getElementById('ahead').open");
    assert_eq!(page.js("return made.length && made.every(worker => worker.ended)"), true, "nothing goes on behind the page");
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    assert_eq!(page.js("return document.querySelector('#search').dataset.next"), "go-on");
    page.click("#search");
    page.until_for(SEARCH, SEARCHED);
    assert_eq!(page.js(TOLD), alone, "a search that goes on comes to the same");
    // A browser without workers.
    page.js("window.Worker = undefined");
    assert_eq!(told_with(page, "2"), alone, "without workers");
    page.js("window.Worker = Made");
}
