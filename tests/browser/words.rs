//! Words of Kubernetes, explained where they stand.

use crate::page::Page;

/// The explanations in sight.
const SEEN: &str = "return [...document.querySelectorAll('.tip')].filter(tip => getComputedStyle(tip).visibility === 'visible')
    .map(tip => { const at = tip.getBoundingClientRect(); return [tip.innerText, at.top >= 0 && at.left >= 0 && at.right <= innerWidth && at.bottom <= innerHeight]; })";

pub fn a_word_is_explained_on_focus_and_its_link_is_the_next_stop(page: &Page) {
    page.run_until_quiet();
    page.until("document.querySelector('.storage th .term')");
    for selector in [".object .fact .term", ".storage th .term", ".dns h2 .term"] {
        page.js(&format!("document.querySelector('{selector}').focus()"));
        page.until(&format!("(() => {{ {SEEN} }})().length === 1"));
        page.in_all_letters(|letters| {
            let seen = page.js(SEEN);
            assert_eq!(seen[0][1], true, "{selector} is in sight, {letters}: {seen}");
        });
        page.press("Tab");
        assert_eq!(page.js("return document.activeElement.matches('.tip a[href*=kubernetes]')"), true, "{selector}");
    }
}

pub fn words_of_why_are_explained_in_both_languages(page: &Page) {
    page.until("document.querySelector('.why p .term')");
    page.speak("ko");
    page.until("document.querySelector('.why p .term + .tip')?.textContent.includes('니다')");
    page.speak("en");
}
