//! One short guard for each promise that `cargo dev measure` measures: it fails where something has become several times as expensive, and
//! never because other programs run, because it counts the CPU time of the page's thread.

use std::cell::Cell;

use serde_json::json;

use crate::frames::{self, Metrics, begin, frames, seeks};
use crate::measure::guard;
use crate::page::Page;
use crate::{tasks, typing};

/// How many pods are many.
const MANY: usize = 1000;
/// How long frames are counted, in milliseconds.
const COUNTED: u32 = 1500;
/// What an apply of 2,000 lines and a link with 1,000 pods take in all on the machine on which the promises were measured, in milliseconds
/// of CPU time.
const APPLY: f64 = 2500.0;
const LINK: f64 = 4000.0;
/// What the page's thread does of a search whose courses workers run: the page carries their mail and draws what they find.
const SEARCH: f64 = 2000.0;
/// A line as in `speed`: megabits per second, and milliseconds there and back; and how many times slower the processor is.
const LINE: (f64, u32) = (9.0, 170);
const SLOWER: u32 = 4;
/// How often the second half of the code was called before it was there, once it is.
const CALLED: &str = "document.querySelector('#page[data-live]')
    && performance.getEntriesByType('resource').filter(entry => entry.initiatorType === 'xmlhttprequest').length + 1";

/// The CPU time that an act takes, in milliseconds.
fn cost(page: &Page, act: impl FnOnce()) -> f64 {
    page.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    let before = Metrics::of(page).get("TaskDuration");
    act();
    1000.0 * (Metrics::of(page).get("TaskDuration") - before)
}

pub fn a_first_visit_calls_no_code_that_comes_later(page: &Page) {
    page.open(&format!("{}icon.svg", page.address()));
    page.js("localStorage.clear()");
    page.devtools("Network.enable", &json!({}));
    page.devtools("Network.clearBrowserCache", &json!({}));
    let _slow = (page.slow_line(LINE.0 * 125_000.0, LINE.1), page.slow_processor(SLOWER));
    page.open(&page.address());
    let called = page.until_for(60, CALLED);
    assert_eq!(called, 1, "the first visit calls code that comes later: `cargo dev profile`");
}

pub fn a_thousand_pods_leave_time_for_frames_and_are_sought(page: &Page) {
    begin(page, MANY, "Parallel");
    guard("a frame with 1,000 pods", frames(page, COUNTED).0, frames::MAX_FRAME);
    let (seek, memory) = seeks(page);
    guard("a seek among 1,000 pods", seek, frames::MAX_SEEK);
    assert!(memory <= frames::MAX_MEMORY, "{memory} bytes");
}

pub fn an_apply_of_two_thousand_lines_costs_little(page: &Page) {
    let text = typing::manifest(0);
    let took = cost(page, || {
        page.fill("#manifest", &text);
        page.press("Control+Enter");
        page.until("document.querySelector('.terminal-log').innerText.includes('statefulset.apps/db-104 created')");
    });
    guard("an apply of 2,000 lines", took, APPLY);
}

pub fn a_link_with_a_thousand_pods_opens_soon(page: &Page) {
    begin(page, MANY, "Parallel");
    page.js("document.getElementById('run-quiet').click()");
    page.until_for(60, "document.querySelector('#toggle use').getAttribute('href') === '#play'");
    let link = tasks::link(page);
    page.open(&format!("{}icon.svg", page.address()));
    let took = cost(page, || {
        page.open(&link);
        page.until_for(60, "document.querySelector('#page[data-live]') && document.querySelector('.dense')");
    });
    guard("a link with 1,000 pods", took, LINK);
}

pub fn a_search_ends_and_lets_the_page_draw(page: &Page) {
    page.run_until_quiet();
    page.press("a");
    page.until("document.activeElement.id === 'change'");
    let drawn = Cell::new(0.0);
    let took = cost(page, || {
        let told = page.js_later(tasks::SEARCH);
        drawn.set(told[2].as_f64().unwrap_or(0.0));
    });
    guard("a search", took, SEARCH);
    assert!(drawn.get() > 1.0, "{} frames a second", drawn.get());
}
