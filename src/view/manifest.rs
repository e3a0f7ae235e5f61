//! The messages about a manifest: refusals in the server's words, notes in ours.

use std::ops::Range;

use super::Prose;
use super::command::Entry;
use crate::api::kind::Kind;
use crate::api::status::FieldPath;
use crate::yaml::Document;

/// The messages about a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// What was refused.
    pub refusals: Vec<Refusal>,
    /// What was accepted but will not work.
    pub notes: Vec<Note>,
    /// Fields that are kept but not simulated: `spec.template.spec.containers[0].ports[0].hostPort`.
    pub kept: Vec<String>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// Its columns in characters, counted from 0; empty for the whole line.
    pub columns: Range<usize>,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its place; `None` if no line is to blame.
    pub place: Option<Place>,
    /// The exact words of the API server or kubectl.
    pub words: String,
    /// A plain sentence in the playground's own voice; may be empty.
    pub plain: Prose,
    /// A correction, if one is known.
    pub fix: Option<Fix>,
    /// A command that would help, for a button.
    pub help: Option<Entry>,
}

/// The replacement of a word in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The line, counted from 1.
    pub line: usize,
    /// The word to be replaced.
    pub from: String,
    /// The word that was probably meant.
    pub to: String,
}

impl Fix {
    /// The text with the word replaced.
    pub fn mend(&self, text: &str) -> String {
        let mend = |(at, line): (usize, &str)| if at + 1 == self.line { line.replacen(&self.from, &self.to, 1) } else { line.to_owned() };
        text.split('\n').enumerate().map(mend).collect::<Vec<_>>().join("\n")
    }
}

/// A note: accepted, but will not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its place.
    pub place: Option<Place>,
    /// What will not work, in the playground's voice.
    pub words: Prose,
}

impl Verdicts {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.refusals.is_empty() && self.notes.is_empty() && self.kept.is_empty()
    }

    /// The refused columns of a line, if any.
    pub fn refused_at(&self, line: usize) -> Option<Range<usize>> {
        columns_at(self.refusals.iter().filter_map(|refusal| refusal.place.as_ref()), line)
    }

    /// The columns of a line that a note is about, if any.
    pub fn noted_at(&self, line: usize) -> Option<Range<usize>> {
        columns_at(self.notes.iter().filter_map(|note| note.place.as_ref()), line)
    }

    /// The lines with problems, refusals first.
    pub fn lines(&self) -> Vec<usize> {
        let places = self.refusals.iter().filter_map(|r| r.place.as_ref()).chain(self.notes.iter().filter_map(|n| n.place.as_ref()));
        places.map(|place| place.line).collect()
    }
}

/// The document of a manifest that defines an object.
pub fn document_of<'a>(documents: &'a [Document], kind: Kind, namespace: &str, name: &str) -> Option<&'a Document> {
    let is_it = |document: &&Document| {
        let text = |path: &[&str]| document.value.as_ref().and_then(|value| value.text_at(path));
        let here = !kind.info().namespaced || text(&["metadata", "namespace"]).unwrap_or("default") == namespace;
        here && text(&["kind"]) == Some(kind.info().name) && text(&["metadata", "name"]) == Some(name)
    };
    documents.iter().find(is_it)
}

/// The line of a document with a field: `spec.template.spec.containers[0].image`.
pub(super) fn line_of(document: &Document, field: &str) -> Option<usize> {
    let found = document.find(&FieldPath::read(field)?);
    found.exact.then(|| found.underline().line)
}

fn columns_at<'a>(mut places: impl Iterator<Item = &'a Place>, line: usize) -> Option<Range<usize>> {
    places.find(|place| place.line == line).map(|place| place.columns.clone())
}
