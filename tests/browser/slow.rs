//! What a visit costs with a processor that is four times slower: the longest task of a load and of a paste, and the frames of a first
//! visit. Each figure is the median of several visits.

use crate::frames::FRAME_SHOWN;
use crate::measure::figure;
use crate::page::Page;
use crate::tasks::{forget, noted, watching};
use crate::typing;

/// How many times slower the processor is; frames are counted with one that is slower still, too, as a fast machine shows every frame.
const SLOWER: u32 = 4;
const SLOWEST: u32 = 8;
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

/// Prints the median of several visits with a processor that is so many times slower; `before` is done with the usual one.
fn slow(page: &Page, what: &str, unit: &str, slower: u32, before: impl Fn(), visit: impl Fn() -> f64) {
    let visit = || {
        before();
        let _slow = page.slow_processor(slower);
        visit()
    };
    figure(&format!("{what}, the processor {slower} times slower"), median(visit), unit, None);
}

pub fn a_load_a_paste_and_the_frames_of_a_first_visit(page: &Page) {
    let long: String = typing::manifest(0).split_inclusive('\n').take(LINES).collect();
    let long = &long[..long.rfind("---\n").unwrap_or_default()];
    // Who comes back finds the manifest folded, and opens it to paste.
    let open = || {
        page.visit_folded();
        page.open_manifest();
    };
    watching(page, || {
        slow(
            page,
            "a load: the longest task",
            "ms",
            SLOWER,
            || {},
            || {
                page.visit_folded();
                noted(page)
            },
        );
        slow(
            page,
            "a first load: the longest task",
            "ms",
            SLOWER,
            || {},
            || {
                page.visit_first();
                noted(page)
            },
        );
        slow(page, "600 lines pasted: the longest task", "ms", SLOWER, open, || {
            forget(page);
            page.fill("#manifest", long);
            noted(page)
        });
        let filled = || {
            open();
            page.fill("#manifest", long);
            forget(page);
        };
        slow(page, "600 lines applied: the longest task", "ms", SLOWER, filled, || {
            forget(page);
            page.press("Control+Enter");
            page.until("document.querySelector('.terminal-log').textContent.includes('db-20 created')");
            noted(page)
        });
    });
    for slower in [SLOWER, SLOWEST] {
        slow(
            page,
            "a first visit: frames a second",
            "",
            slower,
            || {},
            || {
                page.visit_first();
                page.js_later(&format!("{COUNT}{WATCHED})")).as_f64().expect("frames").min(1000.0 / FRAME_SHOWN)
            },
        );
    }
}
