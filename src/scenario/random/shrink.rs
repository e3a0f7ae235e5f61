//! Makes a run that breaks a law as short as it gets, by leaving operations out.

use super::{Ended, Failure, play, write};
use crate::api::release::Release;
use crate::scenario::file::Step;
use crate::sim::law::{Law, Violation};

/// The shortest run found that breaks the same law. Leaves out halves, quarters and so on as long as the law stays broken.
pub(super) fn shrink(seed: u64, operations: &[u64], violation: &Violation, release: &'static Release) -> Failure {
    let mut kept = operations.to_vec();
    let mut best = play(seed, &kept, release);
    let mut piece = kept.len().div_ceil(2);
    while piece > 0 {
        let mut at = 0;
        let mut shorter = false;
        while at < kept.len() {
            let end = (at + piece).min(kept.len());
            let rest = [&kept[..at], &kept[end..]].concat();
            let tried = play(seed, &rest, release);
            if breaks(&tried, violation.law) {
                (kept, best, shorter) = (rest, tried, true);
            } else {
                at = end;
            }
        }
        if piece > 1 {
            piece = piece.div_ceil(2);
        } else if !shorter {
            break;
        }
    }
    let violation = best.broken.clone().unwrap_or_else(|| violation.clone());
    let mut scenario = best.scenario;
    scenario.steps.push(Step::Note(violation.to_string()));
    Failure { seed, violation, scenario: write::text(&scenario) }
}

fn breaks(ended: &Ended, law: Law) -> bool {
    ended.broken.as_ref().is_some_and(|v| v.law == law)
}
