//! Breakpoints: where a run stops by itself.
//!
//! Promises: a breakpoint only looks at what was written and decided, so that a run with breakpoints is the same run.
//! Must not know: what is drawn, the language in which a stop is reported.

use api::kind::Kind;
use api::object::Object;
use base::time::Time;
use console::World;
use server::life;
use server::log::Change;
use sim::Sim;
use text::ahead::Because;
use why::{Decision, Verdict};

/// The breakpoints of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops {
    /// Stop when a pod ceases to be Ready.
    pub not_ready: bool,
    /// Stop when a rollout in progress begins to wait.
    pub rollout_waits: bool,
    /// Stop at an Event with this reason, such as `FailedScheduling`; empty for none.
    pub event: String,
}

/// A breakpoint that was hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// When.
    pub at: Time,
    /// Which breakpoint.
    pub because: Because,
    /// The name of the object.
    pub about: String,
}

/// The breakpoints of a run, and the one that was hit.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// The breakpoints.
    pub stops: Stops,
    /// The one that was hit.
    pub halt: Option<Halt>,
}

impl console::Watch for Watch {
    fn see(&mut self, world: &World, since: usize) {
        if self.halt.is_none() && self.stops.any() {
            self.halt = self.stops.hit(&world.sim, since);
        }
    }

    fn halts(&self) -> bool {
        self.halt.is_some()
    }
}

impl Stops {
    /// Whether any breakpoint is set.
    pub fn any(&self) -> bool {
        self.not_ready || self.rollout_waits || !self.event.is_empty()
    }

    /// The first breakpoint hit by what was written since a position of the log, or decided at the present instant.
    pub fn hit(&self, sim: &Sim, since: usize) -> Option<Halt> {
        let written = sim.log().from(since).find_map(|change| self.stops_at(change));
        let decided = || {
            let recent = sim.decisions().recent().rev();
            recent.clone().take_while(|(at, _)| *at == sim.now()).enumerate().find_map(|(after, (_, decision))| {
                // One wait often follows another, and only the first is news.
                let before =
                    recent.clone().skip(after + 1).find(|(_, before)| before.about == decision.about && before.who == decision.who);
                let waited = before.is_some_and(|(_, before)| before.verdict == Verdict::Waits);
                (!waited && rollout_waits(sim, decision)).then_some(decision)
            })
        };
        let waits = || self.rollout_waits.then(decided).flatten().map(|decision| (Because::RolloutWaits, decision.about.name.to_string()));
        written.or_else(waits).map(|(because, about)| Halt { at: sim.now(), because, about })
    }

    fn stops_at(&self, change: &Change) -> Option<(Because, String)> {
        match &change.after {
            Some(Object::Pod(pod)) if self.not_ready => {
                (life::Event::of(change) == Some(life::Event::Unready)).then(|| (Because::NotReady, pod.meta.name.to_string()))
            }
            Some(Object::Event(event)) if !self.event.is_empty() && *event.reason == *self.event => {
                Some((Because::Event, event.about.name.to_string()))
            }
            _ => None,
        }
    }
}

/// Whether a decision makes a rollout in progress wait.
fn rollout_waits(sim: &Sim, decision: &Decision) -> bool {
    let (namespace, name) = (&decision.about.namespace, &decision.about.name);
    let under_way = match decision.about.kind {
        Kind::StatefulSet => {
            sim.tables().stateful_set(namespace, name).is_some_and(|set| set.status.current_revision != set.status.update_revision)
        }
        kind => kind == Kind::Deployment,
    };
    decision.verdict == Verdict::Waits && under_way
}
