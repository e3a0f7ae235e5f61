//! The parts of objects that users write: a value, and the fields that the simulation reads from it.

use std::cell::OnceCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use base::hash::print;
use base::value::Value;

/// The fields that the simulation reads from a part of an object.
pub trait Parse {
    /// Reads them from a defaulted and valid value.
    fn parse(value: &Value) -> Self;
}

/// A part of an object that users write. Only the value can be written, and the fields are read anew whenever it is: they are a view of
/// it, which cannot differ from it. Copies share both.
pub struct Parsed<T>(Rc<Read<T>>);

struct Read<T> {
    value: Value,
    fields: T,
    /// The hash of the value, once somebody has asked for it.
    print: OnceCell<u64>,
}

impl<T: Parse> Parsed<T> {
    /// The `spec` of a defaulted and valid object.
    pub fn spec_of(object: &Value) -> Self {
        Parsed::new(object.get("spec").cloned().unwrap_or_else(Value::map))
    }

    /// Reads a defaulted and valid value.
    pub fn new(value: Value) -> Self {
        Parsed(Rc::new(Read { fields: T::parse(&value), print: OnceCell::new(), value }))
    }

    /// Changes the value.
    pub fn edit(&mut self, change: impl FnOnce(&mut Value)) {
        let mut value = self.value().clone();
        change(&mut value);
        if value != *self.value() {
            *self = Parsed::new(value);
        }
    }

    /// Sets the member at the end of a path of keys.
    pub fn set(&mut self, path: &[&str], member: impl Into<Value>) {
        self.edit(|value| value.set(path, member));
    }
}

impl<T> Parsed<T> {
    /// The whole part, as users see it.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// A member of it; null if there is none.
    pub fn part(&self, key: &str) -> &Value {
        self.value().get(key).unwrap_or(&Value::Null)
    }

    /// Whether two are copies of one.
    pub fn is_copy_of(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Parsed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.fields
    }
}

impl<T> Clone for Parsed<T> {
    fn clone(&self) -> Self {
        Parsed(Rc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Parsed<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.value().fmt(f)
    }
}

impl<T> PartialEq for Parsed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_copy_of(other) || self.value() == other.value()
    }
}

impl<T> Eq for Parsed<T> {}

impl<T> Hash for Parsed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.print.get_or_init(|| print(self.value())).hash(state);
    }
}
