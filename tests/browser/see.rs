//! What is seen on request: what changed in an object, ownership and selection. Their words are tested in tests/page/see.rs.

use crate::page::{PHONE, Page};
use crate::screens::shoot;

/// What changed, as the details of the selection show it.
const CHANGED: &str = "document.querySelector('#details .changed')?.innerText ?? ''";

pub fn what_changed_since_a_marked_instant_is_opened(page: &Page) {
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
    page.press("Escape");
    page.speak("ko");
    for _ in 0..2 {
        page.pick("web-1");
    }
    page.click("#details [role=tab]:nth-child(2)");
    page.until("document.querySelector('#details').innerText.includes('이 시점 표시하기')");
    page.check_legible("what changed in a pod, in Korean");
    page.press("Escape");
    page.speak("en");
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
    // On a telephone, those of one object.
    page.speak("ko");
    page.resize(PHONE.0, PHONE.1);
    page.press("r");
    page.until(&reach_tiles(1));
    page.until(&format!("{SELECTION} === ''"));
    page.check_accessible();
    page.check_legible("ownership on a telephone");
    assert_eq!(page.js("return document.documentElement.scrollWidth <= innerWidth"), true);
    shoot(page, "43-relations-phone");
    page.resize(PHONE.0, PHONE.1);
    page.click(".relations [data-link='service/nginx']");
    page.until(&format!("{PATH} === ''"));
    page.until(&reach_tiles(2));
}

/// What the tools say below the set, folded or not.
const SAID: &str = "(document.querySelector('.says')?.textContent ?? '')";

/// Whether the words of the tools have more than half of the pane.
const WORDS: &str =
    "return [...document.querySelectorAll('.says .mono')].every(words => words.offsetWidth > words.closest('.says').offsetWidth / 2)";

/// Another set, of one pod, whose image is not there.
fn stuck_set(name: &str, image: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: {name}\n  replicas: 1\n  selector: {{matchLabels: {{app: {name}}}}}\n  \
         template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec: {{containers: [{{name: c, image: {image}}}]}}\n"
    )
}

pub fn what_tools_say_is_said_of_the_set_that_waits_and_of_the_one_that_is_chosen(page: &Page) {
    let all = [stuck_set("one", "nginx"), stuck_set("two", "nginx:broken"), stuck_set("three", "nginx")].join("---\n");
    page.restart_with(&all);
    page.run_until_quiet();
    let shows = |set: &str| format!("document.querySelector('.fleet [aria-selected=true]')?.innerText.includes('{set}')");
    page.until(&shows("one"));
    page.press("j");
    page.until(&format!("{} && {SAID}.includes('Progressing') && {SAID}.includes('InProgress')", shows("two")));
    page.press("j");
    page.until("!document.querySelector('.says')");
    page.click(".fleet [role=tab]:last-child");
    page.until(&shows("three"));
    page.press("j");
    page.until(&format!("{} && {SAID}.includes('Healthy') && {SAID}.includes('Current')", shows("three")));
    page.type_line("kubectl delete sts --all");
    page.press("Escape");
    page.run_until_quiet();
    page.until(&format!("{SAID} === 'No StatefulSet is there of which a tool could say that it is done.'"));
}

pub fn a_line_under_the_set_says_what_each_tool_calls_done(page: &Page) {
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelector('.says')"), serde_json::Value::Null, "on demand");
    page.press("j");
    page.until(&format!("{SAID}.includes('done since') && document.querySelectorAll('.says li').length === 8"));
    assert_eq!(page.js("return document.querySelector('.says li').checkVisibility()"), false, "where all agree there is one line");
    page.click(".says summary");
    page.check_accessible();
    page.check_legible("what each tool says");
    assert_eq!(
        page.js("return [...document.querySelectorAll('.says b')].filter(b => b.innerText === 'Healthy').length"),
        1,
        "Argo CD's own word"
    );
    assert_eq!(page.js(WORDS), true, "the words have most of the pane beside an open manifest");
    shoot(page, "44-tools");
    page.type_line("kubectl patch sts web -p '{\"spec\":{\"updateStrategy\":{\"type\":\"OnDelete\",\"rollingUpdate\":null}}}'");
    page.press("Escape");
    page.run_until_quiet();
    page.until(&format!(
        "{SAID}.includes('no verdict') && {SAID}.includes('only available for RollingUpdate') && {SAID}.includes('Argo CD')"
    ));
    // At an instant of the past they say what they said then, and the timeline keeps when that was.
    page.until("document.querySelectorAll('.track [title^=\"done since\"]').length >= 1");
    page.press("Home");
    page.until(&format!("{SAID}.includes('waits') && !{SAID}.includes('no verdict')"));
    page.speak("ko");
    page.resize(PHONE.0, PHONE.1);
    page.until(&format!("{SAID}.includes('Argo CD') && {SAID}.includes('대기')"));
    page.check_accessible();
    page.check_legible("what each tool says on a telephone");
    assert_eq!(page.js("return document.documentElement.scrollWidth <= innerWidth"), true);
    shoot(page, "44-tools-phone");
    page.click("#tools");
    page.until("!document.querySelector('.says')");
}
