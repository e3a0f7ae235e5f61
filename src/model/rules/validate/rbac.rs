//! Roles and bindings: what their table cannot say in a row.

use crate::validate::report::Report;
use crate::validate::rules::Here;
use crate::validate::selector;
use base::field_path::FieldPath;
use base::value::Value;

/// The selectors of an aggregation.
pub(super) fn selectors(all: &Value, path: &FieldPath, report: &mut Report) {
    for (path, one) in path.each(all.as_list().unwrap_or_default().iter()) {
        selector::label_selector(one, &path, report);
        report.invalid_if(!selector::is_sound(one), &path, Value::Null, "invalid label selector.");
    }
}

/// The declared rules do not look into a role that may not change.
pub(super) fn changed_role(here: &Here, report: &mut Report) {
    if here.old.is_some_and(|old| old != here.value) {
        report.needs(here.path, here.value, "name", "");
    }
}
