//! What becomes of what pods keep: with their claims, in folders that are on no claim, with each pod or behind it on its node.
//!
//! Promises: one judgement, which plans and risks ask ([`course`], [`went`]).

use std::rc::Rc;

use api::object::pod_status::PodPhase;
use api::object::{Claim, Name, NamespacedName, Pod, StatefulSet};
use api::well_known::HOSTNAME;
use base::value::Value;
use causes::unplaced::elsewhere;
use cluster::inside::replicated::Role;
use cluster::programs::{Keeps, folder_of, keeps};
use sim::Sim;
use text::plan::Says;

use crate::ends::{Ends, name, once, some};
use crate::guess;
use crate::watch::between;

base::named! {
    /// Where a folder is that is on no claim.
    On {
        /// On a volume that goes with its pod.
        Pod "emptyDir",
        /// In a folder of the node.
        Node "hostPath",
        /// On no volume.
        Nowhere "",
    }
}

/// A folder that an application keeps data in, and that does not follow its pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub path: String,
    pub on: On,
}

/// A pod that ran and is gone, and its node then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub pod: Name,
    pub from: Name,
    /// The node of the pod that came in its place.
    pub to: Option<Name>,
}

/// What becomes of the folders of a set's pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub folder: Folder,
    /// The pods that are gone, or made anew.
    pub gone: Vec<Gone>,
}

impl Course {
    /// The pods whose folder is not there any more for those that follow.
    fn lost(&self) -> impl Iterator<Item = &Gone> {
        let is_elsewhere = |one: &&Gone| one.to.as_ref().is_some_and(|to| *to != one.from);
        self.gone.iter().filter(move |one| self.folder.on != On::Node || is_elsewhere(one))
    }
}

/// What becomes of the folders of a set's pods between two worlds. `None` where each pod runs on, or keeps its data on a claim.
pub fn course(before: &Sim, after: &Sim, set: &StatefulSet) -> Option<Course> {
    let folder = fleeting(before, set)?;
    let pods = set.ordinals().filter_map(|ordinal| before.tables().pod(&set.meta.namespace, &set.pod_name(ordinal)));
    let ran = pods.filter(|pod| pod.status.phase == PodPhase::Running);
    Some(Course { folder, gone: some(ran.filter_map(|pod| gone(after, pod)))? })
}

/// Where a pod is gone from, and where another came in its place; `None` while it is there.
fn gone(after: &Sim, pod: &Pod) -> Option<Gone> {
    let now = after.tables().pod(&pod.meta.namespace, &pod.meta.name);
    let is_gone = now.is_none_or(|now| now.meta.uid != pod.meta.uid);
    let to = now.and_then(|now| now.node.clone());
    pod.node.clone().filter(|_| is_gone).map(|from| Gone { pod: Rc::clone(&pod.meta.name), from, to })
}

/// Whether a claim is gone, and its volume with it.
pub fn went(after: &Sim, claim: &Claim) -> bool {
    let tables = after.tables();
    let now = tables.claim(&claim.meta.namespace, &claim.meta.name);
    let stays = now.is_some_and(|now| now.meta.uid == claim.meta.uid);
    !stays && !claim.spec.volume.is_empty() && tables.volume("", &claim.spec.volume).is_none()
}

/// Whether processes of a set copy what another one has.
pub fn hold_together(sim: &Sim, set: &NamespacedName) -> bool {
    sim.disks().replicated().members(set).any(|member| matches!(member.role(), Role::Replica | Role::Follower))
}

/// Whether the members of a set have copies of what each other keeps, as far as anybody can tell.
fn are_copies(sim: &Sim, set: &StatefulSet) -> bool {
    let is_member = || set.spec.template.containers.iter().any(|container| keeps(&container.image) == Keeps::Member);
    hold_together(sim, &set.meta.namespaced_name()) || set.spec.replicas > 1 && is_member() || guess::quorum(sim, set).is_some()
}

impl Ends<'_> {
    /// Data of pods that are gone or made anew, and that no claim keeps.
    pub(crate) fn loose(&self) -> Vec<Says> {
        self.old_tables().stateful_sets().filter_map(|set| self.loose_of(set)).collect()
    }

    /// Pods that come back to the folders of their nodes, and that other nodes would have taken.
    fn by_chance(&self, set: &StatefulSet, course: &Course) -> Option<Says> {
        let pods = course.gone.iter().filter(|one| one.to.as_ref() == Some(&one.from)).map(|one| Rc::clone(&one.pod));
        let pods = some(pods)?;
        let first = self.tables().pod(&set.meta.namespace, pods.first()?)?;
        let open = some(elsewhere(self.after, first).open)?;
        Some(Says::ByChance { set: name(set), path: course.folder.path.clone(), pods, open })
    }

    fn loose_of(&self, set: &Rc<StatefulSet>) -> Option<Says> {
        let course = course(self.before, self.after, set)?;
        let (set_name, path) = (name(set), course.folder.path.clone());
        let Some(pods) = some(course.lost().map(|one| Rc::clone(&one.pod))) else { return self.by_chance(set, &course) };
        // Where members have run on, these may give back what one of them has lost.
        let copied = are_copies(self.before, set) && between(self.before, self.after, &set.key()).dark.is_empty();
        if course.folder.on != On::Node {
            return Some(Says::Fleeting { set: set_name, path, pods, none: course.folder.on == On::Nowhere, copied });
        }
        let moves = course.lost().map(|one| format!("{}: {} to {}", one.pod, one.from, one.to.as_deref().unwrap_or_default()));
        let old = once(course.lost().map(|one| Rc::clone(&one.from)));
        Some(Says::LeftBehind { set: set_name, path, pods, moves: moves.collect(), old, copied })
    }
}

/// What folders and volumes are called that hold data.
const DATA: [&str; 7] = ["data", "/var/lib/", "storage", "store", "wal", "journal", "state"];
/// What folders are called that hold what a process makes anew.
const NO_DATA: [&str; 4] = ["sock", "/run", "cache", "tmp"];

/// Whether a claim's volume is a folder of whatever node its pod is on.
pub(crate) fn is_of_any_node(sim: &Sim, namespace: &str, claim: &str) -> bool {
    let bound = sim.tables().claim(namespace, claim).and_then(|claim| sim.tables().volume("", &claim.spec.volume));
    bound.is_some_and(|volume| volume.medium("a") != volume.medium("b"))
}

/// A folder that an application keeps data in, as far as names tell, and that does not follow its pod.
/// It is in an emptyDir or a hostPath, or on no volume.
pub fn fleeting(sim: &Sim, set: &StatefulSet) -> Option<Folder> {
    let spec = &set.spec.template.raw;
    let first = set.pod_name(set.ordinals().start);
    let claimed = |name: &str| set.spec.claim_templates.iter().any(|claim| *claim.name == *name);
    let of_node = |name: &str| claimed(name) && is_of_any_node(sim, &set.meta.namespace, &format!("{name}-{first}"));
    let is_bound = spec.at(&["nodeName"]).is_some() || spec.at(&["nodeSelector", HOSTNAME]).is_some();
    let leaves = |name: &str| {
        if !is_bound && of_node(name) {
            return Some(On::Node);
        }
        let volume = spec.list_at(&["volumes"]).iter().find(|volume| volume.text_at(&["name"]) == Some(name) && !claimed(name))?;
        let is_empty = volume.get(On::Pod.word()).is_some_and(|empty| empty.text_at(&["medium"]) != Some("Memory"));
        let is_of_node = !is_bound && volume.get(On::Node.word()).is_some();
        if is_empty { Some(On::Pod) } else { is_of_node.then_some(On::Node) }
    };
    let is_data = |text: &str| {
        let text = text.to_ascii_lowercase();
        DATA.iter().any(|word| text.contains(word)) && !NO_DATA.iter().any(|word| text.contains(word))
    };
    for container in spec.list_at(&["containers"]) {
        let mounts = || container.list_at(&["volumeMounts"]).iter().map(|mount| [mount.text_at(&["name"]), mount.text_at(&["mountPath"])]);
        // What has a claim keeps its data there.
        let is_claim = |name: &str| {
            let is_it = |volume: &&Value| volume.text_at(&["name"]) == Some(name) && volume.get("persistentVolumeClaim").is_some();
            claimed(name) && !of_node(name) || spec.list_at(&["volumes"]).iter().any(|volume| is_it(&volume))
        };
        if mounts().any(|[name, _]| name.is_some_and(is_claim)) {
            continue;
        }
        for [name, path] in mounts().map(|mount| mount.map(Option::unwrap_or_default)) {
            // A volume that is called a cache holds none, wherever it is mounted.
            let is_none = NO_DATA.iter().any(|word| name.contains(word));
            if let Some(on) = leaves(name).filter(|_| !is_none && (is_data(path) || is_data(name))) {
                return Some(Folder { path: path.to_owned(), on });
            }
        }
        let words = ["command", "args"].iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
        for (flag, path) in words.flat_map(str::split_whitespace).filter_map(|word| word.split_once('=')) {
            let is_mounted = mounts().any(|[_, at]| at.is_some_and(|at| path.starts_with(at)));
            if flag.contains("data") && path.starts_with('/') && !is_mounted {
                return Some(Folder { path: path.to_owned(), on: On::Nowhere });
            }
        }
        let image = container.text_at(&["image"]).unwrap_or_default();
        // Whoever mounts a folder of a node, or one of the network, may keep its data there.
        let is_kept = |name: &str| spec.list_at(&["volumes"]).iter().any(|one| one.text_at(&["name"]) == Some(name) && is_for_files(one));
        if let Some(folder) =
            folder_of(image).filter(|_| !mounts().any(|[name, _]| name.is_some_and(|name| leaves(name).is_some() || is_kept(name))))
        {
            return Some(Folder { path: folder.to_owned(), on: On::Nowhere });
        }
    }
    None
}

/// Sources of volumes that hold what somebody else wrote.
const READ: [&str; 4] = ["configMap", "downwardAPI", "projected", "secret"];

/// Whether a program may keep files on a volume.
fn is_for_files(volume: &Value) -> bool {
    let is_memory = volume.text_at(&[On::Pod.word(), "medium"]) == Some("Memory");
    !is_memory && !READ.iter().any(|source| volume.get(source).is_some())
}
