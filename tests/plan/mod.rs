//! The plan agrees with reality: changes that were recorded on a real control plane, each planned in the model as it stood before the
//! change, and compared with what the recording has from there on.
//!
//! Chosen by rule: every line of every recorded scenario that changes something ([`CHANGES`]) while a StatefulSet has pods. A change is
//! followed up to the next one, or to the next fault. Compared are what was refused, in the server's words; which pods went and came, in
//! their order; and, where the recording came to rest, the pods at its end, with their images and nodes and whether they are Ready.

mod asked;
mod believed;
mod beside;
mod data;
mod follows;
mod gentler;
mod lacks;
mod pieces;
mod planned;
mod played;
mod public;
mod real;
mod recorded;
mod stands;
mod taken;
mod typed;
mod watched;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use comparison::listed::is_not_simulated;
use ordinal::api::object::Name;
use ordinal::api::release::{Release, V1_37, V1_38};
use ordinal::base::time::Span;
use ordinal::kubectl::words;
use ordinal::plan::course::{Course, Outcome};
use ordinal::plan::watch::{Event, Watched};
use ordinal::plan::{Change, Planner};
use ordinal::playground::Playground;
use ordinal::sim::Sim;
use recorded::{Pod, Segment};
use rig::file::{Scenario, Step};
use rig::run::play_seen;
use rig::{pace, stage};
use serde_json::Value;

/// The pods of a set in the order in which they were asked to go.
fn deletions(watched: &Watched) -> impl Iterator<Item = &Name> {
    watched.steps.iter().filter(|step| matches!(step.event, Event::Deleted(_))).map(|step| &step.pod)
}

/// The lines that change something.
const CHANGES: [&str; 14] = [
    "apply",
    "set",
    "patch",
    "scale",
    "rollout restart",
    "rollout undo",
    "delete",
    "drain",
    "replace",
    "label",
    "annotate",
    "taint",
    "cordon",
    "uncordon",
];
/// Further lines, after which what happens is no longer what came of the change before.
const ALSO_ACT: [&str; 4] = ["create", "run", "rollout pause", "rollout resume"];

/// A change of a recorded scenario.
struct Recorded {
    /// `updates/rolling-update`.
    scenario: String,
    /// The number of the command, which tells it from the others of the scenario.
    id: usize,
    line: String,
    before: Sim,
    files: BTreeMap<String, String>,
    /// Whether something else is done later, and which command or fault that is.
    until: Option<recorded::Mark>,
}

fn is_one(line: &str, of: &[&str]) -> bool {
    of.iter().any(|verb| line == *verb || line.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' ')))
}

/// Whether a StatefulSet has pods.
fn runs(sim: &Sim) -> bool {
    sim.tables().stateful_sets().any(|set| sim.tables().pods().any(|pod| pod.meta.is_controlled_by(set.meta.uid)))
}

/// The changes of a scenario, with the model as it stood before each.
fn changes(name: &str, scenario: &Scenario) -> Vec<Recorded> {
    let setup = stage::setup(scenario, recorded_in(name).0).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut sim = Sim::new(&setup);
    sim.run_until(sim.now() + pace::PROLOGUE);
    let mut stood = vec![sim.clone()];
    let played = play_seen(scenario, &mut sim, &mut |_, sim| stood.push(sim.clone()));
    let printed: Value = serde_json::from_str(&played.kubectl).expect("commands");
    let lines: Vec<&str> =
        printed["commands"].as_array().expect("commands").iter().map(|one| one["cmd"].as_str().expect("a line")).collect();
    let (mut found, mut id, mut fault): (Vec<Recorded>, usize, usize) = (Vec::new(), 0, 0);
    for (step, before) in scenario.steps.iter().zip(&stood) {
        let mark = match step {
            Step::Fault(_) => {
                fault += 1;
                recorded::Mark::Fault(fault - 1)
            }
            Step::Kubectl { .. } | Step::Shell { .. } => {
                id += 1;
                recorded::Mark::Command(id - 1)
            }
            _ => continue,
        };
        let line = if matches!(step, Step::Kubectl { .. }) { lines.get(id - 1).copied().unwrap_or_default() } else { "" };
        let changes = is_one(line, &CHANGES);
        if changes || is_one(line, &ALSO_ACT) || matches!(step, Step::Fault(_) | Step::Shell { .. }) {
            found.iter_mut().filter(|one| one.until.is_none()).for_each(|one| one.until = Some(mark));
        }
        if changes && runs(before) {
            let (before, files) = (before.clone(), scenario.files.clone());
            found.push(Recorded { scenario: name.to_owned(), id: id - 1, line: line.to_owned(), before, files, until: None });
        }
    }
    found
}

impl Recorded {
    /// The change as a plan takes it, and the world in which it is planned.
    fn change(&self) -> (Playground, Change) {
        // Others have no place in the page's editor.
        let files = self.files.iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "yaml"));
        let files: Vec<String> = files.map(|(name, text)| format!("# {name}\n{text}\n---\n")).collect();
        let typed = words::split(&self.line).unwrap_or_default();
        let change = match typed.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["apply", "-f", file] if self.files.contains_key(*file) => Change::Manifest(self.files[*file].clone()),
            _ => Change::Lines(vec![format!("kubectl {}", self.line)]),
        };
        (Playground::around(self.before.clone(), &files.concat()), change)
    }

    /// The given course of its plan.
    fn planned(&self) -> Course {
        let (world, change) = self.change();
        let mut planner = Planner::new(&world, &change);
        while planner.given().is_none() {
            planner.step();
        }
        planner.given().expect("a course").clone()
    }

    /// Where a recorded run went otherwise than planned; and what of that run was compared.
    fn differences(&self, course: &Course, run: &Segment) -> (Vec<String>, Seen) {
        let outcome = &course.outcome;
        let mut found = refusals(outcome, run, self.line.rsplit(' ').next().unwrap_or_default());
        let known = self.before.tables().stateful_sets().map(|set| &set.meta.name);
        let mut sets: Vec<&str> = outcome.sets.iter().map(|set| &set.watched.set.name).chain(known).map(|name| &**name).collect();
        sets.sort_unstable();
        sets.dedup();
        let mut seen = Seen { moves: false, rests: run.rests };
        for set in sets {
            let watched = outcome.sets.iter().map(|one| &one.watched).find(|one| *one.set.name == *set);
            let steps = watched.map_or(Vec::new(), |watched| order(watched, &self.before));
            let (real, quiet) = (run.order(set), run.quiet(set));
            seen.moves |= !real.is_empty();
            let last = real.len().checked_sub(1).and_then(|last| steps.get(last)).map_or(0, |(at, _)| *at);
            // What comes after the recording came to rest for so long comes later than that here, too.
            let later = !run.rests || steps.get(real.len()).is_none_or(|(at, _)| at.saturating_sub(last) >= quiet);
            if !later || !recorded::agree(&real, &steps) {
                found.push(format!("{set}: {} instead of {}", joined(&steps), joined(&real)));
                continue;
            }
            let goes_on = |watched: &Watched| watched.steps.last().is_some_and(|step| step.at.since(watched.from).0 > last + quiet);
            let rests = run.rests && !watched.is_some_and(goes_on);
            seen.rests &= rests;
            if let Some(watched) = watched.filter(|_| rests) {
                let (mine, real) = (pods(watched), run.pods(set));
                if mine != real {
                    found.push(format!("{set} ends as {mine:?} instead of {real:?}"));
                }
            }
        }
        (found, seen)
    }
}

/// What was there to be compared.
struct Seen {
    /// Whether pods went or came.
    moves: bool,
    /// Whether all came to rest, so that the ends were compared.
    rests: bool,
}

fn joined(steps: &[(u64, String)]) -> String {
    steps.iter().map(|(_, step)| step.as_str()).collect::<Vec<_>>().join(" ")
}

/// What was refused and should not have been, or the other way round.
fn refusals(outcome: &Outcome, run: &Segment, file: &str) -> Vec<String> {
    let said: Vec<&str> = outcome.refused.iter().map(|one| &*one.said).collect();
    match run.code {
        // Whoever waited for it stopped it.
        None => Vec::new(),
        Some(0) if said.is_empty() => Vec::new(),
        Some(0) => vec![format!("refused: {said:?}")],
        Some(_) if said.is_empty() && outcome.blocked.is_none() => vec![format!("not refused: {}", run.stderr)],
        Some(_) => {
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (real, own) = (squeezed(&run.stderr), said.iter().flat_map(|said| said.lines()));
            // The words of each field, whatever stands before them when there are several.
            let words = |line: &str| {
                let words = line.split_once("is invalid: ").map_or(line, |(_, words)| words);
                squeezed(&words.trim_start_matches("* ").replace("manifest.yaml", file))
            };
            own.map(words).filter(|line| !real.contains(line)).map(|line| format!("refused with {line:?} instead of {real:?}")).collect()
        }
    }
}

/// What went and came, and how long after the change in milliseconds.
fn order<'a>(watched: &'a Watched, before: &'a Sim) -> Vec<(u64, String)> {
    let mut leaving: Vec<&str> = before.tables().pods().filter(|pod| pod.meta.terminating()).map(|pod| &*pod.meta.name).collect();
    let mut out = Vec::new();
    for step in &watched.steps {
        let sign = match step.event {
            Event::Created => '+',
            Event::Deleted(_) => {
                leaving.push(&step.pod);
                '-'
            }
            Event::Gone => {
                let asked = leaving.iter().position(|name| **name == *step.pod).map(|at| leaving.remove(at));
                if asked.is_some() {
                    continue;
                }
                '-'
            }
            _ => continue,
        };
        out.push((step.at.since(watched.from).0, format!("{sign}{}", step.pod)));
    }
    out
}

/// The pods of a set at the end.
fn pods(watched: &Watched) -> BTreeMap<String, Pod> {
    let pod = |pod: &ordinal::plan::watch::Standing| Pod {
        image: pod.seen.images.first().map(ToString::to_string).unwrap_or_default(),
        node: pod.seen.node.as_ref().map(ToString::to_string).unwrap_or_default(),
        ready: pod.ready,
        leaving: pod.leaving,
    };
    watched.pods.iter().map(|one| (one.pod.to_string(), pod(one))).collect()
}

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings")
}

fn inside(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder).expect("a folder").map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

/// The recorded scenarios of groups: `updates/rolling-update`.
fn scenarios(groups: &[&str]) -> Vec<String> {
    let of_group =
        |group: &&str| inside(&recordings().join(group)).into_iter().map(move |name| (*group).to_owned() + "/" + &name).collect();
    groups.iter().flat_map::<Vec<String>, _>(of_group).collect()
}

/// The release of a scenario's recordings, and their folder: what only 1.38 knows was recorded there alone.
fn recorded_in(name: &str) -> (&'static Release, PathBuf) {
    let folder = recordings().join(name);
    if folder.join("trace.jsonl").exists() { (&V1_37, folder) } else { (&V1_38, folder.join(V1_38.name)) }
}

fn scenario(name: &str) -> Scenario {
    Scenario::parse(&fs::read_to_string(recordings().join(name).join("scenario.yaml")).unwrap()).unwrap()
}

#[test]
fn a_control_plane_that_begins_anew_replaces_no_pod_of_its_own_accord() {
    let mut worlds = 0;
    for name in scenarios(&["ownership", "spine", "updates"]) {
        let scenario = scenario(&name);
        let mut sim = Sim::new(&stage::setup(&scenario, &V1_37).unwrap());
        play_seen(&scenario, &mut sim, &mut |_, _| ());
        let mut anew = sim.clone();
        anew.upgrade(&V1_37);
        let until = sim.now() + Span::seconds(100);
        sim.run_until(until);
        anew.run_until(until);
        let pods = |sim: &Sim| sim.tables().pods().map(|pod| (pod.key(), pod.meta.uid, pod.ready())).collect::<Vec<_>>();
        assert_eq!(pods(&anew), pods(&sim), "{name}");
        worlds += 1;
    }
    assert!(worlds > 80, "{worlds}");
}

#[test]
fn the_plan_of_every_recorded_change_agrees_with_what_a_real_control_plane_did() {
    let (mut all, mut same, mut rested, mut wrong) = (0, 0, 0, Vec::new());
    let (mut moved, mut moved_so, mut refused, mut refused_so) = (0, 0, 0, 0);
    let mut by_group: Vec<String> = Vec::new();
    for group in inside(&recordings()) {
        let (before, before_same) = (all, same);
        for name in scenarios(&[&group]) {
            let scenario = scenario(&name);
            let runs = comparison::run::Run::recorded(&recorded_in(&name).1).unwrap_or_else(|e| panic!("{e}"));
            let release = recorded_in(&name).0.name;
            for change in changes(&name, &scenario).into_iter().filter(|one| !is_not_simulated(release, &name, &one.line)) {
                all += 1;
                let course = change.planned();
                // Whatever one of the recorded runs did is what a real control plane does.
                let compared = runs.iter().filter_map(|run| Segment::of(run, change.id, change.until));
                let judged = compared.map(|run| (change.differences(&course, &run), run.code.is_some_and(|code| code != 0)));
                let best = judged.min_by_key(|((found, _), _)| found.len());
                let ((found, seen), fails) = best.unwrap_or_else(|| panic!("{name}: no command {}", change.id));
                rested += usize::from(seen.rests);
                let is_so = usize::from(found.is_empty());
                (moved, moved_so) = (moved + usize::from(seen.moves), moved_so + is_so * usize::from(seen.moves));
                (refused, refused_so) = (refused + usize::from(fails), refused_so + is_so * usize::from(fails));
                if found.is_empty() {
                    same += 1;
                } else {
                    wrong.push((change.scenario.clone(), change.line.clone(), found.join("\n    ")));
                }
            }
        }
        by_group.push(format!("{group} {} of {}", same - before_same, all - before));
    }
    println!(
        "{same} of {all} recorded changes go as planned ({}): pods went or came in {moved_so} of {moved}, {refused_so} of {refused} were \
         refused; the ends of {rested} were compared",
        by_group.join(", ")
    );
    let (news, gone) = stands::news(&wrong);
    assert!(all >= 40 && news.is_empty() && gone.is_empty(), "{}\nno longer so: {gone:?}", news.join("\n"));
}
