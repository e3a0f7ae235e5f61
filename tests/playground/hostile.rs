//! Links that ask for much: what is left out is said, and slices come to the same as the whole.

use ordinal::causes::command;
use ordinal::playground::history::link::{Read, Reading, escape, read, write};
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::Lang;

const LANG: Lang = Lang::English;

fn begin(text: &str) -> Reading {
    Reading::begin(text, &setup(), LANG, &|_| None)
}

/// Reads a text in the smallest slices there are.
fn sliced(text: &str) -> Read {
    let mut reading = begin(text);
    while !reading.go_on(&mut || false) {}
    reading.end()
}

/// A run that applies a manifest, and has three lines typed at one instant, one of them twice on a branch beside it.
fn run_of(manifest: &str) -> String {
    let lines = "do 40000 0 kubectl scale statefulset web --replicas=2\ndo 40000 0 kubectl get pods\ndo 40000 0 kubectl create cm one";
    let beside =
        "| branch 2 1 40000 1\n| twin 1\n| keep 1\n| do 40000 0 kubectl create cm two\n| do 40000 0 kubectl create cm two\n| end 70000";
    format!(
        "branch 1\ntwin 2\nedit {}\ndo 100 0 {}\n{lines}\nedit {}\nend 90000\nat 50000\n{beside}\nbeside 2",
        escape(manifest),
        command::apply(),
        escape(&manifest.replace("replicas: 3", "replicas: x"))
    )
}

#[test]
fn slices_come_to_what_the_whole_comes_to() {
    let refused = EXAMPLE.replace("serviceName: nginx", "serviceName: nginx\n  colour: red");
    for manifest in [EXAMPLE, &refused] {
        let text = run_of(manifest);
        let (parts, whole) = (sliced(&text), read(&text, &setup(), LANG, &|_| None, || true));
        assert_eq!(write(&parts.history, ""), write(&whole.history, ""));
        let beside = |read: &Read| read.history.beside().map(|(branch, state)| (branch.id, state.sim().digest()));
        assert_eq!(beside(&parts), beside(&whole));
        assert!(beside(&parts).is_some());
        assert_eq!(parts.history.present().verdicts(), whole.history.present().verdicts());
        assert_eq!((parts.cut, parts.unread, parts.differs), (false, 0, false));
    }
}

#[test]
fn who_gives_up_keeps_what_was_replayed() {
    let mut reading = begin(&run_of(EXAMPLE));
    while reading.progress().0.0 < 40_000 {
        assert!(!reading.go_on(&mut || false));
    }
    reading.give_up();
    while !reading.go_on(&mut || false) {}
    let read = reading.end();
    assert!(read.cut);
    assert_eq!(read.history.branches().len(), 2);
    assert!((1..4).contains(&read.history.branch().acts()), "{}", read.history.branch().acts());
}

#[test]
fn inputs_beyond_the_most_are_left_out_and_told() {
    let read = |count| read(&"do 0 0 true\n".repeat(count), &setup(), LANG, &|_| None, || true);
    assert_eq!((read(10_000).cut, read(10_001).cut), (false, true));
    assert_eq!(read(10_001).history.branch().acts(), 10_000);
}

#[test]
fn branches_that_cannot_be_read_are_counted_and_not_kept() {
    let read = read(&"| branch 1\n".repeat(95_000), &setup(), LANG, &|_| None, || true);
    assert_eq!((read.unread, read.history.branches().len()), (95_000, 1));
}

#[test]
fn a_cluster_of_too_many_objects_is_left_where_it_is() {
    let manifest = EXAMPLE.replace("replicas: 3", "replicas: 1000000000").replace("OrderedReady", "Parallel");
    let mut reading = begin(&format!("edit {}\ndo 0 0 {}\nend 600000\nat 600000", escape(&manifest), command::apply()));
    let mut looks = 0;
    while !reading.go_on(&mut || {
        looks += 1;
        looks % 100 > 0
    }) {}
    let read = reading.end();
    let count = read.history.present().tables().count();
    assert!(read.cut && (50_000..70_000).contains(&count), "{count}");
}

#[test]
fn braces_make_no_more_words_than_anybody_reads() {
    let mut playground = Playground::new(&setup(), "");
    playground.type_line("echo {1..1000}{1..1000}{1..1000} | wc -w", LANG);
    assert_eq!(playground.terminal().lines().last().map(|line| line.text.trim()), Some("10000"));
}
