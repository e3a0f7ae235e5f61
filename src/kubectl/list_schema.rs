//! kubectl's own validation of the items of a `List`. The server validates the fields of every other object, but it does not know
//! `List`, so kubectl validates the items against the server's OpenAPI document.
//!
//! Models k8s.io/kubectl/pkg/validation/validation.go and k8s.io/kube-openapi/pkg/util/proto/validation.
//! Promises: errors come in the order of sorted keys, missing fields after present ones.

use std::sync::LazyLock;

use api::kind::Kind;
use api::release::Release;
use api::schema::{Element, Field, Shape, StructType, schema};
use api::status::{Misfit, MisfitReason};
use base::field_path::FieldPath;
use base::sorted::SortedSet;
use base::value::{Map, Value};

/// Structs shared by all kinds.
const META: [&str; 6] = ["FieldsV1", "LabelSelector", "LabelSelectorRequirement", "ManagedFieldsEntry", "ObjectMeta", "OwnerReference"];
const APIMACHINERY: &str = "io.k8s.apimachinery.pkg";
const WRONG_TYPE: MisfitReason = MisfitReason::WrongType(None);

/// What kubectl itself has against an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The item of a mixed list that it is in.
    pub item: Option<usize>,
    /// The field with the error, as far as it is written, in the item or else in the whole.
    pub misfit: Misfit,
    /// Whether kubectl's words name the field.
    pub is_placed: bool,
    /// kubectl's words.
    pub words: String,
}

impl ShapeError {
    /// An error in words that do not name the field.
    pub fn unplaced(path: FieldPath, reason: MisfitReason, words: String) -> Self {
        ShapeError { item: None, misfit: Misfit { path, reason }, is_placed: false, words }
    }
}

/// The errors in an item of a list.
pub fn complaints(kind: Kind, item: &Value, release: &'static Release) -> Vec<ShapeError> {
    let mut reader = Reader { kind, release, root: kind.info().name.to_owned(), found: Vec::new() };
    reader.structure(schema().kind(kind), item, &FieldPath::root());
    reader.found
}

/// The errors in a list of one kind: `StatefulSetList`.
pub fn complaints_about_list(kind: Kind, list: &Value, release: &'static Release) -> Vec<ShapeError> {
    let mut reader = Reader { kind, release, root: format!("{}List", kind.info().name), found: Vec::new() };
    let place = format!("{}List", reader.definition(schema().kind(kind)));
    let (root, items_path) = (FieldPath::root(), FieldPath::of("items"));
    for (key, member) in list.members().filter(|(_, member)| !member.is_null()) {
        match (&**key, member) {
            ("items", Value::List(items)) => {
                for (i, item) in items.iter().enumerate() {
                    reader.structure(schema().kind(kind), item, &items_path.index(i));
                }
            }
            ("items", other) => reader.wrong_type(&items_path, &format!("{place}.items"), other, "array"),
            ("apiVersion" | "kind" | "metadata", _) => {}
            _ => reader.add(&root, key, MisfitReason::Unknown, &format!("unknown field {key:?} in {place}")),
        }
    }
    if list.get("items").is_none_or(Value::is_null) {
        reader.add(&root, "", MisfitReason::Incomplete, &format!("missing required field \"items\" in {place}"));
    }
    reader.found
}

struct Reader {
    kind: Kind,
    release: &'static Release,
    /// How its type is called in places.
    root: String,
    found: Vec<ShapeError>,
}

impl Reader {
    /// A place as messages name it: `Service.spec.ports[0]`.
    fn shown(&self, path: &FieldPath) -> String {
        if path.0.is_empty() { self.root.clone() } else { format!("{}.{path}", self.root) }
    }

    fn nil(&self, at: &FieldPath) -> String {
        format!("unknown object type \"nil\" in {}", self.shown(at))
    }

    /// Adds an error at a place, or about a member of this name there.
    fn add(&mut self, place: &FieldPath, member: &str, reason: MisfitReason, what: &str) {
        let words = format!("ValidationError({}): {what}", self.shown(place));
        let path = if member.is_empty() { place.clone() } else { place.field(member) };
        self.found.push(ShapeError { is_placed: true, ..ShapeError::unplaced(path, reason, words) });
    }

    fn wrong_type(&mut self, path: &FieldPath, place: &str, value: &Value, expected: &str) {
        let actual = match value {
            Value::Map(_) => "map",
            Value::List(_) => "array",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Real(_) => "number",
            Value::Text(_) | Value::Null => "string",
        };
        self.add(path, "", WRONG_TYPE, &format!("invalid type for {place}: got {actual:?}, expected {expected:?}"));
    }

    fn structure(&mut self, ty: &StructType, value: &Value, path: &FieldPath) {
        let Value::Map(map) = value else { return self.wrong_type(path, &self.definition(ty), value, "map") };
        for (key, member) in map.iter().filter(|(_, member)| !member.is_null()) {
            match ty.field(key).filter(|field| self.release.knows(field)) {
                None => self.add(path, key, MisfitReason::Unknown, &format!("unknown field {key:?} in {}", self.definition(ty))),
                Some(field) => self.field(ty, field, member, &path.field(key)),
            }
        }
        let release = self.release;
        for field in ty.fields.iter().filter(|field| release.requires(ty, field) && map.get(field.name).is_none_or(Value::is_null)) {
            self.add(path, "", MisfitReason::Incomplete, &format!("missing required field {:?} in {}", field.name, self.definition(ty)));
        }
    }

    fn field(&mut self, of: &StructType, field: &Field, value: &Value, path: &FieldPath) {
        match (field.shape, value) {
            (Shape::One, _) => self.element(of, field, value, path),
            (Shape::List, Value::List(items)) => {
                for (i, item) in items.iter().enumerate() {
                    let at = path.index(i);
                    match item {
                        Value::Null => self.add(path, "", WRONG_TYPE, &self.nil(&at)),
                        item => self.element(of, field, item, &at),
                    }
                }
            }
            (Shape::List, _) => self.wrong_type(path, &self.place(of, field), value, "array"),
            (Shape::Map, Value::Map(map)) => self.entries(of, field, map, path),
            (Shape::Map, _) => self.wrong_type(path, &self.place(of, field), value, "map"),
        }
    }

    fn entries(&mut self, of: &StructType, field: &Field, map: &Map, path: &FieldPath) {
        for (key, item) in map.iter() {
            let at = path.field(key);
            match item {
                Value::Null => self.found.push(ShapeError::unplaced(path.clone(), WRONG_TYPE, self.nil(&at))),
                item => self.element(of, field, item, &at),
            }
        }
    }

    fn element(&mut self, of: &StructType, field: &Field, value: &Value, path: &FieldPath) {
        let (expected, named) = match field.element {
            Element::Struct(_) if field.alternative().is_some() => return,
            Element::Struct(id) => return self.structure(schema().of(id), value, path),
            Element::Raw | Element::Real => return,
            Element::Bool => ("boolean", None),
            Element::Int32 | Element::Int64 => ("integer", None),
            Element::Text | Element::Bytes => ("string", None),
            Element::Time => ("string", Some("apis.meta.v1.Time")),
            Element::MicroTime => ("string", Some("apis.meta.v1.MicroTime")),
            Element::Quantity => ("string", Some("api.resource.Quantity")),
            Element::IntOrString => ("string", Some("util.intstr.IntOrString")),
        };
        let fits = match (expected, value) {
            ("boolean", value) => value.as_bool().is_some(),
            ("integer", value) => matches!(value, Value::Int(_) | Value::Real(_)),
            (_, value) => !matches!(value, Value::Map(_) | Value::List(_)),
        };
        if !fits {
            let place = named.map_or_else(|| self.place(of, field), |name| format!("{APIMACHINERY}.{name}"));
            self.wrong_type(path, &place, value, expected);
        }
    }

    /// A field's name in the OpenAPI document: `io.k8s.api.core.v1.ServicePort.port`.
    fn place(&self, of: &StructType, field: &Field) -> String {
        format!("{}.{}", self.definition(of), field.name)
    }

    /// A struct's name in the OpenAPI document: `io.k8s.api.core.v1.ServicePort`.
    fn definition(&self, ty: &StructType) -> String {
        if META.contains(&ty.name) {
            return format!("{APIMACHINERY}.apis.meta.v1.{}", ty.name);
        }
        let info = self.kind.info();
        let (group, version) = match info.group.split('.').next().unwrap_or_default() {
            group if group.is_empty() || is_of_core(ty) => ("core", "v1"),
            group => (group, info.version),
        };
        format!("io.k8s.api.{group}.{version}.{}", ty.name)
    }
}

/// Whether a struct belongs to a pod or claim template, which workloads take from the core group.
fn is_of_core(ty: &StructType) -> bool {
    static TAKEN_OVER: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut found = SortedSet::new();
        let mut rest: Vec<_> = [Kind::PodTemplate, Kind::PersistentVolumeClaim].map(|kind| schema().kind(kind)).into();
        while let Some(ty) = rest.pop() {
            if found.insert(ty.name) {
                rest.extend(ty.fields.iter().filter_map(|field| schema().inside(field)));
            }
        }
        found.iter().copied().collect()
    });
    TAKEN_OVER.contains(&ty.name)
}
