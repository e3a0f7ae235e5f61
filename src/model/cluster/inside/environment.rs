//! The environment of a container.
//!
//! Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables. Not modelled: `fileKeyRef`, whose variables are empty. What the
//! image sets is known of some official images ([`crate::programs`]).

use std::rc::Rc;

use super::fields::{container_named, field, resource};
use super::services::{service_variables, services_for};
use super::version;
use crate::dns::pod::hostname;
use api::kind::Kind;
use api::object::{Object, Pod, Service};
use base::base64;
use base::value::Value;
use server::tables::Tables;

/// Where programs are looked for, unless a container says otherwise.
pub(super) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Variables in the order in which they were set first.
pub(super) type Variables = Vec<(String, String)>;

/// The environment of a container. Most are never read, so that the variables of the Services are made only then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    own: Variables,
    /// The names that the container declares, which texts can name.
    declared: Vec<String>,
    /// The image, which sets variables too.
    image: Rc<str>,
    /// The Services that were there when it started.
    services: Vec<Rc<Service>>,
}

impl Environment {
    /// That of a process which has set these itself.
    pub(super) fn of(own: Variables) -> Self {
        let declared = own.iter().map(|(name, _)| name.clone()).collect();
        Environment { own, declared, image: "".into(), services: Vec::new() }
    }

    /// All variables.
    pub fn variables(&self) -> Variables {
        let mut all = self.own.clone();
        let of_image = version::variables(&self.image).map(|(name, value)| (name.to_owned(), value));
        // A container runtime adds the last one.
        for (name, value) in of_image.chain(service_variables(&self.services)).chain([("HOME".to_owned(), "/root".to_owned())]) {
            if all.iter().all(|(known, _)| *known != name) {
                all.push((name, value));
            }
        }
        all
    }

    /// Those that its container declares, without those of its image and of Services.
    pub(super) fn own(&self) -> &Variables {
        &self.own
    }

    /// A text with the values of variables in place of their names: `$(POD_NAME)`.
    pub(super) fn expand(&self, text: &str) -> String {
        let declared = self.own.iter().filter(|(name, _)| self.declared.contains(name)).cloned().collect();
        expand(text, &declared, &|| service_variables(&self.services))
    }
}

/// The variables that a container declares, as they would be if it started now.
pub fn declared(pod: &Pod, container: &Value, tables: &Tables) -> Vec<(String, String)> {
    environment(pod, container, tables).own
}

/// The environment of a container that starts now.
pub(super) fn environment(pod: &Pod, container: &Value, tables: &Tables) -> Environment {
    let services = services_for(pod, tables);
    let mut all = Variables::new();
    let sources = Sources { pod, container, tables };
    for from in container.list_at(&["envFrom"]) {
        let prefix = from.text_at(&["prefix"]).unwrap_or_default();
        for (key, text) in sources.all_of(from) {
            set(&mut all, &format!("{prefix}{key}"), text);
        }
    }
    for entry in container.list_at(&["env"]) {
        let Some(name) = entry.text_at(&["name"]) else { continue };
        let value = match entry.get("valueFrom") {
            // A key that is optional and absent sets nothing.
            Some(from) => sources.one(from),
            None => Some(expand(entry.text_at(&["value"]).unwrap_or_default(), &all, &|| service_variables(&services))),
        };
        if let Some(value) = value {
            set(&mut all, name, value);
        }
    }
    // The container runtime sets these two, and so no other variable can name them.
    let of_runtime = [("PATH", DEFAULT_PATH.to_owned()), ("HOSTNAME", hostname(pod).to_string())];
    let mut own: Variables = of_runtime.map(|(name, value)| (name.to_owned(), value)).into();
    all.iter().for_each(|(name, value)| set(&mut own, name, value.clone()));
    let declared = all.into_iter().map(|(name, _)| name).collect();
    Environment { own, declared, image: container.text_at(&["image"]).unwrap_or_default().into(), services }
}

fn set(all: &mut Variables, name: &str, value: String) {
    match all.iter_mut().find(|(known, _)| known == name) {
        Some((_, before)) => *before = value,
        None => all.push((name.to_owned(), value)),
    }
}

/// Puts the variables set before, or those of Services, in place of `$(NAME)`; of `$$` one remains, and what is unknown stays as it is.
/// Models third_party/forked/golang/expansion Expand.
fn expand(text: &str, all: &Variables, services: &dyn Fn() -> Variables) -> String {
    let known = |name: &str| {
        let own = all.iter().find(|(known, _)| known == name).cloned();
        own.or_else(|| services().into_iter().find(|(known, _)| known == name)).map(|(_, value)| value)
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match known(name) {
                Some(value) => out.push_str(&value),
                None => out.extend(["$(", name, ")"]),
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out + rest
}

/// How a reference to a variable begins.
pub const EXPANDS: &str = "$(";

/// The variables that a value names as `$(NAME)`. Kubernetes' own are left out, and so is what a shell would run.
pub fn references(value: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_own = |name: &&str| name.contains("_SERVICE_") || name.contains("_PORT");
    let named = value.match_indices(EXPANDS).filter(|(at, _)| !value[..*at].ends_with('$'));
    named.filter_map(|(at, _)| value[at + EXPANDS.len()..].split(')').next()).filter(is_name).filter(move |name| !is_own(name))
}

/// What the value of a variable can be taken from.
struct Sources<'a> {
    pod: &'a Pod,
    /// The container, as written in the manifest.
    container: &'a Value,
    tables: &'a Tables,
}

impl Sources<'_> {
    /// All that the ConfigMap or Secret of an entry of `envFrom` holds.
    fn all_of(&self, from: &Value) -> Vec<(String, String)> {
        let of = |kind, reference: &str, read: fn(&Value) -> String| {
            let data = from.text_at(&[reference, "name"]).and_then(|name| self.data(kind, name)).unwrap_or_default();
            let pairs = data.members().map(|(key, text)| (key.to_string(), read(text)));
            pairs.collect::<Vec<_>>()
        };
        [of(Kind::ConfigMap, "configMapRef", plain_text), of(Kind::Secret, "secretRef", secret_text)].concat()
    }

    /// The value that `valueFrom` points at; `None` if there is none.
    fn one(&self, from: &Value) -> Option<String> {
        let of = |kind, reference: &str, read: fn(&Value) -> String| {
            let key = from.text_at(&[reference, "key"])?;
            self.data(kind, from.text_at(&[reference, "name"])?)?.get(key).map(read)
        };
        if let Some(path) = from.text_at(&["fieldRef", "fieldPath"]) {
            return Some(field(self.pod, path, self.tables));
        }
        if let Some(reference) = from.get("resourceFieldRef") {
            let named = reference.text_at(&["containerName"]).filter(|name| !name.is_empty());
            let container = named.map_or(self.container, |_| container_named(reference, self.pod));
            return resource(reference, container, self.pod, self.tables);
        }
        if from.get("configMapKeyRef").is_some() {
            return of(Kind::ConfigMap, "configMapKeyRef", plain_text);
        }
        if from.get("secretKeyRef").is_some() {
            return of(Kind::Secret, "secretKeyRef", secret_text);
        }
        Some(String::new())
    }

    fn data(&self, kind: Kind, name: &str) -> Option<Value> {
        self.tables.find(kind, &self.pod.meta.namespace, name).map(Object::encode)?.get("data").cloned()
    }
}

fn plain_text(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_owned()
}

/// A Secret's value, as text.
pub(super) fn secret_text(value: &Value) -> String {
    String::from_utf8_lossy(&base64::decode(value.as_text().unwrap_or_default()).unwrap_or_default()).into_owned()
}
