//! Addresses and ports that cannot be had.

use ordinal::base::value::Value;
use ordinal::server::unavailable::{Unavailable, cluster_ip, node_port};

#[test]
fn what_cannot_be_had_is_told_in_the_allocators_words() {
    let error = cluster_ip(&Value::list(["1.2.3.4"]), "1.2.3.4", Unavailable::OutOfRange);
    let expected = "spec.clusterIPs: Invalid value: [\"1.2.3.4\"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range";
    assert_eq!(error.to_string(), expected);
    let error = node_port(0, 80, (30_000, 32_767), Unavailable::OutOfRange);
    let expected =
        "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767";
    assert_eq!(error.to_string(), expected);
}
