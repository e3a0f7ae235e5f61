//! The order of members that a client's Go structs give.

use std::rc::Rc;

use api::kind::Kind;
use api::schema::{Shape, StructType, schema};
use base::sort::Sort;
use base::value::{Map, Value};
use yaml::MemberOrder;

/// In which order the members of a map are written.
#[derive(Clone, Copy)]
pub enum Order<'a> {
    Keys,
    Declared(&'a StructType),
    /// By key, those of each member as this struct declares them.
    Each(&'a StructType),
    /// As in a list of objects: of typed ones, as this struct declares theirs.
    List(Option<&'a StructType>),
}

impl Order<'_> {
    /// The order for an object that the client holds in a Go struct.
    pub fn of(object: &Value) -> Self {
        let text = |key| object.text_at(&[key]).unwrap_or_default();
        let of = |kind: &str| Kind::of(text("apiVersion"), kind).map(|kind| schema().kind(kind));
        match of(text("kind")) {
            Some(ty) => Order::Declared(ty),
            None => Order::List(text("kind").strip_suffix("List").and_then(of)),
        }
    }

    /// Where a member comes.
    fn place(self, key: &str) -> usize {
        let place = match self {
            Order::Declared(ty) => ty.fields.iter().position(|field| field.name == key),
            Order::List(_) => ["kind", "apiVersion", "metadata", "items"].iter().position(|name| *name == key),
            Order::Keys | Order::Each(_) => None,
        };
        place.unwrap_or(usize::MAX)
    }
}

impl MemberOrder for Order<'_> {
    fn members(self, map: &Map) -> Vec<(&Rc<str>, &Value)> {
        let mut members: Vec<(&Rc<str>, &Value)> = map.iter().collect();
        members.sort_small_by_key(|(key, _)| self.place(key));
        members
    }

    fn inside(self, key: &str) -> Self {
        match self {
            Order::Declared(_) if key.is_empty() => self,
            Order::Declared(ty) => match ty.field(key).and_then(|field| Some((field.shape, schema().inside(field)?))) {
                Some((Shape::Map, inside)) => Order::Each(inside),
                Some((_, inside)) => Order::Declared(inside),
                None => Order::Keys,
            },
            Order::Each(ty) => Order::Declared(ty),
            Order::List(Some(ty)) if key == "items" => Order::Declared(ty),
            Order::Keys | Order::List(_) => Order::Keys,
        }
    }
}
