//! Which set was refused, and everything that a text lacks.

use super::ManifestChecker;
use crate::notes;
use api::kind::Kind;
use api::object::NamespacedName;
use causes::command::{self, Entry, Purpose};
use text::{Piece, Prose, Text};
use view::manifest::{Defined, key_of};
use yaml::Document;

impl ManifestChecker {
    /// The name of an object that is a set and was refused, and why, given the place of its refusal.
    pub(super) fn refused_set(&self, object: &Document, refusal: Option<usize>) -> Option<(NamespacedName, Prose)> {
        let key = key_of(object, &self.current).filter(|key| key.kind == Kind::StatefulSet)?;
        let told = match refusal {
            Some(at) => {
                let found = self.verdicts.refusals.get(at)?;
                if found.plain.is_empty() { Prose(vec![Piece::Code(found.words.clone())]) } else { found.plain.clone() }
            }
            None if self.stores(object) => return None,
            None => Prose::read(&self.lang.text().manifest.no_namespace(&key.namespace)),
        };
        Some((key.namespaced_name(), told))
    }

    /// The lines that make everything that is missing: the namespaces, then what objects ask for.
    pub(super) fn missing(&self) -> Vec<Entry> {
        let words = self.lang.text();
        let all = Defined { documents: &self.all, current: &self.current };
        let further = notes::all(&self.sim, &self.text, all, &self.blocked, words);
        let namespaces = self.missing.iter().map(|name| create_namespace(name, words));
        let mut missing = Vec::new();
        for entry in namespaces.chain(self.verdicts.notes.iter().chain(&further).filter_map(|note| note.help.clone())) {
            if !missing.contains(&entry) {
                missing.push(entry);
            }
        }
        missing
    }
}

/// The button that creates a namespace.
pub(super) fn create_namespace(name: &str, words: &Text) -> Entry {
    let entry = Entry::new(words.manifest.create_namespace(name), command::create_namespace(name));
    Entry { purpose: Purpose::Namespace, ..entry }
}
