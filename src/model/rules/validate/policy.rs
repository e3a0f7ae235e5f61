//! PodDisruptionBudgets, ResourceQuotas, PriorityClasses and RuntimeClasses: what their table cannot say in a row.

use crate::validate::internal::GoType;
use crate::validate::report::{Members, Report};
use crate::validate::resources;
use crate::validate::rules::Here;
use api::admit::{SYSTEM_PRIORITIES, SYSTEM_PRIORITY_PREFIX};
use base::field_path::FieldPath;
use base::value::Value;

/// Validates the updated status of a budget. Models `ValidatePodDisruptionBudgetStatusUpdate`.
pub fn budget_status(new: &Value, report: &mut Report) {
    let counters = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];
    report.counters(&FieldPath::of("status"), new.part("status"), &counters);
}

/// The maximum value of a user-defined class. pkg/apis/scheduling HighestUserDefinablePriority.
const PRIORITY_MAX: i64 = 1_000_000_000;

/// The priority of a new class, and who may have it. Models pkg/apis/scheduling/validation `ValidatePriorityClass`.
pub(super) fn priority(here: &Here, report: &mut Report) {
    let (name, value) = (here.of.part("metadata").text("name"), here.value.as_int().unwrap_or(0));
    if name.starts_with(SYSTEM_PRIORITY_PREFIX) {
        if let Some(error) = no_system_class(name, value, here.of.flag("globalDefault")) {
            let why = "priority class names with 'system-' prefix are reserved for system use only. error: ";
            report.forbidden(&FieldPath::of("metadata.name"), format!("{why}{error}"));
        }
    } else if value > PRIORITY_MAX {
        report.forbidden(here.path, format!("maximum allowed value of a user defined priority is {PRIORITY_MAX}"));
    }
}

/// The priority of a class stays.
pub(super) fn same_priority(here: &Here, report: &mut Report) {
    let is_other = here.old.is_some_and(|old| old.as_int().unwrap_or(0) != here.value.as_int().unwrap_or(0));
    report.forbidden_if(is_other, here.path, "may not be changed in an update.");
}

/// Why a class is not one of the system's. Models pkg/apis/scheduling/v1 `IsKnownSystemPriorityClass`.
fn no_system_class(name: &str, value: i64, default: bool) -> Option<String> {
    match SYSTEM_PRIORITIES.iter().find(|(known, ..)| *known == name) {
        None => Some(format!("{name} is not a known system priority class")),
        Some((_, own, _)) if *own != value => Some(format!("value of {name} PriorityClass must be {own}")),
        Some(_) => default.then(|| format!("globalDefault of {name} PriorityClass must be false")),
    }
}

/// The overhead of a RuntimeClass.
pub(super) fn overhead(of: &Value, path: &FieldPath, report: &mut Report) {
    resources::overhead(of.part("podFixed"), path, report);
}

/// What the pods of a RuntimeClass tolerate, each but once.
pub(super) fn tolerations(all: &Value, path: &FieldPath, report: &mut Report) {
    let all = all.as_list().unwrap_or_default();
    super::scheduling::tolerations(all, path, report);
    let same = |a: &Value, b: &Value| ["key", "operator", "value", "effect"].iter().all(|field| a.text(field) == b.text(field));
    for (i, toleration) in all.iter().enumerate().filter(|(i, one)| all[..*i].iter().any(|before| same(before, one))) {
        report.duplicate_typed(&path.index(i), toleration, GoType::of("Toleration"), "");
    }
}

/// A preemption policy. Models `ValidatePreemptionPolicy`.
pub(super) fn preemption_policy(policy: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(policy) = policy.as_text() {
        report.one_of(path, policy, &["PreemptLowerPriority", "Never"]);
    }
}

/// The quota scopes; the first four form two pairs of mutually exclusive ones.
const SCOPES: [&str; 7] =
    ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];
/// The resources of claims that quotas can limit.
const OF_CLAIMS: [&str; 2] = ["persistentvolumeclaims", "requests.storage"];
/// The error about a scope that only supports the operator `Exists`.
const ONLY_EXISTS: &str = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, \
                           ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
/// The resources of pods that quotas can limit.
const OF_PODS: [&str; 7] = ["cpu", "limits.cpu", "limits.memory", "memory", "pods", "requests.cpu", "requests.memory"];

/// What a quota allows of each resource. Models the beginning of `ValidateResourceQuotaSpec`.
pub(super) fn amounts(here: &Here, report: &mut Report) {
    for (name, amount) in here.of.entries("hard") {
        let path = here.path.key(name);
        resources::quota_name(name, &path, report);
        resources::value(name, amount, &path, report);
    }
}

/// Models `validateResourceQuotaScopes`.
pub(super) fn quota_scopes(here: &Here, report: &mut Report) {
    let (Here { of: spec, path, .. }, scopes) = (here, here.of.items("scopes"));
    let list = || Value::list(scopes.to_vec());
    let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_text).collect();
    for scope in &scopes {
        report.invalid_if(!SCOPES.contains(scope), path, list(), "unsupported scope");
        for _ in 0..unfit(spec, scope) {
            report.invalid(path, list(), "unsupported scope applied to resource");
        }
    }
    for _ in 0..conflicts(&scopes) {
        report.invalid(path, list(), "conflicting scopes");
    }
}

/// How many of a quota's resources a scope does not apply to. Models `IsResourceQuotaScopeValidForResource`.
fn unfit(spec: &Value, scope: &str) -> usize {
    let fits = |name: &str| match scope {
        "BestEffort" => name == "pods",
        "VolumeAttributesClass" => OF_CLAIMS.contains(&name),
        scope => !SCOPES.contains(&scope) || OF_PODS.contains(&name),
    };
    spec.entries("hard").iter().filter(|(name, _)| resources::is_of_quotas(name) && !fits(name)).count()
}

/// The number of pairs of mutually exclusive scopes.
fn conflicts(scopes: &[&str]) -> usize {
    SCOPES[..4].chunks(2).filter(|pair| pair.iter().all(|scope| scopes.contains(scope))).count()
}

/// Models `validateScopedResourceSelectorRequirement`.
pub(super) fn scope_selector(here: &Here, report: &mut Report) {
    let Here { of: spec, value: selector, .. } = here;
    let path = here.path.field("matchExpressions");
    let terms = selector.items("matchExpressions");
    for term in terms {
        let (scope, operator, values) = (term.text("scopeName"), term.text("operator"), term.items("values"));
        report.invalid_if(!SCOPES.contains(&scope), &path.field("scopeName"), scope, "unsupported scope");
        for _ in 0..unfit(spec, scope) {
            report.invalid_typed(&path, *selector, GoType::of("ScopeSelector"), "unsupported scope applied to resource");
        }
        if SCOPES.contains(&scope) && !matches!(scope, "PriorityClass" | "VolumeAttributesClass") && operator != "Exists" {
            report.invalid(&path.field("operator"), operator, ONLY_EXISTS);
        }
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                let detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                report.required(&path.field("values"), detail);
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                report.invalid(&path.field("values"), Value::list(values.to_vec()), detail);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => report.invalid(&path.field("operator"), operator, "not a valid selector operator"),
        }
    }
    let scopes: Vec<&str> = terms.iter().map(|term| term.text("scopeName")).collect();
    for _ in 0..conflicts(&scopes) {
        report.invalid(&path, spec.given("scopes").cloned().unwrap_or_default(), "conflicting scopes");
    }
}
