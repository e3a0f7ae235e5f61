//! Paths in an object, as field errors print them: `spec.template.spec.containers[0].image`.
//!
//! Models k8s.io/apimachinery/pkg/util/validation/field Path.

use std::fmt;
use std::rc::Rc;

/// One step of a path in an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A field of a struct: `.name`.
    Field(Rc<str>),
    /// A key of a map: `[key]`.
    Key(Rc<str>),
    /// An index of a list: `[0]`.
    Index(usize),
}

/// A path from the root of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// A path of dotted field names from the root.
    pub fn of(dotted: &str) -> Self {
        FieldPath(dotted.split('.').filter(|s| !s.is_empty()).map(|s| Step::Field(s.into())).collect())
    }

    /// Parses a printed path; `None` if it is malformed.
    pub fn read(word: &str) -> Option<Self> {
        let mut path = FieldPath::root();
        for part in word.split('.') {
            let (name, mut rest) = part.split_once('[').map_or((part, ""), |(name, rest)| (name, rest));
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_/".contains(c)) {
                return None;
            }
            path = path.field(name);
            while let Some((inside, after)) = rest.split_once(']') {
                path = inside.parse().map_or_else(|_| path.key(inside), |index| path.index(index));
                rest = after.strip_prefix('[').unwrap_or_default();
            }
        }
        Some(path)
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        FieldPath(steps)
    }

    /// This path extended by a field of a struct.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        self.then(Step::Field(name.into()))
    }

    /// This path extended by a key of a map.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// The items of the list at this path, each with its own path.
    pub fn each<T>(&self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = (FieldPath, T)> {
        items.into_iter().enumerate().map(|(i, item)| (self.index(i), item))
    }

    /// This path extended by an index of a list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if i == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
