//! The files of a git repository: those that are there now, and those of another commit.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use super::folder;
use crate::input::Failure;

const GIT: &str = "git";
/// What is said of a base that git does not have.
const NOT_HERE: &str = "no branch and no commit of this name is here; in a workflow, `fetch-depth: 0` of actions/checkout fetches it";

/// Files below a folder: by default the current one, and none.
#[derive(Debug, Default)]
pub struct Tree {
    at: PathBuf,
    /// Their paths from there, parted by `/`.
    pub files: BTreeSet<String>,
}

impl Tree {
    /// Where a path of the tree is on the disk.
    pub fn path(&self, path: &str) -> PathBuf {
        self.at.join(path)
    }

    /// A file's text, whatever its bytes are.
    pub fn text(&self, file: &str) -> Result<String, Failure> {
        let bytes = fs::read(self.path(file)).map_err(|error| Failure::at(file, error))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The repository that has the current folder. The current folder is its top from then on, so that paths are those of the repository.
#[derive(Debug)]
pub struct Repository {
    /// The files that are there now, with those that nobody added; ignored ones are none.
    pub now: Tree,
    top: String,
    /// The path of the folder that was current: empty, or with `/` at its end.
    prefix: String,
}

impl Repository {
    /// Outside of a repository of git, all files below the current folder are those that are there now.
    pub fn enter() -> Result<Repository, Failure> {
        let Ok(prefix) = git(&["rev-parse", "--show-prefix"]).map(|prefix| line(&prefix)) else {
            let wrong = |error: std::io::Error| Failure::at(".", error);
            let top = env::current_dir().map_err(wrong)?.display().to_string();
            return Ok(Repository { now: folder::tree("").map_err(wrong)?, top, prefix: String::new() });
        };
        let top = line(&git(&["rev-parse", "--show-toplevel"])?);
        env::set_current_dir(&top).map_err(|error| Failure::at(&top, error))?;
        let listed = paths(&git(&["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?);
        // What was deleted and not committed yet is still on git's list.
        let files = listed.into_iter().filter(|file| Path::new(file).is_file()).collect();
        Ok(Repository { now: Tree { at: PathBuf::from("."), files }, top, prefix })
    }

    /// The path from the top of the repository of a path from the folder that was current, or from the top of the disk.
    pub fn path(&self, path: &Path) -> String {
        let (folder, path) = path.strip_prefix(&self.top).map_or((&*self.prefix, path), |path| ("", path));
        joined(folder, &path.display().to_string().replace('\\', "/"))
    }

    /// The commit that the work parted from, and what changed since.
    pub fn base(&self, name: &str) -> Result<Base, Failure> {
        // Of a shallow clone nobody knows where two commits parted.
        let parted = git(&["merge-base", name, "HEAD"]).map(|commit| line(&commit));
        let here = || git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).map(|commit| line(&commit));
        let commit = parted.or_else(|_| here()).map_err(|_| Failure::at(name, NOT_HERE))?;
        let mut changed = paths(&git(&["diff", "--name-only", "--no-renames", "-z", &commit])?);
        changed.extend(paths(&git(&["ls-files", "-z", "--others", "--exclude-standard"])?));
        let folder = Folder(env::temp_dir().join(format!("ordinal-check-{}", process::id())));
        let (tree, index) = (folder.0.join("tree"), folder.0.join("index"));
        fs::create_dir_all(&tree).map_err(|error| Failure::at(tree.display(), error))?;
        let apart = [("GIT_INDEX_FILE", index.as_path())];
        git_with(&["read-tree", &commit], &apart)?;
        git_with(&["checkout-index", "--all", &format!("--prefix={}/", tree.display())], &apart)?;
        let files = paths(&git(&["ls-tree", "-r", "--name-only", "-z", &commit])?);
        Ok(Base { tree: Tree { at: tree, files }, changed, _folder: folder })
    }
}

/// The files of a commit.
#[derive(Debug)]
pub struct Base {
    pub tree: Tree,
    /// The paths that are other now, come or gone.
    pub changed: BTreeSet<String>,
    _folder: Folder,
}

/// A folder that goes with its owner.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A path from a folder, without `.` and `..`.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a path is a folder, or is below it. The folder without a name has all paths.
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder of a path: empty at the top.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn git(args: &[&str]) -> Result<String, Failure> {
    git_with(args, &[])
}

fn git_with(args: &[&str], env: &[(&str, &Path)]) -> Result<String, Failure> {
    let output = Command::new(GIT).args(args).envs(env.iter().copied()).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::at(GIT, error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::at(format!("{GIT} {}", args[0]), String::from_utf8_lossy(&output.stderr).trim()))
}

/// The one line that git printed.
fn line(printed: &str) -> String {
    printed.trim_end_matches(['\n', '\r']).to_owned()
}

/// The paths that git printed with `-z`.
fn paths(printed: &str) -> BTreeSet<String> {
    printed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
}
