//! A `replace --force` in progress: the old objects go, and new ones take their names.

use crate::delete::deleting::{Awaited, Gone};
use crate::manifest::Manifest;
use crate::polls::Polls;
use crate::turns::Turns;
use api::client::DeleteOptions;
use base::time::Span;
use kubectl::failure::Failure;

/// A `replace --force` in progress. No part of it begins after a failure in the one before. Models forceReplace.
#[derive(Clone)]
pub enum Replacing {
    /// The old objects are being deleted.
    Deleting(Deleting),
    /// They are to go, as `delete` waits for that; then their names are looked for.
    Going(Gone, Vec<Manifest>),
    /// Their names are to be free.
    Looking(Looking),
    /// The new objects are being created.
    Creating(Creating),
}

/// The deletion of the old objects, one after the other.
#[derive(Clone)]
pub struct Deleting {
    pub(super) manifests: Vec<Manifest>,
    pub(super) rest: Turns<Manifest>,
    pub(super) options: DeleteOptions,
    /// Whether those that are deleted are waited for, whatever takes their names.
    pub(super) is_awaited: bool,
    pub(super) gone: Vec<Awaited>,
    pub(super) failures: Vec<Failure>,
    /// What could not be read.
    pub(super) unread: Vec<Failure>,
}

/// The wait until nothing has the names of the old objects: neither these nor what somebody else has made since.
#[derive(Clone)]
pub struct Looking {
    pub(super) manifests: Vec<Manifest>,
    /// The one whose name is looked for.
    pub(super) at: usize,
    pub(super) timeout: Span,
    pub(super) polls: Polls,
    pub(super) failures: Vec<Failure>,
}

/// The creation of the new objects, one after the other.
#[derive(Clone)]
pub struct Creating {
    pub(super) rest: Turns<Manifest>,
    pub(super) failures: Vec<Failure>,
}
