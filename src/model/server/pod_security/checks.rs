//! What each check of Pod Security finds wrong with a pod, in the server's words.
//!
//! Models k8s.io/pod-security-admission/policy: `check_*.go`, and `NewEvaluator`, which orders checks by level and id and leaves out
//! those of baseline that a stricter one replaces.
//! Not modelled: the checks of AppArmor, SELinux, sysctls, procMount, the hosts of probes and host processes of Windows, nor what pods of
//! Windows and of user namespaces are spared.

use base::sorted::SortedSet;
use base::value::Value;

use super::Level;

/// What a check forbids: in short, and in detail.
pub(super) type Finding = (&'static str, String);

/// A pod, or the template of one, as the checks see it.
pub(super) struct Subject<'a> {
    spec: &'a Value,
    containers: Vec<&'a Value>,
}

/// A check: its level, the first version that has it, and the first in which one of the restricted level replaces it.
struct Check(Level, u64, u64, fn(&Subject) -> Option<Finding>);

const NEVER: u64 = u64::MAX;

/// The checks, in the server's order.
const CHECKS: [Check; 12] = [
    Check(Level::Baseline, 0, 22, capabilities),
    Check(Level::Baseline, 0, NEVER, host_namespaces),
    Check(Level::Baseline, 0, 0, host_paths),
    Check(Level::Baseline, 0, NEVER, host_ports),
    Check(Level::Baseline, 0, NEVER, privileged),
    Check(Level::Baseline, 19, 19, loose_seccomp),
    Check(Level::Restricted, 8, NEVER, escalation),
    Check(Level::Restricted, 22, NEVER, all_capabilities),
    Check(Level::Restricted, 0, NEVER, volumes),
    Check(Level::Restricted, 0, NEVER, may_be_root),
    Check(Level::Restricted, 23, NEVER, is_root),
    Check(Level::Restricted, 19, NEVER, seccomp),
];

/// What a level forbids of a pod or a template. The version of the checks that `v1.30` asks for is 30.
pub(super) fn findings(level: Level, minor: u64, pod: &Value) -> Vec<Finding> {
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let containers = ["initContainers", "containers", "ephemeralContainers"].iter().flat_map(|list| spec.list_at(&[list])).collect();
    let pod = Subject { spec, containers };
    let applies = |check: &&Check| check.0 <= level && check.1 <= minor && (level < Level::Restricted || minor < check.2);
    CHECKS.iter().filter(applies).filter_map(|check| check.3(&pod)).collect()
}

impl<'a> Subject<'a> {
    /// The names of the containers of which something is so.
    fn containers(&self, is: impl Fn(&Value) -> bool) -> Vec<&'a str> {
        self.containers.iter().filter(|container| is(container)).filter_map(|container| container.text_at(&["name"])).collect()
    }

    /// Who sets a field of its security context to what is bad: `pod`, and containers.
    fn setters(&self, field: &[&str], is_bad: &dyn Fn(&Value) -> bool) -> Vec<String> {
        let sets = |of: &Value| of.get("securityContext").and_then(|context| context.at(field)).is_some_and(is_bad);
        let containers = self.containers(sets);
        let pod = sets(self.spec).then(|| "pod".to_owned());
        pod.into_iter().chain((!containers.is_empty()).then(|| named("container", &containers))).collect()
    }

    fn values(&self, field: &[&str], is_bad: &dyn Fn(&Value) -> bool) -> SortedSet<&'a str> {
        let all = [self.spec].into_iter().chain(self.containers.iter().copied());
        all.filter_map(|of| of.get("securityContext")?.at(field).filter(|value| is_bad(value))?.as_text()).collect()
    }

    /// That some set a field to what is bad. Words that end in `to` are followed by the values.
    fn forbids(&self, words: &str, field: &[&str], is_bad: &dyn Fn(&Value) -> bool) -> Option<String> {
        let setters = self.setters(field, is_bad);
        let values = if words.ends_with(" to") { format!(" {}", quoted(self.values(field, is_bad))) } else { String::new() };
        (!setters.is_empty()).then(|| format!("{} must not set {words}{values}", setters.join(" and ")))
    }

    /// That containers lack a field that the pod does not set for them either.
    fn requires(&self, words: &str, field: &str) -> Option<String> {
        let lacks = |of: &Value| of.at(&["securityContext", field]).is_none_or(Value::is_null);
        let lacking = self.containers(|container| lacks(self.spec) && lacks(container));
        (!lacking.is_empty()).then(|| format!("pod or {} must set {words}", named("container", &lacking)))
    }
}

/// The plural of what there are several of.
fn many<'a>(one: &'a str, several: &'a str, count: usize) -> &'a str {
    if count == 1 { one } else { several }
}

/// Texts in quotes, which are not escaped. Models `joinQuote`.
fn quoted<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = texts.into_iter().map(|text| format!("\"{}\"", text.as_ref())).collect();
    all.join(", ")
}

/// Things by name: `containers "a", "b"`.
fn named(what: &str, names: &[&str]) -> String {
    format!("{what}{} {}", many("", "s", names.len()), quoted(names))
}

/// Whether a profile is none that restricts a container.
fn is_loose(profile: &Value) -> bool {
    !matches!(profile.as_text(), Some("RuntimeDefault" | "Localhost"))
}

/// The capabilities beyond the allowed ones that a container adds.
fn beyond<'a>(container: &'a Value, allowed: &[&str]) -> Vec<&'a str> {
    let all = container.list_at(&["securityContext", "capabilities", "add"]).iter().filter_map(Value::as_text);
    all.filter(|name| !allowed.contains(name)).collect()
}

/// Who adds capabilities that are not allowed.
fn added(pod: &Subject, allowed: &[&str]) -> Option<String> {
    let names = pod.containers(|container| !beyond(container, allowed).is_empty());
    let all: SortedSet<&str> = pod.containers.iter().flat_map(|container| beyond(container, allowed)).collect();
    let detail = || format!("{} must not include {} in securityContext.capabilities.add", named("container", &names), quoted(&all));
    (!names.is_empty()).then(detail)
}

fn capabilities(pod: &Subject) -> Option<Finding> {
    const ALLOWED: &str =
        "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT";
    let allowed: Vec<&str> = ALLOWED.split(' ').collect();
    Some(("non-default capabilities", added(pod, &allowed)?))
}

/// Whether a container gives up all capabilities.
fn drops_all(container: &Value) -> bool {
    container.list_at(&["securityContext", "capabilities", "drop"]).iter().any(|c| c.as_text() == Some("ALL"))
}

fn all_capabilities(pod: &Subject) -> Option<Finding> {
    let keeping = pod.containers(|container| !drops_all(container));
    let keep = || format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", named("container", &keeping));
    let found: Vec<String> = (!keeping.is_empty()).then(keep).into_iter().chain(added(pod, &["NET_BIND_SERVICE"])).collect();
    (!found.is_empty()).then(|| ("unrestricted capabilities", found.join("; ")))
}

fn host_namespaces(pod: &Subject) -> Option<Finding> {
    let is_on = |field: &&&str| pod.spec.get(field).and_then(Value::as_bool) == Some(true);
    let on: Vec<String> = ["hostNetwork", "hostPID", "hostIPC"].iter().filter(is_on).map(|field| format!("{field}=true")).collect();
    (!on.is_empty()).then(|| ("host namespaces", on.join(", ")))
}

/// The names of the volumes of which something is so.
fn volumes_that<'a>(pod: &Subject<'a>, are: impl Fn(&Value) -> bool) -> Vec<&'a str> {
    pod.spec.list_at(&["volumes"]).iter().filter(|volume| are(volume)).filter_map(|volume| volume.text_at(&["name"])).collect()
}

fn host_paths(pod: &Subject) -> Option<Finding> {
    let names = volumes_that(pod, |volume| volume.get("hostPath").is_some());
    (!names.is_empty()).then(|| ("hostPath volumes", named("volume", &names)))
}

/// The type of a volume, unless it may be had at the restricted level.
fn restricted_type(volume: &Value) -> Option<&str> {
    const ALLOWED: [&str; 9] =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
    let mut types = volume.as_map()?.iter().filter(|(key, source)| &***key != "name" && !source.is_null()).map(|(key, _)| &**key);
    let first = types.next().unwrap_or("unknown");
    (!ALLOWED.contains(&first)).then_some(first)
}

fn volumes(pod: &Subject) -> Option<Finding> {
    let names = volumes_that(pod, |volume| restricted_type(volume).is_some());
    let types: SortedSet<&str> = pod.spec.list_at(&["volumes"]).iter().filter_map(restricted_type).collect();
    let (use_, of) = (many("uses", "use", names.len()), many("restricted volume type", "restricted volume types", types.len()));
    (!names.is_empty()).then(|| ("restricted volume types", format!("{} {use_} {of} {}", named("volume", &names), quoted(&types))))
}

/// The ports of its node that a container listens on.
fn node_ports(container: &Value) -> Vec<String> {
    let all = container.list_at(&["ports"]).iter().filter_map(|port| port.int_at(&["hostPort"]));
    all.filter(|port| *port != 0).map(|port| port.to_string()).collect()
}

fn host_ports(pod: &Subject) -> Option<Finding> {
    let names = pod.containers(|container| !node_ports(container).is_empty());
    let all: SortedSet<String> = pod.containers.iter().flat_map(|container| node_ports(container)).collect();
    let list: Vec<&str> = all.iter().map(String::as_str).collect();
    let (use_, of) = (many("uses", "use", names.len()), many("hostPort", "hostPorts", all.len()));
    (!names.is_empty()).then(|| ("hostPort", format!("{} {use_} {of} {}", named("container", &names), list.join(", "))))
}

fn privileged(pod: &Subject) -> Option<Finding> {
    let found = pod.forbids("securityContext.privileged=true", &["privileged"], &|v| v.as_bool() == Some(true));
    Some(("privileged", found?))
}

fn may_be_root(pod: &Subject) -> Option<Finding> {
    let forbidden = pod.forbids("securityContext.runAsNonRoot=false", &["runAsNonRoot"], &|v| v.as_bool() == Some(false));
    let found = forbidden.or_else(|| pod.requires("securityContext.runAsNonRoot=true", "runAsNonRoot"));
    Some(("runAsNonRoot != true", found?))
}

fn is_root(pod: &Subject) -> Option<Finding> {
    Some(("runAsUser=0", pod.forbids("runAsUser=0", &["runAsUser"], &|v| v.as_int() == Some(0))?))
}

fn loose_seccomp(pod: &Subject) -> Option<Finding> {
    Some(("seccompProfile", pod.forbids("securityContext.seccompProfile.type to", &["seccompProfile", "type"], &is_loose)?))
}

fn seccomp(pod: &Subject) -> Option<Finding> {
    let needs = "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"";
    loose_seccomp(pod).or_else(|| Some(("seccompProfile", pod.requires(needs, "seccompProfile")?)))
}

fn escalation(pod: &Subject) -> Option<Finding> {
    let may = |container: &Value| container.at(&["securityContext", "allowPrivilegeEscalation"]).and_then(Value::as_bool) != Some(false);
    let names = pod.containers(may);
    let detail = || format!("{} must set securityContext.allowPrivilegeEscalation=false", named("container", &names));
    (!names.is_empty()).then(|| ("allowPrivilegeEscalation != false", detail()))
}
