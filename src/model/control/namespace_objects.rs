//! The objects that every namespace gets: the ServiceAccount `default`, and the ConfigMap with the CA certificate by which pods
//! trust the API server. Both are recreated when deleted; the ConfigMap is also restored when modified.
//!
//! Models pkg/controller/serviceaccount/serviceaccounts_controller.go syncNamespace and
//! pkg/controller/certificates/rootcacertpublisher/publisher.go syncNamespace.
//! Must not know: how requests are sent, pods.

use std::rc::Rc;

use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::kind::Kind;
use api::object::{Meta, Name, Object, ObjectKey, Plain};
use base::value::Value;
use server::log::Actor;
use server::namespaces::{DEFAULT_ACCOUNT, ROOT_CERTIFICATE, has_everywhere};
use server::request::Request;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller of ServiceAccounts.
pub static ACCOUNTS: Registration =
    Registration::new(&[(Kind::Namespace, watch_namespace), (Kind::ServiceAccount, watch_object)], |view, key, _| {
        plan(view, key, Kind::ServiceAccount)
    });
/// The controller of root certificates.
pub static CERTIFICATES: Registration =
    Registration::new(&[(Kind::Namespace, watch_namespace), (Kind::ConfigMap, watch_object)], |view, key, _| {
        plan(view, key, Kind::ConfigMap)
    });
/// publisher.go DescriptionAnnotation and Description.
const DESCRIPTION: (&str, &str) = (
    "kubernetes.io/description",
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or \
     kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
);
/// The root certificate of the cluster, made for this purpose; its key does not exist.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBPjCB8aADAgECAhRCNre/yBJ4UsuWHhVHSJ4fg6Fc4jAFBgMrZXAwFTETMBEG
A1UEAwwKa3ViZXJuZXRlczAeFw0yNjExMjEwNzU2NDZaFw0zNjExMTgwNzU2NDZa
MBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwKjAFBgMrZXADIQDOSfZwVz9OVe2IMaKE
MvlT8KflY1XA8h2/yXPZeEsP3qNTMFEwHQYDVR0OBBYEFC9YFFiwld/zs+zu6v73
JrxYk/TrMB8GA1UdIwQYMBaAFC9YFFiwld/zs+zu6v73JrxYk/TrMA8GA1UdEwEB
/wQFMAMBAf8wBQYDK2VwA0EAxb+XvkV9acGp18nJK82PqPaYeU8Uvk7tg6jrVYuY
Pq3AEgyDAIHBqDELvcgA7x+M6uQxOctCA6eucMl9ljoxAQ==
-----END CERTIFICATE-----
";

/// The objects that every namespace gets.
pub fn objects(namespace: &Name) -> [Object; 2] {
    [Kind::ServiceAccount, Kind::ConfigMap].map(|kind| object(kind, namespace).into())
}

/// Queues a namespace, unless it is one that a cluster starts with, which has what it gets.
fn watch_namespace(watch: &mut Watch) {
    if watch.change.by != Actor::Setup {
        own_key(watch);
    }
}

/// Queues the namespace of an object that every namespace gets.
fn watch_object(watch: &mut Watch) {
    if has_everywhere(watch.change.key.kind, &watch.change.key.name) && watch.change.before.is_some() {
        watch.enqueue(&ObjectKey::global(Kind::Namespace, &watch.change.key.namespace));
    }
}

/// Plans one sync of a namespace, for its ServiceAccount or its ConfigMap.
fn plan(view: View, key: &ObjectKey, kind: Kind) -> Plan {
    let (View { cache, .. }, namespace) = (view, &key.name);
    if cache.tables.find(Kind::Namespace, "", namespace).is_none_or(|namespace| namespace.meta().terminating()) {
        return Plan::default();
    }
    let wanted = object(kind, namespace);
    let request = match cache.tables.find(kind, namespace, &wanted.meta.name) {
        None => Request::Create(wanted.clone().into()),
        Some(Object::Plain(found)) if kind == Kind::ConfigMap && !is_right(found, &wanted) => Request::Update(set_right(found, &wanted)),
        Some(_) => return Plan::default(),
    };
    let about = ObjectKey::new(kind, namespace, &wanted.meta.name);
    let who = if kind == Kind::ConfigMap { Component::RootCertificates } else { Component::ServiceAccounts };
    let mut plan = Plan::nothing(Decision::new(who, about, Verdict::Acts, Reason::Maintenance(Maintenance::EveryNamespaceHasOne)));
    // Fails harmlessly if the namespace has started terminating meanwhile.
    plan.then(Step::new(request).on_error(OnError::Ignore));
    plan
}

fn object(kind: Kind, namespace: &Name) -> Plain {
    let config = kind == Kind::ConfigMap;
    let mut meta =
        Meta { namespace: Rc::clone(namespace), name: if config { ROOT_CERTIFICATE } else { DEFAULT_ACCOUNT }.into(), ..Meta::default() };
    let mut raw = Value::map();
    if config {
        meta.annotations = Rc::new([(DESCRIPTION.0.into(), DESCRIPTION.1.into())].into());
        raw.set(&["data", "ca.crt"], CERTIFICATE);
    }
    Plain { kind, meta, raw }
}

/// Whether a ConfigMap holds the certificate and has a description, whatever it reads.
fn is_right(found: &Plain, wanted: &Plain) -> bool {
    found.raw.at(&["data"]) == wanted.raw.at(&["data"]) && found.meta.annotations.get(DESCRIPTION.0).is_some_and(|d| !d.is_empty())
}

fn set_right(found: &Plain, wanted: &Plain) -> Object {
    let mut right = found.clone();
    right.raw.set(&["data"], wanted.raw.at(&["data"]).cloned().unwrap_or_default());
    Rc::make_mut(&mut right.meta.annotations).insert(DESCRIPTION.0.into(), DESCRIPTION.1.into());
    right.into()
}
