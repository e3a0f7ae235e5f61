//! The truth page, beside the playground.

use crate::page::{DESKTOP, PHONE, Page};
use crate::screens::shoot_sizes;

/// Opens a page of the truth page's folder.
fn open(page: &Page, name: &str) {
    page.open(&format!("{}truth/{name}", page.address()));
    page.until("document.querySelector('main h1') !== null");
}

/// Whether nothing is wider than the window, but what scrolls by itself.
const FITS: &str = "return document.documentElement.scrollWidth <= innerWidth";

/// Follows a link of the list of keys to a page.
fn follow(page: &Page, link: &str) {
    page.visit();
    page.press("?");
    page.until("document.getElementById('keys') !== null");
    page.check_accessible();
    page.click(&format!("#keys a[href='{link}']"));
    page.until(&format!("location.pathname.endsWith('/{link}') && document.querySelector('main h1') !== null"));
}

/// Leaves the first rows of each table.
const FEWER: &str = "document.querySelectorAll('tbody').forEach(body => [...body.rows].slice(40).forEach(row => row.remove()))";

/// The page that is open fits its windows in any letters, and breaks no accessibility rule in a theme. Leaves fewer rows.
fn can_be_read(page: &Page, name: &str, theme: &str) {
    page.prefer(&[("prefers-color-scheme", theme)]);
    for size in [DESKTOP, PHONE] {
        page.resize(size.0, size.1);
        assert_eq!(page.js(FITS), true, "{name} at {} px", size.0);
    }
    // The rows are alike, and there are many hundreds.
    page.js(FEWER);
    for size in [PHONE, DESKTOP] {
        page.resize(size.0, size.1);
        page.in_all_letters(|letters| assert_eq!(page.js(FITS), true, "{name} at {} px, {letters}", size.0));
    }
    page.check_accessible();
    shoot_sizes(page, &format!("60-truth-{name}"), &[PHONE, DESKTOP]);
}

pub fn the_truth_page_is_led_to_and_can_be_read_by_everybody(page: &Page) {
    follow(page, "truth/index.html");
    can_be_read(page, "index-html", "light");
    page.click(".bar a[lang=ko]");
    page.until("document.documentElement.lang === 'ko'");
    can_be_read(page, "index-ko-html", "dark");
    page.click("#all tbody a");
    page.until("document.querySelector('.merged') !== null");
    assert_eq!(page.js("return document.documentElement.lang"), "ko", "a scenario's page is in the language of the page before");
    open(page, "spine/delete-pod.html");
    can_be_read(page, "spine-delete-pod-html", "light");
}

pub fn the_pages_about_ordinal_are_led_to_and_can_be_read_by_everybody(page: &Page) {
    follow(page, "pages/page-and-keys.html");
    let names = page.js("return [...document.querySelectorAll('main nav a')].map(a => a.getAttribute('href'))");
    let names: Vec<&str> = names.as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
    assert!(names.len() > 5 && names.contains(&"../truth/index.html"), "{names:?}");
    for (at, name) in names.iter().filter(|name| !name.starts_with("../")).enumerate() {
        page.open(&format!("{}pages/{name}", page.address()));
        page.until("document.querySelector('main h1') !== null");
        page.prefer(&[("prefers-color-scheme", if at % 2 == 0 { "light" } else { "dark" })]);
        for size in [DESKTOP, PHONE] {
            page.resize(size.0, size.1);
            assert_eq!(page.js(FITS), true, "{name} at {} px", size.0);
        }
        page.check_accessible();
        shoot_sizes(page, &format!("61-pages-{}", name.replace('.', "-")), &[DESKTOP, PHONE]);
    }
}

pub fn a_scenario_opens_in_the_playground_as_it_was_tried(page: &Page) {
    open(page, "spine/delete-pod.html");
    let merged =
        "return [...document.querySelectorAll('details.release .merged')].map(one => one.textContent.includes('$ kubectl delete pod'))";
    assert_eq!(page.js(merged).as_array().map(|all| all.iter().all(|one| *one == true)), Some(true));
    page.click("details.release .primary");
    page.until("document.querySelector('#page[data-live]') !== null");
    page.until("document.querySelectorAll('.pod').length === 3");
    page.until("document.querySelector('.terminal').textContent.includes('kubectl delete pod web-1')");
    let news = page.js("return document.body.textContent.includes('Its nodes are stand-ins')");
    assert_eq!(news, true, "it is said who plays the nodes");
}
