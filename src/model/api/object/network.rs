//! Services and EndpointSlices.

use std::rc::Rc;

use super::frame::{body, header, with_status};
use super::meta::{Meta, Name, Uid};
use super::parsed::{Parse, Parsed};
use super::pod_status::Ip;
use crate::kind::Kind;
use crate::well_known::SERVICE_NAME;
use base::given::InsertGiven;
use base::value::{Map, Value, members};

/// The label of an EndpointSlice that names its controller, and the value of the EndpointSlice controller.
pub const SLICE_MANAGED_BY: (&str, &str) = ("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");

/// The target of a Service port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetPort {
    Number(i64),
    /// The name of a container's port.
    Named(Name),
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// The name; empty if unset.
    pub name: Name,
    /// The number.
    pub port: i64,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
    /// The container port it targets.
    pub target: TargetPort,
    /// `appProtocol`; empty if unset.
    pub app: Name,
}

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    pub meta: Meta,
    /// What it stands for.
    pub spec: Parsed<ServiceSpec>,
    pub status: Value,
}

/// `spec` of a Service.
pub struct ServiceSpec {
    /// `clusterIP`: `None`, an address, or empty.
    pub cluster_ip: Name,
    /// `selector`; empty selects nothing.
    pub selector: Vec<(Name, Name)>,
    pub ports: Vec<ServicePort>,
    /// Whether pods that are not Ready are published, too.
    pub publish_not_ready: bool,
    /// `externalName` of a Service of that type.
    pub external_name: Name,
}

impl Service {
    /// Reads a Service.
    pub fn decode(object: &Value) -> Self {
        let status = object.get("status").cloned().unwrap_or_else(|| Value::of([("loadBalancer", Value::map())]));
        Service { meta: Meta::decode(object), spec: Parsed::spec_of(object), status }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        with_status(Kind::Service, &self.meta, self.spec.value(), self.status.clone())
    }

    /// Whether it is of type `ExternalName`: an alias without endpoints.
    pub fn is_external_name(&self) -> bool {
        self.spec.value().text_at(&["type"]) == Some("ExternalName")
    }

    /// Whether it is headless.
    pub fn headless(&self) -> bool {
        &*self.spec.cluster_ip == "None"
    }

    /// Whether its type gives it an address or a port outside of the cluster.
    pub fn is_outside(&self) -> bool {
        matches!(self.spec.value().text_at(&["type"]), Some("LoadBalancer" | "NodePort"))
    }

    /// Whether its selector matches an object with this metadata.
    pub fn selects(&self, meta: &Meta) -> bool {
        !self.spec.selector.is_empty() && self.spec.selector.iter().all(|(k, v)| meta.label(k) == Some(v))
    }
}

impl Parse for ServiceSpec {
    fn parse(raw: &Value) -> Self {
        let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        let port = |p: &Value| {
            let number = p.int_at(&["port"]).unwrap_or(0);
            let target = match p.get("targetPort") {
                Some(Value::Text(name)) => TargetPort::Named(Rc::clone(name)),
                Some(Value::Int(n)) => TargetPort::Number(*n),
                _ => TargetPort::Number(number),
            };
            ServicePort { name: text(p, "name"), port: number, protocol: text(p, "protocol"), target, app: text(p, "appProtocol") }
        };
        let selector = members(raw.get("selector").and_then(Value::as_map));
        ServiceSpec {
            cluster_ip: text(raw, "clusterIP"),
            selector: selector.filter_map(|(k, v)| v.as_shared_text().map(|v| (Rc::clone(k), v))).collect(),
            ports: raw.list_at(&["ports"]).iter().map(port).collect(),
            publish_not_ready: raw.get("publishNotReadyAddresses").and_then(Value::as_bool).unwrap_or(false),
            external_name: text(raw, "externalName"),
        }
    }
}

/// A port of an EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointPort {
    /// The name; may be empty.
    pub name: Name,
    /// The number the pods listen on.
    pub port: i64,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Name,
    /// `appProtocol`; empty if unset.
    pub app: Name,
}

impl EndpointPort {
    /// Encodes it, as slices and Endpoints have it.
    pub fn encode(&self) -> Map {
        let mut m = Map::new();
        m.insert_filled("appProtocol", &self.app);
        m.insert("port", self.port);
        m.insert("protocol", &self.protocol);
        m
    }
}

/// An address behind a Service, nearly always a pod's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The pod's address.
    pub ip: Ip,
    /// The pod's host name under the Service; empty if it has none.
    pub hostname: Name,
    /// The pod's node.
    pub node: Name,
    /// The node's zone; empty if it has none.
    pub zone: Name,
    /// The pod; empty if it is none.
    pub pod: Name,
    /// The pod's uid.
    pub pod_uid: Uid,
    /// Whether it should get traffic.
    pub ready: bool,
    /// Whether it could serve, even while terminating.
    pub serving: bool,
    pub terminating: bool,
}

/// A subset of the pods behind a Service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndpointSlice {
    pub meta: Meta,
    pub service: Name,
    pub ports: Vec<EndpointPort>,
    /// Endpoints with IPv4 addresses. Shared: of a slice's hundred most are the same in its next version.
    pub endpoints: Vec<Rc<Endpoint>>,
    /// What a client wrote, if there is more in it than the fields above hold.
    pub written: Option<Rc<Value>>,
}

impl EndpointSlice {
    /// Reads a slice.
    pub fn decode(object: &Value) -> Self {
        let meta = Meta::decode(object);
        let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_shared_text).unwrap_or_default();
        let port = |p: &Value| EndpointPort {
            name: text(p, "name"),
            port: p.int_at(&["port"]).unwrap_or(0),
            protocol: text(p, "protocol"),
            app: text(p, "appProtocol"),
        };
        let endpoint = |e: &Value| {
            let condition = |key: &str, absent: bool| e.at(&["conditions", key]).and_then(Value::as_bool).unwrap_or(absent);
            let ready = condition("ready", true);
            let target = e.get("targetRef").filter(|r| r.text_at(&["kind"]).is_none_or(|kind| kind == "Pod"));
            Some(Rc::new(Endpoint {
                ip: e.list_at(&["addresses"]).first()?.as_text().and_then(Ip::parse)?,
                hostname: text(e, "hostname"),
                node: text(e, "nodeName"),
                zone: text(e, "zone"),
                pod: target.map(|r| text(r, "name")).unwrap_or_default(),
                pod_uid: target.and_then(|r| r.text_at(&["uid"])).map(Uid::parse).unwrap_or_default(),
                ready,
                serving: condition("serving", ready),
                terminating: condition("terminating", false),
            }))
        };
        let mut slice = EndpointSlice {
            service: meta.label(SERVICE_NAME).cloned().unwrap_or_default(),
            ports: object.list_at(&["ports"]).iter().map(port).collect(),
            endpoints: object.list_at(&["endpoints"]).iter().filter_map(endpoint).collect(),
            written: None,
            meta,
        };
        let written = body(object);
        slice.written = Some(written).filter(|written| *written != body(&slice.encode())).map(Rc::new);
        slice
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut object = header(Kind::EndpointSlice, &self.meta);
        if let Some(written) = self.written.as_deref().and_then(Value::as_map) {
            written.iter().for_each(|(key, value)| drop(object.insert(Rc::clone(key), value.clone())));
            return object.into();
        }
        object.insert("addressType", "IPv4");
        object.insert(
            "endpoints",
            if self.endpoints.is_empty() { Value::Null } else { Value::list(self.endpoints.iter().map(|e| self.encode_endpoint(e))) },
        );
        let port = |p: &EndpointPort| {
            let mut port = p.encode();
            port.insert("name", &p.name);
            Value::from(port)
        };
        object.insert("ports", if self.ports.is_empty() { Value::Null } else { Value::list(self.ports.iter().map(port)) });
        object.into()
    }

    fn encode_endpoint(&self, e: &Endpoint) -> Value {
        let mut m = Map::new();
        m.insert("addresses", Value::list([e.ip.to_string()]));
        m.insert("conditions", Value::of([("ready", e.ready), ("serving", e.serving), ("terminating", e.terminating)]));
        m.insert_filled("hostname", &e.hostname);
        m.insert_filled("nodeName", &e.node);
        if !e.pod.is_empty() {
            let uid = e.pod_uid.to_string();
            let target = [
                ("kind", Value::from("Pod")),
                ("name", (&e.pod).into()),
                ("namespace", (&self.meta.namespace).into()),
                ("uid", uid.into()),
            ];
            m.insert("targetRef", Value::of(target));
        }
        m.insert_filled("zone", &e.zone);
        m.into()
    }
}

/// The type of a Service, which may be none that there is.
pub fn type_of(service: &Value) -> &str {
    service.text_at(&["spec", "type"]).unwrap_or("")
}

/// Whether a Service of its type has a cluster IP, which may be `None`.
pub fn needs_cluster_ip(service: &Value) -> bool {
    type_of(service) != "ExternalName"
}

/// Whether a Service needs node ports.
pub fn needs_node_port(service: &Value) -> bool {
    let wanted = service.at(&["spec", "allocateLoadBalancerNodePorts"]).and_then(Value::as_bool) != Some(false);
    has_node_ports(service) && (wanted || type_of(service) == "NodePort")
}

/// Whether a Service of its type may have node ports.
pub fn has_node_ports(service: &Value) -> bool {
    matches!(type_of(service), "NodePort" | "LoadBalancer")
}
