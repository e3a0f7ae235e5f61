//! Manifests and edits, and kubectl's exact output when they were sent to a real cluster: `tests/comparison/validation.rs` compares.

use comparison::validation::{COLLECTIONS, judge};
use ordinal::api::release::Release;

#[test]
fn kubectl_prints_what_it_printed_for_a_real_cluster_and_the_same_is_kept() {
    check("cases");
}

/// Manifests generated at random from each kind's schema, and the answers of an API server of 1.37.1.
#[test]
fn random_manifests_are_answered_and_kept_as_by_a_real_server() {
    check("random");
}

/// Typical mistakes and edits, kind by kind, and the answers of an API server and a kubectl of 1.37.1.
#[test]
fn mistakes_and_edits_are_answered_and_kept_as_by_a_real_server() {
    check("edits");
}

/// Differences between the sources of 1.36.3 and 1.37.1, with the answers of 1.37.1.
#[test]
fn what_the_releases_differ_in_is_answered_and_kept_as_by_a_real_server() {
    check("releases");
}

/// Creations, replacements, patches and applications, of whose answers the real servers' differed from ours when they were recorded.
#[test]
fn requests_are_answered_and_kept_as_by_a_real_server() {
    check("flows");
}

/// Policies, Ingresses and their classes, right and wrong, and the answers of 1.37.1 and 1.38.0-beta.0; no 1.36.3 was
/// asked.
#[test]
fn what_the_network_may_do_is_answered_and_kept_as_by_a_real_server() {
    check("network");
}

/// Roles and their bindings, right and wrong, and edits of them; no 1.36.3 was asked.
#[test]
fn who_may_do_what_is_answered_and_kept_as_by_a_real_server() {
    check("roles");
}

/// Uids of nothing, Secrets with line breaks, deprecated Endpoints, addresses in dry runs, signed quantities, owners named twice;
/// no 1.36.3 was asked.
#[test]
fn what_other_manifests_showed_is_answered_and_kept_as_by_a_real_server() {
    check("answers");
}

/// Definitions, webhooks and others that are only kept, with one mistake each, and objects of custom kinds; no 1.36.3 was asked.
#[test]
fn what_is_only_kept_is_refused_as_by_a_real_server() {
    check("kept");
}

/// Runs each case of a collection on the releases that were asked.
fn check(name: &str) {
    let collection = COLLECTIONS.iter().find(|collection| collection.name == name).expect("a collection");
    for tallies in Release::ALL.into_iter().filter_map(|release| judge(collection, release)) {
        tallies.into_iter().for_each(comparison::tally::Tally::finish);
    }
}
