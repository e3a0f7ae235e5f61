//! More ordinals than columns: a cell each.

use crate::page::Page;
use crate::screens::shoot;

/// What may lie between two frames while many pods come up at twenty times the speed, in milliseconds: the 95th percentile. A screen shows one
/// every 17; a busy machine without a graphics card is granted more.
const FRAME_MOST: f64 = 250.0;

fn many(page: &Page, replicas: usize) {
    let manifest = page.manifest().replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", "Parallel");
    // Neither policy nor templates of a set may change: it begins anew.
    page.restart_with(&manifest);
    page.until(&format!("document.querySelectorAll('.dense i').length === {replicas}"));
}

pub fn a_thousand_ordinals_are_cells(page: &Page) {
    many(page, 1000);
    page.until("document.querySelectorAll('.dense i[data-look=ready]').length > 100");
    page.click("#toggle");
    let ready = page.js("return Number([...document.querySelectorAll('.dense-counts button')].find(b => b.innerText.endsWith('Ready')).querySelector('b').textContent)");
    assert_eq!(ready, page.js("return document.querySelectorAll('.dense i[data-look=ready]').length"));
    page.js("document.querySelector('#cell-web-7').click()");
    page.until("document.querySelector('#cell-web-7').ariaSelected === 'true'");
    page.js("document.querySelector('.dense').focus()");
    page.press("ArrowDown");
    page.press("ArrowRight");
    page.until("document.querySelector('.dense').getAttribute('aria-activedescendant') === 'cell-web-58'");
    assert!(page.text(".why").contains("web-58"));
    page.check_accessible();
    shoot(page, "08-dense");
}

pub fn probe(page: &Page) {
    for (replicas, policy) in [(1000, "Parallel"), (1000, "OrderedReady"), (5000, "Parallel"), (5000, "OrderedReady")] {
        page.visit();
        page.click("#toggle");
        page.click(".speeds button:nth-child(4)");
        page.devtools("Performance.enable", &serde_json::json!({"timeDomain": "threadTicks"}));
        page.js("
            const work = window.work = []; const gaps = window.gaps = []; const channel = new MessageChannel(); let begun = 0, last = 0;
            channel.port1.onmessage = () => work.push(performance.now() - begun);
            const tick = now => { begun = performance.now(); gaps.push(now - last); last = now; channel.port2.postMessage(0); requestAnimationFrame(tick) };
            requestAnimationFrame(tick)");
        let manifest = page.manifest().replace("replicas: 3", &format!("replicas: {replicas}")).replace("OrderedReady", policy);
        page.restart_with(&manifest);
        let m0 = page.devtools("Performance.getMetrics", &serde_json::json!({}));
        page.js_later("setTimeout(done, 4000)");
        let m1 = page.devtools("Performance.getMetrics", &serde_json::json!({}));
        let q = page.js("const s = l => l.slice(20).sort((a,b)=>a-b); const f = l => [.5,.9,.95,.99].map(p => +l[Math.floor(l.length*p)].toFixed(1)); const w = s(work); return JSON.stringify([w.length, f(w), f(s(gaps))])");
        let get = |m: &serde_json::Value, n: &str| {
            m["metrics"].as_array().unwrap().iter().find(|x| x["name"] == n).and_then(|x| x["value"].as_f64()).unwrap_or(-1.0)
        };
        print!("{policy} {replicas} [n, work, gaps] {q}; clock {}; ", page.text(".clock"));
        for n in ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "JSHeapUsedSize", "Nodes"] {
            print!("{n} {:.2}->{:.2} ", get(&m0, n), get(&m1, n));
        }
        println!();
    }
}

pub fn a_thousand_pods_leave_time_for_frames(page: &Page) {
    page.click(".speeds button:nth-child(4)");
    many(page, 1000);
    // The time between two frames: the page works within them, and the machine's own pace is the least of it.
    let frames = page.js_later(
        "const frames = []; let last = performance.now();
         const tick = now => { frames.push(now - last); last = now; frames.length < 150 ? requestAnimationFrame(tick) : done(frames) };
         requestAnimationFrame(tick)",
    );
    let mut frames: Vec<f64> = frames.as_array().expect("a list").iter().filter_map(serde_json::Value::as_f64).collect();
    frames.sort_by(f64::total_cmp);
    let (middle, most) = (frames[frames.len() / 2], frames[frames.len() * 95 / 100]);
    println!("a thousand pods at 20x: a frame every {middle:.0} ms, 95 of 100 within {most:.0} ms; clock {}", page.text(".clock"));
    assert!(most < FRAME_MOST, "{most} ms");
}
