//! Links: what was shared is shown again, and of a broken link what can be kept.

use crate::page::Page;

/// What every place one pastes links into takes.
pub const LINK_CHARACTERS_MOST: u64 = 1500;

/// Opens a fragment as a new visitor does.
fn open(page: &Page, fragment: &str) {
    page.visit_at(&format!("?again{fragment}"));
}

pub fn a_link_shows_what_was_shared_at_its_instant(page: &Page) {
    page.run_until_quiet();
    page.click(".stepper button:last-child");
    page.run_until_quiet();
    crate::time::drag_to(page, 60);
    let (clock, pods, said) = (page.text(".clock"), page.pods(), page.text(".terminal-log"));
    page.click("#share");
    page.until("document.querySelector('.branches [role=status]').innerText.includes('characters')");
    let fragment = page.js("return location.hash").as_str().unwrap_or_default().to_owned();
    let length = page.js("return location.href.length").as_u64().unwrap_or_default();
    assert!(fragment.starts_with("#1.") && length <= LINK_CHARACTERS_MOST, "{length} characters");
    open(page, &fragment);
    assert_eq!((page.text(".clock"), page.pods(), page.text(".terminal-log")), (clock, pods, said));
    assert!(page.text(".branches [role=status]").starts_with("You see the past"));
    page.click("#now");
    page.until("document.querySelectorAll('.pod').length === 4");
}

pub fn a_broken_link_is_told_and_never_a_blank_page(page: &Page) {
    for (fragment, told) in [("#1.AAAA", "damaged"), ("#1.", "damaged"), ("#9.AAAA", "newer Ordinal")] {
        open(page, fragment);
        page.until(&format!("document.querySelector('.branches [role=status]').innerText.includes({told:?})"));
        page.until("document.querySelector('.pod')");
    }
}
