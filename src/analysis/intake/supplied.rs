//! What must be there although it was not pasted: whole kinds that are missing from a dump are supplied as the rest tells, and said.
//!
//! Promises: an object is supplied only where none of its kind was pasted; each is on the list of what was assumed.

use super::disks;
use super::dump::{Dump, Printed};
use super::paste::named::bare;
use api::kind::Kind;
use api::object::{Uid, parent_and_ordinal};
use api::well_known::{CONTROLLER_REVISION_HASH, HOSTNAME};
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use cluster::kubelet::references::needs;
use text::diagnose::Assumed;

/// How Deployments roll out unless they say otherwise.
const ROLLING: &str = r#"{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}"#;
/// How sets roll out unless they say otherwise.
const IN_ORDER: &str = r#"{"type":"RollingUpdate","rollingUpdate":{"partition":0,"maxUnavailable":1}}"#;
/// The label by which a Deployment tells its ReplicaSets apart.
const TEMPLATE_HASH: &str = "pod-template-hash";
/// Labels that a set gives its pods.
pub(super) const OF_SETS: [&str; 3] = [CONTROLLER_REVISION_HASH, "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"];
/// What admission and scheduling add to a pod.
const OF_PODS: [&str; 8] =
    ["nodeName", "tolerations", "serviceAccount", "preemptionPolicy", "priority", "enableServiceLinks", "hostname", "subdomain"];

/// What the scheduler says of nodes that take no more volumes, after their count.
const VOLUMES_FULL: &str = " node(s) exceed max volume count";

fn namespace_of(value: &Value) -> &str {
    value.text_at(&["metadata", "namespace"]).unwrap_or_default()
}

fn name_of(value: &Value) -> &str {
    value.text_at(&["metadata", "name"]).unwrap_or_default()
}

/// Adds the objects that the pasted ones require.
pub(super) fn supply(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    owners(dump, assumed);
    sets(dump, assumed);
    seen_by_controllers(dump);
    let by_hand = disks::by_hand(dump);
    for fill in [namespaces, accounts, nodes, claims, disks::volumes] {
        let more = fill(dump, assumed);
        dump.objects.extend(more);
    }
    disks::name_makers(dump);
    disks::classes(dump, &by_hand, assumed);
    for fill in [limits, references, pod_classes, revisions] {
        let more = fill(dump, assumed);
        dump.objects.extend(more);
    }
    ownerless(dump, assumed);
}

/// Writes into objects whose generation nobody printed the one that their controller has seen: what is there is what it has seen.
fn seen_by_controllers(dump: &mut Dump) {
    for one in &mut dump.objects {
        let seen = one.value.at(&["status", "observedGeneration"]).cloned();
        if let Some(seen) = seen.filter(|_| one.value.at(&["metadata", "generation"]).is_none()) {
            one.value.set(&["metadata", "generation"], seen);
        }
    }
}

fn namespaces(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let named: SortedSet<&str> = dump.objects.iter().map(|one| namespace_of(&one.value)).filter(|name| !name.is_empty()).collect();
    let there: SortedSet<&str> = dump.of(Kind::Namespace).map(name_of).collect();
    let make = |name: &&str| {
        let mut value = bare(Kind::Namespace, "", name);
        value.set(&["status", "phase"], "Active");
        value.set(&["spec", "finalizers"], Value::list(["kubernetes"]));
        Printed { kind: Kind::Namespace, value }
    };
    let all: Vec<Printed> = named.iter().filter(|name| !there.contains(**name)).map(make).collect();
    if !all.is_empty() {
        assumed.push(Assumed::Namespaces);
    }
    all
}

fn accounts(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let mut all = Vec::new();
    let namespaces: SortedSet<&str> = dump.of(Kind::Namespace).map(name_of).collect();
    for namespace in namespaces {
        if dump.of(Kind::ServiceAccount).any(|one| namespace_of(one) == namespace) {
            continue;
        }
        let named = |one: &Printed| {
            let spec = if one.kind == Kind::Pod { one.value.get("spec") } else { one.value.at(&["spec", "template", "spec"]) };
            spec.and_then(|spec| spec.text_at(&["serviceAccountName"])).map(str::to_owned)
        };
        let within = dump.objects.iter().filter(|one| namespace_of(&one.value) == namespace);
        let accounts: SortedSet<String> = within.filter_map(named).chain(["default".to_owned()]).collect();
        if accounts.len() > 1 {
            assumed.push(Assumed::Accounts { namespace: namespace.into() });
        }
        let make = |name: &String| Printed { kind: Kind::ServiceAccount, value: bare(Kind::ServiceAccount, namespace, name) };
        all.extend(accounts.iter().map(make));
    }
    all
}

/// Nodes for the pods there are, three at least.
fn nodes(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    if dump.has(Kind::Node) {
        return Vec::new();
    }
    assumed.push(Assumed::Nodes);
    let of_pods = dump.of(Kind::Pod).filter_map(|pod| pod.text_at(&["spec", "nodeName"]));
    let mut names: SortedSet<String> = of_pods.chain(dump.of(Kind::PersistentVolume).flat_map(disks::nodes)).map(str::to_owned).collect();
    let mut number = 1;
    while names.len() < 3 {
        names.insert(format!("node-{number}"));
        number += 1;
    }
    let node = |name: &String| {
        let mut value = bare(Kind::Node, "", name);
        value.set(&["metadata", "labels", HOSTNAME], &**name);
        for key in ["allocatable", "capacity"] {
            let amounts = [("cpu", "64"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")];
            value.set(&["status", key], Value::of(amounts));
        }
        let ready = [("type", "Ready"), ("status", "True"), ("reason", "KubeletReady")];
        value.set(&["status", "conditions"], Value::list([Value::of(ready)]));
        Printed { kind: Kind::Node, value }
    };
    names.iter().map(node).collect()
}

/// Claims of pods: they are Bound, but for those of a pod without a node for which none of the volumes is reserved.
fn claims(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    if dump.has(Kind::PersistentVolumeClaim) {
        return Vec::new();
    }
    let has_volumes = dump.has(Kind::PersistentVolume);
    let mut all: SortedMap<(String, String), Printed> = SortedMap::new();
    for pod in dump.of(Kind::Pod) {
        for volume in pod.list_at(&["spec", "volumes"]) {
            let Some(name) = volume.text_at(&["persistentVolumeClaim", "claimName"]) else { continue };
            let mut value = bare(Kind::PersistentVolumeClaim, namespace_of(pod), name);
            let volume = disks::volume_of(dump, namespace_of(pod), name);
            let own = volume.and_then(|volume| volume.text_at(&["spec", "claimRef", "uid"]));
            let uid = own.map_or_else(|| Uid::parse(&format!("{}/{name}", namespace_of(pod))).to_string(), str::to_owned);
            let template = dump.of(Kind::StatefulSet).flat_map(|set| set.list_at(&["spec", "volumeClaimTemplates"]));
            let mut template = template.filter(|one| one.text_at(&["metadata", "name"]).is_some_and(|of| name.starts_with(of)));
            let default = || Value::of([("accessModes", Value::list(["ReadWriteOnce"]))]);
            value.set(&["spec"], template.find_map(|one| one.get("spec").cloned()).unwrap_or_else(default));
            value.set(&["metadata", "uid"], uid);
            value.set(&["metadata", "finalizers"], Value::list(["kubernetes.io/pvc-protection"]));
            let is_bound = volume.is_some() || !has_volumes || pod.text_at(&["spec", "nodeName"]).is_some();
            value.set(&["status", "phase"], if is_bound { "Bound" } else { "Pending" });
            if is_bound {
                value.set(&["spec", "volumeName"], volume.map_or_else(|| format!("pv-{name}"), |volume| name_of(volume).to_owned()));
                for note in ["pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller"] {
                    value.set(&["metadata", "annotations", note], "yes");
                }
            }
            all.insert((namespace_of(pod).to_owned(), name.to_owned()), Printed { kind: Kind::PersistentVolumeClaim, value });
        }
    }
    if !all.is_empty() {
        assumed.push(Assumed::Claims);
    }
    all.into_iter().map(|(_, one)| one).collect()
}

/// Claims by the drivers of their volumes.
type Driven<'a> = SortedMap<&'a str, SortedSet<(&'a str, &'a str)>>;

/// How many volumes nodes take, where the scheduler says of some that they take no more: as many as they have.
fn limits(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let said = dump.of(Kind::Pod).flat_map(|pod| pod.list_at(&["status", "conditions"])).filter_map(|one| one.text_at(&["message"]));
    let full = said.filter_map(|message| {
        let before = message.split(VOLUMES_FULL).next().filter(|before| before.len() < message.len())?;
        before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok()
    });
    let Some(full) = full.max().filter(|_| !dump.has(Kind::CSINode)) else { return Vec::new() };
    let driver_of = |space: &str, claim: &str| disks::volume_of(dump, space, claim)?.text_at(&["spec", "csi", "driver"]);
    let mut counts: Vec<(usize, &str, Driven)> = Vec::new();
    for node in dump.of(Kind::Node).map(name_of) {
        let mut drivers = Driven::new();
        for pod in dump.of(Kind::Pod).filter(|pod| pod.text_at(&["spec", "nodeName"]) == Some(node)) {
            for claim in pod.list_at(&["spec", "volumes"]).iter().filter_map(|one| one.text_at(&["persistentVolumeClaim", "claimName"])) {
                let Some(driver) = driver_of(namespace_of(pod), claim) else { continue };
                drivers.entry(driver).or_default().insert((namespace_of(pod), claim));
            }
        }
        counts.push((drivers.values().map(SortedSet::len).sum(), node, drivers));
    }
    counts.sort_small_by_key(|(count, ..)| std::cmp::Reverse(*count));
    let make = |(_, node, drivers): (usize, &str, Driven)| {
        let mut value = bare(Kind::CSINode, "", node);
        let limit = |(driver, claims): (&&str, &SortedSet<(&str, &str)>)| {
            let mut one = Value::of([("name", Value::from(*driver)), ("nodeID", node.into())]);
            let count = i64::try_from(claims.len()).unwrap_or(i64::MAX);
            if dump.holds(Assumed::VolumesFull { node: node.into(), driver: (*driver).into(), count }, assumed) {
                one.set(&["allocatable", "count"], count);
            }
            one
        };
        value.set(&["spec", "drivers"], Value::list(drivers.iter().map(limit)));
        Printed { kind: Kind::CSINode, value }
    };
    counts.into_iter().filter(|(count, ..)| *count > 0).take(full).map(make).collect()
}

/// The ConfigMaps and Secrets that pods and sets cannot do without: nobody prints Secrets, and few print ConfigMaps.
fn references(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let pods = dump.of(Kind::Pod).map(|pod| (namespace_of(pod), pod.get("spec")));
    let sets = dump.of(Kind::StatefulSet).map(|set| (namespace_of(set), set.at(&["spec", "template", "spec"])));
    let mut all: SortedMap<(Kind, &str, String), Vec<String>> = SortedMap::new();
    for (namespace, spec) in pods.chain(sets) {
        for need in spec.into_iter().flat_map(needs).filter(|need| !dump.has(need.kind)) {
            if !dump.says_missing(need.kind, namespace, &need.name) {
                all.entry((need.kind, namespace, need.name)).or_default().extend(need.keys.into_iter().map(|key| key.name));
            }
        }
    }
    assumed.extend((!all.is_empty()).then_some(Assumed::References));
    let make = |((kind, namespace, name), keys): ((Kind, &str, String), Vec<String>)| {
        let mut value = bare(kind, namespace, &name);
        for key in &keys {
            value.set(&["data", key], "");
        }
        Printed { kind, value }
    };
    all.into_iter().map(make).collect()
}

/// The priority and runtime classes of pods that there are: admission has found them, and few print them.
fn pod_classes(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let pods = dump.of(Kind::Pod).filter_map(|pod| pod.get("spec"));
    let has_pods = |set: &&Value| set.int_at(&["status", "updatedReplicas"]).is_some_and(|count| count > 0);
    let sets = dump.of(Kind::StatefulSet).filter(has_pods).filter_map(|set| set.at(&["spec", "template", "spec"]));
    let mut all: SortedMap<(Kind, String), Value> = SortedMap::new();
    for spec in pods.chain(sets) {
        let priority = spec.get("priority").cloned().unwrap_or_else(|| 0.into());
        let classes = [
            ("priorityClassName", Kind::PriorityClass, "value", priority),
            ("runtimeClassName", Kind::RuntimeClass, "handler", "runc".into()),
        ];
        for (field, kind, key, content) in classes {
            let is_own = |name: &&str| name.starts_with("system-") && kind == Kind::PriorityClass;
            let Some(name) = spec.text_at(&[field]).filter(|name| !name.is_empty() && !is_own(name) && !dump.has(kind)) else { continue };
            let mut value = bare(kind, "", name);
            value.set(&[key], content);
            all.entry((kind, name.to_owned())).or_insert_with(|| value);
        }
    }
    if !all.is_empty() && !assumed.contains(&Assumed::References) {
        assumed.push(Assumed::References);
    }
    all.into_iter().map(|((kind, _), value)| Printed { kind, value }).collect()
}

/// A template as a pod tells it: without what is the pod's own.
pub(super) fn template_of(pod: &Value, own_labels: &[&str]) -> Value {
    let mut labels = pod.at(&["metadata", "labels"]).cloned().unwrap_or_else(Value::map);
    for label in own_labels {
        labels.remove(&[label]);
    }
    let mut spec = pod.get("spec").cloned().unwrap_or_default();
    for own in OF_PODS {
        spec.remove(&[own]);
    }
    Value::of([("metadata", Value::of([("labels", labels)])), ("spec", spec)])
}

/// The revisions that sets name in their statuses: the newest has the set's template; the one before, that of a pod which has it.
fn revisions(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    if dump.has(Kind::ControllerRevision) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for set in dump.of(Kind::StatefulSet) {
        let text = |path: &[&str]| set.text_at(path).unwrap_or_default().to_owned();
        let [current, update] = ["currentRevision", "updateRevision"].map(|key| text(&["status", key]));
        let mut make = |name: &str, mut template: Value, number: i64| {
            template.set(&["$patch"], "replace");
            let mut value = bare(Kind::ControllerRevision, namespace_of(set), name);
            value.set(&["data", "spec", "template"], template);
            value.set(&["revision"], number);
            value.set(&["metadata", "labels"], set.at(&["spec", "selector", "matchLabels"]).cloned().unwrap_or_else(Value::map));
            let hash = name.strip_prefix(&format!("{}-", name_of(set))).unwrap_or(name);
            value.set(&["metadata", "labels", "controller.kubernetes.io/hash"], hash);
            let owner = [("apiVersion", Value::from("apps/v1")), ("kind", "StatefulSet".into()), ("name", name_of(set).into())];
            let more = [("uid", Value::from(text(&["metadata", "uid"]))), ("controller", true.into()), ("blockOwnerDeletion", true.into())];
            value.set(&["metadata", "ownerReferences"], Value::list([Value::of(owner.into_iter().chain(more))]));
            all.push(Printed { kind: Kind::ControllerRevision, value });
        };
        let seen = set.at(&["status", "observedGeneration"]);
        let is_current = seen.is_none() || seen == set.at(&["metadata", "generation"]);
        if !update.is_empty() && is_current {
            make(&update, set.at(&["spec", "template"]).cloned().unwrap_or_default(), 2);
        }
        let has = |pod: &&Value| pod.text_at(&["metadata", "labels", CONTROLLER_REVISION_HASH]) == Some(&current);
        if let Some(pod) = dump.of(Kind::Pod).filter(has).find(|_| current != update) {
            make(&current, template_of(pod, &OF_SETS), 1);
        }
        if !update.is_empty() {
            assumed.push(Assumed::Revisions { set: name_of(set).into() });
        }
    }
    all
}

/// The sets of pods that have such an owner where none were pasted, as their pods tell: the newest revision is that of the highest pod.
fn sets(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    if dump.has(Kind::StatefulSet) {
        return;
    }
    let mut made: SortedMap<(String, String), (i64, Value, Value)> = SortedMap::new();
    for pod in dump.of(Kind::Pod) {
        let owner = pod.list_at(&["metadata", "ownerReferences"]).iter().find(|owner| owner.text_at(&["kind"]) == Some("StatefulSet"));
        let Some((owner, (name, ordinal))) = owner.and_then(|owner| Some((owner, parent_and_ordinal(name_of(pod))?))) else { continue };
        let key = (namespace_of(pod).to_owned(), name.to_owned());
        if made.get(&key).is_none_or(|(highest, ..)| *highest < ordinal) {
            made.insert(key, (ordinal, owner.clone(), pod.clone()));
        }
    }
    for ((namespace, name), (highest, owner, pod)) in made {
        let mut set = bare(Kind::StatefulSet, &namespace, &name);
        let template = template_of(&pod, &OF_SETS);
        let labels = template.at(&["metadata", "labels"]).cloned().unwrap_or_default();
        let hash = pod.at(&["metadata", "labels", CONTROLLER_REVISION_HASH]).cloned().unwrap_or_default();
        let strategy = base::json::value(IN_ORDER).unwrap_or_default();
        let fields = [
            (&["metadata", "uid"][..], owner.get("uid").cloned().unwrap_or_default()),
            (&["metadata", "generation"], 1.into()),
            (&["spec", "replicas"], (highest + 1).into()),
            (&["spec", "selector", "matchLabels"], labels),
            (&["spec", "serviceName"], pod.at(&["spec", "subdomain"]).cloned().unwrap_or_default()),
            (&["spec", "podManagementPolicy"], "OrderedReady".into()),
            (&["spec", "updateStrategy"], strategy),
            (&["spec", "revisionHistoryLimit"], 10.into()),
            (&["spec", "template"], template),
            (&["status", "observedGeneration"], 1.into()),
            (&["status", "updateRevision"], hash.clone()),
            (&["status", "currentRevision"], hash),
        ];
        for (path, value) in fields {
            set.set(path, value);
        }
        assumed.push(Assumed::Set { set: name.into(), count: highest + 1 });
        dump.objects.push(Printed { kind: Kind::StatefulSet, value: set });
    }
}

/// The ReplicaSets, and their Deployments, of pods that have such an owner: as their pods tell. Without them the garbage collector would
/// take the pods away.
fn owners(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    if dump.has(Kind::ReplicaSet) {
        return;
    }
    let mut made: SortedMap<(String, String), (Value, i64)> = SortedMap::new();
    for pod in dump.of(Kind::Pod) {
        let owner = pod.list_at(&["metadata", "ownerReferences"]).iter().find(|owner| owner.text_at(&["kind"]) == Some("ReplicaSet"));
        let Some((owner, name)) = owner.and_then(|owner| Some((owner, owner.text_at(&["name"])?))) else { continue };
        let (_, count) = made.entry((namespace_of(pod).to_owned(), name.to_owned())).or_insert_with(|| {
            let mut set = bare(Kind::ReplicaSet, namespace_of(pod), name);
            let template = template_of(pod, &[]);
            let labels = template.at(&["metadata", "labels"]).cloned().unwrap_or_default();
            set.set(&["metadata", "uid"], owner.get("uid").cloned().unwrap_or_default());
            set.set(&["metadata", "labels"], labels.clone());
            set.set(&["spec", "selector", "matchLabels"], labels);
            set.set(&["spec", "template"], template);
            (set, 0)
        });
        *count += 1;
    }
    let has_deployments = dump.has(Kind::Deployment);
    for ((namespace, name), (mut set, count)) in made {
        for (path, number) in [(["metadata", "generation"], 1), (["spec", "replicas"], count), (["status", "replicas"], count)] {
            set.set(&path, number);
        }
        set.set(&["status", "observedGeneration"], 1);
        assumed.push(Assumed::ReplicaSet { name: format!("{namespace}/{name}").into(), count });
        let hash = set.at(&["metadata", "labels", TEMPLATE_HASH]).and_then(Value::as_shared_text);
        // Of no label but that, it would select every pod.
        let is_told = set.at(&["metadata", "labels"]).and_then(Value::as_map).is_some_and(|labels| labels.len() > 1);
        let above = hash
            .filter(|_| is_told)
            .and_then(|hash| name.strip_suffix(&format!("-{hash}")).map(str::to_owned))
            .filter(|_| !has_deployments);
        if let Some(above) = above {
            let value = deployment(&namespace, &above, &mut set, count);
            dump.objects.push(Printed { kind: Kind::Deployment, value });
        }
        dump.objects.push(Printed { kind: Kind::ReplicaSet, value: set });
    }
}

/// The Deployment of a ReplicaSet, which is told of it.
fn deployment(namespace: &str, name: &str, set: &mut Value, count: i64) -> Value {
    let mut value = bare(Kind::Deployment, namespace, name);
    let uid = Uid::parse(&format!("{namespace}/{name}")).to_string();
    let mut spec = set.get("spec").cloned().unwrap_or_default();
    for path in [&["selector", "matchLabels", TEMPLATE_HASH][..], &["template", "metadata", "labels", TEMPLATE_HASH]] {
        spec.remove(path);
    }
    value.set(&["metadata", "uid"], &*uid);
    value.set(&["metadata", "generation"], 1);
    value.set(&["spec"], spec);
    value.set(&["spec", "strategy"], base::json::value(ROLLING).unwrap_or_default());
    value.set(&["spec", "progressDeadlineSeconds"], 600);
    value.set(&["spec", "revisionHistoryLimit"], 10);
    value.set(&["status", "observedGeneration"], 1);
    let owner = [("apiVersion", Value::from("apps/v1")), ("kind", "Deployment".into()), ("name", name.into())];
    let more = [("uid", Value::from(&*uid)), ("controller", true.into()), ("blockOwnerDeletion", true.into())];
    set.set(&["metadata", "ownerReferences"], Value::list([Value::of(owner.into_iter().chain(more))]));
    let notes = [("revision", "1".to_owned()), ("desired-replicas", count.to_string()), ("max-replicas", (count + 1).to_string())];
    for (note, text) in notes {
        let key = format!("deployment.kubernetes.io/{note}");
        if note == "revision" {
            value.set(&["metadata", "annotations", &*key], &*text);
        }
        set.set(&["metadata", "annotations", &*key], text);
    }
    value
}

/// Takes owners away of whose kind nothing of the namespace was pasted.
///
/// Else the garbage collector would take the objects for orphans of what is gone.
fn ownerless(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    let kinds: SortedSet<(Kind, String)> = dump.objects.iter().map(|one| (one.kind, namespace_of(&one.value).to_owned())).collect();
    let mut dropped: SortedSet<String> = SortedSet::new();
    for printed in &mut dump.objects {
        let owners = printed.value.list_at(&["metadata", "ownerReferences"]).to_vec();
        let namespace = namespace_of(&printed.value).to_owned();
        let known = |owner: &Value| {
            let text = |key: &str| owner.text_at(&[key]).unwrap_or_default();
            let is_there = |kind: Kind| kinds.contains(&(kind, if kind.is_namespaced() { namespace.clone() } else { String::new() }));
            Kind::of(text("apiVersion"), text("kind")).is_none_or(is_there)
        };
        let kept: Vec<Value> = owners.iter().filter(|owner| known(owner)).cloned().collect();
        if kept.len() < owners.len() {
            dropped.extend(owners.iter().filter(|owner| !known(owner)).filter_map(|owner| owner.text_at(&["kind"]).map(str::to_owned)));
            if kept.is_empty() {
                printed.value.remove(&["metadata", "ownerReferences"]);
            } else {
                printed.value.set(&["metadata", "ownerReferences"], Value::list(kept));
            }
        }
    }
    assumed.extend(dropped.into_iter().map(|kind| Assumed::Owner { kind: kind.into() }));
}
