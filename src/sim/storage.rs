//! Volume provisioning: the provisioners outside the control plane, and the disks they create.
//!
//! Models rancher/local-path-provisioner and sig-storage-lib-external-provisioner as far as it shows: events, names, paths and the
//! node affinity of volumes.

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use super::setup::ClassSetup;
use crate::api::object::event::EventType;
use crate::api::object::storage::{ClaimPhase, ClaimRef, PROVISIONED_BY, STORAGE_PROVISIONER};
use crate::api::object::{Claim, Meta, Name, Object, ObjectKey, PodPhase, StorageClass, Uid, Volume};
use crate::api::well_known::HOSTNAME;
use crate::base::time::Span;
use crate::base::value::{Map, Value};
use crate::control::plan::Spoken;
use crate::control::volume_maker::maker;
use crate::control::volume_match::size;
use crate::server::log::{Actor, Change};
use crate::why::{Component, Decision, Reason, Verdict};

/// The directory of local volumes on a node.
const BASE_PATH: &str = "/opt/volumes";

/// Provisioners whose volumes are folders of the node that first needs them, where the class waits for that pod. Other provisioners'
/// volumes are a CSI driver's, and go where the pod goes.
const ON_NODES: [&str; 5] =
    ["docker.io/hostpath", "k8s.io/minikube-hostpath", "microk8s.io/hostpath", "openebs.io/local", "rancher.io/local-path"];

/// A provisioner's resync period. sig-storage-lib-external-provisioner DefaultResyncPeriod, 15 minutes.
const RESYNC: Span = Span::seconds(900);

impl Sim {
    /// Starts provisioning when a claim first asks for it. A later change of such a claim is looked at when the provisioning under way
    /// has finished.
    pub(super) fn provisioner_sees(&mut self, change: &Change) {
        let Some(claim) = change.after.as_ref().and_then(Object::as_claim).filter(|c| self.asked(c)) else { return };
        if change.before.as_ref().and_then(Object::as_claim).is_some_and(|old| self.asked(old)) {
            self.queue.push(self.now + self.timing.provision, Event::ProvisionerLooks(change.key.clone(), claim.meta.uid));
        } else {
            self.provision(&Rc::clone(claim));
        }
    }

    /// Handles a request to expand a bound claim: the control plane leaves it to the CSI driver, which takes a while.
    /// Models pkg/controller/volume/expand and kubernetes-csi/external-resizer.
    pub(super) fn expander_sees(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_claim);
        let Some((old, claim)) = before.zip(after).filter(|(_, new)| new.phase == ClaimPhase::Bound) else { return };
        if (&claim.request, &claim.capacity) == (&old.request, &old.capacity) {
            return;
        }
        let grew = size(&claim.request) > size(&old.request) || size(&claim.capacity) > size(&old.capacity);
        let volume = self.cache.tables.volume("", &claim.volume);
        let is_its = volume.and_then(|volume| volume.claim.as_ref()).is_some_and(|of| of.uid == Some(claim.meta.uid));
        if !grew || !is_its || size(&claim.request) <= size(&claim.capacity) {
            return;
        }
        let (key, uid) = (change.key.clone(), claim.meta.uid);
        let words = "waiting for an external controller to expand this PVC".to_owned();
        let spoken = provisioner_says(claim, &"volume_expand".into(), "ExternalExpanding", words);
        let resizing = format!("External resizer is resizing volume {}", claim.volume);
        let resizing = provisioner_says(claim, &"external-resizer".into(), "Resizing", resizing);
        self.say(spoken);
        // Only CSI drivers come with a resizer.
        if self.timing.nodes.have_drivers() && self.cache.tables.volume("", &claim.volume).is_some_and(|volume| volume.handle.is_some()) {
            self.say(resizing);
            let at = self.after(self.timing.provision, Delay::Provision(uid));
            self.queue.push(at, Event::Grown(key, uid));
        }
    }

    /// The driver has expanded a volume to the size its claim requests.
    pub(super) fn grown(&mut self, key: &ObjectKey, uid: Uid) {
        let tables = self.server.tables();
        let Some(mut claim) = tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid).cloned() else { return };
        let Some(mut volume) = tables.volume("", &claim.volume).cloned() else { return };
        let actor = Actor::Provisioner("external-resizer".into());
        let larger = Rc::make_mut(&mut volume);
        larger.capacity.clone_from(&claim.request);
        larger.raw.set(&["capacity", "storage"], &claim.request);
        Rc::make_mut(&mut claim).capacity = Rc::clone(&claim.request);
        let place = (Rc::clone(&key.namespace), Rc::clone(&key.name));
        let users = self.cache.users_of(&place).filter_map(|name| self.cache.tables.pod(&place.0, name));
        let mut said = Vec::new();
        for pod in users.filter(|pod| pod.status.phase == PodPhase::Running) {
            let node = pod.node.as_deref().unwrap_or_default();
            let words = format!("MountVolume.NodeExpandVolume succeeded for volume \"{}\" {node}", claim.volume);
            let on_claim = provisioner_says(&claim, &"kubelet".into(), "FileSystemResizeSuccessful", words);
            said.push(Spoken { about: pod.key(), uid: pod.meta.uid, revision: pod.meta.revision, ..on_claim.clone() });
            said.push(on_claim);
        }
        if self.server.update(volume.into(), &actor).is_ok() && self.server.update(claim.into(), &actor).is_ok() {
            for spoken in said {
                self.say(spoken);
            }
        }
    }

    /// Schedules a claim whose volume is gone for the next resync: a volume's deletion does not trigger its provisioner.
    pub(super) fn provisioner_misses(&mut self, volume: &Volume) {
        let claim = volume.claim.as_ref().and_then(|c| self.cache.tables.claim(&c.namespace, &c.name));
        if let Some(claim) = claim.filter(|c| self.asked(c)) {
            let at = self.now + self.now.until_stroke(RESYNC);
            let key = claim.key();
            self.queue.push(at, Event::ProvisionerLooks(key, claim.meta.uid));
        }
    }

    /// Looks at a claim again, and provisions anew if it still asks for a volume and none exists.
    pub(super) fn provisioner_looks(&mut self, key: &ObjectKey, uid: Uid) {
        let claim = self.cache.tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid && self.asked(c)).cloned();
        if let Some(claim) = claim.filter(|c| self.server.tables().volume("", &volume_name(c)).is_none()) {
            self.provision(&claim);
        }
    }

    fn provision(&mut self, claim: &Claim) {
        let Some(provisioner) = claim.meta.annotation(STORAGE_PROVISIONER) else { return };
        let message = format!("External provisioner is provisioning volume for claim \"{}/{}\"", claim.meta.namespace, claim.meta.name);
        let spoken = provisioner_says(claim, provisioner, "Provisioning", message);
        self.say(spoken);
        let key = claim.key();
        if let Some(why) = local_refusal(claim, provisioner).filter(|_| self.timing.nodes.have_drivers()) {
            let class = claim.class.as_deref().unwrap_or_default();
            let message = format!("failed to provision volume with StorageClass \"{class}\": {why}");
            self.say(Spoken { kind: EventType::Warning, ..provisioner_says(claim, provisioner, "ProvisioningFailed", message) });
            let because = Reason::ProvisionerRefuses { error: why.into() };
            self.decisions.record(self.now, Decision::new(Component::Provisioner, key.clone(), Verdict::Refused, because));
            self.queue.push(self.now + self.now.until_stroke(RESYNC), Event::ProvisionerLooks(key, claim.meta.uid));
            return;
        }
        let at = self.after(self.timing.provision, Delay::Provision(claim.meta.uid));
        self.queue.push(at, Event::Provisioned(key, claim.meta.uid));
    }

    /// Whether a claim asks for a volume to be provisioned.
    fn asked(&self, claim: &Claim) -> bool {
        let class = claim.class.as_ref().and_then(|c| self.cache.tables.class("", c));
        claim.volume.is_empty()
            && claim.meta.annotation(STORAGE_PROVISIONER).is_some()
            && class.is_some_and(|c| maker(&c.provisioner).is_ok() && (!c.waits_for_consumer || claim.selected_node().is_some()))
    }

    /// The provisioner has finished creating a volume.
    pub(super) fn provisioned(&mut self, key: &ObjectKey, uid: Uid) {
        let tables = self.server.tables();
        let Some(claim) = tables.claim(&key.namespace, &key.name).filter(|c| c.meta.uid == uid && c.volume.is_empty()).cloned() else {
            return;
        };
        let Some(class) = claim.class.as_ref().and_then(|c| tables.class("", c)).cloned() else { return };
        let Ok(provisioner) = maker(&class.provisioner) else { return };
        let volume = new_volume(&claim, &class, &provisioner);
        let name = Rc::clone(&volume.meta.name);
        if self.server.create(volume.into(), &Actor::Provisioner(Rc::clone(&provisioner))).is_ok() {
            let message = format!("Successfully provisioned volume {name}");
            self.say(provisioner_says(&claim, &provisioner, "ProvisioningSucceeded", message));
        }
    }
}

/// Why a local volume cannot be provisioned for a claim. Models rancher/local-path-provisioner provisioner.go Provision.
fn local_refusal(claim: &Claim, provisioner: &str) -> Option<&'static str> {
    if *provisioner != *ClassSetup::local_path().provisioner {
        None
    } else if claim.raw.get("selector").is_some() {
        Some("claim.Spec.Selector is not supported")
    } else if claim.modes.iter().any(|mode| !matches!(&**mode, "ReadWriteOnce" | "ReadWriteOncePod")) {
        Some("NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes")
    } else if claim.selected_node().is_none() {
        Some("configuration error, no node was specified")
    } else {
        None
    }
}

fn provisioner_says(claim: &Claim, provisioner: &Name, reason: &'static str, message: String) -> Spoken {
    Spoken::of(claim.key(), &claim.meta, Rc::clone(provisioner), EventType::Normal, reason, message)
}

fn volume_name(claim: &Claim) -> String {
    format!("pvc-{}", claim.meta.uid)
}

/// The volume a provisioner creates for a claim.
fn new_volume(claim: &Claim, class: &StorageClass, provisioner: &Name) -> Volume {
    let name = volume_name(claim);
    let mut spec = Map::new();
    spec.insert("accessModes", Value::list(claim.modes.iter()));
    spec.insert("capacity", Value::of([("storage", &claim.request)]));
    let on_node = class.waits_for_consumer && ON_NODES.contains(&&**provisioner);
    if let Some(node) = claim.selected_node().filter(|_| on_node) {
        let path = format!("{BASE_PATH}/{name}_{}_{}", claim.meta.namespace, claim.meta.name);
        spec.insert("hostPath", Value::of([("path", path.as_str()), ("type", "DirectoryOrCreate")]));
        spec.insert("nodeAffinity", on_one_node(node));
    } else {
        spec.insert("csi", Value::of([("driver", Value::from(provisioner)), ("volumeHandle", name.as_str().into())]));
    }
    spec.insert("persistentVolumeReclaimPolicy", &class.reclaim);
    spec.insert("storageClassName", &class.meta.name);
    spec.insert("volumeMode", claim.raw.get("volumeMode").cloned().unwrap_or_else(|| "Filesystem".into()));
    let mut volume = Volume::decode(&Value::of([("spec", spec)]));
    volume.meta = Meta { name: name.into(), ..Meta::default() };
    Rc::make_mut(&mut volume.meta.annotations).insert(PROVISIONED_BY.into(), Rc::clone(provisioner));
    volume.claim = Some(ClaimRef::to(claim));
    volume
}

fn on_one_node(node: &Name) -> Value {
    let expression = Value::of([("key", Value::from(HOSTNAME)), ("operator", "In".into()), ("values", Value::list([node]))]);
    let term = Value::of([("matchExpressions", Value::list([expression]))]);
    Value::of([("required", Value::of([("nodeSelectorTerms", Value::list([term]))]))])
}
