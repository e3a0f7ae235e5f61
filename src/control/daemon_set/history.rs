//! The revisions of a DaemonSet.
//!
//! Models pkg/controller/daemon/update.go.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::selector::Selector;
use crate::api::object::{ControllerRevision, Object, Plain};
use crate::base::sort::Sort;
use crate::base::value::Value;
use crate::control::View;

/// The revision of a set's template and its other revisions, oldest first; those that it adopts are among them.
/// Models update.go controlledHistories and constructHistory.
pub(super) fn histories<'a>(
    view: View<'a>,
    set: &Rc<Plain>,
    selector: &Selector,
) -> (Option<&'a Rc<ControllerRevision>>, Vec<&'a Rc<ControllerRevision>>) {
    let claims = |r: &&Rc<ControllerRevision>| match r.meta.controller() {
        Some(owner) => owner.uid == set.meta.uid,
        None => !r.meta.terminating() && selector.matches(&r.meta.labels),
    };
    let all = view.cache.tables.within(Kind::ControllerRevision, &set.meta.namespace).filter_map(Object::as_revision);
    let patch = patch_of(set);
    let (mut current, mut old): (Vec<&Rc<ControllerRevision>>, Vec<_>) = all.filter(claims).partition(|r| r.data == patch);
    old.put_in_order_of(|r| (r.number, r.meta.created.stamp(), Rc::clone(&r.meta.name)));
    current.put_in_order_of(|r| r.number);
    (current.pop(), old)
}

/// What a revision remembers of a set. Models update.go getPatch.
pub(super) fn patch_of(set: &Plain) -> Value {
    let mut template = set.raw.at(&["spec", "template"]).cloned().unwrap_or_default();
    template.set(&["$patch"], "replace");
    Value::of([("spec", Value::of([("template", template)]))])
}
