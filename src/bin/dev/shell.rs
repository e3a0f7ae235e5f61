//! Running other programs: in which directory, with which PATH, and how failures are reported.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// Why a command failed: one sentence for the person who typed it.
#[derive(Debug)]
pub struct Failure(pub String);

/// The result of each step of a command.
pub type Outcome<T = ()> = Result<T, Failure>;

/// The directory of the workspace.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).expect("src/bin/dev is three directories deep")
}

/// Where tools of pinned versions are installed; not in PATH, and safe from partial `cargo clean`s.
pub fn tools() -> PathBuf {
    project().join("target/tools")
}

/// A program to be run in the project's directory, with the installed tools first in its PATH.
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
    let folders = std::iter::once(tools().join("bin")).chain(std::env::split_paths(&inherited));
    // A directory whose name contains the separator cannot be listed; then the inherited PATH has to do.
    std::env::join_paths(folders).unwrap_or(inherited)
}

/// A command as a person would type it.
fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    format!("`{}`", words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" "))
}
