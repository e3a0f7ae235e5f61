//! Processes, as opposed to pod objects: where they run, and when those of two pods run under one identity.

use std::rc::Rc;

use api::controller::Controller;
use api::object::{Name, Object, ObjectKey, Pod, Uid};
use base::sorted::{SortedMap, SortedSet};
use base::time::Time;
use cluster::runtime::{Happening, Process, RuntimeEntry};
use server::life::Life;
use server::log::{Actor, Change};

/// An instant at which processes of two pods ran under one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// When it began.
    pub at: Time,
    /// When it was over; `None` while it lasts.
    pub until: Option<Time>,
    /// The identity: the pods' common name.
    pub identity: ObjectKey,
    /// Who made it possible by removing the older pod before it had terminated.
    pub by: Actor,
    /// The two pods.
    of: [Uid; 2],
}

/// What is known of a pod, even after its object is gone.
#[derive(Clone, Debug)]
struct Known {
    life: Life,
    /// The containers that are running.
    running: SortedSet<Name>,
}

impl Known {
    /// Who removed the object.
    fn taken_by(&self) -> Option<&Actor> {
        self.life.gone.as_ref().map(|(_, by)| by)
    }
}

/// What no run may show: a mistake of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The object of a pod was removed while its processes run, and nobody forced it.
    Unconfirmed,
    /// A process started of which no pod is known.
    OfNoPod,
    /// A process started on another node than the one that its pod is bound to, which is named if there is one.
    Astray(ObjectKey, Option<Name>),
    /// A process of this pod started while another pod of that name runs on a node, and nobody forced it.
    Twice(ObjectKey, Name),
}

/// All pods and processes seen so far.
#[derive(Clone, Debug, Default)]
pub struct Processes {
    pods: SortedMap<Uid, Known>,
    /// The pods of each identity that exist or still run.
    by_identity: SortedMap<ObjectKey, SortedSet<Uid>>,
    /// Those whose objects were removed by force: a kubelet that has not heard of it starts their containers again.
    forced: SortedMap<Uid, Life>,
    splits: Vec<Split>,
}

impl Processes {
    /// The instants at which processes of two pods ran under one identity because somebody forced it.
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// The pods whose objects were removed while their processes ran, and by whom: the processes run, or may start again.
    pub fn orphans(&self) -> impl Iterator<Item = (ObjectKey, &Actor)> {
        let gone = self.pods.iter().map(|(_, known)| &known.life).chain(self.forced.iter().map(|(_, life)| life));
        gone.filter_map(|life| Some((life.pod.key(), &life.gone.as_ref()?.1)))
    }

    /// Takes in a write.
    pub fn see(&mut self, change: &Change) -> Result<(), Breach> {
        let Some(pod) = change.object().and_then(Object::as_pod) else { return Ok(()) };
        let uid = pod.meta.uid;
        if change.before.is_none() {
            self.pods.insert(uid, Known { life: Life::of(pod, change.at), running: SortedSet::new() });
            self.by_identity.entry(change.key.clone()).or_default().insert(uid);
        }
        let Some(known) = self.pods.get_mut(&uid) else { return Ok(()) };
        known.life.take(change);
        if change.after.is_some() {
            return Ok(());
        }
        if may_force(&change.by, pod) {
            self.forced.insert(uid, known.life.clone());
        }
        if known.running.is_empty() {
            self.forget(uid);
            return Ok(());
        }
        if may_force(&change.by, pod) { Ok(()) } else { Err(Breach::Unconfirmed) }
    }

    /// Takes in a runtime entry.
    pub fn hear(&mut self, entry: &RuntimeEntry) -> Result<(), Breach> {
        match &entry.what {
            Happening::Started(process) => self.started(entry.at, process),
            Happening::Stopped { process, .. } => {
                self.stopped(entry.at, process);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn started(&mut self, at: Time, process: &Process) -> Result<(), Breach> {
        if let (false, Some(life)) = (self.pods.contains_key(&process.uid), self.forced.get(&process.uid)) {
            self.by_identity.entry(life.pod.key()).or_default().insert(process.uid);
            self.pods.insert(process.uid, Known { life: life.clone(), running: SortedSet::new() });
        }
        let Some(known) = self.pods.get_mut(&process.uid) else { return Err(Breach::OfNoPod) };
        let (key, taken_by, node) = (known.life.pod.key(), known.taken_by().cloned(), &known.life.pod.node);
        if node.as_ref() != Some(&process.node) {
            return Err(Breach::Astray(key, node.clone()));
        }
        known.running.insert(Rc::clone(&process.container));
        let others = self.by_identity.get(&key).into_iter().flatten().filter(|uid| **uid != process.uid);
        let known = others.filter_map(|uid| Some((uid, self.pods.get(uid)?)));
        for (uid, other) in known.filter(|(_, known)| !known.running.is_empty()) {
            let Some(by) = other.taken_by().or(taken_by.as_ref()).cloned() else {
                return Err(Breach::Twice(key, other.life.pod.node.clone().unwrap_or_default()));
            };
            let of = [*uid, process.uid];
            // A container that starts again beside the same other pod begins nothing new.
            if !self.splits.iter().any(|known| known.of == of && known.until.is_none()) {
                self.splits.push(Split { at, until: None, identity: key.clone(), by, of });
            }
        }
        Ok(())
    }

    fn stopped(&mut self, at: Time, process: &Process) {
        let Some(known) = self.pods.get_mut(&process.uid) else { return };
        known.running.remove(&process.container);
        if known.running.is_empty() {
            let over = self.splits.iter_mut().filter(|split| split.until.is_none() && split.of.contains(&process.uid));
            over.for_each(|split| split.until = Some(at));
        }
        if known.life.gone.is_some() && known.running.is_empty() {
            self.forget(process.uid);
        }
    }

    fn forget(&mut self, uid: Uid) {
        let Some(key) = self.pods.remove(&uid).map(|known| known.life.pod.key()) else { return };
        if let Some(uids) = self.by_identity.get_mut(&key) {
            uids.remove(&uid);
            if uids.is_empty() {
                self.by_identity.remove(&key);
            }
        }
    }
}

/// Whether a pod's object may be removed before its processes have ended: somebody forced it, by deleting the pod or by declaring
/// its node gone or out of service, or its grace period is zero, which makes every deletion a forced one, whoever lets it go in the
/// end.
fn may_force(by: &Actor, pod: &Pod) -> bool {
    let at_once = pod.spec.template.grace == 0 || pod.meta.deletion.is_some_and(|deletion| deletion.grace == 0);
    matches!(by, Actor::User | Actor::Controller(Controller::PodGc)) || at_once
}
