//! Faults of where data lie, and of which claim and which volume a pod gets.

use api::kind::Kind;
use api::object::storage::named_class;
use base::quantity::Quantity;
use base::value::Value;
use cluster::zones::is_named_of_zones;
use intake::told::short;
use plan::documents::makes_claim;
use text::risks::Fault;

use super::manifest::{Found, Item, Part, Pods, is_folder, named, of_kind, texts};

/// Faults of the pods of a set.
pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    // Models pkg/apis/core/v1 SetDefaults_Volume, which makes a volume without a source an emptyDir.
    let sourceless = pods.volumes().filter(|one| !one.name().is_empty() && one.members().all(|(key, _)| &**key == "name"));
    all.extend(sourceless.map(|one| one.fault(Fault::NoSource, &[])));
    unused(pods, all);
    shared(pods, items, all);
    instead(pods.item, items, all);
    of_zone(pods.item, items, all);
}

/// Faults of claims and volumes of the whole manifest.
pub(super) fn of_all(items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    crosswise(items, all);
    goes(items, pods, all);
    pods.iter().for_each(|one| rolls_on_once(one, items, all));
}

/// Claims that are made for each pod, and that no container uses.
fn unused(pods: &Pods, all: &mut Vec<Found>) {
    for template in pods.item.templates().filter(|_| pods.running().next().is_some()) {
        let uses =
            |one: Part| ["volumeMounts", "volumeDevices"].iter().any(|field| one.each(&[field]).any(|one| one.name() == template.name()));
        if !template.name().is_empty() && !pods.containers().any(uses) {
            all.push(template.fault(Fault::UnusedClaim, &[]));
        }
    }
}

/// The modes of a claim of one node that is no folder. Models pkg/volume/util AccessModes and the attach/detach controller.
pub(super) fn once<'a>(claim: &'a Item, items: &[Item]) -> Option<Vec<&'a str>> {
    let modes: Vec<&str> = texts(claim, &["spec", "accessModes"]).collect();
    let is_once = !modes.is_empty() && modes.iter().all(|mode| mode.starts_with("ReadWriteOnce"));
    // A folder is not attached to one node.
    (is_once && !is_on_folder(claim, items)).then_some(modes)
}

/// A claim of one node that all pods of a set use.
fn shared(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let replicas = pods.item.replicas();
    for (volume, name) in pods.claims().filter(|_| replicas > 1) {
        let claim = named(items, Kind::PersistentVolumeClaim, &pods.item.key.namespace, name);
        if let Some(modes) = claim.and_then(|claim| once(claim, items)) {
            all.push(volume.fault(Fault::SharedOnce, &[]).name(name).value(modes.join(",")).other(replicas));
        }
    }
}

/// A size that a claim or a volume says.
fn size(object: &Value, path: &[&str]) -> Option<i64> {
    object.at(path).and_then(Quantity::read).map(Quantity::units)
}

/// The size that a claim asks for.
pub(super) const REQUEST: [&str; 4] = ["spec", "resources", "requests", "storage"];

/// A claim that has the name of one which a template would make, and asks for another class or size. Models pkg/controller/statefulset
/// createPersistentVolumeClaims, which takes the claim that is there.
fn instead(set: &Item, items: &[Item], all: &mut Vec<Found>) {
    let asks = |claim: &Value| (named_class(claim).map(str::to_owned), size(claim, &REQUEST));
    for template in set.templates() {
        let begins = format!("{}-{}-", template.name(), set.key.name);
        let is_its = |one: &&Item| one.is_beside(set) && one.key.name.starts_with(&begins) && makes_claim(set, &one.key.name);
        let mut claims = of_kind(items, Kind::PersistentVolumeClaim).filter(is_its);
        if let Some(claim) = claims.find(|one| asks(one) != asks(&template)) {
            all.push(claim.fault(Fault::ClaimInstead, &["spec"]).name(short(&set.key)).value(template.name()));
        }
    }
}

/// Claims of a class whose disks are each in one zone, as its name says.
fn of_zone(set: &Item, items: &[Item], all: &mut Vec<Found>) {
    let is_open = |class: &&str| is_named_of_zones(class) && named(items, Kind::StorageClass, "", class).is_none();
    let found = set.templates().find_map(|one| {
        let class = one.text_at(&["spec", "storageClassName"]).filter(is_open)?;
        Some(one.fault(Fault::OneZone, &["spec", "storageClassName"]).value(class))
    });
    all.extend(found);
}

/// Two claims that name no volume, and two volumes for nobody, each of which fits both. Models pkg/controller/volume/persistentvolume
/// findMatchingVolume.
fn crosswise(items: &[Item], all: &mut Vec<Found>) {
    let fits = |volume: &Item, claim: &Item| {
        let sizes = size(volume, &["spec", "capacity", "storage"]).zip(size(claim, &REQUEST));
        let known = volume.list_at(&["spec", "accessModes"]);
        named_class(volume) == named_class(claim)
            && sizes.is_some_and(|(has, wants)| has >= wants)
            && claim.list_at(&["spec", "accessModes"]).iter().all(|one| known.contains(one))
    };
    let has_none = |one: &Item, fields: &[&str]| fields.iter().all(|field| one.at(&["spec", field]).is_none());
    let free = of_kind(items, Kind::PersistentVolume).filter(|one| has_none(one, &["claimRef"]));
    let mut open = of_kind(items, Kind::PersistentVolumeClaim).filter(|one| has_none(one, &["volumeName", "selector"]));
    while let Some(one) = open.next() {
        for other in open.clone() {
            let mut volumes = free.clone().filter(|volume| fits(volume, one) && fits(volume, other));
            if let (Some(first), Some(second)) = (volumes.next(), volumes.next()) {
                let found = one.fault(Fault::Crosswise, &["spec"]).name(short(&other.key));
                return all.push(found.value(&first.key.name).other(&second.key.name));
            }
        }
    }
}

/// Claims that are documents of the manifest, and whose volumes are made for them.
fn goes(items: &[Item], pods: &[Pods], all: &mut Vec<Found>) {
    let uses = |one: &Pods, claim: &Item| one.names_claim(claim) || one.item.is_beside(claim) && makes_claim(one.item, &claim.key.name);
    let is_static = |claim: &Item| of_kind(items, Kind::PersistentVolume).any(|one| named_class(one) == named_class(claim));
    let keeps = |claim: &Item| {
        let own = named_class(claim).and_then(|class| named(items, Kind::StorageClass, "", class));
        own.is_some_and(|class| class.text_at(&["reclaimPolicy"]) == Some("Retain"))
    };
    let is_of_set = |claim: &Item| pods.iter().any(|one| one.is_of_set() && uses(one, claim));
    let found: Vec<&Item> =
        of_kind(items, Kind::PersistentVolumeClaim).filter(|one| !is_static(one) && !keeps(one) && is_of_set(one)).collect();
    if let Some(first) = found.first() {
        let names: Vec<&str> = found.iter().map(|one| &*one.key.name).collect();
        all.push(first.fault(Fault::ClaimGoes, &[]).name(names.join(", ")));
    }
}

/// Whether a claim gets a folder, of nodes or of the network, that a volume of the manifest names.
fn is_on_folder(claim: &Item, items: &[Item]) -> bool {
    of_kind(items, Kind::PersistentVolume).any(|one| {
        let is_its = claim.text_at(&["spec", "volumeName"]) == Some(&*one.key.name) || named_class(one) == named_class(claim);
        is_its && one.get("spec").is_some_and(is_folder)
    })
}

/// A Deployment of one pod whose update starts the new pod beside the old one, on a claim of one node. Models
/// pkg/controller/deployment/util MaxSurge and the attach/detach controller.
fn rolls_on_once(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let item = pods.item;
    let is_rolling = item.text_at(&["spec", "strategy", "type"]) != Some("Recreate");
    let is_default = item.at(&["spec", "strategy", "rollingUpdate"]).is_none();
    if item.key.kind != Kind::Deployment || !is_rolling || !is_default || item.replicas() != 1 {
        return;
    }
    let claims = pods.claims().filter_map(|(_, name)| named(items, Kind::PersistentVolumeClaim, &item.key.namespace, name));
    if let Some(claim) = claims.into_iter().find(|claim| once(claim, items).is_some()) {
        all.push(item.fault(Fault::RollsOnOnce, &["spec"]).name(&claim.key.name));
    }
}
