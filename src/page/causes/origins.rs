//! What an object comes from.

use crate::Instant;
use api::kind::Kind;
use api::object::{ObjectKey, Pod, StatefulSet};

/// An object and its origins: a pod comes from its set, a claim from the set with its template.
pub fn origins(shot: &Instant, about: &ObjectKey) -> Vec<ObjectKey> {
    const MAX_STEPS: usize = 4;
    let mut keys = vec![about.clone()];
    while let Some(above) = keys.last().filter(|_| keys.len() < MAX_STEPS).and_then(|key| above(shot, key)) {
        keys.push(above);
    }
    keys
}

/// The set that a pod belongs to.
pub(crate) fn set_of<'a>(shot: &Instant<'a>, pod: &Pod) -> Option<&'a StatefulSet> {
    shot.set(&pod.meta.namespace, &pod.meta.controller()?.name)
}

fn above(shot: &Instant, key: &ObjectKey) -> Option<ObjectKey> {
    let owner = shot.tables.get(key).and_then(|object| object.meta().controller());
    if let Some((kind, owner)) = owner.and_then(|owner| Some((owner.kind?, owner))) {
        return Some(ObjectKey::new(kind, &key.namespace, &owner.name));
    }
    shot.set_of(key).map(|set| ObjectKey::new(Kind::StatefulSet, &key.namespace, &set.meta.name))
}
