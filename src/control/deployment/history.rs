//! The clean-up of old ReplicaSets.
//!
//! Models pkg/controller/deployment/sync.go cleanupDeployment.

use std::rc::Rc;

use super::new_set::revision;
use super::{Sets, Sync};
use crate::api::client::DeleteOptions;
use crate::api::object::ReplicaSet;
use crate::base::sort::Sort;
use crate::control::plan::{OnError, Step};
use crate::server::request::Request;
use crate::why::{Reason, Verdict};

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
