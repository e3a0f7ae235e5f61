//! The workload beside the set: a Deployment, or another owner of pods without ordinals. Its pods are in the same node rows.

use super::cluster::{Cluster, ColumnKey, Disk, ItemKey, node_row, place};
use super::tile::{self, Revision};
use super::{Glyph, Hue, Identity, Mark, Snapshot, bytes};
use api::kind::Kind;
use api::object::{Meta, Object, ObjectKey, Pod, writes_ordinal};
use api::well_known::DEPLOYMENT_REVISION;
use base::sort::Sort;
use causes::command::{self, Naming};
use kubectl::settings::DEFAULT_NAMESPACE;
use why::Component;
use why::log::Entry;

/// An owner of pods without ordinals; pods without an owner form one too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    kind: Kind,
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
        (self.workload.kind == Kind::Deployment && *name == set).then(|| format!("kubectl delete deployment {name}{}", self.naming))
    }

    /// The command that scales it by `by`, to zero at least; `None` where it has no number of replicas.
    pub fn scale(&self, by: i64) -> Option<String> {
        let (kind, replicas) = (self.workload.kind.info().singular, (self.replicas? + by).max(0));
        Some(command::scale(kind, &self.workload.name, replicas, &self.naming))
    }
}

/// Kinds of workloads whose pods have no ordinals, in the order in which they are offered.
const KINDS: [Kind; 4] = [Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job];

impl Workload {
    /// What it is chosen by: `deployment/web`, with its namespace unless it is the default one.
    pub fn title(&self) -> String {
        Naming::of(&self.namespace, DEFAULT_NAMESPACE).title(&self.namespace, self.bare_title())
    }

    fn bare_title(&self) -> String {
        let kind = if self.kind == Kind::Pod { Kind::Pod.info().plural } else { self.kind.info().singular };
        if self.name.is_empty() { kind.to_owned() } else { format!("{kind}/{}", self.name) }
    }

    fn of(kind: Kind, namespace: &str, name: &str) -> Workload {
        Workload { kind, namespace: namespace.to_owned(), name: name.to_owned() }
    }

    /// The workload of a pod: its controller, or the controller's own. `None` for pods that stand in their set's columns, as `web-01`
    /// does not.
    fn behind(shot: &Snapshot, pod: &Pod) -> Option<Workload> {
        let namespace = &pod.meta.namespace;
        let Some(owner) = pod.meta.controller() else { return Some(Workload::of(Kind::Pod, namespace, "")) };
        match owner.kind {
            Some(Kind::StatefulSet) if writes_ordinal(&pod.meta.name) => None,
            Some(Kind::ReplicaSet) => {
                let set = shot.tables.find(Kind::ReplicaSet, namespace, &owner.name);
                let above = set.and_then(|set| set.meta().controller()).filter(|above| above.kind == Some(Kind::Deployment));
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

    fn container(&self, shot: &Snapshot) -> Option<(String, String)> {
        let Object::Deployment(deployment) = self.object(shot)? else { return None };
        let containers = deployment.spec.part("template").list_at(&["spec", "containers"]);
        let text = |key| containers.first().and_then(|container| container.text_at(&[key])).map(str::to_owned);
        Some((text("name")?, text("image")?))
    }

    fn replicas(&self, shot: &Snapshot) -> Option<i64> {
        match self.object(shot)? {
            Object::Deployment(deployment) => Some(deployment.spec.replicas),
            Object::ReplicaSet(set) => Some(set.spec.replicas),
            _ => None,
        }
    }
}

/// Draws the workload with this title beside the set, or else the first one, if there is any.
pub fn add(cluster: &mut Cluster, shot: &Snapshot, wanted: Option<&str>) {
    // What stands in a column for having its name does not stand beside it as well.
    let elsewhere = |(_, pod): &(Workload, &Pod)| !cluster.pods.contains_key(&pod.meta.uid.to_string());
    let pods = shot.tables.pods().filter_map(|pod| Some((Workload::behind(shot, pod)?, &**pod)));
    let pods: Vec<(Workload, &Pod)> = pods.filter(elsewhere).collect();
    let choices = choices(shot, &pods);
    let chosen = wanted.and_then(|wanted| choices.iter().find(|choice| choice.title() == wanted)).or(choices.first());
    let Some(workload) = chosen.cloned() else { return };
    let mut own: Vec<&Pod> = pods.into_iter().filter(|(behind, _)| *behind == workload).map(|(_, pod)| pod).collect();
    own.sort_small_by_key(|pod| (pod.meta.created, pod.meta.uid));
    let ready = own.iter().filter(|pod| pod.ready() && !pod.meta.terminating()).count();
    let replicas = workload.replicas(shot);
    let wanted = replicas.unwrap_or(i64::try_from(own.len()).unwrap_or(i64::MAX));
    let ready = shot.text().cluster.ready_of(i64::try_from(ready).unwrap_or(i64::MAX), wanted);
    // Nobody replaces pods that nobody owns.
    let is_owned = workload.kind != Kind::Pod;
    let lack = if is_owned && !own.is_empty() { shot.text().cluster.no_ordinals() } else { "" };
    let (naming, container) = (shot.naming(&workload.namespace), workload.container(shot));
    cluster.side = Some(Side { workload, naming, choices, ready, lack, container, replicas });
    for pod in own {
        let uid = pod.meta.uid.to_string();
        place(cluster, node_row(pod), ColumnKey::Side, ItemKey::Pod(uid.clone()));
        let mut tile = tile::of(shot, pod, revision(shot, pod));
        tile.stranger = true;
        if let Some((_, random)) = tile.label.rsplit_once('-').filter(|_| is_owned) {
            tile.label = format!("…-{random}");
        }
        cluster.pods.insert(uid, tile);
        draw_own_disks(cluster, shot, pod);
    }
}

/// The kind of a volume that begins empty with its pod, and ends with it.
const EMPTY_DIR: &str = "emptyDir";

/// Draws the disks that a pod has to itself, below it.
fn draw_own_disks(cluster: &mut Cluster, shot: &Snapshot, pod: &Pod) {
    let volumes = pod.spec.template.raw.list_at(&["volumes"]).iter().filter(|volume| volume.get(EMPTY_DIR).is_some());
    for volume in volumes.filter_map(|volume| volume.text_at(&["name"])).filter(|_| pod.node.is_some()) {
        let written = shot.disks.written_within(pod.meta.uid, volume);
        let amount = u64::try_from(written).unwrap_or(u64::MAX);
        let amount = if amount == 0 { shot.text().storage.blank().to_owned() } else { bytes(amount) };
        let key = format!("{} {volume}", pod.meta.uid);
        place(cluster, node_row(pod), ColumnKey::Side, ItemKey::Disk(key.clone()));
        let (mark, mounted) = (Mark(Glyph::Disk, Hue::Ink), !pod.status.containers.is_empty());
        cluster.disks.insert(key, Disk { claim: EMPTY_DIR.to_owned(), kept: false, mark, bytes: amount, mounted });
    }
}

/// All workloads: those with an object, then the pods without an owner.
fn choices(shot: &Snapshot, pods: &[(Workload, &Pod)]) -> Vec<Workload> {
    let top = |meta: &Meta| meta.controller().is_none();
    let of = |kind: Kind| shot.tables.all(kind).map(Object::meta).filter(move |meta| top(meta)).map(move |meta| (kind, meta));
    let mut all: Vec<Workload> =
        KINDS.into_iter().flat_map(of).map(|(kind, meta)| Workload::of(kind, &meta.namespace, &meta.name)).collect();
    for (behind, _) in pods {
        if !all.contains(behind) {
            all.push(behind.clone());
        }
    }
    all
}

impl Workload {
    /// The workload's revision that one of its ReplicaSets represents.
    pub(super) fn revision_of(&self, shot: &Snapshot, set: &str) -> Revision {
        let number = |kind, name: &str| shot.tables.find(kind, &self.namespace, name)?.meta().annotation(DEPLOYMENT_REVISION)?.parse().ok();
        Revision::new(number(Kind::ReplicaSet, set), number(self.kind, &self.name))
    }
}

/// A pod's revision: that of its ReplicaSet, if a Deployment has numbered it.
fn revision(shot: &Snapshot, pod: &Pod) -> Revision {
    let number = |meta: &Meta| meta.annotation(DEPLOYMENT_REVISION).and_then(|number| number.parse().ok());
    let set = pod.meta.controller().and_then(|owner| shot.tables.find(owner.kind?, &pod.meta.namespace, &owner.name)).map(Object::meta);
    let above = set.and_then(|set| set.controller().and_then(|owner| shot.tables.find(owner.kind?, &set.namespace, &owner.name)));
    Revision::new(set.and_then(number), above.map(Object::meta).and_then(number))
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
