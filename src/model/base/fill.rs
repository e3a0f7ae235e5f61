//! Helpers that set members that are absent or, for Go's non-pointer types, zero.

use crate::quantity::Quantity;
use crate::value::Value;

/// Sets missing members.
pub trait Fill {
    /// Sets a member that is absent or `null`: a pointer in Go.
    fn absent(&mut self, path: &[&str], value: impl Into<Value>);
    /// Sets a member that is absent or zero: not a pointer in Go.
    fn zero(&mut self, path: &[&str], value: impl Into<Value>);
    /// Changes each item of a list, if there is one.
    fn each(&mut self, path: &[&str], change: impl FnMut(&mut Value));
    /// Changes a member, if it exists.
    fn within(&mut self, path: &[&str], change: impl FnOnce(&mut Value));
    /// Rounds the quantities in a map up to thousandths. Models `SetDefaults_ResourceList`.
    fn amounts(&mut self, path: &[&str]);
    /// Copies a member from another object, removing it if it is absent there.
    fn copy(&mut self, path: &[&str], from: &Value);
}

impl Fill for Value {
    fn absent(&mut self, path: &[&str], value: impl Into<Value>) {
        if self.at(path).is_none_or(Value::is_null) {
            self.set(path, value);
        }
    }

    fn zero(&mut self, path: &[&str], value: impl Into<Value>) {
        let is_zero = |v: &Value| match v {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::Int(number) => *number == 0,
            _ => false,
        };
        if self.at(path).is_none_or(is_zero) {
            self.set(path, value);
        }
    }

    fn each(&mut self, path: &[&str], mut change: impl FnMut(&mut Value)) {
        self.within(path, |list| {
            if list.as_list().is_some() {
                list.make_list().iter_mut().for_each(&mut change);
            }
        });
    }

    fn within(&mut self, path: &[&str], change: impl FnOnce(&mut Value)) {
        match path {
            [] => change(self),
            [key, rest @ ..] if self.get(key).is_some_and(|v| !v.is_null()) => {
                if let Some(member) = self.make_map().get_mut(key) {
                    member.within(rest, change);
                }
            }
            _ => {}
        }
    }

    fn amounts(&mut self, path: &[&str]) {
        self.within(path, |list| {
            for (_, amount) in list.make_map().iter_mut() {
                let exact = amount.as_text().and_then(|text| Quantity::parse(text).ok());
                // What need not be rounded stays as it is written: `+1Gi`.
                if let Some(exact) = exact.filter(|exact| exact.to_thousandths() != *exact) {
                    *amount = Value::from(exact.to_thousandths().to_string());
                }
            }
        });
    }

    fn copy(&mut self, path: &[&str], from: &Value) {
        match from.at(path).cloned() {
            Some(value) => self.set(path, value),
            None => {
                self.remove(path);
            }
        }
    }
}
