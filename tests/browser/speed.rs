//! When the first pod comes on a first visit, on slow lines and with a slow processor, served as most static hosts serve.

use std::fs;
use std::path::Path;

use miniz_oxide::deflate::compress_to_vec_zlib;
use serde_json::json;

use crate::measure::figure;
use crate::page::{Page, dist};
use crate::site::{Folder, Site};

/// Megabits per second, milliseconds there and back, and when the first pod is promised, in milliseconds of the visit.
const LINES: [(f64, u32, f64); 2] = [(9.0, 170, 2500.0), (1.6, 150, 6000.0)];
/// How many times slower the processor is.
const SLOWER: u32 = 4;
/// The median of so many visits counts.
const VISITS: usize = 5;
/// How well hosts compress while they serve.
const LEVEL: u8 = 6;
/// Notes when the first pod comes.
const WATCH: &str = "new MutationObserver((_, self) => {
    if (!document.querySelector('.pod')) return;
    window.firstPod = performance.now();
    self.disconnect();
}).observe(document, { childList: true, subtree: true });";
pub fn the_first_pod_on_slow_lines(page: &Page) {
    let folder = dist().with_file_name("target").join("packed");
    pack(&folder);
    let site = Site::open(0, Folder { encoding: Some("deflate"), ..Folder::of(folder, "/") }, |_, _| true).expect("a free port");
    let address = format!("http://127.0.0.1:{}/", site.port());
    page.devtools("Network.enable", &json!({}));
    let watched = page.in_every_document(WATCH);
    for (megabits, latency, promised) in LINES {
        let mut pods: Vec<f64> = (0..VISITS).map(|_| visit(page, &address, (megabits * 125_000.0, latency))).collect();
        pods.sort_by(f64::total_cmp);
        let median = pods[VISITS / 2];
        let what = format!("the first pod at {megabits} Mbit/s and {latency} ms, the processor {SLOWER} times slower");
        figure(&what, median, "ms", Some(promised));
    }
    drop(watched);
    page.visit();
}

/// Writes the files of the page as hosts send them.
fn pack(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder of ours");
    let files = fs::read_dir(dist()).expect("the page is built").flatten().map(|entry| entry.path());
    for path in files.filter(|path| path.is_file()) {
        let packed = compress_to_vec_zlib(&fs::read(&path).expect("a readable file"), LEVEL);
        fs::write(folder.join(path.file_name().unwrap_or_default()), packed).expect("a folder of ours");
    }
}

/// Visits as for the first time; returns when the first pod came.
fn visit(page: &Page, address: &str, line: (f64, u32)) -> f64 {
    page.open(&format!("{address}icon.svg"));
    page.js("localStorage.clear()");
    page.open("about:blank");
    // Neither files nor compiled code of the visit before.
    page.devtools("Network.clearBrowserCache", &json!({}));
    page.devtools("HeapProfiler.collectGarbage", &json!({}));
    let _slow = (page.slow_line(line.0, line.1), page.slow_processor(SLOWER));
    page.open(address);
    page.until("window.firstPod").as_f64().expect("milliseconds")
}
