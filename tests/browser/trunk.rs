//! Whoever types `trunk build --release` gets the page that `cargo dev build` makes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::page::{Page, dist};
use crate::site::{Folder, Site};

/// Where trunk is told to put the page, in the project's directory.
const PLAIN: &str = "target/plain";
/// Where trunk would have put what it made, for its hook to replace.
const STAGED: &str = "target/staged";
/// Some folder of somebody's server.
const PREFIX: &str = "/folder/of/a/server/";

/// Every file at or below a folder, by its path from there.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("a path below it").to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).expect("a readable file"));
            }
        }
    }
    found
}

/// Opens a folder's page as somebody who was there before.
fn open(page: &Page, site: &Site, query: &str) {
    page.open(&format!("http://127.0.0.1:{}{PREFIX}icon.svg", site.port()));
    page.js("localStorage.clear(); localStorage.setItem('visited', 1)");
    page.open(&format!("http://127.0.0.1:{}{PREFIX}{query}", site.port()));
    page.until("document.querySelector('#page[data-live]') !== null");
}

/// Whether trunk is in PATH.
pub fn is_here() -> bool {
    Command::new("trunk").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Asserts that a folder has the files of the page for visitors.
fn is_the_page_for_visitors(folder: &Path) {
    let (plain, published) = (files(folder), files(&dist()));
    assert_eq!(plain.keys().collect::<Vec<_>>(), published.keys().collect::<Vec<_>>());
    let other: Vec<&String> = plain.iter().filter(|(name, bytes)| published[*name] != **bytes).map(|(name, _)| name).collect();
    assert_eq!(other, [""; 0], "files that differ from those of `cargo dev build`");
}

pub fn the_hooks_of_trunk_make_the_page_for_visitors(_: &Page) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = project.join(STAGED);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("index.html"), "what trunk made").expect("a file");
    let mut hook = Command::new(env!("CARGO"));
    hook.args(["dev", "complete"]).current_dir(project).env("TRUNK_STAGING_DIR", &folder).env("TRUNK_PROFILE", "release");
    assert!(hook.status().is_ok_and(|status| status.success()), "the hook fails");
    is_the_page_for_visitors(&folder);
    let config = fs::read_to_string(project.join("Trunk.toml")).expect("what trunk is told");
    assert!(config.contains("command_arguments = [\"dev\", \"complete\"]"), "{config}");
}

pub fn plain_trunk_gives_the_whole_page(page: &Page) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trunk = Command::new("trunk");
    trunk.args(["build", "--release", "--offline", "--dist", PLAIN]).current_dir(project).env_remove("NO_COLOR");
    assert!(trunk.status().is_ok_and(|status| status.success()), "trunk build --release fails");
    is_the_page_for_visitors(&project.join(PLAIN));

    let site = Site::open(0, Folder::of(project.join(PLAIN), PREFIX), |_, _| true).expect("a free port");
    open(page, &site, "");
    page.press("l");
    page.until("document.querySelector('.lesson')?.dataset.phase === 'predict'");
    assert_eq!(page.text(".lesson h2"), "A pod is deleted");
    open(page, &site, "");
    page.type_line("kubectl explain sts.spec");
    page.until("document.querySelector('.terminal-log').innerText.includes('podManagementPolicy')");
    page.speak("ko");
    page.until("document.documentElement.lang === 'ko' && document.querySelector('.manifest h2').innerText === '매니페스트'");
    // The browser tells of addresses that are not the suite's.
    page.requested();
}

pub fn a_file_that_is_missing_beside_the_page_is_told(page: &Page) {
    let missing = Arc::new(Mutex::new(Vec::new()));
    let heard = missing.clone();
    let site = Site::open(0, Folder::of(dist(), PREFIX), move |path, _| {
        let is_here = !path.ends_with("course.txt");
        heard.lock().expect("nothing panics while it holds this").extend((!is_here).then(|| path.to_owned()));
        is_here
    });
    let site = site.expect("a free port");
    open(page, &site, "");
    page.until("document.getElementById('missing')?.innerText.includes('course.txt')");
    assert!(page.text("#missing").starts_with("A file beside the page is missing."), "{}", page.text("#missing"));
    assert!(!missing.lock().expect("nothing panics while it holds this").is_empty());
    page.click("#missing");
    page.until("!document.getElementById('missing')");
    page.complaints();
    page.requested();
}
