//! What the page draws, as comparable values: every pane's content at one instant, made from the cluster's objects.
//!
//! Promises: the same snapshot gives the same views; a view holds finished words, glyphs and spoken names, so a component
//! only draws it and reports what was clicked. Here, and only here, objects become pictures.
//! Absent on purpose: the browser, and decisions about the cluster. What grows with a run (lanes, the lines of a terminal, the verdict on a
//! manifest) is held here as values, too, and fed by `playground`.

mod ahead;
pub mod application;
pub mod changes;
pub mod cluster;
pub mod command;
pub mod compare;
pub mod dense;
pub mod details;
pub mod dns;
#[cfg(test)]
pub(crate) mod example;
pub mod highlight;
pub mod lanes;
pub mod links;
pub mod manifest;
pub mod node;
pub mod pod;
pub mod relations;
pub mod rollout;
pub mod side;
pub mod storage;
pub mod terminal;
pub mod tile;
pub mod timeline;
mod ways;
pub mod why;
pub mod window;

pub use ahead::{ahead_of, behind, sentence};

use std::rc::Rc;

use ::cluster::images::Images;
use ::cluster::inside::Disks;
use ::cluster::kubelet::Machine;
use ::why::DecisionLog;
use ::why::explain::{Evicted, Explanation, explain, held_by_budget, no_longer_evicted};
use ::why::log::Entry;
use api::kind::Kind;
use api::object::{Name, NamespacedName, ObjectKey, Pod, StatefulSet, Uid, parent_and_ordinal};
use api::release::Release;
use base::sort::Sort;
use base::sorted::SortedMap;
use base::time::Time;
use command::Naming;
use kubectl::settings::DEFAULT_NAMESPACE;
use manifest::Defined;
use server::log::Log;
use server::tables::Tables;
use sim::Sim;
use terminal::Typed;
use text::{Glyph, Hue, Lang, Mark, Piece, Prose, Text};

/// How a revision is painted. Hue and pattern take turns, so that two neighbours always differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    /// Solid.
    Odd,
    /// Diagonal.
    Even,
    /// Cross-hatched: older than the one before the newest.
    Old,
}

impl Paint {
    /// How revision `number` is painted while `newest` is the newest.
    pub fn of(number: i64, newest: i64) -> Paint {
        match number {
            n if n + 1 < newest => Paint::Old,
            n if n % 2 == 0 => Paint::Even,
            _ => Paint::Odd,
        }
    }

    /// The name that style sheets know it by.
    pub fn id(self) -> &'static str {
        match self {
            Paint::Odd => "odd",
            Paint::Even => "even",
            Paint::Old => "old",
        }
    }
}

/// What one can select and ask about: a pod's identity, whether or not there is a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    pub namespace: String,
    /// The pod's name: `web-2`.
    pub pod: String,
}

/// How many ordinals of a set are looked at: a set may want more pods than anybody can see.
const MAX_ORDINALS: usize = 5000;

/// One instant of the cluster, and in which words to speak of it.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The objects.
    pub tables: &'a Tables,
    /// The objects as far as the DNS server has seen them.
    pub names: &'a Tables,
    /// The machines behind the nodes, by the names of these: what runs, whether or not the API server knows of it.
    pub machines: &'a SortedMap<Name, Machine>,
    /// How images behave.
    pub images: &'a Images,
    /// What the components decided.
    pub decisions: &'a DecisionLog,
    /// The instant.
    pub now: Time,
    /// The release that runs.
    pub release: &'static Release,
    /// The words.
    pub lang: Lang,
    /// What is inside containers, and on volumes.
    pub disks: &'a Disks,
    /// What was written to the API server, in order.
    pub log: &'a Log,
    /// What the text in the editor defines, where that is what was applied last; else nothing.
    pub manifest: Defined<'a>,
    /// The sets that were deleted, as they were then but without any ordinal that is wanted: what they leave behind is drawn.
    pub gone: &'a [Rc<StatefulSet>],
    /// The lines that wrote something, oldest first.
    pub typed: &'a [Rc<Typed>],
    /// The pods whose eviction somebody asks for until it is granted; `None` where nobody keeps count.
    pub evicted: Evicted<'a>,
    /// The namespace in which lines act that name none.
    pub current: &'a str,
}

impl<'a> Snapshot<'a> {
    /// What a simulation shows now, without an editor and a terminal.
    pub fn of(sim: &'a Sim, lang: Lang) -> Snapshot<'a> {
        Snapshot {
            tables: sim.tables(),
            names: &sim.cache().tables,
            machines: sim.machines_by_node(),
            images: sim.images(),
            decisions: sim.decisions(),
            now: sim.now(),
            release: sim.release(),
            lang,
            disks: sim.disks(),
            log: sim.log(),
            manifest: Defined::default(),
            gone: &[],
            typed: &[],
            evicted: None,
            current: DEFAULT_NAMESPACE,
        }
    }

    fn text(&self) -> &'static Text {
        self.lang.text()
    }

    /// How a line names a namespace.
    pub fn naming(&self, namespace: &str) -> Naming {
        Naming::of(namespace, self.current)
    }

    /// Whether a node's machine is off or cut off.
    pub fn is_out(&self, node: &str) -> bool {
        !self.machines.get(node).is_none_or(Machine::connected)
    }

    /// Whether a pod's readiness probes are made to fail.
    pub fn holds_unready(&self, identity: &Identity) -> bool {
        let pod = self.tables.pod(&identity.namespace, &identity.pod);
        pod.is_some_and(|pod| {
            let machine = pod.node.as_ref().and_then(|node| self.machines.get(node));
            machine.is_some_and(|machine| machine.holds_unready(pod.meta.uid))
        })
    }

    /// Why something is as it is.
    fn explain(&self, about: &ObjectKey) -> Explanation {
        explain(self.tables, self.decisions, self.evicted, about)
    }

    /// What holds a pod that is to leave its node.
    fn held_by_budget(&self, pod: &Pod) -> Option<&'a Entry> {
        held_by_budget(self.tables, self.decisions, self.evicted, pod)
    }

    /// What held a pod that was to leave its node, and is to no more.
    fn no_longer_evicted(&self, pod: &Pod) -> Option<&'a Entry> {
        no_longer_evicted(self.tables, self.decisions, self.evicted, pod)
    }

    /// The ordinals a set speaks of: those it wants, those that have a pod, those that have a claim. Ascending.
    fn ordinals(&self, set: &StatefulSet) -> Vec<i64> {
        let pods = self.pods_of(set).filter_map(|pod| set.ordinal_of(&pod.meta.name));
        let claims = self.tables.claims().filter(|claim| claim.meta.namespace == set.meta.namespace);
        let claims = claims.filter_map(|claim| set.of_claim(&claim.meta.name).map(|(_, ordinal)| ordinal));
        let wanted = set.ordinals();
        let mut ordinals: Vec<i64> = pods.chain(claims).filter(|ordinal| !wanted.contains(ordinal)).collect();
        ordinals.extend(wanted.clone().take(MAX_ORDINALS));
        ordinals.sort_small();
        ordinals.dedup();
        ordinals
    }

    /// How many of a set's pods are Ready as they stand, which its status may not say yet; and how many ordinals are shown, unless all.
    fn ready_of(&self, set: &StatefulSet) -> String {
        let in_column = self.pods_of(set).filter(|pod| set.ordinal_of(&pod.meta.name).is_some());
        let ready = in_column.filter(|pod| pod.ready() && !pod.meta.terminating()).count();
        let text = &self.text().cluster;
        let told = text.ready_of(i64::try_from(ready).unwrap_or(i64::MAX), set.spec.replicas);
        let hides_some = usize::try_from(set.spec.replicas).is_ok_and(|replicas| replicas > MAX_ORDINALS);
        if hides_some { format!("{told} · {}", text.first_shown(MAX_ORDINALS)) } else { told }
    }

    /// The pods that a set manages, by name.
    fn pods_of(&self, set: &StatefulSet) -> impl Iterator<Item = &'a Pod> {
        let (tables, uid) = (self.tables, set.meta.uid);
        tables.pods().filter(move |pod| pod.meta.is_controlled_by(uid)).map(|pod| &**pod)
    }

    /// The number of a revision, by the name of its ControllerRevision.
    fn revision(&self, namespace: &str, name: &str) -> Option<i64> {
        self.tables.revision(namespace, name).map(|revision| revision.number)
    }

    /// The set that gives a pod or a claim of this name, if there is one.
    fn set_of(&self, about: &ObjectKey) -> Option<&'a StatefulSet> {
        match about.kind {
            Kind::Pod => self.set(&about.namespace, parent_and_ordinal(&about.name)?.0),
            Kind::PersistentVolumeClaim => {
                let gives = |set: &&'a Rc<StatefulSet>| set.meta.namespace == about.namespace && set.of_claim(&about.name).is_some();
                self.tables.stateful_sets().find(gives).map(|set| &**set)
            }
            _ => None,
        }
    }

    /// A set, or one that was deleted and has left pods or claims behind. Pods that are orphans are no longer the set's.
    fn set_or_gone(&self, namespace: &str, name: &str) -> Option<&'a StatefulSet> {
        let is_it = |set: &&'a Rc<StatefulSet>| &*set.meta.namespace == namespace && &*set.meta.name == name;
        let is_own = |set: &StatefulSet, ordinal: &i64| {
            let pod = self.tables.pod(namespace, &set.pod_name(*ordinal));
            pod.is_none_or(|pod| pod.meta.is_controlled_by(set.meta.uid))
        };
        let lingers = |set: &&'a StatefulSet| {
            let ordinals = self.ordinals(set);
            !ordinals.is_empty() && ordinals.iter().all(|ordinal| is_own(set, ordinal))
        };
        let gone = || self.gone.iter().find(is_it).map(|set| &**set).filter(lingers);
        self.set(namespace, name).or_else(gone)
    }

    /// Whether a set that was deleted has left pods or claims behind.
    pub fn lingers(&self, set: &NamespacedName) -> bool {
        self.set_or_gone(&set.namespace, &set.name).is_some()
    }

    fn set(&self, namespace: &str, name: &str) -> Option<&'a StatefulSet> {
        self.tables.stateful_set(namespace, name).map(|set| &**set)
    }
}

/// Bytes as the page writes them: `0 B`, `1.2 KiB`, `12 KiB`, `3.4 MiB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let step = UNITS.iter().enumerate().rev().find(|(power, _)| n >> (10 * power) > 0).map_or(0, |(power, _)| power);
    let (whole, rest) = (n >> (10 * step), n & ((1 << (10 * step)) - 1));
    let tenths = (rest * 10) >> (10 * step);
    if step > 0 && whole < 10 { format!("{whole}.{tenths} {}", UNITS[step]) } else { format!("{whole} {}", UNITS[step]) }
}

/// As much of a uid as tells one pod from another of its name.
pub fn short_uid(uid: Uid) -> String {
    const DIGITS: usize = 4;
    uid.to_string().chars().take(DIGITS).collect()
}

/// An instant as panes write it: `0:09.0`, `24:00:16.4`.
pub fn short_time(at: Time) -> String {
    format!("{}.{}", timeline::ruler_label(at), at.0 / 100 % 10)
}

/// An instant in seconds, to a tenth: `16.4`.
pub fn short_seconds(at: Time) -> String {
    format!("{}.{}", at.0 / 1000, at.0 / 100 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_hours_where_there_are_any() {
        for (at, shown) in [(9000, "0:09.0"), (3_599_950, "59:59.9"), (3_600_000, "1:00:00.0"), (86_416_400, "24:00:16.4")] {
            assert_eq!(short_time(Time(at)), shown);
        }
    }

    #[test]
    fn bytes_have_one_decimal_below_ten() {
        for (n, shown) in [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1229, "1.2 KiB"), (12 << 10, "12 KiB"), (5 << 30, "5.0 GiB")] {
            assert_eq!(bytes(n), shown);
        }
    }

    #[test]
    fn neighbouring_revisions_differ_in_hue_and_pattern() {
        assert_eq!([1, 2, 3].map(|n| Paint::of(n, 3)), [Paint::Old, Paint::Even, Paint::Odd]);
    }
}
