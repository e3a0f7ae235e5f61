//! Words that become a call, or a complaint.

use kubectl::commands::resolve::resolve;
use kubectl::output::{Output, Stream};

fn said(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let mut output = Output::default();
    match resolve(&words) {
        Ok(call) => return format!("{} {}", call.command.name, call.args.join(" ")),
        Err(failure) => failure.print(&mut output),
    };
    output.text(Stream::Err) + &output.notes()
}

#[test]
fn the_command_is_found_wherever_flags_stand() {
    for (line, want) in [
        ("get pods", "get pods"),
        ("-n team get pods", "get pods"),
        ("--namespace=team -v 5 rollout status -w sts/web", "rollout status sts/web"),
        ("create -f a.yaml", "create "),
        ("create deploy x --image=y", "create deployment x"),
        ("create sts x", "create sts x"),
    ] {
        assert_eq!(said(line), want, "{line}");
    }
}

#[test]
fn wrong_words_are_refused_in_kubectls_words() {
    for (line, want) in [
        ("gte", "error: unknown command \"gte\" for \"kubectl\"\n\nDid you mean this?\n\tget\n"),
        ("aply -f x", "error: unknown command \"aply\" for \"kubectl\"\n\nDid you mean this?\n\tapply\n"),
        ("whoami", "error: unknown command \"whoami\" for \"kubectl\"\n"),
        ("rollout stat", "error: unknown command \"stat\"\nSee 'kubectl rollout -h' for help and examples\n"),
        ("get pods --foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
        ("-n", "error: flag needs an argument: 'n' in -n\nSee 'kubectl --help' for usage.\n"),
        ("rollout", "ordinal: the help of `kubectl rollout` (history, pause, restart, resume, status, undo) is not simulated.\n"),
        ("top pod -h", "ordinal: the help of `kubectl top pod` is not simulated.\n"),
        ("debug a --custom=c.yaml", "ordinal: `kubectl debug` with --custom is not simulated.\n"),
    ] {
        assert_eq!(said(line), want, "{line}");
    }
}
