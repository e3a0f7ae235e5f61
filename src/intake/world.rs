//! Objects to a world: what is there goes in as it is; what must be there and is not is assumed, and said.

use std::rc::Rc;

use super::read::{Dump, Printed};
use super::seen;
use api::kind::Kind;
use api::object::Object;
use api::object::meta::{Name, Uid};
use api::release::{Release, V1_37};
use api::well_known::HOSTNAME;
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use base::time::{Span, Time};
use base::value::Value;
use cluster::timing::Timing;
use control::namespace_objects;
use server::ingest;
use sim::{Fault, Setup, Sim};

/// How long after it was asked a provisioner that runs has said something.
const PROVISIONER_SPEAKS: Span = Span::seconds(10);
/// The provisioner of classes that have none.
const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";
/// The annotations by which the control plane asks a provisioner for a claim's volume.
const ASKS: [&str; 2] = ["volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner"];
/// The annotation that says who made a volume.
const MADE_BY: &str = "pv.kubernetes.io/provisioned-by";
/// The annotation by which the scheduler asks for a volume on a node.
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// How Deployments roll out unless they say otherwise.
const ROLLING: &str = r#"{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}"#;

/// Something that the paste does not say, and that had to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    pub what: String,
    pub because: String,
}

/// A world that stands where the pasted cluster stood.
#[derive(Clone, Debug)]
pub struct World {
    pub sim: Sim,
    /// What was pasted.
    pub dump: Dump,
    pub assumed: Vec<Assumed>,
    /// The instant that the paste shows.
    pub at: Time,
    /// The provisioners that do not run.
    pub absent: Vec<Name>,
}

impl World {
    /// The world of a dump.
    pub fn of(dump: Dump) -> World {
        let release: &'static Release = &V1_37;
        let mut assumed = Vec::new();
        let at = dump.newest.unwrap_or(Time(0)).max(available(&dump));
        if dump.newest.is_none() {
            assume(&mut assumed, "it is the beginning of 2026", "nothing in the text has a time");
        }
        if dump.moved != 0 {
            assume(
                &mut assumed,
                "everything happened later than it did",
                "the simulation tells no time before 2026; ages stay what they are",
            );
        }
        let seen = seen::images(&dump, at, &mut assumed);
        let mut unread = Vec::new();
        let mut objects: Vec<Object> = Vec::new();
        for printed in dump.objects.iter().chain(&supplied(&dump, &mut assumed)) {
            match ingest::found(printed.kind, &printed.value, release, at) {
                Ok(object) => objects.push(object),
                Err(error) => unread.push(format!("{} {}: {}", printed.kind, called(&printed.value), error.message)),
            }
        }
        let spaces: Vec<Name> = objects.iter().filter(|one| one.kind() == Kind::Namespace).map(|one| Rc::clone(&one.meta().name)).collect();
        let going =
            |name: &Name| objects.iter().any(|one| one.kind() == Kind::Namespace && one.meta().name == *name && one.meta().terminating());
        let certificates: Vec<Object> = spaces
            .iter()
            .filter(|name| !going(name))
            .flat_map(namespace_objects::objects)
            .filter(|one| one.kind() == Kind::ConfigMap)
            .collect();
        objects.retain(|one| one.kind() != Kind::ConfigMap || certificates.iter().all(|own| own.key() != one.key()));
        objects.extend(certificates);
        objects.sort_small_by_key(|object| object.meta().revision);
        let (provisioners, absent) = provisioners(&dump, at, &mut assumed);
        let setup = Setup { release, timing: Timing::workstation(), ..Setup::default() };
        let mut sim = Sim::standing(&setup, at, objects, seen.images, provisioners);
        for (namespace, pod) in seen.unready {
            // A pod that has no machine here is not Ready for that.
            let _ = sim.fault(&Fault::PodUnready { namespace, pod });
        }
        let mut dump = dump;
        dump.unread.extend(unread);
        World { sim, dump, assumed, at, absent }
    }
}

/// The earliest instant at which the pods of all sets count as available of which their status says so.
fn available(dump: &Dump) -> Time {
    let is_it = |set: &&Value| {
        set.int_at(&["status", "availableReplicas"]).is_some_and(|all| Some(all) == set.int_at(&["status", "readyReplicas"]))
    };
    let of_set = |set: &Value| {
        let wait = Span::of_seconds(set.int_at(&["spec", "minReadySeconds"]).unwrap_or(0));
        let own = |pod: &&Value| {
            pod.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.get("uid") == set.at(&["metadata", "uid"]))
        };
        let ready = dump.of(Kind::Pod).filter(own).flat_map(|pod| pod.list_at(&["status", "conditions"]));
        let ready = ready.filter(|one| one.text_at(&["type"]) == Some("Ready") && one.text_at(&["status"]) == Some("True"));
        ready.filter_map(|one| Time::parse_rfc3339(one.text_at(&["lastTransitionTime"])?)).map(|since| since + wait).max()
    };
    dump.of(Kind::StatefulSet).filter(is_it).filter_map(of_set).max().unwrap_or_default()
}

fn assume(assumed: &mut Vec<Assumed>, what: impl Into<String>, because: impl Into<String>) {
    assumed.push(Assumed { what: what.into(), because: because.into() });
}

fn called(value: &Value) -> String {
    let text = |key: &str| value.text_at(&["metadata", key]).unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name")).trim_start_matches('/').to_owned()
}

/// An object of no more than its name.
fn bare(kind: Kind, namespace: &str, name: &str) -> Printed {
    let mut value = Value::of([("apiVersion", Value::from(kind.api_version())), ("kind", kind.info().name.into())]);
    value.set(&["metadata", "name"], name);
    if !namespace.is_empty() {
        value.set(&["metadata", "namespace"], namespace);
    }
    Printed { kind, value }
}

/// What must be there although nothing of its kind was pasted.
fn supplied(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let mut all = Vec::new();
    let text = |value: &Value, path: &[&str]| value.text_at(path).map(str::to_owned);
    let namespaces: SortedSet<String> = dump.objects.iter().filter_map(|one| text(&one.value, &["metadata", "namespace"])).collect();
    let there: SortedSet<String> = dump.of(Kind::Namespace).filter_map(|one| text(one, &["metadata", "name"])).collect();
    for namespace in namespaces.iter().filter(|name| !there.contains(*name)) {
        let mut printed = bare(Kind::Namespace, "", namespace);
        printed.value.set(&["status", "phase"], "Active");
        printed.value.set(&["spec", "finalizers"], Value::list(["kubernetes"]));
        all.push(printed);
    }
    if namespaces.iter().any(|name| !there.contains(name)) {
        assume(assumed, "the namespaces are there, and nothing is special about them", "they were not pasted");
    }
    for namespace in &namespaces {
        let has_any = dump.of(Kind::ServiceAccount).any(|one| one.text_at(&["metadata", "namespace"]) == Some(namespace));
        if has_any {
            continue;
        }
        let mut accounts: SortedSet<String> = [String::from("default")].into_iter().collect();
        let of = |one: &Printed| {
            let spec = if one.kind == Kind::Pod { one.value.get("spec") } else { one.value.at(&["spec", "template", "spec"]) };
            spec.and_then(|spec| spec.text_at(&["serviceAccountName"])).map(str::to_owned)
        };
        let within = dump.objects.iter().filter(|one| one.value.text_at(&["metadata", "namespace"]) == Some(namespace));
        accounts.extend(within.filter_map(of));
        if accounts.len() > 1 {
            assume(assumed, format!("the ServiceAccounts of {namespace} are there"), "none were pasted");
        }
        all.extend(accounts.iter().map(|name| bare(Kind::ServiceAccount, namespace, name)));
    }
    owners(dump, &mut all, assumed);
    if !dump.has(Kind::Node) {
        all.extend(nodes(dump));
        assume(assumed, "the nodes that pods are on are Ready, have room, and no taints; there are three at least", "no nodes were pasted");
    }
    if !dump.has(Kind::StorageClass) {
        let bound = |claim: &&Value| claim.text_at(&["status", "phase"]) == Some("Bound");
        let classes: SortedSet<String> =
            dump.of(Kind::PersistentVolumeClaim).filter(bound).filter_map(|claim| text(claim, &["spec", "storageClassName"])).collect();
        for class in classes.iter().filter(|class| !class.is_empty()) {
            let mut printed = bare(Kind::StorageClass, "", class);
            printed.value.set(&["provisioner"], format!("{class}.example.com"));
            printed.value.set(&["volumeBindingMode"], "WaitForFirstConsumer");
            printed.value.set(&["reclaimPolicy"], "Delete");
            all.push(printed);
            assume(
                assumed,
                format!("StorageClass {class} is there, and makes volumes"),
                "claims of it are Bound, and no classes were pasted",
            );
        }
    }
    all
}

/// The ReplicaSets, and their Deployments, of pods that have such an owner where none were pasted: as their pods tell. Without them the
/// garbage collector would take the pods away.
fn owners(dump: &Dump, all: &mut Vec<Printed>, assumed: &mut Vec<Assumed>) {
    const HASH: &str = "pod-template-hash";
    if dump.has(Kind::ReplicaSet) {
        return;
    }
    let mut made: SortedMap<(String, String), (Value, i64)> = SortedMap::new();
    for pod in dump.of(Kind::Pod) {
        let owner = pod.list_at(&["metadata", "ownerReferences"]).iter().find(|owner| owner.text_at(&["kind"]) == Some("ReplicaSet"));
        let Some((owner, name)) = owner.and_then(|owner| Some((owner, owner.text_at(&["name"])?))) else { continue };
        let namespace = pod.text_at(&["metadata", "namespace"]).unwrap_or_default();
        let (_, count) = made.entry((namespace.to_owned(), name.to_owned())).or_insert_with(|| {
            let mut set = bare(Kind::ReplicaSet, namespace, name).value;
            set.set(&["metadata", "uid"], owner.get("uid").cloned().unwrap_or_default());
            let labels = pod.at(&["metadata", "labels"]).cloned().unwrap_or_else(Value::map);
            set.set(&["metadata", "labels"], labels.clone());
            set.set(&["spec", "selector", "matchLabels"], labels.clone());
            set.set(&["spec", "template", "metadata", "labels"], labels);
            let mut spec = pod.get("spec").cloned().unwrap_or_default();
            for own in ["nodeName", "tolerations", "serviceAccount", "preemptionPolicy", "priority", "enableServiceLinks"] {
                spec.remove(&[own]);
            }
            set.set(&["spec", "template", "spec"], spec);
            (set, 0)
        });
        *count += 1;
    }
    for ((namespace, name), (mut set, count)) in made {
        set.set(&["metadata", "generation"], 1);
        set.set(&["spec", "replicas"], count);
        set.set(&["status", "replicas"], count);
        set.set(&["status", "observedGeneration"], 1);
        let hash = set.at(&["metadata", "labels", HASH]).and_then(Value::as_shared_text);
        let deployment = hash.and_then(|hash| name.strip_suffix(&format!("-{hash}")).map(str::to_owned));
        assume(
            assumed,
            format!("ReplicaSet {name} wants the {count} pods it has"),
            "it was not pasted, and its pods name it as their owner",
        );
        if let Some(deployment) = deployment {
            let mut owner = bare(Kind::Deployment, &namespace, &deployment).value;
            let uid = Uid::parse(&format!("{namespace}/{deployment}")).to_string();
            owner.set(&["metadata", "uid"], &*uid);
            owner.set(&["metadata", "generation"], 1);
            owner.set(&["metadata", "annotations", "deployment.kubernetes.io/revision"], "1");
            let mut spec = set.get("spec").cloned().unwrap_or_default();
            for path in [&["selector", "matchLabels", HASH][..], &["template", "metadata", "labels", HASH]] {
                spec.remove(path);
            }
            owner.set(&["spec"], spec);
            owner.set(&["spec", "strategy"], base::json::value(ROLLING).unwrap_or_default());
            owner.set(&["spec", "progressDeadlineSeconds"], 600);
            owner.set(&["spec", "revisionHistoryLimit"], 10);
            owner.set(&["status", "observedGeneration"], 1);
            let reference = [("apiVersion", Value::from("apps/v1")), ("kind", "Deployment".into()), ("name", (&*deployment).into())];
            let more = [("uid", Value::from(&*uid)), ("controller", true.into()), ("blockOwnerDeletion", true.into())];
            set.set(&["metadata", "ownerReferences"], Value::list([Value::of(reference.into_iter().chain(more))]));
            set.set(&["metadata", "annotations", "deployment.kubernetes.io/revision"], "1");
            set.set(&["metadata", "annotations", "deployment.kubernetes.io/desired-replicas"], count.to_string());
            set.set(&["metadata", "annotations", "deployment.kubernetes.io/max-replicas"], (count + 1).to_string());
            all.push(Printed { kind: Kind::Deployment, value: owner });
        }
        all.push(Printed { kind: Kind::ReplicaSet, value: set });
    }
}

/// Nodes for the pods there are, three at least.
fn nodes(dump: &Dump) -> Vec<Printed> {
    let mut names: SortedSet<String> = dump.of(Kind::Pod).filter_map(|pod| pod.text_at(&["spec", "nodeName"])).map(str::to_owned).collect();
    let mut number = 1;
    while names.len() < 3 {
        names.insert(format!("node-{number}"));
        number += 1;
    }
    let node = |name: &String| {
        let mut printed = bare(Kind::Node, "", name);
        let value = &mut printed.value;
        value.set(&["metadata", "labels", HOSTNAME], name);
        for key in ["allocatable", "capacity"] {
            let amounts = [("cpu", "64"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")];
            value.set(&["status", key], Value::of(amounts));
        }
        let ready = [("type", "Ready"), ("status", "True"), ("reason", "KubeletReady")];
        value.set(&["status", "conditions"], Value::list([Value::of(ready)]));
        printed
    };
    names.iter().map(node).collect()
}

/// The provisioners that run, and those that do not: the ones that were asked for a volume, and have not said a word.
fn provisioners(dump: &Dump, now: Time, assumed: &mut Vec<Assumed>) -> (Vec<Name>, Vec<Name>) {
    let mut named: SortedSet<Name> = SortedSet::new();
    for class in dump.of(Kind::StorageClass) {
        named.extend(class.get("provisioner").and_then(Value::as_shared_text));
    }
    let note = |claim: &Value, key: &str| claim.at(&["metadata", "annotations", key]).and_then(Value::as_shared_text);
    let made: SortedSet<Name> = dump.of(Kind::PersistentVolume).filter_map(|volume| note(volume, MADE_BY)).collect();
    named.extend(made.iter().cloned());
    let spoke = |provisioner: &Name| dump.events.iter().any(|event| event.source.starts_with(&**provisioner));
    let waits = |provisioner: &Name| {
        dump.of(Kind::PersistentVolumeClaim).any(|claim| {
            let asked = ASKS.iter().any(|key| note(claim, key).as_ref() == Some(provisioner));
            let class = claim.text_at(&["spec", "storageClassName"]).unwrap_or_default();
            let is_lazy = dump.of(Kind::StorageClass).any(|one| {
                one.text_at(&["metadata", "name"]) == Some(class) && one.text_at(&["volumeBindingMode"]) == Some("WaitForFirstConsumer")
            });
            let created = claim.text_at(&["metadata", "creationTimestamp"]).and_then(Time::parse_rfc3339).unwrap_or(now);
            let pending = claim.text_at(&["status", "phase"]) == Some("Pending");
            let on_node = !is_lazy || note(claim, SELECTED_NODE).is_some();
            asked && pending && on_node && now.since(created) >= PROVISIONER_SPEAKS
        })
    };
    let is_absent = |name: &Name| waits(name) && !spoke(name) && !made.contains(name);
    let (absent, run): (Vec<Name>, Vec<Name>) = named.into_iter().filter(|name| **name != *NO_PROVISIONER).partition(is_absent);
    for name in &absent {
        let because = "a claim has asked it for a volume, and it has neither said nor made anything";
        assume(assumed, format!("provisioner {name} does not run"), because);
    }
    for name in run.iter().filter(|name| !made.contains(*name)) {
        assume(assumed, format!("provisioner {name} runs"), "a class names it, and nobody has asked it in vain");
    }
    (run, absent)
}
