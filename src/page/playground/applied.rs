//! What is applied of the text in the editor, and how much of it is stored.

use std::collections::VecDeque;
use std::rc::Rc;

use api::object::ObjectKey;
use base::time::Time;
use causes::command::MANIFEST;
use kubectl::commands::resolve::applied_file;
use view::manifest::{Defined, key_of};
use yaml::Document;

/// What was applied last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// When.
    pub at: Time,
    /// How many of its objects are stored.
    pub stored: usize,
    /// How many objects it held.
    pub objects: usize,
    /// The namespace of those that name none.
    pub namespace: String,
    pub text: Rc<str>,
}

impl Applied {
    /// What it defines, given the documents of what was stored.
    pub(super) fn defines<'a>(&'a self, documents: &'a [Document]) -> Defined<'a> {
        Defined { documents, current: &self.namespace }
    }
}

/// A text while it is being applied.
#[derive(Clone, Debug)]
pub(super) struct Applying {
    pub(super) applied: Applied,
    /// Its objects that kubectl has not stored, in their order.
    rest: VecDeque<(ObjectKey, Document)>,
}

impl Applying {
    /// A text of which nothing is stored yet, and its objects.
    pub fn begin(applied: Applied, all: &[Document]) -> Applying {
        let keyed = |document: &Document| Some((key_of(document, &applied.namespace)?, document.clone()));
        let rest = all.iter().filter_map(keyed).collect();
        Applying { applied, rest }
    }

    /// Takes out the first document of an object.
    pub(super) fn take(&mut self, object: &ObjectKey) -> Option<Document> {
        let at = self.rest.iter().position(|(key, _)| key == object)?;
        self.rest.remove(at).map(|(_, document)| document)
    }
}

/// Whether two texts are the same, which copies of one say at once.
pub fn is_same(one: &Rc<str>, other: &Rc<str>) -> bool {
    Rc::ptr_eq(one, other) || one == other
}

/// Whether a line applies the text in the editor, and does nothing else.
pub(super) fn applies_text(line: &str) -> bool {
    applied_file(line).as_deref() == Some(MANIFEST)
}

/// What was applied last, where that is what stands in the editor.
pub(super) fn defined<'a>(applied: Option<&'a Rc<Applied>>, manifest: &Rc<str>, documents: &'a [Document]) -> Defined<'a> {
    applied.filter(|applied| is_same(&applied.text, manifest)).map_or(Defined::default(), |applied| applied.defines(documents))
}
