//! `port-forward`, `proxy` and `cp`: connections between this machine and a pod.
//!
//! Models k8s.io/kubectl/pkg/cmd/{portforward,proxy,cp}. Incoming connections are the terminal's business: a job only says which ports
//! it listens on. Not modelled: copying directories.

pub(crate) mod listening;

use std::net::IpAddr;
use std::ops::Range;

use crate::call::Call;
use crate::failure::Failure;
use crate::resources::find;
use crate::session::Session;
use crate::verbs::pods::{container_of, pod_of};
use crate::verbs::process::asked;
use crate::verbs::reach;
use crate::verbs::work::{Step, Work};
use api::client::{Exec, ProcessOutput};
use api::kind::Kind;
use api::object::NamespacedName;
use base::note::Note;
use base::printed::Stream;
use base::sorted::SortedSet;
use base::value::Value;
use listening::Listening;
use rows::view;

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
    let addresses = addresses(call)?;
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
        for address in &addresses {
            session.output.line(format!("Forwarding from {address}:{port} -> {pod_port}"));
        }
        let place = (view::namespace(&pod).to_owned(), view::name(&pod).to_owned(), pod_port);
        listening.push(Listening { port, pod: Some(place) });
    }
    Ok(Step::Wait(Work::Listen(listening), None))
}

/// The addresses to listen on, in order. Models portforward.go parseAddresses.
fn addresses(call: &Call) -> Result<Vec<String>, Failure> {
    let mut all = SortedSet::new();
    let given = call.flags.list("address");
    for address in if given.is_empty() { vec!["localhost"] } else { given } {
        match address.parse::<IpAddr>() {
            _ if address == "localhost" => {
                all.insert("127.0.0.1".to_owned());
                all.insert("[::1]".to_owned());
            }
            Ok(IpAddr::V4(_)) => drop(all.insert(address.to_owned())),
            Ok(IpAddr::V6(_)) => drop(all.insert(format!("[{address}]"))),
            Err(_) => return Err(Failure::client(format!("{address} is not a valid IP"))),
        }
    }
    Ok(all.into_iter().collect())
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

/// Runs `cp` for a file.
pub fn copy(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let [from, to] = call.args.as_slice() else { return Err(Failure::client("source and destination are required")) };
    let remote = |text: &str| text.split_once(':').map(|(pod, path)| (pod.to_owned(), path.to_owned()));
    let (place, path, local, out) = match (remote(from), remote(to)) {
        (Some((pod, path)), None) => (pod, path, to, false),
        (None, Some((pod, path))) => (pod, path, from, true),
        (None, None) => return Err(Failure::client("one of src or dest must be a remote file specification")),
        (Some(_), Some(_)) => return Err(Failure::client("one of src or dest must be a local file specification")),
    };
    let (namespace, name) = place.split_once('/').map_or((session.namespace(call), place.as_str()), |(n, p)| (n.to_owned(), p));
    let pod = session.get(Kind::Pod, &namespace, name)?;
    let container = container_of(call, session, &pod)?;
    let files = &session.around.files;
    let is_folder = |path: &str| Failure::NotSimulated(Note::CopiesFolder(path.to_owned()));
    let missing = || Failure::client(format!("{local} doesn't exist in local filesystem"));
    let no_file = || if files.is_folder(local) { is_folder(local) } else { missing() };
    let input = if out { files.get(local).ok_or_else(no_file)?.into() } else { "".into() };
    let folder = path.is_empty() || path.ends_with('/');
    let tar: &[&str] = if out { &["tar", "-xmf", "-"] } else { &["tar", "cf", "-", &path] };
    let tar: Vec<String> = tar.iter().map(|word| (*word).to_owned()).collect();
    reach::stream(session, &pod, &container, "exec", &asked(&tar, out, false))?;
    let path = if folder { format!("{path}{}", local.rsplit('/').next().unwrap_or_default()) } else { path };
    let command =
        if out { vec!["sh".into(), "-c".into(), format!("cat > '{}'", path.replace('\'', r"'\''"))] } else { vec!["cat".to_owned(), path] };
    let exec = Exec { pod: NamespacedName::of(&namespace, name), container, command, input };
    let number = session.client.begin_process(&exec).map_err(Failure::Client)?;
    let heard = session.client.poll_process(number);
    session.client.end_process(number, None);
    // Of a process in a container, nothing but its words and its code is known.
    let is_of_folder =
        |heard: &ProcessOutput| heard.pieces.iter().any(|piece| piece.logged().trim_end().to_ascii_lowercase().ends_with("is a directory"));
    if !out && heard.as_ref().is_some_and(|heard| heard.code != Some(0) && is_of_folder(heard)) {
        return Err(is_folder(from));
    }
    let Some(heard) = heard.filter(|h| h.code == Some(0)) else {
        return Err(Failure::client(format!("tar: {from}: Cannot stat: No such file or directory")));
    };
    if !out {
        let name = from.rsplit(['/', ':']).next().unwrap_or_default();
        let to = if session.around.files.is_folder(local) { format!("{local}/{name}") } else { local.clone() };
        let text: String = heard.pieces.iter().filter_map(|piece| piece.on(Stream::Out)).collect();
        session.around.write(&to, &text);
    }
    Ok(Step::Done)
}
