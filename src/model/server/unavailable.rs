//! Errors about cluster IPs and node ports that a Service requests but cannot get. The allocator, which knows what is taken,
//! decides; the messages are built here.
//!
//! Models pkg/registry/core/service/{ipallocator,portallocator} and storage/alloc.go.

use api::status::{Fault, FieldError};
use base::field_path::FieldPath;
use base::value::Value;

/// Why a requested address or port is unavailable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// It is outside of the allocatable range.
    OutOfRange,
    /// The same of an address in a dry run.
    OutOfRangeInDryRun,
    /// It belongs to another Service.
    Taken,
}

/// A cluster IP; the error shows all that the Service requests.
pub fn cluster_ip(all: &Value, ip: &str, why: Unavailable) -> FieldError {
    let why = match why {
        Unavailable::OutOfRange => "the provided network does not match the current range",
        Unavailable::OutOfRangeInDryRun => {
            &format!("the provided IP ({ip}) is not in the valid range. The range of valid IPs is 10.96.0.0/16")
        }
        Unavailable::Taken => "provided IP is already allocated",
    };
    let detail = format!("failed to allocate IP {ip}: {why}");
    FieldError::new(FieldPath::of("spec.clusterIPs"), Fault::Invalid(all.clone()), detail)
}

/// A node port, by the index of the Service's port. `range` is inclusive.
pub fn node_port(index: usize, port: i64, range: (i64, i64), why: Unavailable) -> FieldError {
    let why = match why {
        Unavailable::OutOfRange | Unavailable::OutOfRangeInDryRun => {
            format!("provided port is not in the valid range. The range of valid ports is {}-{}", range.0, range.1)
        }
        Unavailable::Taken => "provided port is already allocated".to_owned(),
    };
    FieldError::new(FieldPath::of("spec.ports").index(index).field("nodePort"), Fault::Invalid(port.into()), why)
}
