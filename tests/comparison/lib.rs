//! What real clusters did, what the model does, and whether both are the same.
//!
//! `tests/conformance`, `tests/validation` and `tests/dns.rs` demand that nothing is wrong. The truth page (`src/bin/truth`) shows what is
//! compared here.
//!
//! Promises: whatever differs from every recording, and is not listed with its reason, is an error; so is a listed difference that is gone.

pub mod compare;
pub mod dns;
mod life;
pub mod listed;
pub mod run;
mod screen;
pub mod state;
pub mod suite;
pub mod tally;
pub mod validation;
mod words;
