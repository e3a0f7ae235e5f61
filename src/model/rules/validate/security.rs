//! Security contexts of pods and containers.
//!
//! Not modelled: Windows; that an `AppArmor` annotation of a pod becomes a field.
//!
//! Models pkg/apis/core/validation/validation.go `validatePodSpecSecurityContext` and `ValidateSecurityContext`.

use base::sorted::SortedSet;

use crate::validate::file_path::descending_path;
use crate::validate::internal::GoType;
use crate::validate::report::{Members, Report};
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The maximum length of the path to an `AppArmor` profile, in bytes.
const PROFILE_PATH_MAX: usize = 4095;

const WITHOUT_HOST_USERS: &str = "when `hostUsers` is false";

/// The security context of a pod. Models `validatePodSpecSecurityContext`.
pub fn of_pod(spec: &Value, path: &FieldPath, report: &mut Report) {
    let context = spec.part("securityContext");
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(context.number(field), &path.field(field), report);
    }
    for (i, group) in context.items("supplementalGroups").iter().enumerate() {
        id(group.as_int(), &path.field("supplementalGroups").index(i), report);
    }
    if !report.release.pods_are_declared_as_on_the_wire {
        shared_processes(spec, path, report);
    }
    sysctls(spec, &path.field("sysctls"), report);
    report.may_be(path, context, "fsGroupChangePolicy", &["Always", "OnRootMismatch"]);
    seccomp(context.part("seccompProfile"), &path.field("seccompProfile"), report);
    app_armor(context.part("appArmorProfile"), &path.field("appArmorProfile"), report);
    report.may_be(path, context, "supplementalGroupsPolicy", &["Merge", "Strict"]);
    let policies: &[&str] = if report.release.se_linux_mount { &["MountOption", "Recursive"] } else { &["Recursive"] };
    report.may_be(path, context, "seLinuxChangePolicy", policies);
}

/// A process namespace is shared within the pod or with the node, not both. Models `validateShareProcessNamespace`.
pub fn shared_processes(spec: &Value, path: &FieldPath, report: &mut Report) {
    if spec.flag("shareProcessNamespace") && spec.flag("hostPID") {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        report.invalid(&path.field("shareProcessNamespace"), true, detail);
    }
}

/// The security context of a container. Models `ValidateSecurityContext`.
pub fn of_container(context: &Value, host_users: bool, path: &FieldPath, report: &mut Report) {
    id(context.number("runAsUser"), &path.field("runAsUser"), report);
    id(context.number("runAsGroup"), &path.field("runAsGroup"), report);
    if let Some(mount) = context.given("procMount").and_then(Value::as_text) {
        let path = path.field("procMount");
        report.known(&path, mount, &["Default", "Unmasked"]);
        report.invalid_if(host_users && mount == "Unmasked", &path, mount, "`hostUsers` must be false to use `Unmasked`");
    }
    seccomp(context.part("seccompProfile"), &path.field("seccompProfile"), report);
    if context.given("allowPrivilegeEscalation").is_some_and(|v| v.as_bool() == Some(false)) {
        let mut refuse = |what: &str| {
            let detail = format!("cannot set `allowPrivilegeEscalation` to false and {what}");
            report.invalid_typed(path, context, GoType::of("SecurityContext"), detail);
        };
        if context.flag("privileged") {
            refuse("`privileged` to true");
        }
        for _ in context.part("capabilities").items("add").iter().filter(|c| c.as_text() == Some("CAP_SYS_ADMIN")) {
            refuse("`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
    app_armor(context.part("appArmorProfile"), &path.field("appArmorProfile"), report);
}

/// A pod with its own user namespace must not share the host's other namespaces. Models `validateHostUsers`.
pub fn host_users(spec: &Value, path: &FieldPath, report: &mut Report) {
    if spec.given("hostUsers").and_then(Value::as_bool) != Some(false) {
        return;
    }
    for (field, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if spec.flag(field) {
            report.forbidden(&path.field(shown), WITHOUT_HOST_USERS);
        }
    }
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        for (i, container) in spec.items(field).iter().enumerate() {
            if !container.items("volumeDevices").is_empty() {
                report.forbidden(&path.field(field).index(i).field("volumeDevices"), WITHOUT_HOST_USERS);
            }
        }
    }
}

fn id(id: Option<i64>, path: &FieldPath, report: &mut Report) {
    if let Some(id) = id {
        report.each(path, id, names::user_id(id));
    }
}

/// Models `validateSysctls` and `ValidateHostSysctl`.
fn sysctls(spec: &Value, path: &FieldPath, report: &mut Report) {
    const REGEX: &str = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    let is_segment = |s: &str| {
        let framed = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        framed(s.chars().next())
            && framed(s.chars().next_back())
            && s.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_'))
    };
    let mut seen = SortedSet::new();
    for (i, sysctl) in spec.part("securityContext").items("sysctls").iter().enumerate() {
        let path = path.index(i).field("name");
        let name = sysctl.text("name");
        if name.is_empty() {
            report.required(&path, "");
        } else if name.len() > names::DNS_SUBDOMAIN_MAX || !name.split(['.', '/']).all(is_segment) {
            report.invalid(&path, name, format!("must have at most {} characters and match regex {REGEX}", names::DNS_SUBDOMAIN_MAX));
        } else if seen.contains(name) {
            report.duplicate(&path, name);
        }
        if let Some(host) = namespace(name).filter(|host| spec.flag(host)) {
            report.invalid(&path, name, format!("may not be specified when '{host}' is true"));
        }
        seen.insert(name);
    }
}

/// The field by which a pod shares the namespace that a sysctl belongs to. Models `GetNamespace`.
fn namespace(sysctl: &str) -> Option<&'static str> {
    const OF_IPC: [&str; 10] = ["sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced", "shm", "msgmax", "msgmnb", "msgmni", "msg"];
    let dotted = |c: char| if c == '/' { '.' } else { c };
    let name: String = sysctl.chars().map(dotted).collect();
    let of_kernel = name.strip_prefix("kernel.").is_some_and(|rest| OF_IPC.contains(&rest));
    if of_kernel || name.starts_with("fs.mqueue.") {
        return Some("hostIPC");
    }
    name.starts_with("net.").then_some("hostNetwork")
}

/// Models `validateSeccompProfileField`.
fn seccomp(profile: &Value, path: &FieldPath, report: &mut Report) {
    if profile.is_null() {
        return;
    }
    let kind = profile.text("type");
    match kind {
        "" => report.required(&path.field("type"), "type is required when seccompProfile is set"),
        other => report.known(&path.field("type"), other, &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
    let path = path.field("localhostProfile");
    match (kind, profile.given("localhostProfile").and_then(Value::as_text)) {
        ("Localhost", None) => report.required(&path, "must be set when seccomp type is Localhost"),
        ("Localhost", Some(place)) => descending_path(place, &path, report),
        (_, Some(_)) => {
            report.invalid_typed(&path, profile, GoType::of("SeccompProfile"), "can only be set when seccomp type is Localhost");
        }
        _ => {}
    }
}

/// Models `ValidateAppArmorProfileField`.
fn app_armor(profile: &Value, path: &FieldPath, report: &mut Report) {
    if profile.is_null() {
        return;
    }
    let at = path.field("localhostProfile");
    let place = profile.given("localhostProfile").and_then(Value::as_text);
    match profile.text("type") {
        "Localhost" => match place {
            None | Some("") => report.required(&at, "must be set when AppArmor type is Localhost"),
            Some(place) => {
                report.invalid_if(place.trim() != place, &at, place, "must not be padded with whitespace");
                if place.len() > PROFILE_PATH_MAX {
                    report.too_long(&at, PROFILE_PATH_MAX);
                }
            }
        },
        "RuntimeDefault" | "Unconfined" => {
            if let Some(place) = place {
                report.invalid(&at, place, "can only be set when AppArmor type is Localhost");
            }
        }
        "" => report.required(&path.field("type"), "type is required when appArmorProfile is set"),
        other => report.not_supported(&path.field("type"), other, &["Localhost", "RuntimeDefault", "Unconfined"]),
    }
}
