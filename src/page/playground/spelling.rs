//! Suggests the field meant by a misspelled one: an existing field in the same place with a similar name; likewise the kind.

use api::kind::Kind;
use api::schema::schema;
use base::distance::distance;
use base::field_path::{FieldPath, Step};

/// The greatest distance between a name and its suggestion.
const LETTERS_APART: usize = 2;

/// The sibling field whose name is nearest to an unknown field's.
pub fn meant(kind: Kind, unknown: &FieldPath) -> Option<&'static str> {
    let (Step::Field(name), above) = unknown.0.split_last()? else { return None };
    let place = match above {
        [] => schema().kind(kind),
        above => schema().inside(schema().at(kind, &FieldPath(above.to_vec()))?)?,
    };
    let near = place.fields.iter().map(|field| (distance(name, field.name), field.name));
    near.filter(|(apart, _)| *apart <= LETTERS_APART && *apart < name.len()).min().map(|(_, known)| known)
}

/// The kind whose name is nearest to one that no kind has: case does not count.
pub fn kind_meant(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let near = Kind::ALL.iter().map(|kind| kind.info().name).map(|known| (distance(&name, &known.to_ascii_lowercase()), known));
    near.filter(|(apart, known)| *apart <= LETTERS_APART && apart * 2 < known.len()).min().map(|(_, known)| known)
}

/// A text as it is where neither case nor the sort of dash counts.
pub(super) fn plainly(text: &str) -> String {
    text.to_ascii_lowercase().replace('_', "-")
}
