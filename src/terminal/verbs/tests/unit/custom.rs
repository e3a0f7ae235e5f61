//! Custom columns.

use base::value::Value;
use verbs::print::custom::Custom;

#[test]
fn cells_are_joined_and_missing_ones_named() {
    let mut pod = Value::map();
    pod.set(&["metadata", "name"], "web-0");
    pod.set(&["spec", "ports"], Value::list([80, 443]));
    let custom = Custom::parse("NAME:.metadata.name,NODE:.spec.nodeName,PORTS:.spec.ports[*],RAW:spec.ports").unwrap();
    assert_eq!(custom.headings().unwrap(), ["NAME", "NODE", "PORTS", "RAW"]);
    assert_eq!(custom.clone().without_headings(true).headings(), None);
    assert_eq!(custom.row(&pod).unwrap(), ["web-0", "<none>", "80,443", "[80 443]"]);
    assert_eq!(Custom::parse("N").unwrap_err(), "unexpected custom-columns spec: N, expected <header>:<json-path-expr>");
}
