//! What texts name and do not bring.

use api::kind::Kind;
use api::object::ObjectKey;
use base::sort::Sort;
use base::value::Value;
use causes::stand_in::{File, files};
use cluster::kubelet::references::needs;
use cluster::provisioner::brought;
use playground::Playground;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE};

use crate::documents::{claims_of, classes, is_it, makes_claim, objects_of};
use crate::lack::{DEFAULT_NAME, Lack};
use crate::places;

/// The fields of a pod's spec that name an object without which no pod is made.
const NAMES: [(&str, Kind); 4] = [
    ("serviceAccountName", Kind::ServiceAccount),
    ("serviceAccount", Kind::ServiceAccount),
    ("priorityClassName", Kind::PriorityClass),
    ("runtimeClassName", Kind::RuntimeClass),
];

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
