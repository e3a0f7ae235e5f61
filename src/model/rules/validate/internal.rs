//! Objects as the API server's internal Go types print them: for structs in field errors and for diffs.
//!
//! The server validates internal types without JSON names, so messages show `{"Type":"Recreate","RollingUpdate":null}`: Go's field
//! names, in declaration order, with zero values for absent fields. Metadata and label selectors are shared with the wire types; they
//! keep their JSON names and omit absent fields.
//! Up to 1.36, the host namespaces are part of a pod's security context, and some volume sources are declared elsewhere.
//! The types are those of the schema, as far as this file does not say otherwise.
//!
//! Models k8s.io/kubernetes pkg/apis/{core,apps,policy,batch}/types.go: the fields and their order.

use std::fmt::Write;

use crate::validate::report::is_empty;
use api::go_dump::is_pointer;
use api::release::{Release, V1_37};
use api::schema::{Element, Field, Shape, StructType, schema};
use base::value::{Value, write_json_text};

/// The types that the server has but once.
const SHARED: [&str; 4] = ["ObjectMeta", "OwnerReference", "LabelSelector", "LabelSelectorRequirement"];
/// Pointers of which the internal type has the value.
const BY_VALUE: [(&str, &str); 6] = [
    ("RollingUpdateDaemonSet", "maxSurge"),
    ("RollingUpdateDaemonSet", "maxUnavailable"),
    ("RollingUpdateDeployment", "maxSurge"),
    ("RollingUpdateDeployment", "maxUnavailable"),
    ("RollingUpdateStatefulSetStrategy", "partition"),
    ("ServiceAccountTokenProjection", "expirationSeconds"),
];
/// Fields declared elsewhere until 1.36: the type, the field, and the field that it followed.
const OLDER_PLACES: [(&str, &str, &str); 9] = [
    ("PersistentVolumeSpec", "quobyte", "rbd"),
    ("PersistentVolumeSpec", "flexVolume", "iscsi"),
    ("PodSecurityContext", "fsGroupChangePolicy", "fsGroup"),
    ("PodSpec", "setHostnameAsFQDN", "subdomain"),
    ("PodSpec", "preemptionPolicy", "priority"),
    ("PodSpec", "overhead", "runtimeClassName"),
    ("PodSpec", "enableServiceLinks", "overhead"),
    ("PodSpec", "workloadRef", "hostnameOverride"),
    ("Volume", "quobyte", "rbd"),
];
/// Fields that the wire type has in the pod's spec and, until 1.36, the internal type in its security context.
const HOST_NAMESPACES: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/// The Go type of a value.
#[derive(Clone, Copy, Debug)]
pub struct GoType {
    name: &'static str,
    list: bool,
    /// The release whose declaration is used.
    release: &'static Release,
}

impl GoType {
    /// The struct with this name.
    pub const fn of(name: &'static str) -> Self {
        GoType { name, list: false, release: &V1_37 }
    }

    /// The type as declared in a release.
    #[must_use]
    pub fn of_release(self, release: &'static Release) -> Self {
        GoType { release, ..self }
    }

    /// The struct, or the part of one that is embedded under this name.
    fn declared(self) -> Option<(&'static StructType, &'static str)> {
        let around = || if self.name == "PersistentVolumeSource" { schema().named("PersistentVolumeSpec") } else { None };
        schema().named(self.name).or_else(around).map(|ty| (ty, self.name))
    }

    /// A list of such structs.
    pub const fn list(name: &'static str) -> Self {
        GoType { name, list: true, release: &V1_37 }
    }
}

/// Prints a value as compact JSON of its internal type.
pub fn go_json(value: &Value, of: GoType) -> String {
    printed(value, of, None)
}

/// Prints a value as JSON of its internal type, one member per line, indented by one space per level.
pub fn go_json_indented(value: &Value, of: GoType) -> String {
    printed(value, of, Some(0))
}

fn printed(value: &Value, of: GoType, indent: Option<usize>) -> String {
    let mut printer = Printer { out: String::new(), indent, release: of.release };
    let Some(ty) = of.declared() else { return value.to_json() };
    match value {
        Value::List(items) if of.list => printer.sequence('[', ']', items.iter(), |p, item| p.structure(item, ty)),
        Value::Null if of.list => printer.out.push_str("null"),
        _ => printer.structure(value, ty),
    }
    printer.out
}

/// Prints a value as a release shows it in errors. Nothing at all is `null`.
pub fn shown<'a>(value: impl Into<Option<&'a Value>>, of: GoType, release: &'static Release) -> String {
    match value.into() {
        Some(value) => go_json(value, of.of_release(release)),
        None => "null".to_owned(),
    }
}

/// Whether the internal type holds a single value by pointer.
fn is_by_pointer(ty: &StructType, field: &Field) -> bool {
    is_pointer(field) && !BY_VALUE.contains(&(ty.key, field.name))
}

/// The fields of a type that are its own, in the order in which a release declares them.
fn fields_of(ty: &'static StructType, part: &str, release: &Release) -> Vec<&'static Field> {
    let is_part = |field: &Field| part == ty.key || field.embedded_in == Some(part);
    let is_here = |field: &&Field| is_part(field) && field.embedded_in != Some("TypeMeta") && release.knows(field);
    let mut fields: Vec<&Field> = ty.fields.iter().filter(is_here).collect();
    if release.pods_are_declared_as_on_the_wire {
        return fields;
    }
    match ty.key {
        "PodSpec" => fields.retain(|field| field.name != "serviceAccount" && !HOST_NAMESPACES.contains(&field.name)),
        "PodSecurityContext" => {
            let moved = schema().named("PodSpec").into_iter().flat_map(|spec| HOST_NAMESPACES.iter().filter_map(|name| spec.field(name)));
            fields.splice(..0, moved);
        }
        _ => {}
    }
    for (_, name, after) in OLDER_PLACES.iter().filter(|(of, ..)| *of == ty.key) {
        let place = |name: &str, fields: &[&Field]| fields.iter().position(|field| field.name == name);
        if let Some(at) = place(name, &fields) {
            let field = fields.remove(at);
            let after = place(after, &fields).map_or(fields.len(), |after| after + 1);
            fields.insert(after, field);
        }
    }
    fields
}

/// Prints JSON, on one line or with one member per line.
struct Printer {
    out: String,
    indent: Option<usize>,
    release: &'static Release,
}

impl Printer {
    /// Prints a struct of an internal type, or of one shared with the wire.
    fn structure(&mut self, value: &Value, (ty, part): (&'static StructType, &str)) {
        if SHARED.contains(&ty.key) {
            let members: Vec<_> = shared_members(value, ty).collect();
            return self.sequence('{', '}', members.iter(), |p, (field, value)| p.shared_member(field, *value));
        }
        let inside = (ty.key == "PodSpec" && !self.release.pods_are_declared_as_on_the_wire).then(|| with_host_namespaces_inside(value));
        let value = inside.as_ref().unwrap_or(value);
        let mut members = Vec::new();
        for field in fields_of(ty, part, self.release) {
            match (field.name, schema().inside(field)) {
                ("metadata", Some(meta)) => {
                    let inside = value.get(field.name).unwrap_or(&Value::Null);
                    members.extend(shared_members(inside, meta).map(|(field, value)| (true, field, value)));
                }
                _ => members.push((false, field, value.get(field.name))),
            }
        }
        self.sequence('{', '}', members.iter(), |p, (is_shared, field, value)| match is_shared {
            true => p.shared_member(field, *value),
            false => p.member(ty, field, *value),
        });
    }

    /// A member of a type shared with the wire.
    fn shared_member(&mut self, field: &Field, value: Option<&Value>) {
        self.key(field.name);
        match (schema().inside(field), value) {
            (Some(of), Some(Value::List(items))) => self.sequence('[', ']', items.iter(), |p, item| p.structure(item, (of, of.key))),
            (_, Some(value)) => self.untyped(value),
            (_, None) => self.out.push_str("\"\""),
        }
    }

    fn member(&mut self, ty: &StructType, field: &Field, value: Option<&Value>) {
        self.key(&field.go_name());
        let is_pointer = is_by_pointer(ty, field);
        match (value.filter(|value| !value.is_null()), schema().inside(field), field.shape) {
            (Some(Value::List(items)), Some(of), Shape::List) => {
                self.sequence('[', ']', items.iter(), |p, item| p.structure(item, (of, of.key)));
            }
            (None, Some(of), Shape::One) if !is_pointer => self.structure(&Value::Null, (of, of.key)),
            (Some(value), Some(of), Shape::One) => self.structure(value, (of, of.key)),
            (Some(value), ..) => self.untyped(value),
            (None, ..) => self.out.push_str(match field.element {
                _ if is_pointer || field.shape != Shape::One => "null",
                Element::Text => "\"\"",
                Element::Bool => "false",
                Element::Int32 | Element::Int64 | Element::IntOrString => "0",
                Element::Quantity => "\"0\"",
                _ => "null",
            }),
        }
    }

    fn untyped(&mut self, value: &Value) {
        match value {
            Value::List(items) => self.sequence('[', ']', items.iter(), Printer::untyped),
            Value::Map(map) => self.sequence('{', '}', map.iter().collect::<Vec<_>>().iter(), |p, (key, value)| {
                p.key(key);
                p.untyped(value);
            }),
            other => self.out.push_str(&other.to_json()),
        }
    }

    fn key(&mut self, key: &str) {
        write_json_text(key, &mut self.out);
        self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
    }

    fn sequence<T>(&mut self, open: char, close: char, items: impl ExactSizeIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.out.push(open);
        let some = items.len() > 0;
        self.indent = self.indent.map(|depth| depth + 1);
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            self.line();
            each(self, item);
        }
        self.indent = self.indent.map(|depth| depth - 1);
        if some {
            self.line();
        }
        self.out.push(close);
    }

    fn line(&mut self) {
        if let Some(depth) = self.indent {
            let _ = write!(self.out, "\n{:depth$}", "");
        }
    }
}

/// The members to print of a type shared with the wire: those that are not empty, and texts that are always written.
fn shared_members<'a>(value: &'a Value, ty: &'static StructType) -> impl Iterator<Item = (&'static Field, Option<&'a Value>)> {
    ty.fields.iter().filter_map(|field| match value.get(field.name).filter(|value| !is_empty(value)) {
        None if field.is_written_empty() => Some((field, None)),
        value => Some((field, Some(value?))),
    })
}

fn with_host_namespaces_inside(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for field in HOST_NAMESPACES {
        if let Some(value) = spec.remove(&[field]) {
            spec.set(&["securityContext", field], value);
        }
    }
    spec
}
