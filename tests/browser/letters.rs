//! What the page looks like depends on no machine's fonts: it is laid out for letters as wide and high, and as narrow and low, as there
//! are.
//!
//! The fonts are made by the tests (`fonts`), so that what fails here fails everywhere.

use ordinal::text::Lang;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::fonts::Letters;
use crate::page::{DESKTOP, PHONE, Page};
use crate::screens;
use crate::visit::{needs_no_scrolling, nothing_has_moved};

/// Windows on either side of each width at which the page is laid out otherwise.
const SIZES: [(u32, u32); 8] = [DESKTOP, (1440, 790), (1366, 768), (1180, 800), (1024, 768), (720, 900), PHONE, (360, 740)];

/// One of each sort: letters that are narrow seldom are cut, and what is on its way differs little from what has come.
const FEW_SIZES: [(u32, u32); 3] = [DESKTOP, (1024, 768), PHONE];
/// The letters that are cut first, in a message.
const WIDE: &str = "Wide letters";

/// The families that the browser drew the words of an element in.
fn drawn_in(page: &Page, selector: &str) -> Vec<String> {
    let root = page.devtools("DOM.getDocument", &json!({}))["root"]["nodeId"].clone();
    let found = page.devtools("DOM.querySelector", &json!({ "nodeId": root, "selector": selector }));
    let fonts = page.devtools("CSS.getPlatformFontsForNode", &json!({ "nodeId": found["nodeId"] }));
    fonts["fonts"].as_array().into_iter().flatten().map(|font| format!("{}, {}", font["familyName"], font["isCustomFont"])).collect()
}

/// How wide a hundred of a character are in a family of the page's, in thousandths of its size.
fn width_of(page: &Page, family: &str, character: char) -> Value {
    page.js(&format!(
        "const e = document.body.appendChild(document.createElement('span'));
         e.style.cssText = 'position: absolute; font: 400 10px var({family})'; e.lang = 'ko'; e.textContent = '{character}'.repeat(100);
         const width = e.getBoundingClientRect().width; e.remove(); return Math.round(width)"
    ))
}

pub fn what_is_seen_is_the_same_on_every_machine(page: &Page) {
    // Pictures for people are in the fonts of the machine.
    if screens::folder().is_none() {
        for character in "a1i(mW→…┌가힣é".chars() {
            let [sans, mono] = Letters::Usual.widths(character);
            assert_eq!(
                (width_of(page, "--sans", character), width_of(page, "--mono", character)),
                (json!(sans), json!(mono)),
                "{character}"
            );
        }
        if page.engine() == Engine::Chromium {
            page.visit_at("?lang=ko");
            page.run_until_quiet();
            page.devtools("DOM.enable", &json!({}));
            page.devtools("CSS.enable", &json!({}));
            let [sans, mono] = [Letters::Usual.sans(), Letters::Usual.mono()].map(|family| vec![format!("{family:?}, false")]);
            for (selector, family) in [(".why .verdict", &sans), ("#apply", &sans), (".pod .name", &mono), (".terminal-log .typed", &mono)]
            {
                assert_eq!(drawn_in(page, selector), *family, "{selector}");
            }
            page.devtools("CSS.disable", &json!({}));
            page.devtools("DOM.disable", &json!({}));
        }
    }
    let seen = page.js(
        "const asked = ['prefers-color-scheme: light', 'prefers-reduced-motion: no-preference', 'pointer: coarse', 'resolution: 1dppx'];
         return [Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language, ...asked.map(of => matchMedia(`(${of})`).matches)]",
    );
    assert_eq!(seen, json!(["UTC", "en-US", true, true, false, true]));
}

/// What stands beside the first visit and its language in a message.
fn about(lang: Lang, first: bool) -> String {
    format!("{}, first visit: {first}", lang.tag())
}

/// Opens the page for a visit of every kind.
fn visits(page: &Page, mut look: impl FnMut(bool, &str)) {
    for lang in Lang::ALL {
        for first in [false, true] {
            let visit = if first { Page::visit_first_at } else { Page::visit_at };
            visit(page, &format!("?lang={}", lang.tag()));
            look(first, &about(lang, first));
        }
    }
}

/// Looks at the page that is open in the widest and in the narrowest letters, one after the other.
fn in_extreme_letters(page: &Page, look: impl Fn(&str)) {
    for letters in Letters::ALL {
        let _set = page.set_in(letters);
        page.change_letters(letters);
        look(&format!("{letters:?} letters"));
    }
}

pub fn no_region_moves_while_a_cluster_comes_up_and_all_of_it_is_in_sight(page: &Page) {
    for letters in Letters::ALL {
        let _set = page.set_in(letters);
        for lang in Lang::ALL {
            page.visit_at(&format!("?lang={}", lang.tag()));
            let about = &about(lang, false);
            page.choose("select.speed", "20×");
            page.until("document.querySelectorAll('.cell:not(.side) > .pod[data-hue=ready]').length === 3");
            // DNS has a row for each pod that comes: it is as high as what it tells, and Storage is below.
            nothing_has_moved(page, ".cell, .stage, .middle, .object, .matrix, .node, .terminal, .timeline, .transport");
            page.run_until_quiet();
            for height in [900, 790] {
                page.resize(DESKTOP.0, height);
                needs_no_scrolling(page, &format!("{about}, height {height}"));
            }
            all_disks_are_in_sight(page, about);
        }
    }
}

/// Three nodes with their disks, and four pods, in windows of any size.
fn all_disks_are_in_sight(page: &Page, about: &str) {
    // Without the manifest tiles are large.
    page.click(".manifest .pane-head .wide");
    for size in [(1600, 900), (1600, 800), (1920, 1080)] {
        page.resize(size.0, size.1);
        needs_no_scrolling(page, &format!("{about}, large tiles, {size:?}"));
    }
    page.press("p");
    needs_no_scrolling(page, &format!("{about}, for a projector"));
    page.press("p");
    // One more pod has one more row in the timeline; an image with a long name has no room of its own.
    page.type_line("kubectl scale statefulset web --replicas=4");
    page.type_line(r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#);
    page.type_line("kubectl set image statefulset/web nginx=registry.example.org/some/where/nginx-with-a-long-name:1.28");
    page.run_until_quiet();
    assert_eq!(page.js("return document.querySelectorAll('.object .swatch').length"), 2);
    for height in [900, 790] {
        page.resize(DESKTOP.0, height);
        needs_no_scrolling(page, &format!("{about}, four pods, height {height}"));
        page.until("document.querySelector('.prompt').getBoundingClientRect().bottom <= document.querySelector('.terminal').getBoundingClientRect().bottom");
    }
}

pub fn nothing_written_is_cut_or_lies_over_another_in_any_window_and_at_twice_the_size(page: &Page) {
    visits(page, |first, about| {
        page.until("document.querySelector('.pod')");
        if first {
            page.until_for(30, "document.querySelectorAll('.acts .button').length === 2");
        }
        page.pace(0);
        for quiet in if first { &[false][..] } else { &[false, true] }.iter().copied() {
            if quiet {
                page.pace(1);
                page.run_until_quiet();
            }
            in_extreme_letters(page, |letters| {
                for (width, height) in if quiet && letters == WIDE { &SIZES[..] } else { &FEW_SIZES[..] } {
                    page.resize(*width, *height);
                    page.check_legible(&format!("{about}, {letters}, {width} × {height}, quiet: {quiet}"));
                }
                page.resize(DESKTOP.0, DESKTOP.1);
            });
        }
        page.js("document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize'))");
        in_extreme_letters(page, |letters| of_twice_the_size(page, first, &format!("{about}, {letters} of twice the size")));
    });
}

/// Nothing is cut or lies over its neighbour in letters of twice the size.
fn of_twice_the_size(page: &Page, first: bool, about: &str) {
    page.check_legible(about);
    if first {
        return;
    }
    // Lines of a heading, of the timeline and of the panes keep apart; pods keep their names, and addresses are not cut.
    let too_low = "const low = e => e.scrollHeight > e.clientHeight + e.clientHeight / 4;
                   return [...document.querySelectorAll('.heading li, .track > .name, .ruler span, .disk, .pod .name, .stepper button')].filter(low).length";
    assert_eq!(page.js(too_low), 0, "{about}");
    let names = "return [...document.querySelectorAll('.pod .name')].filter(e => e.scrollWidth > e.clientWidth + 1).length";
    assert_eq!(page.js(names), 0, "{about}");
    let beyond = "const edge = document.querySelector('.explain').getBoundingClientRect().right;
                  return [...document.querySelectorAll('.explain td > *')].filter(e => e.getBoundingClientRect().right > edge + 1).length";
    assert_eq!(page.js(beyond), 0, "{about}");
}

/// The controls in sight that a finger of 24 pixels would miss or share: the flags of the timeline lie where their times are, and the
/// buttons for the next event and the one before do the same.
const MISSED: &str = "const controls = 'a[href], button:not(.event), input, select, textarea, summary';
    const hit = (e, x, y) => { const at = document.elementFromPoint(x, y)?.closest('label, ' + controls); return at && (at === e || at.contains(e) || e.contains(at)); };
    return [...document.querySelectorAll(controls)].filter(e => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !e.closest('.unseen, .skip, [popover], details:not([open]) > :not(summary)')).filter(e => {
        const r = e.getClientRects()[0], [x, y] = r ? [r.left + r.width / 2, r.top + r.height / 2] : [];
        const sight = r && hit(e, x, y);
        return sight && ![[-11, 0], [11, 0], [0, -11], [0, 11]].every(([dx, dy]) => x + dx < 0 || x + dx >= innerWidth || hit(e, x + dx, y + dy));
    }).map(e => `${e.className || e.id || e.nodeName}: ${e.innerText.slice(0, 20)}`)";

pub fn on_a_telephone_every_control_is_as_large_as_it_has_to_be(page: &Page) {
    page.run_until_quiet();
    page.type_line("kubectl set image statefulset/web nginx=nginx:broken");
    page.run_until_quiet();
    page.resize(PHONE.0, PHONE.1);
    let whole =
        "const end = document.querySelector('.stops > summary').getBoundingClientRect(); return end.width > 0 && end.right <= innerWidth";
    assert_eq!(page.js(whole), true, "all of the transport finds room");
    for tab in 1..=5 {
        page.click(&format!(".tabs-below button:nth-child({tab})"));
        page.until(&format!("document.querySelector('.tabs-below button:nth-child({tab})[aria-current=true]') !== null"));
        page.in_all_letters(|letters| assert_eq!(page.js(MISSED), json!([]), "tab {tab}, {letters}"));
    }
    page.click(".tabs-below button:nth-child(1)");
    page.click(".sentence");
    page.until("document.querySelector('.why').offsetHeight > 0");
    page.in_all_letters(|letters| assert_eq!(page.js(MISSED), json!([]), "why, {letters}"));
}

/// What opens: what it is called here, the script that opens it, and what is there once it is open.
const OPENED: [(&str, &str, &str); 11] = [
    ("the menu of commands", "document.querySelector('.object .menu-host > .button').click()", ".object .menu-host > .menu"),
    ("a node's menu", "document.querySelectorAll('.node .menu-host > .button')[2].click()", ".node .menu-host > .menu"),
    ("how time passes", "document.querySelector('.stops summary').click()", ".stops[open]"),
    ("the tools of the terminal", "document.querySelector('.terminal-more summary').click()", ".terminal-more[open]"),
    ("the tools of DNS", "document.querySelector('.dns-more summary').click()", ".dns-more[open]"),
    ("the ways in", "document.querySelector('#try').click()", "#ways-sheet:popover-open"),
    ("how to share", "document.querySelector('#share').click()", "#share-sheet:popover-open"),
    ("the lessons", "document.querySelector('#lessons').click()", ".menu:popover-open"),
    ("the keyboard shortcuts", "document.getElementById('all-keys').click()", ".dialog .keys"),
    ("details", "const pod = document.querySelector('.pod'); pod.click(); setTimeout(() => pod.click(), 50)", ".details"),
    (
        "what is wrong with a manifest",
        "const text = document.getElementById('manifest'); text.value = text.value.replace('replicas: 3', 'replicas: -3');
         text.dispatchEvent(new Event('input', { bubbles: true })); document.getElementById('apply').click()",
        ".problem",
    ),
];

/// Closes whatever is open.
const CLOSE: &str = "document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    document.querySelectorAll(':popover-open').forEach(open => open.hidePopover()); document.activeElement.blur()";

pub fn what_opens_is_legible_too(page: &Page) {
    let _set = page.set_in(Letters::Wide);
    for (at, lang) in Lang::ALL.into_iter().enumerate() {
        page.visit_at(&format!("?lang={}", lang.tag()));
        page.run_until_quiet();
        for (what, open, opened) in OPENED {
            page.js(open);
            page.until(&format!("document.querySelector('{opened}')"));
            // Every other window in one language, and the rest in the other.
            for (width, height) in SIZES.into_iter().skip(at).step_by(2) {
                page.resize(width, height);
                page.check_legible(&format!("{what}, {}, {width} × {height}", lang.tag()));
            }
            page.resize(DESKTOP.0, DESKTOP.1);
            page.js(CLOSE);
            page.press("Escape");
            page.until(&format!("!document.querySelector('{opened}') || '{opened}' === '.problem'"));
        }
    }
}
