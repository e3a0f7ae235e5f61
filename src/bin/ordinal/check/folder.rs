//! Manifests below a folder that need be in no repository: read and rendered as those of a repository are.

use std::path::{Component, Path, PathBuf};
use std::{env, fs, path};

use super::repository::{Tree, folder_of, joined};
use super::unit::{self, Made, Unit};
use crate::input::{Failure, Input};
use crate::show;

/// What was read below some folders.
#[derive(Default)]
pub struct Read {
    /// The manifests with a set, each with what is applied together.
    pub inputs: Vec<Input>,
    /// Whether something could not be read.
    pub is_unread: bool,
}

/// Whether a path is read as a folder is: a folder, or the file that makes its folder a chart or a kustomization.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.file_name().is_some_and(|name| unit::is_maker(&name.to_string_lossy()) && path.is_file())
}

/// Reads what is below a folder; of a file that makes its folder something, that folder alone.
pub fn read(path: &Path, read: &mut Read) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::at(path.display(), error);
    let shown = from_here(path).map_err(wrong)?;
    let folder = if path.is_dir() { &*shown } else { folder_of(&shown) };
    let tree = tree(folder).map_err(wrong)?;
    let is_asked = |unit: &&Unit| path.is_dir() || unit.folder == folder && unit.name() == shown;
    for unit in unit::of(&tree).iter().filter(is_asked) {
        match unit.make(&tree) {
            Ok(Made::Inputs(inputs)) => read.inputs.extend(inputs),
            Ok(Made::NoProgram(program)) => show::complain(&unit.not_checked(program)),
            Err(why) => {
                read.is_unread = true;
                show::complain(&why.0);
            }
        }
    }
    Ok(())
}

/// The files below a folder.
pub(super) fn tree(folder: &str) -> Result<Tree, std::io::Error> {
    let mut tree = Tree::default();
    below(folder, &mut tree)?;
    Ok(tree)
}

/// Adds the files below a folder. What is hidden is no manifest, and a link leads elsewhere.
fn below(folder: &str, tree: &mut Tree) -> Result<(), std::io::Error> {
    let here = if folder.is_empty() { "." } else { folder };
    for entry in fs::read_dir(here)? {
        let (entry, name) = entry.map(|entry| (entry.file_type(), entry.file_name().to_string_lossy().into_owned()))?;
        let (kind, path) = (entry?, joined(folder, &name));
        let is_hidden = name.starts_with('.');
        if kind.is_dir() && !is_hidden {
            below(&path, tree)?;
        } else if kind.is_file() && !is_hidden {
            tree.files.insert(path);
        }
    }
    Ok(())
}

/// A path from the current folder, parted by `/`.
fn from_here(path: &Path) -> Result<String, std::io::Error> {
    let shown = |path: &Path| path.display().to_string().replace('\\', "/");
    if path.is_relative() {
        return Ok(joined("", &shown(path)));
    }
    let (here, path) = (env::current_dir()?, path::absolute(path)?);
    let (mut from, mut to) = (here.components().peekable(), path.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| Component::ParentDir);
    Ok(joined("", &shown(&up.chain(to).collect::<PathBuf>())))
}
