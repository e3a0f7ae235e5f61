//! A run that starts from a cluster that stands.

use std::rc::Rc;

use ordinal::api::release::{Release, V1_36, V1_37};
use ordinal::base::time::{Span, Time};
use ordinal::causes::command;
use ordinal::playground::history::{Act, History, Start, Variant, link};
use ordinal::playground::{EXAMPLE, Playground};
use ordinal::sim::{Setup, Sim};
use ordinal::text::Lang;

const LANG: Lang = Lang::English;
/// When the cluster stands.
const AT: Time = Time(20_000);
/// Two weeks after that: no run is longer.
const END: Time = Time(AT.0 + 14 * 86_400_000);

/// A cluster of a seed, which a second line says is no cluster.
fn stand(text: &str) -> Option<Sim> {
    let setup = Setup { seed: text.strip_suffix('\n')?.parse().ok()?, ..Setup::default() };
    let mut playground = Playground::new(&setup, EXAMPLE);
    playground.type_line(&command::apply(), LANG);
    playground.run(AT, || true);
    Some(playground.sim().clone())
}

fn begun() -> History {
    let sim = stand("7\n").expect("a cluster");
    History::standing(Start { text: "7\n".into(), sim: Rc::new(sim) }, LANG)
}

fn read(text: &str) -> link::Read {
    link::read(text, &Setup::default(), LANG, &stand, || true)
}

fn scale(to: usize) -> Act {
    Act::Line(format!("kubectl scale statefulset web --replicas={to}"))
}

#[test]
fn a_run_begins_where_its_cluster_stands() {
    let mut run = begun();
    let first = run.present().sim().digest();
    assert_eq!((run.start(), run.stands(), run.has_story()), (AT, true, false));
    assert!(run.present().manifest().contains("kind: StatefulSet") && !run.present().manifest().contains("uid"));
    run.act(scale(1), LANG);
    run.run(AT + Span::seconds(60), || true);
    assert!(run.has_story() && run.present().sim().digest() != first);
    run.seek(Time(0));
    assert_eq!((run.present().now(), run.present().tables().pods().count() > 0), (AT, true));
    // What is compared begins there as well, and so does the run that is begun again, on the cluster's own release.
    let same = |text: &str| text.to_owned();
    let variants = [V1_37.name, V1_36.name].map(|name| Variant { release: Release::named(name).expect("one"), manifest: &same });
    assert_eq!(run.vary(&variants, || true), Some(false), "the release is the cluster's");
    let again = run.begin_again(&V1_36);
    assert_eq!((again.start(), again.branch().release.name, again.present().sim().digest()), (AT, V1_37.name, first));
}

#[test]
fn a_run_is_read_back_with_its_cluster_and_its_branches() {
    let mut run = begun();
    run.act(scale(5), LANG);
    run.run(AT + Span::seconds(60), || true);
    run.seek(AT + Span::seconds(5));
    assert!(run.act(scale(1), LANG), "a branch begins");
    run.run(AT + Span::seconds(90), || true);
    let edited = |text: &str| text.replace("replicas: 3", "replicas: 4");
    let same = |text: &str| text.to_owned();
    let variants = [Variant { release: &V1_37, manifest: &same }, Variant { release: &V1_37, manifest: &edited }];
    assert_eq!(run.vary(&variants, || true), Some(true));
    let text = link::write(&run, "");
    let back = read(&text);
    assert_eq!((back.unread, back.cut, back.differs, back.held > 0), (0, false, false, true));
    assert_eq!(link::write(&back.history, ""), text);
    assert_eq!(back.history.present().sim().digest(), run.present().sim().digest());
    assert_eq!(back.history.start(), AT);
}

#[test]
fn what_a_damaged_text_says_of_its_cluster_is_left_out() {
    let line = "do 5 0 kubectl get nodes";
    for (text, unread, start) in [
        (format!("cluster nothing\n{line}"), 1, Time(0)),
        (format!("{line}\ncluster 7\\n"), 1, Time(0)),
        (format!("cluster 7\\n\ncluster 8\\n\n{line}"), 1, AT),
        (format!("cluster 7\\n\n{line}\n| branch 2\n| cluster 7\\n"), 1, AT),
    ] {
        let back = read(&text);
        assert_eq!((back.unread, back.history.start()), (unread, start), "{text}");
        assert_eq!(back.history.branch().acts(), 1, "{text}");
        assert!(back.history.inputs().iter().all(|input| input.at >= start), "{text}");
    }
    let latest = |line: &str| read(&format!("cluster 7\\n\nend {}\n{line}", u64::MAX)).history.head().now();
    assert_eq!(latest(&format!("at {}", u64::MAX)), END);
}
