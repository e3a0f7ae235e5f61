//! One report in all its forms: what text says of a plan, Markdown, annotations and SARIF say, too.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{json, printed};

/// The recorded changes that apply a manifest: their folders.
pub fn changes() -> Vec<PathBuf> {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan/real")).expect("a folder");
    let applies = |folder: &PathBuf| {
        let lines = fs::read_to_string(folder.join("do.json")).expect("lines");
        lines.trim() == r#"["kubectl apply -f after.yaml"]"#
    };
    let mut all: Vec<PathBuf> = folders.map(|entry| entry.expect("an entry").path()).filter(applies).collect();
    all.sort();
    all
}

/// The facts of a report as people read it: each line, without the heading of a list and without the name of the manifest.
pub fn facts(text: &str) -> Vec<String> {
    let is_fact = |line: &&str| !line.ends_with(':') || line.starts_with("The API server");
    text.lines().map(str::trim).filter(is_fact).map(|line| line.rsplit_once(" [").map_or(line, |(line, _)| line).to_owned()).collect()
}

/// The ids of a report as people read it.
pub fn ids(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| Some(line.rsplit_once(" [")?.1.strip_suffix(']')?.to_owned())).collect()
}

/// All texts of a log in SARIF.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone() + "\n",
        Value::Array(all) => all.iter().map(texts).collect(),
        Value::Object(all) => all.values().map(texts).collect(),
        _ => String::new(),
    }
}

#[test]
fn text_markdown_annotations_and_sarif_say_the_same_of_every_change() {
    let all = changes();
    assert!(all.len() > 20, "{}", all.len());
    let mut noted = 0;
    for folder in all {
        let [before, after] = ["before.yaml", "after.yaml"].map(|file| folder.join(file).display().to_string());
        let run = ["plan", &before, &after];
        let (text, code) = printed(&run);
        let in_form = |form| [&run[..], &["-o", form]].concat();
        let (markdown, of_markdown) = printed(&in_form("markdown"));
        let (github, of_github) = printed(&in_form("github"));
        assert_eq!((code, code), (of_markdown, of_github), "{}", folder.display());
        let forms = [
            ("markdown", markdown),
            ("github", github.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")),
            ("sarif", texts(&json(&in_form("sarif")))),
        ];
        for (form, said) in forms {
            for fact in facts(&text).iter().chain(&ids(&text)) {
                assert!(said.contains(fact.as_str()), "{}: {form} lacks `{fact}`:\n{said}", folder.display());
            }
        }
        noted += usize::from(text.contains("[plan-"));
    }
    assert!(noted > 5, "{noted} with an id of a plan");
}

#[test]
fn what_risks_tells_beside_the_findings_is_in_each_form() {
    let run = ["risks", "nameless.yaml", "--depth", "1"];
    let (text, _) = printed(&run);
    let beside = text.lines().filter(|line| !line.is_empty() && !line.starts_with(['`', '1', '2', '3', '4']));
    let beside = beside.map(|line| line.rsplit_once(" [").map_or(line, |(line, _)| line));
    // A remark has the line as its place.
    let beside: Vec<&str> =
        beside.map(|line| line.strip_prefix("Line ").and_then(|line| line.split_once(": ")).map_or(line, |(_, line)| line)).collect();
    assert!(beside.len() > 2 && beside[0].starts_with("Names of pods do not resolve"), "{text}");
    for form in ["markdown", "github", "sarif"] {
        let (said, _) = printed(&[&run[..], &["-o", form]].concat());
        let said = said.replace("%25", "%");
        beside.iter().for_each(|line| assert!(said.contains(line), "{form} lacks `{line}`: {said}"));
        assert!(said.contains("service-missing"), "{said}");
    }
}

#[test]
fn each_line_of_risks_has_ids_that_are_explained() {
    let run = ["risks", "web.yaml", "budget.yaml", "--depth", "1"];
    let (text, _) = printed(&run);
    let lines = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
    let mut all: Vec<String> =
        lines.flat_map(|line| ids(line).first().expect("an id").split(", ").map(str::to_owned).collect::<Vec<_>>()).collect();
    let (whole, _) = printed(&[&run[..], &["--explain", "1"]].concat());
    assert_eq!(ids(&whole), all[..1], "{whole}");
    all.sort();
    assert_eq!(all, ["best-effort", "drain-endless", "rollback-trap", "terminating"], "{text}");
    assert!(all.iter().all(|id| printed(&["explain", id]).1 == 0));
}
