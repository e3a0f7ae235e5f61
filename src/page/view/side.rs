//! The workload beside the set: a Deployment, or another owner of pods without ordinals. Its pods are in the same node rows.

use super::Snapshot;
use super::cluster::matrix::{Cluster, ColumnKey, ItemKey, node_row, place};
use super::rollout::Revision;
use super::tile;
pub use super::workload::{Side, Workload};
use api::kind::Kind;
use api::object::{Meta, Object, Pod};
use api::well_known::DEPLOYMENT_REVISION;
use base::sort::Sort;

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
    let ready = shot.ready_in_words(ready, wanted, own.iter().copied());
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
    }
}

/// Kinds of workloads whose pods have no ordinals, in the order in which they are offered.
const KINDS: [Kind; 4] = [Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job];

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

/// A pod's revision: that of its ReplicaSet, if a Deployment has numbered it.
fn revision(shot: &Snapshot, pod: &Pod) -> Revision {
    let number = |meta: &Meta| meta.annotation(DEPLOYMENT_REVISION).and_then(|number| number.parse().ok());
    let set = pod.meta.controller().and_then(|owner| shot.tables.find(owner.kind?, &pod.meta.namespace, &owner.name)).map(Object::meta);
    let above = set.and_then(|set| set.controller().and_then(|owner| shot.tables.find(owner.kind?, &set.namespace, &owner.name)));
    Revision::new(set.and_then(number), above.map(Object::meta).and_then(number))
}
