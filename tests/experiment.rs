//! Experiments: what each wait ends with, and that the caller's slices change nothing.

use ordinal::base::time::{Span, Time};
use ordinal::causes::blame::is_well;
use ordinal::causes::command;
use ordinal::playground::experiment::{Act, Bound, Bounds, Ended, Experiment, Sight};
use ordinal::playground::typist::Typist;
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::sim::Sim;
use ordinal::text::Lang;

/// A cluster with the example in the editor.
fn begin() -> Playground {
    Playground::new(&setup(), EXAMPLE)
}

/// Types a line into the first terminal.
fn line(line: &str) -> Act {
    Act::Type(0, line.into())
}

/// Something that is there between some seconds.
fn there(is_there: fn(u64) -> bool) -> Act {
    Act::See(Sight::new(move |sim: &Sim| is_there(sim.now().0 / 1000)))
}

/// Does all acts, and asks every so many looks whether to go on.
fn done(run: &mut Playground, bounds: Bounds, acts: impl IntoIterator<Item = Act>, slice: u32) -> (Ended, Experiment) {
    let (mut experiment, mut looks) = (Experiment::new(bounds), 0);
    experiment.then(acts);
    let mut go_on = || {
        looks += 1;
        looks % slice != 0
    };
    loop {
        if let Some(ended) = experiment.step(&mut Typist { run: &mut *run, lang: Lang::English }, &mut go_on) {
            return (ended, experiment);
        }
    }
}

#[test]
fn slices_change_nothing() {
    let all_well = Sight::new(|sim: &Sim| sim.tables().stateful_sets().all(|set| is_well(sim, &set.key())));
    for bounds in [Bounds::PLAN, Bounds::RISK, Bounds::CURE, Bounds::LESSON] {
        let outcome = |slice| {
            let (mut run, restart) = (begin(), line("kubectl rollout restart sts web"));
            let acts = [line(&command::apply()), Act::Pause, Act::Rest, restart, Act::Answer, Act::See(all_well.clone()), Act::Rest];
            let (ended, _) = done(&mut run, bounds, acts, slice);
            (ended, run.sim().steps(), run.sim().digest())
        };
        let whole = outcome(u32::MAX);
        assert!(matches!(whole.0, Ended::Done(_)), "{whole:?}");
        assert_eq!([outcome(1), outcome(3)], [whole, whole]);
    }
}

#[test]
fn a_line_that_takes_too_long_is_ended() {
    let mut run = begin();
    let begun = run.now();
    let (ended, experiment) = done(&mut run, Bounds::CURE, [line("sleep 100"), Act::Answer], u32::MAX);
    assert_eq!((ended, experiment.was_cut()), (Ended::Done(begun + Span::seconds(100)), false));
    let (ended, experiment) = done(&mut run, Bounds::CURE, [line("kubectl get pods -w"), Act::Answer], u32::MAX);
    assert_eq!((ended, experiment.was_cut(), run.is_busy()), (Ended::Done(begun + Span::seconds(230)), true, false));
}

#[test]
fn somebody_who_hurries_looks_sooner_where_much_happens() {
    let pauses = |hurries| {
        let mut run = begin();
        let acts = [line(&command::apply()), Act::Pause];
        done(&mut run, Bounds { looks: 1, hurries, ..Bounds::PLAN }, acts, u32::MAX);
        run.now().since(begin().now())
    };
    assert!(pauses(true) < Bounds::PLAN.look && pauses(false) == Bounds::PLAN.look);
}

#[test]
fn what_is_seen_has_to_stay() {
    let seen = |is_there| done(&mut begin(), Bounds::CURE, [there(is_there)], u32::MAX).0;
    let at = |seconds| Ended::Done(begin().now() + Span::seconds(seconds));
    assert_eq!(seen(|second| (10..40).contains(&second) || second >= 100), at(100));
    assert_eq!(seen(|second| second >= 898), at(898), "what comes in time may stay beyond the span");
    assert_eq!(seen(|second| second >= 900), Ended::Passed(Bound::Time));
}

#[test]
fn a_wait_ends_within_its_bounds() {
    let apply = || [line(&command::apply()), Act::Rest];
    let few = Bounds { events: 40, looks: 1, ..Bounds::RISK };
    assert_eq!(done(&mut begin(), few, apply(), u32::MAX).0, Ended::Passed(Bound::Events));
    let short = Bounds { span: Span::seconds(5), looks: 1, ..Bounds::RISK };
    assert_eq!(done(&mut begin(), short, apply(), u32::MAX).0, Ended::Passed(Bound::Time));
    let instants = [Act::Until(Time(100_000)), Act::Until(Time(200_000)), Act::Pause];
    assert_eq!(done(&mut begin(), short, instants.clone(), u32::MAX).0, Ended::Done(Time(201_000)));
    let together = Bounds { together: true, ..short };
    assert_eq!(done(&mut begin(), together, instants, u32::MAX).0, Ended::Passed(Bound::Time));
}

/// Pulls that fail are written for as long as they are waited for.
#[test]
fn a_world_in_which_only_containers_wait_is_at_rest() {
    let rest = |stands_still| {
        let acts = [line("playground image nginx:1.27 broken"), line(&command::apply()), Act::Rest];
        let mut run = begin();
        let (ended, _) = done(&mut run, Bounds { looks: 1, stands_still, ..Bounds::RISK }, acts, u32::MAX);
        assert_eq!(ended, Ended::Done(run.now()));
        run.now()
    };
    assert!(rest(Some(Span::seconds(60))) < rest(None));
}
