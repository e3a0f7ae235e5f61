//! Sets that the base has and the repository no longer: what becomes of those that run.
//!
//! A set that is in another manifest now has only moved. Where its manifest still has sets, the plan of the change tells of it.

use std::collections::BTreeSet;

use ordinal::api::object::ObjectKey;
use ordinal::intake::told::short;
use ordinal::plan::Finding;
use ordinal::plan::matter::Matter;
use ordinal::plan::report::{Entry, Part};

use super::repository::Tree;
use super::unit::{Made, Unit};
use crate::accept::Accepted;
use crate::args::Check;
use crate::explain::Topic;
use crate::input::{Failure, Input};
use crate::plan;
use crate::remark::{Remark, Severity};
use crate::words;

/// A set that is gone, and the manifest that had it.
pub struct Gone {
    before: Input,
    set: ObjectKey,
}

/// The sets of some units of the base that no unit has now.
pub fn of(before: &[&Unit], base: &Tree, units: &[Unit], now: &Tree) -> Result<Vec<Gone>, Failure> {
    let mut all = Vec::new();
    for old in before {
        let Made::Inputs(inputs) = old.make(base)? else { continue };
        let still = units.iter().find(|unit| unit.is_same(old)).map_or(Ok(Made::Inputs(Vec::new())), |unit| unit.make(now))?;
        let Made::Inputs(still) = still else { continue };
        for input in inputs.into_iter().filter(|old| !still.iter().any(|input| input.name() == old.name())) {
            all.extend(input.sets().map(|set| Gone { before: input.clone(), set }));
        }
    }
    if all.is_empty() {
        return Ok(all);
    }
    let mut there: BTreeSet<ObjectKey> = BTreeSet::new();
    for unit in units {
        if let Ok(Made::Inputs(inputs)) = unit.make(now) {
            there.extend(inputs.iter().flat_map(Input::sets));
        }
    }
    all.retain(|gone| !there.contains(&gone.set));
    Ok(all)
}

impl Gone {
    /// What is said of the set: what whoever prunes does to it, tried on a copy.
    pub fn remark(&self, args: &Check, accepted: &Accepted) -> Result<Remark, Failure> {
        let (subject, topic) = (short(&self.set), Topic::Matter(Matter::Gone));
        let line = format!("kubectl delete statefulset {} -n {}", self.set.name, self.set.namespace);
        let entries = plan::of_line(&self.before, &line, args.search.cluster.release)?;
        let own = |entry: &&Entry| entry.part == Part::Set && entry.about.as_ref() == Some(&self.set);
        let own = entries.iter().find(own);
        let loses = own.is_some_and(|entry| entry.finding == Some(Finding::Data));
        let is_bad = loses && Finding::Data >= args.fail_on_change;
        Ok(Remark {
            topic,
            severity: if is_bad { Severity::Error } else { Severity::Warning },
            title: words::gone(&subject, loses),
            text: own.map_or(String::new(), |entry| format!("{}\n{}", words::PRUNED, entry.body(0))),
            place: self.before.find(&self.set, &[]),
            accepted: accepted.reason(topic, &subject, None)?,
            workload: subject,
        })
    }
}
