//! Objects of custom kinds, as their definitions have them.

use super::tables::Tables;
use api::decode::unknown_fields;
use api::kind::Kind;
use api::release::Release;
use api::rules::rules;
use api::status::Status;
use base::value::Value;

/// Completes an object by the schema of its definition, if its kind is a custom one, or refuses it.
pub(super) fn admit(kind: Kind, value: &mut Value, tables: &Tables, release: &'static Release) -> Result<(), Status> {
    let Kind::Custom(_) = kind else { return Ok(()) };
    let Some(definition) = tables.find(Kind::CustomResourceDefinition, "", &kind.resource()) else { return Ok(()) };
    let definition = definition.encode();
    let (_, unknown) = (rules().prune_custom)(&definition, value);
    if !unknown.is_empty() {
        return Err(unknown_fields(kind, &unknown));
    }
    let errors = (rules().complete_custom)(&definition, value, release);
    if errors.is_empty() {
        return Ok(());
    }
    Err(Status::invalid(&kind.group_kind(), value.text_at(&["metadata", "name"]).unwrap_or_default(), errors))
}
