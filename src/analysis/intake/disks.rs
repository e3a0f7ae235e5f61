//! Where disks can go: the volumes and classes that were not pasted, as far as the text tells who makes them and where they are.

use super::dump::{Dump, Printed};
use super::paste::named::bare;
use api::kind::Kind;
use api::object::storage::{
    DEFAULT_CLASS, PROVISIONED_BY, RECLAIM_DELETE, SELECTED_NODE, STORAGE_PROVISIONER, STORAGE_PROVISIONER_BETA, VOLUME_PROTECTION,
};
use api::well_known::HOSTNAME;
use base::given::SetGiven;
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use causes::message::captured;
use cluster::provisioner::{LOCAL_PATH, makes_on_nodes};
use text::diagnose::Assumed;

/// The provisioner of classes that have none.
pub(super) const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";
/// What a default class is called that nobody names.
const SOME_DEFAULT: &str = "default";
/// In which words an Event of a claim names the provisioner that it waits for.
const PROVISIONERS: [&str; 2] = ["external provisioner '{name}'", "external provisioner \"{name}\""];
/// Reasons of Events that a provisioner itself reports.
const PROVISIONS: [&str; 3] = ["Provisioning", "ProvisioningSucceeded", "ProvisioningFailed"];

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.text_at(path).unwrap_or_default()
}

/// The provisioner that Events of a claim name: that it waits for, or that reports about it.
pub(super) fn told_provisioner(dump: &Dump, claim: &Value) -> Option<String> {
    let mut about = dump.about(Kind::PersistentVolumeClaim, text(claim, &["metadata", "namespace"]), text(claim, &["metadata", "name"]));
    about.find_map(|event| {
        let waited = PROVISIONERS.iter().find_map(|words| captured(words, &event.message)?.first().map(|(_, name)| (*name).to_owned()));
        // The source is the provisioner's name and that of its pod: `rancher.io/local-path_local-path-provisioner-…`.
        let own = || event.source.split('_').next().filter(|name| name.contains(['/', '.'])).map(str::to_owned);
        waited.or_else(|| PROVISIONS.contains(&&*event.reason).then(own).flatten())
    })
}

/// The provisioner of a class, as far as its claims, its volumes, their Events or its name tell.
fn provisioner(dump: &Dump, class: &str) -> Option<String> {
    let of_class = |one: &&Value| text(one, &["spec", "storageClassName"]) == class;
    let claims = || dump.of(Kind::PersistentVolumeClaim).filter(of_class);
    let noted = |claim: &Value| {
        [STORAGE_PROVISIONER, STORAGE_PROVISIONER_BETA]
            .iter()
            .find_map(|key| claim.text_at(&["metadata", "annotations", key]))
            .map(str::to_owned)
    };
    let made = |volume: &Value| volume.text_at(&["metadata", "annotations", PROVISIONED_BY]).map(str::to_owned);
    // Whoever makes volumes of a driver mostly has its name.
    let driven = |volume: &Value| volume.text_at(&["spec", "csi", "driver"]).map(str::to_owned);
    claims()
        .find_map(|claim| told_provisioner(dump, claim))
        .or_else(|| dump.of(Kind::PersistentVolume).filter(of_class).find_map(made))
        .or_else(|| claims().find_map(noted))
        .or_else(|| dump.of(Kind::PersistentVolume).filter(of_class).find_map(driven))
        .or_else(|| class.contains("local-path").then(|| LOCAL_PATH.to_owned()))
}

/// Names who made volumes that are shown without their annotations. A provisioner calls each after its claim, and lets it go with that.
pub(super) fn name_makers(dump: &mut Dump) {
    let maker = |volume: &Value| {
        let class = text(volume, &["spec", "storageClassName"]);
        let is_class = |one: &&Value| text(one, &["metadata", "name"]) == class;
        let by_class = || dump.of(Kind::StorageClass).find(is_class)?.text_at(&["provisioner"]).map(str::to_owned);
        let driver = || volume.text_at(&["spec", "csi", "driver"]).map(str::to_owned);
        driver().or_else(by_class).or_else(|| provisioner(dump, class)).filter(|maker| maker != NO_PROVISIONER)
    };
    let is_nameless = |volume: &Value| {
        let goes = text(volume, &["spec", "persistentVolumeReclaimPolicy"]) == RECLAIM_DELETE;
        goes && text(volume, &["metadata", "name"]).starts_with("pvc-") && volume.at(&["metadata", "annotations", PROVISIONED_BY]).is_none()
    };
    let makers: Vec<Option<String>> = dump
        .objects
        .iter()
        .map(|one| (one.kind == Kind::PersistentVolume && is_nameless(&one.value)).then(|| maker(&one.value))?)
        .collect();
    for (one, maker) in dump.objects.iter_mut().zip(makers) {
        one.value.set_some(&["metadata", "annotations", PROVISIONED_BY], maker);
    }
}

/// Volumes of the claims that are Bound, where none were pasted: on the nodes of the pods that use them, if they are made there.
pub(super) fn volumes(dump: &Dump, assumed: &mut Vec<Assumed>) -> Vec<Printed> {
    let is_bound = |claim: &&Value| text(claim, &["status", "phase"]) == "Bound" && !text(claim, &["spec", "volumeName"]).is_empty();
    let claims: Vec<&Value> = dump.of(Kind::PersistentVolumeClaim).filter(is_bound).collect();
    if dump.has(Kind::PersistentVolume) || claims.is_empty() {
        return Vec::new();
    }
    let made_on_nodes = |claim: &Value| provisioner(dump, text(claim, &["spec", "storageClassName"])).is_some_and(|by| makes_on_nodes(&by));
    let is_open = !claims.iter().all(|claim| made_on_nodes(claim));
    let reached = !is_open || dump.holds(Assumed::Volumes, assumed);
    claims.into_iter().map(|claim| volume(dump, claim, made_on_nodes(claim) || !reached)).collect()
}

fn volume(dump: &Dump, claim: &Value, is_on_node: bool) -> Printed {
    let [name, class] = ["volumeName", "storageClassName"].map(|field| text(claim, &["spec", field]));
    let [namespace, called] = ["namespace", "name"].map(|field| text(claim, &["metadata", field]));
    let at = |path: &[&str]| claim.at(path).cloned();
    let mut value = bare(Kind::PersistentVolume, "", name);
    let size = at(&["status", "capacity", "storage"]).or_else(|| at(&["spec", "resources", "requests", "storage"]));
    value.set(&["spec", "capacity", "storage"], size.unwrap_or_default());
    value.set(&["spec", "accessModes"], at(&["spec", "accessModes"]).unwrap_or_default());
    value.set(&["spec", "storageClassName"], class);
    value.set(&["spec", "persistentVolumeReclaimPolicy"], "Retain");
    let is_it = |one: &&Value| one.text_at(&["spec", "source", "persistentVolumeName"]) == Some(name);
    match dump.of(Kind::VolumeAttachment).find(is_it).and_then(|one| one.text_at(&["spec", "attacher"])) {
        Some(driver) => value.set(&["spec", "csi"], Value::of([("driver", driver), ("volumeHandle", name)])),
        None => value.set(&["spec", "hostPath", "path"], format!("/data/{name}")),
    }
    let of = [("kind", Value::from("PersistentVolumeClaim")), ("namespace", namespace.into()), ("name", called.into())];
    value.set(&["spec", "claimRef"], Value::of(of.into_iter().chain([("uid", at(&["metadata", "uid"]).unwrap_or_default())])));
    value.set(&["metadata", "finalizers"], Value::list([VOLUME_PROTECTION]));
    value.set(&["status", "phase"], "Bound");
    value.set_some(&["metadata", "annotations", PROVISIONED_BY], provisioner(dump, class));
    if let Some(node) = node_of(dump, namespace, called).filter(|_| is_on_node) {
        let term = Value::of([("key", Value::from(HOSTNAME)), ("operator", "In".into()), ("values", Value::list([node]))]);
        let terms = Value::list([Value::of([("matchExpressions", Value::list([term]))])]);
        value.set(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"], terms);
    }
    Printed { kind: Kind::PersistentVolume, value }
}

/// The volume that is reserved for a claim.
pub(super) fn volume_of<'a>(dump: &'a Dump, namespace: &str, claim: &str) -> Option<&'a Value> {
    let is_it = |volume: &&Value| {
        let of = |key: &str| volume.text_at(&["spec", "claimRef", key]);
        of("namespace") == Some(namespace) && of("name") == Some(claim)
    };
    dump.of(Kind::PersistentVolume).find(is_it)
}

/// The names of the nodes that a volume is on.
pub(super) fn nodes(volume: &Value) -> impl Iterator<Item = &str> {
    let terms = volume.list_at(&["spec", "nodeAffinity", "required", "nodeSelectorTerms"]).iter();
    let expressions = terms.flat_map(|term| term.list_at(&["matchExpressions"]));
    let named = expressions.filter(|one| one.text_at(&["key"]) == Some(HOSTNAME) && one.text_at(&["operator"]) == Some("In"));
    named.flat_map(|one| one.list_at(&["values"])).filter_map(Value::as_text)
}

/// The node of the pod that uses a claim, or that was selected for it.
fn node_of<'a>(dump: &'a Dump, namespace: &str, claim: &str) -> Option<&'a str> {
    let uses = |pod: &&Value| {
        let is_it = |volume: &Value| volume.text_at(&["persistentVolumeClaim", "claimName"]) == Some(claim);
        text(pod, &["metadata", "namespace"]) == namespace && pod.list_at(&["spec", "volumes"]).iter().any(is_it)
    };
    dump.of(Kind::Pod).find(uses)?.text_at(&["spec", "nodeName"])
}

/// The classes of whose volumes one was pasted that somebody made by hand: no provisioner has named it, and no driver has it.
pub(super) fn by_hand(dump: &Dump) -> SortedSet<String> {
    let is_made = |volume: &Value| {
        text(volume, &["metadata", "name"]).starts_with("pvc-")
            || volume.at(&["spec", "csi"]).is_some()
            || volume.at(&["metadata", "annotations", PROVISIONED_BY]).is_some()
    };
    dump.of(Kind::PersistentVolume)
        .filter(|volume| !is_made(volume))
        .map(|one| text(one, &["spec", "storageClassName"]).to_owned())
        .collect()
}

/// Classes of claims that are Bound or of which the text tells that there is such a class, where none were pasted. Where others were, and
/// the text is not all that there are, only those of claims that are Bound. A claim that waits may wait for want of its class.
pub(super) fn classes(dump: &mut Dump, by_hand: &SortedSet<String>, assumed: &mut Vec<Assumed>) {
    let has_others = dump.has(Kind::StorageClass);
    if has_others && dump.answers(Kind::StorageClass) {
        return;
    }
    let class_of = |claim: &Value| text(claim, &["spec", "storageClassName"]).to_owned();
    let is_bound = |claim: &Value| text(claim, &["status", "phase"]) == "Bound";
    let waits = |class: &str| dump.of(Kind::PersistentVolumeClaim).any(|claim| class_of(claim) == class && !is_bound(claim));
    let is_there = |class: &str| dump.of(Kind::StorageClass).any(|one| text(one, &["metadata", "name"]) == class);
    let mut made: SortedMap<String, (String, &'static str)> = SortedMap::new();
    for claim in dump.of(Kind::PersistentVolumeClaim) {
        let class = class_of(claim);
        let is_asked =
            told_provisioner(dump, claim).is_some() || claim.text_at(&["metadata", "annotations", STORAGE_PROVISIONER]).is_some();
        let is_lazy = told_lazy(dump, claim);
        if class.is_empty() || is_there(&class) || has_others && waits(&class) || !(is_lazy || is_bound(claim) || is_asked) {
            continue;
        }
        let unknown = || if by_hand.contains(&class) { NO_PROVISIONER.to_owned() } else { format!("{class}.example.com") };
        let mode = if is_lazy || is_bound(claim) || !is_asked { "WaitForFirstConsumer" } else { "Immediate" };
        let provisioner = provisioner(dump, &class).unwrap_or_else(unknown);
        made.entry(class).or_insert((provisioner, mode));
    }
    let default = default_class(dump).filter(|_| !has_others);
    if let Some(class) = default.as_ref().filter(|class| !made.contains_key(*class)) {
        made.insert(class.clone(), (format!("{class}.example.com"), "WaitForFirstConsumer"));
    }
    for (class, (provisioner, mode)) in made {
        assumed.push(Assumed::Class { class: class.as_str().into(), provisioner: provisioner.as_str().into() });
        let mut value = bare(Kind::StorageClass, "", &class);
        value.set(&["provisioner"], provisioner);
        value.set(&["volumeBindingMode"], mode);
        value.set(&["reclaimPolicy"], "Delete");
        if default.as_ref() == Some(&class) {
            value.set(&["metadata", "annotations", DEFAULT_CLASS], "true");
        }
        dump.objects.push(Printed { kind: Kind::StorageClass, value });
    }
}

/// The class that claims got whose template names none, where such claims are Bound: with no default one, none would be.
fn default_class(dump: &Dump) -> Option<String> {
    let is_open =
        |template: &&Value| template.at(&["spec", "storageClassName"]).is_none() && template.at(&["spec", "volumeName"]).is_none();
    let sets = dump.of(Kind::StatefulSet).map(|set| (set, set.list_at(&["spec", "volumeClaimTemplates"])));
    let mut open =
        sets.flat_map(|(set, templates)| templates.iter().filter(is_open).map(move |one| (set, text(one, &["metadata", "name"]))));
    open.find_map(|(set, template)| {
        let begin = format!("{template}-{}-", text(set, &["metadata", "name"]));
        let is_its = |claim: &&Value| {
            text(claim, &["metadata", "namespace"]) == text(set, &["metadata", "namespace"])
                && text(claim, &["metadata", "name"]).starts_with(&begin)
                && text(claim, &["status", "phase"]) == "Bound"
        };
        let class = text(dump.of(Kind::PersistentVolumeClaim).find(is_its)?, &["spec", "storageClassName"]);
        Some(if class.is_empty() { SOME_DEFAULT } else { class }.to_owned())
    })
}

/// Whether the text tells that the volume of a claim waits for its first pod.
fn told_lazy(dump: &Dump, claim: &Value) -> bool {
    let mut events = dump.about(Kind::PersistentVolumeClaim, text(claim, &["metadata", "namespace"]), text(claim, &["metadata", "name"]));
    let said = events.any(|event| ["WaitForFirstConsumer", "WaitForPodScheduled"].contains(&&*event.reason));
    said || claim.at(&["metadata", "annotations", SELECTED_NODE]).is_some()
}
