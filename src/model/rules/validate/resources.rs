//! Resource requirements: names, quantities, and requests against limits.
//!
//! Models pkg/apis/core/validation/validation.go `validateResourceRequirements` and pkg/apis/core/helper.

use base::sorted::SortedSet;

use crate::validate::internal::GoType;
use crate::validate::report::{Members, NOT_NEGATIVE, POSITIVE, Report};
use api::names;
use api::object::resources::{HUGE_PAGES, is_native, is_of_pods, may_overcommit, sum_of_containers};
use api::status::Fault;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// Resource names without a prefix that are known in some context.
const STANDARD: [&str; 20] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];
/// Those that containers may use.
const OF_CONTAINERS: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
/// The resource fields that a variable or file may refer to.
const FIELDS: [&str; 6] =
    ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

/// Requests and limits of a container. `claims` are the pod's resource claims. Models `ValidateContainerResourceRequirements`.
pub fn of_container(resources: &Value, claims: &SortedSet<&str>, path: &FieldPath, report: &mut Report) {
    requirements(resources, container_name, path, report);
    claim_names(resources.items("claims"), claims, &path.field("claims"), report);
}

/// Requests and limits at pod level. Models `validatePodResources`.
pub fn of_pod(resources: &Value, spec: &Value, claims: &SortedSet<&str>, path: &FieldPath, report: &mut Report) {
    if resources.given("claims").is_some() {
        report.forbidden(&path.field("claims"), "claims may not be set for Resources at pod-level");
    }
    requirements(resources, pod_name, path, report);
    claim_names(resources.items("claims"), claims, &path.field("claims"), report);
    for list in ["requests", "limits"] {
        for (name, of_pod) in resources.entries(list) {
            let (Some(of_pod), Some(sum)) = (Quantity::read(of_pod), sum_of_containers(spec, list, name)) else { continue };
            if sum > of_pod && (list == "requests" || name.starts_with(HUGE_PAGES)) {
                let detail = format!("must be greater than or equal to aggregate container {list} of {sum}");
                report.invalid(&path.field(list).key(name), of_pod.to_string(), detail);
            }
        }
    }
    for (i, container) in spec.items("containers").iter().enumerate() {
        for (name, limit) in container.part("resources").entries("limits") {
            let most = resources.part("limits").get(name).and_then(Quantity::read);
            if let (Some(limit), Some(most)) = (Quantity::read(limit), most)
                && limit > most
            {
                let path = path.field("containers").index(i).key(name).field("limits");
                report.invalid(&path, limit.to_string(), format!("must be less than or equal to pod limits of {most}"));
            }
        }
    }
}

/// The overhead of a runtime class, validated like limits. Models `validateOverhead`.
pub fn overhead(overhead: &Value, path: &FieldPath, report: &mut Report) {
    requirements(&Value::of([("limits", overhead.clone())]), container_name, path, report);
}

/// Models `validateResourceRequirements`.
fn requirements(resources: &Value, name_rule: fn(&str, &FieldPath, &mut Report), path: &FieldPath, report: &mut Report) {
    let limits = resources.part("limits");
    let (at_limits, at_requests) = (path.field("limits"), path.field("requests"));
    for (name, limit) in resources.entries("limits") {
        name_rule(name, &at_limits.key(name), report);
        value(name, limit, &at_limits.key(name), report);
        whole_pages(name, limit, &at_limits.key(name), report);
    }
    for (name, requested) in resources.entries("requests") {
        name_rule(name, &at_requests.key(name), report);
        value(name, requested, &at_requests.key(name), report);
        let Some(request) = Quantity::read(requested) else { continue };
        match limits.get(name).and_then(Quantity::read) {
            Some(limit) if request != limit && !may_overcommit(name) => {
                report.invalid(&at_requests, request.to_string(), format!("must be equal to {name} limit of {limit}"));
            }
            Some(limit) if request > limit => {
                report.invalid(&at_requests, request.to_string(), format!("must be less than or equal to {name} limit of {limit}"));
            }
            None if !may_overcommit(name) => report.required(&at_limits, "Limit must be set for non overcommitable resources"),
            _ => {}
        }
        whole_pages(name, requested, &at_requests.key(name), report);
    }
    let named = |wanted: fn(&str) -> bool| resources.entries("limits").iter().chain(&resources.entries("requests")).any(|(n, _)| wanted(n));
    if named(|n| n.starts_with(HUGE_PAGES)) && !named(|n| ["cpu", "memory"].contains(&n)) {
        report.forbidden(path, "HugePages require cpu or memory");
    }
}

/// Huge pages are requested in whole pages. Models `validateResourceQuantityHugePageValue`.
fn whole_pages(name: &str, value: &Value, path: &FieldPath, report: &mut Report) {
    let (Some(size), Some(amount)) = (name.strip_prefix(HUGE_PAGES), Quantity::read(value)) else { return };
    let size = Quantity::parse(size).ok().filter(|size| size.is_whole() && !size.is_negative() && !size.is_zero());
    if size.is_none_or(|size| amount.units() % size.units() != 0) {
        report.invalid(path, amount.to_string(), format!("{amount} is not positive integer multiple of {name}"));
    }
}

/// A quantity must not be negative, and must be an integer if the resource is indivisible. Models `ValidateResourceQuantityValue`.
pub fn value(name: &str, value: &Value, path: &FieldPath, report: &mut Report) {
    let Some(amount) = Quantity::read(value) else { return };
    if amount.is_negative() {
        report.invalid(path, value.clone(), NOT_NEGATIVE);
    }
    if comes_in_pieces(name) && !amount.is_whole() {
        report.invalid(path, value.clone(), "must be an integer");
    }
}

/// A quantity that must be positive. Models `ValidatePositiveQuantityValue`.
pub fn positive(value: &Value, path: &FieldPath, report: &mut Report) {
    let Some(amount) = Quantity::read(value) else { return };
    if amount.is_negative() || amount.is_zero() {
        report.invalid(path, amount.to_string(), POSITIVE);
    }
}

/// A reference to a container's resource. Models `validateContainerResourceFieldSelector`.
pub fn field_reference(source: &Value, in_volume: bool, path: &FieldPath, report: &mut Report) {
    let resource = source.text("resource");
    let of_huge_pages = ["limits.", "requests."].iter().any(|p| resource.strip_prefix(p).is_some_and(|r| r.starts_with(HUGE_PAGES)));
    if in_volume && source.text("containerName").is_empty() {
        report.required(&path.field("containerName"), "");
    } else if resource.is_empty() {
        report.required(&path.field("resource"), "");
    } else if !FIELDS.contains(&resource) && !of_huge_pages {
        report.not_supported(&path.field("resource"), resource, &FIELDS);
    }
    divisor(resource, source.part("divisor"), path, report);
}

/// Models `validateContainerResourceDivisor`.
fn divisor(resource: &str, divisor: &Value, path: &FieldPath, report: &mut Report) {
    let Some(divisor) = Quantity::read(divisor).filter(|d| !d.is_zero()) else { return };
    let bytes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let (supported, of) = match resource.split_once('.').map(|(_, name)| name) {
        Some("cpu") => (&["1m", "1"][..], "cpu"),
        Some("memory") => (&bytes[..], "memory"),
        Some("ephemeral-storage") => (&bytes[..], "local ephemeral storage"),
        Some(name) if name.starts_with(HUGE_PAGES) => (&bytes[..], "hugepages"),
        _ => return,
    };
    if !supported.contains(&divisor.to_string().as_str()) {
        let list = if of == "cpu" { "1m and 1".to_owned() } else { supported.join(", ") };
        report.invalid(&path.field("divisor"), resource, format!("only divisor's values {list} are supported with the {of} resource"));
    }
}

/// Models `validateResourceName`; returns whether the name qualifies for further checks.
pub fn known_name(name: &str, path: &FieldPath, report: &mut Report) -> bool {
    let before = report.len();
    report.each(path, name, names::label_key(name));
    if report.len() > before {
        return false;
    }
    let huge_pages = name.strip_prefix("requests.").unwrap_or(name).starts_with(HUGE_PAGES);
    if !name.contains('/') && !STANDARD.contains(&name) && !huge_pages {
        report.invalid(path, name, "must be a standard resource type or fully qualified");
        return false;
    }
    true
}

/// Models `validateContainerResourceName`.
pub fn container_name(name: &str, path: &FieldPath, report: &mut Report) {
    known_name(name, path, report);
    if !name.contains('/') {
        if !OF_CONTAINERS.contains(&name) && !name.starts_with(HUGE_PAGES) {
            report.invalid(path, name, "must be a standard resource for containers");
        }
    } else if !is_native(name) && !is_extended(name) {
        report.invalid(path, name, "doesn't follow extended resource name standard");
    }
}

/// A resource that a quota limits. Models `validateResourceQuotaResourceName`.
pub fn quota_name(name: &str, path: &FieldPath, report: &mut Report) {
    known_name(name, path, report);
    if !name.contains('/') && !is_of_quotas(name) {
        report.invalid(path, name, "must be a standard resource for quota");
    }
}

/// Whether quotas know a name without a prefix. Models pkg/apis/core/helper `IsStandardQuotaResourceName`.
pub fn is_of_quotas(name: &str) -> bool {
    name != "storage" && STANDARD.contains(&name) || name.strip_prefix("requests.").unwrap_or(name).starts_with(HUGE_PAGES)
}

/// Models `validatePodResourceName`.
fn pod_name(name: &str, path: &FieldPath, report: &mut Report) {
    if known_name(name, path, report) && !is_of_pods(name) {
        report.not_supported(path, name, &["cpu", "hugepages-", "memory"]);
    }
}

/// A pod's resource claims. Models `validatePodResourceClaims`.
pub fn claims(claims: &[Value], path: &FieldPath, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (path, claim) in path.each(claims.iter()) {
        let name = claim.text("name");
        if name.is_empty() {
            report.required(&path.field("name"), "");
        } else if seen.insert(name) {
            report.each(&path.field("name"), name, names::dns_label(name));
        } else {
            report.duplicate(&path.field("name"), name);
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"].map(|field| (field, claim.given(field).and_then(Value::as_text)));
        let detail = match sources.iter().filter(|(_, name)| name.is_some()).count() {
            0 => "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            1 => "",
            _ => "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        };
        if !detail.is_empty() {
            report.invalid_typed(&path, claim, GoType::of("PodResourceClaim"), detail);
        }
        for (field, name) in sources {
            if let Some(name) = name {
                report.each(&path.field(field), name, names::dns_subdomain(name));
            }
        }
    }
}

/// Models `validateResourceClaimNames`.
fn claim_names(claims: &[Value], known: &SortedSet<&str>, path: &FieldPath, report: &mut Report) {
    let mut seen: SortedSet<(&str, &str)> = SortedSet::new();
    for (i, claim) in claims.iter().enumerate() {
        let (name, request) = (claim.text("name"), claim.text("request"));
        if name.is_empty() {
            report.required(&path.index(i), "");
            continue;
        }
        if seen.contains(&(name, "")) {
            report.duplicate(&path.index(i), name);
        } else if request.is_empty() {
            for _ in seen.iter().filter(|(of, _)| *of == name) {
                report.duplicate(&path.index(i), name);
            }
            seen.insert((name, ""));
        } else {
            report.each(&path.index(i).field("request"), request, names::dns_label(request));
            if !seen.insert((name, request)) {
                report.duplicate(&path.index(i), format!("{name}/{request}"));
            }
        }
        if !known.contains(name) {
            let list: Vec<&str> = known.iter().copied().collect();
            let which = if list.is_empty() { " which is empty".to_owned() } else { format!(": {}", list.join(", ")) };
            report.add(&path.index(i), Fault::NotFound(name.into()), format!("must be one of the names in pod.spec.resourceClaims{which}"));
        }
    }
}

fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && names::label_key(&format!("requests.{name}")).is_empty()
}

fn comes_in_pieces(name: &str) -> bool {
    let is_measured = ["cpu", "memory", "storage"].iter().any(|end| name.ends_with(end));
    STANDARD.contains(&name) && !is_measured || is_extended(name)
}
