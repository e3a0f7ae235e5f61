//! The page without a browser: a run, what is chosen on the page, and the words that its panes show.
//!
//! A visitor's actions type the lines that the page's buttons type. Reading a pane calls the function of `view` that the page's session
//! publishes (src/bin/app/session/publish.rs). What only a browser can show is tested in tests/browser: layout, focus, keys, pointers,
//! storage, addresses, loading.

mod ahead;
mod applications;
mod beside;
mod cluster;
mod compare;
pub mod course;
mod details;
mod dns;
mod drift;
mod faults;
mod fleet;
mod hostile;
mod hostile_runs;
mod link;
mod links;
mod manifest;
mod nodes;
mod panes;
mod rollout;
mod root;
mod see;
mod storage;
mod stuck;
mod terminal;
mod time;
mod tools;
mod unseen;
mod visit;

use crate::preset::Preset;
use ordinal::api::kind::Kind;
use ordinal::api::object::{Name, NamespacedName, ObjectKey};
use ordinal::api::release::Release;
use ordinal::base;
use ordinal::base::time::Time;
use ordinal::causes::command::{self, Entry};
use ordinal::causes::{Evidence, Identity};
use ordinal::playground::history::{Act, Branch, History, Variant};
use ordinal::playground::stop::Stops;
use ordinal::playground::{EXAMPLE, Pace, Playground, setup};
use ordinal::text::Lang;
use ordinal::view;
use ordinal::view::application::Application;
use ordinal::view::cluster::{Cluster, ColumnKey, ItemKey, ObjectLine};
use ordinal::view::compare::{Side, Table};
use ordinal::view::details::Details;
use ordinal::view::dns::{Answer, Dns};
use ordinal::view::fleet::Member;
use ordinal::view::node::Row;
use ordinal::view::storage::{Storage, StorageRow};
use ordinal::view::tile::PodTile;
use ordinal::view::timeline::{Span, Track, Way};
use ordinal::view::why::{Question, Why};
use ordinal::view::{Snapshot, actions, node, sentence, side, why};

/// After so many visible changes a test waits in vain.
const STEPS: usize = 200;

/// What a visitor does, and what the page shows at one instant.
pub struct Visit {
    /// The run and its branches.
    pub run: History,
    lang: Lang,
    chosen: Option<Chosen>,
    /// The name that the DNS pane resolves.
    asked_name: String,
    /// The latest news about the run, as the page announces them.
    news: String,
}

/// What is selected on the page.
enum Chosen {
    /// A pod, or the empty slot of its name.
    Pod(Identity),
    /// Another object, or a name.
    Question(Question),
}

impl Visit {
    /// A visit: the example is applied.
    pub fn new() -> Visit {
        Visit::with(EXAMPLE)
    }

    /// A visit with a manifest in the place of the example.
    pub fn with(manifest: &str) -> Visit {
        let mut visit = Visit::of(History::new(&setup(), manifest, Lang::English));
        visit.begin();
        visit
    }

    /// A visit that has come to rest: the example is up.
    pub fn quiet() -> Visit {
        let mut visit = Visit::new();
        visit.run_until_quiet();
        visit
    }

    /// A page that shows a run: one of a link, of a pasted text, of a pasted cluster.
    pub fn of(run: History) -> Visit {
        Visit { run, lang: Lang::English, chosen: None, asked_name: String::new(), news: String::new() }
    }

    /// What a run begins with: its manifest is applied, unless it is empty or the cluster stands already.
    fn begin(&mut self) {
        if !self.run.stands() && !self.manifest().trim().is_empty() {
            self.apply();
        }
    }

    /// Chooses a language.
    pub fn speak(&mut self, lang: Lang) {
        self.lang = lang;
        self.run.speak(lang);
    }

    /// The text in the editor.
    pub fn manifest(&self) -> String {
        self.run.present().manifest().to_owned()
    }

    /// Puts a text into the editor, and waits until the page has looked at all of it.
    pub fn edit(&mut self, text: &str) {
        self.run.edit(text, self.lang);
        assert!(self.run.look_on(|| true));
    }

    /// Presses "Apply".
    pub fn apply(&mut self) {
        self.run.take_off_server_fields();
        self.type_line(&command::apply());
    }

    /// Presses "Start over".
    pub fn restart(&mut self) {
        self.begin_again(self.run.branch().release);
    }

    /// Chooses a release, by its name.
    pub fn choose_release(&mut self, name: &str) {
        self.begin_again(Release::named(name).expect("a release"));
    }

    fn begin_again(&mut self, release: &'static Release) {
        self.run = self.run.begin_again(release);
        self.run.speak(self.lang);
        (self.chosen, self.news) = (None, String::new());
        self.begin();
    }

    /// Types a line into the terminal.
    pub fn type_line(&mut self, line: &str) {
        let kept = self.run.branch().id;
        let forks = self.run.act(Act::Line(line.to_owned()), self.lang);
        let at = self.run.zero().label(self.now());
        self.news = if forks { self.lang.text().time.forked(&at, kept) } else { String::new() };
    }

    /// Types a line, and lets everything happen that follows.
    pub fn say(&mut self, line: &str) {
        self.type_line(line);
        self.run_until_quiet();
    }

    /// Lets everything happen that is left to happen, or as much as the breakpoints let through.
    pub fn run_until_quiet(&mut self) {
        let pace = self.run.run_until_quiet(|| true);
        self.tell_halt(pace);
    }

    /// Lets so many seconds pass.
    pub fn pass(&mut self, seconds: u64) {
        self.run.run(self.now() + base::time::Span::seconds(seconds), || true);
    }

    /// Advances to the next visible change.
    pub fn step(&mut self) {
        let pace = self.run.step(|| true);
        self.tell_halt(pace);
    }

    /// Advances from change to change until something is so.
    pub fn step_until(&mut self, is: impl Fn(&Visit) -> bool) {
        for _ in 0..STEPS {
            if is(self) {
                return;
            }
            self.step();
        }
        panic!("it never comes about: {:?}", self.pods());
    }

    fn tell_halt(&mut self, pace: Pace) {
        assert_ne!(pace, Pace::Circles);
        if let (Pace::Reached, Some(rest)) = (pace, self.run.present().rest()) {
            self.news = rest.told(&self.run.zero().label(self.now()), self.lang);
        }
        if let (Pace::Halted, Some(halt)) = (pace, self.run.halt()) {
            self.news = self.lang.text().time.stopped(halt.because, &halt.about, &self.run.zero().label(halt.at));
        }
    }

    /// Ticks breakpoints.
    pub fn stop_at(&mut self, stops: Stops) {
        self.run.stop_at(stops);
    }

    /// Goes to an instant.
    pub fn seek(&mut self, to: Time) {
        self.news = String::new();
        self.run.seek(to);
    }

    /// Goes to the furthest instant.
    pub fn seek_now(&mut self) {
        self.run.return_to_head();
    }

    /// Shows another branch.
    pub fn return_to(&mut self, branch: u32) {
        self.run.return_to(branch);
        self.news = String::new();
    }

    /// The instant shown.
    pub fn now(&self) -> Time {
        self.run.present().now()
    }

    /// The instant shown, as the clock writes it.
    pub fn clock(&self) -> String {
        self.run.zero().clock(self.now())
    }

    /// Selects a pod of the shown set or of the workload beside it, or the empty slot of its name.
    pub fn pick(&mut self, pod: &str) {
        let drawn = self.cluster();
        let beside = drawn.pods.values().map(|tile| tile.identity.clone());
        let found = drawn.identities().chain(beside).find(|identity| identity.pod == pod);
        self.chosen = Some(Chosen::Pod(found.unwrap_or_else(|| panic!("{pod} is not drawn"))));
    }

    /// Selects another object than a pod, or a name.
    pub fn ask(&mut self, question: Question) {
        self.chosen = Some(Chosen::Question(question));
    }

    /// Selects a node.
    pub fn ask_node(&mut self, name: &str) {
        self.ask(Question::Object(ObjectKey::global(Kind::Node, &name.into())));
    }

    /// Selects nothing.
    pub fn forget(&mut self) {
        self.chosen = None;
    }

    /// Asks for a name in the DNS pane.
    pub fn ask_name(&mut self, line: &str) {
        line.clone_into(&mut self.asked_name);
    }

    /// Chooses an entry of the Commands menu.
    pub fn command(&mut self, label: &str) {
        let entries = actions::entries(&self.shot(), &self.cluster(), self.identity());
        self.press(&entries, label);
    }

    /// Chooses an entry of a node's menu, by the line that it types.
    pub fn choose_of_node(&mut self, node: &str, line: &str) {
        let entries = node::entries(&self.shot(), node);
        let lines: Vec<&str> = entries.iter().map(|entry| entry.line.as_str()).collect();
        assert!(lines.contains(&line), "{line} is not in {lines:?}");
        self.type_line(line);
    }

    /// Presses the button of a node's heading that stops or starts it.
    pub fn switch(&mut self, node: &str) {
        let line = self.node(node).switch.line;
        self.type_line(&line);
    }

    /// Presses a way out that Why offers.
    pub fn take_way(&mut self, label: &str) {
        let ways: Vec<Entry> = self.why().ways.into_iter().map(|way| way.entry).collect();
        self.press(&ways, label);
    }

    /// Presses a question that Why offers.
    pub fn ask_further(&mut self, label: &str) {
        let asks = self.why().asks;
        self.press(&asks, label);
    }

    /// Types the line of the button whose label begins so.
    fn press(&mut self, entries: &[Entry], label: &str) {
        let found = entries.iter().find(|entry| entry.label.starts_with(label));
        let labels = || entries.iter().map(|entry| &entry.label).collect::<Vec<_>>();
        let line = found.unwrap_or_else(|| panic!("{label} is not in {:?}", labels())).line.clone();
        self.type_line(&line);
    }

    /// Scales the shown set by its buttons.
    pub fn scale(&mut self, by: i64) {
        let line = self.object().scale(by);
        self.type_line(&line);
    }

    /// Creates a Deployment with the same template beside the shown set.
    pub fn stand_beside(&mut self) {
        let line = command::beside(&self.object().name, &self.object().naming);
        self.type_line(&line);
    }

    /// Compares two variants, as far as the page does by itself.
    pub fn compare(&mut self, preset: Preset) {
        let [left, right] = preset.sides();
        let (left_of, right_of) = (|text: &str| left.of(text), |text: &str| right.of(text));
        let release = self.run.branch().release;
        let variants = [
            Variant { release: left.release.unwrap_or(release), manifest: &left_of },
            Variant { release: right.release.unwrap_or(release), manifest: &right_of },
        ];
        assert!(self.run.vary(&variants, || true).is_some(), "nothing is left out");
        match preset {
            Preset::Policy => self.run.seek(Time(0)),
            Preset::Edit => {}
            Preset::Partition | Preset::Release | Preset::Next | Preset::On(_) => {
                self.run_until_quiet();
                let line = actions::roll_out(&self.object()).expect("a set has an image");
                self.type_line(&line);
            }
        }
    }

    /// The instant shown, for drawing.
    pub fn shot(&self) -> Snapshot<'_> {
        self.run.present().snapshot(self.lang)
    }

    /// The set shown: one that was refused, else the first of what was applied last, else the first, else one that has left something.
    pub fn set(&self) -> Option<NamespacedName> {
        let (present, shot) = (self.run.present(), self.shot());
        let exists = |set: &NamespacedName| present.tables().stateful_set(&set.namespace, &set.name).is_some();
        let first = || present.tables().stateful_sets().next().map(|set| set.meta.namespaced_name());
        let gone = || shot.gone.iter().rev().map(|set| set.meta.namespaced_name()).find(|set| shot.lingers(set));
        let refused = present.verdicts().refused_set.as_ref().map(|(set, _)| set.clone());
        refused.or_else(|| present.sets_applied().find(exists)).or_else(first).or_else(gone)
    }

    /// The matrix.
    pub fn cluster(&self) -> Cluster {
        let shot = self.shot();
        let mut drawn = view::cluster::project(&shot, self.set().as_ref());
        side::add(&mut drawn, &shot, None);
        drawn
    }

    /// The sets beside one another, each as `zk 3/3 ready`; the one shown is marked.
    pub fn fleet(&self) -> Vec<String> {
        let told = |member: &Member| {
            let shown = if member.shown { "* " } else { "" };
            let stuck = if member.stuck { " stuck" } else { "" };
            format!("{shown}{} {} {}{stuck}", member.label, member.ready, member.mark.1.word())
        };
        self.cluster().fleet.iter().map(told).collect()
    }

    /// The line above the matrix.
    pub fn object(&self) -> ObjectLine {
        self.cluster().object.expect("a set is shown")
    }

    /// The heading of a node.
    pub fn node(&self, name: &str) -> Row {
        self.cluster().rows.into_iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} is not drawn"))
    }

    /// The node in whose row a pod stands.
    pub fn node_of(&self, pod: &str) -> String {
        let drawn = self.cluster();
        let (uid, _) = drawn.pods.iter().find(|(_, tile)| tile.identity.pod == pod).unwrap_or_else(|| panic!("{pod} is not drawn"));
        drawn.node_of(&ItemKey::Pod(uid.clone())).unwrap_or_else(|| panic!("{pod} has no node"))
    }

    /// The tiles with their columns, by column and row.
    pub fn tiles(&self) -> Vec<(ColumnKey, PodTile)> {
        let drawn = self.cluster();
        let tile = |item: &ItemKey| match item {
            ItemKey::Pod(uid) => drawn.pods.get(uid).cloned(),
            _ => None,
        };
        let cells = drawn.cells.iter().flat_map(|(cell, items)| items.iter().map(move |item| (cell.column, item)));
        let mut tiles: Vec<_> = cells.filter_map(|(column, item)| Some((column, tile(item)?))).collect();
        tiles.sort_by_key(|(column, _)| *column);
        tiles
    }

    /// The pods shown, each as `web-0 1/1 Ready`, by column.
    pub fn pods(&self) -> Vec<String> {
        self.tiles().iter().map(|(_, tile)| format!("{} {} {}", tile.label, tile.ready, tile.word)).collect()
    }

    /// The pod or slot that is selected.
    fn identity(&self) -> Option<&Identity> {
        match &self.chosen {
            Some(Chosen::Pod(identity)) => Some(identity),
            Some(Chosen::Question(_)) | None => None,
        }
    }

    /// What Why says of what is selected, of what was refused, or else of the set.
    pub fn why(&self) -> Why {
        let (present, shot, set) = (self.run.present(), self.shot(), self.set());
        let (set, drawn) = (set.as_ref(), self.cluster());
        let beside = drawn.side.as_ref().map(|side| &side.workload);
        let verdicts = present.verdicts();
        let refused_set = verdicts.refused_set.as_ref().filter(|(refused, _)| set == Some(refused));
        let why = match (&self.chosen, refused_set) {
            (Some(Chosen::Question(question)), _) => why::answer(&shot, question),
            (Some(Chosen::Pod(identity)), _) => why::project(&shot, set, beside, Some(identity)),
            (None, Some((set, why))) => why::refused_set(&shot, set, why, present.stored()),
            (None, None) => why::project(&shot, set, beside, None),
        };
        if why.verdict.is_empty() && !verdicts.refusals.is_empty() { why::refused(self.lang, &verdicts.refusals) } else { why }
    }

    /// The sentence that everything else in Why explains.
    pub fn verdict(&self) -> String {
        self.why().verdict.plain()
    }

    /// The facts that the verdict rests on, each with its detail.
    pub fn evidence(&self) -> Vec<String> {
        self.why().evidence.iter().map(told).collect()
    }

    /// The ways out, each as its button and the line that it types.
    pub fn ways(&self) -> Vec<String> {
        self.why().ways.into_iter().map(|way| format!("{}: {}", way.entry.label, way.entry.line)).collect()
    }

    /// The title of what is at risk; empty where nothing is.
    pub fn hazard(&self) -> String {
        self.why().hazard.map_or(String::new(), |hazard| hazard.title)
    }

    /// The labels of what the answer comes from: lines of the manifest and of the terminal.
    pub fn comes_from(&self) -> Vec<String> {
        self.why().comes_from.into_iter().map(|(label, _)| label).collect()
    }

    /// The details of what is selected.
    pub fn details(&self) -> Details {
        let shot = self.shot();
        let found = match self.chosen.as_ref().expect("something is selected") {
            Chosen::Pod(identity) => view::details::of_pod(&shot, identity),
            Chosen::Question(question) => question.key().and_then(|key| view::details::of_object(&shot, key)),
        };
        found.expect("it exists")
    }

    /// Where the manifest that was applied and the cluster differ, each as its line and what is said.
    pub fn drift(&self) -> Vec<(usize, String)> {
        view::drift::of(&self.shot()).into_iter().map(|(line, words)| (line, words.plain())).collect()
    }

    /// The lines of the terminal.
    pub fn lines(&self) -> Vec<&str> {
        self.run.present().terminal().lines().iter().map(|line| line.text.as_str()).collect()
    }

    /// What the terminal answered to the last line that was typed.
    pub fn answer(&self) -> String {
        let lines = self.lines();
        let typed = lines.iter().rposition(|line| line.starts_with("$ ")).map_or(0, |at| at + 1);
        lines[typed..].join("\n")
    }

    /// Asserts that the terminal shows a line.
    #[track_caller]
    pub fn printed(&self, line: &str) {
        assert!(self.lines().contains(&line), "{line} is not in {:#?}", self.lines());
    }

    /// The DNS pane.
    pub fn dns(&self) -> Dns {
        let (shot, set) = (self.shot(), self.set());
        let namespace = set.as_ref().map_or(shot.current, |set| &*set.namespace);
        view::dns::project(&shot, set.as_ref()).asking(&shot, namespace, &self.asked_name)
    }

    /// The names of the DNS pane, each with its answer or the reason for none.
    pub fn names(&self) -> Vec<String> {
        let dns = self.dns();
        dns.asked.iter().chain(&dns.names).map(row_of_name).collect()
    }

    /// The Storage pane.
    pub fn storage(&self) -> Storage {
        view::storage::project(&self.shot(), self.set().as_ref())
    }

    /// The rows of the Storage pane.
    pub fn volumes(&self) -> Vec<String> {
        let row = |row: &StorageRow| joined(&[&row.claim, &row.note, &row.volume, &row.place, &row.written]);
        self.storage().rows.iter().map(row).collect()
    }

    /// The application of the shown set.
    pub fn application(&self) -> Application {
        view::application::project(&self.shot(), self.set().as_ref())
    }

    /// What is next, as the page says while time passes.
    pub fn next(&self) -> String {
        let present = self.run.present();
        let next = present.ahead().map(|(at, ahead)| sentence(at.since(present.now()).0, &ahead, self.lang));
        next.unwrap_or_else(|| self.lang.text().time.is_quiet().to_owned())
    }

    /// The latest news about the run; where there is none in the past, what the page says about the past.
    pub fn news(&self) -> String {
        if self.news.is_empty() && self.run.is_past() { self.lang.text().time.past().to_owned() } else { self.news.clone() }
    }

    /// The flags of the timeline.
    pub fn flags(&self) -> Vec<String> {
        self.run.head().timeline().moments().iter().map(|moment| moment.label(self.lang.text())).collect()
    }

    /// The row of a pod in the timeline, as one sentence.
    pub fn lane(&self, pod: &str) -> String {
        self.run.head().timeline().track("default", pod).spoken(self.run.zero())
    }

    /// The lanes of nodes that were silent.
    pub fn lanes_of_nodes(&self) -> Vec<String> {
        let (shot, zero) = (self.shot(), self.run.zero());
        let lane = |(name, spans): (&Name, &[Span])| {
            let track = Track { spans: spans.to_vec(), ..Track::default() };
            format!("{name}: {}", track.spoken(zero))
        };
        self.run.head().timeline().lanes().nodes(|node| shot.is_out(node)).map(lane).collect()
    }

    /// The lane of the workload beside the set: how many pods it had of each revision.
    pub fn lane_beside(&self) -> Vec<String> {
        let (shot, beside) = (self.shot(), self.cluster().side);
        let mixes = beside.map(|side| self.run.head().timeline().lanes().mixes(&shot, &side.workload)).unwrap_or_default();
        mixes.into_iter().map(|mix| format!("{} {}", self.run.zero().label(mix.from), mix.words)).collect()
    }

    /// The branches, by their labels; the shown one is marked.
    pub fn branches(&self) -> Vec<String> {
        let way = |way: Way| format!("{}{}", if way.shown { "* " } else { "" }, way.label);
        self.run.ways(self.lang).into_iter().map(way).collect()
    }

    /// The comparison of the shown set with the Deployment beside it; `None` where there is none.
    pub fn beside_deployment(&self) -> Option<Table> {
        let (set, side) = (self.set()?, self.cluster().side?.workload);
        let deployment = NamespacedName::of(&set.namespace, &side.name);
        view::compare::side_by_side(self.run.present().lives(), &self.shot(), &set, &deployment)
    }

    /// The comparison of the shown branch with the one beside it; `None` where nothing differs.
    pub fn compared(&self) -> Option<Table> {
        let (branch, there) = self.run.beside()?;
        let sides = [self.side_of(self.run.branch(), self.run.present()), self.side_of(branch, there)];
        view::compare::branches(&sides, self.set().as_ref(), self.lang.text())
    }

    /// The shown set on the branch beside.
    pub fn beside(&self) -> view::compare::Row {
        let (branch, there) = self.run.beside().expect("a branch stands beside");
        view::compare::beside(&self.side_of(branch, there), self.set().as_ref())
    }

    fn side_of<'a>(&self, branch: &Branch, state: &'a Playground) -> Side<'a> {
        let label = match self.run.difference(branch) {
            Some(difference) => format!("{} · {difference}", branch.id),
            None => self.lang.text().compare.branch(branch.id),
        };
        Side { label, shot: state.snapshot(self.lang), lives: state.lives() }
    }

    /// What the terminal answers to a line within two seconds, without the hints at what older releases printed.
    pub fn shows(&mut self, line: &str) -> String {
        self.type_line(line);
        self.pass(2);
        let answer = self.answer();
        let told = answer.lines().filter(|line| !line.ends_with("playground form classic)."));
        told.collect::<Vec<_>>().join("\n")
    }

    /// All that Why says, as one text.
    pub fn whole_why(&self) -> String {
        let why = self.why();
        let (verdict, paragraph, ends_when) = (why.verdict.plain(), why.paragraph.plain(), why.ends_when.plain());
        joined(&[&verdict, &paragraph, &self.evidence().join("; "), &why.decided_by, &ends_when])
    }
}

/// A fact and its detail.
fn told(fact: &Evidence) -> String {
    joined(&[&fact.fact.plain(), &fact.detail])
}

/// A name, what it is, its records, and why there is none.
fn row_of_name(answer: &Answer) -> String {
    joined(&[&answer.name, &answer.note, &answer.records.join(" "), &answer.reason])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
