//! Which network volumes may be mounted where.
//!
//! Promises: the lists by claim and by node agree with what was last put for each pod.

use std::rc::Rc;

use api::object::{Name, NamespacedName, Uid};
use base::sorted::{SortedMap, SortedSet};

type PodOnNode = (Name, Uid);

/// The claims of pods whose volumes may be mounted, and the network volumes behind them.
#[derive(Clone, Debug, Default)]
pub struct Mounts {
    of_pod: SortedMap<PodOnNode, Vec<(NamespacedName, Option<Name>)>>,
    of_claim: SortedMap<NamespacedName, SortedSet<PodOnNode>>,
    /// The pods by node and volume.
    users: SortedMap<Name, SortedMap<Name, SortedSet<Uid>>>,
}

impl Mounts {
    /// These are a pod's claims now, each with the network volume behind it.
    pub fn put(&mut self, pod: &PodOnNode, mounts: Vec<(NamespacedName, Option<Name>)>) {
        if self.of_pod.get(pod).map_or([].as_slice(), Vec::as_slice) == mounts {
            return;
        }
        let users = self.users.entry(Rc::clone(&pod.0)).or_default();
        for (claim, volume) in self.of_pod.remove(pod).into_iter().flatten() {
            leave(&mut self.of_claim, &claim, pod);
            if let Some(volume) = volume {
                leave(users, &volume, &pod.1);
            }
        }
        for (claim, volume) in &mounts {
            self.of_claim.entry(claim.clone()).or_default().insert(pod.clone());
            if let Some(volume) = volume {
                users.entry(Rc::clone(volume)).or_default().insert(pod.1);
            }
        }
        if !mounts.is_empty() {
            self.of_pod.insert(pod.clone(), mounts);
        }
    }

    /// The pods with a claim.
    pub fn of_claim(&self, claim: &NamespacedName) -> SortedSet<PodOnNode> {
        self.of_claim.get(claim).cloned().unwrap_or_default()
    }

    /// The network volumes that may be mounted on a node.
    pub fn on(&self, node: &str) -> impl Iterator<Item = &Name> {
        self.users.get(node).into_iter().flat_map(SortedMap::keys)
    }

    /// How many these are.
    pub fn count(&self, node: &str) -> usize {
        self.users.get(node).map_or(0, SortedMap::len)
    }
}

/// Takes a member out of the set under a key, and an empty set out of the map.
fn leave<K: Ord + Clone, T: Ord + Clone>(sets: &mut SortedMap<K, SortedSet<T>>, key: &K, member: &T) {
    let Some(set) = sets.get_mut(key) else { return };
    set.remove(member);
    if set.is_empty() {
        sets.remove(key);
    }
}
