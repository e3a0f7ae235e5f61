//! Room for the claims. What the page says of them is tested in tests/page/storage.rs.

use ordinal::text::Lang;

use crate::page::{DESKTOP, Page};
use crate::screens::shoot;

pub fn all_claims_of_the_example_are_in_sight_while_somebody_waits(page: &Page) {
    page.run_until_quiet();
    page.resize(DESKTOP.0, 900);
    page.type_line("kubectl set image statefulset/web nginx=nginx:broken");
    page.run_until_quiet();
    for lang in Lang::ALL {
        page.speak(lang.tag());
        page.until(&format!("document.documentElement.lang === '{}' && document.querySelector('.ways') !== null", lang.tag()));
        let hidden = "const rows = [...document.querySelectorAll('.storage tbody tr')], sight = document.querySelector('.explain');
                      return [rows.length, rows.filter(row => row.getBoundingClientRect().bottom > sight.getBoundingClientRect().bottom).length,
                          sight.scrollTop]";
        page.in_all_letters(|letters| assert_eq!(page.js(hidden), serde_json::json!([3, 0, 0]), "{}, {letters}", lang.tag()));
    }
    page.speak("en");
    page.check_accessible();
    shoot(page, "storage");
    // A pane that opens in a low window comes into view, and what is explained next begins at its top.
    page.resize(1280, 720);
    page.js("document.querySelector('.storage .fold[aria-expanded=true]')?.click()");
    page.click(".storage .fold");
    let in_sight = "document.querySelector('.storage tbody tr').getBoundingClientRect().bottom <= document.querySelector('.explain').getBoundingClientRect().bottom";
    page.until(in_sight);
    page.pick("web-1");
    page.until("document.querySelector('.explain').scrollTop === 0");
}
