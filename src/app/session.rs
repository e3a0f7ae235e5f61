//! The session: owns the simulation, runs it by the animation frame, publishes what changed.
//!
//! Nothing else changes the simulation. Whatever a component wants done is a method here or in a part of this module, and most of them type
//! a line.

mod ask;
mod clock;
mod compare;
mod dense;
mod lesson;
mod links;
mod publish;
mod share;

use std::ops::Deref;

use leptos::prelude::*;
use ordinal::base::sorted::SortedMap;
use ordinal::base::time::Time;
use ordinal::kubectl::form::Form;
use ordinal::lesson::Progress;
use ordinal::playground::examples::Example;
use ordinal::playground::history::{Act, History};
use ordinal::playground::stop::Stops;
use ordinal::playground::{Applied, EXAMPLE, setup};
use ordinal::text::Lang;
use ordinal::view::Identity;
use ordinal::view::application::Application;
use ordinal::view::cluster::{CellKey, Choice, Cluster, Column, Disk, ItemKey, ObjectLine, Pin, Slot};
use ordinal::view::command;
use ordinal::view::compare::{Row as Beside, Table};
use ordinal::view::details::Details;
use ordinal::view::dns::Dns;
use ordinal::view::lanes::Mix;
use ordinal::view::manifest::Verdicts;
use ordinal::view::node::Row;
use ordinal::view::rollout::Partition;
use ordinal::view::side::Side;
use ordinal::view::storage::Storage;
use ordinal::view::terminal::Line;
use ordinal::view::tile::PodTile;
use ordinal::view::timeline::{self, Moment, Track, Way};
use ordinal::view::why::{Decided, Question, Why};

use crate::app::keyed::{Keyed, set_if_new};
use crate::app::links::Links;
use crate::app::preferences::Preferences;
use dense::Cells;

/// How fast virtual time passes: thousandths of it per millisecond of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u64);

/// The speeds offered.
pub const SPEEDS: [Speed; 6] = [Speed(250), Speed(1000), Speed(4000), Speed(20_000), Speed(100_000), Speed(1_000_000)];
/// From this speed on nothing moves by itself: only states are drawn.
const NO_MOTION_FROM: Speed = Speed(20_000);
/// A frame that comes later than this was not shown: time does not run while nobody looks. In milliseconds of the wall.
const LONGEST_FRAME: f64 = 100.0;
/// How long one step may take, in milliseconds of the wall.
const LONGEST_STEP: f64 = 50.0;
/// How long opening a link may take, in milliseconds of the wall.
const LONGEST_OPENING: f64 = 2000.0;
/// How many columns get a row in the timeline.
const LANES: usize = 24;

impl Speed {
    /// `0.25×`.
    pub fn label(self) -> String {
        if self.0 < 1000 { format!("0.{}×", self.0 / 10) } else { format!("{}×", self.0 / 1000) }
    }
}

/// The session, as components hold it: what can be done, and where its signals are. Every component and every closure has a copy, so it is
/// small.
#[derive(Clone, Copy)]
pub struct Session(&'static Signals);

impl Deref for Session {
    type Target = Signals;
    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What the session is made of. There is one for as long as the page lives.
pub struct Signals {
    /// The run with its past; whatever changes the simulation goes through it.
    run: StoredValue<History, LocalStorage>,
    /// The matrix as it was published last.
    drawn: StoredValue<Cluster, LocalStorage>,
    lang: RwSignal<Lang>,
    preferences: Preferences,
    /// Which set is shown.
    shown: RwSignal<Option<(String, String)>>,
    selected: RwSignal<Option<Identity>>,
    /// The node asked about; it and the identity selected take turns.
    asked: RwSignal<Option<Question>, LocalStorage>,
    /// The title of the workload wanted beside the set.
    side_wanted: RwSignal<Option<String>>,
    /// The wall's time at the last frame, in milliseconds.
    last_frame: StoredValue<f64>,
    /// How many frames there were.
    frames: StoredValue<u32>,
    /// How long drawing takes of late, in milliseconds of the wall.
    drawing: StoredValue<f64>,
    /// Virtual time owed, in thousandths of a millisecond.
    owed: StoredValue<u64>,
    typed: StoredValue<Vec<String>>,
    /// What runs: nothing, the clock, or everything until it is quiet.
    running: StoredValue<Running>,
    /// A line to be typed once everything is quiet.
    planned: StoredValue<Option<String>>,
    /// How often the two branches compared had changed when their table was drawn last.
    compared: StoredValue<(u64, u64)>,
    applied: RwSignal<Option<Applied>>,

    pub sets: RwSignal<Vec<Choice>>,
    pub object: RwSignal<Option<ObjectLine>>,
    /// The line between columns that are updated and columns that are not.
    pub partition: RwSignal<Option<Partition>>,
    /// The workload beside the set.
    pub side: RwSignal<Option<Side>>,
    /// Where there is no room for both, whether the one beside the set has its turn.
    pub side_turn: RwSignal<bool>,
    pub columns: Keyed<i64, Column>,
    /// Where there are too many ordinals for columns: cells.
    pub dense: Cells,
    pub rows: Keyed<String, Row>,
    /// Classes of volumes that every node reaches.
    pub classes: RwSignal<Vec<String>>,
    pub cells: RwSignal<SortedMap<CellKey, Vec<ItemKey>>, LocalStorage>,
    /// Where the line from a waiting pod to its disk goes.
    pub pinned: RwSignal<SortedMap<CellKey, Pin>, LocalStorage>,
    pub pods: Keyed<String, PodTile>,
    pub slots: Keyed<String, Slot>,
    pub disks: Keyed<String, Disk>,
    /// The tile or slot that has the focus, or had it last.
    pub focused: RwSignal<Option<ItemKey>>,
    /// The tile or slot that the Tab key reaches.
    pub tab_stop: RwSignal<Option<ItemKey>>,
    pub why: RwSignal<Why>,
    /// Details of what is asked about, while they are open.
    pub details: RwSignal<Option<Details>>,
    /// Whether they show the object's YAML.
    pub yaml: RwSignal<bool>,
    pub decisions: RwSignal<Vec<Decided>>,
    /// Whether the list of all decisions is open.
    pub all_decisions: RwSignal<bool>,
    pub dns: RwSignal<Dns>,
    /// A name that is asked for beside those of the set.
    dns_line: RwSignal<String>,
    pub storage: RwSignal<Storage>,
    /// The application of the set shown.
    pub application: RwSignal<Application>,
    pub terminal: RwSignal<Vec<Line>>,
    /// What stands before the next line.
    pub prompt: RwSignal<String>,
    /// Whether a line is under way.
    pub busy: RwSignal<bool>,
    /// How many terminals are open, and which is shown.
    pub tabs: RwSignal<(usize, usize)>,
    /// The form in which kubectl prints.
    pub form: RwSignal<Form>,
    pub tracks: Keyed<String, Track>,
    /// The lanes of the timeline that are not a pod's.
    pub lanes: Lanes,
    pub moments: RwSignal<Vec<Moment>>,
    /// The length of the ruler.
    pub range: RwSignal<Time>,
    /// The marks of the ruler.
    pub marks: RwSignal<Vec<Time>>,
    /// The instant shown.
    pub clock: RwSignal<Time>,
    /// The furthest that the run has come.
    pub head: RwSignal<Time>,
    /// Whether the instant shown lies before that.
    pub past: RwSignal<bool>,
    /// The ways in which the run went.
    pub ways: RwSignal<Vec<Way>>,
    /// What is compared with what.
    pub tables: RwSignal<Vec<Table>>,
    /// The set shown, as it is on the branch beside; `None` without one.
    pub beside: RwSignal<Option<Beside>>,
    /// The release that is modelled.
    pub release: RwSignal<&'static str>,
    /// What is said about sharing: that a link is copied, how long it is.
    pub shared: RwSignal<String>,
    /// What a run stops at.
    pub stops: RwSignal<Stops>,
    /// Whether the instant shown follows a pointer.
    pub scrubbing: RwSignal<bool>,
    /// What has just become of the run: that a branch began, or at what it stopped.
    pub news: RwSignal<String>,
    pub playing: RwSignal<bool>,
    pub speed: RwSignal<Speed>,
    /// Whether time passes too fast for motion.
    pub fast: RwSignal<bool>,
    /// Whether the machine is too slow for the speed chosen.
    pub behind: RwSignal<bool>,
    /// What will happen next.
    pub next: RwSignal<String>,
    /// The text in the editor.
    pub manifest: RwSignal<String>,
    pub verdicts: RwSignal<Verdicts>,
    /// The lesson under way.
    pub lesson: RwSignal<Option<Progress>>,
    /// A line of the manifest to go to.
    pub caret_line: RwSignal<Option<usize>>,
    /// What is looked at.
    pub links: Links,
}

impl Session {
    /// Starts the first visit: the example, already running.
    pub fn start(preferences: Preferences) -> Session {
        let session = Session(Box::leak(Box::new(Signals {
            run: StoredValue::new_local(History::new(&setup(), EXAMPLE)),
            drawn: StoredValue::new_local(Cluster::default()),
            lang: preferences.lang,
            preferences,
            shown: RwSignal::new(None),
            selected: RwSignal::new(None),
            asked: RwSignal::new_local(None),
            side_wanted: RwSignal::new(None),
            last_frame: StoredValue::new(0.0),
            frames: StoredValue::new(0),
            drawing: StoredValue::new(0.0),
            owed: StoredValue::new(0),
            typed: StoredValue::new(Vec::new()),
            running: StoredValue::new(Running::Nothing),
            planned: StoredValue::new(None),
            compared: StoredValue::new((0, 0)),
            applied: RwSignal::new(None),
            sets: RwSignal::default(),
            object: RwSignal::default(),
            partition: RwSignal::default(),
            side: RwSignal::default(),
            side_turn: RwSignal::new(false),
            columns: Keyed::new(),
            dense: Cells::new(),
            rows: Keyed::new(),
            classes: RwSignal::default(),
            cells: RwSignal::new_local(SortedMap::new()),
            pinned: RwSignal::new_local(SortedMap::new()),
            pods: Keyed::new(),
            slots: Keyed::new(),
            disks: Keyed::new(),
            focused: RwSignal::default(),
            tab_stop: RwSignal::default(),
            why: RwSignal::default(),
            details: RwSignal::default(),
            yaml: RwSignal::new(false),
            decisions: RwSignal::default(),
            all_decisions: RwSignal::new(false),
            dns: RwSignal::default(),
            dns_line: RwSignal::default(),
            storage: RwSignal::default(),
            application: RwSignal::default(),
            terminal: RwSignal::default(),
            prompt: RwSignal::default(),
            busy: RwSignal::default(),
            tabs: RwSignal::new((1, 0)),
            form: RwSignal::default(),
            tracks: Keyed::new(),
            lanes: Lanes { nodes: Keyed::new(), side: RwSignal::default(), area: RwSignal::default() },
            moments: RwSignal::default(),
            range: RwSignal::new(Time(40_000)),
            marks: RwSignal::default(),
            clock: RwSignal::default(),
            head: RwSignal::default(),
            past: RwSignal::default(),
            ways: RwSignal::default(),
            tables: RwSignal::default(),
            beside: RwSignal::default(),
            release: RwSignal::new(setup().release.name),
            shared: RwSignal::default(),
            stops: RwSignal::default(),
            scrubbing: RwSignal::new(false),
            news: RwSignal::default(),
            playing: RwSignal::new(false),
            speed: RwSignal::new(SPEEDS[1]),
            fast: RwSignal::new(false),
            behind: RwSignal::new(false),
            next: RwSignal::default(),
            manifest: RwSignal::new(EXAMPLE.to_owned()),
            verdicts: RwSignal::default(),
            lesson: RwSignal::default(),
            caret_line: RwSignal::default(),
            links: Links::new(),
        })));
        // A change of language speaks of the same instant again.
        Effect::new(move |before: Option<Lang>| {
            let lang = session.lang.get();
            if before.is_some_and(|before| before != lang) {
                session.run.update_value(|run| run.speak(lang));
                session.publish();
            }
            lang
        });
        window_event_listener_untyped("shared", move |_| session.tell_shared());
        window_event_listener_untyped("opened", move |_| session.open_file());
        if !session.open_link() {
            session.begin();
        }
        session
    }

    /// The first visit: the example is applied and already runs.
    fn begin(self) {
        let form = Preferences::form();
        if form != Form::default() {
            self.act(Act::Line(command::form(form)));
        }
        self.apply();
        self.play();
    }

    /// Another run takes the place of this one: nothing is asked about yet, and no lesson is under way.
    fn take_run(self, run: History) {
        self.pause();
        self.run.set_value(run);
        self.lesson.set(None);
        self.selected.set(None);
        self.asked.set(None);
        self.details.set(None);
        self.news.set(String::new());
    }

    /// Types a line into the terminal.
    pub fn type_line(self, line: &str) {
        if !line.trim().is_empty() {
            self.typed.update_value(|typed| typed.push(line.to_owned()));
        }
        self.act(Act::Line(line.to_owned()));
    }

    /// Ends the commands that wait.
    pub fn interrupt(self) {
        self.act(Act::Interrupt);
    }

    /// Shows another terminal; one beyond the last is opened.
    pub fn choose_tab(self, tab: usize) {
        self.run.update_value(|run| run.choose_tab(tab));
        self.publish();
    }

    /// The words that may stand at the end of a line.
    pub fn complete(self, line: &str) -> Vec<String> {
        self.run.with_value(|run| run.present().complete(line))
    }

    /// Does something to the cluster at the instant shown, and says so where that begins a branch.
    fn act(self, act: Act) {
        let (lang, kept) = (self.lang.get_untracked(), self.run.with_value(|run| run.branch().id));
        let forked = self.run.try_update_value(|run| run.act(act, lang)).unwrap_or_default();
        let at = self.run.with_value(|run| timeline::ruler_label(run.present().now()));
        set_if_new(self.news, if forked { (lang.text().time.forked)(&at, kept) } else { String::new() });
        self.publish();
    }

    /// What was typed, oldest first.
    pub fn history(self) -> Vec<String> {
        self.typed.get_value()
    }

    /// Applies the manifest.
    pub fn apply(self) {
        self.type_line(&command::apply());
    }

    /// Takes what was typed into the editor.
    pub fn edit(self, text: String) {
        let lang = self.lang.get_untracked();
        self.run.update_value(|run| run.edit(text.clone(), lang));
        self.manifest.set(text);
        self.run.with_value(|run| set_if_new(self.verdicts, run.present().verdicts().clone()));
    }

    /// Puts an example into the editor.
    pub fn load_example(self, example: Example) {
        self.edit(example.manifest().to_owned());
    }

    /// What is said beside the Apply button.
    pub fn applied_label(self) -> String {
        let text = &self.lang.get().text().manifest;
        self.applied.with(|applied| match applied {
            Some(applied) if self.manifest.with(|now| *now == applied.text) => {
                (text.applied)(applied.objects, &timeline::ruler_label(applied.at))
            }
            Some(_) => text.edited.to_owned(),
            None => String::new(),
        })
    }

    /// Goes to a line of the manifest.
    pub fn show_line(self, line: usize) {
        self.caret_line.set(Some(line));
    }

    /// Goes to the next problem from the one gone to last, or the one before.
    pub fn show_problem(self, by: isize) {
        let lines = self.verdicts.with_untracked(Verdicts::lines);
        let here = self.caret_line.get_untracked().and_then(|line| lines.iter().position(|l| *l == line));
        let next = here.map_or(0, |at| at.wrapping_add_signed(by).wrapping_add(lines.len()) % lines.len().max(1));
        if let Some(line) = lines.get(next) {
            self.show_line(*line);
        }
    }

    /// Wants more or fewer pods of the set shown.
    pub fn scale(self, by: i64) {
        let line = self.object.with_untracked(|line| line.as_ref().map(|line| line.scale(by)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Puts the partition of the set shown elsewhere.
    pub fn hold_at(self, value: i64) {
        let line = self.partition.with_untracked(|line| line.as_ref().filter(|line| line.value != value).map(|line| line.command(value)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Wants more or fewer pods of the workload beside the set.
    pub fn scale_side(self, by: i64) {
        let line = self.side.with_untracked(|side| {
            let side = side.as_ref()?;
            Some(side.workload.scale((side.replicas? + by).max(0)))
        });
        if let Some(line) = line {
            self.type_line(&line);
        }
    }
}

/// Lanes of the timeline that are not a pod's.
#[derive(Clone, Copy)]
pub struct Lanes {
    /// Nodes that were silent.
    pub nodes: Keyed<String, Track>,
    /// What the workload beside the set is called, and which pods it had.
    pub side: RwSignal<Option<(String, Vec<Mix>)>>,
    /// How many of many pods are Ready.
    pub area: RwSignal<Option<Area>>,
}

/// How many pods are Ready, from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Each change.
    pub ready: Vec<(Time, usize)>,
    /// How many there could be.
    pub most: usize,
}

/// What makes virtual time pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Running {
    /// Nothing.
    Nothing,
    /// The wall's clock, at the speed chosen.
    Clock,
    /// As fast as it goes, until nothing is left to do.
    UntilQuiet,
}

/// Says yes until an instant of the wall.
fn within(end: f64) -> impl FnMut() -> bool {
    move || wall() < end
}

/// The wall's time in milliseconds, from some beginning.
fn wall() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
