//! Lines that are typed ahead wait for the line before, as in bash.

use ordinal::base::time::Time;
use ordinal::playground::history::{Act, History, link, scenario};
use ordinal::playground::setup;
use ordinal::text::Lang;
use ordinal::view::terminal::Voice;

const LANG: Lang = Lang::English;
const END: Time = Time(60_000);

/// A run into which lines were pasted at once.
fn pasted(lines: &[&str]) -> History {
    let mut run = History::new(&setup(), "", LANG);
    type_all(&mut run, lines);
    run
}

fn type_all(run: &mut History, lines: &[&str]) {
    lines.iter().for_each(|line| _ = run.act(Act::Queue((*line).to_owned()), LANG));
}

/// All that the terminal shows.
fn shown(run: &History) -> Vec<&str> {
    run.present().terminal().lines().iter().map(|line| line.text.as_str()).collect()
}

/// What programs said.
fn said(run: &History) -> Vec<&str> {
    let lines = run.present().terminal().lines().iter();
    lines.filter(|line| line.voice != Voice::Typed).map(|line| line.text.as_str()).collect()
}

#[test]
fn pasted_lines_run_one_after_another() {
    let mut run = pasted(&["sleep 5; echo a", "echo b", "echo c"]);
    // As bash does in a terminal: what is typed ahead is echoed, and once more after the prompt when its turn has come.
    assert_eq!(shown(&run), ["$ sleep 5; echo a", "echo b", "echo c"]);
    assert_eq!((run.present().prompt(), run.present().has_typed_ahead()), ("", true));
    run.run(END, || true);
    assert_eq!(shown(&run)[3..], ["a", "$ echo b", "b", "$ echo c", "c"]);
    assert_eq!((run.present().prompt(), run.present().has_typed_ahead()), ("$ ", false));
}

#[test]
fn a_second_pod_of_the_same_name_waits_until_the_first_is_gone() {
    let line = "kubectl run dns-test --image=busybox:1.28 --restart=Never --rm -it -- nslookup kubernetes";
    let mut run = pasted(&[line, line]);
    run.run(END, || true);
    let said = said(&run);
    assert!(!said.iter().any(|line| line.contains("AlreadyExists")), "{said:#?}");
    assert_eq!(said.iter().filter(|line| line.contains("deleted")).count(), 2, "{said:#?}");
}

#[test]
fn a_line_waits_for_a_change_that_was_asked_for() {
    let mut run = pasted(&[
        "(sleep 3; kubectl create namespace late) &",
        "kubectl wait --for=create namespace/late",
        "kubectl get namespace late -o name",
    ]);
    run.run(END, || true);
    assert_eq!(said(&run).last(), Some(&"namespace/late"), "{:#?}", said(&run));
}

#[test]
fn ctrl_c_drops_what_was_typed_ahead() {
    let mut run = pasted(&["sleep 5; echo a", "echo b"]);
    run.act(Act::Interrupt, LANG);
    run.run(END, || true);
    assert_eq!(shown(&run), ["$ sleep 5; echo a", "echo b", "^C"]);
    type_all(&mut run, &["echo c"]);
    assert_eq!(shown(&run)[3..], ["$ echo c", "c"]);
}

#[test]
fn neither_the_background_nor_another_terminal_nor_the_page_waits() {
    let mut run = pasted(&["sleep 20 &", "echo b", "sleep 20"]);
    assert_eq!(said(&run), ["[1] 2", "b"]);
    run.choose_tab(1);
    type_all(&mut run, &["echo there"]);
    assert_eq!(said(&run), ["there"]);
    run.choose_tab(0);
    run.act(Act::Line("echo button".to_owned()), LANG);
    assert_eq!(said(&run).last(), Some(&"button"));
}

#[test]
fn a_run_with_a_queue_is_played_again_alike() {
    let mut run = pasted(&["sleep 5", "kubectl create namespace a", "cat <<EOF", "one", "EOF"]);
    run.run(Time(2_000), || true);
    type_all(&mut run, &["kubectl get namespace a -o name"]);
    run.run(END, || true);
    let text = link::write(&run, "");
    assert!(text.contains("\ndo 10 0 sleep 5\nqueue 10 0 kubectl create namespace a\n"), "{text}");
    let read = link::read(&text, &setup(), LANG, &|_| None, || true);
    assert_eq!((read.unread, read.differs, shown(&read.history)), (0, false, shown(&run)));
    let whole = shown(&run).join("\n");
    run.seek(Time(1_000));
    assert!(!shown(&run).join("\n").contains("$ kubectl"));
    run.run(END, || true);
    assert_eq!(shown(&run).join("\n"), whole);
    assert!(scenario::text(&run).contains("queue: kubectl create namespace a"));
}

#[test]
fn the_timeline_names_a_command_by_its_first_line() {
    let run = pasted(&["cat <<EOF | kubectl create -f -", "{apiVersion: v1, kind: Namespace, metadata: {name: a}}", "EOF"]);
    let moments = run.present().timeline().moments().iter().filter(|moment| moment.is_command());
    assert_eq!(moments.map(|moment| moment.label(LANG.text())).collect::<Vec<_>>(), ["create"]);
}

#[test]
fn a_secret_in_a_queued_line_is_left_out_of_a_link() {
    let run = pasted(&["sleep 5", "kubectl create secret generic s --from-literal=a=Zx9hunter2Qk8"]);
    let text = link::write(&run.shared().history, "");
    assert!(text.contains("\nqueue 10 0 kubectl create secret generic s") && !text.contains("Zx9hunter2Qk8"), "{text}");
}

#[test]
fn a_line_that_need_not_wait_is_kept_as_any_other() {
    let run = pasted(&["echo a"]);
    assert!(link::write(&run, "").contains("\ndo 10 0 echo a\n"));
}
