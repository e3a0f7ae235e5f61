//! What a container can be told of its own pod: `fieldRef` and `resourceFieldRef`.
//!
//! Models pkg/fieldpath ExtractFieldPathAsString and pkg/api/v1/resource/helpers.go ExtractContainerResourceValue.
//! Not modelled: the annotations that a kubelet adds to the pods it runs.

use super::manifest::raw_in;
use api::kind::Kind;
use api::object::{Object, Pod};
use base::quantity::{Format, Quantity};
use base::sort::Sort;
use base::value::Value;
use server::tables::Tables;

/// A field of a pod; empty if it is unset.
pub(super) fn field(pod: &Pod, path: &str, tables: &Tables) -> String {
    match path {
        // Every container is shown the latter with its token.
        "metadata.name" => pod.meta.name.to_string(),
        "metadata.namespace" => pod.meta.namespace.to_string(),
        // A container starts before its kubelet has reported these.
        "status.hostIP" | "status.hostIPs" => {
            let node = pod.node.as_ref().and_then(|node| tables.node("", node));
            node.and_then(|node| node.status.address).map(|ip| ip.to_string()).unwrap_or_default()
        }
        "status.podIP" | "status.podIPs" => pod.status.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        _ => written(&pod.encode(), path),
    }
}

/// A field as it stands in the object.
fn written(object: &Value, path: &str) -> String {
    let at = |path: &str| object.at(&path.split('.').collect::<Vec<_>>());
    if let Some((map, key)) = path.strip_suffix("']").and_then(|path| path.split_once("['")) {
        return at(map).and_then(|map| map.get(key)).map(text_of).unwrap_or_default();
    }
    let read = if matches!(path, "metadata.labels" | "metadata.annotations") { lines_of } else { text_of };
    at(path).map(read).unwrap_or_default()
}

fn text_of(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_owned()
}

/// Labels or annotations, one a line. Models pkg/fieldpath FormatMap.
fn lines_of(map: &Value) -> String {
    let mut pairs: Vec<(&str, &str)> = map.members().map(|(key, value)| (&**key, value.as_text().unwrap_or_default())).collect();
    pairs.sort_small();
    pairs.into_iter().map(|(key, value)| format!("{key}={value:?}")).collect::<Vec<_>>().join("\n")
}

/// A request or limit of a container, in units of the divisor, rounded up; a limit that is not set is what its node can allocate.
/// Models MergeContainerResourceLimits, too.
pub(super) fn resource(reference: &Value, container: &Value, pod: &Pod, tables: &Tables) -> Option<String> {
    let (list, name) = reference.text_at(&["resource"])?.split_once('.')?;
    let own = container.at(&["resources", list, name]).and_then(Quantity::read);
    let amount = match own.filter(|amount| list != "limits" || !amount.is_zero()) {
        None if list == "limits" => allocatable(name, pod, tables),
        amount => amount,
    };
    let one = Quantity::whole(1, Format::DecimalSi);
    let divisor = reference.get("divisor").and_then(Quantity::read).filter(|divisor| !divisor.is_zero()).unwrap_or(one);
    let count = |quantity: Quantity| {
        let count = if name == "cpu" { quantity.thousandths() } else { quantity.units() };
        count.unsigned_abs()
    };
    Some(amount.map_or(0, |amount| count(amount).div_ceil(count(divisor).max(1))).to_string())
}

fn allocatable(name: &str, pod: &Pod, tables: &Tables) -> Option<Quantity> {
    let node = tables.find(Kind::Node, "", pod.node.as_ref()?).map(Object::encode)?;
    node.at(&["status", "allocatable", name]).and_then(Quantity::read)
}

/// The container that a reference names, as written in the manifest.
pub(super) fn container_named<'a>(reference: &Value, pod: &'a Pod) -> &'a Value {
    raw_in(&pod.spec.template.raw, reference.text_at(&["containerName"]).unwrap_or_default())
}
