//! A static file server on std: one directory below one prefix, served like any static host does.
//!
//! Shared with the browser tests, which serve the page below a sub-path and watch its requests.
//! Not modelled: ranges, keep-alive, anything but GET.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

/// A server that runs until its process ends.
pub struct Site {
    port: u16,
}

struct Folder<F> {
    root: PathBuf,
    prefix: String,
    heard: F,
    encoding: Option<&'static str>,
}

impl Site {
    /// Serves `root` below `prefix` (which begins and ends with a slash) on 127.0.0.1; port 0 takes any free one. `encoding` is
    /// the one in which all files are kept, if any. `heard` is given the path
    /// and the status of every response before it is sent; if it returns false, the connection is closed instead.
    pub fn open<F>(port: u16, root: PathBuf, prefix: &str, encoding: Option<&'static str>, heard: F) -> Result<Site>
    where
        F: Fn(&str, u16) -> bool + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let port = listener.local_addr()?.port();
        let folder = Arc::new(Folder { root, prefix: prefix.to_owned(), heard, encoding });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A visitor who hangs up in the middle of a response does not affect the others.
                std::thread::spawn(move || folder.answer(stream));
            }
        });
        Ok(Site { port })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl<F: Fn(&str, u16) -> bool> Folder<F> {
    fn answer(&self, stream: TcpStream) -> Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 0 && !header.trim_end().is_empty() {
            header.clear();
        }
        let path = first.split_whitespace().nth(1).unwrap_or("/").split(['?', '#']).next().unwrap_or("/");
        let found = self.read(path);
        if !(self.heard)(path, if found.is_some() { 200 } else { 404 }) {
            return Ok(());
        }
        let mut stream = stream;
        match found {
            Some((kind, body)) => {
                let encoding = self.encoding.map_or(String::new(), |name| format!("Content-Encoding: {name}\r\n"));
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{encoding}", body.len())?;
                write!(stream, "Cache-Control: no-cache\r\nConnection: close\r\n\r\n")?;
                stream.write_all(&body)
            }
            None => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        }
    }

    fn read(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let below = path.strip_prefix(&self.prefix)?;
        let name = if below.is_empty() { "index.html" } else { below };
        let plain = !name.starts_with('/') && name.split(['/', '\\']).all(|part| part != "..");
        let body = plain.then(|| std::fs::read(self.root.join(name)).ok())??;
        Some((kind_of(name), body))
    }
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
