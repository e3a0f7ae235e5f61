//! Paths of files: below their folder, and without steps back.
//!
//! Models the functions for paths of pkg/apis/core/validation/validation.go.

use crate::validate::report::Report;
use base::field_path::FieldPath;

/// A relative path without `..`. Models `validateLocalDescendingPath`.
pub fn descending_path(place: &str, path: &FieldPath, report: &mut Report) {
    report.invalid_if(place.starts_with('/'), path, place, "must be a relative path");
    no_backsteps(place, path, report);
}

/// A relative path without `..` whose name is not reserved. Models `ValidateLocalNonReservedPath`.
pub fn free_path(place: &str, path: &FieldPath, report: &mut Report) {
    descending_path(place, path, report);
    report.invalid_if(place.starts_with("..") && !place.starts_with("../"), path, place, "must not start with '..'");
}

/// A path without `..`. Models `validatePathNoBacksteps`.
pub fn no_backsteps(place: &str, path: &FieldPath, report: &mut Report) {
    report.invalid_if(goes_back(place), path, place, "must not contain '..'");
}

/// Whether a path contains `..`.
pub fn goes_back(place: &str) -> bool {
    place.split('/').any(|step| step == "..")
}
