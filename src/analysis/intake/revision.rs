//! Which revision each pod of a set has, as far as templates and pods tell.

use super::dump::Dump;
use super::manifest::{pods_of, revision, text};
use api::kind::Kind;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::sort::Sort;
use base::value::Value;

/// Fields of a container that its template and its pod show alike.
const ALIKE: [&str; 5] = ["name", "image", "command", "args", "envFrom"];

/// The revision that the template of a set stands for: that of a pod whose containers are the template's, or else of a pod of its image;
/// without images the highest pod is taken for one.
pub(super) fn newest(set: &Value, dump: &Dump) -> Option<Value> {
    let wanted = set.list_at(&["spec", "template", "spec", "containers"]);
    let image = |of: &[Value]| of.first().and_then(|one| one.get("image")).cloned();
    let hash = |pod: &Value| pod.at(&["metadata", "labels", CONTROLLER_REVISION_HASH]).cloned();
    let mut found: Vec<(bool, bool, i64, bool, Value)> = pods_of(dump, set)
        .filter_map(|(ordinal, pod)| {
            let own = pod.list_at(&["spec", "containers"]);
            Some((are_of(wanted, own), image(own) == image(wanted), ordinal, own.is_empty(), hash(pod)?))
        })
        .collect();
    found.sort_small_by_key(|(fits, same, ordinal, ..)| (*fits, *same, *ordinal));
    found.pop().filter(|(_, same, _, is_unknown, _)| *same || *is_unknown).map(|(.., hash)| hash)
}

/// Whether a pod has the containers of a template, as far as both are told. More containers and more amounts do not count: webhooks and
/// namespaces add them.
fn are_of(wanted: &[Value], own: &[Value]) -> bool {
    let variables = |of: &Value| {
        of.list_at(&["env"]).iter().map(|one| [one.get("name"), one.get("valueFrom")].map(Option::<&Value>::cloned)).collect::<Vec<_>>()
    };
    let amounts = |one: &Value, other: &Value, list: &str| {
        let mut told = one.at(&["resources", list]).into_iter().flat_map(Value::members);
        told.all(|(what, amount)| other.at(&["resources", list, what]) == Some(amount))
    };
    let same = |one: &Value, other: &Value| {
        ALIKE.iter().all(|field| one.get(field) == other.get(field))
            && variables(one) == variables(other)
            && ["requests", "limits"].iter().all(|list| amounts(one, other, list))
    };
    !wanted.is_empty() && wanted.iter().all(|one| own.iter().any(|other| same(one, other)))
}

/// Of a set whose lower pods are of another revision and well, the current revision is theirs.
pub(super) fn older(dump: &mut Dump) {
    for at in 0..dump.objects.len() {
        let set = &dump.objects[at];
        if set.kind != Kind::StatefulSet || !dump.is_partly(at) {
            continue;
        }
        let newest = revision(&set.value);
        let ready = |pod: &Value| {
            pod.list_at(&["status", "conditions"]).iter().any(|one| text(one, &["type"]) == "Ready" && text(one, &["status"]) == "True")
        };
        let hash = |pod: &Value| text(pod, &["metadata", "labels", CONTROLLER_REVISION_HASH]).to_owned();
        let older = pods_of(dump, &set.value).filter(|(_, pod)| ready(pod)).map(|(_, pod)| hash(pod)).find(|hash| *hash != newest);
        if let Some(older) = older {
            dump.objects[at].value.set(&["status", "currentRevision"], older);
        }
    }
}
