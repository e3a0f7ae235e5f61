//! YAML as kubectl reads and prints it: text to trees with places, trees to values, values to text.
//!
//! Promises: [`parse`] takes any text and never fails or panics: what could be understood is there beside the problems, and
//! both know their place. The same text is accepted and refused, with the same words and line numbers, as by kubectl, whose
//! reader is a YAML 1.1 parser (go.yaml.in/yaml/v2 below sigs.k8s.io/yaml). That parser's rules differ from every Rust crate's
//! (`y` is true, `010` is 8, a tab is told apart by where it stands), so the scanner is our own.
//! Must not know: Kubernetes kinds and fields, the cluster, the browser.
//! Not modelled: UTF-16 input; a number of more than seventeen digits is cut there instead of rounded to the nearest double.

mod compose;
mod convert;
mod cursor;
mod json;
mod number;
mod print;
mod resolve;
mod scalar;
mod scan;
mod split;
mod token;
mod tree;

use std::fmt;

use crate::api::status::FieldPath;
use crate::base::value::Value;

pub use json::{json_error, to_json_pretty};
pub use print::print;
pub use tree::{Entry, Found, Node, NodeKind};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// How deeply lists and maps may be nested.
pub const MAX_DEPTH: usize = 100;
/// How many nodes a document may have, counting what aliases stand for each time.
pub const MAX_NODES: usize = 200_000;

/// A stretch of the text given to [`parse`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
}

impl Span {
    /// Whether `offset` lies inside or at either edge.
    pub fn touches(&self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// What is wrong with, or worth saying about, a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// In kubectl's words, as they follow `error parsing FILE: `.
    Refused(String),
    /// The text is longer than [`MAX_BYTES`].
    TooLong,
    /// Nested more deeply than [`MAX_DEPTH`].
    TooDeep,
    /// More nodes than [`MAX_NODES`].
    TooManyNodes,
    /// A key stands twice in one map. kubectl takes the later one without a word, so this is a remark, no error.
    DuplicateKey(String),
}

impl Problem {
    /// Whether the document cannot be used.
    pub fn is_error(&self) -> bool {
        !matches!(self, Problem::DuplicateKey(_))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Problem::Refused(words) => f.write_str(words),
            Problem::TooLong => write!(f, "the playground reads at most {} kB of text at a time", MAX_BYTES / 1024),
            Problem::TooDeep => write!(f, "the playground reads at most {MAX_DEPTH} levels of lists and maps"),
            Problem::TooManyNodes => write!(f, "the playground reads at most {MAX_NODES} values in one document"),
            Problem::DuplicateKey(key) => write!(f, "{key:?} stands twice in this map; kubectl takes the last one"),
        }
    }
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What.
    pub problem: Problem,
    /// Where, in the whole text.
    pub span: Span,
}

/// One document of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its place in the whole text.
    pub span: Span,
    /// What could be understood; `None` where there is nothing but comments.
    pub root: Option<Node>,
    /// The value kubectl sends; `Null` where the document is empty, `None` where it cannot be used.
    pub value: Option<Value>,
    /// What is wrong with it and what is worth a remark, in the order of the text.
    pub problems: Vec<Diagnostic>,
}

impl Document {
    /// The problem that makes the document unusable.
    pub fn error(&self) -> Option<&Diagnostic> {
        self.problems.iter().find(|p| p.problem.is_error())
    }

    /// Whether kubectl passes the document over without a word.
    pub fn is_empty(&self) -> bool {
        self.value.as_ref().is_some_and(Value::is_null)
    }

    /// The place of a field, or of its nearest ancestor that is in the text.
    pub fn find(&self, path: &FieldPath) -> Found {
        match &self.root {
            Some(root) => root.find(path),
            None => Found { key: None, value: self.span, exact: false },
        }
    }

    /// Where to underline a complaint about a field: a scalar itself, otherwise the key that leads to the list or map.
    pub fn locate(&self, path: &FieldPath) -> Span {
        self.find(path).underline()
    }

    /// The path of the innermost key or value at a byte offset of the whole text.
    pub fn path_at(&self, offset: usize) -> FieldPath {
        self.root.as_ref().map(|root| root.path_at(offset)).unwrap_or_default()
    }
}

/// Reads a text as `kubectl -f` does: documents between `---` lines, or a stream of JSON objects.
/// The file as a whole is refused by kubectl from the first document with an error on; the others are here all the same.
pub fn parse(text: &str) -> Vec<Document> {
    if text.len() > MAX_BYTES {
        let span = Span { start: 0, end: text.len(), line: 1, column: 1 };
        let problems = vec![Diagnostic { problem: Problem::TooLong, span }];
        return vec![Document { span, problems, ..Document::default() }];
    }
    split::documents(text)
}

/// How many UTF-16 units lie before a byte offset: what a browser's text area counts in.
pub fn utf16_offset(text: &str, offset: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < offset).map(|(_, c)| c.len_utf16()).sum()
}

/// The byte offset before which so many UTF-16 units lie.
pub fn byte_offset(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= utf16 {
            return at;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests;
