//! What a table leaves out of an object and a world needs: filled in as the rest of the text tells, and said.
//!
//! Only objects that are known in part are touched.

mod pod;
mod revision;
mod storage;

use super::figures::number;
use super::found::SAID;
use super::named::{bare, key};
use crate::dump::{Dump, Printed};
use crate::event::Happened;
use crate::over::stands;
use crate::supplied::{OF_SETS, template_of};
use api::default;
use api::kind::Kind;
use api::object::{Uid, parent_and_ordinal, writes_ordinal};
use api::release::Release;
use base::given::SetGiven;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;
use causes::message::captured;
use text::diagnose::Assumed;

/// In which words an Event of a pod names its image.
const IMAGES: [&str; 5] = [
    "Container image \"{image}\" already present",
    "Successfully pulled image \"{image}\"",
    "Pulling image \"{image}\"",
    "pulling image \"{image}\"",
    "pull image \"{image}\"",
];
/// In which words an Event of a set names the pod that was refused.
const REFUSED: [&str; 2] = ["reate Pod {pod} in StatefulSet {set} failed", "pods \"{pod}\" is forbidden"];
/// With what the amounts begin that a quota may limit.
const QUOTAS: [&str; 6] = ["requests.", "limits.", "cpu", "memory", "pods", "persistentvolumeclaims"];

/// The node of pods of which nothing tells where they are.
const ANY_NODE: &str = "node-1";
/// With what the names of images begin that nothing names.
const UNKNOWN_IMAGE: &str = "image-of-";
/// The name of a scheduling gate that no table shows.
const GATE: &str = "not-shown";
/// With what the names of containers begin that nothing names.
const UNKNOWN_CONTAINER: &str = "not-told-";
/// Words of lines that speak of what was made up here.
pub(crate) const MADE_UP: [&str; 5] = [UNKNOWN_IMAGE, UNKNOWN_CONTAINER, "readinessProbe", "schedulerName", "example.com/"];

/// Whether a text has a name that was made up here.
pub(crate) fn is_made_up(text: &str) -> bool {
    [UNKNOWN_IMAGE, UNKNOWN_CONTAINER, GATE].iter().any(|name| text.contains(name))
}

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
    if dump.partly.is_empty() && !dump.mixed {
        return;
    }
    parents(dump, assumed);
    obstacles(dump);
    if dump.has(Kind::Node) && !dump.of(Kind::Node).any(storage::is_ready) {
        // Somewhere the pods are that no row places.
        let value = bare(Kind::Node, "", ANY_NODE);
        dump.partly.insert(key(&value));
        dump.objects.push(Printed { kind: Kind::Node, value });
    }
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
                Kind::Node => storage::node(&mut value),
                Kind::PersistentVolumeClaim => storage::claim(&mut value, dump, assumed),
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
                Kind::Pod if pod::pod(&mut value, dump) => drop(dump.guessed.insert(key(&value))),
                Kind::PersistentVolume => storage::volume(&mut value, dump),
                _ => {}
            }
            value.remove(&[SAID]);
            without_delay(&mut value);
            default::apply(dump.objects[at].kind, &mut value, release);
            dump.objects[at].value = value;
        }
    }
    revision::older(dump);
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
            seen(place(&one.value), parent, ordinal, ordinal + 1);
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
        assumed.push(Assumed::Supposed { set: name.as_str().into(), first, count });
        let mut value = bare(Kind::StatefulSet, &namespace, &name);
        value.set(&["spec", "replicas"], count);
        if first > 0 {
            value.set(&["spec", "ordinals", "start"], first);
        }
        dump.partly.insert(key(&value));
        dump.supposed.insert(key(&value));
        dump.objects.push(Printed { kind: Kind::StatefulSet, value });
    }
}

/// What stands in the way of a set's pods, as the words of the server that refused one tell: made anew, so that it does so here.
fn obstacles(dump: &mut Dump) {
    let mut made: Vec<Value> = Vec::new();
    let mut accounts: SortedMap<(String, String), String> = SortedMap::new();
    let counts = |at: &usize| dump.partly.contains(&dump.events[*at].about) && stands(&dump.events, *at).is_some();
    for event in (0..dump.events.len()).filter(counts).map(|at| &dump.events[at]) {
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
            dump.partly.insert(key(&value));
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
    // kubectl describes no first ordinal: it is not 0 where all pods are above as many as are wanted.
    let least = pods_of(dump, value).map(|(ordinal, _)| ordinal).min().unwrap_or(0);
    if value.int_at(&["spec", "replicas"]).is_some_and(|wanted| wanted > 0 && wanted <= least) {
        fill(value, &["spec", "ordinals", "start"], least);
    }
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
    let is_told = !value.list_at(&["spec", "template", "spec", "containers"]).is_empty();
    // Tables and descriptions show no Service; a manifest that names none has none.
    if !is_told || dump.described.contains(&key(value)) {
        fill(value, &["spec", "serviceName"], &*called);
    }
    let is_open = value.list_at(&["spec", "template", "spec", "containers"]).is_empty() && cell(value, "IMAGES").is_empty();
    if let Some(spec) = like.as_ref().and_then(|like| like.get("spec")).filter(|_| is_open) {
        value.set(&["spec", "template", "spec"], spec.clone());
        assumed.push(Assumed::TemplateOfPod { set: called.as_str().into() });
    }
    if value.list_at(&["spec", "template", "spec", "containers"]).is_empty() {
        let names = cell(value, "CONTAINERS").split(',').filter(|name| !name.is_empty());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        let mut images: Vec<String> = cell(value, "IMAGES").split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if names.is_empty() {
            let wanted = pods_of(dump, value).find_map(|(_, pod)| number(cell(pod, "READY").split('/').nth(1)?)).unwrap_or(1).clamp(1, 20);
            names = (1..=wanted).map(|number| format!("{UNKNOWN_CONTAINER}{number}")).collect();
            let seen = pods_of(dump, value).find_map(|(_, pod)| image_of(dump, place(pod), name(pod)));
            images = seen.into_iter().collect();
        }
        // Each container has an image of its own: what one was seen to do, another need not.
        let unknown = |at: usize| format!("{UNKNOWN_IMAGE}{called}{}", if at == 0 { String::new() } else { format!("-{at}") });
        let image = |at: usize| images.get(at).cloned().unwrap_or_else(|| unknown(at));
        let probe = Value::of([("tcpSocket", Value::of([("port", 80)]))]);
        let containers = names
            .iter()
            .enumerate()
            .map(|(at, name)| Value::of([("name", Value::from(&**name)), ("image", image(at).into()), ("readinessProbe", probe.clone())]));
        value.set(&["spec", "template", "spec", "containers"], Value::list(containers));
        assumed.push(Assumed::Containers { set: called.as_str().into() });
    }
    if pods_of(dump, value).any(|(_, pod)| cell(pod, "STATUS") == "SchedulingGated") {
        fill(value, &["spec", "template", "spec", "schedulingGates"], Value::list([Value::of([("name", GATE)])]));
    }
    if value.at(&["spec", "podManagementPolicy"]).is_none() {
        if is_parallel(value, dump) || !dump.holds(Assumed::Strategy { set: called.as_str().into() }, assumed) {
            value.set(&["spec", "podManagementPolicy"], "Parallel");
        }
    }
    if value.list_at(&["spec", "volumeClaimTemplates"]).is_empty() {
        let templates = templates(value, dump);
        value.set_filled(&["spec", "volumeClaimTemplates"], Value::list(templates));
    }
    fill(value, &["metadata", "generation"], 1);
    fill(value, &["status", "observedGeneration"], 1);
    fill(value, &["status", "replicas"], have);
    if let Some(hash) = revision::newest(value, dump, is_told) {
        fill(value, &["status", "updateRevision"], hash);
    }
    for key in ["updateRevision", "currentRevision"] {
        fill(value, &["status", key], revision(value, false));
    }
}

/// Whether the rows of a set's pods show that it is Parallel: a pod is there although a lower one, which is older, has never started.
fn is_parallel(set: &Value, dump: &Dump) -> bool {
    let waits = |pod: &Value| ["Pending", "ContainerCreating"].contains(&cell(pod, "STATUS")) && cell(pod, "RESTARTS") == "0";
    let since = |pod: &Value| pod.text_at(&["metadata", "creationTimestamp"]).and_then(Time::parse_rfc3339);
    let follows = |lower: (i64, &Value), higher: (i64, &Value)| {
        lower.0 < higher.0 && since(lower.1).zip(since(higher.1)).is_some_and(|(lower, higher)| lower <= higher)
    };
    let mut waiting = pods_of(dump, set).filter(|(_, pod)| waits(pod));
    waiting.any(|lower| pods_of(dump, set).any(|higher| follows(lower, higher)))
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
        made.set_some(&["spec", "storageClassName"], claim.at(&["spec", "storageClassName"]).cloned());
        found.insert(template.to_owned(), made);
    }
    found.into_values().collect()
}
