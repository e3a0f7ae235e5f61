//! One run of a scenario: its trace and what kubectl printed, recorded or replayed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::words::{self, replace, word_begins, word_ends};

/// From this length on, the hash of a revision is taken for one wherever it stands.
const HASH_LENGTH: usize = 6;

/// A run.
pub struct Run {
    /// The lines of the trace, without its header.
    pub trace: Vec<Value>,
    /// kubectl's commands and their output.
    pub commands: Vec<Value>,
    /// Node names, longest first.
    nodes: Vec<String>,
    /// Real names of revisions and their labels, longest first.
    generated: Vec<(String, String)>,
}

/// A field of a trace line as text; empty if it is missing.
pub fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or("")
}

impl Run {
    /// Reads a trace and the `commands` of a kubectl.json.
    pub fn read(trace: &str, kubectl: &str) -> Result<Self, String> {
        let lines = trace.lines().map(|l| serde_json::from_str(l).map_err(|e| format!("{e} in {l}")));
        let mut trace = lines.collect::<Result<Vec<Value>, String>>()?;
        trace.retain(|x| x.get("e").is_some());
        let mut kubectl: Value = serde_json::from_str(kubectl).map_err(|e| format!("kubectl.json: {e}"))?;
        let Value::Array(commands) = kubectl["commands"].take() else { return Err("kubectl.json has no commands".into()) };
        let (nodes, generated) = (nodes(&trace), generated(&trace));
        Ok(Run { trace, commands, nodes, generated })
    }

    /// A scenario's recorded runs: `trace.jsonl`, `trace.2.jsonl`, …
    pub fn recorded(folder: &Path) -> Result<Vec<Self>, String> {
        let read = |name: String| fs::read_to_string(folder.join(&name)).map_err(|e| format!("{}/{name}: {e}", folder.display()));
        let mut runs = Vec::new();
        for suffix in std::iter::once(String::new()).chain((2..).map(|n| format!(".{n}"))) {
            if !suffix.is_empty() && !folder.join(format!("trace{suffix}.jsonl")).exists() {
                break;
            }
            runs.push(Run::read(&read(format!("trace{suffix}.jsonl"))?, &read(format!("kubectl{suffix}.json"))?)?);
        }
        Ok(runs)
    }

    /// The node chosen for each incarnation of each pod, as in scenario files; empty if there was none.
    pub fn placements(&self) -> BTreeMap<String, Vec<String>> {
        let mut placements: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in &self.trace {
            let name = text(entry, "name").to_owned();
            match text(entry, "e") {
                "pod.created" => placements.entry(name).or_default().push(String::new()),
                "pod.bound" => placements.get_mut(&name).and_then(|p| p.last_mut()).expect("a pod").push_str(text(entry, "node")),
                _ => {}
            }
        }
        placements
    }

    /// A text without what varies from run to run.
    pub fn stable(&self, text: &str) -> String {
        let mut s = replace(text, "<uid>", words::HEXADECIMAL, words::uuid).into_owned();
        s = replace(&s, "<uid>", b"<", words::reference).into_owned();
        for (name, label) in &self.generated {
            s = s.replace(name, label);
            let hash = name.rsplit('-').next().unwrap_or(name);
            if hash.len() >= HASH_LENGTH {
                s = s.replace(hash, label.rsplit('@').next().unwrap_or(label));
            }
        }
        s = replace(&s, "-#", b"-", words::numbered).into_owned();
        s = replace(&s, "-#", b"-", words::generated).into_owned();
        for node in &self.nodes {
            let named = |before: &str, rest: &str| {
                (rest.starts_with(node) && word_begins(before) && word_ends(&rest[node.len()..])).then_some(node.len())
            };
            s = replace(&s, "<node>", &node.as_bytes()[..1], named).into_owned();
        }
        s = replace(&s, "<time>", words::DATES, words::stamp).into_owned();
        replace(&s, "<ip>", words::NUMBERS, words::address).into_owned()
    }

    /// kubectl's output, line by line, without what varies from run to run and without column widths.
    pub fn screen(&self, printed: &str) -> Vec<String> {
        let stable = self.stable(printed);
        let mut out: Vec<String> = stable
            .lines()
            .map(|line| {
                let line = replace(line, "<age>", words::AGES, words::age);
                let line = replace(&line, "x<n>", b"x", words::repeats);
                let line = replace(&line, "<rv>", words::NUMBERS, words::resource_version).into_owned();
                let indent = line.len() - line.trim_start().len();
                " ".repeat(indent) + &squeeze(&line)
            })
            .collect();
        while out.last().is_some_and(String::is_empty) {
            out.pop();
        }
        out
    }
}

/// A text with all white space collapsed.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A generated pod name without its number: `web@1-#2` becomes `web@1-#`.
pub fn base(name: &str) -> String {
    match name.rsplit_once("-#") {
        Some((base, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => format!("{base}-#"),
        _ => name.to_owned(),
    }
}

/// The kind and the change of a trace line: `pod` and `bound`.
pub fn split(entry: &Value) -> (&str, &str) {
    text(entry, "e").split_once('.').unwrap_or((text(entry, "e"), ""))
}

fn nodes(trace: &[Value]) -> Vec<String> {
    let mut nodes: Vec<String> = Vec::new();
    for entry in trace {
        let named = text(entry, "e").starts_with("node.").then(|| text(entry, "name"));
        for name in [Some(text(entry, "node")), named].into_iter().flatten().filter(|n| !n.is_empty()) {
            if !nodes.iter().any(|n| n == name) {
                nodes.push(name.to_owned());
            }
        }
    }
    nodes.sort_by_key(|n| std::cmp::Reverse(n.len()));
    nodes
}

fn generated(trace: &[Value]) -> Vec<(String, String)> {
    let made = trace.iter().filter(|x| matches!(text(x, "e"), "rev.created" | "rs.created") && !text(x, "hashName").is_empty());
    let mut names: Vec<(String, String)> = Vec::new();
    for entry in made {
        let (real, label) = (text(entry, "hashName").to_owned(), text(entry, "name").to_owned());
        match names.iter_mut().find(|(name, _)| *name == real) {
            Some(known) => known.1 = label,
            None => names.push((real, label)),
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
}
