//! Which texts are dumps, and that what the objects of a dump say beats what the world decides.

use super::less::{made_of, names, pastes};
use super::{CLUSTER, GIVEN, OWN, cases};
use ordinal::api::kind::Kind;
use ordinal::causes::message::{Said, SaidIn, take_apart};
use ordinal::intake::{Door, Dump, Report, Verdict, diagnose, told};
use ordinal::sayings::{self, Row};
use ordinal::why::Family;
use std::thread;

#[test]
fn each_recorded_cluster_is_a_dump_and_what_a_terminal_shows_of_it_is_read() {
    for case in [GIVEN, OWN].into_iter().flat_map(cases) {
        assert_eq!(diagnose([&*case.file(CLUSTER)]).door, Door::Dump, "{}", case.name);
        for file in ["tables.txt", "describe.txt", "one-line.txt"] {
            let report = diagnose([&*case.file(file)]);
            assert_eq!(report.door, Door::Text, "{}: {file}", case.name);
            assert!(untried(&report), "{}: {file}", case.name);
        }
    }
}

/// Whether nothing of a report was tried or assumed.
pub fn untried(report: &Report) -> bool {
    let of_world = |one: &Verdict| !one.cures.is_empty() || !one.not_cures.is_empty() || !one.chain.is_empty() || one.ends_in.is_some();
    report.assumed.is_empty() && !report.verdicts.iter().any(of_world)
}

#[test]
fn what_the_states_of_containers_say_is_never_contradicted() {
    for case in [GIVEN, OWN].into_iter().flat_map(cases) {
        let text = case.file(CLUSTER);
        let report = diagnose([&*text]);
        for pod in Dump::read([&*text]).of(Kind::Pod) {
            let name = pod.text_at(&["metadata", "name"]).unwrap_or_default();
            for status in pod.list_at(&["status", "containerStatuses"]) {
                let word = |key: &str| status.text_at(&["state", "waiting", key]).unwrap_or_default();
                let said = take_apart(Said { place: SaidIn::State, reason: word("reason"), text: word("message") });
                let Some(family) = said.map(|told| told.cause.family()).filter(|_| !word("message").is_empty()) else { continue };
                let own = report.verdicts.iter().filter(|verdict| name.starts_with(&format!("{}-", verdict.workload.name)));
                let families: Vec<Family> = own.map(|verdict| verdict.family()).collect();
                assert!(!families.contains(&Family::NotStuck), "{}: {name} waits: {}", case.name, word("message"));
                let agrees = families.is_empty() || families.contains(&family) || families.contains(&Family::RollbackTrap);
                assert!(agrees, "{}: {name} says {family:?}, and is told as {families:?}", case.name);
            }
        }
    }
}

/// A cluster whose pod says that it lacks a Secret, although nothing else is amiss.
const LACKS: &str = r#"{"kind":"List","items":[
{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","namespace":"shop","uid":"31111111-2222-4333-8444-555555555555","generation":1},
 "spec":{"replicas":1,"serviceName":"web","selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}},
 "status":{"replicas":1,"observedGeneration":1}},
{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","namespace":"shop","uid":"41111111-2222-4333-8444-555555555555","labels":{"app":"web"},
 "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","uid":"31111111-2222-4333-8444-555555555555","controller":true}]},
 "spec":{"nodeName":"n1","containers":[{"name":"web","image":"web:1"}]},
 "status":{"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],
  "containerStatuses":[{"name":"web","image":"web:1","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"pw\" not found"}}}]}},
{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","uid":"51111111-2222-4333-8444-555555555555"},"status":{"conditions":[{"type":"Ready","status":"True"}],
  "allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},"capacity":{"cpu":"4","memory":"8Gi","pods":"110"}}}]}"#;

#[test]
fn a_pod_that_says_what_it_lacks_is_believed() {
    let report = diagnose([LACKS]);
    let first = &report.verdicts[0];
    assert_eq!((report.door, first.family(), told::short(&first.object)), (Door::Dump, Family::ContainerFails, "pod/web-0".to_owned()));
    // Without its node the same is a text, and says the same.
    let without =
        LACKS.split("{\"apiVersion\":\"v1\",\"kind\":\"Node\"").next().unwrap_or_default().trim_end().trim_end_matches(',').to_owned()
            + "]}";
    let read = diagnose([&*without]);
    assert_eq!((read.door, read.verdicts[0].cause), (Door::Text, first.cause));
}

/// A row of Events about an object of its own that says what a row of the catalogue says, and the message.
fn row_of(row: &Row) -> Option<(String, String)> {
    let event = row.places.iter().find(|at| at.place == Some(SaidIn::Event))?;
    let reason = event.reasons.first().unwrap_or(&"Noted");
    let filled = |form: &str| {
        let mut parts = form.split('{');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + "zq1" + part.split_once('}').map_or("", |(_, rest)| rest))
    };
    let message = row.also.iter().fold(filled(row.form), |text, more| text + " " + &filled(more));
    let kind = row.kind.info().singular;
    let name = if kind == "pod" { "zq-7" } else { "zq" };
    (!row.is_any()).then(|| (format!("3s   Warning   {reason}   {kind}/{name}   {message}"), message))
}

/// Names in the words of a verdict that stand in the text as they are.
const SLOTS: [&str; 18] = [
    "node",
    "claim",
    "pvc",
    "pv",
    "volume",
    "image",
    "ns",
    "sc",
    "class",
    "container",
    "user",
    "other",
    "budget",
    "holder",
    "quota",
    "account",
    "peer",
    "revision",
];

/// How many texts are made, and the variable of the environment that sets another count.
const MIXED: u64 = 1000;
const COUNT: &str = "ORDINAL_MIXED";

/// How many texts are made, and how many at once.
fn counts() -> (u64, u64) {
    let mixed = std::env::var(COUNT).ok().and_then(|count| count.parse().ok()).unwrap_or(MIXED);
    (mixed, if mixed > MIXED { 2 } else { 1 })
}

/// What became of mixed texts.
#[derive(Default)]
struct Mixed {
    told: u64,
    read: u64,
    not_told: Vec<String>,
    wrong: Vec<String>,
}

/// Looks at the texts of some numbers, each with a row of the catalogue in it.
fn looked_at(numbers: impl Iterator<Item = u64>, all: &[(String, String)], rows: &[(String, String)]) -> Mixed {
    let mut out = Mixed::default();
    for number in numbers {
        let (row, message) = &rows[usize::try_from(number * 37).expect("a number") % rows.len()];
        let text = format!("{}\n\nLAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n{row}\n", made_of(all, number + 5000));
        let report = diagnose([&*text]);
        let is_it = |verdict: &Verdict| verdict.said.texts().any(|said| said.contains(message.as_str()));
        let reason = row.split_whitespace().nth(2).unwrap_or_default();
        let is_ordinary = take_apart(Said { place: SaidIn::Event, reason, text: message }).is_none();
        let is_told = is_ordinary || report.verdicts.iter().any(is_it);
        out.told += u64::from(is_told);
        if !is_told {
            let titles: Vec<String> = report.verdicts.iter().map(|one| told::title(one).plain()).collect();
            out.not_told.push(format!("{row} @{number} {titles:?}"));
        }
        for verdict in &report.verdicts {
            let filled = [&verdict.object, &verdict.workload].into_iter().filter(|key| !names(&text, &key.name));
            out.wrong.extend(filled.map(|key| format!("text {number}: {key} is not named\n{text}")));
            let slots = verdict.said.named_texts().filter(|(slot, said)| SLOTS.contains(slot) && !text.contains(*said));
            out.wrong.extend(slots.map(|(slot, said)| format!("text {number}: {slot} is {said}\n{text}")));
        }
        if report.door == Door::Text {
            out.read += 1;
            let said = told::text(&report);
            let is_tried = ["tried on a copy", "healthy after", "Assumed"].iter().any(|words| said.contains(words));
            if is_tried || !untried(&report) {
                out.wrong.push(format!("text {number}: something was tried or assumed\n{text}"));
            }
        }
    }
    out
}

#[test]
fn in_mixed_texts_most_sayings_are_told_and_nothing_is_filled_or_tried() {
    let mut all = pastes();
    all.extend(super::public::texts());
    let rows: Vec<(String, String)> = sayings::rows().iter().filter_map(row_of).collect();
    let (mixed, threads) = counts();
    let found: Vec<Mixed> = thread::scope(|scope| {
        let (all, rows) = (&all, &rows);
        let part = |first: u64| move || looked_at((first..mixed).step_by(usize::try_from(threads).expect("a count")), all, rows);
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
        running.into_iter().map(|one| one.join().expect("texts that are survived")).collect()
    });
    let (told, read) = found.iter().fold((0, 0), |(told, read), one| (told + one.told, read + one.read));
    let listed = |of: fn(&Mixed) -> &Vec<String>| found.iter().flat_map(of).cloned().collect::<Vec<String>>();
    let (not_told, wrong) = (listed(|one| &one.not_told), listed(|one| &one.wrong));
    println!("{told} of {mixed} sayings in mixed texts are told, {read} texts are read, {} slots are wrong", wrong.len());
    println!("{}", not_told[..not_told.len().min(40)].join("\n"));
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
    assert!(told * 100 >= mixed * 90, "{told} of {mixed} are told");
}
