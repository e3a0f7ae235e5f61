//! Notes about a manifest: what the API server takes without a word, and what does not work all the same.

use super::check::place;
use crate::api::kind::Kind;
use crate::api::object::budget::Kept;
use crate::api::object::storage::{CLASS_BETA, named_class};
use crate::api::object::{Meta, Object, ObjectKey};
use crate::api::status::FieldPath;
use crate::base::value::Value;
use crate::cluster::command;
use crate::cluster::kubelet::references::needs;
use crate::sim::Sim;
use crate::text::Text;
use crate::view::Prose;
use crate::view::manifest::{Defined, Note, Place, key_of};
use crate::yaml::{Document, Problem};

/// The notes about what is stored of a text, in a cluster to which it was applied. `all` are its objects, stored or not.
pub fn all(sim: &Sim, text: &str, all: Defined, stored: &[Document], words: &Text) -> Vec<Note> {
    let mut notes = Vec::new();
    for document in stored {
        notes.append(&mut keys_that_stand_twice(text, document, words));
        notes.append(&mut missing_references(sim, all, text, document, words));
        for look in [unnamed_service, missing_class, missing_volume, stubborn_budget] {
            if let Some(note) = look(sim, all, text, document, words) {
                notes.push(note);
            }
        }
    }
    notes
}

fn note(place: Place, words: &str) -> Note {
    Note { place: Some(place), words: Prose::read(words), works: false }
}

/// Keys that stand twice in one map: kubectl takes the later one, and nobody says so.
fn keys_that_stand_twice(text: &str, document: &Document, words: &Text) -> Vec<Note> {
    let twice = document.problems.iter().filter_map(|found| match &found.problem {
        Problem::DuplicateKey(key) => Some((key, found.span)),
        _ => None,
    });
    twice.map(|(key, span)| Note { works: true, ..note(place(text, span), &(words.manifest.twice)(key)) }).collect()
}

/// Whether an object is in the cluster or in the manifest.
fn is_known(sim: &Sim, all: Defined, key: &ObjectKey) -> bool {
    sim.tables().get(key).is_some() || all.document_of(key).is_some()
}

/// A set whose Service is neither in the manifest nor in the cluster: accepted, and its pods get no names.
fn unnamed_service(sim: &Sim, all: Defined, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let set = key_of(document, all.current).filter(|key| key.kind == Kind::StatefulSet)?;
    let service = document.value.as_ref()?.text_at(&["spec", "serviceName"]).filter(|name| !name.is_empty())?;
    if is_known(sim, all, &ObjectKey::new(Kind::Service, &set.namespace, &service.into())) {
        return None;
    }
    let place = place(text, document.locate(&FieldPath::of("spec.serviceName")));
    Some(note(place, &(words.manifest.no_service)(service)))
}

/// A claim, or a claim template, names a StorageClass that does not exist and that no volume has: accepted, and the pod waits.
fn missing_class(sim: &Sim, _: Defined, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let object = document.value.as_ref()?;
    let tables = sim.tables();
    let known = |class: &str| tables.class("", class).is_some() || tables.volumes().any(|volume| *volume.class == *class);
    let unknown = |claim: &Value| named_class(claim).filter(|class| !class.is_empty() && !known(class)).map(str::to_owned);
    let (claim, at, class) = match object.text_at(&["kind"])? {
        "PersistentVolumeClaim" => (object, FieldPath::root(), unknown(object)?),
        "StatefulSet" => object
            .list_at(&["spec", "volumeClaimTemplates"])
            .iter()
            .enumerate()
            .find_map(|(at, template)| Some((template, FieldPath::of("spec.volumeClaimTemplates").index(at), unknown(template)?)))?,
        _ => return None,
    };
    let field = match claim.at(&["metadata", "annotations", CLASS_BETA]) {
        Some(_) => at.field("metadata").field("annotations").field(CLASS_BETA),
        None => at.field("spec").field("storageClassName"),
    };
    Some(note(place(text, document.locate(&field)), &(words.manifest.no_class)(&class)))
}

/// ConfigMaps and Secrets that a template refers to and that do not exist: accepted, and containers do not start.
fn missing_references(sim: &Sim, all: Defined, text: &str, document: &Document, words: &Text) -> Vec<Note> {
    let Some(value) = document.value.as_ref() else { return Vec::new() };
    let Some((path, spec)) = pod_spec(value) else { return Vec::new() };
    let Some(key) = key_of(document, all.current) else { return Vec::new() };
    let lacks =
        |(kind, name, _): &(Kind, String, String)| !is_known(sim, all, &ObjectKey::new(*kind, &key.namespace, &name.as_str().into()));
    let told = |(kind, name, field): (Kind, String, String)| {
        let found = FieldPath::read(&format!("{path}{field}"))?;
        Some(note(place(text, document.locate(&found)), &(words.manifest.no_reference)(kind.info().name, &name)))
    };
    needs(spec).into_iter().filter(lacks).filter_map(told).collect()
}

/// The spec of the pods that an object has made, and where it stands.
fn pod_spec(object: &Value) -> Option<(&'static str, &Value)> {
    let path = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"].into_iter();
    let mut path = path.chain((object.text_at(&["kind"]) == Some("Pod")).then_some("spec"));
    path.find_map(|path| Some((path, object.at(&path.split('.').collect::<Vec<_>>())?)))
}

/// The images of an object's pods of which nothing is known.
pub fn unknown_images(object: &Value) -> Vec<String> {
    let mut images = Vec::new();
    for list in ["containers", "initContainers"] {
        for container in pod_spec(object).map_or(&[][..], |(_, spec)| spec.list_at(&[list])) {
            images.extend(container.text_at(&["image"]).filter(|image| !command::is_known(image)).map(str::to_owned));
        }
    }
    images
}

/// A claim asks for a volume that does not exist: accepted, and the pod that mounts it waits.
fn missing_volume(sim: &Sim, _: Defined, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let claim = document.value.as_ref().filter(|value| value.text_at(&["kind"]) == Some("PersistentVolumeClaim"))?;
    let volume = claim.text_at(&["spec", "volumeName"]).filter(|name| !name.is_empty())?;
    let missing = sim.tables().volume("", volume).is_none();
    let place = place(text, document.locate(&FieldPath::of("spec.volumeName")));
    missing.then(|| note(place, &(words.manifest.no_such_volume)(volume)))
}

/// A budget that wants every pod healthy that its workloads are to have: accepted, and no drain gets past it.
fn stubborn_budget(sim: &Sim, all: Defined, text: &str, document: &Document, words: &Text) -> Option<Note> {
    let key = key_of(document, all.current).filter(|key| key.kind == Kind::PodDisruptionBudget)?;
    let budget = sim.tables().budget(&key.namespace, &key.name)?;
    let wants = |kind| {
        let workloads = sim.tables().within(kind, &budget.meta.namespace).map(Object::encode);
        let own = workloads.filter(|one| one.at(&["spec", "template"]).is_some_and(|pod| budget.selects(&Meta::decode(pod).labels)));
        own.filter_map(|one| one.int_at(&["spec", "replicas"])).sum::<i64>()
    };
    let pods = wants(Kind::StatefulSet) + wants(Kind::Deployment);
    let (field, kept) = match budget.kept {
        Kept::MinAvailable(least) => ("spec.minAvailable", least.rounded_up(pods)),
        Kept::MaxUnavailable(most) => ("spec.maxUnavailable", pods - most.rounded_up(pods)),
        Kept::Unsaid => return None,
    };
    let place = place(text, document.locate(&FieldPath::of(field)));
    (pods > 0 && kept >= pods).then(|| note(place, &(words.manifest.lets_none_go)(&budget.meta.name, kept, pods)))
}
