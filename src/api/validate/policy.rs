//! Disruption budgets and quotas.
//!
//! Models pkg/apis/policy/validation/validation.go and, of quotas, pkg/apis/core/validation/validation.go.

use crate::api::kind::Kind;
use crate::api::status::FieldPath;
use crate::api::validate::internal::{GoType, go_json};
use crate::api::validate::report::{Members, Report};
use crate::api::validate::workload::{at_most_all, int_or_percent};
use crate::api::validate::{meta, resources, selector};
use crate::base::value::Value;

/// A new or changed budget; its metadata are only what any object's must be. Models `ValidatePodDisruptionBudget`.
pub fn budget(budget: &Value, report: &mut Report) {
    let spec = budget.part("spec");
    let path = FieldPath::of("spec");
    if spec.given("minAvailable").is_some() && spec.given("maxUnavailable").is_some() {
        let shown = go_json(spec, GoType::of("PodDisruptionBudgetSpec"));
        report.invalid_struct(&path, &shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for field in ["minAvailable", "maxUnavailable"] {
        if let Some(value) = spec.given(field) {
            int_or_percent(value, &path.field(field), report);
            at_most_all(value, &path.field(field), report);
        }
    }
    selector::label_selector(spec.part("selector"), &path.field("selector"), report);
    if let Some(policy) = spec.given("unhealthyPodEvictionPolicy").and_then(Value::as_text) {
        let supported = ["AlwaysAllow", "IfHealthyBudget"];
        if !supported.contains(&policy) {
            report.not_supported(&path.field("unhealthyPodEvictionPolicy"), policy, &supported);
        }
    }
}

/// A changed status of a budget. Models `ValidatePodDisruptionBudgetStatusUpdate`.
pub fn budget_status(new: &Value, report: &mut Report) {
    for field in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
        report.non_negative(&FieldPath::of("status").field(field), new.part("status").number(field).unwrap_or(0));
    }
}

/// What a quota can be about, in pairs of which it can be about one.
const SCOPES: [&str; 7] =
    ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];
/// What quotas of claims can limit.
const OF_CLAIMS: [&str; 2] = ["persistentvolumeclaims", "requests.storage"];
/// What is said of a scope that is either there or not.
const ONLY_EXISTS: &str = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, \
                           ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
/// What quotas of pods can limit.
const OF_PODS: [&str; 7] = ["cpu", "limits.cpu", "limits.memory", "memory", "pods", "requests.cpu", "requests.memory"];

/// A new quota. Models `ValidateResourceQuota`.
pub fn create_quota(quota: &Value, report: &mut Report) {
    meta::create(Kind::ResourceQuota, quota.part("metadata"), report);
    let spec = quota.part("spec");
    for (name, amount) in spec.entries("hard") {
        let path = FieldPath::of("spec.hard").key(name);
        resources::quota_name(name, &path, report);
        resources::value(name, amount, &path, report);
    }
    quota_scopes(spec, report);
    scope_selector(spec, report);
}

/// Models `validateResourceQuotaScopes`.
fn quota_scopes(spec: &Value, report: &mut Report) {
    let (path, scopes) = (FieldPath::of("spec.scopes"), spec.items("scopes"));
    let list = || Value::list(scopes.to_vec());
    let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_text).collect();
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            report.invalid(&path, list(), "unsupported scope");
        }
        for _ in 0..unfit(spec, scope) {
            report.invalid(&path, list(), "unsupported scope applied to resource");
        }
    }
    for _ in 0..conflicts(&scopes) {
        report.invalid(&path, list(), "conflicting scopes");
    }
}

/// How many of a quota's resources a scope has nothing to do with. Models `IsResourceQuotaScopeValidForResource`.
fn unfit(spec: &Value, scope: &str) -> usize {
    let fits = |name: &str| match scope {
        "BestEffort" => name == "pods",
        "VolumeAttributesClass" => OF_CLAIMS.contains(&name),
        scope => !SCOPES.contains(&scope) || OF_PODS.contains(&name),
    };
    spec.entries("hard").iter().filter(|(name, _)| resources::is_of_quotas(name) && !fits(name)).count()
}

/// How many pairs there are of which only one can hold.
fn conflicts(scopes: &[&str]) -> usize {
    SCOPES[..4].chunks(2).filter(|pair| pair.iter().all(|scope| scopes.contains(scope))).count()
}

/// Models `validateScopedResourceSelectorRequirement`.
fn scope_selector(spec: &Value, report: &mut Report) {
    let Some(selector) = spec.given("scopeSelector") else { return };
    let path = FieldPath::of("spec.scopeSelector.matchExpressions");
    let terms = selector.items("matchExpressions");
    for term in terms {
        let (scope, operator, values) = (term.text("scopeName"), term.text("operator"), term.items("values"));
        if !SCOPES.contains(&scope) {
            report.invalid(&path.field("scopeName"), scope, "unsupported scope");
        }
        for _ in 0..unfit(spec, scope) {
            report.invalid_struct(&path, &go_json(selector, GoType::of("ScopeSelector")), "unsupported scope applied to resource");
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

/// A changed quota. Models `ValidateResourceQuotaUpdate`.
pub fn update_quota(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    create_quota(new, report);
    let scopes = |quota: &Value| quota.part("spec").items("scopes").to_vec();
    if scopes(new) != scopes(old) {
        report.invalid(&FieldPath::of("spec.scopes"), Value::list(scopes(new)), "field is immutable");
    }
}
