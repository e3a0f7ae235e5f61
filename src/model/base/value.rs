//! A JSON-like value with sorted keys: what YAML is converted to, patches operate on, and `-o yaml` prints.
//!
//! Promises: maps iterate in key order, except those made by [`Map::as_written`], so equal values print and hash equally; clones are
//! cheap, because lists and maps are copy-on-write. There are no floats: a number that is not an `i64` is kept as text.
//! Not modelled: such numbers through serde. A float that serde hands over becomes text at once, in its shortest spelling; serialised
//! again, it is a string. What users write and see goes through `yaml` and [`Value::to_json`], which preserve the spelling.

pub mod rewrite;
mod serial;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::field_path::{FieldPath, Step};

/// A value in a manifest or in an object as the API server returns it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that is not an `i64`, in its JSON spelling.
    Real(Rc<str>),
    Text(Rc<str>),
    List(Rc<Vec<Value>>),
    Map(Rc<Map>),
}

/// Among so many keys one is found soonest by asking each.
const FEW: usize = 16;

/// A map sorted by key, or in the order in which it was written; a vector, because maps are small. Compares and hashes by its entries.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<(Rc<str>, Value)>,
    /// Whether the keys stand in the order in which they came, so that none is found by halving.
    as_written: bool,
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Map {}

impl PartialOrd for Map {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Map {
    fn cmp(&self, other: &Self) -> Ordering {
        self.entries.cmp(&other.entries)
    }
}

impl Hash for Map {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entries.hash(state);
    }
}

/// The members of a map that may be missing, in key order.
pub fn members(map: Option<&Map>) -> impl DoubleEndedIterator<Item = (&Rc<str>, &Value)> {
    map.map_or(&[][..], |map| &map.entries).iter().map(|(key, value)| (key, value))
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of these entries that keeps the order in which keys come, as jq's objects do.
    pub fn as_written<'a>(entries: impl IntoIterator<Item = (&'a Rc<str>, &'a Value)>) -> Self {
        let mut map = Map { entries: Vec::new(), as_written: true };
        for (key, value) in entries {
            map.insert(Rc::clone(key), value.clone());
        }
        map
    }

    /// The place of a key, or the place where it would be.
    fn find(&self, key: &str) -> Result<usize, usize> {
        if self.as_written {
            return self.entries.iter().position(|(known, _)| **known == *key).ok_or(self.entries.len());
        }
        self.entries.binary_search_by(|(k, _)| k.as_ref().cmp(key))
    }

    /// The value under `key`. Most keys differ from it in their length already, so that among few it is found without their order.
    pub fn get(&self, key: &str) -> Option<&Value> {
        if self.entries.len() <= FEW {
            return self.entries.iter().find(|(known, _)| **known == *key).map(|(_, value)| value);
        }
        self.find(key).ok().map(|i| &self.entries[i].1)
    }

    /// The value under `key`, mutably.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.find(key).ok().map(|i| &mut self.entries[i].1)
    }

    /// Whether the map contains `key`.
    pub fn contains(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Inserts or replaces the value under `key`; returns the previous one.
    pub fn insert(&mut self, key: impl Into<Rc<str>>, value: impl Into<Value>) -> Option<Value> {
        let key = key.into();
        match self.find(&key) {
            Ok(i) => Some(std::mem::replace(&mut self.entries[i].1, value.into())),
            Err(i) => {
                self.entries.insert(i, (key, value.into()));
                None
            }
        }
    }

    /// The value under `key`, inserted from `default` if missing.
    pub fn entry(&mut self, key: &str, default: impl FnOnce() -> Value) -> &mut Value {
        let i = match self.find(key) {
            Ok(i) => i,
            Err(i) => {
                self.entries.insert(i, (key.into(), default()));
                i
            }
        };
        &mut self.entries[i].1
    }

    /// Removes `key` and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.find(key).ok().map(|i| self.entries.remove(i).1)
    }

    /// Keys and values in the map's order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Rc<str>, &Value)> {
        members(Some(self))
    }

    /// Keys and mutable values in the map's order.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&Rc<str>, &mut Value)> {
        self.entries.iter_mut().map(|(k, v)| (&*k, v))
    }

    /// Keeps the entries for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        self.entries.retain(|(k, v)| keep(k, v));
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Into<Rc<str>>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut map = Map { entries: Vec::with_capacity(entries.size_hint().0), as_written: false };
        for (k, v) in entries {
            map.insert(k, v);
        }
        map
    }
}

impl Value {
    /// An empty map.
    pub fn map() -> Self {
        Value::Map(Rc::default())
    }

    /// A map of these entries.
    pub fn of<K: Into<Rc<str>>, V: Into<Value>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Value::Map(Rc::new(entries.into_iter().collect()))
    }

    /// A list of these items.
    pub fn list<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Self {
        Value::List(Rc::new(items.into_iter().map(Into::into).collect()))
    }

    /// The member `key` of a map; `None` for anything else.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|m| m.get(key))
    }

    /// The member at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |v, key| v.get(key))
    }

    /// What stands at the end of a printed path, which may lead through lists and to keys with dots.
    pub fn find(&self, path: &FieldPath) -> Option<&Value> {
        path.0.iter().try_fold(self, |value, step| match step {
            Step::Field(key) | Step::Key(key) => value.get(key),
            Step::Index(at) => value.as_list()?.get(*at),
        })
    }

    /// The string at the end of a path of keys.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path).and_then(Value::as_text)
    }

    /// The integer at the end of a path of keys.
    pub fn int_at(&self, path: &[&str]) -> Option<i64> {
        self.at(path).and_then(Value::as_int)
    }

    /// The list at the end of a path of keys; empty if there is none.
    pub fn list_at(&self, path: &[&str]) -> &[Value] {
        self.at(path).and_then(Value::as_list).unwrap_or(&[])
    }

    /// This value as a map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(m) => Some(m),
            _ => None,
        }
    }

    /// The members of this value in key order; none if it is no map.
    pub fn members(&self) -> impl DoubleEndedIterator<Item = (&Rc<str>, &Value)> {
        members(self.as_map())
    }

    /// This value as a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(l) => Some(l),
            _ => None,
        }
    }

    /// This value as a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }

    /// This value as a shared string.
    pub fn as_shared_text(&self) -> Option<Rc<str>> {
        match self {
            Value::Text(t) => Some(Rc::clone(t)),
            _ => None,
        }
    }

    /// This value as an integer.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }

    /// Go's name for the type of a decoded JSON value.
    pub fn go_type(&self) -> &'static str {
        match self {
            Value::Null => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int64",
            Value::Real(_) => "float64",
            Value::Text(_) => "string",
            Value::List(_) => "[]interface {}",
            Value::Map(_) => "map[string]interface {}",
        }
    }

    /// This value as a Boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// This value as a mutable map; anything else is replaced by an empty map first.
    pub fn make_map(&mut self) -> &mut Map {
        if !matches!(self, Value::Map(_)) {
            *self = Value::map();
        }
        match self {
            Value::Map(m) => Rc::make_mut(m),
            _ => unreachable!("made a map just now"),
        }
    }

    /// This value as a mutable list; anything else is replaced by an empty list first.
    pub fn make_list(&mut self) -> &mut Vec<Value> {
        if !matches!(self, Value::List(_)) {
            *self = Value::List(Rc::default());
        }
        match self {
            Value::List(l) => Rc::make_mut(l),
            _ => unreachable!("made a list just now"),
        }
    }

    /// Sets the member at the end of a path of keys, creating maps on the way.
    pub fn set(&mut self, path: &[&str], value: impl Into<Value>) {
        match path {
            [] => *self = value.into(),
            [key, rest @ ..] => self.make_map().entry(key, Value::map).set(rest, value),
        }
    }

    /// Removes and returns the member at the end of a path of keys.
    pub fn remove(&mut self, path: &[&str]) -> Option<Value> {
        match path {
            [] => None,
            [key] => self.get(key).is_some().then(|| self.make_map().remove(key)).flatten(),
            [key, rest @ ..] => {
                self.at(path)?;
                self.make_map().get_mut(key).and_then(|v| v.remove(rest))
            }
        }
    }

    /// A text as it is, and compact JSON of anything else.
    pub fn spelled(&self) -> String {
        self.as_text().map_or_else(|| self.to_json(), str::to_owned)
    }

    /// Compact JSON as Go's encoder writes it: keys in order, `<`, `>` and `&` escaped.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Value::Int(i) => out.push_str(&i.to_string()),
            Value::Real(r) => out.push_str(r),
            Value::Text(t) => write_json_text(t, out),
            Value::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Value::Map(map) => {
                out.push('{');
                for (i, (key, value)) in map.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_json_text(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// Appends `text` as a JSON string the way Go's `encoding/json` does by default.
pub fn write_json_text(text: &str, out: &mut String) {
    use std::fmt::Write;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

macro_rules! from_int {
    ($($t:ty),*) => {$(
        impl From<$t> for Value {
            fn from(n: $t) -> Self {
                Value::Int(i64::from(n))
            }
        }
    )*};
}
from_int!(i8, i16, i32, i64, u8, u16, u32);

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}
impl From<&str> for Value {
    fn from(t: &str) -> Self {
        Value::Text(t.into())
    }
}
impl From<String> for Value {
    fn from(t: String) -> Self {
        Value::Text(t.into())
    }
}
impl From<&String> for Value {
    fn from(t: &String) -> Self {
        Value::Text(t.as_str().into())
    }
}
impl From<Rc<str>> for Value {
    fn from(t: Rc<str>) -> Self {
        Value::Text(t)
    }
}
impl From<&Rc<str>> for Value {
    fn from(t: &Rc<str>) -> Self {
        Value::Text(Rc::clone(t))
    }
}
impl From<Map> for Value {
    fn from(m: Map) -> Self {
        Value::Map(Rc::new(m))
    }
}
impl From<Vec<Value>> for Value {
    fn from(l: Vec<Value>) -> Self {
        Value::List(Rc::new(l))
    }
}
