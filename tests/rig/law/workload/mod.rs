//! Laws about Deployments, ReplicaSets, DaemonSets and Jobs: each decision judged by the view in which its controller made it, and what
//! must hold at rest and in the end.
//!
//! Promises: every pod is looked at anew; nothing is taken from what the controllers count or remember.

mod case;
mod daemon_set;
mod deployment;
mod job;
pub mod record;
mod replica_set;

use std::collections::BTreeSet;

use super::named::{Law, Violation};
use super::plan::LawContext;
use api::controller::Controller;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use api::release::Release;
use base::time::Time;
use case::Case;
use control::plan::{Action, Plan};
use server::tables::Tables;
use sim::Sim;
use sim::event::Event;

/// Judges what one sync of a workload is about to do.
pub fn judge(sight: &LawContext, controller: Controller, key: &ObjectKey, plan: &Plan) -> Result<(), Violation> {
    let steps = plan.steps();
    let requests = steps.filter_map(|s| if let Action::Server(request) = &s.action { Some(request) } else { None }).collect();
    let case = Case { sight, key, plan, requests };
    match controller {
        Controller::Deployment => deployment::judge(&case),
        Controller::ReplicaSet => replica_set::judge(&case),
        Controller::DaemonSet => daemon_set::judge(&case),
        Controller::Job => job::judge(&case),
        _ => Ok(()),
    }?;
    let told = plan.is_empty() || !plan.decisions.is_empty();
    case.holds(Law::ReasonsAreGiven, told, || format!("{controller:?} sends {} requests and does not say why", case.requests.len()))
}

/// Judges the workloads of a world at rest, except those that are to be looked at again.
pub fn judge_rest(tables: &Tables, now: Time, release: &Release, awaited: &BTreeSet<ObjectKey>) -> Result<(), Violation> {
    let kinds = [Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job];
    let stays = |o: &&Object| !o.meta().terminating() && !awaited.contains(&o.key());
    kinds.into_iter().flat_map(|kind| tables.all(kind)).filter(stays).try_for_each(|object| {
        let (told, so) = match object {
            Object::Deployment(deployment) => {
                let twins = deployment::twins(tables, deployment);
                Law::OneSetPerTemplate.holds(twins.is_none(), now, &object.key(), || format!("{twins:?} have the same template"))?;
                deployment::told_and_so(tables, deployment)
            }
            Object::ReplicaSet(set) => replica_set::told_and_so(tables, set, now),
            Object::Plain(set) if set.kind == Kind::DaemonSet => daemon_set::told_and_so(tables, set, now, release),
            Object::Plain(job) => job::told_and_so(tables, job),
            _ => return Ok(()),
        };
        Law::StatusIsTrue.holds(told == so, now, &object.key(), || format!("its status counts {told:?}, and so are {so:?}"))
    })
}

/// The objects that a controller is to look at again.
pub fn awaited(sim: &Sim) -> BTreeSet<ObjectKey> {
    sim.ahead().filter_map(|(_, event)| if let Event::Sync(_, key, _) = event { Some(key.clone()) } else { None }).collect()
}

/// Judges that every workload has reached its declared state.
pub fn judge_declared(sim: &Sim) -> Result<(), Violation> {
    let (tables, now) = (sim.tables(), sim.now());
    [Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job].into_iter().flat_map(|kind| tables.all(kind)).try_for_each(|object| {
        let short = match object {
            object if object.meta().terminating() => Some("it is still being deleted".into()),
            Object::Deployment(deployment) => deployment::shortcoming(tables, deployment, now),
            Object::ReplicaSet(set) => replica_set::shortcoming(tables, set, now),
            Object::Plain(set) if set.kind == Kind::DaemonSet => daemon_set::shortcoming(tables, set, now, sim.release()),
            Object::Plain(job) => job::shortcoming(tables, job),
            _ => None,
        };
        short.map_or(Ok(()), |what: String| Err(Law::DeclaredIsReached.broken(now, &object.key(), what)))
    })
}
