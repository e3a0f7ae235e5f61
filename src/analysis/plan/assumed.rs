//! What a manifest names and does not bring: it is there in the cluster that the manifest is for, or nothing would run, and so plans and
//! searches take it to be there, and say so.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::Capacity;
use api::object::storage::{RECLAIM_DELETE, named_class};
use api::object::{Name, ObjectKey};
use base::value::Value;
use causes::command::{make, minimal_object, with_keys};
use causes::stand_in::{File, files};
use cluster::kubelet::references::needs;
use cluster::provisioner::{is_named_on_nodes, is_on_nodes};
use playground::Playground;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE};
use sim::Sim;
use sim::setup::ClassSetup;
use text::{ANALYSIS, Lang};

use crate::documents::{claims_of, classes, is_it, makes_claim, objects_of, spaces};
use crate::ground::{Ground, union};

/// The fields of a pod's spec that name an object without which no pod is made.
const NAMES: [(&str, Kind); 4] = [
    ("serviceAccountName", Kind::ServiceAccount),
    ("serviceAccount", Kind::ServiceAccount),
    ("priorityClassName", Kind::PriorityClass),
    ("runtimeClassName", Kind::RuntimeClass),
];

/// What is taken to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Namespaces.
    pub spaces: Vec<Name>,
    /// Classes of volumes.
    pub classes: Vec<Name>,
    /// The default class, where claims name none and it is the new cluster's.
    pub default: Option<Name>,
    /// Its nodes and provisioners.
    pub ground: Ground,
    /// What pods refer to, with the keys that they ask for.
    pub objects: Vec<(ObjectKey, Vec<String>)>,
    /// Their files that containers name.
    files: Vec<File>,
}

impl Assumed {
    /// What a manifest takes for granted in a new cluster, and a text that is applied later of its nodes.
    pub fn of(world: &Playground, text: &str, later: &str) -> Assumed {
        let documents = objects_of(text);
        let ground = Ground::of(world, text, later);
        let mut assumed = Assumed { spaces: spaces(world, text), classes: classes(world, text, later), ground, ..Assumed::default() };
        for document in &documents {
            assumed.look(world, &documents, document);
        }
        let brings = |document: &Value| document.text_at(&["kind"]) == Some(Kind::StorageClass.info().name);
        let names_none = documents.iter().flat_map(claims_of).any(|claim| named_class(claim).is_none());
        let default = world.tables().default_class().filter(|_| names_none && !documents.iter().any(brings));
        assumed.default = default.map(|class| Rc::clone(&class.meta.name));
        assumed
    }

    /// Takes what the pods of a workload refer to, and no document brings.
    fn look(&mut self, world: &Playground, documents: &[Value], workload: &Value) {
        for (key, keys) in named_by(workload) {
            let is_everywhere =
                matches!((key.kind, &*key.name), (Kind::ServiceAccount, DEFAULT_ACCOUNT) | (Kind::ConfigMap, ROOT_CERTIFICATE));
            let is_made = key.kind == Kind::PersistentVolumeClaim && documents.iter().any(|one| makes_claim(one, &key.name));
            let is_there = is_everywhere || is_made || world.tables().get(&key).is_some();
            if !key.name.is_empty() && !is_there && !documents.iter().any(|document| is_it(document, &key)) {
                self.files.extend(spec_of(workload).into_iter().flat_map(|spec| files(spec, &key)));
                union(&mut self.objects, key, keys);
            }
        }
    }

    /// What is taken to be there, as people read it.
    pub fn names(&self) -> String {
        self.objects.iter().map(|(key, _)| format!("{} {}", key.kind.info().name, key.name)).collect::<Vec<_>>().join(", ")
    }

    /// The lines that make what pods refer to.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.objects.iter().map(|(key, keys)| {
            let mut object = minimal_object(key.kind, &key.namespace, keys);
            if key.kind == Kind::PersistentVolumeClaim {
                object.set(&["spec"], for_all());
            }
            for file in self.files.iter().filter(|file| file.of == *key) {
                object.set(&[with_keys(key.kind), &file.key], &*file.text);
            }
            make(Lang::English.text(), key.kind, &key.name, object).line
        })
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

/// Something that is taken to be so in a new cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// So many nodes of one size: no text brings any.
    Nodes { count: usize, capacity: Capacity },
    /// Classes that are only named.
    Classes { names: Vec<Name>, on_nodes: bool },
    /// The class of claims that name none.
    Default { class: Name, on_nodes: bool },
    /// Classes whose volumes go with their claims.
    Reclaims { classes: Vec<Name> },
    /// Nodes that are only named.
    Named { nodes: Vec<Name> },
    /// Labels of nodes.
    Places { labels: Vec<String>, new: bool },
    /// Namespaces that no text brings.
    Namespaces { names: Vec<Name> },
    /// Objects that pods refer to.
    Objects { names: String },
    /// Images of pods that do not get Ready here by themselves.
    Runs { images: Vec<Name> },
    /// The release of the cluster.
    Release { name: &'static str },
}

impl Fact {
    /// Whether how a change goes hangs on it: pods ask for nodes as nobody has shown.
    pub fn decides(&self) -> bool {
        matches!(self, Fact::Places { new: true, .. })
    }

    /// The fact in a sentence.
    pub fn told(&self) -> String {
        let words = ANALYSIS.risks;
        match self {
            Fact::Nodes { count, capacity: Capacity { cpu_milli, memory, .. } } => {
                let cpus = usize::try_from(cpu_milli / 1000).unwrap_or_default();
                words.assumed_nodes(*count, cpus, &text::bytes(memory.unsigned_abs()))
            }
            Fact::Classes { names, on_nodes } => words.assumed(&names.join(", "), *on_nodes),
            Fact::Default { class, on_nodes } => words.assumed_default(class, *on_nodes),
            Fact::Reclaims { classes } => words.assumed_reclaim(&classes.join(", ")),
            Fact::Named { nodes } => {
                let named = nodes.iter().map(|node| format!("{} {node}", Kind::Node.info().name));
                words.assumed_objects(&named.collect::<Vec<_>>().join(", "))
            }
            Fact::Places { labels, .. } => words.assumed_places(&labels.join(", ")),
            Fact::Namespaces { names } => words.assumed_namespaces(&names.join(", ")),
            Fact::Objects { names } => words.awaited(names),
            Fact::Runs { images } => words.assumed_runs(&images.join(", ")),
            Fact::Release { name } => words.assumed_release(name),
        }
    }
}

/// The nodes of a new cluster, where no text brings them.
pub fn nodes(assumed: &Assumed, sim: &Sim) -> Option<Fact> {
    let capacity = sim.tables().nodes().next().filter(|_| !assumed.ground.has_nodes())?.status.capacity;
    Some(Fact::Nodes { count: sim.tables().nodes().count(), capacity })
}

/// The classes that are taken to be there: those of disks of nodes, by their names, or the others.
pub fn classes_of(assumed: &Assumed, on_nodes: bool) -> Option<Fact> {
    let names: Vec<Name> = assumed.classes.iter().filter(|class| is_named_on_nodes(class) == on_nodes).cloned().collect();
    (!names.is_empty()).then_some(Fact::Classes { names, on_nodes })
}

/// What is taken to be so in a new cluster, but for the objects that pods refer to.
pub fn facts(assumed: &Assumed, sim: &Sim) -> Vec<Fact> {
    let (ground, mut all) = (&assumed.ground, Vec::from_iter(nodes(assumed, sim)));
    all.extend((!assumed.spaces.is_empty()).then(|| Fact::Namespaces { names: assumed.spaces.clone() }));
    all.extend([true, false].into_iter().filter_map(|on_nodes| classes_of(assumed, on_nodes)));
    let class = |name: &Name| sim.tables().class("", name);
    let default = assumed.default.as_ref().and_then(class);
    all.extend(default.map(|class| Fact::Default { class: Rc::clone(&class.meta.name), on_nodes: is_on_nodes(class) }));
    let deletes = assumed.classes.iter().chain(&assumed.default).filter_map(class).filter(|class| *class.body.reclaim == *RECLAIM_DELETE);
    let classes: Vec<Name> = deletes.map(|class| Rc::clone(&class.meta.name)).collect();
    all.extend((!classes.is_empty()).then_some(Fact::Reclaims { classes }));
    all.extend((!ground.nodes.is_empty()).then(|| Fact::Named { nodes: ground.nodes.clone() }));
    let labels: Vec<String> = ground.places.iter().map(|(label, _)| label.clone()).collect();
    all.extend((!labels.is_empty()).then_some(Fact::Places { labels, new: !ground.new.is_empty() }));
    all
}
