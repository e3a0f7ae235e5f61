//! `<ordinal-run>` (`public/ordinal-embed.js`): runs in a page of another origin.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::engine::Engine;
use crate::fonts::Letters;
use crate::link::saved;
use crate::page::{Page, dist};
use crate::site::{Folder, Site};

/// Where the page that embeds ours lies on its server.
const PREFIX: &str = "/blog/";
/// The run file beside it.
const RUN: &str = "four.ordinal.txt";
/// Its language and its height, whatever it contains.
const HEAD: &str = "<!doctype html><html lang='en'><meta charset='utf-8'><link rel='icon' href='data:,'><title>A page about sets</title>";
const LIVE: &str = "document.querySelector('#page[data-live]') !== null";

/// A page of another origin, with a run file beside it.
pub struct Host {
    folder: PathBuf,
    site: Site,
}

impl Drop for Host {
    fn drop(&mut self) {
        // Only clean-up.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Host {
    /// Serves a page with this in it that takes the element from `home`, and opens it.
    pub fn open(page: &Page, home: &str, run: &str, body: &str) -> Host {
        static HOSTS: AtomicUsize = AtomicUsize::new(0);
        let name = format!("ordinal-host-{}-{}", std::process::id(), HOSTS.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder for the page");
        let script = format!("<script src='{home}ordinal-embed.js' async></script>");
        std::fs::write(folder.join("index.html"), format!("{HEAD}{body}{script}")).expect("the page is written");
        std::fs::write(folder.join(RUN), run).expect("the run is written");
        let host = Host { site: Site::open(0, Folder::of(folder.clone(), PREFIX), |_, _| true).expect("a free port"), folder };
        // What the visit before this one asked for is of no matter here.
        page.requested();
        page.open(&format!("{}{PREFIX}", host.origin()));
        host
    }

    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.site.port())
    }

    /// Goes back to a page of ours. All that was asked for was of these two.
    pub fn leave(self, page: &Page, home: &str) {
        page.enter("null");
        let known = [home, &self.origin(), "data:", "blob:", "about:"];
        let strangers: Vec<String> = page.requested().into_iter().filter(|url| !known.iter().any(|start| url.starts_with(start))).collect();
        assert!(strangers.is_empty(), "requests to others: {strangers:?}");
        page.open(&format!("{}icon.svg", page.address()));
        page.requested();
    }
}

/// The frame of the element at this place among all.
fn frame(at: usize) -> String {
    format!("document.querySelectorAll('ordinal-run')[{at}].shadowRoot?.querySelector('iframe')")
}

/// Goes into the frame of an element, and waits for the page there.
fn enter(page: &Page, at: usize) {
    page.enter("null");
    page.until(&format!("!!{}", frame(at)));
    page.enter(&frame(at));
    page.until(LIVE);
}

/// What an expression is in the page that embeds ours, and back into the frame of its first element.
fn outside(page: &Page, script: &str) -> serde_json::Value {
    page.enter("null");
    let value = page.js(script);
    page.enter(&frame(0));
    value
}

/// The file of a run with four pods.
fn run_of_four(page: &Page) -> String {
    page.run_until_quiet();
    page.type_line("kubectl scale statefulset web --replicas=4");
    page.run_until_quiet();
    saved(page)
}

pub fn a_run_file_is_shown_and_follows_the_page_it_stands_in(page: &Page) {
    let (run, home) = (run_of_four(page), page.address());
    let body =
        format!("<p>Before</p><ordinal-run src='{RUN}' title='Four pods' height='420'>A link, for who reads this elsewhere</ordinal-run>");
    let host = Host::open(page, &home, &run, &body);
    enter(page, 0);
    page.until("document.querySelectorAll('.pod').length === 4");
    let shown =
        outside(page, &format!("const frame = {}; return [frame.title, frame.offsetHeight, document.body.innerText.trim()]", frame(0)));
    assert_eq!(shown, json!(["Four pods", 420, "Before"]));
    // Its language and theme, and no choice of the visitor's is written over.
    let state = "return [document.documentElement.lang, getComputedStyle(document.documentElement).colorScheme, localStorage.lang ?? '', localStorage.theme ?? '']";
    assert_eq!(page.js(state)[0], "en");
    outside(page, "document.documentElement.lang = 'ko-KR'; document.documentElement.dataset.theme = 'dark'");
    page.until("document.documentElement.lang === 'ko' && document.querySelector('#elsewhere').innerText.startsWith('Ordinal에서')");
    page.until("document.documentElement.dataset.theme === 'dark'");
    assert_eq!(page.js(state), json!(["ko", "dark", "", ""]));
    outside(page, "document.documentElement.lang = 'en'; document.documentElement.dataset.theme = 'light'");
    page.until("document.documentElement.lang === 'en' && document.documentElement.dataset.theme === 'light'");
    // Without an attribute: what it is drawn in, and else what the system has.
    outside(page, "delete document.documentElement.dataset.theme; document.body.style.colorScheme = 'dark'");
    page.until("document.documentElement.dataset.theme === 'dark'");
    outside(page, "document.body.removeAttribute('style')");
    page.until("document.documentElement.dataset.theme === 'light'");
    if page.engine() != Engine::WebKit {
        page.prefer(&[("prefers-color-scheme", "dark")]);
        page.until("document.documentElement.dataset.theme === 'dark'");
        page.prefer(&[]);
    }
    // None of that has begun the run again; another one does.
    assert_eq!(page.pods().len(), 4);
    outside(page, "document.querySelector('ordinal-run').setAttribute('src', '')");
    enter(page, 0);
    page.until("document.querySelectorAll('.pod').length === 1");
    host.leave(page, &home);
}

pub fn a_frame_that_finds_its_height_has_nothing_to_scroll(page: &Page) {
    let (run, home) = (run_of_four(page), page.address());
    let body = format!(
        "<ordinal-run src='{home}#lesson=rollback' height='auto'></ordinal-run><div style='height: 9000px'></div>
         <ordinal-run src='{RUN}' loading='lazy'></ordinal-run>"
    );
    for letters in Letters::ALL {
        let _set = page.set_in(letters);
        finds_its_height(page, Host::open(page, &home, &run, &body), &home);
    }
}

fn finds_its_height(page: &Page, host: Host, home: &str) {
    enter(page, 0);
    page.until("document.querySelector('.lesson')");
    page.until(
        "['#cluster', '.lesson'].every(part => { const p = document.querySelector(part); return p.scrollHeight === p.clientHeight; })",
    );
    // Also when it is called otherwise, or had another height meanwhile.
    let high = outside(page, "const run = document.querySelector('ordinal-run'); run.title = 'Rolling back'; return run.offsetHeight");
    outside(page, "document.querySelector('ordinal-run').setAttribute('height', 300)");
    page.until("innerHeight === 300");
    outside(page, "document.querySelector('ordinal-run').setAttribute('height', 'auto')");
    page.until(&format!("innerHeight === {high}"));
    // Nothing was loaded for what is far below.
    page.enter("null");
    page.until(&format!("!!{}", frame(1)));
    page.enter(&frame(1));
    assert_eq!(page.js("return location.href"), "about:blank");
    page.enter("null");
    page.js("document.querySelectorAll('ordinal-run')[1].scrollIntoView()");
    enter(page, 1);
    page.until("document.querySelectorAll('.pod').length === 4");
    host.leave(page, home);
}

pub fn of_what_another_page_says_only_known_words_are_taken(page: &Page) {
    let home = page.address();
    // Whole addresses count by their fragments, wherever they lead.
    let host = Host::open(
        page,
        &home,
        "nothing of ours",
        "<ordinal-run src='javascript:top.stranger=1#1.hello!'><a href='#away'>Elsewhere</a></ordinal-run>",
    );
    enter(page, 0);
    page.until("document.querySelector('.branches [role=status]').innerText.includes('damaged')");
    page.until("document.querySelector('.pod')");
    assert_eq!(outside(page, "return window.stranger ?? null"), json!(null));
    let messages = "null, 1, 'dark', { theme: 'dark' }, { ordinal: 2, theme: 'dark' }, { ordinal: 1, theme: '<b>', lang: { tag: 'ko' } },
        { ordinal: 1, fit: 'true', run: 'ordinal 1', link: 'ordinal 1', js: 'top.stranger = 1' }";
    let before = page.js("return [document.documentElement.lang, document.documentElement.dataset.theme, location.href]");
    page.js("window.heard = []; addEventListener('message', ({ data }) => window.heard.push(data))");
    outside(page, &format!("for (const said of [{messages}]) {}.contentWindow.postMessage(said, '*')", frame(0)));
    page.until("window.heard.length === 7");
    assert_eq!(page.js("return [document.documentElement.lang, document.documentElement.dataset.theme, location.href]"), before);
    // Nor is anybody listened to but the page that embeds this one.
    page.js("window.heard.length = 0; postMessage({ ordinal: 1, theme: 'dark' }, '*')");
    page.until("window.heard.length === 1");
    assert_eq!(page.js("return document.documentElement.dataset.theme"), before[1]);
    // A file that is no run, and one that is not there.
    outside(page, &format!("document.querySelector('ordinal-run').setAttribute('src', '{RUN}')"));
    page.enter("null");
    page.until(&format!("{}?.src.includes('#1.') && !{}.src.includes('hello')", frame(0), frame(0)));
    enter(page, 0);
    page.until("document.querySelector('.branches [role=status]').innerText.includes('damaged')");
    outside(page, "document.querySelector('ordinal-run').setAttribute('src', 'missing.txt')");
    page.enter("null");
    // What stands within the element is shown in its place, and why.
    page.until("document.querySelector('ordinal-run').shadowRoot.textContent === 'missing.txt: 404'");
    assert_eq!(page.js("return document.querySelector('ordinal-run a').getClientRects().length"), 1);
    // The browser tells of the file that is not there.
    page.complaints();
    host.leave(page, &home);
}

pub fn frames_on_one_page_share_what_was_downloaded(page: &Page) {
    const HOME: &str = "/shared/";
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = heard.clone();
    let site = Site::open(0, Folder::of(dist(), HOME), move |path, _| {
        log.lock().expect("nothing panics while it holds this").push(path.to_owned());
        true
    });
    let home = format!("http://127.0.0.1:{}{HOME}", site.expect("a free port").port());
    let _kept = page.forget_later(&home);
    page.open(&home);
    page.until(LIVE);
    let active = "navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready).then(() => done('active'), e => done(String(e)))";
    assert_eq!(page.js_later(active), "active");
    heard.lock().expect("nothing panics while it holds this").clear();
    let host = Host::open(page, &home, "", "<ordinal-run></ordinal-run><ordinal-run src='#lesson=rollback'></ordinal-run>");
    for at in [0, 1] {
        enter(page, at);
        page.until("document.querySelector('.pod')");
        assert_eq!(page.js("return navigator.serviceWorker.controller !== null"), true);
    }
    let again: Vec<String> = heard.lock().expect("nothing panics while it holds this").clone();
    assert!(again.iter().any(|path| path == HOME), "{again:?}");
    let code: Vec<&String> = again.iter().filter(|path| path.contains("/app-") || path.contains("/style-")).collect();
    assert!(code.is_empty(), "downloaded again: {code:?}");
    host.leave(page, &home);
    page.open(&home);
    page.js_later(
        "navigator.serviceWorker.getRegistrations().then(all => Promise.all(all.map(one => one.unregister()))).then(() => done(null))",
    );
    page.visit();
}
