//! Defaults of fields, as the tables of kinds have them (`src/model/kinds/README.md`). A default fills a field that is absent, or zero
//! where it is not a pointer in Go. Structs in fields have their turn last, unless a row says when.

use crate::validate::row::{Is, OF_STRUCT, When};
use api::go_dump::is_pointer;
use api::kind::Kind;
use api::release::Release;
use api::schema::{Field, Shape, StructType, schema};
use base::fill::Fill;
use base::value::Value;

include!(concat!(env!("OUT_DIR"), "/defaults.rs"));

struct Row {
    field: u8,
    when: &'static [When],
    filled: Filled,
}

enum Filled {
    Text(&'static str),
    Number(i64),
    Flag(bool),
    Texts(&'static [&'static str]),
    Empty,
    Round,
    Own(fn(&mut Value, &Release)),
    Inside,
}

/// Applies the scheme's defaults for a kind.
pub fn apply(kind: Kind, object: &mut Value, release: &Release) {
    fill(schema().kind(kind), kind, object, release);
}

fn fill(ty: &StructType, kind: Kind, of: &mut Value, release: &Release) {
    let Ok(at) = DEFAULTS.binary_search_by(|(name, _)| (*name).cmp(ty.key)) else { return };
    for row in DEFAULTS[at].1 {
        if row.when.iter().all(|when| when.holds(kind, true, ty, of)) {
            match (ty.fields.get(usize::from(row.field)), &row.filled) {
                (Some(field), filled) => member(field, filled, kind, of, release),
                (None, Filled::Own(rule)) => rule(of, release),
                (None, _) => {}
            }
        }
    }
}

fn member(field: &Field, filled: &Filled, kind: Kind, of: &mut Value, release: &Release) {
    let path = &[field.name];
    let value = match filled {
        Filled::Text(text) => Value::from(*text),
        Filled::Number(number) => Value::from(*number),
        Filled::Flag(flag) => Value::from(*flag),
        Filled::Texts(texts) => Value::list(texts.iter().copied()),
        Filled::Empty => Value::map(),
        Filled::Round => return of.amounts(path),
        Filled::Own(rule) => return of.within(path, |value| rule(value, release)),
        Filled::Inside => return inside(field, kind, of, release),
    };
    if is_pointer(field) || field.shape != Shape::One { of.absent(path, value) } else { of.zero(path, value) }
}

/// What is no pointer in Go is always there.
fn inside(field: &Field, kind: Kind, of: &mut Value, release: &Release) {
    let Some(ty) = schema().inside(field) else { return };
    if field.is_struct_by_value() && of.get(field.name).is_none_or(Value::is_null) {
        let mut new = Value::map();
        fill(ty, kind, &mut new, release);
        if new.members().next().is_some() {
            of.set(&[field.name], new);
        }
        return;
    }
    match field.shape {
        Shape::List => of.each(&[field.name], |item| fill(ty, kind, item, release)),
        _ => of.within(&[field.name], |value| fill(ty, kind, value, release)),
    }
}
