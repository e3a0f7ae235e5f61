//! The server's reply to a question for one fully qualified name. Models coredns plugin/kubernetes handler.go ServeDNS,
//! kubernetes.go Records, findServices and findPods, reverse.go Reverse, and plugin/backend_lookup.go.

use std::rc::Rc;

use api::kind::Kind;
use api::object::network::{Endpoint, EndpointPort};
use api::object::pod::Ip;
use api::object::{EndpointSlice, Name, Object, ObjectKey, Service};
use base::sorted::SortedSet;
use server::tables::Tables;

use super::name::{Request, Section, before_zone, parse};
use super::reason::{Reason, no_endpoint, no_service};
use super::record::{Data, Rcode, Record, RecordType};
use super::{Options, Step, Tried, Upstream, Verdict};

/// The zones of reverse lookups.
const REVERSE_ZONES: [&str; 2] = ["in-addr.arpa", "ip6.arpa"];
/// The longest chain of aliases an answer follows. Models coredns plugin/backend_lookup.go A.
const MAX_ALIASES: usize = 8;
/// The schema version published as `dns-version` under the cluster's domain, and its TTL.
const SCHEMA_VERSION: (&str, u32) = ("1.1.0", 28_800);
/// The total that SRV weights divide among the answers.
const WHOLE_WEIGHT: usize = 100;
/// Times of the SOA record in seconds: refresh, retry, expire. Models coredns plugin/backend_lookup.go SOA.
const SOA_TIMES: (u32, u32, u32) = (7_200, 1_800, 86_400);

/// The server's reply to one question.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub rcode: Rcode,
    pub authoritative: bool,
    pub records: Vec<Record>,
    pub additional: Vec<Record>,
    pub soa: Option<Record>,
    pub service: Option<ObjectKey>,
    pub endpoints: Vec<Tried>,
    pub reason: Reason,
}

impl Reply {
    /// The reply as a step of the resolution.
    pub fn step(&self, name: &Name) -> Step {
        let (service, endpoints, reason) = (self.service.clone(), self.endpoints.clone(), self.reason.clone());
        Step { name: Rc::clone(name), rcode: self.rcode, service, endpoints, reason }
    }
}

/// The name for the reverse lookup of an address: `6.1.244.10.in-addr.arpa`.
pub fn reverse_name(ip: Ip) -> Name {
    let [a, b, c, d] = ip.0;
    format!("{d}.{c}.{b}.{a}.{}", REVERSE_ZONES[0]).into()
}

/// Asks the server for a fully qualified name.
pub(super) fn ask(view: &Tables, name: &Name, kind: &RecordType, options: &Options) -> Reply {
    let lower = name.to_ascii_lowercase();
    let mut zones = std::iter::once(&*options.zone).chain(REVERSE_ZONES);
    let Some((zone, base)) = zones.find_map(|zone| Some((zone, before_zone(&lower, zone)?))) else {
        return outside(options);
    };
    let mut look_up = LookUp { view, options, asked: name, zone, base, service: None, endpoints: Vec::new() };
    let found = look_up.records(kind);
    let (service, endpoints) = (look_up.service.take(), std::mem::take(&mut look_up.endpoints));
    let reply = Reply { authoritative: true, service, endpoints, ..Reply::default() };
    match found {
        Ok((records, additional, reason)) => {
            let soa = records.is_empty().then(|| look_up.soa());
            Reply { records, additional, soa, reason, ..reply }
        }
        Err(reason) => Reply { rcode: Rcode::NameError, soa: Some(look_up.soa()), reason, ..reply },
    }
}

/// The reply for names outside the cluster's zones.
pub(super) fn outside(options: &Options) -> Reply {
    let rcode = if options.upstream == Upstream::Absent { Rcode::ServerFailure } else { Rcode::NameError };
    Reply { rcode, reason: Reason::OutsideCluster, ..Reply::default() }
}

/// Answers, additional records, and the reason; an error says why there is no such name.
type Found = Result<(Vec<Record>, Vec<Record>, Reason), Reason>;

/// What a name resolves to, once per port.
#[derive(Debug)]
struct Item {
    host: Host,
    /// `None` if there is no port to report.
    port: Option<i64>,
    /// The name of the address.
    name: Name,
}

#[derive(Debug)]
enum Host {
    Address(Ip),
    Alias(Name),
}

struct LookUp<'a> {
    view: &'a Tables,
    options: &'a Options,
    /// The name as asked, used in the answers.
    asked: &'a Name,
    zone: &'a str,
    /// The part before the zone, in lower case.
    base: &'a str,
    service: Option<ObjectKey>,
    endpoints: Vec<Tried>,
}

impl LookUp<'_> {
    fn records(&mut self, kind: &RecordType) -> Found {
        match kind {
            RecordType::Txt if self.base == "dns-version" => {
                let (text, ttl) = SCHEMA_VERSION;
                Ok((vec![Record { ttl, ..self.record(Data::Txt(text.into())) }], Vec::new(), Reason::Found))
            }
            // A domain without records of its own is NXDOMAIN for TXT: the server looks for items only.
            RecordType::Txt => match self.items()? {
                items if items.is_empty() => Err(self.nothing()),
                _ => Ok((Vec::new(), Vec::new(), Reason::OtherType)),
            },
            RecordType::Ptr => match self.reverse() {
                Some(found) => found,
                None => self.items().map(|_| (Vec::new(), Vec::new(), self.nothing())),
            },
            RecordType::Soa if self.base.is_empty() => Ok((vec![self.soa()], Vec::new(), Reason::Found)),
            RecordType::A | RecordType::Aaaa => {
                let records = self.addresses(kind, 0)?;
                let reason = match self.alias().filter(|_| *kind == RecordType::A) {
                    _ if !records.is_empty() => Reason::Found,
                    Some((service, target)) => Reason::AliasLeadsNowhere { service, target },
                    None => self.nothing(),
                };
                Ok((records, Vec::new(), reason))
            }
            RecordType::Srv => self.ports(),
            RecordType::Cname => {
                let alias = self.items()?.into_iter().find_map(|i| if let Host::Alias(to) = i.host { Some(to) } else { None });
                match alias {
                    Some(to) => Ok((vec![self.record(Data::Cname(to))], Vec::new(), Reason::Found)),
                    None => Ok((Vec::new(), Vec::new(), self.nothing())),
                }
            }
            RecordType::Soa | RecordType::Other(_) => self.items().map(|_| (Vec::new(), Vec::new(), self.nothing())),
        }
    }

    /// Why an existing name has no record of the type.
    fn nothing(&self) -> Reason {
        let is_pod = parse(self.base).is_ok_and(|r| r.is_some_and(|r| r.section == Section::Pod && r.subject.is_some()));
        if self.service.is_some() || is_pod { Reason::OtherType } else { Reason::OnlyADomain }
    }

    /// The Service that was found and its `externalName`, if it is an alias.
    fn alias(&self) -> Option<(ObjectKey, Name)> {
        let found = self.service.as_ref()?;
        let service = self.view.service(&found.namespace, &found.name).filter(|s| s.is_external_name())?;
        Some((found.clone(), Rc::clone(&service.spec.external_name)))
    }

    fn record(&self, data: Data) -> Record {
        Record { name: Rc::clone(self.asked), ttl: self.options.ttl, data }
    }

    /// The zone's SOA record, for replies without an answer. Models coredns plugin/backend_lookup.go SOA.
    fn soa(&self) -> Record {
        let (refresh, retry, expire) = SOA_TIMES;
        let (server, mailbox) = (format!("ns.dns.{}", self.zone).into(), format!("hostmaster.{}", self.zone).into());
        let data = Data::Soa { server, mailbox, serial: self.options.serial, refresh, retry, expire, minimum: self.options.ttl };
        Record { name: self.zone.into(), ttl: self.options.ttl, data }
    }

    /// Deduplicated addresses; an alias adds its CNAME and its target's records. Models backend_lookup.go A, AAAA.
    fn addresses(&mut self, kind: &RecordType, aliases: usize) -> Result<Vec<Record>, Reason> {
        let (mut records, mut told) = (Vec::new(), SortedSet::new());
        for item in self.items()? {
            match item.host {
                Host::Address(ip) => {
                    if *kind == RecordType::A && told.insert((self.asked, ip)) {
                        records.push(self.record(Data::A(ip)));
                    }
                }
                Host::Alias(to) => records.extend(self.follow(&to, kind, aliases)),
            }
        }
        Ok(records)
    }

    /// The CNAME of an alias and its target's records; empty if the target is a name of the cluster without such a record.
    fn follow(&self, to: &Name, kind: &RecordType, aliases: usize) -> Vec<Record> {
        if aliases >= MAX_ALIASES || to.eq_ignore_ascii_case(self.asked) {
            return Vec::new();
        }
        let mut records = vec![self.record(Data::Cname(Rc::clone(to)))];
        let lower = to.to_ascii_lowercase();
        if let Some(base) = before_zone(&lower, self.zone) {
            let mut next = LookUp { asked: to, base, service: None, endpoints: Vec::new(), ..*self };
            let more = next.addresses(kind, aliases + 1).unwrap_or_default();
            if more.is_empty() {
                return Vec::new();
            }
            records.extend(more);
        }
        records
    }

    /// The SRV records of ports and their hosts, with the hosts' addresses. Models backend_lookup.go SRV.
    fn ports(&mut self) -> Found {
        let items = self.items()?;
        let (mut records, mut additional) = (Vec::new(), Vec::new());
        let (mut ports, mut addresses) = (SortedSet::new(), SortedSet::new());
        let count = items.iter().filter(|i| matches!(i.host, Host::Address(_))).count();
        let weight = u32::try_from((WHOLE_WEIGHT / count.max(1)).max(1)).unwrap_or(1);
        for item in &items {
            let (Host::Address(ip), Some(port)) = (&item.host, item.port) else { continue };
            if ports.insert((&item.name, port)) {
                records.push(self.record(Data::Srv { priority: 0, weight, port, target: Rc::clone(&item.name) }));
            }
            if addresses.insert((&item.name, *ip)) {
                additional.push(Record { name: Rc::clone(&item.name), ttl: self.options.ttl, data: Data::A(*ip) });
            }
        }
        let no_port = items.iter().any(|i| i.port.is_none() && matches!(i.host, Host::Address(_)));
        let reason = match &self.service {
            _ if !records.is_empty() => Reason::Found,
            Some(service) if no_port => Reason::NoPorts { service: service.clone() },
            _ => self.nothing(),
        };
        Ok((records, additional, reason))
    }

    /// The names of an address; `None` if the name is not a reverse name. Models reverse.go Reverse and serviceRecordForIP.
    fn reverse(&mut self) -> Option<Found> {
        let mut parts: Vec<&str> = self.base.split('.').collect();
        parts.reverse();
        let ip = Ip::parse(&parts.join(".")).filter(|_| self.zone == REVERSE_ZONES[0])?;
        let name = |parts: &[&str]| Name::from(format!("{}.svc.{}", parts.join("."), self.options.zone));
        let text = ip.to_string();
        if let Some(service) = self.view.services().find(|s| *s.spec.cluster_ip == *text) {
            let found = self.record(Data::Ptr(name(&[&service.meta.name, &service.meta.namespace])));
            self.service = Some(service.key());
            return Some(Ok((vec![found], Vec::new(), Reason::Found)));
        }
        let (mut records, mut unpublished) = (Vec::new(), None);
        for slice in self.view.slices() {
            for endpoint in slice.endpoints.iter().filter(|e| e.ip == ip) {
                if endpoint.ready {
                    records.push(self.record(Data::Ptr(name(&[&host(endpoint), &slice.service, &slice.meta.namespace]))));
                } else {
                    unpublished = Some(ObjectKey::new(Kind::Pod, &slice.meta.namespace, &endpoint.pod));
                }
            }
        }
        if records.is_empty() { Some(Err(Reason::NoSuchAddress { unpublished })) } else { Some(Ok((records, Vec::new(), Reason::Found))) }
    }

    /// What the name resolves to: nothing for a mere domain, an error if there is no such name. Models Records.
    fn items(&mut self) -> Result<Vec<Item>, Reason> {
        if self.base == "ns.dns" {
            return Ok(vec![Item { host: Host::Address(self.options.nameserver), port: None, name: Rc::clone(self.asked) }]);
        }
        let Some(request) = parse(self.base)? else { return Ok(Vec::new()) };
        if self.view.find(Kind::Namespace, "", request.namespace).is_none() {
            return Err(Reason::NoSuchNamespace { namespace: request.namespace.into() });
        }
        let Some(subject) = request.subject else { return Ok(Vec::new()) };
        match request.section {
            Section::Pod => self.pod_items(&request, subject),
            Section::Svc => self.service_items(&request, subject),
        }
    }

    /// Models findPods.
    fn pod_items(&self, request: &Request, label: &str) -> Result<Vec<Item>, Reason> {
        let ip = Ip::parse(&label.replace('-', ".")).ok_or_else(|| Reason::NotAnAddress { label: label.into() })?;
        let name = format!("{label}.{}.pod.{}", request.namespace, self.zone).into();
        Ok(vec![Item { host: Host::Address(ip), port: Some(0), name }])
    }

    /// Models findServices.
    fn service_items(&mut self, request: &Request, name: &str) -> Result<Vec<Item>, Reason> {
        let view = self.view;
        let Some(service) = view.service(request.namespace, name) else { return Err(no_service(view, request, name)) };
        self.service = Some(service.key());
        if service.is_external_name() {
            return self.alias_items(service, request);
        }
        if service.headless() || request.endpoint.is_some() {
            return self.endpoint_items(service, request);
        }
        let ports = service.spec.ports.iter().filter(|p| port_matches(request, &p.name, &p.protocol));
        let ports: Vec<i64> = ports.map(|p| p.port).collect();
        if let Some((port, protocol)) = request.port.filter(|_| ports.is_empty()) {
            return Err(Reason::NoSuchPort { service: service.key(), port: port.into(), protocol: protocol.into() });
        }
        let Some(ip) = Ip::parse(&service.spec.cluster_ip) else { return Ok(Vec::new()) };
        let name = self.name_under(service, None);
        Ok(ports.into_iter().map(|port| Item { host: Host::Address(ip), port: Some(port), name: Rc::clone(&name) }).collect())
    }

    /// The target of a Service of type `ExternalName`. If its external name is an IP address, it has no record at all.
    fn alias_items(&self, service: &Service, request: &Request) -> Result<Vec<Item>, Reason> {
        let target: Name = service.spec.external_name.strip_suffix('.').unwrap_or(&service.spec.external_name).into();
        if request.endpoint.is_some() || request.port.is_some() {
            return Err(Reason::AliasHasNoHosts { service: service.key() });
        }
        if Ip::parse(&target).is_some() {
            return Err(Reason::AliasLeadsNowhere { service: service.key(), target });
        }
        Ok(vec![Item { host: Host::Alias(target), port: None, name: self.name_under(service, None) }])
    }

    fn endpoint_items(&mut self, service: &Service, request: &Request) -> Result<Vec<Item>, Reason> {
        let mut items = Vec::new();
        let asked_ip = request.endpoint.and_then(dashed_ip);
        for slice in slices_of(self.view, service) {
            for endpoint in &slice.endpoints {
                let host = host(endpoint);
                let verdict = verdict(request, slice, endpoint, &host);
                if verdict == Verdict::Answers {
                    let name = self.name_under(service, Some(&host));
                    let item = |port| Item { host: Host::Address(endpoint.ip), port, name: Rc::clone(&name) };
                    if slice.ports.is_empty() {
                        items.push(item(None));
                    }
                    let ports = slice.ports.iter().filter(|p| port_matches(request, &p.name, &p.protocol));
                    items.extend(ports.map(|p| item(Some(p.port))));
                }
                if request.endpoint.is_none_or(|asked| may_mean(asked, endpoint, &host) || asked_ip == Some(endpoint.ip)) {
                    self.endpoints.push(Tried { pod: Rc::clone(&endpoint.pod), ip: endpoint.ip, host, verdict });
                }
            }
        }
        if items.is_empty() { Err(no_endpoint(self.view, service, request, &self.endpoints)) } else { Ok(items) }
    }

    fn name_under(&self, service: &Service, host: Option<&str>) -> Name {
        let rest = format!("{}.{}.svc.{}", service.meta.name, service.meta.namespace, self.zone);
        host.map_or_else(|| rest.as_str().into(), |host| format!("{host}.{rest}").into())
    }
}

fn slices_of<'a>(view: &'a Tables, service: &'a Service) -> impl Iterator<Item = &'a EndpointSlice> {
    let slices = view.within(Kind::EndpointSlice, &service.meta.namespace).filter_map(Object::as_slice);
    slices.map(|s| &**s).filter(|s| s.service == service.meta.name)
}

/// The names under a Service that have an address: those of its endpoints that are ready.
pub fn hosts(view: &Tables, service: &Service) -> SortedSet<Name> {
    slices_of(view, service).flat_map(|slice| &slice.endpoints).filter(|endpoint| endpoint.ready).map(|endpoint| host(endpoint)).collect()
}

/// An endpoint's host name under its Service. Models kubernetes.go endpointHostname.
fn host(endpoint: &Endpoint) -> Name {
    if endpoint.hostname.is_empty() { endpoint.ip.dashed().into() } else { Rc::clone(&endpoint.hostname) }
}

/// Whether a query for this host may mean this endpoint, going by its host name or its pod's name.
fn may_mean(asked: &str, endpoint: &Endpoint, host: &str) -> bool {
    host.eq_ignore_ascii_case(asked) || *endpoint.pod == *asked
}

/// The address that a host name spells with dashes.
fn dashed_ip(host: &str) -> Option<Ip> {
    Ip::parse(&host.replace('-', ".")).filter(|ip| ip.dashed() == host)
}

fn verdict(request: &Request, slice: &EndpointSlice, endpoint: &Endpoint, host: &str) -> Verdict {
    let port = |p: &EndpointPort| port_matches(request, &p.name, &p.protocol);
    if request.endpoint.is_some_and(|asked| !host.eq_ignore_ascii_case(asked)) {
        Verdict::OtherName
    } else if !endpoint.ready {
        if endpoint.terminating { Verdict::Terminating } else { Verdict::NotReady }
    } else if request.port.is_some() && !slice.ports.iter().any(port) {
        Verdict::OtherPort
    } else {
        Verdict::Answers
    }
}

/// Models kubernetes.go matchPortAndProtocol.
fn port_matches(request: &Request, name: &str, protocol: &str) -> bool {
    request.port.is_none_or(|(p, proto)| p.eq_ignore_ascii_case(name) && proto.eq_ignore_ascii_case(protocol))
}
