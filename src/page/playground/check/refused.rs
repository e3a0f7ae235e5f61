//! Which set was refused, and everything that a text lacks.

use super::ManifestChecker;
use crate::notes;
use api::kind::Kind;
use api::object::NamespacedName;
use base::image_name::without_tag;
use base::value::Value;
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

    /// The set of the cluster in whose place a document has quite another one by the same name: with another selector, or with no claim or
    /// no image in common.
    pub(super) fn other_set(&self, document: &Document) -> Option<NamespacedName> {
        let key = key_of(document, &self.current).filter(|key| key.kind == Kind::StatefulSet)?;
        let (one, other) = (self.before.tables().get(&key)?.encode(), document.value.as_ref()?);
        let differs = |path: &[&str]| other.at(path).is_some() && one.at(path) != other.at(path);
        let names = |set: &Value, list: &[&str], field: &[&str]| -> Vec<String> {
            set.list_at(list).iter().filter_map(|item| Some(without_tag(item.text_at(field)?).0.to_owned())).collect()
        };
        let parts = |list: &[&str], field: &[&str]| {
            let (one, other) = (names(&one, list, field), names(other, list, field));
            !one.is_empty() && !other.is_empty() && one.iter().all(|name| !other.contains(name))
        };
        let is_other = differs(&["spec", "selector", "matchLabels"])
            || parts(&["spec", "volumeClaimTemplates"], &["metadata", "name"])
            || parts(&["spec", "template", "spec", "containers"], &["image"]);
        is_other.then(|| key.namespaced_name())
    }

    /// Whether a namespace that does not exist can be made: then the copy has it.
    pub(super) fn can_be_made(&self, namespace: &str) -> bool {
        self.sim.tables().find(Kind::Namespace, "", namespace).is_some()
    }

    /// The lines that make everything that is missing: the namespaces, then what objects ask for. Of a template, nobody
    /// knows what it lacks. How many nodes a cluster has is not for a manifest to say: their lack shows as pods wait.
    pub(super) fn missing(&self) -> Vec<Entry> {
        let words = self.lang.text();
        if !self.holes.is_empty() {
            return Vec::new();
        }
        let all = Defined { documents: &self.all, current: &self.current };
        let further = notes::all(&self.sim, &self.text, all, &self.blocked, words);
        let namespaces = self.missing.iter().filter(|name| self.can_be_made(name)).map(|name| create_namespace(name, words));
        let mut missing = Vec::new();
        for entry in namespaces.chain(self.verdicts.notes.iter().chain(&further).filter_map(|note| note.help.clone())) {
            if entry.purpose == Purpose::Nodes {
                continue;
            }
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
