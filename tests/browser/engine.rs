//! The engines that the tests run in, and what each does in its own way.
//!
//! Chromium is the one `cargo dev test` brings along. `ORDINAL_ENGINE=firefox` and `ORDINAL_ENGINE=webkit` run the same tests in
//! Firefox (through geckodriver) and in WebKitGTK's MiniBrowser (through WebKitWebDriver), where they are installed.
//!
//! Promises: a test need not know the engine; what needs Chromium's DevTools says so, and the runner names it (see `main`). What the
//! machine has installed and set (fonts, language, time zone, theme, scale, proxies, profiles) is out of the browsers' sight.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::webdriver::Driver;
use crate::{fonts, screens};

const CHROME_ARGUMENTS: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--no-proxy-server",
    // Containers have 64 MiB there, of which a window's pictures are soon more.
    "--disable-dev-shm-usage",
    // Requests to other hosts fail, and so are noticed.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--lang=en-US",
];

/// What a browser reads of its environment, and is not to know of this machine: the system's language and time, and how large and in
/// which theme its programs are drawn.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("LANG", "C.UTF-8"),
    ("LC_ALL", "C.UTF-8"),
    ("LANGUAGE", "en"),
    ("TZ", "UTC"),
    ("GDK_SCALE", "1"),
    ("GDK_DPI_SCALE", "1"),
    ("GSETTINGS_BACKEND", "memory"),
];
/// What would lead to the visitor's own settings or change the browser's.
const REMOVED: [&str; 6] = ["GTK_THEME", "GTK2_RC_FILES", "FONTCONFIG_PATH", "FONTCONFIG_SYSROOT", "CHROMIUM_FLAGS", "CHROMIUM_USER_FLAGS"];

/// The width below which MiniBrowser's window does not go, in pixels.
const NARROWEST_OF_WEBKIT: u32 = 447;

/// What a visitor prefers who has chosen nothing.
const PREFERRED: [(&str, &str); 3] =
    [("prefers-color-scheme", "light"), ("prefers-reduced-motion", "no-preference"), ("prefers-contrast", "no-preference")];

/// What shows the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium or Chrome, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, through WebKitWebDriver; it needs a display.
    WebKit,
}

impl Engine {
    /// The one named by `ORDINAL_ENGINE`; Chromium, if none is.
    pub fn chosen() -> Engine {
        match std::env::var("ORDINAL_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Engine::Chromium,
            Ok("firefox") => Engine::Firefox,
            Ok("webkit") => Engine::WebKit,
            Ok(other) => panic!("ORDINAL_ENGINE is {other:?}; it can be chromium, firefox or webkit"),
        }
    }

    /// Starts the engine's driver (`CHROMEDRIVER`, `GECKODRIVER`, `WEBKITDRIVER`, else from PATH) with a home folder of its own; the
    /// process and its port. Pictures that people look at are drawn in the machine's own fonts.
    pub fn start_driver(self, home: &Path) -> (Child, u16) {
        let (variable, usual) = match self {
            Engine::Chromium => ("CHROMEDRIVER", "chromedriver"),
            Engine::Firefox => ("GECKODRIVER", "geckodriver"),
            Engine::WebKit => ("WEBKITDRIVER", "WebKitWebDriver"),
        };
        let program = std::env::var(variable).unwrap_or_else(|_| usual.into());
        let mut command = Command::new(&program);
        for name in REMOVED {
            command.env_remove(name);
        }
        command.envs(ENVIRONMENT).env("HOME", home);
        for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
            command.env(name, home.join(name));
        }
        // Firefox takes the made-up fonts for none, and draws a box with the number of each letter.
        if screens::folder().is_none() && self != Engine::Firefox {
            command.env("FONTCONFIG_FILE", fonts::config());
        }
        // Chromium's driver chooses a port and names it.
        let port = if self == Engine::Chromium { 0 } else { free_port() };
        command.arg(format!("--port={port}"));
        if self == Engine::Firefox {
            command.arg("--allow-system-access");
        }
        let output = if self == Engine::Chromium { Stdio::piped() } else { Stdio::null() };
        let started = command.stdout(output).stderr(Stdio::null()).spawn();
        let mut child = started.unwrap_or_else(|e| panic!("cannot start {program} ({e}); `cargo dev test` finds or installs a browser"));
        if self == Engine::Chromium {
            let port = announced_port(&mut child);
            return (child, port);
        }
        wait_for(port);
        (child, port)
    }

    /// What a session of this engine is asked for.
    pub fn capabilities(self, home: &Path) -> Value {
        match self {
            Engine::Chromium => {
                let mut arguments: Vec<String> = CHROME_ARGUMENTS.map(String::from).to_vec();
                arguments.push(format!("--user-data-dir={}", home.join("profile").display()));
                let mut options = json!({ "args": arguments, "perfLoggingPrefs": { "enableNetwork": true } });
                if let Ok(binary) = std::env::var("CHROME") {
                    options["binary"] = binary.into();
                }
                json!({
                    "browserName": "chrome",
                    "goog:chromeOptions": options,
                    "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                })
            }
            Engine::Firefox => {
                let mut options = json!({
                    "args": ["-headless", "--width=1500", "--height=1100"],
                    // Requests to other hosts go nowhere, and so are noticed.
                    "prefs": { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
                        "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9, "network.proxy.no_proxies_on": "127.0.0.1",
                        "intl.accept_languages": "en-US", "layout.css.devPixelsPerPx": "1.0" },
                });
                if let Ok(binary) = std::env::var("FIREFOX") {
                    options["binary"] = binary.into();
                }
                json!({ "browserName": "firefox", "moz:firefoxOptions": options })
            }
            Engine::WebKit => {
                let binary = std::env::var("MINIBROWSER").unwrap_or_else(|_| "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser".into());
                json!({ "browserName": "MiniBrowser", "webkitgtk:browserOptions": { "binary": binary, "args": ["--automation"] } })
            }
        }
    }
}

/// A setting of the browser that ends when this is dropped, also where the test fails: the next test is not to suffer for it.
#[must_use]
pub struct Meanwhile<'a> {
    driver: &'a Driver,
    /// The DevTools command that takes it back, and its parameters.
    back: (&'static str, Value),
}

impl Drop for Meanwhile<'_> {
    fn drop(&mut self) {
        self.driver.try_call("/goog/cdp/execute", &json!({ "cmd": self.back.0, "params": self.back.1 }));
    }
}

/// What the engines do each in its own way.
impl Driver {
    /// [`Driver::open`], running a script before anything of the page and of those that come after; where that cannot be, right after
    /// this one has loaded.
    pub fn open_after(&self, script: &str, url: &str) {
        if self.engine() != Engine::Chromium {
            self.open(url);
            self.js(script);
            return;
        }
        let mut first = self.first.borrow_mut();
        if first.0 != script {
            if !first.0.is_empty() {
                self.devtools("Page.removeScriptToEvaluateOnNewDocument", &first.1);
            }
            *first = (script.to_owned(), Value::Null);
            if !script.is_empty() {
                first.1 = self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
            }
        }
        self.open(url);
    }

    /// The errors that the console was told since the last call.
    pub fn complaints(&self) -> Vec<String> {
        match self.engine() {
            Engine::Chromium => {
                let lines = self.log("browser").into_iter().filter(|line| line["level"] == "SEVERE");
                lines.filter_map(|line| line["message"].as_str().map(String::from)).collect()
            }
            Engine::Firefox => {
                let errors = self.in_chrome(
                    "const all = Services.console.getMessageArray(); Services.console.reset();
                     return all.filter(m => m instanceof Ci.nsIScriptError && !(m.flags & 1) && /^http/.test(m.sourceName)).map(m => m.message)",
                );
                errors.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(String::from)).collect()
            }
            Engine::WebKit => Vec::new(),
        }
    }

    /// The URLs requested since the last call; none where the engine does not tell.
    pub fn requested(&self) -> Vec<String> {
        if self.engine() != Engine::Chromium {
            return Vec::new();
        }
        let messages = self.log("performance").into_iter().filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok());
        let messages = messages.map(|outer: Value| outer["message"].clone());
        let sent = messages.filter(|message| message["method"] == "Network.requestWillBeSent");
        sent.filter_map(|message| message["params"]["request"]["url"].as_str().map(String::from)).collect()
    }

    /// Sets the size of the page's viewport, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        match self.engine() {
            Engine::Chromium => {
                let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", &size);
            }
            Engine::Firefox => {
                self.in_chrome(&format!(
                    "const s = gBrowser.selectedBrowser.style;
                     for (const [k, v] of [['width', {width}], ['height', {height}]])
                       for (const p of [k, 'min-' + k, 'max-' + k]) s.setProperty(p, v + 'px')"
                ));
                self.until(&format!("innerWidth === {width} && innerHeight === {height}"));
            }
            Engine::WebKit => {
                // Its window is never narrower than its buttons. What lies in a container is styled anew only when its width changes.
                let width = width.max(NARROWEST_OF_WEBKIT);
                for width in [(width - width / 4).max(NARROWEST_OF_WEBKIT), width] {
                    let frame = self.js("return [outerWidth - innerWidth, outerHeight - innerHeight]");
                    let outer = |inner: u32, at: usize| i64::from(inner) + frame[at].as_i64().unwrap_or(0).max(0);
                    self.call("/window/rect", &json!({ "width": outer(width, 0), "height": outer(height, 1) }));
                    self.until(&format!("innerWidth === {width} && innerHeight === {height}"));
                    self.js_later("requestAnimationFrame(() => requestAnimationFrame(() => done(null)))");
                }
            }
        }
    }

    /// Emulates media features: `("prefers-reduced-motion", "reduce")`. Of what is not named, the machine's own is not asked.
    pub fn prefer(&self, features: &[(&str, &str)]) {
        match self.engine() {
            Engine::Chromium => {
                let features = PREFERRED.iter().chain(features);
                let features: Vec<Value> = features.map(|(name, value)| json!({ "name": name, "value": value })).collect();
                self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
            }
            Engine::Firefox => {
                let value = |of: &str| PREFERRED.iter().chain(features).rfind(|(name, _)| *name == of).map_or("none", |(_, value)| *value);
                let (theme, colours, motion) = (value("prefers-color-scheme"), value("forced-colors"), value("prefers-reduced-motion"));
                self.in_chrome(&format!(
                    "const context = gBrowser.selectedBrowser.browsingContext;
                     context.prefersColorSchemeOverride = '{theme}'; context.forcedColorsOverride = '{colours}';
                     Services.prefs.setIntPref('ui.prefersReducedMotion', '{motion}' === 'reduce' ? 1 : 0)"
                ));
            }
            Engine::WebKit => {}
        }
    }

    /// Takes back what was typed last, by its key; WebKit's driver passes no key of that sort on.
    pub fn undo(&self) {
        match self.engine() {
            Engine::WebKit => _ = self.js("document.execCommand('undo')"),
            _ => self.press("Control+z"),
        }
    }

    /// A finger that is put down at a point of the viewport.
    pub fn finger_down(&self, x: f64, y: f64) {
        self.finger.set(true);
        if self.engine() == Engine::Chromium {
            self.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": true }));
            self.devtools("Input.dispatchTouchEvent", &json!({ "type": "touchStart", "touchPoints": [{ "x": x, "y": y }] }));
            return;
        }
        let place = json!({ "type": "pointerMove", "duration": 0, "x": x.round(), "y": y.round() });
        self.finger(&[place, json!({ "type": "pointerDown", "button": 0 })]);
    }

    /// The finger that was put down is lifted.
    pub fn finger_up(&self) {
        self.finger.set(false);
        if self.engine() == Engine::Chromium {
            self.devtools("Input.dispatchTouchEvent", &json!({ "type": "touchEnd", "touchPoints": [] }));
            self.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": false }));
            return;
        }
        self.finger(&[json!({ "type": "pointerUp", "button": 0 })]);
    }

    fn finger(&self, actions: &[Value]) {
        let finger = json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": actions });
        self.call("/actions", &json!({ "actions": [finger] }));
    }

    /// Lifts the finger that a failed test has left on the page.
    pub fn lift_finger(&self) {
        if self.finger.get() {
            self.finger_up();
        }
    }

    /// Makes the line so slow, in bytes per second and milliseconds there and back. Chromium alone.
    pub fn slow_line(&self, bytes: f64, latency: u32) -> Meanwhile<'_> {
        let line = |bytes: f64, latency: u32| json!({ "offline": false, "latency": latency, "downloadThroughput": bytes, "uploadThroughput": bytes });
        self.devtools("Network.enable", &json!({}));
        self.meanwhile("Network.emulateNetworkConditions", &line(bytes, latency), line(-1.0, 0))
    }

    /// Makes the processor so many times slower. Chromium alone.
    pub fn slow_processor(&self, times: u32) -> Meanwhile<'_> {
        self.meanwhile("Emulation.setCPUThrottlingRate", &json!({ "rate": times }), json!({ "rate": 1 }))
    }

    /// Lets no request through whose URL matches a pattern. Chromium alone.
    pub fn block(&self, pattern: &str) -> Meanwhile<'_> {
        self.devtools("Network.enable", &json!({}));
        self.meanwhile("Network.setBlockedURLs", &json!({ "urls": [pattern] }), json!({ "urls": [] }))
    }

    /// Runs a script before anything of each document that is opened. Chromium alone.
    pub fn in_every_document(&self, script: &str) -> Meanwhile<'_> {
        let added = self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
        let back = json!({ "identifier": added["identifier"] });
        Meanwhile { driver: self, back: ("Page.removeScriptToEvaluateOnNewDocument", back) }
    }

    /// Takes away what is kept for the origin of an address when this is dropped, workers among it, in Chromium. Another site may have its
    /// port then.
    pub fn forget_later(&self, address: &str) -> Option<Meanwhile<'_>> {
        let origin = address.split('/').take(3).collect::<Vec<_>>().join("/");
        let back = ("Storage.clearDataForOrigin", json!({ "origin": origin, "storageTypes": "all" }));
        (self.engine() == Engine::Chromium).then_some(Meanwhile { driver: self, back })
    }

    fn meanwhile(&self, command: &'static str, parameters: &Value, back: Value) -> Meanwhile<'_> {
        self.devtools(command, parameters);
        Meanwhile { driver: self, back: (command, back) }
    }

    /// Executes a DevTools command; returns its result. Chromium alone.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        assert_eq!(self.engine(), Engine::Chromium, "{command} needs Chromium's DevTools");
        self.call("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.call("/se/log", &json!({ "type": kind })).as_array().cloned().unwrap_or_default()
    }

    /// Runs the body of a JavaScript function with the rights of Firefox itself; returns its value.
    fn in_chrome(&self, script: &str) -> Value {
        self.call("/moz/context", &json!({ "context": "chrome" }));
        let value = self.js(script);
        self.call("/moz/context", &json!({ "context": "content" }));
        value
    }
}

fn announced_port(child: &mut Child) -> u16 {
    let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
    let mut line = String::new();
    while output.read_line(&mut line).is_ok_and(|read| read > 0) {
        if let Some(rest) = line.split("started successfully on port ").nth(1) {
            return rest.trim().trim_end_matches('.').parse().expect("chromedriver names its port");
        }
        line.clear();
    }
    panic!("chromedriver ended before it named its port");
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr()).expect("a free port").port()
}

/// Waits until somebody listens.
fn wait_for(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the driver does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
}
