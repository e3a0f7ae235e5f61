//! Whose claims are whose: those that a set gives, and the pods that use one.

use std::rc::Rc;

use api::object::{Claim, Name, Pod, StatefulSet};
use server::tables::Tables;

/// The claims with names that a set gives.
pub fn own_claims<'a>(tables: &'a Tables, set: &StatefulSet) -> impl Iterator<Item = &'a Rc<Claim>> {
    tables.claims().filter(|claim| claim.meta.namespace == set.meta.namespace && set.of_claim(&claim.meta.name).is_some())
}

/// The pods that use a claim, by name.
pub fn users<'a>(tables: &'a Tables, namespace: &Name, claim: &Name) -> impl Iterator<Item = &'a Rc<Pod>> {
    tables.pods().filter(|pod| pod.meta.namespace == *namespace && pod.claim_volumes().any(|volume| volume.claim == *claim))
}
