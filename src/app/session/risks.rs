//! What can go wrong: a search in slices that can be stopped and goes on, and findings that are played.

use std::collections::VecDeque;
use std::rc::Rc;

use api::object::NamespacedName;
use base::time::{Span, Time};
use intake::Dump;
use intake::page::stand;
use leptos::prelude::*;
use playground::history::{self, History};
use playground::{Pace, setup};
use risks::change::Change;
use risks::player::Input;
use risks::protect::Protection;
use risks::{Finding, Options, Phase, Progress, Search, Start, told};
use sim::Setup;
use text::Prose;

use super::slices::{in_slices, slices};
use super::{Running, Session};

/// For so long a course is played after its last line.
const AFTERWARDS: Span = Span::seconds(120);

/// The search: how far it is, what was found so far, and what protects.
pub struct Risks {
    pub progress: RwSignal<Option<Progress>>,
    pub is_searching: RwSignal<bool>,
    pub findings: RwSignal<Vec<Finding>, LocalStorage>,
    pub protections: RwSignal<Vec<Protection>, LocalStorage>,
    search: StoredValue<Option<Search>, LocalStorage>,
}

impl Default for Risks {
    fn default() -> Risks {
        Risks {
            progress: RwSignal::default(),
            is_searching: RwSignal::default(),
            findings: RwSignal::new_local(Vec::new()),
            protections: RwSignal::new_local(Vec::new()),
            search: StoredValue::new_local(None),
        }
    }
}

impl Session {
    /// Searches what can go wrong with the manifest in the editor, or with the pasted cluster that stands in the page.
    pub fn search_risks(self) {
        let release = self.run.with_value(|run| run.present().sim().release());
        let pasted = self.run.with_value(|run| run.stood().map(|start| Rc::clone(&start.text)));
        let start = match pasted {
            Some(text) => Start::Cluster(Rc::new(Dump::read([&*text]))),
            None => Start::Manifest { setup: Rc::new(Setup { release, ..setup() }), text: self.manifest.get_untracked() },
        };
        self.ahead.risks.search.set_value(Some(Search::new(start, Options::default())));
        self.ahead.risks.findings.set(Vec::new());
        self.ahead.risks.protections.set(Vec::new());
        self.go_on_searching();
    }

    /// Goes on with a search that was stopped.
    pub fn go_on_searching(self) {
        if !self.ahead.risks.is_searching.get_untracked() {
            self.ahead.risks.is_searching.set(true);
            in_slices(move || self.search_a_slice());
        }
    }

    /// Stops the search, which can go on later.
    pub fn stop_searching(self) {
        self.ahead.risks.is_searching.set(false);
    }

    /// Does a slice of the search; whether there is more to do.
    fn search_a_slice(self) -> bool {
        if !self.ahead.risks.is_searching.get_untracked() {
            return false;
        }
        let ends = slices();
        let known = self.ahead.risks.findings.with_untracked(Vec::len);
        self.ahead.risks.search.update_value(|search| {
            let Some(search) = search.as_mut() else { return };
            let mut progress = search.progress();
            while progress.phase != Phase::Done && !ends.is_over() {
                progress = search.step();
            }
            let is_done = progress.phase == Phase::Done;
            if is_done || search.findings().len() != known {
                self.ahead.risks.findings.set(search.findings().to_vec());
            }
            if search.protections().len() != self.ahead.risks.protections.with_untracked(Vec::len) {
                self.ahead.risks.protections.set(search.protections().to_vec());
            }
            if is_done {
                self.ahead.risks.is_searching.set(false);
            }
            self.ahead.risks.progress.set(Some(progress));
        });
        self.ahead.risks.is_searching.get_untracked()
    }

    /// Whether the search is over.
    pub fn is_searched(self) -> bool {
        self.ahead.risks.progress.get().is_some_and(|progress| progress.phase == Phase::Done)
    }

    /// The server's words about a start that it refuses, each with its line.
    pub fn refused_start(self) -> Vec<(usize, String)> {
        let refused = |search: &Search| if search.is_accepted() { Vec::new() } else { search.refused().collect() };
        self.of_search(refused)
    }

    /// What is told before the findings of a search that is done.
    pub fn told_ahead(self) -> Vec<String> {
        self.of_search(|search| if search.is_accepted() { told::ahead(search, self.lang.get()) } else { Vec::new() })
    }

    /// The list of what was found so far: a line, and the findings behind it.
    pub fn risk_rows(self) -> Vec<(Prose, Vec<Finding>)> {
        self.ahead.risks.findings.track();
        self.of_search(|search| {
            let row = |row: &told::Row| (row.line(search, self.lang.get()), row.findings.iter().map(|one| (*one).clone()).collect());
            told::rows(search.findings()).iter().map(row).collect()
        })
    }

    /// What was covered so far, in sentences.
    pub fn covered(self) -> Vec<String> {
        self.of_search(|search| told::covered(search, self.lang.get()))
    }

    fn of_search<T: Default>(self, of: impl FnOnce(&Search) -> T) -> T {
        self.ahead.risks.search.with_value(|search| search.as_ref().map(of).unwrap_or_default())
    }

    /// Plays the course of a finding from its first act on; `without`: where a line was taken away. What comes before is run in slices.
    pub fn play_finding(self, finding: &Finding, without: Option<&Change>) {
        let lang = self.lang.get_untracked();
        let start = self.ahead.risks.search.with_value(|search| {
            let search = search.as_ref()?;
            let start = if finding.acts.is_empty() { search.asked() } else { search.start() };
            without.map_or_else(|| Some(start.clone()), |line| start.changed(line))
        });
        let Some(mut run) = start.and_then(|start| begun(&start, lang)) else { return };
        let mut inputs: VecDeque<Input> = finding.inputs.iter().cloned().collect();
        // Where nothing happens but what the start itself leads to, that is shown.
        let first = finding.inputs.get(finding.start).or(finding.inputs.last()).map(|input| input.at);
        let workload = finding.shown.workload.namespaced_name();
        let mut end = None;
        in_slices(move || {
            let ends = slices();
            loop {
                let now = run.present().now();
                let until = inputs.front().map_or_else(|| *end.get_or_insert(now + AFTERWARDS), |input| input.at);
                if run.run(until, || !ends.is_over()) == Pace::Stopped {
                    return true;
                }
                let Some(input) = inputs.pop_front() else { break };
                run.choose_tab(input.tab);
                run.act(input.act, lang);
            }
            let begins = first.unwrap_or(run.present().now());
            run.seek(begins);
            self.show_course(run.clone(), workload.clone(), end);
            false
        });
    }

    /// Shows a run from the instant on at which it stands.
    fn show_course(self, run: History, workload: NamespacedName, end: Option<Time>) {
        let own = self.own_run();
        self.take_run(run);
        self.left.set(own);
        self.close_ahead();
        self.shown.set(Some(workload));
        self.watch(end, 1.0);
        self.keep_running(Running::Clock);
    }

    /// Puts the manifest with what prevents a finding into the editor.
    pub fn take_prevention(self, finding: &Finding) {
        let changed = self.ahead.risks.search.with_value(|search| {
            let start = search.as_ref()?.asked().changed(finding.prevention.change.as_ref()?)?;
            if let Start::Manifest { text, .. } = start { Some(text) } else { None }
        });
        if let Some(text) = changed {
            self.take_manifest(&text);
        }
    }
}

/// The run that begins where a search does.
fn begun(start: &Start, lang: text::Lang) -> Option<History> {
    match start {
        Start::Manifest { setup, text } => Some(History::new(setup, text, lang)),
        Start::Cluster(dump) => {
            let text: Rc<str> = Dump::text(dump).into();
            let sim = Rc::new(stand(&text)?);
            Some(History::standing(history::Start { text, sim }, lang))
        }
    }
}
