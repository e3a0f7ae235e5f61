//! The objects of a text, and what they name.

use api::client::Client;
use api::kind::Kind;
use api::object::storage::named_class;
use api::object::{Name, ObjectKey};
use base::sort::Sort;
use base::value::Value;
use playground::Playground;
use playground::documents::objects;

/// The key of an object of a manifest.
pub(crate) fn key_of(object: &Value, namespace: &str) -> Option<ObjectKey> {
    let kind = Kind::claimed(object)?;
    let name = object.text_at(&["metadata", "name"])?.into();
    if !kind.is_namespaced() {
        return Some(ObjectKey::global(kind, &name));
    }
    Some(ObjectKey::new(kind, &object.text_at(&["metadata", "namespace"]).unwrap_or(namespace).into(), &name))
}

/// The objects of a text.
pub fn objects_of(text: &str) -> Vec<Value> {
    objects(&yaml::parse(text)).into_iter().filter_map(|document| document.value).collect()
}

/// Whether a document is the object of a key; one that names no namespace is in `default`.
pub fn is_it(value: &Value, key: &ObjectKey) -> bool {
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let placed = key.namespace.is_empty() || *key.namespace == *namespace;
    placed && value.text_at(&["kind"]) == Some(key.kind.info().name) && value.text_at(&["metadata", "name"]) == Some(&key.name)
}

/// The classes of volumes that a manifest names and does not bring. A volume of that class is enough. Those of a cluster are left out.
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

/// Whether a document is a set that makes a claim of a name.
pub fn makes_claim(document: &Value, claim: &str) -> bool {
    let set = document.text_at(&["metadata", "name"]).unwrap_or_default();
    let is_of = |template: &Value| {
        let begins = format!("{}-{set}-", template.text_at(&["metadata", "name"]).unwrap_or_default());
        claim.strip_prefix(&*begins).is_some_and(|ordinal| ordinal.parse::<u32>().is_ok())
    };
    Kind::claimed(document) == Some(Kind::StatefulSet) && claims_of(document).iter().any(is_of)
}

/// After how many seconds a probe that never passes has failed, from the start of its container. Models pkg/kubelet/prober, with the
/// defaults of pkg/apis/core/v1.
pub fn fails_after(probe: &Value) -> i64 {
    let number = |field: &str, default: i64| probe.int_at(&[field]).unwrap_or(default);
    number("initialDelaySeconds", 0).saturating_add(number("periodSeconds", 10).saturating_mul(number("failureThreshold", 3)))
}

/// The namespaces that a manifest names, and that neither it nor a cluster has.
pub fn spaces(world: &Playground, text: &str) -> Vec<Name> {
    let objects = objects_of(text);
    let named = |object: &Value, path: &[&str]| object.text_at(path).map(Name::from);
    // Where a namespace comes after what is in it, it was there before, or was applied twice.
    let brought = |name: &Name| {
        let of_space = |object: &Value| named(object, &["metadata", "namespace"]).as_ref() == Some(name);
        let is_so =
            |object: &Value| Kind::claimed(object) == Some(Kind::Namespace) && named(object, &["metadata", "name"]).as_ref() == Some(name);
        let first = objects.iter().find(|object| is_so(object) || of_space(object));
        world.tables().find(Kind::Namespace, "", name).is_some() || first.is_some_and(is_so)
    };
    let mut spaces: Vec<Name> = Vec::new();
    for space in objects.iter().filter_map(|object| named(object, &["metadata", "namespace"])) {
        if !brought(&space) && !spaces.contains(&space) {
            spaces.push(space);
        }
    }
    spaces
}

/// The objects of a text whose kind is none of Kubernetes' own.
fn custom(text: &str) -> impl Iterator<Item = [Name; 3]> {
    let named = |object: Value| {
        [&["apiVersion"][..], &["kind"], &["metadata", "name"]].map(|path| Name::from(object.text_at(path).unwrap_or_default()))
    };
    objects_of(text).into_iter().map(named).filter(|[version, kind, _]| Kind::is_foreign(version, kind))
}

/// The objects of a text that are left out, because the cluster does not know their custom kind: each once.
pub fn left_out(world: &Playground, text: &str) -> Vec<String> {
    let is_known = |version: &str, kind: &str| world.sim().custom_kinds().iter().any(|known| known.serves(version, kind));
    let mut found: Vec<String> =
        custom(text).filter(|[version, kind, _]| !is_known(version, kind)).map(|[_, kind, name]| format!("{kind}/{name}")).collect();
    found.sort_small();
    found.dedup();
    found
}

/// Whether words refuse an object of a text for no more than that.
pub fn is_left_out(said: &str, text: &str) -> bool {
    custom(text).any(|[_, kind, _]| said.contains(&format!("no matches for kind \"{kind}\"")))
}
