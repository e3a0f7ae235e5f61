//! What a first visit shows.

use crate::page::{PHONE, Page};

/// A visitor's patience, in milliseconds from the start of the visit.
const INTERACTIVE_WITHIN: f64 = 2000.0;
const MOVES_WITHIN: f64 = 5000.0;
/// Half of what web.dev calls a good cumulative layout shift. The design wants none.
const SHIFT_UNNOTICED: f64 = 0.05;

pub fn the_frame_is_painted_before_the_app_has_loaded(page: &Page) {
    let html = std::fs::read_to_string(crate::page::dist().join("index.html")).expect("the page is built");
    for part in ["Manifest", "web-0", "web-2", "No node yet", "node-1", "Terminal", "Why", "0:00.000"] {
        assert!(html.contains(part), "{part} is not in the static page");
    }
    assert!(!html.contains("style="), "the content security policy refuses style attributes");
    let live = page.js("return performance.getEntriesByName('live')[0].startTime");
    assert!(live.as_f64().is_some_and(|at| at < INTERACTIVE_WITHIN), "interactive after {live} ms");
}

pub fn within_seconds_something_moves_and_is_named(page: &Page) {
    let at = page.until("document.querySelector('.pod .name') && document.querySelector('.verdict') && performance.now()");
    assert!(at.as_f64().is_some_and(|at| at < MOVES_WITHIN), "the first pod after {at} ms");
    assert!(page.text(".pod .name").starts_with("web-0"));
    assert!(page.text(".verdict").ends_with('.'));
}

pub fn the_frame_does_not_shift_when_the_app_takes_its_place(page: &Page) {
    page.until("document.querySelector('.pod')");
    let shift = page.js_later(
        "new PerformanceObserver(list => done(list.getEntries().reduce((sum, e) => sum + e.value, 0))).observe({ type: 'layout-shift', buffered: true });
         requestAnimationFrame(() => requestAnimationFrame(() => done(0)))",
    );
    assert!(shift.as_f64().is_some_and(|shift| shift < SHIFT_UNNOTICED), "the layout shifted by {shift}");
}

pub fn the_example_comes_up_in_order(page: &Page) {
    page.run_until_quiet();
    assert_eq!(page.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    let ready = page.js(
        "return [...document.querySelectorAll('.event')].map(e => e.querySelector('.text').textContent).filter(t => / Ready$/.test(t))",
    );
    assert_eq!(ready, serde_json::json!(["web-0 Ready", "web-1 Ready", "web-2 Ready"]));
    assert_eq!(page.text(".object h1 span"), "3 of 3 Ready");
}

pub fn nothing_breaks_an_accessibility_rule(page: &Page) {
    page.run_until_quiet();
    for theme in ["light", "dark"] {
        page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
        page.check_accessible();
    }
    page.resize(PHONE.0, PHONE.1);
    page.check_accessible();
    page.click(".sentence");
    page.check_accessible();
}

pub fn both_languages_say_the_same_at_the_same_instant(page: &Page) {
    page.run_until_quiet();
    let clock = page.text(".clock");
    page.click(".bar [lang=ko]");
    page.until("document.documentElement.lang === 'ko'");
    assert_eq!(page.text("#apply"), "적용");
    assert_eq!(page.text(".verdict"), "web는 원하는 상태입니다.");
    assert_eq!(page.text(".clock"), clock);
    page.click(".bar [lang=en]");
    assert_eq!(page.text(".verdict"), "web is as wanted.");
}
