//! Addresses and ports of Services.

use ordinal::api::object::Service;
use ordinal::api::object::pod::Ip;
use ordinal::base::sorted::SortedSet;
use ordinal::base::value::Value;
use ordinal::server::allocate::allocate;
use ordinal::server::tables::Tables;

fn service(name: &str, spec: &[(&str, Value)]) -> Value {
    let metadata = Value::of([("name", name), ("namespace", "default")]);
    Value::of([("metadata", metadata), ("spec", Value::of(spec.iter().cloned()))])
}

fn node_port(name: &str, numbers: &[i64]) -> Value {
    let ports = (80..).zip(numbers).map(|(port, n)| Value::of([("port", port), ("nodePort", *n)]));
    service(name, &[("type", "NodePort".into()), ("ports", Value::list(ports))])
}

/// The node ports of a Service's spec.
fn node_ports(spec: &Value) -> SortedSet<i64> {
    spec.list_at(&["ports"]).iter().filter_map(|port| port.int_at(&["nodePort"])).filter(|port| *port != 0).collect()
}

/// The Service as allocated, or the reason it was refused.
fn given(tables: &mut Tables, mut service: Value, before: Option<&Value>) -> Result<Value, String> {
    allocate(&mut service, before, tables, false).map_err(|e| e.to_string())?;
    tables.insert(Service::decode(&service).into());
    Ok(service)
}

#[test]
fn every_service_gets_an_address_of_its_own() {
    let mut tables = Tables::default();
    let plain = |i: usize| service(&format!("s{i}"), &[("type", "ClusterIP".into())]);
    let mut seen = SortedSet::new();
    for i in 0..300 {
        let given = given(&mut tables, plain(i), None).unwrap();
        let ip = given.text_at(&["spec", "clusterIP"]).and_then(Ip::parse).unwrap();
        assert!(ip.0[..2] == [10, 96] && ip.0[2] >= 1, "{ip}");
        assert_eq!(given.at(&["spec", "clusterIPs"]), Some(&Value::list([ip.to_string()])));
        assert!(seen.insert(ip));
    }
    let again = given(&mut Tables::default(), plain(0), None).unwrap();
    assert!(seen.contains(&Ip::parse(again.text_at(&["spec", "clusterIP"]).unwrap()).unwrap()), "the same name, the same address");
}

#[test]
fn what_is_asked_for_is_given_or_refused() {
    let mut tables = Tables::default();
    let mut ask = |name: &str, ip: &str| {
        let asked = service(name, &[("type", "ClusterIP".into()), ("clusterIP", ip.into())]);
        given(&mut tables, asked, None).map(|s| s.text_at(&["spec", "clusterIP"]).unwrap_or_default().to_owned())
    };
    assert_eq!(ask("a", "10.96.7.7").as_deref(), Ok("10.96.7.7"));
    assert_eq!(ask("b", "None").as_deref(), Ok("None"));
    let refused = |ip: &str, why: &str| Err(format!("spec.clusterIPs: Invalid value: [\"{ip}\"]: failed to allocate IP {ip}: {why}"));
    assert_eq!(ask("c", "10.96.7.7"), refused("10.96.7.7", "provided IP is already allocated"));
    assert_eq!(ask("c", "10.96.0.1"), refused("10.96.0.1", "provided IP is already allocated"));
    assert_eq!(ask("c", "192.168.1.1"), refused("192.168.1.1", "the provided network does not match the current range"));
}

#[test]
fn a_service_keeps_what_it_has() {
    let mut tables = Tables::default();
    let before = given(&mut tables, node_port("a", &[0, 30_001]), None).unwrap();
    assert_eq!(given(&mut tables, before.clone(), Some(&before)).as_ref(), Ok(&before));
    let mut more = before.clone();
    more.set(&["spec", "ports"], [before.list_at(&["spec", "ports"]), &[Value::map()]].concat());
    let after = given(&mut tables, more, Some(&before)).unwrap();
    let ports = node_ports(after.get("spec").unwrap());
    assert!(ports.len() == 3 && node_ports(before.get("spec").unwrap()).is_subset(&ports), "{ports:?}");
}

#[test]
fn node_ports_are_given_once() {
    let mut tables = Tables::default();
    given(&mut tables, node_port("a", &[30_500]), None).unwrap();
    let taken = "spec.ports[1].nodePort: Invalid value: 30500: provided port is already allocated";
    assert_eq!(given(&mut tables, node_port("b", &[0, 30_500]), None), Err(taken.to_owned()));
    assert!(given(&mut tables, node_port("b", &[80]), None).unwrap_err().contains("not in the valid range"));
    let twice = given(&mut tables, node_port("c", &[30_501, 30_501]), None);
    assert_eq!(twice, Err("spec.ports[1].nodePort: Invalid value: 30501: provided port is already allocated".to_owned()));
    let all = given(&mut tables, node_port("c", &[30_501, 0, 0]), None).unwrap();
    assert_eq!(node_ports(all.get("spec").unwrap()).len(), 3);
    assert!(all.text_at(&["spec", "clusterIP"]).is_some());
    let dns = ["TCP", "UDP"].map(|protocol| Value::of([("port", Value::from(53)), ("protocol", protocol.into())]));
    let dns = given(&mut tables, service("dns", &[("type", "NodePort".into()), ("ports", Value::list(dns))]), None).unwrap();
    assert_eq!(node_ports(dns.get("spec").unwrap()).len(), 1, "one port, two protocols");
}

#[test]
fn an_alias_gets_nothing() {
    let alias = service("far", &[("type", "ExternalName".into())]);
    assert_eq!(given(&mut Tables::default(), alias.clone(), None), Ok(alias));
}
