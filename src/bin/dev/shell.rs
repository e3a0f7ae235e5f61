//! Running other programs: in which directory, with which PATH, what is said meanwhile, and how failures are reported.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Why a command failed: one sentence for the person who typed it.
#[derive(Debug)]
pub struct Failure(pub String);

/// The result of each step of a command.
pub type Outcome<T = ()> = Result<T, Failure>;

/// The directory of the workspace.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("src/bin/dev is three directories deep")
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), Into::into)
}

/// Where tools of pinned versions are installed; not in PATH, and safe from partial `cargo clean`s.
pub fn tools() -> PathBuf {
    project().join("target/tools")
}

/// A program to be run in the project's directory, with the installed tools and those of the project first in its PATH.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project()).env("PATH", path());
    command
}

/// The cargo that runs us, or else the one in PATH.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program to its end, with its output going to ours.
pub fn run(command: &mut Command) -> Outcome {
    start(command)?.finish()
}

/// Starts a program, with its output going to ours.
pub fn start(command: &mut Command) -> Outcome<Running> {
    let said = said(command);
    let child = command.spawn().map_err(|e| Failure(format!("cannot start {said}: {e}")))?;
    Ok(Running { said, child })
}

/// A program that runs beside us.
pub struct Running {
    said: String,
    child: Child,
}

impl Running {
    /// Waits for its end.
    pub fn finish(mut self) -> Outcome {
        let said = self.said;
        let status = self.child.wait().map_err(|e| Failure(format!("{said}: {e}")))?;
        if status.success() { Ok(()) } else { Err(Failure(format!("{said} failed ({status})"))) }
    }
}

/// A part of a command that may take minutes: said when it begins, and when it has ended.
pub struct Step {
    what: &'static str,
    begun: Instant,
}

/// A step that takes less is not worth a line of its end, in seconds.
const SHORT: u64 = 5;

impl Step {
    /// Says what begins, and how long it takes here where nothing of it is there yet: `minutes` are those of the machine on which
    /// [`FIXED_WORK_TAKES`] was measured.
    pub fn begin(what: &'static str, minutes: f64) -> Step {
        let here = (minutes * slowness()).round().max(1.0);
        eprintln!("cargo dev: {what} (the first time about {here} min on this machine)");
        Step { what, begun: Instant::now() }
    }

    /// Says how long it took.
    pub fn end(self) {
        let took = self.begun.elapsed().as_secs();
        if took >= SHORT {
            eprintln!("cargo dev: {} took {} min {} s", self.what, took / 60, took % 60);
        }
    }
}

/// A fixed piece of work, and how long it takes on the machine on which the minutes of the steps were measured, with two cores.
const FIXED_WORK: u64 = 4_000_000;
const FIXED_WORK_TAKES: Duration = Duration::from_millis(30);
const CORES: usize = 2;

/// How many times longer a build takes here than on that machine.
fn slowness() -> f64 {
    let begun = Instant::now();
    std::hint::black_box((0..FIXED_WORK).fold(1_u64, |x, at| x.wrapping_mul(6_364_136_223_846_793_005) ^ at));
    let cores = std::thread::available_parallelism().map_or(CORES, usize::from).clamp(1, 2 * CORES);
    let ratio = |a: usize, b: usize| f64::from(u32::try_from(a).unwrap_or(1)) / f64::from(u32::try_from(b).unwrap_or(1));
    begun.elapsed().as_secs_f64() / FIXED_WORK_TAKES.as_secs_f64() * ratio(CORES, cores)
}

/// A program's standard output, or `None` if it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first of `names` that is in PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&path()).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|path| path.is_file())
    })
}

fn path() -> OsString {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let own = [tools().join("bin"), target().join("debug")];
    let folders = own.into_iter().chain(std::env::split_paths(&inherited));
    // A directory whose name contains the separator cannot be listed; then the inherited PATH has to do.
    std::env::join_paths(folders).unwrap_or(inherited)
}

/// A command as a person would type it.
fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    format!("`{}`", words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" "))
}
