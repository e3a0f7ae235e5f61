use super::*;
use cluster::timing::Timing;

fn setup() -> Setup {
    Setup { timing: Timing::workstation(), ..Setup::default() }
}

/// Plays a lesson; returns the claims that hold.
fn play(lesson: &Lesson) -> Vec<usize> {
    let mut run = lesson.begin(&setup(), Lang::English);
    let since = run.present().sim().log().len();
    run.act(Act::Line(lesson.line.to_owned()), Lang::English);
    let until = run.present().now() + lesson.within;
    run.run(until, || true);
    let story = story(run.present().sim().log(), since, until);
    let held = |claim: &Claim| claim.holds(&story, run.present().sim());
    lesson.claims.iter().enumerate().filter_map(|(at, claim)| held(claim).then_some(at)).collect()
}

#[test]
fn of_each_lesson_one_claim_comes_true() {
    let came_true: Vec<Vec<usize>> = COURSE.iter().map(play).collect();
    assert_eq!(came_true, [[1], [3], [0], [3], [2], [2], [0], [2], [1]]);
}

#[test]
fn a_lesson_that_is_disturbed_has_no_outcome() {
    let lesson = &COURSE[1];
    let mut run = lesson.begin(&setup(), Lang::English);
    let since = run.present().sim().log().len();
    run.act(Act::Line("kubectl delete pod web-0".to_owned()), Lang::English);
    run.run_until_quiet(|| true);
    assert_eq!(lesson.outcome(run.present(), since, run.present().now()), None);
}

#[test]
fn what_happened_is_revealed_when_its_time_is_over() {
    let begun = Progress::begin(3);
    let mut run = begun.lesson().begin(&setup(), Lang::English);
    assert!(begun.hides_why() && begun.look(run.present()) == begun, "nothing runs yet");
    let running = Progress { chosen: Some(0), ..begun }.run(run.present());
    run.act(Act::Line(running.lesson().line.to_owned()), Lang::English);
    assert_eq!(running.look(run.present()), running);
    run.run(run.present().now() + running.lesson().within, || true);
    let revealed = running.look(run.present());
    assert_eq!((revealed.chosen, revealed.phase, revealed.hides_why()), (Some(0), Phase::Reveal { outcome: Some(3) }, false));
}

#[test]
fn a_lesson_beyond_the_last_is_the_last() {
    assert_eq!(Progress::begin(usize::MAX).at, COURSE.len() - 1);
}
