//! How a name of the cluster's domain is taken apart: what is found shows which part each label was taken for.

use comparison::dns::namespace;
use ordinal::api::object::{EndpointSlice, Service};
use ordinal::cluster::dns::{Options, Query, Reason, RecordType, resolve};
use ordinal::server::tables::Tables;
use ordinal::yaml;

/// A headless Service `nginx` with two pods, each of which serves a port `web`.
fn cluster() -> Tables {
    let value = |text: &str| yaml::parse(text).remove(0).value.expect("a value");
    let mut view = Tables::default();
    view.insert(namespace("default"));
    view.insert(
        Service::decode(&value("{metadata: {name: nginx, namespace: default}, spec: {clusterIP: None, selector: {app: web}}}")).into(),
    );
    let slice = "{metadata: {name: nginx-x, namespace: default, labels: {kubernetes.io/service-name: nginx}}, \
                 ports: [{name: web, port: 8080, protocol: TCP}], endpoints: [\
                 {addresses: [10.244.1.2], conditions: {ready: true}, hostname: web-0, targetRef: {name: web-0}}, \
                 {addresses: [10.244.1.3], conditions: {ready: true}, hostname: web-1, targetRef: {name: web-1}}]}";
    view.insert(EndpointSlice::decode(&value(slice)).into());
    view
}

/// The addresses of a name, by their last numbers, or why there is none.
fn found(name: &str) -> Result<Vec<u8>, Reason> {
    let answer = resolve(&cluster(), &Query::exact(name, RecordType::A), &Options::default());
    let addresses: Vec<u8> = answer.addresses().map(|ip| ip.0[3]).collect();
    if addresses.is_empty() { Err(answer.reason) } else { Ok(addresses) }
}

#[test]
fn labels_are_read_from_the_right() {
    for (base, want) in [
        ("svc", Err(Reason::OnlyADomain)),
        ("default.svc", Err(Reason::OnlyADomain)),
        ("other.svc", Err(Reason::NoSuchNamespace { namespace: "other".into() })),
        ("nginx.default.svc", Ok(vec![2, 3])),
        ("web-0.nginx.default.svc", Ok(vec![2])),
        ("web-1.nginx.default.svc", Ok(vec![3])),
        ("_web._tcp.nginx.default.svc", Ok(vec![2, 3])),
        ("web.tcp.nginx.default.svc", Ok(vec![2, 3])),
        ("a.b.c.nginx.default.svc", Err(Reason::TooManyLabels)),
        ("10-0-0-9.default.pod", Ok(vec![9])),
        ("nginx.default", Err(Reason::NeitherServiceNorPod { label: "default".into() })),
    ] {
        assert_eq!(found(&format!("{base}.cluster.local")), want, "{base}");
    }
    for no_port in ["_tcp._web.nginx.default.svc.cluster.local", "_web._udp.nginx.default.svc.cluster.local"] {
        assert!(matches!(found(no_port), Err(Reason::NoSuchPort { .. })), "{no_port}");
    }
}

#[test]
fn a_zone_ends_at_a_dot() {
    assert_eq!(found("svc.cluster.local"), Err(Reason::OnlyADomain));
    assert_eq!(found("cluster.local"), Err(Reason::OnlyADomain));
    assert_eq!(found("mycluster.local"), Err(Reason::OutsideCluster));
}
