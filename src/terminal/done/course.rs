//! When each tool came to call a set done.

use crate::judge::Judge;
use crate::said::{Said, Verdict};
use base::time::Time;
use base::value::Value;

/// A set's course, as the tools judge it. Pods do not matter: who reads them has no other idea of what is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The instants at which tools came to call the set done, and which did.
    pub turns: Vec<(Time, Vec<Judge>)>,
    /// Which call it done at the end, and since when.
    pub since: Vec<(Judge, Time)>,
}

impl Course {
    /// Reads the states of a set, oldest first.
    pub fn of(states: impl IntoIterator<Item = (Time, Value)>) -> Course {
        let mut course = Course::default();
        for (at, set) in states {
            let is_ready = |tool: &Judge| matches!(tool.says(&set, []), Said { verdict: Verdict::Ready, .. });
            let ready: Vec<Judge> = Judge::ALL.into_iter().filter(is_ready).collect();
            course.since.retain(|(tool, _)| ready.contains(tool));
            let new: Vec<Judge> = ready.into_iter().filter(|tool| course.since.iter().all(|(known, _)| known != tool)).collect();
            course.since.extend(new.iter().map(|tool| (*tool, at)));
            if !new.is_empty() {
                course.turns.push((at, new));
            }
        }
        course
    }
}
