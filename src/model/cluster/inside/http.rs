//! HTTP requests between pods: how they are routed, and what the application answers.
//!
//! Promises: the same requests get the same answers; a Service's endpoints take turns.
//! Not modelled: TLS, headers, network policies, the time a request takes.

use std::rc::Rc;

use super::apps::is_other;
use super::disks::Disks;
use super::place::ContainerInfo;
use super::requests::{Call, Exchange, Outcome, Party};
use super::room::Room;
use crate::dns::{Query, RecordType, ResolverStyle};
use crate::programs::Serves;
use crate::runtime::Silence;
use api::kind::Kind;
use api::object::network::{Service, ServicePort};
use api::object::node::Node;
use api::object::pod::Ip;
use api::object::{Name, Object, Pod};
use base::time::Time;
use server::allocate::is_node_port;
use server::tables::Tables;
use shell::Host;

/// The loopback address.
pub const LOCALHOST: Ip = Ip([127, 0, 0, 1]);

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`
    pub method: String,
    /// A name or an address.
    pub host: String,
    pub port: i64,
    /// The path, with its leading `/`.
    pub path: String,
    pub body: String,
    /// The user agent.
    pub agent: String,
}

impl Request {
    /// A GET request for a path, to no host yet.
    pub(super) fn to(path: &str, agent: &str) -> Request {
        Request { method: "GET".into(), path: path.to_owned(), agent: agent.to_owned(), ..Request::default() }
    }

    /// A GET request for a URL; `None` unless it is plain HTTP.
    pub fn get(url: &str, agent: &str) -> Option<Request> {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
        let port = port.parse().ok()?;
        let plain = !host.is_empty() && !host.contains([':', '@']);
        plain.then(|| Request { host: host.to_owned(), port, ..Request::to(path, agent) })
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `200 OK`
    pub status: &'static str,
    pub body: String,
}

impl Answer {
    /// The status code.
    pub fn code(&self) -> i32 {
        self.status.get(..3).and_then(|n| n.parse().ok()).unwrap_or(0)
    }
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The name does not resolve.
    NoSuchName,
    /// The connection was refused: nothing listens there.
    Refused(Ip),
    /// No route to the host.
    NoRoute(Ip),
    /// The server accepts the connection but does not respond.
    Silent(Ip),
    /// The server does not speak HTTP.
    Closed(Ip),
    /// The response would not be simulated.
    Unknown(Ip),
}

impl Refusal {
    /// The address that was sought, if the name has one.
    pub(super) fn ip(self) -> Option<Ip> {
        match self {
            Refusal::NoSuchName => None,
            Refusal::Refused(ip) | Refusal::NoRoute(ip) | Refusal::Silent(ip) | Refusal::Closed(ip) | Refusal::Unknown(ip) => Some(ip),
        }
    }
}

/// Where a request arrives, and whose request.
pub struct Target<'a> {
    pub pod: &'a Pod,
    pub ip: Ip,
    pub port: i64,
    /// The Service whose address led there.
    pub service: Option<Name>,
    pub by: Party,
}

/// Sends a request from a container, or from a machine of the cluster.
pub fn send(from: Option<&ContainerInfo>, request: &Request, tables: &Tables, disks: &mut Disks, now: Time) -> Result<Answer, Refusal> {
    send_as(Party::of(from), from, request, tables, disks, now)
}

/// [`send`] for whoever asks.
pub(super) fn send_as(
    by: Party,
    from: Option<&ContainerInfo>,
    request: &Request,
    tables: &Tables,
    disks: &mut Disks,
    now: Time,
) -> Result<Answer, Refusal> {
    let mut service = None;
    match route(from, (&request.host, request.port), &mut service, tables, disks, now) {
        Ok((pod, ip, port)) => serve(&Target { pod, ip, port, service, by }, request, from, tables, disks, now),
        Err(refusal) => {
            let call = Call::wordless(&by, &request.host, service, refusal.ip(), refusal.into(), tables);
            disks.requests.take_call(now, by, call);
            Err(refusal)
        }
    }
}

/// Opens a connection from a container, and closes it; returns the address.
pub fn connect(from: &ContainerInfo, host: &str, port: i64, tables: &Tables, disks: &mut Disks, now: Time) -> Result<Ip, Refusal> {
    let at = address(Some(from), host, tables, disks, now)?;
    connect_at(from, (host, at), port, tables, disks, now)
}

/// [`connect`] to a host whose address is known.
pub(super) fn connect_at(
    from: &ContainerInfo,
    (host, at): (&str, Ip),
    port: i64,
    tables: &Tables,
    disks: &mut Disks,
    now: Time,
) -> Result<Ip, Refusal> {
    let mut service = None;
    let opened = lead(Some(from), at, port, &mut service, tables, disks).and_then(|(pod, ip, port)| open(pod, (ip, port), disks, now));
    let (ip, outcome) = match opened {
        Ok(ip) => (Some(ip), Outcome::Accepted),
        Err(refusal) => (refusal.ip(), refusal.into()),
    };
    let by = Party::of(Some(from));
    let call = Call::wordless(&by, host, service, ip, outcome, tables);
    disks.requests.take_call(now, by, call);
    opened
}

/// Whether a pod accepts a connection to one of its addresses.
pub(super) fn open(pod: &Pod, (ip, port): (Ip, i64), disks: &mut Disks, now: Time) -> Result<Ip, Refusal> {
    let ear = disks.ear(pod, port).ok_or(Refusal::Refused(ip))?;
    if disks.silence(pod, ear.container, now) == Some(Silence::NotYet) { Err(Refusal::Refused(ip)) } else { Ok(ip) }
}

/// The pod that a host and port lead to, as seen from a container or from a machine of the cluster, with its address and port.
/// `service` becomes the Service whose address leads there.
pub(super) fn route<'a>(
    from: Option<&ContainerInfo>,
    (host, port): (&str, i64),
    service: &mut Option<Name>,
    tables: &'a Tables,
    disks: &mut Disks,
    now: Time,
) -> Result<(&'a Pod, Ip, i64), Refusal> {
    let at = address(from, host, tables, disks, now)?;
    lead(from, at, port, service, tables, disks)
}

/// [`route`] from an address on; that of a Service leads to one of its endpoints.
fn lead<'a>(
    from: Option<&ContainerInfo>,
    at: Ip,
    port: i64,
    service: &mut Option<Name>,
    tables: &'a Tables,
    disks: &mut Disks,
) -> Result<(&'a Pod, Ip, i64), Refusal> {
    if at == LOCALHOST {
        let own = from.and_then(|place| tables.pod(&place.namespace, &place.pod));
        return own.map(|pod| (&**pod, LOCALHOST, port)).ok_or(Refusal::Refused(LOCALHOST));
    }
    *service = tables.services().find(|service| service.spec.cluster_ip.parse_ip() == Some(at)).map(|service| service.meta.name.clone());
    let (ip, port) = behind(from, at, port, tables, disks).unwrap_or((at, port));
    let alive = |pod: &&std::rc::Rc<Pod>| pod.status.ip == Some(ip) && !pod.status.phase.terminal();
    // Pods in their node's network share its address, but not its ports.
    let listens = |pod: &&std::rc::Rc<Pod>| pod.spec.template.scheduling.host_ports.iter().any(|taken| taken.port == port);
    let Some(pod) = tables.pods().filter(alive).max_by_key(listens) else {
        let of_service = tables.services().any(|s| s.spec.cluster_ip.parse_ip() == Some(ip));
        let of_node = is_node_port(port) && node_at(ip, tables).is_some_and(|node| !is_apart(from, &node.meta.name, disks));
        return Err(if of_service || of_node { Refusal::Refused(ip) } else { Refusal::NoRoute(ip) });
    };
    if pod.node.as_ref().is_some_and(|node| is_apart(from, node, disks)) {
        return Err(Refusal::NoRoute(ip));
    }
    Ok((pod, ip, port))
}

/// The address of a host, as seen from a container, which reads its hosts file first.
pub(super) fn address(from: Option<&ContainerInfo>, host: &str, tables: &Tables, disks: &mut Disks, now: Time) -> Result<Ip, Refusal> {
    if matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0") {
        return Ok(LOCALHOST);
    }
    let resolved = || {
        let query = Query::exact(host, RecordType::A).searching(from?.resolver.clone(), ResolverStyle::Glibc);
        disks.resolve(from, &query, tables, now).addresses().next()
    };
    let in_hosts = || Ip::parse(from?.hosts_line(host)?.split_whitespace().next()?);
    Ip::parse(host).or_else(in_hosts).or_else(resolved).ok_or(Refusal::NoSuchName)
}

/// The pod that has an address and runs, the latest if pods share one.
pub(super) fn of_address(ip: Ip, tables: &Tables) -> Option<&Rc<Pod>> {
    tables.pods().find(|pod| pod.status.ip == Some(ip) && !pod.status.phase.terminal())
}

trait ParseIp {
    fn parse_ip(&self) -> Option<Ip>;
}
impl ParseIp for api::object::Name {
    fn parse_ip(&self) -> Option<Ip> {
        Ip::parse(self)
    }
}

/// The node that has an address.
fn node_at(ip: Ip, tables: &Tables) -> Option<&Node> {
    tables.nodes().find(|node| node.status.address == Some(ip)).map(|node| &**node)
}

/// Whether a partition is between who asks and a node.
fn is_apart(from: Option<&ContainerInfo>, node: &Name, disks: &Disks) -> bool {
    disks.replicated().apart(from.map(|place| &place.node), node)
}

/// The Service that has an address and a port, with that port: its own, or one that every node has for it.
fn service_at<'a>(
    from: Option<&ContainerInfo>,
    ip: Ip,
    port: i64,
    tables: &'a Tables,
    disks: &Disks,
) -> Option<(&'a Service, &'a ServicePort)> {
    if let Some(service) = tables.services().find(|s| s.spec.cluster_ip.parse_ip() == Some(ip)) {
        return Some((service, service.spec.ports.iter().find(|p| p.port == port)?));
    }
    if !is_node_port(port) {
        return None;
    }
    let has_it = |service: &Service| {
        let ports = service.spec.value().list_at(&["ports"]).iter();
        ports.into_iter().position(|p| p.int_at(&["nodePort"]) == Some(port))
    };
    let (service, at) = tables.services().find_map(|service| Some((service, has_it(service)?)))?;
    node_at(ip, tables).filter(|node| !is_apart(from, &node.meta.name, disks))?;
    Some((service, service.spec.ports.get(at)?))
}

/// The endpoint that a Service's address and port lead to this time, or one of its ports on a node. Models kube-proxy's iptables rules
/// for what pods send: those with `externalTrafficPolicy: Local` are no others.
fn behind(from: Option<&ContainerInfo>, ip: Ip, port: i64, tables: &Tables, disks: &mut Disks) -> Option<(Ip, i64)> {
    let (service, wanted) = service_at(from, ip, port, tables, disks)?;
    let slices = tables.within(Kind::EndpointSlice, &service.meta.namespace).filter_map(Object::as_slice);
    let mut ends = Vec::new();
    for slice in slices.filter(|s| s.service == service.meta.name) {
        let target = slice.ports.iter().find(|p| p.name == wanted.name).or(slice.ports.first()).map_or(wanted.port, |p| p.port);
        ends.extend(slice.endpoints.iter().filter(|e| e.ready).map(|e| (e.ip, target)));
    }
    let turn = disks.turns.entry(service.meta.uid).or_default();
    *turn += 1;
    ends.get((*turn - 1) % ends.len().max(1)).copied()
}

/// A pod's response to a request sent to one of its addresses.
pub fn serve(
    target: &Target,
    request: &Request,
    from: Option<&ContainerInfo>,
    tables: &Tables,
    disks: &mut Disks,
    now: Time,
) -> Result<Answer, Refusal> {
    let answered = answer(target, request, from, tables, disks, now);
    let Target { pod, ip, service, by, .. } = target;
    let (disk, outcome) = match &answered {
        Ok((answer, disk)) => (disk.clone(), Outcome::of_text(&answer.body)),
        Err(refusal) => (None, (*refusal).into()),
    };
    let server = Some(Party::pod(pod));
    let call = Call { host: request.host.as_str().into(), service: service.clone(), ip: Some(*ip), server, disk, outcome };
    disks.requests.take(now, by.clone(), Exchange::Call(call));
    answered.map(|(answer, _)| answer)
}

/// An answer, and what holds the volume that it comes from.
fn answer(
    target: &Target,
    request: &Request,
    from: Option<&ContainerInfo>,
    tables: &Tables,
    disks: &mut Disks,
    now: Time,
) -> Result<(Answer, Option<Name>), Refusal> {
    let (pod, ip) = (target.pod, target.ip);
    let request = &Request { port: target.port, ..request.clone() };
    let ear = disks.ear(pod, request.port).ok_or(Refusal::Refused(ip))?;
    match disks.silence(pod, ear.container, now) {
        Some(Silence::NotYet) => return Err(Refusal::Refused(ip)),
        Some(Silence::Frozen) => return Err(Refusal::Silent(ip)),
        None if is_other(ear.app) => return Err(Refusal::Unknown(ip)),
        None if ear.port != request.port => return Err(Refusal::Closed(ip)),
        None => {}
    }
    let place = disks.place(pod, ear.container, tables);
    let mut room = Room { place: &place, disks, now };
    let disk = match place.app().serves {
        Serves::Pet(file) => room.medium(file),
        Serves::Files(_) => room.medium(place.app().folder),
        _ => None,
    };
    let answer = match place.app().serves {
        Serves::Nothing => return Err(Refusal::Closed(ip)),
        Serves::Paths(known) if known.iter().any(|path| request.path.starts_with(path)) => return Err(Refusal::Unknown(ip)),
        Serves::Paths(_) => Answer { status: "404 Not Found", body: "404 page not found\n".to_owned() },
        Serves::Greeting(text) => Answer { status: "200 OK", body: text.replace("{}", &place.hostname) },
        Serves::Pet(file) => pet(&mut room, file, request),
        Serves::Files(web) => web.answer(&room, place.app().folder, request),
    };
    if let Serves::Files(web) = place.app().serves {
        let client = from.and_then(|f| f.ip).map_or_else(|| "127.0.0.1".to_owned(), |ip| ip.to_string());
        disks.log(pod.meta.uid, &place.container, &web.logged(&client, request, &answer, now), now);
    }
    Ok((answer, disk))
}

/// kubia-pet of "Kubernetes in Action".
fn pet(room: &mut Room, file: &str, request: &Request) -> Answer {
    let host = room.hostname();
    if request.method == "POST" {
        let stored = room.write(file, &request.body);
        let status = if stored.is_ok() { "200 OK" } else { "500 Internal Server Error" };
        return Answer { status, body: format!("Data stored on pod {host}\n") };
    }
    let data = room.read(file).unwrap_or_else(|_| "No data posted yet".into());
    Answer { status: "200 OK", body: format!("You've hit {host}\nData stored on this pod: {data}\n") }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Outcome {
        match refusal {
            Refusal::NoSuchName => Outcome::Nameless,
            Refusal::Refused(_) => Outcome::Refused,
            Refusal::NoRoute(_) | Refusal::Silent(_) => Outcome::Lost,
            Refusal::Closed(_) | Refusal::Unknown(_) => Outcome::Accepted,
        }
    }
}

impl Call {
    /// A connection to a host that did not come about, or on which nothing was said that is simulated.
    pub(super) fn wordless(by: &Party, host: &str, service: Option<Name>, ip: Option<Ip>, outcome: Outcome, tables: &Tables) -> Call {
        let found = ip.and_then(|ip| of_address(ip, tables)).map(|pod| Party::pod(pod));
        let server = if ip == Some(LOCALHOST) { Some(by.clone()).filter(|by| *by != Party::Outside) } else { found };
        Call { host: host.into(), service, ip, server, disk: None, outcome }
    }
}
