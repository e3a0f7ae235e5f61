//! Whether a pod's claims can be satisfied on a node: those that have a volume, and those that get one because of the pod.
//!
//! Models pkg/scheduler/framework/plugins/{volumerestrictions,nodevolumelimits,volumebinding,volumezone}.
//! Must not know: what binds and what provisions volumes.
//! Not modelled: storage capacity tracking, volumes without claims.

use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::site::{Bindings, Site, View};
use super::verdict::{Lack, Plugin, Refusal};
use api::kind::Kind;
use api::object::pod::ClaimVolume;
use api::object::storage::{Attachment, ClaimPhase};
use api::object::{Claim, Labels, Name, Node, Object, Pod, StorageClass, Volume};
use base::value::Value;
use control::ephemeral_volume::not_for;
use control::volume_maker::NO_PROVISIONER;
use control::volume_match::{Reach, find_matching_volume, size};
use server::tables::Tables;

/// The access mode of a claim that only one pod may use.
const READ_WRITE_ONCE_POD: &str = "ReadWriteOncePod";
/// Labels by which a volume without node affinity says where it is.
pub const ZONE_LABELS: [&str; 4] = [
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
];
/// What separates the zones of a volume that is in several.
const ZONE_SEPARATOR: &str = "__";

/// A claim that gets its volume because of the pod, and the volumes that it may come to have.
#[derive(Clone)]
struct Waiting<'a> {
    claim: &'a Rc<Claim>,
    /// The topologies in which its class makes volumes, where none means all; `None` if it makes none.
    topologies: Option<&'a [Value]>,
    volumes: Vec<&'a Rc<Volume>>,
}

/// A pod's claims, looked at before any node.
pub struct PodVolumes<'a> {
    bound: Vec<(&'a Volume, Reach)>,
    /// Claims for which a volume was asked for already.
    asked: Vec<Waiting<'a>>,
    /// The others, the smallest first.
    open: Vec<Waiting<'a>>,
    taken: bool,
}

/// The volumes that a pod needs on its node, each with its driver; of one that does not exist yet, the driver is its class's provisioner.
/// Models nodevolumelimits filterAttachableVolumes.
fn driven(tables: &Tables, pod: &Pod) -> SortedMap<Name, Name> {
    let named = |used: &ClaimVolume| {
        let claim = tables.claim(&pod.meta.namespace, &used.claim)?;
        if let Some(volume) = tables.volume("", &claim.spec.volume) {
            return Some((volume.spec.handle.clone()?, volume.driver()?));
        }
        let class = tables.class("", claim.class()?)?;
        Some((format!("{}/{}", claim.meta.namespace, claim.meta.name).into(), Rc::clone(&class.body.provisioner)))
    };
    pod.claim_volumes().filter_map(named).collect()
}

/// Whether a node takes so many volumes of the pod's drivers. Models nodevolumelimits/csi.go Filter.
pub fn within_limits(tables: &Tables, pod: &Pod, site: &Site) -> Result<(), Refusal> {
    let name = &site.node.meta.name;
    let Some(node) = tables.find(Kind::CSINode, "", name).and_then(Object::as_plain) else { return Ok(()) };
    let needed = driven(tables, pod);
    if needed.is_empty() {
        return Ok(());
    }
    let mut there: SortedMap<Name, Name> = site.load.pods().flat_map(|other| driven(tables, other)).collect();
    let wanted: Vec<Name> = needed.into_iter().filter(|(volume, _)| !there.contains_key(volume)).map(|(_, driver)| driver).collect();
    let attached = tables.all(Kind::VolumeAttachment).filter_map(Attachment::read).filter(|a| a.node == *name);
    let volumes = attached.filter_map(|a| tables.volume("", &a.volume));
    there.extend(volumes.filter_map(|volume| Some((volume.spec.handle.clone()?, volume.driver()?))));
    let is_over = |driver: &Value| {
        let count = |all: &mut dyn Iterator<Item = &Name>| all.filter(|d| driver.text_at(&["name"]) == Some(d)).count();
        let (new, limit) = (count(&mut wanted.iter()), driver.int_at(&["allocatable", "count"]));
        new > 0 && limit.is_some_and(|limit| i64::try_from(count(&mut there.values()) + new).is_ok_and(|all| all > limit))
    };
    if node.raw.list_at(&["spec", "drivers"]).iter().any(is_over) {
        return Err(Refusal::for_now(Plugin::NodeVolumeLimits, "node(s) exceed max volume count"));
    }
    Ok(())
}

impl<'a> PodVolumes<'a> {
    /// Looks at a pod's claims; the refusal is of the pod as a whole.
    pub fn prepare(view: &View<'a>, pod: &Pod) -> Result<Self, Refusal> {
        let namespace = &pod.meta.namespace;
        let found = |used: &&ClaimVolume| view.tables.claim(namespace, &used.claim).is_some();
        if let Some(used) = pod.claim_volumes().filter(|used| !used.ephemeral).find(|used| !found(used)) {
            return Err(Refusal::for_good(Plugin::VolumeRestrictions, format!("persistentvolumeclaim \"{}\" not found", used.claim)));
        }
        let claims: Vec<&Rc<Claim>> = pod
            .claim_volumes()
            .map(|used| usable(view, pod, used))
            .collect::<Result<_, _>>()
            .map_err(|why| Refusal::for_good(Plugin::VolumeBinding, why))?;
        let exclusive = |c: &&Rc<Claim>| c.spec.modes.iter().any(|m| &**m == READ_WRITE_ONCE_POD);
        let taken = claims.iter().copied().filter(exclusive).any(|c| view.loads.uses_claim(namespace, &c.meta.name));
        let (bound, unbound): (Vec<_>, Vec<_>) = claims.into_iter().partition(|c| c.bound() && !c.spec.volume.is_empty());
        if !unbound.iter().all(|c| c.spec.volume.is_empty() && waits_for_consumer(view, c)) {
            return Err(Refusal::for_good(Plugin::VolumeBinding, "pod has unbound immediate PersistentVolumeClaims"));
        }
        let volume = |claim: &Rc<Claim>| {
            let missing = || Refusal::for_good(Plugin::VolumeZone, format!("persistentvolume \"{}\" not found", claim.spec.volume));
            let volume = view.tables.volume("", &claim.spec.volume).ok_or_else(missing)?;
            Ok((&**volume, Reach::of(volume)))
        };
        let bound = bound.into_iter().map(volume).collect::<Result<_, _>>()?;
        let waiting = |claim: &'a Rc<Claim>| {
            let topologies = class_of(view, claim).and_then(|class| topologies(class));
            Waiting { claim, topologies, volumes: view.tables.volumes_for(claim).collect() }
        };
        let (asked, mut open): (Vec<_>, Vec<_>) = unbound.into_iter().map(waiting).partition(|w| w.claim.selected_node().is_some());
        open.sort_small_by_key(|w| size(&w.claim.spec.request));
        Ok(PodVolumes { bound, asked, open, taken })
    }

    /// Whether no other pod has a claim that only one pod may use. Models volumerestrictions Filter.
    pub fn unshared(&self) -> Result<(), Refusal> {
        if self.taken {
            let reason = "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod";
            return Err(Refusal::for_now(Plugin::VolumeRestrictions, reason));
        }
        Ok(())
    }

    /// What becomes of the claims on a node. Models volumebinding/binder.go FindPodVolumes.
    pub fn find(&self, node: &Node) -> Result<Bindings, Refusal> {
        let (mut reasons, mut lacks) = (Vec::new(), Vec::new());
        if !self.bound.iter().all(|(_, reach)| reach.includes(&node.meta.name, &node.meta.labels)) {
            reasons.push("node(s) didn't match PersistentVolume's node affinity".into());
            lacks.push(Lack::Reach);
        }
        let found = self.find_waiting(node);
        if found.is_none() {
            reasons.push("node(s) didn't find available persistent volumes to bind".into());
            lacks.push(Lack::Volume);
        }
        let fits = reasons.is_empty();
        found.filter(|_| fits).ok_or(Refusal { plugin: Plugin::VolumeBinding, reasons, lacks, resolvable: false })
    }

    /// The claims for which a volume has to be made on a node where these are bound.
    pub fn provisions(&self, bindings: &Bindings) -> Vec<Name> {
        let mut bound = bindings.iter().map(|(claim, _)| claim).peekable();
        let open = self.open.iter().filter(|waiting| bound.next_if_eq(&&waiting.claim.meta.name).is_none());
        self.asked.iter().chain(open).map(|waiting| Rc::clone(&waiting.claim.meta.name)).collect()
    }

    /// What becomes of the claims that have no volume yet; `None` where one of them finds none on this node.
    fn find_waiting(&self, node: &Node) -> Option<Bindings> {
        if self.asked.iter().any(|w| w.claim.selected_node() != Some(&node.meta.name)) {
            return None;
        }
        let mut chosen = SortedSet::new();
        let mut found = Bindings::new();
        if !self.asked.iter().all(|waiting| waiting.can_be_made(&node.meta.labels)) {
            return None;
        }
        for waiting in &self.open {
            let volumes = waiting.volumes.iter().copied();
            match find_matching_volume(waiting.claim, volumes, Some((&node.meta.name, &node.meta.labels)), &chosen) {
                Some(volume) => {
                    chosen.insert(Rc::clone(&volume.meta.name));
                    found.push((Rc::clone(&waiting.claim.meta.name), Rc::clone(&volume.meta.name)));
                }
                None if waiting.can_be_made(&node.meta.labels) => {}
                None => return None,
            }
        }
        Some(found)
    }

    /// Whether the zones of the volumes include the node. Models volumezone Filter.
    pub fn in_zone(&self, node: &Node) -> Result<(), Refusal> {
        let somewhere = || ZONE_LABELS.iter().any(|l| node.meta.label(l).is_some());
        let reaches = |volume: &Volume| {
            ZONE_LABELS.iter().all(|l| {
                let zones = volume.meta.label(l);
                zones.is_none_or(|zones| node.meta.label(l).is_some_and(|own| zones.split(ZONE_SEPARATOR).any(|z| *z == **own)))
            })
        };
        if !self.bound.iter().all(|(volume, _)| reaches(volume)) && somewhere() {
            return Err(Refusal::for_good(Plugin::VolumeZone, "node(s) had no available volume zone"));
        }
        Ok(())
    }
}

/// The claim of a new pod's volume, or why it cannot be used. Models volumebinding/volume_binding.go podHasPVCs.
fn usable<'a>(view: &View<'a>, pod: &Pod, used: &ClaimVolume) -> Result<&'a Rc<Claim>, String> {
    let name = &used.claim;
    let waits = || format!("waiting for ephemeral volume controller to create the persistentvolumeclaim \"{name}\"");
    let claim = view.tables.claim(&pod.meta.namespace, name).ok_or_else(waits)?;
    let refused = match claim {
        _ if claim.status.phase == ClaimPhase::Lost => {
            Some(format!("persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{}\"", claim.spec.volume))
        }
        _ if claim.meta.terminating() => Some(format!("persistentvolumeclaim \"{name}\" is being deleted")),
        _ if used.ephemeral => not_for(claim, pod),
        _ => None,
    };
    refused.map_or(Ok(claim), Err)
}

fn class_of<'a>(view: &View<'a>, claim: &Claim) -> Option<&'a Rc<StorageClass>> {
    claim.class().filter(|c| !c.is_empty()).and_then(|c| view.tables.class("", c))
}

/// Whether a claim gets its volume only with its first pod. A class that is missing counts as one that does not wait.
/// Models pkg/controller/volume/persistentvolume/util IsDelayBindingMode.
fn waits_for_consumer(view: &View, claim: &Claim) -> bool {
    class_of(view, claim).is_some_and(|c| c.body.waits_for_consumer)
}

/// The topologies in which a class makes volumes, where none means all; `None` if it makes none.
fn topologies(class: &StorageClass) -> Option<&[Value]> {
    let makes = !class.body.provisioner.is_empty() && &*class.body.provisioner != NO_PROVISIONER;
    makes.then(|| class.body.value().list_at(&["allowedTopologies"]))
}

impl Waiting<'_> {
    /// Whether its class makes volumes on nodes with these labels. Models volumebinding/binder.go checkVolumeProvisions.
    fn can_be_made(&self, labels: &Labels) -> bool {
        let holds = |expression: &Value| {
            let own = expression.text_at(&["key"]).and_then(|key| labels.get(key));
            own.is_some_and(|own| expression.list_at(&["values"]).iter().any(|v| v.as_text() == Some(own)))
        };
        let fits = |term: &Value| term.list_at(&["matchLabelExpressions"]).iter().all(holds);
        self.topologies.is_some_and(|terms| terms.is_empty() || terms.iter().any(fits))
    }
}
