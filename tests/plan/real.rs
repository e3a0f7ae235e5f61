//! Plans beside what a real 1.37.1 then did: changes, each with the manifest before, the change, and `real.json`, which `plans.py` of the
//! recorder wrote. Each is planned from the manifest and, where it was kept, from what `kubectl get -o yaml` printed of that cluster then.

use std::fs;
use std::path::{Path, PathBuf};

use super::inside;
use ordinal::api::release::V1_37;
use ordinal::base::fields::samples::Sample;
use ordinal::plan::course::{Course, End};
use ordinal::plan::matter::{Matter, is_amiss};
use ordinal::plan::watch::{Event, Watched};
use ordinal::plan::{self, Change, Plan, case, report};
use ordinal::text::plan::{Says, Way};
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan/real").join(name)
}

fn text(name: &str, file: &str) -> String {
    fs::read_to_string(folder(name).join(file)).unwrap_or_else(|e| panic!("{name}/{file}: {e}"))
}

/// The plan of a folder's change, in the world of one of its files.
fn planned(name: &str, before: &str) -> Plan {
    let mut world = case::world(&text(name, before), &V1_37).unwrap_or_else(|faults| panic!("{name}/{before}: {faults:?}"));
    let lines: Vec<String> = serde_json::from_str(&text(name, "do.json")).expect("lines");
    if lines == ["kubectl apply -f after.yaml"] {
        return plan::of(&world, &Change::Manifest(text(name, "after.yaml")));
    }
    for file in ["before.yaml", "after.yaml"].into_iter().filter(|file| lines.iter().any(|line| line.contains(file))) {
        case::put_file(&mut world, file, &text(name, file));
    }
    plan::of(&world, &Change::Lines(lines))
}

fn said(plan: &Plan) -> String {
    report::text(plan, "after.yaml")
}

fn real(name: &str) -> Value {
    serde_json::from_str(&text(name, "real.json")).expect("JSON")
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text").to_owned()).collect()
}

/// `-web-2`, `+web-2`, `Rweb-2`: what of a set was asked to go, came and got Ready, and so on, as in `real.json`.
fn order(watched: &Watched) -> Vec<String> {
    let signed = watched.steps.iter().filter_map(|step| match step.event {
        Event::Created => Some(format!("+{}", step.pod)),
        Event::Deleted(_) => Some(format!("-{}", step.pod)),
        Event::Ready => Some(format!("R{}", step.pod)),
        Event::Unready => Some(format!("r{}", step.pod)),
        Event::Gone => Some(format!("x{}", step.pod)),
        Event::Bound(_) => None,
    });
    signed.collect()
}

/// The same, where what came or went without anything in between is in the order of names: that order is chance.
fn in_runs(steps: impl IntoIterator<Item = String>) -> String {
    let mut runs: Vec<Vec<String>> = Vec::new();
    for step in steps {
        match runs.last_mut().filter(|run| run[0][..1] == step[..1]) {
            Some(run) => run.push(step),
            None => runs.push(vec![step]),
        }
    }
    runs.iter_mut().for_each(|run| run.sort());
    runs.concat().into_iter().filter(|step| step.starts_with(['+', '-'])).collect::<Vec<_>>().join(" ")
}

/// The words of a refusal in one line, whatever the file is called that they are about.
fn squeezed(text: &str) -> String {
    text.replace("manifest.yaml", "after.yaml").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a course went otherwise than the real plane.
fn differences(course: &Course, real: &Value) -> Vec<String> {
    let (outcome, story) = (&course.outcome, &real["story"]);
    let steps: Vec<String> = texts(&story["order"]).iter().map(|step| step.split('@').next().unwrap_or_default().to_owned()).collect();
    let mut really = steps.clone();
    let mut found = Vec::new();
    let mut same =
        |what: &str, planned: String, real: String| found.extend((planned != real).then(|| format!("{what}: {planned} for {real}")));
    let watched = || outcome.sets.iter().map(|set| &set.watched);
    for set in watched() {
        let is_its = |step: &String| step[1..].rsplit_once('-').is_some_and(|(parent, _)| *parent == *set.set.name);
        let (its, others) = really.into_iter().partition::<Vec<_>, _>(is_its);
        same("order", in_runs(order(set)), in_runs(its));
        really = others;
    }
    same("order", String::new(), in_runs(really));
    // Of sets to which nothing happens, and of new ones, no plan tells how many are Ready.
    let fewest = watched().filter(|one| one.ready_before > 0).map(|one| one.lowest.0).min();
    let fell = story["lowest_at"].as_array().is_some_and(|at| !at.is_empty());
    same("fewest", fewest.map_or(!fell, |lowest| story["lowest"] == lowest).to_string(), "true".to_owned());
    let fails: Vec<&Value> = real["told"].as_array().expect("lines").iter().filter(|line| line["rc"] != 0).collect();
    same("refused", (!outcome.refused.is_empty()).to_string(), (!fails.is_empty()).to_string());
    let words = squeezed(&fails.iter().filter_map(|line| line["stderr"].as_str()).collect::<String>());
    let unsaid = outcome.refused.iter().flat_map(|one| one.said.lines()).map(squeezed).filter(|line| !words.contains(line));
    same("refused with", unsaid.collect::<Vec<_>>().join(" "), String::new());
    // Of the pods that were not Ready at the end, those that were still there.
    let came =
        |pod: &String| steps.iter().rfind(|step| step[1..] == **pod && !step.starts_with('r')).is_none_or(|last| !last.starts_with('x'));
    let unready = watched().flat_map(|one| &one.pods).filter(|pod| !pod.ready).map(|pod| pod.pod.to_string());
    let really: Vec<String> = texts(&story["still_not_ready"]).into_iter().filter(came).collect();
    same("not Ready at the end", unready.collect::<Vec<_>>().join(" "), really.join(" "));
    found
}

#[test]
fn plans_agree_with_what_a_real_plane_did() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for name in inside(&folder("")) {
        for before in ["before.yaml", "dump.yaml"].into_iter().filter(|file| folder(&name).join(file).exists()) {
            let plan = planned(&name, before);
            // Of an image that no pod of the dump has run, both cases are planned.
            let courses = [&plan.given].into_iter().chain(plan.ways.iter().filter(|way| way.way == Way::NoImage));
            let judged = courses.map(|course| differences(course, &real(&name))).min_by_key(Vec::len).expect("a course");
            wrong.extend((!judged.is_empty()).then(|| format!("{name}/{before}: {}", judged.join("; "))));
            compared += 1;
        }
    }
    assert!(compared == 65 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_pod_that_serves_counts_and_the_first_to_come_is_told_first() {
    for before in ["before.yaml", "dump.yaml"] {
        let told = said(&planned("35-ordinals-0-to-1", before));
        assert!(!told.contains("At least") && !told.contains("Not Ready"), "{told}");
        let places = ["Created, in this order: web-3", "Removed, in this order: web-0"].map(|words| told.find(words));
        assert!(places[0].is_some() && places[0] < places[1], "{told}");
    }
}

#[test]
fn a_majority_is_one_of_the_pods_that_are_wanted_then() {
    for before in ["before.yaml", "dump.yaml"] {
        let told = said(&planned("27-fewer-and-new-image", before));
        assert!(told.contains("At least 2 of 3 pods") && told.contains("A majority, which is 2, is always Ready"), "{told}");
        let places = ["Removed, in this order: web-4, web-3", "Replaced, in this order: web-2, web-1, web-0"].map(|words| told.find(words));
        assert!(places[0].is_some() && places[0] < places[1], "{told}");
    }
}

#[test]
fn a_set_that_the_lines_delete_is_not_rolled_out_otherwise() {
    for before in ["before.yaml", "dump.yaml"] {
        let plan = planned("21-orphan-apply-parallel", before);
        assert!(plan.given.outcome.end == End::Settled && plan.ways.iter().all(|way| way.way == Way::NoImage), "{}", said(&plan));
    }
}

#[test]
fn pods_that_keep_their_subdomain_do_not_end_well() {
    for before in ["before.yaml", "dump.yaml"] {
        let (plan, told) = (planned("34-way-round-servicename", before), said(&planned("34-way-round-servicename", before)));
        assert_eq!(plan.given.outcome.end, End::Amiss, "{told}");
        assert!(told.contains("Still with the subdomain web: web-0, web-1, web-2. No name below web-hl"), "{told}");
    }
}

#[test]
fn an_image_that_no_pod_of_a_dump_has_run_is_told_and_planned_without() {
    let plan = planned("18-broken-then-fixed", "dump.yaml");
    let told = said(&plan);
    assert!(told.starts_with("Taken to be there and to get Ready, although no pod of the dump has run it: nginx:broken.\n"), "{told}");
    assert!(told.contains(", taking nginx:broken to get Ready. It leaves nothing waiting."), "{told}");
    let without: Vec<End> = plan.ways.iter().filter(|way| way.way == Way::NoImage).map(|way| way.outcome.end).collect();
    assert_eq!(without, [End::Stuck], "{told}");
    // What pods of the dump have run is there.
    assert!(!said(&planned("35-ordinals-0-to-1", "dump.yaml")).contains("Taken to be there"));
}

/// The sentences of a plan, from both worlds, are these, and none of those.
fn says(name: &str, told: &[&str], untold: &[&str]) {
    for before in ["before.yaml", "dump.yaml"].into_iter().filter(|file| folder(name).join(file).exists()) {
        let said = said(&planned(name, before));
        assert!(told.iter().all(|one| said.contains(one)) && !untold.iter().any(|one| said.contains(one)), "{name}/{before}: {said}");
    }
}

#[test]
fn what_is_made_at_once_has_no_order() {
    says(
        "09-parallel-1-to-4-to-2",
        &["Created together: cass-1, cass-2, cass-3.", "Removed together: cass-3, cass-2."],
        &["in this order"],
    );
    says("04-mongo-2-to-5", &["Created, in this order: mongo-2, mongo-3, mongo-4."], &["together"]);
}

#[test]
fn pods_of_ordinals_that_were_given_up_come_back_in_the_order_of_a_start() {
    let told = ["Removed, in this order: ledger-2, ledger-1, ledger-0.", "Created, in this order: ledger-0, ledger-1, ledger-2."];
    says("29-to-zero-and-back", &told, &["Replaced"]);
}

#[test]
fn a_pod_that_is_replaced_twice_is_one_pod() {
    let told = ["Replaced, in this order: cfg-1, cfg-0, cfg-1, cfg-0.", "2 pods come back with another address."];
    says("27-undo-of-good", &told, &["moves from"]);
}

#[test]
fn what_is_missing_at_the_end_has_no_length() {
    says("36-too-much-memory", &["A majority, which is 2, is not Ready at the end."], &["not Ready for"]);
    // The node that the pod selects has the label: it is closed.
    says("30-drain-pinned", &["No pod is Ready at the end."], &["Ready for", "has the labels"]);
}

#[test]
fn volumes_that_a_provisioner_names_are_counted() {
    says("16-when-scaled-delete", &["Gone for good: pvc/data-loki-2, pvc/data-loki-3, and 2 volumes."], &["pv/"]);
}

#[test]
fn an_image_that_no_set_gets_is_not_tried_without() {
    let plan = planned("41-deployment-beside", "dump.yaml");
    assert!(said(&plan).contains("has run it: front:2") && plan.ways.is_empty(), "{}", said(&plan));
}

/// Every form of a report fails by the findings of its entries.
#[test]
fn the_worst_finding_of_a_plan_is_that_of_an_entry() {
    let folders = fs::read_dir(folder("")).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let (mut names, mut found): (Vec<String>, Vec<_>) = (folders.map(|name| name.to_string_lossy().into_owned()).collect(), Vec::new());
    names.sort();
    for name in names {
        let plan = planned(&name, "before.yaml");
        let worst = report::report(&plan, "").iter().filter_map(|entry| entry.finding).max();
        assert_eq!(worst, plan.findings().last().copied(), "{name}");
        found.extend(worst);
    }
    found.sort();
    found.dedup();
    assert!(found.len() > 2, "{found:?}");
}

#[test]
fn every_note_that_leaves_something_to_do_has_an_id() {
    let amiss = Says::samples().into_iter().filter(is_amiss);
    let without: Vec<&str> = amiss.filter(|says| Matter::of(says).is_none()).map(|says| says.variant()).collect();
    assert!(without.is_empty(), "plan::matter::Matter lacks {without:?}");
}
