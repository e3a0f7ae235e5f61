//! What a change will do, before it is made: planning on a copy, making it, and comparing what happens with the plan.

use base::time::{Span, Time};
use causes::command;
use leptos::prelude::*;
use plan::agree::Difference;
use plan::{Change, Plan, Planner, Progress, asked, told};
use sim::Sim;

use super::risks::Risks;
use super::slices::{in_slices, slices};
use super::{Dialog, Request, Running, Session};

/// The dialog: the change, how far the plan is, the plan, and whether the change was made as planned.
pub struct Ahead {
    pub is_open: RwSignal<bool>,
    /// The line of the change; empty for the manifest in the editor.
    pub line: RwSignal<String>,
    pub progress: RwSignal<Option<Progress>>,
    pub plan: RwSignal<Option<Plan>, LocalStorage>,
    /// Where what happened was not as planned, once as much has happened.
    pub found: RwSignal<Option<Vec<Difference>>, LocalStorage>,
    /// What can go wrong.
    pub risks: Risks,
    planner: StoredValue<Option<Planner>, LocalStorage>,
    /// The cluster before the change was made, and when as much has happened as was planned.
    made: StoredValue<Option<(Sim, Time)>, LocalStorage>,
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead {
            is_open: RwSignal::default(),
            line: RwSignal::default(),
            progress: RwSignal::default(),
            plan: RwSignal::new_local(None),
            found: RwSignal::new_local(None),
            risks: Risks::default(),
            planner: StoredValue::new_local(None),
            made: StoredValue::new_local(None),
        }
    }
}

impl Session {
    /// Opens the dialog, at an instant that stands still.
    pub fn open_ahead(self) {
        self.preferences.settle();
        self.pause();
        self.ahead.is_open.set(true);
        self.return_to_search();
        request_animation_frame(move || self.open_dialog(Dialog::Ahead));
    }

    /// Closes the dialog.
    pub fn close_ahead(self) {
        self.close_dialog(Dialog::Ahead);
    }

    /// Does what is to be done once the dialog is closed: nothing is searched any more.
    pub(crate) fn leave_ahead(self) {
        self.ahead.is_open.set(false);
        self.leave_search();
    }

    /// Plans the manifest in the editor, or opens the dialog for another change.
    pub fn plan_manifest(self) {
        self.open_ahead();
        self.ahead.line.set(String::new());
        self.plan_change();
    }

    /// Plans the change in slices.
    pub fn plan_change(self) {
        let line = self.ahead.line.get_untracked();
        let change = match line.trim() {
            "" => Change::Manifest(self.manifest.with_untracked(|text| text.to_string())),
            line => Change::Lines(vec![line.to_owned()]),
        };
        let planner = self.run.with_value(|run| Planner::sliced(run.present(), &change, slices()));
        let is_under_way = self.ahead.planner.with_value(Option::is_some);
        self.ahead.planner.set_value(Some(planner));
        self.ahead.made.set_value(None);
        self.ahead.found.set(None);
        self.ahead.plan.set(None);
        self.ahead.progress.set(Some(Progress::Going { done: 0, of: 1, passed: Span(0) }));
        if !is_under_way {
            in_slices(move || self.go_on_planning());
        }
    }

    /// Does a slice of the plan under way; whether there is more to do.
    fn go_on_planning(self) -> bool {
        let ends = slices();
        let progress = self.ahead.planner.try_update_value(|planner| {
            let planner = planner.as_mut()?;
            loop {
                let progress = planner.step();
                if progress == Progress::Done || ends.is_over() {
                    return Some(progress);
                }
            }
        });
        match progress.flatten() {
            Some(progress @ Progress::Going { .. }) => {
                self.ahead.progress.set(Some(progress));
                true
            }
            Some(Progress::Done) => {
                let planner = self.ahead.planner.try_update_value(Option::take).flatten();
                self.ahead.progress.set(None);
                self.ahead.plan.set(planner.map(Planner::finish));
                false
            }
            None => false,
        }
    }

    /// Makes the change that was planned.
    pub fn make_change(self) {
        let Some((lines, span)) = self.planned() else { return };
        let before = self.run.with_value(|run| run.present().sim().clone());
        let due = before.now() + span;
        self.ahead.made.set_value(Some((before, due)));
        self.close_ahead();
        if self.ahead.line.with_untracked(|line| line.trim().is_empty()) {
            self.apply();
        } else {
            lines.iter().for_each(|line| self.type_line(line));
        }
        self.keep_running(Running::Clock);
    }

    /// Makes the change on a branch, beside the cluster without it.
    pub fn try_change(self) {
        let Some((lines, span)) = self.planned() else { return };
        self.close_ahead();
        self.type_on_branch(lines, span);
    }

    /// Puts another way to roll out the same into the editor.
    pub fn take_manifest(self, text: &str) {
        self.close_ahead();
        self.request(Request::PutText(text));
    }

    /// Lines that people ask about.
    pub fn lines_ahead(self) -> Vec<String> {
        let shown = self.shown.get();
        self.run.with_value(|run| asked::lines(run.present(), shown.as_ref()))
    }

    /// The lines of the planned change, and how long it takes.
    fn planned(self) -> Option<(Vec<String>, Span)> {
        let lines = |plan: &Plan| {
            let outcome = &plan.given.outcome;
            (told::lines(&plan.given, command::MANIFEST), outcome.to.since(outcome.from))
        };
        self.ahead.plan.with_untracked(|plan| plan.as_ref().map(lines))
    }

    /// Compares what happened with the plan, once as much has happened, and says so.
    pub fn compare_with_plan(self) {
        let now = self.clock.get();
        let is_due = self.ahead.made.with_value(|made| made.as_ref().is_some_and(|(_, due)| now >= *due));
        let Some((before, _)) = is_due.then(|| self.ahead.made.try_update_value(Option::take)).flatten().flatten() else { return };
        let found = self.ahead.plan.with_untracked(|plan| {
            let plan = plan.as_ref()?;
            self.run.with_value(|run| plan.agrees_with(&before, run.present().sim()))
        });
        let words = &self.lang.get_untracked().text().plan;
        if let Some(found) = &found {
            self.news.set(if found.is_empty() { words.as_planned() } else { words.not_as_planned() }.to_owned());
        }
        self.ahead.found.set(found);
    }
}
