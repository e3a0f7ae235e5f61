//! What a first visit shows.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ordinal::text::Lang;
use serde_json::json;

use crate::page::{DESKTOP, PHONE, Page, dist};
use crate::profile::WAY;
use crate::screens::shoot;
use crate::site::{Folder, Site};

/// A visitor's patience, in milliseconds from the start of the visit.
const INTERACTIVE_WITHIN: f64 = 2000.0;
const MOVES_WITHIN: f64 = 5000.0;
/// How long a visitor looks on while the rest of the code is on its way, and how many times as fast the page's clock goes: half as long as
/// `profile` looks on.
const LOOKS_ON: Duration = Duration::from_secs(4);
const FASTER: u32 = 3;
/// The rest of the code, as a pattern of its address.
const LATER: &str = "*_later.wasm";
/// How the rest of the code has come, if it has.
const CAME: &str = "performance.getEntriesByType('resource').filter(e => e.name.endsWith('_later.wasm') && e.responseStatus === 200)";
/// Whether code of the first half has asked for the rest at once.
const CALLED: &str = "performance.getEntriesByType('resource').some(e => e.initiatorType === 'xmlhttprequest')";

pub fn the_frame_is_painted_before_the_app_has_loaded(page: &Page) {
    let html = std::fs::read_to_string(dist().join("index.html")).expect("the page is built");
    for part in ["Manifest", "web-0", "web-2", "No node yet", "node-1", "Terminal", "Why", "0:00.000"] {
        assert!(html.contains(part), "{part} is not in the static page");
    }
    for lang in Lang::ALL {
        let greeting = format!("<span lang={}>{}</span>", lang.tag(), lang.text().hello.title());
        assert!(html.contains(&greeting), "the frame greets otherwise than the app: {greeting}");
    }
    assert!(!html.contains("style="), "the content security policy refuses style attributes");
    let live = page.js("return performance.getEntriesByName('live')[0].startTime");
    assert!(live.as_f64().is_some_and(|at| at < INTERACTIVE_WITHIN), "interactive after {live} ms");
}

pub fn within_seconds_something_moves_and_is_named(page: &Page) {
    let at = page.until("document.querySelector('.pod .name') && document.querySelector('.verdict') && performance.now()");
    assert!(at.as_f64().is_some_and(|at| at < MOVES_WITHIN), "the first pod after {at} ms");
    assert!(page.text(".pod .name").starts_with("web-0"));
    assert!(page.text(".verdict").ends_with('.'));
}

pub fn the_frame_does_not_shift_when_the_app_takes_its_place(page: &Page) {
    // What a pane tells may grow and shrink within it; no region or pane may move for that.
    const REGIONS: &str =
        ".bar, .hello, .manifest, .stage, .object, .matrix, .row, .node, .terminal, .explain, .pane, .timeline, .transport";
    page.visit_folded();
    page.until("document.querySelector('.pod')");
    nothing_has_moved(page, REGIONS);
    page.visit_first();
    page.until("document.querySelector('.pod')");
    nothing_has_moved(page, ".bar, .scene, .hello, .acts, .customer, .half, .doors");
}

/// None of these regions has moved since the page was opened.
pub fn nothing_has_moved(page: &Page, regions: &str) {
    let script = "const since = window.opened ?? 0;
         const parts = list => list.getEntries().filter(e => e.startTime > since).flatMap(e => e.sources).filter(s => s.node?.matches?.(regions));
         new PerformanceObserver(list => done(parts(list).map(s => `${s.node.nodeName} ${s.node.className}`))).observe({ type: 'layout-shift', buffered: true });
         requestAnimationFrame(() => requestAnimationFrame(() => done([])))";
    let moved = page.js_later(&format!("const regions = '{regions}'; {script}"));
    assert_eq!(moved, serde_json::json!([]));
}

pub fn on_a_slow_line_the_page_says_how_much_has_come(page: &Page) {
    let slow = page.slow_line(500.0 * 1024.0, 0);
    page.open(&format!("{}?slow", page.address()));
    page.until("/^Loading the control plane, \\d+ KiB$/.test(document.getElementById('loading')?.textContent)");
    drop(slow);
    page.until("document.querySelector('#page[data-live]') !== null");
}

/// The story of a first visit rests before it goes on, however long its code has taken to come.
pub fn on_a_slow_line_the_story_begins_like_on_a_fast_one(page: &Page) {
    let late = page.in_every_document("const now = performance.now.bind(performance); performance.now = () => now() + 60000");
    page.visit_first();
    drop(late);
    let phase = "document.querySelector('.pod') && document.querySelector('.hello p').innerText";
    assert_eq!(page.until(phase), Lang::English.text().scene.rising());
}

/// Begins a first visit, as far as the first pod or as a call that brings the rest of the code.
fn begin(page: &Page, query: &str) {
    page.prepare("localStorage.clear()");
    page.open(&format!("{}{query}", page.address()));
    page.until(&format!("document.querySelector('.pod') || {CALLED}"));
}

/// A click before the rest of the code has come is held, and the page says so; code of the first half that calls the rest has it brought.
pub fn on_a_slow_line_what_is_done_early_waits_for_its_code(page: &Page) {
    const WHOLE: &str = ".door:nth-child(3)";
    const DONE: &str = "!document.querySelector('[data-first]') && document.querySelector('.timeline')?.offsetHeight > 0";
    let held = page.block(LATER);
    begin(page, "");
    assert_eq!(page.js(&format!("return {CALLED}")), false, "the first pod needs code that comes later: `cargo dev profile`");
    page.click(WHOLE);
    assert_eq!(page.text("#waits"), "Loading the control plane");
    assert_eq!(page.js(&format!("return {DONE}")), false, "nothing is done yet");
    drop(held);
    page.until(&format!("!document.querySelector('#waits') && {DONE}"));
    let held = page.block(LATER);
    begin(page, "");
    drop(held);
    let came = page.js(&format!("document.querySelector('{WHOLE}').click(); return {CAME}.map(e => e.initiatorType)"));
    assert_eq!(came, serde_json::json!(["xmlhttprequest"]));
    page.until(DONE);
    // The browser tells of what it was told not to fetch.
    page.complaints();
}

/// A visitor looks on and moves the pointer while the rest of the code is on its way. Nothing of that may need the rest: everything would
/// stand still until that has come.
pub fn on_a_slow_line_looking_on_needs_no_code_that_comes_later(page: &Page) {
    for query in ["", "?lang=ko"] {
        let _held = page.block(LATER);
        begin(page, query);
        page.pace(FASTER);
        for (x, y) in WAY {
            let at = serde_json::json!({ "type": "mouseMoved", "x": x * f64::from(DESKTOP.0), "y": y * f64::from(DESKTOP.1) });
            page.devtools("Input.dispatchMouseEvent", &at);
            std::thread::sleep(LOOKS_ON / WAY.len() as u32);
        }
        let [called, came] = [CALLED, &format!("{CAME}.length")].map(|what| page.js(&format!("return {what}")));
        assert_eq!(called, false, "a first visit ({query}) calls code that comes later: `cargo dev profile`");
        assert_eq!(came, 0, "the rest was not held back");
        page.complaints();
    }
}

/// What is clicked and then drawn anew is clicked where it stands now; where nothing of the kind is left, the page says so.
pub fn on_a_slow_line_what_is_drawn_anew_is_clicked_all_the_same(page: &Page) {
    let held = page.block(LATER);
    page.begin_first_at("");
    page.js("document.body.insertAdjacentHTML('beforeend', '<dialog open id=brief><button>Gone</button></dialog>')");
    page.click("#brief button");
    page.js("document.getElementById('brief').remove()");
    // The door is clicked as it was before; the one that the app knows takes its place.
    page.js("window.door = document.querySelector('.door:nth-child(3)'); window.former = door.cloneNode(true); door.replaceWith(former)");
    page.click(".door:nth-child(3)");
    page.js("former.replaceWith(door)");
    drop(held);
    page.until("!document.querySelector('[data-first]') && document.querySelector('.timeline')?.offsetHeight > 0");
    assert_eq!(page.text("#waits"), "The page changed there before it was ready. Please do it again.");
    page.complaints();
}

pub fn nothing_breaks_an_accessibility_rule(page: &Page) {
    page.run_until_quiet();
    for theme in ["light", "dark"] {
        page.prefer(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
        page.check_accessible();
    }
    page.resize(PHONE.0, PHONE.1);
    page.check_accessible();
    page.click(".sentence");
    page.check_accessible();
    for tab in 2..=5 {
        page.click(&format!(".tabs-below button:nth-child({tab})"));
        page.check_accessible();
    }
}

pub fn who_wants_more_contrast_or_no_motion_has_it(page: &Page) {
    let rule = || page.js("return getComputedStyle(document.querySelector('.heading-cell')).borderLeftColor");
    let usual = rule();
    page.prefer(&[("prefers-contrast", "more")]);
    assert_ne!(rule(), usual);
    page.check_accessible();
    // How many instants the clock shows in fifty frames.
    let instants = |wishes: &[(&str, &str)]| {
        page.prefer(wishes);
        page.open(&page.address());
        page.until("document.querySelector('#page[data-live]') !== null");
        page.js("document.querySelector('#toggle:has([href=\"#play\"])')?.click()");
        page.js("window.shown = []; const look = () => {
                 window.shown.push(document.querySelector('.clock').textContent);
                 if (window.shown.length < 50) requestAnimationFrame(look);
             }; look()");
        page.until("window.shown.length === 50");
        page.js("return new Set(window.shown).size").as_u64().expect("a number")
    };
    let gliding = instants(&[]);
    // With motion, too, a tile's colour changes at once, as its word does.
    let fades = "return ['.pod', '.pod .state'].map(at => getComputedStyle(document.querySelector(at)).transitionDuration)";
    assert_eq!(page.js(fades), serde_json::json!(["0s", "0s"]));
    let stepping = instants(&[("prefers-reduced-motion", "reduce")]);
    assert!(stepping * 4 < gliding, "{stepping} instants instead of {gliding}");
}

pub fn in_the_systems_own_colours_states_and_choices_are_seen(page: &Page) {
    page.run_until_quiet();
    page.pick("web-1");
    page.prefer(&[("forced-colors", "active")]);
    // Beside each: what it has to differ from.
    for (seen, from) in [
        (".span[data-state=ready]", ".lanes"),
        (".spine", ".pod"),
        (".terminals [aria-pressed=true]", "#toggle + .button"),
        ("#apply", "#toggle + .button"),
    ] {
        let colour = |part: &str| page.js(&format!("return getComputedStyle(document.querySelector('{part}')).backgroundColor"));
        assert_ne!(colour(seen), colour(from), "{seen}");
        assert_ne!(colour(seen), "rgba(0, 0, 0, 0)", "{seen}");
    }
    let frame = "return [...document.querySelectorAll('.pod')].filter(pod => getComputedStyle(pod).borderTopWidth === '2px')
        .map(pod => pod.querySelector('.name').firstChild.textContent).join()";
    assert_eq!(page.js(frame), "web-1", "the chosen pod");
    // What has not happened yet is covered.
    let future = page.js("return getComputedStyle(document.querySelector('.future')).backgroundColor");
    assert_ne!(future, "rgba(0, 0, 0, 0)");
    crate::screens::shoot(page, "16-forced-colors");
    page.prefer(&[]);
}

pub fn a_page_visited_before_runs_without_a_network(page: &Page) {
    const PREFIX: &str = "/offline/";
    let network = Arc::new(AtomicBool::new(true));
    let there = network.clone();
    let site = Site::open(0, Folder::of(dist(), PREFIX), move |_, _| there.load(Ordering::Relaxed)).expect("a free port");
    let address = format!("http://127.0.0.1:{}{PREFIX}", site.port());
    let _kept = page.forget_later(&address);
    page.open(&address);
    // On http the page itself does not ask for its worker, so that whoever works on it sees what is new.
    let active = "navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready).then(() => done('active'), e => done(String(e)))";
    assert_eq!(page.js_later(active), "active");
    network.store(false, Ordering::Relaxed);
    page.open(&format!("{address}?again"));
    page.until("document.querySelector('#page[data-live]') !== null");
    page.until_for(30, "document.querySelectorAll('.peg .pod[data-hue=ready]').length === 3");
    page.open(&format!("{address}?embed"));
    page.until("document.querySelector('#page[data-live]') !== null && document.querySelector('#elsewhere').offsetHeight > 0");
    page.js_later(
        "navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(one => one.unregister()))).then(() => done(null))",
    );
    page.visit();
}

/// The cluster is in sight from its heading to the last disk.
pub fn needs_no_scrolling(page: &Page, about: &str) {
    const BEYOND: &str = "const m = document.getElementById('cluster'); return m.scrollHeight - m.clientHeight";
    // One pixel is a rounding.
    page.in_all_letters(|letters| assert!(page.js(BEYOND).as_f64() <= Some(1.0), "{about}, {letters}: {}", page.js(BEYOND)));
}

pub fn on_a_telephone_each_tab_shows_its_pane_and_nothing_else_moves(page: &Page) {
    page.resize(PHONE.0, PHONE.1);
    // Beside the verdict there is room for who holds it up.
    page.until("/^web-\\d is not created\\. web-\\d .+\\. Why$/.test(document.querySelector('.sentence').innerText)");
    page.run_until_quiet();
    let panes = [".stage", ".manifest", ".terminal", ".dns", ".storage"];
    for (at, pane) in panes.iter().enumerate() {
        page.click(&format!(".tabs-below button:nth-child({})", at + 1));
        page.until(&format!("document.querySelector('{pane}').offsetHeight > 0"));
        for (other, shown) in panes.iter().zip([0, 1, 2, 3, 4]) {
            let height = page.js(&format!("return document.querySelector('{other}').offsetHeight > 0"));
            assert_eq!(height, shown == at, "{other} behind {pane}");
        }
        let wide =
            "return ['.bar', '.sentence', '.timeline', '.tabs-below'].every(s => document.querySelector(s).offsetWidth === innerWidth)";
        page.in_all_letters(|letters| assert_eq!(page.js(wide), true, "{pane}, {letters}"));
    }
    shoot(page, "05-storage");
    page.resize(PHONE.0, PHONE.1);
    page.click(".tabs-below button:nth-child(3)");
    let high = "return document.querySelector('.terminal .pane-head').offsetHeight";
    page.in_all_letters(|letters| assert!(page.js(high).as_u64() < Some(60), "one row of tools, {letters}"));
    shoot(page, "05-terminal");
}

pub fn on_a_telephone_all_of_the_cluster_is_in_sight_on_return(page: &Page) {
    page.visit();
    page.run_until_quiet();
    page.resize(PHONE.0, PHONE.1);
    needs_no_scrolling(page, "on a telephone, from the second visit on");
}

/// The controls in sight, those that the pointer uncovers left out. A word that is explained where it stands is a word.
pub const CONTROLS: &str = "[...document.querySelectorAll('button:enabled, a[href], input, select, textarea, summary')].filter(e => {
    const r = e.getBoundingClientRect();
    return r.width && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth && !e.closest('.unseen, .skip')
        && e.checkVisibility({ visibilityProperty: true }); })";
/// The part of the window that the cluster has, in percent.
const SHARE: &str = "(({ width, height }) => Math.round(width * height / innerWidth / innerHeight * 100))(document.querySelector('.stage').getBoundingClientRect())";
/// The most controls that a visitor meets, without and with a manifest of their own, and the least part of the window that the cluster
/// has then, in percent.
const MOST_CONTROLS: usize = 20;
const MOST_WITH_OWN: usize = 28;
const LEAST_SHARE: u64 = 55;
const LEAST_WITH_OWN: u64 = 50;
/// The same on a telephone.
const LEAST_ON_PHONE: u64 = 40;

/// How many controls are in sight; prints the count.
pub fn controls(page: &Page, when: &str, most: usize) {
    let names = page.js(&format!("return {CONTROLS}.map(e => e.id || e.ariaLabel || e.innerText.split('\\n')[0])"));
    let count = names.as_array().map_or(0, Vec::len);
    println!("controls in sight, {when}: {count} of at most {most}");
    assert!(count <= most, "{when}: {count} controls: {names}");
}

/// The part of a window of this size that the cluster has; prints it.
fn share(page: &Page, when: &str, (width, height): (u32, u32), least: u64) {
    page.resize(width, height);
    let share = page.js(&format!("return {SHARE}"));
    println!("the cluster's share of {width} × {height}, {when}: {share} % of at least {least} %");
    assert!(share.as_u64() >= Some(least), "{when}, {width} × {height}: {share} %");
}

/// Applies a manifest of one's own, and comes back to its cluster.
fn come_back_with(page: &Page, manifest: &str, path: &str) {
    page.visit_first();
    page.until("document.querySelector('.pod')");
    page.press("y");
    page.until("document.activeElement.id === 'manifest' && document.activeElement.value === ''");
    page.fill("#manifest", manifest);
    page.press("Control+Enter");
    page.until("document.activeElement.matches('.stage') && document.querySelector('.pod')");
    page.run_until_quiet();
    let about = format!("{path}, just applied");
    controls(page, &about, MOST_WITH_OWN);
    share(page, &about, DESKTOP, LEAST_WITH_OWN);
    page.open(&page.address());
    page.until("document.querySelector('#page[data-live]') && document.querySelector('.pod')");
    page.run_until_quiet();
}

/// What people bring.
const OWN: [&str; 2] = ["src/terminal/console/library/web.yaml", "tests/browser/manifests/seed-003.yaml"];

pub fn few_controls_are_in_sight_and_the_cluster_has_half_the_window(page: &Page) {
    page.visit_folded();
    page.run_until_quiet();
    assert_eq!(page.js("return document.getElementById('continue')"), json!(null), "nobody goes on with what was not begun");
    controls(page, "return", MOST_CONTROLS);
    let cut = page.js("return [...document.querySelectorAll('.object .fact > *')].filter(e => e.scrollWidth > e.clientWidth + 1).length");
    assert_eq!(cut, 0, "what is told of the set is told in full, in usual letters");
    share(page, "return", (1280, 720), 50);
    share(page, "return", DESKTOP, LEAST_SHARE);
    for path in OWN {
        let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a manifest");
        come_back_with(page, &manifest, path);
        let about = format!("return with {path}");
        controls(page, &about, MOST_WITH_OWN);
        share(page, &about, DESKTOP, LEAST_WITH_OWN);
        shoot(page, "10-return");
    }
    // What is still to be applied is in sight.
    page.press("y");
    page.until("document.activeElement.id === 'manifest'");
    page.fill("#manifest", "# not applied\n");
    page.open(&page.address());
    page.until("document.querySelector('#page[data-live]') && document.querySelector('.manifest').offsetWidth > 0");
    assert_eq!(page.manifest(), "# not applied\n");
    page.visit_at("#lesson=deleted-pod");
    for name in ["deleted-pod", "quorum"] {
        page.js(&format!("document.querySelector('[data-lesson={name}]')?.click()"));
        page.until(&format!(
            "document.documentElement.dataset.lesson === '{name}' && document.querySelector('.lesson')?.dataset.phase === 'predict'"
        ));
        controls(page, &format!("the question of {name}"), 20);
    }
}

pub fn on_a_telephone_the_cluster_has_its_share_and_the_time_unfolds(page: &Page) {
    const ROWS: &str = "[...document.querySelectorAll('.track')].filter(row => {
        const [at, lanes] = [row, document.querySelector('.lanes')].map(part => part.getBoundingClientRect());
        return at.top < lanes.bottom - 2; }).length";
    page.visit_folded();
    page.run_until_quiet();
    share(page, "return", PHONE, LEAST_ON_PHONE);
    // A finger uncovers nothing: what can be done to a node is there.
    controls(page, "return on a telephone", MOST_CONTROLS + 10);
    // The ruler and what happened are in sight; the rows of the pods once somebody touches the time.
    assert_eq!(page.js(&format!("return {ROWS}")), 2);
    page.js("const at = document.querySelector('.track.events').getBoundingClientRect();
         const touch = type => document.querySelector('.lane-body').dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: at.right - 2, bubbles: true }));
         document.querySelector('.lane-body').setPointerCapture = () => {};
         touch('pointerdown'); touch('pointerup')");
    page.until(&format!("{ROWS} > 4"));
    shoot(page, "10-return-phone");
}

pub fn every_way_in_is_in_sight_and_nothing_scrolls_in_the_bar(page: &Page) {
    const OUT: &str = "const bar = document.querySelector('.bar'), box = bar.getBoundingClientRect();
        return [...bar.querySelectorAll('button:not([popover] *)')].filter(button => {
            button.focus();
            const at = button.getBoundingClientRect();
            return at.width && (at.left < box.left || at.right > box.right || at.top < box.top || at.bottom > box.bottom)
                || bar.scrollLeft || bar.scrollTop || button.parentNode.scrollLeft || button.parentNode.scrollTop;
        }).map(button => button.innerText)";
    page.prepare("localStorage.clear(); localStorage.visited = 1; localStorage.lessons = 'creation=1'");
    page.open(&page.address());
    page.until("document.getElementById('continue')");
    for width in [1440, 1280, 1160, 1024, 720, 390] {
        page.resize(width, 900);
        page.in_all_letters(|letters| assert_eq!(page.js(OUT), json!([]), "{width} wide, {letters}"));
    }
    page.resize(DESKTOP.0, DESKTOP.1);
    page.click("#try");
    page.until("document.activeElement.closest('#ways-sheet')");
    page.check_accessible();
    page.check_legible("the ways in");
    shoot(page, "10-ways-in");
    page.press("Enter");
    page.until("document.activeElement.id === 'manifest' && !document.querySelector('#ways-sheet:popover-open')");
    page.press("Escape");
    for (way, there) in [(3, "document.getElementById('stuck').open"), (4, "document.getElementById('ahead').open")] {
        page.click("#try");
        page.click(&format!("#ways-sheet button:nth-child({way})"));
        page.until(there);
        page.press("Escape");
        page.until(&format!("!{there}"));
    }
}

/// Errors of other scripts, as extensions of the browser bring along, are left alone; a trap of the module is told, whoever called it.
pub fn only_what_goes_wrong_in_the_page_itself_ends_the_run(page: &Page) {
    const OTHERS: [&str; 3] = [
        "setTimeout(() => { throw new Error('x') })",
        "dispatchEvent(new ErrorEvent('error', { message: 'x', error: new TypeError('x') }))",
        "dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason: 'x' }))",
    ];
    // A module whose one function `f` is `unreachable`, which is what a panic ends with.
    const TRAP: &str = "const bytes = [0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,5,1,3,0,0,11];
        const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports.f;";
    const OWN: [&str; 2] = ["setTimeout(trap)", "Promise.resolve().then(trap)"];
    let told = |script: &str| {
        let told = page.js_later(&format!(
            "const stopped = document.querySelector('#stopped');
             const tell = event => {{ event.preventDefault(); done(stopped.hidden ? '' : stopped.innerText) }};
             for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, tell, {{ once: true }});
             {TRAP} {script}"
        ));
        told.as_str().unwrap_or_default().to_owned()
    };
    for script in OTHERS {
        assert_eq!(told(script), "", "{script}");
    }
    for script in OWN {
        page.visit();
        let told = told(script);
        assert!(told.contains("The simulation stopped") && told.contains("unreachable"), "{script}: {told}");
    }
}
