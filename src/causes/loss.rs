//! What is going to be lost while it can still be kept: the content of volumes whose claims are being deleted.
//!
//! Promises: only what nobody keeps is told of, and only where something was written.
//! Must not know: what a change that is only planned would lose; that is `plan::watch`'s.

use std::rc::Rc;

use super::Instant;
use api::object::{Claim, Name, Pod, StatefulSet, Volume};
use cluster::inside::Disk;

/// A claim whose volume goes with it.
#[derive(Clone, Debug)]
pub struct Going<'a> {
    pub claim: &'a Claim,
    pub volume: &'a Volume,
    /// The pod that still uses the claim, and so holds it; `None` if it goes now.
    pub pod: Option<&'a Pod>,
    /// What is on the volume.
    pub disk: &'a Disk,
}

/// The name of what holds a volume's content: for a folder of whatever node, on the node of a pod that uses it.
pub fn medium(shot: &Instant, volume: &Volume) -> Name {
    let claim = volume.spec.claim.as_ref().filter(|_| volume.spec.node.is_none() && volume.spec.value().get("hostPath").is_some());
    let uses = |pod: &&Rc<Pod>| {
        claim.is_some_and(|claim| pod.meta.namespace == claim.namespace && pod.claim_volumes().any(|used| used.claim == claim.name))
    };
    let user = claim.and_then(|_| shot.tables.pods().find(uses));
    volume.medium(user.and_then(|pod| pod.node.as_deref()).unwrap_or_default())
}

/// Whether a claim goes, and what is lost then.
pub fn going<'a>(shot: &Instant<'a>, claim: &'a Claim) -> Option<Going<'a>> {
    let volume = shot.tables.volume("", &claim.spec.volume).filter(|volume| *volume.spec.reclaim == *"Delete")?;
    let disk = shot.disks.disk(&medium(shot, volume)).filter(|disk| claim.meta.terminating() && disk.bytes() > 0)?;
    let uses = |pod: &&Rc<Pod>| pod.meta.namespace == claim.meta.namespace && pod.claim_volumes().any(|used| used.claim == claim.meta.name);
    Some(Going { claim, volume, pod: shot.tables.pods().find(uses).map(|pod| &**pod), disk })
}

/// The first claim of a set that goes with what was written.
pub fn first_going<'a>(shot: &Instant<'a>, set: &StatefulSet) -> Option<Going<'a>> {
    let own = |claim: &&Rc<Claim>| claim.meta.namespace == set.meta.namespace && set.of_claim(&claim.meta.name).is_some();
    shot.tables.claims().filter(own).find_map(|claim| going(shot, claim))
}
