//! Virtual time: it runs, stops, steps, and goes as fast as asked for; the timeline under a pointer, by keys, and in any letters.
//!
//! What the timeline and the transport say is tested in tests/page/time.rs.

use serde_json::json;

use crate::page::Page;
use crate::screens::shoot;

fn clock(page: &Page) -> u64 {
    let text = page.text(".clock");
    let digits: Vec<u64> = text.split([':', '.']).map(|part| part.parse().unwrap_or(0)).collect();
    digits[0] * 60_000 + digits[1] * 1000 + digits[2]
}

/// The words on the timeline that reach beyond the playhead.
const BEYOND: &str = "const now = document.querySelector('.playhead').getBoundingClientRect().left;
    const words = [...document.querySelectorAll('.event .text')].filter(words => words.offsetWidth > 0);
    return words.filter(words => words.getBoundingClientRect().right > now).map(words => words.innerText)";

pub fn words_end_at_the_playhead_and_buttons_stay_under_the_pointer(page: &Page) {
    let ends = |letters: &str| assert_eq!(page.js(BEYOND), json!([]), "at {}, {letters}", page.text(".clock"));
    page.until("[...document.querySelectorAll('.event .text')].some(words => words.offsetWidth > 0)");
    page.in_all_letters(|letters| {
        for _ in 0..3 {
            page.press("ArrowRight");
            ends(letters);
        }
    });
    page.run_until_quiet();
    page.in_all_letters(ends);
    page.type_line("kubectl annotate pod web-0 note=1");
    page.until("document.querySelectorAll('.event.command').length === 2");
    page.press("Escape");
    page.in_all_letters(|letters| {
        ends(letters);
        stays_under_the_pointer(page, letters);
    });
}

/// Goes back by a button, to the start, and to the end again.
fn stays_under_the_pointer(page: &Page, letters: &str) {
    let place = || page.js("return document.querySelector('#step-back').getBoundingClientRect().top");
    let (before, mut at) = (place(), clock(page));
    for _ in 0..3 {
        page.click("#step-back");
        page.until("document.querySelector('#now')");
        assert_eq!(place(), before, "what one is told about the past stands above, {letters}");
        assert!(clock(page) < at, "{} and before {at}", clock(page));
        at = clock(page);
    }
    page.js("document.getElementById('to-start').click()");
    assert!(page.text(".clock").starts_with("0:00.0"), "the start of the same run");
    page.press("End");
    page.until("!document.querySelector('#now') && document.querySelectorAll('.pod').length === 3");
}

pub fn it_stops_steps_skips_and_goes_as_fast_as_told(page: &Page) {
    const SEEN: &str = "document.querySelectorAll('.span').length + document.querySelectorAll('.event').length";
    page.click("#toggle");
    let stopped = clock(page);
    page.js_later("setTimeout(done, 200)");
    assert_eq!(clock(page), stopped);
    let before = page.js(&format!("return {SEEN}"));
    page.click("#step");
    page.until(&format!("{SEEN} > {before}"));
    let at = page.text(".clock");
    page.press(".");
    page.until(&format!("document.querySelector('.clock').innerText > {at:?}"));
    let at = page.text(".clock");
    page.click("#toggle");
    page.until(&format!("document.querySelector('.clock').innerText > {at:?}"));
    page.press("6");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 3");
    assert_eq!(page.js("return document.querySelector('.app').dataset.motion"), "off");
    // What is next waits for whoever plays.
    page.run_until_quiet();
    page.press("1");
    page.click(".stepper button:last-child");
    page.until("document.querySelector('.next').textContent.startsWith('Paused. Next: ') && document.querySelector('.next').innerText.trim() === 'Paused.'");
    page.click("#toggle");
    page.until("document.querySelector('.next').textContent.trim().startsWith('Next: ')");
}

/// Drags along the timeline to a position in thousandths of its width.
pub fn drag_to(page: &Page, thousandths: u32) {
    page.js(&format!(
        "const lanes = document.querySelector('.lane-body'), box = lanes.getBoundingClientRect();
         const at = part => ({{ bubbles: true, pointerId: 1, button: 0, clientX: box.left + box.width * part, clientY: box.top + 8 }});
         lanes.setPointerCapture = () => {{}};
         lanes.dispatchEvent(new PointerEvent('pointerdown', at(0.5)));
         lanes.dispatchEvent(new PointerEvent('pointermove', at({thousandths} / 1000)));
         lanes.dispatchEvent(new PointerEvent('pointerup', at({thousandths} / 1000)))"
    ));
}

pub fn the_past_is_reached_by_keys_and_pointer_and_a_branch_begins_there(page: &Page) {
    page.run_until_quiet();
    let end = clock(page);
    page.js("document.querySelector('[role=slider]').focus()");
    page.press("ArrowLeft");
    let before = clock(page);
    assert!(before < end);
    page.press("Shift+ArrowLeft");
    assert_eq!(clock(page), before - 100);
    assert_eq!(page.js("return document.querySelector('[role=slider]').getAttribute('aria-valuenow')"), (before - 100).to_string());
    let spoken = page.js("return document.querySelector('[role=slider]').getAttribute('aria-valuetext')");
    assert_eq!(spoken, format!("{}.{} s", (before - 100) / 1000, (before - 100) / 100 % 10));
    page.press("ArrowRight");
    assert_eq!(clock(page), before);
    page.press("Home");
    // The first command is typed at the start, and takes some time.
    assert!(clock(page) < 100);
    assert_eq!(page.pods().len(), 0);
    page.press("End");
    assert_eq!((clock(page), page.pods().len()), (end, 3));
    drag_to(page, 50);
    page.until("document.querySelector('#now')");
    assert!(clock(page) < end);
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 3, "what comes next is drawn");
    page.check_accessible();
    page.click("#now");
    page.until("!document.querySelector('#now')");
    assert_eq!(clock(page), end);
    drag_to(page, 50);
    page.click(".stepper button:last-child");
    page.until("document.querySelectorAll('.branches .segments button').length === 2");
    page.run_until_quiet();
    page.check_accessible();
    for (branch, pods) in [("first", 3), ("last", 4)] {
        page.click(&format!(".branches .segments button:{branch}-child"));
        page.until(&format!("document.querySelectorAll('.pod').length === {pods}"));
    }
}

pub fn starting_over_loses_nothing(page: &Page) {
    page.run_until_quiet();
    page.restart();
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 0");
    assert_eq!(page.js("return document.querySelector('#bring-back')"), json!(null), "nothing was done that could be lost");
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=2");
    page.run_until_quiet();
    let end = clock(page);
    page.restart();
    page.until("document.querySelector('#bring-back')");
    page.check_accessible();
    page.check_legible("started over");
    page.click("#bring-back");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 2");
    assert_eq!(clock(page), end);
    assert!(page.text(".terminal-log").contains("scaled"));
    // Whoever goes on in the new run has made up their mind.
    page.restart();
    page.until("document.querySelector('#bring-back')");
    page.type_line("kubectl get pods");
    page.until("!document.querySelector('#bring-back')");
}

pub fn the_list_of_stops_opens_by_a_key_and_closes_by_itself_and_a_run_stops(page: &Page) {
    const OPEN: &str = "document.querySelector('.stops').open";
    page.js("document.querySelector('.stops summary').focus()");
    let playing = page.js("return document.querySelector('#toggle use').getAttribute('href')");
    page.press("Space");
    page.until(OPEN);
    page.press("Tab");
    page.press("Escape");
    page.until(&format!("!{OPEN} && document.activeElement.matches('.stops summary')"));
    page.press("Space");
    page.until(OPEN);
    page.click(".stops label input");
    page.check_accessible();
    page.click(".stage h1");
    page.until(&format!("!{OPEN}"));
    assert_eq!(page.js("return document.querySelector('#toggle use').getAttribute('href')"), playing);
    // What is ticked holds for the next run, too.
    for again in [false, true] {
        if again {
            page.restart();
        }
        page.run_until_quiet();
        page.pick("web-1");
        page.command("Make web-1 not Ready");
        page.js("document.getElementById('run-quiet').click()");
        page.until("document.querySelector('.branches [role=status]')?.innerText.startsWith('Stopped at')");
        assert_eq!(page.js("return document.querySelector('#toggle use').getAttribute('href')"), "#play");
    }
}

pub fn lanes_are_drawn_and_read_as_a_table(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl create deployment side --image=nginx:1.27 --replicas=2");
    page.run_until_quiet();
    page.type_line("playground stop node node-2");
    page.run_until_quiet();
    page.until(
        "[...document.querySelectorAll('.track > .name')].map(name => name.innerText).join() === 'events,web-0,web-1,web-2,node-2,deployment'",
    );
    let lane = page.js("return [...document.querySelectorAll('.track')].find(t => t.innerText.startsWith('node-2')).ariaLabel");
    assert!(lane.as_str().is_some_and(|lane| lane.contains("Ready 0:00, Unknown")), "{lane}");
    assert!(page.text(".side-lane").contains("r1 ×2"), "{}", page.text(".side-lane"));
    page.check_accessible();
    shoot(page, "12-lanes");
    page.click(".stops summary");
    page.js("document.querySelector('.as-table').focus()");
    page.press("Enter");
    page.until("document.querySelector('.chart')");
    let rows = page.js("return [...document.querySelectorAll('.chart tbody tr')].map(row => row.innerText.split(/\\s+/).join(' '))");
    let rows: Vec<&str> = rows.as_array().into_iter().flatten().filter_map(|row| row.as_str()).collect();
    assert!(rows[0].starts_with("web-0 Pending 0:00"), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.starts_with("web-") && row.contains("Ready 0:")).count(), 3, "{rows:?}");
    page.check_accessible();
    shoot(page, "timeline-table");
    page.js("document.querySelector('.as-table').click()");
    page.until("!document.querySelector('.chart') && document.querySelector('.lane-body').offsetWidth > 0");
}
