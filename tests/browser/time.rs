//! Virtual time: it runs, stops, steps, and goes as fast as asked for.

use crate::page::Page;

fn clock(page: &Page) -> u64 {
    let text = page.text(".clock");
    let digits: Vec<u64> = text.split([':', '.']).map(|part| part.parse().unwrap_or(0)).collect();
    digits[0] * 60_000 + digits[1] * 1000 + digits[2]
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
        page.click(".transport button:nth-child(3)");
        page.until(&format!("document.querySelectorAll('.span').length + document.querySelectorAll('.event').length > {before}"));
    }
    assert_eq!(page.text("#toggle use").len(), 0);
}

pub fn a_thousand_times_as_fast_is_soon_over(page: &Page) {
    page.click(".speeds button:last-child");
    page.until("document.querySelectorAll('.pod[data-hue=ready]').length === 3");
    assert_eq!(page.js("return document.querySelector('.app').dataset.motion"), "off");
}

pub fn when_nothing_is_left_to_do_the_page_says_so(page: &Page) {
    page.run_until_quiet();
    assert!(page.text(".next").starts_with("Quiet"));
    assert_eq!(page.js("return document.querySelectorAll('.track .span[data-state=ready]').length"), 3);
}
