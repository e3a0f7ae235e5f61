//! JSONPath as kubectl understands it: one evaluator for `-o jsonpath`, custom columns, `--sort-by` and `wait --for=jsonpath`.
//!
//! Models k8s.io/client-go/util/jsonpath. Promises: any text parses or is refused with kubectl's message; where the original
//! iterates over a map in random order, this goes by key.

mod eval;
mod parse;

use crate::print::golang;
use base::value::Value;

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    nodes: Vec<Node>,
}

/// One part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// Text outside braces, or a quoted string.
    Text(String),
    /// A number; kept as text if it does not fit into an `i64`.
    Literal(Value),
    /// The contents of a pair of braces.
    Action(Vec<Node>),
    /// `.name`
    Field(String),
    /// `[start:end:step]`
    Slice(Slice),
    /// `*`
    Wildcard,
    /// `..`
    Recursive,
    /// `[a,b]`
    Union(Vec<Vec<Node>>),
    /// `[?(left operator right)]`
    Filter { left: Vec<Node>, operator: String, right: Vec<Node> },
    /// `{range path}…{end}`, or without an end
    Range { over: Vec<Node>, body: Vec<Node>, ends: bool },
    /// An unknown bare word.
    Identifier(String),
}

/// The bounds of a slice, as far as given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slice {
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
    /// Whether it is a single index, whose end follows from its start.
    is_index: bool,
}

impl Template {
    /// Parses a template. The error is the message after `error parsing jsonpath …, `.
    pub fn parse(text: &str) -> Result<Template, String> {
        Ok(Template { text: text.to_owned(), nodes: parse::template(text)? })
    }

    /// Parses a template or a bare path, as custom columns and `--sort-by` accept.
    pub fn parse_relaxed(text: &str) -> Result<Template, String> {
        Template::parse(&Template::relaxed(text)?)
    }

    /// The template that a bare path stands for. Models get.RelaxedJSONPathExpression.
    pub fn relaxed(text: &str) -> Result<String, String> {
        const WANTED: &str = "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        let path = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
        match path {
            "" if text.is_empty() => Ok(String::new()),
            _ if path.is_empty() || path.contains(['{', '}']) => Err(WANTED.to_owned()),
            _ => Ok(format!("{{.{path}}}")),
        }
    }

    /// The values found, one list per part of the template. The error is the bare reason.
    pub fn results(&self, object: &Value) -> Result<Vec<Vec<Value>>, String> {
        let mut results = Vec::new();
        eval::run(&self.nodes, object, &mut results)?;
        Ok(results)
    }

    /// The output of `-o jsonpath`, or of `-o jsonpath-as-json`, for an object. The error is the message after `error: `.
    pub fn print(&self, object: &Value, as_json: bool) -> Result<String, String> {
        let part = |part: &Vec<Value>| {
            if as_json {
                return yaml::to_json_pretty(&Value::list(part.iter().cloned())) + "\n";
            }
            part.iter().map(as_text).collect::<Vec<_>>().join(" ")
        };
        self.results(object).map(|results| results.iter().map(part).collect()).map_err(|why| {
            format!(
                "error executing jsonpath {:?}: Error executing template: {why}. Printing more information for debugging the \
                 template:\n\ttemplate was:\n\t\t{}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n\n",
                self.text,
                self.text,
                golang::syntax(object)
            )
        })
    }
}

/// A result as text: strings unquoted, everything else as JSON.
fn as_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        other => other.to_json(),
    }
}
