//! Deletes the objects of a kind whose CustomResourceDefinition is being deleted, and lets the definition go once they are gone.
//!
//! Models apiextensions-apiserver pkg/controller/finalizer/crd_finalizer.go, which runs in the API server.
//! Not modelled: the definition's condition `Terminating`.

use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, own_key};
use super::seen::View;
use api::client::DeleteOptions;
use api::custom::defined;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use base::time::Span;
use server::definition::CLEANUP;
use server::request::Request;
use why::{Component, ContentDeletion, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(&[(Kind::CustomResourceDefinition, own_key)], |view, key, _| plan(view, key));
/// How often it looks whether the objects are gone. crd_finalizer.go deleteInstances.
const LOOK: Span = Span::seconds(5);

/// Plans one sync of a definition.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let mut plan = Plan::default();
    let Some(definition) =
        view.cache.tables.get(key).filter(|definition| definition.meta().terminating() && definition.meta().has_finalizer(CLEANUP))
    else {
        return plan;
    };
    let objects: Vec<&Object> = defined(&definition.encode()).into_iter().flat_map(|kind| view.live.all(kind)).collect();
    for object in objects.iter().filter(|object| !object.meta().terminating()) {
        plan.then(Step::new(Request::Delete(object.key(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound));
    }
    let stay = objects.iter().filter(|object| !object.meta().finalizers.is_empty()).count();
    let count = i64::try_from(if stay > 0 { stay } else { objects.len() }).unwrap_or(i64::MAX);
    if count > 0 {
        plan.decide(Decision::new(
            Component::Definition,
            key.clone(),
            Verdict::Waits,
            Reason::ContentDeletion(ContentDeletion::Content(count)),
        ));
    }
    if stay > 0 {
        return Plan { again: Some(LOOK), ..plan };
    }
    let because = Reason::Maintenance(Maintenance::FinalizerDone { finalizer: CLEANUP });
    plan.decide(Decision::new(Component::Definition, key.clone(), Verdict::Acts, because));
    let mut free = definition.clone();
    free.meta_mut().finalizers.make_mut().retain(|finalizer| **finalizer != *CLEANUP);
    plan.then(Step::new(Request::Update(free)).on_error(OnError::IgnoreNotFound));
    plan
}
