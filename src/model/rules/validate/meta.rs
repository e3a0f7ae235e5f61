//! Metadata of all objects: names, labels, annotations, owner references, finalizers.
//!
//! Promises: errors in the server's order. Upstream walks label maps in Go's random order; here the errors about values of entries
//! with valid keys come first, then those about entries with invalid keys, each sorted by key.
//! Must not know: the kinds' own rules. Not modelled: `managedFields`, banned owners.
//!
//! Models apimachinery pkg/api/validation/objectmeta.go.

use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report};
use crate::validate::rules::Here;
use api::kind::Kind;
use api::names::{self, NameRule};
use api::release::Release;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::sort::Sort;
use base::value::Value;

/// The maximum total size of an object's annotations, in bytes.
const ANNOTATIONS_MAX: usize = 256 * 1024;
/// The finalizers without a prefix.
const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// The name rule of a kind. Models each kind's `Validate…Name`.
pub fn name_rule(kind: Kind, release: &Release) -> NameRule {
    match kind {
        Kind::Service if !release.relaxes_service_names => names::dns_1035_label,
        Kind::Namespace | Kind::Service | Kind::StatefulSet => names::dns_label,
        Kind::Role | Kind::ClusterRole | Kind::RoleBinding | Kind::ClusterRoleBinding => names::path_segment,
        _ => names::dns_subdomain,
    }
}

/// Validates the metadata of a new object by its kind's rules. Models pkg/apis/core/validation `ValidateObjectMeta`.
pub fn create(kind: Kind, meta: &Value, report: &mut Report) {
    let path = FieldPath::of("metadata");
    any_object(kind, meta, name_rule(kind, report.release), &path, report);
    standard_finalizers(meta, &path, report);
}

/// Validates updated metadata. Models pkg/apis/core/validation `ValidateObjectMetaUpdate`.
pub fn update(new: &Value, old: &Value, report: &mut Report) {
    let path = FieldPath::of("metadata");
    any_update(new, old, &path, report);
    standard_finalizers(new, &path, report);
}

/// The rules of a table for metadata: as of a new object.
pub fn created(here: &Here, report: &mut Report) {
    create(here.kind, here.value, report);
}

/// As of an update, if it is one.
pub fn updated(here: &Here, report: &mut Report) {
    here.old.into_iter().for_each(|old| update(here.value, old, report));
}

/// As of a new object or an update, whichever it is.
pub fn usual(here: &Here, report: &mut Report) {
    if here.old.is_some() { updated(here, report) } else { created(here, report) }
}

/// Checks on every update before the kind's own rules, which repeat most of them. Models registry/rest
/// `validateCommonFields`.
pub fn before_update(kind: Kind, new: &Value, old: &Value, report: &mut Report) {
    let path = FieldPath::of("metadata");
    any_object(kind, new, names::path_segment, &path, report);
    any_update(new, old, &path, report);
}

/// Checks on every new object after its kind's own rules, which are mostly stricter. Models registry/rest
/// `BeforeCreate`.
pub fn of_any(kind: Kind, meta: &Value, report: &mut Report) {
    any_object(kind, meta, names::path_segment, &FieldPath::of("metadata"), report);
}

/// Models apimachinery `ValidateObjectMeta`.
fn any_object(kind: Kind, meta: &Value, rule: NameRule, path: &FieldPath, report: &mut Report) {
    let generate = meta.text("generateName");
    if !generate.is_empty() {
        report.each(&path.field("generateName"), generate, rule(&as_beginning(generate)));
    }
    // A generated name is checked once it has been generated.
    let name = meta.text("name");
    if !name.is_empty() {
        report.each(&path.field("name"), name, rule(name));
    } else if generate.is_empty() {
        report.required(&path.field("name"), "name or generateName is required");
    }
    namespace(kind, meta.text("namespace"), &path.field("namespace"), report);
    report.non_negative(&path.field("generation"), meta.number("generation").unwrap_or(0));
    labels_and_owners(meta, path, report);
    finalizers(meta.items("finalizers"), &path.field("finalizers"), report);
}

/// Models apimachinery `ValidateObjectMetaUpdate`.
fn any_update(new: &Value, old: &Value, path: &FieldPath, report: &mut Report) {
    if old.given("deletionTimestamp").is_some() {
        no_new_finalizers(new.items("finalizers"), old.items("finalizers"), &path.field("finalizers"), report);
    }
    if new.text("resourceVersion").is_empty() {
        report.invalid(&path.field("resourceVersion"), "", "must be specified for an update");
    }
    let generation = new.number("generation").unwrap_or(0);
    if generation < old.number("generation").unwrap_or(0) {
        report.invalid(&path.field("generation"), generation, "must not be decremented");
    }
    let undeclared = !report.release.more_declared_rules_decide;
    for field in ["name", "namespace", "uid"].into_iter().filter(|field| undeclared || *field == "name") {
        report.immutable_text(&path.field(field), new.text(field), old.text(field));
    }
    for field in KEPT.into_iter().filter(|_| undeclared) {
        report.immutable(&path.field(field), new.given(field), old.given(field));
    }
    labels_and_owners(new, path, report);
}

fn labels_and_owners(meta: &Value, path: &FieldPath, report: &mut Report) {
    labels(meta.part("labels"), &path.field("labels"), report);
    annotations(meta.part("annotations"), &path.field("annotations"), report);
    owners(meta.items("ownerReferences"), &path.field("ownerReferences"), report);
}

fn standard_finalizers(meta: &Value, path: &FieldPath, report: &mut Report) {
    for (i, name) in meta.items("finalizers").iter().enumerate() {
        standard_finalizer(name.as_text().unwrap_or(""), &path.field("finalizers").index(i), report);
    }
}

fn namespace(kind: Kind, namespace: &str, path: &FieldPath, report: &mut Report) {
    match (kind.is_namespaced(), namespace) {
        (true, "") => report.required(path, ""),
        (true, namespace) => report.each(path, namespace, names::dns_label(namespace)),
        (false, "") => {}
        (false, _) => report.forbidden(path, "not allowed on this type"),
    }
}

/// A map of labels, or the `matchLabels` of a selector. Models `ValidateLabels`.
pub fn labels(labels: &Value, path: &FieldPath, report: &mut Report) {
    let Some(map) = labels.as_map() else { return };
    let (bad, good): (Vec<_>, Vec<_>) = map.iter().partition(|(key, _)| !names::label_key(key).is_empty());
    for (key, value) in good.into_iter().chain(bad) {
        report.each(path, key, names::label_key(key));
        let value = value.as_text().unwrap_or("");
        report.each(path, value, names::label_value(value));
    }
}

/// A map of annotations. Models `ValidateAnnotations`.
pub fn annotations(annotations: &Value, path: &FieldPath, report: &mut Report) {
    let Some(map) = annotations.as_map() else { return };
    for (key, _) in map.iter() {
        report.each(path, key, names::label_key(&key.to_ascii_lowercase()));
    }
    let bytes: usize = map.iter().map(|(key, value)| key.len() + value.as_text().map_or(0, str::len)).sum();
    if bytes > ANNOTATIONS_MAX {
        report.too_long(path, ANNOTATIONS_MAX);
    }
}

/// Owner references must be complete, and at most one of them may be the controller. Models `ValidateOwnerReferences`.
pub fn owners(owners: &[Value], path: &FieldPath, report: &mut Report) {
    let mut controller: Option<String> = None;
    for (i, owner) in owners.iter().enumerate() {
        let this = if report.release.counts_owners { path.index(i) } else { path.clone() };
        owner_version(owner.text("apiVersion"), &this.field("apiVersion"), report);
        let undeclared = !report.release.more_declared_rules_decide;
        for field in ["kind", "name", "uid"].into_iter().filter(|field| undeclared && owner.text(field).is_empty()) {
            if report.release.counts_owners {
                report.required(&this.field(field), "must not be empty");
            } else {
                report.invalid(&this.field(field), "", "must not be empty");
            }
        }
        if (owner.text("apiVersion"), owner.text("kind")) == ("v1", "Event") {
            report.invalid_typed(&this, owner, GoType::of("OwnerReference"), "/v1, Kind=Event is disallowed from being an owner");
        }
        if owner.flag("controller") {
            let this = format!("{}/{}", owner.text("kind"), owner.text("name"));
            match &controller {
                Some(first) => {
                    let detail =
                        format!("Only one reference can have Controller set to true. Found \"true\" in references for {first} and {this}");
                    report.invalid_typed(path, &Value::list(owners.to_vec()), GoType::list("OwnerReference"), detail);
                }
                None => controller = Some(this),
            }
        }
    }
}

/// What nobody changes of an object.
const KEPT: [&str; 3] = ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

/// What releases since 1.38 declare of metadata: it comes after all else.
pub fn declared(meta: &Value, old: Option<&Value>, report: &mut Report) {
    if !report.release.more_declared_rules_decide {
        return;
    }
    for field in ["namespace", "uid"].into_iter().chain(KEPT) {
        if old.is_some_and(|old| meta.given(field) != old.given(field)) {
            report.invalid(&FieldPath::of("metadata").field(field), Value::Null, IMMUTABLE);
        }
    }
    for (this, owner) in FieldPath::of("metadata.ownerReferences").each(meta.items("ownerReferences").iter()) {
        for field in ["apiVersion", "kind", "name", "uid"] {
            report.required_if(owner.text(field).is_empty(), &this.field(field), "");
        }
    }
}

/// The `apiVersion` of an owner reference. Models `ParseGroupVersion`.
fn owner_version(version: &str, path: &FieldPath, report: &mut Report) {
    let is_one = version.split_once('/').map_or(!version.is_empty(), |(_, rest)| !rest.is_empty() && !rest.contains('/'));
    match (is_one, report.release.counts_owners) {
        (true, _) => {}
        (false, _) if version.is_empty() && report.release.more_declared_rules_decide => {}
        (false, true) if version.is_empty() => report.required(path, "must not be empty"),
        (false, true) => report.invalid(path, version, "must be <group>/<version> or <version>"),
        (false, false) => report.invalid(path, version, "version must not be empty"),
    }
}

/// Finalizers must be qualified names. Models `ValidateFinalizers`.
fn finalizers(finalizers: &[Value], path: &FieldPath, report: &mut Report) {
    let texts: Vec<&str> = finalizers.iter().filter_map(Value::as_text).collect();
    for name in &texts {
        report.each(path, *name, names::label_key(name));
    }
    if texts.contains(&"orphan") && texts.contains(&"foregroundDeletion") {
        report.invalid(path, Value::list(finalizers.to_vec()), "finalizer orphan and foregroundDeletion cannot be both set");
    }
}

/// A finalizer without a prefix must be one of the standard ones. Models `validateKubeFinalizerName`.
pub fn standard_finalizer(name: &str, path: &FieldPath, report: &mut Report) {
    if !name.contains('/') && !STANDARD_FINALIZERS.contains(&name) {
        report.invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified");
    }
}

fn no_new_finalizers(new: &[Value], old: &[Value], path: &FieldPath, report: &mut Report) {
    let mut extra: Vec<&str> = new.iter().filter(|f| !old.contains(f)).filter_map(Value::as_text).collect();
    extra.sort_small();
    extra.dedup();
    if !extra.is_empty() {
        let list: Vec<String> = extra.into_iter().map(go_quoted).collect();
        let detail =
            format!("no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}", list.join(", "));
        report.forbidden(path, detail);
    }
}

/// Prepares a name prefix for validation: since a suffix follows, it may end in a dash, and may consist of dots alone.
/// Models `maskTrailingDash` and `IsValidPathSegmentPrefix`.
pub fn as_beginning(name: &str) -> String {
    if matches!(name, "." | "..") {
        return format!("{name}a");
    }
    match name.strip_suffix('-') {
        Some(stem) if !stem.is_empty() => {
            let mut masked: String = stem.chars().take(stem.chars().count() - 1).collect();
            masked.push('a');
            masked
        }
        _ => name.to_owned(),
    }
}
