//! What the digest of a run takes from each write: which object, when, and what it says now.
//!
//! Promises: whatever of these differs between two runs, their digests differ; it depends on contents alone, not on what is shared, nor on
//! the width of a word of the machine.
//! Must not know: what the digest is compared with.
//! Not taken in: who wrote, field managers, and what of a pod's template its images do not tell. What one write leaves as the last one
//! had it was taken in then, so that large parts count only where they change.

use std::rc::Rc;

use super::differ;
use crate::log::Change;
use api::object::meta::Labels;
use api::object::network::EndpointSlice;
use api::object::pod::{Condition, ContainerState, ContainerStatus, Terminated};
use api::object::{Claim, Event, Meta, Name, Node, Object, Pod, StatefulSet, Uid, Volume};
use base::value::Value;

/// An odd number whose bits are well mixed: 2 to the 64th, divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of a write.
pub(super) fn of(change: &Change) -> u64 {
    let mut print = Print(0);
    let uid = change.object().map_or(0, |o| o.meta().uid.bits());
    for word in [change.at.0, change.revision, change.key.kind.index() as u64, uid, u64::from(change.after.is_some())] {
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
        let (four, rest) = rest.as_chunks::<4>();
        let (two, rest) = rest.as_chunks::<2>();
        let mut word = text.len() as u64;
        for half in four {
            word = word << 32 | u64::from(u32::from_be_bytes(*half));
        }
        for pair in two {
            word = word << 16 | u64::from(u16::from_be_bytes(*pair));
        }
        self.word(rest.iter().fold(word, |word, byte| word << 8 | u64::from(*byte)));
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
            for (key, value) in labels.iter() {
                self.text(key);
                self.text(value);
            }
            self.word(0);
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
                self.raw(before.and_then(Object::as_deployment).map(|b| b.spec.value()), d.spec.value());
                let s = &d.status;
                self.numbers([s.replicas, s.updated, s.ready, s.available, s.unavailable, s.observed_generation]);
                s.conditions.iter().for_each(|c| self.conditions(std::slice::from_ref(&c.condition)));
            }
            Object::ReplicaSet(set) => {
                self.raw(before.and_then(Object::as_replica_set).map(|b| b.spec.value()), set.spec.value());
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
            Object::Node(node) => self.node(node),
            // There are few of these, and they rarely change.
            Object::Service(_) | Object::Budget(_) | Object::ControllerRevision(_) | Object::StorageClass(_) => {
                self.value(&object.encode());
            }
        }
    }

    /// A node as it is shown. Its volumes, the last of its status, are told without being shown: they may be many.
    fn node(&mut self, node: &Node) {
        for (key, item) in node.encode_without_volumes().members() {
            self.text(key);
            let Some(status) = item.as_map().filter(|_| **key == *"status") else {
                self.value(item);
                continue;
            };
            for (key, item) in status.iter() {
                self.text(key);
                self.value(item);
            }
            self.volumes("volumesAttached", &node.status.volumes_attached, &["devicePath", "", "name"]);
            self.volumes("volumesInUse", &node.status.volumes_in_use, &[]);
            self.word(4);
        }
        self.word(4);
    }

    /// A list of volumes under a key: of maps that end in the name, or of names.
    fn volumes(&mut self, key: &str, names: &[Name], before: &[&str]) {
        if names.is_empty() {
            return;
        }
        self.text(key);
        self.word(names.len() as u64);
        for name in names {
            for text in before {
                self.text(text);
            }
            self.text(name);
            if !before.is_empty() {
                self.word(4);
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
        if before.is_none_or(|before| before.spec != set.spec) {
            self.value(set.spec.value());
        }
        let s = &set.status;
        self.numbers([s.replicas, s.ready, s.current, s.updated, s.available, s.observed_generation]);
        self.texts([&s.current_revision, &s.update_revision]);
        self.conditions(&s.conditions);
    }

    fn claim(&mut self, before: Option<&Rc<Claim>>, claim: &Claim) {
        let rest = |c: &Claim| {
            let mut rest = c.spec.value().clone();
            rest.remove(&["volumeName"]);
            rest.remove(&["storageClassName"]);
            rest
        };
        self.raw(before.map(|b| rest(b)).as_ref(), &rest(claim));
        self.texts([&*claim.spec.volume, &*claim.status.capacity, claim.class().unwrap_or(&claim.spec.volume)]);
        self.word(claim.status.phase as u64);
        self.conditions(&claim.status.conditions);
    }

    fn volume(&mut self, before: Option<&Rc<Volume>>, volume: &Volume) {
        let rest = |v: &Volume| {
            let mut rest = v.spec.value().clone();
            rest.remove(&["claimRef"]);
            rest
        };
        self.raw(before.map(|b| rest(b)).as_ref(), &rest(volume));
        if let Some(claim) = &volume.spec.claim {
            self.texts([&claim.namespace, &claim.name]);
            self.word(claim.uid.map_or(0, Uid::bits));
        }
        self.word(volume.status.phase as u64);
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
mod tests;
