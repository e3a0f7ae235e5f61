//! The text in the editor as files: where kubectl finds it, and how much of it was stored.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{Playground, dump};
use api::object::ObjectKey;
use base::time::Time;
use causes::command::MANIFEST;
use kubectl::commands::resolve::applied_file;
use kubectl::settings;
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

/// A text while it is being applied.
#[derive(Clone, Debug)]
pub(super) struct Applying {
    applied: Applied,
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
    fn take(&mut self, object: &ObjectKey) -> Option<Document> {
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

impl Playground {
    /// The namespace in which lines act that name none.
    pub fn current_namespace(&self) -> &str {
        settings::current_namespace(&self.world.files)
    }

    /// How many objects of the text in the editor were stored, and of how many, where any were.
    pub fn stored(&self) -> Option<(usize, usize)> {
        self.applied.as_ref().filter(|applied| is_same(&applied.text, &self.manifest)).map(|applied| (applied.stored, applied.objects))
    }

    /// Takes down what kubectl has stored of the text that is being applied. That text counts as applied from its first object on.
    pub(super) fn note_applied(&mut self, objects: &[ObjectKey]) {
        let Some(applying) = &mut self.applying else { return };
        if applying.applied.stored == 0 {
            self.documents = Rc::default();
        }
        let more = objects.iter().filter_map(|object| applying.take(object));
        self.documents = self.documents.iter().cloned().chain(more).collect();
        applying.applied.stored = self.documents.len();
        self.applied = Some(Rc::new(applying.applied.clone()));
    }

    /// Takes off the text in the editor what only a server writes; whether there was anything.
    pub fn take_off_server_fields(&mut self) -> bool {
        let taken = dump::without_server_fields(&self.world.sim, self.current_namespace(), &self.manifest);
        let Some((manifest, names)) = taken else { return false };
        (self.manifest, self.taken_off) = (manifest.into(), names);
        true
    }

    /// Puts the editor's text where kubectl finds it; what stands below a line such as `# web.yaml` is in the file of that name, too, and
    /// stays there when another text comes.
    pub(super) fn put_file(&mut self) {
        if self.world.files.get(MANIFEST) == Some(&*self.manifest) {
            return;
        }
        self.world.files.put(MANIFEST, &self.manifest);
        for (name, text) in named_parts(&self.manifest) {
            self.world.files.put(name, &text);
        }
    }
}

impl Applied {
    /// What it defines, given the documents of what was stored.
    pub(super) fn defines<'a>(&'a self, documents: &'a [Document]) -> Defined<'a> {
        Defined { documents, current: &self.namespace }
    }
}

/// What was applied last, where that is what stands in the editor.
pub(super) fn defined<'a>(applied: Option<&'a Rc<Applied>>, manifest: &Rc<str>, documents: &'a [Document]) -> Defined<'a> {
    applied.filter(|applied| is_same(&applied.text, manifest)).map_or(Defined::default(), |applied| applied.defines(documents))
}

/// The parts of a text whose first line is a comment with the name of a file, each with that name: of the whole, or of what `---` parts.
fn named_parts(text: &str) -> Vec<(&str, String)> {
    let (mut parts, mut begins): (Vec<(&str, String)>, bool) = (Vec::new(), true);
    for line in text.split_inclusive('\n') {
        let name = line.strip_prefix('#').map(str::trim).filter(|name| begins && is_file_name(name));
        parts.extend(name.map(|name| (name, String::new())));
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
        }
        begins = line.trim_end() == "---" || begins && line.trim().is_empty();
    }
    parts
}

/// Whether a text begins as a document of a manifest does: with the name of its file, or the version of an API.
pub fn begins_document(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    first.starts_with("apiVersion:") || first.strip_prefix('#').is_some_and(|name| is_file_name(name.trim()))
}

/// Whether a text is the name of a manifest's file, without a folder.
fn is_file_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_yaml = text.rsplit_once('.').is_some_and(|(_, end)| ["yaml", "yml"].contains(&end));
    is_yaml && text != MANIFEST && text.chars().all(letters)
}
