//! What a manifest names and does not bring: the first answer is without it, and a second one with exactly that.
//!
//! Promises: lacks stand in the order in which pods meet them; what is added has no content from which anybody may conclude.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::Capacity;
use api::object::storage::StorageClass;
use api::object::{Name, Object, ObjectKey};
use base::value::Value;
use causes::blame::is_well;
use causes::command::{make, minimal_object, with_keys};
use causes::stand_in::File;
use cluster::provisioner::{is_named_on_nodes, is_on_nodes};
use playground::Playground;
use sim::Sim;
use sim::setup::ClassSetup;
use text::{ANALYSIS, Lang};

/// The name that most clusters give their default class. Where a manifest names it, the default class has it, too.
pub(crate) const DEFAULT_NAME: &str = "standard";

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
pub(crate) enum Met {
    /// No pod is made without it.
    Creation,
    /// No node takes the pod without it.
    Scheduling,
    /// No container starts without it.
    Start,
}

impl Lack {
    pub(crate) fn met(&self) -> Met {
        match self {
            Lack::Object { key, .. } => match key.kind {
                Kind::ConfigMap | Kind::Secret => Met::Start,
                Kind::PersistentVolumeClaim => Met::Scheduling,
                _ => Met::Creation,
            },
            _ => Met::Scheduling,
        }
    }

    /// Those without which a set of a cluster waits: none where every set is as it should be.
    pub(crate) fn left(all: Vec<Lack>, sim: &Sim) -> Vec<Lack> {
        let waits = sim.tables().stateful_sets().any(|set| !is_well(sim, &set.key()));
        all.into_iter().filter(|lack| waits && lack.is_of_sets() && !lack.is_there(sim)).collect()
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
    fn is_of_sets(&self) -> bool {
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

/// What a claim asks for of which nothing is known but that pods of a set use it: a volume that every node reaches.
fn for_all() -> Value {
    let size = Value::of([("requests", Value::of([("storage", "1Gi")]))]);
    let class = ClassSetup::network_disk().name;
    Value::of([("accessModes", Value::list(["ReadWriteMany"])), ("resources", size), ("storageClassName", Value::from(&class))])
}
