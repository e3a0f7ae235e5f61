//! The browser for the tests: Chromium and its chromedriver.
//!
//! Looks for installed ones; on Debian, installs them if they are missing; elsewhere fails with the one line that does. Tests are never
//! skipped for lack of a browser. `CHROME` and `CHROMEDRIVER` override the search.

use std::env::consts::OS;
use std::path::{Path, PathBuf};

use crate::shell::{Failure, Outcome, find, output_of, program, run};

/// The two programs, as the browser tests get them from their environment.
pub struct Browser {
    /// The value for `CHROME`; `None` if chromedriver finds it in its usual place.
    pub chrome: Option<PathBuf>,
    /// The value for `CHROMEDRIVER`.
    pub driver: PathBuf,
}

const CHROMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// The browser, installed if necessary and possible.
pub fn ensure() -> Outcome<Browser> {
    if let Some(browser) = present() {
        return Ok(browser);
    }
    if is_debian() {
        eprintln!("cargo dev: installing {} (once)", PACKAGES.join(" "));
        install_on_debian()?;
        if let Some(browser) = present() {
            return Ok(browser);
        }
    }
    Err(Failure(format!("the browser tests need Chromium (or Chrome) and chromedriver; install them with `{}`", advice())))
}

fn present() -> Option<Browser> {
    let driver = named("CHROMEDRIVER").or_else(|| find(&["chromedriver", "chromium.chromedriver"]))?;
    let chrome = named("CHROME").or_else(|| find(&CHROMES));
    (chrome.is_some() || chromedriver_finds_one()).then_some(Browser { chrome, driver })
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// Whether Chrome is in a place where chromedriver looks, though not in PATH.
fn chromedriver_finds_one() -> bool {
    let places =
        ["/Applications/Google Chrome.app", "/Applications/Chromium.app", r"C:\Program Files\Google\Chrome\Application\chrome.exe"];
    places.iter().any(|place| Path::new(place).exists())
}

fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

fn install_on_debian() -> Outcome {
    let root = output_of(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if root { program("apt-get") } else { program("sudo") };
        if !root {
            command.arg("apt-get");
        }
        run(command.args(arguments))
    };
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &PACKAGES[..]].concat())
}

/// The command that installs the browser on this machine.
fn advice() -> &'static str {
    match OS {
        "macos" => "brew install --cask google-chrome chromedriver",
        "windows" => "winget install Google.Chrome Chromium.ChromeDriver",
        _ if find(&["dnf"]).is_some() => "sudo dnf install chromium chromedriver",
        _ if find(&["pacman"]).is_some() => "sudo pacman -S chromium",
        _ if find(&["apk"]).is_some() => "sudo apk add chromium chromium-chromedriver",
        _ if find(&["snap"]).is_some() => "sudo snap install chromium",
        _ => "sudo apt-get install chromium chromium-driver",
    }
}
