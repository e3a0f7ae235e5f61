//! In which order a new Service is refused.

use ordinal::api::kind::Kind;
use ordinal::api::object::Object;
use ordinal::api::release::V1_37;
use ordinal::base::dice::Dice;
use ordinal::base::value::Value;
use ordinal::server::Server;
use ordinal::server::ingest::create;
use ordinal::server::log::Actor;

#[test]
fn a_service_is_refused_what_it_asks_for_before_the_rest_is_looked_at() {
    let named = |name: &str| Value::of([("name", name)]);
    let mut server = Server::new(&V1_37, Dice { seed: 1 });
    let namespace = Object::decode(Kind::Namespace, &Value::of([("metadata", named("default"))]));
    server.create(namespace, &Actor::User).expect("created");
    let refusal = |ip: &str| {
        let port = Value::of([("port", 0)]);
        let spec = Value::of([("clusterIP", Value::from(ip)), ("ports", Value::list([port]))]);
        let service = Value::of([("metadata", named("web")), ("spec", spec)]);
        create(Kind::Service, "default", &service, &V1_37, server.tables(), false, |name| name.into()).unwrap_err().causes[0].to_string()
    };
    assert!(refusal("").starts_with("spec.ports[0].port: Invalid value: 0: must be between"), "{}", refusal(""));
    assert!(refusal("1.2.3.4").starts_with("spec.clusterIPs: Invalid value: [\"1.2.3.4\"]: failed to allocate"), "{}", refusal("1.2.3.4"));
    assert!(refusal("x").starts_with("spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP"), "{}", refusal("x"));
}
