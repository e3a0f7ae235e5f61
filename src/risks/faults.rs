//! Faults that the fields of a manifest show by themselves, before anything happens. One field contradicts another one, or something is
//! lost because a field is as it is.
//!
//! Promises: each fault has the line of the field that makes it so, or of the object that lacks one.
//! Models what the API server, the kubelet and the endpoint controllers make of the fields, each named at its rule.

mod asked;
mod claims;
mod copies;
mod disks;
mod lines;
mod manifest;
mod places;
mod pods;
mod policies;
mod probes;
mod settings;
mod starts;

use api::kind::Kind;
use base::field_path::Step;
use base::sort::Sort;
use base::value::Value;
use cluster::zones::of_no_zone;
use intake::told::short;
use plan::documents::makes_claim;
use playground::documents::objects;
use text::risks::Fault;

pub use manifest::Found;
use manifest::{Item, Pods, item, labels, named, pods_of, spelled, steps};

/// All faults of a manifest: what does not work first, then in the order of their lines.
pub fn of(text: &str) -> Vec<Found> {
    let items: Vec<Item> = objects(&yaml::parse(text)).into_iter().filter_map(item).collect();
    let pods: Vec<Pods> = items.iter().filter_map(pods_of).collect();
    let mut all = Vec::new();
    for item in &items {
        match item.key.kind {
            Kind::Service => service(item, &pods, &mut all),
            Kind::PodDisruptionBudget => selects_nothing(item, &["spec", "selector", "matchLabels"], &pods, &mut all),
            Kind::StatefulSet => set(item, &items, &pods, &mut all),
            Kind::PersistentVolume => {
                volume(item, &mut all);
                disks::volume(item, &items, &mut all);
            }
            Kind::PersistentVolumeClaim => disks::claim(item, &items, &pods, &mut all),
            Kind::StorageClass => disks::class(item, &items, &mut all),
            Kind::RoleBinding | Kind::ClusterRoleBinding => binding(item, &items, &mut all),
            Kind::Pod => bare(item, &mut all),
            Kind::Ingress => twice(item, &mut all),
            _ => {}
        }
    }
    for one in &pods {
        pods::of(one, &pods, &mut all);
        missing_claim(one, &items, &mut all);
        asked::of(one, &items, &mut all);
        if one.is_of_set() {
            of_set(one, &pods, &items, &mut all);
        }
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

/// The annotation that makes an object one that Helm runs at its own time.
const HOOK: &str = "helm.sh/hook";
/// The annotation that named the class of an Ingress before a field did.
const INGRESS_CLASS: &str = "kubernetes.io/ingress.class";

/// A pod by itself; one that is a hook of Helm runs as soon as it is applied.
fn bare(item: &Item, all: &mut Vec<Found>) {
    let hook = item.value.text_at(&["metadata", "annotations", HOOK]).map_or(String::new(), |_| HOOK.to_owned());
    all.push(item.fault(Fault::BarePod, &[], [String::new(), String::new(), hook]));
}

/// A class by the annotation and by the field. Models pkg/apis/networking/validation ValidateIngressCreate.
fn twice(item: &Item, all: &mut Vec<Found>) {
    let path = ["metadata", "annotations", INGRESS_CLASS];
    if item.value.at(&path).is_some() && item.value.text_at(&["spec", "ingressClassName"]).is_some() {
        all.push(item.fault(Fault::ClassTwice, &steps(&path), [String::new(), INGRESS_CLASS.to_owned(), String::new()]));
    }
}

/// Faults of the pods of a set.
fn of_set(one: &Pods, pods: &[Pods], items: &[Item], all: &mut Vec<Found>) {
    lines::of(one, all);
    starts::of(one, all);
    probes::of(one, items, all);
    claims::of(one, items, all);
    places::of(one, items, all);
    copies::of(one, items, all);
    disks::of(one, items, all);
    policies::of(one, pods, items, all);
    settings::of(one, items, all);
}

/// A selector that selects no pod of the manifest. Models pkg/controller/endpointslice and pkg/controller/disruption.
fn selects_nothing(item: &Item, path: &[&str], pods: &[Pods], all: &mut Vec<Found>) {
    let wanted = labels(item.value.at(path));
    let is_selected = |one: &Pods| one.are_selected(&item.key.namespace, &wanted);
    // Where nothing of the namespace is told, the pods are elsewhere.
    let has_pods = pods.iter().any(|one| one.item.key.namespace == item.key.namespace);
    if !wanted.is_empty() && has_pods && !pods.iter().any(is_selected) {
        all.push(item.fault(Fault::SelectsNothing, &steps(path), [String::new(), spelled(&wanted), String::new()]));
    }
}

fn service(item: &Item, pods: &[Pods], all: &mut Vec<Found>) {
    selects_nothing(item, &["spec", "selector"], pods, all);
    let wanted = labels(item.value.at(&["spec", "selector"]));
    if wanted.is_empty() {
        return;
    }
    let selected: Vec<&Pods> = pods.iter().filter(|one| one.are_selected(&item.key.namespace, &wanted)).collect();
    for (at, port) in item.value.list_at(&["spec", "ports"]).iter().enumerate() {
        // Models pkg/api/v1/pod FindPort.
        let Some(name) = port.text_at(&["targetPort"]).filter(|name| name.parse::<u16>().is_err()) else { continue };
        let names = |one: &&Pods| {
            let mut ports = one.containers().flat_map(|(_, container)| container.list_at(&["ports"]).iter());
            ports.any(|port| port.text_at(&["name"]) == Some(name))
        };
        if !selected.is_empty() && !selected.iter().any(|one| names(one)) {
            let path = [steps(&["spec", "ports"]), vec![Step::Index(at), Step::Field("targetPort".into())]].concat();
            all.push(item.fault(Fault::TargetPort, &path, [String::new(), name.to_owned(), short(&selected[0].item.key)]));
        }
    }
    // A Service by which members of several roles find each other has no address of its own.
    if item.value.text_at(&["spec", "clusterIP"]) != Some("None") {
        overlaps(item, &selected, all);
    }
}

/// A Service behind which are pods of a set and of another workload.
fn overlaps(item: &Item, selected: &[&Pods], all: &mut Vec<Found>) {
    let lasts = |one: &&&Pods| !matches!(one.item.key.kind, Kind::Job | Kind::CronJob | Kind::Pod);
    let mut lasting = selected.iter().filter(lasts);
    if let (Some(one), Some(other)) = (lasting.next(), lasting.next())
        && (one.is_of_set() || other.is_of_set())
    {
        let (one, other) = (short(&one.item.key), short(&other.item.key));
        all.push(item.fault(Fault::SharedService, &steps(&["spec", "selector"]), [one, String::new(), other]));
    }
}

fn set(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    governing(item, items, pods, all);
    version(item, all);
    if item.value.int_at(&["spec", "replicas"]) == Some(0) {
        all.push(item.fault(Fault::NothingRuns, &steps(&["spec", "replicas"]), Default::default()));
    }
    classless(item, items, all);
    unused_claims(item, all);
    shared_claim(item, items, all);
    let partition = item.value.int_at(&["spec", "updateStrategy", "rollingUpdate", "partition"]).unwrap_or(0);
    if partition > 0 {
        let path = steps(&["spec", "updateStrategy", "rollingUpdate", "partition"]);
        all.push(item.fault(Fault::Partition, &path, [String::new(), partition.to_string(), item.replicas().to_string()]));
    }
}

/// Claims without a class beside volumes without one: a default class of the cluster gives the claims another. Models
/// pkg/controller/volume/persistentvolume and the admission of default classes.
fn classless(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    let has_class = |value: &Value| value.at(&["spec", "storageClassName"]).is_some();
    let is_bare = |one: &&Item| one.key.kind == Kind::PersistentVolume && !has_class(&one.value);
    let claims = item.value.list_at(&["spec", "volumeClaimTemplates"]);
    if let (Some(at), Some(volume)) = (claims.iter().position(|claim| !has_class(claim)), items.iter().find(is_bare)) {
        let path = [steps(&["spec", "volumeClaimTemplates"]), vec![Step::Index(at)]].concat();
        let name = claims[at].text_at(&["metadata", "name"]).unwrap_or_default().to_owned();
        all.push(item.fault(Fault::NoClass, &path, [name, short(&volume.key), String::new()]));
    }
}

/// A selector with a label that changes with versions or tools. Models the rule that a selector cannot be changed.
fn version(item: &Item, all: &mut Vec<Found>) {
    const CHANGES: [&str; 4] = ["app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart", "heritage"];
    const VERSIONS: [&str; 3] = ["chart", "version", "appVersion"];
    let wanted = labels(item.value.at(&["spec", "selector", "matchLabels"]));
    let is_version = |value: &str| value == "latest" || value.chars().any(|c| c.is_ascii_digit());
    let last = |key: &str| key.rsplit('/').next().unwrap_or_default().to_owned();
    let changes = |(key, value): &(String, String)| CHANGES.contains(&key.as_str()) || VERSIONS.contains(&&*last(key)) && is_version(value);
    if let Some(pair) = wanted.into_iter().find(changes) {
        let path = steps(&["spec", "selector", "matchLabels"]);
        all.push(item.fault(Fault::VersionInSelector, &path, [String::new(), spelled(&[pair]), String::new()]));
    }
}

/// The Service by which the pods of a set have names. Models pkg/registry/core/service and the specification of cluster DNS.
fn governing(item: &Item, items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let Some(name) = item.value.text_at(&["spec", "serviceName"]).filter(|name| !name.is_empty()) else { return };
    let path = steps(&["spec", "serviceName"]);
    let Some(service) = named(items, Kind::Service, &item.key.namespace, name) else {
        return all.push(item.fault(Fault::ServiceMissing, &path, [String::new(), name.to_owned(), String::new()]));
    };
    let headless = service.value.text_at(&["spec", "clusterIP"]) == Some("None");
    // Of pods that nobody calls by name, no name is missed.
    let is_called = items.iter().any(|one| names_of(one).any(|text| text.contains(&format!(".{name}"))));
    if !headless && is_called && item.replicas() > 1 && service.value.text_at(&["spec", "type"]) != Some("ExternalName") {
        all.push(service.fault(Fault::NotHeadless, &steps(&["spec"]), [short(&item.key), String::new(), String::new()]));
    }
    // Models endpointslice, which reads the field alone.
    let unread = steps(&["metadata", "annotations", UNREAD]);
    let publishes = service.value.at(&["spec", "publishNotReadyAddresses"]).and_then(Value::as_bool) == Some(true);
    if service.value.at(&["metadata", "annotations", UNREAD]).is_some() && !publishes && item.replicas() > 1 {
        all.push(service.fault(Fault::UnreadAnnotation, &unread, [short(&item.key), UNREAD.to_owned(), String::new()]));
    }
    let wanted = labels(service.value.at(&["spec", "selector"]));
    let own = pods.iter().find(|one| one.item.key == item.key);
    let leads = own.is_none_or(|own| own.are_selected(&service.key.namespace, &wanted));
    if !wanted.is_empty() && !leads && pods.iter().any(|one| one.are_selected(&service.key.namespace, &wanted)) {
        let others = [short(&item.key), spelled(&wanted), String::new()];
        all.push(service.fault(Fault::LeadsElsewhere, &steps(&["spec", "selector"]), others));
    }
}

/// The annotation that had names of pods published before these are Ready.
const UNREAD: &str = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

/// The texts of an object in which names of pods may stand.
fn names_of(item: &Item) -> impl Iterator<Item = String> {
    let is_it = matches!(item.key.kind, Kind::ConfigMap | Kind::Secret | Kind::StatefulSet | Kind::Deployment | Kind::Job);
    is_it.then(|| item.value.to_json()).into_iter()
}

/// A volume of a folder, and one that is scrubbed. Models pkg/volume/hostpath and the recycler of the volume controller.
fn volume(item: &Item, all: &mut Vec<Found>) {
    let folder = item.value.text_at(&["spec", "hostPath", "path"]);
    if let Some(folder) = folder.filter(|_| item.value.at(&["spec", "nodeAffinity"]).is_none()) {
        all.push(item.fault(Fault::UnpinnedFolder, &steps(&["spec", "hostPath"]), [String::new(), folder.to_owned(), String::new()]));
    }
    if let Some(disk) = item.value.get("spec").and_then(of_no_zone) {
        all.push(item.fault(Fault::NoZone, &steps(&["spec"]), [String::new(), disk.to_owned(), String::new()]));
    }
    if item.value.text_at(&["spec", "persistentVolumeReclaimPolicy"]) == Some("Recycle") {
        all.push(item.fault(Fault::Recycled, &steps(&["spec", "persistentVolumeReclaimPolicy"]), Default::default()));
    }
}

/// A binding of an account of one namespace, where the manifest has the account in another one only.
fn binding(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    for (at, subject) in item.value.list_at(&["subjects"]).iter().enumerate() {
        let (Some("ServiceAccount"), Some(name)) = (subject.text_at(&["kind"]), subject.text_at(&["name"])) else { continue };
        let space = subject.text_at(&["namespace"]).unwrap_or(&item.key.namespace);
        let accounts: Vec<&Item> = items.iter().filter(|one| one.key.kind == Kind::ServiceAccount && *one.key.name == *name).collect();
        if let Some(other) = accounts.first().filter(|_| !accounts.iter().any(|one| *one.key.namespace == *space)) {
            let path = [steps(&["subjects"]), vec![Step::Index(at)]].concat();
            let texts = [name.to_owned(), space.to_owned(), other.key.namespace.to_string()];
            all.push(item.fault(Fault::OtherNamespace, &path, texts));
        }
    }
}

/// A claim that a workload beside the sets uses, and that the manifest has in no namespace, or in another one.
fn missing_claim(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let space = &pods.item.key.namespace;
    for (at, volume) in pods.spec.list_at(&["volumes"]).iter().enumerate().filter(|_| !pods.is_of_set()) {
        let Some(name) = volume.text_at(&["persistentVolumeClaim", "claimName"]) else { continue };
        let is_made = |one: &Item| one.key.namespace == *space && makes_claim(&one.value, name);
        if named(items, Kind::PersistentVolumeClaim, space, name).is_none() && !items.iter().any(is_made) {
            let path: Vec<Step> = pods.below(&["volumes"]).into_iter().chain([Step::Index(at)]).collect();
            all.push(pods.item.fault(Fault::ClaimMissing, &path, [name.to_owned(), space.to_string(), String::new()]));
        }
    }
}

/// Claims that are made for each pod, and that no container uses.
fn unused_claims(item: &Item, all: &mut Vec<Found>) {
    let spec = item.value.at(&["spec", "template", "spec"]);
    let lists = |field: &'static str| spec.into_iter().flat_map(move |spec| spec.list_at(&[field]));
    let containers: Vec<&Value> = lists("containers").chain(lists("initContainers")).collect();
    for (at, template) in item.value.list_at(&["spec", "volumeClaimTemplates"]).iter().enumerate() {
        let Some(name) = template.text_at(&["metadata", "name"]) else { continue };
        let uses =
            |field: &str| containers.iter().any(|one| one.list_at(&[field]).iter().any(|mount| mount.text_at(&["name"]) == Some(name)));
        if !containers.is_empty() && !uses("volumeMounts") && !uses("volumeDevices") {
            let path = [steps(&["spec", "volumeClaimTemplates"]), vec![Step::Index(at)]].concat();
            all.push(item.fault(Fault::UnusedClaim, &path, [name.to_owned(), String::new(), String::new()]));
        }
    }
}

/// A claim of one node that all pods of a set use. Models pkg/volume/util AccessModes and the attach/detach controller.
fn shared_claim(item: &Item, items: &[Item], all: &mut Vec<Found>) {
    for (at, volume) in item.value.list_at(&["spec", "template", "spec", "volumes"]).iter().enumerate() {
        let Some(name) = volume.text_at(&["persistentVolumeClaim", "claimName"]) else { continue };
        let Some(claim) = named(items, Kind::PersistentVolumeClaim, &item.key.namespace, name) else { continue };
        let modes: Vec<&str> = claim.value.list_at(&["spec", "accessModes"]).iter().filter_map(Value::as_text).collect();
        let is_of_one = !modes.is_empty() && modes.iter().all(|mode| mode.starts_with("ReadWriteOnce"));
        // A folder is not attached to one node.
        if is_of_one && item.replicas() > 1 && !claims::is_on_folder(claim, items) {
            let path = [steps(&["spec", "template", "spec", "volumes"]), vec![Step::Index(at)]].concat();
            all.push(item.fault(Fault::SharedOnce, &path, [name.to_owned(), modes.join(","), item.replicas().to_string()]));
        }
    }
}
