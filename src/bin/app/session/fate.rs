//! The scenes of a first visit, played on a manifest of one's own.

use leptos::prelude::*;
use playground::fate::{Fate, Fates, Trying};
use playground::scene::Scene;
use text::Text;

use super::slices::{at_once_or_in_slices, slices};
use super::{Dialog, Session};

/// What is played, and what came of that.
#[derive(Clone, Copy)]
pub struct Played {
    /// The manifest.
    pub text: RwSignal<String>,
    pub told: RwSignal<Vec<Fates>, LocalStorage>,
    /// Whether the manifest has no set that could be played.
    pub refused: RwSignal<bool>,
    /// How often something was begun: what was begun before is given up.
    begun: StoredValue<u32>,
}

impl Played {
    pub(super) fn new() -> Played {
        let (text, told) = (RwSignal::default(), RwSignal::new_local(Vec::new()));
        Played { text, told, refused: RwSignal::default(), begun: StoredValue::new(0) }
    }
}

impl Session {
    /// Opens the dialog, with the visitor's own manifest, if there is one.
    pub fn open_fates(self) {
        if !self.is_untouched() {
            self.fates.text.set(self.manifest.with_untracked(|text| text.to_string()));
        }
        self.open_dialog(Dialog::Fate);
    }

    pub(crate) fn close_fates(self) {
        self.close_dialog(Dialog::Fate);
    }

    /// Plays the scenes on a manifest, in slices.
    pub(crate) fn play_fates(self, text: &str) {
        self.fates.text.set(text.to_owned());
        let number = self.fates.begun.try_update_value(|begun| {
            *begun += 1;
            *begun
        });
        let mut trying = Trying::begin(text, self.lang.get_untracked());
        self.fates.refused.set(trying.is_none());
        self.fates.told.set(Vec::new());
        at_once_or_in_slices(move || {
            let Some(trying) = trying.as_mut().filter(|_| number == Some(self.fates.begun.get_value())) else { return false };
            let ends = slices();
            let is_over = trying.go_on(&mut || !ends.is_over());
            if self.fates.told.with_untracked(|told| told != trying.fates()) {
                self.fates.told.set(trying.fates().to_vec());
            }
            !is_over
        });
    }

    /// Applies the manifest in a cluster of its own, and makes a link of that, with what came of the scenes as its title.
    pub(crate) fn share_fates(self) {
        let text = self.lang.get_untracked().text();
        let title = self.fates.told.with_untracked(|told| told.first().map(|fates| title(text, fates)));
        self.close_fates();
        self.begin_own_with(&self.fates.text.get_untracked());
        self.apply();
        self.entitle(title.unwrap_or_default());
    }

    /// Gives the run a title, and makes a link that has the title.
    pub(crate) fn entitle(self, title: String) {
        self.shared.title.set(title);
        self.share();
    }
}

/// What a link to a result is called: `db: kill ✓, power ✗, scale ✓, rollout ✓`.
fn title(text: &'static Text, fates: &Fates) -> String {
    let sign = |(scene, fate): (Scene, &Fate)| format!("{} {}", scene_name(text, scene), if fate.is_good() { "✓" } else { "✗" });
    let signs: Vec<String> = Scene::ALL.into_iter().zip(&fates.told).map(sign).collect();
    format!("{}: {}", fates.set.name, signs.join(", "))
}

/// What a scene is called.
pub fn scene_name(text: &'static Text, scene: Scene) -> &'static str {
    match scene {
        Scene::Kill => text.scene.name_kill(),
        Scene::Power => text.scene.name_power(),
        Scene::Scale => text.scene.name_scale(),
        Scene::Rollout => text.scene.name_rollout(),
    }
}
