//! CustomResourceDefinitions: their status, which the server writes, and their deletion.
//!
//! Models apiextensions-apiserver pkg/controller/status, pkg/controller/establish and pkg/registry/customresourcedefinition. Not
//! modelled: the moments between a definition's creation and its acceptance, names that two definitions claim.

use std::rc::Rc;

use super::Server;
use super::log::Actor;
use api::kind::Kind;
use api::object::{Deletion, Object};
use base::value::Value;

/// The finalizer of a definition of whose kind there are objects.
pub const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Writes the status of a definition whose names nobody else has.
pub(super) fn accept(object: &mut Object) {
    let Object::Plain(plain) = object else { return };
    if plain.kind != Kind::CustomResourceDefinition {
        return;
    }
    let plain = Rc::make_mut(plain);
    let since = plain.meta.created.rfc3339();
    let condition = |kind: &str, reason: &str, message: &str| {
        let fields = [("lastTransitionTime", &*since), ("message", message), ("reason", reason), ("status", "True"), ("type", kind)];
        Value::of(fields.map(|(name, text)| (name, Value::from(text))))
    };
    let conditions = [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ];
    let mut stored = plain.raw.list_at(&["status", "storedVersions"]).to_vec();
    let storage = |version: &&Value| version.get("storage").and_then(Value::as_bool) == Some(true);
    let now = plain.raw.list_at(&["spec", "versions"]).iter().find(storage).and_then(|version| version.get("name")).cloned();
    stored.extend(now.filter(|now| !stored.contains(now)));
    let names = plain.raw.at(&["spec", "names"]).cloned().unwrap_or_default();
    let status = [("acceptedNames", names), ("conditions", Value::list(conditions)), ("storedVersions", Value::from(stored))];
    plain.raw.set(&["status"], Value::of(status));
}

impl Server {
    /// Has a definition wait until the last object of its kind is gone.
    pub(super) fn hold_definition(&mut self, old: &Object, by: &Actor) {
        let mut waiting = old.clone();
        let meta = waiting.meta_mut();
        if meta.deletion.is_none() {
            meta.deletion = Some(Deletion { at: self.now, grace: 0 });
            meta.finalizers = meta.finalizers.iter().cloned().chain([CLEANUP.into()]).collect();
            self.store(Some(old.clone()), waiting, by);
        }
    }
}
