//! What first visits run, for `cargo dev profile`, which makes the list of what comes later from it.

use std::time::Duration;

use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page, watched};

/// How long a visitor looks on before the rest of the code has surely come.
const VISIT: Duration = Duration::from_secs(25);
/// Visits: what stands behind the address, and the window.
const VISITS: [(&str, (u32, u32)); 3] = [("", DESKTOP), ("?lang=ko", DESKTOP), ("", PHONE)];
/// Each is made so many times slower, too: what runs depends on how long a frame takes. A page whose functions are apart is slow anyway.
const SLOWER: [u32; 3] = [1, 4, 12];
const SLOWER_APART: [u32; 2] = [1, 3];

/// Where the pointer goes meanwhile, in hundredths of the window's width and height.
pub const WAY: [(f64, f64); 6] = [(0.2, 0.1), (0.3, 0.4), (0.5, 0.5), (0.6, 0.8), (0.9, 0.4), (0.4, 0.95)];

/// A visit with the rest of the code on its way all the time: nothing hears that it is there.
const WAITS: &str = "addEventListener('whole', event => event.stopImmediatePropagation(), true)";

/// A visit whose first frames come late: the app is then mounted before anything has been published.
const LATE: &str = "const frame = requestAnimationFrame;
    self.requestAnimationFrame = done => performance.now() > 3000 ? frame(done) : setTimeout(() => frame(done), 300)";
/// The pace of the visits in which frames come late.
const LATE_PACE: u32 = 1;

/// Where nothing is to be pressed.
const CORNER: (f64, f64) = (0.02, 0.02);

pub fn what_first_visits_run_is_told_on_demand(page: &Page) {
    let Some(folder) = watched() else { return };
    let mut ran: Vec<u8> = Vec::new();
    let _waits = page.in_every_document(WAITS);
    let slower = if std::env::var_os("ORDINAL_APART").is_some() { &SLOWER_APART[..] } else { &SLOWER };
    let paces = slower.iter().map(|slower| (*slower, false)).chain([(LATE_PACE, true)]);
    for ((slower, late), (query, (width, height))) in paces.flat_map(|pace| VISITS.map(|visit| (pace, visit))) {
        let _slow = page.slow_processor(slower);
        let _late = late.then(|| page.in_every_document(LATE));
        page.begin_first_at(query);
        if (width, height) != DESKTOP {
            page.resize(width, height);
            page.open(&format!("{}{query}", page.address()));
        }
        let mouse = |kind: &str, (x, y): (f64, f64)| {
            let at = json!({ "type": kind, "x": x * f64::from(width), "y": y * f64::from(height), "button": "left", "clickCount": 1 });
            page.devtools("Input.dispatchMouseEvent", &at);
        };
        for place in WAY {
            std::thread::sleep(VISIT / WAY.len() as u32);
            mouse("mouseMoved", place);
        }
        // What comes before a click or a key, which themselves are held until all of the code is there: each press ends elsewhere.
        let door = format!("const at = document.querySelector('.door').getBoundingClientRect(); return [at.x / {width}, at.y / {height}]");
        let door = page.js(&door);
        let inside = |at: usize| door[at].as_f64().expect("a place") + 0.01;
        for place in [(0.5, 0.5), (inside(0), inside(1))] {
            mouse("mouseMoved", place);
            mouse("mousePressed", place);
            mouse("mouseMoved", CORNER);
            mouse("mouseReleased", CORNER);
        }
        page.finger_down(CORNER.0 * f64::from(width), CORNER.1 * f64::from(height));
        page.finger_up();
        page.press("Tab");
        page.press("Tab");
        let marks = page.js_later(
            "const { js } = document.querySelector('script[data-wasm]').dataset;
             import(new URL(js, document.baseURI)).then(app => app.default()).then(wasm => done(new Uint8Array(wasm['.ran'].buffer).join('')))",
        );
        let marks = marks.as_str().expect("the marks of the functions").as_bytes();
        ran.resize(marks.len(), b'0');
        let new = ran.iter().zip(marks).filter(|(old, new)| old < new).count();
        println!("{query} {width} × {height}, {slower} times slower: {new} functions that ran on no visit before");
        ran.iter_mut().zip(marks).for_each(|(old, new)| *old = (*old).max(*new));
    }
    std::fs::write(folder.join("ran"), ran).expect("a file for the marks");
}
