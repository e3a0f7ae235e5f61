//! The resources used on each node: sums maintained pod by pod, so that a decision need not look at every pod.
//!
//! Promises: placing a pod is idempotent; the sums equal a recount at any time; a clone shares the nodes that have not changed since.
//! Must not know: what the sums are for.

use api::well_known::{POD_INDEX, POD_NAME};
use base::sorted::SortedMap;
use std::rc::Rc;

use api::object::resources::Resources;
use api::object::scheduling::HostPort;
use api::object::{Labels, Name, NamespacedName, Pod, Uid};

/// Labels that differ between pods of one template. Pods with all other labels equal are counted together.
const IDENTITY_LABELS: [&str; 2] = [POD_INDEX, POD_NAME];

/// Whether a label may differ between pods that are counted together.
pub fn tells_pods_apart(label: &str) -> bool {
    IDENTITY_LABELS.contains(&label)
}

/// A number of matching pods on a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Pods that are not terminating.
    pub staying: i64,
    /// Pods that are terminating.
    pub terminating: i64,
}

impl Count {
    /// All of them.
    pub fn all(self) -> i64 {
        self.staying + self.terminating
    }

    fn add(&mut self, terminating: bool, sign: i64) {
        if terminating {
            self.terminating += sign;
        } else {
            self.staying += sign;
        }
    }
}

/// What the pods of one node use. Models pkg/scheduler/framework/types.go NodeInfo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeLoad {
    /// The sum of their requests.
    pub requested: Resources,
    /// The sum of their requests for scoring.
    pub scored: Resources,
    /// Host ports in use, and by how many pods.
    pub ports: SortedMap<HostPort, usize>,
    pods: SortedMap<Uid, Rc<Pod>>,
    alike: SortedMap<(Name, Labels), Count>,
    choosy: SortedMap<Uid, Rc<Pod>>,
}

impl NodeLoad {
    /// How many pods there are.
    pub fn pod_count(&self) -> i64 {
        i64::try_from(self.pods.len()).unwrap_or(i64::MAX)
    }

    /// The pods, by uid.
    pub fn pods(&self) -> impl Iterator<Item = &Rc<Pod>> {
        self.pods.values()
    }

    /// The pods with affinity or anti-affinity terms, by uid.
    pub fn choosy(&self) -> impl Iterator<Item = &Rc<Pod>> {
        self.choosy.values()
    }

    /// Counts the pods that match by namespace and labels. `one_by_one`: the predicate may tell pods of one template apart.
    pub fn count(&self, one_by_one: bool, wanted: impl Fn(&Name, &Labels) -> bool) -> Count {
        let mut total = Count::default();
        if one_by_one {
            for pod in self.pods.values().filter(|p| wanted(&p.meta.namespace, &p.meta.labels)) {
                total.add(pod.meta.terminating(), 1);
            }
        } else {
            for (_, count) in self.alike.iter().filter(|((namespace, labels), _)| wanted(namespace, labels)) {
                total.staying += count.staying;
                total.terminating += count.terminating;
            }
        }
        total
    }

    /// Replaces a pod by its new version if that changes no sum; returns whether it did.
    fn renew(&mut self, pod: &Rc<Pod>) -> bool {
        let Some(counted) = self.pods.get_mut(&pod.meta.uid).filter(|counted| counts_as(counted, pod)) else { return false };
        *counted = Rc::clone(pod);
        if let Some(counted) = self.choosy.get_mut(&pod.meta.uid) {
            *counted = Rc::clone(pod);
        }
        true
    }

    fn place(&mut self, pod: Rc<Pod>) {
        self.remove(pod.meta.uid);
        self.shift(&pod, 1);
        if pod.spec.template.scheduling.names_other_pods() {
            self.choosy.insert(pod.meta.uid, Rc::clone(&pod));
        }
        self.pods.insert(pod.meta.uid, pod);
    }

    fn remove(&mut self, uid: Uid) -> Option<Rc<Pod>> {
        let pod = self.pods.remove(&uid)?;
        self.choosy.remove(&uid);
        self.shift(&pod, -1);
        Some(pod)
    }

    fn shift(&mut self, pod: &Pod, sign: i64) {
        let rules = &pod.spec.template.scheduling;
        self.requested.add(&rules.requests, sign);
        self.scored.add(&rules.scored, sign);
        for port in &rules.host_ports {
            let users = self.ports.entry(port.clone()).or_default();
            *users = if sign > 0 { *users + 1 } else { users.saturating_sub(1) };
        }
        self.ports.retain(|_, users| *users > 0);
        let key = (Rc::clone(&pod.meta.namespace), common_labels(&pod.meta.labels));
        let count = self.alike.entry(key.clone()).or_default();
        count.add(pod.meta.terminating(), sign);
        if *count == Count::default() {
            self.alike.remove(&key);
        }
    }
}

/// What the pods of every node use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loads {
    nodes: SortedMap<Name, Rc<NodeLoad>>,
    claims: SortedMap<NamespacedName, usize>,
}

impl Loads {
    /// What the pods of a node use; `None` if there are none.
    pub fn node(&self, name: &str) -> Option<&NodeLoad> {
        self.nodes.get(name).map(|n| &**n)
    }

    /// Counts a pod on its node in its current state. A pod without a node, or in a terminal phase, uses nothing.
    pub fn place(&mut self, pod: &Rc<Pod>) {
        let node = pod.node.as_ref().filter(|_| !pod.status.phase.terminal());
        if node.and_then(|node| self.nodes.get_mut(node)).is_some_and(|load| Rc::make_mut(load).renew(pod)) {
            return;
        }
        self.remove(pod);
        let Some(node) = node else { return };
        Rc::make_mut(self.nodes.entry(Rc::clone(node)).or_default()).place(Rc::clone(pod));
        for claim in pod.claim_volumes() {
            *self.claims.entry(NamespacedName::new(&pod.meta.namespace, &claim.claim)).or_default() += 1;
        }
    }

    /// Stops counting a pod, whose node must be known.
    pub fn remove(&mut self, pod: &Pod) {
        let Some(load) = pod.node.as_ref().and_then(|n| self.nodes.get_mut(n)) else { return };
        let Some(counted) = Rc::make_mut(load).remove(pod.meta.uid) else { return };
        for claim in counted.claim_volumes() {
            let key = NamespacedName::new(&counted.meta.namespace, &claim.claim);
            if let Some(users) = self.claims.get_mut(&key) {
                *users -= 1;
                if *users == 0 {
                    self.claims.remove(&key);
                }
            }
        }
        if load.pods.is_empty() {
            self.nodes.remove(pod.node.as_deref().unwrap_or_default());
        }
    }

    /// Whether a counted pod uses a claim. Models pkg/scheduler/framework StorageInfoLister.IsPVCUsedByPods.
    pub fn uses_claim(&self, namespace: &Name, claim: &Name) -> bool {
        self.claims.contains_key(&NamespacedName::new(namespace, claim))
    }
}

/// Whether a pod counts the same as before, on the same node.
fn counts_as(before: &Pod, now: &Pod) -> bool {
    Rc::ptr_eq(&before.spec, &now.spec)
        && Rc::ptr_eq(&before.meta.labels, &now.meta.labels)
        && before.meta.terminating() == now.meta.terminating()
}

/// The labels that pods of one template share.
fn common_labels(labels: &Labels) -> Labels {
    if !labels.keys().any(|k| tells_pods_apart(k)) {
        return Rc::clone(labels);
    }
    Rc::new(labels.iter().filter(|(k, _)| !tells_pods_apart(k)).map(|(k, v)| (Rc::clone(k), Rc::clone(v))).collect())
}
