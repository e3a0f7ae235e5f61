//! What the rules read: the objects of a manifest, with the lines of their fields, and the pods of workloads.

use std::ops::Deref;

use api::kind::Kind;
use api::object::ObjectKey;
use api::well_known::{POD_INDEX, POD_NAME};
use base::field_path::{FieldPath, Step};
use base::image_name::name_and_tag;
use base::value::Value;
use cluster::programs::{Peers, app_of};
use intake::told::short;
use plan::guess::agrees;
use text::ANALYSIS;
use text::risks::{Common, Fault};
use yaml::Document;

/// A fault of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub fault: Fault,
    pub object: ObjectKey,
    /// The line of the field, counted from 1.
    pub line: usize,
    /// What it is about: a container, a claim, a Service.
    name: String,
    /// What the field says.
    pub(super) value: String,
    /// What contradicts it.
    other: String,
}

impl Found {
    pub(super) fn name(self, name: impl ToString) -> Found {
        Found { name: name.to_string(), ..self }
    }

    pub(super) fn value(self, value: impl ToString) -> Found {
        Found { value: value.to_string(), ..self }
    }

    pub(super) fn other(self, other: impl ToString) -> Found {
        Found { other: other.to_string(), ..self }
    }

    /// The same, told of another object.
    pub(super) fn about(self, item: &Item) -> Found {
        Found { object: item.key.clone(), ..self }
    }

    /// What of it is true of nearly every set; `None` where a field, which stands in `value`, makes more of it.
    pub fn common(&self) -> Option<Common> {
        self.fault.common().filter(|_| self.value.is_empty())
    }

    /// The fault in a sentence.
    pub fn told(&self) -> String {
        ANALYSIS.risks.fault(self.fault.word(), &short(&self.object), &self.name, &self.value, &self.other)
    }
}

/// An object of a manifest.
pub(super) struct Item {
    pub(super) key: ObjectKey,
    value: Value,
    document: Document,
}

impl Deref for Item {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

/// A part of an object, and where it is.
#[derive(Clone)]
pub(super) struct Part<'a> {
    item: &'a Item,
    path: Vec<Step>,
    value: &'a Value,
}

impl Deref for Part<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value
    }
}

/// A workload's pods.
pub(super) struct Pods<'a> {
    pub(super) item: &'a Item,
    pub(super) spec: Part<'a>,
    pub(super) labels: Vec<(String, String)>,
}

/// The object of a kind, a namespace and a name.
pub(super) fn named<'a>(items: &'a [Item], kind: Kind, namespace: &str, name: &str) -> Option<&'a Item> {
    of_kind(items, kind).find(|one| *one.key.namespace == *namespace && *one.key.name == *name)
}

/// The objects of a kind.
pub(super) fn of_kind(items: &[Item], kind: Kind) -> impl Iterator<Item = &Item> + Clone {
    items.iter().filter(move |one| one.key.kind == kind)
}

pub(super) fn item(document: Document) -> Option<Item> {
    let value = document.value.clone()?;
    let (kind, text) = (Kind::claimed(&value)?, |key: &str| value.text_at(&["metadata", key]));
    let namespace = if kind.is_namespaced() { text("namespace").unwrap_or("default") } else { "" };
    let key = ObjectKey::new(kind, &namespace.into(), &text("name")?.into());
    Some(Item { key, value, document })
}

/// The fields of a path, as steps.
fn steps(path: &[&str]) -> impl Iterator<Item = Step> {
    path.iter().map(|field| Step::Field((*field).into()))
}

/// The texts of a list.
pub(super) fn texts<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = &'a str> + use<'a> {
    value.list_at(path).iter().filter_map(Value::as_text)
}

/// Whether a field is `true`.
pub(super) fn is_true(value: &Value, path: &[&str]) -> bool {
    value.at(path).and_then(Value::as_bool) == Some(true)
}

/// The claim that a volume names.
pub(super) fn claim_of(volume: &Value) -> Option<&str> {
    volume.text_at(&["persistentVolumeClaim", "claimName"])
}

/// Whether a volume is a folder of a node or of the network, which outlives a pod.
pub(super) fn is_folder(volume: &Value) -> bool {
    volume.get("hostPath").is_some() || volume.get("nfs").is_some()
}

/// Whether a path is a folder or below it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The pairs of a map of texts.
pub(super) fn labels(value: Option<&Value>) -> Vec<(String, String)> {
    let pair = |(key, value): (&std::rc::Rc<str>, &Value)| Some((key.to_string(), value.as_text()?.to_owned()));
    value.into_iter().flat_map(Value::members).filter_map(pair).collect()
}

/// `app=web,tier=db`.
pub(super) fn spelled(labels: &[(String, String)]) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}

impl Item {
    pub(super) fn whole(&self) -> Part<'_> {
        Part { item: self, path: Vec::new(), value: &self.value }
    }

    /// The parts of a list.
    pub(super) fn each(&self, path: &[&str]) -> impl Iterator<Item = Part<'_>> {
        self.whole().each(path)
    }

    /// A fault that a field shows, or the lack of one.
    pub(super) fn fault(&self, fault: Fault, path: &[&str]) -> Found {
        self.whole().fault(fault, path)
    }

    /// The line of a field, or of what is there of its path.
    fn line(&self, path: Vec<Step>) -> usize {
        let found = self.document.root.as_ref().map(|root| root.find(&FieldPath(path)));
        found.map_or(self.document.span.line, |found| found.key.unwrap_or(found.value).line)
    }

    pub(super) fn replicas(&self) -> i64 {
        self.int_at(&["spec", "replicas"]).unwrap_or(1)
    }

    /// The claim templates of a set.
    pub(super) fn templates(&self) -> impl Iterator<Item = Part<'_>> {
        self.each(&["spec", "volumeClaimTemplates"]).filter(|_| self.key.kind == Kind::StatefulSet)
    }

    /// Whether the same namespace has both.
    pub(super) fn is_beside(&self, other: &Item) -> bool {
        self.key.namespace == other.key.namespace
    }
}

impl<'a> Part<'a> {
    fn below(&self, path: &[&str]) -> Vec<Step> {
        self.path.iter().cloned().chain(steps(path)).collect()
    }

    /// The parts of a list of it.
    pub(super) fn each(&self, path: &[&str]) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let (item, list) = (self.item, self.below(path));
        let part = move |(at, value)| Part { item, path: list.iter().cloned().chain([Step::Index(at)]).collect(), value };
        self.value.list_at(path).iter().enumerate().map(part)
    }

    /// Its own name, or that of its metadata.
    pub(super) fn name(&self) -> &'a str {
        self.value.text_at(&["name"]).or_else(|| self.value.text_at(&["metadata", "name"])).unwrap_or_default()
    }

    /// A fault that a field of it shows, or the lack of one; told by its name.
    pub(super) fn fault(&self, fault: Fault, path: &[&str]) -> Found {
        let (object, line) = (self.item.key.clone(), self.item.line(self.below(path)));
        Found { fault, object, line, name: self.name().to_owned(), value: String::new(), other: String::new() }
    }

    /// The image of a container.
    pub(super) fn image(&self) -> &'a str {
        self.value.text_at(&["image"]).unwrap_or_default()
    }

    /// The words of a list.
    pub(super) fn texts(&self, path: &[&str]) -> impl Iterator<Item = &'a str> + use<'a> {
        texts(self.value, path)
    }

    /// What a container runs: its command and its arguments.
    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.texts(&["command"]).chain(self.texts(&["args"]))
    }

    /// The mount of a container at a path, with the whole volume.
    pub(super) fn mount_at(&self, path: &str) -> Option<Part<'a>> {
        self.each(&["volumeMounts"]).find(|one| one.text_at(&["mountPath"]).is_some_and(|at| at.trim_end_matches('/') == path))
    }
}

pub(super) fn pods_of(item: &Item) -> Option<Pods<'_>> {
    let path = item.key.kind.pod_template()?;
    let template = item.at(path)?;
    let spec = Part { item, path: steps(path).chain(steps(&["spec"])).collect(), value: template.get("spec")? };
    Some(Pods { item, spec, labels: labels(template.at(&["metadata", "labels"])) })
}

impl<'a> Pods<'a> {
    /// Whether a selector of labels selects one of the pods. The controller of a set writes the name and the ordinal of each as labels.
    pub(super) fn are_selected(&self, namespace: &str, wanted: &[(String, String)]) -> bool {
        let own = |(key, value): &(String, String)| match key.as_str() {
            POD_NAME => {
                let ordinal = value.strip_prefix(&format!("{}-", self.item.key.name)).and_then(|rest| rest.parse::<i64>().ok());
                self.is_of_set() && ordinal.is_some()
            }
            POD_INDEX => self.is_of_set() && value.parse::<i64>().is_ok(),
            _ => self.labels.contains(&(key.clone(), value.clone())),
        };
        *self.item.key.namespace == *namespace && wanted.iter().all(own)
    }

    pub(super) fn is_of_set(&self) -> bool {
        self.item.key.kind == Kind::StatefulSet
    }

    /// The containers that run all the time.
    pub(super) fn running(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        self.spec.each(&["containers"])
    }

    /// The containers that run beforehand.
    pub(super) fn initial(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        self.spec.each(&["initContainers"])
    }

    /// All containers; those that run all the time first.
    pub(super) fn containers(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        self.running().chain(self.initial())
    }

    /// The last words of the images that run all the time.
    pub(super) fn image_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.running().map(|one| name_and_tag(one.image()).0)
    }

    /// Whether what an image is known to do with its peers is so, or settings of several pods have a word by which members agree.
    pub(super) fn agree(&self, is_so: fn(Peers) -> bool) -> bool {
        let is_known = self.running().any(|one| is_so(app_of(one.image()).peers));
        is_known || self.item.replicas() > 1 && agrees(&self.spec.to_json())
    }

    /// The volumes, but for those that a claim template of the same name takes the place of.
    pub(super) fn volumes(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let templates: Vec<&str> = self.item.templates().map(|one| one.name()).collect();
        self.spec.each(&["volumes"]).filter(move |one| !templates.contains(&one.name()))
    }

    /// The volumes that name a claim, each with the claim.
    pub(super) fn claims(&self) -> impl Iterator<Item = (Part<'a>, &'a str)> + use<'a> {
        self.volumes().filter_map(|one| claim_of(one.value).map(|claim| (one, claim)))
    }

    /// Whether a volume names a claim.
    pub(super) fn names_claim(&self, claim: &Item) -> bool {
        self.item.is_beside(claim) && self.claims().any(|(_, name)| *claim.key.name == *name)
    }

    /// The names of the volumes that are claims.
    pub(super) fn claimed(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let named = self.volumes().filter(|one| one.get("persistentVolumeClaim").is_some());
        self.item.templates().chain(named).map(|one| one.name())
    }

    /// Whether a volume is a claim.
    pub(super) fn is_claimed(&self, name: &str) -> bool {
        self.claimed().any(|one| one == name)
    }

    /// The mounts of a volume.
    pub(super) fn mounts(&self, name: &str) -> impl Iterator<Item = Part<'a>> {
        self.containers().flat_map(|one| one.each(&["volumeMounts"])).filter(move |one| one.name() == name)
    }

    /// Whether nothing writes to a volume: its claim, or each of its mounts, is for reading.
    pub(super) fn is_only_read(&self, name: &str) -> bool {
        let claim = self.spec.each(&["volumes"]).find(|one| one.name() == name);
        let mut mounts = self.mounts(name).peekable();
        claim.is_some_and(|one| is_true(&one, &["persistentVolumeClaim", "readOnly"]))
            || mounts.peek().is_some() && mounts.all(|one| is_true(&one, &["readOnly"]))
    }

    /// Whether a volume outlives its pod.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.is_claimed(name) || self.volumes().any(|one| one.name() == name && is_folder(&one))
    }

    /// The Services of the manifest that lead to the pods.
    pub(super) fn services<'b>(&self, items: &'b [Item]) -> impl Iterator<Item = &'b Item> {
        of_kind(items, Kind::Service).filter(|one| {
            let wanted = labels(one.at(&["spec", "selector"]));
            !wanted.is_empty() && self.are_selected(&one.key.namespace, &wanted)
        })
    }
}
