//! Time belongs to the story: no lesson's clock runs away from what is done in it.

use super::super::*;
use super::{lessons_of_the_course, read_lesson};
use playground::history::Act;
use playground::setup;
use playground::story::{Outlook, Story};

/// A clock may be so far ahead of the question; where what is observed takes longer, of the end of that.
const MOST: Span = Span::seconds(600);

/// Lets the story of the line typed last pass as the page does: to its end, or, where another line follows, for a minute after the line
/// has ended.
fn tell(run: &mut History, follows: bool) {
    let (mut story, mut due) = (Story::begin(run.present()), run.present().now() + BETWEEN_LINES);
    while let Outlook::GoesOn(next) = story.outlook(run.present(), &mut || true) {
        if run.present().is_busy() {
            due = run.present().now() + BETWEEN_LINES;
        } else if follows && next > due {
            run.run(due, || true);
            return;
        }
        run.run(next, || true);
    }
}

/// Plays a lesson with its solution: when the last line was typed, when the story ended, and whether the task was done then.
fn played(lesson: &Lesson) -> (Span, Span, bool) {
    let lang = Lang::English;
    let release = lesson.releases.last().copied().unwrap_or(setup().release);
    let setup = Setup { release, ..setup() };
    let mut run = lesson.begin(&setup, lang);
    let zero = run.present().now();
    run.set_zero(zero);
    let good = |claim: &Claim| {
        let mut run = run.clone();
        run.act(Act::Line(claim.line.clone()), lang);
        run.run(zero + lesson.within, || true);
        lesson.aim.holds(lesson.begin(&setup, lang).present(), run.present())
    };
    let chosen = if lesson.chooses() { lesson.claims.iter().position(good) } else { None };
    run.act(Act::Line(lesson.line_of(chosen).to_owned()), lang);
    run.run(zero + lesson.within, || true);
    let (after, mut typed) = (run.present().clone(), zero);
    let Some(task) = &lesson.task else { return (Span(0), lesson.within, true) };
    for (at, line) in task.solution.iter().enumerate() {
        typed = run.present().now();
        run.act(Act::Line(line.clone()), lang);
        tell(&mut run, at + 1 < task.solution.len());
    }
    (typed.since(zero), run.present().now().since(zero), task.goal.holds(&after, run.present()))
}

#[test]
fn no_clock_is_far_ahead_of_what_was_done() {
    let mut wrong = Vec::new();
    for lesson in lessons_of_the_course() {
        let (typed, end, done) = played(&lesson);
        println!(
            "{:22} observed {:>4} s, last line {:>4} s, end {:>4} s",
            lesson.name,
            lesson.within.0 / 1000,
            typed.0 / 1000,
            end.0 / 1000
        );
        let most = if lesson.within > MOST { lesson.within + MOST } else { MOST };
        if end > most || !done {
            wrong.push(format!("{}: {} s, done: {done}", lesson.name, end.0 / 1000));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_first_try_that_fails_leaves_the_task_possible() {
    let lesson: &'static Lesson = Box::leak(Box::new(read_lesson("deleting-the-set")));
    let mut run = lesson.begin(&setup(), Lang::English);
    let running = Progress::begin(lesson, run.present()).run(run.present());
    run.act(Act::Line(lesson.line.clone()), Lang::English);
    run.run(run.present().now() + lesson.within, || true);
    let revealed = running.look(run.present());
    // The last pod was still to come when the set was scaled in.
    let too_early = "kubectl apply -f manifest.yaml; sleep 4; kubectl scale statefulset web --replicas=0; sleep 120";
    type_lines(&mut run, &[too_early, "kubectl delete statefulset web"].map(str::to_owned), Lang::English);
    let failed = revealed.look(run.present());
    assert!(matches!(failed.phase, Phase::Reveal { done: false, .. }), "{:?}", failed.parts());
    type_lines(&mut run, &lesson.task.as_ref().expect("a task").solution, Lang::English);
    assert!(matches!(failed.look(run.present()).phase, Phase::Reveal { done: true, .. }));
}
