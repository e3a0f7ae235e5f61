//! What of a changed template decides how a rollout goes, and nobody here can tell. Another user over old data, less memory, a volume at
//! another place.

use std::rc::Rc;

use api::kind::Kind;
use api::object::{Name, ObjectKey, StatefulSet};
use base::quantity::Quantity;
use base::value::Value;
use text::plan::Says;

use crate::ends::{Ends, containers, images, name};

/// The fields of a security context that decide who reads and writes data.
const USER: [&str; 3] = ["runAsUser", "runAsGroup", "fsGroup"];

impl Ends<'_> {
    /// What nobody can tell of the new template of a set.
    pub(crate) fn of_template(&self, was: &StatefulSet, set: &StatefulSet) -> Vec<Says> {
        let mut says = Vec::from_iter(other_user(was, set));
        says.extend(self.pull_secrets(was, set));
        says.extend(pairs(was, set).filter_map(|(old, new)| less_room(set, old, new)));
        says.extend(pairs(was, set).flat_map(|(old, new)| remounted(set, old, new)));
        says
    }

    /// Secrets that no text shows, and with which images are pulled that a set did not have.
    fn pull_secrets(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let known = images(was);
        let named = set.spec.template.raw.list_at(&["imagePullSecrets"]).iter().filter_map(|one| one.text_at(&["name"]));
        let key = |name: &str| ObjectKey::new(Kind::Secret, &set.meta.namespace, &name.into());
        let secrets: Vec<Name> = named.filter(|name| self.tables().get(&key(name)).is_none()).map(Name::from).collect();
        let is_new = images(set).iter().any(|image| !known.contains(image));
        (is_new && !secrets.is_empty()).then(|| Says::PullSecret { set: name(set), secrets })
    }
}

/// The containers of two templates that have one name.
fn pairs<'a>(was: &'a StatefulSet, set: &'a StatefulSet) -> impl Iterator<Item = (&'a Value, &'a Value)> {
    containers(set).iter().filter_map(move |new| Some((containers(was).iter().find(|old| old.get("name") == new.get("name"))?, new)))
}

/// Another user over claims that keep data.
fn other_user(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let differs = |old: &Value, new: &Value, field: &str| old.at(&["securityContext", field]) != new.at(&["securityContext", field]);
    let (old, new) = (&was.spec.template.raw, &set.spec.template.raw);
    let is_other = |field: &&&str| differs(old, new, field) || pairs(was, set).any(|(old, new)| differs(old, new, field));
    let fields: Vec<Name> = USER.iter().filter(is_other).map(|field| Name::from(*field)).collect();
    (!fields.is_empty() && !set.spec.claim_templates.is_empty()).then(|| Says::OtherUser { set: name(set), fields })
}

/// A container that may use less memory.
fn less_room(set: &StatefulSet, old: &Value, new: &Value) -> Option<Says> {
    let limit = |container: &Value| container.at(&["resources", "limits", "memory"]).cloned();
    let (was, now) = (limit(old)?, limit(new)?);
    let (set, container) = (name(set), new.text_at(&["name"]).unwrap_or_default().into());
    (Quantity::read(&now) < Quantity::read(&was)).then(|| Says::LessRoom { set, container, was: was.spelled(), now: now.spelled() })
}

/// Volumes of claims that a container has at another place.
fn remounted(set: &StatefulSet, old: &Value, new: &Value) -> Vec<Says> {
    let mut says = Vec::new();
    for template in &set.spec.claim_templates {
        let places = |container: &Value| -> Vec<String> {
            let mounts = container.list_at(&["volumeMounts"]).iter().filter(|mount| mount.text_at(&["name"]) == Some(&template.name));
            let path = |mount: &Value| {
                [mount.text_at(&["mountPath"]), mount.text_at(&["subPath"])].into_iter().flatten().collect::<Vec<_>>().join(":")
            };
            mounts.map(path).collect()
        };
        let (was, now) = (places(old), places(new));
        if let ([from], [to]) = (was.as_slice(), now.as_slice())
            && from != to
        {
            let (set, volume) = (name(set), Rc::clone(&template.name));
            says.push(Says::Remounted { set, volume, from: from.clone(), to: to.clone() });
        }
    }
    says
}
