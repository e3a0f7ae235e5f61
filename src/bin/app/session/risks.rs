//! What can go wrong: a search by workers that can be stopped and goes on, and findings that are played.
//!
//! `public/search.js` has the workers. Where a browser has none, the page itself searches in slices.

use std::collections::VecDeque;
use std::rc::Rc;

use api::object::NamespacedName;
use base::sorted::SortedMap;
use base::time::{Span, Time};
use intake::Dump;
use intake::page::stand;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::Event;
use playground::Pace;
use playground::history::{self, History};
use risks::player::Input;
use risks::sheet::{Part, Play, Sheet};
use risks::work::{Report, State, Wish, Worker};
use risks::{Phase, Progress, Start};

use super::drawn::Drawn;
use super::slices::{at_once_or_in_slices, in_slices, slices};
use super::{Running, Session};
use crate::keyed::Keyed;
use crate::script::{page_data, tell_script};

/// For so long a course is played after its last line.
const AFTERWARDS: Span = Span::seconds(120);
/// Where the page names the script that has the workers.
const SCRIPT: &str = "data-search";

/// Who searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hands {
    /// Nobody yet.
    #[default]
    None,
    Workers,
    /// The page itself.
    Own,
}

base::named! {
    /// What the search's button does next.
    Next {
        Begin "begin",
        Stop "stop",
        GoOn "go-on",
    }
}

/// What is drawn of a list, by name.
pub(crate) type Texts = Keyed<String, String>;

/// The search: how far it is, and what is shown of it.
pub struct Risks {
    pub progress: RwSignal<Option<Progress>>,
    pub is_searching: RwSignal<bool>,
    pub sheet: RwSignal<Sheet, LocalStorage>,
    /// Whether the list is not there yet as the sheet has it.
    pub is_drawing: RwSignal<bool>,
    hidden: StoredValue<Hidden, LocalStorage>,
}

impl Default for Risks {
    fn default() -> Risks {
        Risks {
            progress: RwSignal::default(),
            is_searching: RwSignal::default(),
            sheet: RwSignal::new_local(Sheet::default()),
            is_drawing: RwSignal::default(),
            hidden: StoredValue::new_local(Hidden::default()),
        }
    }
}

/// What nothing is drawn of.
#[derive(Default)]
struct Hidden {
    hands: Hands,
    wish: Option<Wish>,
    /// The search that the page itself does.
    own: Option<Worker>,
    /// The list and what protects, as far as they are drawn.
    lines: Drawn,
    guards: Drawn,
    /// What is drawn behind each line, by its name.
    findings: SortedMap<String, Drawn>,
}

impl Session {
    /// Searches what can go wrong with the manifest in the editor, or with the pasted cluster that stands in the page.
    pub fn search_risks(self) {
        self.leave_search();
        let release = self.run.with_value(|run| run.present().sim().release()).name.to_owned();
        let pasted = self.run.with_value(|run| run.stood().map(|start| Rc::clone(&start.text)));
        let wish = Wish { release, is_cluster: pasted.is_some(), text: pasted.unwrap_or_else(|| self.manifest.get_untracked()) };
        let risks = &self.ahead.risks;
        risks.hidden.update_value(|hidden| (hidden.wish, hidden.own) = (Some(wish), None));
        self.show_sheet(Sheet::default());
        self.go_on_searching();
    }

    /// Goes on with a search that was stopped.
    pub fn go_on_searching(self) {
        let risks = &self.ahead.risks;
        if risks.is_searching.get_untracked() {
            return;
        }
        risks.is_searching.set(true);
        self.begin_to_search();
    }

    fn begin_to_search(self) {
        let risks = &self.ahead.risks;
        if self.hands() == Hands::Own {
            in_slices(move || self.search_a_slice());
            return;
        }
        let wish = risks.hidden.with_value(|hidden| hidden.wish.as_ref().map(Wish::line)).unwrap_or_default();
        tell_script("data-wish", &wish, "search");
    }

    fn hands(self) -> Hands {
        self.ahead.risks.hidden.with_value(|hidden| hidden.hands)
    }

    fn search_by(self, hands: Hands) {
        self.ahead.risks.hidden.update_value(|hidden| hidden.hands = hands);
    }

    /// Prepares for a search.
    pub(super) fn return_to_search(self) {
        if self.hands() == Hands::None {
            self.search_by(if self.bring_workers().is_some() { Hands::Workers } else { Hands::Own });
        }
    }

    /// Has the page load the script that has the workers.
    fn bring_workers(self) -> Option<()> {
        let named = document().query_selector(&format!("script[{SCRIPT}]")).ok()??;
        let script = document().create_element("script").ok()?;
        script.set_attribute("type", "module").ok()?;
        script.set_attribute("src", &named.get_attribute(SCRIPT)?).ok()?;
        let alone = Closure::<dyn FnMut(Event)>::new(move |_| self.search_alone());
        script.add_event_listener_with_callback("error", alone.as_ref().unchecked_ref()).ok()?;
        alone.forget();
        window_event_listener_untyped("search-told", move |_| self.take_report());
        window_event_listener_untyped("search-alone", move |_| self.search_alone());
        document().body()?.append_child(&script).ok().map(|_| ())
    }

    /// Takes what the workers tell.
    fn take_report(self) {
        let Some(report) = page_data("data-searched") else { return };
        self.show_report(Report::of_line(&report));
    }

    fn show_report(self, Report { progress, sheet }: Report) {
        let risks = &self.ahead.risks;
        if let Some(sheet) = sheet {
            self.show_sheet(sheet);
        }
        if progress.phase == Phase::Done {
            risks.is_searching.set(false);
        }
        risks.progress.set(Some(progress));
    }

    /// Shows a sheet, one finding at a time.
    fn show_sheet(self, sheet: Sheet) {
        let risks = &self.ahead.risks;
        risks.sheet.set(sheet);
        let is_drawing = risks.is_drawing;
        if !is_drawing.get_untracked() {
            is_drawing.set(true);
            at_once_or_in_slices(move || {
                let is_drawn = self.draw_one();
                is_drawing.set(is_drawn);
                is_drawn
            });
        }
    }

    /// Draws the next line or finding that is not there as it is to be; false where all are.
    fn draw_one(self) -> bool {
        let risks = &self.ahead.risks;
        let drawn = risks.sheet.with_untracked(|sheet| {
            risks.hidden.try_update_value(|Hidden { lines, guards, findings, .. }| {
                let said: Vec<Part> = sheet.lines.iter().map(|(line, _)| line.clone()).collect();
                // The lists are there before a component asks for one: those that a component made would go with the component.
                for (name, _) in &said {
                    findings.entry(name.clone()).or_default();
                }
                let mut behind = sheet.lines.iter().filter_map(|((name, _), all)| Some(findings.get_mut(name)?.draw_next(all)));
                let is_drawn = lines.draw_next(&said) || behind.any(|is_drawn| is_drawn) || guards.draw_next(&sheet.guards);
                if !is_drawn {
                    findings.retain(|name, _| said.iter().any(|(known, _)| known == name));
                }
                is_drawn
            })
        });
        drawn.unwrap_or_default()
    }

    /// The lines that are drawn: what each says.
    pub(crate) fn risk_lines(self) -> Texts {
        self.ahead.risks.hidden.with_value(|hidden| hidden.lines.shown)
    }

    /// The findings that are drawn behind a line; `None` of a line that has gone.
    pub(crate) fn findings_behind(self, line: &str) -> Option<Texts> {
        self.ahead.risks.hidden.with_value(|hidden| hidden.findings.get(line).map(|drawn| drawn.shown))
    }

    /// What is drawn of what already protects.
    pub(crate) fn guards(self) -> Texts {
        self.ahead.risks.hidden.with_value(|hidden| hidden.guards.shown)
    }

    /// Searches without workers, as there are none.
    fn search_alone(self) {
        let risks = &self.ahead.risks;
        if self.hands() != Hands::Own {
            self.search_by(Hands::Own);
            if risks.is_searching.get_untracked() {
                self.begin_to_search();
            }
        }
    }

    /// Stops the search, which can go on later.
    pub fn stop_searching(self) {
        self.ahead.risks.is_searching.set(false);
        tell_script("data-wish", "", "search-rest");
    }

    /// Ends the search, whose workers are gone then.
    pub(super) fn leave_search(self) {
        self.ahead.risks.is_searching.set(false);
        tell_script("data-wish", "", "search-end");
    }

    /// Does a slice of the search; whether there is more to do.
    fn search_a_slice(self) -> bool {
        let risks = &self.ahead.risks;
        if !risks.is_searching.get_untracked() {
            return false;
        }
        let ends = slices();
        let report = risks.hidden.try_update_value(|hidden| {
            if hidden.own.is_none() {
                hidden.own = hidden.wish.as_ref().map(|wish| Worker::new(wish, 0, 1));
            }
            let worker = hidden.own.as_mut()?;
            while worker.step() == State::Works && !ends.is_over() {}
            Some(worker.report())
        });
        if let Some(report) = report.flatten() {
            self.show_report(report);
        }
        risks.is_searching.get_untracked()
    }

    /// Whether the search is over.
    pub fn is_searched(self) -> bool {
        self.ahead.risks.progress.get().is_some_and(|progress| progress.phase == Phase::Done)
    }

    /// What is next to be done about the search.
    pub(crate) fn next_of_search(self) -> Next {
        match self.ahead.risks.progress.get() {
            _ if self.ahead.risks.is_searching.get() => Next::Stop,
            Some(progress) if progress.phase != Phase::Done => Next::GoOn,
            _ => Next::Begin,
        }
    }

    /// Plays a course from its first act on. What comes before is run in slices.
    pub fn play_finding(self, play: &Play) {
        let lang = self.lang.get_untracked();
        let risks = &self.ahead.risks;
        let text = risks.sheet.with_untracked(|sheet| sheet.texts.get(play.text).cloned());
        let start = risks.hidden.with_value(|hidden| Some(hidden.wish.as_ref()?.start().on_added_nodes().with_text(&text?)));
        let Some(mut run) = start.and_then(|start| begun(&start, lang)) else { return };
        let mut inputs: VecDeque<Input> = play.inputs.iter().cloned().collect();
        // Where nothing happens but what the start itself leads to, that is shown.
        let first = play.inputs.get(play.start).or(play.inputs.last()).map(|input| input.at);
        let workload = play.workload();
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

    /// Puts the manifest with what prevents a finding into the editor; `text` is its place among the texts.
    pub fn take_prevention(self, text: usize) {
        let changed = self.ahead.risks.sheet.with_untracked(|sheet| sheet.texts.get(text).cloned());
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
