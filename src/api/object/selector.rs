//! Which labels a controller looks for.

use std::rc::Rc;

use super::meta::{Labels, Name};
use crate::base::value::{Map, Value};

/// What one key of the labels has to satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The value is one of these.
    In(Name, Vec<Name>),
    /// The value is none of these, or the key is absent.
    NotIn(Name, Vec<Name>),
    /// The key is there.
    Exists(Name),
    /// The key is absent.
    DoesNotExist(Name),
}

impl Requirement {
    /// Reads `{key, operator, values}`. An operator of another vocabulary reads as `DoesNotExist`.
    pub fn decode(expression: &Value) -> Option<Self> {
        let key = expression.get("key")?.as_shared_text()?;
        let values = expression.list_at(&["values"]).iter().filter_map(Value::as_shared_text).collect();
        Some(match expression.text_at(&["operator"])? {
            "In" => Requirement::In(key, values),
            "NotIn" => Requirement::NotIn(key, values),
            "Exists" => Requirement::Exists(key),
            _ => Requirement::DoesNotExist(key),
        })
    }

    /// The key it speaks of.
    pub fn key(&self) -> &Name {
        match self {
            Requirement::In(key, _) | Requirement::NotIn(key, _) | Requirement::Exists(key) | Requirement::DoesNotExist(key) => key,
        }
    }

    /// Whether labels satisfy it.
    pub fn matches(&self, labels: &Labels) -> bool {
        match self {
            Requirement::In(key, values) => labels.get(key).is_some_and(|v| values.contains(v)),
            Requirement::NotIn(key, values) => labels.get(key).is_none_or(|v| !values.contains(v)),
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::DoesNotExist(key) => !labels.contains_key(key),
        }
    }
}

/// A label selector. Models metav1.LabelSelector once it is known to be valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(pub Vec<Requirement>);

impl Selector {
    /// Reads `{matchLabels, matchExpressions}`.
    pub fn decode(value: &Value) -> Self {
        let pairs = value.get("matchLabels").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        let exact = pairs.filter_map(|(k, v)| Some(Requirement::In(Rc::clone(k), vec![v.as_shared_text()?])));
        let expressions = value.list_at(&["matchExpressions"]).iter().filter_map(Requirement::decode);
        Selector(exact.chain(expressions).collect())
    }

    /// Whether labels satisfy every requirement. An empty selector matches everything.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|r| r.matches(labels))
    }
}
