//! Volumes that a new pod waits for, as they are still attached to a node that does not answer.
//!
//! Models what pkg/controller/volume/attachdetach/reconciler does of it: the copy's controller waits and detaches, and this only tells.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::OUT_OF_SERVICE_TAINT;
use api::object::{Name, ObjectKey, Pod};
use base::time::{Span, Time};
use text::plan::Says;
use why::{Component, Reason};

use crate::ends::Ends;
use crate::told::span;

/// A shorter wait than this is that of drivers.
const LONG: Span = Span::seconds(60);

impl Ends<'_> {
    /// The pods that waited until a volume was taken away from its node by force.
    pub(crate) fn forced_off(&self) -> Vec<Says> {
        let recent = self.after.decisions().recent().filter(|(at, decision)| {
            *at > self.before.now() && decision.who == Component::AttachDetach && decision.about.kind == Kind::PersistentVolume
        });
        let detached = recent.filter_map(|(at, decision)| match &decision.because {
            Reason::DetachesVolume { node, forced: true } => Some((*at, node, &decision.about)),
            _ => None,
        });
        detached.flat_map(|(at, node, volume)| self.waited(at, node, volume)).collect()
    }

    /// The pods elsewhere that a volume came to after this, and how long each had waited.
    fn waited(&self, at: Time, node: &Name, volume: &ObjectKey) -> Vec<Says> {
        let tables = self.tables();
        let has = |pod: &&Rc<Pod>| {
            let mut claims = pod.claim_volumes().filter_map(|used| tables.claim(&pod.meta.namespace, &used.claim));
            pod.node.as_ref().is_some_and(|own| own != node) && claims.any(|claim| claim.spec.volume == volume.name)
        };
        let waits = tables.pods().filter(has).filter(|pod| at > pod.meta.created && at.since(pod.meta.created) > LONG);
        let is_alone = tables.volume("", &volume.name).is_some_and(|volume| volume.one_node_only());
        let told = |pod: &Rc<Pod>| Says::ForcedOff {
            pod: Rc::clone(&pod.meta.name),
            volume: Rc::clone(&volume.name),
            node: Rc::clone(node),
            span: span(at.since(pod.meta.created)),
            line: tables
                .node("", node)
                .map_or(String::new(), |_| format!("kubectl taint node {node} {OUT_OF_SERVICE_TAINT}=nodeshutdown:NoExecute")),
        };
        waits.filter(|_| is_alone).map(told).collect()
    }
}
