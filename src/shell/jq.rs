//! Tools with a language of values: `jq`, `yq`.
//!
//! Promises: a program that is not understood as a whole is refused in the playground's own words, never answered wrongly.
//! Not modelled: variables, definitions, `reduce`, regular expressions, updates in place, dates, numbers with fractions in arithmetic.

mod functions;
mod json;
mod parse;
mod read;
mod run;

use std::rc::Rc;

use super::query::refuse;
use super::tools::job::{Job, MISUSED};
use base::note::Note;
use base::value::Value;
use json::{json, unescaped};
use parse::Term;
use read::Input;
use run::{Fault, Run};

/// The exit code of a program that makes a mistake.
const WRONG: i32 = 5;

/// `yq`, version 4.
pub fn yq(j: &mut Job) -> i32 {
    let together = j.words.iter().any(|word| matches!(*word, "ea" | "eval-all"));
    j.words.retain(|word| !matches!(*word, "e" | "ea" | "eval" | "eval-all"));
    let Given { program, text, .. } = given(j);
    let documents = yaml::parse(&text);
    if let Some(wrong) = documents.iter().find_map(yaml::Document::error) {
        j.note(Note::Unreadable(j.name().to_owned(), wrong.problem.to_string()));
        return MISUSED;
    }
    let documents: Vec<Value> = documents.into_iter().filter_map(|document| document.value).collect();
    let Some(term) = parse::read(&program) else { return refuse(j, j.name(), &program) };
    let run = Run::new();
    let found = if together {
        in_stages(&run, &term, documents)
    } else {
        documents.iter().map(|document| run.all(&term, document)).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
    };
    let Ok(found) = found else { return refuse(j, j.name(), &program) };
    let printed: Vec<String> =
        found.iter().map(|value| if value.as_text().is_some() { plain(value) } else { yaml::print(value) }).collect();
    j.out = printed.join(if found.iter().any(|v| v.as_map().is_some()) { "---\n" } else { "" });
    j.status()
}

/// Runs a program for all documents at once: what stands between its pipes takes all that came so far.
fn in_stages(run: &Run, term: &Term, values: Vec<Value>) -> Result<Vec<Value>, Fault> {
    match term {
        Term::Pipe(first, then) => in_stages(run, then, in_stages(run, first, values)?),
        Term::List(Some(inside)) => Ok(vec![in_stages(run, inside, values)?.into()]),
        other => Ok(values.iter().map(|value| run.all(other, value)).collect::<Result<Vec<_>, _>>()?.concat()),
    }
}

/// `jq`, version 1.6.
pub fn jq(j: &mut Job) -> i32 {
    /// The exit code for input that is not JSON.
    const NOT_JSON: i32 = 4;
    let given = given(j);
    let mut inputs = if j.on('n') { vec![Input { value: Value::Null, lines: 0 }] } else { Vec::new() };
    let read = if j.on('n') { Ok(()) } else { read::values(&given.text, &mut inputs) };
    if j.on('s') && !j.on('n') {
        let all: Vec<Value> = inputs.into_iter().map(|input| input.value).collect();
        inputs = if read.is_ok() { vec![Input { value: all.into(), lines: given.text.matches('\n').count() }] } else { Vec::new() };
    }
    let Some(term) = parse::read(&given.program) else { return refuse(j, j.name(), &given.program) };
    let (run, mut status, mut last) = (Run::new(), 0, None);
    for Input { value, lines } in &inputs {
        let ended = run.each(&term, value, &mut |value| {
            let printed = printed(j, &value);
            j.out.push_str(&printed);
            last = Some(value);
            Ok(())
        });
        match ended {
            Ok(()) => {}
            Err(Fault::Wrong(what)) => {
                let at = if j.on('n') { "<unknown>".to_owned() } else { format!("{}:{lines}", given.of) };
                j.fail(&format!("jq: error (at {at}): {what}"));
                status = WRONG;
            }
            Err(Fault::Unknown | Fault::Enough) => return refuse(j, j.name(), &given.program),
        }
    }
    match read {
        Ok(()) => {}
        Err(Fault::Wrong(what)) => {
            j.fail(&format!("parse error: {what}"));
            return NOT_JSON;
        }
        Err(_) => return j.note(Note::NotSimulated(format!("jq {}", given.of))),
    }
    match last {
        _ if status != 0 => status,
        Some(last) if j.on('e') => i32::from(!run::is_true(&last)),
        _ if !j.err.is_empty() => MISUSED,
        _ => j.status(),
    }
}

/// A result as it is printed.
fn printed(j: &Job, value: &Value) -> String {
    let sorted = if j.on('S') { sorted(value) } else { value.clone() };
    let text = match &sorted {
        Value::Text(text) if j.on('r') || j.on('j') => text.to_string(),
        value @ (Value::Map(_) | Value::List(_)) if !j.on('c') && !j.on('j') => unescaped(&halved(&yaml::to_json_pretty(value))),
        other => json(other),
    };
    if j.on('j') { text } else { text + "\n" }
}

/// A value whose objects have their members in the order of their keys.
fn sorted(value: &Value) -> Value {
    match value {
        Value::List(items) => items.iter().map(sorted).collect::<Vec<_>>().into(),
        Value::Map(map) => Value::of(map.iter().map(|(key, value)| (Rc::clone(key), sorted(value)))),
        other => other.clone(),
    }
}

/// Lines with their indentation halved.
fn halved(text: &str) -> String {
    let half = |line: &str| {
        let rest = line.trim_start_matches(' ');
        format!("{}{rest}", " ".repeat((line.len() - rest.len()) / 2))
    };
    text.lines().map(half).collect::<Vec<_>>().join("\n")
}

/// What a tool was given: a program, and the text of the files after it or of the input.
struct Given {
    program: String,
    text: String,
    /// The file that was read last.
    of: String,
}

fn given(j: &mut Job) -> Given {
    let program = j.words.first().copied().unwrap_or(".").to_owned();
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    Given { program, text: j.text(&files), of: files.last().map_or("<stdin>", |file| file).to_owned() }
}

fn plain(value: &Value) -> String {
    format!("{}\n", value.as_text().map_or_else(|| json(value), str::to_owned))
}
