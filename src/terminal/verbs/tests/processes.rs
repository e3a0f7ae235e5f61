//! Processes and logs: which pod is taken, and what is said before and after.

use base::time::Time;
use cluster::timing::Timing;
use playground::Playground;
use sim::Setup;
use text::Lang;

use crate::sessions::run;
use plugged::fake::Fake;

const OPENING: [&str; 2] = [
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed \
     through the command prompt.",
    "If you don't see a command prompt, try pressing enter.",
];

/// Types these lines into a new terminal, ten seconds after one another; what it shows in the end, without these lines.
fn typed(lines: &[&str]) -> Vec<String> {
    typed_on(&Setup::default(), lines)
}

fn typed_on(setup: &Setup, lines: &[&str]) -> Vec<String> {
    let mut playground = Playground::new(setup, "");
    for line in lines {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 10_000), || true);
    }
    let shown = playground.terminal().lines().iter().map(|line| line.text.clone());
    shown.filter(|line| !lines.iter().any(|typed| line.ends_with(typed)) && !line.contains("playground form classic")).collect()
}

#[test]
fn one_is_told_what_one_is_connected_with_and_how_to_come_back() {
    let line = "kubectl run -it --rm --restart=Never --image=busybox a -- sh";
    let back = "Session ended, resume using 'kubectl attach a -c a -n default -i -t' command";
    let gone = "pod \"a\" deleted from default namespace";
    assert_eq!(typed(&[line, "exit"]), [OPENING[0], OPENING[1], back, gone]);
    // A program that has ended when kubectl connects is only shown by its log.
    assert_eq!(typed(&[&line.replace("sh", "echo hi")]), ["hi", gone]);
    // Whose pod is started again is not told how it ended.
    assert_eq!(typed(&["kubectl run -it --image=busybox a -- sh -c 'echo hi; exit 3'", "echo $?"]), ["hi", "0"]);
    assert_eq!(typed(&[&line.replace("-- sh", "-- sh -c 'exit 3'"), "echo $?"]), [gone, "pod default/a terminated (Error)", "3"]);
    // One whose program is not there says why as it ends.
    let why = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start \
               container process: error during container init: exec: \"nope\": executable file not found in $PATH";
    let machines = Setup { timing: Timing::workstation(), ..Setup::default() };
    assert_eq!(
        typed_on(&machines, &[&line.replace("-- sh", "-- nope"), "echo $?"]),
        [gone, "pod default/a terminated (StartError)", why, "128"]
    );
    let piped = format!("echo 'echo hi' | {line}");
    let no_terminal = "Unable to use a TTY - input is not a terminal or the right kind of file";
    assert_eq!(typed(&[&piped]), [no_terminal, OPENING[0], OPENING[1], "hi", gone]);
    assert_eq!(typed(&["kubectl run b --image=nginx", "echo | kubectl exec -it b -- echo hi"])[1..], [no_terminal, "hi"]);
    let attached = typed(&["kubectl run b --image=nginx", "kubectl attach b"]);
    assert_eq!(attached[1..3], OPENING);
}

/// A pod of the set with this name, and the rest of its status.
fn pod(name: &str, metadata: &str, status: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: default, labels: {{app: x}}{metadata}}}\nspec: {{nodeName: node-1, \
         containers: [{{name: c, image: i}}]}}\nstatus: {{{status}}}\n"
    )
}

#[test]
fn the_pod_taken_for_a_set_is_the_one_that_has_been_ready_longest() {
    let set =
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web, namespace: default}\nspec: {selector: {matchLabels: {app: x}}}\n";
    let ready =
        |at| format!("phase: Running, conditions: [{{type: Ready, status: 'True', lastTransitionTime: '2026-11-20T08:24:0{at}Z'}}]");
    let leaves = ", deletionTimestamp: '2026-11-20T08:24:09Z'";
    let restarted = "phase: Running, containerStatuses: [{name: c, restartCount: 3}]";
    for (pods, logs, others) in [
        ([pod("a", "", "phase: Pending"), pod("b", "", "phase: Running"), pod("c", "", "phase: Pending")], "b", "b"),
        ([pod("a", "", "phase: Running"), pod("b", "", &ready(5)), pod("c", "", &ready(2))], "c", "c"),
        ([pod("a", leaves, &ready(1)), pod("b", "", &ready(5)), pod("c", leaves, &ready(2))], "a", "b"),
        ([pod("a", "", "phase: Running"), pod("b", "", restarted), pod("c", "", "phase: Pending")], "b", "a"),
        ([pod("a", "", "phase: Succeeded"), pod("b", "", "phase: Unknown"), pod("c", "", "phase: Running")], "a", "c"),
    ] {
        let mut fake = Fake::with(&format!("{set}{}", pods.concat()));
        assert_eq!(run(&mut fake, "logs sts/web").lines().next(), Some(&*format!("! Found 3 pods, using pod/{logs}")));
        let said = run(&mut fake, "exec sts/web -c nope -- ls");
        assert_eq!(said, format!("! error: container nope is not valid for pod {others} out of: c\n? 1\n"));
    }
}

#[test]
fn a_process_is_only_in_a_container_that_is_there() {
    let two = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: two, namespace: default}\nspec: {nodeName: node-1, containers: [{name: c, image: i}, \
               {name: d, image: i}]}\n";
    let mut fake = Fake::with(&(pod("done", "", "phase: Succeeded") + two));
    let ended = "! error: cannot attach a container in a completed pod; current phase is Succeeded\n? 1\n";
    assert_eq!(run(&mut fake, "attach done"), ended);
    let chosen = "! Defaulted container \"c\" out of: c, d\n";
    assert!(run(&mut fake, "exec two -- ls").starts_with(chosen));
    assert!(!run(&mut fake, "exec -q two -- ls").contains(chosen));
    let early = "! Error from server (BadRequest): container \"c\" in pod \"two\" is not available\n? 1\n";
    assert_eq!(run(&mut fake, "logs two"), format!("{chosen}{early}"));
}
