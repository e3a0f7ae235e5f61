//! The ledger of use: how often whatever a terminal understands is said in what others wrote.
//!
//! Votes have the documents that this project started from (`tests/seeds`), Kubernetes' tutorials, the public cases and pastes, and real
//! clusters. Texts of our own have none: the lines of `tests/data/shell` were written to try the shell. But two counts of
//! our own texts stand beside the votes: lines of recordings of real clusters, which have to run, and what this product itself tells people
//! to type.
//!
//! `tests/use.txt` has a row for each verb, flag, format, kind, program, option and function of jq: votes, recorded, told, name.
//! Where all three are nought, one of [`WORDS`] says why the thing stays; what has none of these reasons goes, and is answered as not
//! simulated. `ORDINAL_UPDATE=1` writes the counts anew, with `?` where a word is
//! missing. A flag that commands share has one row for all of them.
//!
//! The tutorials are not kept here. `tests/data/use-tutorials.txt` has what they say: `ORDINAL_TUTORIALS=GIT_DIRECTORY` writes the file
//! anew, from the newest commit of a copy of kubernetes/website.

mod findings;
mod said;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ordinal::api::kind::Kind;
use ordinal::kubectl::commands::COMMANDS;
use ordinal::kubectl::commands::command::Act;
use said::{Form, Said};

/// Why something stays that nobody says.
const WORDS: [(&str, &str); 5] = [
    ("set", "what a StatefulSet does is seen or changed with it"),
    ("row", "a row without code: nothing comes of it, or only its default is accepted"),
    ("part", "the code is that of something else that is said"),
    ("script", "scripts of charts and of manifests of outside readers run it, which are no voters"),
    ("kept", "what a real server answered about it is kept below tests/data"),
];
/// What of the documentation is read: tutorials, and tasks that are done with a terminal on applications.
const TUTORIALS: [&str; 5] =
    ["tutorials", "tasks/run-application", "tasks/debug", "tasks/configure-pod-container", "tasks/manage-kubernetes-objects"];
const DOCS: &str = "content/en/docs";
const EXAMPLES: &str = "content/en/examples";
const TUTORIALS_FILE: &str = "tests/data/use-tutorials.txt";
const LEDGER: &str = "tests/use.txt";

const VOTES: [(&str, Form); 5] = [
    ("tests/seeds", Form::Scenario),
    ("tests/data/public", Form::Paste),
    ("tests/data/public4", Form::Paste),
    ("tests/data/diagnose", Form::Paste),
    ("tests/data/diagnose-pastes", Form::Paste),
];
const TOLD: [(&str, Form); 7] = [
    ("README.md", Form::Markdown),
    ("src/page/about", Form::Markdown),
    ("src/page/lesson/course", Form::Paste),
    ("src/page/sayings", Form::Paste),
    ("src/page/causes", Form::Paste),
    ("src/page/text", Form::Paste),
    ("tests/cli", Form::Paste),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The texts at a path and below it.
fn texts(path: &Path, of: &dyn Fn(&str) -> bool, out: &mut Vec<String>) {
    if path.is_dir() {
        let mut below: Vec<PathBuf> = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        below.sort();
        below.iter().for_each(|path| texts(path, of, out));
    } else if of(path.file_name().and_then(|name| name.to_str()).unwrap_or_default()) {
        out.extend(fs::read_to_string(path).ok());
    }
}

fn said(places: &[(&str, Form)]) -> Said {
    let mut said = Said::default();
    for (place, form) in places {
        // Pages about the cases are ours.
        let is_theirs = |name: &str| match form {
            Form::Script => name.ends_with(".txt"),
            Form::Scenario => name.ends_with(".yaml"),
            Form::Paste => !name.ends_with(".md"),
            Form::Markdown => true,
        };
        let mut all = Vec::new();
        texts(&root().join(place), &is_theirs, &mut all);
        assert!(!all.is_empty(), "nothing is read at {place}");
        all.iter().for_each(|text| said.read(text, *form));
    }
    said
}

fn recorded() -> Said {
    let mut said = Said::default();
    let mut all = Vec::new();
    texts(&root().join("tests/conformance/recordings"), &|name| name == "scenario.yaml", &mut all);
    all.iter().for_each(|text| said.read(text, Form::Scenario));
    // Cases beside manifests: lines of JSON whose member `lines` was typed before a real server.
    let mut cases = Vec::new();
    texts(&root().join("tests/data/validation"), &|name| name.ends_with(".jsonl"), &mut cases);
    for case in cases.iter().flat_map(|text| text.lines()) {
        let case: serde_json::Value = serde_json::from_str(case).expect("a case");
        let lines = case["lines"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
        lines.for_each(|line| said.read(&format!("kubectl {line}"), Form::Script));
    }
    let explained = fs::read_to_string(root().join("tests/data/kubectl/explain.txt")).expect("what kubectl explains");
    explained.split("\n$ ").for_each(|part| said.read(&format!("kubectl {}", part.lines().next().unwrap_or_default()), Form::Script));
    said
}

/// The words of a table of the shell, which no other crate sees: what `find` takes out of each line of a source.
fn rows(path: &str, find: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let text = fs::read_to_string(root().join(path)).expect("a source");
    let all: Vec<String> = text.lines().filter_map(find).collect();
    assert!(!all.is_empty(), "no rows in {path}");
    all
}

/// Whether a flag is a command's own.
fn is_own(command: &ordinal::kubectl::commands::command::Command, flag: &str) -> bool {
    command.own.iter().any(|own| own.name == flag)
}

/// Whatever a terminal understands, by the names of [`Said`].
fn understood() -> Vec<String> {
    let mut all = Vec::new();
    let is_run = |act: &Act| matches!(act, Act::Run(_));
    for command in COMMANDS.iter().filter(|command| is_run(&command.act)) {
        all.push(format!("verb {}", command.name));
        let row = |name: &str| if is_own(command, name) { format!("flag {} --{name}", command.name) } else { format!("flag --{name}") };
        // One that takes only its default is not simulated.
        all.extend(command.flags().filter(|flag| flag.only.is_none()).map(|flag| row(flag.name)));
    }
    let word = |line: &str| line.trim().strip_prefix('"')?.strip_suffix("\",").filter(|word| !word.contains(' ')).map(str::to_owned);
    all.extend(rows("src/terminal/verbs/print/format.rs", word).into_iter().map(|format| format!("format {format}")));
    all.extend(["wide", "custom-columns"].map(|format| format!("format {format}")));
    for kind in Kind::ALL {
        all.push(format!("kind {}", kind.info().name));
    }
    let described = |line: &str| {
        let (kinds, _) = line.trim().strip_prefix("Kind::")?.split_once(" => (")?;
        Some(kinds.replace("Kind::", "").replace(" | ", " "))
    };
    let in_table = |line: &str| {
        let kinds = line.strip_prefix("describe ")?;
        let kinds = kinds.strip_prefix("print ").unwrap_or(kinds);
        kinds.starts_with(char::is_uppercase).then(|| kinds.to_owned())
    };
    let mut tables = Vec::new();
    texts(&root().join("src/model/kinds"), &|name| name.ends_with(".table"), &mut tables);
    let in_tables = tables.iter().flat_map(|text| text.lines().filter_map(in_table));
    for kinds in rows("src/terminal/verbs/described/mod.rs", described).into_iter().chain(in_tables) {
        all.extend(kinds.split(' ').map(|kind| format!("describe {kind}")));
    }
    for row in rows("src/model/shell/tools.rs", |line| {
        line.trim().strip_prefix("tool(\"").or(line.trim().strip_prefix("of_desk(\"")).map(str::to_owned)
    }) {
        let mut parts = row.split('"');
        let (name, letters) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        all.push(format!("tool {name}"));
        all.extend(letters.chars().filter(char::is_ascii_alphabetic).map(|letter| format!("tool {name} -{letter}")));
    }
    for row in rows("src/model/shell/programs.rs", |line| {
        let row = line.trim().strip_prefix("Row(Home::")?;
        (row.starts_with("Shell,") || row.starts_with("File,")).then(|| row.split('"').nth(1).unwrap_or_default().to_owned())
    }) {
        all.extend(row.split_whitespace().filter(|name| *name != "kubectl").map(|name| format!("tool {name}")));
    }
    let function = |line: &str| {
        line.trim().strip_prefix("(\"")?.split_once("\", ").filter(|(_, rest)| rest.len() == 3).map(|(name, _)| format!("jq {name}"))
    };
    all.extend(rows("src/model/shell/jq/functions.rs", function));
    all.sort();
    all.dedup();
    all
}

/// How often something of [`understood`] is said; a flag without a command, by those that share it.
fn count(said: &Said, what: &str) -> usize {
    let Some(flag) = what.strip_prefix("flag --") else { return said.0.get(what).copied().unwrap_or_default() };
    let of = |command: &&ordinal::kubectl::commands::command::Command| !is_own(command, flag);
    COMMANDS.iter().filter(of).filter_map(|command| said.0.get(&format!("flag {} --{flag}", command.name))).sum()
}

/// What the tutorials say, as counted.
fn tutorials() -> Said {
    let text = fs::read_to_string(root().join(TUTORIALS_FILE)).unwrap_or_default();
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    Said(rows.map(|(count, what)| (what.to_owned(), count.parse().expect("a count"))).collect())
}

fn git(directory: &str, words: &[&str]) -> String {
    let done = Command::new("git").arg(format!("--git-dir={directory}")).args(words).output().expect("git");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Counts the tutorials of a copy of the documentation, with the manifests that they show.
fn count_tutorials(directory: &str) {
    let mut said = Said::default();
    let folders: Vec<String> = TUTORIALS.iter().map(|folder| format!("{DOCS}/{folder}")).collect();
    let words: Vec<&str> = ["ls-tree", "-r", "--name-only", "HEAD"].into_iter().chain(folders.iter().map(String::as_str)).collect();
    let mut shown = Vec::new();
    for page in git(directory, &words).lines().filter(|path| path.ends_with(".md")) {
        let text = git(directory, &["show", &format!("HEAD:{page}")]);
        said.read(&text, Form::Markdown);
        let files =
            text.split("{{").filter(|part| part.contains("code")).filter_map(|part| part.split("file=\"").nth(1)?.split('"').next());
        shown.extend(files.map(|file| format!("HEAD:{EXAMPLES}/{}", file.trim_start_matches('/'))));
    }
    shown.sort();
    shown.dedup();
    shown.iter().for_each(|file| said.read(&git(directory, &["show", file]), Form::Paste));
    let named = git(directory, &["log", "-1", "--format=%H of %as"]);
    let mut text = format!("# What Kubernetes' tutorials say, counted by tests/ledger in a copy of kubernetes/website at {named}");
    let known = understood();
    let is_known = |what: &str| known.iter().any(|known| known == what) || what.starts_with("verb ") || what.starts_with("flag ");
    said.0.iter().filter(|(what, _)| is_known(what)).for_each(|(what, count)| text.push_str(&format!("{count} {what}\n")));
    fs::write(root().join(TUTORIALS_FILE), text).expect("written");
}

#[test]
fn whatever_a_terminal_understands_is_said_or_has_a_reason_to_stay() {
    if let Some(directory) = std::env::var_os("ORDINAL_TUTORIALS") {
        count_tutorials(&directory.to_string_lossy());
    }
    let (votes, tutorials, recorded, told) = (said(&VOTES), tutorials(), recorded(), said(&TOLD));
    let was = fs::read_to_string(root().join(LEDGER)).unwrap_or_default();
    let words: BTreeMap<&str, &str> =
        was.lines().filter_map(|line| line.split_once(" : ")).map(|(row, word)| (name_of(row), word)).collect();
    let mut now = String::from("# votes recorded told what : why it stays (tests/ledger)\n");
    for what in understood() {
        let counts = [count(&votes, &what) + count(&tutorials, &what), count(&recorded, &what), count(&told, &what)];
        let _ = write!(now, "{:5} {:4} {:4} {what}", counts[0], counts[1], counts[2]);
        if counts == [0; 3] {
            let _ = write!(now, " : {}", words.get(&*what).unwrap_or(&"?"));
        }
        now.push('\n');
    }
    if std::env::var_os("ORDINAL_UPDATE").is_some() {
        fs::write(root().join(LEDGER), &now).expect("written");
    }
    let was = fs::read_to_string(root().join(LEDGER)).unwrap_or_default();
    assert!(now == was, "other things are understood or said: ORDINAL_UPDATE=1 writes {LEDGER} anew");
    let reasons: Vec<(&str, &str)> = was.lines().filter_map(|line| line.split_once(" : ")).skip(1).collect();
    for (row, word) in &reasons {
        assert!(WORDS.iter().any(|(known, _)| known == word), "nobody says it, and no reason is known: {row} : {word}");
    }
}

/// The name in a row, behind three counts.
fn name_of(row: &str) -> &str {
    let mut rest = row;
    for _ in 0..3 {
        rest = rest.trim_start().split_once(' ').map_or("", |(_, rest)| rest);
    }
    rest
}
