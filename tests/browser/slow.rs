//! What a visit costs with a processor that is four times slower: the longest task of a load and of a paste, and the frames of a first
//! visit. Each figure is the median of several visits.

use crate::frames::FRAME_SHOWN;
use crate::measure::figure;
use crate::page::Page;
use crate::tasks::{forget, noted, watching};
use crate::typing;

/// How many times slower the processor is.
const SLOWER: u32 = 4;
/// The median of so many visits counts.
const VISITS: usize = 5;
/// How many lines are pasted, about.
const LINES: usize = 600;
/// For how long frames of a first visit are counted, in milliseconds.
const WATCHED: u32 = 8000;
/// Counts frames for a while; returns how many there are in a second.
const COUNT: &str = "let frames = 0; const begun = performance.now();
    const frame = () => (frames++, requestAnimationFrame(frame));
    frame();
    setTimeout(() => done(frames / (performance.now() - begun) * 1000), ";

/// The median of what several visits give.
fn median(visit: impl Fn() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..VISITS).map(|_| visit()).collect();
    all.sort_by(f64::total_cmp);
    all[VISITS / 2]
}

/// Prints the median of several visits with a slow processor.
fn slow(page: &Page, what: &str, unit: &str, visit: impl Fn() -> f64) {
    let visit = || {
        let _slow = page.slow_processor(SLOWER);
        visit()
    };
    figure(&format!("{what}, the processor {SLOWER} times slower"), median(visit), unit, None);
}

pub fn a_load_a_paste_and_the_frames_of_a_first_visit(page: &Page) {
    let long: String = typing::manifest(0).split_inclusive('\n').take(LINES).collect();
    let long = &long[..long.rfind("---\n").unwrap_or_default()];
    watching(page, || {
        slow(page, "a load: the longest task", "ms", || {
            page.visit();
            noted(page)
        });
        slow(page, "a first load: the longest task", "ms", || {
            page.visit_first();
            noted(page)
        });
        slow(page, "600 lines pasted: the longest task", "ms", || {
            page.visit();
            forget(page);
            page.fill("#manifest", long);
            noted(page)
        });
        slow(page, "600 lines applied: the longest task", "ms", || {
            page.visit();
            page.fill("#manifest", long);
            forget(page);
            page.press("Control+Enter");
            page.until("document.querySelector('.terminal-log').innerText.includes('db-20 created')");
            noted(page)
        });
    });
    slow(page, "a first visit: frames a second", "", || {
        page.visit_first();
        page.js_later(&format!("{COUNT}{WATCHED})")).as_f64().expect("frames").min(1000.0 / FRAME_SHOWN)
    });
}
