//! A plan is made in pieces that are bounded.

use ordinal::api::release::Release;
use ordinal::plan::{Change, Planner, Progress, case, of};
use ordinal::playground::EXAMPLE;

#[test]
fn pieces_are_bounded_and_end_in_the_same_plan() {
    let before = case::world(EXAMPLE, Release::ALL[0]).expect("a world");
    let change = Change::Lines(vec!["kubectl rollout restart sts/web".to_owned()]);
    let mut planner = Planner::new(&before, &change);
    let mut pieces = 0;
    let mut last = before.sim().steps();
    loop {
        let progress = planner.step();
        if let Some(trial) = planner.trial() {
            let steps = trial.sim().steps();
            assert!(steps <= last.max(before.sim().steps()) + 2_016, "{steps} after {last}");
            last = steps;
        }
        pieces += 1;
        if progress == Progress::Done {
            break;
        }
    }
    assert!(pieces > 10);
    assert_eq!(planner.finish(), of(&before, &change));
}
