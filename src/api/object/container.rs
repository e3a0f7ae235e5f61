//! Containers of a pod, and how a kubelet asks them whether they are well.

use super::meta::Name;
use super::resources::is_sidecar;
use crate::base::time::Span;
use crate::base::value::Value;

/// A port a container names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort {
    /// The name; empty where there is none.
    pub name: Name,
    /// The number.
    pub port: i64,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
}

/// What of a container the simulation acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The name.
    pub name: Name,
    /// The image reference, as written.
    pub image: Name,
    /// Ports.
    pub ports: Vec<ContainerPort>,
    /// How readiness is probed; without a probe a started container is ready.
    pub readiness: Option<Probe>,
    /// How it is asked whether it has come up; the other probes begin once it has.
    pub startup: Option<Probe>,
    /// How it is asked whether it is of any use any more; one that is not is started again.
    pub liveness: Option<Probe>,
    /// `command` and `args`, in a row.
    pub command: Vec<Name>,
    /// What its `preStop` hook runs before it is told to end; `sleep` and a number for the hook of that name.
    pub pre_stop: Vec<Name>,
    /// What has to be done once it was started, before it counts as running.
    pub post_start: Option<Hook>,
    /// Whether its image is asked for at each start: `imagePullPolicy: Always`.
    pub pull_always: bool,
    /// How much memory it may use, where that is limited: `resources.limits.memory`.
    pub memory_limit: Option<Name>,
    /// Whether its input stays open.
    pub interactive: bool,
    /// Of an init container, whether it keeps running beside the others: `restartPolicy: Always`.
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
            pull_always: value.text_at(&["imagePullPolicy"]) == Some("Always"),
            memory_limit: value.at(&["resources", "limits", "memory"]).and_then(Value::as_shared_text),
            interactive: value.get("stdin").and_then(Value::as_bool).unwrap_or(false),
            sidecar: is_sidecar(value),
        }
    }
}

/// What is done once a container was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// A command is run in it; `sleep` and a number for the hook of that name.
    Command(Vec<Name>),
    /// It is sent an HTTP request.
    Http,
}

/// How a kubelet asks a container whether it is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// By what.
    pub action: ProbeAction,
    /// `initialDelaySeconds`: how long after its start it is not asked.
    pub delay: Span,
    /// `periodSeconds`: how often it is asked.
    pub period: Span,
    /// `successThreshold`: how many good answers in a row count as well.
    pub successes: u64,
    /// `timeoutSeconds`: how long an answer may take.
    pub timeout: Span,
    /// `failureThreshold`: how many bad answers in a row count as not well.
    pub failures: u64,
    /// `terminationGracePeriodSeconds`: how long a container that is given up has to end, where that is not up to the pod.
    pub grace: Option<Span>,
}

/// By what a container is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeAction {
    /// By an HTTP request.
    Http,
    /// By opening a connection.
    Tcp,
    /// By running a command in it.
    Exec,
    /// By a gRPC health check.
    Grpc,
}

impl ProbeAction {
    /// The field of a probe that asks in this way.
    pub fn field(self) -> &'static str {
        match self {
            ProbeAction::Http => "httpGet",
            ProbeAction::Tcp => "tcpSocket",
            ProbeAction::Exec => "exec",
            ProbeAction::Grpc => "grpc",
        }
    }
}

impl Probe {
    /// Reads a probe, where it is of a known sort.
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
        })
    }

    /// How long after its start a container that is well from the beginning has given enough good answers. The first look is
    /// taken at once and then one every period; those before the delay is over do not count.
    pub fn passes_after(&self) -> Span {
        let looks = self.delay.0.div_ceil(self.period.0.max(1)) + self.successes - 1;
        Span(looks.saturating_mul(self.period.0))
    }
}
