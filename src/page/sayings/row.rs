//! The rows of the catalogue, read once.

use super::ends::{Remedy, remedies};
use super::matter::Matter;
use api::kind::Kind;
use std::sync::OnceLock;
use why::Cause;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("rows.txt");

/// Where something is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaidIn {
    #[default]
    Event,
    /// The state of a container, or the reason and message of a pod's status.
    State,
    /// A word of a STATUS column.
    Column,
    Condition,
    /// A line of a component's log.
    Log,
    /// A line alone: the words of kubectl, or a message without what it stood in.
    Line,
}

/// A place in which a row is said, and for what reasons.
#[derive(Debug)]
pub struct Where {
    /// None where messages of any place end in these words.
    pub place: Option<SaidIn>,
    /// Empty where any reason will do.
    pub reasons: Vec<&'static str>,
}

/// What a saying means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Cause(Cause),
    /// It goes as it should.
    Ordinary,
}

/// A saying.
#[derive(Debug)]
pub struct Row {
    /// The programs that say it.
    pub who: &'static str,
    pub places: Vec<Where>,
    /// The kind of object that it hangs on.
    pub kind: Kind,
    pub meaning: Meaning,
    /// What the tools read that say so while they wait.
    pub matter: Option<Matter>,
    /// The saying has this one cause.
    pub is_sure: bool,
    /// The first and the last minor release that says so, where they are known.
    pub since: Option<u32>,
    pub until: Option<u32>,
    pub form: &'static str,
    /// What has to stand in the message as well.
    pub also: Vec<&'static str>,
}

impl Where {
    /// Whether something of a place and a reason may be said here. A line alone may be a message of any Event.
    pub(super) fn holds(&self, place: SaidIn, reason: &str) -> bool {
        match self.place {
            None => place != SaidIn::Column,
            Some(own) if own == place => self.names(reason),
            // What one reason alone says is not looked for where there is none.
            Some(own) => matches!(place, SaidIn::Line | SaidIn::Log) && own != SaidIn::Column && self.reasons.is_empty(),
        }
    }

    /// Whether it is said for a reason.
    pub(super) fn names(&self, reason: &str) -> bool {
        self.reasons.is_empty() || self.reasons.iter().any(|own| reason.split('/').any(|part| part == *own))
    }

    /// `event:FailedMount+FailedMapVolume`.
    fn read(text: &'static str) -> Option<Where> {
        let (word, reasons) = text.split_once(':').unwrap_or((text, ""));
        let place = match word {
            "event" => Some(SaidIn::Event),
            "state" => Some(SaidIn::State),
            "column" => Some(SaidIn::Column),
            "condition" => Some(SaidIn::Condition),
            "log" => Some(SaidIn::Log),
            "line" => Some(SaidIn::Line),
            "error" => None,
            _ => return None,
        };
        Some(Where { place, reasons: reasons.split('+').filter(|reason| !reason.is_empty()).collect() })
    }
}

impl Row {
    /// Whether it is a word of a column or a reason, which is no part of a message.
    pub(super) fn is_word(&self) -> bool {
        !self.form.contains(' ') && self.places.iter().any(|at| at.place == Some(SaidIn::Column))
    }

    /// What ends what it means, the nearest first; empty where that is open.
    pub fn ends(&self) -> &'static [Remedy] {
        match self.meaning {
            Meaning::Cause(cause) => remedies(cause),
            Meaning::Ordinary => &[],
        }
    }

    /// Whether any message of its reasons is meant.
    pub fn is_any(&self) -> bool {
        self.form == "*"
    }
}

/// The kind that a word of a header names.
fn kind(word: &str) -> Option<Kind> {
    let is_it = |kind: &&Kind| kind.info().singular == word || kind.info().short.contains(&word);
    Kind::ALL.iter().find(is_it).copied()
}

/// A row below a header.
fn row(line: &'static str, head: &'static str) -> Option<Row> {
    let mut parts = head.split(" | ");
    let (who, places, of) = (parts.next()?, parts.next()?, parts.next()?);
    let (means, form) = line.split_once(" | ")?;
    let (word, releases) = means.split_once(' ').unwrap_or((means, ""));
    let (word, is_sure) = word.strip_suffix('?').map_or((word, true), |word| (word, false));
    let (word, matter) = match word.split_once('#') {
        Some((word, matter)) => (word, Some(Matter::named(matter)?)),
        None => (word, None),
    };
    let meaning = if word == "ordinary" { Meaning::Ordinary } else { Meaning::Cause(Cause::named(word)?) };
    let minor = |text: &str| text.strip_prefix("1.").and_then(|minor| minor.parse().ok());
    let (since, until) = releases.split_once("..").unwrap_or_default();
    let mut forms = form.split(" && ");
    Some(Row {
        who,
        places: places.split(',').map(Where::read).collect::<Option<_>>()?,
        kind: kind(of)?,
        meaning,
        matter,
        is_sure,
        since: minor(since),
        until: minor(until),
        form: forms.next()?,
        also: forms.collect(),
    })
}

/// The lines of the table, each with the header above it.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut head = "";
    ROWS.lines().filter_map(move |line| {
        if let Some(new) = line.strip_prefix("@ ") {
            head = new;
        }
        (!line.is_empty() && !line.starts_with(['#', '@', '='])).then_some((head, line))
    })
}

/// Whether a line of the table is no row.
#[cfg(test)]
pub(super) fn is_none(line: &'static str, head: &'static str) -> bool {
    row(line, head).is_none()
}

/// The rows, the more telling first.
pub fn rows() -> &'static [Row] {
    static READ: OnceLock<Vec<Row>> = OnceLock::new();
    READ.get_or_init(|| lines().filter_map(|(head, line)| row(line, head)).collect())
}

/// How messages of Events begin, and for which reason each is said.
pub(super) fn frames() -> &'static [(&'static str, &'static str)] {
    static READ: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    READ.get_or_init(|| ROWS.lines().filter_map(|line| line.strip_prefix("= ")?.split_once(" | ")).collect())
}
