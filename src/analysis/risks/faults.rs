//! Faults that the fields of a manifest show by themselves, before anything happens. One field contradicts another one, or something is
//! lost because a field is as it is.
//!
//! Promises: each fault has the line of the field that makes it so, or of the object that lacks one.
//! Models what the API server, the kubelet and the endpoint controllers make of the fields, each named at its rule.

mod asked;
mod claims;
mod copies;
mod disks;
mod manifest;
mod places;
mod pods;
mod policies;
mod probes;
mod scripts;
mod services;
mod settings;

use api::admit::INGRESS_CLASS;
use api::kind::Kind;
use api::object::ObjectKey;
use api::object::storage::named_class;
use base::sort::Sort;
use base::value::Value;
use cluster::zones::of_no_zone;
use intake::told::short;
use plan::documents::makes_claim;
use plan::lack::Lack;
use plan::needs::named_by;
use playground::documents::objects;
use text::risks::Fault;

pub use manifest::Found;
use manifest::{Item, Pods, item, labels, named, of_kind, pods_of, spelled};

/// All faults of a manifest: what does not work first, then in the order of their lines.
pub fn of(text: &str) -> Vec<Found> {
    beside(text, &[])
}

/// The same of a manifest that lacks what no file brings.
pub(super) fn beside(text: &str, lacks: &[Lack]) -> Vec<Found> {
    let items: Vec<Item> = objects(&yaml::parse(text)).into_iter().filter_map(item).collect();
    let pods: Vec<Pods> = items.iter().filter_map(pods_of).collect();
    let mut all: Vec<Found> = items.iter().flat_map(|item| FIELDS.iter().filter_map(|field| field.fault(item))).collect();
    for item in &items {
        match item.key.kind {
            Kind::Service => services::of(item, &pods, &mut all),
            Kind::PodDisruptionBudget => services::selects_nothing(item, &["spec", "selector", "matchLabels"], &pods, &mut all),
            Kind::StatefulSet => set(item, &items, &pods, &mut all),
            Kind::PersistentVolume => disks::volume(item, &items, &mut all),
            Kind::PersistentVolumeClaim => disks::claim(item, &items, &pods, &mut all),
            Kind::StorageClass => disks::class(item, &items, &mut all),
            Kind::RoleBinding | Kind::ClusterRoleBinding => binding(item, &items, &mut all),
            Kind::Pod => bare(item, &mut all),
            _ => {}
        }
    }
    for one in &pods {
        if one.is_of_set() {
            of_set(one, &pods, &items, &mut all);
        }
        missing_claim(one, &items, &mut all);
        if one.is_of_set() {
            shadowed(one, &mut all);
            two_counts(one, &items, &mut all);
        }
        not_brought(one, lacks, &mut all);
    }
    places::folders(&items, &mut all);
    claims::of_all(&items, &pods, &mut all);
    // What does not work comes before what may be.
    all.sort_small_by_key(|one| (!one.fault.breaks(), one.line));
    // One image is told of once.
    let mut images: Vec<String> = Vec::new();
    all.retain(|one: &Found| {
        let is_known = one.fault == Fault::FloatingTag && images.contains(&one.value);
        images.extend((one.fault == Fault::FloatingTag).then(|| one.value.clone()));
        !is_known
    });
    all
}

/// A fault that a field of an object shows by itself.
struct Field {
    kind: Kind,
    path: &'static [&'static str],
    fault: Fault,
    /// What of the field is told, where it is a fault.
    shows: fn(&Item, &Value) -> Option<String>,
}

/// The recycler of the volume controller, pkg/volume/hostpath, and pkg/apis/networking/validation ValidateIngressCreate are modelled.
const FIELDS: [Field; 5] = [
    Field {
        kind: Kind::StatefulSet,
        path: &["spec", "replicas"],
        fault: Fault::NothingRuns,
        shows: |_, count| (count.as_int() == Some(0)).then(String::new),
    },
    Field {
        kind: Kind::PersistentVolume,
        path: &["spec", "persistentVolumeReclaimPolicy"],
        fault: Fault::Recycled,
        shows: |_, policy| (policy.as_text() == Some("Recycle")).then(String::new),
    },
    Field {
        kind: Kind::PersistentVolume,
        path: &["spec", "hostPath"],
        fault: Fault::UnpinnedFolder,
        shows: |volume, folder| folder.text_at(&["path"]).filter(|_| volume.at(&["spec", "nodeAffinity"]).is_none()).map(str::to_owned),
    },
    Field { kind: Kind::PersistentVolume, path: &["spec"], fault: Fault::NoZone, shows: |_, spec| of_no_zone(spec).map(str::to_owned) },
    Field {
        kind: Kind::Ingress,
        path: &["metadata", "annotations", INGRESS_CLASS],
        fault: Fault::ClassTwice,
        shows: |ingress, _| ingress.text_at(&["spec", "ingressClassName"]).map(|_| INGRESS_CLASS.to_owned()),
    },
];

impl Field {
    fn fault(&self, item: &Item) -> Option<Found> {
        let value = item.at(self.path).filter(|_| item.key.kind == self.kind)?;
        (self.shows)(item, value).map(|shown| item.fault(self.fault, self.path).value(shown))
    }
}

/// The annotation that makes an object one that Helm runs at its own time.
const HOOK: &str = "helm.sh/hook";

/// A pod by itself; one that is a hook of Helm runs as soon as it is applied.
fn bare(item: &Item, all: &mut Vec<Found>) {
    let hook = item.text_at(&["metadata", "annotations", HOOK]).map_or("", |_| HOOK);
    all.push(item.fault(Fault::BarePod, &[]).other(hook));
}

/// Faults of the pods of a set.
fn of_set(one: &Pods, pods: &[Pods], items: &[Item], all: &mut Vec<Found>) {
    pods::of(one, pods, all);
    asked::of(one, items, all);
    scripts::of(one, all);
    probes::of(one, items, all);
    claims::of(one, items, all);
    places::of(one, items, all);
    copies::of(one, items, all);
    disks::of(one, items, all);
    policies::of(one, pods, items, all);
    settings::of(one, items, all);
}

fn set(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    services::governing(item, items, pods, all);
    version(item, all);
    classless(item, items, all);
    let path = ["spec", "updateStrategy", "rollingUpdate", "partition"];
    if let Some(partition) = item.int_at(&path).filter(|partition| *partition > 0) {
        all.push(item.fault(Fault::Partition, &path).value(partition).other(item.replicas()));
    }
}

/// Claims without a class beside volumes without one: a default class of the cluster gives the claims another. Models
/// pkg/controller/volume/persistentvolume and the admission of default classes.
fn classless(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let mut volumes = of_kind(items, Kind::PersistentVolume).filter(|one| named_class(one).is_none());
    let claim = item.templates().find(|claim| named_class(claim).is_none());
    if let Some((claim, volume)) = claim.zip(volumes.next()) {
        all.push(claim.fault(Fault::NoClass, &[]).value(short(&volume.key)));
    }
}

/// A selector with a label that changes with versions or tools. Models the rule that a selector cannot be changed.
fn version(item: &Item, all: &mut Vec<Found>) {
    const CHANGES: [&str; 4] = ["app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart", "heritage"];
    const VERSIONS: [&str; 3] = ["chart", "version", "appVersion"];
    let path = ["spec", "selector", "matchLabels"];
    let is_version = |value: &str| value == "latest" || value.chars().any(|c| c.is_ascii_digit());
    let last = |key: &str| key.rsplit('/').next().unwrap_or_default().to_owned();
    let changes = |(key, value): &(String, String)| CHANGES.contains(&key.as_str()) || VERSIONS.contains(&&*last(key)) && is_version(value);
    if let Some(pair) = labels(item.at(&path)).into_iter().find(changes) {
        all.push(item.fault(Fault::VersionInSelector, &path).value(spelled(&[pair])));
    }
}

/// A binding of an account of one namespace, where the manifest has the account in another one only.
fn binding(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    for subject in item.each(&["subjects"]).filter(|one| one.text_at(&["kind"]) == Some("ServiceAccount")) {
        let space = subject.text_at(&["namespace"]).unwrap_or(&item.key.namespace);
        let mut accounts = of_kind(items, Kind::ServiceAccount).filter(|one| *one.key.name == *subject.name());
        if let Some(other) = accounts.clone().next().filter(|_| !accounts.any(|one| *one.key.namespace == *space)) {
            all.push(subject.fault(Fault::OtherNamespace, &[]).value(space).other(&other.key.namespace));
        }
    }
}

/// What pods refer to beside claims, and the manifest does not bring.
fn not_brought(pods: &Pods, lacks: &[Lack], all: &mut Vec<Found>) {
    let is_lack = |key: &ObjectKey| lacks.iter().any(|lack| matches!(lack, Lack::Object { key: known, .. } if known == key));
    let is_missing = |key: &ObjectKey| key.kind != Kind::PersistentVolumeClaim && is_lack(key);
    let mut missing: Vec<String> = Vec::new();
    for (key, _) in named_by(pods.item).into_iter().filter(|(key, _)| is_missing(key)) {
        let name = format!("{} {}", key.kind.info().name, key.name);
        if !missing.contains(&name) {
            missing.push(name);
        }
    }
    if !missing.is_empty() {
        all.push(pods.spec.fault(Fault::NotBrought, &[]).value(missing.join(", ")));
    }
}

/// A volume in whose place a claim template of the same name comes. Models pkg/controller/statefulset updateStorage.
fn shadowed(pods: &Pods, all: &mut Vec<Found>) {
    let made = pods.item.list_at(&["spec", "volumeClaimTemplates"]);
    for volume in pods.spec.each(&["volumes"]) {
        if made.iter().any(|claim| claim.text_at(&["metadata", "name"]) == Some(volume.name())) {
            all.push(volume.fault(Fault::Shadowed, &[]).name(volume.name()));
        }
    }
}

/// A number of replicas in the file, beside an autoscaler of the set.
fn two_counts(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let Some(replicas) = pods.item.int_at(&["spec", "replicas"]) else { return };
    if let Some(scaler) = of_kind(items, Kind::HorizontalPodAutoscaler).find(|one| aims_at(one, pods.item)) {
        all.push(pods.item.fault(Fault::TwoCounts, &["spec", "replicas"]).value(replicas).name(short(&scaler.key)));
    }
}

/// Whether a set is the target of an autoscaler.
fn aims_at(scaler: &Item, set: &Item) -> bool {
    let target = |field: &str| scaler.text_at(&["spec", "scaleTargetRef", field]);
    scaler.is_beside(set) && target("kind") == Some(Kind::StatefulSet.info().name) && target("name") == Some(&set.key.name)
}

/// A claim that pods use, and that the manifest has in no namespace, or in another one.
fn missing_claim(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    for (volume, name) in pods.claims() {
        let is_made = items.iter().any(|one| one.is_beside(pods.item) && makes_claim(one, name));
        if named(items, Kind::PersistentVolumeClaim, &pods.item.key.namespace, name).is_none() && !is_made {
            all.push(volume.fault(Fault::ClaimMissing, &[]).name(name).value(&pods.item.key.namespace));
        }
    }
}
