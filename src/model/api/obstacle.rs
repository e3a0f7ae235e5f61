//! What stands in the way of a request or of a pod, as data. The words about it are Kubernetes' and for people; who asks what would
//! end a wait asks this.

use crate::kind::Kind;
use crate::object::meta::{Name, ObjectKey};
use crate::status::{Status, StatusReason};
use base::with_fields;
use base::word::Word;

with_fields! {
    /// What stands in the way. A name is looked for in the namespace of what waits, where its kind has namespaces.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Obstacle {
        /// There is no such object.
        Missing(kind: Kind, name: Name),
        /// A ConfigMap or a Secret has no such key.
        MissingKey(kind: Kind, name: Name, key: Name),
        /// An image is not on the node, and must not be pulled.
        MissingImage,
        /// An object is on its way out: a claim, or the namespace itself.
        Leaving(kind: Kind, name: Name),
        /// An object that limits others: a ResourceQuota without room, or a LimitRange.
        Limit(kind: Kind, name: Name),
        /// An object counts something that a pod does not state: a ResourceQuota.
        Unstated(kind: Kind, name: Name),
        /// The name has another object.
        Taken(kind: Kind, name: Name),
        /// A namespace forbids what a pod asks for.
        PodSecurity {
            namespace: Name,
            /// The level that it enforces, and the version of that: `restricted:latest`.
            level: Name,
            /// What it forbids of the pod.
            found: Name,
        },
        /// A claim asks for more, up to this size, and its class does not let claims grow.
        MayNotGrow(class: Name, size: Name),
        /// What this object would become is not valid.
        Invalid(kind: Kind, name: Name),
    }
}

/// An attempt that failed: Kubernetes' words, and what stood in the way if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub error: Word,
    /// What stood in the way.
    pub obstacle: Option<Obstacle>,
}

impl Failure {
    /// A failure because of this.
    pub fn of(error: impl Into<Word>, obstacle: Obstacle) -> Self {
        Failure { error: error.into(), obstacle: Some(obstacle) }
    }

    /// The server's refusal of a request about an object.
    pub fn refused(status: Status, about: &ObjectKey) -> Self {
        let object = || (about.kind, about.name.clone());
        let obstacle = status.obstacle.map(|obstacle| *obstacle).or_else(|| match (status.reason, object()) {
            (StatusReason::AlreadyExists, (kind, name)) => Some(Obstacle::Taken(kind, name)),
            (StatusReason::Invalid, (kind, name)) => Some(Obstacle::Invalid(kind, name)),
            _ => None,
        });
        Failure { error: status.message.into(), obstacle }
    }
}

impl<W: Into<Word>> From<W> for Failure {
    /// A failure of which only the words are known.
    fn from(error: W) -> Self {
        Failure { error: error.into(), obstacle: None }
    }
}
