//! Virtual time: it runs, stops, steps, and goes as fast as asked for.

use serde_json::json;

use crate::fonts::Letters;
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

pub fn words_about_what_happened_end_where_time_does(page: &Page) {
    page.until("[...document.querySelectorAll('.event .text')].some(words => words.offsetWidth > 0)");
    for _ in 0..8 {
        page.press("ArrowRight");
        page.in_all_letters(|letters| assert_eq!(page.js(BEYOND), json!([]), "at {}, {letters}", page.text(".clock")));
    }
    page.run_until_quiet();
    page.in_all_letters(|letters| assert_eq!(page.js(BEYOND), json!([]), "{letters}"));
    page.type_line("kubectl annotate pod web-0 note=1");
    page.until("document.querySelectorAll('.event.command').length === 2");
    page.in_all_letters(|letters| assert_eq!(page.js(BEYOND), json!([]), "{letters}"));
}

pub fn it_stops_when_told_and_goes_on(page: &Page) {
    page.click("#toggle");
    let stopped = clock(page);
    page.js_later("setTimeout(done, 200)");
    assert_eq!(clock(page), stopped);
    page.click("#toggle");
    page.until(&format!("document.querySelector('.clock').innerText !== {:?}", page.text(".clock")));
}

pub fn a_step_goes_to_the_next_thing_that_can_be_seen(page: &Page) {
    page.click("#toggle");
    for _ in 0..4 {
        let before = page.js("return document.querySelectorAll('.span').length + document.querySelectorAll('.event').length");
        page.click("#step");
        page.until(&format!("document.querySelectorAll('.span').length + document.querySelectorAll('.event').length > {before}"));
    }
    assert_eq!(page.text("#toggle use").len(), 0);
}

pub fn a_thousand_times_as_fast_is_soon_over(page: &Page) {
    page.choose("select.speed", "1000×");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 3");
    assert_eq!(page.js("return document.querySelector('.app').dataset.motion"), "off");
}

pub fn when_nothing_is_left_to_do_the_page_says_so(page: &Page) {
    page.run_until_quiet();
    assert!(page.text(".next").starts_with("Nothing more happens"));
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 3);
}

pub fn what_is_next_says_that_it_waits_for_play(page: &Page) {
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.until("document.querySelector('.next').innerText.startsWith('Paused. Next: ')");
    page.click("#toggle");
    page.until("document.querySelector('.next').innerText.startsWith('Next: ')");
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

pub fn the_timeline_is_dragged_to_an_instant_and_back(page: &Page) {
    page.run_until_quiet();
    let (end, said) = (clock(page), page.text(".terminal-log"));
    drag_to(page, 50);
    page.until("document.querySelector('#now')");
    assert!(clock(page) < end);
    assert!(page.js("return document.querySelectorAll('.pod[data-hue=ready]').length").as_u64() < Some(3), "{:?}", page.pods());
    assert_ne!(page.text(".verdict"), "web is up to date.", "why speaks of the instant shown");
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 3, "what comes next is drawn");
    assert_eq!(
        page.text(".branches [role=status]"),
        "You are viewing the past. If you change anything here, a new branch starts, and the old one is kept."
    );
    page.check_accessible();
    page.click("#now");
    page.until("!document.querySelector('#now')");
    assert_eq!((clock(page), page.text(".terminal-log")), (end, said));
}

pub fn a_button_of_the_transport_stays_under_the_pointer_that_presses_it(page: &Page) {
    for letters in Letters::ALL {
        let _set = page.set_in(letters);
        page.visit();
        stays_under_the_pointer(page);
    }
}

fn stays_under_the_pointer(page: &Page) {
    page.run_until_quiet();
    let place = || page.js("return document.querySelector('#step-back').getBoundingClientRect().top");
    let (before, mut at) = (place(), clock(page));
    for _ in 0..3 {
        page.click("#step-back");
        page.until("document.querySelector('#now')");
        assert_eq!(place(), before, "what one is told about the past stands above");
        assert!(clock(page) < at, "{} and before {at}", clock(page));
        at = clock(page);
    }
    page.js("document.getElementById('to-start').click()");
    assert!(page.text(".clock").starts_with("0:00.0"), "the start of the same run");
    page.press("End");
    assert_eq!(page.pods().len(), 3);
}

pub fn starting_over_loses_nothing(page: &Page) {
    page.run_until_quiet();
    page.click("#restart");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 0");
    assert_eq!(page.js("return document.querySelector('#bring-back')"), json!(null), "nothing was done that could be lost");
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=2");
    page.run_until_quiet();
    let end = clock(page);
    page.click("#restart");
    page.until("document.querySelector('#bring-back')");
    page.check_accessible();
    page.check_legible("started over");
    page.click("#bring-back");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 2");
    assert_eq!(clock(page), end);
    assert!(page.text(".terminal-log").contains("scaled"));
    // Whoever goes on in the new run has made up their mind.
    page.click("#restart");
    page.until("document.querySelector('#bring-back')");
    page.type_line("kubectl get pods");
    page.until("!document.querySelector('#bring-back')");
}

pub fn time_is_in_the_hand_without_a_pointer(page: &Page) {
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
    assert_eq!(clock(page), end);
    assert_eq!(page.pods().len(), 3);
}

pub fn acting_in_the_past_begins_a_branch_and_the_old_future_can_be_returned_to(page: &Page) {
    page.run_until_quiet();
    drag_to(page, 50);
    page.click(".stepper button:last-child");
    page.until("document.querySelectorAll('.branches .segments button').length === 2");
    assert!(page.text(".branches [role=status]").contains("is kept as branch 1"), "{}", page.text(".branches [role=status]"));
    page.run_until_quiet();
    assert_eq!(page.pods().len(), 4);
    assert!(page.text(".branches .segments button:last-child").contains("scale statefulset web"));
    page.check_accessible();
    page.click(".branches .segments button:first-child");
    page.until("document.querySelectorAll('.pod').length === 3");
    assert!(!page.text(".terminal-log").contains("scaled"));
    page.click(".branches .segments button:last-child");
    page.until("document.querySelectorAll('.pod').length === 4");
    assert!(page.text(".terminal-log").contains("statefulset.apps/web scaled"));
}

pub fn asking_in_the_past_begins_no_branch(page: &Page) {
    page.run_until_quiet();
    let end = clock(page);
    drag_to(page, 50);
    let then = clock(page);
    page.type_line("kubectl get pods; why web-2");
    page.until("/kubectl get pods; why web-2[^]*NAME[^]*web-2/.test(document.querySelector('.terminal-log').innerText)");
    assert_eq!((clock(page), page.pods().len() < 3), (then, true));
    assert_eq!(page.js("return document.querySelectorAll('.branches .segments button').length"), 0);
    page.click("#now");
    page.until("document.querySelectorAll('.pod').length === 3");
    assert_eq!(clock(page), end);
}

pub fn a_run_stops_where_one_wants_to_look(page: &Page) {
    page.run_until_quiet();
    page.click(".stops summary");
    page.click(".stops label input");
    page.check_accessible();
    page.pick("web-1");
    page.command("Make web-1 not Ready");
    page.js("document.getElementById('run-quiet').click()");
    page.until("document.querySelector('.branches [role=status]')?.innerText.startsWith('Stopped at')");
    assert!(page.text(".branches [role=status]").ends_with("web-1 is no longer Ready."), "{}", page.text(".branches [role=status]"));
    assert_eq!(page.js("return document.querySelector('#toggle use').getAttribute('href')"), "#play");
    // What is ticked holds for the next run, too.
    page.click("#restart");
    page.run_until_quiet();
    page.pick("web-1");
    page.command("Make web-1 not Ready");
    page.js("document.getElementById('run-quiet').click()");
    page.until("document.querySelector('.branches [role=status]')?.innerText.startsWith('Stopped at')");
}

pub fn the_list_of_stops_opens_by_a_key_and_closes_by_itself(page: &Page) {
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
    page.click(".stage h1");
    page.until(&format!("!{OPEN}"));
    assert_eq!(page.js("return document.querySelector('#toggle use').getAttribute('href')"), playing);
}

pub fn waiting_is_skipped(page: &Page) {
    page.click("#toggle");
    for _ in 0..5 {
        let before = clock(page);
        page.press(".");
        assert!(clock(page) > before);
    }
}

pub fn a_silent_node_and_a_deployment_have_lanes(page: &Page) {
    page.run_until_quiet();
    let names = "[...document.querySelectorAll('.track > .name')].map(name => name.innerText).join()";
    assert_eq!(page.js(&format!("return {names}")), "events,web-0,web-1,web-2");
    page.type_line("kubectl create deployment side --image=nginx:1.27 --replicas=2");
    page.run_until_quiet();
    page.type_line("playground stop node node-2");
    page.run_until_quiet();
    page.until(&format!("{names} === 'events,web-0,web-1,web-2,node-2,deployment'"));
    let lane = page.js("return [...document.querySelectorAll('.track')].find(t => t.innerText.startsWith('node-2')).ariaLabel");
    assert!(lane.as_str().is_some_and(|lane| lane.contains("Ready 0:00, Unknown")), "{lane}");
    assert!(page.text(".side-lane").contains("r1 ×2"), "{}", page.text(".side-lane"));
    assert_eq!(page.js("return document.querySelectorAll('.event[aria-label^=\"node-2 NotReady\"]').length"), 1);
    page.check_accessible();
    shoot(page, "12-lanes");
}

pub fn the_timeline_is_read_as_a_table(page: &Page) {
    page.run_until_quiet();
    page.click(".stops summary");
    page.js("document.querySelector('.as-table').focus()");
    page.press("Enter");
    page.until("document.querySelector('.chart')");
    let rows = page.js("return [...document.querySelectorAll('.chart tbody tr')].map(row => row.innerText.split(/\\s+/).join(' '))");
    let rows: Vec<&str> = rows.as_array().into_iter().flatten().filter_map(|row| row.as_str()).collect();
    assert!(rows[0].starts_with("web-0 Pending 0:00"), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.contains("Ready 0:")).count(), 3, "{rows:?}");
    page.check_accessible();
    shoot(page, "timeline-table");
    page.js("document.querySelector('.as-table').click()");
    page.until("!document.querySelector('.chart') && document.querySelector('.lane-body').offsetWidth > 0");
}
