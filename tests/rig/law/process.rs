//! Laws about processes, as opposed to pod objects: where they run, and that each identity's processes run for one pod at a time.

use super::named::{Law, Violation};
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use cluster::runtime::{Happening, RuntimeEntry};
use server::log::Change;
use sim::process::{Breach, Processes};

/// Judges a write, and takes it in.
pub fn see(processes: &mut Processes, change: &Change) -> Result<(), Violation> {
    processes.see(change).map_err(|_| {
        let node = change.object().and_then(Object::as_pod).and_then(|pod| pod.node.as_deref()).unwrap_or_default();
        let what = format!("{:?} takes it away while its processes run on {node}", change.by);
        Law::BoundPodsAreConfirmed.broken(change.at, &change.key, what)
    })
}

/// Judges what happened to a process, and takes it in.
pub fn hear(processes: &mut Processes, entry: &RuntimeEntry) -> Result<(), Violation> {
    processes.hear(entry).map_err(|breach| {
        let (Happening::Started(process) | Happening::Stopped { process, .. }) = &entry.what else {
            unreachable!("only processes break laws of processes");
        };
        let of_node = ObjectKey::global(Kind::Node, &process.node);
        let (law, about, what) = match breach {
            Breach::Astray(pod, bound) => (Law::ProcessesRunWhereBound, pod, format!("it runs on {}, bound to {bound:?}", process.node)),
            Breach::Twice(pod, other) => (Law::OneProcessPerIdentity, pod, format!("it starts on {} and runs on {other}", process.node)),
            Breach::OfNoPod => (Law::ProcessesRunWhereBound, of_node, format!("it runs {} of no pod", process.container)),
            Breach::Unconfirmed => unreachable!("an object is removed by a write"),
        };
        law.broken(entry.at, &about, what)
    })
}
