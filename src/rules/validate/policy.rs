//! PodDisruptionBudgets, ResourceQuotas, PriorityClasses and RuntimeClasses.
//!
//! Models pkg/apis/{policy,node}/validation/validation.go and, of quotas, pkg/apis/core/validation/validation.go.

use crate::validate::int_or_percent::{at_most_all, int_or_percent};
use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report};
use crate::validate::{meta, resources, selector};
use api::admit::{SYSTEM_PRIORITIES, SYSTEM_PRIORITY_PREFIX};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// Validates a new or updated budget; its metadata only has to satisfy the generic rules. Models `ValidatePodDisruptionBudget`.
pub fn budget(budget: &Value, report: &mut Report) {
    let spec = budget.part("spec");
    let path = FieldPath::of("spec");
    if spec.given("minAvailable").is_some() && spec.given("maxUnavailable").is_some() {
        report.invalid_typed(&path, spec, GoType::of("PodDisruptionBudgetSpec"), "minAvailable and maxUnavailable cannot be both set");
    }
    for field in ["minAvailable", "maxUnavailable"] {
        if let Some(value) = spec.given(field) {
            int_or_percent(value, &path.field(field), report);
            at_most_all(value, &path.field(field), report);
        }
    }
    selector::label_selector(spec.part("selector"), &path.field("selector"), report);
    report.may_be(&path, spec, "unhealthyPodEvictionPolicy", &["AlwaysAllow", "IfHealthyBudget"]);
}

/// Validates the updated status of a budget. Models `ValidatePodDisruptionBudgetStatusUpdate`.
pub fn budget_status(new: &Value, report: &mut Report) {
    let counters = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];
    report.counters(&FieldPath::of("status"), new.part("status"), &counters);
}

/// The maximum value of a user-defined class. pkg/apis/scheduling HighestUserDefinablePriority.
const PRIORITY_MAX: i64 = 1_000_000_000;

/// Validates a new PriorityClass. Models pkg/apis/scheduling/validation `ValidatePriorityClass`.
pub fn create_priority(class: &Value, report: &mut Report) {
    meta::create(Kind::PriorityClass, class.part("metadata"), report);
    let (name, value) = (class.part("metadata").text("name"), class.number("value").unwrap_or(0));
    let path = FieldPath::of("value");
    if name.starts_with(SYSTEM_PRIORITY_PREFIX) {
        if let Some(error) = no_system_class(name, value, class.given("globalDefault").and_then(Value::as_bool) == Some(true)) {
            let why = "priority class names with 'system-' prefix are reserved for system use only. error: ";
            report.forbidden(&FieldPath::of("metadata.name"), format!("{why}{error}"));
        }
    } else if value > PRIORITY_MAX {
        report.forbidden(&path, format!("maximum allowed value of a user defined priority is {PRIORITY_MAX}"));
    }
    preemption_policy(class, &FieldPath::of("preemptionPolicy"), report);
}

/// Why a class is not one of the system's. Models pkg/apis/scheduling/v1 `IsKnownSystemPriorityClass`.
fn no_system_class(name: &str, value: i64, default: bool) -> Option<String> {
    match SYSTEM_PRIORITIES.iter().find(|(known, ..)| *known == name) {
        None => Some(format!("{name} is not a known system priority class")),
        Some((_, own, _)) if *own != value => Some(format!("value of {name} PriorityClass must be {own}")),
        Some(_) => default.then(|| format!("globalDefault of {name} PriorityClass must be false")),
    }
}

/// Validates an updated PriorityClass. Models pkg/apis/scheduling/validation `ValidatePriorityClassUpdate`.
pub fn update_priority(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    if new.number("value").unwrap_or(0) != old.number("value").unwrap_or(0) {
        report.forbidden(&FieldPath::of("value"), "may not be changed in an update.");
    }
    report.immutable(&FieldPath::of("preemptionPolicy"), new.given("preemptionPolicy"), old.given("preemptionPolicy"));
}

/// Validates a new RuntimeClass. Models pkg/apis/node/validation `ValidateRuntimeClass`.
pub fn create_runtime(class: &Value, report: &mut Report) {
    meta::create(Kind::RuntimeClass, class.part("metadata"), report);
    runtime_handler(class, false, report);
    resources::overhead(class.part("overhead").part("podFixed"), &FieldPath::of("overhead"), report);
    let (scheduling, path) = (class.part("scheduling"), FieldPath::of("scheduling"));
    meta::labels(scheduling.part("nodeSelector"), &path.field("nodeSelector"), report);
    let (all, at) = (scheduling.items("tolerations"), path.field("tolerations"));
    super::scheduling::tolerations(all, &at, report);
    let same = |a: &Value, b: &Value| ["key", "operator", "value", "effect"].iter().all(|field| a.text(field) == b.text(field));
    for (i, toleration) in all.iter().enumerate().filter(|(i, one)| all[..*i].iter().any(|before| same(before, one))) {
        report.duplicate_typed(&at.index(i), toleration, GoType::of("Toleration"), "");
    }
    runtime_handler(class, true, report);
}

/// Requires a handler; checked last with declarative validation.
fn runtime_handler(class: &Value, last: bool, report: &mut Report) {
    let (handler, at) = (class.text("handler"), FieldPath::of("handler"));
    match handler {
        _ if last != report.release.declared_rules_decide => {}
        "" => report.required(&at, ""),
        _ => report.each(&at, handler, names::dns_label(handler)),
    }
}

/// Validates an updated RuntimeClass. Models pkg/apis/node/validation `ValidateRuntimeClassUpdate`.
pub fn update_runtime(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    if new.text("handler") != old.text("handler") {
        let shown = if report.release.declared_rules_decide { Value::Null } else { new.text("handler").into() };
        report.invalid(&FieldPath::of("handler"), shown, IMMUTABLE);
    }
}

/// A preemption policy. Models `ValidatePreemptionPolicy`.
pub fn preemption_policy(of: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(policy) = of.given("preemptionPolicy").and_then(Value::as_text) {
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

/// Validates a new quota. Models `ValidateResourceQuota`.
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
        report.invalid_if(!SCOPES.contains(scope), &path, list(), "unsupported scope");
        for _ in 0..unfit(spec, scope) {
            report.invalid(&path, list(), "unsupported scope applied to resource");
        }
    }
    for _ in 0..conflicts(&scopes) {
        report.invalid(&path, list(), "conflicting scopes");
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
fn scope_selector(spec: &Value, report: &mut Report) {
    let Some(selector) = spec.given("scopeSelector") else { return };
    let path = FieldPath::of("spec.scopeSelector.matchExpressions");
    let terms = selector.items("matchExpressions");
    for term in terms {
        let (scope, operator, values) = (term.text("scopeName"), term.text("operator"), term.items("values"));
        report.invalid_if(!SCOPES.contains(&scope), &path.field("scopeName"), scope, "unsupported scope");
        for _ in 0..unfit(spec, scope) {
            report.invalid_typed(&path, selector, GoType::of("ScopeSelector"), "unsupported scope applied to resource");
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

/// Validates an updated quota. Models `ValidateResourceQuotaUpdate`.
pub fn update_quota(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    create_quota(new, report);
    let scopes = |quota: &Value| quota.part("spec").items("scopes").to_vec();
    if scopes(new) != scopes(old) {
        let shown = Some(scopes(new)).filter(|scopes| !scopes.is_empty()).map_or(Value::Null, Value::from);
        report.invalid(&FieldPath::of("spec.scopes"), shown, IMMUTABLE);
    }
}
