//! Building the page with trunk, and serving it during development.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use base::hash::fnv1a_128;

use crate::list::List;
use crate::shell::{Failure, Outcome, cargo, program, project, run, start};
use crate::site::Site;
use crate::{browser, code, tools};

/// The page's sources, relative to the project's directory.
const SOURCES: [&str; 14] = [
    "src",
    code::LIST,
    "public",
    "style",
    "index.html",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "src/bin/truth",
    "tests/conformance/recordings",
    "tests/conformance/recorder",
    "tests/data/validation",
    "tests/data/dns",
];
/// The part of them that does not belong to the page.
const NOT_THE_PAGE: &str = "src/bin";
/// The output directory of the release page.
const DIST: &str = "dist";
/// The output directory of `serve --debug`, so that a slow page is never published.
const DEBUG_DIST: &str = "target/page-debug";
/// How trunk builds the published page; the profile is in Cargo.toml.
const RELEASE: [&str; 4] = ["--release", "--cargo-profile", PROFILE, "--dist"];
/// Where the release page is made and, by `serve`, served from: only what is whole comes into dist/.
/// Not target/page: cargo keeps build scripts and macros of the profile `page` there, and without them builds everything again.
const MADE: &str = "target/site";
/// The profile of the published page.
const PROFILE: &str = "page";
/// The output directory of the model alone as wasm.
const TWIN: &str = "target/twin";
/// The page whose functions tell that they ran.
const WATCHED: &str = "target/watched";
/// What the list of what comes later begins with.
const LIST_HEAD: &str =
    "# What a first visit runs (`first`), and what comes behind it (`later`): src/bin/dev/list.rs. Made by `cargo dev profile`.\n";
/// What cargo calls the page.
const PAGE_TARGET: [&str; 2] = ["--package", "ordinal-app"];
/// What cargo calls the model alone; always built with the page, which chooses the features of what both use.
const TWIN_TARGET: [&str; 2] = ["--package", "twin"];
/// The lessons, and the file with their order.
const COURSE: &str = "src/lesson/course";
/// What the API says of its fields.
const FIELDS: &str = "src/kubectl/verbs/described.txt";
/// The examples of stuck clusters: family, set, and the folder of the recording.
const STUCK: &str = "src/intake/examples.txt";
/// Where the recordings of stuck clusters are.
const RECORDED: &str = "tests/data/diagnose";
/// The truth page as it was made last; a folder of this name beside the page gets what is in it.
const TRUTH: &str = "target/truth";
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
    build_with(&[])
}

/// Builds the release page and, on another core, what the browser tests load beside it.
pub fn build_for_tests() -> Outcome {
    build_with(&TWIN_TARGET)
}

fn build_with(targets: &[&str]) -> Outcome {
    prepare_with_truth(&[&["--profile", PROFILE], targets].concat())?;
    trunk(&RELEASE, MADE)?;
    let (made, dist) = (project().join(MADE), project().join(DIST));
    let shortened = shorten_scripts(&made).and_then(|()| join_styles(&made)).map_err(|why| why.to_string());
    shortened
        .and_then(|()| code::send(&made, &linked("ordinal-app")))
        .map_err(|why| Failure(format!("the page cannot be shortened: {why}")))?;
    let old = if dist.exists() { std::fs::remove_dir_all(&dist) } else { Ok(()) };
    old.and_then(|()| std::fs::rename(made, dist)).map_err(|why| Failure(format!("the page cannot be put into {DIST}/: {why}")))
}

/// Compiles what trunk is going to ask cargo for, with further options, and meanwhile installs the tools: on a fresh machine each takes
/// minutes, and neither needs the other.
fn prepare(options: &[&str]) -> Outcome {
    tools::ensure_target()?;
    let mut compile = cargo();
    compile.args(["build", "--target", tools::WASM]).args(PAGE_TARGET).args(options);
    let compiling = start(own_flags(&mut compile))?;
    let tools = tools::ensure();
    compiling.finish()?;
    tools
}

/// The same, and meanwhile plays the recordings on the model and writes the truth page. The page's last minutes are one thread's work, so
/// that this costs no time where there are two cores; it is built as the tests are, so that either finds what the other has compiled.
fn prepare_with_truth(options: &[&str]) -> Outcome {
    let truth = start(cargo().args(["run", "--quiet", "--profile", "test", "--package", "truth", "--", TRUTH]))?;
    let prepared = prepare(options);
    truth.finish()?;
    prepared
}

/// Puts the styles that the page links into one file, in their order: one request, and what they have in common is sent once. The name
/// changes with the content, as the names do that trunk gives.
fn join_styles(dist: &Path) -> std::io::Result<()> {
    const LINK: (&str, &str) = ("<link href=./", " rel=stylesheet>");
    let index = dist.join("index.html");
    let mut page = std::fs::read_to_string(&index)?;
    let ends = page.split(LINK.1).map(|part| part.rsplit_once(LINK.0).map(|(_, name)| name));
    let names: Vec<String> = ends.flatten().filter(|name| !name.contains('>')).map(str::to_owned).collect();
    let sheets = names.iter().map(|name| std::fs::read_to_string(dist.join(name))).collect::<std::io::Result<String>>()?;
    let joined = format!("style-{:032x}.css", fnv1a_128(sheets.as_bytes()));
    for (at, name) in names.iter().enumerate() {
        let link = |name: &str| format!("{}{name}{}", LINK.0, LINK.1);
        page = page.replace(&link(name), &if at == 0 { link(&joined) } else { String::new() });
        std::fs::remove_file(dist.join(name))?;
    }
    std::fs::write(dist.join(joined), sheets)?;
    std::fs::write(index, page)
}

/// Takes comments and indentation out of the page's scripts, which trunk leaves as they are: what it minifies with does not know all of
/// their syntax. A script with a text of several lines stays as it is.
fn shorten_scripts(dist: &Path) -> std::io::Result<()> {
    for entry in dist.read_dir()? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        let script = std::fs::read_to_string(&path)?;
        std::fs::write(path, shortened(&script))?;
    }
    Ok(())
}

/// A script without its comments and indentation.
fn shortened(script: &str) -> String {
    if script.lines().any(|line| line.matches('`').count() % 2 != 0) {
        return script.to_owned();
    }
    let mut inside = false;
    let is_code = |line: &&str| {
        let begins = line.starts_with("/*") && line.find("*/").is_none_or(|at| at + 2 == line.len());
        let comment = inside || begins;
        inside = comment && !line.contains("*/");
        !comment && !line.starts_with("//") && !line.is_empty()
    };
    script.lines().map(str::trim).filter(is_code).collect::<Vec<_>>().join("\n")
}

/// Builds the release page if a source is newer.
pub fn build_if_changed() -> Outcome {
    let page = std::fs::metadata(project().join(DIST).join("index.html")).and_then(|m| m.modified());
    if page.is_ok_and(|built| built >= newest_source()) { Ok(()) } else { build() }
}

/// Finds out what a first visit runs, and writes the list of what comes later.
pub fn profile() -> Outcome {
    let browser = browser::ensure()?;
    prepare(&["--profile", PROFILE])?;
    trunk(&RELEASE, WATCHED)?;
    let folder = project().join(WATCHED);
    let functions = code::watch(&folder).map_err(|why| Failure(format!("the page cannot be watched: {why}")))?;
    let mut visits = cargo();
    visits.args(["test", "--test", "browser", "--", "profile::"]).env("ORDINAL_WATCHED", &folder).env("CHROMEDRIVER", browser.driver);
    visits.envs(browser.chrome.map(|chrome| ("CHROME", chrome)));
    run(&mut visits)?;
    let ran = std::fs::read(folder.join("ran")).map_err(|why| Failure(format!("nobody told what ran: {why}")))?;
    let known = functions.iter().zip(&ran).filter(|(of, _)| !of.name.is_empty());
    let list = List::made(known.map(|(of, ran)| (of.name.as_str(), of.bytes, *ran == b'1')));
    let text = format!("{LIST_HEAD}{}", list.written());
    std::fs::write(project().join(code::LIST), text).map_err(|why| Failure(format!("{} cannot be written: {why}", code::LIST)))
}

/// Builds the model alone, with the page's profile, into target/twin.
pub fn build_twin() -> Outcome {
    tools::ensure_target()?;
    tools::ensure()?;
    run(own_flags(cargo().args(["build", "--quiet", "--profile", PROFILE, "--target", tools::WASM]).args(PAGE_TARGET).args(TWIN_TARGET)))?;
    run(program("wasm-bindgen").args(["--target", "web", "--no-typescript", "--out-dir", TWIN]).arg(linked("twin")))
}

/// The file of a module as the linker left it.
fn linked(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), Into::into);
    target.join(tools::WASM).join(PROFILE).join(format!("{name}.wasm"))
}

/// Builds the page, serves it on this machine, and rebuilds it whenever a source changes; the truth page stays as it was first. Does not
/// return.
pub fn serve(wish: &Wish) -> Outcome {
    let (options, arguments, dist) =
        if wish.debug { (vec![], vec!["--dist"], DEBUG_DIST) } else { (vec!["--profile", PROFILE], RELEASE.to_vec(), MADE) };
    let mut seen = newest_source();
    prepare_with_truth(&options)?;
    trunk(&arguments, dist)?;
    let site = open(wish.port, dist)?;
    println!("Ordinal runs at http://127.0.0.1:{}/ (Ctrl-C ends it)", site.port());
    loop {
        sleep(LOOK_EVERY);
        let now = newest_source();
        if now > seen {
            seen = now;
            match trunk(&arguments, dist) {
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
        .find_map(|port| Site::open(port, root.clone(), "/", None, |_, _| true).ok())
        .ok_or_else(|| Failure(format!("no free port in {} to {}; choose one with --port", tried.start(), tried.end())))
}

/// Has trunk make the page; the last of the arguments says where. What the page fetches later goes beside it, each in
/// one file.
fn trunk(arguments: &[&str], dist: &str) -> Outcome {
    // trunk reads NO_COLOR as its own option and rejects its usual value.
    run(own_flags(program("trunk").args(["build", "--offline"]).args(arguments).arg(dist).env_remove("NO_COLOR")))?;
    let files = [
        ("course.txt", joined_course()),
        ("ko.txt", joined_texts()),
        ("fields.txt", std::fs::read_to_string(project().join(FIELDS))),
        ("stuck.txt", joined_clusters()),
    ];
    let (dist, truth) = (project().join(dist), project().join(TRUTH));
    let put: std::io::Result<()> = files.into_iter().try_for_each(|(name, text)| std::fs::write(dist.join(name), text?));
    let put = put.and_then(|()| if truth.exists() { copy_folder(&truth, &dist.join("truth")) } else { Ok(()) });
    put.map_err(|why| Failure(format!("what comes later cannot be put beside the page: {why}")))
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            std::fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// The Korean texts, as the page fetches them: what has no section comes first.
fn joined_texts() -> std::io::Result<String> {
    ["why", "page", "diagnose", "plan", "risks", "note"]
        .iter()
        .map(|name| std::fs::read_to_string(project().join(format!("src/text/ko/{name}.txt"))))
        .collect()
}

/// The stuck clusters, each after a line with its family and its set, as the page lists them.
fn joined_clusters() -> std::io::Result<String> {
    let cluster = |line: &str| {
        let (head, folder) = line.rsplit_once(' ').unwrap_or_default();
        Ok(format!("=== {head}\n{}", std::fs::read_to_string(project().join(RECORDED).join(folder).join("cluster.yaml"))?))
    };
    std::fs::read_to_string(project().join(STUCK))?.lines().map(cluster).collect()
}

/// The files of the course in their order, each after a line with its name, as `lesson::open_course` reads them.
fn joined_course() -> std::io::Result<String> {
    let folder = project().join(COURSE);
    let order = std::fs::read_to_string(folder.join("course.txt"))?;
    let file = |name: &str| Ok(format!("# {name}\n{}---\n", std::fs::read_to_string(folder.join(format!("{name}.yaml")))?));
    std::iter::once("../terms").chain(order.split_whitespace()).map(file).collect()
}

/// Flags for the compiler in the environment would take the place of those that the page is built with.
fn own_flags(command: &mut Command) -> &mut Command {
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS")
}

fn newest_source() -> SystemTime {
    let skip = project().join(NOT_THE_PAGE);
    SOURCES.iter().map(|name| newest(&project().join(name), &skip)).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The latest modification at or below `path`, except at or below `skip`.
fn newest(path: &Path, skip: &Path) -> SystemTime {
    let own = path.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let Ok(entries) = path.read_dir() else { return own };
    entries.flatten().map(|entry| entry.path()).filter(|path| path != skip).map(|path| newest(&path, skip)).fold(own, SystemTime::max)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_script_loses_comments_and_nothing_else() {
        let script = "// one\n/** two\n * three\n */\nconst area = width\n  * height;\n\n/* four */\n  /* five */ run();\n";
        assert_eq!(shortened(script), "const area = width\n* height;\n/* five */ run();");
    }
}
