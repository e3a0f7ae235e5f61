//! Objects walked by their schema: which fields are in one, how two differ, one merged into another, fields taken out.
//!
//! Models sigs.k8s.io/structured-merge-diff/v6 typed: tofieldset.go, compare.go, merge.go, remove.go and helpers.go, and
//! `EnsureNamedFieldsAreMembers` of fieldpath/set.go. Not modelled: values of another type than the schema's, which the decoder
//! refuses; merging elements of a list that are told apart by nothing, of which the first counts.

use std::rc::Rc;

use super::fields;
use crate::schema::{Field, Shape, StructType, schema};
use base::value::{Map, Value};

/// The protocol of a port that names none, which is part of its key.
const PROTOCOL: (&str, &str) = ("protocol", "TCP");

/// What stands at a place of an object.
#[derive(Clone, Copy)]
pub enum Extent<'a> {
    /// A struct: the object itself, or a part of it.
    Struct(&'a StructType),
    /// All of what a field holds.
    All(&'a Field),
    /// One element of a field's list or map, or its only value.
    One(&'a Field),
}

/// How ownership goes on at a place.
#[derive(Clone, Copy)]
enum Form<'a> {
    /// It does not: all of it has one owner.
    Leaf,
    /// Field by field.
    Struct(&'a StructType),
    /// Key by key.
    Entries(&'a Field),
    Elements(&'a Field),
}

impl<'a> Extent<'a> {
    fn form(self) -> Form<'a> {
        match self {
            Extent::Struct(ty) if ty.is_atomic => Form::Leaf,
            Extent::Struct(ty) => Form::Struct(ty),
            Extent::One(field) => match schema().inside(field) {
                Some(ty) if field.is_granular() => Form::Struct(ty),
                Some(ty) => Extent::Struct(ty).form(),
                None if field.is_free() => Form::Entries(field),
                None => Form::Leaf,
            },
            Extent::All(field) if field.shape == Shape::One => Extent::One(field).form(),
            Extent::All(field) if field.is_atomic() => Form::Leaf,
            Extent::All(field) if field.shape == Shape::Map => Form::Entries(field),
            Extent::All(field) => Form::Elements(field),
        }
    }
}

/// Something below a place.
struct Child<'a> {
    step: Rc<str>,
    place: Option<Extent<'a>>,
    value: Value,
    /// Further elements of a list that nothing tells apart from it: together, they have one owner.
    again: Vec<Value>,
    /// Whether it is in the set of its object even where what is below it says so already.
    counts: bool,
}

/// The step to an element of a list.
pub(crate) fn step_of(field: &Field, item: &Value) -> Rc<str> {
    let Some(keys) = field.owned_by().filter(|_| item.as_map().is_some()) else { return format!("v:{}", item.to_json()).into() };
    let given = |key: &'static str| match item.get(key) {
        None if key == PROTOCOL.0 => Some((key, Value::from(PROTOCOL.1))),
        value => value.map(|value| (key, value.clone())),
    };
    format!("k:{}", Value::of(keys.split('+').filter_map(given)).to_json()).into()
}

/// What is below a place, each step once.
fn children<'a>(form: Form<'a>, value: Option<&Value>) -> Vec<Child<'a>> {
    match (form, value) {
        (Form::Struct(_) | Form::Entries(_), Some(Value::Map(map))) => {
            let child = |(key, value): (&Rc<str>, &Value)| {
                let place = match form {
                    Form::Struct(ty) => ty.field(key).map(Extent::All),
                    Form::Entries(field) => Some(Extent::One(field)),
                    _ => None,
                };
                let counts = !matches!(place, Some(Extent::All(_))) || is_nothing(value);
                Child { step: format!("f:{key}").into(), place, value: value.clone(), again: Vec::new(), counts }
            };
            map.iter().map(child).collect()
        }
        (Form::Elements(field), Some(Value::List(items))) => {
            let mut out: Vec<Child> = Vec::with_capacity(items.len());
            for item in items.iter() {
                let step = step_of(field, item);
                if let Some(known) = out.iter_mut().find(|known| known.step == step) {
                    known.again.push(item.clone());
                    continue;
                }
                out.push(Child { step, place: Some(Extent::One(field)), value: item.clone(), again: Vec::new(), counts: true });
            }
            out
        }
        _ => Vec::new(),
    }
}

fn form_of(place: Option<Extent>) -> Form {
    place.map_or(Form::Leaf, Extent::form)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    value.is_none_or(|value| is_nothing(value) || value.as_list().is_some_and(<[Value]>::is_empty))
}

/// The fields that an object sets.
pub fn set_of(place: Extent, object: &Value) -> Map {
    let mut set = Map::new();
    for child in children(place.form(), Some(object)) {
        let leaf = matches!(form_of(child.place), Form::Leaf) || !child.again.is_empty();
        let node = child.place.filter(|_| !leaf).map_or_else(Map::new, |place| set_of(place, &child.value));
        fields::put(&mut set, &child.step, node, leaf || child.counts);
    }
    set
}

/// How two objects differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Fields of the first that the second does not have.
    pub removed: Map,
    /// Fields that both have, with different values.
    pub modified: Map,
    /// Fields of the second that the first does not have.
    pub added: Map,
}

impl Changes {
    /// What is new in the second object, or different.
    pub fn set(&self) -> Map {
        fields::union(&self.modified, &self.added)
    }

    /// These changes but for those of fields that are not to be changed.
    #[must_use]
    pub fn outside(&self, reset: &Map) -> Changes {
        let keep = |set| fields::outside(set, reset);
        Changes { removed: keep(&self.removed), modified: keep(&self.modified), added: keep(&self.added) }
    }
}

/// How two values at a place differ, either of which may be missing.
pub fn compare(place: Extent, old: Option<&Value>, new: Option<&Value>) -> Changes {
    let mut changes = Changes::default();
    compare_below(place.form(), old, new, &mut changes);
    changes
}

fn compare_below(form: Form, old: Option<&Value>, new: Option<&Value>, out: &mut Changes) {
    if old == new {
        return;
    }
    let (was, mut is) = (children(form, old), children(form, new));
    for child in was {
        let now = is.iter().position(|other| other.step == child.step).map(|i| is.swap_remove(i));
        compare_children(&child, now.as_ref(), out);
    }
    for child in is {
        compare_new(&child, out);
    }
}

/// Elements that nothing tells apart are compared as one; where they are more or less than before, what was or is single goes or
/// comes by itself.
fn compare_children(child: &Child, now: Option<&Child>, out: &mut Changes) {
    let many = |child: &Child| !child.again.is_empty();
    match (many(child), now) {
        (true, Some(now)) if many(now) => {
            let differ = (&child.value, &child.again) != (&now.value, &now.again);
            fields::put(&mut out.modified, &child.step, Map::new(), differ);
        }
        (true, _) => {
            if let Some(now) = now {
                compare_new(now, out);
            }
            fields::put(&mut out.removed, &child.step, Map::new(), true);
        }
        (false, Some(now)) if many(now) => {
            compare_child(child, Some(&child.value), None, out);
            compare_new(now, out);
        }
        (false, now) => compare_child(child, Some(&child.value), now.map(|now| &now.value), out),
    }
}

fn compare_new(child: &Child, out: &mut Changes) {
    if child.again.is_empty() {
        compare_child(child, None, Some(&child.value), out);
    } else {
        fields::put(&mut out.added, &child.step, Map::new(), true);
    }
}

fn compare_child(child: &Child, old: Option<&Value>, new: Option<&Value>, out: &mut Changes) {
    if old == new {
        return;
    }
    let form = form_of(child.place);
    let mut below = Changes::default();
    let leaf = matches!(form, Form::Leaf) || is_empty(old) && is_empty(new);
    if !leaf {
        compare_below(form, old, new, &mut below);
    }
    fields::put(&mut out.removed, &child.step, below.removed, new.is_none());
    fields::put(&mut out.modified, &child.step, below.modified, leaf && old.is_some() && new.is_some());
    fields::put(&mut out.added, &child.step, below.added, old.is_none());
}

/// What was applied merged into what is there.
pub fn merge(place: Extent, old: Option<&Value>, new: Option<&Value>) -> Option<Value> {
    let form = place.form();
    if matches!(form, Form::Leaf) || is_empty(old) && is_empty(new) {
        return new.or(old).cloned();
    }
    if let Form::Elements(field) = form {
        let items = merge_lists(field, &children(form, old), &children(form, new));
        return (!items.is_empty()).then(|| Value::list(items));
    }
    let mut applied = children(form, new);
    let mut out = Map::new();
    let mut keep = |step: &str, place: Option<Extent>, old: Option<&Value>, new: Option<&Value>| {
        let merged = match place {
            Some(place) => merge(place, old, new),
            None => new.or(old).cloned(),
        };
        if let (Some(name), Some(value)) = (step.strip_prefix("f:"), merged) {
            out.insert(name, value);
        }
    };
    for child in children(form, old) {
        let given = applied.iter().position(|other| other.step == child.step).map(|i| applied.swap_remove(i));
        keep(&child.step, child.place, Some(&child.value), given.as_ref().map(|given| &given.value));
    }
    for child in applied {
        keep(&child.step, child.place, None, Some(&child.value));
    }
    (!out.is_empty()).then(|| out.into())
}

/// The elements of two lists, in the order of what was applied as far as it names them; what is only there stays before what it stood
/// before.
fn merge_lists(field: &Field, old: &[Child], new: &[Child]) -> Vec<Value> {
    let find = |list: &[Child], step: &str| list.iter().find(|child| *child.step == *step).map(|child| child.value.clone());
    let merged = |step: &str| merge(Extent::One(field), find(old, step).as_ref(), find(new, step).as_ref());
    let mut shared = new.iter().map(|child| &child.step).filter(|step| find(old, step).is_some()).peekable();
    let mut done: Vec<&str> = Vec::new();
    let (mut l, mut r) = (0, 0);
    let mut out = Vec::new();
    while l < old.len() || r < new.len() {
        if let (Some(left), Some(right)) = (old.get(l), new.get(r)) {
            if left.step == right.step {
                done.push(&left.step);
                out.extend(merged(&left.step));
                (l, r) = (l + 1, r + 1);
                shared.next();
                continue;
            }
            if find(new, &left.step).is_some() && shared.peek().is_some_and(|next| **next != left.step) {
                l += 1;
                continue;
            }
        }
        if let Some(left) = old.get(l) {
            if find(new, &left.step).is_none() {
                out.extend(merged(&left.step));
                l += 1;
                continue;
            }
            l += usize::from(done.contains(&&*left.step));
        }
        if let Some(right) = new.get(r) {
            done.push(&right.step);
            out.extend(merged(&right.step));
            r += 1;
            shared.next_if(|next| **next == right.step);
        }
    }
    out
}

/// A value without the fields of a set; `null` where nothing is left of it.
pub fn without(place: Extent, value: &Value, set: &Map) -> Value {
    let form = place.form();
    if matches!(form, Form::Leaf) || is_empty(Some(value)) {
        return value.clone();
    }
    let kept = children(form, Some(value)).into_iter().filter(|child| !fields::has(set, &child.step)).map(|child| {
        let kept = match (fields::below(set, &child.step), child.place) {
            (Some(below), Some(place)) => without(place, &child.value, below),
            _ => child.value,
        };
        (child.step, kept)
    });
    if matches!(form, Form::Elements(_)) {
        let items: Vec<Value> = kept.map(|(_, item)| item).collect();
        return if items.is_empty() { Value::Null } else { Value::list(items) };
    }
    let map: Map = kept.filter_map(|(step, value)| Some((step.strip_prefix("f:")?.to_owned(), value))).collect();
    if map.is_empty() { Value::Null } else { map.into() }
}

/// A set in which the fields of structs are themselves, where something below them is.
pub(crate) fn with_named(place: Extent, set: &Map) -> Map {
    let form = place.form();
    let mut out = Map::new();
    for (step, node) in fields::steps(set) {
        let (inside, named) = match form {
            Form::Struct(ty) => {
                let field = step.strip_prefix("f:").and_then(|name| ty.field(name));
                (field.map(Extent::All), field.is_some())
            }
            Form::Entries(field) | Form::Elements(field) => (Some(Extent::One(field)), false),
            Form::Leaf => (None, false),
        };
        let below = inside.map_or_else(|| node.clone(), |inside| with_named(inside, node));
        fields::put(&mut out, step, below, named || fields::is_member(node));
    }
    out
}
