//! The API server from a client's point of view: objects as values, verbs, watches. kubectl knows nothing else of the cluster.

use std::rc::Rc;

use crate::custom;
use crate::kind::Kind;
use crate::managed::KUBECTL;
use crate::object::{Name, NamespacedName};
use crate::release::{Release, V1_37};
use crate::status::Status;
use base::lines::Lines;
use base::printed::Piece;
use base::time::Time;
use base::value::Value;

/// The format of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchType {
    /// `application/strategic-merge-patch+json`.
    Strategic,
    /// `application/merge-patch+json`, RFC 7386.
    Merge,
    /// `application/json-patch+json`, RFC 6902.
    Json,
}

/// What happens to the dependents of a deleted object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// The garbage collector deletes them afterwards.
    Background,
    /// The object stays until they are gone.
    Foreground,
    /// They lose the owner reference and stay.
    Orphan,
}

/// The options of a deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// The grace period in seconds; `None` uses the object's own.
    pub grace_period_seconds: Option<i64>,
    /// `None` uses the kind's default.
    pub propagation: Option<Propagation>,
    /// Precondition: the object still has this uid.
    pub uid: Option<Rc<str>>,
    /// Precondition: the object is still at this revision.
    pub revision: Option<u64>,
    /// Validates and answers, but stores nothing.
    pub dry_run: bool,
}

/// The options of a write. Models metav1.CreateOptions, UpdateOptions and PatchOptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// Validates and answers, but stores nothing.
    pub dry_run: bool,
    /// In whose name the fields are written.
    pub manager: Name,
    /// Of an apply: takes over the fields that others manage.
    pub force: bool,
    /// Of a patch: fields that nobody knows are an error, and not just a warning, as they are in whole objects.
    pub strict: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        WriteOptions { dry_run: false, manager: KUBECTL.into(), force: false, strict: false }
    }
}

/// The type of a watch event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchKind {
    /// The object was created.
    Added,
    /// The object was updated.
    Modified,
    /// The object was deleted; the event has its last state.
    Deleted,
}

/// A watch event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchEvent {
    /// The store's revision of the change.
    pub revision: u64,
    /// When it was written.
    pub at: Time,
    /// What happened.
    pub kind: WatchKind,
    pub object: Value,
}

base::named! {
    /// A subresource of an object.
    #[derive(Default)]
    Subresource {
        /// The object itself.
        #[default]
        None "",
        /// `/scale`.
        Scale "scale",
        /// `/status`.
        Status "status",
        /// `/ephemeralcontainers` of a pod.
        EphemeralContainers "ephemeralcontainers",
    }
}

impl Subresource {
    /// That of a name; the object itself for any other.
    pub fn read(word: &str) -> Self {
        Subresource::named(word).unwrap_or_default()
    }
}

/// The answer to a successful write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The object as it is now.
    pub object: Value,
    /// `Warning:` headers, in order.
    pub warnings: Vec<String>,
    /// Of an apply: the managers as they are now, as `metadata.managedFields` shows them.
    pub managers: Value,
}

/// A process to run in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exec {
    pub pod: NamespacedName,
    pub container: String,
    /// The command; empty to attach to the container's own process.
    pub command: Vec<String>,
    /// Its standard input.
    pub input: Rc<str>,
}

/// Which log of a pod. Models corev1.PodLogOptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOptions<'a> {
    pub container: &'a str,
    /// Whether that of its previous run is meant.
    pub previous: bool,
}

/// A patch, and its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch<'a> {
    /// The format.
    pub how: PatchType,
    /// What it says.
    pub body: &'a Value,
}

impl<'a> Patch<'a> {
    /// A strategic merge patch.
    pub fn strategic(body: &'a Value) -> Self {
        Patch { how: PatchType::Strategic, body }
    }

    /// A merge patch.
    pub fn merge(body: &'a Value) -> Self {
        Patch { how: PatchType::Merge, body }
    }

    /// A JSON patch.
    pub fn json(body: &'a Value) -> Self {
        Patch { how: PatchType::Json, body }
    }
}

/// The state of a process in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessOutput {
    /// Its output since the last call.
    pub pieces: Vec<Piece>,
    /// When it will do something next.
    pub due: Option<Time>,
    /// Its exit code, once it has ended.
    pub code: Option<i32>,
    /// Why its program could not be executed, if it could not.
    pub missing: Option<String>,
    /// Its prompt, while it waits for a line.
    pub prompt: Option<String>,
}

/// The error if no kubelet answers.
const NO_KUBELET: &str = "error dialing backend: no kubelet answers here";

/// An API server as seen by a client. Calls return immediately, at the current virtual time; a caller for whom they should take time
/// has to wait first.
pub trait Client {
    /// The server's current time.
    fn now(&self) -> Time;
    /// The release that the server runs.
    fn release(&self) -> &'static Release {
        &V1_37
    }
    /// The newest revision of the store, from which a watch for future changes starts.
    fn revision(&self) -> u64;
    /// Gets an object. `namespace` is ignored for cluster-scoped kinds.
    fn get(&self, kind: Kind, namespace: &str, name: &str) -> Result<Value, Status>;
    /// Whether the object of this uid still exists: what [`Client::get`] says, for those who ask again and again.
    fn exists(&self, kind: Kind, namespace: &str, name: &str, uid: &str) -> bool {
        self.get(kind, namespace, name).is_ok_and(|object| object.text_at(&["metadata", "uid"]) == Some(uid))
    }
    /// Lists the objects of a kind, in one namespace or in all, by namespace and name.
    fn list(&self, kind: Kind, namespace: Option<&str>) -> Vec<Value>;
    /// The kinds that CustomResourceDefinitions define.
    fn custom_kinds(&self) -> Vec<Kind> {
        self.list(Kind::CustomResourceDefinition, None).iter().filter_map(custom::defined).collect()
    }
    /// The changes to objects of a kind after a revision, in order, as far as the server still remembers them.
    fn watch(&self, kind: Kind, namespace: Option<&str>, after: u64) -> Vec<WatchEvent>;
    /// Creates an object: strict decoding, defaulting, admission, validation.
    fn create(&mut self, kind: Kind, namespace: &str, object: &Value, options: &WriteOptions) -> Result<Written, Status>;
    /// Replaces an object (or a subresource).
    fn replace(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        object: &Value,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status>;
    /// Patches an object (or a subresource).
    fn patch(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        patch: Patch,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status>;
    /// Merges a configuration into an object, or makes it: server-side apply.
    fn apply(&mut self, kind: Kind, namespace: &str, name: &str, config: &Value, options: &WriteOptions) -> Result<Written, Status>;
    /// Who manages an object, as `metadata.managedFields` shows it; no other answer names them.
    fn managers(&self, kind: Kind, namespace: &str, name: &str) -> Value;
    /// Deletes an object, or starts its deletion; returns it as it is then.
    fn delete(&mut self, kind: Kind, namespace: &str, name: &str, options: &DeleteOptions) -> Result<Value, Status>;
    /// Evicts a pod, which PodDisruptionBudgets may refuse.
    fn evict(&mut self, pod: &NamespacedName, options: &DeleteOptions) -> Result<(), Status>;
    /// The address of a node whose machine does not answer; `None` for one that does, and for none.
    fn unreachable_node(&self, _node: &str) -> Option<String> {
        None
    }
    /// Starts a process in a container; returns its number, or the kubelet's error.
    fn begin_process(&mut self, _exec: &Exec) -> Result<u64, String> {
        Err(NO_KUBELET.to_owned())
    }
    /// Lets a process continue and returns its state; `None` if its container has ended.
    fn poll_process(&mut self, _number: u64) -> Option<ProcessOutput> {
        None
    }
    /// Sends a line to a process; `None` interrupts it.
    fn send_line(&mut self, _number: u64, _line: Option<&str>) {}
    /// Ends a process; with an exit code, its container ends, too.
    fn end_process(&mut self, _number: u64, _code: Option<i32>) {}
    fn log_of(&mut self, _pod: &NamespacedName, _options: LogOptions) -> Result<Lines, String> {
        Err(NO_KUBELET.to_owned())
    }
    /// The image of a container of which nobody knows what it logs; `None` where its log is all there is.
    fn unknown_log(&self, _pod: &NamespacedName, _container: &str) -> Option<Name> {
        None
    }
}
