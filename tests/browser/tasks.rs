//! The longest task of the page's thread in what visitors do. The page promises none over 50 ms on an idle machine.
//!
//! Other programs run at the same time, and they can only make tasks longer. So each act is done several times, and its best time counts.

use crate::frames::{begin, seeks};
use crate::measure::figure;
use crate::page::Page;
use crate::typing;

/// The longest task promised, in milliseconds.
const PROMISED: f64 = 50.0;
/// How often each is done.
const TRIES: usize = 4;
/// How many pods are many.
const MANY: usize = 1000;
/// Notes every task that the browser calls long, which are those over 50 ms.
const WATCH: &str = "window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration)))
    .observe({ type: 'longtask', buffered: true });";
/// Waits until nothing is drawn anew any more, and what was long has been noted.
const REST: &str = "setTimeout(done, 1500)";

/// Watches the tasks of every page that is opened meanwhile.
pub fn watching(page: &Page, run: impl FnOnce()) {
    let _watched = page.in_every_document(WATCH);
    run();
}

/// Forgets what was noted before.
pub fn forget(page: &Page) {
    page.js_later(REST);
    page.js("tasks.length = 0");
}

/// The longest task that was noted, in milliseconds; zero if none was over 50.
pub fn noted(page: &Page) -> f64 {
    page.js_later(REST);
    page.js("return Math.max(0, ...tasks)").as_f64().expect("milliseconds")
}

/// Does something several times, each of which returns its longest task, and prints the best; 50 stands for less.
fn longest(what: &str, act: impl Fn() -> f64) {
    let mut longest = f64::MAX;
    for _ in 0..TRIES {
        longest = longest.min(act());
        if longest <= PROMISED {
            break;
        }
    }
    figure(&format!("{what}: the longest task"), longest.max(PROMISED), "ms", Some(PROMISED));
}

pub fn a_first_visit_and_an_apply(page: &Page) {
    watching(page, || {
        longest("a first visit", || {
            page.visit_first();
            page.until("document.querySelectorAll('.pod').length === 3");
            noted(page)
        });
        longest("an apply", || {
            page.visit();
            page.until("document.querySelectorAll('.pod').length === 3");
            forget(page);
            page.apply(&page.manifest().replace("replicas: 3", "replicas: 5"));
            page.until("document.querySelectorAll('.pod').length === 5");
            noted(page)
        });
    });
}

pub fn two_thousand_lines(page: &Page) {
    // How long the browser itself takes to put the text into its field is not the page's.
    let text = typing::manifest(0);
    watching(page, || {
        longest("2,000 lines pasted and applied", || {
            page.visit();
            forget(page);
            page.fill("#manifest", &text);
            page.js_later(REST);
            page.press("Control+Enter");
            page.until("document.querySelector('.terminal-log').innerText.includes('statefulset.apps/db-104 created')");
            noted(page)
        });
    });
}

/// A search for what can go wrong, of the example: when every act alone was tried, and every course of two, in milliseconds.
pub const SEARCH: &str = "const begun = performance.now();
    let alone = 0, frames = 0;
    const frame = () => (frames++, requestAnimationFrame(frame));
    frame();
    document.getElementById('search').click();
    new MutationObserver((_, self) => {
        const said = document.getElementById('searching');
        if (/of 2 acts/.test(said?.textContent)) alone ||= performance.now() - begun;
        if (!alone || said?.dataset.phase === 'tries') return;
        self.disconnect();
        const took = performance.now() - begun;
        done([alone, took, frames / took * 1000]);
    }).observe(document.getElementById('ahead'), { childList: true, subtree: true, characterData: true })";
/// When each is promised.
pub const SEARCHED: [f64; 2] = [2000.0, 20_000.0];

pub fn a_search(page: &Page) {
    watching(page, || {
        page.visit();
        page.run_until_quiet();
        page.press("a");
        page.until("document.activeElement.id === 'change'");
        forget(page);
        let took = page.js_later(SEARCH);
        let took: Vec<f64> = took.as_array().into_iter().flatten().filter_map(|number| number.as_f64()).collect();
        figure("a search: the longest task", noted(page).max(PROMISED), "ms", Some(PROMISED));
        figure("a search: every act alone after", took[0], "ms", Some(SEARCHED[0]));
        figure("a search: every two after", took[1], "ms", Some(SEARCHED[1]));
        figure("a search: frames a second", took[2], "", None);
    });
}

/// The link of what is shown.
pub fn link(page: &Page) -> String {
    page.click("#share");
    page.until("document.getElementById('share-link').value.includes('#1.')");
    page.js("return document.getElementById('share-link').value").as_str().expect("an address").to_owned()
}

pub fn a_thousand_pods(page: &Page) {
    watching(page, || {
        longest("1,000 replicas applied", || {
            begin(page, MANY, "Parallel");
            noted(page)
        });
        longest("seeking among 1,000 pods", || {
            begin(page, MANY, "OrderedReady");
            forget(page);
            seeks(page);
            noted(page)
        });
        let link = link(page);
        longest("a link with 1,000 pods opened", || {
            page.open("about:blank");
            page.open(&link);
            page.until("document.querySelector('#page[data-live]') && document.querySelector('.dense')");
            noted(page)
        });
    });
}
