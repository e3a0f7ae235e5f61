//! The session: owns the simulation, advances it on animation frames, and publishes what changed.
//!
//! Nothing else changes the simulation. Everything a component wants done is a method here or in a submodule, and most methods type a line
//! into the terminal.
//!
//! What is to be seen or focused, the session asks of the components with a [`Request`]. `answer.rs` has their answers: no file here knows
//! a component.

mod ahead;
mod ask;
mod clock;
mod compare;
mod dense;
mod drawn;
mod fate;
mod lesson;
mod linked;
mod links;
mod manifest;
mod own_write;
mod parts;
mod publish;
mod request;
mod risks;
mod scene;
mod see;
mod share;
mod slices;
mod story;
mod stuck;
mod terminal;

use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;

use ::lesson::{Lesson, Progress};
use api::object::NamespacedName;
use base::sorted::SortedMap;
use base::time::Time;
use kubectl::form::Form;
use leptos::prelude::*;
use playground::history::{Act, History};
use playground::stop::Stops;
use playground::{Applied, setup};
use text::Lang;
use view::application::Application;
use view::cluster::{CellKey, Cluster, Column, Disk, ItemKey, ObjectLine, Pin, Slot};
use view::compare::{Row as Beside, Table};
use view::details::Details;
use view::dns::Dns;
use view::fleet::Member;
use view::manifest::Verdicts;
use view::node::Row;
use view::rollout::Partition;
use view::side::Side;
use view::storage::Storage;
use view::terminal::Line;
use view::tile::PodTile;
use view::timeline::{self, Moment, Ruler, Track, Way};
use view::why::{Decided, Why};

use crate::keyed::{Keyed, set_if_new};
use crate::preferences::Preferences;
pub use ahead::By;
pub use clock::{SPEEDS, Speed};
use dense::Cells;
pub(crate) use dense::NARROW_ROW;
use linked::Links;
pub(crate) use parts::Later;
pub(crate) use parts::Phase;
pub use parts::{Area, Flow, Leaf, Whose};
use parts::{First, InEditor, Lanes, Running, Scenes, See, Selection};
pub use request::{Dialog, FocusTarget, Request};
pub(crate) use risks::{Next, Texts};
pub use slices::slice;
use view::actions;

/// A longer gap between frames means that the page was hidden, and time does not pass while nobody looks. In milliseconds of wall time.
const LONGEST_FRAME: f64 = 100.0;
/// How long opening a link may take, in milliseconds of wall time.
const LONGEST_OPENING: f64 = 10_000.0;
/// How long making a run to compare with may take, in milliseconds of wall time.
const LONGEST_COMPARING: f64 = 2000.0;
/// The most columns that get a row in the timeline.
const LANES: usize = 24;

/// The session, as components hold it: its methods and its signals. Every component and closure has a copy, so it is small.
#[derive(Clone, Copy)]
pub struct Session(&'static Signals);

impl Deref for Session {
    type Target = Signals;
    fn deref(&self) -> &Signals {
        self.0
    }
}

/// Does what the session asks of the components; whether there was anything to do.
pub type Answer = fn(Session, Request) -> bool;

/// The state of the session, which lives as long as the page.
pub struct Signals {
    /// The run with its past; every change to the simulation goes through it.
    run: StoredValue<History, LocalStorage>,
    /// The matrix as last published.
    drawn: StoredValue<Cluster, LocalStorage>,
    lang: RwSignal<Lang>,
    pub preferences: Preferences,
    /// Who does what the session asks of the components.
    answer: Answer,
    /// The shown set.
    shown: RwSignal<Option<NamespacedName>, LocalStorage>,
    selection: RwSignal<Option<Selection>, LocalStorage>,
    /// The title of the workload chosen to stand beside the set.
    side_wanted: RwSignal<Option<String>>,
    typed: StoredValue<Vec<String>>,
    /// What makes time pass.
    running: StoredValue<Running>,
    frames: clock::Frames,
    /// The run that was left by starting over or for a lesson, for as long as it can be brought back: until something is done in the new
    /// one, or a run is begun outside the lessons.
    left: RwSignal<Option<History>, LocalStorage>,
    /// The text of a run that was read in part only, and how far that went: it is kept for as long as nothing is done.
    uncut: StoredValue<Option<(String, (u32, usize, String))>>,
    /// The lesson that somebody waits for while the course is on its way; empty for the next one.
    wanted: StoredValue<Option<String>>,
    /// How much had been written when the task was last looked at.
    tasked: StoredValue<usize>,
    /// The lines that are still to be typed for a task, and when.
    solving: StoredValue<(VecDeque<String>, Time)>,
    /// The story that is told, instead of time passing at the chosen speed.
    telling: StoredValue<Option<story::Telling>, LocalStorage>,
    /// What a first visit has to wait for.
    pub first: First,
    /// What is done once the cluster is quiet.
    planned: StoredValue<Option<clock::Planned>>,
    /// The change counters of the two compared branches when their table was last drawn.
    compared: StoredValue<(u64, u64)>,
    applied: RwSignal<Option<Rc<Applied>>, LocalStorage>,

    pub sets: RwSignal<Vec<NamespacedName>, LocalStorage>,
    /// The same with how they are, where there are several.
    pub fleet: RwSignal<Vec<Member>, LocalStorage>,
    pub object: RwSignal<Option<ObjectLine>>,
    /// Whose cluster is shown; `None` in a lesson.
    pub whose: RwSignal<Option<Whose>>,
    /// The set that would be shown, where that was refused and is not there.
    pub refused_set: RwSignal<Option<String>>,
    /// The boundary between columns that are updated and those that are not.
    pub partition: RwSignal<Option<Partition>>,
    /// The partition that a hand holds which drags the boundary.
    pub partition_held: RwSignal<Option<i64>>,
    /// The workload beside the set.
    pub side: RwSignal<Option<Side>>,
    /// Whether the workload beside the set is shown, where there is no room for both.
    pub side_turn: RwSignal<bool>,
    pub columns: Keyed<i64, Column>,
    /// The cells that replace columns when there are too many ordinals.
    pub dense: Cells,
    pub rows: Keyed<String, Row>,
    /// Storage classes whose volumes any node can reach.
    pub classes: RwSignal<Vec<String>>,
    pub cells: RwSignal<SortedMap<CellKey, Vec<ItemKey>>, LocalStorage>,
    /// The course of the line from a pending pod to its disk.
    pub pinned: RwSignal<SortedMap<CellKey, Pin>, LocalStorage>,
    pub pods: Keyed<String, PodTile>,
    pub slots: Keyed<String, Slot>,
    pub disks: Keyed<String, Disk>,
    /// The item that has, or last had, the focus.
    pub focused: RwSignal<Option<ItemKey>>,
    /// The item that the Tab key leads to.
    pub tab_stop: RwSignal<Option<ItemKey>>,
    pub why: RwSignal<Why>,
    /// The details of the selection, while they are open.
    pub details: RwSignal<Option<Details>>,
    /// What is seen on request.
    pub see: See,
    pub decisions: RwSignal<Vec<Decided>>,
    /// Whether the list of all decisions is open.
    pub all_decisions: RwSignal<bool>,
    pub dns: RwSignal<Dns>,
    /// A name to resolve in addition to those of the set.
    dns_line: RwSignal<String>,
    pub storage: RwSignal<Storage>,
    /// The shown set's application.
    pub application: RwSignal<Application>,
    pub terminal: RwSignal<Vec<Line>>,
    /// The prompt of the next line.
    pub prompt: RwSignal<String>,
    /// Whether a command is running.
    pub busy: RwSignal<bool>,
    /// The number of open terminals, and the index of the shown one.
    pub tabs: RwSignal<(usize, usize)>,
    /// The form in which kubectl prints.
    pub form: RwSignal<Form>,
    pub tracks: Keyed<String, Track>,
    /// The lanes of the timeline other than pods'.
    pub lanes: Lanes,
    pub moments: RwSignal<Vec<Moment>, LocalStorage>,
    pub ruler: RwSignal<Ruler>,
    /// The shown instant.
    pub clock: RwSignal<Time>,
    /// The furthest instant the run has reached.
    pub head: RwSignal<Time>,
    /// Whether the shown instant is in the past.
    pub past: RwSignal<bool>,
    /// The branches of the run.
    pub ways: RwSignal<Vec<Way>>,
    /// The tables of comparisons.
    pub tables: RwSignal<Vec<Table>>,
    /// The shown set, as it is on the branch beside; `None` without one.
    pub beside: RwSignal<Option<Beside>>,
    /// The modelled release.
    pub release: RwSignal<&'static str>,
    /// Runs that come from elsewhere and go there.
    pub shared: share::Shared,
    /// The breakpoints of runs.
    pub stops: RwSignal<Stops>,
    /// Whether the shown instant follows the pointer.
    pub scrubbing: RwSignal<bool>,
    /// The latest news about the run: that a branch began, or why it stopped.
    pub news: RwSignal<String>,
    pub playing: RwSignal<bool>,
    pub speed: RwSignal<Speed>,
    /// Whether time passes too fast for animation.
    pub fast: RwSignal<bool>,
    /// What will happen next.
    pub next: RwSignal<String>,
    /// The text to be edited: the manifest, or what `kubectl edit` has put in its place.
    pub manifest: RwSignal<Rc<str>, LocalStorage>,
    /// What of it is in the editor.
    pub editor: InEditor,
    /// What `kubectl edit` has put there.
    pub editing: RwSignal<Option<String>>,
    pub verdicts: RwSignal<Verdicts, LocalStorage>,
    /// What the page did of itself, or why nothing else comes: told in the place of what comes next, where it moves nothing.
    pub aside: RwSignal<String>,
    /// The scenes of a first visit.
    pub(crate) scenes: Scenes,
    /// Whether the answers of a lesson are shown to a class.
    pub answers_shown: RwSignal<bool>,
    /// A change that is looked at before it is made.
    pub ahead: ahead::Ahead,
    /// A stuck cluster that is brought along.
    pub stuck: stuck::Stuck,
    /// The lines that wait until it is known what fields mean.
    pub held: RwSignal<Vec<Act>>,
    /// The lessons of the course; none while they are on their way.
    pub course: RwSignal<&'static [Lesson]>,
    /// The lesson under way.
    pub lesson: RwSignal<Option<Progress>, LocalStorage>,
    /// The state of links.
    pub links: Links,
}

impl Signals {
    /// A run of a manifest, of which nothing is shown yet.
    fn new(preferences: Preferences, answer: Answer, manifest: &'static str) -> Signals {
        Signals {
            run: StoredValue::new_local(History::new(&setup(), manifest, preferences.lang.get_untracked())),
            drawn: StoredValue::new_local(Cluster::default()),
            lang: preferences.lang,
            preferences,
            answer,
            shown: RwSignal::new_local(None),
            selection: RwSignal::new_local(None),
            side_wanted: RwSignal::new(None),
            typed: StoredValue::new(Vec::new()),
            running: StoredValue::new(Running::Nothing),
            frames: clock::Frames::new(),
            left: RwSignal::new_local(None),
            uncut: StoredValue::new(None),
            wanted: StoredValue::new(None),
            tasked: StoredValue::new(0),
            solving: StoredValue::default(),
            telling: StoredValue::new_local(None),
            first: First::new(preferences),
            planned: StoredValue::new(None),
            compared: StoredValue::new((0, 0)),
            applied: RwSignal::new_local(None),
            sets: RwSignal::new_local(Vec::new()),
            fleet: RwSignal::new_local(Vec::new()),
            object: RwSignal::default(),
            whose: RwSignal::default(),
            refused_set: RwSignal::default(),
            partition: RwSignal::default(),
            partition_held: RwSignal::default(),
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
            see: See::default(),
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
            moments: RwSignal::new_local(Vec::new()),
            ruler: RwSignal::new(timeline::ruler(Time(0), Time(0), None)),
            clock: RwSignal::default(),
            head: RwSignal::default(),
            past: RwSignal::default(),
            ways: RwSignal::default(),
            tables: RwSignal::default(),
            beside: RwSignal::default(),
            release: RwSignal::new(setup().release.name),
            shared: share::Shared::new(),
            stops: RwSignal::default(),
            scrubbing: RwSignal::new(false),
            news: RwSignal::default(),
            playing: RwSignal::new(false),
            speed: RwSignal::new(SPEEDS[1]),
            fast: RwSignal::new(false),
            next: RwSignal::default(),
            manifest: RwSignal::new_local(manifest.into()),
            editor: InEditor::holding(manifest),
            editing: RwSignal::default(),
            verdicts: RwSignal::new_local(Verdicts::default()),
            aside: RwSignal::default(),
            scenes: Scenes::new(),
            answers_shown: RwSignal::new(false),
            ahead: ahead::Ahead::default(),
            stuck: stuck::Stuck::default(),
            held: RwSignal::default(),
            course: RwSignal::new(&[]),
            lesson: RwSignal::new_local(None),
            links: Links::new(),
        }
    }
}

impl Session {
    /// Starts a visit: opens the run of a link, or begins the example's.
    pub fn start(preferences: Preferences, answer: Answer) -> Session {
        let manifest = Session::first_manifest(preferences.first.get_untracked());
        let session = Session(Box::leak(Box::new(Signals::new(preferences, answer, manifest))));
        // After a change of language, the same instant is described again.
        Effect::new(move |before: Option<Lang>| {
            let lang = session.lang.get();
            if before.is_some_and(|before| before != lang) {
                session.run.update_value(|run| run.speak(lang));
                session.publish();
            }
            lang
        });
        // What a first visit hides was not published.
        Effect::new(move |before: Option<bool>| {
            let hides = session.preferences.first.get();
            if before.is_some_and(|before| before && !hides) {
                session.end_scenes();
                session.publish();
            }
            hides
        });
        window_event_listener_untyped("shared", move |_| session.tell_shared());
        window_event_listener_untyped("opened", move |_| session.open_file());
        window_event_listener_untyped("whole", move |_| session.go_on_whole());
        window_event_listener_untyped("course-here", move |_| session.take_course());
        window_event_listener_untyped("fields-here", move |_| session.take_fields());
        window_event_listener_untyped("stuck-here", move |_| session.take_examples());
        session.take_fields();
        window_event_listener_untyped("pagehide", move |_| session.keep());
        session.open();
        session
    }

    /// Asks the components for something; whether there was anything to do.
    fn request(self, request: Request) -> bool {
        (self.answer)(self, request)
    }

    /// Starts the first visit's run: applies the example and lets the clock run.
    fn begin(self) {
        self.begin_form();
        // Where there is nothing to apply, the cluster is to stay empty, and one that stands is to stay as it is.
        if self.run.with_value(|run| run.stands() || run.present().manifest().trim().is_empty()) {
            self.publish();
        } else {
            self.apply();
        }
        self.play();
        // What a first visit draws first is not an empty cluster.
        if self.preferences.first.get_untracked() {
            self.set_speed(clock::RISING);
            self.run_clock(LONGEST_FRAME, || true);
        }
    }

    /// Has kubectl print in the form that the visitor chose.
    fn begin_form(self) {
        let form = Preferences::form();
        if form != Form::default() {
            self.act(Act::Line(actions::form(form)));
        }
    }

    /// Replaces the run by one in the page's language and with its breakpoints: clears the selection and leaves any lesson.
    fn take_run(self, mut run: History) {
        self.pause();
        run.speak(self.lang.get_untracked());
        run.stop_at(self.stops.get_untracked());
        self.run.set_value(run);
        self.forget_left();
        self.lesson.set(None);
        self.selection.set(None);
        self.details.set(None);
        self.see.marked.set(None);
        set_if_new(self.shared.title, String::new());
        self.news.set(String::new());
        set_if_new(self.aside, String::new());
    }

    /// Acts on the cluster at the shown instant, and reports if that begins a branch.
    fn act(self, act: Act) {
        self.act_so(|run, lang| run.act(act, lang));
    }

    fn act_so(self, act: impl FnOnce(&mut History, Lang) -> bool) {
        // Not all that a task asks for is written to the log of the API server.
        self.tasked.set_value(0);
        let (lang, kept) = (self.lang.get_untracked(), self.run.with_value(|run| run.branch().id));
        let opened = || self.run.with_value(|run| run.present().edits().map(|editing| editing.text.clone()));
        let before = opened();
        let forked = self.run.try_update_value(|run| act(run, lang)).unwrap_or_default();
        let at = self.run.with_value(|run| run.zero().label(run.present().now()));
        set_if_new(self.aside, String::new());
        set_if_new(self.news, if forked { lang.text().time.forked(&at, kept) } else { String::new() });
        // What is done in a lesson decides nothing about the run before it.
        if self.lesson.with_untracked(Option::is_none) {
            self.forget_left();
        }
        self.publish();
        match opened() {
            opened if opened == before => {}
            // The caret goes to the top of what is in the editor by then.
            Some(_) => request_animation_frame(move || self.show_line(1)),
            None => _ = self.request(Request::EnterTerminal),
        }
    }

    /// Scales the shown set.
    pub fn scale(self, by: i64) {
        let line = self.object.with_untracked(|line| line.as_ref().map(|line| line.scale(by)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// How many columns are left of the partition's line: of the one that a hand holds, if any.
    pub(crate) fn partition_line(self) -> Option<usize> {
        let (columns, value) = self.partition.with(|line| line.as_ref().map(|line| (line.columns, line.value)))?;
        let moved = isize::try_from(self.partition_held.get().unwrap_or(value) - value).unwrap_or_default();
        Some(columns.saturating_add_signed(moved))
    }

    /// Moves the partition of the shown set.
    pub fn hold_at(self, value: i64) {
        let line = self.partition.with_untracked(|line| line.as_ref().filter(|line| line.value != value).map(|line| line.command(value)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Scales the workload beside the set.
    pub fn scale_side(self, by: i64) {
        let line = self.side.with_untracked(|side| side.as_ref().and_then(|side| side.scale(by)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }
}
