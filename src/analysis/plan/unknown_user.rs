//! Containers that must not run as root from now on, and whose user only their image names.
//!
//! Models pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot as far as no object tells how it goes: an image of root,
//! or of a user by name, is not started.

use std::rc::Rc;

use api::object::{Name, StatefulSet};
use base::value::Value;
use cluster::kubelet::non_root::{must_not_be_root, user};
use text::plan::Says;

/// The containers of a set of which nobody can tell whether they may start, and could before the change.
pub(crate) fn unknown_user(was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
    let old: Vec<Value> = open(was).collect();
    let is_known = |one: &Value| old.iter().any(|old| old.get("name") == one.get("name"));
    let new = open(set).filter(|one| !is_known(one));
    let containers: Vec<Name> = new.filter_map(|one| one.get("name")?.as_shared_text()).collect();
    (!containers.is_empty()).then(|| Says::UnknownUser { set: Rc::clone(&set.meta.name), containers })
}

/// The containers of a set's template that must not run as root, and name no user.
fn open(set: &StatefulSet) -> impl Iterator<Item = Value> {
    let spec = &set.spec.template.raw;
    let all = ["initContainers", "containers"].into_iter().flat_map(|list| spec.list_at(&[list]));
    all.filter(|one| must_not_be_root(spec, one) && user(spec, one).is_none()).cloned()
}
