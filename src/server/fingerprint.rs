//! What the digest of a run takes from each write: which object, when, and what it says now.
//!
//! Promises: whatever of these differs between two runs, their digests differ; it depends on contents alone, not on what is shared, nor on
//! the width of a word of the machine.
//! Must not know: what the digest is compared with.
//! Not taken in: who wrote, field managers, and what of a pod's template its images do not tell. What one write leaves as the last one
//! had it was taken in then, so that large parts count only where they change.

use std::rc::Rc;

use super::differ;
use crate::api::object::meta::Labels;
use crate::api::object::network::EndpointSlice;
use crate::api::object::pod::{Condition, ContainerState, ContainerStatus, Terminated};
use crate::api::object::{Claim, Event, Meta, Object, Pod, StatefulSet, Uid, Volume};
use crate::base::value::Value;
use crate::server::log::Change;

/// An odd number whose bits are well mixed: 2 to the 64th, divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of a write.
pub(super) fn of(change: &Change) -> u64 {
    let mut print = Print(0);
    let uid = change.object().map_or(0, |o| o.meta().uid.bits());
    for word in [change.at.0, change.revision, change.key.kind as u64, uid, u64::from(change.after.is_some())] {
        print.word(word);
    }
    print.text(&change.key.namespace);
    print.text(&change.key.name);
    if let Some(object) = &change.after {
        print.object(change.before.as_ref(), object);
    }
    print.0
}

/// A hash that is being made. Cheap rather than strong: it tells runs apart, and nobody tries to deceive it.
struct Print(u64);

impl Print {
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(SPREAD);
    }

    fn number(&mut self, number: i64) {
        self.word(number.cast_unsigned());
    }

    fn numbers<const N: usize>(&mut self, numbers: [i64; N]) {
        for number in numbers {
            self.number(number);
        }
    }

    fn text(&mut self, text: &str) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        // The length goes with the rest, so that one text does not run into the next.
        self.word(rest.iter().fold(text.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn texts<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        for text in texts {
            self.text(text.as_ref());
        }
        self.word(0);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.word(1),
            Value::Bool(b) => self.word(2 + u64::from(*b)),
            Value::Int(n) => self.number(*n),
            Value::Real(text) | Value::Text(text) => self.text(text),
            Value::List(list) => {
                self.word(list.len() as u64);
                list.iter().for_each(|item| self.value(item));
            }
            Value::Map(map) => {
                for (key, item) in map.iter() {
                    self.text(key);
                    self.value(item);
                }
                self.word(4);
            }
        }
    }

    fn meta(&mut self, before: Option<&Meta>, meta: &Meta) {
        self.number(meta.generation);
        if let Some(deletion) = meta.deletion {
            self.word(deletion.at.0);
            self.number(deletion.grace);
        }
        self.labels(before.map(|m| &m.labels), &meta.labels);
        self.labels(before.map(|m| &m.annotations), &meta.annotations);
        for owner in &meta.owners {
            let blocks = owner.blocks.map_or(0, |blocks| if blocks { 1 } else { 4 });
            self.word(owner.uid.bits() ^ u64::from(owner.controller) << 1 ^ blocks);
        }
        self.texts(&meta.finalizers);
    }

    fn labels(&mut self, before: Option<&Labels>, labels: &Labels) {
        if before.is_none_or(|before| differ(before, labels)) {
            self.texts(labels.iter().flat_map(|(key, value)| [key, value]));
        }
        self.word(5);
    }

    fn raw(&mut self, before: Option<&Value>, raw: &Value) {
        if before != Some(raw) {
            self.value(raw);
        }
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for c in conditions {
            self.texts([&c.kind, &c.reason, &c.message].map(|word| &**word));
            self.word(c.since.0 << 2 | c.status as u64 | c.observed.cast_unsigned() << 56);
        }
    }

    fn object(&mut self, before: Option<&Object>, object: &Object) {
        self.meta(before.map(Object::meta), object.meta());
        match object {
            Object::Pod(pod) => self.pod(before.and_then(Object::as_pod), pod),
            Object::StatefulSet(set) => self.stateful_set(before.and_then(Object::as_stateful_set), set),
            Object::Deployment(d) => {
                self.raw(before.and_then(Object::as_deployment).map(|b| &b.spec.raw), &d.spec.raw);
                let s = &d.status;
                self.numbers([s.replicas, s.updated, s.ready, s.available, s.unavailable, s.observed_generation]);
                s.conditions.iter().for_each(|c| self.conditions(std::slice::from_ref(&c.condition)));
            }
            Object::ReplicaSet(set) => {
                self.raw(before.and_then(Object::as_replica_set).map(|b| &b.spec.raw), &set.spec.raw);
                let s = &set.status;
                self.numbers([s.replicas, s.fully_labeled, s.ready, s.available, s.observed_generation]);
                self.conditions(&s.conditions);
            }
            Object::Claim(claim) => self.claim(before.and_then(Object::as_claim), claim),
            Object::Volume(volume) => self.volume(before.and_then(Object::as_volume), volume),
            Object::Event(event) => self.event(event),
            Object::EndpointSlice(slice) => self.slice(before.and_then(Object::as_slice), slice),
            Object::Endpoints(endpoints) => self.word(endpoints.subsets.mark()),
            Object::Plain(plain) => self.raw(before.and_then(Object::as_plain).map(|b| &b.raw), &plain.raw),
            // There are few of these, and they rarely change.
            Object::Service(_) | Object::Node(_) | Object::Budget(_) | Object::ControllerRevision(_) | Object::StorageClass(_) => {
                self.value(&object.encode());
            }
        }
    }

    fn pod(&mut self, before: Option<&Rc<Pod>>, pod: &Pod) {
        if before.is_none_or(|before| differ(&before.spec, &pod.spec)) {
            let template = &pod.spec.template;
            self.texts(template.init_containers.iter().chain(&template.containers).flat_map(|c| [&c.name, &c.image]));
            self.texts(pod.claim_volumes().map(|v| &v.claim));
            self.texts([&pod.spec.hostname, &pod.spec.subdomain]);
        }
        let status = &pod.status;
        self.text(pod.node.as_deref().unwrap_or_default());
        self.text(&status.nominated);
        self.text(&status.reason);
        let address = u64::from(status.ip.map_or(0, |ip| u32::from_be_bytes(ip.0)));
        self.word(status.observed.cast_unsigned() << 48 | address << 8 | status.phase as u64);
        self.conditions(&status.conditions);
        status.init_containers.iter().chain(&status.containers).for_each(|c| self.container(c));
    }

    fn container(&mut self, c: &ContainerStatus) {
        self.text(&c.image);
        self.number(c.restarts << 2 | i64::from(c.ready) << 1 | i64::from(c.started));
        match &c.state {
            ContainerState::Waiting { reason, message } => self.texts([&**reason, &**message]),
            ContainerState::Running { started } => self.word(started.0),
            ContainerState::Terminated(ended) => self.ended(ended),
        }
        c.last.iter().for_each(|ended| self.ended(ended));
    }

    fn ended(&mut self, ended: &Terminated) {
        self.text(&ended.reason);
        self.number(ended.exit_code);
        Some(&ended.message).filter(|said| !said.is_empty()).into_iter().for_each(|said| self.text(said));
        self.word(ended.finished.0);
    }

    fn stateful_set(&mut self, before: Option<&Rc<StatefulSet>>, set: &StatefulSet) {
        if before.is_none_or(|before| differ(&before.spec, &set.spec)) {
            self.value(&set.spec.raw);
        }
        let s = &set.status;
        self.numbers([s.replicas, s.ready, s.current, s.updated, s.available, s.observed_generation]);
        self.texts([&s.current_revision, &s.update_revision]);
        self.conditions(&s.conditions);
    }

    fn claim(&mut self, before: Option<&Rc<Claim>>, claim: &Claim) {
        self.raw(before.map(|b| &b.raw), &claim.raw);
        self.texts([&claim.volume, &claim.capacity, claim.class.as_ref().unwrap_or(&claim.volume)]);
        self.word(claim.phase as u64);
        self.conditions(&claim.conditions);
    }

    fn volume(&mut self, before: Option<&Rc<Volume>>, volume: &Volume) {
        self.raw(before.map(|b| &b.raw), &volume.raw);
        if let Some(claim) = &volume.claim {
            self.texts([&claim.namespace, &claim.name]);
            self.word(claim.uid.map_or(0, Uid::bits));
        }
        self.word(volume.phase as u64);
    }

    fn event(&mut self, event: &Event) {
        self.word(event.about_uid.bits() ^ event.kind as u64);
        self.number(event.count);
        self.texts([&*event.about.name, &*event.reason, &*event.message]);
    }

    fn slice(&mut self, before: Option<&Rc<EndpointSlice>>, slice: &EndpointSlice) {
        self.word((slice.endpoints.len() as u64) << 1 | u64::from(slice.written.is_some()));
        let old = |at: usize| before.and_then(|before| before.endpoints.get(at));
        for (at, e) in slice.endpoints.iter().enumerate().filter(|(at, e)| old(*at).is_none_or(|old| differ(old, e))) {
            let flags = u64::from(e.ready) << 2 | u64::from(e.serving) << 1 | u64::from(e.terminating);
            self.word((at as u64) << 3 | flags);
            self.word(e.pod_uid.bits() ^ u64::from(u32::from_be_bytes(e.ip.0)));
            self.texts([&e.node, &e.hostname]);
        }
        if before.is_none_or(|before| before.ports != slice.ports) {
            slice.ports.iter().for_each(|port| self.text(&format!("{port:?}")));
        }
        if let Some(written) = slice.written.as_deref().filter(|_| before.is_none_or(|before| before.written != slice.written)) {
            self.value(written);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::kind::Kind;
    use crate::api::object::Endpoints;
    use crate::api::object::endpoints::{Addresses, Subsets};
    use crate::api::object::network::Endpoint;
    use crate::api::object::node::Taint;
    use crate::api::object::pod::{Ip, PodPhase, Truth};
    use crate::api::object::storage::ClaimPhase;
    use crate::api::object::{ControllerRevision, Deployment};
    use crate::api::object::{Deletion, DisruptionBudget, Node, ObjectKey, OwnerRef, Plain, ReplicaSet, Service};
    use crate::base::time::Time;
    use crate::server::log::Actor;
    use crate::yaml;

    fn read(text: &str) -> Value {
        yaml::parse(text).remove(0).value.expect("a value")
    }

    /// The print of a write of an object, over a former version of it.
    fn print(before: Option<&Object>, after: Object) -> u64 {
        let key = ObjectKey::new(after.kind(), &after.meta().namespace, &after.meta().name);
        of(&Change { revision: 7, at: Time(7), key, before: before.cloned(), after: Some(after), by: Actor::Setup, signed: None })
    }

    /// Each change leaves a print of its own, over the former version and without one.
    fn vary<T: Clone + Into<Object>>(plain: &T, changes: &[fn(&mut T)]) {
        let first: Object = plain.clone().into();
        for before in [None, Some(&first)] {
            let mut prints = vec![print(before, first.clone())];
            for (i, change) in changes.iter().enumerate() {
                let mut other = plain.clone();
                change(&mut other);
                let found = print(before, other.into());
                assert!(!prints.contains(&found), "change {i} of a {:?} leaves no trace", first.kind());
                prints.push(found);
            }
        }
    }

    const TEMPLATE: &str = "{metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: app}]}}";

    /// Endpoints that the controller keeps, with one address.
    fn kept(change: impl FnOnce(&mut Endpoint)) -> Subsets {
        let slice = EndpointSlice::decode(&read("{endpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: web-0, uid: a}}]}"));
        let mut endpoint = Rc::clone(&slice.endpoints[0]);
        change(Rc::make_mut(&mut endpoint));
        let mut addresses = Addresses::none(&"default".into());
        addresses.add(&endpoint, slice.ports);
        Subsets::Kept(Rc::new(addresses))
    }

    #[test]
    fn whatever_is_written_of_endpoints_leaves_a_trace() {
        vary(
            &Endpoints { meta: Meta::default(), subsets: kept(|_| {}) },
            &[
                |e| e.subsets = kept(|e| e.ready = false),
                |e| e.subsets = kept(|e| e.ip = Ip([10, 0, 0, 2])),
                |e| e.subsets = kept(|e| e.pod_uid = Uid::from_bits(1 << 8)),
                |e| e.subsets = kept(|e| e.node = "node-1".into()),
                |e| e.subsets = kept(|e| e.hostname = "node-1".into()),
                |e| e.subsets = Subsets::Written(read("[{addresses: [{ip: 10.0.0.1}]}]")),
                |e| e.subsets = Subsets::Written(read("[{addresses: [{ip: 10.0.0.2}]}]")),
            ],
        );
    }

    #[test]
    fn whatever_is_written_of_a_pod_leaves_a_trace() {
        let mut pod = Pod::decode(&read("{metadata: {name: web-0, labels: {a: b}}, spec: {containers: [{name: app, image: app}]}}"));
        pod.status.conditions = vec![Condition::new("Ready", Truth::False, Time(1))];
        let running = ContainerState::Running { started: Time(1) };
        let (name, image) = ("app".into(), "app".into());
        pod.status.containers =
            vec![ContainerStatus { name, image, state: running, last: None, ready: false, started: true, restarts: 0, starts: 1 }];
        vary(
            &pod,
            &[
                |p| p.node = Some("node-1".into()),
                |p| p.node = Some("node-2".into()),
                |p| p.status.phase = PodPhase::Running,
                |p| p.status.ip = Some(Ip([10, 0, 0, 1])),
                |p| p.status.reason = "Evicted".into(),
                |p| p.status.conditions[0].status = Truth::True,
                |p| p.status.conditions[0].observed = 2,
                |p| p.status.observed = 2,
                |p| p.status.conditions[0].reason = "ContainersNotReady".into(),
                |p| p.status.conditions[0].message = "not ready".into(),
                |p| p.status.conditions[0].since = Time(2),
                |p| p.status.conditions.push(Condition::new("Other", Truth::True, Time(1))),
                |p| p.status.containers[0].restarts = 1,
                |p| p.status.containers[0].image = "app:2".into(),
                |p| p.status.containers[0].ready = true,
                |p| p.status.containers[0].state = ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: "".into() },
                |p| {
                    p.status.containers[0].last =
                        Some(Terminated { exit_code: 1, reason: "Error".into(), message: "".into(), started: Time(1), finished: Time(2) });
                },
                |p| Rc::make_mut(&mut Rc::make_mut(&mut p.spec).template).containers[0].image = "app:2".into(),
                |p| Rc::make_mut(&mut p.spec).hostname = "web-0".into(),
            ],
        );
    }

    #[test]
    fn whatever_is_written_of_metadata_leaves_a_trace() {
        let map = Plain { kind: Kind::ConfigMap, meta: Meta::decode(&read("{metadata: {name: a, labels: {a: b}}}")), raw: Value::map() };
        vary(
            &map,
            &[
                |o| o.meta.generation = 2,
                |o| o.meta.deletion = Some(Deletion { at: Time(9), grace: 0 }),
                |o| o.meta.deletion = Some(Deletion { at: Time(9), grace: 9 }),
                |o| o.meta.finalizers = vec!["example.com/hold".into()].into(),
                |o| drop(Rc::make_mut(&mut o.meta.labels).insert("a".into(), "c".into())),
                |o| drop(Rc::make_mut(&mut o.meta.annotations).insert("a".into(), "b".into())),
                |o| o.meta.owners = vec![OwnerRef::controller(Kind::StatefulSet, &Meta::default())].into(),
                |o| o.meta.owners = vec![OwnerRef { blocks: None, ..OwnerRef::controller(Kind::StatefulSet, &Meta::default()) }].into(),
                |o| o.raw = Value::of([("data", Value::of([("a", "1")]))]),
                |o| o.raw = Value::of([("data", Value::of([("a", 1)]))]),
            ],
        );
    }

    #[test]
    fn whatever_is_written_of_a_workload_leaves_a_trace() {
        let spec = format!("{{metadata: {{name: web}}, spec: {{selector: {{matchLabels: {{app: web}}}}, template: {TEMPLATE}}}}}");
        vary(
            &StatefulSet::decode(&read(&spec)),
            &[
                |s| Rc::make_mut(&mut s.spec).raw.set(&["replicas"], 2),
                |s| s.status.replicas = 1,
                |s| s.status.available = 1,
                |s| s.status.observed_generation = 1,
                |s| s.status.current_revision = "web-1".into(),
                |s| s.status.update_revision = "web-1".into(),
            ],
        );
        vary(
            &Deployment::decode(&read(&spec)),
            &[|d| d.set_replicas(2), |d| d.status.replicas = 1, |d| d.status.unavailable = 1, |d| d.status.observed_generation = 1],
        );
        vary(
            &ReplicaSet::decode(&read(&spec)),
            &[
                |s| Rc::make_mut(&mut s.spec).raw.set(&["replicas"], 2),
                |s| s.status.fully_labeled = 1,
                |s| s.status.conditions.push(Condition::new("ReplicaFailure", Truth::True, Time(1))),
            ],
        );
        let job = |kind| Plain { kind, meta: Meta::default(), raw: read(&spec) };
        for kind in [Kind::Job, Kind::DaemonSet, Kind::Secret, Kind::VolumeAttachment] {
            vary(&job(kind), &[|o| o.raw.set(&["status", "active"], 1), |o| o.raw.set(&["status", "attached"], true)]);
        }
        vary(
            &ControllerRevision::decode(&read(&format!(
                "{{metadata: {{name: web-1}}, revision: 1, data: {{spec: {{template: {TEMPLATE}}}}}}}"
            ))),
            &[|r| r.number = 2, |r| r.data = Value::map()],
        );
    }

    #[test]
    fn whatever_is_written_of_volumes_leaves_a_trace() {
        vary(
            &Claim::decode(&read("{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}")),
            &[
                |c| c.phase = ClaimPhase::Bound,
                |c| c.volume = "one".into(),
                |c| c.capacity = "1Gi".into(),
                |c| c.raw.set(&["resources", "requests", "storage"], "2Gi"),
            ],
        );
        vary(
            &Volume::decode(&read("{metadata: {name: one}, spec: {capacity: {storage: 1Gi}}}")),
            &[|v| v.phase = crate::api::object::storage::VolumePhase::Bound, |v| v.raw.set(&["capacity", "storage"], "2Gi")],
        );
    }

    #[test]
    fn whatever_is_written_of_nodes_and_services_leaves_a_trace() {
        let node = Node::decode(&read("{metadata: {name: node-1}, spec: {}}"));
        vary(
            &node,
            &[
                |n| n.unschedulable = true,
                |n| n.taints.push(Taint { key: "a".into(), value: "".into(), effect: "NoSchedule".into(), since: None }),
                |n| n.conditions.push(Condition::new("Ready", Truth::Unknown, Time(1))),
                |n| n.volumes_attached.push("one".into()),
                |n| n.volumes_in_use.push("one".into()),
            ],
        );
        vary(
            &Service::decode(&read("{metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}}}")),
            &[|s| {
                s.raw.set(&["publishNotReadyAddresses"], true);
            }],
        );
        vary(
            &DisruptionBudget::decode(&read("{metadata: {name: web}, spec: {maxUnavailable: 1}}")),
            &[|b| b.status.disruptions_allowed = 1, |b| b.status.expected_pods = 1],
        );
        let slice = EndpointSlice::decode(&read(
            "{metadata: {name: web-1}, ports: [{port: 80, name: http}], endpoints: [\
             {addresses: [10.0.0.1], conditions: {ready: true}}, {addresses: [10.0.0.2], conditions: {ready: true}}]}",
        ));
        assert_eq!(slice.endpoints.len(), 2);
        vary(
            &slice,
            &[
                |s| Rc::make_mut(&mut s.endpoints[0]).ready = false,
                |s| Rc::make_mut(&mut s.endpoints[1]).ready = false,
                |s| Rc::make_mut(&mut s.endpoints[1]).terminating = true,
                |s| Rc::make_mut(&mut s.endpoints[1]).node = "node-1".into(),
                |s| drop(s.endpoints.pop()),
                |s| s.ports[0].port = 81,
                |s| s.written = None,
            ],
        );
    }
}
