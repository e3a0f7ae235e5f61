//! The trace of a run in the vocabulary of the recordings: a line for each change, Event, step and fault.
//!
//! Promises: lines are in the order of the writes; what a step did comes after all writes made before it; the same run gives
//! the same bytes. A write without any change that the vocabulary covers leaves no line.
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
use api::kind::Kind;
use base::time::Time;
use cluster::runtime::{Happening, Process, RuntimeEntry};
use server::log::{Change, Log};

/// A trace under construction.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: String,
    count: usize,
    start: Time,
    /// How much of the log has been read.
    read: usize,
    /// How many runtime entries have been read.
    happened: usize,
    names: Names,
    endpoints: Endpoints,
}

impl Trace {
    /// A trace that begins now: earlier writes set the stage and are only registered.
    pub fn begin(now: Time, log: &Log) -> Self {
        let mut trace = Trace { start: now, ..Trace::default() };
        for change in log.kept() {
            trace.entries(change);
        }
        trace.read = log.len();
        trace
    }

    /// The names of objects in this trace.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Records what was written and what happened since the last call.
    pub fn catch_up(&mut self, log: &Log, runtime: &[RuntimeEntry]) {
        let happened = runtime.get(self.happened..).unwrap_or_default();
        self.happened = runtime.len();
        let mut happened = happened.iter().peekable();
        for (position, change) in (self.read..).zip(log.from(self.read)) {
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

    /// Records what a step did. Everything written before must have been recorded.
    pub fn put(&mut self, at: Time, entry: &Entry) {
        let t = i64::try_from(at.since(self.start).0).unwrap_or(i64::MAX) - i64::try_from(self.start.since(at).0).unwrap_or(i64::MAX);
        self.lines.push_str(&entry.line(self.count, t));
        self.count += 1;
    }

    /// The whole trace, under a header line.
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
        let pod = |p: &Process| match self.names.incarnation(p.uid) {
            1 => self.names.name(&p.pod),
            count => format!("{}#{count}", self.names.name(&p.pod)),
        };
        let line = match &entry.what {
            Happening::Started(p) => of("runtime.container-started", p).with("image", &*p.image).with("node", &*p.node).with("pod", pod(p)),
            Happening::Stopped { process, exit_code, why } => of("runtime.container-stopped", process)
                .with_some("exitCode", *exit_code)
                .with("node", &*process.node)
                .with("pod", pod(process))
                .with("why", &**why),
            Happening::NodeDown(node) => Entry::new("runtime.node-down").with("node", &**node),
            Happening::NodeUp(node) => Entry::new("runtime.node-up").with("node", &**node),
        };
        self.put(entry.at, &line);
    }
}

/// The header of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The scenario's name.
    pub scenario: String,
    /// The modelled release: `v1.37.1`.
    pub kubernetes: String,
    /// What went wrong: waits that timed out, lines that are not simulated.
    pub problems: Vec<String>,
}
