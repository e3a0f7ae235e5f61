//! The plan that a law judges, what it was made from, and what it does to pods.

use std::rc::Rc;

use crate::law::named::{Law, Violation};
use crate::law::plan::LawContext;
use api::kind::Kind;
use api::object::pod::READY;
use api::object::selector::Selector;
use api::object::{Meta, Name, Object, ObjectKey, Pod};
use base::time::{Span, Time};
use control::plan::Plan;
use server::request::Request;
use server::tables::Tables;

/// A plan and what it was made from.
pub(super) struct Case<'a> {
    pub(super) sight: &'a LawContext<'a>,
    pub(super) key: &'a ObjectKey,
    pub(super) plan: &'a Plan,
    pub(super) requests: Vec<&'a Request>,
}

impl Case<'_> {
    pub(super) fn holds(&self, law: Law, so: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
        law.holds(so, self.sight.now, self.key, what)
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.sight.cache.tables
    }

    pub(super) fn created(&self) -> Vec<&Pod> {
        let pods = self.requests.iter().filter_map(|r| if let Request::Create(Object::Pod(pod)) = r { Some(pod) } else { None });
        pods.map(|pod| &**pod).collect()
    }

    pub(super) fn deleted(&self, kind: Kind) -> Vec<&Name> {
        self.requests
            .iter()
            .filter_map(|r| if let Request::Delete(key, _) = r { Some(key) } else { None })
            .filter(|k| k.kind == kind)
            .map(|k| &k.name)
            .collect()
    }

    /// The pods that it deletes, which have to be among these.
    pub(super) fn deleted_of<'p>(&self, own: &[&'p Rc<Pod>]) -> Result<Vec<&'p Rc<Pod>>, Violation> {
        let found = |name: &&Name| own.iter().find(|pod| pod.meta.name == **name).copied();
        let names = self.deleted(Kind::Pod);
        let stranger = names.iter().find(|name| found(name).is_none());
        self.holds(Law::NothingUnasked, stranger.is_none(), || format!("it deletes {stranger:?}, which is not its own"))?;
        Ok(names.iter().filter_map(found).collect())
    }
}

/// The pods that a workload has, and those that it adopts: matching ones that nobody controls.
pub(super) fn family<'a>(tables: &'a Tables, owner: &'a Meta, selector: &'a Selector) -> impl Iterator<Item = &'a Rc<Pod>> {
    let pods = tables.within(Kind::Pod, &owner.namespace).filter_map(Object::as_pod);
    pods.filter(|pod| match pod.meta.controller() {
        Some(found) => found.uid == owner.uid && selector.matches(&pod.meta.labels),
        None => !owner.terminating() && !pod.meta.terminating() && selector.matches(&pod.meta.labels),
    })
}

/// Whether a pod has neither ended nor been asked to. Models pkg/controller/controller_utils.go IsPodActive.
pub(super) fn is_active(pod: &Pod) -> bool {
    !pod.meta.terminating() && !pod.status.phase.terminal()
}

/// Whether a pod has been Ready for so long.
pub(super) fn is_available(pod: &Pod, min_ready: Span, now: Time) -> bool {
    pod.ready() && pod.condition(READY).is_some_and(|c| c.since.stamp() + min_ready <= now)
}

/// A number of things.
pub(super) fn count<T>(things: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(things.into_iter().count()).unwrap_or(i64::MAX)
}
