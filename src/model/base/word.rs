//! A string that is either static or shared: reasons, condition types, messages.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use crate::value::Value;

/// A string that is cheap to clone. Compares by content.
#[derive(Clone)]
pub enum Word {
    Fixed(&'static str),
    /// Anything else.
    Shared(Rc<str>),
}

impl Word {
    /// The text as a shared string.
    pub fn shared(&self) -> Rc<str> {
        match self {
            Word::Fixed(s) => (*s).into(),
            Word::Shared(s) => Rc::clone(s),
        }
    }
}

impl Deref for Word {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Word::Fixed(s) => s,
            Word::Shared(s) => s,
        }
    }
}

impl Default for Word {
    fn default() -> Self {
        Word::Fixed("")
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(&raw const **self, &raw const **other) || **self == **other
    }
}
impl Eq for Word {}
impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}
impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Word {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}
impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}
impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl From<&'static str> for Word {
    fn from(s: &'static str) -> Self {
        Word::Fixed(s)
    }
}
impl From<String> for Word {
    fn from(s: String) -> Self {
        Word::Shared(s.into())
    }
}
impl From<Rc<str>> for Word {
    fn from(s: Rc<str>) -> Self {
        Word::Shared(s)
    }
}
impl From<&Word> for Value {
    fn from(w: &Word) -> Self {
        Value::Text(w.shared())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self)
    }
}
