//! Tools with a language of values: `jq`, `yq`.
//!
//! Promises: a program that is not understood as a whole is refused in the playground's own words, never answered wrongly.
//! Not modelled: the comments and quotes that yq keeps.
//! Not modelled: slices, objects and texts that are put together, sums, variables, updates, and functions that are not in
//! [`functions::NAMES`].

mod functions;
mod json;
mod parse;
mod run;

use super::query::refuse;
use super::tools::job::{Job, MISUSED};
use base::note::Note;
use base::value::Value;
use json::{json, unescaped};
use parse::Term;
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
    let documents: Vec<Value> = documents.iter().filter_map(yaml::Document::value_in_order).collect();
    let Some(term) = parse::read(&program) else { return refuse(j, j.name(), &program) };
    let run = Run::new();
    let found = if together {
        in_stages(&run, &term, documents)
    } else {
        documents.iter().map(|document| run.all(&term, document)).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
    };
    let Ok(found) = found else { return refuse(j, j.name(), &program) };
    let printed: Vec<String> =
        found.iter().map(|value| if value.as_text().is_some() { plain(value) } else { yaml::print_in_order(value) }).collect();
    j.out = printed.join(if found.iter().any(|v| v.as_map().is_some()) { "---\n" } else { "" });
    j.status()
}

/// Runs a program for all documents at once: what stands between its pipes takes all that came so far.
fn in_stages(run: &Run, term: &Term, values: Vec<Value>) -> Result<Vec<Value>, Fault> {
    match term {
        Term::Pipe(first, then) => in_stages(run, then, in_stages(run, first, values)?),
        Term::List(inside) => Ok(vec![in_stages(run, inside, values)?.into()]),
        other => Ok(values.iter().map(|value| run.all(other, value)).collect::<Result<Vec<_>, _>>()?.concat()),
    }
}

/// `jq`, version 1.6.
pub fn jq(j: &mut Job) -> i32 {
    let Given { program, text, of } = given(j);
    let Some(term) = parse::read(&program) else { return refuse(j, j.name(), &program) };
    let inputs = match json::values(&text) {
        Ok(inputs) => inputs,
        Err(why) => {
            j.note(why);
            return MISUSED;
        }
    };
    let (run, mut status) = (Run::new(), 0);
    for (value, lines) in &inputs {
        let ended = run.each(&term, value, &mut |value| {
            let printed = printed(j, &value);
            j.out.push_str(&printed);
            Ok(())
        });
        match ended {
            Ok(()) => {}
            Err(Fault::Wrong(what)) => {
                j.fail(&format!("jq: error (at {of}:{lines}): {what}"));
                status = WRONG;
            }
            Err(Fault::Unknown) => return refuse(j, j.name(), &program),
        }
    }
    if status == 0 && !j.err.is_empty() { MISUSED } else { status }
}

/// A result as it is printed.
fn printed(j: &Job, value: &Value) -> String {
    match value {
        Value::Text(text) if j.on('r') => format!("{text}\n"),
        Value::Map(_) | Value::List(_) if !j.on('c') => unescaped(&halved(&yaml::to_json_pretty(value))) + "\n",
        other => json(other) + "\n",
    }
}

/// Lines with their indentation halved.
fn halved(text: &str) -> String {
    text.lines().map(half).collect::<Vec<_>>().join("\n")
}

fn half(line: &str) -> String {
    let rest = line.trim_start_matches(' ');
    format!("{}{rest}", " ".repeat((line.len() - rest.len()) / 2))
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
