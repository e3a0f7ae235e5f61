//! Splits a text into documents.
//!
//! Models k8s.io/apimachinery/pkg/util/yaml `NewYAMLOrJSONDecoder`, as used by kubectl's file visitor.

use super::compose::compose;
use super::convert::to_value;
use super::cursor::Lines;
use super::json;
use super::tree::Node;
use super::{Diagnostic, Document, MAX_BYTES, Problem, Span};
use base::json::{Why, skip_space};
use base::value::Value;
use std::rc::Rc;

/// The beginning of a line that separates documents.
const SEPARATOR: &str = "---";

/// The documents of a text, read one by one as [`super::parse`] reads them all.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The text, with an end to its last line.
    text: Rc<str>,
    lines: Lines,
    at: usize,
    /// Whether JSON objects are read.
    is_json: bool,
    /// How many JSON objects were read.
    objects: usize,
    /// Why what comes next is no JSON object, where it may be YAML.
    json_error: Option<Diagnostic>,
    /// What is said of a text that is too long to be read.
    refused: Option<Document>,
}

impl Documents {
    /// Begins to read a text.
    pub fn of(text: &str) -> Documents {
        let too_long = || {
            let span = Span { start: 0, end: text.len(), line: 1, column: 1 };
            Document { span, problems: vec![Diagnostic { problem: Problem::TooLong, span }], ..Document::default() }
        };
        let refused = (text.len() > MAX_BYTES).then(too_long);
        let text = if refused.is_some() { "" } else { text };
        // Upstream reads line by line and terminates the last line even if the text does not.
        let ended: Rc<str> = if text.is_empty() || text.ends_with('\n') { text.into() } else { format!("{text}\n").into() };
        let lines = Lines::new(Rc::clone(&ended), text.len());
        let is_json = text.trim_start().starts_with('{');
        Documents { text: ended, lines, at: 0, is_json, objects: 0, json_error: None, refused }
    }

    /// Reads the next of consecutive JSON objects. If at most one precedes the first JSON error, the rest may still be YAML; the error is
    /// kept because it is the one to report if it is not YAML either.
    fn json(&mut self) -> Option<Document> {
        let text = self.lines.text();
        let start = skip_space(text, self.at);
        if start == text.len() {
            (self.at, self.is_json) = (self.text.len(), false);
            return None;
        }
        let error = match json::read(text, start, &self.lines) {
            Ok((root, end)) => {
                (self.at, self.objects) = (end, self.objects + 1);
                return Some(self.document(start, end, Some(root), Vec::new()));
            }
            Err(error) => error,
        };
        let ambiguous = self.objects <= 1;
        let offset = Some(error.at + 1).filter(|_| ambiguous && matches!(error.why, Why::Unexpected(..)));
        let span = self.lines.span(error.place.start, error.place.end);
        let diagnostic = Diagnostic { problem: Problem::NotJson(error.why, offset), span };
        self.is_json = false;
        if ambiguous {
            // YAML resumes on the next line, or after the blanks on this one.
            self.at = text[self.at..start].find('\n').map_or(start, |at| self.at + at + 1);
            self.json_error = Some(diagnostic);
            return None;
        }
        self.at = self.text.len();
        Some(self.document(start, self.at, None, vec![diagnostic]))
    }

    /// Reads the next YAML document.
    fn yaml(&mut self) -> Option<Document> {
        let (text, start) = (Rc::clone(&self.text), self.at);
        while self.at < text.len() {
            let at = self.at;
            self.at = text[at..].find('\n').map_or(text.len(), |length| at + length + 1);
            let line = &text[at..self.at];
            if let Some(rest) = line.strip_prefix(SEPARATOR) {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let span = self.lines.span(at, at + line.trim_end().len());
                    let problem = Diagnostic { problem: Problem::Separator(rest.to_owned()), span };
                    let problem = self.json_error.take().unwrap_or(problem);
                    return Some(self.document(start, self.at, None, vec![problem]));
                }
                if start < at {
                    return Some(self.chunk(start, at));
                }
                // A separator with nothing before it belongs to the document and counts in its line numbers.
            }
        }
        (start < text.len()).then(|| self.chunk(start, text.len()))
    }

    fn chunk(&mut self, start: usize, end: usize) -> Document {
        let composed = compose(&self.text, start, end, &self.lines);
        let mut document = self.document(start, end, composed.root, composed.error.into_iter().collect());
        if let Some(error) = self.json_error.take()
            && document.value.is_none()
        {
            document.problems = vec![error];
        }
        document
    }

    fn document(&self, start: usize, end: usize, root: Option<Node>, mut problems: Vec<Diagnostic>) -> Document {
        let value = match &root {
            _ if !problems.is_empty() => None,
            None => Some(Value::Null),
            Some(root) => {
                let (value, more) = to_value(root);
                problems = more;
                value
            }
        };
        Document { span: self.lines.span(start, end), root, value, problems }
    }
}

impl Iterator for Documents {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        let json = |this: &mut Self| if this.is_json { this.json() } else { None };
        self.refused.take().or_else(|| json(self)).or_else(|| self.yaml())
    }
}
