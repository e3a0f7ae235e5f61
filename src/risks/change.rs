//! Changes of a manifest that may prevent a finding: a table of what is worth a try for which kind of finding.

use std::rc::Rc;

use api::kind::Kind;
use api::object::stateful_set::UpdateStrategy;
use api::object::{Object, ObjectKey, StatefulSet, StorageClass};
use api::well_known::HOSTNAME;
use base::value::Value;
use cluster::inside::replicated::{Member, Role};
use cluster::provisioner::LOCAL_PATH;
use sim::Sim;

use super::judge::Shown;
use super::start::is_it;

/// A change of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its word, by which sentences are chosen.
    pub word: &'static str,
    /// What is changed or added.
    pub object: ObjectKey,
    /// Which field; empty where the object itself is added.
    pub path: Vec<&'static str>,
    pub value: Value,
    /// What is shown of the value, where that is less.
    pub shown: Value,
    /// Objects that it needs beside.
    pub also: Vec<Value>,
}

impl Change {
    /// Makes the change; whether it changes anything.
    pub fn apply(&self, documents: &mut Vec<Value>) -> bool {
        if self.path.is_empty() {
            documents.push(self.value.clone());
            return true;
        }
        let Some(found) = documents.iter_mut().find(|document| is_it(document, &self.object)) else { return false };
        let is_new = found.at(&self.path) != Some(&self.value);
        found.set(&self.path, self.value.clone());
        documents.extend(self.also.iter().cloned());
        is_new
    }
}

/// Which changes are worth a try for a kind of finding or the cause of a wait, the smallest first.
static WORTH: [(&str, &[&str]); 13] = [
    ("data-lost", &["retain", "replicas", "anti-affinity", "readiness"]),
    ("volume-deleted", &["retain", "reclaim"]),
    ("two-writers", &["readiness", "liveness", "grace"]),
    ("quorum-lost", &["anti-affinity", "spread", "replicas", "budget"]),
    ("rollback-trap", &["parallel", "readiness"]),
    ("terminating", &["parallel", "grace", "anti-affinity"]),
    ("volume-pinned", &["anywhere"]),
    ("drain-endless", &["budget", "replicas", "anywhere"]),
    ("on-delete", &["rolling"]),
    ("readiness-deadlock", &["publish", "parallel"]),
    ("pvc-lost", &[]),
    ("anti-affinity-too-few-nodes", &["prefer"]),
    ("unavailable", &["replicas", "parallel", "readiness", "anti-affinity", "spread", "budget"]),
];
/// The same for whatever else waits for ever.
static ELSE: &[&str] = &["publish", "parallel", "spread", "anywhere", "liveness"];

/// The changes worth a try for a finding, of those that are possible.
pub fn candidates(shown: &Shown, sim: &Sim) -> Vec<Change> {
    let Some(set) = sim.tables().stateful_set(&shown.workload.namespace, &shown.workload.name) else { return Vec::new() };
    let of = |word: &str| WORTH.iter().find(|(known, _)| *known == word);
    let words = of(shown.kind).or_else(|| of(shown.detail)).map_or(ELSE, |(_, words)| words);
    words.iter().filter_map(|word| change(word, set, sim)).collect()
}

const RETAIN: &str = "Retain";

/// The change that a word names, where it makes sense for a set.
fn change(word: &'static str, set: &Rc<StatefulSet>, sim: &Sim) -> Option<Change> {
    let raw = Object::StatefulSet(Rc::clone(set)).encode();
    let of_set = |path: &[&'static str], value: Value| {
        Some(Change { word, object: set.key(), path: path.to_vec(), shown: value.clone(), value, also: Vec::new() })
    };
    let is_new = |path: &[&str], value: &Value| (raw.at(path) != Some(value)).then_some(());
    let pod = |path: &[&'static str], value: Value| {
        let path: Vec<&'static str> = ["spec", "template", "spec"].iter().chain(path).copied().collect();
        is_new(&path, &value)?;
        of_set(&path, value)
    };
    let labels = || Value::of([("matchLabels", raw.at(&["spec", "selector", "matchLabels"]).cloned().unwrap_or(Value::map()))]);
    match word {
        "parallel" => (!set.parallel()).then(|| of_set(&["spec", "podManagementPolicy"], "Parallel".into()))?,
        "rolling" => {
            let is_other = set.spec.strategy != UpdateStrategy::RollingUpdate;
            is_other.then(|| of_set(&["spec", "updateStrategy"], Value::of([("type", "RollingUpdate")])))?
        }
        "replicas" => {
            let word = if is_known_to_copy(set, sim)? { word } else { "copies" };
            (set.spec.replicas < 3).then(|| of_set(&["spec", "replicas"], 3.into()).map(|change| Change { word, ..change }))?
        }
        "retain" => {
            let deletes = set.spec.retention.delete_when_scaled || set.spec.retention.delete_when_deleted;
            let value = || Value::of([("whenDeleted", RETAIN), ("whenScaled", RETAIN)]);
            deletes.then(|| of_set(&["spec", "persistentVolumeClaimRetentionPolicy"], value()))?
        }
        "grace" => (set.spec.template.grace < 30).then(|| pod(&["terminationGracePeriodSeconds"], 30.into()))?,
        "anti-affinity" => {
            let term = Value::of([("labelSelector", labels()), ("topologyKey", HOSTNAME.into())]);
            pod(&["affinity", "podAntiAffinity"], Value::of([("requiredDuringSchedulingIgnoredDuringExecution", Value::list([term]))]))
        }
        "spread" => {
            let one = Value::of([
                ("maxSkew", Value::from(1)),
                ("topologyKey", HOSTNAME.into()),
                ("whenUnsatisfiable", "DoNotSchedule".into()),
                ("labelSelector", labels()),
            ]);
            pod(&["topologySpreadConstraints"], Value::list([one]))
        }
        "prefer" => {
            let terms =
                raw.list_at(&["spec", "template", "spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]);
            let weighed = |term: &Value| Value::of([("weight", Value::from(100)), ("podAffinityTerm", term.clone())]);
            let value = || Value::of([("preferredDuringSchedulingIgnoredDuringExecution", Value::list(terms.iter().map(weighed)))]);
            (!terms.is_empty()).then(|| pod(&["affinity", "podAntiAffinity"], value()))?
        }
        "readiness" | "liveness" => probe(word, set, &raw),
        "anywhere" | "reclaim" => class(word, set, &raw, sim),
        "publish" => {
            let service = sim.tables().service(&set.meta.namespace, &set.spec.service_name)?;
            let path = ["spec", "publishNotReadyAddresses"];
            let is_so = Object::Service(Rc::clone(service)).encode().at(&path).and_then(Value::as_bool) == Some(true);
            let value = Value::from(true);
            (!is_so).then(|| Change { word, object: service.key(), path: path.to_vec(), shown: value.clone(), value, also: Vec::new() })
        }
        "budget" => budget(word, set, labels(), sim),
        _ => None,
    }
}

/// Whether more replicas hold the same data: nobody knows of most images; `None` where each replica is known to have its own.
fn is_known_to_copy(set: &Rc<StatefulSet>, sim: &Sim) -> Option<bool> {
    let roles: Vec<Role> = sim.disks().replicated().members(&set.meta.namespaced_name()).map(Member::role).collect();
    (!roles.contains(&Role::Single)).then_some(!roles.is_empty())
}

/// A budget that lets one pod go at a time: a new one, or one in the place of what the budget that is there asks for.
fn budget(word: &'static str, set: &Rc<StatefulSet>, labels: Value, sim: &Sim) -> Option<Change> {
    let pod = set.ordinals().find_map(|ordinal| sim.tables().pod(&set.meta.namespace, &set.pod_name(ordinal)))?;
    let spec = Value::of([("maxUnavailable", Value::from(1)), ("selector", labels)]);
    if let Some(known) = sim.tables().budgets_of(pod).next() {
        let shown = Value::of([("maxUnavailable", Value::from(1))]);
        let is_new = Object::Budget(Rc::clone(known)).encode().at(&["spec", "maxUnavailable"]) != Some(&Value::from(1));
        return is_new.then(|| Change { word, object: known.key(), path: vec!["spec"], value: spec, shown, also: Vec::new() });
    }
    let key = ObjectKey::new(Kind::PodDisruptionBudget, &set.meta.namespace, &set.meta.name);
    let value = Value::of([
        ("apiVersion", Value::from("policy/v1")),
        ("kind", Kind::PodDisruptionBudget.info().name.into()),
        ("metadata", Value::of([("name", Value::from(&key.name)), ("namespace", Value::from(&key.namespace))])),
        ("spec", spec.clone()),
    ]);
    Some(Change { word, object: key, path: Vec::new(), value, shown: spec, also: Vec::new() })
}

/// A probe of the first container, on its first port.
fn probe(word: &'static str, set: &Rc<StatefulSet>, raw: &Value) -> Option<Change> {
    let path = vec!["spec", "template", "spec", "containers"];
    let field = if word == "readiness" { "readinessProbe" } else { "livenessProbe" };
    let mut containers = raw.at(&path)?.clone();
    let first = containers.make_list().first_mut()?;
    let port = first.list_at(&["ports"]).first()?.int_at(&["containerPort"])?;
    let probe = Value::of([("tcpSocket", Value::of([("port", port)]))]);
    if first.get(field).is_some() {
        return None;
    }
    first.set(&[field], probe.clone());
    Some(Change { word, object: set.key(), path, value: containers, shown: Value::of([(field, probe)]), also: Vec::new() })
}

/// The name of a class that keeps volumes.
const KEEPS: &str = "keeps-volumes";

/// Another class of the set's claims: one whose volumes every node reaches, or one that keeps a volume when its claim goes.
fn class(word: &'static str, set: &Rc<StatefulSet>, raw: &Value, sim: &Sim) -> Option<Change> {
    let path = vec!["spec", "volumeClaimTemplates"];
    let mut templates = raw.at(&path)?.clone();
    let first = templates.list_at(&[]).first()?;
    let is_local = |class: &Rc<StorageClass>| *class.body.provisioner == *LOCAL_PATH;
    let now = match first.text_at(&["spec", "storageClassName"]) {
        Some(name) => sim.tables().class("", name)?,
        None => sim.tables().default_class()?,
    };
    let (name, also) = if word == "reclaim" {
        let mut keeps = Object::StorageClass(Rc::clone(now)).encode();
        if keeps.text_at(&["reclaimPolicy"]) == Some(RETAIN) {
            return None;
        }
        keeps.set(&["metadata"], Value::of([("name", KEEPS)]));
        keeps.set(&["reclaimPolicy"], RETAIN);
        (KEEPS.into(), vec![keeps])
    } else {
        let reaches = sim.tables().classes().find(|class| is_local(now) && !is_local(class))?;
        (Rc::clone(&reaches.meta.name), Vec::new())
    };
    for template in templates.make_list() {
        template.set(&["spec", "storageClassName"], Value::from(&name));
    }
    let shown = Value::of([("storageClassName", Value::from(&name))]);
    Some(Change { word, object: set.key(), path, value: templates, shown, also })
}
