//! The API server as its clients see it: objects as values, verbs, watches. kubectl knows nothing else of the cluster.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::release::{Release, V1_37};
use crate::api::status::Status;
use crate::base::printed::Piece;
use crate::base::time::Time;
use crate::base::value::Value;

/// How a patch is to be understood.
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
    /// They lose their owner and stay.
    Orphan,
}

/// The options of a deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Seconds; `None` takes the object's own.
    pub grace_period_seconds: Option<i64>,
    /// `None` takes the kind's default.
    pub propagation: Option<Propagation>,
    /// Refuse unless the object still has this uid.
    pub uid: Option<Rc<str>>,
    /// Refuse unless the object is still at this revision.
    pub revision: Option<u64>,
    /// Check and answer, change nothing.
    pub dry_run: bool,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchKind {
    /// It is new.
    Added,
    /// It changed.
    Modified,
    /// It is gone; the object is as it was last.
    Deleted,
}

/// One line of a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchEvent {
    /// The store's revision of the change.
    pub revision: u64,
    /// When it was written.
    pub at: Time,
    /// What happened.
    pub kind: WatchKind,
    /// The object.
    pub object: Value,
}

/// A part of an object with a resource of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subresource {
    /// The object itself.
    None,
    /// `/status`.
    Status,
    /// `/scale`.
    Scale,
}

/// What the server answers to a successful write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The object as it is now.
    pub object: Value,
    /// `Warning:` headers, in order.
    pub warnings: Vec<String>,
    /// Of an apply: the managers as they are now, as `metadata.managedFields` shows them.
    pub managers: Value,
}

/// A process that is to run in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exec {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// What is run; nothing stands for the container's own process.
    pub command: Vec<String>,
    /// What it reads.
    pub input: Rc<str>,
}

/// How a process in a container goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// What it printed since it was heard last.
    pub pieces: Vec<Piece>,
    /// When it does something next.
    pub due: Option<Time>,
    /// Its exit code, once it has ended.
    pub code: Option<i32>,
    /// The program that is not there, where it could not begin.
    pub missing: Option<String>,
    /// Its prompt, while it waits for a line.
    pub prompt: Option<String>,
}

/// What a client is told where no kubelet answers.
const NO_KUBELET: &str = "error dialing backend: no kubelet answers here";

/// An API server, as a client talks to it. Every call is answered at once, at the present virtual time; whoever wants a call
/// to take time waits before making it.
pub trait Client {
    /// The server's clock.
    fn now(&self) -> Time;
    /// Which Kubernetes the server is.
    fn release(&self) -> &'static Release {
        &V1_37
    }
    /// The newest revision of the store, where a watch begins that wants only what comes next.
    fn revision(&self) -> u64;
    /// One object. `namespace` is ignored for kinds without one.
    fn get(&self, kind: Kind, namespace: &str, name: &str) -> Result<Value, Status>;
    /// All objects of a kind, in one namespace or in all, by namespace and name.
    fn list(&self, kind: Kind, namespace: Option<&str>) -> Vec<Value>;
    /// What happened to objects of a kind after a revision, in order. Bounded by what the server still remembers.
    fn watch(&self, kind: Kind, namespace: Option<&str>, after: u64) -> Vec<WatchEvent>;
    /// Creates an object: strict decoding, defaulting, admission, validation.
    fn create(&mut self, kind: Kind, namespace: &str, object: &Value, dry_run: bool) -> Result<Written, Status>;
    /// Writes an object (or a sub-resource of it) whole.
    fn replace(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        object: &Value,
        part: Subresource,
        dry_run: bool,
    ) -> Result<Written, Status>;
    /// Changes an object (or a sub-resource of it) by a patch.
    #[allow(clippy::too_many_arguments, reason = "the parts of an HTTP request")]
    fn patch(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        how: PatchType,
        patch: &Value,
        part: Subresource,
        dry_run: bool,
    ) -> Result<Written, Status>;
    /// Changes an object by a strategic merge patch, as `kubectl apply` does: a field that does not exist is refused, where
    /// [`Client::patch`] only warns of it.
    fn apply_patch(&mut self, kind: Kind, namespace: &str, name: &str, patch: &Value, dry_run: bool) -> Result<Written, Status> {
        self.patch(kind, namespace, name, PatchType::Strategic, patch, Subresource::None, dry_run)
    }
    /// Merges a configuration into an object, or makes it, for the manager that signs: server-side apply.
    fn apply(&mut self, kind: Kind, namespace: &str, name: &str, config: &Value, force: bool, dry_run: bool) -> Result<Written, Status>;
    /// Names the field manager of what this client writes from now on.
    fn sign(&mut self, manager: &str);
    /// Who manages an object, as `metadata.managedFields` shows it; no other answer names them.
    fn managers(&self, kind: Kind, namespace: &str, name: &str) -> Value;
    /// Asks for an object's deletion; answers with the object as it is then.
    fn delete(&mut self, kind: Kind, namespace: &str, name: &str, options: &DeleteOptions) -> Result<Value, Status>;
    /// Asks for a pod's eviction, which PodDisruptionBudgets may refuse.
    fn evict(&mut self, namespace: &str, pod: &str, options: &DeleteOptions) -> Result<(), Status>;
    /// Begins a process in a container; its number, or why the kubelet does not.
    fn begin_process(&mut self, _exec: &Exec) -> Result<u64, String> {
        Err(NO_KUBELET.to_owned())
    }
    /// Lets a process go on and hears it; `None` where its container has ended.
    fn hear_process(&mut self, _number: u64) -> Option<Heard> {
        None
    }
    /// Types a line into a process; without one, interrupts it.
    fn tell_process(&mut self, _number: u64, _line: Option<&str>) {}
    /// Ends a process; with a code, its container ends with it.
    fn end_process(&mut self, _number: u64, _code: Option<i32>) {}
    /// What the process of a container printed that ended last, before the one that runs.
    fn previous_log_of(&mut self, _namespace: &str, _pod: &str, _container: &str) -> Result<String, String> {
        Err(NO_KUBELET.to_owned())
    }
    /// What a container printed.
    fn log_of(&mut self, _namespace: &str, _pod: &str, _container: &str) -> Result<String, String> {
        Err(NO_KUBELET.to_owned())
    }
}
