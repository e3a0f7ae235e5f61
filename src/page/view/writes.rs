//! What a control plane does, seen: each write to the API server as a dot from whoever writes to the object, and as a sentence.
//!
//! What a set owns is written from the set's heading, what a kubelet says from its node, all else from the strip below the cluster.
//!
//! Promises: each dot is a write of the log, at its own instant.
//! Must not know: the browser, which measures where things are.
//! Not drawn: what components read and watch, of which the log knows nothing.

use super::cluster::{Cluster, ItemKey};
use super::links::token;
use super::requests::{Dot, FLIGHT, LISTED, Line, PLACES, Place, Requests, Seat};
use super::{Hue, Snapshot};
use api::kind::Kind;
use api::object::{Object, ObjectKey, Pod};
use base::time::Span;
use server::log::{Actor, Change};

/// Whoever types lines, and whoever sets the cluster up.
const KUBECTL: &str = "kubectl";
const PLAYGROUND: &str = "playground";

/// The writes at an instant; a dot is on its way longer by a factor where time passes faster.
pub fn of(shot: &Snapshot, cluster: &Cluster, stretch: u64) -> Requests {
    let drawn = Writes { shot, cluster };
    let takes = Span(FLIGHT.0 * stretch.max(1));
    let latest = || (shot.log.first()..shot.log.len()).rev().filter_map(|at| Some((at as u64, shot.log.get(at)?)));
    let flying = || latest().take_while(|(_, change)| change.at + takes > shot.now);
    let mut dots: Vec<Dot> = flying().map(|(number, change)| drawn.dot(number, change, takes)).collect();
    dots.reverse();
    let (mut clients, mut names) = (Vec::new(), Vec::new());
    for (_, change) in flying().chain(latest().take(LISTED)) {
        seat(&drawn.from(change), &mut clients);
        seat(&drawn.to(change), &mut names);
    }
    Requests { dots, clients, names, lines: latest().take(LISTED).map(|(number, change)| drawn.line(number, change)).collect() }
}

/// Gives what has no place of its own one in the strip.
fn seat(place: &Place, seats: &mut Vec<Seat>) {
    if let Place::Strip(title) = place
        && seats.len() < PLACES
        && seats.iter().all(|seat| seat.title != *title)
    {
        seats.push(Seat { title: title.clone(), ..Seat::default() });
    }
}

/// What a write does.
enum Does {
    Create,
    Bind,
    /// It asks for a deletion.
    Delete,
    Remove,
    Status,
    Update,
}

impl Does {
    fn of(change: &Change) -> Does {
        let node = |object: &Object| object.as_pod().is_some_and(|pod| pod.node.is_some());
        match (&change.before, &change.after) {
            (None, _) => Does::Create,
            (_, None) => Does::Remove,
            (Some(before), Some(after)) if !node(before) && node(after) => Does::Bind,
            (Some(before), Some(after)) if !before.meta().terminating() && after.meta().terminating() => Does::Delete,
            (Some(before), Some(after)) if without_status(before) == without_status(after) => Does::Status,
            _ => Does::Update,
        }
    }

    /// The word that a dot carries: a verb of the API, or the part that is written.
    fn word(&self) -> &'static str {
        match self {
            Does::Create => "create",
            Does::Bind => "bind",
            Does::Delete | Does::Remove => "delete",
            Does::Status => "status",
            Does::Update => "update",
        }
    }
}

/// An object without its status, and without what counts its writes.
fn without_status(object: &Object) -> base::value::Value {
    let mut value = object.encode();
    value.remove(&["status"]);
    ["resourceVersion", "managedFields"].iter().for_each(|field| _ = value.remove(&["metadata", field]));
    value
}

struct Writes<'a> {
    shot: &'a Snapshot<'a>,
    cluster: &'a Cluster,
}

impl Writes<'_> {
    fn dot(&self, number: u64, change: &Change, takes: Span) -> Dot {
        let Line { hue, said, .. } = self.line(number, change);
        let words = Does::of(change).word().to_owned();
        Dot { number, way: vec![self.from(change), self.to(change)], returns: false, words, said, hue, begins: change.at, takes }
    }

    /// Where its author is drawn.
    fn from(&self, change: &Change) -> Place {
        if let Actor::Kubelet(node) = &change.by
            && let Some(row) = self.row(node)
        {
            return row;
        }
        let set = self.cluster.object.as_ref().filter(|set| matches!(change.by, Actor::Controller(_)) && is_for(change, &set.name));
        set.map_or_else(
            || Place::Strip(author(&change.by)),
            |set| Place::Link(token(Kind::StatefulSet, &set.namespace, &set.name, &set.namespace)),
        )
    }

    /// Where the object is drawn: an Event is about another one.
    fn to(&self, change: &Change) -> Place {
        let about = match change.object() {
            Some(Object::Event(event)) => &event.about,
            _ => &change.key,
        };
        let uid = change.object().and_then(Object::as_pod).map(|pod| pod.meta.uid.to_string());
        let tile = uid.filter(|uid| self.cluster.pods.contains_key(uid)).map(|uid| Place::Item(ItemKey::Pod(uid)));
        tile.or_else(|| self.place(about)).unwrap_or_else(|| Place::Strip(about.kind.info().name.to_owned()))
    }

    fn place(&self, key: &ObjectKey) -> Option<Place> {
        let shown = self.cluster.namespace();
        let link = || token(key.kind, &key.namespace, &key.name, shown);
        let of_column = |namespace: &str, pod: &str| *key.namespace == *namespace && *key.name == *pod;
        let is_drawn = match key.kind {
            Kind::Node => return self.row(&key.name),
            Kind::PersistentVolume => {
                return self.cluster.disks.contains_key(&*key.name).then(|| Place::Item(ItemKey::Disk(key.name.to_string())));
            }
            Kind::PersistentVolumeClaim => {
                let is_there = *key.namespace == *shown && self.cluster.disks.values().any(|disk| disk.claim == *key.name);
                return is_there.then(|| Place::Disk(link()));
            }
            Kind::Pod => self.cluster.columns.iter().any(|column| of_column(&column.identity.namespace, &column.identity.pod)),
            Kind::StatefulSet => self.cluster.object.as_ref().is_some_and(|set| of_column(&set.namespace, &set.name)),
            _ => false,
        };
        is_drawn.then(|| Place::Link(link()))
    }

    fn row(&self, node: &str) -> Option<Place> {
        let is_there = self.cluster.rows.iter().any(|row| row.name == node);
        is_there.then(|| Place::Item(ItemKey::Node(node.to_owned())))
    }

    /// A write as a sentence.
    fn line(&self, number: u64, change: &Change) -> Line {
        let (text, by) = (&self.shot.text().writes, author(&change.by));
        let object = self.token(&change.key);
        let pod = change.after.as_ref().and_then(Object::as_pod);
        let (hue, said) = match Does::of(change) {
            Does::Create if let Some(Object::Event(event)) = &change.after => {
                (Hue::Mute, text.tells(&by, &self.token(&event.about), &event.reason.to_string()))
            }
            Does::Create => (Hue::Ready, text.creates(&by, &object)),
            Does::Bind => (Hue::Ink, text.binds(&by, &object, pod.and_then(|pod| pod.node.as_deref()).unwrap_or_default())),
            Does::Delete => (Hue::Danger, text.deletes(&by, &object)),
            Does::Remove => (Hue::Danger, text.removes(&by, &object)),
            Does::Status => (Hue::Ink, text.tells_status(&by, &object, &pod.map_or(String::new(), |pod| state(pod)))),
            Does::Update => (Hue::Ink, text.changes(&by, &object)),
        };
        Line { number, hue, said }
    }

    fn token(&self, key: &ObjectKey) -> String {
        token(key.kind, &key.namespace, &key.name, self.cluster.namespace())
    }
}

/// What a pod's status comes to: `Running, Ready`.
fn state(pod: &Pod) -> String {
    let phase = pod.status.phase.word();
    if pod.ready() { format!("{phase}, Ready") } else { phase.to_owned() }
}

/// Whether a write is on something that a set of a name owns.
fn is_for(change: &Change, set: &str) -> bool {
    let owner = change.object().and_then(|object| object.meta().controller());
    owner.is_some_and(|owner| owner.kind == Some(Kind::StatefulSet) && *owner.name == *set)
}

/// The name of whoever writes.
fn author(by: &Actor) -> String {
    match by {
        Actor::User => KUBECTL.to_owned(),
        Actor::ApiServer => "kube-apiserver".to_owned(),
        Actor::Controller(controller) => controller.component().name().to_owned(),
        Actor::Scheduler => "kube-scheduler".to_owned(),
        Actor::Kubelet(node) => format!("kubelet {node}"),
        Actor::Provisioner(name) => name.to_string(),
        Actor::Speaker(name) => name.to_string(),
        Actor::Setup => PLAYGROUND.to_owned(),
    }
}
