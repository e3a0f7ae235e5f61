//! Lines that may end a wait, by its cause, and the ones that look as if they did. Lines name what the cluster names, and are kubectl's
//! only.

mod lines;
mod nodes;
mod template;

use api::kind::Kind;
use api::object::ObjectKey;
use sim::Sim;
use text::diagnose::Risk;

use crate::blame::is_well;

pub use lines::{candidates, tempting};

/// Lines that may help, and what they risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub lines: Vec<String>,
    pub risk: Option<Risk>,
}

/// What is to come of a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A StatefulSet is what it should be.
    Well(ObjectKey),
    /// An object is gone.
    Gone(ObjectKey),
    /// An object is there.
    There(ObjectKey),
    /// A Service is there and has no cluster IP.
    Headless(ObjectKey),
    /// A budget lets a pod go.
    Allows(ObjectKey),
}

impl Goal {
    /// Whether it is reached.
    pub fn reached(&self, sim: &Sim) -> bool {
        match self {
            Goal::Well(key) => is_well(sim, key),
            Goal::Gone(key) => sim.tables().get(key).is_none(),
            Goal::There(key) => sim.tables().get(key).is_some(),
            Goal::Headless(key) => sim.tables().service(&key.namespace, &key.name).is_some_and(|service| service.headless()),
            Goal::Allows(key) => sim.tables().budget(&key.namespace, &key.name).is_none_or(|budget| budget.status.disruptions_allowed > 0),
        }
    }
}

/// A kind as lines name it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::StatefulSet => "sts",
        Kind::PersistentVolumeClaim => "pvc",
        Kind::PersistentVolume => "pv",
        Kind::StorageClass => "sc",
        Kind::Service => "svc",
        Kind::Namespace => "ns",
        Kind::PodDisruptionBudget => "pdb",
        other => other.info().singular,
    }
}

/// A line of kubectl with the namespace before the command and kinds in short, as in all cures: lines that do the same read the same.
fn as_all(line: &str) -> String {
    let line = &*line.replace(" statefulset ", " sts ").replace(" statefulset/", " sts/");
    let parts = line.strip_prefix("kubectl ").and_then(|rest| rest.split_once(" --namespace="));
    let Some((command, rest)) = parts else { return line.to_owned() };
    let (namespace, more) = rest.split_once(' ').map_or((rest, String::new()), |(namespace, more)| (namespace, format!(" {more}")));
    format!("{}{command}{more}", lines::kubectl(namespace))
}
