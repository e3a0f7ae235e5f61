//! What a person can do about a pod that no controller will move: each way with the line it types, and what it risks.

use crate::command::{self, Entry};
use crate::pod::PodState;
use crate::{Evidence, Hazard, Identity, Instant, Way, node, remedy, rollout, short_uid};
use api::object::storage::ClaimRef;
use api::object::{Pod, StatefulSet, Uid};
use cluster::kubelet::{Machine, Worker};
use text::{Glyph, Hue, Mark, Prose, bytes};

/// A process whose pod the API server does not know any more, and where it is.
pub struct Outlived<'a> {
    pub machine: &'a Machine,
    pub worker: &'a Worker,
}

/// Processes that may still run although the API server no longer knows their pods.
///
/// A machine that is off and one that is only cut off look the same from outside: on both, what ran when they fell silent may run.
pub fn outlived<'a>(shot: &Instant<'a>) -> impl Iterator<Item = Outlived<'a>> {
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

    /// Whether it is one of a set's identities.
    pub fn is_of(&self, set: &StatefulSet) -> bool {
        self.worker.key.namespace == set.meta.namespace && set.ordinal_of(&self.worker.key.name).is_some()
    }

    /// Whether its processes run while those of a new pod of its name do, too.
    pub fn runs_beside_another(&self, shot: &Instant) -> bool {
        let new = shot.tables.pod(&self.worker.key.namespace, &self.worker.key.name);
        self.runs() && new.is_some_and(|pod| pod.status.containers.iter().any(|container| container.ready))
    }

    /// The uid of its pod.
    pub fn uid(&self) -> Uid {
        self.worker.uid
    }
}

/// The silent node of a pod, where it has one.
pub fn unreachable_node<'a>(shot: &Instant<'a>, pod: &Pod) -> Option<&'a str> {
    let name = pod.node.as_deref()?;
    let node = shot.tables.node("", name).filter(|node| node.silent())?;
    Some(&node.meta.name)
}

/// The ways out for a pod, and what is at risk.
pub fn of_pod(shot: &Instant, identity: &Identity, pod: Option<&Pod>) -> (Vec<Way>, Option<Hazard>) {
    let old = outlived(shot).find(|old| *old.worker.key.namespace == *identity.namespace && *old.worker.key.name == *identity.pod);
    if let Some(old) = old {
        return (ways_of_outlived(shot, &old), Some(two_of_a_name(shot, &old, pod)));
    }
    let Some(pod) = pod else { return (Vec::new(), None) };
    if let Some(way) = of_trapped(shot, pod) {
        return (vec![way], None);
    }
    if let Some(node) = pod.node.as_deref().filter(|_| shot.no_longer_evicted(pod).is_some()) {
        return (of_closed(shot, node), None);
    }
    unreachable_node(shot, pod).map_or((Vec::new(), None), |node| ways_from(shot, identity, pod, node))
}

/// What can be done where a drain has ended before its node was empty.
pub fn of_closed(shot: &Instant, node: &str) -> Vec<Way> {
    node::of_closed(shot, node).map(|entry| way(entry, "")).into()
}

/// The way out for a pod that fails on a revision nobody wants any more.
pub fn of_trapped(shot: &Instant, pod: &Pod) -> Option<Way> {
    let set = pod.meta.controller().and_then(|owner| shot.tables.stateful_set(&pod.meta.namespace, &owner.name))?;
    let delete = || {
        let mut entry = command::delete(shot, &remedy::identity(&pod.key()));
        // Without a partition, even of 0, as many of the lowest ordinals as have the current revision come back at that one.
        if rollout::comes_back_old(set, pod) {
            entry.line = shot.naming(&set.meta.namespace).partition(&set.meta.name, 0) + " && " + &entry.line;
        }
        way(entry, shot.text().node.delete_frees())
    };
    rollout::is_trapped(shot, set, pod).then(delete)
}

/// What can be done about a process that outlives its pod.
fn ways_of_outlived(shot: &Instant, old: &Outlived) -> Vec<Way> {
    let text = &shot.text().node;
    let (node, uid) = (&*old.machine.node, short_uid(old.uid()));
    let start = (!old.machine.connected()).then(|| way(node::start(shot, node), &text.start_ends_old(&uid)));
    let has_object = shot.tables.node("", node).is_some();
    let delete = has_object.then(|| way(node::delete(shot, node), &text.delete_changes_nothing(&uid)));
    start.into_iter().chain(delete).collect()
}

/// A process may run although its pod is gone; beside another of its name, it does harm.
fn two_of_a_name(shot: &Instant, old: &Outlived, pod: Option<&Pod>) -> Hazard {
    let text = &shot.text().node;
    let (name, node, uid) = (&old.worker.key.name, &*old.machine.node, short_uid(old.uid()));
    if !old.runs_beside_another(shot) {
        let cut = old.machine.powered() && !old.machine.connected();
        return Hazard {
            title: text.doubt(name),
            words: Prose::read(&if cut { text.cut_words(&uid, node) } else { text.doubt_words(&uid, node) }),
            verdict: None,
            facts: Vec::new(),
        };
    }
    let process = |mark, uid: &str, node: &str, runs: &str| Evidence::new(mark, &text.process_on(name, uid, node), runs);
    let wrote = |uid| {
        let bytes_of = u64::try_from(shot.disks.written_by(uid)).ok().filter(|n| *n > 0);
        bytes_of.map_or(String::new(), |n| text.wrote(&bytes(n)))
    };
    let first = wrote(old.uid());
    let first = process(PodState::Outlived.mark(), &uid, node, if first.is_empty() { text.not_in_api() } else { &first });
    let second = pod.and_then(|pod| Some((pod.meta.uid, pod.node.as_deref()?)));
    let second = second.map(|(uid, node)| process(PodState::Ready.mark(), &short_uid(uid), node, &wrote(uid)));
    Hazard {
        title: text.split(name),
        words: Prose::read(&text.split_words(&uid, node)),
        verdict: Some(Prose::read(&text.two_processes(name))),
        facts: std::iter::once(first).chain(second).collect(),
    }
}

/// The ways out for a pod on a silent node.
fn ways_from(shot: &Instant, identity: &Identity, pod: &Pod, node: &str) -> (Vec<Way>, Option<Hazard>) {
    let text = &shot.text().node;
    let mut ways = vec![way(node::start(shot, node), &text.start_confirms(&identity.pod))];
    if !pod.meta.terminating() {
        return (ways, None);
    }
    // None of the others brings back a disk that is on the node.
    let held = if disks_on(shot, pod, node).is_empty() { "" } else { text.then_pending() };
    let without = |entry, note: &str| way(entry, &format!("{note}{held}"));
    ways.push(without(node::out_of_service(shot, node), text.out_of_service_says()));
    ways.push(without(node::delete(shot, node), &text.delete_collects(&identity.pod)));
    ways.push(without(command::force_delete(shot, identity), text.force_asks_nobody()));
    let fact = |mark, words: &str| Evidence::new(mark, words, "");
    let facts = vec![
        fact(Mark(Glyph::Check, Hue::Ink), &text.if_off(&identity.pod)),
        fact(Mark(Glyph::Hazard, Hue::Danger), &text.if_cut(&identity.pod)),
    ];
    (ways, Some(Hazard { title: text.risk().to_owned(), words: Prose::read(&text.risk_words(node)), verdict: None, facts }))
}

/// The claims of a pod whose volumes are on this node only, as names.
pub fn disks_on(shot: &Instant, pod: &Pod, node: &str) -> String {
    let own: Vec<&str> = pod.claim_volumes().map(|volume| &*volume.claim).collect();
    let here = claims_on(shot, node).filter(|claim| claim.namespace == pod.meta.namespace && own.contains(&&*claim.name));
    here.map(|claim| format!("<{}>", claim.name)).collect::<Vec<_>>().join(", ")
}

/// The claims whose volumes are on this node only.
pub fn claims_on<'a>(shot: &Instant<'a>, node: &str) -> impl Iterator<Item = &'a ClaimRef> {
    shot.tables.volumes().filter(move |volume| volume.spec.node.as_deref() == Some(node)).filter_map(|volume| volume.spec.claim.as_ref())
}

fn way(entry: Entry, note: &str) -> Way {
    Way { entry, note: Prose::read(note), since: None }
}
