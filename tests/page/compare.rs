//! Side by side: a StatefulSet and a Deployment of one template, two variants of a manifest, two branches of time.

use super::Visit;
use ordinal::base::time::Time;
use ordinal::playground::EXAMPLE;
use ordinal::playground::preset::Preset;
use ordinal::text::Lang;
use ordinal::view::compare::Table;

/// Asserts the headings of a comparison, and that it has these rows.
#[track_caller]
fn tells(table: Option<Table>, heads: [&str; 2], rows: &[[&str; 3]]) {
    let table = table.expect("the two differ");
    assert_eq!(table.heads, heads);
    for row in rows {
        assert!(table.rows.iter().any(|found| found == row), "{row:?} is not in {:#?}", table.rows);
    }
}

fn names(table: &Table) -> Vec<&str> {
    table.rows.iter().map(|[name, ..]| name.as_str()).collect()
}

#[test]
fn a_deployment_of_the_same_template_is_told_apart_from_the_set() {
    let mut visit = Visit::quiet();
    visit.stand_beside();
    visit.run_until_quiet();
    visit.printed("deployment.apps/web created");
    assert_eq!(visit.pods().len(), 6);
    let heads = ["statefulset/web", "deployment/web"];
    let rows = [["Claims", "3, one each", "none"], ["Coming up", "one at a time", "3 at once"]];
    let table = visit.beside_deployment();
    assert_eq!(table.as_ref().map(|table| table.note.as_str()), Some("same template, emptyDir for claims"));
    tells(table, heads, &rows);
    visit.say("kubectl delete pod web-1");
    let table = visit.beside_deployment();
    assert_eq!(
        names(table.as_ref().expect("the two differ")),
        ["Coming up", "Names", "Claims"],
        "what somebody deletes is no property of the set"
    );
    tells(table, heads, &[["Claims", "3, one each", "none"]]);
}

#[test]
fn one_pod_at_a_time_and_all_at_once_come_up_beside_each_other() {
    let mut visit = Visit::quiet();
    visit.compare(Preset::Policy);
    assert_eq!((visit.clock().as_str(), visit.pods().len()), ("0:00.010", 0), "both begin anew");
    visit.run_until_quiet();
    let heads = ["1 · OrderedReady", "2 · Parallel"];
    tells(visit.compared(), heads, &[["Coming up", "one at a time", "3 at once"], ["All Ready at", "0:19", "0:06"]]);
    assert_eq!((visit.pods().len(), visit.beside().pods.len(), visit.beside().note.as_str()), (3, 3, "3 of 3 Ready"));
    visit.run.swap();
    assert!(visit.manifest().contains("podManagementPolicy: Parallel"));
    visit.scale(1);
    visit.run_until_quiet();
    assert_eq!((visit.pods().len(), visit.beside().pods.len()), (4, 4), "what is done is done on both");
}

#[test]
fn a_partition_holds_what_goes_through_beside() {
    let mut visit = Visit::new();
    visit.compare(Preset::Partition);
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["2 · partition: 2", "1 · partition: 0"],
        &[["Latest revision", "1 of 3", "3 of 3"], ["Replaced", "web-2", "web-2, web-1, web-0"]],
    );
}

#[test]
fn two_releases_differ_in_how_many_pods_an_update_takes_down() {
    let written = Preset::Release.written(EXAMPLE);
    let news = Lang::English.text().compare.written(&written.join(", "));
    assert_eq!(news, "For this, the manifests of both now say maxUnavailable: 2.");
    let mut visit = Visit::new();
    visit.compare(Preset::Release);
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["2 · Kubernetes 1.37", "3 · Kubernetes 1.36"],
        &[
            ["Missing at once (not by you)", "2 at once", "one at a time"],
            ["spec.updateStrategy.rollingUpdate.maxUnavailable", "2, from the manifest", "dropped; the manifest says 2"],
        ],
    );
    assert_eq!(visit.run.branch().release.name, "1.37");
    visit.run.swap();
    assert_eq!(visit.run.branch().release.name, "1.36");
}

#[test]
fn a_manifest_is_edited_freely_beside_what_it_was() {
    let mut visit = Visit::quiet();
    visit.compare(Preset::Edit);
    assert_eq!((visit.beside().pods.len(), visit.compared()), (3, None), "nothing differs yet");
    visit.edit(&EXAMPLE.replace("replicas: 3", "replicas: 4"));
    visit.apply();
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["1 · replicas: 4", "2 · replicas: 3"],
        &[["Ready", "4 of 4", "3 of 3"], ["Claims", "4, one each", "3, one each"], ["web-3", "Ready", "—"]],
    );
}

#[test]
fn another_release_is_chosen_and_begins_again() {
    let mut visit = Visit::quiet();
    visit.choose_release("1.36");
    visit.run_until_quiet();
    visit.type_line("kubectl version");
    assert_eq!(visit.lines().last(), Some(&"Server Version: v1.36.3"));
    visit.restart();
    assert_eq!(visit.run.branch().release.name, "1.36");
}

#[test]
fn two_branches_are_told_apart_at_the_instant_shown() {
    let mut visit = Visit::quiet();
    visit.seek(Time(6000));
    visit.scale(1);
    visit.run_until_quiet();
    assert_eq!(visit.compared(), None, "nobody has asked to compare them");
    visit.run.put_beside(Some(1));
    tells(visit.compared(), ["branch 2", "branch 1"], &[["Ready", "4 of 4", "3 of 3"], ["web-3", "Ready", "—"]]);
}

#[test]
fn one_chooses_which_branch_stands_beside_which() {
    let mut visit = Visit::quiet();
    for instant in [6000, 7000] {
        visit.seek(Time(instant));
        visit.scale(1);
        visit.run_until_quiet();
    }
    for (beside, heads) in [(1, ["branch 3", "branch 1"]), (2, ["branch 3", "branch 2"])] {
        visit.run.put_beside(Some(beside));
        tells(visit.compared(), heads, &[]);
    }
    visit.run.put_beside(Some(1));
    visit.run.swap();
    tells(visit.compared(), ["branch 1", "branch 3"], &[]);
    assert_eq!(visit.pods().len(), 3);
}
