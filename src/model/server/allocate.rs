//! Allocates cluster IPs (from 10.96.0.0/16) and node ports to Services.
//!
//! Models pkg/registry/core/service/storage/alloc.go allocateCreate and allocateUpdate, and the two allocators behind it. What
//! is already allocated is read from the existing Services, so nothing has to be stored or released.
//!
//! Promises: the same Services give the same result; a Service gets what it requests or is refused, and keeps what it has.
//! Where upstream draws at random, the search for a free address or port starts at an offset derived from the Service's name.
//! Not modelled: IPv6, the refusal of a requested health check port that is taken.

use base::sorted::SortedSet;
use std::ops::RangeInclusive;

use crate::tables::Tables;
use crate::unavailable::{self, Unavailable};
use api::object::network::{needs_cluster_ip, needs_node_port};
use api::object::pod::Ip;
use api::status::FieldError;
use base::hash::fnv1a_32;
use base::value::Value;

/// The allocatable cluster IPs: kube-apiserver --service-cluster-ip-range without its first and last address.
const IPS: RangeInclusive<u32> = 0x0a60_0001..=0x0a60_fffe;
/// Size of the lower band, used only once the upper one is exhausted, so that users can request IPs from it.
/// Models ipallocator calculateRangeOffset.
const LOW_IPS: u32 = 256;
/// The IPs of the cluster's own Services: `kubernetes` and the DNS server.
const OWN_IPS: [Ip; 2] = [Ip([10, 96, 0, 1]), Ip([10, 96, 0, 10])];
/// The allocatable node ports. kube-apiserver --service-node-port-range.
const NODE_PORTS: RangeInclusive<u32> = 30_000..=32_767;

/// Whether a Service may have an address here.
pub fn is_of_range(ip: Ip) -> bool {
    IPS.contains(&number(ip))
}

/// The address of the range in the place of one of another cluster: with the same last two numbers.
pub fn in_range(Ip([_, _, third, last]): Ip) -> Ip {
    let [first, second, ..] = IPS.start().to_be_bytes();
    Ip([first, second, third, last])
}

/// Whether every node may have a port for a Service.
pub fn is_node_port(port: i64) -> bool {
    u32::try_from(port).is_ok_and(|port| NODE_PORTS.contains(&port))
}

/// Size of the lower band, used only once the upper one is exhausted. Models portallocator calculateRangeOffset.
const LOW_NODE_PORTS: u32 = 86;

/// Completes a Service that has been defaulted and whose requested addresses are valid. `before` is its previous version, whose
/// addresses and ports count as free. A dry run only looks whether an address is one of the cluster's, and whether a port is taken.
pub fn allocate(service: &mut Value, before: Option<&Value>, tables: &Tables, dry_run: bool) -> Result<(), FieldError> {
    let name = |key: &str| service.text_at(&["metadata", key]).unwrap_or_default().to_owned();
    let (namespace, name) = (name("namespace"), name("name"));
    let others = tables.services().filter(|s| before.is_none() || (&*s.meta.namespace, &*s.meta.name) != (&*namespace, &*name));
    let (mut ips, mut ports) = (SortedSet::from(OWN_IPS.map(number)), SortedSet::new());
    for other in others {
        ips.extend(Ip::parse(&other.spec.cluster_ip).map(number));
        ports.extend(node_ports(other.spec.value()));
    }
    let own = before.and_then(|b| Ip::parse(b.text_at(&["spec", "clusterIP"])?)).map(number);
    let own_ports: SortedSet<u32> = before.and_then(|b| b.get("spec")).map(node_ports).unwrap_or_default();
    let seed = fnv1a_32(format!("{namespace}/{name}").as_bytes());
    if needs_cluster_ip(service) && !before.is_some_and(needs_cluster_ip) {
        give_ip(service, own, &ips, (seed, dry_run))?;
    }
    if needs_node_port(service) {
        give_ports(service, before.map(|_| &own_ports), &ports, (seed, dry_run))?;
    }
    if needs_health_port(service) && health_port(service) == 0 {
        ports.extend(service.get("spec").map(node_ports).unwrap_or_default());
        let kept = before.filter(|before| needs_health_port(before)).map(health_port).filter(|port| *port != 0);
        let found = kept.or_else(|| free(NODE_PORTS, LOW_NODE_PORTS, seed, |n| !ports.contains(&n)).map(i64::from));
        service.set(&["spec", "healthCheckNodePort"], found.unwrap_or_default());
    }
    Ok(())
}

/// Models pkg/api/service/util.go NeedsHealthCheck.
fn needs_health_port(service: &Value) -> bool {
    let is = |field, value| service.text_at(&["spec", field]) == Some(value);
    is("type", "LoadBalancer") && is("externalTrafficPolicy", "Local")
}

fn health_port(service: &Value) -> i64 {
    service.int_at(&["spec", "healthCheckNodePort"]).unwrap_or(0)
}

fn give_ip(service: &mut Value, own: Option<u32>, taken: &SortedSet<u32>, (seed, dry_run): (u32, bool)) -> Result<(), FieldError> {
    let asked = service.text_at(&["spec", "clusterIP"]).unwrap_or_default().to_owned();
    let ip = if asked == "None" {
        asked
    } else if asked.is_empty() {
        let found = free(IPS, LOW_IPS, seed, |n| !taken.contains(&n));
        found.map(|n| Ip(n.to_be_bytes()).to_string()).unwrap_or_default()
    } else {
        let refuse = |why| {
            let all = service.at(&["spec", "clusterIPs"]).cloned().unwrap_or_else(|| Value::list([asked.as_str()]));
            Err(unavailable::cluster_ip(&all, &asked, why))
        };
        match Ip::parse(&asked).map(number) {
            Some(n) if own == Some(n) => {}
            Some(n) if IPS.contains(&n) && taken.contains(&n) && !dry_run => return refuse(Unavailable::Taken),
            Some(n) if IPS.contains(&n) => {}
            _ if dry_run => return refuse(Unavailable::OutOfRangeInDryRun),
            _ => return refuse(Unavailable::OutOfRange),
        }
        asked
    };
    service.set(&["spec", "clusterIP"], ip.as_str());
    if service.list_at(&["spec", "clusterIPs"]).is_empty() {
        service.set(&["spec", "clusterIPs"], Value::list([ip]));
    }
    Ok(())
}

/// Requesting a number for two protocols of one port takes it once; a new Service with one port for two protocols likewise gets
/// a single number. Of an older Service, `own` are the numbers it has. Models `initNodePorts` and `updateNodePorts`.
fn give_ports(
    service: &mut Value,
    own: Option<&SortedSet<u32>>,
    taken: &SortedSet<u32>,
    (seed, dry_run): (u32, bool),
) -> Result<(), FieldError> {
    let mut ports = service.list_at(&["spec", "ports"]).to_vec();
    let mut mine = service.get("spec").map(node_ports).unwrap_or_default();
    for i in 0..ports.len() {
        let same_port = ports.iter().find(|p| p.get("port") == ports[i].get("port") && p.int_at(&["nodePort"]).unwrap_or(0) != 0);
        let shared = same_port.and_then(|p| p.int_at(&["nodePort"])).filter(|_| own.is_none()).unwrap_or(0);
        let asked = ports[i].int_at(&["nodePort"]).filter(|asked| *asked != 0).unwrap_or(shared);
        let asks_the_same = |p: &Value| p.int_at(&["nodePort"]) == Some(asked) && p.get("port") != ports[i].get("port");
        let is_twice = asked != 0 && own.is_none() && ports[..i].iter().any(asks_the_same);
        let port = &mut ports[i];
        let refuse = |asked, why| {
            let range = (i64::from(*NODE_PORTS.start()), i64::from(*NODE_PORTS.end()));
            Err(unavailable::node_port(i, asked, range, why))
        };
        let number = match u32::try_from(asked) {
            Ok(0) => free(NODE_PORTS, LOW_NODE_PORTS, seed, |n| !taken.contains(&n) && !mine.contains(&n)),
            Ok(n) if own.is_some_and(|own| own.contains(&n)) => Some(n),
            Ok(n) if (dry_run || NODE_PORTS.contains(&n)) && (is_twice || taken.contains(&n)) => return refuse(asked, Unavailable::Taken),
            Ok(n) if dry_run || NODE_PORTS.contains(&n) => Some(n),
            _ => return refuse(asked, Unavailable::OutOfRange),
        };
        if let Some(number) = number {
            mine.insert(number);
            port.set(&["nodePort"], i64::from(number));
        }
    }
    service.set(&["spec", "ports"], ports);
    Ok(())
}

/// The first free number, searching from the offset that the seed gives and wrapping around; the lower band comes last.
fn free(range: RangeInclusive<u32>, low: u32, seed: u32, is_free: impl Fn(u32) -> bool) -> Option<u32> {
    let first = range.start() + low;
    let count = range.end() - first + 1;
    let high = (0..count).map(|i| first + (seed % count + i) % count);
    high.chain(*range.start()..first).find(|n| is_free(*n))
}

fn node_ports(spec: &Value) -> SortedSet<u32> {
    let ports = spec.list_at(&["ports"]).iter().filter_map(|p| p.int_at(&["nodePort"])).chain(spec.int_at(&["healthCheckNodePort"]));
    ports.filter_map(|port| u32::try_from(port).ok()).filter(|n| *n != 0).collect()
}

fn number(ip: Ip) -> u32 {
    u32::from_be_bytes(ip.0)
}
