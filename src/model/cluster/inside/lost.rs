//! What was lost: contents of volumes that went with their claims, and of those that pods had to themselves.

use super::content::Content;
use super::disk::Disk;
use super::disks::{Disks, scratch_of};
use api::object::storage::{RECLAIM_DELETE, VolumePhase};
use api::object::{Name, NamespacedName, Pod, Volume};
use base::time::Time;
use std::rc::Rc;

/// How many losses are kept; the oldest are dropped.
const MOST_KEPT: usize = 64;

/// What it was that held what is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The volume of a claim.
    Claim(NamespacedName),
    /// A volume that a pod had to itself.
    Pod(NamespacedName, Name),
}

/// What was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    pub of: Holder,
    pub content: Content,
    pub at: Time,
}

/// All that was lost, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    kept: Vec<Lost>,
    count: usize,
}

impl Losses {
    /// How often something was lost.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Those that came after so many.
    pub fn after(&self, count: usize) -> &[Lost] {
        let new = self.count.saturating_sub(count);
        &self.kept[self.kept.len().saturating_sub(new)..]
    }

    /// The last loss of somebody.
    pub fn last_of(&self, is_it: impl Fn(&Holder) -> bool) -> Option<&Lost> {
        self.kept.iter().rev().find(|lost| is_it(&lost.of))
    }

    /// Whether all that was lost at an instant or later is still known.
    pub fn knows_since(&self, at: Time) -> bool {
        self.count == self.kept.len() || self.kept.first().is_some_and(|oldest| oldest.at < at)
    }

    fn take(&mut self, of: Holder, disk: Option<&Disk>, at: Time) {
        let content = Content::of(disk);
        if content.is_no_loss() {
            return;
        }
        if self.kept.len() == MOST_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(Lost { of, content, at });
        self.count += 1;
    }
}

impl Disks {
    /// What was lost.
    pub fn losses(&self) -> &Losses {
        &self.losses
    }

    /// A pod is gone from its machine, and what it had to itself.
    pub fn pod_gone(&mut self, pod: &Pod, now: Time) {
        let uid = pod.meta.uid;
        let own = self.layers.iter().filter(|((of, _), _)| *of == uid).filter_map(|((_, name), disk)| Some((scratch_of(name)?, disk)));
        for (volume, disk) in own {
            self.losses.take(Holder::Pod(pod.meta.namespaced_name(), volume.into()), Some(disk), now);
        }
        self.unsure.remove(&uid);
        self.layers.retain(|(of, _), _| *of != uid);
        self.logs.retain(|(of, _), _| *of != uid);
        self.previous.retain(|(of, _), _| *of != uid);
        self.refused.retain(|(of, _), _| *of != uid);
    }

    /// A volume's object is gone, and its content if it was reclaimed: whoever deletes the object by hand leaves that where it is.
    pub fn volume_gone(&mut self, volume: &Rc<Volume>, now: Time) {
        if *volume.spec.reclaim != *RECLAIM_DELETE || volume.status.phase != VolumePhase::Released {
            self.torn.insert(Rc::clone(&volume.meta.name), Rc::clone(volume));
            return;
        }
        let disk = self.volumes.remove(&volume.medium(""));
        if let Some(claim) = &volume.spec.claim {
            self.losses.take(Holder::Claim(NamespacedName::new(&claim.namespace, &claim.name)), disk.as_ref(), now);
        }
    }
}
