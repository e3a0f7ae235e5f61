//! What a first visit shows.

use crate::page::{PHONE, Page};

pub fn the_frame_is_painted_before_the_app_has_loaded(page: &Page) {
    let html = std::fs::read_to_string(crate::page::dist().join("index.html")).expect("the page is built");
    for part in ["Manifest", "web-0", "web-2", "No node yet", "node-1", "Terminal", "Why", "0:00.000"] {
        assert!(html.contains(part), "{part} is not in the static page");
    }
    assert!(!html.contains("style="), "the content security policy refuses style attributes");
    assert!(page.text(".matrix").contains("web-0"));
}

pub fn nothing_breaks_an_accessibility_rule(page: &Page) {
    for theme in ["light", "dark"] {
        page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
        page.check_accessible();
    }
    page.resize(PHONE.0, PHONE.1);
    page.check_accessible();
}
