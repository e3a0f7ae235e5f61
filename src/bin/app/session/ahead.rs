//! What a change will do, before it is made: planning on a copy, making it, and comparing what happens with the plan.

use base::time::{Span, Time};
use causes::command;
use leptos::prelude::*;
use plan::agree::Difference;
use plan::case::{self, Made};
use plan::fault;
use plan::{Change, Plan, Planner, Progress, asked, by, told};
use playground::Playground;
use sim::Sim;
use std::rc::Rc;
use text::ANALYSIS;
use tools::asked::Options;
use tools::tool::Tool;

use super::risks::Risks;
use super::slices::{in_slices, slices};
use super::{Dialog, Request, Running, Session};

/// The dialog: the change, how far the plan is, the plan, and whether the change was made as planned.
pub struct Ahead {
    pub is_open: RwSignal<bool>,
    /// The line of the change; empty for the manifest in the editor.
    pub line: RwSignal<String>,
    pub by: RwSignal<By, LocalStorage>,
    /// Why nothing is planned: what was typed is not read, or is refused before the change.
    pub amiss: RwSignal<String>,
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

/// Who applies the manifest in the editor, and to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub tool: Tool,
    /// Its options, as they are typed.
    pub options: String,
    /// Whether kubectl has applied what runs: the cluster is the one that is shown. Otherwise the tool itself has, in a new one.
    pub shown: bool,
    /// What was typed in the new cluster since.
    pub since: String,
}

impl By {
    /// Whether anybody else than kubectl's own lines applies it.
    pub fn is_tool(&self) -> bool {
        self.tool != Tool::Kubectl
    }
}

impl Default for By {
    fn default() -> By {
        By { tool: Tool::Kubectl, options: String::new(), shown: false, since: String::new() }
    }
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead {
            is_open: RwSignal::default(),
            line: RwSignal::default(),
            by: RwSignal::new_local(By::default()),
            amiss: RwSignal::default(),
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
        let (line, by) = (self.ahead.line.get_untracked(), self.ahead.by.get_untracked());
        let manifest = || self.manifest.with_untracked(|text| text.to_string());
        let here = |change: Change| self.run.with_value(|run| Planner::sliced(run.present(), &change, slices()));
        let planner = match line.trim() {
            _ if by.is_tool() => self.planner_by(&by, &manifest()),
            "" => Ok(here(Change::Manifest(manifest()))),
            line => Ok(here(Change::Lines(vec![line.to_owned()]))),
        };
        self.ahead.made.set_value(None);
        self.ahead.found.set(None);
        self.ahead.plan.set(None);
        self.ahead.amiss.set(planner.as_ref().err().cloned().unwrap_or_default());
        let is_under_way = self.ahead.planner.with_value(Option::is_some);
        let Ok(planner) = planner else {
            self.ahead.planner.set_value(None);
            self.ahead.progress.set(None);
            return;
        };
        self.ahead.planner.set_value(Some(planner));
        self.ahead.progress.set(Some(Progress::Going { done: 0, of: 1, passed: Span(0) }));
        if !is_under_way {
            in_slices(move || self.go_on_planning());
        }
    }

    /// Whether what a tool has installed stands in a new cluster. Who looks at a cluster that stood before has no empty one.
    pub(crate) fn begins_anew(self) -> bool {
        self.run.with_value(|run| run.present().applied().is_some() && run.branch().start().tables().stateful_sets().next().is_none())
    }

    /// Begins to plan what a tool does with the manifest.
    ///
    /// # Errors
    ///
    /// In words, which option is not known, and what was refused before.
    fn planner_by(self, by: &By, manifest: &str) -> Result<Planner, String> {
        tools::plug();
        let words: Vec<String> = by.options.split_whitespace().map(str::to_owned).collect();
        let options = Options::read(by.tool, &words)?;
        if let Some(fault) = fault::faults(manifest).first() {
            return Err(fault.to_string());
        }
        let (here, mut empty) = self.run.with_value(|run| (run.present().clone(), run.branch().start().clone()));
        let old = here.applied().map(|applied| Rc::clone(&applied.text));
        let is_new = !by.shown && self.begins_anew();
        let made_by = old.is_some().then_some(if by.shown { Tool::Kubectl } else { by.tool });
        let old = old.as_deref().unwrap_or_default();
        let asked = by::asked(by.tool, made_by, options, [old, manifest]);
        let missing = here.sim().machines().count().saturating_sub(empty.sim().machines().count());
        if missing > 0 {
            // No more than the cluster that is shown has, and so no more than there can be.
            let _ = empty.write(|sim| sim.add_nodes(missing));
        }
        let world = if is_new { installed(&empty, old, by)? } else { here };
        Ok(Planner::sliced(&world, &Change::By(Rc::new(asked)), slices()))
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
        let words = ANALYSIS.plan;
        if let Some(found) = &found {
            self.news.set(if found.is_empty() { words.as_planned() } else { words.not_as_planned() }.to_owned());
        }
        self.ahead.found.set(found);
    }
}

/// A new cluster in which a tool has applied a text, and somebody has typed a line since.
fn installed(empty: &Playground, text: &str, by: &By) -> Result<Playground, String> {
    let since = Some(by.since.trim()).filter(|line| !line.is_empty()).map(str::to_owned);
    let made = Made { by: Some(by.tool), since: since.into_iter().collect() };
    let said = |faults: Vec<fault::Fault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    case::begin_in(empty, text, &made).map_err(said)
}
