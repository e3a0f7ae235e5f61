//! What the tools around a StatefulSet call done: each reads the status of the set by rules of its own.
//!
//! Promises: the verdict and the words are those of the real programs, which `tests/conformance/recorder/judges` asks. A set is read as an
//! API server stores it; what is missing counts as each program counts it.
//! Must not know: any sentence of ours, the cluster, the time.
//! Not modelled: fields of a wrong type, which no server stores; overrides of a check (Argo CD's Lua).

mod ansible;
mod course;
mod differ;
mod fields;
mod helm3;
mod judge;
mod kstatus;
mod kubedog;
mod rollout;
mod said;
#[cfg(test)]
mod tests;

pub use course::Course;
pub use differ::Differ;
pub use fields::namespace;
pub use judge::{Judge, all, json};
pub use kstatus::{has_failed, is_own};
pub use said::{Said, Status, Verdict};
