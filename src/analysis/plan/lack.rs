//! What a manifest names and does not bring: the first answer is without it, and a second one with exactly that.
//!
//! Promises: lacks stand in the order in which pods meet them; what is added has no content from which anybody may conclude.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::Capacity;
use api::object::storage::StorageClass;
use api::object::{Name, Object, ObjectKey};
use base::sort::Sort;
use base::value::Value;
use causes::command::{make, minimal_object, with_keys};
use causes::stand_in::{File, files};
use cluster::kubelet::references::needs;
use cluster::provisioner::{brought, is_named_on_nodes, is_on_nodes};
use playground::Playground;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE};
use sim::Sim;
use sim::setup::ClassSetup;
use text::{ANALYSIS, Lang};

use crate::case::DEFAULT_NAME;
use crate::documents::{claims_of, classes, is_it, makes_claim, objects_of};
use crate::places;

/// The fields of a pod's spec that name an object without which no pod is made.
const NAMES: [(&str, Kind); 4] = [
    ("serviceAccountName", Kind::ServiceAccount),
    ("serviceAccount", Kind::ServiceAccount),
    ("priorityClassName", Kind::PriorityClass),
    ("runtimeClassName", Kind::RuntimeClass),
];

/// One thing that pods need, and no text brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// An object that pods refer to, with the keys and the files that they ask for. `sets`: whether a StatefulSet refers to it.
    Object { key: ObjectKey, keys: Vec<String>, files: Vec<File>, sets: bool },
    /// A class of volumes that claims name.
    Class { name: Name },
    /// The program that makes the volumes of a class which the texts bring.
    Driver { name: Name },
    /// A node that is only named.
    Node { name: Name },
    /// A label by which pods or volumes ask for nodes, with the values that they ask for.
    Label { label: String, values: Vec<String> },
    /// A device, and how many of them all pods request together.
    Device { name: Name, count: i64 },
    /// Nodes that have room for the pods: so much each.
    Room { capacity: Capacity },
}

/// When pods meet what they lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    /// No pod is made without it.
    Creation,
    /// No node takes the pod without it.
    Scheduling,
    /// No container starts without it.
    Start,
}

impl Lack {
    fn met(&self) -> Met {
        match self {
            Lack::Object { key, .. } => match key.kind {
                Kind::ConfigMap | Kind::Secret => Met::Start,
                Kind::PersistentVolumeClaim => Met::Scheduling,
                _ => Met::Creation,
            },
            _ => Met::Scheduling,
        }
    }

    /// Whether it is the same thing, whatever keys are asked of it.
    pub(crate) fn is(&self, other: &Lack) -> bool {
        match (self, other) {
            (Lack::Object { key, .. }, Lack::Object { key: other, .. }) => key == other,
            _ => self == other,
        }
    }

    /// Whether a cluster has it.
    pub fn is_there(&self, sim: &Sim) -> bool {
        let tables = sim.tables();
        let mut nodes = tables.nodes();
        match self {
            Lack::Object { key, .. } => tables.get(key).is_some(),
            Lack::Class { name } => tables.class("", name).is_some(),
            Lack::Driver { name } => sim.provisioners().contains(name),
            Lack::Node { name } => nodes.any(|node| node.meta.name == *name),
            Lack::Label { label, values } => nodes.any(|node| {
                let value = node.meta.labels.get(label.as_str());
                value.is_some_and(|value| values.is_empty() || values.iter().any(|asked| **asked == **value))
            }),
            Lack::Device { name, .. } => nodes.any(|node| node.allocatable(name) > 0),
            Lack::Room { capacity } => nodes.any(|node| {
                let own = node.status.capacity;
                own.cpu_milli >= capacity.cpu_milli && own.memory >= capacity.memory
            }),
        }
    }

    /// Whether a StatefulSet cannot do without it, as far as the texts tell.
    pub fn is_of_sets(&self) -> bool {
        !matches!(self, Lack::Object { sets: false, .. })
    }

    /// Whether the files would have to bring it: its data, and where it lies, are theirs.
    pub fn decides(&self) -> bool {
        match self {
            Lack::Object { key, .. } => key.kind == Kind::PersistentVolumeClaim,
            Lack::Class { .. } => true,
            _ => false,
        }
    }

    /// What is added, as people read it.
    pub fn told(&self) -> String {
        let words = ANALYSIS.risks;
        match self {
            Lack::Object { key, .. } => words.lack("object", &format!("{} {}", key.kind.info().name, key.name)),
            Lack::Class { name } => words.lack(if is_named_on_nodes(name) { "local" } else { "class" }, name),
            Lack::Driver { name } => words.lack("driver", name),
            Lack::Node { name } => words.lack("object", &format!("{} {name}", Kind::Node.info().name)),
            Lack::Label { label, values } => match values.as_slice() {
                [value] => words.lack("label", &format!("{label}={value}")),
                _ => words.lack("label", label),
            },
            Lack::Device { name, .. } => words.lack("device", name),
            Lack::Room { capacity } => {
                let cpus = usize::try_from(capacity.cpu_milli / 1000).unwrap_or_default();
                words.lack_room(cpus, &text::bytes(capacity.memory.unsigned_abs()))
            }
        }
    }

    /// The line that adds it to a cluster; `None` of what nodes have from the beginning.
    pub(crate) fn line(&self, world: &Playground) -> Option<String> {
        let words = Lang::English.text();
        match self {
            Lack::Object { key, keys, files, .. } => {
                let mut object = minimal_object(key.kind, &key.namespace, keys);
                if key.kind == Kind::PersistentVolumeClaim {
                    object.set(&["spec"], for_all());
                }
                files.iter().for_each(|file| object.set(&[with_keys(key.kind), &file.key], &*file.text));
                Some(make(words, key.kind, &key.name, object).line)
            }
            Lack::Class { name } => {
                let is_so = |one: &&Rc<StorageClass>| is_on_nodes(one) == is_named_on_nodes(name);
                let like = world.tables().classes().find(is_so).or(world.tables().default_class())?;
                Some(class_like(like, name))
            }
            Lack::Driver { name } => Some(format!("playground run provisioner {name}")),
            _ => None,
        }
    }

    /// Whether it is there before the manifest is applied: it is of the cluster, and in no namespace of the manifest.
    pub(crate) fn is_first(&self) -> bool {
        !matches!(self, Lack::Object { .. })
    }
}

/// The line that makes a class like another one.
pub(crate) fn class_like(like: &Rc<StorageClass>, name: &str) -> String {
    let mut made = Object::StorageClass(Rc::clone(like)).encode();
    made.set(&["metadata"], Value::map());
    make(Lang::English.text(), Kind::StorageClass, name, made).line
}

/// All that the texts name, and neither they nor a new cluster have, in the order in which pods meet it.
pub fn lacks(world: &Playground, texts: &str) -> Vec<Lack> {
    let documents = objects_of(texts);
    let brings = |kind: Kind| documents.iter().any(|one| Kind::claimed(one) == Some(kind));
    let mut all: Vec<Lack> = Vec::new();
    // Whoever shows nodes shows a cluster: what that has of them, and of classes, is all there is.
    if !(brings(Kind::Node) && brings(Kind::StorageClass)) {
        let named = classes(world, texts).into_iter().filter(|name| **name != *DEFAULT_NAME);
        all.extend(named.map(|name| Lack::Class { name }));
    }
    let makers = documents.iter().filter(|one| Kind::claimed(one) == Some(Kind::StorageClass)).filter_map(brought);
    all.extend(makers.map(|name| Lack::Driver { name }));
    if !brings(Kind::Node) {
        all.extend(places::lacks(world.tables(), &documents));
    }
    for document in &documents {
        objects(&documents, document, &mut all);
    }
    all.retain(|lack| !lack.is_there(world.sim()));
    all.sort_small_by_key(Lack::met);
    all
}

/// Takes what the pods of a workload refer to, and no document brings.
fn objects(documents: &[Value], workload: &Value, all: &mut Vec<Lack>) {
    let of_set = Kind::claimed(workload) == Some(Kind::StatefulSet);
    for (key, more) in named_by(workload) {
        let is_everywhere = matches!((key.kind, &*key.name), (Kind::ServiceAccount, DEFAULT_ACCOUNT) | (Kind::ConfigMap, ROOT_CERTIFICATE));
        let is_made = key.kind == Kind::PersistentVolumeClaim && documents.iter().any(|one| makes_claim(one, &key.name));
        if key.name.is_empty() || is_everywhere || is_made || documents.iter().any(|document| is_it(document, &key)) {
            continue;
        }
        let own: Vec<File> = spec_of(workload).into_iter().flat_map(|spec| files(spec, &key)).collect();
        let same = |one: &&mut Lack| matches!(one, Lack::Object { key: known, .. } if *known == key);
        if let Some(Lack::Object { keys, files, sets, .. }) = all.iter_mut().find(same) {
            keys.extend(more.into_iter().filter(|one| !keys.contains(one)).collect::<Vec<_>>());
            files.extend(own);
            *sets |= of_set;
        } else {
            all.push(Lack::Object { key, keys: more, files: own, sets: of_set });
        }
    }
}

/// The spec of a workload's pods. A bare pod is its own template: what that names is left to the server's words.
fn spec_of(workload: &Value) -> Option<&Value> {
    let path = Kind::claimed(workload).filter(|kind| *kind != Kind::Pod).and_then(Kind::pod_template)?;
    workload.at(path)?.get("spec")
}

/// The objects without which no pod of a workload starts, with the keys that it asks for.
pub fn named_by(workload: &Value) -> Vec<(ObjectKey, Vec<String>)> {
    let Some(spec) = spec_of(workload) else { return Vec::new() };
    let space = workload.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let named = NAMES.iter().filter_map(|(field, kind)| Some((*kind, spec.text_at(&[field])?.to_owned(), Vec::new())));
    let needed = needs(spec).into_iter().map(|need| (need.kind, need.name, need.keys.into_iter().map(|key| key.name).collect()));
    // A claim of each pod takes the place of a volume of its name.
    let is_taken =
        |volume: &&Value| claims_of(workload).iter().any(|claim| claim.text_at(&["metadata", "name"]) == volume.text_at(&["name"]));
    let volumes = spec.list_at(&["volumes"]).iter().filter(|volume| !is_taken(volume));
    let claims = volumes.filter_map(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"]));
    let claimed = claims.map(|claim| (Kind::PersistentVolumeClaim, claim.to_owned(), Vec::new()));
    let key = |kind: Kind, name: &str| ObjectKey::new(kind, &if kind.is_namespaced() { space } else { "" }.into(), &name.into());
    needed.chain(named).chain(claimed).map(|(kind, name, keys)| (key(kind, &name), keys)).collect()
}

/// What a claim asks for of which nothing is known but that pods of a set use it: a volume that every node reaches.
fn for_all() -> Value {
    let size = Value::of([("requests", Value::of([("storage", "1Gi")]))]);
    let class = ClassSetup::network_disk().name;
    Value::of([("accessModes", Value::list(["ReadWriteMany"])), ("resources", size), ("storageClassName", Value::from(&class))])
}
