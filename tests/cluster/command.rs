//! Which commands are run, and which of them are supposed to end.

use ordinal::api::object::Pod;
use ordinal::api::object::pod::RestartPolicy;
use ordinal::cluster::command::{is_supposed_to_end, is_to_be_run};
use ordinal::yaml;

#[test]
fn what_may_end_is_run() {
    for (container, runs, completes) in [
        ("{image: 'busybox:1.28', command: [sh, -c, 'echo hello; sleep 5; exit 3']}", true, true),
        ("{image: perl, command: [perl, -Mbignum=bpi, -wle, 'print bpi(2000)']}", true, true),
        ("{image: busybox, command: [sh, -c, 'for i in 1 2; do sleep 1; done']}", true, true),
        ("{image: busybox, command: [sh, -c, 'while true; do sleep 1; done']}", false, false),
        ("{image: busybox, command: [sh, -c, 'while true; do test -f /x && break; sleep 1; done']}", true, false),
        ("{image: busybox, command: [sh, -c, 'until nslookup db; do sleep 1; done']}", true, false),
        ("{image: alpine, command: [sleep, infinity]}", true, false),
        ("{image: busybox, stdin: true, tty: true, command: [sh]}", false, true),
        ("{image: 'nginx:1.25', command: [sh, -c, 'exit 1']}", true, false),
        ("{image: registry/perl-service}", false, false),
    ] {
        let object = yaml::parse(&format!("spec: {{containers: [{container}]}}")).remove(0).value.expect("a value");
        let pod = Pod::decode(&object);
        let found = &pod.spec.template.containers[0];
        assert_eq!((is_to_be_run(found), is_supposed_to_end(found, RestartPolicy::Never)), (runs, completes), "{container}");
        assert!(!is_supposed_to_end(found, RestartPolicy::Always), "{container}");
    }
}
