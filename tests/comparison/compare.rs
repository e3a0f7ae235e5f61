//! Compares a replayed scenario with its recordings: where real runs agree, the replay must agree with them; where they differ, it must
//! agree with one of them.
//!
//! The rules are those of compare.py of the recordings. Node names, addresses, ages, uids and generated suffixes never count.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run::Run;
use crate::{life, screen, state};

/// How many misordered pairs of a workload are reported.
const ORDERS_SHOWN: usize = 6;

/// The differences, by what is compared.
#[derive(Debug, Default)]
pub struct Differences {
    /// An object's life was unlike that in any real run.
    pub life: Vec<String>,
    /// Two changes were in an order that no real run has.
    pub order: Vec<String>,
    /// A pod came back on another node than its volume's.
    pub place: Vec<String>,
    /// A settled state was unlike that of any real run.
    pub state: Vec<String>,
    /// An Event is missing, or should not be there.
    pub events: Vec<String>,
    /// kubectl's output was unlike that of any real run: the number of the command, and how.
    pub text: Vec<(usize, String)>,
}

impl Differences {
    /// The parts that are behaviour, with their names.
    pub fn parts(&self) -> [(&'static str, &Vec<String>); 5] {
        let Differences { life, order, place, state, events, .. } = self;
        [("life", life), ("order", order), ("place", place), ("state", state), ("events", events)]
    }

    /// The differences in behaviour: everything but kubectl's text.
    pub fn behaviour(&self) -> impl Iterator<Item = String> {
        self.parts().into_iter().flat_map(|(word, found)| found.iter().map(move |f| format!("{word}: {f}")))
    }
}

/// Compares a run with recorded ones of the same scenario.
pub fn compare(real: &[Run], run: &Run) -> Differences {
    Differences {
        life: lives(real, run),
        order: orders(real, run),
        place: places(real, run),
        state: states(real, run),
        events: events(real, run),
        text: screen::differences(real, run),
    }
}

fn lives(real: &[Run], run: &Run) -> Vec<String> {
    let (real, mine) = (real.iter().map(life::lives).collect::<Vec<_>>(), life::lives(run));
    let who: BTreeSet<_> = real.iter().flat_map(|r| r.keys()).chain(mine.keys()).collect();
    let differs = who.into_iter().filter(|w| !real.iter().any(|r| r.get(w) == mine.get(w)));
    differs.map(|w| format!("{w:?}:\n    real      {:?}\n    simulated {:?}", real[0].get(w), mine.get(w))).collect()
}

fn orders(real: &[Run], run: &Run) -> Vec<String> {
    let (real, mine) = (real.iter().map(life::moments).collect::<Vec<_>>(), life::moments(run));
    let who: BTreeSet<_> = real.iter().flat_map(|r| r.keys()).chain(mine.keys()).collect();
    let mut out = Vec::new();
    for w in who {
        let mine: Vec<&life::Moment> = mine.get(w).into_iter().flatten().map(|(m, _)| m).collect();
        let seen: Vec<BTreeSet<&life::Moment>> = real.iter().map(|r| r.get(w).into_iter().flatten().map(|(m, _)| m).collect()).collect();
        let happened: BTreeSet<&life::Moment> = mine.iter().copied().collect();
        if !seen.contains(&happened) {
            let lost: Vec<_> = common(&seen).difference(&happened).copied().collect();
            let extra: Vec<_> = happened.iter().filter(|m| !seen.iter().any(|s| s.contains(*m))).collect();
            out.push(format!("{w}: never happened {lost:?}, should not happen {extra:?}"));
            continue;
        }
        let held: Vec<_> = real.iter().map(|r| life::before(r.get(w).map_or(&[], |m| m))).collect();
        let at = |moment: &life::Moment| mine.iter().position(|m| *m == moment);
        let held = common(&held);
        let wrong = held.iter().filter(|(p, q)| at(p).zip(at(q)).is_some_and(|(p, q)| p > q));
        out.extend(wrong.take(ORDERS_SHOWN).map(|(p, q)| format!("{w}: {p:?} comes before {q:?} in every real run")));
    }
    out
}

/// The common elements of all sets.
fn common<T: Ord + Clone>(sets: &[BTreeSet<T>]) -> BTreeSet<T> {
    let Some((first, rest)) = sets.split_first() else { return BTreeSet::new() };
    first.iter().filter(|item| rest.iter().all(|s| s.contains(*item))).cloned().collect()
}

fn places(real: &[Run], run: &Run) -> Vec<String> {
    let real: Vec<_> = real.iter().map(life::places).collect();
    let moved = life::places(run).into_iter().filter(|(_, same)| !same).map(|(pod, _)| pod);
    let never = moved.filter(|pod| real.iter().all(|r| r.get(pod).copied().unwrap_or(true)));
    never.map(|pod| format!("pod {pod} came back on another node than its volume's")).collect()
}

fn states(real: &[Run], run: &Run) -> Vec<String> {
    let (real, mine) = (real.iter().map(state::states).collect::<Vec<_>>(), state::states(run));
    let mut out = Vec::new();
    if !real.iter().any(|r| r.len() == mine.len()) {
        out.push(format!("settled {} times, real {}", mine.len(), real[0].len()));
    }
    for (i, mine) in mine.iter().enumerate() {
        let real: Vec<_> = real.iter().filter_map(|r| r.get(i)).collect();
        for (part, value) in mine {
            let theirs: Vec<&Value> = real.iter().filter_map(|r| r.get(part)).collect();
            let keys: BTreeSet<&String> =
                theirs.iter().copied().chain([value]).filter_map(Value::as_object).flat_map(|m| m.keys()).collect();
            let mut differ = |what: &str, theirs: &[Option<&Value>], mine: Option<&Value>| {
                if !theirs.is_empty() && !theirs.contains(&mine) {
                    out.push(format!("settled #{} {part} {what}: real {:?} simulated {mine:?}", i + 1, theirs[0]));
                }
            };
            for key in keys {
                differ(key, &theirs.iter().map(|t| t.get(key)).collect::<Vec<_>>(), value.get(key));
            }
            if value.is_array() {
                differ("", &theirs.iter().map(|t| Some(*t)).collect::<Vec<_>>(), Some(value));
            }
        }
    }
    out
}

fn events(real: &[Run], run: &Run) -> Vec<String> {
    let folded: BTreeSet<_> = real.iter().chain([run]).flat_map(state::folded).collect();
    let (real, mine) = (real.iter().map(state::said).collect::<Vec<_>>(), state::said(run));
    let all = common(&real);
    let missing = all.difference(&mine).map(|e| ("missing", e));
    let extra = mine.iter().filter(|e| !real.iter().any(|r| r.contains(*e))).map(|e| ("extra", e));
    let counts = missing.chain(extra).filter(|(_, [_, reason, object, _])| !folded.contains(&(reason.as_str(), object.as_str())));
    counts.map(|(word, said)| format!("{word} {said:?}")).collect()
}
