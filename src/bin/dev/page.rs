//! Building the page, and serving it during development.
//!
//! There are two kinds of page. The page for visitors takes minutes: optimized for size, in two halves. The quick page is what one works on
//! and what most tests are about: the same sources and files, compiled for the least wait.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::assemble::{self, APP, Form, Page, linked};
use crate::shell::{Failure, Outcome, Running, Step, cargo, program, project, run, start};
use crate::site::{Folder, Site};
use crate::{browser, code, tools};

/// The page's sources beside those of the truth page, relative to the project's directory.
const SOURCES: [&str; 7] = [code::LIST, "src/bin/app", "public", "style", "index.html", "Cargo.toml", ".cargo/config.toml"];
/// What the truth page and the pages about Ordinal are made from.
const TRUTH_SOURCES: [&str; 9] = [
    "src",
    "src/bin/truth",
    "tests/rig",
    "tests/comparison",
    "Cargo.lock",
    ".github/EMBED.md",
    "tests/conformance/recordings",
    "tests/data/validation",
    "tests/data/dns",
];
/// The part of them that belongs to neither.
const NEITHER: &str = "src/bin";
/// The output directory of the model alone as wasm.
const TWIN: &str = "target/twin";
/// The page whose functions tell that they ran.
const WATCHED: &str = "target/watched";
/// The one of them whose functions are hardly ever parts of others.
const WATCHED_APART: &str = "target/watched-apart";
/// Where the picture of the README is.
const PICTURES: &str = ".github";
/// What the list of what comes later begins with.
const LIST_HEAD: &str =
    "# What no first visit runs, and what therefore comes behind the page: src/bin/dev/list.rs. Made by `cargo dev profile`.\n";
/// The first port that `serve` tries.
const PORT: u16 = 8080;
/// How many further ports it tries.
const PORTS: u16 = 20;
/// How often `serve` checks for changed sources.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// For whom a page is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For visitors: every byte is sent to each of them.
    Visitors,
    /// For work on the page, and for tests.
    Quick,
}

impl Kind {
    /// The profile that cargo compiles with.
    fn profile(self) -> &'static str {
        match self {
            Kind::Visitors => "page",
            Kind::Quick => "dev",
        }
    }

    /// The folder that cargo has for the profile.
    fn profile_folder(self) -> &'static str {
        match self {
            Kind::Visitors => "page",
            Kind::Quick => "debug",
        }
    }

    /// The folder of the page. That of the quick page is out of the way, so that nobody publishes the quick page.
    fn folder(self) -> PathBuf {
        project().join(match self {
            Kind::Visitors => "dist",
            Kind::Quick => "target/quick-page",
        })
    }

    /// What compiling it is called.
    fn compiling(self) -> &'static str {
        match self {
            Kind::Visitors => "compiling the page for visitors",
            Kind::Quick => "compiling the page",
        }
    }

    /// What is said while it is put together.
    fn joining(self) -> &'static str {
        match self {
            Kind::Visitors => "putting the page for visitors together",
            Kind::Quick => "putting the page together",
        }
    }

    /// The minutes that compiling takes where nothing is compiled yet.
    fn minutes(self) -> f64 {
        match self {
            Kind::Visitors => 6.0,
            Kind::Quick => 1.5,
        }
    }

    fn page(self) -> Page {
        let form = match self {
            Kind::Visitors => Form::Split,
            Kind::Quick => Form::Whole,
        };
        Page { folder: self.folder(), linked: linked(APP, self.profile_folder()), form }
    }

    /// The command that compiles the page, with further packages for the page's target.
    fn compile(self, packages: &[&str]) -> Command {
        let mut compile = compile_with(self.profile());
        compile.args(packages.iter().flat_map(|package| ["--package", package]));
        compile
    }
}

/// The command that compiles the page with a profile.
fn compile_with(profile: &str) -> Command {
    let mut compile = cargo();
    compile.args(["build", "--target", tools::WASM, "--profile", profile, "--package", APP]);
    // Flags for the compiler in the environment would take the place of those that the page is built with.
    compile.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    compile
}

/// The options of `serve`.
pub struct Wish {
    port: Option<u16>,
    kind: Kind,
}

/// Parses the options of `serve`; `None` if one is invalid.
pub fn serve_options(mut words: &[&str]) -> Option<Wish> {
    let mut wish = Wish { port: None, kind: Kind::Quick };
    loop {
        match words {
            [] => return Some(wish),
            ["--visitors", rest @ ..] => (wish.kind, words) = (Kind::Visitors, rest),
            ["--port", number, rest @ ..] => (wish.port, words) = (Some(number.parse().ok()?), rest),
            _ => return None,
        }
    }
}

/// Builds a page.
pub fn build(kind: Kind) -> Outcome {
    prepare(&[kind], &[], None)?;
    put_together(kind)
}

/// Builds pages and what the browser tests load beside the quick one, and compiles the tests meanwhile.
pub fn build_for_tests(kinds: &[Kind], tests: &mut Command) -> Outcome {
    prepare(kinds, &["twin"], Some(tests))?;
    kinds.iter().try_for_each(|kind| put_together(*kind))
}

/// Compiles pages, and meanwhile wasm-bindgen, the truth page, and what else is wanted. On a fresh machine each takes minutes, and none
/// needs another. Of `others` no failure is told: whoever uses them finds it.
fn prepare(kinds: &[Kind], beside_quick: &[&str], others: Option<&mut Command>) -> Outcome {
    tools::ensure_target()?;
    let compile = |kind: Kind| {
        let mut command = kind.compile(if kind == Kind::Quick { beside_quick } else { &[] });
        Ok((Step::begin(kind.compiling(), kind.minutes()), start(&mut command)?))
    };
    let pages = kinds.iter().map(|kind| compile(*kind)).collect::<Outcome<Vec<(Step, Running)>>>()?;
    let tools = tools::ensure_bindgen();
    let truth = start_truth()?;
    let others = others.map(start).transpose()?;
    let mut ended = Ok(());
    for (step, page) in pages {
        let page = page.finish();
        step.end();
        ended = ended.and(page);
    }
    let truth = truth.map_or(Ok(()), Running::finish);
    let _ = others.map(Running::finish);
    ended.and(tools).and(truth)
}

/// Puts a page together from what was compiled, where something of it is newer than the page.
fn put_together(kind: Kind) -> Outcome {
    if made(kind).is_some_and(|made| made >= newest_part(kind)) {
        return Ok(());
    }
    let step = Step::begin(kind.joining(), 0.5);
    kind.page().make()?;
    step.end();
    Ok(())
}

/// Starts to write the truth page where a source is newer; it is built as the tests are, so that either finds what the other has compiled.
fn start_truth() -> Outcome<Option<Running>> {
    let made = assemble::truth_made();
    if made.is_some_and(|made| made >= newest_of(&TRUTH_SOURCES)) {
        return Ok(None);
    }
    start(cargo().args(["run", "--quiet", "--profile", "test", "--bin", "truth", "--", assemble::STATIC])).map(Some)
}

/// Writes the truth page where a source is newer.
pub fn make_truth() -> Outcome {
    start_truth()?.map_or(Ok(()), Running::finish)
}

/// Builds a page if a source is newer.
pub fn build_if_changed(kind: Kind) -> Outcome {
    if made(kind).is_some_and(|made| made >= newest_source()) { Ok(()) } else { build(kind) }
}

/// When a page was made last; `None` if it was not.
fn made(kind: Kind) -> Option<SystemTime> {
    kind.folder().join("index.html").metadata().and_then(|m| m.modified()).ok()
}

/// The function that reads the texts that no first visit tells: all of them would come first if a first visit ran it.
const LATER_TEXTS: &str = "text::later_rows";

/// The profile of the page whose functions are hardly ever parts of others: `[profile.watched]` in Cargo.toml.
const APART: &str = "watched";
/// What keeps its functions apart, and their names, beside the flags of every page (.cargo/config.toml).
const KEPT_APART: &str = "target.wasm32-unknown-unknown.rustflags=['-C', 'link-arg=--keep-section=name', \
    '-C', 'llvm-args=-inline-threshold=-100000 -inlinehint-threshold=-100000 -inlinecold-threshold=-100000']";

/// Finds out what a first visit runs, and writes the list of what comes later.
///
/// The page for visitors tells which functions run. A function that is part of another there may be one of its own with another compiler:
/// a page is watched, too, in which hardly any is part of another.
pub fn profile() -> Outcome {
    let browser = browser::ensure()?;
    let of_visitors = Kind::Visitors.page().linked;
    prepare(&[Kind::Visitors], &[], None)?;
    run(compile_with(APART).args(["--quiet", "--config", KEPT_APART]))?;
    // Each of them is looked at for minutes.
    let visitors = Watched::begin(&of_visitors, WATCHED, cargo().envs(browser.clone()))?;
    let apart = Watched::begin(&linked(APP, APART), WATCHED_APART, cargo().env("ORDINAL_APART", "1").envs(browser))?;
    let list = code::listed(&[visitors.end()?, apart.end()?], &of_visitors)
        .map_err(|why| Failure(format!("what a first visit reaches is not known: {why}")))?;
    if !list.says_later(LATER_TEXTS) {
        return Err(Failure(
            "a first visit tells a text that src/page/text/first.txt lacks; that file says how to find out which".to_owned(),
        ));
    }
    let text = format!("{LIST_HEAD}{}", list.written());
    std::fs::write(project().join(code::LIST), text).map_err(|why| Failure(format!("{} cannot be written: {why}", code::LIST)))
}

/// A page whose functions tell that they ran, while it is visited.
struct Watched {
    folder: PathBuf,
    functions: Vec<code::Known>,
    visits: Running,
}

impl Watched {
    /// Makes the page from a module as the linker left it, and begins the visits.
    fn begin(linked: &Path, folder: &str, visits: &mut Command) -> Outcome<Watched> {
        let folder = project().join(folder);
        Page { folder: folder.clone(), linked: linked.to_owned(), form: Form::Whole }.make()?;
        let functions = code::watch(&folder).map_err(|why| Failure(format!("the page cannot be watched: {why}")))?;
        let visits = start(visits.args(["test", "--test", "browser", "--", "profile::"]).env("ORDINAL_WATCHED", &folder))?;
        Ok(Watched { folder, functions, visits })
    }

    /// Waits for the end of the visits; returns the functions, and of each whether it ran.
    fn end(self) -> Outcome<(Vec<code::Known>, Vec<bool>)> {
        self.visits.finish()?;
        let ran = std::fs::read(self.folder.join("ran")).map_err(|why| Failure(format!("nobody told what ran: {why}")))?;
        Ok((self.functions, ran.iter().map(|mark| *mark == b'1').collect()))
    }
}

/// Makes the moving picture of the README from the page, in this machine's fonts.
pub fn picture() -> Outcome {
    let browser = browser::ensure()?;
    build_if_changed(Kind::Quick)?;
    let mut film = cargo();
    film.args(["test", "--test", "browser", "--", "picture::"]).env("ORDINAL_SHOTS", project().join(PICTURES)).envs(browser);
    run(&mut film)
}

/// Builds the model alone into target/twin, compiled as the quick page is.
pub fn build_twin() -> Outcome {
    tools::ensure_target()?;
    tools::ensure_bindgen()?;
    run(Kind::Quick.compile(&["twin"]).arg("--quiet"))?;
    let mut bindgen = program("wasm-bindgen");
    run(bindgen.args(["--target=web", "--no-typescript", &format!("--out-dir={TWIN}")]).arg(linked("twin", Kind::Quick.profile_folder())))
}

/// Builds the page, serves it on this machine, and rebuilds it whenever a source changes. Does not return.
pub fn serve(wish: &Wish) -> Outcome {
    let kind = wish.kind;
    let mut seen = newest_source();
    tools::ensure_target()?;
    let step = Step::begin(kind.compiling(), kind.minutes());
    let page = start(&mut kind.compile(&[]))?;
    tools::ensure_bindgen()?;
    page.finish()?;
    step.end();
    put_together(kind)?;
    let site = open(wish.port, &kind.folder())?;
    println!("Ordinal runs at http://127.0.0.1:{}/ (Ctrl-C ends it)", site.port());
    std::thread::spawn(move || write_truth(kind));
    loop {
        sleep(LOOK_EVERY);
        let now = newest_source();
        if now > seen {
            seen = now;
            match run(kind.compile(&[]).arg("--quiet")).and_then(|()| kind.page().make()) {
                Ok(()) => println!("built again; reload http://127.0.0.1:{}/", site.port()),
                Err(Failure(why)) => eprintln!("cargo dev: {why}; the last good page stays"),
            }
        }
    }
}

/// Puts the truth page beside a page that is served already: it takes longer than the page.
fn write_truth(kind: Kind) {
    let step = Step::begin("writing the pages about Ordinal", 3.0);
    match make_truth().and_then(|()| assemble::add_truth(&kind.folder())) {
        Ok(()) => step.end(),
        Err(Failure(why)) => eprintln!("cargo dev: {why}; the page has no pages about Ordinal"),
    }
}

fn open(port: Option<u16>, root: &Path) -> Outcome<Site> {
    let tried = port.map_or(PORT..=PORT + PORTS, |one| one..=one);
    let mut ports = tried.clone();
    ports
        .find_map(|port| Site::open(port, Folder::of(root.to_owned(), "/"), |_, _| true).ok())
        .ok_or_else(|| Failure(format!("no free port in {} to {}; choose one with --port", tried.start(), tried.end())))
}

/// When the last part of a page was made: a source, the compiled module, the truth page, or this program, which puts the parts together.
fn newest_part(kind: Kind) -> SystemTime {
    let program = std::env::current_exe().unwrap_or_default();
    let files = [kind.page().linked, program].map(|file| file.metadata().and_then(|m| m.modified()).unwrap_or_else(|_| SystemTime::now()));
    files.into_iter().chain(assemble::truth_made()).fold(newest_source(), SystemTime::max)
}

fn newest_source() -> SystemTime {
    newest_of(&SOURCES).max(newest_of(&TRUTH_SOURCES))
}

fn newest_of(names: &[&str]) -> SystemTime {
    let skip = project().join(NEITHER);
    names.iter().map(|name| newest(&project().join(name), &skip)).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The latest modification at or below `path`, except at or below `skip`.
fn newest(path: &Path, skip: &Path) -> SystemTime {
    let own = path.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let Ok(entries) = path.read_dir() else { return own };
    entries.flatten().map(|entry| entry.path()).filter(|path| path != skip).map(|path| newest(&path, skip)).fold(own, SystemTime::max)
}
