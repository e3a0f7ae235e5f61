//! What is searched and how far, how far a search is, and what it comes to.

use std::rc::Rc;

use base::time::Span;
use sim::Sim;
use text::risks::{Common, Harm, Rate};

use super::acts::{Deed, kind_of};
use super::course::{Course, Happening, When};
use super::edit::Change;
use super::judge::Shown;
use super::player::Input;
use super::search::share::Share;

/// The greatest depth up to which every course is tried.
pub const EVERY: usize = 2;
/// The longest course.
pub const LONGEST: usize = 6;
/// The most events of each depth, of the shortening, of the changes, and of the lines taken away: about a minute of one core where objects
/// are few.
const MOST: u64 = 4_000_000;
/// So many objects make an event as dear as one more event.
const MANY: u64 = 100;

/// What is searched.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many acts a course has at most.
    pub depth: usize,
    /// For so long a set may be without a Ready pod.
    pub longest: Span,
    /// Of courses of more than one act, only those like these are tried.
    pub only: Option<Vec<Happening>>,
    /// What is known to be shown by these acts, and is no news then.
    pub known: Rc<[(Vec<Deed>, Shown)]>,
    /// Whether courses are shortened, changes of the manifest tried, and lines taken away that protect it.
    pub prevents: bool,
    /// The most events of each depth, of the shortening, of the changes, and of the lines taken away, where objects are few; what does not
    /// fit is left out.
    pub most: u64,
    /// What several workers share that do the same search.
    pub share: Option<Rc<dyn Share>>,
}

impl Default for Options {
    fn default() -> Self {
        Options { depth: EVERY, longest: Span::seconds(60), only: None, known: Rc::new([]), prevents: true, most: MOST, share: None }
    }
}

impl Options {
    /// The most events from a start: of an event where there are many objects, as much is to be done as of several where they are few.
    pub(super) fn bound(&self, start: &Sim) -> u64 {
        self.most / (1 + start.tables().count() as u64 / MANY)
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many courses were visited, or are known to be the same as others; of lines that protect, how many were taken away.
    pub done: usize,
    /// How many there are.
    pub of: usize,
    /// How many acts those have that are being tried.
    pub depth: usize,
    pub phase: Phase,
}

base::named! {
    /// What a search does.
    Phase {
        /// Lets the start come to rest.
        Settles "settles",
        /// Tries every course.
        Tries "tries",
        /// Tries longer courses.
        Wanders "wanders",
        /// Looks for the earliest instants at which the same comes about.
        Shortens "shortens",
        /// Tries changes of the manifest.
        Prevents "prevents",
        /// Takes lines away that protect.
        Protects "protects",
        Done "done",
    }
}

/// What was covered of a depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// How many courses there are.
    pub courses: usize,
    /// How many were run.
    pub visited: usize,
    /// How many lead to a state that was known.
    pub same: usize,
    /// How many were left out, as the search came to its bound.
    pub left_out: usize,
    /// How many of those that were run never came to rest.
    pub restless: usize,
}

/// What is known of what prevents a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prevention {
    /// The smallest change that does.
    pub change: Option<Change>,
    /// The changes that were tried and do not.
    pub in_vain: Vec<Change>,
    /// Of those, one that does, and the worst of what it brings about, which is worse.
    pub trade: Option<(Change, Shown)>,
    /// Whether further changes were left out, as the search came to its bound.
    pub is_cut: bool,
}

/// Something that can go wrong, by the shortest course that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub shown: Shown,
    pub acts: Happening,
    /// The same as everything that is typed from an empty cluster on, or from the pasted one; those of the start first.
    pub inputs: Vec<Input>,
    /// How many of them are the start's.
    pub start: usize,
    /// How many courses show it.
    pub courses: usize,
    /// What prevents it.
    pub prevention: Prevention,
    /// Whether it hangs on disks of nodes, which the cluster is taken to have: with disks that every node reaches it does not occur.
    pub only_on_nodes: bool,
    pub(super) course: Course,
}

impl Finding {
    /// What is done in it.
    pub fn deeds(&self) -> impl Iterator<Item = Deed> {
        self.acts.iter().map(|(deed, ..)| *deed)
    }

    /// Whether two faults come at once: drains are none.
    pub(super) fn is_together(&self) -> bool {
        let at_once = self.acts.iter().skip(1).any(|(_, _, when)| matches!(when, When::AtOnce | When::Soon(_)));
        at_once && self.deeds().any(|deed| deed != Deed::Drained)
    }

    /// How often its triggers are met: as often as the rarest.
    pub fn rate(&self) -> Rate {
        let rates = self.deeds().map(|deed| kind_of(deed).rate);
        if self.is_together() { Rate::Seldom } else { rates.max().unwrap_or(Rate::Always) }
    }

    /// What of it is true of every set, whatever the fields of its manifest say; `None` where it is about this manifest. A field that is
    /// left to its default is one of this manifest.
    pub fn common(&self) -> Option<Common> {
        let is_by = |deed: Deed| self.deeds().any(|known| known == deed);
        let is_helpless = self.prevention.change.is_none();
        match self.shown.kind {
            Harm::Terminating => Some(Common::Silent),
            _ if self.is_together() => Some(Common::Together),
            Harm::DataLost | Harm::VolumeDeleted | Harm::Stuck if is_helpless && is_by(Deed::VolumeLost) => Some(Common::Volume),
            Harm::VolumeDeleted if is_by(Deed::ClaimDeleted) || is_by(Deed::Moved) => Some(Common::Claim),
            Harm::TwoWriters if is_helpless && is_by(Deed::Forced) => Some(Common::Forced),
            _ => None,
        }
    }
}
