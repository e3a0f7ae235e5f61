//! JSON as the same trees as YAML, with Go's error messages, and pretty-printed.
//!
//! Models Go's encoding/json: its scanner's error messages, and `MarshalIndent`.

use std::rc::Rc;

use base::json::{self, Form, Tree, Why, Wrong};
use base::quoted::go_quoted;
use base::value::{Map, Value, write_json_text};

use super::cursor::Lines;
use super::tree::{Entry, Node, NodeKind};
use super::{MAX_DEPTH, Problem};

/// Reads one JSON value; also returns the offset after it.
pub(super) fn read(text: &str, at: usize, lines: &Lines) -> Result<(Node, usize), Wrong> {
    json::read(text, at, MAX_DEPTH).map(|(tree, end)| (node(tree, lines), end))
}

fn node(tree: Tree, lines: &Lines) -> Node {
    let scalar = |text, plain| NodeKind::Scalar { text, plain, tag: None };
    let kind = match tree.form {
        Form::Text(text) => scalar(text, false),
        Form::Plain(text) => scalar(text, true),
        Form::Array(items) => NodeKind::List(Rc::new(items.into_iter().map(|item| node(item, lines)).collect())),
        Form::Object(members) => {
            let entry = |(key, value)| Entry { key: node(key, lines), value: node(value, lines) };
            NodeKind::Map(Rc::new(members.into_iter().map(entry).collect()))
        }
    };
    Node { span: lines.span(tree.place.start, tree.place.end), kind }
}

/// Go's message about a syntax error.
pub(super) fn words(why: &Why) -> String {
    match why {
        Why::Ends => "unexpected EOF".to_owned(),
        Why::TooDeep => Problem::TooDeep.to_string(),
        Why::Unexpected(byte, context) => {
            let shown = match *byte {
                b'\'' => r"'\''".to_owned(),
                b'"' => "'\"'".to_owned(),
                byte => {
                    let quoted = go_quoted(&char::from(byte).to_string());
                    format!("'{}'", &quoted[1..quoted.len() - 1])
                }
            };
            format!("invalid character {shown} {context}")
        }
    }
}

/// The error in a text that should be exactly one JSON value, in Go's words. Models json.Unmarshal.
pub fn json_error(text: &str) -> Option<String> {
    let begin = text.len() - text.trim_start().len();
    match json::read(text, begin, MAX_DEPTH) {
        Err(Wrong { why: why @ Why::Unexpected(..), .. }) => Some(words(&why)),
        Err(_) => Some("unexpected end of JSON input".to_owned()),
        Ok((_, end)) => text[end..].trim().chars().next().map(|c| format!("invalid character {c:?} after top-level value")),
    }
}

/// In which order the members of maps are written.
pub trait MemberOrder: Copy {
    /// The members of a map in this order.
    fn members(self, map: &Map) -> Vec<(&Rc<str>, &Value)>;
    /// The order in a member, or in an element of a list: `key` is empty there.
    #[must_use]
    fn inside(self, key: &str) -> Self;
}

/// The order that maps keep themselves: by key.
#[derive(Clone, Copy)]
struct ByKey;

impl MemberOrder for ByKey {
    fn members(self, map: &Map) -> Vec<(&Rc<str>, &Value)> {
        map.iter().collect()
    }

    fn inside(self, _: &str) -> Self {
        self
    }
}

/// JSON indented by four spaces, as `kubectl -o json` prints it.
pub fn to_json_pretty(value: &Value) -> String {
    to_json_ordered(value, ByKey)
}

/// JSON indented by four spaces, with members in an order of their own.
pub fn to_json_ordered(value: &Value, order: impl MemberOrder) -> String {
    let mut out = String::new();
    write_pretty(value, order, 0, &mut out);
    out
}

fn write_pretty(value: &Value, order: impl MemberOrder, depth: usize, out: &mut String) {
    let break_line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("    ", depth));
    };
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                break_line(depth + 1, out);
                write_pretty(item, order.inside(""), depth + 1, out);
            }
            break_line(depth, out);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            out.push('{');
            for (i, (key, item)) in order.members(map).into_iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                break_line(depth + 1, out);
                write_json_text(key, out);
                out.push_str(": ");
                write_pretty(item, order.inside(key), depth + 1, out);
            }
            break_line(depth, out);
            out.push('}');
        }
        other => out.push_str(&other.to_json()),
    }
}
