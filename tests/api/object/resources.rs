//! What a pod asks for, and its class.

use ordinal::api::object::resources::{qos_class, sum_of_containers};
use ordinal::base::value::Value;
use ordinal::yaml;

fn spec(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

#[test]
fn sidecars_count_beside_what_starts_after_them() {
    let asks = |cpu: &str| format!("resources: {{requests: {{cpu: {cpu}}}}}");
    let sum = |inits: &str| {
        let spec = spec(&format!("{{containers: [{{{}}}, {{name: idle}}], initContainers: [{inits}]}}", asks("300m")));
        sum_of_containers(&spec, "requests", "cpu").map(|sum| sum.to_string())
    };
    let (small, large) = (format!("{{{}}}", asks("100m")), format!("{{{}}}", asks("1")));
    let sidecar = format!("{{restartPolicy: Always, {}}}", asks("200m"));
    assert_eq!(sum(""), Some("300m".into()));
    assert_eq!(sum(&small), Some("300m".into()));
    assert_eq!(sum(&sidecar), Some("500m".into()));
    assert_eq!(sum(&format!("{sidecar}, {large}")), Some("1200m".into()));
    assert_eq!(sum(&format!("{large}, {sidecar}")), Some("1".into()));
}

#[test]
fn a_pods_class_follows_from_its_containers_or_from_itself() {
    let both = "requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}";
    for (text, class) in [
        ("{containers: [{}]}".to_owned(), "BestEffort"),
        ("{containers: [{resources: {requests: {ephemeral-storage: 1Gi}}}]}".to_owned(), "BestEffort"),
        ("{containers: [{resources: {requests: {cpu: 0}}}]}".to_owned(), "BestEffort"),
        ("{containers: [{resources: {requests: {cpu: 1m}}}]}".to_owned(), "Burstable"),
        (format!("{{containers: [{{resources: {{{both}}}}}]}}"), "Guaranteed"),
        (format!("{{containers: [{{resources: {{{both}}}}}, {{}}]}}"), "Burstable"),
        (format!("{{resources: {{{both}}}, containers: [{{}}]}}"), "Guaranteed"),
    ] {
        assert_eq!(qos_class(&spec(&text)), class, "{text}");
    }
}
