//! What a manifest names and does not bring: it is there in the cluster that the manifest is for, or nothing would run, and so a search
//! takes it to be there, and says so.

use api::kind::Kind;
use api::object::storage::named_class;
use api::object::{Name, ObjectKey};
use base::value::Value;
use causes::command::{make, minimal_object, with_keys};
use causes::stand_in::{File, files};
use cluster::kubelet::references::needs;
use plan::ground::{Ground, union};
use plan::start::{claims_of, classes};
use playground::Playground;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE};
use text::Lang;

use super::documents::{is_it, values};

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
    /// What a manifest takes for granted in a new cluster.
    pub fn of(world: &Playground, text: &str) -> Assumed {
        let documents: Vec<Value> = values(text).collect();
        let mut assumed = Assumed { classes: classes(world, text), ground: Ground::of(world, text), ..Assumed::default() };
        for document in &documents {
            let Some(spec) = document.at(&["spec", "template", "spec"]) else { continue };
            let space = document.text_at(&["metadata", "namespace"]).unwrap_or("default");
            let named = NAMES.iter().filter_map(|(field, kind)| Some((*kind, spec.text_at(&[field])?.to_owned(), Vec::new())));
            let needed = needs(spec).into_iter().map(|need| (need.kind, need.name, need.keys.into_iter().map(|key| key.name).collect()));
            for (kind, name, keys) in needed.chain(named) {
                let key = ObjectKey::new(kind, &if kind.info().namespaced { space } else { "" }.into(), &name.as_str().into());
                let is_everywhere =
                    matches!((kind, name.as_str()), (Kind::ServiceAccount, DEFAULT_ACCOUNT) | (Kind::ConfigMap, ROOT_CERTIFICATE));
                let is_there = is_everywhere || world.tables().get(&key).is_some();
                if !name.is_empty() && !is_there && !documents.iter().any(|document| is_it(document, &key)) {
                    assumed.files.extend(files(spec, &key));
                    union(&mut assumed.objects, key, keys);
                }
            }
        }
        let brings = |document: &Value| document.text_at(&["kind"]) == Some(Kind::StorageClass.info().name);
        let names_none = documents.iter().flat_map(claims_of).any(|claim| named_class(claim).is_none());
        let default = world.tables().default_class().filter(|_| names_none && !documents.iter().any(brings));
        assumed.default = default.map(|class| std::rc::Rc::clone(&class.meta.name));
        assumed
    }

    /// The lines that make what pods refer to.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.objects.iter().map(|(key, keys)| {
            let mut object = minimal_object(key.kind, &key.namespace, keys);
            for file in self.files.iter().filter(|file| file.of == *key) {
                object.set(&[with_keys(key.kind), &file.key], &*file.text);
            }
            make(Lang::English.text(), key.kind, &key.name, object).line
        })
    }
}
