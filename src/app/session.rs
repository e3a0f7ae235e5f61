//! The session: owns the simulation, runs it by the animation frame, publishes what changed.
//!
//! Nothing else changes the simulation. Whatever a component wants done is a method here, and most of them type a line.

use ordinal::base::sorted::SortedMap;

use leptos::prelude::*;
use ordinal::base::time::Time;
use ordinal::cluster::timing::Timing;
use ordinal::playground::history::{Act, History, link};
use ordinal::playground::stop::{Halt, Stops};
use ordinal::playground::{Applied, Pace, Playground};
use ordinal::sim::Setup;
use ordinal::sim::setup::ClassSetup;
use ordinal::text::Lang;
use ordinal::view::cluster::{self, CellKey, Choice, Cluster, Column, Disk, ItemKey, ObjectLine, Pin, Slot, Towards};
use ordinal::view::command::{self, Entry};
use ordinal::view::compare::{self, Table};
use ordinal::view::dense::{Cell, Count};
use ordinal::view::details::{self, Details};
use ordinal::view::dns::{self, Dns};
use ordinal::view::manifest::Verdicts;
use ordinal::view::node::{self, Row};
use ordinal::view::rollout::Partition;
use ordinal::view::side::{self, Side};
use ordinal::view::storage::{self, Storage};
use ordinal::view::terminal::Line;
use ordinal::view::tile::PodTile;
use ordinal::view::timeline::{self, Moment, Track, Way};
use ordinal::view::why::{self, Decided, Why};
use ordinal::view::{Identity, Snapshot, sentence};

use crate::app::keyed::{Keyed, set_if_new};

/// How fast virtual time passes: thousandths of it per millisecond of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u64);

/// The speeds offered.
pub const SPEEDS: [Speed; 6] = [Speed(250), Speed(1000), Speed(4000), Speed(20_000), Speed(100_000), Speed(1_000_000)];
/// From this speed on nothing moves by itself: only states are drawn.
const NO_MOTION_FROM: Speed = Speed(20_000);
/// How long the simulation may run within one frame, in milliseconds of the wall.
const FRAME_BUDGET: f64 = 6.0;
/// A frame that comes later than this was not shown: time does not run while nobody looks. In milliseconds of the wall.
const LONGEST_FRAME: f64 = 100.0;
/// How long one step may take, in milliseconds of the wall.
const LONGEST_STEP: f64 = 50.0;
/// How long opening a link may take, in milliseconds of the wall.
const LONGEST_OPENING: f64 = 2000.0;
/// How many columns get a row in the timeline.
const LANES: usize = 24;
/// The first visit's manifest.
const EXAMPLE: &str = include_str!("example.yaml");

impl Speed {
    /// `0.25×`.
    pub fn label(self) -> String {
        if self.0 < 1000 { format!("0.{}×", self.0 / 10) } else { format!("{}×", self.0 / 1000) }
    }
}

/// The session, as components hold it: signals, and what can be done.
#[derive(Clone, Copy)]
pub struct Session {
    /// The run with its past; whatever changes the simulation goes through it.
    run: StoredValue<History, LocalStorage>,
    /// The matrix as it was published last.
    drawn: StoredValue<Cluster>,
    lang: RwSignal<Lang>,
    /// Which set is shown.
    shown: RwSignal<Option<(String, String)>>,
    selected: RwSignal<Option<Identity>>,
    /// The node asked about; it and the identity selected take turns.
    asked: RwSignal<Option<String>>,
    /// The title of the workload wanted beside the set.
    side_wanted: RwSignal<Option<String>>,
    /// The wall's time at the last frame, in milliseconds.
    last_frame: StoredValue<f64>,
    /// Virtual time owed, in thousandths of a millisecond.
    owed: StoredValue<u64>,
    typed: StoredValue<Vec<String>>,
    /// What runs: nothing, the clock, or everything until it is quiet.
    running: StoredValue<Running>,
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
    /// Where there are too many ordinals for columns: rows of cells as HTML, by their place.
    pub dense: Keyed<i64, String>,
    /// How many of those cells look alike.
    pub counts: RwSignal<Vec<Count>>,
    pub rows: Keyed<String, Row>,
    /// Classes of volumes that every node reaches.
    pub classes: RwSignal<Vec<String>>,
    pub cells: RwSignal<SortedMap<CellKey, Vec<ItemKey>>>,
    /// Where the line from a waiting pod to its disk goes.
    pub pinned: RwSignal<SortedMap<CellKey, Pin>>,
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
    pub storage: RwSignal<Storage>,
    pub terminal: RwSignal<Vec<Line>>,
    /// What stands before the next line.
    pub prompt: RwSignal<String>,
    /// How many terminals are open, and which is shown.
    pub tabs: RwSignal<(usize, usize)>,
    pub tracks: Keyed<String, Track>,
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
    /// A line of the manifest to go to.
    pub caret_line: RwSignal<Option<usize>>,
}

impl Session {
    /// Starts the first visit: the example, already running.
    pub fn start(lang: RwSignal<Lang>) -> Session {
        let session = Session {
            run: StoredValue::new_local(History::new(&setup(), EXAMPLE)),
            drawn: StoredValue::default(),
            lang,
            shown: RwSignal::new(None),
            selected: RwSignal::new(None),
            asked: RwSignal::new(None),
            side_wanted: RwSignal::new(None),
            last_frame: StoredValue::new(0.0),
            owed: StoredValue::new(0),
            typed: StoredValue::new(Vec::new()),
            running: StoredValue::new(Running::Nothing),
            applied: RwSignal::new(None),
            sets: RwSignal::default(),
            object: RwSignal::default(),
            partition: RwSignal::default(),
            side: RwSignal::default(),
            side_turn: RwSignal::new(false),
            columns: Keyed::new(),
            dense: Keyed::new(),
            counts: RwSignal::default(),
            rows: Keyed::new(),
            classes: RwSignal::default(),
            cells: RwSignal::default(),
            pinned: RwSignal::default(),
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
            storage: RwSignal::default(),
            terminal: RwSignal::default(),
            prompt: RwSignal::default(),
            tabs: RwSignal::new((1, 0)),
            tracks: Keyed::new(),
            moments: RwSignal::default(),
            range: RwSignal::new(Time(40_000)),
            marks: RwSignal::default(),
            clock: RwSignal::default(),
            head: RwSignal::default(),
            past: RwSignal::default(),
            ways: RwSignal::default(),
            tables: RwSignal::default(),
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
            caret_line: RwSignal::default(),
        };
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
        if !session.open_link() {
            session.begin();
        }
        session
    }

    /// Opens what a link in the address carries, or the example where it is broken; whether there is one.
    fn open_link(self) -> bool {
        let words = &self.lang.get_untracked().text().link;
        if let Some(fault) = page_data("data-link-fault") {
            self.begin();
            self.news.set(if fault == "newer" { words.newer } else { words.damaged }.to_owned());
            return true;
        }
        let Some(text) = page_data("data-link") else { return false };
        let read = link::read(&text, &setup(), self.lang.get_untracked(), within(wall() + LONGEST_OPENING));
        let left_out = (read.unread > 0).then(|| (words.unread)(read.unread));
        let cut = read.cut.then(|| words.cut.to_owned());
        let differs = read.differs.then(|| words.differs.to_owned());
        self.news.set([left_out, cut, differs].into_iter().flatten().collect::<Vec<_>>().join(" "));
        self.manifest.set(read.history.present().manifest().to_owned());
        self.run.set_value(read.history);
        self.publish();
        true
    }

    /// Puts the run into the address, as a link.
    pub fn share(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-link", &self.run.with_value(link::write));
        }
        let _ = leptos::web_sys::Event::new("share").map(|event| window().dispatch_event(&event));
    }

    /// Says that the link is made.
    fn tell_shared(self) {
        let words = &self.lang.get_untracked().text().link;
        let length = page_data("data-link-length").and_then(|length| length.parse().ok()).unwrap_or_default();
        let copied = page_data("data-link-copied").is_some_and(|copied| copied == "true");
        self.news.set(if copied { (words.copied)(length) } else { (words.in_address)(length) });
    }

    /// The first visit: the example is applied and already runs.
    fn begin(self) {
        self.apply();
        self.play();
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

    /// Puts the first visit's manifest back into the editor.
    pub fn load_example(self) {
        self.edit(EXAMPLE.to_owned());
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
        let line = self.object.with_untracked(|line| {
            line.as_ref().map(|line| command::scale("statefulset", &line.namespace, &line.name, (line.replicas + by).max(0)))
        });
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

    /// What the matrix holds: the set, what stands beside it, both or neither.
    pub fn shape(self) -> &'static str {
        match (self.object.with(Option::is_some), self.side.with(Option::is_some)) {
            (true, true) => "both",
            (true, false) => "set",
            (false, true) => "side",
            (false, false) => "none",
        }
    }

    /// Shows another workload beside the set, by its title.
    pub fn show_side(self, title: String) {
        self.side_wanted.set(Some(title));
        self.publish();
    }

    /// What can be done to the pod selected.
    pub fn entries(self) -> Vec<Entry> {
        let selected = self.selected.get();
        let text = self.lang.get().text();
        self.run.with_value(|run| self.drawn.with_value(|drawn| command::entries(drawn, selected.as_ref(), run.present().faults(), text)))
    }

    /// What can be done to a node.
    pub fn node_entries(self, name: &str) -> Vec<Entry> {
        let lang = self.lang.get();
        self.run.with_value(|run| node::entries(&run.present().snapshot(lang), name))
    }

    /// Stops or starts a node: the one asked about, else that of the tile in focus, else that of the pod selected.
    pub fn switch_node(self) {
        let selected = self.selected.get_untracked();
        let focused = self.focused.get_untracked();
        let asked = self.asked.get_untracked();
        let line = self.drawn.with_value(|drawn| {
            let item = selected.and_then(|identity| drawn.item_of(&identity));
            let name = asked.or_else(|| focused.into_iter().chain(item).find_map(|item| drawn.node_of(&item)))?;
            drawn.rows.iter().find(|row| row.name == name).map(|row| row.switch.line.clone())
        });
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Asks about a node; once more, and its details open.
    pub fn ask_node(self, name: &str) {
        if self.asked.with_untracked(|asked| asked.as_deref() == Some(name)) {
            return self.open_details();
        }
        self.selected.set(None);
        self.asked.set(Some(name.to_owned()));
        self.publish();
    }

    /// Whether a node is asked about.
    pub fn is_asked(self, name: &str) -> bool {
        self.asked.with(|asked| asked.as_deref() == Some(name))
    }

    /// Notes what has the focus: the Tab key comes back to it.
    pub fn focus(self, item: ItemKey) {
        set_if_new(self.tab_stop, Some(item.clone()));
        set_if_new(self.focused, Some(item));
    }

    /// Shows another set.
    pub fn show(self, namespace: &str, name: &str) {
        self.shown.set(Some((namespace.to_owned(), name.to_owned())));
        self.selected.set(None);
        self.publish();
    }

    /// Opens the details of what is asked about.
    fn open_details(self) {
        let lang = self.lang.get_untracked();
        self.run.with_value(|run| self.details.set(self.details_of(&run.present().snapshot(lang))));
    }

    fn details_of(self, shot: &Snapshot) -> Option<Details> {
        match (self.asked.get_untracked(), self.selected.get_untracked()) {
            (Some(node), _) => details::of_node(shot, &node),
            (None, Some(identity)) => details::of_pod(shot, &identity),
            (None, None) => None,
        }
    }

    /// Closes the details and gives the focus back; without any, asks about nothing any more. Whether there was something to do.
    pub fn close_details(self) -> bool {
        if self.details.with_untracked(Option::is_some) {
            self.details.set(None);
            if let Some(item) = self.focused.get_untracked() {
                crate::app::cluster::focus_item(&item);
            }
            return true;
        }
        let asked = self.asked.with_untracked(Option::is_some) || self.selected.with_untracked(Option::is_some);
        if asked {
            self.asked.set(None);
            self.selected.set(None);
            self.publish();
        }
        asked
    }

    /// Asks about an identity; once more, and its details open.
    pub fn select(self, identity: Identity) {
        if self.selected.with_untracked(|selected| *selected == Some(identity.clone())) {
            return self.open_details();
        }
        self.selected.set(Some(identity));
        self.asked.set(None);
        self.publish();
    }

    /// Asks about a pod of the set shown, by its name.
    pub fn select_pod(self, pod: &str) {
        if let Some(identity) = self.drawn.with_value(|drawn| drawn.identities().find(|identity| identity.pod == pod)) {
            self.select(identity);
        }
    }

    /// Whether an identity is asked about.
    pub fn is_selected(self, identity: &Identity) -> bool {
        self.selected.with(|selected| selected.as_ref() == Some(identity))
    }

    /// Asks about the next identity that has no Ready pod, and gives it the focus.
    pub fn next_unready(self) {
        let unready = self.drawn.with_value(Cluster::unready);
        let here = self.selected.with_untracked(|selected| unready.iter().position(|identity| Some(identity) == selected.as_ref()));
        let Some(next) = unready.get(here.map_or(0, |at| (at + 1) % unready.len())).cloned() else { return };
        self.selected.set(Some(next.clone()));
        self.asked.set(None);
        self.publish();
        if let Some(item) = self.drawn.with_value(|drawn| drawn.item_of(&next)) {
            crate::app::cluster::focus_item(&item);
        }
    }

    /// What an arrow key reaches.
    pub fn neighbour(self, from: &ItemKey, towards: Towards) -> Option<ItemKey> {
        self.drawn.with_value(|drawn| drawn.neighbour(from, towards))
    }

    /// Plays or pauses.
    pub fn toggle(self) {
        if self.playing.get_untracked() {
            self.pause();
        } else {
            self.play();
        }
    }

    /// Lets the clock run.
    fn play(self) {
        self.keep_running(Running::Clock);
    }

    fn pause(self) {
        self.running.set_value(Running::Nothing);
        self.playing.set(false);
        self.behind.set(false);
    }

    /// Chooses how fast time passes.
    pub fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        self.fast.set(speed.0 >= NO_MOTION_FROM.0);
        self.behind.set(false);
    }

    /// Goes to the next thing that can be seen, and pauses there.
    pub fn step(self) {
        self.pause();
        let go_on = within(wall() + LONGEST_STEP);
        let pace = self.run.try_update_value(|run| run.step(go_on));
        self.tell_halt(pace);
        self.publish();
    }

    /// Goes to the next timer at once, and pauses there.
    pub fn skip(self) {
        self.pause();
        let pace = self.run.try_update_value(|run| run.skip(within(wall() + LONGEST_STEP)));
        self.tell_halt(pace);
        self.publish();
    }

    /// Changes what a run stops at.
    pub fn stop_at(self, change: impl FnOnce(&mut Stops)) {
        self.stops.update(change);
        self.run.update_value(|run| run.stop_at(self.stops.get_untracked()));
    }

    /// Where a run came to something it was to stop at, pauses and says so.
    fn tell_halt(self, pace: Option<Pace>) {
        if pace == Some(Pace::Halted) {
            self.pause();
            let text = self.lang.get_untracked().text();
            let told = |halt: &Halt| (text.time.stopped)(halt.because, &halt.about, &timeline::ruler_label(halt.at));
            self.news.set(self.run.with_value(|run| run.halt().map(told).unwrap_or_default()));
        }
    }

    /// Goes to the last thing before that could be seen, and pauses there.
    pub fn step_back(self) {
        let to = self.run.with_value(|run| run.head().timeline().before(run.present().now()));
        self.seek(to);
    }

    /// Shows another instant, and pauses there.
    pub fn seek(self, to: Time) {
        self.pause();
        set_if_new(self.news, String::new());
        self.run.update_value(|run| run.seek(to));
        self.publish();
    }

    /// Shows an instant so many milliseconds on or back, and pauses there.
    pub fn nudge(self, by: i64) {
        let to = Time(self.clock.get_untracked().0.saturating_add_signed(by));
        if to <= self.head.get_untracked() {
            return self.seek(to);
        }
        self.pause();
        self.run.update_value(|run| {
            run.run(to, within(wall() + LONGEST_STEP));
        });
        self.publish();
    }

    /// Shows the furthest that the run has come.
    pub fn seek_now(self) {
        self.seek(self.head.get_untracked());
    }

    /// Shows another branch.
    pub fn return_to(self, id: u32) {
        self.pause();
        self.run.update_value(|run| run.return_to(id));
        self.news.set(String::new());
        self.publish();
    }

    /// Runs as fast as it goes until nothing is left to do.
    pub fn run_until_quiet(self) {
        self.keep_running(Running::UntilQuiet);
    }

    /// Begins again: an empty cluster, and the manifest applied to it.
    pub fn restart(self) {
        let manifest = self.manifest.get_untracked();
        self.run.set_value(History::new(&setup(), &manifest));
        self.selected.set(None);
        self.asked.set(None);
        self.news.set(String::new());
        self.begin();
    }

    /// Asks for frames, unless they come already.
    fn keep_running(self, running: Running) {
        let idle = self.running.get_value() == Running::Nothing;
        self.running.set_value(running);
        self.playing.set(true);
        if idle {
            self.last_frame.set_value(wall());
            request_animation_frame(move || self.frame());
        }
    }

    /// One frame: runs the simulation as far as the speed asks and the budget allows, and publishes.
    fn frame(self) {
        let begun = wall();
        let passed = (begun - self.last_frame.get_value()).clamp(0.0, LONGEST_FRAME);
        self.last_frame.set_value(begun);
        let go_on = within(begun + FRAME_BUDGET);
        match self.running.get_value() {
            Running::Nothing => return,
            Running::Clock => self.run_clock(passed, go_on),
            Running::UntilQuiet => {
                let pace = self.run.try_update_value(|run| run.run_until_quiet(go_on));
                if pace == Some(Pace::Reached) {
                    self.pause();
                }
                self.tell_halt(pace);
            }
        }
        self.publish();
        request_animation_frame(move || self.frame());
    }

    /// Lets pass what virtual time the wall's time asks for.
    fn run_clock(self, passed: f64, go_on: impl FnMut() -> bool) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 ms of the wall")]
        let passed = (passed * 1000.0) as u64;
        let owed = self.owed.get_value() + passed * self.speed.get_untracked().0 / 1000;
        self.owed.set_value(owed % 1000);
        let pace = self.run.try_update_value(|run| {
            let until = Time(run.present().now().0 + owed / 1000);
            run.run(until, go_on)
        });
        set_if_new(self.behind, pace == Some(Pace::Stopped));
        self.tell_halt(pace);
    }

    /// Publishes the instant: each signal is set only where it changed.
    fn publish(self) {
        let lang = self.lang.get_untracked();
        let selected = self.selected.get_untracked();
        self.run.with_value(|run| {
            let playground = run.present();
            let shot = playground.snapshot(lang);
            let shown = self.set_shown(playground);
            let shown = shown.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
            let set = shown.map_or("", |(_, name)| name);
            set_if_new(self.clock, playground.now());
            let ahead = playground.ahead();
            set_if_new(self.next, sentence(ahead.as_ref().map(|(at, ahead)| (at.since(playground.now()).0, ahead)), lang));
            let mut drawn = cluster::project(&shot, shown);
            side::add(&mut drawn, &shot, self.side_wanted.get_untracked().as_deref());
            let beside = drawn.side.as_ref().map(|side| &side.workload);
            let why = match self.asked.get_untracked() {
                Some(name) => node::why(&shot, &name),
                None => why::project(&shot, shown, beside, selected.as_ref(), &|field| playground.line_of(set, field)),
            };
            set_if_new(self.why, why);
            if self.details.with_untracked(Option::is_some) {
                set_if_new(self.details, self.details_of(&shot));
            }
            set_if_new(self.decisions, if self.all_decisions.get_untracked() { why::decisions(&shot) } else { Vec::new() });
            set_if_new(self.dns, dns::project(&shot, shown));
            set_if_new(self.storage, storage::project(&shot, shown));
            set_if_new(self.verdicts, playground.verdicts().clone());
            set_if_new(self.applied, playground.applied().cloned());
            set_if_new(self.prompt, playground.prompt().to_owned());
            set_if_new(self.tabs, playground.tabs());
            if self.terminal.with_untracked(|lines| lines.last().map(|line| line.id))
                != playground.terminal().lines().last().map(|line| line.id)
            {
                self.terminal.set(playground.terminal().lines().to_vec());
            }
            let tables = shown.zip(beside).and_then(|((namespace, set), side)| {
                playground.lives().side_by_side(namespace, set, &side.name, playground.now(), lang.text())
            });
            set_if_new(self.tables, tables.into_iter().chain(self.branch_table(run, &shot, lang)).collect());
            self.publish_cluster(drawn);
            self.publish_timeline(run, lang);
        });
    }

    /// While time stands, what the branch shown differs in from another.
    fn branch_table(self, run: &History, here: &Snapshot, lang: Lang) -> Option<Table> {
        let other = run.other().filter(|_| !self.playing.get_untracked() && !self.scrubbing.get_untracked())?;
        let there = run.elsewhere(other)?;
        Some(compare::instants((here, run.branch().id), (&there.snapshot(lang), other), lang.text()))
    }

    /// Puts a Deployment of the same template beside the set shown.
    pub fn stand_beside(self) {
        let line = self.object.with_untracked(|line| line.as_ref().map(|line| command::beside(&line.namespace, &line.name)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Shows or hides the list of all decisions.
    pub fn toggle_decisions(self) {
        self.all_decisions.update(|all| *all = !*all);
        self.publish();
    }

    /// The set chosen, while it exists; else the first.
    fn set_shown(self, playground: &Playground) -> Option<(String, String)> {
        let exists = |(namespace, name): &(String, String)| playground.tables().stateful_set(namespace, name).is_some();
        let first = || playground.tables().stateful_sets().next().map(|set| (set.meta.namespace.to_string(), set.meta.name.to_string()));
        self.shown.get_untracked().filter(exists).or_else(first)
    }

    fn publish_cluster(self, cluster: Cluster) {
        self.publish_dense(&cluster);
        if self.drawn.with_value(|drawn| *drawn == cluster) {
            return;
        }
        set_if_new(self.sets, cluster.sets.clone());
        set_if_new(self.object, cluster.object.clone());
        set_if_new(self.side, cluster.side.clone());
        set_if_new(self.partition, cluster.partition.clone());
        self.pods.publish(cluster.pods.clone());
        self.slots.publish(cluster.slots.clone());
        self.disks.publish(cluster.disks.clone());
        self.rows.publish(cluster.rows.iter().map(|row| (row.name.clone(), row.clone())));
        self.columns.publish(cluster.columns.iter().map(|column| (column.ordinal, column.clone())));
        set_if_new(self.classes, cluster.classes.clone());
        set_if_new(self.cells, cluster.cells.clone());
        set_if_new(self.pinned, cluster.pinned.clone());
        self.keep_focus(&cluster);
        self.drawn.set_value(cluster);
    }

    /// Publishes the rows of cells, with the one that is asked about marked.
    fn publish_dense(self, cluster: &Cluster) {
        let Some(dense) = &cluster.dense else {
            self.dense.publish([]);
            return set_if_new(self.counts, Vec::new());
        };
        let asked = self.selected.with_untracked(|selected| selected.as_ref().map(|identity| identity.pod.clone()));
        let row = |cells: &[Cell]| crate::app::dense::row(cells, asked.as_deref());
        self.dense.publish((0..).zip(dense.rows.iter().map(|cells| row(cells))));
        set_if_new(self.counts, dense.counts.clone());
    }

    /// Asks about the cell so many places after the one asked about.
    pub fn select_beside(self, by: isize) {
        let asked = self.selected.with_untracked(|selected| selected.as_ref().map(|identity| identity.pod.clone()));
        let reached =
            |drawn: &Cluster| drawn.dense.as_ref().and_then(|dense| dense.beside(asked.as_deref(), by).map(|cell| cell.pod.clone()));
        if let Some(pod) = self.drawn.with_value(reached) {
            self.select_pod(&pod);
        }
    }

    /// The pod asked about.
    pub fn pod_asked(self) -> Option<String> {
        self.selected.with(|selected| selected.as_ref().map(|identity| identity.pod.clone()))
    }

    /// A tile that goes hands the focus to whatever stands for its identity now.
    fn keep_focus(self, cluster: &Cluster) {
        let focused = self.focused.get_untracked();
        let stays = |key: &ItemKey| cluster.has(key);
        if let Some(gone) = focused.as_ref().filter(|key| !stays(key)) {
            let heir = self.drawn.with_value(|drawn| drawn.identity_of(gone)).and_then(|identity| cluster.item_of(&identity));
            let had_it = document().active_element().is_none_or(|active| active.tag_name() == "BODY" || active.has_attribute("data-item"));
            if let Some(heir) = heir.clone().filter(|_| had_it) {
                request_animation_frame(move || crate::app::cluster::focus_item(&heir));
            }
            self.focused.set(heir);
        }
        let stop = self.focused.get_untracked().filter(stays).or_else(|| cluster.first());
        set_if_new(self.tab_stop, stop);
    }

    /// The timeline is drawn as far as the run has come; what lies after the instant shown is drawn faintly.
    fn publish_timeline(self, run: &History, lang: Lang) {
        let playground = run.head();
        let (range, marks) = timeline::ruler(playground.now());
        set_if_new(self.range, range);
        set_if_new(self.marks, marks);
        set_if_new(self.head, playground.now());
        set_if_new(self.past, run.is_past());
        set_if_new(self.ways, run.ways(lang));
        if self.moments.with_untracked(|moments| moments.last().map(|m| m.id)) != playground.timeline().moments().last().map(|m| m.id) {
            self.moments.set(playground.timeline().moments().to_vec());
        }
        let lanes = |drawn: &Cluster| drawn.identities().take(LANES).collect::<Vec<_>>();
        self.tracks.publish(self.drawn.with_value(lanes).into_iter().map(|identity| {
            let track = playground.timeline().track(&identity.namespace, &identity.pod);
            (identity.pod, track)
        }));
    }
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

/// The cluster that a visitor finds: disks on the nodes unless a claim asks for one that every node reaches.
fn setup() -> Setup {
    let classes = vec![ClassSetup::local_path(), ClassSetup::network_disk()];
    Setup { timing: Timing::workstation(), classes, ..Setup::default() }
}

/// What the page's own script left for the app.
fn page_data(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Says yes until an instant of the wall.
fn within(end: f64) -> impl FnMut() -> bool {
    move || wall() < end
}

/// The wall's time in milliseconds, from some beginning.
fn wall() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
