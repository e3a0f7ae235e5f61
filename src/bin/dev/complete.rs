//! What `cargo dev` does for trunk, which asks for it by the hooks in Trunk.toml: the page is whole whoever calls trunk.
//!
//! The truth page is written while the page compiles (`page::make_truth`). The rest is done to the finished page, before trunk puts it into
//! its place: what the page fetches later goes beside the page, and a release page becomes shorter.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base::hash::fnv1a_128;

use crate::code;
use crate::page::linked;
use crate::shell::{Failure, Outcome, project};

/// The truth page and the pages about Ordinal as they were made last; their folders go beside the page.
pub const STATIC: &str = "target/static";
/// If this variable is set, the module stays in one piece, with its names.
pub const WHOLE: &str = "ORDINAL_WHOLE";
/// The lessons, and the file with their order.
const COURSE: &str = "src/lesson/course";
/// The line of that file that ends the short path.
const END_OF_SHORT_PATH: &str = "===";
/// What the API says of its fields.
const FIELDS: &str = "src/kubectl/verbs/described.txt";
/// The examples of stuck clusters: family, set, and the folder of the recording.
const STUCK: &str = "src/intake/examples.txt";
/// Where the recordings of stuck clusters are.
const RECORDED: &str = "tests/data/diagnose";

/// The page that trunk is making, as its hooks are told.
pub struct Made {
    folder: PathBuf,
    /// Whether the page is for work on it, and not for visitors.
    pub debug: bool,
}

impl Made {
    /// The page of the hook that runs this; fails outside of a hook.
    pub fn by_trunk() -> Outcome<Made> {
        let told = |name: &str| -> Outcome<OsString> {
            std::env::var_os(name).ok_or_else(|| Failure(format!("this is for trunk's hooks (Trunk.toml), which set {name}")))
        };
        Ok(Made { folder: told("TRUNK_STAGING_DIR")?.into(), debug: told("TRUNK_PROFILE")? != *"release" })
    }

    /// Puts beside the page what the page fetches later, each in one file; makes a release page shorter and splits its code.
    pub fn complete(&self) -> Outcome {
        let files = [
            ("course.txt", joined_course()),
            ("ko.txt", joined_texts()),
            ("fields.txt", std::fs::read_to_string(project().join(FIELDS))),
            ("stuck.txt", joined_clusters()),
        ];
        let put: std::io::Result<()> = files.into_iter().try_for_each(|(name, text)| std::fs::write(self.folder.join(name), text?));
        put.and_then(|()| copy_folder(&project().join(STATIC), &self.folder))
            .map_err(|why| Failure(format!("what comes later cannot be put beside the page: {why}")))?;
        if self.debug || std::env::var_os(WHOLE).is_some() {
            return Ok(());
        }
        let shortened = shorten_scripts(&self.folder).and_then(|()| join_styles(&self.folder)).map_err(|why| why.to_string());
        shortened
            .and_then(|()| code::send(&self.folder, &linked("ordinal-app")))
            .map_err(|why| Failure(format!("the page cannot be shortened: {why}")))
    }
}

/// When the truth page was written last; `None` if it was not.
pub fn truth_made() -> Option<SystemTime> {
    project().join(STATIC).join("truth/index.html").metadata().and_then(|m| m.modified()).ok()
}

/// The styles that a first visit needs only when all of the code is there, by the beginnings of their names.
const LATER: [&str; 4] = ["panes-", "lesson-", "stuck-", "embed-"];
/// The script that asks for them before the first paint of every other visit, as the page names it.
const CHOICES: &str = "<script src=choices.js";

/// Puts the styles that the page links into two files, in their order: those of a first visit, which the page links, and all others, which
/// its scripts ask for. The name of each changes with its content, as the names do that trunk gives.
fn join_styles(dist: &Path) -> std::io::Result<()> {
    const LINK: (&str, &str) = ("<link href=./", " rel=stylesheet>");
    let link = |name: &str| format!("{}{name}{}", LINK.0, LINK.1);
    let index = dist.join("index.html");
    let mut page = std::fs::read_to_string(&index)?;
    let ends = page.split(LINK.1).map(|part| part.rsplit_once(LINK.0).map(|(_, name)| name));
    let names: Vec<String> = ends.flatten().filter(|name| !name.contains('>')).map(str::to_owned).collect();
    let (later, first): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| LATER.iter().any(|begins| name.starts_with(begins)));
    let joined = |names: &[String], end: &str| {
        let sheets = names.iter().map(|name| std::fs::read_to_string(dist.join(name))).collect::<std::io::Result<String>>()?;
        names.iter().try_for_each(|name| std::fs::remove_file(dist.join(name)))?;
        let name = format!("style-{:032x}{end}.css", fnv1a_128(sheets.as_bytes()));
        std::fs::write(dist.join(&name), sheets).map(|()| name)
    };
    let (at_first, afterwards) = (joined(&first, "")?, joined(&later, "-later")?);
    for name in later.iter().chain(&first[1..]) {
        page = page.replace(&link(name), "");
    }
    page = page.replace(&link(&first[0]), &link(&at_first)).replace(CHOICES, &format!("{CHOICES} data-styles={afterwards}"));
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

/// The files of the course in their order, each after a line with its name, as `lesson::open_course` reads them; the line that ends the
/// short path stands between them.
fn joined_course() -> std::io::Result<String> {
    let folder = project().join(COURSE);
    let order = std::fs::read_to_string(folder.join("course.txt"))?;
    let file = |name: &str| Ok(format!("# {name}\n{}---\n", std::fs::read_to_string(folder.join(format!("{name}.yaml")))?));
    let part = |line: &str| if line == END_OF_SHORT_PATH { Ok(format!("{line}\n---\n")) } else { file(line) };
    ["../terms", "../words"].into_iter().chain(order.split_whitespace()).map(part).collect()
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
