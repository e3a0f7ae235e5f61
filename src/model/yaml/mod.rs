//! YAML as kubectl reads and prints it: text to spanned trees, trees to values, values to text.
//!
//! Promises: [`parse`] accepts any text and never fails or panics: whatever could be parsed is returned beside the problems, all
//! of it with spans. It accepts and refuses the same text as kubectl, with the same messages and line numbers; kubectl's reader
//! is a YAML 1.1 parser (go.yaml.in/yaml/v2 below sigs.k8s.io/yaml). No Rust crate follows that parser's rules (`y` is true,
//! `010` is 8, a tab's meaning depends on its position), so the scanner is our own.
//! Must not know: Kubernetes kinds and fields, the cluster, the browser.
//! Not modelled: UTF-16 input; numbers of more than seventeen digits are truncated instead of rounded to the nearest double.

mod compose;
mod convert;
mod cursor;
mod fault;
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

use base::field_path::FieldPath;
use base::json::Why;
use base::value::Value;

pub use fault::Fault;
pub use json::{MemberOrder, json_error, to_json_ordered, to_json_pretty};
pub use print::{print, print_in_order};
pub use split::Documents;
pub use tree::{Entry, Found, Node, NodeKind};

/// The maximum length of a text, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The maximum nesting depth of lists and maps.
pub const MAX_DEPTH: usize = 100;
/// The maximum number of nodes in a document, with every use of an alias counted in full.
pub const MAX_NODES: usize = 200_000;

/// A stretch of the text given to [`parse`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
    /// Line of the first byte, counted from 1.
    pub line: usize,
    /// Column of the first byte in characters, counted from 1.
    pub column: usize,
}

/// An error in a text, or a remark about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No JSON, and the offset in bytes where kubectl names it.
    NotJson(Why, Option<usize>),
    /// What stands behind a separator.
    Separator(String),
    /// No YAML, and the line that kubectl names; 0 where it names none.
    NotYaml(Fault, usize),
    /// The text is longer than [`MAX_BYTES`].
    TooLong,
    /// Nested more deeply than [`MAX_DEPTH`].
    TooDeep,
    /// More nodes than [`MAX_NODES`].
    TooManyNodes,
    /// A key occurs twice in one map. kubectl silently takes the later one, so this is a remark, not an error.
    DuplicateKey(String),
}

impl Problem {
    /// Whether it makes the document unusable.
    pub fn is_error(&self) -> bool {
        !matches!(self, Problem::DuplicateKey(_))
    }

    /// Whether it is that the playground reads no more; kubectl would.
    pub fn is_limit(&self) -> bool {
        matches!(self, Problem::TooLong | Problem::TooDeep | Problem::TooManyNodes)
    }

    /// What is said where the text is not a file's: without the step of reading it that failed.
    pub fn words(&self) -> String {
        match self {
            Problem::NotJson(why, offset) => offset.map_or(String::new(), |offset| format!("json: offset {offset}: ")) + &json::words(why),
            Problem::Separator(rest) => format!("invalid Yaml document separator: {rest}"),
            Problem::NotYaml(fault @ (Fault::JsonKey(..) | Fault::JsonNumber(_)), _) => fault.to_string(),
            Problem::NotYaml(fault, 0) => format!("yaml: {fault}"),
            Problem::NotYaml(fault, line) => format!("yaml: line {line}: {fault}"),
            Problem::TooLong => format!("the playground reads at most {} MB of text at a time", MAX_BYTES >> 20),
            Problem::TooDeep => format!("the playground reads at most {MAX_DEPTH} levels of lists and maps"),
            Problem::TooManyNodes => format!("the playground reads at most {MAX_NODES} values in one document"),
            Problem::DuplicateKey(key) => format!("{key:?} stands twice in this map; kubectl takes the last one"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{}", if let Problem::NotYaml(..) = self { "error converting YAML to JSON: " } else { "" }, self.words())
    }
}

/// A problem and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub problem: Problem,
    /// Its location in the whole text.
    pub span: Span,
}

/// One document of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its location in the whole text.
    pub span: Span,
    /// The tree of what could be parsed; `None` if there is nothing but comments.
    pub root: Option<Node>,
    /// The value kubectl sends; `Null` if the document is empty, `None` if it is unusable.
    pub value: Option<Value>,
    /// Errors and remarks, in text order.
    pub problems: Vec<Diagnostic>,
}

impl Document {
    /// The problem that makes the document unusable, if any.
    pub fn error(&self) -> Option<&Diagnostic> {
        self.problems.iter().find(|p| p.problem.is_error())
    }

    /// Whether the document is empty, so that kubectl silently skips it.
    pub fn is_empty(&self) -> bool {
        self.value.as_ref().is_some_and(Value::is_null)
    }

    /// Its value with the keys of maps in the order of the text.
    pub fn value_in_order(&self) -> Option<Value> {
        let value = self.value.as_ref()?;
        Some(self.root.as_ref().map_or_else(|| value.clone(), |root| root.in_order(value)))
    }

    /// The location of a field, or of its nearest ancestor in the text.
    pub fn find(&self, path: &FieldPath) -> Found {
        match &self.root {
            Some(root) => root.find(path),
            None => Found { key: None, value: self.span, exact: false },
        }
    }

    /// The span to underline for a complaint about a field: the scalar itself, or the key of the list or map.
    pub fn locate(&self, path: &FieldPath) -> Span {
        self.find(path).underline()
    }
}

/// Reads a text as `kubectl -f` does: documents separated by `---`, or a stream of JSON objects.
/// kubectl gives up on the file at the first document with an error; here the later documents are returned as well.
pub fn parse(text: &str) -> Vec<Document> {
    Documents::of(text).collect()
}
