//! The real kubectl's output about objects, reproduced from the same objects.
//!
//! Each file under tests/data/kubectl is a moment of a recording: the objects at that time, and the output of commands.
//! A command may have run in any second of that moment; nothing else is left open.

use std::fmt::Write;

use api::client::Client;
use base::time::{Span, Time};
use kubectl::{Files, Job, Progress};

use plugged::fake::Fake;

/// A moment of a recording.
struct Moment {
    from: Time,
    seconds: u64,
    objects: String,
    commands: Vec<Command>,
}

struct Command {
    line: String,
    said: String,
}

/// A command's output, in the format of the files.
fn said(job: &Job, rc: i32) -> String {
    let mut text = job.stdout();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("\\\n");
    }
    for line in job.stderr().lines() {
        let _ = writeln!(text, "! {line}");
    }
    for line in job.note().lines() {
        let _ = writeln!(text, "note {line}");
    }
    if rc != 0 {
        let _ = writeln!(text, "? {rc}");
    }
    text
}

fn read(text: &str) -> Moment {
    let (head, rest) = text.split_once("=== objects\n").expect("objects");
    let (objects, transcript) = rest.split_once("=== transcript\n").expect("a transcript");
    let field = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).expect("a field").trim().to_owned();
    let mut commands: Vec<Command> = Vec::new();
    for line in transcript.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(Command { line: command.to_owned(), said: String::new() });
        } else {
            let said = &mut commands.last_mut().expect("a command first").said;
            said.push_str(line);
            said.push('\n');
        }
    }
    Moment {
        from: Time::parse_rfc3339(&field("now:")).expect("an instant"),
        seconds: field("seconds:").parse().expect("a number"),
        objects: objects.to_owned(),
        commands,
    }
}

fn run(fake: &mut Fake, line: &str) -> String {
    let mut job = Job::new(line, &Files::new());
    match job.poll(fake) {
        Progress::Done { rc } => said(&job, rc),
        Progress::Waiting { .. } => panic!("{line} waits"),
    }
}

/// Runs every command of a moment, and shows the differences.
fn check(text: &str) {
    let moment = read(text);
    let start = Fake::with(&moment.objects);
    let mut wrong = String::new();
    for command in &moment.commands {
        let mut first = None;
        let is_right = (0..=moment.seconds).any(|second| {
            let mut fake = start.clone();
            fake.now = moment.from + Span::seconds(second);
            let said = run(&mut fake, &command.line);
            assert_eq!(fake.now(), moment.from + Span::seconds(second));
            let is_right = said == command.said;
            first.get_or_insert(said);
            is_right
        });
        if !is_right {
            let ours = first.unwrap_or_default();
            let _ = writeln!(wrong, "$ kubectl {}\n{}", command.line, difference(&command.said, &ours));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn difference(want: &str, have: &str) -> String {
    let (want, have): (Vec<&str>, Vec<&str>) = (want.lines().collect(), have.lines().collect());
    let mut out = String::new();
    for i in 0..want.len().max(have.len()) {
        let (w, h) = (want.get(i).copied().unwrap_or("<nothing>"), have.get(i).copied().unwrap_or("<nothing>"));
        if w != h {
            let _ = writeln!(out, "  real      {w:?}\n  simulated {h:?}");
        }
    }
    out
}

#[test]
fn a_settled_set_reads_as_it_was_recorded() {
    check(include_str!("../../../../tests/data/kubectl/settled-set.txt"));
}

#[test]
fn a_deployment_reads_as_it_was_recorded() {
    check(include_str!("../../../../tests/data/kubectl/deployment.txt"));
}

#[test]
fn a_crashing_pod_reads_as_it_was_recorded() {
    check(include_str!("../../../../tests/data/kubectl/crashing-pod.txt"));
}

#[test]
fn a_disruption_budget_reads_as_it_was_recorded() {
    check(include_str!("../../../../tests/data/kubectl/budget.txt"));
}

#[test]
fn a_dead_node_reads_as_it_was_recorded() {
    check(include_str!("../../../../tests/data/kubectl/dead-node.txt"));
}
