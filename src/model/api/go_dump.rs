//! Prints a value as Go's struct dumper does: the input of the hashes by which Kubernetes names things after a template.
//!
//! Models k8s.io/apimachinery/pkg/util/dump ForHash, which is github.com/davecgh/go-spew's `%#v` with sorted keys, over the types of
//! the schema. Promises: the same bytes as the real release for everything that pod templates usually contain, so that hashes are
//! the real ones.

use std::fmt::Write;

use crate::release::Release;
use crate::schema::{Element, Field, Shape, StructType, schema};
use base::quantity::{Format, read_plainly};
use base::value::Value;

/// How an absent pointer, list or map is printed.
const NIL: &str = "<nil>";

/// Prints a value of a struct type, as the release's Go types have it.
pub fn dump(ty: &StructType, value: &Value, release: &Release) -> String {
    let mut out = format!("({})", ty.go_type());
    dump_struct(ty, value, release, &mut out);
    out
}

fn dump_struct(ty: &StructType, value: &Value, release: &Release, out: &mut String) {
    out.push('{');
    let mut embedded: Option<&str> = None;
    let there = |field: &&Field| release.knows(field);
    for (i, field) in ty.fields.iter().filter(there).enumerate() {
        if embedded.is_some() && embedded != field.embedded_in {
            out.push('}');
        }
        if i > 0 {
            out.push(' ');
        }
        if let Some(name) = field.embedded_in.filter(|name| embedded != Some(*name)) {
            let _ = write!(out, "{name}:(v1.{name}){{");
        }
        embedded = field.embedded_in;
        out.push_str(&field.go_name());
        out.push(':');
        dump_field(field, value.get(field.name), release, out);
    }
    if embedded.is_some() {
        out.push('}');
    }
    out.push('}');
}

/// Prints a member with its type.
fn dump_field(field: &Field, value: Option<&Value>, release: &Release, out: &mut String) {
    let value = value.filter(|v| **v != Value::Null);
    let pointer = if is_pointer(field) { "*" } else { "" };
    let _ = write!(out, "({pointer}{})", field.go_type());
    match (field.shape, value) {
        (Shape::One, None) if pointer.is_empty() => dump_element(field, &Value::Null, release, out),
        (Shape::One, Some(value)) => dump_element(field, value, release, out),
        (Shape::List, Some(Value::List(items))) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { " " } else { "" });
                dump_element(field, item, release, out);
            }
            out.push(']');
        }
        (Shape::Map, Some(Value::Map(entries))) if !entries.is_empty() => {
            out.push_str("map[");
            for (i, (key, item)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { " " } else { "" });
                out.push_str(key);
                out.push(':');
                dump_element(field, item, release, out);
            }
            out.push(']');
        }
        _ => out.push_str(NIL),
    }
}

/// Whether Go holds a single value by pointer, so that absent is not the same as zero.
pub fn is_pointer(field: &Field) -> bool {
    let by_pointer = match field.element {
        Element::Struct(_) | Element::Quantity | Element::IntOrString => !field.is_struct_by_value(),
        Element::Time | Element::MicroTime => field.name != "creationTimestamp",
        _ => field.is_pointer(),
    };
    field.shape == Shape::One && by_pointer
}

/// Prints a value without its type; null as zero.
fn dump_element(field: &Field, value: &Value, release: &Release, out: &mut String) {
    match field.element {
        Element::Struct(id) => dump_struct(schema().of(id), value, release, out),
        Element::Bool => out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" }),
        Element::Int32 | Element::Int64 | Element::Real => out.push_str(&value.as_int().unwrap_or(0).to_string()),
        Element::Time | Element::MicroTime => {
            out.push_str("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}");
        }
        Element::Quantity => dump_quantity(value, out),
        Element::IntOrString => {
            let (kind, number, text) = match value {
                Value::Text(text) => (1, 0, &**text),
                other => (0, other.as_int().unwrap_or(0), ""),
            };
            let _ = write!(out, "{{Type:(intstr.Type){kind} IntVal:(int32){number} StrVal:(string){text}}}");
        }
        Element::Text | Element::Bytes | Element::Raw => out.push_str(value.as_text().unwrap_or_default()),
    }
}

fn dump_quantity(value: &Value, out: &mut String) {
    let text = value.as_text().unwrap_or_default();
    let (number, exponent, format) = read_plainly(text).unwrap_or_default();
    let format = match (text, format) {
        ("", _) => "",
        (_, Format::DecimalSi) => "DecimalSI",
        (_, Format::BinarySi) => "BinarySI",
        (_, Format::DecimalExponent) => "DecimalExponent",
    };
    let _ = write!(out, "{{i:(resource.int64Amount){{value:(int64){number} scale:(resource.Scale){exponent}}} ");
    let kept = if keeps_text(text, exponent, format) { text } else { "" };
    let _ = write!(out, "d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){kept} Format:(resource.Format){format}}}");
}

/// Whether Go keeps the text that a quantity was parsed from, because the fast path recognises it as canonical.
/// Models resource.ParseQuantity.
fn keeps_text(text: &str, exponent: i64, format: &str) -> bool {
    let digits: String = text.chars().skip_while(|c| "+-".contains(*c)).take_while(char::is_ascii_digit).collect();
    match format {
        _ if text == "0" => true,
        "BinarySI" => digits.parse().is_ok_and(|number: i64| number & 7 != 0),
        _ => exponent % 3 == 0 && !digits.ends_with("000") && !digits.starts_with('0'),
    }
}
