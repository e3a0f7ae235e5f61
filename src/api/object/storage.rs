//! Claims, volumes and storage classes.

use std::rc::Rc;

use super::meta::{Meta, Name, NamespacedName, ObjectKey, Uid, no_name};
use super::pod::{Condition, encode_condition};
use super::pod_status::{rewritten, rewritten_time};
use super::{Object, Plain};
use crate::kind::Kind;
use crate::well_known::HOSTNAME;
use base::hash::Digest;
use base::list::List;
use base::time::Time;
use base::value::{Map, Value};
use base::word::Word;

/// The annotation that marks a default StorageClass.
pub const DEFAULT_CLASS: &str = "storageclass.kubernetes.io/is-default-class";
/// Its deprecated beta name, which still marks one.
pub const DEFAULT_CLASS_BETA: &str = "storageclass.beta.kubernetes.io/is-default-class";
/// The annotation that named a class before there was `storageClassName`, and still goes before it.
pub const CLASS_BETA: &str = "volume.beta.kubernetes.io/storage-class";
/// The annotation by which the scheduler requests a volume for a node.
pub const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// The annotation that names the provisioner in charge of a claim.
pub const STORAGE_PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// Its deprecated beta name.
pub const STORAGE_PROVISIONER_BETA: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// The annotation of a claim whose binding is complete.
pub const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// The annotation of a binding made by the controller rather than a user.
pub const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// The annotation that names the provisioner that created a volume.
pub const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// The finalizer that keeps a claim while a pod uses it.
pub const CLAIM_PROTECTION: &str = "kubernetes.io/pvc-protection";
/// The finalizer that keeps a volume while a claim is bound to it.
pub const VOLUME_PROTECTION: &str = "kubernetes.io/pv-protection";

/// The class that a claim or a volume names, if it names one: the annotation goes before the field.
/// Models k8s.io/component-helpers/storage/volume GetPersistentVolumeClaimClass.
pub fn named_class(object: &Value) -> Option<&str> {
    object.text_at(&["metadata", "annotations", CLASS_BETA]).or_else(|| object.text_at(&["spec", "storageClassName"]))
}

/// `status.phase` of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClaimPhase {
    /// Not bound yet.
    #[default]
    Pending,
    /// Bound to a volume.
    Bound,
    /// The bound volume is gone.
    Lost,
}

impl ClaimPhase {
    /// The phase as the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            ClaimPhase::Pending => "Pending",
            ClaimPhase::Bound => "Bound",
            ClaimPhase::Lost => "Lost",
        }
    }
}

/// A PersistentVolumeClaim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Metadata.
    pub meta: Meta,
    /// The whole spec except `storageClassName`, if no annotation goes before it, and `volumeName`, which controllers write.
    pub raw: Value,
    /// Its class, of the annotation or `storageClassName`: `None` asks for the default class, empty for no class.
    pub class: Option<Name>,
    /// `volumeName`; empty until bound.
    pub volume: Name,
    /// `resources.requests.storage`, as written.
    pub request: Name,
    /// `accessModes`.
    pub modes: List<Name>,
    /// Phase.
    pub phase: ClaimPhase,
    /// `status.capacity.storage`; empty until bound.
    pub capacity: Name,
    /// `status.accessModes`: those of the bound volume, possibly more than requested.
    pub granted: List<Name>,
    /// Conditions.
    pub conditions: Vec<Condition>,
}

impl Claim {
    /// Decodes a claim.
    pub fn decode(object: &Value) -> Self {
        Claim::of(Meta::decode(object), object.get("spec").cloned().unwrap_or_default())
    }

    /// A claim with this `spec`, not bound to anything.
    pub fn of(meta: Meta, mut raw: Value) -> Self {
        let class = match meta.annotation(CLASS_BETA) {
            Some(class) => Some(Rc::clone(class)),
            None => raw.remove(&["storageClassName"]).and_then(|v| v.as_shared_text()),
        };
        let volume = raw.remove(&["volumeName"]).and_then(|v| v.as_shared_text()).unwrap_or_else(no_name);
        Claim {
            meta,
            class,
            volume,
            request: raw.at(&["resources", "requests", "storage"]).and_then(Value::as_shared_text).unwrap_or_default(),
            modes: raw.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect(),
            raw,
            phase: ClaimPhase::Pending,
            capacity: no_name(),
            granted: List::new(),
            conditions: Vec::new(),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = super::header(Kind::PersistentVolumeClaim, &self.meta);
        let mut spec = self.raw.clone();
        let m = spec.make_map();
        if let Some(class) = self.class.as_ref().filter(|_| self.meta.annotation(CLASS_BETA).is_none()) {
            m.insert("storageClassName", class);
        }
        if !self.volume.is_empty() {
            m.insert("volumeName", &self.volume);
        }
        object.insert("spec", spec);
        let mut status = Map::new();
        if !self.granted.is_empty() {
            status.insert("accessModes", Value::list(self.granted.iter()));
        }
        if !self.capacity.is_empty() {
            status.insert("capacity", Value::of([("storage", &self.capacity)]));
        }
        if !self.conditions.is_empty() {
            status.insert("conditions", Value::list(self.conditions.iter().map(|c| encode_condition(c, true))));
        }
        status.insert("phase", self.phase.word());
        object.insert("status", status);
        object.into()
    }

    /// Takes over the status that a client writes.
    pub fn rewrite_status(&mut self, status: &Value) {
        let phases = [ClaimPhase::Pending, ClaimPhase::Bound, ClaimPhase::Lost];
        self.phase = phases.into_iter().find(|phase| status.text_at(&["phase"]) == Some(phase.word())).unwrap_or(self.phase);
        self.capacity = status.at(&["capacity", "storage"]).and_then(Value::as_shared_text).unwrap_or_default();
        self.granted = status.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect();
        self.conditions = rewritten(&self.conditions, status.list_at(&["conditions"]));
    }

    /// Whether its binding is complete.
    pub fn bound(&self) -> bool {
        self.meta.annotations.contains_key(BIND_COMPLETED)
    }

    /// The node for which the scheduler requested a volume.
    pub fn selected_node(&self) -> Option<&Name> {
        self.meta.annotation(SELECTED_NODE)
    }
}

/// `status.phase` of a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VolumePhase {
    /// Newly created.
    #[default]
    Pending,
    /// Not bound.
    Available,
    /// Bound to a claim.
    Bound,
    /// Its claim is gone.
    Released,
    /// Reclaiming it failed.
    Failed,
}

impl VolumePhase {
    /// The phase as the API spells it.
    pub fn word(self) -> &'static str {
        match self {
            VolumePhase::Pending => "Pending",
            VolumePhase::Available => "Available",
            VolumePhase::Bound => "Bound",
            VolumePhase::Released => "Released",
            VolumePhase::Failed => "Failed",
        }
    }
}

/// A reference to the claim that a volume is bound to or reserved for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRef {
    /// Namespace of the claim.
    pub namespace: Name,
    /// Name of the claim.
    pub name: Name,
    /// Its uid; `None` for a volume that a user reserved.
    pub uid: Option<Uid>,
    /// The claim's version when it was bound.
    pub revision: u64,
    /// The reference as written by the user who reserved the volume.
    written: Option<Rc<Value>>,
}

impl ClaimRef {
    /// Refers to this very claim, not to a later one of the same name.
    pub fn to(claim: &Claim) -> Self {
        let meta = &claim.meta;
        ClaimRef {
            namespace: Rc::clone(&meta.namespace),
            name: Rc::clone(&meta.name),
            uid: Some(meta.uid),
            revision: meta.revision,
            written: None,
        }
    }

    /// The claim's namespace and name.
    pub fn namespaced_name(&self) -> NamespacedName {
        NamespacedName::new(&self.namespace, &self.name)
    }

    /// The key of the claim.
    pub fn key(&self) -> ObjectKey {
        ObjectKey::new(Kind::PersistentVolumeClaim, &self.namespace, &self.name)
    }
}

/// A PersistentVolume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Metadata.
    pub meta: Meta,
    /// The whole spec except `claimRef`.
    pub raw: Value,
    /// `claimRef`.
    pub claim: Option<ClaimRef>,
    /// `capacity.storage`.
    pub capacity: Name,
    /// `accessModes`.
    pub modes: List<Name>,
    /// Its class, of the annotation or `storageClassName`; empty for none.
    pub class: Name,
    /// Whether it is deleted when released: reclaim policy `Delete`.
    pub reclaim_delete: bool,
    /// `persistentVolumeReclaimPolicy`.
    pub reclaim: Name,
    /// The node its node affinity allows, if it is exactly one.
    pub node: Option<Name>,
    /// Its name in a node's status while attached; `None` if it needs no attaching.
    pub handle: Option<Name>,
    /// Phase.
    pub phase: VolumePhase,
    /// When the phase last changed.
    pub phase_since: Time,
    /// Why reclaiming it failed; empty otherwise.
    pub message: Word,
}

impl Volume {
    /// The CSI driver that makes it available on nodes, if one does.
    pub fn driver(&self) -> Option<Name> {
        self.raw.at(&["csi", "driver"])?.as_shared_text()
    }

    /// The name of what holds its content, and outlives the object: volumes with the same source share it. `node` is where it is
    /// used, for a folder of whatever node that is.
    pub fn medium(&self, node: &str) -> Name {
        let text = |path: &[&str]| self.raw.at(path).and_then(Value::as_shared_text);
        if let Some(handle) = text(&["csi", "volumeHandle"]) {
            return handle;
        }
        let folder = text(&["hostPath", "path"]).or_else(|| text(&["local", "path"]));
        // What a provisioner has made and bound to no node is on a file system that all of them have.
        let is_everywhere = self.node.is_none() && self.meta.annotation(PROVISIONED_BY).is_some();
        match folder.filter(|_| !is_everywhere) {
            Some(folder) => folder_of(self.node.as_deref().unwrap_or(node), &folder),
            None => Rc::clone(&self.meta.name),
        }
    }

    /// Whether it can be attached to only one node at a time. Models pkg/volume/util IsMultiAttachAllowed.
    pub fn one_node_only(&self) -> bool {
        !self.modes.iter().any(|mode| matches!(&**mode, "ReadWriteMany" | "ReadOnlyMany"))
    }

    /// Binds the volume to a claim. If a user had reserved it, the binding is not marked as the controller's.
    /// Models k8s.io/component-helpers/storage/volume GetBindVolumeToClaim.
    pub fn reserve_for(&mut self, claim: &Claim) {
        if self.claim.replace(ClaimRef::to(claim)).is_none() {
            Rc::make_mut(&mut self.meta.annotations).insert(BOUND_BY_CONTROLLER.into(), "yes".into());
        }
    }

    /// Takes up a phase, with nothing said of it.
    pub fn enters(&mut self, phase: VolumePhase, now: Time) {
        (self.phase, self.phase_since, self.message) = (phase, now, Word::default());
    }

    /// Takes over the status that a client writes. Models pkg/registry/core/persistentvolume/strategy.go, which notes when the phase
    /// changes unless the client says when.
    pub fn rewrite_status(&mut self, status: &Value, now: Time) {
        use VolumePhase::{Available, Bound, Failed, Pending, Released};
        let before = self.phase;
        let phases = [Pending, Available, Bound, Released, Failed];
        self.phase = phases.into_iter().find(|phase| status.text_at(&["phase"]) == Some(phase.word())).unwrap_or(before);
        self.message = status.text_at(&["message"]).unwrap_or_default().to_owned().into();
        let said = status.text_at(&["lastPhaseTransitionTime"]).and_then(|text| rewritten_time(Some(self.phase_since), text));
        let said = said.filter(|said| self.phase == before || *said != self.phase_since);
        self.phase_since = said.unwrap_or(if self.phase == before { self.phase_since } else { now });
    }

    /// Decodes a volume.
    pub fn decode(object: &Value) -> Self {
        Volume::of(Meta::decode(object), object.get("spec").cloned().unwrap_or_default())
    }

    /// A volume of this spec.
    pub fn of(meta: Meta, mut raw: Value) -> Self {
        let claim = raw.remove(&["claimRef"]).map(|r| ClaimRef {
            written: r.get("uid").is_none().then(|| Rc::new(r.clone())),
            namespace: r.get("namespace").and_then(Value::as_shared_text).unwrap_or_default(),
            name: r.get("name").and_then(Value::as_shared_text).unwrap_or_default(),
            uid: r.text_at(&["uid"]).map(Uid::parse),
            revision: r.text_at(&["resourceVersion"]).and_then(|t| t.parse().ok()).unwrap_or(0),
        });
        let text = |path: &[&str]| raw.at(path).and_then(Value::as_shared_text).unwrap_or_default();
        Volume {
            claim,
            capacity: text(&["capacity", "storage"]),
            modes: raw.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect(),
            class: meta.annotation(CLASS_BETA).map_or_else(|| text(&["storageClassName"]), Rc::clone),
            reclaim_delete: raw.text_at(&["persistentVolumeReclaimPolicy"]) == Some("Delete"),
            reclaim: text(&["persistentVolumeReclaimPolicy"]),
            node: only_node(&raw),
            handle: handle(&raw),
            raw,
            meta,
            phase: VolumePhase::Pending,
            phase_since: Time::default(),
            message: Word::default(),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = super::header(Kind::PersistentVolume, &self.meta);
        let mut spec = self.raw.clone();
        if let Some(written) = self.claim.as_ref().and_then(|claim| claim.written.as_ref()) {
            spec.make_map().insert("claimRef", (**written).clone());
        } else if let Some(c) = &self.claim {
            let mut m = Map::new();
            m.insert("apiVersion", "v1");
            m.insert("kind", "PersistentVolumeClaim");
            m.insert("name", &c.name);
            m.insert("namespace", &c.namespace);
            if let Some(uid) = c.uid {
                m.insert("resourceVersion", c.revision.to_string());
                m.insert("uid", uid.to_string());
            }
            spec.make_map().insert("claimRef", m);
        }
        object.insert("spec", spec);
        let mut status = Map::new();
        status.insert("lastPhaseTransitionTime", self.phase_since.rfc3339());
        if !self.message.is_empty() {
            status.insert("message", &self.message);
        }
        status.insert("phase", self.phase.word());
        object.insert("status", status);
        object.into()
    }
}

/// The node of a node affinity that names exactly one by its hostname.
fn only_node(spec: &Value) -> Option<Name> {
    let terms = spec.list_at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
    let [term] = terms else { return None };
    let [expression] = term.list_at(&["matchExpressions"]) else { return None };
    let [node] = expression.list_at(&["values"]) else { return None };
    let by_hostname = expression.text_at(&["key"]) == Some(HOSTNAME) && expression.text_at(&["operator"]) == Some("In");
    by_hostname.then(|| node.as_shared_text()).flatten()
}

/// The name of what holds the content of a folder of a node.
pub fn folder_of(node: &str, path: &str) -> Name {
    format!("{node}:{path}").into()
}

/// What nodes call a volume of a CSI driver. Models pkg/volume/csi GetUniqueVolumeName.
fn handle(spec: &Value) -> Option<Name> {
    let csi = spec.get("csi")?;
    let text = |key| csi.text_at(&[key]).unwrap_or_default();
    Some(format!("kubernetes.io/csi/{}^{}", text("driver"), text("volumeHandle")).into())
}

/// A StorageClass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageClass {
    /// Metadata.
    pub meta: Meta,
    /// Everything but metadata, kind and version.
    pub raw: Value,
    /// The provisioner of its volumes.
    pub provisioner: Name,
    /// Whether binding waits for the first consumer.
    pub waits_for_consumer: bool,
    /// `reclaimPolicy`.
    pub reclaim: Name,
}

impl StorageClass {
    /// Decodes a class.
    pub fn decode(object: &Value) -> Self {
        let text = |key: &str| object.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        StorageClass {
            meta: Meta::decode(object),
            provisioner: text("provisioner"),
            waits_for_consumer: object.text_at(&["volumeBindingMode"]) == Some("WaitForFirstConsumer"),
            reclaim: text("reclaimPolicy"),
            raw: super::body(object),
        }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        super::with_header(Kind::StorageClass, &self.meta, &self.raw)
    }

    /// Whether it is marked as a default class. Models pkg/volume/util/storageclass.go IsDefaultAnnotation.
    pub fn is_default(&self) -> bool {
        [DEFAULT_CLASS, DEFAULT_CLASS_BETA].iter().any(|key| self.meta.annotation(key).is_some_and(|v| &**v == "true"))
    }
}

/// The contents of a VolumeAttachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: Name,
    /// The volume.
    pub volume: Name,
    /// The node.
    pub node: Name,
    /// Whether the driver has attached it.
    pub attached: bool,
    /// Whether it is being deleted.
    pub leaving: bool,
}

impl Attachment {
    /// Decodes a VolumeAttachment.
    pub fn read(object: &Object) -> Option<Self> {
        let plain = object.as_plain()?;
        let text = |path: &[&str]| plain.raw.at(path).and_then(Value::as_shared_text);
        Some(Attachment {
            name: Rc::clone(&plain.meta.name),
            volume: text(&["spec", "source", "persistentVolumeName"])?,
            node: text(&["spec", "nodeName"])?,
            attached: plain.raw.at(&["status", "attached"]).and_then(Value::as_bool).unwrap_or(false),
            leaving: plain.meta.terminating(),
        })
    }

    /// A VolumeAttachment that requests a volume on a node; its driver's finalizer keeps it until the volume is detached.
    /// Models pkg/volume/csi/csi_attacher.go Attach, but for the hash in its name.
    pub fn wish(volume: &Volume, node: &Name) -> Plain {
        let text = |key| volume.raw.text_at(&["csi", key]).unwrap_or_default();
        let (driver, handle) = (text("driver"), text("volumeHandle"));
        let mut digest = Digest::default();
        digest.bytes(format!("{handle}{driver}{node}").as_bytes());
        let hash = (0..4).fold(String::new(), |hash, n| {
            digest.word(n);
            format!("{hash}{:016x}", digest.0)
        });
        let keeper: String = driver.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let finalizers = vec![format!("external-attacher/{keeper}").into()].into();
        let meta = Meta { name: format!("csi-{hash}").into(), finalizers, ..Meta::default() };
        let source = Value::of([("persistentVolumeName", &volume.meta.name)]);
        let spec = Value::of([("attacher", Value::from(driver)), ("nodeName", node.into()), ("source", source)]);
        Plain { kind: Kind::VolumeAttachment, meta, raw: Value::of([("spec", spec), ("status", Value::of([("attached", false)]))]) }
    }

    /// The key of the VolumeAttachment.
    pub fn key(&self) -> ObjectKey {
        ObjectKey::global(Kind::VolumeAttachment, &self.name)
    }
}
