//! Containers and their probes and lifecycle hooks.

use super::meta::Name;
use super::resources::is_sidecar;
use base::time::Span;
use base::value::Value;

/// A port that a container declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort {
    /// The name; empty if unset.
    pub name: Name,
    /// The number.
    pub port: i64,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
}

/// When a container's image is pulled: `imagePullPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullPolicy {
    /// At each start.
    Always,
    /// If its node lacks it.
    IfNotPresent,
    /// Not at all; its node has to have it.
    Never,
}

/// The parts of a container that the simulation acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    pub name: Name,
    /// The image reference, as written.
    pub image: Name,
    pub ports: Vec<ContainerPort>,
    /// `readinessProbe`; without one, a started container is ready.
    pub readiness: Option<Probe>,
    /// `startupProbe`; the other probes begin once it has succeeded.
    pub startup: Option<Probe>,
    /// `livenessProbe`; a container that fails it is restarted.
    pub liveness: Option<Probe>,
    /// `command` and `args`, concatenated.
    pub command: Vec<Name>,
    /// The `preStop` command; the words `sleep` and a number for a sleep hook.
    pub pre_stop: Vec<Name>,
    /// The `postStart` hook, which has to complete before the container counts as running.
    pub post_start: Option<Hook>,
    /// When its image is pulled.
    pub pull: PullPolicy,
    /// `resources.limits.memory`, if set.
    pub memory_limit: Option<Name>,
    /// Whether its standard input stays open.
    pub interactive: bool,
    /// For an init container, whether it keeps running beside the others: `restartPolicy: Always`.
    pub sidecar: bool,
}

impl Container {
    pub(super) fn decode(value: &Value) -> Self {
        let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        let port = |p: &Value| ContainerPort {
            name: text(p, "name"),
            port: p.int_at(&["containerPort"]).unwrap_or(0),
            protocol: text(p, "protocol"),
        };
        let probe = |key: &str| value.get(key).and_then(Probe::decode);
        let words = |path: &[&str]| value.list_at(path).iter().filter_map(Value::as_shared_text).collect::<Vec<_>>();
        let hook = |key: &str| match value.int_at(&["lifecycle", key, "sleep", "seconds"]) {
            Some(seconds) => vec!["sleep".into(), seconds.to_string().into()],
            None => words(&["lifecycle", key, "exec", "command"]),
        };
        let asks = value.at(&["lifecycle", "postStart", "httpGet"]).is_some();
        let post_start = Some(hook("postStart")).filter(|words| !words.is_empty()).map(Hook::Command);
        Container {
            name: text(value, "name"),
            image: text(value, "image"),
            ports: value.list_at(&["ports"]).iter().map(port).collect(),
            readiness: probe("readinessProbe"),
            startup: probe("startupProbe"),
            liveness: probe("livenessProbe"),
            command: ["command", "args"].iter().flat_map(|key| words(&[key])).collect(),
            pre_stop: hook("preStop"),
            post_start: post_start.or(asks.then_some(Hook::Http)),
            pull: match value.text_at(&["imagePullPolicy"]) {
                Some("Always") => PullPolicy::Always,
                Some("Never") => PullPolicy::Never,
                _ => PullPolicy::IfNotPresent,
            },
            memory_limit: value.at(&["resources", "limits", "memory"]).and_then(Value::as_shared_text),
            interactive: value.get("stdin").and_then(Value::as_bool).unwrap_or(false),
            sidecar: is_sidecar(value),
        }
    }
}

/// A `postStart` hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Runs a command in the container; the words `sleep` and a number for a sleep hook.
    Command(Vec<Name>),
    /// Sends it an HTTP request.
    Http,
}

/// A probe of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The probe's mechanism.
    pub action: ProbeAction,
    /// `initialDelaySeconds`: how long after its start the container is not probed.
    pub delay: Span,
    /// `periodSeconds`: how often it is probed.
    pub period: Span,
    /// `successThreshold`: how many successes in a row count as success.
    pub successes: u64,
    /// `timeoutSeconds`: how long the probe may take.
    pub timeout: Span,
    /// `failureThreshold`: how many failures in a row count as failure.
    pub failures: u64,
    /// `terminationGracePeriodSeconds`: the grace period of a container that failed the probe, overriding the pod's.
    pub grace: Option<Span>,
    /// Whether its command fails in any container: `false`, or a shell that exits with another code than 0.
    pub always_fails: bool,
}

/// The mechanism of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeAction {
    /// An HTTP request.
    Http,
    /// A TCP connection.
    Tcp,
    /// A command run in the container.
    Exec,
    /// A gRPC health check.
    Grpc,
}

impl ProbeAction {
    /// The field of a probe that configures this mechanism.
    pub fn field(self) -> &'static str {
        match self {
            ProbeAction::Http => "httpGet",
            ProbeAction::Tcp => "tcpSocket",
            ProbeAction::Exec => "exec",
            ProbeAction::Grpc => "grpc",
        }
    }
}

/// Whether a command fails wherever it runs, as far as its own words tell.
fn always_fails(command: &[Value]) -> bool {
    let words: Vec<&str> = command.iter().filter_map(Value::as_text).collect();
    let program = |path: &str| path.strip_prefix("/usr/bin/").or_else(|| path.strip_prefix("/bin/")).unwrap_or(path).to_owned();
    match words.as_slice() {
        [one] => program(one) == "false",
        [shell, "-c", script] if ["sh", "bash", "ash", "dash"].contains(&&*program(shell)) => {
            let script = script.trim();
            let code = script.strip_prefix("exit ").and_then(|code| code.trim().parse::<u8>().ok());
            program(script) == "false" || code.is_some_and(|code| code > 0)
        }
        _ => false,
    }
}

impl Probe {
    /// Decodes a probe; `None` if its mechanism is unknown.
    fn decode(value: &Value) -> Option<Self> {
        let sorts = [ProbeAction::Http, ProbeAction::Tcp, ProbeAction::Exec, ProbeAction::Grpc];
        let action = sorts.into_iter().find(|action| value.get(action.field()).is_some())?;
        let number = |key: &str, least: u64| value.int_at(&[key]).and_then(|n| u64::try_from(n).ok()).unwrap_or(0).max(least);
        Some(Probe {
            action,
            delay: Span::seconds(number("initialDelaySeconds", 0)),
            period: Span::seconds(number("periodSeconds", 1)),
            successes: number("successThreshold", 1),
            timeout: Span::seconds(number("timeoutSeconds", 1)),
            failures: number("failureThreshold", 1),
            grace: value.int_at(&["terminationGracePeriodSeconds"]).map(Span::of_seconds),
            always_fails: always_fails(value.list_at(&["exec", "command"])),
        })
    }

    /// How long after its start a container that is healthy from the beginning has passed. It is probed at once and then once every
    /// period; probes before the initial delay is over do not count.
    pub fn passes_after(&self) -> Span {
        let looks = self.delay.0.div_ceil(self.period.0.max(1)) + self.successes - 1;
        Span(looks.saturating_mul(self.period.0))
    }
}
