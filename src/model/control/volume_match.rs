//! Which volume fits a claim: the rule shared by the volume binder and the scheduler.

use api::well_known::HOSTNAME;
use base::sorted::SortedSet;
use std::rc::Rc;

use api::object::scheduling::NodeTerm;
use api::object::selector::Selector;
use api::object::storage::VolumePhase;
use api::object::{Claim, Labels, Name, Volume};
use base::quantity::Quantity;
use base::value::Value;

/// The volume to bind a claim to: one pre-bound to it, or else the smallest that satisfies it; the first of equals. With a node,
/// only volumes that are accessible from it.
/// Models k8s.io/component-helpers/storage/volume FindMatchingVolume.
pub fn find_matching_volume<'a>(
    claim: &Claim,
    volumes: impl Iterator<Item = &'a Rc<Volume>>,
    node: Option<(&Name, &Labels)>,
    excluded: &SortedSet<Name>,
) -> Option<&'a Rc<Volume>> {
    let mut volumes = volumes.peekable();
    // Most claims are provisioned dynamically: with no volumes to compare, the claim's fields need not be parsed.
    volumes.peek()?;
    let wanted = size(&claim.spec.request);
    let selector = claim.spec.value().get("selector").map(Selector::decode);
    let class = claim.class().unwrap_or("");
    let mut smallest: Option<&Rc<Volume>> = None;
    for volume in volumes {
        let reserved = reserved_for(volume, claim);
        let capacity = size(&volume.spec.capacity);
        let out = excluded.contains(&volume.meta.name) || (volume.spec.claim.is_some() && !reserved);
        if out || capacity < wanted || mode(volume.spec.value()) != mode(claim.spec.value()) || volume.meta.terminating() {
            continue;
        }
        let reached = node.is_none_or(|(name, labels)| Reach::of(volume).includes(name, labels));
        if reserved {
            return reached.then_some(volume);
        }
        let suits = volume.status.phase == VolumePhase::Available
            && selector.as_ref().is_none_or(|s| s.matches(&volume.meta.labels))
            && volume.class() == class
            && reached
            && claim.spec.modes.iter().all(|m| volume.spec.modes.contains(m));
        if suits && smallest.is_none_or(|s| size(&s.spec.capacity) > capacity) {
            smallest = Some(volume);
        }
    }
    smallest
}

/// Why a volume does not satisfy the claim that names it; `None` if it does.
/// Models pkg/controller/volume/persistentvolume/pv_controller.go checkVolumeSatisfyClaim.
pub fn mismatch(volume: &Volume, claim: &Claim) -> Option<String> {
    if volume.meta.terminating() {
        return Some(format!("the volume is marked for deletion {:?}", &*volume.meta.name));
    }
    let wrong = if size(&volume.spec.capacity) < size(&claim.spec.request) {
        "requested PV is too small"
    } else if volume.class() != claim.class().unwrap_or("") {
        "storageClassName does not match"
    } else if mode(volume.spec.value()) != mode(claim.spec.value()) {
        "incompatible volumeMode"
    } else if !claim.spec.modes.iter().all(|m| volume.spec.modes.contains(m)) {
        "incompatible accessMode"
    } else {
        return None;
    };
    Some(wrong.to_owned())
}

/// Whether a volume's `claimRef` means this claim. Models k8s.io/component-helpers/storage/volume IsVolumeBoundToClaim.
fn reserved_for(volume: &Volume, claim: &Claim) -> bool {
    volume
        .spec
        .claim
        .as_ref()
        .is_some_and(|r| r.name == claim.meta.name && r.namespace == claim.meta.namespace && r.uid.is_none_or(|uid| uid == claim.meta.uid))
}

/// A storage quantity as written; zero if malformed.
pub fn size(written: &str) -> Quantity {
    Quantity::parse(written).unwrap_or_default()
}

fn mode(spec: &Value) -> &str {
    spec.text_at(&["volumeMode"]).unwrap_or("Filesystem")
}

/// The nodes from which a volume is accessible.
pub enum Reach {
    /// All nodes.
    Everywhere,
    /// The node with this hostname label.
    Host(Name),
    /// Nodes that match one of these terms.
    Terms(Vec<NodeTerm>),
}

impl Reach {
    /// The nodes from which a volume is accessible.
    pub fn of(volume: &Volume) -> Self {
        if let Some(node) = &volume.spec.node {
            return Reach::Host(Rc::clone(node));
        }
        match volume.spec.value().at(&["nodeAffinity", "required"]) {
            None => Reach::Everywhere,
            Some(required) => Reach::Terms(required.list_at(&["nodeSelectorTerms"]).iter().map(NodeTerm::decode).collect()),
        }
    }

    /// Whether it includes the node with this name and these labels.
    pub fn includes(&self, name: &Name, labels: &Labels) -> bool {
        match self {
            Reach::Everywhere => true,
            Reach::Host(host) => labels.get(HOSTNAME) == Some(host),
            Reach::Terms(terms) => terms.iter().any(|t| t.matches(name, labels)),
        }
    }
}
