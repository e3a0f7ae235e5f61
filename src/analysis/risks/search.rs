//! The search: every course up to a depth, then some longer ones, and what each shows.
//!
//! Promises: a step is bounded; the order, the findings and the coverage are functions of the start and the options; a course is either
//! visited, or known to lead to a state from which the same was tried before, or left out, which is counted: each depth, the shortening,
//! the changes and the lines taken away end after [`Options::most`] events.

mod found;
pub(super) mod mail;
mod settle;
pub mod share;
mod trial;
mod workers;

use std::rc::Rc;

use base::sorted::SortedMap;
use base::value::Value;
use causes::blame::is_well;
use cluster::provisioner::is_on_nodes;
use text::diagnose::Told;
use text::risks::Harm;
use why::Cause;

use super::acts::{Act, Deed, Group};
use super::course::{Course, When, holding, is_single, stages};
use super::courses::Courses;
use super::faults::Found as Fault;
use super::judge::{Detail, Shown, TakenBack, Trialled, together};
use super::outcome::{Covered, EVERY, Finding, Options, Phase, Progress};
use super::player::{Player, State};
use super::prevent::{Before, Prevents};
use super::protect::{Protection, Protects};
use super::same::{identities, print};
use super::start::Start;
use plan::lack::Lack;
use settle::Stuck;
use share::{CourseId, Summary};
use trial::{Held, Outcome, Pace, Part, PartSummary, Rest, Trial, Turn};

/// The causes of waits that peers which are not found may bring about: of processes that run, or end.
const NAMES_MATTER: [Cause; 4] = [Cause::NeverReady, Cause::CrashLoop, Cause::LivenessProbe, Cause::Init];

/// A search that goes on step by step.
#[derive(Clone, Debug)]
pub struct Search {
    start: Start,
    /// The start as it was given, and what was left out of it so that it is not stuck; nothing where it is not.
    asked: Start,
    mended: &'static str,
    /// Why names of pods do not resolve although the start is well.
    nameless: Vec<(Cause, Told)>,
    stuck: Option<Stuck>,
    /// The objects that the server refuses, and those whose version is gone and that are read as their kinds are served. Each has its line.
    left_out: Vec<(usize, Value)>,
    renewed: Vec<(usize, Value)>,
    /// What no file brings, and so was added.
    lacks: Vec<Lack>,
    faults: Vec<Fault>,
    options: Options,
    phase: Phase,
    settling: Option<(Player, bool)>,
    base: Option<State>,
    acts: Vec<Act>,
    courses: Courses,
    /// The course that is being tried, and its number.
    trial: Option<(usize, Trial)>,
    /// Of each act alone: the states with it and after it (`true`), where more acts are tried from there.
    /// Nothing is kept of one that another worker has come to.
    from: SortedMap<(usize, bool), Option<Rc<State>>>,
    /// The states after single acts, by their prints.
    met: SortedMap<u64, ()>,
    /// What courses of more than one act end in, by what decides that ([`Held::ending`]): each is run once.
    ends: SortedMap<u64, PartSummary>,
    /// Which of the searches of one worker this is.
    number: usize,
    /// What came of courses that were run before their turn, while other workers were awaited.
    ahead: SortedMap<CourseId, Outcome>,
    /// The places of the next course: its depth and its number there.
    next: (usize, usize),
    /// The same of the first course that this worker may still claim before its turn.
    looked: (usize, usize),
    /// How far the numbers of courses lie apart of which one follows the other: 1 where all of a depth fit into the bound.
    stride: usize,
    /// How many events there were, and how many before this depth or this phase.
    events: (u64, u64),
    covered: Vec<Covered>,
    tried: Vec<(Course, bool)>,
    findings: Vec<Finding>,
    /// What single acts show, by act: what more acts show beyond it is new.
    alone: Vec<Vec<Shown>>,
    /// The finding that is being shortened, and which wait is tried.
    shortens: (usize, usize),
    /// What changes of the manifest come to.
    prevents: Prevents,
    /// What lines protect.
    protects: Protects,
}

impl Search {
    /// A search that has not begun.
    pub fn new(start: Start, options: Options) -> Search {
        let lacks = start.lacks();
        let start = start.on_nodes(&lacks);
        let player = Player::new(start.begin(), &[]);
        let number = options.share.as_ref().map_or(0, |share| share.begin());
        Search {
            faults: if options.prevents { start.faults(&lacks) } else { Vec::new() },
            lacks,
            asked: start.clone(),
            mended: "",
            nameless: Vec::new(),
            stuck: None,
            left_out: Vec::new(),
            renewed: Vec::new(),
            start,
            options,
            phase: Phase::Settles,
            settling: Some((player, false)),
            base: None,
            acts: Vec::new(),
            courses: Courses::default(),
            trial: None,
            from: SortedMap::new(),
            met: SortedMap::new(),
            ends: SortedMap::new(),
            number,
            ahead: SortedMap::new(),
            next: (1, 0),
            looked: (1, 0),
            stride: 1,
            events: (0, 0),
            covered: Vec::new(),
            tried: Vec::new(),
            findings: Vec::new(),
            alone: Vec::new(),
            shortens: (0, 0),
            prevents: Prevents::default(),
            protects: Protects::default(),
        }
    }

    /// What was found so far, the worst first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What already protects the manifest, the worst that would be first.
    pub fn protections(&self) -> &[Protection] {
        self.protects.known()
    }

    /// How many lines that may protect were not taken away, as the search came to its bound; 0 until it is done.
    pub fn lines_left_out(&self) -> usize {
        if self.phase == Phase::Done { self.protects.left() } else { 0 }
    }

    /// How many courses, and whether the start, came to no rest.
    pub fn restless(&self) -> usize {
        let start = self.base.as_ref().is_some_and(|base| base.restless);
        self.covered.iter().map(|one| one.restless).sum::<usize>() + usize::from(start)
    }

    /// What was covered of each depth, from one act on.
    pub fn covered(&self) -> &[Covered] {
        &self.covered
    }

    /// The courses that were tried, in order: each with whether it was run, or is known to be the same as others.
    pub fn tried(&self) -> &[(Course, bool)] {
        &self.tried
    }

    /// What may happen, by place.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The start at rest.
    pub fn base(&self) -> Option<&State> {
        self.base.as_ref()
    }

    /// What is searched.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// What was given; less of it is searched where that is stuck.
    pub fn asked(&self) -> &Start {
        &self.asked
    }

    /// What was left out of a start that is stuck, by its fields or kinds; empty where nothing was.
    pub fn mended(&self) -> &'static str {
        self.mended
    }

    /// Why names of pods do not resolve everywhere although the start is well, as the diagnosis says.
    pub fn nameless(&self) -> &[(Cause, Told)] {
        &self.nameless
    }

    /// What the fields of the manifest show by themselves.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What no file brings, and so was added.
    pub fn lacks(&self) -> &[Lack] {
        &self.lacks
    }

    /// How many events there were.
    pub fn events(&self) -> u64 {
        self.events.0
    }

    /// How many there were at this depth, or in this phase.
    fn spent(&self) -> u64 {
        self.events.0 - self.events.1
    }

    /// How many there may be.
    fn most(&self) -> u64 {
        self.base.as_ref().map_or(0, |base| self.options.bound(&base.world.sim))
    }

    /// Whether it has tried, of every finding, what would prevent it.
    pub fn has_tried_changes(&self) -> bool {
        matches!(self.phase, Phase::Protects | Phase::Done)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let all = || {
            let done = |one: &Covered| one.visited + one.same + one.left_out;
            self.covered.iter().fold((0, 0), |(sum, of), one| (sum + done(one), of + one.courses))
        };
        let taken = self.protections().len();
        let (done, of) = if self.phase == Phase::Protects { (taken, taken + self.protects.left()) } else { all() };
        Progress { done, of, depth: self.next.0.min(self.options.depth), phase: self.phase }
    }

    /// Goes on for a slice, of 2,000 events at most.
    pub fn step(&mut self) -> Progress {
        match self.phase {
            Phase::Settles => self.settle(),
            Phase::Tries | Phase::Wanders => self.go_on(),
            Phase::Shortens => self.shorten(),
            Phase::Prevents | Phase::Protects => self.change(),
            Phase::Done => {}
        }
        self.progress()
    }

    /// Goes on until all is tried.
    pub fn finish(&mut self) {
        while self.phase != Phase::Done {
            self.step();
        }
    }

    /// Goes on with the course that is being tried, or begins the next one.
    fn go_on(&mut self) {
        if let Some(trial) = self.trial.take() {
            return self.try_on(trial);
        }
        let (depth, number) = self.next;
        if depth > self.options.depth {
            self.phase = if self.options.prevents { Phase::Shortens } else { Phase::Done };
            self.events.1 = self.events.0;
        } else if number >= self.courses.numbers(depth) {
            self.go_deeper();
        } else {
            self.next.1 += 1;
            if let Some(course) = self.course(number) {
                self.begin(number, course);
            }
        }
    }

    /// The course at a place of the present depth.
    fn course(&self, number: usize) -> Option<Course> {
        let depth = self.next.0;
        self.courses.course(depth, number * self.stride % self.courses.numbers(depth))
    }

    /// Goes on to the courses that are longer by one act. Where so many will not fit into the bound, by what those of one act less came
    /// to, numbers far from each other follow each other, so that those that fit are spread over all.
    fn go_deeper(&mut self) {
        let (depth, spent) = (self.next.0, self.spent());
        self.events.1 = self.events.0;
        self.next = (depth + 1, 0);
        if depth + 1 > EVERY {
            self.phase = Phase::Wanders;
        }
        let visited = self.covered[depth - 1].visited.max(1) as u64;
        let fits = spent / visited * self.courses.count(depth + 1) as u64 <= self.most();
        self.stride = if fits { 1 } else { far(self.courses.numbers(depth + 1)) };
    }

    /// Begins a course, unless what it comes from is known to be the same as what another comes from.
    fn begin(&mut self, number: usize, course: Course) {
        if self.origin(&course).is_none() {
            self.covered[1].same += 1;
            self.tried.push((course, false));
        } else if self.spent() > self.most() {
            self.covered[course.len() - 1].left_out += 1;
        } else {
            match self.turn(number, &course) {
                Turn::Ours => self.trial = self.trial(course).map(|trial| (number, trial)),
                Turn::Known(outcome) => self.take(&course, *outcome),
                Turn::Awaited => self.next.1 = number,
            }
        }
    }

    /// The single act after which a course begins, and whether that is taken back by then; nothing where the course begins at the start.
    /// `None` where the state there is the same as another.
    fn origin(&self, course: &Course) -> Option<Option<(usize, bool)>> {
        let [(first, _), (_, when @ (When::Later | When::After))] = course[..] else { return Some(None) };
        let after = (first, when == When::After);
        self.from.contains_key(&after).then_some(Some(after))
    }

    /// A course at its beginning.
    fn trial(&mut self, course: Course) -> Option<Trial> {
        let mut stages = stages(&course, &self.acts);
        let state = match self.origin(&course)? {
            Some((act, is_back)) => {
                stages.drain(..stages.len() - 2);
                let known = self.from.get(&(act, is_back)).cloned().flatten();
                State::clone(&*known.or_else(|| self.state_after(act, is_back))?)
            }
            None => self.base.clone()?,
        };
        Trial::begin(course, state, stages)
    }

    /// Goes on with a course.
    fn try_on(&mut self, (number, mut trial): (usize, Trial)) {
        let Some(outcome) = self.go(&mut trial) else {
            self.trial = Some((number, trial));
            return;
        };
        let course = trial.course;
        if let Some(share) = self.workers().filter(|_| self.phase != Phase::Shortens) {
            share.publish((self.number, course.len(), number), Summary::of(&outcome));
        }
        self.take(&course, outcome);
    }

    /// Goes on with a course for a slice; what the course comes to, once it has ended. An end that is known and shows nothing new is not
    /// run again.
    fn go(&self, trial: &mut Trial) -> Option<Outcome> {
        match trial.step() {
            Pace::Runs => None,
            Pace::Holds => {
                let held = self.held(trial)?;
                if trial.undoes().is_empty() {
                    return self.ended(trial, held, false);
                }
                let known = self.known_end(&trial.course, &held);
                if known.is_none() {
                    trial.take_back(held);
                }
                known
            }
            Pace::Ended => trial.held().and_then(|held| self.ended(trial, held, true)),
        }
    }

    /// What a course has come to while all holds.
    fn held(&self, trial: &mut Trial) -> Option<Held> {
        let base = self.base.as_ref()?;
        let (course, events, undoes) = (trial.course.clone(), trial.events(), trial.undoes());
        let state = trial.state();
        let is_single = course.len() == 1;
        // Whoever shortens a course is told its details, which a remembered end does not have.
        let is_remembered = !is_single && !undoes.is_empty() && self.phase != Phase::Shortens;
        let print = (is_single || is_remembered).then(|| print(state, undoes.iter().map(|line| &**line)));
        let bad_rollout = self.is_bad_rollout(&course);
        let rest = print.filter(|_| is_single).map(|print| Rest { print, state: Some(Rc::new(state.clone())) });
        let shown = self.while_held(base, state, &course);
        Some(Held {
            part: Part { events, restless: state.restless, shown, rest },
            splits: state.processes.splits().len(),
            inputs: state.inputs.clone(),
            ending: print.filter(|_| is_remembered).map(|print| identities(base, state, print, bad_rollout)),
        })
    }

    /// A course with an end that is known, where that shows nothing new.
    fn known_end(&self, course: &Course, held: &Held) -> Option<Outcome> {
        let end = self.ends.get(&held.ending?)?.part();
        let known = Outcome { inputs: held.inputs.clone(), held: held.clone(), end };
        (!self.is_news(course, &self.shown(course, &known))).then_some(known)
    }

    /// A course that has ended. `undone`: what held was taken back.
    fn ended(&self, trial: &mut Trial, held: Held, undone: bool) -> Option<Outcome> {
        let base = self.base.as_ref()?;
        let (course, events) = (trial.course.clone(), trial.events() - held.part.events);
        let deeds: Vec<Deed> = course.iter().map(|(act, _)| self.acts[*act].kind.deed).collect();
        let state = trial.state();
        let rest = (course.len() == 1 && undone).then(|| print(state, std::iter::empty()));
        let rest = rest.map(|print| Rest { print, state: Some(Rc::new(state.clone())) });
        let bad_rollout = self.is_bad_rollout(&course);
        let shown = TakenBack { base, back: state, splits: held.splits, bad_rollout, deeds: &deeds }.shows();
        let end = Part { events, restless: state.restless, shown, rest };
        Some(Outcome { inputs: state.inputs.clone(), held, end })
    }

    /// Whether a bad template is rolled out in a course.
    fn is_bad_rollout(&self, course: &[(usize, When)]) -> bool {
        course.iter().any(|(act, _)| self.acts[*act].kind.group == Group::BadImage)
    }

    /// Takes down what came of a course.
    fn take(&mut self, course: &Course, outcome: Outcome) {
        let outcome = self.settled(course, outcome);
        self.events.0 += outcome.held.part.events + outcome.end.events;
        let (restless, shown) = (outcome.restless(), self.shown(course, &outcome));
        let Outcome { held, end, inputs } = outcome;
        let inputs = [held.inputs, inputs];
        if self.phase == Phase::Shortens {
            return self.shortened(course, &shown, inputs);
        }
        for (is_back, rest) in [(false, held.part.rest), (true, end.rest)] {
            let Some(rest) = rest else { continue };
            let is_known = self.met.insert(rest.print, ()).is_some();
            if self.goes_on_from(is_known) {
                let is_kept = self.options.share.as_ref().is_none_or(|share| share.keeps(course[0].0));
                self.from.insert((course[0].0, is_back), rest.state.filter(|_| is_kept));
            }
        }
        let covered = &mut self.covered[course.len() - 1];
        covered.visited += 1;
        covered.restless += usize::from(restless);
        self.tried.push((course.clone(), true));
        if let [(act, _)] = course[..] {
            self.alone[act].clone_from(&shown);
        }
        self.note(shown, course, inputs);
    }

    /// An outcome with the end that is known of its ending: of workers that ran courses in different orders, each takes the same one.
    fn settled(&mut self, course: &Course, mut outcome: Outcome) -> Outcome {
        let Some(ending) = outcome.held.ending else { return outcome };
        let Some(known) = self.ends.get(&ending) else {
            self.ends.insert(ending, PartSummary::of(&outcome.end));
            return outcome;
        };
        let own = std::mem::replace(&mut outcome.end, known.part());
        if self.is_news(course, &self.shown(course, &outcome)) {
            outcome.end = own;
        }
        outcome
    }

    /// Whether more acts are tried from a state. Where only some courses are, those from the state that is the same may not be.
    fn goes_on_from(&self, is_known: bool) -> bool {
        self.options.depth > 1 && (!is_known || self.options.only.is_some())
    }

    /// What shows while all that a course does holds.
    fn while_held(&self, base: &State, held: &State, course: &[(usize, When)]) -> Vec<Shown> {
        let holds: Vec<&Act> = holding(course).iter().map(|(act, _)| &self.acts[*act]).collect();
        let takes = |act: &&&Act| act.kind.group == Group::NodeLost || [Deed::Forced, Deed::Drained].contains(&act.kind.deed);
        let away = holds.iter().filter(takes).filter_map(|act| act.node.clone());
        let trialled = Trialled {
            base,
            held,
            lasts: holds.iter().all(|act| act.kind.lasts),
            single: is_single(course, &self.acts, held.was_well),
            bad_rollout: self.is_bad_rollout(course),
            deeds: course.iter().map(|(act, _)| self.acts[*act].kind.deed).collect(),
            away: away.collect(),
            longest: self.options.longest,
        };
        trialled.shows()
    }

    /// Everything that a course shows.
    fn shown(&self, course: &[(usize, When)], outcome: &Outcome) -> Vec<Shown> {
        let mut shown = together(outcome.held.part.shown.clone(), &outcome.end.shown);
        let is_unpublished = |(act, _): &(usize, When)| self.acts[*act].kind.deed == Deed::Unpublished;
        let base = self.base.as_ref().filter(|_| holding(course).iter().any(is_unpublished));
        if let Some(base) = base {
            // What waited before waits for something else than names, and so does what does not run.
            let is_so = |one: &Shown| {
                matches!(one.detail, Some(Detail::Waits(cause)) if NAMES_MATTER.contains(&cause)) && is_well(&base.world.sim, &one.workload)
            };
            shown.iter_mut().filter(|one| one.is_held && one.kind == Harm::Stuck && is_so(one)).for_each(Shown::turn_into_deadlock);
        }
        shown
    }

    /// Goes on trying changes of the manifest: those that may prevent a finding, then those that take away what may protect.
    fn change(&mut self) {
        let Some(base) = &self.base else { return };
        let (sim, restless) = (&base.world.sim, self.restless());
        let on_nodes = self.start.names_no_class() && sim.tables().default_class().is_some_and(|class| is_on_nodes(class));
        let before = Before {
            start: &self.start,
            options: &self.options,
            sim,
            acts: &self.acts,
            alone: &self.alone,
            restless,
            is_mended: !self.mended.is_empty(),
            on_nodes,
        };
        if self.phase == Phase::Protects {
            self.phase = if self.protects.step(&before) { Phase::Done } else { Phase::Protects };
        } else if self.prevents.step(&before, &mut self.findings) {
            self.protects = Protects::of(&before, &base.watches, &self.findings);
            self.phase = Phase::Protects;
        }
    }
}

/// A step through so many numbers that meets each once, and those near each other far apart: about the golden section of them.
fn far(numbers: usize) -> usize {
    let divides = |of: usize| {
        let (mut a, mut b) = (numbers, of);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (numbers * 618 / 1000..).find(|stride| divides(*stride) == 1).unwrap_or(1)
}
