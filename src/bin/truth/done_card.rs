//! The card of "done": recorded states of sets against the tools that wait for them, and each state as a run of the page.
//!
//! Promises: a cell is what the tool said of the recorded state. A link leads to an instant of which every tool says the
//! same, as the model tells it.

use std::fs::read_to_string;
use std::io::{Error, Result};

use api::release::V1_38;
use base::json;
use base::time::Span;
use base::value::Value;
use causes::command::MANIFEST;
use cluster::timing::Timing;
use done::{Judge, Said, Verdict};
use playground::history::{Act, History, link};
use playground::setup;
use sim::Setup;
use text::Lang;

use crate::html::escaped;
use crate::open::packed;
use comparison::suite::project;

/// Between two looks at what the tools say.
const LOOK_EVERY: Span = Span(25);
/// The longest that is waited for a set to be done before the next line, and for the recorded state at the end.
const PATIENCE: Span = Span(60_000);
/// How long what does not get done goes on before the next line.
const SETTLES: Span = Span(15_000);

/// What each state is, in words.
const WORDS: &str = include_str!("states.txt");

/// The states of which the tools say different things, as a table; the others as one that opens.
pub(crate) fn card() -> Result<String> {
    let (states, steps) = (read("states.json")?, read("steps.json")?);
    let heads = Judge::ALL.map(|tool| format!("<th scope=col>{}<br><small>{}</small></th>", escaped(tool.name()), tool.version())).concat();
    let (mut split, mut differ, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (name, state) in states.members() {
        let set = state.get("set").cloned().unwrap_or_default();
        let says = done::all(&set, state.list_at(&["pods"]));
        let own = steps.get(name).cloned().unwrap_or_default();
        let title = WORDS.lines().find_map(|row| row.strip_prefix(&**name)?.strip_prefix(" | "));
        let title = escaped(title.ok_or_else(|| Error::other(format!("states.txt has no words for {name}")))?);
        let link = run(&own, &says).map_or(title.clone(), |run| format!("<a href=\"../index.html{run}\">{title}</a>"));
        let lines = own.list_at(&["lines"]).iter().filter_map(Value::as_text);
        let lines = lines.map(|line| format!("<br><code>{}</code>", escaped(line))).collect::<String>();
        let most = most(&says);
        let row = format!("<tr><th scope=row>{link}{lines}</th>{}</tr>", says.iter().map(|one| cell(one, most)).collect::<String>());
        // First those of which the two that most people wait for say different things.
        let of = |tool: Judge| says.iter().find(|(judge, _)| *judge == tool).map(|(_, said)| said.verdict);
        if says.iter().all(|(_, said)| said.verdict == most) {
            same.push(row);
        } else if of(Judge::Kubectl) == of(Judge::ArgoCd) {
            differ.push(row);
        } else {
            split.push(row);
        }
    }
    let all = split.len() + differ.len() + same.len();
    split.append(&mut differ);
    Ok(format!(
        "<h2 id=where-they-differ>Where they differ</h2><p>Of {all} states, {} are the same to all tools. The other {} are not. What stands \
         out in a row is marked.</p>{}<details><summary>The {} states of which all tools say the same</summary>{}</details>",
        same.len(),
        split.len(),
        table(&heads, &split),
        same.len(),
        table(&heads, &same)
    ))
}

/// A table of states, with a column a tool.
fn table(heads: &str, rows: &[String]) -> String {
    let head = format!("<thead><tr><th scope=col>State</th>{heads}</tr></thead>");
    format!("<div class=wide tabindex=0><table class=prose>{head}<tbody>{}</tbody></table></div>", rows.concat())
}

/// The verdict that most tools have; of several, the one that is told first.
fn most(says: &[(Judge, Said)]) -> Verdict {
    let count = |verdict: Verdict| says.iter().filter(|(_, said)| said.verdict == verdict).count();
    says.iter().rev().map(|(_, said)| said.verdict).max_by_key(|verdict| count(*verdict)).unwrap_or(Verdict::Unknown)
}

fn read(file: &str) -> Result<Value> {
    let path = project().join("tests/data/done/own").join(file);
    json::value(&read_to_string(&path)?).ok_or_else(|| Error::other(format!("{} is not JSON", path.display())))
}

/// A verdict, marked where it is not that of most, with the tool's words where one points at it.
fn cell((_, said): &(Judge, Said), most: Verdict) -> String {
    let word = Lang::English.text().done.verdict(said.verdict.word());
    let mark = if said.verdict == most { "" } else { " class=differs" };
    format!(
        "<td{mark} title=\"{}\"><span class=\"verdict-{}\">{word}</span></td>",
        escaped(said.words.as_deref().unwrap_or_default()),
        said.verdict.word()
    )
}

/// The run of the page that leads to a state; `None` where the playground does not come to one.
fn run(steps: &Value, wanted: &[(Judge, Said)]) -> Option<String> {
    let mut manifest = steps.get("manifest")?.clone();
    if manifest.at(&["spec", "replicas"]).is_some_and(Value::is_null) {
        manifest.remove(&["spec", "replicas"]);
    }
    // The states were recorded on this release.
    let recorded = Setup { timing: Timing::recording(), release: &V1_38, ..setup() };
    let mut visitor = Visitor(History::new(&recorded, &yaml::print(&manifest), Lang::English));
    visitor.types(&format!("kubectl apply -f {MANIFEST}"));
    for line in steps.list_at(&["lines"]).iter().filter_map(Value::as_text) {
        let is_done = |says: &[(Judge, Said)]| says.iter().any(|(tool, said)| *tool == Judge::ArgoCd && said.verdict == Verdict::Ready);
        visitor.until(SETTLES, is_done);
        visitor.types(line);
    }
    visitor.until(PATIENCE, |says| is_same(says, wanted)).then(|| packed(&link::write(&visitor.0, "")).ok())?
}

/// Whether two states are the same to every tool: the verdicts, and the words of those that say no names.
fn is_same(says: &[(Judge, Said)], wanted: &[(Judge, Said)]) -> bool {
    let words = |one: &(Judge, Said)| matches!(one.0, Judge::Helm4 | Judge::Kstatus | Judge::Kubedog).then(|| one.1.words.clone());
    says.iter().zip(wanted).all(|(one, other)| one.1.verdict == other.1.verdict && words(one) == words(other))
}

/// Somebody who brings the set into a state in the page.
struct Visitor(History);

impl Visitor {
    fn types(&mut self, line: &str) {
        self.0.act(Act::Line(line.to_owned()), Lang::English);
    }

    /// What the tools say of the set now.
    fn says(&self) -> Option<Vec<(Judge, Said)>> {
        let tables = self.0.present().tables();
        let set = tables.stateful_sets().next()?.encode();
        let pods: Vec<Value> = tables.pods().map(|pod| pod.encode()).collect();
        Some(done::all(&set, &pods))
    }

    /// Lets time pass until the tools say something, for as long as this at most; whether they do.
    fn until(&mut self, at_most: Span, says: impl Fn(&[(Judge, Said)]) -> bool) -> bool {
        let end = self.0.present().now() + at_most;
        loop {
            if self.says().is_some_and(|all| says(&all)) {
                return true;
            }
            if self.0.present().now() >= end {
                return false;
            }
            self.0.run(self.0.present().now() + LOOK_EVERY, || true);
        }
    }
}
