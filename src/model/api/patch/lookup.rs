//! The schema of the fields that a patch refers to.
//!
//! Models k8s.io/apimachinery/pkg/util/strategicpatch meta.go PatchMetaFromStruct.

use crate::schema::{Element, Field, Shape, StructType, schema};
use base::quoted::go_quoted;

use super::error::PatchError;

/// The type that a part of a patch is applied to.
#[derive(Clone, Copy)]
pub(super) enum Lookup {
    Struct(&'static StructType),
    /// Anything: each part of it is of this field again.
    Free(&'static Field),
    /// A type of this Go kind, without fields.
    Other(&'static str),
}

impl Lookup {
    fn of_element(field: &'static Field) -> Self {
        match field.element {
            Element::Struct(id) => Lookup::Struct(schema().of(id)),
            Element::Raw if field.is_free() => Lookup::Free(field),
            Element::Text => Lookup::Other("string"),
            Element::Bool => Lookup::Other("bool"),
            Element::Int32 => Lookup::Other("int32"),
            Element::Int64 => Lookup::Other("int64"),
            Element::Real => Lookup::Other("float64"),
            Element::Bytes => Lookup::Other("slice"),
            Element::Time | Element::MicroTime | Element::Quantity | Element::IntOrString | Element::Raw => Lookup::Other("struct"),
        }
    }

    /// The field with this name.
    fn field(self, key: &str) -> Result<&'static Field, PatchError> {
        match self {
            Lookup::Struct(ty) => ty.field(key).ok_or_else(|| {
                PatchError::Other(format!("unable to find api field in struct {} for the json field {}", ty.name, go_quoted(key)))
            }),
            Lookup::Free(field) => Ok(field),
            Lookup::Other("struct") => {
                PatchError::other(format!("unable to find api field in struct RawExtension for the json field {}", go_quoted(key)))
            }
            Lookup::Other(kind) => PatchError::other(format!("merging an object in json but data type is not struct, instead is: {kind}")),
        }
    }

    /// The type of a map under `key`, and the field.
    pub fn map_under(self, key: &str) -> Result<(Lookup, &'static Field), PatchError> {
        let field = self.field(key)?;
        let inside = match field.shape {
            Shape::One => Lookup::of_element(field),
            Shape::List => Lookup::Other("slice"),
            Shape::Map => Lookup::Other("map"),
        };
        Ok((inside, field))
    }

    /// The type of the elements of a list under `key`, and the field.
    pub fn list_under(self, key: &str) -> Result<(Lookup, &'static Field), PatchError> {
        let field = self.field(key)?;
        match field.shape {
            Shape::List => Ok((Lookup::of_element(field), field)),
            Shape::One if field.element == Element::Bytes => Ok((Lookup::Other("uint8"), field)),
            // Behind a pointer, upstream's lookup does not check the type.
            Shape::One if field.is_pointer() || (matches!(field.element, Element::Struct(_)) && !field.is_struct_by_value()) => {
                Ok((Lookup::of_element(field), field))
            }
            _ => PatchError::other("expected slice or array type, but got: struct"),
        }
    }
}

impl Lookup {
    /// The name of the Go kind.
    pub fn kind_name(self) -> &'static str {
        match self {
            Lookup::Struct(_) | Lookup::Free(_) => "struct",
            Lookup::Other(kind) => kind,
        }
    }
}

/// The merge key of a list's elements; empty for scalars.
pub(super) fn merge_key(field: &Field) -> &'static str {
    field.merge_key.unwrap_or("")
}
