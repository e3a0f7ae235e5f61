//! Workloads whose pods have no ordinals: a Deployment, or another owner of pods; and the heading of the block of one.

use super::rollout::Revision;
use super::{Identity, Snapshot};
use api::kind::Kind;
use api::object::{Object, ObjectKey, Pod, writes_ordinal};
use api::well_known::DEPLOYMENT_REVISION;
use causes::command::Naming;
use kubectl::settings::DEFAULT_NAMESPACE;
use why::Component;
use why::log::Entry;

/// An owner of pods without ordinals; pods without an owner form one too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    pub(super) kind: Kind,
    pub namespace: String,
    /// Its name; empty for pods without an owner.
    pub name: String,
}

/// The heading of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The shown workload.
    pub workload: Workload,
    /// How a line names its namespace.
    pub naming: Naming,
    /// The other workloads.
    pub choices: Vec<Workload>,
    /// `4 of 4 Ready`.
    pub ready: String,
    /// What pods without ordinals lack.
    pub lack: &'static str,
    /// The first container of a Deployment, and its image.
    pub container: Option<(String, String)>,
    /// The number of replicas, if it can be changed.
    pub replicas: Option<i64>,
}

impl Side {
    /// `deployment/web`, with its namespace unless it is the current one.
    pub fn title(&self) -> String {
        self.naming.title(&self.workload.namespace, self.workload.bare_title())
    }

    /// The command that deletes it, where it is a Deployment that stands beside the set of its name, to be compared with that.
    pub fn ending(&self, set: &str) -> Option<String> {
        let name = &self.workload.name;
        (self.workload.kind == Kind::Deployment && *name == set).then(|| self.naming.delete(Kind::Deployment, name))
    }

    /// The command that scales it by `by`, to zero at least; `None` where it has no number of replicas.
    pub fn scale(&self, by: i64) -> Option<String> {
        Some(self.naming.scale(self.workload.kind, &self.workload.name, (self.replicas? + by).max(0)))
    }
}

impl Workload {
    /// What it is chosen by: `deployment/web`, with its namespace unless it is the default one.
    pub fn title(&self) -> String {
        Naming::of(&self.namespace, DEFAULT_NAMESPACE).title(&self.namespace, self.bare_title())
    }

    fn bare_title(&self) -> String {
        let kind = if self.kind == Kind::Pod { Kind::Pod.info().plural } else { self.kind.info().singular };
        if self.name.is_empty() { kind.to_owned() } else { format!("{kind}/{}", self.name) }
    }

    pub(super) fn of(kind: Kind, namespace: &str, name: &str) -> Workload {
        Workload { kind, namespace: namespace.to_owned(), name: name.to_owned() }
    }

    /// The workload of a pod: its controller, or the controller's own. `None` for pods that stand in their set's columns, as `web-01`
    /// does not.
    pub(super) fn behind(shot: &Snapshot, pod: &Pod) -> Option<Workload> {
        let namespace = &pod.meta.namespace;
        let Some(owner) = pod.meta.controller() else { return Some(Workload::of(Kind::Pod, namespace, "")) };
        match owner.kind {
            Some(Kind::StatefulSet) if writes_ordinal(&pod.meta.name) => None,
            Some(Kind::ReplicaSet) => {
                let set = shot.tables.find(Kind::ReplicaSet, namespace, &owner.name);
                let above = set.and_then(|set| set.meta().controller()).filter(|above| above.is_a(Kind::Deployment));
                Some(above.map_or_else(
                    || Workload::of(Kind::ReplicaSet, namespace, &owner.name),
                    |above| Workload::of(Kind::Deployment, namespace, &above.name),
                ))
            }
            Some(Kind::StatefulSet) | None => Some(Workload::of(Kind::Pod, namespace, "")),
            Some(kind) => Some(Workload::of(kind, namespace, &owner.name)),
        }
    }

    fn object<'a>(&self, shot: &Snapshot<'a>) -> Option<&'a Object> {
        shot.tables.find(self.kind, &self.namespace, &self.name)
    }

    pub(super) fn container(&self, shot: &Snapshot) -> Option<(String, String)> {
        let Object::Deployment(deployment) = self.object(shot)? else { return None };
        let containers = deployment.spec.part("template").list_at(&["spec", "containers"]);
        let text = |key| containers.first().and_then(|container| container.text_at(&[key])).map(str::to_owned);
        Some((text("name")?, text("image")?))
    }

    pub(super) fn replicas(&self, shot: &Snapshot) -> Option<i64> {
        match self.object(shot)? {
            Object::Deployment(deployment) => Some(deployment.spec.replicas),
            Object::ReplicaSet(set) => Some(set.spec.replicas),
            _ => None,
        }
    }

    /// The workload's revision that one of its ReplicaSets represents.
    pub(super) fn revision_of(&self, shot: &Snapshot, set: &str) -> Revision {
        let number = |kind, name: &str| shot.tables.find(kind, &self.namespace, name)?.meta().annotation(DEPLOYMENT_REVISION)?.parse().ok();
        Revision::new(number(Kind::ReplicaSet, set), number(self.kind, &self.name))
    }
}

/// The latest decision of the workload's controller.
pub(super) fn decision<'a>(shot: &Snapshot<'a>, side: &Workload) -> Option<&'a Entry> {
    let component = match side.kind {
        Kind::Deployment => Component::Deployment,
        Kind::ReplicaSet => Component::ReplicaSet,
        Kind::DaemonSet => Component::DaemonSet,
        Kind::Job => Component::Job,
        _ => return None,
    };
    shot.decisions.by(&ObjectKey::new(side.kind, &side.namespace.as_str().into(), &side.name.as_str().into()), component)
}

/// Whether an identity is a pod of this block.
pub(super) fn is_stranger(shot: &Snapshot, identity: &Identity) -> bool {
    shot.tables.pod(&identity.namespace, &identity.pod).is_some_and(|pod| Workload::behind(shot, pod).is_some())
}
