//! Go templates, as far as they are used for printing objects: fields, variables, pipelines, `if`, `range`, `with`, common functions.
//!
//! Models text/template as `-o go-template` uses it. Not modelled: `define`, `block`, methods, floats, functions that compare in order or
//! escape, widths of `printf`.

mod eval;
mod functions;
mod parse;

use std::fmt::Write;

use crate::print::golang;
use base::value::Value;

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Text(String),
    Action(Pipeline),
    If(Vec<(Pipeline, Vec<Node>)>, Vec<Node>),
    With(Pipeline, Vec<Node>, Vec<Node>),
    Range(Pipeline, Vec<Node>, Vec<Node>),
    Break,
    Continue,
}

/// Commands chained by `|`, whose result may be assigned to variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Pipeline {
    variables: Vec<String>,
    assigns: bool,
    commands: Vec<Vec<Operand>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Dot,
    Nil,
    Literal(Value),
    /// Fields of the dot, and their position in the text.
    Field(Vec<String>, usize),
    Variable(String, Vec<String>, usize),
    Function(String),
    Parenthesis(Pipeline, Vec<String>),
}

/// A template's output, and the error that stopped it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Standard output.
    pub text: String,
    /// The message after `error: `.
    pub error: Option<String>,
}

impl Template {
    /// Parses a template. The error is the message after `error: `.
    pub fn parse(text: &str) -> Result<Template, String> {
        match parse::template(text) {
            Ok(nodes) => Ok(Template { text: text.to_owned(), nodes }),
            Err((line, why)) => Err(format!("error parsing template {text}, template: output:{line}: {why}")),
        }
    }

    /// Executes the template for an object.
    pub fn print(&self, object: &Value) -> Printed {
        let mut text = String::new();
        match eval::execute(&self.text, &self.nodes, object, &mut text) {
            Ok(()) => Printed { text, error: None },
            Err(why) => {
                let _ = write!(
                    text,
                    "Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{}\n\
                     \traw data was:\n\t\t{}\n\tobject given to template engine was:\n\t\t{}\n\n",
                    self.text,
                    object.to_json(),
                    golang::plain(object)
                );
                Printed { text, error: Some(format!("error executing template {:?}: {why}", self.text)) }
            }
        }
    }
}
