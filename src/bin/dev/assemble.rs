//! Puts the page together: the module and its script, the scripts and styles of the project, and what the page fetches later.
//!
//! `cargo dev build`, `serve` and `test` come here once cargo has compiled the page. trunk comes here by its hook after a build
//! (Trunk.toml): the page of trunk's own making is replaced, so that there is one way to make a page.
//! Promises: a page that cannot be finished leaves the one before in its place.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base::hash::fnv1a_128;

use crate::code;
use crate::shell::{Failure, Outcome, program, project, run, target};
use crate::shorten::{short_markup, short_script, short_style};
use crate::tools::WASM;

/// The truth page and the pages about Ordinal as they were made last; their folders go beside the page.
pub const STATIC: &str = "target/static";
/// The name of the page's package and of its module.
pub const APP: &str = "ordinal-app";
/// The lessons, and the file with their order.
const COURSE: &str = "src/page/lesson/course";
/// The line of that file that ends the short path.
const END_OF_SHORT_PATH: &str = "===";
/// What the API says of its fields.
const FIELDS: &str = "src/terminal/verbs/described.txt";
/// The examples of stuck clusters: family, set, and the folder of the recording.
const STUCK: &str = "src/analysis/intake/examples.txt";
/// Where the recordings of stuck clusters are.
const RECORDED: &str = "tests/data/diagnose";
/// The page's text, and the folder of the files that stand beside the page as they are.
const INDEX: &str = "index.html";
const BESIDE: &str = "public";
/// What stands in the page's text where the name of the script and the module belongs.
const NAME: &str = "{app}";
/// A line of the page's text that links a style sheet begins and ends so.
const STYLE: (&str, &str) = ("<link rel=\"stylesheet\" href=\"", "\">");
/// The line of the page's text that tells trunk what to compile.
const TRUNK: &str = "<link data-trunk ";
/// The style sheets that a first visit needs only when all of the code is there.
const LATER: [&str; 5] = ["style/dense.css", "style/panes.css", "style/lesson.css", "style/stuck.css", "style/embed.css"];
/// The script that asks for them before the first paint of every other visit, as the page names it.
const CHOICES: &str = "<script src=\"choices.js\"";

/// How a page is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Every file shortened, and the code in two halves: the page for visitors.
    Split,
    /// Every file as it is, and the code in one piece, with the names of its functions.
    Whole,
}

/// A page that is to be put together.
pub struct Page {
    /// The folder of the page.
    pub folder: PathBuf,
    /// The module as the linker left it.
    pub linked: PathBuf,
    /// How the page is sent.
    pub form: Form,
}

/// The file of a module of the page's target as the linker left it, by its name and the folder of its profile.
pub fn linked(name: &str, profile: &str) -> PathBuf {
    target().join(WASM).join(profile).join(format!("{name}.wasm"))
}

impl Page {
    /// The page of the hook that runs this; fails outside of a hook.
    pub fn of_trunk() -> Outcome<Page> {
        let told = |name: &str| -> Outcome<OsString> {
            std::env::var_os(name).ok_or_else(|| Failure(format!("this is for trunk's hooks (Trunk.toml), which set {name}")))
        };
        let folder = told("TRUNK_STAGING_DIR")?.into();
        let (profile, form) = if told("TRUNK_PROFILE")? == *"release" { ("page", Form::Split) } else { ("debug", Form::Whole) };
        Ok(Page { folder, linked: linked(APP, profile), form })
    }

    /// Makes the page, in the place of what is in its folder.
    pub fn make(&self) -> Outcome {
        let new = self.folder.with_extension("new");
        let failed = |why: String| Failure(format!("the page cannot be put together: {why}"));
        clear(&new).map_err(|why| failed(why.to_string()))?;
        let stem = self.bind(&new)?;
        self.fill(&new, &stem).map_err(|why| failed(why.to_string()))?;
        if self.form == Form::Split {
            code::send(&new, &self.linked).map_err(failed)?;
        }
        clear(&self.folder).and_then(|()| fs::rename(&new, &self.folder)).map_err(|why| failed(why.to_string()))
    }

    /// Has wasm-bindgen write the module and its script; returns what the names of both begin with, which changes with the module.
    fn bind(&self, folder: &Path) -> Outcome<String> {
        let module = fs::read(&self.linked).map_err(|why| Failure(format!("{}: {why}", self.linked.display())))?;
        let stem = format!("{APP}-{:032x}", fnv1a_128(&module));
        let mut bindgen = program("wasm-bindgen");
        bindgen.args(["--target=web", "--no-typescript", "--no-demangle", &format!("--out-name={stem}")]);
        run(bindgen.arg(format!("--out-dir={}", folder.display())).arg(&self.linked))?;
        Ok(stem)
    }

    /// Writes everything but the module and its script.
    fn fill(&self, folder: &Path, stem: &str) -> std::io::Result<()> {
        copy_folder(&project().join(BESIDE), folder)?;
        let files = [
            ("course.txt", joined_course()?),
            ("ko.txt", joined_texts()?),
            ("fields.txt", fs::read_to_string(project().join(FIELDS))?),
            ("stuck.txt", joined_clusters()?),
        ];
        for (name, text) in files {
            fs::write(folder.join(name), text)?;
        }
        if truth_made().is_some() {
            copy_folder(&project().join(STATIC), folder)?;
        }
        let index = fs::read_to_string(project().join(INDEX))?;
        fs::write(folder.join(INDEX), self.index(&index, folder, stem)?)?;
        if self.form == Form::Split { shorten_scripts(folder) } else { Ok(()) }
    }

    /// The page's text: the style sheets in two files, those of a first visit, which the page links, and all others, which its scripts ask
    /// for. The name of each changes with its content.
    fn index(&self, index: &str, folder: &Path, stem: &str) -> std::io::Result<String> {
        let sheets: Vec<&str> = index.lines().filter_map(style_sheet).collect();
        let (later, first): (Vec<&str>, Vec<&str>) = sheets.iter().partition(|sheet| LATER.contains(sheet));
        let first = self.joined_styles(&first, "", folder)?;
        let later = self.joined_styles(&later, "-later", folder)?;
        let is_joined = |line: &&str| style_sheet(line).is_some_and(|sheet| sheet != sheets[0]);
        let lines = index.lines().filter(|line| !is_joined(line) && !line.trim_start().starts_with(TRUNK));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let text = text.replace(sheets[0], &first).replace(CHOICES, &format!("{CHOICES} data-styles=\"{later}\"")).replace(NAME, stem);
        Ok(if self.form == Form::Split { short_markup(&text) } else { text })
    }

    /// Writes style sheets into one file, and returns its name.
    fn joined_styles(&self, sheets: &[&str], end: &str, folder: &Path) -> std::io::Result<String> {
        let sheets = sheets.iter().map(|sheet| fs::read_to_string(project().join(sheet))).collect::<std::io::Result<String>>()?;
        let sheets = if self.form == Form::Split { short_style(&sheets) } else { sheets };
        let name = format!("style-{:032x}{end}.css", fnv1a_128(sheets.as_bytes()));
        fs::write(folder.join(&name), sheets)?;
        Ok(name)
    }
}

/// The style sheet that a line of the page's text links.
fn style_sheet(line: &str) -> Option<&str> {
    line.trim().strip_prefix(STYLE.0)?.strip_suffix(STYLE.1)
}

/// When the truth page was written last; `None` if it was not.
pub fn truth_made() -> Option<SystemTime> {
    project().join(STATIC).join("truth/index.html").metadata().and_then(|m| m.modified()).ok()
}

/// Puts the truth page and the pages about Ordinal into a page that was made before them.
pub fn add_truth(folder: &Path) -> Outcome {
    copy_folder(&project().join(STATIC), folder).map_err(|why| Failure(format!("the truth page cannot be put beside the page: {why}")))
}

/// Takes comments and indentation out of the page's scripts.
fn shorten_scripts(folder: &Path) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            let script = fs::read_to_string(&path)?;
            fs::write(path, short_script(&script))?;
        }
    }
    Ok(())
}

/// Makes an empty place for a folder.
fn clear(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// The Korean texts, as the page fetches them: what has no section comes first.
fn joined_texts() -> std::io::Result<String> {
    ["why", "page", "note"].iter().map(|name| fs::read_to_string(project().join(format!("src/page/text/ko/{name}.txt")))).collect()
}

/// The stuck clusters, each after a line with its family and its set, as the page lists them.
fn joined_clusters() -> std::io::Result<String> {
    let cluster = |line: &str| {
        let (head, folder) = line.rsplit_once(' ').unwrap_or_default();
        let dump = fs::read_to_string(project().join(RECORDED).join(folder).join("cluster.yaml"))?;
        Ok(format!("=== {head}\n{}", without_events_ids(&dump)))
    };
    fs::read_to_string(project().join(STUCK))?.lines().map(cluster).collect()
}

/// The lines of an Event's metadata that are left out begin so.
const EVENTS_IDS: [&str; 2] = ["    resourceVersion: ", "    uid: "];

/// A dump without what the server tells its Events apart by: digits that nobody reads and that do not compress (a fifth of all dumps).
fn without_events_ids(dump: &str) -> String {
    let mut out = String::with_capacity(dump.len());
    let mut rest = dump;
    while !rest.is_empty() {
        let end = rest.match_indices("\n- ").next().map_or(rest.len(), |(at, _)| at + 1);
        let (item, after) = rest.split_at(end);
        rest = after;
        let is_event = item.lines().any(|line| line == "  kind: Event");
        let mut part = "";
        for line in item.split_inclusive('\n') {
            if line.starts_with("  ") && !line.starts_with("   ") {
                part = line.trim();
            }
            if !(is_event && part == "metadata:" && EVENTS_IDS.iter().any(|id| line.starts_with(id))) {
                out.push_str(line);
            }
        }
    }
    out
}

/// The files of the course in their order, each after a line with its name, as `lesson::open_course` reads them; the line that ends the
/// short path stands between them.
fn joined_course() -> std::io::Result<String> {
    let folder = project().join(COURSE);
    let order = fs::read_to_string(folder.join("course.txt"))?;
    let file = |name: &str| Ok(format!("# {name}\n{}---\n", fs::read_to_string(folder.join(format!("{name}.yaml")))?));
    let part = |line: &str| if line == END_OF_SHORT_PATH { Ok(format!("{line}\n---\n")) } else { file(line) };
    ["../terms", "../words"].into_iter().chain(order.split_whitespace()).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_events_lose_their_own_ids() {
        let pod = "- kind: Pod\n  metadata:\n    name: web-0\n    resourceVersion: \"7\"\n    uid: 1\n";
        let event =
            |uid: &str| format!("- involvedObject:\n    uid: 1\n  kind: Event\n  metadata:\n    name: web-0.a\n{uid}  reason: Killing\n");
        let dump = |uid: &str| format!("items:\n{pod}{}{pod}{}kind: List\n", event(uid), event(uid));
        assert_eq!(without_events_ids(&dump("    resourceVersion: \"8\"\n    uid: 2\n")), dump(""));
        assert_eq!(without_events_ids(pod), pod);
    }
}
