//! The messages in which a kubelet reports probe results.
//!
//! Models pkg/probe/http, tcp and grpc, and the wording of Go's network errors.

use super::process::Process;
use super::worker::Worker;
use crate::inside::ProbeAnswer;
use api::object::Name;
use api::object::pod::{Probe, ProbeAction};
use base::value::Value;
use why::ProbeKind;

/// What the probe of an unhealthy process receives.
pub(super) fn refusal(probe: ProbeAction) -> ProbeAnswer {
    match probe {
        ProbeAction::Http | ProbeAction::Grpc => ProbeAnswer::Status(503),
        ProbeAction::Tcp => ProbeAnswer::Refused,
        ProbeAction::Exec => ProbeAnswer::Said(String::new()),
    }
}

/// The request path, with its leading `/`.
pub(super) fn path_of(asked: &Value) -> String {
    let path = asked.text_at(&["path"]).unwrap_or("/");
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// The port a probe or hook refers to, by number or by name; the error is in Kubernetes' words. Models pkg/probe/util.go
/// ResolveContainerPort.
pub(super) fn port_of(container: &Value, asked: &Value) -> Result<i64, String> {
    let Some(name) = asked.text_at(&["port"]) else { return Ok(asked.int_at(&["port"]).unwrap_or_default()) };
    let port = container.list_at(&["ports"]).iter().find(|port| port.text_at(&["name"]) == Some(name));
    port.and_then(|port| port.int_at(&["containerPort"])).ok_or_else(|| format!("port {name:?} not found"))
}

impl Worker {
    /// The action of a probe as written in the manifest, and its container.
    fn asked(&self, container: &str, question: ProbeKind, probe: Probe) -> (&Value, &Value) {
        let raw = self.raw_of(container);
        let asked = raw.get(question.field()).and_then(|probe_of| probe_of.get(probe.action.field()));
        (raw, asked.unwrap_or(&Value::Null))
    }

    /// Why a probe cannot be sent: its container has no port with that name.
    pub(super) fn lacks_port(&self, process: &Process, question: ProbeKind, probe: Probe) -> Option<String> {
        let (raw, asked) = self.asked(&process.name, question, probe);
        if process.nodes.run_whole_pods() { port_of(raw, asked).err() } else { None }
    }

    /// The port that a probe asks, if it asks one.
    pub(super) fn asked_port(&self, process: &Process, question: ProbeKind, probe: Probe) -> Option<i64> {
        let (raw, asked) = self.asked(&process.name, question, probe);
        if probe.action == ProbeAction::Exec { None } else { port_of(raw, asked).ok() }
    }

    /// A probe's report of a result.
    pub(super) fn words_of(&self, container: &Name, question: ProbeKind, probe: Probe, heard: &ProbeAnswer) -> String {
        let (raw, asked) = self.asked(container, question, probe);
        let (host, after) = (self.authority(raw, asked), probe.timeout.golang());
        match (probe.action, heard) {
            (_, ProbeAnswer::Said(text)) => text.clone(),
            (ProbeAction::Http, ProbeAnswer::Status(code)) => format!("HTTP probe failed with statuscode: {code}"),
            (ProbeAction::Http, _) => {
                let scheme = asked.text_at(&["scheme"]).unwrap_or("http").to_ascii_lowercase();
                let said = match heard {
                    ProbeAnswer::Silent => "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".to_owned(),
                    ProbeAnswer::Closed => "EOF".to_owned(),
                    ProbeAnswer::Plain => "http: server gave HTTP response to HTTPS client".to_owned(),
                    _ => format!("dial tcp {host}: connect: connection refused"),
                };
                format!("Get \"{scheme}://{host}{}\": {said}", path_of(asked))
            }
            (ProbeAction::Tcp, ProbeAnswer::Silent) => format!("dial tcp {host}: i/o timeout"),
            (ProbeAction::Tcp, _) => format!("dial tcp {host}: connect: connection refused"),
            (ProbeAction::Exec, ProbeAnswer::Silent) => {
                let words: Vec<&str> = asked.list_at(&["command"]).iter().filter_map(Value::as_text).collect();
                format!("command timed out: {:?} timed out after {after}", words.join(" "))
            }
            (ProbeAction::Exec, _) => String::new(),
            (ProbeAction::Grpc, ProbeAnswer::Status(_)) => "service unhealthy (responded with \"NOT_SERVING\")".to_owned(),
            (ProbeAction::Grpc, _) => {
                format!("timeout: failed to connect service {host:?} within {after}: context deadline exceeded")
            }
        }
    }

    /// A container as written in the manifest.
    pub(super) fn raw_of(&self, container: &str) -> &Value {
        let all = ["containers", "initContainers", "ephemeralContainers"].into_iter().flat_map(|list| self.template.raw.list_at(&[list]));
        all.into_iter().find(|c| c.text_at(&["name"]) == Some(container)).unwrap_or(&Value::Null)
    }

    /// `10.244.1.5:80`: where a probe or a hook connects, with its own host or the pod's, and a port number or name.
    pub(super) fn authority(&self, container: &Value, asked: &Value) -> String {
        let own = || self.ip.map(|ip| ip.to_string()).unwrap_or_default();
        let host = asked.text_at(&["host"]).map_or_else(own, str::to_owned);
        format!("{host}:{}", port_of(container, asked).unwrap_or_default())
    }
}
