//! Processes that end once: by a signal from inside their container, and by the page's own command.

use super::check;
use crate::typed::Page;
use ordinal::playground::EXAMPLE;

/// A pod with one container.
fn one(image: &str, more: &str) -> String {
    format!("{{containers: [{{name: main, image: '{image}'{more}}}]}}")
}

#[test]
fn a_server_ends_on_sigterm_from_inside_and_is_started_again() {
    check(
        &one("nginx:1.27", ""),
        "until Running; say kubectl exec app -- kill 1; wait 1; running; wait 1; get; container main; wait 2; said BackOff; \
         say kubectl exec app -- sh -c 'kill -s TERM 1'; wait 3; get; container main; why; wait 15; get",
        &[
            "",
            "main",
            "app 1/1 Running 1 (1s ago)",
            "main running, last Completed 0",
            "",
            "app 0/1 Completed 1 (6s ago)",
            "main terminated Completed 0, last Completed 0",
            "app: CrashLoop",
            "app 1/1 Running 2 (17s ago)",
        ],
    );
    for (image, command, ended) in [
        ("postgres:16", "kill -15 1", "Completed 0"),
        ("quay.io/coreos/etcd:v3.5.21", "sh -c 'kill -TERM 1 && echo sent'", "Completed 0"),
        ("zookeeper:3.9", "kill -SIGTERM 1", "Error 143"),
        ("hashicorp/consul:1.20", "kill 1", "Error 1"),
        ("registry.k8s.io/serve_hostname:1.4", "kill 1", "Error 2"),
        ("nginx:1.27-alpine", "killall nginx", "Completed 0"),
        ("team/server:1", "kill 1", "Completed 0"),
    ] {
        let env = ", env: [{name: POSTGRES_PASSWORD, value: x}]";
        check(
            &one(image, env).replace("{containers", "{restartPolicy: Never, containers"),
            &format!("until Running; say kubectl exec app -- {command}; wait 3; container main"),
            &[if command.contains("echo") { "sent" } else { "" }, &format!("main terminated {ended}")],
        );
    }
}

#[test]
fn the_first_process_gets_no_signal_from_inside_that_it_has_no_handler_for() {
    for (container, command, said) in [
        (one("nginx:1.27", ""), "kill -9 1", ""),
        (one("nginx:1.27", ""), "sh -c 'kill -KILL 1 && kill -9 1 && kill -0 1 && echo alive'", "alive"),
        (one("nginx:stubborn", ""), "kill 1", ""),
        (one("busybox", ", command: [sh, -c, 'sleep 3600']"), "kill 1", ""),
        (one("busybox", ", command: [sleep, '3600']"), "sh -c 'kill -HUP 1 && killall sleep && pkill sleep && echo $?'", "0"),
        (one("nginx:1.27", ", command: [sh, -c, 'while true; do sleep 1; done']"), "kill -TERM 1", ""),
        (one("nginx:1.27", ", command: [sh, -c, 'until test -f /tmp/end; do true; done']"), "kill 1", ""),
        (one("nginx:1.27", ", command: [sleep, infinity]"), "kill -s SIGTERM 1", ""),
        (one("busybox", ", command: [sh, -c, 'trap : TERM; while true; do sleep 1; done']"), "kill 1", ""),
    ] {
        check(&container, &format!("until Running; wait 1; say kubectl exec app -- {command}; wait 40; get"), &[said, "app 1/1 Running 0"]);
    }
}

#[test]
fn a_script_ends_as_its_trap_says() {
    let spec = one("busybox", ", command: [sh, -c, 'trap \"echo bye; exit 7\" TERM; echo up; while true; do sleep 2; done']");
    check(
        &spec,
        "until Running; wait 1; say kubectl exec app -- kill 1; wait 4; say kubectl logs app --previous; container main; delete; wait 3; running",
        &["", "up", "bye", "main running, last Error 7", "nobody"],
    );
}

#[test]
fn whoever_is_in_the_container_ends_with_it_and_others_are_not_simulated() {
    let mut page = Page::begin(EXAMPLE, &["kubectl apply -f manifest.yaml"]);
    page.pass(60);
    page.say("kubectl exec -it web-0 -- sh");
    page.say("kill 1");
    page.pass(4);
    assert!(page.all().ends_with("command terminated with exit code 137"), "{}", page.all());
    assert!(page.say("kubectl get pod web-0 --no-headers").contains(" 1 ("), "{}", page.all());
    assert!(page.say("kubectl exec web-1 -- sh -c 'kill -TERM $$; echo on'").contains("exit code 143"), "{}", page.all());
    assert!(page.say("kubectl exec web-1 -- kill 29").contains("ordinal: this use of kill is not simulated"), "{}", page.all());
    assert!(page.say("kubectl exec web-1 -- kill -HUP 1").contains("ordinal: this use of kill is not simulated"), "{}", page.all());
    assert!(page.say("kubectl exec web-1 -- pkill nginx").contains("executable file not found"), "{}", page.all());
    assert!(page.say("kubectl get pod web-1 --no-headers").contains("Running   0 "), "{}", page.all());
}

#[test]
fn a_process_crashes_once_at_a_command_of_the_page() {
    let mut page = Page::begin(EXAMPLE, &["kubectl apply -f manifest.yaml"]);
    page.pass(60);
    assert_eq!(page.say("playground crash pod web-1"), "A process of web-1 was killed: exit code 137.");
    page.pass(1);
    let state = "kubectl get pod web-1 -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}";
    page.pass(4);
    assert_eq!(page.say(state), "137");
    assert!(page.say("kubectl get pod web-1 --no-headers").contains("Running   1 ("));
    assert_eq!(page.say("playground crash pod web-1 nothing"), "No such process of web-1 runs: nothing to do.");
    assert_eq!(page.say("playground crash pod web-1 nginx"), "A process of web-1 was killed: exit code 137.");
    page.pass(1);
    assert_eq!(page.say("playground crash pod web-1"), "No such process of web-1 runs: nothing to do.");
    assert_eq!(page.say("playground crash pod web-9"), "playground: there is no pod web-9");
}
