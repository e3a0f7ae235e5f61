//! A start that is stuck is mended on a copy, so that the search goes on beyond it: what the manifest asks of a cluster is left out.

use api::kind::Kind;
use base::image_name::fault;
use base::value::Value;
use cluster::kubelet::references::needs;
use sim::setup::ClassSetup;

/// The image that stands for one that is to be filled in.
const MEANT: &str = "example.com/meant:1";

/// The field of claims by which a start has other volumes.
pub(super) const OF_VOLUMES: &str = "storageClassName";

/// What containers do with values that the manifest does not bring.
pub(super) const OF_VALUES: &str = "values";

/// What is left out, by the fields or kinds that people see, the least first.
pub static MENDS: [(&str, Mend); 9] = [
    ("image", |all| of_pods(all, |spec| ["initContainers", "containers"].iter().map(|list| within(spec, &[list], named)).sum())),
    ("imagePullPolicy", |all| of_pods(all, |spec| of_containers(spec, "imagePullPolicy"))),
    (OF_VOLUMES, |all| all.iter_mut().map(of_claims).sum()),
    ("resources", |all| of_pods(all, |spec| of_containers(spec, "resources"))),
    ("nodeSelector, affinity, topologySpreadConstraints", |all| {
        let fields = ["nodeSelector", "affinity", "topologySpreadConstraints"];
        of_pods(all, |spec| fields.iter().filter(|field| spec.remove(&[field]).is_some()).count())
    }),
    ("ResourceQuota, LimitRange", |all| of_kinds(all, &[Kind::ResourceQuota, Kind::LimitRange])),
    ("ConfigMap, Secret", |all| of_kinds(all, &[Kind::ConfigMap, Kind::Secret])),
    ("Namespace labels", |all| {
        let is_space = |value: &&mut Value| Kind::claimed(value) == Some(Kind::Namespace);
        all.iter_mut().filter(is_space).filter_map(|space| space.remove(&["metadata", "labels"])).count()
    }),
    (OF_VALUES, |all| {
        let brought: Vec<String> =
            all.iter().filter(|one| has_values(one)).filter_map(|one| one.text_at(&["metadata", "name"]).map(str::to_owned)).collect();
        of_pods(all, |spec| {
            let hangs = needs(spec).iter().any(|need| !brought.contains(&need.name));
            if hangs { within(spec, &["containers"], plain) } else { 0 }
        })
    }),
];

/// Leaves something out of documents; how often.
pub type Mend = fn(&mut Vec<Value>) -> usize;

/// What becomes of a part, where it is there.
fn within(value: &mut Value, path: &[&str], mend: impl FnOnce(&mut Value) -> usize) -> usize {
    if value.at(path).is_none() {
        return 0;
    }
    let part = path.iter().try_fold(value, |value, key| value.make_map().get_mut(key));
    part.map_or(0, mend)
}

fn of_pods(all: &mut [Value], mend: impl Fn(&mut Value) -> usize) -> usize {
    all.iter_mut().map(|one| within(one, &["spec", "template", "spec"], &mend)).sum()
}

/// Gives containers whose images have no sound name one that somebody might have meant.
fn named(list: &mut Value) -> usize {
    let is_unsound = |one: &&mut Value| one.text_at(&["image"]).is_none_or(|image| fault(image).is_some());
    list.make_list().iter_mut().filter(is_unsound).map(|one| one.set(&["image"], MEANT)).count()
}

/// Whether an object has values that pods refer to.
fn has_values(one: &Value) -> bool {
    Kind::claimed(one).is_some_and(|kind| [Kind::ConfigMap, Kind::Secret].contains(&kind))
}

/// Gives containers an image of which nothing is known, without what they run.
fn plain(list: &mut Value) -> usize {
    for one in list.make_list() {
        one.set(&["image"], MEANT);
        let _ = (one.remove(&["command"]), one.remove(&["args"]));
    }
    list.make_list().len()
}

fn of_containers(spec: &mut Value, field: &str) -> usize {
    let without = |list: &mut Value| list.make_list().iter_mut().filter_map(|one| one.remove(&[field])).count();
    ["initContainers", "containers"].iter().map(|list| within(spec, &[list], without)).sum()
}

/// Gives claims the class whose volumes every node reaches, in any mode.
fn of_claims(one: &mut Value) -> usize {
    let set = |claim: &mut Value| claim.set(&["spec", "storageClassName"], Value::from(&ClassSetup::network_disk().name));
    match Kind::claimed(one) {
        Some(Kind::StatefulSet) => within(one, &["spec", "volumeClaimTemplates"], |all| all.make_list().iter_mut().map(set).count()),
        Some(Kind::PersistentVolumeClaim) => std::iter::once(one).map(set).count(),
        _ => 0,
    }
}

fn of_kinds(all: &mut Vec<Value>, kinds: &[Kind]) -> usize {
    let known = all.len();
    all.retain(|one| Kind::claimed(one).is_none_or(|kind| !kinds.contains(&kind)));
    known - all.len()
}
