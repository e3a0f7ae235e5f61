//! The simulated cluster as clients see it: the verbs of the API server, answered at the present instant.

use std::rc::Rc;

use super::Sim;
use api::client::{
    Client, DeleteOptions, Exec, LogOptions, Patch, ProcessOutput, Subresource, WatchEvent, WatchKind, WriteOptions, Written,
};
use api::decode::decode_unchecked;
use api::kind::{Kind, Trait};
use api::managed::{self, Applied, MANAGED_FIELDS};
use api::object::{Name, NamespacedName, Object, ObjectKey, Uid};
use api::obstacle::Obstacle;
use api::patch;
use api::release::Release;
use api::scale::{self, scale_of};
use api::status::{Fault, FieldError, Status, StatusReason};
use base::field_path::FieldPath;
use base::lines::Lines;
use base::time::Time;
use base::value::Value;
use control::disruption;
use server::Server;
use server::ingest::{self, Accepted};
use server::log::{Actor, Change};
use server::managers::{same, signer};
use server::signed::Signed;
use why::{Component, Decision, Reason, Verdict};

/// How the server takes an object in.
type Write = fn(&mut Server, Object, &Actor) -> Result<Object, Status>;

impl Sim {
    fn key(kind: Kind, namespace: &str, name: &str) -> ObjectKey {
        ObjectKey::new(kind, &namespace.into(), &name.into())
    }

    fn found(&self, kind: Kind, namespace: &str, name: &str) -> Result<Object, Status> {
        let found = self.tables().find(kind, namespace, name).cloned();
        found.ok_or_else(|| Status::not_found(&kind.resource(), name))
    }

    /// Creates what passed.
    fn store_new(&mut self, accepted: Accepted, options: &WriteOptions) -> Result<Written, Status> {
        let mut accepted = accepted.secured(None, self.tables(), self.server.release)?;
        let signed = self.server.signed_by(None, signer(options, Subresource::None), &mut accepted.sent);
        self.store(accepted, signed, options, Server::create)
    }

    /// Writes what passed over its older version.
    fn store_changed(
        &mut self,
        old: &Object,
        mut accepted: Accepted,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        if matches!(part, Subresource::None | Subresource::EphemeralContainers) {
            accepted = accepted.secured(Some(old), self.tables(), self.server.release)?;
        }
        let signed = self.server.signed_by(Some(old), signer(options, part), &mut accepted.sent);
        self.store(accepted, signed, options, Server::update)
    }

    /// Lets the server write what passed, with what it says about managers; a dry run writes to a copy of it that is thrown away.
    fn store(&mut self, accepted: Accepted, signed: Signed, options: &WriteOptions, write: Write) -> Result<Written, Status> {
        let Accepted { object, warnings, .. } = accepted;
        let refused = |status: Status| Status { warnings: warnings.clone().into(), ..status };
        let write =
            |server: &mut Server, object: Object| server.signing(signed, |server| write(server, object, &Actor::User)).map_err(refused);
        if options.dry_run {
            const VERSION: [&str; 2] = ["metadata", "resourceVersion"];
            let key = object.key();
            let before = self.server.tables().find(key.kind, &key.namespace, &key.name).map(Object::encode);
            let mut object = write(&mut self.server.clone(), object)?.encode();
            // Nothing is stored, so there is no newer version: the older one stays, and what is new has none.
            match before.as_ref().and_then(|old| old.at(&VERSION)) {
                Some(version) => object.set(&VERSION, version.clone()),
                None => drop(object.remove(&VERSION)),
            }
            return Ok(Written { object, warnings, ..Written::default() });
        }
        let stored = write(&mut self.server, object)?;
        self.acted();
        Ok(Written { object: self.tables().shown(&stored), warnings, ..Written::default() })
    }

    /// An object as a patch of it is applied: with its managers, where the patch speaks of them.
    fn patchable(&self, old: &Object, patch: &Value) -> Value {
        let mut object = self.tables().shown(old);
        let pointer = format!("/{}", MANAGED_FIELDS.join("/"));
        let names = |op: &Value, key: &str| op.text_at(&[key]).is_some_and(|path| path.starts_with(&pointer));
        let in_steps = || patch.as_list().is_some_and(|steps| steps.iter().any(|op| names(op, "path") || names(op, "from")));
        if patch.at(&MANAGED_FIELDS).is_some() || in_steps() {
            object.set(&MANAGED_FIELDS, managed::encode(&self.server.managers_of(old)));
        }
        object
    }

    /// Stores what a patch has made of an object, or of its scale.
    fn store_patched(&mut self, old: &Object, patched: &Value, part: Subresource, options: &WriteOptions) -> Result<Written, Status> {
        check_name(patched, &old.meta().namespace, &old.meta().name)?;
        if part == Subresource::Scale {
            return self.rescale(old, patched, options);
        }
        let accepted = self.accept(old, patched, part, options)?;
        self.store_changed(old, accepted, part, options)
    }

    /// Processes an update of an object, of its status or of its ephemeral containers.
    fn accept(&mut self, old: &Object, sent: &Value, part: Subresource, options: &WriteOptions) -> Result<Accepted, Status> {
        let release = self.server.release;
        let answer = match part {
            Subresource::Status => ingest::update_status(old, sent, release, self.now),
            Subresource::EphemeralContainers => ingest::update_ephemeral_containers(old, sent, release),
            _ => ingest::update(old, sent, release, self.server.tables(), options.dry_run),
        };
        answer.inspect_err(|status| self.note_growth(old, status))
    }

    /// Records why a claim was not let grow.
    fn note_growth(&mut self, claim: &Object, status: &Status) {
        let Some(Obstacle::MayNotGrow(class, size)) = status.obstacle.as_deref() else { return };
        let because = Reason::MayNotGrow { class: class.clone(), size: size.clone() };
        self.decisions.record(self.now, Decision::new(Component::Provisioner, claim.key(), Verdict::Refused, because));
    }

    /// Records why a pod was not evicted.
    fn note_refused_eviction(&mut self, pod: &NamespacedName) {
        let tables = self.server.tables();
        let Some(pod) = tables.pod(&pod.namespace, &pod.name) else { return };
        let Some(budget) = tables.budgets_of(pod).next() else { return };
        let decision = disruption::refuses(budget, pod);
        self.decisions.record(self.now, decision);
    }

    /// Sets a workload's replicas to those of a scale, and returns its scale. Models `ScaleREST` Update.
    fn rescale(&mut self, old: &Object, scale: &Value, options: &WriteOptions) -> Result<Written, Status> {
        let (meta, mut value) = (old.meta(), self.tables().shown(old));
        let uid = scale.text_at(&["metadata", "uid"]).filter(|uid| !uid.is_empty() && *uid != meta.uid.to_string());
        if let Some(uid) = uid {
            let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", meta.uid);
            return Err(Status::conflict(&old.kind().resource().replacen('.', "/scale.", 1), &meta.name, &why));
        }
        let replicas = scale::replicas(scale, &meta.name)?;
        if let Some(version) = scale.text_at(&["metadata", "resourceVersion"]) {
            value.set(&["metadata", "resourceVersion"], version);
        }
        value.set(&["spec", "replicas"], replicas);
        let accepted = ingest::update(old, &value, self.server.release, self.server.tables(), options.dry_run)?;
        let written = self.store_changed(old, accepted, Subresource::Scale, options)?;
        Ok(Written { object: scale_of(&written.object), ..written })
    }
}

/// A change as a watch shows it.
fn watch_event(change: &Change) -> Option<WatchEvent> {
    let kind = match (&change.before, &change.after) {
        (None, Some(_)) => WatchKind::Added,
        (Some(_), Some(_)) => WatchKind::Modified,
        _ => WatchKind::Deleted,
    };
    Some(WatchEvent { revision: change.revision, at: change.at, kind, object: change.object()?.encode() })
}

impl Client for Sim {
    fn now(&self) -> Time {
        self.now
    }

    fn release(&self) -> &'static Release {
        Sim::release(self)
    }

    fn revision(&self) -> u64 {
        self.server.revision()
    }

    fn get(&self, kind: Kind, namespace: &str, name: &str) -> Result<Value, Status> {
        if let Some(lease) = self.lease(namespace, name).filter(|_| kind == Kind::Lease) {
            return Ok(lease);
        }
        let there = |namespace| self.tables().find(Kind::Namespace, "", namespace).is_some();
        match self.found(kind, namespace, name) {
            // What is read in a namespace that is not there: that is what the server says is missing.
            Err(_) if !namespace.is_empty() && !there(namespace) => Err(Status::not_found(&Kind::Namespace.resource(), namespace)),
            found => Ok(self.tables().shown(&found?)),
        }
    }

    fn exists(&self, kind: Kind, namespace: &str, name: &str, uid: &str) -> bool {
        let found = self.tables().find(kind, namespace, name);
        found.is_some_and(|object| object.meta().uid == Uid::parse(uid))
    }

    fn list(&self, kind: Kind, namespace: Option<&str>) -> Vec<Value> {
        if kind == Kind::Lease {
            return self.leases_in(namespace);
        }
        let tables = self.tables();
        match namespace.filter(|_| kind.is_namespaced()) {
            Some(namespace) => tables.within(kind, namespace).map(|object| tables.shown(object)).collect(),
            None => tables.all(kind).map(|object| tables.shown(object)).collect(),
        }
    }

    fn watch(&self, kind: Kind, namespace: Option<&str>, after: u64) -> Vec<WatchEvent> {
        let log = self.log();
        let wanted = |c: &&Change| c.key.kind == kind && namespace.is_none_or(|n| c.key.namespace.is_empty() || *c.key.namespace == *n);
        log.from(log.after_revision(after)).filter(wanted).filter_map(watch_event).collect()
    }

    fn create(&mut self, kind: Kind, namespace: &str, object: &Value, options: &WriteOptions) -> Result<Written, Status> {
        let mut object = object.clone();
        let warned = without_double_owners(&mut object, "");
        let (release, tables) = (self.server.release, self.server.tables());
        let name = |beginning: &str| self.server.fresh_name(kind, namespace, beginning);
        let accepted = ingest::create(kind, namespace, &object, release, tables, options.dry_run, name);
        warning(warned, accepted.and_then(|accepted| self.store_new(accepted, options)))
    }

    fn replace(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        object: &Value,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        // What was sent is read before anybody looks whether the object is there.
        if part != Subresource::Scale {
            decode_unchecked(kind, object, self.server.release)?;
        }
        let old = match self.found(kind, namespace, name) {
            Err(_) if part == Subresource::None && kind.has(Trait::MadeByUpdate) => return self.create(kind, namespace, object, options),
            found => found?,
        };
        if part == Subresource::Scale {
            return self.rescale(&old, object, options);
        }
        let mut object = object.clone();
        let warned = without_double_owners(&mut object, "");
        let accepted = ingest::check_identity(&old, &object).and_then(|()| self.accept(&old, &object, part, options));
        warning(warned, accepted.and_then(|accepted| self.store_changed(&old, accepted, part, options)))
    }

    fn patch(
        &mut self,
        kind: Kind,
        namespace: &str,
        name: &str,
        patch: Patch,
        part: Subresource,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        let old = self.found(kind, namespace, name)?;
        let patched = if part == Subresource::Scale {
            scale::patched(&self.tables().shown(&old), patch.how, patch.body, self.server.release)?
        } else {
            patch::apply(kind, patch.how, &self.patchable(&old, patch.body), patch.body, self.server.release)?
        };
        let mut patched = if options.strict { patched.strict()? } else { patched };
        let mut warnings = patched.warnings();
        warnings.extend(without_double_owners(&mut patched.object, " after mutating admission happens"));
        warning(warnings, self.store_patched(&old, &patched.object, part, options))
    }

    fn apply(&mut self, kind: Kind, namespace: &str, name: &str, config: &Value, options: &WriteOptions) -> Result<Written, Status> {
        let writer = signer(options, Subresource::None);
        if writer.manager.is_empty() {
            let missing = FieldError::new(FieldPath::of("fieldManager"), Fault::Required, "is required for apply patch");
            return Err(Status::invalid("PatchOptions", "", vec![missing]));
        }
        patch::check_applied(kind, config)?;
        let old = self.tables().find(kind, namespace, name).cloned();
        let before = old.as_ref().map(|old| self.server.managers_of(old)).unwrap_or_default();
        let mut managers = before.clone();
        let applied = Applied { config, writer: &writer, force: options.force, now: self.now };
        let object = managed::apply(kind, old.as_ref().map(Object::encode).as_ref(), &mut managers, &applied)?;
        // Models k8s.io/apiserver/pkg/endpoints/handlers/patch.go applyPatch.
        if let (None, Some(uid)) = (&old, object.text_at(&["metadata", "uid"]).filter(|uid| !uid.is_empty())) {
            let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            return Err(Status::conflict(&kind.resource(), name, &why));
        }
        let (release, tables) = (self.server.release, self.server.tables());
        let name = |beginning: &str| self.server.fresh_name(kind, namespace, beginning);
        let accepted = match &old {
            Some(old) => match ingest::update(old, &object, release, tables, options.dry_run) {
                Ok(accepted) => accepted,
                Err(status) => {
                    self.note_growth(old, &status);
                    return Err(status);
                }
            },
            None => ingest::create(kind, namespace, &object, release, tables, options.dry_run, name)?,
        }
        .secured(old.as_ref(), tables, release)?;
        let (shown, changed) = (managed::encode(&managers), !same(&managers, &before));
        let write = if old.is_some() { Server::update } else { Server::create };
        let written = self.store(accepted, Signed::Managers(Rc::new(managers), changed), options, write)?;
        Ok(Written { managers: shown, ..written })
    }

    fn managers(&self, kind: Kind, namespace: &str, name: &str) -> Value {
        let object = self.tables().find(kind, namespace, name);
        object.map_or(Value::Null, |object| managed::encode(&self.server.managers_of(object)))
    }

    fn delete(&mut self, kind: Kind, namespace: &str, name: &str, options: &DeleteOptions) -> Result<Value, Status> {
        let object = self.server.delete(&Self::key(kind, namespace, name), options, &Actor::User)?;
        self.acted();
        Ok(self.tables().shown(&object))
    }

    fn evict(&mut self, pod: &NamespacedName, options: &DeleteOptions) -> Result<(), Status> {
        let answer = self.server.evict(pod, options, &Actor::User);
        if answer.as_ref().is_err_and(|s| s.reason == StatusReason::TooManyRequests) {
            self.note_refused_eviction(pod);
        }
        self.acted();
        answer
    }

    fn unreachable_node(&self, node: &str) -> Option<String> {
        self.machines.get(node).filter(|machine| !machine.connected()).map(|machine| machine.address.to_string())
    }

    fn begin_process(&mut self, exec: &Exec) -> Result<u64, String> {
        self.begin(exec)
    }

    fn poll_process(&mut self, number: u64) -> Option<ProcessOutput> {
        self.hear(number)
    }

    fn send_line(&mut self, number: u64, line: Option<&str>) {
        self.tell(number, line);
    }

    fn end_process(&mut self, number: u64, code: Option<i32>) {
        self.end_inside(number, code);
    }

    fn log_of(&mut self, pod: &NamespacedName, options: LogOptions) -> Result<Lines, String> {
        self.log_of_container(pod, options)
    }

    fn unknown_log(&self, pod: &NamespacedName, container: &str) -> Option<Name> {
        let pod = self.pod_named(pod).ok()?;
        let container = pod.spec.template.all_containers().find(|found| &*found.name == container)?;
        self.disks.has_unknown_log(pod.meta.uid, container).then(|| Rc::clone(&container.image))
    }
}

/// The answer with what was warned of before it: warnings about a request come with its refusal, too.
fn warning(mut warnings: Vec<String>, answer: Result<Written, Status>) -> Result<Written, Status> {
    match answer {
        Ok(written) => {
            warnings.extend(written.warnings);
            Ok(Written { warnings, ..written })
        }
        Err(status) => {
            warnings.extend(status.warnings);
            Err(Status { warnings: warnings.into(), ..status })
        }
    }
}

/// Takes away owner references that an object has twice; the warning about them. `when` says when they were seen.
/// Models apiserver pkg/endpoints/handlers/rest.go `dedupOwnerReferencesAndAddWarning`.
fn without_double_owners(object: &mut Value, when: &str) -> Vec<String> {
    const OWNERS: [&str; 2] = ["metadata", "ownerReferences"];
    let (mut kept, mut doubles): (Vec<Value>, Vec<&str>) = Default::default();
    for owner in object.list_at(&OWNERS) {
        if kept.contains(owner) {
            doubles.push(owner.text_at(&["uid"]).unwrap_or_default());
        } else {
            kept.push(owner.clone());
        }
    }
    if doubles.is_empty() {
        return Vec::new();
    }
    let words = format!(
        ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, and may reject such \
         requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
        doubles.join(", ")
    );
    object.set(&OWNERS, kept);
    vec![words]
}

/// Refuses an object that names itself otherwise than the request does. Models apiserver pkg/endpoints/handlers/rest.go checkName
/// and pkg/registry/rest EnsureObjectNamespaceMatchesRequestNamespace.
fn check_name(object: &Value, namespace: &str, name: &str) -> Result<(), Status> {
    let given = |field: &str| object.text_at(&["metadata", field]).unwrap_or_default();
    let (own, scope) = (given("name"), given("namespace"));
    if own.is_empty() {
        let words = format!("the name of the object ({name} based on URL) was undeterminable: name must be provided");
        return Err(Status::bad_request(words));
    }
    if own != name {
        return Err(Status::bad_request(format!("the name of the object ({own}) does not match the name on the URL ({name})")));
    }
    if !namespace.is_empty() && !scope.is_empty() && scope != namespace {
        return Err(Status::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request".to_owned(),
        ));
    }
    Ok(())
}
