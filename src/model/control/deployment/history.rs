//! The clean-up of old ReplicaSets.
//!
//! Models pkg/controller/deployment/sync.go cleanupDeployment.

use std::rc::Rc;

use super::new_set::revision;
use super::{Sets, Sync};
use crate::plan::{OnError, Step};
use api::client::DeleteOptions;
use api::object::ReplicaSet;
use base::sort::Sort;
use server::request::Request;
use why::{Reason, Verdict};

impl Sync<'_> {
    /// Deletes old ReplicaSets beyond the history limit, lowest revision first. Those that have or want pods stay.
    pub(super) fn forget_old(&mut self, sets: &Sets) {
        let Some(limit) = self.deployment.spec.revision_history_limit else { return };
        let mut old: Vec<&Rc<ReplicaSet>> = sets.old.iter().filter(|s| !s.meta.terminating()).collect();
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        old.sort_small_by_key(|s| (revision(s), s.meta.created.stamp(), Rc::clone(&s.meta.name)));
        let idle =
            |s: &&&Rc<ReplicaSet>| s.status.replicas == 0 && s.spec.replicas == 0 && s.meta.generation <= s.status.observed_generation;
        for set in old.into_iter().take(surplus).filter(|s| idle(&s)) {
            self.plan.then(Step::new(Request::Delete(set.key(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound));
            self.decide(Verdict::Acts, Reason::ForgettingReplicaSet { name: Rc::clone(&set.meta.name) });
        }
    }
}
