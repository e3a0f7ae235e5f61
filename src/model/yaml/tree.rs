//! A document's tree: every key and value with its span.

use std::rc::Rc;

use base::field_path::{FieldPath, Step};
use base::value::{Map, Value};

use super::Span;
use super::convert::key_text;

/// A value and its span. Cheap to clone: children are shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// From its first to its last character; empty, after the colon or dash, if nothing is written.
    pub span: Span,
    pub kind: NodeKind,
}

/// The kind of a node, with its content.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Scalar {
        /// Its text, unquoted and unescaped.
        text: Rc<str>,
        /// Whether it is plain, so that its text determines its type.
        plain: bool,
        /// Its explicit tag, in full.
        tag: Option<Rc<str>>,
    },
    List(Rc<Vec<Node>>),
    /// A map, in text order and including duplicate keys.
    Map(Rc<Vec<Entry>>),
    /// `*name` and the node it refers to; `None` if the alias is inside that node.
    Alias(Rc<str>, Option<Rc<Node>>),
}

impl Node {
    /// The value that it stands for, with the keys of maps in its own order; merged ones come last.
    pub(crate) fn in_order(&self, value: &Value) -> Value {
        match (&self.kind, value) {
            (NodeKind::Alias(_, Some(node)), _) => node.in_order(value),
            (NodeKind::List(nodes), Value::List(items)) => {
                nodes.iter().zip(items.iter()).map(|(node, item)| node.in_order(item)).collect::<Vec<_>>().into()
            }
            (NodeKind::Map(entries), Value::Map(map)) => {
                let mut all = Map::as_written([]);
                for entry in entries.iter() {
                    if let Some(key) = key_text(&entry.key)
                        && let Some(value) = map.get(&key)
                    {
                        all.insert(key, entry.value.in_order(value));
                    }
                }
                for (key, value) in map.iter() {
                    if !all.contains(key) {
                        all.insert(Rc::clone(key), value.clone());
                    }
                }
                all.into()
            }
            _ => value.clone(),
        }
    }
}

/// An entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, usually a scalar.
    pub key: Node,
    pub value: Node,
}

/// Where a field is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key in front of it, unless it is the root or a list item.
    pub key: Option<Span>,
    pub value: Span,
    /// Whether this is the requested field rather than an ancestor.
    pub exact: bool,
}

impl Found {
    /// The span of the field's own name, if it is there.
    pub fn named(&self) -> Option<Span> {
        self.key.filter(|_| self.exact)
    }

    /// The span to underline: the value if it was found on its key's line or has no key, otherwise the key.
    pub fn underline(&self) -> Span {
        match self.key {
            Some(key) if self.value.start == self.value.end || !self.exact || self.value.line != key.line => key,
            _ => self.value,
        }
    }
}

impl Node {
    /// The node that an alias refers to; any other node itself.
    pub fn resolved(&self) -> &Node {
        match &self.kind {
            NodeKind::Alias(_, Some(target)) => target.resolved(),
            _ => self,
        }
    }

    /// The entries of a map; empty for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.resolved().kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; empty for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.resolved().kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// The entry under `name`: the last duplicate, or one merged in by `<<`.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        let own = self.entries().iter().rev().find(|e| key_text(&e.key).as_deref() == Some(name));
        own.or_else(|| {
            let merged = self.entries().iter().filter(|e| e.is_merge());
            merged.flat_map(|e| std::iter::once(&e.value).chain(e.value.items())).find_map(|n| n.entry(name))
        })
    }

    /// The location of the node at `path`, or of its nearest existing ancestor.
    pub fn find(&self, path: &FieldPath) -> Found {
        let mut found = Found { key: None, value: self.span, exact: true };
        let mut node = self;
        for step in &path.0 {
            let next = match step {
                Step::Field(name) | Step::Key(name) => node.entry(name).map(|e| (Some(e.key.span), &e.value)),
                Step::Index(index) => node.items().get(*index).map(|item| (None, item)),
            };
            let Some((key, value)) = next else {
                return Found { exact: false, ..found };
            };
            found = Found { key, value: value.span, exact: true };
            node = value;
        }
        found
    }
}

impl Entry {
    /// The key, where it is a text.
    pub fn name(&self) -> Option<Rc<str>> {
        key_text(&self.key)
    }

    /// Whether the key is `<<`, which merges other maps.
    pub fn is_merge(&self) -> bool {
        match &self.key.kind {
            NodeKind::Scalar { text, plain, tag } => text.as_ref() == "<<" && (*plain || tag.as_deref() == Some("tag:yaml.org,2002:merge")),
            _ => false,
        }
    }
}
