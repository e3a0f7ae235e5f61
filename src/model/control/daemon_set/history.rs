//! The revisions of a DaemonSet.
//!
//! Models pkg/controller/daemon/update.go.

use std::rc::Rc;

use crate::seen::View;
use crate::stateful_set;
use api::kind::Kind;
use api::object::selector::Selector;
use api::object::{ControllerRevision, Object, Plain};
use base::sort::Sort;
use base::value::Value;

/// The revisions of a set; those that it adopts are among them.
pub(super) struct Histories<'a> {
    /// That of its template: of several, the one with the highest number.
    pub current: Option<&'a Rc<ControllerRevision>>,
    /// The others of its template.
    pub twins: Vec<&'a Rc<ControllerRevision>>,
    /// Those of other templates, oldest first.
    pub old: Vec<&'a Rc<ControllerRevision>>,
}

/// The revisions of a set. Models update.go controlledHistories and constructHistory.
pub(super) fn histories<'a>(view: View<'a>, set: &Rc<Plain>, selector: &Selector) -> Histories<'a> {
    let claims = |r: &&Rc<ControllerRevision>| match r.meta.controller() {
        Some(owner) => owner.uid == set.meta.uid,
        None => !r.meta.terminating() && selector.matches(&r.meta.labels),
    };
    let all = view.cache.tables.within(Kind::ControllerRevision, &set.meta.namespace).filter_map(Object::as_revision);
    let patch = patch_of(set);
    let (mut current, mut old): (Vec<&Rc<ControllerRevision>>, Vec<_>) = all.filter(claims).partition(|r| *r.data.value() == patch);
    old.sort_small_by_key(|r| (r.number, r.meta.created.stamp(), Rc::clone(&r.meta.name)));
    current.sort_small_by_key(|r| r.number);
    Histories { current: current.pop(), twins: current, old }
}

/// What a revision remembers of a set. Models update.go getPatch.
pub(super) fn patch_of(set: &Plain) -> Value {
    stateful_set::patch_of(set.raw.at(&["spec", "template"]).unwrap_or(&Value::Null))
}
