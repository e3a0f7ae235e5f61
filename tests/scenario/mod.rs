//! Scenario files: read, written, played and traced.

mod file;
mod json;
mod names;
mod run;
mod shrink;
mod trace;
mod world;
mod write;
