//! Watches in pipes, in a terminal of the playground.

use causes::command;
use playground::Playground;
use sim::Setup;
use text::Lang;

const EXAMPLE: &str = include_str!("../../../page/playground/example.yaml");

fn started() -> Playground {
    Playground::new(&Setup::default(), EXAMPLE)
}

/// The last lines of the terminal.
fn last(playground: &Playground, count: usize) -> Vec<String> {
    let lines = playground.terminal().lines();
    lines[lines.len().saturating_sub(count)..]
        .iter()
        .map(|line| line.text.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn a_watch_goes_through_a_pipe_line_by_line_and_ends_with_its_reader() {
    let mut playground = started();
    playground.type_line("kubectl get pods -w | grep web-1 | head -2", Lang::English);
    playground.choose_tab(1);
    playground.type_line(&command::apply(), Lang::English);
    playground.choose_tab(0);
    assert!(playground.is_busy());
    playground.run_until_quiet(|| true);
    assert!(!playground.is_busy(), "head has its two lines, and the watch has ended");
    assert_eq!(last(&playground, 2), ["web-1 0/1 Pending", "web-1 0/1 Pending"]);
    playground.type_line("echo $?", Lang::English);
    assert_eq!(last(&playground, 1), ["0"]);
}

#[test]
fn an_interrupt_ends_every_stage() {
    let mut playground = started();
    playground.type_line(&command::apply(), Lang::English);
    playground.run_until_quiet(|| true);
    for line in [
        "kubectl get pods -w | grep web",
        "kubectl get pods -w | sort | head -1",
        "kubectl get pods -w | while read a; do sleep 100; done",
        "sleep 1000 | cat",
        "echo a | { sleep 1000; cat; }",
        "kubectl get pods -w | kubectl apply -f -",
    ] {
        playground.type_line(line, Lang::English);
        assert!(playground.is_busy(), "{line}");
        playground.interrupt();
        playground.interrupt();
        assert!(!playground.is_busy(), "{line}");
        assert_eq!(playground.prompt(), "$ ", "{line}");
    }
}

#[test]
fn a_folder_that_was_made_is_there_though_it_is_empty() {
    let mut playground = started();
    for line in ["mkdir demo && cd demo && ls", "echo a > b && cd .. && ls demo", "rm -r demo && cd demo"] {
        playground.type_line(line, Lang::English);
    }
    let printed = last(&playground, 5);
    assert_eq!(printed, ["$ mkdir demo", "$ echo a", "b", "$ rm -r", "bash: cd: demo:"]);
}

/// A kubectl takes 50 to 140 ms to start, and a controller makes a pod within 10 ms.
#[test]
fn what_a_line_deleted_is_made_anew_before_its_next_command_looks() {
    let mut playground = started();
    playground.type_line(&command::apply(), Lang::English);
    playground.run_until_quiet(|| true);
    for (line, answer) in [
        ("kubectl delete pod web-2 && kubectl wait --for=condition=Ready pod/web-2 --timeout=60s", "pod/web-2 condition met"),
        ("kubectl delete pod web-1; kubectl get pod web-1 --no-headers", "web-1 0/1"),
    ] {
        playground.type_line(line, Lang::English);
        playground.run_until_quiet(|| true);
        let told = last(&playground, 1).concat();
        assert!(told.starts_with(answer), "{line}: {told}");
    }
}
