//! Whatever instant or branch is shown, time is counted from the same instant.

use ordinal::base::time::{Span, Time};
use ordinal::playground::history::{Act, History, link};
use ordinal::playground::{EXAMPLE, setup};
use ordinal::text::Lang;
use ordinal::view::zero::Zero;

const LANG: Lang = Lang::English;
const QUESTION: Time = Time(60_000);

/// A run that leads up to a question, and what is typed then.
fn asked() -> History {
    let mut run = History::new(&setup(), EXAMPLE, LANG);
    run.act(Act::Line("kubectl apply -f manifest.yaml".into()), LANG);
    run.run(QUESTION, || true);
    run.set_zero(QUESTION);
    run.act(Act::Line("kubectl delete pod web-1".into()), LANG);
    run.run(QUESTION + Span::seconds(40), || true);
    run
}

/// What the terminal says last.
fn answer(run: &mut History, line: &str) -> String {
    run.act(Act::Line(line.into()), LANG);
    run.present().terminal().lines().last().map(|line| line.text.clone()).unwrap_or_default()
}

#[test]
fn every_instant_and_branch_counts_from_zero() {
    let mut run = asked();
    assert_eq!(run.zero(), Zero(QUESTION));
    for at in [0, 30_000, 61_000] {
        run.seek(Time(at));
        assert_eq!((run.zero(), run.head().zero()), (Zero(QUESTION), Zero(QUESTION)), "{at}");
    }
    assert!(run.act(Act::Line("kubectl delete pod web-2".into()), LANG), "a branch begins");
    run.put_beside(Some(1));
    assert_eq!(run.beside().map(|(_, state)| state.zero()), Some(Zero(QUESTION)));
    run.return_to(1);
    assert_eq!((run.zero(), run.present().now()), (Zero(QUESTION), Time(100_000)));
    assert!(run.ways(LANG)[1].label.contains("0:01"), "{:?}", run.ways(LANG));
}

#[test]
fn what_is_typed_means_what_the_page_shows() {
    let mut run = asked();
    assert!(answer(&mut run, "playground diff pod/web-0 -0:10 0:01").contains("web-0 is the same at -0:10.000 and at 0:01.000"));
    assert!(answer(&mut run, "playground diff pod/web-0 -9:00").contains("-9:00 is no instant"));
}

#[test]
fn a_link_keeps_zero() {
    let (mut run, mut from_start) = (asked(), asked());
    from_start.set_zero(Time(0));
    let text = link::write(&run, "");
    assert!(text.contains("\nzero 60000\n") && !link::write(&from_start, "").contains("zero"), "{text}");
    let back = link::read(&text, &setup(), LANG, &|_| None, || true);
    assert_eq!((back.unread, back.differs, back.history.zero()), (0, false, Zero(QUESTION)));
    assert_eq!(link::write(&back.history, ""), text);
    run.seek(Time(0));
    assert_eq!(link::read(&link::write(&run, ""), &setup(), LANG, &|_| None, || true).history.zero(), Zero(QUESTION));
}
