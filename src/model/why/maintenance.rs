//! What controllers do in passing, without anything having waited for it.

use crate::Component;
use crate::page::{CLAIMS, CLASSES, COLLECTION, FINALIZERS, NODES, STRATEGIES};
use crate::rule::{Rule, with_rules};
use api::object::Name;

with_rules! {
    /// What is put in order.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Maintenance {
        /// The object forgets an owner that is gone; it has others.
        ForgetsOwner {
            owner: Name,
        } => Rule::field("metadata.ownerReferences").on(COLLECTION),
        /// Nothing needs a finalizer any longer, so whoever set it removes it.
        FinalizerDone {
            finalizer: &'static str,
        } => Rule::field("metadata.finalizers").on(FINALIZERS),
        /// The object gets back a finalizer that protects it.
        FinalizerBack {
            finalizer: &'static str,
        } => Rule::field("metadata.finalizers").on(FINALIZERS),
        /// The claim has no class yet, and gets the default one.
        TakesDefaultClass {
            class: Name,
        } => Rule::field("storageClassName").on(CLASSES),
        /// The volume is no longer bound: its claim is gone or has another one.
        VolumeReleased {
            claim: Name,
        } => Rule::by(Component::PersistentVolumeBinder).on(CLAIMS),
        /// The pod gets the claims that its own volumes describe.
        MakesClaims => Rule::field("spec.template.spec.volumes"),
        /// The set's history of revisions is brought in line with its template.
        KeepsRevisions => Rule::field("spec.template").on(STRATEGIES),
        /// The object's status is updated to what the objects that it depends on show.
        StatusFollows => Rule::by(Component::Disruption),
        /// The node's taints are updated to reflect its state.
        TaintsFollowNode => Rule::by(Component::NodeLifecycle).on(NODES),
        /// Every namespace has this object, and this one gets it too.
        EveryNamespaceHasOne => Rule::by(Component::ServiceAccounts),
    }
}
