//! The scenes of a first visit.

use std::path::Path;

use ordinal::text::Lang;
use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot;
use crate::visit::controls;

/// The most controls that a first visit has in sight, and the most words.
const MOST_CONTROLS: usize = 9;
const MOST_WORDS: u64 = 120;
/// The words that can be seen: the list of requests is for those who want no motion, and for screen readers.
const WORDS: &str = "const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); let words = 0;
    for (let at; at = all.nextNode();) {
        const e = at.parentElement;
        if (e.checkVisibility({ visibilityProperty: true }) && !e.closest('.unseen, .skip, script, style') && e.getClientRects().length && !(e.closest('.in-words')?.clientWidth < 2))
            words += at.data.trim().split(/\\s+/).filter(word => word).length;
    } return words";

/// Waits for one of the buttons that belong to a scene.
fn wait_for(page: &Page, label: &str) {
    page.until_for(60, &format!("[...document.querySelectorAll('.acts .button')].some(button => button.innerText.trim() === {label:?})"));
}

/// Waits for a button that belongs to a scene, looks at the page, and presses the button.
fn press(page: &Page, label: &str) {
    wait_for(page, label);
    let words = page.js(WORDS);
    println!("words in sight before {label}: {words} of at most {MOST_WORDS}");
    assert!(words.as_u64() <= Some(MOST_WORDS), "{words} words before {label}");
    controls(page, label, MOST_CONTROLS);
    page.js(&format!("[...document.querySelectorAll('.acts .button')].find(button => button.innerText.trim() === {label:?}).click()"));
}

/// What came back to the customer, from the left and from the right.
fn slips(page: &Page) -> serde_json::Value {
    page.js("return [...document.querySelectorAll('.slip')].map(slip => slip.innerText)")
}

pub fn each_scene_asks_has_one_control_and_shows_what_comes_of_it(page: &Page) {
    let words = &Lang::English.text().scene;
    page.visit_first();
    press(page, words.on_the_left());
    let address = "return document.querySelectorAll('.peg')[1].querySelector('.leads')?.innerText";
    let before = page.js(address);
    press(page, words.do_kill());
    press(page, words.again());
    wait_for(page, words.next());
    assert_eq!(slips(page), json!(["3 books", words.no_books()]));
    assert_ne!(page.js(address), before, "the name leads to another address");
    page.check_accessible();
    shoot(page, "09-first-visit");
    press(page, words.next());
    press(page, words.a_new_one());
    press(page, words.cut_power());
    page.until("document.querySelector('.off:not(:empty)')?.innerText.includes('off')");
    press(page, words.again());
    wait_for(page, words.next());
    assert_eq!(slips(page), json!(["no such name", words.no_books()]));
    shoot(page, "09-power");
    press(page, words.next());
    press(page, words.yes());
    press(page, words.do_scale());
    page.until_for(30, "document.querySelectorAll('.peg .pod').length === 1");
    press(page, words.again());
    wait_for(page, words.next());
    assert_eq!(slips(page)[0], "3 books");
    press(page, words.next());
    press(page, words.the_upper());
    page.js("const partition = document.querySelector('.slider input'); partition.value = 2; partition.dispatchEvent(new Event('change', { bubbles: true }))");
    wait_for(page, words.next());
    let revisions = "return [...document.querySelectorAll('.peg .revision')].map(revision => revision.innerText)";
    assert_eq!(page.js(revisions), json!(["r1", "r1", "r2"]));
    press(page, words.next());
    page.until(&format!("document.querySelector('.hello p').innerText === {:?}", words.guessed(3, 4)));
    shoot(page, "09-first-visit-end");
    // The whole playground has the cluster as it stands.
    page.click(".door:nth-child(3)");
    page.until("!document.querySelector('.scene') && document.querySelector('.object')?.innerText.includes('cart')");
    assert_eq!(page.pods().len(), 6);
}

pub fn who_touches_nothing_sees_all_scenes_played(page: &Page) {
    for (size, name) in [(DESKTOP, "09-played"), (PHONE, "09-first-visit-phone")] {
        page.visit_first_in(size);
        page.until("document.querySelector('.pod')");
        page.check_accessible();
        page.until_for(30, "document.querySelectorAll('.acts .button').length === 2");
        page.check_legible("a question");
        shoot(page, name);
        page.pace(4);
        page.until_for(90, "document.getElementById('once-more')");
        assert_eq!(page.text(".hello p"), Lang::English.text().scene.over());
        assert_eq!(page.js("return document.documentElement.hasAttribute('data-first')"), true, "the scenes are no action of the visitor");
        page.check_accessible();
    }
    page.click("#once-more");
    page.until(&format!("document.querySelector('.hello p').innerText === {:?}", Lang::English.text().scene.rising()));
}

/// Presses of Tab that lead to the first answer; and from a control that was pressed to the next one.
const FIRST_TABS: usize = 8;
const NEXT_TABS: usize = 2;

/// Whether the button with a label has the focus.
fn is_on(label: &str) -> String {
    format!("document.activeElement.matches('.button') && document.activeElement.innerText.trim() === {label:?}")
}

/// Presses Tab, at most so often, until something has the focus.
fn tab_to(page: &Page, here: &str, most: usize) {
    let is_here = || page.js(&format!("return {here}")) == true;
    for _ in 0..most {
        if !is_here() {
            page.press("Tab");
        }
    }
    assert!(is_here(), "{most} times Tab did not lead there: {here}");
}

pub fn by_keys_alone_and_without_motion_the_scenes_are_the_same(page: &Page) {
    let words = &Lang::Korean.text().scene;
    page.prefer(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]);
    page.visit_first_at("?lang=ko");
    let kill = [words.on_both(), words.do_kill(), words.again(), words.next()];
    let power = [words.nobody(), words.cut_power(), words.again(), words.next()];
    let scale = [words.no(), words.do_scale(), words.again(), words.next()];
    let mut most = FIRST_TABS;
    for label in kill.iter().chain(&power).chain(&scale).chain(&[words.the_lower()]) {
        wait_for(page, label);
        tab_to(page, &is_on(label), most);
        page.check_accessible();
        page.press("Enter");
        most = NEXT_TABS;
    }
    page.until("document.querySelector('.slider')");
    tab_to(page, "document.activeElement.matches('.slider input')", NEXT_TABS);
    page.press("ArrowLeft");
    wait_for(page, words.next());
    tab_to(page, &is_on(words.next()), NEXT_TABS);
    page.press("Enter");
    page.until("document.getElementById('fates')");
    tab_to(page, "document.activeElement.id === 'fates'", NEXT_TABS);
    // Without dots, what is asked is told in words.
    assert!(page.js("return document.querySelector('.scene ol').innerText").as_str().is_some_and(|told| told.contains("cart-1")));
    page.prefer(&[]);
}

/// A set whose claims go when it is scaled in.
const OWN: &str = "tests/browser/manifests/seed-003.yaml";

pub fn a_manifest_of_ones_own_is_played_and_its_result_is_a_link(page: &Page) {
    let words = &Lang::English.text().scene;
    page.run_until_quiet();
    page.click("#try");
    page.js(&format!(
        "[...document.querySelectorAll('#ways-sheet button')].find(way => way.innerText.includes({:?})).click()",
        words.yours()
    ));
    page.until("document.activeElement.id === 'fate-text'");
    page.fill("#fate-text", "kind: nonsense");
    page.click("#play-fates");
    page.until(&format!("document.querySelector('.fates').innerText === {:?}", words.no_fate()));
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN)).expect("a manifest");
    page.fill("#fate-text", &manifest);
    page.click("#play-fates");
    page.until_for(30, "document.querySelectorAll('.fates li').length === 4");
    let good = page.js("return [...document.querySelectorAll('.fates li')].map(line => line.dataset.good)");
    assert_eq!(good, json!(["true", "false", "true", "true"]), "{}", page.text(".fates"));
    page.check_accessible();
    page.check_legible("what becomes of a manifest");
    shoot(page, "50-fates");
    page.click("#share-fates");
    page.until("!document.getElementById('fate').open && location.hash.startsWith('#1.')");
    let title = "web-sts: kill ✓, power ✗, scale ✓, rollout ✓";
    assert_eq!(page.text(".run-title"), title);
    let link = page.js("return location.href");
    page.open("about:blank");
    page.open(link.as_str().expect("an address"));
    page.until("document.querySelector('#page[data-live]') && document.querySelector('.object')?.innerText.includes('web-sts')");
    assert_eq!(page.text(".run-title"), title);
}
