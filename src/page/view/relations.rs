//! Ownership and selection: which objects own the drawn pods, which Services select them, and the lines between them.
//!
//! Each object has a line of its own, and each pod has a branch off that line, beside its tile: ownership comes in from the right,
//! selection from the left. A pod that moves takes only the end of its branch along.
//!
//! Promises: only what exists and is drawn has a line; a Service selects by labels, whether or not its pods are Ready.
//! Must not know: the browser, which measures where tiles and objects are.

use std::fmt::Write;

use super::Snapshot;
use super::cluster::Cluster;
use super::links::token;
use api::kind::Kind;
use api::object::{Meta, Name, ObjectKey};
use base::sorted::{SortedMap, SortedSet};

/// How many pods are told by their names.
const NAMED: usize = 12;
/// How many owners are above each other.
const MAX_STEPS: usize = 4;
/// Between a tile and its branch, in pixels.
const GAP: i32 = 3;

/// What an object does to those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Owns,
    Selects,
}

/// An object and what it owns or selects of what is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub key: ObjectKey,
    /// `statefulset/web`.
    pub title: String,
    /// Its token in links.
    pub token: String,
    pub verb: Verb,
    /// The tokens of the objects that it owns and that own pods themselves.
    pub objects: Vec<String>,
    /// The pods: the uid by which each has its tile, empty for a cell, and the name.
    pub pods: Vec<(String, Name)>,
    /// The relation in words.
    pub spoken: String,
}

/// Every object that owns or selects a drawn pod, owners first.
pub fn of(shot: &Snapshot, cluster: &Cluster) -> Vec<Related> {
    let mut found = Found::new();
    for pod in shot.tables.pods() {
        let is_cell = cluster.dense.as_ref().is_some_and(|dense| dense.has(&pod.meta.namespace, &pod.meta.name));
        let uid = if is_cell { String::new() } else { pod.meta.uid.to_string() };
        if !is_cell && !cluster.pods.contains_key(&uid) {
            continue;
        }
        let mut below: Option<String> = None;
        for owner in owners(shot, &pod.meta) {
            let related = put(&mut found, owner, cluster.namespace());
            match below.take() {
                None => related.pods.push((uid.clone(), pod.meta.name.clone())),
                Some(token) if !related.objects.contains(&token) => related.objects.push(token),
                Some(_) => {}
            }
            below = Some(related.token.clone());
        }
        for service in services_of(shot, &pod.meta) {
            put(&mut found, service, cluster.namespace()).pods.push((uid.clone(), pod.meta.name.clone()));
        }
    }
    found.into_iter().map(|(_, related)| Related { spoken: related.told(shot), ..related }).collect()
}

/// Objects, in the order in which they stand.
type Found = SortedMap<(usize, ObjectKey), Related>;

/// What is found of an object; nothing at first.
fn put<'a>(found: &'a mut Found, key: ObjectKey, shown: &str) -> &'a mut Related {
    found.entry((rank(key.kind), key.clone())).or_insert_with(|| Related::new(key, shown))
}

/// In which order objects stand.
fn rank(kind: Kind) -> usize {
    let order = [Kind::StatefulSet, Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job];
    let last = order.len() + usize::from(kind == Kind::Service);
    order.iter().position(|one| *one == kind).unwrap_or(last)
}

/// The objects that own an object, the nearest first, as far as they exist.
pub fn owners(shot: &Snapshot, meta: &Meta) -> Vec<ObjectKey> {
    let (mut keys, mut meta): (Vec<ObjectKey>, &Meta) = (Vec::new(), meta);
    while let Some((owner, key)) = above(shot, meta).filter(|_| keys.len() < MAX_STEPS) {
        keys.push(key);
        meta = owner;
    }
    keys
}

fn above<'a>(shot: &Snapshot<'a>, meta: &Meta) -> Option<(&'a Meta, ObjectKey)> {
    let owner = meta.controller()?;
    let object = shot.tables.find(owner.kind?, &meta.namespace, &owner.name).filter(|object| object.meta().uid == owner.uid)?;
    Some((object.meta(), object.key()))
}

/// The Services whose selectors match a pod.
pub fn services_of(shot: &Snapshot, pod: &Meta) -> Vec<ObjectKey> {
    let services = shot.tables.services().filter(|service| service.meta.namespace == pod.namespace && service.selects(pod));
    services.map(|service| service.key()).collect()
}

/// The pods that an object owns, itself or by what it owns, or selects.
pub fn pods_of(shot: &Snapshot, key: &ObjectKey) -> Vec<Name> {
    let service = shot.tables.service(&key.namespace, &key.name).filter(|_| key.kind == Kind::Service);
    let is_below = |pod: &Meta| service.map_or_else(|| owners(shot, pod).contains(key), |service| service.selects(pod));
    let pods = shot.tables.pods().map(|pod| &pod.meta).filter(|pod| pod.namespace == key.namespace && is_below(pod));
    pods.map(|pod| pod.name.clone()).collect()
}

/// The names of pods, as far as there is room for them.
pub fn listed(pods: &[Name]) -> String {
    let named: Vec<&str> = pods.iter().take(NAMED).map(|pod| &**pod).collect();
    let more = pods.len() - named.len();
    format!("{}{}", named.join(", "), if more > 0 { format!(" … +{more}") } else { String::new() })
}

impl Related {
    fn new(key: ObjectKey, shown: &str) -> Related {
        let verb = if key.kind == Kind::Service { Verb::Selects } else { Verb::Owns };
        let title = format!("{}/{}", key.kind.info().singular, key.name);
        let token = token(key.kind, &key.namespace, &key.name, shown);
        Related { key, title, token, verb, objects: Vec::new(), pods: Vec::new(), spoken: String::new() }
    }

    fn told(&self, shot: &Snapshot) -> String {
        let (text, count) = (&shot.text().see, self.pods.len());
        let names: Vec<&str> =
            self.objects.iter().map(String::as_str).chain(self.pods.iter().take(NAMED).map(|(_, name)| &**name)).collect();
        match self.verb {
            Verb::Owns if count > NAMED => text.owns_many(&self.title, count),
            Verb::Owns => text.owns(&self.title, &names.join(", ")),
            Verb::Selects if count > NAMED => text.selects_many(&self.title, count),
            Verb::Selects => text.selects(&self.title, &names.join(", ")),
        }
    }
}

/// What is drawn of all relations: those of the object or of the pod that is asked about; else all, or those of the first object where
/// there is room for `one`.
pub fn drawn(all: &[Related], asked: Option<&ObjectKey>, one: bool) -> Vec<Related> {
    let with_below = |top: &Related| {
        let below = all.iter().filter(|other| top.objects.contains(&other.token));
        std::iter::once(top).chain(below).cloned().collect::<Vec<_>>()
    };
    if let Some(related) = asked.and_then(|key| all.iter().find(|related| related.key == *key)) {
        return with_below(related);
    }
    if let Some(pod) = asked.filter(|key| key.kind == Kind::Pod) {
        let own = |related: &Related| {
            let pods: Vec<_> =
                related.pods.iter().filter(|(_, name)| *name == pod.name && related.key.namespace == pod.namespace).cloned().collect();
            (!pods.is_empty()).then(|| Related { pods, objects: Vec::new(), ..related.clone() })
        };
        let direct: Vec<Related> = all.iter().filter_map(own).collect();
        let tokens: SortedSet<&str> = direct.iter().map(|related| related.token.as_str()).collect();
        let above = all.iter().filter_map(|related| {
            let objects: Vec<_> = related.objects.iter().filter(|token| tokens.contains(token.as_str())).cloned().collect();
            (!objects.is_empty()).then(|| Related { pods: Vec::new(), objects, ..related.clone() })
        });
        let above: Vec<Related> = above.collect();
        if !direct.is_empty() {
            return above.into_iter().chain(direct).collect();
        }
    }
    if one { all.first().map(with_below).unwrap_or_default() } else { all.to_vec() }
}

/// Where something is, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Rect {
    fn middle(&self) -> i32 {
        i32::midpoint(self.left, self.right)
    }
}

/// The end of a branch: it goes along `x` to `y`, and from there to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    x: i32,
    y: i32,
    to: i32,
}

impl End {
    /// The branch to a pod's tile.
    pub fn tile(tile: Rect, verb: Verb) -> End {
        let y = i32::midpoint(tile.top, tile.bottom);
        match verb {
            Verb::Owns => End { x: tile.right + GAP, y, to: tile.right },
            Verb::Selects => End { x: tile.left - GAP, y, to: tile.left },
        }
    }

    /// The branch to another object, from above.
    pub fn object(object: Rect) -> End {
        End { x: object.middle(), y: object.top, to: object.middle() }
    }

    /// The branch to a row of cells, along whose lower edge the line goes on.
    pub fn row(cells: Rect) -> End {
        End { x: cells.left - GAP, y: cells.bottom - 1, to: cells.left }
    }
}

/// The lines of an object as the path of a drawing, and the dots where branches leave its line and end. The line is `bus` pixels from the
/// top.
pub fn lines(object: Rect, bus: i32, ends: &[End]) -> (String, String) {
    let (mut path, mut dots) = (String::new(), String::new());
    if ends.is_empty() {
        return (path, dots);
    }
    let x = object.middle();
    let along = ends.iter().map(|end| end.x).chain([x]);
    let (from, to) = (along.clone().min().unwrap_or(x), along.max().unwrap_or(x));
    let _ = write!(path, "M{x} {}V{bus}M{from} {bus}H{to}", object.top);
    for End { x, y, to } in ends {
        let _ = write!(path, "M{x} {bus}V{y}H{to}");
        let _ = write!(dots, "M{x} {bus}h0M{to} {y}h0");
    }
    (path, dots)
}
