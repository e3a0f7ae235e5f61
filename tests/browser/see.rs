//! What is seen on request: what changed in an object, the trace, ownership and selection.

use ordinal::api::release::V1_37;
use ordinal::scenario::file::Scenario;
use ordinal::scenario::session;

use crate::link::saved_by;
use crate::page::{PHONE, Page};
use crate::screens::shoot;

/// What changed, as the details of the selection show it.
const CHANGED: &str = "document.querySelector('#details .changed')?.innerText ?? ''";

/// Marks the instant, deletes web-1, and opens what changed in it.
fn replace_after_mark(page: &Page) {
    page.run_until_quiet();
    page.press("m");
    page.until("document.querySelector('.overlay .marked')");
    page.type_line("kubectl delete pod web-1");
    page.press("Escape");
    page.run_until_quiet();
    for _ in 0..2 {
        page.pick("web-1");
    }
    page.click("#details [role=tab]:nth-child(2)");
    page.until(&format!("{CHANGED}.includes('+  uid: ')"));
}

pub fn an_instant_is_marked_and_what_changed_since_is_shown_in_both_languages(page: &Page) {
    replace_after_mark(page);
    let changed = page.text("#details .changed");
    assert!(changed.starts_with("@@ -") && changed.contains("\n-  uid: "), "{changed}");
    assert!(!changed.contains("resourceVersion"), "what only counts is left out: {changed}");
    assert_eq!(page.js("return document.querySelectorAll('#details .changed del').length > 0"), true);
    page.check_accessible();
    page.check_legible("what changed in a pod");
    shoot(page, "43-changes");
    // The keyboard goes from leaf to leaf, and marks another instant.
    page.js("document.querySelector('#details [role=tab]:nth-child(2)').focus()");
    page.press("ArrowRight");
    page.until("document.activeElement.innerText === 'YAML' && !document.querySelector('#details .changed')");
    page.press("ArrowLeft");
    page.press("m");
    page.until("document.querySelector('#details [role=tabpanel]').innerText.includes('is the same at')");
    page.press("m");
    page.until("!document.querySelector('.overlay .marked')");
    page.until(&format!("{CHANGED}.includes('+  uid: ')"));
    page.visit_at("?lang=ko");
    replace_after_mark(page);
    assert!(page.text("#details").contains("이 시점 표시하기"), "{}", page.text("#details"));
    page.check_legible("what changed in a pod, in Korean");
}

pub fn the_terminal_tells_what_changed(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl scale sts web --replicas=4");
    page.press("Escape");
    page.run_until_quiet();
    page.type_line("playground diff sts/web");
    let log = "document.querySelector('.terminal-log').innerText";
    page.until(&format!("{log}.includes('+++ statefulset/web')"));
    for line in ["-  replicas: 3", "+  replicas: 4"] {
        assert!(page.text(".terminal-log").contains(line), "no {line}");
    }
    page.type_line("playground diff svc/nginx 5s ago now");
    page.until(&format!("{log}.includes('service/nginx is the same at')"));
}

pub fn the_trace_of_a_run_is_the_one_that_replay_writes(page: &Page) {
    page.js("window.copied = []; window.ClipboardItem = function (forms) { this.forms = forms };
         navigator.clipboard.write = async ([item]) => window.copied.push(await (await item.forms['text/plain']).text())");
    page.run_until_quiet();
    page.type_line("kubectl delete pod web-1");
    page.press("Escape");
    page.run_until_quiet();
    page.click(".terminal-tools button:nth-child(3)");
    page.until("window.copied.length === 1");
    let scenario = page.js("return window.copied[0]").as_str().expect("a scenario").to_owned();
    page.click("#share");
    page.until("document.querySelector('#save-trace')");
    page.check_accessible();
    shoot(page, "43-trace");
    let trace = saved_by(page, "#save-trace", "trace.jsonl");
    let scenario = Scenario::parse(&scenario).unwrap_or_else(|e| panic!("{e}\n{scenario}"));
    let replayed = session::replay(&scenario, &V1_37).expect("a session").trace;
    assert!(trace == replayed, "{trace}\n\nbut replay writes\n\n{replayed}");
    assert!(trace.contains("\"e\":\"pod.removed\",\"name\":\"web-1\""), "{trace}");
    assert_eq!(page.js("return document.documentElement.dataset.trace ?? null"), serde_json::Value::Null, "the page does not keep it");
}

/// Whether the lines of ownership (1) or selection (2) end at the tiles of all pods, on the right or on the left.
fn reach_tiles(which: usize) -> String {
    let side = ["right", "left"][which - 1];
    format!(
        "(() => {{ const left = document.querySelector('.stage').getBoundingClientRect().left;
             const path = document.querySelector('.lines path:nth-child({which})').getAttribute('d') ?? '';
             const tiles = [...document.querySelectorAll('.pod')].filter(pod => pod.offsetWidth > 0);
             return tiles.length > 0 && tiles.every(pod => path.includes('H' + Math.round(pod.getBoundingClientRect().{side} - left))); }})()"
    )
}

const PATH: &str = "document.querySelector('.lines path:nth-child(1)').getAttribute('d')";
const SELECTION: &str = "document.querySelector('.lines path:nth-child(2)').getAttribute('d')";

pub fn lines_lead_from_owners_and_services_to_their_pods_and_follow_them(page: &Page) {
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelector('.lines, .relations')"), serde_json::Value::Null, "off by default");
    page.press("r");
    page.until(&reach_tiles(1));
    page.until(&reach_tiles(2));
    let names = page.js("return [...document.querySelectorAll('.relations [data-link]')].map(b => b.title).join('; ')");
    assert_eq!(names, "statefulset/web owns web-0, web-1, web-2; service/nginx selects web-0, web-1, web-2");
    page.check_accessible();
    shoot(page, "43-relations");
    // A pod more has its branch, and so has what a Deployment owns through its ReplicaSet.
    page.click(".stepper button:last-child");
    page.type_line("kubectl create deployment api --image=nginx:1.27 --replicas=2");
    page.press("Escape");
    page.run_until_quiet();
    page.until("document.querySelectorAll('.relations [data-link]').length === 4");
    page.until(&reach_tiles(1));
    shoot(page, "43-relations-deployment");
    // Of what is selected, the lines are drawn alone; a second press opens its details, which tell the same in words.
    page.click(".relations [data-link='service/nginx']");
    page.until(&format!("{PATH} === '' && {SELECTION} !== ''"));
    page.click(".relations [data-link='service/nginx']");
    page.until("document.querySelector('#details')?.innerText.includes('web-0, web-1, web-2, web-3')");
    page.press("Escape");
    page.press("Escape");
    page.until(&reach_tiles(1));
    page.command("Draw ownership and selection");
    page.until("!document.querySelector('.relations')");
    page.pick("web-1");
    page.pick("web-1");
    page.until("document.querySelector('#details')?.innerText.includes('services')");
}

pub fn on_a_telephone_the_lines_of_one_object_are_drawn(page: &Page) {
    page.visit_at("?lang=ko");
    page.run_until_quiet();
    page.resize(PHONE.0, PHONE.1);
    page.press("r");
    page.until(&reach_tiles(1));
    page.until(&format!("{SELECTION} === ''"));
    page.check_accessible();
    page.check_legible("ownership on a telephone");
    assert_eq!(page.js("return document.documentElement.scrollWidth <= innerWidth"), true);
    shoot(page, "43-relations-phone");
    page.click(".relations [data-link='service/nginx']");
    page.until(&format!("{PATH} === ''"));
    page.until(&reach_tiles(2));
}

pub fn of_a_hundred_pods_the_cells_of_one_object_are_marked(page: &Page) {
    let marked = "document.querySelectorAll('.dense i[data-of=true]').length";
    page.restart_with(&page.manifest().replace("replicas: 3", "replicas: 100").replace("OrderedReady", "Parallel"));
    page.until("document.querySelectorAll('.dense i').length === 100");
    page.run_until_quiet();
    assert_eq!(page.js(&format!("return {marked}")), 0);
    page.press("r");
    page.until(&format!("{marked} === 100 && {PATH} !== '' && {SELECTION} === ''"));
    let said = page.js("return document.querySelector('.relations [data-link]').title");
    assert_eq!(said, "statefulset/web owns 100 pods");
    page.check_accessible();
    shoot(page, "43-relations-dense");
    page.js("document.querySelector('#cell-web-7').click()");
    page.until(&format!("{marked} === 1 && {PATH} !== '' && {SELECTION} !== ''"));
    page.press("r");
    page.until(&format!("{marked} === 0 && !document.querySelector('.relations')"));
}
