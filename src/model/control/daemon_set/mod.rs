//! The DaemonSet controller: runs one pod on every eligible node, and replaces old pods a few at a time.
//!
//! Models pkg/controller/daemon/daemon_controller.go syncDaemonSet, manage, NodeShouldRunDaemonPod and update.go rollingUpdate.
//! Reads: the controllers' cache.
//! Keeps: when it last deleted failed pods ([`back_off`]).

pub(crate) mod back_off;
mod history;
mod update;
mod watch;

use api::well_known::{CONTROLLER_REVISION_HASH, TEMPLATE_GENERATION};
use base::given::SetGiven;
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use back_off::Memory;
use history::{Histories, histories, patch_of};
pub use watch::CONTROLLER;

use super::plan::{Batch, OnError, Plan, Step};
use super::pod_control::{PodControl, slow_batches, template_hash};
use super::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::meta::decode_labels;
use api::object::node::{NO_EXECUTE, NO_SCHEDULE, Node};
use api::object::pod::READY;
use api::object::scheduling::NodeRequirement;
use api::object::selector::Selector;
use api::object::{ControllerRevision, Labels, Meta, Name, Object, ObjectKey, OwnerRef, Parsed, Plain, Pod, PodPhase, PodTemplate};
use base::time::Span;
use base::value::Value;
use server::request::{Edit, Request};
use why::{Component, Decision, Reason, Verdict};

/// The source component of this controller's events.
const SOURCE: &str = "daemonset-controller";
/// Added to the wait until a pod becomes available. daemon_controller.go updatePod.
const AVAILABLE_MARGIN: Span = Span::seconds(1);
/// The label with the generation of a pod's template.
const GENERATION_LABEL: &str = "pod-template-generation";

/// The tolerations added to every pod of a DaemonSet. Models pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations.
const TOLERATED: [(&str, &str); 6] = [
    ("node.kubernetes.io/not-ready", NO_EXECUTE),
    ("node.kubernetes.io/unreachable", NO_EXECUTE),
    ("node.kubernetes.io/disk-pressure", NO_SCHEDULE),
    ("node.kubernetes.io/memory-pressure", NO_SCHEDULE),
    ("node.kubernetes.io/pid-pressure", NO_SCHEDULE),
    ("node.kubernetes.io/unschedulable", NO_SCHEDULE),
];

/// Whether a node should run a pod, and whether an existing one may stay.
struct Fit {
    runs: bool,
    stays: bool,
}

/// One sync of a DaemonSet.
struct Sync<'a> {
    view: View<'a>,
    set: &'a Rc<Plain>,
    key: ObjectKey,
    /// The template that pods are created from, before the node affinity is added.
    template: Parsed<PodTemplate>,
    hash: String,
    min_ready: Span,
    selector: Selector,
    history: Histories<'a>,
    /// The set's pods by target node, including those that it adopts, oldest first, without terminal pods that are already being deleted.
    /// Models getNodesToDaemonPods.
    pods: SortedMap<Name, Vec<&'a Rc<Pod>>>,
    /// How many failed pods are left for now, and when the first of them is looked at again.
    left: Option<(i64, Span)>,
    plan: Plan,
}

/// Plans one sync of a DaemonSet.
fn plan(view: View, key: &ObjectKey, memory: &mut Memory) -> Plan {
    let (namespace, name) = (&key.namespace, &key.name);
    let Some(Object::Plain(set)) = view.cache.tables.find(Kind::DaemonSet, namespace, name) else { return Plan::default() };
    let key = key.clone();
    if let Some(waits) = view.stale(Component::DaemonSet, &key) {
        return waits;
    }
    if set.meta.terminating() {
        return Plan::nothing(Decision::new(Component::DaemonSet, key, Verdict::Done, Reason::WorkloadIsBeingDeleted));
    }
    let mut sync = Sync::new(view, set, key);
    sync.keep_revision();
    sync.claim();
    memory.forget(view.now);
    if !sync.manage(memory) {
        if sync.set.raw.text_at(&["spec", "updateStrategy", "type"]) == Some("OnDelete") {
            sync.wait_for_deletions();
        } else {
            sync.replace_old();
        }
    }
    sync.write_status();
    sync.plan
}

/// Models daemon_controller.go NodeShouldRunDaemonPod.
fn place(template: &PodTemplate, node: &Node) -> Fit {
    let named = template.raw.text_at(&["nodeName"]).is_none_or(|name| *name == *node.meta.name);
    let fits = named && template.scheduling.allows_node(&node.meta.name, &node.meta.labels);
    let unbearable = |effect: &str| {
        let tolerated = |key: &str, value: &str| template.tolerations.iter().any(|t| t.tolerates(key, value, effect));
        node.taints.iter().any(|t| *t.effect == *effect && !tolerated(&t.key, &t.value))
    };
    Fit { runs: fits && !unbearable(NO_EXECUTE) && !unbearable(NO_SCHEDULE), stays: fits && !unbearable(NO_EXECUTE) }
}

impl<'a> Sync<'a> {
    fn new(view: View<'a>, set: &'a Rc<Plain>, key: ObjectKey) -> Self {
        let written = set.raw.at(&["spec", "template"]).cloned().unwrap_or_default();
        let selector = set.raw.at(&["spec", "selector"]).map(Selector::decode).unwrap_or_default();
        let history = histories(view, set, &selector);
        let named = history.current.and_then(|r| r.meta.label(CONTROLLER_REVISION_HASH)).map(ToString::to_string);
        let hash = named.unwrap_or_else(|| template_hash(&written, set.raw.int_at(&["status", "collisionCount"]), view.release));
        let seconds = set.raw.int_at(&["spec", "minReadySeconds"]).unwrap_or(0);
        let mut pods: SortedMap<Name, Vec<&Rc<Pod>>> = SortedMap::new();
        let forgotten = |pod: &Pod| pod.meta.terminating() && pod.status.phase.terminal();
        let own = view.cache.managed_pods(set.meta.uid);
        for pod in own.filter(|p| selector.matches(&p.meta.labels)).chain(orphans(view, set, &selector)) {
            if let Some(node) = meant_for(pod).filter(|_| !forgotten(pod)) {
                pods.entry(node).or_default().push(pod);
            }
        }
        for pods in pods.values_mut() {
            pods.sort_small_by_key(|p| (p.node.is_none(), p.meta.created.stamp(), Rc::clone(&p.meta.name)));
        }
        let template = PodTemplate::decode(&tolerant(written, &hash, set.meta.annotation(TEMPLATE_GENERATION)));
        let min_ready = Span::of_seconds(seconds);
        Sync { view, set, key, template, hash, min_ready, selector, history, pods, left: None, plan: Plan::default() }
    }

    /// Deletes all but one of the revisions of the template, once the set's pods carry the label of that one.
    /// Models update.go dedupCurHistories.
    fn drop_twins(&mut self) {
        let twins = &self.history.twins;
        if twins.is_empty() {
            return;
        }
        let label = (CONTROLLER_REVISION_HASH.into(), self.hash.as_str().into());
        for pod in self.pods.values().flatten().filter(|pod| pod.meta.label(CONTROLLER_REVISION_HASH) != Some(&label.1)) {
            self.plan.then(Step::new(Request::Edit(pod.key(), Edit::SetLabels(vec![label.clone()]))));
        }
        for twin in twins {
            self.plan.then(Step::new(Request::Delete(twin.key(), DeleteOptions::default())));
        }
    }

    /// Adopts revisions, deletes all but one of those of the template, creates that one or gives it the highest number again, and deletes
    /// old ones beyond the history limit. Models update.go constructHistory and cleanupHistory.
    fn keep_revision(&mut self) {
        let (meta, cache) = (&self.set.meta, self.view.cache);
        let Histories { current, twins, old } = &self.history;
        for orphan in old.iter().chain(twins).chain(current).filter(|r| r.meta.controller().is_none()) {
            let owner = OwnerRef::controller(Kind::DaemonSet, meta);
            self.plan.then(Step::new(Request::Edit(orphan.key(), Edit::AddOwner(orphan.meta.uid, owner))));
        }
        self.drop_twins();
        let Histories { current, old, .. } = &self.history;
        let number = old.last().map_or(0, |r| r.number).saturating_add(1);
        let name: Name = format!("{}-{}", meta.name, self.hash).into();
        match current.or_else(|| cache.tables.revision(&meta.namespace, &name)) {
            Some(known) if known.number < number => {
                let edit = Edit::RevisionNumber(number);
                self.plan.then(Step::new(Request::Edit(known.key(), edit)));
            }
            Some(_) => {}
            None => self.plan.then(Step::new(Request::Create(self.new_revision(name, number).into()))),
        }
        let limit = self.set.raw.int_at(&["spec", "revisionHistoryLimit"]).unwrap_or(i64::MAX);
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        let hash = |labels: &Labels| labels.get(CONTROLLER_REVISION_HASH).cloned();
        let live: SortedSet<Option<Name>> = self.pods.values().flatten().map(|pod| hash(&pod.meta.labels)).collect();
        for gone in old.iter().filter(|r| !live.contains(&hash(&r.meta.labels))).take(surplus) {
            let delete = Request::Delete(gone.key(), DeleteOptions::default());
            self.plan.finally.push(Step::new(delete).on_error(OnError::IgnoreNotFound));
        }
    }

    fn new_revision(&self, name: Name, number: i64) -> ControllerRevision {
        let meta = &self.set.meta;
        let mut labels = (*decode_labels(self.set.raw.at(&["spec", "template", "metadata", "labels"]))).clone();
        labels.insert(CONTROLLER_REVISION_HASH.into(), self.hash.as_str().into());
        let meta = Meta {
            namespace: Rc::clone(&meta.namespace),
            name,
            labels: Rc::new(labels),
            annotations: Rc::clone(&meta.annotations),
            owners: vec![OwnerRef::controller(Kind::DaemonSet, meta)].into(),
            ..Meta::default()
        };
        ControllerRevision { meta, number, data: Parsed::new(patch_of(self.set)) }
    }

    /// Adopts matching pods without a controller, and releases those that the selector no longer matches.
    /// Models pkg/controller/controller_ref_manager.go ClaimPods.
    fn claim(&mut self) {
        let (set, cache) = (self.set, self.view.cache);
        let adopt = |pod: &Rc<Pod>| vec![Step::adopt(pod.key(), pod.meta.uid, OwnerRef::controller(Kind::DaemonSet, &set.meta))];
        let mut batch: Batch = orphans(self.view, set, &self.selector).map(adopt).collect();
        let strangers = cache.managed_pods(set.meta.uid).filter(|pod| !self.selector.matches(&pod.meta.labels));
        batch.extend(strangers.map(|pod| vec![Step::release(pod.key(), pod.meta.uid, set.meta.uid)]));
        if !batch.is_empty() {
            self.decide(Verdict::Acts, Reason::ClaimingPods);
            self.plan.batches.push(batch);
        }
    }

    /// Creates missing pods and deletes surplus and terminal ones; returns whether there were any. Models daemon_controller.go manage.
    fn manage(&mut self, memory: &mut Memory) -> bool {
        let pods = PodControl { kind: Kind::DaemonSet, owner: &self.set.meta, source: SOURCE };
        let (mut create, mut delete) = (Vec::new(), Vec::new());
        for node in self.view.cache.tables.nodes() {
            let place = self.place(node);
            match self.pods.get(&node.meta.name) {
                None if place.runs => create.push(pods.create(&self.template_for(&node.meta.name))),
                None => {}
                Some(there) => {
                    let staying = there.iter().filter(|p| !p.meta.terminating());
                    let (ended, lasting): (Vec<&Rc<Pod>>, Vec<&Rc<Pod>>) = staying.partition(|p| p.status.phase.terminal());
                    let (ended, lasting) = if place.stays { (self.ended(&ended, node, memory), lasting) } else { (ended, lasting) };
                    if place.runs && lasting.is_empty() && self.surge(1) > 0 {
                        create.push(pods.create(&self.template_for(&node.meta.name)));
                    }
                    let spare = if place.stays { self.excess(&lasting) } else { lasting };
                    delete.extend(ended.into_iter().chain(spare).map(|pod| vec![pods.delete(pod)]));
                }
            }
        }
        // Of a node that is no more, those that were never bound to it.
        let is_there = |node: &Name| self.view.cache.tables.node("", node).is_some();
        let astray = self.pods.iter().filter(|(node, _)| !is_there(node)).flat_map(|(_, pods)| pods);
        delete.extend(astray.filter(|pod| pod.node.is_none() && !pod.meta.terminating()).map(|pod| vec![pods.delete(pod)]));
        let (made, gone) = (create.len(), delete.len());
        self.plan.batches.extend(slow_batches(create));
        if made > 0 {
            self.decide(Verdict::Acts, Reason::CreatingOnNodes { count: i64::try_from(made).unwrap_or(i64::MAX) });
        }
        if gone > 0 {
            self.plan.batches.push(delete);
            self.decide(Verdict::Acts, Reason::RemovingReplicas { count: i64::try_from(gone).unwrap_or(i64::MAX) });
        }
        made + gone > 0
    }

    /// The pods that ended on a node and are deleted now; others that failed are left until their node's back-off is over.
    fn ended(&mut self, pods: &[&'a Rc<Pod>], node: &Node, memory: &mut Memory) -> Vec<&'a Rc<Pod>> {
        let control = PodControl { kind: Kind::DaemonSet, owner: &self.set.meta, source: SOURCE };
        let observed = self.set.raw.int_at(&["status", "observedGeneration"]).unwrap_or(0);
        let mut gone = Vec::new();
        for pod in pods {
            let failed = pod.status.phase == PodPhase::Failed;
            let wait = if failed { memory.action(self.set.meta.uid, observed, &node.meta.name, self.view.now) } else { None };
            if let Some(wait) = wait {
                let (count, first) = self.left.unwrap_or((0, wait));
                self.left = Some((count + 1, first.min(wait)));
                continue;
            }
            self.plan.say.push(said_of_ended(&control, pod, &node.meta.name));
            gone.push(*pod);
        }
        gone
    }

    /// Nothing is left to do, or nothing for now.
    fn rest(&mut self) {
        match self.left {
            Some((failed, _)) => self.decide(Verdict::Waits, Reason::BacksOff { failed }),
            None => self.decide(Verdict::Done, Reason::UpToDate),
        }
    }

    /// The surplus pods among those running on a node. Without surge, all but the oldest; with surge, a new pod may come up beside
    /// an old one that is ready. Models podsShouldBeOnNode.
    fn excess<'p>(&self, running: &[&'p Rc<Pod>]) -> Vec<&'p Rc<Pod>> {
        if self.surge(1) == 0 {
            return running.iter().skip(1).copied().collect();
        }
        let (new, old): (Vec<&Rc<Pod>>, Vec<&Rc<Pod>>) = running.iter().copied().partition(|p| self.is_new(p));
        let mut excess: Vec<&Rc<Pod>> = new.iter().skip(1).chain(old.iter().skip(1)).copied().collect();
        if let (Some(new), Some(old)) = (new.first(), old.first())
            && (!old.ready() || self.is_available(new))
        {
            excess.push(old);
        }
        excess
    }

    fn place(&self, node: &Node) -> Fit {
        place(&self.template, node)
    }

    /// The template for the pod on a given node. Models pkg/controller/daemon/util ReplaceDaemonSetPodNodeNameNodeAffinity.
    fn template_for(&self, node: &Name) -> Parsed<PodTemplate> {
        let path = &["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
        let field = Value::of([("key", Value::from("metadata.name")), ("operator", "In".into()), ("values", Value::list([node]))]);
        let mut terms = self.template.value().list_at(path).to_vec();
        if terms.is_empty() {
            terms.push(Value::map());
        }
        for term in &mut terms {
            term.set(&["matchFields"], Value::list([field.clone()]));
        }
        let mut template = self.template.clone();
        template.set(path, terms);
        template
    }

    /// Whether a pod is of the set's template, by its hash or by the number of the template, which begins anew with each set.
    /// Models pkg/controller/daemon/util IsPodUpdated.
    fn is_new(&self, pod: &Pod) -> bool {
        let generation = self.set.meta.annotation(TEMPLATE_GENERATION);
        pod.meta.label(CONTROLLER_REVISION_HASH).is_some_and(|hash| **hash == *self.hash)
            || generation.is_some() && pod.meta.label(GENERATION_LABEL) == generation
    }

    fn is_available(&self, pod: &Pod) -> bool {
        pod.is_available(self.min_ready, self.view.now)
    }

    /// When the next Ready pod becomes available. Models daemon_controller.go updatePod.
    fn next_available(&self) -> Option<Span> {
        let waiting = self.pods.values().flatten().filter(|p| p.ready() && !self.is_available(p));
        let since = waiting.filter_map(|p| p.condition(READY)).map(|c| c.since).min()?;
        Some((since + self.min_ready + AVAILABLE_MARGIN).since(self.view.now))
    }

    /// With `OnDelete`, old pods stay until somebody deletes them.
    fn wait_for_deletions(&mut self) {
        match self.pods.values().flatten().filter(|p| !self.is_new(p)).count() {
            0 => self.rest(),
            old => self.decide(Verdict::Waits, Reason::OnDeleteWaitsForYou { count: i64::try_from(old).unwrap_or(i64::MAX) }),
        }
    }

    /// Models daemon_controller.go updateDaemonSetStatus.
    fn write_status(&mut self) {
        let mut status = self.set.raw.get("status").cloned().unwrap_or_else(Value::map);
        let [mut desired, mut current, mut misscheduled, mut ready, mut available, mut updated] = [0i64; 6];
        for node in self.view.cache.tables.nodes() {
            let runs = self.place(node).runs;
            desired += i64::from(runs);
            let Some(pod) = self.pods.get(&node.meta.name).and_then(|pods| pods.first()) else { continue };
            if !runs {
                misscheduled += 1;
                continue;
            }
            current += 1;
            ready += i64::from(pod.ready());
            available += i64::from(self.is_available(pod));
            updated += i64::from(self.is_new(pod));
        }
        for (field, count) in [
            ("currentNumberScheduled", current),
            ("desiredNumberScheduled", desired),
            ("numberMisscheduled", misscheduled),
            ("numberReady", ready),
        ] {
            status.set(&[field], count);
        }
        for (field, count) in [
            ("observedGeneration", self.set.meta.generation),
            ("updatedNumberScheduled", updated),
            ("numberAvailable", available),
            ("numberUnavailable", desired - available),
        ] {
            if count == 0 {
                status.remove(&[field]);
            } else {
                status.set(&[field], count);
            }
        }
        let again = if ready == available { self.next_available() } else { Some(self.min_ready) };
        self.plan.again = again.into_iter().chain(self.left.map(|(_, wait)| wait)).min();
        if self.set.raw.get("status") != Some(&status) {
            let mut changed = Rc::clone(self.set);
            Rc::make_mut(&mut changed).raw.set(&["status"], status);
            self.plan.finally.push(Step::new(Request::Update(Object::Plain(changed))));
        }
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decide(Decision::new(Component::DaemonSet, self.key.clone(), verdict, because));
    }
}

/// The pods without a controller that a set adopts.
fn orphans<'a>(view: View<'a>, set: &'a Rc<Plain>, selector: &Selector) -> impl Iterator<Item = &'a Rc<Pod>> {
    view.cache.orphans(&set.meta.namespace).filter(|pod| !pod.meta.terminating() && selector.matches(&pod.meta.labels))
}

/// The node that a pod runs on or is pinned to. Models pkg/controller/daemon/util GetTargetNodeName.
fn meant_for(pod: &Pod) -> Option<Name> {
    let named = || {
        let terms = pod.spec.template.scheduling.node_required.as_ref()?;
        terms.iter().flat_map(|term| &term.0).find_map(|requirement| match requirement {
            NodeRequirement::NameIn(names) => names.first().cloned(),
            _ => None,
        })
    };
    pod.node.clone().or_else(named)
}

fn said_of_ended(pods: &PodControl, pod: &Pod, node: &str) -> super::plan::PendingEvent {
    let name = format!("{}/{}", pod.meta.namespace, pod.meta.name);
    if pod.status.phase == PodPhase::Failed {
        pods.pending_event(
            EventType::Warning,
            "FailedDaemonPod",
            format!("Found failed daemon pod {name} on node {node}, will try to kill it"),
        )
    } else {
        pods.pending_event(
            EventType::Normal,
            "SucceededDaemonPod",
            format!("Found succeeded daemon pod {name} on node {node}, will try to delete it"),
        )
    }
}

/// What two tolerations have in common that are the same but for how long they hold. Models core/v1 MatchToleration.
const TOLERATION_KEYS: [&str; 4] = ["key", "effect", "operator", "value"];

/// The template with the labels and tolerations that DaemonSet pods get. Models pkg/controller/daemon/util CreatePodTemplate.
fn tolerant(mut template: Value, hash: &str, generation: Option<&Name>) -> Value {
    template.set(&["metadata", "labels", CONTROLLER_REVISION_HASH], hash);
    template.set_some(&["metadata", "labels", GENERATION_LABEL], generation);
    let mut tolerations = template.list_at(&["spec", "tolerations"]).to_vec();
    let on_host = template.at(&["spec", "hostNetwork"]) == Some(&Value::Bool(true));
    for (key, effect) in TOLERATED.into_iter().chain(on_host.then_some(("node.kubernetes.io/network-unavailable", NO_SCHEDULE))) {
        let toleration = Value::of([("effect", effect), ("key", key), ("operator", "Exists")]);
        // One that the author limits in time is limited no more.
        let is_same = |own: &&mut Value| TOLERATION_KEYS.iter().all(|key| own.get(key) == toleration.get(key));
        match tolerations.iter_mut().find(is_same) {
            Some(own) => *own = toleration,
            None => tolerations.push(toleration),
        }
    }
    template.set(&["spec", "tolerations"], tolerations);
    template
}
