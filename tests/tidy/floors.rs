//! The floors of the house: each crate below `src` lies on one, and names crates of its own floor and of floors below.
//!
//! What only tests depend on is left out: the tests of kubectl's commands type them in the playground, which is a floor above.

use std::fs;
use std::path::{Path, PathBuf};

use super::{crates, declared, dependency};

/// The folders of `src`, from the ground up.
pub const FLOORS: [&str; 5] = ["model", "terminal", "page", "analysis", "bin"];

/// The floor of a crate by its folder; `None` below `tests`.
fn floor_of(folder: &Path) -> Option<usize> {
    let inside = folder.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    FLOORS.iter().position(|floor| inside.starts_with(floor))
}

/// The crates below `src`: folder and manifest.
fn packages() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    crates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

/// The name of the folder of a crate, by which the others name the crate.
fn name_of(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[test]
fn a_crate_names_only_crates_of_its_floor_and_below() {
    let all = packages();
    assert!(all.len() > 25, "{}", all.len());
    let floor_named = |name: &str| all.iter().find(|(folder, _)| name_of(folder) == name).and_then(|(folder, _)| floor_of(folder));
    let mut upwards = Vec::new();
    for (folder, manifest) in &all {
        let floor = floor_of(folder).unwrap_or_else(|| panic!("{} is on no floor", folder.display()));
        let compiled = declared(manifest).filter(|(section, _)| !section.contains("dev-dependencies"));
        let above = compiled.map(|(_, line)| dependency(line)).filter(|name| floor_named(name).is_some_and(|other| other > floor));
        upwards.extend(above.map(|name| format!("{}: {name}", folder.display())));
    }
    assert!(upwards.is_empty(), "arrows that run up:\n{}", upwards.join("\n"));
}

#[test]
fn every_floor_says_what_it_is() {
    for floor in FLOORS {
        let face = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(floor).join("README.md");
        let text = fs::read_to_string(&face).unwrap_or_else(|e| panic!("{}: {e}", face.display()));
        assert!(text.starts_with("# "), "{}: no heading", face.display());
        for (folder, _) in packages().iter().filter(|(folder, _)| floor_of(folder) == floor_of(&face)) {
            assert!(text.contains(&format!("`{}`", name_of(folder))), "{}: nothing of {}", face.display(), name_of(folder));
        }
    }
}
