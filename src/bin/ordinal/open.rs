//! `--open`: the page, served by the program itself, with the cluster that was read.
//!
//! Promises: the page and the cluster are served to this machine alone, and the cluster is written to no disk.

use std::io::{IsTerminal, stdout};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::{env, thread};

use ordinal::intake::Dump;
use ordinal::intake::page::stand;
use ordinal::playground::history::{History, Start, link};
use ordinal::text::Lang;

use crate::args::Open;
use crate::input::Failure;
use crate::show;
use crate::site::{Folder, Site};

/// What the page asks for where its address has `#cluster`: the run that begins with the cluster, and the text to diagnose.
const RUN: &str = "cluster.run";
const TEXT: &str = "cluster.txt";
/// The folders with the page: beside the program, as a release has it, and where `cargo dev build` puts the page.
const BESIDE: &str = "page";
const BUILT: &str = "dist";

impl Open {
    /// Whether it is asked for, and there is a page. Asked before the work, which may take a while.
    pub fn page(&self) -> Result<Option<PathBuf>, Failure> {
        if !self.open {
            return Ok(None);
        }
        let beside = || Some(env::current_exe().ok()?.canonicalize().ok()?.parent()?.join(BESIDE));
        let tried = self.page.clone().map_or_else(|| beside().into_iter().chain([BUILT.into()]).collect(), |page| vec![page]);
        let found = tried.iter().find(|folder| folder.join("index.html").is_file()).cloned();
        found.map(Some).ok_or_else(|| {
            let tried = tried.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(" and ");
            Failure(format!("no page in {tried}; a release has the page beside the program, `cargo dev build` makes one in a clone"))
        })
    }
}

/// Serves a page with the cluster of a text, and opens a browser where a person sees this. Ends only with an error.
pub fn serve(page: PathBuf, text: String) -> Result<(), Failure> {
    let run = run_of(&text).unwrap_or_default();
    let folder = Folder { texts: vec![(RUN, run), (TEXT, text)], ..Folder::of(page, "/") };
    let site = Site::open(0, folder, |_, _| true).map_err(|error| Failure(format!("the page cannot be served: {error}")))?;
    let address = format!("http://127.0.0.1:{}/#cluster", site.port());
    show::plain(&format!("{address}\n"));
    eprintln!("ordinal: the cluster is in the page at this address; Ctrl C ends it");
    if stdout().is_terminal() {
        browse(&address);
    }
    loop {
        thread::park();
    }
}

/// The run that begins with the cluster of a text, if the text has a cluster.
fn run_of(text: &str) -> Option<String> {
    let text: Rc<str> = Dump::read([text]).text().into();
    let sim = Rc::new(stand(&text)?);
    Some(link::write(&History::standing(Start { text, sim }, Lang::English), ""))
}

/// Has the system open an address. Where there is no browser, the address is on the screen.
fn browse(address: &str) {
    let (program, before): (&str, &[&str]) = match env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let quiet = Command::new(program).args(before).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    drop(quiet);
}
