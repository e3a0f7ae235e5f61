//! Comparing kubectl's output between runs.

use serde_json::Value;

use crate::run::{Run, squeeze, text};
use crate::words::{word_begins, word_ends};

/// Substrings of lines that appear in some runs only.
const NOISE: [&str; 6] = [
    "RegisteredNode",
    "ExternalProvisioning",
    "FailedScheduling",
    "FailedToUpdateEndpointSlices",
    "combined from similar events",
    "Cancelling deletion",
];
/// Resources whose rows are sorted by generated names.
const SORTED_BY_CHANCE: [&str; 10] =
    ["pv", "persistentvolume", "persistentvolumes", "endpointslice", "endpointslices", "eps", "rs", "replicaset", "replicasets", "all"];
/// The line in a description after which Events are listed.
const EVENTS: &str = "Events:";

/// For each command whose output was unlike that of all real runs: its number, and the first difference from the first real run.
pub fn differences(real: &[Run], run: &Run) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (i, command) in real[0].commands.iter().enumerate() {
        let problem = match run.commands.get(i) {
            None => Some("not run".to_owned()),
            Some(mine) => {
                let found = real.iter().filter_map(|r| Some(difference(r.commands.get(i)?, mine, r, run)));
                let found: Option<Vec<String>> = found.collect();
                found.and_then(|problems| problems.into_iter().next())
            }
        };
        out.extend(problem.map(|p| (i, format!("$ kubectl {}: {p}", text(command, "cmd")))));
    }
    out
}

/// What differs between a command of a real run and the replay's.
fn difference(x: &Value, y: &Value, real: &Run, run: &Run) -> Option<String> {
    let background = x["background"] == true;
    if !background && x["rc"] != y["rc"] {
        return Some(format!("exit code {}, real {}", y["rc"], x["rc"]));
    }
    ["stdout", "stderr"].into_iter().find_map(|stream| {
        let (p, q) = (real.screen(text(x, stream)), run.screen(text(y, stream)));
        let command = text(x, "cmd");
        let (p, q) = if background {
            (watched(p), watched(q))
        } else if unordered(command) {
            (without_order(p), without_order(q))
        } else if command.starts_with("describe") && p.iter().any(|l| l == EVENTS) {
            (events_without_order(p), events_without_order(q))
        } else {
            (p, q)
        };
        let lines = p.len().max(q.len());
        let line = |lines: &[String], n: usize| lines.get(n).cloned().unwrap_or_else(|| "<nothing>".into());
        let first = (0..lines).find(|&n| line(&p, n) != line(&q, n))?;
        Some(format!("{stream} line {}: real «{}» simulated «{}»", first + 1, line(&p, first), line(&q, first)))
    })
}

/// A watch prints once per write. How writes are batched is timing; how each row changes, and which row comes first, is not.
fn watched(lines: Vec<String>) -> Vec<String> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let line = squeeze(line.replace("<age> ", " ").trim_end_matches("<age>"));
        let key = line.split(' ').next().unwrap_or("").to_owned();
        match rows.iter_mut().find(|(k, _)| *k == key) {
            Some((_, seen)) if seen.last() == Some(&line) => {}
            Some((_, seen)) => seen.push(line),
            None => rows.push((key, vec![line])),
        }
    }
    rows.into_iter().flat_map(|(_, seen)| seen).collect()
}

/// Whether the order of a command's rows is random: rows sorted by generated names, and Events.
fn unordered(command: &str) -> bool {
    if command.match_indices("events").any(|(at, word)| word_begins(&command[..at]) && word_ends(&command[at + word.len()..])) {
        return true;
    }
    command.match_indices("get ").filter(|(at, _)| word_begins(&command[..*at])).any(|(at, get)| {
        let resources = command[at + get.len()..].split(' ').next().unwrap_or("");
        let word = |resource: &str| resource.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        resources.split(',').any(|r| SORTED_BY_CHANCE.contains(&word(r).as_str()))
    })
}

fn without_order(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|l| !NOISE.iter().any(|n| l.contains(n)));
    lines.sort();
    lines.dedup();
    lines
}

fn events_without_order(mut lines: Vec<String>) -> Vec<String> {
    let events = lines.iter().position(|l| l == EVENTS).unwrap_or(lines.len());
    let rest = lines.split_off(events);
    lines.extend(without_order(rest));
    lines
}
