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

#[cfg(test)]
mod tests {
    use super::*;

    fn pod() -> Value {
        let condition = |kind: &str, status: &str| Value::of([("type", kind), ("status", status)]);
        let mut pod = Value::map();
        pod.set(&["metadata", "name"], "web-0");
        pod.set(&["metadata", "generation"], 1);
        pod.set(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], "web-0");
        pod.set(&["spec", "nodeName"], "node-2");
        let mut tolerations = [Value::of([("key", "a")]), Value::of([("key", "b")])];
        tolerations[0].set(&["seconds"], 300);
        tolerations[1].set(&["seconds"], 5);
        pod.set(&["spec", "tolerations"], Value::list(tolerations));
        pod.set(&["spec", "containers"], Value::list([Value::of([("name", "nginx"), ("image", "nginx:1.25")])]));
        pod.set(&["status", "conditions"], Value::list([condition("Initialized", "True"), condition("Ready", "False")]));
        pod.set(&["status", "nothing"], Value::Null);
        pod
    }

    #[test]
    fn templates_print_what_kubectl_prints() {
        for (template, want) in [
            (".metadata.name", ".metadata.name"),
            ("{.metadata.name}x{\"\\n\"}", "web-0x\n"),
            ("{.metadata['name','generation']}", "web-0 1"),
            ("{.spec.containers[-1].name}", "nginx"),
            ("{range .status.conditions[*]}{.type}={.status}{'\\t'}{end}.", "Initialized=True\tReady=False\t."),
            ("{range .status.conditions[*]}{.type}{\"\\n\"}", "Initialized\nReady\n\n"),
            ("{range .status.conditions[*]}{range .a}{end}{.type}{.metadata.name} ", "Initialized Ready web-0 "),
            ("{range .nothing[*]}x{end}y", "y"),
            ("{.status.conditions[?(@.type==\"Ready\")].status}", "False"),
            ("{.status.conditions[?(@.type!='Ready')].type}", "Initialized"),
            ("{.spec.tolerations[?(@.seconds>200)].key}", "a"),
            ("{.spec.containers[?(@.name)].image}", "nginx:1.25"),
            ("{.foo}", ""),
            ("{.spec.containers[0].name.x}", ""),
            ("{.metadata.labels.statefulset\\.kubernetes\\.io/pod-name}", "web-0"),
            ("{.metadata.labels['statefulset\\.kubernetes\\.io/pod-name']}", "web-0"),
            ("{.status.conditions[0:2].type}", "Initialized Ready"),
            ("{.status.conditions[0:2:2].type}", "Initialized"),
            ("{.status.conditions[*].type}", "Initialized Ready"),
            ("{..name}", "web-0 nginx"),
            ("{.status.nothing}", "null"),
            ("{.metadata.name#}", ""),
            ("{$.metadata.name}{@.metadata.name}", "web-0web-0"),
            ("{3}{true}{-1.5}", "3true-1.5"),
            ("{.metadata.name .metadata.generation}", ""),
            ("{.spec.containers}", r#"[{"image":"nginx:1.25","name":"nginx"}]"#),
        ] {
            assert_eq!(Template::parse(template).and_then(|t| t.print(&pod(), false)).as_deref(), Ok(want), "{template}");
        }
    }

    #[test]
    fn templates_are_refused_in_kubectls_words() {
        for (template, want) in [
            ("{.metadata.name", "unclosed action"),
            ("{.spec.containers[0]", "unclosed action"),
            ("{.status.conditions[?(@.type==\"Ready\"].status}", "unterminated filter"),
            ("{.spec.containers[a]}", "invalid array index a"),
            ("{.spec.containers[0}", "unterminated array"),
            ("{\"a", "unterminated quoted string"),
            ("{.....x}", "invalid multiple recursive descent"),
            ("{#}", "unrecognized character in action: U+0023 '#'"),
        ] {
            assert_eq!(Template::parse(template).map(|_| ()), Err(want.to_owned()), "{template}");
        }
    }

    #[test]
    fn failures_name_the_reason() {
        for (template, want) in [
            ("{.spec.containers[5].name}", "array index out of bounds: index 5, length 1"),
            ("{.spec.containers[0:9].name}", "array index out of bounds: index 8, length 1"),
            ("{.spec.nodeName[0]}", "string is not array or slice"),
            ("{end}", "not in range, nothing to end"),
            ("{foo}", "unrecognized identifier foo"),
            ("{foo-bar}", "unrecognized identifier foo-bar"),
            ("{.a b}", "unrecognized identifier b"),
            ("{.spec.tolerations[?(@.seconds==\"x\")].key}", "incompatible types for comparison"),
        ] {
            assert_eq!(Template::parse(template).unwrap().results(&pod()), Err(want.to_owned()), "{template}");
        }
    }

    #[test]
    fn bare_paths_are_read_where_they_are_allowed() {
        for text in [".metadata.name", "metadata.name", "{.metadata.name}", "{metadata.name}"] {
            assert_eq!(Template::parse_relaxed(text).unwrap().print(&pod(), false).as_deref(), Ok("web-0"), "{text}");
        }
        assert!(Template::parse_relaxed("{.a").is_err());
        assert_eq!(Template::relaxed("."), Ok("{..}".to_owned()));
    }
}
