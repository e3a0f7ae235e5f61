//! Containers of a pod: regular, init and ephemeral ones.
//!
//! Models pkg/apis/core/validation/validation.go `validateContainers` and what it calls.

use base::sorted::SortedSet;

use crate::validate::report::{Members, Report, is_empty};
use crate::validate::scope::PodScope;
use crate::validate::{env, mount, probe, resources, security};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
/// The maximum number of restart rules, and of exit codes in a rule.
const RESTART_RULES_MAX: usize = 20;
const EXIT_CODES_MAX: usize = 255;
const NOT_FOR_INIT: &str = "may not be set for init containers without restartPolicy=Always";
/// Fields that ephemeral containers may not have, in Go's order of declaration.
const NOT_FOR_EPHEMERAL: [&str; 9] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// The regular containers. Models `validateContainers`.
pub fn regular(containers: &[Value], scope: &PodScope, path: &FieldPath, report: &mut Report) {
    if containers.is_empty() {
        return report.required(path, "");
    }
    let mut names = SortedSet::new();
    for (path, container) in path.each(containers.iter()) {
        common(container, scope, &path, report);
        if !names.insert(container.text("name")) {
            report.duplicate(&path.field("name"), container.text("name"));
        }
        lifecycle_and_probes(container, scope, &path, report);
        restart_policy(container, false, &path, report);
    }
    host_ports(containers, path, report);
}

/// The init containers. Models `validateInitContainers`.
pub fn init(containers: &[Value], regular: &[Value], scope: &PodScope, path: &FieldPath, report: &mut Report) {
    let mut names: SortedSet<&str> = regular.iter().map(|c| c.text("name")).collect();
    for (at, container) in path.each(containers.iter()) {
        common(container, scope, &at, report);
        restart_policy(container, true, &at, report);
        let name = container.text("name");
        if names.contains(name) {
            report.duplicate(&at.field("name"), name);
        } else if !name.is_empty() {
            names.insert(name);
        }
        host_ports(std::slice::from_ref(container), path, report);
        if container.text("restartPolicy") == "Always" {
            lifecycle_and_probes(container, scope, &at, report);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                report.forbidden_if(container.given(field).is_some(), &at.field(field), NOT_FOR_INIT);
            }
            for (j, policy) in container.items("resizePolicy").iter().enumerate() {
                if policy.text("restartPolicy") == "RestartContainer" && report.release.resizes_init_containers {
                    let at = at.field("resizePolicy").index(j).field("restartPolicy");
                    report.invalid(&at, "RestartContainer", "must not be set to 'RestartContainer' for non-sidecar initContainers");
                }
            }
        }
    }
}

/// The ephemeral containers. Models `validateEphemeralContainers`.
pub fn ephemeral(containers: &[Value], spec: &Value, scope: &PodScope, path: &FieldPath, report: &mut Report) {
    let others: SortedSet<&str> = spec.items("containers").iter().chain(spec.items("initContainers")).map(|c| c.text("name")).collect();
    let mut names = others.clone();
    for (path, container) in path.each(containers.iter()) {
        common(container, scope, &path, report);
        image_without_blanks(container, &path, report);
        if !names.insert(container.text("name")) {
            report.duplicate(&path.field("name"), container.text("name"));
        }
        let target = container.text("targetContainerName");
        if !target.is_empty() && !others.contains(target) {
            report.not_found(&path.field("targetContainerName"), target);
        }
        for field in NOT_FOR_EPHEMERAL {
            if container.given(field).is_some_and(|value| field != "resources" || !is_empty(value)) {
                report.forbidden(&path.field(field), "cannot be set for an Ephemeral Container");
            }
        }
        for (j, mount) in container.items("volumeMounts").iter().enumerate() {
            for field in ["subPath", "subPathExpr"] {
                if !mount.text(field).is_empty() {
                    report.forbidden(&path.field("volumeMounts").index(j).field(field), "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}

/// Rules for the containers of pods, but not of templates. Models `validateContainersOnlyForPod`.
pub fn images_without_blanks(containers: &[Value], path: &FieldPath, report: &mut Report) {
    for (i, container) in containers.iter().enumerate() {
        image_without_blanks(container, &path.index(i), report);
    }
}

/// An image name must not have leading or trailing white space. Models `validateContainerOnlyForPod`.
pub fn image_without_blanks(container: &Value, path: &FieldPath, report: &mut Report) {
    let image = container.text("image");
    report.invalid_if(image.trim() != image, &path.field("image"), image, "must not have leading or trailing whitespace");
}

/// Rules for all kinds of containers. Models `validateContainerCommon`.
fn common(container: &Value, scope: &PodScope, path: &FieldPath, report: &mut Report) {
    report.name(path, container, "name", names::dns_label);
    report.needs(path, container, "image", "");
    let policy = container.text("terminationMessagePolicy");
    report.one_of(&path.field("terminationMessagePolicy"), policy, &["File", "FallbackToLogsOnError"]);
    ports(container.items("ports"), &path.field("ports"), report);
    env::variables(container.items("env"), &path.field("env"), report);
    env::sources(container.items("envFrom"), &path.field("envFrom"), report);
    mount::mounts(container, &scope.volumes, &path.field("volumeMounts"), report);
    mount::devices(container, &scope.volumes, &path.field("volumeDevices"), report);
    pull_policy(container.text("imagePullPolicy"), &path.field("imagePullPolicy"), report);
    resources::of_container(container.part("resources"), &scope.claims, &path.field("resources"), report);
    resize_policy(container.items("resizePolicy"), scope.restart_policy, &path.field("resizePolicy"), report);
    security::of_container(container.part("securityContext"), scope.host_users, &path.field("securityContext"), report);
}

/// The image pull policy. Models `validatePullPolicy`.
pub fn pull_policy(policy: &str, path: &FieldPath, report: &mut Report) {
    report.one_of(path, policy, &["Always", "IfNotPresent", "Never"]);
}

/// Models `validateContainerRestartPolicy` and `validateInitContainerRestartPolicy`.
fn restart_policy(container: &Value, runs_before: bool, path: &FieldPath, report: &mut Report) {
    let rules = container.items("restartPolicyRules");
    if let Some(policy) = container.given("restartPolicy").and_then(Value::as_text) {
        report.known(&path.field("restartPolicy"), policy, &["Always", "Never", "OnFailure"]);
    } else if rules.is_empty() {
        return;
    } else {
        report.required(&path.field("restartPolicy"), "must specify restartPolicy when restart rules are used");
        if runs_before {
            return;
        }
    }
    let path = path.field("restartPolicyRules");
    report.too_many(&path, rules.len(), RESTART_RULES_MAX);
    for (path, rule) in path.each(rules.iter()) {
        report.known(&path.field("action"), rule.text("action"), &["Restart", "RestartAllContainers"]);
        let Some(codes) = rule.given("exitCodes") else {
            report.required(&path.field("exitCodes"), "must be specified");
            continue;
        };
        let path = path.field("exitCodes");
        report.known(&path.field("operator"), codes.text("operator"), &["In", "NotIn"]);
        report.too_many(&path.field("values"), codes.items("values").len(), EXIT_CODES_MAX);
    }
}

fn lifecycle_and_probes(container: &Value, scope: &PodScope, path: &FieldPath, report: &mut Report) {
    probe::lifecycle(container.part("lifecycle"), scope.grace_period, &path.field("lifecycle"), report);
    probe::probe(container.given("livenessProbe"), probe::Purpose::Liveness, &path.field("livenessProbe"), report);
    probe::probe(container.given("readinessProbe"), probe::Purpose::Readiness, &path.field("readinessProbe"), report);
    probe::probe(container.given("startupProbe"), probe::Purpose::Startup, &path.field("startupProbe"), report);
}

/// Models `validateContainerPorts`.
fn ports(ports: &[Value], path: &FieldPath, report: &mut Report) {
    let mut port_names = SortedSet::new();
    for (path, port) in path.each(ports.iter()) {
        let name = port.text("name");
        if !name.is_empty() {
            let wrong = names::port_name(name);
            if wrong.is_empty() && !port_names.insert(name) {
                report.duplicate(&path.field("name"), name);
            }
            report.each(&path.field("name"), name, wrong);
        }
        match port.number("containerPort").unwrap_or(0) {
            0 => report.required(&path.field("containerPort"), ""),
            number => report.each(&path.field("containerPort"), number, names::port_number(number)),
        }
        let host_port = port.number("hostPort").unwrap_or(0);
        if host_port != 0 {
            report.each(&path.field("hostPort"), host_port, names::port_number(host_port));
        }
        protocol(port.text("protocol"), &path.field("protocol"), report);
    }
}

/// A protocol, of a container's or a Service's port.
pub fn protocol(protocol: &str, path: &FieldPath, report: &mut Report) {
    report.one_of(path, protocol, &PROTOCOLS);
}

/// No two containers may use the same host port. Models `checkHostPortConflicts`.
fn host_ports(containers: &[Value], path: &FieldPath, report: &mut Report) {
    let mut taken = SortedSet::new();
    for (i, container) in containers.iter().enumerate() {
        for (j, port) in container.items("ports").iter().enumerate() {
            let number = port.number("hostPort").unwrap_or(0);
            let key = format!("{}/{}/{number}", port.text("protocol"), port.text("hostIP"));
            if number != 0 && !taken.insert(key.clone()) {
                report.duplicate(&path.index(i).field("ports").index(j).field("hostPort"), key);
            }
        }
    }
}

/// Models `validateResizePolicy`.
fn resize_policy(policies: &[Value], pod_restart_policy: &str, path: &FieldPath, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (i, policy) in policies.iter().enumerate() {
        let resource = policy.text("resourceName");
        if !seen.insert(resource) {
            report.duplicate(&path.index(i), resource);
        }
        report.one_of(path, resource, &["cpu", "memory"]);
        let restart = policy.text("restartPolicy");
        report.one_of(path, restart, &["NotRequired", "RestartContainer"]);
        if pod_restart_policy == "Never" && restart != "NotRequired" {
            let of = if report.release.resizes_init_containers { "pod " } else { "" };
            report.invalid(path, restart, format!("must be 'NotRequired' when {of}`restartPolicy` is 'Never'"));
        }
    }
}
