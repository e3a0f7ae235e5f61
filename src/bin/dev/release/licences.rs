//! The licences of the crates that are in the program: each asks for its text in every copy.
//!
//! Not in the list: Rust's own library, and what only builds the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{PROGRAM, archive, at};
use crate::shell::{Failure, Outcome, cargo, output_of};

/// What begins the name of a licence's file.
const NAMES: [&str; 5] = ["COPYING", "LICENCE", "LICENSE", "NOTICE", "UNLICENSE"];
/// Where there is a choice, this licence is taken: its text has the names of the authors.
const CHOSEN: &str = "MIT";

/// The licences of all crates in the program for a platform, or for this machine.
pub(super) fn of_others(triple: Option<&str>) -> Outcome<String> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "--quiet", "--package", PROGRAM, "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"]);
    if let Some(triple) = triple {
        tree.args(["--target", triple]);
    }
    let tree = output_of(&mut tree).ok_or_else(|| Failure(format!("cargo cannot tell the dependencies of {PROGRAM}")))?;
    let crates: BTreeSet<(&str, &str, &str)> = tree.lines().filter_map(in_program).collect();
    crates.into_iter().map(|(name, version, licence)| text_of(name, version, licence)).collect()
}

/// Name, version and licence of a crate, as cargo prints them. A crate of ours has its folder behind the version, and a macro a word.
fn in_program(line: &str) -> Option<(&str, &str, &str)> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    words.next().is_none().then_some((name, version, licence.trim_end_matches(" (*)")))
}

/// The licence of a crate, with its text where the crate has one.
fn text_of(name: &str, version: &str, licence: &str) -> Outcome<String> {
    let folder = source_of(&format!("{name}-{version}"))?;
    let mut files = Vec::new();
    licence_files(&folder, &mut files)?;
    let is_chosen = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(CHOSEN));
    let is_choice = !licence.contains(" AND ");
    if is_choice && files.iter().any(is_chosen) {
        files.retain(is_chosen);
    }
    let texts: Outcome<BTreeSet<String>> = files.iter().map(|path| std::fs::read_to_string(path).map_err(at(path))).collect();
    let texts: Vec<String> = texts?.iter().map(|text| format!("{}\n", text.trim_end())).collect();
    Ok(format!("{name} {version}: {licence}\n\n{}\n", texts.join("\n")))
}

/// The folder into which cargo unpacked a crate.
fn source_of(title: &str) -> Outcome<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let registries = archive::sorted(&home.unwrap_or_default().join("registry/src"))?;
    let found = registries.iter().map(|registry| registry.join(title)).find(|folder| folder.is_dir());
    found.ok_or_else(|| Failure(format!("the source of {title} is not where cargo unpacks crates")))
}

/// The licences in a folder and below: C code has a folder of its own.
fn licence_files(folder: &Path, out: &mut Vec<PathBuf>) -> Outcome {
    for path in archive::sorted(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_dir() {
            licence_files(&path, out)?;
        } else if NAMES.iter().any(|begin| name.starts_with(begin)) {
            out.push(path);
        }
    }
    Ok(())
}
