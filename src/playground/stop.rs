//! Where a run stops by itself because somebody wants to look: breakpoints.
//!
//! Promises: a stop looks at what was written and decided and changes nothing, so that a run with stops is the same run.
//! Must not know: what is drawn, the language in which a stop is reported.

use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::base::time::Time;
use crate::server::log::Change;
use crate::sim::Sim;
use crate::text::ahead::Because;
use crate::why::{Decision, Verdict};

/// What a run is to stop at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops {
    /// A pod that was Ready is not any more.
    pub not_ready: bool,
    /// A rollout that went on begins to wait.
    pub rollout_waits: bool,
    /// An Event with this reason is written, `FailedScheduling`; empty for none.
    pub event: String,
}

/// That a run stopped, when, and at what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// When.
    pub at: Time,
    /// At what.
    pub because: Because,
    /// The name of the object it was about.
    pub about: String,
}

impl Stops {
    /// Whether there is anything to stop at.
    pub fn any(&self) -> bool {
        self.not_ready || self.rollout_waits || !self.event.is_empty()
    }

    /// What of all that happened since a position of the log, and was decided at the present instant, is to be stopped at.
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
        match (&change.before, &change.after) {
            (Some(Object::Pod(before)), Some(Object::Pod(pod))) if self.not_ready => {
                let turned = before.ready() && !pod.ready() && !pod.meta.terminating();
                turned.then(|| (Because::NotReady, pod.meta.name.to_string()))
            }
            (_, Some(Object::Event(event))) if !self.event.is_empty() && *event.reason == *self.event => {
                Some((Because::Event, event.about.name.to_string()))
            }
            _ => None,
        }
    }
}

/// Whether a decision is that a rollout under way waits.
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
