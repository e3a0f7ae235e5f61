//! What tries the model: it plays scenario files and random runs, checks the laws in every run, and writes traces.
//!
//! A scenario consists of manifests and steps: kubectl lines, waits, faults. Playing it on a simulation in virtual time produces a trace
//! in the vocabulary of the recordings of real control planes, and the output of every kubectl command. Those of the page, on
//! `plane: playground`, hold what was typed at which instant; the page copies a run as such a scenario.
//!
//! Promises: the same scenario produces the same bytes; every scenario terminates, whatever it says.
//! Must not know: how controllers and machines come to what they do; the browser. Nothing of the page or of `ordinal` depends on it.

pub mod cases;
pub mod condition;
pub mod file;
pub mod json;
pub mod law;
pub mod pace;
pub mod random;
pub mod run;
pub mod session;
pub mod stage;
pub mod trace;
pub mod write;
