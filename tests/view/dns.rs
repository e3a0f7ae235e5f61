//! The names that a set has, and why others have none.

use ordinal::view::dns::project;

use crate::view::example::{self, web_name};

#[test]
fn only_ready_pods_have_names_and_every_other_name_says_why_not() {
    let example = example::ordered_creation();
    let dns = project(&example.snapshot(), Some(&web_name()));
    let rows: Vec<String> = dns.names.iter().map(|row| format!("{} {} {}", row.name, row.records.join(","), row.reason)).collect();
    let want = [
        "nginx 10.244.2.2 ",
        "web-0.nginx 10.244.2.2 ",
        "web-1.nginx NXDOMAIN not Ready, so not published",
        "web-2.nginx NXDOMAIN no such pod",
    ];
    assert_eq!(rows, want);
    assert_eq!(dns.services[0].records, ["0 100 80 web-0.nginx"]);
}

#[test]
fn a_pod_that_has_just_become_ready_is_not_said_to_be_unready() {
    let mut example = example::ordered_creation();
    let web_1 = |example: &example::Example| {
        project(&example.snapshot(), Some(&web_name())).names.into_iter().find(|row| row.name == "web-1.nginx").map(|row| row.reason)
    };
    assert_eq!(web_1(&example).as_deref(), Some("not Ready, so not published"));
    example.becomes_ready("web-1");
    assert_eq!(web_1(&example).as_deref(), Some("not written to the EndpointSlice yet"));
}

#[test]
fn a_service_that_publishes_every_pod_is_not_said_to_publish_the_ready_ones() {
    for (publish, note) in [(false, "headless Service: the Ready pods"), (true, "headless Service: its pods, Ready or not")] {
        let mut example = example::ordered_creation();
        example.publish_not_ready(publish);
        assert_eq!(project(&example.snapshot(), Some(&web_name())).names[0].note, note);
    }
}

#[test]
fn a_name_is_asked_for_as_a_pod_would_ask() {
    let example = example::ordered_creation();
    let shot = example.snapshot();
    let project = || project(&shot, Some(&web_name()));
    for (line, name, records, reason) in [
        ("web-0.nginx", "web-0.nginx", "10.244.2.2", ""),
        ("nslookup web-0.nginx.default.svc.cluster.local", "web-0.nginx.default.svc.cluster.local", "10.244.2.2", ""),
        ("nslookup -type=srv _http._tcp.nginx", "_http._tcp.nginx", "0 100 80 web-0.nginx", ""),
        ("dig +short nginx SRV", "nginx", "0 100 80 web-0.nginx", ""),
        ("dig -x 10.244.2.2", "10.244.2.2", "web-0.nginx", ""),
        ("web-1.nginx", "web-1.nginx", "NXDOMAIN", "not Ready, so not published"),
    ] {
        let asked = project().asking(&shot, "default", line).asked.expect("a name");
        assert_eq!((asked.name.as_str(), asked.records.join(",").as_str(), asked.reason.as_str()), (name, records, reason), "{line}");
    }
    assert_eq!(project().asking(&shot, "default", " nslookup ").asked, None);
}

#[test]
fn without_its_service_a_set_has_no_names() {
    let mut example = example::ordered_creation();
    example.remove_service();
    let dns = project(&example.snapshot(), Some(&web_name()));
    assert_eq!(dns.instead.plain(), "There is no Service nginx; the pods run without DNS names.");
}
