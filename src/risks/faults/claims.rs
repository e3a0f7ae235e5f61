//! Faults of where data lie, and of which claim and which volume a pod gets.

use api::kind::Kind;
use base::field_path::Step;
use base::quantity::Quantity;
use base::value::Value;
use intake::told::short;
use text::risks::Fault;

use super::manifest::{Found, Item, Pods, named, steps};

/// Faults of the pods of a set.
pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    sourceless(pods, all);
    instead(pods.item, items, all);
    of_zone(pods.item, items, all);
}

/// Faults of claims and volumes of the whole manifest.
pub(super) fn of_all(items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    crosswise(items, all);
    goes(items, pods, all);
    pods.iter().for_each(|one| rolls_on_once(one, items, all));
}

/// A volume without a source. Models pkg/apis/core/v1 SetDefaults_Volume, which makes it an emptyDir.
fn sourceless(pods: &Pods, all: &mut Vec<Found>) {
    for (at, volume) in pods.spec.list_at(&["volumes"]).iter().enumerate() {
        let has_source = volume.members().any(|(key, _)| &**key != "name");
        if let Some(name) = volume.text_at(&["name"]).filter(|_| !has_source && !pods.is_of_template(volume)) {
            let path: Vec<Step> = pods.below(&["volumes"]).into_iter().chain([Step::Index(at)]).collect();
            all.push(pods.item.fault(Fault::NoSource, &path, [name.to_owned(), String::new(), String::new()]));
        }
    }
}

/// What a claim asks for: its class and its size.
fn asks(claim: &Value) -> (Option<&str>, Option<i64>) {
    let size = claim.at(&["spec", "resources", "requests", "storage"]).and_then(Quantity::read);
    (claim.text_at(&["spec", "storageClassName"]), size.map(Quantity::units))
}

/// A claim that has the name of one which a template would make, and asks for something else. Models pkg/controller/statefulset
/// createPersistentVolumeClaims, which takes the claim that is there.
fn instead(set: &Item, items: &[Item], all: &mut Vec<Found>) {
    for template in set.value.list_at(&["spec", "volumeClaimTemplates"]) {
        let name = template.text_at(&["metadata", "name"]).unwrap_or_default();
        let begins = format!("{name}-{}-", set.key.name);
        let is_its = |one: &&Item| {
            let ordinal = one.key.name.strip_prefix(&*begins).and_then(|rest| rest.parse::<u32>().ok());
            one.key.kind == Kind::PersistentVolumeClaim && one.key.namespace == set.key.namespace && ordinal.is_some()
        };
        if let Some(claim) = items.iter().filter(is_its).find(|one| asks(&one.value) != asks(template)) {
            all.push(claim.fault(Fault::ClaimInstead, &steps(&["spec"]), [short(&set.key), name.to_owned(), String::new()]));
        }
    }
}

/// Classes by which clouds name disks of one zone.
const OF_ZONES: [&str; 10] = [
    "default-ebs",
    "gp2",
    "gp3",
    "managed-csi",
    "managed-csi-premium",
    "managed-premium",
    "premium-rwo",
    "standard-rwo",
    "ebs-gp3",
    "ebs-sc",
];

/// Claims of a class whose disks are each in one zone, as its name says.
fn of_zone(set: &Item, items: &[Item], all: &mut Vec<Found>) {
    let is_brought = |class: &str| items.iter().any(|one| one.key.kind == Kind::StorageClass && *one.key.name == *class);
    for (at, template) in set.value.list_at(&["spec", "volumeClaimTemplates"]).iter().enumerate() {
        let class = template.text_at(&["spec", "storageClassName"]).filter(|class| OF_ZONES.contains(class) && !is_brought(class));
        if let Some(class) = class {
            let path = [steps(&["spec", "volumeClaimTemplates"]), vec![Step::Index(at)], steps(&["spec", "storageClassName"])].concat();
            return all.push(set.fault(Fault::OneZone, &path, [String::new(), class.to_owned(), String::new()]));
        }
    }
}

/// Two claims that name no volume, and two volumes for nobody, each of which fits both. Models pkg/controller/volume/persistentvolume
/// findMatchingVolume.
fn crosswise(items: &[Item], all: &mut Vec<Found>) {
    let of = |kind: Kind| items.iter().filter(move |one| one.key.kind == kind);
    let is_free = |one: &&Item| one.value.at(&["spec", "claimRef"]).is_none();
    let is_open = |one: &&Item| one.value.at(&["spec", "volumeName"]).is_none() && one.value.at(&["spec", "selector"]).is_none();
    let class = |one: &Item| one.value.text_at(&["spec", "storageClassName"]).map(str::to_owned);
    let size = |one: &Item, path: &[&str]| one.value.at(path).and_then(Quantity::read).map(Quantity::units);
    let modes = |one: &Item| one.value.list_at(&["spec", "accessModes"]).to_vec();
    let fits = |volume: &Item, claim: &Item| {
        let (has, wants) = (size(volume, &["spec", "capacity", "storage"]), size(claim, &["spec", "resources", "requests", "storage"]));
        let known = modes(volume);
        class(volume) == class(claim)
            && has.zip(wants).is_some_and(|(has, wants)| has >= wants)
            && modes(claim).iter().all(|one| known.contains(one))
    };
    let claims: Vec<&Item> = of(Kind::PersistentVolumeClaim).filter(is_open).collect();
    for (at, one) in claims.iter().enumerate() {
        for other in &claims[at + 1..] {
            let volumes: Vec<&Item> =
                of(Kind::PersistentVolume).filter(is_free).filter(|volume| fits(volume, one) && fits(volume, other)).collect();
            if let [first, second, ..] = volumes[..] {
                let texts = [short(&other.key), first.key.name.to_string(), second.key.name.to_string()];
                return all.push(one.fault(Fault::Crosswise, &steps(&["spec"]), texts));
            }
        }
    }
}

/// Claims that are documents of the manifest, and whose volumes are made for them.
fn goes(items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let uses = |one: &Pods, claim: &Item| {
        let name = |volume: &&Value| volume.text_at(&["persistentVolumeClaim", "claimName"]) == Some(&*claim.key.name);
        let has_volume = one.spec.list_at(&["volumes"]).iter().any(|volume| name(&volume) && !one.is_of_template(volume));
        let is_its = has_volume || plan::documents::makes_claim(&one.item.value, &claim.key.name);
        one.is_of_set() && one.item.key.namespace == claim.key.namespace && is_its
    };
    let class = |one: &Item| one.value.text_at(&["spec", "storageClassName"]).map(str::to_owned);
    let is_static = |claim: &Item| items.iter().any(|one| one.key.kind == Kind::PersistentVolume && class(one) == class(claim));
    let keeps = |claim: &Item| {
        let own = class(claim).and_then(|class| named(items, Kind::StorageClass, "", &class));
        own.is_some_and(|class| class.value.text_at(&["reclaimPolicy"]) == Some("Retain"))
    };
    let is_it = |one: &&Item| {
        one.key.kind == Kind::PersistentVolumeClaim && !is_static(one) && !keeps(one) && pods.iter().any(|pods| uses(pods, one))
    };
    let found: Vec<&Item> = items.iter().filter(is_it).collect();
    if let Some(first) = found.first() {
        let names: Vec<&str> = found.iter().map(|one| &*one.key.name).collect();
        all.push(first.fault(Fault::ClaimGoes, &[], [names.join(", "), String::new(), String::new()]));
    }
}

/// Whether a claim gets a folder, of nodes or of the network, that a volume of the manifest names.
pub(super) fn is_on_folder(claim: &Item, items: &[Item]) -> bool {
    let on_folder = |one: &Item| {
        let of = |path: &[&str]| one.value.text_at(path).map(str::to_owned);
        let is_its = of(&["metadata", "name"]) == claim.value.text_at(&["spec", "volumeName"]).map(str::to_owned);
        let is_like = of(&["spec", "storageClassName"]) == claim.value.text_at(&["spec", "storageClassName"]).map(str::to_owned);
        let is_folder = ["hostPath", "nfs"].iter().any(|source| one.value.at(&["spec", source]).is_some());
        one.key.kind == Kind::PersistentVolume && is_folder && (is_its || is_like)
    };
    items.iter().any(on_folder)
}

/// A Deployment of one pod whose update starts the new pod beside the old one, on a claim of one node. Models
/// pkg/controller/deployment/util MaxSurge and the attach/detach controller.
fn rolls_on_once(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let (item, path) = (pods.item, ["spec", "strategy", "type"]);
    let is_rolling = item.key.kind == Kind::Deployment && item.value.text_at(&path) != Some("Recreate");
    let is_default = item.value.at(&["spec", "strategy", "rollingUpdate"]).is_none();
    if !is_rolling || !is_default || item.replicas() != 1 {
        return;
    }
    let claims = pods.spec.list_at(&["volumes"]).iter().filter_map(|volume| volume.text_at(&["persistentVolumeClaim", "claimName"]));
    let mut claims = claims.filter_map(|name| named(items, Kind::PersistentVolumeClaim, &item.key.namespace, name));
    let is_once = |claim: &&Item| {
        let modes: Vec<&str> = claim.value.list_at(&["spec", "accessModes"]).iter().filter_map(Value::as_text).collect();
        !modes.is_empty() && modes.iter().all(|mode| mode.starts_with("ReadWriteOnce"))
    };
    if let Some(claim) = claims.find(|claim| is_once(claim) && !is_on_folder(claim, items)) {
        all.push(item.fault(Fault::RollsOnOnce, &steps(&["spec"]), [claim.key.name.to_string(), String::new(), String::new()]));
    }
}
