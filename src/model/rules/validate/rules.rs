//! Rules of fields, as the tables of kinds have them (`src/model/kinds/README.md`): `build.rs` compiles them.

use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report, is_empty};
use crate::validate::row::{Is, OF_STRUCT, When, is_set, is_unset};
use api::go_dump::is_pointer;
use api::kind::Kind;
use api::names::NameRule;
use api::release::Release;
use api::schema::{Element, Field, Shape, StructType, schema};
use base::field_path::FieldPath;
use base::value::Value;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

struct Rules {
    of: &'static str,
    rows: &'static [Row],
    /// The late rules, and the way to those of other structs, in the order of the fields.
    late: &'static [Row],
}

struct Row {
    field: u8,
    declared: Declared,
    when: &'static [When],
    check: Check,
}

/// Since when a rule is declared.
#[derive(Clone, Copy)]
enum Declared {
    Never,
    Since1_37,
    Since1_38,
}

impl Declared {
    /// Whether a release goes by the declaration.
    fn decides(self, release: &Release) -> bool {
        match self {
            Declared::Never => false,
            Declared::Since1_37 => release.declared_rules_decide,
            Declared::Since1_38 => release.more_declared_rules_decide,
        }
    }
}

enum Check {
    Inside,
    Required(&'static str, bool),
    Forbidden(&'static str),
    Invalid(&'static str),
    Among(&'static [&'static str], bool),
    Range(&'static [i64; 2], &'static str),
    Name(NameRule, bool),
    Alone(&'static str),
    Unique(&'static str),
    Immutable,
    Call(fn(&Value, &FieldPath, &mut Report)),
    Own(fn(&Here, &mut Report)),
}

/// Where a rule is applied.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The kind of the object.
    pub kind: Kind,
    /// The struct's type.
    pub ty: &'a StructType,
    /// The struct.
    pub of: &'a Value,
    /// The field's value.
    pub value: &'a Value,
    /// On an update, the value before; null in a list or map.
    pub old: Option<&'a Value>,
    /// On an update, the whole object before.
    pub before: Option<&'a Value>,
    /// The path of the value.
    pub path: &'a FieldPath,
}

/// Validates an object of a kind, given the one before on an update. The answer is whether a table has its rules.
pub fn judge(kind: Kind, new: &Value, old: Option<&Value>, report: &mut Report) -> bool {
    let ty = schema().kind(kind);
    if find(&RULES, ty).is_none() && !OTHER_KINDS.contains(&kind) {
        return false;
    }
    structure(Here { kind, ty, of: new, value: new, old, before: old, path: &FieldPath::root() }, report);
    true
}

/// Validates a struct by its rules.
pub fn structure(here: Here, report: &mut Report) {
    let Some(rules) = rules_of(here.ty) else { return };
    all(rules.rows, false, here, report);
    if report.release.declared_rules_decide {
        all(rules.late, true, here, report);
    }
}

/// Validates the struct in a field of another by its rules, if it is there.
pub fn member(of: &str, field: &str, value: &Value, path: &FieldPath, report: &mut Report) {
    let ty = schema().named(of).and_then(|of| schema().inside(of.field(field)?));
    let Some(ty) = ty.filter(|_| !value.is_null()) else { return };
    structure(Here { kind: Kind::Pod, ty, of: value, value, old: None, before: None, path }, report);
}

fn rules_of(ty: &StructType) -> Option<&'static Rules> {
    find(&RULES, ty).or_else(|| find_other(ty))
}

/// In the tables that no first visit asks, whose rows come with this function.
#[inline(never)]
fn find_other(ty: &StructType) -> Option<&'static Rules> {
    find(&OTHERS, ty)
}

fn find(all: &'static [Rules], ty: &StructType) -> Option<&'static Rules> {
    all.binary_search_by(|rules| rules.of.cmp(ty.key)).ok().map(|at| &all[at])
}

fn all(rows: &'static [Row], is_last: bool, here: Here, report: &mut Report) {
    let release = report.release;
    // What lies deeper has its turn within the same pass.
    let is_due = |row: &&Row| matches!(row.check, Check::Inside) || row.declared.decides(release) == is_last;
    for row in
        rows.iter().filter(is_due).filter(|row| row.when.iter().all(|when| when.holds(here.kind, here.old.is_none(), here.ty, here.of)))
    {
        let Some(field) = here.ty.fields.get(usize::from(row.field)) else {
            apply(row, is_last, None, Here { value: here.of, ..here }, report);
            continue;
        };
        let old = here.old.map(|old| old.part(field.name));
        apply(row, is_last, Some(field), Here { value: here.of.part(field.name), old, path: &here.path.field(field.name), ..here }, report);
    }
}

/// Whether a field is a text in Go, empty where it is absent.
fn is_plain_text(field: Option<&Field>) -> bool {
    field.is_some_and(|field| field.shape == Shape::One && field.element == Element::Text && !is_pointer(field))
}

/// Whether a required field is not there. What is a pointer in Go may be empty. Some texts count without the blanks around them.
fn is_missing(field: &Field, value: &Value, trims: bool) -> bool {
    let may_be_empty = field.shape == Shape::One && (field.is_pointer() || matches!(field.element, Element::Struct(_)));
    value.is_null()
        || !may_be_empty
            && (is_empty(value)
                || value == &Value::from(0)
                || value.as_text().is_some_and(|text| text.is_empty() || trims && text.trim().is_empty()))
}

fn apply(row: &Row, is_last: bool, field: Option<&Field>, here: Here, report: &mut Report) {
    let Here { value, path, .. } = here;
    let is_missing = |trims| field.is_none_or(|field| is_missing(field, value, trims));
    let is_set = || field.is_none_or(|field| is_set(field, value));
    let may_be_null = || field.is_some_and(is_pointer);
    let listed = value.as_list().unwrap_or(&[]);
    let words = |words: &'static str| if is_last { "" } else { words };
    match &row.check {
        Check::Inside => field.into_iter().for_each(|field| descend(field, is_last, here, report)),
        Check::Required(why, trims) if is_missing(*trims) => report.required(path, words(why)),
        Check::Forbidden(why) if is_set() => report.forbidden(path, *why),
        Check::Invalid(why) => match field.map_or(Some(here.ty), |field| schema().inside(field)) {
            Some(ty) => report.invalid_typed(path, value, GoType::of(ty.key), *why),
            None => report.invalid(path, value.clone(), *why),
        },
        Check::Among(known, true) if value.is_null() => report.known(path, "", known),
        Check::Among(known, _) => each(value, path, &mut |value, path| report.known(path, value, known)),
        Check::Range([least, most], why) => {
            let number = value.as_int().or_else(|| (!may_be_null()).then_some(0));
            if let Some(number) = number.filter(|number| !(*least..=*most).contains(number)) {
                report.invalid(path, number, *why);
            }
        }
        Check::Name(rule, true) if value.is_null() && is_plain_text(field) => report.each(path, "", rule("")),
        Check::Name(rule, always) if *always || !is_unset(value) => {
            each(value, path, &mut |text, path| report.each(path, text, rule(text)));
        }
        Check::Alone(noun) if listed.len() > 1 && listed.iter().any(|item| item.as_text() == Some("*")) => {
            report.invalid(path, value.clone(), format!("if '*' is present, must not specify other {noun}"));
        }
        Check::Unique(key) => unique(key, listed, path, report),
        Check::Immutable => immutable(is_last, field, here, report),
        Check::Call(rule) => rule(value, path, report),
        Check::Own(rule) => rule(&here, report),
        _ => {}
    }
}

fn unique(key: &str, items: &[Value], path: &FieldPath, report: &mut Report) {
    let of = |item: &Value| if key.is_empty() { item.clone() } else { item.part(key).clone() };
    for (i, item) in items.iter().map(of).enumerate() {
        if items[..i].iter().any(|earlier| of(earlier) == item) && !is_unset(&item) {
            let path = path.index(i);
            report.duplicate(&if key.is_empty() { path } else { path.field(key) }, item);
        }
    }
}

/// Requires that a field is as it was. Declared rules show no value.
fn immutable(is_declared: bool, field: Option<&Field>, here: Here, report: &mut Report) {
    let Some(old) = here.old else { return };
    let of = field.and_then(|field| schema().inside(field));
    let is_zero = |value: &Value| of.is_none() && is_empty(value) || is_unset(value) && !field.is_some_and(is_pointer);
    let zero = |value: &Value| if is_zero(value) { Value::Null } else { value.clone() };
    let new = zero(here.value);
    match of {
        _ if new == zero(old) => {}
        _ if is_declared => report.invalid(here.path, Value::Null, IMMUTABLE),
        Some(of) => report.invalid_typed(here.path, Some(here.value).filter(|new| !new.is_null()), GoType::of(of.key), IMMUTABLE),
        None if is_plain_text(field) => report.invalid(here.path, here.value.as_text().unwrap_or_default(), IMMUTABLE),
        None => report.invalid(here.path, new, IMMUTABLE),
    }
}

fn descend(field: &Field, is_last: bool, here: Here, report: &mut Report) {
    let Some(ty) = schema().inside(field) else { return };
    let Some(rules) = rules_of(ty) else { return };
    let rows = if is_last { rules.late } else { rules.rows };
    let mut go_on = |of, old, path: &FieldPath| all(rows, is_last, Here { ty, of, value: of, old, path, ..here }, report);
    let no_old = here.old.map(|_| &Value::Null);
    match here.value {
        Value::List(items) => items.iter().enumerate().for_each(|(i, item)| go_on(item, no_old, &here.path.index(i))),
        Value::Map(map) if field.shape == Shape::Map => map.iter().for_each(|(key, item)| go_on(item, no_old, &here.path.key(key))),
        value if value.is_null() && !field.is_struct_by_value() => {}
        value => go_on(value, here.old, here.path),
    }
}

/// Looks at a text, or at each of a list.
pub fn each(value: &Value, path: &FieldPath, look: &mut dyn FnMut(&str, &FieldPath)) {
    match value {
        Value::List(items) => items.iter().enumerate().for_each(|(i, item)| look(item.as_text().unwrap_or(""), &path.index(i))),
        other => other.as_text().into_iter().for_each(|text| look(text, path)),
    }
}
