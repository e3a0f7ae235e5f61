//! Scenario files, how they are played, and what is written down of them.
//!
//! A scenario is manifests and steps: kubectl lines, waits, faults. Played on a simulation in virtual time it leaves a trace in the
//! vocabulary of the recordings of real control planes, and the output of every kubectl command.
//!
//! Promises: the same scenario leaves the same bytes; every scenario ends, whatever it says.
//! Must not know: controllers and machines from the inside; the browser.

pub mod cases;
pub mod condition;
pub mod file;
pub mod json;
pub mod pace;
pub mod random;
pub mod run;
pub mod stage;
pub mod trace;
pub mod write;
