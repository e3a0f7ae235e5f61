//! Courses: what is done, and what comes of it.

use std::rc::Rc;

use crate::by::Applied;
use crate::documents::objects_of;
use crate::matter::{costs, is_lost};
use crate::waited::Ended;
use crate::watch::{self, Watched};
use api::kind::Kind;
use api::object::{Name, ObjectKey};
use base::time::{Span, Time};
use base::value::Value;
use causes::blame::Blame;
use causes::remedy::is_held;
use done::Judge;
use server::log::Actor;
use text::diagnose::Told;
use text::plan::{Says, Way};
use tools::asked::Asked;
use why::Reason;

/// Something that is done in a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// An image is taken to do something, by the playground's word for it.
    Image(Name, &'static str),
    /// A manifest is applied, as `kubectl apply -f` does.
    Apply(Rc<str>),
    /// A tool installs what it is asked for.
    By(Rc<Asked>),
    /// A line is typed.
    Line(String),
    /// The rest is done only if, once the world is quiet, as many pods of each set are Ready as before.
    Proof,
}

impl Act {
    /// The manifest that is applied.
    pub fn text(&self) -> Option<&Rc<str>> {
        match self {
            Act::Apply(text) => Some(text),
            Act::By(asked) => Some(&asked.text),
            Act::Image(..) | Act::Line(_) | Act::Proof => None,
        }
    }

    /// The same with another manifest.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Act {
        match self {
            Act::Apply(_) => Act::Apply(text.into()),
            Act::By(asked) => {
                let after: Vec<Value> = objects_of(text);
                Act::By(Rc::new(Asked { text: text.into(), after: after.into(), ..Asked::clone(asked) }))
            }
            other => other.clone(),
        }
    }
}

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The line that was typed.
    pub line: String,
    /// The exact words of the server, of kubectl or of the shell.
    pub said: String,
    /// The line of the manifest that they are about, counted from 1.
    pub at: Option<usize>,
}

/// How the tools begin to say that they failed, and the words of a server within.
const TOOLS_BEGIN: [&str; 3] = ["Error: ", "error: ", "Failed: "];
const REFUSALS: [&str; 4] = ["is invalid: ", " is forbidden: ", "dry-run failed (", "while applying object "];

impl Refused {
    /// Whether the API server refused it, by the words with which kubectl passes a refusal on; all else the client itself did not do.
    pub fn by_server(&self) -> bool {
        let is_status = |line: &str| line.starts_with("Error from server") || line.starts_with("The ") && line.contains("is invalid:");
        // A tool passes the words on within its own.
        let is_passed_on =
            |line: &str| TOOLS_BEGIN.iter().any(|begins| line.starts_with(begins)) && REFUSALS.iter().any(|words| line.contains(words));
        self.said.lines().any(|line| is_status(line) || is_passed_on(line))
    }
}

/// Why a pod went.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// A component decided, by this reason.
    Decided(Reason),
    /// The change itself asked for it.
    Asked,
    /// Somebody else, whose reason nothing tells.
    By(Actor),
}

impl Why {
    /// Whether another pod went for the same reason.
    pub fn is_like(&self, other: &Why) -> bool {
        match (self, other) {
            (Why::Decided(one), Why::Decided(other)) => one.variant() == other.variant(),
            _ => self == other,
        }
    }
}

/// What becomes of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCourse {
    pub watched: Watched,
    /// Why each pod of [`Watched::replaced`] went; `None` of a pod that only came.
    pub why: Vec<Option<Why>>,
    /// The pods that come back on another node only because the scheduler drew it from equally good ones.
    pub drawn: Vec<Name>,
    /// Whether the set that was there is gone at the end, be another in its place or not.
    pub was_deleted: bool,
    /// Its update revision before and after, where the set exists.
    pub revisions: [Option<Name>; 2],
    /// Whether it had pods of two revisions, or was to have, at the beginning.
    pub has_two_revisions: bool,
    /// How many pods it wants at the end.
    pub wanted: i64,
    /// Its partition at the end.
    pub partition: i64,
    /// The first ordinal that a rollout reaches.
    pub first_updated: i64,
    /// Whether it was, and is, what it should be.
    pub well: [bool; 2],
    /// What it waits for at the end.
    pub waits: Option<Blame>,
    /// Pods beyond its ordinals that nobody has asked to go, where it removes one after another.
    pub remain: Vec<Name>,
    /// What keeps its first pod without a node from every node.
    pub unplaced: Option<Says>,
    /// A claim whose volume is where that pod may not go.
    pub beyond: Option<Says>,
    /// Whether the change answers for that wait: the change is about this set, or it did not wait for the same before.
    pub answers: bool,
    /// How the wait of each tool for it ends; `None` where that goes on.
    pub(crate) tools: Vec<(Judge, Option<Ended>)>,
    /// Whether its members need a majority, as far as anybody can tell.
    pub elects: bool,
}

impl SetCourse {
    /// Whether the template of a set that was there changes.
    pub fn rolls_out(&self) -> bool {
        matches!(&self.revisions, [Some(before), Some(after)] if before != after && !before.is_empty())
    }

    /// Whether the set is gone at the end.
    pub fn is_gone(&self) -> bool {
        self.revisions[1].is_none()
    }

    /// Whether the set is gone and pods of it run on.
    pub(crate) fn is_orphaning(&self) -> bool {
        self.is_gone() && self.watched.pods.iter().any(|one| !one.leaving)
    }

    /// Whether members that need a majority had none, or all pods of several were away at once.
    pub(crate) fn is_away_at_once(&self) -> bool {
        let watched = &self.watched;
        self.elects && watched.lost_quorum() && watched.wanted_before > 2 || watched.ready_before > 1 && !watched.dark.is_empty()
    }

    /// Whether no pod of a set that stays is Ready for some time, or no majority.
    pub(crate) fn is_unavailable(&self) -> bool {
        let watched = &self.watched;
        !self.is_gone() && (watched.lost_quorum() || watched.ready_before > 0 && !watched.dark.is_empty())
    }

    /// Whether it waits only for somebody to go on, as it was told to, and each of its pods is Ready.
    pub fn is_held(&self) -> bool {
        let is_asked = |cause: &Blame| is_held(cause.family());
        self.waits.as_ref().is_some_and(is_asked) && self.watched.pods.iter().all(|pod| pod.ready)
    }
}

/// Data that is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    pub volume: Name,
    /// How many bytes containers had written to it.
    pub bytes: usize,
}

base::named! {
    /// Where a course ends.
    End {
        /// Everything is as it should be, or waits for what it waited for before.
        Settled "Settled",
        /// Something waits for somebody to go on, as it was told to.
        Held "Held",
        /// No component waits, and yet not all is as it should be: [`crate::matter::is_amiss`].
        Amiss "Amiss",
        /// A proof was not passed: the rest was not done.
        Stopped "Stopped",
        /// Something waits until somebody acts.
        Stuck "Stuck",
        /// So much goes on happening that it was given up.
        Restless "Restless",
    }
}

/// What comes of a course.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// When it begins and ends.
    pub from: Time,
    pub to: Time,
    pub refused: Vec<Refused>,
    /// The sets to which something happens, or that wait.
    pub sets: Vec<SetCourse>,
    pub lost: Vec<Lost>,
    /// The objects that were told to go and stay, and why.
    pub stay: Vec<(ObjectKey, Told)>,
    /// What people are surprised by.
    pub notes: Vec<Says>,
    /// What the tool did that was asked.
    pub applied: Option<Applied>,
    /// A line that never ended.
    pub blocked: Option<String>,
    pub end: End,
}

/// A course in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub refused: usize,
    /// How many pods went and came back.
    pub replaced: usize,
    /// The lowest number of Ready pods of any one set.
    pub lowest: i64,
    /// The longest time for which one ordinal is not Ready; `None` where one is not Ready at the end.
    pub unready: Option<Span>,
    /// For how long a set has no Ready pod.
    pub dark: Span,
    /// For how long a set has no majority.
    pub below_quorum: Span,
    /// How many claims and volumes go.
    pub lost: usize,
    /// Until the last pod changed.
    pub took: Span,
    pub end: End,
}

/// What is done, and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub way: Way,
    /// What is typed; a manifest that is applied stands between lines as it differs from the given one.
    pub acts: Vec<Act>,
    pub outcome: Outcome,
}

impl Outcome {
    /// The notes: what a tool costs, and the others.
    pub fn by_cost(&self) -> [Vec<&Says>; 2] {
        let (costs, others) = self.notes.iter().partition(|says| self.applied.is_some() && costs(says));
        [costs, others]
    }

    /// The course in one row.
    pub fn summary(&self) -> Summary {
        let all = || self.sets.iter().map(|set| &set.watched);
        let longest = |of: &dyn Fn(&Watched) -> Span| all().map(of).max().unwrap_or_default();
        let away = all().flat_map(|watched| watched.away().map(|row| row.ended(watched.to)));
        let away = away.collect::<Option<Vec<Span>>>().map(|spans| spans.into_iter().max().unwrap_or_default());
        let last = all().filter_map(|watched| watched.steps.last()).map(|step| step.at).max();
        let gone = |watched: &Watched| watched.storage.iter().filter(|one| one.fate.loses()).count();
        Summary {
            refused: self.refused.len(),
            replaced: all().flat_map(|watched| &watched.replaced).filter(|row| row.before.is_some() && row.after.is_some()).count(),
            lowest: all().filter(|watched| watched.ready_before > 0).map(|watched| watched.lowest.0).min().unwrap_or_default(),
            unready: away,
            dark: longest(&|watched| watch::total(&watched.dark, watched.to)),
            below_quorum: longest(&|watched| watch::total(&watched.below_quorum, watched.to)),
            lost: all().map(gone).sum(),
            took: last.map_or(Span(0), |last| last.since(self.from)),
            end: self.end,
        }
    }

    /// The images that are taken to be there.
    pub fn supposed(&self) -> &[Name] {
        self.notes
            .iter()
            .find_map(|says| if let Says::Supposed { images } = says { Some(images.as_slice()) } else { None })
            .unwrap_or_default()
    }

    /// Whether data is gone, or left behind.
    pub(crate) fn loses(&self) -> bool {
        let gone = |one: &watch::Storage| one.fate.loses() && one.key.kind == Kind::PersistentVolume;
        let mut storage = self.sets.iter().flat_map(|set| &set.watched.storage);
        self.notes.iter().any(is_lost) || !self.lost.is_empty() || storage.any(gone)
    }

    /// Whether a pod of a set is made with an image.
    pub fn rolled(&self, image: &Name) -> bool {
        let mut made = self.sets.iter().flat_map(|set| &set.watched.replaced).filter_map(|row| row.after.as_ref());
        made.any(|pod| pod.images.contains(image))
    }

    /// The sets whose template changes.
    pub fn rollouts(&self) -> impl Iterator<Item = &SetCourse> {
        self.sets.iter().filter(|set| set.rolls_out())
    }
}
