//! Creates and deletes pods for the controllers without ordinals, and emits their events.
//!
//! Models pkg/controller/controller_utils.go RealPodControl and GetPodFromTemplate, replica_set.go slowStartBatch.

use std::ops::Range;
use std::rc::Rc;

use super::plan::{Batch, OnError, PendingEvent, Step};
use api::client::DeleteOptions;
use api::go_dump::dump;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{PodSpec, PodStatus};
use api::object::{Meta, ObjectKey, OwnerRef, Parsed, Pod, PodTemplate};
use api::release::Release;
use api::schema::schema;
use base::hash::{fnv1a_32, safe_encode};
use base::value::Value;
use base::word::Word;
use server::request::Request;

/// The pod operations of one owner.
#[derive(Clone, Copy, Debug)]
pub struct PodControl<'a> {
    /// The owner's kind.
    pub kind: Kind,
    pub owner: &'a Meta,
    /// The source component of its controller's events.
    pub source: &'static str,
}

impl PodControl<'_> {
    /// The step that creates a pod from a template; the server generates its name.
    pub fn create(&self, template: &Parsed<PodTemplate>) -> Step {
        let spec = PodSpec {
            hostname: Rc::clone(&template.hostname),
            subdomain: Rc::clone(&template.subdomain),
            claims: Vec::new(),
            ephemeral: Vec::new(),
            template: template.clone(),
        };
        let meta = Meta {
            namespace: Rc::clone(&self.owner.namespace),
            generate_name: Some(format!("{}-", self.owner.name).into()),
            labels: Rc::clone(&template.labels),
            annotations: Rc::clone(&template.annotations),
            finalizers: template.finalizers.clone(),
            owners: vec![OwnerRef::controller(self.kind, self.owner)].into(),
            ..Meta::default()
        };
        let pod = Pod { meta, spec: Rc::new(spec), node: template.node(), status: PodStatus::default() };
        Step::new(Request::Create(pod.into()))
            .append_created_name(self.pending_event(EventType::Normal, "SuccessfulCreate", "Created pod: "))
            .reports_every_failure(self.pending_event(EventType::Warning, "FailedCreate", "Error creating: "))
    }

    /// The step that deletes a pod.
    pub fn delete(&self, pod: &Pod) -> Step {
        Step::new(Request::Delete(pod.key(), DeleteOptions::default()))
            .on_error(OnError::IgnoreNotFound)
            .says(self.pending_event(EventType::Normal, "SuccessfulDelete", format!("Deleted pod: {}", pod.meta.name)))
            .reports_failure(self.pending_event(EventType::Warning, "FailedDelete", "Error deleting: "))
    }

    /// An event about the owner.
    pub fn pending_event(&self, kind: EventType, reason: &'static str, message: impl Into<Word>) -> PendingEvent {
        let about = ObjectKey::new(self.kind, &self.owner.namespace, &self.owner.name);
        PendingEvent::of(about, self.owner, self.source, kind, reason, message)
    }
}

/// Splits a range into parts of 1, 2, 4, …, so that a common failure affects few of them. Models controller_utils.go slowStartBatch.
pub fn slow_start(mut range: Range<i64>, most: i64) -> impl Iterator<Item = Range<i64>> {
    let mut size = 1;
    std::iter::from_fn(move || {
        let part = range.start..range.start.saturating_add(size).min(range.end);
        (range.start, size) = (part.end, size.saturating_mul(2).min(most));
        (!part.is_empty()).then_some(part)
    })
}

/// Groups steps into such parts.
pub fn slow_batches(steps: Vec<Step>) -> Vec<Batch> {
    let parts = slow_start(0..i64::try_from(steps.len()).unwrap_or(i64::MAX), i64::MAX);
    let mut steps = steps.into_iter();
    parts.map(|part| part.filter_map(|_| steps.next().map(|step| vec![step])).collect()).collect()
}

/// The hash that identifies a template in names and labels. Models pkg/controller/controller_utils.go ComputeHash.
pub fn template_hash(template: &Value, collisions: Option<i64>, release: &Release) -> String {
    let mut bytes = schema().named("PodTemplateSpec").map(|ty| dump(ty, template, release)).unwrap_or_default().into_bytes();
    if let Some(collisions) = collisions {
        bytes.extend(collisions.to_le_bytes());
    }
    safe_encode(&fnv1a_32(&bytes).to_string())
}
