//! Values in Go's syntax, as errors show them up to 1.33: what `%#v` prints of the internal types.
//!
//! Not modelled: quantities and metadata, which are printed as JSON; and the addresses of pointers, which differ from run to run.
//!
//! Models field.Error.ErrorBody of k8s.io/apimachinery 0.33.

use std::fmt::Write;

use super::{GoType, fields_of, is_by_pointer};
use api::release::V1_37;
use api::schema::{Element, Field, Shape, StructType, schema};
use base::quoted::go_quoted;
use base::value::Value;

/// In place of an address.
const ADDRESS: &str = "0xc000000000";

/// A struct or a list of them.
pub fn of_type(value: &Value, of: GoType) -> String {
    let Some((ty, part)) = of.declared() else { return value.to_json() };
    let mut out = String::new();
    match value.as_list() {
        Some(items) if of.list => sequence(&format!("[]{}", qualified(part)), items, &mut out, |item, out| structure(item, ty, part, out)),
        _ if of.list => out = format!("[]{}(nil)", qualified(part)),
        _ => structure(value, ty, part, &mut out),
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
        "CSINodeDriver" | "VolumeNodeResources" => "storage",
        _ => OF_GROUPS.iter().find(begins).map_or("core", |(package, _)| package),
    }
}

fn qualified(name: &str) -> String {
    format!("{}.{name}", package(name))
}

fn structure(value: &Value, ty: &'static StructType, part: &str, out: &mut String) {
    let name = if part == ty.key { ty.name } else { part };
    let _ = write!(out, "{}{{", qualified(name));
    for (i, field) in fields_of(ty, part, &V1_37).into_iter().filter(|field| field.name != "metadata").enumerate() {
        key(i, &field.go_name(), out);
        member(value.get(field.name).unwrap_or(&Value::Null), field, package(name), is_by_pointer(ty, field), out);
    }
    out.push('}');
}

fn key(i: usize, name: &str, out: &mut String) {
    let _ = write!(out, "{}{name}:", if i > 0 { ", " } else { "" });
}

fn member(value: &Value, field: &Field, package: &str, is_pointer: bool, out: &mut String) {
    let package = schema().inside(field).map_or(package, |of| self::package(of.name));
    let of = field.go_type().replace("v1.", &format!("{package}."));
    match (field.shape, value) {
        (Shape::One, value) if is_pointer => pointer(&of, value, out),
        (Shape::One, value) => element(value, field, out),
        (_, Value::List(items)) => sequence(&of, items, out, |item, out| element(item, field, out)),
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

fn sequence(of: &str, items: &[Value], out: &mut String, each: impl Fn(&Value, &mut String)) {
    let _ = write!(out, "{of}{{");
    for (i, item) in items.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        each(item, out);
    }
    out.push('}');
}

fn element(value: &Value, field: &Field, out: &mut String) {
    match field.element {
        Element::Struct(id) => structure(value, schema().of(id), schema().of(id).key, out),
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
