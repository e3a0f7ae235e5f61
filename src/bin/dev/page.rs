//! Building the page with trunk, and serving it during development.
//!
//! trunk makes the page; what trunk cannot do, its hooks have `cargo dev` do (see `complete`). So `trunk build --release` and `trunk serve`
//! give the same page as the commands here, which only install what is missing before.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::shell::{Failure, Outcome, Running, Step, cargo, program, project, run, start, target};
use crate::site::{Folder, Site};
use crate::{browser, code, complete, tools};

/// The page's sources beside those of the truth page, relative to the project's directory.
const SOURCES: [&str; 7] = [code::LIST, "public", "style", "index.html", "Cargo.toml", "Trunk.toml", ".cargo/config.toml"];
/// What the truth page and the pages about Ordinal are made from.
const TRUTH_SOURCES: [&str; 8] = [
    "src",
    "src/bin/truth",
    "Cargo.lock",
    ".github/EMBED.md",
    "tests/conformance/recordings",
    "tests/conformance/recorder",
    "tests/data/validation",
    "tests/data/dns",
];
/// The part of them that belongs to neither.
const NEITHER: &str = "src/bin";
/// Where trunk puts the release page.
const DIST: &str = "dist";
/// The output directory of `serve --debug`, so that a slow page is never published.
const DEBUG_DIST: &str = "target/page-debug";
/// The profile of the release page: `data-cargo-profile-release` in index.html.
pub const PROFILE: &str = "page";
/// The output directory of the model alone as wasm.
const TWIN: &str = "target/twin";
/// The page whose functions tell that they ran.
const WATCHED: &str = "target/watched";
/// Where the picture of the README is.
const PICTURES: &str = ".github";
/// What the list of what comes later begins with.
const LIST_HEAD: &str =
    "# What a first visit runs (`first`), and what comes behind it (`later`): src/bin/dev/list.rs. Made by `cargo dev profile`.\n";
/// What cargo calls the page.
const PAGE_TARGET: [&str; 2] = ["--package", "ordinal-app"];
/// What cargo calls the model alone; always built with the page, which chooses the features of what both use.
const TWIN_TARGET: [&str; 2] = ["--package", "twin"];
/// The first port that `serve` tries.
const PORT: u16 = 8080;
/// How many further ports it tries.
const PORTS: u16 = 20;
/// How often `serve` checks for changed sources.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The options of `serve`.
pub struct Wish {
    port: Option<u16>,
    debug: bool,
}

/// Parses the options of `serve`; `None` if one is invalid.
pub fn serve_options(mut words: &[&str]) -> Option<Wish> {
    let mut wish = Wish { port: None, debug: false };
    loop {
        match words {
            [] => return Some(wish),
            ["--debug", rest @ ..] => (wish.debug, words) = (true, rest),
            ["--port", number, rest @ ..] => (wish.port, words) = (Some(number.parse().ok()?), rest),
            _ => return None,
        }
    }
}

/// Builds the release page into dist/.
pub fn build() -> Outcome {
    prepare(&["--profile", PROFILE], None)?;
    trunk(&["--release"], DIST)
}

/// Builds the release page and what the browser tests load beside it, and compiles the tests meanwhile.
pub fn build_for_tests(tests: &mut Command) -> Outcome {
    prepare(&[&["--profile", PROFILE], &TWIN_TARGET[..]].concat(), Some(tests))?;
    trunk(&["--release"], DIST)
}

/// Compiles what trunk is going to ask cargo for, with further options, and meanwhile installs the tools, makes the truth page, and
/// runs what else is wanted. On a fresh machine each takes minutes, and none needs another. The page's last minute is one thread's work,
/// so what may wait begins last. Of `others` no failure is told: whoever uses them finds it.
fn prepare(options: &[&str], others: Option<&mut Command>) -> Outcome {
    tools::ensure_target()?;
    let mut compile = cargo();
    compile.args(["build", "--target", tools::WASM]).args(PAGE_TARGET).args(options);
    let step = Step::begin("compiling the page", 6.0);
    let page = start(own_flags(&mut compile))?;
    let tools = tools::ensure();
    let truth = start_truth()?;
    let others = others.map(start).transpose()?;
    let page = page.finish();
    step.end();
    let truth = truth.map_or(Ok(()), Running::finish);
    let _ = others.map(Running::finish);
    page.and(tools).and(truth)
}

/// Starts to write the truth page where a source is newer; it is built as the tests are, so that either finds what the other has compiled.
fn start_truth() -> Outcome<Option<Running>> {
    let made = complete::truth_made();
    if made.is_some_and(|made| made >= newest_of(&TRUTH_SOURCES)) {
        return Ok(None);
    }
    start(cargo().args(["run", "--quiet", "--profile", "test", "--package", "truth", "--", complete::STATIC])).map(Some)
}

/// Writes the truth page where a source is newer; for a debug page, only where there is none: it takes a minute.
pub fn make_truth(debug: bool) -> Outcome {
    if debug && complete::truth_made().is_some() {
        return Ok(());
    }
    start_truth()?.map_or(Ok(()), Running::finish)
}

/// Builds the release page if a source is newer.
pub fn build_if_changed() -> Outcome {
    let page = std::fs::metadata(project().join(DIST).join("index.html")).and_then(|m| m.modified());
    if page.is_ok_and(|built| built >= newest_source()) { Ok(()) } else { build() }
}

/// The function that reads the texts that no first visit tells: all of them would come first if a first visit ran it.
const LATER_TEXTS: &str = "text::later_rows";

/// Finds out what a first visit runs, and writes the list of what comes later.
pub fn profile() -> Outcome {
    let browser = browser::ensure()?;
    prepare(&["--profile", PROFILE], None)?;
    run(trunk_command(&["--release"], WATCHED).env(complete::WHOLE, "1"))?;
    let folder = project().join(WATCHED);
    let functions = code::watch(&folder).map_err(|why| Failure(format!("the page cannot be watched: {why}")))?;
    let mut visits = cargo();
    visits.args(["test", "--test", "browser", "--", "profile::"]).env("ORDINAL_WATCHED", &folder).envs(browser);
    run(&mut visits)?;
    let ran = std::fs::read(folder.join("ran")).map_err(|why| Failure(format!("nobody told what ran: {why}")))?;
    let ran: Vec<bool> = ran.iter().map(|mark| *mark == b'1').collect();
    let list = code::listed(&functions, &ran, &linked("ordinal-app"))
        .map_err(|why| Failure(format!("what a first visit reaches is not known: {why}")))?;
    if !list.says_later(LATER_TEXTS) {
        return Err(Failure("a first visit tells a text that src/text/first.txt lacks; that file says how to find out which".to_owned()));
    }
    let text = format!("{LIST_HEAD}{}", list.written());
    std::fs::write(project().join(code::LIST), text).map_err(|why| Failure(format!("{} cannot be written: {why}", code::LIST)))
}

/// Makes the moving picture of the README from the page, in this machine's fonts.
pub fn picture() -> Outcome {
    let browser = browser::ensure()?;
    build_if_changed()?;
    let mut film = cargo();
    film.args(["test", "--test", "browser", "--", "picture::"]).env("ORDINAL_SHOTS", project().join(PICTURES)).envs(browser);
    run(&mut film)
}

/// Builds the model alone, with the page's profile, into target/twin.
pub fn build_twin() -> Outcome {
    tools::ensure_target()?;
    tools::ensure()?;
    run(own_flags(cargo().args(["build", "--quiet", "--profile", PROFILE, "--target", tools::WASM]).args(PAGE_TARGET).args(TWIN_TARGET)))?;
    run(program("wasm-bindgen").args(["--target=web", "--no-typescript", &format!("--out-dir={TWIN}")]).arg(linked("twin")))
}

/// The file of a module as the linker left it.
pub fn linked(name: &str) -> PathBuf {
    target().join(tools::WASM).join(PROFILE).join(format!("{name}.wasm"))
}

/// Builds the page, serves it on this machine, and rebuilds it whenever a source changes. Does not return.
pub fn serve(wish: &Wish) -> Outcome {
    let (options, arguments, dist): (&[&str], &[&str], _) =
        if wish.debug { (&[], &[], DEBUG_DIST) } else { (&["--profile", PROFILE], &["--release"], DIST) };
    let mut seen = newest_source();
    prepare(options, None)?;
    trunk(arguments, dist)?;
    let site = open(wish.port, dist)?;
    println!("Ordinal runs at http://127.0.0.1:{}/ (Ctrl-C ends it)", site.port());
    loop {
        sleep(LOOK_EVERY);
        let now = newest_source();
        if now > seen {
            seen = now;
            match trunk(arguments, dist) {
                Ok(()) => println!("built again; reload http://127.0.0.1:{}/", site.port()),
                Err(Failure(why)) => eprintln!("cargo dev: {why}; the last good page stays"),
            }
        }
    }
}

fn open(port: Option<u16>, dist: &str) -> Outcome<Site> {
    let tried = port.map_or(PORT..=PORT + PORTS, |one| one..=one);
    let root = project().join(dist);
    let mut ports = tried.clone();
    ports
        .find_map(|port| Site::open(port, Folder::of(root.clone(), "/"), |_, _| true).ok())
        .ok_or_else(|| Failure(format!("no free port in {} to {}; choose one with --port", tried.start(), tried.end())))
}

/// Has trunk make the page, and by its hooks complete it.
fn trunk(arguments: &[&str], dist: &str) -> Outcome {
    let step = Step::begin("putting the page together", 1.0);
    run(&mut trunk_command(arguments, dist))?;
    step.end();
    Ok(())
}

fn trunk_command(arguments: &[&str], dist: &str) -> Command {
    let mut command = program("trunk");
    // trunk reads NO_COLOR as its own option and rejects its usual value.
    own_flags(command.args(["build", "--offline"]).args(arguments).args(["--dist", dist]).env_remove("NO_COLOR"));
    command
}

/// Flags for the compiler in the environment would take the place of those that the page is built with.
fn own_flags(command: &mut Command) -> &mut Command {
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS")
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
