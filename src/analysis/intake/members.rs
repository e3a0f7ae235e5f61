//! The members of a list by which [`Dump::text`](super::dump::Dump::text) says what its objects do not.

/// The member by which [`text`](super::dump::Dump::text) says of a list that it was read from more than YAML or JSON.
pub(super) const MIXED: &str = "mixed";
/// The member by which it says what is supposed otherwise.
pub(super) const OTHERWISE: &str = "otherwise";
/// The member by which it names what was described.
pub(super) const DESCRIBED: &str = "described";
/// The member by which it says which server it was.
pub(super) const SERVER: &str = "server";
/// The members by which it says what was asked for, and what could not be read.
pub(super) const ASKED: &str = "asked";
pub(super) const WITHHELD: &str = "withheld";
