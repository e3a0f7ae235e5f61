//! A stuck cluster that is brought along: reading what was pasted, and the examples.

use std::rc::Rc;

use api::object::{NamespacedName, ObjectKey};
use base::slices::Work;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use intake::cures::Tried;
use intake::page::stand;
use intake::verdict::diagnosis;
use intake::{Dump, Report, looks_printed};
use leptos::prelude::*;

use intake::world::Assumed;
use lesson::BETWEEN_LINES;
use playground::history::{History, Start};
use view::window::MOST_WHOLE;

use super::slices::{in_slices, slices, wall, within};
use super::{Dialog, FocusTarget, LONGEST_COMPARING, Request, Running, Session};
use crate::script::{page_data, tell_script};

/// Where the page's script puts the examples: each after a line with its family and the name of its set.
const EXAMPLES: &str = "data-stuck";
/// What begins each example.
const HEAD: &str = "=== ";
/// For so long the cluster goes on without the lines that are tried.
const ALONE: Span = Span::seconds(300);

/// The dialog: what was pasted, whether that is being read, and what was found.
pub struct Stuck {
    pub dump: RwSignal<String>,
    pub reading: RwSignal<bool>,
    pub report: RwSignal<Option<Report>, LocalStorage>,
    /// What is supposed otherwise than it would be assumed.
    otherwise: StoredValue<SortedSet<String>, LocalStorage>,
    /// The diagnosis under way.
    work: StoredValue<Option<Work<Report>>, LocalStorage>,
    /// The examples: family and set.
    pub examples: RwSignal<Vec<(String, String)>>,
}

impl Default for Stuck {
    fn default() -> Stuck {
        Stuck {
            dump: RwSignal::default(),
            reading: RwSignal::default(),
            report: RwSignal::new_local(None),
            otherwise: StoredValue::new_local(SortedSet::new()),
            work: StoredValue::new_local(None),
            examples: RwSignal::default(),
        }
    }
}

impl Session {
    /// Opens the dialog.
    pub fn open_stuck(self) {
        if self.preferences.first.get_untracked() {
            // The greeting goes with its doors. The dialog gives the focus back to a button that stays.
            self.request(Request::Focus(FocusTarget::Lessons));
        }
        self.preferences.settle();
        self.open_dialog(Dialog::Stuck);
    }

    /// Closes the dialog.
    pub fn close_stuck(self) {
        self.close_dialog(Dialog::Stuck);
    }

    /// Says what is the matter with the cluster of a text, after the page has shown that it reads.
    pub fn diagnose(self, text: String) {
        self.stuck.otherwise.set_value(SortedSet::new());
        self.stuck.dump.set(text);
        self.diagnose_dump();
    }

    /// Empties the box, and gives up the diagnosis under way.
    pub fn empty_box(self) {
        self.stuck.dump.set(String::new());
        self.stuck.work.set_value(None);
        self.stuck.reading.set(false);
        self.stuck.report.set(None);
        self.request(Request::Focus(FocusTarget::Paste));
    }

    /// Whether the text is too long for the box, and kept beside it.
    pub fn is_too_long(self) -> bool {
        self.stuck.dump.with(|text| text.len() > MOST_WHOLE)
    }

    /// Supposes the opposite of an assumption, or takes that back, and diagnoses anew.
    pub fn suppose_otherwise(self, one: &Assumed) {
        let id = one.id();
        self.stuck.otherwise.update_value(|otherwise| {
            if !otherwise.remove(&id) {
                otherwise.insert(id);
            }
        });
        self.diagnose_dump();
    }

    /// Whether what was pasted is a manifest, of which no cluster is known.
    pub fn is_manifest_pasted(self) -> bool {
        self.stuck.dump.with(|text| is_manifest(text))
    }

    /// Notes that the box holds a manifest, if it does.
    pub fn note_manifest(self, text: String) {
        if is_manifest(&text) {
            self.stuck.dump.set(text);
        }
    }

    /// Takes the pasted manifest into a cluster of its own, makes what is missing, and applies all of it.
    pub fn bring_up(self) {
        self.begin_own_with(&self.stuck.dump.get_untracked());
        self.close_stuck();
        self.run.update_value(|run| _ = run.look_on(|| true));
        self.run.with_value(|run| self.publish_verdicts(run.present()));
        self.create_missing();
    }

    fn diagnose_dump(self) {
        let (text, otherwise) = (self.stuck.dump.get_untracked(), self.stuck.otherwise.get_value());
        let is_under_way = self.stuck.work.with_value(Option::is_some);
        let release = self.run.with_value(|run| run.branch().release);
        let of_manifest = plan::manifest::diagnosis(&text, release, slices());
        self.stuck.work.set_value(Some(of_manifest.unwrap_or_else(|| diagnosis(text, otherwise, slices()))));
        self.stuck.report.set(None);
        self.stuck.reading.set(true);
        if !is_under_way {
            in_slices(move || self.go_on_diagnosing());
        }
    }

    /// Does a slice of the diagnosis under way; whether there is more to do.
    fn go_on_diagnosing(self) -> bool {
        let Some(report) = self.stuck.work.try_update_value(|work| work.as_mut().map(Work::slice)).flatten() else { return false };
        let is_done = report.is_some();
        if is_done {
            self.stuck.work.set_value(None);
            self.stuck.reading.set(false);
            self.stuck.report.set(report);
        }
        !is_done
    }

    /// The pasted cluster, as the page diagnosed it.
    fn pasted(self) -> Dump {
        let mut dump = self.stuck.dump.with_untracked(|text| Dump::read([text.as_str()]));
        dump.otherwise.extend(self.stuck.otherwise.get_value());
        dump
    }

    /// Opens a text that kubectl printed; whether it looks like one.
    pub(super) fn open_printed(self, text: &str) -> bool {
        let is_printed = looks_printed(text);
        if is_printed {
            self.open_stuck();
            self.diagnose(text.to_owned());
        }
        is_printed
    }

    /// Diagnoses what stands in the editor.
    pub fn diagnose_manifest(self) {
        self.open_stuck();
        self.diagnose(self.manifest.with_untracked(|text| text.to_string()));
    }

    /// Lets the pasted cluster stand in the page twice: as it goes on by itself, and, beside that, with the lines of a cure.
    /// The story ends some time after the pods were well when the cure was tried.
    pub fn try_cure(self, cure: &Tried, workload: &ObjectKey) {
        let text: Rc<str> = self.pasted().text().into();
        let Some(sim) = stand(&text) else { return };
        let run = History::standing(Start { text, sim: Rc::new(sim) }, self.lang.get_untracked());
        let own = self.own_run();
        self.take_run(run);
        self.left.set(own);
        self.close_stuck();
        self.shown.set(Some(NamespacedName { namespace: workload.namespace.clone(), name: workload.name.clone() }));
        let typing = Span(BETWEEN_LINES.0 * cure.lines.len() as u64);
        self.type_on_branch(cure.lines.clone(), cure.took.unwrap_or_default() + typing);
    }

    /// Types lines at the instant shown, beside the same run without them, and tells the story of so long.
    pub(super) fn type_on_branch(self, lines: Vec<String>, story: Span) {
        let alone = |run: &mut History| {
            let (start, alone) = (run.present().now(), run.branch().id);
            run.run(start + ALONE, within(wall() + LONGEST_COMPARING));
            run.seek(start);
            (start, alone)
        };
        let Some((start, alone)) = self.run.try_update_value(alone) else { return };
        self.solving.set_value((lines.into(), start));
        self.go_on_solving(false);
        self.put_beside(Some(alone));
        self.watch(Some(start + story), 1.0);
        self.keep_running(Running::Clock);
    }

    /// Whether the run started from a pasted cluster.
    pub fn is_standing(self) -> bool {
        self.clock.track();
        self.run.with_value(|run| run.start() > Time(0))
    }

    /// Fetches the examples, unless they are there.
    pub fn want_examples(self) {
        if self.stuck.examples.with_untracked(Vec::is_empty) {
            tell_script(EXAMPLES, "", "stuck");
        }
    }

    /// Lists the examples that the page's script has fetched.
    pub(super) fn take_examples(self) {
        let named = |part: &str| part.lines().next().and_then(|head| head.split_once(' ')).map(|(f, n)| (f.to_owned(), n.to_owned()));
        self.stuck.examples.set(page_data(EXAMPLES).unwrap_or_default().split(HEAD).filter_map(named).collect());
    }

    /// Diagnoses the example of a family.
    pub fn show_example(self, family: &str) {
        let texts = page_data(EXAMPLES).unwrap_or_default();
        let found = texts.split(HEAD).find_map(|part| part.split_once('\n').filter(|(head, _)| head.split(' ').next() == Some(family)));
        if let Some((_, text)) = found {
            self.diagnose(text.to_owned());
        }
    }
}

/// Whether a text looks like a manifest.
fn is_manifest(text: &str) -> bool {
    text.contains("kind:") && !looks_printed(text)
}
