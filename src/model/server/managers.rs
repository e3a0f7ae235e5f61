//! Which manager owns which field of an object: computed from the log when somebody asks.
//!
//! The log holds every write with its author; a client's write is also [`Signed`]: it says what was sent under which manager's name.
//! Managers follow from these, so nothing is computed or stored for the many writes whose managers nobody ever asks about. Where they
//! had to be computed, for an apply, the write holds the result, and later questions start from there.
//!
//! Models apiserver pkg/endpoints/handlers (create.go, update.go, patch.go: what the field manager is given),
//! apimachinery pkg/util/managedfields/scalehandler.go, and which subresource each component writes.
//! Not modelled: writes that the log has dropped, whose fields count as set by the author of the next write; the scheduler's events,
//! which it really writes as events.k8s.io/v1, where some fields have other names.

use std::rc::Rc;

use super::Server;
use super::form::settled;
use super::log::{Actor, Change};
use super::signed::Signed;
use api::admit::{is_default_toleration, is_token};
use api::client::{Subresource, WriteOptions};
use api::controller::Controller;
use api::kind::Kind;
use api::managed::{self, Entry, KUBECTL, MANAGED_FIELDS, Writer};
use api::object::Object;
use api::well_known::TEMPLATE_GENERATION;
use base::time::Time;
use base::value::Value;

/// The process of the controllers.
const CONTROLLERS: &str = "kube-controller-manager";

/// Where a DaemonSet says how often its template changed.
const GENERATION: [&str; 3] = ["metadata", "annotations", TEMPLATE_GENERATION];

/// Who writes a part of an object with these options.
pub fn signer(options: &WriteOptions, part: Subresource) -> Writer {
    Writer { manager: Rc::clone(&options.manager), part }
}

/// Whether two lists of managers are the same but for their times, in the order that these give them.
/// Models apiserver pkg/util/managedfields IgnoreManagedFieldsTimestampsTransformer.
pub fn same(some: &[Entry], others: &[Entry]) -> bool {
    let timeless = |entries: &[Entry]| -> Vec<Value> {
        let mut encoded = managed::encode(entries).as_list().unwrap_or_default().to_vec();
        for entry in &mut encoded {
            entry.remove(&["time"]);
        }
        encoded
    };
    timeless(some) == timeless(others)
}

impl Server {
    /// Carries out a client's request with what it says about managers.
    pub fn signing<T>(&mut self, signed: Signed, request: impl FnOnce(&mut Self) -> T) -> T {
        self.signed = Some(Rc::new(signed));
        let answer = request(self);
        self.signed = None;
        answer
    }

    /// What a client's write says about managers: what was sent, or the managers if it sets them itself.
    pub fn signed_by(&self, old: Option<&Object>, writer: Writer, sent: &mut Value) -> Signed {
        let named = sent.remove(&MANAGED_FIELDS).and_then(|fields| managed::decode(&fields));
        let (Some(old), Some(mut managers)) = (old, named) else { return Signed::Sent(writer, sent.clone()) };
        let new = settled(old.kind(), sent, self.release);
        managed::update(old.kind(), Some(&old.encode()), &new, &mut managers, &writer, self.now);
        let changed = !same(&managers, &self.managers_of(old));
        Signed::Managers(Rc::new(managers), changed)
    }

    /// The managers of an object.
    pub fn managers_of(&self, object: &Object) -> Vec<Entry> {
        let key = object.key();
        let mut writes: Vec<&Change> = Vec::new();
        for change in (self.log.first()..self.log.len()).rev().filter_map(|i| self.log.get(i)).filter(|change| change.key == key) {
            if change.after.as_ref().is_none_or(|after| after.meta().uid != object.meta().uid) {
                break;
            }
            writes.push(change);
            if change.before.is_none() || matches!(change.signed.as_deref(), Some(Signed::Managers(..))) {
                break;
            }
        }
        let mut managers = Vec::new();
        let begun = |change: &&Change| matches!(change.signed.as_deref(), Some(Signed::Managers(..)));
        if let Some(first) = writes.pop() {
            if let Some(before) = first.before.as_ref().filter(|_| !begun(&first)) {
                managed::update(
                    key.kind,
                    None,
                    &before.encode(),
                    &mut managers,
                    &writer_of(&first.by, key.kind, Subresource::None),
                    before.meta().created,
                );
            }
            self.see(first, &mut managers);
        }
        for change in writes.into_iter().rev() {
            self.see(change, &mut managers);
        }
        managers
    }

    /// What a write does to the managers.
    fn see(&self, change: &Change, managers: &mut Vec<Entry>) {
        let Some(after) = &change.after else { return };
        let (kind, at) = (change.key.kind, change.at);
        let old = change.before.as_ref().map(Object::encode);
        match (change.signed.as_deref(), &old) {
            (Some(Signed::Managers(known, _)), _) => managers.clone_from(known),
            (Some(Signed::Sent(writer, _)), Some(old)) if writer.part == Subresource::Scale => {
                rescaled(kind, old, &after.encode(), managers, writer);
            }
            (Some(Signed::Sent(writer, sent)), _) => self.see_sent(kind, old.as_ref(), sent, managers, writer, at),
            (None, _) if change.by == Actor::User || is_aside(change) => {}
            (None, _) => by_component(self, change, after, old, managers),
        }
    }

    /// What an object that a client sends does to the managers.
    fn see_sent(&self, kind: Kind, old: Option<&Value>, sent: &Value, managers: &mut Vec<Entry>, writer: &Writer, at: Time) {
        let mut new = settled(kind, sent, self.release);
        if kind == Kind::DaemonSet && new.at(&GENERATION).is_none() {
            // What is converted to the version that is stored, and back, has it. Models pkg/apis/apps/v1/conversion.go.
            new.set(&GENERATION, "0");
        }
        managed::update(kind, old, &new, managers, writer, at);
    }

    /// Whether a client's write that leaves an object as it is changes its managers: they see what was sent, before the update strategy
    /// drops fields whose gate is off.
    pub fn rewrites(&self, object: &Object) -> bool {
        match self.signed.as_deref() {
            Some(Signed::Managers(_, changed)) => *changed,
            Some(Signed::Sent(writer, sent)) if writer.part != Subresource::Status => {
                let before = self.managers_of(object);
                let mut after = before.clone();
                if writer.part == Subresource::Scale {
                    // Here times count, too.
                    rescaled(object.kind(), sent, sent, &mut after, writer);
                    return after != before;
                }
                self.see_sent(object.kind(), Some(&object.encode()), sent, &mut after, writer, self.now);
                !same(&after, &before)
            }
            _ => false,
        }
    }
}

/// Whether a write does not go through the field manager: a deletion, or a binding.
fn is_aside(change: &Change) -> bool {
    let [before, after] = change.sides(Some);
    let deletion = before.zip(after).is_some_and(|(before, after)| before.meta().deletion != after.meta().deletion);
    let [before, after] = change.sides(Object::as_pod);
    deletion || before.zip(after).is_some_and(|(before, after)| before.node != after.node)
}

/// What a component's write does to the managers. Status is written through its subresource, apart from the cases below.
fn by_component(server: &Server, change: &Change, after: &Object, old: Option<Value>, managers: &mut Vec<Entry>) {
    let (kind, by, at) = (after.kind(), &change.by, change.at);
    let mut new = after.encode();
    forget_unasked(server, kind, &mut new);
    let Some(mut old) = old else {
        if kind != Kind::Node {
            return managed::update(kind, None, &new, managers, &writer_of(by, kind, Subresource::None), at);
        }
        // The kubelet registers its node, and controllers complete it.
        let mut bare = new.clone();
        for path in [["metadata", "annotations"], ["spec", "podCIDR"], ["spec", "podCIDRs"]] {
            bare.remove(&path);
        }
        managed::update(kind, None, &bare, managers, &named("kubelet", Subresource::None), at);
        return managed::update(kind, Some(&bare), &new, managers, &named(CONTROLLERS, Subresource::None), at);
    };
    forget_unasked(server, kind, &mut old);
    if kind == Kind::Deployment && *by == Actor::Controller(Controller::Deployment) {
        // Its annotations are written with its status. Models pkg/controller/deployment/sync.go getNewReplicaSet.
        return managed::update(kind, Some(&old), &new, managers, &writer_of(by, kind, Subresource::Status), at);
    }
    let (mut main, mut told) = (new.clone(), old.clone());
    for (part, from) in [(&mut main, &old), (&mut told, &new)] {
        match from.get("status") {
            Some(status) => part.set(&["status"], status.clone()),
            None => drop(part.remove(&["status"])),
        }
    }
    if *by == Actor::Controller(Controller::Autoscaler) && kind != Kind::HorizontalPodAutoscaler {
        rescaled(kind, &old, &main, managers, &writer_of(by, kind, Subresource::Scale));
    } else {
        managed::update(kind, Some(&old), &main, managers, &writer_of(by, kind, Subresource::None), at);
    }
    managed::update(kind, Some(&old), &told, managers, &writer_of(by, kind, Subresource::Status), at);
}

/// What a write to the scale subresource does to the managers. As in a real cluster, such an entry has no time.
fn rescaled(kind: Kind, old: &Value, new: &Value, managers: &mut Vec<Entry>, writer: &Writer) {
    const REPLICAS: [&str; 2] = ["spec", "replicas"];
    managed::rescale(kind, managers, writer, &REPLICAS, old.at(&REPLICAS) != new.at(&REPLICAS));
}

fn named(manager: &str, part: Subresource) -> Writer {
    Writer { manager: manager.into(), part }
}

/// A component as a manager.
fn writer_of(by: &Actor, kind: Kind, part: Subresource) -> Writer {
    let manager = match by {
        Actor::User => KUBECTL,
        Actor::Setup | Actor::ApiServer => match kind {
            Kind::StorageClass => "kubectl-create",
            Kind::ServiceAccount | Kind::ConfigMap => CONTROLLERS,
            _ => "kube-apiserver",
        },
        Actor::Controller(_) => CONTROLLERS,
        Actor::Scheduler => "kube-scheduler",
        Actor::Kubelet(_) => "kubelet",
        Actor::Provisioner(name) => name,
        Actor::Speaker(source) => match &**source {
            "default-scheduler" => "kube-scheduler",
            "kubelet" => "kubelet",
            _ => CONTROLLERS,
        },
    };
    named(manager, part)
}

/// Removes from a component's object what admission and the kind's strategy put in after the field manager.
/// Models plugin/pkg/admission (serviceaccount, priority, defaulttolerationseconds, storage/persistentvolume/objectinuseprotection,
/// storage/setdefault), and pkg/registry/core: namespace, pod and persistentvolume strategy.go.
fn forget_unasked(server: &Server, kind: Kind, object: &mut Value) {
    match kind {
        Kind::Namespace => drop(object.remove(&["spec", "finalizers"])),
        Kind::Pod => forget_of_pod(object),
        Kind::PersistentVolume => {
            object.remove(&["metadata", "finalizers"]);
            object.remove(&["status", "lastPhaseTransitionTime"]);
        }
        Kind::PersistentVolumeClaim => {
            object.remove(&["metadata", "finalizers"]);
            if !names_class(server, object) {
                object.remove(&["spec", "storageClassName"]);
            }
        }
        _ => {}
    }
}

/// Whether the StatefulSet of a claim names a storage class in its template.
fn names_class(server: &Server, claim: &Value) -> bool {
    let text = |field| claim.text_at(&["metadata", field]).unwrap_or_default();
    let mut sets = server.tables.within(Kind::StatefulSet, text("namespace")).filter_map(Object::as_stateful_set);
    let template = sets.find_map(|set| set.of_claim(text("name")));
    template.is_none_or(|(template, _)| template.spec.get("storageClassName").is_some())
}

fn forget_of_pod(pod: &mut Value) {
    let own_account = pod.text_at(&["spec", "serviceAccountName"]).is_some_and(|name| name != "default");
    let own_tolerations = !pod.list_at(&["spec", "tolerations"]).iter().all(is_default_toleration);
    for (field, own) in [
        ("serviceAccount", own_account),
        ("serviceAccountName", own_account),
        ("tolerations", own_tolerations),
        ("priority", false),
        ("preemptionPolicy", false),
    ] {
        if !own {
            pod.remove(&["spec", field]);
        }
    }
    let without_token = |holder: &mut Value, field: &str| {
        if let Some(list) = holder.get(field).and_then(Value::as_list) {
            let kept: Vec<Value> = list.iter().filter(|item| !is_token(item)).cloned().collect();
            if kept.is_empty() { drop(holder.remove(&[field])) } else { holder.set(&[field], Value::list(kept)) }
        }
    };
    let Some(spec) = pod.make_map().get_mut("spec") else { return };
    without_token(spec, "volumes");
    for containers in ["containers", "initContainers"] {
        if let Some(list) = spec.make_map().get_mut(containers) {
            list.make_list().iter_mut().for_each(|container| without_token(container, "volumeMounts"));
        }
    }
    if pod.at(&["status", "startTime"]).is_none() {
        // Which generation a pod was seen at is the kubelet's to say.
        pod.remove(&["status", "observedGeneration"]);
        if let Some(conditions) = pod.at(&["status", "conditions"]).cloned() {
            let mut conditions = conditions;
            conditions.make_list().iter_mut().for_each(|condition| drop(condition.remove(&["observedGeneration"])));
            pod.set(&["status", "conditions"], conditions);
        }
    }
}
