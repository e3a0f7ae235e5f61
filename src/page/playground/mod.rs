//! The playground: a simulated cluster, a terminal into it, and the manifest in the editor, as one value.
//!
//! Promises: plain data that can be cloned; time passes only in [`Playground::run`] and [`Playground::step`], which stop whenever
//! they are told to and continue where they stopped. Everything a person can do is a line typed into the terminal.
//! Must not know: the browser, wall clocks, layout, signals.

mod applied;
mod check;
mod checking;
mod comparison_deployment;
pub mod documents;
pub mod dump;
mod early_end;
pub mod examples;
pub mod fate;
pub mod fields;
mod gone;
pub mod history;
pub mod label;
mod manifest;
mod manifest_error;
mod notes;
pub mod outdated;
mod output;
pub mod own_write;
mod pace;
mod pasted_chars;
pub mod printed;
mod read_only;
pub mod scene;
pub mod spelling;
pub mod stop;
pub mod story;
mod typed;
pub mod typist;
pub mod unsimulated;
pub mod verb;
mod yaml_fixes;

use std::rc::Rc;

use api::kind::Kind;
use api::object::{NamespacedName, ObjectKey, StatefulSet};
pub use applied::{Applied, is_same};
use applied::{Applying, applies_text, defined};
use base::sorted::SortedSet;
use base::time::Time;
use causes::Instant;
use cluster::timing::Timing;
use console::{Console, Context, Line, Said};
pub use console::{Drive, Goal, MAX_TERMINALS, Pace, Unwatched, World, experiment};
pub use documents::begins_document;
use kubectl::editing::Editing;
use kubectl::files::Files;
use kubectl::form::{Change, Form};
use kubectl::hunks::changed;
use kubectl::{complete, settings};
pub use pace::Rest;
use server::tables::Tables;
use sim::setup::ClassSetup;
use sim::{Setup, Sim};
pub use stop::Watch;
use text::Lang;
use text::ahead::Ahead;
use view::compare::PodHistories;
use view::manifest::{Defined, Verdicts};
use view::terminal::{Terminal, Typed, Voice};
use view::timeline::Timeline;
use view::zero::Zero;
use view::{Snapshot, ahead_of, behind};

/// The first visit's manifest.
pub const EXAMPLE: &str = include_str!("example.yaml");

/// A cluster, a terminal, a manifest.
#[derive(Clone, Debug)]
pub struct Playground {
    /// The cluster, its files, and a terminal for each tab.
    world: World,
    tabs: Vec<Tab>,
    /// The tab that lines are typed into.
    tab: usize,
    /// The language in which lines are answered and flags are told.
    lang: Lang,
    timeline: Timeline,
    /// From which instant the page counts the run's time.
    zero: Zero,
    lives: PodHistories,
    /// The sets that were deleted ([`Snapshot::gone`]).
    gone: Vec<Rc<StatefulSet>>,
    /// The lines that wrote something, oldest first.
    typed: Vec<Rc<Typed>>,
    /// The pods whose eviction commands under way ask for.
    evicted: Vec<ObjectKey>,
    /// The changes of wording that the terminal has explained, since guides show the older words.
    told: SortedSet<Change>,
    /// The fields that the terminal has named as accepted and not simulated, and the images that it has named as taken to exist.
    unsimulated: SortedSet<String>,
    manifest: Rc<str>,
    applied: Option<Rc<Applied>>,
    /// What of it is stored.
    documents: Rc<[yaml::Document]>,
    /// What is being applied, or was last.
    applying: Option<Applying>,
    verdicts: Verdicts,
    /// Whether the text has changed since.
    is_stale: bool,
    /// The text while it is being looked at again.
    checker: Option<Box<check::ManifestChecker>>,
    /// What was seen of a text that is about to be applied, or was just looked at.
    ahead: Option<Box<check::ManifestChecker>>,
    /// The fields that were taken off the text in the editor before it was applied.
    taken_off: Vec<String>,
}

/// What stands in a terminal.
#[derive(Clone, Debug)]
struct Tab {
    terminal: Terminal,
    /// What somebody has typed into the editor that its line has opened.
    draft: Option<String>,
}

impl Tab {
    /// The tab at a place.
    fn new(at: usize) -> Self {
        Tab { terminal: Terminal::new(at), draft: None }
    }
}

/// The cluster that a visitor finds: disks on the nodes unless a claim asks for one that every node reaches.
pub fn setup() -> Setup {
    let classes = vec![ClassSetup::local_path(), ClassSetup::network_disk()];
    Setup { timing: Timing::workstation(), classes, ..Setup::default() }
}

impl Playground {
    /// An empty cluster, and a manifest in the editor.
    pub fn new(setup: &Setup, manifest: &str) -> Playground {
        Playground { zero: Zero::default(), ..Playground::around(Sim::new(setup), manifest) }
    }

    /// A terminal into a cluster that is there already.
    pub fn around(sim: Sim, manifest: &str) -> Playground {
        let (mut timeline, mut lives) = (Timeline::default(), PodHistories::default());
        timeline.take(sim.log().from(0));
        sim.log().from(0).for_each(|change| lives.take(change));
        Playground {
            zero: Zero(sim.now()),
            world: World::new(sim, verb::in_english),
            tabs: vec![Tab::new(0)],
            tab: 0,
            lang: Lang::default(),
            timeline,
            lives,
            gone: Vec::new(),
            typed: Vec::new(),
            evicted: Vec::new(),
            told: SortedSet::new(),
            unsimulated: SortedSet::new(),
            manifest: manifest.into(),
            applied: None,
            documents: Rc::default(),
            applying: None,
            verdicts: Verdicts::default(),
            is_stale: false,
            checker: None,
            ahead: None,
            taken_off: Vec::new(),
        }
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.world.sim.now()
    }

    /// The objects of the API server.
    pub fn tables(&self) -> &Tables {
        self.world.sim.tables()
    }

    /// The simulation.
    pub fn sim(&self) -> &Sim {
        &self.world.sim
    }

    /// The cluster and its terminals, without what the page knows of them.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What runs in the terminal.
    fn console(&self) -> &Console {
        &self.world.consoles()[self.tab]
    }

    /// What was typed and answered.
    pub fn terminal(&self) -> &Terminal {
        &self.tabs[self.tab].terminal
    }

    /// How many terminals are open, and which one lines are typed into.
    pub fn tabs(&self) -> (usize, usize) {
        (self.tabs.len(), self.tab)
    }

    /// The exit code of the last line of the terminal, once that has ended.
    pub fn status(&self) -> Option<i32> {
        let console = self.console();
        (!console.is_busy()).then(|| console.status())
    }

    /// What stands before the next line of the terminal: nothing, while that would wait.
    pub fn prompt(&self) -> &str {
        if self.holds() { "" } else { self.console().prompt() }
    }

    /// Whether the terminal awaits a new command: neither the rest of a line nor what a program reads.
    fn awaits_command(&self) -> bool {
        self.console().awaits_command()
    }

    /// Goes to another terminal; one beyond the last is opened, as far as there may be so many.
    pub fn choose_tab(&mut self, tab: usize) {
        if tab >= self.tabs.len() && self.tabs.len() < MAX_TERMINALS {
            self.world.open(self.tabs.len());
            self.tabs.push(Tab::new(self.tabs.len()));
        }
        self.tab = tab.min(self.tabs.len() - 1);
    }

    /// A line whose last word is completed as far as all words agree that may stand there, and ended where there is only one; `None` if
    /// there is none.
    pub fn completed(&self, line: &str) -> Option<String> {
        let command = line.rsplit(['|', ';', '&', '(']).next().unwrap_or_default().trim_start();
        let words = complete(command, command.len(), &self.world.sim, &self.world.files);
        let (first, others) = words.split_first()?;
        let agrees = |end: &&str| others.iter().all(|word| word.starts_with(*end));
        let end = first.char_indices().map(|(at, letter)| &first[..at + letter.len_utf8()]).take_while(agrees).last().unwrap_or_default();
        let last = command.rsplit(char::is_whitespace).next().unwrap_or_default();
        let blank = if others.is_empty() && !end.ends_with(['=', '/', '.']) { " " } else { "" };
        let is_more = end.len() > last.len() || others.is_empty();
        Some(if is_more { format!("{}{end}{blank}", &line[..line.len() - last.len()]) } else { line.to_owned() })
    }

    /// The form in which kubectl prints.
    pub fn form(&self) -> Form {
        Form::of(&self.world.files)
    }

    /// What happened.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What the pods of each workload went through.
    pub fn lives(&self) -> &PodHistories {
        &self.lives
    }

    /// What was said about the manifest.
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// What was applied last, where it was accepted.
    pub fn applied(&self) -> Option<&Rc<Applied>> {
        self.applied.as_ref()
    }

    /// The sets of what was applied last, in its order.
    pub fn sets_applied(&self) -> impl Iterator<Item = NamespacedName> {
        let all = self.applied.iter().flat_map(|applied| applied.defines(&self.documents).iter());
        let sets = all.filter(|(key, _)| key.kind == Kind::StatefulSet);
        sets.map(|(key, _)| key.namespaced_name())
    }

    /// The manifest in the editor.
    pub fn manifest(&self) -> &str {
        &self.manifest
    }

    /// What the terminal has in an editor.
    pub fn edits(&self) -> Option<&Editing> {
        self.console().edits()
    }

    /// The text to be edited: of what the terminal has in an editor, else the manifest.
    pub fn text(&self) -> &str {
        let draft = || self.tabs[self.tab].draft.as_deref();
        self.edits().map_or(&self.manifest, |editing| draft().unwrap_or(&editing.text))
    }

    /// [`Playground::text`], which is not copied where it is the manifest.
    pub fn shared_text(&self) -> Rc<str> {
        if self.edits().is_none() { Rc::clone(&self.manifest) } else { self.text().into() }
    }

    /// Takes what was typed into the editor that the terminal has opened.
    pub fn draft(&mut self, text: &str) {
        self.tabs[self.tab].draft = Some(text.to_owned());
    }

    /// The present instant, for drawing.
    pub fn snapshot(&self, lang: Lang) -> Snapshot<'_> {
        let (manifest, current) = (self.manifest_applied(), self.current_namespace());
        let at = Instant { gone: &self.gone, evicted: Some(&self.evicted), current, ..Instant::of(&self.world.sim, lang) };
        Snapshot { at, manifest, typed: &self.typed, zero: self.zero }
    }

    /// What is to happen next, of what one would want to know; `None` when the cluster is quiet.
    pub fn ahead(&self) -> Option<(Time, Ahead)> {
        let visible = self.world.sim.ahead().find_map(|(at, event)| Some((at, ahead_of(event, self.world.sim.tables())?)));
        visible.or_else(|| self.world.sim.ahead().next().map(|(at, event)| (at, behind(event))))
    }

    /// What the text in the editor defines, where that is what was applied last: nothing, while an object is in its place.
    fn manifest_applied(&self) -> Defined<'_> {
        let applied = self.applied().filter(|_| self.edits().is_none());
        defined(applied, &self.manifest, &self.documents)
    }

    /// Takes the text of the editor of another instant, about which nothing is to be said.
    fn put_manifest(&mut self, manifest: &Rc<str>) {
        if !is_same(&self.manifest, manifest) {
            self.manifest = Rc::clone(manifest);
            self.taken_off.clear();
        }
        (self.checker, self.is_stale) = (None, false);
    }

    /// Types a line into the terminal; it runs beside a line that is under way.
    pub fn type_line(&mut self, line: &str, lang: Lang) {
        self.take_line(line, self.console().types_ahead(), lang);
    }

    /// Types a line into the terminal; it waits for the end of a line that is under way.
    pub fn queue_line(&mut self, line: &str, lang: Lang) {
        self.take_line(line, self.holds(), lang);
    }

    /// Whether a line that is typed into the terminal waits.
    fn holds(&self) -> bool {
        self.console().holds()
    }

    /// Whether lines of the terminal wait.
    pub fn has_typed_ahead(&self) -> bool {
        self.console().has_ahead()
    }

    fn take_line(&mut self, line: &str, waits: bool, lang: Lang) {
        let line = line.trim_end();
        if line.is_empty() && self.awaits_command() {
            return;
        }
        let applies = applies_text(line);
        if applies {
            self.prepare_manifest(lang);
        } else {
            self.put_file();
        }
        self.lang = lang;
        if waits {
            self.tabs[self.tab].terminal.write(Voice::Typed, line);
            self.world.console_mut(self.tab).hold(line);
        } else {
            self.begin_line(self.tab, line.into());
        }
        let said = applies.then(|| self.verdicts.clone());
        self.after_events();
        // What was answered to this text stands, whatever the server would say to the same again.
        self.verdicts = said.unwrap_or_else(|| std::mem::take(&mut self.verdicts));
    }

    /// Runs a line in a terminal.
    fn begin_line(&mut self, tab: usize, text: Rc<str>) {
        let typed = format!("{}{text}", self.world.consoles()[tab].prompt());
        let terminal = &mut self.tabs[tab].terminal;
        terminal.write(Voice::Typed, &typed);
        let id = terminal.lines().last().map_or(0, |line| line.id);
        let (line, before) = (Line { id, text }, self.world.sim.log().len());
        let known = self.world.consoles()[tab].unfinished().unwrap_or(&line).clone();
        let acted = self.in_tab(tab, |console, world| console.type_line(line, world));
        if self.world.sim.log().len() > before || !acted.is_empty() {
            self.flag(known.id, &known.text, acted);
        }
    }

    /// Lets a program beside the terminals write into the cluster.
    pub fn write<T>(&mut self, write: impl FnOnce(&mut Sim) -> T) -> T {
        let before = self.world.sim.log().len();
        let came = write(&mut self.world.sim);
        if self.world.sim.log().len() > before {
            self.world.note_command();
        }
        self.after_events();
        came
    }

    /// Sets a flag for a line that did something.
    fn flag(&mut self, id: u64, line: &str, acted: Vec<Option<ObjectKey>>) {
        let wrote = self.typed.iter().filter(|typed| typed.id == id).flat_map(|typed| &typed.wrote);
        let about: Vec<ObjectKey> = wrote.cloned().chain(acted.into_iter().flatten()).collect();
        self.world.note_command();
        self.timeline.command(label::label(line, &about), about, self.now());
    }

    /// Closes the editor that the terminal has opened, after these changes to its text, as `diff -u` writes them.
    pub fn save(&mut self, changes: &str) {
        let Some(text) = self.edits().map(|editing| changed(&editing.text, changes)) else { return };
        let before = self.world.sim.log().len();
        self.in_tab(self.tab, |console, world| console.close(text, world));
        if let Some(last) = self.typed.last().filter(|_| self.world.sim.log().len() > before).cloned() {
            self.flag(last.id, &last.line, Vec::new());
        }
        self.after_events();
    }

    /// Ends the command that waits, as Ctrl-C does.
    pub fn interrupt(&mut self) {
        if self.edits().is_none() {
            self.tabs[self.tab].terminal.write(Voice::Output, "^C\n");
        }
        self.in_tab(self.tab, Console::interrupt);
    }

    /// Whether a command still waits.
    pub fn is_busy(&self) -> bool {
        self.world.consoles().iter().any(Console::is_busy)
    }

    /// The terminals in which a command still waits.
    pub fn busy_tabs(&self) -> Vec<usize> {
        self.world.busy()
    }

    /// After anything happened: who watches sees it, and what was typed ahead begins where nothing is under way any more.
    fn after_events(&mut self) {
        self.see_events();
        for tab in 0..self.tabs.len() {
            while let Some(line) = self.world.console_mut(tab).take_ahead() {
                self.begin_line(tab, line);
                self.see_events();
            }
        }
    }

    fn see_events(&mut self) {
        let read = self.timeline.read();
        if read < self.world.sim.log().len() {
            // What was seen of a text is of the cluster as it was.
            self.ahead = None;
            for change in self.world.sim.log().from(read) {
                self.lives.take(change);
                gone::note(&mut self.gone, change);
            }
            self.timeline.take(self.world.sim.log().from(read));
            if self.has_problems() && self.world.sim.log().from(read).any(check::hangs_on) {
                self.look_again();
            }
        }
        self.timeline.take_losses(self.world.sim.disks().losses());
        self.timeline.take_leaders(self.world.sim.disks().replicated(), self.now());
        let is_changed = self.world.catch_up();
        for tab in 0..self.tabs.len() {
            if self.world.is_due(tab, is_changed) {
                self.in_tab(tab, Console::go_on);
            }
        }
    }

    /// Lets a terminal do something, and shows what it prints. Returns what those of the page's own commands that did anything acted on,
    /// where that is an object.
    fn in_tab(&mut self, tab: usize, act: impl FnOnce(&mut Console, &mut Context)) -> Vec<Option<ObjectKey>> {
        let (lang, typed, evicted, zero) = (self.lang, &self.typed, Some(self.evicted.as_slice()), self.zero);
        let manifest = defined(self.applied.as_ref(), &self.manifest, &self.documents);
        let mut acted = Vec::new();
        let mut own = |sim: &mut Sim, files: &Files, words: &[String]| match (verb::question(words), settings::current_namespace(files)) {
            (Some((answers, question)), current) => {
                let at = Instant { evicted, current, ..Instant::of(sim, lang) };
                let (text, code) = answers(&Snapshot { at, manifest, typed, zero }, &question);
                Said { text, code, acted: false }
            }
            (None, current) => {
                let said = verb::own(sim, words, current, lang);
                acted.extend(said.acted.then(|| verb::object(words, current)));
                said
            }
        };
        let opened = self.world.consoles()[tab].edits().map(|editing| editing.text.clone());
        let before = settings::current_namespace(&self.world.files).to_owned();
        self.world.with(tab, &mut own, act);
        if self.world.consoles()[tab].edits().map(|editing| &editing.text) != opened.as_ref() {
            self.tabs[tab].draft = None;
        }
        self.show_printed(tab);
        let asked = self.world.consoles().iter().flat_map(Console::evicts);
        self.evicted = asked.map(|pod| ObjectKey::new(Kind::Pod, &pod.namespace, &pod.name)).collect();
        self.take_written(tab);
        if before != self.current_namespace() && self.has_problems() {
            self.look_again();
        }
        acted
    }

    /// Puts the editor's text where kubectl finds it, and looks at what will be said about it.
    fn prepare_manifest(&mut self, lang: Lang) {
        self.put_file();
        self.lang = lang;
        let all = self.check().objects;
        let (namespace, text) = (self.current_namespace().to_owned(), Rc::clone(&self.manifest));
        let applied = Applied { at: self.now(), stored: 0, objects: all.len(), namespace, text };
        if all.is_empty() && self.verdicts.refusals.is_empty() {
            // There is nothing to wait for.
            (self.applied, self.documents) = (Some(Rc::new(applied.clone())), Rc::default());
        }
        self.applying = Some(Applying::begin(applied, &all));
    }
}
