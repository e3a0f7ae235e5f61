//! What already protects a manifest: lines of it, each taken away, and what then goes wrong that does not go wrong with it.
//!
//! Promises: only a line that is there, or a default that is said to be one, is taken away; what it protects from was found by the same
//! search on the manifest without it, by every act alone and by those courses of two acts that matter for it; by the same acts, the
//! manifest as it is does not show it. Lines for which the bound leaves no room are counted.

use api::kind::Kind;
use api::object::ObjectKey;
use base::sort::Sort;
use causes::blame::is_well;
use cluster::programs::{Peers, app_of};
use plan::watch::Watch;
use sim::Sim;
use text::risks::Guard;

use super::change::{Pair, lines};
use super::course::{Happening, When};
use super::edit::Change;
use super::outcome::{Finding, Options};
use super::prevent::{Before, Tries};
use super::search::Search;

/// A line that is there, and what goes wrong without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Protection {
    /// What takes it away.
    pub change: Change,
    /// Whether the manifest leaves it to the default.
    pub is_default: bool,
    /// Whether the model knows enough of the application to say that nothing goes wrong without it.
    pub is_judged: bool,
    /// What then goes wrong, the worst first; nothing where nothing that was tried does.
    pub findings: Vec<Finding>,
}

/// Lines that are being taken away.
#[derive(Clone, Debug, Default)]
pub struct Protects {
    /// The lines, and what each is tried by; the next one last.
    left: Vec<(Change, Options)>,
    known: Vec<Protection>,
    tries: Tries,
}

impl Protects {
    /// The lines of every set that is what it should be before anything happens, and is known to wait for nothing.
    pub fn of(before: &Before, sets: &[(ObjectKey, Watch)], findings: &[Finding]) -> Protects {
        let mut left: Vec<(Change, Options)> = Vec::new();
        let alone =
            before.acts.iter().zip(before.alone).flat_map(|(act, shown)| shown.iter().map(|one| (vec![act.kind.deed], one.clone())));
        let found = findings.iter().map(|finding| (finding.deeds().collect(), finding.shown.clone()));
        let options = Options { prevents: false, known: alone.chain(found).collect(), ..before.options.clone() };
        let waits = |set: &ObjectKey| !before.is_mended && findings.iter().any(|one| one.acts.is_empty() && one.shown.workload == *set);
        for (key, _) in sets.iter().filter(|(set, _)| is_well(before.sim, set) && !waits(set)) {
            let set = before.sim.tables().stateful_set(&key.namespace, &key.name);
            for (change, pairs) in set.into_iter().flat_map(|set| lines(set, before.sim)) {
                // Sets may share what protects them.
                let is_new = left.iter().all(|(known, _)| *known != change);
                if is_new {
                    left.push((change, Options { only: Some(only(pairs, before.options)), ..options.clone() }));
                }
            }
        }
        left.reverse();
        Protects { left, ..Protects::default() }
    }

    /// Goes on for a slice; whether all was tried.
    pub fn step(&mut self, before: &Before) -> bool {
        if self.tries.is_at_bound(before) {
            return true;
        }
        if !self.tries.is_under_way() {
            let Some((change, options)) = self.left.pop() else { return true };
            if let Some(start) = before.start.changed(&change) {
                self.tries.begin(change, start, options);
            }
            return false;
        }
        // Where the start itself goes wrong, whatever happens then is no more than that.
        let goes_wrong = |search: &Search| search.findings().iter().any(|one| one.acts.is_empty());
        if let Some((change, search)) = self.tries.step(goes_wrong).filter(|(_, search)| search.is_accepted()) {
            let by_start = goes_wrong(&search);
            let mut findings: Vec<Finding> = search.findings().iter().filter(|one| one.acts.is_empty() == by_start).cloned().collect();
            findings.sort_small_by_key(|one| (one.shown.level(), one.acts.len()));
            let is_default = !before.start.spells(&change);
            let is_judged = is_judged(before.sim, &change);
            self.known.push(Protection { change, is_default, is_judged, findings });
            let worst = |one: &Protection| one.findings.first().map(|one| one.shown.level());
            self.known.sort_small_by_key(|one| (worst(one).is_none(), worst(one)));
        }
        false
    }

    /// What was found so far.
    pub fn known(&self) -> &[Protection] {
        &self.known
    }

    /// How many lines are left to be taken away; once all is done, how many were left out, as the search came to its bound.
    pub fn left(&self) -> usize {
        self.left.len() + usize::from(self.tries.is_under_way())
    }
}

/// Lines whose use depends on what an application needs: of an image that nobody knows, the model knows no quorum and no readiness.
const FOR_APPLICATIONS: [Guard; 7] =
    [Guard::Budget, Guard::Publish, Guard::Readiness, Guard::Liveness, Guard::Grace, Guard::AntiAffinity, Guard::Spread];

/// Whether the model can judge a line: one that is the control plane's affair, or one of applications that are known.
fn is_judged(sim: &Sim, change: &Change) -> bool {
    let images = || sim.tables().pods().flat_map(|pod| &pod.spec.template.containers).map(|container| &container.image);
    !FOR_APPLICATIONS.contains(&change.guard) || images().all(|image| app_of(image).peers != Peers::None)
}

/// The courses of more than one act that are tried without a line: those by which the manifest as it is was tried as well.
fn only(pairs: &[Pair], before: &Options) -> Vec<Happening> {
    let any = ObjectKey::global(Kind::Node, &"".into());
    let was_tried = |pair: &&Pair| {
        let is_it = |known: &Happening| known.iter().map(|(deed, ..)| *deed).eq(pair.iter().copied());
        before.only.as_ref().is_none_or(|only| only.iter().any(is_it))
    };
    pairs.iter().filter(was_tried).map(|pair| pair.iter().map(|deed| (*deed, any.clone(), When::AtOnce)).collect()).collect()
}
