//! The trace of a run in the vocabulary of the recordings: one line for each thing that changed, was said, was done or happened.
//!
//! Promises: lines stand in the order of the writes; what a step did stands after all writes made before it; the same run gives
//! the same bytes. A write that changes nothing the vocabulary has a word for leaves no line.
//! Must not know: who plays the scenario, and how the simulation works.

mod endpoints;
mod names;
mod objects;
mod pods;
mod workloads;

pub use names::Names;

use endpoints::Endpoints;
use serde::Serialize;

use super::condition::is_watched;
use super::json::Entry;
use crate::api::kind::Kind;
use crate::base::time::Time;
use crate::cluster::runtime::{Happening, Process, RuntimeEntry};
use crate::server::log::{Change, Log};

/// A trace under construction.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: String,
    count: usize,
    start: Time,
    /// How far the log has been read.
    read: usize,
    /// How many happenings have been read.
    happened: usize,
    names: Names,
    endpoints: Endpoints,
}

impl Trace {
    /// A trace that begins now: what was written so far set the stage, and is only taken notice of.
    pub fn begin(now: Time, log: &Log) -> Self {
        let mut trace = Trace { start: now, ..Trace::default() };
        for change in log.from(0) {
            trace.entries(change);
        }
        trace.read = log.len();
        trace
    }

    /// What objects are called in this trace.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Writes down what was written and what happened since the last time.
    pub fn catch_up(&mut self, log: &Log, runtime: &[RuntimeEntry]) {
        let happened = runtime.get(self.happened..).unwrap_or_default();
        self.happened = runtime.len();
        let mut happened = happened.iter().peekable();
        let first = self.read.max(log.first());
        for (position, change) in (first..).zip(log.from(self.read)) {
            while let Some(entry) = happened.next_if(|h| h.position <= position) {
                self.happening(entry);
            }
            for entry in self.entries(change) {
                self.put(change.at, &entry);
            }
        }
        self.read = log.len();
        happened.for_each(|entry| self.happening(entry));
    }

    /// Writes down what a step did. Everything written before it has to be caught up with.
    pub fn put(&mut self, at: Time, entry: &Entry) {
        let t = i64::try_from(at.since(self.start).0).unwrap_or(i64::MAX) - i64::try_from(self.start.since(at).0).unwrap_or(i64::MAX);
        self.lines.push_str(&entry.line(self.count, t));
        self.count += 1;
    }

    /// The whole trace, with a line on top that says what it is of.
    pub fn finish(&self, header: &Header) -> String {
        let header = serde_json::to_string(header).unwrap_or_default();
        format!("{header}\n{}", self.lines)
    }

    fn entries(&mut self, change: &Change) -> Vec<Entry> {
        if !is_watched(&change.key) {
            return Vec::new();
        }
        if let (None, Some(object)) = (&change.before, &change.after)
            && change.key.kind != Kind::Event
        {
            self.names.learn(object);
        }
        match change.key.kind {
            Kind::EndpointSlice => self.endpoints.entries(&self.names, change),
            _ => objects::entries(&self.names, change),
        }
    }

    fn happening(&mut self, entry: &RuntimeEntry) {
        let of = |e: &str, p: &Process| Entry::new(e).with("container", &*p.container);
        let line = match &entry.what {
            Happening::Started(p) => {
                of("runtime.container-started", p).with("image", &*p.image).with("node", &*p.node).with("pod", self.names.name(&p.pod))
            }
            Happening::Stopped { process, exit_code, why } => of("runtime.container-stopped", process)
                .with_some("exitCode", *exit_code)
                .with("node", &*process.node)
                .with("pod", self.names.name(&process.pod))
                .with("why", &**why),
            Happening::NodeDown(node) => Entry::new("runtime.node-down").with("node", &**node),
            Happening::NodeUp(node) => Entry::new("runtime.node-up").with("node", &**node),
        };
        self.put(entry.at, &line);
    }
}

/// What a trace is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The scenario's name.
    pub scenario: String,
    /// The release that was modelled: `v1.37.1`.
    pub kubernetes: String,
    /// What did not come about: waits that ran out of time, lines that are not simulated.
    pub problems: Vec<String>,
}

#[cfg(test)]
mod tests;
