//! Values in Go's syntax, as errors show them up to 1.33: what `%#v` prints of the internal types.
//!
//! The types of fields are those of the schema, in the package of the internal type; where that is declared otherwise, [`TYPES`] counts.
//! Not modelled: quantities and metadata, which are printed as JSON; types whose internal name is not the one in [`TYPES`]; and the
//! addresses of pointers, which differ from run to run.
//!
//! Models field.Error.ErrorBody of k8s.io/apimachinery 0.33.

use std::fmt::Write;

use super::{GoType, fields_of, json_name, name_and_kind};
use api::go_dump::{go_name, is_pointer};
use api::schema::{Element, Field, Shape, schema};
use base::quoted::go_quoted;
use base::value::Value;

/// In place of an address.
const ADDRESS: &str = "0xc000000000";

/// A struct or a list of them.
pub fn of_type(value: &Value, of: GoType) -> String {
    let mut out = String::new();
    if of.list {
        list(&qualified(of.name), value, of.name, &mut out);
    } else {
        structure(value, of.name, &mut out);
    }
    out
}

/// A number or percentage.
pub fn amount(value: &Value) -> String {
    let (kind, number, text) = value.as_text().map_or((0, value.as_int().unwrap_or(0), ""), |text| (1, 0, text));
    format!("intstr.IntOrString{{Type:{kind}, IntVal:{number}, StrVal:{}}}", go_quoted(text))
}

/// The package of an internal type.
fn package(name: &str) -> &'static str {
    const OF_GROUPS: [(&str, &[&str]); 4] = [
        ("apps", &["StatefulSet", "Deployment", "DaemonSet", "RollingUpdate"]),
        ("batch", &["SuccessPolicy", "PodFailurePolicy", "On"]),
        ("policy", &["PodDisruptionBudget"]),
        ("v1", &["LabelSelector", "OwnerReference"]),
    ];
    let begins = |(_, words): &&(&str, &[&str])| words.iter().any(|word| name.starts_with(word));
    match name {
        "RoleRef" => "rbac",
        "CSINodeDriver" => "storage",
        _ => OF_GROUPS.iter().find(begins).map_or("core", |(package, _)| package),
    }
}

fn qualified(name: &str) -> String {
    format!("{}.{name}", package(name))
}

fn structure(value: &Value, name: &str, out: &mut String) {
    let package = package(name);
    let _ = write!(out, "{package}.{name}{{");
    let on_wire = schema().named(name);
    let declared = fields_of(name).unwrap_or_default().split_ascii_whitespace().filter(|field| !field.starts_with('~'));
    for (i, field) in declared.enumerate() {
        let (go, kind) = name_and_kind(field);
        key(i, go, out);
        let value = value.get(&json_name(go)).unwrap_or(&Value::Null);
        match kind.as_bytes() {
            [b':', b'*', ..] => pointer(&qualified(&kind[2..]), value, out),
            [b':', b'[', ..] => list(&qualified(&kind[3..]), value, &kind[3..], out),
            [b':', ..] => structure(value, &kind[1..], out),
            b"*" => match on_wire.and_then(|on_wire| on_wire.field(&json_name(go))) {
                Some(field) => member(value, field, package, field.shape == Shape::One, out),
                None => out.push_str(&value.to_json()),
            },
            b"%" => out.push_str(&amount(value)),
            b"#" => scalar(value, Element::Int64, out),
            b"?" => scalar(value, Element::Bool, out),
            _ => scalar(value, Element::Text, out),
        }
    }
    let shared = on_wire.filter(|_| fields_of(name).is_none());
    for (i, field) in shared.iter().flat_map(|shared| &shared.fields).enumerate() {
        key(i, &go_name(field.name), out);
        member(value.get(field.name).unwrap_or(&Value::Null), field, package, is_pointer(field), out);
    }
    out.push('}');
}

fn key(i: usize, name: &str, out: &mut String) {
    let _ = write!(out, "{}{name}:", if i > 0 { ", " } else { "" });
}

/// A field of a type that the wire has as well.
fn member(value: &Value, field: &Field, package: &str, is_pointer: bool, out: &mut String) {
    let of = field.go_type();
    let of = if let Element::Struct(_) = field.element { of } else { of.replace("v1.", &format!("{package}.")) };
    match (field.shape, value) {
        (Shape::One, value) if is_pointer => pointer(&of, value, out),
        (Shape::One, value) => element(value, field, out),
        (_, Value::List(items)) => {
            let _ = write!(out, "{of}{{");
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                element(item, field, out);
            }
            out.push('}');
        }
        (_, Value::Map(map)) => {
            let _ = write!(out, "{of}{{");
            for (i, (name, item)) in map.iter().enumerate() {
                key(i, &go_quoted(name), out);
                element(item, field, out);
            }
            out.push('}');
        }
        _ => {
            let _ = write!(out, "{of}(nil)");
        }
    }
}

fn element(value: &Value, field: &Field, out: &mut String) {
    match field.element {
        Element::Struct(id) => structure(value, schema().of(id).name, out),
        element => scalar(value, element, out),
    }
}

fn scalar(value: &Value, element: Element, out: &mut String) {
    match element {
        Element::Text => out.push_str(&go_quoted(value.as_text().unwrap_or_default())),
        Element::Bool => out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" }),
        Element::Int32 | Element::Int64 => out.push_str(&value.as_int().unwrap_or(0).to_string()),
        Element::IntOrString => out.push_str(&amount(value)),
        _ => out.push_str(&value.to_json()),
    }
}

fn pointer(of: &str, value: &Value, out: &mut String) {
    let _ = write!(out, "(*{of})({})", if value.is_null() { "nil" } else { ADDRESS });
}

fn list(of: &str, value: &Value, name: &str, out: &mut String) {
    let Some(items) = value.as_list() else {
        let _ = write!(out, "[]{of}(nil)");
        return;
    };
    let _ = write!(out, "[]{of}{{");
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        structure(item, name, out);
    }
    out.push('}');
}
