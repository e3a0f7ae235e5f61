//! Events created by clients: what their table cannot say in a row.

use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use base::field_path::FieldPath;
use base::value::Value;

/// The maximum lengths of an event's texts.
const TEXT_MAX: usize = 128;
const MESSAGE_MAX: usize = 1024;

/// An event is where the object is that it is about. Those of old have no time.
pub(super) fn elsewhere(here: &Here, report: &mut Report) {
    let (namespace, about) = (here.of.part("metadata").text("namespace"), here.of.part("involvedObject").text("namespace"));
    let is_of_old = here.of.given("eventTime").is_none();
    let is_elsewhere = match about {
        "" if is_of_old => namespace != "default",
        "" => !["default", "kube-system"].contains(&namespace),
        about => is_of_old && about != namespace,
    };
    report.invalid_if(is_elsewhere, &FieldPath::of("involvedObject.namespace"), about, "does not match event.namespace");
}

pub(super) fn short(text: &Value, path: &FieldPath, report: &mut Report) {
    at_most(text, TEXT_MAX, path, report);
}

pub(super) fn message(text: &Value, path: &FieldPath, report: &mut Report) {
    at_most(text, MESSAGE_MAX, path, report);
}

fn at_most(text: &Value, most: usize, path: &FieldPath, report: &mut Report) {
    if text.as_text().is_some_and(|text| text.len() > most) {
        report.invalid(path, "", format!("can have at most {most} characters"));
    }
}
