//! The timeline: a row per pod, a bar per state it was in, and flags for notable events.
//!
//! Folded from the log, so that drawing a long story costs no more than its newest line.

use std::rc::Rc;

use super::lanes::Lanes;
use super::zero::Zero;
use super::{Glyph, Hue, Mark, content};
use api::kind::Kind;
use api::object::{Name, NamespacedName, Node, Object, ObjectKey, Pod};
use base::hash::Digest;
use base::sorted::{SortedMap, SortedSet};
use base::stretch::{Stretch, lasting, turn};
use base::time::{self, Time};
use base::word::Word;
use causes::pod::{PodState, pod_word};
use cluster::inside::replicated::Replicated;
use cluster::inside::{Content, Holder, Losses};
use server::log::Change;
use text::Text;

/// How many events are kept; the oldest are dropped.
const EVENTS_KEPT: usize = 200;
/// The ruler is at least this much longer than a story whose end is not known: four to three.
const STORY: (u64, u64) = (4, 3);
/// The possible lengths of a ruler in milliseconds, with the distance of its marks.
const RANGES: [(u64, u64); 11] = [
    (40_000, 5_000),
    (60_000, 10_000),
    (120_000, 15_000),
    (300_000, 30_000),
    (600_000, 60_000),
    (1_200_000, 120_000),
    (2_400_000, 300_000),
    (10_800_000, 1_800_000),
    (43_200_000, 7_200_000),
    (172_800_000, 21_600_000),
    (1_209_600_000, 172_800_000),
];

/// A period of a pod's or a node's life.
pub type Span = Stretch<PodState>;

/// An event with a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unique, even across branches: a hash of all the moments up to this one.
    pub id: u64,
    /// When it happened.
    pub at: Time,
    pub mark: Mark,
    pub what: Happening,
    /// The objects that it is about, the first before all others.
    pub about: Vec<ObjectKey>,
}

/// What a flag stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A pod or a node came to be so, in Kubernetes' words.
    Becomes(Word),
    /// A pod leads the application of its set.
    Leads,
    /// The application of a set has no leader.
    HasNoLeader,
    /// A pod is not Ready any more.
    Unready,
    /// What was written is gone.
    Lost(Content),
    /// The visitor acted: a line's label.
    Command(String),
}

impl Moment {
    /// Its label: `web-0 Ready`, `apply`.
    pub fn label(&self, text: &Text) -> String {
        let name = self.about.first().map_or("", |key| &*key.name);
        match &self.what {
            Happening::Becomes(word) => format!("{name} {word}"),
            Happening::Leads => text.application.has_lead(name),
            Happening::HasNoLeader => text.application.lost_lead(name),
            Happening::Unready => text.cluster.became_unready(name),
            Happening::Lost(content) => text.storage.lost_of(name, &content::told(content, text)),
            Happening::Command(label) => label.clone(),
        }
    }

    /// Whether it was an action of the visitor.
    pub fn is_command(&self) -> bool {
        matches!(self.what, Happening::Command(_))
    }

    /// Whether it is commonplace in a large set: a pod's change of state that is not for the worse.
    pub fn is_usual(&self) -> bool {
        let of_pod = self.about.first().is_some_and(|key| key.kind == Kind::Pod);
        of_pod && self.mark.0 != Glyph::Bad && matches!(self.what, Happening::Becomes(_))
    }
}

/// A branch of the run, as the page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its number.
    pub id: u32,
    /// Its label: when and with what it began.
    pub label: String,
    /// Whether it is the branch shown.
    pub shown: bool,
    /// Whether it is the branch beside the one shown.
    pub beside: bool,
}

/// One pod's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// The states of all pods with this name.
    pub spans: Vec<Span>,
    /// The claims that its pod has to itself: those with its name in theirs.
    pub own: Vec<String>,
    /// The periods during which it had a bound claim.
    pub claim: Vec<Stretch>,
}

impl Track {
    /// The row as one sentence: `Pending 0:00, Running 0:04`.
    pub fn spoken(&self, zero: Zero) -> String {
        let span = |span: &Span| format!("{} {}", span.state.word(), zero.label(span.from));
        self.spans.iter().map(span).collect::<Vec<_>>().join(", ")
    }
}

/// Everything on the timeline except the playhead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// How many changes of the log have been taken in.
    read: usize,
    changes: u64,
    told: Digest,
    /// Rows, by pod. Shared, so that a copy of the world does not copy its story.
    tracks: SortedMap<NamespacedName, Rc<Track>>,
    /// The bound claims.
    bound: SortedSet<NamespacedName>,
    /// The leader of each set's application, and how often it may have changed.
    leaders: Vec<(NamespacedName, Option<Name>)>,
    turns: u64,
    /// How many losses have been taken in.
    losses: usize,
    moments: Vec<Moment>,
    lanes: Lanes,
}

impl Timeline {
    /// How many visible changes there have been.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The position in the log up to which it has read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Takes in the log's changes from [`Timeline::read`] on.
    pub fn take<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) {
        for change in changes {
            self.read += 1;
            let is_there = change.after.is_some();
            match change.object() {
                Some(Object::Pod(pod)) => self.pod_changed(pod, is_there, change.at),
                Some(Object::Node(node)) => self.node_changed(&node.meta.name, is_there.then_some(&**node), change.at),
                _ => self.claim_changed(change),
            }
        }
    }

    /// Records an action of the visitor, and what it acted on.
    pub fn command(&mut self, label: String, about: Vec<ObjectKey>, at: Time) {
        self.moment(Mark(Glyph::Flag, Hue::Ink), Happening::Command(label), about, at);
    }

    /// Takes in the current leaders.
    pub fn take_leaders(&mut self, all: &Replicated, at: Time) {
        if all.turns() == self.turns {
            return;
        }
        self.turns = all.turns();
        let leaders = all.leaders();
        self.changes += u64::from(leaders != self.leaders);
        for (group, leader) in &leaders {
            let key = |kind, name| vec![ObjectKey::new(kind, &group.namespace, name)];
            match (leader, self.leaders.iter().find(|(known, _)| known == group).and_then(|(_, leader)| leader.clone())) {
                (Some(pod), before) if before.as_ref() != Some(pod) => {
                    self.moment(Mark(Glyph::Ready, Hue::Ready), Happening::Leads, key(Kind::Pod, pod), at);
                }
                (None, Some(_)) => {
                    let about = key(Kind::StatefulSet, &group.name);
                    self.moment(Mark(Glyph::Pending, Hue::Wait), Happening::HasNoLeader, about, at);
                }
                _ => {}
            }
        }
        self.leaders = leaders;
    }

    /// Takes in what was lost: at the pod that used it, and else at the claim.
    pub fn take_losses(&mut self, all: &Losses) {
        for lost in all.after(self.losses) {
            let about = match &lost.of {
                Holder::Pod(pod, _) => vec![ObjectKey::new(Kind::Pod, &pod.namespace, &pod.name)],
                Holder::Claim(claim) => {
                    let uses = |(pod, track): &(&NamespacedName, &Rc<Track>)| {
                        pod.namespace == claim.namespace && track.own.iter().any(|own| **own == *claim.name)
                    };
                    let pod = self.tracks.iter().find(uses).map(|(pod, _)| ObjectKey::new(Kind::Pod, &pod.namespace, &pod.name));
                    let claim = ObjectKey::new(Kind::PersistentVolumeClaim, &claim.namespace, &claim.name);
                    pod.into_iter().chain([claim]).collect()
                }
            };
            self.changes += 1;
            self.moment(Mark(Glyph::DiskLost, Hue::Danger), Happening::Lost(lost.content.clone()), about, lost.at);
        }
        self.losses = all.count();
    }

    /// The row of a pod.
    pub fn track(&self, namespace: &str, pod: &str) -> Track {
        self.tracks.get(&NamespacedName::of(namespace, pod)).map(|track| (**track).clone()).unwrap_or_default()
    }

    /// The flags, oldest first.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// The lanes other than pods'.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// The last visible change before an instant; the start if there is none.
    pub fn before(&self, at: Time) -> Time {
        let spans = self.tracks.values().flat_map(|track| &track.spans).flat_map(|span| [Some(span.from), span.to]);
        let moments = self.moments.iter().map(|moment| Some(moment.at));
        spans.chain(moments).flatten().filter(|when| *when < at).max().unwrap_or_default()
    }

    fn pod_changed(&mut self, pod: &Pod, is_there: bool, at: Time) {
        let key = pod.meta.namespaced_name();
        let word = is_there.then(|| pod_word(pod, false));
        let state = word.as_ref().map(|word| word.state);
        let was = self.tracks.get(&key).and_then(|track| lasting(&track.spans));
        if state == was {
            return;
        }
        let suffix = format!("-{}", key.name);
        let own: Vec<&Name> = pod.claim_volumes().map(|v| &v.claim).filter(|claim| claim.ends_with(&suffix)).collect();
        let kept = own.iter().any(|claim| self.bound.contains(&NamespacedName::new(&key.namespace, claim)));
        let track = Rc::make_mut(self.tracks.entry(key).or_default());
        if kept && track.spans.is_empty() {
            turn(&mut track.claim, Some(()), at);
        }
        track.own = own.iter().map(ToString::to_string).collect();
        turn(&mut track.spans, state, at);
        self.lanes.pod_changed(pod, was, state, at);
        self.changes += 1;
        let Some(word) = word else { return };
        let what = match word.state {
            PodState::Pending | PodState::Creating | PodState::Unknown => return,
            PodState::Running if was == Some(PodState::Ready) => Happening::Unready,
            PodState::Ready => Happening::Becomes("Ready".into()),
            _ => Happening::Becomes(word.word),
        };
        self.moment(word.state.mark(), what, vec![pod.key()], at);
    }

    fn node_changed(&mut self, name: &Name, node: Option<&Node>, at: Time) {
        if let Some(state) = self.lanes.node_changed(name, node, at) {
            let (mark, word) = match state {
                PodState::Ready => (Mark(Glyph::Node, Hue::Ready), "Ready"),
                _ => (Mark(Glyph::NodeSilent, Hue::Gone), "NotReady"),
            };
            self.changes += 1;
            self.moment(mark, Happening::Becomes(word.into()), vec![ObjectKey::global(Kind::Node, name)], at);
        }
    }

    fn claim_changed(&mut self, change: &Change) {
        let key = change.key.namespaced_name();
        let was = self.bound.contains(&key);
        let is = change.after.as_ref().and_then(Object::as_claim).is_some_and(|claim| claim.bound());
        if was == is {
            return;
        }
        let (namespace, name) = (Rc::clone(&key.namespace), Rc::clone(&key.name));
        if is {
            self.bound.insert(key);
        } else {
            self.bound.remove(&key);
        }
        // A claim's name ends in its pod's name; the row appears with whichever of the two comes first.
        for pod in name.match_indices('-').map(|(dash, _)| &name[dash + 1..]).filter(|rest| rest.contains('-')) {
            let Some(track) = self.tracks.get_mut(&NamespacedName::of(&namespace, pod)) else { continue };
            if track.own.iter().any(|own| **own == *name) {
                let is_bound = |own: &String| self.bound.contains(&NamespacedName::of(&namespace, own));
                let has_one = track.own.iter().any(is_bound);
                turn(&mut Rc::make_mut(track).claim, has_one.then_some(()), change.at);
            }
        }
    }

    fn moment(&mut self, mark: Mark, what: Happening, about: Vec<ObjectKey>, at: Time) {
        self.told.text(about.first().map_or("", |key| &*key.name));
        match &what {
            Happening::Becomes(word) => self.told.text(word),
            Happening::Command(label) => self.told.text(label),
            Happening::Lost(Content::Line(word) | Content::File(word)) => self.told.text(word),
            Happening::Leads | Happening::HasNoLeader | Happening::Unready | Happening::Lost(_) => {}
        }
        self.told.word(at.0);
        self.moments.push(Moment { id: self.told.0, at, mark, what, about });
        if self.moments.len() > EVENTS_KEPT {
            // The visitor's actions are kept longest.
            let first = self.moments.iter().position(Moment::is_usual).unwrap_or(0);
            self.moments.remove(first);
        }
    }
}

/// The ruler of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruler {
    /// The instant at its left end: the zero of the run.
    pub from: Time,
    pub length: time::Span,
    /// The distance of its marks.
    pub step: time::Span,
}

impl Ruler {
    /// How far an instant is from the left end, where the whole has so many units. What is before it counts as the left end.
    pub fn place(self, at: Time, units: u64) -> u64 {
        self.part(at.since(self.from), units)
    }

    /// How far an instant is from the right end.
    pub fn from_right(self, at: Time, units: u64) -> u64 {
        self.part((self.from + self.length).since(at).min(self.length), units)
    }

    /// The zero of the run that it measures.
    pub fn zero(self) -> Zero {
        Zero(self.from)
    }

    /// The label of an instant: `0:05`, `-1:00`.
    pub fn label(self, at: Time) -> String {
        self.zero().label(at)
    }

    /// The instants of its marks.
    pub fn marks(self) -> impl Iterator<Item = Time> {
        (0..=self.length.0 / self.step.0.max(1)).map(move |mark| self.from + time::Span(mark * self.step.0))
    }

    /// The instant at a place.
    pub fn at(self, place: u64, units: u64) -> Time {
        self.from + time::Span(self.length.0 * place / units)
    }

    fn part(self, span: time::Span, units: u64) -> u64 {
        u64::try_from(u128::from(span.0) * u128::from(units) / u128::from(self.length.0.max(1))).unwrap_or(u64::MAX)
    }
}

/// The ruler for a story that began at one instant and has come to another. Where its end is known, it reaches to the end, and grows once
/// the story goes on.
pub fn ruler(from: Time, now: Time, end: Option<Time>) -> Ruler {
    if let Some(end) = end.filter(|end| *end >= now && *end > from) {
        let length = end.since(from);
        let step = RANGES.iter().find(|(range, _)| *range >= length.0).map_or(length.0, |(_, step)| *step);
        return Ruler { from, length, step: time::Span(step) };
    }
    let wanted = now.since(from).0.saturating_mul(STORY.0) / STORY.1;
    let (mut range, mut step) = RANGES.iter().copied().find(|(range, _)| *range >= wanted).unwrap_or(RANGES[RANGES.len() - 1]);
    while range < wanted && range < u64::MAX / 2 {
        (range, step) = (range * 2, step * 2);
    }
    Ruler { from, length: time::Span(range), step: time::Span(step) }
}

/// How much a moment explains of those that fall on the same place: the cause before what follows from it. The least is the most.
fn rank(moment: &Moment) -> u8 {
    let is_node = moment.about.first().is_some_and(|key| key.kind == Kind::Node);
    match &moment.what {
        Happening::Command(_) => 0,
        Happening::Becomes(_) if is_node => 1,
        Happening::Lost(_) => 2,
        Happening::HasNoLeader => 3,
        Happening::Leads => 4,
        Happening::Becomes(_) if moment.mark.0 == Glyph::Bad => 5,
        Happening::Becomes(_) | Happening::Unready => 6,
    }
}

/// Which moments have room for their label. Of those whose glyphs touch, one is named: the cause, or else the last. Its label ends before
/// the next glyph, and before what has happened ends: at `shown` for what came before that instant, else at `head`.
/// `width_in_characters` is the ruler's width, measured in characters.
pub fn labels_that_fit(moments: &[Moment], text: &Text, ruler: Ruler, width_in_characters: u64, shown: Time, head: Time) -> Vec<bool> {
    /// The width of the glyph and the gaps beside it.
    const GLYPH_IN_CHARACTERS: u64 = 3;
    let place = |at: Time| ruler.place(at, width_in_characters);
    let mut fits = vec![false; moments.len()];
    let mut from = 0;
    while let Some(first) = moments.get(from) {
        let touches = |moment: &&Moment| place(moment.at) < place(first.at) + GLYPH_IN_CHARACTERS;
        let count = moments[from..].iter().take_while(touches).count();
        let next = moments.get(from + count).map_or(width_in_characters, |next| place(next.at));
        let foremost = |named: usize, at: usize| if rank(&moments[at]) <= rank(&moments[named]) { at } else { named };
        let named = (from..from + count).fold(from, foremost);
        let moment = &moments[named];
        let end = next.min(place(if moment.at <= shown { shown } else { head }));
        fits[named] = place(moment.at) + GLYPH_IN_CHARACTERS + width(&moment.label(text)) <= end;
        from += count;
    }
    fits
}

/// How wide a text is in characters of a mono face, in which Hangul takes two.
fn width(text: &str) -> u64 {
    text.chars().map(|letter| if letter >= '\u{1100}' { 2 } else { 1 }).sum()
}
