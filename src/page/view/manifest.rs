//! The messages about a manifest: refusals in the server's words, notes in ours.

use std::ops::Range;
use std::rc::Rc;

use api::kind::Kind;
use api::object::{NamespacedName, ObjectKey};
use base::field_path::FieldPath;
use base::value::Value;
use causes::command::Entry;
use text::Prose;
use yaml::Document;

/// The messages about a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    pub refusals: Vec<Refusal>,
    /// What was accepted but will not work.
    pub notes: Vec<Note>,
    /// The first set that was refused, and why.
    pub refused_set: Option<(NamespacedName, Prose)>,
    /// The set of which the text has another one by the same name, where a field that cannot be changed was refused: of quite another text.
    pub replaces_other: Option<NamespacedName>,
    /// The lines that make everything that is missing, namespaces first.
    pub missing: Vec<Entry>,
    /// Fields and kinds that are kept but not simulated: `spec.template.spec.hostIPC`, `CSIDriver`; in several items `tty`.
    pub kept: Vec<String>,
    /// Fields that only a server writes, and that were taken off before the text was applied.
    pub taken_off: Vec<String>,
    /// Images of which nothing is known: they are pulled, start, and serve.
    pub images: Vec<String>,
    /// Programs of known images that are not simulated, and that containers run as their own: they keep running, and serve.
    pub programs: Vec<String>,
    /// The corrections of all that is listed, and of what is not listed for want of room.
    pub fixes: Vec<Fix>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSpan {
    /// The line, counted from 1.
    pub line: usize,
    /// Its columns in characters, counted from 0; empty for the whole line.
    pub columns: Range<usize>,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its place; `None` if no line is to blame.
    pub place: Option<LineSpan>,
    /// The exact words of the API server or kubectl.
    pub words: String,
    /// All that kubectl prints of the object, with what is said of its other fields.
    pub whole: Rc<str>,
    /// A plain sentence in the playground's own voice; may be empty.
    pub plain: Prose,
    /// A correction, if one is known.
    pub fix: Option<Fix>,
    /// A command that would help, for a button.
    pub help: Option<Entry>,
}

/// An edit of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// The replacement of a word in one line.
    Word {
        /// The line, counted from 1.
        line: usize,
        /// The word to be replaced.
        from: String,
        /// The word that was probably meant.
        to: String,
    },
    /// Lines that are put after one.
    After {
        /// The line, counted from 1.
        line: usize,
        /// What follows it.
        new: String,
    },
    /// Several at once.
    All(Vec<Fix>),
    /// Lines to be left out, counted from 1.
    Without(Vec<usize>),
    /// Blanks in place of whatever else indents the lines: a tab goes to the next multiple of so many columns.
    Indentation(usize),
    /// What a keyboard types, in place of what a word processor makes of it.
    Typography,
}

/// The dashes that a word processor makes of hyphens.
pub const DASHES: [char; 2] = ['–', '—'];
/// What opens and closes typographic quotes.
pub const QUOTES: [char; 4] = ['“', '”', '‘', '’'];
/// What separates documents.
const SEPARATOR: &str = "---";

/// Whether a line, without what indents it, is a dash of a list or a separator of documents to those who read it, and to YAML a letter.
pub fn begins_with_dash(line: &str) -> bool {
    let after = line.trim_start_matches(DASHES);
    after.len() < line.len() && (after.is_empty() || after.starts_with(BLANKS)) || is_separator(line)
}

/// Whether a line is made of dashes, not all of which are hyphens.
fn is_separator(line: &str) -> bool {
    let line = line.trim_end();
    line.contains(DASHES) && line.trim_matches(DASHES).trim_matches('-').is_empty()
}

/// A line as a keyboard types it. Quotes stay where others are, within which they may be meant.
fn as_typed(line: &str) -> String {
    let (by, rest) = line.split_at(indentation(line).len());
    let mut typed = by.replace('\t', "  ").replace('\u{a0}', " ");
    if by.is_empty() && is_separator(rest) {
        return typed + SEPARATOR;
    }
    let mut rest = rest.replace('\u{a0}', " ");
    if !rest.contains(['"', '\'']) {
        rest = rest.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    }
    let (mut begins, mut is_list) = (true, true);
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends = letters.peek().is_none_or(|next| *next == ' ');
        match (DASHES.contains(&letter), begins, ends) {
            (true, true, true) if is_list => typed.push('-'),
            // A word processor makes one dash of two hyphens, and leaves one before a letter alone.
            (true, true, false) => typed.push_str("--"),
            (true, false, false) => typed.push('-'),
            _ => typed.push(letter),
        }
        is_list &= letter == ' ' || letter == '-' || DASHES.contains(&letter);
        begins = " \"'[{(,=".contains(letter);
    }
    typed
}

/// What indents a line, whether YAML takes it for blanks or not.
pub fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches(BLANKS).len()]
}

/// What looks like blanks at the beginning of a line.
pub const BLANKS: [char; 3] = [' ', '\t', '\u{a0}'];

impl Fix {
    /// The text as mended.
    pub fn mend(&self, text: &str) -> String {
        let mended = (1..).zip(text.split('\n')).filter_map(|(number, line)| self.line(number, line.to_owned()));
        mended.collect::<Vec<_>>().join("\n")
    }

    /// From which line of a text each line of the mended one comes, counted from 1.
    pub fn origins(&self, text: &str) -> Vec<usize> {
        let lines = (1..).zip(text.split('\n'));
        lines
            .flat_map(|(number, line)| {
                self.line(number, line.to_owned()).into_iter().flat_map(move |new| vec![number; new.matches('\n').count() + 1])
            })
            .collect()
    }

    /// The same for another text, in which its lines stand elsewhere.
    #[must_use]
    pub fn moved(self, to: &dyn Fn(usize) -> usize) -> Fix {
        match self {
            Fix::Word { line, from, to: new } => Fix::Word { line: to(line), from, to: new },
            Fix::After { line, new } => Fix::After { line: to(line), new },
            Fix::All(all) => Fix::All(all.into_iter().map(|fix| fix.moved(to)).collect()),
            Fix::Without(lines) => Fix::Without(lines.into_iter().map(to).collect()),
            Fix::Indentation(_) | Fix::Typography => self,
        }
    }

    /// A line as mended; `None` if it is left out.
    fn line(&self, number: usize, text: String) -> Option<String> {
        match self {
            Fix::Word { line, from, to } if number == *line => Some(text.replacen(from, to, 1)),
            Fix::After { line, new } if number == *line => Some(text + "\n" + new),
            Fix::All(all) => all.iter().try_fold(text, |text, fix| fix.line(number, text)),
            Fix::Without(lines) if lines.contains(&number) => None,
            Fix::Indentation(tab) => {
                let (by, rest) = text.split_at(indentation(&text).len());
                let width = by.chars().fold(0, |width, blank| if blank == '\t' { (width / tab + 1) * tab } else { width + 1 });
                Some(" ".repeat(width) + rest)
            }
            Fix::Typography => Some(as_typed(&text)),
            _ => Some(text),
        }
    }
}

/// What becomes of what a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It does not work.
    Fails,
    /// A key stands twice: the last one counts.
    Repeated,
    /// It works with what stands in for something else.
    StandsIn,
}

/// A note: accepted, but will not work, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub place: Option<LineSpan>,
    /// What will not work, in the playground's voice.
    pub words: Prose,
    pub effect: Effect,
    /// A correction, if one is known.
    pub fix: Option<Fix>,
    /// A command that makes what is missing, for a button.
    pub help: Option<Entry>,
}

impl Verdicts {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.refusals.is_empty()
            && self.notes.is_empty()
            && [&self.kept, &self.taken_off, &self.images, &self.programs].into_iter().all(Vec::is_empty)
    }

    /// Whether a correction is offered, alone or as all of them.
    pub fn offers(&self, fix: &Fix) -> bool {
        self.fixes.contains(fix) || matches!(fix, Fix::All(all) if *all == self.fixes)
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

/// The objects that a manifest defines.
#[derive(Clone, Copy, Debug, Default)]
pub struct Defined<'a> {
    /// Their documents, as `playground::documents::objects` gives them.
    pub documents: &'a [Document],
    /// The namespace that is the current one where they are applied.
    pub current: &'a str,
}

impl<'a> Defined<'a> {
    /// The objects, each with its document.
    pub fn iter(self) -> impl Iterator<Item = (ObjectKey, &'a Document)> {
        self.documents.iter().filter_map(move |document| Some((key_of(document, self.current)?, document)))
    }

    /// The document that defines an object.
    pub fn document_of(self, key: &ObjectKey) -> Option<&'a Document> {
        self.iter().find(|(defined, _)| defined == key).map(|(_, document)| document)
    }
}

/// The object that a document defines; one that names no namespace is in the current one.
pub fn key_of(document: &Document, current: &str) -> Option<ObjectKey> {
    let value = document.value.as_ref()?;
    let kind = Kind::claimed(value)?;
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or(current);
    let name = value.at(&["metadata", "name"]).and_then(Value::as_shared_text)?;
    Some(ObjectKey::new(kind, &namespace.into(), &name))
}

/// The line of a document with a field: `spec.template.spec.containers[0].image`.
pub(super) fn line_of(document: &Document, field: &str) -> Option<usize> {
    line_at(document, &FieldPath::read(field)?)
}

/// The same of a path.
pub(super) fn line_at(document: &Document, path: &FieldPath) -> Option<usize> {
    let found = document.find(path);
    found.exact.then(|| found.underline().line)
}

fn columns_at<'a>(mut places: impl Iterator<Item = &'a LineSpan>, line: usize) -> Option<Range<usize>> {
    places.find(|place| place.line == line).map(|place| place.columns.clone())
}
