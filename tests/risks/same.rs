//! Two states are the same whatever the server made up in them.

use ordinal::api::kind::Kind;
use ordinal::base::hash::Digest;
use ordinal::base::value::Value;
use ordinal::risks::same::take;

fn printed(kind: Kind, field: &[&str], value: &str) -> u64 {
    let mut object = Value::map();
    object.set(field, value);
    let mut digest = Digest::default();
    take(&object, kind, "", &mut digest);
    digest.0
}

#[test]
fn what_a_field_holds_counts_unless_the_server_made_it_up() {
    let counts = |kind, field: &[&str], [one, other]: [&str; 2]| printed(kind, field, one) != printed(kind, field, other);
    for (kind, field, values, want) in [
        (Kind::Pod, &["spec", "readinessProbe", "httpGet", "path"][..], ["/a", "/b"], true),
        (Kind::Pod, &["spec", "hostPath", "path"], ["/a", "/b"], true),
        (Kind::PersistentVolume, &["spec", "hostPath", "path"], ["/a", "/b"], false),
        (Kind::Pod, &["metadata", "labels", "path"], ["a", "b"], true),
        (Kind::Pod, &["metadata", "labels", "generation"], ["1", "2"], true),
        (Kind::Pod, &["metadata", "generation"], ["1", "2"], false),
        (Kind::Pod, &["spec", "hostAliases", "ip"], ["10.0.0.1", "10.0.0.2"], true),
        (Kind::Pod, &["status", "podIP"], ["10.0.0.1", "10.0.0.2"], false),
        (Kind::Service, &["spec", "clusterIP"], ["10.96.0.1", "10.96.0.2"], false),
        (Kind::Service, &["spec", "clusterIP"], ["10.96.0.1", "None"], true),
        (Kind::ConfigMap, &["data", "volumeName"], ["a", "b"], true),
    ] {
        assert_eq!(counts(kind, field, values), want, "{kind} {}", field.join("."));
    }
}
