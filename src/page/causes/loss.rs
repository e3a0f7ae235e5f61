//! What is going to be lost while it can still be kept: the content of volumes whose claims are being deleted.
//!
//! Promises: only what nobody keeps is told of, and only where something was written.
//! Must not know: what a change that is only planned would lose; that is `plan::watch`'s.

use super::Instant;
use super::claims::{own_claims, users};
use api::object::storage::RECLAIM_DELETE;
use api::object::{Claim, Name, Pod, StatefulSet, Volume};
use cluster::inside::Content;

/// A claim whose volume goes with it.
#[derive(Clone, Debug)]
pub struct Going<'a> {
    pub claim: &'a Claim,
    pub volume: &'a Volume,
    /// The pod that still uses the claim, and so holds it; `None` if it goes now.
    pub pod: Option<&'a Pod>,
    /// What is on the volume.
    pub content: Content,
}

/// The name of what holds a volume's content: for a folder of whatever node, on the node of a pod that uses it.
pub fn medium(shot: &Instant, volume: &Volume) -> Name {
    let claim = volume.spec.claim.as_ref().filter(|_| volume.spec.node.is_none() && volume.spec.value().get("hostPath").is_some());
    let user = claim.and_then(|claim| users(shot.tables, &claim.namespace, &claim.name).next());
    volume.medium(user.and_then(|pod| pod.node.as_deref()).unwrap_or_default())
}

/// Whether a claim goes, and what is lost then.
pub fn going<'a>(shot: &Instant<'a>, claim: &'a Claim) -> Option<Going<'a>> {
    let volume = shot.tables.volume("", &claim.spec.volume).filter(|volume| *volume.spec.reclaim == *RECLAIM_DELETE)?;
    let content = Content::of(shot.disks.disk(&medium(shot, volume)).filter(|_| claim.meta.terminating()));
    if content.is_no_loss() {
        return None;
    }
    let pod = users(shot.tables, &claim.meta.namespace, &claim.meta.name).next().map(|pod| &**pod);
    Some(Going { claim, volume, pod, content })
}

/// The first claim of a set that goes with what was written.
pub fn first_going<'a>(shot: &Instant<'a>, set: &StatefulSet) -> Option<Going<'a>> {
    own_claims(shot.tables, set).find_map(|claim| going(shot, claim))
}
