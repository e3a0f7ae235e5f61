//! Whether what is named as the cause of a wait is its cause: with the cause taken away, and nothing else, the wait ends.
//!
//! Every recorded scenario is played. Where, after somebody has done something, a pod of a set waits and goes on waiting by itself, the
//! model is copied, a line that the page offers against the root of the explanation is typed, and the copy is run. Every such wait has
//! a line, unless it is [`up_to_others`], and after every line the pod waits for nothing any more, or for something else that only
//! [`COMES_NEXT`] may name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, thread};

use comparison::suite;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::obstacle::Obstacle;
use ordinal::api::release::{Release, V1_37, V1_38};
use ordinal::base::time::Span;
use ordinal::causes::remedy;
use ordinal::playground::Playground;
use ordinal::server::log::Actor;
use ordinal::sim::Sim;
use ordinal::text::Lang;
use ordinal::view::Snapshot;
use ordinal::why::explain::{Explanation, Link, explain};
use ordinal::why::{Plugin, Reason, Verdict};
use rig::file::{Scenario, Step};
use rig::run::play_seen;
use rig::stage;

/// After this long whatever ends by itself has ended.
const SETTLES: Span = Span::seconds(400);
/// How long a cure may take: the longest pause between two tries of anything, twice.
const CURES: Span = Span::seconds(700);

/// Pods that were held up by what another object waited for, and wait for something of their own once that is over: what was waited
/// for, what is waited for then, and why the first is no less the cause. Who waited first must have got what it wanted.
const COMES_NEXT: [(&str, &str, &str); 9] = [
    ("NotReadyYet", "NotReadyYet", "the processes of both pods are made not to be Ready, and each pod has its own line"),
    ("Unschedulable", "Unschedulable", "the next pod finds no node either, for reasons of its own"),
    ("NoVolumeFits", "NoVolumeFits", "the next pod's claim needs a volume of its own"),
    ("EvictedByTaint", "EvictedByTaint", "the next pod is on another machine that is off"),
    ("NobodyIsHeard", "EvictedByTaint", "now that a machine is heard of, the pods of the others are told to go and cannot"),
    ("SchedulingGated", "SchedulingGated", "the next pod has the gates of its template as well"),
    ("SyncFailed", "StorageClassNotFound", "the next pod's claim is of a class that is not there"),
    ("SyncFailed", "SyncFailed", "the name of the next pod is taken as well"),
    ("HeldByFinalizer", "StaleClaim", "the pod goes and its claim after it, which wakes no StatefulSet controller, here as upstream"),
];

/// Whether a pod may only be where other pods are, or are not: what to do about those is nobody's to say, and to want no pods at all is
/// no end of a wait.
fn up_to_others(because: &Reason) -> bool {
    matches!(because, Reason::Unschedulable { by, .. } if by.contains(&Plugin::InterPodAffinity))
}

fn after(sim: &Sim, span: Span) -> Sim {
    let mut sim = sim.clone();
    sim.run_until(sim.now() + span);
    sim
}

/// The pods of sets that should be there and Ready and are not, or should be gone and are not.
fn waiting(sim: &Sim) -> Vec<ObjectKey> {
    let tables = sim.tables();
    // A set that is being deleted wants no pods.
    let wanted = tables.stateful_sets().filter(|set| !set.meta.terminating()).flat_map(|set| {
        let name = |ordinal| ObjectKey::new(Kind::Pod, &set.meta.namespace, &set.pod_name(ordinal));
        set.ordinals().map(name).collect::<Vec<_>>()
    });
    let ready = |key: &ObjectKey| tables.pod(&key.namespace, &key.name).is_some_and(|pod| pod.ready() && !pod.meta.terminating());
    wanted.filter(|key| !ready(key)).collect()
}

/// The explanation of a pod, where somebody waits.
fn wait_of(sim: &Sim, pod: &ObjectKey) -> Option<(ObjectKey, Reason)> {
    let Explanation { links, circular } = explain(sim.tables(), sim.decisions(), None, pod);
    let Link { entry, .. } = links.into_iter().next_back().filter(|_| !circular)?;
    let decision = entry?.decision;
    // A pod that was told to go and cannot is held by whatever makes its node silent.
    let waits = matches!(decision.verdict, Verdict::Waits | Verdict::Refused) || matches!(decision.because, Reason::EvictedByTaint { .. });
    waits.then(|| (decision.about.clone(), decision.because.clone()))
}

/// Types one of the lines that are said to end a wait.
fn typed(sim: &Sim, line: &str) -> Sim {
    let mut playground = Playground::around(sim.clone(), "");
    playground.type_line(line, Lang::English);
    playground.run(sim.now() + CURES, || true);
    playground.sim().clone()
}

/// What stands in the way of a write.
fn obstacle_of(reason: &Reason) -> Option<&Obstacle> {
    if let Reason::SyncFailed { obstacle, .. } = reason { obstacle.as_ref() } else { None }
}

/// The name of a reason without what it holds.
fn name_of(reason: &Reason) -> String {
    reason.variant().to_owned()
}

#[derive(Default)]
struct Tally {
    ended: BTreeMap<String, usize>,
    /// Which of [`COMES_NEXT`] came.
    came_next: BTreeSet<usize>,
    /// How often the place that was made went to another pod, which waited for one before.
    lost: usize,
    /// How often nothing is offered because it is [`up_to_others`].
    up_to_others: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn and(mut self, other: Tally) -> Tally {
        for (reason, times) in other.ended {
            *self.ended.entry(reason).or_default() += times;
        }
        self.came_next.extend(other.came_next);
        self.lost += other.lost;
        self.up_to_others += other.up_to_others;
        self.wrong.extend(other.wrong);
        self
    }
}

/// Looks at every wait that does not end by itself.
fn try_waits(scenario: &str, sim: &Sim, seen: &mut Vec<(ObjectKey, Reason)>, tally: &mut Tally) {
    if waiting(sim).is_empty() {
        return;
    }
    let settled = after(sim, SETTLES);
    let (mut lasting, mut cures) = (None, BTreeMap::new());
    for pod in waiting(&settled) {
        let Some((about, because)) = wait_of(&settled, &pod) else {
            tally.wrong.push(format!("{scenario}: nobody says what {} waits for", pod.name));
            continue;
        };
        if seen.contains(&(pod.clone(), because.clone())) {
            continue;
        }
        seen.push((pod.clone(), because.clone()));
        let control = lasting.get_or_insert_with(|| after(&settled, CURES));
        if wait_of(control, &pod) != Some((about.clone(), because.clone())) {
            continue;
        }
        let lines: Vec<String> =
            remedy::ends(&Snapshot::of(&settled, Lang::English), &about, &because).into_iter().map(|entry| entry.line).collect();
        if lines.is_empty() && up_to_others(&because) {
            tally.up_to_others += 1;
            continue;
        }
        if lines.is_empty() {
            tally.wrong.push(format!("{scenario}: nothing ends the wait of {pod:?} for {about:?}: {because:?}"));
        }
        // Each line that is offered ends it, by itself.
        for line in &lines {
            let cured = cures.entry(line.clone()).or_insert_with(|| typed(&settled, line));
            if !waiting(cured).contains(&pod) {
                continue;
            }
            let next = wait_of(cured, &pod);
            let names = [Some(&because), next.as_ref().map(|(_, because)| because)].map(|b| b.map(name_of).unwrap_or_default());
            let is_other = |(next, reason): &(ObjectKey, Reason)| *next != about || obstacle_of(reason) != obstacle_of(&because);
            let has_it = next.as_ref().is_some_and(is_other) && (about == pod || !waiting(cured).contains(&about));
            let known = COMES_NEXT.iter().position(|(was, is, _)| has_it && names == [*was, *is]);
            let still = waiting(cured);
            let went_to = |other: &ObjectKey| *other != pod && wait_of(&settled, other).is_some_and(|(of, _)| of == *other);
            let lost = names.iter().all(|name| name == "Unschedulable")
                && waiting(&settled).iter().any(|other| went_to(other) && !still.contains(other));
            match known {
                Some(known) => drop(tally.came_next.insert(known)),
                None if lost => tally.lost += 1,
                None => tally.wrong.push(format!("{scenario}: {pod:?} waits for {next:?} after {line}, before for {about:?}: {because:?}")),
            }
        }
        *tally.ended.entry(name_of(&because)).or_default() += 1;
    }
}

fn scenarios() -> Vec<PathBuf> {
    suite::scenarios().iter().map(|name| suite::project().join(suite::RECORDINGS).join(name).join("scenario.yaml")).collect()
}

/// Whether somebody did something in a step: otherwise what comes is what would have come anyway.
fn acts(step: &Step, sim: &Sim, read: usize) -> bool {
    let runs = matches!(step, Step::Kubectl { line, .. } if line.starts_with("exec"));
    runs || matches!(step, Step::Shell { .. } | Step::Fault(_)) || sim.log().from(read).any(|change| change.by == Actor::User)
}

/// The release of a scenario's recordings: the default one, where there are some of it.
fn recorded_on(scenario: &Path) -> &'static Release {
    if scenario.with_file_name("trace.jsonl").exists() { &V1_37 } else { &V1_38 }
}

/// Plays scenarios, and looks at every wait after each step.
fn play<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Tally {
    let mut tally = Tally::default();
    for path in paths {
        let scenario = Scenario::parse(&fs::read_to_string(path).expect("a scenario")).expect("a scenario");
        let setup = stage::setup(&scenario, recorded_on(path)).unwrap_or_else(|e| panic!("{}: {e}", scenario.name));
        let (mut sim, mut seen, mut read) = (Sim::new(&setup), Vec::new(), 0);
        let played = play_seen(&scenario, &mut sim, &mut |step, sim| {
            if acts(step, sim, read) {
                try_waits(&scenario.name, sim, &mut seen, &mut tally);
            }
            read = sim.log().len();
        });
        assert_eq!(played.cut, None, "{}", scenario.name);
    }
    tally
}

#[test]
fn a_wait_ends_when_its_named_cause_is_taken_away() {
    let all = scenarios();
    // One half beside the other: this is the only test of its program.
    let tally = thread::scope(|scope| {
        let rest = scope.spawn(|| play(all.iter().skip(1).step_by(2)));
        play(all.iter().step_by(2)).and(rest.join().expect("the other half"))
    });
    println!("ended: {:?}", tally.ended);
    let never: Vec<_> = COMES_NEXT.iter().enumerate().filter(|(at, _)| !tally.came_next.contains(at)).collect();
    assert!(never.is_empty(), "nothing of the kind came next: {never:?}");
    assert!(tally.lost > 0, "no place went to another pod");
    assert!(tally.up_to_others > 0, "every wait has a line");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    let covered = ["NotReadyYet", "ImagePullFails", "CrashLoop", "StorageClassNotFound", "NoStorageClass", "Unschedulable", "SyncFailed"];
    for reason in covered.into_iter().chain(["EvictedByTaint", "HeldByFinalizer"]) {
        assert!(tally.ended.contains_key(reason), "no recorded wait is for {reason}: {:?}", tally.ended);
    }
}
