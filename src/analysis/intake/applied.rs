//! A manifest that runs nowhere: what a new cluster does with it, or why a server refuses it.
//!
//! Promises: nothing that a new cluster does is told as certain. That it is a new one is on the list of what was assumed. What a server
//! refuses is quoted with the line of the manifest.
//! Must not know: how a manifest becomes a cluster; that is the business of plans.

use super::reading::logs::heard;
use super::report::{Door, Judged, Report, Verdict};
use super::verdict::{diagnose, report_in};
use super::world::World;
use api::client::{Client, LogOptions};
use api::kind::Kind;
use api::object::{Object, ObjectKey, Pod};
use base::fields::Fields;
use base::slices::{Slices, Work};
use base::time::Span;
use base::value::Value;
use causes::blame::{Blame, Sure};
use causes::waits::basis;
use done::Differ;
use sim::Sim;
use std::rc::Rc;
use text::diagnose::{Assumed, CAUSE, Told};
use why::{Cause, Family};

/// How often, and how long apart, a set whose containers crash is looked at for a tool that gives up.
const MOST_LOOKS: usize = 24;
const BETWEEN_LOOKS: Span = Span::seconds(15);

/// What the sets of a new cluster wait for to which a manifest was applied, in slices.
pub fn report_on(sim: Sim, assumed: Vec<Assumed>, slices: Slices) -> Work<Report> {
    Work::new(async move {
        let world = World::live(sim).in_slices(slices);
        let mut report = report_in(&world, false).await;
        (report.assumed, report.door) = (assumed, Door::Manifest);
        judge(&world, &mut report).await;
        for verdict in &mut report.verdicts {
            hear(&world.sim, verdict);
            // The instants of that cluster are nobody's.
            verdict.since = None;
            if verdict.sure == Sure::Certain {
                verdict.sure = Sure::Likely;
            }
            // Whoever has no cluster can print nothing of it.
            verdict.missing.clear();
        }
        report
    })
}

/// Gives a verdict on a pod what the log of its container says that waits or ended. If the present log says nothing, the one before counts.
fn hear(sim: &Sim, verdict: &mut Verdict) {
    let Some(pod) = sim.tables().get(&verdict.object).filter(|object| object.kind() == Kind::Pod) else { return };
    let pod = pod.encode();
    let has_ended = |one: &&Value| one.int_at(&["state", "terminated", "exitCode"]) == Some(0);
    let open = |list: &'static str| {
        pod.list_at(&["status", list]).iter().find(|one| one.get("ready") != Some(&Value::from(true)) && !has_ended(one))
    };
    let waits = open("initContainerStatuses").or_else(|| open("containerStatuses"));
    let Some(container) = waits.and_then(|one| one.text_at(&["name"])) else { return };
    let mut sim = sim.clone();
    for previous in [false, true] {
        let log = sim.log_of(&verdict.object.namespaced_name(), LogOptions { container, previous });
        if verdict.signs.is_empty() {
            log.into_iter().for_each(|log| heard(verdict, log.text()));
        }
    }
}

/// Gives the first verdict on each set that waits what each tool says of the set.
async fn judge(world: &World, report: &mut Report) {
    let mut judged: Vec<ObjectKey> = Vec::new();
    for verdict in report.verdicts.iter_mut().filter(|verdict| verdict.family() != Family::NotStuck) {
        if verdict.workload.kind == Kind::StatefulSet && !judged.contains(&verdict.workload) {
            judged.push(verdict.workload.clone());
            verdict.judged.extend(judged_in(world, &verdict.workload).await);
        }
    }
}

/// What each tool says of a set. A tool gives up where it first sees a reason, so a set whose containers crash is looked at for some time.
async fn judged_in(world: &World, set: &ObjectKey) -> Option<Judged> {
    let mut found = judged_at(&world.sim, set)?;
    let mut later = world.sim.clone();
    for _ in 0..MOST_LOOKS {
        let tables = later.tables();
        let own = |pod: &&Rc<Pod>| tables.get(set).is_some_and(|set| pod.meta.is_controlled_by(set.meta().uid));
        let crashes = tables.pods().filter(own).any(|pod| pod.status.containers.iter().any(|container| container.restarts > 0));
        let gives_up = |one: &Judged| one.says.iter().any(|(_, said)| said.verdict == done::Verdict::Failed);
        if !crashes || gives_up(&found) {
            break;
        }
        later = World::after_in(&later, BETWEEN_LOOKS, world.slices).await;
        found = judged_at(&later, set).filter(gives_up).unwrap_or(found);
    }
    Some(found)
}

/// The same at the present instant.
fn judged_at(sim: &Sim, key: &ObjectKey) -> Option<Judged> {
    let set = sim.tables().get(key)?.encode();
    let pods: Vec<Value> = sim.tables().pods().map(|pod| Object::Pod(pod.clone()).encode()).collect();
    let says = done::all(&set, &pods);
    Some(Judged { set: key.clone(), differ: Differ::of(&set, &says), says, has_pods: true })
}

/// What a server says that refuses an object of a manifest.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The line that is to blame; 0 for none.
    pub line: usize,
    pub words: String,
    /// The object in which that line is.
    pub about: Option<ObjectKey>,
}

/// Why a server refuses a manifest.
pub fn refused(said: &[Refused]) -> Report {
    let mut report = diagnose([""]);
    report.door = Door::Manifest;
    report.verdicts.clear();
    let mut told: Vec<&str> = Vec::new();
    for Refused { line, words, about } in said {
        // Who corrects what another line says more of has corrected this.
        if told.iter().any(|one| one.contains(&**words)) {
            continue;
        }
        told.push(words);
        let all = diagnose([&*in_one_line(words)]).verdicts;
        let (mut known, others): (Vec<Verdict>, Vec<Verdict>) = all.into_iter().partition(|one| one.family() == Family::RefusedUpdate);
        if known.is_empty() {
            known.extend(others.into_iter().take(1).map(|one| in_the_words_of_the_server(one, words)));
        }
        for mut verdict in known {
            (verdict.quoted, verdict.lines) = (*line, vec![*line]);
            verdict.missing.clear();
            if let Some(key) = about {
                (verdict.object, verdict.workload) = (key.clone(), key.clone());
            }
            let blame = Blame { said: verdict.said.clone(), sure: verdict.sure, ..Blame::of(verdict.cause, verdict.object.clone()) };
            verdict.told = Told { key: CAUSE, fields: basis(&blame, &verdict.workload) };
            report.verdicts.push(verdict);
        }
    }
    report
}

/// The words of a refusal as the server itself writes them: of several errors kubectl makes a list, a line each.
fn in_one_line(words: &str) -> String {
    let Some((head, errors)) = words.split_once(": \n* ") else { return words.to_owned() };
    format!("{head}: {}", errors.replace("\n* ", ", "))
}

/// A verdict on words of a server that are not known: they tell what is to be corrected.
fn in_the_words_of_the_server(verdict: Verdict, words: &str) -> Verdict {
    let set = ObjectKey::new(Kind::StatefulSet, &"".into(), &"".into());
    let mut said = Fields::default();
    said.text("error", words.trim_start_matches("* "));
    Verdict { cause: Cause::InvalidSet, sure: Sure::Certain, object: set.clone(), workload: set, said, signs: Vec::new(), ..verdict }
}
