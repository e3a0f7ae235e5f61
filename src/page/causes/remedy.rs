//! What ends a wait: the lines that remove its cause, for buttons and to be tried.
//!
//! Promises: one table of remedies ([`Remedy`]). What it offers for a reason ends the wait, typed as it is, and with nothing else done:
//! `tests/counterfactual.rs` types those lines. What it offers for a cause may end it: whoever tells of such lines has tried them. Causes
//! that go away by themselves have none, nor have pods that may only be where others are, or are not. What gives up the data of a claim is
//! offered where nothing else was found.

mod case;
mod goal;
mod objects;
mod placement;
mod ready;
mod table;
mod template;
mod tempting;
mod volumes;

use std::rc::Rc;

use crate::blame::Blame;
use crate::command::{self, Entry, Form, Purpose};
use crate::ground::tell;
use crate::ways::of_trapped;
use crate::{Identity, Instant, Way};
use api::kind::Kind;
use api::object::{Name, ObjectKey, Pod, StatefulSet};
use base::value::Value;
use case::{Case, Why};
use sim::Sim;
use table::{Tier, of_reason};
use text::why::{Because, Unwanted};
use text::{Lang, Prose};
use why::Reason;
use why::explain::Link;

pub use case::Cure;
pub use goal::{Goal, is_held};
pub use table::{Remedy, of_cause};

/// What ends the wait of something: the ways for the deepest link of its chain that has any.
pub fn ways(shot: &Instant, about: &ObjectKey) -> Vec<Way> {
    let links = shot.explain(about).links;
    let trapped = |link: &Link| of_trapped(shot, shot.tables.get(&link.about)?.as_pod()?);
    if let Some(way) = links.iter().rev().find_map(trapped) {
        return vec![way];
    }
    links.iter().rev().map(|link| ways_of(shot, link)).find(|ways| !ways.is_empty()).unwrap_or_default()
}

/// What ends a pod's stay on an old revision, by the rule that keeps it there.
pub fn ways_of_kept(shot: &Instant, set: &StatefulSet, pod: &Pod, by: &Reason) -> Vec<Way> {
    let entries = match by {
        Reason::OnDeleteWaitsForYou { .. } => vec![command::delete(shot, &identity(&pod.key()))],
        Reason::BelowPartition { .. } => ends(shot, &set.key(), by),
        _ => return ways(shot, &set.key()),
    };
    let note = Prose::read(&tell(shot, &set.meta.name, &set.meta.name, Because::Decided(by)).ends_when);
    entries.into_iter().map(|entry| Way { entry, note: note.clone(), since: None }).collect()
}

fn ways_of(shot: &Instant, link: &Link) -> Vec<Way> {
    let Some(entry) = &link.entry else { return Vec::new() };
    let (about, because) = (&entry.decision.about, &entry.decision.because);
    let since = matches!(because, Reason::NotReadyYet | Reason::ProbeFails { .. }).then_some(entry.first);
    let set = if about.kind == Kind::StatefulSet { &*about.name } else { "" };
    let told = tell(shot, set, &about.name, Because::Decided(because));
    // With fewer pods, the one that waits is not wanted: it gets nothing that it waits for.
    let unwanted = tell(shot, set, &about.name, Because::NotWanted(&Unwanted::Above(0))).verdict;
    let note = |entry: &Entry| match entry.purpose {
        Purpose::FewerPods => unwanted.trim_end_matches('.').to_owned(),
        Purpose::Override => shot.text().ask.override_note().to_owned(),
        _ => told.ends_when.clone(),
    };
    ends(shot, about, because).into_iter().map(|entry| Way { note: Prose::read(&note(&entry)), entry, since }).collect()
}

/// The lines that end a wait, by who waits and why.
pub fn ends(shot: &Instant, about: &ObjectKey, because: &Reason) -> Vec<Entry> {
    of_link(shot, about, because).into_iter().map(Entry::from).collect()
}

/// What ends a wait, of the first tier that offers anything.
fn of_link(shot: &Instant, about: &ObjectKey, because: &Reason) -> Vec<Cure> {
    let tiers = of_reason(because);
    if tiers.is_empty() { Vec::new() } else { offered(&Case::of(shot, about, Why::Reason(because)), tiers) }
}

fn offered(case: &Case, tiers: &[Tier]) -> Vec<Cure> {
    let of_tier = |tier: &Tier| tier.iter().flat_map(|remedy| remedy.cures(case)).collect::<Vec<_>>();
    let mut found = tiers.iter().map(of_tier).find(|cures| !cures.is_empty()).unwrap_or_default();
    // Harm is offered where nothing else is; to give up data, also where the rest is what only the playground can do.
    let harmless = found.iter().any(|cure| !cure.danger);
    let real = found.iter().any(|cure| !cure.danger && !cure.gives_up && cure.is_of_kubectl());
    found.retain(|cure| if cure.gives_up { !real } else { !cure.danger || !harmless });
    found
}

/// Lines of kubectl that may end a cause, the least first, and last what gives up data. Of the classes in `absent` only names are known.
pub fn candidates(absent: &[Name], sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Cure> {
    let shot = elsewhere(sim);
    let case = Case::of(&shot, &blame.object, Why::Cause { blame, goal, absent });
    let mut all: Vec<Cure> = of_cause(blame.cause).iter().flat_map(|remedy| remedy.cures(&case)).collect();
    for key in [&blame.object, goal.about()] {
        for link in shot.explain(key).links.iter().rev() {
            let Some(entry) = &link.entry else { continue };
            all.extend(of_link(&shot, &link.about, &entry.decision.because));
        }
    }
    all.retain(Cure::is_of_kubectl);
    let (last, mut first): (Vec<Cure>, Vec<Cure>) = all.into_iter().partition(|cure| cure.gives_up);
    first.extend(last);
    first
}

/// What looks as if it would end a cause.
pub fn tempting(sim: &Sim, goal: &Goal, blame: &Blame) -> Vec<Cure> {
    let shot = elsewhere(sim);
    tempting::tempting(&Case::of(&shot, &blame.object, Why::Cause { blame, goal, absent: &[] }), blame.family())
}

/// An instant of a cluster that is not the page's.
fn elsewhere(sim: &Sim) -> Instant<'_> {
    Instant { form: Form::Elsewhere, ..Instant::of(sim, Lang::English) }
}

/// A line that makes the Service whose name a pod has as its subdomain, with the labels that its set selects by.
pub fn make_service(shot: &Instant, service: &ObjectKey, pod: &Name) -> Option<Entry> {
    let pod = shot.tables.pod(&service.namespace, pod)?;
    let set = shot.tables.stateful_set(&service.namespace, &pod.meta.controller()?.name)?;
    let labels = Value::of(set.spec.match_labels.iter().map(|(key, value)| (Rc::clone(key), value)));
    Some(command::make(shot.text(), Kind::Service, &service.name, command::minimal_service(&service.namespace, labels)))
}

/// Who is asked about, as commands name it.
pub fn identity(about: &ObjectKey) -> Identity {
    Identity { namespace: about.namespace.to_string(), pod: about.name.to_string() }
}
