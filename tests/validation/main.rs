//! What the API server refuses, says and fills in, compared with what a real one did.
//!
//! The recorded objects and answers are in `tests/data/validation`; every file here plays one collection of them.

mod cases;
mod defaulting;
mod rules;
mod tally;
mod vectors;
