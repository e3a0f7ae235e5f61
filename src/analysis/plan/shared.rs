//! Who writes what another process writes: the next process of a pod's name, and the other pods of a set.
//!
//! Promises: one judgement each, which plans and risks ask ([`is_inherited`], [`in_common`]).

use std::rc::Rc;

use api::object::pod_status::PodPhase;
use api::object::{Name, ObjectKey, Pod, StatefulSet};
use base::value::Value;
use cluster::inside::EXPANDS;
use server::tables::Tables;
use sim::Sim;
use text::plan::Says;

use crate::bytes::is_of_any_node;
use crate::ends::{Ends, name, pods_of};

/// File systems of the network, as sources of a pod's own volumes: several pods write there at once.
const FILE_SYSTEMS: [&str; 4] = ["azureFile", "cephfs", "glusterfs", "nfs"];
/// Disks of the network, as such sources: whatever node a pod is on, it gets the same one.
const DISKS: [&str; 5] = ["awsElasticBlockStore", "azureDisk", "gcePersistentDisk", "iscsi", "rbd"];
/// The modes of a claim that one node, or one pod, uses at a time.
const OF_ONE: &str = "ReadWriteOnce";

/// Whether another process of a pod's name gets what this one writes to: a claim, or a file system of the network.
pub fn is_inherited(sim: &Sim, pod: &ObjectKey) -> bool {
    let Some(pod) = sim.tables().pod(&pod.namespace, &pod.name) else { return false };
    let volumes = pod.spec.template.raw.list_at(&["volumes"]);
    let is_of_all = |volume: &Value| FILE_SYSTEMS.iter().chain(&DISKS).any(|source| volume.get(source).is_some());
    let is_of_node = |claim: &str| is_of_any_node(sim, &pod.meta.namespace, claim);
    // What several pods use has several writers anyway.
    let is_shared = |claim: &str| {
        let uses = |other: &&Rc<Pod>| other.meta.namespace == pod.meta.namespace && other.claim_volumes().any(|one| *one.claim == *claim);
        sim.tables().pods().filter(uses).nth(1).is_some()
    };
    let is_rival = |claim: &str| !is_of_node(claim) && !is_shared(claim);
    pod.claim_volumes().any(|volume| !volume.ephemeral && is_rival(&volume.claim)) || volumes.iter().any(is_of_all)
}

/// A directory that each pod of a template gets, and writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common<'a> {
    /// The volume of the template.
    pub volume: &'a str,
    /// The claim that the volume names; empty for a file system of the network.
    claim: &'a str,
    /// The directory within; empty for the whole volume.
    folder: &'a str,
}

/// The directories that all pods of a spec write to: of claims that its volumes name, and of file systems of the network.
/// A path that names the pod gives each a directory of its own.
pub fn in_common(spec: &Value) -> Vec<Common<'_>> {
    let containers = || ["containers", "initContainers"].into_iter().flat_map(|list| spec.list_at(&[list]));
    let mounts = || containers().flat_map(|one| one.list_at(&["volumeMounts"]).iter().chain(one.list_at(&["volumeDevices"])));
    let mut found = Vec::new();
    for (volume, claim) in spec.list_at(&["volumes"]).iter().filter_map(of_all) {
        let mount = mounts().find(|mount| mount.text_at(&["name"]) == Some(volume) && is_common(mount));
        found.extend(mount.map(|mount| Common { volume, claim, folder: mount.text_at(&["subPath"]).unwrap_or_default() }));
    }
    found
}

/// The name of a volume that is the same for all pods, and the claim that it names.
fn of_all(volume: &Value) -> Option<(&str, &str)> {
    let claim = volume.get("persistentVolumeClaim");
    let source = claim.or_else(|| FILE_SYSTEMS.iter().find_map(|source| volume.get(source))).filter(|source| !is_only_read(source))?;
    Some((volume.text_at(&["name"])?, source.text_at(&["claimName"]).unwrap_or_default()))
}

/// Whether pods write by a mount, and all to one directory.
fn is_common(mount: &Value) -> bool {
    !is_only_read(mount) && !mount.text_at(&["subPathExpr"]).is_some_and(|path| path.contains(EXPANDS))
}

fn is_only_read(value: &Value) -> bool {
    value.get("readOnly").and_then(Value::as_bool) == Some(true)
}

impl Ends<'_> {
    /// Directories that more pods of a set write to than before.
    pub(crate) fn common(&self, set: &StatefulSet) -> Vec<Says> {
        in_common(&set.spec.template.raw).iter().filter_map(|one| self.written(set, one)).collect()
    }

    fn written(&self, set: &StatefulSet, one: &Common) -> Option<Says> {
        let before = self.was(set).filter(|was| in_common(&was.spec.template.raw).contains(one));
        let before = before.map_or(0, |was| writers(self.old_tables(), was, one).len());
        let pods = writers(self.tables(), set, one);
        let (claim, volume, folder) = (one.claim.into(), one.volume.into(), one.folder.to_owned());
        (pods.len() > before.max(1)).then(|| Says::SameFolder { set: name(set), claim, volume, folder, pods })
    }
}

/// The pods of a set that write a directory: all that it wants; of a claim of one node, those that run.
fn writers(tables: &Tables, set: &StatefulSet, one: &Common) -> Vec<Name> {
    let modes =
        |claim: &Value| claim.list_at(&["accessModes"]).iter().all(|mode| mode.as_text().is_some_and(|mode| mode.starts_with(OF_ONE)));
    let is_of_one = tables.claim(&set.meta.namespace, one.claim).is_some_and(|claim| modes(claim.spec.value()));
    if is_of_one {
        let runs = |pod: &&Rc<Pod>| pod.status.phase == PodPhase::Running;
        return pods_of(tables, set).filter(runs).map(|pod| Rc::clone(&pod.meta.name)).collect();
    }
    set.ordinals().map(|ordinal| set.pod_name(ordinal)).collect()
}
