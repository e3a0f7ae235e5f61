//! Builds a set's pods: name, labels, hostname, claims and revision.
//!
//! Models pkg/controller/statefulset/stateful_set_utils.go newVersionedStatefulSetPod, initIdentity, updateStorage.

use std::rc::Rc;

use super::{PodVerb, Sync};
use crate::plan::Step;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{ClaimVolume, PodSpec, PodStatus};
use api::object::stateful_set::ClaimTemplate;
use api::object::{Meta, NO_ORDINAL, Name, Object, OwnerRef, Parsed, Pod, PodTemplate};
use api::obstacle::{Failure, Obstacle};
use api::rules::rules;
use api::status::Status;
use api::well_known::{CONTROLLER_REVISION_HASH, POD_INDEX, POD_NAME};
use base::value::Value;
use server::request::{Edit, Request};

impl Sync<'_> {
    /// The revision a missing pod is created from: its name and its template.
    pub(super) fn revision_for(&self, ordinal: i64) -> (Name, Parsed<PodTemplate>) {
        let r = &self.revisions;
        let (name, template) = if self.set.keeps_current(ordinal, self.set.status.current) {
            (&r.current, &r.current_template)
        } else {
            (&r.update, &r.update_template)
        };
        (Rc::clone(name), template.clone())
    }

    /// The pod to create for an ordinal.
    pub(super) fn new_pod(&self, ordinal: i64) -> Pod {
        let (revision, template) = self.revision_for(ordinal);
        // Its identity is that of the ordinal read from its name, and the server refuses `web--1` for its label.
        let ordinal = i32::try_from(ordinal).map_or(NO_ORDINAL, i64::from);
        let name = self.set.pod_name(ordinal);
        let mut labels = (*template.labels).clone();
        labels.insert(POD_NAME.into(), Rc::clone(&name));
        labels.insert(POD_INDEX.into(), ordinal.to_string().into());
        labels.insert(CONTROLLER_REVISION_HASH.into(), revision);
        let spec = PodSpec {
            hostname: Rc::clone(&name),
            subdomain: Rc::clone(&self.set.spec.service_name),
            claims: self.set.spec.claim_templates.iter().map(|t| self.claim_volume(t, ordinal)).collect(),
            ephemeral: Vec::new(),
            template: template.clone(),
        };
        let meta = Meta {
            namespace: Rc::clone(&self.set.meta.namespace),
            generate_name: Some(format!("{}-", self.set.meta.name).into()),
            name,
            labels: Rc::new(labels),
            annotations: Rc::clone(&template.annotations),
            finalizers: template.finalizers.clone(),
            owners: vec![OwnerRef::controller(Kind::StatefulSet, &self.set.meta)].into(),
            ..Meta::default()
        };
        Pod { meta, spec: Rc::new(spec), node: template.node(), status: PodStatus::default() }
    }

    /// The server's answer to the pod with the set's claims for volumes: they come first, then its others. No pod's volumes may change.
    /// Claims come in the templates' order; upstream's come in that of a map.
    pub(super) fn refused_volumes(&self, ordinal: i64) -> Failure {
        let key = self.pod_key(ordinal);
        let old = self.view.cache.tables.get(&key).map(Object::encode).unwrap_or_default();
        let claim = |t: &ClaimTemplate| self.claim_volume(t, ordinal).encode();
        let mut volumes: Vec<Value> = self.set.spec.claim_templates.iter().map(claim).collect();
        let is_other = |v: &&Value| !self.set.spec.claim_templates.iter().any(|t| v.text_at(&["name"]) == Some(&t.name));
        volumes.extend(old.list_at(&["spec", "volumes"]).iter().filter(is_other).cloned());
        let mut new = old.clone();
        new.set(&["spec", "volumes"], Value::list(volumes));
        let (errors, _) = (rules().judge_update)(Kind::Pod, &new, &old, self.view.release);
        Failure::refused(Status::invalid(&Kind::Pod.group_kind(), &key.name, errors), &key)
    }

    fn claim_volume(&self, template: &ClaimTemplate, ordinal: i64) -> ClaimVolume {
        let claim = template.claim_name(&self.set.meta.name, ordinal);
        ClaimVolume { volume: Rc::clone(&template.name), claim, ephemeral: false }
    }

    /// The step that corrects a pod's identity labels.
    pub(super) fn repair_identity(&self, ordinal: i64) -> Step {
        let name = self.set.pod_name(ordinal);
        let labels = vec![(POD_NAME.into(), Rc::clone(&name)), (POD_INDEX.into(), ordinal.to_string().into())];
        Step::new(Request::Edit(self.pod_key(ordinal), Edit::SetLabels(labels)))
            .says(self.pod_event(EventType::Normal, PodVerb::Update, &name, "successful"))
            .reports_failure(self.pod_event(EventType::Warning, PodVerb::Update, &name, "failed error: "))
    }
}

/// The server's answer to a pod such as `web-01`, whose name is corrected, too: what is written is a pod that is not there.
pub(super) fn refused_name(pod: &Name, wanted: &str) -> Failure {
    let answer = Status::not_found(&Kind::Pod.resource(), wanted);
    Failure::of(answer.message, Obstacle::Taken(Kind::Pod, Rc::clone(pod)))
}
