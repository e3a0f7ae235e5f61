//! Splits a text into documents.
//!
//! Models k8s.io/apimachinery/pkg/util/yaml `NewYAMLOrJSONDecoder`, as used by kubectl's file visitor.

use super::compose::compose;
use super::convert::to_value;
use super::cursor::Lines;
use super::json;
use super::tree::Node;
use super::{Diagnostic, Document, Problem, Span};
use base::json::{Why, skip_space};
use base::value::Value;

/// The beginning of a line that separates documents.
const SEPARATOR: &str = "---";

/// The documents of a text within the size limit.
pub(super) fn documents(text: &str) -> Vec<Document> {
    // Upstream reads line by line and terminates the last line even if the text does not.
    let ended = if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let mut splitter = Splitter { text: &ended, lines: Lines::new(&ended, text.len()), at: 0, documents: Vec::new() };
    let json_error = if text.trim_start().starts_with('{') { splitter.json(text) } else { None };
    splitter.yaml(json_error);
    splitter.documents
}

struct Splitter<'a> {
    text: &'a str,
    lines: Lines<'a>,
    at: usize,
    documents: Vec<Document>,
}

impl Splitter<'_> {
    /// Reads consecutive JSON objects. If at most one precedes the first JSON error, the rest may still be YAML; the error is returned
    /// because it is the one to report if it is not YAML either.
    fn json(&mut self, text: &str) -> Option<Diagnostic> {
        loop {
            let start = skip_space(text, self.at);
            if start == text.len() {
                self.at = self.text.len();
                return None;
            }
            let error = match json::read(text, start, &self.lines) {
                Ok((root, end)) => {
                    self.add(start, end, Some(root), Vec::new());
                    self.at = end;
                    continue;
                }
                Err(error) => error,
            };
            let ambiguous = self.documents.len() <= 1;
            let offset = Some(error.at + 1).filter(|_| ambiguous && matches!(error.why, Why::Unexpected(..)));
            let span = self.span(error.place.start, error.place.end);
            let diagnostic = Diagnostic { problem: Problem::NotJson(error.why, offset), span };
            if ambiguous {
                // YAML resumes on the next line, or after the blanks on this one.
                self.at = text[self.at..start].find('\n').map_or(start, |at| self.at + at + 1);
                return Some(diagnostic);
            }
            self.add(start, self.text.len(), None, vec![diagnostic]);
            self.at = self.text.len();
            return None;
        }
    }

    /// Reads YAML documents up to the end of the text.
    fn yaml(&mut self, mut json_error: Option<Diagnostic>) {
        let mut start = self.at;
        while self.at < self.text.len() {
            let line_end = self.text[self.at..].find('\n').map_or(self.text.len(), |length| self.at + length + 1);
            let line = &self.text[self.at..line_end];
            if let Some(rest) = line.strip_prefix(SEPARATOR) {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let span = self.span(self.at, self.at + line.trim_end().len());
                    let problem = Diagnostic { problem: Problem::Separator(rest.to_owned()), span };
                    self.add(start, line_end, None, vec![json_error.take().unwrap_or(problem)]);
                    start = line_end;
                } else if start < self.at {
                    self.chunk(start, self.at, json_error.take());
                    start = line_end;
                }
                // A separator with nothing before it belongs to the document and counts in its line numbers.
            }
            self.at = line_end;
        }
        if start < self.text.len() {
            self.chunk(start, self.text.len(), json_error);
        }
    }

    fn chunk(&mut self, start: usize, end: usize, json_error: Option<Diagnostic>) {
        let composed = compose(self.text, start, end, &self.lines);
        self.add(start, end, composed.root, composed.error.into_iter().collect());
        if let (Some(error), Some(document)) = (json_error, self.documents.last_mut())
            && document.value.is_none()
        {
            document.problems = vec![error];
        }
    }

    fn add(&mut self, start: usize, end: usize, root: Option<Node>, mut problems: Vec<Diagnostic>) {
        let value = match &root {
            _ if !problems.is_empty() => None,
            None => Some(Value::Null),
            Some(root) => {
                let (value, more) = to_value(root);
                problems = more;
                value
            }
        };
        self.documents.push(Document { span: self.span(start, end), root, value, problems });
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.lines.span(start, end)
    }
}
