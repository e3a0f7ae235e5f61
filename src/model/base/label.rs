//! Label selectors, as in `-l` and in fields such as `spec.selector`.
//!
//! Models k8s.io/apimachinery/pkg/labels selector.go and metav1.LabelSelectorAsSelector.
//! Promises: parse errors are in upstream's words; matching needs nothing but a label lookup.
//! Must not know: what a valid label is; the caller of the parser supplies that rule.

use std::fmt;
use std::rc::Rc;

use crate::quoted::in_one_line;
use crate::sort::Sort;
use crate::value::{Map, Value};

/// A selector operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`.
    Equals,
    /// `==`.
    DoubleEquals,
    /// `!=`; also matches if the label is absent.
    NotEquals,
    /// `in (…)`.
    In,
    /// `notin (…)`; also matches if the label is absent.
    NotIn,
    /// The bare key.
    Exists,
    /// `!key`.
    DoesNotExist,
    /// `>`, with integers on both sides.
    GreaterThan,
    /// `<`, with integers on both sides.
    LessThan,
}

/// A requirement on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Rc<str>,
    pub operator: Operator,
    /// The values to compare with; sorted and without duplicates if parsed.
    pub values: Vec<Rc<str>>,
}

/// A conjunction of requirements. An empty one matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// The requirements, sorted by key.
    pub requirements: Vec<Requirement>,
}

/// A validity rule for label keys or values: returns the errors in a text.
pub type Rule<'a> = &'a dyn Fn(&str) -> Vec<String>;

impl Requirement {
    /// Requires one of these values.
    pub fn one_of(key: Rc<str>, values: Vec<Rc<str>>) -> Self {
        Requirement { key, operator: Operator::In, values }
    }

    /// Decodes `{key, operator, values}`; `None` unless the operator is one of the four that fields allow.
    pub fn decode(expression: &Value) -> Option<Self> {
        let operator = match expression.text_at(&["operator"])? {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            _ => return None,
        };
        let key = expression.get("key")?.as_shared_text()?;
        let values = expression.list_at(&["values"]).iter().filter_map(Value::as_shared_text).collect();
        Some(Requirement { key, operator, values })
    }

    /// Whether labels satisfy it. `label` looks up a value by key.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        let found = label(&self.key);
        let listed = |value: &str| self.values.iter().any(|v| v.as_ref() == value);
        match self.operator {
            Operator::Equals | Operator::DoubleEquals | Operator::In => found.is_some_and(listed),
            Operator::NotEquals | Operator::NotIn => !found.is_some_and(listed),
            Operator::Exists => found.is_some(),
            Operator::DoesNotExist => found.is_none(),
            Operator::GreaterThan | Operator::LessThan => {
                let bound = self.values.first().and_then(|v| v.parse::<i64>().ok());
                match (found.and_then(|v| v.parse::<i64>().ok()), bound) {
                    (Some(value), Some(bound)) if self.operator == Operator::GreaterThan => value > bound,
                    (Some(value), Some(bound)) => value < bound,
                    _ => false,
                }
            }
        }
    }
}

impl LabelSelector {
    /// Whether labels satisfy every requirement. `label` looks up a value by key.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|r| r.matches(&label))
    }

    /// A selector for exactly these labels, as in a Service.
    fn of_map(labels: &Map) -> Self {
        let equals = |(key, value): (&Rc<str>, &Value)| {
            Some(Requirement { key: Rc::clone(key), operator: Operator::Equals, values: vec![value.as_shared_text()?] })
        };
        LabelSelector { requirements: labels.iter().filter_map(equals).collect() }
    }

    /// Decodes `{matchLabels, matchExpressions}`; `None` if there is no selector or an operator is unknown, in which case nothing
    /// matches. Models metav1.LabelSelectorAsSelector.
    pub fn of_value(selector: &Value) -> Option<Self> {
        let map = selector.as_map()?;
        let mut out = map.get("matchLabels").and_then(Value::as_map).map(Self::of_map).unwrap_or_default();
        for expression in selector.list_at(&["matchExpressions"]) {
            out.requirements.push(Requirement::decode(expression)?);
        }
        out.requirements.sort_small_by(|a, b| a.key.cmp(&b.key));
        Some(out)
    }

    /// Parses the argument of `-l`: `a=b,c!=d,e in (f,g),h,!i,j>1`. The error is in upstream's words.
    pub fn parse(text: &str, key_rule: Rule, value_rule: Rule) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text), at: 0, key_rule, value_rule };
        let mut requirements = parser.selector()?;
        requirements.sort_small_by(|a, b| a.key.cmp(&b.key));
        Ok(LabelSelector { requirements })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    End,
    Word(String),
    Sign(&'static str),
    /// Symbols that form no operator.
    Wrong(String),
}

/// What may follow a key, as upstream's parser lists it.
const OPERATORS: &str = "in, notin, =, ==, !=, gt, lt";
const SIGNS: [&str; 10] = [")", ",", "!", "==", "=", ">", "<", "!=", "(", ""];

fn is_sign(c: char) -> bool {
    "=!(),><".contains(c)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', '\r', '\n']);
    // Upstream's scanner treats a NUL byte as the end.
    while let Some(first) = rest.chars().next().filter(|c| *c != '\0') {
        if is_sign(first) {
            let run = &rest[..rest.find(|c| !is_sign(c)).unwrap_or(rest.len())];
            let longest = (1..=run.len().min(2)).rev().find_map(|n| SIGNS.iter().find(|s| **s == &run[..n]));
            let wrong = || Token::Wrong(format!("error expected: keyword found '{run}'"));
            out.push(longest.map_or_else(wrong, |sign| Token::Sign(sign)));
            rest = &rest[longest.map_or(run.len(), |sign| sign.len())..];
        } else {
            let ends = |c: char| is_sign(c) || matches!(c, ' ' | '\t' | '\r' | '\n' | '\0');
            let length = rest.find(ends).unwrap_or(rest.len());
            out.push(Token::Word(rest[..length].to_owned()));
            rest = &rest[length..];
        }
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }
    out.push(Token::End);
    out
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    key_rule: Rule<'a>,
    value_rule: Rule<'a>,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut out = Vec::new();
        loop {
            match self.peek() {
                Token::Word(_) | Token::Sign("!") => {}
                Token::End => return Ok(out),
                other => return Err(format!("found '{other}', expected: !, identifier, or 'end of string'")),
            }
            out.push(self.requirement().map_err(|e| format!("unable to parse requirement: {e}"))?);
            match self.take() {
                Token::End => return Ok(out),
                Token::Sign(",") => match self.peek() {
                    Token::Word(_) | Token::Sign("!") => {}
                    other => return Err(format!("found '{other}', expected: identifier after ','")),
                },
                other => return Err(format!("found '{other}', expected: ',' or 'end of string'")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.take();
        let negated = token == Token::Sign("!");
        if negated {
            token = self.take();
        }
        let Token::Word(key) = token else {
            return Err(format!("found '{token}', expected: identifier"));
        };
        // The key is validated before the rest is parsed, with a nil field path.
        check(&key, self.key_rule, "<nil>")?;
        let ends = matches!(self.peek(), Token::End | Token::Sign(","));
        let (operator, values) = match (negated, ends) {
            (true, _) => (Operator::DoesNotExist, Vec::new()),
            (false, true) => (Operator::Exists, Vec::new()),
            (false, false) => self.comparison()?,
        };
        let mut complaints = Vec::new();
        if matches!(operator, Operator::GreaterThan | Operator::LessThan) {
            for (i, value) in values.iter().enumerate().filter(|(_, v)| v.parse::<i64>().is_err()) {
                let detail = "for 'Gt', 'Lt' operators, the value must be an integer";
                complaints.push(format!("values[{i}]: Invalid value: {value:?}: {detail}"));
            }
        }
        for (i, value) in values.iter().enumerate() {
            complaints.extend(check(value, self.value_rule, &format!("values[{i}][{key}]")).err());
        }
        if complaints.is_empty() {
            return Ok(Requirement { key: key.into(), operator, values: values.into_iter().map(Into::into).collect() });
        }
        Err(in_one_line(complaints))
    }

    fn comparison(&mut self) -> Result<(Operator, Vec<String>), String> {
        let token = self.take();
        let operator = match &token {
            Token::Sign("=") => Operator::Equals,
            Token::Sign("==") => Operator::DoubleEquals,
            Token::Sign("!=") => Operator::NotEquals,
            Token::Sign(">") => Operator::GreaterThan,
            Token::Sign("<") => Operator::LessThan,
            Token::Word(word) if word == "in" => Operator::In,
            Token::Word(word) if word == "notin" => Operator::NotIn,
            other => return Err(format!("found '{other}', expected: {OPERATORS}")),
        };
        let mut values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => vec![self.value()?],
        };
        values.sort_small();
        values.dedup();
        Ok((operator, values))
    }

    fn value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), Token::End | Token::Sign(",")) {
            return Ok(String::new());
        }
        match self.take() {
            Token::Word(word) => Ok(word),
            other => Err(format!("found '{other}', expected: identifier")),
        }
    }

    /// `(a,b)`; nothing between commas is the empty value.
    fn values(&mut self) -> Result<Vec<String>, String> {
        match self.take() {
            Token::Sign("(") => {}
            other => return Err(format!("found '{other}' expected: '('")),
        }
        match self.peek() {
            Token::Word(_) | Token::Sign(",") => {}
            Token::Sign(")") => {
                self.take();
                return Ok(vec![String::new()]);
            }
            other => return Err(format!("found '{other}', expected: ',', ')' or identifier")),
        }
        let mut values = Vec::new();
        loop {
            match self.take() {
                Token::Word(word) => {
                    values.push(word);
                    match self.peek() {
                        Token::Sign(",") => {}
                        Token::Sign(")") => break,
                        other => return Err(format!("found '{other}', expected: ',' or ')'")),
                    }
                }
                Token::Sign(",") => {
                    if values.is_empty() || matches!(self.peek(), Token::Sign("," | ")")) {
                        values.push(String::new());
                    }
                    if matches!(self.peek(), Token::Sign(")")) {
                        break;
                    }
                }
                other => return Err(format!("found '{other}', expected: ',', or identifier")),
            }
        }
        self.take();
        Ok(values)
    }
}

fn check(text: &str, rule: Rule, path: &str) -> Result<(), String> {
    let complaints = rule(text);
    if complaints.is_empty() { Ok(()) } else { Err(format!("{path}: Invalid value: {text:?}: {}", complaints.join("; "))) }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Token::End => Ok(()),
            Token::Word(text) | Token::Wrong(text) => f.write_str(text),
            Token::Sign(sign) => f.write_str(sign),
        }
    }
}

/// The usual notation: `a=b,c in (d,e),!f`.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut values = self.values.clone();
        values.sort_small();
        let values = values.join(",");
        let key = &self.key;
        match self.operator {
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::DoubleEquals => write!(f, "{key}=={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Exists => f.write_str(key),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, requirement) in self.requirements.iter().enumerate() {
            write!(f, "{}{requirement}", if i > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}
