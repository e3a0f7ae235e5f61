//! The session: owns the simulation, runs it by the animation frame, publishes what changed.
//!
//! Nothing else changes the simulation. Whatever a component wants done is a method here, and most of them type a line.

use std::collections::BTreeMap;

use leptos::prelude::*;
use ordinal::base::time::Time;
use ordinal::text::Lang;
use ordinal::view::cluster::{self, CellKey, Choice, Cluster, Column, Disk, ItemKey, ObjectLine, PodTile, Row, Slot, Towards};
use ordinal::view::command::{self, Entry};
use ordinal::view::dns::{self, Dns};
use ordinal::view::manifest::Verdicts;
use ordinal::view::storage::{self, Storage};
use ordinal::view::terminal::{Line, Voice};
use ordinal::view::timeline::{self, Moment, Track};
use ordinal::view::why::{Decided, Why};
use ordinal::view::{Identity, Snapshot};

use crate::app::keyed::{Keyed, set_if_new};
use crate::app::stand_in::Machine;

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
/// How many bytes of manifest the editor applies.
const MANIFEST_LIMIT: usize = 256 * 1024;
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
    machine: StoredValue<Machine, LocalStorage>,
    /// The matrix as it was published last.
    drawn: StoredValue<Cluster>,
    lang: RwSignal<Lang>,
    /// Which set is shown.
    shown: RwSignal<Option<(String, String)>>,
    selected: RwSignal<Option<Identity>>,
    /// The wall's time at the last frame, in milliseconds; `None` while nothing runs.
    last_frame: StoredValue<Option<f64>>,
    /// Virtual time owed, in thousandths of a millisecond.
    owed: StoredValue<u64>,
    history: StoredValue<Vec<String>>,
    /// When the manifest was applied last, how many objects it had, and its text.
    applied: RwSignal<Option<(Time, usize, String)>>,

    pub sets: RwSignal<Vec<Choice>>,
    pub object: RwSignal<Option<ObjectLine>>,
    pub columns: Keyed<i64, Column>,
    pub rows: Keyed<String, Row>,
    pub cells: RwSignal<BTreeMap<CellKey, Vec<ItemKey>>>,
    pub pods: Keyed<String, PodTile>,
    pub slots: Keyed<String, Slot>,
    pub disks: Keyed<String, Disk>,
    /// The tile or slot that has the focus, or had it last.
    pub focused: RwSignal<Option<ItemKey>>,
    /// The tile or slot that the Tab key reaches.
    pub tab_stop: RwSignal<Option<ItemKey>>,
    pub why: RwSignal<Why>,
    pub decisions: RwSignal<Vec<Decided>>,
    pub dns: RwSignal<Dns>,
    pub storage: RwSignal<Storage>,
    pub terminal: RwSignal<Vec<Line>>,
    pub tracks: Keyed<String, Track>,
    pub moments: RwSignal<Vec<Moment>>,
    /// The length of the ruler.
    pub range: RwSignal<Time>,
    /// The marks of the ruler.
    pub marks: RwSignal<Vec<Time>>,
    pub clock: RwSignal<Time>,
    pub playing: RwSignal<bool>,
    pub speed: RwSignal<Speed>,
    /// Whether time passes too fast for motion.
    pub fast: RwSignal<bool>,
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
            machine: StoredValue::new_local(Machine::new()),
            drawn: StoredValue::default(),
            lang,
            shown: RwSignal::new(None),
            selected: RwSignal::new(None),
            last_frame: StoredValue::new(None),
            owed: StoredValue::new(0),
            history: StoredValue::new(Vec::new()),
            applied: RwSignal::new(None),
            sets: RwSignal::default(),
            object: RwSignal::default(),
            columns: Keyed::new(),
            rows: Keyed::new(),
            cells: RwSignal::default(),
            pods: Keyed::new(),
            slots: Keyed::new(),
            disks: Keyed::new(),
            focused: RwSignal::default(),
            tab_stop: RwSignal::default(),
            why: RwSignal::default(),
            decisions: RwSignal::default(),
            dns: RwSignal::default(),
            storage: RwSignal::default(),
            terminal: RwSignal::default(),
            tracks: Keyed::new(),
            moments: RwSignal::default(),
            range: RwSignal::new(Time(40_000)),
            marks: RwSignal::default(),
            clock: RwSignal::default(),
            playing: RwSignal::new(false),
            speed: RwSignal::new(SPEEDS[1]),
            fast: RwSignal::new(false),
            next: RwSignal::default(),
            manifest: RwSignal::new(EXAMPLE.to_owned()),
            verdicts: RwSignal::default(),
            caret_line: RwSignal::default(),
        };
        session.publish();
        // A change of language speaks of the same instant again.
        Effect::new(move |before: Option<Lang>| {
            let lang = session.lang.get();
            if before.is_some_and(|before| before != lang) {
                session.publish();
            }
            lang
        });
        session
    }

    /// Types a line into the terminal.
    pub fn type_line(self, line: &str) {
        self.history.update_value(|history| history.push(line.to_owned()));
        let manifest = self.manifest.get_untracked();
        self.machine.update_value(|machine| machine.type_line(line, &manifest));
        self.publish();
    }

    /// What was typed, oldest first.
    pub fn history(self) -> Vec<String> {
        self.history.get_value()
    }

    /// Applies the manifest.
    pub fn apply(self) {
        let length = self.manifest.with_untracked(String::len);
        if length > MANIFEST_LIMIT {
            let words = (self.lang.get_untracked().text().manifest.too_long)(MANIFEST_LIMIT / 1024);
            self.machine.update_value(|machine| machine.terminal.write(Voice::Playground, &words));
            self.publish();
            return;
        }
        self.type_line(&command::apply());
    }

    /// Takes what was typed into the editor.
    pub fn edit(self, text: String) {
        self.manifest.set(text);
        set_if_new(self.verdicts, Verdicts::default());
    }

    /// Puts the first visit's manifest back into the editor.
    pub fn load_example(self) {
        self.edit(EXAMPLE.to_owned());
    }

    /// What is said beside the Apply button.
    pub fn applied_label(self) -> String {
        let text = &self.lang.get().text().manifest;
        self.applied.with(|applied| match applied {
            Some((at, objects, source)) if self.manifest.with(|now| now == source) => (text.applied)(*objects, &timeline::ruler_label(*at)),
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
        let line = self.object.with_untracked(|line| line.as_ref().map(|line| command::scale(line, (line.replicas + by).max(0))));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// What can be done to the pod selected.
    pub fn entries(self) -> Vec<Entry> {
        let selected = self.selected.get();
        let text = self.lang.get().text();
        self.machine.with_value(|machine| self.drawn.with_value(|drawn| command::entries(drawn, selected.as_ref(), &machine.faults, text)))
    }

    /// Shows another set.
    pub fn show(self, namespace: &str, name: &str) {
        self.shown.set(Some((namespace.to_owned(), name.to_owned())));
        self.selected.set(None);
        self.publish();
    }

    /// Asks about an identity; once more, and nothing is asked about.
    pub fn select(self, identity: Identity) {
        let again = self.selected.with_untracked(|selected| *selected == Some(identity.clone()));
        self.selected.set((!again).then_some(identity));
        self.publish();
    }

    /// Asks about a pod of the set shown, by its name.
    pub fn select_pod(self, pod: &str) {
        let column = |drawn: &Cluster| drawn.columns.iter().map(|column| &column.identity).find(|identity| identity.pod == pod).cloned();
        if let Some(identity) = self.drawn.with_value(column) {
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
        let playing = !self.playing.get_untracked();
        self.playing.set(playing);
        if playing && self.last_frame.get_value().is_none() {
            self.last_frame.set_value(Some(wall()));
            request_animation_frame(move || self.frame());
        }
    }

    /// Chooses how fast time passes.
    pub fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        self.fast.set(speed.0 >= NO_MOTION_FROM.0);
    }

    /// Goes to the next event and pauses there.
    pub fn step(self) {
        self.playing.set(false);
        self.machine.update_value(|machine| {
            machine.step();
        });
        self.publish();
    }

    /// Runs, without waiting, until nothing is left to do.
    pub fn run_until_quiet(self) {
        self.machine.update_value(|machine| while !machine.quiet() && machine.step() {});
        self.publish();
    }

    /// Begins again, from the manifest applied first.
    pub fn restart(self) {
        self.machine.set_value(Machine::new());
        self.selected.set(None);
        self.publish();
    }

    /// One frame: runs the simulation as far as the speed asks and the budget allows, and publishes.
    fn frame(self) {
        if !self.playing.get_untracked() {
            self.last_frame.set_value(None);
            return;
        }
        let begun = wall();
        let passed = self.last_frame.get_value().map_or(0.0, |last| (begun - last).clamp(0.0, LONGEST_FRAME));
        self.last_frame.set_value(Some(begun));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 ms of the wall")]
        let passed = (passed * 1000.0) as u64;
        let owed = self.owed.get_value() + passed * self.speed.get_untracked().0 / 1000;
        self.owed.set_value(owed % 1000);
        self.machine.update_value(|machine| machine.run_until(Time(machine.now().0 + owed / 1000)));
        self.publish();
        request_animation_frame(move || self.frame());
    }

    /// Publishes the instant: each signal is set only where it changed.
    fn publish(self) {
        let lang = self.lang.get_untracked();
        let selected = self.selected.get_untracked();
        self.machine.with_value(|machine| {
            let written = |volume: &str| machine.written(volume);
            let absence = |_: &str, pod: &str| machine.absence(lang, pod);
            let shot = Snapshot { tables: machine.tables(), now: machine.now(), lang, written: &written, absence: &absence };
            let shown = self.set_shown(machine);
            let shown = shown.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
            set_if_new(self.dns, dns::project(&shot, shown));
            set_if_new(self.storage, storage::project(&shot, shown));
            set_if_new(self.why, machine.why(lang, selected.as_ref()));
            set_if_new(self.decisions, machine.decisions(lang));
            set_if_new(self.next, machine.next(lang));
            set_if_new(self.clock, machine.now());
            set_if_new(self.terminal, machine.terminal.lines().to_vec());
            self.publish_cluster(cluster::project(&shot, shown));
            self.publish_timeline(machine);
        });
    }

    /// The set chosen, while it exists; else the first.
    fn set_shown(self, machine: &Machine) -> Option<(String, String)> {
        let exists = |(namespace, name): &(String, String)| machine.tables().stateful_set(namespace, name).is_some();
        let first = || machine.tables().stateful_sets().next().map(|set| (set.meta.namespace.to_string(), set.meta.name.to_string()));
        self.shown.get_untracked().filter(exists).or_else(first)
    }

    fn publish_cluster(self, cluster: Cluster) {
        if self.drawn.with_value(|drawn| *drawn == cluster) {
            return;
        }
        set_if_new(self.sets, cluster.sets.clone());
        set_if_new(self.object, cluster.object.clone());
        self.pods.publish(cluster.pods.clone());
        self.slots.publish(cluster.slots.clone());
        self.disks.publish(cluster.disks.clone());
        self.rows.publish(cluster.rows.iter().map(|row| (row.name.clone(), row.clone())));
        self.columns.publish(cluster.columns.iter().map(|column| (column.ordinal, column.clone())));
        set_if_new(self.cells, cluster.cells.clone());
        self.keep_focus(&cluster);
        self.drawn.set_value(cluster);
    }

    /// A tile that goes hands the focus to whatever stands for its identity now.
    fn keep_focus(self, cluster: &Cluster) {
        let focused = self.focused.get_untracked();
        let stays = |key: &ItemKey| cluster.identity_of(key).is_some();
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

    fn publish_timeline(self, machine: &Machine) {
        let (range, marks) = timeline::ruler(machine.now());
        set_if_new(self.range, range);
        set_if_new(self.marks, marks);
        set_if_new(self.moments, machine.moments());
        let pods =
            self.drawn.with_value(|drawn| drawn.columns.iter().take(LANES).map(|column| column.identity.pod.clone()).collect::<Vec<_>>());
        self.tracks.publish(pods.into_iter().map(|pod| {
            let track = machine.track(&pod);
            (pod, track)
        }));
    }
}

/// The wall's time in milliseconds, from some beginning.
fn wall() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
