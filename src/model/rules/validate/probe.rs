//! Probes and lifecycle hooks.
//!
//! Models pkg/apis/core/validation/validation.go `validateProbe`, `validateHandler`, `validateLifecycle`.

use crate::validate::report::{Members, Report};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The purpose of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Decides whether a container is restarted.
    Liveness,
    /// Decides whether a container gets traffic.
    Readiness,
    /// Holds back the other probes until it succeeds.
    Startup,
}

/// An optional probe. Models `validateLivenessProbe`, `validateReadinessProbe`, `validateStartupProbe`.
pub fn probe(probe: Option<&Value>, purpose: Purpose, path: &FieldPath, report: &mut Report) {
    let Some(probe) = probe else { return };
    handler(probe, &["exec", "httpGet", "tcpSocket", "grpc"], None, path, report);
    let counters = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];
    report.counters(path, probe, &counters);
    let grace = probe.number("terminationGracePeriodSeconds");
    if let Some(grace) = grace.filter(|g| *g <= 0) {
        report.invalid(&path.field("terminationGracePeriodSeconds"), grace, "must be greater than 0");
    }
    match purpose {
        Purpose::Readiness => {
            if let Some(grace) = grace {
                report.invalid(&path.field("terminationGracePeriodSeconds"), grace, "must not be set for readinessProbes");
            }
        }
        Purpose::Liveness | Purpose::Startup => {
            let threshold = probe.number("successThreshold").unwrap_or(0);
            report.invalid_if(threshold != 1, &path.field("successThreshold"), threshold, "must be 1");
        }
    }
}

/// The `postStart` and `preStop` hooks. Models `validateLifecycle`.
pub fn lifecycle(lifecycle: &Value, grace_period: Option<i64>, path: &FieldPath, report: &mut Report) {
    for hook in ["postStart", "preStop"] {
        if let Some(action) = lifecycle.given(hook) {
            handler(action, &["exec", "httpGet", "tcpSocket", "sleep"], grace_period, &path.field(hook), report);
        }
    }
}

/// Requires exactly one handler. Models `validateHandler`.
fn handler(holder: &Value, kinds: &[&str], grace_period: Option<i64>, path: &FieldPath, report: &mut Report) {
    let mut found = false;
    for kind in kinds {
        let Some(action) = holder.given(kind) else { continue };
        let path = path.field(kind);
        if found {
            report.forbidden(&path, "may not specify more than 1 handler type");
            continue;
        }
        found = true;
        match *kind {
            "exec" if action.items("command").is_empty() => report.required(&path.field("command"), ""),
            "httpGet" => http_get(action, &path, report),
            "tcpSocket" => port(action.part("port"), &path.field("port"), report),
            "grpc" => {
                let number = action.number("port").unwrap_or(0);
                report.each(&path.field("port"), number, names::port_number(number));
            }
            "sleep" => sleep(action.number("seconds").unwrap_or(0), grace_period, &path, report),
            _ => {}
        }
    }
    report.required_if(!found, path, "must specify a handler type");
}

fn http_get(action: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, action, "path", "");
    port(action.part("port"), &path.field("port"), report);
    let scheme = action.text("scheme");
    if !["HTTP", "HTTPS"].contains(&scheme) {
        report.not_supported(&path.field("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in action.items("httpHeaders") {
        let name = header.text("name");
        report.each(&path.field("httpHeaders"), name, names::header_name(name));
    }
}

/// A port number or name; absent is 0. Models `ValidatePortNumOrName`.
pub fn port(port: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(name) = port.as_text() {
        report.each(path, name, names::port_name(name));
    } else {
        let number = port.as_int().unwrap_or(0);
        report.each(path, number, names::port_number(number));
    }
}

fn sleep(seconds: i64, grace_period: Option<i64>, path: &FieldPath, report: &mut Report) {
    if let Some(grace) = grace_period.filter(|grace| seconds < 0 || seconds > *grace) {
        report.invalid(path, seconds, format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})"));
    }
}
