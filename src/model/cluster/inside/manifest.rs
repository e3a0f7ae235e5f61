//! A container as written in the manifest of its pod.

use api::object::Pod;
use api::object::pod::Container;
use base::value::Value;

/// The container of this name in a pod's spec.
pub(super) fn raw_in<'a>(spec: &'a Value, name: &str) -> &'a Value {
    let lists = ["initContainers", "containers", "ephemeralContainers"].iter().flat_map(|list| spec.list_at(&[list]));
    lists.into_iter().find(|c| c.text_at(&["name"]) == Some(name)).unwrap_or(&Value::Null)
}

/// A container as written in the manifest.
pub(super) fn raw_of<'a>(pod: &'a Pod, container: &Container) -> &'a Value {
    raw_in(&pod.spec.template.raw, &container.name)
}
