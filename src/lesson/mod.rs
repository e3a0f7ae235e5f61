//! Lessons: what will a command do? Asked before it runs, and answered by the run itself.
//!
//! A lesson is a manifest, earlier actions, a command line, a span of time and four claims about what happens within it.
//! Promises: which claim comes true is read from the log, not from an answer key; the tests play every lesson, and exactly one
//! of its claims comes true.
//! Must not know: the browser, how anything is drawn. The texts of a lesson are in `text`, under its number in the course.

mod course;
mod progress;

use api::kind::Kind;
use api::object::{Name, Object};
use base::sort::Sort;
use base::time::{Span, Time};
pub use course::COURSE;
use playground::history::{Act, History};
use playground::preset::Preset;
use playground::{EXAMPLE, Playground};
pub use progress::{Phase, Progress};
use server::log::{Change, Log};
use sim::{Setup, Sim};
use text::{CLAIMS, Lang};
use view::command;

/// A question about what a command will do.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// The pod management policy of its set.
    policy: Policy,
    /// What is done before the question is asked.
    before: &'static [Before],
    /// The command.
    pub line: &'static str,
    /// How long the effects are observed.
    pub within: Span,
    /// What might happen, in the order in which it is offered.
    claims: [Claim; CLAIMS],
}

/// Which of the two sets a lesson uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    OrderedReady,
    Parallel,
}

/// Something done before the question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// The manifest is applied, and all pods come up.
    Applied,
    /// A line is typed.
    Line(&'static str),
    /// Time passes until the cluster is quiet.
    Quiet,
    /// Time passes.
    Pass(Span),
}

/// A claim about what will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// Exactly these pods are created and deleted, in this order; those of one group without waiting for each other.
    Pods(&'static [(Step, &'static [&'static str])]),
    /// This many claims exist in the end.
    VolumeClaims(usize),
}

/// What happens to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Its object is created.
    Created,
    /// Its deletion is requested, or its object is removed at once.
    Deleted,
}

/// What happened to which pods.
type Event = (Step, Vec<Name>);

impl Lesson {
    /// The manifest in the editor.
    pub fn manifest(&self) -> String {
        match self.policy {
            Policy::OrderedReady => EXAMPLE.to_owned(),
            Policy::Parallel => Preset::Policy.sides()[1].of(EXAMPLE),
        }
    }

    /// A run in the state in which the question is asked.
    pub fn begin(&self, setup: &Setup, lang: Lang) -> History {
        let mut run = History::new(setup, &self.manifest(), lang);
        for before in self.before {
            match before {
                Before::Applied => {
                    run.act(Act::Line(command::apply()), lang);
                    run.run_until_quiet(|| true);
                }
                Before::Line(line) => {
                    run.act(Act::Line((*line).to_owned()), lang);
                }
                Before::Quiet => {
                    run.run_until_quiet(|| true);
                }
                Before::Pass(span) => {
                    let until = run.present().now() + *span;
                    run.run(until, || true);
                }
            }
        }
        run
    }

    /// The index of the claim that holds for what was written from a position of the log until an instant; `None` if none does, because
    /// something else was done in the meantime.
    pub fn outcome(&self, state: &Playground, since: usize, until: Time) -> Option<usize> {
        let story = story(state.sim().log(), since, until);
        self.claims.iter().position(|claim| claim.holds(&story, state.sim()))
    }
}

impl Claim {
    fn holds(&self, story: &[Event], sim: &Sim) -> bool {
        match self {
            Claim::Pods(told) => {
                let same = |((step, pods), (told, names)): (&Event, &(Step, &[&str]))| {
                    step == told && pods.len() == names.len() && pods.iter().zip(*names).all(|(pod, name)| **pod == **name)
                };
                story.len() == told.len() && story.iter().zip(*told).all(same)
            }
            Claim::VolumeClaims(count) => sim.tables().all(Kind::PersistentVolumeClaim).count() == *count,
        }
    }
}

/// What happened to the pods, in order: pods are grouped, sorted by name, if none of them became Ready or was removed before the next
/// one's turn.
fn story(log: &Log, since: usize, until: Time) -> Vec<Event> {
    let mut story: Vec<Event> = Vec::new();
    let mut waited = true;
    for change in log.from(since).take_while(|change| change.at <= until).filter(|change| change.key.kind == Kind::Pod) {
        let Some(step) = step(change) else {
            waited |= came_up(change) || change.after.is_none();
            continue;
        };
        match story.last_mut().filter(|(last, _)| *last == step && !waited) {
            Some((_, pods)) => pods.push(change.key.name.clone()),
            None => story.push((step, vec![change.key.name.clone()])),
        }
        waited = false;
    }
    for (_, pods) in &mut story {
        pods.sort_small();
    }
    story
}

fn step(change: &Change) -> Option<Step> {
    let going = |object: &Option<Object>| object.as_ref().is_some_and(|object| object.meta().terminating());
    match (&change.before, &change.after) {
        (None, Some(_)) => Some(Step::Created),
        (Some(_), None) if !going(&change.before) => Some(Step::Deleted),
        (Some(_), Some(_)) if going(&change.after) && !going(&change.before) => Some(Step::Deleted),
        _ => None,
    }
}

fn came_up(change: &Change) -> bool {
    let ready = |object: &Option<Object>| object.as_ref().and_then(Object::as_pod).is_some_and(|pod| pod.ready());
    ready(&change.after) && !ready(&change.before)
}

#[cfg(test)]
mod tests;
