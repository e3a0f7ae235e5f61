//! What a person can do about a pod that no controller will move: each way with the line it types, and what it risks.

use super::command::{self, Entry};
use super::pod::PodState;
use super::why::{Evidence, Hazard, Way};
use super::{Glyph, Hue, Identity, Mark, Prose, Snapshot, bytes, node, rollout, short_uid};
use crate::api::object::pod::Truth;
use crate::api::object::{Pod, Uid};
use crate::cluster::kubelet::{Machine, Worker};

/// A process whose pod the API server does not know any more, and where it is.
pub(super) struct Outlived<'a> {
    pub machine: &'a Machine,
    pub worker: &'a Worker,
}

/// Processes that may still run although the API server no longer knows their pods.
///
/// A machine that is off and one that is only cut off look the same from outside: on both, what ran when they fell silent may run.
pub(super) fn outlived<'a>(shot: &Snapshot<'a>) -> impl Iterator<Item = Outlived<'a>> {
    let tables = shot.tables;
    let known = move |worker: &Worker| tables.pod(&worker.key.namespace, &worker.key.name).is_some_and(|p| p.meta.uid == worker.uid);
    shot.machines.values().flat_map(move |machine| {
        let may_run = move |worker: &&Worker| if machine.connected() { worker.running() } else { worker.may_run() };
        machine.workers().filter(may_run).filter(move |worker| !known(worker)).map(move |worker| Outlived { machine, worker })
    })
}

impl Outlived<'_> {
    /// Whether its processes are known to run: not because anybody in the cluster could tell, but because the machine shows it.
    pub fn runs(&self) -> bool {
        self.worker.running()
    }

    /// The uid of its pod.
    pub fn uid(&self) -> Uid {
        self.worker.uid
    }
}

/// The silent node of a pod, where it has one.
pub(super) fn silent_node<'a>(shot: &Snapshot<'a>, pod: &Pod) -> Option<&'a str> {
    let name = pod.node.as_deref()?;
    let node = shot.tables.node("", name).filter(|node| node.ready() != Truth::True)?;
    Some(&node.meta.name)
}

/// The ways out for a pod, and what is at risk.
pub(super) fn of_pod(shot: &Snapshot, identity: &Identity, pod: Option<&Pod>) -> (Vec<Way>, Option<Hazard>) {
    let text = &shot.text().node;
    let old = outlived(shot).find(|old| *old.worker.key.namespace == *identity.namespace && *old.worker.key.name == *identity.pod);
    if let Some(old) = old {
        let node = &*old.machine.node;
        let uid = short_uid(old.uid());
        let mut ways = Vec::new();
        if !old.machine.connected() {
            ways.push(way(node::start(shot, node), &(text.start_ends_old)(&uid), false));
        }
        if shot.tables.node("", node).is_some() {
            ways.push(way(node::delete(shot, node), &(text.delete_changes_nothing)(&uid), false));
        }
        let two = old.runs() && pod.is_some_and(|pod| pod.status.containers.iter().any(|container| container.ready));
        let (title, words) = if two { ((text.split)(&identity.pod), text.split_words) } else { (text.doubt.to_owned(), text.doubt_words) };
        let verdict = two.then(|| Prose::read(&(text.two_processes)(&identity.pod)));
        let process = |mark, uid: &str, node: &str, runs: &str| Evidence::new(mark, &(text.process_on)(&identity.pod, uid, node), runs);
        let wrote = |uid| shot.written.inside().map(|inside| inside.written_by(uid)).filter(|n| *n > 0);
        let wrote = |uid| wrote(uid).and_then(|n| u64::try_from(n).ok()).map_or(String::new(), |n| (text.wrote)(&bytes(n)));
        let new = pod.and_then(|pod| Some((short_uid(pod.meta.uid), pod.node.as_deref()?, wrote(pod.meta.uid))));
        let first = wrote(old.uid());
        let both = [
            Some(process(PodState::Outlived.mark(), &uid, node, if first.is_empty() { text.not_in_api } else { &first })),
            new.map(|(uid, node, wrote)| process(PodState::Ready.mark(), &uid, node, &wrote)),
        ];
        let facts = if two { both.into_iter().flatten().collect() } else { Vec::new() };
        let hazard = Hazard { title, words: Prose::read(&words(&uid, node)), verdict, facts };
        return (ways, Some(hazard));
    }
    let set = pod.and_then(|pod| pod.meta.controller()).and_then(|owner| shot.tables.stateful_set(&identity.namespace, &owner.name));
    if let Some((set, pod)) = set.zip(pod)
        && rollout::is_trapped(set, pod)
    {
        return (vec![way(command::delete(identity, shot.text()), text.delete_frees, false)], None);
    }
    let Some((pod, node)) = pod.and_then(|pod| Some((pod, silent_node(shot, pod)?))) else { return (Vec::new(), None) };
    let mut ways = vec![way(node::start(shot, node), &(text.start_confirms)(&identity.pod), false)];
    if !pod.meta.terminating() {
        return (ways, None);
    }
    ways.push(way(node::out_of_service(shot, node), text.out_of_service_says, false));
    ways.push(way(node::delete(shot, node), &(text.delete_collects)(&identity.pod), false));
    ways.push(way(command::force_delete(identity, shot.text()), text.force_asks_nobody, true));
    let fact = |mark, words: &str| Evidence::new(mark, words, "");
    let facts = vec![
        fact(Mark(Glyph::Check, Hue::Ink), &(text.if_off)(&identity.pod)),
        fact(Mark(Glyph::Hazard, Hue::Danger), &(text.if_cut)(&identity.pod)),
    ];
    (ways, Some(Hazard { title: text.risk.to_owned(), words: Prose::read(&(text.risk_words)(node)), verdict: None, facts }))
}

fn way(entry: Entry, note: &str, danger: bool) -> Way {
    Way { entry, note: Prose::read(note), danger, since: None }
}
