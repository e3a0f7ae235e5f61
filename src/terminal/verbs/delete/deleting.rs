//! A `delete` in progress: the objects left, and those that are to go.

use crate::turns::Turns;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::view;
use base::time::Time;
use base::value::Value;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// A `delete` in progress: one object after the other, then waiting for them to go.
#[derive(Clone)]
pub struct Deleting {
    pub(super) rest: Turns<Target>,
    pub(super) options: DeleteOptions,
    pub(super) gone: Vec<Awaited>,
    /// What could not be read.
    pub(super) unread: Vec<Failure>,
    pub(super) failures: Vec<Failure>,
    /// How many objects there were.
    pub(super) count: usize,
}

/// An object that is being deleted.
#[derive(Clone)]
pub struct Awaited {
    pub(super) kind: Kind,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) uid: String,
}

impl Awaited {
    /// The object as it was when it was deleted.
    pub fn new(target: &Target, object: &Value) -> Self {
        Awaited { kind: target.kind, namespace: target.namespace.clone(), name: target.name.clone(), uid: view::uid(object).to_owned() }
    }

    /// Whether it still exists; a new object with the same name does not count.
    pub fn is_there(&self, session: &Session) -> bool {
        session.client.exists(self.kind, &self.namespace, &self.name, &self.uid)
    }
}

/// Waits until deleted objects are gone.
#[derive(Clone)]
pub struct Gone {
    /// The objects that may still be there.
    pub objects: Vec<Awaited>,
    /// When to give up.
    pub until: Option<Time>,
}
