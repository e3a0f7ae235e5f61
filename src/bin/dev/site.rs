//! A static file server on std: one directory below one prefix, served like any static host does.
//!
//! Shared with the browser tests, which serve the page below a sub-path and watch its requests. Shared with `ordinal diagnose --open`,
//! which serves a cluster beside the page. Promises: listens on 127.0.0.1 alone, and answers nobody who came by another name.
//! Promises as well: nothing outside the folder is read, and only GET and HEAD are answered. Not modelled: ranges, keep-alive.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A server that runs until its process ends.
pub struct Site {
    port: u16,
}

/// What is served.
pub struct Folder {
    pub root: PathBuf,
    /// What stands before each path; it begins and ends with a slash.
    pub prefix: &'static str,
    /// The encoding in which all files are kept, if any.
    pub encoding: Option<&'static str>,
    /// Files that are on no disk, and that no browser keeps: their names and texts.
    pub texts: Vec<(&'static str, String)>,
}

impl Folder {
    /// The files of a folder alone.
    pub fn of(root: PathBuf, prefix: &'static str) -> Folder {
        Folder { root, prefix, encoding: None, texts: Vec::new() }
    }
}

/// The names of this machine for itself. By another name comes a page of somebody else, which has this address under that name.
const OWN_NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

impl Site {
    /// Serves a folder on 127.0.0.1; port 0 takes any free one. `heard` is given the path and the status of every response before it is
    /// sent. If it returns false, the connection is closed instead.
    pub fn open<F>(port: u16, folder: Folder, heard: F) -> Result<Site>
    where
        F: Fn(&str, u16) -> bool + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let port = listener.local_addr()?.port();
        let served = Arc::new((folder, heard));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = served.clone();
                // A visitor who hangs up in the middle of a response does not affect the others.
                std::thread::spawn(move || served.0.answer(stream, &served.1));
            }
        });
        Ok(Site { port })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Folder {
    fn answer(&self, stream: TcpStream, heard: impl Fn(&str, u16) -> bool) -> Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut first, mut header, mut is_own) = (String::new(), String::new(), false);
        reader.read_line(&mut first)?;
        while reader.read_line(&mut header)? > 0 && !header.trim_end().is_empty() {
            let named = header.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, value)| value.trim());
            is_own |= named.is_some_and(|host| OWN_NAMES.contains(&host.split(':').next().unwrap_or(host)));
            header.clear();
        }
        let mut words = first.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or("/"));
        let path = target.split(['?', '#']).next().unwrap_or("/");
        let found = self.read(path).filter(|_| is_own && ["GET", "HEAD"].contains(&method));
        if !heard(path, if found.is_some() { 200 } else { 404 }) {
            return Ok(());
        }
        let mut stream = stream;
        match found {
            Some(Answer { kind, body, cache }) => {
                let encoding = self.encoding.map_or(String::new(), |name| format!("Content-Encoding: {name}\r\n"));
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{encoding}", body.len())?;
                write!(stream, "Cache-Control: {cache}\r\nConnection: close\r\n\r\n")?;
                stream.write_all(if method == "HEAD" { &[] } else { &body })
            }
            None => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        }
    }

    fn read(&self, path: &str) -> Option<Answer> {
        let below = path.strip_prefix(self.prefix)?;
        if let Some((_, text)) = self.texts.iter().find(|(name, _)| *name == below) {
            return Some(Answer { kind: PLAIN, body: text.clone().into_bytes(), cache: "no-store" });
        }
        let name = if below.is_empty() { "index.html" } else { below };
        // Neither `..` nor, on Windows, a drive or another machine.
        let is_inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let body = is_inside.then(|| std::fs::read(self.root.join(name)).ok())??;
        Some(Answer { kind: kind_of(name), body, cache: "no-cache" })
    }
}

/// What is sent of a file.
struct Answer {
    kind: &'static str,
    body: Vec<u8>,
    /// What a browser may keep.
    cache: &'static str,
}

/// The type of a text.
const PLAIN: &str = "text/plain; charset=utf-8";

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("txt") => PLAIN,
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
