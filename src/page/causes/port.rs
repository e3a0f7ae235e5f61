//! Ports of containers and probes.

use base::value::Value;

/// The port that a probe asks although its container says that it listens on others.
pub fn undeclared_port(container: &Value, probe: &Value) -> Option<u16> {
    let asked = ["tcpSocket", "httpGet", "grpc"].iter().find_map(|action| probe.get(action))?;
    let port = u16::try_from(asked.int_at(&["port"])?).ok()?;
    let declared = container.list_at(&["ports"]);
    let is_declared = declared.iter().any(|one| one.int_at(&["containerPort"]) == Some(i64::from(port)));
    (!declared.is_empty() && !is_declared).then_some(port)
}

/// The first port on which a container says that it listens.
pub fn declared_port(container: &Value) -> Option<i64> {
    container.list_at(&["ports"]).first()?.int_at(&["containerPort"])
}
