//! The objects of a text, as far as it tells them.

use super::finding::field;
use crate::dump::Dump;
use crate::paste::named::key;
use crate::told::short;
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use base::fields::Fields;
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use causes::blame::{Blame, is_foreign};
use rows::read::SAID;
use why::Cause;

/// The namespace that stands where a text names none.
const ANY: &str = "default";

/// A text, as it was read.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) dump: &'a Dump,
}

/// An object of a text.
#[derive(Clone, Debug)]
pub(super) struct Thing<'a> {
    pub(super) key: ObjectKey,
    pub(super) value: &'a Value,
}

impl<'a> Text<'a> {
    /// A namespace as the text tells it: empty where it names none.
    fn place<'b>(&self, namespace: &'b str) -> &'b str {
        if self.dump.placeless && namespace == ANY { "" } else { namespace }
    }

    /// The key of a kind, a namespace and a name.
    pub(super) fn key(&self, kind: &str, namespace: &str, name: &str) -> ObjectKey {
        let kind = Kind::named(kind).unwrap_or(Kind::Pod);
        let namespace = if kind.is_namespaced() { self.place(namespace) } else { "" };
        ObjectKey::new(kind, &namespace.into(), &name.into())
    }

    /// The objects of a kind.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = Thing<'a>> {
        let this = *self;
        self.dump.of(kind).map(move |value| {
            let (kind, namespace, name) = key(value);
            Thing { key: this.key(&kind, &namespace, &name), value }
        })
    }

    pub(super) fn find(&self, key: &ObjectKey) -> Option<Thing<'a>> {
        self.of(key.kind).find(|thing| thing.key == *key)
    }

    /// The pods of a set, by their ordinals.
    pub(super) fn pods_of(&self, set: &ObjectKey) -> Vec<(i64, Thing<'a>)> {
        let own = |pod: Thing<'a>| {
            let (parent, ordinal) = parent_and_ordinal(&pod.key.name)?;
            (*parent == *set.name && pod.key.namespace == set.namespace).then_some((ordinal, pod))
        };
        let mut all: Vec<(i64, Thing<'a>)> = self.of(Kind::Pod).filter(Thing::is_of_set).filter_map(own).collect();
        all.sort_small_by_key(|(ordinal, _)| *ordinal);
        all
    }

    /// The sets of the text, and those that pods are called after.
    pub(super) fn sets(&self) -> Vec<ObjectKey> {
        let mut all: Vec<ObjectKey> = self.of(Kind::StatefulSet).map(|set| set.key).collect();
        for pod in self.of(Kind::Pod).filter(Thing::is_of_set) {
            let set = self.workload_of(&pod.key);
            if set.kind == Kind::StatefulSet && !all.contains(&set) {
                all.push(set);
            }
        }
        all
    }

    /// Whether a workload is a set, or may be one.
    pub(super) fn is_of_set(&self, workload: &ObjectKey) -> bool {
        workload.kind == Kind::StatefulSet
    }

    /// The workload that an object belongs to, as far as the text tells.
    pub(super) fn workload_of(&self, about: &ObjectKey) -> ObjectKey {
        let set = |name: &str| ObjectKey::new(Kind::StatefulSet, &about.namespace, &name.into());
        match about.kind {
            Kind::Pod if self.find(about).is_some_and(|pod| !pod.is_of_set()) => about.clone(),
            Kind::Pod => parent_and_ordinal(&about.name).map_or_else(|| about.clone(), |(parent, _)| set(parent)),
            Kind::PersistentVolumeClaim => {
                let of_pod = |pod: &Thing<'_>| about.name.ends_with(&format!("-{}", pod.key.name)) || pod.uses(&about.name);
                let pod = self.of(Kind::Pod).filter(|pod| pod.key.namespace == about.namespace).find(of_pod);
                let of_set = |one: &Thing<'_>| {
                    let own = parent_and_ordinal(&about.name).is_some_and(|(parent, _)| parent.ends_with(&format!("-{}", one.key.name)));
                    own && one.key.namespace == about.namespace
                };
                let known = self.of(Kind::StatefulSet).find(of_set).map(|one| one.key);
                pod.map(|pod| self.workload_of(&pod.key)).or(known).unwrap_or_else(|| about.clone())
            }
            _ => about.clone(),
        }
    }

    /// Whether a pod uses a claim, or the volume of one.
    pub(super) fn uses(&self, pod: &ObjectKey, object: &ObjectKey) -> bool {
        let Some(pod) = self.find(pod) else { return false };
        pod.uses(&object.name) || object.name.ends_with(&format!("-{}", pod.key.name))
    }

    /// The lines that speak of an object.
    pub(super) fn lines_of(&self, key: &ObjectKey) -> impl Iterator<Item = usize> {
        let name = if key.name.is_empty() { String::new() } else { short(key) };
        self.dump.facts.iter().filter(move |fact| !name.is_empty() && fact.about == name).map(|fact| fact.line)
    }

    /// When an object was created, as its age tells.
    pub(super) fn age_of(&self, key: &ObjectKey) -> Option<Time> {
        self.find(key)?.value.text_at(&["metadata", "creationTimestamp"]).and_then(Time::parse_rfc3339)
    }

    /// What stands for a slot of a line: a name that the words have, or that of the object of its kind.
    pub(super) fn name_of<'b>(&self, slot: &str, blame: &'b Blame, workload: &'b ObjectKey) -> Option<&'b str>
    where
        'a: 'b,
    {
        let kinds = [
            ("pod", Kind::Pod),
            ("set", Kind::StatefulSet),
            ("pvc", Kind::PersistentVolumeClaim),
            ("pv", Kind::PersistentVolume),
            ("node", Kind::Node),
            ("sc", Kind::StorageClass),
            ("quota", Kind::ResourceQuota),
            ("budget", Kind::PodDisruptionBudget),
            ("ns", Kind::Namespace),
        ];
        let kind = kinds.iter().find(|(name, _)| *name == slot).map(|(_, kind)| *kind);
        let own = [&blame.object, workload].into_iter().find(|key| Some(key.kind) == kind && !key.name.is_empty());
        let node = || self.find(&blame.object).filter(|_| slot == "node")?.value.text_at(&["spec", "nodeName"]);
        let place = || Some(&*blame.object.namespace).filter(|place| slot == "ns" && !place.is_empty());
        own.map(|key| &*key.name).or_else(|| field(blame, slot)).or_else(node).or_else(place)
    }

    /// The budget that lets a pod not go, with its figures, where the text has one that may be it.
    pub(super) fn budget_of(&self, blame: &mut Blame) {
        if blame.cause != Cause::BudgetAllowsNone || blame.object.kind != Kind::Pod || field(blame, "budget").is_some() {
            return;
        }
        let labels = self.find(&blame.object).and_then(|pod| pod.value.at(&["metadata", "labels"]).cloned());
        let within: Vec<Thing<'_>> = self.of(Kind::PodDisruptionBudget).filter(|one| one.key.namespace == blame.object.namespace).collect();
        let wanted = |one: &Thing<'a>| one.value.at(&["spec", "selector", "matchLabels"]);
        let selects = |one: &&Thing<'a>| {
            let mut all = wanted(one).into_iter().flat_map(Value::members);
            labels.as_ref().is_some_and(|labels| all.all(|(key, value)| labels.get(key) == Some(value)))
        };
        let only = if let [one] = &within[..] { Some(one) } else { None };
        let Some(budget) = within.iter().find(selects).or(only) else { return };
        blame.said.text("budget", &*budget.key.name);
        let number = |field: &str| budget.value.int_at(&["status", field]);
        if let Some((desired, healthy)) = number("desiredHealthy").zip(number("currentHealthy")) {
            blame.said.number("desired", desired);
            blame.said.number("healthy", healthy);
        }
        let labels = wanted(budget).into_iter().flat_map(Value::members);
        let labels: Vec<String> = labels.map(|(key, value)| format!("{key}={}", value.as_text().unwrap_or_default())).collect();
        blame.said.text("selector", labels.join(","));
    }

    /// What an object names, for sentences.
    pub(super) fn fields_of(&self, key: &ObjectKey, fields: &mut Fields) {
        let Some(thing) = self.find(key) else { return };
        let mut put = |name: &'static str, path: &[&str]| {
            if let Some(text) = thing.value.text_at(path).filter(|text| !text.is_empty()) {
                fields.text(name, text);
            }
        };
        match key.kind {
            Kind::Pod => put("node", &["spec", "nodeName"]),
            Kind::PersistentVolumeClaim => {
                put("class", &["spec", "storageClassName"]);
                put("volume", &["spec", "volumeName"]);
            }
            Kind::PersistentVolume => put("claim", &["spec", "claimRef", "name"]),
            _ => {}
        }
        let held = thing.value.list_at(&["metadata", "finalizers"]).iter().filter_map(Value::as_text).find(|name| is_foreign(name));
        if let Some(finalizer) = held {
            fields.text("finalizer", finalizer);
        }
    }
}

impl<'a> Thing<'a> {
    /// A cell of the object's row.
    pub(super) fn cell(&self, column: &str) -> &'a str {
        self.value.text_at(&[SAID, column]).unwrap_or_default()
    }

    /// Whether a pod is a set's, as its owner or else its name tells.
    pub(super) fn is_of_set(&self) -> bool {
        let owners = self.value.list_at(&["metadata", "ownerReferences"]);
        let of_set = owners.iter().any(|owner| owner.text_at(&["kind"]) == Some(Kind::StatefulSet.info().name));
        of_set || owners.is_empty() && parent_and_ordinal(&self.key.name).is_some()
    }

    /// Whether the object is being deleted.
    pub(super) fn is_leaving(&self) -> bool {
        self.value.at(&["metadata", "deletionTimestamp"]).is_some_and(|at| !at.is_null()) || self.cell("STATUS") == "Terminating"
    }

    /// The phase, as a status or a row tells.
    pub(super) fn phase(&self) -> &'a str {
        let status = self.value.text_at(&["status", "phase"]).unwrap_or_default();
        if self.cell("STATUS").is_empty() { status } else { self.cell("STATUS") }
    }

    /// How many containers are ready, and of how many, as the row tells.
    pub(super) fn count(&self) -> Option<(i64, i64)> {
        let (ready, all) = self.cell("READY").split_once('/')?;
        Some((ready.parse().ok()?, all.parse().ok()?))
    }

    /// The status of a condition.
    pub(super) fn condition(&self, of: &str) -> Option<&'a str> {
        let all = self.value.list_at(&["status", "conditions"]);
        all.iter().find(|one| one.text_at(&["type"]) == Some(of))?.text_at(&["status"])
    }

    /// Whether a pod is Ready; `None` where the text does not tell.
    pub(super) fn is_ready(&self) -> Option<bool> {
        if let Some((ready, all)) = self.count() {
            return Some(ready == all && self.phase() == "Running");
        }
        if let Some(status) = self.condition("Ready") {
            return Some(status == "True");
        }
        let containers = self.value.list_at(&["status", "containerStatuses"]);
        let ready = |one: &Value| one.get("ready").and_then(Value::as_bool);
        if containers.is_empty() || containers.iter().any(|one| ready(one).is_none()) {
            return ["Pending", "Failed"].contains(&self.phase()).then_some(false);
        }
        Some(containers.iter().all(|one| ready(one) == Some(true)))
    }

    /// Whether a pod mounts a claim.
    pub(super) fn uses(&self, claim: &str) -> bool {
        let volumes = self.value.list_at(&["spec", "volumes"]);
        volumes.iter().any(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"]) == Some(claim))
    }

    /// How often a pod's containers were restarted, as far as the text tells.
    pub(super) fn restarts(&self) -> i64 {
        let counted = self.value.list_at(&["status", "containerStatuses"]).iter().filter_map(|one| one.int_at(&["restartCount"])).sum();
        let cell = self.cell("RESTARTS").split_whitespace().next().and_then(|count| count.parse().ok());
        cell.unwrap_or(counted)
    }

    /// The containers' statuses, those of init containers first, and whether each is one.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&'a Value, bool)> {
        let value = self.value;
        let of = move |list: &str, is_init: bool| value.list_at(&["status", list]).iter().map(move |one| (one, is_init));
        of("initContainerStatuses", true).chain(of("containerStatuses", false))
    }
}
