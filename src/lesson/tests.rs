use super::*;
use crate::cluster::timing::Timing;

fn setup() -> Setup {
    Setup { timing: Timing::workstation(), ..Setup::default() }
}

/// Plays a lesson and says which of its claims hold.
fn play(lesson: &Lesson) -> Vec<usize> {
    let mut run = lesson.begin(&setup(), Lang::English);
    let since = run.present().sim().log().len();
    run.act(Act::Line(lesson.line.to_owned()), Lang::English);
    let until = run.present().now() + lesson.within;
    run.run(until, || true);
    let story = story(run.present().sim().log(), since);
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
    assert_eq!(lesson.outcome(run.present(), since), None);
}
