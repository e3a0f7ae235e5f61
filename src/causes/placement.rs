//! What lets a pod find a node that has none: a node that is open to it, one that comes back, other rules, or another disk.
//!
//! Promises: as [`crate::remedy`].

use std::rc::Rc;

use crate::command::{self, Entry};
use crate::{Instant, edit, node};
use api::kind::Kind;
use api::object::node::{OUT_OF_SERVICE_TAINT, Taint, UNSCHEDULABLE_TAINT};
use api::object::storage::{BIND_COMPLETED, ClaimPhase, SELECTED_NODE};
use api::object::{Claim, Name, Node, Pod, parent_and_ordinal};
use base::dice::Dice;
use base::sorted::SortedMap;
use cluster::scheduler::{self, Loads, TieBreak, View};
use server::tables::Tables;
use why::Plugin;

/// The prefix of taints that Kubernetes sets itself.
const OWN_TAINTS: &str = "node.kubernetes.io/";

/// What lets a pod find a node: whatever of this the scheduler would take it for.
pub(super) fn ways(shot: &Instant, pod: &Pod, by: &[Plugin]) -> Vec<Entry> {
    let (text, ask) = (shot.text(), &shot.text().ask);
    let tainted = by.contains(&Plugin::TaintToleration);
    let mut fits = Fits::of(shot, pod);
    let mut entries = gone(shot, &mut fits);
    for node in shot.tables.nodes() {
        let name = &*node.meta.name;
        if node.unschedulable && fits.on(node, &|node| open(node)) {
            entries.push(Entry::new(format!("{} {name}", text.node.uncordon()), command::uncordon(name)));
        }
        if shot.is_out(name) {
            let start = node::start(shot, name);
            // Who declared it gone for good has to take that back.
            let declared = tainted && node.taints.iter().any(|taint| *taint.key == *OUT_OF_SERVICE_TAINT);
            let line = if declared {
                format!("{} && {}", start.line, command::taint(name, &format!("{OUT_OF_SERVICE_TAINT}-")))
            } else {
                start.line
            };
            entries.push(Entry { line, ..start });
        }
        let keeps_out = |taint: &&Taint| tainted && !taint.key.starts_with(OWN_TAINTS);
        for taint in node.taints.iter().filter(keeps_out) {
            if fits.on(node, &|node| node.taints.retain(|t| t.key != taint.key)) {
                entries.push(Entry::new(ask.untaint(name), command::taint(name, &format!("{}-", taint.key))));
            }
        }
    }
    let wanted = &pod.spec.template.scheduling.node_selector;
    let lacks = |node: &&Rc<Node>| wanted.iter().any(|(key, value)| node.meta.label(key) != Some(value));
    let label = |node: &mut Node| Rc::make_mut(&mut node.meta.labels).extend(wanted.iter().cloned());
    let labelled = |node: &Node| {
        let labels: Vec<String> = wanted.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let name = &node.meta.name;
        Entry::new(ask.label(name), command::label_nodes(name, &format!("{} --overwrite", labels.join(" "))))
    };
    entries.extend(shot.tables.nodes().filter(lacks).find(|node| fits.on(node, &label)).map(|node| labelled(node)));
    entries.extend(places(shot, pod, &mut fits, &|_| ()).map(|(_, entry)| entry));
    if entries.is_empty() && !wanted.is_empty() {
        // One label after the other: neither does alone.
        entries.extend(places(shot, pod, &mut fits, &label).map(|(node, then)| {
            let first = labelled(node);
            Entry::new(format!("{}, {}", first.label, then.label), format!("{} && {}", first.line, then.line))
        }));
    }
    entries.extend(another_disk(shot, pod, &mut fits));
    if entries.is_empty() { edit::for_room(shot, pod) } else { entries }
}

/// Starts the machines whose Node objects were deleted and that would have the pod: each registers its node again, and has its disks.
fn gone(shot: &Instant, fits: &mut Fits) -> Vec<Entry> {
    let gone = shot.machines.values().filter(|machine| shot.tables.node("", &machine.node).is_none());
    gone.filter(|machine| fits.on(&machine.registration, &|_| ())).map(|machine| node::start(shot, &machine.node)).collect()
}

/// Where a disk is on a node that does not exist: an empty one elsewhere, from the set that made its claim.
fn another_disk(shot: &Instant, pod: &Pod, fits: &mut Fits) -> Option<Entry> {
    let (set, (_, ordinal)) = (edit::set_of(shot, pod)?, parent_and_ordinal(&pod.meta.name)?);
    let own = set.spec.claim_templates.iter().map(|template| template.claim_name(&set.meta.name, ordinal));
    let is_lost = |claim: &Name| {
        let claim = shot.tables.claim(&pod.meta.namespace, claim).filter(|claim| claim.bound())?;
        let node = shot.tables.volume("", &claim.spec.volume)?.spec.node.as_ref()?;
        Some(shot.tables.node("", node).is_none())
    };
    let lost: Vec<Name> = own.filter(|claim| is_lost(claim) == Some(true)).collect();
    if lost.is_empty() || !fits.with_new(&lost) {
        return None;
    }
    let (name, rest) = (&pod.meta.name, shot.naming(&pod.meta.namespace));
    let claims = rest.delete(Kind::PersistentVolumeClaim, &format!("{} --wait=false", lost.join(" ")));
    let label = shot.text().ask.lose_both(&lost.join(", "), name);
    Some(Entry::new(label, format!("{claims} && {}", rest.delete(Kind::Pod, name))).harmful())
}

/// Says of the nodes where they are, each in a place of its own, by a label of which pods are to be spread that some do not have; and
/// which of them then takes the pod, once it is changed otherwise, too.
fn places<'a>(shot: &Instant<'a>, pod: &Pod, fits: &mut Fits, also: &dyn Fn(&mut Node)) -> Option<(&'a Node, Entry)> {
    let rules = &pod.spec.template.scheduling;
    let near = rules.affinity.required.iter().map(|term| &term.topology_key);
    let mut keys = rules.spread.iter().filter(|spread| spread.hard).map(|spread| &spread.topology_key).chain(near);
    let (key, node) = keys.find_map(|key| {
        let label = |node: &mut Node| {
            also(node);
            Rc::make_mut(&mut node.meta.labels).extend([(Rc::clone(key), "".into())]);
        };
        Some((key, lacking(shot, key).find(|(_, node)| fits.on(node, &label))?.1))
    })?;
    let what = key.rsplit('/').next()?;
    let nodes = lacking(shot, key).map(|(at, node)| command::label_nodes(&node.meta.name, &format!("{key}={what}-{}", at + 1)));
    Some((node, Entry::new(shot.text().ask.label_all(what), nodes.collect::<Vec<_>>().join(" && "))))
}

/// The nodes without a label, and their places among all.
fn lacking<'a>(shot: &Instant<'a>, key: &str) -> impl Iterator<Item = (usize, &'a Rc<Node>)> {
    shot.tables.nodes().enumerate().filter(move |(_, node)| node.meta.label(key).is_none())
}

/// Lets pods onto a cordoned node: the taint goes with the field.
fn open(node: &mut Node) {
    node.unschedulable = false;
    node.taints.retain(|taint| &*taint.key != UNSCHEDULABLE_TAINT);
}

/// What the scheduler is asked about a pod. The cluster is copied for the first question, which most snapshots never come to.
pub(super) struct Fits<'a> {
    shot: &'a Instant<'a>,
    pod: &'a Pod,
    copy: Option<(Tables, Loads)>,
}

impl<'a> Fits<'a> {
    /// Of a pod without a node.
    pub(super) fn of(shot: &'a Instant<'a>, pod: &'a Pod) -> Self {
        Fits { shot, pod, copy: None }
    }

    /// Whether it takes the pod as things are.
    pub(super) fn as_it_is(&mut self) -> bool {
        self.now()
    }

    /// Whether it would take the pod if a node were different.
    pub(super) fn on(&mut self, node: &Node, change: &dyn Fn(&mut Node)) -> bool {
        let mut other = node.clone();
        change(&mut other);
        let before = self.tables().insert(other.into());
        let fits = self.now();
        let tables = self.tables();
        match before {
            Some(before) => drop(tables.insert(before)),
            None => drop(tables.remove(&node.key())),
        }
        fits
    }

    /// Whether it would take the pod if these claims of it were made anew.
    pub(super) fn with_new(&mut self, claims: &[Name]) -> bool {
        let namespace = &self.pod.meta.namespace;
        let there: Vec<Rc<Claim>> = claims.iter().filter_map(|claim| self.shot.tables.claim(namespace, claim)).cloned().collect();
        for claim in &there {
            let mut new = Claim::clone(claim);
            new.status.phase = ClaimPhase::Pending;
            new.spec.edit(|spec| drop(spec.remove(&["volumeName"])));
            let notes = Rc::make_mut(&mut new.meta.annotations);
            for note in [BIND_COMPLETED, SELECTED_NODE] {
                notes.remove(note);
            }
            self.tables().insert(new.into());
        }
        let fits = self.now();
        for claim in there {
            self.tables().insert(claim.into());
        }
        fits
    }

    fn copy(&mut self) -> &mut (Tables, Loads) {
        let tables = self.shot.tables;
        self.copy.get_or_insert_with(|| {
            let mut loads = Loads::default();
            tables.pods().for_each(|pod| loads.place(pod));
            (tables.clone(), loads)
        })
    }

    fn tables(&mut self) -> &mut Tables {
        &mut self.copy().0
    }

    fn now(&mut self) -> bool {
        let (shot, pod) = (self.shot, self.pod);
        let (tables, loads) = self.copy();
        let view = View { tables, loads, nominated: &SortedMap::new(), release: shot.release, now: shot.now };
        let tie = TieBreak { prefer: None, dice: Dice { seed: 0 }, attempt: 0 };
        matches!(scheduler::decide(&view, pod, &tie), scheduler::Verdict::Fits(_))
    }
}
