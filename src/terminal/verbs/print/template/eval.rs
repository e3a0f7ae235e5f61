//! Executing templates. Models text/template/exec.go.

use super::{Node, Operand, Pipeline, functions};
use crate::print::golang;
use base::value::Value;

/// A value, if there is one.
pub(super) type Found = Option<Value>;

/// The text printed for a missing value.
const NO_VALUE: &str = "<no value>";

/// What ends the execution of a loop's nodes.
#[derive(PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

struct Machine<'a> {
    text: &'a str,
    variables: Vec<(String, Found)>,
    out: &'a mut String,
}

/// Executes a template. The error is Go's message.
pub(super) fn execute(text: &str, nodes: &[Node], object: &Value, out: &mut String) -> Result<(), String> {
    let mut machine = Machine { text, variables: vec![("$".to_owned(), Some(object.clone()))], out };
    machine.run(nodes, &Some(object.clone())).map(|_| ())
}

impl Machine<'_> {
    fn run(&mut self, nodes: &[Node], dot: &Found) -> Result<Flow, String> {
        let scope = self.variables.len();
        let mut flow = Flow::On;
        for node in nodes {
            flow = self.node(node, dot)?;
            if flow != Flow::On {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn node(&mut self, node: &Node, dot: &Found) -> Result<Flow, String> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.variables.is_empty() {
                    self.out.push_str(&shown(&value));
                } else {
                    self.keep(pipeline, 0, value);
                }
            }
            Node::If(branches, otherwise) => {
                for (condition, body) in branches {
                    if truth(&self.pipeline(condition, dot)?) {
                        return self.run(body, dot);
                    }
                }
                return self.run(otherwise, dot);
            }
            Node::With(pipeline, body, otherwise) => {
                let value = self.pipeline(pipeline, dot)?;
                if !truth(&value) {
                    return self.run(otherwise, dot);
                }
                let scope = self.variables.len();
                self.keep(pipeline, 0, value.clone());
                let flow = self.run(body, &value);
                self.variables.truncate(scope);
                return flow;
            }
            Node::Range(pipeline, body, otherwise) => return self.range(pipeline, body, otherwise, dot),
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn range(&mut self, pipeline: &Pipeline, body: &[Node], otherwise: &[Node], dot: &Found) -> Result<Flow, String> {
        let pairs: Vec<(Value, Value)> = match self.pipeline(pipeline, dot)? {
            Some(Value::List(items)) => {
                items.iter().enumerate().map(|(i, v)| (Value::Int(i64::try_from(i).unwrap_or(i64::MAX)), v.clone())).collect()
            }
            Some(Value::Map(map)) => map.iter().map(|(k, v)| (Value::from(k), v.clone())).collect(),
            None | Some(Value::Null) => Vec::new(),
            Some(other) => return Err(self.at(0, "range", &format!("range can't iterate over {}", golang::plain(&other)))),
        };
        if pairs.is_empty() {
            return self.run(otherwise, dot);
        }
        for (key, value) in pairs {
            let scope = self.variables.len();
            match pipeline.variables.as_slice() {
                [] => {}
                [_] => self.keep(pipeline, 0, Some(value.clone())),
                _ => {
                    self.keep(pipeline, 0, Some(key));
                    self.keep(pipeline, 1, Some(value.clone()));
                }
            }
            let flow = self.run(body, &Some(value));
            self.variables.truncate(scope);
            if flow? == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn keep(&mut self, pipeline: &Pipeline, index: usize, value: Found) {
        let Some(name) = pipeline.variables.get(index) else { return };
        if pipeline.assigns {
            if let Some(known) = self.variables.iter_mut().rev().find(|(n, _)| n == name) {
                known.1 = value;
            }
        } else {
            self.variables.push((name.clone(), value));
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Found) -> Result<Found, String> {
        let mut value = None;
        for (i, command) in pipeline.commands.iter().enumerate() {
            let piped = (i > 0).then_some(value);
            value = self.command(command, piped, dot)?;
        }
        Ok(value)
    }

    fn command(&mut self, command: &[Operand], piped: Option<Found>, dot: &Found) -> Result<Found, String> {
        let Some((first, rest)) = command.split_first() else { return Ok(None) };
        let Operand::Function(name) = first else { return self.operand(first, dot) };
        let mut arguments = Vec::new();
        for operand in rest {
            arguments.push(self.operand(operand, dot)?);
        }
        arguments.extend(piped);
        functions::call(name, &arguments).map_err(|why| {
            let place = self.text.find(name.as_str()).unwrap_or(0);
            let what = self.text[place..].split(['|', '}', ')']).next().unwrap_or_default().trim();
            self.at(place, what, &format!("error calling {name}: {why}"))
        })
    }

    fn operand(&mut self, operand: &Operand, dot: &Found) -> Result<Found, String> {
        match operand {
            Operand::Dot => Ok(dot.clone()),
            Operand::Nil => Ok(None),
            Operand::Literal(value) => Ok(Some(value.clone())),
            Operand::Field(fields, at) => self.fields(dot.clone(), fields, "", *at),
            Operand::Variable(name, fields, at) => {
                let value = self.variables.iter().rev().find(|(n, _)| n == name).and_then(|(_, v)| v.clone());
                self.fields(value, fields, name, *at)
            }
            Operand::Function(name) => self.command(&[Operand::Function(name.clone())], None, dot),
            Operand::Parenthesis(pipeline, fields) => {
                let value = self.pipeline(pipeline, dot)?;
                self.fields(value, fields, "", 0)
            }
        }
    }

    fn fields(&self, mut value: Found, fields: &[String], before: &str, at: usize) -> Result<Found, String> {
        for field in fields {
            value = match value {
                None | Some(Value::Null) => None,
                Some(Value::Map(map)) => map.get(field).cloned(),
                Some(_) => {
                    let path = format!("{before}.{}", fields.join("."));
                    // Go reports the position of a chain's second field.
                    let place = at + if fields.len() > 1 && before.is_empty() { fields[0].len() + 1 } else { 0 };
                    return Err(self.at(place, &path, &format!("can't evaluate field {field} in type interface {{}}")));
                }
            };
        }
        Ok(value)
    }

    fn at(&self, place: usize, what: &str, why: &str) -> String {
        let before = &self.text[..place.min(self.text.len())];
        let line = 1 + before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |i| i + 1);
        format!("template: output:{line}:{column}: executing \"output\" at <{what}>: {why}")
    }
}

/// A value as an action prints it.
fn shown(value: &Found) -> String {
    match value {
        None | Some(Value::Null) => NO_VALUE.to_owned(),
        Some(value) => golang::plain(value),
    }
}

/// Whether a value is truthy: present, and neither zero nor empty.
pub(super) fn truth(value: &Found) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(b)) => *b,
        Some(Value::Int(i)) => *i != 0,
        Some(Value::Real(_)) => true,
        Some(Value::Text(t)) => !t.is_empty(),
        Some(Value::List(l)) => !l.is_empty(),
        Some(Value::Map(m)) => !m.is_empty(),
    }
}
