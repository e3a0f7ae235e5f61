//! Which pods are a Job's: those that its selector no longer matches are released, and matching ones without a controller adopted.
//!
//! Models pkg/controller/job/job_controller.go getPodsForJob and pkg/controller/controller_ref_manager.go ClaimPods.

use std::rc::Rc;

use super::{Sync, TRACKING};
use crate::plan::{OnError, Step};
use api::kind::Kind;
use api::object::selector::Selector;
use api::object::{OwnerRef, Pod};
use server::request::{Edit, Request};
use why::{Reason, Verdict};

impl Sync<'_> {
    /// Claims the Job's pods. With its owner a pod is given the tracking finalizer, or loses it: a released one is counted no more.
    pub(super) fn claim(&mut self) {
        let (meta, cache) = (&self.job.meta, self.view.cache);
        let selector = self.job.raw.at(&["spec", "selector"]).map(Selector::decode).unwrap_or_default();
        let fits = |pod: &&Rc<Pod>| selector.matches(&pod.meta.labels);
        let strangers;
        (self.own, strangers) = cache.managed_pods(meta.uid).partition(fits);
        if meta.terminating() {
            return;
        }
        let orphans: Vec<&Rc<Pod>> = cache.orphans(&meta.namespace).filter(|pod| !pod.meta.terminating() && fits(pod)).collect();
        let finalizer = || TRACKING.into();
        let adopts = |pod: &&Rc<Pod>| {
            let owner = OwnerRef::controller(Kind::Job, meta);
            vec![Edit::AddOwner(pod.meta.uid, owner), Edit::AddFinalizer(finalizer())]
        };
        let releases = |pod: &&Rc<Pod>| vec![Edit::RemoveOwner { of: pod.meta.uid, owner: meta.uid }, Edit::RemoveFinalizer(finalizer())];
        let all = orphans.iter().map(|pod| (pod, adopts(pod))).chain(strangers.iter().map(|pod: &&Rc<Pod>| (pod, releases(pod))));
        let batch: Vec<Vec<Step>> =
            all.map(|(pod, edits)| vec![Step::new(Request::Edit(pod.key(), Edit::All(edits))).on_error(OnError::IgnoreNotFound)]).collect();
        if !batch.is_empty() {
            self.plan.batches.push(batch);
            self.decide(Verdict::Acts, Reason::ClaimingPods);
        }
        self.own.extend(orphans);
    }
}
