//! Who made a set, and takes a change of it back: an operator, Helm, what applies Git.

use api::kind::Kind;
use api::object::ObjectKey;
use api::well_known::{HELM_RELEASE, INSTANCE, MANAGED_BY};
use base::value::Value;
use text::diagnose::Owner;

use super::dump::Dump;

/// Labels and annotations of programs that apply what is in Git, and their names.
const GIT: [(&str, &str); 5] = [
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("fluxcd.io/sync-checksum", "Flux"),
];

/// The sets of a dump that somebody else made, as their owners, labels and annotations tell.
pub(super) fn owners(dump: &Dump) -> Vec<(ObjectKey, Owner)> {
    let key = |set: &Value| {
        let text = |field: &str| set.text_at(&["metadata", field]).unwrap_or_default();
        ObjectKey::new(Kind::StatefulSet, &text("namespace").into(), &text("name").into())
    };
    dump.of(Kind::StatefulSet).filter_map(|set| Some((key(set), owner(set)?))).collect()
}

fn owner(set: &Value) -> Option<Owner> {
    let note = |key: &str| {
        let of = |map: &str| set.at(&["metadata", map, key]).and_then(Value::as_shared_text);
        of("labels").or_else(|| of("annotations"))
    };
    let controls = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
    if let Some(owner) = set.list_at(&["metadata", "ownerReferences"]).iter().find(controls) {
        let text = |key: &str| owner.text_at(&[key]).unwrap_or_default();
        return Some(Owner::Operator { kind: text("kind").into(), name: text("name").into() });
    }
    if let Some((_, by)) = GIT.iter().find(|(key, _)| note(key).is_some()) {
        return Some(Owner::Git { by: (*by).into() });
    }
    let by = note(MANAGED_BY)?;
    Some(match note(HELM_RELEASE).or_else(|| note(INSTANCE)).filter(|_| &*by == "Helm") {
        Some(release) => Owner::Helm { release },
        None => Owner::Manager { by },
    })
}
