//! What must hold once nothing more is done and nothing stands in the way: the declared state.

use std::rc::Rc;

use super::named::{Law, Violation, nobody};
use super::set_view::{SetView, revision_of};
use super::workload;
use api::kind::Kind;
use api::object::storage::ClaimPhase;
use api::object::{Meta, Object, StatefulSet, Uid};
use base::time::Time;
use server::FOREGROUND_DELETION;
use sim::Sim;

/// Judges that nothing significant has been written since an instant; Events and node status do not count.
pub fn judge_quiet(sim: &Sim, since: Time) -> Result<(), Violation> {
    let recent = sim.log().kept().filter(|c| c.at >= since);
    let loud = recent.filter(|c| !matches!(c.key.kind, Kind::Event | Kind::Node)).last();
    loud.map_or(Ok(()), |c| Err(Law::Settles.broken(c.at, &c.key, format!("{:?} still writes it", c.by))))
}

/// The violation of a world that never settles.
pub fn never_ends(sim: &Sim, why: &str) -> Violation {
    Law::Settles.broken(sim.now(), &nobody(), why)
}

/// Judges that every workload has reached its declared state.
pub fn judge(sim: &Sim) -> Result<(), Violation> {
    judge_sets(sim)?;
    workload::judge_declared(sim)
}

/// Judges that every StatefulSet has reached its declared state.
pub fn judge_sets(sim: &Sim) -> Result<(), Violation> {
    sim.tables().stateful_sets().try_for_each(|set| {
        let key = set.key();
        match shortcoming(sim, set) {
            None => Ok(()),
            Some(what) => Err(Law::DeclaredIsReached.broken(sim.now(), &key, what)),
        }
    })
}

/// Whether a pod of a set under foreground deletion waits for a claim that it owns, while that claim is kept for as long as the pod
/// exists. A real cluster cannot get out of this deadlock by itself either: see the recording `fg-scaled-ring`.
fn waits_in_a_ring(sim: &Sim, set: &StatefulSet) -> bool {
    let tables = sim.tables();
    let owns = |owner: Uid, meta: &Meta| meta.owners.iter().any(|o| o.uid == owner && o.is_blocking());
    let waiting = tables.pods().filter(|pod| owns(set.meta.uid, &pod.meta) && pod.meta.has_finalizer(FOREGROUND_DELETION));
    waiting.into_iter().any(|pod| {
        tables
            .all(Kind::PersistentVolumeClaim)
            .filter_map(Object::as_claim)
            .any(|claim| claim.meta.terminating() && owns(pod.meta.uid, &claim.meta))
    })
}

/// What keeps a set from its declared state, if anything.
fn shortcoming(sim: &Sim, set: &Rc<StatefulSet>) -> Option<String> {
    let view = SetView::new(sim.tables(), set, sim.release(), sim.now());
    if set.meta.terminating() {
        return (!waits_in_a_ring(sim, set)).then(|| "it is still being deleted".into());
    }
    let have: Vec<i64> = view.pods.keys().copied().collect();
    let want: Vec<i64> = view.range().collect();
    if have != want {
        return Some(format!("it has pods {have:?} and wants {want:?}"));
    }
    if let Some(ordinal) = view.unhealthy().next() {
        return Some(format!("pod {ordinal} is not available"));
    }
    let old = view.pods.iter().find(|(_, p)| revision_of(p) != Some(&set.status.update_revision));
    if let Some((ordinal, _)) = old {
        return Some(format!("pod {ordinal} is not of {}", set.status.update_revision));
    }
    if set.status.current_revision != set.status.update_revision {
        return Some(format!("its update to {} is not complete", set.status.update_revision));
    }
    missing_claim(sim, &view)
}

fn missing_claim(sim: &Sim, view: &SetView) -> Option<String> {
    let set = view.set;
    let claims = view.range().flat_map(|o| set.spec.claim_templates.iter().map(move |t| t.claim_name(&set.meta.name, o)));
    let mut unbound = claims.filter(|name| {
        let found = sim.tables().find(Kind::PersistentVolumeClaim, &set.meta.namespace, name).and_then(Object::as_claim);
        found.is_none_or(|c| c.status.phase != ClaimPhase::Bound)
    });
    unbound.next().map(|name| format!("claim {name} is not bound"))
}
