//! What a decision looks at: the scheduler's own view, its nodes, and those that passed all filters.

use std::rc::Rc;

use super::load::{Loads, NodeLoad};
use api::object::{Name, Node, Pod, Uid};
use api::release::Release;
use base::sorted::SortedMap;
use base::time::Time;
use server::tables::Tables;

/// What the scheduler knows.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Nodes, claims, volumes, classes, services, namespaces and owners of pods; pods are not read from here.
    /// Claims and volumes assumed by an earlier decision appear as assumed, at the revision of that decision.
    pub tables: &'a Tables,
    /// The nodes' loads, including pods that are being bound.
    pub loads: &'a Loads,
    /// Nominated pods, for which others are being preempted, as they will be on their nominated nodes.
    pub nominated: &'a SortedMap<Uid, Rc<Pod>>,
    /// The modelled release.
    pub release: &'a Release,
    /// The present, which counts as the start time of pods that have not started.
    pub now: Time,
}

/// The existing volumes that a pod's claims would be bound to on one node, in the order of the claims: claim and volume.
pub type Bindings = Vec<(Name, Name)>;

/// A node and its load.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) node: &'a Node,
    pub(super) load: &'a NodeLoad,
}

impl Site<'_> {
    /// A label of the node.
    pub(super) fn label(&self, key: &str) -> Option<&Name> {
        self.node.meta.label(key)
    }
}

/// A node that passed all filters.
pub(super) struct Candidate<'a> {
    pub(super) site: Site<'a>,
    pub(super) bindings: Bindings,
}
