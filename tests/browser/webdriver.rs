//! A W3C WebDriver client over std: one chromedriver, one session, no async runtime.
//!
//! Promises: it ends whatever it starts when it is dropped; it never sleeps and hopes, but polls a condition up to a deadline.
//! Not modelled: windows, frames, cookies, anything these tests do not need.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a condition may take to come true. Generous: a shared machine may stall for seconds.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a condition is polled.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long chromedriver may take to answer one call.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

const CHROME_ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    // Requests to other hosts fail, and so are noticed.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--lang=en-US",
];

/// A browser under control.
pub struct Driver {
    child: Child,
    port: u16,
    session: String,
    profile: PathBuf,
}

impl Driver {
    /// Starts chromedriver (`CHROMEDRIVER`, else from PATH) and, through it, a browser (`CHROME`, else its own choice).
    pub fn start() -> Driver {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("cannot start {program} ({e}); `cargo dev test` finds or installs a browser"));
        let port = announced_port(&mut child);
        let profile = std::env::temp_dir().join(format!("ordinal-browser-{}", std::process::id()));
        let mut driver = Driver { child, port, session: String::new(), profile };
        driver.session = driver.open_session();
        driver
    }

    fn open_session(&self) -> String {
        let mut arguments: Vec<String> = CHROME_ARGUMENTS.map(String::from).to_vec();
        arguments.push(format!("--user-data-dir={}", self.profile.display()));
        let mut options = json!({ "args": arguments, "perfLoggingPrefs": { "enableNetwork": true } });
        if let Ok(binary) = std::env::var("CHROME") {
            options["binary"] = binary.into();
        }
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let answer = self.http("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser session: {answer}")).to_owned()
    }

    /// Goes to an address and waits until it has loaded.
    pub fn open(&self, url: &str) {
        self.call("/url", &json!({ "url": url }));
    }

    /// [`Driver::open`], running a script before anything of the page.
    pub fn open_after(&self, script: &str, url: &str) {
        let added = self.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
        self.open(url);
        self.devtools("Page.removeScriptToEvaluateOnNewDocument", &added);
    }

    /// Runs the body of a JavaScript function; returns its value.
    pub fn js(&self, script: &str) -> Value {
        self.call("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs the body of a JavaScript function that passes its value to its last argument, `done`.
    pub fn js_later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.call("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a JavaScript expression is truthy; returns its value.
    pub fn until(&self, expression: &str) -> Value {
        self.until_for(PATIENCE.as_secs(), expression)
    }

    /// [`Driver::until`], with a timeout in seconds.
    pub fn until_for(&self, seconds: u64, expression: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            let value = self.js(&format!("return ({expression})"));
            let holds = !matches!(&value, Value::Null | Value::Bool(false)) && value != json!(0) && value != json!("");
            if holds {
                return value;
            }
            assert!(Instant::now() < deadline, "never came true within {seconds} s: {expression}");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits for the element that a CSS selector finds, and clicks it as a pointer would.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.call(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types into the focused element. Keys are named by words: `Control+Enter`, `Tab`, `ArrowLeft`.
    pub fn press(&self, keys: &str) {
        let parts: Vec<&str> = if keys == "+" { vec![keys] } else { keys.split('+').collect() };
        let chord: Vec<String> = parts.into_iter().map(|key| code_of(key).unwrap_or(key).to_owned()).collect();
        let down = chord.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = chord.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.call("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// The console's lines since the last call.
    pub fn console(&self) -> Vec<Value> {
        self.log("browser")
    }

    /// The URLs requested since the last call.
    pub fn requested(&self) -> Vec<String> {
        let messages = self.log("performance").into_iter().filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok());
        let messages = messages.map(|outer: Value| outer["message"].clone());
        let sent = messages.filter(|message| message["method"] == "Network.requestWillBeSent");
        sent.filter_map(|message| message["params"]["request"]["url"].as_str().map(String::from)).collect()
    }

    /// Sets the size of the page's viewport, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Emulates media features: `("prefers-reduced-motion", "reduce")`.
    pub fn prefer(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Limits the bandwidth to this many bytes per second; `None` removes the limit.
    pub fn throttle(&self, bytes: Option<u32>) {
        let download = bytes.map_or(-1, i64::from);
        self.devtools("Network.enable", &json!({}));
        let network = json!({ "offline": false, "latency": 0, "downloadThroughput": download, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", &network);
    }

    /// The viewport as a PNG.
    pub fn screenshot(&self) -> Vec<u8> {
        let picture = self.http("GET", &format!("/session/{}/screenshot", self.session), &Value::Null);
        base64(picture["value"].as_str().expect("a screenshot is a string"))
    }

    /// Executes a DevTools command; returns its result.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.call("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.call("/se/log", &json!({ "type": kind })).as_array().cloned().unwrap_or_default()
    }

    fn element(&self, selector: &str) -> String {
        let quoted = json!(selector);
        self.until(&format!("document.querySelector({quoted}) !== null"));
        let found = self.call("/element", &json!({ "using": "css selector", "value": selector }));
        found.as_object().and_then(|o| o.values().next()?.as_str()).expect("an element has an id").to_owned()
    }

    /// Makes a call to the session; a refusal fails the test with its message.
    fn call(&self, path: &str, body: &Value) -> Value {
        let answer = self.http("POST", &format!("/session/{}{path}", self.session), body);
        let value = &answer["value"];
        assert!(value.get("error").is_none(), "{path}: {}: {}", value["error"], value["message"]);
        value.clone()
    }

    fn http(&self, method: &str, path: &str, body: &Value) -> Value {
        self.try_http(method, path, body).unwrap_or_else(|e| panic!("chromedriver, {method} {path}: {e}"))
    }

    fn try_http(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n")?;
        write!(stream, "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        let mut reader = BufReader::new(stream);
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Every step is only clean-up; a browser that is already gone needs none.
        let _ = self.try_http("DELETE", &format!("/session/{}", self.session), &json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
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

/// WebDriver's private code points for keys that print nothing.
fn code_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "Control" => "\u{e009}",
        "Shift" => "\u{e008}",
        "Tab" => "\u{e004}",
        "Enter" => "\u{e007}",
        "Escape" => "\u{e00c}",
        "Space" => " ",
        "End" => "\u{e010}",
        "Home" => "\u{e011}",
        "ArrowLeft" => "\u{e012}",
        "ArrowUp" => "\u{e013}",
        "ArrowRight" => "\u{e014}",
        "ArrowDown" => "\u{e015}",
        "F6" => "\u{e036}",
        "F8" => "\u{e038}",
        "F9" => "\u{e039}",
        _ => return None,
    })
}

fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let sextets: Vec<u32> = text.bytes().filter_map(value).map(u32::from).collect();
    let bytes_of = |group: &[u32]| {
        let bits = group.iter().fold(0, |bits, sextet| bits << 6 | sextet) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    };
    sextets.chunks(4).flat_map(bytes_of).collect()
}
