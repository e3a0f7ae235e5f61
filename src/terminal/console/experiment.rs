//! Experiments: acts in a world, and waits for what comes of them.
//!
//! What a plan tries, cures, courses of a risk search and the lines of lessons are experiments. What differs between them are the acts and
//! the [`Bounds`].
//! Promises: a wait ends within the bounds, but one for an instant. The same world, acts and bounds come to the same end, however often the
//! caller stops in between.
//! Must not know: what the acts are good for.
//! Not an experiment: a scenario file. Its steps are those of a person with a real kubectl. Each command is a process with a pace of its
//! own, without a terminal, and the laws are checked after each event.

use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use base::time::{Span, Time};
use sim::Sim;

use super::{Goal, Pace, Unwatched, World, go};

/// What an experiment is made on.
pub trait Subject {
    /// The cluster.
    fn sim(&self) -> &Sim;

    /// Whether nothing is under way of what was typed into a terminal, counted from 0.
    fn is_answered(&self, terminal: usize) -> bool;

    /// Lets time pass, as [`go`] does.
    fn advance(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace;

    /// Types one line or several into a terminal.
    fn type_lines(&mut self, terminal: usize, lines: &str);

    /// Ends what is under way in a terminal.
    fn end_line(&mut self, terminal: usize);
}

impl Subject for World {
    fn sim(&self) -> &Sim {
        &self.sim
    }

    fn is_answered(&self, terminal: usize) -> bool {
        !self.consoles()[terminal].is_busy()
    }

    fn advance(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        go(self, goal, &mut Unwatched, go_on)
    }

    fn type_lines(&mut self, terminal: usize, lines: &str) {
        lines.lines().for_each(|line| self.type_line(terminal, line));
    }

    fn end_line(&mut self, terminal: usize) {
        self.interrupt(terminal);
    }
}

/// How long an experiment waits.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most virtual time of a wait.
    pub span: Span,
    /// The most events of a wait.
    pub events: u64,
    /// Whether `span` and `events` are those of all waits together.
    pub together: bool,
    /// How often `span` and `events` are looked at: after so many times eight events.
    pub looks: u32,
    /// How long one line may take until somebody ends it.
    pub line: Span,
    /// How often somebody looks for an answer, or for what is to be seen.
    pub look: Span,
    /// Whether somebody looks for an answer sooner where much happens: whenever `span` and `events` are looked at.
    pub hurries: bool,
    /// How long what was seen stays that is there for good. A process that crashes does so soon after it was Ready.
    pub stays: Span,
    /// A world in which nothing but Events and why containers wait was written for so long is at rest, whatever it tries again.
    pub stands_still: Option<Span>,
}

impl Bounds {
    /// A change that a plan tries.
    pub const PLAN: Bounds = Bounds {
        span: Span::seconds(2 * 3600),
        events: 400_000,
        together: true,
        looks: 8,
        line: Span::seconds(600),
        look: Span::seconds(1),
        hurries: true,
        stays: Span(0),
        stands_still: None,
    };
    /// One step of a course of a risk search.
    pub const RISK: Bounds = Bounds {
        span: Span::seconds(1800),
        events: 30_000,
        together: false,
        looks: 2,
        stands_still: Some(Span::seconds(600)),
        ..Bounds::PLAN
    };
    /// Lines that may end a wait.
    pub const CURE: Bounds = Bounds {
        span: Span::seconds(900),
        events: 500_000,
        together: false,
        looks: 8,
        line: Span::seconds(130),
        look: Span::seconds(2),
        hurries: false,
        stays: Span::seconds(60),
        stands_still: None,
    };
    /// The lines of a lesson: each is typed a minute after the one before has ended.
    pub const LESSON: Bounds =
        Bounds { together: false, line: Span::seconds(3600), look: Span::seconds(60), hurries: false, ..Bounds::PLAN };
}

/// The bound that a wait has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Too much virtual time.
    Time,
    /// Too many events.
    Events,
}

/// Something to be seen in a cluster.
#[derive(Clone)]
pub struct Sight(Rc<dyn Fn(&Sim) -> bool>);

impl Sight {
    /// What a function sees.
    pub fn new(is_there: impl Fn(&Sim) -> bool + 'static) -> Sight {
        Sight(Rc::new(is_there))
    }
}

impl fmt::Debug for Sight {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Sight")
    }
}

/// What is done in an experiment, or waited for.
#[derive(Clone, Debug)]
pub enum Act {
    /// Types one line or several into a terminal.
    Type(usize, Rc<str>),
    /// Waits for an instant.
    Until(Time),
    /// Waits as long as from one look to the next.
    Pause,
    /// Waits for the end of what was typed last, and ends what takes too long.
    Answer,
    /// Waits until nothing is left to do.
    Rest,
    /// Waits for something that stays.
    See(Sight),
}

/// How an experiment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All was done. What was waited for last has been so since this instant.
    Done(Time),
    /// What was waited for did not come within the bounds.
    Passed(Bound),
    /// The model goes in circles at one instant, which is a mistake of ours.
    Circles,
}

/// An instant, and how many events had happened by then.
type Mark = (Time, u64);

fn mark(run: &dyn Subject) -> Mark {
    (run.sim().now(), run.sim().steps())
}

/// Acts of which each begins where the one before has ended.
#[derive(Clone, Debug)]
pub struct Experiment {
    bounds: Bounds,
    acts: VecDeque<Act>,
    begun: Option<Mark>,
    wait: Option<Wait>,
    /// The terminal typed into last, and when.
    typed: (usize, Time),
    was_cut: bool,
}

/// How far a wait is.
#[derive(Clone, Copy, Debug)]
struct Wait {
    begun: Mark,
    /// Up to where time passes; `None` where that is to be found.
    goal: Option<Goal>,
    /// Whether a goal was reached.
    has_passed: bool,
    looks: u32,
    /// Since when something to be seen is there.
    seen: Option<Time>,
}

impl Experiment {
    /// An experiment without acts.
    pub fn new(bounds: Bounds) -> Experiment {
        Experiment { bounds, acts: VecDeque::new(), begun: None, wait: None, typed: (0, Time(0)), was_cut: false }
    }

    /// Adds acts after those that are left.
    pub fn then(&mut self, acts: impl IntoIterator<Item = Act>) {
        self.acts.extend(acts);
    }

    /// Whether the line typed last took too long, and was ended.
    pub fn was_cut(&self) -> bool {
        self.was_cut
    }

    /// Goes on until no act is left or a bound is passed. `None` where `go_on` says no before: the next call goes on from there.
    pub fn step(&mut self, run: &mut dyn Subject, go_on: &mut dyn FnMut() -> bool) -> Option<Ended> {
        let begun = *self.begun.get_or_insert_with(|| mark(run));
        let mut ended = Ended::Done(run.sim().now());
        while let Some(act) = self.acts.front().cloned() {
            if let Act::Type(terminal, lines) = &act {
                run.type_lines(*terminal, lines);
                (self.typed, self.was_cut) = ((*terminal, run.sim().now()), false);
            } else {
                let mut wait = self.wait.take().unwrap_or_else(|| Wait::begin(run));
                let Some(end) = self.pass(&act, begun, &mut wait, run, go_on) else {
                    self.wait = Some(wait);
                    return None;
                };
                ended = end;
            }
            self.acts.pop_front();
            if !matches!(ended, Ended::Done(_)) {
                self.acts.clear();
            }
        }
        Some(ended)
    }

    /// Lets time pass in a wait.
    fn pass(&mut self, act: &Act, begun: Mark, wait: &mut Wait, run: &mut dyn Subject, go_on: &mut dyn FnMut() -> bool) -> Option<Ended> {
        loop {
            let goal = match wait.goal {
                Some(goal) => goal,
                None => match self.next_goal(act, wait, run) {
                    Ok(goal) => goal,
                    Err(ended) => return Some(ended),
                },
            };
            if wait.goal.is_none() {
                wait.looks = 0;
            }
            let mut goes_on = true;
            let pace = run.advance(goal, &mut || {
                wait.looks += 1;
                goes_on = go_on();
                goes_on && !wait.looks.is_multiple_of(self.bounds.looks)
            });
            if pace == Pace::Circles {
                return Some(Ended::Circles);
            }
            let is_reached = pace != Pace::Stopped;
            let is_due = if is_reached { !matches!(act, Act::Rest) } else { wait.looks.is_multiple_of(self.bounds.looks) };
            let hurries = is_due && self.bounds.hurries && matches!(act, Act::Pause | Act::Answer);
            wait.has_passed = is_reached || hurries;
            wait.goal = (!wait.has_passed).then_some(goal);
            let from = if self.bounds.together { begun } else { wait.begun };
            if let Some(ended) = is_due.then(|| self.bounds.end(act, from, run.sim())).flatten() {
                return Some(ended);
            }
            if !goes_on || is_reached && !go_on() {
                return None;
            }
        }
    }

    /// Up to where time passes next in a wait, or how that has ended.
    fn next_goal(&mut self, act: &Act, wait: &mut Wait, run: &mut dyn Subject) -> Result<Goal, Ended> {
        let (now, (terminal, typed)) = (run.sim().now(), self.typed);
        let done = Err(Ended::Done(now));
        let look = Ok(Goal::Until(now + self.bounds.look));
        match act {
            Act::Answer if run.is_answered(terminal) => done,
            Act::Answer if now < typed + self.bounds.line => look,
            Act::Answer => {
                run.end_line(terminal);
                self.was_cut = true;
                done
            }
            Act::See(Sight(is_there)) => match (wait.seen.take(), is_there(run.sim())) {
                (Some(at), true) => Err(Ended::Done(at)),
                (None, _) if now >= wait.begun.0 + self.bounds.span => Err(Ended::Passed(Bound::Time)),
                (None, true) => {
                    wait.seen = Some(now);
                    Ok(Goal::Until(now + self.bounds.stays))
                }
                (_, false) => look,
            },
            _ if wait.has_passed => done,
            Act::Until(at) => Ok(Goal::Until(*at)),
            Act::Rest => Ok(Goal::Quiet),
            Act::Pause | Act::Type(..) => look,
        }
    }
}

impl Wait {
    fn begin(run: &dyn Subject) -> Wait {
        Wait { begun: mark(run), goal: None, has_passed: false, looks: 0, seen: None }
    }
}

impl Bounds {
    /// How a wait ends before what is waited for has come, if it does; `from`: from when on time and events count.
    fn end(self, act: &Act, (at, events): Mark, sim: &Sim) -> Option<Ended> {
        let passed = sim.now().since(at);
        let stands_still = |span: Span| passed > span && sim.stands_still(span);
        match act {
            Act::Until(_) => None,
            Act::Rest if self.stands_still.is_some_and(stands_still) => Some(Ended::Done(sim.now())),
            _ if sim.steps().saturating_sub(events) > self.events => Some(Ended::Passed(Bound::Events)),
            // What stays is waited for beyond the span.
            Act::See(_) => None,
            _ => (passed > self.span).then_some(Ended::Passed(Bound::Time)),
        }
    }
}
