//! What a report says of one thing, as tools for code review take it.

use std::fmt::Write;

use ordinal::base::value::Value;

use crate::explain::Topic;
use crate::input::{FileLine, Input};
use crate::words;

/// How bad a remark is. An error fails a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    /// As SARIF spells it.
    pub fn sarif(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// As the commands of a GitHub workflow spell it.
    fn github(self) -> &'static str {
        match self {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A thing that a report says, and where.
#[derive(Clone, Debug)]
pub struct Remark {
    /// What is explained of it.
    pub topic: Topic,
    pub severity: Severity,
    /// The workload, as reports name it: `sts/web`.
    pub workload: String,
    /// One sentence.
    pub title: String,
    /// All that is told of it.
    pub text: String,
    /// Where the files have what it is about.
    pub place: Option<FileLine>,
    /// Why it is accepted, if it is.
    pub accepted: Option<String>,
}

impl Remark {
    /// What is told of an input and is no finding.
    pub fn told(title: String, about: &Input) -> Remark {
        let place = Some(about.place_in_manifest(1));
        Remark {
            topic: Topic::Told,
            severity: Severity::Note,
            workload: about.name().to_owned(),
            title,
            text: String::new(),
            place,
            accepted: None,
        }
    }

    /// Whether the remark is a finding: that a change ends well is none.
    pub fn is_finding(&self) -> bool {
        self.severity > Severity::Note || !matches!(self.topic, Topic::Told | Topic::Matter(_))
    }

    /// The title and all that is told, as a text: the title once.
    pub fn whole(&self) -> String {
        let text = self.text.trim_end();
        if text.contains(&*self.title) { text.to_owned() } else { format!("{}\n{text}", self.title).trim_end().to_owned() }
    }

    /// The id, where there is something to look up or to accept.
    fn id(&self) -> Option<String> {
        self.is_finding().then(|| self.topic.id())
    }

    /// Whether the remark fails a check.
    pub fn fails(&self) -> bool {
        self.severity == Severity::Error && self.accepted.is_none()
    }
}

/// A remark for people, as compilers print theirs.
pub fn plain(remark: &Remark) -> String {
    let place = remark.place.as_ref().map_or(String::new(), |place| format!("{place}: "));
    if let Some(reason) = &remark.accepted {
        return format!("{place}{}\n", words::accepted(&remark.topic.id(), &remark.workload, reason));
    }
    let id = remark.id().map_or(String::new(), |id| format!(" [{id}]"));
    let head = format!("{place}{}: {}{id}\n", remark.severity.sarif(), remark.title);
    let text = remark.text.lines().map(|line| line.strip_prefix(&*remark.title).map_or(line, str::trim_start));
    text.filter(|line| !line.is_empty()).fold(head, |all, line| all + "    " + line + "\n")
}

/// A remark as a program reads it.
pub fn json(remark: &Remark) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let place = remark.place.as_ref();
    Value::of([
        ("id", text(remark.id().as_deref())),
        ("severity", remark.severity.sarif().into()),
        ("workload", (&*remark.workload).into()),
        ("title", (&*remark.title).into()),
        ("text", remark.text.trim_end().into()),
        ("file", text(place.map(|place| &*place.file))),
        ("line", place.map_or(Value::Null, |place| i64::try_from(place.line).unwrap_or(i64::MAX).into())),
        ("accepted", text(remark.accepted.as_deref())),
    ])
}

/// Remarks as commands of a GitHub workflow, a line each.
pub fn github(remarks: &[Remark]) -> String {
    let mut out = String::new();
    for remark in remarks.iter().filter(|remark| remark.accepted.is_none()) {
        let place = remark.place.as_ref().map_or(String::new(), |place| format!("file={},line={},", property(&place.file), place.line));
        let title = property(&(remark.id().map_or(String::new(), |id| id + ": ") + &remark.workload));
        let _ = writeln!(out, "::{} {place}title={title}::{}", remark.severity.github(), escaped(&remark.whole()));
    }
    out
}

/// The text of a command without the characters that end it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property without the characters that end it.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

/// Remarks as Markdown, a section each.
pub fn markdown(remarks: &[Remark]) -> String {
    let mut out = String::new();
    for remark in remarks {
        let place = remark.place.as_ref().map_or(String::new(), |place| format!(" ({place})"));
        let id = remark.id().map_or(String::new(), |id| format!(" [{id}]"));
        let _ = writeln!(out, "### {}: {}{id}{place}\n", remark.severity.sarif(), remark.title);
        if let Some(reason) = &remark.accepted {
            let _ = writeln!(out, "{}\n", words::accepted(&remark.topic.id(), &remark.workload, reason));
        }
        if !remark.text.trim().is_empty() {
            let _ = writeln!(out, "```text\n{}\n```\n", remark.text.trim_end());
        }
    }
    out
}
