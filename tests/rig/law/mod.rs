//! Laws that hold in every run, whatever is done to the cluster: checked after each event, and for the whole world at rest.
//!
//! Promises: checking changes nothing and costs only what changed since the last check; the same run gets the same verdict. The laws
//! do their own counting: what the controllers remember (facts, counts, reasons) is not trusted.
//! Must not know: why anybody acts; scenarios. Who wrote something is read from the log.

pub mod change;
pub mod declared;
pub mod deletion;
mod named;
pub mod plan;
pub mod process;
pub mod rest;
mod set_view;
pub mod workload;

use std::collections::BTreeSet;

use api::controller::Controller;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use change::History;
pub use named::{Law, Violation};
use rest::REST;
use sim::Sim;
use sim::event::Event;
use sim::process::{Processes, Split};

/// The laws following one run: how far it has been checked, and what must be remembered of it.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    history: History,
    processes: Processes,
    record: workload::record::Record,
    /// How many entries of the log have been checked.
    read: usize,
    /// How many runtime entries have been checked.
    heard: usize,
    /// The last sync that was judged.
    judged: u64,
    /// The log's length when the world at rest was last checked.
    rested: usize,
    /// The DaemonSets that nobody told of a node that came or went, until they are looked at for another reason.
    unaware: BTreeSet<ObjectKey>,
}

impl Laws {
    /// Checks what happened since the last check. Call it after each event and after each user request.
    pub fn look(&mut self, sim: &Sim) -> Result<(), Violation> {
        let read = std::mem::replace(&mut self.read, sim.log().len());
        sim.log().from(read).for_each(|change| self.history.note(change));
        for (position, change) in (read..).zip(sim.log().from(read)) {
            self.hear(sim, position)?;
            self.history.judge(change, sim.tables())?;
            process::see(&mut self.processes, change)?;
            self.record.judge(change)?;
            if change.key.kind == Kind::Node && (change.before.is_none() || change.after.is_none()) {
                self.unaware.extend(sim.tables().all(Kind::DaemonSet).map(Object::key));
            }
        }
        self.hear(sim, sim.log().len())?;
        rest::judge_cache_age(sim)?;
        for (number, run) in sim.runs_since(self.judged) {
            self.judged = number;
            if run.controller == Controller::DaemonSet {
                self.unaware.remove(&run.key);
            }
            let sight = plan::LawContext { cache: sim.cache(), now: sim.now(), release: sim.release() };
            if run.controller == Controller::StatefulSet {
                plan::judge(&sight, &run.key, &run.plan)?;
            } else {
                workload::judge(&sight, run.controller, &run.key, &run.plan)?;
            }
            if let Some(owner) = run.owner {
                self.record.judge_view(&run.key, owner, &run.plan, sim.cache().revision, sim.now())?;
            }
        }
        if self.rested != sim.log().len() && at_rest(sim) {
            self.rested = sim.log().len();
            rest::judge(sim, &self.unaware)?;
        }
        Ok(())
    }

    /// Feeds the process laws with the runtime entries up to a position of the log.
    fn hear(&mut self, sim: &Sim, position: usize) -> Result<(), Violation> {
        while let Some(entry) = sim.runtime().get(self.heard).filter(|e| e.position <= position) {
            self.heard += 1;
            process::hear(&mut self.processes, entry)?;
        }
        Ok(())
    }

    /// The instants at which two pods' processes ran under one identity because somebody forced it.
    pub fn splits(&self) -> &[Split] {
        self.processes.splits()
    }
}

/// Whether every write has been seen and acted on, and nothing is due soon but the machines' own activity.
pub fn at_rest(sim: &Sim) -> bool {
    let soon = sim.now() + REST;
    let idle = |event: &Event| matches!(event, Event::Kubelet(..) | Event::Inside(..) | Event::NodeStatus(..));
    sim.is_caught_up() && sim.ahead().take_while(|(at, _)| *at < soon).all(|(_, event)| idle(event))
}
