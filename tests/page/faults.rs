//! What goes wrong with one process, one name, one connection: it is done by the page's buttons, told, and over again.

use super::Visit;
use ordinal::playground::history::link;
use ordinal::playground::setup;
use ordinal::text::Lang;
use ordinal::view::dns::profiles;

const ALL_READY: [&str; 3] = ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"];

#[test]
fn a_process_crashes_once_by_the_menu_and_by_kill() {
    let mut visit = Visit::quiet();
    let first = |visit: &mut Visit, pod: &str, field: &str| {
        visit.type_line(&format!("kubectl get pod {pod} -o jsonpath={{.status.containerStatuses[0].{field}}}"));
        visit.answer()
    };
    visit.pick("web-1");
    visit.command("Crash web-1 once");
    assert_eq!(visit.answer(), "A process of web-1 was killed: exit code 137.");
    visit.run_until_quiet();
    assert_eq!(first(&mut visit, "web-1", "lastState.terminated.exitCode"), "137");
    assert_eq!(first(&mut visit, "web-1", "restartCount"), "1");
    visit.say("kubectl exec web-0 -- sh -c 'kill 1'");
    assert_eq!(first(&mut visit, "web-0", "lastState.terminated.reason"), "Completed");
    assert_eq!(first(&mut visit, "web-0", "restartCount"), "1");
    // The first process of a container cannot be killed by one beside it.
    visit.say("kubectl exec web-2 -- kill -9 1");
    assert_eq!(first(&mut visit, "web-2", "restartCount"), "0");
    assert_eq!(visit.pods(), ALL_READY);
}

#[test]
fn what_dns_caches_is_chosen_told_and_forgotten() {
    let mut visit = Visit::quiet();
    let chosen = profiles(Lang::English.text()).remove(1);
    assert_eq!(chosen.line, "playground cache dns kubeadm-1.31");
    visit.type_line(&chosen.line);
    visit.type_line("kubectl exec web-0 -- curl -s web-1.nginx");
    visit.pass(1);
    assert_eq!(visit.dns().cached, [["web-1.nginx.default.svc.cluster.local A", "10.244.1.2", "29s"]]);
    visit.type_line("kubectl delete pod web-1");
    visit.step_until(|visit| visit.names()[2].ends_with("the server itself would answer otherwise by now"));
    visit.type_line("why dns web-1.nginx");
    assert!(visit.answer().starts_with("web-1.nginx resolves to 10.244.1.2.\n"), "{}", visit.answer());
    visit.printed("  - the answer is from the cache · asked at 0:30.0");
    visit.printed("  Ends when: the cache forgets the answer at 1:00.0");
    visit.run_until_quiet();
    visit.say("sleep 40");
    assert_eq!(visit.dns().cached, [] as [[String; 3]; 0]);
    assert_eq!(visit.names()[2], "web-1.nginx 10.244.1.3");
}

#[test]
fn the_way_to_a_node_is_slow_and_repaired_and_goes_with_a_link() {
    let mut visit = Visit::quiet();
    let way = |visit: &Visit| visit.node("node-1").lines.last().cloned().unwrap_or_default();
    let plain = way(&visit);
    visit.choose_of_node("node-1", "playground delay node node-1 2");
    assert_eq!(visit.answer(), "Between node-1 and the API server, messages take 2000 ms each way.");
    assert_eq!(way(&visit), "2000 ms late");
    visit.choose_of_node("node-1", "playground start node node-1");
    assert_eq!(way(&visit), plain);
    visit.choose_of_node("node-1", "playground lose node node-1 3");
    assert_eq!(visit.answer(), "Between node-1 and the API server, one message of 3 is lost and sent again 10 s later.");
    assert_eq!(way(&visit), "loses 1 of 3 messages");
    let read = link::read(&link::write(&visit.run, ""), &setup(), Lang::English, &|_| None, || true);
    assert_eq!(way(&Visit::of(read.history)), "loses 1 of 3 messages");
}
