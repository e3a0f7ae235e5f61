//! A W3C WebDriver client over std: one browser, one session, no async runtime.
//!
//! Promises: it ends whatever it starts when it is dropped; it never sleeps and hopes, but polls a condition up to a deadline. What
//! the engines do each in its own way is in `engine`.
//! Not modelled: windows, cookies, anything these tests do not need.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::engine::Engine;

/// How long a condition may take to come true. Generous: a shared machine may stall for seconds.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a condition is polled.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long chromedriver may take to answer one call.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// A browser under control.
pub struct Driver {
    engine: Engine,
    child: Child,
    port: u16,
    session: String,
    /// A folder for what the browser keeps, which goes when it does.
    home: PathBuf,
    /// The script that runs before anything of a page, and what the browser calls it.
    pub(crate) first: RefCell<(String, Value)>,
    /// Whether a finger is down.
    pub(crate) finger: Cell<bool>,
}

impl Driver {
    /// Starts the driver of the chosen engine and, through it, a browser.
    pub fn start() -> Driver {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let engine = Engine::chosen();
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let home = std::env::temp_dir().join(format!("ordinal-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a home for the browser");
        let (child, port) = engine.start_driver(&home);
        let mut driver = Driver { engine, child, port, session: String::new(), home, first: RefCell::default(), finger: Cell::default() };
        driver.session = driver.open_session();
        driver
    }

    /// Which browser this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    fn open_session(&self) -> String {
        let wanted = self.engine.capabilities(&self.home);
        let answer = self.http("POST", "/session", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser session: {answer}")).to_owned()
    }

    /// Goes to an address and waits until it has loaded.
    pub fn open(&self, url: &str) {
        self.call("/url", &json!({ "url": url }));
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

    /// Goes into a frame of the whole page, which a JavaScript expression finds there; to the whole page itself for `null`.
    pub fn enter(&self, frame: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.call("/frame", &json!({ "id": null }));
            let found = self.js(&format!("return {frame}"));
            // A frame that is just being loaded may be another one by now.
            let said = self.http("POST", &format!("/session/{}/frame", self.session), &json!({ "id": found }));
            let error = &said["value"]["error"];
            if error.is_null() {
                return;
            }
            assert!(*error == "stale element reference" && Instant::now() < deadline, "{frame}: {error}");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until a JavaScript expression is truthy; returns its value.
    #[track_caller]
    pub fn until(&self, expression: &str) -> Value {
        self.until_for(PATIENCE.as_secs(), expression)
    }

    /// [`Driver::until`], with a timeout in seconds.
    #[track_caller]
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

    /// The viewport as a PNG.
    pub fn screenshot(&self) -> Vec<u8> {
        let picture = self.http("GET", &format!("/session/{}/screenshot", self.session), &Value::Null);
        base64(picture["value"].as_str().expect("a screenshot is a string"))
    }

    fn element(&self, selector: &str) -> String {
        let quoted = json!(selector);
        self.until(&format!("document.querySelector({quoted}) !== null"));
        let found = self.call("/element", &json!({ "using": "css selector", "value": selector }));
        found.as_object().and_then(|o| o.values().next()?.as_str()).expect("an element has an id").to_owned()
    }

    /// Makes a call to the session; a refusal fails the test with its message.
    pub(crate) fn call(&self, path: &str, body: &Value) -> Value {
        let answer = self.http("POST", &format!("/session/{}{path}", self.session), body);
        let value = &answer["value"];
        assert!(value.get("error").is_none(), "{path}: {}: {}", value["error"], value["message"]);
        value.clone()
    }

    /// [`Driver::call`] where a refusal is of no matter, as in a clean-up.
    pub(crate) fn try_call(&self, path: &str, body: &Value) {
        let _ = self.try_http("POST", &format!("/session/{}{path}", self.session), body);
    }

    fn http(&self, method: &str, path: &str, body: &Value) -> Value {
        self.try_http(method, path, body).unwrap_or_else(|e| panic!("the driver, {method} {path}: {e}"))
    }

    fn try_http(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port)?;
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
        let _ = std::fs::remove_dir_all(&self.home);
    }
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
        "PageDown" => "\u{e00f}",
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
