//! The scenes of a first visit, played on a manifest of one's own.

use leptos::prelude::*;
use playground::fate::Trying;

use super::slices::{at_once_or_in_slices, slices};
use super::{Dialog, Session};

impl Session {
    /// Opens the dialog, with the visitor's own manifest, if there is one.
    pub(crate) fn open_fates(self) {
        if !self.is_untouched() {
            self.scenes.fates.text.set(self.manifest.with_untracked(|text| text.to_string()));
        }
        self.open_dialog(Dialog::Fate);
    }

    pub(crate) fn close_fates(self) {
        self.close_dialog(Dialog::Fate);
    }

    /// Plays the scenes on a manifest, in slices.
    pub(crate) fn play_fates(self, text: &str) {
        self.scenes.fates.text.set(text.to_owned());
        let number = self.scenes.fates.begun.try_update_value(|begun| {
            *begun += 1;
            *begun
        });
        let mut trying = Trying::begin(text, self.lang.get_untracked());
        self.scenes.fates.refused.set(trying.is_none());
        self.scenes.fates.told.set(Vec::new());
        at_once_or_in_slices(move || {
            let Some(trying) = trying.as_mut().filter(|_| number == Some(self.scenes.fates.begun.get_value())) else { return false };
            let ends = slices();
            let is_over = trying.go_on(&mut || !ends.is_over());
            if self.scenes.fates.told.with_untracked(|told| told != trying.fates()) {
                self.scenes.fates.told.set(trying.fates().to_vec());
            }
            !is_over
        });
    }

    /// Applies the manifest in a cluster of its own, and makes a link of that, with what came of the scenes as its title.
    pub(crate) fn share_fates(self) {
        let text = self.lang.get_untracked().text();
        let title = self.scenes.fates.told.with_untracked(|told| told.first().map(|fates| fates.title(text)));
        self.close_fates();
        self.begin_own_with(&self.scenes.fates.text.get_untracked());
        self.apply();
        self.entitle(title.unwrap_or_default());
    }

    /// Gives the run a title, and makes a link that has the title.
    pub(crate) fn entitle(self, title: String) {
        self.shared.title.set(title);
        self.share();
    }
}
