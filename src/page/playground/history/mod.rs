//! Time travel: a run that can be viewed at any instant and continued differently from there.
//!
//! A run is fully determined by its start (an empty cluster, or one that stands) and the inputs at their instants: replaying them gives
//! the same bytes. So an instant of the past is the checkpoint before it, played forward. Acting in the past starts a branch; the old
//! future is kept as part of the branch it belongs to.
//!
//! Promises: [`History::seek`] shows what a fresh run up to that instant would show, and nothing half done: a command takes time,
//! and an instant within it shows its end; a line that changes nothing is answered in the past and begins no branch; the number of
//! checkpoints is bounded, however long the run; the text in the editor is never taken back, because it belongs to the visitor and
//! not to the cluster.
//! Must not know: the browser, wall clocks, layout, signals.
//! Not kept: which pods or panes were looked at.

mod branch;
mod hide;
mod input;
pub mod link;
mod pair;
mod replay;
mod run;
pub mod scenario;
mod standing;
mod zero;

use std::rc::Rc;

use super::applied::is_same;
use super::label::label;
use super::stop::{Halt, Stops};
use super::{Goal, Pace, Playground, Watch};
use base::time::Time;
pub use branch::{Branch, MAX_CHECKPOINTS, Origin};
use cluster::stand_in::Nodes;
pub use hide::Shared;
pub use input::{Act, Input, perform};
use kubectl::hunks::unified;
use pair::BranchAt;
pub use pair::Variant;
pub use run::Run;
use sim::Setup;
pub use standing::Start;
use text::Lang;
use view::timeline::Way;

/// The most branches that are kept. The one left longest ago is dropped first.
pub const MAX_BRANCHES: usize = 16;

/// A run with its past and its branches.
#[derive(Clone, Debug)]
pub struct History {
    setup: Setup,
    /// The cluster that stands at the start; `None` for an empty one.
    standing: Option<Start>,
    /// The state shown.
    present: Playground,
    /// How many of the branch's inputs have gone into it.
    done: usize,
    /// The branches, the one left longest ago first; the last is the one shown.
    branches: Vec<Branch>,
    /// The branch beside the one shown, at the instant shown.
    beside: Option<BranchAt>,
    /// How many branches were ever created.
    counted: u32,
    /// The current language.
    lang: Lang,
    /// The breakpoints, and what the last run stopped at.
    watch: Watch,
    /// Whether values were left out of its texts, which its states still have.
    is_shared: bool,
}

impl History {
    /// The start of a run: an empty cluster, and a manifest in the editor. No breakpoint is set.
    pub fn new(setup: &Setup, manifest: &str, lang: Lang) -> History {
        History::from(setup.clone(), None, manifest, lang)
    }

    /// The start of a run around a text that somebody brings. [`History::look_on`] says what it lacks before anything of it is applied.
    pub fn around_text(setup: &Setup, text: &str, lang: Lang) -> History {
        let mut history = History::new(setup, text, lang);
        history.present.look_at_brought();
        history
    }

    /// The start of a run, in a cluster that stands or in an empty one of the setup.
    fn from(setup: Setup, standing: Option<Start>, manifest: &str, lang: Lang) -> History {
        let present = standing::beginning(&setup, standing.as_ref(), manifest);
        let branches = vec![Branch::first(&present, setup.release)];
        History { setup, standing, present, done: 0, branches, beside: None, counted: 1, lang, watch: Watch::default(), is_shared: false }
    }

    /// The state shown.
    pub fn present(&self) -> &Playground {
        &self.present
    }

    /// Whether its nodes are the recordings' stand-ins.
    pub fn has_stand_ins(&self) -> bool {
        self.setup.timing.nodes == Nodes::StandIns
    }

    /// The furthest state of this branch.
    pub fn head(&self) -> &Playground {
        self.branch().head.as_deref().unwrap_or(&self.present)
    }

    /// Whether the instant shown is before the furthest this branch has reached.
    pub fn is_past(&self) -> bool {
        self.branch().head.is_some()
    }

    /// The branch shown.
    pub fn branch(&self) -> &Branch {
        &self.branches[self.branches.len() - 1]
    }

    /// All branches, in the order in which they began.
    pub fn branches(&self) -> Vec<&Branch> {
        (1..=self.counted).filter_map(|id| self.branches.iter().find(|branch| branch.id == id)).collect()
    }

    /// The branches as the page offers them; empty if there is only one.
    pub fn ways(&self, lang: Lang) -> Vec<Way> {
        let beside = self.beside.as_ref().map(|place| place.branch);
        let way = |branch: &Branch| {
            let line = branch.begins_with().map(|line| label(line, &[])).unwrap_or_default();
            let origin = branch.origin.map(|origin| self.zero().label(origin.at));
            let label = match self.difference(branch) {
                Some(difference) => format!("{} · {difference}", branch.id),
                None => lang.text().time.branch(branch.id, origin.as_deref().unwrap_or_default(), &line),
            };
            Way { id: branch.id, label, shown: branch.id == self.branch().id, beside: Some(branch.id) == beside }
        };
        if self.branches.len() == 1 { Vec::new() } else { self.branches().into_iter().map(way).collect() }
    }

    /// Whether anything was done after the beginning: what a run of an empty cluster begins with is easily done again.
    pub fn has_story(&self) -> bool {
        let inputs = &self.branch().inputs;
        let first = inputs.first().filter(|_| !self.stands()).map(|input| input.at);
        self.branches.len() > 1 || first < inputs.last().map(|input| input.at)
    }

    /// The inputs of this branch before the instant shown, oldest first.
    pub fn inputs(&self) -> &[Input] {
        &self.branch().inputs[..self.done]
    }

    /// Sets the text to be edited, which [`History::look_on`] looks at. This does not affect the cluster, so no branch begins.
    pub fn edit(&mut self, text: impl Into<Rc<str>>, lang: Lang) {
        let text = text.into();
        self.lang = lang;
        if self.present.edits().is_some() { self.present.draft(&text) } else { self.present.take_text(text, lang) }
    }

    /// Goes on looking at the text to be edited while there is time; whether all is said of it.
    pub fn look_on(&mut self, mut more: impl FnMut() -> bool) -> bool {
        self.present.look_on(&mut more)
    }

    /// Takes off the text in the editor what only a server writes; the text without it, where there was anything.
    pub fn take_off_server_fields(&mut self) -> Option<&str> {
        self.present.take_off_server_fields().then(|| self.present.manifest())
    }

    /// Shows another terminal; one beyond the last is opened.
    pub fn choose_tab(&mut self, tab: usize) {
        self.present.choose_tab(tab);
    }

    /// Phrases the verdicts again in another language.
    pub fn speak(&mut self, lang: Lang) {
        self.lang = lang;
        self.present.speak(lang);
    }

    /// Acts at the instant shown. If that is in the past, begins a branch; returns whether it did. A line that only asks is answered there
    /// without a branch.
    pub fn act(&mut self, act: Act, lang: Lang) -> bool {
        if act.line().is_some_and(|line| line.trim().is_empty()) && self.present.awaits_command() {
            return false;
        }
        self.lang = lang;
        self.end_instant();
        self.follow(&mut || true);
        if let Some(line) = act.line()
            && self.is_past()
            && self.ask(line)
        {
            return false;
        }
        let forks = self.is_past() && !self.is_idle_tail();
        if forks {
            self.fork();
        }
        self.mirror(&act);
        // A line that need not wait is one as any other.
        let act = match act {
            Act::Queue(line) if !self.present.holds() => Act::Line(line),
            act => act,
        };
        let manifest = Rc::clone(&self.present.manifest);
        let input = Input { at: self.present.now(), act, manifest, lang, tab: self.present.tabs().1 };
        perform(&mut self.present, &input);
        self.done += 1;
        let branch = self.current();
        branch.head = None;
        branch.inputs.push(input);
        forks
    }

    /// Closes the editor that a command has opened, with this text in it; whether a branch begins.
    pub fn save(&mut self, text: &str, lang: Lang) -> bool {
        let changes = self.present.edits().map(|editing| unified(&editing.text, text));
        changes.is_some_and(|changes| self.act(Act::Save(changes), lang))
    }

    /// Runs a read-only line at the instant shown, and on the compared branch. Returns false, and runs nothing, if the line may write.
    fn ask(&mut self, line: &str) -> bool {
        let lang = self.lang;
        let Some(answer) = self.present.answer(line, lang) else { return false };
        if self.is_twinned()
            && let Some(place) = &mut self.beside
        {
            let Some(answer) = place.state.answer(line, lang) else { return false };
            place.state.show_answer(answer);
        }
        self.present.show_answer(answer);
        true
    }

    /// Sets the breakpoints of future runs.
    pub fn stop_at(&mut self, stops: Stops) {
        self.watch.stops = stops;
    }

    /// The breakpoint that the last run hit.
    pub fn halt(&self) -> Option<&Halt> {
        self.watch.halt.as_ref()
    }

    /// Jumps to the next relevant event, however far ahead.
    pub fn skip(&mut self, go_on: impl FnMut() -> bool) -> Pace {
        match self.present.ahead() {
            Some((at, _)) => self.run(at, go_on),
            None => Pace::Reached,
        }
    }

    /// Lets time pass until an instant, or until `go_on` returns false.
    pub fn run(&mut self, until: Time, mut go_on: impl FnMut() -> bool) -> Pace {
        self.go(Goal::Until(until), &mut go_on)
    }

    /// Lets time pass until nothing is left to do, or until `go_on` returns false.
    pub fn run_until_quiet(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        let mut pace = self.go(Goal::Quiet, &mut go_on);
        if pace == Pace::Reached {
            self.return_to_head();
            pace = self.run_until_quiet_beside(&mut go_on);
        }
        pace
    }

    /// Lets time pass until something visible happens, or until `go_on` returns false.
    pub fn step(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        let at_most = self.next_change_beside(&mut go_on);
        self.go(Goal::Change { at_most }, &mut go_on)
    }

    /// Lets time pass until something visible happens, but no further than to an instant, or until `go_on` returns false.
    pub fn run_to_change(&mut self, until: Time, mut go_on: impl FnMut() -> bool) -> Pace {
        self.go(Goal::Change { at_most: Some(until) }, &mut go_on)
    }

    /// Shows another instant of this branch, at least the start and at most the furthest it has reached.
    pub fn seek(&mut self, to: Time) {
        if self.is_past() || to < self.head().now() {
            self.seek_while(to, &mut || true);
            self.rejoin();
        }
    }

    /// Shows the furthest instant this branch has reached.
    pub fn return_to_head(&mut self) {
        if self.show_head() {
            self.rejoin();
        }
    }

    /// [`History::return_to_head`] without the branch beside; whether another instant was shown.
    fn show_head(&mut self) -> bool {
        let Some(head) = self.current().head.take() else { return false };
        let done = self.branch().inputs.len();
        self.show_in_place(Rc::unwrap_or_clone(head), done);
        true
    }

    /// Shows another branch at its furthest instant; if it was beside the one shown, the two swap places. Does nothing if there is no such
    /// branch.
    pub fn return_to(&mut self, id: u32) {
        let left = self.branch().id;
        if left == id || !self.branches.iter().any(|branch| branch.id == id) {
            return self.return_to_head();
        }
        let beside = self.beside.as_ref().map(|place| if place.branch == id { left } else { place.branch });
        self.put_back();
        let carried = self.leave();
        self.bring_forward(id);
        self.return_to_head();
        self.restore_text(carried);
        self.put_beside(beside);
    }

    /// Whether nothing happens between the state shown and the furthest of this branch, nor on its twin.
    fn is_idle_tail(&self) -> bool {
        let idle = self.done == self.branch().inputs.len() && self.head().sim().steps() == self.present.sim().steps();
        idle && !(self.is_twinned() && self.has_future_beside())
    }

    /// Begins a branch at the instant shown. Where branches are compared, the old future is compared with it; a twin is branched too, as
    /// the new branch's twin.
    fn fork(&mut self) {
        self.counted += 1;
        self.keep_text();
        let mut branch = self.branch().begin(self.counted, self.present.now(), self.done);
        self.make_room();
        if self.is_twinned() {
            self.make_room();
            self.fork_twin(&mut branch);
        } else if self.beside.is_some() {
            self.put_back();
            self.beside = Some(BranchAt { branch: self.branch().id, state: self.present.clone(), done: self.done });
        }
        self.current().rest();
        self.branches.push(branch);
    }

    /// Makes room for a branch if necessary, by dropping the one left longest ago, but never one on the page.
    fn make_room(&mut self) {
        let (shown, beside) = (self.branch().id, self.beside.as_ref().map(|place| place.branch));
        if self.branches.len() >= MAX_BRANCHES
            && let Some(at) = self.branches.iter().position(|branch| branch.id != shown && Some(branch.id) != beside)
        {
            self.branches.remove(at);
        }
    }

    /// Leaves the branch shown at its furthest state; returns the text of its editor.
    fn leave(&mut self) -> String {
        self.keep_text();
        let present = self.present.clone();
        let branch = self.current();
        branch.head.get_or_insert_with(|| Rc::new(present));
        branch.rest();
        self.present.manifest().to_owned()
    }

    /// Shows a state of this branch, and remembers the furthest one.
    fn show(&mut self, state: Playground, done: usize) {
        let before = self.show_in_place(state, done);
        self.current().head.get_or_insert_with(|| Rc::new(before));
    }

    /// Shows a state, with the visitor's own text and language; returns the state shown before.
    fn show_in_place(&mut self, mut state: Playground, done: usize) -> Playground {
        if !is_same(&state.manifest, &self.present.manifest) || state.lang != self.lang {
            state.edit(Rc::clone(&self.present.manifest), self.lang);
        }
        (self.done, state.zero) = (done, self.present.zero);
        std::mem::replace(&mut self.present, state)
    }

    /// Processes the rest of the present instant, so that what is done next comes after all of it.
    fn end_instant(&mut self) {
        let now = self.present.now();
        self.present.go(Goal::Until(now), &mut Watch::default(), &mut || true);
    }

    fn keep_checkpoint(&mut self) {
        if self.branch().checkpoints.is_due(&self.present) {
            let (state, done) = (self.present.clone(), self.done);
            self.current().checkpoints.keep(state, done);
        }
    }

    fn current(&mut self) -> &mut Branch {
        let last = self.branches.len() - 1;
        &mut self.branches[last]
    }
}
