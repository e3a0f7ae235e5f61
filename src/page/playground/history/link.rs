//! A run as text, for a link or a file: its seed and release, the text in the editor, what was done when, and the instant shown.
//!
//! There is one record per line, so that from a damaged or newer text all intelligible lines are kept: `ordinal N` is the format's version,
//! `model V` the model's, then `seed N`, `release R`, `nodes recorder` where the nodes are the recordings' stand-ins, `cluster TEXT` where
//! a cluster stands at the start, `zero MS` where time is counted from another instant, `edit TEXT`, `do MS TAB LINE`, `queue MS TAB LINE`
//! for a line that waits for the one before, `stop MS TAB`, `save MS TAB CHANGES`, `end MS`, `at MS`, `digest N`, `beside ID`, `layout
//! WORDS`. Where a run has branches, `branch ID` or `branch ID ORIGIN MS SHARED` says which one that is, and `twin ID` with which other one
//! it is compared, `text own` where its editor has a text of its own. The records of every other branch follow, each after a `|`: its own
//! `branch` first, then `keep N` for the inputs that it has in common with the one shown.
//!
//! Promises: reading what was written gives the same bytes at the same instants; reading anything else terminates with what is usable.
//! Must not know: the meaning of a layout's words and of a cluster's text, where the text comes from.
//! Not kept: the language.

use std::rc::Rc;

use super::pair::BranchAt;
use super::run::with_edits;
use super::{Act, Branch, Goal, History, Input, MAX_BRANCHES, Origin, Pace, Run, Start};
use crate::{MAX_TERMINALS, Playground};
use api::release::Release;
use base::time::{Span, Time};
use cluster::timing::Timing;
use sim::{Setup, Sim};
use text::Lang;

/// What the text of a run begins with.
pub const HEAD: &str = "ordinal ";
/// The version of this format. A text with a higher one may contain records not known here.
const VERSION: u32 = 1;
/// The version of the model: a digest of what it does in the recordings of the spine. `tests/conformance` says what it has to be.
pub const MODEL: &str = "387e0";
/// The longest run that is read: two weeks.
const LONGEST: Span = Span::seconds(14 * 24 * 3600);
/// The highest number of a branch that is read.
const MAX_IDS: u32 = 10_000;
/// The most inputs of a branch that are read.
const MAX_INPUTS: usize = 10_000;
/// The most objects of a cluster that is replayed: those of five thousand pods.
const MAX_OBJECTS: usize = 50_000;
/// Stands for the number of a branch that cannot be read, whose records are left out.
const NOBODY: u32 = 0;
/// What precedes the records of a branch that is not shown.
const OTHER: &str = "|";

/// Makes a cluster of the text that stands for it.
pub type Stand<'a> = &'a dyn Fn(&str) -> Option<Sim>;

/// A run that was read, and what could not be read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The run, at the instant at which it was shared.
    pub history: History,
    /// The page's layout, in its own words; may be empty.
    pub layout: String,
    /// The number of lines that were not understood.
    pub unread: usize,
    /// The number of lines with content: a manifest, or something done.
    pub held: usize,
    /// Whether it was written in a newer version of the format.
    pub newer: bool,
    /// Whether it was too long to be replayed completely.
    pub cut: bool,
    /// Whether the replay ended differently than the original, which was run by another version of the model.
    pub differs: bool,
}

/// Writes a run, with all its branches, and the page's layout.
pub fn write(history: &History, layout: &str) -> String {
    let shown = history.branch();
    let mut lines = vec![format!("{HEAD}{VERSION}"), format!("model {MODEL}"), format!("seed {}", history.setup.seed)];
    lines.push(format!("release {}", shown.release.name));
    if history.has_stand_ins() {
        lines.push("nodes recorder".to_owned());
    }
    lines.extend(history.standing.as_ref().map(|start| format!("cluster {}", escape(&start.text))));
    lines.extend(Some(history.zero().0).filter(|zero| *zero != history.start()).map(|zero| format!("zero {}", zero.0)));
    let others = &history.branches[..history.branches.len() - 1];
    if !others.is_empty() {
        lines.extend(identity(shown));
    }
    write_inputs(&shown.inputs, 0, history.present.manifest(), &mut lines);
    lines.push(format!("end {}", history.head().now().0));
    lines.push(format!("at {}", history.present.now().0));
    lines.extend(digest(history, &history.present));
    for other in others {
        lines.extend(section(history, other).into_iter().map(|line| format!("{OTHER} {line}")));
    }
    lines.extend(history.beside().map(|(branch, _)| format!("beside {}", branch.id)));
    if !layout.is_empty() {
        lines.push(format!("layout {}", escape(layout)));
    }
    lines.join("\n")
}

/// What a replay is compared with, unless that is told to do something else.
fn digest(history: &History, state: &Playground) -> Option<String> {
    (!history.is_shared).then(|| format!("digest {}", state.sim().digest().0))
}

/// Which branch it is, where it left another one, its twin, and whether its editor has a text of its own.
fn identity(branch: &Branch) -> impl Iterator<Item = String> {
    let left = branch.origin.map(|origin| format!(" {} {} {}", origin.branch, origin.at.0, branch.shared));
    let twin = branch.twin.map(|twin| format!("twin {twin}"));
    let text = branch.text.as_ref().map(|_| "text own".to_owned());
    [format!("branch {}{}", branch.id, left.unwrap_or_default())].into_iter().chain(twin).chain(text)
}

/// The records of a branch that is not shown.
fn section(history: &History, branch: &Branch) -> Vec<String> {
    let (shown, mut lines) = (history.branch(), identity(branch).collect::<Vec<_>>());
    let mut common = 0;
    if branch.release == shown.release {
        common = branch.inputs.iter().zip(&shown.inputs).take_while(|(one, other)| one == other).count();
        lines.push(format!("keep {common}"));
    } else {
        lines.push(format!("release {}", branch.release.name));
    }
    let after = branch.text.as_deref().or(branch.inputs.last().map(|last| &*last.manifest)).unwrap_or_default();
    write_inputs(&branch.inputs, common, after, &mut lines);
    let beside = history.beside().filter(|(beside, _)| beside.id == branch.id).map(|(_, state)| state);
    if let Some(head) = branch.head().or(beside) {
        lines.push(format!("end {}", head.now().0));
        lines.extend(digest(history, head));
    }
    lines
}

/// Writes inputs after the first `kept`, and what the editor holds after them.
fn write_inputs(inputs: &[Input], kept: usize, after: &str, lines: &mut Vec<String>) {
    let before = kept.checked_sub(1).map_or("", |last| &*inputs[last].manifest);
    let edit = |text| format!("edit {}", escape(text));
    for (edited, input) in with_edits(&inputs[kept..], before) {
        lines.extend(edited.map(edit));
        lines.push(match &input.act {
            Act::Line(line) => format!("do {} {} {}", input.at.0, input.tab, escape(line)),
            Act::Queue(line) => format!("queue {} {} {}", input.at.0, input.tab, escape(line)),
            Act::Interrupt => format!("stop {} {}", input.at.0, input.tab),
            Act::Save(text) => format!("save {} {} {}", input.at.0, input.tab, escape(text)),
        });
    }
    if inputs[kept..].last().map_or(before, |last| &last.manifest) != after {
        lines.push(edit(after));
    }
}

/// Reads a run, and replays it as far as `go_on` allows. The setup is the playground's; the text contains seed and release. `stand` makes a
/// cluster of the text that stands for it, if it can.
pub fn read(text: &str, setup: &Setup, lang: Lang, stand: Stand, mut go_on: impl FnMut() -> bool) -> Read {
    let mut reading = Reading::begin(text, setup, lang, stand);
    reading.go_on(&mut go_on);
    reading.end()
}

/// A run that is being replayed as it was read.
pub struct Reading {
    history: History,
    found: Found,
    unread: usize,
    held: usize,
    stage: Stage,
    /// The branch being replayed that is not shown.
    growing: Option<Growing>,
    cut: bool,
    differs: bool,
}

/// What is being done of a run that was read.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Stage {
    /// The branch shown is replayed.
    Lives,
    /// The others are replayed.
    Grows,
    /// The instant shown is sought.
    Seeks,
    /// The branch beside it is brought to that instant.
    Follows,
}

/// A branch that is not shown, on its way.
struct Growing {
    branch: Branch,
    place: BranchAt,
    until: Time,
    digest: Option<u64>,
}

impl Reading {
    /// Reads a run, of which nothing is replayed yet. The parameters are those of [`read`].
    pub fn begin(text: &str, setup: &Setup, lang: Lang, stand: Stand) -> Reading {
        let mut found = Found { seed: setup.seed, id: 1, ..Found::default() };
        let unread = text.lines().filter(|line| !line.is_empty() && found.take(line, lang, stand).is_none()).count();
        let Run { manifest, inputs, end } = std::mem::take(&mut found.run);
        let held = inputs.len() + usize::from(!manifest.is_empty()) + usize::from(found.standing.is_some());
        let timing = if found.recorder { Timing::recording() } else { setup.timing.clone() };
        let setup = Setup { seed: found.seed, release: found.release.unwrap_or(setup.release), timing, ..setup.clone() };
        let mut history = match found.standing.take() {
            Some(start) => History::of_standing(start, &manifest, lang),
            None => History::new(&setup, &manifest, lang),
        };
        if let Some(zero) = found.zero {
            history.set_zero(zero.clamp(history.start(), history.start() + LONGEST));
        }
        history.counted = found.id;
        let shown = history.current();
        (shown.id, shown.origin, shown.shared, shown.twin) = (found.id, found.origin, found.shared, found.twin);
        (shown.text, shown.inputs) = (found.own_text.then(|| manifest.to_string()), inputs);
        found.others.retain(|other| other.id != NOBODY);
        found.others.reverse();
        found.run.end = end.max(found.at).min(history.start() + LONGEST);
        let cut = found.cut || found.others.iter().any(|other| other.cut);
        Reading { history, found, unread, held, stage: Stage::Lives, growing: None, cut, differs: false }
    }

    /// How many lines with content were read.
    pub fn held(&self) -> usize {
        self.held
    }

    /// The text in the editor at the end.
    pub fn manifest(&self) -> &str {
        self.history.present.manifest()
    }

    /// How far the branch shown is replayed, and how far it goes.
    pub fn progress(&self) -> (Time, Time) {
        (self.history.head().now(), self.found.run.end)
    }

    /// Replays for as long as `go_on` allows, and goes to the instant that is shown; whether all is done.
    pub fn go_on(&mut self, go_on: &mut dyn FnMut() -> bool) -> bool {
        let grown = self.growing.as_ref().map_or(self.history.head(), |growing| &growing.place.state);
        if self.stage < Stage::Seeks && grown.tables().count() > MAX_OBJECTS {
            self.give_up();
        }
        if self.stage == Stage::Lives {
            if self.history.go(Goal::Until(self.found.run.end), go_on) == Pace::Stopped {
                return false;
            }
            self.stage = Stage::Grows;
        }
        while let Some(mut growing) = self.next_branch() {
            if growing.place.follow(&mut growing.branch, growing.until, go_on) == Pace::Stopped {
                self.growing = Some(growing);
                return false;
            }
            self.add(growing);
        }
        if self.stage < Stage::Follows {
            self.stage = Stage::Seeks;
            if self.history.seek_while(self.found.at, go_on) == Pace::Stopped {
                return false;
            }
            self.history.place_beside(self.found.beside);
            self.stage = Stage::Follows;
        }
        self.history.follow(go_on) != Pace::Stopped
    }

    /// Leaves out what is not replayed yet, and goes nowhere else from there: next to nothing is left to do.
    pub fn give_up(&mut self) {
        self.cut_off();
        self.history.put_back();
        self.cut = true;
        (self.found.at, self.found.beside, self.stage) = (Time(u64::MAX), None, Stage::Seeks);
    }

    /// Leaves out what is not replayed yet.
    fn cut_off(&mut self) {
        if self.stage >= Stage::Seeks {
            return;
        }
        let done = self.history.done;
        self.cut |= self.stage == Stage::Lives || done < self.history.branch().inputs.len();
        self.history.current().inputs.truncate(done);
        while let Some(growing) = self.next_branch() {
            self.cut |= growing.place.done < growing.branch.inputs.len();
            self.add(growing);
        }
        self.stage = Stage::Seeks;
    }

    /// The run as far as it was replayed.
    pub fn end(mut self) -> Read {
        self.cut_off();
        self.go_on(&mut || true);
        let Reading { history, found, unread, held, cut, mut differs, .. } = self;
        differs |= found.digest.is_some_and(|digest| digest != history.present.sim().digest().0);
        Read { history, layout: found.layout, unread, held, newer: found.version > VERSION, cut, differs: differs && !cut }
    }

    /// The next branch that is not shown.
    fn next_branch(&mut self) -> Option<Growing> {
        self.growing.take().or_else(|| self.found.others.pop().map(|other| self.history.begin_again_as(other)))
    }

    fn add(&mut self, growing: Growing) {
        let lived = self.history.add_lived(growing.branch, growing.place);
        self.differs |= growing.digest.is_some_and(|digest| lived.head().is_some_and(|head| head.sim().digest().0 != digest));
    }
}

/// What has been read so far of a run, or of one of its branches.
#[derive(Default)]
struct Found {
    version: u32,
    seed: u64,
    release: Option<&'static Release>,
    /// Whether its nodes are the recordings' stand-ins.
    recorder: bool,
    standing: Option<Start>,
    /// When the run starts.
    start: Time,
    /// From which instant its time is counted, where that is another one.
    zero: Option<Time>,
    id: u32,
    origin: Option<Origin>,
    shared: usize,
    twin: Option<u32>,
    /// Whether the branch has a text in its editor of its own.
    own_text: bool,
    run: Run,
    /// How many of the inputs are those of the branch shown.
    kept: usize,
    at: Time,
    digest: Option<u64>,
    /// The branches that are not shown, the one left longest ago first.
    others: Vec<Found>,
    beside: Option<u32>,
    layout: String,
    /// Whether inputs are left out, because there are too many.
    cut: bool,
}

impl Found {
    /// Reads a line; `None` if it is not understood.
    fn take(&mut self, line: &str, lang: Lang, stand: Stand) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "ordinal" => self.version = rest.parse().ok()?,
            // For whoever looks for the page that a run comes from; a differing model is detected by the result.
            "model" => {}
            "seed" => self.seed = rest.parse().ok()?,
            "release" => self.release = Some(Release::named(rest)?),
            "nodes" => self.recorder = (rest == "recorder").then_some(true)?,
            "cluster" => self.take_cluster(rest, stand)?,
            "zero" => self.zero = Some(Time(rest.parse().ok()?)),
            "branch" => self.take_identity(rest)?,
            "twin" => self.twin = Some(rest.parse().ok()?),
            "text" => self.own_text = true,
            "edit" => self.run.manifest = unescape(rest).into(),
            "do" | "queue" | "stop" | "save" => self.take_input(word, rest, lang)?,
            "end" => self.run.end = self.run.end.max(Time(rest.parse().ok()?)),
            "at" => self.at = Time(rest.parse().ok()?),
            "digest" => self.digest = Some(rest.parse().ok()?),
            OTHER => self.take_of_other(rest, lang)?,
            "beside" => self.beside = Some(rest.parse().ok()?),
            "layout" => self.layout = unescape(rest),
            _ => return None,
        }
        Some(())
    }

    /// Reads the cluster that stands at the start, before anything that is done in it.
    fn take_cluster(&mut self, rest: &str, stand: Stand) -> Option<()> {
        if self.standing.is_some() || !self.run.inputs.is_empty() || !self.others.is_empty() {
            return None;
        }
        let text = unescape(rest);
        let sim = stand(&text)?;
        self.start = sim.now();
        self.standing = Some(Start { text: text.into(), sim: Rc::new(sim) });
        Some(())
    }

    /// Reads which branch it is: its number and, if it left another one, that one's number, when, and after how many inputs.
    fn take_identity(&mut self, rest: &str) -> Option<()> {
        let mut words = rest.split(' ');
        self.id = words.next()?.parse().ok().filter(|id| (1..=MAX_IDS).contains(id))?;
        if let Some(branch) = words.next() {
            self.origin = Some(Origin { branch: branch.parse().ok()?, at: Time(words.next()?.parse().ok()?) });
            self.shared = words.next()?.parse().ok()?;
        }
        Some(())
    }

    /// Reads a line of a branch that is not shown; its first one says which it is.
    fn take_of_other(&mut self, line: &str, lang: Lang) -> Option<()> {
        match line.split_once(' ')? {
            ("branch", rest) => {
                let mut other = Found { release: self.release, start: self.start, ..Found::default() };
                let is_named = other.take_identity(rest).is_some() && self.ids().all(|id| id != other.id);
                let is_read = is_named && self.ids().count() < MAX_BRANCHES;
                if is_read {
                    self.others.push(other);
                } else if self.others.last().is_none_or(|last| last.id != NOBODY) {
                    self.others.push(Found { id: NOBODY, ..other });
                }
                is_read.then_some(())
            }
            ("keep", count) => {
                let other = self.others.last_mut().filter(|other| other.id != NOBODY && other.run.inputs.is_empty())?;
                other.run.inputs = self.run.inputs.get(..count.parse().ok()?)?.to_vec();
                other.kept = other.run.inputs.len();
                other.run.manifest = other.run.inputs.last().map(|last| Rc::clone(&last.manifest)).unwrap_or_default();
                Some(())
            }
            (OTHER, _) => None,
            _ => self.others.last_mut().filter(|other| other.id != NOBODY)?.take(line, lang, &|_| None),
        }
    }

    /// The numbers of the branches that can be read.
    fn ids(&self) -> impl Iterator<Item = u32> {
        [self.id].into_iter().chain(self.others.iter().map(|other| other.id)).filter(|id| *id != NOBODY)
    }

    /// Reads an input: when, in which terminal, and the line.
    fn take_input(&mut self, word: &str, rest: &str, lang: Lang) -> Option<()> {
        let (at, rest) = rest.split_once(' ')?;
        let (tab, line) = rest.split_once(' ').unwrap_or((rest, ""));
        let act = match word {
            "do" => Act::Line(unescape(line)),
            "queue" => Act::Queue(unescape(line)),
            "save" => Act::Save(unescape(line)),
            _ => Act::Interrupt,
        };
        let tab = tab.parse().ok().filter(|tab| *tab < MAX_TERMINALS)?;
        if self.run.inputs.len() == MAX_INPUTS {
            self.cut = true;
            return Some(());
        }
        self.run.push(Time(at.parse().ok()?).clamp(self.start, self.start + LONGEST), tab, act, lang);
        Some(())
    }
}

impl History {
    /// The beginning of a branch that was read and is not shown: what it has in common with the one shown.
    fn begin_again_as(&mut self, found: Found) -> Growing {
        let release = self.release_for(found.release.unwrap_or(self.setup.release));
        let Run { manifest, inputs, end } = found.run;
        let own = inputs.get(found.kept).map_or(end, |input| input.at);
        let base = if release == self.branch().release {
            self.branch().begin(found.id, own, found.kept.min(self.done))
        } else {
            Branch::first(&self.beginning(release, &manifest), release)
        };
        let text = found.own_text.then(|| manifest.to_string());
        let branch = Branch { id: found.id, origin: found.origin, shared: found.shared, twin: found.twin, text, inputs, ..base };
        self.counted = self.counted.max(found.id);
        let until = end.min(self.start() + LONGEST);
        Growing { place: BranchAt::last_of(&branch, until), branch, until, digest: found.digest }
    }
}

/// A text as a single line.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// The inverse of [`escape`].
fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        let escaped = if letter == '\\' { rest.next() } else { None };
        text.push(match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            other => other.unwrap_or(letter),
        });
    }
    text
}
