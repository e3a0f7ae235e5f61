//! The page under test: built, served below a sub-path, open in a browser, and watched.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::fonts::Letters;
use crate::site::{Folder, Site};
use crate::webdriver::Driver;

/// Some path no page of ours could guess.
const PREFIX: &str = "/some/sub/path/";
/// The accessibility rules, run inside the page (see README, licences).
const AXE: &str = include_str!("axe.min.js");

/// Names what is written and cannot be read.
const CUT: &str = include_str!("cut.js");

/// A window of the size the design is drawn for.
pub const DESKTOP: (u32, u32) = (1440, 900);
/// A narrow telephone.
pub const PHONE: (u32, u32) = (390, 844);

/// The page and the browser that shows it.
pub struct Page {
    driver: Driver,
    site: Site,
    heard: Arc<Mutex<Vec<(String, u16)>>>,
    letters: Cell<Letters>,
    /// Whether a visit is due as soon as something is asked of the page.
    due: Cell<bool>,
}

/// While it lasts, what is opened is set in the letters it was made for.
pub struct SetIn<'a>(&'a Page);

impl Drop for SetIn<'_> {
    fn drop(&mut self) {
        self.0.letters.set(Letters::Usual);
    }
}

impl std::ops::Deref for Page {
    type Target = Driver;
    fn deref(&self) -> &Driver {
        if self.due.take() {
            self.visit();
        }
        &self.driver
    }
}

/// The folder of the page under test: the quick page, the page for visitors where the run is about that, or the one whose functions are
/// watched.
pub fn dist() -> PathBuf {
    let name = if is_for_visitors() { "dist" } else { "target/quick-page" };
    watched().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
}

/// Whether the page under test is the page for visitors: what is measured is measured there.
pub fn is_for_visitors() -> bool {
    std::env::args().any(|word| word == "--visitors" || word == "--measure")
}

/// The folder of a page whose functions tell that they ran, if `cargo dev profile` asks what does.
pub fn watched() -> Option<PathBuf> {
    std::env::var_os("ORDINAL_WATCHED").map(PathBuf::from)
}

/// Runs a command of the project.
pub fn cargo_dev(words: &[&str]) {
    let ran = Command::new(env!("CARGO")).arg("dev").args(words).current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(ran.is_ok_and(|status| status.success()), "cargo dev {words:?} failed");
}

impl Page {
    /// Builds the page where it is out of date.
    pub fn build() {
        if watched().is_none() {
            cargo_dev(if is_for_visitors() { &["build", "--if-changed"] } else { &["build", "--quick", "--if-changed"] });
        }
    }

    /// Serves the page and starts a browser.
    pub fn start() -> Page {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = heard.clone();
        let site = Site::open(0, Folder::of(dist(), PREFIX), move |path, status| {
            log.lock().expect("nothing panics while it holds this").push((path.to_owned(), status));
            true
        });
        Page { driver: Driver::start(), site: site.expect("a free port"), heard, letters: Cell::new(Letters::Usual), due: Cell::new(false) }
    }

    /// Where the page lies.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PREFIX}", self.site.port())
    }

    /// [`Page::visit`], unless another visit comes first.
    pub fn expect_visit(&self) {
        self.due.set(true);
    }

    /// Opens the page as for a visitor who has been there and left all panes open, in a window of the design's size, and opens the
    /// manifest. What was heard before is forgotten.
    pub fn visit(&self) {
        self.visit_at("");
    }

    /// Opens the page as for somebody who was never there.
    pub fn visit_first(&self) {
        self.visit_first_at("");
    }

    /// [`Page::visit_first`], with something after the address.
    pub fn visit_first_at(&self, query: &str) {
        self.open_with("localStorage.clear()", query);
    }

    /// [`Page::visit_first`], in a window of another size.
    pub fn visit_first_in(&self, (width, height): (u32, u32)) {
        self.prepare("localStorage.clear()");
        self.driver.resize(width, height);
        self.open_prepared("");
    }

    /// [`Page::visit_first_at`], as far as the first pod; the rest may be on its way.
    pub fn begin_first_at(&self, query: &str) {
        self.prepare("localStorage.clear()");
        self.open(&format!("{}{query}", self.address()));
        self.until("document.querySelector('.pod')");
    }

    /// [`Page::visit`], with something after the address: `?lang=ko`.
    pub fn visit_at(&self, query: &str) {
        self.open_with("localStorage.clear(); localStorage.visited = 1; localStorage['own-writes'] = 'off'; localStorage.panes = 'terminal dns storage'", query);
        self.open_manifest();
    }

    /// Opens the manifest, where there is room for it beside the cluster. Nothing has the focus then, and what has moved for that is
    /// forgotten.
    pub fn open_manifest(&self) {
        const RAIL: &str = "document.querySelector('.rail .button')";
        if self.js(&format!("return {RAIL}?.offsetWidth > 0")) == true {
            self.js(&format!("{RAIL}.click()"));
            self.until("document.activeElement.id === 'manifest'");
            self.js_later(
                "requestAnimationFrame(() => {
                     document.activeElement.blur();
                     document.querySelector('.tabs-below button').click();
                     requestAnimationFrame(() => requestAnimationFrame(() => done(window.opened = performance.now())));
                 })",
            );
        }
    }

    /// Opens the page as for a visitor who has been there and left all panes folded.
    pub fn visit_folded(&self) {
        self.open_with("localStorage.clear(); localStorage.visited = 1; localStorage['own-writes'] = 'off'", "");
    }

    /// Chooses a language.
    pub fn speak(&self, lang: &str) {
        self.js(&format!("document.querySelector('.bar [lang={lang}]').click()"));
    }

    /// Lets the clock of the page that is shown go so many times as fast, or stand still: the pace of a story is tested elsewhere.
    pub fn pace(&self, times: u32) {
        self.js(&format!(
            "const real = window.real ??= performance.now.bind(performance), then = performance.now(), begun = real();
             performance.now = () => then + (real() - begun) * {times}"
        ));
    }

    /// Sets what is opened from now on in these letters, as long as what is returned lasts.
    #[must_use]
    pub fn set_in(&self, letters: Letters) -> SetIn<'_> {
        self.letters.set(letters);
        SetIn(self)
    }

    /// Goes to an address and waits until it has loaded, in the letters that are set.
    pub fn open(&self, url: &str) {
        let letters = self.letters.get();
        let script = if letters == Letters::Usual { String::new() } else { letters.script() };
        self.open_after(&script, url);
    }

    /// Looks at the page as it is in the widest, the narrowest and the usual letters, or in those that are set. Each time, the words
    /// tell in which.
    pub fn in_all_letters(&self, look: impl Fn(&str)) {
        let set = self.letters.get();
        if set != Letters::Usual {
            return look(&format!("{set:?} letters"));
        }
        for letters in [Letters::Wide, Letters::Narrow, Letters::Usual] {
            self.change_letters(letters);
            look(&format!("{letters:?} letters"));
        }
    }

    /// Sets the page that is open in other letters, without loading it anew.
    pub fn change_letters(&self, letters: Letters) {
        let script = if letters == Letters::Usual { "document.adoptedStyleSheets = [];".to_owned() } else { letters.script() };
        // What the page measures, it measures again when the window has another size.
        let drawn = self.js_later(&format!(
            "document.fonts.clear(); {script}
             Promise.all([...document.fonts].map(face => face.load())).then(faces => {{
                 dispatchEvent(new Event('resize'));
                 requestAnimationFrame(() => requestAnimationFrame(() => done(faces.length)));
             }})"
        ));
        assert_eq!(drawn, if letters == Letters::Usual { 0 } else { 3 }, "{letters:?} letters");
    }

    /// Nothing that is written and in sight is cut off or lies over its neighbour, in any letters.
    pub fn check_legible(&self, about: &str) {
        self.in_all_letters(|letters| assert_eq!(self.illegible(), json!([]), "{about}, {letters}"));
    }

    /// What is written and in sight, and is cut off or lies over its neighbour in the letters that are set.
    pub fn illegible(&self) -> Value {
        self.js(CUT)
    }

    fn open_with(&self, storage: &str, query: &str) {
        self.prepare(storage);
        self.open_prepared(query);
    }

    /// Opens the page in the window and with the storage that there are.
    fn open_prepared(&self, query: &str) {
        self.open(&format!("{}{query}", self.address()));
        self.until("document.querySelector('#page[data-live]') !== null");
        let letters = self.letters.get();
        if letters != Letters::Usual {
            let drawn = self.js("return [...document.fonts].map(f => f.status).join() + ' ' + getComputedStyle(document.body).fontFamily");
            assert_eq!(drawn, format!("loaded,loaded,loaded \"{}\"", letters.sans()));
        }
    }

    /// Empties what was stored and heard, in a window of the design's size. What a failed test has left of itself goes: a frame that it
    /// was in, a finger, preferences, what was kept of a tab. What else a test sets ends with its [`crate::engine::Meanwhile`].
    pub fn prepare(&self, storage: &str) {
        self.due.set(false);
        self.driver.lift_finger();
        self.driver.prefer(&[]);
        self.driver.resize(DESKTOP.0, DESKTOP.1);
        self.driver.open(&format!("{}icon.svg", self.address()));
        self.driver.js(&format!("sessionStorage.clear(); {storage}"));
        self.complaints();
        self.requested();
        self.heard.lock().expect("nothing panics while it holds this").clear();
    }

    /// What must hold after every test: nothing complained, and nothing left the page's own folder.
    pub fn check_manners(&self) {
        // The picture that a visit begins with has no icon of its own; the page names its icon, so the browser never asks for this one.
        let errors: Vec<String> = self.complaints().into_iter().filter(|line| !line.contains("/favicon.ico - ")).collect();
        assert!(errors.is_empty(), "console errors: {errors:?}");
        let home = self.address();
        let strangers: Vec<String> =
            self.requested().into_iter().filter(|url| !url.starts_with(&home) && !url.starts_with("data:")).collect();
        assert!(strangers.is_empty(), "requests that left the page's folder: {strangers:?}");
        let heard = self.heard.lock().expect("nothing panics while it holds this");
        let missed: Vec<_> = heard.iter().filter(|(_, status)| *status != 200).collect();
        assert!(missed.is_empty(), "requests for what is not there: {missed:?}");
    }

    /// No accessibility rule is broken by what is shown now, once everything that fades in has done so.
    pub fn check_accessible(&self) {
        // The rules are half a megabyte: a document takes them once.
        if self.js("return typeof axe") == "undefined" {
            self.js(AXE);
        }
        let found = self.js_later(
            "const ends = a => a.effect && Number.isFinite(a.effect.getComputedTiming().endTime);
             const still = Promise.allSettled(document.getAnimations().filter(ends).map(a => a.finished));
             const told = v => [v.id, v.help, ...v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary)];
             still.then(() => axe.run({ resultTypes: ['violations'] })).then(r => done(r.violations.map(told)))",
        );
        assert_eq!(found, json!([]), "accessibility violations: {found:#}");
    }

    /// Lets everything happen that is left to happen, without waiting for the clock. The button is pressed wherever it stands: while
    /// a cluster comes up, a lane that is added moves it away from under a pointer.
    pub fn run_until_quiet(&self) {
        self.js("document.querySelector('#run-quiet').click()");
        self.until("document.querySelector('#toggle use').getAttribute('href') === '#play'");
    }

    /// The pods shown, each as `web-0 1/1 Ready`, by column.
    pub fn pods(&self) -> Vec<String> {
        let pods = self.js(
            "return [...document.querySelectorAll('.pod')].sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
                 .map(pod => ['.name', '.ready', '.long'].map(part => pod.querySelector(part).firstChild.textContent).join(' '))",
        );
        pods.as_array().into_iter().flatten().filter_map(|pod| pod.as_str().map(String::from)).collect()
    }

    /// Clicks the tile of a pod.
    pub fn pick(&self, pod: &str) {
        let tile =
            format!("[...document.querySelectorAll('.pod')].find(p => p.querySelector('.name').firstChild.textContent === {})", json!(pod));
        self.until(&format!("!!{tile}"));
        self.js(&format!("{tile}.click()"));
    }

    /// Chooses an entry of the Commands menu.
    pub fn command(&self, label: &str) {
        self.click(".menu-host > .button");
        let entry = format!("[...document.querySelectorAll('.menu button')].find(b => b.innerText.startsWith({}))", json!(label));
        self.until(&format!("!!{entry}"));
        self.js(&format!("{entry}.click()"));
    }

    /// Chooses a value of a `<select>`.
    pub fn choose(&self, selector: &str, value: &str) {
        let (selector, value) = (json!(selector), json!(value));
        self.until(&format!("[...(document.querySelector({selector})?.options ?? [])].some(o => o.value === {value})"));
        self.js(&format!(
            "const s = document.querySelector({selector}); s.value = {value}; s.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ));
    }

    /// Puts text into a field at once, as pasting does.
    pub fn fill(&self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        self.until(&format!("document.querySelector({selector}) !== null"));
        self.js(&format!(
            "const field = document.querySelector({selector}); field.focus(); field.value = {text}; field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        ));
    }

    /// The text in the editor.
    pub fn manifest(&self) -> String {
        self.js("return document.getElementById('manifest').value").as_str().unwrap_or_default().to_owned()
    }

    /// Pastes a manifest and applies it.
    pub fn apply(&self, text: &str) {
        self.open_manifest();
        self.fill("#manifest", text);
        let typed = self.js("return document.querySelectorAll('.terminal-log .typed').length").as_u64().unwrap_or(0);
        self.click("#apply");
        self.until(&format!("document.querySelectorAll('.terminal-log .typed').length > {typed}"));
    }

    /// Types a line into the terminal.
    pub fn type_line(&self, line: &str) {
        self.fill("#prompt", line);
        self.press("Enter");
    }

    /// Pastes a manifest and begins again with it.
    pub fn restart_with(&self, text: &str) {
        self.fill("#manifest", text);
        self.restart();
    }

    /// Has Why tell on what its verdict rests.
    pub fn tell_more(&self) {
        self.js("document.getElementById('why-more').click()");
    }

    /// Starts over.
    pub fn restart(&self) {
        self.js("document.getElementById('restart').click()");
    }

    /// Waits until words stand in what a CSS selector finds first: what `view` gives is drawn.
    pub fn draws(&self, selector: &str, words: &[&str]) {
        for words in words {
            let drawn = format!("document.querySelector({})?.innerText.replace(/\\s+/g, ' ')", json!(selector));
            self.until(&format!("{drawn}.includes({})", json!(words)));
        }
    }

    /// The text of what a CSS selector finds first, as it is shown.
    pub fn text(&self, selector: &str) -> String {
        let quoted = json!(selector);
        self.until(&format!("document.querySelector({quoted}) !== null"));
        self.js(&format!("return document.querySelector({quoted}).innerText"))
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('\n')
            .to_owned()
    }
}
