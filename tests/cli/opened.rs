//! `--open`: who is answered, and what is served.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A program that serves a page, and the host that its address names; the program ends with its owner.
pub struct Opened {
    program: Child,
    host: String,
}

impl Opened {
    /// Starts a program that is told to open a page, and waits for the address.
    pub fn of(command: &mut Command) -> Opened {
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
        let lines = BufReader::new(program.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let address = lines.filter(|line| line.starts_with("http://127.0.0.1:")).find(|line| line.ends_with("/#cluster"));
        let address = address.expect("an address");
        Opened { program, host: address.trim_start_matches("http://").split('/').next().expect("a host").to_owned() }
    }

    /// What the program answers to a method, a path and the name of a host.
    fn asked(&self, method: &str, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).expect("somebody listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("a request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// The file at a path, with what is said of the file before.
    pub fn file(&self, path: &str) -> String {
        self.asked("GET", path, &self.host)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

/// A folder of a test's own with a page.
pub fn page(test: &str) -> PathBuf {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&page).expect("a folder");
    fs::write(page.join("index.html"), "the page").expect("a file");
    page
}

fn dump(case: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/diagnose").join(case).join("cluster.yaml");
    fs::read_to_string(path).expect("a dump")
}

/// `ordinal diagnose --open` on texts, each in a file of its own.
fn opened(test: &str, texts: &[&str]) -> Opened {
    let page = page(test);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordinal"));
    command.args(["diagnose", "--open", "--page"]).arg(&page);
    for (number, text) in texts.iter().enumerate() {
        let file = page.with_file_name(format!("{test}-{number}.yaml"));
        fs::write(&file, text).expect("a file");
        command.arg(file);
    }
    Opened::of(&mut command)
}

#[test]
fn the_page_and_the_cluster_are_served_to_this_machine_alone() {
    let dump = dump("02-rollout-bad-image");
    let opened = opened("opened", &[&dump]);
    let (index, text, run) = (opened.file("/"), opened.file("/cluster.txt"), opened.file("/cluster.run"));
    assert!(index.ends_with("\r\n\r\nthe page"), "{index}");
    assert!(text.ends_with(&dump) && text.contains("Cache-Control: no-store"));
    assert!(run.contains("\r\n\r\nordinal ") && run.contains("ledger-2"), "{run}");
    for refused in [opened.asked("GET", "/cluster.txt", "evil.example"), opened.file("/../Cargo.toml"), opened.file("//etc/passwd")] {
        assert_eq!(refused, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}

#[test]
fn only_what_reads_is_answered() {
    let opened = opened("opened-methods", &[&dump("02-rollout-bad-image")]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let refused = opened.asked(method, "/cluster.txt", &opened.host);
        assert!(refused.starts_with("HTTP/1.1 404 ") && !refused.contains("ledger"), "{method}: {refused}");
    }
    let (whole, head) = (opened.file("/cluster.txt"), opened.asked("HEAD", "/cluster.txt", &opened.host));
    assert_eq!(Some(&*head), whole.split_inclusive("\r\n\r\n").next(), "the same without the text");
}

#[test]
fn files_without_a_last_line_end_are_opened_whole() {
    let (first, second) = (dump("02-rollout-bad-image"), dump("01-rollback-trap-image"));
    let opened = opened("opened-files", &[first.trim_end(), &second]);
    assert!(opened.file("/cluster.txt").ends_with(&format!("\r\n\r\n{}\n{second}", first.trim_end())), "each begins a line");
    let run = opened.file("/cluster.run");
    assert!(run.contains("ledger-2") && run.contains("orders-db-2"), "both clusters stand");
}
