//! The text in the editor as it is typed: taken at once, looked at a little later, document by document.

use std::rc::Rc;

use super::Playground;
use super::applied::is_same;
use super::check::{Checked, ManifestChecker};
use text::Lang;
use view::manifest::Verdicts;
use view::window::MOST_WHOLE;
use yaml::Document;

impl Playground {
    /// Takes the text in the editor. What was refused is looked at again, so that a mended line loses its mark at once.
    pub fn edit(&mut self, manifest: impl Into<Rc<str>>, lang: Lang) {
        self.take_text(manifest.into(), lang);
        self.look_on(&mut || true);
    }

    /// Takes the text in the editor; [`Playground::look_on`] looks at it.
    pub(super) fn take_text(&mut self, manifest: Rc<str>, lang: Lang) {
        if !is_same(&self.manifest, &manifest) {
            self.taken_off.clear();
        }
        (self.manifest, self.lang, self.checker) = (manifest, lang, None);
        // To apply a long text takes a while: its faults are told before; and so is what the first one lacks.
        let is_first = self.applied.is_none() && !self.manifest.trim().is_empty();
        self.is_stale |= !self.verdicts.is_empty() || self.manifest.len() > MOST_WHOLE || is_first;
    }

    /// Has the text in the editor looked at as it is, whether or not anything of it was applied: somebody has brought it.
    pub(super) fn look_at_brought(&mut self) {
        self.is_stale |= !self.manifest.trim().is_empty();
    }

    /// Whether the verdicts are those of the text in the editor, or nothing is to be said of it.
    pub fn is_looked_at(&self) -> bool {
        !self.is_stale
    }

    /// Goes on looking at the text in the editor while there is time; whether all is said.
    pub(super) fn look_on(&mut self, more: &mut dyn FnMut() -> bool) -> bool {
        if self.is_stale {
            let mut checker =
                self.checker.take().unwrap_or_else(|| Box::new(self.checker(&self.manifest, self.stored_of_this_text(), self.lang)));
            while checker.step() {
                if !more() {
                    self.checker = Some(checker);
                    return false;
                }
            }
            self.say(checker.finish().verdicts);
            // Nothing of the text was stored before: whoever applies it now needs no second look.
            self.ahead = checker.is_unsettled().then_some(checker);
        }
        true
    }

    /// Whether the text in the editor is looked at in parts, of which some are left.
    pub(super) fn is_looking(&self) -> bool {
        self.checker.is_some()
    }

    /// Looks at a text that is about to be applied while there is time; whether all is seen. Until anything else happens, applying the
    /// text needs no further look.
    pub(super) fn look_ahead(&mut self, text: &Rc<str>, lang: Lang, more: &mut dyn FnMut() -> bool) -> bool {
        let mut ahead = self.take_ahead(text, lang).unwrap_or_else(|| Box::new(self.checker(text, Rc::default(), lang)));
        let mut is_whole = true;
        while ahead.step() {
            if !more() {
                is_whole = false;
                break;
            }
        }
        self.ahead = Some(ahead);
        is_whole
    }

    /// What was seen of a text before it is applied, if nothing has happened since.
    fn take_ahead(&mut self, text: &Rc<str>, lang: Lang) -> Option<Box<ManifestChecker>> {
        self.ahead.take().filter(|ahead| ahead.is_of(&self.world.sim, &self.world.files, text, lang))
    }

    /// Says the verdicts again, and what comes from now on, in another language.
    pub fn speak(&mut self, lang: Lang) {
        let is_other = std::mem::replace(&mut self.lang, lang) != lang;
        if is_other && !self.verdicts.is_empty() {
            self.look_again();
        }
    }

    /// Looks again at the text in the editor; at a long one only [`Playground::look_on`] does.
    pub(super) fn look_again(&mut self) {
        if self.manifest.len() > MOST_WHOLE {
            (self.checker, self.is_stale) = (None, true);
            return;
        }
        let verdicts = self.checker(&self.manifest, self.stored_of_this_text(), self.lang).finish().verdicts;
        self.say(verdicts);
    }

    /// What was stored of this very text was not refused, whatever the server would say to the same again.
    fn stored_of_this_text(&self) -> Rc<[Document]> {
        let is_applied = self.applied.as_ref().is_some_and(|applied| is_same(&applied.text, &self.manifest));
        if is_applied { Rc::clone(&self.documents) } else { Rc::default() }
    }

    /// Looks at the text in the editor before it is applied.
    pub(super) fn check(&mut self) -> Checked {
        let text = Rc::clone(&self.manifest);
        let ahead = self.take_ahead(&text, self.lang);
        let mut checker = ahead.unwrap_or_else(|| Box::new(self.checker(&text, Rc::default(), self.lang)));
        let checked = checker.finish();
        self.say(checked.verdicts.clone());
        checked
    }

    fn checker(&self, text: &Rc<str>, settled: Rc<[Document]>, lang: Lang) -> ManifestChecker {
        ManifestChecker::new(&self.world.sim, &self.world.files, text, settled, lang)
    }

    fn say(&mut self, verdicts: Verdicts) {
        let verdicts = Verdicts { taken_off: self.taken_off.clone(), ..verdicts };
        (self.verdicts, self.checker, self.is_stale) = (verdicts, None, false);
    }

    /// Whether something of the text in the editor was refused, or will not work.
    pub(super) fn has_problems(&self) -> bool {
        !(self.verdicts.refusals.is_empty() && self.verdicts.notes.is_empty())
    }
}
