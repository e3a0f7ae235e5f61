//! DNS: what the cluster's server answers, and why.
//!
//! Models CoreDNS with its kubernetes plugin as kubeadm sets it up: names of Services, of the pods behind them, of ports (SRV),
//! of pod addresses, and reverse lookups. [`resolve`] is a function of the server's view alone: Namespaces, Services and
//! EndpointSlices, as far as it has seen them. Pods are only read to say why a name is missing; a view without them gives the same
//! records. Of a name made of a pod's address, the address is echoed, whether a pod has it or not: kubeadm's `pods insecure`.
//!
//! Promises: never panics, whatever is asked; every answer carries each name that was tried, each endpoint that was considered,
//! and one [`Reason`].
//! Must not know: the time and what is cached ([`cache`] puts both before it), anything about the client but its resolver's settings,
//! words of any language.
//! Not modelled: names outside the cluster, IPv6, answers too long for a packet, NS and MX records, the random order of
//! addresses (they come in the order of the slices).

pub mod cache;
pub mod dig;
mod lookup;
mod name;
pub mod pod;
pub mod print;
pub mod reason;
pub mod record;
pub mod tool;

use std::rc::Rc;

use api::object::pod::Ip;
use api::object::{Name, ObjectKey};
pub use lookup::{hosts, reverse_name};
pub use pod::ResolvConf;
pub use reason::Reason;
pub use record::{Data, Rcode, Record, RecordType};
use server::tables::Tables;

/// A question as a program passes it to its resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// As typed. A trailing dot makes it fully qualified.
    pub name: Name,
    /// The record type asked for.
    pub kind: RecordType,
    /// How a relative name is completed; `None` asks for the name as it is.
    pub search: Option<Search>,
}

impl Query {
    /// A query for the name as it is.
    pub fn exact(name: &str, kind: RecordType) -> Self {
        Query { name: name.into(), kind, search: None }
    }

    /// The same query, with a resolver's search list.
    #[must_use]
    pub fn searching(mut self, config: ResolvConf, habit: ResolverStyle) -> Self {
        self.search = Some(Search { config, habit });
        self
    }
}

/// How relative names are completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The resolver's settings.
    pub config: ResolvConf,
    /// The resolver implementation's behaviour.
    pub habit: ResolverStyle,
}

/// The differences between resolvers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolverStyle {
    /// The GNU C library, and close to it uClibc: continues the search after an empty answer and after a failure.
    Glibc,
    /// BIND's tools: stop at an empty answer and at a failure.
    Bind,
}

/// How names outside the cluster are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// There is no upstream server: SERVFAIL.
    Absent,
    /// The upstream server knows nothing: NXDOMAIN.
    KnowsNothing,
}

/// The server's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The cluster's domain, without leading or trailing dots.
    pub zone: Name,
    /// The TTL of answers, in seconds.
    pub ttl: u32,
    /// The server's address, as in pods' `/etc/resolv.conf`.
    pub nameserver: Ip,
    /// The server's name if no Service in the view has its address.
    pub nameserver_name: Name,
    /// How names outside the cluster are answered.
    pub upstream: Upstream,
    /// The serial of the SOA record; CoreDNS uses Unix seconds.
    pub serial: u64,
}

/// CoreDNS as kubeadm and kind set it up.
impl Default for Options {
    fn default() -> Self {
        Options {
            zone: "cluster.local".into(),
            ttl: 30,
            nameserver: Ip([10, 96, 0, 10]),
            nameserver_name: "kube-dns.kube-system.svc.cluster.local".into(),
            upstream: Upstream::KnowsNothing,
            serial: base::time::EPOCH_UNIX_SECONDS,
        }
    }
}

/// The result of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub query: Query,
    /// The fully qualified name this is the answer for, without a trailing dot.
    pub name: Name,
    /// The response code.
    pub rcode: Rcode,
    /// Whether the cluster's server answers with authority.
    pub authoritative: bool,
    /// The answers, in order.
    pub records: Vec<Record>,
    /// Addresses of names in the answers.
    pub additional: Vec<Record>,
    /// The SOA record of a negative answer.
    pub soa: Option<Record>,
    /// Every name that was tried, in order.
    pub steps: Vec<Step>,
    /// Why it came out like this: the reason of the step that got furthest.
    pub reason: Reason,
    /// Since when and until when a cache says so, if one does.
    pub kept: Option<cache::Kept>,
}

impl Answer {
    /// The addresses among the answers.
    pub fn addresses(&self) -> impl Iterator<Item = Ip> {
        self.records.iter().filter_map(|r| if let Data::A(ip) = r.data { Some(ip) } else { None })
    }
}

/// One fully qualified name that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name, without a trailing dot.
    pub name: Name,
    /// The response code.
    pub rcode: Rcode,
    /// The Service it is about, if there is one.
    pub service: Option<ObjectKey>,
    /// The Service's relevant endpoints: all of them for the Service's own name, otherwise those the name could mean.
    pub endpoints: Vec<Tried>,
    /// Why.
    pub reason: Reason,
}

/// An endpoint that was considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub pod: Name,
    /// Its address.
    pub ip: Ip,
    /// Its name under the Service: its hostname, or its address with dashes.
    pub host: Name,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Answers,
    /// It is not ready, and the Service does not publish not-ready addresses.
    NotReady,
    /// It is terminating, and the Service does not publish not-ready addresses.
    Terminating,
    /// It has another name under this Service.
    OtherName,
    /// It has no such port.
    OtherPort,
}

/// Resolves a query.
pub fn resolve(view: &Tables, query: &Query, options: &Options) -> Answer {
    answered_by(query, options, &mut |name| lookup::ask(view, name, &query.kind, options))
}

/// Resolves a query by what is replied to each name that it may stand for.
fn answered_by(query: &Query, options: &Options, ask: &mut dyn FnMut(&Name) -> lookup::Reply) -> Answer {
    let mut steps = Vec::new();
    let mut empty = None;
    let mut last = None;
    for name in candidates(query) {
        let reply = if reaches_cluster(query, options) { ask(&name) } else { lookup::outside(options) };
        steps.push(reply.step(&name));
        let found = !reply.records.is_empty();
        let go_on = goes_on(query, reply.rcode, found);
        if reply.rcode == Rcode::NoError && !found && empty.is_none() {
            empty = Some((Rc::clone(&name), reply.clone()));
        }
        last = Some((name, reply));
        if !go_on {
            break;
        }
    }
    let (name, reply) = match last {
        Some((name, reply)) if reply.rcode == Rcode::NoError => (name, reply),
        last => empty.or(last).unwrap_or_default(),
    };
    let reason = if reply.records.is_empty() { Reason::most_telling(steps.iter().map(|s| &s.reason)) } else { reply.reason };
    Answer {
        query: query.clone(),
        name,
        rcode: reply.rcode,
        authoritative: reply.authoritative,
        records: reply.records,
        additional: reply.additional,
        soa: reply.soa,
        steps,
        reason,
        kept: None,
    }
}

/// Whether the resolver asks the cluster's server at all.
fn reaches_cluster(query: &Query, options: &Options) -> bool {
    query.search.as_ref().is_none_or(|s| s.config.nameservers.contains(&options.nameserver))
}

/// Whether the next candidate is tried after this outcome.
fn goes_on(query: &Query, rcode: Rcode, found: bool) -> bool {
    let Some(search) = &query.search else { return false };
    !found && (rcode == Rcode::NameError || search.habit == ResolverStyle::Glibc)
}

/// The fully qualified names a query may stand for, in the order in which they are tried.
pub fn candidates(query: &Query) -> Vec<Name> {
    let plain: Name = query.name.strip_suffix('.').unwrap_or(&query.name).into();
    let Some(search) = query.search.as_ref().filter(|_| !query.name.ends_with('.')) else {
        return vec![plain];
    };
    let enough_dots = plain.matches('.').count() >= search.config.ndots;
    let completed = search.config.search.iter().map(|suffix| Name::from(format!("{plain}.{suffix}")));
    if enough_dots { std::iter::once(Rc::clone(&plain)).chain(completed).collect() } else { completed.chain([Rc::clone(&plain)]).collect() }
}
