//! `port-forward` and `proxy`: connections between this machine and a pod.
//!
//! Models k8s.io/kubectl/pkg/cmd/{portforward,proxy}. Incoming connections are the terminal's business: a job only says which ports
//! it listens on.

use std::ops::Range;

use crate::pods::pod_of;
use crate::reach;
use crate::work::{Step, Work};
use api::kind::Kind;
use api::view;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::listening::Listening;
use kubectl::resources::find;
use kubectl::session::Session;

/// The default port of `kubectl proxy`.
const PROXY_PORT: i64 = 8001;

/// The ports that Linux gives to those who ask for any.
const FREE_PORTS: Range<i64> = 32_768..61_000;

/// Runs `proxy`.
pub fn proxy(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let port = call.flags.int("port").unwrap_or(PROXY_PORT);
    session.output.line(format!("Starting to serve on 127.0.0.1:{port}"));
    Ok(Step::Wait(Work::Listen(vec![Listening { port, pod: None }]), None))
}

/// Runs `port-forward`.
pub fn port_forward(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let [name, ports @ ..] = call.args.as_slice() else {
        return Err(call.usage("TYPE/NAME and list of ports are required for port-forward"));
    };
    if ports.is_empty() {
        return Err(call.usage("TYPE/NAME and list of ports are required for port-forward"));
    }
    let pod = pod_of(call, session, name)?;
    let service = match name.split_once('/') {
        Some((kind, name)) if find(kind, session.client) == Some(Kind::Service) => {
            let namespace = session.namespace(call);
            Some(session.get(Kind::Service, &namespace, name)?)
        }
        _ => None,
    };
    let pairs = ports.iter().map(|pair| ports_of(pair, &pod, service.as_ref())).collect::<Result<Vec<_>, String>>();
    let pairs = pairs.map_err(Failure::Client)?;
    let phase = view::text(&pod, &["status", "phase"]);
    Failure::client_if(phase != "Running", format!("unable to forward port because pod is not running. Current status={phase}"))?;
    reach::ports(session, &pod)?;
    let mut listening = Vec::new();
    for (here, there) in pairs {
        let here = if here.is_empty() { "0" } else { &here };
        let (mut port, pod_port) = (port_number("local", here)?, port_number("remote", &there)?);
        Failure::client_if(pod_port == 0, "remote port must be > 0")?;
        if port == 0 {
            // A real machine chooses any free port. Here it follows from the pod's, so that the same lines give the same text.
            port = FREE_PORTS.start + pod_port % (FREE_PORTS.end - FREE_PORTS.start);
        }
        for address in ["127.0.0.1", "[::1]"] {
            session.output.line(format!("Forwarding from {address}:{port} -> {pod_port}"));
        }
        let place = (view::namespace(&pod).to_owned(), view::name(&pod).to_owned(), pod_port);
        listening.push(Listening { port, pod: Some(place) });
    }
    Ok(Step::Wait(Work::Listen(listening), None))
}

/// Parses a port, called `local` or `remote` in errors.
fn port_number(which: &str, text: &str) -> Result<i64, Failure> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let why = if is_number { "value out of range" } else { "invalid syntax" };
    let wrong = |_| Failure::client(format!("error parsing {which} port '{text}': strconv.ParseUint: parsing {text:?}: {why}"));
    text.parse::<u16>().map(i64::from).map_err(wrong)
}

/// The ports of both ends, of which names and the ports of a Service are looked up.
/// Models portforward.go translateServicePortToTargetPort and convertPodNamedPortToNumber.
fn ports_of(pair: &str, pod: &Value, service: Option<&Value>) -> Result<(String, String), String> {
    let (here, there) = pair.split_once(':').unwrap_or((pair, pair));
    let number = match (there.parse::<i64>(), service) {
        (Ok(_), _) => there.to_owned(),
        (Err(_), None) => container_port(pod, there)?,
        (Err(_), Some(service)) => {
            let ports = service.list_at(&["spec", "ports"]);
            let named = ports.iter().find(|port| view::text(port, &["name"]) == there);
            let named = named.ok_or_else(|| format!("Service '{}' does not have a named port '{there}'", view::name(service)))?;
            view::int(named, &["port"]).to_string()
        }
    };
    let here = if here == there { number.clone() } else { here.to_owned() };
    Ok((here, service.map_or(Ok(number.clone()), |service| target_port(service, pod, &number))?))
}

/// The port of a pod behind the port of a Service; a headless one forwards to the same port, whatever its target is.
fn target_port(service: &Value, pod: &Value, number: &str) -> Result<String, String> {
    let port = service.list_at(&["spec", "ports"]).iter().find(|port| view::int(port, &["port"]).to_string() == number);
    let port = port.ok_or_else(|| format!("Service {} does not have a service port {number}", view::name(service)))?;
    match port.get("targetPort") {
        _ if view::text(service, &["spec", "clusterIP"]) == "None" => Ok(number.to_owned()),
        Some(Value::Text(name)) => container_port(pod, name),
        Some(target) => Ok(view::scalar(target)),
        None => Ok(number.to_owned()),
    }
}

/// The port of a pod with this name.
fn container_port(pod: &Value, name: &str) -> Result<String, String> {
    let containers = ["containers", "initContainers"].into_iter().flat_map(|list| pod.list_at(&["spec", list]));
    let named = containers.flat_map(|c| c.list_at(&["ports"])).find(|port| view::text(port, &["name"]) == name);
    named
        .map(|port| view::int(port, &["containerPort"]).to_string())
        .ok_or_else(|| format!("Pod '{}' does not have a named port '{name}'", view::name(pod)))
}
