//! What each check of Pod Security finds wrong with a pod, in the server's words.
//!
//! Models k8s.io/pod-security-admission/policy: `check_*.go`, and `NewEvaluator`, which orders checks by level and id and leaves out
//! those of baseline that a stricter one replaces.

use base::quoted::go_quoted;
use base::sorted::SortedSet;
use base::value::{Map, Value, members};

use super::Level;

/// What a check forbids: in short, and in detail.
pub(super) type Finding = (&'static str, String);

/// A pod, or the template of one, as the checks see it.
pub(super) struct Subject<'a> {
    annotations: Option<&'a Map>,
    spec: &'a Value,
    containers: Vec<&'a Value>,
    /// The version of the checks: that of `v1.30` is 30.
    minor: u64,
}

/// A check: its level, the first version that has it, and the first in which one of the restricted level replaces it.
struct Check(Level, u64, u64, fn(&Subject) -> Option<Finding>);

const NEVER: u64 = u64::MAX;
/// From here on, the restricted level asks nothing of Windows that Windows does not have.
const SPARES_WINDOWS: u64 = 25;
/// From here on, root in a user namespace is not root.
const TRUSTS_USER_NAMESPACES: u64 = 35;

/// All checks, in the server's order.
const CHECKS: [Check; 19] = [
    Check(Level::Baseline, 0, NEVER, app_armor),
    Check(Level::Baseline, 0, 22, capabilities),
    Check(Level::Baseline, 0, NEVER, host_namespaces),
    Check(Level::Baseline, 0, 0, host_paths),
    Check(Level::Baseline, 0, NEVER, host_ports),
    Check(Level::Baseline, 34, NEVER, hosts),
    Check(Level::Baseline, 0, NEVER, |pod| {
        Some(("privileged", pod.forbids("securityContext.privileged=true", &["privileged"], &|v| v.as_bool() == Some(true))?))
    }),
    Check(Level::Baseline, 0, TRUSTS_USER_NAMESPACES, |pod| if pod.trusts_users() { None } else { proc_mount(pod) }),
    Check(Level::Baseline, 0, NEVER, selinux),
    Check(Level::Baseline, 0, 19, |pod| if pod.minor < 19 { seccomp_annotations(pod) } else { seccomp(pod) }),
    Check(Level::Baseline, 0, NEVER, sysctls),
    Check(Level::Baseline, 0, NEVER, |pod| {
        let words = "securityContext.windowsOptions.hostProcess=true";
        Some(("hostProcess", pod.forbids(words, &["windowsOptions", "hostProcess"], &|v| v.as_bool() == Some(true))?))
    }),
    Check(Level::Restricted, 8, NEVER, escalation),
    Check(Level::Restricted, 22, NEVER, all_capabilities),
    Check(Level::Restricted, TRUSTS_USER_NAMESPACES, NEVER, proc_mount),
    Check(Level::Restricted, 0, NEVER, volumes),
    Check(Level::Restricted, 0, NEVER, |pod| {
        let is_root = |v: &Value| v.as_bool() == Some(false);
        let needs = "securityContext.runAsNonRoot=true";
        let found = |pod: &Subject| {
            let forbidden = pod.forbids("securityContext.runAsNonRoot=false", &["runAsNonRoot"], &is_root);
            forbidden.or_else(|| pod.requires(needs, "runAsNonRoot"))
        };
        Some(("runAsNonRoot != true", found(pod).filter(|_| !pod.trusts_users())?))
    }),
    Check(Level::Restricted, 23, NEVER, |pod| {
        let found = pod.forbids("runAsUser=0", &["runAsUser"], &|v| v.as_int() == Some(0));
        Some(("runAsUser=0", found.filter(|_| !pod.trusts_users())?))
    }),
    Check(Level::Restricted, 19, NEVER, |pod| {
        let needs = "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"";
        let missing = || Some(("seccompProfile", pod.requires(needs, "seccompProfile")?));
        if pod.is_spared() { None } else { seccomp(pod).or_else(missing) }
    }),
];

/// What a level forbids of a pod or a template.
pub(super) fn findings(level: Level, minor: u64, pod: &Value) -> Vec<Finding> {
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let containers = ["initContainers", "containers", "ephemeralContainers"].iter().flat_map(|list| spec.list_at(&[list])).collect();
    let annotations = pod.at(&["metadata", "annotations"]).and_then(Value::as_map);
    let pod = Subject { annotations, spec, containers, minor };
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

    /// Whether this is a pod for Windows, which some checks spare.
    fn is_spared(&self) -> bool {
        self.minor >= SPARES_WINDOWS && self.spec.text_at(&["os", "name"]) == Some("windows")
    }

    /// Whether its users are those of a namespace of their own, which some checks trust. Models `relaxPolicyForUserNamespacePod`.
    fn trusts_users(&self) -> bool {
        self.minor >= TRUSTS_USER_NAMESPACES && self.spec.get("hostUsers").and_then(Value::as_bool) == Some(false)
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

fn app_armor(pod: &Subject) -> Option<Finding> {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
    const FIELD: [&str; 2] = ["appArmorProfile", "type"];
    let mut setters = pod.setters(&FIELD, &is_loose);
    let allowed = |profile: &str| matches!(profile, "" | "runtime/default") || profile.starts_with("localhost/");
    let annotations = members(pod.annotations).filter_map(|(key, value)| Some((key, value.as_text()?)));
    let bad = annotations.filter(|(key, value)| key.starts_with(PREFIX) && !allowed(value));
    let annotations: Vec<String> = bad.map(|(key, value)| format!("{key}={}", go_quoted(value))).collect();
    let mut values: Vec<String> = pod.values(&FIELD, &is_loose).iter().map(|value| (*value).to_owned()).collect();
    if !annotations.is_empty() {
        setters.push(many("annotation", "annotations", annotations.len()).to_owned());
        values.extend(annotations);
    }
    let reason = many("forbidden AppArmor profile", "forbidden AppArmor profiles", values.len());
    let detail = || format!("{} must not set AppArmor profile type to {}", setters.join(" and "), quoted(&values));
    (!setters.is_empty()).then(|| (reason, detail()))
}

/// Who adds capabilities that are not allowed.
fn added(pod: &Subject, allowed: &[&str]) -> Option<String> {
    let bad = |container: &'_ Value| -> Vec<String> {
        let all = container.list_at(&["securityContext", "capabilities", "add"]).iter().filter_map(Value::as_text);
        all.filter(|name| !allowed.contains(name)).map(str::to_owned).collect()
    };
    let names = pod.containers(|container| !bad(container).is_empty());
    let all: SortedSet<String> = pod.containers.iter().flat_map(|container| bad(container)).collect();
    let detail = || format!("{} must not include {} in securityContext.capabilities.add", named("container", &names), quoted(&all));
    (!names.is_empty()).then(detail)
}

fn capabilities(pod: &Subject) -> Option<Finding> {
    const ALLOWED: &str =
        "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT";
    let allowed: Vec<&str> = ALLOWED.split(' ').collect();
    Some(("non-default capabilities", added(pod, &allowed)?))
}

fn all_capabilities(pod: &Subject) -> Option<Finding> {
    let drops =
        |container: &Value| container.list_at(&["securityContext", "capabilities", "drop"]).iter().any(|c| c.as_text() == Some("ALL"));
    let keeping = pod.containers(|container| !drops(container));
    let keep = || format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", named("container", &keeping));
    let found: Vec<String> = (!keeping.is_empty()).then(keep).into_iter().chain(added(pod, &["NET_BIND_SERVICE"])).collect();
    (!found.is_empty() && !pod.is_spared()).then(|| ("unrestricted capabilities", found.join("; ")))
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

fn host_ports(pod: &Subject) -> Option<Finding> {
    let ports = |container: &Value| -> Vec<String> {
        let all = container.list_at(&["ports"]).iter().filter_map(|port| port.int_at(&["hostPort"]));
        all.filter(|port| *port != 0).map(|port| port.to_string()).collect()
    };
    let names = pod.containers(|container| !ports(container).is_empty());
    let all: SortedSet<String> = pod.containers.iter().flat_map(|container| ports(container)).collect();
    let list: Vec<&str> = all.iter().map(String::as_str).collect();
    let (use_, of) = (many("uses", "use", names.len()), many("hostPort", "hostPorts", all.len()));
    (!names.is_empty()).then(|| ("hostPort", format!("{} {use_} {of} {}", named("container", &names), list.join(", "))))
}

/// The hosts that a container's probes and hooks name.
fn hosts_of(container: &Value) -> impl Iterator<Item = &str> {
    const HANDLERS: [&[&str]; 5] =
        [&["livenessProbe"], &["readinessProbe"], &["startupProbe"], &["lifecycle", "postStart"], &["lifecycle", "preStop"]];
    let handlers = HANDLERS.iter().filter_map(|path| container.at(path));
    let hosts = handlers.flat_map(|handler| ["httpGet", "tcpSocket"].map(|how| handler.text_at(&[how, "host"]).unwrap_or_default()));
    hosts.filter(|host| !host.is_empty())
}

fn hosts(pod: &Subject) -> Option<Finding> {
    let names: SortedSet<&str> = pod.containers(|container| hosts_of(container).next().is_some()).into_iter().collect();
    let names: Vec<&str> = names.iter().copied().collect();
    let hosts: SortedSet<&str> = pod.containers.iter().flat_map(|container| hosts_of(container)).collect();
    let (use_, of) = (many("uses", "use", names.len()), many("probe or lifecycle host", "probe or lifecycle hosts", hosts.len()));
    (!names.is_empty()).then(|| ("probe or lifecycle host", format!("{} {use_} {of} {}", named("container", &names), quoted(&hosts))))
}

fn proc_mount(pod: &Subject) -> Option<Finding> {
    Some(("procMount", pod.forbids("securityContext.procMount to", &["procMount"], &|v| v.as_text() != Some("Default"))?))
}

fn selinux(pod: &Subject) -> Option<Finding> {
    const FIELD: [&str; 1] = ["seLinuxOptions"];
    let minor = pod.minor;
    let bad_type = move |options: &Value| match options.text_at(&["type"]).unwrap_or_default() {
        "" | "container_t" | "container_init_t" | "container_kvm_t" => false,
        kind => minor < 31 || kind != "container_engine_t",
    };
    let sets = |field: &'static str| move |options: &Value| options.text_at(&[field]).is_some_and(|text| !text.is_empty());
    let setters = pod.setters(&FIELD, &|options| bad_type(options) || sets("user")(options) || sets("role")(options));
    let all = [pod.spec].into_iter().chain(pod.containers.iter().copied());
    let types = all.filter_map(|of| of.at(&["securityContext", "seLinuxOptions"]).filter(|o| bad_type(o))?.text_at(&["type"]));
    let types: SortedSet<&str> = types.collect();
    let types = (!types.is_empty()).then(|| format!("{} {}", many("type", "types", types.len()), quoted(&types)));
    let more = ["user", "role"].into_iter().filter(|field| !pod.setters(&FIELD, &sets(field)).is_empty());
    let data: Vec<String> = types.into_iter().chain(more.map(|field| format!("{field} may not be set"))).collect();
    let detail = || format!("{} set forbidden securityContext.seLinuxOptions: {}", setters.join(" and "), data.join("; "));
    (!setters.is_empty()).then(|| ("seLinuxOptions", detail()))
}

/// What the annotations say that were fields later.
fn seccomp_annotations(pod: &Subject) -> Option<Finding> {
    let keys = pod.containers(|_| true).into_iter().map(|name| format!("container.seccomp.security.alpha.kubernetes.io/{name}"));
    let keys: SortedSet<String> = keys.chain(["seccomp.security.alpha.kubernetes.io/pod".to_owned()]).collect();
    let allowed = |profile: &str| matches!(profile, "runtime/default" | "docker/default") || profile.starts_with("localhost/");
    let bad = keys.iter().filter_map(|key| Some((key, pod.annotations?.get(key)?.as_text().filter(|profile| !allowed(profile))?)));
    let bad: Vec<String> = bad.map(|(key, profile)| format!("{key}={}", go_quoted(profile))).collect();
    (!bad.is_empty()).then(|| ("seccompProfile", format!("forbidden {} {}", many("annotation", "annotations", bad.len()), bad.join(", "))))
}

fn seccomp(pod: &Subject) -> Option<Finding> {
    Some(("seccompProfile", pod.forbids("securityContext.seccompProfile.type to", &["seccompProfile", "type"], &is_loose)?))
}

fn sysctls(pod: &Subject) -> Option<Finding> {
    /// The names that are allowed, and since when.
    const ALLOWED: [(&str, u64); 14] = [
        ("kernel.shm_rmid_forced", 0),
        ("net.ipv4.ip_local_port_range", 0),
        ("net.ipv4.tcp_syncookies", 0),
        ("net.ipv4.ping_group_range", 0),
        ("net.ipv4.ip_unprivileged_port_start", 0),
        ("net.ipv4.ip_local_reserved_ports", 27),
        ("net.ipv4.tcp_keepalive_time", 29),
        ("net.ipv4.tcp_fin_timeout", 29),
        ("net.ipv4.tcp_keepalive_intvl", 29),
        ("net.ipv4.tcp_keepalive_probes", 29),
        ("net.ipv4.tcp_rmem", 32),
        ("net.ipv4.tcp_wmem", 32),
        ("net.ipv4.tcp_slow_start_after_idle", 37),
        ("net.ipv4.tcp_notsent_lowat", 37),
    ];
    let allowed = |name: &&str| ALLOWED.iter().any(|(known, since)| known == name && *since <= pod.minor);
    let all = pod.spec.list_at(&["securityContext", "sysctls"]).iter().filter_map(|sysctl| sysctl.text_at(&["name"]));
    let bad: Vec<&str> = all.filter(|name| !allowed(name)).collect();
    (!bad.is_empty()).then(|| ("forbidden sysctls", bad.join(", ")))
}

fn escalation(pod: &Subject) -> Option<Finding> {
    let may = |container: &Value| container.at(&["securityContext", "allowPrivilegeEscalation"]).and_then(Value::as_bool) != Some(false);
    let names = pod.containers(may);
    let detail = || format!("{} must set securityContext.allowPrivilegeEscalation=false", named("container", &names));
    (!names.is_empty() && !pod.is_spared()).then(|| ("allowPrivilegeEscalation != false", detail()))
}
