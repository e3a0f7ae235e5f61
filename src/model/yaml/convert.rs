//! Converts trees to values: expands aliases, applies merge keys, and turns keys into strings.
//!
//! Models go.yaml.in/yaml/v2 decode.go for an untyped target, and sigs.k8s.io/yaml convertToJSONableObject.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use base::base64;
use base::quoted::go_quoted;
use base::value::{Map, Value};

use super::compose::TAG_PREFIX;
use super::fault::Fault;
use super::resolve::{Resolved, resolve};
use super::tree::{Entry, Node, NodeKind};
use super::{Diagnostic, MAX_DEPTH, MAX_NODES, Problem, Span};

/// Up to this many nodes from aliases, their share is not checked.
const ALIASED_NODES_UNCHECKED: usize = 100;
/// Up to this many nodes in total, the share from aliases is not checked.
const NODES_UNCHECKED: usize = 1000;
/// The maximum percentage of nodes that may come from aliases.
const ALIASED_PERCENT_MAX: usize = 99;

/// The value of a tree, if it has one, with remarks on duplicate keys and the error.
pub(super) fn to_value(root: &Node) -> (Option<Value>, Vec<Diagnostic>) {
    let mut converter = Converter::default();
    let value = converter.value(root);
    let late = value.as_ref().ok().and_then(|value| converter.late_error(value));
    let mut problems = converter.remarks;
    match late.map_or(value, Err) {
        Ok(value) => (Some(value), problems),
        Err(error) => {
            problems.push(error);
            (None, problems)
        }
    }
}

/// A key as JSON spells it; `None` if it cannot be a key.
pub(super) fn key_text(key: &Node) -> Option<Rc<str>> {
    let NodeKind::Scalar { text, .. } = &key.resolved().kind else { return None };
    match scalar(key.resolved()).ok()? {
        Scalar::Text(text) => Some(text),
        Scalar::Typed(Resolved::Bool(b)) => Some(if b { "true" } else { "false" }.into()),
        Scalar::Typed(Resolved::Int(n)) => Some(n.to_string().into()),
        Scalar::Typed(Resolved::Float(n)) => Some(n.to_shortest().into()),
        Scalar::Typed(Resolved::NotFinite(_)) => Some(text.to_ascii_lowercase().trim_start_matches('+').into()),
        Scalar::Typed(_) => None,
    }
}

/// The value of a scalar, taking its tag into account.
enum Scalar {
    Text(Rc<str>),
    Typed(Resolved),
}

/// Resolves a scalar.
fn scalar(node: &Node) -> Result<Scalar, Fault> {
    let NodeKind::Scalar { text, plain, tag } = &node.kind else { return Ok(Scalar::Text("".into())) };
    let known = match tag.as_deref() {
        None if !plain => return Ok(Scalar::Text(Rc::clone(text))),
        None => "",
        Some(tag) => match tag.strip_prefix(TAG_PREFIX) {
            Some("binary") => {
                let bytes = base64::decode(text).map_err(|_| Fault::Base64)?;
                return Ok(Scalar::Text(String::from_utf8_lossy(&bytes).into()));
            }
            Some(known @ ("bool" | "int" | "float" | "null" | "timestamp")) => known,
            _ => return Ok(Scalar::Text(Rc::clone(text))),
        },
    };
    let resolved = match (known, resolve(text)) {
        ("float", Resolved::Int(n)) => Resolved::Int(n),
        (known, resolved) if known.is_empty() || resolved.tag().trim_start_matches('!') == known => resolved,
        (known, resolved) => return Err(Fault::OtherTag(resolved.tag(), text.to_string(), known.to_owned())),
    };
    Ok(match resolved {
        Resolved::Text | Resolved::Timestamp => Scalar::Text(Rc::clone(text)),
        typed => Scalar::Typed(typed),
    })
}

#[derive(Default)]
struct Converter {
    nodes: usize,
    aliased: usize,
    alias_depth: usize,
    depth: usize,
    remarks: Vec<Diagnostic>,
    /// The first key that JSON cannot represent; reported only if there is no other error.
    bad_key: Option<Diagnostic>,
    /// Numbers that JSON cannot represent; errors unless overridden by a later duplicate key.
    not_finite: Vec<(&'static str, Span)>,
}

type Converted<T> = Result<T, Diagnostic>;

fn refused<T>(span: Span, fault: Fault) -> Converted<T> {
    Err(Diagnostic { problem: Problem::NotYaml(fault, 0), span })
}

impl Converter {
    fn value(&mut self, node: &Node) -> Converted<Value> {
        self.count(node)?;
        self.depth += 1;
        let value = match &node.kind {
            NodeKind::Scalar { .. } => self.scalar_value(node),
            NodeKind::List(items) => items.iter().map(|item| self.value(item)).collect::<Converted<Vec<_>>>().map(Value::from),
            NodeKind::Map(entries) => {
                let mut map = Map::new();
                self.fill(&mut map, entries).map(|()| Value::from(map))
            }
            NodeKind::Alias(name, None) => refused(node.span, Fault::AnchorInItself(name.to_string())),
            NodeKind::Alias(_, Some(target)) => {
                self.alias_depth += 1;
                let value = self.value(target);
                self.alias_depth -= 1;
                value
            }
        };
        self.depth -= 1;
        value
    }

    fn count(&mut self, node: &Node) -> Converted<()> {
        self.nodes += 1;
        self.aliased += usize::from(self.alias_depth > 0);
        if self.aliased > ALIASED_NODES_UNCHECKED && self.nodes > NODES_UNCHECKED && self.aliased * 100 > self.nodes * ALIASED_PERCENT_MAX {
            return refused(node.span, Fault::ExcessiveAliasing);
        }
        if self.nodes > MAX_NODES {
            return Err(Diagnostic { problem: Problem::TooManyNodes, span: node.span });
        }
        if self.depth > 2 * MAX_DEPTH {
            return Err(Diagnostic { problem: Problem::TooDeep, span: node.span });
        }
        Ok(())
    }

    fn fill(&mut self, map: &mut Map, entries: &[Entry]) -> Converted<()> {
        let mut seen: SortedSet<Rc<str>> = SortedSet::new();
        for entry in entries {
            if entry.is_merge() {
                self.merge(map, &entry.value)?;
                continue;
            }
            let key = self.key(entry)?;
            if !seen.insert(Rc::clone(&key)) {
                let problem = Problem::DuplicateKey(key.to_string());
                self.remarks.push(Diagnostic { problem, span: entry.key.span });
            }
            let value = self.value(&entry.value)?;
            map.insert(key, value);
        }
        Ok(())
    }

    fn key(&mut self, entry: &Entry) -> Converted<Rc<str>> {
        self.count(&entry.key)?;
        let node = entry.key.resolved();
        match &node.kind {
            NodeKind::Scalar { .. } => {}
            _ => return refused(entry.key.span, Fault::MapKey(go_syntax(node, 0))),
        }
        if let Err(fault) = scalar(node) {
            return refused(node.span, fault);
        }
        Ok(key_text(node).unwrap_or_else(|| {
            let value = go_syntax(entry.value.resolved(), 0);
            let (of, key) = match scalar(node) {
                Ok(Scalar::Typed(Resolved::Unsigned(n))) => ("uint64", format!("{n:#x}")),
                _ => ("%!s(<nil>)", "<nil>".to_owned()),
            };
            self.bad_key = self.bad_key.take().or(refused::<()>(entry.key.span, Fault::JsonKey(of, key, value)).err());
            "".into()
        }))
    }

    /// Merges the entries of the maps that a `<<` refers to; of several maps, the first wins.
    fn merge(&mut self, map: &mut Map, from: &Node) -> Converted<()> {
        let parts: Vec<&Node> = match &from.kind {
            NodeKind::List(items) => items.iter().rev().collect(),
            _ => vec![from],
        };
        for part in parts {
            self.count(part)?;
            match &part.resolved().kind {
                NodeKind::Map(entries) => {
                    self.alias_depth += usize::from(matches!(part.kind, NodeKind::Alias(..)));
                    self.depth += 1;
                    let filled = self.fill(map, entries);
                    self.depth -= 1;
                    self.alias_depth -= usize::from(matches!(part.kind, NodeKind::Alias(..)));
                    filled?;
                }
                _ => return refused(part.span, Fault::Merge),
            }
        }
        Ok(())
    }

    fn scalar_value(&mut self, node: &Node) -> Converted<Value> {
        match scalar(node) {
            Err(fault) => refused(node.span, fault),
            Ok(Scalar::Text(text)) => Ok(Value::Text(text)),
            Ok(Scalar::Typed(resolved)) => Ok(match resolved {
                Resolved::Bool(b) => Value::Bool(b),
                Resolved::Int(n) => Value::Int(n),
                Resolved::Unsigned(n) => Value::Real(n.to_string().into()),
                Resolved::Float(n) => n.to_int().map_or_else(|| Value::Real(n.to_json().into()), Value::Int),
                Resolved::NotFinite(name) => {
                    self.not_finite.push((name, node.span));
                    Value::Real(name.into())
                }
                Resolved::Null | Resolved::Timestamp | Resolved::Text => Value::Null,
            }),
        }
    }

    /// The error from encoding the value as JSON, if any.
    fn late_error(&mut self, value: &Value) -> Option<Diagnostic> {
        self.bad_key.take().or_else(|| {
            let (name, span) = self.not_finite.iter().find(|(name, _)| holds_number(value, name))?;
            refused::<()>(*span, Fault::JsonNumber(name)).err()
        })
    }
}

fn holds_number(value: &Value, spelling: &str) -> bool {
    match value {
        Value::Real(number) => number.as_ref() == spelling,
        Value::List(items) => items.iter().any(|item| holds_number(item, spelling)),
        Value::Map(map) => map.iter().any(|(_, item)| holds_number(item, spelling)),
        _ => false,
    }
}

/// A node as Go's `%#v` prints its parsed value.
fn go_syntax(node: &Node, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return String::new();
    }
    let node = node.resolved();
    match &node.kind {
        NodeKind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| go_syntax_inner(item, depth)).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        NodeKind::Map(entries) => {
            let entries: SortedMap<String, String> =
                entries.iter().map(|e| (go_syntax_inner(&e.key, depth), go_syntax_inner(&e.value, depth))).collect();
            let entries: Vec<String> = entries.into_iter().map(|(k, v)| format!("{k}:{v}")).collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
        _ => go_syntax_scalar(node).unwrap_or_else(|| "<nil>".to_owned()),
    }
}

fn go_syntax_inner(node: &Node, depth: usize) -> String {
    match &node.resolved().kind {
        NodeKind::Scalar { .. } => go_syntax_scalar(node.resolved()).unwrap_or_else(|| "interface {}(nil)".to_owned()),
        _ => go_syntax(node, depth + 1),
    }
}

fn go_syntax_scalar(node: &Node) -> Option<String> {
    match scalar(node).ok()? {
        Scalar::Text(text) => Some(go_quoted(&text)),
        Scalar::Typed(Resolved::Bool(b)) => Some(b.to_string()),
        Scalar::Typed(Resolved::Int(n)) => Some(n.to_string()),
        Scalar::Typed(Resolved::Unsigned(n)) => Some(format!("{n:#x}")),
        Scalar::Typed(Resolved::Float(n)) => Some(n.to_shortest()),
        Scalar::Typed(Resolved::NotFinite(name)) => Some(name.to_owned()),
        Scalar::Typed(_) => None,
    }
}
