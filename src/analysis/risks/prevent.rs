//! What prevents a finding: changes of the manifest, each tried by the same search on the changed manifest.
//!
//! Promises: a change is offered only if every act alone, and every course of the kinds of acts that showed anything, was tried on the
//! changed manifest, the finding is not among what these show, and nothing worse is new.

use sim::Sim;
use text::risks::Guard;

use super::acts::{Act, Deed};
use super::change::{candidates, other_disks};
use super::course::Happening;
use super::edit::Change;
use super::judge::Shown;
use super::outcome::{Finding, Options, Phase, Prevention};
use super::search::Search;
use super::start::Start;

/// The search of a manifest as it is.
pub struct Before<'a> {
    pub start: &'a Start,
    pub options: &'a Options,
    pub sim: &'a Sim,
    pub acts: &'a [Act],
    /// What each of them shows alone.
    pub alone: &'a [Vec<Shown>],
    /// How many courses come to no rest.
    pub restless: usize,
    /// Whether something was left out of it, as it was stuck.
    pub is_mended: bool,
    /// Whether claims get disks of nodes because that is the default of the cluster that is assumed.
    pub on_nodes: bool,
}

/// Something that a changed manifest shows, and the words of what happens then.
type Came = (Shown, Vec<Deed>);

/// Searches of changed manifests, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    now: Option<(Change, Box<Search>)>,
    /// How many events there were in all of them.
    events: u64,
}

impl Tries {
    /// Begins the search of a changed manifest.
    pub fn begin(&mut self, change: Change, start: Start, options: Options) {
        self.now = Some((change, Box::new(Search::new(start, options))));
    }

    /// Whether a search goes on.
    pub fn is_under_way(&self) -> bool {
        self.now.is_some()
    }

    /// Whether there were as many events as there may be.
    pub fn is_at_bound(&self, before: &Before) -> bool {
        self.events > before.options.bound(before.sim)
    }

    /// Goes on for a slice; the search, once it is done or `is_enough`.
    pub fn step(&mut self, is_enough: impl Fn(&Search) -> bool) -> Option<(Change, Box<Search>)> {
        let (_, search) = self.now.as_mut()?;
        let known = search.events();
        let phase = search.step().phase;
        self.events += search.events() - known;
        let is_over = phase == Phase::Done || is_enough(search);
        self.now.take_if(|_| is_over)
    }
}

/// Changes that are being tried.
#[derive(Clone, Debug, Default)]
pub struct Prevents {
    /// The finding whose changes are tried.
    at: usize,
    /// What came of each change; nothing where it was refused, or where more comes to no rest than before.
    known: Vec<(Change, Option<Vec<Came>>)>,
    tries: Tries,
}

impl Prevents {
    /// Goes on for a slice; whether all was tried.
    pub fn step(&mut self, before: &Before, findings: &mut [Finding]) -> bool {
        if self.tries.is_at_bound(before) {
            for finding in findings.iter_mut().skip(self.at) {
                let Prevention { change, in_vain, .. } = &finding.prevention;
                finding.prevention.is_cut = change.is_none() && in_vain.len() < candidates(finding, before.sim).len();
            }
            return true;
        }
        if self.tries.is_under_way() {
            if let Some((change, search)) = self.tries.step(|_| false) {
                let shown = || search.findings().iter().map(|finding| (finding.shown.clone(), finding.deeds().collect())).collect();
                let rests = search.restless() <= before.restless;
                self.known.push((change, (search.is_accepted() && rests).then(shown)));
            }
            return false;
        }
        let Some(finding) = findings.get(self.at) else { return self.compare(before, findings) };
        let tried = finding.prevention.in_vain.len();
        let next = candidates(finding, before.sim).into_iter().nth(tried);
        // No line of a manifest is about two faults at once, and what holds up a start is left out of it.
        let is_open = finding.prevention.change.is_none() && !finding.is_together();
        let Some(change) = next.filter(|_| is_open && !(before.is_mended && finding.acts.is_empty())) else {
            self.at += 1;
            return false;
        };
        let Some((_, came)) = self.known.iter().find(|(known, _)| *known == change) else {
            self.begin(change, before, findings);
            return false;
        };
        let verdict = came.as_ref().map(|came| comes_to(finding, came, findings, before.acts));
        let Finding { shown, prevention, .. } = &mut findings[self.at];
        match verdict {
            Some(Outcome::Helps) => {
                if change.guard == Guard::Publish {
                    shown.turn_into_deadlock();
                }
                prevention.change = Some(change);
            }
            Some(Outcome::Trades(worst)) => {
                prevention.in_vain.push(change.clone());
                prevention.trade.get_or_insert((change, *worst));
            }
            Some(Outcome::Fails) | None => prevention.in_vain.push(change),
        }
        false
    }

    /// Tries the other disks that clusters have, and says of each finding whether it hangs on those that are assumed; whether all was
    /// tried.
    fn compare(&mut self, before: &Before, findings: &mut [Finding]) -> bool {
        for at in 0..findings.len() {
            if !before.on_nodes || findings[at].acts.is_empty() || findings[at].is_together() {
                continue;
            }
            let Some(change) = other_disks(&findings[at].shown.workload, before.sim) else { continue };
            let Some((_, came)) = self.known.iter().find(|(known, _)| *known == change) else {
                self.begin(change, before, findings);
                return false;
            };
            let finding = &mut findings[at];
            finding.only_on_nodes = came.as_ref().is_some_and(|came| !came.iter().any(|(one, _)| one.is_as(&finding.shown)));
        }
        true
    }

    /// Begins to try a change.
    fn begin(&mut self, change: Change, before: &Before, findings: &[Finding]) {
        match before.start.changed(&change) {
            Some(start) => {
                let pairs = findings.iter().filter(|one| one.acts.len() > 1 && !one.is_together()).map(|one| one.acts.clone());
                // Where a volume goes wherever its pod goes, a drain alone moves the pod.
                let drained = |deed| if deed == Deed::Moved { Deed::Drained } else { deed };
                let alike = |acts: Happening| {
                    let moved = acts.iter().map(|(deed, target, when)| (drained(*deed), target.clone(), *when)).collect();
                    [acts, moved]
                };
                let only = pairs.flat_map(alike).collect();
                self.tries.begin(change, start, Options { only: Some(only), prevents: false, ..before.options.clone() });
            }
            None => self.known.push((change, None)),
        }
    }

    /// How many changes were tried.
    pub fn tried(&self) -> usize {
        self.known.len()
    }
}

/// What a change comes to.
enum Outcome {
    Helps,
    /// The finding is gone, and this came.
    Trades(Box<Shown>),
    Fails,
}

/// What comes of a change: whether something is no longer shown, and the worst of what is new and worse.
fn comes_to(gone: &Finding, came: &[Came], before: &[Finding], offered: &[Act]) -> Outcome {
    // What waits for something else now, after the same has happened, waits all the same.
    let words: Vec<Deed> = gone.deeds().collect();
    let waits = |(one, then): &Came| {
        (one.kind, one.by) == (gone.shown.kind, gone.shown.by) && one.workload == gone.shown.workload && *then == words
    };
    // What only a changed manifest offers to happen is no reason to leave it as it is.
    let could = |(_, then): &&Came| then.iter().all(|word| offered.iter().any(|act| act.kind.deed == *word));
    if came.iter().filter(could).any(|one| one.0.is_as(&gone.shown) || waits(one)) {
        return Outcome::Fails;
    }
    // The same by another hand is nothing new.
    let is_so = |one: &Shown, known: &Finding| known.shown.is_as(&Shown { by: known.shown.by, ..one.clone() });
    // What is there before anything happens is worse than what may happen.
    let is_worse = |(one, then): &&Came| one.level() < gone.shown.level() || then.is_empty();
    let is_new = |(one, _): &&Came| !before.iter().any(|known| is_so(one, known));
    let worst = came.iter().filter(|one| is_worse(one) && is_new(one)).map(|(one, _)| one).min_by_key(|one| one.level());
    worst.map_or(Outcome::Helps, |worst| Outcome::Trades(Box::new(worst.clone())))
}
