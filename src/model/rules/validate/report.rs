//! Collects field errors, and reads objects the way validation sees them: absent, `null` and zero are the same.
//!
//! Must not know: any rule of any kind.

use std::rc::Rc;

use crate::validate::internal::{GoType, shown};
use api::names::NameRule;
use api::object::stateful_set::StatefulSetStatus;
use api::release::{Release, V1_37};
pub use api::status::NOT_NEGATIVE;
use api::status::{Detail, Fault, FieldError, Fixed};
use base::field_path::FieldPath;
use base::value::Value;

/// "field is immutable".
pub const IMMUTABLE: Fixed<&str> = Fixed("field is immutable");
/// For numbers that must not be zero.
pub const POSITIVE: &str = "must be greater than zero";

/// Field errors in the order in which the server finds them.
#[derive(Debug)]
pub struct Report {
    /// The errors found so far.
    pub errors: Vec<FieldError>,
    /// The release whose rules apply.
    pub release: &'static Release,
}

impl Default for Report {
    /// For rules that are the same in every release.
    fn default() -> Self {
        Report::of(&V1_37)
    }
}

impl Report {
    /// An empty report for a release.
    pub fn of(release: &'static Release) -> Self {
        Report { errors: Vec::new(), release }
    }

    /// The number of errors; unchanged after a part that was valid.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Adds an error.
    pub fn add(&mut self, path: &FieldPath, fault: Fault, detail: impl Into<Detail>) {
        self.errors.push(FieldError::new(path.clone(), fault, detail));
    }

    /// "Required value".
    pub fn required(&mut self, path: &FieldPath, detail: &str) {
        self.add(path, Fault::Required, detail);
    }

    /// The same where something is wrong.
    pub fn required_if(&mut self, is_wrong: bool, path: &FieldPath, detail: &str) {
        if is_wrong {
            self.required(path, detail);
        }
    }

    /// "Forbidden".
    pub fn forbidden(&mut self, path: &FieldPath, detail: impl Into<Detail>) {
        self.add(path, Fault::Forbidden, detail);
    }

    /// The same where something is wrong.
    pub fn forbidden_if(&mut self, is_wrong: bool, path: &FieldPath, detail: impl Into<Detail>) {
        if is_wrong {
            self.forbidden(path, detail);
        }
    }

    /// "Invalid value".
    pub fn invalid(&mut self, path: &FieldPath, value: impl Into<Value>, detail: impl Into<Detail>) {
        self.add(path, Fault::Invalid(value.into()), detail);
    }

    /// The same where something is wrong.
    pub fn invalid_if(&mut self, is_wrong: bool, path: &FieldPath, value: impl Into<Value>, detail: impl Into<Detail>) {
        if is_wrong {
            self.invalid(path, value, detail);
        }
    }

    /// "Duplicate value".
    pub fn duplicate(&mut self, path: &FieldPath, value: impl Into<Value>) {
        self.add(path, Fault::Duplicate(value.into()), "");
    }

    /// "Not found".
    pub fn not_found(&mut self, path: &FieldPath, value: impl Into<Value>) {
        self.add(path, Fault::NotFound(value.into()), "");
    }

    /// "Unsupported value".
    pub fn not_supported(&mut self, path: &FieldPath, value: impl Into<Value>, supported: &[&str]) {
        self.add(path, unsupported(value, supported), "");
    }

    /// "Too long": `most` is in bytes.
    pub fn too_long(&mut self, path: &FieldPath, most: usize) {
        self.add(path, Fault::TooLong, format!("may not be more than {most} bytes"));
    }

    /// "Invalid value" of a struct, shown as this JSON.
    pub fn invalid_struct(&mut self, path: &FieldPath, json: &str, detail: impl Into<Detail>) {
        self.add(path, Fault::OfStruct(Box::new(Fault::Invalid(Value::Null)), Rc::from(json)), detail);
    }

    /// "Invalid value" of a struct, shown as its type has it.
    pub fn invalid_typed<'a>(&mut self, path: &FieldPath, value: impl Into<Option<&'a Value>>, of: GoType, detail: impl Into<Detail>) {
        self.invalid_struct(path, &shown(value, of, self.release), detail);
    }

    /// "Duplicate value" of a struct, shown as its type has it.
    pub fn duplicate_typed(&mut self, path: &FieldPath, value: &Value, of: GoType, detail: &str) {
        let shown = shown(value, of, self.release);
        self.add(path, Fault::OfStruct(Box::new(Fault::Duplicate(Value::Null)), shown.into()), detail);
    }

    /// "Invalid value" of a struct that is neither of two kinds, shown as its type has it.
    pub(super) fn neither_typed(&mut self, path: &FieldPath, value: &Value, of: GoType, known: [&'static str; 2]) {
        let shown = shown(value, of, self.release);
        self.add(path, Fault::OfStruct(Box::new(Fault::Neither(Value::Null, known)), shown.into()), "");
    }

    /// "Unsupported value" of a struct, shown as its type has it.
    pub fn not_supported_typed(&mut self, path: &FieldPath, value: &Value, of: GoType, supported: &[&str]) {
        let shown = shown(value, of, self.release);
        self.add(path, Fault::OfStruct(Box::new(unsupported(Value::Null, supported)), shown.into()), "");
    }

    /// Requires a field of an object: a text, list or map that is not empty.
    pub fn needs(&mut self, path: &FieldPath, of: &Value, field: &str, detail: &str) {
        let value = of.part(field);
        if is_empty(value) || value.as_text() == Some("") {
            self.required(&path.field(field), detail);
        }
    }

    /// Requires a name that a rule allows.
    pub fn name(&mut self, path: &FieldPath, of: &Value, field: &str, rule: NameRule) {
        self.needs(path, of, field, "");
        self.may_be_named(path, of, field, rule);
    }

    /// Requires a name that a rule allows, if there is one.
    pub fn may_be_named(&mut self, path: &FieldPath, of: &Value, field: &str, rule: NameRule) {
        let name = of.text(field);
        if !name.is_empty() {
            self.each(&path.field(field), name, rule(name));
        }
    }

    /// Requires one of these values, if a field is given.
    pub fn may_be(&mut self, path: &FieldPath, of: &Value, field: &str, supported: &[&str]) {
        if let Some(value) = of.given(field).and_then(Value::as_text) {
            self.known(&path.field(field), value, supported);
        }
    }

    /// Adds one error per violation of a name rule.
    pub fn each(&mut self, path: &FieldPath, value: impl Into<Value>, wrong: Vec<String>) {
        if wrong.is_empty() {
            return;
        }
        let value = value.into();
        for wrong in wrong {
            // The rules for names count in bytes; older releases call them characters.
            let characters = wrong.strip_suffix(" bytes").filter(|_| !self.release.counts_bytes);
            let wrong = characters.map(|most| format!("{most} characters")).unwrap_or(wrong);
            self.invalid(path, value.clone(), wrong);
        }
    }

    /// Requires a number that is not negative.
    pub fn non_negative(&mut self, path: &FieldPath, value: i64) {
        if value < 0 {
            self.invalid(path, value, NOT_NEGATIVE);
        }
    }

    /// Requires the same of counters in a struct. Nearly always nothing is wrong, and then no path is made.
    pub fn counters(&mut self, path: &FieldPath, of: &dyn Counts, fields: &[&str]) {
        for field in fields {
            if let Some(value) = of.count(field).filter(|value| *value < 0) {
                self.non_negative(&path.field(field), value);
            }
        }
    }

    /// Requires one of these values; `supported` is in the order of the message.
    pub fn one_of(&mut self, path: &FieldPath, value: &str, supported: &[&str]) {
        if value.is_empty() {
            self.required(path, "");
        } else if !supported.contains(&value) {
            self.not_supported(path, value, supported);
        }
    }

    /// Requires one of these values, and treats "" as any other.
    pub fn known(&mut self, path: &FieldPath, value: &str, supported: &[&str]) {
        if !supported.contains(&value) {
            self.not_supported(path, value, supported);
        }
    }

    /// "Too many", if there are.
    pub fn too_many(&mut self, path: &FieldPath, count: usize, most: usize) {
        if count > most {
            self.add(path, Fault::TooMany(count, most), "");
        }
    }

    /// Requires that a field does not change. The error shows the new value; absent is `null`.
    pub fn immutable(&mut self, path: &FieldPath, new: Option<&Value>, old: Option<&Value>) {
        let given = |v: Option<&Value>| v.filter(|v| !is_empty(v)).cloned();
        if given(new) != given(old) {
            self.invalid(path, new.cloned().unwrap_or_default(), IMMUTABLE);
        }
    }

    /// Requires that a string does not change; absent is empty.
    pub fn immutable_text(&mut self, path: &FieldPath, new: &str, old: &str) {
        if new != old {
            self.invalid(path, new, IMMUTABLE);
        }
    }
}

fn unsupported(value: impl Into<Value>, supported: &[&str]) -> Fault {
    Fault::NotSupported(value.into(), supported.iter().map(|s| Rc::from(*s)).collect())
}

/// Whether a value is absent, or an empty list or map: equal according to `equality.Semantic`.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// Reads members as a decoded Go struct has them: what is absent is zero.
pub trait Members {
    /// A member that exists and is not `null`.
    fn given(&self, key: &str) -> Option<&Value>;
    /// A string; empty if absent.
    fn text(&self, key: &str) -> &str;
    /// An integer, if present.
    fn number(&self, key: &str) -> Option<i64>;
    /// A Boolean; false if absent.
    fn flag(&self, key: &str) -> bool;
    /// A list; empty if absent.
    fn items(&self, key: &str) -> &[Value];
    /// The entries of a map, in key order.
    fn entries(&self, key: &str) -> Vec<(&str, &Value)>;
    /// A struct; an empty one if absent.
    fn part(&self, key: &str) -> &Value;
}

const NOTHING: &Value = &Value::Null;

/// What has numbers by the names of fields: a value, and what is counted often enough to be asked without being one.
pub trait Counts {
    /// An integer, if present.
    fn count(&self, field: &str) -> Option<i64>;
}

impl Counts for Value {
    fn count(&self, field: &str) -> Option<i64> {
        self.number(field)
    }
}

impl Counts for StatefulSetStatus {
    fn count(&self, field: &str) -> Option<i64> {
        match field {
            "replicas" => Some(self.replicas),
            "readyReplicas" => Some(self.ready),
            "currentReplicas" => Some(self.current),
            "updatedReplicas" => Some(self.updated),
            "availableReplicas" => Some(self.available),
            "observedGeneration" => Some(self.observed_generation),
            "collisionCount" => self.collision_count,
            _ => None,
        }
    }
}

impl Members for Value {
    fn given(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|v| !v.is_null())
    }

    fn text(&self, key: &str) -> &str {
        self.get(key).and_then(Value::as_text).unwrap_or("")
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Value::as_int)
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn items(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_list).unwrap_or(&[])
    }

    fn entries(&self, key: &str) -> Vec<(&str, &Value)> {
        self.get(key).and_then(Value::as_map).map(|m| m.iter().map(|(k, v)| (k.as_ref(), v)).collect()).unwrap_or_default()
    }

    fn part(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(NOTHING)
    }
}
