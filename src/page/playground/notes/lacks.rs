//! What the objects of a manifest ask for and nobody brings: the API server takes them without a word, and their pods do not come up.
//!
//! Promises: what is offered to be made, the API server takes, and it has the keys and files that the pods of the whole manifest ask for.

use super::{BARE, Stored, pod_spec};
use crate::printed;
use api::kind::Kind;
use api::object::storage::{CLASS_BETA, named_class};
use api::object::{Labels, Meta, Name, ObjectKey};
use api::rules::rules;
use api::well_known::{JOB_NAME, OF_JOB, POD_INDEX, POD_NAME};
use base::base64;
use base::distance::distance;
use base::field_path::FieldPath;
use base::value::Value;
use causes::command::{Entry, make, minimal_class, minimal_object, minimal_service, run_provisioner};
use causes::stand_in::{Pods, is_stand_in};
use cluster::kubelet::references::needs;
use server::tables::Tables;
use std::rc::Rc;
use view::manifest::{Effect, Fix, Note, key_of};

/// The fields of a pod's spec that name an object without which no pod is made.
const GRANTS: [(&str, Kind); 4] = [
    ("serviceAccountName", Kind::ServiceAccount),
    ("serviceAccount", Kind::ServiceAccount),
    ("priorityClassName", Kind::PriorityClass),
    ("runtimeClassName", Kind::RuntimeClass),
];

/// The kinds that make pods from a template.
const MAKERS: [Kind; 5] = [Kind::StatefulSet, Kind::Deployment, Kind::ReplicaSet, Kind::DaemonSet, Kind::Job];

/// Labels that pods get from who makes them.
const GIVEN: [&str; 4] = [POD_NAME, POD_INDEX, JOB_NAME, OF_JOB[0][1]];

/// A label at most so many letters from one that pods have is a slip.
const LETTERS_APART: usize = 1;

/// The claims that an object has made or is, each with the field where it stands.
fn claims_of(object: &Value) -> Vec<(FieldPath, Value)> {
    let mut all: Vec<(FieldPath, Value)> = Vec::new();
    match Kind::claimed(object) {
        Some(Kind::PersistentVolumeClaim) => all.push((FieldPath::root(), object.clone())),
        Some(Kind::StatefulSet) => {
            let templates = object.list_at(&["spec", "volumeClaimTemplates"]).iter().enumerate();
            all.extend(templates.map(|(at, claim)| (FieldPath::of("spec.volumeClaimTemplates").index(at), claim.clone())));
        }
        _ => {}
    }
    let Some((path, spec)) = pod_spec(object) else { return all };
    for (at, volume) in spec.list_at(&["volumes"]).iter().enumerate() {
        if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
            let field = FieldPath::read(&format!("{path}.volumes[{at}].ephemeral.volumeClaimTemplate"));
            all.extend(field.map(|field| (field, claim.clone())));
        }
    }
    all
}

/// The claims of an object whose StorageClass does not exist, although no volume has it, and the fields that name it: of each class one.
pub(super) fn missing_classes(object: &Value, tables: &Tables) -> Vec<(FieldPath, Value)> {
    let known = |class: &str| tables.class("", class).is_some() || tables.volumes().any(|volume| volume.class() == class);
    let mut found: Vec<(FieldPath, Value)> = Vec::new();
    for (at, claim) in claims_of(object) {
        let Some(class) = named_class(&claim).filter(|class| !class.is_empty() && !known(class)) else { continue };
        if found.iter().all(|(_, other)| named_class(other) != Some(class)) {
            let field = match claim.at(&["metadata", "annotations", CLASS_BETA]) {
                Some(_) => at.field("metadata").field("annotations").field(CLASS_BETA),
                None => at.field("spec").field("storageClassName"),
            };
            found.push((field, claim));
        }
    }
    found
}

/// Whether labels have one with this value; `None` where they have none of its key.
fn has_label(labels: &Labels, (key, value): &(Name, Name)) -> Option<bool> {
    labels.get(key).map(|own| own == value)
}

/// Whether pods with these labels may be selected once they run: nothing speaks against it, and something for it.
fn fits(selector: &[(Name, Name)], labels: &Labels) -> bool {
    let speaks_for = |label: &(Name, Name)| has_label(labels, label).is_some() || GIVEN.contains(&&*label.0);
    selector.iter().all(|label| has_label(labels, label) != Some(false)) && selector.iter().any(speaks_for)
}

/// Whether a claim wants a volume that several nodes write or read at once.
fn is_shared(claim: &Value) -> bool {
    claim.list_at(&["spec", "accessModes"]).iter().filter_map(Value::as_text).any(|mode| mode.ends_with("Many"))
}

/// Whether a value of a ConfigMap or a Secret stands in for another.
fn holds_stand_in(kind: Kind, value: &Value) -> bool {
    let text = value.as_text().unwrap_or_default();
    let plain = if kind == Kind::Secret { base64::decode(text).ok() } else { Some(text.as_bytes().to_vec()) };
    plain.and_then(|plain| String::from_utf8(plain).ok()).is_some_and(|plain| is_stand_in(&plain))
}

impl Stored<'_> {
    /// Everything that its object asks for and nobody brings.
    pub(super) fn lacks(&self) -> Vec<Note> {
        let mut notes = self.missing_references();
        notes.extend(self.unnamed_service());
        notes.extend(self.selects_nobody());
        notes.append(&mut self.missing_classes());
        notes.extend(self.missing_provisioner());
        notes.append(&mut self.missing_grants());
        notes.append(&mut self.missing_claims());
        notes
    }

    /// A note about a field, with a button that makes what is missing, if the API server would take that. A name that a tool is to fill
    /// in is told as such.
    #[inline(never)]
    fn missing(&self, field: &FieldPath, words: &str, kind: Kind, name: &str, mut object: Value) -> Note {
        if let Some(hole) = printed::placeholder(name) {
            return self.note(field, &self.words.manifest.template(hole, self.document.locate(field).line));
        }
        object.set(&["apiVersion"], kind.api_version());
        object.set(&["kind"], kind.info().name);
        object.set(&["metadata", "name"], name);
        let help = self.is_taken(kind, &object).then(|| make(self.words, kind, name, object));
        Note { help, ..self.note(field, words) }
    }

    /// Whether the API server would take an object.
    fn is_taken(&self, kind: Kind, object: &Value) -> bool {
        let (mut object, release) = (object.clone(), self.sim.release());
        (rules().fill_in)(kind, &mut object, release);
        if kind == Kind::Service {
            (rules().prepare_new)(kind, &mut object, release);
        }
        (rules().judge_new)(kind, &object, release).0.is_empty()
    }

    /// The objects of the whole text, stored or not.
    fn values(&self) -> impl Iterator<Item = &Value> {
        self.all.documents.iter().filter_map(|document| document.value.as_ref())
    }

    /// The pods of the whole text that are in a namespace.
    fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &Value> {
        let here = move |object: &&Value| object.text_at(&["metadata", "namespace"]).unwrap_or(self.all.current) == namespace;
        self.values().filter(here).filter_map(|object| pod_spec(object).map(|(_, spec)| spec))
    }

    /// The namespace of its object.
    fn namespace(&self) -> Option<Name> {
        Some(key_of(self.document, self.all.current)?.namespace)
    }

    /// A set whose Service is neither in the manifest nor in the cluster: accepted, and its pods get no names. Where another Service of the
    /// manifest is for its pods, that one is probably meant.
    fn unnamed_service(&self) -> Option<Note> {
        let set = self.key_of(Kind::StatefulSet)?;
        let service = self.value()?.text_at(&["spec", "serviceName"]).filter(|name| !name.is_empty())?;
        if self.is_known(&ObjectKey::new(Kind::Service, &set.namespace, &service.into())) {
            return None;
        }
        self.without_service(&set, service)
    }

    /// The note about a set whose Service is nowhere. Of a set that is there already, the field can no longer be mended.
    #[inline(never)]
    fn without_service(&self, set: &ObjectKey, service: &str) -> Option<Note> {
        let namespace = &set.namespace;
        let labels = self.value()?.at(&["spec", "template", "metadata", "labels"]);
        let selects = |object: &Value| {
            let mut wanted = object.at(&["spec", "selector"]).into_iter().flat_map(Value::members).peekable();
            wanted.peek().is_some() && wanted.all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
        };
        let meant = self.all.iter().find_map(|(key, document)| {
            let object = document.value.as_ref().filter(|_| key.kind == Kind::Service && key.namespace == *namespace)?;
            (object.text_at(&["spec", "clusterIP"]) == Some("None") && selects(object)).then_some(key.name)
        });
        let selector = self.value()?.at(&["spec", "selector", "matchLabels"]).cloned().unwrap_or_default();
        let told = self.words.manifest.no_service(service);
        let told = meant.as_ref().map_or(told.clone(), |meant| format!("{told} {}", self.words.manifest.service_meant(meant)));
        let note = self.missing(&FieldPath::of("spec.serviceName"), &told, Kind::Service, service, minimal_service(namespace, selector));
        let line = note.place.as_ref().map(|place| place.line);
        let is_new = self.sim.tables().get(set).is_some_and(|set| set.meta().created == self.sim.now());
        let fix = line.zip(meant).filter(|_| is_new).map(|(line, to)| Fix::Word { line, from: service.to_owned(), to: to.to_string() });
        Some(Note { fix, ..note })
    }

    /// A Service whose selector no pod of its namespace fits, nor any that a workload makes: accepted, and nobody is behind it. Labels that
    /// no template has are taken to be set while pods run, unless no other label fits.
    fn selects_nobody(&self) -> Option<Note> {
        self.key_of(Kind::Service).and_then(|service| self.behind_nobody(&service))
    }

    #[inline(never)]
    fn behind_nobody(&self, service: &ObjectKey) -> Option<Note> {
        let tables = self.sim.tables();
        let selector = &tables.service(&service.namespace, &service.name)?.spec.selector;
        let templates = MAKERS.iter().flat_map(|kind| tables.within(*kind, &service.namespace));
        let mut all: Vec<Labels> =
            templates.filter_map(|maker| Some(Meta::decode(maker.encode().at(&["spec", "template"])?).labels)).collect();
        all.extend(tables.within(Kind::Pod, &service.namespace).map(|pod| Rc::clone(&pod.meta().labels)));
        let (key, value) = selector.iter().find(|label| all.iter().all(|labels| has_label(labels, label) != Some(true)))?;
        if all.is_empty() || all.iter().any(|labels| fits(selector, labels)) {
            return None;
        }
        let written: Vec<String> = selector.iter().map(|(key, value)| format!("`{key}={value}`")).collect();
        let told = self.words.manifest.selects_nobody(&service.name, &written.join(", "));
        let note = self.note(&FieldPath::of("spec.selector").field(key), &told);
        let line = note.place.as_ref().map(|place| place.line);
        let near = all.iter().filter_map(|labels| labels.get(key)).find(|own| distance(own, value) <= LETTERS_APART);
        let fix = line.zip(near).map(|(line, to)| Fix::Word { line, from: value.to_string(), to: to.to_string() });
        Some(Note { fix, ..note })
    }

    /// Classes that do not exist: accepted, and the pods wait.
    fn missing_classes(&self) -> Vec<Note> {
        let missing = self.value().map_or(Vec::new(), |object| missing_classes(object, self.sim.tables()));
        let told = |(field, claim): (FieldPath, Value)| {
            let class = named_class(&claim)?;
            let mut same = self.values().flat_map(claims_of).filter(|(_, other)| named_class(other) == Some(class));
            let object = minimal_class(same.any(|(_, other)| is_shared(&other)));
            Some(self.missing(&field, &self.words.manifest.no_class(class), Kind::StorageClass, class, object))
        };
        missing.into_iter().filter_map(told).collect()
    }

    /// A class that claims of the manifest ask for, and whose provisioner does not run here: accepted, and the claims wait.
    fn missing_provisioner(&self) -> Option<Note> {
        let class = self.key_of(Kind::StorageClass)?;
        let provisioner = self.value()?.get("provisioner").and_then(Value::as_shared_text)?;
        let is_asked = self.values().flat_map(claims_of).any(|(_, claim)| named_class(&claim) == Some(&class.name));
        let lacks = self.sim.lacks_provisioner(&provisioner);
        let note = || self.note(&FieldPath::of("provisioner"), &self.words.manifest.no_provisioner(&provisioner));
        let run = || Entry::new(self.words.ask.run_provisioner(&provisioner), run_provisioner(&provisioner));
        (is_asked && lacks).then(|| Note { help: Some(run()), ..note() })
    }

    /// What pods are to run as, at what priority and in what: accepted, and no pod is made.
    fn missing_grants(&self) -> Vec<Note> {
        let Some((path, spec)) = self.value().and_then(pod_spec).filter(|(path, _)| *path != BARE) else { return Vec::new() };
        let Some(namespace) = self.namespace() else { return Vec::new() };
        let mut notes: Vec<Note> = Vec::new();
        for (field, kind) in GRANTS {
            let Some(name) = spec.text_at(&[field]).filter(|name| !name.is_empty()) else { continue };
            let space = if kind.is_namespaced() { Name::clone(&namespace) } else { Name::from("") };
            // A field and its older name say the same.
            let is_told = kind == Kind::ServiceAccount && field != GRANTS[0].0 && spec.get(GRANTS[0].0).is_some();
            if is_told || self.is_known(&ObjectKey::new(kind, &space, &name.into())) {
                continue;
            }
            let (words, made) = (self.words.manifest.refuses_pods(kind.info().name, name), minimal_object(kind, &namespace, &[]));
            notes.extend(FieldPath::read(&format!("{path}.{field}")).map(|field| self.missing(&field, &words, kind, name, made)));
        }
        notes
    }

    /// Claims that pods mount by their names: accepted, and the pods wait.
    fn missing_claims(&self) -> Vec<Note> {
        let Some(((path, spec), namespace)) = self.value().and_then(pod_spec).zip(self.namespace()) else { return Vec::new() };
        let (mut notes, kind) = (Vec::new(), Kind::PersistentVolumeClaim);
        for (at, volume) in spec.list_at(&["volumes"]).iter().enumerate() {
            let Some(name) = volume.text_at(&["persistentVolumeClaim", "claimName"]) else { continue };
            if self.is_known(&ObjectKey::new(kind, &namespace, &name.into())) {
                continue;
            }
            let mut made = minimal_object(kind, &namespace, &[]);
            made.set(&["spec", "accessModes"], Value::list(["ReadWriteOnce"]));
            made.set(&["spec", "resources", "requests", "storage"], "1Gi");
            let (field, words) = (format!("{path}.volumes[{at}].persistentVolumeClaim.claimName"), self.words.manifest.no_claim(name));
            notes.extend(FieldPath::read(&field).map(|field| self.missing(&field, &words, kind, name, made)));
        }
        notes
    }

    /// ConfigMaps and Secrets that a template refers to and that do not exist: accepted, and containers do not start.
    fn missing_references(&self) -> Vec<Note> {
        let Some(((path, spec), namespace)) = self.value().and_then(pod_spec).zip(self.namespace()) else { return Vec::new() };
        let (mut notes, pods) = (Vec::new(), Pods::of(self.pods_in(&namespace)));
        for need in needs(spec) {
            let key = ObjectKey::new(need.kind, &namespace, &need.name.as_str().into());
            let Some(field) = FieldPath::read(&format!("{path}{}", need.field)).filter(|_| !self.is_known(&key)) else { continue };
            let words = self.words.manifest.no_reference(need.kind.info().name, &need.name);
            notes.push(self.missing(&field, &words, need.kind, &need.name, pods.stand_in(&key)));
        }
        notes
    }

    /// ConfigMaps and Secrets that are in the cluster and not in the manifest, with values that stand in for others, or with none.
    pub(super) fn stand_ins(&self) -> Vec<Note> {
        let Some(((path, spec), namespace)) = self.value().and_then(pod_spec).zip(self.namespace()) else { return Vec::new() };
        let mut notes = Vec::new();
        for need in needs(spec) {
            let key = ObjectKey::new(need.kind, &namespace, &need.name.as_str().into());
            let Some(found) = self.sim.tables().get(&key).filter(|_| self.all.document_of(&key).is_none()) else { continue };
            let (object, words) = (found.encode(), &self.words.manifest);
            let mut keys = object.get("data").into_iter().flat_map(Value::members).peekable();
            let has_keys = keys.peek().is_some() || object.get("binaryData").is_some();
            let made_up: Vec<&str> = keys.filter(|(_, value)| holds_stand_in(need.kind, value)).map(|(key, _)| &**key).collect();
            let said = match (has_keys, made_up.is_empty()) {
                (false, _) => words.no_keys(need.kind.info().name, &need.name),
                (true, true) => continue,
                (true, false) => words.stands_in(need.kind.info().name, &need.name, &made_up.join("`, `")),
            };
            let note = FieldPath::read(&format!("{path}{}", need.field)).map(|field| self.note(&field, &said));
            notes.extend(note.map(|note| Note { effect: Effect::StandsIn, ..note }));
        }
        notes
    }
}
