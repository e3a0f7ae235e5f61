//! The fields that a pod's operating system allows.
//!
//! Not modelled: the values of Windows options.
//!
//! Models `validateOS`, `validateLinux` and `validateWindows` of pkg/apis/core/validation/validation.go.

use crate::validate::report::{Members, Report};
use base::field_path::FieldPath;
use base::value::Value;

/// Fields that Windows pods may not have: in the security context, in the spec, in either as validated until 1.36, and in the
/// containers' security contexts.
const NOT_OF_PODS: [&str; 11] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
];
const NOT_BESIDE: [&str; 4] = ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"];
const NOT_OF_OLDER_PODS: [&str; 15] = [
    "appArmorProfile",
    "seLinuxOptions",
    "hostUsers",
    "hostPID",
    "hostIPC",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "shareProcessNamespace",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
];
const NOT_OF_CONTAINERS: [&str; 10] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

/// Validates a pod spec against the operating system it names, if any.
pub fn judge(spec: &Value, path: &FieldPath, report: &mut Report) {
    let Some(os) = spec.given("os") else { return };
    match os.text("name") {
        "" => report.required(&path.field("os").field("name"), ""),
        "linux" => {
            let detail = "windows options cannot be set for a linux pod";
            each_context(spec, path, |context, at, _| forbid(context, &["windowsOptions"], at, detail, report));
        }
        "windows" => {
            let detail = "cannot be set for a windows pod";
            let older = !report.release.pods_are_declared_as_on_the_wire;
            each_context(spec, path, |context, at, of_pod| match (of_pod, older) {
                (true, true) => {
                    for field in NOT_OF_OLDER_PODS {
                        let (of, at) = if NOT_BESIDE.contains(&field) { (spec, path) } else { (context, at) };
                        forbid(of, &[field], at, detail, report);
                    }
                }
                (true, false) => {
                    forbid(context, &NOT_OF_PODS, at, detail, report);
                    forbid(spec, &NOT_BESIDE, path, detail, report);
                }
                (false, _) => forbid(context, &NOT_OF_CONTAINERS, at, detail, report),
            });
        }
        other => report.not_supported(&path.field("os"), other, &["linux", "windows"]),
    }
}

/// Visits the security contexts: the pod's own, even if absent, and those of its containers.
fn each_context(spec: &Value, path: &FieldPath, mut judge: impl FnMut(&Value, &FieldPath, bool)) {
    judge(spec.part("securityContext"), &path.field("securityContext"), true);
    for list in ["initContainers", "containers"] {
        for (i, container) in spec.items(list).iter().enumerate() {
            judge(container.part("securityContext"), &path.field(list).index(i).field("securityContext"), false);
        }
    }
}

/// Forbids the given members, unless Go considers them absent.
fn forbid(of: &Value, fields: &[&str], path: &FieldPath, detail: &str, report: &mut Report) {
    for field in fields {
        let is_absent = match *field {
            "hostPID" | "hostIPC" => !of.flag(field),
            "sysctls" => of.items(field).is_empty(),
            _ => of.given(field).is_none(),
        };
        report.forbidden_if(!is_absent, &path.field(field), detail);
    }
}
