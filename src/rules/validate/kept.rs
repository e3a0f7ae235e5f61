//! What the tables of kinds that are kept and not run cannot say in a row.

use crate::validate::report::{Members, Report};
use crate::validate::rules::{Here, each};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The versions of reviews that the server takes.
const REVIEWS: [&str; 2] = ["v1", "v1beta1"];

/// The name of a new APIService.
pub(super) fn service_name(here: &Here, report: &mut Report) {
    let (name, spec) = (here.value.text("name"), here.of.part("spec"));
    let version = [spec.text("version"), ".", spec.text("group")].concat();
    if name != version {
        report.invalid(&here.path.field("name"), name, format!("must be `spec.version+\".\"+spec.group`: {version:?}"));
    }
}

/// The level with this name is the one of this type.
pub(super) fn exempt_level(here: &Here, report: &mut Report) {
    let of = here.value.text("type");
    let is_wrong = (here.of.part("metadata").text("name") == "exempt") != (of == "Exempt");
    report.invalid_if(is_wrong, &here.path.field("type"), of, "must be 'Exempt' if and only if `name` is 'exempt'");
}

/// Rules that a policy matches by.
pub(super) fn with_rules(constraints: &Value, path: &FieldPath, report: &mut Report) {
    if !constraints.is_null() {
        report.needs(path, constraints, "resourceRules", "");
    }
}

/// Lives of volumes, each told of the list.
pub(super) fn lifecycle_modes(value: &Value, path: &FieldPath, report: &mut Report) {
    each(value, path, &mut |mode, _| report.known(path, mode, &["Persistent", "Ephemeral"]));
}

/// No empty text in a list.
pub(super) fn no_empty(value: &Value, path: &FieldPath, report: &mut Report) {
    each(value, path, &mut |text, path| report.required_if(text.is_empty(), path, ""));
}

/// A port that is set.
pub(super) fn port(value: &Value, path: &FieldPath, report: &mut Report) {
    let wrong = names::port_number(value.as_int().unwrap_or(0)).join(", ");
    report.invalid_if(!wrong.is_empty(), path, value.clone(), format!("port is not valid: {wrong}"));
}

/// Versions of reviews, one of which the server takes.
pub(super) fn reviews(value: &Value, path: &FieldPath, report: &mut Report) {
    let is_known = |item: &Value| item.as_text().is_some_and(|text| REVIEWS.contains(&text));
    let items = value.as_list().unwrap_or(&[]);
    if !items.is_empty() && !items.iter().any(is_known) {
        report.invalid(path, value.clone(), format!("must include at least one of {}", REVIEWS.join(", ")));
    }
}

/// A request of a certificate.
pub(super) fn request(value: &Value, path: &FieldPath, report: &mut Report) {
    let decoded = value.as_text().and_then(|text| base::base64::decode(text).ok()).unwrap_or_default();
    let is_one = decoded.starts_with(b"-----BEGIN CERTIFICATE REQUEST-----\n");
    report.invalid_if(!is_one, path, value.clone(), "PEM block type must be CERTIFICATE REQUEST");
}

/// An address.
pub(super) fn url(text: &str) -> Vec<String> {
    told(text.starts_with("https://"), "'https' is the only allowed URL scheme; desired format: https://host[/path]")
}

/// A path, or `*`.
pub(super) fn slash(text: &str) -> Vec<String> {
    told(text == "*" || text.starts_with('/'), "must start with a '/'")
}

fn told(is_right: bool, words: &str) -> Vec<String> {
    if is_right { Vec::new() } else { vec![words.to_owned()] }
}

/// A name that is required. Models `IsFullyQualifiedName`.
pub(super) fn full(value: &Value, path: &FieldPath, report: &mut Report) {
    let text = value.as_text().unwrap_or_default();
    let wrong = match names::dns_subdomain(text) {
        _ if text.is_empty() => return report.required(path, ""),
        wrong if wrong.is_empty() => told(text.split('.').count() > 2, "should be a domain with at least three segments separated by dots"),
        wrong => vec![wrong.join(",")],
    };
    report.each(path, text, wrong);
}

/// Models `ValidateSignerName`.
pub(super) fn signer(text: &str) -> Vec<String> {
    match text.split_once('/') {
        Some((domain, path)) if domain.contains('.') && !path.contains('/') => {
            names::dns_subdomain(domain).into_iter().chain(names::dns_subdomain(path)).collect()
        }
        _ => told(false, "must be a fully qualified domain and path of the form 'example.com/signer-name'"),
    }
}

/// Resources and their parts, of which one that stands for all stands alone. Models `validateResources`.
pub(super) fn resources(value: &Value, path: &FieldPath, report: &mut Report) {
    let texts: Vec<&str> = value.as_list().unwrap_or(&[]).iter().filter_map(Value::as_text).collect();
    for (i, text) in texts.iter().enumerate() {
        let Some((resource, part)) = text.split_once('/') else { continue };
        for all in [[resource, "/*"].concat(), ["*/", part].concat()] {
            if texts[..i].contains(&&*all) {
                report.invalid(&path.index(i), *text, format!("if '{all}' is present, must not specify {text}"));
            }
        }
    }
    if texts.len() > 1 && texts.contains(&"*/*") {
        report.invalid(path, value.clone(), "if '*/*' is present, must not specify other resources");
    }
    let last_alone = texts.iter().rfind(|text| !text.contains('/')).is_some_and(|text| *text != "*");
    if texts.contains(&"*") && last_alone {
        report.invalid(path, value.clone(), "if '*' is present, must not specify other resources without subresources");
    }
}
