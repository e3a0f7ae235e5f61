//! A run as a scenario: the text of a file on `plane: playground`, which `replay` plays.
//!
//! Not kept: branches, the language, and a seed or a release other than the usual ones, for which `replay` has options.

use super::run::with_edits;
use super::{Act, History};
use base::time::{Span, Time};
use base::value::{Map, Value};
use causes::command::MANIFEST;

/// The scenario of a run: all that was done before the instant shown, and the time since then.
pub fn text(history: &History) -> String {
    let inputs = history.inputs();
    let editor = inputs.first().map_or(history.present().manifest(), |input| &input.manifest);
    let mut steps = Vec::new();
    for (edited, input) in with_edits(inputs, editor) {
        let (at, terminal) = (Span(input.at.0), input.tab + 1);
        steps.extend(edited.map(|text| edit(at, terminal, text)));
        steps.push(act(at, terminal, &input.act));
    }
    let last = inputs.last().map_or(Time(0), |input| input.at);
    steps.push(Value::of([("sleep", seconds(history.present().now().since(last)))]));
    let mut scenario = Map::new();
    scenario.insert("name", "session");
    scenario.insert("title", "Typed into the playground");
    scenario.insert("plane", "playground");
    scenario.insert("files", Value::of([(MANIFEST, editor)]));
    scenario.insert("steps", Value::list(steps));
    yaml::print(&scenario.into())
}

/// The step that does something in a terminal, which is counted from 1.
pub fn act(at: Span, terminal: usize, act: &Act) -> Value {
    match act {
        Act::Line(line) => on_page(at, terminal, "type", line.as_str()),
        Act::Queue(line) => on_page(at, terminal, "queue", line.as_str()),
        Act::Interrupt => on_page(at, terminal, "interrupt", true),
        Act::Save(changes) => on_page(at, terminal, "save", changes.as_str()),
    }
}

/// The step that replaces the text in the editor.
pub fn edit(at: Span, terminal: usize, text: &str) -> Value {
    on_page(at, terminal, "edit", text)
}

fn on_page(at: Span, terminal: usize, key: &str, value: impl Into<Value>) -> Value {
    let terminal = Some(terminal).filter(|n| *n > 1).and_then(|n| i64::try_from(n).ok());
    Value::of([("at", seconds(at)), (key, value.into())].into_iter().chain(terminal.map(|n| ("terminal", n.into()))))
}

/// A number of seconds, as scenarios have it: `2` or `1.5`.
pub fn seconds(span: Span) -> Value {
    let (whole, thousandths) = (span.0 / 1000, span.0 % 1000);
    match i64::try_from(whole) {
        Ok(whole) if thousandths == 0 => Value::Int(whole),
        _ => Value::Real(format!("{whole}.{thousandths:03}").trim_end_matches('0').into()),
    }
}
