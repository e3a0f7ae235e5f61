//! What can go wrong: a search in slices that can be stopped and goes on, and findings that are played.

use std::rc::Rc;

use base::time::{Span, Time};
use intake::Dump;
use intake::page::stand;
use leptos::prelude::*;
use playground::history::{self, History};
use playground::setup;
use risks::{Finding, Options, Phase, Progress, Search, Start};
use sim::Setup;

use super::slices::{in_slices, slices};
use super::{LONGEST_OPENING, Running, Session, wall, within};

/// For so long a course is played after its last line.
const AFTERWARDS: Span = Span::seconds(120);

/// The search: how far it is, what was found so far, and what the server refuses of the start.
pub struct Risks {
    pub progress: RwSignal<Option<Progress>>,
    pub is_searching: RwSignal<bool>,
    pub findings: RwSignal<Vec<Finding>, LocalStorage>,
    /// The server's words about a start that it refuses, each with its line.
    pub refused: RwSignal<Vec<(usize, String)>>,
    /// What was covered, in sentences, once all is done.
    pub covered: RwSignal<Vec<String>>,
    search: StoredValue<Option<Search>, LocalStorage>,
}

impl Default for Risks {
    fn default() -> Risks {
        Risks {
            progress: RwSignal::default(),
            is_searching: RwSignal::default(),
            findings: RwSignal::new_local(Vec::new()),
            refused: RwSignal::default(),
            covered: RwSignal::default(),
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
            None => Start::Manifest { setup: Rc::new(Setup { release, ..setup() }), text: self.manifest.get_untracked().into() },
        };
        self.ahead.risks.search.set_value(Some(Search::new(start, Options::default())));
        self.ahead.risks.findings.set(Vec::new());
        self.ahead.risks.refused.set(Vec::new());
        self.ahead.risks.covered.set(Vec::new());
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
        let (ends, lang) = (slices(), self.lang.get_untracked());
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
            if is_done {
                self.ahead.risks.is_searching.set(false);
                self.ahead.risks.refused.set(if search.is_accepted() { Vec::new() } else { search.refused().collect() });
                self.ahead.risks.covered.set(risks::told::covered(search, lang));
            }
            self.ahead.risks.progress.set(Some(progress));
        });
        self.ahead.risks.is_searching.get_untracked()
    }

    /// Plays the course of a finding, from its first act on.
    pub fn play_finding(self, finding: &Finding) {
        let lang = self.lang.get_untracked();
        let start = self.ahead.risks.search.with_value(|search| search.as_ref().map(|search| search.start().clone()));
        let Some(mut run) = start.and_then(|start| begun(&start, lang)) else { return };
        let go_on = || within(wall() + LONGEST_OPENING);
        for input in &finding.inputs {
            run.run(input.at, go_on());
            run.choose_tab(input.tab);
            run.act(input.act.clone(), lang);
        }
        let first = finding.inputs.get(finding.start).map_or(Time(0), |input| input.at);
        let end = run.present().now() + AFTERWARDS;
        run.run(end, go_on());
        run.seek(first);
        let own = self.own_run();
        self.take_run(run);
        self.left.set(own);
        self.close_ahead();
        self.shown.set(Some(finding.shown.workload.namespaced_name()));
        self.watch(Some(end), 1.0);
        self.keep_running(Running::Clock);
    }

    /// Puts the manifest with what prevents a finding into the editor.
    pub fn take_prevention(self, finding: &Finding) {
        let changed = self.ahead.risks.search.with_value(|search| {
            let start = search.as_ref()?.start().changed(finding.prevention.change.as_ref()?)?;
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
