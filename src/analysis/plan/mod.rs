//! What a change will do: it is tried on a copy of the world, and what the copy does is told before anybody does it.
//!
//! ```text
//!   a world ─┬─▶ Trial: the change is typed ──until quiet──▶ Course: watched sets, why, refused, notes, end ─▶ Plan ──told──▶ text, JSON
//!            ├─▶ Trial: the same done otherwise ───────────▶ Course, a row each
//!            └─▶ Trial: a way round what was refused ──────▶ Course, offered if it ended well
//! ```
//!
//! **No second rule book.** What happens is what the copy's components do ([`watch`] reads it from the log of writes); why is what they
//! decided; what a world that ends stuck waits for is [`intake::verdict`]'s answer, from the code that diagnoses pasted clusters, unless
//! one constraint of the manifest decides, which the scheduler of the copy says ([`causes::unplaced`]).
//!
//! **The cluster of a manifest** is bare nodes ([`case`]). What its files do not bring is missing in the first answer. A second answer
//! has exactly that ([`lack`]).
//!
//! **"As it should be"** is said only where names resolve, data is where the pods are, claims are what their template
//! asks for, and nobody writes twice ([`notes`], `claims`).
//!
//! Promises: plain data; the same world and the same change give the same plan; the world that is asked about is never touched; work
//! comes in pieces ([`Planner::step`]) that are bounded.
//! Must not know: files, clocks, the page.
//! Not modelled: pods of Deployments are not told of.

pub mod agree;
pub mod asked;
mod beside;
mod budgets;
pub mod by;
pub mod bytes;
pub mod case;
mod claims;
mod comes_back;
pub mod course;
mod detached;
pub mod documents;
mod drained;
pub mod ends;
pub mod fact;
pub mod fault;
mod follows;
mod gentler;
pub mod given;
pub mod guess;
mod initial;
pub mod lack;
mod lacks;
pub mod manifest;
pub mod matter;
mod members;
pub mod needs;
pub mod notes;
pub mod places;
mod probe_kills;
pub mod refusal;
pub mod report;
mod scalers;
pub mod shared;
mod sizes;
mod standing;
mod taken;
pub mod told;
pub mod trial;
mod unjudged;
mod unknown_user;
mod waited;
pub mod watch;
mod ways;

use std::collections::VecDeque;
use std::rc::Rc;

use base::slices::{Slices, Work};
use base::time::{Span, Time};
use course::{Act, Course, End};
use fact::Fact;
use fault::Fault;
use intake::World;
use intake::verdict::{Report, Verdict, report_by};
use lack::Lack;
use playground::Playground;
use refusal::Fixed;
use text::plan::Says;
pub use text::plan::Way;
use tools::asked::Asked;
use trial::Trial;
use ways::Wanted;
use why::Family;

/// A change that is looked at before it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A manifest, as `kubectl apply -f` applies it.
    Manifest(String),
    /// What a tool is asked to install.
    By(Rc<Asked>),
    /// Lines typed into a terminal, one after the other, whether or not one before failed.
    Lines(Vec<String>),
}

impl Change {
    /// What is done.
    fn acts(&self) -> Vec<Act> {
        match self {
            Change::Lines(lines) => lines.iter().cloned().map(Act::Line).collect(),
            Change::Manifest(_) | Change::By(_) => self.manifest().into_iter().collect(),
        }
    }

    /// The act that applies a manifest, where one is applied.
    fn manifest(&self) -> Option<Act> {
        match self {
            Change::Manifest(text) => Some(Act::Apply(text.as_str().into())),
            Change::By(asked) => Some(Act::By(Rc::clone(asked))),
            Change::Lines(_) => None,
        }
    }
}

base::named! {
    /// How bad what a plan says is, the least first.
    Finding {
        /// No pod of a set is Ready for some time, or no majority.
        Unavailable "unavailable",
        /// Something decides of which nobody here can tell whether it goes well.
        Unjudged "unjudged",
        /// Members that need a majority have none for some time, or all pods of a set are away at once.
        Quorum "quorum",
        /// It ends where somebody has to act, or not at all.
        Stuck "stuck",
        /// Something of it was refused.
        Refused "refused",
        /// A volume goes.
        Data "data",
    }
}

/// What a change will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub change: Change,
    /// When it would be made.
    pub at: Time,
    pub given: Course,
    /// Sets whose immutable fields the change touches.
    pub fixed: Vec<Fixed>,
    /// Ways round what was refused, as they were tried.
    pub rounds: Vec<Course>,
    /// Other ways to roll out the same.
    pub ways: Vec<Course>,
    /// What the world waits for where the change leaves it stuck, and what would free it.
    pub waits: Vec<Verdict>,
    /// What was taken to be so in the cluster that a manifest is for.
    pub assumed: Vec<Fact>,
    /// What was added to the cluster, as no file brings it, in the order in which pods meet it.
    pub added: Vec<Lack>,
    /// Whether how the change goes hangs on it: the files would have to bring it, or only the change asks for it.
    pub hangs_on_added: bool,
    /// What the change does as the files stand, where something was added.
    pub bare: Option<Box<Plan>>,
    /// What the server refused of the text before the change: it is left out.
    pub left_out: Vec<Fault>,
}

impl Plan {
    /// What comes of the lines where whoever types them stops at the first that fails.
    pub fn stopped(&self) -> Option<&Course> {
        self.rounds.iter().find(|course| course.way == Way::Stops)
    }

    /// That, and what comes of taking over what others own. Neither is offered as a way round.
    pub(crate) fn beside(&self) -> impl Iterator<Item = &Course> {
        self.rounds.iter().filter(|course| is_beside(course.way))
    }

    /// What is bad about it, the least first.
    pub fn findings(&self) -> Vec<Finding> {
        let outcome = &self.given.outcome;
        let is_so = |finding: &Finding| match finding {
            Finding::Unavailable => outcome.sets.iter().any(course::SetCourse::is_unavailable),
            Finding::Unjudged => {
                let is_open = outcome.notes.iter().any(matter::is_unjudged) || !outcome.stay.is_empty();
                is_open || self.hangs_on_added
            }
            Finding::Quorum => {
                let together = outcome.notes.iter().any(|says| matches!(says, Says::AtOnce { .. }));
                together || outcome.sets.iter().any(|set| !set.is_gone() && set.is_away_at_once())
            }
            Finding::Stuck => outcome.end >= End::Amiss,
            Finding::Refused => outcome.refused.iter().any(course::Refused::by_server),
            Finding::Data => outcome.loses() || self.bare.as_ref().is_some_and(|bare| bare.given.outcome.loses()),
        };
        Finding::ALL.into_iter().filter(is_so).collect()
    }

    /// The ways round that come to an end; of those after which something is left to do, the first.
    pub fn offered(&self) -> impl Iterator<Item = &Course> {
        let ends = |course: &&Course| {
            let is_round = !is_beside(course.way) && course.outcome.refused.is_empty() && course.outcome.end <= End::Amiss;
            is_round && (!gentler::is_gentler(course.way) || gentler::harm(&course.outcome) < gentler::harm(&self.given.outcome))
        };
        let first = self.rounds.iter().filter(ends).position(|course| course.outcome.end == End::Amiss);
        let is_offered = move |(at, course): &(usize, &Course)| course.outcome.end != End::Amiss || Some(*at) == first;
        self.rounds.iter().filter(ends).enumerate().filter(is_offered).map(|(_, course)| course)
    }
}

/// Whether a way goes round what was refused, or is stuck.
fn is_round(way: Way) -> bool {
    use Way::{Anew, Forced, NoRolling, OneHandler, Orphan, OrphanRenew, Owned, OwnedForced, Prepared, Renew, Resize, Restart, Stops};
    let is_named = matches!(
        way,
        Anew | Forced | NoRolling | OneHandler | Orphan | OrphanRenew | Owned | OwnedForced | Restart | Resize | Renew | Prepared | Stops
    );
    is_named || gentler::is_gentler(way)
}

/// Whether a course only tells what else may come of the lines.
fn is_beside(way: Way) -> bool {
    matches!(way, Way::Forced | Way::Owned | Way::OwnedForced | Way::Stops)
}

/// How far a planner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Going {
        /// How many courses were tried.
        done: usize,
        /// How many are known to be tried.
        of: usize,
        /// How much virtual time has passed in the one that is being tried.
        passed: Span,
    },
    Done,
}

/// A plan that is being made.
pub struct Planner {
    before: Rc<Playground>,
    change: Change,
    trial: Option<Trial>,
    left: VecDeque<Wanted>,
    /// The courses that were tried, the given one first.
    tried: Vec<Course>,
    fixed: Vec<Fixed>,
    slices: Slices,
    /// The diagnosis of the given world at its end.
    diagnosis: Option<Work<Report>>,
    waits: Vec<Verdict>,
    /// What the world may lack. If a set waits at the end of the given course and some of it is not there by then, no other way is tried.
    lacks: Vec<Lack>,
}

impl Planner {
    /// Begins to plan a change of the world as it stands.
    pub fn new(before: &Playground, change: &Change) -> Planner {
        Planner::sliced(before, change, Slices::WHOLE)
    }

    /// The same, where a diagnosis rests between slices.
    pub fn sliced(before: &Playground, change: &Change, slices: Slices) -> Planner {
        let before = Rc::new(before.clone());
        let trial = Some(Trial::new(&before, Way::AsGiven, change.acts()));
        Planner {
            before,
            change: change.clone(),
            trial,
            left: VecDeque::new(),
            tried: Vec::new(),
            fixed: Vec::new(),
            slices,
            diagnosis: None,
            waits: Vec::new(),
            lacks: Vec::new(),
        }
    }

    /// The same in a world that lacks what nobody brings.
    #[must_use]
    pub fn lacking(self, lacks: Vec<Lack>) -> Planner {
        Planner { lacks, ..self }
    }

    /// Does a piece of work: some hundred events, or a slice of a diagnosis.
    pub fn step(&mut self) -> Progress {
        if let Some(diagnosis) = &mut self.diagnosis {
            if let Some(report) = diagnosis.slice() {
                self.diagnosis = None;
                self.waits = report.verdicts;
                self.waits.retain(|verdict| verdict.family() != Family::NotStuck);
            }
        } else if let Some(trial) = &mut self.trial {
            if trial.step() {
                self.take();
            }
        } else if let Some((way, acts)) = self.left.pop_front() {
            self.trial = Some(Trial::new(&self.before, way, acts));
        } else {
            return Progress::Done;
        }
        let passed = self.trial.as_ref().map_or(Span(0), Trial::passed);
        let going = usize::from(self.trial.is_some());
        Progress::Going { done: self.tried.len(), of: self.tried.len() + self.left.len() + going, passed }
    }

    /// The course that is being tried.
    pub fn trial(&self) -> Option<&Trial> {
        self.trial.as_ref()
    }

    /// The given course, as soon as it was tried.
    pub fn given(&self) -> Option<&Course> {
        self.tried.first()
    }

    /// Takes a course that was tried.
    fn take(&mut self) {
        let Some(trial) = self.trial.take() else { return };
        let is_given = self.tried.is_empty();
        let sim = is_given.then(|| trial.sim().clone());
        let course = trial.finish();
        if let Some(sim) = &sim {
            self.lacks = Lack::left(std::mem::take(&mut self.lacks), sim);
        }
        if is_given {
            let stuck = sim.filter(|_| matches!(course.outcome.end, End::Stuck));
            self.diagnosis = stuck.map(|sim| {
                let mut world = World::live(sim);
                world.slices = self.slices;
                report_by(if self.lacks.is_empty() { world } else { world.untried() })
            });
        }
        if !self.lacks.is_empty() {
            return self.tried.push(course);
        }
        if is_given {
            if let Some(act) = self.change.manifest() {
                self.fixed = refusal::fixed(&self.before, act.text().map_or("", |text| text), &course.outcome);
                self.left.extend(ways::rounds(&self.before, &act, &self.fixed));
            }
            if course.outcome.refused.is_empty() {
                if course.outcome.end == End::Stuck {
                    self.left.extend(ways::renewals(&self.before, &course));
                }
                self.left.extend(ways::with_bad_images(&course).into_iter().chain(ways::ways(&self.before, &course)));
            }
        }
        if is_given {
            self.left.extend(gentler::ways(&self.before, &course));
            self.left.extend(ways::stopped(&course));
            self.left.extend(refusal::owned(&course));
        }
        // What is taken over may be refused for its fields in turn.
        if is_given || course.way == Way::Owned {
            self.left.extend(refusal::forced(&course));
        }
        if course.way != Way::Prepared {
            self.left.extend(ways::prepared(&self.before, &course));
        }
        if is_given {
            self.left.extend(ways::without_rolling(&course).into_iter().chain(ways::with_one_handler(&self.before, &course)));
        }
        if course.way == Way::Orphan && course.outcome.end == End::Stuck && course.outcome.refused.is_empty() {
            ways::renewals(&self.before, &course).into_iter().rev().for_each(|wanted| self.left.push_front(wanted));
        }
        // With fewer pods deleted, no more need be.
        if [Way::Renew, Way::OrphanRenew].contains(&course.way) && course.outcome.end == End::Settled {
            self.left.retain(|(way, _)| *way != course.way);
        }
        self.tried.push(course);
        self.try_anew();
    }

    /// Goes on to the way that leaves no pod running, where no other way round has ended well.
    fn try_anew(&mut self) {
        let goes_round = |way: Way| matches!(way, Way::Orphan | Way::OrphanRenew | Way::Restart | Way::Resize);
        let is_open = self.left.iter().any(|(way, _)| goes_round(*way)) || self.fixed.is_empty();
        let ends_well = |course: &Course| goes_round(course.way) && course.outcome.end == End::Settled && course.outcome.refused.is_empty();
        let is_tried = self.tried.iter().any(|course| course.way == Way::Anew || ends_well(course));
        if let Some(act) = self.change.manifest()
            && !is_open
            && !is_tried
            && !self.left.iter().any(|(way, _)| *way == Way::Anew)
        {
            self.left.push_back(ways::anew(&self.before, &act, &self.fixed));
        }
    }

    /// The plan, made to its end.
    pub fn finish(mut self) -> Plan {
        while self.step() != Progress::Done {}
        let at = self.before.now();
        let mut tried = self.tried.into_iter();
        let given = tried.next().unwrap_or_else(|| Trial::new(&self.before, Way::AsGiven, Vec::new()).finish());
        let (rounds, ways): (Vec<Course>, Vec<Course>) = tried.partition(|course| is_round(course.way));
        // A variant that is itself refused is none.
        let ways = ways.into_iter().filter(|course| course.outcome.refused.is_empty()).collect();
        Plan {
            change: self.change,
            at,
            given,
            fixed: self.fixed,
            rounds,
            ways,
            waits: self.waits,
            assumed: Vec::new(),
            added: self.lacks,
            hangs_on_added: false,
            bare: None,
            left_out: Vec::new(),
        }
    }
}

/// What a change of the world as it stands will do.
pub fn of(before: &Playground, change: &Change) -> Plan {
    Planner::new(before, change).finish()
}
