//! What first visits run, for `cargo dev profile`, which makes the list of what comes later from it.

use std::time::Duration;

use crate::page::{DESKTOP, PHONE, Page, watched};

/// How long a visitor looks on before the rest of the code has surely come.
const VISIT: Duration = Duration::from_secs(25);
/// Visits: what stands behind the address, and the window.
const VISITS: [(&str, (u32, u32)); 3] = [("", DESKTOP), ("?lang=ko", DESKTOP), ("", PHONE)];

/// Where the pointer goes meanwhile, in hundredths of the window's width and height.
const WAY: [(f64, f64); 6] = [(0.2, 0.1), (0.3, 0.4), (0.5, 0.5), (0.6, 0.8), (0.9, 0.4), (0.4, 0.95)];

pub fn what_first_visits_run_is_told_on_demand(page: &Page) {
    let Some(folder) = watched() else { return };
    let mut ran: Vec<u8> = Vec::new();
    for (query, (width, height)) in VISITS {
        page.visit_first_at(query);
        if (width, height) != DESKTOP {
            page.resize(width, height);
            page.open(&format!("{}{query}", page.address()));
        }
        for (x, y) in WAY {
            std::thread::sleep(VISIT / WAY.len() as u32);
            let at = serde_json::json!({ "type": "mouseMoved", "x": x * f64::from(width), "y": y * f64::from(height) });
            page.devtools("Input.dispatchMouseEvent", &at);
        }
        page.finger_down(f64::from(width) / 2.0, f64::from(height) / 2.0);
        page.finger_up();
        let marks = page.js_later(
            "const { js } = document.querySelector('script[data-wasm]').dataset;
             import(new URL(js, document.baseURI)).then(app => app.default()).then(wasm => done(new Uint8Array(wasm['.ran'].buffer).join('')))",
        );
        let marks = marks.as_str().expect("the marks of the functions").as_bytes();
        ran.resize(marks.len(), b'0');
        let new = ran.iter().zip(marks).filter(|(old, new)| old < new).count();
        println!("{query} {width} × {height}: {new} functions that ran on no visit before");
        ran.iter_mut().zip(marks).for_each(|(old, new)| *old = (*old).max(*new));
    }
    std::fs::write(folder.join("ran"), ran).expect("a file for the marks");
}
