//! What is said of a paste: a report, its verdicts, and the cures that were tried for each.

use super::paste::account::Account;
use super::paste::found::{Fact, Signed};
use super::places;
use super::world::World;
use api::object::{Name, ObjectKey};
use base::fields::Fields;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use causes::Instant;
use causes::blame::{Blame, Sure};
use causes::ground::of_link;
use done::{Differ, Judge, Said};
use sim::Sim;
use text::Lang;
use text::diagnose::{Assumed, Owner, Risk, Told, Unfit, Unread};
use why::explain::Link;
use why::{Cause, Family};

/// The way that a text has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// It became a world, in which decisions were looked at and cures tried.
    Dump,
    /// It was read, and nothing was made of it.
    Text,
    /// A manifest, which was applied to a new cluster, or is refused.
    Manifest,
}

/// What is the matter with a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub cause: Cause,
    /// The object it hangs on.
    pub object: ObjectKey,
    /// The workload that waits.
    pub workload: ObjectKey,
    pub sure: Sure,
    /// The names and figures of the message that says so ([`Blame::said`]).
    pub said: Fields,
    /// What is to be told of it.
    pub told: Told,
    /// Since when, as far as anything tells.
    pub since: Option<Time>,
    /// How long until it ends by itself, if it does.
    pub ends_in: Option<Span>,
    /// From the workload to the cause: an object, and what was decided about it.
    pub chain: Vec<(ObjectKey, Told)>,
    /// Why each node is no good, where one is sought: its name, and what the scheduler has against it.
    pub nodes: Vec<(Name, Unfit)>,
    /// What was tried and ended it, the least first.
    pub cures: Vec<Tried>,
    /// What looks right, was tried, and did not end it.
    pub not_cures: Vec<Tried>,
    /// The numbers of the lines that speak of the objects it is about.
    pub lines: Vec<usize>,
    /// The line of the message that says so; 0 where none is quoted.
    pub quoted: usize,
    /// What was assumed and decides: with the opposite, the verdict would be another one, whose heading in short is beside it.
    pub hangs_on: Vec<(Assumed, Told)>,
    /// What the logs say of its process.
    pub signs: Vec<Signed>,
    /// What tools say that wait for the workload, beside what the verdict tells.
    pub waits: Vec<Waited>,
    /// What each tool says of sets that the text has with their status, where it speaks of tools.
    pub judged: Vec<Judged>,
    /// Who made the workload and takes a change of it back, if the text tells.
    pub owner: Option<Owner>,
    /// The commands that print what is missing.
    pub missing: Vec<String>,
}

/// A line of a tool that waits for a set, or has given up.
#[derive(Clone, Debug, PartialEq)]
pub struct Waited {
    pub line: usize,
    pub text: String,
    /// The tools that may have said so; the words do not always tell.
    pub tools: Vec<Judge>,
    /// What the tool read, and what it means by that.
    pub told: Told,
}

/// What each tool says of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub set: ObjectKey,
    pub says: Vec<(Judge, Said)>,
    pub differ: Differ,
    /// Whether the text has a pod of it, which some tools read.
    pub has_pods: bool,
}

/// Lines that were tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub lines: Vec<String>,
    /// How long until the object was well; `None` where it never was.
    pub took: Option<Span>,
    /// What they risk.
    pub risks: Vec<Risk>,
}

impl Verdict {
    /// The family of the cause.
    pub fn family(&self) -> Family {
        self.cause.family()
    }
}

/// Everything that can be said of a paste.
#[derive(Clone, Debug)]
pub struct Report {
    pub verdicts: Vec<Verdict>,
    pub assumed: Vec<Assumed>,
    /// Those of which the opposite is supposed ([`Assumed::id`]).
    pub otherwise: SortedSet<String>,
    pub unread: Vec<Unread>,
    /// What became of each line.
    pub account: Account,
    pub others: Vec<String>,
    /// What a text that is no dump was understood to say.
    pub facts: Vec<Fact>,
    /// The instant that the paste shows.
    pub at: Time,
    /// The workloads with which nothing is the matter.
    pub well: Vec<ObjectKey>,
    /// The way that the text has gone.
    pub door: Door,
    /// What would be the matter with what the files do not bring, and that.
    pub with: Option<(Vec<String>, Box<Report>)>,
}

impl Report {
    /// Whether the opposite of an assumption is supposed.
    pub fn supposes_otherwise(&self, one: &Assumed) -> bool {
        self.otherwise.contains(&one.id())
    }
}

/// A verdict of a cause, whose chain is that of a later world.
pub(super) fn verdict(world: &World, sim: &Sim, blame: Blame, workload: &ObjectKey, chain: Vec<Link>) -> Verdict {
    let since = chain.iter().filter_map(|link| since(world, &link.about)).next_back();
    let shot = Instant::of(sim, Lang::default());
    let told = |link: Link| (link.about.clone(), of_link(&shot, &link));
    Verdict {
        cause: blame.cause,
        object: blame.object,
        lines: Vec::new(),
        quoted: 0,
        hangs_on: Vec::new(),
        signs: Vec::new(),
        waits: Vec::new(),
        judged: Vec::new(),
        owner: world.owners.iter().find(|(key, _)| key == workload).map(|(_, owner)| owner.clone()),
        workload: workload.clone(),
        sure: blame.sure,
        nodes: places::counted(&blame.said),
        said: blame.said,
        told: Told::default(),
        since,
        ends_in: None,
        chain: chain.into_iter().map(told).collect(),
        cures: Vec::new(),
        not_cures: Vec::new(),
        missing: Vec::new(),
    }
}

/// Since when something has not been as it should be, by the pasted objects.
fn since(world: &World, about: &ObjectKey) -> Option<Time> {
    let tables = world.sim.tables();
    let object = tables.get(about)?;
    if let Some(deletion) = object.meta().deletion {
        return Some(deletion.asked());
    }
    let pod = object.as_pod();
    let condition = pod.and_then(|pod| pod.condition(if pod.node.is_some() { "Ready" } else { "PodScheduled" }));
    condition.map(|condition| condition.since).or_else(|| pod.map(|pod| pod.meta.created))
}
