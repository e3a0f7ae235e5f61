//! What a manifest names and does not bring: it is there in the cluster that the manifest is for, or nothing would run, and so a search
//! takes it to be there, and says so.

use api::kind::Kind;
use api::object::storage::named_class;
use api::object::{Name, ObjectKey};
use api::well_known::HOSTNAME;
use base::value::Value;
use cluster::kubelet::references::needs;
use cluster::provisioner::brought;
use plan::start::classes;
use playground::Playground;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE};
use text::Lang;
use view::command::{make, minimal_object, with_keys};

use super::scripts::{Script, scripts};
use super::start::{is_it, values};

/// The fields of a pod's spec that name an object without which no pod is made.
const NAMES: [(&str, Kind); 4] = [
    ("serviceAccountName", Kind::ServiceAccount),
    ("serviceAccount", Kind::ServiceAccount),
    ("priorityClassName", Kind::PriorityClass),
    ("runtimeClassName", Kind::RuntimeClass),
];
/// How the labels begin that say where a node is.
const REGIONS: [&str; 2] = ["topology.kubernetes.io/", "failure-domain.beta.kubernetes.io/"];

/// What is taken to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// Classes of volumes.
    pub classes: Vec<Name>,
    /// The default class, where claims name none and it is the new cluster's.
    pub default: Option<Name>,
    /// Nodes that the manifest names.
    pub nodes: Vec<Name>,
    /// The provisioners of the classes that it brings.
    pub provisioners: Vec<Name>,
    /// What pods refer to, with the keys that they ask for.
    pub objects: Vec<(ObjectKey, Vec<String>)>,
    /// Keys of those that are run, and what they hold.
    scripts: Vec<Script>,
    /// Labels of nodes, each with the values that the manifest asks for.
    pub places: Vec<(String, Vec<String>)>,
}

impl Assumed {
    /// What a manifest takes for granted in a new cluster.
    pub fn of(world: &Playground, text: &str) -> Assumed {
        let documents: Vec<Value> = values(text).collect();
        let mut assumed = Assumed { classes: classes(world, text), ..Assumed::default() };
        for document in &documents {
            let Some(spec) = document.at(&["spec", "template", "spec"]) else { continue };
            let space = document.text_at(&["metadata", "namespace"]).unwrap_or("default");
            let named = NAMES.iter().filter_map(|(field, kind)| Some((*kind, spec.text_at(&[field])?.to_owned(), Vec::new())));
            for (kind, name, keys) in needs(spec).into_iter().map(|need| (need.kind, need.name, need.keys)).chain(named) {
                let key = ObjectKey::new(kind, &if kind.info().namespaced { space } else { "" }.into(), &name.as_str().into());
                let is_everywhere =
                    matches!((kind, name.as_str()), (Kind::ServiceAccount, DEFAULT_ACCOUNT) | (Kind::ConfigMap, ROOT_CERTIFICATE));
                let is_there = is_everywhere || world.tables().get(&key).is_some();
                if !name.is_empty() && !is_there && !documents.iter().any(|document| is_it(document, &key)) {
                    assumed.scripts.extend(scripts(spec, &key));
                    union(&mut assumed.objects, key, keys);
                }
            }
        }
        let brings = |document: &Value| document.text_at(&["kind"]) == Some(Kind::StorageClass.info().name);
        let names_none = documents.iter().flat_map(claims).any(|claim| named_class(claim).is_none());
        let default = world.tables().default_class().filter(|_| names_none && !documents.iter().any(brings));
        assumed.default = default.map(|class| std::rc::Rc::clone(&class.meta.name));
        let mut places = Vec::new();
        documents.iter().for_each(|document| look(document, &mut places));
        assumed.provisioners = documents.iter().filter(|one| Kind::claimed(one) == Some(Kind::StorageClass)).filter_map(brought).collect();
        let is_there = |label: &str| world.tables().nodes().any(|node| node.meta.labels.get(label).is_some());
        let (names, places) = places.into_iter().partition::<Vec<_>, _>(|(label, _)| label == HOSTNAME);
        assumed.nodes = names.into_iter().flat_map(|(_, names)| names).map(Name::from).collect();
        assumed.places = places.into_iter().filter(|(label, _)| !is_there(label)).collect();
        assumed
    }

    /// The lines that run provisioners and label the nodes: each node has another place.
    pub fn before(&self, world: &Playground) -> Vec<String> {
        let of = |(label, values): &(String, Vec<String>)| {
            let last = label.rsplit('/').next().unwrap_or_default();
            let value = |at: usize| values.get(at % values.len().max(1)).cloned().unwrap_or_else(|| format!("{last}-{}", at + 1));
            let line = |(at, node): (usize, &std::rc::Rc<api::object::Node>)| {
                format!("kubectl label node {} {label}={}", node.meta.name, value(at))
            };
            world.tables().nodes().enumerate().map(line).collect::<Vec<_>>()
        };
        let runs = self.provisioners.iter().map(|name| format!("playground run provisioner {name}"));
        runs.chain(self.places.iter().flat_map(of)).collect()
    }

    /// The lines that make what pods refer to.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.objects.iter().map(|(key, keys)| {
            let mut object = minimal_object(key.kind, &key.namespace, keys);
            for script in self.scripts.iter().filter(|script| script.of == *key) {
                object.set(&[with_keys(key.kind), &script.key], &*script.text);
            }
            make(Lang::English.text(), key.kind, &key.name, object).line
        })
    }
}

/// The claims of an object, or those that it has made.
fn claims(object: &Value) -> &[Value] {
    match Kind::claimed(object) {
        Some(Kind::PersistentVolumeClaim) => std::slice::from_ref(object),
        Some(Kind::StatefulSet) => object.list_at(&["spec", "volumeClaimTemplates"]),
        _ => &[],
    }
}

/// Takes a name with what belongs to it, once.
fn union<K: PartialEq>(all: &mut Vec<(K, Vec<String>)>, key: K, more: Vec<String>) {
    let at = all.iter().position(|(known, _)| *known == key).unwrap_or(all.len());
    if at == all.len() {
        all.push((key, Vec::new()));
    }
    let known = &mut all[at].1;
    more.into_iter().for_each(|one| {
        if !known.contains(&one) {
            known.push(one)
        }
    });
}

/// Takes the labels by which an object asks for nodes, or tells them apart.
fn look(value: &Value, places: &mut Vec<(String, Vec<String>)>) {
    value.as_list().into_iter().flatten().for_each(|item| look(item, places));
    if let Some(label) = value.text_at(&["topologyKey"]) {
        union(places, label.to_owned(), Vec::new());
    }
    if let Some(node) = value.text_at(&["nodeName"]) {
        union(places, HOSTNAME.to_owned(), vec![node.to_owned()]);
    }
    let is_region = |label: &str| label == HOSTNAME || REGIONS.iter().any(|begins| label.starts_with(begins));
    if let Some(label) = value.text_at(&["key"]).filter(|label| is_region(label)) {
        let values = if matches!(value.text_at(&["operator"]), None | Some("In")) { value.list_at(&["values"]) } else { &[] };
        union(places, label.to_owned(), values.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect());
    }
    for (key, item) in value.members() {
        let wanted = item.members().filter(|_| **key == *"nodeSelector");
        wanted.for_each(|(label, name)| union(places, label.to_string(), name.as_text().map(str::to_owned).into_iter().collect()));
        look(item, places);
    }
}
