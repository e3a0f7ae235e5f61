//! DNS names: who has one, what it resolves to, and why not.

use super::Visit;
use ordinal::playground::EXAMPLE;
use ordinal::view::dns::Counted;

#[test]
fn every_name_answers_or_says_why_it_does_not() {
    let mut visit = Visit::quiet();
    let want = [
        "nginx headless Service: the Ready pods 10.244.3.2 10.244.1.2 10.244.2.2",
        "web-0.nginx 10.244.3.2",
        "web-1.nginx 10.244.1.2",
        "web-2.nginx 10.244.2.2",
    ];
    assert_eq!(visit.names(), want);
    visit.say("kubectl scale statefulset web --replicas=2");
    assert_eq!(visit.names()[3], "web-2.nginx NXDOMAIN no such pod");
    visit.say("kubectl delete service nginx");
    assert_eq!(visit.names(), [""; 0]);
    assert_eq!(visit.dns().instead.plain(), "There is no Service nginx; the pods run without DNS names.");
}

#[test]
fn a_name_that_leads_to_a_machine_without_power_says_so() {
    let mut visit = Visit::quiet();
    visit.type_line("playground stop node node-1");
    visit.step_until(|visit| !visit.names()[2].ends_with("10.244.1.2"));
    assert_eq!(visit.names()[2], "web-1.nginx 10.244.1.2 node-1 answers nobody, and DNS does not know yet");
    visit.step_until(|visit| visit.names()[2].contains("NXDOMAIN"));
    assert_eq!(visit.names()[2], "web-1.nginx NXDOMAIN not Ready, so not published", "the API server knows by now");
}

#[test]
fn another_name_is_asked_for_and_resolved_again_as_things_change() {
    let mut visit = Visit::quiet();
    let known = visit.names().len();
    visit.ask_name("dig SRV nginx");
    assert_eq!(visit.names()[0], "nginx SRV 0 33 80 web-0.nginx 0 33 80 web-1.nginx 0 33 80 web-2.nginx");
    visit.ask_name("nslookup web-1.nginx.default.svc.cluster.local");
    assert_eq!(visit.names()[0], "web-1.nginx.default.svc.cluster.local 10.244.1.2");
    visit.type_line("kubectl delete pod web-1");
    visit.step_until(|visit| visit.names()[0].contains("NXDOMAIN"));
    assert_eq!(visit.names()[0], "web-1.nginx.default.svc.cluster.local NXDOMAIN the pod has ended");
    visit.ask_name("");
    assert_eq!(visit.names().len(), known);
}

#[test]
fn a_service_has_srv_records_for_each_named_port_and_none_once_it_is_gone() {
    let mut visit = Visit::quiet();
    let records = |visit: &Visit| visit.dns().services.into_iter().map(|srv| (srv.name, srv.note, srv.records)).collect::<Vec<_>>();
    let all = ["0 33 80 web-0.nginx", "0 33 80 web-1.nginx", "0 33 80 web-2.nginx"].map(str::to_owned).to_vec();
    assert_eq!(records(&visit), [("_http._tcp.nginx".to_owned(), "SRV".to_owned(), all)]);
    visit.say("kubectl delete service nginx");
    assert_eq!(records(&visit), []);
}

#[test]
fn all_names_are_counted_and_only_some_are_listed() {
    let many = EXAMPLE.replace("replicas: 3", "replicas: 100").replace("OrderedReady", "Parallel");
    let mut visit = Visit::with(&many);
    visit.run_until_quiet();
    let told = |visit: &Visit| (visit.dns().counted, visit.dns().names.len(), visit.dns().unlisted);
    assert_eq!(told(&visit), (Counted { all: 101, answering: 101 }, 1 + 24, 76), "a hundred pods and their Service");
    visit.say("playground unready pod web-90");
    visit.step_until(|visit| visit.dns().counted.answering < 101);
    assert_eq!(visit.dns().counted.answering, 100, "one that is not listed counts as well");
    visit.say("kubectl scale statefulset web --replicas=30");
    visit.run_until_quiet();
    assert_eq!(visit.dns().counted.answering, 31);
}
