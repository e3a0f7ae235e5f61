//! Plans beside what a real 1.37.1 then did: six changes, each with the manifest before, the change, and `real.json`, which the recorder of
//! conformance wrote. Each is planned from the manifest and from what `kubectl get -o yaml` printed of that cluster before the change.

use std::fs;
use std::path::{Path, PathBuf};

use super::inside;
use ordinal::api::release::V1_37;
use ordinal::plan::course::{Course, End};
use ordinal::plan::watch::Event;
use ordinal::plan::{self, Change, Plan, start, told};
use ordinal::text::Lang;
use ordinal::text::plan::Way;
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan/real").join(name)
}

fn text(name: &str, file: &str) -> String {
    fs::read_to_string(folder(name).join(file)).unwrap_or_else(|e| panic!("{name}/{file}: {e}"))
}

/// The plan of a folder's change, in the world of one of its files.
fn planned(name: &str, before: &str) -> Plan {
    let world = start::world(&text(name, before), &V1_37).unwrap_or_else(|faults| panic!("{name}/{before}: {faults:?}"));
    let lines: Vec<String> = serde_json::from_str(&text(name, "do.json")).expect("lines");
    let change = if lines == ["kubectl apply -f after.yaml"] { Change::Manifest(text(name, "after.yaml")) } else { Change::Lines(lines) };
    plan::of(&world, &change)
}

fn said(plan: &Plan) -> String {
    told::text(plan, "after.yaml", Lang::English)
}

fn real(name: &str) -> Value {
    serde_json::from_str(&text(name, "real.json")).expect("JSON")
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text").to_owned()).collect()
}

/// `-web-2`, `+web-2`: what was asked to go and what came.
fn order(course: &Course) -> Vec<String> {
    let steps = course.outcome.sets.iter().flat_map(|set| &set.watched.steps);
    let signed = steps.filter_map(|step| match step.event {
        Event::Created => Some(format!("+{}", step.pod)),
        Event::Deleted(_) => Some(format!("-{}", step.pod)),
        _ => None,
    });
    signed.collect()
}

/// Where a course went otherwise than the real plane.
fn differences(course: &Course, real: &Value) -> Vec<String> {
    let (outcome, story) = (&course.outcome, &real["story"]);
    let steps: Vec<String> = texts(&story["order"]).iter().map(|step| step.split('@').next().unwrap_or_default().to_owned()).collect();
    let really: Vec<String> = steps.iter().filter(|step| step.starts_with(['+', '-'])).cloned().collect();
    let mut found = Vec::new();
    let mut same =
        |what: &str, planned: String, real: String| found.extend((planned != real).then(|| format!("{what}: {planned} for {real}")));
    same("order", order(course).join(" "), really.join(" "));
    let watched = || outcome.sets.iter().map(|set| &set.watched);
    same("fewest", watched().map(|one| one.lowest.0).min().unwrap_or(-1).to_string(), story["lowest"].to_string());
    let fails = real["told"].as_array().expect("lines").iter().filter(|line| line["rc"] != 0).count();
    same("refused", outcome.refused.len().to_string(), fails.to_string());
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
        for before in ["before.yaml", "dump.yaml"] {
            let plan = planned(&name, before);
            // Of an image that no pod of the dump has run, both cases are planned.
            let courses = [&plan.given].into_iter().chain(plan.ways.iter().filter(|way| way.way == Way::NoImage));
            let judged = courses.map(|course| differences(course, &real(&name))).min_by_key(Vec::len).expect("a course");
            wrong.extend((!judged.is_empty()).then(|| format!("{name}/{before}: {}", judged.join("; "))));
            compared += 1;
        }
    }
    assert!(compared == 12 && wrong.is_empty(), "{}", wrong.join("\n"));
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
    assert!(told.starts_with("Taken to be there, although no pod of the dump has run it: nginx:broken.\n"), "{told}");
    assert!(
        told.contains("With nginx:broken there, what it changes is as it should be.") && !told.contains("and what it changes"),
        "{told}"
    );
    let without: Vec<End> = plan.ways.iter().filter(|way| way.way == Way::NoImage).map(|way| way.outcome.end).collect();
    assert_eq!(without, [End::Stuck], "{told}");
    // What pods of the dump have run is there.
    assert!(!said(&planned("35-ordinals-0-to-1", "dump.yaml")).contains("Taken to be there"));
}
