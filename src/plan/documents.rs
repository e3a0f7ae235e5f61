//! The objects of a text, and what they name.

use api::kind::Kind;
use api::object::storage::named_class;
use api::object::{Name, ObjectKey};
use base::value::Value;
use playground::Playground;
use playground::documents::objects;

/// The key of an object of a manifest.
pub(crate) fn key_of(object: &Value, namespace: &str) -> Option<ObjectKey> {
    let kind = Kind::claimed(object)?;
    let name = object.text_at(&["metadata", "name"])?.into();
    if !kind.info().namespaced {
        return Some(ObjectKey::global(kind, &name));
    }
    Some(ObjectKey::new(kind, &object.text_at(&["metadata", "namespace"]).unwrap_or(namespace).into(), &name))
}

/// The objects of a text.
pub(crate) fn objects_of(text: &str) -> Vec<Value> {
    objects(&yaml::parse(text)).into_iter().filter_map(|document| document.value).collect()
}

/// Whether a document is the object of a key; one that names no namespace is in `default`.
pub fn is_it(value: &Value, key: &ObjectKey) -> bool {
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let placed = key.namespace.is_empty() || *key.namespace == *namespace;
    placed && value.text_at(&["kind"]) == Some(key.kind.info().name) && value.text_at(&["metadata", "name"]) == Some(&key.name)
}

/// The classes of volumes that a manifest names, and that neither it nor a cluster has: a volume of that class is enough.
pub fn classes(world: &Playground, text: &str) -> Vec<Name> {
    let objects = objects_of(text);
    let brings = |class: &str| {
        objects.iter().any(|object| match Kind::claimed(object) {
            Some(Kind::StorageClass) => object.text_at(&["metadata", "name"]) == Some(class),
            Some(Kind::PersistentVolume) => named_class(object) == Some(class),
            _ => false,
        })
    };
    let mut all: Vec<Name> = Vec::new();
    for object in &objects {
        for class in claims_of(object).iter().filter_map(named_class).filter(|class| !class.is_empty() && !brings(class)) {
            if world.tables().class("", class).is_none() && !all.iter().any(|known| **known == *class) {
                all.push(class.into());
            }
        }
    }
    all
}

/// An object that is a claim, or the templates of those that a set makes.
pub fn claims_of(object: &Value) -> &[Value] {
    match Kind::claimed(object) {
        Some(Kind::PersistentVolumeClaim) => std::slice::from_ref(object),
        Some(Kind::StatefulSet) => object.list_at(&["spec", "volumeClaimTemplates"]),
        _ => &[],
    }
}
