//! The text in the editor as files: where kubectl finds it, and how much of it was stored.

use std::rc::Rc;

use super::applied::is_same;
use super::documents::named_parts;
use super::{Playground, dump};
use api::object::ObjectKey;
use causes::command::MANIFEST;
use kubectl::settings;

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
