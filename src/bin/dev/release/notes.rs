//! The notes of a release: its changes, from the subjects of commits.
//!
//! A subject is `area: summary`. An area belongs to a part that users know, or says nothing to users. The latter are counted only. A long
//! part shows some of its changes and counts the others. Those that changed what users read come first, and then the newest.

use std::path::Path;
use std::process::Command;

use super::{PAGE, VERSION, title};
use crate::shell::{Failure, Outcome, output_of};

/// The parts that users know, and their areas.
const PARTS: [(&str, &[&str]); 9] = [
    ("Command line and plugin", &["bin", "ordinal"]),
    ("Diagnosis", &["causes", "diagnose", "intake", "paste", "stuck"]),
    ("Plans of changes", &["plan"]),
    ("Risks", &["risks"]),
    (
        "Page",
        &[
            "app",
            "boot",
            "clock",
            "cluster",
            "compare",
            "editor",
            "embed",
            "history",
            "intro",
            "keys",
            "link",
            "links",
            "log",
            "manifest",
            "page",
            "playground",
            "publish",
            "session",
            "share",
            "style",
            "time",
            "view",
            "words",
        ],
    ),
    ("Explanations", &["text", "why"]),
    ("Lessons", &["lesson"]),
    ("kubectl and shell", &["console", "containers", "create", "curl", "jq", "kubectl", "shell"]),
    ("Simulated Kubernetes", &["api", "control", "dns", "kinds", "releases", "scenario", "server", "sim", "validate", "yaml"]),
];
/// What users read or see: the beginnings of paths.
const READ: [&str; 9] = [
    "README.md",
    "index.html",
    "public/",
    "src/model/base/note.txt",
    "src/page/lesson/course/",
    "src/page/about/",
    "src/page/text/",
    "style/",
    "tests/cli/",
];
/// The most changes that a part shows.
const SHOWN: usize = 15;
/// Separates commits in what git prints.
const MARK: char = '\u{1}';
/// What Markdown would read as its own.
const SIGNS: &str = "\\`*_[]<>|#";

/// A change, as a commit tells of it.
struct Change {
    subject: String,
    /// The first area in front of the subject's colon, if there is one.
    area: Option<String>,
    is_read: bool,
}

/// The notes for the commits of a range, or of all since the tag before.
pub fn of(repository: &Path, range: Option<&str>) -> Outcome<String> {
    let since = range.map_or_else(|| last_tag(repository).map(|tag| format!("{tag}..HEAD")), |range| Some(range.to_owned()));
    let mut log = git(repository);
    log.args(["log", "--no-merges", "--name-only"]).arg(format!("--format={MARK}%s")).args(&since).arg("--");
    let text = output_of(&mut log).ok_or_else(|| Failure(format!("git has no commits {}", since.as_deref().unwrap_or("here"))))?;
    let changes: Vec<Change> = text.split(MARK).skip(1).map(Change::read).collect();
    Ok(format!("{}\n{}", install(), told(&changes, since.as_deref())))
}

fn git(repository: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(repository);
    command
}

/// The tag before the last commit: on the last commit stands the tag of this release.
fn last_tag(repository: &Path) -> Option<String> {
    let tag = output_of(git(repository).args(["describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^"]))?;
    Some(tag.trim().to_owned())
}

/// How the files of the release are used.
fn install() -> String {
    format!(
        "\
Unpack the archive of your platform, and put `ordinal` into your path. Under the name `kubectl-ordinal` the program is a plugin of
kubectl. The folder `page` beside the program is the page; `{}.tar.gz` has the page alone, for any static host.
`sha256sum --check --ignore-missing SHA256SUMS` checks what you downloaded.
",
        title(PAGE)
    )
}

impl Change {
    fn read(entry: &str) -> Change {
        let mut lines = entry.lines();
        let subject = lines.next().unwrap_or_default().to_owned();
        let is_area =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
        let areas = subject.split_once(": ").map(|(areas, _)| areas.split(", ").collect::<Vec<_>>()).unwrap_or_default();
        let area = areas.iter().all(|area| is_area(area)).then(|| areas.first().map(|area| (*area).to_owned())).flatten();
        Change { area, is_read: lines.any(|path| READ.iter().any(|begin| path.starts_with(begin))), subject }
    }

    fn is_of(&self, areas: &[&str]) -> bool {
        self.area.as_deref().is_some_and(|area| areas.contains(&area))
    }
}

/// The changes by parts, and how many are in none.
fn told(changes: &[Change], since: Option<&str>) -> String {
    let range = since.map_or_else(String::new, |range| format!(" ({range})"));
    let parts = PARTS.map(|(part, areas)| part_of(part, areas, changes)).concat();
    let old = changes.iter().filter(|change| change.area.is_none()).count();
    let inside = changes.iter().filter(|change| change.area.is_some() && !PARTS.iter().any(|(_, areas)| change.is_of(areas))).count();
    let older = if old == 0 { String::new() } else { format!(", and {} whose subjects name no area", counted(old)) };
    let inside = format!("### Inside\n\n{} of tests, tools and documentation{older}.\n", counted(inside));
    format!("## Changes of {VERSION}{range}\n\n{parts}{inside}")
}

/// The changes of one part, under a heading; nothing where there are none.
fn part_of(part: &str, areas: &[&str], changes: &[Change]) -> String {
    let mut own: Vec<&Change> = changes.iter().filter(|change| change.is_of(areas)).collect();
    if own.is_empty() {
        return String::new();
    }
    // Sorting keeps the order of git, the newest first, within both kinds.
    own.sort_by_key(|change| !change.is_read);
    let lines: String = own.iter().take(SHOWN).flat_map(|change| ["- ".to_owned(), escaped(&change.subject), "\n".to_owned()]).collect();
    let more = own.len().saturating_sub(SHOWN);
    let rest = if more == 0 { String::new() } else { format!("- and {more} more\n") };
    format!("### {part}\n\n{lines}{rest}\n")
}

fn counted(number: usize) -> String {
    if number == 1 { "1 change".to_owned() } else { format!("{number} changes") }
}

/// A text in which Markdown reads no sign as its own.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| SIGNS.contains(c).then_some('\\').into_iter().chain([c])).collect()
}
