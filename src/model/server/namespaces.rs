//! Terminating namespaces: what may no longer be created in them, and what keeps them.
//!
//! Models plugin/pkg/admission/namespace/lifecycle and pkg/registry/core/namespace/storage.

use std::rc::Rc;

use super::Server;
use super::admission::asked_name;
use super::log::Actor;
use super::tables::Tables;
use api::admit::SYSTEM_PRIORITIES;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::{Deletion, Name, Object, ObjectKey, Plain};
use api::obstacle::Obstacle;
use api::status::Status;

/// Namespaces that cannot be deleted. lifecycle.go immortalNamespaces.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// The default service account, which every namespace has.
pub const DEFAULT_ACCOUNT: &str = "default";
/// The ConfigMap with the API server's CA certificate, which every namespace has. Models pkg/controller/certificates/rootcacertpublisher
/// RootCACertConfigMapName.
pub const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// Whether every namespace has an object of this kind and name.
pub fn has_everywhere(kind: Kind, name: &str) -> bool {
    matches!((kind, name), (Kind::ServiceAccount, DEFAULT_ACCOUNT) | (Kind::ConfigMap, ROOT_CERTIFICATE))
}

/// Refuses an object whose namespace is missing or terminating.
pub fn check_open(tables: &Tables, object: &Object) -> Result<(), Status> {
    let (kind, meta) = (object.kind(), object.meta());
    if !kind.is_namespaced() {
        return Ok(());
    }
    match tables.find(Kind::Namespace, "", &meta.namespace) {
        None => return Err(Status::not_found("namespaces", &meta.namespace)),
        Some(namespace) if !namespace.meta().terminating() => return Ok(()),
        Some(_) => {}
    }
    let why = format!("unable to create new content in namespace {} because it is being terminated", meta.namespace);
    let refusal = Status::forbidden(&kind.resource(), asked_name(meta), &why);
    Err(refusal.blocked_by(Obstacle::Leaving(Kind::Namespace, meta.namespace.clone())))
}

/// Refuses to delete namespaces that every cluster has, and system priority classes.
/// Models pkg/registry/scheduling/priorityclass/storage Delete, too.
pub fn check_mortal(object: &Object) -> Result<(), Status> {
    let name = &*object.meta().name;
    if object.kind() == Kind::PriorityClass && SYSTEM_PRIORITIES.iter().any(|(system, ..)| *system == name) {
        return Err(Status::forbidden(&object.kind().resource(), name, "this is a system priority class and cannot be deleted"));
    }
    if object.kind() == Kind::Namespace && IMMORTAL.contains(&&*object.meta().name) {
        return Err(Status::forbidden("namespaces", &object.meta().name, "this namespace may not be deleted"));
    }
    Ok(())
}

/// Whether nothing keeps a terminating object: no finalizers, which a namespace also has in its spec.
pub fn nothing_holds(object: &Object) -> bool {
    let held = match object {
        Object::Plain(plain) if plain.kind == Kind::Namespace => !plain.raw.list_at(&["spec", "finalizers"]).is_empty(),
        _ => false,
    };
    object.meta().finalizers.is_empty() && !held
}

impl Server {
    /// Marks a namespace as terminating until its controller has emptied it.
    pub(super) fn delete_namespace(&mut self, namespace: &Rc<Plain>, by: &Actor) {
        let old = Object::Plain(Rc::clone(namespace));
        if namespace.meta.terminating() {
            return;
        }
        let mut leaving = (**namespace).clone();
        leaving.meta.deletion = Some(Deletion { at: self.now, grace: 0 });
        leaving.raw.set(&["status", "phase"], "Terminating");
        let leaving = Object::from(leaving);
        if nothing_holds(&leaving) {
            self.commit(old.key(), Some(old), None, by);
        } else {
            self.store(Some(old), leaving, by);
        }
    }

    /// Deletes every object of a kind in a namespace; returns the namespace.
    pub(super) fn delete_all(&mut self, kind: Kind, namespace: &Name, by: &Actor) -> Result<Object, Status> {
        let found = self.tables().find(Kind::Namespace, "", namespace).cloned();
        let answer = found.ok_or_else(|| Status::not_found("namespaces", namespace))?;
        let keys: Vec<ObjectKey> = self.tables().within(kind, namespace).map(Object::key).collect();
        for key in keys {
            self.delete(&key, &DeleteOptions::default(), by)?;
        }
        Ok(answer)
    }
}
