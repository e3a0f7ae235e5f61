//! The recorded clusters as the page's runs: each stands where its diagnosis says, can be written and read back, and is freed by what freed
//! the real one.

use std::fs;
use std::path::Path;

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::time::{Span, Time};
use ordinal::causes::command;
use ordinal::causes::remedy::Goal;
use ordinal::intake::page::{NEWEST, stand};
use ordinal::intake::verdict::report;
use ordinal::intake::{Dump, World};
use ordinal::playground::experiment::{self, Bounds, Ended, Experiment, Sight};
use ordinal::playground::history::{Act, History, Start, link};
use ordinal::playground::setup;
use ordinal::playground::typist::Typist;
use ordinal::text::Lang;
use ordinal::view::cluster::project;
use ordinal::view::why::{self, Question};

use super::{CLUSTER, Case, GIVEN, PATIENCE, cases, families, goal, texts, waiting};

const LANG: Lang = Lang::English;
/// How often a run is looked at.
const STEP: Span = Span::seconds(5);

/// The run of a text, and the world it starts from.
fn begin(text: &str) -> (History, World) {
    let world = World::for_page(Dump::read([text]));
    let start = Start { text: text.into(), sim: world.sim.clone().into() };
    (History::standing(start, LANG), world)
}

/// What is not the same in the run's first picture as in the world.
fn unseen(run: &History, world: &World) -> Vec<String> {
    let (shot, tables) = (run.present().snapshot(LANG), world.sim.tables());
    let mut wrong = Vec::new();
    for kind in [Kind::Node, Kind::Pod, Kind::StatefulSet] {
        let (drawn, there) = (shot.tables.all(kind).count(), world.dump.of(kind).count());
        if drawn != there || tables.all(kind).count() != there {
            wrong.push(format!("{drawn} of {there} {kind:?}s"));
        }
    }
    for set in tables.stateful_sets() {
        let identities = project(&shot, Some(&set.meta.namespaced_name())).identities().count();
        let wanted = set.ordinals().count();
        if identities < wanted {
            wrong.push(format!("{identities} of the {wanted} pods of {}", set.meta.name));
        }
    }
    for set in tables.stateful_sets().filter(|set| !run.present().manifest().contains(&format!("name: {}\n", set.meta.name))) {
        wrong.push(format!("{} is not in the editor", set.meta.name));
    }
    wrong
}

/// Types lines and lets time pass until a goal is reached for good; whether it is.
fn frees(run: &mut History, lines: &[String], goal: &Goal) -> bool {
    let (mut experiment, goal) = (Experiment::new(Bounds { span: PATIENCE, look: STEP, ..Bounds::CURE }), goal.clone());
    experiment.then(lines.iter().flat_map(|line| [experiment::Act::Type(0, line.as_str().into()), experiment::Act::Answer]));
    experiment.then([experiment::Act::Pause, experiment::Act::See(Sight::new(move |sim| goal.reached(sim)))]);
    let ended = experiment.step(&mut Typist { run, lang: LANG }, &mut || true);
    matches!(ended, Some(Ended::Done(_)))
}

/// The sets of a run, each with how often what is wanted of it has changed.
fn generations(run: &History) -> Vec<(ObjectKey, i64)> {
    run.present().tables().stateful_sets().map(|set| (set.key(), set.meta.generation)).collect()
}

/// What a run is not after it was written and read back.
fn lost(run: &History) -> Vec<String> {
    let written = link::write(run, "");
    let read = link::read(&written, &setup(), LANG, &stand, || true);
    let same = |what: &str, is: bool| (!is).then(|| what.to_owned());
    let states = [run, &read.history].map(|run| (run.start(), run.present().now(), run.present().sim().digest(), run.head().now()));
    [
        same("lines are not understood", read.unread == 0),
        same("it is cut", !read.cut),
        same("it differs", !read.differs && states[0] == states[1]),
        same("it is written otherwise", link::write(&read.history, "") == written),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is wrong with the text that stands for a case in a link.
fn misread(dump: Dump, text: &str) -> Vec<String> {
    let again = Dump::read([text]);
    let mut wrong = Vec::new();
    if (&again.objects, &again.events, again.newest) != (&dump.objects, &dump.events, dump.newest) {
        wrong.push("the text reads otherwise".to_owned());
    }
    if World::of(again).sim.digest() != World::of(dump).sim.digest() {
        wrong.push("the text makes another world".to_owned());
    }
    wrong
}

/// What is wrong with the start of a run: what is drawn, what is said of pods that wait, what a command that only asks leaves behind,
/// and what applying the text in the editor does.
fn misbegun(run: &mut History, world: &World) -> Vec<String> {
    let mut wrong = unseen(run, world);
    let start = run.start();
    if world.dump.newest != Some(NEWEST) || start != world.at || start < NEWEST {
        wrong.push(format!("it starts at {start}"));
    }
    run.run(start + Span::seconds(30), || true);
    for pod in waiting(run.present().sim()) {
        let why = why::answer(&run.present().snapshot(LANG), &Question::Object(pod.clone()));
        if why.verdict.is_empty() {
            wrong.push(format!("nothing is said of {}", pod.name));
        }
    }
    run.act(Act::Line("kubectl get pods -A".to_owned()), LANG);
    wrong.extend(lost(run));
    run.seek(Time(0));
    if run.present().now() != start || run.present().sim().digest() != world.sim.digest() {
        wrong.push("the start is not shown again".to_owned());
    }
    let before = generations(run);
    run.act(Act::Line(command::apply()), LANG);
    run.run(start + STEP, || true);
    if generations(run) != before || run.present().applied().is_none() {
        let said: Vec<_> = run.present().terminal().lines().iter().map(|line| line.text.clone()).collect();
        wrong.push(format!("applying what stands in the editor changes it: {said:?}"));
    }
    wrong
}

/// Looks at a case; what is wrong with it.
fn judge(case: &Case, freed: &mut usize) -> Vec<String> {
    let dump = Dump::read([&*case.file(CLUSTER)]);
    let text = dump.text();
    let (mut run, world) = begin(&text);
    let mut wrong = misread(dump, &text);
    wrong.extend(misbegun(&mut run, &world));
    let diagnosed = report(&world);
    let found: Vec<&str> = diagnosed.verdicts.iter().map(|verdict| verdict.family().word()).collect();
    let known = case.told["sufficient"]["cluster"] == true;
    let wanted = if known { families(&case.told) } else { vec!["not-stuck".to_owned()] };
    if !wanted.iter().map(String::as_str).eq(found.iter().copied()) {
        wrong.push(format!("{found:?} instead of {wanted:?}"));
    }
    let Some(first) = diagnosed.verdicts.first() else { return wrong };
    let goal = goal(&world, first);
    let is_stuck = known && first.family().word() != "not-stuck" && first.family().word() != "identity-conflict";
    run.seek(Time(0));
    if is_stuck && frees(&mut run, &[], &goal) {
        wrong.push("it is freed by itself".to_owned());
    }
    let cures = case.told["cures"].as_array().into_iter().flatten().map(|cure| texts(&cure["commands"]));
    let cured = cures.into_iter().any(|lines| {
        run.seek(Time(0));
        frees(&mut run, &lines, &goal)
    });
    if cured {
        *freed += 1;
        wrong.extend(lost(&run));
    } else if is_stuck {
        wrong.push(format!("no proven cure frees {goal:?}"));
    }
    wrong
}

#[test]
fn a_pasted_cluster_is_a_run_of_the_page() {
    let (cases, mut freed) = (cases(GIVEN), 0);
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| judge(case, &mut freed).into_iter().map(|fault| format!("{}: {fault}", case.name)).collect::<Vec<_>>())
        .collect();
    println!("{} clusters as runs, {freed} freed by what freed the real ones", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_is_no_dump_is_no_run_of_the_page() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let inside = |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>();
    let mut files = inside(&data.join("diagnose-pastes"));
    for case in cases(GIVEN) {
        files.extend(["tables.txt", "describe.txt", "one-line.txt"].map(|file| data.join("diagnose").join(&case.name).join(file)));
    }
    let mut none = 0;
    for path in files {
        let dump = Dump::read([&*fs::read_to_string(&path).expect("a text")]);
        assert_eq!(stand(&dump.text()).is_some(), dump.has_cluster(), "{}", path.display());
        none += usize::from(!dump.has_cluster());
    }
    assert!(none > 100, "{none} texts make no run");
}
