//! Who owns which field of an object: worked out from what was written, when somebody asks.
//!
//! The log knows every write and who wrote; a client's write carries a [`Note`] of what was sent and in whose name. Managers follow
//! from that, so that nothing is kept for the thousands of writes whose managers nobody ever asks for. Where they were worked out
//! already, for an apply, the note keeps them, and what follows is counted from there.
//!
//! Models apiserver pkg/endpoints/handlers (create.go, update.go, patch.go: what the field manager is told),
//! apimachinery pkg/util/managedfields/scalehandler.go, and which part of an object each component writes.
//! Not modelled: what the log has forgotten, which counts as created by who wrote next.

use std::rc::Rc;

use super::Server;
use super::log::{Actor, Change};
use crate::api::client::Subresource;
use crate::api::kind::Kind;
use crate::api::managed::{self, Entry, Writer, fields};
use crate::api::object::Object;
use crate::base::time::Time;
use crate::base::value::{Map, Value};

/// The field manager of clients that name none, from the name of their program.
pub const KUBECTL: &str = "kubectl";

/// The controller that writes to scales.
const AUTOSCALER: &str = "horizontal-pod-autoscaler";

/// What a client's write says about managers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What was sent, defaulted, and by whom.
    Sent(Writer, Value),
    /// Who the managers are from then on, and whether they are others than before, whatever becomes of the object.
    Managers(Rc<Vec<Entry>>, bool),
}

impl Note {
    /// Whether the write is one even where the object stays as it is.
    pub fn rewrites(&self) -> bool {
        matches!(self, Note::Managers(_, true))
    }
}

/// A part of an object, as managers name it.
pub fn part_name(part: Subresource) -> &'static str {
    match part {
        Subresource::None => "",
        Subresource::Status => "status",
        Subresource::Scale => "scale",
    }
}

/// Whether managers own the same, whenever they came to own it.
pub fn same(some: &[Entry], others: &[Entry]) -> bool {
    let timeless = |entry: &Entry| Entry { time: None, ..entry.clone() };
    some.len() == others.len() && some.iter().all(|entry| others.iter().any(|other| timeless(other) == timeless(entry)))
}

impl Server {
    /// Carries a client's request out, with what it says about managers.
    pub fn noting<T>(&mut self, note: Note, request: impl FnOnce(&mut Self) -> T) -> T {
        self.note = Some(Rc::new(note));
        let answer = request(self);
        self.note = None;
        answer
    }

    /// A client's write as it is noted: what was sent, or the managers that it names.
    pub fn note_of(&self, old: Option<&Object>, part: Subresource, sent: &mut Value) -> Note {
        let writer = Writer { manager: Rc::clone(&self.signature), part: part_name(part).into() };
        let named = sent.remove(&["metadata", "managedFields"]).and_then(|fields| managed::decode(&fields));
        let (Some(old), Some(mut managers)) = (old, named) else { return Note::Sent(writer, sent.clone()) };
        let new = super::pipeline::settled(old.kind(), sent, self.release);
        managed::update(old.kind(), Some(&old.encode()), &new, &mut managers, &writer, self.now);
        let changed = !same(&managers, &self.managers_of(old));
        Note::Managers(Rc::new(managers), changed)
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
            if change.before.is_none() || matches!(change.note.as_deref(), Some(Note::Managers(..))) {
                break;
            }
        }
        let mut managers = Vec::new();
        let begun = |change: &&Change| matches!(change.note.as_deref(), Some(Note::Managers(..)));
        if let Some(first) = writes.pop() {
            if let Some(before) = first.before.as_ref().filter(|_| !begun(&first)) {
                managed::update(key.kind, None, &before.encode(), &mut managers, &writer_of(&first.by, ""), before.meta().created);
            }
            self.see(first, &mut managers);
        }
        for change in writes.into_iter().rev() {
            self.see(change, &mut managers);
        }
        managers
    }

    /// What a write makes of the managers.
    fn see(&self, change: &Change, managers: &mut Vec<Entry>) {
        let Some(after) = &change.after else { return };
        let (kind, at) = (change.key.kind, change.at);
        let old = change.before.as_ref().map(Object::encode);
        match (change.note.as_deref(), &old) {
            (Some(Note::Managers(known, _)), _) => managers.clone_from(known),
            (Some(Note::Sent(writer, _)), Some(old)) if &*writer.part == "scale" => rescaled(kind, old, &after.encode(), managers, writer),
            (Some(Note::Sent(writer, sent)), _) => {
                let new = super::pipeline::settled(kind, sent, self.release);
                managed::update(kind, old.as_ref(), &new, managers, writer, at);
            }
            (None, _) if change.by == Actor::User || is_aside(change) => {}
            (None, None) => {
                let mut new = after.encode();
                forget_unasked(kind, &mut new);
                managed::update(kind, None, &new, managers, &writer_of(&change.by, ""), at);
            }
            (None, Some(old)) => by_component(kind, old, after, managers, &change.by, at),
        }
    }
}

/// Whether a write goes past the managers: a deletion, and a binding.
fn is_aside(change: &Change) -> bool {
    let [before, after] = change.sides(Some);
    let deletion = before.zip(after).is_some_and(|(before, after)| before.meta().deletion != after.meta().deletion);
    let [before, after] = change.sides(Object::as_pod);
    deletion || before.zip(after).is_some_and(|(before, after)| before.node != after.node)
}

/// What a component's change of an object makes of its managers: components write status by itself.
fn by_component(kind: Kind, old: &Value, after: &Object, managers: &mut Vec<Entry>, by: &Actor, at: Time) {
    let mut new = after.encode();
    let status = new.remove(&["status"]);
    let mut told = old.clone();
    told.remove(&["status"]);
    for (part, status) in [(&mut new, old.get("status").cloned()), (&mut told, status)] {
        if let Some(status) = status {
            part.set(&["status"], status);
        }
    }
    if matches!(by, Actor::Controller(name) if name.starts_with(AUTOSCALER)) && after.kind() != Kind::HorizontalPodAutoscaler {
        rescaled(kind, old, &new, managers, &writer_of(by, "scale"));
    } else {
        managed::update(kind, Some(old), &new, managers, &writer_of(by, ""), at);
    }
    managed::update(kind, Some(old), &told, managers, &writer_of(by, "status"), at);
}

/// What a write to the scale of an object makes of its managers. As of real ones, nobody says when.
fn rescaled(kind: Kind, old: &Value, new: &Value, managers: &mut Vec<Entry>, writer: &Writer) {
    const REPLICAS: [&str; 2] = ["spec", "replicas"];
    if old.at(&REPLICAS) != new.at(&REPLICAS) {
        managed::own(kind, managers, writer, &fields::of(&REPLICAS), &Map::new(), None);
    }
}

/// A component as a manager.
fn writer_of(by: &Actor, part: &str) -> Writer {
    let manager = match by {
        Actor::User => KUBECTL.into(),
        Actor::ApiServer | Actor::Setup => "kube-apiserver".into(),
        Actor::Controller(_) => "kube-controller-manager".into(),
        Actor::Scheduler => "kube-scheduler".into(),
        Actor::Kubelet(_) => "kubelet".into(),
        Actor::Provisioner(name) => Rc::clone(name),
        Actor::Speaker(source) => match &**source {
            "default-scheduler" => "kube-scheduler".into(),
            "kubelet" => "kubelet".into(),
            _ => "kube-controller-manager".into(),
        },
    };
    Writer { manager, part: part.into() }
}

/// Takes out of what a component created what admission gave it.
/// Models plugin/pkg/admission: serviceaccount, priority, defaulttolerationseconds, storage/storageobjectinuseprotection.
fn forget_unasked(kind: Kind, new: &mut Value) {
    match kind {
        Kind::Pod => {
            for field in ["serviceAccount", "serviceAccountName", "priority", "preemptionPolicy", "tolerations"] {
                new.remove(&["spec", field]);
            }
        }
        Kind::PersistentVolumeClaim | Kind::PersistentVolume => drop(new.remove(&["metadata", "finalizers"])),
        _ => {}
    }
}
