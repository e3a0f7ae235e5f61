//! The text in the editor as a manifest: where kubectl finds it, and what is said of it when it is applied, and from then on.

use super::{Applied, Playground, check, dump};
use crate::api::kind::Kind;
use crate::api::object::NamespacedName;
use crate::kubectl::settings;
use crate::text::Lang;
use crate::view::command::MANIFEST;
use crate::view::manifest::Verdicts;

impl Playground {
    /// How many objects of the text in the editor were stored, and of how many, where any were.
    pub fn stored(&self) -> Option<(usize, usize)> {
        self.applied.as_ref().filter(|applied| applied.text == self.manifest).map(|applied| (applied.stored, applied.objects))
    }

    /// The sets of what was applied last, in its order.
    pub fn sets_applied(&self) -> impl Iterator<Item = NamespacedName> {
        let all = self.applied.iter().flat_map(|applied| applied.defines(&self.documents).iter());
        let sets = all.filter(|(key, _)| key.kind == Kind::StatefulSet);
        sets.map(|(key, _)| key.namespaced_name())
    }

    /// Takes off the text in the editor what only a server writes; whether there was anything.
    pub fn take_off_server_fields(&mut self) -> bool {
        let taken = dump::without_server_fields(&self.sim, settings::current_namespace(&self.files), &self.manifest);
        let Some((manifest, names)) = taken else { return false };
        (self.manifest, self.taken_off) = (manifest, names);
        true
    }

    /// Looks again at the text in the editor.
    pub(super) fn look_again(&mut self) {
        // What was stored of this very text was not refused, whatever the server would say to the same again.
        let is_applied = self.applied.as_ref().is_some_and(|applied| applied.text == self.manifest);
        let stored = if is_applied { self.documents.as_slice() } else { &[] };
        self.verdicts = check::check(&self.sim, &self.files, &self.manifest, stored, self.lang).verdicts;
        self.verdicts.taken_off.clone_from(&self.taken_off);
    }

    /// Puts the editor's text where kubectl finds it; what stands below a line such as `# web.yaml` is in the file of that name, too, and
    /// stays there when another text comes.
    pub(super) fn put_file(&mut self) {
        if self.files.get(MANIFEST) == Some(&self.manifest) {
            return;
        }
        self.files.put(MANIFEST, &self.manifest);
        for (name, text) in named_parts(&self.manifest) {
            self.files.put(name, &text);
        }
    }

    /// Puts the editor's text where kubectl finds it, and looks at what will be said about it.
    pub(super) fn prepare_manifest(&mut self, lang: Lang) {
        self.put_file();
        let checked = check::check(&self.sim, &self.files, &self.manifest, &[], lang);
        if !checked.stored.is_empty() || checked.verdicts.refusals.is_empty() {
            let (stored, objects) = (checked.stored.len(), checked.objects);
            let (namespace, text) = (settings::current_namespace(&self.files).to_owned(), self.manifest.clone());
            self.applied = Some(Applied { at: self.now(), stored, objects, namespace, text });
            self.documents = checked.stored;
        }
        self.verdicts = Verdicts { taken_off: self.taken_off.clone(), ..checked.verdicts };
    }
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

/// Whether a text is the name of a manifest's file, without a folder.
fn is_file_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (text.ends_with(".yaml") || text.ends_with(".yml")) && text != MANIFEST && text.chars().all(letters)
}
