//! What a table leaves out of an object and a world needs: filled in as the rest of the text tells, and said.
//!
//! Only objects that are known in part are touched.

use super::{NEWEST, SAID, bare, merge};
use crate::read::{Dump, Happened, Printed};
use crate::supplied::{MADE_BY, NO_PROVISIONER, OF_SETS, assume, template_of};
use crate::words::captured;
use crate::world::Assumed;
use api::default;
use api::kind::Kind;
use api::object::{Uid, parent_and_ordinal, writes_ordinal};
use api::release::Release;
use api::well_known::{CONTROLLER_REVISION_HASH, HOSTNAME};
use base::sort::Sort;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;

/// The annotation by which the control plane asks a provisioner for a claim's volume.
const ASKS: &str = "volume.kubernetes.io/storage-provisioner";
/// In which words an Event of a pod names its image.
const IMAGES: [&str; 5] = [
    "Container image \"{image}\" already present",
    "Successfully pulled image \"{image}\"",
    "Pulling image \"{image}\"",
    "pulling image \"{image}\"",
    "pull image \"{image}\"",
];
/// In which words an Event of a claim names the provisioner that it waits for.
const PROVISIONERS: [&str; 2] = ["external provisioner '{name}'", "external provisioner \"{name}\""];
/// In which words an Event of a set names the pod that was refused.
const REFUSED: [&str; 2] = ["reate Pod {pod} in StatefulSet {set} failed", "pods \"{pod}\" is forbidden"];
/// With what the amounts begin that a quota may limit.
const QUOTAS: [&str; 6] = ["requests.", "limits.", "cpu", "memory", "pods", "persistentvolumeclaims"];
/// Words of a pod that ended.
const ENDED: [&str; 9] =
    ["Error", "Evicted", "Shutdown", "NodeShutdown", "Terminated", "NodeAffinity", "OOMKilled", "ContainerStatusUnknown", "Failed"];
/// Words of a pod that is not on its way to run yet.
const UNPLACED: [&str; 2] = ["Pending", "SchedulingGated"];

/// With what the names of images begin that nothing names.
const UNKNOWN_IMAGE: &str = "image-of-";
/// The name of a scheduling gate that no table shows.
const GATE: &str = "not-shown";
/// Words of lines that speak of what was made up here.
pub(crate) const MADE_UP: [&str; 5] = [UNKNOWN_IMAGE, " main=", "readinessProbe", "schedulerName", "example.com/"];

/// What a table said of an object and is not part of it.
fn cell<'a>(value: &'a Value, column: &str) -> &'a str {
    value.text_at(&[SAID, column]).unwrap_or_default()
}

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.text_at(path).unwrap_or_default()
}

fn name(value: &Value) -> &str {
    text(value, &["metadata", "name"])
}

fn place(value: &Value) -> &str {
    text(value, &["metadata", "namespace"])
}

/// Writes a value at a path where nothing is.
fn fill(value: &mut Value, path: &[&str], with: impl Into<Value>) {
    if value.at(path).is_none_or(Value::is_null) {
        value.set(path, with);
    }
}

/// Completes the objects of a dump that are known in part.
pub(crate) fn complete(dump: &mut Dump, release: &'static Release, assumed: &mut Vec<Assumed>) {
    if dump.partly.is_empty() && dump.facts.is_empty() {
        return;
    }
    parents(dump, assumed);
    obstacles(dump);
    for at in 0..dump.objects.len() {
        if dump.is_partly(at) {
            let kind = dump.objects[at].kind;
            let own = text(&dump.objects[at].value, &["kind"]).to_owned()
                + "/"
                + place(&dump.objects[at].value)
                + "/"
                + name(&dump.objects[at].value);
            fill(&mut dump.objects[at].value, &["metadata", "uid"], Uid::parse(&own).to_string());
            let mut value = std::mem::take(&mut dump.objects[at].value);
            match kind {
                Kind::StatefulSet => set(&mut value, dump, assumed),
                Kind::Node => node(&mut value),
                Kind::PersistentVolumeClaim => claim(&mut value, dump, assumed),
                Kind::StorageClass => fill(&mut value, &["volumeBindingMode"], "Immediate"),
                Kind::Service => fill(&mut value, &["spec", "selector"], Value::map()),
                _ => {}
            }
            dump.objects[at].value = value;
        }
    }
    // Pods have the template of their set, volumes the uid of their claim.
    for at in 0..dump.objects.len() {
        if dump.is_partly(at) {
            let mut value = std::mem::take(&mut dump.objects[at].value);
            match dump.objects[at].kind {
                Kind::Pod => pod(&mut value, dump),
                Kind::PersistentVolume => volume(&mut value, dump),
                _ => {}
            }
            value.remove(&[SAID]);
            without_delay(&mut value);
            default::apply(dump.objects[at].kind, &mut value, release);
            dump.objects[at].value = value;
        }
    }
    revisions_of_sets(dump);
    classes(dump, assumed);
}

/// Takes the delays out of probes that have none, as servers write them.
fn without_delay(value: &mut Value) {
    match value {
        Value::Map(_) => {
            let map = value.make_map();
            map.retain(|key, member| key != "initialDelaySeconds" || member.as_int() != Some(0));
            map.iter_mut().for_each(|(_, member)| without_delay(member));
        }
        Value::List(_) => value.make_list().iter_mut().for_each(without_delay),
        _ => {}
    }
}

/// The sets of pods that are called as pods of sets are, where the text has none of the name.
fn parents(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    let mut missing: SortedMap<(String, String), (i64, i64)> = SortedMap::new();
    let mut seen = |namespace: &str, name: &str, first: i64, end: i64| {
        let range = missing.entry((namespace.to_owned(), name.to_owned())).or_insert((first, end));
        *range = (range.0.min(first), range.1.max(end));
    };
    for one in dump.objects.iter().enumerate().filter(|(at, one)| one.kind == Kind::Pod && dump.is_partly(*at)).map(|(_, one)| one) {
        let owned = one.value.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.text_at(&["kind"]) != Some("StatefulSet"));
        let Some((parent, ordinal)) = parent_and_ordinal(name(&one.value)).filter(|_| !owned && writes_ordinal(name(&one.value))) else {
            continue;
        };
        let has = dump.of(Kind::StatefulSet).any(|set| name(set) == parent && place(set) == place(&one.value));
        // Tables show all sets of a namespace or none.
        let others = dump.of(Kind::StatefulSet).any(|set| place(set) == place(&one.value));
        if !has && !others {
            // Of one pod alone a set is seldom: the next one waits for it, if it is not Ready.
            let (ready, all) = cell(&one.value, "READY").split_once('/').unwrap_or_default();
            seen(place(&one.value), parent, ordinal, if ordinal == 0 && ready != all { 2 } else { ordinal + 1 });
        }
    }
    for event in dump.events.iter().filter(|event| event.about.0 == Kind::StatefulSet.info().name && !event.about.1.is_empty()) {
        let Some(names) = REFUSED.iter().find_map(|words| captured(words, &event.message)) else { continue };
        let has = dump.of(Kind::StatefulSet).any(|set| place(set) == event.about.1);
        if let Some((parent, ordinal)) =
            names.first().and_then(|(_, pod)| parent_and_ordinal(pod)).filter(|(parent, _)| !has && *parent == event.about.2)
        {
            seen(&event.about.1, parent, ordinal, ordinal + 1);
        }
    }
    for ((namespace, name), (first, end)) in missing {
        let count = end - first;
        assume(
            assumed,
            format!("{name} is a StatefulSet of {count} pods, the first of which is {name}-{first}"),
            "its pods are named, and no set was pasted",
        );
        let mut value = bare(Kind::StatefulSet, &namespace, &name);
        value.set(&["spec", "replicas"], count);
        if first > 0 {
            value.set(&["spec", "ordinals", "start"], first);
        }
        dump.partly.insert(merge::key(&value));
        dump.supposed.insert(merge::key(&value));
        dump.objects.push(Printed { kind: Kind::StatefulSet, value });
    }
}

/// What stands in the way of a set's pods, as the words of the server that refused one tell: made anew, so that it does so here.
fn obstacles(dump: &mut Dump) {
    let mut made: Vec<Value> = Vec::new();
    let mut accounts: SortedMap<(String, String), String> = SortedMap::new();
    for event in dump.events.iter().filter(|event| event.about.0 == Kind::StatefulSet.info().name && !event.about.1.is_empty()) {
        let (namespace, message) = (&event.about.1, &*event.message);
        if let Some((_, account)) = captured("looking up service account {ns}/{sa}:", message).and_then(|names| names.get(1).copied()) {
            accounts.insert((namespace.clone(), event.about.2.clone()), account.to_owned());
            made.push(bare(Kind::ServiceAccount, namespace, "default"));
        }
        let demands = captured("failed quota: {quota}: must specify ", message).map(|names| (names, "must specify "));
        let exceeds = captured("exceeded quota: {quota}, requested: ", message).map(|names| (names, "limited: "));
        if let Some((names, from)) = demands.or(exceeds) {
            let mut quota = bare(Kind::ResourceQuota, namespace, names[0].1);
            for part in message.split(from).nth(1).unwrap_or_default().split([',', ' ', ';']) {
                let plenty = if part.contains("memory") || part.contains("storage") { "1000Gi" } else { "1000" };
                let (what, hard) = part.split_once('=').unwrap_or((part, plenty));
                if QUOTAS.iter().any(|known| what.starts_with(known)) {
                    for list in ["spec", "status"] {
                        quota.set(&[list, "hard", what], hard);
                    }
                }
            }
            made.push(quota);
        }
        if let Some((_, level)) = captured("violates PodSecurity \"{level}:", message).and_then(|names| names.first().copied()) {
            let mut place = bare(Kind::Namespace, "", namespace);
            place.set(&["metadata", "labels", "pod-security.kubernetes.io/enforce"], level);
            place.set(&["status", "phase"], "Active");
            made.push(place);
        }
    }
    for value in made {
        let kind = Kind::named(text(&value, &["kind"])).unwrap_or(Kind::Event);
        let is_there = dump.of(kind).any(|known| name(known) == name(&value) && place(known) == place(&value));
        if !is_there {
            dump.partly.insert(merge::key(&value));
            dump.objects.push(Printed { kind, value });
        }
    }
    for at in 0..dump.objects.len() {
        let value = &dump.objects[at].value;
        let account = accounts.get(&(place(value).to_owned(), name(value).to_owned())).cloned();
        if let Some(account) = account.filter(|_| dump.objects[at].kind == Kind::StatefulSet && dump.is_partly(at)) {
            fill(&mut dump.objects[at].value, &["spec", "template", "spec", "serviceAccountName"], account);
        }
    }
}

/// The pods of a set, by their ordinals.
fn pods_of<'a>(dump: &'a Dump, set: &'a Value) -> impl Iterator<Item = (i64, &'a Value)> {
    let own = move |pod: &'a Value| {
        let (parent, ordinal) = parent_and_ordinal(name(pod))?;
        (parent == name(set) && place(pod) == place(set)).then_some((ordinal, pod))
    };
    dump.of(Kind::Pod).filter_map(own)
}

/// The image that the last Event of a pod names.
fn image_of(dump: &Dump, namespace: &str, pod: &str) -> Option<String> {
    let named = |event: &Happened| {
        let words = IMAGES.iter().find_map(|words| captured(words, &event.message))?;
        Some((event.last, words.first()?.1.to_owned()))
    };
    let mut found: Option<(Option<Time>, String)> = None;
    for (last, image) in dump.about(Kind::Pod, namespace, pod).filter_map(named) {
        // Rows are not always in the order of time.
        if found.as_ref().is_none_or(|(known, _)| last.is_none() || *known <= last) {
            found = Some((last, image));
        }
    }
    found.map(|(_, image)| image)
}

/// The revision of a set that its template has, and one that it has not.
fn revision(set: &Value, is_other: bool) -> String {
    match text(set, &["status", if is_other { "currentRevision" } else { "updateRevision" }]) {
        "" => format!("{}-{}", name(set), if is_other { "other" } else { "newest" }),
        told => told.to_owned(),
    }
}

fn set(value: &mut Value, dump: &Dump, assumed: &mut Vec<Assumed>) {
    let called = name(value).to_owned();
    let most = pods_of(dump, value).map(|(ordinal, _)| ordinal + 1).max().unwrap_or(0);
    let have = i64::try_from(pods_of(dump, value).count()).unwrap_or(0);
    fill(value, &["spec", "replicas"], value.int_at(&["status", "replicas"]).unwrap_or(1).max(most));
    // The highest pod that was described tells the template, where the set does not.
    let like = pods_of(dump, value).filter(|(_, pod)| !pod.list_at(&["spec", "containers"]).is_empty()).max_by_key(|(ordinal, _)| *ordinal);
    let like = like.map(|(_, pod)| template_of(pod, &OF_SETS));
    let labels = value.at(&["spec", "template", "metadata", "labels"]).or_else(|| value.at(&["spec", "selector", "matchLabels"])).cloned();
    let of_pod =
        || like.as_ref().and_then(|like| like.at(&["metadata", "labels"])).filter(|labels| labels.members().next().is_some()).cloned();
    let labels = labels.or_else(of_pod).unwrap_or_else(|| Value::of([("app", &*called)]));
    fill(value, &["spec", "selector", "matchLabels"], labels.clone());
    fill(value, &["spec", "template", "metadata", "labels"], labels);
    fill(value, &["spec", "serviceName"], &*called);
    if value.list_at(&["spec", "template", "spec", "containers"]).is_empty() && cell(value, "IMAGES").is_empty() {
        if let Some(spec) = like.as_ref().and_then(|like| like.get("spec")) {
            value.set(&["spec", "template", "spec"], spec.clone());
            assume(assumed, format!("the template of {called} is as its highest pod tells"), "it was not pasted");
        }
    }
    if value.list_at(&["spec", "template", "spec", "containers"]).is_empty() {
        let names = cell(value, "CONTAINERS").split(',').filter(|name| !name.is_empty());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        let mut images: Vec<String> = cell(value, "IMAGES").split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if names.is_empty() {
            let wanted =
                pods_of(dump, value).find_map(|(_, pod)| super::number(cell(pod, "READY").split('/').nth(1)?)).unwrap_or(1).clamp(1, 20);
            names = (1..=wanted).map(|number| if number == 1 { "main".to_owned() } else { format!("other-{number}") }).collect();
            let seen = pods_of(dump, value).find_map(|(_, pod)| image_of(dump, place(pod), name(pod)));
            images = seen.into_iter().collect();
        }
        let image = |at: usize| images.get(at).cloned().unwrap_or_else(|| format!("{UNKNOWN_IMAGE}{called}"));
        let probe = Value::of([("tcpSocket", Value::of([("port", 80)]))]);
        let containers = names
            .iter()
            .enumerate()
            .map(|(at, name)| Value::of([("name", Value::from(&**name)), ("image", image(at).into()), ("readinessProbe", probe.clone())]));
        value.set(&["spec", "template", "spec", "containers"], Value::list(containers));
        assume(assumed, format!("the containers of {called} have readiness probes, and ask for nothing"), "its template was not pasted");
    }
    if pods_of(dump, value).any(|(_, pod)| cell(pod, "STATUS") == "SchedulingGated") {
        fill(value, &["spec", "template", "spec", "schedulingGates"], Value::list([Value::of([("name", GATE)])]));
    }
    if value.at(&["spec", "podManagementPolicy"]).is_none() {
        assume(
            assumed,
            format!("StatefulSet {called} is OrderedReady and RollingUpdate, without a partition"),
            "the text does not say otherwise",
        );
    }
    if value.list_at(&["spec", "volumeClaimTemplates"]).is_empty() {
        let templates = templates(value, dump);
        if !templates.is_empty() {
            value.set(&["spec", "volumeClaimTemplates"], Value::list(templates));
        }
    }
    fill(value, &["metadata", "generation"], 1);
    fill(value, &["status", "observedGeneration"], 1);
    fill(value, &["status", "replicas"], have);
    // A pod of the template's image is of the newest revision; without images the highest is taken for it.
    let image = |of: &Value, path: &[&str]| of.list_at(path).first().and_then(|one| one.get("image")).cloned();
    let wanted = image(value, &["spec", "template", "spec", "containers"]);
    let hash = |pod: &Value| pod.at(&["metadata", "labels", CONTROLLER_REVISION_HASH]).cloned();
    let mut hashes: Vec<(bool, i64, Value)> = pods_of(dump, value)
        .filter_map(|(ordinal, pod)| Some((image(pod, &["spec", "containers"]) == wanted, ordinal, hash(pod)?)))
        .collect();
    hashes.sort_small_by_key(|(same, ordinal, _)| (*same, *ordinal));
    if let Some((same, _, hash)) = hashes.pop()
        && (same || wanted.is_none())
    {
        fill(value, &["status", "updateRevision"], hash);
    }
    for key in ["updateRevision", "currentRevision"] {
        fill(value, &["status", key], revision(value, false));
    }
}

/// The claim templates of a set, by the names of claims.
fn templates(set: &Value, dump: &Dump) -> Vec<Value> {
    let mut found: SortedMap<String, Value> = SortedMap::new();
    for claim in dump.of(Kind::PersistentVolumeClaim).filter(|claim| place(claim) == place(set)) {
        let Some((parent, _)) = parent_and_ordinal(name(claim)) else { continue };
        let Some(template) = parent.strip_suffix(name(set)).and_then(|rest| rest.strip_suffix('-')).filter(|name| !name.is_empty()) else {
            continue;
        };
        let mut made = Value::of([("metadata", Value::of([("name", template)]))]);
        made.set(&["spec", "accessModes"], Value::list(["ReadWriteOnce"]));
        made.set(
            &["spec", "resources", "requests", "storage"],
            claim.at(&["status", "capacity", "storage"]).cloned().unwrap_or_else(|| "1Gi".into()),
        );
        if let Some(class) = claim.at(&["spec", "storageClassName"]) {
            made.set(&["spec", "storageClassName"], class.clone());
        }
        found.insert(template.to_owned(), made);
    }
    found.into_values().collect()
}

fn node(value: &mut Value) {
    let called = name(value).to_owned();
    fill(value, &["metadata", "labels", HOSTNAME], called);
    for key in ["allocatable", "capacity"] {
        fill(value, &["status", key], Value::of([("cpu", "64"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")]));
    }
    let silent = |one: &Value| one.text_at(&["type"]) == Some("Ready") && one.text_at(&["status"]) != Some("True");
    if value.list_at(&["status", "conditions"]).iter().any(silent) && value.list_at(&["spec", "taints"]).is_empty() {
        let taint = |effect: &str| Value::of([("key", "node.kubernetes.io/unreachable"), ("effect", effect)]);
        value.set(&["spec", "taints"], Value::list(["NoSchedule", "NoExecute"].map(taint)));
    }
}

fn claim(value: &mut Value, dump: &Dump, assumed: &mut Vec<Assumed>) {
    fill(value, &["spec", "accessModes"], Value::list(["ReadWriteOnce"]));
    let size = value.at(&["status", "capacity", "storage"]).cloned().filter(|size| size.as_text() != Some("0"));
    fill(value, &["spec", "resources", "requests", "storage"], size.unwrap_or_else(|| "1Gi".into()));
    fill(value, &["metadata", "finalizers"], Value::list(["kubernetes.io/pvc-protection"]));
    if value.at(&["metadata", "deletionTimestamp"]).is_some() && !text(value, &["spec", "volumeName"]).is_empty() {
        fill(value, &["status", "phase"], "Bound");
    }
    if value.at(&["status", "phase"]).is_none() {
        let called = name(value).to_owned();
        assume(assumed, format!("claim {called} is Bound"), "the text does not say");
        value.set(&["status", "phase"], "Bound");
        fill(value, &["spec", "volumeName"], format!("pv-{called}"));
    }
    if text(value, &["status", "phase"]) != "Pending" {
        for note in ["pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller"] {
            fill(value, &["metadata", "annotations", note], "yes");
        }
    } else if let Some(name) = waits_for(dump, value) {
        fill(value, &["metadata", "annotations", ASKS], name);
    }
}

/// The provisioner that an Event of a claim says it waits for.
fn waits_for(dump: &Dump, claim: &Value) -> Option<String> {
    let mut about = dump.about(Kind::PersistentVolumeClaim, place(claim), name(claim));
    let named = about.find_map(|event| PROVISIONERS.iter().find_map(|words| captured(words, &event.message)))?;
    named.first().map(|(_, name)| (*name).to_owned())
}

fn volume(value: &mut Value, dump: &Dump) {
    let claims = |claim: &&Value| {
        name(claim) == text(value, &["spec", "claimRef", "name"]) && place(claim) == text(value, &["spec", "claimRef", "namespace"])
    };
    let bound = |claim: &&Value| text(claim, &["spec", "volumeName"]) == name(value);
    let uid = dump.of(Kind::PersistentVolumeClaim).filter(claims).find(bound).and_then(|claim| claim.at(&["metadata", "uid"])).cloned();
    if value.at(&["spec", "claimRef"]).is_some() {
        // A volume of a claim that is gone names its uid.
        fill(value, &["spec", "claimRef", "uid"], uid.unwrap_or_else(|| Uid::parse(name(value)).to_string().into()));
    }
    fill(value, &["spec", "persistentVolumeReclaimPolicy"], "Retain");
    let path = format!("/data/{}", name(value));
    fill(value, &["spec", "hostPath", "path"], path);
    fill(value, &["metadata", "finalizers"], Value::list(["kubernetes.io/pv-protection"]));
}

fn pod(value: &mut Value, dump: &Dump) {
    let parent = parent_and_ordinal(name(value)).map(|(parent, _)| parent.to_owned());
    let set = parent.and_then(|parent| dump.of(Kind::StatefulSet).find(|set| name(set) == parent && place(set) == place(value)));
    let image = image_of(dump, place(value), name(value));
    if let Some(set) = set {
        let mut template = set.at(&["spec", "template", "spec"]).cloned().unwrap_or_default();
        let mut containers = template.list_at(&["containers"]).to_vec();
        let differs = image.as_ref().is_some_and(|image| containers.len() == 1 && containers[0].text_at(&["image"]) != Some(image));
        if let Some(image) = image.as_ref().filter(|_| differs) {
            containers[0].set(&["image"], &**image);
            template.set(&["containers"], Value::list(containers));
        }
        if value.list_at(&["spec", "containers"]).is_empty() {
            for (key, member) in template.members() {
                fill(value, &["spec", key], member.clone());
            }
        }
        let volume = |claim: &Value| {
            let template = text(claim, &["metadata", "name"]);
            let of = Value::of([("claimName", format!("{template}-{}", name(value)))]);
            Value::of([("name", Value::from(template)), ("persistentVolumeClaim", of)])
        };
        let mut volumes: Vec<Value> = set.list_at(&["spec", "volumeClaimTemplates"]).iter().map(volume).collect();
        if value.at(&["spec", "volumes"]).is_none() || !cell(value, "STATUS").is_empty() {
            volumes.extend(template.list_at(&["volumes"]).iter().cloned());
            value.set(&["spec", "volumes"], Value::list(volumes));
        }
        // A pod whose image is another than the template's is of another revision.
        let hash = revision(set, differs || image.is_none() && keeps_current(set, value));
        let hash = if differs && hash == revision(set, false) { format!("{}-other", name(set)) } else { hash };
        if value.at(&["metadata", "labels"]).is_none() {
            value.set(&["metadata", "labels"], set.at(&["spec", "template", "metadata", "labels"]).cloned().unwrap_or_default());
            value.set(&["metadata", "labels", "statefulset.kubernetes.io/pod-name"], name(value).to_owned());
        }
        fill(value, &["metadata", "labels", CONTROLLER_REVISION_HASH], hash);
        let owner = [("apiVersion", Value::from("apps/v1")), ("kind", "StatefulSet".into()), ("name", name(set).into())];
        let more = [("uid", set.at(&["metadata", "uid"]).cloned().unwrap_or_default()), ("controller", true.into())];
        let fits = set
            .at(&["spec", "selector", "matchLabels"])
            .is_none_or(|labels| labels.members().all(|(key, wanted)| value.at(&["metadata", "labels", key]) == Some(wanted)));
        if fits {
            fill(value, &["metadata", "ownerReferences"], Value::list([Value::of(owner.into_iter().chain(more))]));
        }
        // The set's own owner is the one there is.
        let own: Vec<Value> = value.list_at(&["metadata", "ownerReferences"]).to_vec();
        let named = own.into_iter().map(|mut owner| {
            if owner.text_at(&["kind"]) == Some("StatefulSet") && owner.text_at(&["name"]) == Some(name(set)) {
                owner.set(&["apiVersion"], "apps/v1");
                owner.set(&["controller"], true);
                owner.set(&["uid"], set.at(&["metadata", "uid"]).cloned().unwrap_or_default());
            }
            owner
        });
        let named: Vec<Value> = named.collect();
        if !named.is_empty() {
            value.set(&["metadata", "ownerReferences"], Value::list(named));
        }
        fill(value, &["spec", "hostname"], name(value).to_owned());
    }
    if value.list_at(&["spec", "containers"]).is_empty() {
        let one = [("name", "main".to_owned()), ("image", image.unwrap_or_else(|| format!("{UNKNOWN_IMAGE}{}", name(value))))];
        value.set(&["spec", "containers"], Value::list([Value::of(one)]));
    }
    if !cell(value, "STATUS").is_empty() && value.at(&["status", "containerStatuses"]).is_none() {
        state(value, dump);
    }
}

/// Whether a pod of a set that is rolled out has not been replaced yet, by how many were.
fn keeps_current(set: &Value, pod: &Value) -> bool {
    let number = |path: &[&str]| set.int_at(path).unwrap_or(0);
    let old = number(&["spec", "replicas"]) - number(&["status", "updatedReplicas"]);
    let rolls = text(set, &["status", "currentRevision"]) != text(set, &["status", "updateRevision"]);
    rolls && set.at(&["status", "updatedReplicas"]).is_some() && parent_and_ordinal(name(pod)).is_some_and(|(_, ordinal)| ordinal < old)
}

/// The state of a pod, from the words that kubectl derives for its row.
fn state(value: &mut Value, dump: &Dump) {
    let (word, ready) =
        (cell(value, "STATUS").to_owned(), super::number(cell(value, "READY").split('/').next().unwrap_or_default()).unwrap_or(0));
    let restarts = super::number(cell(value, "RESTARTS").split(' ').next().unwrap_or_default()).unwrap_or(0);
    let created = text(value, &["metadata", "creationTimestamp"]).to_owned();
    let created = if created.is_empty() { dump.newest.unwrap_or(NEWEST).rfc3339() } else { created };
    let now = dump.newest.unwrap_or(NEWEST);
    let is_placed = value.at(&["spec", "nodeName"]).is_some() || !UNPLACED.contains(&&*word) && word != "Unknown";
    if is_placed && value.at(&["spec", "nodeName"]).is_none() {
        let assigned = dump
            .about(Kind::Pod, place(value), name(value))
            .filter_map(|event| captured("assigned {pod} to {node}", &event.message))
            .last();
        let node = assigned.and_then(|names| names.get(1).map(|(_, node)| (*node).to_owned()));
        let any = dump.of(Kind::Node).next().map(|node| name(node).to_owned());
        value.set(&["spec", "nodeName"], node.or(any).unwrap_or_else(|| "node-1".to_owned()));
    }
    let containers = value.list_at(&["spec", "containers"]).to_vec();
    let waits = word.strip_prefix("Init:").unwrap_or(&word).to_owned();
    let begun = || Value::of([("startedAt", &*created)]);
    let status = |(at, container): (usize, &Value)| {
        let is_ready = i64::try_from(at).is_ok_and(|at| at < ready);
        let mut one = Value::of([("name", container.at(&["name"]).cloned().unwrap_or_default())]);
        one.set(&["image"], container.at(&["image"]).cloned().unwrap_or_default());
        one.set(&["ready"], is_ready);
        one.set(&["restartCount"], if is_ready { 0 } else { restarts });
        let ended = |code: i64, reason: &str| {
            let mut ended = Value::of([("exitCode", Value::from(code)), ("reason", reason.into())]);
            ended.set(&["finishedAt"], now.rfc3339());
            ended.set(&["startedAt"], &*created);
            ended
        };
        match &*word {
            _ if is_ready => one.set(&["state", "running"], begun()),
            "Running" | "Terminating" | "Unknown" | "NodeLost" => one.set(&["state", "running"], begun()),
            "Completed" => one.set(&["state", "terminated"], ended(0, "Completed")),
            "CrashLoopBackOff" => {
                one.set(&["state", "waiting", "reason"], &*word);
                one.set(&["lastState", "terminated"], ended(1, "Error"));
            }
            word if ENDED.contains(&word) => {
                one.set(&["state", "terminated"], ended(1, word));
                one.set(&["lastState", "terminated"], ended(1, word));
            }
            _ if word.starts_with("Init:") || word == "PodInitializing" => one.set(&["state", "waiting", "reason"], "PodInitializing"),
            _ => one.set(&["state", "waiting", "reason"], &*waits),
        }
        one
    };
    let all = i64::try_from(containers.len()).unwrap_or(i64::MAX);
    let phase = match &*word {
        "Completed" => "Succeeded",
        "Error" if restarts > 0 => "Running",
        "OOMKilled" => "Running",
        word if ENDED.contains(&word) => "Failed",
        "Running" | "Terminating" | "CrashLoopBackOff" | "Unknown" | "NodeLost" => "Running",
        _ if ready > 0 => "Running",
        _ => "Pending",
    };
    if is_placed {
        value.set(&["status", "containerStatuses"], Value::list(containers.iter().enumerate().map(status)));
        value.set(&["status", "startTime"], &*created);
    }
    value.set(&["status", "phase"], phase);
    if phase == "Failed" {
        value.set(&["status", "reason"], &*word);
    }
    let truth = |is: bool| if is { "True" } else { "False" };
    let is_ready = ready >= all && phase == "Running";
    let mut conditions = Vec::new();
    for (kind, is) in [
        ("Initialized", is_placed && !word.starts_with("Init:")),
        ("Ready", is_ready),
        ("ContainersReady", is_ready),
        ("PodScheduled", is_placed),
    ] {
        let mut one = Value::of([("type", kind), ("status", truth(is)), ("lastTransitionTime", &*created)]);
        if kind == "PodScheduled" && !is {
            let said = dump.about(Kind::Pod, place(value), name(value)).filter(|event| event.reason == "FailedScheduling").last();
            one.set(&["reason"], if word == "SchedulingGated" { "SchedulingGated" } else { "Unschedulable" });
            one.set(&["message"], said.map_or("", |event| &event.message));
        } else if kind == "Ready" && !is && is_placed {
            one.set(&["reason"], "ContainersNotReady");
        }
        conditions.push(one);
    }
    value.set(&["status", "conditions"], Value::list(conditions));
    if word == "SchedulingGated" {
        value.set(&["spec", "schedulingGates"], Value::list([Value::of([("name", GATE)])]));
    }
    if word == "Terminating" {
        let asked = dump
            .about(Kind::Pod, place(value), name(value))
            .filter(|event| ["Killing", "TaintManagerEviction"].contains(&&*event.reason))
            .last();
        value.set(&["metadata", "deletionTimestamp"], asked.and_then(|event| event.last).unwrap_or(now).rfc3339());
        value.set(&["metadata", "deletionGracePeriodSeconds"], 30);
    }
}

/// Of a set whose lower pods are of another revision and well, the current revision is theirs.
fn revisions_of_sets(dump: &mut Dump) {
    for at in 0..dump.objects.len() {
        let set = &dump.objects[at];
        if set.kind != Kind::StatefulSet || !dump.is_partly(at) {
            continue;
        }
        let newest = revision(&set.value, false);
        let ready = |pod: &Value| {
            pod.list_at(&["status", "conditions"]).iter().any(|one| text(one, &["type"]) == "Ready" && text(one, &["status"]) == "True")
        };
        let hash = |pod: &Value| text(pod, &["metadata", "labels", CONTROLLER_REVISION_HASH]).to_owned();
        let older = pods_of(dump, &set.value).filter(|(_, pod)| ready(pod)).map(|(_, pod)| hash(pod)).find(|hash| *hash != newest);
        if let Some(older) = older {
            dump.objects[at].value.set(&["status", "currentRevision"], older);
        }
    }
}

/// Classes that claims name, where no class was pasted and Events tell that there is such a class.
fn classes(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    if dump.has(Kind::StorageClass) {
        return;
    }
    let mut made: SortedMap<String, (String, &'static str)> = SortedMap::new();
    for claim in dump.of(Kind::PersistentVolumeClaim) {
        let class = text(claim, &["spec", "storageClassName"]);
        let asked = text(claim, &["metadata", "annotations", ASKS]);
        let waits = dump.about(Kind::PersistentVolumeClaim, place(claim), name(claim));
        let is_lazy = waits.into_iter().any(|event| ["WaitForFirstConsumer", "WaitForPodScheduled"].contains(&&*event.reason));
        let is_bound = text(claim, &["status", "phase"]) == "Bound";
        if class.is_empty() || !(is_lazy || is_bound || !asked.is_empty()) {
            continue;
        }
        let by = dump.of(Kind::PersistentVolume).find(|volume| name(volume) == text(claim, &["spec", "volumeName"]));
        let by = by.map(|volume| text(volume, &["metadata", "annotations", MADE_BY]).to_owned()).unwrap_or_default();
        let free = dump
            .of(Kind::PersistentVolume)
            .any(|volume| text(volume, &["spec", "storageClassName"]) == class && !name(volume).starts_with("pvc-"));
        let provisioner = match () {
            () if !asked.is_empty() => asked.to_owned(),
            () if !by.is_empty() => by,
            () if free => NO_PROVISIONER.to_owned(),
            () => format!("{class}.example.com"),
        };
        made.entry(class.to_owned())
            .or_insert((provisioner, if is_lazy || asked.is_empty() { "WaitForFirstConsumer" } else { "Immediate" }));
    }
    for (class, (provisioner, mode)) in made {
        assume(
            assumed,
            format!("StorageClass {class} is there, with provisioner {provisioner}"),
            "claims of it are Bound or wait for a pod, and no classes were pasted",
        );
        let mut value = bare(Kind::StorageClass, "", &class);
        value.set(&["provisioner"], provisioner);
        value.set(&["volumeBindingMode"], mode);
        value.set(&["reclaimPolicy"], "Delete");
        dump.partly.insert(merge::key(&value));
        dump.objects.push(Printed { kind: Kind::StorageClass, value });
    }
}
