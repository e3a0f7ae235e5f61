//! Evaluating JSONPath nodes. Models k8s.io/client-go/util/jsonpath/jsonpath.go.

use std::cmp::Ordering;

use super::{Node, Slice};
use base::value::Value;

/// Evaluates the nodes of a template one after the other.
pub(super) fn run(nodes: &[Node], object: &Value, results: &mut Vec<Vec<Value>>) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Range { over, body, ends } => {
                for item in walk(std::slice::from_ref(object), over)? {
                    run(body, &item, results)?;
                }
                if !ends {
                    // What comes after the last end that there was is run once more, on what is around the range.
                    let past = body.iter().rposition(|node| matches!(node, Node::Range { ends: true, .. })).map_or(0, |at| at + 1);
                    run(&body[past..], object, results)?;
                }
            }
            other => results.push(step(std::slice::from_ref(object), other)?),
        }
    }
    Ok(())
}

fn walk(values: &[Value], nodes: &[Node]) -> Result<Vec<Value>, String> {
    let mut values = values.to_vec();
    for node in nodes {
        values = step(&values, node)?;
    }
    Ok(values)
}

fn step(values: &[Value], node: &Node) -> Result<Vec<Value>, String> {
    match node {
        Node::Text(text) => Ok(vec![Value::from(text)]),
        Node::Literal(value) => Ok(vec![value.clone()]),
        Node::Action(nodes) => walk(values, nodes),
        Node::Field(name) => Ok(values.iter().filter_map(|v| v.get(name).cloned()).collect()),
        Node::Wildcard => Ok(values.iter().flat_map(children).collect()),
        Node::Recursive => Ok(descend(values)),
        Node::Union(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(walk(values, part)?);
            }
            Ok(all)
        }
        Node::Slice(bounds) => {
            let mut all = Vec::new();
            for value in values.iter().filter(|v| !v.is_null()) {
                all.extend(cut(value, *bounds)?);
            }
            Ok(all)
        }
        Node::Filter { left, operator, right } => {
            let mut all = Vec::new();
            for value in values.iter().filter(|v| !v.is_null()) {
                let items = value.as_list().ok_or_else(|| format!("{} is not array or slice and cannot be filtered", value.go_type()))?;
                for item in items {
                    if passes(item, left, operator, right)? {
                        all.push(item.clone());
                    }
                }
            }
            Ok(all)
        }
        Node::Identifier(word) if word == "end" => Err("not in range, nothing to end".to_owned()),
        Node::Identifier(word) => Err(format!("unrecognized identifier {word}")),
        Node::Range { .. } => Err("nested range".to_owned()),
    }
}

fn children(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        Value::Map(map) => map.iter().map(|(_, v)| v.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Every value with children, each before its descendants.
fn descend(values: &[Value]) -> Vec<Value> {
    let mut all = Vec::new();
    for value in values {
        let below = children(value);
        if !below.is_empty() {
            all.push(value.clone());
            all.extend(descend(&below));
        }
    }
    all
}

fn cut(value: &Value, bounds: Slice) -> Result<Vec<Value>, String> {
    let items = value.as_list().ok_or_else(|| format!("{} is not array or slice", value.go_type()))?;
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let from_end = |n: i64| if n < 0 { n + length } else { n };
    let start = from_end(bounds.start.unwrap_or(0));
    let end = match bounds.end {
        None => length,
        Some(0) if bounds.is_index => length,
        Some(n) => from_end(n),
    };
    if start == end {
        return Ok(Vec::new());
    }
    let outside = |index: i64| Err(format!("array index out of bounds: index {index}, length {length}"));
    if start >= length || start < 0 {
        return outside(start);
    }
    if end > length || end < 0 {
        return outside(end - 1);
    }
    if start > end {
        return Err(format!("starting index {start} is greater than ending index {end}"));
    }
    let every = match bounds.step {
        Some(n) if n <= 0 => return Err("step must be > 0".to_owned()),
        Some(n) => usize::try_from(n).unwrap_or(usize::MAX),
        None => 1,
    };
    let at = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(items[at(start)..at(end)].iter().step_by(every).cloned().collect())
}

fn passes(item: &Value, left: &[Node], operator: &str, right: &[Node]) -> Result<bool, String> {
    let here = std::slice::from_ref(item);
    if operator == "exists" {
        // A failure is not looked at: what it began with counts.
        let mut found = here.to_vec();
        for node in left {
            let Ok(next) = step(&found, node) else { break };
            found = next;
        }
        return Ok(!found.is_empty());
    }
    let left = walk(here, left)?;
    // Nobody looks at the right side where there is nothing on the left.
    let Some(left) = only(&left)? else { return Ok(false) };
    let right = walk(here, right)?;
    let Some(right) = only(&right)? else { return Ok(false) };
    let order = compare(left, right)?;
    match operator {
        "<" => Ok(order == Ordering::Less),
        ">" => Ok(order == Ordering::Greater),
        "==" => Ok(order == Ordering::Equal),
        "!=" => Ok(order != Ordering::Equal),
        "<=" => Ok(order != Ordering::Greater),
        ">=" => Ok(order != Ordering::Less),
        other => Err(format!("unrecognized filter operator {other}")),
    }
}

/// The one value of a side, if it has any.
fn only(side: &[Value]) -> Result<Option<&Value>, String> {
    match side {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err("can only compare one element at a time".to_owned()),
    }
}

fn compare(left: &Value, right: &Value) -> Result<Ordering, String> {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => Ok(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        (Value::Real(a), Value::Real(b)) if a == b => Ok(Ordering::Equal),
        (Value::Map(_) | Value::List(_), _) | (_, Value::Map(_) | Value::List(_)) => Err("invalid type for comparison".to_owned()),
        _ => Err("incompatible types for comparison".to_owned()),
    }
}
