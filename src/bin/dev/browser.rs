//! The browser for the tests: Chromium and its chromedriver, or what `ORDINAL_ENGINE` names.
//!
//! Looks for installed ones; on Debian, installs them if they are missing; elsewhere fails with the one line that does. Tests are never
//! skipped for lack of a browser. `CHROME` and `CHROMEDRIVER` override the search, as do `FIREFOX` and `GECKODRIVER`; WebKit's programs are
//! looked for by the tests.

use std::env::consts::OS;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::shell::{Failure, Outcome, Step, find, output_of, program, run};
use crate::tools;

/// The programs, under the names of the variables by which the browser tests get them from their environment.
pub type Browser = Vec<(&'static str, PathBuf)>;

/// A browser and what drives it: the variable that names each, and what each is called where it is found by itself.
struct Engine {
    browser: (&'static str, &'static [&'static str]),
    driver: (&'static str, &'static [&'static str]),
    /// Debian's packages.
    packages: &'static [&'static str],
    minutes: f64,
}

const CHROMIUM: Engine = Engine {
    browser: ("CHROME", &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]),
    driver: ("CHROMEDRIVER", &["chromedriver", "chromium.chromedriver"]),
    packages: &["chromium", "chromium-driver"],
    minutes: 1.0,
};

/// Debian has no package of its driver, which is built like the tools are.
const FIREFOX: Engine = Engine {
    browser: ("FIREFOX", &["firefox-esr", "firefox"]),
    driver: ("GECKODRIVER", &["geckodriver"]),
    packages: &["firefox-esr"],
    minutes: 1.0,
};

/// The browser of the engine that `ORDINAL_ENGINE` names, installed if necessary and possible.
pub fn ensure() -> Outcome<Browser> {
    match std::env::var("ORDINAL_ENGINE").as_deref() {
        Ok("webkit") => Ok(Browser::new()),
        Ok("firefox") => {
            if named(FIREFOX.driver.0).is_none() && find(FIREFOX.driver.1).is_none() {
                tools::ensure_geckodriver()?;
            }
            FIREFOX.ensure()
        }
        _ => CHROMIUM.ensure(),
    }
}

impl Engine {
    fn ensure(&self) -> Outcome<Browser> {
        if let Some(browser) = self.present() {
            return Ok(browser);
        }
        if is_debian() {
            let step = Step::begin("installing the browser with its driver", self.minutes);
            install_on_debian(self.packages)?;
            step.end();
            if let Some(browser) = self.present() {
                return Ok(browser);
            }
        }
        Err(Failure(format!("the browser tests need {}; `{}` installs it", self.packages.join(" and "), advice())))
    }

    fn present(&self) -> Option<Browser> {
        let there = |(variable, names): (&'static str, &[&str])| Some((variable, named(variable).or_else(|| find(names))?));
        let (driver, browser) = (there(self.driver)?, there(self.browser));
        (browser.is_some() || self.driver == CHROMIUM.driver && chromedriver_finds_one())
            .then(|| std::iter::once(driver).chain(browser).collect())
    }
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

/// What goes wrong is said by apt-get; the rest is some hundred lines.
fn install_on_debian(packages: &[&str]) -> Outcome {
    let root = output_of(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let apt = |arguments: &[&str]| {
        let mut command = if root { program("apt-get") } else { program("sudo") };
        if !root {
            command.arg("apt-get");
        }
        run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
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
