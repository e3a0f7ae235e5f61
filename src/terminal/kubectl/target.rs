//! One object that a command acts on.

use api::kind::Kind;
use api::object::NamespacedName;
use api::view;
use base::value::Value;

/// One object to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub kind: Kind,
    /// Its namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    pub name: String,
    /// The file that names it; empty if none does.
    pub source: String,
    /// The object on the server; `Null` if it was not read.
    pub object: Value,
}

impl Target {
    /// An object on the server as a target.
    pub fn of_object(kind: Kind, object: Value) -> Target {
        let (namespace, name) = (view::namespace(&object).to_owned(), view::name(&object).to_owned());
        Target { kind, namespace, name, source: String::new(), object }
    }

    /// Its namespace and name.
    pub fn namespaced_name(&self) -> NamespacedName {
        NamespacedName::of(&self.namespace, &self.name)
    }

    /// `statefulset.apps/web`.
    pub fn resource_name(&self) -> String {
        format!("{}/{}", self.kind.qualified_singular(), self.name)
    }
}
