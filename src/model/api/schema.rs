//! The fields of every kind, as used by strict decoding, patches, `kubectl explain` and completion.
//!
//! Two texts hold the facts. `schema.txt` is written from the Go types of 1.37.1 by `tests/conformance/recorder/schema`, which also lists
//! what another release changes; fields that only an earlier release has stay in it. `simulated.txt` is ours and says which fields the
//! simulation acts on.
//!
//! A line of `schema.txt` is a struct: `Name[ package[ Go name]]|field|field…`, in the order of the Go struct. A field is
//! `name[:type][ marks][ @merge key][ #list keys][ =Go type][ ^Go name][ >since][ <until]`. A type is a struct's name or a letter, text
//! where there is none: `b` bool, `i` int32, `l` int64, `d` float64, `t` time, `u` time with microseconds, `q` quantity, `n` number or
//! name, `y` bytes, `r` anything, `s` text; `*` before it means a list and `%` a map. The marks: `r` required, `o` written even when
//! empty, `p` pointer, `z` a struct held by value, `x` deprecated, `m` patches merge it, `w` patches
//! replace it whole, `k` patches retain keys, `u` a set, `a` one owner has the whole map or list, `g` each field has its own,
//! `f` patches and owners see any fields in it; `A`, `B` and `S` an unmarshaller of its own also takes a list, a Boolean, a list of
//! strings. A field `*` stands for all that are not named. Where no Go name stands, a capital makes one of the name.
//! Fields came and went with releases: `>36` is 1.36. Go types without a package are of `v1`. `+Name` says that the fields up to `-` are
//! those of an embedded struct; `!` that one owner has the whole struct.
//!
//! A line of `simulated.txt` is a struct and its simulated fields, `*` for all. What is not listed is accepted, kept and
//! shown, but changes nothing.
//!
//! Promises: the tables are read once and never change. Must not know: objects, the cluster.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::kind::Kind;
use base::field_path::{FieldPath, Step};

const SCHEMA: &str = include_str!("schema.txt");
/// The struct of the kinds without one of their own: custom ones, and those of Kubernetes that are only kept.
const ANY_KIND: &str = "CustomResource";
/// The field that stands for all that are not named.
const ANY_FIELD: &str = "*";
const SIMULATED: &str = include_str!("simulated.txt");
/// Whether a field holds a single value, a list or a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A single value.
    One,
    List,
    /// A map with any keys.
    Map,
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// A 64-bit floating-point number.
    Real,
    /// A timestamp in seconds.
    Time,
    /// A timestamp in microseconds.
    MicroTime,
    /// A quantity: `500m`.
    Quantity,
    /// A number, a name or a percentage.
    IntOrString,
    /// Base64.
    Bytes,
    /// Anything.
    Raw,
    /// A struct: see [`Schema::of`].
    Struct(StructId),
}

/// An index into the table of structs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructId(u16);

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// The JSON name.
    pub name: &'static str,
    /// Single value, list or map.
    pub shape: Shape,
    /// The type of its values.
    pub element: Element,
    /// The merge key of a list's elements in a strategic merge patch.
    pub merge_key: Option<&'static str>,
    /// The keys of a list's elements in server-side apply, if different; joined by `+`.
    pub list_keys: Option<&'static str>,
    /// The embedded Go struct it comes from, which type errors mention.
    pub embedded_in: Option<&'static str>,
    /// Whether the simulation acts on it.
    pub simulated: bool,
    marks: &'static str,
    go: Option<&'static str>,
    go_name: Option<&'static str>,
    /// The releases that have it, as their numbers after `1.`.
    pub(crate) releases: RangeInclusive<u8>,
}

/// A struct: an API object or a part of one.
#[derive(Clone, Debug)]
pub struct StructType {
    /// Its Go name: `PodSpec`.
    pub name: &'static str,
    /// Its fields, in the order of the Go struct.
    pub fields: Vec<Field>,
    /// Whether server-side apply gives all of it to one owner.
    pub is_atomic: bool,
    /// Its name in the table, which no other struct has.
    pub key: &'static str,
    package: &'static str,
}

/// All structs.
#[derive(Debug)]
pub struct Schema {
    /// Sorted by key.
    types: Vec<StructType>,
}

/// The tables, loaded on first use.
pub fn schema() -> &'static Schema {
    static TABLES: LazyLock<Schema> = LazyLock::new(Schema::read);
    &TABLES
}

impl Schema {
    /// The struct type of a kind.
    pub fn kind(&self, kind: Kind) -> &StructType {
        let named = |name: &str| self.types.iter().find(|t| t.key == name);
        let own = if let Kind::Custom(_) = kind { None } else { named(kind.info().name) };
        own.or_else(|| named(ANY_KIND)).unwrap_or(&self.types[0])
    }

    /// Whether a kind may have any fields.
    pub fn is_open(&self, kind: Kind) -> bool {
        self.kind(kind).field(ANY_FIELD).is_some()
    }

    /// The struct with this name.
    pub fn named(&self, name: &str) -> Option<&StructType> {
        self.types.iter().find(|t| t.key == name)
    }

    /// A struct.
    pub fn of(&self, id: StructId) -> &StructType {
        &self.types[usize::from(id.0)]
    }

    /// The struct type of a field's values.
    pub fn inside(&self, field: &Field) -> Option<&StructType> {
        match field.element {
            Element::Struct(id) => Some(self.of(id)),
            _ => None,
        }
    }

    /// The fields along a path of names, as in `kubectl explain`, which skips list indexes. The error is the number of names found.
    pub fn walk<'a>(&'a self, kind: Kind, names: &[&str]) -> Result<Vec<&'a Field>, usize> {
        let mut fields = Vec::new();
        let mut inside = Some(self.kind(kind));
        for name in names {
            let field = inside.and_then(|t| t.field(name)).ok_or(fields.len())?;
            inside = self.inside(field);
            fields.push(field);
        }
        Ok(fields)
    }

    /// The field that contains a path in an object; `None` for the root and for unknown paths.
    pub fn at(&self, kind: Kind, path: &FieldPath) -> Option<&Field> {
        let mut inside = Some(self.kind(kind));
        let mut found: Option<&Field> = None;
        for step in &path.0 {
            match (step, found) {
                (Step::Index(_), Some(field)) if field.shape == Shape::List => {}
                (Step::Field(_) | Step::Key(_), Some(field)) if field.shape == Shape::Map => {}
                (Step::Field(name) | Step::Key(name), _) => {
                    let field = inside?.field(name)?;
                    inside = self.inside(field);
                    found = Some(field);
                }
                (Step::Index(_), _) => return None,
            }
        }
        found
    }

    fn read() -> Schema {
        let heads: Vec<&str> = SCHEMA.lines().map(|line| first_word(line.split('|').next().unwrap_or(""))).collect();
        let id = |name: &str| heads.binary_search(&name).ok().and_then(|i| u16::try_from(i).ok()).map(StructId);
        let types = SCHEMA.lines().map(|line| read_struct(line, id)).collect();
        let mut schema = Schema { types };
        for line in SIMULATED.lines() {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or("");
            let fields: Vec<&str> = words.collect();
            for ty in schema.types.iter_mut().filter(|t| t.key == name) {
                for field in &mut ty.fields {
                    field.simulated = fields == ["*"] || fields.contains(&field.name);
                }
            }
        }
        schema
    }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or("")
}

fn read_struct(line: &'static str, id: impl Fn(&str) -> Option<StructId>) -> StructType {
    let mut parts = line.split('|');
    let mut head = parts.next().unwrap_or("").split(' ');
    let key = head.next().unwrap_or("");
    let package = head.next().unwrap_or("v1");
    let name = head.next().unwrap_or(key);
    let mut fields = Vec::new();
    let mut embedded_in = None;
    let mut is_atomic = false;
    for part in parts {
        match part.split_at(1) {
            ("!", _) => is_atomic = true,
            ("+", name) => embedded_in = Some(name),
            ("-", _) => embedded_in = None,
            _ => fields.push(Field { embedded_in, ..read_field(part, &id) }),
        }
    }
    StructType { name, fields, is_atomic, key, package }
}

fn read_field(part: &'static str, id: impl Fn(&str) -> Option<StructId>) -> Field {
    let mut words = part.split(' ');
    let (name, type_text) = words.next().map(|w| w.split_once(':').unwrap_or((w, "s"))).unwrap_or_default();
    let (shape, element) = match type_text.split_at(1) {
        ("*", element) => (Shape::List, element),
        ("%", element) => (Shape::Map, element),
        _ => (Shape::One, type_text),
    };
    let element = match element {
        "b" => Element::Bool,
        "i" => Element::Int32,
        "l" => Element::Int64,
        "d" => Element::Real,
        "t" => Element::Time,
        "u" => Element::MicroTime,
        "q" => Element::Quantity,
        "n" => Element::IntOrString,
        "y" => Element::Bytes,
        "r" => Element::Raw,
        name => id(name).map_or(Element::Text, Element::Struct),
    };
    let mut field = Field {
        name,
        shape,
        element,
        merge_key: None,
        list_keys: None,
        embedded_in: None,
        simulated: false,
        marks: "",
        go: None,
        go_name: None,
        releases: 0..=u8::MAX,
    };
    for word in words {
        match word.split_at(1) {
            ("@", key) => field.merge_key = Some(key),
            ("#", keys) => field.list_keys = Some(keys),
            ("=", go) => field.go = Some(go),
            ("^", name) => field.go_name = Some(name),
            (">", minor) => field.releases = minor.parse().unwrap_or(0)..=*field.releases.end(),
            ("<", minor) => field.releases = *field.releases.start()..=minor.parse().unwrap_or(u8::MAX),
            _ => field.marks = word,
        }
    }
    field
}

impl StructType {
    /// The field with this name. Names are case-sensitive.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name).or_else(|| self.fields.last().filter(|f| f.name == ANY_FIELD))
    }

    /// The Go type: `v1.PodSpec`.
    pub fn go_type(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }
}

impl Field {
    fn has(&self, mark: char) -> bool {
        self.marks.contains(mark)
    }

    /// Whether the field is required.
    pub fn is_required(&self) -> bool {
        self.has('r')
    }

    /// Whether Go writes it even when it is empty.
    pub fn is_written_empty(&self) -> bool {
        self.has('o') || self.has('z')
    }

    /// Whether absent differs from zero.
    pub fn is_pointer(&self) -> bool {
        self.has('p')
    }

    /// Whether it is a Go struct held by value, which always exists.
    pub fn is_struct_by_value(&self) -> bool {
        self.has('z')
    }

    /// Whether a strategic merge patch merges the list: by [`Field::merge_key`], or as a set of scalars.
    pub fn is_merged(&self) -> bool {
        self.has('m')
    }

    /// Whether a strategic merge patch replaces the map as a whole.
    pub fn is_replaced(&self) -> bool {
        self.has('w')
    }

    /// Whether server-side apply gives all of a map or list to one owner. Lists whose elements have owners of their own are those with
    /// keys, and sets.
    pub fn is_atomic(&self) -> bool {
        let told_apart = self.list_keys.is_some() || self.is_merged() || self.has('u');
        self.has('a') || self.shape == Shape::List && !told_apart
    }

    /// Whether each field in it has its own owner, even where that is otherwise so of none of this struct.
    pub fn is_granular(&self) -> bool {
        self.has('g')
    }

    /// Whether patches merge whatever is in it, and each field in it has its own owner.
    pub fn is_free(&self) -> bool {
        self.has('f')
    }

    /// What the field's own unmarshaller takes besides a struct: `A` a list of them, `B` a Boolean, `S` a list of strings.
    pub(crate) fn alternative(&self) -> Option<char> {
        self.marks.chars().find(char::is_ascii_uppercase)
    }

    /// What tells the elements of a list with owners of their own apart, joined by `+`; `None` for plain values.
    pub(crate) fn owned_by(&self) -> Option<&'static str> {
        self.list_keys.or(self.merge_key)
    }

    /// Whether kubectl's patches add `$retainKeys` for the map.
    pub fn retains_keys(&self) -> bool {
        self.has('k')
    }

    /// The Go name: `APIVersion`.
    pub fn go_name(&self) -> String {
        self.go_name.map_or_else(|| self.name[..1].to_ascii_uppercase() + &self.name[1..], str::to_owned)
    }

    /// The Go type, without pointers: `[]v1.Container`.
    pub fn go_type(&self) -> String {
        match (self.go, self.shape) {
            (Some(go), _) => qualified(go),
            (None, Shape::One) => self.go_element(),
            (None, Shape::List) => format!("[]{}", self.go_element()),
            (None, Shape::Map) => format!("map[string]{}", self.go_element()),
        }
    }

    /// The type of a single value, unless that has a name of its own.
    pub fn plain_element(&self) -> Option<Element> {
        self.named_element().is_none().then_some(self.element)
    }

    fn named_element(&self) -> Option<&'static str> {
        let named = self.go.map(|go| match self.shape {
            Shape::One => go,
            Shape::List => go.trim_start_matches("[]"),
            Shape::Map => go.split_once(']').map_or("", |(_, value)| value),
        });
        named.filter(|name| !name.is_empty())
    }

    /// The Go type of a single value.
    pub fn go_element(&self) -> String {
        match (self.named_element(), self.element) {
            (_, Element::Struct(id)) => schema().of(id).go_type(),
            (Some(name), _) => qualified(name),
            (_, Element::Text) => "string".to_owned(),
            (_, Element::Bool) => "bool".to_owned(),
            (_, Element::Int32) => "int32".to_owned(),
            (_, Element::Int64) => "int64".to_owned(),
            (_, Element::Real) => "float64".to_owned(),
            (_, Element::Time) => "v1.Time".to_owned(),
            (_, Element::MicroTime) => "v1.MicroTime".to_owned(),
            (_, Element::Quantity) => "resource.Quantity".to_owned(),
            (_, Element::IntOrString) => "intstr.IntOrString".to_owned(),
            (_, Element::Bytes) => "[]uint8".to_owned(),
            (_, Element::Raw) => "runtime.RawExtension".to_owned(),
        }
    }

    /// The type as `kubectl explain` shows it: `[]Container`, `map[string]string`, `integer`.
    pub fn explained_type(&self) -> String {
        let element = match self.element {
            Element::Text | Element::Time | Element::MicroTime | Element::Bytes => "string",
            Element::Bool => "boolean",
            Element::Int32 | Element::Int64 => "integer",
            Element::Real => "number",
            Element::Quantity => "Quantity",
            Element::IntOrString => "IntOrString",
            Element::Raw => "Object",
            Element::Struct(id) => schema().of(id).name,
        };
        match self.shape {
            Shape::One => element.to_owned(),
            Shape::List => format!("[]{element}"),
            Shape::Map => format!("map[string]{element}"),
        }
    }
}

/// Puts `v1.` before names without a package.
fn qualified(go: &str) -> String {
    if let Some(element) = go.strip_prefix("[]") {
        return format!("[]{}", qualified(element));
    }
    if let Some((key, value)) = go.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
        return format!("map[{}]{}", qualified(key), qualified(value));
    }
    if go.contains('.') { go.to_owned() } else { format!("v1.{go}") }
}
