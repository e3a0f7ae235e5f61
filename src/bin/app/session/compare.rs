//! Two branches side by side: which ones, and how the page compares them.

use api::object::NamespacedName;
use api::release::Release;
use leptos::prelude::*;
use playground::Playground;
use playground::history::{Branch, History, Variant};
use text::Lang;
use view::compare::{self, Side, Table};

use super::clock::Planned;
use super::slices::{wall, within};
use super::{LONGEST_COMPARING, Running, Session};
use crate::keyed::set_if_new;
use view::actions;

impl Session {
    /// Runs the manifest beside itself: on another release, or on the same one, to be edited.
    pub fn compare(self, other: Option<&'static Release>) {
        self.pause();
        self.preferences.settle();
        let text = self.lang.get_untracked().text();
        self.lesson.set(None);
        let varied = self.run.try_update_value(|run| {
            let (release, manifest): (_, &dyn Fn(&str) -> String) = (run.branch().release, &str::to_owned);
            let variants = [release, other.unwrap_or(release)].map(|release| Variant { release, manifest });
            run.vary(&variants, within(wall() + LONGEST_COMPARING))
        });
        let begun = if other.is_none() { text.compare.begun_to_edit() } else { text.compare.begun() };
        let cut = varied.flatten().is_none().then(|| text.link.cut());
        self.news.set([Some(begun), cut].into_iter().flatten().collect::<Vec<_>>().join(" "));
        self.publish();
        if other.is_some() {
            self.keep_running(Running::UntilQuiet);
            self.planned.set_value(self.object.with_untracked(|line| line.as_ref().and_then(actions::roll_out)).map(Planned::Line));
        }
    }

    /// Chooses the branch beside the shown one, or none.
    pub fn put_beside(self, id: Option<u32>) {
        self.run.update_value(|run| run.put_beside(id));
        self.publish();
    }

    /// Shows the next branch beside the current one; after the last, none.
    pub fn next_beside(self) {
        let next = self.run.with_value(|run| {
            let others: Vec<u32> = run.branches().into_iter().map(|branch| branch.id).filter(|id| *id != run.branch().id).collect();
            let here = run.beside().and_then(|(beside, _)| others.iter().position(|id| *id == beside.id));
            others.get(here.map_or(0, |at| at + 1)).copied()
        });
        self.put_beside(next);
    }

    /// Ends the comparison of branches: only the one shown is kept.
    pub fn end_beside(self) {
        self.run.update_value(History::forget_others);
        self.news.set(String::new());
        self.publish();
    }

    /// Swaps the shown branch with the one beside it.
    pub fn swap(self) {
        self.run.update_value(History::swap);
        self.publish();
    }

    /// Restarts on a release, by its name.
    pub fn choose_release(self, name: &str) {
        if let Some(release) = Release::named(name) {
            self.begin_again(release);
        }
    }

    /// Publishes the branch beside, and returns how it differs from the shown one. While time passes, the comparison is redone only if
    /// something changed.
    pub(super) fn compare_branches(self, run: &History, shown: Option<&NamespacedName>, lang: Lang) -> Option<Table> {
        let Some((branch, there)) = run.beside() else {
            set_if_new(self.beside, None);
            return None;
        };
        let changes = (run.present().timeline().changes(), there.timeline().changes());
        let last =
            self.tables.with_untracked(|tables| tables.last().cloned()).filter(|table| table.title == lang.text().compare.branches());
        if self.playing.get_untracked() && self.compared.get_value() == changes && last.is_some() {
            return last;
        }
        self.compared.set_value(changes);
        let sides = [side(run, run.branch(), run.present(), lang), side(run, branch, there, lang)];
        set_if_new(self.beside, Some(compare::beside(&sides[1], shown)));
        compare::branches(&sides, shown, lang.text())
    }
}

fn side<'a>(run: &History, branch: &Branch, state: &'a Playground, lang: Lang) -> Side<'a> {
    Side { label: label(run, branch, lang), shot: state.snapshot(lang), lives: state.lives() }
}

/// The heading of a branch's column: its number, and its difference from its twin.
fn label(run: &History, branch: &Branch, lang: Lang) -> String {
    match run.difference(branch) {
        Some(difference) => format!("{} · {difference}", branch.id),
        None => lang.text().compare.branch(branch.id),
    }
}
