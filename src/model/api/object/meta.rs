//! Object metadata: names, labels, owner references, deletion.

use base::sorted::SortedMap;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use crate::kind::Kind;
use base::dice::mix;
use base::fields::{Field, Fields};
use base::list::List;
use base::time::{Span, Time};
use base::value::{Map, Value, members};

/// A shared string: a name, a label value, a reason.
pub type Name = Rc<str>;

/// Labels or annotations, in key order.
pub type Labels = Rc<SortedMap<Name, Name>>;

/// Identifies an object by kind, namespace (empty for cluster-scoped kinds) and name.
#[derive(Clone, Debug, Eq, Hash)]
#[expect(clippy::derived_hash_with_manual_eq, reason = "what is the same at sight has the same content")]
pub struct ObjectKey {
    pub kind: Kind,
    /// The namespace; empty for cluster-scoped kinds.
    pub namespace: Name,
    pub name: Name,
}

/// Its name, and its namespace beside it.
impl Field for ObjectKey {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        self.name.put(name, fields);
        self.namespace.put("namespace", fields);
    }
}

/// An object's namespace and name, where its kind goes without saying. Models apimachinery/pkg/types NamespacedName.
#[derive(Clone, Debug, Default, Eq)]
pub struct NamespacedName {
    pub namespace: Name,
    pub name: Name,
}

impl NamespacedName {
    /// A name in a namespace.
    pub fn new(namespace: &Name, name: &Name) -> Self {
        NamespacedName { namespace: Rc::clone(namespace), name: Rc::clone(name) }
    }

    /// The same from strings that nobody shares.
    pub fn of(namespace: &str, name: &str) -> Self {
        NamespacedName { namespace: namespace.into(), name: name.into() }
    }

    /// Reads `default/web`.
    pub fn parse(text: &str) -> Option<Self> {
        text.split_once('/').map(|(namespace, name)| NamespacedName::of(namespace, name))
    }
}

/// `default/web`.
impl fmt::Display for NamespacedName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

thread_local! {
    static NO_NAME: Name = Name::default();
    static NO_LABELS: Labels = Labels::default();
}

/// The empty name. All share one, where `Name::default()` makes another each time.
pub fn no_name() -> Name {
    NO_NAME.with(Rc::clone)
}

/// No labels, shared in the same way.
pub fn no_labels() -> Labels {
    NO_LABELS.with(Rc::clone)
}

impl ObjectKey {
    /// The key of an object of this kind.
    pub fn new(kind: Kind, namespace: &Name, name: &Name) -> Self {
        let namespace = if kind.is_namespaced() { Rc::clone(namespace) } else { no_name() };
        ObjectKey { kind, namespace, name: Rc::clone(name) }
    }

    /// The key of a cluster-scoped object.
    pub fn global(kind: Kind, name: &Name) -> Self {
        ObjectKey { kind, namespace: no_name(), name: Rc::clone(name) }
    }

    /// The key without the kind.
    pub fn namespaced_name(&self) -> NamespacedName {
        NamespacedName::new(&self.namespace, &self.name)
    }
}

/// Compares what most keys that are compared or found share as one string, which is detected by pointer.
fn order(one: &Name, other: &Name) -> Ordering {
    if Rc::ptr_eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

/// Whether names are equal, found in the same way.
pub fn same(one: &Name, other: &Name) -> bool {
    Rc::ptr_eq(one, other) || one == other
}

impl PartialEq for NamespacedName {
    fn eq(&self, other: &Self) -> bool {
        same(&self.name, &other.name) && same(&self.namespace, &other.namespace)
    }
}

impl PartialEq for ObjectKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && same(&self.name, &other.name) && same(&self.namespace, &other.namespace)
    }
}

/// Ordered by namespace and name.
impl Ord for NamespacedName {
    fn cmp(&self, other: &Self) -> Ordering {
        order(&self.namespace, &other.namespace).then_with(|| order(&self.name, &other.name))
    }
}

impl PartialOrd for NamespacedName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Ordered by kind, namespace and name.
impl Ord for ObjectKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = || order(&self.namespace, &other.namespace).then_with(|| order(&self.name, &other.name));
        self.kind.cmp(&other.kind).then_with(places)
    }
}

impl PartialOrd for ObjectKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `StatefulSet default/web`; `Node node-1`.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{} {}", self.kind, self.name)
        } else {
            write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
        }
    }
}

/// Distinguishes objects of the same name. Sixty bits, spread over the free digits of a version 4 UUID when printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(u64);

impl Uid {
    /// The uid with these bits; the top four are dropped.
    pub fn from_bits(bits: u64) -> Self {
        Uid(bits >> 4)
    }

    /// The bits, as the subject of a draw.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Parses a uid. One that was not printed by us becomes a distinct uid that no object in the cluster has.
    pub fn parse(text: &str) -> Self {
        let digit = |at: &usize| text.as_bytes().get(*at).and_then(|byte| char::from(*byte).to_digit(16));
        // The free digits of its first half: behind the third dash stands the version.
        let digits = (0..8).chain(9..13).chain(15..18);
        let bits = digits.filter_map(|at| digit(&at)).fold(0, |bits, digit| bits << 4 | u64::from(digit));
        let uid = Uid(bits);
        if uid.letters() == text.as_bytes() { uid } else { Uid(text.bytes().fold(7, |h, b| mix(h ^ u64::from(b))) >> 4) }
    }

    /// As it is printed.
    fn letters(self) -> [u8; 36] {
        let rest = mix(self.0);
        let high = self.0 >> 12 << 16 | 0x4000 | self.0 & 0xfff;
        let low = (0x8000 | rest >> 50) << 48 | rest & 0xffff_ffff_ffff;
        let mut text = [b'-'; 36];
        let places: [&[Range<usize>]; 2] = [&[0..8, 9..13, 14..18], &[19..23, 24..36]];
        for (mut half, places) in [high, low].into_iter().zip(places) {
            for at in places.iter().cloned().flatten() {
                half = half.rotate_left(4);
                text[at] = b"0123456789abcdef"[(half & 0xf) as usize];
            }
        }
        text
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(str::from_utf8(&self.letters()).unwrap_or_default())
    }
}

/// An owner reference. Models metav1.OwnerReference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnerRef {
    /// The owner's kind; `None` if the API server does not know it.
    pub kind: Option<Kind>,
    /// The owner's kind and API version as written.
    pub written: (Name, Name),
    /// The owner's name.
    pub name: Name,
    /// The owner's uid.
    pub uid: Uid,
    /// The uid as written, if it is not one of ours.
    pub foreign_uid: Option<Name>,
    /// Whether the owner is the managing controller.
    pub controller: bool,
    /// Whether the object blocks the owner's foreground deletion, as far as it says so.
    pub blocks: Option<bool>,
}

impl OwnerRef {
    /// Whether the object blocks the owner's foreground deletion.
    pub fn is_blocking(&self) -> bool {
        self.blocks == Some(true)
    }

    /// Whether it names a kind. Controllers look up what they own by the word, whatever version stands beside it.
    /// Models pkg/controller/controller_utils.go PodControllerIndexKey and the controllers' resolveControllerRef.
    pub fn is_a(&self, kind: Kind) -> bool {
        self.kind == Some(kind) || *self.written.0 == *kind.info().name
    }

    /// The kind by its word and its group, whatever the version. Models pkg/controller/disruption/disruption.go verifyGroupKind.
    pub fn kind_in_group(&self) -> Option<Kind> {
        let (word, version) = &self.written;
        let group = version.split_once('/').map_or("", |(group, _)| group);
        self.kind.or_else(|| Kind::ALL.into_iter().find(|kind| *kind.info().name == **word && kind.info().group == group).copied())
    }

    /// A controller reference that blocks the owner's deletion. Models metav1.NewControllerRef.
    pub fn controller(kind: Kind, meta: &Meta) -> Self {
        let written = (kind.info().name.into(), kind.api_version().into());
        OwnerRef {
            kind: Some(kind),
            written,
            name: Rc::clone(&meta.name),
            uid: meta.uid,
            foreign_uid: None,
            controller: true,
            blocks: Some(true),
        }
    }
}

/// A deletion in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deletion {
    /// `deletionTimestamp`: the deadline.
    pub at: Time,
    /// `deletionGracePeriodSeconds`.
    pub grace: i64,
}

impl Deletion {
    /// The grace period.
    pub fn period(self) -> Span {
        Span::of_seconds(self.grace)
    }

    /// When the deletion was requested.
    pub fn asked(self) -> Time {
        Time(self.at.0.saturating_sub(self.period().0))
    }
}

/// An object's metadata. Models metav1.ObjectMeta.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Meta {
    /// Empty for cluster-scoped kinds.
    pub namespace: Name,
    pub name: Name,
    /// The prefix of a generated name.
    pub generate_name: Option<Name>,
    /// Assigned by the store.
    pub uid: Uid,
    /// `resourceVersion`: the store's revision of the last write.
    pub revision: u64,
    /// How often the spec changed; 0 for kinds without generations.
    pub generation: i64,
    /// When it was created.
    pub created: Time,
    /// Set while the object is being deleted.
    pub deletion: Option<Deletion>,
    pub labels: Labels,
    pub annotations: Labels,
    pub owners: List<OwnerRef>,
    /// What has to happen before it goes.
    pub finalizers: List<Name>,
}

impl Default for Meta {
    fn default() -> Self {
        Meta {
            namespace: no_name(),
            name: no_name(),
            generate_name: None,
            uid: Uid::default(),
            revision: 0,
            generation: 0,
            created: Time::default(),
            deletion: None,
            labels: no_labels(),
            annotations: no_labels(),
            owners: List::new(),
            finalizers: List::new(),
        }
    }
}

impl Meta {
    /// Its namespace and name.
    pub fn namespaced_name(&self) -> NamespacedName {
        NamespacedName::new(&self.namespace, &self.name)
    }

    /// The owner that manages it.
    pub fn controller(&self) -> Option<&OwnerRef> {
        self.owners.iter().find(|o| o.controller)
    }

    /// Whether its controller has this uid.
    pub fn is_controlled_by(&self, uid: Uid) -> bool {
        self.controller().is_some_and(|o| o.uid == uid)
    }

    /// Whether it is being deleted.
    pub fn terminating(&self) -> bool {
        self.deletion.is_some()
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&Name> {
        self.labels.get(key)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&Name> {
        self.annotations.get(key)
    }

    /// Whether it carries this finalizer.
    pub fn has_finalizer(&self, name: &str) -> bool {
        self.finalizers.iter().any(|f| &**f == name)
    }

    /// Decodes `metadata`, including server-maintained fields; the server decides which of them to use.
    pub fn decode(object: &Value) -> Meta {
        let meta = object.get("metadata").cloned().unwrap_or_default();
        let text = |key: &str| meta.get(key).and_then(Value::as_shared_text);
        let owners = meta.list_at(&["ownerReferences"]).iter().map(decode_owner).collect();
        let deletion = meta
            .get("deletionTimestamp")
            .and_then(Value::as_text)
            .and_then(Time::parse_rfc3339)
            .map(|at| Deletion { at, grace: meta.int_at(&["deletionGracePeriodSeconds"]).unwrap_or(0) });
        Meta {
            namespace: text("namespace").unwrap_or_default(),
            name: text("name").unwrap_or_default(),
            generate_name: text("generateName"),
            uid: meta.text_at(&["uid"]).map(Uid::parse).unwrap_or_default(),
            revision: meta.text_at(&["resourceVersion"]).and_then(|t| t.parse().ok()).unwrap_or(0),
            generation: meta.int_at(&["generation"]).unwrap_or(0),
            created: meta.text_at(&["creationTimestamp"]).and_then(Time::parse_rfc3339).unwrap_or_default(),
            deletion,
            labels: decode_labels(meta.get("labels")),
            annotations: decode_labels(meta.get("annotations")),
            owners,
            finalizers: meta.list_at(&["finalizers"]).iter().filter_map(Value::as_shared_text).collect(),
        }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut m = Map::new();
        if !self.annotations.is_empty() {
            m.insert("annotations", encode_labels(&self.annotations));
        }
        m.insert("creationTimestamp", self.created.rfc3339());
        if let Some(d) = self.deletion {
            m.insert("deletionGracePeriodSeconds", d.grace);
            m.insert("deletionTimestamp", d.at.rfc3339());
        }
        if !self.finalizers.is_empty() {
            m.insert("finalizers", Value::list(self.finalizers.iter()));
        }
        if let Some(g) = &self.generate_name {
            m.insert("generateName", g);
        }
        if self.generation != 0 {
            m.insert("generation", self.generation);
        }
        if !self.labels.is_empty() {
            m.insert("labels", encode_labels(&self.labels));
        }
        m.insert("name", &self.name);
        if !self.namespace.is_empty() {
            m.insert("namespace", &self.namespace);
        }
        if !self.owners.is_empty() {
            m.insert("ownerReferences", Value::list(self.owners.iter().map(encode_owner)));
        }
        m.insert("resourceVersion", self.revision.to_string());
        m.insert("uid", self.uid.to_string());
        m.into()
    }
}

/// Decodes a map of strings.
pub fn decode_labels(value: Option<&Value>) -> Labels {
    let entries = members(value.and_then(Value::as_map));
    Rc::new(entries.filter_map(|(k, v)| v.as_shared_text().map(|v| (Rc::clone(k), v))).collect())
}

/// Encodes a map of strings.
pub fn encode_labels(labels: &Labels) -> Value {
    Value::of(labels.iter().map(|(k, v)| (Rc::clone(k), Value::from(v))))
}

fn decode_owner(value: &Value) -> OwnerRef {
    let text = |key: &str| value.get(key).and_then(Value::as_shared_text).unwrap_or_default();
    let (kind, api_version, written) = (text("kind"), text("apiVersion"), text("uid"));
    let uid = Uid::parse(&written);
    OwnerRef {
        kind: Kind::of(&api_version, &kind),
        written: (kind, api_version),
        name: text("name"),
        uid,
        foreign_uid: Some(written).filter(|written| **written != *uid.to_string()),
        controller: value.get("controller").and_then(Value::as_bool).unwrap_or(false),
        blocks: value.get("blockOwnerDeletion").and_then(Value::as_bool),
    }
}

fn encode_owner(owner: &OwnerRef) -> Value {
    let mut m = Map::new();
    m.insert("apiVersion", &owner.written.1);
    if let Some(blocks) = owner.blocks {
        m.insert("blockOwnerDeletion", blocks);
    }
    if owner.controller {
        m.insert("controller", true);
    }
    m.insert("kind", &owner.written.0);
    m.insert("name", &owner.name);
    m.insert("uid", owner.foreign_uid.as_deref().map_or_else(|| owner.uid.to_string(), str::to_owned));
    m.into()
}
