//! Turns a client's request body into an object: decoding, defaulting, completion, validation. Controllers, whose objects are made from
//! valid ones, take a shorter path.
//!
//! Models k8s.io/apiserver/pkg/endpoints/handlers and the strategies of pkg/registry.

use std::rc::Rc;

use super::allocate::allocate;
use super::form::{settled, stripped, validate_update};
use super::tables::Tables;
use api::admit::{add_tolerations, admit_pod_spec};
use api::decode::{TypeError, decode, decode_unchecked};
use api::kind::{Kind, Trait};
use api::object::network::needs_node_port;
use api::object::{Meta, Name, Object};
use api::release::Release;
use api::rules::rules;
use api::status::{Fault, FieldError, MisfitReason, Status, StatusReason};
use api::typed::with_empty_members;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::time::Time;
use base::value::{Map, Value};

/// The message of a write conflict. Models k8s.io/apiserver/pkg/registry/generic/registry OptimisticLockErrorMsg.
pub(super) const OPTIMISTIC_LOCK: &str = "the object has been modified; please apply your changes to the latest version and try again";

/// An accepted object and the warnings about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    pub object: Object,
    pub warnings: Vec<String>,
    /// What was sent, defaulted: who sent it owns what is in it.
    pub sent: Value,
}

/// Processes a client's create request. `name` makes one that begins as `metadata.generateName` says.
/// Models k8s.io/apiserver/pkg/registry/rest/create.go BeforeCreate.
pub fn create(
    kind: Kind,
    namespace: &str,
    sent: &Value,
    release: &'static Release,
    tables: &Tables,
    dry_run: bool,
    name: impl FnOnce(&str) -> Name,
) -> Result<Accepted, Status> {
    let mut value = decode_unchecked(kind, sent, release)?;
    if kind.is_namespaced() {
        value.set(&["metadata", "namespace"], namespace);
    } else {
        value.remove(&["metadata", "namespace"]);
    }
    for field in [&["status"][..], &["metadata", "deletionTimestamp"], &["metadata", "deletionGracePeriodSeconds"]] {
        value.remove(field);
    }
    (rules().fill_in)(kind, &mut value, release);
    let sent = value.clone();
    if kind == Kind::Pod {
        let spec = admit_pod_spec(value.get("spec").unwrap_or(&Value::Null));
        value.set(&["spec"], spec);
        super::limits::complete(tables, namespace, &mut value);
    }
    super::admission::check(tables, &Object::decode(kind, &value))?;
    if value.text_at(&["metadata", "name"]).is_none_or(str::is_empty)
        && let Some(beginning) = value.text_at(&["metadata", "generateName"]).filter(|beginning| !beginning.is_empty())
    {
        let name = name(beginning);
        value.set(&["metadata", "name"], name);
    }
    (rules().prepare_new)(kind, &mut value, release);
    allocate_service(kind, &mut value, None, tables, dry_run)?;
    let (errors, warnings) = (rules().judge_new)(kind, &value, release);
    if !errors.is_empty() {
        let name = value.text_at(&["metadata", "name"]).unwrap_or_default();
        return Err(Status::invalid(&kind.group_kind(), name, errors));
    }
    let mut object = Object::decode(kind, &settled(kind, &value, release));
    super::admission::check_default(tables, &object, true)?;
    clear_server_fields(object.meta_mut());
    Ok(Accepted { object, warnings, sent })
}

fn clear_server_fields(meta: &mut Meta) {
    let clean = Meta {
        namespace: Rc::clone(&meta.namespace),
        name: Rc::clone(&meta.name),
        generate_name: meta.generate_name.clone(),
        labels: Rc::clone(&meta.labels),
        annotations: Rc::clone(&meta.annotations),
        owners: meta.owners.clone(),
        finalizers: meta.finalizers.clone(),
        generation: meta.generation,
        ..Meta::default()
    };
    *meta = clean;
}

/// Allocates cluster IPs and node ports. Errors in what is requested of these come before those in anything else.
fn allocate_service(kind: Kind, value: &mut Value, before: Option<&Value>, tables: &Tables, dry_run: bool) -> Result<(), Status> {
    if kind != Kind::Service {
        return Ok(());
    }
    let errors = match (rules().addresses)(value) {
        errors if errors.is_empty() => allocate(value, before, tables, dry_run).err().into_iter().collect(),
        errors => errors,
    };
    if errors.is_empty() {
        return if before.is_some() && needs_node_port(value) { no_node_port_twice(value) } else { Ok(()) };
    }
    let name = value.text_at(&["metadata", "name"]).unwrap_or_default();
    Err(Status::invalid(&kind.group_kind(), name, errors))
}

/// Refuses an update in which two ports of one protocol have the same node port. Models `updateNodePorts` of
/// pkg/registry/core/service/storage/alloc.go.
fn no_node_port_twice(service: &Value) -> Result<(), Status> {
    let mut seen = Vec::new();
    for port in service.list_at(&["spec", "ports"]) {
        let (protocol, number) = (port.text_at(&["protocol"]).unwrap_or_default(), port.int_at(&["nodePort"]).unwrap_or(0));
        if number != 0 && seen.contains(&(protocol, number)) {
            let words = format!("duplicate nodePort: {{{protocol} {number}}}");
            return Err(Status { reason: StatusReason::Unknown, ..Status::bad_request(words) });
        }
        seen.push((protocol, number));
    }
    Ok(())
}

/// Processes a client's update request.
pub fn update(old: &Object, sent: &Value, release: &'static Release, tables: &Tables, dry_run: bool) -> Result<Accepted, Status> {
    let kind = old.kind();
    let before = tables.shown(old);
    let mut value = decode_unchecked(kind, sent, release)?;
    check_version(old, &value)?;
    keep_server_fields(&mut value, &before);
    (rules().fill_in)(kind, &mut value, release);
    let sent = value.clone();
    if let Some(spec) = value.make_map().get_mut("spec").filter(|_| kind == Kind::Pod) {
        add_tolerations(spec);
        // Models plugin/pkg/admission/priority admitPod.
        for field in ["priority", "preemptionPolicy"] {
            if let Some(given) = before.at(&["spec", field]).filter(|_| spec.get(field).is_none_or(Value::is_null)) {
                spec.set(&[field], given.clone());
            }
        }
    }
    (rules().prepare_update)(kind, &mut value, &before, release);
    allocate_service(kind, &mut value, Some(&before), tables, dry_run)?;
    let stripped = stripped(kind, &value, release);
    let (errors, warnings) = validate_update(kind, (&value, &stripped), &before, release);
    if !errors.is_empty() {
        return Err(Status::invalid(&kind.group_kind(), &old.meta().name, errors));
    }
    super::admission::check_growth(tables, &before, &value)?;
    let value = with_empty_members(kind, &stripped);
    let spec_changed = differs(&value, &before);
    let mut object = if spec_changed { Object::decode(kind, &value) } else { old.clone() };
    let sent_meta = Meta::decode(&value);
    // Models pkg/registry/apps/deployment/strategy.go PrepareForUpdate: of this kind alone, annotations are counted too.
    let counted = spec_changed || kind == Kind::Deployment && sent_meta.annotations != old.meta().annotations;
    let meta = object.meta_mut();
    *meta = Meta {
        generate_name: sent_meta.generate_name,
        labels: sent_meta.labels,
        annotations: sent_meta.annotations,
        owners: sent_meta.owners,
        finalizers: sent_meta.finalizers,
        revision: sent_meta.revision,
        generation: old.meta().generation + i64::from(counted && release.counts_generations(kind)),
        ..old.meta().clone()
    };
    if spec_changed {
        super::admission::check_default(tables, &object, false)?;
        object.keep_status(old);
    }
    Ok(Accepted { object, warnings, sent })
}

/// An object of another cluster, as its API server printed it: with its status, and what else only servers write. What its kind does not
/// have is left out; nothing is filled in. Refused only where a field is of the wrong type.
pub fn found(kind: Kind, printed: &Value, release: &'static Release, now: Time) -> Result<Object, TypeError> {
    let value = settled(kind, &decode(kind, printed)?.object, release);
    let object = Object::decode(kind, &value);
    Ok(match value.get("status") {
        Some(status) => super::status::with_status(object, status.clone(), now),
        None => object,
    })
}

/// Processes a client's update request of the status.
pub fn update_status(old: &Object, sent: &Value, release: &'static Release, now: Time) -> Result<Accepted, Status> {
    let kind = old.kind();
    let mut value = decode_unchecked(kind, sent, release)?;
    check_version(old, &value)?;
    (rules().fill_in)(kind, &mut value, release);
    super::status::accept(old, &settled(kind, &value, release), now)
}

/// Processes a client's update request of a pod's ephemeral containers: of all that was sent, only these count. Models
/// pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy.
pub fn update_ephemeral_containers(old: &Object, sent: &Value, release: &'static Release) -> Result<Accepted, Status> {
    const LIST: [&str; 2] = ["spec", "ephemeralContainers"];
    let kind = old.kind();
    let decoded = decode_unchecked(kind, sent, release)?;
    check_version(old, &decoded)?;
    let before = old.encode();
    let mut value = before.clone();
    match decoded.at(&LIST) {
        Some(list) => value.set(&LIST, list.clone()),
        None => drop(value.remove(&LIST)),
    }
    (rules().fill_in)(kind, &mut value, release);
    let value = settled(kind, &value, release);
    let errors = (rules().ephemeral_containers)(&value, &before, release);
    if !errors.is_empty() {
        return Err(Status::invalid(&kind.group_kind(), &old.meta().name, errors));
    }
    let mut object = old.clone();
    if differs(&value, &before) {
        object = Object::decode(kind, &value);
        *object.meta_mut() = Meta { generation: old.meta().generation + 1, ..old.meta().clone() };
        object.keep_status(old);
    }
    Ok(Accepted { object, warnings: Vec::new(), sent: value })
}

/// Refuses an update based on an outdated version.
/// Models k8s.io/apiserver/pkg/storage ParseResourceVersion and pkg/registry/generic/registry/store.go Update.
fn check_version(old: &Object, sent: &Value) -> Result<(), Status> {
    let version = sent.text_at(&["metadata", "resourceVersion"]).filter(|v| !v.is_empty()).unwrap_or("0");
    match version.parse::<u64>() {
        Ok(0) if old.kind().has(Trait::NamesVersion) => {
            let path = FieldPath::of("metadata").field("resourceVersion");
            let missing = FieldError::new(path, Fault::Invalid(Value::from(0)), "must be specified for an update");
            Err(Status::invalid(&old.kind().resource(), &old.meta().name, vec![missing]))
        }
        Ok(0) => Ok(()),
        Err(_) => {
            let message = format!("strconv.ParseUint: parsing {}: invalid syntax", go_quoted(version));
            Err(Status { reason: StatusReason::Unknown, ..Status::bad_request(message) })
        }
        Ok(read) if read != old.meta().revision => {
            let outdated = Status::conflict(&old.kind().resource(), &old.meta().name, OPTIMISTIC_LOCK);
            Err(outdated.because_of(MisfitReason::Outdated, [&FieldPath::of("metadata.resourceVersion")]))
        }
        Ok(_) => Ok(()),
    }
}

/// Refuses an update whose uid differs, because it was meant for an earlier object of that name.
/// Models k8s.io/apiserver/pkg/registry/rest/update.go Preconditions and pkg/storage/interfaces.go Preconditions.Check.
pub fn check_identity(old: &Object, sent: &Value) -> Result<(), Status> {
    let given = sent.text_at(&["metadata", "uid"]).unwrap_or_default();
    if given.is_empty() || given == old.meta().uid.to_string() { Ok(()) } else { Err(other_identity(old, given)) }
}

/// What is said where a write was meant for an object of another uid.
pub(super) fn other_identity(old: &Object, given: &str) -> Status {
    let (kind, meta) = (old.kind(), old.meta());
    let folder = match kind {
        Kind::Node => "minions",
        Kind::Service => "services/specs",
        Kind::Endpoints => "services/endpoints",
        Kind::ReplicationController => "controllers",
        _ => kind.info().plural,
    };
    let place = if meta.namespace.is_empty() { meta.name.to_string() } else { format!("{}/{}", meta.namespace, meta.name) };
    let why = format!(
        "StorageError: invalid object, Code: 4, Key: /registry/{folder}/{place}, ResourceVersion: 0, AdditionalErrorMsg: Precondition \
         failed: UID in precondition: {given}, UID in object meta: {}",
        meta.uid
    );
    let outdated = Status::conflict(&kind.resource(), &meta.name, &why);
    outdated.because_of(MisfitReason::Outdated, [&FieldPath::of("metadata.uid")])
}

/// An object without metadata and status.
fn desired(value: &Value) -> Map {
    let mut map = value.as_map().cloned().unwrap_or_default();
    map.retain(|key, _| !matches!(key, "metadata" | "status" | "apiVersion" | "kind"));
    map
}

/// Whether anything differs besides metadata and status.
fn differs(value: &Value, before: &Value) -> bool {
    desired(value) != desired(before)
}

/// Keeps the metadata that only the server maintains, and whatever may be left out of an update without meaning a change.
/// Models registry/rest/update.go BeforeUpdate.
fn keep_server_fields(value: &mut Value, before: &Value) {
    for key in ["creationTimestamp", "generation", "uid", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        let kept = before.at(&["metadata", key]);
        if matches!(key, "creationTimestamp" | "generation") || key == "deletionTimestamp" && kept.is_some() {
            value.remove(&["metadata", key]);
        }
        if let Some(kept) = kept.filter(|_| value.at(&["metadata", key]).is_none_or(Value::is_null)) {
            value.set(&["metadata", key], kept.clone());
        }
    }
    // Without a resource version, an update is unconditional.
    if matches!(value.text_at(&["metadata", "resourceVersion"]), None | Some("" | "0"))
        && let Some(version) = before.at(&["metadata", "resourceVersion"]).cloned()
    {
        value.set(&["metadata", "resourceVersion"], version);
    }
    match before.at(&["metadata", "namespace"]) {
        Some(namespace) => value.set(&["metadata", "namespace"], namespace.clone()),
        None => drop(value.remove(&["metadata", "namespace"])),
    }
    match before.get("status") {
        Some(status) => value.set(&["status"], status.clone()),
        None => drop(value.remove(&["status"])),
    }
}
