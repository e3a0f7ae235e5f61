//! An object of a rendered state.

use api::client::Client;
use api::kind::Kind;
use base::sort::Sort;
use base::value::Value;
use kubectl::settings::DEFAULT_NAMESPACE;

use crate::tool::{Keeper, Tool};

/// The annotations by which Helm and Argo CD know hooks.
const HOOKS: [&str; 2] = ["helm.sh/hook", "argocd.argoproj.io/hook"];

/// Whether an object is a hook of Helm or Argo CD.
pub fn is_hook(object: &Value) -> bool {
    HOOKS.iter().any(|hook| object.at(&["metadata", "annotations", hook]).is_some())
}

/// An object of a rendered state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// Empty of a kind of the cluster.
    pub namespace: String,
    pub name: String,
    pub value: Value,
}

impl Item {
    /// The objects of a state whose kind is known, in the order of a tool. Of hooks only Flux makes ordinary objects.
    pub fn all(objects: &[Value], tool: Tool) -> Vec<Item> {
        let is_ordinary = |object: &&Value| tool == Tool::Flux || !is_hook(object);
        let mut items: Vec<Item> = objects.iter().filter(is_ordinary).filter_map(Item::of).collect();
        items.sort_small_by_key(|item| tool.turn(item.kind.info().name));
        items
    }

    fn of(object: &Value) -> Option<Item> {
        let kind = Kind::claimed(object)?;
        let text = |field: &str| object.text_at(&["metadata", field]).map(str::to_owned);
        let (mut value, name) = (object.clone(), text("name")?);
        let namespace =
            if kind.is_namespaced() { text("namespace").unwrap_or_else(|| DEFAULT_NAMESPACE.to_owned()) } else { String::new() };
        if !namespace.is_empty() {
            value.set(&["metadata", "namespace"], &*namespace);
        }
        Some(Item { kind, namespace, name, value })
    }

    /// Whether both are the same object.
    pub fn is(&self, other: &Item) -> bool {
        (self.kind, &self.namespace, &self.name) == (other.kind, &other.namespace, &other.name)
    }

    /// The object as the server has it.
    pub fn live(&self, client: &dyn Client) -> Option<Value> {
        client.get(self.kind, &self.namespace, &self.name).ok()
    }

    /// As tools name it: `StatefulSet/default/db`, and `Namespace/db` of a kind of the cluster.
    pub fn told(&self) -> String {
        let place = if self.namespace.is_empty() { String::new() } else { format!("{}/", self.namespace) };
        format!("{}/{place}{}", self.kind.info().name, self.name)
    }

    /// What errors call it: `default/db apps/v1, Kind=StatefulSet`.
    pub(crate) fn with_kind(&self) -> String {
        let version = self.kind.api_version();
        let version = if version.contains('/') { version } else { format!("/{version}") };
        format!("{}/{} {version}, Kind={}", self.namespace, self.name, self.kind.info().name)
    }
}

/// Whether an object has an option among those of an annotation, which commas part.
pub(crate) fn has_option(object: &Value, annotation: &str, option: &str) -> bool {
    let says = object.text_at(&["metadata", "annotations", annotation]);
    says.is_some_and(|says| says.split(',').any(|one| one.trim() == option))
}

/// Whether an object stays by what it says itself.
pub fn is_kept(object: &Value, keeper: Option<&Keeper>) -> bool {
    keeper.is_some_and(|keeper| has_option(object, keeper.annotation, keeper.says))
}
