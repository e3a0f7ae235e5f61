//! What stands in the way of a request or of a pod, as data. The words about it are Kubernetes' and for people; who asks what would
//! end a wait asks this.

use crate::api::kind::Kind;
use crate::api::object::{Name, ObjectKey};
use crate::api::status::{Status, StatusReason};
use crate::base::fields::{Field, Fields};
use crate::base::word::Word;

/// What stands in the way. A name is looked for in the namespace of what waits, where its kind has namespaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// There is no such object.
    Missing(Kind, Name),
    /// A ConfigMap or a Secret has no such key.
    MissingKey(Kind, Name, Name),
    /// An image is not on the node, and must not be pulled.
    MissingImage,
    /// An object is on its way out: a claim, or the namespace itself.
    Leaving(Kind, Name),
    /// An object that limits others: a ResourceQuota without room, or a LimitRange.
    Limit(Kind, Name),
    /// The name has another object.
    Taken(Kind, Name),
    /// A namespace forbids what a pod asks for.
    PodSecurity {
        /// The namespace.
        namespace: Name,
        /// The level that it enforces, and the version of that: `restricted:latest`.
        level: Name,
        /// What it forbids of the pod.
        found: Name,
    },
    /// A claim asks for more, up to this size, and its class does not let claims grow.
    MayNotGrow(Name, Name),
    /// What this object would become is not valid.
    Invalid(Kind, Name),
}

/// Under its name which one, and beside it its parts, as the variants name them; of an object `kind` and `name`.
impl Field for Obstacle {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        let (variant, kind, object) = match self {
            Obstacle::Missing(kind, name) => ("Missing", Some(kind), Some(name)),
            Obstacle::MissingKey(kind, name, key) => {
                fields.text("key", key);
                ("MissingKey", Some(kind), Some(name))
            }
            Obstacle::MissingImage => ("MissingImage", None, None),
            Obstacle::Leaving(kind, name) => ("Leaving", Some(kind), Some(name)),
            Obstacle::Limit(kind, name) => ("Limit", Some(kind), Some(name)),
            Obstacle::Taken(kind, name) => ("Taken", Some(kind), Some(name)),
            Obstacle::PodSecurity { namespace, level, found } => {
                fields.text("namespace", namespace);
                fields.text("level", level);
                fields.text("found", found);
                ("PodSecurity", None, None)
            }
            Obstacle::MayNotGrow(class, size) => {
                fields.text("class", class);
                fields.text("size", size);
                ("MayNotGrow", None, None)
            }
            Obstacle::Invalid(kind, name) => ("Invalid", Some(kind), Some(name)),
        };
        fields.text(name, variant);
        kind.map(|kind| kind.info().name).put("kind", fields);
        object.cloned().put("name", fields);
    }
}

/// An attempt that failed: Kubernetes' words, and what stood in the way if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The words.
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
