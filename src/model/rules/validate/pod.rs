//! Pods and pod templates.
//!
//! Not modelled: scheduling groups.
//!
//! Models pkg/apis/core/validation/validation.go `ValidatePodSpec`, `ValidatePodCreate`, `ValidatePodTemplateSpec`.

use base::sorted::SortedSet;

use crate::validate::pod_warnings::{APP_ARMOR_OF_CONTAINER, SECCOMP_OF_CONTAINER, SECCOMP_OF_POD};
use crate::validate::report::{Members, Report, is_empty};
use crate::validate::scope::PodScope;
use crate::validate::{container, env, meta, policy, resources, scheduling, security, volume};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::value::Value;

/// A resolver's limits on name servers and search paths, and on the characters of the latter.
const NAME_SERVERS_MAX: usize = 3;
const SEARCH_PATHS_MAX: usize = 32;
const SEARCH_CHARACTERS_MAX: usize = 2048;
/// The maximum length of a host name, in bytes.
const HOST_NAME_MAX: usize = 64;
/// The maximum of `activeDeadlineSeconds`.
const DEADLINE_SECONDS_MAX: i64 = 2_147_483_647;
/// The annotation with a pod's deletion cost, which matters for scaling down.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// Validates a new pod. Models `ValidatePodCreate`.
pub fn create(pod: &Value, report: &mut Report) {
    metadata_and_spec(pod, report);
    let spec = pod.part("spec");
    let path = FieldPath::of("spec");
    report.forbidden_if(!spec.items("ephemeralContainers").is_empty(), &path.field("ephemeralContainers"), "cannot be set on create");
    if !spec.text("nodeName").is_empty() && !spec.items("schedulingGates").is_empty() {
        report.forbidden(&path.field("nodeName"), "cannot be set until all schedulingGates have been cleared");
    }
}

/// Checks what pods must always satisfy. Models `validatePodMetadataAndSpec`.
pub fn metadata_and_spec(pod: &Value, report: &mut Report) {
    let meta = pod.part("metadata");
    let spec = pod.part("spec");
    let path = FieldPath::of("spec");
    meta::create(Kind::Pod, meta, report);
    annotations(meta.part("annotations"), spec, &FieldPath::of("metadata.annotations"), report);
    self::spec(spec, Some(meta.text("name")), &path, report);
    if spec.text("serviceAccountName").is_empty() {
        for (i, volume) in spec.items("volumes").iter().enumerate() {
            for (j, source) in volume.part("projected").items("sources").iter().enumerate() {
                if source.given("serviceAccountToken").is_some() {
                    let path = path.field("volumes").index(i).field("projected").field("sources").index(j).field("serviceAccountToken");
                    report.forbidden(&path, "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }
    if let Some(seconds) = spec.number("terminationGracePeriodSeconds") {
        report.non_negative(&path.field("terminationGracePeriodSeconds"), seconds);
    }
    for field in ["containers", "initContainers"] {
        container::images_without_blanks(spec.items(field), &path.field(field), report);
    }
}

/// Validates a new `PodTemplate`. Models `ValidatePodTemplate`.
pub fn create_template(object: &Value, report: &mut Report) {
    meta::create(Kind::PodTemplate, object.part("metadata"), report);
    template(object.part("template"), &FieldPath::of("template"), report);
}

/// Validates an updated `PodTemplate`. Models `ValidatePodTemplateUpdate`.
pub fn update_template(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    template(new.part("template"), &FieldPath::of("template"), report);
}

/// Validates a pod template. Models `ValidatePodTemplateSpec`.
pub(super) fn template(template: &Value, path: &FieldPath, report: &mut Report) {
    template_metadata(template, path, report);
    spec(template.part("spec"), None, &path.field("spec"), report);
    if !template.part("spec").items("ephemeralContainers").is_empty() {
        report.forbidden(&path.field("spec").field("ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }
}

/// Validates the labels and annotations of a template, whose paths the server reports without `metadata`.
fn template_metadata(template: &Value, path: &FieldPath, report: &mut Report) {
    let meta = template.part("metadata");
    meta::labels(meta.part("labels"), &path.field("labels"), report);
    meta::annotations(meta.part("annotations"), &path.field("annotations"), report);
    annotations(meta.part("annotations"), template.part("spec"), &path.field("annotations"), report);
}

/// Validates a template that requires the restart policy `Always`. `word` names the kind in the last error.
/// Models `ValidatePodTemplateSpecForRC`.
pub fn endless_template(of: &Value, word: &str, path: &FieldPath, report: &mut Report) {
    template(of, path, report);
    only_endless(of, word, path, report);
}

/// Requires the restart policy `Always` and no deadline.
pub fn only_endless(template: &Value, word: &str, path: &FieldPath, report: &mut Report) {
    let spec = template.part("spec");
    report.known(&path.field("spec").field("restartPolicy"), spec.text("restartPolicy"), &["Always"]);
    if spec.given("activeDeadlineSeconds").is_some() {
        let detail = format!("activeDeadlineSeconds in {word} is not Supported");
        report.forbidden(&path.field("spec").field("activeDeadlineSeconds"), detail);
    }
}

/// Validates a pod spec. `pod` is the pod's name; `None` for a template. Models `ValidatePodSpec`.
pub fn spec(spec: &Value, pod: Option<&str>, path: &FieldPath, report: &mut Report) {
    let at = |field: &str| path.field(field);
    report.required_if(spec.given("terminationGracePeriodSeconds").is_none(), &at("terminationGracePeriodSeconds"), "");
    let scope = PodScope {
        volumes: volume::volumes(spec.items("volumes"), pod, &at("volumes"), report),
        claims: spec.items("resourceClaims").iter().map(|c| c.text("name")).filter(|n| !n.is_empty()).collect(),
        grace_period: spec.number("terminationGracePeriodSeconds"),
        restart_policy: spec.text("restartPolicy"),
        host_users: spec.given("hostUsers").and_then(Value::as_bool) != Some(false),
    };
    resources::claims(spec.items("resourceClaims"), &at("resourceClaims"), report);
    let containers = spec.items("containers");
    container::regular(containers, &scope, &at("containers"), report);
    container::init(spec.items("initContainers"), containers, &scope, &at("initContainers"), report);
    container::ephemeral(spec.items("ephemeralContainers"), spec, &scope, &at("ephemeralContainers"), report);
    if let Some(of_pod) = spec.given("resources") {
        resources::of_pod(of_pod, spec, &scope.claims, &at("resources"), report);
    }
    host_network(spec, pod.is_some(), &at("containers"), report);
    report.one_of(&at("restartPolicy"), scope.restart_policy, &["Always", "OnFailure", "Never"]);
    let dns_policies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    report.one_of(&at("dnsPolicy"), spec.text("dnsPolicy"), &dns_policies);
    meta::labels(spec.part("nodeSelector"), &at("nodeSelector"), report);
    security::of_pod(spec, &at("securityContext"), report);
    if report.release.pods_are_declared_as_on_the_wire {
        security::shared_processes(spec, path, report);
    }
    scheduling::affinity(spec.part("affinity"), &at("affinity"), report);
    dns_config(spec, &at("dnsConfig"), report);
    gates(spec, path, report);
    scheduling::topology_spread(spec.items("topologySpreadConstraints"), &at("topologySpreadConstraints"), report);
    security::host_users(spec, path, report);
    host_name(spec, path, report);
    named_things(spec, path, report);
    env::files(spec, path, report);
}

/// Models `validatePodHostName`.
fn host_name(spec: &Value, path: &FieldPath, report: &mut Report) {
    let Some(name) = spec.given("hostnameOverride").and_then(Value::as_text) else { return };
    let path = path.field("hostnameOverride");
    for field in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.flag(field) {
            report.forbidden(&path, format!("may not be specified when {field} is true"));
        }
    }
    if name.len() > HOST_NAME_MAX {
        report.too_long(&path, HOST_NAME_MAX);
    }
    report.each(&path, name, names::dns_subdomain(name));
}

/// The fields that only hold a name or the like.
fn named_things(spec: &Value, path: &FieldPath, report: &mut Report) {
    let named = |field: &str, rule: names::NameRule, report: &mut Report| {
        report.may_be_named(path, spec, field, rule);
    };
    named("serviceAccountName", names::dns_subdomain, report);
    let (account, older) = (spec.text("serviceAccountName"), spec.text("serviceAccount"));
    if account != older {
        let detail = format!("must be the same as serviceAccountName: {}", go_quoted(account));
        report.invalid(&path.field("deprecatedServiceAccount"), older, detail);
    }
    named("nodeName", names::dns_subdomain, report);
    if let Some(seconds) = spec.number("activeDeadlineSeconds") {
        report.each(&path.field("activeDeadlineSeconds"), seconds, names::in_range(seconds, 1, DEADLINE_SECONDS_MAX));
    }
    named("hostname", names::dns_label, report);
    named("subdomain", names::dns_label, report);
    scheduling::tolerations(spec.items("tolerations"), &path.field("tolerations"), report);
    host_aliases(spec.items("hostAliases"), &path.field("hostAliases"), report);
    named("priorityClassName", names::dns_subdomain, report);
    if let Some(class) = spec.given("runtimeClassName").and_then(Value::as_text) {
        report.each(&path.field("runtimeClassName"), class, names::dns_subdomain(class));
    }
    policy::preemption_policy(spec.part("preemptionPolicy"), &path.field("preemptionPolicy"), report);
    resources::overhead(spec.part("overhead"), &path.field("overhead"), report);
    os(spec.given("os"), &path.field("os"), report);
}

/// The operating system that a pod is for. Not modelled: which fields it forbids.
fn os(os: Option<&Value>, path: &FieldPath, report: &mut Report) {
    match os.map(|os| os.text("name")) {
        Some("") => report.required(&path.field("name"), ""),
        Some(name) => report.known(path, name, &["linux", "windows"]),
        None => {}
    }
}

/// With `hostNetwork`, a container's port is also the node's. Models `validatePodHostNetworkDeps`.
fn host_network(spec: &Value, is_pod: bool, path: &FieldPath, report: &mut Report) {
    if !spec.flag("hostNetwork") {
        return;
    }
    for (i, container) in spec.items("containers").iter().enumerate() {
        for (j, port) in container.items("ports").iter().enumerate() {
            let (host, own) = (port.number("hostPort").unwrap_or(0), port.number("containerPort").unwrap_or(0));
            if (is_pod || host != 0) && host != own {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                report.invalid(&path.index(i).field("ports").index(j).field("hostPort"), host, detail);
            }
        }
    }
}

/// Models `validatePodDNSConfig`.
fn dns_config(spec: &Value, path: &FieldPath, report: &mut Report) {
    let config = spec.given("dnsConfig");
    let servers = config.map_or(&[][..], |c| c.items("nameservers"));
    if spec.text("dnsPolicy") == "None" {
        if config.is_none() {
            return report.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        if servers.is_empty() {
            return report.required(&path.field("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
    }
    let Some(config) = config else { return };
    if servers.len() > NAME_SERVERS_MAX {
        let detail = format!("must not have more than {NAME_SERVERS_MAX} nameservers");
        report.invalid(&path.field("nameservers"), Value::list(servers.to_vec()), detail);
    }
    for (i, server) in servers.iter().enumerate() {
        let server = server.as_text().unwrap_or("");
        report.each(&path.field("nameservers").index(i), server, names::ip_address(server));
    }
    let searches: Vec<&str> = config.items("searches").iter().filter_map(Value::as_text).collect();
    let at = path.field("searches");
    if searches.len() > SEARCH_PATHS_MAX {
        let detail = format!("must not have more than {SEARCH_PATHS_MAX} search paths");
        report.invalid(&at, Value::list(searches.iter().copied()), detail);
    }
    if searches.join(" ").len() > SEARCH_CHARACTERS_MAX {
        let detail = format!("must not have more than {SEARCH_CHARACTERS_MAX} characters (including spaces) in the search list");
        report.invalid(&at, Value::list(searches.iter().copied()), detail);
    }
    for (i, search) in searches.iter().enumerate().filter(|(_, search)| **search != ".") {
        let search = search.strip_suffix('.').unwrap_or(search);
        report.each(&at.index(i), search, names::dns_search_path(search));
    }
    for (i, option) in config.items("options").iter().enumerate() {
        report.required_if(option.text("name").is_empty(), &path.field("options").index(i), "must not be empty");
    }
}

/// Readiness gates and scheduling gates. Models `validateReadinessGates` and `validateSchedulingGates`.
fn gates(spec: &Value, path: &FieldPath, report: &mut Report) {
    for (i, gate) in spec.items("readinessGates").iter().enumerate() {
        let kind = gate.text("conditionType");
        report.each(&path.field("readinessGates").index(i).field("conditionType"), kind, names::label_key(kind));
    }
    let mut seen = SortedSet::new();
    for (path, gate) in path.field("schedulingGates").each(spec.items("schedulingGates").iter()) {
        let name = gate.text("name");
        report.each(&path, name, names::label_key(name));
        if !seen.insert(name) {
            report.duplicate(&path, name);
        }
    }
}

/// Models `ValidateHostAliases`.
fn host_aliases(aliases: &[Value], path: &FieldPath, report: &mut Report) {
    for (path, alias) in path.each(aliases.iter()) {
        report.each(&path.field("ip"), alias.text("ip"), names::ip_address(alias.text("ip")));
        for (j, name) in alias.items("hostnames").iter().enumerate() {
            let name = name.as_text().unwrap_or("");
            report.each(&path.field("hostnames").index(j), name, names::dns_subdomain(name));
        }
    }
}

/// Annotations that mean something to pods. Models `ValidatePodSpecificAnnotations`.
fn annotations(annotations: &Value, spec: &Value, path: &FieldPath, report: &mut Report) {
    deletion_cost(annotations, path, report);
    let given = annotations.members();
    let given: Vec<(&str, &str)> = given.filter_map(|(key, value)| Some((&**key, value.as_text()?))).collect();
    for (key, profile) in given.iter().filter(|(key, _)| *key == SECCOMP_OF_POD || key.starts_with(SECCOMP_OF_CONTAINER)) {
        if !matches!(*profile, "runtime/default" | "docker/default" | "unconfined") && !profile.starts_with("localhost/") {
            report.invalid(&path.field(key), *profile, "must be a valid seccomp profile");
        }
    }
    for (key, profile) in &given {
        let Some(container) = key.strip_prefix(APP_ARMOR_OF_CONTAINER) else { continue };
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        if !lists.iter().any(|list| spec.items(list).iter().any(|one| one.text("name") == container)) {
            report.invalid(&path.key(key), container, "container not found");
        }
        if !matches!(*profile, "" | "runtime/default" | "unconfined") && !profile.starts_with("localhost/") {
            report.invalid(&path.key(key), *profile, format!("invalid AppArmor profile name: {}", go_quoted(profile)));
        }
    }
}

fn deletion_cost(annotations: &Value, path: &FieldPath, report: &mut Report) {
    let Some(cost) = annotations.get(DELETION_COST).filter(|cost| !is_empty(cost)).and_then(Value::as_text) else { return };
    let well_written = cost == "0" || !cost.trim_start_matches('-').starts_with('0') && !cost.starts_with('+');
    report.invalid_if(cost.parse::<i32>().is_err() || !well_written, &path.key(DELETION_COST), cost, "must be a 32bit integer");
}
