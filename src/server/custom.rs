//! Objects of custom kinds, as their definitions have them.

use super::tables::Tables;
use crate::api::decode::unknown_fields;
use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::{FieldPath, Status};
use crate::api::validate::custom;
use crate::base::value::{Map, Value};

/// Completes an object by the schema of its definition, if its kind is a custom one, or refuses it.
pub(super) fn admit(kind: Kind, value: &mut Value, tables: &Tables, release: &'static Release) -> Result<(), Status> {
    let Kind::Custom(_) = kind else { return Ok(()) };
    let Some(definition) = tables.find(Kind::CustomResourceDefinition, "", &kind.resource()) else { return Ok(()) };
    let definition = definition.encode();
    let version = value.text_at(&["apiVersion"]).and_then(|version| version.split('/').nth(1)).unwrap_or_default();
    let schema = custom::schema_of(&definition, version);
    let mut own = value.as_map().cloned().unwrap_or_default();
    own.retain(|key, _| !["apiVersion", "kind", "metadata"].contains(&key));
    let mut own = Value::from(own);
    let mut unknown = Vec::new();
    custom::unknown(schema, &own, false, &FieldPath::root(), &mut unknown);
    if !unknown.is_empty() {
        return Err(unknown_fields(kind, &unknown));
    }
    custom::fill(schema, &mut own);
    for (key, filled) in own.as_map().into_iter().flat_map(Map::iter) {
        value.set(&[key], filled.clone());
    }
    let errors = custom::errors(schema, &own, release);
    if errors.is_empty() {
        return Ok(());
    }
    Err(Status::invalid(&kind.group_kind(), value.text_at(&["metadata", "name"]).unwrap_or_default(), errors))
}
