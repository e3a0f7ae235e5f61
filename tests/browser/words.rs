//! Words of Kubernetes, explained where they stand.

use crate::page::Page;

/// The explanations in sight.
const SEEN: &str = "return [...document.querySelectorAll('.tip')].filter(tip => getComputedStyle(tip).visibility === 'visible')
    .map(tip => { const at = tip.getBoundingClientRect(); return [tip.innerText, at.top >= 0 && at.left >= 0 && at.right <= innerWidth && at.bottom <= innerHeight]; })";

pub fn a_word_is_explained_on_focus_in_the_language_chosen_and_its_link_is_the_next_stop(page: &Page) {
    page.run_until_quiet();
    page.until("document.querySelector('.storage th .term')");
    for selector in [".object .fact .term", ".storage th .term"] {
        page.js(&format!("document.querySelector('{selector}').focus()"));
        page.until(&format!("(() => {{ {SEEN} }})().length === 1"));
        page.in_all_letters(|letters| {
            let seen = page.js(SEEN);
            assert_eq!(seen[0][1], true, "{selector} is in sight, {letters}: {seen}");
        });
        page.press("Tab");
        assert_eq!(page.js("return document.activeElement.matches('.tip a[href*=kubernetes]')"), true, "{selector}");
    }
    page.speak("ko");
    page.until("document.querySelector('.storage th .term + .tip')?.textContent.includes('니다')");
    page.speak("en");
}

pub fn a_word_that_the_pointer_moves_to_is_explained_and_one_that_comes_below_it_is_not(page: &Page) {
    page.run_until_quiet();
    // Only a word that has this class, or the focus, opens its explanation.
    let is_pointed = |event: &str| {
        page.js(&format!(
            "const word = document.querySelector('.object .fact .term');
             word.dispatchEvent(new PointerEvent('{event}', {{ bubbles: true }}));
             return word.classList.contains('pointed')"
        ))
    };
    assert_eq!(["pointerover", "pointermove", "pointerout"].map(is_pointed), [false, true, false]);
}
