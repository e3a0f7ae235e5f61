//! Whether every course of one and two acts is covered, by an enumeration of its own; and whether a course that was not run, or not to
//! its end, would have shown anything new.

use std::collections::BTreeSet;
use std::time::Instant;

use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use ordinal::playground::EXAMPLE;
use ordinal::risks::acts::Group;
use ordinal::risks::course::When;
use ordinal::risks::judge::{Shown, TakenBack, Trialled, together};
use ordinal::risks::player::{Player, State};
use ordinal::risks::{Options, Search, Start};

/// One in so many of the courses is run for a comparison.
const SAMPLE: usize = 9;

/// A course of two acts as the test spells it.
type Spelled = String;

/// Every course of at most two acts, from the words and names of the acts alone.
fn all(acts: &[String]) -> BTreeSet<Spelled> {
    let mut all: BTreeSet<Spelled> = acts.iter().cloned().collect();
    for first in acts {
        for second in acts {
            all.insert(format!("{first}, then {second}"));
            all.insert(format!("{first}, undone, then {second}"));
            if first != second {
                let mut both = [first, second];
                both.sort();
                all.insert(format!("{} with {}", both[0], both[1]));
            }
        }
    }
    all
}

/// A state after lines of two acts at most were typed, at rest.
fn after(state: &State, lines: &[&[ordinal::risks::acts::Line]]) -> State {
    let mut player = Player::new(state.clone(), lines);
    while !player.step() {}
    player.state
}

/// What a course shows, run from the start without a look at what was seen before.
fn run(search: &Search, course: &[(usize, When)]) -> Vec<Shown> {
    let base = search.base().expect("a settled start");
    let acts = search.acts();
    let [(first, _), (second, when)] = course[..] else { panic!("two acts") };
    let [a, b] = [&acts[first], &acts[second]];
    let (held, holds) = match when {
        When::AtOnce => (after(base, &[&a.begins, &b.begins]), vec![a, b]),
        When::Later => (after(&after(base, &[&a.begins]), &[&b.begins]), vec![a, b]),
        When::After => {
            let undone = after(&after(base, &[&a.begins]), &[&a.undoes]);
            (after(&undone, &[&b.begins]), vec![b])
        }
        When::Soon(_) => panic!("no such course is numbered"),
    };
    let back = after(&held, &holds.iter().map(|act| &*act.undoes).collect::<Vec<_>>());
    let lasts = holds.iter().all(|act| act.kind.lasts);
    let single = when != When::AtOnce && held.was_well && a.kind.single && b.kind.single;
    let deeds: Vec<_> = course.iter().map(|(act, _)| acts[*act].kind.deed).collect();
    let bad_rollout = course.iter().any(|(act, _)| acts[*act].kind.group == Group::BadImage);
    let end = TakenBack { base, back: &back, splits: held.processes.splits().len(), bad_rollout, deeds: &deeds }.shows();
    let longest = Span::seconds(60);
    let held = Trialled { base, held: &held, lasts, single, bad_rollout, deeds, away: Vec::new(), longest };
    together(held.shows(), &end)
}

#[test]
fn every_course_of_two_acts_is_run_or_known() {
    // Three replicas on three nodes, without volumes: the fewest acts.
    let (plain, _) = EXAMPLE.split_once("        volumeMounts:").expect("volumes");
    let began = Instant::now();
    let mut search = Search::new(Start::manifest(plain, &V1_37), Options { prevents: false, ..Options::default() });
    search.finish();
    let acts: Vec<String> = search.acts().iter().map(|act| format!("{} {}", act.kind.deed.word(), act.target)).collect();
    let spelled = |course: &[(usize, When)]| match course[..] {
        [(one, _)] => acts[one].clone(),
        [(first, _), (second, When::AtOnce)] => {
            let mut both = [&acts[first], &acts[second]];
            both.sort();
            format!("{} with {}", both[0], both[1])
        }
        [(first, _), (second, When::Later)] => format!("{}, then {}", acts[first], acts[second]),
        [(first, _), (second, _)] => format!("{}, undone, then {}", acts[first], acts[second]),
        _ => panic!("{course:?}"),
    };
    let tried: BTreeSet<Spelled> = search.tried().iter().map(|(course, _)| spelled(course)).collect();
    assert_eq!(tried, all(&acts));
    assert_eq!(tried.len(), search.tried().len(), "each once");
    let figures = search.covered();
    assert_eq!(figures.iter().map(|one| one.courses).sum::<usize>(), tried.len());
    assert!(figures.iter().all(|one| one.visited + one.same == one.courses && one.restless == 0), "{figures:?}");
    println!("{} acts, {figures:?} in {:?}", acts.len(), began.elapsed());
    let skipped: Vec<_> = search.tried().iter().filter(|(_, run)| !run).map(|(course, _)| course).collect();
    assert!(skipped.len() > SAMPLE, "{}", skipped.len());
    let pairs = search.tried().iter().filter(|(course, _)| course.len() == 2).map(|(course, _)| course);
    for course in pairs.step_by(SAMPLE) {
        for shown in run(&search, course) {
            assert!(search.findings().iter().any(|finding| finding.shown.is_as(&shown)), "{}: {shown:?}", spelled(course));
        }
    }
    println!("one in {SAMPLE} courses shows nothing new, of which {} were not run", skipped.len());
}
