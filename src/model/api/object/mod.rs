//! Objects as the model holds them: typed where much of the simulation acts on them, values with typed metadata where it only keeps them
//! or where one controller reads a few fields (DaemonSets, Jobs, namespaces, quotas).
//!
//! Each part of an object is held in one form. What users write is a [`Value`], so that `-o yaml` returns everything, and the fields that
//! the simulation reads are a view of it ([`Parsed`]). What the server and its components write (metadata, status, a pod's identity, a
//! node's taints) is typed, and becomes a value when it is shown. `decode` expects a defaulted and valid object; `encode` returns what the
//! API server would.

pub mod budget;
pub mod container;
pub mod endpoints;
pub mod event;
mod frame;
pub mod int_or_percent;
pub mod meta;
pub mod network;
pub mod node;
pub mod parsed;
mod plain;
pub mod pod;
pub mod pod_status;
pub mod resources;
pub mod scheduling;
pub mod selector;
pub mod stateful_set;
pub mod storage;
pub mod workload;

use std::rc::Rc;

pub use budget::DisruptionBudget;
pub use endpoints::Endpoints;
pub use event::Event;
use frame::with_status;
pub use meta::{Deletion, Labels, Meta, Name, NamespacedName, ObjectKey, OwnerRef, Uid, no_name};
pub use network::{EndpointSlice, Service};
pub use node::Node;
pub use parsed::Parsed;
pub use plain::Plain;
pub use pod::{Pod, PodPhase, PodTemplate};
pub use scheduling::SchedulingRules;
pub use stateful_set::{ControllerRevision, NO_ORDINAL, StatefulSet, parent_and_ordinal, writes_ordinal};
pub use storage::{Claim, StorageClass, Volume};
pub use workload::{Deployment, ReplicaSet};

use crate::kind::Kind;
use base::value::Value;

macro_rules! objects {
    ($($variant:ident($type:ty) $read:ident $kind:ident $($status:ident)?;)*) => {
        /// A stored object. The body is copy-on-write: clones are cheap.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Object { $($variant(Rc<$type>),)* Plain(Rc<Plain>) }

        impl Object {
            /// Its metadata.
            pub fn meta(&self) -> &Meta {
                match self { $(Object::$variant(o) => &o.meta,)* Object::Plain(o) => &o.meta }
            }

            /// Its metadata, mutably.
            pub fn meta_mut(&mut self) -> &mut Meta {
                match self { $(Object::$variant(o) => &mut Rc::make_mut(o).meta,)* Object::Plain(o) => &mut Rc::make_mut(o).meta }
            }

            /// Its kind.
            pub fn kind(&self) -> Kind {
                match self { $(Object::$variant(_) => Kind::$kind,)* Object::Plain(o) => o.kind }
            }

            /// Takes over the status of its older version.
            pub fn keep_status(&mut self, old: &Object) {
                match (self, old) {
                    $($((Object::$variant(new), Object::$variant(old)) => Rc::make_mut(new).$status.clone_from(&old.$status),)?)*
                    (Object::Plain(new), Object::Plain(old)) => match old.raw.get("status") {
                        Some(status) => Rc::make_mut(new).raw.set(&["status"], status.clone()),
                        None => drop(Rc::make_mut(new).raw.remove(&["status"])),
                    },
                    _ => {}
                }
            }

            /// Whether two objects are one in memory. Others may still be equal.
            pub fn is_one_with(&self, other: &Object) -> bool {
                match (self, other) {
                    $((Object::$variant(one), Object::$variant(other)) => Rc::ptr_eq(one, other),)*
                    (Object::Plain(one), Object::Plain(other)) => Rc::ptr_eq(one, other),
                    _ => false,
                }
            }

            /// As the API server shows it.
            pub fn encode(&self) -> Value {
                match self { $(Object::$variant(o) => o.encode(),)* Object::Plain(o) => o.encode() }
            }

            $(
                /// The object, if it is of this type.
                pub fn $read(&self) -> Option<&Rc<$type>> {
                    match self { Object::$variant(o) => Some(o), _ => None }
                }
            )*
        }

        $(impl $type {
            /// Which object it is.
            pub fn key(&self) -> ObjectKey {
                ObjectKey::new(Kind::$kind, &self.meta.namespace, &self.meta.name)
            }
        }
        impl From<$type> for Object {
            fn from(o: $type) -> Self { Object::$variant(Rc::new(o)) }
        }
        impl From<Rc<$type>> for Object {
            fn from(o: Rc<$type>) -> Self { Object::$variant(o) }
        })*
    };
}

// Each with the name of its status, if it has one.
objects! {
    Pod(Pod) as_pod Pod status;
    StatefulSet(StatefulSet) as_stateful_set StatefulSet status;
    ControllerRevision(ControllerRevision) as_revision ControllerRevision;
    Deployment(Deployment) as_deployment Deployment status;
    ReplicaSet(ReplicaSet) as_replica_set ReplicaSet status;
    Claim(Claim) as_claim PersistentVolumeClaim status;
    Volume(Volume) as_volume PersistentVolume status;
    StorageClass(StorageClass) as_class StorageClass;
    Service(Service) as_service Service status;
    EndpointSlice(EndpointSlice) as_slice EndpointSlice;
    Endpoints(Endpoints) as_endpoints Endpoints;
    Node(Node) as_node Node status;
    Event(Event) as_event Event;
    Budget(DisruptionBudget) as_budget PodDisruptionBudget status;
}

impl From<Plain> for Object {
    fn from(o: Plain) -> Self {
        Object::Plain(Rc::new(o))
    }
}

impl Object {
    /// The object, if it is of no type of its own.
    pub fn as_plain(&self) -> Option<&Rc<Plain>> {
        if let Object::Plain(o) = self { Some(o) } else { None }
    }

    /// Which object it is.
    pub fn key(&self) -> ObjectKey {
        ObjectKey::new(self.kind(), &self.meta().namespace, &self.meta().name)
    }

    /// Decodes a defaulted and valid object. The status is left empty, because the server maintains it.
    pub fn decode(kind: Kind, object: &Value) -> Self {
        match kind {
            Kind::Pod => Pod::decode(object).into(),
            Kind::StatefulSet => StatefulSet::decode(object).into(),
            Kind::ControllerRevision => ControllerRevision::decode(object).into(),
            Kind::Deployment => Deployment::decode(object).into(),
            Kind::ReplicaSet => ReplicaSet::decode(object).into(),
            Kind::PersistentVolumeClaim => Claim::decode(object).into(),
            Kind::PersistentVolume => Volume::decode(object).into(),
            Kind::StorageClass => StorageClass::decode(object).into(),
            Kind::Service => Service::decode(object).into(),
            Kind::EndpointSlice => EndpointSlice::decode(object).into(),
            Kind::Endpoints => Endpoints::decode(object).into(),
            Kind::Node => Node::decode(object).into(),
            Kind::PodDisruptionBudget => DisruptionBudget::decode(object).into(),
            other => Plain::decode(other, object).into(),
        }
    }
}

macro_rules! spec_and_status {
    ($($type:ident $kind:ident;)*) => {$(impl $type {
        /// Decodes a defaulted and valid object.
        pub fn decode(object: &Value) -> Self {
            $type { meta: Meta::decode(object), spec: Parsed::spec_of(object), status: Default::default() }
        }

        /// As the API server shows it.
        pub fn encode(&self) -> Value {
            with_status(Kind::$kind, &self.meta, self.spec.value(), self.status.encode())
        }
    })*};
}

spec_and_status! {
    StatefulSet StatefulSet;
    Deployment Deployment;
    ReplicaSet ReplicaSet;
    Claim PersistentVolumeClaim;
    Volume PersistentVolume;
    DisruptionBudget PodDisruptionBudget;
}
