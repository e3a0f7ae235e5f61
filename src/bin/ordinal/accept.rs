//! Findings that somebody has accepted, with a reason: by a line of a file, or by an annotation of the object.

use std::path::Path;

use ordinal::api::object::ObjectKey;
use ordinal::intake::told::short;

use crate::explain::Topic;
use crate::input::{Failure, FileLine, Input};

/// What an annotation that accepts a finding begins with; the id of the finding follows, and the value is the reason.
const ANNOTATION: &str = "ordinal/accept.";

/// Lines that accept findings.
#[derive(Debug, Default)]
pub struct Accepted(Vec<Line>);

#[derive(Debug)]
struct Line {
    id: String,
    /// The workload, as reports name it.
    workload: String,
    reason: String,
}

impl Accepted {
    /// Reads a file of lines `ID WORKLOAD REASON`. Empty lines and those that begin with `#` say nothing.
    pub fn read(file: &Path) -> Result<Accepted, Failure> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| Failure::at(&name, error))?;
        let says = |(_, line): &(usize, &str)| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let lines = (1..)
            .zip(text.lines())
            .filter(says)
            .map(|(number, line)| Line::read(line).map_err(|why| Failure::at(FileLine { file: name.clone(), line: number }, why)));
        lines.collect::<Result<_, _>>().map(Accepted)
    }

    /// Why a finding is accepted, if a line accepts it by what it is about, as reports name that, or an annotation of the object.
    pub fn reason(&self, topic: Topic, subject: &str, object: Option<(&ObjectKey, &Input)>) -> Result<Option<String>, Failure> {
        let line = self.0.iter().find(|line| line.id == topic.id() && line.workload == subject);
        if let Some(line) = line {
            return Ok(Some(line.reason.clone()));
        }
        let Some((workload, input)) = object else { return Ok(None) };
        let all = input.annotations(workload, ANNOTATION);
        for (id, _) in &all {
            known(id).map_err(|why| Failure::at(input.name(), format!("{}: {ANNOTATION}{why}", short(workload))))?;
        }
        Ok(all.into_iter().find(|(id, _)| *id == topic.id()).map(|(_, reason)| reason))
    }
}

impl Line {
    fn read(line: &str) -> Result<Line, String> {
        let mut words = line.trim().splitn(3, char::is_whitespace);
        let (id, workload, reason) = (words.next(), words.next(), words.next().map(str::trim));
        match (id, workload, reason) {
            (Some(id), Some(workload), Some(reason)) if !reason.is_empty() => {
                known(id)?;
                Ok(Line { id: id.into(), workload: workload.into(), reason: reason.into() })
            }
            _ => Err("`ID WORKLOAD REASON` was expected, as in `two-writers sts/web the application fences its writers`".into()),
        }
    }
}

/// Whether reports name anything so; an acceptance of something else would accept nothing in silence.
fn known(id: &str) -> Result<(), String> {
    if Topic::all().any(|topic| topic.id() == id) { Ok(()) } else { Err(format!("{id}: no such id; `ordinal explain` lists all")) }
}
