//! Hostile links and files: none stops the page. Each is shown, or refused in words, or the page says how far it is and offers a way out.

use std::time::{Duration, Instant};

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params};
use serde_json::json;

use crate::embed::Host;
use crate::engine::Engine;
use crate::measure::{figure, is_fault};
use crate::page::Page;
use runs::Named;

#[path = "../page/hostile_runs.rs"]
mod runs;

/// How long an answer may take longer than a plain visit, in milliseconds of wall time.
const ANSWERED_WITHIN: f64 = 2000.0;
/// The longest task of the page's thread, in milliseconds.
const LONGEST_TASK: f64 = 200.0;
/// How often each is tried before it counts as slow: other programs run on the machine.
const TRIES: usize = 3;
/// How long an answer is waited for at all.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Notes every task that the browser calls long, which are those over 50 ms.
const WATCH: &str = "window.tasks = []; try { new PerformanceObserver(list => tasks.push(...list.getEntries().map(task => task.duration)))
    .observe({ type: 'longtask', buffered: true }) } catch {}";
/// Waits until what was long has been noted.
const REST: &str = "setTimeout(done, 300)";
/// What the page says of a run.
const STATUS: &str = "(document.querySelector('.branches [role=status]')?.innerText ?? '')";
/// The page shows a run and takes everything in.
const LIVE: &str = "document.querySelector('#page[data-live]') !== null && document.querySelector('.stage') !== null";
/// The page says how far it is, and offers a way out.
const ON_THE_WAY: &str = "document.querySelector('#opening progress') && document.querySelector('#give-up')";

/// Something hostile.
struct Hostile {
    what: &'static str,
    sent: Sent,
    answer: Answer,
}

/// How it comes to the page.
enum Sent {
    /// In the address, whose end this is.
    Link(String),
    /// A file that is dropped: the JavaScript expression of its text.
    File(String),
}

/// What the page does.
enum Answer {
    /// Says this, and shows something else.
    Says(&'static str),
    /// Shows the run, or what there is of it when the way out is taken.
    Shows,
    /// The same, and shows the whole run to whoever waits.
    Opens,
}

/// A run as text in the fragment of an address.
fn link(text: &str) -> Sent {
    Sent::Link(fragment("", &compress_to_vec(text.as_bytes(), 6)))
}

fn fragment(before: &str, deflated: &[u8]) -> String {
    format!("#{before}1.{}", base64url(deflated))
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let of_group = |group: &[u8]| {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        (0..=group.len()).map(move |at| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize])).collect::<String>()
    };
    bytes.chunks(3).map(of_group).collect()
}

/// So many megabytes of one byte, deflated: each megabyte by itself, so that only the first has to be made.
fn bomb(byte: u8, megabytes: usize) -> Vec<u8> {
    let mut unit = Vec::new();
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(9, 0, 0));
    compress_to_output(&mut compressor, &vec![byte; 1 << 20], TDEFLFlush::Full, |part| {
        unit.extend_from_slice(part);
        true
    });
    let last_block = [3, 0];
    [unit.repeat(megabytes), last_block.to_vec()].concat()
}

/// Opens a page in which every long task is noted, and forgets what was kept before.
fn open(page: &Page, query: &str) {
    page.open(&format!("{}icon.svg", page.address()));
    page.js("localStorage.clear(); localStorage.setItem('visited', 1)");
    page.open_after(WATCH, &format!("{}{query}", page.address()));
}

/// Waits until an expression is truthy; how long that took, in milliseconds.
fn wait(page: &Page, begun: Instant, what: &str, expression: &str) -> f64 {
    while page.js(&format!("return !!({expression})")) != true {
        assert!(begun.elapsed() < PATIENCE, "{what}: no answer; the page says {}", page.js(&format!("return {STATUS}")));
        std::thread::sleep(LOOK_EVERY);
    }
    begun.elapsed().as_secs_f64() * 1000.0
}

/// The longest task that was noted, in milliseconds; zero where the engine notes none, or none was over 50.
fn longest(page: &Page) -> f64 {
    page.js_later(REST);
    page.js("return Math.max(0, ...(window.tasks ?? []))").as_f64().unwrap_or_default()
}

impl Hostile {
    /// The run of this name, in a link.
    fn link(name: &str, runs: &[Named], answer: Answer) -> Hostile {
        let (what, run) = runs.iter().find(|(what, _)| *what == name).unwrap_or_else(|| panic!("no run is called {name}"));
        Hostile { what, sent: link(run), answer }
    }

    fn file(what: &'static str, text: &str, answer: Answer) -> Hostile {
        Hostile { what, sent: Sent::File(text.to_owned()), answer }
    }

    /// Sends it once; how long the answer took, and the longest task, in milliseconds.
    fn send(&self, page: &Page, at: usize) -> (f64, f64) {
        let begun = match &self.sent {
            Sent::Link(address) => {
                let begun = Instant::now();
                // Another query, so that the page is loaded anew.
                open(page, &if address.starts_with('?') { address.clone() } else { format!("?hostile={at}{address}") });
                begun
            }
            Sent::File(text) => {
                open(page, "");
                page.until(LIVE);
                page.js_later(&format!("window.file = new File([{text}], 'run.txt'); setTimeout(done, 300)"));
                page.js("window.tasks.length = 0");
                let begun = Instant::now();
                page.js("const data = new DataTransfer(); data.items.add(window.file);
                     dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))");
                begun
            }
        };
        let took = match self.answer {
            Answer::Says(words) => wait(page, begun, self.what, &format!("{LIVE} && {STATUS}.includes({})", json!(words))),
            Answer::Opens => {
                let took = wait(page, begun, self.what, &format!("({ON_THE_WAY}) || {LIVE}"));
                println!("{}: the whole run after {:.0} ms", self.what, wait(page, begun, self.what, LIVE));
                assert_eq!(page.js(&format!("return {STATUS}.includes('left out')")), false, "{}", self.what);
                took
            }
            Answer::Shows => {
                let took = wait(page, begun, self.what, &format!("({ON_THE_WAY}) || {LIVE}"));
                let way_out = page.js("const out = document.querySelector('#give-up'); out?.click(); return !!out");
                let shown = Instant::now();
                took.max(if way_out == true { wait(page, shown, self.what, LIVE) } else { 0.0 })
            }
        };
        (took, longest(page))
    }
}

/// Each is answered in time, and none has a long task. Prints the worst of what both take.
fn hold(page: &Page, group: &str, all: &[Hostile]) {
    let begun = Instant::now();
    open(page, "?plain");
    let plain = wait(page, begun, "a plain visit", LIVE);
    // What a plain visit takes is measured by others.
    let longest_task = longest(page).max(LONGEST_TASK);
    let (mut worst, mut slow) = ((0.0_f64, 0.0_f64), Vec::new());
    for hostile in all {
        let mut best = (f64::MAX, f64::MAX);
        let is_slow = |(took, task): (f64, f64)| is_fault(took - plain, ANSWERED_WITHIN) || is_fault(task, longest_task);
        for at in 0..TRIES {
            let (took, task) = hostile.send(page, at);
            best = (best.0.min(took), best.1.min(task));
            if !is_slow(best) {
                break;
            }
        }
        worst = (worst.0.max(best.0 - plain), worst.1.max(best.1));
        if is_slow(best) {
            slow.push(format!("{}: answered after {:.0} ms, the longest task {:.0} ms", hostile.what, best.0, best.1));
        }
    }
    figure(&format!("hostile, {group}: the latest answer, beside a plain visit"), worst.0, "ms", Some(ANSWERED_WITHIN));
    figure(&format!("hostile, {group}: the longest task"), worst.1, "ms", Some(LONGEST_TASK));
    page.visit();
    assert!(slow.is_empty(), "{slow:#?}");
}

const TOO_LONG: Answer = Answer::Says("too long for a run");
const DAMAGED: Answer = Answer::Says("damaged");

pub fn what_inflates_without_end_is_refused_in_words(page: &Page) {
    let said = |what, sent, answer| Hostile { what, sent, answer };
    // What is damaged, and yet too long.
    let mut broken = bomb(b'\n', 40);
    broken.truncate(broken.len() / 2);
    let korean = Sent::Link(format!("?embed&lang=ko{}", fragment("", &bomb(0, 500))));
    hold(
        page,
        "what inflates",
        &[
            said("40 MB of empty lines, broken off", Sent::Link(fragment("", &broken)), TOO_LONG),
            said("500 MB in an embed, in Korean", korean, Answer::Says("너무 긴 링크입니다")),
            said("no deflated text", Sent::Link(fragment("", &[7; 40_000])), DAMAGED),
            said("a megabyte of nothing of ours", link(&"a\n".repeat(500_000)), DAMAGED),
        ],
    );
}

/// Of the runs that are read without a browser (`page::hostile`), one of each sort: what it costs the page's thread.
pub fn runs_that_ask_for_too_much_leave_the_page_usable(page: &Page) {
    let (large, scripts, manifests) = (runs::large(), runs::scripts(), runs::manifests());
    let shown = |what: &str, of: &[Named]| Hostile::link(what, of, Answer::Shows);
    hold(
        page,
        "runs that ask for much",
        &[
            Hostile::link("3,000 pods at once", &large, Answer::Opens),
            shown("3,000 pods one by one", &large),
            shown("a billion pods", &large),
            shown("16 branches of 10,000 lines", &large),
            shown("a text that doubles", &scripts),
            shown("a fork bomb", &scripts),
            shown("a billion laughs", &manifests),
            shown("5,000 namespaces that are missing", &manifests),
        ],
    );
}

pub fn files_of_any_size_leave_the_page_usable(page: &Page) {
    let begins = "before: ['while true; do kubectl get pods; done']";
    let lesson = format!("{}{begins}\n", include_str!("../../src/page/lesson/course/creation.yaml"));
    hold(
        page,
        "files",
        &[
            Hostile::file("64 MB of letters", "new Uint8Array(64e6).fill(97)", Answer::Says("too large")),
            Hostile::file("a run of 2 MB", "'ordinal 1\\n' + 'do 1 0 kubectl get pods\\n'.repeat(1e5)", Answer::Says("too large")),
            Hostile::file("4 MB of short lines", "'a\\n'.repeat(2e6)", Answer::Says("No run could be read from this file")),
            Hostile::file("a lesson that never begins", &json!(lesson).to_string(), Answer::Shows),
        ],
    );
}

pub fn a_run_file_that_is_too_long_is_refused_where_it_is_embedded(page: &Page) {
    let home = page.address();
    let link = fragment("", &bomb(0, 500));
    let body = format!("<ordinal-run src='four.ordinal.txt'></ordinal-run><ordinal-run src='{home}{link}'></ordinal-run>");
    let host = Host::open(page, &home, &"do 1 0 kubectl get pods\n".repeat(100_000), &body);
    let said = |at: usize| format!("document.querySelectorAll('ordinal-run')[{at}].shadowRoot?.textContent");
    page.enter("null");
    page.until(&format!("{}.endsWith('This file is too long for a run.')", said(0)));
    page.js("document.documentElement.lang = 'ko'; document.querySelector('ordinal-run').setAttribute('src', './four.ordinal.txt')");
    page.until(&format!("{}.endsWith('너무 긴 파일입니다.')", said(0)));
    page.enter("document.querySelectorAll('ordinal-run')[1].shadowRoot?.querySelector('iframe')");
    page.until(&format!("{STATUS}.includes('too long for a run') || {STATUS}.includes('너무 긴 링크')"));
    host.leave(page, &home);
    if page.engine() == Engine::Chromium {
        page.visit();
    }
}
