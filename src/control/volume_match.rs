//! Which volume fits a claim: the rule that the volume binder and the scheduler share.

use crate::base::sorted::SortedSet;
use std::rc::Rc;

use crate::api::object::scheduling::NodeTerm;
use crate::api::object::selector::Selector;
use crate::api::object::storage::VolumePhase;
use crate::api::object::{Claim, Labels, Name, Volume};
use crate::base::quantity::Quantity;
use crate::base::value::Value;

/// A provisioner that makes nothing: volumes of its class are made by hand.
pub const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";

/// The label by which every node is a place of its own.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// The volume a claim is bound to: one that is reserved for it, or the smallest that is large enough and suits it; of equals
/// the first. With a node, only a volume that reaches it.
/// Models k8s.io/component-helpers/storage/volume FindMatchingVolume.
pub fn find_matching_volume<'a>(
    claim: &Claim,
    volumes: impl Iterator<Item = &'a Rc<Volume>>,
    node: Option<(&Name, &Labels)>,
    excluded: &SortedSet<Name>,
) -> Option<&'a Rc<Volume>> {
    let mut volumes = volumes.peekable();
    // Most claims get a volume made: then there is none to compare with, and nothing need be read.
    volumes.peek()?;
    let wanted = size(&claim.request);
    let selector = claim.raw.get("selector").map(Selector::decode);
    let class = claim.class.as_deref().unwrap_or("");
    let mut smallest: Option<&Rc<Volume>> = None;
    for volume in volumes {
        let reserved = reserved_for(volume, claim);
        let capacity = size(&volume.capacity);
        let out = excluded.contains(&volume.meta.name) || (volume.claim.is_some() && !reserved);
        if out || capacity < wanted || mode(&volume.raw) != mode(&claim.raw) || volume.meta.terminating() {
            continue;
        }
        let reached = node.is_none_or(|(name, labels)| Reach::of(volume).includes(name, labels));
        if reserved {
            return reached.then_some(volume);
        }
        let suits = volume.phase == VolumePhase::Available
            && selector.as_ref().is_none_or(|s| s.matches(&volume.meta.labels))
            && *volume.class == *class
            && reached
            && claim.modes.iter().all(|m| volume.modes.contains(m));
        if suits && smallest.is_none_or(|s| size(&s.capacity) > capacity) {
            smallest = Some(volume);
        }
    }
    smallest
}

/// What speaks against binding a volume to the claim that names it; `None` where nothing does.
/// Models pkg/controller/volume/persistentvolume/pv_controller.go checkVolumeSatisfyClaim.
pub fn mismatch(volume: &Volume, claim: &Claim) -> Option<String> {
    if volume.meta.terminating() {
        return Some(format!("the volume is marked for deletion {:?}", &*volume.meta.name));
    }
    let wrong = if size(&volume.capacity) < size(&claim.request) {
        "requested PV is too small"
    } else if *volume.class != *claim.class.as_deref().unwrap_or("") {
        "storageClassName does not match"
    } else if mode(&volume.raw) != mode(&claim.raw) {
        "incompatible volumeMode"
    } else if !claim.modes.iter().all(|m| volume.modes.contains(m)) {
        "incompatible accessMode"
    } else {
        return None;
    };
    Some(wrong.to_owned())
}

/// Whether a volume's `claimRef` means this claim. Models k8s.io/component-helpers/storage/volume IsVolumeBoundToClaim.
fn reserved_for(volume: &Volume, claim: &Claim) -> bool {
    volume
        .claim
        .as_ref()
        .is_some_and(|r| r.name == claim.meta.name && r.namespace == claim.meta.namespace && r.uid.is_none_or(|uid| uid == claim.meta.uid))
}

/// An amount of storage as written; nothing for what is no amount.
pub fn size(written: &str) -> Quantity {
    Quantity::parse(written).unwrap_or_default()
}

fn mode(spec: &Value) -> &str {
    spec.text_at(&["volumeMode"]).unwrap_or("Filesystem")
}

/// Where a volume can be used.
pub enum Reach {
    /// On every node.
    Everywhere,
    /// On the node with this host name.
    Host(Name),
    /// On nodes that satisfy one of these terms.
    Terms(Vec<NodeTerm>),
}

impl Reach {
    /// Where a volume can be used.
    pub fn of(volume: &Volume) -> Self {
        if let Some(node) = &volume.node {
            return Reach::Host(Rc::clone(node));
        }
        match volume.raw.at(&["nodeAffinity", "required"]) {
            None => Reach::Everywhere,
            Some(required) => Reach::Terms(required.list_at(&["nodeSelectorTerms"]).iter().map(NodeTerm::decode).collect()),
        }
    }

    /// Whether a node of this name, with these labels, is such a place.
    pub fn includes(&self, name: &Name, labels: &Labels) -> bool {
        match self {
            Reach::Everywhere => true,
            Reach::Host(host) => labels.get(HOSTNAME) == Some(host),
            Reach::Terms(terms) => terms.iter().any(|t| t.matches(name, labels)),
        }
    }
}
