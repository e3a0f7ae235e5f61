//! The commands that buttons type and answers give. A click does nothing that could not be typed; the terminal shows the line.

mod spelling;

pub(crate) use spelling::label_nodes;
pub use spelling::{Form, Naming, quoted, read_naming, short, taint, uncordon};

use crate::{Identity, Instant};
use api::kind::Kind;
use api::release::Release;
use base::value::Value;
use cluster::provisioner::{LOCAL_PATH, NETWORK_DISK};
use text::Text;

/// A button and the line it types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The button's label.
    pub label: String,
    /// The line it types.
    pub line: String,
    /// Whether it may do harm.
    pub danger: bool,
    pub purpose: Purpose,
}

/// What a line is for, where something hangs on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Nothing hangs on it.
    Any,
    /// It has an image do something.
    Image,
    /// Few ask for it.
    Seldom,
    /// It adds machines, of which no text tells how many there are.
    Nodes,
    /// It makes the namespace without which a text was refused.
    Namespace,
    /// It leaves a set fewer pods.
    FewerPods,
    /// It has a pod count as Ready against its probe.
    Override,
    /// It draws ownership and selection, and types nothing.
    Relations,
    /// Requests are drawn, or no longer.
    Requests,
    /// What the control plane writes is drawn, or no longer.
    Writes,
    /// It tells what each tool says of the set, and types nothing.
    Judged,
}

impl Entry {
    /// A line with the label of its button.
    pub fn new(label: impl Into<String>, line: impl Into<String>) -> Entry {
        Entry { label: label.into(), line: line.into(), danger: false, purpose: Purpose::Any }
    }

    /// The same with what it is for.
    #[must_use]
    pub fn meant(self, purpose: Purpose) -> Entry {
        Entry { purpose, ..self }
    }

    /// The same as something that may do harm.
    #[must_use]
    pub fn harmful(self) -> Entry {
        Entry { danger: true, ..self }
    }
}

/// What stands in the place of a value that somebody else knows.
pub const CHANGE_ME: &str = "change-me";
/// The name in the terminal of the manifest in the editor.
pub const MANIFEST: &str = "manifest.yaml";

/// The command that leaves a cluster without any class of volumes.
pub const DELETE_CLASSES: &str = "kubectl delete storageclass --all";

/// The command that applies the manifest.
pub fn apply() -> String {
    format!("kubectl apply -f {MANIFEST}")
}

/// The command that empties a node.
pub fn drain(node: &str) -> String {
    format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data")
}

/// The command that upgrades the control plane to a release.
pub fn upgrade(release: &Release) -> String {
    format!("playground upgrade release {}", release.name)
}

/// The command that creates a namespace.
pub fn create_namespace(name: &str) -> String {
    format!("kubectl create namespace {name}")
}

/// A line that makes an object, with no more in it than is given.
pub fn make(text: &Text, kind: Kind, name: &str, object: Value) -> Entry {
    let label = text.ask.make(&format!("{} {name}", kind.info().name));
    Entry::new(label, Naming::default().apply(&named(kind, name, object)))
}

/// An object that says what it is.
pub fn named(kind: Kind, name: &str, mut object: Value) -> Value {
    object.set(&["apiVersion"], kind.api_version());
    object.set(&["kind"], kind.info().name);
    object.set(&["metadata", "name"], name);
    object
}

/// The least of an object of a kind in a namespace, for others to refer to, with these keys.
pub fn minimal_object(kind: Kind, namespace: &str, keys: &[String]) -> Value {
    let mut object = match kind {
        Kind::PriorityClass => Value::of([("value", 1000)]),
        Kind::RuntimeClass => Value::of([("handler", "runc")]),
        // Its volumes are on the nodes where they are first needed.
        Kind::StorageClass => Value::of([("provisioner", LOCAL_PATH), ("volumeBindingMode", "WaitForFirstConsumer")]),
        _ => Value::of([("metadata", Value::of([("namespace", namespace)]))]),
    };
    for key in keys {
        object.set(&[with_keys(kind), key], CHANGE_ME);
    }
    object
}

/// The field of a ConfigMap or a Secret that its keys are written to.
pub fn with_keys(kind: Kind) -> &'static str {
    if kind == Kind::Secret { "stringData" } else { "data" }
}

/// The least of a class of volumes, which several nodes can write to at once, or which are on the nodes where they are first needed.
pub fn minimal_class(shared: bool) -> Value {
    if shared { Value::of([("provisioner", NETWORK_DISK)]) } else { minimal_object(Kind::StorageClass, "", &[]) }
}

/// The command that has a provisioner run.
pub fn run_provisioner(name: &str) -> String {
    format!("playground run provisioner {name}")
}

/// A headless Service for the pods with these labels.
pub fn minimal_service(namespace: &str, labels: Value) -> Value {
    let mut object = minimal_object(Kind::Service, namespace, &[]);
    object.set(&["spec"], Value::of([("clusterIP", "None".into()), ("selector", labels)]));
    object
}

/// The command that makes a client write `count` times to a set's application; 0 stops it.
pub fn write(set: &str, count: u32, naming: &Naming) -> String {
    naming.playground("write", Kind::StatefulSet, &format!("{set} {count}"))
}

/// The command that creates a Deployment with the same template beside a set.
pub fn beside(set: &str, naming: &Naming) -> String {
    format!("{} | kubectl apply -f -", naming.playground("beside", Kind::StatefulSet, set))
}

/// The action that deletes a pod.
pub fn delete(shot: &Instant, identity: &Identity) -> Entry {
    let line = shot.naming(&identity.namespace).delete(Kind::Pod, &identity.pod);
    Entry::new(shot.text().cluster.delete(&identity.pod), line)
}

/// The action that removes a pod's object without waiting for its kubelet's confirmation.
pub fn force_delete(shot: &Instant, identity: &Identity) -> Entry {
    let line = shot.naming(&identity.namespace).force_delete(&identity.pod);
    Entry::new(shot.text().node.force(&identity.pod), line).harmful()
}

/// The action that has an image do well.
pub fn mend_image(text: &Text, image: &str) -> Entry {
    Entry::new(text.cluster.mend_image(), format!("playground mend image {image}"))
}

/// The action that adds machines.
pub fn add_nodes(text: &Text, count: i64) -> Entry {
    Entry::new(text.ask.add_nodes(count), format!("playground add nodes {count}")).meant(Purpose::Nodes)
}
