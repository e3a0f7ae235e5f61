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
const SCOPES: [&str; 6] = ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass", "CrossNamespacePodAffinity"];
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
}

/// Models `validateResourceQuotaScopes`.
fn quota_scopes(spec: &Value, report: &mut Report) {
    let (path, scopes) = (FieldPath::of("spec.scopes"), spec.items("scopes"));
    let list = || Value::list(scopes.to_vec());
    for scope in scopes.iter().filter_map(Value::as_text) {
        if !SCOPES.contains(&scope) {
            report.invalid(&path, list(), "unsupported scope");
        }
        let fits = |name: &str| name == "pods" || scope != "BestEffort" && OF_PODS.contains(&name);
        let unfit = spec.entries("hard").iter().filter(|(name, _)| resources::is_of_quotas(name) && !fits(name)).count();
        for _ in 0..unfit {
            report.invalid(&path, list(), "unsupported scope applied to resource");
        }
    }
    let has = |scope: &str| scopes.iter().any(|s| s.as_text() == Some(scope));
    let both = |pair: &&[&str]| pair.iter().all(|scope| has(scope));
    for _ in SCOPES[..4].chunks(2).filter(both) {
        report.invalid(&path, list(), "conflicting scopes");
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
