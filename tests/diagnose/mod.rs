//! Real clusters that were stuck, recorded with what ended that and what did not: whether the diagnosis finds the cause, and whether the
//! model says of each cure what the real cluster did.
//!
//! `data/diagnose/NN-name/` holds `cluster.yaml` (`kubectl get … -A -o yaml`) and `case.json`: the true cause, cures that were proven on
//! the real cluster, and tempting things that did not free it. `data/diagnose-own/` holds further clusters, recorded by
//! `conformance/recorder/stuck.py`.

mod carried;
mod described;
mod doors;
mod forms;
mod fourth;
mod further;
mod future;
mod law;
mod less;
mod lines;
mod logs;
mod manifests;
mod otherwise;
mod own;
mod page;
mod parts;
mod public;
mod refused;
mod remedies;
mod sentences;
mod texts;
mod tools;
mod withheld;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use comparison::suite;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::base::time::Span;
use ordinal::base::value::Value as Printed;
use ordinal::causes::remedy::Goal;
use ordinal::intake::cures::outcome;
use ordinal::intake::verdict::Verdict;
use ordinal::intake::{Dump, World, told};
use ordinal::sim::Sim;
use ordinal::why::explain::explain;
use rig::file::Scenario;
use rig::run::play_seen;
use rig::stage;
use serde_json::Value;

/// For so long a cure may take, and what does not help is watched.
const PATIENCE: Span = Span::seconds(900);
/// How many of the offered cures count.
const FIRST: usize = 3;

/// The clusters that were given, and those recorded since.
const GIVEN: &str = "diagnose";
const OWN: &str = "diagnose-own";
/// The file of a case that holds the whole cluster.
const CLUSTER: &str = "cluster.yaml";

/// Of a case and a file of it: a fault that stands (how its words begin), and why.
type Standing = (&'static str, &'static str, &'static str, &'static str);

/// What of the given clusters the model may say otherwise than the real cluster did.
const OTHERWISE: &[Standing] = &[(
    "41-scheduling-gate",
    CLUSTER,
    "the real cluster was freed by [\"kubectl -n jobs patch pod trino-0",
    "it frees the first pod only: the next one has a gate of its own, so that the set is not what it should be",
)];

struct Case {
    name: String,
    told: Value,
    path: PathBuf,
}

impl Case {
    /// A file of the case.
    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).expect("a file of a case")
    }
}

/// The cases of a folder, by name.
fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let mut all: Vec<PathBuf> = fs::read_dir(folder).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    all.sort();
    let case = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let told = fs::read_to_string(path.join("case.json")).expect("what a case is");
        Case { name, told: serde_json::from_str(&told).expect("JSON"), path }
    };
    all.into_iter().map(case).collect()
}

/// The faults, each as `case: words`, that do not stand, and what stands without being a fault any more.
fn news(folder: &str, file: &str, mut wrong: Vec<String>) -> Vec<String> {
    let stands = if folder == GIVEN { OTHERWISE } else { own::STANDS };
    for (case, _, words, _) in stands.iter().filter(|of| of.1 == file) {
        let (begins, before) = (format!("{case}: {words}"), wrong.len());
        wrong.retain(|fault| !fault.starts_with(&begins));
        if wrong.len() == before {
            wrong.push(format!("{begins}: no longer so"));
        }
    }
    wrong
}

/// The texts of a list.
fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// What a line does to what, whichever way it is spelled: its words without options and quotes, kinds by one name, and of a patch or a
/// manifest only what it is about.
fn gist(line: &str) -> BTreeSet<String> {
    let kinds = [
        ("statefulset", "sts"),
        ("statefulsets", "sts"),
        ("deployment", "deploy"),
        ("storageclass", "sc"),
        ("nodes", "node"),
        ("namespace", "ns"),
        ("serviceaccount", "sa"),
        ("resourcequota", "quota"),
    ];
    if let Some((_, manifest)) = line.split_once("<<'E'") {
        let of = |key: &str| manifest.lines().find_map(|l| l.strip_prefix(key)).unwrap_or_default().trim().to_owned();
        return [String::from("apply"), of("kind:")].into();
    }
    let mut gist = BTreeSet::new();
    let (line, body) = line.split_once(" -p ").map_or((line, None), |(line, body)| (line, Some(body)));
    let mut words = line.split_whitespace().skip(1);
    while let Some(word) = words.next() {
        if word == "-n" || word == ">" {
            words.next();
        } else if word.ends_with(".json") {
            // A file of any name.
        } else if !word.starts_with("--") || word.starts_with("--replicas") || word.starts_with("--force") {
            for part in word.splitn(2, '/').filter(|_| !word.contains('=') && !word.contains(':')) {
                gist.insert(kinds.iter().find(|(long, _)| *long == part).map_or(part, |(_, short)| *short).to_owned());
            }
            if word.contains('=') || word.contains(':') {
                gist.insert(word.to_owned());
            }
        }
    }
    // Of a patch counts the field.
    for key in body.iter().flat_map(|body| body.split(['"', '/'])).filter(|key| FIELDS.contains(key)) {
        gist.insert(key.to_owned());
    }
    // Which nodes are labelled or tainted may differ.
    if gist.contains("taint") || gist.contains("label") {
        gist.retain(|word| ["taint", "label", "node", "ns"].contains(&&**word) || word.contains(['=', ':']));
    }
    if gist.contains("resources") {
        gist.retain(|word| !word.starts_with("--"));
    }
    gist
}

/// The fields that patches are about.
const FIELDS: [&str; 11] = [
    "finalizers",
    "port",
    "claimRef",
    "partition",
    "nodeSelector",
    "schedulingGates",
    "affinity",
    "runAsNonRoot",
    "storageclass.kubernetes.io",
    "maxUnavailable",
    "minAvailable",
];

/// Lines that do more than look, wait, or try again what was refused.
fn acts(line: &&String) -> bool {
    !["rollout status", " wait ", " get ", " drain "].iter().any(|words| line.contains(words))
}

/// Whether an offered cure does what a proven one does: all of its lines, whatever else.
fn covers(offered: &[String], proven: &[String]) -> bool {
    let has = |line: &String| offered.iter().any(|own| gist(own).is_superset(&gist(line)) || gist(line) == gist(own));
    let mut needed = proven.iter().filter(acts).peekable();
    // Deleting several pods at once or one after the other is the same.
    let pods = |lines: &[String]| -> BTreeSet<String> {
        lines.iter().filter(|line| line.contains("delete pod")).flat_map(|line| gist(line)).collect()
    };
    needed.peek().is_none() && offered.iter().any(|own| proven.iter().any(|line| gist(own).is_subset(&gist(line))))
        || needed.peek().is_some() && needed.all(|line| has(line) || line.contains("delete pod") && pods(offered).is_superset(&gist(line)))
}

/// Whether two lists of lines do the same.
fn same(one: &[String], other: &[String]) -> bool {
    let gists = |lines: &[String]| lines.iter().filter(acts).map(|line| gist(line)).collect::<BTreeSet<_>>();
    gists(one) == gists(other)
}

fn families(told: &Value) -> Vec<String> {
    let many = texts(&told["families"]);
    if many.is_empty() { vec![told["family"].as_str().expect("a family").to_owned()] } else { many }
}

/// What is to come of a command of a case, for the model to agree with the real cluster.
fn goal(world: &World, verdict: &Verdict) -> Goal {
    if world.sim.tables().stateful_set(&verdict.workload.namespace, &verdict.workload.name).is_some_and(|set| !set.meta.terminating()) {
        Goal::Well(verdict.workload.clone())
    } else {
        Goal::Gone(verdict.workload.clone())
    }
}

/// The commands that were typed before those of a try, if any: `after the tries before it in the same run: a; b`.
fn is_first(tried: &Value) -> bool {
    tried["from"].as_str().is_some_and(|from| from == "recorded state")
}

/// Tries a command of a case on the model; whether it frees.
fn frees(sim: &Sim, lines: &[String], goal: &Goal) -> bool {
    whole(outcome(sim, lines, goal, PATIENCE, Slices::WHOLE)).0.is_some()
}

#[derive(Default)]
struct Tally {
    family: usize,
    object: usize,
    detail: usize,
    cured: (usize, usize),
    agrees: (usize, usize),
    wrong: Vec<String>,
}

/// Looks at the verdicts on one case.
fn judge(case: &Case, tally: &mut Tally) {
    let (told_of, name) = (&case.told, &case.name);
    let world = World::of(Dump::read([&*case.file(CLUSTER)]));
    let report = ordinal::intake::verdict::report(&world);
    tally.wrong.extend(sentences::faults(&report).iter().map(|fault| format!("{name}: {fault}")));
    let known = told_of["sufficient"]["cluster"] == true;
    // What only the client was told cannot be known from the cluster, which is well.
    let wanted = if known { families(told_of) } else { vec!["not-stuck".to_owned()] };
    let found: Vec<&str> = report.verdicts.iter().map(|verdict| verdict.family().word()).collect();
    if wanted.iter().map(String::as_str).eq(found.iter().copied()) {
        tally.family += 1;
    } else {
        tally.wrong.push(format!("{name}: {found:?} instead of {wanted:?}"));
    }
    let objects: Vec<String> = report.verdicts.iter().map(|verdict| told::short(&verdict.object)).collect();
    let meant: Vec<&str> = told_of["causeObject"].as_str().expect("an object").split(", ").collect();
    if objects.iter().any(|object| meant.contains(&&**object)) {
        tally.object += 1;
    } else {
        tally.wrong.push(format!("{name}: {objects:?} instead of {meant:?}"));
    }
    tally.detail += usize::from(report.verdicts.iter().any(|verdict| told_of["cause"] == verdict.cause.word()));
    let Some(first) = report.verdicts.first() else { return };
    let tries = |key: &str| told_of[key].as_array().cloned().unwrap_or_default();
    let offered = || report.verdicts.iter().flat_map(|verdict| verdict.cures.iter().take(FIRST)).map(|cure| &cure.lines);
    if known && !tries("cures").is_empty() {
        tally.cured.1 += 1;
        if tries("cures").iter().any(|cure| offered().any(|own| covers(own, &texts(&cure["commands"])))) {
            tally.cured.0 += 1;
        } else {
            tally.wrong.push(format!("{name}: no proven cure among {:?}", offered().collect::<Vec<_>>()));
        }
    }
    for not in tries("notCures").iter().filter(|not| is_first(not)) {
        let lines = texts(&not["commands"]);
        for own in report.verdicts.iter().flat_map(|verdict| &verdict.cures).filter(|cure| same(&cure.lines, &lines)) {
            tally.wrong.push(format!("{name}: offers what did not help: {:?}", own.lines));
        }
    }
    let goal = goal(&world, first);
    if first.family().word() == "not-stuck" || goal.reached(&world.sim) {
        return;
    }
    // What was tried before may have been half of the cure.
    let before = |tried: &Value| tried["from"].as_str().unwrap_or_default().to_owned();
    let is_alone = |tried: &Value| {
        is_first(tried) || wanted.len() == 1 && !["set image", "rollout undo", "patch"].iter().any(|half| before(tried).contains(half))
    };
    for (key, frees_really) in [("cures", true), ("notCures", false)] {
        for tried in tries(key).iter().filter(|tried| if frees_really { is_alone(tried) } else { is_first(tried) }) {
            let lines = texts(&tried["commands"]);
            if lines.iter().any(|line| line.starts_with('#')) {
                // What was done to a machine is no command.
                continue;
            }
            let agrees = frees(&world.sim, &lines, &goal) == frees_really;
            tally.agrees.1 += 1;
            tally.agrees.0 += usize::from(agrees);
            if !agrees {
                tally.wrong.push(format!("{name}: the real cluster was {}freed by {lines:?}", if frees_really { "" } else { "not " }));
            }
        }
    }
}

/// Judges all cases of a folder by the whole cluster.
fn judged(folder: &str) {
    let cases = cases(folder);
    let mut tally = Tally::default();
    cases.iter().for_each(|case| judge(case, &mut tally));
    let Tally { family, object, detail, cured, agrees, wrong } = tally;
    println!(
        "{folder}: {} clusters: family right {family}, object right {object}, finer cause in the same word {detail}; a proven cure among the first \
         {FIRST} in {} of {}; model and real cluster agree on {} of {} tries",
        cases.len(),
        cured.0,
        cured.1,
        agrees.0,
        agrees.1
    );
    let wrong = news(folder, CLUSTER, wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn stuck_clusters_are_diagnosed_as_what_they_were_and_told_in_every_language() {
    judged(GIVEN);
}

#[test]
fn further_stuck_clusters_are_diagnosed_as_what_they_were() {
    judged(OWN);
}

/// A cluster as `kubectl get … -A -o json` prints it.
pub fn dump(sim: &Sim) -> String {
    let tables = sim.tables();
    let kinds: Vec<_> = tables.kinds().collect();
    let objects = kinds.into_iter().flat_map(|kind| tables.all(kind).map(|object| object.encode()).collect::<Vec<_>>());
    // A real cluster always has an Event that is new.
    let about = Printed::of([("kind", "Node"), ("name", "any")]);
    let mut event =
        Printed::of([("kind", Printed::from("Event")), ("involvedObject", about), ("lastTimestamp", sim.now().rfc3339().into())]);
    event.set(&["metadata", "name"], "latest");
    let items = objects.chain([event]);
    let list = [("apiVersion", Printed::from("v1")), ("kind", "List".into()), ("items", Printed::list(items))];
    Printed::of(list).to_json()
}

/// The pods of sets that should be there and Ready and are not.
fn waiting(sim: &Sim) -> Vec<ObjectKey> {
    let tables = sim.tables();
    let wanted = tables.stateful_sets().filter(|set| !set.meta.terminating()).flat_map(|set| {
        let name = |ordinal| ObjectKey::new(Kind::Pod, &set.meta.namespace, &set.pod_name(ordinal));
        set.ordinals().map(name).collect::<Vec<_>>()
    });
    let ready = |key: &ObjectKey| tables.pod(&key.namespace, &key.name).is_some_and(|pod| pod.ready() && !pod.meta.terminating());
    wanted.filter(|key| !ready(key)).collect()
}

/// The reason at the end of the chain of a pod.
fn reason_of(sim: &Sim, pod: &ObjectKey) -> String {
    let links = explain(sim.tables(), sim.decisions(), None, pod).links;
    let entry = links.last().and_then(|link| link.entry.as_ref());
    // Of a pod that is held, the stand-ins of the recordings say no more.
    let word = |word: &'static str| if word == "ProbeFails" { "NotReadyYet" } else { word };
    entry.map_or("nobody".to_owned(), |entry| format!("{} of {}", word(entry.decision.because.variant()), entry.decision.about.name))
}

/// Recordings after which a control plane that was just started, or a kubelet that is no stand-in, has something to write, and what.
const NEWS: [(&str, &str); 8] = [
    ("d-recreate-mid", "a kubelet makes a sandbox for a pod whose image it cannot pull"),
    ("fg-scaled-ring", "the garbage collector looks at a revision whose owner is gone"),
    ("k-protection", "no volume is left, which reads as if none had been pasted"),
    ("m-pods", "a kubelet runs a sidecar, which a stand-in leaves out"),
    ("q-volume-limit", "volumes with a driver are attached"),
    ("s-template-finalizer", "no pod and no revision is there, which reads as if none had been pasted"),
    ("x43-owner-uid", "the garbage collector looks at a reference that was given another name"),
    ("x46-owner-version", "a set is gone and its pods are not, which reads as if it had not been pasted"),
];

#[test]
fn a_dumped_cluster_stands_where_it_stood() {
    let (mut quiet, mut stuck, mut same, mut excused, mut wrong) = (0, 0, 0, Vec::new(), Vec::new());
    // A dump does not tell that it is of another release than the default one.
    for path in scenarios().into_iter().filter(|path| path.with_file_name("trace.jsonl").exists()) {
        let scenario = Scenario::parse(&fs::read_to_string(&path).expect("a scenario")).expect("a scenario");
        let setup = stage::setup(&scenario, &V1_37).unwrap_or_else(|e| panic!("{}: {e}", scenario.name));
        let mut sim = Sim::new(&setup);
        play_seen(&scenario, &mut sim, &mut |_, _| ());
        let settles = sim.now() + Span::seconds(400);
        sim.run_until(settles);
        let world = World::of(Dump::read([&*dump(&sim)]));
        let mut after = world.sim.clone();
        let written = after.log().len();
        let until = after.now() + Span::seconds(400);
        after.run_until(until);
        if !world.dump.unread.is_empty() {
            wrong.push(format!("{}: not read: {:?}", scenario.name, world.dump.unread));
        }
        let (before, now) = (waiting(&sim), waiting(&after));
        if before.is_empty() {
            quiet += 1;
            let writes = after.log().from(written).filter(|change| change.key.kind != Kind::Event);
            let news: Vec<String> = writes.map(|change| format!("{} by {:?}", change.key, change.by)).take(3).collect();
            if NEWS.iter().any(|(name, _)| *name == scenario.name) {
                excused.extend((!news.is_empty()).then(|| scenario.name.clone()));
                continue;
            }
            if !news.is_empty() {
                wrong.push(format!("{}: quiet, and then {news:?}", scenario.name));
            }
            continue;
        }
        stuck += 1;
        let [was, is] = [(&sim, &before), (&after, &now)]
            .map(|(sim, pods)| pods.iter().map(|pod| format!("{}: {}", pod.name, reason_of(sim, pod))).collect::<Vec<_>>());
        if was == is {
            same += 1;
        } else {
            wrong.push(format!("{}: {was:?} became {is:?}", scenario.name));
        }
    }
    assert_eq!(excused, NEWS.map(|(name, _)| name), "each writes something");
    println!("{quiet} quiet clusters, {stuck} with pods that wait, {same} of these for the same");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// The recorded scenarios.
fn scenarios() -> Vec<PathBuf> {
    suite::scenarios().iter().map(|name| suite::project().join(suite::RECORDINGS).join(name).join("scenario.yaml")).collect()
}
