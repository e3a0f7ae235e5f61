//! Several workers on one search come to what one comes to.

use ordinal::api::release::V1_37;
use ordinal::playground::EXAMPLE;
use ordinal::risks::{Options, Search, Start, told};
use ordinal::team;

/// All that a search of the example says, with a drain and a lost node in pairs.
fn said(workers: usize, depth: usize) -> (String, u64) {
    let begin = |share| {
        let text = EXAMPLE.replacen("replicas: 3", "replicas: 2", 1);
        Search::new(Start::of_text(&text, &V1_37), Options { depth, share, ..Options::default() })
    };
    let search = team::search(workers, begin, drop);
    (told::json(&search).to_json(), search.events())
}

#[test]
fn findings_and_events_are_the_same_for_every_number_of_workers() {
    for depth in [1, 2] {
        let alone = said(1, depth);
        for workers in [2, 3, 5] {
            assert_eq!(said(workers, depth), alone, "{workers} workers, {depth} acts");
        }
    }
}
