//! The ReplicaSet for a Deployment's current template: how it is found, created and numbered.
//!
//! Models pkg/controller/deployment/sync.go getNewReplicaSet and util/deployment_util.go FindNewReplicaSet,
//! SetNewReplicaSetAnnotations, NewRSNewReplicas.

use std::rc::Rc;

use super::progress::ProgressReason;
use super::{PROGRESSING, Sets, Sync};
use crate::plan::Step;
use crate::pod_control::template_hash;
use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::event::EventType;
use api::object::pod::Truth;
use api::object::workload::{DeploymentStrategy, ReplicaSetSpec, ReplicaSetStatus, without_hash};
use api::object::{Meta, Name, ObjectKey, OwnerRef, Parsed, ReplicaSet};
use api::obstacle::{Failure, Obstacle};
use api::well_known::{DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, POD_TEMPLATE_HASH};
use base::value::Value;
use server::request::Request;
use why::{Reason, Verdict};

/// The maximum length of a ReplicaSet's name. Models k8s.io/apimachinery/pkg/util/validation DNS1123SubdomainMaxLength.
const MAX_NAME: usize = 253;
/// The maximum length of the revision history annotation. Models sync.go maxRevHistoryLengthInChars.
const MAX_HISTORY: usize = 2000;

/// Annotations that are not copied from a Deployment to its ReplicaSets. Models deployment_util.go annotationsToSkip.
const OWN_ANNOTATIONS: [&str; 6] =
    [LAST_APPLIED, DEPLOYMENT_REVISION, DEPLOYMENT_REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, "deprecated.deployment.rollback.to"];

impl Sync<'_> {
    /// The ReplicaSets; also plans updates to the revision numbers of the new one and of the Deployment.
    pub(super) fn sets(&mut self) -> Sets {
        let template = without_hash(self.deployment.spec.part("template"));
        let at = self.known.iter().position(|set| without_hash(set.spec.part("template")) == template);
        let mut old = self.known.clone();
        let new = at.map(|at| old.remove(at));
        let new = new.map(|set| self.number(set, number_after(&old)));
        Sets { new, old }
    }

    /// The ReplicaSets, with the new one created if it is missing.
    pub(super) fn sets_with_new(&mut self) -> Option<Sets> {
        let mut sets = self.sets();
        if sets.new.is_none() {
            sets.new = Some(self.make(&sets)?);
        }
        Some(sets)
    }

    /// Updates the annotations of the new ReplicaSet or, once they are current, those of the Deployment.
    fn number(&mut self, set: Rc<ReplicaSet>, number: i64) -> Rc<ReplicaSet> {
        let mut numbered = Rc::clone(&set);
        let seconds = self.deployment.spec.min_ready_seconds;
        self.copy_annotations(Rc::make_mut(&mut numbered), number);
        Rc::make_mut(&mut numbered).spec.edit(|spec| set_min_ready_seconds(spec, seconds));
        if numbered != set {
            self.written.insert(Rc::clone(&set.meta.name));
            self.plan.then(Step::new(Request::Update(numbered.clone().into())));
            return numbered;
        }
        let mut changed = self.take_number(set.meta.annotation(DEPLOYMENT_REVISION).cloned());
        if self.deployment.spec.progress_deadline.is_some() && self.deployment.status.condition(PROGRESSING).is_none() {
            let message = format!("Found new replica set \"{}\"", set.meta.name);
            self.tell_progress(Truth::True, ProgressReason::Found, message);
            changed = true;
        }
        if changed {
            self.write();
        }
        set
    }

    /// Gives the Deployment the revision number of its newest ReplicaSet. Models deployment_util.go SetDeploymentRevision.
    fn take_number(&mut self, number: Option<Name>) -> bool {
        let number = number.unwrap_or_default();
        if self.deployment.meta.annotation(DEPLOYMENT_REVISION) == Some(&number) {
            return false;
        }
        let meta = &mut Rc::make_mut(&mut self.deployment).meta;
        Rc::make_mut(&mut meta.annotations).insert(DEPLOYMENT_REVISION.into(), number);
        true
    }

    /// Models deployment_util.go SetNewReplicaSetAnnotations.
    fn copy_annotations(&self, set: &mut ReplicaSet, number: i64) {
        let was = set.meta.annotation(DEPLOYMENT_REVISION).cloned();
        let annotations = Rc::make_mut(&mut set.meta.annotations);
        for (key, value) in self.deployment.meta.annotations.iter().filter(|(key, _)| !OWN_ANNOTATIONS.contains(&&***key)) {
            annotations.insert(Rc::clone(key), Rc::clone(value));
        }
        let Ok(old) = was.as_ref().map_or(Ok(0), |was| was.parse::<i64>()) else { return };
        if old >= number {
            return;
        }
        annotations.insert(DEPLOYMENT_REVISION.into(), number.to_string().into());
        if let Some(was) = was {
            let history = annotations.get(DEPLOYMENT_REVISION_HISTORY).map(|h| longer_history(h, &was)).unwrap_or(was);
            annotations.insert(DEPLOYMENT_REVISION_HISTORY.into(), history);
        }
    }

    /// Creates the ReplicaSet for the template. `None` if the name is taken: the next sync will use another hash.
    fn make(&mut self, sets: &Sets) -> Option<Rc<ReplicaSet>> {
        let hash = template_hash(self.deployment.spec.part("template"), self.deployment.status.collision_count, self.view.release);
        let longest = MAX_NAME - 1 - hash.len();
        let name: Name = format!("{}-{hash}", self.deployment.meta.name.get(..longest).unwrap_or(&self.deployment.meta.name)).into();
        let key = ObjectKey::new(Kind::ReplicaSet, &self.deployment.meta.namespace, &name);
        if self.view.cache.tables.get(&key).is_some() {
            self.collide(&name);
            return None;
        }
        let replicas = self.first_size(sets);
        let set = Rc::new(self.new_set(&name, &hash, replicas, sets));
        let mut step = Step::new(Request::Create(set.clone().into())).reports_failure(self.pending_event(
            EventType::Warning,
            ProgressReason::CreateFailed.word(),
            format!("Failed to create new replica set \"{name}\": "),
        ));
        if self.deployment.spec.progress_deadline.is_some() {
            step = step.noted_by(&self.deployment);
        }
        if replicas > 0 {
            step = step.says(self.pending_event(
                EventType::Normal,
                "ScalingReplicaSet",
                format!("Scaled up replica set {name} from 0 to {replicas}"),
            ));
        }
        self.plan.then(step);
        self.decide(Verdict::Acts, Reason::CreatingReplicaSet { name: Rc::clone(&name), replicas });
        let mut changed = self.take_number(set.meta.annotation(DEPLOYMENT_REVISION).cloned());
        if self.deployment.spec.progress_deadline.is_some() {
            let message = format!("Created new replica set \"{name}\"");
            self.tell_progress(Truth::True, ProgressReason::Created, message);
            changed = true;
        }
        if changed {
            self.write();
        }
        Some(set)
    }

    fn collide(&mut self, name: &Name) {
        let status = &mut Rc::make_mut(&mut self.deployment).status;
        status.collision_count = Some(status.collision_count.unwrap_or(0) + 1);
        self.write();
        self.plan.error =
            Some(Failure::of(format!("replicasets.apps \"{name}\" already exists"), Obstacle::Taken(Kind::ReplicaSet, name.clone())));
        self.decide(Verdict::Refused, Reason::ReplicaSetNameTaken { name: Rc::clone(name) });
    }

    /// The initial size of a new ReplicaSet. Models deployment_util.go NewRSNewReplicas.
    fn first_size(&self, sets: &Sets) -> i64 {
        match self.deployment.spec.strategy {
            DeploymentStrategy::Recreate => self.deployment.spec.replicas,
            DeploymentStrategy::RollingUpdate { .. } => self.grown(0, sets.wanted()),
        }
    }

    /// The size a new ReplicaSet may grow to, given that all ReplicaSets together want `all` pods.
    pub(super) fn grown(&self, size: i64, all: i64) -> i64 {
        let room = self.deployment.spec.replicas + self.deployment.max_surge() - all;
        size + room.max(0).min(self.deployment.spec.replicas - size)
    }

    fn new_set(&self, name: &Name, hash: &str, replicas: i64, sets: &Sets) -> ReplicaSet {
        let deployment = &self.deployment;
        let mut template = deployment.spec.part("template").clone();
        template.set(&["metadata", "labels", POD_TEMPLATE_HASH], hash);
        let mut selector = deployment.spec.part("selector").clone();
        selector.set(&["matchLabels", POD_TEMPLATE_HASH], hash);
        let mut spec = Value::of([("replicas", Value::Int(replicas)), ("selector", selector), ("template", template)]);
        set_min_ready_seconds(&mut spec, deployment.spec.min_ready_seconds);
        let spec: Parsed<ReplicaSetSpec> = Parsed::new(spec);
        let meta = Meta {
            namespace: Rc::clone(&deployment.meta.namespace),
            name: Rc::clone(name),
            labels: Rc::clone(&spec.template.labels),
            owners: vec![OwnerRef::controller(Kind::Deployment, &deployment.meta)].into(),
            ..Meta::default()
        };
        let mut set = ReplicaSet { meta, spec, status: ReplicaSetStatus::default() };
        self.copy_annotations(&mut set, number_after(&sets.old));
        self.note_size(&mut set);
        set
    }

    /// Records the Deployment's desired and maximum replicas in a ReplicaSet's annotations.
    /// Models deployment_util.go SetReplicasAnnotations.
    pub(super) fn note_size(&self, set: &mut ReplicaSet) {
        let replicas = self.deployment.spec.replicas;
        let annotations = Rc::make_mut(&mut set.meta.annotations);
        annotations.insert(DESIRED_REPLICAS.into(), replicas.to_string().into());
        annotations.insert(MAX_REPLICAS.into(), (replicas + self.deployment.max_surge()).to_string().into());
    }
}

/// The revision number after those of the old ReplicaSets. Models deployment_util.go MaxRevision.
fn number_after(old: &[Rc<ReplicaSet>]) -> i64 {
    old.iter().filter_map(revision).max().unwrap_or(0).saturating_add(1)
}

/// The revision number of a ReplicaSet. Models deployment_util.go Revision.
pub(super) fn revision(set: &Rc<ReplicaSet>) -> Option<i64> {
    set.meta.annotation(DEPLOYMENT_REVISION)?.parse().ok()
}

/// A revision history with one more number; the oldest are dropped when it becomes too long.
fn longer_history(history: &str, number: &str) -> Name {
    let mut numbers: Vec<&str> = history.split(',').filter(|n| !n.is_empty()).collect();
    numbers.push(number);
    while numbers.len() > 1 && numbers.join(",").len() > MAX_HISTORY {
        numbers.remove(0);
    }
    numbers.join(",").into()
}

/// Sets `minReadySeconds` of a spec, which does not tell of 0.
fn set_min_ready_seconds(spec: &mut Value, seconds: i64) {
    if seconds == 0 {
        spec.remove(&["minReadySeconds"]);
    } else {
        spec.set(&["minReadySeconds"], seconds);
    }
}
