//! Laws about Deployments, ReplicaSets, DaemonSets and Jobs: each decision judged by the view in which its controller made it, and what
//! must hold at rest and in the end.
//!
//! Promises: every pod is looked at anew; nothing is taken from what the controllers count or remember.

mod daemon_set;
mod deployment;
mod job;
pub mod record;
mod replica_set;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::plan::LawContext;
use super::{Law, Violation};
use crate::Sim;
use crate::event::Event;
use api::controller::Controller;
use api::kind::Kind;
use api::object::pod::READY;
use api::object::selector::Selector;
use api::object::{Meta, Name, Object, ObjectKey, Pod};
use api::release::Release;
use base::time::{Span, Time};
use control::plan::{Action, Plan};
use server::request::Request;
use server::tables::Tables;

/// A plan and what it was made from.
struct Case<'a> {
    sight: &'a LawContext<'a>,
    key: &'a ObjectKey,
    plan: &'a Plan,
    requests: Vec<&'a Request>,
}

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

impl Case<'_> {
    fn holds(&self, law: Law, so: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
        law.holds(so, self.sight.now, self.key, what)
    }

    fn tables(&self) -> &Tables {
        &self.sight.cache.tables
    }

    /// The pods that it creates.
    fn created(&self) -> Vec<&Pod> {
        let pods = self.requests.iter().filter_map(|r| if let Request::Create(Object::Pod(pod)) = r { Some(pod) } else { None });
        pods.map(|pod| &**pod).collect()
    }

    /// What it deletes of a kind.
    fn deleted(&self, kind: Kind) -> Vec<&Name> {
        self.requests
            .iter()
            .filter_map(|r| if let Request::Delete(key, _) = r { Some(key) } else { None })
            .filter(|k| k.kind == kind)
            .map(|k| &k.name)
            .collect()
    }

    /// The pods that it deletes, which have to be among these.
    fn deleted_of<'p>(&self, own: &[&'p Rc<Pod>]) -> Result<Vec<&'p Rc<Pod>>, Violation> {
        let found = |name: &&Name| own.iter().find(|pod| pod.meta.name == **name).copied();
        let names = self.deleted(Kind::Pod);
        let stranger = names.iter().find(|name| found(name).is_none());
        self.holds(Law::NothingUnasked, stranger.is_none(), || format!("it deletes {stranger:?}, which is not its own"))?;
        Ok(names.iter().filter_map(found).collect())
    }
}

/// The pods that a workload has, and those that it adopts: matching ones that nobody controls.
fn family<'a>(tables: &'a Tables, owner: &'a Meta, selector: &'a Selector) -> impl Iterator<Item = &'a Rc<Pod>> {
    let pods = tables.within(Kind::Pod, &owner.namespace).filter_map(Object::as_pod);
    pods.filter(|pod| match pod.meta.controller() {
        Some(found) => found.uid == owner.uid && selector.matches(&pod.meta.labels),
        None => !owner.terminating() && !pod.meta.terminating() && selector.matches(&pod.meta.labels),
    })
}

/// Whether a pod has neither ended nor been asked to. Models pkg/controller/controller_utils.go IsPodActive.
fn is_active(pod: &Pod) -> bool {
    !pod.meta.terminating() && !pod.status.phase.terminal()
}

/// Whether a pod has been Ready for so long.
fn is_available(pod: &Pod, min_ready: Span, now: Time) -> bool {
    pod.ready() && pod.condition(READY).is_some_and(|c| c.since.stamp() + min_ready <= now)
}

/// A number of things.
fn count<T>(things: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(things.into_iter().count()).unwrap_or(i64::MAX)
}
