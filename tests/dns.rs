//! Names resolve as in CoreDNS, and come with a reason if they do not.

use comparison::dns::{judge, namespace, recorded_options, recorded_view, sorted, stages};
use ordinal::api::object::pod::Ip;
use ordinal::api::object::{EndpointSlice, Object, Pod, Service};
use ordinal::base::time::Time;
use ordinal::cluster::dns::reason::PodState;
use ordinal::cluster::dns::tool::{Order, Tool, run};
use ordinal::cluster::dns::{Options, Query, Rcode, Reason, RecordType, ResolvConf, ResolverStyle, Verdict, resolve};
use ordinal::server::tables::Tables;

#[test]
fn every_recorded_answer_comes_out() {
    let tally = judge();
    assert!(tally.all > 250, "the recordings are all there");
    tally.finish();
}

#[test]
fn srv_records_come_in_the_order_of_the_endpoints() {
    let stages = stages();
    let line = stages.iter().find(|line| line.text_at(&["stage"]) == Some("after-delete")).expect("the stage");
    let answer = resolve(&recorded_view(line), &Query::exact("nginx.default.svc.cluster.local", RecordType::Srv), &recorded_options());
    let targets: Vec<String> = answer.additional.iter().map(|r| r.name.split('.').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(targets, ["web-0", "web-2", "web-1"]);
}

/// A cluster with everything missing somewhere: Services `nginx` (headless, governs `web`), `plain` (with a cluster IP),
/// `other` (headless, over the same pods), `empty` (selects nothing), `far` (an alias); pods web-0 (ready), web-1 (not ready),
/// web-2 (terminating), web-3 (no address yet), and `stray`, which no Service selects.
fn cluster() -> Tables {
    let mut view = Tables::default();
    view.insert(namespace("default"));
    view.insert(namespace("shop"));
    for text in [
        r#"{"metadata":{"name":"nginx","namespace":"default"},"spec":{"clusterIP":"None","selector":{"app":"web"},"ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":8080}]}}"#,
        r#"{"metadata":{"name":"other","namespace":"default"},"spec":{"clusterIP":"None","selector":{"app":"web"}}}"#,
        r#"{"metadata":{"name":"empty","namespace":"default"},"spec":{"clusterIP":"None","selector":{"app":"nothing"}}}"#,
        r#"{"metadata":{"name":"plain","namespace":"default"},"spec":{"clusterIP":"10.96.7.7","selector":{"app":"web"},"ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":8080},{"name":"admin","port":81,"protocol":"TCP"}]}}"#,
        r#"{"metadata":{"name":"far","namespace":"default"},"spec":{"type":"ExternalName","externalName":"example.com"}}"#,
        r#"{"metadata":{"name":"near","namespace":"default"},"spec":{"type":"ExternalName","externalName":"plain.default.svc.cluster.local"}}"#,
        r#"{"metadata":{"name":"nowhere","namespace":"default"},"spec":{"type":"ExternalName","externalName":"gone.default.svc.cluster.local"}}"#,
    ] {
        view.insert(Service::decode(&serde_json::from_str(text).expect("JSON")).into());
    }
    let endpoint = |n: u8, host: &str, ready: bool, terminating: bool| {
        format!(
            r#"{{"addresses":["10.244.1.{}"],"conditions":{{"ready":{ready},"terminating":{terminating}}},"hostname":"{host}","targetRef":{{"name":"web-{n}"}}}}"#,
            n + 2
        )
    };
    for (service, ports, hosts) in [
        ("nginx", r#"[{"name":"http","port":8080,"protocol":"TCP"}]"#, ["web-0", "web-1", "web-2"]),
        ("plain", r#"[{"name":"http","port":8080,"protocol":"TCP"}]"#, [""; 3]),
        ("other", "[]", [""; 3]),
    ] {
        let endpoints = [endpoint(0, hosts[0], true, false), endpoint(1, hosts[1], false, false), endpoint(2, hosts[2], false, true)];
        let text = format!(
            r#"{{"metadata":{{"name":"{service}-x","namespace":"default","labels":{{"kubernetes.io/service-name":"{service}"}}}},"endpoints":[{}],"ports":{ports}}}"#,
            endpoints.join(",")
        );
        view.insert(EndpointSlice::decode(&serde_json::from_str(&text).expect("JSON")).into());
    }
    for (name, app, host, ip) in
        [("web-0", "web", "nginx", Some(2)), ("web-3", "web", "nginx", None), ("db-0", "db", "pg", Some(9)), ("stray", "x", "", Some(8))]
    {
        let text = format!(
            r#"{{"metadata":{{"name":"{name}","namespace":"default","labels":{{"app":"{app}"}}}},"spec":{{"hostname":"{name}","subdomain":"{host}"}}}}"#
        );
        let mut pod = Pod::decode(&serde_json::from_str(&text).expect("JSON"));
        pod.status.ip = ip.map(|n| Ip([10, 244, 1, n]));
        view.insert(pod.into());
    }
    view
}

fn inside(name: &str, kind: RecordType, habit: ResolverStyle) -> Query {
    Query::exact(name, kind).searching(ResolvConf::in_namespace("default", &Options::default()), habit)
}

#[test]
fn a_name_that_does_not_resolve_says_why() {
    let view = cluster();
    let service = |name: &str| Object::from(view.service("default", name).expect("a Service").clone()).key();
    let check = |name: &str, kind: &str, rcode: Rcode, want: &dyn Fn(&Reason) -> bool| {
        let answer = resolve(&view, &inside(name, RecordType::read(kind), ResolverStyle::Glibc), &Options::default());
        assert_eq!(answer.rcode, rcode, "{name} {kind}");
        assert!(want(&answer.reason), "{name} {kind}: {:?}", answer.reason);
    };
    let none = Rcode::NameError;
    let nginx = service("nginx");
    check("web-0.nginx", "A", Rcode::NoError, &|r| *r == Reason::Found);
    check("web-1.nginx", "A", none, &|r| matches!(r, Reason::NotReady { pod, terminating: false, .. } if &*pod.name == "web-1"));
    check("web-2.nginx", "A", none, &|r| matches!(r, Reason::NotReady { terminating: true, .. }));
    check(
        "web-3.nginx",
        "A",
        none,
        &|r| matches!(r, Reason::NoSuchHostname { service, pod: PodState::NoAddress, .. } if *service == nginx),
    );
    check("stray.nginx", "A", none, &|r| matches!(r, Reason::NoSuchHostname { pod: PodState::NotSelected, .. }));
    check("web-9.nginx", "A", none, &|r| matches!(r, Reason::NoSuchHostname { pod: PodState::Absent, .. }));
    check("web-0.other", "A", none, &|r| matches!(r, Reason::OtherSubdomain { subdomain: Some(s), .. } if &**s == "nginx"));
    check("10-244-1-2.nginx", "A", none, &|r| matches!(r, Reason::HasHostname { hostname, .. } if &**hostname == "web-0"));
    check("10-244-1-2.other", "A", Rcode::NoError, &|r| *r == Reason::Found);
    check("empty", "A", none, &|r| matches!(r, Reason::NoEndpoints { .. }));
    check("pg", "A", none, &|r| matches!(r, Reason::NoSuchService { wanted_by: Some(p), .. } if &**p == "db-0"));
    check("web-0.web-svc", "A", none, &|r| matches!(r, Reason::NoSuchService { instead, .. } if instead.contains(&nginx)));
    check("nginx.shop", "A", none, &|r| matches!(r, Reason::NoSuchService { elsewhere, .. } if elsewhere.contains(&nginx)));
    check("nginx.nirvana.svc.cluster.local.", "A", none, &|r| matches!(r, Reason::NoSuchNamespace { .. }));
    check("nginx.default.cluster.local.", "A", none, &|r| matches!(r, Reason::NeitherServiceNorPod { .. }));
    check("a.b.c.nginx.default.svc.cluster.local.", "A", none, &|r| *r == Reason::TooManyLabels);
    check("example.com.", "A", none, &|r| *r == Reason::OutsideCluster);
    check("_web._tcp.nginx", "SRV", none, &|r| matches!(r, Reason::NoSuchPort { .. }));
    check("_web._tcp.plain", "SRV", none, &|r| matches!(r, Reason::NoSuchPort { .. }));
    check("other", "SRV", Rcode::NoError, &|r| matches!(r, Reason::NoPorts { .. }));
    check("nginx", "AAAA", Rcode::NoError, &|r| *r == Reason::OtherType);
    check("default.svc.cluster.local", "A", Rcode::NoError, &|r| *r == Reason::OnlyADomain);
    check("web-0.far", "A", none, &|r| matches!(r, Reason::AliasHasNoHosts { .. }));
    check("nowhere", "A", Rcode::NoError, &|r| matches!(r, Reason::AliasLeadsNowhere { .. }));
    check("3.1.244.10.in-addr.arpa.", "PTR", none, &|r| matches!(r, Reason::NoSuchAddress { unpublished: Some(_) }));
    check("x.default.pod.cluster.local.", "A", none, &|r| matches!(r, Reason::NotAnAddress { .. }));
}

#[test]
fn nobody_ready_is_told_apart_from_nobody_there() {
    let mut view = cluster();
    let slice = view.slice("default", "nginx-x").expect("a slice");
    let mut slice = EndpointSlice::clone(slice);
    slice.endpoints.remove(0);
    view.insert(slice.into());
    let answer = resolve(&view, &inside("nginx", RecordType::A, ResolverStyle::Glibc), &Options::default());
    assert!(matches!(answer.reason, Reason::NoneReady { ref pods, .. } if pods.len() == 2), "{:?}", answer.reason);
    let verdicts: Vec<Verdict> = answer.steps[0].endpoints.iter().map(|t| t.verdict).collect();
    assert_eq!(verdicts, [Verdict::NotReady, Verdict::Terminating]);
}

#[test]
fn an_alias_brings_what_it_stands_for() {
    let view = cluster();
    let records = |name: &str, kind| sorted(&resolve(&view, &Query::exact(name, kind), &Options::default()).records);
    let near = "near.default.svc.cluster.local. 30 IN CNAME plain.default.svc.cluster.local.";
    let plain = "plain.default.svc.cluster.local. 30 IN A 10.96.7.7";
    assert_eq!(records("near.default.svc.cluster.local", RecordType::A), [near, plain]);
    assert_eq!(records("near.default.svc.cluster.local", RecordType::Cname), [near]);
    assert_eq!(records("far.default.svc.cluster.local", RecordType::A), ["far.default.svc.cluster.local. 30 IN CNAME example.com."]);
    assert!(records("far.default.svc.cluster.local", RecordType::Srv).is_empty());
}

#[test]
fn search_goes_through_the_suffixes_until_something_is_found() {
    let view = cluster();
    let tried = |name: &str, habit| {
        let answer = resolve(&view, &inside(name, RecordType::A, habit), &Options::default());
        answer.steps.iter().map(|s| s.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(tried("web-0.nginx", ResolverStyle::Glibc), ["web-0.nginx.default.svc.cluster.local"]);
    assert_eq!(
        tried("nginx.default", ResolverStyle::Glibc),
        ["nginx.default.default.svc.cluster.local", "nginx.default.svc.cluster.local"]
    );
    let all = ["x.default.svc.cluster.local", "x.svc.cluster.local", "x.cluster.local", "x"];
    assert_eq!(tried("x", ResolverStyle::Glibc), all);
    assert_eq!(tried("x.", ResolverStyle::Glibc), ["x"]);
    assert_eq!(tried("a.b.c.d.e.f", ResolverStyle::Glibc)[..2], ["a.b.c.d.e.f", "a.b.c.d.e.f.default.svc.cluster.local"]);
    // The third candidate, `svc.cluster.local`, exists and is empty.
    assert_eq!(tried("svc", ResolverStyle::Bind).len(), 3);
    assert_eq!(tried("svc", ResolverStyle::Glibc).len(), 4);
}

/// The names of web-0's address, each as a program shows it: one under each Service over the pod.
fn names_of_web_0(line: impl Fn(&str) -> String) -> String {
    let hosts = ["web-0.nginx", "10-244-1-2.other", "10-244-1-2.plain"];
    hosts.map(|h| line(&format!("{h}.default.svc.cluster.local"))).concat()
}

fn printed(tool: Tool, name: &str, kind: Option<RecordType>) -> (String, String, i32) {
    let options = Options::default();
    let order = Order { tool, name: name.into(), kind, config: ResolvConf::in_namespace("default", &options) };
    let view = cluster();
    let (printed, _) = run(&mut |query| resolve(&view, query, &options), &order, Time(7_000), &options);
    (printed.stdout, printed.stderr, printed.code)
}

#[test]
fn old_busybox_searches_and_names_addresses() {
    let head = "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";
    let check = |name: &str, stdout: &str, stderr: &str, code| {
        assert_eq!(printed(Tool::OldBusybox, name, None), (format!("{head}{stdout}"), stderr.to_owned(), code));
    };
    let web_0 = "Address 1: 10.244.1.2 web-0.nginx.default.svc.cluster.local\n";
    check("web-0.nginx", &format!("Name:      web-0.nginx\n{web_0}"), "", 0);
    check("10.244.1.2", &format!("Name:      10.244.1.2\n{web_0}"), "", 0);
    check("plain", "Name:      plain\nAddress 1: 10.96.7.7 plain.default.svc.cluster.local\n", "", 0);
    check("web-1.nginx", "", "nslookup: can't resolve 'web-1.nginx'\n", 1);
}

#[test]
fn new_busybox_asks_under_every_suffix_or_none() {
    let head = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";
    let check = |name: &str, kind, stdout: &str, code| {
        assert_eq!(printed(Tool::Busybox, name, kind), (format!("{head}{stdout}"), String::new(), code));
    };
    let missing = "** server can't find web-0.nginx: NXDOMAIN\n\n";
    check("web-0.nginx", None, &missing.repeat(2), 1);
    let full = "web-0.nginx.default.svc.cluster.local";
    check(full, None, &format!("Name:\t{full}\nAddress: 10.244.1.2\n\n\n"), 0);
    let others = "** server can't find plain.svc.cluster.local: NXDOMAIN\n\n** server can't find plain.cluster.local: NXDOMAIN\n\n";
    check("plain", None, &format!("Name:\tplain.default.svc.cluster.local\nAddress: 10.96.7.7\n\n{others}\n{others}"), 1);
    let names = names_of_web_0(|name| format!("2.1.244.10.in-addr.arpa\tname = {name}\n"));
    check("10.244.1.2", None, &format!("{names}\n"), 0);
    let service = "nginx.default.svc.cluster.local";
    check(service, Some(RecordType::Srv), &format!("{service}\tservice = 0 100 8080 {full}\n\n"), 0);
}

#[test]
fn bind_nslookup_shows_its_server_and_the_full_name() {
    let head = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n";
    let check = |name: &str, kind, stdout: &str, code| {
        assert_eq!(printed(Tool::Nslookup, name, kind), (stdout.to_owned(), String::new(), code), "{name}");
    };
    let full = "web-0.nginx.default.svc.cluster.local";
    check("web-0.nginx", None, &format!("{head}Name:\t{full}\nAddress: 10.244.1.2\n\n"), 0);
    check("web-1.nginx", None, &format!("{head}** server can't find web-1.nginx: NXDOMAIN\n\n"), 1);
    check("svc", None, &format!("{head}*** Can't find svc.cluster.local: No answer\n\n"), 0);
    check("nginx", Some(RecordType::Srv), &format!("{head}nginx.default.svc.cluster.local\tservice = 0 100 8080 {full}.\n\n"), 0);
    let names = names_of_web_0(|name| format!("2.1.244.10.in-addr.arpa\tname = {name}.\n"));
    check("10.244.1.2", None, &format!("{names}\n"), 0);
    check("10.244.1.9", None, "** server can't find 9.1.244.10.in-addr.arpa: NXDOMAIN\n\n", 1);
}

#[test]
fn host_makes_sentences() {
    let check = |name: &str, kind, stdout: &str, code| {
        assert_eq!(printed(Tool::Host, name, kind), (stdout.to_owned(), String::new(), code), "{name}");
    };
    let full = "web-0.nginx.default.svc.cluster.local";
    check("web-0.nginx", None, &format!("{full} has address 10.244.1.2\n"), 0);
    check("web-9.nginx", None, "Host web-9.nginx not found: 3(NXDOMAIN)\n", 1);
    check("nginx", Some(RecordType::Srv), &format!("nginx.default.svc.cluster.local has SRV record 0 100 8080 {full}.\n"), 0);
    check("nginx", Some(RecordType::Aaaa), "nginx.default.svc.cluster.local has no AAAA record\n", 0);
    check("10.244.1.2", None, &names_of_web_0(|name| format!("2.1.244.10.in-addr.arpa domain name pointer {name}.\n")), 0);
    check("10.244.1.9", None, "Host 9.1.244.10.in-addr.arpa. not found: 3(NXDOMAIN)\n", 1);
    check("far", None, "far.default.svc.cluster.local is an alias for example.com.\nHost example.com not found: 3(NXDOMAIN)\n", 1);
}

#[test]
fn dig_prints_the_message() {
    let dig = |name: &str, kind: Option<RecordType>, short, search| printed(Tool::Dig { short, search, words: name.into() }, name, kind).0;
    let full = "web-0.nginx.default.svc.cluster.local";
    let text = dig(full, None, false, false);
    let mut lines = text.lines();
    assert_eq!(lines.by_ref().take(3).collect::<Vec<_>>(), ["", &format!("; <<>> DiG 9.18.24 <<>> {full}"), ";; global options: +cmd"]);
    let rest: Vec<&str> = lines.filter(|l| !l.starts_with("; COOKIE: ") && !l.starts_with(";; ->>HEADER<<-")).collect();
    assert_eq!(
        rest,
        [
            ";; Got answer:",
            ";; WARNING: .local is reserved for Multicast DNS",
            ";; You are currently testing what happens when an mDNS query is leaked to DNS",
            ";; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1",
            ";; WARNING: recursion requested but not available",
            "",
            ";; OPT PSEUDOSECTION:",
            "; EDNS: version: 0, flags:; udp: 1232",
            ";; QUESTION SECTION:",
            &format!(";{full}. IN A"),
            "",
            ";; ANSWER SECTION:",
            &format!("{full}. 30 IN A\t10.244.1.2"),
            "",
            ";; Query time: 0 msec",
            ";; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)",
            ";; WHEN: Thu Jan 01 00:00:07 UTC 2026",
            ";; MSG SIZE  rcvd: 131",
            "",
        ]
    );
    let missing = dig("web-9.nginx.default.svc.cluster.local", None, false, false);
    assert!(missing.contains("status: NXDOMAIN"));
    let soa = "cluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local. 1767225600 7200 1800 86400 30\n";
    assert!(missing.contains(soa), "{missing}");
    assert_eq!(dig(full, None, true, false), "10.244.1.2\n");
    assert_eq!(dig("web-0.nginx", None, true, false), "");
    assert_eq!(dig("web-0.nginx", None, true, true), "10.244.1.2\n");
    assert_eq!(dig("nginx.default.svc.cluster.local", Some(RecordType::Srv), true, false), format!("0 100 8080 {full}.\n"));
}

#[test]
fn no_question_is_too_strange() {
    let view = cluster();
    let kinds = ["A", "AAAA", "SRV", "PTR", "CNAME", "TXT", "SOA", "MX"].map(RecordType::read);
    for name in
        ["", ".", "..", "....svc.cluster.local", "é.nginx", "*.nginx", "in-addr.arpa", "1.2.3.in-addr.arpa", "cluster.local", "-", "_._"]
    {
        for kind in &kinds {
            for habit in [ResolverStyle::Glibc, ResolverStyle::Bind] {
                let answer = resolve(&view, &inside(name, kind.clone(), habit), &Options::default());
                assert_eq!(answer.addresses().count(), 0, "{name} {kind:?}");
                assert!(answer.steps.iter().any(|step| step.rcode == answer.rcode), "{name} {kind:?}");
            }
        }
    }
}
