//! Whether what really happened was as planned.

use std::fmt::Write;
use std::rc::Rc;

use crate::Plan;
use crate::watch::{self, Watched};
use api::object::ObjectKey;
use base::time::Span;
use sim::Sim;
use text::plan::Says;

/// What may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Which pods went and came, and in which order.
    Order,
    /// The pods at the end: their revisions, images and nodes, and whether they are Ready.
    Pods,
    /// The lowest number of Ready pods.
    Lowest,
    /// What became of claims and volumes.
    Storage,
    /// How long a majority was missing.
    Quorum,
}

/// Something that was not as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub set: ObjectKey,
    pub what: What,
    pub planned: String,
    pub found: String,
}

impl Difference {
    /// What there is to say of it.
    pub fn says(&self) -> Says {
        let what = match self.what {
            What::Order => "Order",
            What::Pods => "Pods",
            What::Lowest => "Lowest",
            What::Storage => "Storage",
            What::Quorum => "Quorum",
        };
        let (planned, found) = (self.planned.clone(), self.found.clone());
        Says::Differs { set: Rc::clone(&self.set.name), what, planned, found }
    }
}

impl Plan {
    /// Where an actual run, which began when this was planned, did not go as planned; `None` if its log has lost its beginning.
    pub fn agrees_with(&self, before: &Sim, after: &Sim) -> Option<Vec<Difference>> {
        let planned = self.given.outcome.sets.iter().map(|set| &set.watched);
        let differ = planned.flat_map(|planned| differences(planned, &watch::between(before, after, &planned.set)));
        after.log().reaches(before.log().len()).then(|| differ.collect())
    }
}

/// What may differ, and how it is told.
type Aspect = (What, fn(&Watched) -> String);

/// Where a set did not go as planned.
pub fn differences(planned: &Watched, found: &Watched) -> Vec<Difference> {
    let told: [Aspect; 5] =
        [(What::Order, order), (What::Pods, pods), (What::Lowest, lowest), (What::Storage, storage), (What::Quorum, quorum)];
    let differs = |(what, tell): Aspect| {
        let (planned, seen) = (tell(planned), tell(found));
        (planned != seen).then(|| Difference { set: found.set.clone(), what, planned, found: seen })
    };
    told.into_iter().filter_map(differs).collect()
}

/// `-web-2 +web-2`: what went and came, in order.
fn order(watched: &Watched) -> String {
    let mut out = String::new();
    for step in &watched.steps {
        let sign = match step.event {
            watch::Event::Created => '+',
            watch::Event::Deleted(_) => '-',
            _ => continue,
        };
        let _ = write!(out, "{sign}{} ", step.pod);
    }
    out.trim_end().to_owned()
}

fn pods(watched: &Watched) -> String {
    let told = watched.pods.iter().map(|pod| {
        let node = pod.seen.node.as_deref().unwrap_or("-");
        format!("{} {} {} {node}", pod.pod, if pod.ready { "Ready" } else { "not-Ready" }, pod.seen.images.join(","))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn lowest(watched: &Watched) -> String {
    watched.lowest.0.to_string()
}

fn storage(watched: &Watched) -> String {
    watched.storage.iter().map(|one| format!("{} {:?}", one.key.name, one.fate)).collect::<Vec<_>>().join(", ")
}

/// In whole seconds: a line that is typed by hand comes when it comes.
fn quorum(watched: &Watched) -> String {
    Span::seconds(watch::total(&watched.below_quorum, watched.to).0 / 1000).golang()
}
