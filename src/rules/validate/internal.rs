//! Objects as the API server's internal Go types print them: for structs in field errors and for diffs.
//!
//! The server validates internal types without JSON names, so messages show `{"Type":"Recreate","RollingUpdate":null}`: Go's field
//! names, in declaration order, with zero values for absent fields. Metadata and label selectors are shared with the wire types; they
//! keep their JSON names and omit absent fields.
//! Up to 1.36, the host namespaces are part of a pod's security context, and some volume sources are declared elsewhere.
//! Not modelled: cloud volume types in pods, and the rarest ones, of which only the members present are printed.
//!
//! Models k8s.io/kubernetes pkg/apis/{core,apps,policy,batch}/types.go: the fields and their order.

pub mod syntax;
pub(crate) mod types;

use std::fmt::Write;

use crate::validate::report::is_empty;
use api::release::{Release, V1_37, are_in};
use api::status::NOTHING;
use base::value::{Value, write_json_text};
use types::{JSON_NAMES, OLDER_PLACES, TYPES};

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

    /// A list of such structs.
    pub const fn list(name: &'static str) -> Self {
        GoType { name, list: true, release: &V1_37 }
    }
}

/// Prints a value as compact JSON of its internal type.
pub fn go_json(value: &Value, of: GoType) -> String {
    let mut printer = Printer { out: String::new(), indent: None, release: of.release };
    printer.typed(Some(value), of.name, if of.list { Shape::List } else { Shape::Struct });
    printer.out
}

/// Prints a value as a release shows it in errors. Nothing at all is `null`.
pub fn shown<'a>(value: impl Into<Option<&'a Value>>, of: GoType, release: &'static Release) -> String {
    match value.into() {
        Some(value) if release.shows_values_as_go => syntax::of_type(value, of),
        Some(value) => go_json(value, of.of_release(release)),
        None => if release.shows_values_as_go { NOTHING } else { "null" }.to_owned(),
    }
}

/// Prints a value as JSON of its internal type, one member per line, indented by one space per level.
pub fn go_json_indented(value: &Value, of: GoType) -> String {
    let mut printer = Printer { out: String::new(), indent: Some(0), release: of.release };
    printer.typed(Some(value), of.name, if of.list { Shape::List } else { Shape::Struct });
    printer.out
}

/// How a field of struct type is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `T`: its zero value is a struct of zeros.
    Struct,
    /// `*T`: its zero value is `null`.
    Pointer,
    /// `[]T`: its zero value is `null`.
    List,
}

fn json_name(go: &str) -> String {
    if let Some((_, json)) = JSON_NAMES.iter().find(|(name, _)| *name == go) {
        return (*json).to_owned();
    }
    if go.bytes().all(|c| c.is_ascii_uppercase()) {
        return go.to_ascii_lowercase();
    }
    let mut chars = go.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// Splits a field into its Go name and its type code in [`TYPES`].
fn name_and_kind(field: &'static str) -> (&'static str, &'static str) {
    field.split_at(field.find(['#', '?', '@', '%', '*', ':']).unwrap_or(field.len()))
}

fn fields_of(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == name).map(|(_, fields)| *fields)
}

/// Prints JSON, on one line or with one member per line.
struct Printer {
    out: String,
    indent: Option<usize>,
    release: &'static Release,
}

impl Printer {
    fn typed(&mut self, value: Option<&Value>, name: &str, shape: Shape) {
        match (value, shape) {
            (Some(Value::List(items)), Shape::List) => {
                self.sequence('[', ']', items.iter(), |p, item| p.typed(Some(item), name, Shape::Struct));
            }
            (None | Some(Value::Null), Shape::Pointer | Shape::List) => self.out.push_str("null"),
            (value, _) => self.structure(value.unwrap_or(&Value::Null), name),
        }
    }

    /// Prints a struct of an internal type, or of one shared with the wire.
    fn structure(&mut self, value: &Value, name: &str) {
        if let Some(fields) = fields_of(&format!("~{name}")) {
            let members: Vec<_> = wire_members(value, fields).collect();
            return self.sequence('{', '}', members.iter(), Printer::wire_member);
        }
        let older = !self.release.pods_are_declared_as_on_the_wire;
        if name == "PodSpec" && older {
            return self.structure(&with_host_namespaces_inside(value), "OlderPodSpec");
        }
        let Some(fields) = fields_of(name) else { return self.untyped(value) };
        let moved: Vec<_> = OLDER_PLACES.iter().filter(|(of, ..)| older && *of == name).collect();
        let mut members = Vec::new();
        for field in fields.split_ascii_whitespace() {
            if field.starts_with('~') {
                let meta = value.get("metadata").unwrap_or(&Value::Null);
                members.extend(fields_of(field).into_iter().flat_map(|fields| wire_members(meta, fields)).map(Member::Wire));
            } else if moved.iter().all(|(_, other, _)| *other != field) && !self.lacks(name, field) {
                members.push(Member::Go(field));
                members.extend(moved.iter().filter(|(.., after)| *after == field).map(|(_, other, _)| Member::Go(other)));
            }
        }
        self.sequence('{', '}', members.iter(), |p, member| match member {
            Member::Wire(member) => p.wire_member(member),
            Member::Go(field) => p.go_member(value, field),
        });
    }

    /// Whether the release lacks a field.
    fn lacks(&self, name: &str, field: &'static str) -> bool {
        are_in(self.release.unknown_fields, name.strip_prefix("Older").unwrap_or(name), &json_name(name_and_kind(field).0))
    }

    fn wire_member(&mut self, member: &WireMember) {
        self.key(member.name);
        match (member.of, member.value) {
            (Some(of), Some(Value::List(items))) => self.sequence('[', ']', items.iter(), |p, item| p.structure(item, of)),
            (_, Some(value)) => self.untyped(value),
            (_, None) => self.out.push_str("\"\""),
        }
    }

    fn go_member(&mut self, of: &Value, field: &'static str) {
        let (go, kind) = name_and_kind(field);
        self.key(go);
        let value = of.get(&json_name(go));
        match kind.as_bytes() {
            [b':', b'*', ..] => self.typed(value, &kind[2..], Shape::Pointer),
            [b':', b'[', ..] => self.typed(value, &kind[3..], Shape::List),
            [b':', ..] => self.typed(value, &kind[1..], Shape::Struct),
            _ => match value.filter(|v| !v.is_null()) {
                Some(value) => self.untyped(value),
                None => self.out.push_str(match kind {
                    "#" | "%" => "0",
                    "?" => "false",
                    "@" => "\"0\"",
                    "*" => "null",
                    _ => "\"\"",
                }),
            },
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

/// A member of a struct: of the internal type itself, or of the metadata embedded in it.
enum Member<'a> {
    Wire(WireMember<'a>),
    Go(&'static str),
}

/// A member of a type shared with the wire.
struct WireMember<'a> {
    name: &'static str,
    /// The value; `None` for an empty string.
    value: Option<&'a Value>,
    /// The type of its items, if it is a list of structs.
    of: Option<&'static str>,
}

/// The members to print of a type shared with the wire.
fn wire_members<'a>(value: &'a Value, fields: &'static str) -> impl Iterator<Item = WireMember<'a>> {
    fields.split_ascii_whitespace().filter_map(move |field| {
        let (name, of) = field.split_once(':').map_or((field, None), |(name, of)| (name, Some(of)));
        let name = name.trim_end_matches('!');
        match value.get(name).filter(|v| !is_empty(v)) {
            None if field.ends_with('!') => Some(WireMember { name, value: None, of }),
            value => Some(WireMember { name, value: Some(value?), of }),
        }
    })
}

/// Fields that the wire type has in the pod's spec and the internal type in its security context.
const HOST_NAMESPACES: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

fn with_host_namespaces_inside(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for field in HOST_NAMESPACES {
        if let Some(value) = spec.remove(&[field]) {
            spec.set(&["securityContext", field], value);
        }
    }
    spec
}
