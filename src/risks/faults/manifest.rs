//! What the rules read: the objects of a manifest, with the lines of their fields, and the pods of workloads.

use api::kind::Kind;
use api::object::ObjectKey;
use api::well_known::{POD_INDEX, POD_NAME};
use base::field_path::{FieldPath, Step};
use base::value::Value;
use intake::told::short;
use text::Lang;
use text::risks::Fault;
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
    /// The same, told of another object.
    pub(super) fn about(self, item: &Item) -> Found {
        Found { object: item.key.clone(), ..self }
    }

    /// The fault in a sentence.
    pub fn told(&self, lang: Lang) -> String {
        lang.text().risks.fault(self.fault.word(), &short(&self.object), &self.name, &self.value, &self.other)
    }
}

/// An object of a manifest.
pub(super) struct Item {
    pub(super) key: ObjectKey,
    pub(super) value: Value,
    document: Document,
}

/// A workload's pods.
pub(super) struct Pods<'a> {
    pub(super) item: &'a Item,
    /// Where their spec is.
    pub(super) path: Vec<Step>,
    pub(super) spec: &'a Value,
    pub(super) labels: Vec<(String, String)>,
}

/// The object of a kind, a namespace and a name.
pub(super) fn named<'a>(items: &'a [Item], kind: Kind, namespace: &str, name: &str) -> Option<&'a Item> {
    items.iter().find(|one| one.key.kind == kind && *one.key.namespace == *namespace && *one.key.name == *name)
}

pub(super) fn item(document: Document) -> Option<Item> {
    let value = document.value.clone()?;
    let (kind, text) = (Kind::claimed(&value)?, |key: &str| value.text_at(&["metadata", key]));
    let namespace = if kind.info().namespaced { text("namespace").unwrap_or("default") } else { "" };
    let key = ObjectKey::new(kind, &namespace.into(), &text("name")?.into());
    Some(Item { key, value, document })
}

/// The fields of a path, as steps.
pub(super) fn steps(path: &[&str]) -> Vec<Step> {
    path.iter().map(|field| Step::Field((*field).into())).collect()
}

impl Item {
    /// The line of a field, or of what is there of its path.
    fn line(&self, path: &[Step]) -> usize {
        let found = self.document.root.as_ref().map(|root| root.find(&FieldPath(path.to_vec())));
        found.map_or(self.document.span.line, |found| found.key.unwrap_or(found.value).line)
    }

    pub(super) fn fault(&self, fault: Fault, path: &[Step], [name, value, other]: [String; 3]) -> Found {
        Found { fault, object: self.key.clone(), line: self.line(path), name, value, other }
    }

    pub(super) fn replicas(&self) -> i64 {
        self.value.int_at(&["spec", "replicas"]).unwrap_or(1)
    }
}

pub(super) fn pods_of(item: &Item) -> Option<Pods<'_>> {
    let path = item.key.kind.pod_template()?;
    let within = |more: &[&'static str]| path.iter().copied().chain(more.iter().copied()).collect::<Vec<&str>>();
    let spec = item.value.at(&within(&["spec"]))?;
    let labels = labels(item.value.at(&within(&["metadata", "labels"])));
    Some(Pods { item, path: steps(&within(&["spec"])), spec, labels })
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

impl Pods<'_> {
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

    /// The containers, each with where it is; those that run all the time first.
    pub(super) fn containers(&self) -> impl Iterator<Item = (Vec<Step>, &Value)> {
        let list = |field: &'static str| {
            let path = move |at: usize| self.path.iter().cloned().chain([Step::Field(field.into()), Step::Index(at)]).collect();
            self.spec.list_at(&[field]).iter().enumerate().map(move |(at, one)| (path(at), one))
        };
        list("containers").chain(list("initContainers"))
    }

    /// Whether a volume is one that a claim template of the same name takes the place of.
    pub(super) fn is_of_template(&self, volume: &Value) -> bool {
        let name = volume.text_at(&["name"]);
        self.item.value.list_at(&["spec", "volumeClaimTemplates"]).iter().any(|one| one.text_at(&["metadata", "name"]) == name)
    }

    /// The names of the volumes that are claims.
    pub(super) fn claimed(&self) -> impl Iterator<Item = &str> {
        let templates = if self.is_of_set() { self.item.value.list_at(&["spec", "volumeClaimTemplates"]) } else { &[] };
        let volumes = self.spec.list_at(&["volumes"]).iter();
        let named = volumes.filter(|one| one.get("persistentVolumeClaim").is_some() && !self.is_of_template(one));
        let named = named.filter_map(|one| one.text_at(&["name"]));
        templates.iter().filter_map(|one| one.text_at(&["metadata", "name"])).chain(named)
    }

    /// Whether nothing writes to a volume: its claim, or each of its mounts, is for reading.
    pub(super) fn is_only_read(&self, name: &str) -> bool {
        let is_so = |value: &Value| value.get("readOnly").and_then(Value::as_bool) == Some(true);
        let volume = self.spec.list_at(&["volumes"]).iter().find(|one| one.text_at(&["name"]) == Some(name));
        let claim = volume.and_then(|volume| volume.get("persistentVolumeClaim"));
        let mounts =
            || self.containers().flat_map(|(_, one)| one.list_at(&["volumeMounts"])).filter(|one| one.text_at(&["name"]) == Some(name));
        claim.is_some_and(is_so) || mounts().next().is_some() && mounts().all(is_so)
    }

    /// Whether a volume outlives its pod.
    pub(super) fn keeps(&self, name: &str) -> bool {
        let of_node = |one: &Value| one.text_at(&["name"]) == Some(name) && (one.get("hostPath").is_some() || one.get("nfs").is_some());
        self.claimed().any(|claim| claim == name) || self.spec.list_at(&["volumes"]).iter().any(of_node)
    }

    /// Where a field below their spec is.
    pub(super) fn below(&self, path: &[&str]) -> Vec<Step> {
        self.path.iter().cloned().chain(steps(path)).collect()
    }
}
