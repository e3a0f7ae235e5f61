//! The Endpoints object of a Service, for old clients: derived from its slices on demand.
//! Models pkg/controller/endpoint/endpoints_controller.go syncService and k8s.io/kubernetes pkg/api/v1/endpoints RepackSubsets.
//!
//! Not modelled: the limit of 1,000 addresses; slices that mirror user-written Endpoints. Upstream orders subsets by a hash
//! of their pods' uids, too; here they are ordered by address.

use crate::base::sorted::SortedMap;

use super::{HEADLESS, LAST_CHANGE};
use crate::api::kind::Kind;
use crate::api::object::network::{Endpoint, EndpointPort};
use crate::api::object::{EndpointSlice, Meta, Name, Service, Uid};
use crate::base::dice::mix;
use crate::base::hash::fnv1a_128;
use crate::base::sort::Sort;
use crate::base::value::{Map, Value};

/// The label that names the controller of Endpoints, and its value.
const MANAGED_BY: (&str, &str) = ("endpoints.kubernetes.io/managed-by", "endpoint-controller");
/// Derives the uid of the Endpoints from that of the Service.
const UID_SALT: u64 = 0x65_6e64_706f_696e;

/// The Endpoints of a Service; `None` if the controller would not create any. `slices` are the Service's.
pub fn endpoints<'a>(service: &Service, slices: impl Iterator<Item = &'a EndpointSlice>) -> Option<Value> {
    if service.is_external_name() || service.selector.is_empty() {
        return None;
    }
    let slices: Vec<&EndpointSlice> = slices.collect();
    let mut object = crate::api::object::header(Kind::Endpoints, &meta(service, &slices));
    let subsets = subsets(service, &slices);
    if !subsets.is_empty() {
        object.insert("subsets", Value::list(subsets));
    }
    Some(object.into())
}

fn meta(service: &Service, slices: &[&EndpointSlice]) -> Meta {
    let mut labels = SortedMap::clone(&service.meta.labels);
    labels.insert(MANAGED_BY.0.into(), MANAGED_BY.1.into());
    labels.remove(HEADLESS);
    if service.headless() {
        labels.insert(HEADLESS.into(), Name::default());
    }
    let latest = slices.iter().max_by_key(|s| s.meta.revision);
    let change = latest.and_then(|s| s.meta.annotation(LAST_CHANGE)).map(|time| (LAST_CHANGE.into(), time.clone()));
    Meta {
        namespace: service.meta.namespace.clone(),
        name: service.meta.name.clone(),
        uid: Uid::from_bits(mix(service.meta.uid.bits() ^ UID_SALT)),
        revision: latest.map_or(service.meta.revision, |s| s.meta.revision),
        created: service.meta.created,
        labels: labels.into(),
        annotations: SortedMap::from_iter(change).into(),
        ..Meta::default()
    }
}

/// The order in which addresses are shown: as text, then by pod name.
type AddressKey<'a> = (String, &'a Name);

/// Groups addresses by the ports they share. Models RepackSubsets.
fn subsets(service: &Service, slices: &[&EndpointSlice]) -> Vec<Value> {
    let mut by_port: SortedMap<Option<&EndpointPort>, SortedMap<AddressKey, &Endpoint>> = SortedMap::new();
    for slice in slices {
        // Unlike in slices, terminating pods are omitted, unless the Service publishes addresses that are not ready.
        for endpoint in slice.endpoints.iter().filter(|e| service.publish_not_ready || !e.terminating) {
            let key = || (endpoint.ip.to_string(), &endpoint.pod);
            if service.ports.is_empty() {
                by_port.entry(None).or_default().insert(key(), endpoint);
            }
            for port in &slice.ports {
                by_port.entry(Some(port)).or_default().insert(key(), endpoint);
            }
        }
    }
    let mut ports_of: SortedMap<Vec<AddressKey>, (Vec<&EndpointPort>, Vec<&Endpoint>)> = SortedMap::new();
    for (port, endpoints) in by_port {
        let (keys, endpoints) = endpoints.into_iter().unzip();
        ports_of.entry(keys).or_insert((Vec::new(), endpoints)).0.extend(port);
    }
    let in_order = |(mut ports, endpoints): (Vec<&EndpointPort>, Vec<&Endpoint>)| {
        ports.put_in_order_of(|port| hash(port));
        subset(service, &ports, &endpoints)
    };
    ports_of.into_values().map(in_order).collect()
}

/// The sort key of a port. Models pkg/api/v1/endpoints portsByHash; its type is not the one that slices have.
fn hash(EndpointPort { name, port, protocol, app }: &EndpointPort) -> u128 {
    let app = if app.is_empty() { "<nil>" } else { app };
    let dumped =
        format!("(v1.EndpointPort){{Name:(string){name} Port:(int32){port} Protocol:(v1.Protocol){protocol} AppProtocol:(*string){app}}}");
    fnv1a_128(dumped.as_bytes())
}

fn subset(service: &Service, ports: &[&EndpointPort], endpoints: &[&Endpoint]) -> Value {
    let mut m = Map::new();
    let (ready, not_ready): (Vec<&Endpoint>, Vec<&Endpoint>) = endpoints.iter().partition(|e| service.publish_not_ready || e.serving);
    for (key, list) in [("addresses", ready), ("notReadyAddresses", not_ready)] {
        if !list.is_empty() {
            m.insert(key, Value::list(list.into_iter().map(|e| address(service, e))));
        }
    }
    if !ports.is_empty() {
        m.insert("ports", Value::list(ports.iter().map(|p| port(p))));
    }
    m.into()
}

fn address(service: &Service, endpoint: &Endpoint) -> Value {
    let mut m = Map::new();
    if !endpoint.hostname.is_empty() {
        m.insert("hostname", &endpoint.hostname);
    }
    m.insert("ip", endpoint.ip.to_string());
    if !endpoint.node.is_empty() {
        m.insert("nodeName", &endpoint.node);
    }
    let target = [
        ("kind", Value::from("Pod")),
        ("name", (&endpoint.pod).into()),
        ("namespace", (&service.meta.namespace).into()),
        ("uid", endpoint.pod_uid.to_string().into()),
    ];
    m.insert("targetRef", Value::of(target));
    m.into()
}

fn port(port: &EndpointPort) -> Value {
    let mut m = port.encode();
    if !port.name.is_empty() {
        m.insert("name", &port.name);
    }
    m.into()
}
