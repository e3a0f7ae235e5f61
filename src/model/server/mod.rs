//! The API server and its store.
//!
//! Promises: every write gets a higher revision than the one before and is logged; a refused request writes nothing, but for a quota that
//! was charged before; a write that changes nothing, not even who manages which field, does not count as a write. A refused creation has
//! drawn its uid and its generated name all the same, so the next one has another name, as on a real server.
//! Must not know: what controllers do (only under which names they write), machines, the queue of events, the browser.

pub mod admission;
pub mod allocate;
pub mod definition;
pub mod dependents;
mod edit;
pub mod evict;
mod form;
pub mod ingest;
mod leases;
pub mod life;
mod limits;
pub mod log;
pub mod managers;
pub mod namespaces;
mod pod_security;
pub mod quota;
pub mod request;
pub mod scale_target;
pub mod signed;
mod status;
pub mod tables;
pub mod unavailable;

use std::rc::Rc;

use api::client::{DeleteOptions, Propagation};
use api::controller::Controller;
use api::kind::Kind;
use api::object::pod::{Condition, POD_SCHEDULED, Truth};
use api::object::{Deletion, Meta, Name, Object, ObjectKey, Pod, Uid};
use api::release::Release;
use api::rules::{Derived, rules};
use api::status::{FieldError, Status};
use base::dice::{Dice, Purpose};
use base::hash::{Digest, SUFFIX_LETTERS, random_suffix};
use base::time::{Span, Time};
use leases::Leases;
use log::{Actor, Change, Log};
use signed::Signed;
use tables::Tables;

/// The finalizer of an object in foreground deletion, which waits for its dependents.
pub const FOREGROUND_DELETION: &str = "foregroundDeletion";
/// The finalizer of an object whose dependents are orphaned before it is deleted.
pub const ORPHAN_DEPENDENTS: &str = "orphan";

/// The grace period used in place of a negative one, or when the shortened deadline has already passed. Models rest.BeforeDelete.
const OVERDUE_SECONDS: i64 = 1;

/// How many changes are kept for watches, timelines and traces.
pub const LOG_LIMIT: usize = 400_000;

/// The API server: the only place where objects change.
#[derive(Clone, Debug)]
pub struct Server {
    /// The current time.
    pub now: Time,
    /// The release being modelled.
    pub release: &'static Release,
    tables: Tables,
    log: Log,
    revision: u64,
    uids: u64,
    dice: Dice,
    ranked: admission::Ranked,
    leases: Leases,
    /// What the client says whose request is carried out.
    signed: Option<Rc<Signed>>,
}

impl Server {
    /// An empty store.
    pub fn new(release: &'static Release, dice: Dice) -> Self {
        Server {
            now: Time(0),
            release,
            tables: Tables::default(),
            log: Log::default(),
            revision: 0,
            uids: 0,
            dice,
            ranked: admission::Ranked::default(),
            leases: Leases::default(),
            signed: None,
        }
    }

    /// All current objects.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The log of all writes.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The revision of the last write.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A digest of every write so far ([`Log::digest`]).
    pub fn digest(&self) -> Digest {
        self.log.digest()
    }

    /// Creates an object that has been defaulted and validated; returns it as stored. What depends on other objects is done here, for
    /// clients and components alike: its name, limits, pod security, admission, quotas; what they fill in is validated again.
    pub fn create(&mut self, mut object: Object, by: &Actor) -> Result<Object, Status> {
        admission::check(&self.tables, &object)?;
        // Objects that exist in every cluster, or with every Service, are counted separately, so that the uids of all others do not
        // depend on them.
        let unasked = match by {
            Actor::ApiServer | Actor::Controller(Controller::Endpoints) => true,
            _ => namespaces::has_everywhere(object.kind(), &object.meta().name),
        };
        let own = if unasked { self.revision + 1 } else { 0 };
        let uid = self.next_uid(own);
        self.uids += u64::from(own == 0);
        let kind = object.kind();
        let now = self.now;
        let meta = object.meta_mut();
        if meta.name.is_empty() {
            meta.name = self.generated_name(kind, &meta.namespace.clone(), &meta.generate_name.clone().unwrap_or_default(), uid);
        }
        if let Object::Pod(pod) = &mut object {
            Rc::make_mut(pod).name_claims();
        }
        let mut wrong = derived_errors(&object, self.release);
        if limits::complete_object(&self.tables, &mut object) {
            // Requests may now exceed explicit limits.
            wrong.extend((rules().judge_new)(kind, &object.encode(), self.release).0);
        }
        let meta = object.meta_mut();
        if !wrong.is_empty() {
            return Err(Status::invalid(&kind.group_kind(), &meta.name, wrong));
        }
        limits::check(&self.tables, &object)?;
        pod_security::check(&self.tables, &object, self.release)?;
        admission::check_overhead(&self.tables, &object)?;
        object.meta_mut().uid = uid;
        admission::admit(&self.tables, &mut self.ranked, &mut object);
        self.charge(None, &object)?;
        let meta = object.meta_mut();
        // Only now does the server look whether there is one of this name, and a quota charged for nothing stays so.
        if let Some(old) = self.tables.find(kind, &meta.namespace, &meta.name) {
            let refusal = if old.meta().terminating() { Status::being_deleted } else { Status::already_exists };
            let refused = refusal(&kind.resource(), &meta.name);
            let generates = meta.generate_name.as_ref().is_some_and(|prefix| !prefix.is_empty());
            return Err(if generates { refused.beside_generate_name() } else { refused });
        }
        meta.created = now;
        meta.deletion = None;
        if self.release.counts_generations(kind) {
            meta.generation = 1;
        }
        hold_at_gates(&mut object, now);
        definition::accept(&mut object);
        Ok(self.store(None, object, by))
    }

    /// Takes over an object as another cluster has it, with its uid, its age and its status: nothing is checked and nothing filled in.
    pub fn take_over(&mut self, object: Object, by: &Actor) {
        self.revision = self.revision.max(object.meta().revision.saturating_sub(1));
        let before = self.tables.get(&object.key()).cloned();
        self.store(before, object, by);
    }

    /// Updates an object. `meta.revision`, unless 0, must match the stored one.
    pub fn update(&mut self, object: Object, by: &Actor) -> Result<Object, Status> {
        let key = object.key();
        match self.tables.get(&key).cloned() {
            Some(old) => self.update_from(old, object, by),
            None => Err(Status::not_found(&key.kind.resource(), &key.name)),
        }
    }

    /// The same over the version that is stored.
    fn update_from(&mut self, old: Object, mut object: Object, by: &Actor) -> Result<Object, Status> {
        let meta = object.meta_mut();
        if meta.revision != 0 && meta.revision != old.meta().revision || meta.uid != Uid::default() && meta.uid != old.meta().uid {
            return Err(Status::conflict(&old.kind().resource(), &old.meta().name, ingest::OPTIMISTIC_LOCK));
        }
        (meta.uid, meta.created, meta.revision) = (old.meta().uid, old.meta().created, old.meta().revision);
        if object == old && !self.rewrites(&old) {
            return Ok(old);
        }
        if let (Object::Claim(new), Object::Claim(before)) = (&object, &old)
            && new.spec.request != before.spec.request
        {
            limits::check(&self.tables, &object)?;
        }
        if matches!(object, Object::Claim(_) | Object::Service(_)) {
            self.charge(Some(&old), &object)?;
        }
        if let (Object::EndpointSlice(new), Object::EndpointSlice(before)) = (&mut object, &old) {
            let labels = new.meta.labels != before.meta.labels;
            let changed = labels || new.endpoints != before.endpoints || new.ports != before.ports || new.written != before.written;
            Rc::make_mut(new).meta.generation = before.meta.generation + i64::from(changed);
        }
        let wants_other = match (&object, &old) {
            (Object::StatefulSet(new), Object::StatefulSet(before)) => Some(new.spec != before.spec),
            (Object::Deployment(new), Object::Deployment(before)) => Some(new.spec != before.spec),
            (Object::ReplicaSet(new), Object::ReplicaSet(before)) => Some(new.spec != before.spec),
            _ => None,
        };
        if let Some(wants_other) = wants_other {
            // For clients, the generation was incremented on the way in, and so it was for annotations of a Deployment.
            let meta = object.meta_mut();
            meta.generation = meta.generation.max(old.meta().generation + i64::from(wants_other));
        }
        definition::accept(&mut object);
        let finished = namespaces::nothing_holds(&object) && object.meta().deletion.is_some_and(|d| d.grace == 0);
        if finished {
            self.commit(object.key(), Some(object.clone()), None, by);
            return Ok(object);
        }
        Ok(self.store(Some(old), object, by))
    }

    /// Charges an object to its namespace's quotas, or refuses it.
    fn charge(&mut self, before: Option<&Object>, object: &Object) -> Result<(), Status> {
        for quota in quota::charge(&self.tables, before, object)? {
            let old = self.tables.get(&quota.key()).cloned();
            self.store(old, quota, &Actor::ApiServer);
        }
        Ok(())
    }

    /// Deletes an object, or starts its deletion; returns it as it is then. Models k8s.io/apiserver/pkg/registry/rest BeforeDelete
    /// and, for pods, pkg/registry/core/pod/strategy.go CheckGracefulDelete.
    pub fn delete(&mut self, key: &ObjectKey, options: &DeleteOptions, by: &Actor) -> Result<Object, Status> {
        let resource = key.kind.resource();
        let Some(old) = self.tables.get(key).cloned() else { return Err(Status::not_found(&resource, &key.name)) };
        if let Some(wanted) = options.uid.as_ref().filter(|u| ***u != *old.meta().uid.to_string()) {
            let why = format!("Precondition failed: UID in precondition: {wanted}, UID in object meta: {}", old.meta().uid);
            return Err(Status::conflict(&resource, &key.name, &why));
        }
        if let Some(wanted) = options.revision.filter(|r| *r != old.meta().revision) {
            let found = old.meta().revision;
            let why = format!("Precondition failed: ResourceVersion in precondition: {wanted}, ResourceVersion in object meta: {found}");
            return Err(Status::conflict(&resource, &key.name, &why));
        }
        namespaces::check_mortal(&old)?;
        if options.dry_run {
            return Ok(old);
        }
        match &old {
            Object::Plain(plain) if key.kind == Kind::Namespace => self.delete_namespace(plain, by),
            Object::Pod(pod) => self.delete_pod(pod, options, by),
            old if key.kind == Kind::CustomResourceDefinition => self.hold_definition(old, by),
            _ => self.delete_plain(&old, options, by),
        }
        Ok(self.tables.get(key).cloned().unwrap_or(old))
    }

    fn delete_pod(&mut self, pod: &Rc<Pod>, options: &DeleteOptions, by: &Actor) {
        let deletion = deletion_of(pod, options.grace_period_seconds, self.now);
        let mut leaving = Rc::clone(pod);
        let meta = &mut Rc::make_mut(&mut leaving).meta;
        wait_for_dependents(meta, options.propagation);
        if deletion.is_none() && meta.finalizers == pod.meta.finalizers {
            return;
        }
        if deletion.is_some() && std::mem::replace(&mut meta.deletion, deletion).is_none() {
            meta.generation += 1;
        }
        let goes_now = meta.deletion.is_some_and(|d| d.grace == 0) && meta.finalizers.is_empty();
        let last = self.store(Some(Rc::clone(pod).into()), leaving.into(), by);
        if goes_now {
            self.commit(pod.key(), Some(last), None, by);
        }
    }

    fn delete_plain(&mut self, old: &Object, options: &DeleteOptions, by: &Actor) {
        let mut leaving = old.clone();
        let meta = leaving.meta_mut();
        wait_for_dependents(meta, options.propagation);
        let changed = meta.finalizers != old.meta().finalizers;
        if meta.finalizers.is_empty() {
            self.commit(old.key(), Some(old.clone()), None, by);
        } else if meta.deletion.is_none() {
            meta.deletion = Some(Deletion { at: self.now, grace: 0 });
            if meta.generation > 0 {
                meta.generation += 1;
            }
            self.store(Some(old.clone()), leaving, by);
        } else if changed {
            self.store(Some(old.clone()), leaving, by);
        }
    }

    /// Writes an object over its older version, and gives it back as it was stored. Whoever hands it over should keep no copy: an
    /// object that is shared is copied to be given its revision.
    fn store(&mut self, before: Option<Object>, mut object: Object, by: &Actor) -> Object {
        object.meta_mut().revision = self.revision + 1;
        self.commit(object.key(), before, Some(object.clone()), by);
        object
    }

    /// Applies a change to tables, indices and log. Every change of state goes through here.
    fn commit(&mut self, key: ObjectKey, before: Option<Object>, after: Option<Object>, by: &Actor) {
        self.revision += 1;
        if matches!(after, Some(Object::Event(_))) {
            self.leases.attach(&key, self.revision, self.now);
        }
        match &after {
            Some(object) => drop(self.tables.insert(object.clone())),
            None => drop(self.tables.remove(&key)),
        }
        let signed = if *by == Actor::User { self.signed.take() } else { None };
        let change = Change { revision: self.revision, at: self.now, key, before, after, by: by.clone(), signed };
        self.log.push(change);
    }

    /// Forgets the oldest changes where there are too many, of those before a position of the log, up to which all watchers have seen them.
    pub fn forget(&mut self, seen: usize) {
        self.log.keep(LOG_LIMIT, seen);
    }

    /// Removes the Events whose leases have ended by an instant, each when it did.
    pub fn end_leases(&mut self, by: Time) {
        while let Some((end, revision, key)) = self.leases.ended(by) {
            // Whatever was written later has another lease.
            let Some(last) = self.tables.get(&key).filter(|event| event.meta().revision == revision).cloned() else { continue };
            self.now = end;
            self.commit(key, Some(last), None, &Actor::ApiServer);
        }
    }

    /// The uid of the next object; `own` counts those that exist in every cluster, and is 0 for all others.
    fn next_uid(&self, own: u64) -> Uid {
        Uid::from_bits(self.dice.roll(Purpose::Uid, self.uids + u64::from(own == 0), own))
    }

    /// A name for the next object that a client creates, by what it is to begin with.
    pub fn fresh_name(&self, kind: Kind, namespace: &str, beginning: &str) -> Name {
        self.generated_name(kind, namespace, beginning, self.next_uid(0))
    }

    /// An unused name made from a prefix, truncated if necessary, and a random suffix. Models k8s.io/apiserver/pkg/storage/names
    /// SimpleNameGenerator: randomLength and maxGeneratedNameLength.
    fn generated_name(&self, kind: Kind, namespace: &str, prefix: &str, uid: Uid) -> Name {
        const MAX_PREFIX: usize = 63 - SUFFIX_LETTERS;
        let prefix = prefix.get(..MAX_PREFIX).unwrap_or(prefix);
        let mut attempt = 0;
        loop {
            let name = format!("{prefix}{}", random_suffix(self.dice.roll(Purpose::NameSuffix, uid.bits(), attempt)));
            if self.tables.find(kind, namespace, &name).is_none() {
                return name.into();
            }
            attempt += 1;
        }
    }
}

/// The state of a pod's deletion after a (possibly repeated) request; `None` if nothing changes. A negative grace period becomes one
/// second; a deletion in progress can only be shortened, and the period counts from its start: where that is over, it ends now.
fn deletion_of(pod: &Pod, period: Option<i64>, now: Time) -> Option<Deletion> {
    let least = |seconds: i64| if seconds < 0 { OVERDUE_SECONDS } else { seconds };
    let Some(under_way) = pod.meta.deletion else {
        let goes_now = pod.node.is_none() || pod.status.phase.terminal();
        let grace = if goes_now { 0 } else { least(period.unwrap_or(pod.spec.template.grace)) };
        return Some(Deletion { at: now + Span::of_seconds(grace), grace });
    };
    let grace = period.map(least).filter(|seconds| *seconds < under_way.grace)?;
    let at = under_way.asked() + Span::of_seconds(grace);
    if at >= now {
        return Some(Deletion { at, grace });
    }
    Some(Deletion { at: now, grace: grace.min(OVERDUE_SECONDS) })
}

/// Whether an object is being deleted in the foreground: it stays until its dependents are gone.
pub fn waits_for_dependents(meta: &Meta) -> bool {
    meta.terminating() && meta.has_finalizer(FOREGROUND_DELETION)
}

/// Sets the garbage collection finalizers that a deletion's propagation policy asks for; without a policy, they are left as they are.
/// Models k8s.io/apiserver/pkg/registry/generic/registry/store.go deletionFinalizersForGarbageCollection.
fn wait_for_dependents(meta: &mut Meta, propagation: Option<Propagation>) {
    let Some(propagation) = propagation else { return };
    let wanted = match propagation {
        Propagation::Foreground => Some(FOREGROUND_DELETION),
        Propagation::Orphan => Some(ORPHAN_DEPENDENTS),
        Propagation::Background => None,
    };
    meta.finalizers.make_mut().retain(|f| ![FOREGROUND_DELETION, ORPHAN_DEPENDENTS].contains(&&**f) || Some(&**f) == wanted);
    if let Some(finalizer) = wanted.filter(|f| !meta.has_finalizer(f)) {
        meta.finalizers.make_mut().push(finalizer.into());
    }
}

/// Sets the `SchedulingGated` condition on a pod with scheduling gates. Models pkg/registry/core/pod/strategy.go
/// applySchedulingGatedCondition.
fn hold_at_gates(object: &mut Object, now: Time) {
    let Object::Pod(pod) = object else { return };
    if pod.spec.template.scheduling.gated && pod.condition(POD_SCHEDULED).is_none() {
        let held = Condition::new(POD_SCHEDULED, Truth::False, now);
        let held = held.because("SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates");
        Rc::make_mut(pod).set_condition(held);
    }
}

/// What is wrong with an object that was made of an already valid template: names and labels that became too long.
fn derived_errors(object: &Object, release: &'static Release) -> Vec<FieldError> {
    let meta = object.meta();
    let (hostname, subdomain) = match object {
        Object::Pod(pod) => (&*pod.spec.hostname, &*pod.spec.subdomain),
        Object::Claim(_) => ("", ""),
        _ => return Vec::new(),
    };
    (rules().derived)(object.kind(), &Derived { name: &meta.name, labels: &meta.labels, hostname, subdomain }, release)
}
