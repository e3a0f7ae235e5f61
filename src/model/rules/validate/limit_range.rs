//! LimitRanges.
//!
//! Models pkg/apis/core/validation/validation.go `ValidateLimitRange`. Errors about the resources of one list are sorted by name,
//! an order that upstream leaves undefined.

use super::report::{Members, Report};
use super::resources::{container_name, known_name};
use super::rules::Here;
use api::names;
use api::object::resources::may_overcommit;
use base::field_path::FieldPath;
use base::quantity::{Format, Quantity};
use base::sorted::SortedSet;
use base::value::Value;

/// The types that need no prefix. pkg/apis/core/helper standardLimitRangeTypes.
const TYPES: [&str; 3] = ["Pod", "Container", "PersistentVolumeClaim"];
const RATIO: &str = "maxLimitRequestRatio";

pub(super) fn limits(here: &Here, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (i, limit) in here.value.items("limits").iter().enumerate() {
        let (path, of) = (FieldPath::of("spec.limits").index(i), limit.text("type"));
        type_name(of, &path.field("type"), report);
        if !seen.insert(of) {
            report.duplicate(&path.field("type"), of);
        }
        item(limit, of, &path, report);
    }
}

/// Models `validateLimitRangeTypeName`.
fn type_name(of: &str, path: &FieldPath, report: &mut Report) {
    let wrong = names::label_key(of);
    if wrong.is_empty() && !of.contains('/') && !TYPES.contains(&of) {
        report.invalid(path, of, "must be a standard limit type or fully qualified");
    }
    report.each(path, of, wrong);
}

fn item(limit: &Value, of: &str, path: &FieldPath, report: &mut Report) {
    let mut named = SortedSet::new();
    for list in ["max", "min", "default", "defaultRequest", RATIO] {
        if of == "Pod" && list.starts_with("default") {
            report.forbidden_if(!limit.entries(list).is_empty(), &path.field(list), "may not be specified when `type` is 'Pod'");
            continue;
        }
        if of == "PersistentVolumeClaim" && list == RATIO && ["min", "max"].iter().all(|l| limit.at(&[l, "storage"]).is_none()) {
            report.required(&path.field("limits"), "either minimum or maximum storage value is required, but neither was provided");
        }
        for (name, _) in limit.entries(list) {
            let at = path.field(list).key(name);
            if TYPES[..2].contains(&of) {
                container_name(name, &at, report);
            } else {
                known_name(name, &at, report);
            }
            named.insert(name);
        }
    }
    for name in named {
        amounts(limit, of, name, path, report);
    }
}

/// Checks the amounts of one resource against each other.
fn amounts(limit: &Value, of: &str, name: &str, path: &FieldPath, report: &mut Report) {
    let counts = |list: &str| of != "Pod" || !list.starts_with("default");
    let of = |list: &str| limit.at(&[list, name]).filter(|_| counts(list)).and_then(Quantity::read);
    let [min, max, default, request, ratio] = ["min", "max", "default", "defaultRequest", RATIO].map(of);
    let order = [
        ("min", (min, "min"), (max, "max"), min),
        ("defaultRequest", (min, "min"), (request, "default request"), request),
        ("defaultRequest", (request, "default request"), (max, "max"), request),
        ("defaultRequest", (request, "default request"), (default, "default limit"), request),
        ("default", (min, "min"), (default, "default"), min),
        ("default", (default, "default"), (max, "max"), max),
    ];
    for (list, (low, low_name), (high, high_name), shown) in order {
        if let (Some(low), Some(high), Some(shown)) = (low, high, shown)
            && low > high
        {
            let why = format!("{low_name} value {low} is greater than {high_name} value {high}");
            report.invalid(&path.field(list).key(name), shown.to_string(), why);
        }
    }
    if let Some(ratio) = ratio {
        let at = path.field(RATIO).key(name);
        if ratio < Quantity::whole(1, Format::DecimalSi) {
            report.invalid(&at, ratio.to_string(), format!("ratio {ratio} is less than 1"));
        }
        if let Some(most) = max.zip(min).and_then(|(max, min)| max.over(min)).filter(|most| ratio > *most) {
            let why = format!("ratio {ratio} is greater than max/min = {}", most.with_six_decimals());
            report.invalid(&at, ratio.to_string(), why);
        }
    }
    if let (Some(default), Some(request)) = (default, request)
        && !may_overcommit(name)
        && default != request
    {
        let why = format!("default value {default} must equal to defaultRequest value {request} in {name}");
        report.invalid(&path.field("defaultRequest").key(name), request.to_string(), why);
    }
}
