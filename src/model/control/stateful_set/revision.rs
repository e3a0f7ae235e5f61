//! A set's ControllerRevisions: the current and the update revision, and the clean-up of old ones.
//!
//! Models pkg/controller/history/controller_history.go and stateful_set_control.go getStatefulSetRevisions, truncateHistory.

use std::rc::Rc;

use crate::plan::{OnError, Plan, Step};
use crate::seen::View;
use crate::set_pods::SetPods;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::{ControllerRevision, Meta, Name, Object, OwnerRef, Parsed, PodTemplate, StatefulSet};
use base::hash::{fnv1_32, safe_encode};
use base::sort::Sort;
use base::value::Value;
use base::word::Word;
use server::request::{Edit, Request};

/// The label with a ControllerRevision's hash.
const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// Where a template has its empty timestamp.
const TIMESTAMP: [&str; 2] = ["metadata", "creationTimestamp"];

/// The maximum part of a set's name in a revision's name. Models controller_history.go ControllerRevisionName.
const MAX_NAME: usize = 223;

/// The revisions as seen by one sync.
pub(super) struct Revisions {
    pub current: Name,
    pub current_template: Parsed<PodTemplate>,
    pub update: Name,
    pub update_template: Parsed<PodTemplate>,
    /// The number of name collisions so far.
    pub collisions: i64,
    /// All existing revisions, oldest first.
    known: Vec<Rc<ControllerRevision>>,
}

/// A revision's data: the patch that restores a template. Models stateful_set_utils.go getPatch.
pub fn patch_of(template: &Value) -> Value {
    let mut template = template.clone();
    template.make_map().insert("$patch", "replace");
    Value::of([("spec", Value::of([("template", template)]))])
}

/// Whether a revision's data is [`patch_of`] this template. The empty timestamp that releases before 1.34 wrote does not count.
/// Models stateful_set_control.go setMatchesLatestExistingRevision.
fn restores(data: &Value, template: &Value) -> bool {
    let alone = |value: &Value, key: &str| value.get(key).filter(|_| value.members().count() == 1).cloned();
    let Some(mut patch) = alone(data, "spec").and_then(|spec| alone(&spec, "template")) else { return false };
    if patch.at(&TIMESTAMP).is_some_and(Value::is_null) {
        patch.remove(&TIMESTAMP);
    }
    patch.text_at(&["$patch"]) == Some("replace") && patch.members().filter(|(key, _)| &***key != "$patch").eq(template.members())
}

/// The hash of a revision's data. Models controller_history.go HashControllerRevision.
fn hash_of(data: &Value, collisions: i64) -> String {
    let mut bytes = data.to_json().into_bytes();
    bytes.extend(collisions.to_string().bytes());
    safe_encode(&fnv1_32(&bytes).to_string())
}

/// The set's revisions, including those it adopts, oldest first. Models stateful_set.go adoptOrphanRevisions.
pub(super) fn adopted(view: View, set: &StatefulSet, plan: &mut Plan) -> Result<Vec<Rc<ControllerRevision>>, Word> {
    let known = list(view, set);
    adopt(set, &known, plan)?;
    Ok(known)
}

/// Determines the set's revisions, planning the steps that create or renumber one.
pub(super) fn revisions(view: View, set: &Rc<StatefulSet>, known: Vec<Rc<ControllerRevision>>, plan: &mut Plan) -> Revisions {
    let holds = |r: &Rc<ControllerRevision>| restores(r.data.value(), set.spec.part("template"));
    let next = known.last().map_or(1, |r| r.number.saturating_add(1));
    let mut collisions = set.status.collision_count.unwrap_or(0);
    let (update, update_template) = if let Some(at) = known.iter().rposition(holds) {
        let equal = &known[at];
        if at + 1 != known.len() {
            plan.then(Step::new(Request::Edit(equal.key(), Edit::RevisionNumber(next))));
        }
        (Rc::clone(&equal.meta.name), equal.data.template.clone())
    } else {
        let revision = new_revision(view, set, patch_of(set.spec.part("template")), next, &mut collisions);
        let made = (Rc::clone(&revision.meta.name), revision.data.template.clone());
        // An existing revision of this name with the same data will do, whoever owns it.
        plan.then(Step::new(Request::Create(Object::ControllerRevision(Rc::new(revision)))).on_error(OnError::IgnoreAlreadyExists));
        made
    };
    let current = known.iter().find(|r| r.meta.name == set.status.current_revision);
    let (current, current_template) =
        current.map_or((Rc::clone(&update), update_template.clone()), |r| (Rc::clone(&r.meta.name), r.data.template.clone()));
    Revisions { current, current_template, update, update_template, collisions, known }
}

/// The set's revisions, plus the orphans that match its selector, oldest first.
fn list(view: View, set: &StatefulSet) -> Vec<Rc<ControllerRevision>> {
    let all = view.cache.tables.within(Kind::ControllerRevision, &set.meta.namespace).filter_map(Object::as_revision);
    let fits = |r: &&Rc<ControllerRevision>| {
        set.spec.selector.matches(&r.meta.labels) && r.meta.controller().is_none_or(|o| o.uid == set.meta.uid)
    };
    let mut known: Vec<_> = all.filter(fits).cloned().collect();
    known.sort_small_by(|a, b| (a.number, a.meta.created.stamp(), &a.meta.name).cmp(&(b.number, b.meta.created.stamp(), &b.meta.name)));
    known
}

fn adopt(set: &StatefulSet, known: &[Rc<ControllerRevision>], plan: &mut Plan) -> Result<(), Word> {
    let orphans: Vec<_> = known.iter().filter(|r| r.meta.controller().is_none()).collect();
    if orphans.is_empty() {
        return Ok(());
    }
    if set.meta.terminating() {
        return Err(format!("can't adopt ControllerRevisions: {}/{} has just been deleted", set.meta.namespace, set.meta.name).into());
    }
    for revision in orphans {
        let owner = OwnerRef::controller(Kind::StatefulSet, &set.meta);
        plan.then(Step::new(Request::Edit(revision.key(), Edit::AddOwner(revision.meta.uid, owner))));
    }
    Ok(())
}

fn new_revision(view: View, set: &Rc<StatefulSet>, data: Value, number: i64, collisions: &mut i64) -> ControllerRevision {
    let prefix: String = set.meta.name.chars().take(MAX_NAME).collect();
    let (hash, name) = loop {
        let hash = hash_of(&data, *collisions);
        let name: Name = format!("{prefix}-{hash}").into();
        match view.cache.tables.revision(&set.meta.namespace, &name) {
            Some(taken) if *taken.data.value() != data => *collisions += 1,
            _ => break (hash, name),
        }
    };
    let mut labels = (*set.spec.template.labels).clone();
    labels.insert(HASH_LABEL.into(), hash.into());
    let meta = Meta {
        namespace: Rc::clone(&set.meta.namespace),
        name,
        labels: Rc::new(labels),
        annotations: Rc::clone(&set.meta.annotations),
        owners: vec![OwnerRef::controller(Kind::StatefulSet, &set.meta)].into(),
        ..Meta::default()
    };
    ControllerRevision { meta, number, data: Parsed::new(data) }
}

impl Revisions {
    /// The steps that delete revisions beyond the history limit: those not referenced by the set or a pod, oldest first.
    pub(super) fn forget(&self, set: &StatefulSet, pods: &SetPods) -> Vec<Step> {
        let in_use =
            |r: &Rc<ControllerRevision>| r.meta.name == self.current || r.meta.name == self.update || pods.has_revision(&r.meta.name);
        let unused: Vec<_> = self.known.iter().filter(|r| !in_use(r)).collect();
        let Ok(limit) = usize::try_from(set.spec.revision_history_limit) else { return Vec::new() };
        let surplus = unused.len().saturating_sub(limit);
        let step =
            |r: &&Rc<ControllerRevision>| Step::new(Request::Delete(r.key(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound);
        unused.iter().take(surplus).map(step).collect()
    }
}
