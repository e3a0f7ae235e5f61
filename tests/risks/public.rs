//! Manifests as others publish them, each with its true answer (`data/public4/plan`), written down before the product was tried.

use std::fs;
use std::path::Path;

use ordinal::api::release::V1_37;
use ordinal::risks::{Options, Search, Start, told};

fn read(files: &[&str]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/public4/plan");
    let text = |file: &&str| fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    files.iter().map(text).collect::<Vec<_>>().join("---\n")
}

fn searched(files: &[&str], depth: usize) -> Search {
    let mut search = Search::new(Start::of_text(&read(files), &V1_37), Options { depth, ..Options::default() });
    search.finish();
    assert!(search.is_accepted(), "{:?}", search.refused().collect::<Vec<_>>());
    search
}

/// Holds what the list says, and what it does not say.
fn holds(files: &[&str], says: &[&str], never: &[&str]) {
    let told = told::text(&searched(files, 1));
    assert!(says.iter().all(|words| told.contains(words)), "{told}");
    assert!(!never.iter().any(|words| told.contains(words)), "{told}");
}

#[test]
fn a_drain_of_the_only_node_of_a_zone_pins_the_pod_of_its_disk() {
    let search = searched(&["min/zones-cluster.yaml", "min/zones-web.yaml"], 1);
    let pinned = search.findings().iter().find(|one| one.shown.kind.word() == "volume-pinned").expect("a pinned pod");
    assert!(!pinned.only_on_nodes && pinned.common().is_none(), "the disks are those of the cluster");
    let told = told::text(&search);
    assert!(!told.contains("Assumed: 3 nodes"), "nothing is assumed of nodes that are brought\n{told}");
}

#[test]
fn data_of_a_database_on_no_volume_are_lost_often() {
    holds(&["m01/manifest.yaml"], &["Data lost (often)", "/usr/share/opensearch/data is on no volume"], &["replicas: 3"]);
}

#[test]
fn a_table_in_a_text_is_no_cluster() {
    let never = ["hostPath", "StorageClass of"];
    holds(&["m04/manifest.md"], &["is no name of an image", "Line 34"], &never);
    holds(&["min/markdown-with-table.md"], &["Assumed: 3 nodes"], &never);
}

#[test]
fn a_claim_that_nobody_brings_is_taken_to_be_there_and_a_missing_service_told() {
    let says = ["uses claim shared", "the Service of sts/s, s, is not in the manifest"];
    holds(&["min/claim-missing.yaml"], &says, &["(as it stands)"]);
    holds(&["m05/manifest.yaml"], &["uses claim share-nfs", "Service of sts/trail"], &["No node takes"]);
}

#[test]
fn a_set_that_is_deleted_takes_its_claims_even_where_its_image_is_to_be_filled_in() {
    for file in ["min/when-deleted.yaml", "m08/manifest.yaml"] {
        holds(
            &[file],
            &["Deleting keeper deletes its claims (whenDeleted: Delete)", "spec.persistentVolumeClaimRetentionPolicy, line 16"],
            &[],
        );
    }
}

#[test]
fn fields_that_contradict_each_other_are_told_at_once() {
    let says = ["preStop of server in sts/infer takes 10 s, and terminationGracePeriodSeconds is 5", "svc/infer-0 selects"];
    holds(&["m11/manifest.yaml"], &says, &[]);
}

#[test]
fn what_stops_a_bad_rollout_is_found_without_a_port_to_ask() {
    holds(&["min/no-probe.yaml"], &["No readinessProbe in sts/np", "minReadySeconds: 30"], &["No change of the manifest is known"]);
}

#[test]
fn a_command_and_a_probe_that_fail_by_themselves_are_not_taken_to_work() {
    holds(&["min/command-bin-false.yaml"], &["(as it stands)", "exits with code 1"], &[]);
    holds(&["min/exec-probe-false.yaml"], &["(as it stands)", "not Ready"], &[]);
}

#[test]
fn nodes_beside_a_manifest_are_as_large_as_they_say() {
    holds(&["min/nodes.yaml", "min/web20.yaml"], &[], &["The start is stuck", "as much memory"]);
    holds(&["min/web20.yaml"], &["The start is stuck"], &[]);
}
