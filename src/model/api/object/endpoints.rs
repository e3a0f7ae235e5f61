//! Endpoints: the addresses behind a Service in one object, for old clients.
//!
//! Those that the controller keeps share what is the same in their next version, so that one more address costs little, however many
//! there are; they are spelled out when somebody reads them.
//! Models k8s.io/kubernetes pkg/api/v1/endpoints/util.go RepackSubsets and pkg/controller/endpoint truncateEndpoints. Upstream orders
//! subsets by a hash of their addresses' uids; here they are ordered by address.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::frame::header;
use super::meta::{Meta, Name};
use super::network::{Endpoint, EndpointPort};
use crate::kind::Kind;
use base::given::InsertGiven;
use base::hash::{Digest, fnv1a_128};
use base::sort::Sort;
use base::sorted::SortedSet;
use base::value::{Map, Value};

/// The most addresses that the controller keeps in an object. endpoints_controller.go maxCapacity.
pub const MAX_ADDRESSES: usize = 1000;
/// The kinds of addresses of a subset.
const LISTS: [&str; 2] = ["addresses", "notReadyAddresses"];

/// The addresses behind a Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoints {
    pub meta: Meta,
    /// The addresses and their ports.
    pub subsets: Subsets,
}

/// Addresses and their ports.
#[derive(Clone, Debug)]
pub enum Subsets {
    /// As a client wrote them.
    Written(Value),
    /// As the controller keeps them.
    Kept(Rc<Addresses>),
}

impl Endpoints {
    /// Reads what a client sent.
    pub fn decode(object: &Value) -> Self {
        Endpoints { meta: Meta::decode(object), subsets: Subsets::Written(object.get("subsets").cloned().unwrap_or_default()) }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut object = header(Kind::Endpoints, &self.meta);
        let subsets = self.subsets.encode();
        if !subsets.is_null() {
            object.insert("subsets", subsets);
        }
        object.into()
    }
}

impl Subsets {
    /// As the API server shows them; null if there are none.
    pub fn encode(&self) -> Value {
        match self {
            Subsets::Written(subsets) => subsets.clone(),
            Subsets::Kept(addresses) => addresses.encode(),
        }
    }
}

impl PartialEq for Subsets {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Subsets::Kept(one), Subsets::Kept(other)) => Rc::ptr_eq(one, other) || one.shows_the_same_as(other),
            _ => self.encode() == other.encode(),
        }
    }
}

impl Eq for Subsets {}

impl Hash for Subsets {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Subsets::Written(subsets) => subsets.hash(state),
            Subsets::Kept(addresses) => addresses.mark.hash(state),
        }
    }
}

/// The addresses of pods, by the ports that they listen on.
#[derive(Clone, Debug)]
pub struct Addresses {
    namespace: Name,
    by_ports: Vec<OnPorts>,
    /// The sum of the marks of all of them.
    mark: u64,
}

/// The addresses that have the same ports.
#[derive(Clone, Debug)]
struct OnPorts {
    ports: Rc<[EndpointPort]>,
    /// Those that are ready, and those that are not.
    lists: [SortedSet<Address>; 2],
}

impl Addresses {
    /// None, of pods of this namespace.
    pub fn none(namespace: &Name) -> Self {
        Addresses { namespace: Rc::clone(namespace), by_ports: Vec::new(), mark: 0 }
    }

    /// Whether there are more than are shown.
    pub fn overflow(&self) -> bool {
        self.by_ports.iter().flat_map(|on| &on.lists).map(SortedSet::len).sum::<usize>() > MAX_ADDRESSES
    }

    /// All of them, those beyond what is shown included.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Endpoint>> {
        self.by_ports.iter().flat_map(|on| &on.lists).flatten().map(|Address(endpoint)| endpoint)
    }

    /// Adds a pod's address. Ports that others have, too, are shared with them.
    pub fn add(&mut self, endpoint: &Rc<Endpoint>, ports: Vec<EndpointPort>) -> Rc<[EndpointPort]> {
        let at = self.by_ports.iter().position(|on| *on.ports == *ports).unwrap_or_else(|| {
            self.by_ports.push(OnPorts { ports: ports.into(), lists: Default::default() });
            self.by_ports.len() - 1
        });
        let on = &mut self.by_ports[at];
        on.lists[list_of(endpoint)].insert(Address(Rc::clone(endpoint)));
        self.mark = self.mark.wrapping_add(mark(endpoint, &on.ports));
        Rc::clone(&on.ports)
    }

    /// Removes what was added.
    pub fn remove(&mut self, endpoint: &Rc<Endpoint>, ports: &Rc<[EndpointPort]>) {
        let Some(at) = self.by_ports.iter().position(|on| on.ports == *ports) else { return };
        let lists = &mut self.by_ports[at].lists;
        lists[list_of(endpoint)].remove(&Address(Rc::clone(endpoint)));
        if lists.iter().all(SortedSet::is_empty) {
            self.by_ports.remove(at);
        }
        self.mark = self.mark.wrapping_sub(mark(endpoint, ports));
    }

    fn encode(&self) -> Value {
        let subset = |on: &OnPorts| {
            let mut m = Map::new();
            for (key, list) in LISTS.into_iter().zip(&on.lists).filter(|(_, list)| !list.is_empty()) {
                m.insert(key, Value::list(list.iter().map(|Address(endpoint)| self.encode_address(endpoint))));
            }
            m.insert_filled("ports", Value::list(on.ports.iter().map(encode_port)));
            Value::from(m)
        };
        let mut subsets = repacked(&self.by_ports.iter().map(subset).collect::<Vec<_>>());
        truncate(&mut subsets);
        if subsets.is_empty() { Value::Null } else { Value::list(subsets) }
    }

    fn encode_address(&self, endpoint: &Endpoint) -> Value {
        let mut m = Map::new();
        for (key, text) in [("hostname", &endpoint.hostname), ("nodeName", &endpoint.node)] {
            m.insert_filled(key, text);
        }
        m.insert("ip", endpoint.ip.to_string());
        let target = [
            ("kind", Value::from("Pod")),
            ("name", (&endpoint.pod).into()),
            ("namespace", (&self.namespace).into()),
            ("uid", endpoint.pod_uid.to_string().into()),
        ];
        m.insert("targetRef", Value::of(target));
        m.into()
    }

    fn shows_the_same_as(&self, other: &Addresses) -> bool {
        if self.mark != other.mark && !(self.overflow() && other.overflow()) {
            return false;
        }
        let ([one], [other]) = (&*self.by_ports, &*other.by_ports) else { return self.encode() == other.encode() };
        one.ports == other.ports && one.shown().eq(other.shown())
    }
}

impl OnPorts {
    /// Those that are shown, if no others have other ports.
    fn shown(&self) -> impl Iterator<Item = &Rc<Endpoint>> {
        self.lists.iter().flatten().take(MAX_ADDRESSES).map(|Address(endpoint)| endpoint)
    }
}

/// In which list an address is.
fn list_of(endpoint: &Endpoint) -> usize {
    usize::from(!endpoint.ready)
}

/// A number for an address and its ports.
fn mark(endpoint: &Endpoint, ports: &[EndpointPort]) -> u64 {
    let mut digest = Digest(u64::from(endpoint.ready));
    digest.word(u64::from(u32::from_be_bytes(endpoint.ip.0)));
    digest.word(endpoint.pod_uid.bits());
    for text in [&endpoint.node, &endpoint.hostname].into_iter().chain(ports.iter().flat_map(|p| [&p.name, &p.protocol, &p.app])) {
        digest.text(text);
    }
    for port in ports {
        digest.word(port.port.cast_unsigned());
    }
    digest.0
}

/// An address, in the order in which it is shown: as text, then by uid. Models LessEndpointAddress.
#[derive(Clone, Debug)]
struct Address(Rc<Endpoint>);

impl Ord for Address {
    fn cmp(&self, other: &Self) -> Ordering {
        let differ = self.0.ip.0.into_iter().zip(other.0.ip.0).find(|(one, other)| one != other);
        let ips = differ.map_or(Ordering::Equal, |(one, other)| text_order(one).cmp(&text_order(other)));
        ips.then_with(|| self.0.pod_uid.cmp(&other.0.pod_uid))
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Address {}

/// A number for a byte of an address, which orders as its decimal text does before a dot.
fn text_order(n: u8) -> u16 {
    let n = u16::from(n);
    let digits = match n {
        0..10 => [n + 1, 0, 0],
        10..100 => [n / 10 + 1, n % 10 + 1, 0],
        _ => [n / 100 + 1, n / 10 % 10 + 1, n % 10 + 1],
    };
    digits.into_iter().fold(0, |order, digit| order * 11 + digit)
}

fn encode_port(port: &EndpointPort) -> Value {
    let mut m = port.encode();
    m.insert_filled("name", &port.name);
    m.into()
}

/// The sort key of a port. Models pkg/api/v1/endpoints portsByHash; its type is not the one that slices have.
fn hash(port: &Value) -> u128 {
    let text = |key: &str| port.text_at(&[key]).unwrap_or_default();
    let app = port.text_at(&["appProtocol"]).unwrap_or("<nil>");
    let (name, number, protocol) = (text("name"), port.int_at(&["port"]).unwrap_or_default(), text("protocol"));
    let dumped = format!(
        "(v1.EndpointPort){{Name:(string){name} Port:(int32){number} Protocol:(v1.Protocol){protocol} AppProtocol:(*string){app}}}"
    );
    fnv1a_128(dumped.as_bytes())
}

/// What orders an address and makes it one of its kind: its text and the uid of what it belongs to. Models LessEndpointAddress.
fn place(address: &Value) -> (&str, &str) {
    (address.text_at(&["ip"]).unwrap_or_default(), address.text_at(&["targetRef", "uid"]).unwrap_or_default())
}

/// Addresses, and whether each is ready.
type Listed<'a> = Vec<(&'a Value, bool)>;

/// Subsets in canonical form: the ports that have the same addresses stand together. Models RepackSubsets.
fn repacked(subsets: &[Value]) -> Vec<Value> {
    // The addresses of a port, and whether they are ready; of a subset without ports, those of none.
    let mut by_port: Vec<(Option<&Value>, Listed)> = Vec::new();
    for subset in subsets {
        let lists = LISTS.map(|list| subset.list_at(&[list]));
        let found = || lists.into_iter().zip([true, false]).flat_map(|(list, ready)| list.iter().map(move |address| (address, ready)));
        let ports = subset.list_at(&["ports"]);
        for port in ports.iter().map(Some).chain(ports.is_empty().then_some(None)) {
            match by_port.iter_mut().find(|(other, _)| *other == port) {
                Some((_, addresses)) => addresses.extend(found()),
                None => by_port.push((port, found().collect())),
            }
        }
    }
    let mut packed: Vec<(Listed, Vec<Value>)> = Vec::new();
    for (port, mut addresses) in by_port {
        // One that is named twice is ready only if it is each time.
        addresses.sort_small_by(|(one, ready), (other, also)| place(one).cmp(&place(other)).then(ready.cmp(also)));
        addresses.dedup_by(|(next, _), (one, _)| place(next) == place(one));
        match packed.iter_mut().find(|(others, _)| *others == addresses) {
            Some((_, ports)) => ports.extend(port.cloned()),
            None => packed.push((addresses, port.cloned().into_iter().collect())),
        }
    }
    packed.sort_small_by(|(one, _), (other, _)| one.iter().map(|(a, _)| place(a)).cmp(other.iter().map(|(a, _)| place(a))));
    packed.into_iter().map(|(addresses, ports)| subset(&addresses, ports)).collect()
}

fn subset(addresses: &[(&Value, bool)], mut ports: Vec<Value>) -> Value {
    let mut m = Map::new();
    for (list, wanted) in LISTS.into_iter().zip([true, false]) {
        let listed: Vec<Value> = addresses.iter().filter(|(_, ready)| *ready == wanted).map(|(address, _)| (*address).clone()).collect();
        m.insert_filled(list, Value::list(listed));
    }
    if !ports.is_empty() {
        ports.sort_small_by_key(hash);
        m.insert("ports", Value::list(ports));
    }
    m.into()
}

/// Leaves as many addresses as an object may have, each subset its share, the ready ones first. Models truncateEndpoints.
fn truncate(subsets: &mut [Value]) {
    let [ready, not_ready] = LISTS.map(|list| subsets.iter().map(|s| s.list_at(&[list]).len()).sum::<usize>());
    if ready + not_ready <= MAX_ADDRESSES {
        return;
    }
    let (list, total, most) =
        if ready > MAX_ADDRESSES { (LISTS[0], ready, MAX_ADDRESSES) } else { (LISTS[1], not_ready, MAX_ADDRESSES - ready) };
    let mut left = most;
    for subset in subsets {
        let share = (subset.list_at(&[list]).len() * most).div_ceil(total).min(left);
        let kept = subset.list_at(&[list]).iter().take(share).cloned().collect::<Vec<_>>();
        left -= kept.len();
        if list == LISTS[0] {
            subset.remove(&[LISTS[1]]);
        }
        if kept.is_empty() { drop(subset.remove(&[list])) } else { subset.set(&[list], Value::list(kept)) }
    }
}
