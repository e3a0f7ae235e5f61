//! A pod's hostname, `/etc/hosts` and `/etc/resolv.conf`.

use ordinal::api::object::Pod;
use ordinal::api::object::pod::Ip;
use ordinal::base::value::Value;
use ordinal::cluster::dns::pod::{full_hostname, hostname, hosts_file};
use ordinal::cluster::dns::{Options, ResolvConf};

fn pod(spec: &[(&str, Value)]) -> Pod {
    let metadata = Value::of([("name", "web-0"), ("namespace", "default")]);
    let mut pod = Pod::decode(&Value::of([("metadata", metadata), ("spec", Value::of(spec.iter().cloned()))]));
    pod.status.ip = Some(Ip([10, 244, 1, 6]));
    pod
}

#[test]
fn a_pods_resolver_follows_its_dns_policy_and_config() {
    let cluster = "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
    let config = Value::of([
        ("nameservers", Value::list(["10.0.0.53"])),
        ("searches", Value::list(["example.com"])),
        ("options", Value::list([Value::of([("name", "ndots"), ("value", "2")])])),
    ]);
    for (spec, want) in [
        (vec![], cluster),
        (vec![("dnsPolicy", "ClusterFirst".into()), ("hostNetwork", true.into())], ""),
        (vec![("dnsPolicy", "ClusterFirstWithHostNet".into()), ("hostNetwork", true.into())], cluster),
        (vec![("dnsPolicy", "Default".into())], ""),
        (vec![("dnsPolicy", "None".into()), ("dnsConfig", config)], "search example.com\nnameserver 10.0.0.53\noptions ndots:2\n"),
    ] {
        assert_eq!(ResolvConf::of_pod(&pod(&spec), &Options::default()).to_string(), want);
    }
}

#[test]
fn a_pod_knows_its_full_name_by_its_subdomain_alone() {
    let options = Options::default();
    let own = pod(&[("hostname", "web-0".into()), ("subdomain", "nginx".into())]);
    assert_eq!(&*full_hostname(&own, &options), "web-0.nginx.default.svc.cluster.local");
    assert!(hosts_file(&own, &options).ends_with("ip6-allrouters\n10.244.1.6\tweb-0.nginx.default.svc.cluster.local\tweb-0\n"));
    assert_eq!(&*full_hostname(&pod(&[]), &options), "web-0");
}

#[test]
fn a_long_hostname_is_cut_and_ends_in_a_letter() {
    let mut long = pod(&[]);
    long.meta.name = format!("{}-{}", "a".repeat(62), "b".repeat(9)).into();
    assert_eq!(hostname(&long).len(), 62);
}
