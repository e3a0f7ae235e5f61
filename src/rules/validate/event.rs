//! Events created by clients.
//!
//! Models pkg/apis/core/validation/events.go `legacyValidateEvent`, the only validation of Events of `v1`.

use crate::validate::report::{Members, Report};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The maximum lengths of an event's texts.
const TEXT_MAX: usize = 128;
const MESSAGE_MAX: usize = 1024;

/// Validates a new or updated event.
pub fn judge(event: &Value, report: &mut Report) {
    let (namespace, about) = (event.part("metadata").text("namespace"), event.part("involvedObject").text("namespace"));
    let is_of_old = event.given("eventTime").is_none();
    let is_elsewhere = match about {
        "" if is_of_old => namespace != "default",
        "" => !["default", "kube-system"].contains(&namespace),
        about => is_of_old && about != namespace,
    };
    report.invalid_if(is_elsewhere, &FieldPath::of("involvedObject.namespace"), about, "does not match event.namespace");
    if is_of_old {
        return;
    }
    let controller = event.text("reportingComponent");
    let path = FieldPath::of("reportingComponent");
    report.needs(&FieldPath::root(), event, "reportingComponent", "");
    report.each(&path, controller, names::label_key(controller));
    for field in ["reportingInstance", "action", "reason"] {
        let path = FieldPath::of(field);
        report.needs(&FieldPath::root(), event, field, "");
        at_most(event.text(field), TEXT_MAX, &path, report);
    }
    at_most(event.text("message"), MESSAGE_MAX, &FieldPath::of("message"), report);
}

fn at_most(text: &str, most: usize, path: &FieldPath, report: &mut Report) {
    if text.len() > most {
        report.invalid(path, "", format!("can have at most {most} characters"));
    }
}
