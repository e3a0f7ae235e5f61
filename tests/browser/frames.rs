//! The cost of many pods: the work per frame, seeking, memory.
//!
//! Other programs run on the machine at the same time, so the figures are the CPU time of the page's thread; wall time is printed beside.
//! Machines differ, and even one machine's speed varies: a fixed piece of work says how fast this one is now.

use serde_json::{Value, json};

use crate::measure::figure;
use crate::page::Page;

/// The most time for a frame's work, in milliseconds: of CPU time on average, and of wall time for 95 of 100 frames.
pub const MAX_FRAME: f64 = 12.0;
/// How long a screen shows a frame, in milliseconds.
pub const FRAME_SHOWN: f64 = 1000.0 / 60.0;
/// The most time for a seek, in milliseconds.
pub const MAX_SEEK: f64 = 50.0;
/// The most memory of the page at a thousand pods, in bytes.
pub const MAX_MEMORY: f64 = 120e6;
/// With five thousand pods, five times as many, it must remain usable: this factor is allowed for all of it.
const USABLE: f64 = 5.0;
/// A fixed piece of work; its value is the time it takes here, in milliseconds.
const FIXED_WORK: &str = "const kept = new Map(); let x = 1, took = performance.now();
    for (let i = 0; i < 300000; i++) { x = Math.imul(x, 1664525) + 1013904223 | 0; kept.set(x & 0xffff, (kept.get(x & 0xfff) ?? 0) + i) }
    return performance.now() - took + 0 * kept.size";
/// The time it takes on the machine on which the promises were measured.
const FIXED_WORK_TAKES: f64 = 9.0;
/// How long frames are measured, in milliseconds of wall time, and from when on: a set of many pods is drawn once before.
const MEASURED: u32 = 4000;
const FRAMES_LEFT_OUT: usize = 20;
/// The number of seeks.
const SEEKS: u32 = 21;
/// The most pods on a node.
const PODS_PER_NODE: usize = 110;

/// Makes the module's memory accessible to a test.
const KEEP_MEMORY: &str = "for (const name of ['instantiate', 'instantiateStreaming']) {
    const begin = WebAssembly[name];
    WebAssembly[name] = (...given) => begin.apply(WebAssembly, given).then(made => {
        window.moduleMemory = (made.instance ?? made).exports.memory; return made }); }";

/// Counts frames and the work within each: from its first callback until the browser does something else.
const COUNT_FRAMES: &str = "window.work = [];
    const channel = new MessageChannel(); let begun = 0;
    channel.port1.onmessage = () => work.push(performance.now() - begun);
    const tick = () => { begun = performance.now(); channel.port2.postMessage(0); requestAnimationFrame(tick) };
    requestAnimationFrame(tick)";

/// Metrics of the page's thread, in seconds of CPU time, and bytes.
pub struct Metrics(Value);

impl Metrics {
    pub fn of(page: &Page) -> Metrics {
        Metrics(page.devtools("Performance.getMetrics", &json!({})))
    }

    pub fn get(&self, name: &str) -> f64 {
        let all = self.0["metrics"].as_array().expect("a list");
        all.iter().find(|metric| metric["name"] == name).and_then(|metric| metric["value"].as_f64()).expect("a metric")
    }
}

/// Opens the page with this many pods coming up on enough nodes, at twenty times the speed, with metrics.
pub fn begin(page: &Page, replicas: usize, policy: &str) {
    let kept = page.in_every_document(KEEP_MEMORY);
    page.visit();
    drop(kept);
    page.click("#toggle");
    page.choose("select.speed", "20×");
    page.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    // Before the page asks for frames itself, so that each begins with this.
    page.js(COUNT_FRAMES);
    page.restart_with(&page.manifest().replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", policy));
    page.type_line(&format!("playground add nodes {}", replicas / PODS_PER_NODE));
    page.until(&format!("document.querySelectorAll('.dense i').length === {replicas}"));
}

/// Measures frames for so many milliseconds while time passes; returns the mean CPU time and the 95th percentile of wall time.
pub fn frames(page: &Page, measured: u32) -> (f64, f64) {
    page.js("work.length = 0");
    let before = Metrics::of(page);
    page.js_later(&format!("setTimeout(done, {measured})"));
    let after = Metrics::of(page);
    let work: Vec<f64> = page.js("return work").as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
    let mut settled = work[FRAMES_LEFT_OUT.min(work.len() / 4)..].to_vec();
    settled.sort_by(f64::total_cmp);
    let task = (after.get("TaskDuration") - before.get("TaskDuration")) * 1000.0 / count(&work);
    (task, settled[settled.len() * 95 / 100])
}

fn count(times: &[f64]) -> f64 {
    times.iter().map(|_| 1.0).sum()
}

fn mean(times: &[f64]) -> f64 {
    times.iter().sum::<f64>() / count(times)
}

/// How many times longer the machine takes now than the one on which the promises were measured.
pub fn slowness(page: &Page) -> f64 {
    let took: Vec<f64> = (0..5).filter_map(|_| page.js(FIXED_WORK).as_f64()).collect();
    mean(&took) / FIXED_WORK_TAKES
}

/// Runs to the end, seeks all over the run, and measures memory; returns the CPU time of a seek in milliseconds, and bytes.
pub fn seeks(page: &Page) -> (f64, f64) {
    page.js("document.getElementById('run-quiet').click()");
    page.until_for(300, "document.querySelector('#toggle use').getAttribute('href') === '#play'");
    let before = Metrics::of(page);
    page.js_later(&format!(
        "const lanes = document.querySelector('.lane-body'), box = lanes.getBoundingClientRect();
         lanes.setPointerCapture = () => {{}};
         const at = part => ({{ bubbles: true, pointerId: 1, button: 0, clientX: box.left + box.width * part, clientY: box.top + 8 }});
         lanes.dispatchEvent(new PointerEvent('pointerdown', at(0.4)));
         const next = n => {{
             if (n === {SEEKS}) {{ lanes.dispatchEvent(new PointerEvent('pointerup', at(0.1))); return done() }}
             lanes.dispatchEvent(new PointerEvent('pointermove', at(0.4 * (n * 8 % {SEEKS}) / {SEEKS})));
             // What follows from it, and the page laid out anew.
             Promise.resolve().then(() => Promise.resolve()).then(() => {{
                 document.body.offsetHeight; setTimeout(() => next(n + 1), 30) }});
         }};
         next(0)"
    ));
    let after = Metrics::of(page);
    // Garbage is not counted, whenever the browser chooses to collect it.
    page.devtools("HeapProfiler.collectGarbage", &json!({}));
    let held = Metrics::of(page).get("JSHeapUsedSize");
    let each = (after.get("TaskDuration") - before.get("TaskDuration")) * 1000.0 / f64::from(SEEKS);
    let module = page.js("return moduleMemory.buffer.byteLength").as_f64().unwrap_or(0.0);
    (each, module + held)
}

/// Measures frames while a set comes up, and seeks in the run.
fn many(page: &Page, replicas: usize, allowance: Option<f64>) {
    for policy in ["OrderedReady", "Parallel"] {
        begin(page, replicas, policy);
        let what = format!("{replicas} pods, {policy}");
        let (task, most) = frames(page, MEASURED);
        figure(&format!("{what}: a frame, CPU time"), task, "ms", allowance.map(|times| MAX_FRAME * times));
        figure(&format!("{what}: 95 of 100 frames within"), most, "ms", None);
    }
    let (seek, memory) = seeks(page);
    figure(&format!("{replicas} pods: a seek"), seek, "ms", allowance.map(|times| MAX_SEEK * times));
    figure(&format!("{replicas} pods: memory"), memory / 1e6, "MB", allowance.map(|times| MAX_MEMORY * times / 1e6));
}

pub fn the_machine(page: &Page) {
    figure("a fixed piece of work", FIXED_WORK_TAKES * slowness(page), "ms", None);
}

pub fn a_hundred_pods(page: &Page) {
    begin(page, 100, "Parallel");
    figure("100 pods: a seek", seeks(page).0, "ms", Some(FRAME_SHOWN));
}

pub fn a_thousand_pods(page: &Page) {
    many(page, 1000, Some(1.0));
}

pub fn five_thousand_pods(page: &Page) {
    many(page, 5000, Some(USABLE));
}
