//! Claims, volumes and storage classes.

use std::rc::Rc;

use super::Object;
use super::frame::{body, with_header};
use super::meta::{Meta, Name, NamespacedName, ObjectKey, Uid, no_name};
use super::parsed::{Parse, Parsed};
use super::plain::Plain;
use super::pod_status::{Condition, encode_condition, rewritten, rewritten_time};
use crate::kind::Kind;
use crate::well_known::HOSTNAME;
use base::given::InsertGiven;
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
/// The policy by which a volume goes with its claim.
pub const RECLAIM_DELETE: &str = "Delete";
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

base::named! {
    /// `status.phase` of a claim.
    #[derive(Default, Hash)]
    ClaimPhase {
        /// Not bound yet.
        #[default]
        Pending "Pending",
        /// Bound to a volume.
        Bound "Bound",
        /// The bound volume is gone.
        Lost "Lost",
    }
}

/// A PersistentVolumeClaim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub meta: Meta,
    /// What it asks for, and which volume it has.
    pub spec: Parsed<ClaimSpec>,
    /// What has become of it.
    pub status: ClaimStatus,
}

/// `spec` of a claim.
pub struct ClaimSpec {
    /// `storageClassName`.
    class: Option<Name>,
    /// `volumeName`; empty until bound.
    pub volume: Name,
    /// `resources.requests.storage`, as written.
    pub request: Name,
    /// `accessModes`.
    pub modes: List<Name>,
}

/// `status` of a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClaimStatus {
    pub phase: ClaimPhase,
    /// `status.capacity.storage`; empty until bound.
    pub capacity: Name,
    /// `status.accessModes`: those of the bound volume, possibly more than requested.
    pub granted: List<Name>,
    pub conditions: Vec<Condition>,
}

impl Claim {
    /// A claim with this `spec`, not bound to anything.
    pub fn of(meta: Meta, spec: Value) -> Self {
        Claim { meta, spec: Parsed::new(spec), status: ClaimStatus::default() }
    }

    /// Its class, of the annotation or `storageClassName`: `None` asks for the default class, empty for no class.
    pub fn class(&self) -> Option<&str> {
        self.meta.annotation(CLASS_BETA).or(self.spec.class.as_ref()).map(|class| &**class)
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

impl Parse for ClaimSpec {
    fn parse(spec: &Value) -> Self {
        let text = |path: &[&str]| spec.at(path).and_then(Value::as_shared_text);
        ClaimSpec {
            class: text(&["storageClassName"]),
            volume: text(&["volumeName"]).unwrap_or_else(no_name),
            request: text(&["resources", "requests", "storage"]).unwrap_or_default(),
            modes: spec.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect(),
        }
    }
}

impl ClaimStatus {
    pub(super) fn encode(&self) -> Value {
        let mut status = Map::new();
        status.insert_filled("accessModes", Value::list(self.granted.iter()));
        if !self.capacity.is_empty() {
            status.insert("capacity", Value::of([("storage", &self.capacity)]));
        }
        status.insert_filled("conditions", Value::list(self.conditions.iter().map(|c| encode_condition(c, true))));
        status.insert("phase", self.phase.word());
        status.into()
    }

    /// Takes over what a client writes.
    pub fn rewrite(&mut self, status: &Value) {
        self.phase = status.text_at(&["phase"]).and_then(ClaimPhase::named).unwrap_or(self.phase);
        self.capacity = status.at(&["capacity", "storage"]).and_then(Value::as_shared_text).unwrap_or_default();
        self.granted = status.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect();
        self.conditions = rewritten(&self.conditions, status.list_at(&["conditions"]));
    }
}

base::named! {
    /// `status.phase` of a volume.
    #[derive(Default, Hash)]
    VolumePhase {
        /// Newly created.
        #[default]
        Pending "Pending",
        /// Not bound.
        Available "Available",
        /// Bound to a claim.
        Bound "Bound",
        /// Its claim is gone.
        Released "Released",
        /// Reclaiming it failed.
        Failed "Failed",
    }
}

/// A reference to the claim that a volume is bound to or reserved for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRef {
    pub namespace: Name,
    pub name: Name,
    /// Its uid; `None` for a volume that a user reserved.
    pub uid: Option<Uid>,
}

impl ClaimRef {
    /// A reference to this very claim, not to a later one of the same name.
    pub fn to(claim: &Claim) -> Value {
        let meta = &claim.meta;
        Value::of([
            ("apiVersion", Value::from("v1")),
            ("kind", "PersistentVolumeClaim".into()),
            ("name", (&meta.name).into()),
            ("namespace", (&meta.namespace).into()),
            ("resourceVersion", meta.revision.to_string().into()),
            ("uid", meta.uid.to_string().into()),
        ])
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Volume {
    pub meta: Meta,
    /// What it is, and whose.
    pub spec: Parsed<VolumeSpec>,
    /// What has become of it.
    pub status: VolumeStatus,
}

/// `spec` of a volume.
pub struct VolumeSpec {
    /// `claimRef`.
    pub claim: Option<ClaimRef>,
    /// `capacity.storage`.
    pub capacity: Name,
    /// `accessModes`.
    pub modes: List<Name>,
    /// `storageClassName`; empty for none.
    class: Name,
    /// `persistentVolumeReclaimPolicy`.
    pub reclaim: Name,
    /// The node its node affinity allows, if it is exactly one.
    pub node: Option<Name>,
    /// Its name in a node's status while attached; `None` if it needs no attaching.
    pub handle: Option<Name>,
}

/// `status` of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct VolumeStatus {
    pub phase: VolumePhase,
    /// When the phase last changed.
    pub phase_since: Time,
    /// Why reclaiming it failed; empty otherwise.
    pub message: Word,
}

impl Volume {
    /// The CSI driver that makes it available on nodes, if one does.
    pub fn driver(&self) -> Option<Name> {
        self.spec.value().at(&["csi", "driver"])?.as_shared_text()
    }

    /// Its class, of the annotation or `storageClassName`; empty for none.
    pub fn class(&self) -> &str {
        self.meta.annotation(CLASS_BETA).unwrap_or(&self.spec.class)
    }

    /// The name of what holds its content, and outlives the object: volumes with the same source share it. `node` is where it is
    /// used, for a folder of whatever node that is.
    pub fn medium(&self, node: &str) -> Name {
        let text = |path: &[&str]| self.spec.value().at(path).and_then(Value::as_shared_text);
        if let Some(handle) = text(&["csi", "volumeHandle"]) {
            return handle;
        }
        let folder = text(&["hostPath", "path"]).or_else(|| text(&["local", "path"]));
        // What a provisioner has made and bound to no node is on a file system that all of them have.
        let is_everywhere = self.spec.node.is_none() && self.meta.annotation(PROVISIONED_BY).is_some();
        match folder.filter(|_| !is_everywhere) {
            Some(folder) => folder_of(self.spec.node.as_deref().unwrap_or(node), &folder),
            None => Rc::clone(&self.meta.name),
        }
    }

    /// Whether it can be attached to only one node at a time. Models pkg/volume/util IsMultiAttachAllowed.
    pub fn one_node_only(&self) -> bool {
        !self.spec.modes.iter().any(|mode| matches!(&**mode, "ReadWriteMany" | "ReadOnlyMany"))
    }

    /// Binds the volume to a claim. If a user had reserved it, the binding is not marked as the controller's.
    /// Models k8s.io/component-helpers/storage/volume GetBindVolumeToClaim.
    pub fn reserve_for(&mut self, claim: &Claim) {
        let is_free = self.spec.claim.is_none();
        self.spec.set(&["claimRef"], ClaimRef::to(claim));
        if is_free {
            Rc::make_mut(&mut self.meta.annotations).insert(BOUND_BY_CONTROLLER.into(), "yes".into());
        }
    }

    /// A volume of this spec.
    pub fn of(meta: Meta, spec: Value) -> Self {
        Volume { meta, spec: Parsed::new(spec), status: VolumeStatus::default() }
    }
}

impl Parse for VolumeSpec {
    fn parse(spec: &Value) -> Self {
        let text = |path: &[&str]| spec.at(path).and_then(Value::as_shared_text).unwrap_or_default();
        VolumeSpec {
            claim: spec.get("claimRef").map(|r| ClaimRef {
                namespace: text(&["claimRef", "namespace"]),
                name: text(&["claimRef", "name"]),
                uid: r.text_at(&["uid"]).map(Uid::parse),
            }),
            capacity: text(&["capacity", "storage"]),
            modes: spec.list_at(&["accessModes"]).iter().filter_map(Value::as_shared_text).collect(),
            class: text(&["storageClassName"]),
            reclaim: text(&["persistentVolumeReclaimPolicy"]),
            node: only_node(spec),
            handle: handle(spec),
        }
    }
}

impl VolumeStatus {
    /// Takes up a phase, with nothing said of it.
    pub fn enters(&mut self, phase: VolumePhase, now: Time) {
        (self.phase, self.phase_since, self.message) = (phase, now, Word::default());
    }

    /// Takes over what a client writes. Models pkg/registry/core/persistentvolume/strategy.go, which notes when the phase
    /// changes unless the client says when.
    pub fn rewrite(&mut self, status: &Value, now: Time) {
        use VolumePhase::{Available, Bound, Failed, Pending, Released};
        let before = self.phase;
        let phases = [Pending, Available, Bound, Released, Failed];
        self.phase = phases.into_iter().find(|phase| status.text_at(&["phase"]) == Some(phase.word())).unwrap_or(before);
        self.message = status.text_at(&["message"]).unwrap_or_default().to_owned().into();
        let said = status.text_at(&["lastPhaseTransitionTime"]).and_then(|text| rewritten_time(Some(self.phase_since), text));
        let said = said.filter(|said| self.phase == before || *said != self.phase_since);
        self.phase_since = said.unwrap_or(if self.phase == before { self.phase_since } else { now });
    }

    pub(super) fn encode(&self) -> Value {
        let mut status = Map::new();
        status.insert("lastPhaseTransitionTime", self.phase_since.rfc3339());
        status.insert_filled("message", &self.message);
        status.insert("phase", self.phase.word());
        status.into()
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StorageClass {
    pub meta: Meta,
    /// Everything but metadata, kind and version.
    pub body: Parsed<ClassBody>,
}

/// What the simulation reads from a StorageClass.
pub struct ClassBody {
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
        StorageClass { meta: Meta::decode(object), body: Parsed::new(body(object)) }
    }

    /// Encodes it as the API server returns it.
    pub fn encode(&self) -> Value {
        with_header(Kind::StorageClass, &self.meta, self.body.value())
    }

    /// Whether it is marked as a default class. Models pkg/volume/util/storageclass.go IsDefaultAnnotation.
    pub fn is_default(&self) -> bool {
        [DEFAULT_CLASS, DEFAULT_CLASS_BETA].iter().any(|key| self.meta.annotation(key).is_some_and(|v| &**v == "true"))
    }
}

impl Parse for ClassBody {
    fn parse(body: &Value) -> Self {
        let text = |key: &str| body.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        ClassBody {
            provisioner: text("provisioner"),
            waits_for_consumer: body.text_at(&["volumeBindingMode"]) == Some("WaitForFirstConsumer"),
            reclaim: text("reclaimPolicy"),
        }
    }
}

/// The contents of a VolumeAttachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: Name,
    pub volume: Name,
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
        let text = |key| volume.spec.value().text_at(&["csi", key]).unwrap_or_default();
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
