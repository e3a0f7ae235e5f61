//! The worlds of random runs.

use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use rig::random::{WorkloadMix, cluster};

#[test]
fn the_worlds_of_the_everyday_test_have_nodes_of_both_kinds() {
    // A world without real nodes gives no cluster.
    let is_real = |seed: &u64| cluster(WorkloadMix::Sets, *seed, 0, Span(0), &V1_37).is_some();
    let real = (1..=8).filter(is_real).count();
    assert!((2..=6).contains(&real), "{real} of 8");
}
